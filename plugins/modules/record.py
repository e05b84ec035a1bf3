# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: record
short_description: Keep the record of a host on the control node
version_added: 0.1.0
description:
  - Begins, reads and adds to the JSON record of the current host. Every stage of a journey reads and adds to this one file; nothing else
    passes between stages.
  - Runs on the control node only and never connects to the host. Writes only below O(run_dir), in check mode too, where it keeps a file of
    its own (C(HOST.check.json)) and leaves the lasting record alone.
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
    description: Folder of the records on the control node; made with mode 0700.
    type: path
    required: true
  journey:
    description: Which playbook is running. C(scan) and C(audit) keep a file of their own beside the lasting record.
    type: str
    required: true
    choices: [remediate, verify, scan, audit]
  begin:
    description: Start a new record, carrying over what earlier runs fixed and when.
    type: bool
    default: false
  set:
    description: Keys of the record to replace.
    type: dict
    default: {}
  stage:
    description: A stage of the journey that has ended. Only a record whose stages have all ended is clean.
    type: str
  stage_state:
    description: >-
      How O(stage) ended. It V(ran), or there was a reason not to run it. V(not_asked) - nobody asked for it, V(not_needed) - there was
      nothing to do, V(check_mode) - it changes hosts.
    type: str
    default: ran
    choices: [ran, not_asked, not_needed, check_mode]
  error:
    description: A failure to add to the record, in the stage that it had come to.
    type: dict
    suboptions:
      stage:
        description: The stage or task that failed.
        type: str
        required: true
      message:
        description: What went wrong and what to do about it.
        type: str
        required: true
      lost:
        description: The host does not answer any more.
        type: bool
        default: false
notes:
  - Needs the run that M(loghygiene.rhel.summary) with O(loghygiene.rhel.summary#module:part=begin) has begun, so that no record of an earlier
    run is taken for one of this run.
  - The schema is in C(docs/record.schema.json).
"""

EXAMPLES = r"""
- name: Begin the record
  loghygiene.rhel.record:
    run_dir: /srv/log_hygiene
    journey: remediate
    begin: true
"""

RETURN = r"""
ansible_facts:
  description: A fact, so that a stage that is skipped leaves it as it was.
  returned: success
  type: dict
  contains:
    log_hygiene_record:
      description: The whole record after the change; its keys are described in C(docs/record.md).
      type: dict
path:
  description: The file that holds it.
  type: str
  returned: success
"""
