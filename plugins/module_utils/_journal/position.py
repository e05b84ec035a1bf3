# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a reading of a journal ended, and what is new since then. It does not depend on the time of day.

journald numbers entries, and names who counts: each file has the id of its writer (`seqnum_id`). An entry of a writer
that was read before is new when its number is higher. That alone is not enough:

* A clock that was set back, a crash or another user make journald begin a file with a new writer, in whatever boot.
* systemd 252 of EL 9 lets such a file inherit the writer of the file that a power cut left behind. What was read and
  never reached the disk had numbers that the entries of the next boot get again.
* When journald copies its entries from /run to /var they get other numbers, and keep boot and monotonic time.

So a position tells, besides the last number of each writer, which boots it knows, and the monotonic time of the last
entry of each. journalctl --cursor knows one writer and one boot, and goes by the clock for all others: it loses
entries. Read with it is only by `s=WRITER;i=NUMBER`, which every systemd from 219 on finds by the number alone.

The program roles/syslog_policy/files/alerts.py imports this file, so it imports nothing of the collection. Standard
library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import binascii
import collections
import glob
import io
import os
import re
import struct

OLD, NEW, UNDECIDED = 0, 1, 2
# So many boots are named. Of more the ones that ended first are left out, and how many: `;d=`.
MOST_BOOTS = 256
# The monotonic time (microseconds) of a boot that is over and all of whose entries are known.
OVER = (1 << 64) - 1

ROOTS = ('/var/log/journal', '/run/log/journal')
MACHINE_ID = re.compile(r'[0-9a-f]{32}\Z')
CURSOR = re.compile(r'[a-z]=[0-9a-f]+(;[a-z]=[0-9a-f]+)*\Z')
PARTS = re.compile(r'(?P<own>.*?)(?:;w=(?P<w>[^;]*))?(?:;k=(?P<k>[^;]*)(?:;d=(?P<d>[0-9a-f]{1,16}))?)?\Z')
WRITERS = re.compile(r'([0-9a-f]{32}\.[0-9a-f]{1,16}(,|\Z))*\Z')
BOOTS = re.compile(r'([0-9a-f]{32}(\.[0-9a-f]{1,16})?(,|\Z))*\Z')
# The header of a journal file (systemd.io/JOURNAL_FILE_FORMAT): signature, file id, boot id, writer, number of entries,
# number of the last one.
SIGNATURE, HEADER_SIZE = b'LPKSHHRH', 208
FILE_ID, BOOT_ID, WRITER, ENTRIES, TAIL_SEQNUM = 24, 56, 72, 152, 160

# An entry as its cursor tells it: writer (text, the sequence number's id), seqnum, boot_id (text), monotonic, realtime.
Place = collections.namedtuple('Place', 'writer seqnum boot_id monotonic realtime')
# A journal file by its header. `boot_id` is that of the last who opened it for writing (since 254, of its last entry).
File = collections.namedtuple('File', 'path file_id writer boot_id seqnum')


class PositionError(ValueError):
    """The text is not a position."""


def is_cursor(text):
    """Return whether this text is a cursor that journalctl accepts."""
    if not CURSOR.match(text):
        return False
    parts = dict(part.split('=', 1) for part in text.split(';'))
    return all(len(parts.get(key, '0' * 32)) == 32 for key in 'sb') and (
        set('si') <= set(parts) or set('bm') <= set(parts) or 't' in parts)


def place_of(cursor):
    """Return the Place that a cursor of journalctl (text) names. Missing parts are '' or 0."""
    parts = dict(part.split('=', 1) for part in cursor.split(';'))
    boot_id = parts.get('b', '')
    return Place(parts.get('s', ''), int(parts.get('i', '0'), 16), boot_id if len(boot_id) == 32 else '0' * 32,
                 int(parts.get('m', '0'), 16), int(parts.get('t', '0'), 16))


