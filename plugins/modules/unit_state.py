#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: unit_state
short_description: Disable or mask units of systemd, and bring back what they were
version_added: 0.1.0
description:
  - Disables or masks services, timers, sockets and paths, of the system or of all users, by C(systemctl).
  - A unit of the system that runs is stopped. With O(state=absent) it is started again, if it ran before.
  - What a unit was is kept in O(state_dir) before it is changed. A run that was killed is finished by the next one.
  - A unit that does not exist is not an error. One that is disabled or masked already is left as it is, and so it stays
    with O(state=absent).
  - Units that serve logging, access, time or protection are refused, also by another name, and so is what these need
    or what starts them. Among them are C(systemd-journald), C(rsyslog), C(auditd), C(sshd), C(dbus), C(systemd-logind),
    C(NetworkManager), C(chronyd) and C(firewalld).
  - Nothing is changed before all items were checked.
options:
  items:
    description: The units.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      unit:
        description:
          - The full name of a service, timer, socket or path, with its suffix. An instance of a template may be named, a
            template may not. Patterns are refused.
        type: str
        required: true
      state:
        description:
          - With V(disabled), nothing starts it at the boot. Another unit, or D-Bus, may still start it.
          - With V(masked), nothing can start it. Units that have no C([Install]) section can only be masked.
          - V(masked) is refused where C(/etc/systemd) has a file of that name, which the mask would have to replace.
        type: str
        choices: [disabled, masked]
        default: disabled
      scope:
        description:
          - V(system) is a unit of the system, V(global) a user unit, for all users (C(systemctl --global)).
          - A change of V(global) takes effect at the next login. What runs is not stopped.
        type: str
        choices: [system, global]
        default: system
  state:
    description:
      - With V(present), the units are disabled or masked.
      - With V(absent), units that this module changed get their links back and are started if they ran. A unit that
        somebody changed in another way since then is left alone, with a note.
    type: str
    choices: [present, absent]
    default: present
  state_dir:
    description: Directory for what the units were, a file each. Only root can read it.
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
  - Requires root, and for units of the system a running systemd.
  - C(systemctl disable) takes the units behind C(Also=) with it. A note names them; O(state=absent) brings them back.
  - An update of a package may enable a unit again. Run the module again after it, or use V(masked).
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Keep dnf from looking for updates where there is no way to the Internet
  loghygiene.rhel.unit_state:
    items:
      - signature_id: dnf-makecache-failed
        unit: dnf-makecache.timer

- name: Keep a user unit from starting at the login of anybody
  loghygiene.rhel.unit_state:
    items:
      - signature_id: gnome-software-refresh-failed
        unit: gnome-software.service
        state: masked
        scope: global

- name: Bring the timer back to what it was
  loghygiene.rhel.unit_state:
    items:
      - signature_id: dnf-makecache-failed
        unit: dnf-makecache.timer
    state: absent
'''

RETURN = r'''
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: always
in_place_since:
  description: Newest modification time of what is kept and of the links that mask, in UTC; null if there are none.
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
  description: Links that were changed, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The link.
      type: str
    action:
      description: V(mask), V(unmask), V(remove) or V(restore).
      type: str
units:
  description: Units that were changed, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    unit:
      description: Its name.
      type: str
    scope:
      description: V(system) or V(global).
      type: str
    before:
      description: What C(systemctl is-enabled) says of it (C(enabled)), and whether it runs (C(active), null for a user unit).
      type: dict
    after:
      description: The same after the change.
      type: dict
requires:
  description: What must happen before the remedy takes effect, V(none), or V(login) with a user unit.
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
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, unit_state


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(unit_state, env_fallback), supports_check_mode=True),
               unit_state)


if __name__ == '__main__':
    main()
