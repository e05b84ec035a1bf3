# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only way in which this collection writes files on a target: atomically, and with a backup of the original.

Standard library only. Runs under Python 2.7 and 3.6-3.13. Every failure is a FileError with one message for the
operator.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import ctypes
import errno
import os
import re
import shutil
import stat
import tempfile
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import safe_paths

BACKUP_ROOT = '/var/lib/log_hygiene/backup'
EARLIER = '.earlier'   # below it, what was kept of files that somebody wrote anew since

# New files are made in a directory of this name, beside the one they replace. No daemon reads it: globs, systemd and an
# include of rsyslog leave out what starts with a dot, and to every logrotate it is no regular file. Of a file logrotate
# would not leave out any: its patterns can be set anew, and from 3.11 on they match no name that starts with a dot.
_UNFINISHED = re.compile(r'\.log_hygiene-[A-Za-z0-9_]{6,8}\.tmp\Z')
# What earlier releases left: a file, which logrotate reads.
_UNFINISHED_BEFORE = r'\.%s\.[A-Za-z0-9_]{6,8}\.tmp\Z'
_ACL = 'system.posix_acl_access'
ACLS = (_ACL, 'system.posix_acl_default')


class FileError(Exception):
    """A file could not be read, written, kept or removed. str() tells the operator which, why, and with what result."""


def read_bytes(path):
    """Return the content of a file as bytes (symbolic links are followed). Raises FileError.

    A named pipe or a device is not read, for that may never end. Only the one that masks a file, /dev/null, is empty.
    """
    try:
        kind = special(os.stat(path))
        if kind and not os.path.samefile(path, os.devnull):
            raise FileError('%s is a %s, not a regular file. Move it away. Nothing was changed there.' % (path, kind))
        with open(path, 'rb') as source:
            return source.read()
    except EnvironmentError as error:
        raise FileError('Cannot read %s: %s. Nothing was changed there.' % (path, _reason(error)))


def special(info):
    """Return the name of a special file type (os.stat_result); None for a regular file, a link or a directory."""
    return next((name for check, name in ((stat.S_ISFIFO, 'named pipe'), (stat.S_ISSOCK, 'socket'),
                                          (stat.S_ISCHR, 'device'), (stat.S_ISBLK, 'device'))
                 if check(info.st_mode)), None)


class Unsynced(FileError):
    """A file was changed, but its directory could not be synced, so that a power cut may undo it, or its copy not be removed."""


def write_atomic(module, path, content, mode=None, owner=None, like=None):
    """Put `content` (bytes) at `path` in one step: a reader sees the old file or the new one, never a part.

    The new text goes to a file in a private directory beside it, gets its owner, mode, ACL and SELinux context, is
    synced, and is then renamed over `path`. An existing file keeps its owner, group, mode (unless `mode`, an int, or
    `owner`, a pair of numbers, say otherwise), ACL and context; a new one belongs to the caller, has `mode` (0644 when None)
    whatever the umask, and gets the default context of its path. With `like` (a path), owner, mode and ACL are those of
    that file instead. A symbolic link at `path` is replaced, its target left alone.

    `module` is the AnsibleModule that knows SELinux, or None (no context is set then). The directory must exist, and
    nobody but root may be able to write to it. What a kill leaves is what sweep() takes away. Raises FileError, and of
    it Unsynced when the file is there.
    """
    path = os.path.abspath(path)
    _demand_safe(path, 'write')
    try:
        old = _replaced(path)
        context = _context(module, path, old)
        old = old if like is None else os.lstat(like)
        acl = None if old is None else acl_of(like or path)
        with _TemporaryPath(path) as temporary:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, 'wb') as target:
                target.write(content)
                target.flush()
                _dress(target.fileno(), old, mode, owner, acl)
                os.fsync(target.fileno())
            if context is not None:
                module.set_context_if_different(temporary, context, False)
                _sync(temporary)
            os.rename(temporary, path)
    except EnvironmentError as error:
        raise FileError('Cannot write %s: %s. Nothing was changed there.' % (path, _reason(error)))
    _sync_directory(path, 'written')


