# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that brings alerts, in its parts: what it reads, what it says, how much of it goes when."""
from __future__ import absolute_import, division, print_function

import io
import os
import struct
import sys
import types

import hypothesis
import pytest
from hypothesis import strategies

from ansible_collections.loghygiene.rhel.plugins.module_utils import journal_position

__metaclass__ = type

CONFIG = {'severities': ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'],
          'facilities': ['facility%d' % number for number in range(24)]}


@pytest.fixture(scope='session')
def program(collection):
    """The program as a module. It has no suffix, and importing it must leave nothing beside it."""
    path = os.path.join(collection, 'roles', 'syslog_policy', 'files', 'alerts')
    sys.modules['journal_position'] = journal_position  # which the role installs beside it
    module = types.ModuleType(str('alerts_program'))
    with io.open(path, 'rb') as source:
        exec(compile(source.read(), path, 'exec'), module.__dict__)  # pylint: disable=exec-used
    return module


def rule(count=3, seconds=60, **more):
    return dict({'name': u'severe', 'severities': [0, 1, 2], 'facilities': list(range(24)), 'sender': None,
                 'mail': ['a@example.com', 'b@example.com'], 'smtp': None, 'command': [],
                 'limit': {'count': count, 'seconds': seconds}}, **more)


def alert(program, text=u'text', number=0, **fields):
    found = {b'__CURSOR': b's=0;i=0;b=0;m=0;t=0;x=' + ('%x' % number).encode('ascii'), b'MESSAGE': text.encode('utf-8'),
             b'__REALTIME_TIMESTAMP': b'1795363200000000', b'PRIORITY': b'2', b'_HOSTNAME': b'web1'}
    found.update((name.encode('ascii'), value) for name, value in fields.items())
    return program.alert_of(dict((name, (value, len(value))) for name, value in found.items()))


def export(*found):
    """Entries in the export format: values with line ends or control characters with their size."""
    text = b''
    for entry in found:
        for name, value in entry:
            if b'\n' in value or b'\0' in value:
                text += name + b'\n' + struct.pack('<Q', len(value)) + value + b'\n'
            else:
                text += name + b'=' + value + b'\n'
        text += b'\n'
    return text


FIELD = strategies.tuples(strategies.sampled_from([b'MESSAGE', b'PRIORITY', b'_COMM', b'UNKNOWN', b'X']),
                          strategies.binary(max_size=40) | strategies.builds(
                              lambda size, end: b'x' * size + end, strategies.integers(16380, 16390),
                              strategies.sampled_from([b'', b'\n', b'=', b'y' * 70000])))


@hypothesis.given(strategies.lists(strategies.lists(FIELD, min_size=1, max_size=4), max_size=4))
def test_entries_as_journalctl_exports_them(program, found):
    expected = []
    for entry in found:
        fields = {}
        for name, value in entry:
            if name in program.FIELDS:
                fields.setdefault(name, (value, len(value)))
        if fields:
            expected.append(fields)
    result = list(program.entries(io.BytesIO(export(*found))))
    assert [sorted(one) for one in result] == [sorted(one) for one in expected]
    for one, other in zip(result, expected):
        for name, (value, size) in one.items():
            assert size == other[name][1]
            assert other[name][0].startswith(value) and (value == other[name][0] or len(value) >= 16000)


@hypothesis.given(strategies.integers(0, 400))
def test_an_entry_that_breaks_off_is_left_out(program, length):
    whole = export([(b'__CURSOR', b'a'), (b'MESSAGE', b'x' * 100)], [(b'__CURSOR', b'b'), (b'MESSAGE', b'y\n' * 100)])
    result = list(program.entries(io.BytesIO(whole[:length])))
    assert [one[b'__CURSOR'][0] for one in result] == [b'a', b'b'][:sum(length >= end for end in (
        len(export([(b'__CURSOR', b'a'), (b'MESSAGE', b'x' * 100)])), len(whole)))]


def test_remarks_of_journalctl_are_no_fields(program):
    text = b'-- Reboot --\n' + export([(b'MESSAGE', b'x')])
    assert list(program.entries(io.BytesIO(text))) == [{b'MESSAGE': (b'x', 1)}]


@pytest.mark.parametrize('priority, facility, expected', [
    (b'0', b'0', (0, 0)), (b'7', b'23', (7, 23)), (b'8', b'24', (5, 1)), (b'', b'', (5, 1)), (b'x', b'-1', (5, 1)),
    (b'2', b'32', (2, 1)), (b'2', b'4 ', (2, 1)), (b'2', b'\xd9\xa3', (2, 1)), (b'2', b'0' * 5000, (2, 1))])
