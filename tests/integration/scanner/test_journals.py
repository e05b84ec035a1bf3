# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real journals, written by systemd-journal-remote and read by journalctl."""

import json
import os
import random
import shutil

import journals
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journals import BOOTS, MACHINE, START, entry

from ansible_collections.loghygiene.rhel.plugins.module_utils import journal
from ansible_collections.loghygiene.rhel.plugins.module_utils.matcher import Matcher

TMPFILES = {
    'id': 'tmpfiles',
    'match': {
        'identifiers': ['systemd-tmpfiles'],
        'comms': ['systemd-tmpfiles'],
        'transport': ['journal'],
        'literal': 'Failed to parse ACL',
        'regex': '^Failed to parse ACL "[^"]*"',
        'priority': 'warning',
    },
}
KERNEL = {
    'id': 'kernel',
    'match': {
        'transport': ['kernel'],
        'literal': ['<asm>:[INFO]', 'flip_done timed out'],
        'regex': r'^<asm>:\[INFO\]|timed out$',
    },
}
ANYONE = {'id': 'anyone', 'match': {'literal': 'something known', 'regex': r'something known( \d+)?'}}
SIGNATURES = [TMPFILES, KERNEL, ANYONE]
JOURNALCTL = shutil.which('journalctl')


def scan(directory=None, files=None, **options):
    return journal.scan(
        journal.Journal(JOURNALCTL, directory and str(directory), files), Matcher(SIGNATURES), 3, **options
    )


def count(result, index=2):
    return result['signatures'][index]['count']


def check(directory):
    """The scan agrees with the loop over JSON on every count, time and boot."""
    result = scan(directory)
    assert result['errors'] == []
    assert journals.told(result) == journals.naive(SIGNATURES, '--directory=' + str(directory))
    return result


def test_an_empty_journal(tmp_path):
    path = journals.write(tmp_path / 'x.journal', [])
    assert os.path.exists(path)
    result = check(tmp_path)
    assert (result['entries'], result['cursor'], result['boots']) == (0, '', [])


def test_messages_of_every_kind(tmp_path):
    kinds = [
        '',
        None,
        'x' * 2**20 + 'something known',
        'something known\nand more\n',
        b'\xff\xfesomething known',
        b'something\0 known something known',
        ['else', 'something known'],
        ['something known', 'something known'],
        ['something known', b'\xff'],
        '\x1b[31msomething known',
        'something known \ud55c\uae00',
        '\tsomething known',
        'something\nknown',
    ]
    journals.write(tmp_path / 'x.journal', [entry(message, number) for number, message in enumerate(kinds)])
    result = check(tmp_path)
    assert (result['entries'], count(result)) == (13, 10)


def test_fields_of_every_kind(tmp_path):
    text = 'Failed to parse ACL "group:adm:r--": Invalid argument. Ignoring'
    kinds = [
        {},
        {'SYSLOG_IDENTIFIER': None},
        {'SYSLOG_IDENTIFIER': None, '_COMM': None},
        {'_TRANSPORT': 'syslog'},
        {'_TRANSPORT': None},
        {'PRIORITY': None},
        {'PRIORITY': '3'},
        {'PRIORITY': 'x'},
        {'PRIORITY': ['5', '3']},
        {'SYSLOG_IDENTIFIER': ['systemd-tmpfiles', 'x']},
        {'SYSLOG_IDENTIFIER': b'\xff'},
        {'_COMM': 'other'},
        {'SYSLOG_IDENTIFIER': None, '_COMM': 'other'},
        {'COREDUMP': b'\0' * 300000},
    ]
    journals.write(
        tmp_path / 'x.journal',
        [
            entry(
                text,
                number,
                **dict(
                    {'SYSLOG_IDENTIFIER': 'systemd-tmpfiles', '_COMM': 'systemd-tmpfile', '_TRANSPORT': 'journal'},
                    **kind
                )
            )
            for number, kind in enumerate(kinds)
        ],
    )
    # Which of two values comes first is up to the file; journalctl's JSON and the scan read the same file.
    assert 7 <= count(check(tmp_path), 0) <= 9


