# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misspelt variables: told, with the likely one; what is ours or a stranger's is not."""
from __future__ import annotations

import datetime
import glob
import os
import re

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import variables


@pytest.mark.parametrize('name, meant', [
    ('log_hygiene_rebot', 'log_hygiene_reboot'), ('log_hygiene_seriel', 'log_hygiene_serial'), ('log_hygiene_Reboot', 'log_hygiene_reboot'),
    ('log_hygiene_katalog_paths', 'log_hygiene_catalog_paths'), ('log_hygiene_syslogg', 'log_hygiene_syslog'),
    ('syslog_policy_retension', 'syslog_policy_retention'), ('syslog_policy_rule', 'syslog_policy_rules'),
    ('syslog_exclusions_retention', 'syslog_exclusions_retention_days'), ('tmpfiles_acl_remedi', 'tmpfiles_acl_remedy'),
    ('gnome_software_autostart_item', 'gnome_software_autostart_items'), ('syslog_policy_zzzzzzzzzzzzzzzzz', None),
    # Names that the roles once used for themselves.
    ('log_hygiene_host', 'log_hygiene_hosts'),
    ('log_hygiene_journal', 'log_hygiene_journey'),
])
def test_a_misspelt_name_is_told(name, meant):
    assert variables.unknown([name]) == [(name, meant)]
    text = variables.complaint(variables.unknown([name]))
    assert text.startswith(name) and 'group_vars' in text and ('did you mean' in text) == bool(meant)


def test_every_documented_name_and_our_own_are_known():
    assert {'log_hygiene_hosts', 'log_hygiene_serial', 'syslog_policy_rules', 'syslog_policy_alert',
            'tmpfiles_acl_items'} <= variables.documented()
    assert variables.unknown(variables.documented()) == []
    assert variables.unknown(['log_hygiene_record', 'syslog_policy_result', 'tmpfiles_acl_result']) == []


def test_no_other_name_of_ours_begins_like_one_for_users():
    """Else what one journey registers would end the next, or what the roles know by accident pass for an answer."""
    names = set()
    for pattern in ('playbooks/*.yml', 'roles/*/[dhmtv]*/*.yml', 'roles/*/templates/*'):
        for path in glob.glob(os.path.join(variables.ROOT, pattern)):
            with open(path, encoding='utf-8') as stream:
                names.update(re.findall(r'(?<![\w/.])(?:%s)_\w+' % '|'.join(variables.roles()), stream.read()))
    assert 'log_hygiene_run_dir' in names and names - variables.known() == set()


@pytest.mark.parametrize('name, meant', [
    ('log_hygeine_reboot', 'log_hygiene_reboot'), ('loghygiene_reboot', 'log_hygiene_reboot'), ('LOG_HYGIENE_REBOOT', 'log_hygiene_reboot'),
    ('sylog_policy_retention', 'syslog_policy_retention'), ('log_hygine_serial', 'log_hygiene_serial'),
])
def test_a_misspelt_beginning_is_remarked(name, meant):
    assert variables.unknown([name]) == [] and variables.doubtful([name]) == [(name, meant)]
    assert name in variables.remark([(name, meant)]) and meant in variables.remark([(name, meant)])


@pytest.mark.parametrize('name', [
    'mine', 'syslog_server', 'syslog_policy', 'ansible_host', 'hostvars', 'log_level', 'log_hygiene', 'logrotate_policy_days', 'tmpfiles',
    'rsyslog_policy_retention_of_ours', '__syslog_policy_rules', 'ansible_log_hygiene_record',
])
def test_a_strangers_name_is_left_alone(name):
    assert variables.unknown([name]) == [] and variables.doubtful([name]) == []


@pytest.mark.parametrize('serial, right', [(1, True), (0, True), ('10%', True), ([1, '5', '100%'], True), ('abc', False), ('-1', False),
                                           (True, False), ('5 %', False), ([1, None], False), ('1\n', False), ({}, False)])
def test_a_serial_is_numbers_and_percentages(serial, right):
    assert (variables.serial_problem(serial) is None) == right


@pytest.mark.parametrize('asked, said', [
    ([], None), ('', None), (['a-fault'], None), ('a-fault, b-fault', None), (('b-fault',), None),
    (['a-falt', 'b-fault', 'zzz'], 'the catalog has no signature a-falt (did you mean a-fault?), zzz'),
    ({'a-fault': True}, "{'a-fault': True} is not a list of ids of signatures"), (True, 'True is not a list of ids of signatures'),
])
def test_an_id_that_no_signature_has_is_told(asked, said):
    assert variables.ids_problem(asked, ['a-fault', 'b-fault']) == said


def test_the_variables_of_the_policy_and_their_defaults_are_known():
    assert variables.policy_defaults()['syslog_policy_state'] == 'present' and 'syslog_policy_default_rules' in variables.policy_defaults()
    assert variables.of_the_policy(['syslog_policy_retention', 'syslog_policy_result', 'log_hygiene_syslog', 'syslog_policy_alert']) == [
        'syslog_policy_alert', 'syslog_policy_retention']


