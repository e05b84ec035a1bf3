# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: summary
short_description: Begin a run, write its files and print its report
version_added: 0.1.0
description:
  - Reads the records of all hosts of the play from O(run_dir) and writes them as one JSON and one CSV file beside them. Cells that a
    spreadsheet would run as a formula are escaped.
  - At the begin of a run the files say of every host that nothing is known of it. They stay so when the run is killed.
  - The report has the findings of the hosts in short or in full, hosts that are alike together; what can be done by hand,
    once per signature; the hosts that were not seen or failed; and last a table with a row a host that fits the terminal, which is as
    wide as the environment variable C(COLUMNS) says, or as Ansible finds it, or 80 columns. In runs of more than two hosts those with
    nothing to do stand in one line below the table.
  - Runs on the control node only, in check mode too; give it C(run_once).
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  part:
    description:
      - V(begin) begins a run, before any host is contacted. Records of earlier runs do not count from here on.
      - V(batch) comes after each batch of C(serial). When changing the hosts of a remediation did not come to its end on any host of the
        batch, the hosts after it are left alone, and listed as not seen.
      - V(end) writes the files. It prints the report only when no host was seen, for none is left then that could run V(show).
      - V(show) prints the report, from the file that V(end) wrote. Give it C(always) behind M(loghygiene.rhel.exit_status), so that the table
        stands last.
    type: str
    default: end
    choices: [begin, batch, end, show]
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
  report:
    description:
      - How much is printed of each host. V(short) prints its findings in a few lines, V(full) all that the record says for a person.
      - A run of one host or two is always told in full.
    type: str
    default: short
    choices: [short, full]
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
  returned: but for the part V(batch)
files:
  description: The files written.
  type: list
  elements: str
  returned: but for the part V(batch)
text:
  description: The totals and the files, in one line.
  type: str
  returned: but for the part V(batch)
held:
  description: Whether the hosts after this batch are left alone.
  type: bool
  returned: after a batch
"""
