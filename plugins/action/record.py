# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep the record of a host on the control node: see plugins/modules/record.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import os
from datetime import datetime, timezone
from typing import Any, TypedDict

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import (
    Journey, Record, RecordedError, StageEnd, StageName)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.verdicts import STAMP


class ErrorArgument(RecordedError):
    lost: bool


class Arguments(TypedDict):
    run_dir: str
    journey: Journey
    begin: bool
    set: Any  # some keys of the record
    stage: StageName | None
    stage_state: StageEnd
    error: ErrorArgument | None


class ActionModule(ActionBase):
    """Runs on the control node only; never connects to the host."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        args: Arguments
        dummy, args = self.validate_argument_spec(argument_spec={
            'run_dir': {'type': 'path', 'required': True},
            'journey': {'type': 'str', 'required': True, 'choices': ['remediate', 'verify', 'scan', 'audit']},
            'begin': {'type': 'bool', 'default': False},
            'set': {'type': 'dict', 'default': {}},
            'stage': {'type': 'str'},
            'stage_state': {'type': 'str', 'default': 'ran', 'choices': list(records.ENDED)},
            'error': {'type': 'dict', 'options': {
                'stage': {'type': 'str', 'required': True}, 'message': {'type': 'str', 'required': True},
                'lost': {'type': 'bool', 'default': False}}},
        })
        known = task_vars or {}
        host = known['inventory_hostname']
        check_mode = bool(self._task.check_mode)
        now = datetime.now(timezone.utc).strftime(STAMP)
        keep = True
        record: Record | None
        try:
            run = records.current_run(args['run_dir'], args['journey'], check_mode, os.getppid())
            if args['begin']:
                try:
                    previous = records.load(args['run_dir'], host)
                except records.RecordError as exc:
                    previous = None
                    keep = records.file_name(host, args['journey'], check_mode) != records.file_name(host, 'remediate', False)
                    result.update(failed=True, msg=str(exc))
                record = records.begin(previous, host, args['journey'], check_mode, now, records.VERSION, run['id'])
                if run['held']:
                    records.fail(record, {'stage': 'contact', 'message': run['held']}, lost=True)
                    result.update(failed=True, msg=run['held'])
            else:
                try:
                    record = records.load(args['run_dir'], host, args['journey'], check_mode)
                except records.RecordError:
                    # A damaged file stays as it is, for who can mend it; what this run knows is handed on without one.
                    keep, record = False, (known.get('ansible_facts') or {}).get('log_hygiene_record')
                    if not record or record.get('run') != run['id']:
                        if not args['error']:
                            raise
                        record = records.begin(None, host, args['journey'], check_mode, now, records.VERSION, run['id'])
                if record is None:
                    raise records.RecordError('%s: the record of host %s is gone from log_hygiene_run_dir.' % (args['run_dir'], host))
                if record.get('run') != run['id']:
                    raise records.RecordError('%s: the record of host %s is of another run: two playbooks use one '
                                              'log_hygiene_run_dir at once. Run one after the other.' % (args['run_dir'], host))
            unknown = sorted(set(args['set']) - set(record))
            if unknown:
                raise records.RecordError('set: unknown key %s of the record.' % ', '.join(unknown))
            record.update(args['set'])
            error = args['error']
            if error and record['reachable']:  # who is lost is lost once
                records.fail(record, {'stage': error['stage'], 'message': error['message']}, error['lost'])
            if args['stage']:
                records.end_stage(record, args['stage'], args['stage_state'])
            record['updated'] = now
            result['path'] = records.save(args['run_dir'], record) if keep else None
        except records.RecordError as exc:
            raise AnsibleActionFail(str(exc))
        result.update(changed=False, ansible_facts={'log_hygiene_record': record})
        return result