NOW = datetime.datetime(2026, 11, 30, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize('name, value, said', [
    ('log_hygiene_settle', 5, None), ('log_hygiene_settle', '5', None), ('log_hygiene_settle', 'abc', 'must be a whole number, but is abc'),
    ('log_hygiene_settle', None, variables.EMPTY), ('log_hygiene_settle', -1, 'must not be negative, but is -1'),
    ('log_hygiene_settle', [5], 'must be a whole number, but is [5]'), ('log_hygiene_settle', float('inf'), 'must be a whole number, but is inf'),
    ('log_hygiene_reboot_timeout', 0, 'must not be less than 1, but is 0'), ('log_hygiene_reboot', 'yes', None),
    ('log_hygiene_reboot', 'yes please', 'must be true or false, but is yes please'), ('log_hygiene_language', 'kr', 'must be en or ko, but is kr'),
    ('log_hygiene_language', None, variables.EMPTY), ('log_hygiene_report', 'long', 'must be short or full, but is long'),
    ('log_hygiene_run_dir', '/srv/x', None), ('log_hygiene_run_dir', '', variables.EMPTY), ('log_hygiene_run_dir', ' ', variables.EMPTY),
    ('log_hygiene_run_dir', ['/srv'], "must be a text, but is ['/srv']"), ('log_hygiene_run_dir', True, 'must be a text, but is True'),
    ('log_hygiene_catalog_paths', 'a,b', None), ('log_hygiene_catalog_paths', [], None), ('log_hygiene_catalog_paths', ['a', ''], 'holds an empty text'),
    ('log_hygiene_catalog_paths', [{'a': 1}], "must be a list of texts, but is [{'a': 1}]"), ('log_hygiene_catalog_paths', None, variables.EMPTY),
    ('log_hygiene_reboot_command', None, None), ('log_hygiene_reboot_command', '', None), ('log_hygiene_since', None, None),
    ('log_hygiene_since', datetime.date(2026, 11, 22), None),
    ('log_hygiene_since', '2027-01-01', '2027-01-01 lies in the future, so no log would be looked at'),
    ('syslog_policy_verify', None, variables.EMPTY), ('syslog_policy_state', 'gone', 'must be present or absent, but is gone'),
])
def test_a_value_that_cannot_be_used_is_told(name, value, said):
    assert variables.wrong_values({name: value}, NOW) == ([(name, said)] if said else [])


def test_every_variable_of_the_journeys_is_checked():
    assert {name for name in variables.documented() if name.startswith('log_hygiene_')} - set(variables.specs()) == set(variables.OF_THE_PLAY)


def test_each_mistake_is_told_once_with_the_hosts_it_is_made_for():
    hosts = [f'h{number}' for number in range(9)]
    assert variables.told(dict.fromkeys(hosts, [])) is None and variables.told({}) is None
    assert variables.told(dict.fromkeys(hosts, ['a: wrong.'])) == 'a: wrong. Nothing was contacted.'
    found = {**dict.fromkeys(hosts, ['a: wrong.', 'b: one.\nb: two.']), 'h0': ['a: wrong. Nothing was contacted.', 'a: wrong.', 'c: too.']}
    assert variables.told(found) == (
        '3 mistakes:\n- a: wrong.\n- h0: c: too.\n- h1, h2, h3, h4, h5 and 3 more hosts: b: one.\n  b: two.\nNothing was contacted.')


@pytest.mark.parametrize('asked, own, right', [
    ([], ['always'], True), (['all'], ['always'], True), (['always', 'web'], ['always'], True), (['logs', 'web'], ['always', 'logs'], True),
    (['scan'], ['always'], False), (['untagged'], ['always'], False), (['web'], ['always', 'logs'], False)])
def test_a_tag_that_leaves_nothing_out_is_right(asked, own, right):
    assert (variables.tags_problem(asked, own) is None) == right


@pytest.mark.parametrize('serial, hosts, refused', [
    ([], 3, False), (['100%'], 3, False), ([1], 3, True), (['30%'], 3, True), (['30%'], 1, False), ([0], 3, False), ([3], 3, False), ([2, 5], 3, True),
    (['0%'], 3, False), (['odd'], 3, False)])
def test_a_play_of_a_whole_journey_has_all_hosts_at_once(serial, hosts, refused):
    assert ('makes a run of each batch' in (variables.batches_problem(serial, hosts) or '')) == refused


@pytest.mark.parametrize('serial', [10 ** 30, 99999999, -1, '5 %', True, None, [2, {}]])
def test_a_number_that_ansible_would_count_up_to_for_ever_is_told(serial):
    assert 'is neither a number of hosts' in variables.serial_problem(serial)
    assert variables.serial_problem([1, '10%', 5000000]) is None


@pytest.mark.parametrize('name', ["{{ lookup('pipe', 'id') }}", 'a{% b', 'x{#'])
def test_a_name_that_ansible_would_run_is_told(name):
    assert name in variables.name_problem(name) and variables.name_problem('web{1}.example') is None


@pytest.mark.parametrize('name, value, told', [
    ('syslog_policy_retention', None, 'is empty'), ('syslog_policy_retention', '', 'is empty'), ('syslog_policy_retention', '1y', None),
    ('syslog_policy_journal', None, 'is empty'), ('syslog_policy_journal', {}, None), ('syslog_policy_journal', '', 'is empty'),
    ('syslog_policy_journal', 'keep=1y', 'must be a dict'), ('syslog_policy_alert_signatures', [], None),
    ('syslog_policy_alert_signatures', [5], 'must be a list of dicts'),
    ('syslog_policy_default_rules', {'name': 'x'}, 'must be a list of dicts'), ('syslog_policy_state', 'gone', 'must be present or absent'),
    ('syslog_exclusions_retention_days', None, None)])
def test_values_of_the_syslog_policy(name, value, told):
    found = dict(variables.wrong_values({name: value}, datetime.datetime.now(datetime.timezone.utc)))
    assert (name in found) == bool(told) and (told or '') in found.get(name, '')
