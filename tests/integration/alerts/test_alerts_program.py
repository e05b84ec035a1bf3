# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a real journald through the program to a real mail server or command: at once, once, and in order."""
import io
import json
import os
import re
import signal
import socket
import struct
import subprocess
import time
import types

import journals
import pytest
import reference
from alert_hosts import PYTHONS, alerting_rule, wait
from conftest import make_program
from journals import BOOTS, MACHINE, entry, write

from ansible_collections.loghygiene.rhel.plugins.filter.alert_exemptions import alert_exemptions
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog

BOOT_ID = io.open('/proc/sys/kernel/random/boot_id', encoding='ascii').read().strip().replace('-', '')


def crit(journald, text, **fields):
    journald.native(text, **dict({'PRIORITY': '2', 'SYSLOG_FACILITY': '3'}, **fields))


def user_says(journald, text, uid, **fields):
    """A process of another user logs something: root may name one, and the kernel hands it over to journald."""
    data = b''.join(('%s=%s\n' % one).encode('utf-8') for one in dict(
        {'PRIORITY': '2', 'SYSLOG_FACILITY': '3', 'SYSLOG_IDENTIFIER': 'app'}, MESSAGE=text, **fields).items())
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stream:
        stream.connect(os.path.join(journald.folder, 'run', 'systemd', 'journal', 'socket'))
        stream.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, struct.pack('3i', os.getpid(), uid, uid))])


def script(folder, body):
    """A command that receives alerts; `$OUT` is where it may write."""
    path = os.path.join(str(folder), 'command')
    with open(path, 'w', encoding='utf-8') as target:
        target.write('#!/bin/sh\nOUT=%s/out\n%s\n' % (folder, body))
    os.chmod(path, 0o755)
    return path


def out(folder):
    path = os.path.join(str(folder), 'out')
    if not os.path.exists(path):
        return ''
    with open(path, encoding='utf-8') as source:
        return source.read()


def test_severities_0_to_2_arrive_within_seconds_and_no_others(journald, receiver, each_program):
    crit(journald, 'before the first start')
    journald.settle()
    each_program.start([alerting_rule(port=receiver.start().port)])
    begun = time.monotonic()
    for severity in range(8):
        journald.native('severity %d' % severity, PRIORITY=str(severity), SYSLOG_FACILITY='4',
                        SYSLOG_IDENTIFIER='sshd', SYSLOG_PID='77')
    mails = receiver.wait_for(3)
    assert time.monotonic() - begun < 5
    assert [mail.said for mail in mails] == ['severity 0', 'severity 1', 'severity 2']
    host = os.uname().nodename
    assert [mail.subject for mail in mails] == ['[%s] %s: sshd: severity %d' % (keyword, host, severity)
                                                for severity, keyword in enumerate(('emerg', 'alert', 'crit'))]
    first = mails[0]
    for line in ('Host:     ' + host, 'Severity: emerg (0)', 'Facility: auth (4)', 'Program:  sshd[77]',
                 'Rule:     severe'):
        assert line in first.text.split('\n')
    assert re.search(r'^Time:     \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$', first.text, re.MULTILINE)
    # What the alert says to type shows the entry.
    cursor = re.search("--cursor='([^']+)'$", first.text, re.MULTILINE).group(1)
    assert journald.rows('--cursor=' + cursor, '--lines=1')[0]['MESSAGE'] == 'severity 0'
    assert first.message['X-RcptTo'] == 'admin@example.com' and first.message['Auto-Submitted'] == 'auto-generated'
    state = each_program.state()
    assert state['rules']['severe']['mail']['delivered'] == 3 and state['rules']['severe']['mail']['queue'] == []
    assert each_program.stop() == 0


def test_facilities_and_several_rules(journald, receiver, program, tmp_path):
    command = script(tmp_path, 'echo "$LOG_HYGIENE_RULE $LOG_HYGIENE_SEVERITY $LOG_HYGIENE_FACILITY" >>$OUT')
    program.start([alerting_rule(port=receiver.start().port, facilities=[0, 1]),
                   alerting_rule('all', command=[command]), alerting_rule('kernel', command=[command], facilities=[0])])
    crit(journald, 'kernel', SYSLOG_FACILITY='0')
    journald.native('no facility', PRIORITY='1')
    journald.native('audit has 32', PRIORITY='1', SYSLOG_FACILITY='32')
    crit(journald, 'a daemon')
    assert [mail.said for mail in receiver.wait_for(3)] == ['kernel', 'no facility', 'audit has 32']
    wait(lambda: len(out(tmp_path).splitlines()) == 5, lambda: out(tmp_path))
    assert sorted(out(tmp_path).splitlines()) == [
        'all alert user', 'all alert user', 'all crit daemon', 'all crit kern', 'kernel crit kern']


