# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tmpfiles_override, checked by the real systemd-tmpfiles; and that tmpfiles_acl shares its files."""
import subprocess

import pytest
from remedy_runs import run_module

VENDOR = ('# vendor\r\nd /var/run/acme 0775 root root 10d\nd /run/acme.d 0755 root root -\n'
          'a+ /run/acme.d - - - - user:root:r-x,group:root:r-x,group:nosuchgroup:r-x\n'
          'x /tmp/acme-*\nz /etc/acme 0600 - - -\nr! /run/acme.pid\nw /sys/acme - - - - 1\nd /var/log/acme 0750 root root -\n'
          'd /srv/drop 1777 root root -\nq /tmp 1777 root root 10d\nw /proc/sys/kernel/kptr_restrict - - - - 1\n'
          'a+ /srv/masked - - - - u:root:rwx,m::r--\na+ /srv/refused - - - - u:daemon:---,o::r--\n')
LEGACY = dict(signature_id='legacy', file='acme.conf', type='d', path='/var/run/acme', line='d /run/acme 0755 root root -')
ENTRY = dict(signature_id='entry', file='acme.conf', acl='group:nosuchgroup')
LINE = dict(signature_id='line', file='acme.conf', type='d', path='/run/acme.d')


class Host:
    """The tmpfiles.d of an administrator and of a vendor below a temporary directory."""

    def __init__(self, root):
        self.etc, self.lib = root / 'etc', root / 'lib'
        self.lib.mkdir()
        self.vendor, self.override = self.lib / 'acme.conf', self.etc / 'acme.conf'
        self.vendor.write_bytes(VENDOR.encode())
        self.arguments = dict(directories=[str(self.etc), str(self.lib)], backup_dir=str(root / 'state' / 'backup'))
        self.lock = str(root / 'lock')

    def run(self, *items, module='tmpfiles_override', **more):
        return run_module(module, items=list(items), lock_file=self.lock, **dict(self.arguments, **more))

    def body(self):
        return b''.join(line for line in self.override.read_bytes().splitlines(True) if not line.startswith(b'# ') or line == b'# vendor\r\n')

    def said(self, path):
        return subprocess.run(['systemd-tmpfiles', '--create', '--boot', '--prefix=/no-line-has-this', str(path)], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path)


def test_there_and_back(host):
    assert 'Failed to parse ACL' in host.said(host.vendor)   # Debian's says nothing of /var/run, that of RHEL 8 to 10 does
    predicted = host.run(LEGACY, ENTRY, check=True)
    assert (predicted['changed'], predicted['in_place'], host.etc.exists()) == (True, False, False)
    result = host.run(LEGACY, ENTRY)
    assert result['files'] == [{'path': str(host.override), 'action': 'override'}] and result['in_place'] and result['in_place_since']
    assert host.body() == VENDOR.encode().replace(b'd /var/run/acme 0775 root root 10d', LEGACY['line'].encode()).replace(b',group:nosuchgroup:r-x', b'')
    assert host.said(host.override) == '' and host.vendor.read_bytes() == VENDOR.encode()
    assert not host.run(LEGACY, ENTRY)['changed']
    undone = host.run(state='absent')
    assert undone['files'] == [{'path': str(host.override), 'action': 'remove'}] and not host.etc.exists()
    assert not host.run(state='absent')['changed']


def test_by_any_ansible(ansible, host):
    result = ansible.module('tmpfiles_override', **dict(host.arguments, items=[LEGACY, ENTRY]))
    assert result['changed'] and host.said(host.override) == ''
    assert ansible.module('tmpfiles_override', **dict(host.arguments, state='absent'))['in_place'] and not host.etc.exists()


