# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The private copy of a configuration, and how two runs are compared. With rsyslogd: tests/integration/rsyslog."""
from __future__ import absolute_import, division, print_function

import collections
import re

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, proof as rsyslog_proof)

__metaclass__ = type

MAIN = '/etc/rsyslog.conf'
DROP_IN = '/etc/rsyslog.d/zz_log_hygiene.conf'


class Disk:
    """One file."""

    def __init__(self, text):
        self.text = text

    def is_dir(self, path):
        return False

    def glob(self, pattern):
        return []

    def read(self, path):
        return self.text


def staged(text, drop_in=None):
    """(the copy of the main file without its preamble (text), outputs)"""
    configuration = rsyslog.Configuration(MAIN, Disk(text + u'$IncludeConfig /etc/rsyslog.d/*.conf\n'), [DROP_IN])
    files, dummy, outputs = rsyslog_proof.staged(configuration, {DROP_IN: drop_in}, [], '/r')
    copy = files['/r' + MAIN].decode('latin-1')
    return copy.partition(u'    stop\n}\n')[2].replace(u'$IncludeConfig /r/etc/rsyslog.d/*.conf', u'').strip(), outputs


@pytest.mark.parametrize('text', [
    u'$ModLoad imuxsock', u'$ModLoad imtcp', u'$InputTCPServerRun 514', u'$UDPServerRun 514', u'$AddUnixListenSocket /x/log',
    u'module(load="imuxsock" SysSock.Use="on")', u'module(load="imklog")', u'module(load="omprog")',
    u'input(type="imtcp" port="514")', u'main_queue(queue.type="Disk" queue.filename="x")', u'$PrivDropToUser syslog',
    u'global(workDirectory="/var/lib/rsyslog")', u'$WorkDirectory /var/lib/rsyslog', u'$ActionQueueFileName x',
    u'$MainMsgQueueType Disk', u'$DebugFile /x', u'$IMJournalStateFile imjournal.state', u'$OmitLocalLogging on',
    u'module(load="builtin:omfile" Template="RSYSLOG_TraditionalFileFormat")', u'$FileOwner root'])
def test_what_would_touch_the_host_is_left_out(text):
    assert staged(text + u'\n') == (u'', [])


@pytest.mark.parametrize('action, name', [
    (u'*.info /var/log/messages', 'omfile'), (u'*.* -/var/log/x;T', 'omfile'), (u'*.* ?dynamic', 'omfile'),
    (u'*.* @@collector:514', 'omfwd'), (u'*.* |/run/pipe', 'ompipe'), (u'*.emerg :omusrmsg:*', 'omusrmsg'),
    (u'*.emerg *', 'omusrmsg'), (u'*.* ^/usr/bin/ship', 'omshell'), (u'*.* :omrelp:collector:2514', 'omrelp'),
    (u'*.* action(type="omprog" binary="/usr/bin/ship")', 'omprog'),
    (u'*.* action(type="ommail" server="x" # )\n mailto="y")', 'ommail'),
    (u'*.* action(type="builtin:omfile" file="/var/log/x" queue.filename="f")', 'omfile'),
])
def test_each_action_writes_to_a_file_of_its_own(action, name):
    copy, outputs = staged(u'# comment\n' + action + u'\n')
    assert copy == action.split()[0] + u' action(type="omfile" file="/r/out/0" template="log_hygiene_proof_line")'
    assert [(one.statement.name, one.statement.line, one.own) for one in outputs] == [(name, 2, None)]


@pytest.mark.parametrize('text', [
    u'*.* stop', u'*.* ~', u'action(type="mmanon")', u'module(load="mmjsonparse")', u'$ModLoad mmanon',
    u'set $!x = "a; b";', u'$RuleSet far', u'$template T,"%msg%\\n"', u'$EscapeControlCharactersOnReceive off',
    u'template(name="T" type="list") {\n property(name="msg")\n}', u'ruleset(name="far") {\n stop\n}\ncall far'])
def test_what_decides_on_the_way_of_a_message_stays(text):
    assert staged(text + u'\n')[0].split() == text.split()


def test_a_ruleset_with_a_queue_keeps_one_in_memory():
    """A stop in there does not stop the caller."""
    text = u'ruleset(name="far" queue.type="Disk" queue.filename="x" parser="y") {\n stop\n}\n'
    assert staged(text)[0].startswith(u'ruleset(name="far" queue.type="LinkedList")')
    assert staged(text.replace(u'Disk', u'Direct').replace(u'queue.filename="x"', u''))[0].startswith(u'ruleset(name="far")')


