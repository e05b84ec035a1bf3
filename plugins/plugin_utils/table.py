# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records to rows, a terminal table and CSV. Pure. Log lines are written by attackers: every text is made harmless here."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import csv
import io
import unicodedata
from typing import Literal

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import scanned
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.plan import REMEDIED, SINKS
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record import missing
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import (
    Counts, Finding, FindingKind, Record, Source, Stamp, VerdictRow)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.signature_types import Requires, Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.verdicts import triggers, verdicts_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.messages import Language, say

Column = Literal['signature', 'before', 'action', 'after', 'verdict']
COLUMNS: tuple[Column, ...] = ('signature', 'before', 'action', 'after', 'verdict')
# Lines a host gets for what no signature explains, and for what was not recorded, under their titles; and the columns
# that a text from the log gets there. The record holds more.
GROUPS, LOSSES, GAPS = 3, 5, 3
PROGRAM_COLUMNS, TEMPLATE_COLUMNS, SOURCE_COLUMNS = 30, 90, 60


State = Literal['clean', 'findings', 'failed', 'unseen']
Row = dict[Column, str]  # of the table


def harmless(text: object) -> str:
    """Control and formatting characters (escape sequences, bidirectional overrides, newlines) as visible escapes."""
    out = []
    for char in str(text):
        if unicodedata.category(char) in ('Cc', 'Cf', 'Cs', 'Co', 'Zl', 'Zp'):
            out.append('\\x%02x' % ord(char) if ord(char) < 256 else '\\u%04x' % ord(char))
        else:
            out.append(char)
    return ''.join(out)


