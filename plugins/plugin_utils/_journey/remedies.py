# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the record keeps of the remedies: whether each is in place, and since when. Pure.

A *remedy point* says when a remedy came into force: ``{at, boot_id, journal_cursor, log_cursors}``. A remedy found in place
without a record of its making has only ``at`` (the age of its files), with ``boot_id`` worked out from the journal's boots.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Mapping
from typing import Any, TypedDict

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import boot_at
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import target_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Before, Point, Record, Remedies, RemedyState, Scan, Stamp, Target)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.scanned import boots_of, clocks_of, find, seen
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import parse


class RoleResult(TypedDict, total=False):
    """What a remedy role leaves as ``<role>_result``, as far as it is kept."""
    changed: bool
    in_place: bool
    in_place_since: Stamp | None
    notes: list[str]


class _Outcome(TypedDict):
    signature_ids: list[str]


class Outcome(_Outcome, total=False):
    """The outcome of one remedy role: its result, or how it failed."""
    result: RoleResult
    failed: str


def point_of(state: RemedyState, scan: Scan | None, target: Target | None) -> Point | None:
    """The remedy point of one remedy, or None when it is not in place.

    The recorded point is kept only while the remedy is still what that run left: in place, and not changed since.
    """
    if state.get('failed') or not state.get('in_place'):
        return None
    if state.get('point'):
        return state['point']
    stamp = state.get('in_place_since') or (target['boot_time'] if target else None)
    if stamp is None:
        return None
    return {'at': stamp, 'boot_id': boot_at(boots_of(scan), stamp), 'journal_cursor': '', 'log_cursors': {}}


def merge_remedies(record: Record, results: Mapping[str, Outcome], point: Point | None) -> Remedies:
    """The record's remedies after the stage of that name.

    :param results: by role.
    :param point: the remedy point of this run; None in check mode, where nothing came into force.
    :returns: remedies that this run did not touch stay as an earlier run left them.
    """
    remedies = dict(record['remedies'])
    for role, outcome in results.items():
        outcome = held_to_contract(role, outcome)
        earlier, result = remedies.get(role), outcome.get('result') or RoleResult()
        before = dict(earlier.get('before') or {}) if earlier else {}
        changed = bool(result.get('changed'))
        known = earlier.get('point') if earlier and result.get('in_place') and not changed else None
        for signature_id in outcome['signature_ids']:
            # What the remedy has to stop is what was there when it came into force.
            if not known or signature_id not in before:
                before[signature_id] = before_of(record['scan'], signature_id)
        remedies[role] = {
            'signature_ids': sorted(set(outcome['signature_ids']) | set(earlier.get('signature_ids') or [] if earlier else [])),
            'changed': changed, 'in_place': bool(result.get('in_place')),
            'in_place_since': result.get('in_place_since') if result.get('in_place') else None,
            'notes': result.get('notes') or [], 'failed': outcome.get('failed'),
            'point': point if changed and result.get('in_place') else known, 'before': before,
        }
    return remedies


def held_to_contract(role: str, outcome: Outcome) -> Outcome:
    """The outcome of a remedy role; one whose result is not what docs/remedies.md asks for has failed."""
    found: Any = outcome.get('result')
    if outcome.get('failed'):
        return outcome
    kind, wrong = role.split('.')[-1], None
    if not isinstance(found, dict) or not all(isinstance(found.get(key), bool) for key in ('changed', 'in_place')):
        wrong = 'does not say changed and in_place (true or false)'
    elif not isinstance(found.get('notes') or [], list) or not all(isinstance(note, str) for note in found.get('notes') or []):
        wrong = 'has notes that are not a list of texts'
    elif found.get('in_place_since') is not None and not _is_stamp(found['in_place_since']):
        wrong = 'has an in_place_since that is neither null nor a time as 2026-11-22T16:01:20.123456Z'
    if wrong is None:
        return outcome
    return {'signature_ids': outcome['signature_ids'],
            'failed': 'The role %s left %s_result, which %s. See docs/remedies.md for what it has to be.' % (role, kind, wrong)}


def _is_stamp(value: Any) -> bool:
    try:
        parse(value)
    except (AttributeError, TypeError, ValueError):
        return False
    return isinstance(value, str)


def reboot_needed(record: Record) -> list[str]:
    """Roles whose remedy takes force at boot, where the host has not booted since (in check mode: would not have)."""
    remedies, plan = record['remedies'], record['plan']
    at_boot = set(row['role'] for row in plan if row['requires'] == 'boot')
    waiting = []
    for role, remedy in sorted(remedies.items()):
        if role not in at_boot or remedy.get('failed'):
            continue
        if record['check_mode'] and remedy['changed']:
            waiting.append(role)
            continue
        if not remedy.get('in_place'):
            continue
        point, since, target = remedy.get('point'), remedy.get('in_place_since'), target_of(record)
        if point:
            same = point['boot_id'] == target['boot_id']
        else:
            same = bool(since and parse(since) >= parse(target['boot_time']))
        if same:
            waiting.append(role)
    return waiting


def before_of(scan: Scan | None, signature_id: str) -> Before:
    """What the scan knew of a signature.

    How often it came the journal tells alone: only its boots have clocks that nobody can set, and a text log may reach back further.
    """
    row = find(scan, 'journal', signature_id)
    return {'sinks': seen(scan, signature_id), 'episodes': row['episodes'] if row else 0,
            'silence': row.get('silence') if row else None, 'wait': row.get('wait') if row else None,
            'span': sum(max(last - first, 0) for first, last in clocks_of(scan).values()) / 1e6}
