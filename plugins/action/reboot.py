# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether a host is rebooted, and keep that it was: see plugins/modules/reboot.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records, stage, verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.plan import target_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record


class ActionModule(stage.Stage):
    """The stage reboot: before it, and after it with the host as it is then."""

    OPTIONS = {
        'asked': {'type': 'bool', 'default': False},
        'host': {'type': 'dict'},
    }

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        if args['host']:
            self._after(record, args)
            return
        roles = verdicts.reboot_needed(record)
        result['due'] = bool(roles) and args['asked'] and not record['check_mode']
        if not roles:
            records.end_stage(record, 'reboot', 'not_needed')
            return
        would = args['asked'] and record['check_mode']
        record['reboot'] = {'roles': roles, 'state': 'would' if would else 'pending',
                            'boot_id_before': target_of(record)['boot_id'], 'boot_id_after': None}
        if not result['due']:
            records.end_stage(record, 'reboot', 'check_mode' if would else 'not_asked')

    def _after(self, record: Record, args: dict[str, Any]) -> None:
        host, before = args['host'], target_of(record)['boot_id']
        if host['boot_id'] == before:
            raise stage.StageError(
                '%s came back from the reboot with the boot id it had before (%s): it did not boot anew, so nothing can be '
                'proved. Reboot it by hand and run verify.yml.' % (record['host'], before))
        reboot = record['reboot']
        if reboot:
            record['reboot'] = {**reboot, 'state': 'done', 'boot_id_after': host['boot_id']}
        record['target'] = host
        records.end_stage(record, 'reboot', 'ran')
