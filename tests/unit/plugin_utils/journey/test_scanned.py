# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What no signature explains and what was not recorded, taken from all sinks of a scan: in the record, and in the report."""
from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import scan as logfile_scan
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import lost_messages
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common import messages
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import host_state, record as records, scanned
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import host as report_host, layout
from builders import BOOTED_AT, FIX_BOOT, FIXED_AT, NOW, found, group, loss, record, sinks, unexplained

SCHEMA = json.loads((Path(records.__file__).resolve().parents[3] / 'docs' / 'record.schema.json').read_text(encoding='utf-8'))


def scan(**results):
    """A scan; scan(journal={'losses': [...]}, messages={...})"""
    found_sinks = sinks(**dict((sink, []) for sink in results))
    for sink, more in results.items():
        found_sinks[sink].update({'unexplained': None, 'losses': [], 'machines': []}, **more)
    return {'at': NOW, 'boot_id': FIX_BOOT, 'sinks': found_sinks}


def report(language='en', journey='scan', **results):
    """The lines of the report of such a scan, each without what it is indented with."""
    return [line.strip() for line in report_host.render(record(scan=scan(**results), journey=journey), [], language).splitlines()[2:]]


# --- the record


def test_every_kind_of_loss_has_a_place_a_word_and_a_line_in_the_schema():
    kinds = set(item['kind'] for item in lost_messages.SIGNATURES) | {'crashed-file', 'missing-entries', 'boot-gap'}
    assert set(scanned.KINDS) == kinds and len(scanned.KINDS) == len(kinds)
    assert not [kind for kind in kinds if 'loss.' + kind not in messages.MESSAGES]
    assert set(SCHEMA['$defs']['loss']['properties']['kind']['enum']) == kinds | {'unreadable-file'}


def test_a_record_with_what_the_scanners_return_is_as_its_schema_says(tmp_path):
    log = tmp_path / 'messages'
    log.write_text('<3>Nov 22 10:00:00 web1 app[1]: cannot open /etc/x: 5\n'
                   '<3>Nov 22 10:00:01 web1 app[1]: cannot open /etc/y: 6\n'
                   '<4>Nov 22 10:00:02 web1 kernel: 7 callbacks: noise of a test\n'
                   '<4>Nov 22 10:00:03 web1 kernel: nf_conntrack: 12 callbacks suppressed\n')
    signature = {'id': 'noise', 'match': {'literal': 'noise of a test', 'regex': 'noise', 'transport': ['kernel']}}
    messages = logfile_scan.scan([str(log), str(tmp_path)], [signature], 3, unexplained=True)
    assert messages['unexplained']['entries'] == 2 and messages['losses'] and messages['signatures'][0]['count'] == 1
    span = {'first_seen': BOOTED_AT, 'last_seen': NOW}
    journal = dict(
        messages, boots=[dict(span, boot_id=FIX_BOOT, machine_id='c' * 32, entries=4)],
        machines=[dict(span, machine_id='c' * 32, hostnames=['web1'], entries=4, boots=[FIX_BOOT],
                       signatures=[dict(span, id='noise', count=1)])],
        unexplained=unexplained(group('app', 'x', 3), more_groups=1, more_entries=2),
        losses=[loss('boot-gap', 'c' * 32, entries=None)])
    rec = record(scan={'at': NOW, 'boot_id': FIX_BOOT, 'sinks': {'journal': journal, 'messages': messages}},
                 findings=[{'kind': 'lost_messages', 'signature_id': 'noise', 'data': {'losses': []}}])
    check = jsonschema.Draft202012Validator(SCHEMA)
    check.validate(rec)
    for wrong in ({'unexplained': dict(journal['unexplained'], entries='5')}, {'losses': [loss('unheard-of')]},
                  {'machines': [{'machine_id': 'c' * 32}]}):
        broken = dict(rec['scan'], sinks={'journal': dict(journal, **wrong)})
        assert not check.is_valid(dict(rec, scan=broken)), wrong


