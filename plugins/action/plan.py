# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide what to do about each signature on a host: see plugins/modules/plan.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    machines, plan, record as records, rollback, stage)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record


class ActionModule(stage.Stage):
    """The stage plan."""

    _requires_connection = True
    OPTIONS = {
        'opt_in': {'type': 'list', 'elements': 'str', 'default': []},
        'apply': {'type': 'str', 'default': 'detected', 'choices': ['detected', 'all']},
        'syslog': {'type': 'bool', 'default': False},
        'rollback_run': {'type': 'str', 'default': rollback.LAST},
        'rollback_signatures': {'type': 'list', 'elements': 'str', 'default': []},
    }

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        record['same_machine'] = machines.same(args['run_dir'], record['host'], record.get('run') or '', record['target'] or {},
                                               self.known.get('ansible_play_hosts_all', ()))
        twice = machines.refusal(record['host'], record['same_machine'])
        if twice and record['journey'] in ('remediate', 'rollback'):
            raise stage.StageError(twice)
        record['catalog_digest'] = catalog.digest(self.catalog())
        if record['journey'] == 'rollback':
            self._undo(record, args, result)
        else:
            self._do(record, args, result)
        if result['further'] and record['journey'] in ('remediate', 'rollback'):
            self.trail(record, begin=True, policy='policy' in result['further'])

    def _do(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        """Plan what to do about each signature."""
        record['plan'] = plan.make(record, self.catalog(), args['apply'], args['opt_in'])
        records.end_stage(record, 'plan', 'ran')
        asked = plan.items(record['plan'], self.catalog())
        if record['journey'] == 'audit':  # the survey has looked at the others
            asked = dict((role, items) for role, items in asked.items() if role not in record['remedies'])
        further = []
        if 'remedies' in record['stages']:
            if asked:
                further.append('remedies')
            else:
                records.end_stage(record, 'remedies', 'ran')
        if 'policy' in record['stages']:
            if args['syslog']:
                further.append('policy')
            elif not asked:
                records.end_stage(record, 'policy', 'not_asked')
        result.update(state='present', remedies=asked, keep={}, further=further)

    def _undo(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        """Plan what to take back."""
        record['applied'] = memory = rollback.remembered(record, self.catalog())
        chosen = rollback.choose(record, memory, args['rollback_run'], args['rollback_signatures'])
        refused = {}
        for role, items in chosen['items'].items():
            said = rollback.demand_keep(role, catalog.role_options(role), chosen['keep'].get(role, []), items)
            if said:
                refused[role] = said
        rollback.begin(record, chosen, refused)
        asked = dict((role, items) for role, items in chosen['items'].items() if role not in refused)
        policy = chosen['rollback']['policy']
        records.end_stage(record, 'plan', 'ran')
        if not asked:
            records.end_stage(record, 'remedies', 'ran' if refused else 'not_needed')
            if not policy:
                records.end_stage(record, 'policy', 'not_asked')
        result.update(state='absent', remedies=asked, keep=chosen['keep'], further=['remedies'] * bool(asked) + ['policy'] * policy)
