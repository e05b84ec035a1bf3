# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether the messages stopped: see plugins/modules/verdicts.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any, cast

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records, stage, verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record, VerifyScan
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.scanned import sinks


class ActionModule(stage.Stage):
    """The stage verify: what it has to look at, and what follows from what was found."""

    OPTIONS = {
        'catalog': stage.CATALOG,
        'settle': {'type': 'int', 'default': 0},
        'scans': {'type': 'list', 'elements': 'dict'},
    }

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        if args['scans'] is None:
            if not record['plan']:
                raise stage.StageError(
                    '%s: %s holds no record of a remediation of this host, so there is nothing to verify. Run remediate.yml '
                    'first, or name the log_hygiene_run_dir of that run.' % (record['host'], args['run_dir']))
            result['points'] = verdicts.remedy_points(record, args['catalog'], args['settle'])
            return
        scans = [cast(VerifyScan, {**one['at'], 'triggers': one['triggers']['triggers'], 'now': one['triggers']['now'],
                                   'sinks': sinks(one['journal'], one['logfiles'])}) for one in args['scans']]
        record['verify'] = verdicts.verify(record, args['catalog'], scans)
        records.end_stage(record, 'verify', 'ran')