class Position:
    """The position at which a reading ended; '' is the beginning.

    As text it is a cursor of journalctl, of the last entry, with parts behind it that journalctl ignores:
    `;w=WRITER.NUMBER,...` the last number of every other writer; `;k=BOOT.MONOTONIC,...` the boots that are known, the
    one that ended last at the end, without a time where that is not known; `;d=NUMBER` how many boots are left out.
    All numbers are hexadecimal. Up to version 0.1 there was no `k`: what boots are known such a text does not tell.
    """

    def __init__(self, text='', running=None):
        """:param running: the boot id of the host (text), where the journal is its own. Raises PositionError."""
        found = PARTS.match(text)
        own, writers, boots, dropped = found.group('own', 'w', 'k', 'd') if found else (text, None, None, None)
        if (own or boots is None) and text and not is_cursor(own) or not (
                WRITERS.match(writers or '') and BOOTS.match(boots or '')):
            raise PositionError('%s is not a cursor of the journal' % text)
        self.cursor, self.running = own, running
        self.place = place_of(own) if own else None
        self.known = dict((writer, int(number, 16)) for writer, number in
                          (one.split('.') for one in (writers or '').split(',') if one))
        self.boots = collections.OrderedDict(
            (one[:32], int(one[33:], 16) if one[33:] else None) for one in (boots or '').split(',') if one)
        # None: nobody knows.
        self.dropped = int(dropped or '0', 16) if boots is not None or not text else None
        if self.place and self.place.writer:
            self.known[self.place.writer] = self.place.seqnum
        if self.place and boots is None and ';m=' in ';' + own and self.place.boot_id.strip('0'):
            self.boots[self.place.boot_id] = self.place.monotonic

    def __str__(self):
        writer = self.place.writer if self.place else ''
        parts = ','.join('%s.%x' % item for item in sorted(self.known.items()) if item[0] and item[0] != writer)
        text = self.cursor + (';w=' + parts if parts else '')
        if self.dropped is not None and (text or self.boots):
            text += ';k=' + ','.join(boot_id if monotonic is None else '%s.%x' % (boot_id, monotonic)
                                     for boot_id, monotonic in self.boots.items())
            text += ';d=%x' % self.dropped if self.dropped else ''
        return text

    def is_complete(self):
        """Whether all boots before are known (bool)."""
        return self.dropped == 0

    def is_new_boot(self, boot_id):
        """Return whether a boot certainly began later."""
        return boot_id not in self.boots and (
            self.dropped == 0 or self.dropped is not None and boot_id == self.running)

    def decide(self, place, cursor='', one_machine=True):
        """Return whether an entry is OLD, NEW or UNDECIDED. UNDECIDED entries have to be read, too.

        :param place: of the entry. :param cursor: its whole cursor (text).
        :param one_machine: False where entries of several machines lie together: containers have the boot id of their
            host, and a log server with systemd 219 or 239 writes its own for all. There boot and monotonic time say
            little.
        """
        number = self.known.get(place.writer)
        if number is not None and (place.seqnum > number or not one_machine or not self.is_new_boot(place.boot_id)):
            return NEW if place.seqnum > number else OLD
        if self.is_new_boot(place.boot_id):
            return NEW
        monotonic = self.boots.get(place.boot_id)
        if monotonic is None or not one_machine:
            return UNDECIDED
        if place.monotonic == monotonic and not is_same(cursor, self.cursor):
            return UNDECIDED  # two entries of one turn of journald's loop have the same
        return NEW if place.monotonic > monotonic else OLD

    def note(self, place, cursor):
        """Record that an entry was read. Entries of one writer must come in their order."""
        if self.is_new_boot(place.boot_id):
            self.known[place.writer] = place.seqnum  # perhaps numbers that come again, after a power cut
        self.know(place.writer, place.seqnum)
        self.know_boot(place.boot_id, place.monotonic)
        if place.seqnum == self.known[place.writer]:
            self.place, self.cursor = place, cursor

    def know(self, writer, seqnum):
        """Record that the entries of a writer up to this number were read."""
        self.known[writer] = max(self.known.get(writer, 0), seqnum)

    def know_boot(self, boot_id, monotonic):
        """Record that the entries of a boot up to this time (None: unknown) were read."""
        before = self.boots.pop(boot_id, None)
        self.boots[boot_id] = monotonic if before is None else before if monotonic is None else max(before, monotonic)

    def forget(self, writers):
        """Forget all writers except these, and the boots beyond the limit."""
        for writer in set(self.known) - set(writers):
            if not self.place or writer != self.place.writer:
                del self.known[writer]
        while len(self.boots) > MOST_BOOTS:
            oldest = next(boot_id for boot_id in self.boots if boot_id != self.running)
            del self.boots[oldest]
            if self.dropped is not None:
                self.dropped += 1


def is_same(cursor, other):
    """Return whether two cursors (text) name one entry, in any file: boot, both times and the hash are equal."""
    return bool(other) and cursor.partition(';b=')[2] == other.partition(';b=')[2]


# --- files -------------------------------------------------------------------------------------------------------


def literal_glob(path):
    """Return a glob(7) pattern that matches only this path (str): journalctl --file takes patterns."""
    return re.sub(r'([*?\[\\])', r'[\1]', path)


def journal_files(directory):
    """Return the journal files that journalctl --directory reads: in it and in its folders named by a machine id."""
    folders = [directory] + sorted(folder for folder in glob.glob(os.path.join(literal_glob(directory), '*'))
                                   if MACHINE_ID.match(os.path.basename(folder)))
    return [path for folder in folders for suffix in ('*.journal', '*.journal~')
            for path in sorted(glob.glob(os.path.join(literal_glob(folder), suffix)))]


def own_journal_files():
    """Return the files of this host's own journal, persistent and volatile."""
    try:
        with io.open('/etc/machine-id', encoding='ascii') as source:
            machine = source.read().strip()
    except EnvironmentError:
        return []
    if not MACHINE_ID.match(machine):
        return []
    return [path for root in ROOTS for path in journal_files(os.path.join(root, machine))]


def file_of(path):
    """Return the File at a path, or None if it is not a journal file, is empty or is gone. Raises EnvironmentError."""
    if not os.path.isfile(path):  # opening a pipe waits for who writes into it
        return None
    with io.open(path, 'rb') as source:
        header = source.read(HEADER_SIZE)
    if len(header) < HEADER_SIZE or not header.startswith(SIGNATURE):
        return None
    entries, seqnum = struct.unpack_from('<2Q', header, ENTRIES)
    file_id, boot_id, writer = (binascii.hexlify(header[place:place + 16]).decode('ascii')
                                for place in (FILE_ID, BOOT_ID, WRITER))
    return File(path, file_id, writer, boot_id, seqnum if entries else 0)
