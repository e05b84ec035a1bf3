# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record what the remedies did: see plugins/modules/remedies.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import kinds as remedy_kinds
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    answer, plan, record as records, remedies, rollback, stage, surveys)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record


def outcome_of(ids: list[str], role: str, said: dict[str, Any]) -> remedies.Outcome:
    """The outcome of one kind of remedy that was run for these signatures."""
    if 'failed_result' in said:
        return {'signature_ids': ids, 'failed': stage.failure_of(said['failed_result'])[0] or stage.NO_MESSAGE}
    return remedies.held_to_contract(role, {'signature_ids': ids, 'result': said['result']})


class ActionModule(stage.Stage):
    """The end of the stage remedies. Where something changed, read the ends of the logs: the remedy point."""

    _requires_connection = True
    OPTIONS = {
        'results': {'type': 'dict', 'required': True},
        'syslog': {'type': 'bool', 'default': False},
    }

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        if record['journey'] == 'rollback':
            self._undone(record, args)
        else:
            self._done(record, args)
        records.end_stage(record, 'remedies', 'ran')
        if not args['syslog']:
            records.end_stage(record, 'policy', 'not_asked')

    def _done(self, record: Record, args: dict[str, Any]) -> None:
        """Keep what came into force, and what a rollback has to know."""
        results, point = dict((role, outcome_of([row['signature_id'] for row in record['plan'] if row['role'] == role], role, said))
                              for role, said in args['results'].items()), None
        if not record['check_mode']:
            asked, memory = plan.items(record['plan'], self.catalog()), rollback.remembered(record, self.catalog())
            for role, outcome in results.items():
                found: dict[str, Any] = {**(outcome.get('result') or {})}
                # Of a role that failed nobody knows how far it came, unless it says so.
                changed = found.get('changed') if 'failed' not in outcome else args['results'][role].get('failed_result', {}).get('changed', True)
                rollback.remember(memory, role, asked.get(role, []), bool(changed), bool(found.get('in_place')), self.run_now['name'],
                                  record['started'])
            record['applied'] = memory
        if not record['check_mode'] and any(one.get('result', {}).get('changed') for one in results.values()):
            found = self.on_host('host_survey', {'after': surveys.ends_of(record)})
            if found.get('failed'):
                raise stage.StageError('%s: %s' % (record['host'], stage.failure_of(found)[0] or stage.NO_MESSAGE))
            wrong = answer.problem(found, {})
            if wrong:
                raise stage.StageError('%s: %s' % (record['host'], stage.UNUSABLE % wrong))
            point = found['ends']
        record['remedies'] = remedies.merge_remedies(record, results, point)

    def _undone(self, record: Record, args: dict[str, Any]) -> None:
        """Keep what was taken back."""
        asked, before = record['rollback'], record['remedies']
        if not asked:
            raise stage.StageError('%s: the record does not say what to roll back. Run rollback.yml from its start.' % record['host'])
        roles = {}
        for role, said in args['results'].items():
            ids = asked['roles'][role]['signature_ids']
            outcome = outcome_of(ids, role, said)
            roles[role] = rollback.undone_by(ids, said.get('result') or said.get('failed_result'), outcome.get('failed'))
        # Of others' kinds only they themselves know.
        doubtful = dict((role, items) for role, items in rollback.doubtful(record['applied'] or {}, roles).items() if role in remedy_kinds.ROLES)
        unseen = None
        try:
            for role in self._in_place(doubtful):
                roles[role] = rollback.still_there(roles[role])
        except stage.StageError as error:  # what is sure of the others is kept all the same
            unseen = error
            roles.update((role, rollback.undone_by(roles[role]['signature_ids'], None, str(error))) for role in doubtful)
        rollback.settle(record, roles, record['check_mode'])
        record['reboot'] = rollback.reboot_due(record, before, plan.target_of(record))
        if unseen:
            raise unseen

    def _in_place(self, kinds: dict[str, list[plan.Item]]) -> list[str]:
        """Ask the host which of these kinds of remedy are in place."""
        if not kinds:
            return []
        wanted = {'kinds': kinds, 'remedied': [item['signature_id'] for items in kinds.values() for item in items]}
        found = self.on_host('host_survey', wanted)
        wrong = stage.failure_of(found)[0] if found.get('failed') else answer.problem(found, wanted)
        if wrong:
            raise stage.StageError('%s: %s' % (self.known['inventory_hostname'], wrong))
        return [role for role, one in found['remedies'].items() if one.get('in_place')]
