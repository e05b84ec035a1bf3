# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof's own work: what it sends, how it finds it again in files that grow and rotate, how it judges."""
from __future__ import absolute_import, division, print_function

import io
import os
import socket

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import probe as syslog_probe, proof_messages
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.probe import PAIRS, ProbeError, Tail

__metaclass__ = type

RUN = 'proof-0123456789abcdef'
KERN, USER, AUTHPRIV, FTP = 0, 1, 10, 11
SECURE, MESSAGES, OTHER, AWAY = '/a/secure', '/a/messages', '/a/other', '/a/received'


def rule(name, facilities, **more):
    return dict(dict(name=name, facilities=facilities, severities=list(range(8)), keep_days=None, file=None,
                     separate=False, forward=None, alert=None), **more)


RULES = [rule('access', [AUTHPRIV], file=SECURE, separate=True),
         rule('everything', [one for one in range(24) if one != AUTHPRIV], file=MESSAGES),
         rule('ftp', [FTP], forward={'target': '192.0.2.1'})]
RECEIVED = {'ftp': AWAY}


def right():
    """`landed` where all is well."""
    found = {SECURE: {}, MESSAGES: {}, OTHER: {}, AWAY: {}}
    for pair in PAIRS:
        found[SECURE if pair[0] == AUTHPRIV else MESSAGES][pair] = 1
        if pair[0] == FTP:
            found[AWAY][pair] = 1
    return found


def compared(found, **more):
    rows = syslog_probe.compare(RULES, found, [SECURE, OTHER], RECEIVED, **more)
    return dict((row['keyword'], row) for row in rows)


def said(found):
    rows = syslog_probe.compare(RULES, found, [SECURE, OTHER], RECEIVED)
    tails = [Stub(path, path in found) for path in (SECURE, MESSAGES, OTHER, AWAY)]
    return syslog_probe.problems(rows, tails, RECEIVED)


class Stub:
    """What problems() wants of a Tail."""
    truncated = dropped = False

    def __init__(self, path, exists):
        self.path, self.exists = path, exists


def lines(*pairs):
    """Lines of a log with these messages (bytes)."""
    return b''.join(b'Nov 22 23:00:00 host ' + proof_messages.message(RUN, 7, pair).partition(b'>')[2] + b'\n'
                    for pair in pairs)


def append(path, data):
    with io.open(str(path), 'ab') as target:
        target.write(data)


# Messages

def test_each_message_is_what_a_program_sends_and_says_that_it_is_a_test():
    texts = [proof_messages.message(RUN, 42, pair) for pair in PAIRS]
    assert texts[0].startswith(b'<0>log_hygiene_proof[42]: proof-0123456789abcdef kern.emerg TEST of log routing')
    assert texts[-1].startswith(b'<191>log_hygiene_proof[42]: proof-0123456789abcdef local7.debug ')
    assert [int(text[1:text.index(b'>')]) for text in texts] == list(range(192))
    assert all(u'시험입니다'.encode('utf-8') in text and len(text) < 480 for text in texts)


def test_only_kern_is_another_on_its_way():
    assert proof_messages.sent_as((KERN, 3)) == (USER, 3)
    assert [pair for pair in PAIRS if proof_messages.sent_as(pair) != pair] == [(KERN, number) for number in range(8)]


def test_send(tmpdir):
    path = str(tmpdir.join('log'))
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(path)
    syslog_probe.send(path, [b'one', b'two'], 1)
    assert [receiver.recv(100), receiver.recv(100)] == [b'one', b'two']
    with pytest.raises(ProbeError, match=r'timed out.*The first [0-9]+ of 2000 messages were sent'):
        syslog_probe.send(path, [b'x' * 1000] * 2000, 0.1)
    receiver.close()
    with pytest.raises(ProbeError, match='Connection refused. Is systemd-journald running[?] Nothing was sent'):
        syslog_probe.send(path, [b'one'], 1)
    with pytest.raises(ProbeError, match='No such file or directory. Is systemd-journald running[?] Nothing was sent'):
        syslog_probe.send(path + '.none', [b'one'], 1)


# Files

@pytest.fixture
def marks():
    return syslog_probe.Marks(RUN)


def test_every_message_is_found_once_however_the_bytes_are_cut(marks):
    data = b'before ' + lines(*PAIRS)
    for size in (1, 7, 64, 1000, len(data)):
        found, rest = [], b''
        for start in range(0, len(data), size):
            more, rest = marks.find(rest + data[start:start + size])
            found += more
        assert found == PAIRS


def test_other_runs_and_other_words_are_not_found(marks):
    text = lines((0, 0)).replace(b'abcdef', b'abcdee') + RUN.encode('ascii') + b' nosuch.info \n'
    assert marks.find(text)[0] == []
    assert marks.find(b'imjournal: begin to drop messages due to rate-limiting\n')[0] == [None]
    assert marks.find(b'imjournal: 12 messages lost due to rate-limiting (9 allowed\n')[0] == [None]


