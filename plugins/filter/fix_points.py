# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter remedy_points."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: remedy_points
  short_description: List what the verify stage must look at
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - One item per distinct remedy point with the signatures and the observable triggers that hang on it.
  positional: catalog, settle
  options:
    _input:
      description: The record of a host.
      type: dict
      required: true
    catalog:
      description: The signatures.
      type: list
      elements: dict
      required: true
    settle:
      description: How many seconds verify may wait for the triggers where the host has only just booted.
      type: int
      default: 0
"""

EXAMPLES = r"""
points: "{{ log_hygiene_record | loghygiene.rhel.remedy_points(lookup('loghygiene.rhel.signatures')) }}"
"""

RETURN = r"""
  _value:
    description: Items with V(point), V(ids), V(triggers), V(wait_for), V(wait).
    type: list
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import RemedyPoint, Record
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.signature_types import Signature


def remedy_points(record: Record, catalog: list[Signature], settle: int = 0) -> list[RemedyPoint]:
    """Remedy points; see plugin_utils/verdicts.py."""
    return verdicts.remedy_points(record, catalog, settle)


class FilterModule(object):
    """Filters of the verify stage."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'remedy_points': remedy_points}
