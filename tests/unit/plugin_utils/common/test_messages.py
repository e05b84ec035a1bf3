# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts of the reports: each in every language, and no English is left in a Korean report."""
from __future__ import annotations

import ast
import functools
import re
import string
import typing
from pathlib import Path

import pytest
import yaml

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common import messages
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records, record_types
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import (
    csv as report_csv, fleet as report_fleet, host as report_host, layout, _module_texts as module_texts)
from builders import FIX_BOOT, NEXT_BOOT, NOW, found, group, loss, point, record, sinks, stages, target, unexplained

ROOT = Path(records.__file__).resolve().parents[3]


@pytest.mark.parametrize('language', messages.LANGUAGES)
def test_every_word_exists_in_every_language(language):
    for key, texts in messages.MESSAGES.items():
        assert set(texts) == set(messages.LANGUAGES), key
        fields = [set(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in texts.values()]
        assert fields[0] == fields[1], key


# --- what modules say

TEXTS = ('_module_texts.py', '_host_texts.py', '_control_texts.py')

@functools.lru_cache(maxsize=None)
def said_by_modules():
    """Every text in the code, and in the roles; %s for each placeholder."""
    texts = []
    for path in sorted(ROOT.glob('plugins/**/*.py')):
        if path.name in (*TEXTS, 'messages.py'):  # which say everything there
            continue
        texts += [node.value for node in ast.walk(ast.parse(path.read_text(encoding='utf-8')))
                  if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for path in sorted(ROOT.glob('roles/*/*/*.yml')):
        text = path.read_text(encoding='utf-8')
        texts += [text, re.sub(r'(?s)\{\{.*?\}\}', '%s', text)]
    return '\n'.join(plain(text) for text in texts)


def plain(text):
    return re.sub(r'\s+', ' ', re.sub('(?:%s)+', '%s', module_texts.PLACEHOLDER.sub('%s', text.replace('%%', '%'))))


@pytest.mark.parametrize('form', sorted(module_texts.FORMS))
def test_every_form_is_what_some_module_says(form):
    """Where this fails, the text was changed: change it in the file of TEXTS that has it, too."""
    core = re.sub(r'^(?:%s|[ .])+|(?:%s|[ .])+$', '', plain(form))
    said = said_by_modules()
    assert core and (core in said or all(part in said for part in core.split(', and ')))


@pytest.mark.parametrize('form, korean', sorted({**module_texts.FORMS, **module_texts.SYSTEM}.items()))
def test_every_form_has_its_values_in_korean(form, korean):
    kinds = module_texts.PLACEHOLDER.findall(form)
    values = [str(700 + number) if kind[-1] in 'dfgo' else 'v-%d' % number for number, kind in enumerate(kinds)]
    text = module_texts.PLACEHOLDER.sub('\0', form)
    for value in values:
        text = text.replace('\0', value, 1)
    told = module_texts.module_text('ko', text)
    assert english(told) is None
    assert module_texts.module_text('en', text) == text
    named = [int(name) for _text, name, _spec, _conv in string.Formatter().parse(korean) if name is not None]
    assert set(named) == set(range(len(values)))
    assert form not in module_texts.FORMS or all(value in told for value in values)


# What a module ends a refusal with. Where a placeholder is a whole sentence, others stand for it here.
REFUSAL = re.compile(r'Nothing was (?:changed|sent|looked at|contacted)')


def refusals():
    """The refusals in the code, a value at each placeholder."""
    for path in sorted(ROOT.glob('plugins/**/*.py')):
        if path.name in TEXTS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and REFUSAL.search(node.value) and '\n' not in node.value:
                text = re.sub(r'(?<=[.])(?:%s)+| %s(?= Nothing)|^(?:[a-z]+: )?%s (?=Nothing)|(?<=: )%s(?= Nothing)', '', node.value)
                number = iter(range(700, 800))
                yield module_texts.PLACEHOLDER.sub(
                    lambda found, number=number: ('%d' if found.group()[-1] in 'dfgo' else 'v-%d') % next(number), text).replace('%%', '%')


def test_no_refusal_stands_in_a_korean_report_in_english():
    found = list(refusals())
    assert len(found) > 50
    assert [told for told in (module_texts.module_text('ko', text.strip()) for text in found) if '영문 원문' in told] == []


@pytest.mark.parametrize('text, korean', [
    ('the rules keep 28 days, 366 days are wanted. But nothing starts logrotate: neither logrotate.timer nor cron.daily is active',
     '설정상 28일 보존(기준 366일). 다만 logrotate를 실행하는 것이 없음(logrotate.timer와 cron.daily 모두 비활성)'),
    ('the host is only 0.2 days old and has lines of 0.1 days; nothing is ever removed', '신규 서버(사용 0.2일), 로그 0.1일치 보유, 삭제 설정 없음(계속 보존)'),
    ('Cannot write /etc/x: No space left on device. Nothing was changed there.', '/etc/x 쓰기 실패: 디스크 공간 부족. 해당 위치는 변경하지 않았습니다.'),
    ('/var/log/x: Permission denied; run as root (become: true)', '/var/log/x: 권한 거부(root로 실행: become: true)'),
    ('rsyslogd did not start with the new /etc/x, although it had found the configuration valid. The drop-in was put back to what it was, and '
     'rsyslogd runs again. /etc/y was put back, too.', 'rsyslogd가 설정 검사는 통과했으나 새 /etc/x(으)로 시작되지 않았습니다. '
     'drop-in을 이전 상태로 되돌렸으며 rsyslogd가 다시 실행 중입니다. /etc/y도 복원(완료).'),
    ('log-hygiene-alerts.service cannot read the journal since 2026-11-22T10:30:00.000000Z (Bad message): mend the journal, or see journalctl -u x',
     'log-hygiene-alerts.service이(가) 2026-11-22 19:30:00 KST부터 저널을 읽지 못함(Bad message): 저널을 복구하거나 journalctl -u x 확인'),
    ('web1: Cannot write /x: /x is not a safe place for files that root writes: it is a symbolic link to /y. Name the file itself. Nothing was changed there.',
     'web1: /x 쓰기 실패: /x은(는) root가 기록하기에 안전하지 않은 위치입니다: /y(으)로 가는 심볼릭 링크임. 파일 자체를 지정하십시오. 해당 위치는 변경하지 않았습니다.'),
    ('log-hygiene-alerts.service is unknown (System has not been booted with systemd. Can\'t operate), so alerts reach nobody: run the role syslog_policy',
     'log-hygiene-alerts.service 상태가 영문 원문 [unknown (System has not been booted with systemd. Can\'t operate)]이므로 경보가 아무에게도 전달되지 않음: '
     'syslog_policy 역할 실행'),
    ('/etc/rsyslog.conf, line 55: *.* -/var/log/syslog loses the messages *.=info, because a rule keeps them apart.',
     '별도 보관(separate) 규칙 때문에 /etc/rsyslog.conf 55행: *.* -/var/log/syslog에는 *.=info 메시지가 더 이상 기록되지 않습니다.'),
    ('Nobody wrote this sentence. Nothing was changed.', '영문 원문 [Nobody wrote this sentence.] 변경하지 않았습니다.'),
    ('', ''), ('/var/log/x', '/var/log/x')])
def test_what_modules_say_is_told_in_korean(text, korean):
    assert module_texts.module_text('ko', text) == korean


@pytest.mark.parametrize('text', ['Something that is long. ' * 50000, 'the rules keep ' * 20000 + 'x'])
def test_a_long_text_is_told_as_it_is(text):
    assert module_texts.module_text('ko', text) == '영문 원문 [%s]' % text


# --- a whole report

QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|`[^`]*`')
NAMED = re.compile(r'\S*[/_.@=]\S*|\S+-\S+')  # paths, units, variables, ids
SENTENCE = re.compile(r'[A-Za-z][a-z]*(?: [a-z]{2,}){2,}')


def english(text):
    """Three English words in a row, outside of quotations and names, or None."""
    hit = SENTENCE.search(NAMED.sub('#', QUOTED.sub('#', text)))
    return hit and hit.group()


def test_english_is_found():
    assert english('경보: alerts reach nobody now') == 'alerts reach nobody now'
    assert english('경보: journalctl -u x.service, "this is quoted text", /a/path that') is None


REASON = 'the rules keep 28 days, 366 days are wanted'
DATA = {
    'failed': {'role': 'tmpfiles_acl', 'message': 'Cannot write /etc/x: No space left on device. Nothing was changed there.'},
    'not_undone': {'role': 'tmpfiles_acl', 'message': '/etc/x was edited since its original was kept: it stays.'},
    'policy_failed': {'message': 'syslog_policy needs root to configure rsyslog. Run it with become: true. Nothing was changed.'},
    'fixable': {'role': 'tmpfiles_acl'}, 'investigate': {'seen': {'journal': 1}, 'reason': 'seen'}, 'not_here': {'seen': {'journal': 1}, 'reason': 'host'},
    'lookalike': {'count': 3, 'text': 'LOG', 'source': None}, 'still_present': {'after': {'journal': 2}, 'sources': []},
    'watch': {'at': NOW, 'text': 'LOG'}, 'lost': {'journal': 3, 'written': 1}, 'lost_messages': {'losses': [loss('journald-suppressed', 'a.service', 3)]},
    'retention': {'path': '/var/log/secure', 'keep_days': 366, 'reason': REASON},
    'rotation': {'path': '/var/log/secure', 'problem': 'no stanza of logrotate names it'}, 'policy_missing': {},
    'forward_queue': {'rule': 'r', 'reason': 'NAME.qi is damaged', 'messages': None}, 'queue_left': {'path': '/var/lib/rsyslog/q', 'messages': '?'},
    'alert_path': {'problem': 'log-hygiene-alerts.service is inactive, so alerts reach nobody: run the role syslog_policy'},
    'unsafe_path': {'path': '/var/log/x', 'reason': 'others than root may write to /var (owner bob, mode 0777) and put a link in the way'},
    'not_looked_at': {'part': 'retention', 'message': '/etc/logrotate.conf: Permission denied; run as root (become: true)'},
    'misrouted': {'problem': '/var/log/secure has authpriv.info more than once.'},
    'same_machine': {'hosts': 'web1', 'cloned': False, 'machine_id': FIX_BOOT}, 'expired': {'expires': '2026-01-01', 'owner': 'bob'},
}


def everything(catalog):
    """A record of each journey and state, which together have every kind of finding, verdict, action, reason and loss."""
    ids = [item['id'] for item in catalog]
    assert set(DATA) == set(typing.get_args(record_types.FindingKind))
    findings = [{'kind': kind, 'signature_id': ids[0], 'data': dict(data, finding={'en': 'It was seen here', 'ko': '확인'}) if kind == 'watch' else data}
                for kind, data in DATA.items()]
    actions, reasons = typing.get_args(record_types.Action), typing.get_args(record_types.PlanReason)
    plan = [{'signature_id': item['id'], 'revision': 1, 'title': item['title'], 'disposition': item['disposition'], 'action': actions[number % 5],
             'reason': reasons[number % 6], 'role': 'r', 'requires': ('boot', 'none')[number % 2], 'seen': {'journal': 3},
             'opt_in': {'en': 'It lowers a safeguard', 'ko': '보호 수준 저하'} if number % 2 else None, 'build': {
                 'package': 'systemd', 'installed': '252-1', 'fixed_in': '252-2' if number % 3 else None, 'fixed': (True, False, False, None)[number % 4]}}
            for number, item in enumerate(catalog)]
    whys = ['trigger', 'diverted', 'waiting', 'silence', 'no_sink', 'failed', 'not_in_place', 'unread', None]
    happened = {'trigger': 'unit:x.service', 'at': NOW, 'boot_id': FIX_BOOT}
    ends = typing.get_args(record_types.Verdict) + (None,)
    verdicts = [{'signature_id': item['id'], 'verdict': ends[number % len(ends)], 'reason': whys[number % len(whys)], 'before': {'journal': 1},
                 'after': {'journal': 1, 'diverted': 2}, 'sinks': {}, 'occasion': dict(happened, trigger=('unit:x.service', 'login', 'boot')[number % 3]),
                 'until': NOW} for number, item in enumerate(catalog)]
    scan = {'at': NOW, 'boot_id': NEXT_BOOT, 'since': '2026-11-01', 'sinks': sinks(journal=[found(one, 3) for one in ids], secure=[])}
    scan['sinks']['journal'].update(
        unexplained=dict(unexplained(group('app', 'LOG', 3)), without_severity=4), errors=[{'path': '/var/log/journal/x', 'reason': 'not a journal file'}],
        losses=[loss(kind, 'a.service', 3) for kind in typing.get_args(record_types.LossKind)])
    scan['sinks']['secure'].update(entries=0, errors=[{'path': '/var/log/secure', 'reason': 'Permission denied; run as root (become: true)'}])
    stores = [{'path': '/var/log/secure', 'keep_days': 366, 'held_days': held, 'meets': meets, 'reason': REASON, 'rotation': None, 'bytes': 1}
              for held, meets in ((400, True), (1, False), (None, None))]
    policy = {'failed': None, 'in_place': True, 'retention': stores, 'notes': ['rsyslogd was not restarted since its drop-ins changed.'],
              'alerts': {'problems': [], 'exempted': [{'signature_id': ids[0], 'count': 4, 'last': NOW}], 'set_aside': 2},
              'proof': {'ok': True, 'problems': [], 'pairs': [{}]}}
    remedies = {'r': {'signature_ids': ids, 'changed': True, 'in_place': True, 'in_place_since': NOW, 'failed': None, 'point': point(), 'before': {},
                      'notes': ['/etc/x changed since it was overridden. The override was made anew. Compare them.']}}
    since = {'sinks': sinks(journal=[], messages=[])}
    since['sinks']['journal']['undecided'] = 3
    since['sinks']['messages'].update(losses=[loss('unreadable-file', '/var/log/messages')], errors=[
        {'path': '/var/log/messages', 'reason': 'Input/output error'}])
    undone = {'signature_ids': ids[:2], 'changed': True, 'undone': True, 'failed': None, 'edited': [{'path': '/etc/x', 'diff': ['+LOG']}],
              'notes': ['Groups that were made stay, for files and users may have them by now.']}
    rollback = {'run': 'all', 'signature_ids': [], 'runs': ['20261122T160000Z-remediate-1a2b3c4d'], 'policy': True, 'roles': {
        'r': undone, 's': dict(undone, undone=False), 't': dict(undone, changed=False), 'u': dict(undone, failed='failed without a message')}}
    rows = []
    for journey in records.STAGES:
        for check_mode in (False, True):
            for reboot in ('pending', 'would', 'begun', 'done'):
                rows.append(record(
                    host='%s-%s-%d' % (journey, reboot, check_mode), journey=journey, check_mode=check_mode, plan=plan,
                    findings=findings, scan=scan, remedies=remedies, syslog_policy=policy, rollback=rollback if journey == 'rollback' else None,
                    target=target(container=True, sinks={'journal': {'persistent': False}, 'messages': None, 'secure': None}),
                    reboot={'roles': ['r'], 'state': reboot, 'boot_id_before': FIX_BOOT, 'boot_id_after': NEXT_BOOT},
                    verify={'at': NOW, 'boot_id': NEXT_BOOT, 'scans': [since], 'verdicts': verdicts}))
        rows.append(record(host=journey + '-empty', journey=journey, scan={'at': NOW, 'boot_id': NEXT_BOOT, 'since': '', 'sinks': {'journal': dict(
            sinks(journal=[])['journal'], entries=0)}}, plan=[dict(one, action='none', seen={}) for one in plan]))
        for name in records.STAGES[journey]:
            messages_of = ['failed without a message', messages.say('ko', 'lost.dropped', stage=messages.say('ko', 'stage.' + name))]
            rows.append(record(host='%s-%s' % (journey, name), journey=journey, stages=stages(journey, **{name: 'failed'}),
                               errors=[{'stage': 'Scan the journal of it', 'message': messages_of[0]}, {'stage': name, 'message': messages_of[1]}]))
            rows.append(record(host='%s-%s-lost' % (journey, name), journey=journey, reachable=False, stages=stages(journey, **{name: 'lost'}), errors=[
                {'stage': name, 'message': 'Failed to connect to the host via ssh: ssh: connect to host h port 22: No route to host'}]))
    return rows


@pytest.mark.parametrize('report, columns', [('full', 80), ('full', 300), ('short', 80), ('short', 300)])
def test_a_korean_report_is_korean(report, columns):
    catalog = [yaml.safe_load(path.read_text(encoding='utf-8')) for path in sorted((ROOT / 'catalog/signatures').rglob('*.yml'))]
    rows = everything(catalog)
    text = report_fleet.screen('ko', rows, catalog, ['x.json'], NOW, columns, report)
    assert '영문 원문' not in text
    left = [(english(line), line) for line in text.splitlines() if english(line)]
    assert left == []
    assert report == 'short' or all(layout.harmless(row['host']) in text for row in rows)


def test_korean_csv_is_korean():
    catalog = [yaml.safe_load(path.read_text(encoding='utf-8')) for path in sorted((ROOT / 'catalog/signatures').rglob('*.yml'))]
    assert [line for line in report_csv.to_csv(everything(catalog), catalog, 'ko').splitlines() if english(line)] == []
