# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong before any host is contacted, in Korean: the texts are those that the code itself raises."""
from __future__ import annotations

import datetime
import os
import re
from pathlib import Path

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records, run_dir, variables
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy import rules
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.refusals import refusal_text

SHIPPED = Path(records.__file__).resolve().parents[3] / 'catalog/signatures/sshd/sshd-dispatch-protocol-error.yml'
NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.timezone.utc)
# Three English words in a row, outside of quotations, paths and keys.
ENGLISH = re.compile(r'[A-Za-z][a-z]*(?: [a-z]{2,}){2,}')
NAMES = re.compile(r"\S*[/_.@=]\S*|`[^`]*`|\"[^\"]*\"|'[^']*'|\([^()]*severity\)")


def korean(text):
    """The text in Korean, of which nothing is left in English."""
    told = refusal_text('ko', text)
    assert refusal_text('en', text) == text and told.count('\n') == text.count('\n')
    for line in told.splitlines():
        assert '영문 원문' not in line and not ENGLISH.search(NAMES.sub('#', line)), line
    return told


@pytest.mark.parametrize('name, value, told', [
    ('language', 'kr', '다음 값이어야 함: en 또는 ko(현재 값: kr)'), ('settle', -3, '음수일 수 없음(현재 값: -3)'),
    ('settle', 'abc', '다음 값이어야 함: 정수(현재 값: abc)'), ('reboot_timeout', 0, '1보다 작은 값일 수 없음(현재 값: 0)'),
    ('reboot', 'yes please', '다음 값이어야 함: true 또는 false(현재 값: yes please)'),
    ('since', '2099-01-01', '2099-01-01은(는) 미래의 시각이므로 확인할 로그가 없음'), ('since', 'yesterday', None), ('settle', None, None),
    ('opt_in', {'a': 1}, None), ('opt_in', [''], '빈 텍스트가 있음'), ('run_dir', ['x'], None)])
def test_values_of_variables(name, value, told):
    (wrong,) = variables.wrong_values({'log_hygiene_' + name: value}, NOW)
    text = korean(variables.value_complaint(wrong))
    assert text.startswith('log_hygiene_%s: %s' % (name, told or '')) and text.endswith('-e, 인벤토리, group_vars, host_vars에서 수정하십시오.')


def test_several_mistakes_of_several_hosts():
    one, other = (variables.value_complaint(variables.wrong_values({'log_hygiene_settle': value}, NOW)[0]) for value in ('abc', -3))
    hosts = dict(('web%d' % number, [one]) for number in range(7))
    assert korean(variables.told({**hosts, 'db1': [one, other], 'db2': []})).splitlines() == [
        '오류 2건:',
        '- web0, web1, web2, web3, web4 외 3대: log_hygiene_settle: 다음 값이어야 함: 정수(현재 값: abc). -e, 인벤토리, group_vars, host_vars에서 수정하십시오.',
        '- db1: log_hygiene_settle: 음수일 수 없음(현재 값: -3). -e, 인벤토리, group_vars, host_vars에서 수정하십시오.', '서버에 접속하지 않았습니다.']
    assert korean(variables.told({'a': [one], 'b': [one], 'c': []})).startswith('a, b: log_hygiene_settle: ')


@pytest.mark.parametrize('names', [['log_hygiene_reboots'], ['log_hygiene_reboots', 'log_hygiene_qqq']])
def test_names_of_variables(names):
    assert korean(variables.complaint(variables.unknown(names))).partition(': ')[0].split('; ')[-1] == 'log_hygiene_reboots(혹시 log_hygiene_reboot?)'


def test_other_variables():
    asked = variables.ids_problem(['rhel-deprecated-drive', 'q'], ['rhel-deprecated-driver'])
    assert '카탈로그에 없는 시그니처 rhel-deprecated-drive(혹시 rhel-deprecated-driver?), q. ' in korean(
        variables.value_complaint(('log_hygiene_opt_in', asked)))
    for text in (variables.tags_problem(['scan'], []), variables.strategy_problem('free'), variables.out_of_place('log_hygiene_hosts'),
                 variables.other_journey('audit', 'remediate'), variables.serial_problem('abc')):
        korean(text)


def test_the_run_directory(tmp_path):
    (tmp_path / 'file').touch()
    (tmp_path / 'link').symlink_to('/etc')
    (tmp_path / 'open').mkdir()
    os.chmod(tmp_path / 'open', 0o777)
    for name in ('file', 'link', 'open'):
        assert korean(run_dir.problem(str(tmp_path / name))).endswith('서버에 접속하지 않았습니다.')


@pytest.mark.parametrize('policy', [
    [], {'a': 1}, ['x'],
    [{'name': 'x y', 'file': '/etc/x', 'keep': '12', 'facilities': ['kernn'], 'foo': 1}, {'name': 'c'}, {'name': 'c'}],
    [{'name': 'b', 'separate': 'maybe', 'forward': {'target': 'a b', 'tls': {'ca_file': 'rel'}}, 'alert': {'mail': ['-x']}}],
    [{'name': 'd', 'file': '/var/log/x', 'keep': '1y', 'separate': True}, {'name': 'e', 'file': '/var/log/x', 'keep': '2y'}],
    [{'name': 'f', 'alert': {'limit': 3}, 'severities': ['none', 'warnn'], 'severity_at_least': 'err'}],
    [{'name': 'g', 'file': '/var/log/wtmp', 'keep': '200y', 'forward': {'target': 'h', 'protocol': 'quic', 'port': 70000, 'queue': {'disk': '1'}}}]])
def test_rules_of_a_policy(policy):
    with pytest.raises(rules.SyslogPolicyError) as error:
        rules.normalise(policy)
    korean('syslog_policy_rules: the syslog policy is not valid. Nothing was contacted.\n%s' % error.value)


def test_files_of_a_catalog(tmp_path):
    shipped = SHIPPED.read_text()
    name = 'id: sshd-dispatch-protocol-error'
    files = {'empty.yml': '', 'list.yml': '- x', 'twice.yml': 'a: 1\na: 2', 'other.yml': shipped,
             'mine.yml': shipped.replace(name, 'id: mine').replace('revision: 2', 'revision: x').replace('owner:', 'ownr:').replace('divert', 'hide'),
             'any.yml': shipped.replace(name, 'id: any').replace('disposition: investigate', 'disposition: divert').replace('priority: info', 'priority: crit'),
             SHIPPED.name: shipped.replace('disposition: investigate', 'disposition: explain').replace('[0-9]+ seq', '(a+)+x seq')}
    for one, text in files.items():
        (tmp_path / one).write_text(text)
    with pytest.raises(catalog.CatalogError) as error:
        catalog.load([str(tmp_path), str(tmp_path / 'none')])
    told = korean('%s\nNothing was contacted.' % error.value)
    assert told.startswith('카탈로그에 문제가 ') and '키 `id`: sshd-dispatch-protocol-error이나 파일 이름은 other임' in told
