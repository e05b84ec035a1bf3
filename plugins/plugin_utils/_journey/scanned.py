# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a scan says: how often each signature is in each sink, what none explains, what was not recorded. Pure.

Nobody else reads the parts `scan` and `verify.scans[]` of a record.

Mostly the journal and a text log hold the same message, so sinks are never added up: the one that holds the most counts.
Records of versions before these keys are read as if nothing had been found.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import posixpath
from collections.abc import Callable, Collection, Iterable
from typing import TypedDict

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.codes import SEVERITY_KEYWORDS as PRIORITIES
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Boot, Context, Counts, Found, LossKind, LossRow, Scan, ScanError, Scanned, ScanRow, Shown, Sink, Stamp, TextSink,
    UnexplainedGroup)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import parse

SINKS: tuple[Sink, ...] = ('journal', 'messages', 'secure', 'diverted')
TEXT_SINKS: tuple[TextSink, ...] = ('messages', 'secure')
# The kinds of losses, most important first: evidence, then what journald and the kernel lost, then what only the text
# logs lack. unreadable-file is left out: it repeats `errors`.
KINDS: tuple[LossKind, ...] = (
    'audit-lost', 'missing-entries', 'journald-write-failed', 'journald-suppressed', 'journald-missed-kernel',
    'kernel-dropped', 'crashed-file', 'imuxsock-rate-limit', 'imjournal-rate-limit', 'rsyslog-discarded',
    'journal-remote-lost', 'journald-missed-syslog', 'kernel-suppressed', 'boot-gap')

REASONS = 5  # why one sink was not read, each once
REBOOT = 900  # seconds; servers with much memory to test take minutes


class SinkNumbers(TypedDict):
    """How much of one sink no signature explains."""
    entries: int | None  # None where it cannot tell
    groups: int
    without_severity: int


class Loss(TypedDict):
    """What was not recorded, of one kind."""
    kind: LossKind
    rows: list[LossRow]
    lost: int | None  # messages; None where no number is told
    times: int  # how often the log says so, or how many files or gaps there are
    sources: list[str]  # whom it hit, hardest first
    first_seen: Stamp | None
    last_seen: Stamp | None


def seen(scan: Scanned | None, signature_id: str) -> Counts:
    """How often each sink holds the signature. One that could not be read is left out: 0 would be no answer."""
    found = dict((sink, None if is_silent(scan, sink) else find(scan, sink, signature_id)) for sink in SINKS)
    counts: Counts = dict((sink, row['count']) for sink, row in found.items() if row is not None)
    if found['journal'] is not None:
        counts.update(own_lines(counts, dict((sink, shown(found['journal'], sink, lambda like: like['count']))
                                             for sink in TEXT_SINKS)))
    return counts


def shown(journal: Found, sink: TextSink, count: Callable[[Shown], int]) -> int:
    """How many lookalikes a text log shows, by what the journal knows of them.

    The rules that EL ships tell where an entry goes (matcher.text_log). What goes nowhere is taken off nothing: whoever
    forges it would hide as many lines of the program's own.

    :arg journal: the row of the signature in the scan of the journal.
    :arg count: function from the part of its lookalikes that one sink shows to their number.
    """
    return sum(count(like) for like in journal['lookalikes'].get('shown_in') or [] if like['sink'] == sink)


def own_lines(counts: Counts, lookalikes: dict[TextSink, int]) -> Counts:
    """How many lines of each text log may be the program's own; a text log does not name the writer.

    All that cannot be lookalikes, there being no more of these; and as many as the journal holds entries of the program
    that no other file accounts for, even if there are lookalikes enough to account for the lines.

    :arg counts: what matches in each sink that was read, journal among them.
    :arg lookalikes: how many each text log shows.
    """
    sure = dict((sink, max(counts[sink] - lookalikes[sink], 0)) for sink in TEXT_SINKS if sink in counts)
    own: Counts = {}
    for sink, least in sure.items():
        elsewhere = counts.get('diverted', 0) + sum(sure.values()) - least
        own[sink] = max(least, min(counts[sink], counts['journal'] - elsewhere))
    return own


def find(scan: Scanned | None, sink: Sink, signature_id: str) -> Found | None:
    """The scan result of one signature in one sink, or None when the sink was not there."""
    result = scan['sinks'].get(sink) if scan else None
    if not result:
        return None
    for row in result['signatures']:
        if row['id'] == signature_id:
            return row
    return None


def boots_of(scan: Scanned | None) -> list[Boot]:
    """The boots that the journal held when it was scanned."""
    journal = scan['sinks'].get('journal') if scan else None
    return journal.get('boots', []) if journal else []


