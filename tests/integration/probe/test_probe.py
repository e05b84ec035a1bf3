# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof tells a policy that works from one that does not, on hosts with real journald, imjournal and rsyslogd.

The drop-ins are written by hand, right and wrong, and the collector is a second rsyslogd on the same host.
"""
import copy
import io
import json
import os
import pathlib
import shutil
import subprocess
import sysconfig
import tarfile
import time

import pytest
from remedy_runs import MATRIX, UNPRIVILEGED, Ansible

SANDBOX = str(pathlib.Path(__file__).parents[2] / 'sandbox' / 'sandbox')
NAMES = ['probe-el9', 'probe-el10']
PATIENCE = 30  # seconds
EVERY, KERN, USER, AUTH, AUTHPRIV, FTP = list(range(24)), 0, 1, 4, 10, 11

ACCESS, NOTABLE, KERNEL, RECEIVED = ['/var/log/' + name for name in ('access', 'notable', 'kernel', 'received')]
STOCK = ['/var/log/messages', '/var/log/secure', '/var/log/maillog', '/var/log/cron', '/var/log/spooler',
         '/var/log/boot.log', '/dev/console']


def rule(name, facilities, severities=range(8), **more):
    return dict(dict(name=name, facilities=facilities, severities=list(severities), keep_days=None, file=None,
                     separate=False, forward=None, alert=None), **more)


RULES = [
    rule('access', [AUTH, AUTHPRIV], file=ACCESS, separate=True),
    rule('kernel', [KERN], file=KERNEL, separate=True),
    rule('notable', EVERY, range(6), file=NOTABLE),
    rule('ftp', [FTP], forward={'target': '127.0.0.1', 'port': 10514, 'protocol': 'tcp', 'tls': None,
                                'queue': {'disk_bytes': 1 << 20, 'memory': 100}}),
]
FORWARD = 'if %s then action(type="omfwd" target="127.0.0.1" port="10514" protocol="tcp")\n'
RIGHT = {
    '00_forward.conf': FORWARD % '$syslogfacility == 11',
    'zzz_files.conf': '''
        if $syslogfacility == 0 then { action(type="omfile" file="/var/log/kernel") stop }
        if $syslogfacility == 4 or $syslogfacility == 10 then { action(type="omfile" file="/var/log/access") stop }
        if $syslogseverity <= 5 then action(type="omfile" file="/var/log/notable")
        ''',
}
COLLECTOR = '''module(load="imptcp")
    input(type="imptcp" port="10514" address="127.0.0.1")
    action(type="omfile" file="/var/log/received")
    '''


class Host:
    """A host of the sandbox with a policy, and a collector beside it."""

    def __init__(self, name, folder, collection):
        self.name, self.folder = name, folder
        namespace = folder / 'collections' / 'ansible_collections' / 'loghygiene'
        namespace.mkdir(parents=True)
        (namespace / 'rhel').symlink_to(collection)
        (folder / 'hosts.yml').write_bytes(subprocess.run([SANDBOX, 'inventory', name], stdout=subprocess.PIPE,
                                                          check=True).stdout)
        self.write('/etc/collector.conf', COLLECTOR)
        self.start_collector()

    def run(self, script, given=None):
        """Run a shell script in the host; its output."""
        return subprocess.run([SANDBOX, 'exec', self.name, 'sh', '-euc', script], input=given, stdout=subprocess.PIPE,
                              check=True).stdout.decode('utf-8', 'replace')

    def write(self, path, text):
        self.run('cat > ' + path, text.encode('utf-8'))

    def start_collector(self):
        self.run('systemd-run --quiet --unit=collector --service-type=notify '
                 'rsyslogd -n -i NONE -f /etc/collector.conf')

    def install(self, **changes):
        """The right policy, with other drop-ins (name without .conf: text)."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode='w') as archive:
            for name, text in dict(RIGHT, **{name + '.conf': text for name, text in changes.items()}).items():
                info = tarfile.TarInfo(name)
                info.size = len(text.encode('utf-8'))
                archive.addfile(info, io.BytesIO(text.encode('utf-8')))
        self.run('systemctl stop rsyslog; rm -f /etc/rsyslog.d/* %s; : > /var/log/received; tar -xC /etc/rsyslog.d; '
                 'rsyslogd -N1 2>&1; systemctl start rsyslog' % ' '.join((ACCESS, NOTABLE, KERNEL)), packed.getvalue())

    def command(self, check=False, python='/usr/bin/python3', **arguments):
        arguments = dict(dict(rules=RULES, files=STOCK, received={'ftp': RECEIVED}, wait=PATIENCE), **arguments)
        return [os.path.join(os.environ['ANSIBLE_NEWEST_BIN'], 'ansible'), self.name, '-i',
                str(self.folder / 'hosts.yml'), '-e', 'ansible_python_interpreter=' + python,
                '-m', 'loghygiene.rhel.syslog_probe', '-a', json.dumps(arguments)] + ['--check'] * check

    def begin(self, **more):
        """Start the module."""
        # The connection plugin comes with the package `ansible` of the newest environment.
        paths = [str(self.folder / 'collections'), sysconfig.get_path('purelib')]
        return subprocess.Popen(self.command(**more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, universal_newlines=True, env=dict(
                                    os.environ, ANSIBLE_NOCOLOR='1', ANSIBLE_PIPELINING='1', ANSIBLE_HOME=str(self.folder / 'home'),
                                    ANSIBLE_COLLECTIONS_PATH=os.pathsep.join(paths)))

    def probe(self, **more):
        """The result (dict) of the module."""
        return result(self.begin(**more))

    def sent(self):
        """How many messages of proofs the journal has."""
        return self.run('journalctl -q -o cat SYSLOG_IDENTIFIER=log_hygiene_proof').count('TEST of log routing')


def result(process):
    output = process.communicate()[0]
    status, arrow, told = output.partition(' => ')
    assert arrow, output
    return dict(json.JSONDecoder().raw_decode(told)[0], failed=status.endswith('FAILED!'))


def by_keyword(told):
    return {row['keyword']: row for row in told['pairs']}


def wrong(told):
    """Keywords of what is not right."""
    return {row['keyword'] for row in told['pairs'] if not row['ok']}


def keywords_of(facility):
    return {'%s.%s' % (facility, severity)
            for severity in ('emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug')}


@pytest.fixture(scope='module')
def hosts(tmp_path_factory, collection):
    """Both hosts: {name: Host}."""
    subprocess.run([SANDBOX, 'up', *NAMES, '--seed', 'none', '--history', '0', '--fresh'], check=True)
    yield {name: Host(name, tmp_path_factory.mktemp(name), collection) for name in NAMES}
    subprocess.run([SANDBOX, 'down', *NAMES], check=True)


@pytest.fixture(params=NAMES)
def host(request, hosts):
    """One after the other."""
    return hosts[request.param]


@pytest.fixture
def el9(hosts):
    """One host, where the versions of its programs do not matter."""
    return hosts['probe-el9']


def test_check_mode_sends_nothing(host):
    told = host.probe(check=True)
    assert told['ok'] is None and told['msg'] == 'Check mode: nothing was sent.' and not told['changed']
    row = by_keyword(told)['ftp.notice']
    assert (row['sent'], row['expected'], row['landed'], row['forwarded']) == (False, [NOTABLE], [], {'ftp': None})
    assert host.sent() == 0


def test_a_policy_that_works(host):
    """Twice, for a second proof counts its own messages only. It ends long before it must."""
    host.install()
    for number in (1, 2):
        begin = time.monotonic()
        told = host.probe(wait=10 * PATIENCE)
        assert told['ok'] and told['problems'] == [] and not told['changed'], told['problems']
        assert time.monotonic() - begin < 5 * PATIENCE
        assert host.sent() == 192 * number
    rows = by_keyword(told)
    assert len(rows) == 192 and all(row['ok'] and row['sent'] for row in rows.values())
    assert rows['authpriv.info']['landed'] == rows['authpriv.info']['expected'] == [ACCESS]
    assert rows['cron.err']['landed'] == ['/var/log/cron', NOTABLE]
    assert rows['ftp.emerg']['landed'] == ['/var/log/messages', NOTABLE, RECEIVED]
    assert rows['ftp.debug']['landed'] == [RECEIVED] and rows['ftp.debug']['forwarded'] == {'ftp': True}
    assert rows['local5.debug']['landed'] == []
    assert host.run('grep -c "%s .*조치할 필요가 없습니다" %s' % (told['run'], NOTABLE)).strip() == str(22 * 6)


def test_no_program_can_send_as_kernel(host):
    """journald and imjournal make user of it: a separate file of the kernel does not get it."""
    rows = by_keyword(host.probe())
    assert rows['kern.err']['sent_as'] == 'user.err' and rows['kern.err']['expected'] == [NOTABLE]
    assert rows['kern.err']['landed'] == ['/var/log/messages', NOTABLE]
    assert host.run('test -e %s || echo none' % KERNEL) == 'none\n'


@pytest.mark.parametrize('name, before, after, keywords, problem', [
    ('zzz_files', '{ action(type="omfile" file="/var/log/access") stop }', 'stop', keywords_of('auth') | keywords_of('authpriv'),
     '/var/log/access does not exist: it should have auth.*, authpriv.* (16 messages).'),
    ('zzz_files', '$syslogseverity <= 5', '$syslogseverity <= 4 or $syslogfacility == 3',
     {word for facility in ('kern', 'user', 'mail', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'ftp', 'ntp', 'audit',
                            'alert', 'clock') + tuple('local%d' % number for number in range(8))
      for word in keywords_of(facility) if word.endswith('.notice')},
     '/var/log/notable lacks kern.notice, user.notice, mail.notice, syslog.notice, lpr.notice, news.notice, '
     'uucp.notice, cron.notice and 13 more (21 messages).'),
    ('zzz_files', ' $syslogfacility == 10 then', ' ($syslogfacility == 10 and $syslogseverity > 1) then',
     {'authpriv.emerg', 'authpriv.alert'},
     '/var/log/secure has authpriv.emerg, authpriv.alert (2 messages), which must not be there.'),
    ('zzz_files', 'if $syslogseverity <= 5 then', 'if $syslogfacility == 10 then stop\nif $syslogseverity <= 5 then',
     set(), None),
    ('zzz_files', 'if $syslogseverity <= 5 then',
     'if $syslogfacility == 2 then action(type="omfile" file="/var/log/access")\nif $syslogseverity <= 5 then',
     keywords_of('mail'), '/var/log/access has mail.* (8 messages), which must not be there.'),
    ('zzz_files', 'if $syslogseverity <= 5 then',
     'if $syslogfacility == 2 then action(type="omfile" file="/var/log/notable")\nif $syslogseverity <= 5 then',
     keywords_of('mail') - {'mail.info', 'mail.debug'},
     '/var/log/notable has mail.emerg, mail.alert, mail.crit, mail.err, mail.warning, mail.notice (6 messages) more '
     'than once.'),
    ('00_forward', '== 11', '== 12', keywords_of('ftp') | keywords_of('ntp'),
     'ftp.* (8 messages) did not arrive where rule ftp forwards to: /var/log/received lacks them.'),
    ('00_forward', FORWARD % '$syslogfacility == 11', 2 * (FORWARD % '$syslogfacility == 11'), keywords_of('ftp'),
     '/var/log/received has ftp.* (8 messages) more than once.'),
], ids=['missing', 'less', 'leak', 'harmless', 'stranger', 'double', 'not-forwarded', 'forwarded-twice'])
def test_a_policy_that_does_not_work(el9, name, before, after, keywords, problem):
    """A drop-in with one mistake."""
    changed = RIGHT[name + '.conf'].replace(before, after)
    assert changed != RIGHT[name + '.conf']
    el9.install(**{name: changed})
    told = el9.probe(wait=8)
    assert wrong(told) == keywords
    assert told['ok'] == (not keywords) and (problem in told['problems'] if keywords else not told['problems'])


def test_a_collector_that_does_not_answer(el9):
    el9.install()
    el9.run('systemctl stop collector')
    told = el9.probe(wait=8)
    el9.start_collector()
    assert wrong(told) == keywords_of('ftp') and len(told['problems']) == 1
    told = el9.probe(received={})
    assert told['ok'] and by_keyword(told)['ftp.info']['forwarded'] == {'ftp': None}


def test_rotation_while_it_waits(host):
    """rsyslogd sleeps, logs are rotated, rsyslogd wakes up and writes: at first to the renamed files."""
    host.install()
    assert host.probe()['ok']
    host.write('/etc/rotate.conf', '%s %s /var/log/messages {\nrotate 1\ncreate 0600\ncompress\ndelaycompress\n'
               'sharedscripts\npostrotate\nsystemctl kill -s HUP rsyslog\nendscript\n}\n' % (ACCESS, NOTABLE))
    before = host.sent()
    host.run('systemctl kill -s STOP --kill-whom=main rsyslog')
    try:
        process = host.begin()
        until = time.monotonic() + PATIENCE
        while host.sent() < before + 192:
            assert time.monotonic() < until
            time.sleep(0.2)
        host.run('logrotate --force --state /root/rotate.state /etc/rotate.conf')
        assert host.run('ls %s.1' % NOTABLE)
    finally:
        host.run('systemctl kill -s CONT --kill-whom=main rsyslog')
    told = result(process)
    assert told['ok'], told['problems']


def test_what_journald_does_not_take_is_not_blamed_on_the_routing(host):
    """Its limit is one of services, so the module runs in one."""
    host.install()
    host.write('/root/python', '#!/bin/sh\nexec systemd-run --quiet --collect --pipe --wait python3 "$@"\n')
    host.run('chmod 0755 /root/python; mkdir -p /etc/systemd/journald.conf.d')
    host.write('/etc/systemd/journald.conf.d/limit.conf', '[Journal]\nRateLimitIntervalSec=5min\nRateLimitBurst=5\n')
    host.run('systemctl restart systemd-journald')
    try:
        told = host.probe(wait=5, python='/root/python')
        limited = [problem for problem in told['problems'] if problem.startswith('journald itself did not take ')]
        assert not told['ok'] and len(limited) == 1, told['problems']
    finally:
        host.run('rm /etc/systemd/journald.conf.d/limit.conf; systemctl restart systemd-journald')


def test_rsyslogd_is_not_there(el9):
    el9.run('systemctl stop rsyslog')
    told = el9.probe(wait=3)
    el9.run('systemctl start rsyslog')
    assert not told['ok']
    assert told['problems'][0].startswith('None of the 192 messages arrived in any file. Does rsyslogd run')


@pytest.mark.parametrize('more, problem', [
    ({'socket': '/run/nobody/log'}, 'Cannot send to /run/nobody/log: No such file or directory. Is systemd-journald '
                                    'running? Nothing was sent.'),
    ({'rules': [dict(RULES[2], file='/var/log')]}, 'Cannot look into /var/log: not a regular file. Nothing was sent.'),
    ({'received': {'fpt': RECEIVED}}, 'received: there is no rule fpt that forwards; there are ftp. Nothing was sent.'),
    ({'wait': 0}, 'wait: 0 is too short, give a second at least. Nothing was sent.'),
])
def test_what_cannot_be_proved_is_told_and_nothing_is_sent(el9, more, problem):
    before = el9.sent()
    if 'rules' in more:
        more = dict(more, received={})
    told = el9.probe(**more)
    assert told['failed'] and told['msg'] == problem, told
    assert el9.sent() == before


# The module on the Pythons of targets: a real rsyslogd of this machine that has a socket of its own.

@pytest.fixture
def daemon(tmp_path):
    """A folder in which a rsyslogd writes what comes through `socket`: all to `all`, authpriv to `access` too."""
    config = tmp_path / 'rsyslog.conf'
    config.write_text('''module(load="imuxsock" SysSock.Use="off")
        input(type="imuxsock" socket="{0}/socket" RateLimit.Interval="0")
        authpriv.* {0}/access
        *.* {0}/all
        '''.format(tmp_path))
    rsyslogd = shutil.which('rsyslogd', path=os.environ['PATH'] + ':/usr/sbin')
    process = subprocess.Popen([rsyslogd, '-n', '-iNONE', '-f', str(config)])
    until = time.monotonic() + PATIENCE
    while not (tmp_path / 'socket').exists():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    yield tmp_path
    process.terminate()
    process.wait(PATIENCE)


@pytest.mark.parametrize('core, python', MATRIX)
def test_pythons_of_targets(daemon, collection, core, python):
    ansible = Ansible(core, python, collection, daemon / 'ansible')
    rules = [rule('all', EVERY, file=str(daemon / 'all'))]
    arguments = dict(rules=rules, files=[], socket=str(daemon / 'socket'), wait=PATIENCE)
    told = ansible.module('syslog_probe', **arguments)
    assert not told['failed'] and told['ok'] and len(told['pairs']) == 192, told['output']
    leaking = copy.deepcopy(rules) + [rule('access', [AUTHPRIV], file=str(daemon / 'access'), separate=True)]
    told = ansible.module('syslog_probe', **dict(arguments, rules=leaking))
    assert told['problems'] == ['%s has authpriv.* (8 messages), which must not be there.' % (daemon / 'all')]
    assert ansible.module('syslog_probe', check=True, **arguments)['ok'] is None
    told = ansible.module('syslog_probe', wrap=UNPRIVILEGED, **arguments)
    assert told['failed'] and 'needs root' in told['msg']
