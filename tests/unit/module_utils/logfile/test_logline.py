# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of text logs: three formats, tags of every shape, and the year nobody wrote down."""

from __future__ import absolute_import, division, print_function

import calendar
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import lines as logline
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile.lines import Line, Parser, Years

__metaclass__ = type

MOMENT = 1795363280 * 1000000  # 2026-11-22T16:01:20Z


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    monkeypatch.setenv('TZ', 'UTC')
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def parse(line, year=2026):
    """The Line of a text; the same when the parser has seen its like."""
    parser = Parser()
    found = parser.parse(line.encode('utf-8'), year)
    assert parser.parse(line.encode('utf-8'), year) == found
    return found


@pytest.mark.parametrize(
    'line, expected',
    [
        (u'Nov 22 16:01:20 host kernel: text', Line(MOMENT, u'kernel', u'text', None)),
        (u'<12>Nov 22 16:01:20 host kernel: text', Line(MOMENT, u'kernel', u'text', 4)),
        # 191 is the highest PRI: what is above has no severity.
        (u'<191>Nov 22 16:01:20 host kernel: text', Line(MOMENT, u'kernel', u'text', 7)),
        (u'<192>Nov 22 16:01:20 host kernel: text', Line(MOMENT, u'kernel', u'text', None)),
        (u'2026-11-22T16:01:20.123456+00:00 host app[12]: text', Line(MOMENT + 123456, u'app', u'text', None)),
        (
            u'2026-11-23T01:01:20.123456+09:00 host kernel: <asm>:[INFO]x',
            Line(MOMENT + 123456, u'kernel', u'<asm>:[INFO]x', None),
        ),
        (u'2026-11-22T16:01:20Z host app: text', Line(MOMENT, u'app', u'text', None)),
        (u'<165>1 2026-11-22T16:01:20.000003Z host app 12 ID47 - text', Line(MOMENT + 3, u'app', u'text', 5)),
        (
            u'<165>1 2026-11-22T16:01:20Z host app 12 ID47 [a b="]\\"\\\\"][c] \ufefftext: x',
            Line(MOMENT, u'app', u'text: x', 5),
        ),
        (u'<3>1 2026-11-22T16:01:20Z - - - - -', Line(MOMENT, None, u'', 3)),
        (u'<3>1 2026-11-22T16:01:20Z host kernel - - - [    1.234567] text', Line(MOMENT, u'kernel', u'text', 3, 1.234567)),
    ],
)
def test_the_three_formats(line, expected):
    assert parse(line) == expected


@pytest.mark.parametrize(
    'rest, tag, text',
    [
        (u'kernel: text', u'kernel', u'text'),
        (u'kernel:  text', u'kernel', u' text'),
        (u'kernel:text', u'kernel', u'text'),
        (u'kernel: [drm:x] text', u'kernel', u'[drm:x] text'),
        (u'app: [   12.345678] text', u'app', u'[   12.345678] text'),
        (u'sshd[123]: pam_unix(sshd:session): text', u'sshd', u'pam_unix(sshd:session): text'),
        (u'(sd-pam)[123]: text', u'(sd-pam)', u'text'),
        (u'(systemd): text', u'(systemd)', u'text'),
        (u'gdm-password][1234]: text', u'gdm-password]', u'text'),
        (u'su: text', u'su', u'text'),
        (u'postfix/smtpd[1]: text', u'postfix/smtpd', u'text'),
        (u'journal[9]: text', u'journal', u'text'),
        (u'tag:', u'tag', u''),
        (u'tag[1]: ', u'tag', u''),
        (u'\ud504\ub85c\uadf8\ub7a8: \uc624\ub958', u'\ud504\ub85c\uadf8\ub7a8', u'\uc624\ub958'),
        (u'last message repeated 2 times', None, u'last message repeated 2 times'),
        (u'-- MARK --', None, u'-- MARK --'),
        (u'', None, u''),
    ],
)
def test_tags(rest, tag, text):
    for header in (u'Nov 22 16:01:20 host ', u'2026-11-22T16:01:20+00:00 host ', u'Nov 22 16:01:20  '):
        assert parse(header + rest) == Line(MOMENT, tag, text, None)


@pytest.mark.parametrize('stamp, since_boot', [
    (u'[   12.345678] ', 12.345678), (u'[12.345678] ', 12.345678), (u'[86400.000001]', 86400.000001)])
