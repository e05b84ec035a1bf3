# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text that fits a terminal: its width, columns, times. Pure. Log lines are written by attackers: every text is made harmless."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Stamp

COLUMNS = 80  # of a terminal that does not say how wide it is, as of a pipe
GAP = '  '  # between two columns
KST = timezone(timedelta(hours=9), 'KST')  # Korea has no summer time

Name = TypeVar('Name', bound=str)


def harmless(text: object) -> str:
    """Control and formatting characters (escape sequences, bidirectional overrides, newlines) as visible escapes."""
    out = []
    for char in str(text):
        if unicodedata.category(char) in ('Cc', 'Cf', 'Cs', 'Co', 'Zl', 'Zp'):
            out.append('\\x%02x' % ord(char) if ord(char) < 256 else '\\u%04x' % ord(char))
        else:
            out.append(char)
    return ''.join(out)


def width(text: str) -> int:
    """Columns that a terminal needs for a harmless text.

    East Asian wide characters take two. Marks take none, nor do the vowels and finals of Hangul that is not composed.
    """
    return sum(0 if unicodedata.category(char) in ('Mn', 'Me') or '\u1160' <= char <= '\u11ff' or '\ud7b0' <= char <= '\ud7ff'
               else 2 if unicodedata.east_asian_width(char) in 'WF' else 1 for char in text)


def clipped(text: str, columns: int) -> str:
    """The text, made harmless, cut to so many columns; three dots say that it was cut."""
    text = harmless(text)
    if width(text) <= columns:
        return text
    dots = '...'[:max(columns, 0)]
    return _fits(text, columns - len(dots)) + dots


def padded(text: str, columns: int) -> str:
    """The text, filled up with blanks to so many columns."""
    return text + ' ' * (columns - width(text))


def widths(rows: Iterable[Mapping[Name, str]], names: Sequence[Name]) -> dict[Name, int]:
    """The columns that each column of a table needs."""
    sizes = dict.fromkeys(names, 0)
    for row in rows:
        for name in names:
            sizes[name] = max(sizes[name], width(row[name]))
    return sizes


def total(sizes: Mapping[Name, int]) -> int:
    """The columns that a table needs."""
    return sum(sizes.values()) + len(GAP) * (len(sizes) - 1)


def line(row: Mapping[Name, str], sizes: Mapping[Name, int]) -> str:
    """A row of a table; cells that are too wide are cut."""
    return GAP.join(padded(clipped(row[name], sizes[name]), sizes[name]) for name in sizes).rstrip()


def listed(names: Sequence[str], columns: int, separator: str = ', ') -> tuple[str, int]:
    """(the first names that fit, how many do not). The first is always there, cut where it must be."""
    text, shown = '', 0
    for name in names:
        longer = text + separator + harmless(name) if shown else clipped(name, columns)
        if shown and width(longer) > columns:
            break
        text, shown = longer, shown + 1
    return text, len(names) - shown


def wrapped(text: str, columns: int, first: str, others: str) -> list[str]:
    """The text, made harmless, in lines that fit; a word that fits none is broken.

    :param first: what the first line begins with. :param others: what the other lines begin with.
    """
    lines, start = [], first
    left = columns - width(start)
    current = ''
    for word in harmless(text).split(' '):
        if current and width(current) + 1 + width(word) > left:
            lines.append(start + current)
            start, current = others, ''
            left = columns - width(start)
        else:
            word = current + ' ' + word if current else word
        while width(word) > left:
            piece = _fits(word, left) or word[:1]
            lines.append(start + piece)
            word, start = word[len(piece):], others
            left = columns - width(start)
        current = word
    return lines + [start + current]


def _fits(text: str, columns: int) -> str:
    """As much of the beginning as fits."""
    for number, char in enumerate(text):
        columns -= width(char)
        if columns < 0:
            return text[:number]
    return text


def when(language: Language, stamp: Stamp | None) -> str:
    """A time for a reader, to the second: in Korean that of Korea, else UTC; '-' when unknown."""
    if not stamp:
        return '-'
    if language == 'ko':
        try:
            moment = datetime.strptime(stamp[:19], '%Y-%m-%dT%H:%M:%S').replace(tzinfo=timezone.utc)
            return moment.astimezone(KST).strftime('%Y-%m-%d %H:%M:%S KST')
        except (ValueError, OverflowError):  # a time that Korea does not have any more
            return stamp[:19] + 'Z'
    return stamp[:19] + 'Z'


def minute(language: Language, now: Stamp) -> str:
    """A time at the head of a table."""
    text = when(language, now)
    return '%s %s' % (text[:16], 'KST') if language == 'ko' else '%s %s UTC' % (text[:10], text[11:16])


def when_asked(language: Language, since: str) -> str:
    """The time of log_hygiene_since for a reader. One without a zone is that of the host, and stays as it was written."""
    found = timestamps.STAMP.match(since.strip())
    if found and not found.groups()[-1]:
        return since
    try:
        return when(language, timestamps.to_text(timestamps.from_text(since)))
    except ValueError:
        return since
