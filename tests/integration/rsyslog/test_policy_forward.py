# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forwards of a policy, to a second rsyslogd on loopback: what arrives when it, or the sender, goes down."""
import collections
import os
import re
import shutil
import socket
import subprocess
import time

import pytest

from rsyslog_host import PATIENCE, Entry, Host, wait_for
from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host_facts
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import restart as rsyslog_restart

NAME = 'collector.example.com'
TRANSPORTS = ['tcp', 'gtls']


@pytest.fixture(scope='module')
def certificates(tmp_path_factory):
    """A folder with an authority, and a certificate of the collector and of the host by it."""
    folder = tmp_path_factory.mktemp('tls')

    def openssl(*arguments):
        subprocess.run(['openssl'] + list(arguments), cwd=str(folder), check=True, stderr=subprocess.DEVNULL)
    for authority in ('ca', 'other'):
        openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', authority + '.key', '-out',
                authority + '.pem', '-days', '2', '-subj', '/CN=' + authority)
    for name, host in (('collector', NAME), ('host', 'host.example.com')):
        (folder / 'san').write_text('subjectAltName=DNS:%s\n' % host)
        openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', name + '.key', '-out', name + '.csr',
                '-subj', '/CN=' + host)
        openssl('x509', '-req', '-in', name + '.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial',
                '-days', '2', '-extfile', 'san', '-out', name + '.pem')
    return str(folder)


class Receiver:
    """A second rsyslogd, that takes what comes by TCP or TLS to a free port and writes it to a file."""

    def __init__(self, folder, driver, certificates):
        os.makedirs(str(folder))
        self.log, self.config = str(folder / 'log'), str(folder / 'conf')
        with socket.create_server(('127.0.0.1', 0)) as free:
            self.port = free.getsockname()[1]
        tls, mode = '', ''
        if driver != 'tcp':
            tls = ('global(defaultNetstreamDriver="{0}" defaultNetstreamDriverCAFile="{1}/ca.pem"\n'
                   '       defaultNetstreamDriverCertFile="{1}/collector.pem"\n'
                   '       defaultNetstreamDriverKeyFile="{1}/collector.key")\n').format(driver, certificates)
            mode = (' streamDriver.name="%s" streamDriver.mode="1" streamDriver.authMode="x509/name"'
                    ' permittedPeer="host.example.com"' % driver)
        with open(self.config, 'w', encoding='utf-8') as target:
            target.write('%smodule(load="imtcp"%s)\ninput(type="imtcp" port="%d")\n'
                         'template(name="raw" type="string" string="%%rawmsg%%\\n")\n'
                         '*.* action(type="omfile" file="%s" template="raw")\n' % (tls, mode, self.port, self.log))
        self.daemon = None

    def start(self):
        """Take in messages, from when this returns."""
        self.daemon = subprocess.Popen(  # pylint: disable=consider-using-with
            [rsyslogd(), '-n', '-i', self.config + '.pid', '-f', self.config], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port), self.daemon)

    def stop(self):
        """End as a service is ended."""
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait(PATIENCE)
            self.daemon = None

    def numbers(self):
        """How often each numbered message came: Counter of int."""
        if not os.path.exists(self.log):
            return collections.Counter()
        with open(self.log, encoding='utf-8') as source:
            return collections.Counter(int(number) for number in re.findall(r'number ([0-9]+)\.', source.read()))


def rsyslogd():
    return shutil.which('rsyslogd', path=os.environ['PATH'] + ':/usr/sbin')


def version():
    said = subprocess.run([rsyslogd(), '-v'], check=True, stdout=subprocess.PIPE, encoding='utf-8').stdout
    return tuple(int(number) for number in host_facts.rsyslog_version(said).split('.'))


def answers(port):
    try:
        socket.create_connection(('127.0.0.1', port), timeout=1).close()
    except OSError:
        return False
    return True


