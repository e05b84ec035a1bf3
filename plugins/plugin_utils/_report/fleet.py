# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a run for a terminal: findings in short, advice once, and the table of all hosts. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypedDict

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import scanned
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import host as report_host
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.host_state import INFORMATION, STATES, State, has_findings, state
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import (
    clipped, harmless, line, listed, minute, total, when, width, widths, wrapped)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language, say
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report._module_texts import module_text
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record import CONTINUING, missing
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Finding, FindingKind, Record, Stamp
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.runs import Earlier
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.verdicts import unproved, unread_logs, verdicts_of

Report = Literal['short', 'full']
REPORTS: tuple[Report, ...] = ('short', 'full')

# A run of so many hosts is told like one server: all of each host, and no row is folded.
FEW = 2
# Kinds of findings a host gets in short, subjects each of them names and their columns, groups of hosts that are alike.
KINDS_SHOWN, SUBJECTS, SUBJECT_COLUMNS, GROUPS = 3, 4, 160, 20
NARROWEST = 40  # columns
BY_HAND = ('investigate', 'explain')  # actions that leave something to a person, the more urgent first

# What a person must look at first comes first. Those that the run failed by are told in full.
ORDER: tuple[FindingKind, ...] = (
    'not_looked_at', 'same_machine', 'lost', 'still_present', 'misrouted', 'watch', 'investigate', 'not_here', 'lookalike', 'alert_path',
    'forward_queue', 'unsafe_path', 'retention', 'rotation', 'fixable', 'policy_missing', 'queue_left', 'expired', 'lost_messages', 'not_undone', 'failed',
    'policy_failed')
# What the finding of such a kind is about, where it is no signature: a key of its data.
SUBJECT = {'retention': 'path', 'rotation': 'path', 'unsafe_path': 'path', 'queue_left': 'path', 'forward_queue': 'rule',
           'not_looked_at': 'part', 'failed': 'role', 'not_undone': 'role', 'alert_path': 'problem',
           'misrouted': 'problem', 'policy_failed': 'message', 'same_machine': 'hosts'}
TO_READ: tuple[FindingKind, ...] = ('investigate', 'not_here', 'watch', 'lookalike')

Name = Literal['host', 'el', 'undone', 'left', 'investigate', 'fixable', 'explained', 'unexplained', 'lost', 'reboot', 'retention', 'verdicts', 'state']
NAMES: tuple[Name, ...] = (
    'host', 'el', 'undone', 'left', 'investigate', 'fixable', 'explained', 'unexplained', 'lost', 'reboot', 'retention', 'verdicts', 'state')
# What a terminal that is too narrow for all does without, in this order.
EXPENDABLE: tuple[Name, ...] = ('el', 'explained', 'lost', 'unexplained', 'verdicts', 'reboot', 'retention', 'fixable')
WHY = 30  # columns of a reason in the table that is told whole
HOST_LEAST, STATE_LEAST = 12, 16  # columns that these two get before another is left out

Row = dict[Name, str]


class Group(TypedDict):
    """Hosts with the same findings."""
    lines: tuple[str, ...]
    hosts: list[str]


def screen(language: Language, records: list[Record], catalog: list[Signature], files: Sequence[str], now: Stamp, columns: int,
           report: Report = 'short', own: Mapping[str, list[Signature]] | None = None, earlier: Sequence[Earlier] = ()) -> str:
    """What the end of a run prints.

    :param catalog: of the run. :param own: {host: its catalog}, where that is another.
    :param earlier: hosts that are not of this run, as earlier ones found them.
    :param files: of the run; none where they could not be written. :param now: the time that the table is of. :param columns: of the terminal.
    :param report: short, or full for all that is known of each host. One host or two are told in full either way.
    """
    columns = max(columns, NARROWEST)
    few = len(records) <= FEW
    catalogs = _catalogs(catalog, own)
    blocks: list[list[str]] = []
    if few or report == 'full':
        blocks += [report_host.render(record, catalogs(record), language, columns).strip('\n').split('\n') for record in records]
    else:
        blocks.append(_short(language, records, catalogs, columns))
    blocks.append(_advice(language, records, catalogs, columns))
    blocks.append(_ended(language, records, columns))
    blocks.append(table(language, records, catalog, now, columns, own) + _earlier(language, earlier, columns))
    if files:
        blocks[-1].append(harmless(say(language, 'summary.files', files=' '.join(files))))
    return '\n' + '\n\n'.join('\n'.join(block) for block in blocks if block) + '\n'


