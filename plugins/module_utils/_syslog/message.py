# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses whole syslog messages: RFC 5424 strictly, RFC 3164 as found in practice.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.codes import SyslogError, shown

FLAGS = re.DOTALL | getattr(re, 'ASCII', 0)
PRI = re.compile(r'<([0-9]*)>', FLAGS)
# VERSION 1, or another one, of one to three digits, before what looks like the TIMESTAMP of RFC 5424.
VERSIONED = re.compile(r'(1|[1-9][0-9]{0,2}(?= (?:- |[0-9]{4}-))) ', FLAGS)
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
# The first colon ends the tag, as rsyslog reads it and as _logfile/lines.py does.
TAG = re.compile(r'([^\s:]+?)(?:\[([^\[\]\s]*)\])?: ?(.*)\Z', FLAGS)
# Behind a TIMESTAMP a `[` ends it as well, and behind a HOSTNAME a blank (RFC 3164, 4.1.3). A name begins with a letter.
NAME = r'(?P<name>[A-Za-z][A-Za-z0-9_./-]{0,31})'
TAG_BEFORE_BRACKET = re.compile(NAME + r'(?:\[(?P<process>[^\[\]\s]*)\](?: |\Z)|(?=\[))(?P<text>.*)\Z', FLAGS)
TAG_BEFORE_BLANK = re.compile(NAME + r' (?:: ?)?(?P<text>.*)\Z', FLAGS)
ADDRESS = re.compile(r'[0-9.]+\Z|.*:', FLAGS)


def parse(line):
    """Parse a syslog message, text or UTF-8 bytes (invalid bytes become U+FFFD), into its parts.

    A newline at the end belongs to the line and not to the message. The result has the keys format, pri, facility,
    severity, version, timestamp, timestamp_utc, hostname, app_name, procid, msgid, structured_data, message; what the
    message does not have is None.

    * `rfc5424` is what has a VERSION behind the PRI. It must be right in every part, else SyslogError names the part.
    * `rfc3164` is all else, as RFC 3164 describes what is seen. Nothing is required. A TIMESTAMP (`Oct 11 22:14:15`, or
      that of RFC 3339, as rsyslog forwards and writes) that is no time is part of the message, and so is all behind it
      (section 4.3.2). The word behind the TIMESTAMP is the HOSTNAME unless it is a tag (`su:`, `myproc[10]`).
    * A colon ends the tag; where there is none in the first word, a `[` behind the TIMESTAMP or a blank behind the
      HOSTNAME (section 4.1.3). Behind an address a blank ends none: so a relay sends on what has no header, and all
      that is text (sections 4.3.3 and 5.4).
    * A line without PRI has pri, facility and severity None: files hold no PRI, so the 13 (user.notice) that a relay
      is to send for it (section 4.3.3) would be a guess. A line that begins with a wrong PRI raises SyslogError.
    """
    text = _text(line)
    result = dict.fromkeys(('pri', 'facility', 'severity', 'version', 'timestamp', 'timestamp_utc', 'hostname',
                            'app_name', 'procid', 'msgid', 'message'))
    result['structured_data'] = {}
    found = PRI.match(text)
    if found:
        result.update(syslog.decode(found.group()))
        text = text[found.end():]
        version = VERSIONED.match(text)
        if version:
            _read_rfc5424(result, version.group(1), text[version.end():])
            return result
    _read_rfc3164(result, text)
    return result


def _text(line):
    text = syslog.as_text(line)
    if text is None:
        raise SyslogError('%s is not a syslog message: it must be text.' % shown(line))
    if syslog.LONE_SURROGATE:  # Python 2 takes them for UTF-8, and text of Python 3 may stand for bytes with them
        text = re.sub(syslog.LONE_SURROGATE, u'\ufffd', text)
    if text.endswith(u'\n'):
        text = text[:-1]
    if not text:
        raise SyslogError('An empty line is not a syslog message.')
    return text


def _read_rfc5424(result, version, text):
    """Fill result from what follows the VERSION."""
    if version != u'1':
        raise SyslogError('VERSION %s is not known: the only version of RFC 5424 is 1.' % shown(version))
    result.update(format='rfc5424', version=1)
    stamp, text = _field('TIMESTAMP', text)
    if stamp != u'-':
        result['timestamp'], result['timestamp_utc'] = stamp, _utc(stamp)
    for name, key, length in HEADER:
        value, text = _field(name, text)
        if len(value) > length:
            raise SyslogError('%s %s is too long: %d characters, at most %d are allowed.'
                              % (name, shown(value), len(value), length))
        if not PRINTABLE.match(value):
            raise SyslogError('%s %s has a character that is not printable US-ASCII (! to ~).' % (name, shown(value)))
        result[key] = None if value == u'-' else value
    if text.startswith(u'['):
        result['structured_data'], place = _structured_data(text)
    elif text.startswith(u'-'):
        place = 1
    else:
        raise SyslogError('STRUCTURED-DATA %s must be - or begin with [.' % shown(text))
    if text[place:place + 1] not in (u'', u' '):
        raise SyslogError('STRUCTURED-DATA is followed by %s: it must end the message, or a space and the MSG follow.'
                          % shown(text[place:]))
    if text[place:]:
        message = text[place + 1:]
        result['message'] = message[1:] if message.startswith(BYTE_ORDER_MARK) else message


