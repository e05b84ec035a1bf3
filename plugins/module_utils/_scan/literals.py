# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds where literals occur in a file, such as a journal.

grep finds a thousand literals as fast as one, hardly slower than the bytes can be read. Without grep, each literal costs
a search of its own. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import fcntl
import heapq
import os
import re
import threading

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.process import Process

CHUNK = 1 << 18
SHORTEST = 8  # bytes of a needle that are left
# Hits gathered before any is looked at: grep and this process take turns, and do not keep two cores busy.
GATHERED = 1 << 17
# Not -z, though NULs abound: with it, grep leaves blocks of NULs out of its count of bytes. So it holds what comes
# without a newline, but no more than this.
MEMORY = 48 << 10  # KiB
GREP = 'ulimit -v %d && exec grep -aboF -f "$0"' % MEMORY
MATCHED, NOTHING_MATCHED = 0, 1  # exit status of grep; anything else means that it could not do it
# A pattern of grep is one line, and bytes that are not UTF-8 become U+FFFD only when a message is decoded.
UNSEARCHABLE = re.compile(u'[\n\ufffd]')


def needle(literal):
    """Return the bytes to search for, so that every text with a literal (unicode) is found."""
    return max(UNSEARCHABLE.split(literal), key=len).encode('utf-8')


def shortened(needles, sample):
    """Return needles (list of bytes) without the part before their rarest byte, because grep searches for that first.

    :param sample: bytes of what is to be searched.
    """
    frequency = collections.Counter(bytearray(sample))
    shorter = set()
    for one in needles:
        begins = range(max(1, len(one) - SHORTEST + 1))
        values = bytearray(one)
        shorter.add(one[min(begins, key=lambda place, values=values: (frequency[values[place]], place)):])
    return sorted(shorter)


def occurrences(source, needles, begin, mapped):
    """Yield where the needles occur, in ascending order. Of overlapping occurrences, perhaps only the first.

    :param source: the open file, with a descriptor. Its position is moved.
    :param needles: list of bytes, none with a NUL or a newline.
    :param begin: offset in the file to begin at.
    :param mapped: the file as mmap, for a host without grep.
    """
    needles = sorted(set(needles) - set([b'']))
    last = begin - 1
    for places in _by_grep(source, needles, begin):
        if places is None:  # grep cannot do it
            places = heapq.merge(*[_find(mapped, one, last + 1) for one in needles])
        for place in places:
            yield place
            last = place


def _find(mapped, one, begin):
    place = mapped.find(one, begin)
    while place >= 0:
        yield place
        place = mapped.find(one, place + 1)


def _by_grep(source, needles, begin):
    """Yield the same by grep, in lists. If grep is missing or fails, yield None and end."""
    os.lseek(source.fileno(), begin, os.SEEK_SET)
    # Not as arguments: whoever logs command lines would log the patterns.
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    feed = threading.Thread(target=_feed, args=(writer, b'\n'.join(needles) + b'\n'))
    feed.start()
    try:
        process = Process(['sh', '-c', GREP, '/dev/fd/%d' % reader], stdin=source,
                          environ=dict(os.environ, LC_ALL='C', GREP_OPTIONS=''), keep=[reader])
    except EnvironmentError:
        process = None
    finally:
        os.close(reader)
    if process is not None:
        found = []
        with process:
            rest = b''
            for chunk in iter(lambda: process.stdout.read(CHUNK), b''):
                lines = (rest + chunk).split(b'\n')
                rest = lines.pop()
                found.extend([begin + int(line[:line.index(b':')]) for line in lines])
                if len(found) >= GATHERED:
                    yield found
                    found = []
        yield found
    feed.join()
    if process is None or process.status not in (MATCHED, NOTHING_MATCHED):
        yield None


def _feed(writer, data):
    try:
        while data:
            data = data[os.write(writer, data):]
    except EnvironmentError:  # grep has ended early
        pass
    os.close(writer)
