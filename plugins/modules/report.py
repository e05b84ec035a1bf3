# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: report
short_description: Note the findings of a host
version_added: 0.1.0
description:
  - The stage report of a journey. Collects what a person must act on or read, and keeps it in the record. M(loghygiene.rhel.summary)
    prints it at the end of the run.
  - Log text in RV(text) is made harmless for a terminal (control characters are shown as escapes).
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
  language:
    description: Language of RV(text).
    type: str
    default: en
    choices: [en, ko]
"""

EXAMPLES = r"""
- name: Note the findings
  loghygiene.rhel.report:
    run_dir: /srv/log_hygiene
    journey: audit
    catalog: "{{ lookup('loghygiene.rhel.signatures') }}"
    language: ko
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
text:
  description: All that the report says of the host, as O(loghygiene.rhel.summary#module:report=full) prints it.
  type: str
  returned: success
"""
