# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: remedies
short_description: Keep what became of the remedies
version_added: 0.1.0
description:
  - Ends the stage remedies of a journey. Adds the outcome of the remedy roles to what earlier runs left.
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
  results:
    description: Per role C(ids) and C(result) (what the role set as C(ROLE_result)) or C(failed) (why it failed).
    type: dict
    required: true
  point:
    description: When the remedies came into force, with C(at), C(boot_id), C(journal_cursor), C(log_cursors). None in check mode.
    type: dict
"""

EXAMPLES = r"""
- name: Keep what was done
  loghygiene.rhel.remedies:
    run_dir: /srv/log_hygiene
    journey: remediate
    results:
      tmpfiles_acl:
        ids: [tmpfiles-acl-missing-group]
        result: "{{ tmpfiles_acl_result }}"
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
"""