def test_a_message_without_a_priority_is_a_notice(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port, severities=[0, 5])])
    journald.native('an emergency', PRIORITY='0')
    journald.native('an error', PRIORITY='3')
    # An empty value is what comes closest to none that journald does not fill in.
    journald.native('none', PRIORITY='')
    assert [mail.said for mail in receiver.wait_for(2)] == ['an emergency', 'none']


def test_messages_as_attackers_write_them(journald, receiver, each_program):
    each_program.start([alerting_rule(port=receiver.start().port)])
    crit(journald, 'a\r\nBcc: victim@example.com\r\n\r\nHost:     other\n.\nQUIT',
         SYSLOG_IDENTIFIER='x\r\nTo: y\x1b[2J')
    crit(journald, b'\xff\xfe\0binary \xed\xa0\x80\xea\xb0\x80')
    crit(journald, '')
    crit(journald, 'x' * 2**20 + 'the end')
    crit(journald, '\0' * 2**20)
    crit(journald, '디스크 고장 \u202egnp.txt')
    crit(journald, 'last')
    mails = receiver.wait_for(7)
    for mail in mails:
        assert mail.message['Bcc'] is None and mail.message['X-RcptTo'] == 'admin@example.com'
        assert mail.message['To'] == 'admin@example.com'
        assert mail.text.split('\n').count('Host:     ' + os.uname().nodename) == 1
        assert not re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]', mail.text + mail.subject)
        assert len(mail.text) < 6000
    assert mails[0].said == 'a\\x0d\nBcc: victim@example.com\\x0d\n\\x0d\nHost:     other\n.\nQUIT'
    assert 'To: y\\x1b[2J' in mails[0].subject
    assert 'binary' in mails[1].said and '가' in mails[1].said
    assert mails[2].said == '(no text)'
    assert mails[3].said == 'x' * 4000 + '\n[the first part of 1048583 bytes]'
    assert mails[4].said.endswith('\n[the first part of 1048576 bytes]')
    assert mails[5].said == '디스크 고장 \\x202egnp.txt'
    assert '디스크 고장' in mails[5].subject
    # The lines that mail(5) is made of hold nothing but ASCII.
    assert all(ord(char) < 128 for mail in mails for char in mail.raw.decode('latin-1'))


def test_the_first_go_at_once_and_the_rest_in_one_digest(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port, count=3, seconds=6)])
    for number in range(10):
        crit(journald, 'disk sd%d failed' % number, SYSLOG_IDENTIFIER='disk')
    journald.native('an emergency\nof two lines', PRIORITY='0')
    receiver.wait_for(3, seconds=4)
    mails = receiver.wait_for(4)
    assert [mail.said for mail in mails[:3]] == ['disk sd%d failed' % number for number in range(3)]
    assert mails[3].subject == '[emerg] %s: 8 more messages' % os.uname().nodename
    assert '    7 crit daemon disk: disk sd3 failed\n' in mails[3].text
    assert '    1 emerg user app: an emergency of two lines\n' in mails[3].text
    # The window is over: the next one goes at once again, and one alone needs no digest.
    crit(journald, 'one more')
    assert receiver.wait_for(5, seconds=4)[4].said == 'one more'
    time.sleep(6.5)
    assert len(receiver.mails()) == 5


def test_a_digest_survives_a_kill(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port, count=1, seconds=5)])
    for number in range(4):
        crit(journald, 'message %d' % number)
    receiver.wait_for(1)
    wait(lambda: (program.state()['rules']['severe']['mail']['digest'] or {}).get('count') == 3, 'it is not noted')
    program.kill()
    crit(journald, 'message 4')
    program.restart()
    mails = receiver.wait_for(2)
    assert re.search('[34] more messages', mails[1].subject)


def test_a_flood_is_counted_to_the_last_message(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port, count=2, seconds=10)])
    for number in range(6000):
        journald.native('flood %d of %s' % (number, 'abcdefgh' * (number % 100)), PRIORITY='2',
                        SYSLOG_IDENTIFIER='program%d' % (number % 70))
    journald.settle()

    def digests():
        return [(mail, int(found.group(1))) for mail in receiver.mails() for found in [re.search(r'(\d+) more', mail.subject)] if found]

    def told():  # on a busy machine the flood lasts longer than one window, and so more than two go at once
        return len(receiver.mails()) - len(digests()) + sum(number for _mail, number in digests())
    wait(lambda: told() == 6000, lambda: [mail.subject for mail in receiver.mails()], 60)
    assert 'of other kinds' in digests()[0][0].text
    assert max(len(mail.text) for mail in receiver.mails()) < 20000
    with open('/proc/%d/status' % program.pid, encoding='ascii') as source:
        assert int(re.search(r'VmHWM:\s+(\d+) kB', source.read()).group(1)) < 60000