def _catalogs(catalog: list[Signature], own: Mapping[str, list[Signature]] | None) -> Callable[[Record], list[Signature]]:
    """The catalog of a host."""
    return lambda record: (own or {}).get(record['host'], catalog)


def _earlier(language: Language, found: Sequence[Earlier], columns: int) -> list[str]:
    """What the files hold of hosts that this run was not for."""
    if not found:
        return []
    states = [one['state'] for one in found]
    counts = dict((name, states.count(name)) for name in STATES)
    text = say(language, 'summary.earlier', hosts=len(found), oldest=when(language, min(one['updated'] for one in found))[:10], **counts)
    return wrapped(text, columns, '', '')


def totals(language: Language, records: list[Record], files: Sequence[str]) -> str:
    """The number of hosts in each state, in one line."""
    return ' '.join(_totals(language, records) + [say(language, 'summary.files', files=' '.join(files))])


def _totals(language: Language, records: list[Record]) -> list[str]:
    """How many hosts are in each state, and what the states alone do not say."""
    states = [state(record) for record in records]
    counts = dict((name, states.count(name)) for name in STATES)
    also = sum(one in ('failed', 'unseen') and has_findings(record) for one, record in zip(states, records))
    numbers = [('summary.also', also)]
    if not all(record['journey'] == 'audit' for record in records):
        numbers += [('summary.read', sum(_to_read(language, record) for record in records)),
                    ('summary.unproved', sum(len(_unproved(record)) for record in records))]
    return [say(language, 'summary', hosts=len(records), **counts)] + [say(language, key, count=count) for key, count in numbers if count]


def _to_read(language: Language, record: Record) -> int:
    return sum(item['kind'] not in INFORMATION for item in record['findings']) + len(report_host.unread_texts(language, record))


def _unproved(record: Record) -> list[str]:
    """The signatures whose remedy is in place and not proved. Of one that is still to be made there is nothing to prove."""
    fixable = [item['signature_id'] for item in record['findings'] if item['kind'] == 'fixable']
    return [row['signature_id'] for row in unproved(record) if row['signature_id'] not in fixable]


# --- what there is to do, in short

def short_lines(language: Language, record: Record, titles: dict[str, str]) -> list[str]:
    """The findings of a host in a line a kind, the most important first, without numbers: so hosts are seen to be alike."""
    subjects: dict[str, list[str]] = {}
    for item in record['findings']:
        known = subjects.setdefault(item['kind'], [])
        subject = _subject(language, item, titles)
        if subject and subject not in known:
            known.append(subject)
    unread = [say(language, 'sink.' + sink) for sink, dummy in unread_logs(record)]
    if record['journey'] not in CONTINUING and scanned.is_empty(record['scan']):
        unread.append(say(language, 'sink.journal'))
    lines = [_kind(language, 'unread', unread)] if unread else []
    lines += [_kind(language, kind, subjects[kind]) for kind in ORDER if kind in subjects]
    if len(lines) > KINDS_SHOWN:
        lines[KINDS_SHOWN:] = [say(language, 'short.more', more=len(lines) - KINDS_SHOWN)]
    if _reboot(record) in ('pending', 'begun'):
        lines.append(say(language, 'short.reboot'))
    present = [item['signature_id'] for item in record['findings'] if item['kind'] == 'still_present']
    others = [titles.get(name, name) for name in _unproved(record) if name not in present]
    if others:
        lines.append(_kind(language, 'unproved', others))
    return [harmless(text) for text in lines]


def _subject(language: Language, item: Finding, titles: dict[str, str]) -> str:
    """What a finding is about."""
    key = SUBJECT.get(item['kind'])
    if key is None:
        return titles.get(item['signature_id'], item['signature_id'])
    text = str(item['data'][key])
    return clipped(report_host.part_text(language, text) if key == 'part' else module_text(language, text), SUBJECT_COLUMNS)


def _kind(language: Language, kind: str, subjects: list[str]) -> str:
    """A kind of finding, and the first of what it is about."""
    what, shown, more = say(language, 'short.' + kind), ', '.join(subjects[:SUBJECTS]), len(subjects) - SUBJECTS
    if more > 0:
        shown = say(language, 'short.subjects', subjects=shown, more=more)
    return say(language, 'short.line', what=what, subjects=shown) if shown else what


