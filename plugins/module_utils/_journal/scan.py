# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One scan of a journal: each file is searched directly (_journal/_search.py), or else read through journalctl.

Through journalctl goes what only it can do: a damaged file, of which it may still get some entries; a format unknown
here. Of files that hold the same entries each is read, and what another has given is left out (_journal/_same.py).

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import array
import bisect
import errno
import io
import itertools
import os
import re
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import lost_messages
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.reader import (
    Journal, JournalError, boot_match, current_boot)
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal._damaged import Held, Owners
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.file import (
    DATA_ENTRY, ENTRY_ITEMS, ENTRY_MONOTONIC, ENTRY_REALTIME, ENTRY_SEQNUM, ONLINE, Damaged, Empty, Header, JournalFile,
    Unreadable)
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal._missing import missing_entries
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import (
    OLD, UNDECIDED, Place, Position, PositionError, file_of, is_cursor, journal_files, place_of)
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal._same import Given, identity
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal._search import FileSearch, Search
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import (
    WARNING, Entry, Matcher, SignatureError, as_text, is_plain, is_record, is_test_message, needs_explanation, text_log, to_facility,
    to_uid)
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import Aggregate

# What is asked of journalctl; __CURSOR, __REALTIME_TIMESTAMP and _BOOT_ID come without being asked for.
FIELDS = ('MESSAGE', 'SYSLOG_IDENTIFIER', '_COMM', '_TRANSPORT', 'PRIORITY', '_PID', '_MACHINE_ID', '_HOSTNAME',
          'SYSLOG_FACILITY', '_UID', '_EXE', '_SYSTEMD_UNIT')
SINK = u'journal'
PATIENCE = 8  # attempts to read files that journald is making, in one scan
ATTEMPTS, PAUSE = 4, 0.02  # how often a file that is being written is searched before it is called damaged, and seconds
NAMED = 3  # so many files are named in `method`
MOST_TOLD = 200  # characters of what is no cursor
NOWHERE = Place('', 0, '0' * 32, 0, 0)
# journald-server.c, journal-file.c: names that journald gives once, and then leaves.
ARCHIVED = re.compile(r'@[0-9a-f]+(?:-[0-9a-f]+){1,2}\.journal~?\Z|\.journal~\Z')
_LISTED = {}  # folder -> where its files were when it was last listed


