# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One scan of a journal: each file is searched directly (journal_search.py), or else read through journalctl.

Through journalctl goes what only it can do: a damaged file, of which it may still get some entries; a format unknown
here; files that hold the same entries, which it shows once.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import errno
import io
import itertools
import os
import re
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils import losses, timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils.journal import (
    Journal, JournalError, current_boot)
from ansible_collections.loghygiene.rhel.plugins.module_utils.journal_file import (
    DATA_ENTRY, ENTRY_MONOTONIC, ENTRY_REALTIME, ENTRY_SEQNUM, ONLINE, Header, JournalFile, Unreadable)
from ansible_collections.loghygiene.rhel.plugins.module_utils.journal_position import (
    OLD, UNDECIDED, Position, PositionError, file_of, journal_files, place_of)
from ansible_collections.loghygiene.rhel.plugins.module_utils.journal_search import FileSearch, Search
from ansible_collections.loghygiene.rhel.plugins.module_utils.matcher import Entry, Matcher, as_text, needs_explanation
from ansible_collections.loghygiene.rhel.plugins.module_utils.tally import Tally

# What is asked of journalctl; __CURSOR, __REALTIME_TIMESTAMP and _BOOT_ID come without being asked for.
FIELDS = ('MESSAGE', 'SYSLOG_IDENTIFIER', '_COMM', '_TRANSPORT', 'PRIORITY', '_PID', '_MACHINE_ID', '_HOSTNAME')
SINK = u'journal'
ATTEMPTS, PAUSE = 4, 0.02  # how often a file that is being written is searched before it is called damaged, and seconds
NAMED = 3  # so many files are named in `method`
SAME = 'it holds entries that another file holds too'  # why journalctl must read it, which shows each once

