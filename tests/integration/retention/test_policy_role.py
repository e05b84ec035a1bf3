# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role syslog_policy was given stays in force; a shorter retention is refused; the playbook ends with a report.

The role runs in a mount namespace with an /etc, /run and /var/log of its own. The real rsyslogd and logrotate judge; systemctl
is a stand-in that starts nothing.
"""
import json
import os
import shutil
import subprocess

import ansible_starts
import pytest

from remedy_runs import private, run_module

# As rsyslog of EL 9 brings them.
RSYSLOG = '''module(load="imuxsock" SysSock.Use="off")
module(load="imjournal" StateFile="imjournal.state")
global(workDirectory="/var/log/work")
include(file="/etc/rsyslog.d/*.conf" mode="optional")
*.info;mail.none;authpriv.none;cron.none /var/log/messages
authpriv.* /var/log/secure
mail.* -/var/log/maillog
cron.* /var/log/cron
'''
LOGROTATE = '''weekly
rotate 4
create
dateext
include /etc/logrotate.d
'''
STOCK = '''/var/log/cron
/var/log/maillog
/var/log/messages
/var/log/secure
/var/log/spooler
{
    missingok
    sharedscripts
}
'''
SYSTEMCTL = '''#!/bin/sh
case $1 in
--version) echo 'systemd 252 (252)' ;;
is-enabled) echo enabled ;;
show) printf 'Id=x.service\\nLoadState=loaded\\nActiveState=active\\nSubState=running\\nUnitFileState=enabled\\n' ;;
esac
'''
SECURE = '/var/log/secure'
CONNECTIONS = os.path.join(os.path.dirname(__file__), os.pardir, 'journey', 'connection_plugins')


class World:
    """A host's own /etc, /run and /var/log."""

    def __init__(self, root):
        self.root = str(root)
        os.makedirs(self.root)
        subprocess.run(['cp', '-a', '/etc', self.root + '/etc'], check=True)
        for name in ('etc/rsyslog.d', 'etc/logrotate.d', 'etc/systemd/journald.conf.d', 'etc/log_hygiene'):
            shutil.rmtree(os.path.join(self.root, name), ignore_errors=True)
        for name in ('etc/rsyslog.d', 'etc/logrotate.d', 'log/work', 'run'):
            os.makedirs(os.path.join(self.root, name))
        self.write('etc/rsyslog.conf', RSYSLOG)
        self.write('etc/logrotate.conf', LOGROTATE)
        self.write('etc/logrotate.d/rsyslog', STOCK)
        self.write('systemctl', SYSTEMCTL, 0o755)
        for name in ('secure', 'messages', 'maillog', 'cron'):
            self.write('log/' + name, '')
        self.wrap = private('\n'.join('mount --bind %s/%s %s' % (self.root, ours, theirs) for ours, theirs in [
            ('etc', '/etc'), ('log', '/var/log'), ('run', '/run'), ('systemctl', os.path.realpath(shutil.which('systemctl')))]))

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as target:
            target.write(text)
        os.chmod(path, mode)

    def read(self, name):
        path = os.path.join(self.root, name)
        if not os.path.exists(path):
            return None
        with open(path, encoding='utf-8') as source:
            return source.read()

    def files(self):
        """All that the role may write, {path: text}."""
        return {path: self.read(path) for path in (
            'etc/logrotate.d/log_hygiene_policy', 'etc/logrotate.d/rsyslog', 'etc/rsyslog.d/00_log_hygiene_forward.conf',
            'etc/rsyslog.d/zzz_log_hygiene_files.conf', 'etc/systemd/journald.conf.d/zz_log_hygiene.conf',
            'etc/log_hygiene/alerts.json', 'etc/log_hygiene/syslog_policy.json')}

    def days(self):
        """{log: days} as the file of the policy says."""
        found, logs = {}, []
        for line in (self.read('etc/logrotate.d/log_hygiene_policy') or '').splitlines():
            if line.startswith('/'):
                logs.append(line)
            elif line.strip().startswith('maxage '):
                found.update(dict.fromkeys(logs, int(line.split()[1])))
            elif line == '}':
                logs = []
        return found

    def play(self, ansible, *runs):
        """Run the role once for each dict of variables, as several runs of a playbook would; [(failed, result or message)]."""
        tasks = ''
        for number, variables in enumerate(runs):
            tasks += '''
- block:
    - ansible.builtin.include_role:
        name: loghygiene.rhel.syslog_policy
      vars: {variables}
    - ansible.builtin.copy:
        content: "{{{{ syslog_policy_result | to_json }}}}"
        dest: {root}/result{number}
  rescue:
    - ansible.builtin.copy:
        content: "{{{{ ansible_failed_result.msg | to_json }}}}"
        dest: {root}/message{number}
'''.format(variables=json.dumps(variables), root=self.root, number=number)
        dummy, output = ansible.tasks(tasks, wrap=self.wrap)
        found = []
        for number in range(len(runs)):
            result, message = self.read('result%d' % number), self.read('message%d' % number)
            assert result or message, output
            found.append((True, json.loads(message)) if message else (False, json.loads(result)))
            for name in ('result', 'message'):
                if os.path.exists('%s/%s%d' % (self.root, name, number)):
                    os.unlink('%s/%s%d' % (self.root, name, number))
        return found


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / 'world')