class Scan:
    """One scan of a Journal."""

    def __init__(self, journal, signatures, max_samples, boot=None, since=None, until=None, cursor='',
                 unexplained=False):
        """:param signatures: list of dicts of the catalog. Raises SignatureError, JournalError for the cursor.
        :param boot: boot id (text) or None for all.
        :param since, until: stamps (int, microseconds) or None; both inclusive.
        :param cursor: of an earlier scan, '' for none.
        :param unexplained: whether to group what no signature explains (bool).
        """
        self.journal = journal
        self.matcher = Matcher(list(signatures) + lost_messages.SIGNATURES)
        self._aggregate = Aggregate(self.matcher, max_samples, to_sample)
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
        self._passed = {}  # writer -> number of its last entry that is old
        self._given = Given()
        self._strange = ''  # what journalctl gave for a cursor and is none
        self._through_writers = set()  # of all entries that journalctl gave
        self._ranks = {}
        self._patience = PATIENCE  # how often a file that journald may just be making is waited for
        self._through = []  # (path, why) of what is read through journalctl
        self._lost = {}  # path (text) -> number of entries that could not be read

    def run(self):
        """Return the result of journal_scan as a dict. Raises JournalError."""
        with self.matcher.limited():
            headers = self._headers()
            # Which of two writers' entries are the later: those of the writer who wrote last, and surely of this boot's.
            running = as_text(current_boot()) if self.journal.own else None
            writers = dict((header.writer, (header.boot_id == running, header.tail_realtime))
                           for header in sorted(headers, key=_tail))
            self._ranks = dict((writer, rank) for rank, writer in enumerate(sorted(writers, key=writers.get)))
            wanted = [header for header in headers if not self._is_past(header)]
            # What a new writer brings may be a copy of what is known.
            known = self._position.known if self._position else {}
            looked_at = headers if any(header.writer not in known for header in wanted) else wanted
            same = self._with_same_entries(looked_at)
            for header in wanted:
                if header.path not in same:
                    self._search(header)
            damaged = [path for path, _why in self._through]
            self._search_same([header for header in looked_at if header.path in same], wanted)
            if damaged:
                self._read_damaged(damaged)
        return self._result(headers)

    def _headers(self):
        found, empty = [], []
        for path in self.journal.files:
            self._header(path, found, empty)
        for attempt in range(PATIENCE):
            if not empty:
                break
            pause(attempt)
            again, empty = empty, []
            for path in again:
                self._header(path, found, empty if attempt < PATIENCE - 1 else None)
        return found

    def _header(self, path, found, empty):
        try:
            found.append(opened(Header, path, self.journal.inodes[path]))
        except EnvironmentError as error:
            if error.errno != errno.ENOENT:  # journald has removed it meanwhile, for its age
                self.journal.fault(path, error.strerror)
        except Empty as error:
            if empty is None:
                self.journal.fault(path, str(error))
            else:
                empty.append(path)
        except Unreadable as error:
            self._through.append((path, str(error)))

    def _with_same_entries(self, headers):
        """Return the paths of the files that share an entry with another file."""
        copies, writers, boots = {}, {}, {}
        for header in headers:
            copies.setdefault(header.file_id, []).append(header)
        found = set(header.path for files in copies.values() if len(files) > 1 for header in files)
        single = [files[0] for files in copies.values() if files[0].entries]
        for header in single:
            writers.setdefault(header.writer, []).append((header.head_seqnum, header.tail_seqnum, header))
        for spans in writers.values():
            for one, other in overlapping(spans):
                if not (one.path in found and other.path in found) and share_entries(one, other, ENTRY_SEQNUM):
                    found.update((one.path, other.path))
        for header in single if len(writers) > 1 else ():
            for boot_id, first, last in self._boots_of(header):
                boots.setdefault(boot_id, []).append((first, last, header))
        for boot_id, spans in boots.items():
            for one, other in overlapping(spans):
                if one.writer != other.writer and not (one.path in found and other.path in found) and share_entries(
                        one, other, ENTRY_MONOTONIC, boot_id):
                    found.update((one.path, other.path))
        return found

    def _boots_of(self, header):
        """Return (boot id in bytes, clock of its first entry, of its last) of each boot in a file."""
        try:
            with opened(JournalFile, header.path, header.inode) as file:
                u64 = file.u64
                return [(value, u64[u64[data + DATA_ENTRY >> 3] + ENTRY_MONOTONIC >> 3],
                         u64[file.last_entry_of(data) + ENTRY_MONOTONIC >> 3])
                        for data, value in file.values(b'_BOOT_ID') if file.count(data)]
        except (Unreadable, IndexError, EnvironmentError):  # said when it is searched
            return []

    @staticmethod
    def _boots_in(header):
        """Return the boots in a file, as in cursors: list of (boot id, monotonic time of its last entry)."""
        try:
            with opened(JournalFile, header.path, header.inode) as file:
                last = [file.last_entry_of(data) for data, _value in file.values(b'_BOOT_ID')]
                return [(file.boot_of(entry), file.u64[entry + ENTRY_MONOTONIC >> 3]) for entry in last if entry]
        except (Unreadable, IndexError, EnvironmentError):  # said when it is searched
            return []

    # --- what is new

    def _is_past(self, header):
        """Return whether nothing in this file is new, by its header."""
        position = self._position
        return position is not None and header.tail_seqnum <= position.known.get(header.writer, -1) and not (
            self.journal.own and position.is_new_boot(header.boot_id))

    def _new_in(self, file):
        """Return what is new in a JournalFile, in the form that Search.is_new takes."""
        position, self._doubts = self._position, []
        # By their first entries, as the cursor tells them.
        boots = dict((file.boot_of(file.u64[data + DATA_ENTRY >> 3]), data)
                     for data, _value in file.values(b'_BOOT_ID') if file.count(data))
        later = [data for boot, data in boots.items() if position.is_new_boot(boot)]
        if file.writer in position.known:
            index = file.first_after(position.known[file.writer])
            first = file.entry(index) if index < file.entries else file.end
            # Numbers that an earlier boot lost to a power cut.
            if not self.journal.own or all(file.u64[data + DATA_ENTRY >> 3] >= first for data in later):
                return index
        elif boots and len(later) == len(boots) and not file.path.endswith('~'):
            return None

        def is_new(entry):
            cursor = file.cursor(entry)
            answer = position.decide(place_of(cursor), cursor, self.journal.own)
            if answer == UNDECIDED:
                self._doubts.append(entry)
            if self._until is not None and file.u64[entry + ENTRY_REALTIME >> 3] > self._until:
                beyond[:] = [entry]
            elif answer == OLD and not beyond:
                self._pass(file.writer, file.u64[entry + ENTRY_SEQNUM >> 3])
            return answer != OLD
        beyond = []
        return is_new

    def _pass(self, writer, seqnum):
        self._passed[writer] = max(self._passed.get(writer, 0), seqnum)

    def _search_same(self, headers, wanted):
        """Read files that share entries: each entry counts in the first file. Files that decide most come first."""
        known, held = self._position.known if self._position else {}, {}
        for header in headers:
            held[header.writer] = held.get(header.writer, 0) + header.entries
        for header in sorted(headers, key=lambda header: (
                header.writer not in known, -held[header.writer], header.writer, header.head_seqnum, header.path)):
            if header in wanted:
                self._search(header, True)
            else:
                self._remember(header)
        for path, why in self._through:
            for header in headers:
                if header.path == path:
                    self._read_copy(header, why)

    def _remember(self, header):
        """Record the entries of a file as given, without counting them."""
        try:
            with opened(JournalFile, header.path, header.inode) as file:
                reading, _copies = self._copies(file)
        except (Unreadable, IndexError, EnvironmentError):  # nothing in it is new
            return
        reading.done()

    def _copies(self, file):
        """Return (Reading, ascending offsets of the entries of a JournalFile that other files gave already)."""
        reading, found = self._given.file(file.writer), array.array('L')
        for entries in file.all_entries():
            for entry in entries:
                raw = file.map[entry + ENTRY_SEQNUM:entry + ENTRY_ITEMS]
                if len(raw) < ENTRY_ITEMS - ENTRY_SEQNUM:
                    raise Damaged('an entry is not where its list says')
                if reading.is_copy(raw):
                    found.append(entry)
        return reading, found

    def _search(self, header, same=False):
        """Search a file directly, or record that journalctl must read it.

        :param same: leave out what another file has given.
        """
        def is_copy(file):
            state[:] = self._copies(file)
            return is_in(state[1])

        for attempt in itertools.count():
            aggregate, self._doubts, state = self._aggregate.fresh(), [], [None, ()]
            self._wanted.aggregate, self._wanted.is_copy = aggregate, is_copy if same else None
            groups = self._wanted.groups = new_groups() if self._groups is not None else None
            try:
                with opened(JournalFile, header.path, header.inode) as file:
                    search = FileSearch(self._wanted, file, self._ranks[header.writer])
                    search.run()
                    if file.is_removed():  # and perhaps emptied, while it was searched
                        return
                    if search.last:
                        u64 = file.u64
                        self._end(header.writer, u64[search.last + ENTRY_REALTIME >> 3],
                                  u64[search.last + ENTRY_SEQNUM >> 3], file.cursor(search.last))
                    for entry in search.ends.values():
                        self._know_boot(file.boot_of(entry), u64[entry + ENTRY_REALTIME >> 3],
                                        u64[entry + ENTRY_MONOTONIC >> 3])
                break
            except (Unreadable, IndexError, EnvironmentError) as error:
                if getattr(error, 'errno', None) == errno.ENOENT or is_gone(header):
                    return  # journald has removed it meanwhile, for its age
                # What is being written, or made, may have been read at the wrong moment.
                if not header.entries and self._patience:
                    self._patience -= 1
                    pause(attempt)
                elif header.state == ONLINE and attempt < ATTEMPTS - 1:
                    time.sleep(PAUSE)
                else:
                    self._through.append((header.path, why_not(error)))
                    return
        self._aggregate.merge(aggregate)
        reading, copies = state
        self._undecided += len(self._doubts) - sum(map(is_in(copies), self._doubts))
        if reading:
            reading.done()
        if groups is not None:
            self._groups.merge(groups)

    def _end(self, writer, stamp, seqnum, cursor):
        if writer not in self._ends or seqnum > self._ends[writer][1]:
            self._ends[writer] = (stamp, seqnum, cursor)

    def _know_boot(self, boot_id, stamp, monotonic):
        known = self._boots.get(boot_id, (0, 0))
        self._boots[boot_id] = (max(known[0], stamp), max(known[1], monotonic))

    # --- through journalctl

    def _read_copy(self, header, why):
        """Read a file that cannot be searched directly and shares entries: alone, without the entries of other files."""
        one = self._held(header.path, why)
        if one is None:
            return
        source, reading = Journal(self.journal.command, files=[one.path], distinct=False), self._given.file(one.writer)
        number = self._count(source.entries(FIELDS), reading)
        reading.done()
        self._faults(source)
        self._tell([one], Owners([one]), {one.path: number}, {one.path: why})

    def _read_damaged(self, paths):
        """Read files that share no entries in one run of journalctl, and report what each gave.

        A file that gave less than it can is read once more, alone (see _journal/_damaged.py).
        """
        why = dict(self._through)
        files = [one for one in (self._held(path, why[path]) for path in paths) if one]
        if not files:
            return
        owners, given = Owners(files), {}
        source = Journal(self.journal.command, files=[one.path for one in files], distinct=False)
        parts = self._parts(source, owners, given)
        opened_ones = set(source.files)
        for key, some in owners.apart() if source.interrupted else owners.to_read_again(given):
            if not opened_ones.intersection(one.path for one in some):
                continue  # journalctl has said why
            again = Journal(self.journal.command, files=[one.path for one in some], distinct=False)
            parts[key] = self._part()
            given[key] = self._into(parts[key], again.entries(FIELDS))
            # What came of their writer and could not be told to be of a file is there once more now.
            if key != owners.loose(some[0].writer):
                parts.pop(owners.loose(some[0].writer), None)
                given.pop(owners.loose(some[0].writer), None)
            self._faults(again)
        if not source.interrupted:
            self._faults(source)
        for part in parts.values():
            self._merge(part)
        self._tell(files, owners, given, why)

    def _held(self, path, why):
        """Return the Held of a file, or None, with a fault recorded, if journalctl cannot open it."""
        try:
            one = Held(path)
        except EnvironmentError as error:
            if error.errno != errno.ENOENT:
                self.journal.fault(path, error.strerror)
            return None
        if not one.refusal:
            return one
        lost = '; its %d entries are lost' % one.entries if one.entries else ''
        self.journal.fault(path, '%s, so journalctl does not open it%s' % (why, lost))
        self._lost[as_text(path)] = one.entries or None
        return None

    def _parts(self, source, owners, given):
        """Read a Journal through journalctl, grouped by Owners.of: {key: part as made by _part}."""
        parts = {}
        for fields in source.entries(FIELDS, resume=len(source.files) == 1):
            key = owners.of(as_text(fields['__CURSOR'][0]))
            if key not in parts:
                parts[key] = self._part()
            given[key] = given.get(key, 0) + self._into(parts[key], [fields])
        if source.interrupted:
            given.clear()
            return {}
        return parts

    def _tell(self, files, owners, given, why):
        """Record what was read of each file, and how many entries are lost."""
        several = []
        named = dict((error['path'], error) for error in reversed(self.journal.errors))
        for one in files:
            number = given.get(one.path, 0)
            if not owners.is_told(one):
                several.append(one)
                said = 'what journalctl can read of it was counted'
            elif number < one.entries:
                self._lost[as_text(one.path)] = one.entries - number
                said = 'journalctl gave %d of the %d entries that it says it holds' % (number, one.entries)
            else:
                said = 'journalctl gave all of the %d entries that it says it holds' % one.entries
            if as_text(one.path) in named:  # journalctl says why
                named[as_text(one.path)]['reason'] += '; ' + said
            elif why[one.path].startswith('damaged') or as_text(one.path) in self._lost:
                self.journal.fault(one.path, '%s; %s' % (why[one.path], said))
        held = sum(one.entries for one in several)
        number = sum(given.get(key, 0) for key in set(owners.loose(one.writer) for one in several))
        if number < held:
            self.journal.fault('journal', 'journalctl gave %d of the %d entries that %d files say they hold: some are '
                               'damaged, or hold the same' % (number, held, len(several)))

    def _faults(self, source):
        for error in source.errors:
            self.journal.fault(error['path'], error['reason'])

    def _part(self):
        """Return an empty part that may be discarded: [Aggregate, Unexplained or None, ends, number of undecided entries]."""
        return [self._aggregate.fresh(), new_groups() if self._groups is not None else None, {}, 0]

    def _into(self, part, entries):
        """Count entries in a part. Return how many were read, wanted or not."""
        whole = self._aggregate, self._groups, self._ends, self._undecided
        self._aggregate, self._groups, self._ends, self._undecided = part
        try:
            return self._count(entries)
        finally:
            part[3] = self._undecided
            self._aggregate, self._groups, self._ends, self._undecided = whole

    def _merge(self, part):
        aggregate, groups, ends, undecided = part
        self._aggregate.merge(aggregate)
        self._undecided += undecided
        if groups is not None:
            self._groups.merge(groups)
        for writer, end in ends.items():
            self._end(writer, *end)

    def _count(self, entries, reading=None):
        """Count entries (dicts of parse_export). Return how many were read.

        :param reading: the Reading of the file they are of, to leave out what another has given.
        """
        number = 0
        for fields in entries:
            number += 1
            stamp = int(fields['__REALTIME_TIMESTAMP'][0])
            cursor = as_text(fields['__CURSOR'][0])
            is_true = is_cursor(cursor)
            if not is_true:
                self._strange = self._strange or cursor[:MOST_TOLD] or 'nothing'  # of many the first is told
                self.journal.fault('journal', 'journalctl gave an entry a cursor that is none, so it is counted, and by '
                                   'the next scan again: ' + self._strange)
            place = place_of(cursor) if is_true else NOWHERE
            raw = identity(cursor) if reading else None
            is_copy = raw is not None and reading.is_copy(raw)
            boot_id = fields.get('_BOOT_ID', [b''])[0]
            if (self._boot is not None and boot_id != self._boot.encode('ascii')
                    or self._until is not None and stamp > self._until):
                continue
            answer = self._position and self._position.decide(place, cursor, self.journal.own) if is_true else None
            if is_true:
                self._know_boot(place.boot_id, stamp, place.monotonic)
                self._through_writers.add(place.writer)
            if answer == OLD:
                if self._until is None:
                    self._pass(place.writer, place.seqnum)
                continue
            if is_true:
                self._end(place.writer, stamp, place.seqnum, cursor)
            if is_copy:
                continue
            self._undecided += answer == UNDECIDED
            if self._since is None or stamp >= self._since:
                self._add(fields, stamp, as_text(boot_id), cursor, place)
        return number

    def _add(self, fields, stamp, boot_id, cursor, place):
        machine_id = as_text(fields.get('_MACHINE_ID', [b''])[0])
        tick = None if place is NOWHERE else place.monotonic
        self._aggregate.read(stamp, boot_id, machine_id, tick)
        for name in fields.get('_HOSTNAME', ())[:1]:
            self._aggregate.hostname(machine_id, as_text(name))
        if self._own and boot_id == self._own[0] and stamp >= self._own[1].get(fields.get('_PID', [b''])[0], stamp + 1):
            return
        entries = to_entries(fields)
        counted, like, order = set(), set(), (self._ranks.get(place.writer, -1), place.seqnum)
        unit = as_text(fields['_SYSTEMD_UNIT'][0]) if '_SYSTEMD_UNIT' in fields else None
        for entry in entries:
            matches, lookalikes = self.matcher.examine(entry, float(place.monotonic) / timestamps.SECOND)
            self._aggregate.found(
                [index for index in matches if index not in counted],
                [index for index in lookalikes if index not in like],
                stamp, boot_id, machine_id, SINK, entry.message, (cursor, entry.uid, entry.exe, unit), order,
                text_log(entry, is_plain(entry.message)) if lookalikes else u'', tick=tick)
            counted.update(matches)
            like.update(lookalikes)
        if self._groups is None or counted:
            return
        for entry in entries:
            if entry.priority is None and not is_record(entry.message, entry):
                self._groups.without_severity += 1
                return
            if needs_explanation(entry.message, entry):
                program = entry.identifier if entry.identifier is not None else entry.comm
                self._groups.add(program or u'', entry.message, stamp, entry.priority, cursor)
                return
        self._groups.test_messages += any(
            is_test_message(entry.message, entry) and entry.priority <= WARNING for entry in entries)

    # --- the result

    def _result(self, headers):
        aggregate, files = self._aggregate, [as_text(path) for path in self.journal.files]
        boots, errors = aggregate.boots(), self.journal.errors
        closed = [as_text(header.path) for header in headers if header.state != ONLINE]
        lost = (aggregate.losses() + lost_messages.of_files(files, errors, self._lost, closed) + lost_messages.boot_gaps(boots)
                + ([] if self.journal.given else self._new_gaps(headers)))  # who names files may leave some out
        return {'signatures': aggregate.signatures(), 'boots': boots, 'machines': aggregate.machines(),
                'unexplained': None if self._groups is None else self._groups.result(
                    lambda cursor: {'cursor': cursor}, aggregate.text),
                'losses': lost, 'cursor': self._next_cursor(headers), 'entries': aggregate.entries,
                'undecided': self._undecided, 'files': files, 'errors': errors,
                'method': self._method()}

    def _new_gaps(self, headers):
        """Return the rows of missing_entries, without those that the scan of the cursor already reported."""
        known = self._position.known if self._position else {}
        old = set(as_text(header.path) for header in headers if header.head_seqnum <= known.get(header.writer, -1))
        return [row for row in missing_entries(headers, opened) if row['source'] not in old]

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
        for writer, seqnum in self._passed.items():
            if writer not in before.known:  # what it has is a copy
                position.know(writer, seqnum)
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
    """Return an empty Unexplained. It is imported late: compiling its masks takes a while, and most scans need none."""
    from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.unexplained import Unexplained
    return Unexplained()


