# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal reader without a journal: the export format, broken off anywhere, and what journalctl says."""

from __future__ import absolute_import, division, print_function

import io
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import reader as journal

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


def test_the_files_of_a_directory(tmpdir):
    """Those that journalctl --directory reads."""
    machine = '0639' * 8
    names = ['b.journal', 'a.journal', 'c.journal~', 'd.journal.zst', machine + '/system.journal', 'remote/x.journal',
             machine[1:] + '/x.journal', machine.upper() + 'A/x.journal', machine + '/e.journal~']
    for name in names:
        tmpdir.join(name).ensure()
    assert [path[len(str(tmpdir)) + 1:] for path in journal.journal_files(str(tmpdir))] == [
        'a.journal', 'b.journal', 'c.journal~', machine + '/system.journal', machine + '/e.journal~']
    pattern = tmpdir.join('[x]')
    pattern.join('x.journal').ensure()
    assert journal.journal_files(str(pattern)) == [str(pattern.join('x.journal'))]


def test_a_journal_names_what_it_cannot_read(tmpdir):
    tmpdir.join('x.journal').write('x')
    tmpdir.join('dir.journal').mkdir()
    paths = [str(tmpdir.join(name)) for name in ('x.journal', 'none.journal', 'dir.journal')]
    found = journal.Journal('/nowhere/journalctl', files=paths)
    assert found.files == paths[:1]
    assert found.errors == [{'path': paths[1], 'reason': 'no such file'},
                            {'path': paths[2], 'reason': 'not a regular file'}]
    found.fault(paths[1], b'no such file')
    assert len(found.errors) == 2  # each once
    found = journal.Journal('/nowhere/journalctl', directory=str(tmpdir.join('none')))
    assert (found.files, found.errors[0]['path']) == ([], str(tmpdir.join('none')))
    with pytest.raises(journal.JournalError) as error:
        journal.Journal('/nowhere/journalctl', files=paths[:1]).version
    assert '/nowhere/journalctl cannot be run' in str(error.value)


def journalctl(tmpdir, script):
    """A program that stands in for journalctl; its path."""
    path = tmpdir.join('journalctl')
    path.write('#!/bin/sh\ncase "$*" in *--version*) echo "systemd 252 (252-1)"; exit 0;; esac\n' + script)
    path.chmod(0o755)
    return str(path)


def test_entries_of_a_journal(tmpdir):
    tmpdir.join('x.journal').write('x')
    tmpdir.join('entries').write_binary(export([[(b'__CURSOR', b's=%d' % number), (b'MESSAGE', b'x')]
                                                for number in range(3)]))
    command = journalctl(tmpdir, 'echo "$@" > %s/asked; cat %s/entries\n' % (tmpdir, tmpdir))
    found = journal.Journal(command, files=[str(tmpdir.join('x.journal'))])
    entry = {'MESSAGE': [b'x']}
    assert list(found.entries(['MESSAGE'])) == [dict(entry, __CURSOR=[b's=%d' % number]) for number in range(3)]
    assert len(list(found.entries(['MESSAGE'], ['_PID=1']))) == 3
    asked = tmpdir.join('asked').read().split()
    assert asked[-2:] == ['--output-fields=MESSAGE', '_PID=1']
    assert '--file=%s/x.journal' % tmpdir in asked
    assert (found.version, found.errors) == (252, [])


@pytest.mark.parametrize('distinct', [True, False])
def test_fewer_entries_than_the_files_say_they_hold(tmpdir, distinct):
    """Unless several files hold the same, that is damage."""
    path = tmpdir.join('x.journal')
    path.write_binary(b'LPKSHHRH' + b'\0' * 144 + struct.pack('<Q', 5) + b'\0' * 100)
    found = journal.Journal(journalctl(tmpdir, "printf '__CURSOR=s=1\\n\\n'\n"), files=[str(path)], distinct=distinct)
    assert len(list(found.entries([]))) == 1
    assert [error['reason'][:30] for error in found.errors] == ['journalctl gave 1 of the 5 ent'] * distinct


def test_a_file_that_journalctl_refuses_is_found_by_halves(tmpdir):
    """One that cannot be opened makes journalctl refuse them all."""
    paths = [str(tmpdir.join('%02d.journal' % number)) for number in range(64)]
    for path in paths:
        tmpdir.join(os.path.basename(path)).write('x')
    command = journalctl(tmpdir, 'echo x >> %s/asked\ncase "$*" in *17.journal*) echo "Failed to open files" >&2; exit 1;; esac\n'
                         'case "$*" in *--header*) ;; *) printf "__CURSOR=s=1\\n\\n";; esac\n' % tmpdir)
    found = journal.Journal(command, files=paths, distinct=False)
    assert len(list(found.entries([]))) == 1
    assert found.files == paths[:17] + paths[18:]
    assert found.errors == [{'path': paths[17], 'reason': 'Failed to open files'}]
    assert len(tmpdir.join('asked').read().split()) <= 2 + 2 * 7


def test_what_is_kept_of_the_debug_log():
    is_kept = journal.ComplaintFilter()
    assert not is_kept(b'<31>File /var/log/journal/x/system.journal added.')
    assert is_kept(b'<28>Journal file /x/a.journal is truncated, ignoring file.') and is_kept(b'no level')
    assert [is_kept(b'<31>Entry item 5 is bad, skipping over it.') for _number in range(journal.DAMAGES + 1)] == [
        True] * journal.DAMAGES + [False]
    assert is_kept(b'<27>Failed to iterate through journal: Bad message')
