# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the run directory is safe. Its records decide what later runs do, and hold log lines."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import grp
import os
import pwd
import stat
from collections.abc import Callable

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import safe_paths

Lstat = Callable[[str], os.stat_result]

WHY = 'What its records say decides what later runs do, and they hold lines of your logs'

NOT_OURS = 'Name one below directories that belong to you or root'


def is_private(gid: int, uid: int) -> bool:
    """Whether nobody but a user, or root, is in a group. RHEL gives each user one, and a umask that lets it write."""
    try:
        group = grp.getgrgid(gid)
        owner = pwd.getpwuid(uid).pw_name
    except KeyError:
        return False
    return set(group.gr_mem) <= {owner, 'root'} and (gid == 0 or group.gr_name == owner)


def _has_acl(path: str) -> bool:
    """Whether a file has a POSIX ACL. Then the bits of its group are those of every user that the ACL names."""
    try:
        return 'system.posix_acl_access' in os.listxattr(path, follow_symlinks=False)
    except (AttributeError, OSError):
        return False


def _lstat(path: str) -> os.stat_result:
    """os.lstat, without the group's right to write where the group is nobody else."""
    info = os.lstat(path)
    # What all may write is said as it is.
    if info.st_mode & stat.S_IWGRP and not info.st_mode & stat.S_IWOTH and is_private(info.st_gid, info.st_uid) and not _has_acl(path):
        return os.stat_result((info.st_mode & ~stat.S_IWGRP,) + tuple(info)[1:])
    return info


def absolute(run_dir: str) -> str:
    """The path of a run directory, of which one and the same is looked at and used. A relative one begins where Ansible was called."""
    return os.path.abspath(run_dir)


def problem(run_dir: str, lstat: Lstat = _lstat) -> str | None:
    """Why a run directory is not to be used, with the remedy, or None. It need not exist yet.

    :param lstat: as os.lstat.
    """
    path = absolute(run_dir)
    try:
        if os.path.islink(path):
            return _text(path, 'it is a link to %s, which may lead elsewhere tomorrow' % os.readlink(path),
                         'Name the directory itself: %s' % os.path.realpath(path))
        if not os.path.isdir(path):
            if os.path.lexists(path):
                return _text(path, 'it is not a directory', 'Name another')
            # Asked about itself: could somebody else make it?
            found = safe_paths.fault(path, lstat=lstat)
            return None if not found or _may_be_made(found, lstat) else _text(path, found.reason, _remedy(found, lstat))
        owner = lstat(path).st_uid
        if owner not in safe_paths.trusted_owners():
            return _text(path, 'it belongs to %s' % _name(owner), NOT_OURS)
        found = safe_paths.fault(os.path.join(path, 'record'), lstat=lstat)
    except OSError as exc:
        return _text(path, 'it cannot be looked at: %s' % exc.strerror, 'Name another')
    return _text(path, found.reason, _remedy(found, lstat)) if found else None


def _may_be_made(found: safe_paths.Fault, lstat: Lstat) -> bool:
    """In /tmp and the like the first to make a directory owns it; `make` looks again when it is made."""
    info = lstat(found.component)
    return bool(info.st_mode & stat.S_ISVTX and info.st_uid in safe_paths.trusted_owners())


def make(run_dir: str) -> str | None:
    """Make a run directory and say why it is not to be used, or None."""
    path = absolute(run_dir)
    wrong = problem(path)
    if wrong:
        return wrong
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
    except OSError as exc:
        return _text(path, 'it cannot be made: %s' % exc.strerror, 'Name a directory on the control node that can be written')
    return problem(path)


def _remedy(found: safe_paths.Fault, lstat: Lstat) -> str:
    mode = lstat(found.component).st_mode
    if mode & 0o022 and not mode & stat.S_ISVTX:  # /tmp is for all to write to
        return 'Name one that only you and root may write to, as each directory above it, or run: chmod go-w %s' % found.component
    return NOT_OURS


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return 'user %d' % uid


def _text(path: str, reason: str, remedy: str) -> str:
    return 'log_hygiene_run_dir: %s: %s. %s. %s. Nothing was contacted.' % (path, reason, WHY, remedy)