def _tail(header):
    return header.tail_realtime


def pause(attempt):
    """Wait for journald, which is making a file: longer with each attempt (from 0), two seconds in all."""
    time.sleep(min(PAUSE * 2 ** attempt, 0.5))


def opened(kind, path, inode):
    """Return a Header or JournalFile (`kind`) of the file that was at `path` and has this inode (device, inode).

    journald renames files. Raises EnvironmentError, with ENOENT when it has removed the file; Unreadable.
    """
    found = _there(kind, path, inode)
    # What is archived is renamed no more. Who is asked of many files need not list their folder for each.
    if found is None and not ARCHIVED.search(path):
        folder = os.path.dirname(path) or '.'
        for listed in (_LISTED.get(folder, {}), None):
            if listed is None:
                listed = _LISTED[folder] = _by_inode(folder)
            if inode in listed:
                found = _there(kind, listed[inode], inode)
            if found is not None:
                break
    if found is None:
        raise EnvironmentError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    return found


def _there(kind, path, inode):
    """Return the file at this path if it has this inode, else None."""
    try:
        info = os.stat(path)
        if (info.st_dev, info.st_ino) == inode:
            file = kind(path)
            if file.inode == inode:
                return file
            file.close()
    except EnvironmentError as error:
        if error.errno != errno.ENOENT:
            raise
    return None


