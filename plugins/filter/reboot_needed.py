# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter reboot_needed."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: reboot_needed
  short_description: List the remedies that wait for a reboot
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Names the remedy roles that take force at boot and since whose making the host has not booted.
  options:
    _input:
      description: The record of a host.
      type: dict
      required: true
"""

EXAMPLES = r"""
roles: "{{ log_hygiene_record | loghygiene.rhel.reboot_needed }}"
"""

RETURN = r"""
  _value:
    description: Names of roles.
    type: list
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record


def reboot_needed(record: Record) -> list[str]:
    """Roles that wait for a reboot; see plugin_utils/verdicts.py."""
    return verdicts.reboot_needed(record)


class FilterModule(object):
    """Filters of the reboot stage."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'reboot_needed': reboot_needed}
