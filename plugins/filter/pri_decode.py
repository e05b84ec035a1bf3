# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter pri_decode."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: pri_decode
  short_description: Tell facility and severity of a syslog PRI
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - The facility is PRI / 8, the severity PRI mod 8. So the size of a PRI does not tell how severe a message is.
  options:
    _input:
      description: The PRI, V(0) to V(191), as a number or as the text V(34) or V(<34>), without leading zeros.
      type: raw
      required: true
  seealso:
    - plugin: loghygiene.rhel.pri_encode
      plugin_type: filter
    - plugin: loghygiene.rhel.facility
      plugin_type: filter
    - plugin: loghygiene.rhel.severity
      plugin_type: filter
"""

EXAMPLES = r"""
- name: Show "local4.notice"
  ansible.builtin.debug:
    msg: "{{ decoded.facility.keyword }}.{{ decoded.severity.keyword }}"
  vars:
    decoded: "{{ 165 | loghygiene.rhel.pri_decode }}"
"""

RETURN = r"""
  _value:
    description: The PRI and its two parts.
    type: dict
    contains:
      pri:
        description: The PRI as a number.
        type: int
      facility:
        description: V(number), V(keyword), V(name), V(en) and V(ko); see P(loghygiene.rhel.facility#filter).
        type: dict
      severity:
        description: V(number), V(keyword), V(name), V(en) and V(ko); see P(loghygiene.rhel.severity#filter).
        type: dict
"""

from collections.abc import Callable
from typing import Any, cast

from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy.types import Pri


def pri_decode(value: object) -> Pri:
    """Facility and severity of a PRI; see module_utils/_syslog/codes.py."""
    try:
        return cast(Pri, syslog.decode(value))
    except syslog.SyslogError as exc:
        raise AnsibleFilterError('pri_decode: %s' % exc)


class FilterModule(object):
    """Filters of the syslog policy."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'pri_decode': pri_decode}
