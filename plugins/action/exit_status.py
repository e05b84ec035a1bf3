# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Set the exit status of a run: see plugins/modules/exit_status.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import os
from typing import Any, TypedDict

from ansible.plugins.action import ActionBase

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import host_state, record as records, run_dir, stage
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import fleet as report_fleet, host as report_host
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Journey
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language, say


class Arguments(TypedDict):
    run_dir: str
    journey: Journey
    language: Language


class ActionModule(ActionBase):
    """Run on the control node only; never connect to the host."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        args: Arguments
        dummy, args = self.validate_argument_spec(argument_spec=stage.COMMON)
        args['run_dir'] = run_dir.absolute(args['run_dir'])
        language, host, check_mode = args['language'], (task_vars or {})['inventory_hostname'], bool(self._task.check_mode)
        try:
            run = records.current_run(args['run_dir'], args['journey'], check_mode, os.getppid())
            record = records.load(records.folder_of(args['run_dir'], run), host, args['journey'], check_mode)
        except records.RecordError as exc:
            result.update(changed=False, failed=True, msg=str(exc))  # see stage.py
            return result
        if record is None or record.get('run') != run['id']:
            result.update(changed=False, state='unseen', unreachable=True,
                          msg=say(language, 'finding.unseen', message=say(language, 'lost.never')))
            return result
        state = host_state.state(record)
        result.update(changed=False, state=state)
        if state == 'unseen':
            # An unreachable result makes ansible-playbook end with status 4.
            result.update(unreachable=True, msg=report_host.unseen_text(language, record))
        elif host_state.status(record):
            texts = report_fleet.short_lines(language, record, {}) if state == 'findings' else report_host.complaints(language, record)
            result.update(failed=True, msg=report_host.reasons(texts))
        return result
