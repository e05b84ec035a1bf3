# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: judge
short_description: End a run with the exit status its record deserves
version_added: 0.1.0
description:
  - Fails for a host whose run failed, that still writes what was remedied, or, in an audit, that has findings. C(ansible-playbook) then ends
    with status 2.
  - Reports a host that could not be contacted as unreachable; C(ansible-playbook) then ends with status 4.
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
  record:
    description: The record, as M(loghygiene.rhel.record) returns it.
    type: dict
    required: true
  language:
    description: Language of the message.
    type: str
    default: en
    choices: [en, ko]
"""

EXAMPLES = r"""
- name: End with the status the host deserves
  loghygiene.rhel.judge:
    record: "{{ ansible_facts['log_hygiene_record'] }}"
"""

RETURN = r"""
state:
  description: Where the host stands, V(clean), V(findings), V(error) or V(unseen).
  type: str
  returned: always
"""
