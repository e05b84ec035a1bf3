# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes small journal files (https://systemd.io/JOURNAL_FILE_FORMAT), so that every Python can test the reader.

It knows nothing of the reader: offsets stand here once more. `journalctl --verify` finds no fault in what it writes
(test_journal_file.py).
"""
from __future__ import absolute_import, division, print_function

import io
import struct

__metaclass__ = type

DATA, FIELD, ENTRY, DATA_TABLE, FIELD_TABLE, ARRAY = range(1, 7)
COMPACT = 16
# Where in the header something stands.
FLAGS, STATE, FILE_ID, MACHINE_ID, TAIL_BOOT, WRITER, HEADER_SIZE, ARENA_SIZE = 12, 16, 24, 40, 56, 72, 88, 96
DATA_TABLE_AT, DATA_TABLE_SIZE, FIELD_TABLE_AT, FIELD_TABLE_SIZE = 104, 112, 120, 128
TAIL_OBJECT, OBJECTS, ENTRIES, TAIL_SEQNUM, HEAD_SEQNUM, ENTRY_ARRAY = 136, 144, 152, 160, 168, 176
HEAD_REALTIME, TAIL_REALTIME, TAIL_MONOTONIC, NUMBER_OF_DATA, NUMBER_OF_FIELDS, ARRAYS = 184, 192, 200, 208, 216, 232
HEADER = 272

START = 1795363280000000  # 2026-11-22T16:01:20Z
BOOTS = [('%032x' % (0x6b8a0000 + number)).encode('ascii') for number in range(9)]
MACHINES = [b'0639' * 8, b'0640' * 8]
MASK = 0xffffffff


def _rotated(number, bits):
    return (number << bits | number >> 32 - bits) & MASK


def lookup3(data):
    """Bob Jenkins' hashlittle2 of some bytes, both halves as one number: the hash of a file without a key."""
    one = two = three = (0xdeadbeef + len(data)) & MASK
    blocks = max(0, (len(data) - 1) // 12)
    padded = data + b'\0' * (-len(data) % 12)
    words = struct.unpack('<%dI' % (len(padded) // 4), padded)
    for place in range(0, 3 * blocks, 3):
        one, two, three = [(number + word) & MASK for number, word in zip((one, two, three), words[place:])]
        for bits in (4, 6, 8, 16, 19, 4):
            one = (one - three & MASK) ^ _rotated(three, bits)
            three = three + two & MASK
            one, two, three = two, three, one
    if not data:
        return three << 32 | two
    one, two, three = [(number + word) & MASK for number, word in zip((one, two, three), words[3 * blocks:])]
    for bits in (14, 11, 25, 16, 4, 14, 24):
        three = (three ^ two) - _rotated(two, bits) & MASK
        one, two, three = two, three, one
    one, two, three = three, one, two
    return three << 32 | two


def fields_of(message, number=0, **fields):
    """The arguments of Builder.append for an entry of the kernel, `number` seconds after START.

    A value may be bytes, a list of bytes (the field occurs so often) or None (it does not occur). The message comes
    last, as that of the kernel does, unless `message_first`.
    """
    realtime = fields.pop('realtime', START + number * 1000000)
    monotonic = fields.pop('monotonic', 1000000 * (number + 1))
    first = fields.pop('message_first', False)
    usual = {'_BOOT_ID': BOOTS[0], '_MACHINE_ID': MACHINES[0], '_HOSTNAME': b'host0', '_TRANSPORT': b'kernel',
             'SYSLOG_IDENTIFIER': b'kernel', 'PRIORITY': b'4'}
    if fields.get('_TRANSPORT', b'kernel') == b'kernel':
        usual['SYSLOG_FACILITY'] = b'0'  # as journald writes it, on every release
    rows = [(name, value) for name, value in sorted(dict(usual, **fields).items())]
    rows.insert(0 if first else len(rows), ('MESSAGE', message))
    found = [(name.encode('ascii'), one) for name, value in rows if value is not None
             for one in (value if isinstance(value, list) else [value])]
    return found, realtime, monotonic


class Builder:
    """A journal file in the making; `data` is what is in it so far."""

    def __init__(self, compact=False, writer=b'\x11' * 16, file_id=b'\x22' * 16, seqnum=1, buckets=3, state=0,
                 packed=None, boots=None):
        """:param seqnum: of the first entry.
        :param boots: the boot that stands in each entry by turns, whatever _BOOT_ID says; as
            systemd-journal-remote before 240 wrote its own. None for that of _BOOT_ID.
        :param buckets: of each hash table; few, so that there are chains.
        :param packed: function from `FIELD=value` to (flag of a DATA object, stored bytes), for compressed values.
        """
        self.compact, self._seqnum, self._buckets, self._packed = compact, seqnum, buckets, packed
        self._boots = boots
        self._width = 4 if compact else 8
        self._offsets = {}  # FIELD=value -> offset of its DATA object
        self._fields = {}  # name -> offset of its FIELD object
        self.entries = []  # offsets
        self.data = bytearray(HEADER)
        self.data[:8] = b'LPKSHHRH'
        self.data[FILE_ID:FILE_ID + 16] = file_id
        self.data[WRITER:WRITER + 16] = writer
        struct.pack_into('<I', self.data, FLAGS, COMPACT if compact else 0)
        self.data[STATE] = state
        self.put(HEADER_SIZE, HEADER)
        for kind, place in ((FIELD_TABLE, FIELD_TABLE_AT), (DATA_TABLE, DATA_TABLE_AT)):
            self.put(place, self._object(kind, bytes(bytearray(16 * buckets))) + 16)
            self.put(place + 8, 16 * buckets)

    def get(self, offset):
        """The number of 8 bytes at an offset."""
        return struct.unpack_from('<Q', self.data, offset)[0]

    def put(self, offset, number):
        """Write it."""
        struct.pack_into('<Q', self.data, offset, number)

    def add(self, offset, more):
        """Raise it."""
        self.put(offset, self.get(offset) + more)

    def _object(self, kind, content, flag=0):
        """Put an object behind all others; its offset."""
        offset = len(self.data)
        self.data += struct.pack('<BB6xQ', kind, flag, 16 + len(content)) + content
        self.data += b'\0' * (-len(self.data) % 8)
        self.put(ARENA_SIZE, len(self.data) - HEADER)
        self.put(TAIL_OBJECT, offset)
        self.add(OBJECTS, 1)
        return offset

    def _hang(self, table, number, offset):
        """Put a DATA or FIELD object at the end of the chain of its bucket."""
        bucket = self.get(table) + number % self._buckets * 16
        if self.get(bucket):
            self.put(self.get(bucket + 8) + 24, offset)
        else:
            self.put(bucket, offset)
        self.put(bucket + 8, offset)

    def value(self, value):
        """The offset of the DATA object of `FIELD=value` (bytes); made if there is none."""
        if value not in self._offsets:
            number, (flag, stored) = lookup3(value), self._packed(value) if self._packed else (0, value)
            head = struct.pack('<6Q', number, 0, 0, 0, 0, 0) + (b'\0' * 8 if self.compact else b'')
            offset = self._offsets[value] = self._object(DATA, head + stored, flag)
            self._hang(DATA_TABLE_AT, number, offset)
            self.add(NUMBER_OF_DATA, 1)
            field = self.field(value.partition(b'=')[0])
            self.put(offset + 32, self.get(field + 32))
            self.put(field + 32, offset)
        return self._offsets[value]

    def field(self, name):
        """The offset of a FIELD object; made if there is none."""
        if name not in self._fields:
            number = lookup3(name)
            self._fields[name] = self._object(FIELD, struct.pack('<3Q', number, 0, 0) + name)
            self._hang(FIELD_TABLE_AT, number, self._fields[name])
            self.add(NUMBER_OF_FIELDS, 1)
        return self._fields[name]

    def append(self, fields, realtime=START, monotonic=1, seqnum=None):
        """Write an entry; its offset. `fields` is a list of (name, value), bytes; its boot is that of _BOOT_ID."""
        boot_id = dict(fields).get(b'_BOOT_ID', b'0' * 32)
        if self._boots:
            boot_id = self._boots[len(self.entries) % len(self._boots)]
        values = [name + b'=' + value for name, value in fields]
        items = sorted(set(self.value(value) for value in values))
        xor = 0
        for value in set(values):
            xor ^= lookup3(value)
        seqnum = self._seqnum if seqnum is None else seqnum
        self._seqnum = seqnum + 1
        boot = bytes(bytearray(int(boot_id[place:place + 2], 16) for place in range(0, 32, 2)))
        content = struct.pack('<3Q16sQ', seqnum, realtime, monotonic, boot, xor)
        for item in items:
            content += struct.pack('<I', item) if self.compact else struct.pack('<2Q', item, self.get(item + 16))
        entry = self._object(ENTRY, content)
        self._link(ENTRY_ARRAY, len(self.entries), entry)
        self.entries.append(entry)
        if len(self.entries) == 1:
            self.put(HEAD_SEQNUM, seqnum)
            self.put(HEAD_REALTIME, realtime)
        self.put(TAIL_SEQNUM, seqnum)
        self.put(TAIL_REALTIME, realtime)
        self.put(TAIL_MONOTONIC, monotonic)
        self.data[TAIL_BOOT:TAIL_BOOT + 16] = boot
        self.put(ENTRIES, len(self.entries))
        for item in items:
            number = self.get(item + 56)
            if number:
                self._link(item + 48, number - 1, entry)
            else:
                self.put(item + 40, entry)
            self.put(item + 56, number + 1)
        return entry

    def _link(self, place, number, entry):
        """Add an entry to the list whose first array stands at a place, and which holds `number` of them."""
        size = 2
        while self.get(place):
            array = self.get(place)
            size = (self.get(array + 8) - 24) // self._width
            if number < size:
                struct.pack_into('<I' if self.compact else '<Q', self.data, array + 24 + number * self._width, entry)
                return
            number, place, size = number - size, array + 16, 2 * size
        self.put(place, self._object(ARRAY, bytes(bytearray(8 + size * self._width))))
        self.add(ARRAYS, 1)
        self._link(place, number, entry)

    def arrays(self, place):
        """The offsets of the arrays of the list whose first stands at a place."""
        found = []
        while self.get(place):
            found.append(self.get(place))
            place = found[-1] + 16
        return found

    def write(self, path):
        """Write the file, over the one that is there; its path as str."""
        try:
            target = io.open(str(path), 'r+b')
        except EnvironmentError:
            target = io.open(str(path), 'wb')
        with target:
            target.write(bytes(self.data))
        return str(path)


def journal_of(rows, **options):
    """A Builder with an entry for each of some results of fields_of."""
    journal = Builder(**options)
    for row in rows:
        journal.append(*row)
    return journal