class Sender:
    """A Host with a forward to a Receiver, whose rsyslogd takes messages from a socket of the test as well."""

    def __init__(self, folder, shape, receiver, tls, memory):
        self.host = Host(folder, shape)
        self.socket = os.path.join(str(folder), 'sock')
        self.host.write('etc/rsyslog.d/01-test.conf', 'input(type="imuxsock" Socket="%s" CreatePath="off" '
                        'RateLimit.Interval="0" UsePIDFromSystem="off")\n' % self.socket)
        self.rule = self.host.rule('far', forward=dict(
            target='127.0.0.1', port=receiver.port, protocol='tcp', tls=tls,
            queue=dict(disk_bytes=1 << 30, memory=memory)))
        self.host.apply([self.rule])
        self.sent = 0

    def send(self, count):
        """Send messages, each with a number of its own, until they are in the host's own log."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
            wait_for(lambda: connected(to, self.socket))
            for number in range(self.sent, self.sent + count):
                to.send(b'<14>Nov 22 10:00:00 x: number %d.' % number)
        self.sent += count
        wait_for(lambda: 'number %d.' % (self.sent - 1) in self.host.read('log/messages'))

    def waiting(self):
        """How many messages are on disk by what the module tells."""
        return self.host.apply([self.rule], check=True)['forwards'][0]['waiting_messages']

    def on_disk(self):
        """The numbers of messages in the files of the queue."""
        found = set()
        for name in os.listdir(os.path.join(self.host.root, 'work')):
            if name.startswith('log_hygiene_far.0'):
                found.update(int(number) for number in re.findall(
                    r'number ([0-9]+)\.', self.host.read(os.path.join('work', name))))
        return found


def connected(to, path):
    try:
        to.connect(path)
    except OSError:
        return False
    return True


@pytest.fixture
def pair(host, tmp_path, certificates):
    """A function that makes (Sender, Receiver) for a transport; neither runs yet."""
    yield from pairs(host, tmp_path, certificates)


@pytest.fixture
def one_pair(el9, tmp_path, certificates):
    """The same where the shape of the host does not matter."""
    yield from pairs(el9, tmp_path, certificates)


def pairs(host, tmp_path, certificates):
    made = []

    def make(transport='tcp', memory=1000, by=None, **changes):
        # rsyslogd with OpenSSL takes leave of a peer, see test_a_collector_that_takes_leave
        receiver = Receiver(tmp_path / 'receiver', by or ('tcp' if transport == 'tcp' else 'gtls'), certificates)
        made.append(receiver)
        tls = None if transport == 'tcp' else dict(dict(
            ca_file=certificates + '/ca.pem', cert_file=certificates + '/host.pem',
            key_file=certificates + '/host.key', permitted_peers=[NAME], driver=transport), **changes)
        return Sender(tmp_path / 'sender', host.shape, receiver, tls, memory), receiver
    yield make
    for receiver in made:
        receiver.stop()


def each_once(sender, receiver):
    """Wait until all that was sent has arrived, and see that each did once."""
    wait_for(lambda: len(receiver.numbers()) >= sender.sent, said=lambda: 'not arrived: %s, of which on disk: %s\n%s' % (
        set(range(sender.sent)) - set(receiver.numbers()), sender.on_disk() - set(receiver.numbers()),
        sender.host.read('said')))
    time.sleep(1)  # for what may come twice
    assert receiver.numbers() == collections.Counter(range(sender.sent))


@pytest.mark.parametrize('transport', TRANSPORTS)
def test_a_receiver_that_stops_and_starts_again(pair, transport):
    """Nothing lost, nothing twice; the messages are of RFC 5424."""
    sender, receiver = pair(transport)
    receiver.start()
    with sender.host.reading():
        sender.send(100)
        each_once(sender, receiver)
        for _time in range(2):
            receiver.stop()
            sender.send(100)
            receiver.start()
            each_once(sender, receiver)
            sender.send(100)
            each_once(sender, receiver)
    with open(receiver.log, encoding='utf-8') as source:
        assert re.search(r'^<14>1 2[0-9-]+T[0-9:.]+[^ ]* [^ ]+ x - - -  ?number 0\.$', source.read(), re.MULTILINE)


def test_a_collector_that_takes_leave(pair):
    """What is promised less: a TLS collector that says close_notify. rsyslogd does not look whether the peer has gone
    when something is there to be read, and the first message after that is lost, no more, and none comes twice.
    """
    sender, receiver = pair('gtls', by='ossl')
    receiver.start()
    with sender.host.reading():
        sender.send(100)
        each_once(sender, receiver)
        receiver.stop()
        sender.send(100)
        receiver.start()
        wait_for(lambda: len(receiver.numbers()) >= 199)
        sender.send(100)
        wait_for(lambda: len(receiver.numbers()) >= 299)
        time.sleep(1)
    assert set(receiver.numbers().values()) == {1}
    assert set(range(300)) - set(receiver.numbers()) <= {100}


@pytest.mark.parametrize('transport', TRANSPORTS)
def test_a_collector_that_is_dead_from_the_start(pair, transport):
    """A burst: more than may wait in memory, as much as there is room for. It waits on disk, the host's own log goes
    on, and each arrives once, even when rsyslogd starts GnuTLS, which halts the way to disk for half a second or more.
    """
    sender, receiver = pair(transport, memory=2400)
    with sender.host.reading():
        sender.send(3900)
        wait_for(lambda: len(sender.on_disk()) > 2000)
        receiver.start()
        each_once(sender, receiver)


def test_a_sender_that_is_restarted_while_the_collector_is_dead(pair):
    """What waits in memory goes to disk. rsyslogd itself loses what it is trying to send when it ends: one message of
    the queue in memory, one of that on disk (8.24: two); without dequeueBatchSize="1" whole batches of them.
    """
    most = 3 if version() < (8, 25) else 2
    sender, receiver = pair()
    receiver.start()
    with sender.host.reading():
        sender.send(10)
        each_once(sender, receiver)
        receiver.stop()
        sender.send(1500)
        settled(sender)
    with sender.host.reading():
        sender.send(10)
        receiver.start()
        wait_for(lambda: len(receiver.numbers()) >= sender.sent - most)
        time.sleep(1)
    assert set(receiver.numbers().values()) == {1}


def settled(sender):
    """The numbers on disk, when no more are moved there."""
    found = [None, sender.on_disk()]
    while found[-1] != found[-2]:
        time.sleep(0.5)
        found.append(sender.on_disk())
    return found[-1]


def test_a_sender_that_is_killed_while_the_collector_is_dead(pair):
    """What was on disk arrives, once. What was in memory only is lost to the collector, not to the host."""
    sender, receiver = pair(memory=500)
    with sender.host.reading() as daemon:
        sender.send(3000)
        waiting = settled(sender)
        daemon.kill()
        daemon.wait(PATIENCE)
    assert len(waiting) > 2000
    with sender.host.reading():
        sender.send(10)
        receiver.start()
        wanted = waiting | set(range(sender.sent - 10, sender.sent))
        wait_for(lambda: set(receiver.numbers()) >= wanted)
        time.sleep(1)
    assert receiver.numbers() == collections.Counter(wanted)
    assert sender.host.read('log/messages').count('number ') == sender.sent


def test_a_sender_that_is_killed_while_it_sends(pair):
    """What was on disk arrives; the message under way may come twice."""
    sender, receiver = pair(memory=100)
    with sender.host.reading() as daemon:
        sender.send(4000)
        waiting = settled(sender)
        receiver.start()
        wait_for(lambda: len(receiver.numbers()) > 300)
        daemon.kill()
        daemon.wait(PATIENCE)
    assert len(receiver.numbers()) < len(waiting)
    with sender.host.reading():
        wait_for(lambda: set(receiver.numbers()) >= waiting)
        time.sleep(1)
    assert sum(receiver.numbers().values()) - len(receiver.numbers()) <= 2  # the two queues have one each under way


def test_a_full_queue_stops_nothing(pair):
    """Memory and disk are full: the host's own log goes on, and what is on disk arrives. Then it takes messages again."""
    sender, receiver = pair(memory=100)
    sender.rule['forward']['queue']['disk_bytes'] = 100000
    sender.host.apply([sender.rule])
    with sender.host.reading():
        sender.send(450)
        waiting = settled(sender)
        assert len(waiting) < 280
        began = time.monotonic()
        sender.send(50)
        assert time.monotonic() - began < 10
        receiver.start()
        wait_for(lambda: set(receiver.numbers()) >= waiting and not sender.waiting())
        receiver.stop()
        sender.send(160)
        wait_for(sender.waiting)
        receiver.start()
        wait_for(lambda: set(receiver.numbers()) >= set(range(sender.sent - 160, sender.sent)))
    assert sender.host.read('log/messages').count('number ') == sender.sent


