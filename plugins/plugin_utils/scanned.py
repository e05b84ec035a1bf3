# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a scan tells beside its signatures, over all sinks of the host: what none explains, what was not recorded. Pure.

Mostly the journal and a text log hold the same message, so sinks are never added up: the one that holds the most counts.
Records of versions before these keys are read as if nothing had been found.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Iterable
from typing import TypedDict

from ansible_collections.loghygiene.rhel.plugins.module_utils.syslog import SEVERITY_KEYWORDS as PRIORITIES
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.plan import SINKS
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import (
    LossKind, LossRow, Scan, ScanRow, Sink, Stamp, UnexplainedGroup)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.verdicts import parse

# The kinds of losses, most important first: evidence, then what journald and the kernel lost, then what only the text
# logs lack. unreadable-file is left out: it repeats `errors`.
KINDS: tuple[LossKind, ...] = (
    'audit-lost', 'missing-entries', 'journald-write-failed', 'journald-suppressed', 'journald-missed-kernel',
    'kernel-dropped', 'crashed-file', 'imuxsock-rate-limit', 'imjournal-rate-limit', 'rsyslog-discarded',
    'journal-remote-lost', 'journald-missed-syslog', 'kernel-suppressed', 'boot-gap')

REBOOT = 900  # seconds; servers with much memory to test take minutes


class SinkNumbers(TypedDict):
    """How much of one sink no signature explains."""
    entries: int | None  # None where it cannot tell
    groups: int
    unjudged: int


class Loss(TypedDict):
    """What was not recorded, of one kind."""
    kind: LossKind
    rows: list[LossRow]
    lost: int | None  # messages; None where no number is told
    times: int  # how often the log says so, or how many files or gaps there are
    sources: list[str]  # whom it hit, hardest first
    first_seen: Stamp | None
    last_seen: Stamp | None


def _results(scan: Scan | None) -> list[tuple[Sink, ScanRow]]:
    """(sink, result of its scan) of each sink that was there, the journal first."""
    if not scan:
        return []
    return [(sink, scan['sinks'][sink]) for sink in SINKS if scan['sinks'].get(sink)]


def unread(scan: Scan | None) -> list[tuple[Sink, str]]:
    """The sinks of which nothing could be read, and why. That they hold nothing says nothing."""
    return [(sink, '; '.join(error['reason'] for error in result['errors'])) for sink, result in _results(scan)
            if result['errors'] and not result['entries']]


def is_empty(scan: Scan | None) -> bool:
    """Was the journal read and nothing in it to look at? A host that runs has written some, so nothing can be told of it."""
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
        if not found or not (found['entries'] or found.get('unjudged')):
            continue
        sinks[sink] = {'entries': found['entries'], 'groups': len(found['groups']) + found['more_groups'],
                       'unjudged': found.get('unjudged', 0)}
        for group in found['groups']:
            key = (group['program'], group['template'])
            if key not in groups or groups[key]['count'] < group['count']:
                groups[key] = group
    return sinks, sorted(groups.values(), key=lambda group: (PRIORITIES.index(group['priority']), -group['count']))


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
    """Is a row of `losses` the gap of an ordinary reboot? The record has it, people need not read it."""
    return row['kind'] == 'boot-gap' and any(seconds < REBOOT for seconds, dummy in longest([row]))


def longest(gaps: Iterable[LossRow]) -> list[tuple[float, LossRow]]:
    """The rows of boot gaps as (seconds, row), the longest first."""
    spans = [((parse(row['last_seen']) - parse(row['first_seen'])).total_seconds(), row) for row in gaps
             if row['first_seen'] and row['last_seen']]
    return sorted(spans, key=lambda span: -span[0])
