# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journals that a real systemd-journald writes: rotated, killed in the middle, started anew, on a disk that is full.

journald runs in a mount namespace of its own, so that it finds its own /run, /var/log/journal, configuration and
machine id; its files and sockets lie in a folder of the test.
"""

import array
import concurrent.futures
import contextlib
import fcntl
import inspect
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import pytest
import reference
from journals import ACL, MACHINE, OF_WRITERS, SIGNATURES
from scanning import scan

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import triggers
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.reader import Journal
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.file import JournalFile

JOURNALD = [
    path for path in ('/usr/lib/systemd/systemd-journald', '/lib/systemd/systemd-journald') if os.path.exists(path)
]
CONFIGURATION = '''[Journal]
Storage=persistent
RateLimitIntervalSec=0
ReadKMsg=no
Audit=no
ForwardToSyslog=no
ForwardToWall=no
SystemMaxFileSize=%s
SystemMaxUse=%s
Compress=%s
'''
MOUNT = '''
mount --bind "$0/run" /run
mkdir -p /var/log/journal
mount --bind "$0/journal" /var/log/journal
mount --bind "$0/journald.conf" /etc/systemd/journald.conf
mount --bind "$0/machine-id" /etc/machine-id
exec "$@"
'''
SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
SECONDS = 20  # for what takes milliseconds
USER = 1000  # an ordinary user
# One that an ordinary user may run.
PYTHON = os.path.realpath(shutil.which('python3', path='/usr/bin') or sys.executable)


def native(folder, message, fields):
    """Log as sd_journal_send does: a datagram, or a file descriptor of a memory file for what is too long."""
    data = b''
    for name, value in dict({'PRIORITY': '4', 'SYSLOG_IDENTIFIER': 'app'}, MESSAGE=message, **fields).items():
        value = value if isinstance(value, bytes) else value.encode('utf-8')
        data += name.encode('ascii') + b'\n' + len(value).to_bytes(8, 'little') + value + b'\n'
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stream:
        stream.connect(os.path.join(folder, 'socket'))
        if len(data) < 100000:
            stream.send(data)
            return
        handle = os.memfd_create('message', os.MFD_ALLOW_SEALING)
        with open(handle, 'r+b', buffering=0) as memory:
            memory.write(data)
            fcntl.fcntl(handle, fcntl.F_ADD_SEALS, SEALS)
            stream.sendmsg([], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [handle]))])


def flood(folder, number):
    """Log many short messages, as fast as journald takes them."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stream:
        stream.connect(os.path.join(folder, 'socket'))
        for one in range(number):
            stream.send(b'MESSAGE=ordinary %d\nPRIORITY=6\n' % (one % 50))


def syslog(folder, tag, message):
    """Log as syslog(3) does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stream:
        stream.connect(os.path.join(folder, 'dev-log'))
        stream.send(('<28>Nov 22 16:01:20 %s[77]: %s' % (tag, message)).encode('utf-8'))


def stdout(folder, tag, message):
    """Log as the output of a unit does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
        stream.connect(os.path.join(folder, 'stdout'))
        stream.sendall(('%s\n\n4\n0\n0\n0\n0\n%s\n' % (tag, message)).encode('utf-8'))


