#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: unit_drop_in
short_description: Change settings of units of systemd
version_added: 0.1.0
description:
  - Owns one drop-in for each unit, C(/etc/systemd/system/UNIT.d/50-log_hygiene.conf), or C(/etc/systemd/user/...) for user
    units. It has the settings, and above each the signatures that it is for.
  - Settings of signatures that the items do not name stay, with a note. Items that contradict each other are refused.
  - C(systemd-analyze verify) judges the drop-in first. What it complains of then, and does not without it, is refused, such as
    a setting that this systemd does not have, or a program that is not there.
  - A drop-in that is read later and has it that a setting does not count is refused. The message names file and line.
  - Systemd reads its units anew, and is asked whether it has the drop-in. A unit that runs is restarted if an item says so. If
    it does not stay up, everything is as it was, and the module fails.
  - Settings that say what is logged, with which rights a program runs, or what keeps it apart from the rest of the host are not
    made, and units that serve logging, access, time or protection are left alone. The role's README lists them.
  - Where a unit does not exist or is masked, nothing is done, with a note.
options:
  items:
    description: The settings.
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
          - The full name of a service, timer, socket or path, with its suffix. An instance of a template may be named.
        type: str
        required: true
      scope:
        description: A unit of the system, or a user unit for all users.
        type: str
        choices: [system, global]
        default: system
      section:
        description: The section, V(Unit), or that of the kind of the unit, such as V(Service).
        type: str
        required: true
      key:
        description: The name of the setting.
        type: str
        required: true
      value:
        description:
          - Its value, a text, a number or a boolean. Of a list, each makes a line; an empty text clears what was set before, as
            C(ExecStart) needs it.
        type: raw
        required: true
      restart:
        description:
          - Whether a unit of the system that runs is restarted when its drop-in changed. Else it takes effect when the unit is
            started the next time.
        type: bool
        default: false
  state:
    description:
      - With V(present), the drop-ins have the settings of the items.
      - With V(absent), the settings of the signatures of the items are removed, or all drop-ins of this module if there are no
        items. A drop-in that is empty then is removed, and its folder if there was none before.
      - A drop-in that somebody edited stays. With V(present), the module fails then; with V(absent), a note says so.
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
- name: Have the agent wait longer before it tries again
  loghygiene.rhel.unit_drop_in:
    items:
      - signature_id: acme-agent-no-licence
        unit: acme-agent.service
        section: Service
        key: RestartSec
        value: 15min

- name: Start rtkit without its watchdog, and restart it if it runs
  loghygiene.rhel.unit_drop_in:
    items:
      - signature_id: rtkit-canary-starving
        unit: rtkit-daemon.service
        section: Service
        key: ExecStart
        value: ["", /usr/libexec/rtkit-daemon --no-canary]
        restart: true

- name: Undo all of it
  loghygiene.rhel.unit_drop_in:
    state: absent
'''

RETURN = r'''
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: always
in_place_since:
  description: Modification time of the newest drop-in of the remedy, in UTC; null if there is none.
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
  description: The drop-ins that were changed, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    action:
      description: V(create), V(edit) or V(remove).
      type: str
requires:
  description:
    - What must happen before the remedy takes effect. V(none) where each unit has an item with O(items[].restart), V(login) with a user unit,
      else V(restart).
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
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, unit_drop_in


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(unit_drop_in, env_fallback), supports_check_mode=True), unit_drop_in)


if __name__ == '__main__':
    main()