class Scan:
    """One scan of a Journal."""

    def __init__(self, journal, signatures, max_samples, boot=None, since=None, until=None, cursor='',
                 unexplained=False):
        """:param signatures: list of dicts of the catalogue. Raises SignatureError, JournalError for the cursor.
        :param boot: boot id (text) or None for all.
        :param since, until: stamps (int, microseconds) or None; both inclusive.
        :param cursor: of an earlier scan, '' for none.
        :param unexplained: group what no signature explains?
        """
        self.journal = journal
        self.matcher = Matcher(list(signatures) + losses.SIGNATURES)
        self._tally = Tally(self.matcher, max_samples, lambda cursor: {'cursor': cursor})
        self._groups = new_groups() if unexplained else None
        self._boot, self._since, self._until = boot, since, until
        self._cursor = cursor
        try:
            self._position = Position(cursor, as_text(current_boot()) if journal.own else None) if cursor else None
        except PositionError as error:
            raise JournalError('cursor: %s; give what an earlier scan returned, or none' % error)
        pids = own_processes()
        self._own = (as_text(current_boot()), pids) if pids else None
        self._wanted = Search(self.matcher, None, None, boot, since, until, self._position and self._new_in,
                              self._own)
        self._ends = {}  # writer -> (stamp, seqnum, cursor) of its last entry that was read
        self._boots = {}  # boot id -> (stamp, monotonic) of its last entry that was read, None for what is not known
        self._doubts, self._undecided = [], 0
        self._through_writers = set()  # of all entries that journalctl gave
        self._ranks = {}
        self._through = []  # (path, why) of what is read through journalctl

    def run(self):
        """The result of journal_scan as a dict. Raises JournalError."""
        with self.matcher.limited():
            headers = self._headers()
            # Which of two writers' entries are the later: those of the writer who wrote last, and surely of this boot's.
            running = as_text(current_boot()) if self.journal.own else None
            writers = dict((header.writer, (header.boot_id == running, header.tail_realtime))
                           for header in sorted(headers, key=_tail))
            self._ranks = dict((writer, rank) for rank, writer in enumerate(sorted(writers, key=writers.get)))
            wanted = [header for header in headers if not self._is_past(header)]
            same = self._with_same_entries(wanted)
            for header in wanted:
                if header.path in same:
                    self._through.append((header.path, SAME))
                else:
                    self._search(header)
            if self._through:
                self._read_through_journalctl()
        return self._result(headers)

    def _headers(self):
        found = []
        for path in self.journal.files:
            try:
                header = opened(Header, path, self.journal.inodes[path])
            except EnvironmentError as error:
                if error.errno != errno.ENOENT:  # journald has removed it meanwhile, for its age
                    self.journal.fault(path, error.strerror)
            except Unreadable as error:
                self._through.append((path, str(error)))
            else:
                found.append(header)
        return found

    def _with_same_entries(self, headers):
        """The paths of the files that hold an entry which another holds as well."""
        found, ids, ordered = set(), {}, sorted(headers, key=lambda header: (header.writer, header.head_seqnum))
        for place, header in enumerate(ordered):
            if header.file_id in ids:  # a copy
                found.update((header.path, ids[header.file_id]))
            ids[header.file_id] = header.path
            for other in ordered[place + 1:]:
                if other.writer != header.writer or other.head_seqnum > header.tail_seqnum:
                    break
                if other.file_id != header.file_id and header.entries and other.entries and (
                        share_entries(header, other, ENTRY_SEQNUM)):
                    found.update((header.path, other.path))
        boots = {}
        for header in ordered if len(set(header.writer for header in headers)) > 1 else ():
            for boot_id in self._boots_of(header):
                for other in boots.get(boot_id, ()):
                    if other.writer != header.writer and share_entries(header, other, ENTRY_MONOTONIC):
                        found.update((header.path, other.path))
                boots.setdefault(boot_id, []).append(header)
        return found

    def _boots_of(self, header):
        try:
            with opened(JournalFile, header.path, header.inode) as file:
                return [value for _offset, value in file.values(b'_BOOT_ID')]
        except (Unreadable, IndexError, EnvironmentError):  # said when it is searched
            return []

    @staticmethod
    def _boots_in(header):
        """The boots in a file, as cursors tell them: list of (boot id, monotonic time of its last entry)."""
        try:
            with opened(JournalFile, header.path, header.inode) as file:
                last = [file.last_entry_of(data) for data, _value in file.values(b'_BOOT_ID')]
                return [(file.boot_of(entry), file.words[entry + ENTRY_MONOTONIC >> 3]) for entry in last if entry]
        except (Unreadable, IndexError, EnvironmentError):  # said when it is searched
            return []

    # --- what is new

    def _is_past(self, header):
        """Is nothing in this file new, by its header?"""
        position = self._position
        return position is not None and header.tail_seqnum <= position.known.get(header.writer, -1) and not (
            self.journal.own and position.is_new_boot(header.boot_id))

    def _new_in(self, file):
        """What is new in a JournalFile, as Search.is_new wants it."""
        position, self._doubts = self._position, []
        boots = dict((as_text(value), data) for data, value in file.values(b'_BOOT_ID'))
        later = [data for boot, data in boots.items() if position.is_new_boot(boot)]
        if file.writer in position.known:
            index = file.first_after(position.known[file.writer])
            first = file.entry(index) if index < file.entries else file.end
            # Numbers that an earlier boot lost to a power cut.
            if not self.journal.own or all(file.words[data + DATA_ENTRY >> 3] >= first for data in later):
                return index
        elif boots and len(later) == len(boots) and not file.path.endswith('~'):
            return None

        def is_new(entry):
            cursor = file.cursor(entry)
            answer = position.decide(place_of(cursor), cursor, self.journal.own)
            if answer == UNDECIDED:
                self._doubts.append(entry)
            return answer != OLD
        return is_new

    def _search(self, header):
        """Search a file directly, or note that journalctl must read it."""
        for attempt in range(ATTEMPTS):
            tally, self._doubts = self._tally.fresh(), []
            self._wanted.tally = tally
            groups = self._wanted.groups = new_groups() if self._groups is not None else None
            try:
                with opened(JournalFile, header.path, header.inode) as file:
                    search = FileSearch(self._wanted, file, self._ranks[header.writer])
                    search.run()
                    if file.is_removed():  # and perhaps emptied, while it was searched
                        return
                    if search.last:
                        words = file.words
                        self._end(header.writer, words[search.last + ENTRY_REALTIME >> 3],
                                  words[search.last + ENTRY_SEQNUM >> 3], file.cursor(search.last))
                    for entry in search.ends.values():
                        self._know_boot(file.boot_of(entry), words[entry + ENTRY_REALTIME >> 3],
                                        words[entry + ENTRY_MONOTONIC >> 3])
                break
            except (Unreadable, IndexError, EnvironmentError) as error:
                if getattr(error, 'errno', None) == errno.ENOENT or is_gone(header):
                    return  # journald has removed it meanwhile, for its age
                # What is being written may have been read at the wrong moment.
                if header.state == ONLINE and attempt < ATTEMPTS - 1:
                    time.sleep(PAUSE)
                else:
                    self._through.append((header.path, why_not(error)))
                    return
        self._tally.merge(tally)
        self._undecided += len(self._doubts)
        if groups is not None:
            self._groups.merge(groups)

    def _end(self, writer, stamp, seqnum, cursor):
        if writer not in self._ends or seqnum > self._ends[writer][1]:
            self._ends[writer] = (stamp, seqnum, cursor)

    def _know_boot(self, boot_id, stamp, monotonic):
        known = self._boots.get(boot_id, (0, 0))
        self._boots[boot_id] = (max(known[0], stamp), max(known[1], monotonic))

    # --- through journalctl

    def _read_through_journalctl(self):
        for distinct in (True, False):
            paths = [path for path, why in self._through if (why != SAME) is distinct]
            if paths:
                self._read(Journal(self.journal.command, files=paths, distinct=distinct))

    def _read(self, source):
        for fields in source.entries(FIELDS):
            stamp = int(fields['__REALTIME_TIMESTAMP'][0])
            cursor = fields['__CURSOR'][0].decode('ascii')
            place = place_of(cursor)
            boot_id = fields.get('_BOOT_ID', [b''])[0]
            if (self._boot is not None and boot_id != self._boot.encode('ascii')
                    or self._until is not None and stamp > self._until):
                continue
            answer = self._position and self._position.decide(place, cursor, self.journal.own)
            self._know_boot(place.boot_id, stamp, place.monotonic)
            self._through_writers.add(place.writer)
            if answer == OLD:
                continue
            self._undecided += answer == UNDECIDED
            self._end(place.writer, stamp, place.seqnum, cursor)
            if self._since is None or stamp >= self._since:
                self._add(fields, stamp, as_text(boot_id), cursor, place)
        for error in source.errors:
            self.journal.fault(error['path'], error['reason'])
        named = set(error['path'] for error in self.journal.errors)
        for path, why in self._through:
            if why.startswith('damaged') and as_text(path) not in named:
                self.journal.fault(path, '%s; what journalctl can read of it was counted' % why)

    def _add(self, fields, stamp, boot_id, cursor, place):
        machine_id = as_text(fields.get('_MACHINE_ID', [b''])[0])
        self._tally.read(stamp, boot_id, machine_id)
        for name in fields.get('_HOSTNAME', ())[:1]:
            self._tally.hostname(machine_id, as_text(name))
        if self._own and boot_id == self._own[0] and stamp >= self._own[1].get(fields.get('_PID', [b''])[0], stamp + 1):
            return
        entries = to_entries(fields)
        counted, like, order = set(), set(), (self._ranks.get(place.writer, -1), place.seqnum)
        for entry in entries:
            matches, lookalikes = self.matcher.examine(entry)
            self._tally.found([index for index in matches if index not in counted],
                              [index for index in lookalikes if index not in like],
                              stamp, boot_id, machine_id, SINK, entry.message, cursor, order)
            counted.update(matches)
            like.update(lookalikes)
        if self._groups is None or counted:
            return
        for entry in entries:
            if needs_explanation(entry.message, entry):
                program = entry.identifier if entry.identifier is not None else entry.comm
                self._groups.group(program or u'', entry.message).add(stamp, entry.priority, cursor)
                return

    # --- the result

    def _result(self, headers):
        tally, files = self._tally, [as_text(path) for path in self.journal.files]
        boots, errors = tally.boots(), self.journal.errors
        closed = [as_text(header.path) for header in headers if header.state != ONLINE]
        lost = (tally.losses() + losses.of_files(files, errors, closed) + losses.boot_gaps(boots)
                + ([] if self.journal.given else self._new_gaps(headers)))  # who names files may leave some out
        return {'signatures': tally.signatures(), 'boots': boots, 'machines': tally.machines(),
                'unexplained': None if self._groups is None else self._groups.result(
                    lambda cursor: {'cursor': cursor}, tally.text),
                'losses': lost, 'cursor': self._next_cursor(headers), 'entries': tally.entries,
                'undecided': self._undecided, 'files': files, 'errors': errors,
                'method': self._method()}

    def _new_gaps(self, headers):
        """The rows of missing_entries, without those that the cursor's scan had already."""
        known = self._position.known if self._position else {}
        old = set(as_text(header.path) for header in headers if header.head_seqnum <= known.get(header.writer, -1))
        return [row for row in missing_entries(headers) if row['source'] not in old]

    def _next_cursor(self, headers):
        if not self._ends:
            return self._cursor
        before, running = self._position or Position(), as_text(current_boot()) if self.journal.own else None
        last = max(self._ends.values())
        if before.place and before.place.realtime > last[0] and before.place.writer not in self._ends:
            last = (0, 0, before.cursor)
        position = Position(last[2], running)
        position.known = dict((header.writer, 0) for header in headers)
        for path in self.journal.newcomers():  # of what is in it nothing was read
            try:
                found = file_of(path)
            except EnvironmentError:
                continue
            if found is not None:
                position.known.setdefault(found.writer, 0)
        writers = set(position.known) | set(self._ends) | self._through_writers | set([before.place.writer] if before.place else [])
        for writer, seqnum in before.known.items():
            if writer in writers:
                position.know(writer, seqnum)
        for writer, end in self._ends.items():
            position.known[writer] = end[1]  # lower than before where numbers came again after a power cut
        position.boots, position.dropped = before.boots, before.dropped or 0
        if before.dropped is None:
            for boot_id, monotonic in itertools.chain.from_iterable(map(self._boots_in, headers)):
                position.know_boot(boot_id, monotonic if self._until is None else None)
        for boot_id, (_stamp, monotonic) in sorted(self._boots.items(), key=lambda item: (item[0] == running, item[1])):
            position.know_boot(boot_id, monotonic)
        position.forget(writers)
        return str(position)

    def _method(self):
        number = len(self._through)
        told = ['%d journal files searched directly' % (len(self.journal.files) - number)]
        if number:
            named = ['%s (%s)' % (as_text(path), why) for path, why in self._through[:NAMED]]
            more = number - NAMED
            told.append('journalctl %d, every entry read, for %d: %s%s' % (
                self.journal.version, number, ', '.join(named), ' and %d more' % more if more > 0 else ''))
        return '; '.join(told)


