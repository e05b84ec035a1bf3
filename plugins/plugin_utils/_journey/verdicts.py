# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdicts: whether each remedied message stopped, and what proves it. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import math
from datetime import timedelta
from typing import cast

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.timestamps import SECOND
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import (
    OVER, place_of, Position, PositionError)
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import EPISODE_GAP
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Requires, Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import REMEDIED, target_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record import CONTINUING
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Before, BootCount, Counts, Found, Occasion, PlanRow, Point, Record, Run, Sample, Shown, Sink, Stamp, Verdict, VerdictRow, Verify,
    VerifyScan)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.remedies import before_of, point_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.scanned import (
    SINKS, TEXT_SINKS, clocks_of, find, lacks_files, own_lines, read_whole, shown, unread, unread_since)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import STAMP, parse

# Worst first: the worst sink decides the verdict of a signature.
ORDER: tuple[Verdict, ...] = ('still_present', 'unknown', 'not_exercised', 'proved', 'never_present')
CONFIDENCE = 0.95
# So long may a running host write nothing: where more is missing after the remedy, the journal was vacuumed. Microseconds.
MOST_QUIET = 6 * 3600 * 1000000
# No host runs for so long: such a clock is a damaged entry. Microseconds.
NEVER = 20 * 365 * 86400 * 1000000


class Happened(Occasion):
    monotonic: int | None  # microseconds since the boot
    missing: float | None  # seconds until its message is due; None: the boot ended before


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
        trigger seen in that boot (``began``, the first of what ``occasions`` returns).
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


def occasions(signature: Signature, requires: Requires, point: Point, scans: list[VerifyScan], now: Stamp) -> list[Happened]:
    """The occasions after the remedy, in their order, those of the boot it was made in first.

    With the cursor of the point, trigger_info has told by it what came after; the clock decides only without.
    """
    found: list[Happened] = []
    for scan in scans:
        for name, run in ((row['trigger'], run) for row in scan['triggers'] if row['trigger'] in triggers(signature) for run in row['runs']):
            if run['boot_id'] == point['boot_id'] and requires == 'boot':
                continue
            told = point['journal_cursor'] and run.get('monotonic') is not None
            if not told and parse(run['at']) < parse(point['at']) and run['boot_id'] == point['boot_id']:
                continue
            found.append({'trigger': name, 'at': run['at'], 'boot_id': run['boot_id'], 'monotonic': run.get('monotonic'),
                          'missing': _missing(run, scan, delay(signature), now)})
    order = list(dict.fromkeys(one['boot_id'] for one in found))
    return sorted(found, key=lambda one: (one['boot_id'] != point['boot_id'], order.index(one['boot_id']), one['monotonic'] or 0, one['at']))


def _missing(run: Run, scan: VerifyScan, wanted: int, now: Stamp) -> float | None:
    """How many seconds after an occasion its message is still not due; None: the boot ended before it was."""
    monotonic, elapsed, ends = run.get('monotonic'), run.get('elapsed'), clocks_of(scan).get(run['boot_id'])
    if elapsed is None and monotonic is not None and ends:
        return 0.0 if (ends[1] - monotonic) / 1e6 >= wanted else None
    if elapsed is None:
        elapsed = (parse(now) - parse(run['at'])).total_seconds()
    return max(wanted - elapsed, 0.0)


def passed(point: Point, scans: list[VerifyScan], requires: Requires, running: str) -> tuple[float, bool] | None:
    """How long the host ran since the remedy without writing the message, as far as the journal tells. None if nobody knows.

    The clocks of its boots tell it, which nobody can set; the cursor of the point says which boots there were, and how far each had
    come. What the journal holds no more was not silent. Nor is the boot of a remedy that takes force at the next boot or login.

    :returns: (seconds, whether the journal still holds all of the boot that was running at the remedy).
    """
    for scan in scans:
        if scan['point'] != point:
            continue
        try:
            before = Position(point['journal_cursor'], running)
        except PositionError:
            return None
        if not point['journal_cursor'] or before.dropped is None:
            return None
        total, whole = 0, True
        for boot_id, (first, last) in clocks_of(scan).items():
            began = 0 if before.is_new_boot(boot_id) else before.boots.get(boot_id)
            if began is None or began == OVER:
                continue
            if last > NEVER:
                return None
            if began and first - began > MOST_QUIET:
                whole = False
            if requires not in ('boot', 'login') or boot_id != point['boot_id']:
                total += max(last - max(first, began), 0)
        return total / 1e6, whole
    return None


