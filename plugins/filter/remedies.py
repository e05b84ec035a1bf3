# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter remedies."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: remedies
  short_description: List the remedy roles a plan calls for
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Groups the rows of a plan by remedy role.
  options:
    _input:
      description: The record of a host, with C(plan).
      type: dict
      required: true
"""

EXAMPLES = r"""
remedies: "{{ log_hygiene_record | loghygiene.rhel.remedies }}"
"""

RETURN = r"""
  _value:
    description: Items with V(role) and V(ids), the signatures it is for.
    type: list
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import plan as plans
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record


def remedies(record: Record) -> list[plans.RoleIds]:
    """Roles to run and the signatures each is for; see plugin_utils/plan.py."""
    return plans.remedies(record['plan'])


class FilterModule(object):
    """Filters of the stage remedies."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'remedies': remedies}
