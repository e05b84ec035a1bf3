# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what journal files that only journalctl can read hold, and to which file an entry belongs.

All of them are read in one run of journalctl. That run tells neither which file an entry is from nor, mostly, which file
it could not read on. The first is told by the entry's writer and sequence number, the second by counting. An entry that
several files may hold is of none.

Where files contradict each other, journalctl may leave out entries that it gives when the file is read alone: it goes
on behind the last entry, and what comes "behind" one of another file is told by clocks. So what a file ought to give
is counted here as well, by its list of all entries.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import binascii
import bisect
import io
import mmap
import os
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.file import (
    ARRAY_ITEMS, ARRAY_NEXT, COMPACT, ENTRY, ENTRY_ARRAY, ENTRY_ITEMS, ENTRY_MONOTONIC, ENTRY_REALTIME, ENTRY_SEQNUM,
    HEADER, LATEST, SIGNATURE, numbers)

SMALLEST_HEADER, STATES = 208, 3  # journal-def.h: HEADER_SIZE_MIN, _STATE_MAX
PLACE = re.compile(r's=([0-9a-f]{32});i=([0-9a-f]{1,16});')


class Held:
    """The content of a journal file, by its header."""

    def __init__(self, path):
        """Raises EnvironmentError. `refusal` says why journalctl refuses the file (text), None when it does not.

        As journal_file_verify_header does, alike in systemd 219 to 257.
        """
        self.path, self.entries, self.writer, self.head, self.tail = path, 0, '', 0, 0
        with io.open(path, 'rb') as source:
            raw = source.read(HEADER.size)
            self.size = os.fstat(source.fileno()).st_size
        self.refusal = self._take(raw)

    def _take(self, raw):
        if len(raw) < SMALLEST_HEADER or not raw.startswith(SIGNATURE):
            return 'not a journal file'
        values = HEADER.unpack(raw)
        self.flags, state = values[2:4]
        self.writer = binascii.hexlify(values[7]).decode('ascii')
        header_size, arena_size, data_table, _size, field_table, _size, tail_object, _objects = values[8:16]
        self.entries, self.tail, self.head, self.entry_array = values[16:20]
        self.end = header_size + arena_size
        if self.end > self.size:
            return 'damaged: truncated'
        if (state >= STATES or header_size < SMALLEST_HEADER or tail_object > self.end
                or any(place % 8 for place in (data_table, field_table, tail_object, self.entry_array))):
            return 'damaged: its header is not valid'
        return None

    def readable(self):
        """Return the number of entries in its list of all entries (int): journalctl can give at most these."""
        try:
            with io.open(self.path, 'rb') as source:
                data = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        except (EnvironmentError, ValueError):
            return 0
        u64 = u32 = None
        try:
            u64, u32 = numbers(data, 8), numbers(data, 4)
            return self._count(u64, u32)
        except IndexError:  # behind its end
            return self.entries
        finally:
            for view in (u64, u32):
                if hasattr(view, 'release'):
                    view.release()
            data.close()

    def _count(self, u64, u32):
        found, index, offset = 0, 0, self.entry_array
        width = 4 if self.flags & COMPACT else 8
        while index < self.entries and offset and not offset % 8 and u64[offset >> 3] & 0xff == ENTRY_ARRAY:
            held = min((u64[offset + 8 >> 3] - ARRAY_ITEMS) // width, self.entries - index)
            if held <= 0 or offset + ARRAY_ITEMS + held * width > self.end:
                break
            for place in range(held):
                if width == 4:
                    entry = u32[(offset + ARRAY_ITEMS >> 2) + place]
                else:
                    entry = u64[(offset + ARRAY_ITEMS >> 3) + place]
                found += self._is_entry(u64, entry)
            following = u64[offset + ARRAY_NEXT >> 3]
            if following <= offset:
                break
            index, offset = index + held, following
        return found

    def _is_entry(self, u64, entry):
        if not entry or entry % 8 or entry + ENTRY_ITEMS > self.end or u64[entry >> 3] & 0xff != ENTRY:
            return False
        size = u64[entry + 8 >> 3]
        return (size > ENTRY_ITEMS and not size % (4 if self.flags & COMPACT else 16) and entry + size <= self.end
                and 0 < u64[entry + ENTRY_REALTIME >> 3] < LATEST and u64[entry + ENTRY_SEQNUM >> 3] > 0
                and u64[entry + ENTRY_MONOTONIC >> 3] < LATEST)


class Owners:
    """Finds the file to which an entry belongs."""

    def __init__(self, files):
        """:param files: list of Held."""
        self._files, self._writers, self._heads = list(files), {}, {}
        for one in sorted(files, key=lambda one: (one.head, one.tail)):
            self._writers.setdefault(one.writer, []).append(one)
            self._heads.setdefault(one.writer, []).append(one.head)
        self._tangled = set()  # writers of whose entries it cannot be said in which file they are
        for writer, found in self._writers.items():
            tail = -1
            for one in found:
                if one.head <= tail:
                    self._tangled.add(writer)
                tail = max(tail, one.tail)

    def is_told(self, one):
        """Return whether the entries of a Held can be distinguished from those of others."""
        return one.writer not in self._tangled

    @staticmethod
    def loose(writer):
        """Return the key for entries of a writer that may belong to several files, or to none by their number."""
        return None, writer

    def of(self, cursor):
        """Return the key for an entry, by its cursor (text): the path of its file, or the key of `loose`."""
        if len(self._files) == 1:
            return self._files[0].path
        found = PLACE.match(cursor)
        if not found:
            return self.loose('')
        writer, seqnum = found.group(1), int(found.group(2), 16)
        if writer in self._writers and writer not in self._tangled:
            place = bisect.bisect_right(self._heads[writer], seqnum) - 1
            one = self._writers[writer][place]
            if place >= 0 and seqnum <= one.tail:
                return one.path
        return self.loose(writer)

    def to_read_again(self, given):
        """Return what may give more when read alone, by what each gave ({key: number}): list of (key, files)."""
        found = []
        for writer, files in self._writers.items():
            if len(self._files) == 1 or writer in self._tangled:  # those might give what another has given
                continue
            short = [one for one in files if given.get(one.path, 0) < min(one.entries, one.readable())]
            # What is loose may be of any of them.
            found.extend((one.path, [one]) for one in (files if short and given.get(self.loose(writer)) else short))
        return found

    def apart(self):
        """Return all files, as separate as they can be read without giving an entry twice: list of (key, files)."""
        found = []
        for writer, files in self._writers.items():
            found.extend([(self.loose(writer), files)] if writer in self._tangled else
                         [(one.path, [one]) for one in files])
        return found
