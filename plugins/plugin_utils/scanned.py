# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a scan tells beside its signatures, over all sinks of the host: what none explains, what was not recorded. Pure.

Mostly the journal and a text log hold the same message, so sinks are never added up: the one that holds the most counts.
Records of versions before these keys are read as if nothing had been found.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from ansible_collections.loghygiene.rhel.plugins.module_utils.matcher import PRIORITIES
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.plan import SINKS
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.verdicts import parse

# The kinds of losses, most important first: evidence, then what journald and the kernel lost, then what only the text
# logs lack. unreadable-file is left out: it repeats `errors`.
KINDS = ('audit-lost', 'missing-entries', 'journald-write-failed', 'journald-suppressed', 'journald-missed-kernel',
         'kernel-dropped', 'crashed-file', 'imuxsock-rate-limit', 'imjournal-rate-limit', 'rsyslog-discarded',
         'journal-remote-lost', 'journald-missed-syslog', 'kernel-suppressed', 'boot-gap')

REBOOT = 900  # seconds; servers with much memory to test take minutes


def _results(scan):
    """(sink, result of its scan) of each sink that was there, the journal first."""
    found = (scan or {}).get('sinks', {})
    return [(sink, found[sink]) for sink in SINKS if found.get(sink)]


def unread(scan):
    """The sinks of which nothing could be read: [(sink, why)]. That they hold nothing says nothing."""
    return [(sink, '; '.join(error['reason'] for error in result['errors'])) for sink, result in _results(scan)
            if result['errors'] and not result['entries']]


def is_empty(scan):
    """Was the journal read and nothing in it to look at? A host that runs has written some, so nothing can be told of it."""
    journal = (scan or {}).get('sinks', {}).get('journal')
    return bool(journal) and journal['entries'] == 0 and not journal['errors']


def unexplained(scan):
    """What no signature explains.

    :returns: ({sink: {entries, groups, unjudged}}, groups): numbers of the sinks that hold any or cannot tell (entries None),
        and the groups as in the record, each from the sink that holds the most of it, most severe and largest first.
    """
    sinks, groups = {}, {}
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


def losses(scan):
    """What was not recorded: a dict per kind, in the order of KINDS.

    :returns: [{kind, times, lost, sources, first_seen, last_seen, rows}]. times: how often the log says so, or how many
        files or gaps there are. lost: number of messages, None where none is told. sources: whom it hit, hardest first.
    """
    worst = {}
    for dummy, result in _results(scan):
        for item in by_kind([row for row in result.get('losses') or [] if not is_ordinary(row)]):
            known = worst.get(item['kind'])
            if not known or (known['lost'] or 0, known['times']) < (item['lost'] or 0, item['times']):
                worst[item['kind']] = item
    return [worst[kind] for kind in KINDS if kind in worst]


def by_kind(rows):
    """The rows of one scan's `losses` added up by kind, as `losses` returns it."""
    kinds = [(kind, [row for row in rows if row['kind'] == kind]) for kind in KINDS]
    return [_add_up(kind, found) for kind, found in kinds if found]


def _add_up(kind, rows):
    sources = {}
    for row in rows:
        if row['source']:
            sources[row['source']] = sources.get(row['source'], 0) + (row['lost'] or row['entries'] or 1)
    told = [row['lost'] for row in rows if row['lost'] is not None]
    stamps = sorted((row[key] for row in rows for key in ('first_seen', 'last_seen') if row[key]), key=parse)
    return {'kind': kind, 'rows': rows, 'lost': sum(told) if told else None,
            'times': sum(1 if row['entries'] is None else row['entries'] for row in rows),
            'sources': sorted(sources, key=lambda source: (-sources[source], source)),
            'first_seen': stamps[0] if stamps else None, 'last_seen': stamps[-1] if stamps else None}


def is_ordinary(row):
    """Is a row of `losses` the gap of an ordinary reboot? The record has it, people need not read it."""
    return row['kind'] == 'boot-gap' and row['first_seen'] is not None and longest([row])[0][0] < REBOOT


def longest(gaps):
    """The rows of boot gaps as (seconds, row), the longest first."""
    spans = [((parse(row['last_seen']) - parse(row['first_seen'])).total_seconds(), row) for row in gaps]
    return sorted(spans, key=lambda span: -span[0])