def test_a_mail_server_that_was_down(journald, receiver, each_program):
    """Nothing is lost, nothing comes twice, the order stays; also over restarts in between."""
    each_program.start([alerting_rule(port=receiver.port)])
    for number in range(4):
        crit(journald, 'message %d' % number)
        time.sleep(0.3)
    wait(lambda: 'not delivered' in each_program.log(), 'no word of the failure')
    assert each_program.stop() == 0
    crit(journald, 'message 4')
    each_program.restart()
    crit(journald, 'message 5')
    wait(lambda: len(each_program.state()['rules']['severe']['mail']['queue']) == 6, 'they are not kept')
    state = each_program.state()['rules']['severe']['mail']
    assert 'port %d: ' % receiver.port in state['last_error']['text'] and state['failing_since']
    receiver.start()
    assert [mail.said for mail in receiver.wait_for(6)] == ['message %d' % number for number in range(6)]
    assert each_program.state()['rules']['severe']['mail']['failing_since'] is None


def test_retries_wait_longer_and_longer(journald, receiver, program):
    program.start([alerting_rule(port=receiver.port)])
    crit(journald, 'nobody hears')
    time.sleep(18)
    assert [int(found) for found in re.findall(r'next attempt in (\d+) s', program.log())] == [5]  # told once
    with open('/proc/%d/stat' % program.pid, encoding='ascii') as source:
        ticks = sum(int(field) for field in source.read().rpartition(')')[2].split()[11:15])
    assert ticks / os.sysconf('SC_CLK_TCK') < 2, 'a busy loop'
    receiver.start()
    receiver.wait_for(1)  # attempts at 0, 5, 15 and 35 seconds


def test_killed_at_any_time_it_loses_nothing(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port)])
    for number in range(40):
        crit(journald, 'message %d' % number)
        if number % 8 == 7:
            time.sleep(0.05 * (number // 8))
            program.kill()
            program.restart()
    wait(lambda: len(set(receiver.said())) == 40, lambda: receiver.said())
    time.sleep(1)
    mails = receiver.mails()
    assert {mail.said for mail in mails} == {'message %d' % number for number in range(40)}
    # Killed between the server's consent and its own note, it sends that one mail again, with the same id.
    assert len({mail.id for mail in mails}) == 40 and len(mails) - 40 <= 5


def test_killed_when_all_was_delivered_it_sends_nothing_twice(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port)])
    for number in range(4):
        crit(journald, 'message %d' % number)
        receiver.wait_for(number + 1)
        program.kill()
        program.restart()
    time.sleep(2)
    assert receiver.said() == ['message %d' % number for number in range(4)]


def test_what_came_while_it_was_stopped(journald, receiver, each_program):
    """The first match behind the cursor is the one that journalctl --after-cursor leaves out."""
    each_program.start([alerting_rule(port=receiver.start().port)])
    crit(journald, 'seen')
    receiver.wait_for(1)
    assert each_program.stop() == 0
    journald.native('an ordinary one')
    crit(journald, 'unseen 1')
    crit(journald, 'unseen 2')
    journald.settle()
    each_program.restart()
    receiver.wait_for(3)
    assert each_program.stop() == 0
    # Started where nothing new is, and where the rules let the entry at the cursor match no more.
    each_program.restart()
    time.sleep(1)
    assert each_program.stop() == 0
    journald.native('an emergency', PRIORITY='0')
    each_program.start([alerting_rule(port=receiver.port, severities=[0])])
    assert [mail.said for mail in receiver.wait_for(4)] == ['seen', 'unseen 1', 'unseen 2', 'an emergency']


def test_from_the_very_first_entry_of_the_first_start_on(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port)])
    assert program.stop() == 0
    crit(journald, 'after the first start')
    program.restart()
    assert [mail.said for mail in receiver.wait_for(1)] == ['after the first start']


def test_rotation_and_restarts_of_journald(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port)])
    for number in range(20):
        crit(journald, 'message %d' % number)
        if number % 4 == 1:
            journald.signal(signal.SIGUSR2)  # rotate
        if number == 10:
            journald.settle()
            journald.stop()
            journald.start()
        if number == 15:
            journald.settle()
            journald.kill()
            journald.start()
    assert [mail.said for mail in receiver.wait_for(20)] == ['message %d' % number for number in range(20)]


