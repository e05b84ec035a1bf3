# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: exit_status
short_description: End a run with the exit status its record deserves
version_added: 0.1.0
description:
  - Reads the record of the host. Fails for a host whose run failed or did not come to its end, that still writes what was remedied, or, in
    an audit, that has findings. C(ansible-playbook) then ends with status 2.
  - Reports a host that was not seen, or not to the end, as unreachable; C(ansible-playbook) then ends with status 4.
  - Comes last, in a play of its own without C(serial). Ansible ends a play when all hosts of a batch have failed.
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
  language:
    description: Language of the message.
    type: str
    default: en
    choices: [en, ko]
"""

EXAMPLES = r"""
- name: End with the status the host deserves
  loghygiene.rhel.exit_status:
    run_dir: /srv/log_hygiene
    journey: audit
"""

RETURN = r"""
state:
  description: Where the host stands, V(clean), V(findings), V(failed) or V(unseen).
  type: str
  returned: always
"""
