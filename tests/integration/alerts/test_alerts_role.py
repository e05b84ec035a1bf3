# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts on sandbox hosts: what the role installs runs under the real systemd and brings what is logged; alert_info
finds what stands in the way; nothing is left when it goes.

The tests of one host build on each other, in the order of this file.
"""
import hashlib
import importlib.util
import io
import json
import os
import subprocess
import sysconfig
import tarfile
import time
from pathlib import Path

import ansible_starts
import pytest
from alert_hosts import RECEIVER, SECONDS, alerting_rule, wait

from ansible_collections.loghygiene.rhel.plugins.filter import alert_exemptions
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog

SANDBOX = str(Path(__file__).resolve().parents[2] / 'sandbox' / 'sandbox')
PODMAN = str(Path(SANDBOX).with_name('podman'))
UNIT = 'log-hygiene-alerts.service'
FILES = ('/etc/systemd/system/' + UNIT, '/usr/local/libexec/log_hygiene', '/etc/log_hygiene',
         '/var/lib/log_hygiene/alerts.json', '/etc/systemd/system/multi-user.target.wants/' + UNIT)
PLAY = '''
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: loghygiene.rhel.syslog_policy
        tasks_from: alerts.yml
      vars:
        __syslog_policy_rules: "{{ given_rules }}"
        __syslog_policy_routed: {masked: false}
        __syslog_policy_audit: false
        syslog_policy_state: "{{ given_state }}"
        __syslog_policy_exemptions: "{{ lookup('loghygiene.rhel.signatures') | loghygiene.rhel.alert_exemptions({'el': 9}) }}"
    - ansible.builtin.debug:
        msg: "alerts changed: {{ __syslog_policy_alerts_changed }}"
'''


class Host:
    """A sandbox host, with a mail server of its own at port 25 of its loopback."""

    def __init__(self, name, folder, collection):
        self.name, self.folder = name, folder
        self.checksum = hashlib.sha256(b''.join(
            Path(collection, path).read_bytes() for path in (
                'roles/syslog_policy/files/alerts.py', 'plugins/module_utils/_journal/position.py'))).hexdigest()
        (folder / 'play.yml').write_text(PLAY, encoding='utf-8')
        (folder / 'hosts.yml').write_bytes(subprocess.run([SANDBOX, 'inventory', name], stdout=subprocess.PIPE,
                                                          check=True).stdout)
        # The connection plugin comes with the package `ansible` of the newest environment.
        self.environ = dict(
            os.environ, ANSIBLE_PIPELINING='1', ANSIBLE_NOCOLOR='1', ANSIBLE_COLLECTIONS_PATH=os.pathsep.join(
                [os.environ['ANSIBLE_COLLECTIONS_PATH'], sysconfig.get_path('purelib')]))
        self.send_receiver()

    def send_receiver(self):
        """Copy the mail server and what it is made of into the host."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode='w') as archive:
            archive.add(RECEIVER, 'receiver.py')
            for package in ('aiosmtpd', 'public', 'attr', 'attrs'):
                archive.add(os.path.dirname(importlib.util.find_spec(package).origin), package,
                            filter=lambda info: None if '__pycache__' in info.name else info)
        subprocess.run([SANDBOX, 'exec', self.name, 'sh', '-c', 'mkdir -p /opt/receiver && tar -xC /opt/receiver'],
                       input=packed.getvalue(), check=True)
        self.receive()

    def receive(self):
        self.sh('systemctl reset-failed; systemd-run --unit=receiver python3 /opt/receiver/receiver.py 25 /opt/mails')
        wait(lambda: self.sh('ss -Hltn sport = :25'), 'the mail server does not start')

    def sh(self, text):
        return subprocess.run([PODMAN, 'exec', 'log-hygiene-' + self.name, 'sh', '-ec', text], stdin=subprocess.DEVNULL, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.decode('utf-8', 'replace')

    def mails(self):
        """The texts in the mails, in order."""
        return self.sh('''python3 -c "
import email, glob
for path in sorted(glob.glob('/opt/mails/*')):
    text = email.message_from_file(open(path)).get_payload(decode=True).decode()
    print(text.partition('Message:')[2].split(chr(10))[1].strip())"''').splitlines()

    def wait_for(self, texts):
        """Until these are the texts in the mails, each once; a moment later they are all."""
        self.sh('for i in $(seq %d); do test $(ls /opt/mails | grep -vc part) -lt %d || exit 0; sleep 0.3; done' % (SECONDS * 3, len(texts)))
        time.sleep(1)
        found = self.mails()
        assert found == texts, '%s\n%s' % (found, self.sh('journalctl -u %s -n 20; cat /var/lib/log_hygiene/alerts.json || true' % UNIT))

    def pid(self):
        return self.sh('systemctl show --property=MainPID ' + UNIT).strip().partition('=')[2]

    def play(self, rules, *options, state='present', core='NEWEST'):
        """Run the role's tasks; returns (whether it says that alerts changed, output)."""
        answer = ansible_starts.run(
            [os.path.join(os.environ['ANSIBLE_%s_BIN' % core], 'ansible-playbook'), 'play.yml', '-i', 'hosts.yml', '-e',
             json.dumps({'given_rules': rules, 'given_state': state})] + list(options), cwd=self.folder, env=self.environ)
        assert answer.returncode == 0, answer.stdout
        changed = 'alerts changed: True' in answer.stdout
        assert changed or 'alerts changed: False' in answer.stdout
        assert changed == (' changed=0 ' not in answer.stdout.rpartition('PLAY RECAP')[2])
        return changed, answer.stdout

    def info(self, rules, **options):
        """The result of alert_info."""
        options = dict({'rules': rules, 'probe_smtp': True, 'program_checksum': self.checksum,
                        'exemptions': alert_exemptions.alert_exemptions(catalog.load(), {'el': 9})}, **options)
        answer = ansible_starts.run(
            [os.path.join(os.environ['ANSIBLE_NEWEST_BIN'], 'ansible'), 'all', '-i', 'hosts.yml', '-m',
             'loghygiene.rhel.alert_info', '-a', json.dumps(options), '--check'], cwd=self.folder, env=self.environ).stdout
        assert ' => ' in answer, answer
        result = json.JSONDecoder().raw_decode(answer.partition(' => ')[2])[0]
        assert not result.get('failed') and not result['changed'] and result['check_mode'], result
        assert result['ok'] == (not result['problems'])
        return result

    def left(self):
        return self.sh('ls -d %s 2>/dev/null || true' % ' '.join(FILES)).split()


@pytest.fixture(scope='module', params=[9, 10])
def host(request, tmp_path_factory, collection):
    name = 'alerts-el%d' % request.param
    subprocess.run([SANDBOX, 'up', name, '--seed', 'none', '--history', '0', '--fresh'], check=True)
    yield Host(name, tmp_path_factory.mktemp(name), collection)
    subprocess.run([SANDBOX, 'down', name], check=True)


RULES = [alerting_rule(port=25)]
COMMAND = '/usr/local/sbin/on-alert'
BOTH = RULES + [alerting_rule('local', command=[COMMAND], facilities=[1])]


def test_check_mode_says_so_and_does_nothing(host):
    changed, output = host.play(RULES, '--check', '--diff')
    assert changed and '+ExecStart=' in output and '"admin@example.com"' in output
    assert host.left() == []
    assert host.info([])['ok']
    missing = host.info(RULES)
    assert missing['unit']['load'] == 'not-found' and 'run the role syslog_policy' in missing['problems'][0]


def test_installed_it_brings_what_is_logged(host):
    host.sh("logger -p user.crit 'from before'; journalctl --sync")
    assert host.play(RULES, '--diff')[0]
    assert host.sh('systemctl is-active %s' % UNIT).strip() == 'active'
    begun = time.monotonic()
    host.sh("for severity in debug info notice warning err crit alert emerg; do "
            "logger -t probe -p local3.$severity \"says $severity\"; done")
    host.wait_for(['says crit', 'says alert', 'says emerg'])
    assert time.monotonic() - begun < 15
    assert host.sh('stat -c %a /etc/log_hygiene/alerts.json /var/lib/log_hygiene/alerts.json').split() == ['600', '600']


def test_a_second_run_changes_nothing(host):
    before = host.pid()
    assert not host.play(RULES)[0]
    assert not host.play(RULES, '--check', '--diff', core='OLDEST')[0]
    assert not host.play(RULES, core='OLDEST')[0]
    assert host.pid() == before != '0'


def test_the_audit_finds_nothing_wrong(host):
    info = host.info(RULES)
    assert info['problems'] == [] and info['notes'] == [] and info['wanted'] and info['pending'] == 0
    assert info['unit'] == {'load': 'loaded', 'active': 'active', 'sub': 'running', 'enabled': 'enabled'}
    assert info['channels'][0]['delivered'] == 3 and info['last_delivered'] > info['started']
    assert info['exempted'] == [] and info['channels'][0]['set_aside'] == 0
    assert '"id": "rhel-deprecated-driver"' in host.sh('cat /etc/log_hygiene/alerts.json')
    assert 'does not say what the policy says' in host.info(RULES, exemptions=[])['problems'][0]


def test_a_change_restarts_it_and_what_commands_log_feeds_nothing(host):
    # Of many that `logger` sends, journald comes too late to learn the unit of some.
    host.sh("printf '#!/bin/sh\\ncat >/dev/null\\necho run >>/opt/runs\\necho said by the command >&2\\n"
            "for one in $(seq 30); do logger -p user.emerg fed by the command; done\\n' >%s; chmod +x %s" % (
                COMMAND, COMMAND))
    before = host.pid()
    assert host.play(BOTH)[0]
    assert host.pid() not in (before, '0')
    host.sh("logger -p user.alert 'once'")
    wait(lambda: host.sh('cat /opt/runs || true').split() == ['run'], 'the command is not run')
    time.sleep(3)
    assert host.sh('cat /opt/runs').split() == ['run']
    host.wait_for(['says crit', 'says alert', 'says emerg', 'once'])


OVERRIDE = '/run/systemd/system/%s.d' % UNIT
# What is done to it, what the audit says of that, and what mends it; None for the role. Several at once are told each.
DAMAGES = {
    'stopped-and-without-its-files': (
        'systemctl stop %s; rm /etc/log_hygiene/alerts.json; echo >>/usr/local/libexec/log_hygiene/alerts' % UNIT,
        ('is inactive', 'alerts.json is not there', 'is not the program of this collection'), None),
    'disabled-and-edited': (
        'systemctl disable {0}; sed -i s/admin@/nobody@/ /etc/log_hygiene/alerts.json; '
        'echo >>/usr/local/libexec/log_hygiene/journal_position.py; sed -i /WatchdogSec/d /etc/systemd/system/{0}'.format(UNIT),
        ('is disabled', 'alerts.json does not say what the policy says', 'is not the program of this', 'systemctl daemon-reload'), None),
    'unit-overridden': (
        'mkdir -p {0}; printf "[Service]\nExecStart=\nExecStart=/bin/sleep 1000\nType=simple\n" >{0}/x.conf; '
        'systemctl daemon-reload; systemctl restart {1}'.format(OVERRIDE, UNIT),
        ('does not run /usr/local/libexec/log_hygiene/alerts',),
        'rm -r %s; systemctl daemon-reload; systemctl restart %s' % (OVERRIDE, UNIT)),
    'cannot-start': ('echo { >/etc/log_hygiene/alerts.json; systemctl restart %s || true' % UNIT,
                     ('fails and is started again',), None),
    'no-mail-server': ('systemctl stop receiver', ('the mail server 127.0.0.1, port 25, does not take mail',), 'receive'),
    'no-command': ('chmod -x ' + COMMAND, (COMMAND + ' cannot be run',), 'chmod +x ' + COMMAND),
    'restless': ('systemctl reset-failed; for one in 1 2 3 4 5; do systemctl kill -s KILL %s; sleep 6; done' % UNIT,
                 ('in 10 minutes',),
                 'systemctl stop {0}; rm /var/lib/log_hygiene/alerts.json; systemctl start {0}'.format(UNIT)),
}


@pytest.mark.parametrize('name', DAMAGES)
def test_the_audit_finds_the_damage_and_the_role_mends_it(host, name):
    damage, told, mend = DAMAGES[name]
    host.sh(damage)
    found = []

    def is_told():
        found[:] = host.info(BOTH)['problems']
        return all(any(text in problem for problem in found) for text in told)

    wait(is_told, lambda: found)  # a unit that is started again and again is also seen while it starts
    if mend == 'receive':
        host.receive()
    elif mend:
        host.sh(mend)
    else:
        assert host.play(BOTH)[0]
    # Restarts of this test are none of the host's.
    rest = [problem for problem in host.info(BOTH)['problems'] if 'in 10 minutes' not in problem]
    assert rest == []


def test_the_audit_finds_alerts_that_wait(host):
    host.sh('rm -f /opt/mails/*; systemctl stop receiver; logger -p local3.crit unheard')
    wait(lambda: host.info(BOTH, probe_smtp=False)['pending'] == 1, 'it does not wait')
    assert not [one for one in host.info(BOTH, probe_smtp=False)['problems'] if 'wait for mail' in one]
    time.sleep(1)
    late = host.info(BOTH, probe_smtp=False, pending_minutes=0)
    assert [one for one in late['problems'] if '1 alerts wait for mail' in one and 'onnection refused' in one]
    host.receive()
    host.wait_for(['unheard'])


def test_journald_and_the_host_restart(host):
    host.sh("systemctl restart systemd-journald; logger -p local3.crit 'after journald'; journalctl --rotate; "
            "logger -p local3.crit 'after rotation'")
    texts = ['unheard', 'after journald', 'after rotation']
    host.wait_for(texts)
    # What was said before the reboot, and not brought yet, is no message of the boot that --follow would show.
    host.sh("systemctl stop %s; logger -p local3.crit 'before the reboot'; journalctl --sync" % UNIT)
    subprocess.run([SANDBOX, 'reboot', host.name], check=True)
    host.receive()
    host.sh("logger -p local3.crit 'after the reboot'")
    host.wait_for(texts + ['before the reboot', 'after the reboot'])


def test_terminals_get_it_and_that_is_noted(host):
    rules = [alerting_rule('terminals', command=['/usr/bin/wall'])]
    assert host.play(rules)[0]
    host.sh("logger -p local3.emerg 'to all'")
    info = wait(lambda: [one for one in [host.info(rules)] if one['channels'][0]['delivered']], 'wall is not run')[0]
    assert info['channels'][0]['channel'] == 'command' and 'terminals' in info['notes'][0] and info['ok']


def test_absent_leaves_nothing(host):
    assert 'no rule of the policy alerts' in host.info([])['problems'][0]
    changed, _output = host.play(RULES, '--check', state='absent')
    assert changed and len(host.left()) == len(FILES)
    assert host.play(RULES, state='absent')[0]
    assert host.left() == []
    assert 'not-found' in host.sh('systemctl show --property=LoadState ' + UNIT)
    assert host.sh('pgrep -f [l]ibexec/log_hygiene/alerts || true') == ''
    assert not host.play(RULES, state='absent')[0]
    assert not host.play([])[0]
    assert host.info([])['ok']
