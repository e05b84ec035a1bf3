# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep what became of the remedies: see plugins/modules/remedies.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import plan, record as records, stage, verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record


class ActionModule(stage.Stage):
    """The stage remedies: what each role is given, and in the end what became of it."""

    OPTIONS = {
        'catalog': {'type': 'list', 'elements': 'dict'},
        'results': {'type': 'dict'},
        'point': {'type': 'dict'},
    }

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        if args['results'] is None:
            result['roles'] = plan.items(record['plan'], args['catalog'] or [])
            return
        record['remedies'] = verdicts.merge_remedies(record, args['results'], args['point'])
        records.end_stage(record, 'remedies', 'ran')
