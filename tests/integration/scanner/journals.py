# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes journals to measure with systemd-journal-remote, and knows enough of the file format to damage them."""

import os
import random
import re
import struct
import subprocess

# Where distributions put it.
JOURNAL_REMOTE = [
    path
    for path in ('/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote')
    if os.path.exists(path)
]
# What the systemd of EL7 and EL8 can read.
OLD_FORMAT = {'SYSTEMD_JOURNAL_KEYED_HASH': '0', 'SYSTEMD_JOURNAL_COMPACT': '0'}
START = 1795363280000000  # 2026-11-22T16:01:20Z
BOOTS = ['%032x' % (0x6B8A0000 + number) for number in range(100)]
MACHINE = '0639' * 8
MACHINES = [MACHINE, '0640' * 8, '0641' * 8]

# What most tests here look for. Each has its own way to be fussy about the source.
TMPFILES = {
    'id': 'tmpfiles',
    'match': {
        'identifiers': ['systemd-tmpfiles'],
        'comms': ['systemd-tmpfiles'],
        'transport': ['journal'],
        'literal': 'Failed to parse ACL',
        'regex': '^Failed to parse ACL "[^"]*"',
        'priority': 'warning',
    },
}
KERNEL = {
    'id': 'kernel',
    'match': {
        'transport': ['kernel'],
        'literal': ['<asm>:[INFO]', 'flip_done timed out'],
        'regex': r'^<asm>:\[INFO\]|timed out$',
    },
}
ANYONE = {'id': 'anyone', 'match': {'literal': 'something known', 'regex': r'something known( \d+)?'}}
# A program that users run, by its file; and one of root.
DESKTOP = {
    'id': 'desktop',
    'match': {
        'uid': 'any',
        'exes': ['/usr/bin/gnome-software'],
        'literal': 'something known',
        'regex': 'something known',
    },
}
ROOT = {'id': 'root', 'match': {'uid': 'root', 'literal': 'something known', 'regex': 'something known'}}
SIGNATURES = [TMPFILES, KERNEL, ANYONE]
OF_WRITERS = [DESKTOP, ROOT]
ACL = 'Failed to parse ACL "group:adm:r--": Invalid argument. Ignoring'


def entry(message, number=0, **given):
    """An entry as a list of (field, value): `number` seconds after START, in the first boot, of the kernel unless told
    otherwise.

    A value may be text, bytes, a list (the field occurs for each of them) or None (it does not occur).
    """
    # journald says the facility of each text of the kernel, on every release.
    facility = {'SYSLOG_FACILITY': '0'} if given.get('_TRANSPORT', 'kernel') == 'kernel' else {}
    fields = dict(
        facility,
        **{
            '__REALTIME_TIMESTAMP': str(START + number * 1000000),
            '__MONOTONIC_TIMESTAMP': str(1000000 + number * 1000000),
            '_BOOT_ID': BOOTS[0],
            '_MACHINE_ID': MACHINE,
            '_TRANSPORT': 'kernel',
            'SYSLOG_IDENTIFIER': 'kernel',
            'PRIORITY': '4',
            'MESSAGE': message,
        }
    )
    fields.update(given)
    found = []
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [] if values is None else [values]:
            found.append((name, value if isinstance(value, bytes) else value.encode('utf-8')))
    return found


def export(entries):
    """Yields entries in the Journal Export Format (bytes)."""
    for fields in entries:
        for name, value in fields:
            name = name.encode('ascii')
            if name.startswith(b'__') or re.fullmatch(b'[\\x20-\\x7e]*', value):
                yield name + b'=' + value + b'\n'
            else:
                yield name + b'\n' + struct.pack('<Q', len(value)) + value + b'\n'
        yield b'\n'


def write(path, entries, options=('--compress=no',), **environ):
    """Write entries to a journal file with systemd-journal-remote."""
    os.makedirs(os.path.dirname(str(path)), exist_ok=True)
    process = subprocess.Popen(
        [JOURNAL_REMOTE[0], '--output=' + str(path)] + list(options) + ['-'],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=dict(os.environ, **environ),
    )
    for piece in export(entries):
        process.stdin.write(piece)
    complaints = process.communicate()[1].decode('utf-8', 'replace')
    assert process.returncode == 0, complaints
    return str(path)


def generated(size, boots, seed=1, step=1000000, padding='', machines=1):
    """Entries, one in ten of them known, in some boots.

    The clock goes back now and then, within a boot and between two; the monotonic one starts anew with each boot.

    :param padding: put before each known message, so that it is long enough to be compressed.
    :param machines: the number of machines they come from, in turn.
    """
    chance = random.Random(seed)
    clock = START
    for number in range(size):
        boot = number * boots // size
        began = -(-boot * size // boots)  # the first entry of the boot
        jump = chance.random() < 0.01 or number == began and chance.random() < 0.3
        clock += -chance.randrange(50 * step) if jump else chance.randrange(step)
        fields = {}
        if number % 10 == 0:
            message = '%ssomething known %d' % (padding, number)
        elif number % 25 == 1:
            message = '<asm>:[INFO]x' + padding
            fields['_TRANSPORT'] = 'syslog' if number % 100 == 1 else 'kernel'
        elif number % 25 == 2:
            message = ACL
            fields.update(
                SYSLOG_IDENTIFIER='systemd-tmpfiles', _TRANSPORT='journal', PRIORITY='3' if number % 75 == 2 else '4'
            )
        else:
            message = 'ordinary %d' % (number % 997)
        machine = number % machines
        yield entry(
            message,
            _BOOT_ID=BOOTS[boot + machine * boots],
            _MACHINE_ID=MACHINES[machine],
            _HOSTNAME='host%d' % machine,
            __REALTIME_TIMESTAMP=str(clock),
            __MONOTONIC_TIMESTAMP=str(number - began + 1),
            **fields
        )


# --- the format of the files, https://systemd.io/JOURNAL_FILE_FORMAT ------------------------------------------------

INCOMPATIBLE = {'xz': 1, 'lz4': 2, 'keyed': 4, 'zstd': 8, 'compact': 16}  # flags in the header
KINDS = {1: 'data', 2: 'field', 3: 'entry', 4: 'data hash table', 5: 'field hash table', 6: 'entry array'}


def header(path, offset, form='<Q'):
    """A number in the header of a journal file."""
    with open(str(path), 'rb') as source:
        source.seek(offset)
        return struct.unpack(form, source.read(struct.calcsize(form)))[0]


def flags(path):
    """The names of INCOMPATIBLE that a file has (set)."""
    word = header(path, 12, '<I')
    return set(name for name, bit in INCOMPATIBLE.items() if word & bit)


def entries_held(path):
    """How many entries a file says it holds."""
    return header(path, 152)


def objects(path):
    """The objects of a whole file: list of (kind, offset, size)."""
    with open(str(path), 'rb') as source:
        data = source.read()
    place, tail = (struct.unpack_from('<Q', data, offset)[0] for offset in (88, 136))
    found = []
    while True:
        size = struct.unpack_from('<Q', data, place + 8)[0]
        found.append((KINDS[data[place]], place, size))
        if place >= tail:
            return found
        place += size + -size % 8


def stored_compressed(path):
    """How many data objects of a file are compressed."""
    with open(str(path), 'rb') as source:
        data = source.read()
    return sum(kind == 'data' and bool(data[offset + 1] & 7) for kind, offset, _size in objects(path))