def sweep(paths, look=False):
    """Remove what killed runs left beside these files (paths), and return the removed paths (sorted list).

    Only with the host's lock held: another run's unfinished file looks the same. `look` only looks. Raises FileError.
    """
    left = []
    for directory in sorted(set(os.path.dirname(os.path.abspath(path)) for path in paths)):
        if not os.path.isdir(directory):
            continue
        before = [re.compile(_UNFINISHED_BEFORE % re.escape(os.path.basename(path))) for path in paths
                  if os.path.dirname(os.path.abspath(path)) == directory]
        for name in sorted(os.listdir(directory)):
            path = os.path.join(directory, name)
            if _UNFINISHED.match(name):
                wanted = stat.S_ISDIR
            elif any(pattern.match(name) for pattern in before):
                wanted = stat.S_ISREG
            else:
                continue
            info = os.lstat(path)
            if wanted(info.st_mode) and info.st_uid == os.geteuid():
                left.append(path)
    for path in [] if look else left:
        _demand_safe(path, 'remove')
        try:
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)  # pylint: disable=expression-not-assigned
        except EnvironmentError as error:
            raise FileError('Cannot remove %s, which a run that was killed left behind: %s.' % (path, _reason(error)))
    return left


def sweep_for(module, paths, root, result):
    """Call sweep() for the files that a module writes and their originals below `root` (None: it keeps none).

    Looks only in check mode. What it found is a change, and noted, in the `result` of the module; returns the paths.
    """
    kept = [] if root is None else [backup_path(path, root) for path in paths]
    left = sweep(list(paths) + kept, look=module.check_mode)
    if left:
        result['changed'] = True
        result['notes'] += ['%s was left behind by a run that was killed, and %s removed.'
                            % (path, 'would be' if module.check_mode else 'was') for path in left]
    for path, copy in zip(paths, kept):
        if not module.check_mode and os.path.lexists(copy) and _is_same(path, copy):
            remove(copy)   # that run did not get to the file, which somebody may edit before it is written
    return left


def missing_directories(path):
    """Return those of a directory and its parents that are not there, the outermost first."""
    missing = []
    while not os.path.isdir(path):
        missing.insert(0, path)
        path = os.path.dirname(path)
    return missing


def make_directory(module, path, mode=0o755):
    """Create a directory and its missing parents, each with `mode` and its default SELinux context.

    Existing ones are left as they are. Returns the list of directories made. Raises FileError.
    """
    _demand_safe(path, 'make')
    made = []
    for path in missing_directories(path):
        try:
            os.mkdir(path, mode)
            os.chmod(path, mode)   # mkdir's mode is cut by the umask
        except EnvironmentError as error:
            raise FileError('Cannot create the directory %s: %s. Nothing was changed there.' % (path, _reason(error)))
        if module is not None and module.selinux_enabled():
            module.set_default_selinux_context(path, False)
        _sync_directory(path, 'made')
        made.append(path)
    return made


def dress_directory(path, mode):
    """Set the mode of a directory, and its owner to us. Raises FileError."""
    _demand_safe(path, 'change')
    try:
        os.chown(path, os.geteuid(), os.getegid())
        os.chmod(path, mode)
    except EnvironmentError as error:
        raise FileError('Cannot set owner and mode of the directory %s: %s.' % (path, _reason(error)))


def remove_directory(path):
    """Remove an empty directory. Raises FileError."""
    _demand_safe(path, 'remove')
    try:
        os.rmdir(path)
    except EnvironmentError as error:
        raise FileError('Cannot remove the directory %s: %s. Nothing was changed there.' % (path, _reason(error)))
    _sync_directory(path, 'removed')


def backup_path(path, root=BACKUP_ROOT):
    """Return where the original of `path` (absolute) is kept."""
    return os.path.join(root, os.path.abspath(path).lstrip('/'))


def earlier(path, root=BACKUP_ROOT):
    """Return the paths of what set_aside() kept of `path`, the oldest first."""
    found, number = [], 1
    while os.path.lexists(_earlier(path, root, number)):
        found.append(_earlier(path, root, number))
        number += 1
    return found


def next_earlier(path, root=BACKUP_ROOT):
    """Return where set_aside() would put what is kept of `path`; where that is kept already."""
    found, copy = earlier(path, root), backup_path(path, root)
    same = [one for one in found if os.path.lexists(copy) and _is_same(one, copy)]
    return same[0] if same else _earlier(path, root, len(found) + 1)


def _earlier(path, root, number):
    return '%s.%d' % (backup_path(path, os.path.join(root, EARLIER)), number)