def test_the_kernel_s_own_stamp(stamp, since_boot):
    for header in (u'Nov 22 16:01:20 host ', u'2026-11-22T16:01:20+00:00 host ', u'Nov 22 16:01:20  '):
        assert parse(header + u'kernel: ' + stamp + u'text') == Line(MOMENT, u'kernel', u'text', None, since_boot)
    assert parse(u'Nov 22 16:01:20 host kernel: [' + u'9' * 5000 + u'.1] text').since_boot is None


@pytest.mark.parametrize(
    'line',
    [
        u'',
        u'text',
        u'Nov 22 16:01:20',
        u'Nov 31 16:01:20 host x: y',
        u'Nov 00 16:01:20 host x: y',
        u'Now 22 16:01:20 host x: y',
        u'Nov 22 24:01:20 host x: y',
        u'Nov 22 16:61:20 host x: y',
        u'Nov 22 16:01:61 host x: y',
        u'2026-02-29T00:00:00Z host x: y',
        u'<3>1 2026-11-22T16:01:20Z host app 12',
        u' continued: line',
        u'\ufffd',
    ],
)
def test_what_is_no_line_of_a_log(line):
    assert parse(line) is None


def test_days_below_ten():
    assert (
        parse(u'Nov  2 16:01:20 host x: y').stamp
        == parse(u'Nov 02 16:01:20 host x: y').stamp
        == MOMENT - 20 * 86400 * 1000000
    )


def test_local_time(monkeypatch):
    monkeypatch.setenv('TZ', 'Asia/Seoul')
    time.tzset()
    assert parse(u'Nov 23 01:01:20 host x: y').stamp == MOMENT


@given(st.text(max_size=60))
def test_no_line_is_too_strange(text):
    parser = Parser()
    for line in (
        text,
        u'Nov 22 16:01:20 host ' + text,
        u'<3>1 2026-11-22T16:01:20Z host ' + text,
        u'2026-11-22T16:01:20Z ' + text,
    ):
        found = parser.parse(line.encode('utf-8', 'replace'), 2026)
        assert found is None or isinstance(found, Line)


HEADERS = st.sampled_from(
    [
        u'host app',
        u'host app[1]',
        u'host app[1:2]',
        u'host kernel',
        u' app',
        u'host a b',
        u'host app[1',
        u'h app]',
        u'h \xa0',
    ]
)


@given(st.lists(st.tuples(HEADERS, st.sampled_from([u': ', u':', u' ', u'']), st.text(u'a: [1.5]\u20ac', max_size=8))))
def test_what_a_parser_remembers_changes_no_answer(lines):
    remembering = Parser()
    for header, colon, text in lines:
        for stamp in (u'Nov 22 16:01:20', u'Nov 22 16:59:60', u'Nov 22 16:60:00', u'Nov 22 16:1:20 '):
            raw = (u'%s %s%s%s' % (stamp, header, colon, text)).encode('utf-8')
            assert remembering.parse(raw, 2026) == Parser().parse(raw, 2026)


@pytest.mark.parametrize(
    'zone, line, moment',
    [
        ('Europe/Berlin', b'Mar 29 01:30:00 h a: b', '2026-03-29 00:30:00'),
        ('Europe/Berlin', b'Mar 29 03:30:00 h a: b', '2026-03-29 01:30:00'),
        ('Australia/Lord_Howe', b'Oct  4 01:59:00 h a: b', '2026-10-03 15:29:00'),
        ('Australia/Lord_Howe', b'Oct  4 02:45:00 h a: b', '2026-10-03 15:45:00'),
    ],
)
def test_hours_in_which_a_clock_is_set(monkeypatch, zone, line, moment):
    monkeypatch.setenv('TZ', zone)
    time.tzset()
    parser = Parser()
    for minute in (b'10', b'59', b'00'):
        parser.parse(line[:10] + minute + line[12:], 2026)
    assert parser.parse(line, 2026).stamp == seconds(moment) * 1000000


# --- years
# -----------------------------------------------------------------------------------------------------------------


def seconds(text):
    return calendar.timegm(time.strptime(text, '%Y-%m-%d %H:%M:%S'))