def new_groups():
    """An empty Unexplained. Its masks take a while to compile, and most scans do not want them."""
    from ansible_collections.loghygiene.rhel.plugins.module_utils.unexplained import Unexplained
    return Unexplained()


def _tail(header):
    return header.tail_realtime


def opened(kind, path, inode):
    """A Header or JournalFile (`kind`) of the file that was at `path` and is the one with this inode (device, inode).

    journald renames files. Raises EnvironmentError, with ENOENT when it has removed the file; Unreadable.
    """
    for one in [path] + journal_files(os.path.dirname(path) or '.'):
        try:
            info = os.stat(one)
            if (info.st_dev, info.st_ino) == inode:
                file = kind(one)
                if file.inode == inode:
                    return file
                file.close()
        except EnvironmentError as error:
            if error.errno != errno.ENOENT:
                raise
    raise EnvironmentError(errno.ENOENT, os.strerror(errno.ENOENT), path)


def why_not(error):
    """Why a file could not be searched directly (text), after what that raised."""
    if isinstance(error, IndexError):
        return 'damaged: it points beyond its end'
    return getattr(error, 'strerror', None) or str(error)


def is_gone(header):
    """Has the file of a Header been removed?"""
    try:
        opened(Header, header.path, header.inode)
    except EnvironmentError as error:
        return error.errno == errno.ENOENT
    except Unreadable:
        pass
    return False


