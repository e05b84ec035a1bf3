# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a record says of its host, for a person: the texts, and all of them for a terminal. Pure.

Log lines are written by attackers: every text is made harmless here.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import math
from typing import Literal, TypedDict

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import scanned
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.host_state import BROKEN, counted
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import (
    clipped, harmless, line as table_line, padded, total, when, when_asked, width, widths, wrapped)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report._module_texts import module_text
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import REMEDIED
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record import CONTINUING, STAGES, missing
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Context, Counts, Finding, PlanRow, Record, RecordedError, Rollback, Source, Store, VerdictRow)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Requires, Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.verdicts import scans_of, triggers, unread_logs
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import MESSAGES, Language, say

Column = Literal['signature', 'before', 'action', 'after', 'verdict']
COLUMNS: tuple[Column, ...] = ('signature', 'before', 'action', 'after', 'verdict')
# Lines a host gets for what no signature explains, and for what was not recorded, under their titles; and the columns
# that a text from the log gets there. The record holds more.
GROUPS, LOSSES, GAPS = 3, 5, 3
SHOWN = 100  # lines under any title
PROGRAM_COLUMNS, TEMPLATE_COLUMNS, SOURCE_COLUMNS, CONTEXT_COLUMNS = 30, 90, 60, 200

Row = dict[Column, str]  # of the table


class RollbackRow(TypedDict):
    """What became of one signature in a rollback."""
    signature: str
    role: str
    undone: bool  # or nothing was there; in check mode: would be
    outcome: str


# What is said of a log by whether it is kept long enough.
MEETS = {True: 'policy.meets', False: 'policy.short', None: 'policy.unknown'}


def cells(language: Language, counts: Counts) -> str:
    """Counts as text; sinks without an entry are left out unless none has one."""
    some = ['%s %d' % (say(language, 'sink.' + sink), counts[sink]) for sink in scanned.SINKS if counts.get(sink)]
    return ', '.join(some) if some else '0' if counts else '-'


def occasion_text(language: Language, signature: Signature, requires: Requires) -> str:
    """What has to happen before a remedied signature can be proved."""
    if signature['disposition'] == 'divert':
        return say(language, 'occasion.line')
    named = triggers(signature)
    if not named:
        return say(language, 'occasion.boot' if requires in ('boot', 'login') else 'occasion.time')
    told = say(language, 'occasion.or').join(
        say(language, 'occasion.unit', unit=name[len('unit:'):]) if name.startswith('unit:') else say(language, 'occasion.' + name)
        for name in named)
    return say(language, 'occasion.after_boot', occasion=told) if requires == 'boot' and named != ['boot'] else told


def trigger_text(language: Language, trigger: str) -> str:
    """What happened that would have brought a message."""
    if trigger.startswith('unit:'):
        return say(language, 'trigger.unit', unit=trigger[len('unit:'):])
    return say(language, 'trigger.' + trigger)


def verdict_text(language: Language, row: VerdictRow, signature: Signature | None, requires: Requires) -> str:
    """A verdict with its reason: what proved it, or what is being waited for."""
    if row['verdict'] is None:
        return '-'
    text = say(language, 'verdict.' + row['verdict'])
    reason = row['reason']
    happened = row['occasion']
    if row['verdict'] == 'still_present' and reason == 'not_in_place':
        return say(language, 'verdict.not_remedied')
    if reason == 'trigger' and happened:
        why = say(language, 'why.trigger', trigger=trigger_text(language, happened['trigger']), at=when(language, happened['at']),
                  boot=(happened['boot_id'] or '?')[:8])
    elif reason == 'diverted':
        why = say(language, 'why.diverted', count=row['after']['diverted'])
    elif reason == 'waiting' and signature:
        until, needed = row.get('until'), row.get('silence')
        why = (say(language, 'why.until', until=when(language, until)) if until
               else say(language, 'why.waiting', occasion=occasion_text(language, signature, requires)))
        if needed and not until:
            why += '; ' + say(language, 'why.silent_for', days=_days(needed['needed']))
    elif reason == 'due' and happened:
        why = say(language, 'why.due', trigger=trigger_text(language, happened['trigger']), at=when(language, happened['at']),
                  until=when(language, row['until']))
    elif reason == 'vacuumed':
        needed = row.get('silence')
        why = say(language, 'why.vacuumed', days=_days(needed['needed'] if needed else 0))
    elif reason in ('silence', 'seldom', 'unmeasured', 'no_signature', 'no_sink', 'failed', 'not_in_place', 'unread'):
        why = say(language, 'why.' + reason)
    else:
        return text
    return '%s: %s' % (text, why)


