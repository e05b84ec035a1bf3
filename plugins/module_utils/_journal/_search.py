# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts signatures in one journal file without reading every entry.

A journal file holds each distinct MESSAGE once, with the list of its entries (_journal/file.py). So:

1. grep finds where in the file the literals of the signatures occur, all of them at once, about as fast as the bytes
   can be read.
2. Each hit is led back to the DATA object it lies in. If that is a MESSAGE, the matcher reads its text. A compressed
   value hides its text; what marks its beginning is looked for together with the literals.
3. The entries of a text that some signature knows are looked up, with what the matcher needs of each: where it comes
   from, its boot, its machine, its time. That many entries share: the offsets of their values are the key to it.

How many entries there are, when, and of which boots, the lists of the boots tell. Where lists cannot be relied on, as
in a file that a crash left behind, or where few entries are wanted (one boot, what is new), the entries are walked
through instead, and only step 1 and 2 are as above (`_walk`).

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import heapq
import itertools
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import literals
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.file import (
    DATA, DATA_ENTRY, ENTRY, ENTRY_BOOT, ENTRY_ITEMS, ENTRY_MONOTONIC, ENTRY_REALTIME, ENTRY_SEQNUM, ENTRY_XOR, LATEST,
    LZ4, XZ, ZSTD, Damaged)
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import (
    WARNING, Source, as_text, is_record, is_test_message, needs_explanation, text_log, to_facility, to_uid)
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import Span

# What is needed of an entry, and which place it has among them.
SLOTS = {b'SYSLOG_IDENTIFIER': 0, b'_COMM': 1, b'_TRANSPORT': 2, b'PRIORITY': 3, b'_MACHINE_ID': 4, b'_PID': 5,
         b'_HOSTNAME': 6, b'SYSLOG_FACILITY': 7, b'_UID': 8, b'_EXE': 9}
# What else a sample tells.
UNIT = b'_SYSTEMD_UNIT'
MESSAGE = b'MESSAGE'
PRIORITIES = frozenset(u'01234567')
NAME_LENGTH = 64  # of a field (journald's limit)
FIELD_NAME = re.compile(b'[A-Z0-9_]{1,%d}\\Z' % NAME_LENGTH)
# What marks a compressed value: the magic of its codec or, as LZ4 has none, type and flag of its object.
MARKS = ((XZ, b'\xfd7zXZ'), (ZSTD, b'\x28\xb5\x2f\xfd'), (LZ4, b'\x01\x02'))
LZ4_OBJECT = 0x0201
# What most entries have of their own, by the first 8 bytes: it stands at their end, and is left out of the key.
OWN_VALUES = dict((int.from_bytes(name, 'little') if hasattr(int, 'from_bytes') else
                   sum(ord(char) << 8 * place for place, char in enumerate(name)), name == b'MESSAGE=')
                  for name in (b'_SOURCE_', b'SYSLOG_T', b'MESSAGE='))
REMEMBERED = 1 << 14  # keys, values and messages that are kept
PENDING = 1 << 16  # entries gathered before they are counted
SAMPLE = 1 << 12  # bytes that tell which bytes are rare
FEW = 2000  # so few entries are looked at one by one
NEEDLESS = False
PART = 4  # less than 1/PART of a file's entries are looked up by walking through them


class Context:
    """What entries share."""

    __slots__ = ('source', 'boot_id', 'machine_id', 'own_since', 'hostname')

    def __init__(self, source, boot_id, machine_id, own_since, hostname):
        """:param source: the matcher's Source.
        :param boot_id, machine_id: text, '' when the entry has none.
        :param own_since: the stamp from which on this is an entry of this very scan, or None.
        :param hostname: text or None.
        """
        self.source, self.boot_id, self.machine_id = source, boot_id, machine_id
        self.own_since, self.hostname = own_since, hostname


