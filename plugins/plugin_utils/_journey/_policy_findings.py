# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the record's key `syslog_policy` asks of a person. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Finding, FindingKind, SyslogPolicy


def findings(policy: SyslogPolicy | None) -> list[Finding]:
    """The findings as docs/record.md lists them; `signature` is empty, for none is concerned.

    :param policy: the record's `syslog_policy`: None, {'failed': text}, or the result of the role with `failed` None.
    """
    if not policy:
        return []
    if policy['failed']:
        return [_finding('policy_failed', message=policy['failed'])]
    rows = [] if policy['in_place'] else [_finding('policy_missing')]
    for store in policy['retention']:
        if store['meets'] is False:
            rows.append(_finding('retention', path=store['path'], keep_days=store['keep_days'], reason=store['reason']))
        rotation = store.get('rotation')
        problem = rotation.get('problem') if rotation else None
        if problem and store['bytes']:
            rows.append(_finding('rotation', path=store['path'], problem=problem))
    for forward in policy.get('forwards') or []:
        if forward.get('queue_broken'):
            rows.append(_finding('forward_queue', rule=forward['rule'], reason=forward['queue_broken'],
                                 messages=forward['unreadable_messages']))
    alerts, proof = policy['alerts'], policy['proof']
    for problem in alerts.get('problems', []) if alerts else []:
        rows.append(_finding('alert_path', problem=problem))
    for unsafe in policy.get('unsafe_files', []):
        rows.append(_finding('unsafe_path', path=unsafe['path'], reason=unsafe['reason']))
    for queue in policy.get('queues_left', []):
        rows.append(_finding('queue_left', path=queue['path'],
                             messages='?' if queue['messages'] is None else queue['messages']))
    for problem in proof.get('problems', []) if proof else []:
        rows.append(_finding('misrouted', problem=problem))
    return rows


def _finding(kind: FindingKind, **data: Any) -> Finding:
    return {'kind': kind, 'signature_id': '', 'data': data}