def _days(seconds: float) -> str:
    return '%.1f' % (math.ceil(seconds / 8640) / 10)


def rows(record: Record, catalog: list[Signature], language: Language) -> list[Row]:
    """The table of one host, a row per signature that was seen, remedied or asked for."""
    signatures = dict((item['id'], item) for item in catalog)
    verify = record.get('verify')
    verdicts = dict((row['signature_id'], row) for row in (verify.get('verdicts', []) if verify else []))
    table: list[Row] = []
    for plan_row in record['plan']:
        signature_id = plan_row['signature_id']
        signature = signatures.get(signature_id)  # None when it left the catalog since
        verdict = verdicts.get(signature_id)
        remedy = record['remedies'].get(plan_row['role']) if plan_row['role'] else None
        action = say(language, 'action.' + plan_row['action'])
        if plan_row['action'] in REMEDIED and (record['check_mode'] or record['journey'] == 'scan') \
                and not (remedy and remedy.get('in_place')):
            action = say(language, 'would.' + plan_row['action'])
        before, after = before_and_after(plan_row, verdict)
        table.append({
            'signature': signature_id, 'before': cells(language, before), 'action': action, 'after': cells(language, after),
            'verdict': verdict_text(language, verdict, signature, plan_row['requires']) if verdict else '-',
        })
    return table


def rollback_rows(language: Language, record: Record) -> list[RollbackRow]:
    """What a rollback was to take back, a row per signature."""
    rollback, found = record.get('rollback'), []
    for role, one in sorted((rollback['roles'] if rollback else {}).items()):
        undone = not one['failed'] and (one['undone'] or record['check_mode'])
        key = 'undone.not' if not undone else 'undone.nothing' if not one['changed'] else 'undone.would' if record['check_mode'] else 'undone'
        found += [RollbackRow(signature=name, role=role, undone=undone, outcome=say(language, key)) for name in one['signature_ids']]
    return found


def _rollback_lines(language: Language, record: Record, titles: dict[str, str], columns: int | None) -> list[str]:
    """The lines of the table of a rollback."""
    rollback = record.get('rollback')
    if not rollback:
        return []
    names: tuple[Literal['signature', 'role', 'outcome'], ...] = ('signature', 'role', 'outcome')
    body = [dict((key, harmless(row[key])) for key in names) for row in rollback_rows(language, record)]
    if not body:
        return [] if rollback['policy'] else [say(language, 'nothing.undone')]
    head = dict((key, say(language, key)) for key in names)
    sizes = widths([head] + body, names)
    lines = []
    for row in [head, dict((key, '-' * sizes[key]) for key in names)] + body:
        if row['signature'] in titles:
            lines.append(titles[row['signature']])
        lines.append(table_line(row, sizes))
    return [clipped(text, columns) if columns else text for text in lines]


def before_and_after(plan_row: PlanRow, verdict: VerdictRow | None) -> tuple[Counts, Counts]:
    """The counts of a signature before its remedy and after it; where there was none, what was found and nothing."""
    return (verdict['before'], verdict['after']) if verdict else (plan_row['seen'], {})


def stores(record: Record) -> list[Store]:
    """How long the logs of a host are kept: those of the syslog policy, or else what the survey tells of every host."""
    policy = record.get('syslog_policy')
    if policy and not policy['failed'] and policy.get('retention'):
        return policy['retention']
    found = record.get('retention')
    return found['stores'] if found else []


def signature_name(language: Language, record: Record | None, signature_id: str) -> str:
    """What a text calls a signature: its id; in Korean its title before it, as the catalog of the host had it."""
    rows = record['plan'] if record and language == 'ko' else []
    titles = [row['title'][language] for row in rows if row['signature_id'] == signature_id]
    return '%s(%s)' % (titles[0], signature_id) if titles else signature_id