def test_the_entry_at_the_cursor_was_vacuumed(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port)])
    crit(journald, 'old')
    receiver.wait_for(1)
    assert program.stop() == 0
    journald.signal(signal.SIGUSR2)
    journald.settle()
    crit(journald, 'new 1')
    journald.settle()
    folder = os.path.join(journald.journal, MACHINE)
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if [row for row in reference.rows('--file=' + path) if row.get('MESSAGE') == 'old']:
            os.unlink(path)
    program.restart()
    crit(journald, 'new 2')
    assert [mail.said for mail in receiver.wait_for(3)] == ['old', 'new 1', 'new 2']


def test_a_journal_that_was_copied_elsewhere_is_not_new(journald, receiver, program):
    """As journald does from /run to /var: other cursors, the same entries."""
    program.start([alerting_rule(port=receiver.start().port)])
    crit(journald, 'before')
    receiver.wait_for(1)
    assert program.stop() == 0
    crit(journald, 'after')
    journald.settle()
    export = subprocess.run(['journalctl', '--directory=' + journald.journal, '--output=export', '--all'],
                            stdout=subprocess.PIPE, check=True).stdout
    journald.stop()
    folder = os.path.join(journald.journal, MACHINE)
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    subprocess.run(['/lib/systemd/systemd-journal-remote', '--output=%s/system.journal' % folder, '-'], input=export,
                   check=True, stderr=subprocess.DEVNULL)
    program.restart()
    assert [mail.said for mail in receiver.wait_for(2)] == ['before', 'after']
    journald.start()


def crits(texts, boot, begin, monotonic=1):
    """Entries of a boot that alert, one a second from `begin` (seconds since START) on."""
    return [journals.entry(text, begin + number, _BOOT_ID=boot, PRIORITY='2', SYSLOG_FACILITY='3',
                           __MONOTONIC_TIMESTAMP=str(monotonic + number)) for number, text in enumerate(texts)]


def renumber(path, writer, first):
    """Give a file another writer (bytes) and its entries the numbers from `first` on."""
    with open(path, 'r+b') as target:
        places = [offset for kind, offset, _size in journals.objects(path) if kind == 'entry']
        for place, number in [(160, first + len(places) - 1), (168, first)] + [
                (offset + 16, first + number) for number, offset in enumerate(places)]:
            target.seek(place)
            target.write(struct.pack('<Q', number))
        target.seek(72)
        target.write(writer)


def shut_down(journald, name='system@0006396f1e2ac5e1-2f3c5d4b6a798081.journal~'):
    """Stop journald and set its file aside; (folder, path of the file, its writer, its last number)."""
    journald.settle()
    journald.stop()
    folder = os.path.join(journald.journal, MACHINE)
    path = os.path.join(folder, name)
    os.rename(os.path.join(folder, 'system.journal'), path)
    with open(path, 'rb') as source:
        header = source.read(168)
    return folder, path, header[72:88], struct.unpack_from('<Q', header, 160)[0]


@pytest.mark.parametrize('inherits', [False, True])
def test_a_reboot_with_the_clock_set_back(journald, receiver, program, inherits):
    """journald sets the file "from the future" aside and begins another: of a new writer, or (EL 9) of the old one with
    numbers that were given before, when a power cut took the end of the old file. A user's journal has its own.
    """
    program.start([alerting_rule(port=receiver.start().port)])
    crit(journald, 'before')
    crit(journald, 'also before')
    receiver.wait_for(2)
    assert program.stop() == 0
    folder, old, writer, number = shut_down(journald)
    texts = ['after %d' % number for number in range(6)]
    journals.write(os.path.join(folder, 'system.journal'), crits(texts, BOOTS[1], -400000))
    journals.write(os.path.join(folder, 'user-1000.journal'), crits(['of a user'], BOOTS[1], -300000, 7))
    if inherits:
        os.unlink(old)
        renumber(os.path.join(folder, 'system.journal'), writer, max(1, number - 4))
    for _start in range(2):  # the second time nothing is new
        program.restart()
        receiver.wait_for(9)
        assert program.stop() == 0
    assert receiver.said() == ['before', 'also before'] + texts + ['of a user']
    more = os.path.join(folder, 'user-1001.journal')
    journals.write(more, crits(['of another'], BOOTS[1], -500000, 8))
    program.restart()
    assert receiver.wait_for(10)[-1].said == 'of another'
    journald.start()