def test_what_was_given_stays_in_force(oldest, world):
    """A second run that is given nothing takes nothing back: neither retention nor alerts, forwards, rules or the journal."""
    payment = {'name': 'payment', 'facilities': ['local3'], 'file': '/var/log/payment.log', 'keep': '3y'}
    collector = {'name': 'collector', 'forward': {'target': '192.0.2.1', 'queue': {'disk': '2g', 'memory': 500}}}
    given = {
        'syslog_policy_retention': '2y', 'syslog_policy_short_retention': '180d', 'syslog_policy_alert_signatures': [],
        'syslog_policy_alert': {'command': ['/usr/bin/logger', '-t', 'alerted']}, 'syslog_policy_journal': {'keep': '1y', 'max_use': '8g'},
        'syslog_policy_ftp_collector': {'target': '192.0.2.2'}, 'mine': [payment, collector],
        'syslog_policy_rules': '{{ syslog_policy_default_rules + mine }}'}
    (failed, first), = world.play(oldest, given)
    assert not failed and first['changed'] and first['kept'] == [], first
    before = world.files()
    assert world.days() == {**dict.fromkeys((SECURE, '/var/log/kernel.log', '/var/log/maillog', '/var/log/cron', '/var/log/messages'), 732),
                            '/var/log/info.log': 180, '/var/log/payment.log': 1098}
    assert '192.0.2.1' in before['etc/rsyslog.d/00_log_hygiene_forward.conf']
    (failed, second), = world.play(oldest, {})
    assert not failed and not second['changed'] and world.files() == before, second
    assert second['kept'] == ['alert', 'alert_signatures', 'ftp_collector', 'journal', 'retention', 'rules', 'short_retention']

    # One value is given; the others, and the rules of one's own beside the default ones, stay.
    (failed, third), = world.play(oldest, {'syslog_policy_retention': '3y', 'syslog_policy_ftp_collector': {}})
    assert not failed and third['changed'] and 'retention' not in third['kept'], third
    assert [world.days()[path] for path in (SECURE, '/var/log/info.log', '/var/log/payment.log')] == [1098, 180, 1098]
    after = world.files()
    assert '192.0.2.2' not in after['etc/rsyslog.d/00_log_hygiene_forward.conf']
    assert '192.0.2.1' in after['etc/rsyslog.d/00_log_hygiene_forward.conf']
    for name in ('alerts.json', 'journald.conf.d'):
        assert [before[path] for path in before if name in path] == [after[path] for path in after if name in path]


def test_a_shorter_retention_is_refused_unless_it_is_allowed(newest, world):
    (failed, dummy), = world.play(newest, {'syslog_policy_retention': '2y'})
    assert not failed
    before = world.files()
    (failed, said), = world.play(newest, {'syslog_policy_retention': '1y'})
    assert failed and '/var/log/secure is kept 732 days (/etc/logrotate.d/log_hygiene_policy, line ' in said, said
    assert '), and the policy keeps it 366 days' in said and 'syslog_policy_allow_shorter: true. Nothing was changed.' in said
    assert world.files() == before
    (failed, done), = world.play(newest, {'syslog_policy_retention': '13m', 'syslog_policy_allow_shorter': True})
    assert not failed and done['changed'] and world.days()[SECURE] == 396, done
    # What is taken back is forgotten.
    (failed, dummy), (failed_too, fresh) = world.play(newest, {'syslog_policy_state': 'absent'}, {})
    assert not failed and not failed_too and fresh['kept'] == [] and world.days()[SECURE] == 366
    assert world.read('etc/log_hygiene/syslog_policy.json') is None


