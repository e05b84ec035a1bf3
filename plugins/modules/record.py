# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: record
short_description: Add to the record of a host
version_added: 0.1.0
description:
  - Records a part that a role made, the end of a stage, or a failure.
  - Runs on the control node. If a run fails after it began to change the host, writes a line about that into the log of the
    host by M(loghygiene.rhel.trail).
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  set:
    description: Parts of the record to replace; its keys are described in C(docs/record.md).
    type: dict
    default: {}
  stage:
    description: The stage that ended.
    type: str
  stage_state:
    description:
      - How O(stage) ended. V(ran) means that it ran, V(not_asked) that nobody asked for it, V(not_needed) that there was
        nothing to do, and V(check_mode) that it was skipped in check mode.
    type: str
    default: ran
    choices: [ran, not_asked, not_needed, check_mode]
  failed_part:
    description: The part of the record that failed. Without it, the stage that the record had reached failed.
    type: str
    choices: [syslog_policy]
  failed_task:
    description: Name of the task that failed. If the host no longer answered, the stage counts as lost.
    type: str
  failed_result:
    description: The result of O(failed_task).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Remediate the host
  block:
    - name: Survey the host
      loghygiene.rhel.survey:
        run_dir: /srv/log_hygiene
        journey: remediate

    - name: Do something that may fail
      ansible.builtin.command:
        cmd: /usr/bin/false
      changed_when: false  # it only fails
  rescue:
    - name: Record the failure
      loghygiene.rhel.record:
        run_dir: /srv/log_hygiene
        journey: remediate
        failed_task: "{{ ansible_failed_task.name }}"
        failed_result: "{{ ansible_failed_result }}"
"""

RETURN = r"""
path:
  description: The file that holds the record; null if it could not be written.
  type: str
  returned: success
"""
