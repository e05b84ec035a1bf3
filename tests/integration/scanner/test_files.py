# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several files: folders of rotated, copied and remote journals, and files that are none or may not be read."""

import os
import random
import shutil

import journals
import pytest
import reference
from journals import BOOTS, MACHINE, MACHINES, SIGNATURES, START, entry, generated
from remedy_runs import UNPRIVILEGED
from scanning import Target, scan


def count(result):
    return result['signatures'][2]['count']


def check(directory):
    """The scan of a directory without faults agrees with the reference; returns the result."""
    result = scan(SIGNATURES, directory=directory)
    assert result['errors'] == []
    reference.agree(result, reference.read(SIGNATURES, '--directory=%s' % directory))
    return result


@pytest.fixture(scope='module')
def target(tmp_path_factory, collection):
    """journal_scan in a process of its own."""
    return Target(tmp_path_factory.mktemp('target'), collection)


# --- which files are read -------------------------------------------------------------------------------------------


def test_a_folder_of_remote_journals(tmp_path):
    """In the folder itself and in folders named by a machine id, as journalctl --directory reads it."""
    journals.write(tmp_path / 'remote-a.journal', [entry('something known', number) for number in range(5)])
    rows = [entry('something known', number, _BOOT_ID=BOOTS[1]) for number in range(5, 9)]
    journals.write(tmp_path / MACHINE / 'system.journal', rows)
    journals.write(tmp_path / 'other' / 'x.journal', [entry('something known', 20)])
    journals.write(tmp_path / MACHINE / 'deeper' / 'x.journal', [entry('something known', 30)])
    result = check(tmp_path)
    assert count(result) == 9
    assert result['files'] == [str(tmp_path / 'remote-a.journal'), str(tmp_path / MACHINE / 'system.journal')]


def test_files_by_name_and_names_like_patterns(tmp_path):
    names = ('a.journal', 'b.journal', '[ab].journal', 'c*.journal', 'cd.journal', 'new\nline.journal', '한.journal')
    paths = [journals.write(tmp_path / name, [entry('something known', number)]) for number, name in enumerate(names)]
    for number, path in enumerate(paths):
        result = scan(SIGNATURES, files=[path])
        assert (count(result), result['files'], result['errors']) == (1, [path], [])
        assert reference.micros(result['signatures'][2]['first_seen']) == START + number * 1000000
    # journalctl --file takes patterns: it reads a.journal for [ab].journal
    assert reference.rows('--file=' + paths[2])[0]['__REALTIME_TIMESTAMP'] == str(START)
    assert count(scan(SIGNATURES, files=paths)) == 7


def test_rotated_files(tmp_path):
    rows = list(generated(5000, 10, seed=20))
    for number, boot in enumerate(BOOTS[:10]):
        part = [row for row in rows if dict(row)['_BOOT_ID'] == boot.encode('ascii')]
        options = ('--compress=yes',) if number % 2 else ('--compress=no',)
        journals.write(
            tmp_path / ('system@%d.journal' % number), part, options, **(journals.OLD_FORMAT if number % 3 else {})
        )
    assert check(tmp_path)['entries'] == 5000


def test_copies_count_once(tmp_path):
    """An entry counts once, however many files have it: a copy, a link, a folder that was restored."""
    path = journals.write(tmp_path / 'a.journal', generated(300, 2, seed=21))
    shutil.copy(path, str(tmp_path / 'b.journal'))
    shutil.copy(path, str(tmp_path / 'c.journal~'))
    os.symlink(path, str(tmp_path / 'd.journal'))
    assert check(tmp_path)['entries'] == 300
    assert scan(SIGNATURES, files=[path, path, str(tmp_path / 'b.journal')])['entries'] == 300


def test_overlapping_files_count_once(tmp_path):
    """A copy taken on the way, and one of the same entries that another journal-remote wrote, with other numbers."""
    rows = list(generated(300, 2, seed=22))
    path = journals.write(tmp_path / 'a.journal', rows[:200])
    shutil.copy(path, str(tmp_path / 'early.journal'))
    journals.write(tmp_path / 'a.journal', rows[200:])
    assert check(tmp_path)['entries'] == 300
    journals.write(tmp_path / 'sent-twice.journal', rows[100:250], **journals.OLD_FORMAT)
    assert check(tmp_path)['entries'] == 300


