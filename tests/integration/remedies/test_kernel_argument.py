# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kernel_argument with a stand-in for grubby, which no Debian has.

It does what the man page says and what EL 8 and 9 do besides: it makes /etc/kernel/cmdline, and writes over all that begins with
GRUB_CMDLINE_LINUX. The README of the role says what was tried by hand on the real ones.
"""
import json
import os

import pytest
from remedy_runs import UNPRIVILEGED, run_module

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import kernel_argument

GRUBBY = r'''#!/usr/bin/python3
import glob, os, re, sys
root = %r
options = dict(one[2:].partition('=')[::2] for one in sys.argv[1:])
if os.path.exists(root + '/broken'):
    text = open(root + '/broken').read()
    if 'update-kernel' in options or text == 'all':
        sys.exit('grubby: It is broken.')
paths = sorted(glob.glob(root + '/entries/*.conf'), reverse=True)
read = lambda path: open(path).read()
words = lambda path: re.search('^options (.*)$', read(path), re.M).group(1).split()
kernel = lambda path: '/boot' + re.search('^linux (.*)$', read(path), re.M).group(1)
def write(path, text):
    open(path, 'w').write(text)
def update(found):
    remove, add = options.get('remove-args', '').split(), options.get('args', '').split()
    gone = [one.partition('=')[0] for one in add] + [one for one in remove if '=' not in one]
    return ' '.join([one for one in found if one.partition('=')[0] not in gone and one not in remove] + add)
if options.get('info') == 'ALL':
    for index, path in enumerate(paths):
        found = words(path)
        print('index=%%d\nkernel="%%s"\nargs="%%s"\nroot="/dev/vda1"\ninitrd="/boot/i"\ntitle="T"\nid="m"' %% (
            index, kernel(path), ' '.join(one for one in found if not one.startswith('root='))))
    sys.exit()
for path in paths:
    if options['update-kernel'] in ('ALL', kernel(path)) and not os.path.exists(root + '/idle'):
        write(path, re.sub('(?m)^options .*$', 'options ' + update(words(path)), read(path)))
        if os.path.exists(root + '/early'):
            sys.exit(os.kill(os.getppid(), 9))
if options['update-kernel'] == 'ALL' and paths:
    default, cmdline = root + '/default', root + '/cmdline'
    if os.path.exists(default):
        old = re.search('^GRUB_CMDLINE_LINUX="(.*)"$', read(default), re.M)
        write(default, re.sub('(?m)^GRUB_CMDLINE_LINUX.*$', 'GRUB_CMDLINE_LINUX="%%s"' %% update(old.group(1).split()), read(default)))
    write(cmdline, update(read(cmdline).split() if os.path.exists(cmdline) else words(paths[-1])) + '\n')
'''
OPTIONS = 'root=/dev/vda1  ro crashkernel=1G quiet rhgb foo=1'
DEFAULT = '# x\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="crashkernel=1G  quiet rhgb foo=1"\nGRUB_CMDLINE_LINUX_DEFAULT="splash"\n'
ITEMS = [dict(signature_id='flip', argument='nomodeset'), dict(signature_id='foo', argument='foo', value=2),
         dict(signature_id='rhgb', argument='rhgb', remove=True)]


class Host:
    """A host with two kernels, in folders in the place of those of the host."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self.entries, self.default, self.cmdline, self.record = (folder / name for name in ('entries', 'default', 'cmdline', 'kept'))
        for name in ('bin', 'entries'):
            (folder / name).mkdir()
        (folder / 'bin' / 'grubby').write_text(GRUBBY % str(folder))
        (folder / 'bin' / 'grubby').chmod(0o755)
        monkeypatch.setenv('PATH', '%s:%s' % (folder / 'bin', os.environ['PATH']))
        for name, value in dict(ENTRIES=self.entries, DEFAULT=self.default, CMDLINE=self.cmdline, GRUBENV=folder / 'grubenv',
                                RUNNING=folder / 'running').items():
            monkeypatch.setattr(kernel_argument, name, str(value))
        monkeypatch.setattr(kernel_argument, 'CONFIGS', ())
        for version in '12':
            self.add(version)
        self.default.write_text(DEFAULT)
        (folder / 'running').write_text(OPTIONS + '\n')

    def add(self, version, options=OPTIONS):
        (self.entries / ('m-%s.conf' % version)).write_text('title T\nlinux /vmlinuz-%s\noptions %s\ninitrd /i\n' % (version, options))

    def run(self, *items, state='present', check=False):
        return run_module('kernel_argument', check, items=list(items), state=state, record=str(self.record), lock_file=str(self.folder / 'lock'))

    def kill(self, *items):
        """Run, and be killed when grubby has changed one of the kernels."""
        (self.folder / 'early').write_text('x')
        child = os.fork()
        if not child:
            self.run(*items)
            os._exit(0)  # pylint: disable=protected-access
        assert os.waitpid(child, 0)[1] == 9
        (self.folder / 'early').unlink()

    def files(self):
        return {str(path): path.read_bytes() for path in [self.default, self.cmdline] + list(self.entries.iterdir()) if path.exists()}

    def options(self, version='1'):
        return (self.entries / ('m-%s.conf' % version)).read_text().split('\n')[2][8:]