def share_entries(header, other, key):
    """May the files of two Headers hold the same entry, as this number of each (offset in an ENTRY) tells?"""
    try:
        with opened(JournalFile, header.path, header.inode) as one, opened(JournalFile, other.path, other.inode) as two:
            small, large = (one, two) if one.entries < two.entries else (two, one)
            for entries in small.all_entries():
                numbers, = small.numbers_of(entries, key)
                # Sequence numbers ascend: only those between need be compared.
                begin = large.first_after(numbers[0] - 1) if key == ENTRY_SEQNUM else 0
                numbers = set(numbers)
                for others in large.all_entries(begin):
                    others, = large.numbers_of(others, key)
                    if not numbers.isdisjoint(others):
                        return True
                    if key == ENTRY_SEQNUM and others[-1] > max(numbers):
                        break
    except (Unreadable, IndexError, EnvironmentError):  # said when they are searched
        pass
    return False


def missing_entries(headers):
    """Rows of `losses` for sequence numbers between files of a writer that no file holds."""
    rows, ends = [], {}
    for header in sorted((header for header in headers if header.entries), key=lambda header: header.head_seqnum):
        end = ends.get(header.writer)
        if end and header.head_seqnum > end[0] + 1:
            number = header.head_seqnum - end[0] - 1
            rows.append({'kind': 'missing-entries', 'source': as_text(header.path), 'entries': None, 'lost': number,
                         'first_seen': timestamps.to_text(end[1], True),
                         'last_seen': timestamps.to_text(header.head_realtime, True),
                         'detail': '%d entries were written between two files that are there; their file is gone'
                         % number})
        if not end or header.tail_seqnum > end[0]:
            ends[header.writer] = (header.tail_seqnum, header.tail_realtime)
    return rows


