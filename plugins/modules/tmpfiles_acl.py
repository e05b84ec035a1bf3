#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: tmpfiles_acl
short_description: Take ACL entries of groups that do not exist out of tmpfiles.d
version_added: 0.1.0
description:
  - C(systemd-tmpfiles) logs C(Failed to parse ACL) at boot and once a day for each ACL line that names a group which
    does not exist, and applies nothing of that line, so groups that do exist lose their access too.
  - This module leaves the entries of such groups out and keeps everything else byte for byte. A line without any entry
    left goes.
  - A vendor file is not touched. A file of the same name in the first directory, C(/etc/tmpfiles.d), replaces all of
    it; its header names the vendor file and holds its checksum.
  - A file that is the administrator's own, in the first directory, is edited in place after its first original was
    kept. So is a file below C(/run), which lasts until the next boot.
  - An override is written anew when the vendor file changed, and a warning says so. It stays when its group comes back,
    with a note, until O(state=absent) takes it away.
  - Before anything is written, the real C(systemd-tmpfiles) reads all files as they will be, with C(--prefix) set to a
    path that no line has. It then parses each line and applies none, in every release from systemd 219 on. When it
    would still reject an ACL for a missing group, the module fails and names the file.
options:
  groups:
    description: Groups whose entries are left out where they do not exist on the host. Names, not numbers.
    type: list
    elements: str
    default: [adm]
  state:
    description:
      - With V(present), no file that counts has an entry of a missing group.
      - With V(absent), overrides that this module wrote are removed and files that it edited get their original back.
        What somebody edited since stays, with a note.
    type: str
    choices: [present, absent]
    default: present
  directories:
    description:
      - The directories that C(systemd-tmpfiles) reads, the one that counts first. Overrides are written to the first.
    type: list
    elements: path
    default: [/etc/tmpfiles.d, /run/tmpfiles.d, /usr/local/lib/tmpfiles.d, /usr/lib/tmpfiles.d]
  backup_dir:
    description: Where the first original of an edited file is kept, under its absolute path.
    type: path
    default: /var/lib/log_hygiene/backup
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - loghygiene.rhel.host_lock
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: linux
notes:
  - Needs root and C(systemd-tmpfiles).
  - ACL entries that files carry already are not changed. They keep the number of a deleted group.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Leave the entries of group adm out where the group was deleted
  loghygiene.rhel.tmpfiles_acl:

- name: Give the vendor files their say back
  loghygiene.rhel.tmpfiles_acl:
    state: absent
'''

RETURN = r'''
groups:
  description: Each of O(groups), its number or null where it does not exist.
  type: dict
  returned: always
  sample: {adm: null}
files:
  description: What was written, removed or put back, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    action:
      description: One of V(override), V(edit), V(remove), V(restore).
      type: str
overrides:
  description: Overrides of this module that are in place after the call.
  type: list
  elements: str
  returned: always
  sample: [/etc/tmpfiles.d/systemd.conf]
vendor_changed:
  description: Vendor files that changed since they were overridden. Their overrides were made anew.
  type: list
  elements: str
  returned: always
in_place:
  description: Whether the state asked for is there now. False in check mode where something would change.
  type: bool
  returned: always
in_place_since:
  description: The newest modification time of the files that carry the remedy, in UTC, or null when there are none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