def set_aside(path, root=BACKUP_ROOT, module=None):
    """Keep the original of `path` where no rollback looks for it as well, so that another one can replace it. Raises FileError."""
    copy, aside = backup_path(path, root), next_earlier(path, root)
    if os.path.lexists(aside):
        return
    make_directory(module, os.path.dirname(aside), mode=0o700)
    if os.path.islink(copy):
        link(aside, os.readlink(copy))
    else:
        write_atomic(module, aside, read_bytes(copy), like=copy)


def is_outdated(path, root=BACKUP_ROOT):
    """Return whether another file, or link, is kept as the original of `path` than is there now. Raises FileError."""
    copy = backup_path(path, root)
    return os.path.lexists(copy) and not _is_same(path, copy)


def note_of_anew(path, root=BACKUP_ROOT):
    """Return what the operator is told of a file that backup() is to keep `anew`, before it is."""
    return ('%s was written anew since its original was kept. So what is there now comes back with a rollback, and the earlier original is '
            'kept as %s.' % (path, next_earlier(path, root)))


def note_of_earlier(path, root=BACKUP_ROOT):
    """Return what the operator is told of a file that came back, where earlier originals of it are kept, else None."""
    kept = earlier(path, root)
    return '%s is as somebody last wrote it. What it was before is in %s. Compare them, and remove what nobody needs.' % (
        path, ', '.join(kept)) if kept else None


def backup(path, root=BACKUP_ROOT, module=None, anew=False, content=None):
    """Keep the original of `path` byte for byte and return the path of the copy; None when there is no such file.

    What is kept already stays: the first original is the one that a rollback wants. Only where somebody wrote the file
    `anew` since, which the caller has to know, that one is, or its `content` with what else an undo needs, and what was kept
    is set aside. A symbolic link is kept as the same symbolic link. Copies have the owner, mode and ACL of the original; their directories are 0700.
    Raises FileError: then do not write.
    """
    if not os.path.lexists(path):
        return None
    copy = backup_path(path, root)
    if anew and is_outdated(path, root):
        set_aside(path, root, module)
    elif os.path.lexists(copy):
        return copy
    try:
        make_directory(module, os.path.dirname(copy), mode=0o700)
        if os.path.islink(path) and content is None:
            _replace_by_link(copy, os.readlink(path))
        else:
            write_atomic(module, copy, read_bytes(path) if content is None else content, like=path)
    except EnvironmentError as error:
        raise FileError('Cannot keep a copy of %s at %s: %s. Nothing was changed there.' % (path, copy, _reason(error)))
    except FileError as error:
        raise FileError('Cannot keep a copy of %s: %s' % (path, error))
    return copy


def edit(module, path, content, root=BACKUP_ROOT, anew=False):
    """Call backup() and write_atomic(). A copy that was made for a file that could not be written goes. Raises FileError."""
    kept = os.path.lexists(backup_path(path, root)) and not (anew and is_outdated(path, root))
    copy = backup(path, root, module, anew)
    try:
        write_atomic(module, path, content)
    except FileError:
        if copy and not kept and _is_same(path, copy):
            try:
                remove(copy)
            except FileError:
                pass   # the next run takes it away
        raise


def original(path, root=BACKUP_ROOT):
    """Return the bytes of the original of `path` that backup() kept, or None, also where it is a link to nowhere. Raises FileError."""
    copy = backup_path(path, root)
    if not os.path.lexists(copy):
        return None
    if os.path.islink(copy):
        target = os.path.join(os.path.dirname(path), os.readlink(copy))
        return read_bytes(target) if os.path.exists(target) else None
    return read_bytes(copy)


def restore(path, root=BACKUP_ROOT, module=None, dressed=False):
    """Put the original that backup() kept back at `path`, drop the copy, and return True; False when none is kept.

    The file keeps the owner, mode and ACL that it has now or, with `dressed`, has those of the original again. Raises
    FileError.
    """
    copy = backup_path(path, root)
    if not os.path.lexists(copy):
        return False
    if os.path.islink(copy):
        _replace_by_link(path, os.readlink(copy))
    else:
        write_atomic(module, path, read_bytes(copy), like=copy if dressed else None)
    try:
        remove(copy)
    except FileError as error:
        raise Unsynced(error.args[0])   # for the file is changed
    return True


def link(path, target):
    """Make a symbolic link at a path where nothing is. Raises FileError."""
    _demand_safe(path, 'make')
    try:
        os.symlink(target, path)   # in one step
    except EnvironmentError as error:
        raise FileError('Cannot make %s a symbolic link to %s: %s. Nothing was changed there.'
                        % (path, target, _reason(error)))
    _sync_directory(path, 'made')


