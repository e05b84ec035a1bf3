# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that brings alerts, in its parts: what it reads, what it says, how much of it goes when."""
from __future__ import absolute_import, division, print_function

import io
import itertools
import json
import os
import struct
import sys
import types

import hypothesis
import pytest
from hypothesis import strategies

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import position as journal_position

__metaclass__ = type

CONFIG = {'severities': ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'],
          'facilities': ['facility%d' % number for number in range(24)]}


@pytest.fixture(scope='session')
def program(collection):
    """The program as a module. Importing it must leave nothing beside it."""
    path = os.path.join(collection, 'roles', 'syslog_policy', 'files', 'alerts.py')
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
             b'__REALTIME_TIMESTAMP': b'1795363200000000', b'PRIORITY': b'2', b'_HOSTNAME': b'web1',
             b'_TRANSPORT': b'syslog', b'_UID': b'0'}
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


@pytest.mark.parametrize('fields, source', [
    ({'_TRANSPORT': b'kernel', 'SYSLOG_FACILITY': b'0', '_UID': b''}, u'kernel'),
    ({'_TRANSPORT': b'kernel', 'SYSLOG_FACILITY': b'1', '_UID': b''}, u'root'),  # root, through /dev/kmsg
    ({'_TRANSPORT': b'driver'}, u'root'),  # journald
    ({'_TRANSPORT': b'journal', 'SYSLOG_FACILITY': b'0', 'SYSLOG_IDENTIFIER': b'kernel', '_UID': b'1000'}, u'uid 1000'),
    ({'_TRANSPORT': b'audit'}, u'audit'), ({'_UID': b''}, u'unknown'), ({'_UID': b'0x0'}, u'unknown'),
    ({'_UID': b'0' * 5000}, u'unknown')])
def test_who_wrote_it_is_told_by_what_nobody_can_forge(program, fields, source):
    found = alert(program, **fields)
    assert found['source'] == source and program.is_trusted(source) == (source in (u'kernel', u'root'))
    said = program.compose(item(found), rule(), CONFIG)
    assert u'\nSource:   %s\n' % source in said['text'] and said['fields']['SOURCE'] == source


KERNEL = {'_TRANSPORT': b'kernel', 'SYSLOG_FACILITY': b'0', '_UID': b'', '__MONOTONIC_TIMESTAMP': b'300000000'}


@pytest.mark.parametrize('fields, exempt', [
    ({}, True), ({'__MONOTONIC_TIMESTAMP': b'1'}, True), ({'PRIORITY': b'3'}, True),
    ({'__MONOTONIC_TIMESTAMP': b'300000001'}, False), ({'__MONOTONIC_TIMESTAMP': b'86400000000'}, False),
    ({'__MONOTONIC_TIMESTAMP': b''}, False), ({'__MONOTONIC_TIMESTAMP': b'-1'}, False),
    ({'SYSLOG_FACILITY': b'1'}, False), ({'SYSLOG_FACILITY': b'00'}, False),  # root, through /dev/kmsg
    ({'_TRANSPORT': b'syslog', 'SYSLOG_IDENTIFIER': b'kernel', '_UID': b'0'}, False),
    ({'PRIORITY': b'1'}, False), ({'PRIORITY': b'0'}, False),
    ({'MESSAGE': b'a driver is old and the disk fails'}, False), ({'MESSAGE': b'a driver is old' + b'x' * 20000}, False)])
def test_only_what_the_kernel_itself_writes_soon_after_a_boot_is_exempt(program, fields, exempt):
    known = program.Exemptions([{'id': 'boot', 'regex': '^a driver is old$', 'boot_seconds': 300}])
    given = dict({'MESSAGE': b'a driver is old'}, **dict(KERNEL, **fields))
    found = dict((name.encode('ascii'), (value[:program.FIELD_SIZE], len(value))) for name, value in dict(
        {'__CURSOR': b's=0;i=0;b=0;m=0;t=0;x=0', 'PRIORITY': b'2', '__REALTIME_TIMESTAMP': b'1'}, **given).items())
    assert known.of(found, program.alert_of(found)) == ('boot' if exempt else None)