def test_numbers_as_rsyslogd_reads_them(program, priority, facility, expected):
    found = alert(program, PRIORITY=priority, SYSLOG_FACILITY=facility)
    assert (found['severity'], found['facility']) == expected


def test_an_entry_with_nothing_in_it(program):
    found = program.alert_of({b'__CURSOR': (b's=1;i=1;b=1;m=1;t=1;x=1', 23)})
    assert (found['text'], found['program'], found['severity'], found['facility']) == (u'', u'unknown', 5, 1)
    assert program.compose(item(found), rule(), CONFIG)['subject'].endswith(u': unknown:')


def item(found, **more):
    return dict({'kind': 'alert', 'id': found['id'], 'queued': 1795363200.0, 'withheld': False, 'alert': found}, **more)


@hypothesis.given(strategies.binary(max_size=60), strategies.binary(max_size=60))
def test_no_message_can_write_headers_or_act_on_a_terminal(program, text, name):
    found = alert(program, MESSAGE=text, SYSLOG_IDENTIFIER=name)
    said = program.compose(item(found), rule(), CONFIG)
    assert not program.UNSAFE.search(said['text']) and not program.UNSAFE.search(said['subject'])
    assert u'\n' not in said['subject'] and len(said['subject']) <= 120
    assert not [value for value in said['fields'].values() if u'\0' in value or u'\n' in value]
    lines = said['text'].split(u'\n')
    begin = lines.index(u'Message:')
    assert all(line.startswith(u'    ') for line in lines[begin + 1:-3])
    sender, mail = program.letter(item(found), rule(), CONFIG)
    head = mail.partition('\n\n')[0]
    names = [line.partition(':')[0] for line in head.split('\n') if not line.startswith((' ', '\t'))]
    assert sorted(names) == sorted(['Content-Type', 'MIME-Version', 'Content-Transfer-Encoding', 'Subject', 'From',
                                    'To', 'Date', 'Message-ID', 'Auto-Submitted'])
    assert mail.encode('ascii')


def test_the_same_alert_of_the_same_rule_has_the_same_id(program):
    def number(found, name=u'severe'):
        return program.letter(item(found), rule(name=name), CONFIG)[1].partition('Message-ID: ')[2].partition('\n')[0]
    copied = alert(program, __CURSOR=b's=9;i=9;b=0;m=0;t=0;x=0')
    assert number(alert(program)) == number(copied)
    assert number(alert(program)) != number(alert(program, number=1))
    assert number(alert(program)) != number(alert(program), u'other')


def route(program, **more):
    return program.Route(rule(**more), 'mail', {})


def feed(program, one, numbers, now):
    for number in numbers:
        one.take(alert(program, u'disk sd%d' % number, number), now)


def test_a_window(program):
    one = route(program)
    feed(program, one, range(3), 1000)
    assert len(one.queue) == 3 and one.state['digest'] is None
    feed(program, one, range(3, 10), 1059)
    assert len(one.queue) == 3 and one.state['digest']['count'] == 7
    assert [group['count'] for group in one.state['digest']['groups'].values()] == [7]
    assert not one.turn(1059) and one.turn(1060)
    assert [waiting['kind'] for waiting in one.queue] == ['alert'] * 3 + ['digest']
    feed(program, one, [10], 1061)
    assert one.queue[-1]['kind'] == 'alert' and one.window_end() == 1121
    assert one.turn(2000) and len(one.queue) == 5 and one.window_end() is None


def test_a_clock_set_back_ends_the_window(program):
    one = route(program)
    feed(program, one, range(5), 1000)
    assert one.turn(10) and one.queue[-1]['kind'] == 'digest'


def test_a_queue_that_is_full_loses_nothing(program):
    one = route(program, count=2, seconds=10)
    for number in range(500):
        feed(program, one, [number], number * 11)
    assert len(one.queue) == program.QUEUE
    assert len(one.queue) + one.state['digest']['count'] == 500
    del one.queue[:50]
    feed(program, one, [500], 9999)
    gathered = [waiting['digest']['count'] for waiting in one.queue if waiting['kind'] == 'digest']
    assert gathered == [400] and one.queue[-1]['kind'] == 'alert'  # in order, and at once again


