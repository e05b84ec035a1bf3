# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: repair ACL lines of tmpfiles.d that name missing groups.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import grp
import os
import re
import tempfile

from ansible.module_utils.common.text.converters import to_bytes, to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, _tmpfiles as tmpfiles

KIND = 'tmpfiles_acl'
REQUIRES = 'boot'
ROOT_FOR = 'write to /etc/tmpfiles.d'
STRIP, RESTORE = REMEDIES = ('strip', 'restore_group')
ITEM = dict(
    groups=dict(type='list', elements='str', required=True),
    gids=dict(type='dict', default={'adm': 4, 'wheel': 10}),
    remedy=dict(type='str', choices=list(REMEDIES)))
OPTIONS = dict(
    remedy=dict(type='str', choices=list(REMEDIES), default=STRIP),
    directories=dict(type='list', elements='path', default=list(tmpfiles.DIRECTORIES)),
    backup_dir=dict(type='path', default=files.BACKUP_ROOT))
GROUP_FILE = '/etc/group'
MADE_STAY = 'Groups that were made stay, for files and users may have them by now.'
# No line has a path below this one, so systemd-tmpfiles parses all of them and applies none.
NO_PATH = '/no-line-of-tmpfiles.d-has-this-path'


def apply(module, items, state, options, result):
    """Bring the host to the state for the groups of the items. Fills `result`. Raises RemedyError and FileError."""
    groups, gids, chosen = merged(items, options['remedy'])
    result.update(groups=dict((group, gid_of(group)) for group in groups), overrides=[], vendor_changed=[])
    sweep(module, options, result)
    if state == 'present' and chosen == STRIP:
        result['in_place_since'] = remedy.carry(result, strip(module, options, result), ours=False)
        return
    if state == 'present':
        restore_groups(module, gids, result)
    elif chosen == RESTORE:
        result['notes'].append(MADE_STAY)
    # With the group back, an override would only keep it from the access that the vendor meant it to have.
    whole = undo(module, options, result)
    if state == 'present':
        result['in_place_since'] = files.modified_at([GROUP_FILE])
    else:
        result['in_place'] = whole


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items: what only their groups were left out of comes back. Raises as apply() does."""
    groups, _gids, chosen = merged(items + kept, options['remedy'])
    result.update(groups=dict((group, gid_of(group)) for group in groups), overrides=[], vendor_changed=[])
    if chosen == RESTORE:
        result['notes'].append(MADE_STAY)
        return
    sweep(module, options, result)
    result['in_place'] = undo(module, options, result, set(to_bytes(group) for group in merged(kept, chosen)[0]))


def sweep(module, options, result):
    """Remove what killed runs left. Fills `result`. Raises FileError."""
    ours = [path for paths in tmpfiles.layers(options['directories']).values() for path in paths
            if not path.startswith('/usr/lib/')]
    files.sweep_for(module, ours, options['backup_dir'], result)


def merged(items, default):
    """Return (groups of all items in order, {group: its number}, the remedy). Raises RemedyError."""
    groups, gids, chosen = [], {}, set()
    for item in items:
        for group in item['groups']:
            if not re.match(r'[^\W\d][^:,\s]*\Z', group):
                raise remedy.RemedyError('groups: %r is not the name of a group. Nothing was changed.' % group)
            if group not in groups:
                groups.append(group)
        gids.update(checked(item.get('gids') or {}))
        chosen.add(item.get('remedy') or default)
    if len(chosen) > 1:
        raise remedy.RemedyError('remedy: some items ask for strip and some for restore_group, and an override holds for all '
                                 'groups of a file. Choose one for all. Nothing was changed.')
    return groups, gids, (chosen or set([default])).pop()


def checked(gids):
    """Return {group: number} with whole numbers. Raises RemedyError."""
    found = {}
    for group, number in gids.items():
        if not re.match(r'[0-9]{1,9}\Z', str(number)):
            raise remedy.RemedyError('gids: %s is not the number of a group. Nothing was changed.' % number)
        found[group] = int(number)
    return found


def gid_of(group):
    """Return the number of a group from the host's name services, or None if it does not exist."""
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        return None


def restore_groups(module, gids, result):
    """Create the missing groups with their numbers, as system groups. Fills `result`. Raises RemedyError."""
    missing = sorted(group for group, gid in result['groups'].items() if gid is None)
    for group in missing:
        if group not in gids:
            raise remedy.RemedyError('Group %s does not exist and gids has no number for it. Add one, or '
                                     'use tmpfiles_acl_remedy strip. Nothing was changed.' % group)
        try:
            holder = grp.getgrgid(gids[group]).gr_name
        except KeyError:
            continue
        raise remedy.RemedyError(
            'Group %s cannot be created with its number %d, which group %s has. That group may read what ACLs were meant for %s '
            'to read: give it another number first, or use tmpfiles_acl_remedy strip. Nothing was changed.'
            % (group, gids[group], holder, group))
    tool = module.get_bin_path('groupadd', opt_dirs=['/usr/sbin'])
    if missing and tool is None:
        raise remedy.RemedyError('groupadd is not installed (package shadow-utils), so no group can be created. Nothing was '
                                 'changed.')
    for group in missing:
        before = files.read_bytes(GROUP_FILE)
        if module.check_mode:
            result['changed'] = True
            continue
        status, dummy, said = process.run([tool, '-r', '-g', str(gids[group]), group])
        if status:
            raise remedy.RemedyError('groupadd cannot create group %s: %s' % (group, said.strip()))
        result['groups'][group] = gids[group]
        remedy.report(result, GROUP_FILE, 'edit', before, files.read_bytes(GROUP_FILE))


