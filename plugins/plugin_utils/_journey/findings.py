# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The findings: what a person must act on or read. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import _policy_findings as policy_findings, rollback
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import REMEDIED
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Finding, FindingKind, LossRow, Record, Scanned, Source, Unclosed, VerifyScan)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.scanned import (
    SINKS, TEXT_SINKS, boots_of, find, losses_in_journal)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import parse
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.verdicts import (
    against, scans_of, triggers, verdicts_of, written)

of_the_policy = policy_findings.findings


class LostLines(TypedDict):
    signature_id: str
    journal: int
    written: int


def lost_lines(record: Record, catalog: list[Signature]) -> list[LostLines]:
    """Diverted signatures of which the journal holds more lines since the remedy than the sinks of rsyslog.

    The journal is the source; rsyslog may write a line twice (a restart) but never not at all.
    """
    rows: list[LostLines] = []
    for signature in catalog:
        if signature['disposition'] != 'divert':
            continue
        for scan in scans_of(record):
            if signature['id'] not in scan['signature_ids'] or find(scan, 'diverted', signature['id']) is None:
                continue
            entries = against([scan], 'journal', signature['id'], 'restart', scan['point'], None) or 0
            lines = written(scan, signature['id'])
            if entries > lines:
                rows.append({'signature_id': signature['id'], 'journal': entries, 'written': lines})
    return rows


# Kinds of losses that may have been of any program, and of the kernel.
LOST_OF_ANY = ('journald-write-failed', 'missing-entries')
LOST_OF_KERNEL = ('journald-missed-kernel', 'kernel-dropped')
# Where journald counts what a user's session writes.
SESSIONS = ('session-', 'user-', 'user@')


def may_be_of(loss: LossRow, signature: Signature) -> bool:
    """Whether a message of the signature may be among those of a row of the journal's `losses`."""
    match = signature['match']
    if loss['kind'] == 'journald-suppressed':
        unit = loss['source'].rpartition('/')[2]  # systemd 219 names the path of the control group
        named = triggers(signature)
        return ('unit:' + unit in named or ('login' in named and unit.startswith(SESSIONS))
                or unit.partition('.')[0].partition('@')[0] in match.get('identifiers', []) + match.get('comms', []))
    return loss['kind'] in LOST_OF_ANY or (loss['kind'] in LOST_OF_KERNEL and 'kernel' in match.get('transport', []))


def lost_messages(record: Record, catalog: list[Signature]) -> list[tuple[str, list[LossRow]]]:
    """Signatures proved by silence of which the journal may have lost messages since, and the rows of its `losses`."""
    silent = [row['signature_id'] for row in verdicts_of(record)
              if row['verdict'] == 'proved' and row['reason'] != 'diverted']
    found = []
    for signature in catalog:
        rows = [loss for scan in scans_of(record) if signature['id'] in scan['signature_ids'] for loss in losses_in_journal(scan)
                if loss['last_seen'] and (scan['point']['journal_cursor']  # the scan began there, whatever the clock says
                                          or parse(loss['last_seen']) >= parse(scan['point']['at']))
                and may_be_of(loss, signature)]
        if rows and signature['id'] in silent:
            found.append((signature['id'], rows))
    return found


def findings(record: Record, catalog: list[Signature]) -> list[Finding]:
    """The findings that a person must act on or read; docs/record.md lists the kinds."""
    if record['journey'] == 'rollback':  # what an earlier run scanned and planned, that run has told
        return rollback.findings(record) + _of_the_host(record) + policy_findings.findings(record.get('syslog_policy'))
    signatures = dict((item['id'], item) for item in catalog)
    rows: list[Finding] = []
    verdicts = dict((row['signature_id'], row) for row in verdicts_of(record))
    broken: set[str | None] = set()
    for plan_row in record['plan']:
        signature_id = plan_row['signature_id']
        present = any(plan_row['seen'].values())
        if plan_row['action'] == 'investigate':
            kind: FindingKind = 'not_here' if plan_row['reason'] in ('release', 'host') else 'investigate'
            rows.append({'kind': kind, 'signature_id': signature_id, 'data': {'seen': plan_row['seen'], 'reason': plan_row['reason']}})
        elif plan_row['action'] in REMEDIED:
            remedy = record['remedies'].get(plan_row['role'] or '')
            if remedy and remedy.get('failed'):
                if plan_row['role'] not in broken:  # said once for all its signatures
                    rows.append({'kind': 'failed', 'signature_id': signature_id,
                                 'data': {'role': plan_row['role'], 'message': remedy['failed']}})
                broken.add(plan_row['role'])
            elif not remedy or not remedy.get('in_place'):
                if present:
                    rows.append({'kind': 'fixable', 'signature_id': signature_id, 'data': {'role': plan_row['role']}})
            elif signature_id in verdicts and verdicts[signature_id].get('verdict') == 'still_present':
                rows.append({'kind': 'still_present', 'signature_id': signature_id, 'data': {
                    'after': verdicts[signature_id]['after'], 'sources': sources(scans_of(record), signature_id)}})
        found = find(record['scan'], 'journal', signature_id)
        posing = found.get('lookalikes') if found else None
        if posing and posing['count']:
            rows.append({'kind': 'lookalike', 'signature_id': signature_id, 'data': {
                'count': posing['count'], 'text': posing['samples'][-1]['text'], 'source': posing['samples'][-1].get('source')}})
        watch = signatures[signature_id].get('watch') if signature_id in signatures else None
        if watch:
            opened = still_open(record, signature_id)
            if opened:
                rows.append({'kind': 'watch', 'signature_id': signature_id, 'data': dict(opened, finding=watch['finding'])})
    for row in lost_lines(record, catalog):
        rows.append({'kind': 'lost', 'signature_id': row['signature_id'], 'data': {**row}})
    for signature_id, losses in lost_messages(record, catalog):
        rows.append({'kind': 'lost_messages', 'signature_id': signature_id, 'data': {'losses': losses}})
    rows += expired(record, signatures)
    return rows + _of_the_host(record) + policy_findings.findings(record.get('syslog_policy'))


