#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: syslog_policy_info
short_description: Gather what a host has in force of a syslog policy
version_added: 0.1.0
description:
  - Returns the values that the role P(loghygiene.rhel.syslog_policy#role) was given before on this host. The role keeps
    them in force where it is given no others.
  - With O(rules), it also returns which logs a policy would keep for less time than the configuration of logrotate and
    journald that is in force, whoever wrote it.
  - Does not change the host.
options:
  rules:
    description: The logs of a policy. Without it, nothing is compared.
    type: list
    elements: dict
    suboptions:
      path:
        description: The log, an absolute path.
        type: str
        required: true
      keep_days:
        description: Minimum number of days that the policy keeps each line.
        type: int
        required: true
  journal:
    description: What the policy says of the journal, as the filter P(loghygiene.rhel.journal_retention#filter) returns it.
    type: dict
    default: {}
  values:
    description:
      - The values of the role's variables, by their names without C(syslog_policy_). Those that somebody gave are returned
        in RV(remember). They are not sent to the host.
    type: dict
    default: {}
  path:
    description: The file in which the role keeps the values.
    type: path
    default: /etc/log_hygiene/syslog_policy.json
  logrotate_config:
    description: The main configuration file of logrotate.
    type: path
    default: /etc/logrotate.conf
  logrotate_path:
    description: The file that M(loghygiene.rhel.logrotate_policy) writes.
    type: path
    default: /etc/logrotate.d/log_hygiene_policy
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: linux
notes:
  - Requires root.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Find out whether a year is less than what is in force
  loghygiene.rhel.syslog_policy_info:
    rules:
      - path: /var/log/secure
        keep_days: 366
  register: policy

- name: Show the logs that would be kept for less time
  ansible.builtin.debug:
    var: policy.shorter
'''

RETURN = r'''
settings:
  description:
    - The values that the role was given before, by the names of its variables without C(syslog_policy_). Empty if it was
      given none.
    - V(rules) is a dict. V(defaults) is whether the default rules are among the rules, V(own) are the others.
  type: dict
  returned: success
  sample: {retention: 2y}
shorter:
  description: What the policy would keep for less time than what is in force, a text each.
  type: list
  elements: str
  returned: success
  sample: ["/var/log/secure is kept 732 days (/etc/logrotate.d/log_hygiene_policy, line 3), and the policy keeps it 366 days"]
given:
  description: The variables of the role that somebody gave a value in this run, by their names without C(syslog_policy_).
  type: list
  elements: str
  returned: success
kept:
  description: Those of RV(settings) that are in force because nobody gave another value in this run.
  type: list
  elements: str
  returned: success
remember:
  description: Content of O(path) once the policy of this run is in force; null if no value was ever given.
  type: str
  returned: success
'''

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import reader as journal
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import in_force
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import settings as policy_settings


def main():
    module = LoggedModule(
        argument_spec=dict(
            rules=dict(type='list', elements='dict', options=dict(
                path=dict(type='str', required=True), keep_days=dict(type='int', required=True))),
            journal=dict(type='dict', default={}),
            values=dict(type='dict', default={}),
            path=dict(type='path', default=policy_settings.PATH),
            logrotate_config=dict(type='path', default=logrotate.CONFIG),
            logrotate_path=dict(type='path', default=logrotate.PATH),
        ),
        supports_check_mode=True,
    )
    params = module.params
    try:
        settings = policy_settings.read(params['path'])
        shorter = [] if params['rules'] is None else in_force.shortened(
            module.get_bin_path, params['rules'], params['journal'], params['logrotate_config'], params['logrotate_path'])
    except (policy_settings.SettingsError, logrotate.LogrotateError, journal.JournalError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, settings=settings or {}, shorter=shorter)


if __name__ == '__main__':
    main()
