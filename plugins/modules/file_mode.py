#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: file_mode
short_description: Take permissions from unit files that systemd complains of
version_added: 0.1.0
description:
  - Takes the permission to execute, or that of everybody to write, from unit files and their drop-ins in
    C(/etc/systemd/system) and C(/etc/systemd/user) of which systemd logs that they are marked executable, or world-writable,
    each time that it reads them.
  - systemd looks at the mode of the file, so the files that it names are those that have such a mode.
  - The modes that they had are kept in a file of the module, and come back with O(state=absent).
  - A file in another folder, such as C(/usr/lib/systemd/system), a link to a file elsewhere, and a file with several names (hard
    links) are left alone, with a note that says what to do.
options:
  items:
    description: What to take, an item for each signature.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      bits:
        description: What systemd complains of. V(executable) takes that from all, V(world_writable) the permission of others to write.
        type: str
        choices: [executable, world_writable]
        default: executable
      paths:
        description: Unit files or drop-ins of them. Without any, all those that have such a mode.
        type: list
        elements: str
        default: []
  record:
    description: The file that has the modes that files had.
    type: path
    default: /var/lib/log_hygiene/modes.json
  state:
    description:
      - With V(present), none of the files has such a mode.
      - With V(absent), the files of the signatures of the items have the modes that they had, or all of them if there are no
        items. A file that was replaced since, or has got another mode, stays as it is, with a note.
    type: str
    choices: [present, absent]
    default: present
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
  - Requires root.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Take the permission to execute from unit files
  loghygiene.rhel.file_mode:
    items:
      - signature_id: unit-file-executable

- name: Undo it
  loghygiene.rhel.file_mode:
    state: absent
'''

RETURN = r'''
in_place:
  description: Whether the requested state is in place. False in check mode if something would change, and where a file was left alone.
  type: bool
  returned: always
in_place_since:
  description: Modification time of the file that has the former modes, in UTC; null if there is none.
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
  description: The files whose mode was changed, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    action:
      description: V(mode).
      type: str
requires:
  description: What must happen before the remedy takes effect, V(none).
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
'''

from ansible.module_utils.basic import env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, file_mode


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(file_mode, env_fallback), supports_check_mode=True), file_mode)


if __name__ == '__main__':
    main()