def test_the_playbook_ends_with_a_report_of_each_host(newest, world):
    """One host gets the policy (and no systemd that runs the alert program), one cannot have it, one is lost on the way."""
    # Wrong in the role alone, as where it is made of facts: the playbook finds all else before any host is contacted.
    rules = "{{ syslog_policy_default_rules + ([{'name': 'b', 'keep': '1y'}] if role_name | default('') == 'syslog_policy' else []) }}"
    own = {'good': {}, 'bad': {'syslog_policy_rules': rules, 'mortal_machine_id': 'b' * 32, 'ansible_connection': 'mortal'},
           'lost': {'mortal_dies_at': 'syslog_policy_info', 'mortal_machine_id': 'c' * 32, 'ansible_connection': 'mortal'}}
    world.write('hosts.json', json.dumps({'all': {'hosts': own, 'vars': {
        'ansible_connection': 'local', 'ansible_become': False, 'ansible_python_interpreter': newest.interpreter,
        'mortal_grave': world.root + '/grave.{{ inventory_hostname }}'}}}))

    def play(*more):
        done = ansible_starts.run(
            world.wrap + [os.path.join(newest.bin, 'ansible-playbook'), 'loghygiene.rhel.syslog_policy', '-i', world.root + '/hosts.json',
                          '-e', 'log_hygiene_serial=1', *more],
            dict(newest.environ, ANSIBLE_CONNECTION_PLUGINS=CONNECTIONS, ANSIBLE_HOME=world.root + '/home', COLUMNS='150'))
        lines = done.stdout.split('\n')
        begin = [number for number, line in enumerate(lines) if 'Hosts: ' in line or '서버 ' in line]
        assert begin, done.stdout
        return done.returncode, done.stdout, [line.split() for line in lines[begin[-1] + 2:] if line.strip()]

    status, text, table = play('-e', 'syslog_policy_retention=2y')
    assert status == 4 and 'Hosts: 3 (0 clean, 1 with findings, 1 with errors, 1 not seen).' in text, text
    assert [row for row in table if row[0] in own and row[1] != ':'] == [
        ['good', 'put', 'in', 'place', '6', '0', 'ok', '3', 'problems', 'findings'], ['bad', '-', '-', '-', '-', '-', 'error'],
        ['lost', '-', '-', '-', '-', '-', 'not', 'seen']], text
    assert 'the host was not seen: No route to host' in text and "Rule b: " in text.partition('bad  error')[2], text
    assert world.days()[SECURE] == 732

    before = world.files()
    status, text, table = play('--check', '--limit', 'good', '-e', 'log_hygiene_language=ko')
    assert status == 2 and 'syslog 정책(체크 모드: 변경하지 않음)  서버 1대: 정상 0  확인 1  오류 0  미접속 0' in text, text
    assert '- syslog_policy_retention' in text and SECURE in text and world.files() == before


# A Python that adds to what one module says, as a host that is broken or in other hands may.
LIAR = '''#!/bin/sh
cat >{root}/module
cat "$@" {root}/module 2>/dev/null | grep -q {module} || exec {python} "$@" <{root}/module
{python} "$@" <{root}/module | sed 's/"stores": /"stores": [5], "other": /'
'''