def remove(path):
    """Remove one file (of a symbolic link: the link). Raises FileError."""
    path = os.path.abspath(path)
    _demand_safe(path, 'remove')
    try:
        os.unlink(path)
    except EnvironmentError as error:
        raise FileError('Cannot remove %s: %s. Nothing was changed there.' % (path, _reason(error)))
    _sync_directory(path, 'removed')


def put(module, path, content, mode=None):
    """Write `content` (bytes) to a file, or remove the file if it is None. Raises FileError."""
    if content is not None:
        write_atomic(module, path, content, mode)
    elif os.path.lexists(path):
        remove(path)


def put_all(module, changes, mode=None):
    """Call put() for several files, all or none: if one fails, the files before it are restored.

    `changes` is a list of (path, bytes before or None, bytes after or None). Raises FileError, which tells of each file
    what it holds then: the way back can fail, too.
    """
    tried = []
    try:
        for change in changes:
            tried.append(change)
            put(module, change[0], change[2], mode)
    except FileError as error:
        for path, before, _after in reversed(tried):
            try:
                if content_of(path) != before:
                    put(module, path, before, mode)
            except FileError:
                pass   # told by what the file holds
        alone = len(changes) == 1 and not isinstance(error, Unsynced)
        raise error if alone else FileError('%s %s' % (error, describe_changes(changes)))


def describe_changes(changes):
    """Return a text that says what files hold now; `changes` is that of put_all()."""
    states = []
    for path, before, after in changes:
        try:
            now = content_of(path)
        except FileError as error:
            states.append('%s (%s)' % (path, error))
            continue
        states.append('%s %s' % (path, 'no longer exists' if now is None and before is not None else
                                 'is unchanged' if now == before else
                                 'has its new content' if now == after else 'has another content'))
    return 'On the disk, %s.' % '; '.join(states)


def content_of(path):
    """Return the bytes of a file, or None if it does not exist. Raises FileError."""
    return read_bytes(path) if os.path.lexists(path) else None


def modified_at(paths):
    """Return the newest modification time of these files, RFC 3339 in UTC with microseconds; None for no files."""
    times = [os.lstat(path).st_mtime for path in paths]
    if not times:
        return None
    return '%s.%06dZ' % (time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(max(times))), max(times) % 1 * 1000000)


def _is_same(path, other):
    """Return whether two files, or links, are the same in all that is kept of them. Raises FileError."""
    try:
        one, two = os.lstat(path), os.lstat(other)
        if (one.st_mode, one.st_uid, one.st_gid) != (two.st_mode, two.st_uid, two.st_gid):
            return False
        if stat.S_ISLNK(one.st_mode):
            return os.readlink(path) == os.readlink(other)
        return stat.S_ISREG(one.st_mode) and acl_of(path) == acl_of(other) and read_bytes(path) == read_bytes(other)
    except EnvironmentError as error:
        if error.errno == errno.ENOENT:
            return False
        raise FileError('Cannot read %s: %s. Nothing was changed there.' % (path, _reason(error)))


def _replace_by_link(path, target):
    """Make `path` a symbolic link to `target` in one step. Raises FileError."""
    _demand_safe(path, 'write')
    try:
        with _TemporaryPath(path) as link:
            os.symlink(target, link)
            os.rename(link, path)
    except EnvironmentError as error:
        raise FileError('Cannot make %s a symbolic link to %s: %s. Nothing was changed there.'
                        % (path, target, _reason(error)))
    _sync_directory(path, 'written')


class _TemporaryPath:
    """Context manager: the path for a new file that will be renamed to `path`, in a temporary directory beside it."""

    def __init__(self, path):
        self._folder, self._name = os.path.split(path)
        self._own = None

    def __enter__(self):
        self._own = tempfile.mkdtemp(prefix='.log_hygiene-', suffix='.tmp', dir=self._folder)
        return os.path.join(self._own, self._name)

    def __exit__(self, exception, _value, _traceback):
        # Also when the module gives up in the middle (fail_json ends by SystemExit). What stays, sweep() finds.
        for undo, path in ((os.unlink, os.path.join(self._own, self._name)), (os.rmdir, self._own)):
            try:
                undo(path)
            except EnvironmentError:
                pass