def years_of(dates, latest):
    """The years that lines of these dates get in a file last written then."""
    lines = [(u'%s 12:00:00 host x: y\n' % date).encode('ascii') for date in dates]
    return [year for _place, year in line_years(lines, seconds(latest), len(lines))]


def line_years(lines, latest, size):
    """[(place, year)] of lines (bytes) read in blocks of `size` lines."""
    first = None
    for _reading in range(2):
        years, found = Years(latest, first), []
        for number in range(0, len(lines), size):
            block = bytearray(b''.join(lines[number:number + size]))
            turns = years.read(block, len(block))
            place = 0
            for line in lines[number:number + size]:
                found.append((place, [year for start, year in turns if start <= place][-1]))
                place += len(line)
        first = years.right()
    return found


@pytest.mark.parametrize(
    'dates, latest, years',
    [
        (['Nov 20', 'Nov 22'], '2026-11-22 13:00:00', [2026, 2026]),
        (['Nov 20', 'Nov 22'], '2026-11-22 11:00:00', [2026, 2026]),  # a clock that runs slow by an hour
        (['Nov 20', 'Nov 22'], '2026-11-20 11:00:00', [2025, 2025]),
        (['Dec 30', 'Dec 31', 'Jan  1', 'Jan  2'], '2027-01-02 13:00:00', [2026, 2026, 2027, 2027]),
        (['Dec 31'], '2027-01-03 13:00:00', [2026]),
        (['Dec 31'], '2026-12-31 11:59:00', [2026]),
        (['Jan  1'], '2026-12-31 23:59:00', [2027]),  # written while the clock was a little ahead
        (['Nov 22', 'Jun  1', 'Nov 22', 'Jan  3'], '2027-02-01 00:00:00', [2025, 2026, 2026, 2027]),
        (
            ['Jan  1', 'Dec 31', 'Jan  1'],
            '2027-01-01 13:00:00',
            [2027, 2026, 2027],
        ),  # the clock was set back over New Year
        (['Nov 22', 'Nov 20', 'Nov 23'], '2026-11-23 13:00:00', [2026, 2026, 2026]),  # and within the year
        (['Feb 28', 'Feb 29', 'Mar  1'], '2024-03-01 13:00:00', [2024, 2024, 2024]),
        (['Feb 29'], '2026-11-22 00:00:00', [2024]),
        (['Feb 29', 'Mar  1'], '2026-11-22 00:00:00', [2024, 2024]),
        (['Feb 29', 'Dec 31', 'Jan  1'], '2026-11-22 00:00:00', [2024, 2024, 2025]),
    ],
)
def test_the_year_nobody_wrote_down(dates, latest, years):
    assert years_of(dates, latest) == years


def test_lines_of_other_kinds_do_not_matter():
    lines = [
        b'\n',
        b'\xff\xff\xff\xff\xff\xff\xff\n',
        b'2020-01-01T00:00:00Z host x: y\n',
        b'\0\0<3>Dec 31 00:00:00 host x: y\n',
        b'Jan  1 00:00:00 host x: y\n',
        b'Feb 31 00:00:00 host x: y\n',
        b'Jun  1\n',
    ]
    found = line_years(lines, seconds('2027-01-05 00:00:00'), 3)
    assert [year for _place, year in found][3:] == [2026, 2027, 2027, 2027]
    years = Years(0)
    assert years.read(bytearray(b'nothing\n'), 8) == [(0, None)]
    assert years.right() is None


@given(
    st.integers(min_value=0, max_value=2**31),
    st.lists(st.integers(min_value=0, max_value=200 * 86400), max_size=12),
    st.integers(min_value=1, max_value=14),
)
def test_true_years_are_found_whenever_nothing_is_silent_for_most_of_a_year(start, steps, size):
    moments = [start]
    for step in steps:
        moments.append(moments[-1] + step)
    lines = [time.strftime('%b %e %H:%M:%S host x: y\n', time.gmtime(moment)).encode('ascii') for moment in moments]
    parser = Parser()
    found = [
        parser.parse(line[:-1], year).stamp for line, (_place, year) in zip(lines, line_years(lines, moments[-1], size))
    ]
    assert found == [moment * 1000000 for moment in moments]


def test_dates():
    assert len(logline.DATES) == 366 + 12 * 9 * 2
    assert logline.DATES['Feb 29'] == (2, 29)
