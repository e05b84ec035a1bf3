# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record what the remedies did: see plugins/modules/remedies.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    answer, record as records, remedies, stage, surveys)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record


def outcome_of(record: Record, role: str, said: dict[str, Any]) -> remedies.Outcome:
    """The outcome of one kind of remedy, and the signatures that it was run for."""
    ids = [row['signature_id'] for row in record['plan'] if row['role'] == role]
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
        results, point = dict((role, outcome_of(record, role, said)) for role, said in args['results'].items()), None
        if not record['check_mode'] and any(one.get('result', {}).get('changed') for one in results.values()):
            found = self.on_host('host_survey', {'after': surveys.ends_of(record)})
            if found.get('failed'):
                raise stage.StageError('%s: %s' % (record['host'], stage.failure_of(found)[0] or stage.NO_MESSAGE))
            wrong = answer.problem(found, {})
            if wrong:
                raise stage.StageError('%s: %s' % (record['host'], stage.UNUSABLE % wrong))
            point = found['ends']
        record['remedies'] = remedies.merge_remedies(record, results, point)
        records.end_stage(record, 'remedies', 'ran')
        if not args['syslog']:
            records.end_stage(record, 'policy', 'not_asked')
