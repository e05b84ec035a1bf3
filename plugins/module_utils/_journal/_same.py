# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves out what another journal file has given: copies, restored files, what was sent or exported again.

journalctl shows such entries once, but goes by clocks to find the next: where they disagree it ends early, and says
nothing. Here nothing depends on the order. Two entries of different writers are the same if both times, the boot and
the hash of all values are (what a cursor tells behind `;b=`); of one writer, if the sequence number is as well. Such
an entry counts as often as the writer has it that has it most often: journald may write the same twice within a
microsecond.

Of each entry of such files two numbers are kept, 16 bytes. Files without common entries are not read here. Standard
library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import array
import binascii
import bisect
import hashlib
import re
import struct

# An entry in a file: sequence number, times, boot, hash of the values. Only the first is the file's own.
SEQNUM_AND_REALTIME = struct.Struct('<2Q')
CURSOR = re.compile(r's=[0-9a-f]{32};i=([0-9a-f]{1,16});b=([0-9a-f]{32});m=([0-9a-f]{1,16});t=([0-9a-f]{1,16});'
                    r'x=([0-9a-f]{1,16})\Z')
DIGEST = struct.Struct('L')  # as an array has it; 8 bytes on every release
DIGEST_SIZE = 8


def identity(cursor):
    """Return the identity of an entry by its cursor (text), in the form of the file (48 bytes), or None if incomplete."""
    found = CURSOR.match(cursor)
    if not found:
        return None
    seqnum, monotonic, realtime, values = (int(found.group(place), 16) for place in (1, 3, 4, 5))
    return struct.pack('<3Q', seqnum, realtime, monotonic) + binascii.unhexlify(found.group(2).encode('ascii')) + (
        struct.pack('<Q', values))


class Given:
    """The entries of the files read so far."""

    def __init__(self):
        self._files = {}  # writer -> list of _Read

    def file(self, writer):
        """Return the Reading of a file that is about to be read."""
        return Reading(writer, self._files)


class Reading:
    """A file that is being read, entry by entry in order. Call `done` if its entries count."""

    def __init__(self, writer, files):
        self._writer, self._files = writer, files
        self._mine = files.get(writer, [])
        self._others = [some for other, some in files.items() if other != writer]
        self._numbered, self._plain = array.array('L'), array.array('L')
        self._seqnums, self._stamps = [0, 0], [0, 0]  # the smallest, the largest
        self._again = {}  # what others gave -> how often it was here

    def is_copy(self, raw):
        """Return whether another file already gave this entry (48 bytes, see `identity`)."""
        seqnum, stamp = SEQNUM_AND_REALTIME.unpack_from(raw)
        numbered, plain = _digest(raw), _digest(raw[8:])
        if any(one.has(seqnum, numbered) for one in self._mine):
            return True
        if not self._numbered:
            self._seqnums, self._stamps = [seqnum, seqnum], [stamp, stamp]
        self._seqnums = [min(self._seqnums[0], seqnum), max(self._seqnums[1], seqnum)]
        self._stamps = [min(self._stamps[0], stamp), max(self._stamps[1], stamp)]
        self._numbered.append(numbered)
        self._plain.append(plain)
        given = max([sum(one.number(stamp, plain) for one in some) for some in self._others] or [0])
        if not given:
            return False
        self._again[plain] = self._again.get(plain, 0) + 1
        return self._again[plain] + sum(one.number(stamp, plain) for one in self._mine) <= given

    def done(self):
        """The file was read."""
        if self._numbered:
            self._files.setdefault(self._writer, []).append(
                _Read(self._seqnums, self._stamps, self._numbered, self._plain))


class _Read:
    """A file that was read."""

    def __init__(self, seqnums, stamps, numbered, plain):
        self._seqnums, self._stamps = seqnums, stamps
        self._numbered, self._plain = array.array('L', sorted(numbered)), array.array('L', sorted(plain))

    def has(self, seqnum, numbered):
        """Return whether it holds an entry with this sequence number."""
        if not self._seqnums[0] <= seqnum <= self._seqnums[1]:
            return False
        place = bisect.bisect_left(self._numbered, numbered)
        return place < len(self._numbered) and self._numbered[place] == numbered

    def number(self, stamp, plain):
        """Return how often it holds an entry of this time, regardless of the sequence number."""
        if not self._stamps[0] <= stamp <= self._stamps[1]:
            return 0
        return bisect.bisect_right(self._plain, plain) - bisect.bisect_left(self._plain, plain)


def _digest(raw):
    return DIGEST.unpack(hashlib.sha256(raw).digest()[:DIGEST_SIZE])[0]