def _alike(said: Iterable[tuple[str, list[str]]]) -> list[Group]:
    """Groups of hosts with the same findings, in the order of the first of each."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for host, lines in said:
        if lines:
            groups.setdefault(tuple(lines), []).append(harmless(host))
    return [{'lines': lines, 'hosts': hosts} for lines, hosts in groups.items()]


def _hosts(language: Language, hosts: list[str], columns: int) -> str:
    """As many names as fit, and how many more there are."""
    room = columns - width(say(language, 'short.hosts', hosts='', more=len(hosts)))
    shown, more = listed(hosts, room if len(hosts) > 1 else columns)
    return say(language, 'short.hosts', hosts=shown, more=more) if more else shown


def _short(language: Language, records: list[Record], catalogs: Callable[[Record], list[Signature]], columns: int) -> list[str]:
    """The hosts with findings, those that are alike together. Why others were not seen, or failed, comes after."""
    kept = [record for record in records if state(record) != 'unseen']
    kept.sort(key=lambda record: state(record) == 'clean')  # which keeps their order else
    groups = _alike((record['host'], short_lines(language, record, _titles(language, catalogs(record)))) for record in kept)
    if not groups:
        return []
    lines = [say(language, 'short.title') + ':']
    for group in groups[:GROUPS]:
        lines.append('  ' + _hosts(language, group['hosts'], columns - 3) + ':')
        for text in group['lines']:
            lines += wrapped(text, columns, '  - ', '    ')
    if groups[GROUPS:]:
        lines.append('  ' + say(language, 'short.rest', hosts=sum(len(group['hosts']) for group in groups[GROUPS:])))
    return lines


def _ended(language: Language, records: list[Record], columns: int) -> list[str]:
    """The hosts that were not seen or failed, with the whole reason; the same reason stands once."""
    said = []
    for name in ('failed', 'unseen'):
        for record in records:
            if state(record) == name:
                texts = [report_host.unseen_text(language, record)] if name == 'unseen' else report_host.complaints(language, record)
                said.append((record['host'], [report_host.reasons(texts)]))
    groups = _alike(said)
    if not groups:
        return []
    lines = [say(language, 'ended') + ':']
    lines += ['  - %s: %s' % (_hosts(language, group['hosts'], columns - 5), group['lines'][0]) for group in groups[:GROUPS]]
    if groups[GROUPS:]:
        lines.append('  ' + say(language, 'ended.rest', hosts=sum(len(group['hosts']) for group in groups[GROUPS:])))
    return lines


# --- what can be done by hand

def _titles(language: Language, catalog: list[Signature]) -> dict[str, str]:
    """What the report calls a signature: its id, in Korean its title before it."""
    return dict((item['id'], '%s(%s)' % (item['title'][language], item['id']) if language == 'ko' else item['id']) for item in catalog)


class ByHand(TypedDict):
    """A message that no role repairs and a person can do something about. A catalog of a host's own may say otherwise what."""
    action: str
    signature: Signature
    hosts: list[str]


def by_hand(records: list[Record], catalogs: Callable[[Record], list[Signature]]) -> list[ByHand]:
    """What there is to do by hand, what is to be investigated first, then in the order of the ids."""
    found: list[ByHand] = []
    for record in records:
        if record['journey'] == 'rollback':  # whose plan is that of an earlier run
            continue
        known = dict((item['id'], item) for item in catalogs(record) if item.get('advice'))
        for row in record['plan']:
            if row['action'] not in BY_HAND or row['signature_id'] not in known or not any(row['seen'].values()):
                continue
            signature = known[row['signature_id']]
            same = [one for one in found if one['action'] == row['action'] and one['signature']['id'] == signature['id']
                    and (one['signature']['title'], one['signature']['advice']) == (signature['title'], signature['advice'])]
            if same:
                same[0]['hosts'].append(record['host'])
            else:
                found.append({'action': row['action'], 'signature': signature, 'hosts': [record['host']]})
    return sorted(found, key=lambda one: (BY_HAND.index(one['action']), one['signature']['id']))


