# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdicts: whether each remedied message stopped, what proves it, and what a person must read. Pure.

A *remedy point* says when a remedy came into force: ``{at, boot_id, journal_cursor, log_cursors}``. A remedy found in place
without a record of its making has only ``at`` (the age of its files), with ``boot_id`` worked out from the journal's boots.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict, cast

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import boot_at
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import OVER, Position, PositionError, place_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import _policy_findings as policy_findings
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import REMEDIED, target_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Before, BootCount, Counts, Finding, FindingKind, Found, LossRow, Occasion, PlanRow, Point,
    Record, Remedies, RemedyState, Sample, Scan, Scanned, Shown, Sink, Source, Stamp, Target, TriggerRow, Unclosed, Verdict, VerdictRow, Verify,
    VerifyScan)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.scanned import (
    SINKS, TEXT_SINKS, boots_of, cursor_of, find, losses_in_journal, own_lines, seen, shown)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Requires, Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import STAMP, parse

# Worst first: the worst sink decides the verdict of a signature.
ORDER: tuple[Verdict, ...] = ('still_present', 'not_exercised', 'proved', 'never_present')
CONFIDENCE = 0.95


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


class Happened(Occasion):
    monotonic: int | None  # microseconds since the boot


class LostLines(TypedDict):
    signature_id: str
    journal: int
    written: int


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


def triggers(signature: Signature) -> list[str]:
    """The observable occasions of a signature, such as unit:NAME, login, boot; timer and none cannot be observed."""
    named = signature['verify'].get('trigger', 'none') if 'verify' in signature else 'none'
    return [name for name in ([named] if isinstance(named, str) else named) if name not in ('none', 'timer')]


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


def delay(signature: Signature) -> int:
    """Seconds after its trigger until a message would have come: only then does its absence say anything."""
    return signature['verify'].get('delay', 0) if 'verify' in signature else 0


def counted(row: Found | Shown | None, requires: Requires, point: Point, began: Happened | None) -> int:
    """How many entries of a scan made from the remedy point on speak against the remedy.

    :param row: scan result of one signature, or its lookalikes that one log shows.
    :param requires: a remedy that takes force at boot or login is not to blame for the boot it was made in, up to the first
        trigger seen in that boot (``began``, what ``occasion`` returns).
    """
    if row is None:
        return 0
    if requires not in ('boot', 'login'):
        return row['count']
    total = 0
    for boot in row['boots']:
        same = point['boot_id'] is not None and boot['boot_id'] == point['boot_id']
        if not same:
            total += boot['count']
        elif requires == 'login' and began and came_after(row, boot, began):
            total += boot['count']
    return total


def came_after(row: Found | Shown, boot: BootCount, began: Happened) -> bool:
    """Whether the last entries of a boot (item of a row's ``boots``) came after an occasion in it.

    The newest entries of the journal are among its samples, with the boot's own clock; where they are not, later boots have newer
    ones, and a text log has no clock but the one that can be set.
    """
    monotonic = began.get('monotonic')
    if monotonic is not None:
        samples = cast(list[Sample], row.get('samples', []))
        places = (place_of(sample['cursor']) for sample in samples if sample.get('cursor'))
        own: list[int] = [place.monotonic for place in places if place.boot_id == boot['boot_id']]
        if own:
            return max(own) >= monotonic
    return boot['last_seen'] is None or parse(boot['last_seen']) >= parse(began['at'])


def occasion(signature: Signature, requires: Requires, point: Point, seen_triggers: list[TriggerRow],
             now: Stamp) -> Happened | None:
    """The first occasion after the remedy on which the message would have come by now, or None.

    With the cursor of the point, trigger_info has told by it what came after; the clock decides only without.
    """
    best: Happened | None = None
    for name in triggers(signature):
        for row in seen_triggers:
            if row['trigger'] != name:
                continue
            for run in row['runs']:
                if run['boot_id'] == point['boot_id'] and requires == 'boot':
                    continue
                told = point['journal_cursor'] and run.get('monotonic') is not None
                if not told and parse(run['at']) < parse(point['at']) and run['boot_id'] == point['boot_id']:
                    continue
                elapsed = run.get('elapsed')
                if elapsed is not None:
                    if elapsed < delay(signature):
                        continue
                elif parse(now) - parse(run['at']) < timedelta(seconds=delay(signature)):
                    continue
                if best is None or run['at'] < best['at']:
                    best = {'trigger': name, 'at': run['at'], 'boot_id': run['boot_id'], 'monotonic': run.get('monotonic')}
    return best


