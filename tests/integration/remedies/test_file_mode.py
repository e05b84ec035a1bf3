# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""file_mode on unit files in a world of the test's own, which the real systemd-analyze reads before and after."""
import json
import os
import subprocess

import pytest
from remedy_runs import UNPRIVILEGED, private, run_module

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _units as units, file_mode

SERVICE = '[Service]\nExecStart=/bin/true\n'
ITEM = dict(signature_id='unit-file-executable')


class Host:
    """Folders in the place of those in which systemd looks for units."""

    def __init__(self, folder):
        self.etc, self.lib, self.record = folder / 'etc', folder / 'lib', folder / 'kept' / 'modes.json'
        self.arguments = dict(items=[ITEM], record=str(self.record))
        self.file('etc/a.service', 0o755)
        self.file('etc/b.service', 0o644)
        self.file('etc/a.service.d/x.conf', 0o700)
        self.folder = folder

    def file(self, name, mode, text=SERVICE):
        path = self.etc.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def modes(self):
        return {str(path.relative_to(self.folder)): '%o' % (path.lstat().st_mode & 0o7777)
                for path in sorted(self.folder.glob('[el][ti][cb]/**/*')) if path.is_file() and not path.is_symlink()}

    def run(self, *items, check=False, **more):
        return run_module('file_mode', check, **dict(self.arguments, items=list(items), lock_file=str(self.folder / 'lock'), **more))


@pytest.fixture
def host(tmp_path, monkeypatch):
    one = Host(tmp_path)
    one.lib.mkdir()
    monkeypatch.setattr(units, 'DIRECTORIES', {units.SYSTEM: (str(one.etc), str(one.lib)), units.GLOBAL: ()})
    monkeypatch.setattr(file_mode, 'OURS', (str(one.etc),))
    return one


def complaints(wrap):
    """What the real systemd says of the modes of a.service and its drop-in."""
    answer = subprocess.run(wrap + ['systemd-analyze', '--man=no', 'verify', '/etc/systemd/system/a.service'], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False)
    return [line for line in answer.stdout.splitlines() if 'is marked' in line and '/a.service' in line]


def test_there_and_back_on_each_python(ansible, tmp_path):
    host = Host(tmp_path)
    host.file('etc/a.service.d/x.conf', 0o755, '[Service]\nNice=1\n')
    wrap = private('mount --bind %s /etc/systemd/system' % host.etc)
    before = host.modes()
    assert complaints(wrap) == ['Configuration file /etc/systemd/system/a.service%s is marked executable. Please remove executable permission bits. '
                                'Proceeding anyway.' % name for name in ('', '.d/x.conf')]
    predicted = ansible.module('file_mode', check=True, wrap=wrap, **host.arguments)
    assert predicted['changed'] and not predicted['in_place'] and host.modes() == before and not host.record.exists(), predicted
    result = ansible.module('file_mode', wrap=wrap, **host.arguments)
    assert result['changed'] and result['requires'] == 'none' and result['files'] == predicted['files']
    assert {'path': '/etc/systemd/system/a.service', 'action': 'mode'} in result['files'] and complaints(wrap) == []
    assert host.modes() == {**before, 'etc/a.service': '644', 'etc/a.service.d/x.conf': '644'}
    assert ansible.module('file_mode', wrap=wrap, **dict(host.arguments, state='absent'))['changed']
    assert host.modes() == before and not host.record.exists()


def test_second_run_and_diff(host):
    result = host.run(ITEM)
    assert result['in_place'] and len(result['files']) == 2 and result['diff'][0]['after'] == 'mode: 0644\n' and host.modes()['etc/a.service.d/x.conf'] == '600'
    again = host.run(ITEM)
    assert (again['changed'], again['in_place'], again['in_place_since'], again['files']) == (False, True, result['in_place_since'], [])
    (host.etc / 'a.service').chmod(0o745)
    assert host.run(ITEM)['files'] == [dict(path=str(host.etc / 'a.service'), action='mode')]
    back = host.run(ITEM, state='absent')
    assert back['in_place'] and back['edited'] == [] and host.modes()['etc/a.service'] == '745'
    assert not host.run(ITEM, state='absent')['changed']


