# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Add to the record of a host: see plugins/modules/record.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import contextlib
from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records, rollback, stage
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record

# With ANSIBLE_ANY_ERRORS_FATAL Ansible brings hosts to a rescue that failed at nothing: it says of them neither task nor result.
WITH_ANOTHER = 'ended with another host that failed, as any_errors_fatal (ANSIBLE_ANY_ERRORS_FATAL) asks'


class ActionModule(stage.Stage):
    """Record the result of a role, or a failure."""

    _requires_connection = True
    OPTIONS = {
        'set': {'type': 'dict', 'default': {}},
        'stage': {'type': 'str'},
        'stage_state': {'type': 'str', 'default': 'ran', 'choices': list(records.ENDED)},
        'failed_part': {'type': 'str', 'choices': ['syslog_policy']},
        'failed_task': {'type': 'str'},
        'failed_result': {'type': 'dict', 'default': {}},
    }

    def _open(self, args: dict[str, Any], run: records.Run, now: str) -> tuple[Record, bool]:
        try:
            return super()._open(args, run, now)
        except records.RecordError:
            if args['failed_task'] is None:
                raise
            # A damaged file stays as it is, so that it can be repaired; the report says that it could not be read.
            host = self.known['inventory_hostname']
            return records.begin(None, host, args['journey'], self._check_mode(), now, records.VERSION, run['id']), False

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        unknown = sorted(set(args['set']) - set(record))
        if unknown:
            raise stage.StageError('set: unknown key %s of the record.' % ', '.join(unknown))
        record.update(args['set'])
        if args['failed_task'] is not None and record['reachable']:  # a lost host is recorded once
            text, lost = stage.failure_of(args['failed_result'])
            said = text or (stage.NO_MESSAGE if args['failed_result'] else WITH_ANOTHER)
            if args['failed_part']:
                record['syslog_policy'] = {'failed': text or args['failed_task'] or said}
            else:
                records.fail(record, {'stage': args['failed_task'] or '-', 'message': said}, lost)
                if not lost:
                    self._end_trail(record)
        elif args['set'].get('syslog_policy'):
            rollback.note_policy(record, self.run_now['name'])
        if args['stage']:
            records.end_stage(record, args['stage'], args['stage_state'])

    def _end_trail(self, record: Record) -> None:
        """Say in the log of the host that the run failed, where that can be; the failure itself is what counts."""
        with contextlib.suppress(stage.StageError):
            self.trail(record, begin=False)
