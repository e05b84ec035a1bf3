# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are written whole or not at all, and the first original is kept."""
from __future__ import absolute_import, division, print_function

import os
import resource
import signal
import stat
import subprocess

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files

__metaclass__ = type


class Module:
    """The part of AnsibleModule that knows SELinux, on a host that has it."""

    def __init__(self, contexts):
        self.contexts = contexts
        self.calls = []

    def selinux_enabled(self):
        return True

    def selinux_context(self, path):
        return self.contexts[path]

    def selinux_default_context(self, path, mode=0):
        return ['default', path, mode]

    def set_default_selinux_context(self, path, changed):
        self.calls.append(('default', path))

    def set_context_if_different(self, path, context, changed):
        self.calls.append((os.path.dirname(os.path.dirname(path)), context))


class GivesUp(Module):
    """One whose setfilecon fails: fail_json ends the process."""

    def set_context_if_different(self, path, context, changed):
        raise SystemExit(1)


@pytest.fixture
def folder(tmpdir):
    return str(tmpdir)


@pytest.fixture
def file_size_limit():
    """The kernel refuses to write more than 10 bytes to a file, to any user: a disk that is full in the middle."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, handler)


def put(path, content, mode=0o644):
    with open(path, 'wb') as target:
        target.write(content)
    os.chmod(path, mode)
    return path


def mode_of(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


def test_new_file_has_the_default_mode_whatever_the_umask(folder):
    path = os.path.join(folder, 'a.conf')
    umask = os.umask(0o077)
    try:
        files.write_atomic(None, path, b'text\xff')
    finally:
        os.umask(umask)
    assert files.read_bytes(path) == b'text\xff'
    assert mode_of(path) == 0o644
    assert os.listdir(folder) == ['a.conf']


def test_new_file_with_a_mode(folder):
    path = os.path.join(folder, 'secret')
    files.write_atomic(None, path, b'', mode=0o600)
    assert mode_of(path) == 0o600


def test_existing_file_keeps_its_mode_and_is_another_inode(folder):
    path = put(os.path.join(folder, 'a'), b'old', 0o640)
    inode = os.stat(path).st_ino
    files.write_atomic(None, path, b'new')
    assert (files.read_bytes(path), mode_of(path)) == (b'new', 0o640)
    assert os.stat(path).st_ino != inode


def test_existing_file_keeps_its_owner(folder, monkeypatch):
    path = put(os.path.join(folder, 'a'), b'old')
    found = os.lstat(path)
    owners = []
    monkeypatch.setattr(files.os, 'lstat', lambda path: os.stat_result(
        (found.st_mode, found.st_ino, found.st_dev, found.st_nlink, 12, 34) + tuple(found[6:10])))
    monkeypatch.setattr(files.os, 'fchown', lambda handle, user, group: owners.append((user, group)))
    files.write_atomic(None, path, b'new')
    assert owners == [(12, 34)]


def test_symbolic_link_is_replaced_and_its_target_left_alone(folder):
    target = put(os.path.join(folder, 'target'), b'vendor', 0o666)
    link = os.path.join(folder, 'link')
    os.symlink(target, link)
    files.write_atomic(None, link, b'ours')
    assert not os.path.islink(link)
    assert files.read_bytes(target) == b'vendor'
    assert mode_of(link) == 0o644


def test_context_is_that_of_the_file_or_the_default_of_its_path(folder):
    old, new = put(os.path.join(folder, 'old'), b''), os.path.join(folder, 'new')
    module = Module({old: ['kept']})
    files.write_atomic(module, old, b'x')
    files.write_atomic(module, new, b'x')
    assert module.calls == [(folder, ['kept']), (folder, ['default', new, stat.S_IFREG])]


@pytest.mark.parametrize('content', [b'12345678901', b'1' * 100000])
def test_no_room_leaves_everything_as_it_was(folder, file_size_limit, content):
    path = put(os.path.join(folder, 'a.conf'), b'old', 0o600)
    with pytest.raises(files.FileError) as error:
        files.write_atomic(None, path, content)
    assert str(error.value) == 'Cannot write %s: File too large. Nothing was changed there.' % path
    assert files.read_bytes(path) == b'old'
    assert os.listdir(folder) == ['a.conf']


def test_no_temporary_file_is_left_when_the_module_gives_up(folder):
    path = os.path.join(folder, 'a.conf')
    with pytest.raises(SystemExit):
        files.write_atomic(GivesUp({}), path, b'x')
    assert os.listdir(folder) == []


def test_missing_directory_is_named(folder):
    path = os.path.join(folder, 'no', 'a.conf')
    with pytest.raises(files.FileError) as error:
        files.write_atomic(None, path, b'x')
    assert str(error.value) == 'Cannot write %s: No such file or directory. Nothing was changed there.' % path


def test_unreadable_file_is_named(folder):
    with pytest.raises(files.FileError) as error:
        files.read_bytes(folder)
    assert str(error.value) == 'Cannot read %s: Is a directory. Nothing was changed there.' % folder


@pytest.fixture
def at_most():
    """Who waits for a writer of a named pipe is woken."""
    def wake(_number, _frame):
        raise AssertionError('it hangs')
    before = signal.signal(signal.SIGALRM, wake)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_what_may_have_no_end_is_not_read(folder, at_most):
    path = os.path.join(folder, 'a')
    os.mkfifo(path)
    for there, kind in ((path, 'named pipe'), ('/dev/tty', 'device')):
        link = os.path.join(folder, 'link')
        os.symlink(there, link)
        for one in (there, link):
            with pytest.raises(files.FileError) as error:
                files.read_bytes(one)
            assert str(error.value) == (
                '%s is a %s, not a regular file. Move it away. Nothing was changed there.' % (one, kind))
        os.unlink(link)
    os.symlink('/dev/null', os.path.join(folder, 'masked'))
    assert files.read_bytes(os.path.join(folder, 'masked')) == b''


def test_directories_are_made_with_their_mode_and_existing_ones_kept(folder):
    os.chmod(folder, 0o711)
    module = Module({})
    path = os.path.join(folder, 'a', 'b')
    umask = os.umask(0o077)
    try:
        made = files.make_directory(module, path)
    finally:
        os.umask(umask)
    assert made == [os.path.join(folder, 'a'), path]
    assert [mode_of(each) for each in [folder] + made] == [0o711, 0o755, 0o755]
    assert module.calls == [('default', each) for each in made]
    assert files.make_directory(module, path) == []


def test_directory_below_a_file_is_an_error(folder):
    put(os.path.join(folder, 'a'), b'')
    with pytest.raises(files.FileError) as error:
        files.make_directory(None, os.path.join(folder, 'a', 'b'))
    assert os.path.join(folder, 'a') in str(error.value)


def test_backup_keeps_the_first_original_only(folder):
    path, root = put(os.path.join(folder, 'a'), b'first\xff\r\n', 0o644), os.path.join(folder, 'kept')
    copy = files.backup(path, root)
    assert copy == root + path
    put(path, b'second')
    assert files.backup(path, root) == copy
    assert files.read_bytes(copy) == b'first\xff\r\n' == files.original(path, root)
    assert mode_of(copy) == 0o644  # the folder keeps others out
    assert mode_of(root) == mode_of(os.path.dirname(copy)) == 0o700


def test_what_was_written_anew_is_kept_and_no_earlier_original_is_lost(folder, monkeypatch):
    path, root = put(os.path.join(folder, 'a'), b'first'), os.path.join(folder, 'kept')
    for content in (b'first', b'second', b'third', b'third'):
        put(path, content)
        files.edit(None, path, b'ours', root, anew=True)
    assert [files.read_bytes(one) for one in files.earlier(path, root)] == [b'first', b'second']
    assert files.note_of_earlier(path, root).count(root) == 2 and mode_of(os.path.dirname(files.earlier(path, root)[0])) == 0o700
    # What is kept already is not kept again, as of a program that writes one of two texts at each start.
    for content in (b'first', b'third', b'second', b'third'):
        put(path, content)
        files.edit(None, path, b'ours', root, anew=True)
    assert [files.read_bytes(one) for one in files.earlier(path, root)] == [b'first', b'second', b'third']
    # A link, too, as the same link.
    other = os.path.join(folder, 'b')
    for target in ('a', 'kept'):
        if os.path.lexists(other):
            os.unlink(other)
        os.symlink(target, other)
        files.backup(other, root, anew=True)
    assert [os.readlink(one) for one in files.earlier(other, root) + [files.backup_path(other, root)]] == ['a', 'kept']
    # What cannot be written is as it was, and no original of it is needed.
    put(path, b'fourth')
    write = files.write_atomic
    monkeypatch.setattr(files, 'write_atomic', lambda module, one, *more, **options: files.remove(one + '.none') if one == path else write(
        module, one, *more, **options))
    with pytest.raises(files.FileError):
        files.edit(None, path, b'ours', root, anew=True)
    assert (files.read_bytes(path), files.original(path, root), len(files.earlier(path, root))) == (b'fourth', None, 3)


def test_nothing_to_keep(folder):
    assert files.backup(os.path.join(folder, 'a'), os.path.join(folder, 'kept')) is None
    assert files.original(os.path.join(folder, 'a'), os.path.join(folder, 'kept')) is None
    assert files.restore(os.path.join(folder, 'a'), os.path.join(folder, 'kept')) is False
    assert os.listdir(folder) == []


def test_half_a_backup_is_none(folder, file_size_limit):
    path, root = os.path.join(folder, 'a'), os.path.join(folder, 'kept')
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    put(path, b'x' * 50)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    with pytest.raises(files.FileError) as error:
        files.backup(path, root)
    assert str(error.value).startswith('Cannot keep a copy of %s: Cannot write %s' % (path, root))
    assert files.original(path, root) is None
    assert os.listdir(os.path.dirname(root + path)) == []


def test_restore_brings_the_original_back_and_drops_the_copy(folder):
    path, root = put(os.path.join(folder, 'a'), b'first', 0o640), os.path.join(folder, 'kept')
    files.backup(path, root)
    files.write_atomic(None, path, b'ours')
    assert files.restore(path, root) is True
    assert (files.read_bytes(path), mode_of(path)) == (b'first', 0o640)
    assert files.original(path, root) is None


def test_what_wrote_with_a_mode_of_its_own_can_give_the_old_one_back(folder):
    path, root = put(os.path.join(folder, 'a'), b'first', 0o640), os.path.join(folder, 'kept')
    files.backup(path, root)
    files.write_atomic(None, path, b'ours', mode=0o600)
    assert files.restore(path, root, dressed=True) is True
    assert (files.read_bytes(path), mode_of(path)) == (b'first', 0o640)


def acl(path):
    return subprocess.check_output(['getfacl', '--omit-header', '--numeric', path])


def test_an_access_control_list_stays_and_comes_back(folder):
    path, root = put(os.path.join(folder, 'a'), b'first', 0o640), os.path.join(folder, 'kept')
    subprocess.check_call(['setfacl', '-m', 'u:%d:rw,g:%d:r' % (os.getuid() + 7, os.getgid() + 7), path])
    before = acl(path)
    files.backup(path, root)
    files.write_atomic(None, path, b'ours')
    assert before == acl(path) and b'user:%d:rw' % (os.getuid() + 7) in before
    files.write_atomic(None, path, b'narrower', mode=0o600)
    assert b'mask::---' in acl(path)
    assert files.restore(path, root, dressed=True) is True
    assert (files.read_bytes(path), acl(path)) == (b'first', before)
    new = os.path.join(folder, 'new')
    files.write_atomic(None, new, b'')
    assert files.acl_of(new) is None


def test_symbolic_link_comes_back_as_one(folder):
    put(os.path.join(folder, 'target'), b'vendor')
    link, root = os.path.join(folder, 'link'), os.path.join(folder, 'kept')
    os.symlink('target', link)
    files.backup(link, root)
    files.write_atomic(None, link, b'ours')
    assert files.original(link, root) == b'vendor'
    assert files.restore(link, root) is True
    assert os.readlink(link) == 'target'
    assert sorted(os.listdir(folder)) == ['kept', 'link', 'target']


def test_remove(folder):
    path = put(os.path.join(folder, 'a'), b'')
    files.remove(path)
    assert os.listdir(folder) == []
    with pytest.raises(files.FileError) as error:
        files.remove(path)
    assert str(error.value) == 'Cannot remove %s: No such file or directory. Nothing was changed there.' % path


def test_modified_at_is_the_newest_in_utc(folder, monkeypatch):
    monkeypatch.setenv('TZ', 'Asia/Seoul')
    paths = [put(os.path.join(folder, name), b'') for name in 'ab']
    os.utime(paths[0], (1, 1795363280.25))
    os.utime(paths[1], (1, 1795363279.5))
    assert files.modified_at(paths) == '2026-11-22T16:01:20.250000Z'
    assert files.modified_at([]) is None


def test_what_a_kill_leaves_is_swept_and_nothing_else(folder):
    """Of ours: the private directory, and the file of earlier releases beside a file that we write."""
    kept = ['.log_hygiene-abcdefgh.tmp.d', '.log_hygiene-abcd.tmp', '.b.abcdefgh.tmp', 'a', '.a.abc.tmp', '.a.abcdefgh.tmp~']
    for name in kept:
        put(os.path.join(folder, name), b'')
    put(os.path.join(folder, '.log_hygiene-ijklmnop.tmp'), b'a file is none of ours')
    os.symlink('/', os.path.join(folder, '.log_hygiene-linklink.tmp'))
    left = os.path.join(folder, '.log_hygiene-abcdefgh.tmp')
    os.mkdir(left)
    put(os.path.join(left, 'a'), b'half')
    before = put(os.path.join(folder, '.a.abcd_fgh.tmp'), b'half')
    wanted = sorted([before, left])
    paths = [os.path.join(folder, 'a'), os.path.join(folder, 'no', 'such')]
    assert files.sweep(paths, look=True) == wanted and os.path.exists(left)
    assert files.sweep(paths) == wanted
    assert sorted(os.listdir(folder)) == sorted(kept + ['.log_hygiene-ijklmnop.tmp', '.log_hygiene-linklink.tmp'])
    assert files.sweep(paths) == []


def test_a_killed_writer_leaves_one_directory_that_starts_with_a_dot(folder):
    """Killed by the kernel in the middle of its write: what is left is what sweep() knows."""
    path = put(os.path.join(folder, 'a.conf'), b'old')
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
        try:
            files.write_atomic(None, path, b'x' * 100000)
        finally:
            os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    left = [os.path.join(folder, name) for name in os.listdir(folder) if name != 'a.conf']
    assert len(left) == 1 and os.path.isdir(left[0]) and mode_of(left[0]) == 0o700
    assert files.read_bytes(path) == b'old'
    assert files.sweep([path]) == left
    assert os.listdir(folder) == ['a.conf']


def test_where_others_may_write_nothing_is_written_made_or_removed(folder):
    path = put(os.path.join(folder, 'a'), b'old')
    os.chmod(folder, 0o775)
    for act in (lambda: files.write_atomic(None, path, b'new'), lambda: files.remove(path),
                lambda: files.make_directory(None, os.path.join(folder, 'b')),
                lambda: files.backup(os.path.join(folder, 'a'), os.path.join(folder, 'kept'))):
        with pytest.raises(files.FileError) as error:
            act()
        assert 'others than root may write to %s (owner ' % folder in str(error.value)
        assert 'chmod go-w %s' % folder in str(error.value)
    assert (os.listdir(folder), files.read_bytes(path)) == (['a'], b'old')


def test_a_directory_that_cannot_be_synced_is_told_with_what_is_true_of_the_file(folder, monkeypatch):
    path = put(os.path.join(folder, 'a'), b'old')
    fsync = os.fsync

    def fail(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(5, 'Input/output error')
        fsync(handle)
    monkeypatch.setattr(files.os, 'fsync', fail)
    with pytest.raises(files.Unsynced) as error:
        files.write_atomic(None, path, b'new')
    assert str(error.value).startswith('%s was written, but its directory %s cannot be synced: ' % (path, folder))
    assert files.read_bytes(path) == b'new'
    with pytest.raises(files.Unsynced) as error:
        files.remove(path)
    assert str(error.value).startswith('%s was removed, but' % path)


def test_owner_and_mode_of_one_that_is_there_can_be_set(folder):
    path = put(os.path.join(folder, 'a'), b'old', 0o666)
    files.write_atomic(None, path, b'new', mode=0o600, owner=(os.geteuid(), os.getegid()))
    assert mode_of(path) == 0o600


def test_what_is_on_the_disk_when_the_power_fails(folder, monkeypatch):
    """The text before it has its name, and the name before anybody is told that it is there."""
    events = []
    fsync, rename = os.fsync, os.rename

    def seen_fsync(handle):
        events.append(('sync', os.path.basename(os.path.realpath('/proc/self/fd/%d' % handle))))
        fsync(handle)

    def seen_rename(old, new):
        events.append(('rename', os.path.basename(new)))
        rename(old, new)
    monkeypatch.setattr(files.os, 'fsync', seen_fsync)
    monkeypatch.setattr(files.os, 'rename', seen_rename)
    files.make_directory(None, os.path.join(folder, 'new'))
    files.write_atomic(None, os.path.join(folder, 'new', 'a'), b'text')
    files.remove(os.path.join(folder, 'new', 'a'))
    top = os.path.basename(folder)
    assert events == [('sync', top), ('sync', 'a'), ('rename', 'a'), ('sync', 'new'), ('sync', 'new')]


def test_all_or_none_and_told_file_by_file(folder, monkeypatch):
    one, two = put(os.path.join(folder, 'one'), b'1'), os.path.join(folder, 'two')
    changes = [(one, b'1', b'new'), (two, None, b'new')]
    rename = os.rename

    def fail(old, new):
        if new == two or broken and files.read_bytes(old) == b'1':
            raise OSError(28, 'full')
        rename(old, new)
    monkeypatch.setattr(files.os, 'rename', fail)
    for broken, end in ((False, 'On the disk, %s is unchanged; %s is unchanged.'),
                        (True, 'On the disk, %s has its new content; %s is unchanged.')):
        with pytest.raises(files.FileError) as error:
            files.put_all(None, changes)
        assert str(error.value).endswith(end % (one, two))
    monkeypatch.undo()
    files.put_all(None, [(one, b'new', None), (two, None, b'new')])
    assert os.listdir(folder) == ['two']