@pytest.mark.parametrize('text', [u'action(type="mmexternal" binary="/x")', u'action(type="omfwd" target="x'])
def test_what_cannot_be_run_in_private(text):
    with pytest.raises(rsyslog_proof.Unproved) as refusal:
        staged(u'\n' + text + u'\n')
    assert '/etc/rsyslog.conf, line 2' in str(refusal.value)


SIGNATURE = {'id': 'one', 'match': {'transport': ['kernel'], 'identifiers': ['kernel'], 'priority': 'warning'}, 'tests': {
    'positive': [{'text': u'noise "$x" \u00e9'}], 'negative': [{'text': u'no noise', 'transport': 'syslog', 'priority': 'err'}]}}


def test_messages_and_how_they_are_told_apart():
    found = rsyslog_proof.messages([SIGNATURE])
    assert [(one.wanted, one.transport, one.severity, one.facility, one.uid) for one in found[2:]] == [
        ('one', 'kernel', 4, 0, None), ('one', 'kernel', 5, 0, None), ('one', 'kernel', 6, 0, None),
        ('one', 'kernel', 7, 0, None), (None, 'syslog', 3, 3, '0')]
    sent = rsyslog_proof.wire(found, u'host').decode('utf-8')
    lines = re.findall(u'(?:^|(?<=[^0-9]))[0-9]+ (<[0-9]+>2026-[^ ]+) host ([^<]*?)(?=[0-9]+ <|$)', sent)
    assert [stamp.partition(u'>')[2] for stamp, dummy in lines] == [rsyslog_proof.stamp(number) for number in range(8)]
    assert lines[2] == (u'<4>' + rsyslog_proof.stamp(2), u'kernel:noise "$x" \u00e9')
    assert u'set $!_TRANSPORT = "kernel";' in rsyslog_proof.preamble(found, u'/r')
    assert rsyslog_proof.unexampled([SIGNATURE, {'id': 'two'}]) == ['two']


