# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook syslog_policy ends with: where each host stands, and what is in place there. Pure.

What hosts say is made harmless here.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language, say
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import findings as all_findings, host_state
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Finding, FindingKind, Stamp, SyslogPolicy
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import host as report_host
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report._module_texts import module_text
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import harmless, line, minute, total, when, widths, wrapped

State = host_state.State
# A run of so many hosts is told in full, whatever they found.
FEW = 2
# What a host without the policy cannot have: in check mode that is no finding.
NOT_YET: tuple[FindingKind, ...] = ('policy_missing', 'retention', 'rotation', 'alert_path')

Column = Literal['host', 'policy', 'files', 'forwards', 'retention', 'alerts', 'proof', 'state']
COLUMNS: tuple[Column, ...] = ('host', 'policy', 'files', 'forwards', 'retention', 'alerts', 'proof', 'state')
StoreColumn = Literal['log', 'rules', 'asked', 'held', 'verdict']
STORE_COLUMNS: tuple[StoreColumn, ...] = ('log', 'rules', 'asked', 'held', 'verdict')
WrongColumn = Literal['messages', 'number', 'fault', 'where']
WRONG_COLUMNS: tuple[WrongColumn, ...] = ('messages', 'number', 'fault', 'where')
# What the table of the proof has of a row of syslog_probe; of these texts only the table says more than `problems` do.
FAULTS = ('missing', 'wrong', 'twice')
IN_TABLE = (' lacks ', ' does not exist: it should have ', ', which must not be there.', ' more than once.', ' did not arrive where rule ')


class Host(TypedDict):
    """What a run left of a host."""
    host: str
    check_mode: bool
    absent: bool                  # the policy was to be taken back
    failed: str | None            # why the role failed
    lost: bool                    # it failed because the host no longer answered
    policy: SyslogPolicy | None   # the result of the role, where it came so far


def findings(host: Host) -> list[Finding]:
    """What a person must look at."""
    policy = host['policy']
    if not policy or host['absent']:
        return []
    not_yet = host['check_mode'] and not policy['in_place']
    return [item for item in all_findings.of_the_policy(policy) if not (not_yet and item['kind'] in NOT_YET)]


def state(host: Host) -> State:
    """Where a host stands. A test message that is not where it belongs is a finding: the policy is in place."""
    if host['lost'] or (host['policy'] is None and host['failed'] is None):
        return 'unseen'
    if host['failed'] is not None and not _misrouted(host):
        return 'failed'
    return 'findings' if findings(host) or _misrouted(host) else 'clean'


def _misrouted(host: Host) -> bool:
    """Whether test messages are not where they belong."""
    proof = host['policy']['proof'] if host['policy'] else None
    return bool(proof and not proof['ok'])


def complaint(language: Language, host: Host) -> str:
    """Why a host is not clean, in one line."""
    stands = state(host)
    if stands == 'unseen':
        return harmless(say(language, 'finding.unseen', message=module_text(language, host['failed']) if host['failed']
                            else say(language, 'policy_run.unseen')))
    if stands == 'failed':
        return harmless(module_text(language, host['failed'] or ''))
    return report_host.reasons([report_host.finding_text(language, item) for item in findings(host)])


def screen(language: Language, hosts: Sequence[Host], now: Stamp, columns: int, full: bool = False) -> str:
    """What the end of a run prints: each host where there is something to tell, and the table of all hosts last.

    :param now: the time of the report. :param columns: of the terminal. :param full: tell all of each host.
    """
    full = full or len(hosts) <= FEW
    blocks = [_host(language, host, columns, full) for host in hosts if full or state(host) != 'clean']
    blocks.append([totals(language, hosts, now)] + _table([_row(language, host) for host in hosts], COLUMNS, 'policy_run', language, columns))
    return '\n' + '\n\n'.join('\n'.join(block) for block in blocks) + '\n'


def totals(language: Language, hosts: Sequence[Host], now: Stamp) -> str:
    """The number of hosts in each state, in one line."""
    states = [state(host) for host in hosts]
    title = say(language, 'policy_run.title')
    if any(host['check_mode'] for host in hosts):
        title = say(language, 'journey.check', journey=title)
    return '%s  %s  %s' % (minute(language, now), title, say(
        language, 'summary', hosts=len(hosts), **dict((name, states.count(name)) for name in host_state.STATES)))


