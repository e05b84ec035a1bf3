# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal reader without a journal: the export format, broken off anywhere, and the scan of made-up entries."""

from __future__ import absolute_import, division, print_function

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils import journal
from ansible_collections.loghygiene.rhel.plugins.module_utils.matcher import Entry, Matcher

__metaclass__ = type

WANTED = {'MESSAGE', 'PRIORITY', '__CURSOR'}


def export(entries):
    """Entries (lists of (name, value), bytes) in the Journal Export Format, as journalctl writes it."""
    data = b''
    for entry in entries:
        for name, value in entry:
            try:
                printable = not [char for char in value.decode('utf-8') if char < u' ' and char != u'\t']
            except UnicodeDecodeError:
                printable = False
            data += (
                name + b'=' + value + b'\n'
                if printable
                else name + b'\n' + struct.pack('<Q', len(value)) + value + b'\n'
            )
        data += b'\n'
    return data


def parsed(data, wanted=WANTED):
    return list(journal.parse_export(io.BufferedReader(io.BytesIO(data)), wanted))


def test_fields_are_exact_bytes_and_may_repeat():
    data = export(
        [
            [
                (b'__CURSOR', b's=1'),
                (b'MESSAGE', b'a\nb\0\xff'),
                (b'MESSAGE', b''),
                (b'OTHER', b'\0' * 100000),
                (b'PRIORITY', b'4'),
            ],
            [(b'__CURSOR', b's=2'), (b'MESSAGE', b'a=b=c')],
        ]
    )
    assert parsed(data) == [
        {'__CURSOR': [b's=1'], 'MESSAGE': [b'a\nb\0\xff', b''], 'PRIORITY': [b'4']},
        {'__CURSOR': [b's=2'], 'MESSAGE': [b'a=b=c']},
    ]


def test_remarks_of_journalctl_are_no_entries():
    assert parsed(b'') == []
    assert parsed(b'-- No entries --\n') == []
    entry = export([[(b'__CURSOR', b's=1'), (b'MESSAGE', b'-- Reboot --')]])
    assert (
        parsed(b'-- Logs begin at Thu 2026-01-01 --\n' + entry + b'-- Reboot --\n' + entry)
        == [{'__CURSOR': [b's=1'], 'MESSAGE': [b'-- Reboot --']}] * 2
    )


def test_a_newline_in_a_message_forges_no_entry():
    data = export([[(b'__CURSOR', b's=1'), (b'MESSAGE', b'x\n\n__CURSOR=s=9\nMESSAGE=forged\n\n')]])
    assert parsed(data) == [{'__CURSOR': [b's=1'], 'MESSAGE': [b'x\n\n__CURSOR=s=9\nMESSAGE=forged\n\n']}]


def test_an_entry_that_journalctl_gave_up_on_does_not_mix_with_the_next():
    data = b'__CURSOR=s=1\nMESSAGE=half\n' + export([[(b'__CURSOR', b's=2'), (b'PRIORITY', b'3')]])
    assert parsed(data) == [
        {'__CURSOR': [b's=1'], 'MESSAGE': [b'half'], None: []},
        {'__CURSOR': [b's=2'], 'PRIORITY': [b'3']},
    ]


VALUES = st.one_of(st.binary(max_size=30), st.text(max_size=10).map(lambda text: text.encode('utf-8', 'replace')))
FIELDS = st.tuples(st.sampled_from([b'MESSAGE', b'PRIORITY', b'OTHER', b'_X']), VALUES)
ENTRIES = st.lists(st.lists(FIELDS, max_size=6).map(lambda fields: [(b'__CURSOR', b's=1')] + fields), max_size=4)


def expected(entries):
    found = []
    for entry in entries:
        fields = {}
        for name, value in entry:
            if name.decode('ascii') in WANTED:
                fields.setdefault(name.decode('ascii'), []).append(value)
        found.append(fields)
    return found