def test_numbers_that_come_again_one_by_one(journald, receiver, program):
    """The next boot gets the numbers again that a power cut took, while the program runs."""
    program.start([alerting_rule(port=receiver.start().port)])
    crit(journald, 'before')
    receiver.wait_for(1)
    assert program.stop() == 0
    folder, old, writer, number = shut_down(journald)
    os.unlink(old)
    path = os.path.join(folder, 'system.journal')
    for count in range(1, 5):
        rows = crits(['after %d' % one for one in range(count)], BOOTS[1], -400000)
        if os.path.exists(path):
            os.unlink(path)
        journals.write(path, rows)
        renumber(path, writer, number - 3)
        program.restart()
        assert [mail.said for mail in receiver.wait_for(1 + count)] == ['before'] + [
            'after %d' % one for one in range(count)]
        assert program.stop() == 0
    journald.start()


def test_the_cursor_of_an_earlier_version(journald, receiver, program):
    """It knows one writer and one boot. The others were over, and were read."""
    folder = os.path.join(journald.journal, MACHINE)
    journals.write(os.path.join(folder, 'user-1000.journal'), crits(['long ago'], BOOTS[1], 0))
    program.start([alerting_rule(port=receiver.start().port)])
    crit(journald, 'before')
    receiver.wait_for(1)
    assert program.stop() == 0
    with open(program.state_path, encoding='ascii') as source:
        state = json.load(source)
    position = state['cursor']
    state['cursor'] = re.match('s=[^;]*;i=[^;]*;b=%s;m=[^;]*;t=[^;]*;x=[^;]*' % BOOT_ID, position).group()
    assert ';k=' in position
    with open(program.state_path, 'w', encoding='ascii') as target:
        json.dump(state, target)
    crit(journald, 'after')
    journald.settle()
    program.restart()
    assert [mail.said for mail in receiver.wait_for(2)] == ['before', 'after']
    assert program.stop() == 0
    with open(program.state_path, encoding='ascii') as source:
        assert set(re.findall('[0-9a-f]{32}', json.load(source)['cursor'].partition(';k=')[2])) == {BOOT_ID, BOOTS[1]}
    # Of a boot that is over it tells nothing of the others: what it does not tell is brought, and that is said.
    state['cursor'] = state['cursor'].replace('b=' + BOOT_ID, 'b=' + BOOTS[2])
    with open(program.state_path, 'w', encoding='ascii') as target:
        json.dump(state, target)
    program.restart()
    assert {mail.said for mail in receiver.wait_for(4)[2:]} == {'after', 'long ago'}
    assert 'messages may have come before' in program.log()


def test_a_damaged_file_keeps_no_other_from_being_read(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port)])
    journald.settle()
    folder = os.path.join(journald.journal, MACHINE)
    path = os.path.join(folder, 'user-1000.journal')
    journals.write(path, crits(['of a user'], BOOTS[1], 0))
    with open(path, 'r+b') as target:
        target.seek(88)
        target.write(struct.pack('<Q', 1 << 40))  # the size of its header
    crit(journald, 'of the system')
    assert [mail.said for mail in receiver.wait_for(1)] == ['of the system']
    wait(lambda: 'cannot read the journal' in program.log(), program.log)


def test_journalctl_dies(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port)])
    for number in range(3):
        bell = wait(lambda: [pid for pid, command in program.children().items() if '--follow' in command], 'no bell')
        os.kill(bell[0], signal.SIGKILL)
        crit(journald, 'message %d' % number)
        assert receiver.wait_for(number + 1)[-1].said == 'message %d' % number
    assert program.alive()
    program.kill()


def test_the_state_cannot_be_written(journald, receiver, program):
    """Then alerts go on nevertheless."""
    program.start([alerting_rule(port=receiver.start().port)], state='/proc/nowhere/alerts.json')
    crit(journald, 'heard')
    assert [mail.said for mail in receiver.wait_for(1)] == ['heard']
    assert program.log().count('<4>cannot write /proc/nowhere/alerts.json') == 1


def test_the_state_is_damaged(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port)])
    crit(journald, 'before')
    receiver.wait_for(1)
    assert program.stop() == 0
    for text in ('{"cursor": "s=1; rm -rf"}', '{'):
        with open(program.state_path, 'w', encoding='ascii') as target:
            target.write(text)
        program.restart()
        assert program.stop() == 0
    said = program.log()
    assert 'starting without what cannot be used, cursor, at the end of the journal.' in said
    assert 'starting anew (' in said and said.count('The damaged file stays at %s.damaged-' % program.state_path) == 2
    crit(journald, 'after')
    program.restart()
    assert [mail.said for mail in receiver.wait_for(2)] == ['before', 'after']
    assert os.stat(program.state_path).st_mode & 0o777 == 0o600


