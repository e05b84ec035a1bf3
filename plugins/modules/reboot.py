# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: reboot
short_description: Decide whether to reboot a host
version_added: 0.1.0
description:
  - The stage reboot, without the reboot itself. If a reboot is due, M(loghygiene.rhel.survey) with
    O(loghygiene.rhel.survey#module:again) ends the stage.
  - Runs on the control node. Where the run changed the host, writes a line about how that ended into the log of the host
    by M(loghygiene.rhel.trail); not in check mode.
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  asked:
    description: Whether hosts may be rebooted.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Decide whether to reboot the host
  loghygiene.rhel.reboot:
    run_dir: /srv/log_hygiene
    journey: remediate
    asked: true
  register: reboot
"""

RETURN = r"""
path:
  description: The file that holds the record; null if it could not be written.
  type: str
  returned: success
due:
  description: Whether the host has to be rebooted now.
  type: bool
  returned: success
"""
