# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of desktop programs for all users, with locks: a file in /etc/dconf/db/local.d, and one in its locks.

Programs read the database that `dconf update` makes of them, where the profile of users names it.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import re
import shutil
import tempfile

from ansible.module_utils.common.text.converters import to_bytes

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, _drop_in as drop_in

PROFILE = '/etc/dconf/profile/user'
DATABASE = '/etc/dconf/db/local'
FOLDER = '/etc/dconf/db/local.d'
LOCKS = FOLDER + '/locks'
SCHEMAS = '/usr/share/glib-2.0/schemas'

_KEY = re.compile(r'(/[a-z0-9][a-z0-9-]{0,99}){2,20}\Z')
# What another text would be is for dconf to say, and one that it cannot read hides all others of the directory.
_VALUE = re.compile(r"(true|false|-?[0-9]{1,9}|'[A-Za-z0-9 ._:/-]{0,200}')\Z")


def check_settings(settings):
    """Raise RemedyError unless these are keys and values (list of dict) that can be written."""
    for key, value in pairs(settings):
        if not _KEY.match(key):
            raise remedy.RemedyError('settings: %s is not a key of dconf, such as /org/gnome/software/allow-updates. Nothing was '
                                     'changed.' % drop_in.shown(key))
        if not _VALUE.match(value):
            raise remedy.RemedyError("settings: %s is not a value: give true, false, a number, or a text in single quotes ('...'). "
                                     'Nothing was changed.' % drop_in.shown(value))


def pairs(settings):
    """Return settings (list of dict) as a list of (key, value). What a catalog has as a boolean, a survey gets as such."""
    return [(drop_in.native(one['key']), drop_in.native(one['value'])) for one in settings]


def paths(signature_id):
    """Return the paths of the two files of a signature: its settings and its locks."""
    return [os.path.join(directory, '95-log_hygiene-%s' % signature_id) for directory in (FOLDER, LOCKS)]


def wanted(module, kind, items, state, result):
    """Return what the files of the items shall hold: a list of (path, bytes or None). Adds notes to `result`."""
    found = []
    for item in items:
        settings = pairs(item['settings']) if state == 'present' else []
        known = [one for one in settings if has_schema(one[0])]
        obstacle = unread(module) if known else None   # where there is no such program there is nothing to tell
        if obstacle:
            result['notes'].append(obstacle)
            known = []
        elif known:
            result['notes'] += ['No program on this host has the setting %s, so it is left out.' % one[0]
                                for one in settings if one not in known]
        contents = [None, None]
        if known:
            groups = ['[%s]\n%s=%s\n' % (os.path.dirname(key)[1:], os.path.basename(key), value) for key, value in known]
            contents = [drop_in.sealed(kind, ''.join(groups)), drop_in.sealed(kind, ''.join(key + '\n' for key, _value in known))]
        found += list(zip(paths(item['signature_id']), contents))
    return found


def unread(module):
    """Return why nobody would read the settings here, or None."""
    if module.get_bin_path('dconf') is None:
        return 'This host has no dconf, so there are no settings to lock.'
    profile = files.content_of(PROFILE) or b''
    if b'system-db:local' not in [line.partition(b'#')[0].strip() for line in profile.splitlines()]:
        return '%s does not name system-db:local, so no program would read the settings, and none were locked.' % PROFILE
    return None


def has_schema(key):
    """Return whether a program of this host has such a setting."""
    folder, name = os.path.split(key)
    for schema in sorted(os.listdir(SCHEMAS)) if os.path.isdir(SCHEMAS) else []:
        if schema.endswith('.gschema.xml'):
            text = files.read_bytes(os.path.join(SCHEMAS, schema))
            if to_bytes('path="%s/"' % folder) in text and to_bytes('name="%s"' % name) in text:
                return True
    return False


def check(module, items, edits, state):
    """Return whether the database has to be made anew. Raises RemedyError where dconf could not do it.

    :param edits: what changes in its directory: list of (path, bytes or None for no file).
    """
    keys = [key for item in items for key, _value in pairs(item['settings'])]
    if not (edits or unfinished(keys, items, state)) or module.get_bin_path('dconf') is None:
        return False
    folder = tempfile.mkdtemp(prefix='dconf-', dir=module.tmpdir)
    try:
        copy(folder, dict(edits))
        status, _out, err = process.run([module.get_bin_path('dconf'), 'compile', os.path.join(folder, 'out'), os.path.join(folder, 'in')])
        # It says what it leaves out and ends well, from 0.40 on.
        if status:
            raise remedy.RemedyError('dconf cannot make a database of %s: %s. Mend what it names. Nothing was changed.' % (
                FOLDER, err.replace(os.path.join(folder, 'in'), FOLDER).strip().rstrip('.')))
    finally:
        shutil.rmtree(folder)
    return True


def unfinished(keys, items, state):
    """Return whether a run was killed before the database was made: it lacks what the files have, or has what they lack."""
    if not keys:
        return False
    ours = [path for item in items for path in paths(item['signature_id']) if os.path.isfile(path)]
    database = files.content_of(DATABASE) if os.path.isfile(DATABASE) else b''
    if state == 'present':
        return bool(ours) and (not database or os.lstat(DATABASE).st_mtime < max(os.lstat(one).st_mtime for one in (FOLDER, LOCKS)))
    others = b''.join(files.read_bytes(path) for path in own_files())
    names = [to_bytes(os.path.basename(key)) for key in keys]
    return not ours and any(name in database and name not in others for name in names)


def own_files():
    """Return the paths of the files that dconf reads."""
    return [os.path.join(directory, name) for directory in (FOLDER, LOCKS) if os.path.isdir(directory)
            for name in sorted(os.listdir(directory)) if not name.startswith('.') and os.path.isfile(os.path.join(directory, name))]


def copy(folder, edits):
    """Lay the directory of settings down below a folder, as it will be with the edits {path: bytes or None}."""
    os.makedirs(os.path.join(folder, 'in', 'locks'))
    contents = dict((path, files.read_bytes(path)) for path in own_files())
    contents.update(edits)
    for path, content in contents.items():
        if content is not None:
            with open(os.path.join(folder, 'in') + path[len(FOLDER):], 'wb') as target:
                target.write(content)


def update(module, result):
    """Have dconf make its databases anew. Fills `result`. Raises RemedyError."""
    result['changed'] = True
    if module.check_mode:
        return
    status, _out, err = process.run([module.get_bin_path('dconf'), 'update'])
    if status or 'unable' in err or 'warning: Failed' in err:
        raise remedy.RemedyError('dconf update fails: %s. Mend what it names, and run this again.' % err.strip().rstrip('.'))