@pytest.fixture
def host(tmp_path, monkeypatch):
    return Host(tmp_path, monkeypatch)


def test_there_and_back_byte_for_byte(host):
    before = host.files()
    predicted = host.run(*ITEMS, check=True)
    assert predicted['changed'] and not predicted['in_place'] and host.files() == before and not host.record.exists()
    result = host.run(*ITEMS)
    assert result['changed'] and result['in_place'] and result['requires'] == 'boot' and result['files'] == predicted['files']
    assert sorted(result['files'], key=str) == [dict(path='/boot/vmlinuz-%s' % version, action='arguments') for version in '12']
    assert result['notes'] == ['The kernel that runs was started with other arguments. Reboot.']
    assert host.options('1') == host.options('2') == 'root=/dev/vda1 ro crashkernel=1G quiet nomodeset foo=2'
    assert host.default.read_text() == DEFAULT.replace('crashkernel=1G  quiet rhgb foo=1', 'crashkernel=1G quiet nomodeset foo=2')
    assert host.cmdline.read_text() == host.options() + '\n'
    again = host.run(*ITEMS)
    assert (again['changed'], again['in_place_since']) == (False, result['in_place_since'])
    (host.folder / 'running').write_text(host.options())
    assert host.run(*ITEMS)['notes'] == []
    assert host.run(state='absent', check=True)['changed'] and host.cmdline.exists()
    back = host.run(state='absent')
    assert back['in_place'] and back['edited'] == [] and host.files() == before and not host.record.exists()
    assert not host.run(state='absent')['changed']


def test_after_an_update_of_the_kernel(host):
    host.run(*ITEMS)
    host.add('3', 'root=/dev/vda1 ro crashkernel=1G quiet nomodeset foo=2')
    assert not host.run(*ITEMS)['changed']
    host.add('4', 'root=/dev/vda1 ro crashkernel=1G quiet')
    assert host.run(*ITEMS)['changed'] and host.options('4').endswith('quiet nomodeset foo=2')
    assert host.run(*ITEMS, state='absent')['changed']
    assert {host.options(version) for version in '1234'} == {'root=/dev/vda1 ro crashkernel=1G quiet foo=1 rhgb'}
    assert not host.cmdline.exists() and not host.record.exists()
    assert host.default.read_text() == DEFAULT.replace('crashkernel=1G  quiet rhgb foo=1', 'crashkernel=1G quiet foo=1 rhgb')