@given(ENTRIES)
def test_whatever_is_exported_comes_back(entries):
    assert parsed(export(entries)) == expected(entries)


@given(ENTRIES, st.integers(min_value=0, max_value=400))
def test_broken_off_anywhere_a_part_is_never_taken_for_the_whole(entries, length):
    data = export(entries)[:length]
    found = parsed(data)
    whole = [entry for entry in found if None not in entry]
    assert whole == expected(entries)[: len(whole)]
    assert len(found) - len(whole) <= 1


@given(st.binary(max_size=200))
def test_no_stream_is_too_strange(data):
    assert isinstance(parsed(data), list)


# --- entries
# ---------------------------------------------------------------------------------------------------------------


def test_an_entry_for_each_message():
    fields = {
        'MESSAGE': [u'\ud55c\uae00'.encode('utf-8'), b'\xff'],
        'SYSLOG_IDENTIFIER': [b'a', b'b'],
        '_COMM': [b'c'],
        '_TRANSPORT': [b'syslog'],
        'PRIORITY': [b'4'],
    }
    assert journal.to_entries(fields) == [
        Entry(u'\ud55c\uae00', u'a', u'c', u'syslog', 4),
        Entry(u'\ufffd', u'a', u'c', u'syslog', 4),
    ]


def test_what_is_missing_or_no_number():
    assert journal.to_entries({}) == []
    assert journal.to_entries({'MESSAGE': [b'']}) == [Entry(u'', None, None, u'', None)]
    for value in (b'', b'8', b'-1', b'4x', b'44', b'4\n', b'\xff'):
        assert journal.to_entries({'MESSAGE': [b''], 'PRIORITY': [value]})[0].priority is None


# --- options
# ---------------------------------------------------------------------------------------------------------------


def test_boot_match():
    identity = '6b8a' * 8
    assert journal.boot_match('all') is None
    assert journal.boot_match(identity) == identity
    assert journal.boot_match('6B8A6b8a-6b8a-6b8a-6b8a-6b8a6b8a6b8a') == identity
    assert journal.MACHINE_ID.match(journal.boot_match('current'))
    for wrong in ('', '-1', '0', 'last', identity[:-1], identity + '0', identity + '\n', 'g' * 32):
        with pytest.raises(journal.JournalError) as error:
            journal.boot_match(wrong)
        assert 'journalctl --list-boots' in str(error.value)


@pytest.mark.parametrize(
    'path, pattern',
    [
        ('/a/b.journal', '/a/b.journal'),
        ('/a/[x]*?.journal', '/a/[[]x][*][?].journal'),
        ('/a\\b', '/a[\\]b'),
    ],
)
def test_a_path_is_not_a_pattern(path, pattern):
    assert journal.literal_glob(path) == pattern


def test_environment(monkeypatch):
    monkeypatch.setenv('LC_MESSAGES', 'ko_KR.UTF-8')
    monkeypatch.setenv('SYSTEMD_LOG_LEVEL', 'debug')
    monkeypatch.setenv('TZ', 'Asia/Seoul')
    environment = journal.environment()
    assert (environment['LC_ALL'], environment['TZ']) == ('C', 'UTC')
    assert 'LC_MESSAGES' not in environment and 'SYSTEMD_LOG_LEVEL' not in environment


def test_complaints():
    assert journal.complaints('') == []
    assert journal.complaints('Failed to open files: Bad message\n\n') == [(None, 'Failed to open files: Bad message')]
    assert journal.complaints(
        '<28>Journal file /a b/x.journal is truncated, ignoring file.\n' * 2 + '<28>Use SYSTEMD_LOG_LEVEL=debug x'
    ) == [('/a b/x.journal', 'Journal file /a b/x.journal is truncated, ignoring file.')]
    assert (
        journal.complaints('<31>File /x/a.journal added.\n<31>Failed to open journal file /x/b.journal: Bad message\n')
        == []
    )
    said = journal.complaints(
        '<31>Entry item 5 is bad, skipping over it.\n<31>Journal filter: none\n'
        '<31>Entry item 6 is bad, skipping over it.\n'
    )
    assert len(said) == 1 and said[0][0] is None
    assert 'Entry item 5 is bad, skipping over it., and 1 more' in said[0][1]


