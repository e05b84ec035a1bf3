# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered of remediations, what a rollback chooses of it, and what the record says afterwards."""
from __future__ import annotations

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import rollback, trails
from builders import FIX_BOOT, NEXT_BOOT, NOW, point, record, target

FIRST, SECOND = '20261122T160000Z-remediate-1a2b3c4d', '20261123T160000Z-remediate-5e6f7a8b'
EARLIER, LATER = '2026-11-22T16:00:00.000000Z', '2026-11-23T16:00:00.000000Z'


def item(name, **more):
    return {'signature_id': name, **more}


def memory():
    """a and b of one kind, by two runs; c of another kind, that was there before."""
    found = {}
    rollback.remember(found, 'units', [item('a')], True, True, FIRST, EARLIER)
    rollback.remember(found, 'units', [item('a'), item('b')], True, True, SECOND, LATER)
    rollback.remember(found, 'files', [item('c')], False, True, FIRST, EARLIER)
    return found


def state(*names, boot=FIX_BOOT, **more):
    return {'signature_ids': list(names), 'changed': True, 'in_place': True, 'in_place_since': NOW, 'notes': [], 'failed': None,
            'point': dict(point(), boot_id=boot), 'before': {name: {'sinks': {}, 'episodes': 0, 'span': 0.0} for name in names}, **more}


def chosen(asked='last', ids=(), **more):
    rec = record(applied=memory(), **more)
    found = rollback.choose(rec, rec['applied'], asked, ids)
    return ({role: [one['signature_id'] for one in items] for role, items in found['items'].items()},
            {role: [one['signature_id'] for one in items] for role, items in found['keep'].items()}, found['rollback'])


def test_a_remedy_is_of_the_run_that_put_it_in_place():
    assert {name: row['run'] for rows in memory().values() for name, row in rows.items()} == {'a': FIRST, 'b': SECOND, 'c': None}


def test_what_was_only_kept_or_is_not_in_place_is_not_remembered():
    found = {}
    rollback.remember(found, 'kind', [item('a', keep=True), item('b')], False, False, FIRST, EARLIER)
    assert found == {}


def test_what_was_there_before_is_of_the_run_that_changed_it():
    found = {}
    rollback.remember(found, 'kind', [item('a', value=1)], False, True, FIRST, EARLIER)
    rollback.remember(found, 'kind', [item('a', value=2)], True, True, SECOND, LATER)
    rollback.remember(found, 'kind', [item('a', value=3)], True, True, FIRST, EARLIER)
    assert found == {'kind': {'a': {'run': SECOND, 'at': LATER, 'item': item('a', value=3), 'former': [item('a', value=2)]}}}


def test_what_a_signature_asked_for_by_an_earlier_catalog_is_taken_back_with_it():
    found = {}
    for value in (1, 2, 2, 1, 3):
        rollback.remember(found, 'kind', [item('a', value=value)], True, True, FIRST, EARLIER)
        rollback.remember(found, 'given', [item('b', signature={'revision': value})], True, True, FIRST, EARLIER)
    rec = record(applied=found)
    chosen = rollback.choose(rec, found, 'last', [])
    assert chosen['items']['kind'] == [item('a', value=value) for value in (3, 2, 1)] and len(chosen['items']['given']) == 1
    rollback.begin(rec, chosen, {})
    assert rec['rollback']['roles']['kind']['signature_ids'] == ['a']


@pytest.mark.parametrize('asked, ids, undone, kept', [
    ('last', [], {'units': ['b']}, {'units': ['a']}), ('last', ['a'], {'units': ['a']}, {'units': ['b']}), (FIRST, [], {'units': ['a']}, {'units': ['b']}),
    ('1a2b3c4d', [], {'units': ['a']}, {'units': ['b']}), (SECOND, ['b'], {'units': ['b']}, {'units': ['a']}), ('00000000', [], {}, {}),
    ('all', [], {'files': ['c'], 'units': ['a', 'b']}, {}), ('all', ['a', 'c'], {'files': ['c'], 'units': ['a']}, {'units': ['b']})])
def test_what_is_chosen(asked, ids, undone, kept):
    assert chosen(asked, ids)[:2] == (undone, kept)


