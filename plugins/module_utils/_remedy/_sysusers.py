# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sysusers.d(5): which lines have systemd-sysusers make a group.

It runs by a trigger of the package systemd whenever a package brings a file of sysusers.d, and at a boot after an update
(ConditionNeedsUpdate=/etc). Read in the sources of systemd 219, 239, 252 and 257 (src/sysusers/sysusers.c). RHEL 7 ships
no systemd-sysusers.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _tmpfiles as tmpfiles

# Of files of the same name only that in the first of these counts.
DIRECTORIES = ('/etc/sysusers.d', '/run/sysusers.d', '/usr/local/lib/sysusers.d', '/usr/lib/sysusers.d')


def makers(group, read, directories):
    """Return the lines that make a group (bytes): a list of (path, number of the line, number of the group or None).

    `read` maps a path to its bytes. The directories are read in order of precedence, as DIRECTORIES has it.
    """
    found = []
    for _name, paths in sorted(tmpfiles.layers(directories).items()):
        if os.path.isfile(paths[0]):
            for number, line in enumerate(read(paths[0]).split(b'\n'), 1):
                words = tmpfiles.fields_of(line)
                if makes(words[0][:1], words[1], words[2], group):
                    found.append((paths[0], number, int(words[2]) if words[0] != b'm' and words[2].isdigit() else None))
    return found


def makes(kind, name, number, group):
    """Return whether a line of this kind, name and third field (bytes) makes the group."""
    if kind == b'u':   # and a group of the same name, unless it has one
        return name == group and b':' not in number
    # A member that no line of u names gets one, and so a group.
    return kind == b'g' and name == group or kind == b'm' and group in (name, number)
