# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs programs with a time limit: to the end by run(), or by Process, whose output is read as it comes.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import codecs
import contextlib
import errno
import io
import os
import select
import signal
import subprocess
import sys
import threading
import time

BUFFER = 1 << 18
COMPLAINTS = 65536  # bytes of stderr that are kept
SECONDS = 90        # as long as systemd itself gives a job (DefaultTimeoutStartSec)
SILENCE = 3600      # seconds without a byte of output; a search in a large journal may find nothing for long


class Unfinished(EnvironmentError):
    """A program was killed because it did not end or write anything in time. `strerror` says which, and how long."""

    def __init__(self, arguments, did, seconds):
        super(Unfinished, self).__init__(
            errno.ETIMEDOUT, '%s %s within %g seconds and was killed' % (' '.join(arguments), did, seconds))

    def __str__(self):
        return str(self.strerror)


def now():
    """Return the seconds of a monotonic clock (float)."""
    return os.times()[4]


def run(arguments, seconds=SECONDS, environ=None, cwd=None, raw=False):
    """Run a program to its end, without a shell or a terminal. Return (exit status, stdout, stderr).

    :param seconds: how long it has. Then it is killed with all it started, and Unfinished is raised.
    :param environ: what its environment has (dict) besides ours and LC_ALL=C.
    :param raw: bytes instead of str, in which a byte that is no UTF-8 is written as \\xEF.

    Raises EnvironmentError when it cannot be started.
    """
    environ = dict(os.environ, LC_ALL='C', **(environ or {}))
    with open(os.devnull, 'rb') as nothing:
        # run_command of AnsibleModule waits for ever. A group of its own is what can be killed as a whole.
        process = subprocess.Popen(  # pylint: disable=ansible-bad-function,subprocess-popen-preexec-fn
            arguments, stdin=nothing, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ, cwd=cwd,
            close_fds=True, preexec_fn=os.setsid)
    texts = [], []
    said = dict(zip((process.stdout.fileno(), process.stderr.fileno()), texts))
    end = now() + seconds
    try:
        while True:
            ended = process.poll() is not None
            # What a daemon that it started holds open never ends: then what is there is all.
            ready = _ready(list(said), 0.05 if ended else min(0.2, max(0, end - now())))
            for descriptor in ready:
                chunk = os.read(descriptor, 65536)
                if chunk:
                    said[descriptor].append(chunk)
                else:
                    del said[descriptor]
            if ended and not ready:
                break
            if now() > end:
                raise Unfinished(arguments, 'did not end', seconds)
            if not said:
                time.sleep(0.01)
    finally:
        if process.poll() is None:
            _kill(process)
        process.stdout.close()
        process.stderr.close()
    return (process.returncode,) + tuple(b''.join(one) if raw else _native(b''.join(one)) for one in texts)


@contextlib.contextmanager
def background(arguments, output, seconds):
    """Context manager: a program that runs during the block and is ended with it (subprocess.Popen, for poll()).

    :param output: path of the file that gets what it says.
    :param seconds: after which it is killed, also where we are killed first.

    Raises EnvironmentError when it cannot be started.
    """
    environ = dict((name, value) for name, value in os.environ.items() if name != 'NOTIFY_SOCKET')
    command = ['timeout', '-s', 'KILL', str(seconds)] + list(arguments)
    with open(output, 'wb') as said, open(os.devnull, 'rb') as nothing:
        process = subprocess.Popen(  # pylint: disable=ansible-bad-function
            command, stdin=nothing, stdout=said, stderr=said, cwd='/', env=dict(environ, LC_ALL='C'))
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()  # `timeout` sees to it


def _ready(descriptors, seconds):
    """Return the descriptors that become readable, or end, within this time."""
    if not descriptors:
        return []
    try:
        return select.select(descriptors, [], [], seconds)[0]
    except select.error as error:  # Python 2 does not begin again after a signal
        if error.args[0] != errno.EINTR:
            raise
        return []


