# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep what the remedies did: see plugins/modules/remedies.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records, stage, surveys, verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record


class ActionModule(stage.Stage):
    """The end of the stage remedies. Where something changed, the host says where its logs end now: the remedy point."""

    _requires_connection = True
    OPTIONS = {
        'results': {'type': 'dict', 'required': True},
        'syslog': {'type': 'bool', 'default': False},
    }

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        results, point = args['results'], None
        if not record['check_mode'] and any((one.get('result') or {}).get('changed') for one in results.values()):
            found = self.on_host('host_survey', {'after': surveys.ends_of(record)})
            if found.get('failed'):
                raise stage.StageError('%s: %s' % (record['host'], stage.failure_of(found)[0]))
            point = found['ends']
        record['remedies'] = verdicts.merge_remedies(record, results, point)
        records.end_stage(record, 'remedies', 'ran')
        if not args['syslog']:
            records.end_stage(record, 'policy', 'not_asked')
