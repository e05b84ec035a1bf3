# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV that no spreadsheet runs, whatever an attacker wrote into a log."""
from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given, strategies as st

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import plan
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import csv as report_csv
from builders import BOOTED_AT, FIX_BOOT, FIXED_AT, NOW, boots, found, group, loss, record, signature, sinks, unexplained


CONTROLS = [{'framework': 'isms-p', 'id': '2.9.4'}, {'framework': 'isms-p', 'id': '2.10.8'}]
SAYS = {'cause': {'en': 'It breaks.', 'ko': '고장'}, 'advice': {'en': 'Mend it.', 'ko': '수리'}, 'controls': CONTROLS,
        'governance': {'owner': 'the log team', 'expires': '2027-11-22'}}


def rows_of(records, catalog, language='en', own=None):
    """The rows of the CSV by the keys of their columns, whatever the language of its head."""
    head, *rows = csv.reader(io.StringIO(report_csv.to_csv(records, catalog, language, own).lstrip('\ufeff')))
    assert head == report_csv.head(language)
    return [dict(zip(report_csv.HEAD, row)) for row in rows]


@given(st.text(alphabet='=+-@\uff1d\uff0b\uff0d\uff20 1A;\t\u3000'))
def test_no_csv_cell_is_a_formula(text):
    """Nor is what a program finds there that ends a cell at a semicolon."""
    assert report_csv.csv_cell('-') == '-'
    for cell in report_csv.csv_cell(text).split(';'):
        assert unicodedata.normalize('NFKC', cell).lstrip()[:1] not in ('=', '+', '-', '@') or text == '-'


def test_text_is_quoted_and_a_number_is_one():
    """What is not quoted ends at a semicolon where LibreOffice takes that for a separator, as it offers to."""
    journal = dict(sinks(journal=[])['journal'], unexplained=unexplained(group('app', 'a;=1+1', 7)))
    text = report_csv.to_csv([record(scan={'at': NOW, 'boot_id': FIX_BOOT, 'sinks': {'journal': journal}})], [], 'en')
    assert '"a;\'=1+1"' in text and ',7,' in text


def test_every_row_says_how_old_it_is():
    rows = [record(host='new', updated='2026-11-22T10:29:00Z'), record(host='old', updated='2026-11-10T10:31:00.5Z'),
            record(host='ahead', updated='2026-11-25T00:00:00Z')]
    text = report_csv.to_csv(rows, [], 'en', now='2026-11-22T10:30:00.000000Z')
    ages = {(row['host'], row['age_days']) for row in csv.DictReader(io.StringIO(text.lstrip('\ufeff')))}
    assert ages == {('new', '0'), ('old', '11'), ('ahead', '0')}


def test_csv_escapes_what_a_host_sent():
    rec = record(reachable=False, errors=[{'stage': 'survey', 'message': '=cmd|calc \x1b[31m, "x"'}])
    first, second = rows_of([rec], [])
    assert (first['host'], first['kind'], first['verdict']) == ('web1', 'host', 'unseen')
    assert second['kind'] == 'not_seen' and second['text'] == '\'=cmd|calc \\x1b[31m, "x"'


def test_a_spreadsheet_opens_it_in_korean():
    text = report_csv.to_csv([record()], [], 'ko')
    assert text.encode('utf-8').startswith(b'\xef\xbb\xbf') and text.splitlines()[0].startswith('\ufeff"서버","운영체제","실행 일시(KST)"')
    head = report_csv.head('ko')
    assert len(set(head)) == len(head) == len(report_csv.HEAD) and report_csv.head('en') == list(report_csv.HEAD)


def test_a_signature_is_told_with_all_that_an_auditor_asks_for():
    sig = signature(**SAYS)
    hit = dict(found(sig['id'], 5), first_seen=BOOTED_AT, last_seen=NOW)
    rec = record(journey='audit', check_mode=True, scan={'at': NOW, 'boot_id': FIX_BOOT, 'since': '', 'sinks': sinks(
        boots(('x', FIXED_AT, NOW)), journal=[hit], messages=[found(sig['id'], 3)])})
    rec['plan'] = plan.make(rec, [sig])
    rec['findings'] = [{'kind': 'fixable', 'signature_id': sig['id'], 'data': {'role': 'tmpfiles_acl'}}]
    rows = rows_of([rec], [sig], 'ko')
    assert [(row['kind'], row['signature_id'], row['verdict']) for row in rows] == [
        ('서버', '', '확인'), ('시그니처', sig['id'], '-'), ('확인 사항: 미조치', sig['id'], '')]
    for row in rows[1:]:
        assert (row['title'], row['cause'], row['advice'], row['controls'], row['owner'], row['expires']) == (
            '제목', '고장', '수리', 'ISMS-P 2.9.4; ISMS-P 2.10.8', 'the log team', '2027-11-22')
    for row in rows:
        assert (row['release'], row['run_at'], row['journey'], row['period_from'], row['period_to']) == (
            'Test Linux 9', '2026-11-22 19:30:00', '점검', '2026-11-22 19:00:00', '2026-11-22 19:30:00')
    row = rows[1]
    assert [row['found_' + sink] for sink in ('journal', 'messages', 'secure', 'diverted')] == ['5', '3', '', '']
    assert (row['first_seen'], row['last_seen'], row['action']) == ('2026-11-22 19:05:00', '2026-11-22 19:30:00', '원인 제거 예정')