@pytest.mark.parametrize('language', messages.LANGUAGES)
def test_a_record_of_an_older_version_is_loaded_valid_and_shown(tmp_path, language):
    old = record(scan={'at': NOW, 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found('noise', 5)], messages=[found('noise', 5)])},
                 verify={'at': NOW, 'boot_id': FIX_BOOT, 'verdicts': [], 'scans': []})
    jsonschema.Draft202012Validator(SCHEMA).validate(old)
    records.save(str(tmp_path), old)
    assert records.load(str(tmp_path), 'web1') == old
    assert records.begin(old, 'web1', 'verify', False, NOW, records.VERSION)['scan'] == old['scan']
    text = report_host.render(old, [], language)
    assert messages.say(language, 'losses') not in text and scanned.unexplained(old['scan']) == ({}, [])


# --- what no signature explains


def test_a_message_in_two_logs_is_one_group_and_counts_as_often_as_in_the_log_that_holds_most():
    both = scan(journal={'unexplained': unexplained(group('a', 'x', 5), group('b', 'y', 4))},
                messages={'unexplained': unexplained(group('a', 'x', 3), group('b', 'y', 40), group('c', 'z', 1))},
                secure={'unexplained': unexplained()})
    numbers, groups = scanned.unexplained(both)
    assert numbers == {'journal': {'entries': 9, 'groups': 2, 'without_severity': 0},
                       'messages': {'entries': 44, 'groups': 3, 'without_severity': 0}}
    assert [(item['program'], item['count']) for item in groups] == [('b', 40), ('a', 5), ('c', 1)]


def test_the_largest_groups_are_shown_and_all_are_counted():
    results = {'journal': {'unexplained': unexplained(
        *[group('app', 'failed %d' % number, 100 - number) for number in range(5)], more_groups=20, more_entries=30)}}
    assert report(**results) == [
        'What no signature explains (warnings and worse): journal 520 (25 different); the most severe first:',
        '- 100x app: failed 0 (err, last 2026-11-22T10:30:00Z)',
        '- 99x app: failed 1 (err, last 2026-11-22T10:30:00Z)',
        '- 98x app: failed 2 (err, last 2026-11-22T10:30:00Z)']
    assert report('ko', **results)[:2] == [
        '시그니처로 설명되지 않는 로그(warning 이상): 저널 520건(25종), 심각도순:',
        '- 100건 app: failed 0 (err, 최근 2026-11-22 19:30:00 KST)']


def test_the_most_severe_group_is_shown_however_many_others_there_are():
    severe = group('sshd', 'fatal', 1)
    severe['priority'] = 'crit'
    lines = report(journal={'unexplained': unexplained(*[group('app', 'x%d' % number, 100) for number in range(9)])},
                   secure={'unexplained': unexplained(severe)})
    assert lines[1] == '- 1x sshd: fatal (crit, last 2026-11-22T10:30:00Z)'


def test_a_log_that_cannot_tell_says_so():
    silent = dict(unexplained(), entries=None, without_severity=12345)
    partly = dict(unexplained(group('app', 'x', 3)), without_severity=2)
    assert report(messages={'unexplained': silent}, secure={'unexplained': partly})[:4] == [
        'What no signature explains (warnings and worse): secure 3 (1 different); the most severe first:',
        '- 3x app: x (err, last 2026-11-22T10:30:00Z)', '- messages: 12345 lines have no severity and cannot be classified',
        '- secure: 2 lines have no severity and cannot be classified']
    assert report('ko', messages={'unexplained': silent}) == [
        '시그니처로 설명되지 않는 로그(warning 이상):', '- messages: 심각도가 기록되지 않은 12345행은 판단 불가']


def test_nothing_is_said_where_nothing_was_asked_for_or_found():
    assert report(journal={}) == report(journal={'unexplained': unexplained()}) == []


