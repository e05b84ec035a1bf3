# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: keep a program of the desktop from being started by anything but a person.

What starts one: autostart files, a user unit, the D-Bus of the session, the search of gnome-shell. Files of the vendor
below /usr are overridden below /usr/local/share, which every reader of them looks at first. Settings of the program
are _dconf's, its package _rpm's, its unit unit_state's.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import os
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import (
    contract as remedy, _dconf as dconf, _desktop_entry as desktop_entry, _drop_in as drop_in, _rpm as rpm, unit_state, _units as units)

ORIGINALS = True
KIND = 'gnome_software_autostart'
REQUIRES = 'login'
ROOT_FOR = 'edit autostart files'
ITEM = dict(
    names=dict(type='list', elements='str', default=[]),
    unit=dict(type='str'),
    dbus_names=dict(type='list', elements='str', default=[]),
    dbus_always=dict(type='bool', default=False),
    search_providers=dict(type='list', elements='str', default=[]),
    settings=dict(type='list', elements='dict', default=[], options=dict(
        key=dict(type='str', required=True, no_log=False), value=dict(type='str', required=True))),
    package=dict(type='str'),
    remove_package=dict(type='bool', default=False),
    program=dict(type='str'),
    note=dict(type='str'))
OPTIONS = dict(
    directory=dict(type='path', default='/etc/xdg/autostart'),
    backup_dir=dict(type='path', default=files.BACKUP_ROOT),
    state_dir=unit_state.OPTIONS['state_dir'])
VENDOR, LOCAL = '/usr/share', '/usr/local/share'
SERVICES, PROVIDERS = 'dbus-1/services', 'gnome-shell/search-providers'
NAME_MAX = 255

# gnome-shell asks the provider only while the program runs, and by default not at all. AutoStart is known from 3.26 on.
_UNASKED = ((b'AutoStart', b'false'), (b'DefaultDisabled', b'true'))
_NAMES = (
    ('dbus_names', re.compile(r'[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_-][A-Za-z0-9_-]*)+\Z'),
     'dbus_names: %s is not a name on the D-Bus, such as org.gnome.Software. Nothing was changed.'),
    ('search_providers', re.compile(r'[A-Za-z0-9][A-Za-z0-9._-]*\.ini\Z'),
     'search_providers: %s is not the name of an .ini file. Nothing was changed.'))

# What becomes of one file: `content` (bytes) is what it shall have, None: nothing of ours shall be there.
Override = collections.namedtuple('Override', 'path content')
# A file that changes: `keep` says whether its original is kept first.
Edit = collections.namedtuple('Edit', 'path action before after keep')


