#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: trigger_info
short_description: Find when something happened that would have caused a message again
version_added: 0.1.0
description:
  - The absence of a message proves a remedy only if there was an occasion for the message. This module finds the
    occasions in the journal.
  - Does not change the host.
author:
  - loghygiene contributors (@loghygiene)
options:
  triggers:
    description:
      - The triggers to look for.
      - V(boot), a boot began.
      - V(login), a desktop session of a person began. Logins by ssh and the login screen do not count. A session counts
        only if a root process of gdm, lightdm, sddm, xrdp or TigerVNC opened it, because a user can forge the messages
        of the session's processes. A desktop started by C(startx) or by a unit of root is not detected.
      - C(unit:NAME), the system manager started the unit, or the unit finished. Units of user managers do not count.
    type: list
    elements: str
    required: true
  since:
    description:
      - Return only occasions from this time on, RFC 3339 as in V(2026-11-22T16:01:20+09:00), C(YYYY-MM-DD[ HH:MM[:SS]])
        in the time zone of the host, or C(@SECONDS) since the epoch.
    type: str
  cursor:
    description:
      - Return only occasions after this RV(loghygiene.rhel.journal_scan#module:cursor) of a scan. Unlike O(since), it is
        independent of the clock. Occasions for which it cannot decide are left out.
    type: str
    default: ''
  directory:
    description:
      - Read the journal files in this directory, and in its subdirectories named by a machine id, instead of the
        journal of the host.
    type: path
  past_boot:
    description:
      - Id of a boot whose occasions are not waited for. They are returned nevertheless.
    type: str
    default: ''
  wait:
    description:
      - Maximum number of seconds to wait, for a host that has just booted. The module waits until what O(wait_for) names
        has happened, or until the boot has finished without it.
    type: int
    default: 0
  wait_for:
    description:
      - What to wait for. Without it, each of O(triggers).
    type: list
    elements: dict
    suboptions:
      any_of:
        description: Triggers of which one is enough.
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
- name: Check whether the directories were set up again since the remedy
  loghygiene.rhel.trigger_info:
    triggers:
      - unit:systemd-tmpfiles-setup.service
      - login
    since: "2026-11-22T16:01:20Z"
  become: true
'''

RETURN = r'''
triggers:
  description: The result for each trigger, in the given order.
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
      description: When it first happened, RFC 3339 in UTC; null if it did not.
      type: str
    last_seen:
      description: When it last happened; null if it did not.
      type: str
    boots:
      description: Ids of the boots in which it happened.
      type: list
      elements: str
    runs:
      description: Each time it happened; the first thousand are listed.
      type: list
      elements: dict
      contains:
        at:
          description: The time.
          type: str
        boot_id:
          description: Id of the boot.
          type: str
        monotonic:
          description: The time by the monotonic clock of the boot, in microseconds.
          type: int
        elapsed:
          description: Seconds from then to RV(now), by the same clock; null in a boot that is over.
          type: float
now:
  description: When the journal was read, RFC 3339 in UTC.
  returned: success
  type: str
errors:
  description: The parts of the journal that could not be read. Everything else was.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The file or directory, or V(journal) if journalctl does not say.
      type: str
    reason:
      description: Why, and what to do.
      type: str
'''


from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import triggers
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.reader import JournalError


def main():
    module = LoggedModule(
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