def width(text: str) -> int:
    """Columns a terminal needs: East Asian wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in 'WF' else 1 for char in text)


def clipped(text: str, columns: int) -> str:
    """A text from a log, made harmless, that takes so many columns at most."""
    text = harmless(text)
    if width(text) <= columns:
        return text
    kept = ''
    for char in text:
        if width(kept + char) > columns - 3:
            break
        kept += char
    return kept + '...'


def second(stamp: Stamp | None) -> str:
    """A time as the report writes it: to the second; '-' when unknown."""
    return stamp[:19] + 'Z' if stamp else '-'


def cells(language: Language, counts: Counts) -> str:
    """Counts as text; sinks without an entry are left out unless none has one."""
    some = ['%s %d' % (say(language, 'sink.' + sink), counts[sink]) for sink in SINKS if counts.get(sink)]
    return ', '.join(some) if some else '0' if counts else '-'


def occasion_text(language: Language, signature: Signature, requires: Requires) -> str:
    """In words, what has to happen before a remedied signature can be proved."""
    if signature['disposition'] == 'divert':
        return say(language, 'occasion.line')
    named = triggers(signature)
    for name in named:
        if name.startswith('unit:'):
            key = 'occasion.unit_boot' if requires == 'boot' else 'occasion.unit'
            return say(language, key, unit=name[len('unit:'):])
        return say(language, 'occasion.' + name)
    return say(language, 'occasion.time')


def verdict_text(language: Language, row: VerdictRow, signature: Signature, requires: Requires) -> str:
    """A verdict with its reason: what proved it, or what is being waited for."""
    if row['verdict'] is None:
        return '-'
    text = say(language, 'verdict.' + row['verdict'])
    reason = row['reason']
    happened = row['occasion']
    if reason == 'trigger' and happened:
        why = say(language, 'why.trigger', trigger=happened['trigger'], at=happened['at'][:19] + 'Z',
                  boot=(happened['boot_id'] or '?')[:8])
    elif reason == 'diverted':
        why = say(language, 'why.diverted', count=row['after']['diverted'])
    elif reason == 'waiting':
        why = say(language, 'why.waiting', occasion=occasion_text(language, signature, requires))
        until = row.get('until')
        if until:
            why += '; ' + say(language, 'why.until', until=until[:19] + 'Z')
    elif reason in ('quiet', 'no_sink', 'failed', 'not_in_place'):
        why = say(language, 'why.' + reason)
    else:
        return text
    return '%s: %s' % (text, why)


def rows(record: Record, catalog: list[Signature], language: Language) -> list[Row]:
    """The table of one host, a row per signature that was seen, remedied or asked for."""
    signatures = dict((item['id'], item) for item in catalog)
    verify = record.get('verify')
    verdicts = dict((row['signature_id'], row) for row in (verify.get('verdicts', []) if verify else []))
    table: list[Row] = []
    for plan_row in record['plan']:
        signature_id = plan_row['signature_id']
        signature = signatures.get(signature_id)
        if signature is None:
            continue
        verdict = verdicts.get(signature_id)
        remedy = record['remedies'].get(plan_row['role']) if plan_row['role'] else None
        action = say(language, 'action.' + plan_row['action'])
        if plan_row['action'] in REMEDIED and (record['check_mode'] or record['journey'] == 'scan') \
                and not (remedy and remedy.get('in_place')):
            action = say(language, 'would.' + plan_row['action'])
        before = verdict['before'] if verdict else plan_row['seen']
        after = '-'
        if verdict and verdict['after']:
            after = cells(language, verdict['after'])
        table.append({
            'signature': signature_id, 'before': cells(language, before), 'action': action, 'after': after,
            'verdict': verdict_text(language, verdict, signature, plan_row['requires']) if verdict else '-',
        })
    return table


def finding_text(language: Language, finding: Finding) -> str:
    """One finding in words."""
    data = dict(finding['data'], signature=finding['signature_id'])
    for key in ('seen', 'after'):
        if key in data:
            data[key] = cells(language, data[key])
    if isinstance(data.get('finding'), dict):
        data['finding'] = data['finding'][language]
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
    return harmless(say(language, 'finding.' + finding['kind'], **data))


def source_text(language: Language, source: Source | None) -> str:
    """Who wrote an entry, where that is on record."""
    known = ['uid %d' % source['uid']] if source and source['uid'] is not None else []
    known += [text for text in ((source['exe'], source['unit']) if source else ()) if text]
    return ', '.join(known) or say(language, 'source.unknown')


def note_texts(language: Language, record: Record) -> list[str]:
    """What is worth knowing beside the table: reboots, files not read, remarks of the remedies."""
    notes = []
    if record['check_mode'] and record['journey'] != 'audit':
        notes.append(say(language, 'note.check'))
    reboot, target = record.get('reboot'), record.get('target')
    if reboot:
        roles = ', '.join(reboot['roles'])
        if reboot['state'] == 'done':
            notes.append(say(language, 'reboot.done', before=reboot['boot_id_before'][:8],
                             after=(reboot['boot_id_after'] or '?')[:8]))
            if target and target.get('container'):
                notes.append(say(language, 'reboot.container'))
        elif reboot['state'] in ('pending', 'would'):
            due = record['check_mode'] and reboot['state'] == 'pending'
            notes.append(say(language, 'reboot.due' if due else 'reboot.' + reboot['state'], roles=roles))
    if target and not target['sinks']['journal']['persistent']:
        notes.append(say(language, 'note.volatile'))
    scan, verify = record.get('scan'), record.get('verify')
    for result in scan['sinks'].values() if scan else ():
        for error in result.get('errors', []) if result else ():
            notes.append(say(language, 'note.scan_error', path=error['path'], reason=error['reason']))
    journals = [later['sinks'].get('journal') for later in (verify.get('scans', []) if verify else [])]
    undecided = sum(journal.get('undecided', 0) for journal in journals if journal)
    if undecided:
        notes.append(say(language, 'note.undecided', count=undecided))
    for role, remedy in sorted(record['remedies'].items()):
        for note in remedy.get('notes') or []:
            notes.append(say(language, 'note.remedy', role=role, note=note))
    return [harmless(note) for note in notes]


def advice_texts(language: Language, record: Record, catalog: list[Signature]) -> list[str]:
    """The documented remedy of each message that was seen and that no role repairs."""
    advice = dict((item['id'], item['advice'][language]) for item in catalog if item.get('advice'))
    return [harmless('%s: %s' % (row['signature_id'], advice[row['signature_id']])) for row in record['plan']
            if row['action'] in ('explain', 'investigate') and any(row['seen'].values()) and row['signature_id'] in advice]


def unexplained_texts(language: Language, record: Record) -> tuple[str | None, list[str]]:
    """(title, lines) about what no signature explains; no title when there is nothing."""
    sinks, groups = scanned.unexplained(record['scan'])
    if not sinks:
        return None, []

    def told(key: str, part: Literal['entries', 'unjudged']) -> list[str]:
        return [say(language, key, sink=say(language, 'sink.' + sink), **sinks[sink])
                for sink in SINKS if sink in sinks and sinks[sink][part]]

    numbers = ', '.join(told('unexplained.sink', 'entries'))
    title = say(language, 'unexplained') + (say(language, 'unexplained.numbers', numbers=numbers) if numbers else '')
    lines = [say(language, 'unexplained.group', count=group['count'], priority=harmless(group['priority']),
                 program=clipped(group['program'] or '-', PROGRAM_COLUMNS),
                 template=clipped(group['template'], TEMPLATE_COLUMNS), last=second(group['last_seen']))
             for group in groups[:GROUPS]]
    return title, lines + told('unexplained.unjudged', 'unjudged')


def times_text(language: Language, loss: scanned.Loss) -> str:
    """Kind and number of a loss."""
    return say(language, 'loss.times', times=loss['times'], what=say(language, 'loss.' + loss['kind']))


def loss_text(language: Language, loss: scanned.Loss) -> str:
    """A loss in words."""
    parts = [times_text(language, loss)]
    if loss['lost'] is not None:
        parts.append(say(language, 'loss.lost', lost=loss['lost']))
    if loss['kind'] == 'boot-gap':
        spans = scanned.longest(loss['rows'])
        for seconds, row in spans[:GAPS]:
            hours = '%d:%02d:%02d' % (seconds // 3600, seconds // 60 % 60, seconds % 60)
            parts.append(say(language, 'loss.gap', hours=hours, at=second(row['first_seen'])))
        if len(spans) > GAPS:
            parts.append(say(language, 'loss.gaps', more=len(spans) - GAPS))
        return ', '.join(parts)
    if loss['first_seen']:
        ends = [second(loss['first_seen']), second(loss['last_seen'])]
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
    verdicts = {True: 'policy.meets', False: 'policy.short', None: 'policy.unknown'}
    texts = [harmless(say(language, 'policy.store', path=store['path'],
                          held='-' if store['held_days'] is None else '%d' % store['held_days'],
                          keep=store['keep_days'], verdict=say(language, verdicts[store['meets']]))
                      # Why fewer days than asked for are enough, or too few, or cannot be told.
                      + (': %s' % store['reason'] if store['reason'] and (store['held_days'] or 0) < store['keep_days'] else ''))
             for store in policy['retention'] if store['keep_days'] is not None]
    alerts = policy['alerts'] or {}
    texts += [harmless(say(language, 'policy.exempted', signature=one['signature_id'], count=one['count'], last=one['last']))
              for one in alerts.get('exempted', [])]
    if alerts.get('set_aside'):
        texts.append(say(language, 'policy.set_aside', count=alerts['set_aside']))
    if policy['proof'] and policy['proof']['ok']:
        texts.append(say(language, 'policy.proof', sent=len(policy['proof']['pairs'])))
    return texts + [harmless(note) for note in policy.get('notes') or []]


def heading(language: Language, record: Record) -> str:
    """The line over a host's table: name, release, boot, journey."""
    target = record.get('target')
    parts = [record['host']]
    if target:
        parts.append(target.get('stands_for') or target['os'])
        parts.append('systemd %s' % target['systemd'])
        parts.append('boot %s' % target['boot_id'][:8])
    parts.append(say(language, 'journey.' + record['journey']))
    since = record['scan'].get('since') if record['scan'] else None
    if since and record['journey'] != 'verify':
        parts.append(say(language, 'heading.since', since=since))
    return harmless('  '.join(str(part) for part in parts))


