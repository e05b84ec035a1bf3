# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes or removes files and directories of a host, and restores their originals.

`params` is a dict with the options of the module managed_file for one file, and its `backup_dir`. Standard library only. Runs under
Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import base64
import hashlib
import os
import re
import shlex
import stat
import tempfile

from ansible.module_utils.common.text.converters import to_bytes

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process, safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy


def apply(module, each, result):
    """Bring each of some files to its state. All are checked before the first is written.

    :param each: list of params. result: gets `changed`, `notes`, `diff`, and `files`, a list with what became of each.

    Raises FileError and EnvironmentError.
    """
    for params in each:
        demand_ordinary(params['path'])
    for params in each[1:] and each:
        STATES[params['state']](remedy.ReadOnlyModule(module), params, dict(changed=False, notes=[]))
    for params in each:
        path, own = params['path'], dict(changed=False, checksum=None, notes=[])
        try:
            STATES[params['state']](module, params, own)
        except files.Unsynced:
            own['changed'] = True
            raise
        finally:
            result['changed'] |= own['changed']
            result['notes'] += own['notes']
            if 'diff' in own and params.get('diff', True):
                result['diff'].append(own['diff'])
        result['files'].append(dict(
            path=path, changed=own['changed'], checksum=own['checksum'], in_place=not (module.check_mode and own['changed']),
            in_place_since=files.modified_at([path] if os.path.lexists(path) else [])))


def demand_ordinary(path):
    """Raise FileError for a file that can neither be read nor kept: reading a named pipe may never end."""
    kind = files.special(os.lstat(path)) if os.path.lexists(path) else None
    if kind:
        raise files.FileError('path: %s is a %s, not a file, link or directory. Move it away. Nothing was changed.' % (
            path, kind))


def write(module, params, result):
    """Reach state=present. Raises FileError and EnvironmentError."""
    path, after = params['path'], wanted(params)
    mode = int(params['mode'] or '0644', 8)
    if os.path.isdir(path) and not os.path.islink(path):
        raise files.FileError('%s is a directory. Move it away. Nothing was changed.' % path)
    before = None if os.path.islink(path) else files.content_of(path)
    result['checksum'] = hashlib.sha256(after).hexdigest()
    if before == after and is_dressed(path, mode):
        return
    if before != after and params['validate']:
        validate(module, params['validate'], path, after)
    unsafe = safe_paths.check(path, link=True)
    if unsafe:
        raise files.FileError('path: %s Nothing was changed.' % unsafe)
    theirs = os.path.lexists(path) and not is_ours(path, params['mark'])
    if theirs and files.is_outdated(path, params['backup_dir']):
        result['notes'].append(files.note_of_anew(path, params['backup_dir']))
    if not module.check_mode:
        make_above(module, path, result)
        if theirs:
            files.backup(path, params['backup_dir'], module, anew=True)
        files.write_atomic(module, path, after, mode, owner=(os.geteuid(), os.getegid()))
    result['changed'] = True  # only now: what fails changes nothing
    result['diff'] = remedy.difference(path, before, after)


def make_above(module, path, result):
    """Create the missing parent directories of a path. This counts as a change even if a later step fails."""
    missing = os.path.dirname(path)
    while not os.path.lexists(os.path.dirname(missing)):
        missing = os.path.dirname(missing)
    there = os.path.lexists(missing)
    try:
        files.make_directory(module, os.path.dirname(path))
    finally:
        result['changed'] |= not there and os.path.lexists(missing)


def wanted(params):
    """Return the required content of the file (bytes). Raises FileError."""
    if params['encoding'] == 'text':
        return to_bytes(params['content'])
    try:
        # What is of another alphabet would be passed over.
        if not re.match(r'[A-Za-z0-9+/=\s]*\Z', params['content']):
            raise ValueError('another character than those of base64')
        return base64.b64decode(to_bytes(params['content']))
    except (ValueError, TypeError) as error:  # TypeError: Python 2
        raise files.FileError('content: not base64 (%s). Nothing was changed.' % error)


def take_away(module, params, result):
    """Reach state=absent. Raises FileError."""
    path = params['path']
    if os.path.isdir(path) and not os.path.islink(path):
        if os.listdir(path):
            return
        if not module.check_mode:
            files.remove_directory(path)
        result['changed'] = True
        return
    if not os.path.lexists(path):
        return
    if not is_ours(path, params['mark']):
        result['notes'].append('%s was not written by this collection, so it stays.' % path)
        return
    kept = files.original(path, params['backup_dir'])
    before = files.read_bytes(path)
    if not module.check_mode:
        if not files.restore(path, params['backup_dir'], module, dressed=True):
            files.remove(path)
    earlier = kept is not None and files.note_of_earlier(path, params['backup_dir'])
    result['notes'] += [earlier] if earlier else []
    result['changed'] = True
    result['diff'] = remedy.difference(path, before, kept)


def make(module, params, result):
    """Reach state=directory. Raises FileError and EnvironmentError."""
    path, mode = params['path'], int(params['mode'] or '0755', 8)
    if os.path.islink(path) or os.path.lexists(path) and not os.path.isdir(path):
        raise files.FileError('%s exists and is not a directory. Move it away. Nothing was changed.' % path)
    if os.path.isdir(path) and is_dressed(path, mode):
        return
    if not module.check_mode:
        make_above(module, path, result)
        there = os.path.isdir(path)
        try:
            files.make_directory(module, path, mode)
        finally:
            result['changed'] |= not there and os.path.isdir(path)
        files.dress_directory(path, mode)
    result['changed'] = True


def is_ours(path, mark):
    """Return whether the file at a path was written by this collection. Raises FileError."""
    return not os.path.islink(path) and (mark is None or to_bytes(mark) in files.read_bytes(path))


def is_dressed(path, mode):
    """Return whether a file or directory has this mode and belongs to us."""
    info = os.lstat(path)
    return (stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid) == (mode, os.geteuid(), os.getegid())


def validate(module, command, path, content):
    """Let a command check the new text. Raises FileError if it rejects it."""
    folder = tempfile.mkdtemp(dir=module.tmpdir)
    copy = os.path.join(folder, os.path.basename(path))
    files.write_atomic(None, copy, content)
    arguments = [word.replace('%s', copy) for word in shlex.split(command)]
    status, out, err = process.run(arguments)
    if status:
        raise files.FileError('%s does not accept what %s would hold: %s. Nothing was changed.'
                              % (arguments[0], path, (err.strip() or out.strip()).replace(copy, path)))


# What brings about each state.
STATES = dict(present=write, absent=take_away, directory=make)