class Search:
    """What is looked for, the same in every file."""

    def __init__(self, matcher, aggregate, groups=None, boot=None, since=None, until=None, is_new=None, own=None,
                 is_copy=None):
        """:param aggregate: what is found is counted there.
        :param groups: Unexplained, or None when it is not wanted.
        :param boot: boot id (text), or None for all.
        :param since, until: stamps, both inclusive, or None.
        :param is_new: function from a JournalFile to None (all of it is wanted), or to an index (entries from this one
            on), or to a function from an entry's offset to bool.
        :param own: (boot id, {pid: stamp}): the processes of this scan.
        :param is_copy: function from a JournalFile to None, or to a function from an entry's offset to whether it was
            counted in another file (bool).
        """
        self.matcher, self.aggregate, self.groups = matcher, aggregate, groups
        self.boot, self.since, self.until, self.is_new, self.is_copy = boot, since, until, is_new, is_copy
        self.own_boot, self.own = own or (None, {})
        self._needles = None

    def needles(self, sample):
        """What to look for in the files (list of bytes), some bytes of the first of which are the `sample`."""
        if self._needles is None:
            needles = [literals.needle(literal) for literal in self.matcher.literals]
            # A literal that cannot be looked for: look at every text.
            self._needles = literals.shortened(needles, sample) if all(needles) else [MESSAGE + b'=']
        return self._needles