def to_entries(fields):
    """The matcher's Entry for each MESSAGE of a journal entry (dict of parse_export); none when it has no MESSAGE.

    Of a field that occurs more than once the first value is taken, as rsyslog's imjournal does.
    """
    def first(name):
        values = fields.get(name)
        return values[0].decode('utf-8', 'replace') if values else None

    priority = fields.get('PRIORITY', [b''])[0]
    priority = int(priority) if re.match(b'[0-7]\\Z', priority) else None
    identifier, comm, transport = first('SYSLOG_IDENTIFIER'), first('_COMM'), first('_TRANSPORT') or u''
    return [Entry(message.decode('utf-8', 'replace'), identifier, comm, transport, priority)
            for message in fields.get('MESSAGE', ())]


def own_processes():
    """The processes of this scan: this one and those above it that only carry its arguments (Python, a shell, sudo).

    :returns: dict, pid (bytes, decimal) -> start time (int, microseconds, up to a second early). Without /proc, empty.
    """
    carriers = re.compile(r'(platform-)?python|sh$|bash$|dash$|ksh$|zsh$|sudo$|su$|doas$|runuser$|timeout$')
    found = {}
    pid = os.getpid()
    try:
        with io.open('/proc/stat', encoding='ascii', errors='replace') as source:
            booted = int(re.search(r'^btime ([0-9]+)$', source.read(), re.MULTILINE).group(1))
        while pid > 1:
            with io.open('/proc/%d/stat' % pid, encoding='utf-8', errors='replace') as source:
                _pid, comm, rest = re.match(r'([0-9]+) \((.*)\) (.*)', source.read(), re.DOTALL).groups()
            if not carriers.match(comm):
                break
            rest = rest.split()
            started = booted + int(rest[19]) // os.sysconf('SC_CLK_TCK')
            found[str(pid).encode('ascii')] = (started - 1) * timestamps.SECOND
            pid = int(rest[1])
    except (EnvironmentError, AttributeError, IndexError, ValueError):  # no /proc, or a process that has just ended
        pass
    return found