def _field(name, text):
    """Return (first word of text, the rest after the following space)."""
    value, space, rest = text.partition(u' ')
    if not value:
        raise SyslogError('%s is missing: write - where there is none, and one space between fields.' % name)
    if not space:
        raise SyslogError('The message ends with the %s %s: the HEADER is TIMESTAMP HOSTNAME APP-NAME PROCID MSGID, '
                          'then STRUCTURED-DATA, each - where there is none.' % (name, shown(value)))
    return value, rest


def _utc(stamp):
    """Return a TIMESTAMP (text) as RFC 3339 in UTC, or None if that is outside of the years 1 to 9999."""
    found = RFC3339.match(stamp)
    if not found:
        raise SyslogError('TIMESTAMP %s is not of the form 2003-10-11T22:14:15.003Z: capital T and Z, 1 to 6 digits of '
                          'a second or none, Z or an offset such as -07:00.' % shown(stamp))
    second, zone_hour, zone_minute = found.group(6, 9, 10)
    if second == u'60':
        raise SyslogError('TIMESTAMP %s has a leap second, which RFC 5424 forbids: seconds are 00 to 59.'
                          % shown(stamp))
    if int(zone_hour or 0) > 23 or int(zone_minute or 0) > 59:
        raise SyslogError('TIMESTAMP %s has no such offset: hours are 00 to 23, minutes 00 to 59.' % shown(stamp))
    moment = timestamps.from_fields(*found.groups()[:8])
    if moment is None:
        raise SyslogError('TIMESTAMP %s does not exist: months are 01 to 12, days as the month has them, hours '
                          '00 to 23, minutes and seconds 00 to 59.' % shown(stamp))
    return timestamps.to_text(moment) if timestamps.EARLIEST <= moment <= timestamps.LATEST else None


def _structured_data(text):
    """Return ({SD-ID: [{name, value}]}, where it ends) of a text that begins with [."""
    found, place = {}, 0
    while text.startswith(u'[', place):
        name, place = _sd_name('SD-ID', text, place + 1)
        if name in found:
            raise SyslogError('SD-ID %s occurs twice: each may be in a message once.' % shown(name))
        found[name] = parameters = []
        while text.startswith(u' ', place):
            parameter, place = _sd_name('PARAM-NAME in [%s' % name, text, place + 1)
            value = SD_VALUE.match(text, place)
            if not value:
                raise SyslogError('PARAM-VALUE of %s in [%s must be in double quotes, with a backslash before each ", '
                                  '] and \\ in it; it is %s.' % (parameter, name, shown(text[place:])))
            parameters.append({'name': parameter, 'value': ESCAPED.sub(u'\\1', value.group(1))})
            place = value.end()
        if not text.startswith(u']', place):
            raise SyslogError('STRUCTURED-DATA [%s must go on with a space or end with ], not with %s.'
                              % (name, shown(text[place:]) if text[place:] else 'the line'))
        place += 1
    return found, place


def _sd_name(what, text, place):
    found = SD_NAME.match(text, place)
    if not found:
        raise SyslogError('%s is missing or has a wrong character where it says %s: 1 to %d printable US-ASCII '
                          'characters without =, ], " and space.' % (what, shown(text[place:]), SD_NAME_LENGTH))
    if len(found.group()) > SD_NAME_LENGTH:
        raise SyslogError('%s %s is too long: %d characters, at most %d are allowed.'
                          % (what, shown(found.group()), len(found.group()), SD_NAME_LENGTH))
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
        return
    host = result['hostname']
    tag = stamp and (TAG_BEFORE_BRACKET.match(text, place)
                     or host and not ADDRESS.match(host) and TAG_BEFORE_BLANK.match(text, place))
    if tag:
        found = tag.groupdict()
        result['app_name'], result['procid'], result['message'] = found['name'], found.get('process') or None, found['text']
    else:
        result['message'] = text[place:]


def _stamp(text):
    """Return (TIMESTAMP as written, in UTC if known, where the next field begins), or (None, None, 0)."""
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
