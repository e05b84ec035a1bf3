# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which settings of a unit are made, what a unit file says, and which line counts."""
from __future__ import absolute_import, division, print_function

import collections
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _unit_settings as unit_settings

__metaclass__ = type

UNIT = 'a.service'
OURS = '/etc/systemd/system/a.service.d/50-log_hygiene.conf'


@pytest.mark.parametrize('key, value', [
    ('RestartSec', '15min'), ('ExecStart', '/usr/bin/env2 --x'), ('Environment', 'LC_ALL=C'), ('Environment', '"A=1" B=2'), ('UMask', '0077'),
    ('StandardOutput', 'journal'), ('SuccessExitStatus', '143'), ('RestartPreventExitStatus', '1 6'), ('Nice', '5'), ('TimeoutStartSec', '90'),
    ('ExecReload', '/bin/kill -HUP $MAINPID'), ('Type', 'oneshot'), ('MemoryMax', '1G'), ('PIDFile', '/run/a.pid'), ('BusName', 'org.a'),
    ('RuntimeDirectory', 'a')])
def test_settings(key, value):
    unit_settings.check(UNIT, 'Service', key, ['', value] if key.startswith('Exec') else [value])


@pytest.mark.parametrize('key, value, why', [
    ('StandardOutput', 'null', 'would not reach the log'), ('StandardError', 'file:/dev/null', 'would not reach the log'),
    ('standarderror', '', 'name of a setting'),
    ('StandardOutput', '', 'would not reach the log'), ('LogLevelMax', 'err', 'would not reach the log'),
    ('LogFilterPatterns', '~x', 'would not reach the log'),
    ('LogRateLimitBurst', '1', 'would not reach the log'), ('SyslogLevel', 'debug', 'another name or level'),
    ('SyslogIdentifier', 'x', 'another name or level'),
    ('User', 'root', 'with which rights'), ('DynamicUser', 'no', 'with which rights'), ('AmbientCapabilities', 'CAP_SYS_ADMIN', 'with which rights'),
    ('CapabilityBoundingSet', '~', 'with which rights'), ('NoNewPrivileges', 'no', 'with which rights'), ('LoadCredentialEncrypted', 'a', 'with which rights'),
    ('SystemCallFilter', '', 'keeps the program apart'), ('PrivateTmp', 'no', 'keeps the program apart'), ('ProtectSystem', 'no', 'keeps the program apart'),
    ('RestrictAddressFamilies', '', 'keeps the program apart'), ('BindPaths', '/', 'keeps the program apart'), ('ExecPaths', '/', 'keeps the program apart'),
    ('ReadWriteDirectories', '/', 'keeps the program apart'), ('SELinuxContext', 'a', 'keeps the program apart'),
    ('MountFlags', 'shared', 'keeps the program apart'),
    ('UMask', '0000', 'change the files'), ('WatchdogSec', '0', 'when the program fails'), ('SuccessExitStatus', '1', 'pass for successes'),
    ('EnvironmentFile', '/x', 'cannot be known'), ('PassEnvironment', 'LD_PRELOAD', 'cannot be known'),
    ('Environment', 'A=1 LD_PRELOAD=/x', 'what the program is'),
    ('Environment', '"LD_PRELOAD=/x"', 'what the program is'), ('Environment', 'SYSTEMD_LOG_LEVEL=emerg', 'what the program is'),
    ('ExecStart', '-/bin/true', 'does not begin with the path'), ('ExecStart', '+/bin/true', 'does not begin with the path'),
    ('ExecStartPre', 'true', 'does not begin'),
    ('ExecStart', '@/bin/true x', 'does not begin with the path'), ('ExecStart', '/bin/%i', 'does not begin with the path'),
    ('ExecStart', '/bin/sh -c x', 'runs others'),
    ('ExecStart', '/bin/true ; /bin/false', 'several programs'), ('ExecStart', '/bin/true 2>/dev/null', 'several programs'),
    ('ExecStart', '/tmp/x/y', 'not a safe place'), ('Foo.bar', 'x', 'name of a setting'), ('', 'x', 'name of a setting'), ('X-Foo', '1', 'name of a setting'),
    ('Nice', 'a\\', 'is not a value'), ('Nice', 'a\nUser=root', 'is not a value'), ('Nice', ' 1', 'is not a value'), ('Nice', u'\uac12', 'is not a value')])
def test_what_is_not_set(key, value, why):
    with pytest.raises(unit_settings.Refused, match=why):
        unit_settings.check(UNIT, 'Service', key, ['', value] if key.startswith('Exec') else [value])


@pytest.mark.parametrize('section, key', [('Unit', 'OnFailure'), ('Unit', 'Conflicts'), ('Unit', 'FailureAction'),
                                          ('Unit', 'JobTimeoutAction'), ('Unit', 'DefaultDependencies')])