def test_only_the_paths_that_are_named_and_signatures_one_by_one(host):
    host.file('etc/a.service', 0o777)
    executable, writable = dict(signature_id='x', paths=[str(host.etc / 'a.service')]), dict(signature_id='w', bits='world_writable')
    result = host.run(executable, writable)
    assert host.modes() == {'etc/a.service': '664', 'etc/a.service.d/x.conf': '700', 'etc/b.service': '644'}
    assert result['notes'] == ['Everybody could change %s, which root runs: look whether somebody did.' % (host.etc / 'a.service')]
    assert host.run(executable, state='absent')['changed'] and host.modes()['etc/a.service'] == '664'
    host.run(writable, state='absent')
    assert host.modes()['etc/a.service'] == '777' and not host.record.exists()


def test_special_bits_and_acl_come_back(host):
    path = host.file('etc/a.service', 0o6750)
    subprocess.run(['setfacl', '-m', 'u:1:rwx,g:2:rx', str(path)], check=True)

    def acl():
        return subprocess.run(['getfacl', '-n', '-c', '-E', str(path)], stdout=subprocess.PIPE, check=True, text=True).stdout
    before = acl(), host.modes()
    host.run(ITEM)
    assert host.modes()['etc/a.service'] == '6660' and 'user:1:rwx\n' in acl() and 'mask::rw-\n' in acl()
    host.run(ITEM, state='absent')
    assert (acl(), host.modes()) == before


def test_what_is_left_alone_is_noted(host, monkeypatch):
    os.link(str(host.etc / 'a.service'), str(host.folder / 'program'))
    (host.folder / 'own.service').write_text(SERVICE)
    (host.folder / 'own.service').chmod(0o755)
    os.symlink(str(host.folder / 'own.service'), str(host.etc / 'own.service'))
    host.file('lib/vendor.service', 0o755)
    os.symlink('/dev/null', str(host.etc / 'masked.service'))
    os.symlink('/nonexistent', str(host.etc / 'nowhere.service'))
    before = host.modes()
    result = host.run(ITEM)
    a = host.etc / 'a.service'
    assert result['notes'] == [
        '%s is marked executable, but has 2 names (hard links). Run chmod a-x %s if none of them is a program.' % (a, a),
        '%s/own.service is marked executable, and leads to %s/own.service. Run chmod a-x %s/own.service if that is no program.' % (
            host.etc, host.folder, host.folder),
        '%s/vendor.service is marked executable, and is not in /etc/systemd. Run chmod a-x %s/vendor.service, or have the package mended that brought it.' % (
            host.lib, host.lib)]
    assert not result['in_place'] and {**before, 'etc/a.service.d/x.conf': '600'} == host.modes()
    bin_folder = host.folder / 'bin'
    bin_folder.mkdir()
    (bin_folder / 'rpm').write_text('#!/bin/sh\ntest "$1 $2 $3" = "-qf --qf %{NAME}\\n" && echo acme-agent\n')
    (bin_folder / 'rpm').chmod(0o755)
    monkeypatch.setenv('PATH', '%s:%s' % (bin_folder, os.environ['PATH']))
    assert ('%s/vendor.service is marked executable, and belongs to package acme-agent. Run rpm --setperms acme-agent. If it is so again, have the '
            'package mended.' % host.lib) in host.run(ITEM)['notes']


def test_what_somebody_changed_since_stays(host):
    host.run(ITEM)
    (host.etc / 'a.service').chmod(0o640)
    text = (host.etc / 'a.service.d' / 'x.conf').read_text()
    (host.etc / 'a.service.d' / 'y.conf').write_text(text)
    (host.etc / 'a.service.d' / 'y.conf').chmod(0o600)
    (host.etc / 'a.service.d' / 'y.conf').rename(host.etc / 'a.service.d' / 'x.conf')
    result = host.run(ITEM, state='absent')
    assert result['notes'] == ['%s was replaced, or has got another mode since: it stays as it is, %s.' % (host.etc / name, mode)
                               for name, mode in (('a.service', '0640'), ('a.service.d/x.conf', '0600'))]
    assert host.modes() == {'etc/a.service': '640', 'etc/a.service.d/x.conf': '600', 'etc/b.service': '644'} and not host.record.exists()


