# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds where literals occur in a block of memory.

A file has its lines looked for block by block, so that neither a compressed file nor a line without end costs grep more
than a block of memory, and so that grep and this process take turns. Standard library only. Runs under Python 2.7 and
3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import io
import os
import tempfile

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import literals

# Bytes times literals: below it, looking for one literal after the other is faster than starting grep.
SMALL = 1 << 23
SAMPLE = 1 << 15  # bytes of the first large block that tell which bytes are rare
SHARED_MEMORY = '/dev/shm'


class BlockSearch:
    """Searches for the same literals in many blocks. Close it after use."""

    def __init__(self, wanted):
        """:param wanted: list of unicode. `complete` says whether all of them can be searched for."""
        self._needles = sorted(set(literals.needle(one) for one in wanted))
        self.complete = all(needle and b'\0' not in needle for needle in self._needles)
        self._file = None

    def places(self, data, end):
        """Where in data[:end] (bytearray) literals occur: an offset within each, ascending; of occurrences that
        overlap, perhaps only of the first.
        """
        if end * len(self._needles) > SMALL and self._fill(data, end):
            # `data` stands in for the mapped file, should there be no grep.
            return [place for place in literals.occurrences(self._file, self._needles, 0, data) if place < end]
        return sorted(place for needle in self._needles for place in _find(data, needle, end))

    def _fill(self, data, end):
        """Put a block where grep can read it. Return False if this host has no memory for it."""
        try:
            if self._file is None:
                self._file = _memory()
                self._needles = literals.shortened(self._needles, data[:min(end, SAMPLE)])
            self._file.seek(0)
            self._file.truncate()
            view = memoryview(data)
            written = 0
            while written < end:
                written += self._file.write(view[written:end])
        except EnvironmentError:  # no /dev/shm, or it is full
            return False
        return True

    def close(self):
        if self._file is not None:
            self._file.close()


def _find(data, needle, end):
    place = data.find(needle, 0, end)
    while place >= 0:
        yield place
        place = data.find(needle, place + 1, end)


def _memory():
    """Return an unnamed file in memory, because grep reads only files. Log content is never written to a disk.

    Raises EnvironmentError.
    """
    if hasattr(os, 'memfd_create'):  # Python 3.8
        try:
            return io.open(os.memfd_create('block'), 'w+b', buffering=0)
        except EnvironmentError:  # a kernel before 3.17
            pass
    with tempfile.TemporaryFile(dir=SHARED_MEMORY) as nameless:
        return io.open(os.dup(nameless.fileno()), 'w+b', buffering=0)  # Python 2.7 has another kind of files