def passed(point: Point, scans: list[VerifyScan]) -> float | None:
    """The seconds that the host ran since the remedy, at least; None if not known.

    They are told by the clocks of its boots, which nobody can set.

    The cursors of the point and of the scan that began there name the boots and the time of the last entry in each.
    """
    for scan in scans:
        if scan.get('point') != point:
            continue
        try:
            before, after = Position(point['journal_cursor']), Position(cursor_of(scan, 'journal'))
        except PositionError:
            return None
        if before.dropped is None or after.dropped is None:
            return None
        total = 0
        for boot_id, monotonic in after.boots.items():
            began = 0 if before.is_new_boot(boot_id) else before.boots.get(boot_id)
            if began is not None and monotonic is not None and monotonic != OVER:
                total += max(monotonic - began, 0)
        return total / 1e6
    return None


def proof_by_silence(before: Before, point: Point, now: Stamp, seconds: float | None) -> tuple[bool, Stamp | None]:
    """Whether the silence since the remedy proves that the message stopped.

    The message came in ``episodes`` (runs of lines an hour or more apart) over the span the journal covered before the remedy. With
    that rate as a Poisson process, a silence of ``ln 20`` mean intervals would have held one with 95 % probability. Fewer
    than two episodes give no rate. Where nobody but a clock could tell how long it was silent, nothing is proved.

    :param seconds: what ``passed`` says.
    :returns: (proved, until): until is the RFC 3339 time at which silence will be proof, or None.
    """
    episodes, span = before.get('episodes') or 0, before.get('span') or 0
    if episodes < 2 or span <= 0:
        return False, None
    needed = -math.log(1 - CONFIDENCE) * span / episodes
    if seconds is None:
        return False, None
    try:
        until = (parse(now) + timedelta(seconds=needed - seconds)).strftime(STAMP)
    except OverflowError:  # a clock that was wrong by thousands of years makes the span as long
        until = None
    return seconds >= needed, until


def before_of(scan: Scan | None, signature_id: str) -> Before:
    """What the scan knew of a signature."""
    rows = [find(scan, sink, signature_id) for sink in SINKS]
    result: Before = {'sinks': seen(scan, signature_id), 'span': 0.0,
                      'episodes': max([row['episodes'] for row in rows if row] + [0])}
    stamps = [stamp for boot in boots_of(scan) for stamp in (boot['first_seen'], boot['last_seen']) if stamp]
    if stamps:
        result['span'] = (parse(max(stamps)) - parse(min(stamps))).total_seconds()
    return result


def _row(scans: list[VerifyScan], sink: Sink, signature_id: str) -> Found | None:
    for scan in scans:
        row = find(scan, sink, signature_id)
        if row is not None:
            return row
    return None


def against(scans: list[VerifyScan], sink: Sink, signature_id: str, requires: Requires, point: Point,
            began: Happened | None) -> int | None:
    """How many entries of a sink speak against a remedy; None when the sink was not read.

    A text log does not say where a line came from. The journal does, and what may be the program's own speaks against it.
    """
    def count(row: Found | Shown) -> int:
        return counted(row, requires, point, began)

    rows = dict((name, _row(scans, name, signature_id)) for name in SINKS)
    counts: Counts = dict((name, count(row)) for name, row in rows.items() if row is not None)
    journal = rows['journal']
    if journal is not None:
        counts.update(own_lines(counts, dict((name, shown(journal, name, count)) for name in TEXT_SINKS)))
    return counts.get(sink)


def written(scan: VerifyScan, signature_id: str) -> int:
    """How many lines of the program's own the sinks of rsyslog surely hold since the remedy."""
    journal, total = find(scan, 'journal', signature_id), 0
    for sink in TEXT_SINKS:
        count = counted(find(scan, sink, signature_id), 'restart', scan['point'], None)
        if journal is not None:
            count -= shown(journal, sink, lambda like: like['count'])
        total += max(count, 0)
    return total + counted(find(scan, 'diverted', signature_id), 'restart', scan['point'], None)


