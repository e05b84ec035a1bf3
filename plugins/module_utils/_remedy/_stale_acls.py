# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ACL entries that files still have for the number of a group that was deleted: whoever gets that number gets the access.

The kernel keeps an ACL as a version (2) and entries of a tag, permissions and a number (linux/posix_acl_xattr.h).

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import re
import stat
import struct
from collections import namedtuple

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files

LIMIT = 20000   # files and directories below one path that are looked at
_GROUP = 0x08
_HEAD, _ENTRY = struct.Struct('<I'), struct.Struct('<HHI')

# Below the path `root`: the files and directories with such entries, how many were looked at, and whether these are all.
Found = namedtuple('Found', 'root paths looked_at whole')


def roots(paths):
    """Return the directories to look below (sorted list) for paths of tmpfiles.d, up to their first specifier or pattern."""
    found = set()
    for path in paths:
        fixed = re.split(r'[%*?\[]', path)[0]
        # A name that goes on as a pattern is none.
        found.add(os.path.normpath(fixed if fixed == path else os.path.dirname(fixed)))
    return [one for one in sorted(found)
            if one.startswith('/') and one.strip('/') and not any(one.startswith(other + '/') for other in found if other != '/')]


def look(root, number, limit=LIMIT):
    """Return what is Found below a path for the number of a group. Follows no link, and stays in the file system."""
    hits, looked_at, waiting = [], 0, [root]
    try:
        device = os.lstat(root).st_dev
    except EnvironmentError:
        return Found(root, [], 0, True)
    while waiting and looked_at < limit:
        path = waiting.pop()
        try:
            info = os.lstat(path)
            if info.st_dev != device or not (stat.S_ISREG(info.st_mode) or stat.S_ISDIR(info.st_mode)):
                continue
            looked_at += 1
            if any(names(acl, number) for acl in files.acls_of(path).values()):
                hits.append(path)
            if stat.S_ISDIR(info.st_mode):
                waiting += [os.path.join(path, name) for name in sorted(os.listdir(path), reverse=True)]
        except EnvironmentError:   # journald removed it
            continue
    return Found(root, hits, looked_at, not waiting)


def names(acl, number):
    """Return whether an ACL (bytes) has an entry for the group of a number."""
    return any((tag, one) == (_GROUP, number) for tag, _permissions, one in entries(acl))


def entries(acl):
    """Return the entries of an ACL (bytes) as a list of (tag, permissions, number)."""
    return [_ENTRY.unpack_from(acl, at) for at in range(_HEAD.size, len(acl) - _ENTRY.size + 1, _ENTRY.size)]


def without(acl, number):
    """Return an ACL (bytes) without the entry for the group of a number. The mask stays, and so what the others may do."""
    return acl[:_HEAD.size] + b''.join(_ENTRY.pack(*one) for one in entries(acl) if (one[0], one[2]) != (_GROUP, number))


def remove(path, number):
    """Take the entries for the group of a number from a file or directory. Raises FileError and EnvironmentError."""
    before = files.acls_of(path)
    after = dict((name, without(acl, number)) for name, acl in before.items() if names(acl, number))
    if after:
        files.change_acls(path, before, after)
