# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facility, severity and PRI of syslog: the one table of them. _syslog/message.py reads whole messages.

PRI = facility x 8 + severity, so facility = PRI / 8 (whole), severity = PRI mod 8. The PRI alone says nothing about
severity: 0 to 23 are all severities of kern, user and mail. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re
import sys

# The place is the number. Keyword: what rsyslog writes (property syslogfacility-text; runtime/msg.c). Name: RFC 5424,
# table 1, where 4 and 10, and 9 and 15, read alike. English and Korean text tell those apart. Then other spellings:
# those of rsyslog's selectors (runtime/srutils.c), where `security` is 4 and not, as elsewhere, 13; of Python and
# Solaris (solaris-cron); and `kernel`.
FACILITIES = (
    ('kern', 'kernel messages', 'kernel messages', u'커널 메시지', ('kernel',)),
    ('user', 'user-level messages', 'messages of user programs', u'사용자 프로그램 메시지', ()),
    ('mail', 'mail system', 'mail system', u'메일 시스템', ()),
    ('daemon', 'system daemons', 'system services', u'시스템 데몬(서비스)', ()),
    ('auth', 'security/authorization messages', 'security and authorization', u'보안/인가 메시지', ('security',)),
    ('syslog', 'messages generated internally by syslogd', 'messages of the syslog daemon itself',
     u'syslog 데몬 내부 메시지', ()),
    ('lpr', 'line printer subsystem', 'printing', u'프린터 시스템', ()),
    ('news', 'network news subsystem', 'Usenet news, not network events', u'유즈넷 뉴스 시스템(네트워크 이벤트 아님)', ()),
    ('uucp', 'UUCP subsystem', 'UUCP', u'UUCP 시스템', ()),
    ('cron', 'clock daemon', 'scheduled jobs (cron, at)', u'예약 작업(cron, at)', ()),
    ('authpriv', 'security/authorization messages', 'security and authorization, private',
     u'보안/인가 메시지(비공개)', ()),
    ('ftp', 'FTP daemon', 'FTP server', u'FTP 서버', ()),
    ('ntp', 'NTP subsystem', 'time synchronization (NTP)', u'시각 동기화(NTP)', ()),
    ('audit', 'log audit', 'log audit', u'로그 감사', ('bsd_security',)),
    ('alert', 'log alert', 'log alert', u'로그 경보', ('console',)),
    ('clock', 'clock daemon', 'clock daemon of other systems (Solaris cron)', u'시계 데몬(Solaris cron 등)',
     ('solaris-cron',)),
) + tuple(('local%d' % number, 'local use %d (local%d)' % (number, number), 'local use %d' % number,
           u'로컬 용도 %d' % number, ()) for number in range(8))

# Keyword: what rsyslog writes. Name and English text: RFC 5424, table 2.
SEVERITIES = (
    ('emerg', 'Emergency', 'Emergency: system is unusable', u'긴급: 시스템을 사용할 수 없음', ('emergency', 'panic')),
    ('alert', 'Alert', 'Alert: action must be taken immediately', u'경보: 즉시 조치가 필요함', ()),
    ('crit', 'Critical', 'Critical: critical conditions', u'심각: 심각한 상태', ('critical',)),
    ('err', 'Error', 'Error: error conditions', u'오류: 오류 상태', ('error',)),
    ('warning', 'Warning', 'Warning: warning conditions', u'경고: 경고 상태', ('warn',)),
    ('notice', 'Notice', 'Notice: normal but significant condition', u'알림: 정상이지만 중요한 상태', ()),
    ('info', 'Informational', 'Informational: informational messages', u'정보: 정보성 메시지', ('informational',)),
    ('debug', 'Debug', 'Debug: debug-level messages', u'디버그: 디버그 수준 메시지', ()),
)

FACILITY_KEYWORDS = tuple(row[0] for row in FACILITIES)
SEVERITY_KEYWORDS = tuple(row[0] for row in SEVERITIES)
HIGHEST_PRI = len(FACILITIES) * 8 - 1

# What stands where a keyword could, and is none.
FACILITY_REASONS = {
    '*': 'in a selector it means every facility, and a message has exactly one',
    'mark': 'rsyslogd uses it internally for its time marks, and no program can send it',
}
SEVERITY_REASONS = {
    '*': 'in a selector it means every severity, and a message has exactly one',
    'none': 'in a selector it leaves a facility out, and no message has it',
}


def _spellings(table):
    """{keyword or alias: number}"""
    found = dict((alias, number) for number, row in enumerate(table) for alias in row[4])
    found.update((row[0], number) for number, row in enumerate(table))
    return found


FACILITY_NUMBERS = _spellings(FACILITIES)
SEVERITY_NUMBERS = _spellings(SEVERITIES)