def test_only_what_is_new_counts(tmpdir, marks):
    path = tmpdir.join('log')
    append(path, lines((1, 1)) * 3)
    tail = Tail(str(path), marks)
    assert not tail.read() and tail.counts == {}
    append(path, lines((1, 2), (1, 3))[:-40])
    assert tail.read() and tail.counts == {(1, 2): 1, (1, 3): 1}
    append(path, b'unfinished\n' + lines((1, 2)))
    assert tail.read() and tail.counts == {(1, 2): 2, (1, 3): 1}
    assert not tail.read() and not tail.dropped and not tail.truncated
    tail.close()


def test_a_file_that_comes_later_is_read_from_its_beginning(tmpdir, marks):
    path = tmpdir.join('log')
    tail = Tail(str(path), marks)
    assert not tail.read() and not tail.exists
    append(path, lines((2, 2)))
    assert tail.read() and tail.exists and tail.counts == {(2, 2): 1}
    tail.close()


def test_rotation_loses_nothing_and_counts_nothing_twice(tmpdir, marks):
    path, old = tmpdir.join('log'), tmpdir.join('log-20261122')
    append(path, lines((0, 1)))
    tail = Tail(str(path), marks)
    append(path, lines((1, 1)))
    os.rename(str(path), str(old))
    assert tail.read()
    append(old, lines((1, 2)))  # rsyslogd has not been told yet
    append(path, lines((1, 3)))
    assert tail.read()
    os.unlink(str(old))         # compressed
    append(path, lines((1, 4)))
    assert tail.read()
    assert tail.counts == {(1, 1): 1, (1, 2): 1, (1, 3): 1, (1, 4): 1} and not tail.truncated
    tail.close()


def test_truncation_is_noticed(tmpdir, marks):
    path = tmpdir.join('log')
    append(path, lines((0, 1)))
    tail = Tail(str(path), marks)
    path.write('')
    append(path, b'x ' + lines((1, 5))[:-30])
    assert tail.read() and tail.truncated and tail.counts == {(1, 5): 1}
    tail.close()


def test_what_cannot_be_read_is_told_before_anything_is_sent(tmpdir, marks):
    with pytest.raises(ProbeError, match='not a regular file. Nothing was sent'):
        Tail(str(tmpdir), marks)
    with pytest.raises(ProbeError, match='Too many levels of symbolic links.*Nothing was sent'):
        os.symlink('loop', str(tmpdir.join('loop')))
        Tail(str(tmpdir.join('loop')), marks)


def test_watched_leaves_out_terminals_and_names_each_file_once(tmpdir):
    os.mkfifo(str(tmpdir.join('pipe')))
    files = ['/dev/null', str(tmpdir.join('pipe')), str(tmpdir.join('none')), SECURE]
    assert syslog_probe.watched(RULES, files, RECEIVED) == [SECURE, MESSAGES, str(tmpdir.join('none')), AWAY]


class Script:
    """A Tail that says of each look whether something came."""

    def __init__(self, *came):
        self.looks, self.came = 0, list(came)

    def read(self):
        self.looks += 1
        return bool(self.came) and self.came.pop(0)


@pytest.fixture
def time(monkeypatch):
    """The time, which passes by sleeping alone: a list of one number."""
    clock = [0.0]

    def sleep(seconds):
        clock[0] += seconds
    monkeypatch.setattr(syslog_probe, '_clock', lambda: clock[0])
    monkeypatch.setattr(syslog_probe.time, 'sleep', sleep)
    return clock


def test_waiting_ends_when_all_is_there_and_nothing_more_comes(time):
    one, two = Script(True, False, True), Script(False, True)
    syslog_probe.await_messages([one, two], lambda: one.looks > 2, 30)
    assert one.looks == two.looks and 2 <= time[0] < 4


def test_waiting_ends_some_day(time):
    one = Script()
    syslog_probe.await_messages([one], lambda: False, 30)
    assert time[0] == pytest.approx(30) and one.looks < 50


# Verdict

def test_all_is_well():
    rows = compared(right())
    assert all(row['ok'] and row['sent'] for row in rows.values()) and len(rows) == 192
    assert said(right()) == [] and syslog_probe.complete(rows.values())
    assert rows['ftp.info']['landed'] == [MESSAGES, AWAY] and rows['ftp.info']['expected'] == [MESSAGES]
    assert rows['ftp.info']['forwarded'] == {'ftp': True} and rows['user.info']['forwarded'] == {}
    assert rows['kern.err']['sent_as'] == 'user.err' and rows['mail.err']['sent_as'] == 'mail.err'


def test_before_anything_is_sent_only_expectations_are_known():
    rows = compared(None)
    assert rows['ftp.info'] == dict(
        facility=11, severity=6, keyword='ftp.info', sent_as='ftp.info', sent=False, expected=[MESSAGES], landed=[],
        missing=[], wrong=[], twice=[], forwarded={'ftp': None}, ok=None)


