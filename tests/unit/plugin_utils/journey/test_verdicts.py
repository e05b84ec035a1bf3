# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts, case by case: what proves a remedy, what does not, and what must never be called proof."""
from __future__ import annotations

import collections
import datetime
import random

import pytest
from hypothesis import given, strategies as st

from ansible_collections.loghygiene.rhel.plugins.action.remedies import outcome_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    findings, host_state, plan, remedies, scanned, stamps, verdicts)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import fleet as report_fleet, host as report_host
from builders import (
    BOOTED_AT, FIX_BOOT, FIXED_AT, NEXT_BOOT, NOW, boots, found, loss, point, record, signature, sinks, stages, target)

ACL = 'tmpfiles-acl-missing-group'
RAN = {'trigger': 'unit:systemd-tmpfiles-setup.service', 'count': 1, 'runs': [{'at': BOOTED_AT, 'boot_id': NEXT_BOOT}]}


def verified(sig, after, triggers=(), before=12, changed_point=None, remedy=None, now=NOW, **more):
    """The verdict row of one signature whose remedy is in place."""
    signature_id = sig['id']
    rec = record(scan={'at': FIXED_AT, 'boot_id': FIX_BOOT, 'sinks': sinks(
        journal=[found(signature_id, before, episodes=more.get('episodes', 0))], messages=[found(signature_id, before)],
        boots=more.get('history', ()))})
    rec['target']['now'] = now
    rec['plan'] = plan.make(rec, [sig])
    rec['remedies'] = {sig['remedy']['role']: dict(
        {'signatures': [signature_id], 'changed': True, 'in_place': True, 'in_place_since': FIXED_AT, 'notes': [], 'failed': None,
         'point': changed_point or point(), 'before': {signature_id: remedies.before_of(rec['scan'], signature_id)}}, **(remedy or {}))}
    since = rec['remedies'][sig['remedy']['role']]['point']
    scans = [{'roles': [sig['remedy']['role']], 'signature_ids': [signature_id], 'point': since, 'triggers': list(triggers), 'now': now,
              'sinks': after}]
    rec['verify'] = verdicts.verify(rec, [sig], scans)
    return rec, rec['verify']['verdicts'][0]


def test_proved_when_the_trigger_ran_in_a_later_boot():
    row = verified(signature(), sinks(journal=[found(ACL)], messages=[found(ACL)]), [RAN])[1]
    assert (row['verdict'], row['reason'], row['occasion']['boot_id']) == ('proved', 'trigger', NEXT_BOOT)


def unread(after, sink, path, entries=0, lost=True, files=()):
    """The same sinks, of which one file could not be read; without `lost` that is a remark on what its lines are."""
    after[sink].update(entries=entries, errors=[{'path': path, 'reason': 'Input/output error'}], files=list(files),
                       losses=[loss('unreadable-file', path)] if lost else [])
    return after


ARCHIVED = '/var/log/journal/m/system@0005f0c3a1b2c3d4-0123456789abcdef.journal~'


@pytest.mark.parametrize('sink, path, more, verdict', [
    ('journal', '/var/log/journal/m/system.journal', {}, 'unknown'), ('journal', '/var/log/journal/m/system.journal', {'entries': 5}, 'unknown'),
    ('journal', 'journal', {}, 'unknown'), ('journal', ARCHIVED, {'entries': 5, 'files': ['x']}, 'proved'),
    ('messages', '/var/log/messages', {'files': ['x']}, 'unknown'), ('messages', '/var/log/messages', {'entries': 3}, 'unknown'),
    ('messages', '/var/log/messages', {'files': ['x'], 'lost': False}, 'unknown'),  # none of its lines begins with a known timestamp
    ('messages', '/var/log/messages', {'entries': 3, 'lost': False}, 'proved'),  # some lines do not, as anybody can write
    ('messages', '/var/log/messages-20261101.gz', {'files': ['x']}, 'proved'),
    ('secure', '/var/log/secure', {}, 'proved')])  # nothing was promised of it
def test_the_silence_of_a_log_that_could_not_be_read_proves_nothing(sink, path, more, verdict):
    after = sinks(journal=[found(ACL)], messages=[found(ACL)], secure=[found(ACL)])
    rec, row = verified(signature(), unread(after, sink, path, **more), [RAN])
    assert row['verdict'] == verdict and (row['reason'] == 'unread') == (verdict == 'unknown') == (sink in ('journal', 'messages') and sink not in row['after'])
    blind = verdict == 'unknown' or sink == 'secure'
    for journey in ('verify', 'audit', 'remediate'):
        rec.update(journey=journey, stages=stages(journey))
        assert host_state.state(rec) == ('findings' if blind else 'clean')
        told = report_host.render(rec, [signature()], 'en')
        assert ('so its silence proves nothing: Input/output error' in told) == blind
        assert report_fleet.row('en', rec)['verdicts'] == ('0/1' if verdict == 'unknown' else '1/1')
    if verdict == 'unknown':
        assert report_fleet.short_lines('en', rec, {})[-1] == 'not proved yet: ' + ACL


def test_what_a_damaged_log_holds_all_the_same_speaks_against_the_remedy():
    after = unread(sinks(journal=[found(ACL, boots={NEXT_BOOT: 2})], messages=[found(ACL)]), 'journal', '/j/system.journal', entries=9)
    assert verified(signature(), after, [RAN])[1]['verdict'] == 'still_present'


def test_a_promised_log_that_is_gone_since_is_not_proved():
    assert verified(signature(), sinks(journal=[found(ACL)]), [RAN])[1]['sinks'] == {'journal': 'proved', 'messages': 'unknown'}