def test_all_examples_are_sent_once_in_each_severity_and_facility():
    examples = [{'text': u'noise %d' % (number // 2), 'identifier': u'a'} for number in range(20)]
    signature = {'id': 'one', 'match': {'transport': ['syslog'], 'identifiers': ['a', 'b']}, 'tests': {'positive': examples}}
    found = [one for one in rsyslog_proof.messages([signature], [3, 18]) if one.wanted]
    assert len(found) == len(set(found)) == 10 * 8 + 2 * 8 + 8  # texts, a and b in another facility, b with one text
    assert set(one.text for one in found if one.severity == 0 and one.facility == 3) == set(u'noise %d' % n for n in range(10))
    assert set(one.identifier for one in found if one.facility == 18) == set([u'a', u'b'])


def test_too_many_messages_are_not_tried():
    signature = {'id': 'one', 'match': {'transport': ['syslog'], 'identifiers': ['a']},
                 'tests': {'positive': [{'text': u'noise %d' % number} for number in range(300)]}}
    with pytest.raises(rsyslog_proof.Unproved):
        rsyslog_proof.messages([signature])


def in_front(text):
    configuration = rsyslog.Configuration(MAIN, Disk(text + u'\n$IncludeConfig /etc/rsyslog.d/*.conf\n'), [DROP_IN])
    return configuration.decided(DROP_IN, frozenset([(0, 4), (3, 6)]))


@pytest.mark.parametrize('text, name', [
    (u':fromhost-ip, isequal, "127.0.0.1" /x', u'fromhost-ip'), (u':hostname, !isequal, "a" /x', u'hostname'),
    (u'if $rawmsg contains "$msg" then /x', u'rawmsg'), (u'if $$now > "2" then stop', u'$now'),
    (u'if $!_SYSTEMD_UNIT == "" then stop', u'!_systemd_unit'), (u'if ($timegenerated == "") then /x', u'timegenerated'),
    (u'set $.x = $fromhost;', u'fromhost'), (u'if $/x == 1 then stop', u'/x'), (u'if random(2) == 1 then stop', u'random'),
    (u'if $fromhost == "a" then { @far\n} else {\n *.* /x\n}', u'fromhost'),
    (u'if $fromhost == "a" then @far\nelse if $msg == "a" then @far\nelse /x', u'fromhost'),
    (u'ruleset(name="r") {\n *.* /x\n}\nif $fromhost == "a" then call r', u'fromhost'),
    (u'if $fromhost == "a" then @far', None), (u'if $msg contains "$fromhost" then /x', None),
    (u'ruleset(name="r") {\n if $fromhost == "a" then stop\n}', None), (u'local2.* /x\n& stop', None),
    (u'set $.x = $programname;\nif $.x == "a" then stop', None), (u':syslogtag, isequal, "[CLOUDINIT]" /x\n& ~', None),
    (u'if $inputname == "imjournal" and $!_COMM == "a" then stop', None),
])
def test_what_a_private_copy_has_otherwise(text, name):
    found = rsyslog_proof.unlike(in_front(text))
    assert (found and found[1]) == name


VARIANTS = {'match': {'regex': '^(?:up|down) [0-9]+$'}}


@pytest.mark.parametrize('text, may', [
    (u':msg, contains, "9" /x', True), (u':msg, regex, "x" /x', True), (u':msg, contains, "x" /x', False),
    (u':msg, !contains, "x" stop', False), (u'if $msg contains ["x", "up"] then stop', True),
    (u'if $msg contains ["x", "y"] then stop', False), (u'if re_match($msg, "x") then stop', True),
    (u'if $msg == "down x" or $msg startswith "5" then stop', True), (u'if not ($msg startswith_i \'X\') then stop', False),
    (u'if $msg contains "9" then @far\nelse /x', True), (u'if $programname == "$msg" then stop', False),
    (u'set $.x = field($msg, 32, 1);', True), (u'local2.* /x', False)])
def test_conditions_on_texts_that_no_example_has(text, may):
    found = rsyslog_proof.by_text(in_front(text), [VARIANTS])
    assert (found is not None) == may


@pytest.mark.parametrize('regex', ['^a.$', '^a|b$', 'a$', '^a', r'^\S$', '^[^a]$', r'^a\$', u'^[a-\u00e9]$'])
def test_expressions_that_take_any_text(regex):
    assert rsyslog_proof.by_text(in_front(u':msg, contains, "#" stop'), [{'match': {'regex': regex}}]) is not None


def output(name, text, own=None):
    return rsyslog_proof.Output((name, text), rsyslog.Statement('action', name, text, '/etc/a.conf', 7, (), None), own)


LOG, CONSOLE = output('omfile', '/var/log/messages'), output('omfile', '/dev/console')
FAR, COPY, OWN = output('omfwd', '@far'), output('omfwd', '@far')._replace(), output('omfile', '/d/one.log', 'one')
NOISE = rsyslog_proof.Message(u'noise', u'kernel', None, u'kernel', 4, 0, None, None, 'one')


@pytest.mark.parametrize('wanted, before, after, told', [
    ('one', [LOG, FAR], [OWN, COPY], None),
    ('one', [LOG, CONSOLE], [OWN], None),
    ('one', [], [OWN], None),
    ('one', [LOG], [LOG], 'not to the file'),
    ('one', [LOG], [], 'not to the file'),
    ('one', [LOG], [OWN, OWN], '2 times'),
    ('one', [LOG], [LOG, OWN], '/etc/a.conf, line 7: /var/log/messages, too'),
    ('one', [LOG, FAR], [OWN], '@far gets "noise" 0 times instead of 1'),
    ('one', [LOG, FAR], [OWN, FAR, FAR], '@far gets "noise" 2 times instead of 1'),
    (None, [LOG, FAR], [LOG, FAR], None),
    (None, [LOG], [OWN], None),           # the example of another signature
    (None, [LOG], [], '/var/log/messages gets "noise" 0 times instead of 1'),
    (None, [LOG], [LOG, LOG], '2 times instead of 1'),
    (None, [LOG, CONSOLE], [LOG], '/dev/console gets'),
])
def test_two_runs_are_compared(wanted, before, after, told):
    wrong = rsyslog_proof.complaints([NOISE._replace(wanted=wanted)], [collections.Counter(before)],
                                     [collections.Counter(after)])
    assert wrong == [] if told is None else told in wrong[0]


def test_who_received_what():
    got = rsyslog_proof.received([LOG, OWN], {0: u'%s\nx\n' % rsyslog_proof.stamp(0), 1: 2 * (rsyslog_proof.stamp(1) + u'\n')}, 2)
    assert got == [collections.Counter([LOG]), collections.Counter([OWN, OWN])]