def _advice(language: Language, records: list[Record], catalogs: Callable[[Record], list[Signature]], columns: int) -> list[str]:
    """The documented remedies, each once."""
    lines: list[str] = []
    for one in by_hand(records, catalogs):
        signature = one['signature']
        text = say(language, 'advice.' + one['action'], signature=_titles(language, [signature])[signature['id']],
                   advice=signature['advice'][language])
        lines += wrapped(text, columns, '  - ', '    ')
    return [say(language, 'advice') + ':'] + lines if lines else []


# --- the table

def table(language: Language, records: list[Record], catalog: list[Signature], now: Stamp, columns: int,
          own: Mapping[str, list[Signature]] | None = None) -> list[str]:
    """The last lines: totals, a row for each host, the hosts with nothing to do, and what can be done by hand.

    No line but one with a long path is wider than the terminal.
    """
    journey = report_host.journey_text(language, records[0]) if records else ''
    head = [minute(language, now), journey] + _totals(language, records)
    lines = _packed(head, columns)
    catalogs = _catalogs(catalog, own)
    folded: list[Record] = []
    shown: list[Record] = []
    for record in records:
        idle = len(records) > FEW and state(record) == 'clean' and not short_lines(
            language, record, _titles(language, catalogs(record))) and not report_host.rollback_rows(language, record)
        (folded if idle else shown).append(record)
    order: tuple[State, ...] = ('clean', 'findings', 'failed', 'unseen')  # the worst next to the prompt
    shown.sort(key=lambda record: order.index(state(record)))
    if shown:
        lines += _rows(language, [row(language, record) for record in shown], columns)
    if folded:
        name = say(language, 'state.clean')
        outer = say(language, 'fleet.folded', state=name, hosts='', more=' ...', count=len(folded))
        names, more = listed([record['host'] for record in folded], columns - width(outer), ' ')
        lines.append(say(language, 'fleet.folded', state=name, hosts=names, more=' ...' if more else '', count=len(folded)))
    if len(records) > FEW:
        for one in by_hand(records, catalogs):
            signature_id = one['signature']['id']
            outer = say(language, 'advice.hosts', signature=signature_id, hosts='')
            text = say(language, 'advice.hosts', signature=signature_id,
                       hosts=_hosts(language, [harmless(host) for host in one['hosts']], max(columns - width(outer), HOST_LEAST)))
            lines.append(clipped(text, columns))
    return lines


def _packed(texts: list[str], columns: int) -> list[str]:
    """Texts side by side, as far as they fit."""
    lines: list[str] = []
    for text in texts:
        if lines and width(lines[-1]) + 2 + width(text) <= columns:
            lines[-1] += '  ' + text
        else:
            lines += wrapped(text, columns, '', '')
    return lines


def row(language: Language, record: Record) -> Row:
    """A host in the table. What was not looked at, or could not be read, is '-', never 0."""
    stands, target = state(record), record['target']
    kinds = [item['kind'] for item in record['findings']]
    to_read = set(item['signature_id'] for item in record['findings'] if item['kind'] in TO_READ)  # one may be found in two ways
    seen = bool(target) and bool(record['plan']) and record['journey'] != 'rollback'
    rollback = record.get('rollback')
    taken_back = report_host.rollback_rows(language, record)
    proved, left = [one for one in verdicts_of(record) if one['verdict'] == 'proved'], unproved(record)
    sinks, dummy = scanned.unexplained(record['scan']) if record['journey'] not in CONTINUING else ({}, [])
    reboot = _reboot(record)
    state_text = say(language, 'state.' + stands)
    why = _why(language, record, stands)
    unread = bool(unread_logs(record)) or record['journey'] not in CONTINUING and scanned.is_empty(record['scan'])

    def number(count: int, known: bool = True) -> str:
        return str(count) if known and (count or not unread) else '-'

    return {
        'host': harmless(record['host']),
        'el': str(target['el']) if target and target.get('el') is not None else '-',
        'undone': str(sum(one['undone'] for one in taken_back)) if rollback else '-',
        'left': str(sum(not one['undone'] for one in taken_back)) if rollback else '-',
        'investigate': number(len(to_read), seen),
        'fixable': number(kinds.count('fixable'), seen),
        'explained': number(sum(one['action'] == 'explain' and any(one['seen'].values()) for one in record['plan']), seen),
        'unexplained': number(max((numbers['groups'] for numbers in sinks.values()), default=0), bool(sinks) or _counted(record)),
        'lost': '-' if unread and _lost(record) == '0' else _lost(record),
        'reboot': say(language, 'fleet.yes') if reboot in ('pending', 'would', 'begun') else '-',
        'retention': _retention(language, record),
        'verdicts': '%d/%d' % (len(proved), len(proved + left)) if proved or left else '-',
        'state': say(language, 'fleet.why', state=state_text, why=why) if why else state_text,
    }


