# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: remedies
short_description: Tell what the remedies are given, and keep what became of them
version_added: 0.1.0
description:
  - Without O(results), tells what each remedy role of the plan is given. With them, ends the stage remedies of a journey
    and adds the outcome of the roles to what earlier runs left.
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
    description: The signatures, as P(loghygiene.rhel.signatures#lookup) returns them. Needed without O(results).
    type: list
    elements: dict
  results:
    description:
      - Per role C(signature_ids) and C(result) (what the role left as C(KIND_result)) or C(failed) (why it failed).
    type: dict
  point:
    description: When the remedies came into force, with C(at), C(boot_id), C(journal_cursor), C(log_cursors). None in check mode.
    type: dict
"""

EXAMPLES = r"""
- name: See what is to be done
  loghygiene.rhel.remedies:
    run_dir: /srv/log_hygiene
    journey: remediate
    catalog: "{{ lookup('loghygiene.rhel.signatures') }}"
  register: remedies

- name: Keep what was done
  loghygiene.rhel.remedies:
    run_dir: /srv/log_hygiene
    journey: remediate
    results:
      tmpfiles_acl:
        signature_ids: [tmpfiles-acl-missing-group]
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
roles:
  description: For each role of the plan its items, as docs/remedies.md describes them.
  returned: without O(results)
  type: dict
path:
  description: The file that holds it.
  type: str
  returned: success
"""
