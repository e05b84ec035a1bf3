# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sysctl_drop_in, with the kernel's own values in a network namespace of the test's own, and both real readers of its file."""
import os
import subprocess

import pytest
from remedy_runs import UNPRIVILEGED, private, run_module

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import sysctl_drop_in

KEY, PATH = 'net.ipv4.ip_default_ttl', '/etc/sysctl.d/99-log_hygiene.conf'
TTL = dict(signature_id='ttl', key=KEY, value=66)
OTHER = dict(signature_id='others', key='net/ipv4/conf/all/arp_notify', value='1')
SYSTEMD = next(path for path in ('/usr/lib/systemd/systemd-sysctl', '/lib/systemd/systemd-sysctl') if os.path.exists(path))
# What a boot does, in a network namespace of its own, and what the value is then.
BOOT = 'unshare --net sh -c "%s --prefix=/net; sysctl -n %s"' % (SYSTEMD, KEY)
BY_PROCPS = 'unshare --net sh -c "sysctl -q --system; sysctl -n %s"' % KEY


def apart(tmp_path, more=''):
    """The command line that runs the command behind it with a copy of /etc, no sysctl.d but its own, and its own network."""
    return ['unshare', '--net'] + private('''
        mkdir -p {0}/copy
        cp -a /etc/. {0}/copy/ || true
        mount --bind {0}/copy /etc
        rm -rf /etc/sysctl.d /etc/sysctl.conf
        mkdir /etc/sysctl.d
        mount -t tmpfs -o mode=755 vendor /usr/lib/sysctl.d
        mount -t tmpfs -o mode=755 run /run
        mount -t tmpfs -o mode=755 lib /var/lib
        '''.format(tmp_path) + more)


