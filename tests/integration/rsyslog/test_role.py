# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role syslog_exclusions, in a mount namespace where /etc, /run and /var/log are the test's.

The real rsyslogd and logrotate judge; systemctl is a stand-in that starts nothing, so that a start can fail at will.
With the real systemd the role runs in the Molecule scenarios.
"""
import json
import os
import re
import shutil
import subprocess
import time

import pytest

from remedy_runs import UNPRIVILEGED, private
from rsyslog_host import SHAPES

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import diversion

# `refuse` holds a text; rsyslogd "does not start" while its drop-in holds it.
SYSTEMCTL = '''#!/bin/sh
echo "$@" >>{root}/calls
starts() {{ ! grep -qs "$(cat {root}/refuse)" /etc/rsyslog.d/zz_log_hygiene.conf; }}
case $1 in
--version) echo 'systemd 252 (252)' ;;
show) if test -e {root}/state; then cat {root}/state; exit; fi
    echo LoadState=loaded; starts && echo ActiveState=active || echo ActiveState=failed ;;
restart) starts || {{ echo 'Job for rsyslog.service failed' >&2; exit 1; }} ;;
esac
'''


class World:
    """What the namespace has in place of the machine's own."""

    def __init__(self, root):
        self.root = str(root)
        for name in ('etc/rsyslog.d', 'etc/logrotate.d', 'log', 'run'):
            os.makedirs(os.path.join(self.root, name))
        self.refuse('nothing')
        self.write('calls', '')
        config = SHAPES['el9'].format(root='').replace('/work', '/tmp').replace('/log/', '/var/log/')
        self.write('etc/rsyslog.conf', config)
        self.write('systemctl', SYSTEMCTL.format(root=self.root), 0o755)
        self.script = '\n'.join('mount --bind %s/%s %s' % (self.root, ours, theirs) for ours, theirs in [
            ('etc/rsyslog.conf', '/etc/rsyslog.conf'), ('etc/rsyslog.d', '/etc/rsyslog.d'), ('log', '/var/log'),
            ('etc/logrotate.d', '/etc/logrotate.d'), ('run', '/run'),
            ('systemctl', os.path.realpath(shutil.which('systemctl')))])

    def write(self, path, text, mode=0o644):
        path = os.path.join(self.root, path)
        with open(path, 'w', encoding='utf-8') as target:
            target.write(text)
        os.chmod(path, mode)

    def read(self, path):
        with open(os.path.join(self.root, path), encoding='utf-8') as source:
            return source.read()

    def refuse(self, text):
        """Let rsyslogd not start while its drop-in holds this text."""
        self.write('refuse', text)

    def found(self):
        """The files below etc, log and run, but for the lock that stays and the notes that mount(8) makes."""
        found = [os.path.relpath(os.path.join(folder, name), self.root) for top in ('etc', 'log', 'run')
                 for folder, folders, names in os.walk(os.path.join(self.root, top)) for name in names + folders]
        return sorted(path for path in found if not path.startswith(('run/mount', 'run/log_hygiene.lock')))


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / 'world')


def play(ansible, world, times, **variables):
    """Include the role `times` times, with what changes from one to the next. Returns (status, output, results)."""
    tasks = ''
    for number, more in enumerate(times):
        options = dict(more)
        check = options.pop('check', False)
        tasks += '''
- ansible.builtin.include_role:
    name: loghygiene.rhel.syslog_exclusions
    apply: {{check_mode: {check}}}
  vars: {variables}
- ansible.builtin.copy:
    content: "{{{{ syslog_exclusions_result | to_json }}}}"
    dest: {root}/result{number}
  check_mode: false
'''.format(check=json.dumps(check), variables=json.dumps(dict(variables, **options)), root=world.root, number=number)
    status, output = ansible.tasks(tasks, wrap=private(world.script))
    results = [json.loads(world.read('result%d' % number)) for number in range(len(times))
               if os.path.exists(os.path.join(world.root, 'result%d' % number))]
    return status, output, results


def test_there_and_back(each_core, world):
    before = world.found()
    status, output, results = play(each_core, world, [dict(), dict(), dict(syslog_exclusions_state='absent')])
    assert status == 0, output
    first, second, absent = results
    assert (first['changed'], first['in_place'], first['notes'], first['requires']) == (True, True, [], 'restart')
    assert {one['path']: one['action'] for one in first['files']} == {
        '/etc/rsyslog.d/zz_log_hygiene.conf': 'write', '/etc/logrotate.d/log_hygiene': 'write', '/var/log/log_hygiene': 'make'}
    assert [one['in_place'] for one in first['signatures'] if one['signature_id'].startswith('ahnlab')] == [True, True]
    assert {key: second[key] for key in ('changed', 'files', 'in_place', 'in_place_since', 'notes', 'signatures')} == dict(
        {key: first[key] for key in ('in_place', 'in_place_since', 'notes', 'signatures')}, changed=False, files=[])
    assert [absent[key] for key in ('changed', 'in_place', 'in_place_since', 'notes')] == [True, True, None, []]
    assert world.found() == sorted(before + ['log/log_hygiene'])
    assert world.read('calls').count('restart rsyslog.service') == 2


