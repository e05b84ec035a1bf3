# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end of a run prints: short for many hosts, nothing of it twice, and the table last."""
from __future__ import annotations

import copy
import typing

import pytest
from hypothesis import given, strategies as st

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common import messages
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import host_state, plan, record_types
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import (
    fleet as report_fleet, host as report_host, layout)
from builders import FIX_BOOT, NOW, found, group, loss, record, signature, sinks, stages, unexplained

ADVICE = {'en': 'Do it by hand.', 'ko': '직접 조치'}
CATALOG = [signature(), signature('seen-elsewhere', 'investigate', None, advice=ADVICE), signature('harmless-one', 'explain', None, advice=ADVICE)]


def screen(records, catalog=(), files=('x.json',), columns=80, language='en', report='short'):
    return report_fleet.screen(language, list(records), list(catalog), files, NOW, columns, report)


def host(name, *signature_ids, journey='audit', **more):
    """A host that holds such signatures, with the findings of its plan."""
    rows = [found(one, 5) for one in signature_ids]
    rec = record(host=name, journey=journey, scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=rows)}, **more)
    rec['plan'] = plan.make(rec, CATALOG)
    for row in rec['plan']:
        kind = {'fix': 'fixable', 'investigate': 'investigate'}.get(row['action'])
        if kind:
            rec['findings'].append({'kind': kind, 'signature_id': row['signature_id'], 'data': {'role': row['role'], 'seen': row['seen']}})
    return rec


def unseen(name, message='Failed to connect to the host via ssh: ssh: connect to host 10.0.0.1 port 22: Connection refused'):
    return record(host=name, journey='audit', reachable=False, target=None, stages={}, errors=[{'stage': 'survey', 'message': message}])


def table(records, columns=80, language='en'):
    return report_fleet.table(language, list(records), CATALOG, NOW, columns)


def cell(rec, name, language='en'):
    return report_fleet.row(language, rec)[name]


