# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The format of systemd's journal files (https://systemd.io/JOURNAL_FILE_FORMAT, journal-def.h), as far as it is read.

A file is a header and then objects, one behind the other, each at a multiple of 8 bytes and with its type and size in
front. All numbers are little endian. What matters here:

* DATA: one `FIELD=value`, stored once however many entries have it, with the list of these entries: the first in the
  object, the rest in a chain of ENTRY_ARRAYs. It may be compressed. A hash table finds it by its value: each bucket is
  a chain of DATA objects.
* FIELD: the name of a field, with the chain of its DATA objects.
* ENTRY: sequence number, times, boot, and the offsets of its DATA objects.
* ENTRY_ARRAY: offsets of ENTRYs, ascending, and where the next, larger array is. The header begins the chain that holds
  all entries of the file.

In compact files (systemd 252) offsets in arrays and entries take 4 bytes instead of 8. What one entry needs is written
before the entry is counted in the header, so a reader that keeps to the entries counted at one moment sees a file at
rest, though journald goes on writing.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import binascii
import bisect
import io
import mmap
import operator
import os
import struct
import sys

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import compression

SIGNATURE = b'LPKSHHRH'
HEADER = struct.Struct('<8s2I B7x 16s16s16s16s 15Q')
XZ, LZ4, KEYED_HASH, ZSTD, COMPACT = 1, 2, 4, 8, 16  # incompatible flags of the header
KNOWN_FLAGS = XZ | LZ4 | KEYED_HASH | ZSTD | COMPACT
ONLINE = 1  # state: being written, or left by a crash
DATA, FIELD, ENTRY, ENTRY_ARRAY = 1, 2, 3, 6  # types of objects; 4 and 5 are the hash tables, 7 a tag
LAST_TYPE = 7
LATEST = 1 << 55  # what systemd takes for a time (microseconds) is less
CODECS = {1: 'xz', 2: 'lz4', 4: 'zstd'}  # flags of a DATA object
OBJECT_SIZE = 16  # of the header of an object
# Where in its object something stands.
DATA_HASH, DATA_NEXT_HASH, DATA_NEXT_FIELD, DATA_ENTRY, DATA_ARRAY, DATA_ENTRIES = 16, 24, 32, 40, 48, 56
FIELD_NEXT_HASH, FIELD_DATA, FIELD_NAME = 24, 32, 40
ENTRY_SEQNUM, ENTRY_REALTIME, ENTRY_MONOTONIC, ENTRY_BOOT, ENTRY_XOR, ENTRY_ITEMS = 16, 24, 32, 40, 56, 64
ARRAY_NEXT, ARRAY_ITEMS = 16, 24
# A value longer than this is not looked at beyond it.
VALUE_LIMIT = 16 << 20
GUESSES = 64
HEADER_SIZE, HEADER_ARENA, HEADER_ENTRIES = 88, 96, 152  # where in the header something stands that grows
BATCH = 1 << 12  # entries taken from an array at once: what is read of them fits into the processor's cache


class Unreadable(Exception):
    """The file is not a journal file, or is of an unknown kind. The text says why."""


class Empty(Unreadable):
    """The file holds nothing that anybody could read. The text says why."""


class Damaged(Unreadable):
    """The file contradicts itself. The text says where."""

    def __init__(self, where):
        super(Damaged, self).__init__('damaged: ' + where)


