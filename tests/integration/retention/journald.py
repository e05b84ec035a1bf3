# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real systemd-journald in a mount namespace of its own, with its own configuration, /run and /var/log/journal."""
import glob
import os
import shutil
import socket
import subprocess
import tempfile
import time

JOURNALD = [path for path in ('/usr/lib/systemd/systemd-journald', '/lib/systemd/systemd-journald')
            if os.path.exists(path)]
JOURNAL_REMOTE = '/usr/lib/systemd/systemd-journal-remote'
MACHINE = '0639' * 8
MOUNT = '''
mount --bind "$0/etc" /etc/systemd
mount --bind "$0/machine-id" /etc/machine-id
mount --bind "$0/run" /run
mount -t tmpfs none /var/log
[ -e "$0/volatile" ] || { mkdir /var/log/journal; mount --bind "$0/journal" /var/log/journal; }
exec "$@"
'''
SECONDS = 20  # for what takes milliseconds


class Journald:
    """A journald, and the namespace it lives in: `wrap` is the command line that runs another command there."""

    def __init__(self, main='', drop_ins=(), persistent=True):
        """:param main: text behind [Journal] in journald.conf; drop_ins: pairs of name and such text."""
        self.folder = tempfile.mkdtemp(prefix='jr')  # the path of a socket must be short
        self.journal = os.path.join(self.folder, 'journal', MACHINE)
        self._sockets = os.path.join(self.folder, 'run', 'systemd', 'journal')
        for path in (self.journal, self._sockets, os.path.join(self.folder, 'etc', 'journald.conf.d')):
            os.makedirs(path)
        self._write('etc/journald.conf', '[Journal]\nRateLimitIntervalSec=0\nReadKMsg=no\nAudit=no\n' + main)
        for name, text in drop_ins:
            self._write('etc/journald.conf.d/' + name, '[Journal]\n' + text)
        self._write('machine-id', MACHINE + '\n')
        self._write('run/systemd/journal/flushed', '')  # as after systemd-journal-flush.service
        if not persistent:
            self._write('volatile', '')
        self._process = subprocess.Popen(  # pylint: disable=consider-using-with
            ['unshare', '--mount', '--propagation', 'private', 'sh', '-euc', MOUNT, self.folder, JOURNALD[0]],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wrap = ['nsenter', '--mount', '--target', str(self._process.pid)]
        # Which of its two sockets comes first differs between versions.
        self._wait(lambda: all(os.path.exists(os.path.join(self._sockets, name)) for name in ('stdout', 'socket')))

    def _write(self, name, text):
        with open(os.path.join(self.folder, name), 'w', encoding='ascii') as target:
            target.write(text)

    def _wait(self, done):
        deadline = time.monotonic() + SECONDS
        while not done():
            assert time.monotonic() < deadline and self._process.poll() is None
            time.sleep(0.02)

    def log(self, *messages):
        """Log as sd_journal_send does, and wait until the last is there."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stream:
            stream.connect(os.path.join(self._sockets, 'socket'))
            for message in messages:
                stream.send(b'MESSAGE=%s\nPRIORITY=6\nSYSLOG_IDENTIFIER=test\n' % message)
            stream.send(b'MESSAGE=the last one of %d\n' % len(messages))
        self._wait(lambda: b'the last one of %d' % len(messages) in self.journalctl('--lines=1', '--output=cat'))

    def journalctl(self, *options):
        return subprocess.run(self.wrap + ['journalctl', '--quiet', '--no-pager', '--directory=/var/log/journal']
                              + list(options), stdout=subprocess.PIPE, check=False).stdout

    def import_days(self, days, a_day=50, size=2000):
        """Put entries of so many days until now beside the journal, in an archived file."""
        now = int(time.time())
        path = os.path.join(self.journal, 'system@%s-0000000000000001-%016x.journal' % ('0' * 31 + '1', now))
        process = subprocess.Popen([JOURNAL_REMOTE, '--output=' + path, '--compress=no', '-'], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with process:
            for number in range(days * a_day):
                at = (now - days * 86400 + number * 86400 // a_day) * 1000000
                process.stdin.write(
                    b'__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%032x\n_MACHINE_ID=%s\n'
                    b'MESSAGE=%d %s\n\n' % (at, number + 1, 7, MACHINE.encode(), number, b'x' * size))
            process.stdin.close()
        assert process.returncode == 0
        return now - days * 86400

    def bytes_on_disk(self):
        return sum(os.stat(path).st_blocks * 512 for path in glob.glob(self.journal + '/*.journal*'))

    def stop(self):
        self._process.terminate()
        self._process.wait(SECONDS)
        shutil.rmtree(self.folder)