# --- the table of all hosts

def _row(language: Language, host: Host) -> dict[Column, str]:
    policy, stands = host['policy'], state(host)
    row: dict[Column, str] = dict((name, '-') for name in COLUMNS)
    row['host'] = harmless(host['host'])
    row['state'] = say(language, 'state.' + stands)
    if policy is None or stands in ('unseen', 'failed'):
        return row
    row['policy'] = say(language, _standing(host))
    if host['absent']:
        return row
    row['files'] = str(len(set(one['path'] for one in policy['files'])))
    row['forwards'] = str(len(policy['forwards']))
    if policy['in_place']:
        asked = [store['meets'] for store in policy['retention'] if store['keep_days'] is not None]
        row['retention'] = say(language, 'kept.short' if False in asked else 'kept.unknown' if None in asked else 'kept.ok') if asked else '-'
        problems = policy['alerts']['problems'] if policy['alerts'] else []
        row['alerts'] = say(language, 'policy_run.problems', count=len(problems)) if problems else say(language, 'kept.ok')
    proof = policy['proof']
    if proof:
        row['proof'] = '%d/%d' % (len([one for one in proof['pairs'] if one['ok']]), len(proof['pairs']))
    return row


def _standing(host: Host) -> str:
    """The key of what became of the policy on a host."""
    policy = host['policy']
    would = host['check_mode'] and policy is not None and not policy['in_place']
    if host['absent']:
        return 'policy_run.would_go' if would else 'policy_run.gone'
    if would:
        return 'policy_run.would'
    return 'policy_run.changed' if policy and policy['changed'] else 'policy_run.in_place'


# --- one host

def _host(language: Language, host: Host, columns: int, full: bool) -> list[str]:
    policy, stands = host['policy'], state(host)
    told = say(language, 'state.' + stands) if stands in ('unseen', 'failed') else say(language, _standing(host))
    lines = ['%s  %s' % (harmless(host['host']), told)]
    if policy is None or stands in ('unseen', 'failed'):
        return lines + wrapped(complaint(language, host), columns, '  - ', '    ')
    if full and not host['absent']:
        if policy.get('kept'):
            lines += _section(language, 'policy_run.kept', ['syslog_policy_' + name for name in policy['kept']], columns)
        lines += ['  ' + text for text in _table(_stores(language, policy), STORE_COLUMNS, 'policy_store', language, columns - 2)]
        lines += _section(language, 'policy_run.forwards', [_forward(language, one) for one in policy['forwards']], columns)
        if policy['in_place']:
            lines += _section(language, 'policy_run.alerts', _alerts(language, policy), columns)
    found = [report_host.finding_text(language, item) for item in findings(host) if item['kind'] != 'misrouted']
    lines += _section(language, 'findings', found, columns)
    lines += _proof(language, policy, columns)
    if full:
        lines += _section(language, 'notes', [harmless(module_text(language, note)) for note in policy['notes']], columns)
    return lines


def _section(language: Language, title: str, texts: Sequence[str], columns: int) -> list[str]:
    return ['  %s:' % say(language, title)] + [part for text in texts for part in wrapped(text, columns, '  - ', '    ')] if texts else []


def _stores(language: Language, policy: SyslogPolicy) -> list[dict[StoreColumn, str]]:
    """A row for each log of the policy: what is in it, and how long it is kept. Before it is there, nothing can be held."""
    rules: dict[str, list[str]] = {}
    for one in policy['files']:
        rules.setdefault(one['path'], []).append(one['rule'])
    stores = dict((store['path'], store) for store in policy['retention'])
    rows: list[dict[StoreColumn, str]] = []
    for path in list(rules) + [path for path in stores if path not in rules]:
        store = stores.get(path)
        asked = store['keep_days'] if store else None
        held = store['held_days'] if store else None
        rows.append({
            'log': harmless(path), 'rules': harmless(', '.join(rules.get(path, [])) or '-'),
            'asked': '-' if asked is None else say(language, 'kept.held', days=asked),
            'held': '-' if held is None else say(language, 'kept.held', days='%d' % held),
            'verdict': say(language, report_host.MEETS[store['meets']]) if store and asked is not None and policy['in_place'] else '-'})
    return rows


