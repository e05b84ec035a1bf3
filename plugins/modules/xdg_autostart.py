#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: xdg_autostart
short_description: Keep programs from starting at a graphical login
version_added: 0.1.0
description:
  - Sets C(Hidden=true) and C(X-GNOME-Autostart-enabled=false) in the C([Desktop Entry]) group of autostart files, in
    place, and keeps every other byte.
  - C(gnome-session) obeys both keys, C(systemd-xdg-autostart-generator) only the first one.
  - A file that does not exist starts nothing and is no error.
  - A symbolic link is replaced by a file with the edited text. What it leads to is not touched.
  - The first original of each file is kept. All files are read before the first one is written.
options:
  items:
    description: What to keep from starting.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      names:
        description: Autostart files, as names in O(directory) or as absolute paths. Each ends in C(.desktop).
        type: list
        elements: str
        required: true
      unit:
        description:
          - A user unit of systemd that may start the program instead. Where it is there and not masked, an autostart file
            does nothing, so the remedy is not in place, and a note says what to do.
        type: str
      program:
        description: The name of the program, for the notes.
        type: str
      note:
        description: What the operator should know where the files are disabled.
        type: str
  state:
    description:
      - With V(present), the files are disabled.
      - With V(absent), files that this module edited get their original back, byte for byte. What somebody edited since
        stays, with a note.
    type: str
    choices: [present, absent]
    default: present
  directory:
    description: Where the names are looked up.
    type: path
    default: /etc/xdg/autostart
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
  - Needs root.
  - It takes effect at the next login. A program that runs already goes on running.
  - The packages of RHEL do not mark these files as configuration. An upgrade puts the vendor's text back; run this
    again then.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Keep gnome-software from starting at login
  loghygiene.rhel.xdg_autostart:
    items:
      - signature_id: gnome-software-refresh-failed
        names:
          - gnome-software-service.desktop
          - org.gnome.Software.desktop

- name: Let it start again
  loghygiene.rhel.xdg_autostart:
    items:
      - signature_id: gnome-software-refresh-failed
        names: [org.gnome.Software.desktop]
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
      description: V(edit) or V(restore).
      type: str
requires:
  description: What has to happen before the remedy takes effect, V(login).
  type: str
  returned: always
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
missing:
  description: Paths that do not exist.
  type: list
  elements: str
  returned: always
'''

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, xdg_autostart


def main():
    remedy.run(AnsibleModule(argument_spec=remedy.arguments(xdg_autostart, env_fallback), supports_check_mode=True),
               xdg_autostart)


if __name__ == '__main__':
    main()
