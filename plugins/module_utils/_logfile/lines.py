# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses lines of a text log: time, program and message. Three formats are recognized line by line:

* traditional, `Nov 22 16:01:20 host tag[pid]: text`: no year, and the time zone of the host; also `Nov 4`, unpadded;
* RSYSLOG_FileFormat, `2026-11-22T16:01:20.123456+09:00 host tag[pid]: text`; without a zone, that of the host;
* RFC 5424, `<PRI>1 2026-11-22T16:01:20.123456+09:00 host app pid msgid [data] text`.

Only a line with a PRI tells its priority. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import calendar
import collections
import re
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog

# stamp (int, microseconds), tag (text or None), text, priority (int or None), since_boot (float or None: seconds, by the
# kernel's own stamp before the text).
Line = collections.namedtuple('Line', 'stamp tag text priority since_boot')
Line.__new__.__defaults__ = (None,)

MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split()
# 'Nov 22' -> (11, 22); a day below ten is written with a space or a zero before it.
DATES = dict((form % (name, day), (number + 1, day))
             for number, name in enumerate(MONTHS)
             for day in range(1, calendar.monthrange(2000, number + 1)[1] + 1)
             for form in (u'%s %2d', u'%s %02d', u'%s %d'))

FLAGS = re.DOTALL | getattr(re, 'ASCII', 0)  # white space is that of ASCII, on every Python
PRI = r'(?:<([0-9]{1,3})>)?'
CLOCK = r' ([0-9]{2}):([0-9]{2}):([0-9]{2}) \S* '
TRADITIONAL = re.compile(PRI + r'([A-Z][a-z][a-z] [ 0-9]?[0-9])' + CLOCK + r'(.*)\Z', FLAGS)
ISO = (r'([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,9}))?'
       r'([Zz]|[+-][0-9]{2}:?[0-9]{2})%s')
FILE_FORMAT = re.compile(PRI + ISO % '?' + r' \S* (.*)\Z', FLAGS)
RFC5424 = re.compile(r'<([0-9]{1,3})>[1-9][0-9]{0,2} ' + ISO % '' + r' \S+ (\S+) \S+ \S+ '
                     r'(?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+)(?: (.*))?\Z', FLAGS)
BYTE_ORDER_MARK = u'\ufeff'
# The first colon ends the tag, as rsyslog reads it; `gdm-password][1234]:` has the tag `gdm-password]`.
TAG = re.compile(r'([^\s:]+?)(?:\[[^\[\]\s]*\])?: ?(.*)\Z', FLAGS)
# Kernels with printk.time whose stamp nobody took off; with CONFIG_PRINTK_CALLER who called follows, a thread or a
# processor (kernel/printk/printk.c, print_caller).
KERNEL_STAMP = re.compile(r'\[ *([0-9]{1,10}\.[0-9]{1,9})\](?:\[ *[TC][0-9]{1,10}\])? ?')
# What most lines have between stamp and text, without the colon and the space: `host tag[pid]`.
HEADER = re.compile(r'[!-~]* ([!-9;-~]+?)(?:\[[!-Z\\^-~]*\])?\Z')
SIXTY = dict((('%02d' % number).encode('ascii'), number) for number in range(60))
# The beginning of a traditional line in a block of lines (bytes), perhaps behind NULs that a crash left.
DATED_LINE = (r'(?P<line>)\0*(?:<[0-9]{1,3}>)?%s(?P<date>(?:' + '|'.join(MONTHS) + ') [ 0-3]?[0-9])'
              r' (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}) \S* ').encode('ascii')
DATED = re.compile(DATED_LINE % b'')
REMEMBERED = 4096  # headers and hours that are kept

# A date so many days (in a calendar of 31-day months) below the one before it is of the next year, and one so many
# above it of the year before. In between, the clock was corrected.
NEXT_YEAR, YEAR_BEFORE = -31, 341
DAY = 86400


class Years:
    """Finds the years of the traditional lines of a file, read in order and block by block.

    Only where the date changes can the year change, so nothing else is looked at.
    """

    def __init__(self, latest, first=None):
        """:param latest: when the file was last written, seconds since the epoch.
        :param first: year (int) of the first traditional line; None to guess it, by this line alone.
        """
        self._latest = latest
        self.first = first
        self._turns = 0  # of the year, since the first line
        self._leaps = set()  # turns after which there was a 29 February
        self._date = self._place = None  # the last line's date as it is written, and in a calendar of 31-day months
        self._last = None  # (date, clock) of the last line
        self._changes = {}  # date as it is written -> function that finds the next line with another

    def read(self, data, end):
        """Where the years begin in data[:end], whole lines: [(place, year)], ascending; year None before the first.

        :param data: bytearray.
        """
        years = [(0, None if self._date is None else self.first + self._turns)]
        found = DATED.match(data, 0, end) or self._next(data, 0, end)
        while found:
            self._step(found)
            if self.first is not None and years[-1][1] != self.first + self._turns:
                years.append((found.start('line'), self.first + self._turns))
            found = self._next(data, found.end() - 1, end)
        self._look_at_last(data, end)
        return years

    def _next(self, data, place, end):
        change = self._changes.get(self._date)
        if change is None:
            # The newline first: it is what the search runs on.
            other = b'' if self._date is None else b'(?!' + self._date + b')'
            change = self._changes[self._date] = re.compile(b'\n' + DATED_LINE % other).search
        return change(data, place, end)

    def _step(self, found):
        written = bytes(found.group('date'))
        date = DATES.get(written.decode('ascii'))
        if date is None:  # 31 April
            return
        month, day = date
        place = month * 31 + day
        if self._place is not None:
            step = place - self._place
            self._turns += 1 if step < NEXT_YEAR else -1 if step > YEAR_BEFORE else 0
        self._date, self._place = written, place
        if date == (2, 29):
            self._leaps.add(self._turns)
        if self.first is None:
            self.first = self._youngest(date, _clock(found), set([0]) & self._leaps, 0)

    def _look_at_last(self, data, end):
        """Record the last traditional line."""
        place = end
        while place > 0:
            start = data.rfind(b'\n', 0, place - 1) + 1
            found = DATED.match(data, start, end)
            if found and bytes(found.group('date')).decode('ascii') in DATES:
                self._last = DATES[bytes(found.group('date')).decode('ascii')], _clock(found)
                return
            place = start

    def right(self):
        """Return the year of the first line, after everything was read, or None without traditional lines.

        The last line is the youngest that is at most a day younger than the file; the years between are counted by the
        turns of the year; 29 February is in a leap year.
        """
        return self._last and self._youngest(self._last[0], self._last[1], self._leaps, self._turns)

    def _youngest(self, date, clock, leaps, turns):
        """Return the year of the first line, if the line so many `turns` of the year later has this date and clock."""
        year = time.gmtime(self._latest).tm_year + 1
        # At most two steps for the date and three for a leap year; a file that fits none of these has no true one.
        for _step in range(6):
            seconds = timestamps.local_seconds((year,) + date + clock)
            possible = seconds is not None and seconds <= self._latest + DAY
            if possible and all(calendar.isleap(year - turns + leap) for leap in leaps):
                break
            year -= 1
        return year - turns


