# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep what the scan of a host found: see plugins/modules/scan.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records, stage
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.plan import target_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.scanned import sinks


class ActionModule(stage.Stage):
    """The end of the stage scan."""

    OPTIONS = {
        'journal': {'type': 'dict', 'required': True},
        'logfiles': {'type': 'dict', 'required': True},
        'since': {'type': 'str', 'default': ''},
    }

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        target = target_of(record)
        record['scan'] = {'at': target['now'], 'boot_id': target['boot_id'], 'since': args['since'],
                          'sinks': sinks(args['journal'], args['logfiles'])}
        records.end_stage(record, 'scan', 'ran')
