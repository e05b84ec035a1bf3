# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: keep programs from starting at a graphical login.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import (
    contract as remedy, _desktop_entry as desktop_entry)

KIND = 'gnome_software_autostart'
REQUIRES = 'login'
ROOT_FOR = 'edit autostart files'
ITEM = dict(
    names=dict(type='list', elements='str', required=True),
    unit=dict(type='str'),
    program=dict(type='str'),
    note=dict(type='str'))
OPTIONS = dict(
    directory=dict(type='path', default='/etc/xdg/autostart'),
    backup_dir=dict(type='path', default=files.BACKUP_ROOT))
# Where a user unit of an administrator, and of the vendor, stands; the first counts.
UNIT_DIRECTORIES = ('/etc/systemd/user', '/usr/lib/systemd/user')


def apply(module, items, state, options, result):
    """Bring the autostart files of the items to the state. Fills `result`. Raises RemedyError and FileError."""
    paths = [locate(options['directory'], name) for item in items for name in item['names']]
    files.sweep_for(module, paths, options['backup_dir'], result)
    found = [path for path in paths if os.path.lexists(path)]
    result['missing'] = [path for path in paths if path not in found]
    if state == 'present':
        disable(module, [path for path in found if os.path.exists(path)], options['backup_dir'], result)
        result['in_place_since'] = files.modified_at(found)
        for item in items:
            own = set(locate(options['directory'], name) for name in item['names'])
            note(item, own.intersection(found), result)
    else:
        enable(module, found, options['backup_dir'], result)


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items, as apply() does. A file that another item wants disabled stays so."""
    result['missing'] = []
    mine = remedy.others(items, kept, 'names')
    if mine:
        apply(module, mine, 'absent', options, result)


def locate(directory, name):
    """Return the path for a name of an item. Raises RemedyError if it cannot be an autostart file."""
    if not name.endswith('.desktop') or (os.sep in name and not os.path.isabs(name)):
        raise remedy.RemedyError('names: %s is neither the name of a .desktop file nor an absolute path to one. Nothing was '
                                 'changed.' % name)
    return os.path.join(directory, name)


def disable(module, paths, backup_dir, result):
    """Disable these files. All are read before the first is written. Fills `result`."""
    texts = [(path, files.read_bytes(path)) for path in paths]
    for path, before, after in [(path, before, disabled(path, before)) for path, before in texts]:
        if before == after:
            continue
        if not module.check_mode:
            files.backup(path, backup_dir, module)
            files.write_atomic(module, path, after)
        remedy.report(result, path, 'edit', before, after)


def disabled(path, content):
    """Return the content (bytes) with autostart disabled. Raises RemedyError, which names the file."""
    try:
        return desktop_entry.disable(content)
    except desktop_entry.DesktopEntryError as error:
        raise remedy.RemedyError('Cannot disable %s: %s. Nothing was changed.' % (path, error))


def enable(module, paths, backup_dir, result):
    """Restore these files byte for byte, except files that somebody edited since. Fills `result`."""
    due = []
    for path in paths:
        kept = files.original(path, backup_dir)
        before = files.read_bytes(path)
        if kept is None or kept == before:
            continue
        if before != disabled(path, kept):
            result['notes'].append('%s was edited since its original was kept: it stays.' % path)
            result['in_place'] = False
            continue
        due.append((path, before, kept))
    for path, before, kept in due:
        if not module.check_mode:
            files.restore(path, backup_dir, module)
        remedy.report(result, path, 'restore', before, kept)


def note(item, found, result):
    """Add notes for the operator on an item, of whose files these (set of paths) exist."""
    unit = item.get('unit')
    program = item.get('program') or 'the program'
    if unit and is_started_by(unit):
        result['in_place'] = False
        result['notes'].append('The user unit %s starts %s, and an autostart file does nothing. Mask the unit: systemctl '
                               '--global mask %s.' % (unit, program, unit))
    elif not found:
        result['notes'].append('No autostart file of %s exists on this host, so nothing starts it at login.' % program)
    elif item.get('note'):
        result['notes'].append(item['note'])


def is_started_by(unit):
    """Return whether a user unit of this name exists and is not masked."""
    for directory in UNIT_DIRECTORIES:
        path = os.path.join(directory, unit)
        if os.path.lexists(path):
            return os.path.realpath(path) != os.devnull
    return False
