# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ACL entries for the number of a deleted group are found by what the kernel has, as setfacl and getfacl do."""
from __future__ import absolute_import, division, print_function

import os
import subprocess
import tempfile

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _stale_acls as stale_acls

__metaclass__ = type

NUMBER = 64444


def setfacl(*arguments):
    subprocess.check_call(('setfacl',) + arguments)


def getfacl(path):
    return subprocess.check_output(['getfacl', '-ncpE', path])


@pytest.fixture
def tree(tmpdir):
    """Journals as systemd-tmpfiles left them, and what must not be looked at."""
    root = str(tmpdir.mkdir('journal'))
    for name in ('id/system.journal', 'id/user-1000.journal', 'other'):
        tmpdir.join('journal', name).ensure()
    outside = str(tmpdir.join('outside').ensure())
    os.symlink(outside, os.path.join(root, 'link'))
    os.symlink(str(tmpdir), os.path.join(root, 'id', 'folder'))
    os.mkfifo(os.path.join(root, 'pipe'))
    try:
        setfacl('-n', '-m', 'g:%d:r-x,g:%d:r,d:g:%d:r-x,d:u:0:rwx,m::r-x,d:m::rwx' % (NUMBER, NUMBER + 1, NUMBER), root)
        setfacl('-m', 'g:%d:r' % NUMBER, outside, os.path.join(root, 'id', 'system.journal'))
        setfacl('-m', 'u:%d:r' % NUMBER, os.path.join(root, 'other'))
    except subprocess.CalledProcessError:
        pytest.skip('this file system has no ACLs')
    return root


def test_what_has_such_entries_is_found_and_links_are_not_followed(tree):
    found = stale_acls.look(tree, NUMBER)
    assert found.paths == [tree, os.path.join(tree, 'id', 'system.journal')] and found.whole
    assert found.looked_at == 5
    assert stale_acls.look(tree, NUMBER + 2).paths == []
    assert stale_acls.look(os.path.join(tree, 'gone'), NUMBER).paths == []
    assert stale_acls.look(os.path.join(tree, 'link'), NUMBER).paths == []


def test_other_file_systems_are_left_out():
    if os.lstat('/dev').st_dev == os.lstat('/dev/shm').st_dev:
        pytest.skip('no file system of its own at /dev/shm')
    folder = tempfile.mkdtemp(dir='/dev/shm')
    try:
        setfacl('-m', 'g:%d:r' % NUMBER, folder)
        assert stale_acls.look('/dev/shm', NUMBER).paths == [folder]
        assert stale_acls.look('/dev', NUMBER).paths == []
    except subprocess.CalledProcessError:
        pytest.skip('this file system has no ACLs')
    finally:
        os.rmdir(folder)


def test_the_walk_has_an_end(tree):
    found = stale_acls.look(tree, NUMBER, limit=2)
    assert (found.looked_at, found.whole) == (2, False)


def test_the_entries_go_and_nothing_else(tree):
    before = getfacl(tree)
    stale_acls.remove(tree, NUMBER)
    assert getfacl(tree) == b''.join(line for line in before.splitlines(True) if b'%d:' % NUMBER not in line)
    assert stale_acls.look(tree, NUMBER).paths == [os.path.join(tree, 'id', 'system.journal')]


def test_the_command_that_is_told_does_the_same(tree):
    before = getfacl(os.path.join(tree, 'other'))
    subprocess.check_call(['find', tree, '-xdev', '!', '-type', 'l', '-exec', 'setfacl', '-n', '-x', 'g:%d,d:g:%d' % (NUMBER, NUMBER), '{}', '+'])
    assert stale_acls.look(tree, NUMBER).paths == []
    assert getfacl(os.path.join(tree, 'other')) == before
    assert stale_acls.names(files.acls_of(os.path.join(tree, os.pardir, 'outside'))[files.ACLS[0]], NUMBER)


def test_an_acl_that_changed_since_stays(tree):
    path = os.path.join(tree, 'id', 'system.journal')
    before = files.acls_of(path)
    setfacl('-m', 'u:0:rwx', path)
    now = getfacl(path)
    with pytest.raises(files.FileError, match='changed while it was looked at'):
        files.change_acls(path, before, before)
    with pytest.raises(files.FileError, match='Cannot change the ACL of'):
        files.change_acls(os.path.join(tree, 'link'), {}, {})
    assert getfacl(path) == now


@pytest.mark.parametrize('paths, expected', [
    (['/var/log/journal', '/var/log/journal/%m', '/var/log/journal/%m/system.journal', '/run/log/journal/%m/*.journal*'],
     ['/run/log/journal', '/var/log/journal']),
    (['/srv/x*', '/srv/y/z[0-9]', '/srv/y/za', '/a/b', '/a/bc'], ['/a/b', '/a/bc', '/srv']), (['/%m/x', '/a'], ['/a']), ([], []),
    (['%t/app', '%S/x', '//*', 'a/b'], [])])
def test_the_directories_to_look_below(paths, expected):
    assert stale_acls.roots(paths) == expected
