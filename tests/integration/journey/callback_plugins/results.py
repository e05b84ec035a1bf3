# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count what each host costs the control node: the results of its tasks, as Ansible hands them to callbacks."""
from __future__ import annotations

import collections
import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: results
type: aggregate
short_description: Count the task results of each host
description: Writes {host {task [result, ...]}} as JSON into the file that the environment variable RESULTS_FILE names.
author: loghygiene contributors
"""


class CallbackModule(CallbackBase):
    """Every result counts, also that of a task that is skipped."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'results'
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.results = collections.defaultdict(list)

    def _count(self, kind, result):
        self.results[result._host.get_name()].append([result._task.get_name(), kind])

    def v2_runner_on_ok(self, result):
        self._count('ok', result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._count('failed', result)

    def v2_runner_on_skipped(self, result):
        self._count('skipped', result)

    def v2_runner_on_unreachable(self, result):
        self._count('unreachable', result)

    def v2_playbook_on_stats(self, stats):
        with open(os.environ['RESULTS_FILE'], 'w', encoding='utf-8') as stream:
            json.dump(self.results, stream)