@pytest.mark.parametrize('names', ['ab', 'ba'])
@pytest.mark.parametrize('boots', [BOOTS[:2], BOOTS[1::-1]])
def test_overlapping_files_count_once_though_clocks_disagree(tmp_path, names, boots):
    """The clock was set back at a reboot before the copy was made: journalctl 252 may end after 7 entries."""
    rows = [entry('something known', number, _BOOT_ID=boots[0]) for number in (3600, 3601, 3602)]
    rows += [
        entry('something known', number, _BOOT_ID=boots[1], __MONOTONIC_TIMESTAMP=str(1000 * number + 1))
        for number in range(504)
    ]
    journals.write(tmp_path / (names[0] + '.journal'), rows)
    journals.write(tmp_path / (names[1] + '.journal'), rows[:7])
    result = scan(SIGNATURES, directory=tmp_path)
    assert (result['entries'], count(result), result['errors']) == (507, 507, [])
    again = scan(SIGNATURES, directory=tmp_path, cursor=result['cursor'])
    assert (again['entries'], again['undecided']) == (0, 0)


def test_the_same_entry_again_in_one_file_counts_again(tmp_path):
    """Two equal messages within a microsecond are two entries; a copy of the file adds none."""
    path = journals.write(tmp_path / 'a.journal', [entry('something known')] * 5 + [entry('something known', 1)])
    assert count(check(tmp_path)) == 6
    shutil.copy(path, str(tmp_path / 'b.journal'))
    assert count(check(tmp_path)) == 6


def test_files_left_by_a_crash(tmp_path):
    journals.write(tmp_path / 'a.journal', generated(100, 1, seed=23))
    path = journals.write(tmp_path / 'b.journal', generated(100, 1, seed=24))
    os.rename(path, str(tmp_path / 'system@0006-dead.journal~'))
    result = check(tmp_path)
    assert (result['entries'], len(result['files'])) == (200, 2)


def test_files_whose_clocks_disagree_lose_nothing(tmp_path):
    """Entries of several files with clocks that jump: journalctl's order of them is no order, and with three or more
    files it can leave entries out. So the reference reads the files one by one.
    """
    chance = random.Random(25)
    expected = []
    for name in 'abcdef':
        rows = []
        for number in range(200):
            rows.append(
                entry(
                    'something known',
                    _BOOT_ID=chance.choice(BOOTS[:4]),
                    _CMDLINE='%s%d' % (name, number),
                    __REALTIME_TIMESTAMP=str(START + chance.randrange(10**8)),
                    __MONOTONIC_TIMESTAMP=str(chance.randrange(1, 10**8)),
                )
            )
        path = journals.write(tmp_path / (name + '.journal'), rows)
        expected += reference.rows('--file=' + path)
    result = scan(SIGNATURES, directory=tmp_path)
    assert result['errors'] == []
    reference.agree(result, reference.find(SIGNATURES, expected))


# --- machines -------------------------------------------------------------------------------------------------------