def test_an_exemption_is_bounded_and_one_that_cannot_be_used_alerts(program, capfd):
    fields = dict(KERNEL, MESSAGE=b'x', __MONOTONIC_TIMESTAMP=b'%d' % (10**6 * (program.EXEMPT_SECONDS + 1))
                  if str is not bytes else str(10**6 * (program.EXEMPT_SECONDS + 1)))
    found = dict((name.encode('ascii'), (value, len(value))) for name, value in fields.items())
    known = program.Exemptions([{'id': 'a', 'regex': '(', 'boot_seconds': 1}, {'id': 'b'}, None,
                                {'id': 'c', 'regex': '^x$', 'boot_seconds': 10**9}])
    assert known.of(found, dict(alert(program, **fields), severity=2)) is None
    assert capfd.readouterr()[1].count('cannot be used, so such messages alert') == 3


def says(program, one, text, uid=1000, severity=2, now=1000, **fields):
    one.take(alert(program, text, _UID=str(uid).encode('ascii'), PRIORITY=str(severity).encode('ascii'), **fields), now)


def texts(one):
    """What waits, in the order it goes in: texts of alerts, digests as lists of (count, text)."""
    found, rest = [], list(one.queue)
    while rest:
        trusted = [waiting for waiting in rest if waiting['trusted']]
        waiting = (trusted or rest)[0]
        rest.remove(waiting)
        found.append(waiting['alert']['text'] if waiting['kind'] == 'alert' else [
            (group['count'], group['text']) for group in waiting['digest']['groups'].values()])
    return found


def test_what_a_user_floods_does_not_delay_the_kernel_or_root(program):
    one = route(program, count=3)
    for number in range(300):
        says(program, one, u'flood %s' % chr(97 + number % 26))
    says(program, one, u'disk failed', uid=0)
    says(program, one, u'CPU on fire', SYSLOG_FACILITY=b'0', _TRANSPORT=b'kernel')
    assert texts(one)[:2] == [u'disk failed', u'CPU on fire'] and len(texts(one)) == 5
    assert one.next_item(1000)['alert']['text'] == u'disk failed'
    assert one.state['digest'] is None and one.state['others']['digest']['count'] == 297
    assert one.digest_at() == 1060
    one.turn(1060)
    # A queue that is full of what users say has room for root.
    for window in range(2, 60):
        for _number in range(4):
            says(program, one, u'flood', now=1000 + 61 * window)
    says(program, one, u'disk failed again', uid=0, now=9000)
    assert one.queue[-1]['alert']['text'] == u'disk failed again'
    assert sum(1 for waiting in one.queue if not waiting['trusted']) == program.QUEUE


def digest_of(program, one):
    one.turn(2000)
    return [waiting['digest'] for waiting in one.queue if waiting['kind'] == 'digest']


def test_what_the_host_masks_is_in_no_alert(program):
    """Neither in the text nor in the subject of an alert, nor in a digest: where the entry is, is told."""
    one, masked = route(program, count=1), dict(CONFIG, masked=True)
    for number in range(3):
        says(program, one, u'login from 203.0.113.%d' % number, uid=0)
    assert digest_of(program, one)
    for waiting in one.queue:
        said = program.compose(waiting, rule(), masked)
        assert u'203.0.113' not in said['text'] + said['subject'] + u''.join(said['fields'].values())
        assert program.MASKED in said['text'] and u'journalctl -o verbose' in said['text']
        assert u'203.0.113' in program.compose(waiting, rule(), CONFIG)['text']


def test_many_kinds_of_crit_do_not_push_an_emergency_out(program):
    one = route(program, count=1)
    for number in range(65):
        says(program, one, u'kind ' + u'x' * number, uid=0)
    says(program, one, u'the building burns', uid=0, severity=0)
    says(program, one, u'less', uid=0, severity=3)
    digest, = digest_of(program, one)
    said = program.compose(one.queue[-1], rule(), CONFIG)['text']
    assert u'    1 emerg facility1 unknown: the building burns\n' in said
    assert digest['rest'] == 15 and u'    15 of other kinds\n        14 crit from root\n        1 err from root\n' in said
    assert digest['count'] == sum(group['count'] for group in digest['groups'].values()) + digest['rest'] == 66


