# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that are lost on the way, runs that end early, and what is wrong on the control node: nothing of it is told as clean.

Real runs of ansible-playbook. Their hosts are this machine, by a connection that dies at a certain module. Nothing is
changed: scans, audits, check mode, and a remediation that dies before it changes anything.
"""
from __future__ import annotations

import concurrent.futures
import csv
import json
import os
import re
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import ansible_starts
import jsonschema
import pytest
import yaml
from test_remedy_kinds import examples

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records

HERE = Path(__file__).resolve()
INSTALLED = [Path(folder) / 'ansible_collections/loghygiene/rhel'
             for folder in os.environ['ANSIBLE_COLLECTIONS_PATH'].split(os.pathsep)]
SCHEMA = json.loads((next(path for path in INSTALLED if path.is_dir()) / 'docs/record.schema.json').read_text())
NEWEST = Path(sys.executable).parent
OLDEST = Path(os.environ['ANSIBLE_OLDEST_BIN'])
SEEN = 'findings'  # these runs look only at what was logged since they began: a journal without an entry is one


class Run:
    """What a run of a playbook left."""

    def __init__(self, done: subprocess.CompletedProcess, run_dir: Path, name: str):
        self.status, self.text, self.run_dir, self.name = done.returncode, done.stdout, run_dir, name

    def record(self, host: str) -> dict:
        record = json.loads((self.run_dir / f'{host}.{self.name}.json').read_text())
        jsonschema.Draft202012Validator(SCHEMA).validate(record)
        return record

    @property
    def summary(self) -> dict:
        """The JSON summary. What it says of a host is a record as well."""
        summary = json.loads((self.run_dir / f'{self.name}-summary.json').read_text())
        for record in summary['hosts']:
            jsonschema.Draft202012Validator(SCHEMA).validate(record)
        return summary

    @property
    def rows(self) -> list:
        with open(self.run_dir / f'{self.name}-summary.csv', encoding='utf-8-sig', newline='') as stream:
            return list(csv.DictReader(stream))


class Control:
    """A control node with hosts of which some die."""

    def __init__(self, folder: Path):
        self.folder, self.run_dir, self.graves = folder, folder / 'log_hygiene', folder / 'graves'

    def play(self, playbook: str, hosts: dict, *more: str, binaries: Path = NEWEST, name: str = '', keep_graves: bool = False,
             stderr: int = subprocess.STDOUT, wrap: tuple | list = (), **environ) -> Run:
        """Run a playbook, or several, on {host: {variable: value}}; `dies_at` is the module that a host is lost at.

        :param wrap: a command line that runs the one behind it.
        """
        self.graves.mkdir(exist_ok=True)
        for grave in [] if keep_graves else self.graves.iterdir():
            grave.unlink()
        inventory = self.folder / 'hosts.yml'
        inventory.write_text(yaml.safe_dump({'all': {
            'vars': {'ansible_connection': 'mortal', 'ansible_become': False, 'ansible_python_interpreter': '/usr/bin/python3',
                     'mortal_grave': str(self.graves) + '/{{ inventory_hostname }}',
                     'log_hygiene_since': '@%d' % time.time(), 'log_hygiene_run_dir': str(self.run_dir)},
            'hosts': {host: {('mortal_' + key if key in ('dies_at', 'takes_along', 'machine_id', 'logs') else key): value
                             for key, value in variables.items()} for host, variables in hosts.items()}}}))
        done = ansible_starts.run(
            [*wrap, str(binaries / 'ansible-playbook'), *(one if '/' in one else f'loghygiene.rhel.{one}' for one in playbook.split()),
             '-i', str(inventory), *more], cwd=self.folder, stderr=stderr, timeout=300,
            env={**os.environ, 'ANSIBLE_PIPELINING': '1', 'ANSIBLE_NOCOLOR': '1', 'COLUMNS': '1000',
                 'ANSIBLE_CONNECTION_PLUGINS': str(HERE.parent / 'connection_plugins'), **environ})
        return Run(done, self.run_dir, name or playbook)


@pytest.fixture(name='control')
def control_node(tmp_path):
    return Control(tmp_path)


@pytest.mark.parametrize('binaries, pipelining', [(NEWEST, '0'), (OLDEST, '1')])
def test_a_host_that_is_lost_is_not_clean(control, binaries, pipelining):
    run = control.play('scan', {'good': {}, 'lost': {'dies_at': 'host_survey'}}, binaries=binaries, ANSIBLE_PIPELINING=pipelining)
    assert run.status == 4, run.text
    assert 'Hosts: 2 (0 clean, 1 with findings, 0 with errors, 1 not seen).' in run.text
    assert run.summary['states'] == {'good': SEEN, 'lost': 'unseen'} and run.summary['ended']
    assert run.text.index('Hosts: 2') > run.text.rindex('fatal: [')  # it stands last on the screen
    assert 'lost: the host was not seen: No route to host' in run.text
    assert run.record('good')['stages'] == {'survey': 'ran', 'plan': 'ran'}
    assert run.record('lost')['stages'] == {'survey': 'lost', 'plan': 'not_run'}
    assert run.record('lost')['reachable'] is False and run.record('lost')['target'] is None
    assert [(row['host'], row['text']) for row in run.rows if row['kind'] == 'not_seen'] == [('lost', 'No route to host')]


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_a_play_whose_hosts_do_not_wait_for_each_other_is_refused(control, binaries):
    (control.folder / 'role.yml').write_text('- {hosts: all, gather_facts: false, roles: [loghygiene.rhel.log_hygiene]}\n')
    run = control.play('./role.yml', {'one': {}, 'two': {}}, binaries=binaries, ANSIBLE_STRATEGY='free')
    assert run.status == 2 and 'strategy: free' in run.text and not run.run_dir.exists()


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_an_audit_costs_six_results_and_one_visit(control, binaries):
    hosts = {'host%d' % number: {} for number in range(3)}
    run = control.play('audit', hosts, binaries=binaries, ANSIBLE_CALLBACKS_ENABLED='results', RESULTS_FILE=str(control.folder / 'results'),
                       ANSIBLE_CALLBACK_PLUGINS=str(HERE.parent / 'callback_plugins'), MORTAL_VISITS=str(control.folder / 'visits'))
    assert set(run.summary['states']) == set(hosts), run.text
    results = json.loads((control.folder / 'results').read_text())
    # What is done once for all hosts is done by the first.
    once = {'loghygiene.rhel.log_hygiene : Begin the run', 'loghygiene.rhel.log_hygiene : Write the files',
            'loghygiene.rhel.log_hygiene : End the run if anything is wrong', 'loghygiene.rhel.log_hygiene : Print the report'}
    assert {host: len([name for name, dummy in found if name not in once]) for host, found in results.items()} == dict.fromkeys(hosts, 6), results
    visits = (control.folder / 'visits').read_text().split()
    assert sorted(visits) == sorted('host_survey' for dummy in hosts)


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_a_host_of_which_nobody_said_where_its_python_is(control, binaries):
    """Ansible looks for one then, as it does by default, and warns of that in what the first module returns."""
    run = control.play('scan', {'good': {'ansible_python_interpreter': 'auto'}}, binaries=binaries, PATH='/usr/sbin:/usr/bin:/sbin:/bin')
    assert run.status == 0 and run.record('good')['errors'] == [], run.text


def test_an_audit_in_korean_ends_with_the_table_and_tells_each_host_by_its_own_catalog(control):
    shipped = next(path for path in INSTALLED if path.is_dir()) / 'catalog/signatures/sshd/sshd-dispatch-protocol-error.yml'
    other = control.folder / 'other' / shipped.name
    other.parent.mkdir()
    other.write_text(re.sub(r'(?m)^  ko: .*', '  ko: "다른 제목"', shipped.read_text(), count=1).replace('owner: loghygiene maintainers', 'owner: 보안팀'))
    hosts = {'first': {}, 'second': {'log_hygiene_catalog_paths': [str(other.parent)]}, 'third': {}, 'lost': {'dies_at': 'host_survey'}}
    run = control.play('audit', hosts, '-e', 'log_hygiene_language=ko', COLUMNS='100')
    assert run.status == 4, run.text
    told = {row['서버']: (row['제목(대상)'], row['담당']) for row in run.rows if (row['구분'], row['시그니처 ID']) == ('시그니처', shipped.stem)}
    title = yaml.safe_load(shipped.read_text())['title']['ko']
    assert told == {'first': (title, 'loghygiene maintainers'), 'second': ('다른 제목', '보안팀'), 'third': (title, 'loghygiene maintainers')}
    assert [(row['서버'], row['내용']) for row in run.rows if row['구분'] == '미접속'] == [('lost', '경로 없음')]
    report, after = run.text[run.text.rindex('fatal: ['):].split('\n', 1)[1].rsplit('\n파일: ', 1)
    table = report[report.rindex('점검  서버 4대'):].splitlines()
    assert any(line.startswith('lost ') and line.endswith('미접속: 경로 없음') for line in table), table
    assert [line for line in after.partition('PLAY RECAP')[0].splitlines()[1:] if line and not line.startswith('ok: [')] == []
    assert '영문 원문' not in report, report


def test_a_host_lost_among_its_remedies_is_not_clean(control):
    """Ansible drops a host that is lost at one of its own modules: neither rescue nor the rest of the play hears of it."""
    role = control.folder / 'collections/ansible_collections/acme/things/roles/of_ansible'
    (role / 'tasks').mkdir(parents=True)
    (role / 'tasks/main.yml').write_text('- ansible.builtin.stat: {path: /etc}\n')
    signature = {**yaml.safe_load(examples('signatures.md')['acme-agent-idle']), **yaml.safe_load(examples('remedies.md')['remedy'])}
    signature['remedy'] = dict(signature['remedy'], role='acme.things.of_ansible', **{'with': {}})
    (control.folder / 'signatures').mkdir()
    (control.folder / 'signatures/acme-agent-idle.yml').write_text(yaml.safe_dump(signature))
    run = control.play('remediate', {'dropped': {'dies_at': 'stat', 'machine_id': 'a' * 32},
                                     'failing': {'dies_at': 'desktop_autostart', 'machine_id': 'b' * 32}},
                       '--check', '-e', json.dumps({'log_hygiene_apply': 'all', 'log_hygiene_catalog_paths': [
                           str(control.folder / 'signatures')]}), name='check',
                       ANSIBLE_COLLECTIONS_PATH='%s:%s' % (control.folder / 'collections', os.environ['ANSIBLE_COLLECTIONS_PATH']))
    assert run.status == 4, run.text
    for host in ('dropped', 'failing'):
        record = run.record(host)
        assert (record['stages']['plan'], record['stages']['remedies'], record['stages']['verify']) == ('ran', 'lost', 'not_run'), run.text
    run.name = 'remediate.check'
    assert run.summary['states'] == {'dropped': 'unseen', 'failing': 'unseen'}
    assert 'no longer answered in stage remedies' in run.text


def test_one_host_at_a_time_all_are_looked_at(control):
    """Ansible ends a play when every host of a batch has failed."""
    hosts = {'first': {}, 'never': {'dies_at': 'host_survey'}, 'last': {}}
    run = control.play('scan', hosts, '-e', 'log_hygiene_serial=1', '-e', 'log_hygiene_language=ko')
    assert run.status == 4, run.text
    assert run.summary['states'] == {'first': SEEN, 'never': 'unseen', 'last': SEEN}
    assert '서버 3대: 정상 0  확인 2  오류 0  미접속 1' in run.text and '서버에 접속하지 못했습니다' in run.text
    run = control.play('verify', {'first': {}, 'last': {}}, '-e', 'log_hygiene_serial=1', MORTAL_VISITS=str(control.folder / 'visits'))
    assert run.status == 2, run.text
    assert run.summary['states'] == {'first': 'failed', 'last': 'failed'}
    assert all('holds no record of a remediation' in record['errors'][0]['message'] for record in run.summary['hosts'])
    assert not (control.folder / 'visits').exists()  # known before anybody is contacted


def test_a_limit_leaves_the_others_out_of_the_totals(control):
    run = control.play('scan', {'good': {}, 'other': {}}, '--limit', 'good', '--tags', 'all')
    assert run.status == 0, run.text
    assert run.summary['states'] == {'good': SEEN}


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_no_tag_makes_a_run_of_nothing(control, binaries):
    hosts = {'good': {'dies_at': 'host_survey'}}
    for playbook in ('remediate', 'syslog_policy'):
        run = control.play(playbook, hosts, '--tags', 'scan', binaries=binaries)
        assert run.status == 2 and '--tags scan: the playbooks of this collection have no such tag' in run.text, run.text
        run = control.play(playbook, hosts, '--skip-tags', 'always', binaries=binaries)
        assert run.status in (1, 4) and '--skip-tags always leaves out all of the playbook' in run.text, run.text
    assert not list(control.graves.iterdir()) and not control.run_dir.exists()


def test_a_playbook_that_imports_ours_has_its_tags_heard(control):
    playbook = control.folder / 'own.yml'
    playbook.write_text(yaml.safe_dump([{'import_playbook': 'loghygiene.rhel.scan', 'tags': ['logs']}]))
    run = control.play(str(playbook), {'good': {}}, '--tags', 'logs', name='scan')
    assert run.status == 0 and run.summary['states'] == {'good': SEEN}, run.text
    run = control.play(str(playbook), {'good': {}}, '--tags', 'web', '--skip-tags', 'always')
    assert run.status == 0 and 'ok=' not in run.text, run.text


@pytest.mark.parametrize('playbook, binaries', [('audit', NEWEST), ('remediate', OLDEST), ('syslog_policy', NEWEST)])
def test_an_inventory_without_a_host_is_not_clean(control, playbook, binaries):
    """The file that is shipped, of which every line is a comment; one that is not there, or cannot be read, beside one that is and can."""
    shipped = next(path for path in INSTALLED if path.is_dir()) / 'playbooks/hosts'
    done = subprocess.run([str(binaries / 'ansible-playbook'), f'loghygiene.rhel.{playbook}', '-i', str(shipped)], cwd=control.folder,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode in (1, 4) and f'the inventory ({shipped}) holds none' in done.stdout, done.stdout
    run = control.play(playbook, {'good': {}}, '-i', str(control.folder / 'hsots'), binaries=binaries)
    assert run.status in (1, 4) and 'hsots: there is no such inventory' in run.text, run.text
    broken = control.folder / 'broken.yml'
    broken.write_text('all: {hosts: {web1: {}, web2: ]}')
    run = control.play(playbook, {'good': {}}, '-i', str(broken), binaries=binaries)
    assert run.status in (1, 4) and 'broken.yml: Ansible could not read it' in run.text, run.text
    run = control.play(playbook, {'good': {}}, '--limit', 'nosuch', binaries=binaries)
    assert run.status == 1 and 'leaves us with no hosts to target' in run.text, run.text
    assert not control.run_dir.exists()


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_one_machine_under_two_names_is_noticed_before_anything_is_changed(control, binaries):
    """It would be changed twice, and counted twice. Machines that only share the id, as clones do, are told and not refused."""
    hosts = {'web1': {}, 'www': {}, 'other': {'machine_id': 'b' * 32}}
    run = control.play('scan', hosts, binaries=binaries)
    twice = {record['host']: [item['data']['hosts'] for item in record['findings'] if item['kind'] == 'same_machine'] for record in run.summary['hosts']}
    assert run.status == 0 and twice == {'web1': ['www'], 'www': ['web1'], 'other': []}, run.text
    # Also where one of them would have its turn much later.
    run = control.play('remediate', dict(hosts, www={'log_hygiene_syslog': True}, web1={'log_hygiene_syslog': True}), '--check',
                       '-e', 'log_hygiene_serial=1', binaries=binaries, MORTAL_VISITS=str(control.folder / 'visits'))
    run.name = 'remediate.check'
    assert run.status == 2 and run.summary['states'] == {'web1': 'failed', 'www': 'failed', 'other': SEEN}, run.text
    told = {record['host']: record['errors'][0]['message'] for record in run.summary['hosts'] if record['errors']}
    assert told['web1'].startswith('web1: the same machine as www, by its machine id and boot id. Nothing was changed under this name.'), told
    assert set((control.folder / 'visits').read_text().split()) == {'host_survey'}


@pytest.mark.parametrize('binaries, more', [
    (NEWEST, ()), (OLDEST, ('--check', '-e', 'log_hygiene_language=ko')), (OLDEST, ('-e', 'log_hygiene_serial=1')),
    (NEWEST, ('--check', '-e', '{"log_hygiene_serial": [1, 2]}'))])
def test_the_policy_too_notices_one_machine_under_two_names(control, binaries, more):
    hosts = {'web1': {}, 'other': {'machine_id': 'b' * 32}, 'www': {}}
    # This machine is not to be changed, whatever becomes of the code.
    run = control.play('syslog_policy', {name: dict(own, dies_at='host_lock') for name, own in hosts.items()}, *more, binaries=binaries,
                       MORTAL_VISITS=str(control.folder / 'visits'))
    assert run.status == 4 and [(control.graves / name).exists() for name in hosts] == [False, True, False], run.text
    for name, twice in (('web1', 'www'), ('www', 'web1')):
        assert f'{name}: the same machine as {twice}, by its machine id and boot id. Nothing was changed under this name.' in run.text, run.text
        if 'log_hygiene_language=ko' in more:
            assert f'{name}: machine-id와 부팅 ID로 보아 {twice}와(과) 같은 서버입니다.' in run.text, run.text
    assert 'other: the same' not in run.text
    visits = (control.folder / 'visits').read_text().split()
    # One visit each, and one more before the first batch; the third is lost as it takes the lock, and as it releases it.
    assert sorted(visits) == ['host_info'] * (6 if 'log_hygiene_serial' in str(more) else 3) + ['host_lock'] * 2, visits


def test_one_of_two_names_gets_the_policy(control):
    run = control.play('syslog_policy', {'web1': {}, 'www': {}}, '--check', '--limit', 'web1')
    assert 'web1  would be put in place' in run.text and 'Hosts: 1 (' in run.text, run.text


@pytest.mark.parametrize('binaries, strategy', [(OLDEST, 'free'), (NEWEST, 'linear')])
def test_the_role_of_the_policy_alone_changes_a_machine_under_one_name_at_most(control, binaries, strategy):
    """Also in two plays, and where hosts do not wait for each other: whoever comes second is refused."""
    role = {'ansible.builtin.import_role': {'name': 'loghygiene.rhel.syslog_policy'}}
    (control.folder / 'role.yml').write_text(yaml.safe_dump([
        {'hosts': hosts, 'gather_facts': False, 'serial': 1, 'ignore_unreachable': True,
         'tasks': [{'block': [role], 'rescue': [{'ansible.builtin.debug': {'msg': '{{ ansible_failed_result.msg }}'}}]}]}
        for hosts in (['web1:www'] if strategy == 'free' else ['web1', 'www'])]))
    run = control.play('./role.yml', dict.fromkeys(('web1', 'www'), {'dies_at': 'host_lock'}), binaries=binaries, ANSIBLE_STRATEGY=strategy)
    assert (control.graves / 'web1').exists() and not (control.graves / 'www').exists(), run.text
    assert 'www: the same machine as web1' in run.text and 'web1: the same' not in run.text, run.text


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_what_no_journal_could_tell_was_not_never_there(control, binaries):
    hosts = {}
    for name in ('none', 'damaged', 'messages'):
        journal = control.folder / name / 'journal' / Path('/etc/machine-id').read_text().strip()
        journal.mkdir(parents=True)
        hosts[name] = {'logs': str(control.folder / name), 'log_hygiene_since': ''}
        if name == 'damaged':
            (journal / 'system.journal').write_bytes(os.urandom(65536))
    (control.folder / 'messages' / 'messages').write_text('Nov 30 10:00:00 host app[1]: hello\n')
    run = control.play('audit', hosts, binaries=binaries)
    for name in hosts:
        record = run.record(name)
        assert run.summary['states'][name] == 'findings' and 'journal' not in record['plan'][0]['seen'], run.text
        assert {(row['verdict'], row['reason']) for row in record['verify']['verdicts']} == {(None, None), ('unknown', 'unread')}, run.text
        told = [row for row in run.rows if row['host'] == name and row['kind'] == 'signature']
        assert told and {row['found_journal'] for row in told} == {''} and 'never present' not in {row['verdict'] for row in told}
        assert [row['text'] for row in run.rows if row['host'] == name and row['kind'] == 'finding:unread'][0].startswith('journal: no entry could be read')


def test_runs_are_kept_and_a_limit_adds_to_the_picture_of_the_fleet(control):
    hosts = {'web1': {}, 'db1': {'dies_at': 'host_survey'}, 'gone': {}}
    first = control.play('audit', hosts)
    folder = (control.run_dir / 'latest').resolve()
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(kept) == {'audit-summary.json', 'audit-summary.csv', 'web1.audit.json', 'db1.audit.json', 'gone.audit.json'}, first.text
    assert re.fullmatch(r'\d{8}T\d{6}Z-audit-' + first.summary['run'][:8], folder.name) and str(folder) in first.text.replace('latest', folder.name)
    aged = first.summary  # as if it had been ten days ago
    for record in aged['hosts']:
        record['updated'] = record['updated'].replace(record['updated'][:10], (date.today() - timedelta(days=10)).isoformat())
    (control.run_dir / 'audit-summary.json').write_text(json.dumps(aged))
    (control.run_dir / 'gone.audit.json').unlink()
    del hosts['gone']
    run = control.play('audit', hosts, '--limit', 'web1')
    assert 'cannot be reported' not in run.text, run.text
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept  # nothing of the first was touched
    assert (control.run_dir / 'latest').resolve() != folder and 'Hosts of earlier runs that the files also hold: 1 (' in run.text, run.text
    assert json.loads((control.run_dir / 'latest/audit-summary.json').read_text())['states'].keys() == {'web1'}
    assert run.summary['states'] == {'web1': 'findings', 'db1': 'unseen'} and [one['host'] for one in run.summary['earlier']] == ['db1']
    ages = {row['host']: int(row['age_days']) for row in run.rows if row['kind'] == 'host'}
    assert ages['web1'] == 0 and ages['db1'] in (9, 10), ages
    # Only so many are kept; of other journeys none is counted.
    control.play('scan', hosts, '--limit', 'web1', '-e', 'log_hygiene_keep_runs=1')
    assert len(list((control.run_dir / 'runs').iterdir())) == 3
    control.play('audit', hosts, '--limit', 'web1', '-e', 'log_hygiene_keep_runs=2')
    assert not folder.exists() and len(list((control.run_dir / 'runs').iterdir())) == 3


def test_runs_at_the_same_time_do_not_disturb_each_other(control):
    """Of the same journey, one for each half of the hosts and one for a host of the other."""
    hosts = {'web1': {}, 'web2': {}, 'db1': {}}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda limit: control.play('audit', hosts, '--limit', limit, keep_graves=True), ['web1,web2', 'db1,web1']))
    assert [run.status for run in runs] == [2, 2], [run.text for run in runs]
    assert runs[0].summary['states'] == dict.fromkeys(hosts, 'findings') and len(list((control.run_dir / 'runs').iterdir())) == 2
    for folder, states in ((folder, json.loads((folder / 'audit-summary.json').read_text())['states']) for folder in (control.run_dir / 'runs').iterdir()):
        assert set(states.values()) == {'findings'} and {path.name for path in folder.glob('*.audit.json')} == {host + '.audit.json' for host in states}


def lasting_record(host: str) -> dict:
    """The record of a host whose syslog policy a remediation applied."""
    return {'schema': 1, 'host': host, 'journey': 'remediate', 'check_mode': False, 'reachable': True, 'run': 'theirs', 'stages': {}, 'target': None,
            'scan': None, 'plan': [], 'remedies': {}, 'applied': {}, 'policy_applied': {'run': 'theirs', 'at': '2026-11-22T10:00:00Z'},
            'reboot': None, 'findings': [], 'errors': []}


@pytest.mark.parametrize('playbook', ['remediate', 'rollback'])
def test_a_host_that_another_remediation_works_on_is_left_alone(control, playbook):
    control.run_dir.mkdir(mode=0o700)
    with open(f'/proc/{os.getpid()}/stat', encoding='utf-8') as stream:
        born = stream.read().rpartition(')')[2].split()[19]
    (control.run_dir / f'.remediate-run.{os.getpid()}-x.json').write_text(json.dumps({
        'id': 'theirs', 'name': 'x', 'process': os.getpid(), 'born': born, 'node': records.node(), 'started': '2026-11-22T10:00:00Z', 'held': None}))
    record = lasting_record('web1')
    (control.run_dir / 'web1.json').write_text(json.dumps(record))
    run = control.play(playbook, {'web1': {}}, MORTAL_VISITS=str(control.folder / 'visits'))
    assert run.status == 2 and 'another run works on this host at this moment' in run.text, run.text
    assert not (control.folder / 'visits').exists() and json.loads((control.run_dir / 'web1.json').read_text()) == record
    assert json.loads((control.run_dir / 'latest/web1.json').read_text())['errors']


@pytest.fixture
def unlocked():
    """This machine is the host: who dies in a role leaves its claim, which would keep off others for 15 minutes."""
    lock = Path('/run/log_hygiene.lock')
    lock.unlink(missing_ok=True)
    yield
    lock.unlink(missing_ok=True)


@pytest.mark.usefixtures('unlocked')
@pytest.mark.parametrize('playbook', ['remediate', 'rollback'])
def test_when_a_whole_batch_is_lost_while_it_is_changed_the_next_is_left_alone(control, playbook):
    dies = {'dies_at': 'rsyslog_policy', 'log_hygiene_syslog': True}
    if playbook == 'rollback':
        control.run_dir.mkdir(mode=0o700)
        for host in ('first', 'second'):
            (control.run_dir / f'{host}.json').write_text(json.dumps(lasting_record(host)))
    run = control.play(playbook, {'first': dies, 'second': dict(dies, machine_id='b' * 32)}, '-e', 'log_hygiene_serial=1')
    assert run.status == 4, run.text
    summary = run.summary
    assert summary['states'] == {'first': 'unseen', 'second': 'unseen'}
    assert {record['host']: record['stages']['survey'] for record in summary['hosts']} == {'first': 'ran', 'second': 'lost'}
    assert 'second: the host was not seen: left alone: the batch before (first) failed or was lost' in run.text
    assert run.text.count('Hosts: 2 (0 clean, 0 with findings, 0 with errors, 2 not seen).') == 1  # though no host is left
    assert not (control.graves / 'second').exists()
    if playbook == 'rollback':   # the next one still knows what to take back
        for host in ('first', 'second'):
            assert json.loads((control.run_dir / f'{host}.json').read_text())['policy_applied']['run'] == 'theirs'


def test_a_run_that_is_killed_leaves_nobody_clean(control):
    assert control.play('scan', {'good': {}}).summary['states'] == {'good': SEEN}
    run = control.play('scan', {'good': {}, 'last': {'dies_at': 'host_survey', 'takes_along': True}})
    assert run.status != 0
    assert run.summary['states'] == {'good': 'unseen', 'last': 'unseen'} and run.summary['ended'] is None
    assert [(row['kind'], row['verdict']) for row in run.rows] == 2 * [('host', 'unseen'), ('not_seen', '')]
    assert 'was killed' in run.rows[1]['text']
    # Nor is what it left taken for what a later run found.
    run = control.play('scan', {'good': {}}, '--start-at-task', 'Set the exit status')
    assert run.status == 2 and 'this run did not begin here' in run.text, run.text


MISSPELT = [
    ({'log_hygiene_rebot': True}, 'log_hygiene_rebot (did you mean log_hygiene_reboot?)'),
    ({'syslog_policy_retension': '2y'}, 'syslog_policy_retension (did you mean syslog_policy_retention?)'),
    ({'syslog_policy_ruls': []}, 'syslog_policy_ruls (did you mean syslog_policy_rules?)'),
    ({'log_hygiene_journal': '2y'}, 'log_hygiene_journal (did you mean log_hygiene_journey?)'),
]
WRONG = [
    ({'log_hygiene_reboot': 'maybe'}, 'log_hygiene_reboot: '), ({'log_hygiene_apply': 'everything'}, 'log_hygiene_apply: '),
    ({'log_hygiene_settle': -3}, 'log_hygiene_settle: must not be negative'),
    ({'log_hygiene_since': 'yesterdayy'}, 'yesterdayy is not a time'),
    ({'log_hygiene_since': '2130-01-01'}, 'lies in the future'),
    ({'syslog_policy_rules': [{'name': 'b', 'facilities': ['mail'], 'keep': '1y', 'fiel': 'x'}, {'name': 'c', 'keep': 'ever'}]}, 'Rule c: keep:'),
    ({'log_hygiene_language': 'kr'}, 'log_hygiene_language: '),
    ({'log_hygiene_opt_in': ['tmpfiles-acl-missing-grup']}, 'log_hygiene_opt_in: the catalog has no signature tmpfiles-acl-missing-grup (did you'),
    ({'log_hygiene_settle': '{{ nosuch }}'}, "log_hygiene_settle: cannot be evaluated: 'nosuch' is undefined"),
    ({'log_hygiene_run_dir': ''}, 'log_hygiene_run_dir: is empty'), ({'log_hygiene_run_dir': ['here']}, 'log_hygiene_run_dir: must be a text'),
    ({'log_hygiene_catalog_paths': {'here': True}}, 'log_hygiene_catalog_paths: must be a list of texts'),
    ({'log_hygiene_reboot_command': ['reboot']}, 'log_hygiene_reboot_command: must be a text'),
    # As of the line `syslog_policy_retention:` with nothing behind it: the policy would keep the logs for no time.
    ({'syslog_policy_retention': None}, 'syslog_policy_retention: is empty.'),
    ({'syslog_policy_short_retention': ' '}, 'syslog_policy_short_retention: is empty.'),
    ({'syslog_policy_journal': {'kep': '1y'}}, 'syslog_policy_journal.kep: is not a known key'),
    ({'syslog_policy_alert': 'bob'}, 'syslog_policy_alert: must be a dict'),
    ({'syslog_policy_alert_signatures': [{'alert': 'exempt'}]}, 'syslog_policy_alert_signatures: each signature needs id'),
    ({'syslog_policy_verify_received': 5}, 'syslog_policy_verify_received: must be a dict'),
]


@pytest.mark.parametrize('journey, cases', [('scan', MISSPELT), ('remediate', WRONG), ('scan', MISSPELT[:1]), ('remediate', WRONG[:1])])
def test_a_variable_that_cannot_be_used_ends_the_run_before_any_host_is_contacted(control, journey, cases):
    hosts = {f'host{number}': dict(variables, dies_at='host_survey') for number, (variables, dummy) in enumerate(cases)}
    run = control.play(journey, {'good': {'dies_at': 'host_survey'}, **hosts})
    refusal = run.text.partition('fatal: [')[2]
    assert run.status == 2 and 'Nothing was contacted.' in refusal, run.text
    assert [words for dummy, words in cases if words not in refusal] == [], run.text
    assert not list(control.graves.iterdir()) and not control.run_dir.exists()


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_all_that_is_wrong_is_told_at_once_and_once_for_all_hosts(control, binaries):
    (control.folder / 'signatures').mkdir()
    (control.folder / 'signatures/acme.YML').write_text('')
    variables = {'log_hygiene_language': 'kr', 'log_hygiene_reboot': 'yes please', 'log_hygiene_settle': 'abc', 'log_hygiene_rebot': True,
                 'log_hygiene_catalog_paths': [str(control.folder / 'signatures')]}
    hosts = {f'host{number}': dict(variables, dies_at='host_survey') for number in range(4)}
    hosts['host3']['log_hygiene_settle'] = None
    run = control.play('remediate', hosts, binaries=binaries)
    assert run.status == 2 and run.text.count('fatal: [') == 1 and 'exception' not in run.text, run.text
    told = run.text.partition('fatal: [')[2]
    for words in ('log_hygiene_language: must be en or ko, but is kr.', 'log_hygiene_reboot: must be true or false, but is yes please.',
                  'host0, host1, host2: log_hygiene_settle: must be a whole number, but is abc.', 'host3: log_hygiene_settle: is empty.',
                  'log_hygiene_rebot (did you mean', 'signatures/acme.YML: ', 'Nothing was contacted.'):
        assert told.count(words) == 1, (words, run.text)
    assert not list(control.graves.iterdir()) and not control.run_dir.exists()


PAY = {'name': 'pay', 'facilities': ['local3'], 'file': '/var/log/pay.log'}


@pytest.mark.parametrize('binaries, variables, said', [
    (binaries, {'syslog_policy_rules': '{{ syslog_policy_default_rules + mine }}', 'mine': [dict(PAY, facilities=['locla3'])]}, 'rules')
    for binaries in (NEWEST, OLDEST)] + [(NEWEST, {'syslog_policy_retention': 2}, 'retention'), (OLDEST, {'syslog_policy_journal': {'kep': '1y'}}, 'journal')])
def test_a_policy_made_of_the_default_rules_is_checked_before_any_host_is_contacted(control, binaries, variables, said):
    run = control.play('remediate', {'good': {'dies_at': 'host_survey'}, 'other': dict(variables, dies_at='host_survey')}, binaries=binaries)
    assert run.status == 2 and f'syslog_policy_{said}: the syslog policy is not valid.' in run.text and 'Nothing was contacted.' in run.text, run.text
    assert not list(control.graves.iterdir()) and not control.run_dir.exists()


def test_what_can_be_used_or_cannot_be_known_here_goes_on(control):
    hosts = {name: dict(variables, dies_at='host_survey') for name, variables in {
        'right': {'syslog_policy_rules': '{{ syslog_policy_default_rules + mine }}', 'mine': [PAY]},
        'facts': {'syslog_policy_rules': '{{ ansible_facts.mine }}'},  # which only the role can know
        'absent': {'syslog_policy_retention': '2', 'syslog_policy_state': 'absent'},
        'one': {'log_hygiene_opt_in': 'sshd-dispatch-protocol-error'}}.items()}
    run = control.play('audit', hosts)
    assert run.status == 4 and all((control.graves / name).exists() for name in hosts), run.text


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_why_no_module_could_run_is_told(control, binaries):
    """Ansible says no more than that there is no JSON; what sudo said stands beside it."""
    refuses = control.folder / 'refuses'
    refuses.write_text('#!/bin/sh\necho sudo: a password is required >&2\nexit 1\n')
    refuses.chmod(0o755)
    become = {'ansible_become': True, 'ansible_become_user': 'nobody', 'ansible_become_exe': str(refuses)}
    run = control.play('scan', {'good': {}, 'other': become, 'python': {'ansible_python_interpreter': '/usr/bin/pyhton3'}}, binaries=binaries)
    assert '/usr/bin/pyhton3: not found' in run.record('python')['errors'][0]['message'] and '/usr/bin/pyhton3: not found' in run.text
    assert run.summary['states']['good'] == SEEN and run.summary['states']['other'] in ('failed', 'unseen'), run.text
    assert 'sudo: a password is required' in run.record('other')['errors'][0]['message'], run.text


@pytest.mark.parametrize('binaries, policy', [(NEWEST, True), (OLDEST, False)])
def test_an_audit_changes_nothing_says_so_and_stays_json(control, binaries, policy):
    """The policy would be put in place, so each of its modules has something to change. What is found is no exception."""
    posix = control.folder / 'collections/ansible_collections/ansible/posix'
    posix.parent.mkdir(parents=True)
    posix.symlink_to(next(NEWEST.parent.glob('lib/python3*/site-packages/ansible_collections/ansible/posix')))
    run = control.play('audit', {'good': {}}, *['-e', 'log_hygiene_syslog=true'] * policy, binaries=binaries, stderr=subprocess.DEVNULL,
                       ANSIBLE_STDOUT_CALLBACK='ansible.posix.json',
                       ANSIBLE_COLLECTIONS_PATH='%s:%s' % (control.folder / 'collections', os.environ['ANSIBLE_COLLECTIONS_PATH']))
    told = json.loads(run.text)
    assert run.status == 2 and told['stats']['good']['changed'] == 0 and told['stats']['good']['failures'] == 1, run.text
    if policy:
        assert run.record('good')['syslog_policy']['in_place'] is False, run.text
        assert 'policy_missing' in [row['kind'] for row in run.record('good')['findings']]
    # A callback for people, and results in YAML, have the table, and in 2.16 no exception is spoken of.
    run = control.play('audit', {'good': {}}, binaries=binaries, ANSIBLE_CALLBACK_RESULT_FORMAT='yaml')
    assert 'Hosts: 1 (0 clean, 1 with findings' in run.text and 'An exception occurred' not in run.text, run.text


def test_hosts_misspelt_on_the_command_line_do_not_have_all_of_them_contacted(control):
    run = control.play('scan', {'good': {'dies_at': 'host_survey'}, 'other': {'dies_at': 'host_survey'}}, '-e', 'log_hygiene_host=other')
    assert run.status == 2 and 'log_hygiene_host (did you mean log_hygiene_hosts?)' in run.text, run.text
    assert not list(control.graves.iterdir()) and not control.run_dir.exists()


@pytest.mark.parametrize('playbook, binaries', [('audit', NEWEST), ('scan', OLDEST), ('syslog_policy', NEWEST)])
def test_a_run_for_nobody_is_not_clean(control, playbook, binaries):
    for more in (['-e', 'log_hygiene_hosts=webb'], ['-e', '{"log_hygiene_hosts": ["other", "webb"]}', '--limit', 'good']):
        run = control.play(playbook, {'good': {}, 'other': {}}, *more, binaries=binaries)
        assert run.status in (1, 4) and 'log_hygiene_hosts: no host of the inventory matches ' in run.text, run.text
        assert 'webb' in run.text and not control.run_dir.exists()


@pytest.mark.parametrize('name, value', [('log_hygiene_serial', 1), ('log_hygiene_hosts', 'other')])
@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_what_the_inventory_cannot_say_is_told(control, binaries, name, value):
    run = control.play('scan', {'good': {'dies_at': 'host_survey'}, 'other': {'dies_at': 'host_survey', name: value}}, binaries=binaries)
    assert run.status == 2 and f'{name}: stands in the inventory' in run.text and f'-e {name}=' in run.text, run.text
    assert not list(control.graves.iterdir()) and not control.run_dir.exists()


def test_what_a_play_that_imports_ours_says_is_heard(control):
    playbook = control.folder / 'own.yml'
    playbook.write_text(yaml.safe_dump([{'import_playbook': 'loghygiene.rhel.scan',
                                         'vars': {'log_hygiene_hosts': 'good', 'log_hygiene_serial': '50%'}}]))
    run = control.play(str(playbook), {'good': {}, 'other': {}}, name='scan')
    assert run.status == 0 and run.summary['states'] == {'good': SEEN}, run.text


@pytest.mark.parametrize('serial', ['abc', '-1', '5 %'])
def test_a_serial_that_is_no_number_is_told(control, serial):
    run = control.play('scan', {'good': {'dies_at': 'host_survey'}}, '-e', json.dumps({'log_hygiene_serial': [1, serial]}))
    assert run.status == 2 and f"log_hygiene_serial: '{serial}' is neither" in run.text, run.text
    assert not list(control.graves.iterdir())


def test_hosts_are_named_as_a_list_or_a_pattern(control):
    run = control.play('scan', {'good': {}, 'other': {}, 'third': {}}, '-e', '{"log_hygiene_hosts": ["good", "third"]}')
    assert run.summary['states'] == {'good': SEEN, 'third': SEEN}, run.text


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_what_one_journey_leaves_does_not_end_the_next(control, binaries):
    run = control.play('scan scan', {'good': {}, 'other': {}}, binaries=binaries, name='scan')
    assert run.status == 0 and run.text.count('Hosts: 2 (') == 2, run.text


def test_hosts_that_are_ended_with_another_are_not_clean(control):
    """They come to the rescue of the journey with neither a failed task nor a result."""
    run = control.play('scan', {'good': {}, 'lost': {'dies_at': 'host_survey'}}, ANSIBLE_ANY_ERRORS_FATAL='1')
    assert run.status not in (0, 250) and 'is undefined' not in run.text, run.text
    assert run.record('good')['errors'] == [
        {'stage': '-', 'message': 'ended with another host that failed, as any_errors_fatal (ANSIBLE_ANY_ERRORS_FATAL) asks'}]
    assert run.summary['states'].keys() == {'good', 'lost'} and 'clean' not in run.summary['states'].values()


def test_the_playbook_of_the_policy_tells_a_misspelt_variable_too(control):
    run = control.play('syslog_policy', {'good': {'dies_at': 'host_survey', 'syslog_policy_retension': '2y'}})
    assert run.status == 2 and 'did you mean syslog_policy_retention?' in run.text, run.text
    assert not list(control.graves.iterdir())
    run = control.play('syslog_policy', {'good': {}}, '-e', 'syslog_policy_verify=maybe', '-e', 'log_hygiene_language=ko')
    assert run.status == 2 and '서버에 접속하지 않았습니다.' in run.text and 'Nothing was contacted' not in run.text, run.text


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_without_jmespath_no_host_is_contacted(control, binaries):
    (control.folder / 'jmespath.py').write_text('raise ImportError("as if it were not there")\n')
    run = control.play('scan', {'good': {'dies_at': 'host_survey'}}, binaries=binaries, PYTHONPATH=str(control.folder))
    assert run.status == 2 and 'needs the Python package jmespath' in run.text, run.text
    assert not list(control.graves.iterdir())


@pytest.mark.parametrize('playbook, binaries', [('verify', NEWEST), ('audit', NEWEST), ('scan', OLDEST)])
def test_a_damaged_record_stops_nothing_that_does_not_need_it(control, playbook, binaries):
    """A verification needs it. To a scan and an audit it is a finding, run after run, until a remediation has begun a new one."""
    control.run_dir.mkdir(mode=0o700)
    damaged = {'cut': '{', 'list': '[]', 'number': '{"schema": 1, "host": "number", "remedies": 5}'}
    for host, text in damaged.items():
        (control.run_dir / f'{host}.json').write_text(text)
    for again in (False, True):
        run = control.play(playbook, dict.fromkeys([*damaged, 'good'], {}), binaries=binaries)
        assert run.status == (0 if playbook == 'scan' else 2), run.text
        states = run.summary['states']
        assert set(states.values()) == {{'scan': SEEN, 'verify': 'failed', 'audit': 'findings'}[playbook]}, states
        for record in run.summary['hosts']:
            host = record['host']
            told = record['errors'][0]['message'] if playbook == 'verify' else ''.join(
                item['data']['message'] for item in record['findings'] if item['data'].get('part') == 'record')
            if host == 'good':
                assert '.damaged-' not in told and 'is damaged' not in told
                continue
            assert str(control.run_dir / (host + '.json.damaged-' if again else host + '.json: ')) in told and 'restore the file' in told
            assert again or {'cut': 'not a JSON record', 'list': 'is no record', 'number': 'key '}[host] in told
    assert {host: [path.read_text() for path in control.run_dir.glob(host + '.json*')] for host in damaged} == {
        host: [text] for host, text in damaged.items()}  # under another name


def test_a_run_directory_that_others_can_write_is_refused(control):
    control.run_dir.mkdir()
    control.run_dir.chmod(0o777)
    run = control.play('scan', {'good': {'dies_at': 'host_survey'}})
    assert run.status == 2 and f'log_hygiene_run_dir: {control.run_dir}: ' in run.text, run.text
    assert f'chmod go-w {control.run_dir}' in run.text
    assert not list(control.graves.iterdir()) and not list(control.run_dir.iterdir())


def test_hosts_whose_names_are_alike_have_files_of_their_own(control):
    names = ['a', 'a.scan', 'scan-summary', '../up', 'x' * 300]
    run = control.play('scan', dict.fromkeys(names, {}))
    assert run.status == 0, run.text
    assert run.summary['states'] == dict.fromkeys(names, SEEN)
    here = [path.name for path in control.run_dir.iterdir() if not path.name.startswith('.')]
    assert len(here) == len(names) + 4 and {'latest', 'runs', 'scan-summary.json', 'scan-summary.csv'} < set(here)
    assert len(list((control.run_dir / 'latest').iterdir())) == len(names) + 2
    assert not [path for path in control.folder.iterdir() if path.name.startswith('up')]


def answers(folder, name, text):
    """The path of a Python that answers so to every module."""
    (folder / (name + '.json')).write_text(text)
    liar = folder / (name + '-python')
    liar.write_text(f'#!/bin/sh\ncat > /dev/null\ncat {folder}/{name}.json\n')
    liar.chmod(0o755)
    return {'ansible_python_interpreter': str(liar)}


@pytest.mark.parametrize('playbook, binaries', [('audit', NEWEST), ('scan', OLDEST), ('remediate', OLDEST)])
def test_a_host_that_answers_rubbish_spoils_no_other(control, playbook, binaries):
    """A host may be broken or in other hands: it fails by itself, with a text, and nothing that it says is run or believed."""
    evil = control.folder / 'evil'
    stored = {'ansible_facts': {'log_hygiene_run_dir': '/nowhere'}, 'lost': True}
    said = {
        'empty': {}, 'lists': {'sinks': [], 'host': [], 'problems': 5}, 'facts': {**stored, 'sinks': {}},
        'silent': {'failed': True, **stored},
        'template': {'failed': True, 'msg': '{{ 1 / 0 }} {{ lookup("pipe", "touch %s") }} \x1b[2J\u202e' % evil, 'host': {'boot_id': 7}},
        'loud': {'failed': True, 'msg': 'x' * 10 ** 6}}
    hosts = {host: answers(control.folder, host, json.dumps(answer)) for host, answer in said.items()}
    hosts['deep'] = answers(control.folder, 'deep', '{"sinks": ' + '[' * 10 ** 5 + ']' * 10 ** 5 + '}')
    hosts['digits'] = answers(control.folder, 'digits', '{"sinks": ' + '9' * 5000 + '}')
    run = control.play(playbook, {**hosts, 'good': {}}, *['--check'] * (playbook == 'remediate'), binaries=binaries)
    run.name = 'remediate.check' if playbook == 'remediate' else playbook
    states = run.summary['states']
    assert states.pop('good') == SEEN, run.text
    assert states == dict.fromkeys(hosts, 'failed'), run.text
    told = {record['host']: record['errors'][0]['message'] for record in run.summary['hosts'] if record['errors']}
    for host in ('empty', 'lists', 'facts'):
        assert told[host].startswith(f'{host}: the host did not answer as the module host_survey does: '), told
    assert told['silent'] == 'silent: failed without a message' and '{{ 1 / 0 }}' in told['template'] and len(told['loud']) < 3000
    assert 'Traceback' not in run.text and not {'\x1b', '\u202e'} & set(run.text) and len(run.text) < 60000
    assert run.status == 2 and not evil.exists() and not os.path.exists('/nowhere')


def test_a_record_that_cannot_be_reported_takes_no_other_with_it(control):
    """It may be of an earlier version or edited by hand: what the reader asks for is there, and not all that the report does."""
    control.run_dir.mkdir(mode=0o700)
    row = {'id': 'rtkit-canary-starving', 'count': 0, 'first_seen': None, 'last_seen': None, 'episodes': 0, 'boots': [], 'lookalikes': {'count': 1}}
    planned = {'signature_id': row['id'], 'title': {'en': 'x', 'ko': 'x'}, 'disposition': 'explain', 'action': 'explain', 'reason': 'seen',
               'role': None, 'requires': 'none', 'seen': {}}
    for host, journal, plan in [('odd', {'signatures': [], 'errors': [{'path': 'a', 'reason': 5}]}, []),
                                ('poor', {'signatures': [row], 'files': [], 'errors': []}, [planned])]:
        (control.run_dir / f'{host}.json').write_text(json.dumps({
            'schema': 1, 'host': host, 'journey': 'remediate', 'check_mode': False, 'reachable': True, 'run': None, 'stages': {}, 'target': None,
            'scan': {'at': '2026-11-22T10:00:00Z', 'sinks': {'journal': journal}}, 'plan': plan, 'remedies': {}, 'reboot': None, 'findings': [], 'errors': []}))
    run = control.play('verify', {'odd': {}, 'poor': {}, 'good': {}}, '-e', 'log_hygiene_language=ko')
    summary = json.loads((control.run_dir / 'verify-summary.json').read_text())
    assert summary['states'] == {'odd': 'failed', 'poor': 'failed', 'good': 'failed'}, run.text
    told = {record['host']: record['errors'][0]['message'] for record in summary['hosts']}
    assert told['odd'].startswith('odd: the record of this host cannot be reported') and 'holds no record' in told['good'], told
    assert told['poor'].startswith('poor: what the record of this host holds cannot be used (KeyError: '), told
    assert run.status == 2 and 'Traceback' not in run.text, run.text
