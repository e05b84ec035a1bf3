# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module of this collection on a host: the action plugin of each that touches hosts.

Ansible drops a host that no longer answers from the play, and neither `rescue` nor the report hears of it. In a journey of
this collection its modules fail instead, so that the record says where the host was lost. Elsewhere nothing is different.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action.normal import ActionModule as Normal

# A variable of the plays that tell of each host in the end, those of a journey and of the playbook syslog_policy.
REPORTED = ('log_hygiene_journey', '__syslog_policy_report')


class ActionModule(Normal):
    """Run a module as ansible.builtin.normal does; turn the loss of a host into a failure."""

    _lost = False

    def cleanup(self, force: bool = False) -> None:
        """Without pipelining Ansible now removes a directory from the host. From one that is lost it cannot, and would drop it."""
        if not self._lost:
            super().cleanup(force)

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            result: dict[str, Any] = super().run(tmp, task_vars)
        except AnsibleConnectionFailure as exc:
            if not any(name in (task_vars or {}) for name in REPORTED):
                raise
            self._lost = True
            return {'failed': True, 'changed': False, 'lost': True, 'msg': str(exc)}
        # No module of this collection says either. A host that does would set variables of the run, or stop being looked at.
        for name in ('ansible_facts', 'lost'):
            result.pop(name, None)
        if (task_vars or {}).get('log_hygiene_journey') == 'audit' and self._task.check_mode:
            # An audit changes nothing, and says so in the recap too. What would be done shows in `in_place`, and in the diff.
            result['changed'] = False
        return result


# What the scanners look at of a signature.
KEYS = ('id', 'match', 'watch', 'context')


def trimmed(signatures: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same signatures in the same order, with KEYS only: the whole of many would be megabytes with each call."""
    return [dict((key, one[key]) for key in KEYS if key in one) for one in signatures]


class Scanner(ActionModule):
    """Send to the host only the keys of a signature that a scanner reads."""

    OPTIONS = ('signatures', 'verify_signatures')

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        for option in self.OPTIONS:
            signatures = self._task.args.get(option)
            if isinstance(signatures, list) and all(isinstance(one, dict) for one in signatures):
                self._task.args[option] = trimmed(signatures)
        return super().run(tmp, task_vars)
