# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: report
short_description: Show the table of a host on the terminal
version_added: 0.1.0
description:
  - Prints, for the record of one host, a table of signature, before, action, after and verdict, then the findings and notes.
  - Log text is made harmless for a terminal (control characters are shown as escapes). Nothing is written anywhere.
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
  catalog:
    description: The signatures, as the lookup P(loghygiene.rhel.signatures#lookup) returns them.
    type: list
    elements: dict
    required: true
  language:
    description: Language of the table.
    type: str
    default: en
    choices: [en, ko]
"""

EXAMPLES = r"""
- name: Show the table
  loghygiene.rhel.report:
    record: "{{ ansible_facts['log_hygiene_record'] }}"
    catalog: "{{ lookup('loghygiene.rhel.signatures') }}"
    language: ko
"""

RETURN = r"""
text:
  description: The table as printed.
  type: str
  returned: success
"""
