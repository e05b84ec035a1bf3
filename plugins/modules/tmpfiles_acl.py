#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: tmpfiles_acl
short_description: Repair ACL lines of tmpfiles.d that name missing groups
version_added: 0.1.0
description:
  - C(systemd-tmpfiles) logs C(Failed to parse ACL) at boot and once a day for each ACL line that names a group that does
    not exist. It applies nothing of that line, so existing groups lose their access too.
  - With V(strip), this module removes the entries of such groups and keeps everything else byte for byte. A line that
    has no entry left is removed.
  - Vendor files are not changed. They are overridden by a file of the same name in the first directory,
    C(/etc/tmpfiles.d). Its header names the vendor file and holds its checksum.
  - A file of the administrator, in the first directory, is edited in place after its original is backed up. So is a file
    below C(/run), which lasts until the next boot.
  - An override is rewritten if the vendor file changed, and removed if that needs none any more. A note says so. In check
    mode, and in a survey, the note says that the override hides what is new. One that somebody edited is left alone.
  - If its group comes back, the override is kept, with a note, until O(state=absent) removes it. A note names the lines of
    C(sysusers.d) that would make the group again.
  - A note tells how many files below the paths of these lines have ACL entries for the number of a missing group, as in
    O(items[].gids). At most 20,000 files and directories below each path are looked at. Links are not followed, and other
    file systems are left out.
  - Before anything is written, C(systemd-tmpfiles) reads all files in their new form, with C(--prefix) set to a path
    that no line has. It then parses each line and applies none, in every release from systemd 219 on. If it would still
    reject an ACL for a missing group, the module fails and names the file.
  - With V(restore_group), the groups are created again instead, and overrides of an earlier V(strip) are removed.
options:
  items:
    description: What to repair.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      groups:
        description: Names of the groups. Groups that exist on the host are left alone.
        type: list
        elements: str
        required: true
      gids:
        description: The number of each group that V(restore_group) may create, as in the C(setup) package of RHEL.
        type: dict
        default: {adm: 4, wheel: 10}
      remedy:
        description: Overrides O(remedy). It must be the same for all items of a call.
        type: str
        choices: [strip, restore_group]
  remedy:
    description:
      - With V(strip), the entries of missing groups are removed.
      - With V(restore_group), the missing groups are created again, and overrides that V(strip) wrote are removed.
    type: str
    choices: [strip, restore_group]
    default: strip
  state:
    description:
      - With V(present), no line names a group that does not exist.
      - With V(absent), overrides that this module wrote are removed and files that it edited are restored. A file that
        somebody edited since then is left alone, with a note. Groups that were created are kept.
    type: str
    choices: [present, absent]
    default: present
  remove_stale:
    description:
      - Whether ACL entries for the numbers of missing groups are removed from files. They do not come back with
        O(state=absent). Where another group has the number, nothing is removed.
    type: bool
    default: false
  directories:
    description:
      - The directories that C(systemd-tmpfiles) reads, in order of precedence. Overrides are written to the first.
    type: list
    elements: path
    default: [/etc/tmpfiles.d, /run/tmpfiles.d, /usr/local/lib/tmpfiles.d, /usr/lib/tmpfiles.d]
  backup_dir:
    description: Directory for the original of an edited file, under its absolute path.
    type: path
    default: /var/lib/log_hygiene/backup
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - loghygiene.rhel.host_lock
  - loghygiene.rhel.remedy
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: linux
notes:
  - Requires root and C(systemd-tmpfiles), and C(groupadd) with V(restore_group).
  - A group is not created with a number that another group, or a user as the main group, has.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Remove the entries of group adm if the group was deleted
  loghygiene.rhel.tmpfiles_acl:
    items:
      - signature_id: tmpfiles-acl-missing-group
        groups: [adm]

- name: Restore the vendor files
  loghygiene.rhel.tmpfiles_acl:
    items:
      - signature_id: tmpfiles-acl-missing-group
        groups: [adm]
    state: absent
'''

RETURN = r'''
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: always
in_place_since:
  description: Newest modification time of the files of the remedy, in UTC; null if there are none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
signatures:
  description: The signature of each item, in the order of the items.
  type: list
  elements: dict
  returned: always
  contains:
    signature_id:
      description: The signature.
      type: str
    in_place:
      description: Whether its remedy is in place.
      type: bool
files:
  description: Files that were changed, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    action:
      description: V(override), V(edit), V(remove), V(restore) or V(acl).
      type: str
requires:
  description: What must happen before the remedy takes effect, V(boot).
  type: str
  returned: always
edited:
  description: Files that somebody edited since this module wrote them, and that stay with O(state=absent).
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: Its path.
      type: str
    diff:
      description: The lines of a unified diff, from what was written to what is there.
      type: list
      elements: str
notes:
  description: Notes for the operator.
  type: list
  elements: str
  returned: always
groups:
  description: The number of each group of the items; null if the group does not exist.
  type: dict
  returned: always
  sample: {adm: null}
overrides:
  description: Overrides of this module that exist after the call.
  type: list
  elements: str
  returned: always
  sample: [/etc/tmpfiles.d/systemd.conf]
stale_acls:
  description: Paths below which files have, or had, ACL entries for the number of a missing group.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The path.
      type: str
    group:
      description: The group.
      type: str
    number:
      description: Its number.
      type: int
    files:
      description: How many files and directories.
      type: int
vendor_changed:
  description: Vendor files that changed since they were overridden. Their overrides were rewritten.
  type: list
  elements: str
  returned: always
'''

from ansible.module_utils.basic import env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, tmpfiles_acl


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(tmpfiles_acl, env_fallback), supports_check_mode=True),
               tmpfiles_acl)


if __name__ == '__main__':
    main()
