# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: summary
short_description: Begin a run, write its files and show its totals
version_added: 0.1.0
description:
  - Reads the records of all hosts of the play from O(run_dir) and writes them as one JSON and one CSV file beside them. Cells that a
    spreadsheet would run as a formula are escaped.
  - At the begin of a run the files say of every host that nothing is known of it. They stay so when the run is killed.
  - Runs on the control node only, in check mode too; give it C(run_once).
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  part:
    description:
      - V(begin) begins a run, before any host is contacted. Records of earlier runs do not count from here on.
      - V(batch) comes after each batch of C(serial). When changing the hosts of a remediation did not come to its end on any host of the
        batch, the hosts after it are left alone, and listed as not seen.
      - V(end) shows the totals.
    type: str
    default: end
    choices: [begin, batch, end]
  hosts:
    description: Every host that the play was aimed at; with O(part=batch) those of the batch. One without a record of this run counts as not
      seen.
    type: list
    elements: str
    required: true
  present:
    description: The hosts that Ansible still has. The others were lost where their record ends. All of O(hosts) by default.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Write the files of the audit
  loghygiene.rhel.summary:
    run_dir: /srv/log_hygiene
    journey: audit
    hosts: "{{ ansible_play_hosts_all }}"
    present: "{{ ansible_play_hosts }}"
  run_once: true
"""

RETURN = r"""
states:
  description: Per host where it stands, V(clean), V(findings), V(failed) or V(unseen).
  type: dict
  returned: at the begin and the end
files:
  description: The files written.
  type: list
  elements: str
  returned: at the begin and the end
text:
  description: The totals as printed.
  type: str
  returned: at the begin and the end
held:
  description: Whether the hosts after this batch are left alone.
  type: bool
  returned: after a batch
"""