def test_kern_has_to_be_where_user_belongs():
    rules = [rule('kernel', [KERN], file=SECURE, separate=True), rule('programs', [USER], file=MESSAGES)]
    rows = dict((row['keyword'], row) for row in syslog_probe.compare(
        rules, {SECURE: {}, MESSAGES: dict.fromkeys([pair for pair in PAIRS if pair[0] < 2], 1)}))
    assert rows['kern.info']['expected'] == [MESSAGES] and rows['kern.info']['ok']
    rows = dict((row['keyword'], row) for row in syslog_probe.compare(rules, {SECURE: {(KERN, 6): 1}, MESSAGES: {}}))
    assert rows['kern.info']['missing'] == [MESSAGES] and rows['kern.info']['wrong'] == [SECURE]


def test_missing():
    found = right()
    del found[SECURE][AUTHPRIV, 3]
    rows = compared(found)
    assert [row['keyword'] for row in rows.values() if not row['ok']] == ['authpriv.err']
    assert rows['authpriv.err']['missing'] == [SECURE] and not syslog_probe.complete(rows.values())
    assert said(found) == ['/a/secure lacks authpriv.err (1 message).']
    del found[SECURE]
    assert said(found) == ['/a/secure does not exist: it should have authpriv.* (8 messages).']


@pytest.mark.parametrize('place', [MESSAGES, OTHER])
def test_a_separate_message_elsewhere(place):
    found = right()
    found[place][AUTHPRIV, 6] = 1
    rows = compared(found)
    assert [row['keyword'] for row in rows.values() if not row['ok']] == ['authpriv.info']
    assert rows['authpriv.info']['wrong'] == [place] and syslog_probe.complete(rows.values())
    assert said(found) == ['%s has authpriv.info (1 message), which must not be there.' % place]


def test_another_message_in_a_separate_file_and_in_any_other():
    found = right()
    found[OTHER][USER, 6] = 1
    assert said(found) == []
    found[SECURE][USER, 6] = 1
    assert said(found) == ['/a/secure has user.info (1 message), which must not be there.']


def test_twice():
    found = right()
    found[MESSAGES][USER, 6] = 2
    found[AWAY][FTP, 0] = 3
    found[OTHER][USER, 6] = 2
    rows = compared(found)
    assert sorted(row['keyword'] for row in rows.values() if not row['ok']) == ['ftp.emerg', 'user.info']
    assert rows['ftp.emerg']['forwarded'] == {'ftp': True}
    assert said(found) == ['/a/messages has user.info (1 message) more than once.',
                           '/a/received has ftp.emerg (1 message) more than once.']


def test_forwarding():
    found = right()
    del found[AWAY][FTP, 0]
    found[AWAY][USER, 0] = 1
    rows = compared(found)
    assert rows['ftp.emerg']['forwarded'] == {'ftp': False} and not rows['ftp.emerg']['ok']
    assert not syslog_probe.complete(rows.values()) and rows['user.emerg']['wrong'] == [AWAY]
    assert said(found) == ['/a/received has user.emerg (1 message), which must not be there.',
                           'ftp.emerg (1 message) did not arrive where rule ftp forwards to: /a/received lacks them.']
    del found[AWAY]
    assert said(found) == ['ftp.* (8 messages) did not arrive where rule ftp forwards to: /a/received does not exist.']
    rows = syslog_probe.compare(RULES, found, [], {})
    assert all(row['ok'] for row in rows)
    assert [row['forwarded'] for row in rows if row['keyword'] == 'ftp.info'] == [{'ftp': None}]


def test_nothing_at_all():
    assert said({SECURE: {}, MESSAGES: {}, AWAY: {}})[0] == (
        'None of the 192 messages arrived in any file. Does rsyslogd run (systemctl status rsyslog)?')


def test_losses_are_not_blamed_on_the_routing(tmpdir, marks):
    path = tmpdir.join('log')
    append(path, b'x' * 100)
    tail = Tail(str(path), marks)
    path.write('imjournal: begin to drop messages due to rate-limiting\n')
    tail.read()
    told = syslog_probe.problems(compared(right()).values(), [tail] + [Stub(one, True) for one in right()], {})
    assert [str(path) in one for one in told] == [True, True]
    assert 'truncated' in told[0] and 'rate limit' in told[1]
    tail.close()
    assert syslog_probe.not_taken(lines(*PAIRS), RUN) is None
    assert syslog_probe.not_taken(lines(*PAIRS[1:]), RUN).startswith('journald itself did not take kern.emerg (1 mes')


def test_pairs_are_described_briefly():
    assert syslog_probe.describe_pairs(PAIRS) == '*.* (192 messages)'
    assert syslog_probe.describe_pairs([(1, 6)] + PAIRS[80:88]) == 'user.info, authpriv.* (9 messages)'
    assert syslog_probe.describe_pairs([pair for pair in PAIRS if pair[1] < 2]).endswith(
        'daemon.emerg, daemon.alert and 40 more (48 messages)')
