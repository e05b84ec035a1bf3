# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: what is done about each signature on one host."""
from __future__ import annotations

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import plan
from builders import found, record, signature, sinks, target


def planned(sig, count=0, apply='detected', **more):
    rec = record(scan={'sinks': sinks(journal=[found(sig['id'], count)])}, **more)
    return plan.make(rec, [sig], apply)[0]


def test_what_nobody_saw_is_left_alone_unless_asked():
    sig = signature()
    assert (planned(sig)['action'], planned(sig)['role']) == ('none', None)
    assert planned(sig, apply='all')['reason'] == 'asked'
    assert (planned(sig, 3)['action'], planned(sig, 3)['role']) == ('fix', 'tmpfiles_acl')


def test_all_does_not_touch_what_is_only_explained():
    assert planned(signature(disposition='explain', role=None), apply='all')['action'] == 'none'


def test_what_was_remedied_stays_in_the_plan_after_its_lines_have_aged_out():
    remedies = {'tmpfiles_acl': {'signature_ids': ['tmpfiles-acl-missing-group'], 'failed': None}}
    assert planned(signature(), remedies=remedies)['reason'] == 'remedied'


def test_noise_elsewhere_is_a_finding_where_the_signature_does_not_apply():
    sig = signature('vmwgfx-flip-done-timeout', 'divert', 'syslog_exclusions',
                    applies={'when': ["virtualization == 'vmware'", "contains(kernel_modules, 'vmwgfx')"]})
    row = planned(sig, 2)
    assert (row['action'], row['reason'], row['role']) == ('investigate', 'host', None)
    assert planned(sig, 2, target=target(virtualization='vmware', kernel_modules=['vmwgfx']))['action'] == 'divert'
    assert planned(sig, 0, apply='all')['action'] == 'none'


def test_release():
    sig = signature(applies={'el': [7]})
    assert planned(sig, 1)['reason'] == 'release'
    assert planned(sig, 1, target=target(el=7))['action'] == 'fix'
    assert planned(sig, 1, target=target(el=None))['action'] == 'fix'


def test_apply_is_checked():
    with pytest.raises(plan.PlanError, match='log_hygiene_apply'):
        planned(signature(), apply='some')


def test_each_role_gets_its_items_in_the_order_of_the_plan():
    fixes = [signature(str(number), role=role) for number, role in enumerate(['b', 'acme.things.agent', 'b', 'c'])]
    fixes[0]['remedy']['with'], fixes[1]['remedy']['with'] = {'groups': ['adm']}, {'keep': 5}
    rows = [{'role': one['remedy']['role'], 'signature_id': one['id']} for one in fixes[:3]] + [{'role': None, 'signature_id': '3'}]
    assert plan.items(rows, fixes) == {'b': [{'signature_id': '0', 'groups': ['adm']}, {'signature_id': '2'}],
                                       'acme.things.agent': [{'signature_id': '1', 'keep': 5}]}
    assert list(plan.kinds(fixes)) == ['b', 'acme.things.agent', 'c']


def test_a_diversion_is_given_the_signature_and_told_of_the_others():
    diverts = [signature(name, 'divert', 'syslog_exclusions', tests={}) for name in 'abc']
    items = plan.items([{'role': 'syslog_exclusions', 'signature_id': 'b'}], diverts + [signature()])['syslog_exclusions']
    assert [(one['signature_id'], one['signature']['id'], one['keep']) for one in items] == [
        ('a', 'a', True), ('b', 'b', False), ('c', 'c', True)]
    assert set(items[0]['signature']) == {'id', 'revision', 'disposition', 'match', 'tests'}
    assert plan.items([{'role': None, 'signature_id': 'b'}], diverts) == {}


def test_a_remedy_that_lowers_a_safeguard_is_asked_for_by_name():
    sig = signature()
    sig['remedy']['opt_in'] = True
    row = planned(sig, 3)
    assert (row['action'], row['reason'], row['role']) == ('explain', 'opt_in', None)
    assert planned(sig, apply='all')['action'] == 'none'
    rec = record(scan={'sinks': sinks(journal=[found(sig['id'], 3)])})
    asked = plan.make(rec, [sig], opt_in=[sig['id']])[0]
    assert asked['role'] == 'tmpfiles_acl'
    # The plan says what is lowered, asked for or not, and nothing of other remedies.
    assert row['opt_in'] == asked['opt_in'] == sig['remedy']['side_effects']
    assert planned(sig)['opt_in'] is planned(signature(), 3)['opt_in'] is None
    assert [plan.asked_for(one, ['x']) for one in (sig, signature(), signature('x', 'explain', None), dict(sig, id='x'))] == [False, True, True, True]


def test_a_record_that_does_not_say_what_the_host_is_is_an_error_that_names_the_host():
    with pytest.raises(plan.PlanError, match='host web1: .* run the journey from its start'):
        planned(signature(), target=None)


def test_what_cannot_be_asked_of_a_host_is_told_with_the_signature():
    """An expression that is right for other hosts: this one has no rsyslog."""
    with pytest.raises(plan.PlanError, match=r"signature mine: applies.when: .*cannot be asked of this host"):
        planned(signature('mine', applies={'when': ["starts_with(rsyslog, '8')"]}), target=target(rsyslog=None))
