# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: policy_report
short_description: Print how the syslog policy ended on each host, and set the exit status
version_added: 0.1.0
description:
  - The playbook C(syslog_policy) ends with it. It goes by what the role P(loghygiene.rhel.syslog_policy#role) left,
    C(syslog_policy_result), and by the failures that were kept with O(part=failure).
  - It prints what is in place on each host, what went wrong with the test messages, how long logs are kept, whether alerts
    reach a person, and which hosts failed or were not seen. Of more than two hosts it prints in full only those with
    something to look at, and a table of all.
  - Runs on the control node only and never connects to the host.
author:
  - loghygiene contributors (@loghygiene)
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
options:
  part:
    description:
      - V(failure) keeps why the role failed on this host, in a C(rescue); register it as C(__syslog_policy_failure).
        V(show) prints the report of all hosts, once. V(unseen) does so if no host was seen, as none is left for V(show)
        behind V(status) then. V(status) fails on a host with findings or a failure, so that C(ansible-playbook) ends
        with 2, and is unreachable for one that was not seen, so that it ends with 4.
    type: str
    required: true
    choices: [failure, unseen, show, status]
  hosts:
    description: The hosts to report, with O(part=show) and O(part=unseen).
    type: list
    elements: str
    default: []
  language:
    description: Language of the report.
    type: str
    default: en
    choices: [en, ko]
  report:
    description: How much to print of each host.
    type: str
    default: short
    choices: [short, full]
  failed_task:
    description: Name of the task that failed, with O(part=failure).
    type: str
    default: ''
  failed_result:
    description: Its result.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Print the report
  loghygiene.rhel.policy_report:
    part: show
    hosts: "{{ ansible_play_hosts_all }}"
  run_once: true

- name: Set the exit status
  loghygiene.rhel.policy_report:
    part: status
"""

RETURN = r"""
text:
  description: The totals over all hosts.
  type: str
  returned: with O(part=show)
states:
  description: "Where each host stands: clean, findings, failed or unseen."
  type: dict
  returned: with O(part=show)
state:
  description: Where this host stands.
  type: str
  returned: with O(part=status)
message:
  description: Why the role failed.
  type: str
  returned: with O(part=failure)
lost_host:
  description: Whether it failed because the host no longer answered.
  type: bool
  returned: with O(part=failure)
"""
