#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: tmpfiles_acl
short_description: Mend ACL lines of tmpfiles.d that name groups which do not exist
version_added: 0.1.0
description:
  - C(systemd-tmpfiles) logs C(Failed to parse ACL) at boot and once a day for each ACL line that names a group which
    does not exist, and applies nothing of that line, so groups that do exist lose their access too.
  - With V(strip), this module leaves the entries of such groups out and keeps everything else byte for byte. A line
    without any entry left goes.
  - A vendor file is not touched. A file of the same name in the first directory, C(/etc/tmpfiles.d), replaces all of
    it; its header names the vendor file and holds its checksum.
  - A file that is the administrator's own, in the first directory, is edited in place after its first original was
    kept. So is a file below C(/run), which lasts until the next boot.
  - An override is written anew when the vendor file changed, and a note says so. It stays when its group comes back,
    with a note, until O(state=absent) takes it away.
  - Before anything is written, the real C(systemd-tmpfiles) reads all files as they will be, with C(--prefix) set to a
    path that no line has. It then parses each line and applies none, in every release from systemd 219 on. When it
    would still reject an ACL for a missing group, the module fails and names the file.
  - With V(restore_group), the groups are made again instead, and overrides of an earlier V(strip) are taken away.
options:
  items:
    description: What to mend.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      groups:
        description: The groups this is about. Those that exist on the host are left alone. Names, not numbers.
        type: list
        elements: str
        required: true
      gids:
        description: The number of each group that V(restore_group) may make, as RHEL's setup package has it.
        type: dict
        default: {adm: 4, wheel: 10}
      remedy:
        description: Instead of O(remedy). All items of a call have the same.
        type: str
        choices: [strip, restore_group]
  remedy:
    description:
      - With V(strip), the entries of missing groups are left out.
      - With V(restore_group), the missing groups are made again, and overrides that V(strip) wrote are taken away.
    type: str
    choices: [strip, restore_group]
    default: strip
  state:
    description:
      - With V(present), no line names a group that does not exist.
      - With V(absent), overrides that this module wrote are removed and files that it edited get their original back.
        What somebody edited since stays, with a note. Groups that were made stay.
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
  - Needs root and C(systemd-tmpfiles); with V(restore_group), C(groupadd).
  - ACL entries that files carry already are not changed. They keep the number of a deleted group.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Leave the entries of group adm out where the group was deleted
  loghygiene.rhel.tmpfiles_acl:
    items:
      - signature_id: tmpfiles-acl-missing-group
        groups: [adm]

- name: Give the vendor files their say back
  loghygiene.rhel.tmpfiles_acl:
    items:
      - signature_id: tmpfiles-acl-missing-group
        groups: [adm]
    state: absent
'''

RETURN = r'''
in_place:
  description: Whether the state asked for is there now. False in check mode where something would change.
  type: bool
  returned: always
in_place_since:
  description: The newest modification time of the files that carry the remedy, in UTC, or null when there are none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
signatures:
  description: The signature of each item, in their order.
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
  description: What was changed, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    action:
      description: V(override), V(edit), V(remove) or V(restore).
      type: str
requires:
  description: What has to happen before the remedy takes effect, V(boot).
  type: str
  returned: always
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
groups:
  description: Each group of the items, its number or null where it does not exist.
  type: dict
  returned: always
  sample: {adm: null}
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
'''

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, tmpfiles_acl


def main():
    remedy.run(AnsibleModule(argument_spec=remedy.arguments(tmpfiles_acl, env_fallback), supports_check_mode=True),
               tmpfiles_acl)


if __name__ == '__main__':
    main()