def test_the_policy_goes_with_its_run_and_with_no_signature():
    policy = {'run': SECOND, 'at': LATER}
    assert chosen(policy_applied=policy)[2]['policy'] and chosen('all', policy_applied=policy)[2]['runs'] == [FIRST, SECOND]
    assert not chosen(FIRST, policy_applied=policy)[2]['policy'] and not chosen('last', ['b'], policy_applied=policy)[2]['policy']
    assert chosen(policy_applied=dict(policy, run='20261201T000000Z-remediate-00000000', at='2026-12-01T00:00:00Z'))[:2] == ({}, {})


def test_a_record_of_an_earlier_version_is_taken_back_by_the_catalog():
    catalog = [{'id': 'a', 'disposition': 'fix', 'remedy': {'role': 'units', 'with': {'unit': 'x.timer'}}}]
    old = record(remedies={'units': state('a', 'gone')})
    found = rollback.remembered(old, catalog)
    assert found == {'units': {'a': {'run': None, 'at': None, 'item': item('a', unit='x.timer')}}}
    assert rollback.choose(old, found, 'last', [])['items'] == {'units': [item('a', unit='x.timer')]}


@pytest.mark.parametrize('options, keep, refused', [
    (None, [item('b')], False), ({}, [], False), ({'kind_keep': {}}, [item('b')], False), ({'kind_items': {}}, [item('b')], True)])
def test_a_role_that_cannot_leave_some_is_not_run(options, keep, refused):
    assert bool(rollback.demand_keep('acme.things.kind', options, keep, [item('a')])) == refused


def settled(check_mode=False, **outcome):
    rec = record(journey='rollback', check_mode=check_mode, applied=memory(), remedies={'units': state('a', 'b')}, plan=[
        {'signature_id': name, 'role': 'units', 'action': 'fix', 'reason': 'seen', 'requires': 'boot', 'seen': {}} for name in 'ab'])
    rollback.begin(rec, rollback.choose(rec, rec['applied'], 'last', []), {})
    before = rec['remedies']
    rollback.settle(rec, {'units': rollback.undone_by(['b'], {'changed': True, 'in_place': True, 'notes': [], **outcome}, outcome.get('failed'))}, check_mode)
    return rec, before


def test_what_was_undone_is_remembered_no_more():
    rec, before = settled()
    assert list(rec['applied']['units']) == rec['remedies']['units']['signature_ids'] == list(rec['remedies']['units']['before']) == ['a']
    assert [(row['action'], row['reason'], row['role']) for row in rec['plan']] == [('fix', 'seen', 'units'), ('none', 'rolled_back', None)]
    assert rollback.findings(rec) == [] and before['units']['signature_ids'] == ['a', 'b']


@pytest.mark.parametrize('outcome, kind', [
    ({'in_place': False, 'notes': ['x was edited']}, 'not_undone'), ({'failed': 'no root'}, 'failed')])
def test_what_was_not_undone_stays_and_is_told(outcome, kind):
    rec, dummy = settled(**outcome)
    assert list(rec['applied']['units']) == ['a', 'b'] and rec['remedies']['units']['signature_ids'] == ['a', 'b']
    finding, = rollback.findings(rec)
    assert (finding['kind'], finding['signature_id'], finding['data']['role']) == (kind, 'b', 'units')


@pytest.mark.parametrize('ids, more, expected', [
    (['a', 'b'], {}, {'units': [item('a'), item('b')]}), (['b'], {}, {}), (['a', 'b'], {'changed': True}, {}), (['a', 'b'], {'undone': False}, {}),
    (['a', 'b'], {'notes': ['Groups that were made stay.']}, {})])
def test_who_is_asked_whether_it_is_in_place_where_nothing_was_undone(ids, more, expected):
    """Not where another signature may need the same, nor of what was there before any run."""
    one = {**rollback.undone_by(ids, {'in_place': True, 'changed': False}, None), **more}
    assert rollback.doubtful(memory(), {'units': one, 'files': rollback.undone_by(['c'], {'in_place': True}, None)}) == expected
    told = rollback.still_there(one)
    assert not told['undone'] and told['notes'][-1] == rollback.STILL