class Host:
    """Folders in the place of those of the host, and a kernel that takes everything."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.etc, self.usr, self.live = folder, folder / 'etc', folder / 'usr', folder / 'live'
        self.path, self.last = self.etc / os.path.basename(PATH), folder / 'sysctl.conf'
        self.etc.mkdir()
        self.usr.mkdir()
        for name, value in dict(PATH=self.path, LIVE=self.live, LAST=self.last, SYS=folder / 'sys').items():
            monkeypatch.setattr(sysctl_drop_in, name, str(value))
        monkeypatch.setattr(sysctl_drop_in, 'DIRECTORIES', (str(self.etc), str(self.usr)))
        monkeypatch.setattr(sysctl_drop_in, 'LOADED_AT_BOOT', (str(folder / 'load'),))
        self.set(KEY, '64\n')
        self.set('net.ipv4.conf.all.arp_notify', '0\n')

    def place(self, key):
        return self.live / key.replace('.', '/')

    def set(self, key, text):
        self.place(key).parent.mkdir(parents=True, exist_ok=True)
        self.place(key).write_text(text)

    def get(self, key=KEY):
        return self.place(key).read_text().strip()

    def run(self, *items, check=False, state='present'):
        return run_module('sysctl_drop_in', check, items=list(items), state=state, lock_file=str(self.folder / 'lock'))


@pytest.fixture
def host(tmp_path, monkeypatch):
    return Host(tmp_path, monkeypatch)


def test_there_and_back_now_and_at_boot(ansible, tmp_path):
    status, output = ansible.tasks('''
        - ansible.builtin.set_fact:
            sysctl_drop_in_items:
              - {signature_id: ttl, key: net.ipv4.ip_default_ttl, value: 66}
              - {signature_id: ports, key: net/ipv4/ip_local_port_range, value: 32768 60000}
        - ansible.builtin.include_role: {name: loghygiene.rhel.sysctl_drop_in, apply: {check_mode: true}}
        - ansible.builtin.shell: "sysctl -n net.ipv4.ip_default_ttl; ls /etc/sysctl.d"
          register: seen
        - ansible.builtin.assert:
            that: [sysctl_drop_in_result.changed, not sysctl_drop_in_result.in_place, seen.stdout == '64']

        - ansible.builtin.include_role: {name: loghygiene.rhel.sysctl_drop_in}
        - ansible.builtin.shell: "sysctl -n net.ipv4.ip_default_ttl net.ipv4.ip_local_port_range"
          register: seen
        - ansible.builtin.stat: {path: /etc/sysctl.d/99-log_hygiene.conf}
          register: file
        - ansible.builtin.assert:
            that:
              - sysctl_drop_in_result.changed and sysctl_drop_in_result.in_place and sysctl_drop_in_result.requires == 'none'
              - sysctl_drop_in_result.in_place_since is match('20..-..-..T..:..:..[.]......Z$')
              - seen.stdout_lines | map('split') == [['66'], ['32768', '60000']]
              - file.stat.mode == '0644' and file.stat.uid == 0
        - ansible.builtin.shell: '%s; %s'
          register: seen
        - ansible.builtin.assert: {that: ["seen.stdout_lines == ['66', '66']"]}
        - ansible.builtin.include_role: {name: loghygiene.rhel.sysctl_drop_in}
        - ansible.builtin.assert: {that: [not sysctl_drop_in_result.changed, sysctl_drop_in_result.in_place]}

        - ansible.builtin.shell: "sysctl -w net.ipv4.ip_default_ttl=70"
        - ansible.builtin.include_role: {name: loghygiene.rhel.sysctl_drop_in, apply: {check_mode: true}}
        - ansible.builtin.assert: {that: [sysctl_drop_in_result.changed, not sysctl_drop_in_result.in_place]}
        - ansible.builtin.include_role: {name: loghygiene.rhel.sysctl_drop_in}
        - ansible.builtin.assert:
            that: "sysctl_drop_in_result.files == [{'path': '/etc/sysctl.d/99-log_hygiene.conf', 'action': 'edit'},
              {'path': '/proc/sys/net/ipv4/ip_default_ttl', 'action': 'set'}]"

        - ansible.builtin.include_role: {name: loghygiene.rhel.sysctl_drop_in}
          vars: {sysctl_drop_in_state: absent}
        - ansible.builtin.shell: "sysctl -n net.ipv4.ip_default_ttl net.ipv4.ip_local_port_range; ls /etc/sysctl.d"
          register: seen
        - ansible.builtin.assert:
            that:
              - sysctl_drop_in_result.changed and sysctl_drop_in_result.in_place and sysctl_drop_in_result.notes == []
              - seen.stdout_lines | map('split') == [['70'], ['32768', '60999']]
        - ansible.builtin.include_role: {name: loghygiene.rhel.sysctl_drop_in}
          vars: {sysctl_drop_in_state: absent}
        - ansible.builtin.assert: {that: [not sysctl_drop_in_result.changed, sysctl_drop_in_result.in_place]}
        ''' % (BOOT, BY_PROCPS), apart(tmp_path))
    assert status == 0, output


@pytest.mark.parametrize('value, why', [(660, 'Invalid argument'), ('many', 'Invalid argument'), ('0x42', 'it makes 66 of it')])
def test_what_the_kernel_does_not_take_is_refused_and_all_is_as_before(newest, tmp_path, value, why):
    second = dict(TTL, value=value)
    result = newest.module('sysctl_drop_in', items=[OTHER, second], wrap=apart(tmp_path) + [
        'sh', '-euc', '"$@" || true; sysctl -n {0} net.ipv4.conf.all.arp_notify >{1}/live; ls -A /etc/sysctl.d >>{1}/live'.format(KEY, tmp_path), 'sh'])
    assert result['failed'] and not result['changed'] and result['files'] == []
    assert result['msg'] == ('The kernel does not take %s for %s: %s. Correct the value, or leave the host out of it. Nothing was changed.'
                             % (value, KEY, why))
    assert (tmp_path / 'live').read_text() == '64\n0\n'


# What other files say, and whether ours would count nevertheless.
OTHERS = [
    ('/etc/sysctl.conf', 'net.ipv4.ip_default_ttl=70', False), ('/etc/sysctl.d/99-sysctl.conf', ' net/ipv4/ip_default_ttl = 70', False),
    ('/run/sysctl.d/99-m.conf', '-net.ipv4.ip_default_ttl = 70', False), ('/etc/sysctl.d/50-x.conf', 'net.ipv4.ip_default_ttl = 70', True),
    ('/usr/lib/sysctl.d/99-a.conf', '\n; x\nnet.ipv4.ip_default_ttl = 70', True), ('/etc/sysctl.d/99-z.conf', '# net.ipv4.ip_default_ttl = 70', True),
    ('/etc/sysctl.d/zz.conf', 'net.ipv4.ip_default_ttl = 66', True), ('/etc/sysctl.d/zz.txt', 'net.ipv4.ip_default_ttl = 70', True),
    ('/etc/sysctl.d/.zz.conf', 'net.ipv4.ip_default_ttl = 70', True)]


@pytest.mark.parametrize('path, text, counts', OTHERS, ids=[path for path, _text, _counts in OTHERS])
def test_what_counts_at_boot_is_judged_as_the_readers_do(tmp_path, host, path, text, counts):
    host.run(TTL)
    ours = host.path.read_text()
    told = subprocess.run(apart(tmp_path, '''
        mkdir -p $(dirname {0}); cat >{0} <<'END'
{1}
END
        cat >{2} <<'END'
{3}END
        '''.format(path, text, PATH, ours)) + ['sh', '-c', (BOOT if path != '/etc/sysctl.conf' else 'echo -') + ';' + BY_PROCPS],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, text=True).stdout.split()
    assert told == ['66' if counts else '70' if path != '/etc/sysctl.conf' else '-', '66' if counts else '70']

    host.run(state='absent')
    where = host.last if path == '/etc/sysctl.conf' else (host.usr if path.startswith('/usr') else host.etc) / os.path.basename(path)
    where.write_text(text + '\n')
    result = host.run(TTL)
    assert result.get('failed', False) != counts
    if counts:
        assert host.get() == '66' and len(result['notes']) == (('= 70' in text) and not path.endswith(('txt', '/.zz.conf', 'z.conf')))
        assert all(note.endswith('sets %s to 70 and is read earlier, so it does not count any more.' % KEY) for note in result['notes'])
    else:
        assert result['msg'] == ('%s, line 1 sets %s to 70 and is read later, so at boot that would count and not the 66 that ttl asks for. Change it '
                                 'there, or leave the host out of it. Nothing was changed.' % (where, KEY))
        assert host.get() == '64' and not host.path.exists()


@pytest.mark.parametrize('item', [
    dict(key=''), dict(key='-x'), dict(key='net'), dict(key='../etc/passwd'), dict(key='net/../../x'), dict(key='net.ipv4.*.forwarding'), dict(key='a\nb'),
    dict(key='/proc/sys/net/ipv4/ip_default_ttl'), dict(key='net.ipv4.ip_default_ttl '), dict(key='net.' + 'x' * 5000),
    dict(key='net.값'), dict(key='-net.ipv4.ip_default_ttl'), dict(key='net..ipv4'), dict(key='net.ipv4'), dict(key='net.ipv4.nothing'),
    dict(key='net.bridge.bridge-nf-call-iptables'),
    dict(value=''), dict(value='1\n2'), dict(value='1\nkernel.printk=0'), dict(value=' 1'), dict(value='값'), dict(value='1' * 5000), dict(value=True),
    dict(value=[1]), dict(value={'a': 1}), dict(value=1.5), dict(signature_id='a\nb'), dict(signature_id='../x'), dict(signature_id=''),
], ids=lambda item: ascii(item)[:40])
def test_bad_input_is_refused_and_nothing_changed(host, item):
    result = host.run(OTHER, dict(TTL, **item))
    assert result['failed'] and not result['changed'], result
    assert result['msg'].endswith('Nothing was changed.') and len(result['msg']) < 400 and '\n' not in result['msg']
    assert os.listdir(str(host.etc)) == [] and host.get() == '64' and host.get('net.ipv4.conf.all.arp_notify') == '0'


def test_a_parameter_of_a_module_that_is_not_loaded_names_it(host):
    assert host.run(dict(TTL, key='net.netfilter.nf_conntrack_max'))['msg'] == (
        'The kernel has no parameter net.netfilter.nf_conntrack_max: load module nf_conntrack first, and name it in /etc/modules-load.d. '
        'Nothing was changed.')


def test_a_parameter_of_a_module_that_may_come_late_is_noted(host):
    host.set('net.netfilter.nf_conntrack_max', '9')
    item = dict(TTL, key='net.netfilter.nf_conntrack_max')
    assert host.run(item)['notes'] == []  # built in
    (host.folder / 'sys' / 'module' / 'nf_conntrack').mkdir(parents=True)
    (host.folder / 'sys' / 'module' / 'nf_conntrack' / 'refcnt').write_text('1')
    assert host.run(item)['notes'] == ['Name module nf_conntrack in /etc/modules-load.d: if it is loaded later at boot than systemd-sysctl runs, '
                                       'what it has is not set.']
    (host.folder / 'load').mkdir()
    (host.folder / 'load' / 'x.conf').write_text('nf_conntrack\n')
    assert host.run(item)['notes'] == []


@pytest.mark.parametrize('key, value, refused', [
    ('kernel.printk', '3 4 1 7', True), ('kernel/printk_ratelimit', 5, True), ('kernel.dmesg_restrict', 0, True), ('kernel.dmesg_restrict', 1, False),
    ('kernel.dmesg_restrict', '00', True), ('kernel.core_pattern', '|/bin/x', True), ('kernel.randomize_va_space', 1, True), ('kernel.kptr_restrict', '0', True),
    ('kernel.kptr_restrict', 2, False), ('kernel.modules_disabled', 1, True), ('net.ipv4.conf.all.log_martians', 0, True),
    ('net.ipv4.conf.eth0/5.log_martians', 0, True), ('net.ipv4.conf.all.rp_filter', 0, True), ('net.ipv4.conf.all.rp_filter', 2, False),
    ('net.core.message_cost', 0, True), ('kernel.hung_task_timeout_secs', 0, True), ('kernel.nmi_watchdog', 0, True), ('net.core.somaxconn', 4096, False)])
def test_what_lowers_a_safeguard_is_refused(host, key, value, refused):
    place = host.live / sysctl_drop_in.normal(key)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text('9\n')
    result = host.run(dict(TTL, key=key, value=value))
    assert result.get('failed', False) == refused
    assert not refused or ' is not set, because ' in result['msg'] and 'Take signature ttl out of the run.' in result['msg']
    assert (place.read_text() == '9\n') == refused


def test_what_contradicts_is_refused_and_both_are_named(host):
    result = host.run(TTL, dict(TTL, signature_id='second', key='net/ipv4/ip_default_ttl', value=67))
    assert result['failed'] and 'Signatures ttl and second contradict each other: "%s = 66" and "%s = 67".' % (KEY, KEY) in result['msg']
    host.run(TTL)
    assert 'Signatures ttl and second contradict' in host.run(dict(TTL, signature_id='second', value=67))['msg']
    assert host.get() == '66'


def test_a_run_for_some_leaves_the_others_and_brings_back_what_was_there(host):
    host.run(TTL, OTHER)
    host.set(KEY, '66\n')  # as a boot does
    assert host.run(dict(TTL, value=67))['changed']
    assert host.path.read_text().partition('\n')[2] == (
        '# for others\n# before: 0\nnet.ipv4.conf.all.arp_notify = 1\n# for ttl\n# before: 64\nnet.ipv4.ip_default_ttl = 67\n')
    result = host.run(TTL, state='absent')
    assert host.get() == '64' and result['in_place']
    assert host.path.read_text().partition('\n')[2] == '# for others\n# before: 0\nnet.ipv4.conf.all.arp_notify = 1\n'
    assert host.run(dict(OTHER, key=KEY, value=65))['changed']  # the signature asks for another one now
    assert (host.get(), host.get('net.ipv4.conf.all.arp_notify')) == ('65', '0')
    host.run(state='absent')
    assert host.get() == '64' and os.listdir(str(host.etc)) == []


def test_a_value_that_somebody_changed_since_stays(host):
    host.run(TTL)
    host.set(KEY, '99\n')
    result = host.run(TTL, state='absent')
    assert result['notes'] == ['%s is 99 now, neither the value of this collection nor the one before it, 64: it stays.' % KEY]
    assert host.get() == '99' and not host.path.exists()


def test_a_value_that_somebody_set_between_two_runs_comes_back(host):
    host.run(TTL, OTHER)
    host.set(KEY, '99\n')
    assert host.run(dict(TTL, signature_id='another'))['changed'] and host.get() == '66'
    host.run(state='absent')
    assert (host.get(), host.get('net.ipv4.conf.all.arp_notify')) == ('99', '0')


def test_killed_between_two_values_ours_is_not_taken_for_somebodys(host):
    host.run(TTL)
    child = os.fork()
    if not child:
        sysctl_drop_in.set_live = lambda *_more: os._exit(9)  # pylint: disable=protected-access
        host.run(dict(TTL, value=67))
        os._exit(0)  # pylint: disable=protected-access
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert host.get() == '66' and ' = 67' in host.path.read_text()
    assert host.run(dict(TTL, value=67))['in_place'] and host.get() == '67'
    host.run(state='absent')
    assert host.get() == '64'


def test_a_file_that_somebody_edited_stays(host):
    host.run(TTL)
    host.path.write_text(host.path.read_text() + 'vm.swappiness = 1\n')
    text = host.path.read_text()
    assert 'was not written by this collection, or was edited since. Move it away' in host.run(TTL)['msg']
    result = host.run(TTL, state='absent')
    assert (result['changed'], result['in_place'], host.get()) == (False, False, '66')
    assert host.path.read_text() == text


def test_what_cannot_be_put_back_is_told(host, monkeypatch):
    real = sysctl_drop_in.attempt
    monkeypatch.setattr(sysctl_drop_in, 'attempt', lambda key, value: 'Input/output error' if 'ttl' in key or value == '0' else real(key, value))
    result = host.run(OTHER, TTL)
    assert result['failed'] and result['changed']
    assert result['msg'] == ('The kernel does not take 66 for %s: Input/output error. Correct the value, or leave the host out of it. But %s, '
                             'net.ipv4.conf.all.arp_notify could not be put back.' % (KEY, KEY))
    assert not host.path.exists()


def test_who_is_not_root_is_told(newest):
    result = newest.module('sysctl_drop_in', wrap=UNPRIVILEGED, items=[TTL])
    assert result['failed'] and result['msg'] == (
        'sysctl_drop_in needs root to set kernel parameters. Run it with become: true. Nothing was changed.')
