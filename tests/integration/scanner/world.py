# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the journals of histories.yml with systemd-journal-remote and looks into them as a survey does. A program: world.py < JSON > JSON.

It runs in a mount namespace of its own, where /var/log/journal and the boot id are its own too. Each look happens in a process whose
monotonic clock is that of the boot which runs then, so that all of it is read as the journal of this very host.
"""

import ctypes
import json
import os
import shutil
import struct
import sys
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import scan, triggers
from journals import entry, header, objects, write

DAY = 86400
CLONE_NEWTIME = 0x80
WRITER, TAIL_SEQNUM, HEAD_SEQNUM, ENTRY_SEQNUM = 72, 160, 168, 16  # offsets in a file, and in an entry of it
# A host writes something all the time.
HEARTBEAT = 3 * 3600
JOURNALCTL = shutil.which('journalctl')
with open('/etc/machine-id', encoding='ascii') as source:
    MACHINE = source.read().strip()
JOURNAL = '/var/log/journal/' + MACHINE
# What stands there is bound over /proc/sys/kernel/random/boot_id.
BOOT_ID = os.environ['WORLD_BOOT_ID']


class Host:
    """What happened on a host, by the second; 0 is when the remedy came into force."""

    def __init__(self, world, looked):
        """:param world: {boots: [[from, to], ...], asleep: [[from, to], ...], clock: [[when, set by], ...]}, in seconds.
        :param looked: when the host is looked at for the second time, which is now.
        """
        self.boots = [(begin, min(end, looked)) for begin, end in world['boots'] if begin < looked]
        self.asleep, self.clock = world.get('asleep', ()), world.get('clock', ())
        self.now, self.looked = time.time(), looked

    def boot_of(self, second):
        """The number of the boot that runs at a time."""
        found = [number for number, (begin, end) in enumerate(self.boots) if begin <= second <= end]
        assert found, 'the host is off at %s' % (second / DAY)
        return found[0]

    def fields(self, second):
        """When this is by both clocks, in which boot."""
        number = self.boot_of(second)
        begin = self.boots[number][0]
        slept = sum(max(min(end, second) - max(first, begin), 0) for first, end in self.asleep)
        assert not any(first < second < end for first, end in self.asleep), 'the host sleeps at %s' % (second / DAY)
        set_by = sum(by for when, by in self.clock if when <= second) - sum(by for when, by in self.clock)
        return {'__REALTIME_TIMESTAMP': str(int((self.now - self.looked + second + set_by) * 1000000)),
                '__MONOTONIC_TIMESTAMP': str(int((second - begin - slept + 1) * 1000000)),
                '_BOOT_ID': '%032x' % (number + 1), '_MACHINE_ID': MACHINE}

    def heartbeat(self):
        """Entries of no signature: when each boot begins and ends, some time between, and as the remedy is made."""
        for second in (0, 1):
            yield second, {'MESSAGE': 'ordinary', 'SYSLOG_IDENTIFIER': 'kernel'}
        for begin, end in self.boots:
            seconds = [begin + step * HEARTBEAT for step in range(int((end - begin) // HEARTBEAT) + 1)] + [end]
            for second in seconds:
                if not any(first < second < last for first, last in self.asleep):
                    yield second, {'MESSAGE': 'ordinary', 'SYSLOG_IDENTIFIER': 'kernel'}

    def write(self, path, events, first, last):
        """Write what happened between two times."""
        told = sorted(((second, fields) for events_of in (events, self.heartbeat()) for second, fields in events_of
                       if first <= second <= last), key=lambda event: event[0])
        entries = []
        for second, given in told:
            fields = dict({'_TRANSPORT': 'journal', '_UID': '0'}, **self.fields(second))
            fields.update(given)
            entries.append(entry(fields.pop('MESSAGE'), **fields))
        write(path, entries)


def go_on(path, following):
    """Make a file the next of the same writer, as journald's are: the same id, and numbers that go on where entries were removed."""
    with open(path, 'rb') as source:
        source.seek(WRITER)
        writer = source.read(16)
    more = header(path, TAIL_SEQNUM) + 1000
    with open(following, 'r+b') as target:
        target.seek(WRITER)
        target.write(writer)
        for place in [TAIL_SEQNUM, HEAD_SEQNUM] + [offset + ENTRY_SEQNUM for kind, offset, _size in objects(following) if kind == 'entry']:
            target.seek(place)
            number, = struct.unpack('<Q', target.read(8))
            target.seek(place)
            target.write(struct.pack('<Q', number + more))


def run_boot(boot):
    """Have this be the boot that runs. systemd-journal-remote asks for it, too."""
    with open(BOOT_ID, 'w', encoding='ascii') as target:
        target.write('-'.join((boot[:8], boot[8:12], boot[12:16], boot[16:20], boot[20:])) + '\n')


def in_boot(host, second, action):
    """What a function returns in a process of its own, whose boot and monotonic clock are those of the host at that time."""
    fields = host.fields(second)
    run_boot(fields['_BOOT_ID'])
    assert ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWTIME) == 0, os.strerror(ctypes.get_errno())
    with open('/proc/self/timens_offsets', 'w', encoding='ascii') as target:
        target.write('monotonic %d 0\n' % (int(fields['__MONOTONIC_TIMESTAMP']) / 1e6 - time.monotonic() + 1))
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with os.fdopen(writing, 'w', encoding='utf-8') as target:
            json.dump(action(), target)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding='utf-8') as answer:
        text = answer.read()
    assert os.waitpid(child, 0)[1] == 0
    return json.loads(text)


def look(one):
    """What the host tells at the remedy and at the second look."""
    host = Host(one['world'], one['looked'])
    path = os.path.join(JOURNAL, 'system.journal')
    shutil.rmtree(JOURNAL, ignore_errors=True)
    os.makedirs(JOURNAL)
    events = one['events']
    run_boot(host.fields(0)['_BOOT_ID'])
    host.write(path, events, one.get('kept_before', -1e9), 0)
    names, signatures = one['triggers'], one['signatures']
    before = in_boot(host, 0, lambda: scan.look(JOURNALCTL, signatures))
    cursor = before['cursor']
    if 'kept_after' in one:
        following = os.path.join(JOURNAL, 'next.journal')
        host.write(following, events, one['kept_after'], one['looked'])
        go_on(path, following)
        os.remove(path)
    else:
        host.write(path, events, 0.001, one['looked'])

    def second_look():
        return {'scan': scan.look(JOURNALCTL, signatures, cursor=cursor),
                'triggers': triggers.describe(JOURNALCTL, names, cursor=cursor)}
    after = in_boot(host, one['looked'], second_look)
    return dict(after, before=before, at=host.fields(0), boot_id=host.fields(one['looked'])['_BOOT_ID'])


if __name__ == '__main__':
    json.dump([look(one) for one in json.load(sys.stdin)], sys.stdout)