# A divert of a user: identifiers of any characters, which stand in text logs only, and a text that looks like a template.
OWN = r"""
id: acme-module-idle
revision: 1
title: {en: "ACME module: idle", ko: "ACME 모듈: 대기"}
class: vendor
disposition: divert
match:
  identifiers: [kernel, '{{1/0}}', 'a"b', "it's", 'c\d', '${HOME}']
  transport: [kernel]
  literal: acme idles since
  regex: '^acme idles since (?:\{\{1/0\}\}|[0-9]{1,9}) s$'
  priority: warning
applies: {el: [7, 8, 9, 10]}
cause: {en: Idle., ko: 대기 상태입니다.}
remedy:
  role: syslog_exclusions
  requires: restart
  side_effects: {en: Moved., ko: 분리됩니다.}
vanishes_from: [messages]
verify: {trigger: none}
references: [{source: ACME handbook, read: 2026-11-22}]
controls: []
governance: {owner: platform team, expires: null}
tests:
  positive:
    - {text: "acme idles since {{1/0}} s", identifier: kernel, el: 7}
    - {text: acme idles since 7 s, identifier: kernel, el: 8}
    - {text: acme idles since 7 s, identifier: kernel, el: 9}
    - {text: acme idles since 7 s, identifier: kernel, el: 10}
  negative:
    - {text: "acme idles since 7 s, giving up", why: It has stopped.}
"""


def test_a_divert_of_a_user_with_any_characters(newest, world):
    os.mkdir(os.path.join(world.root, 'own'))
    world.write('own/acme-module-idle.yml', OWN)
    items = '{{ lookup("loghygiene.rhel.signatures", paths=["%s/own"], query="[?disposition==`divert`].{signature_id: id, signature: @}") }}' % world.root
    status, output, results = play(newest, world, [dict(), dict()], syslog_exclusions_items=items)
    assert status == 0 and [one['changed'] for one in results] == [True, False], output
    drop_in = world.read('etc/rsyslog.d/zz_log_hygiene.conf')
    assert '# signature: acme-module-idle revision 1\n' in drop_in and '# signature: ahnlab' in drop_in
    names = re.search(r'\$!SYSLOG_IDENTIFIER == \[(.*"\{\{1/0.*)\]', drop_in).group(1)
    assert len(names.split(', ')) == 6 and '{{1/0}}' in names


def test_how_long_diverted_lines_are_kept_stays_in_force(newest, world):
    """A run that is given no number goes on with that of an earlier one; less is refused unless it is allowed."""
    days = 'syslog_exclusions_retention_days'
    status, output, results = play(newest, world, [{days: 730}, {}])
    assert status == 0 and not results[1]['changed'] and '    maxage 730\n' in world.read('etc/logrotate.d/log_hygiene'), output
    status, output, _results = play(newest, world, [{days: 700}])
    assert status != 0 and 'diverted lines are kept 730 days (/etc/logrotate.d/log_hygiene), and 700 are asked for' in output, output
    assert '    maxage 730\n' in world.read('etc/logrotate.d/log_hygiene')
    status, output, _results = play(newest, world, [{days: 700, 'syslog_policy_allow_shorter': True}])
    assert status == 0 and '    maxage 700\n' in world.read('etc/logrotate.d/log_hygiene'), output


def test_check_mode(newest, world):
    before = world.found()
    status, output = newest.tasks('''
        - ansible.builtin.include_role:
            name: loghygiene.rhel.syslog_exclusions
        - ansible.builtin.assert:
            that:
              - syslog_exclusions_result.changed and not syslog_exclusions_result.in_place
              - syslog_exclusions_result.in_place_since is none and syslog_exclusions_result.notes == []
        ''', wrap=private(world.script), options=['--check', '--diff'])
    assert status == 0, output
    assert '+# signature: ahnlab-v3-unknown-module-key' in output
    assert '+/var/log/log_hygiene/*.log {' in output
    assert world.found() == before
    assert 'restart' not in world.read('calls')