def never(scan, action='none', disposition='fix', **more):
    """The record of a host where a signature was not seen, and its verdict."""
    sig = signature(disposition=disposition)
    rec = record(scan=scan, journey='audit', **more)
    rec['plan'] = plan.make(rec, [sig], 'all' if action == 'fix' else 'detected')
    rec['verify'] = verdicts.verify(rec, [sig], [])
    return rec, rec['verify']['verdicts'][0]


def looked(after):
    return {'at': NOW, 'boot_id': NEXT_BOOT, 'since': '', 'sinks': after}


@pytest.mark.parametrize('action', ['none', 'fix'])
@pytest.mark.parametrize('sink, path, more', [
    ('journal', 'journal', {}), ('journal', '/j/system.journal', {'entries': 7}), ('journal', ARCHIVED, {'entries': 7, 'files': ['x']}),
    ('messages', '/var/log/messages', {}), ('messages', '/var/log/messages-20261101.gz', {'entries': 7, 'files': ['x']}),
    ('messages', '/var/log/messages', {'lost': False, 'files': ['x']})])
def test_what_was_in_no_log_that_could_be_read_was_not_never_there(action, sink, path, more):
    rec, row = never(looked(unread(sinks(journal=[found(ACL)], messages=[found(ACL)]), sink, path, **more)), action)
    assert row['verdict'] == 'unknown' and row['reason'] in ('unread', 'failed')
    assert rec['plan'][0]['seen'].get(sink) in (None, 0)
    if not more.get('entries'):
        assert sink not in rec['plan'][0]['seen'] and report_fleet.row('en', rec)['investigate'] == '-'


def test_what_was_not_looked_at_was_not_never_there():
    assert never(None)[1]['verdict'] == 'unknown' and never(looked({}))[1]['verdict'] == 'unknown'
    whole = sinks(journal=[found(ACL)])
    assert never(looked(whole))[1]['verdict'] == 'never_present'  # a host without text logs
    assert never(looked(whole), problems=[{'part': 'messages', 'message': 'x'}])[1]['verdict'] == 'unknown'
    assert never(looked(whole), problems=[{'part': 'retention', 'message': 'x'}])[1]['verdict'] == 'never_present'
    whole['journal']['entries'] = 0
    rec, row = never(looked(whole))
    assert row['verdict'] == 'unknown' and rec['plan'][0]['seen'] == {}
    assert never(looked(sinks(messages=[found(ACL)])))[1]['verdict'] == 'unknown'


def test_not_exercised_without_an_occasion():
    row = verified(signature(), sinks(journal=[found(ACL)], messages=[found(ACL)]))[1]
    assert (row['verdict'], row['reason']) == ('not_exercised', 'waiting')


def test_a_run_in_the_boot_of_the_fix_proves_nothing_for_a_remedy_that_needs_a_boot():
    same = dict(RAN, runs=[{'at': NOW, 'boot_id': FIX_BOOT}])
    row = verified(signature(), sinks(journal=[found(ACL)], messages=[found(ACL)]), [same])[1]
    assert row['verdict'] == 'not_exercised'


def test_a_run_in_the_boot_of_the_fix_counts_for_a_remedy_in_force_at_once_but_only_after_the_fix():
    sig = signature(requires='none')
    after = sinks(journal=[found(ACL)], messages=[found(ACL)])
    later = dict(RAN, runs=[{'at': NOW, 'boot_id': FIX_BOOT}])
    sooner = dict(RAN, runs=[{'at': '2026-11-22T09:59:59.999999Z', 'boot_id': FIX_BOOT}])
    assert verified(sig, after, [later])[1]['verdict'] == 'proved'
    assert verified(sig, after, [sooner])[1]['verdict'] == 'not_exercised'


def test_still_present_in_one_sink_outweighs_proof_in_the_other():
    row = verified(signature(), sinks(journal=[found(ACL)], messages=[found(ACL, boots={NEXT_BOOT: 1})]), [RAN])[1]
    assert row['verdict'] == 'still_present'
    assert row['sinks'] == {'journal': 'proved', 'messages': 'still_present'}


def test_lines_of_the_boot_of_the_fix_do_not_speak_against_a_remedy_that_needs_a_boot():
    after = sinks(journal=[found(ACL, boots={FIX_BOOT: 3})], messages=[found(ACL, boots={FIX_BOOT: 3})])
    assert verified(signature(), after, [RAN])[1]['verdict'] == 'proved'
    assert verified(signature(requires='none'), after, [RAN])[1]['verdict'] == 'still_present'


def test_a_login_remedy_answers_for_lines_after_the_next_login_in_the_same_boot():
    sig = signature('gnome-software-refresh-failed', role='gnome_software_autostart', requires='login', trigger='login')
    signature_id = sig['id']
    login = {'trigger': 'login', 'count': 1, 'runs': [{'at': '2026-11-22T10:04:00.000000Z', 'boot_id': FIX_BOOT}]}
    after = sinks(journal=[found(signature_id, boots={FIX_BOOT: 1})], messages=[found(signature_id, boots={FIX_BOOT: 1})])
    assert verified(sig, after, [login])[1]['verdict'] == 'still_present'
    assert verified(sig, after)[1]['verdict'] == 'not_exercised'


def test_a_trigger_is_proof_only_once_its_message_is_due():
    sig = signature(verify={'trigger': 'unit:systemd-tmpfiles-setup.service', 'delay': 90})
    after = sinks(journal=[found(ACL)], messages=[found(ACL)])
    assert verified(sig, after, [RAN], now='2026-11-22T10:06:00.000000Z')[1]['verdict'] == 'not_exercised'
    assert verified(sig, after, [RAN], now='2026-11-22T10:06:30.000000Z')[1]['verdict'] == 'proved'


def divert(**more):
    return signature('ahnlab-v3-module-lifecycle', 'divert', 'syslog_exclusions', 'restart', 'none', ('messages',), **more)


