# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run directory: what others can write or replace is refused, what only its owner can is not."""
from __future__ import annotations

import os
import stat

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import run_dir

US, GROUP = os.geteuid(), os.getegid()


class Tree:
    """os.lstat on real files, with other owners and modes than a test can give them: {name: (mode, owner)}."""

    def __init__(self, folder, **entries):
        self.entries = {str(folder / name.replace('__', '/')): entry for name, entry in entries.items()}

    def __call__(self, path):
        info = os.lstat(path)
        mode, owner = self.entries.get(path, (stat.S_IMODE(info.st_mode), info.st_uid))
        return os.stat_result((stat.S_IFMT(info.st_mode) | mode, info.st_ino, info.st_dev, info.st_nlink, owner) + tuple(info)[5:])


@pytest.fixture(name='folder')
def safe_folder(tmp_path):
    """above/runs, all ours."""
    (tmp_path / 'above' / 'runs').mkdir(parents=True, mode=0o700)
    return tmp_path


@pytest.mark.parametrize('entries, component, words', [
    ({'above__runs': (0o777, US)}, 'above/runs', 'chmod go-w'), ({'above__runs': (0o770, US)}, 'above/runs', 'may write'),
    ({'above__runs': (0o1777, US)}, 'above/runs', 'others may create files'), ({'above__runs': (0o700, 65533)}, 'above/runs', '65533'),
    ({'above': (0o777, US)}, 'above', 'may write'), ({'above': (0o700, 65533)}, 'above', '65533'),
    ({'above': (0o1777, US), 'above__runs': (0o700, 65533)}, 'above/runs', 'it belongs to user 65533'),
])
def test_what_others_can_write_is_refused(folder, entries, component, words):
    path = str(folder / 'above' / 'runs')
    text = run_dir.problem(path, lstat=Tree(folder, **entries))
    assert text.startswith('log_hygiene_run_dir: %s: ' % path), text
    assert str(folder / component) in text and words in text and 'Nothing was contacted.' in text
    assert 'chmod' not in text or not any(mode & stat.S_ISVTX for mode, dummy in entries.values())  # /tmp is to stay as it is


def test_a_relative_path_is_looked_at_where_it_leads(folder, monkeypatch):
    monkeypatch.chdir(folder / 'above')
    assert run_dir.absolute('./runs') == str(folder / 'above' / 'runs') and run_dir.problem('runs') is None
    for name in ('runs', './new', '../above/new'):
        assert 'may write' in run_dir.problem(name, lstat=Tree(folder, above=(0o777, US)))
    assert run_dir.make('new') is None and (folder / 'above' / 'new').is_dir()


@pytest.mark.parametrize('entries', [
    {}, {'above': (0o755, 0)}, {'above': (0o1777, 0)}, {'above__runs': (0o755, US)}, {'above': (0o1777, 0), 'above__runs': (0o700, 0)},
])
def test_what_only_we_and_root_can_write_is_taken(folder, entries):
    assert run_dir.problem(str(folder / 'above' / 'runs'), lstat=Tree(folder, **entries)) is None


def test_a_directory_that_is_not_there_yet_is_asked_about_its_parents(folder):
    path = str(folder / 'above' / 'new' / 'runs')
    assert run_dir.problem(path) is None and not os.path.exists(path)
    assert 'may write' in run_dir.problem(path, lstat=Tree(folder, above=(0o777, US)))
    # As in /tmp: who makes it owns it; `make` asks again once it is there.
    assert run_dir.problem(path, lstat=Tree(folder, above=(0o1777, US))) is None
    assert run_dir.make(path) is None and stat.S_IMODE(os.stat(path).st_mode) == 0o700


def test_a_link_is_refused_with_the_name_of_what_it_leads_to(folder):
    (folder / 'link').symlink_to(folder / 'above' / 'runs')
    text = run_dir.problem(str(folder / 'link'))
    assert 'it is a link' in text and 'Name the directory itself: %s' % (folder / 'above' / 'runs') in text
    (folder / 'dangling').symlink_to(folder / 'nowhere')
    assert 'it is a link' in run_dir.make(str(folder / 'dangling')) and not (folder / 'nowhere').exists()


def test_what_is_behind_a_link_on_the_way_is_looked_at(folder):
    (folder / 'way').symlink_to(folder / 'above')
    assert run_dir.problem(str(folder / 'way' / 'runs')) is None
    assert 'may write' in run_dir.problem(str(folder / 'way' / 'runs'), lstat=Tree(folder, above=(0o777, US)))


def test_a_file_is_no_directory(folder):
    (folder / 'file').write_text('')
    assert 'it is not a directory' in run_dir.problem(str(folder / 'file'))


@pytest.mark.parametrize('gid, uid, expected', [(0, 0, True), (0xFFFFFF, 0, False), (0, 0xFFFFFF, False)])
def test_whose_group_it_is(gid, uid, expected):
    assert run_dir.is_private(gid, uid) is expected
