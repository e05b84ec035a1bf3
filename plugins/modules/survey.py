# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: survey
short_description: Survey a host and record what is found
version_added: 0.1.0
description:
  - The stage survey of a journey. Begins the record of the host, runs M(loghygiene.rhel.host_survey) on the host, and
    records what that returns.
  - The content depends on the journey. A scan, an audit and a remediation count the signatures in all logs. An audit also
    checks which remedies are in place. An audit and a verification count what was logged since each remedy.
  - Does not change the host.
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  again:
    description: Whether to survey again after the remedies. After a reboot, this also checks that the host really booted.
    type: bool
    default: false
  since:
    description: Count only what was logged from this time on, as O(loghygiene.rhel.journal_scan#module:since). If empty,
      count everything.
    type: str
    default: ''
  unexplained:
    description: Whether to group the entries of priority warning or worse that no signature explains.
    type: bool
    default: true
  opt_in:
    description: Ids of signatures whose remedy lowers a safeguard and may be in place. An audit asks for no others of that
      kind.
    type: list
    elements: str
    default: []
  settle:
    description: Maximum number of seconds to wait, soon after a boot, for the occasions that would have caused the
      messages.
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: Survey the host
  loghygiene.rhel.survey:
    run_dir: /srv/log_hygiene
    journey: audit
"""

RETURN = r"""
path:
  description: The file that holds the record; null if it could not be written.
  type: str
  returned: success
"""
