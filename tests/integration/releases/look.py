# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write what there is below some folders to a file: look.py FOLDER=NAME ... FILE, with NAME in the place of FOLDER."""
import json
import os
import sys


def seen(path):
    """Kind, mode, owner and content of a path (list of str). What is no text comes as Latin-1."""
    info = os.lstat(path)
    kind, content = 'file', ''
    if os.path.islink(path):
        kind, content = 'link', os.readlink(path)
    elif os.path.isdir(path):
        kind = 'folder'
    elif os.path.isfile(path):
        with open(path, 'rb') as source:
            content = source.read().decode('latin-1')
    return [kind, '%04o' % (info.st_mode & 0o7777), '%d:%d' % (info.st_uid, info.st_gid), content]


found = {}
for top, _equals, named in [one.partition('=') for one in sys.argv[1:-1]]:
    for folder, folders, files in os.walk(top):
        for one in [os.path.join(folder, name) for name in folders + files]:
            found[named + one[len(top):]] = seen(one)
with open(sys.argv[-1], 'w', encoding='ascii') as target:
    json.dump(found, target)