def strip(module, options, result):
    """Remove the entries of missing groups. Fills `result`; returns the existing files of the remedy."""
    tool = module.get_bin_path('systemd-tmpfiles')
    if tool is None:
        raise remedy.RemedyError(
            'systemd-tmpfiles is not installed: nothing on this host reads tmpfiles.d, so this remedy has nothing to mend. '
            'Leave the host out of it. Nothing was changed.')
    directories, backup_dir = options['directories'], options['backup_dir']
    missing = set(to_bytes(group) for group, gid in result['groups'].items() if gid is None)
    plan = tmpfiles.plan(directories, missing, files.read_bytes)
    if missing:
        check(module, tool, directories, plan, missing)
    result.update(overrides=plan.overrides, vendor_changed=plan.vendor_changed, notes=result['notes'] + plan.notes + [
        '%s changed since it was overridden. The override was made anew. Compare them.' % path
        for path in plan.vendor_changed])
    for path in plan.vendor_changed:
        module.warn('%s changed since it was overridden in %s; the override was made anew: compare them.'
                    % (path, directories[0]))
    for change in plan.changes:
        ours = change.path in plan.overrides
        if not module.check_mode:
            remedy.make_directory(module, os.path.dirname(change.path), result)
            if ours:
                files.write_atomic(module, change.path, change.after)
            else:
                files.edit(module, change.path, change.after, backup_dir)
        remedy.report(result, change.path, 'override' if ours else 'edit', change.before, change.after)
    edited = [path for paths in tmpfiles.layers(directories).values() for path in paths
              if files.original(path, backup_dir) is not None]
    return [path for path in plan.overrides + edited if os.path.lexists(path)]


def undo(module, options, result, staying=frozenset()):
    """Remove our overrides, and restore edited files, but for groups that stay left out (bytes). Fills `result`.

    Returns whether nothing stayed that somebody edited.
    """
    backup_dir = options['backup_dir']
    changes, notes = tmpfiles.undo(
        options['directories'], set(to_bytes(group) for group in result['groups']), files.read_bytes,
        lambda path: files.original(path, backup_dir), staying)
    result['notes'] += notes
    for change in changes:
        kept = files.original(change.path, backup_dir)
        action = 'remove' if change.after is None else 'restore' if change.after == kept else 'edit'
        if not module.check_mode:
            if action == 'restore':
                files.restore(change.path, backup_dir, module)
            else:
                files.put(module, change.path, change.after)
        remedy.report(result, change.path, action, change.before, change.after)
    return not notes


def check(module, tool, directories, plan, missing):
    """Let systemd-tmpfiles read the new files. Raises RemedyError if it would still reject an ACL."""
    changes = dict((os.path.basename(change.path), change) for change in plan.changes)
    folder = tempfile.mkdtemp(dir=module.tmpdir)
    texts = []   # (path of the file, path of the text to read)
    for name, paths in sorted(tmpfiles.layers(directories).items()):
        if name in changes:
            texts.append((changes[name].path, os.path.join(folder, name)))
            files.write_atomic(None, texts[-1][1], changes[name].after)
        elif os.path.isfile(paths[0]):
            texts.append((paths[0], paths[0]))
    if not texts:
        return
    try:
        status, stdout, stderr = process.run(
            [tool, '--create', '--boot', '--prefix=' + NO_PATH] + [text for _path, text in texts], raw=True,
            environ=dict(SYSTEMD_LOG_TARGET='console', SYSTEMD_LOG_LEVEL='info', SYSTEMD_LOG_COLOR='0'))
    except EnvironmentError as error:
        raise remedy.RemedyError('systemd-tmpfiles could not check what would be written: %s. Nothing was changed.'
                                 % error.strerror)
    if status < 0:
        raise remedy.RemedyError('systemd-tmpfiles could not check what would be written: it was ended by signal %d: %s. '
                                 'Nothing was changed.' % (-status, to_text(stderr, errors='replace').strip()))
    for acl in tmpfiles.rejected_acls(stdout + stderr):
        if tmpfiles.mentions(acl, missing):
            where = [path for path, text in texts if acl in files.read_bytes(text)]
            raise remedy.RemedyError(
                'systemd-tmpfiles would still reject the ACL "%s" in %s, written in a way that this module does not take '
                'apart. Correct that line by hand. Nothing was changed.' % (to_text(acl, errors='replace'), ', '.join(where)))
