# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a journal and text logs with the same entries, and as they go over the wire, and knows what is in them.

The journal is written by systemd-journal-remote, as that of a host would be: the fields that journald adds to an entry,
many programs, compression from 512 bytes on, several files. Ten boots follow each other, an entry a second.
"""

import collections
import gzip
import json
import os
import random
import re
import shutil
import time

import journals
from programs import PROGRAMS, STRANGER

BOOTS = 10
START = 1768176000  # 2026-01-12T00:00:00Z; no zone sets its clock in the days that follow
HOST = 'web01'
LEVELS = ('emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug')
SEVERE = LEVELS.index('warning')
RARE = 0.002  # share of the signatures beyond the catalog's among what is no noise
CAPABILITIES = {True: '1ffffffffff', False: '0'}

Entry = collections.namedtuple('Entry', 'number stamp program identifier comm transport priority message signature')


class Logs:
    """`entries` entries, of which the share `noise` matches a signature of `known`, and a few one of `rare`.

    journal: folder of journal files. text, packed: the same as lines of text, plain and .gz. Each is named like what
    logrotate keeps, and is alone in its folder. wire: the lines with their PRI, as a syslog client sends them by TCP.

    expected: {'boots': {boot id: entries}, 'signatures': {id: {boot id: entries}}, 'severe': {id, '' for the ordinary
    ones: entries of warning or worse}, 'pris': {id or '': {PRI: entries}}}.
    """

    def __init__(self, folder, entries, noise, known, rare):
        """Makes them in `folder`, unless they are there already."""
        self.folder, self.entries, self.noise = folder, entries, noise
        self.journal = os.path.join(folder, 'journal')
        self.text = os.path.join(folder, 'text', 'messages')
        self.packed = os.path.join(folder, 'packed', 'messages-20260118.gz')
        self.wire = os.path.join(folder, 'wire')
        self._known, self._rare = known, rare
        done = os.path.join(folder, 'expected.json')
        if not os.path.exists(done):
            shutil.rmtree(folder, ignore_errors=True)
            for path in (self.text, self.packed):
                os.makedirs(os.path.dirname(path))
            expected = self._make()
            with open(done, 'w', encoding='ascii') as target:
                json.dump(expected, target)
        with open(done, encoding='ascii') as source:
            self.expected = json.load(source)

    def counts(self, ids, boot=None):
        """{id: count} of some signatures, in all or in one boot."""
        found = ((name, self.expected['signatures'].get(name, {})) for name in ids)
        return {name: sum(boots.values()) if boot is None else boots.get(boot, 0) for name, boots in found}

    def unexplained(self, ids):
        """The number of entries of warning or worse that none of the signatures with these ids explains."""
        return sum(count for name, count in self.expected['severe'].items() if name not in ids)

    def facts(self):
        """For the reader of the tables: `files` and bytes an entry (`size`) of the journal, and how many in 100 of the
        entries that are no noise are a warning or worse (`severe`).
        """
        sizes = [os.path.getsize(os.path.join(self.journal, name)) for name in os.listdir(self.journal)]
        ordinary = self.entries - sum(sum(boots.values()) for boots in self.expected['signatures'].values())
        return {'files': len(sizes), 'size': sum(sizes) / self.entries,
                'severe': 100 * self.expected['severe'].get('', 0) / ordinary}

    def _make(self):
        expected = {'boots': collections.Counter(), 'severe': collections.Counter(),
                    'signatures': collections.defaultdict(collections.Counter),
                    'pris': collections.defaultdict(collections.Counter)}
        with open(self.text, 'wb') as text, open(self.wire, 'wb') as wire:
            def both():
                for entry in self._entries():
                    boot = journals.BOOTS[entry.number * BOOTS // self.entries]
                    expected['boots'][boot] += 1
                    if entry.signature:
                        expected['signatures'][entry.signature][boot] += 1
                    if entry.priority <= SEVERE:
                        expected['severe'][entry.signature] += 1
                    pri = entry.program.facility * 8 + entry.priority
                    expected['pris'][entry.signature][pri] += 1
                    text.write(line(entry).encode('utf-8'))
                    wire.write(b'<%d>' % pri + line(entry).encode('utf-8'))
                    yield self._fields(entry, boot)
            journals.write(os.path.join(self.journal, 'system.journal'), both(), options=('--compress=yes',))
        with open(self.text, 'rb') as source, gzip.open(self.packed, 'wb', 6) as target:
            shutil.copyfileobj(source, target)
        for path in (self.text, self.packed):
            os.utime(path, (START + self.entries,) * 2)
        return expected

    def _entries(self):
        """Yields each Entry, always the same for the same arguments."""
        chance = random.Random(7)
        # What counts only soon after a boot would be another event in most of this log.
        known, rare = ([variants(one) for one in some if 'boot_seconds' not in one['match']]
                       for some in (self._known, self._rare))
        names = {program.identifier: program for program in PROGRAMS}
        programs = random.Random(8).choices(PROGRAMS, [program.share for program in PROGRAMS], k=self.entries)
        messages = {program.identifier: ([row[0] for row in program.messages], program.messages)
                    for program in PROGRAMS}
        for number in range(self.entries):
            stamp = (START + number) * 1000000 + chance.randrange(900000)
            is_noise = chance.random() < self.noise
            if is_noise or (rare and chance.random() < RARE):
                signature, test, text, spans = chance.choice(chance.choice(known if is_noise else rare))
                match = signature['match']
                identifier, comm = test.get('identifier'), test.get('comm')
                identifier = None if identifier is None and comm else identifier or 'kernel'
                comm = (comm or identifier)[:15]
                transport = test.get('transport') or match['transport'][0]
                program = names.get(identifier) or STRANGER._replace(identifier=identifier or comm)
                if 'exes' in match:
                    program = program._replace(exe=match['exes'][0])
                yield Entry(number, stamp, program, identifier, comm, transport, LEVELS.index(match['priority']),
                            vary(chance, text, spans), signature['id'])
            else:
                program = programs[number]
                weights, rows = messages[program.identifier]
                _weight, priority, text = chance.choices(rows, weights)[0]
                yield Entry(number, stamp, program, program.identifier, os.path.basename(program.exe or '')[:15],
                            program.transport, LEVELS.index(priority), text.format(**numbers(chance)), '')

    def _fields(self, entry, boot):
        """An Entry as journald stores it: list of (field, bytes)."""
        program, transport = entry.program, entry.transport
        begin = self.entries * journals.BOOTS.index(boot) // BOOTS
        since = entry.stamp - (START + begin) * 1000000 + 3000000
        fields = {
            '__REALTIME_TIMESTAMP': entry.stamp,
            '__MONOTONIC_TIMESTAMP': since,
            '_BOOT_ID': boot,
            '_MACHINE_ID': journals.MACHINE,
            '_HOSTNAME': HOST,
            '_RUNTIME_SCOPE': 'system',
            '_TRANSPORT': transport,
            'PRIORITY': entry.priority,
            'SYSLOG_FACILITY': program.facility,
            'SYSLOG_IDENTIFIER': entry.identifier,
            'MESSAGE': entry.message,
        }
        if transport == 'kernel':
            fields['_SOURCE_MONOTONIC_TIMESTAMP'] = since - 20
        else:
            unit = program.unit.format(program.identifier)
            fields.update({
                '_PID': pid(entry), '_UID': program.uid, '_GID': program.uid, '_COMM': entry.comm,
                '_EXE': program.exe.format(program.identifier), '_CMDLINE': program.cmdline.format(program.identifier),
                '_CAP_EFFECTIVE': CAPABILITIES[program.uid == 0],
                '_SELINUX_CONTEXT': 'system_u:system_r:%s:s0' % program.context,
                '_SYSTEMD_CGROUP': '/system.slice/' + unit, '_SYSTEMD_UNIT': unit, '_SYSTEMD_SLICE': 'system.slice',
                '_SYSTEMD_INVOCATION_ID': random.Random(unit + boot).randbytes(16).hex(),
            })
        if transport in ('syslog', 'journal'):
            fields['_SOURCE_REALTIME_TIMESTAMP'] = entry.stamp - 15
        if transport == 'syslog':
            fields.update({'SYSLOG_PID': pid(entry), 'SYSLOG_TIMESTAMP': stamp_of(entry) + ' '})
        if transport == 'stdout':
            fields['_STREAM_ID'] = random.Random(boot).randbytes(16).hex()
        if program.identifier == 'systemd':
            fields.update({'CODE_FILE': 'src/core/job.c', 'CODE_LINE': 715, 'CODE_FUNC': 'job_emit_done_message',
                           'JOB_TYPE': 'start', 'UNIT': 'session-%d.scope' % (entry.number // 3), 'TID': 1,
                           'MESSAGE_ID': '39f53479d3a045ac8e11786248231fbf'})
        return [(name, str(value).encode('utf-8')) for name, value in fields.items() if value is not None]


def numbers(chance):
    """What fills the places of an ordinary message (dict)."""
    bits = chance.getrandbits(64)
    digits = '%016x' % bits
    return {
        'n': bits % 99991, 'pid': 1000 + bits % 60000, 'uid': 1000 + bits % 40, 'small': 1 + bits % 9,
        'hex': digits[:8], 'mac': '%s:%s:%s' % (digits[:2], digits[2:4], digits[4:6]), 'letter': 'abcdefgh'[bits % 8],
        'ip': '198.51.%d.%d' % (bits % 251, bits // 251 % 251), 'port': 1024 + bits % 60000,
        'uuid': '%s-%s-4%s-a%s-%s' % (digits[:8], digits[8:12], digits[1:4], digits[5:8], digits[4:]),
    }


def variants(signature):
    """What can be made of the examples of a signature: list of (signature, example, text, spans of digits that may be
    others).

    The examples for EL 9, or all where none is. A number may vary if what comes out is still this signature.
    """
    tests = signature['tests']['positive']
    if signature['match'].get('transport') == ['kernel']:
        # Another name stands in text logs only: journald gives the kernel's entries its own. These logs hold the same.
        tests = [test for test in tests if test.get('identifier', 'kernel') == 'kernel' or 'facility' in test]
    regex, literals = re.compile(signature['match']['regex'], re.ASCII), signature['match']['literal']
    literals = [literals] if isinstance(literals, str) else literals
    chance, found = random.Random(signature['id']), []
    for test in [test for test in tests if test.get('el', 9) == 9] or tests:
        text = test['text']
        spans = []
        for span in (match.span() for match in re.finditer('(?<![0-9A-Za-z])[0-9]+', text)):
            trials = [vary(chance, text, [span]) for _number in range(8)]
            if all(regex.search(trial) and any(literal in trial for literal in literals) for trial in trials):
                spans.append(span)
        found.append((signature, test, text, spans))
    return found


def vary(chance, text, spans):
    """A text with other digits in these spans (list of (begin, end)), ascending."""
    for begin, end in reversed(spans):
        least = 10 ** (end - begin - 1)
        text = text[:begin] + str(chance.randrange(least, least * 10)) + text[end:]
    return text


def pid(entry):
    """The process id of an Entry: 1 for systemd, else one of some hundred."""
    return 1 if entry.program.identifier == 'systemd' else 1000 + entry.number // 3 % 700


def stamp_of(entry):
    """The traditional stamp of an Entry, in local time."""
    return time.strftime('%b %e %H:%M:%S', time.localtime(entry.stamp // 1000000))


def line(entry):
    """An Entry as rsyslog writes it to /var/log/messages (text)."""
    process = '' if entry.transport == 'kernel' else '[%d]' % pid(entry)
    return '%s %s %s%s: %s\n' % (stamp_of(entry), HOST, entry.identifier or entry.comm, process, entry.message)