def render(record: Record, catalog: list[Signature], language: Language) -> str:
    """The report of one host for a terminal."""
    lines = ['', heading(language, record)]
    body = [dict((key, harmless(value)) for key, value in row.items()) for row in rows(record, catalog, language)]
    body = [row for row in body if row['before'] not in ('0', '-') or row['action'] != '-']
    if not record['plan']:
        pass
    elif not body:
        since = record['scan'].get('since') if record['scan'] else None
        key = 'nothing.read' if scanned.unread(record['scan']) else 'nothing.since' if since else 'nothing'
        lines.append('  ' + harmless(say(language, key, since=since)))
    else:
        head = dict((key, say(language, key)) for key in COLUMNS)
        sizes = dict((key, max(width(row[key]) for row in [head] + body)) for key in COLUMNS)
        for row in [head, dict((key, '-' * sizes[key]) for key in COLUMNS)] + body:
            lines.append(('  ' + '  '.join(row[key] + ' ' * (sizes[key] - width(row[key])) for key in COLUMNS)).rstrip())
    found = failure_texts(language, record) + unread_texts(language, record) + [finding_text(language, item) for item in record['findings']]
    sections: list[tuple[str | None, list[str]]] = [
        (say(language, 'findings'), found), (say(language, 'advice'), advice_texts(language, record, catalog))]
    if record['journey'] != 'verify':  # whose scan is that of an earlier run, which has told of it
        sections += [(say(language, 'policy'), policy_texts(language, record)), unexplained_texts(language, record),
                     (say(language, 'losses'), loss_texts(language, record))]
    for title, texts in sections + [(say(language, 'notes'), note_texts(language, record))]:
        if texts:
            lines.append('  %s:' % title)
            lines.extend('  - ' + text for text in texts)
    return '\n'.join(lines)