class Numbers:
    """A buffer as a list of little-endian numbers, where memoryview.cast is missing or has the other byte order."""

    def __init__(self, data, size):
        self._data = data
        self._number = struct.Struct('<Q' if size == 8 else '<I')
        self._code, self._size, self._length = 'Q' if size == 8 else 'I', size, len(data) // size

    def __len__(self):
        return self._length

    def __getitem__(self, key):
        if isinstance(key, slice):
            start, stop, step = key.indices(self._length)
            chunk = self._data[start * self._size:stop * self._size]
            return struct.unpack('<%d%s' % (len(chunk) // self._size, self._code), chunk)[::step]
        if key >= self._length:
            raise IndexError(key)
        return self._number.unpack_from(self._data, key * self._size)[0]


def numbers(data, size):
    """A buffer as a sequence of numbers of `size` bytes (4 or 8)."""
    if sys.byteorder == 'big' or sys.version_info < (3,):
        return Numbers(data, size)
    return memoryview(data)[:len(data) // size * size].cast('Q' if size == 8 else 'I')


class Header:
    """The header of a journal file. It is read first, to decide whether the file has to be opened."""

    def __init__(self, path):
        """Raise EnvironmentError, or Unreadable if this is not a journal file."""
        self.path = path
        with io.open(path, 'rb') as source:
            self._take(source)

    def close(self):
        """Do nothing: no file is open."""

    def _take(self, source):
        raw = source.read(HEADER.size)
        info = os.fstat(source.fileno())
        self.size, self.inode = info.st_size, (info.st_dev, info.st_ino)
        if not self.size:
            raise Empty('it has 0 bytes, as a full disk leaves a file: it holds no entry')
        if not raw.strip(b'\0'):
            raise Empty('nothing but NULs where its header should be, as a power failure leaves a file: no entry of it '
                        'can be found')
        if len(raw) < HEADER.size or not raw.startswith(SIGNATURE):
            raise Unreadable('not a journal file')
        (_signature, _compatible, self.flags, self.state, file_id, machine_id, boot_id, seqnum_id, self.header_size,
         self.arena_size, self.data_table, self.data_table_size, self.field_table, self.field_table_size,
         self.tail_object, _objects, self.entries, self.tail_seqnum, self.head_seqnum, self.entry_array,
         self.head_realtime, self.tail_realtime, self.tail_monotonic) = HEADER.unpack(raw)
        # `machine` and `boot_id` are those of the host that last opened the file to write; since systemd 254 the boot is
        # that of its last entry.
        self.file_id, self.writer, self.machine, self.boot_id = (
            binascii.hexlify(value).decode('ascii') for value in (file_id, seqnum_id, machine_id, boot_id))


class JournalFile(Header):
    """An open journal file, in its state at the time it was opened.

    `u64` is the file as 64-bit integers, indexed by offset / 8; `u32`, in a compact file, as 32-bit integers. Reading
    beyond the end raises IndexError, which means a damaged file, as Damaged does. A context manager.
    """

    def __init__(self, path):
        """Raise EnvironmentError, or Unreadable if this file cannot be read here."""
        self.path = path
        self.file = io.open(path, 'rb', 0)
        self.map = self.u64 = self.u32 = self._first_values = None
        try:
            self._take(self.file)
            self._check()
            self.map = self._mapped()
            self.u64 = numbers(self.map, 8)
            self.compact = bool(self.flags & COMPACT)
            self.u32 = numbers(self.map, 4) if self.compact else None
            self.value_at = 72 if self.compact else 64  # where in a DATA object the value begins
            # All entries: (index of the first, offset of the array, number).
            self._arrays = list(self._chain(self.entry_array, self.entries))
            self.tail = self.entry(self.entries - 1) if self.entries else 0
            # Behind the last entry stands what came later, or nothing yet.
            self.end = self.tail + self.u64[self.tail + 8 >> 3] if self.entries else self.header_size
            if self.entries and self.u64[self.tail >> 3] != ENTRY:
                raise Damaged('its header counts an entry that is none')
            if self._lists_more() and not self.has_grown() or self.entries and self.u64[self.tail + ENTRY_SEQNUM >> 3] > self.tail_seqnum:
                raise Damaged('its header does not know of its last entry')
        except BaseException:
            self.close()
            raise

    def _mapped(self):
        """Map the file into memory. journald truncates a file that it closes: the header is then read again."""
        while True:
            try:
                return mmap.mmap(self.file.fileno(), self.size, access=mmap.ACCESS_READ)
            except ValueError:
                size = self.size
                self.file.seek(0)
                self._take(self.file)
                if self.size >= size:
                    raise Unreadable('cannot be mapped')
                self._check()

    def _check(self):
        if self.flags & ~KNOWN_FLAGS:
            raise Unreadable('of a kind (flags %#x) that this scanner does not know' % self.flags)
        if self.header_size < HEADER.size or self.header_size + self.arena_size > self.size or self.header_size % 8:
            raise Damaged('truncated')
        tables = ((self.data_table, self.data_table_size), (self.field_table, self.field_table_size))
        if any(size < 16 or offset % 8 or offset + size > self.size for offset, size in tables):
            raise Damaged('a hash table lies outside of the file')
        # They come first, megabytes mostly of NULs.
        self.after_tables = self.header_size
        for offset, size in sorted(tables):
            if offset == self.after_tables + OBJECT_SIZE:
                self.after_tables = offset + size

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        for view in (self.u64, self.u32):
            if hasattr(view, 'release'):
                view.release()
        self.u64 = self.u32 = None
        if self.map is not None:
            self.map.close()
        self.file.close()

    def is_removed(self):
        """Return whether the file was removed. journald truncates a file that it removes, to free its space at once."""
        return os.fstat(self.file.fileno()).st_nlink == 0

    # --- entries

    def _chain(self, offset, number):
        """Yield (index of its first entry, offset, number of entries) for each array of a chain of `number` entries."""
        u64, width, index = self.u64, 4 if self.compact else 8, 0
        while index < number:
            if not offset or offset % 8 or u64[offset >> 3] != ENTRY_ARRAY:
                raise Damaged('a list of entries breaks off')
            held = min((u64[offset + 8 >> 3] - ARRAY_ITEMS) // width, number - index)
            if held <= 0 or offset + ARRAY_ITEMS + held * width > self.size:
                raise Damaged('a list of entries has no true size')
            yield index, offset, held
            index += held
            following = u64[offset + ARRAY_NEXT >> 3]
            if index < number and following <= offset:
                raise Damaged('a list of entries breaks off')
            offset = following

    def _lists_more(self):
        """Return whether the list of all entries holds one that the header does not count.

        The last sequence number does not show this: it may belong to an entry for which there was no room.
        """
        if not self.entries:
            return self.entry_array != 0
        _index, offset, held = self._arrays[-1]
        if held < (self.u64[offset + 8 >> 3] - ARRAY_ITEMS) // (4 if self.compact else 8):
            return self._items(offset, held, held + 1)[0] != 0
        return self.u64[offset + ARRAY_NEXT >> 3] != 0

    def has_grown(self):
        """Return whether the header counts more entries by now. journald lists an entry before it counts it."""
        return self.u64[HEADER_ENTRIES >> 3] > self.entries

    def _items(self, offset, begin, end):
        """Return the offsets of entries begin .. end-1 of an array (list of int)."""
        if self.compact:
            place = offset + ARRAY_ITEMS >> 2
            return list(self.u32[place + begin:place + end])
        place = offset + ARRAY_ITEMS >> 3
        return list(self.u64[place + begin:place + end])

    def _batches(self, chain, begin=0):
        last = 0
        for index, offset, number in chain:
            for place in range(max(begin - index, 0), number, BATCH):
                items = self._items(offset, place, min(place + BATCH, number))
                if items[0] < last or items != sorted(items):
                    raise Damaged('a list of entries is not in order')
                last = items[-1]
                yield items

    def entry(self, index):
        """Return the offset of an entry by its index."""
        place = bisect.bisect_right([first for first, _offset, _number in self._arrays], index) - 1
        first, offset, _number = self._arrays[place]
        return self._items(offset, index - first, index - first + 1)[0]

    def all_entries(self, begin=0):
        """Yield the offsets of the entries from index `begin` on, as lists in ascending order."""
        return self._batches(self._arrays, begin)

    def first_after(self, seqnum):
        """Return the index of the first entry with a larger sequence number."""
        low, high = 0, self.entries
        while low < high:
            middle = (low + high) // 2
            if self.u64[self.entry(middle) + ENTRY_SEQNUM >> 3] > seqnum:
                high = middle
            else:
                low = middle + 1
        return low

    def entries_of(self, data):
        """Yield the offsets of the entries that refer to a DATA object, as lists in ascending order."""
        u64 = self.u64
        number, first, array = (u64[data + place >> 3] for place in (DATA_ENTRIES, DATA_ENTRY, DATA_ARRAY))
        if not number:
            return
        last = first
        if first > self.tail:
            self._must_be_new(data, first)
            return
        yield [first]
        for items in self._batches(self._chain(array, number - 1)):
            if items[0] < last:
                raise Damaged('a list of entries is not in order')
            last = items[-1]
            if last > self.tail:  # came later
                known = bisect.bisect_right(items, self.tail)
                self._must_be_entry(items[known])
                yield items[:known]
                return
            yield items

    def _must_be_entry(self, offset):
        """Raise Damaged unless an entry stands at this offset, which is behind the last one that the header counted."""
        if (offset % 8 or offset >= os.fstat(self.file.fileno()).st_size
                or offset + 8 <= len(self.map) and self.u64[offset >> 3] & 0xff != ENTRY):
            raise Damaged('a list of entries names what is none')

    def _must_be_new(self, data, entry):
        """Raise Damaged if the first entry of a value exists, but is not newer than the last entry of the file.

        A value may be older than its entry: journald writes the values first, and may then lack room for the entry.
        """
        u64 = self.u64
        if data > self.tail:
            return
        is_new = self.has_grown() and not entry % 8
        if is_new and entry + ENTRY_ITEMS > self.size:  # beyond what was there when the file was opened
            is_new = entry < u64[HEADER_SIZE >> 3] + u64[HEADER_ARENA >> 3]
        elif is_new:
            is_new = u64[entry >> 3] == ENTRY and u64[entry + ENTRY_SEQNUM >> 3] > u64[
                self.tail + ENTRY_SEQNUM >> 3]
        if not is_new:
            raise Damaged('a value names an entry that is none')

    def count(self, data):
        """Return the number of entries that refer to a DATA object."""
        u64 = self.u64
        number, first, array = (u64[data + place >> 3] for place in (DATA_ENTRIES, DATA_ENTRY, DATA_ARRAY))
        if number and first > self.tail:
            self._must_be_new(data, first)
        if not number or first > self.tail:
            return 0
        for index, offset, held in self._chain(array, number - 1):
            if self._items(offset, held - 1, held)[0] > self.tail:  # the rest came later
                return 1 + index + bisect.bisect_right(Items(self, offset, held), self.tail)
        return number

    def last_entry_of(self, data):
        """Return the offset of the last entry that refers to a DATA object, or 0 if there is none."""
        number = self.count(data)
        if number < 2:
            return self.u64[data + DATA_ENTRY >> 3] if number else 0
        for index, offset, held in self._chain(self.u64[data + DATA_ARRAY >> 3], number - 1):
            if index + held == number - 1:
                return self._items(offset, held - 1, held)[0]
        raise Damaged('a list of entries breaks off')

    def entry_before(self, entry):
        """Return the offset of the entry before the one at this offset, or 0 if that is the first."""
        array = bisect.bisect_left(EntryFirsts(self), entry) - 1
        if array < 0:
            return 0
        _first, offset, held = self._arrays[array]
        return self._items(offset, bisect.bisect_left(Items(self, offset, held), entry) - 1, held)[0]

    def items(self, entry):
        """Return the offsets of the DATA objects of an entry (list of int), in the order that journalctl shows."""
        u64 = self.u64
        place = entry >> 3
        if u64[place] != ENTRY:
            raise Damaged('an entry is not where its list says')
        end = entry + u64[place + 1]
        if self.compact:
            return list(self.u32[entry + ENTRY_ITEMS >> 2:end >> 2])
        return list(u64[entry + ENTRY_ITEMS >> 3:end >> 3:2])

    def numbers_of(self, entries, *places):
        """Return, for each place (offset in an ENTRY), the numbers at that place in the given entries."""
        if isinstance(self.u64, Numbers) or len(entries) < 2:
            return [[self.u64[entry + place >> 3] for entry in entries] for place in places]
        take = operator.itemgetter(*[entry >> 3 for entry in entries])
        return [take(self.u64[place >> 3:]) for place in places]

    def boot_of(self, entry):
        """Return the boot id of an entry (text) as its cursor gives it, which may differ from its field _BOOT_ID.

        systemd-journal-remote before 240 wrote the boot of its own host into that field.
        """
        return binascii.hexlify(self.map[entry + ENTRY_BOOT:entry + ENTRY_XOR]).decode('ascii')

    def cursor(self, entry):
        """Return the cursor of an entry as journalctl writes it (text)."""
        u64 = self.u64
        return u's=%s;i=%x;b=%s;m=%x;t=%x;x=%x' % (
            self.writer, u64[entry + ENTRY_SEQNUM >> 3], self.boot_of(entry), u64[entry + ENTRY_MONOTONIC >> 3],
            u64[entry + ENTRY_REALTIME >> 3], u64[entry + ENTRY_XOR >> 3])

    # --- data

    def values(self, name):
        """Return the DATA objects of a field (bytes) as an unordered list of (offset, value in bytes)."""
        found, offset = [], self._fields().get(name, 0)
        while offset:
            value = self.value(offset)
            following = self.u64[offset + DATA_NEXT_FIELD >> 3]
            if following >= offset or not value.startswith(name + b'='):
                raise Damaged('the list of the values of a field leads astray')
            found.append((offset, value[len(name) + 1:]))
            offset = following
        return found

    def _fields(self):
        """Return the first DATA object of each field (dict, name in bytes -> offset). There are a few dozen fields."""
        if self._first_values is None:
            u64, found = self.u64, {}
            for place in range(self.field_table >> 3, self.field_table + self.field_table_size >> 3, 2):
                offset = u64[place]
                while offset:
                    name = self.map[offset + FIELD_NAME:offset + u64[offset + 8 >> 3]]
                    following, first = u64[offset + FIELD_NEXT_HASH >> 3], u64[offset + FIELD_DATA >> 3]
                    if (u64[offset >> 3] & 0xff != FIELD or following and following <= offset
                            or first and not self.beginning(first, len(name) + 1).startswith(name + b'=')):
                        raise Damaged('the table of fields leads astray')
                    found[name] = first
                    offset = following
            self._first_values = found
        return self._first_values

    def _extent(self, data):
        """Return (begin, end, codec or None) of the stored value of a DATA object."""
        kind, size = self.u64[data >> 3], self.u64[data + 8 >> 3]
        flags, first = kind >> 8, self.u64[data + DATA_ENTRY >> 3]
        if data % 8 or kind & 0xff != DATA or size <= self.value_at or flags and flags not in CODECS:
            raise Damaged('a value is not where its entry says')
        if data + size > (first or self.size):  # an entry is written behind its values
            raise Damaged('a value has no true size')
        return data + self.value_at, data + size, CODECS[flags] if flags else None

    def value(self, data):
        """Return `FIELD=value` of a DATA object (bytes), at most VALUE_LIMIT bytes of it."""
        begin, end, codec = self._extent(data)
        if codec is None:
            return self.map[begin:min(end, begin + VALUE_LIMIT)]
        return self._unpacked(codec, begin, end, VALUE_LIMIT)

    def beginning(self, data, size):
        """Return the first bytes of the same value: at least `size`, if it has as many."""
        begin, end, codec = self._extent(data)
        if codec is None:
            return self.map[begin:min(end, begin + size)]
        return self._unpacked(codec, begin, end, size)

    def _unpacked(self, codec, begin, end, size):
        try:
            return compression.beginning(codec, self.map[begin:end], size)
        except ValueError as error:
            raise Damaged('a compressed value cannot be unpacked (%s)' % error)
        except EnvironmentError as error:
            raise Unreadable('it holds compressed values: %s' % error.strerror)

    # --- the object that a byte belongs to

    def object_at(self, place):
        """Return the object that holds the byte at this offset: (offset, offset of the next object).

        A NUL usually stands before the value of a DATA object, and none within it. A guess by this must be found in the
        hash table, because anybody can write a message that looks like an object. Otherwise the objects are followed
        from the preceding entry.
        """
        guess = place
        for _attempt in range(GUESSES):
            guess = self.map.rfind(b'\0', self.header_size, guess)
            data = guess + 1 - self.value_at
            if guess < self.header_size + self.value_at:
                break
            if not data % 8 and self.u64[data >> 3] & 0xff == DATA and self.is_linked(data):
                end = self._extent(data)[1]
                if place < end:
                    return data, end
        return self._walk_to(place)

    def is_linked(self, data):
        """Return whether a DATA object stands at this offset, by looking it up in the hash table."""
        u64 = self.u64
        bucket = u64[data + DATA_HASH >> 3] % (self.data_table_size // 16)
        found = u64[(self.data_table >> 3) + 2 * bucket]
        while found and found < data:
            following = u64[found + DATA_NEXT_HASH >> 3]
            if following and following <= found:
                raise Damaged('the table of values leads in a circle')
            found = following
        return found == data

    def _walk_to(self, place):
        u64 = self.u64
        array = bisect.bisect_right(EntryFirsts(self), place) - 1
        offset = self.header_size
        if array >= 0:
            _first, start, number = self._arrays[array]
            items = Items(self, start, number)
            offset = items[bisect.bisect_right(items, place) - 1]
        while True:
            kind, size = u64[offset >> 3] & 0xff, u64[offset + 8 >> 3]
            if not 0 < kind <= LAST_TYPE or size < OBJECT_SIZE or offset % 8:
                raise Damaged('an object of no known kind at byte %d' % offset)
            following = offset + size + 7 & ~7
            if place < following:
                return offset, following
            offset = following


class EntryFirsts:
    """The offset of the first entry of each array of a file; for bisect."""

    def __init__(self, file):
        self._file = file

    def __len__(self):
        return len(self._file._arrays)

    def __getitem__(self, index):
        return self._file._items(self._file._arrays[index][1], 0, 1)[0]


class Items:
    """The offsets of entries in one array; for bisect."""

    def __init__(self, file, offset, number):
        self._file, self._offset, self._number = file, offset, number

    def __len__(self):
        return self._number

    def __getitem__(self, index):
        return self._file._items(self._offset, index, index + 1)[0]