def test_a_check_run_forgets_nothing():
    rec, dummy = settled(check_mode=True, in_place=False)
    assert list(rec['applied']['units']) == ['a', 'b'] and rollback.findings(rec) == []


@pytest.mark.parametrize('result', [None, 5, [], 'x', {'notes': 5, 'edited': 5}, {'notes': [5], 'edited': [5, {'path': 5, 'diff': 5}, {'diff': {}}]}])
def test_whatever_a_host_says_is_kept_in_its_shape(result):
    found = rollback.undone_by(['a'], result, None)
    assert not found['undone'] and found['notes'] == [] and all(one['diff'] == [] for one in found['edited'])


def test_what_did_not_run_is_not_undone():
    rec = record(journey='rollback', applied=memory())
    rollback.begin(rec, rollback.choose(rec, rec['applied'], 'all', []), {'files': 'cannot'})
    assert [(one['kind'], one['data']['message']) for one in rollback.findings(rec)] == [('failed', 'cannot'), ('not_undone', rollback.NOT_RUN)]


@pytest.mark.parametrize('boot, now, due', [(FIX_BOOT, FIX_BOOT, None), (FIX_BOOT, NEXT_BOOT, ['units']), (None, FIX_BOOT, ['units'])])
def test_a_reboot_is_due_where_the_remedy_was_in_force(boot, now, due):
    rec, before = settled()
    before = {'units': state('a', 'b', boot=boot)}
    found = rollback.reboot_due(rec, before, target(boot_id=now))
    assert (found and found['roles']) == due


@pytest.mark.parametrize('now', ['pending', 'begun'])
def test_a_reboot_that_others_wait_for_stays_due(now):
    rec, before = settled()
    rec['reboot'] = {'roles': ['units'], 'state': now, 'boot_id_before': FIX_BOOT, 'boot_id_after': None}
    assert rollback.reboot_due(rec, before, target(boot_id=FIX_BOOT))['roles'] == ['units']
    assert rollback.reboot_due(rec, {'units': state('b')}, target(boot_id=FIX_BOOT)) is None


@pytest.mark.parametrize('journey, policy, before, after', [
    ('remediate', {'failed': None, 'changed': True}, None, {'run': FIRST, 'at': NOW}), ('remediate', {'failed': None, 'changed': False}, None, None),
    ('remediate', {'failed': 'x'}, None, None), ('remediate', {'failed': None, 'changed': True}, {'run': SECOND, 'at': NOW}, {'run': SECOND, 'at': NOW}),
    ('rollback', {'failed': None, 'changed': True}, {'run': FIRST, 'at': NOW}, None),
    ('rollback', {'failed': 'x'}, {'run': FIRST, 'at': NOW}, {'run': FIRST, 'at': NOW})])
def test_the_policy_is_remembered_until_it_is_undone(journey, policy, before, after):
    rec = record(journey=journey, syslog_policy=policy, policy_applied=before, started=NOW)
    rollback.note_policy(rec, FIRST)
    assert rec['policy_applied'] == after


def test_the_trail_names_what_was_done_in_one_line():
    rec, dummy = settled()
    rec['catalog_digest'] = 'ab' * 32
    assert trails.begins(rec, SECOND) == 'rollback %s begins; catalog sha256:%s; undoes units (b)' % (SECOND, 'ab' * 32)
    assert trails.begins(rec, SECOND, True).endswith('; undoes units (b); undoes syslog policy')
    assert trails.ends(rec, SECOND) == 'rollback %s ends; units (b): undone' % SECOND
    rec['errors'] = [{'stage': 'reboot', 'message': 'x'}]
    assert trails.ends(rec, SECOND).startswith('rollback %s fails at reboot; ' % SECOND)
    rec = record(journey='remediate', remedies={'units': state('a')}, syslog_policy={'failed': None, 'changed': True}, plan=[
        {'signature_id': name, 'role': role, 'action': 'fix'} for name, role in [('a', 'units'), ('b', 'files'), ('c', None)]])
    assert trails.ends(rec, FIRST) == 'remediation %s ends; files (b): not run; units (a): changed; syslog policy: changed' % FIRST
    rec['plan'] *= 1000
    assert len(trails.begins(rec, FIRST)) < 4100
