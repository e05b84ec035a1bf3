# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter findings."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: findings
  short_description: List what a person must act on or read
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Collects from the whole record what is not settled by itself.
  positional: catalog
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
"""

EXAMPLES = r"""
findings: "{{ log_hygiene_record | loghygiene.rhel.findings(lookup('loghygiene.rhel.signatures')) }}"
"""

RETURN = r"""
  _value:
    description: Items with V(kind), V(signature), V(data); see C(docs/record.md).
    type: list
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Finding, Record
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.signature_types import Signature


def findings(record: Record, catalog: list[Signature]) -> list[Finding]:
    """Findings; see plugin_utils/verdicts.py."""
    return verdicts.findings(record, catalog)


class FilterModule(object):
    """Filters of the report stage."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'findings': findings}
