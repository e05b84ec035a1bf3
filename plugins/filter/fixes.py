# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter fixes."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: fixes
  short_description: Add the outcome of the remedy roles to what earlier runs fixed
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Merges the results of the remedy roles into the C(remedies) of the record.
  positional: results, point
  options:
    _input:
      description: The record of a host.
      type: dict
      required: true
    results:
      description: Per role V(ids) and V(result) (what the role set as C(ROLE_result)) or V(failed) (why it failed).
      type: dict
      required: true
    point:
      description: The remedy point of this run, V(at), V(boot_id), V(journal_cursor), V(log_cursors). None in check mode.
      type: dict
"""

EXAMPLES = r"""
fixes: "{{ log_hygiene_record | loghygiene.rhel.fixes(results, point) }}"
"""

RETURN = r"""
  _value:
    description: The new C(remedies) of the record.
    type: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Remedies, Point, Record


def fixes(record: Record, results: Mapping[str, verdicts.Outcome], point: Point | None = None) -> Remedies:
    """The record's remedies after the stage of that name; see plugin_utils/verdicts.py."""
    return verdicts.merge_remedies(record, results, point)


class FilterModule(object):
    """Filters of the stage remedies."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'fixes': fixes}