class FileSearch:
    """The search of one open JournalFile. Raises Unreadable (mostly Damaged), IndexError and EnvironmentError."""

    def __init__(self, search, file, rank):
        """:param rank: int, the place of this file's writer among all (for the order of entries)."""
        self.search, self.file, self.rank = search, file, rank
        self.map, self.u64 = file.map, file.u64
        self.last = 0  # offset of the last entry that was wanted, 0 for none
        self.ends = {}  # the same of each boot (text)
        self._contexts = {}  # offsets of an entry's values, as they stand in the file -> (Context, messages among them)
        self._values = {}  # offset of a value -> what _value says
        self._made = {}  # the values that matter -> Context
        self._readings = {}  # offset of a MESSAGE -> Reading or None
        self._found = {}  # Reading -> {Context: ([offset of entry], [offset of its message])}
        self._pending = 0
        self._several = set()  # entries with several MESSAGEs that were counted

    def run(self):
        """Count the wanted entries of this file."""
        file, search = self.file, self.search
        if not file.entries:
            return
        begin, wanted = 0, search.is_new(file) if search.is_new else None
        if isinstance(wanted, int):
            begin, wanted = wanted, None
        is_copy = search.is_copy(file) if search.is_copy else None
        if begin >= file.entries:
            return
        boots = dict((as_text(value), data) for data, value in file.values(b'_BOOT_ID'))
        told = self._boots_tell(boots)
        if told and search.boot is not None and search.boot not in boots:
            return
        if begin or wanted or is_copy or not told or not self._lists_tell(boots):
            self._walk(file.all_entries(begin), file.entries - begin, wanted, is_copy)
        elif search.boot is None:
            self._whole(boots)
        elif file.count(boots[search.boot]) > file.entries // PART:
            self._whole({search.boot: boots[search.boot]})
        else:
            self._walk(file.entries_of(boots[search.boot]), file.count(boots[search.boot]), None)
        self._count_found()

    def _boots_tell(self, boots):
        """Return whether the lists of the values _BOOT_ID give the boot of every entry.

        They do not in a file of systemd-journal-remote before 240, where each entry has the boot of the receiver. That
        changes with time only, so the first and the last entry of a list are enough to decide.
        """
        file, number = self.file, 0
        for boot, data in boots.items():
            counted = file.count(data)
            number += counted
            if counted and not boot == file.boot_of(self.u64[data + DATA_ENTRY >> 3]) == file.boot_of(
                    file.last_entry_of(data)):
                return False
        return number == file.entries

    def _lists_tell(self, boots):
        """Return whether the lists of entries are reliable and give boot and machine of every entry."""
        file = self.file
        machines = file.values(b'_MACHINE_ID')
        if file.path.endswith('~') or len(machines) != 1:
            return False
        self._machine, self._boots = as_text(machines[0][1]), boots
        counted = [[(data, boot) for boot, data in boots.items()], machines, file.values(b'_HOSTNAME')]
        if self.search.groups is not None:
            priorities = file.values(b'PRIORITY')
            counted.append(priorities)
            # Their number alone may be right where one entry has two and another has none.
            if sum(sum(entries) for data, _value in priorities for entries in file.entries_of(data)) != sum(
                    sum(entries) for entries in file.all_entries()):
                return False
        # What was written when the writer died is in the list of all entries, and perhaps in no other.
        return all(sum(file.count(data) for data, _value in values) == file.entries for values in counted) and all(
            file.last_entry_of(data) == file.tail for data in file.items(file.tail))

    # --- the whole file, by its lists

    def _whole(self, boots):
        for boot, data in boots.items():
            for entries in self.file.entries_of(data):
                self._count_entries(boot, entries)
        wanted, known = self.search.boot, self._boots
        for data, reading in self._known_messages(0):
            for entries in self.file.entries_of(data):
                for entry in entries:
                    context, messages = self.context(entry)
                    if context.machine_id != self._machine or context.boot_id not in known:
                        raise Damaged('an entry has lost its boot or its machine')
                    if wanted is not None and context.boot_id != wanted:
                        continue
                    if messages == (data,):
                        self._note(reading, context, entry, data)
                    elif data in messages:
                        self._entry_of_several(entry, context, messages)
                    else:
                        raise Damaged('an entry does not hold the message that names it')
        names = self.file.values(b'_HOSTNAME')
        for data, name in names:
            # All entries have a name (_lists_tell): where it is the same, there is nothing to look up.
            entries = itertools.chain.from_iterable(self.file.entries_of(data))
            if self.search.aggregate.entries if len(names) == 1 else any(map(self._is_wanted, entries)):
                self.search.aggregate.hostname(self._machine, as_text(name))
        if self.search.groups is not None:
            self._explain_all()

    def _is_wanted(self, entry):
        return self._in_time(self.u64[entry + ENTRY_REALTIME >> 3]) and (
            self.search.boot is None or self.context(entry)[0].boot_id == self.search.boot)

    def _explain_all(self):
        values = self.file.values(b'PRIORITY')
        strange = set(data for data, value in values if as_text(value) not in PRIORITIES)
        for data, value in values:
            priority = None if data in strange else int(value)
            if priority is None or priority <= WARNING:
                for entries in self.file.entries_of(data):
                    for entry in entries:
                        context, messages = self.context(entry)
                        if context.source.priority != priority or self.search.boot not in (None, context.boot_id):
                            continue
                        if priority is None and min(strange.intersection(self.file.items(entry))) != data:
                            continue  # it has several such values: it is counted with another
                        self._explain(entry, context, messages)

    def _count_entries(self, boot, entries):
        """Count entries of a boot (list of offsets)."""
        until = self.search.until
        kinds, stamps = self.file.numbers_of(entries, 0, ENTRY_REALTIME)
        if set(kinds) != set([ENTRY]):
            raise Damaged('an entry is not where its list says')
        if not 0 < min(stamps) <= max(stamps) < LATEST:
            raise Damaged('an entry has no true time')
        last = entries[-1]
        if until is not None:
            last = max([0] + [entry for entry, stamp in zip(entries, stamps) if stamp <= until])
        self._last(last)
        if last:
            self.ends[boot] = last
        if until is not None or self.search.since is not None:
            entries = [entry for entry, stamp in zip(entries, stamps) if self._in_time(stamp)]
            stamps = [stamp for stamp in stamps if self._in_time(stamp)]
        if stamps:
            self.search.aggregate.span(boot, self._machine, len(stamps), min(stamps), max(stamps),
                                       self._ticks(entries[0], entries[-1]))

    def _ticks(self, first, last):
        """Return the time of the first and the last of some entries of a boot by its own clock, which never goes back."""
        return self.u64[first + ENTRY_MONOTONIC >> 3], self.u64[last + ENTRY_MONOTONIC >> 3]

    def _in_time(self, stamp):
        search = self.search
        return (search.since is None or stamp >= search.since) and (search.until is None or stamp <= search.until)

    def _known_messages(self, begin):
        """Yield (offset, Reading) of each MESSAGE from this offset on whose text some signature matches."""
        for data in self._candidates(begin):
            reading = self.reading(data)
            if reading:
                yield data, reading

    def _candidates(self, begin):
        """Yield the offset of each MESSAGE from this offset on that holds a literal."""
        file, done = self.file, begin
        marks = [mark for flag, mark in MARKS if file.flags & flag]
        begin = max(begin, file.after_tables)
        middle = (begin + file.end) // 2
        needles = self.search.needles(self.map[middle:min(middle + SAMPLE, file.end)])
        for hit in literals.occurrences(file.file, needles + marks, begin, file.map):
            if hit >= file.end:
                break
            if hit < done:
                continue
            if hit % 8 == 0 and self.u64[hit >> 3] == LZ4_OBJECT and file.is_linked(hit):
                data, done = hit, hit + self.u64[hit + 8 >> 3]
            else:
                data, following = file.object_at(hit)
                if self.u64[data >> 3] & 0xff != DATA:
                    continue
                done = following
            name = file.beginning(data, NAME_LENGTH + 1).partition(b'=')[0]
            if name == MESSAGE:
                yield data
            elif not FIELD_NAME.match(name):
                raise Damaged('a value has no true name')

    def reading(self, data):
        """Return the matcher's Reading of a MESSAGE, or None if no signature matches its text."""
        if data in self._readings:
            return self._readings[data]
        return _remember(self._readings, data, self.search.matcher.read(self.text(data)))

    def text(self, data):
        """The text of a MESSAGE (unicode)."""
        return self.file.value(data)[8:].decode('utf-8', 'replace')

    # --- entry by entry

    def _walk(self, batches, number, wanted, is_copy=None):
        """Count in some entries.

        :param batches: their offsets, in lists, ascending.
        :param number: how many they are.
        :param wanted: function that says whether one is wanted, None for all.
        :param is_copy: function that says whether one was counted in another file, None when none was.
        """
        u64, search, known, begin = self.u64, self.search, None, 0
        spans, ends, counted = {}, {}, {}
        for entries in batches:
            if known is None:
                # Their texts came with them, behind the entry before, or are older; of older ones there are few.
                begin = self.file.entry_before(entries[0]) if number > FEW else self.file.end
                known = frozenset(self._candidates(begin)) if number > FEW else frozenset()
            for entry in entries:
                stamp = u64[entry + ENTRY_REALTIME >> 3]
                if not 0 < stamp < LATEST:
                    raise Damaged('an entry has no true time')
                if wanted and not wanted(entry) or search.until is not None and stamp > search.until:
                    continue
                context, messages = self.context(entry)
                if search.boot is not None and context.boot_id != search.boot:
                    continue
                self._last(entry)
                ends[context] = entry
                if search.since is not None and stamp < search.since or is_copy and is_copy(entry):
                    continue
                span = spans.get(context)
                if span is None:
                    span, counted[context] = Span(), [entry, entry]
                    spans[context] = span
                span.add(stamp)
                counted[context][1] = entry
                if len(messages) > 1:
                    self._entry_of_several(entry, context, messages)
                elif messages and (messages[0] < begin or messages[0] in known):
                    reading = self.reading(messages[0])
                    if reading:
                        self._note(reading, context, entry, messages[0])
                if search.groups is not None:
                    self._explain(entry, context, messages)
        for context, entry in ends.items():
            self.ends[context.boot_id] = max(self.ends.get(context.boot_id, 0), entry)
        for context, span in spans.items():
            search.aggregate.span(context.boot_id, context.machine_id, span.count, span.first, span.last,
                                  self._ticks(*counted[context]))
            if context.hostname is not None:
                search.aggregate.hostname(context.machine_id, context.hostname)

    def _last(self, entry):
        self.last = max(self.last, entry)

    def context(self, entry):
        """What an entry shares with others, and its MESSAGEs: (Context, tuple of offsets)."""
        u64, file, place = self.u64, self.file, entry >> 3
        if u64[place] != ENTRY:
            raise Damaged('an entry is not where its list says')
        size = u64[place + 1]
        # What the entry has of its own was written last, so it stands last.
        width, values, own, end = 4 if file.compact else 16, file.value_at, (), entry + size
        if size <= ENTRY_ITEMS or size % width or end > file.end:
            raise Damaged('an entry has no true size')
        while end > entry + ENTRY_ITEMS:
            data = file.u32[end - 4 >> 2] if file.compact else u64[end - 16 >> 3]
            is_message = OWN_VALUES.get(u64[data + values >> 3])
            if is_message is None:
                break
            if is_message:
                if u64[data >> 3] & 0xff != DATA:
                    raise Damaged('a value is not where its entry says')
                own = (data,) + own
            end -= width
        key = self.map[entry + ENTRY_BOOT:entry + ENTRY_XOR] + self.map[entry + ENTRY_ITEMS:end]
        found = self._contexts.get(key)
        if found is None:
            items = file.items(entry)[:(end - entry - ENTRY_ITEMS) // width]
            found = _remember(self._contexts, key, self._context_of(items, file.boot_of(entry)))
        context, messages = found
        return context, messages + own if own else messages

    def _context_of(self, items, boot_id):
        """(Context, MESSAGEs) of the values at some offsets, of entries of a boot."""
        known = self._values
        # Of most it is known that they are needless.
        found = [(data, known[data] if data in known else _remember(known, data, self._value(data)))
                 for data in items if known.get(data) is not NEEDLESS]
        messages = tuple([data for data, value in found if value is MESSAGE])
        needed = tuple([value for _data, value in found if value is not MESSAGE and value is not NEEDLESS])
        context = self._made.get((boot_id, needed))
        if context is None:
            context = _remember(self._made, (boot_id, needed), self._make_context(boot_id, needed))
        return context, messages

    def _value(self, data):
        """What a value is: NEEDLESS, MESSAGE, or (slot, text)."""
        name, equals, _value = self.file.beginning(data, NAME_LENGTH + 1).partition(b'=')
        if name == MESSAGE and equals:
            return MESSAGE
        if name not in SLOTS:
            return NEEDLESS
        slot, value = SLOTS[name], self.file.value(data)[len(name) + 1:]
        if (slot == SLOTS[b'_PID'] and value not in self.search.own
                or slot == SLOTS[b'_EXE'] and not self.search.matcher.needs_exe):
            return NEEDLESS
        return slot, value.decode('utf-8', 'replace')

    def _make_context(self, boot_id, values):
        found = [None] * len(SLOTS)
        for slot, value in values:
            if found[slot] is None:  # of several, imjournal takes the first
                found[slot] = value
        priority = int(found[3]) if found[3] in PRIORITIES else None
        own_since = None
        if found[5] is not None and boot_id == self.search.own_boot:
            own_since = self.search.own[found[5].encode('ascii')]
        source = Source(found[0], found[1], found[2] or u'', priority, to_facility(found[7]), to_uid(found[8]), found[9])
        return Context(source, boot_id, found[4] or u'', own_since, found[6])

    def _entry_of_several(self, entry, context, messages):
        """Count an entry with several MESSAGEs: for each signature once, whichever of them matches."""
        if entry in self._several:
            return
        self._several.add(entry)
        counted, like = set(), set()
        for data in messages:
            reading = self.reading(data)
            matches, lookalikes = self._matches_of(reading, context, entry) if reading else ((), ())
            matches = [index for index in matches if index not in counted]
            lookalikes = [index for index in lookalikes if index not in like]
            counted.update(matches)
            like.update(lookalikes)
            self._count(matches, lookalikes, context, entry, data)

    def _explain(self, entry, context, messages):
        """Group an entry that no signature explains, if it is a warning or worse."""
        source, search = context.source, self.search
        stamp = self.u64[entry + ENTRY_REALTIME >> 3]
        if (source.priority is not None and source.priority > WARNING or not self._in_time(stamp)
                or self._is_own(context, stamp)):  # cheap, and so it is with most entries
            return
        if any(self._matches_of(reading, context, entry)[0] for reading in map(self.reading, messages) if reading):
            return
        for text in map(self.text, messages):
            if source.priority is None and not is_record(text, source):
                search.groups.without_severity += 1
                return
            if needs_explanation(text, source):
                program = source.identifier if source.identifier is not None else source.comm
                search.groups.add(program or u'', text, stamp, source.priority, self.file.cursor(entry))
                return
        search.groups.test_messages += any(is_test_message(text, source) for text in map(self.text, messages))

    def _matches_of(self, reading, context, entry):
        """Return what an entry with this Reading and Context matches: (matches, lookalikes)."""
        matcher = self.search.matcher
        matches, lookalikes = matcher.classify(reading, context.source)
        return matcher.in_time(matches, lookalikes, self._since_boot(entry)) if matcher.is_timed(matches) else (
            matches, lookalikes)

    def _since_boot(self, entry):
        return self.u64[entry + ENTRY_MONOTONIC >> 3] / 1e6

    # --- counting

    def _note(self, reading, context, entry, data):
        """Keep an entry with a known text for _count_found."""
        found = self._found.get(reading)
        if found is None:
            found = self._found[reading] = {}
        pair = found.get(context)
        if pair is None:
            pair = found[context] = ([], [])
        pair[0].append(entry)
        pair[1].append(data)
        self._pending += 1
        if self._pending >= PENDING:
            self._count_found()

    def _count_found(self):
        for reading, context, entries, messages in [
                (reading, context) + pair for reading, found in self._found.items() for context, pair in found.items()]:
            for matches, lookalikes, entries, messages in self._by_time(reading, context, entries, messages):
                self._count_alike(matches, lookalikes, reading, context, entries, messages)
        self._found, self._pending = {}, 0

    def _by_time(self, reading, context, entries, messages):
        """Entries with a Reading and Context as (matches, lookalikes, entries, messages): one, unless the time tells."""
        matches, lookalikes = self.search.matcher.classify(reading, context.source)
        if not self.search.matcher.is_timed(matches):
            return [(matches, lookalikes, entries, messages)]
        parts = {}
        for entry, data in zip(entries, messages):
            timed = self.search.matcher.in_time(matches, lookalikes, self._since_boot(entry))
            part = parts.setdefault(tuple(timed[0]), timed + ([], []))
            part[2].append(entry)
            part[3].append(data)
        return list(parts.values())

    def _count_alike(self, matches, lookalikes, reading, context, entries, messages):
        """Count entries of one Reading and Context that are all the same to the signatures."""
        u64, aggregate = self.u64, self.search.aggregate
        if not matches and not lookalikes:
            return
        alike = [index for index in matches if not aggregate.is_loss(index)]
        for index in matches:
            if index not in alike:
                for entry, data in zip(entries, messages):
                    self._count([index], [], context, entry, data)
        found = [(entry, data, u64[entry + ENTRY_REALTIME >> 3]) for entry, data in zip(entries, messages)]
        if context.own_since is not None or self.search.since is not None or self.search.until is not None:
            found = [one for one in found if self._in_time(one[2]) and not self._is_own(context, one[2])]
        if found and (alike or lookalikes):
            newest = [(self._order(entry), stamp, self.text(data), self._place(entry))
                      for entry, data, stamp in heapq.nlargest(aggregate.max_samples, found)]
            aggregate.found_many(alike, lookalikes, [stamp for _entry, _data, stamp in found], context.boot_id,
                                 context.machine_id, u'journal', newest, text_log(context.source, reading.plain),
                                 ticks=[u64[entry + ENTRY_MONOTONIC >> 3] for entry, _data, _stamp in found])
            for index in filter(aggregate.is_watched, alike):
                aggregate.watch(index, context.boot_id, ((self._order(entry), stamp, self.text(data))
                                                         for entry, data, stamp in sorted(found, reverse=True)))

    def _count(self, matches, lookalikes, context, entry, data):
        stamp = self.u64[entry + ENTRY_REALTIME >> 3]
        if (matches or lookalikes) and self._in_time(stamp) and not self._is_own(context, stamp):
            aggregate, reading = self.search.aggregate, self.reading(data)
            place = self._place(entry) if lookalikes or not all(map(aggregate.is_loss, matches)) else None
            aggregate.found(matches, lookalikes, stamp, context.boot_id, context.machine_id, u'journal', self.text(data),
                            place, self._order(entry), text_log(context.source, reading.plain),
                            tick=self.u64[entry + ENTRY_MONOTONIC >> 3])

    @staticmethod
    def _is_own(context, stamp):
        return context.own_since is not None and stamp >= context.own_since

    def _order(self, entry):
        return self.rank, self.u64[entry + ENTRY_SEQNUM >> 3]

    def _place(self, entry):
        """What journal_scan.to_sample wants of an entry."""
        found = {}
        for data in self.file.items(entry):
            name, _equals, _value = self.file.beginning(data, NAME_LENGTH + 1).partition(b'=')
            if name in (b'_UID', b'_EXE', UNIT) and name not in found:
                found[name] = self.file.value(data)[len(name) + 1:].decode('utf-8', 'replace')
        return self.file.cursor(entry), to_uid(found.get(b'_UID')), found.get(b'_EXE'), found.get(UNIT)


def _remember(memory, key, value):
    """Store a value in a dict of bounded size, and return it."""
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[key] = value
    return value
