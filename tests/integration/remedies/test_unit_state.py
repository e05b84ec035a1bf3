# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""unit_state on the real systemd of sandbox hosts, and user units by the real systemctl on this machine, in a world of the
test's own.

Each test of a host begins and ends with the same units: links, what is-enabled says and what runs are compared.
"""
import base64
import io
import json
import os
import re
import subprocess
import sysconfig
import tarfile
from pathlib import Path

import ansible
import ansible_starts
import pytest
from remedy_runs import UNPRIVILEGED, private

SANDBOX = str(Path(__file__).resolve().parents[2] / 'sandbox' / 'sandbox')
PODMAN = str(Path(SANDBOX).with_name('podman'))
KEPT = '/var/lib/log_hygiene/units'
# What an administrator may find: units of each kind, enabled by links that [Install] names, and by others.
UNITS = '''
unit() { mkdir -p "${1%/*}"; printf '%b' "$2" >"$1"; }
lib=/usr/lib/systemd
sleeper='[Service]\\nExecStart=/bin/sleep infinity\\nExecStop=/bin/touch /run/stopped-%p\\n'
unit $lib/system/noise.timer '[Timer]\\nOnCalendar=yearly\\n[Install]\\nWantedBy=timers.target\\n'
unit $lib/system/noise.service '[Service]\\nExecStart=/bin/true\\n'
unit $lib/system/static.service "$sleeper"
unit $lib/system/loud.service "$sleeper"'[Install]\\nWantedBy=multi-user.target\\nAlias=louder.service\\nAlso=loud.socket\\n'
unit $lib/system/loud.socket '[Socket]\\nListenStream=/run/loud\\n[Install]\\nWantedBy=sockets.target\\n'
unit $lib/system/each@.service "$sleeper"'[Install]\\nWantedBy=multi-user.target\\n'
unit /opt/linked.service "$sleeper"'[Install]\\nWantedBy=multi-user.target\\n'
unit $lib/system/off.service "$sleeper"'[Install]\\nWantedBy=multi-user.target\\n'
unit $lib/system/hidden.service "$sleeper"
unit /etc/systemd/system/own.service "$sleeper"'[Install]\\nWantedBy=multi-user.target\\n'
unit $lib/system/watch.path '[Path]\\nPathExists=/nonexistent\\nUnit=static.service\\n[Install]\\nWantedBy=multi-user.target\\n'
unit $lib/system/syslogish.service "$sleeper"'[Install]\\nWantedBy=multi-user.target\\n'
unit /etc/systemd/system/rsyslog.service.d/needs.conf '[Unit]\\nRequires=syslogish.service\\n'
unit $lib/user/noise.service "$sleeper"'[Install]\\nWantedBy=default.target\\n'
unit $lib/user/static.service "$sleeper"
mkdir -p /etc/systemd/system/odd.target.wants
ln -s ../../../../usr/lib/systemd/system/loud.service /etc/systemd/system/odd.target.wants/loud.service
systemctl daemon-reload
systemctl enable --now loud.socket noise.timer loud.service each@one.service each@two.service own.service watch.path syslogish.service
systemctl enable --now /opt/linked.service
systemctl start static.service
systemctl mask hidden.service
systemctl --global enable noise.service
'''
NAMES = ('noise.timer noise.service static.service loud.service louder.service loud.socket each@one.service each@two.service linked.service '
         'off.service hidden.service own.service watch.path syslogish.service rsyslog.service systemd-journald.service')
LOOK = '''
find /etc/systemd -printf '%%P %%y %%m %%u %%g %%l\\n' | sort
for unit in %s; do echo "$unit $(systemctl is-enabled $unit 2>&1) $(systemctl is-active $unit)"; done
for unit in noise.service static.service; do echo "global $unit $(systemctl --global is-enabled $unit 2>&1)"; done
''' % NAMES
PLAY = '''
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {name: loghygiene.rhel.unit_state}
    - ansible.builtin.debug:
        msg: "RESULT {{ unit_state_result | to_json | b64encode }} END"
'''

# The module as it is on a host, without a connection: many runs are done with it.
MODULE = '''
import json, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = json.dumps({"ANSIBLE_MODULE_ARGS": json.loads(sys.argv[1])}).encode(), "legacy"
from ansible_collections.loghygiene.rhel.plugins.modules import KIND
KIND.main()
'''


def item(unit, state='disabled', scope='system'):
    return dict(signature_id='noise-of-' + unit.partition('.')[0], unit=unit, state=state, scope=scope)


class Host:
    """A sandbox host with units that make noise, and the module of a kind of remedy."""

    kind = 'unit_state'

    def __init__(self, name, folder, collections):
        self.name, self.folder = name, folder
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode='w', dereference=True) as archive:
            core = os.path.dirname(ansible.__file__)
            for part in ('release.py', 'module_utils'):
                archive.add(os.path.join(core, part), 'ansible/' + part)
            for part in ('module_utils', 'modules'):
                archive.add(str(collections / 'ansible_collections' / 'loghygiene' / 'rhel' / 'plugins' / part),
                            'ansible_collections/loghygiene/rhel/plugins/' + part)
        unpack = 'mkdir -p /opt/module/ansible && cd /opt/module && >ansible/__init__.py && tar -x'
        subprocess.run([SANDBOX, 'exec', name, 'sh', '-c', unpack], input=packed.getvalue(), check=True)
        (folder / 'play.yml').write_text(PLAY, encoding='utf-8')
        (folder / 'hosts.yml').write_bytes(subprocess.run([SANDBOX, 'inventory', name], stdout=subprocess.PIPE, check=True).stdout)
        # The connection plugin comes with the package `ansible` of the newest environment.
        self.environ = dict(os.environ, ANSIBLE_PIPELINING='1', ANSIBLE_NOCOLOR='1', ANSIBLE_COLLECTIONS_PATH=os.pathsep.join(
            [str(collections), sysconfig.get_path('purelib')]))

    def sh(self, text):
        done = subprocess.run([PODMAN, 'exec', 'log-hygiene-' + self.name, 'sh', '-ec', text], stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout
        return done.stdout.decode('utf-8', 'replace')

    def look(self):
        """All links below /etc/systemd, and what systemctl says of the units."""
        return self.sh(LOOK).splitlines()

    def says(self, unit):
        """What is-enabled and is-active say of a unit."""
        return tuple(self.sh('systemctl is-enabled %s 2>/dev/null || true; echo -; systemctl is-active %s || true' % (
            unit, unit)).replace('\n-\n', ' ').split())

    def kept(self):
        return self.sh('cd %s 2>/dev/null && find . -type f || true' % KEPT).split()

    def role(self, core, items, *options, state='present'):
        """Run the role by an ansible-core. Returns (its result, output)."""
        answer = ansible_starts.run(
            [os.path.join(os.environ['ANSIBLE_%s_BIN' % core], 'ansible-playbook'), 'play.yml', '-i', 'hosts.yml', '-e', json.dumps(
                {'unit_state_items': items, 'unit_state_state': state})] + list(options), self.environ, cwd=self.folder)
        assert answer.returncode == 0, answer.stdout
        return json.loads(base64.b64decode(re.search('RESULT ([A-Za-z0-9+/=]+) END', answer.stdout).group(1))), answer.stdout

    def module(self, items, state='present', check=False):
        """Run the module. Returns its result, None where it was killed."""
        answer = subprocess.run(
            [PODMAN, 'exec', 'log-hygiene-' + self.name, 'env', 'PYTHONPATH=/opt/module', 'python3', '-B', '-c', MODULE.replace('KIND', self.kind), json.dumps(
                dict(items=items, state=state, _ansible_remote_tmp='/tmp', _ansible_check_mode=check))],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
        return json.loads(answer.stdout) if answer.stdout else None

    def done(self, items, state='present'):
        result = self.module(items, state)
        assert not result.get('failed'), result
        return result

    def refused(self, items, told):
        before = self.look()
        result = self.module(items)
        assert result['failed'] and not result['changed'] and told in result['msg'] and result['msg'].endswith(' Nothing was changed.'), result
        assert self.look() == before and self.kept() == []


# For what the module does by itself, whichever systemd it is.
ONE_RELEASE = pytest.mark.parametrize('machine', [10], indirect=True)


@pytest.fixture(scope='module', params=[9, 10])
def machine(request, tmp_path_factory, collection):
    name = 'units-el%d' % request.param
    subprocess.run([SANDBOX, 'up', name, '--seed', 'none', '--history', '0', '--fresh'], check=True)
    folder = tmp_path_factory.mktemp(name)
    namespace = folder / 'collections' / 'ansible_collections' / 'loghygiene'
    namespace.mkdir(parents=True)
    os.symlink(collection, str(namespace / 'rhel'))
    one = Host(name, folder, folder / 'collections')
    one.sh(UNITS)
    yield one
    subprocess.run([SANDBOX, 'down', name], check=True)


@pytest.fixture
def host(machine):
    """The host, which has to be as it was after the test."""
    before = machine.look()
    yield machine
    assert machine.look() == before and machine.kept() == []


ALL = [item('noise.timer'), item('loud.service', 'masked'), item('noise.service', 'masked', 'global'), item('each@one.service'),
       item('linked.service'), item('static.service', 'masked'), item('own.service'), item('watch.path', 'masked')]


def test_there_and_back_by_the_role(host):
    core = 'OLDEST' if host.name.endswith('el9') else 'NEWEST'
    before = host.look()
    predicted, output = host.role(core, ALL, '--check', '--diff')
    assert (predicted['changed'], predicted['in_place'], predicted['in_place_since']) == (True, False, None)
    assert '-enabled: enabled' in output and '+enabled: disabled' in output and '+active: no' in output and '+enabled: masked' in output
    assert host.look() == before and host.kept() == []

    result = host.role(core, ALL)[0]
    assert result['changed'] and result['in_place'] and result['requires'] == 'login'
    assert result['files'] == predicted['files'] and {'path': '/etc/systemd/system/loud.service', 'action': 'mask'} in result['files']
    assert [one['unit'] for one in result['units']] == [one['unit'] for one in ALL]
    assert result['units'][0] == dict(unit='noise.timer', scope='system', before=dict(enabled='enabled', active=True),
                                      after=dict(enabled='disabled', active=False))
    assert [(one['before'], one['after']['active']) for one in result['units']] == [(one['before'], one['after']['active']) for one in predicted['units']]
    for unit, says in [('noise.timer', ('disabled', 'inactive')), ('loud.service', ('masked', 'inactive')), ('static.service', ('masked', 'inactive')),
                       ('each@one.service', ('disabled', 'inactive')), ('each@two.service', ('enabled', 'active')),
                       ('own.service', ('disabled', 'inactive')), ('watch.path', ('masked', 'inactive'))]:
        assert host.says(unit) == says
    assert host.sh('systemctl --global is-enabled noise.service || true').strip() == 'masked'
    assert 'stopped-loud' in host.sh('ls /run')  # stopped by its own ExecStop, before the mask took that away
    assert len(host.kept()) == len(ALL) and set(host.sh('stat -c %%a %s/*/*' % KEPT).split()) == {'600'}

    again = host.role(core, ALL)[0]
    assert (again['changed'], again['in_place'], again['in_place_since']) == (False, True, result['in_place_since'])
    assert again['files'] == again['units'] == []

    predicted, output = host.role(core, ALL, '--check', '--diff', state='absent')
    assert predicted['changed'] and '+active: yes' in output and len(host.kept()) == len(ALL)
    back = host.role(core, ALL, state='absent')[0]
    assert back['changed'] and back['in_place'] and back['notes'] == []
    assert back['units'] == predicted['units'] and back['files'] == predicted['files']
    assert host.look() == before
    assert not host.role(core, ALL, state='absent')[0]['changed']


def test_what_goes_with_a_unit_comes_back_with_it(host):
    """Also=, an alias, and a link that no [Install] names."""
    result = host.done([item('loud.service')])
    assert {one['path'].rpartition('/')[2] for one in result['files']} == {'loud.service', 'louder.service', 'loud.socket'}
    assert 'With loud.service, systemctl disables loud.socket (Also=).' in result['notes']
    assert host.says('loud.socket')[0] == 'disabled'
    assert host.done([item('loud.service')], state='absent')['in_place']


def test_after_a_reboot_it_is_so_still(host):
    items = [item('noise.timer'), item('each@two.service', 'masked')]
    host.done(items)
    subprocess.run([SANDBOX, 'reboot', host.name], check=True)
    assert host.says('noise.timer') == ('disabled', 'inactive')
    assert not host.done(items)['changed']
    host.done(items, state='absent')
    host.sh('systemctl start static.service')  # which nothing but a hand starts


def test_what_was_so_before_is_nobodys(host):
    items = [item('off.service'), item('hidden.service', 'masked'), item('hidden.service'), item('nobody.timer', 'masked'),
             item('nobody.service', 'masked', 'global')]
    for state in ('present', 'absent'):
        result = host.done(items[:2] + items[3:], state=state)
        assert (result['changed'], result['in_place']) == (False, True) and host.kept() == []
    result = host.done(items[3:])
    assert result['notes'] == ['There is no unit %s on this host, so nothing had to be done.' % name for name in ('nobody.timer', 'nobody.service')]
    assert host.done([items[2]])['in_place']
    host.sh('systemctl start off.service')
    host.done([items[0]])
    assert host.says('off.service') == ('disabled', 'inactive')
    host.done([items[0]], state='absent')
    assert host.says('off.service') == ('disabled', 'active')
    host.sh('systemctl stop off.service')


def test_from_disabled_to_masked_and_back(host):
    for state in ('disabled', 'masked', 'disabled'):
        result = host.done([item('loud.service', state)])
        assert result['changed'] and result['in_place'] and host.says('loud.service') == (state, 'inactive')
        assert not host.done([item('loud.service', state)])['changed']
    host.done([item('loud.service')], 'absent')
    assert host.says('loud.service') == ('enabled', 'active')


def test_an_update_that_enables_it_again_is_mended(host):
    host.done([item('noise.timer')])
    host.sh('systemctl enable --now noise.timer')
    result = host.done([item('noise.timer')])
    assert result['changed'] and host.says('noise.timer') == ('disabled', 'inactive')
    host.done([item('noise.timer')], state='absent')


@ONE_RELEASE
@pytest.mark.parametrize('edit, undo', [
    ('systemctl mask noise.timer', 'systemctl unmask noise.timer'),
    ('ln -s /dev/null /etc/systemd/system/timers.target.wants/noise.timer', 'rm /etc/systemd/system/timers.target.wants/noise.timer')])
def test_what_somebody_edited_since_stays(host, edit, undo):
    host.done([item('noise.timer')])
    # The folder of the link went with it.
    host.sh('mkdir -p /etc/systemd/system/timers.target.wants; ' + edit)
    edited = host.look()
    result = host.done([item('noise.timer')], state='absent')
    assert not result['changed'] and not result['in_place'] and 'in another way since: it stays' in result['notes'][0]
    assert host.look() == edited
    host.sh(undo)
    assert host.done([item('noise.timer')], state='absent')['in_place']


def test_what_somebody_brought_back_is_as_it_was(host):
    host.done([item('loud.service', 'masked')])
    host.sh('systemctl unmask loud.service; systemctl start loud.service')
    assert host.done([item('loud.service', 'masked')], state='absent')['in_place']


@ONE_RELEASE
@pytest.mark.parametrize('unit', ['rsyslog.service', 'syslog.socket', 'dbus-org.freedesktop.login1.service', 'syslogish.service'])
def test_protected(host, unit):
    host.refused([item('noise.timer'), item(unit, 'masked')], 'A remedy must not switch off logging, access, time or protection.')


@ONE_RELEASE
def test_refusals(host):
    host.sh('ln -s /usr/lib/systemd/system/off.service /run/systemd/system/other.service; systemctl daemon-reload')
    for bad, told in [
            (item('static.service'), 'static.service is static and cannot be disabled'),
            (item('static.service', scope='global'), 'static.service is static and cannot be disabled'),
            (item('own.service', 'masked'), '/etc/systemd/system/own.service is in the way of the link that would mask the unit.'),
            (item('linked.service', 'masked'), '/etc/systemd/system/linked.service is in the way'),
            (item('other.service'), 'unit: other.service is another name of off.service. Name that one.'),
            (item('noise.timer', 'masked'), 'one item wants noise.timer disabled, another one masked')]:
        host.refused([item('noise.timer'), bad], told)
    host.sh('rm /run/systemd/system/other.service; systemctl daemon-reload')


KILLER = '''cat >/usr/local/bin/systemctl <<'END'
#!/bin/sh
case " $* " in *" %s "*) %s kill -9 $PPID; exit 1;; esac
exec /usr/bin/systemctl "$@"
END
chmod 755 /usr/local/bin/systemctl'''


@ONE_RELEASE
@pytest.mark.parametrize('verb, done', [('stop', True), ('disable', False), ('disable', True)])
def test_killed_on_the_way_the_next_run_finishes(host, verb, done):
    what = '/usr/bin/systemctl "$@";' if done else ''
    for undo_at_once in (False, True):
        host.sh(KILLER % (verb, what))
        assert host.module([item('loud.service')]) is None
        host.sh('rm /usr/local/bin/systemctl')
        assert host.kept() == ['./system/loud.service'] and 'applying' in host.sh('cat %s/system/loud.service' % KEPT)
        if not undo_at_once:
            result = host.done([item('loud.service')])
            assert result['changed'] and result['in_place'] and host.says('loud.service') == ('disabled', 'inactive')
            assert not host.done([item('loud.service')])['changed']
        assert host.done([item('loud.service')], state='absent')['in_place']


@ONE_RELEASE
@pytest.mark.parametrize('verb', ['daemon-reload', 'start'])
def test_killed_on_the_way_back_the_next_run_finishes(host, verb):
    items = [item('loud.service')]
    for again in ('absent', 'present'):
        host.done(items)
        host.sh(KILLER % (verb, ''))
        assert host.module(items, 'absent') is None
        host.sh('rm /usr/local/bin/systemctl')
        assert 'undoing' in host.sh('cat %s/system/loud.service' % KEPT)
        assert host.done(items, state=again)['changed']
        if again == 'present':
            assert host.says('loud.service') == ('disabled', 'inactive')
            host.done(items, state='absent')


@ONE_RELEASE
def test_a_unit_that_does_not_start_again_is_told_and_tried_again(host):
    items = [item('static.service', 'masked')]
    host.done(items)
    host.sh('mv /usr/lib/systemd/system/static.service /run/static; printf "[Service]\\nType=oneshot\\nExecStart=/bin/false\\n" '
            '>/usr/lib/systemd/system/static.service')
    result = host.module(items, 'absent')
    assert result['failed'] and result['msg'].startswith('systemctl cannot start static.service: ') and result['changed']
    assert host.kept() == ['./system/static.service']
    host.sh('mv /run/static /usr/lib/systemd/system/static.service; systemctl daemon-reload; systemctl reset-failed')
    assert host.done(items, state='absent')['in_place']


# --- user units, on this machine


class World:
    """Directories of user units in a mount namespace, which stay from one run to the next."""

    def __init__(self, root):
        self.etc, self.lib, self.kept = root / 'etc', root / 'lib', root / 'kept'
        (self.etc / 'default.target.wants').mkdir(parents=True)
        self.lib.mkdir()
        (self.lib / 'noise.service').write_text('[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=default.target\n')
        self.link = self.etc / 'default.target.wants' / 'noise.service'
        os.symlink('/usr/lib/systemd/user/noise.service', str(self.link))
        self.arguments = dict(items=[item('noise.service', 'masked', 'global')], state_dir=str(self.kept))
        self.kept_file = self.kept / 'global' / 'noise.service'

    def wrap(self, before=''):
        return private('mount --bind {0} /etc/systemd/user; mount --bind {1} /usr/lib/systemd/user\n{2}'.format(self.etc, self.lib, before))

    def look(self):
        return sorted((str(path), os.readlink(str(path)) if path.is_symlink() else '') for path in self.etc.rglob('*'))


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.mark.parametrize('state', ['masked', 'disabled'])
def test_user_units_on_each_python(ansible, world, state):
    before = world.look()
    arguments = dict(world.arguments, items=[item('noise.service', state, 'global')])
    predicted = ansible.module('unit_state', check=True, wrap=world.wrap(), **arguments)
    assert predicted['changed'] and world.look() == before and not world.kept.exists()
    result = ansible.module('unit_state', wrap=world.wrap(), **arguments)
    assert result['changed'] and result['in_place'] and result['requires'] == 'login', result
    assert result['units'][0]['after'] == dict(enabled=state, active=None)
    assert ((str(world.etc / 'noise.service'), '/dev/null') in world.look()) == (state == 'masked')
    assert world.link.is_symlink() == (state == 'masked')
    again = ansible.module('unit_state', wrap=world.wrap(), **arguments)
    assert (again['changed'], again['in_place_since']) == (False, result['in_place_since'])
    assert ansible.module('unit_state', wrap=world.wrap(), **dict(arguments, state='absent'))['in_place']
    assert world.look() == before and not world.kept_file.exists()


def test_what_somebody_made_of_a_unit_between_two_runs_comes_back(newest, world):
    def run(state='present'):
        result = newest.module('unit_state', wrap=world.wrap(), **dict(arguments, state=state))
        assert result['changed'] and result['in_place'], result
        return world.look()
    arguments = dict(world.arguments, items=[item('noise.service', 'disabled', 'global')])
    run()
    other = world.etc / 'other.target.wants' / 'noise.service'
    other.parent.mkdir()
    other.symlink_to('/usr/lib/systemd/user/noise.service')
    assert not [path for path, target in run() if target]
    assert [path for path, target in run('absent') if target] == [str(other)]
    # Unmasked, and disabled, which it was not before.
    arguments['items'] = [item('noise.service', 'masked', 'global')]
    run()
    other.unlink()
    (world.etc / 'noise.service').unlink()
    run()
    arguments['items'].append(item('noise.service', 'disabled', 'global'))   # of an earlier catalog
    assert json.loads(world.kept_file.read_text())['file'] == 'disabled' and not [path for path, target in run('absent') if target]


def test_what_is_kept_is_damaged(newest, world):
    newest.module('unit_state', wrap=world.wrap(), **world.arguments)
    masked = world.look()
    for text in (b'', b'{"unit": "noise.ser', world.kept_file.read_bytes().replace(b'masked', b'maske')):
        world.kept_file.write_bytes(text)
        for state in ('present', 'absent'):
            result = newest.module('unit_state', wrap=world.wrap(), **dict(world.arguments, state=state))
            assert result['failed'] and not result['changed']
            assert result['msg'].startswith('%s is damaged (' % world.kept_file) and 'Nothing was changed.' in result['msg']
        assert world.look() == masked and world.kept_file.read_bytes() == text


def test_what_it_was_cannot_be_kept(newest, world):
    before = world.look()
    world.kept.mkdir()
    result = newest.module('unit_state', wrap=world.wrap('mount -t tmpfs -o ro,mode=700 none %s' % world.kept), **world.arguments)
    assert result['failed'] and 'Read-only file system' in result['msg'] and world.look() == before


@pytest.mark.parametrize('name', ['../a.service', 'a\nb.service', 'x' * 5000 + '.service', '가.service'])
def test_bad_names(newest, world, name):
    before = world.look()
    result = newest.module('unit_state', wrap=world.wrap(), **dict(world.arguments, items=world.arguments['items'] + [item(name)]))
    assert result['failed'] and result['msg'].startswith('unit: ') and result['msg'].endswith(' Nothing was changed.') and len(result['msg']) < 500
    assert world.look() == before and not world.kept.exists()


def test_without_root_without_systemctl_without_systemd(newest, world):
    assert newest.module('unit_state', wrap=UNPRIVILEGED, **world.arguments)['msg'] == (
        'unit_state needs root to disable or mask units. Run it with become: true. Nothing was changed.')
    hide = 'for one in /usr/bin/systemctl /bin/systemctl; do mount --bind /dev/null $one || true; done'
    assert newest.module('unit_state', wrap=world.wrap(hide), **world.arguments)['msg'].startswith('This host has no systemctl')
    if not os.path.isdir('/run/systemd/system'):
        result = newest.module('unit_state', **dict(world.arguments, items=[item('noise.service')]))
        assert result['msg'].startswith('systemd does not tell what noise.service is: ') and 'Nothing was changed.' in result['msg']
