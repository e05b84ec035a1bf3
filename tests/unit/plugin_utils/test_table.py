# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables and CSV: right, and harmless whatever an attacker wrote into a log."""
from __future__ import annotations

import csv
import io
import string
import unicodedata

import pytest
from hypothesis import given, strategies as st

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import plan, record as records, table, verdicts, messages
from builders import FIX_BOOT, found, record, signature, sinks, stages


def sample(**more):
    sig = signature()
    rec = record(scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'], 5)], messages=[found(sig['id'], 4)])}, **more)
    rec['plan'] = plan.make(rec, [sig])
    return sig, rec


@pytest.mark.parametrize('language', messages.LANGUAGES)
def test_every_word_exists_in_every_language(language):
    for key, texts in messages.MESSAGES.items():
        assert set(texts) == set(messages.LANGUAGES), key
        fields = [set(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in texts.values()]
        assert fields[0] == fields[1], key


@pytest.mark.parametrize('language', messages.LANGUAGES)
def test_columns_line_up(language):
    sig, rec = sample()
    rec['verify'] = verdicts.verify(rec, [sig], [])
    lines = table.render(rec, [sig], language).splitlines()
    rule = next(line for line in lines if set(line.strip()) == {'-', ' '})
    row = next(line for line in lines if sig['id'] in line)
    starts = [index for index, char in enumerate(rule) if char == '-' and rule[index - 1] == ' ']
    columns = 0
    boundaries = []
    for index, char in enumerate(row):
        if columns in starts:
            boundaries.append(row[index])
        columns += table.width(char)
    assert len(boundaries) == 5 and ' ' not in boundaries


def test_the_documented_remedy_of_what_is_explained_is_named():
    sig = signature('named-managed-keys-unsigned', 'explain', None, vanishes=(), advice={'en': 'Use another\x1b[2J forwarder.', 'ko': '전달자 변경'})
    rec = record(scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'], 5)])})
    rec['plan'] = plan.make(rec, [sig])
    assert 'named-managed-keys-unsigned: Use another\\x1b[2J forwarder.' in table.render(rec, [sig], 'en')
    assert '전달자 변경' in table.render(rec, [sig], 'ko')


def test_check_mode_says_would():
    sig, rec = sample(check_mode=True)
    assert table.rows(rec, [sig], 'en')[0]['action'] == 'would fix'
    assert table.rows(rec, [sig], 'en')[0]['before'] == 'journal 5, messages 4'


@given(st.text())
def test_nothing_reaches_the_terminal_but_printable_text(text):
    assert not [char for char in table.harmless(text) if unicodedata.category(char) in ('Cc', 'Cf')]


@given(st.text(alphabet='=+-@\uff1d\uff0b\uff0d\uff20 1A'))
def test_no_csv_cell_is_a_formula(text):
    cell = table.csv_cell(text)
    assert unicodedata.normalize('NFKC', cell[:1]) not in ('=', '+', '-', '@') or cell == '-'


def test_csv_escapes_what_a_host_sent():
    rec = record(reachable=False, errors=[{'stage': 'survey', 'message': '=cmd|calc \x1b[31m, "x"'}])
    rows = list(csv.reader(io.StringIO(table.to_csv([rec], [], 'en').lstrip('\ufeff'))))
    assert rows[1][:2] == ['web1', 'host'] and rows[1][6] == 'unseen'
    assert rows[2][1] == 'not_seen' and rows[2][7] == '\'=cmd|calc \\x1b[31m, "x"'


@pytest.mark.parametrize('journey, more, state', [
    ('audit', {}, 'clean'), ('audit', {'findings': [{'kind': 'investigate'}]}, 'findings'),
    ('remediate', {'findings': [{'kind': 'investigate'}]}, 'clean'), ('remediate', {'findings': [{'kind': 'failed'}]}, 'failed'),
    ('audit', {'findings': [{'kind': 'investigate'}, {'kind': 'policy_failed'}]}, 'failed'),
    ('remediate', {'findings': [{'kind': 'lost'}]}, 'findings'),
    ('remediate', {'findings': [{'kind': 'still_present'}]}, 'findings'), ('verify', {'findings': [{'kind': 'still_present'}]}, 'findings'),
    ('remediate', {'findings': [{'kind': 'fixable'}]}, 'clean'),
    ('scan', {'findings': [{'kind': 'fixable'}]}, 'clean'),
    ('audit', {'errors': [{'stage': 's', 'message': 'm'}]}, 'failed'), ('audit', {'reachable': False}, 'unseen'),
    ('remediate', {'stages': {}}, 'failed'), ('remediate', {'stages': None}, 'failed'),
    ('remediate', {'stages': stages('remediate', reboot='not_asked', policy='not_asked')}, 'clean'),
] + [(journey, {'stages': stages(journey, **{name: found})}, 'failed')
     for journey in records.STAGES for name in records.STAGES[journey] for found in ('not_run', 'failed', 'lost', 'surprise')])
def test_state(journey, more, state):
    assert table.state(record(journey=journey, **more)) == state


@pytest.mark.parametrize('language, expected', [('en', 'up to 5 of the journal entries'), ('ko', '최대 5건은 조치 이전의 것')])
def test_what_no_cursor_could_decide_is_told(language, expected):
    sig, rec = sample()
    scans = [{'sinks': {'journal': {'undecided': number}}} for number in (2, 3, 0)] + [{'sinks': {'journal': {}}}]
    rec['verify'] = {'scans': scans, 'verdicts': []}
    assert expected in ' '.join(table.note_texts(language, rec))
    rec['verify']['scans'] = scans[2:]
    assert expected[3:] not in ' '.join(table.note_texts(language, rec))


@pytest.mark.parametrize('journey', sorted(records.STAGES))
def test_a_record_without_a_stage_is_not_clean(journey):
    """As one that ends early is, or one that a version before stages wrote."""
    for name in records.STAGES[journey]:
        left = stages(journey)
        del left[name]
        assert table.state(record(journey=journey, stages=left)) == 'failed'


@pytest.mark.parametrize('more, expected', [
    ({'reachable': False, 'errors': [{'stage': 'survey', 'message': 'no route'}],
      'stages': dict.fromkeys(records.STAGES['remediate'], 'not_run')}, 'the host was not seen: no route'),
    ({'reachable': False, 'errors': [{'stage': 'Scan', 'message': 'no route'}],
      'stages': stages('remediate', verify='lost')}, 'the host was not seen to the end, lost in stage verify: no route'),
    ({'stages': stages('remediate', remedies='not_run', verify='not_run')}, 'did not run to the end: remedies, verify'),
])
def test_what_was_not_seen_is_in_the_table_and_in_csv(more, expected):
    rec = record(**more)
    assert '  - ' + expected in table.render(rec, [], 'en').splitlines()
    text = table.to_csv([rec], [], 'en')
    assert expected.partition(': ')[2] in text and ('not_seen' in text) == (not rec['reachable'])


@pytest.mark.parametrize('journey, state', [('audit', 'findings'), ('scan', 'clean'), ('remediate', 'clean')])
def test_a_log_that_was_not_read_is_told(journey, state):
    sig = signature()
    journal = dict(sinks(journal=[])['journal'], entries=0, errors=[{'path': 'journal', 'reason': 'this host keeps no \x1b journal'}])
    rec = record(journey=journey, scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': {'journal': journal}})
    rec['plan'] = plan.make(rec, [sig])
    text = 'journal: no entry was read, and not all could be, so what it holds is not known: this host keeps no \\x1b journal'
    assert '  - ' + text in table.render(rec, [sig], 'en').splitlines()
    assert 'No known noise in what could be read.' in table.render(rec, [sig], 'en') and text in table.to_csv([rec], [sig], 'en')
    assert table.state(rec) == state and table.complaints('en', rec) == ([text] if journey == 'audit' else [])
    journal['entries'] = 1
    assert table.state(rec) == 'clean' and 'No known noise was ever seen here.' in table.render(rec, [sig], 'en')


def test_totals_count_a_failed_host_as_failed():
    found = [record(journey='audit'), record(journey='audit', findings=[{'kind': 'investigate'}]),
             record(journey='audit', errors=[{'stage': 'scan', 'message': 'x'}])]
    found += 2 * [record(journey='audit', reachable=False, errors=[{'stage': 'survey', 'message': 'x'}])]
    assert table.totals('en', found, ['x.json', 'x.csv']) == \
        'Hosts: 5 (1 clean, 1 with findings, 1 failed, 2 not seen). Files: x.json x.csv'
    assert table.totals('ko', found, ['x']) == '서버 5대: 정상 1대, 확인 필요 1대, 오류 1대, 미확인 2대. 파일: x'


@pytest.mark.parametrize('journey', ['scan', 'remediate', 'verify'])
def test_only_an_audit_calls_a_host_clean(journey):
    """What is to be read and what is not proved yet stands in the last line, too."""
    verify = {'at': '', 'boot_id': '', 'scans': [], 'verdicts': [{'verdict': 'proved'}, {'verdict': 'not_exercised'}]}
    found = [record(journey=journey), record(journey=journey, findings=[{'kind': 'fixable'}] * 2, verify=verify)]
    assert table.totals('en', found, ['x']) == 'Hosts: 2 (2 done, 0 with noise left, 0 failed, 0 not seen). ' \
        'Findings to read: 2. Not proved yet: 1. Files: x'
    assert '정상' not in table.totals('ko', found, ['x'])


@pytest.mark.parametrize('since, told', [
    ('', 'journal: it holds no entry to look at, so nothing can be said of it'),
    ('2030-01-01', 'journal: it holds no entry since 2030-01-01 (log_hygiene_since), so nothing was looked at')])
def test_a_journal_without_an_entry_is_not_clean(since, told):
    sig = signature()
    journal = dict(sinks(journal=[])['journal'], entries=0, errors=[])
    rec = record(journey='audit', scan={'at': '', 'boot_id': FIX_BOOT, 'since': since, 'sinks': {'journal': journal}})
    rec['plan'] = plan.make(rec, [sig])
    assert table.state(rec) == 'findings' and table.complaints('en', rec) == [told]
    text = table.render(rec, [sig], 'en')
    assert '  - ' + told in text.splitlines() and told in table.to_csv([rec], [sig], 'en')
    assert ('only logs since 2030-01-01' in text) == bool(since) == ('ever seen' not in text)
    journal['entries'] = 1
    assert table.state(rec) == 'clean'


def test_a_reboot_that_nobody_asked_for_is_not_pending_in_check_mode():
    reboot = {'roles': ['tmpfiles_acl'], 'state': 'pending', 'boot_id_before': FIX_BOOT, 'boot_id_after': None}
    texts = [table.render(record(check_mode=check, reboot=reboot), [], 'en') for check in (True, False)]
    assert ['reboot pending' in text for text in texts] == [False, True] and 'would be due' in texts[0]


def test_what_the_policy_remarks_and_why_a_short_log_is_enough_is_shown():
    store = {'path': '/var/log/secure', 'keep_days': 366, 'held_days': 0.1, 'meets': True, 'reason': 'the host is only 0 days old'}
    policy = {'failed': None, 'retention': [store], 'alerts': None, 'proof': None, 'notes': ['nobody may be looking']}
    text = table.render(record(journey='audit', syslog_policy=policy), [], 'en')
    assert 'kept long enough: the host is only 0 days old' in text and '- nobody may be looking' in text


@pytest.mark.parametrize('rec, expected', [
    (None, False), (record(), False), (record(reachable=False, stages=dict.fromkeys(records.STAGES['remediate'], 'not_run')), False),
    (record(errors=[{'stage': 's', 'message': 'm'}], stages=stages('remediate', plan='failed')), False),
    (record(reachable=False, stages=stages('remediate', reboot='lost')), True),
    (record(findings=[{'kind': 'failed'}]), True), (record(findings=[{'kind': 'still_present'}]), False),
])
def test_which_hosts_hold_up_the_next_batch(rec, expected):
    assert table.broke(rec) is expected