def test_a_mode_that_somebody_gave_it_between_two_runs_comes_back(host):
    host.run(ITEM)
    (host.etc / 'a.service').chmod(0o750)
    host.run(ITEM, dict(ITEM, bits='world_writable'))
    assert host.modes()['etc/a.service'] == '640'
    host.run(ITEM, state='absent')
    assert (host.modes()['etc/a.service'], host.modes()['etc/a.service.d/x.conf']) == ('750', '700')


def test_a_volume_that_has_another_number_after_a_boot_is_the_same(host):
    before = host.modes()
    host.run(ITEM)
    kept = json.loads(host.record.read_text())
    for one in kept.values():
        one['inode'][0] += 1
    host.record.write_text(json.dumps(kept))
    result = host.run(ITEM, state='absent')
    assert result['in_place'] and result['notes'] == [] and host.modes() == before


def test_what_cannot_be_changed_leaves_all_as_it_was(host, monkeypatch):
    before, real = host.modes(), os.fchmod

    def immutable(handle, mode):
        if os.readlink('/proc/self/fd/%d' % handle).endswith('x.conf'):
            raise OSError(1, 'Operation not permitted')
        real(handle, mode)
    monkeypatch.setattr(file_mode.os, 'fchmod', immutable)
    result = host.run(ITEM)
    assert result['failed'] and not result['changed'] and result['files'] == [] and host.modes() == before and not host.record.exists()
    assert result['msg'] == ('The mode of %s cannot be changed: Operation not permitted. Make it writable (lsattr, mount), or leave the host out of it. '
                             'Nothing was changed.' % (host.etc / 'a.service.d' / 'x.conf'))


def test_a_file_that_is_swapped_for_a_link_is_not_followed(host, monkeypatch):
    secret = host.folder / 'secret'
    secret.write_text('x')
    secret.chmod(0o755)
    real = file_mode.write

    def swapped(*arguments):
        real(*arguments)
        if not (host.etc / 'a.service').is_symlink():
            (host.etc / 'a.service').unlink()
            (host.etc / 'a.service').symlink_to(secret)
    monkeypatch.setattr(file_mode, 'write', swapped)
    result = host.run(ITEM)
    assert result['failed'] and 'Too many levels of symbolic links' in result['msg'] and secret.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize('path', ['/etc/passwd', '/etc/systemd/system/../x.service', '/etc/systemd/system/a\nb.service', '/etc/systemd/system/*.service', '-x',
                                  '/etc/systemd/system/%s.service' % ('x' * 5000), '/etc/systemd/system/가.service',
                                  '/etc/systemd/system/a.service.d/../../b.conf',
                                  '/etc/systemd/system/a.txt', '/etc/systemd/system', '/usr/bin/sudo', ''])
def test_bad_paths(tmp_path, path):
    result = run_module('file_mode', items=[ITEM, dict(ITEM, paths=[path])], record=str(tmp_path / 'r'), lock_file=str(tmp_path / 'lock'))
    assert result['failed'] and result['msg'].startswith('paths: ') and result['msg'].endswith(' Nothing was changed.') and len(result['msg']) < 300


def test_a_damaged_record_and_who_is_not_root(host, newest):
    host.run(ITEM)
    for text in ('', '[1]', '{"/etc/shadow": {"before": 1, "after": 1, "inode": [], "signature_ids": []}}'):
        host.record.write_text(text)
        for state in ('present', 'absent'):
            result = host.run(ITEM, state=state)
            assert result['failed'] and result['msg'].startswith('%s is damaged (' % host.record) and not result['changed']
    assert newest.module('file_mode', wrap=UNPRIVILEGED, **host.arguments)['msg'] == (
        'file_mode needs root to change modes of unit files. Run it with become: true. Nothing was changed.')