@pytest.mark.parametrize('left', ['', '\0' * 300])
def test_a_queue_that_a_power_failure_damaged(pair, left):
    """It is noted; rsyslogd forwards without the disk, and the host's own log goes on."""
    sender, receiver = pair(memory=100)
    sender.host.write('work/log_hygiene_far.qi', left)
    result = sender.host.apply([sender.rule])
    assert result['forwards'][0]['waiting_messages'] is None
    assert result['forwards'][0]['queue_broken'] == 'log_hygiene_far.qi is damaged'
    assert 'log_hygiene_far.qi is damaged' in result['notes'][0]
    with sender.host.reading():
        sender.send(150)
        receiver.start()
        each_once(sender, receiver)


def power_cut(sender):
    """Leave a queue as a power cut did: NAME.qi has been written, and none of its messages. Returns how many."""
    with sender.host.reading() as daemon:
        sender.send(1000)
        wait_for(lambda: len(sender.on_disk()) > 700)
        settled(sender)
        daemon.kill()
        daemon.wait(PATIENCE)
    claimed = sender.waiting()
    path = os.path.join(sender.host.root, 'work', 'log_hygiene_far.00000001')
    with open(path, 'r+b') as file:
        file.truncate(0)
    return claimed


def test_a_queue_that_a_power_cut_emptied(one_pair):
    """It is a finding with its number, set aside and begun anew; what comes later arrives."""
    sender, receiver = one_pair(memory=100)
    claimed = power_cut(sender)
    assert claimed > 700
    os.unlink(sender.host.pending)
    os.unlink(sender.socket)
    before = sender.host.snapshot()
    audited = sender.host.apply([sender.rule], check=True)
    assert sender.host.snapshot() == before
    assert audited['changed'] is True
    forward = audited['forwards'][0]
    assert (forward['waiting_messages'], forward['unreadable_messages'], forward['waiting_bytes']) == (claimed, claimed, 0)
    assert forward['queue_broken'].startswith('log_hygiene_far.00000001 has 0 bytes')
    assert 'hold %d messages' % claimed in audited['notes'][0]

    work = os.path.join(sender.host.root, 'work')
    assert audited['set_aside'] == [os.path.join(work, 'log_hygiene_far')]
    kept = rsyslog_restart.move_away(audited['set_aside'][0])
    assert sorted(os.listdir(kept)) == ['log_hygiene_far.00000001', 'log_hygiene_far.qi']
    assert os.path.dirname(os.path.dirname(kept)) == work
    assert not [name for name in os.listdir(work) if name.startswith('log_hygiene_far.')]
    assert rsyslog_restart.move_away(audited['set_aside'][0]) is None
    again = sender.host.apply([sender.rule])
    assert (again['changed'], again['set_aside'], again['forwards'][0]['queue_broken']) == (False, [], None)
    assert 'set_aside holds 1 queues' in again['notes'][0]
    with sender.host.reading():
        sender.send(500)
        wait_for(lambda: len(sender.on_disk()) > 300)
        later = settled(sender)  # on a busy machine the room in memory may be full for too long
        receiver.start()
        wait_for(lambda: set(receiver.numbers()) >= later)
    assert later <= set(range(1000, 1500))