def failure_texts(language: Language, record: Record) -> list[str]:
    """What went wrong with the run itself on a host: its errors, and the stages that did not end."""
    texts = [harmless(say(language, 'finding.error', stage=error['stage'], message=error['message'])) for error in record['errors']]
    if not record['reachable']:
        texts[-1:] = [unseen_text(language, record)]
    return texts + stage_texts(language, record)


def unread_texts(language: Language, record: Record) -> list[str]:
    """A text per sink of this run's scan of which nothing could be read. In an audit they count as findings do."""
    if record['journey'] == 'verify':
        return []
    scan = record['scan']
    texts = [say(language, 'finding.unread', sink=say(language, 'sink.' + sink), reason=reason)
             for sink, reason in scanned.unread(scan)]
    if scan and scanned.is_empty(scan):
        since = scan.get('since')
        texts.append(say(language, 'finding.empty_since' if since else 'finding.empty', since=since))
    return [harmless(text) for text in texts]


def stage_texts(language: Language, record: Record) -> list[str]:
    """At most one text: the stages that did not end. Of a host that was not seen at all it goes without saying."""
    left = missing(record)
    if not left or (left[0] == 'survey' and not record['reachable']):
        return []
    return [say(language, 'finding.stages', stages=', '.join(say(language, 'stage.' + name) for name in left))]


def csv_cell(text: str) -> str:
    """A spreadsheet runs cells that begin with = + - @ as formulas, also where they are full-width: an apostrophe stops that."""
    text = harmless(text)
    return "'" + text if text[:1] in tuple('=+-@\uff1d\uff0b\uff0d\uff20') and text != '-' else text


def to_csv(records: list[Record], catalog: list[Signature], language: Language) -> str:
    """All hosts as CSV (RFC 4180, with a byte order mark so that Excel reads Korean): a row per host and signature, then findings."""
    stream = io.StringIO()
    stream.write('\ufeff')
    writer = csv.writer(stream)
    writer.writerow(['host', 'kind', 'signature', 'before', 'action', 'after', 'verdict', 'text'])
    for record in records:
        # Where the host stands, so that one without a row below is there, too.
        writer.writerow([csv_cell(value) for value in [record['host'], 'host', '', '', '', '', state(record), heading(language, record)]])
        for row in rows(record, catalog, language):
            writer.writerow([csv_cell(value) for value in [record['host'], 'signature'] + [row[key] for key in COLUMNS] + ['']])
        for finding in record['findings']:
            writer.writerow([csv_cell(value) for value in [
                record['host'], 'finding:' + finding['kind'], finding['signature_id'], '', '', '', '',
                finding_text(language, finding)]])
        for error in record['errors']:
            writer.writerow([csv_cell(value) for value in [
                record['host'], 'error' if record['reachable'] else 'not_seen', '', '', '', '', '', error['message']]])
        for text in unread_texts(language, record):
            writer.writerow([csv_cell(value) for value in [record['host'], 'finding:unread', '', '', '', '', '', text]])
        for text in stage_texts(language, record):
            writer.writerow([csv_cell(value) for value in [record['host'], 'not_run', '', '', '', '', '', text]])
    return stream.getvalue()


