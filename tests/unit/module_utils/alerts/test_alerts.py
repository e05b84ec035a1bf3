# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the alert program is told, and the judgement whether alerts reach a person."""
from __future__ import absolute_import, division, print_function

import json

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._alerts import _program as alerts
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps

__metaclass__ = type

NOW = timestamps.from_text('2026-11-22T16:00:00Z')
RUNNING = {'LoadState': 'loaded', 'ActiveState': 'active', 'SubState': 'running', 'UnitFileState': 'enabled',
           'NeedDaemonReload': 'no', 'ExecStart': '{ path=/usr/bin/python3 ; argv[]=/usr/bin/python3 -Es '
           '/usr/local/libexec/log_hygiene/alerts ; ignore_errors=no ; start_time=[n/a] ; pid=0 }'}


def rule(name=u'severe', **alert):
    return {'name': name, 'facilities': [0, 4], 'severities': [0, 1, 2], 'keep_days': None, 'file': None,
            'forward': None, 'separate': False,
            'alert': dict({'mail': [], 'smtp': None, 'sender': None, 'command': [],
                           'limit': {'count': 5, 'seconds': 600}}, **alert)}


def silent(name=u'other'):
    return dict(rule(name), alert=None)


def seconds(ago):
    return NOW // timestamps.SECOND - ago


def test_configuration():
    text = alerts.configuration([silent(), rule(mail=['a@example.com'], smtp={'host': 'mx', 'port': 25}),
                                 rule(u'병원', command=['/bin/x', 'y'])])
    config = json.loads(text)
    assert [one['name'] for one in config['rules']] == [u'severe', u'병원']
    assert config['rules'][0]['smtp'] == {'host': 'mx', 'port': 25} and config['rules'][0]['command'] == []
    assert config['rules'][1]['command'] == ['/bin/x', 'y'] and config['rules'][1]['facilities'] == [0, 4]
    assert config['severities'][2] == 'crit' and config['facilities'][10] == 'authpriv'
    assert text == text.encode('ascii').decode('ascii') and text.endswith('}\n')
    assert not [line for line in text.splitlines() if line != line.rstrip()]  # Python 2 would leave blanks
    assert alerts.configuration([silent()]) is None and alerts.configuration([]) is None


def test_a_host_that_masks_messages_is_told_of_only_where_it_does():
    assert json.loads(alerts.configuration([rule(command=['/bin/x'])], masked=True))['masked'] is True
    assert 'masked' not in json.loads(alerts.configuration([rule(command=['/bin/x'])]))


def test_what_is_exempt_goes_into_the_configuration_and_is_told():
    known = {'id': 'rhel-x', 'revision': 3, 'match': {'regex': '^x$', 'boot_seconds': 300, 'literal': 'x', 'priority': 'crit'}}
    assert json.loads(alerts.configuration([rule(command=['/bin/x'])], [known]))['exempt'] == [
        {'id': 'rhel-x', 'revision': 3, 'regex': '^x$', 'boot_seconds': 300}]
    assert json.loads(alerts.configuration([rule(command=['/bin/x'])]))['exempt'] == []
    assert alerts.configuration([silent()], [known]) is None
    assert alerts.exempted({}) == []
    assert alerts.exempted({'exempted': {'rhel-x': {'count': 4, 'first': seconds(60), 'last': seconds(1)}}}) == [
        {'signature_id': 'rhel-x', 'count': 4, 'first': '2026-11-22T15:59:00.000000Z', 'last': '2026-11-22T15:59:59.000000Z'}]


def test_who_reaches_the_terminals_alone_is_told():
    wall = ['/usr/bin/wall']
    rules = [rule(command=wall), rule(u'mailed', mail=['a@example.com'], command=wall), silent()]
    assert [note.split(':')[0] for note in alerts.notes(rules)] == ['rule severe']


def test_receivers():
    smtp = {'host': '::1', 'port': 25}
    rules = [rule('a', mail=['x@example.com'], smtp=smtp, command=['/bin/a', 'b']), rule('b', mail=['x@example.com']),
             silent()]
    assert alerts.receivers(rules) == ([('a', '::1', 25)],
                                       [('a', '/bin/a'), ('b', '/usr/sbin/sendmail')])


