# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program whose output is read as it comes.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import io
import os
import subprocess
import sys
import threading

BUFFER = 1 << 18
COMPLAINTS = 65536  # bytes of stderr that are kept


class Process:
    """A running program. A context manager: leaving it by an exception means to have had enough, and kills the program.

    `stdout` is its output as a buffered binary stream. After the context, `status` is its exit status and `stderr` the
    beginning of what it said there (bytes), whole lines only.
    """

    def __init__(self, arguments, stdin=None, environ=None, keep=(), heed=None):
        """:param arguments: list of str, no shell.
        :param keep: descriptors that the program is to have as well, under the same numbers.
        :param heed: function that says of a line of stderr (bytes, without its end) whether it is kept; None for all.

        Raises EnvironmentError when it cannot be started.
        """
        # Python 2 lets a program have all that are not marked otherwise.
        options = {'pass_fds': keep} if keep and sys.version_info >= (3,) else {}
        # run_command of AnsibleModule would hold all the output in memory.
        self._process = subprocess.Popen(  # pylint: disable=ansible-bad-function
            arguments, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ, **options)
        # Python 2's own file objects lose data when readline and read take turns.
        self.stdout = io.open(self._process.stdout.fileno(), 'rb', buffering=BUFFER, closefd=False)
        self.status, self.stderr, self._heed = None, b'', heed
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
        """Add lines to those kept, as long as there is room (bytes); what room is left.

        No part of a line is kept, unless the first alone fills the room.
        """
        for line in lines:
            if room and (self._heed is None or self._heed(line)):
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
        """Let the program end, and close what was open; the exit status. What it still had to say on stdout is lost."""
        if self.status is None:
            self.stdout.close()
            self._process.stdout.close()
            self.status = self._process.wait()
            self._drain.join()
            self._process.stderr.close()
        return self.status

    def kill(self):
        """End the program if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self.wait()
