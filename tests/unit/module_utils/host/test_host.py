# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host is, from the files and outputs of each release."""

from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host

__metaclass__ = type

SECOND = 1000000


@pytest.mark.parametrize(
    'text, el',
    [
        ('ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="7.9"\n', 7),
        ('ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="8.10"\nPLATFORM_ID="platform:el8"\n', 8),
        ('ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.6"\nPLATFORM_ID="platform:el9"\n', 9),
        ('ID=rhel\nVERSION_ID=10.1\nPLATFORM_ID=platform:el10\n', 10),
        ('ID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\n', 7),
        ('ID="ol"\nID_LIKE="fedora"\nVERSION_ID="7.9"\n', 7),
        ("ID='rocky'\nID_LIKE='rhel centos fedora'\nVERSION_ID='8.9'\n", 8),
        ('ID="navix"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n', 9),
        ('ID=prolinux\nVERSION_ID="7.9"\n', 7),
        ('NAME="ProLinux"\nID="ProLinux"\nVERSION_ID="7.5"\n', 7),
        ('NAME="TmaxOS ProLinux"\nID="tmaxos"\nVERSION_ID="7"\n', 7),
        ('NAME="NAVIX"\nID="NAVIX"\nVERSION_ID="9.2"\n', 9),
        ('NAME="Amazon Linux"\nID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\nPLATFORM_ID="platform:al2023"\n', None),
        ('ID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"\n', None),
        ('ID=fedora\nVERSION_ID=42\nPLATFORM_ID="platform:f42"\n', None),
        ('ID=debian\nVERSION_ID="12"\n', None),
        ('ID="rhel"\nVERSION_ID="6.10"\n', None),
        ('ID="rhel"\n', None),
        ('', None),
    ],
)
def test_os_release(text, el):
    assert host.el_of_release(host.parse_os_release(text)) == el


def test_os_release_is_shell():
    text = '# comment\n\nPRETTY_NAME="A \\"B\\" C"\nEMPTY=\nbad line\nBROKEN="x\nNAME=x\n'
    assert host.parse_os_release(text) == {'PRETTY_NAME': 'A "B" C', 'EMPTY': '', 'NAME': 'x'}


@given(st.text())
def test_any_os_release(text):
    assert isinstance(host.parse_os_release(text), dict)


@pytest.mark.parametrize(
    'version, el',
    [
        (None, None),
        (208, None),
        (219, 7),
        (239, 8),
        (247, 8),
        (249, 9),
        (252, 9),
        (256, 10),
        (257, 10),
        (260, 10),
    ],
)
def test_systemd_generations(version, el):
    assert host.el_of_systemd(version) == el


def test_versions():
    assert host.systemd_version('systemd 252 (252-55.el9_7.2)\n+PAM +AUDIT') == 252
    assert host.systemd_version('systemd 219\n+PAM +AUDIT') == 219
    assert host.systemd_version('') is None
    assert host.systemd_version(None) is None
    assert host.rsyslog_version('rsyslogd  8.2302.0 (aka 2023.02) compiled with:\n') == '8.2302.0'
    assert host.rsyslog_version('rsyslogd 8.24.0-57.el7_9.3, compiled with:\n') == '8.24.0'
    assert host.rsyslog_version('') is None


STAT = 'cpu  1 2\nbtime 1795363280\nprocesses 3\n'


def test_pid1_start():
    pid1 = '1 (systemd) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 %d 9 10'
    assert host.pid1_start(STAT, pid1 % 5, 100) == 1795363280 * SECOND + 50000
    assert host.pid1_start(STAT, (pid1 % 360000).replace('systemd', 'a) b ('), 100) == (1795363280 + 3600) * SECOND
    for stat, pid in ((None, pid1 % 5), (STAT, None), ('', pid1 % 5), (STAT, ''), (STAT, '1 (x) S')):
        assert host.pid1_start(stat, pid, 100) is None


@pytest.mark.parametrize(
    'started, first, told',
    [
        (100, 103, 103),
        (100, 95, 95),
        (100, None, 100),
        (None, 50, 50),
        (None, None, None),
        (100, 100 + 86400, 100),
        (100 + 86400, 100, 100 + 86400),
    ],
)
def test_boot_time(started, first, told):
    def seconds(value):
        return None if value is None else value * SECOND

    assert host.boot_time(seconds(started), seconds(first)) == seconds(told)


def test_small_readers(tmpdir):
    assert host.read(str(tmpdir.join('nothing'))) is None
    tmpdir.join('file').write_binary(b'\xff text')
    assert host.read(str(tmpdir.join('file'))) == u'\ufffd text'
    assert host.existing(str(tmpdir.join('file'))) == str(tmpdir.join('file'))
    assert host.existing(str(tmpdir)) is None
    assert host.kernel_modules('vmwgfx 1 2 - Live 0x0\nasm 3 4\n\n') == ['asm', 'vmwgfx']
    assert host.kernel_modules(None) == []


def test_kernel_arguments_are_names_and_no_values():
    assert host.kernel_arguments('BOOT_IMAGE=(hd0)/vmlinuz ro nomodeset rd.iscsi.password=secret ro\n') == [
        'BOOT_IMAGE', 'nomodeset', 'rd.iscsi.password', 'ro']
    assert host.kernel_arguments(None) == []


def test_installed_packages_are_what_rpm_says(tmpdir, monkeypatch):
    rpm = tmpdir.join('rpm')
    rpm.write('#!/bin/sh\n'
              'case "$*" in "-q --qf %{VERSION}-%{RELEASE}\\\\n -- systemd") printf "252-14.el9\\n252-14.el9\\n";;\n'
              '*kernel) printf "4.18.0-477.el8\\n4.18.0-553.el8\\n";;\n'
              '*stuck) exec sleep 60;; *) echo "package $5 is not installed"; exit 1;; esac\n')
    rpm.chmod(0o755)
    monkeypatch.setattr(host, 'RPM_SECONDS', 1)
    assert host.installed(str(rpm), ['systemd', 'rtkit', 'stuck', 'kernel']) == {
        'systemd': '252-14.el9', 'rtkit': None, 'stuck': None, 'kernel': None}  # of several builds nobody knows which counts
    assert host.installed(None, ['systemd']) == host.installed(str(tmpdir.join('none')), ['systemd']) == {'systemd': None}
    assert host.installed(str(rpm), []) == {}