def _by_inode(folder):
    """Return {inode: path} of the journal files in a folder."""
    found = {}
    for path in journal_files(folder):
        try:
            info = os.stat(path)
        except EnvironmentError:  # gone
            continue
        found[info.st_dev, info.st_ino] = path
    return found


def why_not(error):
    """Return why a file could not be searched directly (text), by the exception."""
    if isinstance(error, IndexError):
        return 'damaged: it points beyond its end'
    return getattr(error, 'strerror', None) or str(error)


def is_gone(header):
    """Return whether the file of a Header was removed."""
    try:
        opened(Header, header.path, header.inode)
    except EnvironmentError as error:
        return error.errno == errno.ENOENT
    except Unreadable:
        pass
    return False


def overlapping(spans):
    """Yield the pairs of things whose spans, (first, last, thing), overlap."""
    open_ones = []
    for first, last, thing in sorted(spans, key=lambda span: span[:2]):
        open_ones = [span for span in open_ones if span[1] >= first]
        for span in open_ones:
            yield span[2], thing
        open_ones.append((first, last, thing))


def share_entries(header, other, key, boot_id=None):
    """Return whether the files of two Headers may hold the same entry, by this number of each (offset in an ENTRY).

    :param boot_id: bytes; only the entries of this boot are compared, in which the numbers must ascend.
    """
    try:
        with opened(JournalFile, header.path, header.inode) as one, opened(JournalFile, other.path, other.inode) as two:
            lists = [_numbers_in(file, key, boot_id) for file in (one, two)]
            (numbers, last), (others, end) = (next(each, (None, 0)) for each in lists)
            while numbers and others:
                if not numbers.isdisjoint(others):
                    return True
                # Both ascend: what comes behind the list that ends first may still be in the other.
                if last <= end:
                    numbers, last = next(lists[0], (None, 0))
                else:
                    others, end = next(lists[1], (None, 0))
    except (Unreadable, IndexError, EnvironmentError):  # said when they are searched
        pass
    return False


