# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody edited since a remedy wrote it is told line by line."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _written as written

__metaclass__ = type


def put(path, content):
    with open(path, 'wb') as target:
        target.write(content)
    return path


@pytest.fixture
def folder(tmpdir):
    return str(tmpdir)


def test_an_edit_is_told_by_what_was_written(folder):
    place, backups = os.path.join(folder, 'written', 'kind'), os.path.join(folder, 'backup')
    path, other = put(os.path.join(folder, 'a.conf'), b'one\ntwo\n'), put(os.path.join(folder, 'b.conf'), b'b\n')
    written.keep(None, place, [(path, 'create', b'one\ntwo\n'), (other, 'edit', b'another, that a later step replaced\n')], [])
    assert written.paths_in(place) == [path] and written.edits(place, backups) == {}
    put(path, b'one\n2 \xff\n')
    now, diff = written.edits(place, backups)[path]
    assert now == b'one\n2 \xff\n' and diff[:2] == ['--- %s (written)' % path, '+++ %s (now)' % path] and diff[-2] == '-two' and diff[-1].startswith('+2 ')
    # What it was before the remedy, or nothing, is no edit.
    os.makedirs(os.path.dirname(backups + path))
    put(backups + path, b'one\n2 \xff\n')
    assert written.edits(place, backups) == {}
    os.unlink(path)
    assert written.edits(place, backups) == {}


def test_what_is_ours_no_longer_is_forgotten_unless_it_was_edited(folder):
    place = os.path.join(folder, 'written', 'kind')
    paths = [put(os.path.join(folder, name), b'x\n') for name in ('a', 'b')]
    written.keep(None, place, [(path, 'create', b'x\n') for path in paths], [])
    written.keep(None, place, [(path, 'remove', None) for path in paths], paths[1:])
    assert written.paths_in(place) == paths[1:]
    assert (os.stat(place + paths[1]).st_mode & 0o777, os.stat(place).st_mode & 0o777) == (0o600, 0o700)


def test_a_long_diff_is_cut():
    diff = written.diff('/a', b'', b'x' * 5000 + b'\n' + b'y\n' * 5000)
    assert len(diff) == written.LINES + 1 and max(len(line) for line in diff) == written.CHARACTERS and diff[-1] == '... (+4964)'


@pytest.mark.parametrize('options, folder_of', [
    ({}, '/var/lib/log_hygiene/written/kind'), ({'backup_dir': '/x/backup'}, '/x/written/kind'), ({'state_dir': '/y/units'}, '/y/written/kind')])
def test_copies_lie_beside_the_originals(options, folder_of):
    assert files.BACKUP_ROOT == '/var/lib/log_hygiene/backup' and written.folder_of('kind', options) == folder_of


def test_a_directory_that_was_made_goes_when_nothing_is_left_in_it(folder):
    place, made = os.path.join(folder, 'written', 'kind'), [os.path.join(folder, 'etc'), os.path.join(folder, 'etc', 'x.d')]
    os.makedirs(made[1])
    mine = put(os.path.join(made[1], 'mine'), b'')
    written.keep_made(None, place, made, False)
    written.keep_made(None, place, [], True)
    assert os.path.isdir(made[1]) and written.paths_in(place) == []
    os.unlink(mine)
    os.mkdir(os.path.join(folder, 'empty'))  # of somebody else
    written.keep_made(None, place, [], False)
    written.keep_made(None, place, [], True)
    assert sorted(os.listdir(folder)) == ['empty', 'written'] and os.listdir(place) == []


def test_one_memory_that_is_damaged_or_a_directory_that_stays_hinders_no_other(folder, monkeypatch):
    mine, other = os.path.join(folder, 'written', 'mine'), os.path.join(folder, 'written', 'other')
    stuck, empty, relative = os.path.join(folder, 'stuck'), os.path.join(folder, 'empty'), os.path.join(folder, 'relative')
    for path in (mine, other, stuck, empty, relative):
        os.makedirs(path)
    monkeypatch.chdir(folder)
    put(os.path.join(mine, written.MADE), b'relative\n\xff\xea\n' + stuck.encode('ascii') + b'\n')
    put(os.path.join(other, written.MADE), empty.encode('ascii') + b'\n')
    remove = files.remove_directory

    def refuse(path):
        if path == stuck:
            raise files.FileError('busy')
        remove(path)

    monkeypatch.setattr(files, 'remove_directory', refuse)
    with pytest.raises(files.FileError, match='busy'):
        written.keep_made(None, mine, [], True)
    assert [os.path.isdir(path) for path in (stuck, empty, relative)] == [True, False, True]
