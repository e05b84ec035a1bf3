# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values of the syslog policy are remembered on a host."""
from __future__ import annotations

import json

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import variables
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy import settings

A, B, OWN = ({'name': name} for name in ('a', 'b', 'own'))


def test_every_value_that_says_what_the_policy_is_is_remembered():
    """A variable that comes later is either remembered, or named here with its reason."""
    actions = {'state', 'allow_shorter', 'selinux_ports', 'verify', 'verify_received', 'verify_wait'}  # of a run, not of the policy
    assert {name[len(settings.PREFIX):] for name in variables.policy_defaults()} == set(settings.NAMES) | actions


def test_what_is_not_the_default_was_given():
    defaults = variables.policy_defaults()
    assert settings.given({**defaults, 'syslog_policy_retention': '1y', 'syslog_policy_alert': {}, 'other': 1}, defaults) == ['alert', 'retention']
    assert settings.given({}, defaults) == []


def test_given_values_replace_those_of_earlier_runs():
    values = {'retention': '3y', 'rules': [A, B, OWN], 'default_rules': [A, B], 'alert': None, 'journal': {'keep': '1y'},
              'alert_signatures': [{'id': 'x', 'alert': 'exempt'}, {'id': 'y'}]}
    before = {'retention': '2y', 'short_retention': '180d'}
    assert settings.remembered(before, [], values) == before
    assert settings.remembered(before, ['alert', 'alert_signatures', 'retention', 'rules'], values) == {
        'retention': '3y', 'short_retention': '180d', 'alert': {}, 'rules': {'defaults': True, 'own': [OWN]},
        'alert_signatures': [{'id': 'x', 'alert': 'exempt'}]}
    assert settings.remembered({}, ['rules'], dict(values, rules=[A, OWN])) == {'rules': {'defaults': False, 'own': [A, OWN]}}


def test_nothing_given_leaves_no_file():
    assert settings.text({}) is None
    assert json.loads(settings.text({'retention': '2y'}) or '')['settings'] == {'retention': '2y'}
