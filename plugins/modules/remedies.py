# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: remedies
short_description: Record what the remedies did on a host
version_added: 0.1.0
description:
  - The end of the stage remedies. If a remedy changed something, runs M(loghygiene.rhel.host_survey) to find where the
    logs end at that point. What is written later decides whether the remedies work.
  - A remedy that fails does not stop the others. The record says so.
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  results:
    description:
      - The outcome by role. C(result) is the result variable of the role, C(failed_result) the result of the failed task.
    type: dict
    required: true
  syslog:
    description: Whether the syslog policy is applied after this.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Strip the entries of missing groups
  ansible.builtin.include_role:
    name: loghygiene.rhel.tmpfiles_acl

- name: Record what was done
  loghygiene.rhel.remedies:
    run_dir: /srv/log_hygiene
    journey: remediate
    results:
      tmpfiles_acl:
        result: "{{ tmpfiles_acl_result }}"
"""

RETURN = r"""
path:
  description: The file that holds the record; null if it could not be written.
  type: str
  returned: success
"""