def _kill(process):
    """Kill the process group that a program leads. A program that does not die is not waited for."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except EnvironmentError:
        pass
    end = now() + 5
    while process.poll() is None and now() < end:
        time.sleep(0.01)


def text(data):
    """Return what a program prints (bytes) as text that can be written anywhere: a byte that is no UTF-8 becomes \\xEF."""
    return data.decode('utf-8', 'log_hygiene.bytes')


def _escaped(error):
    """What 'backslashreplace' does for decoding, in Python 2 as well."""
    return u''.join(u'\\x%02x' % byte for byte in bytearray(error.object[error.start:error.end])), error.end


codecs.register_error('log_hygiene.bytes', _escaped)


def _native(data):
    """Return bytes as the str of this Python, as text() has them."""
    return text(data).encode('utf-8') if str is bytes else text(data)


class _TimedReader(io.FileIO):
    """A descriptor to read from, with a limit on how long the other end may be silent."""

    def __init__(self, descriptor, arguments, silence):
        super(_TimedReader, self).__init__(descriptor, 'rb', closefd=False)
        self._arguments, self._silence = arguments, silence

    def readinto(self, buffer):
        self._wait()
        return super(_TimedReader, self).readinto(buffer)

    def read(self, size=-1):  # what Python 2 calls to read all
        if size < 0:
            return self.readall()
        self._wait()
        return super(_TimedReader, self).read(size)

    def readall(self):
        chunks = []
        while not chunks or chunks[-1]:
            self._wait()
            chunks.append(os.read(self.fileno(), BUFFER))
        return b''.join(chunks)

    def _wait(self):
        end = now() + self._silence
        while not _ready([self.fileno()], max(0, end - now())):
            if now() >= end:
                raise Unfinished(self._arguments, 'did not say anything', self._silence)


class Process:
    """A running program. A context manager: leaving it by an exception kills the program.

    `stdout` is its output as a buffered binary stream. After the context, `status` is its exit status and `stderr` the
    beginning of what it said there (bytes), whole lines only.
    """

    def __init__(self, arguments, stdin=None, environ=None, keep=(), keep_line=None, silence=SILENCE):
        """:param arguments: list of str, no shell.
        :param keep: descriptors that the program is to have as well, under the same numbers.
        :param keep_line: function that returns whether a line of stderr (bytes, without its end) is kept; None for all.
        :param silence: after how many seconds without output reading `stdout` raises Unfinished.

        Raises EnvironmentError when it cannot be started.
        """
        # Python 2 lets a program have all that are not marked otherwise.
        options = {'pass_fds': keep} if keep and sys.version_info >= (3,) else {}
        # run_command of AnsibleModule would hold all the output in memory.
        self._process = subprocess.Popen(  # pylint: disable=ansible-bad-function
            arguments, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ, **options)
        # Python 2's own file objects lose data when readline and read take turns.
        self.stdout = io.BufferedReader(_TimedReader(self._process.stdout.fileno(), arguments, silence), BUFFER)
        self.status, self.stderr, self._keep_line = None, b'', keep_line
        # The program must never wait for us to read its stderr, while we wait for its stdout.
        self._drain = threading.Thread(target=self._read_stderr)
        self._drain.start()

    def _read_stderr(self):
        kept, room, begun = [], COMPLAINTS, b''
        for chunk in iter(lambda: os.read(self._process.stderr.fileno(), 4096), b''):
            lines = (begun + chunk).split(b'\n')
            begun = lines.pop()[:COMPLAINTS]  # a line may have no end
            room = self._keep(lines, kept, room)
        self._keep([begun] if begun else [], kept, room)
        self.stderr = b''.join(kept)

    def _keep(self, lines, kept, room):
        """Append lines to those kept while there is room (bytes). Return the room that is left.

        No part of a line is kept, unless the first alone fills the room.
        """
        for line in lines:
            if room and (self._keep_line is None or self._keep_line(line)):
                if len(line) >= room:
                    kept.extend([] if kept else [line[:room]])
                    return 0
                kept.append(line + b'\n')
                room -= len(line) + 1
        return room

    def __enter__(self):
        return self

    def __exit__(self, exception, _value, _traceback):
        if exception is not None:
            self._process.kill()
        self.wait()

    def wait(self):
        """Wait for the program to end, and close its streams. Return the exit status. Unread stdout is lost."""
        if self.status is None:
            self.stdout.close()
            self._process.stdout.close()
            self.status = self._process.wait()
            self._drain.join()
            self._process.stderr.close()
        return self.status

    def kill(self):
        """Kill the program if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self.wait()
