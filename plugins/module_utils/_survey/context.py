# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers what a person needs beside a message: the key `context` of its signature says which lines near it.

A look is one item of that key. For each of the newest examples of a signature it gives some lines and what their named
groups hold; of a kernel module that is named, where it comes from. All of it is bounded, and what was cut off is said.
Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import os
import re
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import process, timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.neighbours import Neighbours
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.reader import JournalError
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import neighbours as logfile
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile.files import READ_ERRORS
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import shorten
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import (
    KERNEL_FACILITY, as_text, compile_regex)

UNREADABLE = READ_ERRORS + (JournalError,)
SINKS = ('journal', 'messages', 'secure')  # the first that holds the signature is looked at
EXAMPLES = 3  # of a signature
SECONDS, BYTES, ENTRIES = 30, 1 << 28, 200000  # of all looks of a survey together
WALKED = 20000  # entries on each side of an example
LINES = 20  # on each side, whatever a signature asks for
LENGTH, SEARCHED = 500, 4096  # characters of a line that are kept, and that are searched
VALUES, VALUE_LENGTH = 5, 200
MODULES, HOLDERS, TOOL_SECONDS = 3, 10, 10
MODULE_NAME = re.compile(r'[A-Za-z0-9_][A-Za-z0-9_-]{0,63}\Z')
SYSCALL = re.compile(r'(?:\A| )(auid|exe)=("[^"]{0,200}"|[^ "]{1,200})')
SAID_BY_AUDIT = {u'auid': u'login', u'exe': u'program'}


class Budget:
    """What all looks of a survey may cost together."""

    def __init__(self):
        self._end, self._bytes, self._entries, self.over = process.now() + SECONDS, BYTES, ENTRIES, False

    def spent(self, number):
        """Count so many bytes of one entry or block. Return whether there is any left."""
        self._bytes -= number
        self._entries -= 1
        self.over = self.over or self._bytes < 0 or self._entries < 0 or process.now() > self._end
        return not self.over


class Look:
    """One look for one example."""

    def __init__(self, asked, match, text):
        """:param asked: an item of `context` (dict). :param match: of its signature. :param text: of the example."""
        self.source, self.seconds = asked['from'], int(asked['seconds'])
        self._most = dict((side, min(int(asked.get(side) or 0), LINES)) for side in ('before', 'after'))
        self._regexes = [compile_regex(as_text(regex)) for regex in asked.get('lines') or ()]
        self._names = frozenset(as_text(name) for name in asked.get('identifiers') or match.get('identifiers') or ())
        own = compile_regex(as_text(match['regex']))
        found = own.search(text[:SEARCHED]) if asked.get('holding') else None
        self._held = found.group(str(asked['holding'])) if found else None
        self._lost = bool(asked.get('holding')) and not self._held
        # Further messages of the signature itself tell nothing, unless they are asked for.
        self._own = None if self._regexes else own
        self._kept = {'before': collections.deque(maxlen=self._most['before'] or 1), 'after': []}
        self.values = collections.OrderedDict()
        self.events = {}  # of audit: number of an event -> what its record SYSCALL says
        self._ended = False  # early

    def wants(self, side):
        """Return whether there is room for more on a side. The records of one audit event come in any order."""
        return self._most[side] > 0 and (self.source == 'audit' or len(self._kept[side]) < self._most[side])

    def end(self, reached=True):
        """The search ended early. Where it did before the message, nobody knows whether what is kept is the nearest."""
        self._ended = True
        if not reached:
            self._kept['before'].clear()

    def is_near(self, seconds):
        return abs(seconds) <= self.seconds

    def accepts(self, line, itself):
        """Return whether a Line of the journal is of whom this look is about, by trusted fields.

        A number of a process comes again, and the tag is anybody's: it has to be the program and the user of the message `itself`, or
        root. Who else may load modules is root alone.
        """
        if self.source == 'kernel':
            return line.transport == u'kernel' and line.facility == KERNEL_FACILITY
        if self.source == 'audit':
            return line.transport == u'audit'
        if line.name not in self._names or line.transport == u'kernel':
            return False
        if self.source == 'process':
            return line.uid in (0, itself.uid) and (None in (line.exe, itself.exe) or line.exe == itself.exe)
        return line.uid == 0

    def needles(self, pid):
        """Return the texts (bytes) of which a line of a text log holds one that this look is about."""
        if self.source == 'process':
            return [('[%s]:' % pid).encode('ascii')] if pid else []
        names = {'kernel': [u'kernel'], 'host': self._names}.get(self.source, ())
        return [b' ' + name.encode('utf-8') + end for name in names for end in ((b':',) if name == u'kernel' else (b':', b'['))]

    def accepts_line(self, line, pid):
        """Return the same for a Line of a text log, by its tag."""
        if self.source == 'process':
            return line.pid == pid and line.name in self._names
        return line.name == u'kernel' if self.source == 'kernel' else self.source == 'host' and line.name in self._names

    def offer(self, side, stamp, name, text, nearest_first=False, event=None):
        """Keep a line if it is one of those that are asked for, and what its named groups hold."""
        text = text[:SEARCHED]
        if self._lost or self._held and not _holds(text, self._held) or self._own and self._own.search(text):
            return
        found = None
        for regex in self._regexes:
            found = regex.search(text)
            if found:
                break
        if self._regexes and not found:
            return
        kept = self._kept[side]
        row = (stamp, name, text, found.groupdict() if found else {}, event)
        if side == 'before' and nearest_first:
            if len(kept) < self._most[side]:
                kept.appendleft(row)
        elif self._most[side] and (side == 'before' or len(kept) < self._most[side]):
            kept.append(row)

    def result(self, cut):
        """Return what this look found (dict), and keep the values."""
        rows = list(self._kept['before']) + self._kept['after']
        if self.source == 'process':   # the number may have been that of another process, with another peer
            nearest = next((row[3] for row in list(self._kept['before'])[::-1] + self._kept['after'] if row[3].get('address')), None)
            rows = [row for row in rows if not nearest or row[3].get('address') in (None, nearest['address'])]
        for row in rows:
            said = dict(row[3], **self.events.get(row[4], {}))
            for name, value in sorted(said.items()):
                known = self.values.setdefault(name, [])
                if value and value[:VALUE_LENGTH] not in known and len(known) < VALUES:
                    known.append(value[:VALUE_LENGTH])
        return {'lines': [{'at': timestamps.to_text(row[0]), 'name': row[1][:VALUE_LENGTH], 'text': _short(row[2])} for row in rows],
                'values': dict((name, values) for name, values in self.values.items() if values), 'cut': (cut or self._ended) and not rows}