def test_a_unit_that_works():
    shown = ''.join('%s=%s\n' % item for item in RUNNING.items())
    assert alerts.parse_show(shown) == RUNNING
    assert alerts.unit_problems(RUNNING) == []
    assert alerts.interpreter(RUNNING) == '/usr/bin/python3'


@pytest.mark.parametrize('change, told', [
    ({'LoadState': 'not-found'}, 'is not-found, so alerts reach nobody: run the role syslog_policy'),
    ({'LoadState': 'masked'}, 'is masked'),
    ({'ActiveState': 'inactive', 'SubState': 'dead'}, 'is inactive, so alerts reach nobody: systemctl restart'),
    ({'ActiveState': 'failed', 'SubState': 'failed'}, 'is failed'),
    ({'ActiveState': 'activating', 'SubState': 'auto-restart'}, 'fails and is started again and again'),
    ({'UnitFileState': 'disabled'}, 'is disabled, so alerts end with the next boot: systemctl enable'),
    ({'UnitFileState': ''}, 'is not enabled'),
    ({'NeedDaemonReload': 'yes'}, 'systemctl daemon-reload'),
    ({'ExecStart': '{ path=/bin/true ; argv[]=/bin/true ; }'}, 'does not run /usr/local/libexec/log_hygiene/alerts'),
    ({'ExecStart': '{ path=/usr/bin/python3 ; argv[]=/usr/bin/python3 /tmp/usr/local/libexec/log_hygiene/alerts ; }'},
     'does not run'),
])
def test_a_unit_that_does_not(change, told):
    problems = alerts.unit_problems(dict(RUNNING, **change))
    assert len(problems) == 1 and told in problems[0]


def test_without_systemd():
    assert alerts.unit_problems({})[0].startswith('log-hygiene-alerts.service is unknown')


def test_files():
    assert alerts.file_problems('aa', 'aa', 'text', 'text') == []
    assert alerts.file_problems('aa', None, 'text', 'text') == []
    for program, checksum, config, told in [
        (None, 'aa', 'text', 'journal_position.py is not there'), ('bb', 'aa', 'text', 'not the program of this collection'),
        ('aa', 'aa', None, 'alerts.json is not there'), ('aa', 'aa', 'other', 'does not say what the policy says'),
    ]:
        problems = alerts.file_problems(program, checksum, config, 'text')
        assert len(problems) == 1 and told in problems[0] and problems[0].endswith('run the role syslog_policy')


def channel(queued=(), gathered=0, **more):
    return dict({'queue': [{'kind': 'alert', 'queued': seconds(ago)} for ago in queued], 'delivered': 7,
                 'digest': {'count': gathered} if gathered else None, 'last_delivered': seconds(100),
                 'last_error': None}, **more)


def state(**channels):
    return {'starts': [seconds(9000), seconds(50)], 'journal_error': None, 'rules': {'severe': channels}}


def test_a_state_that_is_well():
    assert alerts.state_problems({}, [rule()], NOW, 15) == []
    assert alerts.state_problems(state(mail=channel([60, 50], 1000)), [rule()], NOW, 15) == []
    # The last error is history once its alert was delivered.
    old = channel(last_error={'time': seconds(9000), 'text': 'connection refused'})
    assert alerts.state_problems(state(mail=old), [rule()], NOW, 15) == []
    # Of a rule that alerts no more.
    assert alerts.state_problems(state(mail=channel([9999])), [silent(u'severe')], NOW, 15) == []