def test_divert_is_proved_by_a_diverted_line_and_by_nothing_else():
    sig = divert()
    signature_id = sig['id']
    seen_in = dict(journal=[found(signature_id, boots={NEXT_BOOT: 2})], messages=[found(signature_id)])
    row = verified(sig, sinks(diverted=[found(signature_id, boots={NEXT_BOOT: 2})], **seen_in))[1]
    assert (row['verdict'], row['reason']) == ('proved', 'diverted')
    rec, row = verified(sig, sinks(diverted=[found(signature_id)], **seen_in))
    assert row['verdict'] == 'not_exercised'
    assert [item['kind'] for item in findings.findings(rec, [sig])] == ['lost']


def test_a_diverted_line_that_also_reached_messages_is_still_present():
    sig = divert()
    after = sinks(journal=[found(sig['id'], 2)], messages=[found(sig['id'], 1)], diverted=[found(sig['id'], 2)])
    assert verified(sig, after)[1]['verdict'] == 'still_present'


def test_a_line_of_a_process_that_poses_as_the_kernel_is_a_finding_and_does_not_speak_against_the_remedy():
    sig = divert()
    after = sinks(journal=[found(sig['id'], 2, lookalikes={NEXT_BOOT: 1})], messages=[found(sig['id'], boots={NEXT_BOOT: 1})],
                  diverted=[found(sig['id'], 2)])
    rec, row = verified(sig, after)
    assert (row['verdict'], row['after']) == ('proved', {'journal': 2, 'messages': 0, 'diverted': 2})
    rec['scan'] = {'sinks': after}
    assert [item['kind'] for item in findings.findings(rec, [sig])] == ['lookalike']


@pytest.mark.parametrize('shown_in', ['messages', None])
def test_lookalikes_hide_no_lines_of_the_kernel_s_own(shown_in):
    """50 real lines that the diversion let through, and 50 that somebody forged, in messages or (logger -p mail.info) not."""
    sig = divert()
    lines = 100 if shown_in else 50
    after = sinks(journal=[found(sig['id'], 50, lookalikes={NEXT_BOOT: 50}, shown_in=shown_in)],
                  messages=[found(sig['id'], boots={NEXT_BOOT: lines})], diverted=[found(sig['id'], 0)])
    rec, row = verified(sig, after)
    assert (row['verdict'], row['after']['messages']) == ('still_present', 50)
    # One more was diverted, so that there is a proof of the diversion: the others stay.
    after['journal']['signatures'][0]['count'] = 51
    after['diverted'] = sinks(diverted=[found(sig['id'], 1)])['diverted']
    assert verified(sig, after)[1]['verdict'] == 'still_present'
    assert scanned.seen({'sinks': after}, sig['id']) == {'journal': 51, 'messages': 50, 'diverted': 1}


def test_forged_lines_are_not_what_became_of_the_kernel_s():
    """The journal has 5 of the kernel, rsyslogd wrote none; 5 forged lines in messages do not stand for them."""
    sig = divert()
    after = sinks(journal=[found(sig['id'], 5, lookalikes={NEXT_BOOT: 5})], messages=[found(sig['id'], boots={NEXT_BOOT: 5})],
                  diverted=[found(sig['id'])])
    rec = verified(sig, after)[0]
    assert [item['data'] for item in findings.findings(rec, [sig]) if item['kind'] == 'lost'] == [
        {'signature_id': sig['id'], 'journal': 5, 'written': 0}]


def test_forged_lines_in_secure_are_not_the_program_s_of_messages():
    counts = {'journal': 5, 'messages': 5, 'secure': 3}
    assert scanned.own_lines(counts, {'messages': 0, 'secure': 3}) == {'messages': 5, 'secure': 0}
    assert scanned.own_lines(counts, {'messages': 0, 'secure': 2}) == {'messages': 5, 'secure': 1}
    assert scanned.own_lines({'journal': 0, 'messages': 4}, {'messages': 4, 'secure': 0}) == {'messages': 0}
    assert scanned.own_lines({'journal': 0, 'messages': 4}, {'messages': 9, 'secure': 0}) == {'messages': 0}


def test_a_finding_says_who_wrote():
    """What users run themselves they can forge: whoever reads the finding has to see who it was."""
    sig = signature('gnome-software-refresh-failed', role='gnome_software_autostart', requires='login', trigger='login')
    user = {'uid': 1000, 'exe': '/usr/bin/gnome-software', 'unit': 'user@1000.service'}
    other = dict(user, uid=1001)
    nobody = {'uid': None, 'exe': None, 'unit': None}
    after = sinks(journal=[found(sig['id'], boots={NEXT_BOOT: 4}, sources=[user, other, nobody, user])],
                  messages=[found(sig['id'], boots={NEXT_BOOT: 2})])
    rec = verified(sig, after)[0]
    finding = [item for item in findings.findings(rec, [sig]) if item['kind'] == 'still_present'][0]
    assert finding['data']['sources'] == [other, user]
    assert report_host.finding_text('en', finding).endswith(', last by uid 1000, /usr/bin/gnome-software, user@1000.service')
    assert '마지막 기록 주체: uid 1000, /usr/bin/gnome-software' in report_host.finding_text('ko', finding)
    del finding['data']['sources']  # a record of an earlier version
    assert report_host.finding_text('en', finding).endswith('2)')
    rec['scan'] = {'sinks': sinks(journal=[found(sig['id'], lookalikes={NEXT_BOOT: 1})])}
    posing = [item for item in findings.findings(rec, [sig]) if item['kind'] == 'lookalike'][0]
    assert report_host.finding_text('en', posing).endswith('posing (uid 1000, /usr/bin/logger, session-3.scope)')
    posing['data']['source'] = nobody
    assert report_host.finding_text('en', posing).endswith('posing (the journal does not say by whom)')


