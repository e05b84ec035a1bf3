# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The frame of a stage: an action plugin that reads the record of a host, adds to it, and keeps it.

A stage is a class with ``OPTIONS``, the arguments it takes beside those of every stage, and ``work``.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import os
from datetime import datetime, timezone
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.plan import PlanError
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.verdicts import STAMP

CATALOG = {'type': 'list', 'elements': 'dict', 'required': True}


class StageError(Exception):
    """The stage cannot come to its end on this host; the text says why and what to do."""


class Stage(ActionBase):
    """Runs on the control node only; never connects to the host."""

    TRANSFERS_FILES = False
    _requires_connection = False
    OPTIONS: dict[str, Any] = {}

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        """Do the work of the stage: change the record and the result of the task.

        :raises StageError: it cannot be done on this host.
        """
        raise NotImplementedError

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        dummy, args = self.validate_argument_spec(argument_spec={
            'run_dir': {'type': 'path', 'required': True},
            'journey': {'type': 'str', 'required': True, 'choices': list(records.STAGES)},
            **self.OPTIONS})
        known = task_vars or {}
        now = datetime.now(timezone.utc).strftime(STAMP)
        try:
            run = records.current_run(args['run_dir'], args['journey'], self._check_mode(), os.getppid())
            record, keep = self._open(args, known, run, now, result)
            self.work(record, args, result)
            record['updated'] = now
            result['path'] = records.save(args['run_dir'], record) if keep else None
        except (records.RecordError, PlanError, StageError) as exc:
            raise AnsibleActionFail(str(exc))
        result.update(changed=False, ansible_facts={'log_hygiene_record': record})
        return result

    def _check_mode(self) -> bool:
        return bool(self._task.check_mode)

    def _open(self, args: dict[str, Any], known: dict[str, Any], run: records.Run, now: str,
              result: dict[str, Any]) -> tuple[Record, bool]:
        """(the record of the host in this run, whether it may be kept).

        :raises RecordError: there is none, or it is of another run.
        """
        keep, host = True, known['inventory_hostname']
        try:
            record = records.load(args['run_dir'], host, args['journey'], self._check_mode())
        except records.RecordError:
            # A damaged file stays as it is, for who can mend it; what this run knows is handed on without one.
            keep, record = False, (known.get('ansible_facts') or {}).get('log_hygiene_record')
            if not record or record.get('run') != run['id']:
                if not args.get('error'):
                    raise
                record = records.begin(None, host, args['journey'], self._check_mode(), now, records.VERSION, run['id'])
        if record is None:
            raise records.RecordError('%s: the record of host %s is gone from log_hygiene_run_dir.' % (args['run_dir'], host))
        if record.get('run') != run['id']:
            raise records.RecordError('%s: the record of host %s is of another run: two playbooks use one '
                                      'log_hygiene_run_dir at once. Run one after the other.' % (args['run_dir'], host))
        return record, keep
