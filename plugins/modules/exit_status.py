# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: exit_status
short_description: Set the exit status of a run
version_added: 0.1.0
description:
  - Reads the record of the host. Fails for a host whose run failed or did not complete, that still writes what was
    remedied, or, in an audit, that has findings. C(ansible-playbook) then exits with status 2.
  - Reports a host that was not seen, or was lost before the end, as unreachable. C(ansible-playbook) then exits with
    status 4.
  - Use it last, in a play of its own without C(serial), because Ansible ends a play if all hosts of a batch have failed.
extends_documentation_fragment:
  - loghygiene.rhel.stage
options: {}
"""

EXAMPLES = r"""
- name: Set the exit status
  loghygiene.rhel.exit_status:
    run_dir: /srv/log_hygiene
    journey: audit
"""

RETURN = r"""
state:
  description: The state of the host, V(clean), V(findings), V(failed) or V(unseen).
  type: str
  returned: always
"""
