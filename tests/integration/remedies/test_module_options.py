# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""module_options, and what the real modprobe makes of its file; a /sys of the test's own says which modules are needed."""
import os
import re
import shutil
import struct
import subprocess

import pytest
from remedy_runs import UNPRIVILEGED, private, run_module

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import module_options

KERNEL = os.uname()[2]
FLOPPY = dict(signature_id='floppy-io-error', module='floppy', blacklist=True)
KVM = dict(signature_id='kvm-msr', module='kvm', options=dict(report_ignored_msrs=False, halt_poll_ns=0))
LINES = '''# for floppy-io-error
blacklist floppy
# for kvm-msr
options kvm halt_poll_ns=0
# for kvm-msr
options kvm report_ignored_msrs=0
'''


class Host:
    """Folders in the place of those of the host."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self.etc, self.usr = folder / 'etc', folder / 'usr'
        for path in (self.etc, self.usr, folder / 'bin', folder / 'sys', folder / 'modules' / KERNEL):
            path.mkdir(parents=True)
        self.path = self.etc / 'zz_log_hygiene.conf'
        self.builtin = folder / 'modules' / KERNEL / 'modules.builtin'
        self.mounts = folder / 'mounts'
        self.cmdline = folder / 'cmdline'
        for name, value in dict(PATH=self.path, CMDLINE=self.cmdline, SYS=folder / 'sys', MODULES=folder / 'modules', MOUNTS=self.mounts).items():
            monkeypatch.setattr(module_options, name, str(value))
        monkeypatch.setattr(module_options, 'DIRECTORIES', (str(self.etc), str(self.usr)))
        monkeypatch.setenv('PATH', '%s:%s' % (folder / 'bin', os.environ['PATH']))
        self.initramfs([])

    def initramfs(self, modules, inside=''):
        """An initramfs that holds these modules, and a file of ours with this text."""
        (self.folder / 'inside').write_text(inside)
        listing = ''.join('-rw-r--r-- 1 root root 9 Nov 1 2026 usr/lib/modules/x/kernel/%s.ko.xz\n' % name for name in modules)
        (self.folder / 'listing').write_text('Image: x\n' + listing)
        tool = self.folder / 'bin' / 'lsinitrd'
        tool.write_text('#!/bin/sh\n[ "$1 $2" = "--kver %s" ] || exit 1\ncase $3 in --file) exec cat %s ;; esac\nexec cat %s\n' % (
            KERNEL, self.folder / 'inside', self.folder / 'listing'))
        tool.chmod(0o755)

    def loaded(self, name, count=0, holders=()):
        """A module that is loaded."""
        place = self.folder / 'sys' / 'module' / name
        (place / 'holders').mkdir(parents=True)
        (place / 'refcnt').write_text('%d\n' % count)
        for holder in holders:
            (place / 'holders' / holder).mkdir()

    def device(self, path, driver=None):
        """A device of /sys, with the module that drives it."""
        place = self.folder / 'sys' / path
        place.mkdir(parents=True, exist_ok=True)
        if driver:
            (self.folder / 'sys' / 'module' / driver).mkdir(parents=True, exist_ok=True)
            (place / 'driver').mkdir()
            (place / 'driver' / 'module').symlink_to(self.folder / 'sys' / 'module' / driver)
        return place

    def run(self, *items, check=False, state='present'):
        return run_module('module_options', check, items=list(items), state=state, lock_file=str(self.folder / 'lock'))


def kernel_module(says):
    """The least of a kernel module that depmod takes: an ELF file that says this (bytes) of itself."""
    sections = [(b'', 0, b''), (b'.modinfo', 1, says + b'\0'), (b'.symtab', 2, bytes(24)), (b'.strtab', 3, b'\0'),
                (b'.shstrtab', 3, b'\0.modinfo\0.symtab\0.strtab\0.shstrtab\0')]
    place, headers = 64, b''
    for name, kind, content in sections:
        entries = (3, 0, 1, 24) if kind == 2 else (0, 0, 1, 0)
        headers += struct.pack('<IIQQQQIIQQ', name and sections[-1][2].index(name) or 0, kind, 0, 0, place, len(content), *entries)
        place += len(content)
    return (b'\x7fELF\2\1\1' + bytes(9) + struct.pack('<HHIQQQIHHHHHH', 1, 62, 1, 0, 0, place, 0, 64, 0, 0, 64, len(sections), 4)
            + b''.join(section[2] for section in sections) + headers)


@pytest.fixture
def host(tmp_path, monkeypatch):
    return Host(tmp_path, monkeypatch)


@pytest.fixture
def world(tmp_path):
    """The command line that runs the command behind it with a copy of /etc, and modules that modprobe finds below it."""
    modules = tmp_path / 'root' / 'lib' / 'modules' / KERNEL / 'kernel'
    modules.mkdir(parents=True)
    (modules / 'floppy.ko').write_bytes(kernel_module(b'alias=acpi*:PNP0700:*'))
    (modules / 'kvm.ko').write_bytes(kernel_module(b'license=GPL'))
    subprocess.run(['depmod', '-b', str(tmp_path / 'root')], stderr=subprocess.DEVNULL, check=True)
    return private('''
        mkdir -p {0}/etc
        cp -a /etc/. {0}/etc/ || true
        mount --bind {0}/etc /etc
        mkdir -p /etc/modprobe.d
        mount -t tmpfs -o mode=755 run /run
        mount -t tmpfs -o mode=755 lib /var/lib
        ls -lA --full-time /etc/modprobe.d >{0}/before
        '''.format(tmp_path))


def test_there_and_back_as_modprobe_sees_it(ansible, world, tmp_path):
    loads = 'modprobe -d %s/root -n -v ' % tmp_path
    status, output = ansible.tasks('''
        - ansible.builtin.set_fact:
            module_options_items:
              - {{signature_id: floppy-io-error, module: floppy, blacklist: true}}
              - {{signature_id: kvm-msr, module: kvm, options: {{report_ignored_msrs: 0}}}}
        - ansible.builtin.shell: "{loads} -b acpi:PNP0700: && {loads} kvm"
          register: before
        - ansible.builtin.assert: {{that: ["'floppy.ko' in before.stdout", "'kvm.ko \\n' in before.stdout ~ '\\n'"]}}

        - ansible.builtin.include_role: {{name: loghygiene.rhel.module_options, apply: {{check_mode: true}}}}
        - ansible.builtin.stat: {{path: /etc/modprobe.d/zz_log_hygiene.conf}}
          register: file
        - ansible.builtin.assert:
            that: [module_options_result.changed, not module_options_result.in_place, not file.stat.exists]

        - ansible.builtin.include_role: {{name: loghygiene.rhel.module_options}}
        - ansible.builtin.stat: {{path: /etc/modprobe.d/zz_log_hygiene.conf}}
          register: file
        - ansible.builtin.assert:
            that:
              - module_options_result.changed and module_options_result.in_place
              - module_options_result.in_place_since is match('20..-..-..T..:..:..[.]......Z$')
              - file.stat.mode == '0644' and file.stat.uid == 0
        - ansible.builtin.shell: "modprobe -c | grep -E 'floppy|kvm'"
          register: config
        - ansible.builtin.shell: "{loads} -b acpi:PNP0700:; {loads} floppy && {loads} kvm"
          register: after
        - ansible.builtin.assert:
            that:
              - config.stdout_lines == ['blacklist floppy', 'options kvm report_ignored_msrs=0']
              - after.stdout_lines | length == 2  # by its name it is loaded still, not for its device
              - after.stdout_lines[0] is search('floppy.ko')
              - after.stdout_lines[1] is search('kvm.ko report_ignored_msrs=0')
        - ansible.builtin.include_role: {{name: loghygiene.rhel.module_options}}
        - ansible.builtin.assert: {{that: [not module_options_result.changed, module_options_result.in_place]}}

        - ansible.builtin.include_role: {{name: loghygiene.rhel.module_options}}
          vars: {{module_options_state: absent}}
        - ansible.builtin.assert: {{that: [module_options_result.changed, module_options_result.in_place]}}
        - ansible.builtin.shell: "ls -lA --full-time /etc/modprobe.d | cmp {folder}/before -"
        - ansible.builtin.include_role: {{name: loghygiene.rhel.module_options}}
          vars: {{module_options_state: absent}}
        - ansible.builtin.assert: {{that: [not module_options_result.changed, module_options_result.in_place]}}
        '''.format(loads=loads, folder=tmp_path), world)
    assert status == 0, output


def test_one_line_for_each_setting_and_whom_it_is_for(host):
    result = host.run(KVM, FLOPPY, dict(FLOPPY, signature_id='another'))
    header, _end, text = host.path.read_text().partition('\n')
    assert header.startswith('# Written by loghygiene.rhel.module_options')
    assert text == LINES.replace('# for floppy', '# for another\n# for floppy')
    assert result['files'] == [dict(path=str(host.path), action='create')] and result['requires'] == 'none'
    assert [one['signature_id'] for one in result['signatures']] == ['kvm-msr', 'floppy-io-error', 'another']


def test_a_run_for_some_leaves_the_lines_of_the_others(host):
    host.run(FLOPPY, KVM)
    whole = host.path.read_bytes()
    result = host.run(FLOPPY)
    assert not result['changed'] and result['in_place'] and host.path.read_bytes() == whole
    assert result['notes'][0] == '%s also holds lines for signatures that this run does not name, and they stay: kvm-msr.' % host.path
    assert host.run(FLOPPY, state='absent')['files'] == [dict(path=str(host.path), action='edit')]
    assert host.path.read_text().partition('\n')[2] == LINES.partition('blacklist floppy\n')[2]
    host.run(dict(KVM, options='halt_poll_ns=1'))
    assert host.path.read_text().partition('\n')[2] == '# for kvm-msr\noptions kvm halt_poll_ns=1\n'
    assert host.run(state='absent')['files'] == [dict(path=str(host.path), action='remove')]
    assert os.listdir(str(host.etc)) == []


@pytest.mark.parametrize('text', ['blacklist floppy\n', None, ''])
def test_what_somebody_edited_or_wrote_stays(host, text):
    if text is None:
        host.run(FLOPPY)
        text = host.path.read_text() + 'blacklist pcspkr\n'
    host.path.write_text(text)
    result = host.run(FLOPPY)
    assert result['failed'] and result['msg'] == (
        '%s was not written by this collection, or was edited since. Move it away, with what is to stay of it under another name. '
        'Nothing was changed.' % host.path)
    result = host.run(FLOPPY, state='absent')
    assert (result['changed'], result['in_place']) == (False, False)
    assert result['notes'] == ['%s was not written by this collection, or was edited since: it stays.' % host.path]
    assert host.path.read_text() == text


@pytest.mark.parametrize('item', [
    dict(module='nf_tables'), dict(module='xt_LOG'), dict(module='skx_edac'), dict(module='ramoops'), dict(module='iTCO_wdt'), dict(module='tpm_tis'),
    dict(module='v3engk'), dict(module='dm-crypt'), dict(module='edac_core', blacklist=False, options='edac_mc_log_ce=0'),
    dict(module='usbcore', blacklist=False, options='authorized_default=1'), dict(module='vfio', blacklist=False, options={'allow_unsafe_interrupts': 1}),
    dict(module='kvm_intel', blacklist=False, options='vmentry_l1d_flush=never')])
def test_what_protects_the_host_is_left_alone(host, item):
    result = host.run(dict(FLOPPY, **item))
    assert result['failed'] and 'is left alone, because ' in result['msg'] and result['msg'].endswith('Nothing was changed.')
    assert not host.path.exists()


def test_a_copy_that_cannot_be_kept_is_a_note(host, monkeypatch):
    monkeypatch.setattr(files, 'BACKUP_ROOT', '/dev/null/backup')
    result = host.run(FLOPPY)
    assert not result.get('failed') and result['changed'] and result['in_place'] and host.path.exists()
    assert result['notes'][-1].startswith('Cannot ') and result['notes'][-1].endswith(
        'So what somebody edits from now on cannot be told line by line.')


def test_an_option_beside_a_safeguard_is_set(host):
    assert host.run(dict(KVM, module='usbcore', options='autosuspend=5'))['changed']
    assert host.run(dict(KVM, module='nf_conntrack', options='hashsize=9'))['changed']


def test_a_link_in_its_place_is_not_followed(host):
    target = host.folder / 'target'
    target.write_text('x')
    host.path.symlink_to(target)
    assert host.run(FLOPPY)['failed']
    assert target.read_text() == 'x' and host.path.is_symlink()


@pytest.mark.parametrize('item', [
    dict(module=''), dict(module='-x'), dict(module='../x'), dict(module='a\nb'), dict(module='a b'), dict(module='x*'), dict(module='x' * 5000),
    dict(module='모듈'), dict(module='x\n'), dict(signature_id='a\ninstall x /bin/sh'), dict(signature_id='../x'), dict(signature_id='x' * 5000),
    dict(blacklist=False), dict(options='a=1'), dict(blacklist=False, options='a'), dict(blacklist=False, options='a='),
    dict(blacklist=False, options='a=1\ninstall x /bin/sh'), dict(blacklist=False, options='a=1 install'), dict(blacklist=False, options='a=\\'),
    dict(blacklist=False, options={'a': '1 2'}), dict(blacklist=False, options={'a': '1"'}), dict(blacklist=False, options={'a b': 1}),
    dict(blacklist=False, options={'a': None}), dict(blacklist=False, options={'a': [1]}), dict(blacklist=False, options={'a': 'x' * 5000}),
    dict(blacklist=False, options=['a=1']), dict(blacklist=False, options={'a': '값'}),
], ids=lambda item: ascii(item)[:40])
def test_bad_input_is_refused_and_nothing_changed(host, item):
    result = host.run(KVM, dict(FLOPPY, **item))
    assert result['failed'] and not result['changed'], result
    assert result['msg'].endswith('Nothing was changed.') and len(result['msg']) < 400 and '\n' not in result['msg']
    assert os.listdir(str(host.etc)) == []


@pytest.mark.parametrize('one, other, lines', [
    (dict(options='a=1'), dict(options='a=2'), ('options m a=1', 'options m a=2')),
    (dict(options='a-b=1'), dict(options='a_b=2'), ('options m a-b=1', 'options m a_b=2')),
    (dict(blacklist=True), dict(options='a=2'), ('blacklist m', 'options m a=2')),
])
@pytest.mark.parametrize('earlier', [False, True])
def test_what_contradicts_is_refused_and_both_are_named(host, one, other, lines, earlier):
    one, other = dict(one, signature_id='first', module='m'), dict(other, signature_id='second', module='m')
    if earlier:
        assert not host.run(one).get('failed')
    result = host.run(*([other] if earlier else [one, other]))
    assert result['failed'] and result['msg'] == (
        'Signatures first and second contradict each other: "%s" and "%s". Take one of them out of the run. Nothing was changed.' % lines)
    assert host.path.exists() == earlier


def test_a_module_in_use_is_not_blacklisted(host):
    host.loaded('floppy', 2, ['upper_b', 'upper-a'])
    result = host.run(KVM, FLOPPY)
    assert result['failed'] and result['msg'] == (
        'Module floppy is not blacklisted for floppy-io-error, because other modules use it: upper-a, upper_b. Leave the host out of it. '
        'Nothing was changed.')
    assert not host.path.exists()
    host.loaded('pcspkr', 1)
    assert 'because it is in use (reference count 1).' in host.run(dict(FLOPPY, module='pcspkr'))['msg']


def test_what_is_blacklisted_already_may_be_used_again(host):
    assert host.run(FLOPPY)['changed']
    host.loaded('floppy', 1)
    result = host.run(FLOPPY)
    assert not result.get('failed') and not result['changed'] and result['requires'] == 'boot'
    assert 'Module floppy is loaded now. It takes effect at the next boot.' in result['notes']


@pytest.mark.parametrize('module, reason', [
    ('xfs', 'it is the file system of /'), ('sd-mod', 'it drives the disk of /'), ('ahci', 'it drives the disk of /'),
    ('nvme', 'it drives the disk of /boot'), ('e1000e', 'it drives the network interface eth0'), ('floppy', None)])
def test_a_module_that_the_system_needs_is_not_blacklisted(host, module, reason):
    """/ is a volume on a disk at a controller, /boot a disk of its own."""
    host.mounts.write_text('22 1 253:0 / / rw - xfs /nonexistent/root rw\n23 22 259:1 / /boot rw - ext4 /nonexistent/boot rw\n')
    host.device('devices/pci0/0000:1', 'ahci')
    host.device('devices/pci0/0000:1/host0', 'sd_mod')
    disk = host.device('devices/pci0/0000:1/host0/block/sda/sda2')
    volume = host.device('devices/virtual/block/dm-0/slaves').parent
    (volume / 'slaves' / 'sda2').symlink_to(disk)
    host.device('devices/pci0/0000:2', 'nvme')
    boot = host.device('devices/pci0/0000:2/nvme0/block/nvme0n1/nvme0n1p1')
    blocks = host.device('dev/block')
    (blocks / '253:0').symlink_to(volume)
    (blocks / '259:1').symlink_to(boot)
    host.device('devices/pci0/0000:3', 'e1000e')
    (host.device('class/net') / 'eth0').symlink_to(host.device('devices/pci0/0000:3/net/eth0'))
    result = host.run(dict(FLOPPY, module=module))
    assert result.get('failed', False) == bool(reason)
    assert reason is None or 'because %s. Leave' % reason in result['msg']
    assert not host.run(dict(FLOPPY, module=module, blacklist=False, options='a=1')).get('failed') or not reason


def test_a_module_that_is_built_in_is_noted(host):
    host.builtin.write_text('kernel/drivers/block/floppy.ko\n')
    assert host.run(FLOPPY)['notes'] == ['Module floppy is built into the kernel %s, so modprobe.d has no say in it.' % KERNEL]


def test_an_initramfs_that_holds_it_is_noted_until_it_has_the_file(host):
    told = 'The initramfs of kernel %s holds floppy, and loads it by its own copy of modprobe.d. Run dracut -f, and boot.' % KERNEL
    assert told not in host.run(FLOPPY)['notes']
    host.initramfs(['kvm-intel', 'floppy'])
    assert told in host.run(FLOPPY)['notes']
    host.initramfs(['kvm-intel', 'floppy'], host.path.read_text())
    assert told not in host.run(FLOPPY)['notes']
    assert told in host.run(FLOPPY, state='absent')['notes']


def test_an_option_that_the_module_does_not_have_is_noted(host):
    """As the real modinfo tells it of a module."""
    real = shutil.which('modinfo')
    (host.folder / 'kvm.ko').write_bytes(kernel_module(b'parm=report_ignored_msrs:x: y\0parmtype=report_ignored_msrs:bool\0parmtype=halt-poll_ns:uint'))
    tool = host.folder / 'bin' / 'modinfo'
    tool.write_text('#!/bin/sh\n[ "$1 $2" = "-p kvm" ] || exit 1\nexec %s -p %s/kvm.ko\n' % (real, host.folder))
    tool.chmod(0o755)
    assert host.run(KVM, dict(KVM, signature_id='other', module='unheard_of'))['notes'] == []
    assert host.run(dict(KVM, options='halt_poll=1 dyndbg=+p'))['notes'][-1:] == ['Module kvm has no option halt_poll, and the kernel will complain of it.']


def test_an_initramfs_that_cannot_be_read_is_told(host):
    (host.folder / 'bin' / 'lsinitrd').write_text('#!/bin/sh\necho "no image" >&2\nexit 1\n')
    assert ('Whether the initramfs of kernel %s holds floppy cannot be told (no image). If so, run dracut -f, and boot.' % KERNEL
            ) in host.run(FLOPPY)['notes']


def test_other_files_that_speak_of_it_are_noted(host):
    for path, text in ((host.usr / 'vendor.conf', '# blacklist floppy\n\nblacklist \\\nfloppy\n'), (host.etc / 'masked.conf', ''),
                       (host.usr / 'masked.conf', 'blacklist floppy\n'), (host.etc / '.hidden.conf', 'blacklist floppy\n'),
                       (host.etc / 'a.conf', 'options kvm report-ignored_msrs=1 halt_poll_ns=0\n'),
                       (host.etc / 'zzz.conf', '\noptions kvm x=1 halt_poll_ns=9\n')):
        path.write_text(text)
    host.cmdline.write_text('root=/dev/sda kvm.halt-poll_ns=7 kvm.report_ignored_msrs=0 floppy.x=1\n')
    assert [one for one in host.run(FLOPPY, KVM)['notes'] if ' line ' in one] == [
        '%s/a.conf, line 1 says report-ignored_msrs=1 for module kvm and is read earlier, so it does not count any more.' % host.etc,
        '%s/vendor.conf, line 3 blacklists module floppy already.' % host.usr,
        '%s/zzz.conf, line 2 says halt_poll_ns=9 for module kvm and is read later, so it counts. Remove it there.' % host.etc,
        'The kernel command line says kvm.halt-poll_ns=7, so it counts. Remove it there.']


@pytest.mark.parametrize('text', [
    b'# a\\\nblacklist a\nblacklist b\n', b'blacklist a\\\nb\n', b'black\\list a\n', b'options a b=\\\\\nblacklist c\n', b' # x\n\tblacklist  a-b  \n',
    b'blacklist a\\\n', b'options m \\\n  x=1 \\\n y=2\nblacklist z', b'blacklist\n\nblacklist a'])
def test_modprobe_reads_the_same_commands(text, tmp_path):
    def tells():
        told = subprocess.run(['modprobe', '-C', str(tmp_path), '-c'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True).stdout
        return [line.split() for line in told.splitlines() if re.match('(?:blacklist|options) ', line)]
    command_line = tells()
    mine = [[words[0], module_options.same(words[1])] + words[2:] for _number, words in module_options.commands(text)
            if words[0] in ('blacklist', 'options')]
    (tmp_path / 'x.conf').write_bytes(text)
    assert sorted(mine + command_line) == sorted(tells())


def test_who_is_not_root_is_told(newest):
    result = newest.module('module_options', wrap=UNPRIVILEGED, items=[FLOPPY])
    assert result['failed'] and result['msg'] == (
        'module_options needs root to write to /etc/modprobe.d. Run it with become: true. Nothing was changed.')
