# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facility, severity and PRI of syslog, the one table of them, and a reader of whole messages (RFC 5424, RFC 3164).

PRI = facility x 8 + severity, so facility = PRI / 8 (whole), severity = PRI mod 8. The PRI alone says nothing about
severity: 0 to 23 are all severities of kern, user and mail. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re
import sys

from ansible_collections.loghygiene.rhel.plugins.module_utils import timestamps

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
FLAGS = re.DOTALL | getattr(re, 'ASCII', 0)
NUMBER = re.compile(r'(?:0|[1-9][0-9]{0,9})\Z')
# Text of a terminal that is not text: controls, direction of writing, halves of characters.
UNPRINTABLE = re.compile(u'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
LONE_SURROGATE = re.compile(u'[\ud800-\udfff]') if sys.maxunicode > 0xffff else None
SHOWN = 60  # characters of a wrong value in an error

PRI = re.compile(r'<([0-9]*)>', FLAGS)
# VERSION 1, or another one before what looks like the TIMESTAMP of RFC 5424.
VERSIONED = re.compile(r'(1|[0-9]+(?= (?:- |[0-9]{4}-))) ', FLAGS)
PRINTABLE = re.compile(r'[!-~]+\Z')
RFC3339 = re.compile(r'([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?'
                     r'(Z|[+-]([0-9]{2}):([0-9]{2}))\Z')
HEADER = (('HOSTNAME', 'hostname', 255), ('APP-NAME', 'app_name', 48), ('PROCID', 'procid', 128),
          ('MSGID', 'msgid', 32))
SD_NAME = re.compile(r'[!#-<>-\\^-~]+', FLAGS)
SD_NAME_LENGTH = 32
# In a value " and ] end it, and a backslash escapes what follows.
SD_VALUE = re.compile(r'="([^"\\\]]*(?:\\.[^"\\\]]*)*)"', FLAGS)
ESCAPED = re.compile(r'\\(["\\\]])')
BYTE_ORDER_MARK = u'\ufeff'

DAYS = dict(zip('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(),
                (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)))
BSD_TIME = re.compile(r'(([A-Z][a-z]{2}) ([ 0-3][0-9]) ([0-9]{2}):([0-9]{2}):([0-9]{2}))(?: |\Z)', FLAGS)
# A name, an IPv4 address or an IPv6 address; what has a single colon is a tag.
HOST = re.compile(r'([A-Za-z0-9._-]+|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9._-]+)?)(?: |\Z)', FLAGS)
# The first colon ends the tag, as rsyslog reads it and as logline.py does.
TAG = re.compile(r'([^\s:]+?)(?:\[([^\[\]\s]*)\])?: ?(.*)\Z', FLAGS)


class SyslogError(ValueError):
    """No PRI, facility, severity or message; the text names the value and what is accepted."""


def encode(facility, severity):
    """The PRI (int) of a facility and a severity, each in any accepted spelling. Raises SyslogError."""
    return _facility_number(facility) * 8 + _severity_number(severity)


def decode(pri):
    """{pri, facility: {...}, severity: {...}} of a PRI: 34, '34' or '<34>'. Raises SyslogError."""
    number = _pri_number(pri)
    return {'pri': number, 'facility': _row(FACILITIES, number >> 3), 'severity': _row(SEVERITIES, number & 7)}


def facility(value):
    """{number, keyword, name, en, ko} of a facility: its number (also as text), keyword or alias in any case, or what
    this function returned. Raises SyslogError.
    """
    return _row(FACILITIES, _facility_number(value))


def severity(value):
    """Like facility, of a severity."""
    return _row(SEVERITIES, _severity_number(value))


def parse(line):
    """The parts of a syslog message, text or UTF-8 bytes (what is not UTF-8 becomes U+FFFD).

    A newline at the end belongs to the line and not to the message. The result has the keys format, pri, facility,
    severity, version, timestamp, timestamp_utc, hostname, app_name, procid, msgid, structured_data, message; what the
    message does not have is None.

    * `rfc5424` is what has a VERSION behind the PRI. It must be right in every part, else SyslogError names the part.
    * `rfc3164` is all else, as RFC 3164 describes what is seen. Nothing is required. A TIMESTAMP (`Oct 11 22:14:15`, or
      that of RFC 3339, as rsyslog forwards and writes) that is no time is part of the message, and so is all behind it
      (section 4.3.2). The word behind the TIMESTAMP is the HOSTNAME unless it is a tag (`su:`, `myproc[10]:`).
    * A line without PRI has pri, facility and severity None: files hold no PRI, so the 13 (user.notice) that a relay
      is to send for it (section 4.3.3) would be a guess. A line that begins with a wrong PRI raises SyslogError.
    """
    text = _text(line)
    result = dict.fromkeys(('pri', 'facility', 'severity', 'version', 'timestamp', 'timestamp_utc', 'hostname',
                            'app_name', 'procid', 'msgid', 'message'))
    result['structured_data'] = {}
    found = PRI.match(text)
    if found:
        result.update(decode(found.group()))
        text = text[found.end():]
        version = VERSIONED.match(text)
        if version:
            _read_rfc5424(result, version.group(1), text[version.end():])
            return result
    _read_rfc3164(result, text)
    return result


def _text(line):
    text = _as_text(line)
    if text is None:
        raise SyslogError('%s is no syslog message: it must be text.' % _shown(line))
    if LONE_SURROGATE:  # Python 2 takes them for UTF-8, and text of Python 3 may stand for bytes with them
        text = LONE_SURROGATE.sub(u'\ufffd', text)
    if text.endswith(u'\n'):
        text = text[:-1]
    if not text:
        raise SyslogError('An empty line is no syslog message.')
    return text


def _read_rfc5424(result, version, text):
    """Fill result from what follows the VERSION."""
    if version != u'1':
        raise SyslogError('VERSION %s is not known: the only version of RFC 5424 is 1.' % _shown(version))
    result.update(format='rfc5424', version=1)
    stamp, text = _field('TIMESTAMP', text)
    if stamp != u'-':
        result['timestamp'], result['timestamp_utc'] = stamp, _utc(stamp)
    for name, key, length in HEADER:
        value, text = _field(name, text)
        if len(value) > length:
            raise SyslogError('%s %s is too long: %d characters, at most %d are allowed.'
                              % (name, _shown(value), len(value), length))
        if not PRINTABLE.match(value):
            raise SyslogError('%s %s has a character that is not printable US-ASCII (! to ~).' % (name, _shown(value)))
        result[key] = None if value == u'-' else value
    if text.startswith(u'['):
        result['structured_data'], place = _structured_data(text)
    elif text.startswith(u'-'):
        place = 1
    else:
        raise SyslogError('STRUCTURED-DATA %s must be - or begin with [.' % _shown(text))
    if text[place:place + 1] not in (u'', u' '):
        raise SyslogError('STRUCTURED-DATA is followed by %s: it must end the message, or a space and the MSG follow.'
                          % _shown(text[place:]))
    if text[place:]:
        message = text[place + 1:]
        result['message'] = message[1:] if message.startswith(BYTE_ORDER_MARK) else message


def _field(name, text):
    """(first word of text, what follows the space behind it)"""
    value, space, rest = text.partition(u' ')
    if not value:
        raise SyslogError('%s is missing: write - where there is none, and one space between fields.' % name)
    if not space:
        raise SyslogError('The message ends with the %s %s: the HEADER is TIMESTAMP HOSTNAME APP-NAME PROCID MSGID, '
                          'then STRUCTURED-DATA, each - where there is none.' % (name, _shown(value)))
    return value, rest


def _utc(stamp):
    """RFC 3339 in UTC of a TIMESTAMP (text); None for the few hours that are beyond the years 1 to 9999 there."""
    found = RFC3339.match(stamp)
    if not found:
        raise SyslogError('TIMESTAMP %s is not of the form 2003-10-11T22:14:15.003Z: capital T and Z, 1 to 6 digits of '
                          'a second or none, Z or an offset such as -07:00.' % _shown(stamp))
    second, zone_hour, zone_minute = found.group(6, 9, 10)
    if second == u'60':
        raise SyslogError('TIMESTAMP %s has a leap second, which RFC 5424 forbids: seconds are 00 to 59.'
                          % _shown(stamp))
    if int(zone_hour or 0) > 23 or int(zone_minute or 0) > 59:
        raise SyslogError('TIMESTAMP %s has no such offset: hours are 00 to 23, minutes 00 to 59.' % _shown(stamp))
    moment = timestamps.from_fields(*found.groups()[:8])
    if moment is None:
        raise SyslogError('TIMESTAMP %s is no time that exists: months are 01 to 12, days as the month has them, hours '
                          '00 to 23, minutes and seconds 00 to 59.' % _shown(stamp))
    return timestamps.to_text(moment) if timestamps.EARLIEST <= moment <= timestamps.LATEST else None


def _structured_data(text):
    """({SD-ID: [{name, value}]}, where it ends) of a text that begins with [."""
    found, place = {}, 0
    while text.startswith(u'[', place):
        name, place = _sd_name('SD-ID', text, place + 1)
        if name in found:
            raise SyslogError('SD-ID %s occurs twice: each may be in a message once.' % _shown(name))
        found[name] = parameters = []
        while text.startswith(u' ', place):
            parameter, place = _sd_name('PARAM-NAME in [%s' % name, text, place + 1)
            value = SD_VALUE.match(text, place)
            if not value:
                raise SyslogError('PARAM-VALUE of %s in [%s must be in double quotes, with a backslash before each ", '
                                  '] and \\ in it; it is %s.' % (parameter, name, _shown(text[place:])))
            parameters.append({'name': parameter, 'value': ESCAPED.sub(u'\\1', value.group(1))})
            place = value.end()
        if not text.startswith(u']', place):
            raise SyslogError('STRUCTURED-DATA [%s must go on with a space or end with ], not with %s.'
                              % (name, _shown(text[place:]) if text[place:] else 'the line'))
        place += 1
    return found, place


def _sd_name(what, text, place):
    found = SD_NAME.match(text, place)
    if not found:
        raise SyslogError('%s is missing or has a wrong character where it says %s: 1 to %d printable US-ASCII '
                          'characters without =, ], " and space.' % (what, _shown(text[place:]), SD_NAME_LENGTH))
    if len(found.group()) > SD_NAME_LENGTH:
        raise SyslogError('%s %s is too long: %d characters, at most %d are allowed.'
                          % (what, _shown(found.group()), len(found.group()), SD_NAME_LENGTH))
    return found.group(), found.end()


def _read_rfc3164(result, text):
    """Fill result from what follows the PRI."""
    result['format'] = 'rfc3164'
    stamp, utc, place = _stamp(text)
    if stamp:
        result['timestamp'], result['timestamp_utc'] = stamp, utc
        host = HOST.match(text, place)
        if host:
            result['hostname'], place = host.group(1), host.end()
    tag = TAG.match(text, place)
    if tag:
        result['app_name'], result['procid'], result['message'] = tag.group(1), tag.group(2) or None, tag.group(3)
    else:
        result['message'] = text[place:]


def _stamp(text):
    """(TIMESTAMP as it is written, in UTC where it tells, where the next field begins), or (None, None, 0)"""
    found = BSD_TIME.match(text)
    if found:
        stamp, month, day, hour, minute, second = found.groups()
        if (1 <= int(day) <= DAYS.get(month, 0) and int(hour) <= 23 and int(minute) <= 59 and int(second) <= 59):
            return stamp, None, found.end()
        return None, None, 0
    word = text.partition(u' ')[0]
    if RFC3339.match(word):
        try:
            return word, _utc(word), len(word) + 1
        except SyslogError:
            pass
    return None, None, 0


def _row(table, number):
    keyword, name, english, korean, _aliases = table[number]
    return {'number': number, 'keyword': keyword, 'name': name, 'en': english, 'ko': korean}


def _pri_number(value):
    accepted = 'it must be 0 to %d (facility x 8 + severity), as 34 or <34>' % HIGHEST_PRI
    text = _as_text(value)
    if text is not None:
        digits = text[1:-1] if text.startswith(u'<') and text.endswith(u'>') else text
        if len(digits) > 1 and digits.startswith(u'0') and digits.strip(u'0123456789') == u'':
            raise SyslogError('%s is no PRI: %s, without leading zeros.' % (_shown(value), accepted))
        number = int(digits) if NUMBER.match(digits) else None
    else:
        number = _integer(value)
    if number is None or not 0 <= number <= HIGHEST_PRI:
        raise SyslogError('%s is no PRI: %s.' % (_shown(value), accepted))
    return number


def _facility_number(value):
    return _number(value, 'facility', FACILITY_KEYWORDS, FACILITY_NUMBERS, FACILITY_REASONS)


def _severity_number(value):
    return _number(value, 'severity', SEVERITY_KEYWORDS, SEVERITY_NUMBERS, SEVERITY_REASONS)


def _number(value, what, keywords, numbers, reasons):
    if isinstance(value, dict) and 'keyword' in value:
        value = value['keyword']
    text = _as_text(value)
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
        raise SyslogError('%s is no %s: %s. Write %s.' % (_shown(value), what, reasons[word], accepted))
    raise SyslogError('%s is no %s: it must be %s.%s' % (_shown(value), what, accepted, _did_you_mean(word, numbers)))


def _did_you_mean(word, numbers):
    import difflib  # only a mistake needs it
    near = difflib.get_close_matches(word[:SHOWN], sorted(numbers), 1, 0.75)
    return ' Did you mean %s?' % near[0] if near else ''


def _integer(value):
    return value if isinstance(value, INTEGERS) and not isinstance(value, bool) else None


def _as_text(value):
    """Text of text or bytes, None of anything else."""
    if isinstance(value, bytes):
        return value.decode('utf-8', 'replace')
    return value if isinstance(value, type(u'')) else None


def _shown(value):
    """A value for an error: one short line that does nothing to a terminal, ASCII under Python 2."""
    text = _as_text(value)
    if text is None:
        shown = '%d' % value if _integer(value) is not None else repr(value)
        return shown if len(shown) <= SHOWN else shown[:SHOWN] + '...'
    shown = text if len(text) <= SHOWN else text[:SHOWN] + u'...'
    shown = UNPRINTABLE.sub(lambda found: u'\\u%04x' % ord(found.group()), shown)
    if LONE_SURROGATE:
        shown = LONE_SURROGATE.sub(lambda found: u'\\u%04x' % ord(found.group()), shown)
    if str is bytes:
        shown = shown.encode('ascii', 'backslashreplace').decode('ascii')
    return u'"%s"' % shown
