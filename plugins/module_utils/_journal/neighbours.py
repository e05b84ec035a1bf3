# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the entries of a journal around one entry, for a person who has to understand it.

A cursor without a match is exact in every version of journalctl, and so is a match without a cursor (_journal/reader.py).
Where clocks or files disagree an entry may be missed: this is no count. Standard library only. Runs under Python 2.7
and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import contextlib

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import is_cursor, place_of
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.reader import Journal
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import as_text, to_facility, to_uid

FIELDS = ('MESSAGE', 'SYSLOG_IDENTIFIER', '_COMM', '_TRANSPORT', '_PID', 'SYSLOG_FACILITY', '_UID', '_AUDIT_ID', '_EXE')

# One entry: stamp (microseconds), offset (seconds from the entry in question, float, by the clock of the boot), name
# (identifier or else comm), text, transport, facility, uid, pid (text), event (text: the number of an audit record), exe (path).
Line = collections.namedtuple('Line', 'stamp offset name text transport facility uid pid event exe')


class Neighbours:
    """The neighbours of one entry, by its cursor."""

    def __init__(self, command, cursor, spent, directory=None):
        """:param command: path of journalctl. :param cursor: of the entry, as a sample of a scan has it.
        :param directory: of the journal; None for the host's own.
        :param spent: function, is called with the bytes of each entry and says whether to go on.
        """
        self._journal, self._cursor, self._spent = Journal(command, directory), cursor, spent
        self._place = place_of(cursor) if is_cursor(cursor) else None

    def itself(self):
        """Return the entry as a Line, or None if the journal does not hold it any more."""
        with contextlib.closing(self._read(['--cursor=' + self._cursor])) as entries:
            found = next(entries, None)
        return found[1] if found and found[0] else None

    def walk(self, back):
        """Yield the Lines of its boot behind the entry, the nearest first; with `back`, those before it."""
        with contextlib.closing(self._read(['--cursor=' + self._cursor] + ['--reverse'] * back)) as entries:
            for own, line in entries:
                if not own:
                    yield line

    def of_process(self, pid):
        """Yield (whether it comes before the entry, Line) of the entries of a process (text) in its boot, in their order."""
        before = True
        with contextlib.closing(self._read(['_BOOT_ID=' + self._place.boot_id, '_PID=' + pid])) as entries:
            for own, line in entries:
                if own:
                    before = False
                else:
                    yield before and line.offset <= 0, line

    def _read(self, arguments):
        """Yield (whether it is the entry in question, Line) until the boot ends."""
        if self._place is None:
            return
        with contextlib.closing(self._journal.entries(FIELDS, arguments, resume=False)) as entries:
            for fields in entries:
                cursor = as_text(fields['__CURSOR'][0])
                if None in fields or not is_cursor(cursor):
                    continue
                place = place_of(cursor)
                if place.boot_id != self._place.boot_id or not self._spent(sum(
                        len(value) for values in fields.values() for value in values)):
                    return
                yield cursor == self._cursor, self._line(fields, place)

    def _line(self, fields, place):
        def first(name):
            return as_text(fields[name][0]) if fields.get(name) else None

        return Line(int(fields['__REALTIME_TIMESTAMP'][0]), (place.monotonic - self._place.monotonic) / 1e6,
                    first('SYSLOG_IDENTIFIER') or first('_COMM') or u'', first('MESSAGE') or u'', first('_TRANSPORT'),
                    to_facility(first('SYSLOG_FACILITY')), to_uid(first('_UID')), first('_PID'), first('_AUDIT_ID'), first('_EXE'))