def test_a_command_gets_the_text_and_the_fields(journald, each_program, tmp_path):
    body = 'cat >>$OUT; env | grep ^LOG_HYGIENE_ | LC_ALL=C sort >>$OUT; echo "args: $*" >>$OUT'
    each_program.start([alerting_rule('병원', command=[script(tmp_path, body), 'two words', '$(reboot)'])])
    crit(journald, 'it burns; $(reboot) `reboot`\n\x1b[31m불', SYSLOG_IDENTIFIER='fire', SYSLOG_PID='9')
    wait(lambda: 'args:' in out(tmp_path), 'it was not run')
    said = out(tmp_path)
    assert '    it burns; $(reboot) `reboot`\n    \\x1b[31m불\n' in said
    fields = dict(line.partition('=')[::2] for line in said.splitlines() if line.startswith('LOG_HYGIENE_'))
    assert {name: fields['LOG_HYGIENE_' + name] for name in ('KIND', 'RULE', 'HOST', 'SEVERITY', 'FACILITY', 'PROGRAM',
                                                            'PID', 'COUNT')} == {
        'KIND': 'alert', 'RULE': '병원', 'HOST': os.uname().nodename, 'SEVERITY': 'crit', 'FACILITY': 'daemon',
        'PROGRAM': 'fire', 'PID': '9', 'COUNT': '1'}
    assert said.splitlines()[-1] == 'args: two words $(reboot)'


@pytest.mark.parametrize('locale', [{'LC_ALL': 'C'}, {'LC_ALL': '', 'LANG': 'ko_KR.eucKR', 'PYTHONUTF8': '0'}])
def test_an_emoji_does_not_block_what_comes_behind_it(journald, receiver, each_program, tmp_path, locale):
    """Whatever the locale is: text is UTF-8 wherever it leaves the program."""
    command = script(tmp_path, 'cat >>$OUT.text; echo "$LOG_HYGIENE_PROGRAM $LOG_HYGIENE_SOURCE $2" >>$OUT')
    each_program.start([alerting_rule('\ubcd1\uc6d0', port=receiver.start().port, command=[command, '-x', '\ubd88'])],
                       **dict(locale, PYTHONCOERCECLOCALE='0'))
    user_says(journald, 'fire \U0001f525', 1000, SYSLOG_IDENTIFIER='\U0001f525\ubd88')
    for number in range(3):
        crit(journald, 'real alert %d' % number, SYSLOG_IDENTIFIER='disk\udcff'.encode('utf-8', 'surrogateescape'))
    wait(lambda: len(out(tmp_path).splitlines()) == 4, lambda: out(tmp_path) + each_program.log(), 10)
    assert sorted(out(tmp_path).splitlines()) == ['disk\ufffd root \ubd88'] * 3 + ['\U0001f525\ubd88 uid 1000 \ubd88']
    with open(str(tmp_path / 'out.text'), encoding='utf-8') as source:
        assert '    fire \U0001f525\n' in source.read()
    assert sorted(mail.said for mail in receiver.wait_for(4)) == ['fire \U0001f525'] + ['real alert %d' % number for number in range(3)]


def test_a_command_that_never_takes_one_message_takes_the_others(journald, program, tmp_path):
    command = script(tmp_path, 'text=$(cat); case $text in *poison*) exit 3;; esac; echo "$text" >>$OUT')
    program.start([alerting_rule(command=[command])])
    crit(journald, 'poison')
    for number in range(3):
        crit(journald, 'real alert %d' % number)
    wait(lambda: out(tmp_path).count('real alert') == 3, lambda: program.log(), 15)
    state = program.state()['rules']['severe']['command']
    assert [waiting['alert']['text'] for waiting in state['queue']] == ['poison']
    assert state['last_error']['text'].endswith('/command ended with status 3')


