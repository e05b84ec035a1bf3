# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads one line of a text log: when, which program, what. Three formats, told apart line by line:

* traditional, `Nov 22 16:01:20 host tag[pid]: text`: no year, and the time zone of the host;
* RSYSLOG_FileFormat, `2026-11-22T16:01:20.123456+09:00 host tag[pid]: text`;
* RFC 5424, `<PRI>1 2026-11-22T16:01:20.123456+09:00 host app pid msgid [data] text`.

Only a line with a PRI tells its priority. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import calendar
import collections
import re
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils import timestamps

# stamp (int, microseconds), tag (text or None), text, priority (int or None).
Line = collections.namedtuple('Line', 'stamp tag text priority')

MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split()
# 'Nov 22' -> (11, 22); a day below ten is written with a space or a zero before it.
DATES = dict((form % (name, day), (number + 1, day))
             for number, name in enumerate(MONTHS)
             for day in range(1, calendar.monthrange(2000, number + 1)[1] + 1)
             for form in (u'%s %2d', u'%s %02d'))

PRI = r'(?:<([0-9]{1,3})>)?'
TRADITIONAL = re.compile(PRI + r'([A-Z][a-z][a-z] [ 0-9][0-9]) ([0-9]{2}):([0-9]{2}):([0-9]{2}) \S* (.*)\Z', re.DOTALL)
ISO = (r'([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,9}))?'
       r'([Zz]|[+-][0-9]{2}:?[0-9]{2})')
FILE_FORMAT = re.compile(PRI + ISO + r' \S* (.*)\Z', re.DOTALL)
RFC5424 = re.compile(r'<([0-9]{1,3})>[1-9][0-9]? ' + ISO + r' \S+ (\S+) \S+ \S+ '
                     r'(?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+)(?: (.*))?\Z', re.DOTALL)
BYTE_ORDER_MARK = u'\ufeff'
# The first colon ends the tag, as rsyslog reads it; `gdm-password][1234]:` has the tag `gdm-password]`.
TAG = re.compile(r'([^\s:]+?)(?:\[[^\[\]\s]*\])?: ?(.*)\Z', re.DOTALL)
# Kernels with printk.time whose stamp nobody took off.
KERNEL_STAMP = re.compile(r'\[ *[0-9]+\.[0-9]+\] ?')

# A date so many days (in a calendar of 31-day months) below the one before it is of the next year, and one so many
# above it of the year before. In between, the clock was corrected.
NEXT_YEAR, YEAR_BEFORE = -31, 341
DAY = 86400


class Years:
    """Gives each of a file's traditional lines its year, read in order."""

    def __init__(self, first):
        """:param first: year (int) of the first line, or a function that finds it out when there is such a line."""
        self.year, self._before = first, None

    def of(self, month, day):
        """The year (int) of the next line."""
        place = month * 31 + day
        if self._before is None:
            self.year = self.year() if callable(self.year) else self.year
        else:
            step = place - self._before
            self.year += 1 if step < NEXT_YEAR else -1 if step > YEAR_BEFORE else 0
        self._before = place
        return self.year


def first_year(lines, latest):
    """The year (int) of the first traditional line of a file.

    :param lines: its lines (bytes), in order.
    :param latest: when the file was last written, seconds since the epoch. The last line is the youngest that is at
        most a day younger than that; the years between are counted by the turns of the year; 29 February is in a leap
        year.
    """
    years, leaps = Years(0), set()
    last = before = date = None
    for line in lines:
        if line[:6] != before:
            before = line[:6]
            date = DATES.get(before.decode('latin-1'))
        if date:
            last = line
            year = years.of(*date)
            if date == (2, 29):
                leaps.add(year)
    if last is None:
        return time.gmtime(latest).tm_year
    header = TRADITIONAL.match(last[:15].decode('latin-1') + '  ')
    clock = tuple(int(part) for part in header.groups()[2:5]) if header else (0, 0, 0)
    year = time.gmtime(latest).tm_year + 1
    # At most two steps for the date and three for a leap year; a file that fits none of these years has no true one.
    for _step in range(6):
        seconds = timestamps.local_seconds((year,) + DATES[last[:6].decode('latin-1')] + clock)
        possible = seconds is not None and seconds <= latest + DAY
        if possible and all(calendar.isleap(year - years.year + leap) for leap in leaps):
            break
        year -= 1
    return year - years.year


class Parser:
    """Reads the lines of one file, in order."""

    def __init__(self, year):
        """:param year: function that returns the year of the first traditional line; not called when there is none."""
        self._years = Years(year)
        self._minute = self._minute_seconds = None

    def parse(self, line):
        """The Line of a line (text, without its newline), None when it is none of the three formats."""
        found = TRADITIONAL.match(line)
        if found:
            pri, date, hour, minute, second, rest = found.groups()
            stamp = self._local(date, hour, minute, second)
            return None if stamp is None else self._line(stamp, rest, pri)
        found = RFC5424.match(line)
        if found:
            stamp = timestamps.from_fields(*found.groups()[1:9])
            tag, text = found.groups()[9:]
            text = text or u''
            if text.startswith(BYTE_ORDER_MARK):
                text = text[1:]
            return None if stamp is None else self._made(stamp, None if tag == '-' else tag, text, found.group(1))
        found = FILE_FORMAT.match(line)
        if found:
            stamp = timestamps.from_fields(*found.groups()[1:9])
            return None if stamp is None else self._line(stamp, found.group(10), found.group(1))
        return None

    def _line(self, stamp, rest, pri):
        found = TAG.match(rest)
        tag, text = found.groups() if found else (None, rest)
        return self._made(stamp, tag, text, pri)

    @staticmethod
    def _made(stamp, tag, text, pri):
        if tag == 'kernel':
            text = KERNEL_STAMP.sub(u'', text, count=1) if text[:1] == '[' and KERNEL_STAMP.match(text) else text
        return Line(stamp, tag, text, None if pri is None else int(pri) & 7)

    def _local(self, date, hour, minute, second):
        """Stamp of a traditional header; None when there is no such time."""
        date = DATES.get(date)
        if date is None:
            return None
        year = self._years.of(*date)
        key = (year, date, hour, minute)
        if key != self._minute:  # most lines share the minute with the one before: ask the C library once
            self._minute = key
            self._minute_seconds = timestamps.local_seconds((year,) + date + (int(hour), int(minute), 0))
        if self._minute_seconds is None or int(second) > 60:
            return None
        return (self._minute_seconds + int(second)) * timestamps.SECOND
