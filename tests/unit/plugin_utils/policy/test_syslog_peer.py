# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""module_utils/_syslog/codes.py against a parser that others wrote: syslog2cef (MIT), from PyPI.

It converts logs and loses no line, so it refuses nothing and keeps less. What RFC 5424 says otherwise is left out of the
comparison, and nothing else:

* a newline: it reads single lines only;
* the byte order mark, which it leaves in the message, and a MSG that is absent, which it takes for an empty one;
* of a repeated PARAM-NAME it keeps the last value, and of an element without parameters nothing;
* seconds with 1, 2, 4 or 5 digits of fraction on Python 3.10, whose datetime.fromisoformat knows 3 and 6 only.
"""
from __future__ import annotations

import datetime
import re
import sys

from hypothesis import given
from hypothesis import strategies as st
from syslogcef.parsers import parse_rfc3164, parse_rfc5424

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog, message as syslog_message

NOW = datetime.datetime(2026, 11, 22, 16, 1, 20, tzinfo=datetime.timezone.utc)
PRINTABLE = ''.join(chr(number) for number in range(33, 127))
NAMES = st.text(''.join(letter for letter in PRINTABLE if letter not in '="]'), min_size=1, max_size=32)
LETTERS = st.characters(blacklist_categories=['Cs'], blacklist_characters='\n')
TEXTS = st.one_of(st.text('ab\\"][= -\ufeff한\U0001f525', max_size=20), st.text(LETTERS, max_size=20))


def check_rfc5424(line):
    """Both read the same in a line that is RFC 5424; whether it is."""
    try:
        ours = syslog_message.parse(line)
    except syslog.SyslogError:
        return False
    if ours['format'] != 'rfc5424':
        return False
    peer = parse_rfc5424(line)
    assert (peer.pri, peer.facility, peer.severity) == (
        ours['pri'], ours['facility']['number'], ours['severity']['number'])
    assert (peer.host, peer.app, peer.pid, peer.msgid) == (
        ours['hostname'], ours['app_name'], ours['procid'], ours['msgid'])
    assert peer.sd == {'%s.%s' % (name, item['name']): item['value']
                       for name, items in ours['structured_data'].items() for item in items}
    assert peer.msg.removeprefix('\ufeff') == (ours['message'] or '')
    assert peer.ts_orig == (ours['timestamp'] or '-')
    if ours['timestamp'] is None:
        assert peer.ts is None
    elif sys.version_info >= (3, 11) or not re.search(r'\.(\d{1,2}|\d{4,5})(?!\d)', ours['timestamp']):
        utc = peer.ts.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        assert utc.isoformat(timespec='microseconds') + 'Z' == ours['timestamp_utc']
    return True


@st.composite
def stamps(draw):
    """A TIMESTAMP."""
    moment = draw(st.datetimes(datetime.datetime(2, 1, 1), datetime.datetime(9998, 12, 31)))
    digits = draw(st.integers(0, 6))
    fraction = '.' + ('%06d' % moment.microsecond)[:digits] if digits else ''
    zone = draw(st.one_of(st.just('Z'), st.builds('{}{:02d}:{:02d}'.format, st.sampled_from('+-'), st.integers(0, 23),
                                                  st.integers(0, 59))))
    return moment.strftime('%Y').zfill(4) + moment.strftime('-%m-%dT%H:%M:%S') + fraction + zone


@st.composite
def rfc5424(draw):
    """A message of RFC 5424."""
    def escaped(value):
        return value.replace('\\', draw(st.sampled_from(['\\\\', '\\\\', '\\x']))).replace('"', '\\"').replace(']', '\\]')
    header = [draw(st.one_of(st.just('-'), st.text(PRINTABLE, min_size=1, max_size=length)))
              for length in (255, 48, 128, 32)]
    data = draw(st.dictionaries(NAMES, st.lists(st.tuples(NAMES, TEXTS), max_size=4), max_size=4))
    line = '<%d>1 %s %s ' % (draw(st.integers(0, 191)), draw(st.one_of(st.just('-'), stamps())), ' '.join(header))
    line += ''.join('[%s%s]' % (name, ''.join(' %s="%s"' % (key, escaped(value)) for key, value in items))
                    for name, items in data.items()) or '-'
    return line + draw(st.one_of(st.just(''), st.sampled_from([' ', ' \ufeff']).flatmap(
        lambda begin: TEXTS.map(lambda text: begin + text))))


@given(rfc5424())
def test_rfc_5424(line):
    assert check_rfc5424(line)


@given(rfc5424(), st.integers(0, 300), st.integers(0, 5), TEXTS)
def test_what_is_read_of_damaged_lines(line, place, length, other):
    check_rfc5424(line[:place] + other + line[place + length:])


@given(st.integers(0, 191), st.sampled_from(list(syslog_message.DAYS)), st.integers(1, 28), st.times(),
       st.from_regex(r'[A-Za-z0-9._-]{1,64}', fullmatch=True), st.from_regex(r'[A-Za-z0-9_./-]{1,32}', fullmatch=True),
       st.one_of(st.none(), st.integers(0, 4194304).map(str)), TEXTS.filter(lambda text: not text[:1].isspace()))
def test_rfc_3164(pri, month, day, clock, host, tag, process, text):
    line = '<%d>%s %2d %s %s %s%s: %s' % (pri, month, day, clock.strftime('%H:%M:%S'), host, tag,
                                          '' if process is None else '[%s]' % process, text)
    ours, peer = syslog_message.parse(line), parse_rfc3164(line, now=NOW)
    assert (peer.pri, peer.facility, peer.severity) == (
        ours['pri'], ours['facility']['number'], ours['severity']['number'])
    assert (peer.host, peer.app, peer.pid, peer.msg) == (
        ours['hostname'], ours['app_name'], ours['procid'], ours['message'])
    assert peer.ts_orig.split() == ours['timestamp'].split()


def test_every_pri():
    for pri in range(192):
        assert check_rfc5424('<%d>1 - - - - - -' % pri)