def test_what_is_not_set_of_all_units(section, key):
    for value in ('', 'rsyslog.service'):
        with pytest.raises(unit_settings.Refused, match='is not set, because it'):
            unit_settings.check(UNIT, section, key, [value])


@pytest.mark.parametrize('unit, section, key', [('a.timer', 'Timer', 'Unit'), ('a.socket', 'Socket', 'ListenStream'), ('a.socket', 'Socket', 'SocketMode'),
                                                ('a.socket', 'Socket', 'PassCredentials'), ('a.path', 'Path', 'Unit')])
def test_what_is_not_set_of_other_kinds(unit, section, key):
    with pytest.raises(unit_settings.Refused, match='is not set, because it'):
        unit_settings.check(unit, section, key, ['x'])


def test_sections():
    unit_settings.check('a.timer', 'Timer', 'OnCalendar', ['', 'daily'])
    for section in ('Service', 'Install', 'timer', '', 'Timer]\n[Service'):
        with pytest.raises(unit_settings.Refused, match='section: a.timer has the sections Unit and Timer'):
            unit_settings.check('a.timer', section, 'OnCalendar', ['daily'])
    with pytest.raises(unit_settings.Refused, match='1 to 20 texts'):
        unit_settings.check('a.timer', 'Timer', 'OnCalendar', [])


def test_a_program_that_others_may_change(tmp_path):
    program = tmp_path / 'program'
    program.write_text(u'#!/bin/true\n')
    os.chmod(str(program), 0o777)
    with pytest.raises(unit_settings.Refused, match='because others than root may change|not a safe place'):
        unit_settings.check(UNIT, 'Service', 'ExecStart', ['', str(program)])


def test_what_a_file_says():
    text = (b'A=0\n[Unit]\n# B=1\n;C=2\nAfter = a.target b.target\n\n[Service]\nExecStart=/bin/x \\\n# in between\n  -y \\\n  -z\nNice=1\n'
            b' Environment=A=\xff\n[Service]\nno equals\nExecStart=')
    assert list(unit_settings.settings(text))[:4] == [
        (1, '/A', '0'), (5, 'Unit/After', 'a.target b.target'), (8, 'Service/ExecStart', '/bin/x  -y  -z'), (12, 'Service/Nice', '1')]
    assert list(unit_settings.settings(text))[-1] == (16, 'Service/ExecStart', '')


@given(st.binary(max_size=300))
def test_any_file(content):
    assert all(number >= 1 for number, _key, _value in unit_settings.settings(content))


@pytest.mark.parametrize('key, ours, theirs, defeated', [
    ('Service/Nice', ['1'], '2', True), ('Service/Nice', ['1'], '1', False), ('Service/Nice', ['1'], '', True), ('Unit/After', ['a'], 'b', False),
    ('Unit/After', ['a'], '', True), ('Service/ExecStart', ['', '/x'], '', True), ('Service/ExecStartPre', [''], '', False),
    ('Service/Environment', ['A=1'], 'B=2', False), ('Service/Environment', ['A=1'], 'A=2', True), ('Service/Environment', ['A=1'], 'A=1', False),
    ('Service/Environment', ['A=1'], '"A=2"', True), ('Service/Environment', ['A=1'], '', True), ('Timer/OnCalendar', ['', 'daily'], 'weekly', False)])
def test_which_line_counts(key, ours, theirs, defeated):
    assert unit_settings.defeats(key, ours, theirs) == defeated


def test_only_later_files_count():
    text = {'10-a.conf': b'[Service]\nNice=3\n', 'override.conf': b'\n[Unit]\nNice=3\n[Service]\nNice=2\n', '50-log_hygiene.conf': b'[Service]\nNice=4\n'}
    entry = collections.namedtuple('Entry', 'key line')('Service/Nice', '[Service]\nNice=1')
    paths = ['/a/' + name for name in sorted(text)]
    assert unit_settings.later(paths, OURS, [entry], lambda path: text[os.path.basename(path)]) == ('/a/override.conf', 5, 'Service/Nice', '2')
    assert unit_settings.later(paths[:2], OURS, [entry], lambda path: text[os.path.basename(path)]) is None


def test_where_drop_ins_lie():
    found = unit_settings.folders('a-b-c@d.service', 'system')
    order = [found.index('/etc/systemd/system/%s.d' % name) for name in ('a-b-c@d.service', 'a-b-c@.service', 'a-b-.service', 'a-.service', 'service')]
    assert order == sorted(order)
    assert found[0] == '/etc/systemd/system.control/a-b-c@d.service.d' and '/usr/lib/systemd/user/a.timer.d' in unit_settings.folders('a.timer', 'global')


def test_lines_and_back():
    text = unit_settings.lines('Service', 'ExecStart', ['', '/bin/x a=b'])
    assert text == '[Service]\nExecStart=\nExecStart=/bin/x a=b'
    assert (unit_settings.key_of(text), unit_settings.values_of(text)) == ('Service/ExecStart', ['', '/bin/x a=b'])
