# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: reboot
short_description: Decide whether a host is rebooted, and keep that it was
version_added: 0.1.0
description:
  - The stage reboot of a journey. Without O(host) it notes which remedies wait for a reboot, and says whether one is due now.
  - With O(host), the host as it is after the reboot, it notes that. It fails when the host has not booted anew.
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
  asked:
    description: Whether somebody asked for reboots where a remedy needs one.
    type: bool
    default: false
  host:
    description: What M(loghygiene.rhel.host_info) says of the host after the reboot.
    type: dict
"""

EXAMPLES = r"""
- name: Decide whether the host is rebooted
  loghygiene.rhel.reboot:
    run_dir: /srv/log_hygiene
    journey: remediate
    asked: true
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
due:
  description: Whether the host is to be rebooted now.
  type: bool
  returned: without O(host)
"""
