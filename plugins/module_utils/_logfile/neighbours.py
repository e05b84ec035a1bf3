# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the lines of a text log around one line, and the records of the audit log around one time, for a person.

Only the file that holds the line is read. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import glob
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile.files import LogFile, READ_ERRORS
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile.lines import Parser
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import as_text

AUDIT_LOGS = '/var/log/audit/audit.log*'
HEADER = 256  # bytes in which the tag of a line ends
TAGGED = re.compile(br' [^][ :]{1,128}\[([0-9]{1,10})\]:')
AUDIT = re.compile(br'(?:node=[^ ]{1,255} )?type=([A-Z_0-9]{1,40}) msg=audit\(([0-9]{1,12})\.([0-9]{3}):([0-9]{1,20})\): ?')

# One line: stamp (microseconds), name (its tag), text, pid (text or None).
Line = collections.namedtuple('Line', 'stamp name text pid')
# One audit record: stamp, type, text, event (its number, text).
Record = collections.namedtuple('Record', 'stamp type text event')


def pid_of(raw):
    """Return the process that a line (bytes) names in its tag (text), or None."""
    found = TAGGED.search(raw, 0, HEADER)
    return as_text(found.group(1)) if found else None


def around(path, number, year, needles_of, spent):
    """Yield (whether it comes before, Line) of the lines around one, in their order; the line itself with None.

    :param number: of the line, from 1. :param year: of its stamp, for lines that do not say it.
    :param needles_of: function from the pid of the line (text or None) to the texts (bytes) of which a line holds one.
    :param spent: function, is called with the bytes that were read and says whether to go on.

    Raises one of READ_ERRORS.
    """
    at, raw = _place_of(path, number, spent)
    if at is None:
        return
    parser, needles, position = Parser(), needles_of(pid_of(raw)), 0
    log = LogFile(path)
    try:
        for block in log.blocks(0):
            if not spent(block.size):
                return
            starts = set(block.data.rfind(b'\n', 0, hit) + 1 for needle in needles for hit in _hits(block, needle))
            if position <= at < position + block.end:
                starts.add(at - position)
            for start in sorted(starts):
                one = block.line(start)[0]
                parsed = parser.parse(one, year)
                if parsed:
                    yield (None if position + start == at else position + start < at,
                           Line(parsed.stamp, parsed.tag or u'', parsed.text, pid_of(one)))
            position += block.size
    finally:
        log.close()


def _hits(block, needle):
    place = block.data.find(needle, 0, block.end)
    while place >= 0:
        yield place
        place = block.data.find(needle, place + 1, block.end)


def _place_of(path, number, spent):
    """Return (offset, content) of a line by its number; (None, b'') if it is not there."""
    log, left, position = LogFile(path), number - 1, 0
    try:
        for block in log.blocks(0):
            if not spent(block.size):
                break
            lines = block.data.count(b'\n', 0, block.end)
            if left < lines or left == lines and not block.ended:
                start = 0
                for _line in range(left):
                    start = block.data.find(b'\n', start, block.end) + 1
                return position + start, block.line(start)[0]
            left -= lines
            position += block.size
    finally:
        log.close()
    return None, b''


def audit_records(first, last, spent, logs=AUDIT_LOGS):
    """Yield the Records between two stamps (microseconds) of all audit logs. What cannot be read is left out."""
    for path in sorted(glob.glob(logs), reverse=True):
        try:
            log = LogFile(path)
        except READ_ERRORS:
            continue
        try:
            if log.modified * timestamps.SECOND < first:
                continue
            for block in log.blocks(0):
                if not spent(block.size):
                    return
                for found in AUDIT.finditer(block.data, 0, block.end):
                    kind, seconds, thousandths, event = (bytes(part) for part in found.groups())
                    stamp = int(seconds) * timestamps.SECOND + int(thousandths) * 1000
                    start = found.start()
                    if first <= stamp <= last and (not start or block.data[start - 1:start] == b'\n'):
                        raw = block.line(start)[0][found.end() - start:]
                        yield Record(stamp, as_text(kind), raw.decode('utf-8', 'replace'), as_text(event))
        except READ_ERRORS:
            continue
        finally:
            log.close()
