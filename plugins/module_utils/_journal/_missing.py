# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entries were written and are in no journal file any more, as the sequence numbers tell.

journald counts the entries of all its files together (journald-server.c: `seqnum`): while a user writes to a file of
his own, the number of the system's journal goes on. Until systemd 253 each of these files has a writer's id of its own,
so a gap between two files of one writer says nothing by itself: the numbers may stand in a user's file.

The count begins anew when journald does, and leaps to that of any older file that it opens. So what was counted before
the gap began, as the clock of the boot or else the time tells, is no part of it.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import bisect
import os
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.reader import MACHINE_ID
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.file import (
    ENTRY_MONOTONIC, ENTRY_REALTIME, ENTRY_SEQNUM, ONLINE, JournalFile, Unreadable)
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import as_text

OF_A_USER = re.compile(r'(?:\A|/)user-[0-9]{1,10}[@.][^/]*\Z')
# The names of the files that one journald writes.
OF_JOURNALD = re.compile(r'(?:system|user-[0-9]{1,10})(?:@[^/]*)?\.journal~?\Z')


def missing_entries(headers, opened):
    """Rows of the result's `losses` for sequence numbers between two files of a writer that no file holds.

    :param headers: list of Header.
    :param opened: function (kind, path, inode) that opens the file of a Header, as journal_scan.opened.
    """
    writers, counters = {}, {}
    for header in sorted((header for header in headers if header.entries), key=lambda header: header.head_seqnum):
        writers.setdefault(header.writer, []).append(header)
        counters.setdefault(counter_of(header), []).append(header)
    counters = dict((key, Counter(files, opened)) for key, files in counters.items())
    rows = []
    # The system's journal first: what lacks there, and in a user's file too, is told of it.
    for files in sorted(writers.values(), key=lambda files: (OF_A_USER.search(files[0].path) is not None,
                                                             files[0].writer)):
        before = None  # the file that reaches furthest
        for header in files:
            if before and header.head_seqnum > before.tail_seqnum + 1:
                number = counters[counter_of(header)].missing_between(before, header)
                if number:
                    rows.append(_row(before, header, number))
            if not before or header.tail_seqnum > before.tail_seqnum:
                before = header
    return rows


def _row(before, header, number):
    if before.path.endswith('~') or before.state == ONLINE:
        why = 'the end of the first, %s, which a crash left not closed, is lost' % as_text(before.path)
    else:
        why = 'their file is gone'
    return {'kind': 'missing-entries', 'source': as_text(header.path), 'entries': None, 'lost': number,
            'first_seen': timestamps.to_text(before.tail_realtime, True),
            'last_seen': timestamps.to_text(header.head_realtime, True),
            'detail': '%d entries were written between two files that are there; %s' % (number, why)}


def counter_of(header):
    """What the files of a Header's counter have in common; any key.

    Those of one journald lie in folders of the same name, in /run and /var. systemd-journal-remote counts the entries of
    each host for themselves.
    """
    folder, name = os.path.split(header.path)
    if not OF_JOURNALD.match(name):
        return header.writer
    machine = os.path.basename(folder)
    return header.machine, machine if MACHINE_ID.match(machine) else folder


class Counter:
    """The files whose entries one journald counted."""

    def __init__(self, files, opened):
        """:param files: list of Header, by their first number."""
        self._files, self._opened = files, opened
        self._heads = [header.head_seqnum for header in files]
        self._furthest = []  # the largest number in the files up to each
        for header in files:
            self._furthest.append(max(header.tail_seqnum, self._furthest[-1] if self._furthest else 0))
        self._told = []  # gaps that were looked at: (first, last), ascending, none of which touch

    def missing_between(self, before, after):
        """Return how many of the numbers between two files of a writer (Headers) no file holds."""
        first, last, others = before.tail_seqnum + 1, after.head_seqnum - 1, []
        place = bisect.bisect_right(self._heads, last) - 1
        while place >= 0 and self._furthest[place] >= first:
            other = self._files[place]
            if other.tail_seqnum >= first and other.writer != before.writer:
                others.append(other)
            place -= 1
        # What was counted before the gap began, and all numbers up to it, are no part of the gap.
        first = max([first] + [self._ask(_begins, other, before, first, last) or first for other in others])
        return sum(self._missing_in(others, *part) for part in self._untold(first, last))

    def _untold(self, first, last):
        """Return the parts of a gap that no gap counted before had as well (list of (first, last))."""
        low = bisect.bisect_left(self._told, (first,))
        if low and self._told[low - 1][1] >= first - 1:
            low -= 1
        high, parts, begin = low, [], first
        while high < len(self._told) and self._told[high][0] <= last + 1:
            parts.append((begin, self._told[high][0] - 1))
            begin = self._told[high][1] + 1
            high += 1
        parts.append((begin, last))
        touched = self._told[low:high] + [(first, last)]
        self._told[low:high] = [(min(touched)[0], max(one[1] for one in touched))]
        return [part for part in parts if part[0] <= part[1]]

    def _missing_in(self, others, first, last):
        number = last - first + 1
        for other in others:
            held = self._ask(_number, other, first, last)
            # Of a file that cannot be read: as many as it may hold.
            number -= max(0, min(other.tail_seqnum, last) - max(other.head_seqnum, first) + 1) if held is None else held
        return max(0, number)

    def _ask(self, question, other, *arguments):
        """Return what a function returns for a file, or None if the file cannot be read."""
        try:
            with self._opened(JournalFile, other.path, other.inode) as file:
                return question(file, *arguments)
        except (Unreadable, IndexError, EnvironmentError):  # said when it is searched
            return None


def _number(file, first, last):
    """Return how many entries of a JournalFile have numbers from the first to the last."""
    return file.first_after(last) - file.first_after(first - 1)


def _begins(file, before, first, last):
    """Return the number behind the last entry of a JournalFile that was written before the gap began."""
    begin, high = file.first_after(first - 1), file.first_after(last)
    low = begin
    while low < high:
        middle = (low + high) // 2
        if _is_later(file, file.entry(middle), before):
            high = middle
        else:
            low = middle + 1
    return file.u64[file.entry(low - 1) + ENTRY_SEQNUM >> 3] + 1 if low > begin else first


def _is_later(file, entry, before):
    """Return whether an entry was written after the last one of another file (Header)."""
    u64 = file.u64
    if file.boot_of(entry) == before.boot_id:
        return u64[entry + ENTRY_MONOTONIC >> 3] >= before.tail_monotonic
    return u64[entry + ENTRY_REALTIME >> 3] >= before.tail_realtime