def test_divert_promises_nothing_of_the_journal():
    sig = divert()
    after = sinks(journal=[found(sig['id'], 9)], messages=[found(sig['id'])], diverted=[found(sig['id'], 9)])
    rec, row = verified(sig, after)
    assert (row['verdict'], list(row['sinks'])) == ('proved', ['messages'])
    assert findings.findings(rec, [sig]) == []


def test_failed_remedy_is_never_proved():
    row = verified(signature(), sinks(journal=[found(ACL)], messages=[found(ACL)]), [RAN],
                 remedy={'failed': 'no rsyslog', 'in_place': False})[1]
    assert (row['verdict'], row['reason']) == ('still_present', 'failed')


def cursor(**boot_ids):
    """The cursor of a scan that read the boots a... and b... up to these seconds."""
    return 's=%s;i=1;b=%s;m=1;t=1;x=1;k=%s' % ('1' * 32, FIX_BOOT, ','.join(
        '%s.%x' % (name * 32, seconds * 1000000) for name, seconds in sorted(boot_ids.items())))


def clocked(*rows):
    """Boots that were read from one second to another by their own clocks."""
    return [{'boot_id': name * 32, 'first_seen': FIXED_AT, 'last_seen': FIXED_AT, 'entries': 10, 'first_monotonic': first * 1000000,
             'last_monotonic': last * 1000000} for name, first, last in rows]


def silent_case(now, after, begins=None, **more):
    """Of a message that came every three days for thirty; `after` are the boots that were read since the remedy."""
    sig = signature(requires='none', trigger='timer')
    since = sinks(journal=[found(ACL)], messages=[found(ACL)], boots=clocked(*after))
    before = {'sinks': {'journal': 10}, 'episodes': 10, 'span': 30.0 * DAY, 'silence': 3.0 * DAY, 'wait': 1.5 * DAY}
    return verified(sig, since, now=now, remedy={'point': dict(point(), journal_cursor=cursor(a=1000) if begins is None else begins),
                                                 'before': {ACL: dict(before, **more)}})[1]


DAY = 86400
NEEDED = 30 * (20 ** 0.1 - 1)  # days


def test_silence_is_proof_after_so_long_and_says_until_when_to_wait():
    early = silent_case('2026-12-02T10:00:00.000000Z', [('a', 1000, 1000 + 8 * DAY), ('b', 0, 2 * DAY)])
    assert (early['verdict'], early['reason'], early['until'][:10]) == ('not_exercised', 'waiting', '2026-12-02')
    assert early['silence'] == {'needed': pytest.approx(NEEDED * DAY), 'passed': 10.0 * DAY}
    assert silent_case('2026-12-02T10:00:00.000000Z', [('a', 1000, 1000 + 8 * DAY), ('b', 0, 3 * DAY)])['verdict'] == 'proved'


def test_a_clock_set_forward_makes_no_silence():
    assert silent_case('2027-11-25T10:00:00.000000Z', [('a', 1000, 2000), ('b', 0, 1000)])['verdict'] == 'not_exercised'
    assert silent_case('2025-11-25T10:00:00.000000Z', [('b', 0, 11 * DAY)])['verdict'] == 'proved'


@pytest.mark.parametrize('begins', [cursor(a=1).partition(';k=')[0], 'c', ''])
def test_what_only_a_clock_could_tell_proves_nothing(begins):
    """A cursor of an earlier version, one that is none, and a remedy that was found in place without a record of its making."""
    row = silent_case('2027-11-25T10:00:00.000000Z', [('b', 0, 99 * DAY)], begins)
    assert (row['verdict'], row['reason'], row['until'], row['silence']) == ('not_exercised', 'unmeasured', None, None)


def test_what_an_earlier_version_counted_by_the_time_of_day_is_no_rate():
    row = silent_case(NOW, [('b', 0, 99 * DAY)], silence=None, wait=None)
    assert (row['verdict'], row['reason'], row['until']) == ('not_exercised', 'unmeasured', None)
    assert silent_case(NOW, [('b', 0, 99 * DAY)], episodes=1, silence=20.0 * DAY)['reason'] == 'seldom'


def test_what_the_journal_holds_no_more_was_not_silent():
    row = silent_case(NOW, [('a', 1000 + 15 * DAY, 1000 + 20 * DAY)])
    assert (row['verdict'], row['reason'], row['until'], row['silence']['passed']) == ('not_exercised', 'vacuumed', None, 5.0 * DAY)


