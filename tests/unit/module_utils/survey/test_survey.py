# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the survey decides: which remedies it looks at, from which point on, and for how long it waits."""
from __future__ import absolute_import, division, print_function

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._survey import survey

__metaclass__ = type

FIRST, SECOND = 'a' * 32, 'b' * 32
BOOTS = [{'boot_id': SECOND, 'first_seen': '2026-11-22T16:00:00.500000Z'},
         {'boot_id': FIRST, 'first_seen': '2026-11-20T08:00:00.000000Z'},
         {'boot_id': '', 'first_seen': None}]
BOOTED = '2026-11-22T15:59:58Z'
POINT = {'at': '2026-11-21T09:00:00Z', 'boot_id': FIRST, 'journal_cursor': 's=1', 'log_cursors': {'messages': 'v1 []'}}
IN_PLACE = {'changed': False, 'in_place': True, 'in_place_since': '2026-11-21T10:00:00Z'}
MADE = {'at': '2026-11-21T10:00:00Z', 'boot_id': FIRST, 'journal_cursor': '', 'log_cursors': {}}


def asked(role, point, ids=('one', 'two'), triggers=('boot',)):
    return {'role': role, 'signature_ids': list(ids), 'triggers': list(triggers), 'point': point,
            'wait_for': [{'any_of': list(triggers), 'delay': 0}]}


def items(*ids):
    return [{'signature_id': identity, 'unit': 'x'} for identity in ids]


def groups(points, remedies, looked_at):
    return survey.groups_of(points, remedies, looked_at, lambda: BOOTS, BOOTED)


class TestItems:
    def test_those_that_were_seen_or_remedied(self):
        kinds = {'acl': items('one', 'two', 'three'), 'unit': items('four')}
        sinks = {'journal': {'signatures': [{'id': 'one', 'count': 0}, {'id': 'two', 'count': 1}]},
                 'messages': {'signatures': [{'id': 'one', 'count': 2}]}}
        seen = survey.seen_in(sinks)
        assert seen == {'one', 'two'}
        assert survey.ids_by_role(kinds, seen) == {'acl': {'one', 'two'}}
        assert survey.ids_by_role(kinds, ['four', 'two']) == {'acl': {'two'}, 'unit': {'four'}}
        assert survey.ids_by_role(kinds, []) == {}


class TestPoints:
    @pytest.mark.parametrize('state, point', [
        (None, POINT),
        (IN_PLACE, POINT),
        (dict(IN_PLACE, changed=True), MADE),
        (dict(IN_PLACE, in_place=False), None),
        ({'failed': 'no such unit'}, None)])
    def test_a_recorded_one_holds_while_the_remedy_is_as_it_was_left(self, state, point):
        remedies = {} if state is None else {'acl': state}
        found = groups([asked('acl', POINT)], remedies, {'acl': {'one', 'two'}})
        assert [one['point'] for one in found] == ([] if point is None else [point])

    @pytest.mark.parametrize('since, at, boot_id', [
        ('2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z', FIRST),
        ('2026-11-22T16:00:00.5Z', '2026-11-22T16:00:00.5Z', SECOND),
        ('2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', None),
        (None, BOOTED, FIRST)])
    def test_one_is_made_of_since_when_the_remedy_is_in_place(self, since, at, boot_id):
        found = groups([asked('acl', None)], {'acl': dict(IN_PLACE, in_place_since=since)}, {'acl': {'one'}})
        assert [(one['point']['at'], one['point']['boot_id']) for one in found] == [(at, boot_id)]
        assert found[0]['signature_ids'] == ['one']  # of the other nothing was looked at

    def test_without_a_state_and_without_a_point_there_is_none(self):
        assert groups([asked('acl', None)], {}, {}) == []

    def test_equal_ones_are_looked_at_once(self):
        points = [asked('acl', POINT), asked('unit', dict(POINT), ['three'], ['boot', 'login']), asked('user', MADE)]
        found = groups(points, {}, {})
        assert [(one['roles'], one['signature_ids'], one['triggers']) for one in found] == [
            (['acl', 'unit'], ['one', 'two', 'three'], ['boot', 'login']), (['user'], ['one', 'two'], ['boot'])]
        assert found[0]['wait_for'] == [{'any_of': ['boot'], 'delay': 0}, {'any_of': ['boot', 'login'], 'delay': 0}]


class TestWaiting:
    HOST = {'boot_id': SECOND, 'boot_time': '2026-11-22T16:00:00Z', 'now': '2026-11-22T16:14:59.999999Z'}

    @pytest.mark.parametrize('now, boot_id, check_mode, seconds', [
        ('2026-11-22T16:14:59.999999Z', FIRST, False, 300),
        ('2026-11-22T16:14:59.999999Z', None, False, 300),
        ('2026-11-22T16:15:00Z', FIRST, False, 0),
        ('2026-11-22T16:14:59.999999Z', SECOND, False, 0),
        ('2026-11-22T16:14:59.999999Z', FIRST, True, 0)])
    def test_only_soon_after_a_boot_that_came_after_the_point(self, now, boot_id, check_mode, seconds):
        point = dict(POINT, boot_id=boot_id)
        assert survey.seconds_to_wait(300, point, dict(self.HOST, now=now), check_mode) == seconds


@pytest.mark.parametrize('sinks, there', [
    ({'messages': '/var/log/messages', 'secure': '/var/log/secure'}, ['messages', 'secure', 'diverted']),
    ({'messages': None, 'secure': '/var/log/secure'}, ['secure', 'diverted']),
    ({'messages': None, 'secure': None}, ['diverted'])])
def test_a_log_that_is_not_there_is_left_out(sinks, there):
    assert [sink for sink, _paths in survey.text_paths({'sinks': sinks})] == there


@pytest.mark.parametrize('error, text', [
    (ValueError(u'\ud55c'), u'\ud55c'), (KeyError('x'), u"KeyError: 'x'"), (ValueError('plain'), u'plain')])
def test_why(error, text):
    assert survey.reason_of(error) == text