def _clock(found):
    return tuple(int(bytes(found.group(name))) for name in ('hour', 'minute', 'second'))


def _local_fields(*fields):
    """Return the stamp of a date and time (text) of the host's zone, None if it does not exist."""
    if timestamps.from_fields(*(fields[:7] + (u'Z',))) is None:
        return None
    seconds = timestamps.local_seconds(tuple(int(part) for part in fields[:6]))
    fraction = int((fields[6] or u'').ljust(6, u'0')[:6])
    return None if seconds is None else seconds * timestamps.SECOND + fraction


class Parser:
    """Reads the lines of one file."""

    def __init__(self):
        # Most lines share hour and header with others: 'Nov 22 16:' -> seconds; 'host tag[pid]' -> tag.
        self._hours, self._headers = {}, {}
        self._year = None  # of the hours

    def parse(self, raw, year):
        """Parse a line (bytes, without its newline) into a Line, or None if it has none of the three formats.

        :param year: int, for a traditional stamp; None when the file has none.
        """
        hour = self._hours.get(raw[:10]) if year == self._year else None
        if hour is not None and raw[12:13] == b':' and raw[15:16] == b' ':
            place = raw.find(b': ', 16)
            tag, minute, second = self._headers.get(raw[16:place]), SIXTY.get(raw[10:12]), SIXTY.get(raw[13:15])
            if place > 0 and tag is not None and minute is not None and second is not None:
                return self._made((hour + 60 * minute + second) * timestamps.SECOND, tag,
                                  raw[place + 2:].decode('utf-8', 'replace'), None)
        return self._parse(raw, year)

    def _parse(self, raw, year):
        line = raw.decode('utf-8', 'replace')
        found = TRADITIONAL.match(line)
        if found:
            pri, date, hour, minute, second, rest = found.groups()
            stamp = self._local(date, int(hour), int(minute), int(second), year)
            if stamp is not None and pri is None:
                self._remember(raw, date, int(hour), year)
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
            stamp = (timestamps.from_fields if found.group(9) else _local_fields)(*found.groups()[1:9])
            return None if stamp is None else self._line(stamp, found.group(10), found.group(1))
        return None

    def _remember(self, raw, date, hour, year):
        if raw[12:13] != b':':  # an unpadded day
            return
        if year != self._year or len(self._hours) >= REMEMBERED:
            self._hours, self._year = {}, year
        if raw[:10] not in self._hours:
            first, last = (timestamps.local_seconds((year,) + DATES[date] + (hour, minute, 0)) for minute in (0, 59))
            # No hour in which a clock is set forward or back.
            self._hours[raw[:10]] = first if first is not None and last == first + 59 * 60 else None
        header = raw[16:max(raw.find(b': ', 16), 16)]
        found = HEADER.match(header.decode('latin-1'))
        if found:
            if len(self._headers) >= REMEMBERED:
                self._headers = {}
            self._headers[header] = found.group(1)

    def _line(self, stamp, rest, pri):
        found = TAG.match(rest)
        tag, text = found.groups() if found else (None, rest)
        return self._made(stamp, tag, text, pri)

    @staticmethod
    def _made(stamp, tag, text, pri):
        since_boot = None
        if tag == 'kernel' and text[:1] == '[':
            found = KERNEL_STAMP.match(text)
            if found:
                text, since_boot = text[found.end():], float(found.group(1))
        # A number that is not a valid PRI says nothing of the severity.
        priority = None if pri is None or int(pri) > syslog.HIGHEST_PRI else int(pri) & 7
        return Line(stamp, tag, text, priority, since_boot)

    @staticmethod
    def _local(date, hour, minute, second, year):
        """Return the stamp of a traditional header, or None if the time does not exist."""
        date = DATES.get(date)
        if date is None or year is None or second > 60:
            return None
        seconds = timestamps.local_seconds((year,) + date + (hour, minute, 0))
        return None if seconds is None else (seconds + second) * timestamps.SECOND