def finding_text(language: Language, finding: Finding, record: Record | None = None) -> str:
    """The text of one finding, of the host of the record."""
    data = dict(finding['data'], signature=signature_name(language, record, finding['signature_id']))
    for key in ('seen', 'after'):
        if key in data:
            data[key] = cells(language, data[key])
    if isinstance(data.get('finding'), dict):
        data['finding'] = data['finding'][language]
    for key in ('message', 'reason', 'problem'):
        if isinstance(data.get(key), str):
            data[key] = module_text(language, data[key])
    if 'part' in data:
        data['part'] = part_text(language, data['part'])
    if 'at' in data:
        data['at'] = when(language, data['at'])
    if 'role' in data and data['role'] is None:
        data['role'] = '-'
    if finding['kind'] == 'lookalike':
        data['source'] = source_text(language, data.get('source'))
    if finding['kind'] == 'still_present':
        data['by'] = ''.join(say(language, 'finding.by', source=source_text(language, source))
                             for source in (data.get('sources') or [])[-1:])
    if finding['kind'] == 'forward_queue' and data['messages'] is None:
        data['messages'] = '?'
    if 'losses' in data:
        data['losses'] = '; '.join(loss_text(language, loss) for loss in scanned.by_kind(data['losses']))
    cloned = finding['kind'] == 'same_machine' and data['cloned']
    return harmless(say(language, 'finding.cloned' if cloned else 'finding.' + finding['kind'], **data))


def part_text(language: Language, part: str) -> str:
    """The name of a part of the survey: a sink, a stage, or another part."""
    return next((say(language, kind + part) for kind in ('sink.', 'stage.', 'part.') if kind + part in MESSAGES), part)


def source_text(language: Language, source: Source | None) -> str:
    """The writer of an entry, where it is known."""
    known = ['uid %d' % source['uid']] if source and source['uid'] is not None else []
    known += [text for text in ((source['exe'], source['unit']) if source else ()) if text]
    return ', '.join(known) or say(language, 'source.unknown')


def _without_journal(record: Record) -> bool:
    """Whether the scan looked for a journal and found no file of one."""
    journal = record['scan']['sinks'].get('journal') if record['scan'] else None
    return bool(journal and not journal['files'] and journal['errors'])


def note_texts(language: Language, record: Record) -> list[str]:
    """The notes below the table: reboots, files not read, remarks of the remedies."""
    notes = []
    if record['check_mode'] and record['journey'] != 'audit':
        notes.append(say(language, 'note.check'))
    reboot, target = record.get('reboot'), record.get('target')
    if reboot:
        roles = ', '.join(reboot['roles'])
        if reboot['state'] == 'done':
            notes.append(say(language, 'reboot.done', before=reboot['boot_id_before'][:8], after=(reboot['boot_id_after'] or '')[:8]))
            if target and target.get('container'):
                notes.append(say(language, 'reboot.container'))
        elif reboot['state'] == 'begun':
            notes.append(say(language, 'reboot.begun', before=reboot['boot_id_before'][:8]))
        elif reboot['state'] in ('pending', 'would'):
            due = record['check_mode'] and reboot['state'] == 'pending'
            back = record['journey'] == 'rollback' and reboot['state'] == 'pending'
            notes.append(say(language, 'reboot.rollback' if back else 'reboot.due' if due else 'reboot.' + reboot['state'], roles=roles))
    if target and record['scan'] and not target['sinks']['journal']['persistent'] and not _without_journal(record):
        notes.append(say(language, 'note.volatile'))
    if record['journey'] != 'rollback':  # whose plan is that of an earlier run
        notes += _plan_notes(language, record)
    for error in scanned.errors_of(record['scan']):
        notes.append(say(language, 'note.scan_error', path=part_text(language, error['path']), reason=module_text(language, error['reason'])))
    undecided = scanned.undecided(scans_of(record))
    if undecided:
        notes.append(say(language, 'note.undecided', count=undecided))
    rollback = record.get('rollback')
    if rollback:
        notes += _rollback_notes(language, record, rollback)
    for role, remedy in sorted({} if rollback else record['remedies'].items()):
        for note in remedy.get('notes') or []:
            notes.append(say(language, 'note.remedy', role=role, note=module_text(language, note)))
    return [harmless(note) for note in notes]