def looked_at(sender):
    """What a check tells of the queue: (messages, unreadable ones, why it is broken, is it to be set aside)."""
    result = sender.host.apply([sender.rule], check=True)
    forward = result['forwards'][0]
    return forward['waiting_messages'], forward['unreadable_messages'], forward['queue_broken'], bool(result['set_aside'])


def test_damage_that_no_size_shows(one_pair):
    """What a power failure leaves where sizes were written and contents were not; each on the files of a real queue."""
    sender, dummy = one_pair(memory=100)
    with sender.host.reading() as daemon:
        sender.send(600)
        wait_for(lambda: len(sender.on_disk()) > 400)
        count = len(settled(sender))
        daemon.kill()
        daemon.wait(PATIENCE)
    work = os.path.join(sender.host.root, 'work')
    data, index = [os.path.join(work, 'log_hygiene_far.' + end) for end in ('00000001', 'qi')]
    with open(data, 'rb') as source:
        messages = source.read()
    with open(index, 'rb') as source:
        claim = source.read()
    half = len(messages) // 2
    good = messages[:half].count(b'<Obj:1:msg:1:\n') - 1
    short = 'log_hygiene_far.qi says that it holds %d messages, and its files have %%d' % count

    def damaged(content, said):
        for path, text in ((data, content), (index, said)):
            if os.path.exists(path):
                os.unlink(path)
            if text is not None:
                with open(path, 'wb') as target:
                    target.write(text)
        return looked_at(sender)
    assert damaged(messages, claim) == (count, 0, None, False)
    assert damaged(messages + b'garbage', claim) == (count, 0, None, False)  # written since
    assert damaged(b'\0' * len(messages), claim) == (count, count, short % 0, True)
    assert damaged(messages[:half] + b'\0' * (len(messages) - half), claim)[:3] == (count, count - good, short % good)
    assert damaged(messages[:half] + b'\0' * 20 + messages[half + 20:], claim)[:3] == (count, 1, short % (count - 1))
    first = messages.index(b'<Obj:1:msg:1:\n', 1) + 20  # in the second message
    assert damaged(messages[:first] + b'\0' * (len(messages) - first), claim) == (count, count - 1, short % 1, True)
    assert damaged(messages, claim[:-40] + b'\0' * 40) == (count, 0, 'log_hygiene_far.qi is damaged', True)
    assert damaged(messages, claim[:-2]) == (count, 0, 'log_hygiene_far.qi is damaged', True)
    assert damaged(messages, None) == (None, None, 'log_hygiene_far.qi is gone, and its files have %d messages' % count, True)
    assert damaged(b'\0' * len(messages), None) == (0, 0, None, False)
    os.mkdir(index)
    assert looked_at(sender) == (None, None, 'log_hygiene_far.qi is damaged', True)