def test_a_verification_does_not_show_what_an_earlier_run_scanned():
    results = {'journal': {'unexplained': unexplained(group('app', 'x', 1)), 'losses': [loss('audit-lost')]}}
    assert report(journey='verify', **results) == []
    assert len(report(journey='audit', **results)) == 4


def test_what_an_attacker_wrote_is_harmless_and_cannot_fill_the_screen():
    evil = group('\x1b]0;x\x07' * 99, '{count} \u202e\n' + '\uac00' * 490, 1, last=None)
    line = report(journal={'unexplained': unexplained(evil)})[1]
    assert line.startswith('- 1x \\x1b]0;x\\x07\\x1b]0;x\\x07\\x1...: {count} \\u202e\\x0a')
    assert line.endswith('\uac00... (err, last -)') and layout.width(line) < 160
    lost = report(journal={'losses': [loss('journald-suppressed', '\x1b[31m{lost}' + 'x' * 900, 1)]})[1]
    assert '\\x1b[31m{lost}x' in lost and '\x1b' not in lost and layout.width(lost) < 190


def test_a_group_without_a_program():
    assert report(journal={'unexplained': unexplained(group('', 'x', 2), group(None, 'y', 1))})[1:] == [
        '- 2x -: x (err, last 2026-11-22T10:30:00Z)', '- 1x -: y (err, last 2026-11-22T10:30:00Z)']


# --- what was not recorded


def test_losses_are_added_up_by_kind_within_a_log_but_never_over_two():
    both = scan(
        journal={'losses': [loss('journald-suppressed', 'a.service', 5, 2, FIXED_AT, BOOTED_AT),
                            loss('journald-suppressed', 'b.service', 70, 3), loss('kernel-suppressed', 'x', None, 9)]},
        messages={'losses': [loss('journald-suppressed', 'a.service', 5, 2), loss('kernel-suppressed', 'x', 1, 1)]})
    first, second = scanned.losses(both)
    assert (first['kind'], first['times'], first['lost'], first['sources']) == (
        'journald-suppressed', 5, 75, ['b.service', 'a.service'])
    assert (first['first_seen'], first['last_seen']) == (FIXED_AT, NOW)
    assert (second['kind'], second['times'], second['lost']) == ('kernel-suppressed', 1, 1)


def test_times_of_whole_seconds_are_compared_as_times():
    rows = [loss('audit-lost', first='2026-11-22T10:00:00.5Z', last='2026-11-22T10:00:00.5Z'),
            loss('audit-lost', first='2026-11-22T10:00:00Z', last='2026-11-22T10:00:00Z')]
    item, = scanned.by_kind(rows)
    assert (item['first_seen'], item['last_seen']) == ('2026-11-22T10:00:00Z', '2026-11-22T10:00:00.5Z')


def test_the_most_important_losses_come_first_and_the_others_are_named():
    results = {'journal': {'losses': [
        loss('kernel-suppressed', 'nf_conntrack', 12), loss('crashed-file', '/j/a.journal~', None, None, None, None),
        loss('crashed-file', '/j/b.journal~', None, None, NOW, NOW), loss('unreadable-file', '/j/c', None, None, None, None),
        loss('journald-suppressed', 'app.service', 4567, 11), loss('journald-suppressed', 'b.service', 1),
        loss('audit-lost', entries=2, last=BOOTED_AT), loss('imjournal-rate-limit', 'imjournal', 20000),
        loss('missing-entries', '/j/d.journal', 7, None), loss('boot-gap', 'm', None, None, '2026-11-22T09:00:00.000000Z', BOOTED_AT)]}}
    assert report(**results) == [
        'What was not recorded:',
        '- 2x the kernel lost audit records, 2026-11-22T10:05:00Z',
        '- 1x entries missing between journal files, 7 messages lost, 2026-11-22T10:05:00Z to 2026-11-22T10:30:00Z, /j/d.journal',
        '- 12x rate limit of journald, 4568 messages lost, 2026-11-22T10:05:00Z to 2026-11-22T10:30:00Z, app.service and 1 more',
        '- also: 2x journal file not closed, after a crash or a power failure, 1x rate limit of rsyslog, 1x rate limit of the kernel',
        '- 1x nothing between two boots (h:mm:ss), 1:05:00 from 2026-11-22T09:00:00Z']
    korean = report('ko', **results)
    assert korean[0] == '기록되지 않은 로그:'
    assert korean[3] == '- journald 속도 제한 12회, 메시지 4568건 유실, 2026-11-22 19:05:00 KST ~ 2026-11-22 19:30:00 KST, app.service 외 1개'
    assert korean[5] == '- 부팅 간 로그 공백(시:분:초) 1회, 2026-11-22 18:00:00 KST부터 1:05:00'


