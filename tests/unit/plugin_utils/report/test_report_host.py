# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of one host: right, and harmless whatever an attacker wrote into a log."""
from __future__ import annotations

import csv
import io

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common import messages
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    host_state, plan, record as records, verdicts)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import (
    csv as report_csv, host as report_host, layout)
from builders import FIX_BOOT, found, record, signature, sinks, stages


def sample(**more):
    sig = signature()
    rec = record(scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'], 5)], messages=[found(sig['id'], 4)])}, **more)
    rec['plan'] = plan.make(rec, [sig])
    return sig, rec


@pytest.mark.parametrize('language', messages.LANGUAGES)
def test_columns_line_up(language):
    sig, rec = sample()
    rec['verify'] = verdicts.verify(rec, [sig], [])
    lines = report_host.render(rec, [sig], language).splitlines()
    rule = next(line for line in lines if set(line.strip()) == {'-', ' '})
    row = next(line for line in lines if sig['id'] in line)
    starts = [index for index, char in enumerate(rule) if char == '-' and rule[index - 1] == ' ']
    columns = 0
    boundaries = []
    for index, char in enumerate(row):
        if columns in starts:
            boundaries.append(row[index])
        columns += layout.width(char)
    assert len(boundaries) == 5 and ' ' not in boundaries


def test_check_mode_says_would():
    sig, rec = sample(check_mode=True)
    assert report_host.rows(rec, [sig], 'en')[0]['action'] == 'would fix'
    assert report_host.rows(rec, [sig], 'en')[0]['before'] == 'journal 5, messages 4'


@pytest.mark.parametrize('language, expected', [('en', 'up to 5 of the journal entries'), ('ko', '최대 5건은 조치 이전의 것')])
def test_what_no_cursor_could_decide_is_told(language, expected):
    sig, rec = sample()
    scans = [{'sinks': {'journal': {'undecided': number}}} for number in (2, 3, 0)] + [{'sinks': {'journal': {}}}]
    rec['verify'] = {'scans': scans, 'verdicts': []}
    assert expected in ' '.join(report_host.note_texts(language, rec))
    rec['verify']['scans'] = scans[2:]
    assert expected[3:] not in ' '.join(report_host.note_texts(language, rec))


@pytest.mark.parametrize('more, expected', [
    ({'reachable': False, 'errors': [{'stage': 'survey', 'message': 'no route'}],
      'stages': dict.fromkeys(records.STAGES['remediate'], 'not_run')}, 'the host was not seen: no route'),
    ({'reachable': False, 'errors': [{'stage': 'Scan', 'message': 'no route'}],
      'stages': stages('remediate', verify='lost')}, 'the host was not seen to the end, lost in stage verify: no route'),
    ({'stages': stages('remediate', remedies='not_run', verify='not_run')}, 'did not run to the end: remedies, verify'),
])
def test_what_was_not_seen_is_in_the_table_and_in_csv(more, expected):
    rec = record(**more)
    assert '  - ' + expected in report_host.render(rec, [], 'en').splitlines()
    text = report_csv.to_csv([rec], [], 'en')
    assert expected.partition(': ')[2] in text and ('not_seen' in text) == (not rec['reachable'])


@pytest.mark.parametrize('journey', ['audit', 'scan', 'remediate'])
def test_a_log_that_was_not_read_is_told(journey):
    sig = signature()
    journal = dict(sinks(journal=[])['journal'], entries=0, errors=[{'path': 'journal', 'reason': 'this host keeps no \x1b journal'}])
    rec = record(journey=journey, scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': {'journal': journal}})
    rec['plan'] = plan.make(rec, [sig])
    text = 'journal: no entry could be read, so what it holds is not known: this host keeps no \\x1b journal'
    assert '  - ' + text in report_host.render(rec, [sig], 'en').splitlines()
    assert 'No known noise in what could be read.' in report_host.render(rec, [sig], 'en') and text in report_csv.to_csv([rec], [sig], 'en')
    assert host_state.state(rec) == 'findings' and report_host.complaints('en', rec) == ([text] if journey == 'audit' else [])
    journal['entries'] = 1
    assert host_state.state(rec) == 'clean' and 'No known noise was ever seen here.' in report_host.render(rec, [sig], 'en')


@pytest.mark.parametrize('since, told', [
    ('', 'journal: it holds no entry to look at, so nothing can be said about it'),
    ('2030-01-01', 'journal: it holds no entry since 2030-01-01 (log_hygiene_since), so nothing was looked at')])
def test_a_journal_without_an_entry_is_not_clean(since, told):
    sig = signature()
    journal = dict(sinks(journal=[])['journal'], entries=0, errors=[])
    rec = record(journey='audit', scan={'at': '', 'boot_id': FIX_BOOT, 'since': since, 'sinks': {'journal': journal}})
    rec['plan'] = plan.make(rec, [sig])
    assert host_state.state(rec) == 'findings' and report_host.complaints('en', rec) == [told]
    text = report_host.render(rec, [sig], 'en')
    assert '  - ' + told in text.splitlines() and told in report_csv.to_csv([rec], [sig], 'en')
    assert ('only logs since 2030-01-01' in text) == bool(since) == ('ever seen' not in text)
    journal['entries'] = 1
    assert host_state.state(rec) == 'clean'


def test_a_host_with_thousands_of_faults_does_not_fill_the_screen():
    faults = [{'path': '/var/log/%d' % number, 'reason': 'Permission denied' if number % 2 else 'x %d' % number} for number in range(5000)]
    journal = dict(sinks(journal=[])['journal'], entries=0, errors=faults)
    rec = record(scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': {'journal': journal}})
    lines = report_host.render(rec, [], 'en').splitlines()
    assert len(lines) < 120 and '  - and 4900 more; the files have all' in lines
    assert '  - journal: no entry could be read, so what it holds is not known: x 0; Permission denied; x 2; x 4; x 6' in lines
    assert report_csv.to_csv([rec], [], 'en').count('/var/log/') == 5000


def test_a_host_without_a_journal_has_none_that_began_with_this_boot():
    journal = dict(sinks(journal=[])['journal'], entries=0, files=[], errors=[{'path': 'journal', 'reason': 'x'}])
    scan = {'at': '', 'boot_id': FIX_BOOT, 'sinks': {'journal': journal}}
    target = {'sinks': {'journal': {'persistent': False}}}
    assert report_host.note_texts('en', record(scan=scan, target=target)) == ['not read: journal: x']
    assert report_host.note_texts('ko', record(scan=scan, target=target))[0].startswith('읽지 못함: 저널: ')
    journal.update(files=['/run/log/journal/x/system.journal'])
    assert report_host.note_texts('en', record(scan=scan, target=target))[0].startswith('the journal is volatile')


def test_a_reboot_that_nobody_asked_for_is_not_pending_in_check_mode():
    reboot = {'roles': ['tmpfiles_acl'], 'state': 'pending', 'boot_id_before': FIX_BOOT, 'boot_id_after': None}
    texts = [report_host.render(record(check_mode=check, reboot=reboot), [], 'en') for check in (True, False)]
    assert ['reboot pending' in text for text in texts] == [False, True] and 'would be due' in texts[0]


def test_a_host_that_was_not_seen_after_its_reboot_is_not_called_rebooted():
    reboot = {'roles': ['tmpfiles_acl'], 'state': 'begun', 'boot_id_before': FIX_BOOT, 'boot_id_after': None}
    text = report_host.render(record(reboot=reboot), [], 'en')
    assert 'told to reboot; no boot after %s has been seen yet' % FIX_BOOT[:8] in text and 'rebooted' not in text


def test_what_the_policy_remarks_and_why_a_short_log_is_enough_is_shown():
    store = {'path': '/var/log/secure', 'keep_days': 366, 'held_days': 0.1, 'meets': True, 'reason': 'the host is only 0 days old'}
    policy = {'failed': None, 'retention': [store], 'alerts': None, 'proof': None, 'notes': ['nobody may be looking']}
    text = report_host.render(record(journey='audit', syslog_policy=policy), [], 'en')
    assert 'kept long enough: the host is only 0 days old' in text and '- nobody may be looking' in text


def test_a_korean_finding_names_the_title_of_the_signature_first():
    sig = signature()
    rec = record(journey='audit', scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'], 5)])})
    rec['plan'] = plan.make(rec, [sig])
    rec['findings'] = [{'kind': 'fixable', 'signature_id': sig['id'], 'data': {'role': 'tmpfiles_acl'}}]
    assert '제목(%s): tmpfiles_acl 역할로 조치 가능' % sig['id'] in report_host.render(rec, [sig], 'ko')
    assert '- %s: role tmpfiles_acl can remedy it' % sig['id'] in report_host.render(rec, [sig], 'en')


def test_what_stands_near_a_message_is_shown_and_harmless():
    sig, rec = sample()
    hostile = '=cmd|\x1b[2J<script>\u202e\n;=1+1 ' * 50
    look = {'tells': {'en': 'The peer', 'ko': '접속 상대'}, 'lines': [], 'values': {}, 'cut': False}
    row = {'signature_id': sig['id'], 'sink': 'journal', 'at': '2026-11-22T16:01:20.5Z', 'text': 'odd', 'modules': [
        {'name': 'v3core', 'loaded': False, 'used_by': [], 'file': '/lib/v3core.ko', 'package': None, 'signer': hostile}],
        'looks': [look, dict(look, cut=True), dict(look, lines=[{'at': '2026-11-22T16:01:19Z', 'name': hostile, 'text': hostile}],
                                                   values={'address': ['192.0.2.7', hostile], hostile: ['x']})]}
    rec['scan']['context'] = [dict(row, text='older')] * 2 + [row]
    lines = report_host.render(rec, [sig], 'en').splitlines()
    start = lines.index('  Near what was found (who, what, from where):')
    shown = lines[start + 1:start + 8]
    assert shown[0] == '  - %s, 2026-11-22T16:01:20Z (journal): odd' % sig['id']
    assert shown[1:3] == ['      The peer: nothing found', '      The peer: nothing found before the search ended early']
    assert shown[3].startswith('      The peer: address 192.0.2.7 | =cmd|') or 'address 192.0.2.7' in shown[3]
    assert shown[4].startswith('        2026-11-22T16:01:19Z =cmd|')
    assert shown[5].startswith('      module v3core: not loaded now, file /lib/v3core.ko, package -, signed by ')
    assert shown[6] == '  - %s: 2 more examples are in the record' % sig['id']
    korean = report_host.render(rec, [sig], 'ko')
    assert '      접속 상대: 찾지 못함' in korean and '주소 192.0.2.7' in korean
    for text in ('\n'.join(lines), korean, report_csv.to_csv([rec], [sig], 'en')):
        assert not set(text) & {'\x1b', '\u202e'}
    cells = [row for row in csv.DictReader(io.StringIO(report_csv.to_csv([rec], [sig], 'en').lstrip('\ufeff'))) if row['kind'] == 'context']
    assert [row['signature_id'] for row in cells] == [sig['id']] * 3
    assert "address 192.0.2.7" in cells[2]['text'] and ";'=1" in cells[2]['text'] and cells[2]['first_seen'].startswith('2026-11-22')
