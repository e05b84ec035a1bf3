#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: trigger_info
short_description: Tell when something happened that would have brought a message back
version_added: 0.1.0
description:
  - That a message is no longer there proves a remedy only when there was an occasion for it. This module finds the
    occasions in the journal.
  - Reads only.
author:
  - loghygiene contributors (@loghygiene)
options:
  triggers:
    description:
      - What to look for.
      - V(boot), a boot began.
      - V(login), a desktop session of a person began; logging in with ssh, and the login screen, are none. It counts
        only where root's process of gdm, lightdm, sddm, xrdp or TigerVNC opened the session, because a user can forge
        what the processes of the session say. A desktop that C(startx) or a unit of root begins is not seen.
      - C(unit:NAME), the system manager started the unit, or the unit finished. What a user's manager says is none.
    type: list
    elements: str
    required: true
  since:
    description:
      - Look at this time and later only, RFC 3339 as in V(2026-11-22T16:01:20+09:00), C(YYYY-MM-DD[ HH:MM[:SS]]) in the
        time zone of the host, or C(@SECONDS) since the epoch.
    type: str
  cursor:
    description:
      - Look at what came after this only, the RV(loghygiene.rhel.journal_scan#module:cursor) of a scan. Unlike O(since) it
        holds whatever was done to the clock. What it does not decide is left out.
    type: str
    default: ''
  directory:
    description:
      - Read the journal files in this directory, and in its folders named by a machine id, instead of the host's own
        journal.
    type: path
  past_boot:
    description:
      - Id of a boot whose occasions are not the ones to wait for. They are returned nevertheless.
    type: str
    default: ''
  wait:
    description:
      - Seconds to wait at most, for a host that has only just booted. The module waits until what O(wait_for) names has
        happened, or until the boot has finished without it.
    type: int
    default: 0
  wait_for:
    description:
      - What to wait for. Without it, each of O(triggers).
    type: list
    elements: dict
    suboptions:
      any_of:
        description: Triggers of which one will do.
        type: list
        elements: str
        required: true
      delay:
        description: Seconds that must have passed since.
        type: int
        default: 0
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: posix
    details:
      - RHEL and its relatives, 7 to 10, with Python 2.7 or 3.6 and later.
seealso:
  - module: loghygiene.rhel.journal_scan
'''

EXAMPLES = r'''
- name: Learn whether the directories were set up again since the fix
  loghygiene.rhel.trigger_info:
    triggers:
      - unit:systemd-tmpfiles-setup.service
      - login
    since: "2026-11-22T16:01:20Z"
  become: true
'''

RETURN = r'''
triggers:
  description: What was found of each trigger, in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    trigger:
      description: The trigger.
      type: str
    count:
      description: How often it happened.
      type: int
    first_seen:
      description: When it first did, RFC 3339 in UTC; null when it did not.
      type: str
    last_seen:
      description: When it last did; null when it did not.
      type: str
    boots:
      description: Ids of the boots it happened in.
      type: list
      elements: str
    runs:
      description: Each time it happened, the first thousand.
      type: list
      elements: dict
      contains:
        at:
          description: When.
          type: str
        boot_id:
          description: In which boot.
          type: str
        monotonic:
          description: When by the clock of the boot, which nobody can set, in microseconds.
          type: int
        elapsed:
          description: Seconds from then to the look, by the same clock; null in a boot that is over.
          type: float
now:
  description: When the module looked, RFC 3339 in UTC.
  returned: success
  type: str
errors:
  description: What of the journal could not be read. The rest was.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The file or directory, or V(journal) when journalctl does not say.
      type: str
    reason:
      description: Why, and what to do.
      type: str
'''

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.loghygiene.rhel.plugins.module_utils import triggers
from ansible_collections.loghygiene.rhel.plugins.module_utils.journal import JournalError


def main():
    module = AnsibleModule(
        argument_spec=dict(
            triggers=dict(type='list', elements='str', required=True),
            since=dict(type='str'),
            cursor=dict(type='str', default=''),
            directory=dict(type='path'),
            past_boot=dict(type='str', default=''),
            wait=dict(type='int', default=0),
            wait_for=dict(type='list', elements='dict', options=dict(
                any_of=dict(type='list', elements='str', required=True),
                delay=dict(type='int', default=0),
            )),
        ),
        mutually_exclusive=[('since', 'cursor')],
        supports_check_mode=True,
    )
    try:
        found = triggers.describe(module.get_bin_path('journalctl'), **module.params)
    except (JournalError, EnvironmentError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **found)


if __name__ == '__main__':
    main()