@pytest.mark.parametrize('number', range(1, len(scanned.KINDS) + 1))
def test_a_host_never_gets_more_than_ten_lines(number):
    lines = report(journal={'unexplained': unexplained(*[group('a', str(count), count) for count in range(1, 101)]),
                            'losses': [loss(kind, 's') for kind in scanned.KINDS[-number:]]})
    assert len(lines) == 4 + 1 + min(number, 5)
    assert sum(line.count('1x ') for line in lines) == number


def test_a_gap_without_its_times_is_told_without_how_long_it_was():
    results = {'journal': {'losses': [loss('boot-gap', 'm', None, None, first, last)
                                      for first, last in ((None, None), ('2026-11-01T00:00:00.000000Z', None))]}}
    assert report(**results) == ['What was not recorded:', '- 2x nothing between two boots (h:mm:ss)']


def test_an_ordinary_reboot_is_no_loss_to_report():
    gaps = [loss('boot-gap', 'm', None, None, '2026-11-01T00:00:00.000000Z', '2026-11-01T00:%s.000000Z' % end)
            for end in ('00:00', '14:59', '15:00')]
    assert scanned.losses({'sinks': {'journal': {'losses': gaps[:2]}}}) == []
    assert [item['rows'] for item in scanned.losses({'sinks': {'journal': {'losses': gaps}}})] == [gaps[2:]]


def test_of_the_gaps_between_boots_the_longest_are_shown():
    gaps = [loss('boot-gap', 'm', None, None, '2026-11-%02dT00:00:00.000000Z' % day, '2026-11-%02dT0%d:00:01.500000Z' % (day, day))
            for day in range(1, 6)] + [loss('boot-gap', 'm', None, None, '2026-11-07T00:00:00.0Z', '2026-11-09T02:00:00.0Z')]
    assert report(journal={'losses': gaps})[1] == (
        '- 6x nothing between two boots (h:mm:ss), 50:00:00 from 2026-11-07T00:00:00Z, 5:00:01 from 2026-11-05T00:00:00Z, '
        '4:00:01 from 2026-11-04T00:00:00Z, and 3 more')
    assert report('ko', journal={'losses': gaps})[1].endswith('2026-11-04 09:00:00 KST부터 4:00:01, 외 3회')


def test_a_file_that_cannot_be_read_is_told_once():
    results = {'journal': {'losses': [loss('unreadable-file', '/j/c', None, None, None, None)],
                           'errors': [{'path': '/j/c', 'reason': 'truncated'}]}}
    assert report(**results) == ['Notes:', '- not read: /j/c: truncated']


@pytest.mark.parametrize('journey', ['audit', 'scan', 'remediate'])
def test_they_are_information_and_change_no_exit_status(journey):
    rec = record(journey=journey, scan=scan(journal={'unexplained': unexplained(group('a', 'x', 9)), 'losses': [loss('audit-lost')]}))
    assert host_state.state(rec) == 'clean' and report_host.complaints('en', rec) == []
