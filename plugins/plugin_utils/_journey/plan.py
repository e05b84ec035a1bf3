# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: what will be done on one host about each signature, and why. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Collection
from typing import Any, Literal

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.builds import build_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Action, PlanReason, PlanRow, Record, Target)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.scanned import seen
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Remedy, Signature

try:
    import jmespath
except ImportError:  # reported when an expression has to be evaluated
    jmespath = None  # type: ignore[assignment]  # no type says that a module may be missing

REMEDIED = ('fix', 'divert')
# What rsyslogd needs to know of a signature that it diverts, and to try it with.
DIVERTED_BY = ('id', 'revision', 'disposition', 'match', 'tests')
Item = dict[str, Any]  # signature_id, and what the role takes beside it


class PlanError(Exception):
    """The plan cannot be made; the text says why and what to do."""


def target_of(record: Record) -> Target:
    """What the host is. The record of every host that was contacted says so."""
    if record['target'] is None:
        raise PlanError('host %s: its record does not say what the host is; run the journey from its start.'
                        % record['host'])
    return record['target']


def role_of(signature: Signature) -> str | None:
    """The kind of remedy of a signature, or None."""
    remedy = signature.get('remedy')
    return remedy.get('role') if remedy else None


def asked_for(signature: Signature, names: Collection[str]) -> bool:
    """Whether a remedy may be there: it lowers no safeguard, or its signature is named."""
    remedy = signature.get('remedy')
    return not (remedy and remedy.get('opt_in')) or signature['id'] in names


def unmet(signature: Signature, target: Target) -> Literal['release', 'host'] | None:
    """Why the signature does not apply to this host, or None when it applies.

    A host whose release could not be told (el is null) is not held against the signature.
    """
    applies = signature.get('applies') or {}
    releases = applies.get('el')
    if releases and target.get('el') is not None and target['el'] not in releases:
        return 'release'
    for expression in applies.get('when') or []:
        if jmespath is None:
            raise PlanError('signature %s has applies.when: the Python package jmespath is missing on the control node. '
                            'Install it for the Python that runs ansible.' % signature['id'])
        try:
            holds = jmespath.search(expression, target)
        except jmespath.exceptions.JMESPathError as exc:
            raise PlanError('signature %s: applies.when: %r cannot be asked of this host: %s. Mend it in the catalog; with `key && ...` '
                            'before it, what a host lacks is not asked for.' % (signature['id'], expression, str(exc).splitlines()[0]))
        if not holds:
            return 'host'
    return None


def make(record: Record, catalog: list[Signature], apply: str = 'detected', opt_in: Collection[str] = ()) -> list[PlanRow]:
    """One row per signature of the catalog, in its order.

    :param record: holds target (host_info), scan and the remedies of earlier runs.
    :param apply: detected (remedy what was seen here, or remedied before) or all (whatever applies to the host).

    :param opt_in: the ids of signatures whose remedy may lower a safeguard.

    ``action`` is fix, divert, explain, investigate or none. ``reason`` is one of

    - seen: the scan found it; remedied: an earlier run remedied it here; asked: ``log_hygiene_apply: all``
    - unseen: nothing to do
    - opt_in: its remedy lowers a safeguard, and nobody asked for it; so it is explained. ``opt_in`` says which, also where it is done
    - release, host: the signature does not hold here; where its text was seen all the same, a person must read it
    """
    if apply not in ('detected', 'all'):
        raise PlanError("log_hygiene_apply: %r is not one of detected, all." % (apply,))
    rows: list[PlanRow] = []
    for signature in catalog:
        counts = seen(record.get('scan'), signature['id'])
        remedied = any(signature['id'] in state['signature_ids'] and not state.get('failed')
                       for state in record.get('remedies', {}).values())
        obstacle = unmet(signature, target_of(record))
        remedy = signature.get('remedy')
        action: Action
        reason: PlanReason
        if obstacle:
            action, reason = 'investigate' if any(counts.values()) else 'none', obstacle
        elif any(counts.values()):
            action, reason = signature['disposition'], 'seen'
        elif remedied:
            action, reason = signature['disposition'], 'remedied'
        elif apply == 'all' and signature['disposition'] in REMEDIED:
            action, reason = signature['disposition'], 'asked'
        else:
            action, reason = 'none', 'unseen'
        lowers = remedy['side_effects'] if remedy and action in REMEDIED and remedy.get('opt_in') else None
        if lowers and not asked_for(signature, opt_in):
            action, reason = 'explain' if any(counts.values()) else 'none', 'opt_in'
        rows.append({
            'signature_id': signature['id'], 'revision': signature['revision'], 'title': signature['title'],
            'disposition': signature['disposition'], 'seen': counts, 'action': action, 'reason': reason,
            'role': remedy.get('role') if remedy and action in REMEDIED else None,
            'requires': remedy.get('requires', 'none') if remedy else 'none',
            'opt_in': lowers, 'build': build_of(signature, target_of(record)),
        })
    return rows


def items(plan: list[PlanRow], catalog: list[Signature]) -> dict[str, list[Item]]:
    """What each kind of remedy is given, by its role, in the plan's order.

    A diversion is told of the other diversions of the catalog as well: one that an earlier run made stays.
    """
    ids: dict[str, list[str]] = {}
    for row in plan:
        if row['role']:
            ids.setdefault(row['role'], []).append(row['signature_id'])
    diverted = set(signature['id'] for signature in catalog if signature['disposition'] == 'divert')
    known = kinds(catalog)
    return dict((role, [item if item['signature_id'] in ids[role] else {**item, 'keep': True} for item in known.get(role, [])
                        if item['signature_id'] in ids[role] or item['signature_id'] in diverted]) for role in ids)


def kinds(catalog: list[Signature]) -> dict[str, list[Item]]:
    """The items of all remedies of a catalog, by role."""
    found: dict[str, list[Item]] = {}
    for signature in catalog:
        remedy = signature.get('remedy')
        if remedy and signature['disposition'] in REMEDIED:
            found.setdefault(remedy['role'], []).append(item_of(signature, remedy))
    return found


def item_of(signature: Signature, remedy: Remedy) -> Item:
    """What a kind of remedy is given for one signature: its id, and the data of its `with`."""
    item: Item = {**remedy.get('with', {}), 'signature_id': signature['id']}
    if signature['disposition'] == 'divert':
        whole: dict[str, Any] = {**signature}
        item.update(signature=dict((key, whole[key]) for key in DIVERTED_BY), keep=False)
    return item
