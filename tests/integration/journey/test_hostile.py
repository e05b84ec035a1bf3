# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an attacker, or bad luck, does to a run: nothing of it is success, and what was found is not lost.

Real runs of ansible-playbook, whose hosts are this machine.
"""
from __future__ import annotations

import concurrent.futures
import json
import os
import subprocess
import time

import pytest
import yaml
from remedy_runs import private
from test_lost_hosts import NEWEST, OLDEST, Control
from test_remedy_kinds import House


@pytest.fixture(name='control')
def control_node(tmp_path):
    return Control(tmp_path)


def own_play(control, **keywords):
    """The path of a playbook with a whole journey in one play."""
    path = control.folder / 'own.yml'
    path.write_text(yaml.safe_dump([{'hosts': 'all', 'gather_facts': False, 'vars': {'log_hygiene_journey': 'audit'},
                                     'roles': ['loghygiene.rhel.log_hygiene'], **keywords}]))
    return str(path)


def waiting(control, script):
    """The path of a Python that runs a shell script first."""
    python = control.folder / 'python'
    python.write_text('#!/bin/sh\n%s\nexec /usr/bin/python3 "$@"\n' % script)
    python.chmod(0o755)
    return {'ansible_python_interpreter': str(python)}


@pytest.mark.parametrize('binaries, keywords', [(NEWEST, {'ignore_unreachable': True}), (OLDEST, {'ignore_errors': True})])
def test_a_play_that_ignores_failures_does_not_end_well(control, binaries, keywords):
    lost = {'lost': {'ansible_connection': 'ssh', 'ansible_host': '127.0.0.1', 'ansible_port': 1}}
    run = control.play(own_play(control, **keywords), lost, binaries=binaries, name='audit')
    assert run.status == 4 and run.summary['states'] == {'lost': 'unseen'}, run.text
    run = control.play(own_play(control, **keywords), {'good': {'log_hygiene_since': 'yesterdayy', 'dies_at': 'host_survey'}}, binaries=binaries)
    assert run.status == 2 and 'yesterdayy is not a time' in run.text and not list(control.graves.iterdir()), run.text


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_a_whole_journey_in_batches_is_refused(control, binaries):
    """Each batch would be a run, of which all hosts of the others were not seen."""
    hosts = {'one': {'dies_at': 'host_survey'}, 'two': {'dies_at': 'host_survey'}}
    run = control.play(own_play(control, serial='50%'), hosts, binaries=binaries)
    assert run.status == 2 and 'serial: 50% makes a run of each batch' in run.text and 'Nothing was contacted.' in run.text, run.text
    assert not list(control.graves.iterdir()) and not control.run_dir.exists()


@pytest.mark.parametrize('playbook, binaries', [('scan', OLDEST), ('syslog_policy', NEWEST)])
def test_hosts_wait_for_each_other_whatever_strategy_is_set(control, playbook, binaries):
    hosts = {'one': {'dies_at': 'host_info' if playbook == 'syslog_policy' else 'host_survey', 'machine_id': 'b' * 32}, 'two': {}}
    run = control.play(playbook, hosts, '--check', binaries=binaries, ANSIBLE_STRATEGY='free')
    assert run.status == 4 and run.text.count('Hosts: 2 (') == 1 and '1 not seen).' in run.text, run.text
    dies = {'log_hygiene_since': 'yesterdayy', 'dies_at': 'host_info'}
    run = control.play(playbook, dict(hosts, two=dies), binaries=binaries, ANSIBLE_STRATEGY='free')
    assert run.status == 2 and 'two: log_hygiene_since: yesterdayy is not a time' in run.text and not list(control.graves.iterdir()), run.text


@pytest.mark.parametrize('playbook, binaries', [('scan', OLDEST), ('syslog_policy', OLDEST), ('own', OLDEST), ('scan', NEWEST)])
def test_the_name_of_a_host_is_not_run(control, playbook, binaries):
    """Whoever names a machine in a cloud writes a line of the inventory."""
    evil = control.folder / 'evil'
    name = "{{ lookup('pipe', 'touch %s') }}" % evil
    dies = {'dies_at': 'host_survey', 'mortal_grave': str(control.graves / 'any')}  # else the inventory would run it itself
    run = control.play(own_play(control) if playbook == 'own' else playbook, {'good': dies, name: dies}, binaries=binaries)
    assert run.status == 2 and 'the name of the host has marks of a template' in run.text, run.text
    assert not evil.exists() and not list(control.graves.iterdir()) and not control.run_dir.exists()


def test_control_nodes_with_one_run_directory_do_not_disturb_each_other(control):
    """In containers, where ansible-playbook has the same number each time."""
    hosts = {'slow': waiting(control, 'while [ ! -e %s/go ]; do sleep 0.2; done' % control.folder), 'quick': {}}
    user = [] if os.geteuid() == 0 else ['--map-root-user']
    container = ['unshare', '--pid', '--fork', '--mount-proc', *user]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        slow = pool.submit(control.play, 'audit', hosts, '--limit', 'slow', wrap=container, keep_graves=True)
        while not list(control.folder.glob('log_hygiene/latest')) and not slow.done():
            time.sleep(0.2)
        quick = control.play('audit', hosts, '--limit', 'quick', '-e', 'log_hygiene_keep_runs=1', wrap=container, keep_graves=True)
        (control.folder / 'go').touch()
        runs = [quick, slow.result()]
    assert [run.status for run in runs] == [2, 2], [run.text for run in runs]
    assert runs[0].summary['states'] == dict.fromkeys(hosts, 'findings') and 'did not begin here' not in runs[1].text, runs[1].text
    assert len(list((control.run_dir / 'runs').iterdir())) == 2


def test_where_the_disk_fills_up_the_report_is_printed_all_the_same(control):
    control.run_dir.mkdir()
    hosts = {'good': waiting(control, 'cat /dev/zero >%s/filler 2>/dev/null; true' % control.run_dir)}
    run = control.play('audit', hosts, wrap=private('mount -t tmpfs -o size=256k,mode=700 small %s' % control.run_dir,
                                                    'ls -A %s' % control.run_dir))
    assert run.status == 2 and 'No space left on device. Make room on the control node.' in run.text, run.text
    assert 'Hosts: 1 (0 clean, 0 with findings, 0 with errors, 1 not seen).' in run.text and '\nFiles:' not in run.text, run.text
    assert [line for line in run.text.splitlines() if line.startswith('.') and '-run.' not in line] == ['.lock', '.machines'], run.text


@pytest.mark.parametrize('binaries', [NEWEST, OLDEST])
def test_the_default_run_directory_is_where_ansible_was_called(control, binaries):
    """Also where nobody says by PWD where that is, as sudo and systemd do not."""
    run = control.play('scan', {'good': {'log_hygiene_run_dir': './log_hygiene'}}, binaries=binaries, PWD='/nowhere')
    assert run.status == 0 and 'Files: %s/scan-summary.json' % control.run_dir in run.text, run.text


def test_a_remediation_that_did_not_reach_its_host_leaves_something_to_verify(tmp_path):
    """What was remedied before is still there, and its record says so."""
    house = House(tmp_path, 'newest')
    assert house.play('loghygiene.rhel.remediate')[0] == 0
    point = house.remedy()['point']
    status, text = house.play('loghygiene.rhel.remediate', '-e', 'ansible_connection=ssh', '-e', 'ansible_host=127.0.0.1', '-e', 'ansible_port=1')
    assert status == 4 and house.remedy()['point'] == point, text
    status, text = house.play('loghygiene.rhel.verify')
    assert status == 0 and 'Not proved yet: 1' in text, text  # where the machine has no journal, that could not tell
    record = json.loads((house.run_dir / 'localhost.json').read_text())
    verdict, = [row for row in record['verify']['verdicts'] if row['signature_id'] == 'acme-agent-idle']
    assert verdict['verdict'] in ('not_exercised', 'unknown') and verdict['before']['messages'] == 1 and house.remedy()['point'] == point
    house.file.unlink()  # and what came back is found
    with open(tmp_path / 'log/messages', 'a', encoding='utf-8') as stream:
        stream.write('%s host acme-agent[7]: no work to do in 60 s\n' % time.strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', time.gmtime()))
    assert house.play('loghygiene.rhel.verify')[0] == 2