def test_the_slots_of_a_digest_are_shared_by_users(program):
    """So that who forges emergencies without end pushes out his own."""
    one = route(program, count=1)
    for number in range(200):
        says(program, one, u'forged', severity=0, SYSLOG_IDENTIFIER=b'x' * (number % 60) + b'y' * (number // 60))
    says(program, one, u'the database is damaged', uid=26, severity=1)
    says(program, one, u'a crit', uid=26)
    said = u''.join(program.compose(waiting, rule(), CONFIG)['text'] for waiting in one.queue[1:] + [
        {'kind': 'digest', 'withheld': False, 'digest': page} for page in program.pages(one.state['others']['digest'])])
    assert u'unknown (uid 26): the database is damaged\n' in said and u'unknown (uid 26): a crit\n' in said
    assert u'emerg from uid 1000\n' in said and u'from uid 26\n' not in said


def test_each_text_of_root_s_emergencies_is_told(program):
    one = route(program, count=1)
    for number in range(program.URGENT_GROUPS + 1):
        says(program, one, u'disk %d burns %s' % (number, u'\uac00' * 300), uid=0, severity=number % 2)
    for number in range(5000):
        says(program, one, u'disk %d is gone' % number, uid=0, severity=0)
    says(program, one, u'something else', uid=0, severity=1)
    digests = digest_of(program, one)
    assert len(digests) > 3 and sum(digest['count'] for digest in digests) == program.URGENT_GROUPS + 5001
    assert len(set(digest['id'] for digest in digests)) == len(digests) and not any(one['rest'] for one in digests)
    said = [program.compose(waiting, rule(), CONFIG) for waiting in one.queue[1:]]
    assert max(len(page['text']) for page in said) < 20000
    assert said[0]['subject'].endswith(u' more messages, part 1 of %d' % len(said))
    told = u''.join(page['text'] for page in said)
    assert all(u'disk %d burns %s\n' % (number, u'\uac00' * 300) in told for number in range(1, program.URGENT_GROUPS + 1))
    assert u'unknown: something else\n' in told and u' 5000 emerg facility1 unknown: disk 0 is gone\n' in told


MESSAGES = [u''.join(letters) for letters in itertools.product(u'abcdefghij', repeat=3)]


def told(program, one):
    """All that the digests of a window say, and the number that they only count."""
    digests = digest_of(program, one)
    said = [program.compose({'kind': 'digest', 'withheld': False, 'digest': page}, rule(), CONFIG) for page in digests]
    return u''.join(page['text'] for page in said), sum(page['rest'] for page in digests)


@pytest.mark.parametrize('flood', [
    lambda _number: {'SYSLOG_IDENTIFIER': b'sudo', '_SYSTEMD_UNIT': b'session-7.scope'},
    # As many sessions, connections or names as he likes.
    lambda number: {'SYSLOG_IDENTIFIER': b'sudo', '_SYSTEMD_UNIT': ('session-%d.scope' % number).encode('ascii')},
    lambda number: {'SYSLOG_IDENTIFIER': b'sshd', '_SYSTEMD_UNIT': ('sshd@%d-10.0.0.1:22.service' % number).encode('ascii')},
    lambda number: {'SYSLOG_IDENTIFIER': MESSAGES[number].encode('ascii'), '_SYSTEMD_UNIT': b'relay.service'}])
def test_what_makes_root_say_much_pushes_out_no_other_program(program, monkeypatch, flood):
    monkeypatch.setattr(program, 'URGENT_GROUPS', 60)
    monkeypatch.setattr(program, 'GROUPS', 10)
    one = route(program, count=1)
    for number, word in enumerate(MESSAGES[:100]):
        says(program, one, u'eve : user NOT in sudoers ; PWD=/tmp/%s' % word, uid=0, severity=number % 2, **flood(number))
    for disk in (1, 2):
        says(program, one, u'Disk failure on sda%d' % disk, uid=0, severity=1, SYSLOG_IDENTIFIER=b'mdadm',
             _SYSTEMD_UNIT=b'mdmonitor.service')
    says(program, one, u'CPU on fire', severity=0, SYSLOG_FACILITY=b'0', _TRANSPORT=b'kernel')
    for word in MESSAGES[100:120]:
        says(program, one, u'eve : user NOT in sudoers ; PWD=/tmp/%s' % word, uid=0, severity=0, **flood(0))
    text, rest = told(program, one)
    assert u' 1 alert facility1 mdadm: Disk failure on sda1\n' in text
    assert u' 1 alert facility1 mdadm: Disk failure on sda2\n' in text
    assert u' 1 emerg facility0 unknown: CPU on fire\n' in text
    assert text.count(u' ; PWD=/tmp/') == program.URGENT_GROUPS + program.GROUPS - 3
    assert rest == 120 - 1 - text.count(u' ; PWD=/tmp/')  # the first went at once


def test_each_text_of_one_program_is_told_as_far_as_there_is_room(program):
    one = route(program, count=1)
    for word in MESSAGES[:program.URGENT_GROUPS + 1]:
        says(program, one, u'the same beginning of all, longer than sixty characters, and then %s' % word, uid=0, severity=1)
    for end in (u'north', u'south'):  # these differ at the end only
        says(program, one, u'the same beginning of all, longer than sixty characters, and 1 %s' % end, uid=0, severity=1)
    text, rest = told(program, one)
    assert rest == 0 and all(u' and then %s\n' % word in text for word in MESSAGES[1:program.URGENT_GROUPS + 1])
    assert u' and 1 north\n' in text and u' and 1 south\n' in text


@pytest.mark.parametrize('unit, kind', [
    (b'', u''), (b'mdmonitor.service', u'mdmonitor.service'), (b'session-c12.scope', u'session.scope'),
    (b'init.scope', u'init.scope'), (b'user@1000.service', u'user@.service'), (b'run-u7.service', u'run.service'),
    (b'systemd-journald.service', u'systemd-journald.service'), (b'x', u'x'), (b'a\n@b.c.service', u'a @.service')])
def test_units_that_are_made_for_each_login_are_one(program, unit, kind):
    assert alert(program, _SYSTEMD_UNIT=unit)['unit'] == kind


class Finished:
    def __init__(self, waiting, error=None, refused=False, unreached=False):
        self.item, self.error, self.refused, self.unreached, self.done = waiting, error, refused, unreached, True


def test_back_off(program):
    one = route(program)
    feed(program, one, [1, 2], 1000)
    pauses = []
    for _attempt in range(9):
        one.delivery = Finished(one.queue[0], u'refused', unreached=True)
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


def turns(program, one, takes, until):
    """Let a receiver take what it takes, at each second: [(second, id)] of what it took."""
    took = []
    for now in range(1000, until):
        while now >= one.retry_at:
            waiting = one.next_item(now)
            if waiting is None:
                break
            error = takes(waiting, now)
            one.delivery = Finished(waiting, *error) if error else Finished(waiting)
            assert one.finish(now)
            if not error:
                took.append((now - 1000, waiting['id']))
    return took


def test_what_no_command_takes_holds_up_nobody_and_is_set_aside(program):
    one = route(program, count=100, seconds=9999)
    feed(program, one, range(4), 1000)
    ids = [waiting['id'] for waiting in one.queue]
    takes = lambda waiting, _now: None if waiting['id'] != ids[0] else (u'x ended with status 3',)
    took = turns(program, one, takes, 1100)
    assert took == [(5, identity) for identity in ids[1:]]
    assert [waiting['id'] for waiting in one.queue] == ids[:1] and not one.queue[0]['withheld']
    for number in range(4, 12):
        feed(program, one, [number], 1100)
        assert one.state['set_aside'] == 0 or number > 8  # it holds up nobody, so there is time
        turns(program, one, takes, 1100 + 600 * (number - 3))
    assert not one.queue and one.state['delivered'] == 11 and one.state['set_aside'] == 1
    aside, = one.state['aside']
    assert aside['cursor'].endswith(u'x=0') and aside['error'] == u'x ended with status 3' and aside['count'] == 1


def test_without_its_text_it_may_be_taken(program):
    one = route(program, count=100, seconds=9999)
    feed(program, one, range(2), 1000)
    first = one.queue[0]
    takes = lambda waiting, _now: (u'status 3',) if waiting is first and not waiting['withheld'] else None
    for number in range(2, 12):
        turns(program, one, takes, 1000 + 400 * number)
        feed(program, one, [number], 1000)
    turns(program, one, takes, 9000)
    assert not one.queue and one.state['delivered'] == 12 and one.state['set_aside'] == 0


@pytest.mark.parametrize('unreached', [False, True])
def test_a_receiver_that_is_down_costs_no_alert_and_no_text(program, unreached):
    one = route(program, count=100, seconds=9999)
    feed(program, one, range(30), 1000)
    ids = [waiting['id'] for waiting in one.queue]
    down = lambda _waiting, now: (u'down', False, unreached) if now < 4000 else None
    took = turns(program, one, down, 6000)
    assert sorted(identity for _at, identity in took) == sorted(ids) and one.state['set_aside'] == 0
    assert not unreached or [identity for _at, identity in took] == ids
    assert min(at for at, _identity in took) >= 3000 and max(at for at, _identity in took) < 3700


def test_a_server_that_refuses_everything_for_a_while_gets_the_texts_later(program):
    one = route(program, count=100, seconds=9999)
    feed(program, one, range(5), 1000)
    texts_taken = []

    def takes(waiting, now):
        if now < 2000:
            return (u'554 blocked', not waiting['withheld'])
        texts_taken.append(not waiting['withheld'])
        return None
    turns(program, one, takes, 4000)
    assert texts_taken == [True] * 5 and one.state['set_aside'] == 0


def test_what_a_server_refuses_with_and_without_its_text_is_set_aside(program):
    one = route(program, count=100, seconds=9999)
    feed(program, one, range(2), 1000)
    first = one.queue[0]
    takes = lambda waiting, _now: (u'554 no', not waiting['withheld']) if waiting is first else None
    for number in range(2, 12):
        turns(program, one, takes, 1000 + 400 * number)
        feed(program, one, [number], 1000)
    turns(program, one, takes, 9000)
    assert not one.queue and one.state['delivered'] == 11 and one.state['set_aside'] == 1


def test_a_digest_that_an_older_program_began_is_gone_on_with(program):
    group = {'count': 1, 'severity': 2, 'facility': 3, 'program': u'x', 'text': u'x'}
    one = program.Route(rule(count=1), 'mail', {
        'queue': [{'kind': 'alert', 'id': u'a', 'queued': 1000, 'withheld': False, 'alert': dict(
            (name, value) for name, value in alert(program).items() if name != 'source')}],
        'window': {'start': 1000, 'sent': 1}, 'delivered': 1, 'last_delivered': None, 'last_error': None,
        'failing_since': None, 'digest': {
            'id': u'b+', 'cursor': u'c', 'host': u'web1', 'count': 50, 'rest': 0, 'first': 1000, 'last': 1000,
            'severity': 2, 'groups': dict((u'%d' % number, group) for number in range(50))}})
    feed(program, one, range(3), 1010)
    one.turn(2000)
    assert one.queue[1]['digest']['count'] == 53 and one.next_item(2000) is one.queue[0]
    assert all(program.compose(waiting, rule(), CONFIG)['text'] for waiting in one.queue)


def test_a_delivery_that_hangs_is_not_the_first_again_for_ever(program):
    one = route(program, count=100, seconds=9999)
    feed(program, one, range(2), 1000)
    for now in (1000, 2000):
        one.delivery = Finished(one.next_item(now))
        assert one.delivery.item is one.queue[0]
        one.hangs(now)
    again = program.Route(rule(), 'mail', one.state)  # after the restart
    assert again.next_item(2001) is one.queue[1]


@pytest.mark.parametrize('name', [b'\xec\x9b\xb9\xec\x84\x9c\xeb\xb2\x84', b'\xb0\xa1\xff', b'a\n b'])
def test_a_host_may_have_any_name(program, monkeypatch, name):
    monkeypatch.setattr(program.socket, 'gethostname', lambda: name if str is bytes else os.fsdecode(name))
    found = alert(program, _HOSTNAME=b'')
    said = program.compose(item(found), rule(), CONFIG)
    assert program.utf8(said['text']).decode('utf-8') and not program.UNSAFE.search(said['subject'])
    assert program.letter(item(found), rule(), CONFIG)[1].encode('ascii')
    assert set(program.mail_name()) <= set('ab-')


def test_a_time_that_no_calendar_has(program):
    found = alert(program, __REALTIME_TIMESTAMP=b'9223372036854775807')
    assert u'Time:     9223372036854 s since 1970\n' in program.compose(item(found), rule(), CONFIG)['text']


def test_an_exception_that_holds_bytes_is_told(program):
    assert program.explain(program.AlertsError(b'\xb0\xa1')) and program.explain(ValueError(u'\uac00')) == u'\uac00'


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


CURSOR = u's=%s;i=1;b=%s;m=3;t=4;x=5' % (u'0a' * 16, u'0b' * 16)


@pytest.fixture
def service(program, tmp_path):
    """What starts the program with a state as text or JSON: its Service, of which nothing runs."""
    def start(state):
        path = tmp_path / 'alerts.json'
        path.write_bytes(state if isinstance(state, bytes) else json.dumps(state).encode('ascii'))
        started.append(program.Service(dict(CONFIG, rules=[rule()]), str(path), str(tmp_path)))
        return started[-1]
    started = []
    yield start
    for one in started:
        os.close(one._wake_read)  # pylint: disable=protected-access
        os.close(one._wake)  # pylint: disable=protected-access


@pytest.mark.parametrize('text', [
    b'', b'\0' * 500, b'{"cursor": ', b'[]', b'null', b'"x"', b'5', b'[' * 100000, b'{"rules": ' * 100000, b'\xff'])
def test_a_state_that_cannot_be_read_is_kept_and_begun_anew(program, service, tmp_path, capfd, text):
    state = service(text)._state  # pylint: disable=protected-access
    said = capfd.readouterr()[1]
    assert state['cursor'] is None and len(state['starts']) == 1 and state['rules']['severe']['mail']['queue'] == []
    assert u'alerts.json is damaged: starting anew (' in said and u', at the end of the journal. The damaged file stays at ' in said
    assert (tmp_path / 'alerts.json.damaged-1').read_bytes() == text
    program.save(state, str(tmp_path / 'alerts.json'))
    service(b'5')
    assert u'alerts.json.damaged-2' in capfd.readouterr()[1] and (tmp_path / 'alerts.json.damaged-1').read_bytes() == text


def saved(program):
    """A state that holds something of everything, as the program saves it."""
    one = route(program, count=1)
    feed(program, one, range(3), 1000)
    one.turn(2000)
    feed(program, one, range(3, 6), 2000)
    says(program, one, u'x', now=2000)
    says(program, one, u'y', now=2000)
    one.state.update(aside=[{'time': 1.5, 'kind': u'alert', 'count': 1, 'cursor': u'c', 'error': u'no'}], set_aside=1,
                     last_error={'time': 1, 'text': u'no'}, failing_since=1, last_delivered=2.5)
    one.queue[0].update(failures=1, again_at=5, failing_since=4, strikes=1, overtaken=True)
    return {'cursor': CURSOR, 'last_seen': 1.5, 'starts': [1.5, 2], 'journal_error': {'time': 1, 'text': u'no'},
            'exempted': {u'a': {'count': 1, 'first': 1.5, 'last': 2}}, 'rules': {u'severe': {u'mail': one.state}}}


def test_a_state_as_it_is_saved_is_damaged_in_nothing(program, service, tmp_path, capfd):
    before = saved(program)
    state = service(before)._state  # pylint: disable=protected-access
    assert capfd.readouterr()[1] == '' and os.listdir(str(tmp_path)) == ['alerts.json']
    assert state['rules'] == json.loads(json.dumps(before['rules'])) and len(state['rules']['severe']['mail']['queue']) == 4
    assert state['starts'][:2] == [1.5, 2] and state['cursor'] == CURSOR


WRONG = (None, 5, -1, 1.5, u'x', [], {}, [5], {u'x': 5}, True, 1e300)


@pytest.mark.parametrize('where', [
    ('cursor',), ('last_seen',), ('starts',), ('journal_error',), ('exempted',), ('exempted', 'a'), ('rules',),
    ('rules', 'severe'), ('rules', 'severe', 'mail')] + [('rules', 'severe', 'mail') + more for more in (
        ('queue',), ('queue', 0), ('queue', 0, 'alert'), ('queue', 0, 'alert', 'severity'), ('queue', 0, 'queued'),
        ('queue', 0, 'kind'), ('queue', 0, 'again_at'), ('queue', 1, 'digest'), ('queue', 1, 'digest', 'groups'),
        ('window',), ('digest',), ('digest', 'groups'), ('digest', 'rest_of'), ('others',), ('others', 'digest'),
        ('others', 'window'), ('delivered',), ('last_error',), ('failing_since',), ('aside',), ('set_aside',))])
def test_what_is_wrong_in_a_state_is_left_out_and_the_rest_is_used(program, service, tmp_path, capfd, where):
    for wrong in WRONG + ('missing',):
        before = saved(program)
        part = before
        for name in where[:-1]:
            part = part[name]
        if wrong == 'missing':
            del part[where[-1]]
        else:
            part[where[-1]] = wrong
        started = service(before)
        state, one = started._state, started._routes[0]  # pylint: disable=protected-access
        # All that the program does with it.
        program.Position(state['cursor'] or u'', u'0b' * 16)
        says(program, one, u'the next', uid=0, now=2001)
        says(program, one, u'another', now=2001)
        one.turn(9000)
        for waiting in list(one.queue):
            sender, mail = program.letter(waiting, rule(), CONFIG)
            assert sender and mail
            one.delivery = Finished(waiting)
            one.finish(9000)
        started._exemptions.of({}, {'source': u''})  # pylint: disable=protected-access
        state['starts'].append(1)
        program.save(state, str(tmp_path / 'alerts.json'))
        assert one.state['delivered'] >= 1 and not one.queue
        damaged = os.path.exists(str(tmp_path / 'alerts.json.damaged-1'))
        assert damaged == (u'alerts.json is damaged: starting without what cannot be used, ' in capfd.readouterr()[1])
        if damaged:
            assert json.loads((tmp_path / 'alerts.json.damaged-1').read_text()) == json.loads(json.dumps(before))
            os.unlink(str(tmp_path / 'alerts.json.damaged-1'))
        if where[-1] != 'cursor':
            assert state['cursor'] == CURSOR


def test_one_wrong_rule_or_item_costs_no_other(program, service, capfd):
    before = saved(program)
    before['rules'].update(other=[], third={'mail': 5})
    before['rules']['severe']['command'] = None
    before['rules']['severe']['mail']['queue'][1:1] = [{'kind': 'alert', 'id': 'x', 'queued': 1, 'withheld': False}, 5]
    state = service(before)._state  # pylint: disable=protected-access
    assert len(state['rules']['severe']['mail']['queue']) == 4
    assert (u'without what cannot be used, rules.other, rules.severe.command, rules.severe.mail.queue (2 of 6), '
            u'rules.third.mail. The damaged file stays at ') in capfd.readouterr()[1]


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