def test_some_are_undone_and_the_rest_stays(host):
    host.run(LEGACY, ENTRY, LINE)
    host.run(ENTRY, state='absent', keep=[LEGACY, LINE])
    assert host.body() == VENDOR.encode().replace(b'd /var/run/acme 0775 root root 10d', LEGACY['line'].encode()).replace(
        b'd /run/acme.d 0755 root root -\n', b'')
    # A run for one signature leaves what is there for the other.
    assert not host.run(LINE)['changed']
    assert host.run(LINE, LEGACY, state='absent')['in_place'] and not host.etc.exists()


def test_both_kinds_share_a_file(host):
    acl = dict(signature_id='acl', groups=['nosuchgroup'])
    host.run(acl, module='tmpfiles_acl')
    alone = host.override.read_bytes()
    host.run(LEGACY)
    assert not host.run(acl, module='tmpfiles_acl')['changed'] and not host.run(LEGACY)['changed']
    assert host.said(host.override) == ''
    # What the other kind added is no edit, where nothing is taken back for a signature that is kept.
    assert host.run(acl, state='absent', keep=[dict(acl, signature_id='kept')], module='tmpfiles_acl')['edited'] == []
    undone = host.run(acl, state='absent', module='tmpfiles_acl')
    assert undone['in_place'] and undone['edited'] == [] and b'group:nosuchgroup' in host.body() and b'd /run/acme 0755' in host.body()
    host.run(acl, module='tmpfiles_acl')
    assert host.run(LEGACY, state='absent')['edited'] == [] and host.override.read_bytes() == alone
    host.run(acl, state='absent', module='tmpfiles_acl')
    assert not host.etc.exists()


def test_the_vendor_file_changes(host):
    host.run(LEGACY)
    host.vendor.write_bytes(VENDOR.encode() + b'd /run/newer\n')
    told = host.run(LEGACY, check=True)
    assert (told['changed'], told['in_place'], told['vendor_changed']) == (True, False, [str(host.vendor)])
    assert told['notes'] == ['%s changed since it was overridden. %s hides what is new there until the remedy is applied again.'
                             % (host.vendor, host.override)]
    assert host.run(LEGACY)['notes'] == ['%s changed since it was overridden. The override was made anew. Compare them.' % host.vendor]
    assert host.body().endswith(b'd /run/newer\n') and not host.run(LEGACY)['changed']
    host.vendor.write_bytes(b'd /run/acme 0755 root root -\n')
    result = host.run(LEGACY)
    assert result['notes'][-1].endswith('It needs no override any more, and that was removed.')
    assert result['in_place'] and not host.override.exists()
    assert host.run(LEGACY)['notes'] == ['%s has no line d /var/run/acme, so nothing had to be done.' % host.vendor]


def test_what_somebody_edited_or_made_stays(host):
    host.run(LEGACY)
    edited = host.override.read_bytes() + b'# mine\n'
    host.override.write_bytes(edited)
    host.vendor.write_bytes(VENDOR.encode() + b'd /run/newer\n')
    refused = host.run(LEGACY)
    assert refused['failed'] and refused['msg'].startswith('%s was not written by this collection, or was edited since' % host.override)
    undone = host.run(LEGACY, state='absent')
    assert not undone['in_place'] and undone['edited'][0]['diff'][-1] == '+# mine' and host.override.read_bytes() == edited
    acl = host.run(dict(signature_id='acl', groups=['nosuchgroup']), module='tmpfiles_acl')
    assert not acl['in_place'] and host.override.read_bytes() == edited and 'Compare them.' in acl['notes'][1]
    host.override.unlink()
    host.override.symlink_to('/dev/null')
    assert host.run(LEGACY)['notes'] == ['acme.conf is masked, so nothing had to be done.']
    assert host.run(dict(LEGACY, file='b.conf'))['notes'] == ['There is no b.conf in tmpfiles.d on this host, so nothing had to be done.']


