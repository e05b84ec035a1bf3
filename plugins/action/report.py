# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Note the findings of a host: see plugins/modules/report.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records, report_host, stage, verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.messages import LANGUAGES
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record


class ActionModule(stage.Stage):
    """The stage report."""

    OPTIONS = {
        'catalog': stage.CATALOG,
        'language': {'type': 'str', 'default': 'en', 'choices': list(LANGUAGES)},
    }

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        record['findings'] = verdicts.findings(record, args['catalog']) if record['target'] else []
        records.end_stage(record, 'report', 'ran')
        result['text'] = report_host.render(record, args['catalog'], args['language'])