def test_signature_by_signature(host):
    host.run(*ITEMS[:2])
    host.run(dict(ITEMS[0], signature_id='second'))
    host.run(ITEMS[0], state='absent')
    assert 'nomodeset' in host.options()
    host.run(dict(ITEMS[0], signature_id='second'), state='absent')
    assert host.options() == 'root=/dev/vda1 ro crashkernel=1G quiet rhgb foo=2'
    host.run(ITEMS[1], state='absent')
    assert host.options().endswith('quiet rhgb foo=1') and not host.record.exists()


def test_what_was_so_before_or_was_changed_since_is_somebody_elses(host):
    result = host.run(dict(signature_id='a', argument='foo', value='1'))
    assert (result['changed'], result['in_place']) == (False, True) and not host.record.exists()
    host.run(ITEMS[1])
    host.add('1', OPTIONS.replace('foo=1', 'foo=3'))
    result = host.run(ITEMS[1], state='absent')
    assert result['notes'] == ['/boot/vmlinuz-1 has another argument now than foo=2: it stays: foo=3.']
    assert host.options('1').endswith('foo=3') and host.options('2').endswith('foo=1')


def test_what_somebody_wrote_anew_between_two_runs_comes_back(host):
    """The files whole, and the arguments as they were last: of one kernel, and in the defaults."""
    host.run(*ITEMS)
    host.default.write_text('# mine\n' + DEFAULT.replace('foo=1', 'foo=7'))
    host.add('1', OPTIONS.replace('foo=1', 'foo=3'))
    (host.entries / 'm-2.conf').unlink()
    assert host.run(*ITEMS)['changed'] and not host.run(*ITEMS)['changed']
    result = host.run(*ITEMS, state='absent')
    assert result['in_place'] and not (host.entries / 'm-2.conf').exists() and not host.record.exists()
    assert host.default.read_text() == '# mine\n' + DEFAULT.replace('crashkernel=1G  quiet rhgb foo=1', 'crashkernel=1G quiet foo=7 rhgb')
    assert sorted(host.options().split()) == sorted(OPTIONS.replace('foo=1', 'foo=3').split())


def test_killed_between_two_values_ours_is_not_taken_for_somebodys(host):
    before, other = host.files(), dict(ITEMS[1], value=3)
    host.run(*ITEMS)
    host.kill(ITEMS[0], other, ITEMS[2])
    assert host.run(ITEMS[0], other, ITEMS[2])['in_place'] and 'foo=3' in host.options('1') and 'foo=3' in host.options('2')
    host.run(*ITEMS, state='absent')
    assert host.files() == before


@pytest.mark.parametrize('state', ['present', 'absent'])
def test_what_somebody_edited_after_a_run_was_killed_stays(host, state):
    host.kill(*ITEMS)
    host.default.write_text('# mine\n' + host.default.read_text())
    result = host.run(*ITEMS, state=state)
    assert result['notes'][0].startswith('%s was edited after a run was killed' % host.default)
    host.run(*ITEMS, state='absent')
    assert host.default.read_text().startswith('# mine\n# x\n') and sorted(host.options('2').split()) == sorted(OPTIONS.split())


def test_a_file_of_defaults_that_is_no_plain_line_stays(host):
    text = 'X=1\nGRUB_CMDLINE_LINUX="crashkernel=1G"\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX $X"\n'
    host.default.write_text(text)
    result = host.run(ITEMS[0])
    assert result['changed'] and not result['in_place'] and host.default.read_text() == text and host.options().endswith('nomodeset')
    assert result['notes'][0].startswith('GRUB_CMDLINE_LINUX is not in one plain line of %s, so it stays.' % host.default)


@pytest.mark.parametrize('how, told', [
    ('broken', 'grubby fails: grubby: It is broken. Leave the host out of it. Nothing was changed.'),
    ('idle', 'grubby did not change nomodeset of /boot/vmlinuz-2. Leave the host out of it. Nothing was changed.')])
def test_a_grubby_that_fails_leaves_all_as_it_was(host, how, told):
    before = host.files()
    (host.folder / how).write_text('x')
    result = host.run(*ITEMS[:1])
    assert (result['failed'], result['changed'], result['msg']) == (True, False, told) and host.files() == before and not host.record.exists()


