# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: repair ACL lines of tmpfiles.d that name missing groups.

It finds the files and entries itself, and has tmpfiles_override write. What else belongs to a deleted group is told: ACL
entries that files keep for its number, and lines of sysusers.d that make it again.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import grp
import os
import pwd
import re
import tempfile

from ansible.module_utils.common.text.converters import to_bytes, to_native, to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import (
    contract as remedy, _stale_acls as stale_acls, _sysusers as sysusers, _tmpfiles as tmpfiles, tmpfiles_override)

KIND = 'tmpfiles_acl'
REQUIRES = 'boot'
ROOT_FOR = tmpfiles_override.ROOT_FOR
STRIP, RESTORE = REMEDIES = ('strip', 'restore_group')
ITEM = dict(
    groups=dict(type='list', elements='str', required=True),
    gids=dict(type='dict', default={'adm': 4, 'wheel': 10}),
    remedy=dict(type='str', choices=list(REMEDIES)))
OPTIONS = dict(
    tmpfiles_override.OPTIONS, remedy=dict(type='str', choices=list(REMEDIES), default=STRIP),
    remove_stale=dict(type='bool', default=False))
ORIGINALS = True
is_own = tmpfiles_override.is_own
GROUP_FILE = '/etc/group'
MADE_STAY = 'Groups that were made stay, for files and users may have them by now.'


def apply(module, items, state, options, result):
    """Bring the host to the state for the groups of the items. Fills `result`. Raises RemedyError and FileError."""
    groups, gids, chosen = merged(items, options['remedy'], state)
    result.update(groups=dict((group, gid_of(group)) for group in groups), overrides=[], vendor_changed=[], stale_acls=[])
    tmpfiles_override.sweep(module, options, result)
    if state == 'present' and chosen == STRIP:
        result['in_place_since'] = remedy.carry(result, strip(module, options, gids, result), ours=False)
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
    groups, _gids, chosen = merged(items + kept, options['remedy'], 'absent')
    result.update(groups=dict((group, gid_of(group)) for group in groups), overrides=[], vendor_changed=[], stale_acls=[])
    if chosen == RESTORE:
        result['notes'].append(MADE_STAY)
        return
    tmpfiles_override.sweep(module, options, result)
    result['in_place'] = undo(module, options, result, set(to_bytes(group) for group in merged(kept, chosen, 'absent')[0]))


def merged(items, default, state):
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
    if len(chosen) > 1 and state == 'present':
        raise remedy.RemedyError('remedy: some items ask for strip and some for restore_group, and an override holds for all '
                                 'groups of a file. Choose one for all. Nothing was changed.')
    return groups, gids, sorted(chosen or [default])[-1]   # to undo both, the overrides go, too


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


def group_of(number):
    """Return the name of the group that has a number, or None."""
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return None


def restore_groups(module, gids, result):
    """Create the missing groups with their numbers, as system groups. Fills `result`. Raises RemedyError."""
    missing = sorted(group for group, gid in result['groups'].items() if gid is None)
    for group in missing:
        if group not in gids:
            raise remedy.RemedyError('Group %s does not exist and gids has no number for it. Add one, or '
                                     'use tmpfiles_acl_remedy strip. Nothing was changed.' % group)
        holder = group_of(gids[group])
        if holder:
            raise remedy.RemedyError(
                'Group %s cannot be created with its number %d, which group %s has. That group may read what ACLs were meant for %s '
                'to read: give it another number first, or use tmpfiles_acl_remedy strip. Nothing was changed.'
                % (group, gids[group], holder, group))
        users = sorted(user.pw_name for user in pwd.getpwall() if user.pw_gid == gids[group] and user.pw_name != group)
        if users:
            raise remedy.RemedyError(
                'Group %s is not created with its number %d, because that is the group of users in /etc/passwd: %s. They could read what '
                'ACLs let %s read: give them another group first, or use tmpfiles_acl_remedy strip. Nothing was changed.'
                % (group, gids[group], ', '.join(users[:10]), group))
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


def strip(module, options, gids, result):
    """Remove the entries of missing groups. Fills `result`; returns the existing files of the remedy."""
    tool = tmpfiles_override.tool_of(module)
    directories, backup_dir = options['directories'], options['backup_dir']
    missing = set(to_bytes(group) for group, gid in result['groups'].items() if gid is None)
    plan = tmpfiles.plan(directories, missing, files.read_bytes)
    for change in plan.changes:
        override = tmpfiles.parse_override(change.after) if change.after else None
        if override:
            tmpfiles_override.demand_all_harmless(os.path.basename(change.path), files.read_bytes(override.source), override.edits)
    if missing:
        check(module, tool, directories, plan, missing)
    tmpfiles_override.tell(module, plan, directories, result)
    tmpfiles_override.write(module, plan.changes, options, result)
    tell_makers(module, result)
    stale(module, options, gids, result)
    edited = [path for paths in tmpfiles.layers(directories).values() for path in paths
              if files.original(path, backup_dir) is not None]
    return [path for path in plan.overrides + edited if os.path.lexists(path)]


