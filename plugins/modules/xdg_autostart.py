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
  - A file that does not exist is not an error.
  - A symbolic link is replaced by a file with the edited text. Its target is not changed.
  - The original of each file is backed up. All files are read before the first one is written.
options:
  items:
    description: The programs to keep from starting.
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
          - A user unit of systemd that may start the program instead. If it exists and is not masked, disabling the
            autostart file has no effect. The remedy is then not in place, and a note says what to do.
        type: str
      program:
        description: The name of the program, for the notes.
        type: str
      note:
        description: A note for the operator, returned if the files are disabled.
        type: str
  state:
    description:
      - With V(present), the files are disabled.
      - With V(absent), files that this module edited are restored byte for byte. A file that somebody edited since then
        is left alone, with a note.
    type: str
    choices: [present, absent]
    default: present
  directory:
    description: Directory in which names are looked up.
    type: path
    default: /etc/xdg/autostart
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
  - Requires root.
  - The change takes effect at the next login. A running program is not stopped.
  - The packages of RHEL do not mark these files as configuration. An upgrade restores the vendor's text; run the module
    again after it.
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
      description: V(edit) or V(restore).
      type: str
requires:
  description: What must happen before the remedy takes effect, V(login).
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
missing:
  description: Paths of the items that do not exist.
  type: list
  elements: str
  returned: always
'''

from ansible.module_utils.basic import env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, xdg_autostart


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(xdg_autostart, env_fallback), supports_check_mode=True),
               xdg_autostart)


if __name__ == '__main__':
    main()