def test_what_the_kernel_and_root_say_goes_before_what_users_flood(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start().port, count=2, seconds=6)])
    for number in range(64):
        user_says(journald, 'forged ' + chr(97 + number % 8) + chr(97 + number // 8), 1000, SYSLOG_FACILITY='0', SYSLOG_IDENTIFIER='kernel')
    journald.settle()
    wait(lambda: len(receiver.mails()) == 2, 'the first of the flood go')
    crit(journald, 'root says')
    journald.native('a real emergency', PRIORITY='0')
    user_says(journald, 'another real emergency', 26, PRIORITY='0')
    assert [mail.said for mail in receiver.wait_for(4, seconds=4)][2:] == ['root says', 'a real emergency']
    digest = receiver.wait_for(5)[4]
    assert '    1 emerg daemon app (uid 26): another real emergency\n' in digest.text
    assert re.search(r'^    12 of other kinds\n        12 crit from uid 1000$', digest.text, re.MULTILINE)


@pytest.mark.parametrize('python', sorted({'2.7', '3.6', '3.13'} & set(PYTHONS)))
def test_what_the_kernel_writes_with_each_boot_brings_no_alert_then(collection, receiver, tmp_path, python):
    def kernel(text, seconds, **fields):
        return entry(text, seconds, **dict({
            'PRIORITY': '2', 'SYSLOG_FACILITY': '0', '_BOOT_ID': BOOTS[1],
            '__MONOTONIC_TIMESTAMP': str(seconds * 1000000)}, **fields))
    journal = types.SimpleNamespace(journal=str(tmp_path / 'journal'))
    write(tmp_path / 'journal' / 'system.journal', [kernel('before', 1, _BOOT_ID=BOOTS[0])])
    program = make_program(collection, journal, tmp_path, python)
    program.start([alerting_rule(port=receiver.start().port)],
                  exemptions=alert_exemptions(catalog.load(), {'el': 9}))
    assert program.stop() == 0
    driver = 'Warning: Unmaintained driver is detected: e1000'
    disabled = 'Warning: Disabled Hardware is detected: x:0060:1000 @ 0000:03:00.0 is no longer enabled in this release.'
    write(tmp_path / 'journal' / 'system@later.journal', [
        kernel(driver, 10), kernel(driver, 11, SYSLOG_FACILITY='1'), kernel(
            'Warning: Deprecated Driver is detected: nft_compat will not be maintained in a future major release and may be '
            'disabled', 12), kernel(disabled, 13), kernel(driver, 14, _TRANSPORT='syslog', _UID='1000'),
        kernel(driver, 15, PRIORITY='1'), kernel(driver, 86400)])
    program.restart()
    mails = receiver.wait_for(5)
    assert sorted((mail.said, re.search('^Source:   (.*)$', mail.text, re.MULTILINE).group(1)) for mail in mails) == sorted([
        (driver, 'root'), (disabled, 'kernel'), (driver, 'uid 1000'), (driver, 'kernel'), (driver, 'kernel')])
    assert program.stop() == 0
    counted = program.state()['exempted']
    assert {name: row['count'] for name, row in counted.items()} == {'rhel-deprecated-driver': 2}
    assert counted['rhel-deprecated-driver']['last'] - counted['rhel-deprecated-driver']['first'] == 2


def test_a_command_that_fails_or_hangs_holds_up_nobody_else(journald, receiver, program, tmp_path):
    failing = script(tmp_path, 'echo "$LOG_HYGIENE_KIND" >>$OUT; test -e $OUT.works || exit 3')
    program.start([alerting_rule('hanging', command=['/bin/sleep', '1000']),
                   alerting_rule('failing', command=[failing]),
                   alerting_rule('missing', command=['/nonexistent/command']),
                   alerting_rule('deaf', command=['/bin/true']), alerting_rule(port=receiver.start().port)])
    for number in range(3):
        crit(journald, 'message %d %s' % (number, 'x' * 3000))
    assert len(receiver.wait_for(3, seconds=5)) == 3
    wait(lambda: program.state()['rules']['deaf']['command']['delivered'] == 3, 'it does not read, and that is fine')
    rules = program.state()['rules']
    assert rules['failing']['command']['last_error']['text'].endswith('/command ended with status 3')
    assert rules['missing']['command']['last_error']['text'] == \
        'cannot run /nonexistent/command: No such file or directory'
    with open(str(tmp_path / 'out.works'), 'w', encoding='ascii'):
        pass
    wait(lambda: program.state()['rules']['failing']['command']['delivered'] == 3, 'it is not tried again')
    program.kill()
    for pid in subprocess.run(['pgrep', '-f', '^/bin/sleep 1000$'], stdout=subprocess.PIPE, check=False).stdout.split():
        os.kill(int(pid), signal.SIGKILL)


def test_a_delivery_under_way_is_let_end(journald, program, tmp_path):
    program.start([alerting_rule(command=[script(tmp_path, 'echo begun >>$OUT; sleep 2; echo ended >>$OUT')])])
    crit(journald, 'slow')
    wait(lambda: 'begun' in out(tmp_path), 'it does not begin')
    begun = time.monotonic()
    assert program.stop() == 0
    assert 1 < time.monotonic() - begun < 4
    program.restart()
    time.sleep(2.5)
    assert out(tmp_path) == 'begun\nended\n'


def test_one_message_that_the_server_dislikes_holds_up_nothing(journald, receiver, program):
    program.start([alerting_rule(port=receiver.start('--refuse', 'GTUBE').port)])
    crit(journald, 'one')
    crit(journald, 'GTUBE', SYSLOG_IDENTIFIER='evil')
    crit(journald, 'three')
    mails = receiver.wait_for(3, seconds=5)
    assert [mail.said for mail in mails] == [
        'one', '(left out, because the receiver refused this message with it)', 'three']
    assert 'GTUBE' not in mails[1].raw.decode('ascii') + mails[1].subject and "--cursor='s=" in mails[1].text
    assert 'evil' not in mails[1].text
    assert '554 5.7.1 this looks like junk' in program.state()['rules']['severe']['mail']['last_error']['text']


def test_one_address_of_two_is_refused(journald, receiver, program):
    mail = ['gone@example.com', 'admin@example.com']
    program.start([alerting_rule(port=receiver.start('--deny', mail[0]).port, mail=mail)])
    crit(journald, 'heard')
    assert receiver.wait_for(1)[0].message['X-RcptTo'] == mail[1]
    assert 'refuses gone@example.com (550 no such user)' in program.log()


def test_encryption_is_taken_where_it_works(journald, receiver, each_program, tmp_path):
    path = str(tmp_path / 'certificate.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=mail', '-keyout', path,
                    '-out', path + '.crt'], check=True, stderr=subprocess.DEVNULL)
    with open(path, 'a', encoding='ascii') as target, open(path + '.crt', encoding='ascii') as source:
        target.write(source.read())
    each_program.start([alerting_rule(port=receiver.start('--certificate', path).port)])
    crit(journald, 'one')
    assert receiver.wait_for(1)[0].message['X-Encrypted'] == 'True'
    receiver.stop()
    receiver.start('--broken-tls')
    crit(journald, 'two')
    mail = receiver.wait_for(2)[1]
    assert (mail.said, mail.message['X-Encrypted']) == ('two', 'False')
    assert 'offers STARTTLS and fails to do it' in each_program.log()
    assert re.match(r'\[127\.0\.0\.1\]$|.+\..+$', mail.message['X-Hello'])


def test_its_own_words_are_warnings_at_most(journald, receiver, program):
    program.start([alerting_rule(port=receiver.port)])
    crit(journald, 'x')
    wait(lambda: 'not delivered' in program.log(), 'no word of the failure')
    assert {line[:3] for line in program.log().splitlines()} <= {'<4>', '<5>', '<6>'}


@pytest.mark.parametrize('text, told', [
    ('', 'cannot use'), ('{"rules": [{}], "severities": []}', 'lacks command, facilities'), (None, 'cannot use')])
def test_a_configuration_that_cannot_be_used(program, text, told):
    if text is not None:
        with open(program.config, 'w', encoding='ascii') as target:
            target.write(text)
    answer = subprocess.run(program._command, stderr=subprocess.PIPE, universal_newlines=True, check=False)
    assert answer.returncode == 1 and answer.stderr.startswith('<4>' + told) or told in answer.stderr
    assert 'The role syslog_policy writes it anew' in answer.stderr


def test_local_sendmail(journald, program, tmp_path):
    """Without a mail server's name, the host's own sendmail gets the mail; here a stand-in mounted over its place."""
    sendmail = script(tmp_path, 'echo "args: $*" >>$OUT; cat >>$OUT')
    rule = alerting_rule(port=1)
    rule['alert'].update(smtp=None, sender='root@web1.example.com')
    touched = not os.path.exists('/usr/sbin/sendmail')
    program._command = ['unshare', '--mount', '--propagation', 'private', 'sh', '-euc', '''
        mkdir -p {0}/sbin {0}/work
        mount -t overlay -o lowerdir=/usr/sbin,upperdir={0}/sbin,workdir={0}/work overlay /usr/sbin
        cp {1} /usr/sbin/sendmail
        exec "$@"'''.format(tmp_path, sendmail), 'sh'] + program._command
    program.start([rule])
    crit(journald, 'by hand')
    wait(lambda: 'base64' in out(tmp_path) and out(tmp_path).endswith('\n'), lambda: program.log())
    assert out(tmp_path).startswith('args: -i -f root@web1.example.com -- admin@example.com\n')
    assert 'From: root@web1.example.com\n' in out(tmp_path)
    assert touched == (not os.path.exists('/usr/sbin/sendmail'))
