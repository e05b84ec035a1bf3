# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter syslog_policy."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: syslog_policy
  short_description: Check a syslog policy and bring its rules into the form that modules take
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Reads every accepted spelling of facilities, severities, durations and sizes, and fills in what a rule leaves out.
    - Fails when a rule is impossible or two rules contradict each other, and then tells all that is wrong, a line each.
  options:
    _input:
      description: The rules, as O(loghygiene.rhel.syslog_policy#role:main:syslog_policy_rules) takes them.
      type: list
      elements: dict
      required: true
    normalise:
      description: V(false) only checks, and returns the rules as they are written.
      type: bool
      default: true
"""

EXAMPLES = r"""
- name: Read a policy
  ansible.builtin.set_fact:
    rules: "{{ policy | loghygiene.rhel.syslog_policy }}"
  vars:
    policy:
      - name: authentication
        facilities: [auth, authpriv]
        file: /var/log/secure
        keep: 1y
        separate: true
"""

RETURN = r"""
  _value:
    description:
      - A dict for each rule, in their order, with V(name); V(facilities) and V(severities) as sorted numbers;
        V(keep_days); V(file); V(separate); V(forward) with V(target), V(port), V(protocol), V(tls) and V(queue);
        V(alert) with V(mail), V(smtp), V(sender), V(command) and V(limit).
      - Each key is there; what a rule has not is null.
    type: list
    elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy import rules as policies


def syslog_policy(rules: Any, normalise: bool = True) -> Any:
    """Normalised rules, or the rules themselves once they are checked; see plugin_utils/_policy/rules.py."""
    try:
        normalised = policies.normalise(rules)
    except policies.SyslogPolicyError as exc:
        raise AnsibleFilterError('The syslog policy is not valid. Nothing was changed.\n%s' % exc)
    return normalised if normalise else rules


class FilterModule(object):
    """Filters of the role syslog_policy."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'syslog_policy': syslog_policy}
