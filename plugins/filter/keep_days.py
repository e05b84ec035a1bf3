# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter keep_days."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: keep_days
  short_description: The days of a retention such as 1y
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Reads a retention as the rules of a syslog policy write it. Where a calendar has more and less, it takes more.
  options:
    _input:
      description: A number with V(d), V(w), V(m) or V(y), such as V(90d), V(2w), V(13m) or V(1y).
      type: str
      required: true
"""

EXAMPLES = r"""
days: "{{ '1y' | loghygiene.rhel.keep_days }}"  # 366
"""

RETURN = r"""
  _value:
    description: Days.
    type: int
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import syslog_policy as policies


def keep_days(value):
    """Days (int); see plugin_utils/syslog_policy.py."""
    try:
        return policies.keep_days(value)
    except policies.SyslogPolicyError as exc:
        raise AnsibleFilterError('keep_days: %s' % exc)


class FilterModule(object):
    """Filters of the syslog policy."""

    def filters(self):
        return {'keep_days': keep_days}
