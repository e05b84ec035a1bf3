# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether root may safely write at a path, or somebody else could have put a link there.

Who may write to a directory may replace what is in it by a link, and root then writes where the link leads. So each
directory on the way, those behind links included, has to be root's own. Modes alone tell it: where a directory has
POSIX ACLs, the bits of the group are the mask, which limits what every named user and group may do. What a server of
NFS or a FUSE file system grants besides is not seen.

Standard library only. Runs under Python 2.7 and 3.6-3.13. Reads, and changes nothing.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import errno
import os
import pwd
import stat

LINKS = 40  # as many as the kernel follows (path_resolution(7))

# What is wrong with `path`: the component at fault (str), why it is (str), and what to do about that component (str).
Fault = collections.namedtuple('Fault', 'path component reason remedy')


def trusted_owners():
    """Return the user numbers whose directories are safe: root, this process, and the owner of the root directory.

    That one could replace anything; it differs from root only in a user namespace, where root's files look like
    nobody's.
    """
    return frozenset([0, os.geteuid(), os.lstat('/').st_uid])


def fault(path, owners=None, link=False, lstat=os.lstat, readlink=os.readlink):
    """Return the first Fault on the way to a file, or None if only `owners` could have put or can put it there.

    Of what does not exist, the nearest parent that does counts.

    :param path: absolute path (str) of a file or directory, there or not. Append a name to ask about a directory's
        content.
    :param owners: user numbers that are trusted; trusted_owners() when None.
    :param link: whether a link at the path itself is all right, as for a file that is replaced and never opened.

    Raises OSError when a component cannot be looked at for another reason than that it is not there.
    """
    owners = trusted_owners() if owners is None else owners
    place, shared, links = '/', False, 0
    found = _directory_fault(path, place, lstat(place), owners)
    names = [name for name in path.split('/') if name not in ('', '.')]
    while names and found is None:
        name = names.pop(0)
        here = os.path.dirname(place) if name == '..' else os.path.join(place, name)
        try:
            info = lstat(here)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTDIR):
                raise
            return _shared_fault(path, place, lstat(place)) if shared else None
        if shared and name != '..' and (not names or info.st_uid not in owners):
            # What is root's in /tmp nobody else replaces. But a file goes and comes, and then anybody may be first.
            return _shared_fault(path, place, lstat(place))
        if stat.S_ISLNK(info.st_mode):
            if not names:
                return None if link else Fault(path, here, 'it is a symbolic link to %s' % readlink(here),
                                               'Name the file itself')
            links += 1
            if links > LINKS:
                return Fault(path, here, 'its symbolic links form a loop', 'Fix the links')
            target = readlink(here)
            names = [one for one in target.split('/') if one not in ('', '.')] + names
            if target.startswith('/'):
                place, shared = '/', False
            continue
        if names:
            if not stat.S_ISDIR(info.st_mode):
                return Fault(path, here, '%s is not a directory' % here, 'Choose another path')
            found = _directory_fault(path, here, info, owners)
        place, shared = here, _is_shared(info)
    return found


def explain(found):
    """Return a Fault as text for the operator: the component, its owner and mode, and the remedy."""
    return '%s is not a safe place for files that root writes: %s. %s.' % (found.path, found.reason, found.remedy)


def check(path, owners=None, link=False):
    """Return None if `path` is safe, else the text of explain(). An unknown state counts as not safe."""
    try:
        found = fault(path, owners, link)
    except OSError as error:
        return '%s cannot be examined, so it is not known whether it is safe: %s.' % (path, os.strerror(error.errno))
    return explain(found) if found else None


def _is_shared(info):
    return bool(stat.S_ISDIR(info.st_mode) and info.st_mode & 0o022)


def _directory_fault(path, directory, info, owners):
    """Return the Fault of a directory, or None if only `owners` may change its entries, or each user only their own."""
    if info.st_uid not in owners:
        return Fault(path, directory, '%s, who owns %s (mode %04o), may put a link in the way'
                     % (_name(info.st_uid), directory, stat.S_IMODE(info.st_mode)),
                     'Choose a path in a directory that only root may write to, or run: chown root %s' % directory)
    if info.st_mode & 0o022 and not info.st_mode & stat.S_ISVTX:
        return Fault(path, directory, 'others than root may write to %s (owner %s, mode %04o) and put a link in the way'
                     % (directory, _name(info.st_uid), stat.S_IMODE(info.st_mode)),
                     'Choose a path in a directory that only root may write to, or run: chmod go-w %s' % directory)
    return None


def _shared_fault(path, directory, info):
    return Fault(path, directory, 'others may create files in %s (owner %s, mode %04o) and be there first'
                 % (directory, _name(info.st_uid), stat.S_IMODE(info.st_mode)),
                 'Choose a path in a directory that only root may write to')


def _name(number):
    """Return the name of a user, or else its number (str)."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return 'user %d' % number
