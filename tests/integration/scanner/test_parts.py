# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a journal: one boot, a span of time, what came after a cursor."""

import os

import journals
import pytest
import reference
from journals import BOOTS, MACHINE, SIGNATURES, START, entry, generated
from scanning import refusal, scan

SECOND = 1000000


def count(result):
    return result['signatures'][2]['count']


def expected(directory, keep):
    """The reference over those entries (dicts of journalctl's JSON) that a function keeps."""
    return reference.find(SIGNATURES, [row for row in reference.rows('--directory=%s' % directory) if keep(row)])


def stamp(row):
    return int(row['__REALTIME_TIMESTAMP'])


# --- boots ----------------------------------------------------------------------------------------------------------


def test_one_boot(tmp_path):
    journals.write(tmp_path / 'x.journal', generated(1000, 5))
    for boot in BOOTS[:5]:
        result = scan(SIGNATURES, directory=tmp_path, boot=boot)
        reference.agree(result, expected(tmp_path, lambda row, boot=boot: row['_BOOT_ID'] == boot))
        assert (result['entries'], count(result)) == (200, 20)
    assert scan(SIGNATURES, directory=tmp_path, boot=BOOTS[9])['entries'] == 0


def test_the_running_boot(tmp_path):
    with open('/proc/sys/kernel/random/boot_id', encoding='ascii') as source:
        running = source.read().strip()
    rows = [
        entry('something known', number, _BOOT_ID=[BOOTS[0], running.replace('-', '')][number % 3 > 1])
        for number in range(30)
    ]
    journals.write(tmp_path / 'x.journal', rows)
    for boot in ('current', running, running.upper()):
        assert scan(SIGNATURES, directory=tmp_path, boot=boot)['entries'] == 10


# --- time -----------------------------------------------------------------------------------------------------------