def test_a_drop_in_that_rsyslogd_does_not_start_with_goes(oldest, world):
    before = world.found()
    world.refuse('ahnlab-v3-module')
    status, output, results = play(oldest, world, [dict()])
    assert status == 2 and not results
    assert 'The drop-in was put back to what it was, and rsyslogd runs again.' in ' '.join(output.split())
    assert '/etc/logrotate.d/log_hygiene was put back, too.' in ' '.join(output.split())
    assert world.found() == before


def test_the_former_drop_in_comes_back_or_none_is_left(newest, world):
    one = "{{ lookup('loghygiene.rhel.signatures', query='[?id==`ahnlab-v3-unknown-module-key`].{signature_id: id, signature: @}') }}"
    assert play(newest, world, [dict(syslog_exclusions_items=one)])[0] == 0
    former = world.read('etc/rsyslog.d/zz_log_hygiene.conf')
    world.refuse('ahnlab-v3-module')
    status, output, _results = play(newest, world, [dict()])
    assert status == 2
    assert 'rsyslogd runs again' in output
    assert world.read('etc/rsyslog.d/zz_log_hygiene.conf') == former

    world.refuse('ahnlab-v3')
    status, output, _results = play(newest, world, [dict()])
    assert status == 2
    assert 'Neither with the former one, so there is none now, and rsyslogd runs again.' in ' '.join(output.split())
    assert 'etc/rsyslog.d/zz_log_hygiene.conf' not in world.found()


@pytest.mark.parametrize('obstacle', ['forwarder', 'rsyslogd', 'logrotate', 'root', 'full'])
def test_obstacles_are_told_and_nothing_is_changed(newest, world, obstacle):
    before = world.found()
    wrap, told = private(world.script), None
    if obstacle == 'forwarder':
        world.write('etc/rsyslog.conf', world.read('etc/rsyslog.conf') + '$ActionExecOnlyEveryNthTime 2\n*.* @@127.0.0.1:1\n')
        told = 'Move it to a file that is read before the diversion, such as /etc/rsyslog.d/00-forward.conf.'
    elif obstacle in ('rsyslogd', 'logrotate'):
        world.write('nothing', '')
        wrap = private('%s\nmount --bind %s/nothing %s' % (
            world.script, world.root, os.path.realpath(shutil.which(obstacle, path=os.environ['PATH'] + ':/usr/sbin'))))
        told = 'This host has no %s' % obstacle
    elif obstacle == 'root':
        wrap = UNPRIVILEGED
        told = 'syslog_exclusions needs root to configure rsyslog. Run it with become: true. Nothing was changed.'
    elif obstacle == 'full':
        wrap = private('%s\nmount -t tmpfs -o mode=755,size=64k none /etc/logrotate.d\n'
                       'mount --bind /etc/logrotate.d /etc/rsyslog.d\n'
                       'head -c 1M /dev/zero >/etc/rsyslog.d/filler 2>/dev/null || true' % world.script,
                       'test "$(ls -A /etc/rsyslog.d)" = filler')
        told = 'No space left on device'
    status, output = newest.tasks('''
        - ansible.builtin.include_role:
            name: loghygiene.rhel.syslog_exclusions
        ''', wrap=wrap)
    assert status == 2
    assert told in ' '.join(output.split())
    assert world.found() == before
    assert 'restart' not in world.read('calls')


STATES = {'stopped and disabled': 'LoadState=loaded\nUnitFileState=disabled\nActiveState=inactive\n',
          'masked': 'LoadState=masked\nUnitFileState=masked\nActiveState=inactive\n'}


@pytest.mark.parametrize('state', sorted(STATES))
def test_an_rsyslogd_that_somebody_stopped_is_not_started(newest, world, state):
    """With `present` nothing is changed; `absent` takes the drop-in away, and leaves rsyslogd as it is."""
    before = world.found()
    world.write('state', STATES[state])
    status, output, _results = play(newest, world, [dict()])
    assert status == 2
    assert 'Nothing is diverted, because rsyslog.service is %s (systemctl ' % state in ' '.join(output.split())
    assert world.found() == before
    os.unlink(os.path.join(world.root, 'state'))
    assert play(newest, world, [dict()])[0] == 0
    world.write('state', STATES[state])
    world.write('calls', '')
    status, output, results = play(newest, world, [dict(syslog_exclusions_state='absent')])
    assert status == 0, output
    assert results[0]['notes'] == ['rsyslogd was not started, because rsyslog.service is %s. It reads its new drop-ins '
                                   'when you start it.' % (state + {
                                       'masked': ' (systemctl unmask rsyslog.service)'}.get(
                                           state, ' (systemctl enable --now rsyslog.service)'))]
    assert 'etc/rsyslog.d/zz_log_hygiene.conf' not in world.found()
    assert 'restart' not in world.read('calls')