def test_a_file_that_was_not_read_and_a_clock_that_no_host_has_were_not_silent():
    sig = signature(requires='none', trigger='timer')
    remedy = {'point': dict(point(), journal_cursor=cursor(a=1000)), 'before': {
        ACL: {'sinks': {'journal': 10}, 'episodes': 10, 'span': 30.0 * DAY, 'silence': 3.0 * DAY, 'wait': 1.5 * DAY}}}
    since = sinks(journal=[found(ACL)], messages=[found(ACL)], boots=clocked(('b', 0, 99 * DAY)))
    assert verified(sig, since, now=NOW, remedy=remedy)[1]['verdict'] == 'proved'
    since['journal']['losses'] = [{'kind': 'unreadable-file', 'source': '/var/log/journal/x/system@1.journal~', 'entries': None, 'lost': None,
                                   'first_seen': None, 'last_seen': None, 'detail': 'damaged'}]
    row = verified(sig, since, now=NOW, remedy=remedy)[1]
    assert (row['verdict'], row['reason']) == ('not_exercised', 'unread')
    assert 'a log that could hold it could not be read' in report_host.verdict_text('en', row, sig, 'none')
    assert silent_case(NOW, [('b', 0, 2 ** 63 // 1000000)])['reason'] == 'unmeasured'


def test_a_message_that_never_stayed_away_is_no_division_by_nothing():
    assert verdicts.needed_silence({'sinks': {}, 'episodes': 1, 'span': 36000.0, 'silence': 0.0, 'wait': 0.0}) is None


def test_what_a_text_log_holds_is_no_rate_of_the_journal():
    """It reaches back for weeks where a volatile journal has one boot."""
    scan = {'sinks': sinks(journal=[dict(found(ACL, 2, episodes=2), silence=5.0, wait=2.0)], messages=[found(ACL, 60, episodes=30)],
                           boots=clocked(('a', 0, 10)))}
    assert remedies.before_of(scan, ACL) == {'sinks': {'journal': 2, 'messages': 60}, 'episodes': 2, 'span': 10.0, 'silence': 5.0, 'wait': 2.0}


@pytest.mark.parametrize('more, reason, english, korean', [
    ({'episodes': 1, 'silence': 20.0 * DAY}, 'seldom', 'it came too seldom before', '발생이 드물어'),
    ({'silence': None, 'wait': None}, 'unmeasured', 'no run recorded since when', '기록이 없어'),
    ({}, 'waiting', 'not exercised: silence until 2026-11-', '까지 미발생 시 확인')])
def test_the_report_says_what_to_wait_for_and_what_nobody_need_wait_for(more, reason, english, korean):
    row = silent_case(NOW, [('b', 0, 9 * DAY)], **more)
    assert row['reason'] == reason
    sig = signature(requires='none', trigger='timer')
    assert english in report_host.verdict_text('en', row, sig, 'none') and korean in report_host.verdict_text('ko', row, sig, 'none')


@pytest.mark.parametrize('trigger, requires, english, korean', [
    (['unit:a.service', 'unit:b.service'], 'boot', 'waiting for a reboot, then a run of a.service or a run of b.service',
     '재부팅 후 a.service 서비스 실행 또는 b.service 서비스 실행 시 판정'),
    ('boot', 'boot', 'waiting for a reboot', '재부팅 시 판정'), ('login', 'boot', 'waiting for a reboot, then a graphical login', '재부팅 후 그래픽 로그인'),
    ('login', 'login', 'waiting for a graphical login', '그래픽 로그인 시 판정')])
def test_the_report_names_each_occasion_that_will_do(trigger, requires, english, korean):
    sig = signature(trigger=trigger, requires=requires)
    row = verified(sig, sinks(journal=[found(ACL)], messages=[found(ACL)]))[1]
    assert report_host.verdict_text('en', row, sig, requires) == 'not exercised: ' + english
    assert korean in report_host.verdict_text('ko', row, sig, requires)


def test_the_report_says_when_the_message_of_an_occasion_is_due():
    sig = signature(verify={'trigger': 'unit:systemd-tmpfiles-setup.service', 'delay': 90})
    row = verified(sig, sinks(journal=[found(ACL)], messages=[found(ACL)]), [RAN], now='2026-11-22T10:06:00.000000Z')[1]
    assert (row['reason'], row['until'], row['occasion']['at']) == ('due', '2026-11-22T10:06:30.000000Z', BOOTED_AT)
    assert report_host.verdict_text('en', row, sig, 'boot') == (
        'not exercised: systemd-tmpfiles-setup.service ran at 2026-11-22T10:05:00Z; the message would have come by 2026-11-22T10:06:30Z')
    assert '2026-11-22 19:06:30 KST까지 미발생 시 확인' in report_host.verdict_text('ko', row, sig, 'boot')


def worlds(chance):
    """Kinds of noise that nothing remedied: for each, when it comes, in days, over 200 of them."""
    def poisson(mean):
        time, found_ones = 0.0, []
        while time < 200:
            time += chance.expovariate(1 / mean)
            found_ones.append(time)
        return found_ones
    begin = chance.random()
    return {'now and then': poisson(4), 'seldom': poisson(12), 'often': poisson(0.3),
            'bursts': [time + line * 0.1 for time in poisson(6) for line in range(chance.randrange(1, 8))],
            'storms': [time + line * 0.1 for time in poisson(3) for line in range(chance.randrange(1, 20))],
            'daily': [day + begin for day in range(200)], 'weekly': [7 * (week + begin) for week in range(29)],
            'workdays': [day + begin for day in range(200) if (day + int(begin * 7)) % 7 < 5],
            'end of month': [30 * (month + begin) + hour / 12 for month in range(7) for hour in range(12)]}


def test_noise_that_nothing_remedied_is_proved_in_one_of_twenty_histories_at_most():
    """The remedy does nothing, on some day after two to six weeks of journal. Whether silence ever proves it before it comes again."""
    chance, wrong, right = random.Random(5), collections.Counter(), 300
    for dummy in range(right):
        span = chance.uniform(14, 42)
        for name, times in worlds(chance).items():
            before = sorted(time for time in times if time < span)
            runs = [time for place, time in enumerate(before) if not place or time - before[place - 1] > 1 / 24]
            gaps = [after - earlier for earlier, after in zip([0.0, *before], [*before, span])]
            needed = verdicts.needed_silence({'sinks': {}, 'episodes': len(runs), 'span': span * DAY, 'silence': max(gaps) * DAY,
                                                'wait': sum(gap * gap for gap in gaps) / 2 / span * DAY})
            again = min((time for time in times if time >= span), default=200.0) - span
            wrong[name] += needed is not None and again * DAY > needed
    assert all(number <= 0.05 * right for number in wrong.values()), wrong


def test_an_occasion_is_told_by_the_cursor_and_the_clock_of_its_boot():
    sig = signature(requires='restart', verify={'trigger': 'unit:systemd-tmpfiles-setup.service', 'delay': 90})
    after = sinks(journal=[found(ACL)], messages=[found(ACL)])

    def ran(elapsed, boot):  # by the time of day an hour before the remedy
        return dict(RAN, runs=[{'at': '2026-11-22T09:00:00.000000Z', 'boot_id': boot, 'monotonic': 5, 'elapsed': elapsed}])
    for boot in (FIX_BOOT, NEXT_BOOT):
        assert verified(sig, after, [ran(91.0, boot)])[1]['verdict'] == 'proved'
        assert verified(sig, after, [ran(89.0, boot)])[1]['verdict'] == 'not_exercised'


@pytest.mark.parametrize('newest, verdict', [(4, 'proved'), (5, 'still_present')])
def test_lines_before_the_login_do_not_speak_against_a_login_remedy_whatever_the_clock_says(newest, verdict):
    sig = signature('gnome-software-refresh-failed', role='gnome_software_autostart', requires='login', trigger='login',
                    vanishes=('journal',), verify={'trigger': 'login', 'delay': 90})
    login = {'trigger': 'login', 'count': 1, 'runs': [
        {'at': NOW, 'boot_id': FIX_BOOT, 'monotonic': 5, 'elapsed': 100.0}]}
    row = found(sig['id'], boots={FIX_BOOT: 1})
    row['samples'] = [{'at': BOOTED_AT, 'text': 'x', 'cursor': 's=%s;i=1;b=%s;m=%d;t=1;x=1' % ('1' * 32, FIX_BOOT, newest)}]
    assert verified(sig, sinks(journal=[row]), [login])[1]['verdict'] == verdict


def test_what_a_later_scan_saw_is_later_though_the_clock_was_set_back():
    sig = divert(watch={'opened': 'unloaded', 'closed': 'loaded', 'finding': {'en': 'V3 is off', 'ko': 'V3 꺼짐'}})
    closed = {'at': '2026-11-22T10:00:03.000000Z', 'boot_id': FIX_BOOT}
    opened = {'at': '2020-01-01T00:00:00.000000Z', 'boot_id': NEXT_BOOT, 'text': 'x'}
    rec = record(scan={'sinks': sinks(journal=[found(sig['id'], 1, closed=closed)])})
    rec['verify'] = {'verdicts': [], 'scans': [{
        'roles': [sig['remedy']['role']], 'point': point(), 'signature_ids': [sig['id']], 'triggers': [], 'now': NOW, 'sinks': sinks(
        journal=[found(sig['id'], 1, unclosed=opened)])}]}
    assert findings.still_open(rec, sig['id']) == opened


def test_a_boot_without_a_time_does_not_say_when_the_journal_begins():
    sig = divert(watch={'opened': 'unloaded', 'closed': 'loaded', 'finding': {'en': 'V3 is off', 'ko': 'V3 꺼짐'}})
    before, later = ({'at': at, 'boot_id': None, 'text': 'x'} for at in ('2026-11-22T09:00:00.000000Z', NOW))
    for opened, heard in ((before, before), (later, None)):
        rec = record(scan={'sinks': sinks(journal=[found(sig['id'])], messages=[found(sig['id'], 1, unclosed=opened)],
                                          boots=boots((FIX_BOOT, None, None), (NEXT_BOOT, BOOTED_AT, NOW)))})
        assert findings.still_open(rec, sig['id']) == heard


def test_lines_without_a_time_speak_against_a_login_remedy():
    sig = signature('gnome-software-refresh-failed', role='gnome_software_autostart', requires='login', trigger='login')
    login = {'trigger': 'login', 'count': 1, 'runs': [{'at': '2026-11-22T10:04:00.000000Z', 'boot_id': FIX_BOOT}]}
    row = found(sig['id'], boots={FIX_BOOT: 1})
    row['boots'][0].update(first_seen=None, last_seen=None)
    assert verified(sig, sinks(journal=[row], messages=[row]), [login])[1]['verdict'] == 'still_present'


def test_silence_is_no_proof_where_an_occasion_can_be_observed():
    history = boots((FIX_BOOT, '2026-11-12T10:00:00.000000Z', FIXED_AT))
    row = verified(signature(), sinks(journal=[found(ACL)], messages=[found(ACL)]), now='2027-11-22T10:00:00.000000Z',
                 episodes=10, history=history)[1]
    assert row['verdict'] == 'not_exercised' and row['until'] is None


@given(st.integers(0, 50), st.floats(0, 1e7), st.one_of(st.none(), st.floats(0, 1e7)), st.floats(1, 1e7))
def test_no_silence_is_proof_that_is_no_longer_than_one_before(episodes, span, silence, wait):
    needed = verdicts.needed_silence({'sinks': {}, 'episodes': episodes, 'span': span, 'silence': silence, 'wait': wait})
    if episodes < 1 or silence is None:
        assert needed is None
    elif needed is None:
        assert (episodes < 2 or wait > span / 3.501) and span < 19.001 * max(silence, 3600)
    else:
        assert needed >= max(silence, 3600)
        assert needed <= max(silence, 3600) or span < 19.001 * max(silence, 3600)


def test_point_of_a_remedy_found_in_place_is_the_age_of_its_files():
    remedy = {'in_place': True, 'in_place_since': FIXED_AT, 'point': None}
    scan = {'sinks': sinks(journal=[], boots=boots((NEXT_BOOT, BOOTED_AT, NOW), (FIX_BOOT, '2026-11-22T09:00:00.000000Z', FIXED_AT)))}
    assert remedies.point_of(remedy, scan, target())['boot_id'] == FIX_BOOT
    assert remedies.point_of(dict(remedy, in_place=False), scan, target()) is None


def test_merge_keeps_the_point_of_a_remedy_that_did_not_change_and_renews_that_of_one_that_did():
    rec = record(scan={'sinks': sinks(journal=[found(ACL, 5)])})
    old = {'tmpfiles_acl': {'signatures': [ACL], 'changed': True, 'in_place': True, 'in_place_since': FIXED_AT, 'notes': [],
                            'failed': None, 'point': point(), 'before': {ACL: {'sinks': {'journal': 40}, 'episodes': 4, 'span': 9.0}}}}
    rec['remedies'] = old
    result = {'changed': False, 'in_place': True, 'in_place_since': FIXED_AT, 'notes': []}
    kept = remedies.merge_remedies(rec, {'tmpfiles_acl': {'signature_ids': [ACL], 'result': result}}, point(NEXT_BOOT, NOW))['tmpfiles_acl']
    assert kept['point'] == point() and kept['before'][ACL]['sinks'] == {'journal': 40}
    redone = remedies.merge_remedies(rec, {'tmpfiles_acl': {'signature_ids': [ACL], 'result': dict(result, changed=True)}},
                                  point(NEXT_BOOT, NOW))['tmpfiles_acl']
    assert redone['point'] == point(NEXT_BOOT, NOW) and redone['before'][ACL]['sinks'] == {'journal': 5}
    assert remedies.merge_remedies(rec, {}, None) == old


@pytest.mark.parametrize('result, words', [
    (None, 'changed and in_place'), ({'changed': 'yes', 'in_place': True}, 'changed and in_place'), ({'changed': True}, 'changed and in_place'),
    ({'changed': True, 'in_place': True, 'notes': 'x'}, 'notes'), ({'changed': True, 'in_place': True, 'notes': [1]}, 'notes'),
    ({'changed': True, 'in_place': True, 'in_place_since': 'today'}, 'in_place_since'),
    ({'changed': True, 'in_place': True, 'in_place_since': 5}, 'in_place_since')])
def test_a_role_whose_result_is_not_as_agreed_has_failed(result, words):
    rec = record(scan={'sinks': sinks(journal=[found(ACL, 5)])})
    kept = remedies.merge_remedies(rec, {'acme.things.agent': {'signature_ids': [ACL], 'result': result}}, point())['acme.things.agent']
    assert kept['failed'].startswith('The role acme.things.agent left agent_result') and words in kept['failed']
    assert not kept['in_place'] and kept['point'] is None and kept['signature_ids'] == [ACL]


def test_a_role_that_says_no_more_than_it_must_is_taken_at_its_word():
    rec = record(scan={'sinks': sinks(journal=[found(ACL, 5)])})
    kept = remedies.merge_remedies(rec, {'a': {'signature_ids': [ACL], 'result': {'changed': True, 'in_place': True}}}, point())['a']
    assert (kept['failed'], kept['in_place'], kept['notes'], kept['point']) == (None, True, [], point())


def test_reboot_is_needed_only_until_the_next_boot():
    sig = signature()
    rec = record(scan={'sinks': sinks(journal=[found(ACL, 5)])})
    rec['plan'] = plan.make(rec, [sig])
    remedy = {'signatures': [ACL], 'changed': True, 'in_place': True, 'in_place_since': FIXED_AT, 'failed': None, 'point': point(NEXT_BOOT)}
    assert remedies.reboot_needed(dict(rec, remedies={'tmpfiles_acl': remedy})) == ['tmpfiles_acl']
    assert remedies.reboot_needed(dict(rec, remedies={'tmpfiles_acl': dict(remedy, point=point(FIX_BOOT))})) == []
    assert remedies.reboot_needed(dict(rec, remedies={'tmpfiles_acl': dict(remedy, point=None)})) == []
    assert remedies.reboot_needed(dict(rec, remedies={'tmpfiles_acl': dict(remedy, point=None, in_place_since=NOW)})) == ['tmpfiles_acl']
    assert remedies.reboot_needed(dict(rec, check_mode=True, remedies={
        'tmpfiles_acl': dict(remedy, point=None, in_place=False)})) == ['tmpfiles_acl']


@pytest.mark.parametrize('opened, closed, open_still', [
    (['2026-11-22T10:00:02.000000Z'], [], True),
    (['2026-11-22T10:00:02.000000Z'], ['2026-11-22T10:00:01.000000Z'], True),
    (['2026-11-22T10:00:02.000000Z'], ['2026-11-22T10:00:03.000000Z'], False),
    ([], ['2026-11-22T10:00:03.000000Z'], False),
])
def test_a_module_unloaded_and_not_loaded_again_is_a_finding(opened, closed, open_still):
    sig = divert(watch={'opened': 'unloaded', 'closed': 'loaded', 'finding': {'en': 'V3 is off', 'ko': 'V3 꺼짐'}})
    # The opening is known to the journal, the closing only to the diverted file: sinks are taken together.
    rec = record(scan={'sinks': sinks(
        journal=[found(sig['id'], 1, unclosed={'at': opened[0], 'boot_id': FIX_BOOT, 'text': 'x'} if opened else None)],
        diverted=[found(sig['id'], 1, closed={'at': closed[0], 'boot_id': None} if closed else None)])})
    rec['plan'] = plan.make(rec, [sig])
    kinds = [item['kind'] for item in findings.findings(rec, [sig])]
    assert ('watch' in kinds) == open_still


def test_investigate_is_always_a_finding_and_never_gets_a_verdict():
    sig = signature('sshd-dispatch-protocol-error', 'investigate', None, vanishes=())
    rec = record(scan={'sinks': sinks(journal=[found(sig['id'], 1)])})
    rec['plan'] = plan.make(rec, [sig])
    rec['verify'] = verdicts.verify(rec, [sig], [])
    assert [item['kind'] for item in findings.findings(rec, [sig])] == ['investigate']
    assert rec['verify']['verdicts'][0]['verdict'] is None


UNIT = 'systemd-tmpfiles-setup.service'


def doubted(sig, lost, triggers=(RAN,), **more):
    """Findings about a signature of which the journal says since the remedy that it lost something."""
    after = sinks(journal=[found(sig['id'])], messages=[found(sig['id'])])
    after['journal']['losses'] = lost
    rec, row = verified(sig, after, triggers, **more)
    rec['findings'] = [item for item in findings.findings(rec, [sig]) if item['kind'] == 'lost_messages']
    return rec, row


@pytest.mark.parametrize('lost, match, told', [
    (loss('journald-suppressed', UNIT, 7), {}, True),
    (loss('journald-suppressed', '/system.slice/' + UNIT, 7), {}, True),
    (loss('journald-suppressed', 'sshd.service', 7), {}, False),
    (loss('journald-suppressed', 'sshd.service', 7), {'identifiers': ['sshd']}, True),
    (loss('journald-suppressed', 'sshd@3.service', 7), {'comms': ['sshd']}, True),
    (loss('journald-suppressed', 'session-2.scope', 7), {}, False),
    (loss('journald-suppressed', '', 7), {}, False),
    (loss('journald-missed-kernel', '', 7), {'transport': ['journal']}, False),
    (loss('journald-missed-kernel', '', 7), {'transport': ['kernel']}, True),
    (loss('journald-write-failed', '/var/log/journal/x'), {}, True),
    (loss('missing-entries', '/j', 3, None), {}, True),
    # Read from the cursor of the remedy on, so it came later, wherever the clock stood.
    (loss('journald-write-failed', '', 3, first='2026-11-01T00:00:00.000000Z', last='2026-11-22T09:59:59.999999Z'), {}, True),
    (loss('crashed-file', '/j', None, None, None, None), {}, False),
    (loss('imjournal-rate-limit', 'imjournal', 7), {}, False),
    (loss('boot-gap', 'm', None, None), {}, False),
])
def test_a_loss_since_the_fix_is_told_beside_a_proof_by_silence_when_it_may_have_been_of_the_signature(lost, match, told):
    rec, row = doubted(signature(match=match), [lost])
    assert row['verdict'] == 'proved'
    assert rec['findings'] == [{'kind': 'lost_messages', 'signature_id': ACL, 'data': {'losses': [lost]}}] * told


def test_what_a_session_lost_may_have_been_of_what_a_login_brings():
    sig = signature('gnome-software-refresh-failed', role='gnome_software_autostart', requires='login', trigger='login')
    login = {'trigger': 'login', 'count': 1, 'runs': [{'at': '2026-11-22T10:04:00.000000Z', 'boot_id': FIX_BOOT}]}
    for source in ('user@1000.service', 'session-2.scope', '/user.slice/user-1000.slice'):
        assert doubted(sig, [loss('journald-suppressed', source, 7)], [login])[0]['findings'], source


def test_losses_are_not_told_where_silence_proved_nothing():
    assert doubted(signature(), [loss('journald-suppressed', UNIT, 7)], [])[1]['verdict'] == 'not_exercised'
    assert not doubted(signature(), [loss('journald-suppressed', UNIT, 7)], [])[0]['findings']
    sig = divert(match={'transport': ['kernel']})
    after = sinks(journal=[found(sig['id'], 2)], messages=[found(sig['id'])], diverted=[found(sig['id'], 2)])
    after['journal']['losses'] = [loss('journald-missed-kernel', '', 7)]
    assert findings.findings(verified(sig, after)[0], [sig]) == []


def test_a_doubt_is_information_in_both_languages_and_changes_no_exit_status():
    rec = doubted(signature(), [loss('journald-suppressed', UNIT, 7, 2), loss('journald-suppressed', UNIT, 1)])[0]
    text = report_host.finding_text('en', rec['findings'][0])
    assert text == (ACL + ': proved, but since the remedy the journal lost messages that may have been of this kind: 3x rate limit of journald, '
                    '8 messages lost, 2026-11-22T10:05:00Z to 2026-11-22T10:30:00Z, ' + UNIT)
    assert 'journald 속도 제한 3회, 메시지 8건 유실' in report_host.finding_text('ko', rec['findings'][0])
    for journey in ('audit', 'remediate', 'verify'):
        rec['journey'] = journey
        assert host_state.state(rec) == 'clean' and report_host.complaints('en', rec) == []
        assert text in report_host.render(rec, [signature()], 'en')


@pytest.mark.parametrize('result', [
    None, '', 'done', [], ['changed'], 5, True, {}, {'changed': 'yes', 'in_place': True}, {'changed': True, 'in_place': True, 'notes': 'x'},
    {'changed': True, 'in_place': True, 'in_place_since': datetime.datetime(2026, 11, 22)}, {'changed': True, 'in_place': True, 'in_place_since': 5}])
def test_a_role_that_leaves_something_else_has_failed(result):
    """Whatever type it is of: the role may be anybody's."""
    outcome = outcome_of(['a'], 'acme.things.other', {'result': result})
    assert outcome['failed'].startswith('The role acme.things.other left other_result, which ') and 'result' not in outcome
    assert outcome['signature_ids'] == ['a']


def test_a_clock_that_was_wrong_by_thousands_of_years_ends_no_run():
    row = silent_case(NOW, [('b', 0, 5)], span=8e12, silence=8e11, wait=4e11)
    assert (row['verdict'], row['until']) == ('not_exercised', None)


def test_a_remedied_signature_that_the_catalog_lacks_is_not_proved_nor_left_out():
    """As on another control node, without the log_hygiene_catalog_paths of the remediation."""
    rec = verified(signature(), sinks(journal=[found(ACL)], messages=[found(ACL)]), [RAN])[0]
    rec['verify'] = verdicts.verify(rec, [], rec['verify']['scans'])
    row, = rec['verify']['verdicts']
    assert (row['verdict'], row['reason']) == ('unknown', 'no_signature') and verdicts.unproved(rec) == [row]
    assert 'not known: the catalog does not have it: give the log_hygiene_catalog_paths of the remediation' in report_host.render(rec, [], 'en')
    assert '카탈로그에 없음' in report_host.render(rec, [], 'ko') and report_fleet.row('en', rec)['verdicts'] == '0/1'
