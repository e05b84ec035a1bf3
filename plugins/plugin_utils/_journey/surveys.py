# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stage survey asks of a host, and what the record keeps of the answer. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict, cast

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import kinds as remedy_kinds
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import plan, remedies, scanned, verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Context, Point, Record, Remedies, Retention, Scan, ScanRow, Sinks, Verify, VerifyScan, WaitFor)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature

# The logs whose age every survey tells; see retention_of for the 0.
RETENTION: dict[str, Any] = {'rules': [{'path': '/var/log/messages'}, {'path': '/var/log/secure'}], 'journal_keep_days': 0}
ALERTS: dict[str, Any] = {'rules': []}

# What the record keeps of a scan: the RETURN of the scanners without what Ansible adds.
KEYS = ('signatures', 'boots', 'machines', 'unexplained', 'losses', 'cursor', 'entries', 'files', 'errors', 'method')


class Asked(TypedDict):
    """From where on, and for which signatures, the host is looked at after one remedy."""
    role: str
    signature_ids: list[str]
    triggers: list[str]
    wait_for: list[WaitFor]
    point: Point | None  # None: the host tells it by the age of the remedy's files


def remedied(record: Record) -> list[str]:
    """The signatures that an earlier run remedied on this host."""
    return sorted(set(one for state in record['remedies'].values() if not state.get('failed') for one in state['signature_ids']))


def remediable(record: Record, signatures: Iterable[Signature], opt_in: list[str]) -> list[Signature]:
    """The signatures whose remedy may be on the host: one that lowers a safeguard only where it was named, now or in an earlier run."""
    return [one for one in signatures if plan.asked_for(one, opt_in + remedied(record))]


def packages_of(signatures: Iterable[Signature]) -> dict[str, str]:
    """The package that has the fix for a message, by signature."""
    return dict((one['id'], one['fixed_by']['package']) for one in signatures if 'fixed_by' in one)


def since_remedies(record: Record, signatures: Iterable[Signature]) -> list[Asked]:
    """What to look for since each remedy, a row for each.

    An audit asks for every kind that a signature names, as a remedy may be in place without a record of its making; the other journeys
    ask for what they or earlier runs did.
    """
    by_role: dict[str, list[Signature]] = {}
    for signature in signatures:
        role = plan.role_of(signature)
        state = record['remedies'].get(role or '')
        if role and (record['journey'] == 'audit' or (state and signature['id'] in state['signature_ids'])):
            by_role.setdefault(role, []).append(signature)
    found: list[Asked] = []
    for role in sorted(by_role):
        state = record['remedies'].get(role)
        point = state['point'] if state and not state.get('failed') else None
        if record['journey'] == 'audit' and point is None and role not in remedy_kinds.ROLES:
            continue  # there is nobody to ask since when it is in place
        if record['journey'] != 'audit':
            point = remedies.point_of(state, record['scan'], record['target']) if state else None
            if point is None:
                continue
        triggers: list[str] = []
        wait_for: list[WaitFor] = []
        for signature in by_role[role]:
            own = verdicts.triggers(signature)
            triggers += [name for name in own if name not in triggers]
            if own:
                wait_for.append({'any_of': own, 'delay': verdicts.delay(signature)})
        found.append({
            'role': role, 'signature_ids': [one['id'] for one in by_role[role]], 'triggers': triggers, 'wait_for': wait_for,
            'point': point})
    return found


def kinds_of(signatures: list[Signature]) -> dict[str, list[plan.Item]]:
    """The items of the kinds of remedy whose state the survey itself can tell. A third party's kind is run in check mode instead."""
    return dict((role, items) for role, items in plan.kinds(signatures).items() if role in remedy_kinds.ROLES)


def retention_of(found: Mapping[str, Any]) -> Retention | None:
    """The part `retention` of the record. Nobody asked for days, so nothing is met or missed."""
    retention = cast(Retention | None, found['retention'])
    if retention:
        for store in retention['stores']:
            store['keep_days'] = store['meets'] = None
    return retention


def scan_of(found: Mapping[str, Any], since: str, signatures: Iterable[Signature]) -> Scan:
    """The part `scan` of the record, from what host_survey returned."""
    return {'at': found['host']['now'], 'boot_id': found['host']['boot_id'], 'since': since, 'sinks': sinks_of(found['sinks']),
            'context': context_of(found, signatures)}


def context_of(found: Mapping[str, Any], signatures: Iterable[Signature]) -> list[Context]:
    """What stands near the examples, with what each look tells by the catalog of this run."""
    asked = dict((one['id'], one.get('context', [])) for one in signatures)
    return [cast(Context, dict(row, looks=[dict(look, tells=asked_for['tells']) for asked_for, look in zip(
        asked[row['signature_id']], row['looks'])])) for row in found['context']]


def ends_of(record: Record) -> dict[str, Any]:
    """Where the first look at each log ended, so that the next need not read them anew."""
    cursors = dict((sink, scanned.cursor_of(record['scan'], sink)) for sink in scanned.SINKS)
    return {'journal_cursor': cursors.pop('journal'), 'log_cursors': cursors}


def sinks_of(sinks: Mapping[str, Mapping[str, Any]]) -> Sinks:
    """What the record keeps of each sink."""
    kept: Sinks = {}
    for sink, row in sinks.items():
        # Text logs have no cursor that could leave anything undecided.
        kept[sink] = ScanRow(dict(((key, row[key]) for key in KEYS), undecided=row.get('undecided', 0)))  # type: ignore  # the answer was checked
    return kept


def verify_of(record: Record, found: Mapping[str, Any]) -> Verify:
    """The part `verify` of the record before its verdicts are made."""
    scans: list[VerifyScan] = [
        {'roles': one['roles'], 'signature_ids': one['signature_ids'], 'point': one['point'], 'triggers': one['triggers'], 'now': one['now'],
         'sinks': sinks_of(one['sinks'])} for one in found['verify']]
    return {'at': found['host']['now'], 'boot_id': found['host']['boot_id'], 'scans': scans, 'verdicts': []}


def remedies_of(record: Record, signatures: Iterable[Signature], found: Mapping[str, Any]) -> Remedies:
    """The remedies of the record, after the host has said which are in place: of what was seen there or remedied before."""
    results: dict[str, remedies.Outcome] = {}
    target, before = plan.target_of(record), remedied(record)
    for role, result in found['remedies'].items():
        ids = [one['id'] for one in signatures if plan.role_of(one) == role and not plan.unmet(one, target)
               and (one['id'] in before or any(scanned.seen(record['scan'], one['id']).values()))]
        if ids:
            results[role] = ({'signature_ids': ids, 'failed': result['failed']} if result.get('failed')
                             else {'signature_ids': ids, 'result': result})
    return remedies.merge_remedies(record, results, None)
