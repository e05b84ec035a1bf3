# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: plan
short_description: Decide what to do about each signature on a host
version_added: 0.1.0
description:
  - The stage plan of a journey. Compares what the survey found with the conditions of each signature, and decides what to
    do about each.
  - In a rollback, decides what to take back instead, by what the record says that remediations put in place.
  - Runs on the control node. Where something is to be changed, writes a line about it into the log of the host by
    M(loghygiene.rhel.trail); not in check mode.
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  opt_in:
    description: Ids of signatures whose remedy is allowed although it lowers a safeguard.
    type: list
    elements: str
    default: []
  apply:
    description: V(detected) remedies only what was seen on the host, V(all) everything that applies to it.
    type: str
    default: detected
    choices: [detected, all]
  syslog:
    description: Whether the syslog policy is applied as well.
    type: bool
    default: false
  rollback_run:
    description: In a rollback, which remediation to take back, V(last), V(all), or the name of a run.
    type: str
    default: last
  rollback_signatures:
    description: In a rollback, ids of the signatures to take back. Without them, all of the run, and the syslog policy.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Plan what to do about each signature
  loghygiene.rhel.plan:
    run_dir: /srv/log_hygiene
    journey: remediate
"""

RETURN = r"""
path:
  description: The file that holds the record; null if it could not be written.
  type: str
  returned: success
remedies:
  description:
    - The items of each kind of remedy to run, by its role. In an audit, only the items that the survey could not check.
  type: dict
  returned: success
keep:
  description: Items by role of signatures whose remedy stays while that of others is taken back.
  type: dict
  returned: success
state:
  description: The state that the roles are given, V(present), or in a rollback V(absent).
  type: str
  returned: success
further:
  description: The stages that have work to do on the host, V(remedies) and V(policy).
  type: list
  elements: str
  returned: success
"""