def test_alerts_that_wait_too_long():
    stuck = channel([901, 5], 10, last_error={'time': seconds(1), 'text': 'mail server mx, port 25: refused'})
    stuck['queue'].append({'kind': 'digest', 'queued': seconds(3), 'digest': {'count': 30}})
    found = state(mail=stuck, command=channel([1]))
    assert alerts.state_problems(found, [rule()], NOW, 15) == [
        'rule severe: 42 alerts wait for mail, the oldest since 2026-11-22T15:44:59.000000Z (mail server mx, port 25: '
        'refused): mend that, they are sent then']
    assert alerts.state_problems(found, [rule()], NOW, 16) == []
    assert alerts.channels(found, [rule(), silent()])[1] == {
        'rule': 'severe', 'channel': 'mail', 'delivered': 7, 'pending': 42,
        'pending_since': '2026-11-22T15:44:59.000000Z', 'last_delivered': '2026-11-22T15:58:20.000000Z',
        'last_error': 'mail server mx, port 25: refused', 'last_error_at': '2026-11-22T15:59:59.000000Z',
        'set_aside': 0}


def test_what_is_gathered_of_users_waits_as_well_and_the_oldest_need_not_be_the_first():
    stuck = channel([5, 901], 10, others={'window': None, 'digest': {'count': 7}})
    assert alerts.channels(state(mail=stuck), [rule()])[0]['pending'] == 19
    assert '19 alerts wait for mail, the oldest since 2026-11-22T15:44:59' in alerts.state_problems(
        state(mail=stuck), [rule()], NOW, 15)[0]


def test_what_was_set_aside_is_told_for_a_month():
    aside = [{'time': seconds(40 * 86400), 'kind': 'alert', 'count': 1, 'cursor': 's=0', 'error': 'x'},
             {'time': seconds(30 * 86400), 'kind': 'digest', 'count': 12, 'cursor': 's=1', 'error': 'x'},
             {'time': seconds(60), 'kind': 'alert', 'count': 1, 'cursor': 's=2', 'error': 'ended with status 3'}]
    found = state(command=channel(aside=aside, set_aside=14))
    assert alerts.state_problems(found, [rule()], NOW, 15) == [
        "rule severe: 13 alerts reached nobody: command took others and not these, the last 2026-11-22T15:59:00.000000Z "
        "(ended with status 3). Read it: journalctl -o verbose -n 1 --cursor='s=2'"]
    assert alerts.channels(found, [rule()])[0]['set_aside'] == 14


def test_restarts_again_and_again():
    restless = dict(state(), starts=[seconds(ago) for ago in (700, 500, 400, 300, 200)])
    assert alerts.state_problems(restless, [rule()], NOW, 15) == []
    restless['starts'].append(seconds(100))
    assert 'was started 5 times in 10 minutes' in alerts.state_problems(restless, [rule()], NOW, 15)[0]


def test_a_journal_that_cannot_be_read():
    broken = dict(state(), journal_error={'time': seconds(60), 'text': 'journalctl ended with status 1'})
    assert alerts.state_problems(broken, [rule()], NOW, 15) == [
        'log-hygiene-alerts.service cannot read the journal since 2026-11-22T15:59:00.000000Z (journalctl ended with '
        'status 1): mend the journal, or see journalctl -u log-hygiene-alerts.service']


def test_a_state_as_the_program_writes_it_is_read():
    found = state(mail=channel([901]))
    assert alerts.read_state(json.dumps(found), [rule()], NOW, 15) == (
        found, alerts.state_problems(found, [rule()], NOW, 15))
    assert len(alerts.read_state(json.dumps(found), [rule()], NOW, 15)[1]) == 1


@pytest.mark.parametrize('text', [
    '', '{', '[]', '{}', 'null', '5', '[5]', '"x"', '[' * 100000] + [json.dumps(dict(state(mail=channel()), **change)) for change in (
        {'starts': None}, {'starts': 5}, {'starts': ['x']}, {'last_seen': 'x'},
        {'journal_error': 5}, {'exempted': [1]}, {'exempted': {'a': 5}}, {'rules': []}, {'rules': None},
        {'rules': {'severe': None}}, {'rules': {'severe': {'mail': 5}}})] + [json.dumps(state(mail=channel(**change))) for change in (
            {'queue': 5}, {'queue': [5]}, {'queue': [{'kind': 'alert'}]}, {'digest': 5}, {'others': 5},
            {'last_error': 5}, {'aside': [5]}, {'last_delivered': 'x'})])
def test_a_state_of_another_shape_is_damaged(text):
    with pytest.raises(ValueError):
        alerts.read_state(text, [rule()], NOW, 15)