def _forward(language: Language, forward: Mapping[str, Any]) -> str:
    return harmless(say(
        language, 'policy_run.forward', rule=forward['rule'], target=forward['target'], port=forward['port'],
        protocol='TLS' if forward['tls'] else str(forward['protocol']).upper(),
        waiting='?' if forward['waiting_messages'] is None else forward['waiting_messages']))


def _alerts(language: Language, policy: SyslogPolicy) -> list[str]:
    alerts = policy['alerts']
    if not alerts:
        return []
    texts = [] if alerts['problems'] else [say(language, 'policy_run.alerts_ok')]
    texts += [harmless(say(language, 'policy.exempted', signature=one['signature_id'], count=one['count'], last=when(language, one['last'])))
              for one in alerts.get('exempted', [])]
    if alerts.get('set_aside'):
        texts.append(say(language, 'policy.set_aside', count=alerts['set_aside']))
    return texts


# --- the proof

def _proof(language: Language, policy: SyslogPolicy, columns: int) -> list[str]:
    proof = policy['proof']
    if not proof:
        return []
    if proof['ok']:
        return ['  ' + say(language, 'policy.proof', sent=len(proof['pairs']))]
    right = len([one for one in proof['pairs'] if one['ok']])
    lines = ['  ' + say(language, 'policy_run.unproved', right=right, sent=len(proof['pairs']))]
    lines += ['  ' + text for text in _table(wrong_rows(language, proof['pairs']), WRONG_COLUMNS, 'policy_wrong', language, columns - 2)]
    others = [harmless(module_text(language, text)) for text in proof['problems'] if not any(part in text for part in IN_TABLE)]
    return lines + [part for text in others for part in wrapped(text, columns, '  - ', '    ')]


def wrong_rows(language: Language, pairs: Sequence[Mapping[str, Any]]) -> list[dict[WrongColumn, str]]:
    """What went wrong with the test messages, those together that have the same fault at the same place.

    :param pairs: as syslog_probe returns them.
    """
    groups: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for row in pairs:
        pair = (int(row['facility']), int(row['severity']))
        for fault in FAULTS:
            for path in row[fault]:
                groups.setdefault((fault, path), []).append(pair)
        for rule, arrived in sorted(row['forwarded'].items()):
            if arrived is False:
                groups.setdefault(('forwarded', rule), []).append(pair)
    return [{'messages': _words(groups[fault, where]), 'number': str(len(groups[fault, where])),
             'fault': say(language, 'policy_wrong.' + fault),
             'where': harmless(say(language, 'policy_wrong.rule', rule=where) if fault == 'forwarded' else where)}
            for fault, where in sorted(groups, key=lambda key: ((*FAULTS, 'forwarded').index(key[0]), key[1]))]


def _words(pairs: Sequence[tuple[int, int]]) -> str:
    """Pairs as selectors: `auth.*`, `cron.info,debug`."""
    found: dict[int, list[int]] = {}
    for facility, severity in pairs:
        found.setdefault(facility, []).append(severity)
    by_severities: dict[tuple[int, ...], list[str]] = {}
    for facility, severities in sorted(found.items()):
        by_severities.setdefault(tuple(sorted(set(severities))), []).append(codes.FACILITY_KEYWORDS[facility])
    texts = []
    for chosen, facilities in by_severities.items():
        words = '*' if len(chosen) == len(codes.SEVERITY_KEYWORDS) else ','.join(codes.SEVERITY_KEYWORDS[one] for one in chosen)
        texts.append('%s.%s' % ('*' if len(facilities) == len(codes.FACILITY_KEYWORDS) else ','.join(facilities), words))
    return ' '.join(texts)


# --- tables

def _table(rows: Sequence[Mapping[Any, str]], names: Sequence[Any], kind: str, language: Language, columns: int) -> list[str]:
    """Head and rows. Columns that say nothing are left out; where it is too wide, each row gets lines of its own."""
    if not rows:
        return []
    names = [name for name in names if any(row[name] != '-' for row in rows)]
    head = dict((name, say(language, '%s.%s' % (kind, name))) for name in names)
    sizes = widths([head, *rows], names)
    if total(sizes) <= columns:
        return [line(row, sizes) for row in (head, *rows)]
    lines = []
    for row in rows:
        lines += wrapped(row[names[0]], columns, '', '  ')
        lines += [part for name in names[1:] if row[name] != '-'
                  for part in wrapped('%s: %s' % (head[name], row[name]), columns, '  ', '    ')]
    return lines