def needed_silence(before: Before) -> float | None:
    """How many seconds of silence prove that a message stopped; None where nothing does.

    It came in ``episodes`` (runs of lines, each at most an hour after the one before) while the host ran for ``span`` seconds, and never
    stayed away for longer than ``silence``. Whatever moves it, a stretch that is longer than any of its silences and was never silent
    19 times before is so with 5 % probability the 20th time. Where it came too irregularly for that, it is taken for a Poisson process
    whose rate is known from these episodes alone (its gamma distribution). Much noise comes in clusters, at the end of a month or on
    workdays. So of the episodes count no more than such a process has for which one waits as long (``wait``), less a third, as one who
    is amid a cluster waits shortly; and no silence is proof that is no longer than one before.
    """
    episodes, span, silence, wait = before['episodes'], before['span'], before.get('silence'), before.get('wait')
    if episodes < 1 or silence is None or wait is None:
        return None
    silence = max(silence, EPISODE_GAP / SECOND)
    if span >= silence * CONFIDENCE / (1 - CONFIDENCE):
        return silence
    events = min(episodes, (span / wait - 2) * 2 / 3) if wait else episodes  # where n events cut a span at random, one waits for 1 / (n + 2) of it
    return max(span * math.expm1(-math.log(1 - CONFIDENCE) / events), silence) if episodes > 1 and events >= 1 else None


def _later(now: Stamp, seconds: float) -> Stamp | None:
    try:
        return (parse(now) + timedelta(seconds=seconds)).strftime(STAMP)
    except OverflowError:  # a number that no host counts
        return None


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
        'occasion': None, 'until': None, 'silence': None}
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
    requires = plan_row['requires']
    came = occasions(signature, requires, point, looked, now)
    happened = next((one for one in came if one['missing'] == 0), None)
    due = None if happened else min((one for one in came if one['missing']), key=lambda one: one['missing'] or 0, default=None)
    for sink in SINKS:
        count = against(scans, sink, signature_id, requires, point, came[0] if came else None)
        if count is not None:
            row['after'][sink] = count
    diverted = row['after'].get('diverted', 0) if signature['disposition'] == 'divert' else 0
    waiting, until, silent = 'waiting', None, False
    if due and due['missing']:
        waiting, until = 'due', _later(now, due['missing'])
    elif triggers(signature) or signature['disposition'] == 'divert':  # that a line stays away does not prove where it would go
        pass
    elif any(map(lacks_files, looked)):
        waiting = 'unread'  # what it held was not silent
    else:
        waiting, until = _by_silence(row, before, passed(point, looked, requires, verified['boot_id']), point['boot_id'] != verified['boot_id'],
                                     requires, now)
        silent = waiting == 'silence'
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
            verdict, reason = 'not_exercised', waiting
        row['sinks'][sink] = verdict
        if row['verdict'] is None or ORDER.index(verdict) < ORDER.index(row['verdict']):
            row['verdict'], row['reason'] = verdict, reason
    if not promised:
        # None of the promised sinks exists here: nothing was promised that could be broken.
        row['verdict'], row['reason'] = 'not_exercised', 'no_sink'
    shown_one = happened or due
    if shown_one:
        row['occasion'] = {'trigger': shown_one['trigger'], 'at': shown_one['at'], 'boot_id': shown_one['boot_id']}
    if row['verdict'] == 'not_exercised':
        row['until'] = until
    return row


def _by_silence(row: VerdictRow, before: Before, told: tuple[float, bool] | None, rebooted: bool, requires: Requires,
                now: Stamp) -> tuple[str, Stamp | None]:
    """What silence proves of a message whose occasions cannot be observed: (reason of the verdict, until when to wait)."""
    needed = needed_silence(before)
    if needed is None:
        return 'unmeasured' if before.get('wait') is None and before['episodes'] else 'seldom', None
    if told is None:
        return 'unmeasured', None
    seconds, whole = told
    row['silence'] = {'needed': needed, 'passed': seconds}
    if seconds >= needed:
        return 'silence', None
    if not whole:
        return 'vacuumed', None
    return 'waiting', None if requires in ('boot', 'login') and not rebooted else _later(now, needed - seconds)


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
        elif plan_row['action'] in REMEDIED:  # as on another control node, whose catalog is another
            rows.append({'signature_id': plan_row['signature_id'], 'verdict': 'unknown', 'reason': 'no_signature', 'before': dict(plan_row['seen']),
                         'after': {}, 'sinks': {}, 'occasion': None, 'until': None, 'silence': None})
    return rows
