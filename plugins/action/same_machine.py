# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fail on a machine that is in the run under two names: see plugins/modules/same_machine.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible import constants
from ansible.plugins.action import ActionBase

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import machines


class ActionModule(ActionBase):
    """Run on the control node only; never connect to the host."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        dummy, args = self.validate_argument_spec(argument_spec={'host': {'type': 'dict', 'required': True}})
        name = self._task.delegate_to or (task_vars or {})['inventory_hostname']
        found = machines.same(constants.DEFAULT_LOCAL_TMP, name, '', args['host'], None)  # type: ignore[attr-defined]  # see host_info.py
        result.update(changed=False, same_machine=found)
        twice = machines.refusal(name, found)
        if twice:
            result.update(failed=True, msg=twice)
        return result