def test_a_systemctl_that_hangs_is_named(newest, world):
    """No change, and no run that waits for ever (the bound is a test's own here)."""
    world.write('systemctl', SYSTEMCTL.format(root=world.root).replace('restart)', 'reset-failed) sleep 1000 ;;\nrestart)'),
                0o755)
    status, output = newest.tasks('''
        - loghygiene.rhel.rsyslog_restart: {former: {}, timeout: 1}
        ''', wrap=private(world.script))
    assert status == 2
    assert 'systemctl reset-failed rsyslog.service did not end within 1 seconds and was killed' in ' '.join(output.split())


def test_rules_of_logrotate_go_back_with_the_drop_ins(newest, world):
    """One that was another before, one that is new, and one whose original was kept."""
    world.refuse('no start')
    world.write('etc/rsyslog.d/zz_log_hygiene.conf', '# no start')
    for name in ('log_hygiene_policy', 'new', 'rsyslog'):
        world.write('etc/logrotate.d/' + name, 'changed')
    kept = os.path.join(world.root, 'backup')
    os.makedirs(kept + '/etc/logrotate.d')
    world.write('backup/etc/logrotate.d/rsyslog', 'stock')
    status, output = newest.tasks('''
        - loghygiene.rhel.rsyslog_restart:
            former: {/etc/rsyslog.d/zz_log_hygiene.conf: null}
            others:
              /etc/logrotate.d/log_hygiene_policy: before
              /etc/logrotate.d/new: null
              /etc/logrotate.d/rsyslog: stock
            backup_dir: %s
        ''' % kept, wrap=private(world.script))
    assert status == 2 and 'rsyslogd runs again. /etc/logrotate.d/log_hygiene_policy, ' in ' '.join(output.split())
    assert [world.read('etc/logrotate.d/' + name) for name in ('log_hygiene_policy', 'rsyslog')] == ['before', 'stock']
    assert not {'etc/logrotate.d/new', 'etc/rsyslog.d/zz_log_hygiene.conf'} & set(world.found())
    assert os.listdir(kept + '/etc/logrotate.d') == []


def test_a_run_keeps_others_off_from_its_first_to_its_last_step(newest, world):
    """Between its steps as well, and who it is is told."""
    before = world.found()
    status, output = newest.tasks('''
        - loghygiene.rhel.host_lock: {name: another role, holder: alice on ctl}
        - module_defaults:
            loghygiene.rhel.rsyslog_diversion: {lock_wait: 1}
          block:
            - ansible.builtin.include_role:
                name: loghygiene.rhel.syslog_exclusions
        ''', wrap=private(world.script))
    assert status == 2
    assert 'Another run changes this host (another role, by alice on ctl, here root' in ' '.join(output.split())
    assert world.found() == before


def test_the_host_is_free_after_a_run_that_failed(newest, world):
    world.refuse('ahnlab-v3-module')
    assert play(newest, world, [dict()])[0] == 2
    assert json.loads(world.read('run/log_hygiene.lock')) == {'claim': None, 'step': None}


def rule(world, days):
    """The path of a logrotate rule for this many days, for the logs of this world."""
    text = diversion.rotation(world.root + '/log/log_hygiene', days)
    world.write('rule', text.replace('/usr/bin/systemctl', os.path.join(world.root, 'systemctl')))
    return os.path.join(world.root, 'rule')


@pytest.mark.parametrize('days', [365, 730])
def test_logrotate_keeps_every_line_as_long_as_told(world, days):
    """The real logrotate, forced: of rotated files only those go whose last line is older."""
    path = rule(world, days)
    folder = os.path.join(world.root, 'log', 'log_hygiene')
    os.mkdir(folder)
    ages = list(range(1, 1100, 28))  # no month is shorter, so no more files are made in that time
    for age in ages:
        last = time.time() - age * 86400
        name = 'log/log_hygiene/x.log-%s.gz' % time.strftime('%Y%m%d', time.localtime(last))
        world.write(name, 'old')
        os.utime(os.path.join(world.root, name), (last, last))
    world.write('log/log_hygiene/x.log', 'new\n')
    subprocess.run(['logrotate', '--force', '--state', os.path.join(world.root, 'state'), path], check=True)
    kept = [name for name in os.listdir(folder) if name != 'x.log']
    assert world.read(os.path.join('log/log_hygiene', time.strftime('x.log-%Y%m%d'))) == 'new\n'
    assert len(kept) == 1 + len([age for age in ages if age <= days])
    state = os.stat(os.path.join(folder, 'x.log'))
    assert (oct(state.st_mode & 0o7777), state.st_size) == ('0o600', 0)
    assert 'kill -s HUP rsyslog.service' in world.read('calls')


