# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter journal_retention."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: journal_retention
  short_description: Check how long the journal is to be kept
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Reads O(loghygiene.rhel.syslog_policy#role:main:syslog_policy_journal), and tells all that is wrong with it, a line
      each.
  options:
    _input:
      description: A dict with V(keep), such as V(1y), and V(max_use), such as V(8g). An empty one asks for nothing.
      type: dict
      required: true
"""

EXAMPLES = r"""
# keep_days: 366, max_use: 8G
journal: "{{ {'keep': '1y', 'max_use': '8g'} | loghygiene.rhel.journal_retention }}"
"""

RETURN = r"""
  _value:
    description: V(keep_days), and V(max_use) as journald.conf has it. Empty where nothing is asked for.
    type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy import rules as policies


def journal_retention(given: object) -> policies.JournalRetention:
    """What the dict asks for; see plugin_utils/_policy/rules.py."""
    try:
        return policies.journal_retention(given)
    except policies.SyslogPolicyError as exc:
        raise AnsibleFilterError('syslog_policy_journal is not valid. Nothing was changed.\n%s' % exc)


class FilterModule(object):
    """Filters of the role syslog_policy."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'journal_retention': journal_retention}