def clocks_of(scan: Scanned | None) -> dict[str, tuple[int, int]]:
    """When the first and the last entry that was read of each boot were written, in microseconds by the boot's own clock."""
    return dict((boot['boot_id'], (first, last)) for boot in boots_of(scan)
                for first, last in [(boot.get('first_monotonic'), boot.get('last_monotonic'))] if first is not None and last is not None)


def cursor_of(scan: Scanned | None, sink: Sink) -> str:
    """Where the scan of a sink ended, empty when the sink was not there."""
    result = scan['sinks'].get(sink) if scan else None
    return result.get('cursor') or '' if result else ''


def errors_of(scan: Scanned | None) -> list[ScanError]:
    """What could not be read, of all sinks."""
    return [error for result in (scan['sinks'].values() if scan else ()) if result for error in result.get('errors', [])]


def undecided(scans: Iterable[Scanned]) -> int:
    """How many entries of the journal that scans counted may be older than the point they began at."""
    return sum(scan['sinks']['journal'].get('undecided', 0) for scan in scans if scan['sinks'].get('journal'))


def losses_in_journal(scan: Scanned) -> list[LossRow]:
    """The rows of `losses` of the journal."""
    journal = scan['sinks'].get('journal')
    return journal.get('losses', []) if journal else []


def counts_unexplained(scan: Scanned | None) -> bool:
    """Whether the scan counted what no signature explains."""
    return any(result and result.get('unexplained') for result in scan['sinks'].values()) if scan else False


def _results(scan: Scanned | None) -> list[tuple[Sink, ScanRow]]:
    """(sink, result of its scan) of each sink that was there, the journal first."""
    if not scan:
        return []
    return [(sink, scan['sinks'][sink]) for sink in SINKS if scan['sinks'].get(sink)]


def unread(scan: Scan | None) -> list[tuple[Sink, str]]:
    """The sinks of which nothing could be read, and why. Their silence proves nothing."""
    return [(sink, _reasons(result)) for sink, result in _results(scan) if result['errors'] and not result['entries']]


def unread_since(scan: Scanned) -> list[tuple[Sink, str]]:
    """The sinks of which what came since a remedy could not be read, and why.

    A rotated log or an archived journal file that is damaged does not count: what is written now is in another file.
    """
    return [(sink, _reasons(result)) for sink, result in _results(scan) if _is_blind(sink, result)]


def _reasons(result: ScanRow) -> str:
    return '; '.join(list(dict.fromkeys(error['reason'] for error in result['errors']))[:REASONS])


def _unreadable(result: ScanRow) -> list[str]:
    """The paths of files that could not be read, or not whole. Of text logs `errors` holds remarks, too."""
    return [row['source'] for row in result.get('losses') or [] if row['kind'] == 'unreadable-file']


def lacks_files(scan: Scanned) -> bool:
    """Whether a file of the journal could not be read, or not whole."""
    journal = scan['sinks'].get('journal')
    return bool(journal and _unreadable(journal))


def _is_blind(sink: Sink, result: ScanRow) -> bool:
    nothing = bool(result['errors']) and not result['entries']
    paths = _unreadable(result) + [error['path'] for error in result['errors'] if nothing]
    return nothing and not result['files'] or any(_is_written_now(sink, path) for path in paths)


def _is_written_now(sink: Sink, path: str) -> bool:
    """Whether a file is the one that journald or rsyslogd writes, by its name."""
    name = posixpath.basename(path)
    if sink == 'journal':
        return name.endswith('.journal') and '@' not in name
    return name.endswith('.log') if sink == 'diverted' else name == sink


def is_silent(scan: Scanned | None, sink: Sink) -> bool:
    """Whether a sink was looked at, and holds no signature because it could not be read, or held nothing to look at."""
    result = scan['sinks'].get(sink) if scan else None
    return bool(result and not any(row['count'] for row in result['signatures']) and (
        result['errors'] and not result['entries'] or _is_blind(sink, result) or sink == 'journal' and is_empty(scan)))


def read_whole(scan: Scanned | None, sinks: Collection[str]) -> bool:
    """Whether the journal and the others of these sinks that the host has were read whole, so that what they do not hold was not there."""
    results = [(sink, result) for sink, result in _results(scan) if sink == 'journal' or sink in sinks]
    return any(sink == 'journal' for sink, dummy in results) and not is_empty(scan) and not any(
        _unreadable(result) or result['errors'] and not result['entries'] for dummy, result in results)


