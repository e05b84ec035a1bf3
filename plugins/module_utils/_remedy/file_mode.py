# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: take permissions from unit files of /etc/systemd that systemd complains of at each reload.

What systemd looks at is the mode of the file, so the files that it names are those that have such a mode. The modes that they
had are written down before the first is changed. A mode is set through a descriptor that is no link. On a file with an ACL
it changes owner, mask and others only, and so brings the ACL back as it was.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import json
import os
import re
import stat

from ansible.module_utils.common.text.converters import to_bytes

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process, safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, _drop_in as drop_in, _units as units

KIND = 'file_mode'
REQUIRES = 'none'
ROOT_FOR = 'change modes of unit files'
BITS = dict(executable=0o111, world_writable=0o002)
ITEM = dict(
    bits=dict(type='str', choices=sorted(BITS), default='executable'),
    paths=dict(type='list', elements='str', default=[]))
OPTIONS = dict(record=dict(type='path', default='/var/lib/log_hygiene/modes.json'))
OURS = ('/etc/systemd/system', '/etc/systemd/user')   # where modes are changed
_NAME = r'[A-Za-z0-9:_\\][A-Za-z0-9:_.\\@-]{0,254}'
_FILE = re.compile(r'%s\.(?:service|socket|timer|path|mount|automount|swap|slice|target|device|scope)\Z' % _NAME)
_DROP_IN = re.compile(r'%s\.d/[^/\x00-\x1f\x7f]{1,250}\.conf\Z' % _NAME)


