# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kind of remedy wrote: a copy of each file, so that what somebody edited since can be told line by line.

A copy lies below the state directory of the collection, in a folder of the kind, under the path of its file.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import difflib
import os

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files

GONE = ('remove', 'restore')   # actions after which a file is not ours any more
MADE = '.directories'           # the file that names those that were made for files
NO_FILE = ('set', 'mode', 'arguments', 'acl')   # those of what is no content of a file
LINES, CHARACTERS = 40, 200    # of a diff, and of each of its lines, at most


def folder_of(kind, options):
    """Return the folder of a kind (path), beside the one where its originals are kept."""
    root = options.get('backup_dir') or options.get('state_dir') or files.BACKUP_ROOT
    return os.path.join(os.path.dirname(root), 'written', kind)


def paths_in(folder):
    """Return the paths (sorted list) of the files whose copies are in a folder."""
    found = []
    for directory, _folders, names in os.walk(folder):
        found += [os.path.join(directory, name)[len(folder):] for name in names if not name.startswith('.')]
    return sorted(found)


def sweep(folder):
    """Remove what killed runs left among the copies. Raises FileError."""
    files.sweep([os.path.join(directory, MADE) for directory, _folders, _names in os.walk(folder)])


def edits(folder, backup_dir):
    """Return what somebody edited since it was written: {path: (content now, diff)}. Raises FileError.

    A file that is gone, or is what it was before the remedy, was not edited.
    """
    found = {}
    for path in paths_in(folder):
        ours, now = files.read_bytes(folder + path), files.content_of(path)
        if now not in (None, ours, files.original(path, backup_dir)):
            found[path] = (now, diff(path, ours, now))
    return found


def diff(path, before, after):
    """Return the unified diff (list of str) of a file as it was written and as it is now, both bytes."""
    def lines(content):
        return content.decode('utf-8', 'replace').splitlines()

    found = list(difflib.unified_diff(lines(before), lines(after), '%s (written)' % path, '%s (now)' % path, n=1, lineterm=''))
    shown = [line[:CHARACTERS] for line in found[:LINES]]
    return shown + ['... (+%d)' % (len(found) - LINES)] * (len(found) > LINES)


def keep_made(module, folder, made, removed):
    """Remember the directories that were made for files, and remove those that nothing is left in.

    Raises FileError, at the end, if one of its own cannot go.

    :param made: the directories that this run made (paths). :param removed: whether files went; a directory of another kind goes with them.
    """
    before, stays = _made(folder), None
    _remember_made(module, folder, before, sorted(set(before + list(made))))
    for other in _folders_beside(folder) if removed else []:
        before = _made(other)
        for directory in sorted(before, key=len, reverse=True):
            if os.path.isabs(directory) and os.path.isdir(directory) and not os.path.islink(directory) and not os.listdir(directory):
                try:
                    files.remove_directory(directory)
                except files.FileError as error:   # a mount point, or somebody put a file into it: it stays, and is tried again
                    stays = stays or (error if other == folder else None)
        _remember_made(module, other, before, [directory for directory in before if os.path.isdir(directory)])
    if stays:
        raise stays


def forget_made(module, folder, gone):
    """Forget directories (paths) that could not be made. Raises FileError."""
    before = _made(folder)
    _remember_made(module, folder, before, [directory for directory in before if directory not in gone])


def _made(folder):
    content = files.content_of(os.path.join(folder, MADE)) or b''
    return (content if str is bytes else content.decode('utf-8', 'surrogateescape')).splitlines()


def _remember_made(module, folder, before, left):
    if left == before:
        return
    if left:
        files.make_directory(module, folder, 0o700)
    content = ''.join(directory + '\n' for directory in left)
    files.put(module, os.path.join(folder, MADE), (content if str is bytes else content.encode('utf-8', 'surrogateescape')) if left else None, 0o600)


def _folders_beside(folder):
    root = os.path.dirname(folder)
    return [os.path.join(root, name) for name in sorted(os.listdir(root))] if os.path.isdir(root) else []


def lacking(folder, carriers):
    """Return what keep() shall keep besides: files of which there is no copy, or a copy of what they were before.

    :param carriers: {path: whether all in it was written by us}.
    """
    found = []
    for path, ours in sorted(carriers.items()):
        now, copy = None if os.path.islink(path) else files.content_of(path), files.content_of(folder + path)
        if now is not None and (copy is None or ours and copy != now):
            found.append((path, 'edit', now))
    return found


def keep(module, folder, done, edited):
    """Keep copies of what was written, and drop those of what is ours no longer. Raises FileError.

    :param done: list of (path, action, bytes after or None), as report() was told.
    :param edited: the paths that somebody edited; their copies stay.
    """
    gone = [(path, 'remove', None) for path in paths_in(folder) if not os.path.lexists(path)]
    for path, action, after in gone + done:
        copy = folder + path
        if action in GONE:
            if os.path.lexists(copy) and path not in edited:
                files.remove(copy)
        elif after is not None and files.content_of(path) == after and files.content_of(copy) != after:
            files.make_directory(module, os.path.dirname(copy), 0o700)
            files.write_atomic(module, copy, after, mode=0o600)
