# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter severity."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: severity
  short_description: Tell what is known of a syslog severity
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Accepts every spelling of a syslog severity and gives its number, keyword, name and text.
    - Keywords are those of rsyslog on Linux, V(emerg) to V(debug). Aliases are V(panic), V(emergency), V(critical),
      V(error), V(warn) and V(informational).
    - V(none) and V(*), which are selectors, are errors that say so.
  options:
    _input:
      description:
        - A number, V(0) to V(7), also as text; a keyword or an alias, in lower or upper case; or what this filter gave.
      type: raw
      required: true
  seealso:
    - plugin: loghygiene.rhel.pri_decode
      plugin_type: filter
    - plugin: loghygiene.rhel.pri_encode
      plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the keyword of panic, emerg
  ansible.builtin.debug:
    msg: "{{ ('panic' | loghygiene.rhel.severity).keyword }}"
"""

RETURN = r"""
  _value:
    description: The severity.
    type: dict
    contains:
      number:
        description: The number, V(0) to V(7).
        type: int
      keyword:
        description: The name that rsyslog writes.
        type: str
      name:
        description: The name in RFC 5424.
        type: str
      en:
        description: What it means, in English.
        type: str
      ko:
        description: What it means, in Korean.
        type: str
"""

from collections.abc import Callable
from typing import Any, cast

from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy.types import Code


def severity(value: object) -> Code:
    """What is known of a severity; see module_utils/_syslog/codes.py."""
    try:
        return cast(Code, syslog.severity(value))
    except syslog.SyslogError as exc:
        raise AnsibleFilterError('severity: %s' % exc)


class FilterModule(object):
    """Filters of the syslog policy."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'severity': severity}