class Journald:
    """A journald, and the ways to talk to it."""

    def __init__(self, compress='yes', largest='512K', most='64M', **environ):
        self.folder = tempfile.mkdtemp(prefix='jd')  # the path of a socket must be short
        self.journal = os.path.join(self.folder, 'journal')
        self._sockets = os.path.join(self.folder, 'run', 'systemd', 'journal')
        self._environ = dict(os.environ, **environ)
        # What the process that scans logs itself does not count, so another one talks.
        self._speaker = concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context('fork'))
        for path in (self.journal, self._sockets):
            os.makedirs(path)
        for name, text in (
            ('journald.conf', CONFIGURATION % (largest, most, compress)),
            ('machine-id', MACHINE + '\n'),
            ('run/systemd/journal/flushed', ''),  # as after systemd-journal-flush.service: write to /var at once
        ):
            with open(os.path.join(self.folder, name), 'w', encoding='ascii') as target:
                target.write(text)
        self._marks = 0
        self.start()

    def start(self):
        for name in ('socket', 'stdout', 'dev-log'):
            if os.path.lexists(os.path.join(self._sockets, name)):
                os.unlink(os.path.join(self._sockets, name))
        user = [] if os.geteuid() == 0 else ['--map-root-user']
        command = ['unshare', '--mount', '--propagation', 'private'] + user + ['sh', '-euc', MOUNT, self.folder]
        self._process = subprocess.Popen(
            command + [JOURNALD[0]],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # Which of them comes last differs between versions.
        self._wait(lambda: all(os.path.exists(os.path.join(self._sockets, name))
                               for name in ('socket', 'stdout', 'dev-log')))
        self.settle()

    def _wait(self, done):
        deadline = time.monotonic() + SECONDS
        while not done():
            assert time.monotonic() < deadline and self._process.poll() is None
            time.sleep(0.02)

    def native(self, message, **fields):
        self._speaker.submit(native, self._sockets, message, fields).result()

    def syslog(self, tag, message):
        self._speaker.submit(syslog, self._sockets, tag, message).result()

    def stdout(self, tag, message):
        self._speaker.submit(stdout, self._sockets, tag, message).result()

    def by_a_user(self, messages):
        """Log from a process of uid 1234, to whose own file journald writes what it says."""
        for folder in (self.folder, os.path.join(self.folder, 'run')):
            os.chmod(folder, 0o755)
        subprocess.run(
            ['logger', '-u', os.path.join(self._sockets, 'dev-log'), '-t', 'app'],
            input='\n'.join(messages), check=True, user=1234, group=1234, extra_groups=[], universal_newlines=True,
        )

    def flood(self, number):
        """Begin to log many messages; the future of their end."""
        return self._speaker.submit(flood, self._sockets, number)

    def own(self, message):
        """Log from this process, which is also the one that scans."""
        native(self._sockets, message, {})

    @contextlib.contextmanager
    def _speaking(self, function, arguments, program=None, **options):
        """Call one of the functions above in a process of its own, which lives until journald has looked at it."""
        code = 'import os, socket, sys\n%s\n%s(*%r)\nsys.stdin.read()\n' % (
            inspect.getsource(function), function.__name__, (self._sockets,) + arguments)
        begin = ['unshare', '--mount', '--propagation', 'private', 'sh', '-euc',
                 'mount -t tmpfs none "$1"; cp "$2" "$3"; shift 2; exec "$@"', 'sh', os.path.dirname(program), PYTHON] if program else []
        with subprocess.Popen(begin + [program or PYTHON, '-c', code], cwd='/', stdin=subprocess.PIPE, **options) as process:
            yield
            process.stdin.close()

    def by_user(self, function, *arguments):
        """Log as an ordinary user does."""
        number = len(self.rows('_UID=%d' % USER))
        with self._speaking(function, arguments, user=USER, group=USER, extra_groups=[]):
            self._wait(lambda: len(self.rows('_UID=%d' % USER)) > number)

    def by_root(self, program, function, *arguments):
        """Log as a program of root, from a file of this name."""
        with self._speaking(function, arguments, program):
            self._wait(lambda: self.rows('_EXE=' + program))

    def settle(self):
        """Wait until everything sent is in a file: a last message is."""
        self._marks += 1
        mark = 'mark %d' % self._marks
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                self.native(mark)
                break
            except (ConnectionRefusedError, FileNotFoundError):
                assert time.monotonic() < deadline
                time.sleep(0.02)
        self._wait(lambda: mark in [row.get('MESSAGE') for row in self.rows('--lines=50')])

    def rows(self, *arguments):
        return reference.rows('--directory=' + self.journal, *arguments)

    def files(self):
        """Names of the journal files."""
        return sorted(os.listdir(os.path.join(self.journal, MACHINE)))

    def signal(self, number):
        self._process.send_signal(number)

    def kill(self):
        self._process.kill()
        self._process.wait()

    def stop(self):
        self._process.terminate()
        self._process.wait()

    def close(self):
        if self._process.poll() is None:
            self.stop()
        self._speaker.shutdown()
        shutil.rmtree(self.folder)

    def check(self):
        """The scan agrees with the reference; returns the result."""
        result = scan(SIGNATURES, directory=self.journal)
        assert result['errors'] == []
        reference.agree(result, reference.find(SIGNATURES, self.rows()))
        return result

    def talk(self, number=20):
        """Some entries of every transport: three of each ten are known."""
        for one in range(number):
            self.native('something known %d' % one)
            self.native(ACL, SYSLOG_IDENTIFIER='systemd-tmpfiles')
            self.syslog('kernel', '<asm>:[INFO]forged')
            self.stdout('unit', 'something known')
            self.native('ordinary', _CMDLINE='something known', CODE_FUNC='something known')
            self.syslog('sudo', 'root : COMMAND=/bin/grep something known')
            self.native('\xff\0'.encode('latin-1') * 400 + b'something known\nin two lines')
            self.native('')
            self.syslog('app', 'ordinary %d' % one)
            self.stdout('unit', 'x' * 3000)
        self.settle()


@pytest.fixture(
    params=[
        ('yes', {}),
        ('no', {}),
        ('yes', {'SYSTEMD_JOURNAL_KEYED_HASH': '0', 'SYSTEMD_JOURNAL_COMPACT': '0'}),
    ],
    ids=['today', 'uncompressed', 'old'],
)
def journald(request):
    daemon = Journald(request.param[0], **request.param[1])
    yield daemon
    daemon.close()


def counts(result):
    return dict((row['id'], (row['count'], row['lookalikes']['count'])) for row in result['signatures'])


def test_a_running_journald(journald):
    """Its file is open for writing; scans one after the other add up."""
    first = journald.check()
    journald.talk()
    second = scan(SIGNATURES, directory=journald.journal, cursor=first['cursor'])
    whole = journald.check()
    assert first['entries'] + second['entries'] == whole['entries']
    assert counts(whole) == {'tmpfiles': (20, 0), 'kernel': (0, 20), 'anyone': (60, 0)}
    assert [row['machine_id'] for row in whole['machines']] == [MACHINE]


def test_a_busy_journald():
    """Whatever it writes while its file is opened: the file is not damaged, and nothing of it goes through journalctl."""
    journald = Journald(largest='64M')
    try:
        writing, opened, entries = journald.flood(30000), 0, 0
        path = os.path.join(journald.journal, MACHINE, 'system.journal')
        while not writing.done():
            with JournalFile(path) as file:
                assert file.entries >= entries
                opened, entries = opened + 1, file.entries
        assert opened
        writing, seen = journald.flood(10000), 0
        while not writing.done():
            result = scan(SIGNATURES, directory=journald.journal)
            assert (result['errors'], result['losses'], 'journalctl' in result['method']) == ([], [], False)
            assert result['entries'] >= seen
            seen = result['entries']
    finally:
        journald.close()


@pytest.mark.skipif(os.geteuid() != 0, reason='becomes another user')
def test_what_a_user_forges_counts_for_nothing():
    """By journald's own socket, by syslog and by the output of a program, as systemd-cat has it: each is a lookalike, with its source."""
    journald = Journald()
    try:
        # Each user's journal is a file of its own; a socket is for all on a real host as well.
        os.chmod(journald.folder, 0o755)
        for folder, _folders, names in os.walk(os.path.join(journald.folder, 'run')):
            os.chmod(folder, 0o755)
            for name in names:
                os.chmod(os.path.join(folder, name), 0o666)
        journald.by_user(native, ACL, {'SYSLOG_IDENTIFIER': 'systemd-tmpfiles', '_UID': '0', '_TRANSPORT': 'kernel'})
        journald.by_user(syslog, 'kernel', '<asm>:[INFO]forged')
        journald.by_user(syslog, 'gnome-software', 'something known')
        journald.by_user(stdout, 'gnome-software', 'something known')
        signatures = SIGNATURES + OF_WRITERS
        result = scan(signatures, directory=journald.journal)
        assert counts(result) == {'tmpfiles': (0, 1), 'kernel': (0, 1), 'anyone': (0, 2), 'desktop': (0, 2), 'root': (0, 2)}
        reference.agree(result, reference.find(signatures, journald.rows()))
        for row in result['signatures']:
            for sample in row['lookalikes']['samples']:
                assert sample['source']['uid'] == USER and '/python' in sample['source']['exe']

        read = Journal('journalctl', directory=journald.journal)
        started = {'MESSAGE_ID': triggers.UNIT_STARTED}
        journald.by_user(native, 'Started Tmpfiles.', dict(started, UNIT='systemd-tmpfiles-setup.service', _PID='1'))
        assert triggers.occasions(read, 'unit:systemd-tmpfiles-setup.service') == []
        journald.by_user(native, 'Reached target', dict(started, USER_UNIT='graphical-session.target'))
        opened = 'pam_unix(gdm-password:session): session opened for user x(uid=%d) by (uid=0)' % USER
        journald.by_user(syslog, 'gdm-password]', opened)
        journald.by_user(native, 'Reached target', dict(started, USER_UNIT='graphical-session.target'))
        assert triggers.occasions(Journal('journalctl', directory=journald.journal), 'login') == []
        journald.by_root('/usr/libexec/gdm-session-worker', syslog, 'gdm-password]', opened)
        journald.by_user(native, 'Reached target', dict(started, USER_UNIT='graphical-session.target'))
        assert len(triggers.occasions(Journal('journalctl', directory=journald.journal), 'login')) == 1
    finally:
        journald.close()


def test_a_users_file_holds_the_numbers_that_the_systems_lack(journald):
    """One count for all files: what a user writes lies between two files of the system."""
    journald.by_a_user(['of a user %d' % number for number in range(40)])
    journald.settle()
    for number in range(3):
        journald.native('first')
        journald.signal(signal.SIGUSR2)
        journald.settle()
        journald.by_a_user(['of a user %d' % number for number in range(40)])
    journald.settle()
    result = journald.check()
    assert any(name.startswith('user-1234') for name in journald.files())
    assert [row for row in result['losses'] if row['kind'] == 'missing-entries'] == []
    journald.stop()
    # Without a file of the middle the numbers are missing that it alone had.
    gone = sorted(path for path in result['files'] if os.path.basename(path).startswith('system@'))[1]
    number = len(reference.rows('--file=' + gone))
    os.unlink(gone)
    rows = [row for row in scan(SIGNATURES, directory=journald.journal)['losses'] if row['kind'] == 'missing-entries']
    assert [(row['lost'], 'their file is gone' in row['detail']) for row in rows] == [(number, True)]


def test_what_the_scan_itself_logs_is_no_match(journald):
    """Nor are the command lines of others; what others say is."""
    before = journald.check()
    journald.own('something known')
    journald.own('<asm>:[INFO]x')
    journald.syslog('app', 'something known')
    journald.settle()
    after = scan(SIGNATURES, directory=journald.journal)
    assert after['entries'] == before['entries'] + 4
    assert counts(after) == {'tmpfiles': (0, 0), 'kernel': (0, 0), 'anyone': (1, 0)}


@pytest.mark.parametrize('compress', ['yes', 'no'])
def test_long_messages_come_through_a_memory_file(compress):
    journald = Journald(compress, largest='16M')
    try:
        for number in range(3):
            journald.native('x' * 2**20 + 'something known %d' % number)
        journald.native(b'\0' * 2**20 + b'something known')
        journald.settle()
        assert counts(journald.check())['anyone'] == (4, 0)
    finally:
        journald.close()


def test_rotation_and_vacuum(journald):
    cursor, entries = '', 0
    for _round in range(4):
        journald.talk(5)
        result = scan(SIGNATURES, directory=journald.journal, cursor=cursor)
        cursor, entries = result['cursor'], entries + result['entries']
        journald.signal(signal.SIGUSR2)
        journald.settle()
    whole = journald.check()
    rest = scan(SIGNATURES, directory=journald.journal, cursor=cursor)
    assert entries + rest['entries'] == whole['entries']
    assert counts(whole)['anyone'] == (60, 0)
    archived = [name for name in journald.files() if '@' in name]
    assert len(archived) >= 4
    # What a cursor points to is vacuumed: all that is left is new.
    old = reference.rows('--file=' + os.path.join(journald.journal, MACHINE, archived[0]))[-1]['__CURSOR']
    for name in archived[:2]:
        os.unlink(os.path.join(journald.journal, MACHINE, name))
    left = journald.check()
    assert scan(SIGNATURES, directory=journald.journal, cursor=old)['entries'] == left['entries'] < whole['entries']


def test_rotation_while_scans_run(journald):
    cursor, entries, seen = '', 0, 0
    for _round in range(12):
        journald.talk(2)
        journald.signal(signal.SIGUSR2)
        for _scan in range(3):  # before, while and after the file gets its new name
            result = scan(SIGNATURES, directory=journald.journal, cursor=cursor)
            cursor, entries = result['cursor'], entries + result['entries']
            whole = scan(SIGNATURES, directory=journald.journal)
            assert whole['entries'] >= seen
            seen = whole['entries']
            assert result['errors'] == whole['errors'] == []
    journald.settle()
    rest = scan(SIGNATURES, directory=journald.journal, cursor=cursor)
    assert entries + rest['entries'] == journald.check()['entries']
    assert counts(journald.check())['anyone'] == (72, 0)


def test_a_journald_that_was_killed(journald):
    """Its file stays marked as online; the next journald moves it out of the way, to a name with a tilde."""
    journald.talk(5)
    journald.kill()
    assert counts(journald.check())['anyone'] == (15, 0)
    journald.start()
    journald.talk(5)
    assert [name for name in journald.files() if name.endswith('.journal~')]
    assert counts(journald.check())['anyone'] == (30, 0)


def test_many_small_files(journald):
    """The limit for a file is half a megabyte, so that journald rotates by itself."""
    for number in range(400):
        journald.native('something known %d ' % number + os.urandom(2000).hex())
    journald.settle()
    assert len(journald.files()) >= 3
    assert counts(journald.check())['anyone'] == (400, 0)


def test_what_journald_vacuums_is_gone_and_nothing_else():
    journald = Journald(most='2M')
    try:
        for number in range(1500):
            journald.native('something known %d ' % number + os.urandom(1000).hex())
        journald.settle()
        assert 100 < counts(journald.check())['anyone'][0] < 1500
    finally:
        journald.close()
