# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: verdicts
short_description: Decide whether messages have stopped
version_added: 0.1.0
description:
  - The stage verify of a journey. Decides on the verdict of each signature by what the survey found since its remedy came
    into force.
  - Runs on the control node only and never connects to the host.
extends_documentation_fragment:
  - loghygiene.rhel.stage
options: {}
"""

EXAMPLES = r"""
- name: Decide the verdicts
  loghygiene.rhel.verdicts:
    run_dir: /srv/log_hygiene
    journey: remediate
"""

RETURN = r"""
path:
  description: The file that holds the record; null if it could not be written.
  type: str
  returned: success
"""
