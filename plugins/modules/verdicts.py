# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: verdicts
short_description: Decide whether the messages stopped
version_added: 0.1.0
description:
  - The stage verify of a journey. Without O(scans) it says what has to be looked at, from when on.
  - With O(scans) it decides per signature and promised sink. It fails when the record holds no remediation.
  - Runs on the control node only and never connects to the host. Reads and keeps the record of the host below O(run_dir), as
    M(loghygiene.rhel.record) does.
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
  run_dir:
    description: Folder of the records on the control node.
    type: path
    required: true
  journey:
    description: Which playbook is running.
    type: str
    required: true
    choices: [remediate, verify, scan, audit]
  catalog:
    description: The signatures, as the lookup P(loghygiene.rhel.signatures#lookup) returns them.
    type: list
    elements: dict
    required: true
  settle:
    description: How many seconds the triggers may be waited for where the host has only just booted.
    type: int
    default: 0
  scans:
    description: What was found on the host, one item for each of RV(points).
    type: list
    elements: dict
"""

EXAMPLES = r"""
- name: Find out what has to be looked at
  loghygiene.rhel.verdicts:
    run_dir: /srv/log_hygiene
    journey: verify
    catalog: "{{ lookup('loghygiene.rhel.signatures') }}"
"""

RETURN = r"""
ansible_facts:
  description: A fact, so that a stage that is skipped leaves it as it was.
  returned: success
  type: dict
  contains:
    log_hygiene_record:
      description: The whole record after the stage; its keys are described in C(docs/record.md).
      type: dict
path:
  description: The file that holds it.
  type: str
  returned: success
points:
  description: One item per distinct remedy point, with C(point), C(ids), C(triggers), C(wait_for) and C(wait).
  type: list
  elements: dict
  returned: without O(scans)
"""
