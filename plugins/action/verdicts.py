# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether messages have stopped: see plugins/modules/verdicts.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records, stage, verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record


class ActionModule(stage.Stage):
    """The stage verify, from what the survey found since each remedy point."""

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        record['verify'] = verdicts.verify(record, self.catalog(), verdicts.current_scans(record))
        records.end_stage(record, 'verify', 'ran')
