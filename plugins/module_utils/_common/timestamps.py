# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Timestamps of this collection: whole microseconds since 1970-01-01T00:00:00Z, as an int.

That is the unit of the journal (``__REALTIME_TIMESTAMP``), it never rounds, and it sorts. Text is RFC 3339.
Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import calendar
import datetime
import re
import time

SECOND = 1000000
EPOCH = datetime.datetime(1970, 1, 1)
# A journal may hold any 64-bit stamp; RFC 3339 has four digits for the year.
LATEST = (datetime.datetime(9999, 12, 31, 23, 59, 59) - EPOCH).days * 86400 * SECOND + 86400 * SECOND - 1
EARLIEST = (datetime.datetime(1, 1, 1) - EPOCH).days * 86400 * SECOND

STAMP = re.compile(
    r'([0-9]{4})-([0-9]{2})-([0-9]{2})'
    r'(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)?'
    r' ?([Zz]|[+-][0-9]{2}:?[0-9]{2})?\Z')


def now():
    """Return the current time (int, microseconds)."""
    return int(time.time() * SECOND)


def to_text(stamp, fraction=True):
    """Return a stamp (int, microseconds) as RFC 3339 in UTC, `2026-11-22T16:01:20.123456Z`; None stays None.

    Without `fraction`, a stamp of whole seconds is written without one: a log file gave no more. Stamps beyond the
    years 1-9999 become the nearest one RFC 3339 can write.
    """
    if stamp is None:
        return None
    stamp = min(max(stamp, EARLIEST), LATEST)
    moment = EPOCH + datetime.timedelta(days=stamp // (86400 * SECOND), microseconds=stamp % (86400 * SECOND))
    # strftime refuses years before 1900 in Python 2, isoformat drops a zero fraction: write the parts.
    text = '%04d-%02d-%02dT%02d:%02d:%02d' % moment.timetuple()[:6]
    return text + ('.%06dZ' % moment.microsecond if fraction or moment.microsecond else 'Z')


def from_text(text):
    """Return the stamp (int, microseconds) of a time that a person or an earlier result wrote.

    Accepts RFC 3339 (`2026-11-22T16:01:20.123456+09:00`), `YYYY-MM-DD[ HH:MM[:SS]]` in this host's time zone, and
    `@SECONDS` since the epoch (systemd.time(7)). Raises ValueError that says what is accepted.
    """
    text = text.strip()
    if re.match(r'@-?[0-9]+(\.[0-9]{1,6})?\Z', text):
        seconds, _dot, fraction = text[1:].partition('.')
        micros = int((fraction + '000000')[:6])
        return int(seconds) * SECOND + (-micros if seconds.startswith('-') else micros)
    found = STAMP.match(text)
    if found:
        stamp = from_fields(*found.groups())
        if stamp is not None:
            return stamp
    raise ValueError('%s is not a time: write 2026-11-22T16:01:20+09:00, "2026-11-22 16:01:20" (local time of the '
                     'host), 2026-11-22 or @1795363280' % text)


def from_fields(year, month, day, hour, minute, second, fraction, zone):
    """The stamp of decimal strings, None when there is no such date. Absent hours, minutes, seconds and fraction are
    zero; an absent zone is this host's; further digits of the fraction than six are cut, as journalctl does.
    """
    parts = tuple(int(part or 0) for part in (year, month, day, hour, minute, second))
    seconds = utc_seconds(parts) if zone else local_seconds(parts)
    if seconds is None:
        return None
    if zone and zone not in 'Zz':
        offset = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
        seconds -= offset if zone[0] == '+' else -offset
    return seconds * SECOND + int(((fraction or '') + '000000')[:6])


def utc_seconds(parts):
    """Seconds since the epoch (int) of (year, month, day, hour, minute, second) in UTC, None when there is no such
    date.

    Second 60, a leap second, is the first second of the next minute.
    """
    year, month, day, hour, minute, second = parts
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 60):
        return None
    if day > 28 and day > calendar.monthrange(year, month)[1]:
        return None
    return calendar.timegm((year, month, day, hour, minute, second, 0, 0, 0))


def local_seconds(parts):
    """Return the same as utc_seconds, in the time zone of this host (TZ, else /etc/localtime)."""
    if utc_seconds(parts) is None:
        return None
    try:
        return int(time.mktime(parts + (0, 0, -1)))
    except (OverflowError, ValueError):  # a year the C library cannot place
        return None
