# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Has the real rsyslogd write messages until all are there, and counts them. A program: rsyslogd.py PLAN

PLAN is a JSON file with `config` and `drop_ins` (what is to be /etc/rsyslog.conf and /etc/rsyslog.d), `journal` (a
folder to be the journal, or null), `wire` (a file to send by TCP, or null), `lines` and `received` (numbers to wait
for). Prints {path: lines} of what is in /var/log in the end, and under '' the lines that a collector on port 514 got.

It is to be run in namespaces of its own for mounts and network, so that all paths and ports are the real ones and
nothing of it stays; /var/log and the work directory of rsyslogd are in memory. Standard library only.
"""

import collections
import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time

LOOK = 0.01  # seconds between two looks at the files
PATIENCE = 20  # seconds without any progress
INPUT_PORT, COLLECTOR_PORT = 10514, 514
SIOCSIFFLAGS, IFF_UP = 0x8914, 1  # netdevice(7)


class Files:
    """Counts the lines of all files below /var/log as they grow."""

    def __init__(self):
        self.lines = collections.Counter()
        self._streams = {}

    def look(self):
        for folder, folders, names in os.walk('/var/log'):
            folders[:] = [name for name in folders if name != 'journal']
            for name in names:
                path = os.path.join(folder, name)
                if path not in self._streams:
                    self._streams[path] = open(path, 'rb', buffering=0)  # until this program ends
                for chunk in iter(lambda stream=self._streams[path]: stream.read(1 << 20), b''):
                    self.lines[path] += chunk.count(b'\n')
        return sum(self.lines.values())


class Collector:
    """Counts the lines that come to COLLECTOR_PORT by TCP."""

    def __init__(self):
        self._counts = []
        self._server = socket.create_server(('127.0.0.1', COLLECTOR_PORT))
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def lines(self):
        return sum(sum(count) for count in self._counts)

    def _run(self):
        """A queue that goes to the disk sends what is in memory and what is not by connections of their own."""
        while True:
            self._counts.append([0])
            threading.Thread(target=self._drain, args=(self._server.accept()[0], self._counts[-1]), daemon=True).start()

    @staticmethod
    def _drain(connection, count):
        rest, mark = b'', None
        for chunk in iter(lambda: connection.recv(1 << 20), b''):
            # With its length before it, a message has no line feed behind it, but PRI, VERSION and year in front.
            mark = mark or (b'\n' if chunk.startswith(b'<') else b'>1 20')
            count[0] += (rest + chunk).count(mark)
            rest = (rest + chunk)[1 - len(mark):] if len(mark) > 1 else b''


def prepare(plan):
    """Mount what rsyslogd is to see, and have a network of its own."""
    def mount(*arguments):
        subprocess.run(('mount',) + arguments, check=True)

    for path in ('/run', '/var/log', '/var/lib'):
        mount('-t', 'tmpfs', 'none', path)
    os.mkdir('/var/lib/rsyslog')
    mount('--bind', plan['config'], '/etc/rsyslog.conf')
    mount('--bind', plan['drop_ins'], '/etc/rsyslog.d')
    if plan['journal']:
        with open('/etc/machine-id', encoding='ascii') as source:
            folder = '/var/log/journal/' + source.read().strip()
        os.makedirs(folder)
        mount('--bind', plan['journal'], folder)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack('16sH14x', b'lo', IFF_UP))


def start():
    """Start rsyslogd and return it when it is ready."""
    rsyslogd = shutil.which('rsyslogd', path=os.environ['PATH'] + ':/usr/sbin')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind('/run/ready')
        ready.settimeout(PATIENCE)
        daemon = subprocess.Popen([rsyslogd, '-n', '-iNONE'], stdin=subprocess.DEVNULL, stdout=sys.stderr,
                                  env=dict(os.environ, NOTIFY_SOCKET='/run/ready'))
        while b'READY=1' not in ready.recv(4096):
            pass
    return daemon


def feed(path):
    """Send a file to rsyslogd."""
    with socket.create_connection(('127.0.0.1', INPUT_PORT)) as connection, open(path, 'rb') as source:
        connection.sendfile(source)


def wait(plan, daemon, files, collector):
    """Wait until all is there that is planned. Ends this program when nothing more comes."""
    before, progress = None, time.monotonic()
    while True:
        there = files.look(), collector.lines
        if there[0] >= plan['lines'] and there[1] >= plan['received']:
            return
        if there != before:
            before, progress = there, time.monotonic()
        if time.monotonic() - progress > PATIENCE or daemon.poll() is not None:
            sys.exit('rsyslogd does not get on: %s of %d lines, %d of %d received'
                     % (dict(files.lines), plan['lines'], collector.lines, plan['received']))
        time.sleep(LOOK)


def main(path):
    with open(path, encoding='utf-8') as source:
        plan = json.load(source)
    prepare(plan)
    files, collector = Files(), Collector()
    daemon = start()
    try:
        if plan['wire']:
            threading.Thread(target=feed, args=(plan['wire'],), daemon=True).start()
        wait(plan, daemon, files, collector)
    finally:
        # A gentle end would take up to a second, by chance, and all is written.
        daemon.kill()
        daemon.wait(PATIENCE)
    files.look()
    print(json.dumps(dict(files.lines, **{'': collector.lines})))


if __name__ == '__main__':
    main(sys.argv[1])
