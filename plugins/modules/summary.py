# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: summary
short_description: Write the files of a run and show its totals
version_added: 0.1.0
description:
  - Reads the records of all hosts of the play from O(run_dir) and writes them as one JSON and one CSV file beside them. Cells that a
    spreadsheet would run as a formula are escaped.
  - Runs on the control node only, in check mode too; give it C(run_once).
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
  hosts:
    description: Every host that the play was aimed at. One without a record counts as not seen.
    type: list
    elements: str
    required: true
  catalogue:
    description: The signatures, as the lookup P(loghygiene.rhel.signatures#lookup) returns them.
    type: list
    elements: dict
    required: true
  language:
    description: Language of the texts in the CSV file and of the totals.
    type: str
    default: en
    choices: [en, ko]
"""

EXAMPLES = r"""
- name: Write the files of the audit
  loghygiene.rhel.summary:
    run_dir: /srv/log_hygiene
    journey: audit
    hosts: "{{ ansible_play_hosts_all }}"
    catalogue: "{{ lookup('loghygiene.rhel.signatures') }}"
  run_once: true
"""

RETURN = r"""
states:
  description: Per host where it stands, V(clean), V(findings), V(error) or V(unseen).
  type: dict
  returned: success
files:
  description: The files written.
  type: list
  elements: str
  returned: success
text:
  description: The totals as printed.
  type: str
  returned: success
"""
