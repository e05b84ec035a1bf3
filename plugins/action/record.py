# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep the record of a host on the control node: see plugins/modules/record.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records, stage
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record


class ActionModule(stage.Stage):
    """Begins the record, and adds to it what no stage does."""

    OPTIONS = {
        'begin': {'type': 'bool', 'default': False},
        'set': {'type': 'dict', 'default': {}},
        'stage': {'type': 'str'},
        'stage_state': {'type': 'str', 'default': 'ran', 'choices': list(records.ENDED)},
        'error': {'type': 'dict', 'options': {
            'stage': {'type': 'str', 'required': True}, 'message': {'type': 'str', 'required': True},
            'lost': {'type': 'bool', 'default': False}}},
    }

    def _open(self, args: dict[str, Any], known: dict[str, Any], run: records.Run, now: str,
              result: dict[str, Any]) -> tuple[Record, bool]:
        if not args['begin']:
            return super()._open(args, known, run, now, result)
        host, keep = known['inventory_hostname'], True
        try:
            previous = records.load(args['run_dir'], host)
        except records.RecordError as exc:
            previous = None
            keep = records.file_name(host, args['journey'], self._check_mode()) != records.file_name(host, 'remediate', False)
            result.update(failed=True, msg=str(exc))
        record = records.begin(previous, host, args['journey'], self._check_mode(), now, records.VERSION, run['id'])
        if run['held']:
            records.fail(record, {'stage': 'contact', 'message': run['held']}, lost=True)
            result.update(failed=True, msg=run['held'])
        return record, keep

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        unknown = sorted(set(args['set']) - set(record))
        if unknown:
            raise records.RecordError('set: unknown key %s of the record.' % ', '.join(unknown))
        record.update(args['set'])
        error = args['error']
        if error and record['reachable']:  # who is lost is lost once
            records.fail(record, {'stage': error['stage'], 'message': error['message']}, error['lost'])
        if args['stage']:
            records.end_stage(record, args['stage'], args['stage_state'])
