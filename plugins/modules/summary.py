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
  - Reads the records of all hosts of the play and writes them to one JSON and one CSV file in the folder of the run. Cells
    that a spreadsheet would evaluate as a formula are escaped.
  - The files of the same name in O(run_dir) are the picture of the whole fleet. A run replaces the rows of its hosts there.
    Those of other hosts stay, and each row says how many days old it is.
  - At the beginning of a run, the files say that nothing is known about any host. They stay so if the run is killed.
  - The report lists the findings of the hosts in short or in full, with hosts that are alike grouped together; what can
    be done by hand, once per signature; and the hosts that were not seen or failed. It ends with a table that has a row
    per host and fits the terminal. The width of the terminal is the environment variable C(COLUMNS), or what Ansible
    detects, or 80 columns. In runs of more than two hosts, those with nothing to do are listed in one line below the
    table.
  - Runs on the control node only, also in check mode. Use it with C(run_once).
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  part:
    description:
      - V(begin) begins a run, before any host is contacted. Records of earlier runs are ignored from then on.
      - V(batch) ends a batch of C(serial). If a remediation was not completed on any host of the batch, the hosts after
        it are left alone and listed as not seen.
      - V(end) writes the files. It prints the report only if no host was seen, because no host is then left to run
        V(show).
      - V(show) prints the report from the file that V(end) wrote. Put it in C(always) after
        M(loghygiene.rhel.exit_status), so that the table is printed last.
    type: str
    default: end
    choices: [begin, batch, end, show]
  hosts:
    description: All hosts of the play, or with O(part=batch) those of the batch. A host without a record of this run counts
      as not seen.
    type: list
    elements: str
    required: true
  present:
    description: The hosts that Ansible has not lost. The others were lost where their record ends. Defaults to O(hosts).
    type: list
    elements: str
  report:
    description:
      - How much to print about each host. V(short) prints its findings in a few lines, V(full) the whole report.
      - A run of one or two hosts is always printed in full.
    type: str
    default: short
    choices: [short, full]
  keep_runs:
    description: How many runs of the same kind V(end) keeps, this one included; it removes the folders of older ones. V(0)
      keeps all.
    type: int
    default: 30
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
  description: The state of each host, V(clean), V(findings), V(failed) or V(unseen).
  type: dict
  returned: except with O(part=batch)
files:
  description: The picture of the fleet as JSON and as CSV, and the folder of the run.
  type: list
  elements: str
  returned: except with O(part=batch)
cleared:
  description: The runs whose folders were removed.
  type: list
  elements: str
  returned: with O(part=end)
text:
  description: The totals and the files, in one line.
  type: str
  returned: except with O(part=batch)
held:
  description: Whether the hosts after this batch are left alone.
  type: bool
  returned: with O(part=batch)
"""
