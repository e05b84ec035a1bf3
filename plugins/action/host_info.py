# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run plugins/modules/host_info.py on the host, and note which machine it is for the module same_machine."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible import constants

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import machines, on_host, record as records


class ActionModule(on_host.ActionModule):
    """Run the module and report the loss of the host."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        seen = result.get('host')
        if not result.get('failed') and isinstance(seen, dict):
            name = self._task.delegate_to or (task_vars or {})['inventory_hostname']
            try:
                # Beside Ansible's own temporary files of the run, which are removed with it.
                machines.claim(constants.DEFAULT_LOCAL_TMP, name, '', seen)  # type: ignore[attr-defined]  # made as Ansible starts
            except records.RecordError as exc:
                result.update(failed=True, msg=str(exc))
        return result
