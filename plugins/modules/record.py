# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: record
short_description: Add to the record of a host what no stage does
version_added: 0.1.0
description:
  - Keeps a part of the record that a role made, the end of a stage, or a failure.
  - Runs on the control node only and never connects to the host.
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
      - How O(stage) ended. It V(ran), or there was a reason not to run it. V(not_asked) - nobody asked for it, V(not_needed) - there was
        nothing to do, V(check_mode) - it was left out in check mode.
    type: str
    default: ran
    choices: [ran, not_asked, not_needed, check_mode]
  failed_part:
    description: The part of the record that says that it failed. Without it, the stage the record had come to failed.
    type: str
    choices: [syslog_policy]
  failed_task:
    description: Name of a task that failed. Where the host no longer answered, the stage counts as lost.
    type: str
  failed_result:
    description: The result of O(failed_task).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Keep a failure, in a rescue
  loghygiene.rhel.record:
    run_dir: /srv/log_hygiene
    journey: remediate
    failed_task: "{{ ansible_failed_task.name }}"
    failed_result: "{{ ansible_failed_result }}"
"""

RETURN = r"""
path:
  description: The file that holds the record; null where it could not be kept.
  type: str
  returned: success
"""