def test_the_documented_remedy_of_what_is_explained_is_named():
    sig = signature('named-managed-keys-unsigned', 'explain', None, vanishes=(), advice={'en': 'Use another\x1b[2J forwarder.', 'ko': '전달자 변경'})
    rec = record(scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'], 5)])})
    rec['plan'] = plan.make(rec, [sig])
    assert '- named-managed-keys-unsigned: Use another\\x1b[2J forwarder.' in screen([rec], [sig])
    assert '무해(선택 조치) 제목(named-managed-keys-unsigned): 전달자 변경' in screen([rec], [sig], language='ko')


def test_hosts_with_catalogs_of_their_own_get_its_advice():
    one = signature('named-managed-keys-unsigned', 'explain', None, advice=ADVICE)
    other = dict(one, title={'en': 'other', 'ko': '다른 제목'}, advice={'en': 'Leave it.', 'ko': '그대로 둠'})
    hosts = []
    for name, sig in (('a', one), ('b', other), ('c', one)):
        hosts.append(record(host=name, journey='audit', scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'], 5)])}))
        hosts[-1]['plan'] = plan.make(hosts[-1], [sig])
    text = report_fleet.screen('ko', hosts, [one], ['x'], NOW, 100, own={'b': [other]})
    assert '무해(선택 조치) 제목(named-managed-keys-unsigned): 직접 조치' in text and '무해(선택 조치) 다른 제목(named-managed-keys-unsigned): 그대로 둠' in text
    assert [line.rpartition(' -> ')[2] for line in text.splitlines() if line.startswith('공통 권고')] == ['a, c', 'b']


def test_hosts_of_earlier_runs_are_counted_beside_the_totals():
    earlier = [{'host': 'a', 'state': 'clean', 'updated': '2026-11-03T10:00:00Z'}, {'host': 'b', 'state': 'unseen', 'updated': NOW}]
    text = report_fleet.screen('en', [record(journey='audit')], [], ['x'], NOW, 200, earlier=earlier)
    assert 'Hosts: 1 (1 clean, 0 with findings' in text
    assert 'Hosts of earlier runs that the files also hold: 2 (1 clean, 0 with findings, 0 with errors, 1 not seen), the oldest of 2026-11-03.' in text


def test_totals_count_a_failed_host_as_failed():
    found = [record(journey='audit'), record(journey='audit', findings=[{'kind': 'investigate'}]),
             record(journey='audit', errors=[{'stage': 'scan', 'message': 'x'}])]
    found += 2 * [record(journey='audit', reachable=False, errors=[{'stage': 'survey', 'message': 'x'}])]
    assert report_fleet.totals('en', found, ['x.json', 'x.csv']) == \
        'Hosts: 5 (1 clean, 1 with findings, 1 with errors, 2 not seen). Files: x.json x.csv'
    assert report_fleet.totals('ko', found, ['x']) == '서버 5대: 정상 1  확인 1  오류 1  미접속 2 파일: x'


@pytest.mark.parametrize('journey', ['scan', 'remediate', 'verify'])
def test_what_is_to_be_read_and_not_proved_stands_in_the_totals(journey):
    verify = {'at': '', 'boot_id': '', 'scans': [], 'verdicts': [{'signature_id': verdict, 'verdict': verdict} for verdict in ('proved', 'not_exercised')]}
    fixable = {'kind': 'fixable', 'signature_id': 'other'}
    found = [record(journey=journey, findings=[{'kind': 'lost_messages', 'signature_id': 'x'}]),  # which asks for nothing
             record(journey=journey, findings=[fixable] * 2, verify=verify)]
    assert report_fleet.totals('en', found, ['x']) == 'Hosts: 2 (1 clean, 1 with findings, 0 with errors, 0 not seen). ' \
        'Findings to read: 2. Not proved yet: 1. Files: x'
    assert report_fleet.totals('ko', found, ['x']) == '서버 2대: 정상 1  확인 1  오류 0  미접속 0 확인 사항 2건 확인 대기 1건 파일: x'


@pytest.mark.parametrize('journey', ['scan', 'remediate', 'verify', 'audit'])
@pytest.mark.parametrize('more', [{}, {'errors': [{'stage': 'survey', 'message': 'x'}]}, {'errors': [{'stage': 'survey', 'message': 'x'}], 'reachable': False}])
@pytest.mark.parametrize('signature_id', [None, 'seen-elsewhere', 'tmpfiles-acl-missing-group'])
def test_the_totals_never_contradict_the_rows_above_them(journey, more, signature_id):
    rec = host('web1', *[signature_id] if signature_id else [], journey=journey, **copy.deepcopy(more))
    shown, totals = report_fleet.row('en', rec), report_fleet.totals('en', [rec], ['x'])
    for words, state in (('1 clean', 'clean'), ('1 with findings', 'findings'), ('1 with errors', 'error'), ('1 not seen', 'not seen')):
        assert (words in totals) == shown['state'].startswith(state), (totals, shown)
    assert (shown['investigate'], shown['fixable']) == (str(int(signature_id == 'seen-elsewhere')), str(int(signature_id == 'tmpfiles-acl-missing-group')))
    assert ('1 with findings' in totals or 'Findings also on hosts with errors or not seen: 1.' in totals) == bool(signature_id)


@pytest.mark.parametrize('journey, check, said', [('remediate', True, True), ('remediate', False, False), ('audit', True, False)])
def test_a_table_of_what_would_be_done_says_so(journey, check, said):
    lines = {language: ' '.join(table([host('web1', journey=journey, check_mode=check)], language=language)) for language in ('en', 'ko')}
    assert ('(check mode: nothing was changed)' in lines['en'], '(체크 모드: 변경하지 않음)' in lines['ko']) == (said, said)


def test_a_remedy_that_is_still_to_be_made_is_not_waited_for():
    verify = {'at': '', 'boot_id': '', 'scans': [], 'verdicts': [
        {'signature_id': 'tmpfiles-acl-missing-group', 'verdict': 'still_present'}, {'signature_id': 'made', 'verdict': 'not_exercised'}]}
    rec = host('web1', 'tmpfiles-acl-missing-group', verify=verify)
    assert report_fleet.short_lines('en', rec, {}) == ['fixable: tmpfiles-acl-missing-group', 'not proved yet: made']


def test_a_host_that_failed_says_first_what_failed():
    rec = host('web1', 'seen-elsewhere')
    rec['findings'].append({'kind': 'policy_failed', 'signature_id': '', 'data': {'message': 'no rsyslogd'}})
    assert cell(rec, 'state') == 'error: syslog policy: no rsyslogd'
    rec = host('web1', errors=[{'stage': 'Survey the host', 'message': 'web1: sudo: a password is required'}])
    assert cell(rec, 'state') == 'error: sudo: a password is required'


def test_reasons_of_whole_sentences_make_one_line():
    assert report_host.reasons(['Move it away.', 'did not run to the end: plan.']) == 'Move it away; did not run to the end: plan.'
    assert (report_host.reasons(['a']), report_host.reasons([])) == ('a', '')


def test_a_signature_that_is_found_in_two_ways_is_one_to_read():
    rec = host('web1', 'seen-elsewhere')
    rec['findings'] += [{'kind': 'lookalike', 'signature_id': one, 'data': {}} for one in ('seen-elsewhere', 'other')]
    assert cell(rec, 'investigate') == '2'


def test_the_table_of_many_hosts_stands_last_and_is_as_drawn():
    records = [unseen('web05'), host('db06', 'tmpfiles-acl-missing-group', 'seen-elsewhere')] + [host('db%02d' % number) for number in range(10, 15)]
    records[1]['scan']['sinks']['journal'].update(unexplained=unexplained(group('a', 'x', 7), more_groups=16, more_entries=20))
    records[1]['syslog_policy'] = {'failed': None, 'retention': [{'keep_days': 366, 'held_days': 12.7, 'meets': False, 'path': 'p'}]}
    assert screen(records, CATALOG).endswith("""
2026-11-22 10:30 UTC  audit
Hosts: 7 (5 clean, 1 with findings, 0 with errors, 1 not seen).
host   EL  inv.  fix  expl.  unexpl.  lost  kept       state
db06   9   1     1    0      17       0     short 12d  findings
web05  -   -     -    -      -        -     -          not seen: Connection r...
clean: db10 db11 db12 db13 db14 (5 hosts with nothing to do)
By hand: seen-elsewhere -> db06
Files: x.json
""")
    assert screen(records, CATALOG, language='ko').endswith("""
2026-11-22 19:30 KST  점검  서버 7대: 정상 5  확인 1  오류 0  미접속 1
서버   EL  조사  미조치  무해  미설명  유실  보존       상태
db06   9   1     1       0     17      0     미달 12일  확인
web05  -   -     -       -     -       -     -          미접속: 연결 거부
정상: db10 db11 db12 db13 db14 (5대)
공통 권고(1회): seen-elsewhere -> db06
파일: x.json
""")


def test_every_kind_of_finding_is_told_in_short():
    assert sorted(report_fleet.ORDER) == sorted(typing.get_args(record_types.FindingKind))
    for kind in report_fleet.ORDER:
        assert messages.say('ko', 'short.' + kind) != messages.say('en', 'short.' + kind)


@pytest.mark.parametrize('part, text', [('secure', 'secure'), ('journal', '저널'), ('verify', '검증'), ('alerts', '경보'), ('some_role', 'some_role')])
def test_a_part_that_was_not_looked_at_is_named(part, text):
    rec = record(findings=[{'kind': 'not_looked_at', 'signature_id': '', 'data': {'part': part, 'message': 'x'}}])
    assert report_fleet.short_lines('ko', rec, {}) == ['확인하지 못한 항목: ' + text]
    assert report_host.finding_text('ko', rec['findings'][0]) == '확인하지 못한 항목(%s): x' % text


def test_of_one_host_all_is_told_and_of_many_only_when_asked_for():
    one = host('db06', 'tmpfiles-acl-missing-group')
    full = 'tmpfiles-acl-missing-group: role tmpfiles_acl can remedy it'
    assert full in screen([one], CATALOG) and full in screen([one] * 2, CATALOG)
    assert full not in screen([one] * 3, CATALOG)
    assert screen([one] * 3, CATALOG, report='full').count(full) == 3


def test_hosts_that_are_alike_are_told_of_together_and_a_remedy_once():
    records = [host('web%d' % number, 'tmpfiles-acl-missing-group', 'seen-elsewhere') for number in range(3)] + [host('db1', 'harmless-one')]
    text = screen(records, CATALOG, columns=200)
    assert """:
  web0, web1, web2:
  - investigate: seen-elsewhere
  - fixable: tmpfiles-acl-missing-group

""" in text
    assert text.count('Do it by hand.') == 2  # of two signatures, not of four hosts
    assert 'By hand: seen-elsewhere -> web0, web1, web2\nBy hand: harmless-one -> db1\n' in text


def test_a_thousand_hosts_fit_the_screen_and_none_is_left_out_without_a_word():
    records = [host('clean%d' % number) for number in range(950)] + [unseen('gone%d' % number, 'no route to gone%d' % number) for number in range(25)]
    records += [host('noisy%d' % number, 'seen-elsewhere') for number in range(25)]
    lines = screen(records, CATALOG).splitlines()
    assert 'Hosts: 1000 (950 clean, 25 with findings, 0 with errors, 25 not seen).' in lines
    assert sum(line.startswith('noisy') or line.startswith('gone') for line in lines) == 50
    assert [line for line in lines if line.startswith('clean: ') and line.endswith(' ... (950 hosts with nothing to do)')]
    assert '  5 more hosts were not seen or failed: see the table below and the files' in lines
    assert len(lines) < 100


def test_why_a_host_failed_or_was_not_seen_is_told_whole():
    failed = record(host='db1', journey='audit', errors=[{'stage': 'plan', 'message': 'x' * 300}], stages=stages('audit', plan='failed'))
    lost = record(host='db2', journey='audit', reachable=False, errors=[{'stage': 'scan', 'message': 'no route'}], stages=stages('audit', verify='lost'))
    lines = screen([failed, lost, host('a'), host('b')], CATALOG).splitlines()
    assert '  - db1: plan: %s; did not run to the end: plan' % ('x' * 300) in lines
    assert '  - db2: the host was not seen to the end, lost in stage verify: no route' in lines
    assert [line for line in lines if line.startswith('db2 ')][0].endswith('not seen: lost in verify: no route')


@pytest.mark.parametrize('stores, survey, text', [
    ([], None, '-'), ([], [], '-'),
    ([(366, 0.1, True), (90, 400, True)], None, 'ok'),
    ([(366, 0.1, True), (366, None, None)], None, '?'),
    ([(366, 12.9, False), (366, 3.2, False), (366, None, None)], None, 'short 3d'),
    ([(366, 12.9, False), (366, None, False)], None, 'missing'),
    ([(None, 5, None)], None, '5d'),
    ([], [(None, 40.2, None), (None, 7.8, None), (None, None, None)], '7d'),
    ([(366, 400, True)], [(None, 7.8, None)], 'ok'),
])
def test_retention_is_that_of_the_worst_log(stores, survey, text):
    def rows(given):
        return [{'path': 'p', 'keep_days': keep, 'held_days': held, 'meets': meets} for keep, held, meets in given]
    rec = record(syslog_policy={'failed': None, 'retention': rows(stores)} if stores else None)
    if survey is not None:
        rec['retention'] = {'stores': rows(survey), 'logrotate': {}}
    assert cell(rec, 'retention') == text


def test_what_was_not_looked_at_is_not_zero():
    assert {cell(unseen('a'), name) for name in report_fleet.NAMES if name not in ('host', 'state')} == {'-'}
    rec = host('a')
    assert (cell(rec, 'unexplained'), cell(rec, 'lost'), cell(rec, 'investigate')) == ('-', '0', '0')
    rec['scan']['sinks']['journal']['unexplained'] = unexplained()
    assert cell(rec, 'unexplained') == '0'


def test_losses_of_unknown_number_are_told_apart():
    rec = host('a')
    rec['scan']['sinks']['journal']['losses'] = [loss('journald-suppressed', 'a', 30), loss('journald-suppressed', 'b', 4)]
    assert cell(rec, 'lost') == '34'
    rec['scan']['sinks']['journal']['losses'].append(loss('crashed-file', 'f', None))
    assert cell(rec, 'lost') == '34+'
    gap = loss('boot-gap', 'm', None, None, '2026-11-07T00:00:00.0Z', '2026-11-09T02:00:00.0Z')
    rec['scan']['sinks']['journal']['losses'] = [gap]
    assert cell(rec, 'lost') == '0'  # nobody says that a host that was off lost a message


def test_reboots_and_verdicts_of_a_remediation():
    rec = record(reboot={'roles': ['r'], 'state': 'pending', 'boot_id_before': 'a', 'boot_id_after': None},
                 verify={'scans': [], 'verdicts': [{'signature_id': 's%d' % number, 'verdict': verdict} for number, verdict in enumerate(
                     ('proved', 'proved', 'not_exercised', 'never_present', None))]})
    assert (cell(rec, 'reboot'), cell(rec, 'verdicts'), cell(rec, 'state')) == ('yes', '2/3', 'clean')
    assert report_fleet.short_lines('en', rec, {}) == ['reboot pending', 'not proved yet: s2']
    rec['reboot']['state'] = 'done'
    assert cell(rec, 'reboot') == '-'


NAME = st.text(alphabet='ab.-\uac00\u4e2d\x1b', min_size=1, max_size=30)
HOST = st.tuples(NAME, st.sampled_from(['clean', 'noisy', 'failed', 'unseen']), st.integers(0, 10 ** 7), st.text(max_size=40))


@given(st.lists(HOST, min_size=1, max_size=6), st.integers(40, 200), st.sampled_from(messages.LANGUAGES))
def test_no_line_of_the_table_is_wider_than_the_terminal(hosts, columns, language):
    records = []
    for name, kind, number, text in hosts:
        rec = unseen(name, text) if kind == 'unseen' else host(name, *['tmpfiles-acl-missing-group', 'harmless-one'][:2 * (kind == 'noisy')])
        if kind == 'failed':
            rec['errors'] = [{'stage': text, 'message': text}]
        if kind == 'noisy':
            rec['scan']['sinks']['journal'].update(losses=[loss('journald-suppressed', 'a', number)], unexplained=unexplained(
                group('a', text, 1), more_groups=number))
        records.append(rec)
    lines = report_fleet.table(language, records, CATALOG, NOW, columns)
    assert [line for line in lines if layout.width(line) > columns] == []
    shown = [rec for rec in records if len(records) <= 2 or host_state.state(rec) != 'clean']
    heads = [line for line in lines if line.startswith(messages.say(language, 'fleet.host')) and line.endswith(messages.say(language, 'fleet.state'))]
    assert len(heads) == bool(shown)


@given(st.integers(40, 120), st.sampled_from(messages.LANGUAGES))
def test_the_table_of_one_host_fits(columns, language):
    rec = host('db06', 'tmpfiles-acl-missing-group', 'seen-elsewhere')
    long = [dict(one, title={'en': 'A title of many words that are many ' * 3, 'ko': '아주 긴 제목 ' * 9}) for one in CATALOG]
    for line in report_host.render(rec, long, language, columns).split('  Findings:')[0].split('  확인 사항:')[0].splitlines()[2:]:
        assert layout.width(line) <= columns
