#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: desktop_autostart
short_description: Keep programs of the desktop from being started by anything but a person
version_added: 0.1.0
description:
  - Disables autostart files with C(Hidden=true) and C(X-GNOME-Autostart-enabled=false) in the C([Desktop Entry]) group, in
    place, and keeps every other byte. C(gnome-session) obeys both keys, C(systemd-xdg-autostart-generator) only the first one.
  - Masks user units, overrides services of the D-Bus of a session and search providers of gnome-shell below
    C(/usr/local/share), and sets and locks keys of dconf below C(/etc/dconf/db/local.d).
  - What a host does not have is not an error, and nothing is written for it. No file below C(/usr/share) and C(/usr/lib) is
    changed.
  - All parts are planned before the first one is changed.
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
        default: []
      unit:
        description:
          - A user unit of systemd that starts the program. Where it exists, it is masked for all users.
          - Units that serve logging, access, time or protection are refused.
        type: str
      dbus_names:
        description:
          - Names on the D-Bus of a session that start the program. Where the vendor has a service for one, it is overridden
            by one that fails at once, so a person who opens the program from the menu does not get it either.
          - Where the bus is dbus-broker, they are left alone, with a note, because it logs an error at each login for each
            service that is overridden.
        type: list
        elements: str
        default: []
      dbus_always:
        description: Override O(items[].dbus_names) also where the bus is dbus-broker.
        type: bool
        default: false
      search_providers:
        description:
          - Search providers of gnome-shell, as names of C(.ini) files. Where the vendor has one, it is overridden by the same
            with C(AutoStart=false) and C(DefaultDisabled=true).
        type: list
        elements: str
        default: []
      settings:
        description:
          - Settings of dconf that all users get and none can change. They are left out, with a note, where the host has no
            dconf, where C(/etc/dconf/profile/user) does not name C(system-db:local), and where no program has the setting.
        type: list
        elements: dict
        default: []
        suboptions:
          key:
            description: The setting, such as V(/org/gnome/software/allow-updates).
            type: str
            required: true
          value:
            description: V(true), V(false), a number, or a text in single quotes.
            type: str
            required: true
      package:
        description: The package of the program.
        type: str
      remove_package:
        description:
          - Remove O(items[].package). It is refused if another package needs it. O(state=absent) does not bring it back.
        type: bool
        default: false
      program:
        description: The name of the program, for the notes.
        type: str
      note:
        description: A note for the operator, returned if something starts the program without this.
        type: str
  state:
    description:
      - With V(present), nothing starts the programs by itself.
      - With V(absent), files that this module edited are restored byte for byte, its overrides and settings are removed, and
        units are what they were. A file that somebody edited since then is left alone, with a note.
    type: str
    choices: [present, absent]
    default: present
  directory:
    description: Directory in which names of autostart files are looked up.
    type: path
    default: /etc/xdg/autostart
  backup_dir:
    description: Directory for the original of an edited file, under its absolute path.
    type: path
    default: /var/lib/log_hygiene/backup
  state_dir:
    description: Directory for what the units were, as M(loghygiene.rhel.unit_state) has it.
    type: path
    default: /var/lib/log_hygiene/units
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
  - The packages of RHEL do not mark autostart files as configuration. An upgrade restores the vendor's text; run the module
    again after it. An autostart file that is a symbolic link is replaced by a file; what it led to is not changed.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Keep gnome-software from being started by anything but a person
  loghygiene.rhel.desktop_autostart:
    items:
      - signature_id: gnome-software-refresh-failed
        names:
          - gnome-software-service.desktop
          - org.gnome.Software.desktop
        unit: gnome-software.service
        dbus_names: [org.gnome.Software, org.freedesktop.PackageKit]
        search_providers: [org.gnome.Software-search-provider.ini]
        settings:
          - {key: /org/gnome/software/allow-updates, value: "false"}

- name: Let it start again
  loghygiene.rhel.desktop_autostart:
    items:
      - signature_id: gnome-software-refresh-failed
        names:
          - gnome-software-service.desktop
          - org.gnome.Software.desktop
        unit: gnome-software.service
        dbus_names: [org.gnome.Software, org.freedesktop.PackageKit]
        search_providers: [org.gnome.Software-search-provider.ini]
    state: absent
'''

RETURN = r'''
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: always
in_place_since:
  description: Newest modification time of what carries the remedy, in UTC; null if there is nothing.
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
  description: Files and links that were changed, or would be in check mode, and packages.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file, or C(package) and the name of the package.
      type: str
    action:
      description: V(edit), V(create), V(remove), V(restore), V(mask) or V(unmask).
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
  description: Paths of autostart files of the items that do not exist.
  type: list
  elements: str
  returned: always
units:
  description: User units that were changed, as M(loghygiene.rhel.unit_state) returns them.
  type: list
  elements: dict
  returned: always
'''

from ansible.module_utils.basic import env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, desktop_autostart


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(desktop_autostart, env_fallback), supports_check_mode=True),
               desktop_autostart)


if __name__ == '__main__':
    main()