INTEGERS = (int, type(sys.maxsize + 1))  # Python 2 has two
NUMBER = re.compile(r'(?:0|[1-9][0-9]{0,9})\Z')
# Patterns, compiled where they are used, which the scanner never does.
# Text of a terminal that is not text: controls, direction of writing, halves of characters.
UNPRINTABLE = u'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]'
LONE_SURROGATE = u'[\ud800-\udfff]' if sys.maxunicode > 0xffff else None
SHOWN = 60  # characters of a wrong value in an error


class SyslogError(ValueError):
    """Not a valid PRI, facility, severity or message. The text names the value and what is accepted."""


def encode(facility, severity):
    """Return the PRI (int) of a facility and a severity, each in any accepted spelling. Raises SyslogError."""
    return _facility_number(facility) * 8 + _severity_number(severity)


def decode(pri):
    """Return {pri, facility: {...}, severity: {...}} of a PRI: 34, '34' or '<34>'. Raises SyslogError."""
    number = _pri_number(pri)
    return {'pri': number, 'facility': _row(FACILITIES, number >> 3), 'severity': _row(SEVERITIES, number & 7)}


def facility(value):
    """Return {number, keyword, name, en, ko} of a facility.

    `value` is its number (also as text), a keyword or alias in any case, or what this function returned. Raises
    SyslogError.
    """
    return _row(FACILITIES, _facility_number(value))


def severity(value):
    """Return the same for a severity."""
    return _row(SEVERITIES, _severity_number(value))


def _row(table, number):
    keyword, name, english, korean, _aliases = table[number]
    return {'number': number, 'keyword': keyword, 'name': name, 'en': english, 'ko': korean}


def _pri_number(value):
    accepted = 'it must be 0 to %d (facility x 8 + severity), as 34 or <34>' % HIGHEST_PRI
    text = as_text(value)
    if text is not None:
        digits = text[1:-1] if text.startswith(u'<') and text.endswith(u'>') else text
        if len(digits) > 1 and digits.startswith(u'0') and digits.strip(u'0123456789') == u'':
            raise SyslogError('%s is not a valid PRI: %s, without leading zeros.' % (shown(value), accepted))
        number = int(digits) if NUMBER.match(digits) else None
    else:
        number = _integer(value)
    if number is None or not 0 <= number <= HIGHEST_PRI:
        raise SyslogError('%s is not a valid PRI: %s.' % (shown(value), accepted))
    return number


def _facility_number(value):
    return _number(value, 'facility', FACILITY_KEYWORDS, FACILITY_NUMBERS, FACILITY_REASONS)


def _severity_number(value):
    return _number(value, 'severity', SEVERITY_KEYWORDS, SEVERITY_NUMBERS, SEVERITY_REASONS)


def _number(value, what, keywords, numbers, reasons):
    if isinstance(value, dict) and 'keyword' in value:
        value = value['keyword']
    text = as_text(value)
    if text is None:
        number = _integer(value)
    elif NUMBER.match(text):
        number = int(text)
    else:
        number = numbers.get(text.lower())
    if number is not None and 0 <= number < len(keywords):
        return number
    accepted = '0 to %d, or one of %s' % (len(keywords) - 1, ', '.join(keywords))
    word = (text or u'').lower()
    if word in reasons:
        raise SyslogError('%s is not a valid %s: %s. Write %s.' % (shown(value), what, reasons[word], accepted))
    raise SyslogError('%s is not a valid %s: it must be %s.%s' % (shown(value), what, accepted, _did_you_mean(word, numbers)))


def _did_you_mean(word, numbers):
    import difflib  # only a mistake needs it
    near = difflib.get_close_matches(word[:SHOWN], sorted(numbers), 1, 0.75)
    return ' Did you mean %s?' % near[0] if near else ''


def _integer(value):
    return value if isinstance(value, INTEGERS) and not isinstance(value, bool) else None


def as_text(value):
    """Return text for text or bytes, None for anything else."""
    if isinstance(value, bytes):
        return value.decode('utf-8', 'replace')
    return value if isinstance(value, type(u'')) else None


def shown(value):
    """Return a value for an error message: one short line without control characters, ASCII under Python 2."""
    text = as_text(value)
    if text is None:
        short = '%d' % value if _integer(value) is not None else repr(value)
        return short if len(short) <= SHOWN else short[:SHOWN] + '...'
    short = text if len(text) <= SHOWN else text[:SHOWN] + u'...'
    short = re.sub(UNPRINTABLE, lambda found: u'\\u%04x' % ord(found.group()), short)
    if LONE_SURROGATE:
        short = re.sub(LONE_SURROGATE, lambda found: u'\\u%04x' % ord(found.group()), short)
    if str is bytes:
        short = short.encode('ascii', 'backslashreplace').decode('ascii')
    return u'"%s"' % short
