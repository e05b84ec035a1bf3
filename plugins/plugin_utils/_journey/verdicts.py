# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdicts: whether each remedied message stopped, and what proves it. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import math
from datetime import timedelta
from typing import cast

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import (
    OVER, place_of, Position, PositionError)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Requires, Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import REMEDIED, target_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record import CONTINUING
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Before, BootCount, Counts, Found, Occasion, PlanRow, Point, Record, Sample, Shown, Sink, Stamp, TriggerRow,
    Verdict, VerdictRow, Verify, VerifyScan)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.remedies import before_of, point_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.scanned import (
    SINKS, TEXT_SINKS, cursor_of, find, own_lines, read_whole, shown, unread, unread_since)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import STAMP, parse

# Worst first: the worst sink decides the verdict of a signature.
ORDER: tuple[Verdict, ...] = ('still_present', 'unknown', 'not_exercised', 'proved', 'never_present')
CONFIDENCE = 0.95


class Happened(Occasion):
    monotonic: int | None  # microseconds since the boot


def triggers(signature: Signature) -> list[str]:
    """The observable occasions of a signature, such as unit:NAME, login, boot; timer and none cannot be observed."""
    named = signature['verify'].get('trigger', 'none') if 'verify' in signature else 'none'
    return [name for name in ([named] if isinstance(named, str) else named) if name not in ('none', 'timer')]


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

    unread = set(name for scan in scans for name, dummy in unread_since(scan))
    rows = dict((name, _row(scans, name, signature_id)) for name in SINKS)
    rows = dict((name, None if row and not row['count'] and name in unread else row) for name, row in rows.items())
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
    whole = _was_read_whole(record, signature)
    if plan_row['action'] not in REMEDIED:
        if plan_row['disposition'] in REMEDIED and not any(plan_row['seen'].values()):
            row['verdict'], row['reason'] = ('never_present', plan_row['reason']) if whole else ('unknown', 'unread')
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
        row['verdict'] = 'still_present' if seen else 'never_present' if whole else 'unknown'
        row['reason'] = 'failed' if remedy and remedy.get('failed') else 'not_in_place' if seen or whole else 'unread'
        return row
    looked = [scan for scan in scans if signature_id in scan['signature_ids']]
    observed = [run for scan in looked for run in scan['triggers']]
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
        elif looked and sink not in row['after']:
            verdict, reason = 'unknown', 'unread'
        elif not any(before['sinks'].values()) and not any(row['after'].values()):
            verdict, reason = ('never_present', 'unseen') if whole else ('unknown', 'unread')
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


def _was_read_whole(record: Record, signature: Signature) -> bool:
    """Whether all logs that could hold a signature were read whole, so that it was not there where none holds it."""
    could: list[str] = [*signature.get('vanishes_from', []), *(['diverted'] if signature['disposition'] == 'divert' else [])]
    failed = [problem['part'] for problem in record.get('problems') or []]
    return read_whole(record['scan'], could) and not any(sink in failed for sink in could)


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


def unread_logs(record: Record) -> list[tuple[Sink, str]]:
    """The logs that this run looked at and could not read, and why. A verification begins with the scan of an earlier run."""
    found = dict(unread(record['scan']) if record['journey'] not in CONTINUING else [])
    for scan in scans_of(record):
        for sink, reason in unread_since(scan):
            found.setdefault(sink, reason)
    return [(sink, found[sink]) for sink in SINKS if sink in found]


def unproved(record: Record) -> list[VerdictRow]:
    """The verdicts on remedies that were not proved."""
    remedied = set(row['signature_id'] for row in record['plan'] if row['action'] in REMEDIED)
    return [row for row in verdicts_of(record) if row['verdict'] in ('not_exercised', 'still_present')
            or row['verdict'] == 'unknown' and row['signature_id'] in remedied]


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