def _why(language: Language, record: Record, stands: State) -> str:
    """Why a host was not seen, or failed, in short."""
    if stands == 'unseen':
        reached = missing(record)[:1]
        text = module_text(language, record['errors'][-1]['message']) if record['errors'] else ''
        if width(text) > WHY:  # what it failed for stands at the end: Connection refused
            text = text.rpartition(': ')[2]
        if reached and reached[0] != 'survey':
            text = '%s: %s' % (say(language, 'fleet.lost_in', stage=say(language, 'stage.' + reached[0])), text)
        return harmless(text)
    if stands != 'failed':
        return ''
    text = report_host.complaints(language, record)[0]
    if record['errors']:  # the name of the task and of the host would take the room of the reason
        text = text.removeprefix(harmless(say(language, 'stage.task', name=record['errors'][0]['stage'])) + ': ')
    return text.removeprefix(record['host'] + ': ')


def _reboot(record: Record) -> str | None:
    reboot = record.get('reboot')
    return reboot['state'] if reboot else None


def _counted(record: Record) -> bool:
    """Whether the scan counted what no signature explains."""
    return record['journey'] not in CONTINUING and scanned.counts_unexplained(record['scan'])


def _lost(record: Record) -> str:
    """The number of lost messages, as far as known; `+` says that there are more."""
    if not record['scan'] or record['journey'] in CONTINUING:
        return '-'
    losses = [loss for loss in scanned.losses(record['scan']) if loss['kind'] != 'boot-gap']
    told = [loss['lost'] for loss in losses if loss['lost'] is not None]
    return '%d%s' % (sum(told), '+' if len(told) < len(losses) else '')


def _retention(language: Language, record: Record) -> str:
    """How long the logs are kept, by the worst of them; where nobody said how long that must be, the shortest."""
    stores = report_host.stores(record)
    asked = [store for store in stores if store['keep_days'] is not None]
    if not asked:
        held = [store['held_days'] for store in stores if store['held_days'] is not None]
        return say(language, 'kept.held', days='%d' % min(held)) if held else '-'
    short = [store['held_days'] for store in asked if store['meets'] is False]
    if short:
        known = [days for days in short if days is not None]
        if len(known) < len(short):
            return say(language, 'kept.missing')
        return say(language, 'kept.days', state=say(language, 'kept.short'), days='%d' % min(known))
    return say(language, 'kept.unknown' if any(store['meets'] is None for store in asked) else 'kept.ok')


def _rows(language: Language, rows: list[Row], columns: int) -> list[str]:
    """Head and rows of the table. Columns that say nothing of any host are left out."""
    names = [name for name in NAMES if name in ('host', 'state') or any(one[name] != '-' for one in rows)]
    dropped: list[Name] = []
    head: Row = dict((name, say(language, 'fleet.' + name)) for name in names)
    sizes = widths([head] + rows, names)
    if total({**_least(sizes), 'host': sizes['host']}) > columns:  # before a name of a host is cut
        head = dict((name, say(language, 'narrow.' + name)) for name in names)
    for name in EXPENDABLE:
        if total(_least(widths([head] + rows, names))) <= columns:
            break
        if name in names:
            names.remove(name)
            dropped.append(name)
    sizes = widths([head] + rows, names)
    for name in ('state', 'host'):  # the state has the longest texts, and gives way first
        over = total(sizes) - columns
        if over > 0:
            sizes[name] = max(sizes[name] - over, _least(sizes)[name])
    lines = [line(one, sizes) for one in [head] + rows]
    if dropped:
        lines += _packed([say(language, 'fleet.dropped', columns=', '.join(say(language, 'fleet.' + name) for name in dropped))], columns)
    return lines


def _least(sizes: dict[Name, int]) -> dict[Name, int]:
    """The columns of a table that is as narrow as it may be without leaving one out."""
    return {**sizes, 'host': min(sizes['host'], HOST_LEAST), 'state': min(sizes['state'], STATE_LEAST)}
