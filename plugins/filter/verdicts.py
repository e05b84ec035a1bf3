# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter verdicts."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: verdicts
  short_description: Judge whether each remedied message stopped
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Judges every signature of the plan per promised sink from the scans of the verify stage.
  positional: catalog, scans
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
    scans:
      description: What was found on the host, one item per remedy point.
      type: list
      elements: dict
      required: true
"""

EXAMPLES = r"""
verdicts: "{{ log_hygiene_record | loghygiene.rhel.verdicts(lookup('loghygiene.rhel.signatures'), scans) }}"
"""

RETURN = r"""
  _value:
    description: The C(verify) part of the record, with a verdict per signature; see C(docs/record.md).
    type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import verdicts as judging
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record, Verify, VerifyScan
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.signature_types import Signature


def verdicts(record: Record, catalog: list[Signature], scans: list[VerifyScan]) -> Verify:
    """The verify part of the record; see plugin_utils/verdicts.py."""
    return judging.verify(record, catalog, scans)


class FilterModule(object):
    """Filters of the verify stage."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'verdicts': verdicts}
