# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: survey
short_description: Look at a host once, and keep what is found
version_added: 0.1.0
description:
  - The stage survey of a journey. Begins the record of the host, runs M(loghygiene.rhel.host_survey) on it, and keeps what that returns.
  - What it looks at depends on the journey. A scan, an audit and a remediation count the signatures in all logs; an audit also asks which
    remedies are in place; an audit and a verification look at what came since each remedy.
  - Does not change the host.
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  again:
    description: Look again after the remedies, at what came since. After a reboot, sees to it that the host booted anew.
    type: bool
    default: false
  since:
    description: Count only what was logged since then, as M(loghygiene.rhel.journal_scan) takes it. All, when empty.
    type: str
    default: ''
  unexplained:
    description: Also group the warnings and worse that no signature explains.
    type: bool
    default: true
  settle:
    description: Seconds to wait at most, soon after a boot, for the occasions on which the messages would have come.
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
  description: The file that holds the record; null where it could not be kept.
  type: str
  returned: success
"""
