# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: scan
short_description: Keep what the scan of a host found
version_added: 0.1.0
description:
  - Ends the stage scan of a journey. Puts the results of the scan modules into the record, by sink.
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
  journal:
    description: What M(loghygiene.rhel.journal_scan) returned.
    type: dict
    required: true
  logfiles:
    description: A registered loop of M(loghygiene.rhel.logfile_scan) over the names of sinks.
    type: dict
    required: true
  since:
    description: The time since when was looked, as it was given. Empty when all was looked at.
    type: str
    default: ''
"""

EXAMPLES = r"""
- name: Keep what was found
  loghygiene.rhel.scan:
    run_dir: /srv/log_hygiene
    journey: audit
    journal: "{{ journal }}"
    logfiles: "{{ logfiles }}"
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