def _plan_notes(language: Language, record: Record) -> list[str]:
    """Which remedies lower a safeguard, and which updates have the fix of what was seen."""
    notes, target = [], record.get('target')
    for row in record['plan']:
        name, why, build = signature_name(language, record, row['signature_id']), row.get('opt_in'), row.get('build')
        if why and row['reason'] == 'opt_in' and _holds(record, row['signature_id']):
            notes.append(say(language, 'note.opt_in_left', signature=name, why=why[language]))
            continue
        if row['action'] == 'none':
            continue
        if why:
            key = 'note.opt_in' if row['reason'] == 'opt_in' else 'note.opted_in'
            notes.append(say(language, key, signature=name, why=why[language]))
        if build and any(row['seen'].values()):
            never = build['fixed'] is False and build['fixed_in'] is None
            key = 'never' if never else {True: 'fixed', False: 'not_fixed', None: 'unknown'}[build['fixed']]
            notes.append(say(language, 'build.' + key, signature=name, el=target['el'] if target else None, **build))
    return notes


def _holds(record: Record, signature_id: str) -> bool:
    """Whether the remedy of a signature is in place."""
    return any(signature_id in remedy['signature_ids'] and remedy.get('in_place') and not remedy.get('failed') for remedy in record['remedies'].values())


def _rollback_notes(language: Language, record: Record, rollback: Rollback) -> list[str]:
    """Which runs were taken back, what the roles say, and what somebody edited since."""
    notes = [say(language, 'note.rollback', runs=', '.join(rollback['runs']))] if rollback['runs'] else []
    policy = record.get('syslog_policy')
    if rollback['policy'] and policy and not policy['failed'] and not record['check_mode']:
        notes.append(say(language, 'note.policy_undone'))
    for role, one in sorted(rollback['roles'].items()):
        notes += [say(language, 'note.remedy', role=role, note=module_text(language, note)) for note in one['notes']]
        notes += ['%s: %s' % (edit['path'], text) for edit in one['edited'] for text in edit['diff']]
    return notes


def unexplained_texts(language: Language, record: Record) -> tuple[str | None, list[str]]:
    """(title, lines) about what no signature explains; no title when there is nothing."""
    sinks, groups = scanned.unexplained(record['scan'])
    if not sinks:
        return None, []

    def told(key: str, part: Literal['entries', 'without_severity']) -> list[str]:
        return [say(language, key, sink=say(language, 'sink.' + sink), **sinks[sink])
                for sink in scanned.SINKS if sink in sinks and sinks[sink][part]]

    numbers = ', '.join(told('unexplained.sink', 'entries'))
    title = say(language, 'unexplained') + (say(language, 'unexplained.numbers', numbers=numbers) if numbers else '')
    lines = [say(language, 'unexplained.group', count=group['count'], priority=harmless(group['priority']),
                 program=clipped(group['program'] or '-', PROGRAM_COLUMNS),
                 template=clipped(group['template'], TEMPLATE_COLUMNS), last=when(language, group['last_seen']))
             for group in groups[:GROUPS]]
    return title, lines + told('unexplained.without_severity', 'without_severity')


def context_texts(language: Language, record: Record) -> list[str]:
    """Lines about what stands near what was found: of each signature the newest example, as the record has the others."""
    texts: list[str] = []
    found = scanned.context(record['scan'])
    for signature_id in dict.fromkeys(row['signature_id'] for row in found):
        rows = [row for row in found if row['signature_id'] == signature_id]
        name = signature_name(language, record, signature_id)
        texts += context_of(language, rows[-1], name, _writer(language, record, rows[-1]))
        if rows[1:]:
            texts.append(harmless(say(language, 'context.more', signature=name, more=len(rows) - 1)))
    return texts


def _writer(language: Language, record: Record, row: Context) -> str:
    """Who wrote an example, where the journal knows it: anybody may use the tag of a program."""
    found = scanned.find(record['scan'], row['sink'], row['signature_id'])
    sample = next((one for one in (found['samples'] if found else []) if one.get('at') == row['at']), None)
    return source_text(language, sample.get('source')) if sample and sample.get('source') else ''