# Findings that mean: the remediation did not do what it was asked to.
FAILURES: tuple[FindingKind, ...] = ('failed', 'lost', 'still_present', 'policy_failed', 'misrouted')
# Findings that say something without asking for anything.
INFORMATION: tuple[FindingKind, ...] = ('lost_messages',)


# Findings that mean: a stage of the run itself failed on the host.
BROKEN: tuple[FindingKind, ...] = ('failed', 'policy_failed')
STATES: tuple[State, ...] = ('clean', 'findings', 'failed', 'unseen')


def state(record: Record) -> State:
    """Where a host stands at the end of a run. Clean is only who says that every stage ended.

    For a remediation only what it was asked to repair counts as findings; an audit counts everything a person must act on.
    """
    if not record['reachable']:
        return 'unseen'
    kinds = set(item['kind'] for item in record['findings']) - set(INFORMATION)
    if record['errors'] or missing(record) or kinds & set(BROKEN):
        return 'failed'
    if record['journey'] == 'audit':
        return 'findings' if kinds or scanned.unread(record['scan']) or scanned.is_empty(record['scan']) else 'clean'
    return 'findings' if kinds & set(FAILURES) else 'clean'


def broke(record: Record | None) -> bool:
    """Did a remediation begin to change a host and not come to its end? None, a host without a record, did not."""
    if record is None:
        return False
    return 'plan' not in missing(record) and state(record) in ('failed', 'unseen')


def totals(language: Language, records: list[Record], files: list[str]) -> str:
    """How many hosts stand where, in one line. Only an audit calls a host clean; what the others leave to read is counted."""
    states = [state(record) for record in records]
    counts = dict((name, states.count(name)) for name in STATES)
    audit = all(record['journey'] == 'audit' for record in records)
    texts = [say(language, 'summary.audit' if audit else 'summary.other', hosts=len(records), **counts)]
    if not audit:
        read = sum(len(record['findings']) + len(unread_texts(language, record)) for record in records)
        unproved = sum(row['verdict'] in ('not_exercised', 'still_present') for record in records for row in verdicts_of(record))
        texts += [say(language, key, count=count) for key, count in (('summary.read', read), ('summary.unproved', unproved)) if count]
    return ' '.join(texts + [say(language, 'summary.files', files=' '.join(files))])


def unseen_text(language: Language, record: Record) -> str:
    """Why a host was not seen, or not to the end."""
    reached = missing(record)[:1]
    if reached in ([], ['survey']):
        return harmless(say(language, 'finding.unseen', message=record['errors'][-1]['message']))
    return harmless(say(language, 'finding.host_lost', stage=say(language, 'stage.' + reached[0]),
                        message=record['errors'][-1]['message']))


def unreached_texts(language: Language, found: list[Record]) -> list[str]:
    """A line per host that was not seen or failed, for those who read the totals only."""
    texts = []
    for record in found:
        if state(record) == 'unseen':
            texts.append('  - %s: %s' % (harmless(record['host']), unseen_text(language, record)))
        elif state(record) == 'failed':
            texts.append('  - %s: %s' % (harmless(record['host']), '; '.join(complaints(language, record))))
    return texts


def complaints(language: Language, record: Record) -> list[str]:
    """Why a host ends as it does: the texts of its errors, and of the findings that count in this journey."""
    counted = [item for item in record['findings']
               if item['kind'] in FAILURES or (record['journey'] == 'audit' and item['kind'] not in INFORMATION)]
    unread = unread_texts(language, record) if record['journey'] == 'audit' else []
    return failure_texts(language, record) + unread + [finding_text(language, item) for item in counted]