def test_header_entries(tmpdir):
    path = tmpdir.join('x.journal')
    assert journal.header_entries(str(path)) == 0
    path.write_binary(b'LPKSHHRH' + b'\0' * 144 + struct.pack('<Q', 12345) + b'\0' * 100)
    assert journal.header_entries(str(path)) == 12345
    path.write_binary(b'LPKSHHRH' + b'\0' * 144)
    assert journal.header_entries(str(path)) == 0
    path.write_binary(b'x' * 300)
    assert journal.header_entries(str(path)) == 0


# --- the scan
# --------------------------------------------------------------------------------------------------------------

SIGNATURE = {'id': 'x', 'match': {'literal': 'CRTC flip_done', 'regex': 'CRTC flip_done'}}


class Recorded:
    """Stands in for a Journal: entries as dicts of text."""

    files, errors, version = [], [], 252

    def __init__(self, entries):
        self._entries = entries

    def entries(self, fields, matches=(), cursor=''):
        self.asked = (tuple(matches), cursor)
        for number, fields in enumerate(self._entries):
            fields = dict(
                {'__CURSOR': 's=%d' % number, '_BOOT_ID': 'b', 'MESSAGE': 'CRTC flip_done', '_TRANSPORT': 'kernel'},
                **fields
            )
            yield dict((name, [value.encode('ascii')]) for name, value in fields.items())


def scan(stamps, **options):
    return journal.scan(
        Recorded([{'__REALTIME_TIMESTAMP': str(stamp)} for stamp in stamps]), Matcher([SIGNATURE]), 3, **options
    )


def test_the_scan_of_nothing():
    assert scan([])['cursor'] == ''
    assert scan([], cursor='s=5')['cursor'] == 's=5'


def test_since_and_until_are_inclusive_and_exact():
    assert scan([9, 10, 11, 20, 21], since=10, until=20)['signatures'][0]['count'] == 3
    assert scan([9, 10, 11, 20, 21], since=10, until=20)['entries'] == 3


def test_a_clock_set_back_loses_nothing():
    found = scan([30, 31, 10, 11, 40, 12], since=11, until=31)
    assert found['entries'] == 4
    assert found['signatures'][0]['first_seen'] == '1970-01-01T00:00:00.000011Z'


def test_the_cursor_stands_at_the_last_entry_that_was_looked_at():
    assert scan([1, 2, 3])['cursor'] == 's=2'
    assert scan([1, 2, 3], since=9)['cursor'] == 's=2'
    assert scan([1, 2, 30], until=2)['cursor'] == 's=1'
    assert scan([10], until=2, cursor='s=7')['cursor'] == 's=7'


def test_the_scanners_own_processes_do_not_count(monkeypatch):
    monkeypatch.setattr(journal, 'own_processes', lambda: {b'42': 1000})
    monkeypatch.setattr(journal, 'current_boot', lambda: u'b')
    entries = [
        {'_PID': '42'},
        {'_PID': '43'},
        {'_PID': '42', '_BOOT_ID': 'c'},
        {'_PID': '42', '__REALTIME_TIMESTAMP': '999'},
    ]
    recorded = Recorded([dict({'__REALTIME_TIMESTAMP': '1000'}, **entry) for entry in entries])
    found = journal.scan(recorded, Matcher([SIGNATURE]), 3)
    assert (found['entries'], found['signatures'][0]['count']) == (4, 3)


def test_own_processes_are_this_one_and_live():
    found = journal.own_processes()
    assert found
    for pid, started in found.items():
        assert pid.isdigit() and 0 < started <= journal.timestamps.now()
