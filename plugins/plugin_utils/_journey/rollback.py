# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a remediation put in place, and how a rollback takes it back. Pure.

A remedy belongs to the run that put it in place. Later runs that found it there, or repaired it, do not change that. The record keeps
what the role was given, so that a signature can be undone that has left the catalog since.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import re
from collections.abc import Collection, Mapping
from typing import Any, TypedDict

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import plan
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Applied, Edited, Finding, PlanRow, Reboot, Record, RemedyState, Rollback, Stamp, Target, Undone)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature

LAST, ALL = 'last', 'all'
# The name of the folder of a remediation, or the digits at its end.
RUN = re.compile(r'(?:[0-9]{8}T[0-9]{6}Z-remediate-)?[0-9a-f]{8}\Z')
LINES, COLUMNS = 50, 1000  # of a diff that the record keeps at most
NO_KEEP = ('The role %s cannot undo one signature and leave another: it takes no %s_keep. Roll back all of its signatures together (%s), or add '
           'that to the role, as docs/remedies.md says. Nothing was changed.')
NOT_RUN = 'the role was not run to its end'
STILL = ('The remedy is in place as before, for what the host kept of it in /var/lib/log_hygiene is gone. Bring back by hand what it changed, '
         'or restore that folder from a backup, and run this again.')
Memory = dict[str, dict[str, Applied]]  # by role and signature


class Chosen(TypedDict):
    """What a rollback takes back on a host: items by role, those that stay, and the rest that the stages need."""
    rollback: Rollback
    items: dict[str, list[plan.Item]]
    keep: dict[str, list[plan.Item]]


def remembered(record: Record, catalog: list[Signature]) -> Memory:
    """What is in place by earlier runs, by role and signature. What a record of an earlier version does not say, the catalog does."""
    memory: Memory = dict((role, dict(rows)) for role, rows in (record.get('applied') or {}).items())
    known = plan.kinds(catalog)
    for role, state in record['remedies'].items():
        items = dict((item['signature_id'], item) for item in known.get(role, []))
        for signature_id in state['signature_ids']:
            if signature_id not in memory.get(role, {}) and signature_id in items and (state['in_place'] or state.get('failed')):
                memory.setdefault(role, {})[signature_id] = {'run': None, 'at': None, 'item': items[signature_id]}
    return memory


def remember(memory: Memory, role: str, items: list[plan.Item], changed: bool, in_place: bool, run: str, now: Stamp) -> None:
    """Add what a role of this run put in place (`changed`), or found there, to what is remembered."""
    for item in items:
        if item.get('keep'):  # of an earlier run
            continue
        rows = memory.setdefault(role, {})
        earlier = rows.get(item['signature_id'])
        if earlier and earlier['run']:
            rows[item['signature_id']] = _renewed(earlier, item)
        elif changed:
            rows[item['signature_id']] = {'run': run, 'at': now, 'item': item}
        elif in_place:
            rows[item['signature_id']] = {'run': None, 'at': None, 'item': item}
    if not memory.get(role, True):
        del memory[role]


def _renewed(earlier: Applied, item: plan.Item) -> Applied:
    """What is remembered of a signature that asks for something else by now: what it asked for before may be in place still."""
    former = [one for one in earlier.get('former', []) + [earlier['item']] if one != item and 'signature' not in one]
    row: Applied = {'run': earlier['run'], 'at': earlier['at'], 'item': item}
    if former:
        row['former'] = [one for number, one in enumerate(former) if one not in former[:number]]
    return row


def is_run(name: str, asked: str) -> bool:
    """Whether a run (the name of its folder) is the one that is asked for, by its name or its last digits."""
    return name == asked or name.endswith('-' + asked)


def last_run(record: Record, memory: Memory) -> str | None:
    """The newest run of which something is in place, or None."""
    found = [(row['at'] or '', row['run']) for rows in memory.values() for row in rows.values() if row['run']]
    policy = record.get('policy_applied')
    if policy:
        found.append((policy['at'], policy['run']))
    return max(found)[1] if found else None