def apply(module, items, state, options, result):
    """Bring the modes of the files to the state. Fills `result`. Raises RemedyError and FileError."""
    drop_in.check_signature_ids(items)
    wanted = [(item, [checked(path) for path in item['paths']]) for item in items]
    path = options['record']
    record = read(path)
    files.sweep_for(module, [path], None, result)
    if state == 'present':
        after, changes = to_take(module, wanted, record, result)
    else:
        after, changes = to_give_back(items, record, result)
    carry_out(module, path, record, after, changes, state, result)
    if state == 'present':
        result['in_place_since'] = files.modified_at([path] if after and os.path.lexists(path) else [])


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items. The record knows whom each mode is for."""
    apply(module, items, 'absent', options, result)


def roots():
    """Return the folders in which systemd looks for units, each once."""
    found = []
    for folder in [one for scope in units.SCOPES for one in units.DIRECTORIES[scope]]:
        if os.path.isdir(folder) and (folder in OURS or os.path.realpath(folder) not in [os.path.realpath(one) for one in found]):
            found.append(folder)
    return found


def checked(path):
    """Return the path of an item. Raises RemedyError unless it is that of a unit file or a drop-in."""
    path = drop_in.native(path)
    for folder in [one for scope in units.SCOPES for one in units.DIRECTORIES[scope]]:
        if path.startswith(folder + '/'):
            name = path[len(folder) + 1:]
            if _FILE.match(name) or _DROP_IN.match(name):
                return path
    raise remedy.RemedyError('paths: %s is not the path of a unit file or of a drop-in of one, as in /etc/systemd/system/a.service. Nothing '
                             'was changed.' % drop_in.shown(path))


def unit_files():
    """Return the paths of all unit files and drop-ins on the host (list), without links from one to another."""
    found, folders = [], roots()
    real = tuple(os.path.realpath(folder) + '/' for folder in folders)
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if _FILE.match(name):
                found.append(path)
            elif name.endswith('.d') and os.path.isdir(path):
                found += [os.path.join(path, one) for one in sorted(os.listdir(path)) if _DROP_IN.match('%s/%s' % (name, one))]
    return [path for path in found if not os.path.islink(path) or not os.path.realpath(path).startswith(real)]


def read(path):
    """Return the record: what is kept of each file (dict). Raises RemedyError."""
    text = files.content_of(path)
    if text is None:
        return {}
    try:
        found = json.loads(text.decode('utf-8'))
        kinds = dict(before=int, after=int, inode=list, signature_ids=list)
        if not isinstance(found, dict) or any(
                not isinstance(one, dict) or set(one) != set(kinds) or any(not isinstance(one[key], kind) for key, kind in kinds.items())
                or not name.startswith(tuple(folder + '/' for folder in OURS)) or '/../' in name for name, one in found.items()):
            raise ValueError('it has another form')
    except ValueError as error:
        raise remedy.RemedyError('%s is damaged (%s), so it is not known which modes files had. Give the files the modes that they should '
                                 'have, and remove that file. Nothing was changed.' % (path, error))
    return found


def encode(record):
    """Return a record as what its file holds (bytes), None for one that says nothing."""
    return to_bytes(json.dumps(record, indent=2, sort_keys=True) + '\n') if record else None


def to_take(module, wanted, record, result):
    """Return the record as it is to be, and what is to be done: a list of (path, mode now, mode wanted, inode). Adds notes."""
    after, modes, everything = dict(record), {}, None
    for item, paths in wanted:
        if not paths:
            everything = unit_files() if everything is None else everything
        for path in paths or everything:
            info = look(path)
            mask = BITS[item['bits']]
            if info is None or not stat.S_ISREG(info.st_mode) or not info.st_mode & mask:
                continue
            why = reason_against(module, path, info, item['bits'])
            if why:
                result['notes'] += [why] if why not in result['notes'] else []
                result['in_place'] = False
                continue
            now, wish = modes.get(path, (stat.S_IMODE(info.st_mode),) * 2)[:2]
            modes[path] = now, wish & ~mask, info
            if item['bits'] == 'world_writable':
                result['notes'].append('Everybody could change %s, which root runs: look whether somebody did.' % path)
            first, held = [one.get(path) if one.get(path) and is_same(one[path], info) else None for one in (record, after)]
            # What somebody gave it since is what it had.
            before = first['before'] if first and now == first['after'] else now
            after[path] = dict(before=before, after=wish & ~mask, inode=inode(info),
                               signature_ids=sorted(set((held['signature_ids'] if held else []) + [item['signature_id']])))
    return after, [(path, now, wish, inode(info)) for path, (now, wish, info) in sorted(modes.items())]


def to_give_back(items, record, result):
    """Return what to_take() does, for the way back. What somebody changed since stays, with a note."""
    after, changes, named = {}, [], set(item['signature_id'] for item in items)
    for path, kept in sorted(record.items()):
        others = [name for name in kept['signature_ids'] if items and name not in named]
        if others:
            after[path] = dict(kept, signature_ids=others)
            continue
        info = look(path)
        if info is None:
            continue
        now = stat.S_IMODE(info.st_mode)
        if not is_same(kept, info) or now not in (kept['before'], kept['after']):
            result['notes'].append('%s was replaced, or has got another mode since: it stays as it is, %s.' % (path, '%04o' % now))
            result['in_place'] = False
        elif now != kept['before']:
            changes.append((path, now, kept['before'], inode(info)))
    return after, changes


def look(path):
    """Return os.stat_result of what is at a path, None for nothing and for a link that leads to nothing."""
    try:
        return os.lstat(path) if not os.path.islink(path) else os.stat(path)
    except EnvironmentError:
        return None


def inode(info):
    """Return what tells a file from another one at its path (list of int)."""
    return [info.st_dev, info.st_ino]


def is_same(kept, info):
    """Return whether a file is the one of a record. The number of a volume may be another after a boot, so it says nothing."""
    return kept['inode'][1:] == inode(info)[1:]


def reason_against(module, path, info, bits):
    """Return a note why the mode of a file is not changed, and what to do (text), or None."""
    said, option = bits.replace('_', '-'), 'a-x' if bits == 'executable' else 'o-w'
    if os.path.islink(path):
        real = os.path.realpath(path)
        return '%s is marked %s, and leads to %s. Run chmod %s %s if that is no program.' % (path, said, real, option, real)
    if not path.startswith(tuple(folder + '/' for folder in OURS)):
        package = owner(module, path)
        if package:
            return '%s is marked %s, and belongs to package %s. Run rpm --setperms %s. If it is so again, have the package mended.' % (
                path, said, package, package)
        return '%s is marked %s, and is not in /etc/systemd. Run chmod %s %s, or have the package mended that brought it.' % (
            path, said, option, path)
    if info.st_nlink > 1:
        return '%s is marked %s, but has %d names (hard links). Run chmod %s %s if none of them is a program.' % (
            path, said, info.st_nlink, option, path)
    return safe_paths.check(path, link=True)


def owner(module, path):
    """Return the package of a file, None where there is no rpm, or it knows of none."""
    rpm = module.get_bin_path('rpm')
    if rpm is None:
        return None
    status, out, _err = process.run([rpm, '-qf', '--qf', '%{NAME}\\n', path])
    return out.split('\n')[0] if not status and re.match(r'[A-Za-z0-9._+-]+\n', out) else None


def carry_out(module, path, before, after, changes, state, result):
    """Write the record, and change the modes, all or none of it. Raises RemedyError and FileError."""
    if module.check_mode:
        for change in changes:
            report(result, *change[:3])
        result['changed'] = result['changed'] or before != after
        return
    done = []
    try:
        if state == 'present':   # first, so that it is known what they were if this run is killed
            write(module, path, before, after)
        for one, now, wish, number in changes:
            done.append((one, wish, now, number))
            set_mode(one, now, wish, number)
        if state == 'absent':
            write(module, path, before, after)
    except (remedy.RemedyError, files.FileError) as error:
        left = []
        for change in reversed(done):
            try:
                info = look(change[0])
                if info is not None and inode(info) == change[3] and stat.S_IMODE(info.st_mode) == change[1]:
                    set_mode(*change)
            except remedy.RemedyError:
                left.append(change[0])
        try:
            write(module, path, after, before)
        except files.FileError:
            left.append(path)
        result['changed'] = result['changed'] or bool(left)
        if left:
            raise remedy.RemedyError('%s But %s could not be put back.' % (
                remedy.error_message(error).replace(' Nothing was changed.', ''), ', '.join(left)))
        raise
    for change in changes:
        report(result, *change[:3])
    result['changed'] = result['changed'] or before != after


def write(module, path, now, wish):
    """Write the record, where it is another one than now. Raises FileError."""
    if wish != now:
        if wish:
            files.make_directory(module, os.path.dirname(path), 0o700)
        files.put(module, path, encode(wish), 0o600)


def set_mode(path, now, wish, number):
    """Set the mode of a file, of the one that was looked at and no other. Raises RemedyError."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            info = os.fstat(handle)
            if inode(info) != number or stat.S_IMODE(info.st_mode) != now:
                raise remedy.RemedyError('%s changed while it was looked at. Run this again. Nothing was changed.' % path)
            os.fchmod(handle, wish)
            os.fsync(handle)
        finally:
            os.close(handle)
    except EnvironmentError as error:
        raise remedy.RemedyError('The mode of %s cannot be changed: %s. Make it writable (lsattr, mount), or leave the host out of it. '
                                 'Nothing was changed.' % (path, os.strerror(error.errno)))


def report(result, path, before, after):
    """Add one finished file to the result."""
    remedy.report(result, path, 'mode', to_bytes('mode: %04o\n' % before), to_bytes('mode: %04o\n' % after))
