# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter pri_encode."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: pri_encode
  short_description: Make the PRI of a syslog facility and severity
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - The PRI is facility x 8 + severity.
  positional: severity
  options:
    _input:
      description:
        - The facility, in any spelling that P(loghygiene.rhel.facility#filter) accepts.
        - Without O(severity), a dictionary with V(facility) and V(severity), such as
          P(loghygiene.rhel.pri_decode#filter) gives.
      type: raw
      required: true
    severity:
      description: The severity, in any spelling that P(loghygiene.rhel.severity#filter) accepts.
      type: raw
  seealso:
    - plugin: loghygiene.rhel.pri_decode
      plugin_type: filter
    - plugin: loghygiene.rhel.facility
      plugin_type: filter
    - plugin: loghygiene.rhel.severity
      plugin_type: filter
"""

EXAMPLES = r"""
- name: Show 34, twice
  ansible.builtin.debug:
    msg:
      - "{{ 'auth' | loghygiene.rhel.pri_encode('crit') }}"
      - "{{ {'facility': 4, 'severity': 2} | loghygiene.rhel.pri_encode }}"
"""

RETURN = r"""
  _value:
    description: The PRI, V(0) to V(191).
    type: int
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog


def pri_encode(value: Any, severity: object = None) -> int:
    """The PRI of a facility and a severity; see module_utils/_syslog/codes.py."""
    if severity is None:
        if not isinstance(value, dict) or 'facility' not in value or 'severity' not in value:
            raise AnsibleFilterError(
                "pri_encode: it needs a facility and a severity: 'auth' | loghygiene.rhel.pri_encode('crit'), or a "
                "dictionary with facility and severity")
        value, severity = value['facility'], value['severity']
    try:
        return int(syslog.encode(value, severity))
    except syslog.SyslogError as exc:
        raise AnsibleFilterError('pri_encode: %s' % exc)


class FilterModule(object):
    """Filters of the syslog policy."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'pri_encode': pri_encode}
