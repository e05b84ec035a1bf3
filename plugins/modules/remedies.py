# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: remedies
short_description: Keep what the remedies did on a host
version_added: 0.1.0
description:
  - The end of the stage remedies. Where a remedy changed something, runs M(loghygiene.rhel.host_survey), which tells where the logs end by
    then; what is written later speaks for or against the remedies.
  - A remedy that failed does not stop the others; the record says so.
extends_documentation_fragment:
  - loghygiene.rhel.stage
options:
  results:
    description:
      - By role, what became of it. C(result) is what the role left as its result variable, C(failed_result) the result of the task that failed.
    type: dict
    required: true
  syslog:
    description: Whether the syslog policy is seen to after this.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Keep what was done
  loghygiene.rhel.remedies:
    run_dir: /srv/log_hygiene
    journey: remediate
    results:
      tmpfiles_acl:
        result: "{{ tmpfiles_acl_result }}"
"""

RETURN = r"""
path:
  description: The file that holds the record; null where it could not be kept.
  type: str
  returned: success
"""