def choose(record: Record, memory: Memory, asked: str, signature_ids: Collection[str]) -> Chosen:
    """What to take back.

    :param asked: last, all, or a run.
    :param signature_ids: which of its signatures, with `last` of any run; empty: all, and the syslog policy.
    """
    last = last_run(record, memory) if asked == LAST else None

    def is_wanted(run: str | None) -> bool:
        # Of whichever run a signature is, who names it means it. A record of an earlier version kept no name of a run.
        if asked == ALL or asked == LAST and (signature_ids or last is None):
            return True
        return run is not None and (run == last if asked == LAST else is_run(run, asked))

    policy = record.get('policy_applied')
    chosen: Chosen = {'rollback': {'run': asked, 'signature_ids': sorted(signature_ids), 'runs': [], 'roles': {},
                                   'policy': bool(policy and not signature_ids and is_wanted(policy['run']))}, 'items': {}, 'keep': {}}
    runs = {policy['run']} if policy and chosen['rollback']['policy'] else set()
    for role, rows in sorted(memory.items()):
        for signature_id, row in sorted(rows.items()):
            wanted = is_wanted(row['run']) and (not signature_ids or signature_id in signature_ids)
            chosen['items' if wanted else 'keep'].setdefault(role, []).extend([row['item']] + row.get('former', []))
            if wanted and row['run']:
                runs.add(row['run'])
    chosen['keep'] = dict((role, items) for role, items in chosen['keep'].items() if role in chosen['items'])
    chosen['rollback']['runs'] = sorted(runs)
    return chosen


def demand_keep(role: str, options: Mapping[str, Any] | None, keep: list[plan.Item], items: list[plan.Item]) -> str | None:
    """Why a role cannot undo some of its signatures, or None.

    :param options: of its argument specs; None where there are none, and it may take anything.
    """
    name = role.rpartition('.')[2]
    if not keep or options is None or name + '_keep' in options:
        return None
    return NO_KEEP % (role, name, ', '.join(item['signature_id'] for item in items + keep))


def begin(record: Record, chosen: Chosen, refused: Mapping[str, str]) -> None:
    """Note what is to be undone. Until its role has run, it is not.

    :param refused: why a role is not to be run, by role.
    """
    record['rollback'] = chosen['rollback']
    chosen['rollback']['roles'] = dict((role, undone_by(list(dict.fromkeys(item['signature_id'] for item in items)), None, refused.get(role)))
                                       for role, items in chosen['items'].items())


def undone_by(signature_ids: list[str], result: Mapping[str, Any] | None, failed: str | None) -> Undone:
    """What the record keeps of one kind of remedy after its rollback.

    :param result: what the role, or the task that failed, left.
    """
    found = result if isinstance(result, Mapping) else {}
    notes = [note for note in _listed(found.get('notes')) if isinstance(note, str)]
    edited: list[Edited] = [
        {'path': str(one.get('path'))[:COLUMNS], 'diff': [str(line)[:COLUMNS] for line in _listed(one.get('diff'))[:LINES]]}
        for one in _listed(found.get('edited')) if isinstance(one, dict)]
    return {'signature_ids': signature_ids, 'changed': bool(found.get('changed')), 'undone': not failed and bool(found.get('in_place')),
            'notes': notes, 'edited': edited, 'failed': failed}


def doubtful(memory: Memory, roles: Mapping[str, Undone]) -> dict[str, list[plan.Item]]:
    """The items of kinds, by role, of which a host says that all is undone, and had nothing to undo, although a run had put it in place.

    Where other signatures of the kind stay, theirs may be the same; where the kind says what stays and why, as of groups, it knows.
    """
    found = {}
    for role, one in roles.items():
        rows = memory.get(role, {})
        if one['undone'] and not one['changed'] and not one['notes'] and any(row['run'] for row in rows.values()) and set(rows) <= set(one['signature_ids']):
            found[role] = [row['item'] for row in rows.values()]
    return found


