# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell how the syslog policy ended on each host: see plugins/modules/policy_report.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import LANGUAGES
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import stage
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import STAMP
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import policy as report, terminal
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import COLUMNS

display = Display()

RESULT, FAILURE = 'syslog_policy_result', '__syslog_policy_failure'


class ActionModule(ActionBase):
    """Run on the control node only; never connect to the host."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        dummy, args = self.validate_argument_spec(argument_spec={
            'part': {'type': 'str', 'required': True, 'choices': ['failure', 'unseen', 'show', 'status']},
            'hosts': {'type': 'list', 'elements': 'str', 'default': []},
            'language': {'type': 'str', 'default': 'en', 'choices': list(LANGUAGES)},
            'report': {'type': 'str', 'default': 'short', 'choices': ['short', 'full']},
            'failed_task': {'type': 'str', 'default': ''},
            'failed_result': {'type': 'dict', 'default': {}},
        })
        known = task_vars or {}
        result['changed'] = False
        if args['part'] == 'failure':
            text, lost = stage.failure_of(args['failed_result'])
            result.update(message=text or args['failed_task'] or stage.NO_MESSAGE, lost_host=lost)
        elif args['part'] in ('show', 'unseen'):
            found = [self._host(name, known['hostvars'][name]) for name in args['hosts']]
            now = datetime.now(timezone.utc).strftime(STAMP)
            nobody = all(report.state(host) == 'unseen' for host in found)
            if terminal.is_for_people() and (nobody or args['part'] == 'show'):
                display.display(report.screen(args['language'], found, now, terminal.columns(), args['report'] == 'full'))
            result['text'] = report.totals(args['language'], found, now)
            result['states'] = dict((host['host'], report.state(host)) for host in found)
        else:
            host = self._host(known['inventory_hostname'], known)
            result['state'] = report.state(host)
            if result['state'] == 'unseen':
                # An unreachable result makes ansible-playbook end with status 4.
                result.update(unreachable=True, msg=report.complaint(args['language'], host))
            elif result['state'] != 'clean':
                result.update(failed=True, msg=report.complaint(args['language'], host))
        return result

    def _host(self, name: str, known: Mapping[str, Any]) -> report.Host:
        """What the play before left of a host. It may have said anything: of which the report makes nothing, that takes no other with it."""
        try:
            host = self._left(name, known)
            report.screen('ko', [host], datetime.now(timezone.utc).strftime(STAMP), COLUMNS, True)
            report.complaint('ko', host)
            return host
        except Exception as exc:
            return {'host': name, 'check_mode': bool(self._task.check_mode), 'policy': None, 'absent': False, 'lost': False, 'failed': (
                '%s: what this host said cannot be reported (%s: %s). See whether the Python there and the host itself are sound.'
                % (name, type(exc).__name__, str(exc)[:stage.SAID]))}

    def _left(self, name: str, known: Mapping[str, Any]) -> report.Host:
        policy, failure = known.get(RESULT), known.get(FAILURE)
        if not isinstance(failure, Mapping) or 'message' not in failure:
            failure = None
        kept: Any = {**policy, 'failed': None} if policy else None
        return {'host': name, 'check_mode': bool(self._task.check_mode), 'policy': kept,
                'absent': bool(policy and policy['alerts'] is None and not policy['files']),
                'failed': failure['message'] if failure else None, 'lost': bool(failure and failure['lost_host'])}
