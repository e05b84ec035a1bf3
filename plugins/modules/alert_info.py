#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: alert_info
short_description: Check whether alerts of the syslog policy reach a person
version_added: 0.1.0
description:
  - Checks everything between a message and the person to alert. That is the unit C(log-hygiene-alerts.service), its
    program, configuration and state, the journal, mail servers and commands.
  - Does not change the host and sends no alert. With O(probe_smtp), it connects to the mail servers without sending.
options:
  rules:
    description: The rules of the policy as the filter P(loghygiene.rhel.syslog_policy#filter) returns them.
    type: list
    elements: dict
    required: true
  exemptions:
    description:
      - Messages that cause no alert soon after a boot, as the filter P(loghygiene.rhel.alert_exemptions#filter) returns
        them.
    type: list
    elements: dict
    default: []
  program_checksum:
    description:
      - Expected SHA-256 of the two files of the program, C(alerts) followed by C(journal_position.py). Without it, any
        program is accepted.
    type: str
  probe_smtp:
    description: Whether to connect to the mail servers that the rules name, with C(EHLO) and C(QUIT).
    type: bool
    default: false
  masked:
    description:
      - Whether alerts leave out the text of messages, as RV(loghygiene.rhel.rsyslog_policy#module:masked) says. Without it,
        as the configuration in place has it.
    type: bool
  pending_minutes:
    description: Minutes that an alert may wait for its receiver before that is a problem.
    type: int
    default: 15
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
  - Requires root, because only root can read the configuration and the state of the program.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Gather host information
  loghygiene.rhel.host_info:
  register: seen

- name: Check whether alerts reach a person
  loghygiene.rhel.alert_info:
    rules: "{{ syslog_policy_rules | loghygiene.rhel.syslog_policy }}"
    exemptions: "{{ lookup('loghygiene.rhel.signatures') | loghygiene.rhel.alert_exemptions(seen.host) }}"
    probe_smtp: true
  register: alerts

- name: Fail if they do not
  ansible.builtin.assert:
    that: alerts.ok
    fail_msg: "{{ alerts.problems | join('\n') }}"
'''

RETURN = r'''
ok:
  description: Whether nothing stands in the way of an alert. True as well when no rule alerts and nothing is installed.
  type: bool
  returned: always
problems:
  description: What stands in the way of an alert, each with what to do.
  type: list
  elements: str
  returned: always
  sample:
    - /etc/log_hygiene/alerts.json does not say what the policy says; run the role syslog_policy
notes:
  description: Notes for the operator.
  type: list
  elements: str
  returned: always
wanted:
  description: Whether a rule alerts.
  type: bool
  returned: always
unit:
  description: State of the unit, with the keys C(load), C(active), C(sub) and C(enabled).
  type: dict
  returned: always
  sample: {load: loaded, active: active, sub: running, enabled: enabled}
channels:
  description: The state of each channel of each rule.
  type: list
  elements: dict
  returned: always
  contains:
    rule:
      description: Name of the rule.
      type: str
    channel:
      description: V(mail) or V(command).
      type: str
    delivered:
      description: Number of alerts and digests delivered since the rule exists.
      type: int
    pending:
      description: Number of alerts that wait, including those gathered for a digest.
      type: int
    pending_since:
      description: Since when the first alert waits for the receiver, RFC 3339 in UTC; null if none waits.
      type: str
    last_delivered:
      description: When an alert was last delivered.
      type: str
    last_error:
      description: The error of the last failed delivery.
      type: str
    last_error_at:
      description: When that error occurred.
      type: str
    set_aside:
      description:
        - Number of alerts that the receiver refused although it accepted others, so that they reached nobody. Each is
          listed in RV(problems) for 30 days as well.
      type: int
exempted:
  description:
    - What caused no alert although a rule asks for it, because a signature with C(alert) V(exempt) describes it as a
      message that the kernel writes at each boot. It is recorded like everything else.
  type: list
  elements: dict
  returned: always
  contains:
    signature:
      description: Id of the signature.
      type: str
    count:
      description: Number of messages since the program was installed.
      type: int
    first:
      description: Time of the first, RFC 3339 in UTC.
      type: str
    last:
      description: Time of the last.
      type: str
last_delivered:
  description: When an alert was last delivered, by any channel; null if never.
  type: str
  returned: always
pending:
  description: Number of alerts that wait in all channels.
  type: int
  returned: always
started:
  description: When the program was last started; null if never.
  type: str
  returned: always
last_seen:
  description: Time of the last message that caused an alert; null if there was none.
  type: str
  returned: always
python:
  description: Path of the Python that the unit should run the program with.
  type: str
  returned: always
  sample: /usr/libexec/platform-python
configuration:
  description: Expected content of C(/etc/log_hygiene/alerts.json); null if no rule alerts.
  type: str
  returned: always
check_mode:
  description: Whether the module ran in check mode.
  type: bool
  returned: always
'''


from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._alerts import path as alert_path


def main():
    module = LoggedModule(
        argument_spec=dict(
            rules=dict(type='list', elements='dict', required=True),
            exemptions=dict(type='list', elements='dict', default=[]),
            program_checksum=dict(type='str'),
            probe_smtp=dict(type='bool', default=False),
            pending_minutes=dict(type='int', default=15),
            masked=dict(type='bool'),
        ),
        supports_check_mode=True,
    )
    try:
        found = alert_path.look(module.get_bin_path, **module.params)
    except alert_path.AlertPathError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, check_mode=module.check_mode, **found)


if __name__ == '__main__':
    main()
