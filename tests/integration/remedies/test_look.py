# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look at a remedy that a survey takes: what the module says in check mode, by whoever asks, and nothing is written."""
import os

import pytest
from ansible.module_utils import basic
from remedy_runs import run_module

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import kinds as remedy_kinds
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import _remedy_specs as remedy_specs

ITEMS = {'config_value': [dict(signature_id='f', file='/etc/dnf/dnf.conf', key='metadata_timer_sync', value=0, section='main')],
         'file_mode': [dict(signature_id='g')],
         'gnome_software_autostart': [dict(signature_id='a', names=['a.desktop'], program='a')],
         'module_options': [dict(signature_id='c', module='no_such_module', blacklist=True)],
         'sysctl_drop_in': [dict(signature_id='d', key='net.ipv4.ip_default_ttl', value=66)],
         'tmpfiles_acl': [dict(signature_id='b', groups=['nosuchgroup'])],
         'tmpfiles_override': [dict(signature_id='h', file='systemd.conf', type='d', path='/run/no_such_line', acl=None, line=None)],
         'unit_drop_in': [dict(signature_id='f', unit='dbus-nobody.service', scope='global', section='Service', key='RestartSec', value=9)],
         'unit_state': [dict(signature_id='e', unit='dbus-nobody.service', state='masked', scope='global')]}
MODULES = {role: role for role in ITEMS} | {'gnome_software_autostart': 'desktop_autostart'}


@pytest.fixture
def survey(monkeypatch, tmp_path):
    """The module of a survey: another one, with parameters of its own, that is not in check mode."""
    monkeypatch.setattr(basic, '_load_params', dict)
    module = basic.AnsibleModule(argument_spec={})
    module._tmpdir = str(tmp_path)  # pylint: disable=protected-access
    return module


@pytest.mark.parametrize('role', sorted(ITEMS))
def test_a_look_says_what_the_module_says_in_check_mode(survey, role, monkeypatch, tmp_path):
    """It writes at most below the folder of the module, which goes with it."""
    def watched(function):
        def checked(path, *arguments, **options):
            assert str(path).startswith(str(tmp_path)), 'it writes %s' % path
            return function(path, *arguments, **options)
        return checked
    for name in ('rename', 'mkdir', 'unlink', 'chmod'):
        monkeypatch.setattr(os, name, watched(getattr(os, name)))
    seen = remedy_kinds.look(survey, role, ITEMS[role])
    monkeypatch.undo()
    module = run_module(MODULES[role], check=True, items=ITEMS[role])
    assert seen == {key: module[key] for key in seen} and set(module) - set(seen) <= {'diff', 'invocation', 'warnings'}


def test_what_cannot_be_looked_at_is_told_and_ends_nothing(survey, monkeypatch):
    monkeypatch.setenv('PATH', '/nonexistent')
    monkeypatch.setattr(survey, 'get_bin_path', lambda name, opt_dirs=None: None)
    with pytest.raises(remedy_kinds.RemedyError, match='This host has no rsyslogd, .* Nothing was changed.'):
        remedy_kinds.look(survey, 'syslog_exclusions', [])
    monkeypatch.setattr(os, 'geteuid', lambda: 1000)
    with pytest.raises(remedy_kinds.RemedyError, match='tmpfiles_acl needs root to write to /etc/tmpfiles.d'):
        remedy_kinds.look(survey, 'tmpfiles_acl', ITEMS['tmpfiles_acl'])


def test_each_role_has_its_kind():
    assert [remedy_kinds.kind_of(role).KIND for role in remedy_kinds.ROLES] == list(remedy_kinds.ROLES) == list(remedy_specs.shipped())


def test_a_kind_that_keeps_is_told_of_its_other_items():
    diverted = [dict(signature_id=name, signature={}, keep=False) for name in 'ab']
    assert [one['keep'] for one in remedy_kinds.wanted(diverted, ['b'])] == [True, False]
    assert remedy_kinds.wanted(diverted, ['c']) == [] and not diverted[0]['keep']
    assert remedy_kinds.wanted(ITEMS['tmpfiles_acl'] + [dict(signature_id='c', groups=[])], ['c']) == [dict(signature_id='c', groups=[])]