def generated(size, boots, seed=1, step=1000000):
    """Entries, one in ten of them known, in some boots, with a clock that goes back now and then."""
    chance = random.Random(seed)
    clock = START
    for number in range(size):
        clock += chance.randrange(step) if chance.random() > 0.01 else -chance.randrange(50 * step)
        message = (
            'something known %d' % number
            if number % 10 == 0
            else '<asm>:[INFO]x' if number % 25 == 1 else 'ordinary %d' % number
        )
        yield entry(
            message,
            _BOOT_ID=BOOTS[number * boots // size],
            __REALTIME_TIMESTAMP=str(clock),
            __MONOTONIC_TIMESTAMP=str(number + 1),
        )


@pytest.mark.parametrize('size, boots', [(1, 1), (1000, 1), (1000, 50), (20000, 10)])
def test_sizes_and_boots_and_clocks_that_jump(tmp_path, size, boots):
    journals.write(tmp_path / 'x.journal', generated(size, boots))
    result = check(tmp_path)
    assert result['entries'] == size
    assert len(result['boots']) == boots


@pytest.mark.parametrize(
    'options, environ',
    [
        (('--compress=no',), journals.OLD_FORMAT),
        (('--compress=yes',), {}),
        (('--compress=yes',), journals.OLD_FORMAT),
        (('--compress=yes',), {'SYSTEMD_JOURNAL_COMPRESS': 'LZ4'}),
        (('--compress=yes',), {'SYSTEMD_JOURNAL_COMPRESS': 'XZ'}),
    ],
)
def test_file_formats(tmp_path, options, environ):
    journals.write(
        tmp_path / 'x.journal',
        [entry('x' * 2000 + 'something known %d' % number, number) for number in range(50)],
        options,
        **environ
    )
    assert count(check(tmp_path)) == 50


MESSAGES = st.one_of(
    st.just('something known'),
    st.text(max_size=20),
    st.binary(max_size=20),
    st.text(max_size=5).map(lambda text: text + 'something known' + text),
)


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            MESSAGES,
            st.sampled_from(BOOTS[:3]),
            st.integers(0, 10**7),
            st.sampled_from(['kernel', 'syslog', 'journal']),
        ),
        max_size=12,
    )
)
def test_random_journals(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp('journal')
    journals.write(
        folder / 'x.journal',
        [
            entry(
                message,
                _BOOT_ID=boot,
                __REALTIME_TIMESTAMP=str(START + shift),
                __MONOTONIC_TIMESTAMP=str(number + 1),
                _TRANSPORT=transport,
            )
            for number, (message, boot, shift, transport) in enumerate(rows)
        ],
    )
    check(folder)


def test_the_result(tmp_path):
    journals.write(
        tmp_path / 'x.journal',
        [
            entry('else', 0),
            entry('something known', 1),
            entry('something known', 2, _BOOT_ID=BOOTS[1]),
            entry('something known', 7200, _BOOT_ID=BOOTS[1]),
        ],
    )
    result = scan(tmp_path)
    row = result['signatures'][2]
    assert (row['count'], row['first_seen'], row['last_seen'], row['episodes']) == (
        3,
        '2026-11-22T16:01:21.000000Z',
        '2026-11-22T18:01:20.000000Z',
        2,
    )
    assert row['boots'] == [
        {
            'boot_id': BOOTS[0],
            'count': 1,
            'first_seen': '2026-11-22T16:01:21.000000Z',
            'last_seen': '2026-11-22T16:01:21.000000Z',
        },
        {
            'boot_id': BOOTS[1],
            'count': 2,
            'first_seen': '2026-11-22T16:01:22.000000Z',
            'last_seen': '2026-11-22T18:01:20.000000Z',
        },
    ]
    assert [boot['entries'] for boot in result['boots']] == [2, 2]
    assert result['files'] == [str(tmp_path / 'x.journal')]
    sample = row['samples'][0]
    found = journals.naive_lines('--directory=%s' % tmp_path, '--cursor=' + sample['cursor'], '--lines=1')
    assert (found[0]['MESSAGE'], sample['text']) == ('something known', 'something known')


# --- boot, since, until
# ----------------------------------------------------------------------------------------------------


def test_one_boot(tmp_path):
    journals.write(tmp_path / 'x.journal', generated(1000, 5))
    result = scan(tmp_path, boot=BOOTS[2])
    assert (result['entries'], count(result)) == (200, 20)
    assert [boot['boot_id'] for boot in result['boots']] == [BOOTS[2]]
    assert scan(tmp_path, boot=BOOTS[9])['entries'] == 0


def test_a_clock_that_was_ahead_at_boot(tmp_path):
    """The clock of the hardware kept local time, nine hours ahead, until it was set: journalctl --since finds less."""
    rows = [entry('something known', 9 * 3600 + number, __MONOTONIC_TIMESTAMP=str(number + 1)) for number in range(10)]
    rows += [entry('something known', number, __MONOTONIC_TIMESTAMP=str(1000 + number)) for number in range(100)]
    journals.write(tmp_path / 'x.journal', rows)
    since, until = START + 50 * 1000000, START + 36000 * 1000000
    assert count(scan(tmp_path, since=since, until=until)) == 60
    assert count(scan(tmp_path, until=START + 3600 * 1000000)) == 100
    assert len(journals.naive_lines('--directory=%s' % tmp_path, '--until=@%d' % (START // 1000000 + 3600))) < 100


# --- cursors
# ---------------------------------------------------------------------------------------------------------------


def test_only_what_is_new(tmp_path):
    rows = list(generated(100, 2))
    journals.write(tmp_path / 'x.journal', rows[:60])
    first = scan(tmp_path)
    assert scan(tmp_path, cursor=first['cursor'])['entries'] == 0
    assert scan(tmp_path, cursor=first['cursor'])['cursor'] == first['cursor']
    journals.write(tmp_path / 'x.journal', rows[60:])
    second = scan(tmp_path, cursor=first['cursor'])
    assert (first['entries'], second['entries']) == (60, 40)
    assert count(first) + count(second) == 10


def test_only_what_is_new_in_a_boot(tmp_path):
    """With a match, journalctl --after-cursor of systemd 239 to 254 skips the first entry."""
    journals.write(
        tmp_path / 'x.journal', [entry('something known', number, _BOOT_ID=BOOTS[number % 2]) for number in range(10)]
    )
    cursors = [fields['__CURSOR'] for fields in journals.naive_lines('--directory=%s' % tmp_path)]
    for number, cursor in enumerate(cursors):
        assert scan(tmp_path, boot=BOOTS[0], cursor=cursor)['entries'] == 5 - (number + 2) // 2
        assert scan(tmp_path, boot=BOOTS[1], cursor=cursor)['entries'] == 5 - (number + 1) // 2


def test_a_cursor_whose_entry_is_gone(tmp_path):
    journals.write(tmp_path / 'old.journal', [entry('something known', number) for number in range(5)])
    cursor = scan(tmp_path)['cursor']
    os.unlink(str(tmp_path / 'old.journal'))
    journals.write(tmp_path / 'new.journal', [entry('something known', number) for number in range(10, 15)])
    assert scan(tmp_path, cursor=cursor)['entries'] == 5


def test_a_cursor_that_is_none(tmp_path):
    journals.write(tmp_path / 'x.journal', [entry('something known')])
    for cursor in ('x', 'v1 []', 's=1', '--help'):
        with pytest.raises(journal.JournalError) as error:
            scan(tmp_path, cursor=cursor)
        assert str(error.value).startswith('cursor: ')


# --- files
# -----------------------------------------------------------------------------------------------------------------


def test_a_folder_of_remote_journals(tmp_path):
    journals.write(tmp_path / 'remote-a.journal', [entry('something known', number) for number in range(5)])
    journals.write(
        tmp_path / MACHINE / 'system.journal',
        [entry('something known', number, _BOOT_ID=BOOTS[1]) for number in range(5, 9)],
    )
    journals.write(tmp_path / 'other' / 'x.journal', [entry('something known', 20)])
    result = check(tmp_path)
    assert count(result) == 9
    assert result['files'] == [str(tmp_path / 'remote-a.journal'), str(tmp_path / MACHINE / 'system.journal')]


def test_files_by_name_and_names_like_patterns(tmp_path):
    paths = [
        journals.write(tmp_path / name, [entry('something known', number)])
        for number, name in enumerate(('a.journal', 'b.journal', '[ab].journal', 'c*.journal', 'cd.journal'))
    ]
    assert count(scan(files=paths[:1])) == 1
    assert count(scan(files=paths[2:3])) == 1
    assert journals.naive_lines('--file=' + paths[2])[0]['__REALTIME_TIMESTAMP'] == str(
        START
    )  # journalctl reads a.journal for [ab].journal
    assert count(scan(files=paths[3:4])) == 1
    assert count(scan(files=paths)) == 5


def damage(path, kind):
    with open(path, 'r+b') as target:
        if kind == 'truncated':
            target.truncate(2000)
        elif kind == 'emptied':
            target.truncate(0)
        elif kind == 'header':
            target.write(b'\xff' * 100)
        elif kind == 'flag':
            target.seek(12)
            target.write(b'\xff\xff\xff\xff')


@pytest.mark.parametrize('kind', ['truncated', 'emptied', 'header', 'flag'])
def test_a_bad_file_is_named_and_the_rest_is_read(tmp_path, kind):
    good = journals.write(tmp_path / 'a.journal', [entry('something known', number) for number in range(5)])
    bad = journals.write(tmp_path / 'b.journal', [entry('something known', number) for number in range(5, 9)])
    damage(bad, kind)
    for result in (scan(tmp_path), scan(files=[good, bad]), scan(files=[bad, good])):
        assert count(result) == 5
        assert [fault['path'] for fault in result['errors']] == [bad]
    assert scan(files=[bad])['entries'] == 0
    assert scan(files=[bad])['errors'][0]['path'] == bad


def test_files_that_are_not_there(tmp_path):
    good = journals.write(tmp_path / 'a.journal', [entry('something known')])
    result = scan(files=[str(tmp_path / 'nothing.journal'), good, str(tmp_path)])
    assert count(result) == 1
    assert result['errors'] == [
        {'path': str(tmp_path / 'nothing.journal'), 'reason': 'no such file'},
        {'path': str(tmp_path), 'reason': 'not a regular file'},
    ]
    assert scan(files=[str(tmp_path / 'nothing.journal')])['entries'] == 0
    missing = scan(tmp_path / 'nothing')
    assert (missing['entries'], missing['errors'][0]['path']) == (0, str(tmp_path / 'nothing'))


def test_damage_within_is_told(tmp_path):
    """Flip bytes all over: whatever becomes unreadable, the scan says so, and one bad entry does not hide those behind
    it.
    """
    path = journals.write(
        tmp_path / 'a.journal', [entry('something known', number, PRIORITY=str(number)) for number in range(500)]
    )
    with open(path, 'rb') as source:
        whole = source.read()
    end = len(whole.rstrip(b'\0'))
    chance = random.Random(4)
    told = 0
    for _attempt in range(15):
        place = chance.randrange(end - 120000, end)
        with open(path, 'wb') as target:
            target.write(whole[:place] + bytes(byte ^ 0xFF for byte in whole[place : place + 8]) + whole[place + 8 :])
        result = scan(tmp_path)
        assert count(result) == 500 or result['errors'], place
        told += bool(result['errors'])
    assert told > 3


def test_reading_goes_on_behind_a_bad_entry(tmp_path):
    path = journals.write(
        tmp_path / 'a.journal', [entry('something known', number, _HOSTNAME='h%d' % number) for number in range(50)]
    )
    with open(path, 'rb') as source:
        whole = source.read()
    with open(path, 'wb') as target:
        target.write(
            whole.replace(b'_HOSTNAME=h20', b'_HOSTNAME\0h20')
        )  # a field without "=", where journalctl gives up
    result = scan(tmp_path)
    assert count(result) == 49
    assert set(fault['path'] for fault in result['errors']) == {path}


def test_journalctl_that_fails(tmp_path):
    path = str(tmp_path / 'journalctl')
    with open(path, 'w') as target:
        target.write(
            '#!/bin/sh\ncase "$1" in --version) echo "systemd 219";; *) echo "-- Logs begin --"; exit 3;; esac\n'
        )
    os.chmod(path, 0o755)
    result = journal.scan(journal.Journal(path, str(tmp_path)), Matcher(SIGNATURES), 3)
    assert result['errors'] == []  # there is no journal file, so it was not asked
    journals.write(tmp_path / 'a.journal', [entry('something known')])
    result = journal.scan(journal.Journal(path, str(tmp_path)), Matcher(SIGNATURES), 3)
    assert 'status 3' in result['errors'][0]['reason']
    with pytest.raises(journal.JournalError):
        journal.Journal(str(tmp_path / 'nothing'))


def test_a_chatty_journalctl_does_not_block(tmp_path):
    """A pipe holds 64 KiB; journalctl writing more to stderr must not wait for us while we wait for it."""
    path = str(tmp_path / 'journalctl')
    with open(path, 'w') as target:
        target.write(
            '#!/bin/sh\ncase "$1" in --version) echo "systemd 219"; exit;; esac\n'
            'head -c 1000000 /dev/zero | tr "\\0" x >&2\n'
            'printf "__CURSOR=s=1\\n__REALTIME_TIMESTAMP=5\\nMESSAGE=something known\\n\\n"\n'
        )
    os.chmod(path, 0o755)
    journals.write(tmp_path / 'a.journal', [entry('x')])
    assert count(journal.scan(journal.Journal(path, str(tmp_path)), Matcher(SIGNATURES), 3)) == 1


def test_without_root(tmp_path):
    """What may be read is read, and the rest is named."""
    good = journals.write(tmp_path / 'a.journal', [entry('something known')])
    bad = journals.write(tmp_path / 'b.journal', [entry('something known')])
    os.chmod(bad, 0)
    for path in [good, str(tmp_path)] + [str(path) for path in tmp_path.parents][:-2]:
        os.chmod(path, 0o755)
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            with os.fdopen(writer, 'w') as stream:
                json.dump(scan(tmp_path), stream)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as stream:
        result = json.load(stream)
    assert os.waitpid(child, 0)[1] == 0
    assert count(result) == 1
    assert {'path': bad, 'reason': 'Permission denied; run as root (become: true)'} in result['errors']
