# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""unit_drop_in on the real systemd of a sandbox host, and user units on this machine, whose systemd-analyze judges them.

Each test of the host begins and ends with the same files below /etc/systemd and the same units.
"""
import os
import subprocess

import pytest
from remedy_runs import UNPRIVILEGED, private, run_module
from test_unit_state import SANDBOX, Host

OURS = '/etc/systemd/system/%s.d/50-log_hygiene.conf'
UNITS = r'''
unit() { mkdir -p "${1%/*}"; printf '%b' "$2" >"$1"; }
lib=/usr/lib/systemd/system
unit $lib/canary.service '[Service]\nExecStart=/bin/sleep 1000\nFoo=bar\n'
unit $lib/noise.timer '[Timer]\nOnCalendar=yearly\n[Install]\nWantedBy=timers.target\n'
unit $lib/noise.service '[Service]\nType=oneshot\nExecStart=/bin/true\n'
unit $lib/each@.service '[Service]\nExecStart=/bin/sleep 1001\n'
unit $lib/hidden.service '[Service]\nExecStart=/bin/sleep 1002\n'
unit /etc/systemd/system/each@.service.d/10-own.conf '[Service]\nRestartSec=3\n'
mkdir /etc/systemd/system/noise.timer.d
ln -s canary.service $lib/bird.service
unit $lib/syslogish.service '[Service]\nExecStart=/bin/sleep 1003\n'
unit /etc/systemd/system/rsyslog.service.d/needs.conf '[Unit]\nWants=syslogish.service\nRequires=syslogish.service\n'
systemctl daemon-reload
systemctl start canary.service each@one.service noise.timer syslogish.service
systemctl mask hidden.service
'''
LOOK = r'''
find /etc/systemd -printf '%P %y %m %u %g %s %l\n' | sort
for unit in canary.service each@one.service noise.timer noise.service syslogish.service; do
echo "$unit $(systemctl is-active $unit) $(systemctl show -p DropInPaths -p NeedDaemonReload -p FragmentPath $unit | tr '\n' ' ')"; done
cat /proc/$(systemctl show -p MainPID --value canary.service)/cmdline | tr '\0' ' '; echo
ls -A /run/log_hygiene.restart 2>/dev/null || true
'''


class DropIns(Host):
    """A sandbox host with units that have settings."""

    kind = 'unit_drop_in'

    def look(self):
        return self.sh(LOOK).splitlines()

    def show(self, unit, name):
        return self.sh('systemctl show -p %s --value %s' % (name, unit)).strip()

    def refused(self, items, told):
        before = self.look()
        result = self.module(items)
        assert result['failed'] and not result['changed'] and told in result['msg'], result
        assert result['msg'].count('Nothing was changed.') == 1 and result['files'] == []
        assert self.look() == before


@pytest.fixture(scope='module')
def machine(tmp_path_factory, collection):
    name = 'units2-el10'
    subprocess.run([SANDBOX, 'up', name, '--seed', 'none', '--history', '0', '--fresh'], check=True)
    folder = tmp_path_factory.mktemp(name)
    namespace = folder / 'collections' / 'ansible_collections' / 'loghygiene'
    namespace.mkdir(parents=True)
    os.symlink(collection, str(namespace / 'rhel'))
    one = DropIns(name, folder, folder / 'collections')
    one.sh(UNITS)
    yield one
    subprocess.run([SANDBOX, 'down', name], check=True)


@pytest.fixture
def host(machine):
    """The host, which has to be as it was after the test."""
    before = machine.look()
    yield machine
    assert machine.look() == before


def item(key='RestartSec', value='7', section='Service', unit='canary.service', **more):
    return dict(dict(signature_id='noise', unit=unit, section=section, key=key, value=value), **more)


CANARY = item('ExecStart', ['', '/bin/sleep 2000'], restart=True)
SLOW = item(signature_id='slow')


def test_there_and_back(host):
    before, pid = host.look(), host.show('canary.service', 'MainPID')
    assert host.module([CANARY, SLOW], check=True)['changed'] and host.look() == before
    result = host.done([CANARY, SLOW])
    assert result['changed'] and result['in_place'] and result['requires'] == 'none' and result['notes'] == []
    assert result['files'] == [dict(path=OURS % 'canary.service', action='create')]
    assert host.sh('tail -n +2 %s; stat -c "%%a %%U %%G" %s' % (OURS % 'canary.service', OURS % 'canary.service')) == (
        '# for noise\n# before: no folder\n[Service]\nExecStart=\nExecStart=/bin/sleep 2000\n'
        '# for slow\n# before: no folder\n[Service]\nRestartSec=7\n644 root root\n')
    assert host.show('canary.service', 'RestartUSec') == '7s' and '2000' in host.show('canary.service', 'ExecStart')
    assert host.show('canary.service', 'MainPID') != pid and host.look()[-1] == '/bin/sleep 2000 '
    again = host.done([CANARY, SLOW])
    assert (again['changed'], again['in_place'], again['in_place_since']) == (False, True, result['in_place_since'])
    assert not host.module([CANARY, SLOW], check=True)['changed']

    host.done([SLOW], state='absent')
    assert host.show('canary.service', 'RestartUSec') == '100ms' and '2000' in host.show('canary.service', 'ExecStart')
    back = host.done([CANARY], state='absent')
    assert back['changed'] and back['in_place'] and host.look() == before
    assert not host.done([CANARY], state='absent')['changed']


def test_other_units_and_folders_that_were_there(host):
    before = host.look()
    items = [item(unit='each@one.service'), item('RandomizedDelaySec', '1h', 'Timer', 'noise.timer'), item('Persistent', True, 'Timer', 'noise.timer'),
             item('Documentation', 'man:true(1)', 'Unit', 'noise.service')]
    result = host.done(items)
    assert sorted(result['notes']) == ['each@one.service runs as before until it is restarted.', 'noise.timer runs as before until it is restarted.']
    assert host.show('each@one.service', 'RestartUSec') == '7s' and host.show('noise.timer', 'Persistent') == 'yes'
    assert host.show('noise.timer', 'RandomizedDelayUSec') == '1h' and not host.done(items)['changed']
    assert host.done([], state='absent')['changed'] and host.look() == before


@pytest.mark.parametrize('bad, told', [
    (item('Foo', '1'), "systemd would not take the drop-in of canary.service: %s:5: Unknown key 'Foo' in section [Service], ignoring." % (
        OURS % 'canary.service')),
    (item('RestartSec', 'often', signature_id='slow'), 'Failed to parse RestartSec=often, ignoring: Invalid argument.'),
    (item('ExecStart', '/bin/sleep 3000'), 'Service has more than one ExecStart= setting'),
    (item('ExecStart', ['', '/usr/bin/sleepy']), 'Command /usr/bin/sleepy is not executable: No such file or directory'),
    (item(unit='bird.service'), 'unit: bird.service is another name of canary.service. Name that one.'),
    (item(unit='rsyslog.service'), 'serves the logs. A remedy must not switch off'),
    (item(unit='syslogish.service'), 'is needed by it, and that serves the logs. A remedy must not switch off'),
    (item('OnCalendar', 'daily', 'Timer'), 'section: canary.service has the sections Unit and Service'),
    (item(value='8', signature_id='x'), 'Signatures slow and x contradict each other: "[Service] RestartSec=7" and "[Service] RestartSec=8".')])
def test_what_systemd_does_not_take_changes_nothing(host, bad, told):
    host.refused([item('Nice', 5, unit='each@one.service'), item('TimeoutStopSec', 7) if bad['value'] == 'often' else SLOW, bad], told)


@pytest.mark.parametrize('path, text', [
    ('/etc/systemd/system/canary.service.d/override.conf', '[Unit]\nAfter=a.target\n[Service]\n# RestartSec=8\nRestartSec = \\\n 9\n'),
    ('/run/systemd/system/service.d/zz.conf', '[Service]\n\nNice=1\n\nRestartSec=9\n')])
def test_a_later_drop_in_that_counts_is_named(host, path, text):
    host.sh("mkdir -p %s; printf '%%b' '%s' >%s; systemctl daemon-reload" % (os.path.dirname(path), text.replace('\\\n', '\\\\\n'), path))
    assert host.show('canary.service', 'RestartUSec') == '9s'
    host.refused([SLOW], '%s, line 5 says RestartSec=9 and is read later, so what slow asks for would not count.' % path)
    host.done([item('Nice', 1)])  # another setting is all right
    host.done([item('Nice', 1)], state='absent')
    host.sh('rm -r %s; systemctl daemon-reload' % os.path.dirname(path))


def test_a_unit_that_does_not_stay_up_is_as_it_was(host):
    before = host.look()
    result = host.module([dict(CANARY, value=['', '/bin/sleep nonsense']), item(unit='each@one.service')])
    assert result['failed'] and not result['changed'] and result['files'] == [] and 'canary.service does not stay up' in result['msg'], result
    assert host.look() == before


def test_what_is_not_there_or_masked_is_noted(host):
    result = host.done([item(unit='nobody.service'), item(unit='hidden.service'), item(unit='nobody.service', scope='global')])
    assert (result['changed'], result['in_place'], result['requires']) == (False, True, 'login')
    assert result['notes'] == ['There is no unit nobody.service on this host, so nothing had to be done.',
                               'hidden.service is masked, so nothing had to be done.',
                               'There is no unit nobody.service on this host, so nothing had to be done.']


def test_what_somebody_edited_stays(host):
    host.done([SLOW])
    host.sh('cp -a %s /run/ours; echo Nice=3 >>%s; systemctl daemon-reload' % (OURS % 'canary.service', OURS % 'canary.service'))
    host.refused([SLOW], 'was not written by this collection, or was edited since. Move it away')
    result = host.done([SLOW], state='absent')
    assert (result['changed'], result['in_place']) == (False, False) and 'it stays' in result['notes'][0]
    host.sh('cp -a /run/ours %s; systemctl daemon-reload' % OURS % 'canary.service')
    host.done([SLOW], state='absent')


KILLER = '''cat >/usr/local/bin/systemctl <<'END'
#!/bin/sh
case " $* " in *" %s "*) kill -9 $PPID; exit 1;; esac
exec /usr/bin/systemctl "$@"
END
chmod 755 /usr/local/bin/systemctl'''


@pytest.mark.parametrize('state, verb', [('present', 'try-restart'), ('absent', 'daemon-reload'), ('absent', 'try-restart')])
def test_killed_on_the_way_the_next_run_finishes(host, verb, state):
    before = host.look()
    if state == 'absent':
        host.done([CANARY])
    host.sh(KILLER % verb)
    assert host.module([CANARY], state) is None
    host.sh('rm /usr/local/bin/systemctl')
    result = host.done([CANARY], state)
    assert result['changed'] and result['in_place']
    if state == 'present':
        assert host.look()[-1] == '/bin/sleep 2000 '
        host.done([CANARY], 'absent')
    assert host.look() == before


# --- user units, on this machine


@pytest.fixture
def world(tmp_path):
    """The command line of a mount namespace with user units of its own, whose folders stay from one run to the next."""
    (tmp_path / 'etc').mkdir()
    (tmp_path / 'lib').mkdir()
    (tmp_path / 'lib' / 'noise.service').write_text('[Service]\nExecStart=/bin/true\n')
    return private('mount --bind {0}/etc /etc/systemd/user; mount --bind {0}/lib /usr/lib/systemd/user'.format(tmp_path))


USER = item(unit='noise.service', scope='global')


def test_user_units_on_each_python(ansible, world, tmp_path):
    ours = tmp_path / 'etc' / 'noise.service.d' / '50-log_hygiene.conf'
    predicted = ansible.module('unit_drop_in', check=True, wrap=world, items=[USER])
    assert predicted['changed'] and not predicted['in_place'] and not ours.exists(), predicted
    result = ansible.module('unit_drop_in', wrap=world, items=[USER])
    assert result['changed'] and result['in_place'] and result['requires'] == 'login', result
    assert ours.read_text().endswith('\n# for noise\n# before: no folder\n[Service]\nRestartSec=7\n')
    again = ansible.module('unit_drop_in', wrap=world, items=[USER])
    assert (again['changed'], again['in_place_since']) == (False, result['in_place_since'])
    assert ansible.module('unit_drop_in', wrap=world, items=[USER], state='absent')['changed']
    assert os.listdir(str(tmp_path / 'etc')) == []


def test_user_units_that_are_refused(newest, world, tmp_path):
    bad = newest.module('unit_drop_in', wrap=world, items=[dict(USER, key='RestartSecs')])
    assert bad['failed'] and 'Unknown key' in bad['msg'] and bad['msg'].endswith('Nothing was changed.')
    (tmp_path / 'etc' / 'noise.service.d').mkdir()
    (tmp_path / 'etc' / 'noise.service.d' / 'z.conf').write_text('[Service]\nRestartSec=8\n')
    assert '/etc/systemd/user/noise.service.d/z.conf, line 2 says RestartSec=8 and' in newest.module('unit_drop_in', wrap=world, items=[USER])['msg']
    assert os.listdir(str(tmp_path / 'etc' / 'noise.service.d')) == ['z.conf']


def test_bad_items(tmp_path):
    for more, told in [(dict(unit='../a.service'), 'unit: '), (dict(key='a\nb'), 'key: '), (dict(key='X' * 5000), 'key: '),
                       (dict(section='Install'), 'section: '),
                       (dict(value='1\n[Service]\nUser=root'), 'value: '), (dict(value='x\\'), 'value: '), (dict(value='값'), 'value: '),
                       (dict(value='9' * 5000), 'value: '), (dict(value={'a': 1}), 'value: '), (dict(value=[]), 'value: '),
                       (dict(signature_id='a\nb'), 'signature_id: '), (dict(key='StandardOutput', value='null'), 'StandardOutput=null is not set, because ')]:
        result = run_module('unit_drop_in', items=[dict(USER, signature_id='first', key='Nice', value=1), dict(USER, **more)],
                            lock_file=str(tmp_path / 'lock'))
        assert result['failed'] and result['msg'].startswith(told) and result['msg'].endswith(' Nothing was changed.'), result
        assert len(result['msg']) < 600 and not os.path.exists('/etc/systemd/user/noise.service.d')


def test_without_root_without_systemd_analyze(newest, world):
    assert newest.module('unit_drop_in', wrap=UNPRIVILEGED, items=[USER])['msg'] == (
        'unit_drop_in needs root to write drop-ins of units. Run it with become: true. Nothing was changed.')
    hidden = private('for one in /usr/bin/systemd-analyze /bin/systemd-analyze; do mount --bind /dev/null $one || true; done')
    assert newest.module('unit_drop_in', wrap=hidden, items=[USER])['msg'].startswith('This host has no systemctl or no systemd-analyze')
