# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write down how each task of each play ended."""
from __future__ import annotations

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: outcomes
type: aggregate
short_description: Write down how each task of each play ended
description: Writes a line of JSON (play, task, status, result) for each result into the file that OUTCOMES_FILE names, and one for each play.
author: loghygiene contributors
"""


class CallbackModule(CallbackBase):
    """A line is written when it is known, so that what came before the end of a playbook that breaks is there."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'outcomes'
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.play = None

    def _write(self, task, status, result):
        with open(os.environ['OUTCOMES_FILE'], 'a', encoding='utf-8') as stream:
            stream.write(json.dumps([self.play, task, status, result], default=str) + '\n')

    def v2_playbook_on_play_start(self, play):
        self.play = play.get_name()
        self._write(None, 'begun', {})

    def v2_runner_on_ok(self, result):
        self._write(result._task.get_name(), 'ok', result._result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write(result._task.get_name(), 'failed', result._result)

    def v2_runner_on_skipped(self, result):
        self._write(result._task.get_name(), 'skipped', {})

    def v2_runner_on_unreachable(self, result):
        self._write(result._task.get_name(), 'unreachable', result._result)
