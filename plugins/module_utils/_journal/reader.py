# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads journals through journalctl, one entry at a time, and knows which files a journal has.

journalctl is asked for its export format (https://systemd.io/JOURNAL_EXPORT_FORMATS): the same since systemd 38, exact
to the byte, and a field nobody asked for can be skipped unread. Its JSON, in contrast, turns what is not printable
UTF-8 into lists of numbers, repeated fields into lists of lists, and, on systemd 219, is mixed with "-- Reboot --"
lines.

Nothing but the boot is left to journalctl's own filters. --since and --until search and stop by time, and lose entries
where the clock was set back; so do --cursor and --after-cursor with the entries of other writers and boots
(_journal/position.py), and the latter with a match skips an entry in systemd 239 to 254.
Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import io
import os
import re
import struct

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import (
    MACHINE_ID, ROOTS, journal_files, literal_glob, own_journal_files)
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import as_text
from ansible_collections.loghygiene.rhel.plugins.module_utils._common.process import Process

# What comes without being asked for.
ALWAYS = ('__CURSOR', '__REALTIME_TIMESTAMP', '_BOOT_ID')
OUTPUT_FIELDS_SINCE = 236  # first systemd that has --output-fields
# First systemd whose debug log is asked for, because only that tells of entries left out as damaged.
DEBUG_SINCE = 239
DAMAGE = re.compile(r'is bad, skipping|Bad message|Attempt to move to|Invalid (?:offset|entry|object|data|field)|'
                    r'iterate through')
DAMAGES = 200  # so many messages of damage are kept of a run
LISTINGS = 10  # how often a folder is listed whose files keep changing
ATTEMPTS = 100  # how often reading is taken up again behind an entry that journalctl stops at
# Journal file header (systemd.io/JOURNAL_FILE_FORMAT): signature, and n_entries, 64 bits little endian.
HEADER_SIGNATURE, HEADER_ENTRIES, HEADER_SIZE = b'LPKSHHRH', 152, 160
SKIP_SIZE = 65536  # bytes read at once of a field that nobody asked for


class JournalError(Exception):
    """The journal cannot be read at all. The text says why and what to do."""


def current_boot():
    """Return the boot id of this host as the journal writes it: 32 hexadecimal digits. Raises EnvironmentError."""
    with io.open('/proc/sys/kernel/random/boot_id', encoding='ascii') as source:
        return source.read().strip().replace('-', '')


def boot_match(boot):
    """Return the boot id for the option `boot` (all, current or an id); None for all. Raises JournalError."""
    if boot == 'all':
        return None
    if boot == 'current':
        return current_boot()
    identity = boot.replace('-', '').lower()
    if not MACHINE_ID.match(identity):
        raise JournalError('boot: %s is neither all, current nor a boot id of 32 hexadecimal digits; '
                           'journalctl --list-boots shows the ids' % boot)
    return identity


def version(command):
    """Return the systemd version (int) of a journalctl, or 0 if it is not known."""
    with start([command, '--version']) as process:
        found = re.match(r'systemd ([0-9]+)', as_text(process.stdout.read()))
    return int(found.group(1)) if found else 0


def start(arguments, debug=False):
    """Start journalctl and return its Process. Raises JournalError."""
    try:
        return Process(arguments, environ=environment(debug), keep_line=ComplaintFilter() if debug else None)
    except EnvironmentError as error:
        raise JournalError('%s cannot be run: %s' % (arguments[0], error.strerror))


def environment(debug=False):
    """Return the environment for journalctl: English, UTC, no pager or colors; with `debug`, its debug log on stderr."""
    kept = dict((key, value) for key, value in os.environ.items() if not key.startswith(('SYSTEMD_', 'LC_')))
    kept.update(LC_ALL='C', LANG='C', TZ='UTC', SYSTEMD_PAGER='', SYSTEMD_COLORS='0')
    if debug:
        kept.update(SYSTEMD_LOG_LEVEL='debug', SYSTEMD_LOG_TARGET='console-prefixed')
    return kept


class ComplaintFilter:
    """Keeps the lines of journalctl's debug log that are complaints. It also logs each file that it opens."""

    def __init__(self):
        self._damage = 0

    def __call__(self, line):
        """Return whether a line (bytes) is kept."""
        level, text = re.match(br'(?:<([0-9]{1,3})>)?(.*)', line).groups()
        if not level or int(level) & 7 <= 5:
            return True
        if DAMAGE.search(as_text(text)):
            self._damage += 1
            return self._damage <= DAMAGES
        return False


def complaints(text):
    """Return what journalctl could not read, by its stderr (text): list of (path or None, reason), each once."""
    found, damage = [], []
    for line in text.splitlines():
        level, line = re.match(r'(?:<([0-9]+)>)?\s*(.*?)\s*\Z', line).groups()
        path = re.search(r'/.+?\.journal~?(?=[\s,:]|\Z)', line)
        if level and int(level) & 7 > 5:
            # What names a file is about opening it, and said again as a warning.
            if DAMAGE.search(line) and not path:
                damage.append(line)
        elif line and not line.startswith('Use SYSTEMD_LOG_LEVEL='):
            item = (path.group() if path else None, line)
            if item not in found:
                found.append(item)
    if damage:
        more = ', and %d more' % (len(damage) - 1) if damage[1:] else ''
        found.append((None, 'damaged, and what could not be read was left out (journalctl: %s%s); journalctl --verify '
                      'tells the file' % (damage[0], more)))
    return found


def header_entries(path):
    """Return the number of entries in a journal file by its header; 0 if it is not a journal file or is unreadable."""
    try:
        with io.open(path, 'rb') as source:
            header = source.read(HEADER_SIZE)
    except EnvironmentError:
        return 0
    if len(header) < HEADER_SIZE or not header.startswith(HEADER_SIGNATURE):
        return 0
    return struct.unpack_from('<Q', header, HEADER_ENTRIES)[0]


def parse_export(stream, wanted):
    """Yield the entries of a stream in the Journal Export Format.

    :param stream: binary file with readline and read.
    :param wanted: names of the fields to keep (set of str); others are skipped without being held.
    :returns: yields dicts, field name -> list of values (bytes), for a field can occur more than once. An entry that
        the stream breaks off within is yielded with the key None, so that nobody takes it for a whole one.
    """
    wanted = dict((name.encode('ascii'), name) for name in wanted)
    entry = {}
    line = stream.readline()
    while line:
        name, equals, value = line.partition(b'=')
        if line == b'\n':
            if entry:
                yield entry
            entry = {}
        elif equals:
            if name == b'__CURSOR' and entry:  # journalctl gave up on the entry before: it could not be read
                entry[None] = []
                yield entry
                entry = {}
            if name in wanted:
                if value[-1:] != b'\n':
                    break
                entry.setdefault(wanted[name], []).append(value[:-1])
        elif not line.startswith(b'-- '):  # "-- Reboot --", "-- No entries --": remarks of journalctl
            value = _binary(stream, line[:-1] in wanted)
            if value is None:
                break
            if line[:-1] in wanted:
                entry.setdefault(wanted[line[:-1]], []).append(value)
        line = stream.readline()
    if entry:
        entry[None] = []
        yield entry


def _binary(stream, keep):
    """Read a value with its length (64 bits, little endian) before it and a newline behind. None when it breaks off."""
    size = stream.read(8)
    if len(size) < 8:
        return None
    size = struct.unpack('<Q', size)[0]
    value = b''
    if keep:
        value = stream.read(size)
        size -= len(value)
    while not keep and size:
        skipped = len(stream.read(min(size, SKIP_SIZE)))
        if not skipped:
            return None
        size -= skipped
    return value if size == 0 and stream.read(1) == b'\n' else None


class Journal:
    """One journal: the host's own, a directory of journal files, or some files."""

    def __init__(self, command, directory=None, files=None, distinct=True):
        """:param command: path of journalctl. Raises JournalError.
        :param distinct: no two files hold the same entry, so all that the files say they hold must be there.

        `given` says whether files were named, `errors` fills up with what could not be read, `files` holds the paths of
        the journal files, and `inodes` which files they are: (device, inode) by path.
        """
        self.command = command
        self._version, self.interrupted = None, False
        self.given = bool(files)
        self._distinct = distinct
        self._directory = directory
        self._files = files
        # journald renames files and makes new ones meanwhile: what is listed must be what is there afterwards.
        for _attempt in range(LISTINGS):
            self.errors, self._said, self.inodes = [], set(), collections.OrderedDict()
            candidates = self._candidates()
            for path in candidates:
                self._take(path)
            if files or self._candidates() == candidates:
                break
        self.files = list(self.inodes)

    def _candidates(self):
        if self._files:
            return list(self._files)
        if self._directory:
            if not os.path.isdir(self._directory):
                self.fault(self._directory, 'no such directory; give the one that holds the *.journal files')
            elif not os.access(self._directory, os.R_OK | os.X_OK):  # else it would seem to be empty
                self.fault(self._directory, self._denied('Permission denied'))
            return journal_files(self._directory)
        found = own_journal_files()
        if not found:
            self.fault('journal', 'this host keeps no journal, neither in %s nor in %s' % ROOTS)
        return found

    @property
    def own(self):
        """Whether this is the journal of this host, and so of a single machine (bool)."""
        return not self.given and not self._directory

    def newcomers(self):
        """Return the paths of files that appeared after the files were listed."""
        return [] if self.given else [path for path in self._candidates() if path not in self.inodes]

    @property
    def version(self):
        """The systemd version (int) of journalctl, found on first use."""
        if self._version is None:
            self._version = version(self.command)
        return self._version

    def fault(self, path, reason):
        """Record what could not be read, and why."""
        fault = as_text(path), as_text(reason)
        if fault not in self._said:
            self._said.add(fault)
            self.errors.append({'path': fault[0], 'reason': fault[1]})

    @staticmethod
    def _denied(reason):
        return reason if os.geteuid() == 0 else reason + '; run as root (become: true)'

    def _take(self, path):
        """Record a file with its inode, or why it cannot be read."""
        if not os.path.isfile(path):
            self.fault(path, 'no such file' if not os.path.exists(path) else 'not a regular file')
            return
        try:
            with io.open(path, 'rb') as source:
                info = os.fstat(source.fileno())
        except EnvironmentError as error:
            self.fault(path, self._denied(error.strerror))
        else:
            self.inodes[path] = (info.st_dev, info.st_ino)

    def entries(self, fields, matches=(), resume=True):
        """Yield the entries as parse_export does, in journalctl's order.

        :param fields: names of the fields needed, besides those of ALWAYS.
        :param matches: FIELD=value texts for journalctl, combined as journalctl combines them.
        :param resume: whether to go on behind an entry at which journalctl stops. Exact in a single file only. Without
            it, reading ends there and `interrupted` is True.
        """
        self.interrupted = False
        if (self.given or self._directory) and not self.files:
            return
        # Taken before: a file may grow while it is read, and never shrinks.
        counted = self._distinct and not matches
        held = dict((as_text(path), header_entries(path)) for path in self.files) if counted else {}
        begin, number = [], 0
        for _attempt in range(ATTEMPTS):
            faults, read, stuck = len(self.errors), False, None
            with self._run(fields, begin + list(matches)) as process:
                for entry in parse_export(process.stdout, set(fields) | set(ALWAYS)):
                    read = True
                    here = entry.get('__CURSOR', [None])[0]
                    if None in entry:
                        stuck = here
                        self.fault(self._only, 'damaged: an entry could not be read and was left out; journalctl '
                                   '--verify tells more')
                    else:
                        number += 1
                        yield entry
            self._complain(process)
            if not process.status:
                break
            if not resume and (read or stuck):
                self.interrupted = True
                return
            if stuck:
                begin = ['--after-cursor=' + stuck.decode('ascii')]
            elif read or not self._drop_bad_files(faults):
                break
        if number < sum(held.values()):
            self.fault(self._only, 'journalctl gave %d of the %d entries that the files say they hold: one is '
                       'damaged, or two hold the same; journalctl --verify tells which' % (number, sum(held.values())))

    @property
    def _only(self):
        """Return what to name in an error for which journalctl names no file."""
        return self.files[0] if len(self.files) == 1 else 'journal'

    def _source(self):
        arguments = [self.command, '--quiet', '--no-pager']
        if self.given:
            return arguments + ['--file=' + literal_glob(path) for path in self.files]
        return arguments + (['--directory=' + self._directory] if self._directory else [])

    def _run(self, fields, rest):
        """Start journalctl with the common arguments and `rest`, and return its Process."""
        arguments = self._source() + ['--all', '--output=export']
        if self.version >= OUTPUT_FIELDS_SINCE:
            arguments.append('--output-fields=' + ','.join(fields))
        return start(arguments + rest, self.version >= DEBUG_SINCE)

    def _complain(self, process):
        found = complaints(as_text(process.stderr))
        for path, reason in found:
            self.fault(path or self._only, reason)
        if process.status and not found:
            self.fault(self._only, 'journalctl ended early, with status %d: what comes after was not read'
                       % process.status)

    def _drop_bad_files(self, faults):
        """Drop files that cannot be opened: one such --file makes journalctl refuse them all.

        :param faults: number of errors before the attempt that failed; its own say less than those found here.
        :returns: True when there was one and others remain.
        """
        if not self.given or len(self.files) < 2:
            return False
        for fault in self.errors[faults:]:
            self._said.discard((fault['path'], fault['reason']))
        del self.errors[faults:]
        good = self._openable(self.files)
        dropped = len(good) < len(self.files)
        self.files = good
        return dropped and bool(good)

    def _openable(self, paths):
        """Return the files that journalctl opens, and record why it does not open the others. Bisects instead of trying each."""
        some = Journal(self.command, files=paths)
        some._version = self.version
        with start(some._source() + ['--header'], self.version >= DEBUG_SINCE) as process:
            while process.stdout.read(SKIP_SIZE):
                pass
        if not process.status:
            return list(paths)
        if len(paths) == 1:
            some._complain(process)
            for fault in some.errors:
                self.fault(fault['path'], fault['reason'])
            return []
        middle = len(paths) // 2
        return self._openable(paths[:middle]) + self._openable(paths[middle:])

    def boot_ids(self):
        """Return the boots of the journal (list of text), in no order."""
        if (self.given or self._directory) and not self.files:
            return []
        with start(self._source() + ['--field=_BOOT_ID']) as process:
            found = as_text(process.stdout.read())
        self._complain(process)
        return found.split()