@pytest.mark.parametrize('item, why', [
    (dict(type='x', path='/tmp/acme-*'), 'what it keeps would be cleaned away'),
    (dict(type='z', path='/etc/acme'), 'it says who may do what with files'), (dict(type='r!', path='/run/acme.pid'), 'it removes files'),
    (dict(type='d', path='/var/log/acme'), 'it is about logs, or what the system needs to come up'),
    (dict(LEGACY, line='d /run/acme 0777 root root -'), 'the new one gives more rights'),
    (dict(LEGACY, line='d /run/acme 4755 root root -'), 'the new one gives more rights'),
    (dict(type='d', path='/srv/drop', line='d /srv/drop 0777 root root -'), 'the new one gives more rights'),
    (dict(type='q', path='/tmp'), 'it is about logs, or what the system needs to come up'),
    (dict(type='w', path='/proc/sys/kernel/kptr_restrict'), 'it is about logs, or what the system needs to come up'),
    (dict(type='a+', path='/srv/masked', line='a+ /srv/masked - - - - u:root:rwx'), 'an entry that takes rights away would go'),
    (dict(type='a+', path='/srv/refused', acl='user:daemon'), 'an entry that takes rights away would go'),
    (dict(LEGACY, line='d /run/acme 0755 nobody root -'), 'the new one gives it to somebody else'),
    (dict(LEGACY, line='d /run/acme 0755 root root 1d'), 'the new one removes files at another age'),
    (dict(LEGACY, line='d /run/other 0755 root root -'), 'the new one has another path'),
    (dict(LEGACY, line='D /run/acme 0755 root root -'), 'the new one has another type'),
    (dict(type='w', path='/sys/acme', line='w /sys/acme - - - - 2'), 'the new one has another argument'),
    (dict(type='a+', path='/run/acme.d', line='a+ /run/acme.d - - - - user:root:rwx'), 'the new one has another argument')])
def test_what_does_more_than_end_noise_is_refused(host, item, why):
    result = host.run(dict(dict(signature_id='s', file='acme.conf'), **item))
    assert result['failed'] and 'stays as it is, because %s. Take signature' % why in result['msg'] and not host.etc.exists()


@pytest.mark.parametrize('item', [
    dict(file='../x.conf'), dict(file='x'), dict(file='-x.conf'), dict(file='x\n.conf'), dict(file='*.conf'), dict(file='a' * 5000 + '.conf'),
    dict(file='가.conf'), dict(type='d /', path='/x'), dict(path='x'), dict(path='/x y'), dict(path='/x\ny'), dict(path='/' + 'x' * 5000),
    dict(path='/가'), dict(path='/x', type=None), dict(acl='adm'), dict(acl='group:a,b'), dict(acl='mask:x'), dict(line='d /x\nd /y'), dict(line=''),
    dict(line='가'), dict(acl='group:adm', line='d /x'), dict(signature_id='a b'), dict(type=None, path=None), dict(type=None, path=None, line='d /x')])
def test_bad_input_is_refused(host, item):
    result = host.run(dict(dict(signature_id='s', file='acme.conf', type='d', path='/x'), **item))
    assert result['failed'] and 'Nothing was changed.' in result['msg'] and len(result['msg']) < 600 and not host.etc.exists()


def test_signatures_that_contradict_each_other(host):
    other = dict(LEGACY, signature_id='other', line=None)
    assert 'Signatures legacy and other contradict each other' in host.run(LEGACY, other)['msg'] and not host.etc.exists()
    host.run(LEGACY)
    before = host.override.read_bytes()
    assert 'Signatures legacy and other contradict each other' in host.run(other)['msg'] and host.override.read_bytes() == before


def test_what_systemd_tmpfiles_would_complain_of(host):
    """The entries of one group go, and libacl still rejects the line for another one."""
    host.vendor.write_text('a+ /run/x - - - - group:nosuchgroup:r-x,group:nosuchgroup2:r-x\n')
    result = host.run(ENTRY)
    assert result['failed'] and not host.etc.exists()
    assert result['msg'].startswith('systemd-tmpfiles would complain of %s: Failed to parse ACL "group:nosuchgroup2:r-x"' % host.override)