def undo(module, options, result, staying=frozenset()):
    """Remove our overrides, and restore edited files, but for groups that stay left out (bytes). Fills `result`.

    Returns whether nothing stayed that somebody edited.
    """
    changes, notes = tmpfiles.undo(
        options['directories'], set(to_bytes(group) for group in result['groups']), files.read_bytes,
        lambda path: files.original(path, options['backup_dir']), staying,
        lambda path, content: remedy.lost(result, path, content, options['backup_dir']),
        lambda path, content: remedy.was_link(result, path, content, options['backup_dir']))
    result['notes'] += notes
    tmpfiles_override.write(module, changes, options, result)
    return not notes


def check(module, tool, directories, plan, missing):
    """Let systemd-tmpfiles read the new files. Raises RemedyError if it would still reject an ACL."""
    changes = dict((os.path.basename(change.path), change) for change in plan.changes if change.after is not None)
    gone = set(os.path.basename(change.path) for change in plan.changes if change.after is None)
    folder = tempfile.mkdtemp(dir=module.tmpdir)
    texts = []   # (path of the file, path of the text to read)
    for name, paths in sorted(tmpfiles.layers(directories).items()):
        if name in changes:
            texts.append((changes[name].path, os.path.join(folder, name)))
            files.write_atomic(None, texts[-1][1], changes[name].after)
        elif paths[0] not in plan.kept and os.path.isfile(paths[name in gone]):
            texts.append((paths[name in gone], paths[name in gone]))
    if not texts:
        return
    for acl in tmpfiles.rejected_acls(tmpfiles_override.complaints(tool, [text for _path, text in texts])):
        if tmpfiles.mentions(acl, missing):
            where = [path for path, text in texts if acl in files.read_bytes(text)]
            raise remedy.RemedyError(
                'systemd-tmpfiles would still reject the ACL "%s" in %s, written in a way that this module does not take '
                'apart. Correct that line by hand. Nothing was changed.' % (to_text(acl, errors='replace'), ', '.join(where)))


def tell_makers(module, result):
    """Add a note for each missing group that systemd-sysusers would make again."""
    if module.get_bin_path('systemd-sysusers') is None:
        return
    for group in sorted(group for group, gid in result['groups'].items() if gid is None):
        lines = sysusers.makers(to_bytes(group), files.read_bytes, sysusers.DIRECTORIES)
        if lines:
            numbers = sorted(set(number for _path, _line, number in lines if number is not None))
            result['notes'].append(
                '%s has systemd-sysusers make group %s again, with %s, when a package brings a file of sysusers.d, or at a boot after an '
                'update. Make the group again now (tmpfiles_acl_remedy restore_group), or override that file in /etc/sysusers.d.' % (
                    ', '.join('%s, line %d' % line[:2] for line in lines), group,
                    'number %d' % numbers[0] if numbers else 'any number that is free'))


def stale(module, options, gids, result):
    """Tell of ACL entries that files still have for the numbers of missing groups, or remove them. Fills `result`.

    They are looked for below the paths of the lines that name the group, also of those that an override hides.
    """
    texts = []
    for paths in tmpfiles.layers(options['directories']).values():
        for path in paths:
            texts += [text for text in (files.read_bytes(path) if os.path.isfile(path) else None,
                                        files.original(path, options['backup_dir'])) if text]
    for group in sorted(group for group, gid in result['groups'].items() if gid is None and group in gids):
        named = set(path for text in texts for path in tmpfiles.acl_paths(text, set([to_bytes(group)])))
        number, holder = gids[group], group_of(gids[group])
        for root in stale_acls.roots(to_native(path, errors='surrogate_or_strict') for path in named):
            found = stale_acls.look(root, number)
            if not found.whole:
                result['notes'].append('Only %d files and directories below %s were looked at for ACL entries of group %s.' % (
                    found.looked_at, root, group))
            if found.paths:
                result['stale_acls'].append(dict(path=root, group=group, number=number, files=len(found.paths)))
                settle(module, options['remove_stale'], group, number, holder, found, result)


def settle(module, remove, group, number, holder, found, result):
    """Tell of the ACL entries that were Found below a path, or remove them. Fills `result`."""
    if remove and holder is None:
        gone, failed = [], []
        for path in found.paths:
            try:
                if not module.check_mode:
                    stale_acls.remove(path, number)
            except files.FileError as error:   # below a directory of a user, who shall not end the run
                failed.append(remedy.error_message(error))
                continue
            gone.append(path)
            if len(gone) == 1:
                remedy.report(result, found.root, 'acl', to_bytes('ACL entries of group:%d on %d files and directories\n' % (
                    number, len(found.paths))), b'')
        result['notes'] += failed[:1]
        result['notes'].append('ACL entries for number %d, which group %s had, were on %d files and directories below %s. They are removed '
                               'from %d of these, and no rollback brings them back.' % (number, group, len(found.paths), found.root, len(gone)))
        return
    quoted = found.root if re.match(r'[A-Za-z0-9/._@+=:-]+\Z', found.root) else "'%s'" % found.root.replace("'", "'\\''")
    # As the search did: no link is followed, and no other file system entered.
    command = 'find %s -xdev ! -type l -exec setfacl -n -x g:%d,d:g:%d {} +' % (quoted, number, number)
    result['notes'].append('ACL entries for number %d, which group %s had, are still on %d files and directories below %s. ' % (
        number, group, len(found.paths), found.root) + (
            'Whoever gets that number may read them. To remove them, run %s, or set tmpfiles_acl_remove_stale.' % command if holder is None else
            'Group %s has that number now, and may read them. To remove them, run %s.' % (holder, command)))