def test_a_digest_tells_only_so_many_kinds_apart_and_counts_all(program):
    one = route(program, count=1)
    for number in range(300):
        one.take(alert(program, u'x', SYSLOG_IDENTIFIER=b'p' * (number % 59 + 1)), 1000)
    one.turn(2000)
    digest = one.queue[1]['digest']
    assert len(digest['groups']) == program.GROUPS and digest['rest'] and digest['count'] == 299
    assert sum(group['count'] for group in digest['groups'].values()) + digest['rest'] == 299
    said = program.compose(one.queue[1], rule(), CONFIG)
    assert said['subject'] == '[crit] web1: 299 more messages' and said['fields']['COUNT'] == '299'
    assert u'    %d of other kinds\n' % digest['rest'] in said['text']


class Finished:
    def __init__(self, waiting, error=None, refused=False):
        self.item, self.error, self.refused, self.done = waiting, error, refused, True


def test_back_off(program):
    one = route(program)
    feed(program, one, [1, 2], 1000)
    pauses = []
    for _attempt in range(9):
        one.delivery = Finished(one.queue[0], u'refused')
        assert one.finish(1000)
        pauses.append(one.retry_at - 1000)
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert len(one.queue) == 2 and one.state['failing_since'] == 1000
    one.delivery = Finished(one.queue[0])
    assert one.finish(2000)
    assert len(one.queue) == 1 and one.state['failing_since'] is None and one.state['delivered'] == 1
    one.delivery = Finished(one.queue[0], u'refused')
    one.finish(3000)
    assert one.retry_at == 3005


def test_what_a_server_refuses_goes_without_its_text(program):
    one = route(program)
    feed(program, one, [1], 1000)
    one.delivery = Finished(one.queue[0], u'554 junk', refused=True)
    assert one.finish(1000) and one.retry_at == 0
    said = program.compose(one.queue[0], rule(), CONFIG)
    assert u'disk' not in said['text'] + said['subject'] and u'refused this message' in said['text']


def test_local_time_has_its_offset(program, monkeypatch):
    for zone, expected in (('Asia/Seoul', '2026-11-22 21:00:00 +09:00'), ('UTC', '2026-11-22 12:00:00 +00:00'),
                           ('America/St_Johns', '2026-11-22 08:30:00 -03:30')):
        monkeypatch.setenv('TZ', zone)
        program.time.tzset()
        assert program.local_time(1795348800.9) == expected
    monkeypatch.undo()
    program.time.tzset()


def test_a_state_from_nowhere_and_a_damaged_one(program, tmp_path):
    path = str(tmp_path / 'alerts.json')
    fresh = program.load_state(path)
    assert fresh['cursor'] is None and fresh['rules'] == {}
    good = 's=%s;i=1;b=%s;m=3;t=4;x=5' % ('0a' * 16, '0b' * 16)
    program.save(dict(fresh, cursor=good), path)
    assert program.load_state(path)['cursor'] == good
    program.save(dict(fresh, cursor=good + ';k=' + '0b' * 16), path)
    assert program.load_state(path)['cursor'] == good + ';k=' + '0b' * 16
    assert os.listdir(str(tmp_path)) == ['alerts.json'] and os.stat(path).st_mode & 0o777 == 0o600
    for wrong in ('--help', 7, ';k=x'):
        program.save(dict(fresh, cursor=wrong), path)
        assert program.load_state(path)['cursor'] is None


@pytest.mark.parametrize('fields, ours', [
    ({b'_SYSTEMD_UNIT': b'log-hygiene-alerts.service', b'_UID': b'0', b'_GID': b'190'}, True),
    # From a `logger` of a command that ended before journald looked for its unit.
    ({b'_UID': b'0', b'_GID': b'190'}, True),
    ({b'_UID': b'1000', b'_GID': b'190'}, False),
    ({b'_UID': b'0', b'_GID': b'0'}, False),
    ({b'_SYSTEMD_UNIT': b'agent.service', b'_UID': b'0', b'_GID': b'190'}, False),
    ({}, False),
])
def test_only_what_we_and_our_commands_say_is_passed_over(program, monkeypatch, fields, ours):
    monkeypatch.setattr(os, 'getegid', lambda: 190)
    found = dict((name, (value, len(value))) for name, value in fields.items())
    assert program.Service._is_ours(found) == ours  # pylint: disable=protected-access


def test_without_a_group_of_its_own_only_the_unit_tells(program, monkeypatch):
    monkeypatch.setattr(os, 'getegid', lambda: 0)
    assert not program.Service._is_ours({b'_UID': (b'0', 1), b'_GID': (b'0', 1)})  # pylint: disable=protected-access