def test_a_host_that_says_anything_spoils_the_report_of_no_other(newest, world):
    world.write('liar', LIAR.format(root=world.root, module='log_retention_info', python='/usr/bin/python3'), 0o755)
    another = {'ansible_connection': 'mortal', 'mortal_machine_id': 'b' * 32, 'mortal_grave': world.root + '/grave'}
    world.write('hosts.json', json.dumps({'all': {'hosts': {'odd': {'ansible_python_interpreter': world.root + '/liar'}, 'good': another}, 'vars': {
        'ansible_connection': 'local', 'ansible_become': False, 'ansible_python_interpreter': '/usr/bin/python3'}}}))
    done = ansible_starts.run(
        world.wrap + [os.path.join(newest.bin, 'ansible-playbook'), 'loghygiene.rhel.syslog_policy', '-i', world.root + '/hosts.json', '--check',
                      '-e', 'log_hygiene_serial=1', '-e', 'log_hygiene_language=ko'],
        dict(newest.environ, ANSIBLE_CONNECTION_PLUGINS=CONNECTIONS, ANSIBLE_HOME=world.root + '/home', COLUMNS='150'))
    assert done.returncode == 2 and '서버 2대: 정상 1  확인 0  오류 1  미접속 0' in done.stdout, done.stdout
    assert 'odd: 이 서버의 응답을 보고할 수 없습니다(TypeError: ' in done.stdout, done.stdout


def test_an_empty_retention_is_not_taken_for_none(newest, world):
    """As a line `syslog_policy_retention:` with nothing behind it says it."""
    before = world.files()
    for value in (None, ''):
        (failed, said), = world.play(newest, {'syslog_policy_retention': value})
        assert failed and said.startswith('syslog_policy_retention is empty, so the logs would be kept for no time.') and world.files() == before, said


def test_a_play_that_ignores_failures_ignores_no_refusal(oldest, world):
    """What comes behind the refusal would change the host."""
    (failed, dummy), = world.play(oldest, {'syslog_policy_retention': '2y'})
    assert not failed
    before = world.files()
    dummy, output = oldest.tasks('''
    - ignore_errors: true
      block:
        - ansible.builtin.include_role: {name: loghygiene.rhel.syslog_policy}
          vars: {syslog_policy_retention: 1y}
    ''', wrap=world.wrap)
    assert 'syslog_policy_allow_shorter: true. Nothing was changed.' in output and world.files() == before, output


class TestWhatIsShorter:
    """The module alone, and the real logrotate's rules."""

    @staticmethod
    def shorter(host, *rules, **more):
        return run_module('syslog_policy_info', logrotate_config=host.config, logrotate_path=host.policy, path=host.root + '/given', **dict(
            dict(rules=[dict(path=host.log(name), keep_days=days) for name, days in rules]), **more))

    def test_of_our_rules(self, host):
        host.apply([('messages', 365), ('secure', 730)])
        assert self.shorter(host, ('messages', 365), ('secure', 731))['shorter'] == []
        secure, = self.shorter(host, ('messages', 365), ('secure', 729))['shorter']
        assert secure.startswith('%s is kept 730 days (%s, line ' % (host.log('secure'), host.policy))
        assert secure.endswith('), and the policy keeps it 729 days')
        # Without the policy, the rule that it was taken from would keep it four weeks.
        assert self.shorter(host, ('messages', 365))['shorter'] == [
            '%s is kept 730 days by the policy, which no longer says how long' % host.log('secure')]

    def test_what_nobody_else_rotates_does_not_go(self, host):
        host.apply([('own.log', 730)])
        assert self.shorter(host)['shorter'] == []

    @pytest.mark.parametrize('words, told', [
        ('monthly\n    rotate 61', 'is kept 1825 days'), ('daily\n    rotate -1', 'is kept for ever'), ('weekly\n    rotate 4', None)])
    def test_of_an_administrators_rules(self, host, words, told):
        host.write('etc/logrotate.d/rsyslog', host.read(host.stock).replace('missingok', words))
        host.write('log/secure', '')
        found = self.shorter(host, ('secure', 366), ('messages', 366))['shorter']  # of messages there is no line that could go
        assert [one.partition(' (')[0] for one in found] == ([] if told is None else ['%s %s' % (host.log('secure'), told)]), found

    @pytest.mark.parametrize('text, told', [
        ('{', 'is not JSON'), ('{"schema": 2, "settings": {}}', 'key schema'), ('{"schema": 1}', 'key settings'),
        ('{"schema": 1, "settings": {"rules": []}}', 'key settings.rules'), ('{"schema": 1, "settings": {"keep": "1y"}}', 'key settings.keep')])
    def test_a_memory_that_is_damaged_is_told(self, host, text, told):
        host.write('given', text)
        found = self.shorter(host)
        assert found['failed'] and told in found['msg'] and 'move it away' in found['msg'], found