'''

import grp
import os
import re
import tempfile

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.text.converters import to_bytes, to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils import files, host_lock, process, tmpfiles

# No line has a path below this one, so systemd-tmpfiles parses all of them and applies none.
NO_PATH = '/no-line-of-tmpfiles.d-has-this-path'


def main():
    module = AnsibleModule(
        argument_spec=dict(
            groups=dict(type='list', elements='str', default=['adm']),
            state=dict(type='str', choices=['present', 'absent'], default='present'),
            directories=dict(type='list', elements='path', default=list(tmpfiles.DIRECTORIES)),
            backup_dir=dict(type='path', default=files.BACKUP_ROOT),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    groups = module.params['groups']
    for group in groups:
        if not re.match(r'[^\W\d][^:,\s]*\Z', group):
            module.fail_json(msg='groups: %r is not the name of a group.' % group)
    result = dict(changed=False, groups=dict((group, gid_of(group)) for group in groups), files=[], overrides=[],
                  vendor_changed=[], notes=[], diff=[])
    try:
        with host_lock.held(module, 'tmpfiles_acl'):
            ours = [path for paths in tmpfiles.layers(module.params['directories']).values() for path in paths
                    if not path.startswith('/usr/lib/')]
            files.sweep_for(module, ours, module.params['backup_dir'], result)
            carriers = (strip if module.params['state'] == 'present' else undo)(module, result)
        result['in_place_since'] = files.modified_at(carriers)
    except (files.FileError, EnvironmentError) as error:
        module.fail_json(msg=str(error), **result)
    result['in_place'] = not (module.check_mode and result['changed'])
    module.exit_json(**result)


def gid_of(group):
    """The number of a group as the host's name services know it, None when there is no such group."""
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        return None


def strip(module, result):
    """state=present. Fills `result`; returns the paths of the existing files that carry the remedy."""
    tool = module.get_bin_path('systemd-tmpfiles')
    if tool is None:
        module.fail_json(
            msg='systemd-tmpfiles is not installed: nothing on this host reads tmpfiles.d, so this remedy has nothing '
                'to mend. Leave the host out of it. Nothing was changed.')
    directories, backup_dir = module.params['directories'], module.params['backup_dir']
    missing = set(to_bytes(group) for group, gid in result['groups'].items() if gid is None)
    plan = tmpfiles.plan(directories, missing, files.read_bytes)
    if missing:
        check(module, tool, plan, missing)
    result.update(overrides=plan.overrides, vendor_changed=plan.vendor_changed, notes=result['notes'] + plan.notes)
    for path in plan.vendor_changed:
        module.warn('%s changed since it was overridden in %s; the override was made anew: compare them.'
                    % (path, directories[0]))
    for change in plan.changes:
        ours = change.path in plan.overrides
        if not module.check_mode:
            files.make_directory(module, os.path.dirname(change.path))
            if not ours:
                files.backup(change.path, backup_dir, module)
            files.write_atomic(module, change.path, change.after)
        report(result, change.path, 'override' if ours else 'edit', change.before, change.after)
    edited = [path for paths in tmpfiles.layers(directories).values() for path in paths
              if files.original(path, backup_dir) is not None]
    return [path for path in plan.overrides + edited if os.path.lexists(path)]


def undo(module, result):
    """state=absent. Fills `result`; returns no paths: nothing carries the remedy then."""
    backup_dir = module.params['backup_dir']
    overrides, edited, notes = tmpfiles.undo(
        module.params['directories'], set(to_bytes(group) for group in result['groups']), files.read_bytes,
        lambda path: files.original(path, backup_dir))
    result['notes'] += notes
    for path in overrides:
        before = files.read_bytes(path)
        if not module.check_mode:
            files.remove(path)
        report(result, path, 'remove', before, None)
    for path in edited:
        before, after = files.read_bytes(path), files.original(path, backup_dir)
        if not module.check_mode:
            files.restore(path, backup_dir, module)
        report(result, path, 'restore', before, after)
    return []


def report(result, path, action, before, after):
    """Note one file that is done, so that a later failure still tells what came before it."""
    result['changed'] = True
    result['files'].append(dict(path=path, action=action))
    result['diff'].append(dict(
        before_header=path if before is not None else '%s (absent)' % path,
        after_header=path if after is not None else '%s (absent)' % path,
        before=to_text(before or b'', errors='replace'), after=to_text(after or b'', errors='replace')))


def check(module, tool, plan, missing):
    """Let systemd-tmpfiles read every file as it will be; fail when it would still reject an ACL for a group."""
    changes = dict((os.path.basename(change.path), change) for change in plan.changes)
    folder = tempfile.mkdtemp(dir=module.tmpdir)
    texts = []   # (path of the file, path of the text to read)
    for name, paths in sorted(tmpfiles.layers(module.params['directories']).items()):
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
        module.fail_json(msg='systemd-tmpfiles could not check what would be written: %s. Nothing was changed.'
                             % error.strerror)
    if status < 0:
        module.fail_json(msg='systemd-tmpfiles could not check what would be written. Nothing was changed.', rc=status,
                         stderr=to_text(stderr, errors='replace'))
    for acl in tmpfiles.rejected_acls(stdout + stderr):
        if tmpfiles.mentions(acl, missing):
            where = [path for path, text in texts if acl in files.read_bytes(text)]
            module.fail_json(
                msg='systemd-tmpfiles would still reject the ACL "%s" in %s, written in a way that this module does '
                    'not take apart. Mend that line by hand. Nothing was changed.'
                    % (to_text(acl, errors='replace'), ', '.join(where)))


if __name__ == '__main__':
    main()