def verdict_of(plan_row: PlanRow, signature: Signature, record: Record, verified: Verify) -> VerdictRow:
    """The verdict row of one signature; see docs/record.md."""
    signature_id, scans, now = signature['id'], verified['scans'], verified['at']
    row: VerdictRow = {
        'signature_id': signature_id, 'verdict': None, 'reason': None, 'before': dict(plan_row['seen']), 'after': {}, 'sinks': {},
        'occasion': None, 'until': None}
    if plan_row['action'] not in REMEDIED:
        if plan_row['disposition'] in REMEDIED and not any(plan_row['seen'].values()):
            row['verdict'], row['reason'] = 'never_present', plan_row['reason']
        return row
    remedy = record['remedies'].get(plan_row['role'] or '')
    before = (remedy.get('before') or {}).get(signature_id) if remedy else None
    before = before or before_of(record['scan'], signature_id)
    row['before'] = before['sinks']
    promised = [sink for sink in signature.get('vanishes_from', []) if sink in before['sinks']
                or _row(scans, sink, signature_id) is not None]
    point = point_of(remedy, record['scan'], target_of(record)) if remedy else None
    if point is None:
        seen = any(before['sinks'].values())
        row['verdict'] = 'still_present' if seen else 'never_present'
        row['reason'] = 'failed' if remedy and remedy.get('failed') else 'not_in_place'
        return row
    observed = [run for scan in scans if signature_id in scan['signature_ids'] for run in scan['triggers']]
    requires = plan_row['requires']
    happened = occasion(signature, requires, point, observed, now)
    for sink in SINKS:
        count = against(scans, sink, signature_id, requires, point, happened)
        if count is not None:
            row['after'][sink] = count
    diverted = row['after'].get('diverted', 0) if signature['disposition'] == 'divert' else 0
    unobservable = not triggers(signature)
    silent, until = proof_by_silence(before, point, now, passed(point, scans)) if unobservable else (False, None)
    verdict: Verdict
    for sink in promised:
        if row['after'].get(sink):
            verdict, reason = 'still_present', 'seen'
        elif not any(before['sinks'].values()) and not any(row['after'].values()):
            verdict, reason = 'never_present', 'unseen'
        elif diverted:
            verdict, reason = 'proved', 'diverted'
        elif happened:
            verdict, reason = 'proved', 'trigger'
        elif silent:
            verdict, reason = 'proved', 'silence'
        else:
            verdict, reason = 'not_exercised', 'waiting'
        row['sinks'][sink] = verdict
        if row['verdict'] is None or ORDER.index(verdict) < ORDER.index(row['verdict']):
            row['verdict'], row['reason'] = verdict, reason
    if not promised:
        # None of the promised sinks exists here: nothing was promised that could be broken.
        row['verdict'], row['reason'] = 'not_exercised', 'no_sink'
    if happened:
        row['occasion'] = {'trigger': happened['trigger'], 'at': happened['at'], 'boot_id': happened['boot_id']}
    if row['verdict'] == 'not_exercised':
        row['until'] = until
    return row


def verify(record: Record, catalog: list[Signature], scans: list[VerifyScan]) -> Verify:
    """The verify part of the record.

    :param scans: what `current_scans` returns.
    """
    target = target_of(record)
    found: Verify = {'at': max([scan['now'] for scan in scans] + [target['now']]), 'boot_id': target['boot_id'],
                     'scans': scans, 'verdicts': []}
    found['verdicts'] = decide({**record, 'verify': found}, catalog)
    return found


def current_scans(record: Record) -> list[VerifyScan]:
    """What the survey found from the remedy points that hold now, and of it what the remedies on this host are for.

    A survey begins at the point that an earlier run recorded, and asks at the same time whether its remedy is still what that run left.
    """
    found: list[VerifyScan] = []
    for scan in scans_of(record):
        states = [record['remedies'][role] for role in scan['roles'] if role in record['remedies']]
        ids = set(one for state in states if point_of(state, record['scan'], target_of(record)) == scan['point']
                  for one in state['signature_ids'])
        if ids:
            found.append({**scan, 'signature_ids': [one for one in scan['signature_ids'] if one in ids]})
    return found


def scans_of(record: Record) -> list[VerifyScan]:
    """What was found from each remedy point on; nothing before the verification."""
    verified = record.get('verify')
    return verified.get('scans', []) if verified else []


def verdicts_of(record: Record) -> list[VerdictRow]:
    """The verdicts; none before the verification."""
    verified = record.get('verify')
    return verified.get('verdicts', []) if verified else []


def decide(record: Record, catalog: list[Signature]) -> list[VerdictRow]:
    """Verdict rows for the whole plan; none before the verification."""
    verified = record['verify']
    if verified is None:
        return []
    signatures = dict((item['id'], item) for item in catalog)
    rows: list[VerdictRow] = []
    for plan_row in record['plan']:
        signature = signatures.get(plan_row['signature_id'])
        if signature is not None:
            rows.append(verdict_of(plan_row, signature, record, verified))
    return rows


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
    for problem in record.get('problems') or []:
        rows.append({'kind': 'not_looked_at', 'signature_id': '', 'data': {**problem}})
    return rows + policy_findings.findings(record.get('syslog_policy'))


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