def _demand_safe(path, verb):
    """Raise FileError if users other than root could have put a link into the way to `path`."""
    unsafe = safe_paths.check(os.path.abspath(path), link=True)
    if unsafe:
        raise FileError('Cannot %s %s: %s Nothing was changed there.' % (verb, path, unsafe))


def _sync(path):
    """Sync a file or directory to disk. Raises EnvironmentError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_directory(path, done):
    """Sync a directory, so that a change of its entries survives a power cut. Raises Unsynced."""
    directory = os.path.dirname(path)
    try:
        _sync(directory)
    except EnvironmentError as error:
        if error.errno != errno.EINVAL:   # this file system cannot sync a directory
            raise Unsynced('%s was %s, but its directory %s cannot be synced: %s. The change may not survive a power '
                           'cut.' % (path, done, directory, _reason(error)))


def _reason(error):
    """Return the kernel's message for an EnvironmentError: `No space left on device`."""
    return os.strerror(error.errno) if error.errno else str(error)


def _replaced(path):
    """Return os.lstat of the file that a new one at `path` replaces, or None for nothing or a symbolic link.

    What a link leads to stays and has no say: a masked file, a link to /dev/null, would pass its mode 0666 on.
    """
    try:
        found = os.lstat(path)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
        return None
    return None if stat.S_ISLNK(found.st_mode) else found


def _context(module, path, old):
    """Return the SELinux context of the file at `path`, or the default for a new one; None if SELinux is off."""
    if module is None or not module.selinux_enabled():
        return None
    if old is None:
        return module.selinux_default_context(path, stat.S_IFREG)
    return module.selinux_context(path)


def acl_of(path):
    """Return the POSIX ACL (bytes, as the kernel has it) of a file, None without one. Raises EnvironmentError."""
    try:
        if hasattr(os, 'getxattr'):
            return os.getxattr(path, _ACL)
        value = ctypes.create_string_buffer(65536)
        size = _libc().getxattr(path, _ACL, value, 65536)
        if size < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return value.raw[:size]
    except OSError as error:
        if error.errno in (errno.ENODATA, errno.ENOTSUP):
            return None
        raise


def acls_of(path):
    """Return the POSIX ACLs that a file or directory has, by their names in ACLS, or {}. Follows no link at the path.

    Raises EnvironmentError.
    """
    found = {}
    for name in ACLS:
        try:
            if hasattr(os, 'getxattr'):
                found[name] = os.getxattr(path, name, follow_symlinks=False)
                continue
            value = ctypes.create_string_buffer(65536)
            size = _libc().lgetxattr(path, name, value, 65536)
            if size < 0:
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            found[name] = value.raw[:size]
        except OSError as error:
            if error.errno not in (errno.ENODATA, errno.ENOTSUP):
                raise
    return found


def change_acls(path, before, after):
    """Give a file or directory other POSIX ACLs, where it still has those of `before`. Both as acls_of() has them.

    An ACL that `after` lacks stays. Raises FileError.
    """
    _demand_safe(path, 'change the ACL of')
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            # With no link at the path and none but root on the way, this is what is open.
            if acls_of(path) != before:
                raise FileError('The ACL of %s changed while it was looked at. Run this again. Nothing was changed there.' % path)
            for name, acl in sorted(after.items()):
                _set_acl(handle, acl, name)
            os.fsync(handle)
        finally:
            os.close(handle)
    except EnvironmentError as error:
        raise FileError('Cannot change the ACL of %s: %s. Nothing was changed there.' % (path, _reason(error)))


def _set_acl(handle, acl, name=_ACL):
    """Give an open file a POSIX ACL (bytes). Raises EnvironmentError."""
    if hasattr(os, 'setxattr'):
        os.setxattr(handle, name, acl)
    elif _libc().fsetxattr(handle, name, acl, len(acl), 0) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _libc():
    """Return the C library, for Python 2, which has no functions for extended attributes."""
    return ctypes.CDLL(None, use_errno=True)


def _dress(handle, old, mode, owner, acl):
    """Set owner, ACL and mode of the open temporary file, by default those of the file that it will replace."""
    if owner is None and old is not None:
        owner = (old.st_uid, old.st_gid)
    now = os.fstat(handle)
    if owner is not None and owner != (now.st_uid, now.st_gid):
        os.fchown(handle, *owner)
    if acl is not None:
        _set_acl(handle, acl)   # before the mode: where that is another one, it limits the ACL
    if mode is None:
        mode = 0o644 if old is None else stat.S_IMODE(old.st_mode)
    os.fchmod(handle, mode)