def context_of(language: Language, row: Context, name: str, writer: str = '') -> list[str]:
    """What stands near one example, a title and lines below it."""
    lines = [say(language, 'context.example', signature=name, at=when(language, row['at']), sink=say(language, 'sink.' + row['sink']),
                 text=clipped(row['text'], TEMPLATE_COLUMNS) + (' [%s]' % writer if writer else ''))]
    for look in row['looks']:
        tells = look['tells'][language]
        values = ', '.join('%s %s' % (say(language, 'value.' + key) if 'value.' + key in MESSAGES else key,
                                      ' | '.join(clipped(value, SOURCE_COLUMNS) for value in held))
                           for key, held in sorted(look['values'].items()))
        key = 'context.look' if values else 'context.lines' if look['lines'] else 'context.cut' if look['cut'] else 'context.none'
        lines.append('  ' + say(language, key, tells=tells, values=values))
        lines += ['    ' + say(language, 'context.line', at=when(language, line['at']), name=clipped(line['name'], PROGRAM_COLUMNS),
                               text=clipped(line['text'], CONTEXT_COLUMNS)) for line in look['lines']]
    for module in row['modules']:
        lines.append('  ' + say(
            language, 'context.module', name=module['name'], state=say(language, 'context.loaded' if module['loaded'] else 'context.not_loaded'),
            file=module['file'] or '-', package=module['package'] or '-', signer=module['signer'] or '-', users=', '.join(module['used_by']) or '-'))
    return [harmless(line) for line in lines]


def times_text(language: Language, loss: scanned.Loss) -> str:
    """Kind and number of a loss."""
    return say(language, 'loss.times', times=loss['times'], what=say(language, 'loss.' + loss['kind']))