def _numbers_in(file, key, boot_id):
    """Yield (set of numbers, the largest of them), one batch of entries at a time."""
    lists = [file.all_entries()] if boot_id is None else [
        file.entries_of(data) for data, value in file.values(b'_BOOT_ID') if value == boot_id]
    for batches in lists:
        for entries in batches:
            numbers = set(file.numbers_of(entries, key)[0])
            yield numbers, max(numbers)


def is_in(numbers):
    """Return a function that tells whether a number is in an ascending sequence."""
    def found(number):
        place = bisect.bisect_left(numbers, number)
        return place < len(numbers) and numbers[place] == number
    return found


def to_sample(place):
    """Return where a sample is found and who wrote it, by fields that only journald sets.

    :param place: (cursor, uid, exe, unit).
    """
    return {'cursor': place[0], 'source': dict(zip(('uid', 'exe', 'unit'), place[1:]))}


def to_entries(fields):
    """Return the matcher's Entry for each MESSAGE of a journal entry (dict of parse_export).

    Of a field that occurs more than once the first value is taken, as rsyslog's imjournal does.
    """
    def first(name):
        values = fields.get(name)
        return values[0].decode('utf-8', 'replace') if values else None

    priority = fields.get('PRIORITY', [b''])[0]
    priority = int(priority) if re.match(b'[0-7]\\Z', priority) else None
    identifier, comm, transport = first('SYSLOG_IDENTIFIER'), first('_COMM'), first('_TRANSPORT') or u''
    facility, uid, exe = to_facility(first('SYSLOG_FACILITY')), to_uid(first('_UID')), first('_EXE')
    return [Entry(message.decode('utf-8', 'replace'), identifier, comm, transport, priority, facility, uid, exe)
            for message in fields.get('MESSAGE', ())]


def own_processes():
    """Return the processes of this scan: this one and its parents that only pass its arguments (Python, a shell, sudo).

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


def look(journalctl, signatures, directory=None, files=None, boot='all', since=None, until=None, cursor='',
         max_samples=3, unexplained=False):
    """Count signatures in a journal (dict, see RETURN of the module journal_scan); the options are those of the module.

    :param journalctl: path of the command, None without one.

    Raises JournalError, whose text says what is wrong with the journal or with the options.
    """
    if journalctl is None:
        raise JournalError('journalctl was not found on this host: it has no systemd journal. Use logfile_scan for '
                           'its log files.')
    if max_samples < 0:
        raise JournalError('max_samples: must not be negative')
    try:
        return Scan(
            Journal(journalctl, directory, files),
            signatures,
            max_samples,
            boot=boot_match(boot),
            since=timestamps.from_text(since) if since else None,
            until=timestamps.from_text(until) if until else None,
            cursor=cursor,
            unexplained=unexplained,
        ).run()
    except SignatureError as error:
        raise JournalError('signatures: %s' % error)
    except (EnvironmentError, ValueError) as error:
        raise JournalError(str(error))