def test_what_rsyslogd_has_healed_is_told_no_more(one_pair):
    """It skips what is damaged in the middle, sends the rest, and leaves a claim of one message that is not there."""
    sender, receiver = one_pair(memory=100)
    with sender.host.reading() as daemon:
        sender.send(600)
        wait_for(lambda: len(sender.on_disk()) > 400)
        waiting = settled(sender)
        daemon.kill()
        daemon.wait(PATIENCE)
    os.unlink(sender.socket)
    path = os.path.join(sender.host.root, 'work', 'log_hygiene_far.00000001')
    with open(path, 'r+b') as file:
        file.seek(os.path.getsize(path) // 2)
        file.write(b'\0' * 4096)
    messages, unreadable, why, set_aside = looked_at(sender)
    assert messages == len(waiting) and 5 < unreadable < 15 and why and not set_aside
    with sender.host.reading():
        sender.send(200)
        wait_for(lambda: settled(sender) & set(range(600, 800)))
        later = settled(sender) & set(range(600, 800))
        receiver.start()
        wait_for(lambda: later <= set(receiver.numbers()))
    assert len(waiting - set(receiver.numbers())) <= unreadable + 2
    assert looked_at(sender) == (0, 0, None, False)


def test_why_it_is_set_aside(one_pair):
    """Left as it is, rsyslogd says so, and loses later bursts, too."""
    sender, receiver = one_pair(memory=100)
    power_cut(sender)
    with sender.host.reading():
        wait_for(lambda: 'emergency switch to direct mode' in sender.host.read('said'), said=lambda: sender.host.read('said'))
        sender.send(500)
        receiver.start()
        wait_for(lambda: sender.send(1) or receiver.numbers())
        time.sleep(1)
    assert len(set(receiver.numbers()) & set(range(1000, 1500))) < 500


def test_a_queue_at_work_is_not_broken(one_pair):
    """Looked at again and again while rsyslogd fills and empties it."""
    sender, receiver = one_pair(memory=1000)
    sender.rule['forward']['queue']['disk_bytes'] = 10 << 20  # files of 512 KiB, which come and go
    sender.host.apply([sender.rule])
    found = []

    def looked():
        found.append(sender.host.apply([sender.rule], check=True)['forwards'][0])
        return len(receiver.numbers()) >= sender.sent
    with sender.host.reading():
        sender.send(1500)
        looked()
        receiver.start()
        wait_for(looked)
    assert any(one['waiting_messages'] for one in found)
    assert {one['queue_broken'] for one in found} == {None}


@pytest.mark.parametrize('changes', [dict(permitted_peers=['somebody.example.com']), dict(ca_file='other.pem')])
def test_a_receiver_that_is_not_the_collector(pair, certificates, changes):
    """TLS: a name that is not permitted, another authority. Nothing is sent, all waits."""
    if 'ca_file' in changes:
        changes = dict(ca_file=os.path.join(certificates, changes['ca_file']))
    sender, receiver = pair('gtls', **changes)
    receiver.start()
    with sender.host.reading():
        sender.send(10)
        time.sleep(3)
        assert not receiver.numbers()
        assert sender.host.read('log/messages').count('number ') == 10


def test_a_forwarder_of_the_host_with_tls_by_directives(el9, v3, tmp_path, certificates):
    """One at the end of rsyslog.conf. Its copies in front of the stops say as much to the collector as it does itself."""
    receiver = Receiver(tmp_path / 'receiver', 'gtls', certificates)
    el9.write('etc/rsyslog.conf', '''$DefaultNetstreamDriver gtls
$DefaultNetstreamDriverCAFile {0}/ca.pem
$DefaultNetstreamDriverCertFile {0}/host.pem
$DefaultNetstreamDriverKeyFile {0}/host.key
$ActionSendStreamDriverMode 1
$ActionSendStreamDriverAuthMode x509/name
$ActionSendStreamDriverPermittedPeer {1}
$ActionSendStreamDriverPermittedPeer nobody.example.com
$ActionQueueType LinkedList
$ActionQueueFileName fwdRule1
$ActionResumeRetryCount -1
*.* @@(o)127.0.0.1:{2}
'''.format(certificates, NAME, receiver.port), 'a')
    el9.divert([v3.signature])
    el9.apply([el9.rule('local2', ([18], range(8)), file='local2', separate=True)])
    entries = [v3.noise, Entry('number 1.'), Entry('number 2.', 'own', None, 'syslog', 6, 18)]
    receiver.start()
    try:
        with el9.reading(entries):
            wait_for(lambda: sum(receiver.numbers().values()) >= 2 and v3.noise.message in el9.read(receiver.log), said=lambda: el9.read('said'))
            time.sleep(1)
    finally:
        receiver.stop()
    assert receiver.numbers() == {1: 1, 2: 1} and el9.read(receiver.log).count(v3.noise.message) == 1