def loss_text(language: Language, loss: scanned.Loss) -> str:
    """The text of a loss."""
    parts = [times_text(language, loss)]
    if loss['lost'] is not None:
        parts.append(say(language, 'loss.lost', lost=loss['lost']))
    if loss['kind'] == 'boot-gap':
        spans = scanned.longest(loss['rows'])
        for seconds, row in spans[:GAPS]:
            hours = '%d:%02d:%02d' % (seconds // 3600, seconds // 60 % 60, seconds % 60)
            parts.append(say(language, 'loss.gap', hours=hours, at=when(language, row['first_seen'])))
        if len(spans) > GAPS:
            parts.append(say(language, 'loss.gaps', more=len(spans) - GAPS))
        return ', '.join(parts)
    if loss['first_seen']:
        ends = [when(language, loss['first_seen']), when(language, loss['last_seen'])]
        parts.append(ends[0] if ends[0] == ends[1] else say(language, 'loss.span', first=ends[0], last=ends[1]))
    if loss['sources']:
        source, more = clipped(loss['sources'][0], SOURCE_COLUMNS), len(loss['sources']) - 1
        parts.append(say(language, 'loss.sources', source=source, more=more) if more else source)
    return ', '.join(parts)


def loss_texts(language: Language, record: Record) -> list[str]:
    """Lines about what was not recorded: the most important kinds, the gaps between boots last."""
    found = scanned.losses(record['scan'])
    gaps = [loss for loss in found if loss['kind'] == 'boot-gap']
    others = [loss for loss in found if loss['kind'] != 'boot-gap']
    room = LOSSES - len(gaps)
    shown = others if len(others) <= room else others[:room - 1]
    texts = [loss_text(language, loss) for loss in shown]
    if shown != others:
        texts.append(say(language, 'loss.kinds', kinds=', '.join(
            times_text(language, loss) for loss in others[len(shown):])))
    return texts + [loss_text(language, loss) for loss in gaps]


def policy_texts(language: Language, record: Record) -> list[str]:
    """Lines about the syslog policy: how long each log is kept, and what proved where messages go."""
    policy = record.get('syslog_policy')
    if not policy or policy['failed']:
        return []
    texts = [harmless(say(language, 'policy.store', path=store['path'],
                          held=_held(language, store),
                          keep=store['keep_days'], verdict=say(language, MEETS[store['meets']]))
                      # Why fewer days than asked for are enough, or too few, or cannot be told.
                      + (': %s' % module_text(language, store['reason']) if store['reason'] and (store['held_days'] or 0) < store['keep_days'] else ''))
             for store in policy['retention'] if store['keep_days'] is not None]
    alerts = policy['alerts'] or {}
    texts += [harmless(say(language, 'policy.exempted', signature=signature_name(language, record, one['signature_id']), count=one['count'],
                           last=when(language, one['last'])))
              for one in alerts.get('exempted', [])]
    if alerts.get('set_aside'):
        texts.append(say(language, 'policy.set_aside', count=alerts['set_aside']))
    if policy['proof'] and policy['proof']['ok']:
        texts.append(say(language, 'policy.proof', sent=len(policy['proof']['pairs'])))
    return texts + [harmless(module_text(language, note)) for note in policy.get('notes') or []]


def _held(language: Language, store: Store) -> str:
    """How long a log is held, in days."""
    days = store['held_days']
    return say(language, 'policy.none_held') if days is None else say(language, 'policy.held', days='%d' % days)


def journey_text(language: Language, record: Record) -> str:
    """The journey. An audit is in check mode whoever calls it, and changes nothing; of the others it has to be said."""
    journey = say(language, 'journey.' + record['journey'])
    return say(language, 'journey.check', journey=journey) if record['check_mode'] and record['journey'] != 'audit' else journey


def reasons(texts: list[str]) -> str:
    """Several reasons in one line."""
    return '; '.join([text.rstrip('.') for text in texts[:-1]] + texts[-1:])


def heading(language: Language, record: Record) -> str:
    """The line over a host's table: name, release, boot, journey."""
    target = record.get('target')
    parts = [record['host']]
    if target:
        parts.append(target.get('stands_for') or target['os'])
        parts.append('systemd %s' % target['systemd'])
        parts.append('boot %s' % target['boot_id'][:8])
    parts.append(journey_text(language, record))
    since = record['scan'].get('since') if record['scan'] else None
    if since and record['journey'] not in CONTINUING:
        parts.append(say(language, 'heading.since', since=when_asked(language, since)))
    return harmless('  '.join(str(part) for part in parts))


def render(record: Record, catalog: list[Signature], language: Language, columns: int | None = None) -> str:
    """All that the report says of one host, for a terminal. What can be done by hand is said once for all hosts.

    :param columns: of the terminal. Where the table does not fit, each signature gets lines of its own. None: any number.
    """
    lines = ['', heading(language, record)]
    body: list[Row] = []
    for row in rows(record, catalog, language):
        if row['before'] not in ('0', '-') or row['action'] != '-':
            body.append(dict((key, harmless(value)) for key, value in row.items()))
    titles = dict((item['id'], harmless(item['title'][language])) for item in catalog) if language == 'ko' else {}
    if record['journey'] == 'rollback':
        lines += ['  ' + text for text in _rollback_lines(language, record, titles, columns - 2 if columns else None)]
    elif not record['plan']:
        pass
    elif not body:
        since = record['scan'].get('since') if record['scan'] else None
        key = 'nothing.read' if scanned.unread(record['scan']) else 'nothing.since' if since else 'nothing'
        lines.append('  ' + harmless(say(language, key, since=when_asked(language, since or ''))))
    else:
        lines += ['  ' + text for text in _table(language, record, body, titles, columns - 2 if columns else None)]
    found = failure_texts(language, record) + unread_texts(language, record) + [finding_text(language, item, record) for item in record['findings']]
    sections: list[tuple[str | None, list[str]]] = [(say(language, 'findings'), found)]
    if record['journey'] not in CONTINUING:  # whose scan is that of an earlier run, which has told of it
        sections += [(say(language, 'context'), context_texts(language, record)),
                     (say(language, 'policy'), policy_texts(language, record)), unexplained_texts(language, record),
                     (say(language, 'losses'), loss_texts(language, record))]
    for title, texts in sections + [(say(language, 'notes'), note_texts(language, record))]:
        if texts:
            lines.append('  %s:' % title)
            lines.extend(('    ' if text.startswith('  ') else '  - ') + text for text in texts[:SHOWN])
            if texts[SHOWN:]:
                lines.append('  - ' + say(language, 'more', more=len(texts) - SHOWN))
    return '\n'.join(lines)


def _table(language: Language, record: Record, body: list[Row], titles: dict[str, str], columns: int | None) -> list[str]:
    """The lines of the table of signatures. A title, where there is one, stands above its row."""
    counted_only = record['journey'] in ('scan', 'audit')
    head: Row = dict((key, say(language, 'count' if key == 'before' and counted_only else key)) for key in COLUMNS)
    sizes = widths([head] + body, COLUMNS)
    lines = []
    if columns is None or total(sizes) <= columns:
        rule: Row = dict((key, '-' * sizes[key]) for key in COLUMNS)
        for row in [head, rule] + body:
            if row['signature'] in titles:
                lines.append(clipped(titles[row['signature']], columns) if columns else titles[row['signature']])
            lines.append(table_line(row, sizes))
        return lines
    label = max(width(head[key]) for key in COLUMNS[1:])
    for row in body:
        if row['signature'] in titles:
            lines.append(clipped(titles[row['signature']], columns))
        lines.append(clipped(row['signature'], columns))
        for key in COLUMNS[1:]:
            if row[key] != '-':
                lines += wrapped(row[key], columns, '  %s  ' % padded(head[key], label), ' ' * (label + 4))
    return lines


def error_text(language: Language, error: RecordedError) -> str:
    """A failure of the run itself: where, and what it says."""
    stage = error['stage']
    known = any(stage in names for names in STAGES.values()) and 'stage.' + stage in MESSAGES
    return say(language, 'finding.error', stage=say(language, 'stage.' + stage) if known else say(language, 'stage.task', name=stage),
               message=module_text(language, error['message']))


def failure_texts(language: Language, record: Record) -> list[str]:
    """What went wrong with the run itself on a host: its errors, and the stages that did not end."""
    texts = [harmless(error_text(language, error)) for error in record['errors']]
    if not record['reachable']:
        texts[-1:] = [unseen_text(language, record)]
    return texts + stage_texts(language, record)


def unread_texts(language: Language, record: Record) -> list[str]:
    """A text per log of this run that could not be read. In an audit they count as findings do."""
    scan = record['scan']
    empty = scan and record['journey'] not in CONTINUING and scanned.is_empty(scan)
    nothing = [] if record['journey'] in CONTINUING else [sink for sink, dummy in scanned.unread(scan)]
    texts = [say(language, 'finding.unread' if sink in nothing else 'finding.unread_since', sink=say(language, 'sink.' + sink),
                 reason=module_text(language, reason)) for sink, reason in unread_logs(record)]
    if scan and empty:
        since = scan.get('since')
        texts.append(say(language, 'finding.empty_since' if since else 'finding.empty', since=when_asked(language, since or '')))
    return [harmless(text) for text in texts]


def stage_texts(language: Language, record: Record) -> list[str]:
    """At most one text: the stages that did not end. None for a host that was not seen at all."""
    left = missing(record)
    if not left or (left[0] == 'survey' and not record['reachable']):
        return []
    return [say(language, 'finding.stages', stages=', '.join(say(language, 'stage.' + name) for name in left))]


def unseen_text(language: Language, record: Record) -> str:
    """Why a host was not seen, or not to the end."""
    reached = missing(record)[:1]
    if reached in ([], ['survey']):
        return harmless(say(language, 'finding.unseen', message=module_text(language, record['errors'][-1]['message'])))
    return harmless(say(language, 'finding.host_lost', stage=say(language, 'stage.' + reached[0]),
                        message=module_text(language, record['errors'][-1]['message'])))


def complaints(language: Language, record: Record) -> list[str]:
    """The reasons for the state of a host: its errors, and the findings that count in this journey. What failed comes first."""
    unread = unread_texts(language, record) if record['journey'] == 'audit' else []
    broken = [finding_text(language, item, record) for item in counted(record) if item['kind'] in BROKEN]
    others = [finding_text(language, item, record) for item in counted(record) if item['kind'] not in BROKEN]
    return failure_texts(language, record) + broken + unread + others
