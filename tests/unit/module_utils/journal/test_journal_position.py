# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a reading of a journal ended, and what is new since."""
from __future__ import absolute_import, division, print_function

import pytest
from journal_builder import BOOTS, Builder, fields_of, journal_of

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import (
    MOST_BOOTS, NEW, OLD, UNDECIDED, File, Place, Position, PositionError, file_of, is_cursor, is_same, place_of)

__metaclass__ = type

NAMES = [digit * 32 for digit in '123']
BOOT, OTHER = (boot.decode('ascii') for boot in BOOTS[:2])
CURSOR = 's=%s;i=a;b=%s;m=5;t=c;x=1' % (NAMES[0], BOOT)


def test_the_place_that_a_cursor_names():
    assert place_of(CURSOR) == Place(NAMES[0], 10, BOOT, 5, 12)
    assert place_of('t=c') == Place('', 0, '0' * 32, 0, 12)
    assert place_of('b=short;m=1').boot_id == '0' * 32


@pytest.mark.parametrize('text, expected', [
    (CURSOR, True), ('s=%s;i=1' % NAMES[0], True), ('b=%s;m=1' % BOOT, True), ('t=1', True), ('', False),
    ('x=1', False), ('i=1', False), ('s=%s' % NAMES[0], False),
    ('s=1;i=1', False), ('b=1;m=1', False), ('t=g', False), ('t=1;', False),
    ('t=1\n', False), (CURSOR + ';w=x', False)])
def test_what_is_a_cursor(text, expected):
    assert is_cursor(text) is expected


def test_a_position_as_text():
    position = Position('%s;w=%s.1f,%s.2;k=%s,%s.5;d=1a' % (CURSOR, NAMES[1], NAMES[2], OTHER, BOOT))
    assert position.place == place_of(CURSOR)
    assert position.known == {NAMES[0]: 10, NAMES[1]: 31, NAMES[2]: 2}
    assert (list(position.boots.items()), position.dropped) == ([(OTHER, None), (BOOT, 5)], 26)
    for text in ('', str(position), CURSOR + ';k=', CURSOR + ';w=%s.1;k=%s.5' % (NAMES[1], BOOT), CURSOR,
                 ';w=%s.1;k=%s.5' % (NAMES[1], BOOT)):
        assert str(Position(text)) == text


def test_the_texts_of_earlier_versions_and_of_journalctl():
    assert Position('%s;w=%s.1f' % (CURSOR, NAMES[1])).known == {NAMES[0]: 10, NAMES[1]: 31}
    assert Position(CURSOR).known == {NAMES[0]: 10}
    assert Position('t=c').known == {}
    assert (Position(CURSOR).boots, Position(CURSOR).dropped) == ({BOOT: 5}, None)
    assert (Position('t=c').boots, Position('').boots, Position('').dropped) == ({}, {}, 0)


@pytest.mark.parametrize('wrong', [
    'x', CURSOR + ';w=1.2', CURSOR + ';w=%s' % NAMES[1], CURSOR + ';w=%s.x' % NAMES[1], '\n',
    CURSOR + ';w=%s.1;w=%s.2' % (NAMES[1], NAMES[2]), ';w=%s.1' % NAMES[1], CURSOR + ';k=1',
    CURSOR + ';k=%s.x' % BOOT, CURSOR + ';k=%s.%s' % (BOOT, '1' * 17), CURSOR + ';k=%s;d=x' % BOOT, CURSOR + '\n',
    CURSOR + ';k=;w='])
def test_what_is_no_position(wrong):
    with pytest.raises(PositionError) as error:
        Position(wrong)
    assert 'is not a cursor of the journal' in str(error.value)


WHOLE = CURSOR + ';w=%s.1f;k=%s.5' % (NAMES[1], BOOT)


