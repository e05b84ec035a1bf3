# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter sinks."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: sinks
  short_description: Gather the scans of a host by sink
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Puts the registered results of M(loghygiene.rhel.journal_scan) and of a loop of M(loghygiene.rhel.logfile_scan) over sink names
      together, without what Ansible adds to registered results.
  positional: logfiles
  options:
    _input:
      description: The registered result of the journal scan.
      type: dict
      required: true
    logfiles:
      description: The registered result of the loop over the sinks; each item is the name of its sink.
      type: dict
      required: true
"""

EXAMPLES = r"""
sinks: "{{ journal | loghygiene.rhel.sinks(logfiles) }}"
"""

RETURN = r"""
  _value:
    description: Scan results by sink, V(journal), V(messages), V(secure), V(diverted).
    type: dict
"""

from collections.abc import Callable
from typing import Any, cast

from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import ScanRow, Sink, Sinks

KEYS = ('signatures', 'boots', 'machines', 'unexplained', 'losses', 'cursor', 'entries', 'files', 'errors', 'method')


def sinks(journal: dict[str, Any], logfiles: dict[str, Any]) -> Sinks:
    """Scan results by sink, keys in RETURN of the scan modules only."""
    found: dict[Sink, dict[str, Any]] = {'journal': journal}
    for result in logfiles['results']:
        found[result['item']] = result
    # Text logs have no cursor that could leave anything undecided.
    return dict((sink, cast(ScanRow, dict(((key, result[key]) for key in KEYS), undecided=result.get('undecided', 0))))
                for sink, result in found.items())


class FilterModule(object):
    """Filters of the scan stage."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'sinks': sinks}