def test_a_clock_that_was_ahead_at_boot(tmp_path):
    """The clock of the hardware kept local time, nine hours ahead, until it was set: journalctl --since finds less."""
    rows = [entry('something known', 9 * 3600 + number, __MONOTONIC_TIMESTAMP=str(number + 1)) for number in range(10)]
    rows += [entry('something known', number, __MONOTONIC_TIMESTAMP=str(1000 + number)) for number in range(100)]
    journals.write(tmp_path / 'x.journal', rows)
    since, until = START + 50 * SECOND, START + 36000 * SECOND
    assert count(scan(SIGNATURES, directory=tmp_path, since=since, until=until)) == 60
    assert len(reference.rows('--directory=%s' % tmp_path, '--until=@%d' % (START // SECOND + 3600))) < 100


@pytest.mark.parametrize('boot', [None, BOOTS[1]])
def test_since_and_until_to_the_microsecond(tmp_path, boot):
    """Bounds at, just before and just after times of entries; the clock jumps."""
    journals.write(tmp_path / 'x.journal', generated(400, 4, seed=8))
    times = sorted(stamp(row) for row in reference.rows('--directory=%s' % tmp_path))
    bounds = [
        None,
        times[0],
        times[0] - 1,
        times[7],
        times[7] + 1,
        times[200] - 1,
        times[200],
        times[-1],
        times[-1] + 1,
    ]
    options = {'boot': boot} if boot else {}
    for since in bounds:
        for until in bounds:
            result = scan(SIGNATURES, directory=tmp_path, since=since, until=until, **options)
            reference.agree(
                result,
                expected(
                    tmp_path,
                    lambda row: (since is None or stamp(row) >= since)
                    and (until is None or stamp(row) <= until)
                    and boot in (None, row['_BOOT_ID']),
                ),
            )


# --- cursors --------------------------------------------------------------------------------------------------------


def test_only_what_is_new(tmp_path):
    rows = list(generated(100, 2))
    journals.write(tmp_path / 'x.journal', rows[:60])
    first = scan(SIGNATURES, directory=tmp_path)
    same = scan(SIGNATURES, directory=tmp_path, cursor=first['cursor'])
    assert (same['entries'], same['cursor']) == (0, first['cursor'])
    journals.write(tmp_path / 'x.journal', rows[60:])
    second = scan(SIGNATURES, directory=tmp_path, cursor=first['cursor'])
    assert (first['entries'], second['entries']) == (60, 40)
    assert count(first) + count(second) == 10


@pytest.mark.parametrize('boot', [None, BOOTS[0], BOOTS[1]])
@pytest.mark.parametrize('when', [None, START + 20 * SECOND], ids=['ever', 'since'])
def test_from_every_place_on(tmp_path, boot, when):
    """With a match, journalctl --after-cursor of systemd 239 to 254 skips the first entry. The clock jumps, too."""
    rows = [row for pair in zip(generated(40, 1, seed=2), generated(80, 2, seed=3)) for row in pair]
    journals.write(tmp_path / 'x.journal', rows)
    listed = reference.rows('--directory=%s' % tmp_path)
    assert len(listed) == 80
    options = dict(({'boot': boot} if boot else {}), **({'since': when} if when else {}))
    for number, row in enumerate(listed):
        result = scan(SIGNATURES, directory=tmp_path, cursor=row['__CURSOR'], **options)
        rest = [
            one
            for one in listed[number + 1 :]
            if boot in (None, one['_BOOT_ID']) and (when is None or stamp(one) >= when)
        ]
        assert result['errors'] == []
        reference.agree(result, reference.find(SIGNATURES, rest))


def test_every_cut_of_a_journal_adds_up(tmp_path):
    """Scanned when it held the first n entries and again when it held all: together they are all, for every n."""
    rows = list(generated(40, 3, seed=4))
    for cut in range(41):
        folder = tmp_path / str(cut)
        journals.write(folder / 'x.journal', rows[:cut])
        first = scan(SIGNATURES, directory=folder)
        journals.write(folder / 'x.journal', rows[cut:])
        second = scan(SIGNATURES, directory=folder, cursor=first['cursor'])
        whole = scan(SIGNATURES, directory=folder)
        assert (first['entries'], second['entries'], whole['entries']) == (cut, 40 - cut, 40)
        for one, two, both in zip(first['signatures'], second['signatures'], whole['signatures']):
            assert one['count'] + two['count'] == both['count']


def test_several_files_add_up(tmp_path):
    """A host rotates: what comes after a cursor is partly in the file that was current, partly in later ones."""
    cursor, entries, known = '', 0, 0
    rows = [
        entry('something known' if number % 10 == 3 else 'else', number, _BOOT_ID=BOOTS[number // 60])
        for number in range(120)
    ]
    for number in range(12):
        journals.write(tmp_path / ('%d.journal' % (number // 4)), rows[number * 10 : number * 10 + 10])
        result = scan(SIGNATURES, directory=tmp_path, cursor=cursor)
        cursor, entries, known = result['cursor'], entries + result['entries'], known + count(result)
        assert entries == number * 10 + 10
    assert known == 12


def test_a_cursor_whose_entry_is_gone(tmp_path):
    journals.write(tmp_path / 'old.journal', [entry('something known', number) for number in range(5)])
    cursor = scan(SIGNATURES, directory=tmp_path)['cursor']
    os.unlink(str(tmp_path / 'old.journal'))
    journals.write(tmp_path / 'new.journal', [entry('something known', number) for number in range(10, 15)])
    assert scan(SIGNATURES, directory=tmp_path, cursor=cursor)['entries'] == 5


def test_a_cursor_of_a_file_that_is_gone_leaves_undecided_what_it_does_not_name(tmp_path):
    """What is left is of another writer, and in a folder clocks decide nothing: it is read, and said."""
    lost = [entry('something known', number) for number in (5, 15)]
    left = [
        entry('something known', number, __MONOTONIC_TIMESTAMP=str(SECOND + number * SECOND)) for number in (0, 10, 20)
    ]
    left += [
        entry('something known', number, _BOOT_ID=BOOTS[1], __MONOTONIC_TIMESTAMP=str(number)) for number in (30, 40)
    ]
    journals.write(tmp_path / 'left.journal', left)
    journals.write(tmp_path / 'lost' / 'lost.journal', lost)
    cursors = [row['__CURSOR'] for row in reference.rows('--directory=%s' % (tmp_path / 'lost'))]
    found = [scan(SIGNATURES, directory=tmp_path, cursor=cursor) for cursor in cursors]
    assert [(result['entries'], result['undecided']) for result in found] == [(5, 5), (5, 5)]


def test_a_cursor_that_is_none(tmp_path):
    journals.write(tmp_path / 'x.journal', [entry('something known')])
    for cursor in ('x', 'v1 []', 's=1', '--help'):
        assert refusal(SIGNATURES, directory=tmp_path, cursor=cursor).startswith('cursor: ')


def test_a_cursor_in_a_folder_named_by_machine(tmp_path):
    rows = list(generated(60, 2, seed=10))
    journals.write(tmp_path / MACHINE / 'system.journal', rows[:30])
    first = scan(SIGNATURES, directory=tmp_path)
    journals.write(tmp_path / MACHINE / 'system.journal', rows[30:])
    assert scan(SIGNATURES, directory=tmp_path, cursor=first['cursor'])['entries'] == 30