@pytest.mark.parametrize('text, place, expected', [
    # By its number where the writer is known.
    (WHOLE, (NAMES[0], 11, BOOT, 0, 0), NEW), (WHOLE, (NAMES[0], 10, BOOT, 99, 99), OLD),
    (WHOLE, (NAMES[1], 32, BOOT, 0, 0), NEW), (WHOLE, (NAMES[1], 31, BOOT, 99, 99), OLD),
    # A boot that is not known is new, whatever the clock and the number say.
    (WHOLE, (NAMES[2], 1, OTHER, 1, 1), NEW), (WHOLE, (NAMES[0], 3, OTHER, 1, 1), NEW),
    # Another writer in a known boot: that boot's own clock, which nobody can set.
    (WHOLE, (NAMES[2], 1, BOOT, 6, 0), NEW), (WHOLE, (NAMES[2], 99, BOOT, 4, 99), OLD),
    (WHOLE, (NAMES[2], 1, BOOT, 5, 0), UNDECIDED),
    (WHOLE.replace('.5', ''), (NAMES[2], 1, BOOT, 6, 0), UNDECIDED),
    # What a position does not tell is read.
    (CURSOR, (NAMES[0], 10, OTHER, 0, 0), OLD), (CURSOR, (NAMES[2], 1, BOOT, 6, 0), NEW),
    (CURSOR, (NAMES[2], 1, BOOT, 4, 99), OLD), (CURSOR, (NAMES[2], 1, OTHER, 1, 1), UNDECIDED),
    ('t=c', (NAMES[0], 1, BOOT, 1, 1), UNDECIDED), (WHOLE + ';d=1', (NAMES[2], 1, OTHER, 1, 1), UNDECIDED),
    (WHOLE + ';d=1', (NAMES[0], 3, OTHER, 1, 1), OLD), ('', (NAMES[0], 1, BOOT, 1, 1), NEW)])
def test_what_is_new(text, place, expected):
    assert Position(text).decide(Place(*place)) == expected


def test_the_running_boot_is_known_or_new():
    """Of too many boots those that ended first are left out, and this one goes on."""
    assert Position(WHOLE + ';d=1', OTHER).decide(Place(NAMES[2], 1, OTHER, 1, 1)) == NEW
    assert Position(CURSOR, OTHER).decide(Place(NAMES[2], 1, OTHER, 1, 1)) == UNDECIDED


def test_of_several_machines_only_numbers_and_new_boots_tell():
    position = Position(WHOLE)
    for place, expected in (((NAMES[0], 11, OTHER, 0, 0), NEW), ((NAMES[0], 3, OTHER, 0, 0), OLD),
                            ((NAMES[2], 1, OTHER, 1, 1), NEW), ((NAMES[2], 1, BOOT, 4, 0), UNDECIDED)):
        assert position.decide(Place(*place), one_machine=False) == expected


def test_a_copy_of_the_last_entry_is_known():
    copy = CURSOR.replace('s=%s;i=a' % NAMES[0], 's=%s;i=1' % NAMES[2])
    assert is_same(copy, CURSOR) and not is_same('', '')
    assert Position(WHOLE).decide(place_of(copy), copy) == OLD
    assert Position(WHOLE).decide(place_of(copy), copy.replace('x=1', 'x=2')) == UNDECIDED


def test_what_was_read_is_known():
    position = Position()
    for number in (1, 2):
        cursor = 's=%s;i=%d;b=%s;m=%d;t=1;x=1' % (NAMES[0], number, BOOT, number)
        position.note(place_of(cursor), cursor)
    position.know(NAMES[1], 7)
    position.know(NAMES[1], 3)
    position.know_boot(OTHER, None)
    position.know_boot(BOOT, None)
    position.know_boot(BOOT, 1)
    assert str(position) == cursor + ';w=%s.7;k=%s,%s.2' % (NAMES[1], OTHER, BOOT)
    position.forget([NAMES[2]])
    assert position.known == {NAMES[0]: 2}


def test_of_too_many_boots_the_first_are_dropped_and_counted():
    position = Position('', BOOT)
    for number in range(MOST_BOOTS + 3):
        position.know_boot(BOOT if number == 0 else '%032x' % number, number)
    position.forget([])
    assert (len(position.boots), position.dropped) == (MOST_BOOTS, 3)
    assert BOOT in position.boots and '%032x' % 3 not in position.boots and '%032x' % 4 in position.boots
    assert not position.is_complete() and position.is_new_boot('f' * 32) is False
    assert str(Position(str(position))) == str(position) and str(position).endswith(';d=3')


def test_a_file_by_its_header(tmpdir):
    path = journal_of([fields_of(b'one'), fields_of(b'two')], seqnum=5).write(tmpdir.join('a.journal'))
    assert file_of(path) == File(path, '22' * 16, '11' * 16, BOOT, 6)
    assert file_of(Builder().write(tmpdir.join('b.journal'))).seqnum == 0
    tmpdir.join('c.journal').write('')
    tmpdir.join('d.journal').write('x' * 300)
    assert [file_of(str(tmpdir.join(name + '.journal'))) for name in 'cd'] == [None, None]