def apply(module, items, state, options, result):
    """Bring what starts the programs of the items to the state. Fills `result`. Raises RemedyError and FileError."""
    paths = check(items, options['directory'])
    result['units'] = []
    gone = rpm.removable(module, items) if state == 'present' else []
    if not module.check_mode:   # all parts are planned before the first one is changed
        for edit in bring(remedy.ReadOnlyModule(module), items, state, options, paths, remedy.begin(unit_state)):
            unsafe = safe_paths.check(edit.path, link=True)
            if unsafe:
                raise remedy.RemedyError('%s Nothing was changed.' % unsafe)
    rpm.remove(module, gone, result)
    bring(module, items, state, options, paths, result)
    rpm.tell(module, items, state, result)


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items, as apply() does. What another item wants as it is stays so; settings are a file for each."""
    mine = []
    for item in items:
        own = dict((key, [one for one in item[key] if not any(one in other[key] for other in kept)])
                   for key in ('names', 'dbus_names', 'search_providers'))
        shared = any(item['unit'] == other['unit'] for other in kept)
        mine.append(dict(item, unit=None if shared else item['unit'], **own))
    apply(module, mine, 'absent', options, result)


def bring(module, items, state, options, paths, result):
    """Do what apply() does, but for packages. Returns the Edits."""
    ours = sorted(set(one for item in items for one in overridden(item) + dconf.paths(item['signature_id'])))
    files.sweep_for(module, paths, options['backup_dir'], result)
    files.sweep_for(module, ours, None, result)
    found = [path for path in paths if os.path.lexists(path)]
    result['missing'] = [path for path in paths if path not in found]
    if state == 'present':
        edits = disable([path for path in found if os.path.exists(path)])
        edits += planned([one for item in items for one in overrides(item, result)], result)
    else:
        edits = enable(found, options['backup_dir'], result)
        edits += planned([Override(path, None) for item in items for path in overridden(item)], result)
    settings = dconf.wanted(module, KIND, items, state, result)
    edits += planned([Override(*one) for one in settings], result)
    due = dconf.check(module, items, [(one.path, one.after) for one in edits if one.path.startswith(dconf.FOLDER)], state)
    for edit in edits:
        change(module, edit, options['backup_dir'], result)
    if due:
        dconf.update(module, result)
    since = change_unit(module, items, state, options, result)
    if state == 'present':
        mine = [path for path in ours if not os.path.islink(path) and drop_in.was_sealed(files.content_of(path) or b'')]
        remedy.carry(result, [path for path in found if files.original(path, options['backup_dir']) is not None], ours=False)
        times = [files.modified_at(found), remedy.carry(result, mine), since]
        result['in_place_since'] = max([one for one in times if one] or [None])
        for item in items:
            note(item, options['directory'], result)
    return edits


def check(items, directory):
    """Return the paths of the autostart files. Raises RemedyError for what cannot be the name of what it shall name."""
    drop_in.check_signature_ids(items)
    for item in items:
        for key, pattern, message in _NAMES:
            for name in item[key]:
                if not pattern.match(name) or len(name) > NAME_MAX - len('.service'):
                    raise remedy.RemedyError(message % drop_in.shown(name))
        if item['unit']:
            try:
                units.check_name(item['unit'])
                units.check_harmless(item['unit'], [])
            except units.Refused as error:
                raise unit_state.refusal(error)
        dconf.check_settings(item['settings'])
        rpm.check_name(item['package'])
    return [locate(directory, name) for item in items for name in item['names']]


def locate(directory, name):
    """Return the path for a name of an item. Raises RemedyError if it cannot be an autostart file."""
    absolute = os.path.isabs(name)
    if (not name.endswith('.desktop') or len(os.path.basename(name)) > NAME_MAX or re.search(r'[\x00-\x1f\x7f]', name)
            or (os.path.normpath(name) != name if absolute else os.sep in name)):
        raise remedy.RemedyError('names: %s is neither the name of a .desktop file nor an absolute path to one. Nothing was '
                                 'changed.' % drop_in.shown(name))
    return os.path.join(directory, name)


def disable(paths):
    """Return the Edits that disable these autostart files."""
    texts = [(path, files.read_bytes(path)) for path in paths]
    pairs = [(path, before, disabled(path, before)) for path, before in texts]
    return [Edit(path, 'edit', before, after, True) for path, before, after in pairs if before != after]


def disabled(path, content):
    """Return the content (bytes) with autostart disabled. Raises RemedyError, which names the file."""
    try:
        return desktop_entry.disable(content)
    except desktop_entry.DesktopEntryError as error:
        raise remedy.RemedyError('Cannot disable %s: %s. Nothing was changed.' % (path, error))


def disabled_or_none(path, content):
    """Return what disabled() does, None for a content that is no desktop entry."""
    try:
        return disabled(path, content)
    except remedy.RemedyError:
        return None


def enable(paths, backup_dir, result):
    """Return the Edits that restore these autostart files byte for byte, except those that somebody edited since."""
    due = []
    for path in paths:
        kept = files.original(path, backup_dir)
        before = files.read_bytes(path)
        if kept == before:
            continue
        if kept is None or before != disabled_or_none(path, kept) and not remedy.was_link(result, path, before, backup_dir):
            note = remedy.lost(result, path, before, backup_dir) or kept is not None and '%s was edited since its original was kept: it stays.' % path
            result['notes'] += [note] if note else []
            result['in_place'] = result['in_place'] and not note
            continue
        due.append(Edit(path, 'restore', before, kept, True))
    return due


def overridden(item):
    """Return the paths of the files that may override those of the vendor."""
    return ([os.path.join(LOCAL, SERVICES, name + '.service') for name in item['dbus_names']]
            + [os.path.join(LOCAL, PROVIDERS, name) for name in item['search_providers']])


def vendors(path):
    """Return the path of the vendor's file that the one at a path overrides."""
    return VENDOR + path[len(LOCAL):]


