# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether to reboot a host: see plugins/modules/reboot.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records, remedies, stage
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import target_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record


class ActionModule(stage.Stage):
    """The stage reboot without the reboot itself. Where one is due, the second survey ends the stage: it sees the new boot."""

    _requires_connection = True
    OPTIONS = {
        'asked': {'type': 'bool', 'default': False},
    }

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        self.trail(record, begin=False)
        if record['journey'] == 'rollback':
            due = record['reboot']
            roles = due['roles'] if due and due['state'] == 'pending' else []
        else:
            roles = remedies.reboot_needed(record)
        result['due'] = bool(roles) and args['asked'] and not record['check_mode']
        if not roles:
            records.end_stage(record, 'reboot', 'not_needed')
            return
        would = args['asked'] and record['check_mode']
        record['reboot'] = {'roles': roles, 'state': 'begun' if result['due'] else 'would' if would else 'pending',
                            'boot_id_before': target_of(record)['boot_id'], 'boot_id_after': None}
        if not result['due']:
            records.end_stage(record, 'reboot', 'check_mode' if would else 'not_asked')
