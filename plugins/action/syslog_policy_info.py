# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run plugins/modules/syslog_policy_info.py on the host, and tell which values of the policy this run was given."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import on_host, variables
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy import settings


class ActionModule(on_host.ActionModule):
    """Run the module and report the loss of the host."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        values = self._task.args.pop('values', None)
        result = super().run(tmp, task_vars)
        before = result.get('settings')
        if not result.get('failed') and isinstance(before, dict):
            given = settings.given(task_vars or {}, variables.policy_defaults())
            result.update(given=given, kept=sorted(set(before) - set(given)),
                          remember=settings.text(settings.remembered(before, given, values)) if values else None)
        return result