def _holds(text, part):
    """Return whether a text holds this one, as words of its own."""
    place = text.find(part)
    while place >= 0:
        end = place + len(part)
        if not (place and _in_word(text[place - 1]) or end < len(text) and _in_word(text[end])):
            return True
        place = text.find(part, place + 1)
    return False


def _in_word(char):
    return char.isalnum() or char == u'_'


def _short(text):
    return text if len(text) <= LENGTH else text[:LENGTH] + u'\u2026'


class Gatherer:
    """Gathers the context of all signatures of a survey."""

    def __init__(self, journalctl, get_bin_path, directory=None):
        """:param directory: of the journal; None for the host's own."""
        self._journalctl, self._tool, self._directory, self._budget = journalctl, get_bin_path, directory, Budget()
        self._modules = {}

    def all(self, signatures, sinks):
        """Return a row (dict) for each example.

        :param signatures: those that have `context` are looked at. :param sinks: what the scan of each sink found.
        """
        rows = []
        for signature in signatures:
            if not signature.get('context'):
                continue
            for sink in SINKS:
                found = [row for row in sinks[sink]['signatures'] if row['id'] == signature['id']] if sink in sinks else []
                if found and found[0]['samples']:
                    rows += [self._of(signature, sink, sample) for sample in found[0]['samples'][-EXAMPLES:]]
                    break
        return rows

    def _of(self, signature, sink, sample):
        text = as_text(sample['text'])
        looks = [Look(asked, signature['match'], text) for asked in signature['context']]
        if not self._budget.over:
            try:
                if sink == 'journal':
                    self._journal(sample, looks)
                else:
                    self._text_log(sample, looks)
                self._audit(sample, looks)
            except UNREADABLE:  # a file that was rotated away meanwhile: what was found until then is told
                for look in looks:
                    look.end()
        told = [look.result(self._budget.over) for look in looks]
        names = [value for one in told for value in one['values'].get('module', ())]
        own = compile_regex(as_text(signature['match']['regex'])).search(text)
        names += [value for name, value in sorted((own.groupdict() if own else {}).items()) if name.startswith('module') and value]
        names = [name for name in collections.OrderedDict.fromkeys(names) if MODULE_NAME.match(name)]
        return {'signature_id': signature['id'], 'sink': sink, 'at': sample['at'], 'text': _short(text), 'looks': told,
                'modules': [self._known(name) for name in names[:MODULES] if name in self._modules or self._budget.spent(0)]}

    def _journal(self, sample, looks):
        near = Neighbours(self._journalctl, sample['cursor'], self._budget.spent, self._directory)
        itself = near.itself()
        if itself is None:
            for look in looks:
                look.end()
            return
        mine, before = [look for look in looks if look.source == 'process'], True
        if mine and itself.pid:
            for before, line in near.of_process(itself.pid):
                for look in mine:
                    if look.is_near(line.offset) and look.accepts(line, itself):
                        look.offer('before' if before else 'after', line.stamp, line.name, line.text)
            if self._budget.over:
                for look in mine:
                    look.end(reached=not before)
        others = [look for look in looks if look.source != 'process']
        for side in ('before', 'after'):
            self._walk(near, side, [look for look in others if look.wants(side)], itself)

    @staticmethod
    def _walk(near, side, looks, itself):
        if not looks:
            return
        for number, line in enumerate(near.walk(side == 'before')):
            looks = [look for look in looks if look.wants(side) and look.is_near(line.offset)]
            if not looks:
                return
            if number >= WALKED:
                for look in looks:
                    look.end()
                return
            for look in looks:
                if not look.accepts(line, itself):
                    continue
                if look.source == 'audit' and line.text.startswith(u'SYSCALL '):
                    _remember(look, line.event, line.text)
                else:
                    look.offer(side, line.stamp, line.name, line.text, nearest_first=True, event=line.event)

    def _text_log(self, sample, looks):
        looks = [look for look in looks if look.source != 'audit']
        pids = []

        def needles(pid):
            pids.append(pid)
            return [needle for look in looks for needle in look.needles(pid)]

        at = timestamps.from_text(sample['at']) if sample['at'] else None
        if not looks or at is None:
            return
        year, reached = time.localtime(at // timestamps.SECOND).tm_year, False
        for before, line in logfile.around(sample['file'], sample['line'], year, needles, self._budget.spent):
            if before is None:
                reached = shorten(line.text) == sample['text']
                if not reached:  # the file was rotated since the scan
                    break
                continue
            for look in looks:
                if look.is_near((line.stamp - at) / float(timestamps.SECOND)) and look.accepts_line(line, pids[0]):
                    look.offer('before' if before else 'after', line.stamp, line.name, line.text)
        if not reached or self._budget.over:
            for look in looks:
                look.end(reached)

    def _audit(self, sample, looks):
        """The log of auditd, which has more than the journal, where that has audit records at all."""
        looks = [look for look in looks if look.source == 'audit' and not look.result(False)['lines']]
        if not looks or not sample['at']:
            return
        at, wide = timestamps.from_text(sample['at']), max(look.seconds for look in looks) * timestamps.SECOND
        for record in logfile.audit_records(at - wide, at + wide, self._budget.spent):
            for look in looks:
                if not look.is_near((record.stamp - at) / float(timestamps.SECOND)):
                    continue
                if record.type == u'SYSCALL':
                    _remember(look, record.event, record.text)
                else:
                    look.offer('before' if record.stamp <= at else 'after', record.stamp, u'audit',
                               u'%s %s' % (record.type, record.text), event=record.event)

    def _known(self, name):
        if name not in self._modules:
            self._modules[name] = self.module(name)
        return self._modules[name]

    def module(self, name):
        """Return what this host knows of a kernel module (dict)."""
        place = '/sys/module/' + name.replace('-', '_')
        try:
            holders = sorted(os.listdir(place + '/holders'))[:HOLDERS]
        except EnvironmentError:
            holders = []
        path = self._said('modinfo', '-F', 'filename', name)
        path = path if path and path.startswith('/') else None
        return {'name': name, 'loaded': os.path.isdir(place), 'used_by': [as_text(one) for one in holders],
                'file': path, 'package': self._said('rpm', '-qf', '--', path) if path else None,
                'signer': self._said('modinfo', '-F', 'signer', name)}

    def _said(self, tool, *arguments):
        """Return the first line that a program prints, or None where it fails or is not there."""
        command = self._tool(tool, opt_dirs=['/usr/sbin', '/sbin'])
        if command is None:
            return None
        try:
            status, said, _error = process.run([command] + list(arguments), seconds=TOOL_SECONDS)
        except EnvironmentError:
            return None
        lines = as_text(said).strip().splitlines()
        return lines[0][:VALUE_LENGTH] if not status and lines and lines[0] else None


def _remember(look, event, text):
    """Keep what an audit record SYSCALL says of who did it."""
    if event and len(look.events) < LINES * LINES:
        look.events[event] = dict((SAID_BY_AUDIT[name], value.strip(u'"')) for name, value in SYSCALL.findall(text))


def gather(journalctl, get_bin_path, signatures, sinks, directory=None):
    """Return the rows of the context of all examples that a scan of these sinks found (list of dicts)."""
    return Gatherer(journalctl, get_bin_path, directory).all(signatures, sinks)
