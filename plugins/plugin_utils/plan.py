# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: what will be done on one host about each signature, and why. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

try:
    import jmespath
except ImportError:  # reported when an expression has to be evaluated
    jmespath = None

SINKS = ('journal', 'messages', 'secure', 'diverted')
TEXT_SINKS = ('messages', 'secure')
REMEDIED = ('fix', 'divert')


class PlanError(Exception):
    """The plan cannot be made; the text says why and what to do."""


def seen(scan, signature_id):
    """How often each sink holds the signature: {sink: count}, sinks that were not there left out.

    A text log does not say where a line came from: the lookalikes that the journal knows of are taken off.
    """
    counts = {}
    lookalikes = ((find(scan, 'journal', signature_id) or {}).get('lookalikes') or {}).get('count', 0)
    for sink in SINKS:
        found = find(scan, sink, signature_id)
        if found is not None:
            counts[sink] = max(0, found['count'] - (lookalikes if sink in TEXT_SINKS else 0))
    return counts


def find(scan, sink, signature_id):
    """The scan result of one signature in one sink, or None when the sink was not there."""
    result = (scan or {}).get('sinks', {}).get(sink)
    if not result:
        return None
    for row in result['signatures']:
        if row['id'] == signature_id:
            return row
    return None


def unmet(signature, target):
    """Why the signature does not apply to this host: 'release', 'host', or None when it applies.

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
        if not jmespath.search(expression, target):
            return 'host'
    return None


def make(record, catalogue, apply='detected'):
    """One row per signature of the catalogue, in its order.

    :param record: holds target (host_info), scan and the fixes of earlier runs.
    :param apply: detected (remedy what was seen here, or remedied before) or all (whatever applies to the host).
    :returns: rows {signature, revision, title, disposition, action, reason, role, requires, seen}.

    ``action`` is fix, divert, explain, investigate or none. ``reason`` is one of

    - seen: the scan found it; remedied: an earlier run fixed it here; asked: ``log_hygiene_apply: all``
    - unseen: nothing to do
    - release, host: the signature does not hold here; where its text was seen all the same, a person must read it
    """
    if apply not in ('detected', 'all'):
        raise PlanError("log_hygiene_apply: %r is not one of detected, all." % (apply,))
    rows = []
    for signature in catalogue:
        counts = seen(record.get('scan'), signature['id'])
        remedied = any(signature['id'] in fix['signatures'] and not fix.get('failed')
                       for fix in record.get('fixes', {}).values())
        obstacle = unmet(signature, record['target'])
        fix = signature.get('fix') or {}
        row = {
            'signature': signature['id'], 'revision': signature['revision'], 'title': signature['title'],
            'disposition': signature['disposition'], 'seen': counts,
            'role': fix.get('role'), 'requires': fix.get('requires', 'none'),
        }
        if obstacle:
            row['action'], row['reason'] = ('investigate', obstacle) if any(counts.values()) else ('none', obstacle)
        elif any(counts.values()):
            row['action'], row['reason'] = signature['disposition'], 'seen'
        elif remedied:
            row['action'], row['reason'] = signature['disposition'], 'remedied'
        elif apply == 'all' and signature['disposition'] in REMEDIED:
            row['action'], row['reason'] = signature['disposition'], 'asked'
        else:
            row['action'], row['reason'] = 'none', 'unseen'
        if row['action'] not in REMEDIED:
            row['role'] = None
        rows.append(row)
    return rows


def remedies(plan):
    """The roles to run, in the plan's order: [{role, ids}]."""
    order = []
    ids = {}
    for row in plan:
        if row['role']:
            if row['role'] not in ids:
                order.append(row['role'])
            ids.setdefault(row['role'], []).append(row['signature'])
    return [{'role': role, 'ids': ids[role]} for role in order]