def still_there(one: Undone) -> Undone:
    """What the record keeps of a kind whose remedy is in place although the host found nothing to undo."""
    return {**one, 'undone': False, 'notes': one['notes'] + [STILL]}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def settle(record: Record, roles: dict[str, Undone], check_mode: bool) -> None:
    """Bring the record up to date after the roles have run: what was undone is remembered no more, and not looked for by verify.yml."""
    rollback = record.get('rollback')
    if rollback:
        rollback['roles'].update(roles)
    if check_mode:
        return
    for role, one in roles.items():
        if not one['undone']:
            continue
        gone = set(one['signature_ids'])
        memory = record.get('applied') or {}
        rows = dict((signature_id, row) for signature_id, row in memory.get(role, {}).items() if signature_id not in gone)
        record['applied'] = {**dict((other, value) for other, value in memory.items() if other != role), **({role: rows} if rows else {})}
        record['remedies'] = without(record['remedies'], role, gone)
        record['plan'] = [_undone_row(row) if row['role'] == role and row['signature_id'] in gone else row for row in record['plan']]


def note_policy(record: Record, run: str) -> None:
    """Remember that a remediation applied the syslog policy, or forget it where a rollback has undone it."""
    policy = record.get('syslog_policy')
    if record['check_mode'] or not policy or policy['failed']:
        return
    if record['journey'] == 'rollback':
        record['policy_applied'] = None
    elif record['journey'] == 'remediate' and policy.get('changed') and not record.get('policy_applied'):
        record['policy_applied'] = {'run': run, 'at': record['started']}


def _undone_row(row: PlanRow) -> PlanRow:
    return {**row, 'action': 'none', 'reason': 'rolled_back', 'role': None}


def without(remedies: Mapping[str, RemedyState], role: str, gone: Collection[str]) -> dict[str, RemedyState]:
    """The remedies of a record without some signatures of a role."""
    found = dict(remedies)
    if role in found:
        state = found[role]
        left = [signature_id for signature_id in state['signature_ids'] if signature_id not in gone]
        found[role] = {**state, 'signature_ids': left, 'changed': False,
                       'before': dict((name, value) for name, value in state['before'].items() if name in left)}
        if not left:
            del found[role]
    return found


def reboot_due(record: Record, before: Mapping[str, RemedyState], target: Target) -> Reboot | None:
    """The reboot that is due, so that what was before the remedies takes force again, or None.

    A remedy that takes force at boot and was undone before the host booted was never in force.

    :param before: the remedies as they were before the rollback.
    """
    rollback = record.get('rollback')
    requires = dict((row['signature_id'], row['requires']) for row in record['plan'])
    undone = dict((role, one) for role, one in (rollback['roles'] if rollback else {}).items() if one['undone'] or record['check_mode'])
    due = []
    for role, one in sorted(undone.items()):
        state = before.get(role)
        point = state['point'] if state else None
        if one['changed'] and any(requires.get(name) == 'boot' for name in one['signature_ids']) and not (
                point and point['boot_id'] == target['boot_id']):
            due.append(role)
    earlier = record['reboot']
    if earlier and earlier['state'] in ('pending', 'begun') and earlier['boot_id_before'] == target['boot_id']:
        due += [role for role in earlier['roles'] if role not in due and role in before and (
            set(before[role]['signature_ids']) - set(undone[role]['signature_ids'] if role in undone else ()))]
    if not due:
        return None
    return {'roles': sorted(due), 'state': 'pending', 'boot_id_before': target['boot_id'], 'boot_id_after': None}


def findings(record: Record) -> list[Finding]:
    """What a rollback could not take back."""
    rollback = record.get('rollback')
    found: list[Finding] = []
    for role, one in sorted((rollback['roles'] if rollback else {}).items()):
        first = one['signature_ids'][0] if one['signature_ids'] else ''
        if one['failed']:
            found.append({'kind': 'failed', 'signature_id': first, 'data': {'role': role, 'message': one['failed']}})
        elif not one['undone'] and not record['check_mode']:
            said = ' '.join(one['notes']) or ', '.join(edit['path'] for edit in one['edited']) or NOT_RUN
            found.append({'kind': 'not_undone', 'signature_id': first, 'data': {'role': role, 'message': said}})
    return found