def test_without_a_kernel_or_grubby_or_root(host, newest, monkeypatch):
    (host.folder / 'broken').write_text('all')
    assert host.run(*ITEMS)['msg'] == 'grubby tells of no kernel (status 1): grubby: It is broken. Leave the host out of it. Nothing was changed.'
    (host.folder / 'bin' / 'grubby').unlink()
    assert host.run(*ITEMS)['msg'].startswith('This host has no grubby, so it is not known how its boot loader gets the arguments of kernels.')
    assert newest.module('kernel_argument', wrap=UNPRIVILEGED, items=ITEMS)['msg'] == (
        'kernel_argument needs root to change the arguments of kernels. Run it with become: true. Nothing was changed.')


@pytest.mark.parametrize('state', ['present', 'absent'])
def test_killed_while_grubby_is_at_work_the_next_run_finishes(host, state):
    before = host.files()
    host.kill(*ITEMS)
    assert json.loads(host.record.read_text())['arguments'] and host.files() != before
    assert host.run(*ITEMS, state=state)['in_place']
    if state == 'present':
        assert host.options('1') == host.options('2') == 'root=/dev/vda1 ro crashkernel=1G quiet nomodeset foo=2'
        host.run(*ITEMS, state='absent')
        assert host.files() == before
    assert 'GRUB_CMDLINE_LINUX_DEFAULT="splash"\n' in host.default.read_text() and not host.cmdline.exists()
    assert [sorted(host.options(version).split()) for version in '12'] == [sorted(OPTIONS.split())] * 2 and not host.record.exists()


def test_what_is_refused(host):
    before = host.files()
    for items, told in [
            ([dict(argument='quiet')], 'quiet is not set, because it says which kernel messages are shown'),
            ([dict(argument='audit', value=0)], 'audit=0 is not set'),
            ([dict(argument='a b')], 'argument: '), ([dict(argument='nomodeset', value='1 audit=0')], 'value: '), ([dict(argument='-x')], 'argument: '),
            ([dict(argument='a\nb')], 'argument: '), ([dict(argument='x' * 5000)], 'argument: '), ([dict(argument='a', value='$(reboot)')], 'value: '),
            ([dict(argument='a', value='*')], 'value: '), ([dict(argument='가')], 'argument: '), ([dict(argument='a', value='x' * 5000)], 'value: '),
            ([dict(argument='a', value=[1])], 'value: '), ([dict(argument='a', value='1', remove=True)], 'value: a is removed'),
            ([dict(argument='nomodeset', signature_id='../x')], 'signature_id: '),
            ([dict(argument='nomodeset'), dict(argument='nomodeset', remove=True, signature_id='y')],
             'Signatures x and y contradict each other about nomodeset.')]:
        result = host.run(ITEMS[0], *[dict(dict(signature_id='x'), **one) for one in items]) if 'contradict' not in told else host.run(
            *[dict(dict(signature_id='x'), **one) for one in items])
        assert result['failed'] and result['msg'].startswith(told) and result['msg'].endswith(' Nothing was changed.') and len(result['msg']) < 400, result
        assert host.files() == before and not host.record.exists()
    host.add('1', OPTIONS + ' foo=9')
    assert host.run(ITEMS[1])['msg'] == 'foo stands there several times (foo=1 foo=9), and grubby would leave one. Change it by hand. Nothing was changed.'


def test_a_damaged_record(host):
    host.run(*ITEMS)
    for text in ('', '[]', '{"arguments": {}, "files": {"x": {"before": null, "after": ""}}, "kernelopts": []}',
                 '{"arguments": {"a": 1}, "files": {}, "kernelopts": []}'):
        host.record.write_text(text)
        for state in ('present', 'absent'):
            result = host.run(*ITEMS, state=state)
            assert result['failed'] and not result['changed'] and result['msg'].startswith('%s is damaged (' % host.record)