def is_empty(scan: Scanned | None) -> bool:
    """Whether the journal was read and held no entry to look at. A running host writes some, so this is a fault."""
    journal = scan['sinks'].get('journal') if scan else None
    return journal is not None and journal['entries'] == 0 and not journal['errors']


def unexplained(scan: Scan | None) -> tuple[dict[Sink, SinkNumbers], list[UnexplainedGroup]]:
    """What no signature explains.

    :returns: numbers of the sinks that hold any or cannot tell, and the groups as in the record, each from the sink
        that holds the most of it, most severe and largest first.
    """
    sinks: dict[Sink, SinkNumbers] = {}
    groups: dict[tuple[str | None, str], UnexplainedGroup] = {}
    for sink, result in _results(scan):
        found = result.get('unexplained')
        if not found or not (found['entries'] or found.get('without_severity')):
            continue
        sinks[sink] = {'entries': found['entries'], 'groups': len(found['groups']) + found['more_groups'],
                       'without_severity': found.get('without_severity', 0)}
        for group in found['groups']:
            key = (group['program'], group['template'])
            if key not in groups or groups[key]['count'] < group['count']:
                groups[key] = group
    return sinks, sorted(groups.values(), key=lambda group: (PRIORITIES.index(group['priority']), -group['count']))


def groups(scan: Scan | None) -> list[tuple[UnexplainedGroup, Counts]]:
    """The groups of `unexplained` in its order, each with its number in every sink that lists it."""
    counts: dict[tuple[str | None, str], Counts] = {}
    for sink, result in _results(scan):
        found = result.get('unexplained')
        for group in found['groups'] if found else []:
            counts.setdefault((group['program'], group['template']), {})[sink] = group['count']
    return [(group, counts[(group['program'], group['template'])]) for group in unexplained(scan)[1]]


def context(scan: Scan | None) -> list[Context]:
    """What stands near the examples of what was found."""
    return scan.get('context', []) if scan else []


def losses_by_sink(scan: Scan | None) -> list[tuple[Loss, Counts]]:
    """The kinds of `losses`, each with how often every sink that knows of it says so."""
    counts: dict[LossKind, Counts] = {}
    for sink, result in _results(scan):
        for item in by_kind([row for row in result.get('losses') or [] if not is_ordinary(row)]):
            counts.setdefault(item['kind'], {})[sink] = item['times']
    return [(loss, counts[loss['kind']]) for loss in losses(scan)]


def losses(scan: Scan | None) -> list[Loss]:
    """What was not recorded, in the order of KINDS."""
    worst: dict[LossKind, Loss] = {}
    for dummy, result in _results(scan):
        for item in by_kind([row for row in result.get('losses') or [] if not is_ordinary(row)]):
            known = worst.get(item['kind'])
            if not known or (known['lost'] or 0, known['times']) < (item['lost'] or 0, item['times']):
                worst[item['kind']] = item
    return [worst[kind] for kind in KINDS if kind in worst]


def by_kind(rows: list[LossRow]) -> list[Loss]:
    """The rows of one scan's `losses` added up by kind."""
    kinds = [(kind, [row for row in rows if row['kind'] == kind]) for kind in KINDS]
    return [_add_up(kind, found) for kind, found in kinds if found]


def _add_up(kind: LossKind, rows: list[LossRow]) -> Loss:
    sources: dict[str, int] = {}
    for row in rows:
        if row['source']:
            sources[row['source']] = sources.get(row['source'], 0) + (row['lost'] or row['entries'] or 1)
    told = [row['lost'] for row in rows if row['lost'] is not None]
    ends = (stamp for row in rows for stamp in (row['first_seen'], row['last_seen']))
    stamps = sorted((stamp for stamp in ends if stamp), key=parse)
    return {'kind': kind, 'rows': rows, 'lost': sum(told) if told else None,
            'times': sum(1 if row['entries'] is None else row['entries'] for row in rows),
            'sources': sorted(sources, key=lambda source: (-sources[source], source)),
            'first_seen': stamps[0] if stamps else None, 'last_seen': stamps[-1] if stamps else None}


def is_ordinary(row: LossRow) -> bool:
    """Whether a row of `losses` is the gap of an ordinary reboot. The record has it, people need not read it."""
    return row['kind'] == 'boot-gap' and any(seconds < REBOOT for seconds, dummy in longest([row]))


def longest(gaps: Iterable[LossRow]) -> list[tuple[float, LossRow]]:
    """The rows of boot gaps as (seconds, row), the longest first."""
    spans = [((parse(row['last_seen']) - parse(row['first_seen'])).total_seconds(), row) for row in gaps
             if row['first_seen'] and row['last_seen']]
    return sorted(spans, key=lambda span: -span[0])
