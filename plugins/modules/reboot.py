# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: reboot
short_description: Decide whether a host is rebooted
version_added: 0.1.0
description:
  - The stage reboot, but for the reboot itself. Where one is due, M(loghygiene.rhel.survey) with O(loghygiene.rhel.survey#module:again) ends
    the stage.
  - Runs on the control node only and never connects to the host.
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  asked:
    description: Whether hosts may be rebooted.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Decide whether the host is rebooted
  loghygiene.rhel.reboot:
    run_dir: /srv/log_hygiene
    journey: remediate
    asked: true
  register: reboot
"""

RETURN = r"""
path:
  description: The file that holds the record; null where it could not be kept.
  type: str
  returned: success
due:
  description: Whether the host is to be rebooted now.
  type: bool
  returned: success
"""
