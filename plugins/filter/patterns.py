# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter patterns."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: patterns
  short_description: Keep of each signature what a scanner needs
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Leaves out causes, advice, references, tests and whatever else M(loghygiene.rhel.journal_scan) and
      M(loghygiene.rhel.logfile_scan) do not look at. They are sent to every host with each call.
  options:
    _input:
      description: Signatures, as the lookup P(loghygiene.rhel.signatures#lookup) returns them.
      type: list
      elements: dict
      required: true
"""

EXAMPLES = r"""
- name: Count every known message in the journal of a host
  loghygiene.rhel.journal_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') | loghygiene.rhel.patterns }}"
  become: true
"""

RETURN = r"""
  _value:
    description: The same signatures in the same order, with V(id), V(match) and, where there is one, V(watch) only.
    type: list
    elements: dict
"""

from collections.abc import Callable
from typing import Any, Literal

from ansible_collections.loghygiene.rhel.plugins.plugin_utils.signature_types import Signature

KEYS: tuple[Literal['id', 'match', 'watch'], ...] = ('id', 'match', 'watch')


def patterns(signatures: list[Signature]) -> list[dict[str, Any]]:
    """The signatures with KEYS only."""
    return [dict((key, signature[key]) for key in KEYS if key in signature) for signature in signatures]


class FilterModule(object):
    """Filters of the scan and verify stages."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'patterns': patterns}
