# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of remedy with each fault, in one world: the real programs, files at their real places, a kernel's own network values.

grubby and the systemctl that restarts rsyslogd are stand-ins, as in the tests of their kinds. The table of docs/reliability.md is made of
this: LOG_HYGIENE_RENEW=1 writes it anew.
"""
import json
import os
import sys
from pathlib import Path

import faults
import pytest
import yaml
from config_world import World
from test_config_value import OPTIONS, TIMER
from test_kernel_argument import DEFAULT, GRUBBY, ITEMS
from test_kernel_argument import OPTIONS as ARGUMENTS

sys.path.append(str(Path(__file__).parents[1] / 'rsyslog'))
from rsyslog_host import SHAPES  # noqa: E402  (of the folder beside this one)

MORE = r'''
mount -t tmpfs -o mode=755 lib /var/lib
mount -t tmpfs -o mode=755 log /var/log
mount -t tmpfs -o mode=755 boot /boot
mount -t tmpfs -o mode=755 layer {root}/spool
mkdir {root}/spool/upper {root}/spool/work
mount -t overlay -o lowerdir=/usr,upperdir={root}/spool/upper,workdir={root}/spool/work layer /usr
mkdir -p /usr/local/sbin
mount -t tmpfs -o mode=1777 tmp /tmp
'''


def one(module, roots, lay, items, **more):
    arguments = dict(items=items)
    return dict(dict(module=module, roots=roots, lay=lay, present=arguments, absent=arguments), **more)


FLOPPY = dict(signature_id='floppy-io-error', module='floppy', blacklist=True)
KVM = dict(signature_id='kvm-msr', module='kvm', options=dict(report_ignored_msrs=False, halt_poll_ns=0))
USER = dict(signature_id='noise', unit='noise.service', scope='global')
LIVE = ['/proc/sys/net/ipv4/ip_default_ttl', '/proc/sys/net/ipv4/conf/all/arp_notify']
V3 = json.loads(json.dumps(yaml.safe_load(next(
    (Path(__file__).parents[3] / 'catalog' / 'signatures').rglob('ahnlab-v3-module-lifecycle.yml')).read_text(encoding='utf-8')), default=str))
RSYSLOG = r'''
rm -rf /etc/rsyslog.d /etc/logrotate.d; mkdir -p /etc/rsyslog.d /etc/logrotate.d /var/lib/rsyslog
cat >/etc/rsyslog.conf <<'END'
%s
END
''' % SHAPES['el9'].format(root='').replace('/work', '/var/lib/rsyslog').replace('/log/', '/var/log/')
SYSTEMCTL = r'''
cat >/usr/local/sbin/systemctl <<'END'
#!/bin/sh
case $1 in
--version) echo 'systemd 252 (252)' ;;
show) echo LoadState=loaded; echo ActiveState=active ;;
esac
END
chmod 755 /usr/local/sbin/systemctl
'''
VALID = 'rsyslogd -N1 -f /etc/rsyslog.conf'
MANAGED = ['/etc/fault/own.conf', '/etc/fault/new/x.conf']
KINDS = {
    'module_options': one('module_options', ['/etc/modprobe.d'], 'mkdir -p /etc/modprobe.d', [FLOPPY, KVM]),
    'sysctl_drop_in': one('sysctl_drop_in', ['/etc/sysctl.d'] + LIVE, 'mkdir -p /etc/sysctl.d', [
        dict(signature_id='ttl', key='net.ipv4.ip_default_ttl', value=66), dict(signature_id='others', key='net/ipv4/conf/all/arp_notify', value='1')]),
    'config_value': one('config_value', ['/etc/dnf', '/etc/sysconfig'], ':', [TIMER, OPTIONS]),
    'tmpfiles_acl': one('tmpfiles_acl', ['/etc/tmpfiles.d'], r'''
        mkdir -p /etc/tmpfiles.d
        printf '# own\na+ /run - - - - d:g:nosuchgroup:r-x,d:g:root:r-x\n' >/etc/tmpfiles.d/own.conf
        printf '# vendor\na+ /run - - - - d:g:nosuchgroup:r-x,d:g:root:r-x\n' >/usr/lib/tmpfiles.d/vendor.conf''', [
            dict(signature_id='acl', groups=['nosuchgroup'])]),
    'tmpfiles_override': one('tmpfiles_override', ['/etc/tmpfiles.d'], r'''
        mkdir -p /etc/tmpfiles.d
        printf '# vendor\nd /var/run/acme 0755 root root -\n' >/usr/lib/tmpfiles.d/acme.conf''', [
            dict(signature_id='acme-legacy-directory', file='acme.conf', type='d', path='/var/run/acme', line='d /run/acme 0755 root root -')]),
    'unit_drop_in': one('unit_drop_in', ['/etc/systemd/user'], r'''
        rm -rf /etc/systemd/user/noise.service*
        printf '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=default.target\n' >/usr/lib/systemd/user/noise.service
        ''', [dict(USER, section='Service', key='RestartSec', value='7')], as_found=True),
    'unit_state': one('unit_state', ['/etc/systemd/user'], r'''
        rm -rf /etc/systemd/user/noise.service*
        printf '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=default.target\n' >/usr/lib/systemd/user/noise.service
        mkdir -p /etc/systemd/user/default.target.wants
        ln -sf /usr/lib/systemd/user/noise.service /etc/systemd/user/default.target.wants/
        ''', [dict(USER, state='disabled')], as_found=True),
    'unit_state masked': one('unit_state', ['/etc/systemd/user'], r'''
        rm -rf /etc/systemd/user/noise.service*
        printf '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=default.target\n' >/usr/lib/systemd/user/noise.service
        ''', [dict(USER, state='masked')]),
    'kernel_argument': one('kernel_argument', ['/boot/loader', '/etc/default', '/etc/kernel'], r'''
        mkdir -p /boot/loader/entries /run/grub /etc/default /etc/kernel
        rm -f /etc/kernel/cmdline
        ln -sfn /boot/loader/entries /run/grub/entries; ln -sfn /etc/default/grub /run/grub/default; ln -sfn /etc/kernel/cmdline /run/grub/cmdline
        printf '%%s' '%s' >/etc/default/grub
        for one in 1 2; do
            printf 'title T\nlinux /vmlinuz-%%s\noptions %s\ninitrd /i\n' $one >/boot/loader/entries/m-$one.conf
        done
        cat >/usr/local/sbin/grubby <<'END'
%sEND
        chmod 755 /usr/local/sbin/grubby''' % (DEFAULT, ARGUMENTS, GRUBBY % '/run/grub'), ITEMS, words=True,
                           others_write=['/boot/loader/entries/m-1.conf', '/boot/loader/entries/m-2.conf', '/etc/default/grub', '/etc/kernel/cmdline']),
    'file_mode': one('file_mode', ['/etc/systemd/system'], r'''
        mkdir -p /etc/systemd/system/a.service.d
        printf '[Service]\nExecStart=/bin/true\n' >/etc/systemd/system/a.service
        printf '[Service]\nNice=1\n' >/etc/systemd/system/a.service.d/x.conf
        chmod 755 /etc/systemd/system/a.service /etc/systemd/system/a.service.d/x.conf''', [dict(signature_id='executable')]),
    'desktop_autostart': one('desktop_autostart', ['/etc/xdg/autostart', '/etc/dconf', '/etc/systemd/user', '/usr/local/share/dbus-1'], r'''
        mkdir -p /etc/xdg/autostart /etc/dconf/profile /etc/dconf/db/local.d/locks /usr/share/dbus-1/services /usr/local/share
        printf '[Desktop Entry]\nType=Application\nName=S\nExec=/usr/bin/true\n' >/etc/xdg/autostart/noise.desktop
        printf 'user-db:user\nsystem-db:local\n' >/etc/dconf/profile/user
        printf '[Service]\nExecStart=/bin/true\n' >/usr/lib/systemd/user/noise.service
        printf '[D-BUS Service]\nName=org.x.Noise\nExec=/usr/bin/true\n' >/usr/share/dbus-1/services/org.x.Noise.service
        dconf update''', [dict(signature_id='desktop', names=['noise.desktop'], unit='noise.service', dbus_names=['org.x.Noise'], program='true',
                               settings=[dict(key='/org/gnome/software/allow-updates', value='false')])],
                             others_write=['/etc/dconf/db/local']),
    'managed_file': dict(module='managed_file', roots=['/etc/fault'], lay='mkdir -p /etc/fault; echo own >/etc/fault/own.conf; chmod 640 /etc/fault/own.conf',
                         present=dict(files=[dict(path=path, content='# ours\n', mark='# ours') for path in MANAGED]),
                         absent=dict(files=[dict(path=path, mark='# ours', state='absent') for path in MANAGED] + [
                             dict(path='/etc/fault/new', state='absent')])),
    'rsyslog_diversion': one('rsyslog_diversion', ['/etc/rsyslog.d', '/etc/logrotate.d'], RSYSLOG + SYSTEMCTL, [
        dict(signature_id='ahnlab-v3-module-lifecycle', signature=V3)], works=[VALID]),
    'rsyslog_policy': dict(module='rsyslog_policy', roots=['/etc/rsyslog.d'], lay=RSYSLOG, works=[VALID], absent={}, present=dict(rules=[dict(
        name='auth', facilities=[4, 10], severities=list(range(8)), keep_days=None, file='/var/log/auth.log', separate=False,
        forward=None, alert=None)])),
    'logrotate_policy': dict(
        module='logrotate_policy', roots=['/etc/logrotate.d'], absent={},
        present=dict(rules=[dict(path='/var/log/messages', keep_days=365), dict(path='/var/log/secure', keep_days=730)]),
        lay=r'''
        rm -rf /etc/logrotate.d; mkdir /etc/logrotate.d
        printf 'weekly\nrotate 4\ncreate\ndateext\ninclude /etc/logrotate.d\n' >/etc/logrotate.conf
        printf '/var/log/cron\n/var/log/messages\n/var/log/secure\n{\n    missingok\n}\n' >/etc/logrotate.d/rsyslog'''),
}

# What becomes of a remedy whose folder is ..., and of its way back: refused and nothing changed, but for these.
ENDS = {'full': faults.REFUSED, 'read-only': faults.REFUSED, 'immutable': faults.REFUSED, 'a link': faults.DONE}
NO_ROOM = {'full': 'refused, done'}
TOLD = {'read-only': faults.TOLD, 'immutable': faults.TOLD}
OTHERWISE = {
    'file_mode': {'full': faults.DONE}, 'module_options': NO_ROOM, 'sysctl_drop_in': NO_ROOM, 'tmpfiles_override': NO_ROOM, 'unit_drop_in': NO_ROOM,
    'kernel_argument': {'full': 'done, told', 'read-only': 'refused, told', 'immutable': 'refused, told'},
    'logrotate_policy': dict(TOLD, full=faults.TOLD), 'rsyslog_diversion': dict(TOLD, full='told, done'), 'rsyslog_policy': dict(TOLD, full='told, done'),
    'unit_state': dict(TOLD, full=faults.DONE), 'unit_state masked': dict(TOLD, full=faults.DONE),
}
# Who says no, and the test of it: a program before anything is changed, or a service that does not come back.
SAYS_NO = {
    'config_value': ('sshd, after its reload', 'remedies/test_config_value.py::test_the_real_sshd_is_reloaded_or_gets_its_file_back'),
    'desktop_autostart': ('dconf', 'remedies/test_desktop_autostart.py::test_a_directory_that_dconf_cannot_read_is_refused_before_anything_changes'),
    'kernel_argument': ('grubby', 'remedies/test_kernel_argument.py::test_a_grubby_that_fails_leaves_all_as_it_was'),
    'logrotate_policy': ('logrotate', 'retention/test_policy.py::test_what_would_break_is_not_written'),
    'rsyslog_diversion': ('rsyslogd, at its start', 'rsyslog/test_role.py::test_the_former_drop_in_comes_back_or_none_is_left'),
    'rsyslog_policy': ('rsyslogd, at its start', 'rsyslog/test_role.py::test_rules_of_logrotate_go_back_with_the_drop_ins'),
    'sysctl_drop_in': ('the kernel', 'remedies/test_sysctl_drop_in.py::test_what_the_kernel_does_not_take_is_refused_and_all_is_as_before'),
    'tmpfiles_acl': ('systemd-tmpfiles', 'remedies/test_tmpfiles_acl.py::test_an_acl_that_is_written_in_a_way_we_do_not_know_is_named'),
    'tmpfiles_override': ('systemd-tmpfiles', 'remedies/test_tmpfiles_override.py::test_what_systemd_tmpfiles_would_complain_of'),
    'unit_drop_in': ('the unit, at its restart', 'remedies/test_unit_drop_in.py::test_a_unit_that_does_not_stay_up_is_as_it_was'),
    'unit_state': ('the unit, at its start', 'remedies/test_unit_state.py::test_a_unit_that_does_not_start_again_is_told_and_tried_again'),
}
DOCUMENT = Path(__file__).parents[3] / 'docs' / 'reliability.md'
MARKS = '<!-- faults: made by tests/integration/remedies/test_faults.py -->\n', '<!-- end of faults -->\n'


@pytest.fixture(scope='module')
def world(tmp_path_factory):
    root = tmp_path_factory.mktemp('world')
    one = World(root, more=MORE.format(root=root), program=os.path.abspath(faults.__file__), wrap=['unshare', '--net'])
    yield one
    one.close()


@pytest.mark.parametrize('name', sorted(KINDS))
def test_each_step(world, name):
    found, wrong = world.ask(**KINDS[name])
    assert wrong == [], '\n'.join(wrong)
    assert min(found['steps']) > 2


@pytest.mark.parametrize('name', sorted(KINDS))
def test_folder(world, name):
    found = {}
    for fault in faults.FOLDERS:
        found[fault], wrong = world.ask(**dict(KINDS[name], fault=fault))
        assert wrong == [], '%s: %s' % (fault, '\n'.join(wrong))
    assert {fault: pair[0] if len(set(pair)) == 1 else ', '.join(pair) for fault, pair in found.items()} == ends(name)


def ends(name):
    return dict(ENDS, **OTHERWISE.get(name, {}))


def table():
    """The table of the documentation: a row for each kind, and a column for each fault."""
    rows = [['remedy', 'killed, or an error, at each step'] + ['the folder is ' + fault for fault in faults.FOLDERS] + ['who says no']]
    for name in sorted(KINDS):
        who, test = SAYS_NO.get(name, ('', ''))
        rows.append([name, 'whole, finished'] + [ends(name)[fault] for fault in faults.FOLDERS] + [
            who and '%s: `%s`' % (who, test.partition('::')[2])])
    rows.insert(1, ['---'] * len(rows[0]))
    return ''.join('| %s |\n' % ' | '.join(row) for row in rows)


def test_the_table_of_the_documentation():
    """LOG_HYGIENE_RENEW=1 writes it."""
    before, begin, rest = DOCUMENT.read_text(encoding='utf-8').partition(MARKS[0])
    old, end, after = rest.partition(MARKS[1])
    if os.environ.get('LOG_HYGIENE_RENEW'):
        DOCUMENT.write_text(before + begin + table() + end + after, encoding='utf-8')
    else:
        assert end and old == table()
    for _who, test in SAYS_NO.values():
        path, _colons, function = test.partition('::')
        assert 'def %s(' % function in (Path(__file__).parents[1] / path).read_text(encoding='utf-8')