# The RHEL system role `logging`: its rules are called before any drop-in named zz is read.
CALLED_FIRST = '''module(load="imuxsock" SysSock.Use="off")
module(load="imjournal" StateFile="/tmp/imjournal.state")
if ($inputname == "imjournal") then {
    call files_output
}
'''


def test_a_diversion_that_is_read_early(newest, world):
    """It goes to the other drop-in, and that one comes and goes."""
    world.write('etc/rsyslog.conf', '$IncludeConfig /etc/rsyslog.d/*.conf\n')
    world.write('etc/rsyslog.d/30-files_output.conf', 'ruleset(name="files_output") {\n    *.info /var/log/messages\n}\n')
    world.write('etc/rsyslog.d/90-basics.conf', CALLED_FIRST)
    before = world.found()
    status, output, results = play(newest, world, [dict(), dict(syslog_exclusions_state='absent')])
    assert status == 0, output
    assert [(one['changed'], one['in_place']) for one in results] == [(True, True), (True, True)]
    assert 'The diversion is in /etc/rsyslog.d/00_log_hygiene_known.conf' in results[0]['notes'][0]
    assert world.found() == sorted(before + ['log/log_hygiene'])


def test_a_queue_that_a_copy_leaves_is_told(newest, world):
    """What rsyslogd puts to disk when it is restarted without the copy, how many messages, and what to do with them."""
    spool = os.path.join(world.root, 'spool')
    os.mkdir(spool)
    world.write('etc/rsyslog.conf', world.read('etc/rsyslog.conf').replace('"/tmp"', '"%s"' % spool) + '$ActionQueueType LinkedList\n'
                '$ActionQueueFileName fwdRule1\n*.* @@127.0.0.1:1\n')
    queue = spool + '/fwdRule1.log_hygiene_diversion'
    script = '[ "$1" = restart ] && printf "<OPB:1:qqueue:1:\\n+iQueueSize:2:1:7:\\n" >%s.qi\n' % queue
    world.write('systemctl', world.read('systemctl').replace('case $1 in\n', script + 'case $1 in\n'), 0o755)
    status, output, results = play(newest, world, [dict(), dict(syslog_exclusions_state='absent'), dict(syslog_exclusions_state='absent')])
    assert status == 0, output
    assert [len(one['notes']) for one in results] == [1, 1, 1]
    assert results[0]['notes'][0].endswith('The copy has its own queue, %s.*, with the same limits: the two may take twice the disk.' % queue)
    for one in results[1:]:
        assert one['notes'] == ['%s.* holds 7 messages that nothing sends any more. They waited for a collector when the copy of its '
                                'forwarder went. The log files of this host have them. Put the copy back to have them sent, or remove '
                                'the files of the queue.' % queue]
        assert one['queues_left'] == [{'path': queue, 'messages': 7}]


def test_a_broken_queue_is_moved_while_rsyslogd_is_stopped(newest, world):
    """Between stop and start; rsyslogd comes back also where it cannot be moved."""
    os.mkdir(os.path.join(world.root, 'spool'))
    for name in ('log_hygiene_far.qi', 'log_hygiene_far.00000001', 'log_hygiene_far_off.qi', 'imjournal.state'):
        world.write('spool/' + name, name)
    queue = os.path.join(world.root, 'spool', 'log_hygiene_far')
    arguments = dict(former={}, wait=0, pending=os.path.join(world.root, 'pending'))
    done = newest.module('rsyslog_restart', wrap=private(world.script), set_aside=[queue], **arguments)
    assert [line.split()[0] for line in world.read('calls').splitlines()] == [
        'show', 'stop', 'reset-failed', 'restart', 'show']
    assert len(done['set_aside']) == 1 and done['runs']
    assert sorted(os.listdir(done['set_aside'][0])) == ['log_hygiene_far.00000001', 'log_hygiene_far.qi']
    assert sorted(os.listdir(os.path.dirname(queue))) == ['imjournal.state', 'log_hygiene_far_off.qi', 'log_hygiene_set_aside']
    world.write('spool/log_hygiene_far.qi', 'again')
    shutil.rmtree(os.path.join(world.root, 'spool', 'log_hygiene_set_aside'))
    world.write('spool/log_hygiene_set_aside', 'in the way')
    done = newest.module('rsyslog_restart', wrap=private(world.script), set_aside=[queue], **arguments)
    assert (done['set_aside'], done['runs']) == ([], True)
    assert 'cannot be moved' in done['notes'][0]
