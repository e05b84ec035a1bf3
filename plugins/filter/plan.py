# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter plan."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: plan
  short_description: Decide what to do about each signature on a host
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Compares what the scan of a host found with what each signature says about the host, and decides per signature.
  positional: catalog, apply
  options:
    _input:
      description: The record of a host, with C(target), C(scan) and C(remedies).
      type: dict
      required: true
    catalog:
      description: The signatures.
      type: list
      elements: dict
      required: true
    apply:
      description: V(detected) remedies what was seen on the host, V(all) whatever applies to it.
      type: str
      choices: [detected, all]
      default: detected
"""

EXAMPLES = r"""
plan: "{{ log_hygiene_record | loghygiene.rhel.plan(lookup('loghygiene.rhel.signatures')) }}"
"""

RETURN = r"""
  _value:
    description: A row per signature; see C(docs/record.md).
    type: list
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import plan as plans
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import PlanRow, Record
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.signature_types import Signature


def plan(record: Record, catalog: list[Signature], apply: str = 'detected') -> list[PlanRow]:
    """Rows of the plan; see plugin_utils/plan.py."""
    try:
        return plans.make(record, catalog, apply)
    except plans.PlanError as exc:
        raise AnsibleFilterError(str(exc))


class FilterModule(object):
    """Filters of the plan stage."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'plan': plan}