def overrides(item, result):
    """Yield the Override of each file that starts the program. Where the vendor has none, there is nothing to override."""
    spared = bool(item['dbus_names']) and not item['dbus_always'] and has_broker()
    if spared and any(os.path.isfile(vendors(path)) for path in overridden(item)[:len(item['dbus_names'])]):
        result['notes'].append(
            'The bus of a session is dbus-broker here, which logs an error at each login for a service that is overridden, so a '
            'person who opens %s still starts it. With dbus_always it is overridden nevertheless.' % named(item))
    for path in overridden(item):
        vendor, content = vendors(path), None
        if os.path.isfile(vendor) and path.endswith('.service') and not spared:
            content = drop_in.sealed(KIND, '[D-BUS Service]\nName=%s\nExec=/bin/false\n' % os.path.basename(path)[:-len('.service')])
        elif os.path.isfile(vendor) and path.endswith('.ini'):
            try:
                content = drop_in.sealed(KIND, desktop_entry.set_keys(
                    files.read_bytes(vendor), _UNASKED, header=b'[Shell Search Provider]'))
            except desktop_entry.DesktopEntryError as error:
                raise remedy.RemedyError('Cannot override %s: %s. Nothing was changed.' % (vendor, error))
        yield Override(path, content)


def has_broker():
    """Return whether the bus of a session is dbus-broker."""
    path = units.locate('dbus.service', units.DIRECTORIES[units.GLOBAL])
    return path is not None and os.path.basename(os.path.realpath(path)) == 'dbus-broker.service'


def planned(wanted, result):
    """Return the Edits that bring whole files of ours (list of Override) to what they shall be. What is not ours stays."""
    contents, edits = {}, []
    for path, content in wanted:
        contents[path] = contents.get(path) if content is None else content
    for path, content in sorted(contents.items()):
        link = os.path.islink(path)
        before = None if link else files.content_of(path)
        if before == content and not link:
            continue
        if link or before is not None and drop_in.unsealed(KIND, before) is None:
            if content is not None or before and drop_in.was_sealed(before):
                result['notes'].append('%s was not written by this collection, or was edited since: it stays.' % path)
                result['in_place'] = False
            continue
        edits.append(Edit(path, 'remove' if content is None else 'edit' if before else 'create', before, content, False))
    return edits


def change(module, edit, backup_dir, result):
    """Bring one file to what it shall be. Fills `result`."""
    # What is not disabled, an update of its package brought, or somebody wrote.
    if edit.keep and edit.action == 'edit' and files.is_outdated(edit.path, backup_dir):
        result['notes'].append(files.note_of_anew(edit.path, backup_dir))
    if not module.check_mode:
        if edit.action == 'restore':
            files.restore(edit.path, backup_dir, module)
        elif edit.after is None:
            files.remove(edit.path)
        else:
            remedy.make_directory(module, os.path.dirname(edit.path), result)
            if edit.keep:
                files.edit(module, edit.path, edit.after, backup_dir, anew=True)
            else:
                files.write_atomic(module, edit.path, edit.after)
    remedy.report(result, edit.path, edit.action, edit.before, edit.after)


def change_unit(module, items, state, options, result):
    """Mask the user units of the items, or bring back what they were. Fills `result`; returns since when they are so."""
    due = [dict(signature_id=item['signature_id'], unit=item['unit'], state=units.MASKED, scope=units.GLOBAL) for item in items
           if item['unit'] and (units.locate(item['unit'], units.DIRECTORIES[units.GLOBAL])
                                or os.path.lexists(os.path.join(options['state_dir'], units.GLOBAL, item['unit'])))]
    if not due:
        return None
    own = remedy.begin(unit_state)
    try:
        unit_state.apply(module, due, state, dict(state_dir=options['state_dir']), own)
    finally:
        for name in ('notes', 'files', 'diff', 'units'):
            result.setdefault(name, []).extend(own.get(name, []))
        result['changed'] |= own['changed']
        result['in_place'] = result['in_place'] and own['in_place']
    return own['in_place_since']


def note(item, directory, result):
    """Add notes for the operator on an item."""
    starters = [locate(directory, name) for name in item['names']] + [vendors(path) for path in overridden(item)]
    if any(os.path.lexists(path) for path in starters) or item['unit'] and units.locate(
            item['unit'], units.DIRECTORIES[units.GLOBAL]):
        result['notes'] += [item['note']] if item.get('note') else []
    else:
        result['notes'].append('No autostart file of %s exists on this host, so nothing starts it at login.' % named(item))


def named(item):
    """Return the name of the program, for notes."""
    return item.get('program') or 'the program'