def check_machines(result):
    rows = dict((row['machine_id'], row) for row in result['machines'])
    assert sorted(rows) == sorted(MACHINES)
    assert sum(row['entries'] for row in rows.values()) == result['entries'] == 900
    for number, machine in enumerate(MACHINES):
        assert rows[machine]['hostnames'] == ['host%d' % number]
        assert rows[machine]['entries'] == 300
        assert sorted(rows[machine]['boots']) == BOOTS[number * 2 : number * 2 + 2]
    assert dict((boot['boot_id'], boot['machine_id']) for boot in result['boots']) == dict(
        (boot, MACHINES[number // 2]) for number, boot in enumerate(BOOTS[:6])
    )


def test_machines_in_one_file(tmp_path):
    """systemd-journal-remote --split-mode=none"""
    journals.write(tmp_path / 'remote.journal', generated(900, 2, seed=30, machines=3))
    check_machines(check(tmp_path))


@pytest.mark.parametrize('name', ['remote-{0}.journal', '{0}/system.journal'])
def test_machines_in_files_of_their_own(tmp_path, name):
    rows = [(dict(row), row) for row in generated(900, 2, seed=31, machines=3)]
    for machine in MACHINES:
        part = [row for fields, row in rows if fields['_MACHINE_ID'] == machine.encode('ascii')]
        journals.write(tmp_path / name.format(machine), part)
    check_machines(check(tmp_path))


# --- what cannot be read --------------------------------------------------------------------------------------------


def spoil(path, kind):
    """Makes a journal file something that is none."""
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
        elif kind == 'text':
            target.truncate(0)
            target.write(b'something known\n' * 1000)
        elif kind == 'signature':
            target.write(b'LPKSHHRX')


@pytest.mark.parametrize('kind', ['truncated', 'emptied', 'header', 'flag', 'text', 'signature'])
def test_a_bad_file_is_named_and_the_rest_is_read(tmp_path, kind):
    good = journals.write(tmp_path / 'a.journal', [entry('something known', number) for number in range(5)])
    bad = journals.write(tmp_path / 'b.journal', [entry('something known', number) for number in range(5, 9)])
    spoil(bad, kind)
    for options in ({'directory': tmp_path}, {'files': [good, bad]}, {'files': [bad, good]}):
        result = scan(SIGNATURES, **options)
        assert count(result) == 5
        assert [fault['path'] for fault in result['errors']] == [bad]
    alone = scan(SIGNATURES, files=[bad])
    assert (alone['entries'], [fault['path'] for fault in alone['errors']]) == (0, [bad])


def test_files_that_are_not_there(tmp_path):
    good = journals.write(tmp_path / 'a.journal', [entry('something known')])
    result = scan(SIGNATURES, files=[str(tmp_path / 'nothing.journal'), good, str(tmp_path)])
    assert count(result) == 1
    assert result['errors'] == [
        {'path': str(tmp_path / 'nothing.journal'), 'reason': 'no such file'},
        {'path': str(tmp_path), 'reason': 'not a regular file'},
    ]
    assert scan(SIGNATURES, files=[str(tmp_path / 'nothing.journal')])['entries'] == 0
    missing = scan(SIGNATURES, directory=tmp_path / 'nothing')
    assert (missing['entries'], missing['errors'][0]['path']) == (0, str(tmp_path / 'nothing'))


def test_what_is_no_regular_file_is_not_waited_for(tmp_path, target):
    """Opening a pipe waits for somebody who writes; a directory may have the name of a journal."""
    good = journals.write(tmp_path / 'a.journal', [entry('something known')])
    pipe, folder, dangling = (str(tmp_path / name) for name in ('b.journal', 'c.journal', 'd.journal'))
    os.mkfifo(pipe)
    os.mkdir(folder)
    os.symlink('nowhere', dangling)
    for options in ({'directory': tmp_path}, {'files': [pipe, folder, dangling, good]}):
        result = target.scan(SIGNATURES, **options)
        assert count(result) == 1
        assert sorted(set(fault['path'] for fault in result['errors'])) == [pipe, folder, dangling]


def test_without_root(tmp_path, target):
    """What may be read is read, and the rest is named."""
    good = journals.write(tmp_path / 'a.journal', [entry('something known')])
    bad = journals.write(tmp_path / 'b.journal', [entry('something known')])
    os.chmod(bad, 0)
    for options in ({'directory': tmp_path}, {'files': [bad, good]}):
        result = target.scan(SIGNATURES, wrap=UNPRIVILEGED, **options)
        assert count(result) == 1
        assert result['errors'] == [{'path': bad, 'reason': 'Permission denied; run as root (become: true)'}]
    os.chmod(str(tmp_path), 0)
    try:
        result = target.scan(SIGNATURES, wrap=UNPRIVILEGED, directory=tmp_path)
    finally:
        os.chmod(str(tmp_path), 0o700)
    assert (result['entries'], [fault['path'] for fault in result['errors']]) == (0, [str(tmp_path)])


# --- a journalctl that is asked, and fails --------------------------------------------------------------------------


def fake_journalctl(folder, script):
    """A journalctl of systemd 219 on a PATH of its own; and a file that only journalctl could read: unknown flags."""
    path = str(folder / 'bin' / 'journalctl')
    os.makedirs(os.path.dirname(path))
    with open(path, 'w', encoding='ascii') as target:
        target.write('#!/bin/sh\ncase "$*" in *--version*) echo "systemd 219"; exit;; esac\n' + script)
    os.chmod(path, 0o755)
    spoil(journals.write(folder / 'x' / 'a.journal', [entry('something known')]), 'flag')
    return {'PATH': os.path.dirname(path) + os.pathsep + os.environ['PATH']}


def test_journalctl_that_fails(tmp_path, target):
    environ = fake_journalctl(tmp_path, 'echo "-- Logs begin --"; exit 3\n')
    result = target.scan(SIGNATURES, environ=environ, directory=tmp_path / 'x')
    assert [fault['path'] for fault in result['errors']] == [str(tmp_path / 'x' / 'a.journal')]
    assert 'status 3' in result['errors'][0]['reason']
    os.unlink(str(tmp_path / 'x' / 'a.journal'))
    assert target.scan(SIGNATURES, environ=environ, directory=tmp_path / 'x')['errors'] == []


def test_a_chatty_journalctl_does_not_block(tmp_path, target):
    """A pipe holds 64 KiB; journalctl writing more to stderr must not wait for us while we wait for it."""
    environ = fake_journalctl(
        tmp_path,
        'head -c 1000000 /dev/zero | tr "\\0" x >&2\n'
        'printf "__CURSOR=s=1\\n__REALTIME_TIMESTAMP=5\\nMESSAGE=something known\\n\\n"\n',
    )
    result = target.scan(SIGNATURES, environ=environ, directory=tmp_path / 'x')
    assert (count(result), result['cursor']) == (1, '')
    # No journalctl writes such a cursor.
    assert ['cursor that is none' in fault['reason'] for fault in result['errors']].count(True) == 1
