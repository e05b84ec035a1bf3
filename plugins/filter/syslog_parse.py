# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter syslog_parse."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: syslog_parse
  short_description: Take a syslog message apart
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Reads one message of RFC 5424 or RFC 3164, as it comes over the network or as rsyslog writes it to a file.
    - What has a version behind the PRI is RFC 5424 and must be right in every part; what is wrong is an error that
      names the part. All else is read as RFC 3164, of which nothing is required.
    - A line without a PRI, as files hold them, has no facility and no severity. A line that begins with a wrong PRI is
      an error.
  options:
    _input:
      description: The message. One newline at its end is left out.
      type: raw
      required: true
  seealso:
    - plugin: loghygiene.rhel.pri_decode
      plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the messages of a file that are errors or worse
  ansible.builtin.debug:
    msg: "{{ item.app_name }}: {{ item.message }}"
  loop: "{{ lines | map('loghygiene.rhel.syslog_parse') | selectattr('severity') }}"
  when: item.severity.number <= ('err' | loghygiene.rhel.severity).number
  vars:
    lines: "{{ lookup('ansible.builtin.file', 'collected.log').splitlines() }}"
"""

RETURN = r"""
  _value:
    description: The parts of the message. What it does not have is none.
    type: dict
    contains:
      format:
        description: V(rfc5424) or V(rfc3164).
        type: str
      pri:
        description: The PRI as a number.
        type: int
      facility:
        description: The facility; see P(loghygiene.rhel.facility#filter).
        type: dict
      severity:
        description: The severity; see P(loghygiene.rhel.severity#filter).
        type: dict
      version:
        description: V(1) for RFC 5424.
        type: int
      timestamp:
        description: The time as it is written.
        type: str
      timestamp_utc:
        description:
          - The time in UTC, RFC 3339 with microseconds. None for a time without year and zone, as RFC 3164 has it.
        type: str
      hostname:
        description: The host.
        type: str
      app_name:
        description: The program, in RFC 3164 the tag.
        type: str
      procid:
        description: The process, in RFC 3164 what stands in brackets behind the tag.
        type: str
      msgid:
        description: The kind of message.
        type: str
      structured_data:
        description: By SD-ID a list of parameters, each with V(name) and V(value). A name may occur more than once.
        type: dict
      message:
        description: The text, without the byte order mark.
        type: str
"""

from collections.abc import Callable
from typing import Any, cast

from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog, message as syslog_message
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy.types import Message


def syslog_parse(value: object) -> Message:
    """The parts of a syslog message; see module_utils/_syslog/codes.py."""
    try:
        return cast(Message, syslog_message.parse(value))
    except syslog.SyslogError as exc:
        raise AnsibleFilterError('syslog_parse: %s' % exc)


class FilterModule(object):
    """Filters of the syslog policy."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'syslog_parse': syslog_parse}