def _of_the_host(record: Record) -> list[Finding]:
    """What is wrong with the look at the host itself."""
    rows: list[Finding] = []
    twice, target = record.get('same_machine'), record['target']
    if twice:
        cloned = all(one['cloned'] for one in twice)
        rows.append({'kind': 'same_machine', 'signature_id': '', 'data': {
            'hosts': ', '.join(one['host'] for one in twice if not one['cloned'] or cloned), 'cloned': cloned,
            'machine_id': (target.get('machine_id') if target else None) or ''}})
    for problem in record.get('problems') or []:
        rows.append({'kind': 'not_looked_at', 'signature_id': '', 'data': {**problem}})
    return rows


def expired(record: Record, signatures: Mapping[str, Signature]) -> list[Finding]:
    """Signatures that hold for this host, and whose owner was to review them before the run began.

    One that says of a log line that it is harmless holds no longer than somebody answers for it.
    """
    found: list[Finding] = []
    for row in record['plan']:
        signature = signatures.get(row['signature_id'])
        governance = signature.get('governance') if signature else None
        if not governance or not governance['expires'] or (row['action'] == 'none' and row['reason'] in ('release', 'host')):
            continue
        if str(governance['expires']) < record['started'][:10]:
            found.append({'kind': 'expired', 'signature_id': row['signature_id'],
                          'data': {'expires': str(governance['expires']), 'owner': governance['owner']}})
    return found


def sources(scans: list[VerifyScan], signature_id: str) -> list[Source]:
    """Who wrote the newest entries of a signature, each once, the newest last.

    A user can make a process of his own write anything, so a finding names the user and the program.
    """
    found: list[Source] = []
    for scan in scans:
        row = find(scan, 'journal', signature_id)
        for sample in row.get('samples', []) if row else []:
            source = sample.get('source')
            if source and any(value is not None for value in source.values()):
                found = [one for one in found if one != source] + [source]
    return found


def still_open(record: Record, signature_id: str) -> Unclosed | None:
    """The last ``opened`` entry of a watched signature that nothing closed since, over every sink and scan, or None.

    Each sink sees a part (the journal may be volatile, messages rotated): the newest opening counts, unless some sink holds a
    closing after it. A text log cannot tell a forged line, so it is heard only about the time before the journal begins.
    """
    # What was read from a cursor on came later than what the first scan saw, even where the clock was set back.
    looks: list[tuple[Scanned | None, bool]] = [(record.get('scan'), False)]
    looks += [(scan, bool(scan['point']['journal_cursor'])) for scan in scans_of(record)]
    opened: list[tuple[bool, datetime, Unclosed]] = []
    closed: list[tuple[bool, datetime]] = []
    for look, later in looks:
        begins = min((boot['first_seen'] for boot in boots_of(look) if boot['first_seen']), default=None)
        for sink in SINKS:
            row = find(look, sink, signature_id)
            opening, closing = (row.get('unclosed'), row.get('closed')) if row else (None, None)
            ends = parse(begins) if sink in TEXT_SINKS and begins else None
            if opening and opening['at'] and (ends is None or parse(opening['at']) < ends):
                opened.append((later, parse(opening['at']), opening))
            if closing and closing['at'] and (ends is None or parse(closing['at']) < ends):
                closed.append((later, parse(closing['at'])))
    if not opened:
        return None
    newest = max(opened, key=lambda item: item[:2])
    return None if any(item >= newest[:2] for item in closed) else newest[2]
