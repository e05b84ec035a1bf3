# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a syslog policy that a host was given."""
from __future__ import absolute_import, division, print_function

import os
import sys

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import settings

__metaclass__ = type


def test_what_was_written_is_read(tmpdir):
    path = tmpdir.join('given')
    assert settings.read(str(path)) is None
    path.write(u'{"schema": 1, "settings": {"retention": "2y", "rules": {"defaults": true, "own": [{"name": "a"}]}, "alert_signatures": []}}')
    assert settings.read(str(path)) == {'retention': '2y', 'rules': {'defaults': True, 'own': [{'name': 'a'}]}, 'alert_signatures': []}


@pytest.mark.parametrize('text, told', [
    (u'{', 'is not JSON'), (u'[]', 'key schema'), (u'{"schema": 1, "settings": {"rules": {"own": []}}}', 'key settings.rules'),
    (u'{"schema": 1, "settings": {"retention": ["2y"]}}', 'key settings.retention'),
    (u'{"schema": 1, "settings": {"default_rules": [1]}}', 'key settings.default_rules'),
    (u'{"schema": true, "settings": {}}', 'key schema'), (u'{"schema": 1, "settings": {"retention": true}}', 'key settings.retention'),
    (u'{"schema": 1, "settings": {"alert_signatures": [{"alert": "exempt"}]}}', 'key settings.alert_signatures'),
    (u'{"schema": 1, "settings": {"alert": {"limit": NaN}}}', 'is not JSON'), (u'{"schema": 1, "settings": {"alert": {"limit": 1e999}}}', 'is not JSON'),
    pytest.param(u'{"schema": 1, "settings": {"alert": {"a": %s}}}' % (u'[' * 60 + u']' * 60), 'is not JSON', id='nested'),
    pytest.param(u'{"schema": 1, "settings": {}}' + u' ' * 2 ** 20, 'is not JSON', id='large'),
    pytest.param(u'[' * 100000 + u']' * 100000, 'is not JSON', id='deep')])
def test_what_nobody_wrote_so_is_told(tmpdir, text, told):
    path = tmpdir.join('given')
    path.write(text)
    with pytest.raises(settings.SettingsError) as caught:
        settings.read(str(path))
    assert told in str(caught.value) and 'move it away' in str(caught.value)


def test_a_pipe_is_told_and_not_waited_for(tmpdir):
    path = str(tmpdir.join('given'))
    os.mkfifo(path)
    with pytest.raises(settings.SettingsError) as caught:
        settings.read(path)
    assert 'is not a regular file' in str(caught.value)


@pytest.mark.skipif(sys.version_info < (3,), reason='Python 2 has UTF-8 for half a character')
def test_half_a_character_is_told(tmpdir):
    path = tmpdir.join('given')
    path.write(u'{"schema": 1, "settings": {"retention": "\\ud800"}}')
    with pytest.raises(settings.SettingsError):
        settings.read(str(path))


def test_what_others_can_write_is_not_taken(tmpdir):
    """Whoever writes it names the program that root runs when an alert comes."""
    path, link = tmpdir.join('given'), tmpdir.join('link')
    path.write(u'{"schema": 1, "settings": {}}')
    link.mksymlinkto(path)
    for name, mode, told in ((path, 0o646, 'can be written by others than root'), (link, 0o600, 'it is a symbolic link')):
        path.chmod(mode)
        with pytest.raises(settings.SettingsError) as caught:
            settings.read(str(name))
        assert told in str(caught.value) and 'move it away' in str(caught.value)
    assert settings.read(str(path)) == {}