@pytest.mark.parametrize('since, told', [
    ('@1795363280', '2026-11-23 01:01:20'), ('2026-11-22T16:01:20+09:00', '2026-11-22 16:01:20'), ('2026-11-01', '2026-11-01')])
def test_the_period_begins_where_it_was_asked_to(since, told):
    rec = record(scan={'at': NOW, 'boot_id': FIX_BOOT, 'since': since, 'sinks': sinks(boots(('x', FIXED_AT, NOW)), journal=[])})
    assert rows_of([rec], [], 'ko')[0]['period_from'] == told


def test_of_a_log_that_was_not_read_nothing_is_counted():
    """0 would say that it holds none."""
    sig = signature()
    scan = {'at': NOW, 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'])], messages=[found(sig['id'])])}
    scan['sinks']['journal'].update(entries=0, errors=[{'path': 'journal', 'reason': 'not a journal file'}])
    rec = record(scan=scan)
    rec['plan'] = plan.make(rec, [sig])
    row = rows_of([rec], [sig])[1]
    assert (row['kind'], row['found_journal'], row['found_messages']) == ('signature', '', '0')


def test_after_a_remedy_there_are_numbers_of_both_times():
    sig = signature()
    rec = record(verify={'at': NOW, 'boot_id': FIX_BOOT, 'scans': [], 'verdicts': [
        {'signature_id': sig['id'], 'verdict': 'still_present', 'reason': None, 'before': {'journal': 9}, 'after': {'journal': 2, 'messages': 0},
         'sinks': {}, 'occasion': None, 'until': None}]})
    rec['plan'] = plan.make(rec, [sig])
    row = rows_of([rec], [sig])[1]
    assert [row[name] for name in ('found_journal', 'found_messages', 'after_journal', 'after_messages')] == ['9', '', '2', '0']


def test_what_no_signature_explains_losses_and_retention_have_rows():
    scan = {'at': NOW, 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[], messages=[])}
    scan['sinks']['journal'].update(unexplained=unexplained(group('app', 'it failed', 7)), losses=[loss('journald-suppressed', 'a.service', 30)])
    scan['sinks']['messages'].update(unexplained=unexplained(group('app', 'it failed', 4)))
    stores = [{'path': '/var/log/secure', 'keep_days': 366, 'held_days': 12.5, 'meets': False, 'rotation': None, 'bytes': 1,
               'reason': 'the rules keep 28 days, 366 days are wanted'},
              {'path': 'journal', 'keep_days': None, 'held_days': None, 'meets': None, 'rotation': None, 'bytes': 1, 'reason': None}]
    rec = record(journey='audit', scan=scan, retention={'stores': stores, 'logrotate': {}})
    rows = dict((row['kind'], row) for row in reversed(rows_of([rec], [], 'ko')))
    one = rows['미설명 로그']
    assert (one['title'], one['text'], one['severity'], one['found_journal'], one['found_messages']) == ('app', 'it failed', 'err', '7', '4')
    assert rows['기록되지 않은 로그']['lost'] == '30' and rows['기록되지 않은 로그']['found_journal'] == '1'
    one = rows['보존 기간']
    assert (one['title'], one['keep_days'], one['held_days'], one['verdict'], one['text']) == (
        '/var/log/secure', '366', '12.5', '보존 기간 미달', '설정상 28일 보존(기준 366일)')
    assert [(row['title'], row['verdict'], row['keep_days'], row['held_days']) for row in rows_of([rec], [], 'ko') if row['kind'] == '보존 기간'][1] == (
        'journal', '-', '', '')
    assert not {'미설명 로그', '기록되지 않은 로그'} & set(row['kind'] for row in rows_of([record(journey='verify', scan=scan)], [], 'ko'))


def test_a_host_is_told_by_its_own_catalog():
    shipped, mine = signature(**SAYS), signature(title={'en': 'mine', 'ko': '내 것'}, governance={'owner': 'me', 'expires': None})
    records = []
    for name, sig in (('a', shipped), ('b', mine)):
        rec = record(host=name, journey='audit', scan={'at': NOW, 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'], 5)])})
        rec['plan'] = plan.make(rec, [sig])
        records.append(rec)
    rows = rows_of(records, [shipped], own={'b': [mine]})
    assert [(row['host'], row['title'], row['cause'], row['owner']) for row in rows if row['kind'] == 'signature'] == [
        ('a', 'title', 'It breaks.', 'the log team'), ('b', 'mine', '', 'me')]


def test_a_signature_that_left_the_catalog_keeps_its_row():
    sig = signature()
    rec = record(journey='audit', scan={'at': NOW, 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'], 5)])})
    rec['plan'] = plan.make(rec, [sig])
    assert [(row['signature_id'], row['title'], row['found_journal']) for row in rows_of([rec], [])[1:]] == [(sig['id'], 'title', '5')]


@pytest.mark.parametrize('language, check, journey, at', [
    ('en', False, 'remediation', '2026-11-22T10:30:00Z'), ('en', True, 'remediation (check mode: nothing was changed)', '2026-11-22T10:30:00Z'),
    ('ko', True, '조치(체크 모드: 변경하지 않음)', '2026-11-22 19:30:00')])
def test_who_has_the_csv_alone_sees_when_it_was_and_whether_anything_was_changed(language, check, journey, at):
    row = rows_of([record(check_mode=check)], [], language)[0]
    assert (row['kind'], row['journey'], row['run_at']) == ({'en': 'host', 'ko': '서버'}[language], journey, at)
