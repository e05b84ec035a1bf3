# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands and tells what they took: seconds, processor time, memory.

Memory is anonymous memory (Pss_Anon and Pss_Shmem of /proc/PID/smaps_rollup, Linux 5.4 and later) of the command and
all it starts, together, at the moment when that is most. A page of a mapped file does not count: it is the kernel's,
and given back when needed; the peak that getrusage() tells has it in it. A page that a process still shares with the
one it was forked from counts once; RssAnon of /proc/PID/status would count it for both. Nothing keeps the peak of
anonymous memory, so it is looked at every few milliseconds, in a round of its own that no time is taken of, and what
comes and goes between two looks is missed.
"""

import collections
import os
import re
import statistics
import subprocess
import tempfile
import time

LOOK = 0.003  # seconds between two looks at memory
ANONYMOUS = re.compile(rb'^Pss_(?:Anon|Shmem):\s*(\d+) kB', re.MULTILINE)

# seconds of the clock; cpu: seconds of user and system of the command and all it waited for; memory: MiB, or None.
Run = collections.namedtuple('Run', 'seconds cpu memory output')
# What several runs say of a row: medians of seconds and of cpu / seconds, peak in MiB.
Figures = collections.namedtuple('Figures', 'seconds cores memory')


class Failed(Exception):
    """A command failed, or gave another answer than it should."""


def run(command, given='', environ=None, memory=False):
    """Run a command (list of str) to its end; a Run.

    given: its standard input (text). memory: whether to look at its memory, which disturbs the time.
    Raises Failed when its exit status is not 0.
    """
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin.write(given.encode('utf-8'))
        stdin.seek(0)
        begin = time.monotonic()
        # A session of its own tells which processes belong to it.
        process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr, env=environ,
                                   start_new_session=True)
        peak = _watch(process.pid) if memory else None
        status, usage = os.wait4(process.pid, 0)[1:]
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (stdout, stderr):
            stream.seek(0)
        output = stdout.read().decode('utf-8', 'replace')
        if process.returncode:
            raise Failed('%s ended with status %d: %s%s' % (
                ' '.join(command)[:200], process.returncode, output[-1500:],
                stderr.read().decode('utf-8', 'replace')[-1500:]))
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak, output)


def unshared(*namespaces):
    """The beginning of a command line that gives what follows namespaces of its own (list of str)."""
    user = [] if os.geteuid() == 0 else ['--map-root-user']
    return ['unshare'] + ['--' + name for name in namespaces] + ['--propagation', 'private'] + user


def _watch(session):
    """Look at the processes of a session until its first one has ended; the peak in MiB."""
    with open('/proc/self/smaps_rollup', 'rb') as source:
        if not ANONYMOUS.search(source.read()):
            raise Failed('this kernel does not tell Pss_Anon in /proc/PID/smaps_rollup; measure on Linux 5.4 or later')
    peak, strangers = 0, set()
    while not os.waitid(os.P_PID, session, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        total = 0
        for name in os.listdir('/proc'):
            if name.isdigit() and name not in strangers:
                try:
                    if os.getsid(int(name)) != session:
                        strangers.add(name)
                        continue
                    with open('/proc/%s/smaps_rollup' % name, 'rb') as source:
                        total += sum(int(size) for size in ANONYMOUS.findall(source.read()))
                except (FileNotFoundError, ProcessLookupError):
                    pass  # it has just ended
        peak = max(peak, total)
        time.sleep(LOOK)
    return peak / 1024


def measure(rows, rounds, environ, say=lambda text: None):
    """Run rows (see peers.py) in turns: {name: Figures}.

    A round before the first fills the caches and is for memory. Raises Failed when an answer is not what it should be.
    """
    runs, peaks = {row.name: [] for row in rows}, {}
    for number in range(rounds + 1):
        for row in rows:
            taken = run(row.command, row.given, environ, memory=not number)
            row.check(taken.output)
            say('%s: %.2f s' % (row.name, taken.seconds))
            if number:
                runs[row.name].append(taken)
            else:
                peaks[row.name] = taken.memory
    return {name: Figures(statistics.median(one.seconds for one in taken),
                          statistics.median(one.cpu / one.seconds for one in taken), peaks[name])
            for name, taken in runs.items()}
