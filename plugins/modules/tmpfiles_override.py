#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: tmpfiles_override
short_description: Leave lines of tmpfiles.d out, or change them
version_added: 0.1.0
description:
  - Overrides a vendor's file of C(tmpfiles.d) by a copy in C(/etc/tmpfiles.d) in which named lines, or ACL entries, are left
    out or changed. Everything else stays byte for byte. Its header names the vendor's file, holds its checksum, and says what
    was changed for which signature.
  - An override is rewritten if the vendor's file changed, and removed if that needs none any more. A note says so. In check
    mode, and in a survey, the note says that the override hides what is new.
  - An override that somebody edited, and a file of the administrator's own, is left alone. The module fails if it is asked to
    change one.
  - Before anything is written, C(systemd-tmpfiles) reads the new text and the vendor's with C(--prefix) set to a path that no
    line has. It then parses each line and applies none. The module fails if it complains of more than it did.
  - Lines about logs, or about what the system needs to come up, are not left out, nor are those that set rights, labels and
    attributes of files or keep files from being cleaned away. A new line may have C(/run) for C(/var/run), fewer rights, root
    as the owner, no age, or fewer ACL entries, and is the same otherwise.
  - The module C(tmpfiles_acl) uses the same overrides. Both may change one file, and each undoes its own changes.
options:
  items:
    description: What to leave out or change.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      file:
        description: The name of the vendor's file, as in V(systemd.conf). A host without it is left alone.
        type: str
        required: true
      type:
        description: The type of the lines with its signs, as in V(a+). Goes with O(items[].path).
        type: str
      path:
        description: The path of the lines, as it stands there. Goes with O(items[].type).
        type: str
      acl:
        description:
          - The group or user whose ACL entries are left out, as in V(group:adm), of the lines with O(items[].type) and
            O(items[].path) or of all. A line that has no entry left goes.
        type: str
      line:
        description: The line in their place. Without it, and without O(items[].acl), the lines are left out.
        type: str
  state:
    description:
      - With V(present), the changes of the items are made.
      - With V(absent), the changes for the signatures of the items are undone, without items all of them. An override that
        nothing is left of is removed. One that somebody edited since is left alone, with a note.
    type: str
    choices: [present, absent]
    default: present
  directories:
    description:
      - The directories that C(systemd-tmpfiles) reads, in order of precedence. Overrides are written to the first.
    type: list
    elements: path
    default: [/etc/tmpfiles.d, /run/tmpfiles.d, /usr/local/lib/tmpfiles.d, /usr/lib/tmpfiles.d]
  backup_dir:
    description: Directory for originals. Beside it, a copy of what was written is kept.
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
  - Requires root and C(systemd-tmpfiles).
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Change a line of a file that names a legacy directory
  loghygiene.rhel.tmpfiles_override:
    items:
      - signature_id: acme-legacy-directory
        file: acme.conf
        type: d
        path: /var/run/acme
        line: d /run/acme 0755 root root -

- name: Leave out the ACL entries of a group
  loghygiene.rhel.tmpfiles_override:
    items:
      - signature_id: acme-acl
        file: acme.conf
        acl: group:acme

- name: Restore the vendor's files
  loghygiene.rhel.tmpfiles_override:
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
      description: V(override) or V(remove).
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
overrides:
  description: Overrides of this module that exist after the call.
  type: list
  elements: str
  returned: always
  sample: [/etc/tmpfiles.d/systemd.conf]
vendor_changed:
  description: Vendor files that changed since they were overridden. Their overrides were rewritten.
  type: list
  elements: str
  returned: always
'''

from ansible.module_utils.basic import env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, tmpfiles_override


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(tmpfiles_override, env_fallback), supports_check_mode=True),
               tmpfiles_override)


if __name__ == '__main__':
    main()
