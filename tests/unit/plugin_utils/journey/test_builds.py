# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the build that a host has installed has the fix: what is claimed, and what is not."""
from __future__ import annotations

import pytest
from builders import FIX_BOOT, found, record, signature, sinks, target

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import builds, plan, surveys
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import host as report_host

PAM, = [one for one in catalog.load() if one['id'] == 'pam-systemd-release-session']


# Pairs as rpm orders them (rpmvercmp.at), and the builds of systemd that are near the fix.
@pytest.mark.parametrize('older, newer', [
    ('1.0', '2.0'), ('2.0', '2.0.1'), ('2.0.1', '2.0.1a'), ('5.5p1', '5.5p2'), ('5.5p1', '5.5p10'), ('xyz10', 'xyz10.1'), ('xyz.4', '8'),
    ('5.5p2', '5.6p1'), ('6.0', '6.0.rc1'), ('10a2', '10b1'), ('1.0~rc1', '1.0'), ('1.0~rc1', '1.0~rc2'), ('1.0', '1.0^'), ('1.0^git1', '1.0.1'),
    ('1.0^git1', '1.01'), ('2a', '2.0'), ('1' * 5000, '2' + '1' * 5000),
    ('239-74.el8_8.5', '239-77'), ('239-9.el8', '239-77'), ('250-12.el9_1.3', '252-2'), ('252-1.el9', '252-2'), ('219-78.el7_9.9', '253')])
def test_older(older, newer):
    assert builds.is_older(older, newer) and not builds.is_older(newer, older)


@pytest.mark.parametrize('one, other', [
    ('1.0', '1.0'), ('2_0', '2.0'), ('fc4', 'fc.4'), ('1.007', '1.7'), ('239-77.el8', '239-77.el8'), ('257-13.el10', '257'), ('', '')])
def test_the_same(one, other):
    assert not builds.is_older(one, other) and not builds.is_older(other, one)


@pytest.mark.parametrize('el, installed, fixed_in, fixed, told, korean', [
    (7, '219-78.el7_9.9', None, False, 'no build of systemd for EL 7 has the fix', 'EL 7용 systemd에는 수정본이 없어'),
    (7, None, None, False, 'no build of systemd for EL 7 has the fix', '수정본이 없어'),
    (7, '999-1', None, False, 'no build of systemd for EL 7 has the fix', '수정본이 없어'),
    (8, '239-74.el8_8.5', '239-77', False, 'systemd 239-74.el8_8.5 is older than 239-77', '이전 버전이므로 업데이트하십시오'),
    (8, '239-77.el8', '239-77', True, 'systemd 239-77.el8 has the fix, which came with 239-77', '수정(239-77부터)이 들어 있습니다'),
    (9, '252-2.el9', '252-2', True, 'has the fix', '들어 있습니다'), (10, '257-13.el10', '253', True, 'has the fix', '들어 있습니다'),
    (9, None, '252-2', None, 'could not be told', '알 수 없습니다'), (None, '252-2.el9', None, None, 'could not be told', '알 수 없습니다')])
def test_what_is_said_of_a_build(el, installed, fixed_in, fixed, told, korean):
    host = target(el=el, packages={'systemd': installed})
    rec = record(target=host, scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(PAM['id'], 2)])})
    rec['plan'] = plan.make(rec, [PAM])
    assert rec['plan'][0]['build'] == {'package': 'systemd', 'installed': installed, 'fixed_in': fixed_in, 'fixed': fixed}
    for language, text in (('en', told), ('ko', korean)):
        note, = [one for one in report_host.note_texts(language, rec) if PAM['id'] in one]
        assert text in note
    unseen = dict(rec, scan=None)
    unseen['plan'] = plan.make(unseen, [PAM])
    assert not [one for one in report_host.note_texts('en', unseen) if PAM['id'] in one]


def test_no_build_is_looked_for_where_no_update_helps():
    assert builds.build_of(signature(), target()) is None
    assert builds.build_of(PAM, target(packages={})) == {'package': 'systemd', 'installed': None, 'fixed_in': '252-2', 'fixed': None}


def test_the_host_is_asked_for_nothing_that_nobody_wants_to_know():
    signatures = [one for one in catalog.load() if one['id'] in (PAM['id'], 'rtkit-canary-starving', 'tmpfiles-acl-missing-group')]
    assert surveys.packages_of(signatures) == {PAM['id']: 'systemd'}
    done = {'unit_drop_in': {'signature_ids': ['rtkit-canary-starving'], 'failed': None}}
    for rec, named, roles in ((record(journey='audit'), [], ['tmpfiles_acl']),
                              (record(journey='audit'), ['rtkit-canary-starving'], ['tmpfiles_acl', 'unit_drop_in']),
                              (record(journey='audit', remedies=done), [], ['tmpfiles_acl', 'unit_drop_in'])):
        assert sorted(surveys.kinds_of(surveys.remediable(rec, signatures, named))) == roles


@pytest.mark.parametrize('opted', [False, True])
def test_the_plan_says_which_safeguard_is_lowered(opted):
    rtkit, = [one for one in catalog.load() if one['id'] == 'rtkit-canary-starving']
    rec = record(scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(rtkit['id'], 2)])})
    rec['plan'] = plan.make(rec, [rtkit], opt_in=[rtkit['id']] if opted else [])
    for language, text in (('en', 'asks for a remedy' if opted else 'only done where log_hygiene_opt_in names it'),
                           ('ko', '지정된, 보호 수준을 낮추는 조치' if opted else '지정한 서버에만')):
        note, = [one for one in report_host.note_texts(language, rec) if rtkit['id'] in one]
        assert text in note and rtkit['remedy']['side_effects'][language].strip() in note


def test_a_lowered_safeguard_that_nobody_names_any_more_is_told():
    rtkit, = [one for one in catalog.load() if one['id'] == 'rtkit-canary-starving']
    rec = record(scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(rtkit['id'], 2)])},
                 remedies={'unit_drop_in': {'signature_ids': [rtkit['id']], 'failed': None, 'in_place': True}})
    rec['plan'] = plan.make(rec, [rtkit], opt_in=[])
    for language, text in (('en', 'no longer names it, but its remedy'), ('ko', '그대로 적용되어 있습니다')):
        note, = [one for one in report_host.note_texts(language, rec) if rtkit['id'] in one]
        assert text in note
