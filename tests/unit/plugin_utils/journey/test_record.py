# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record files on the control node."""
from __future__ import annotations

import functools
import json
import os
import stat
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records

ROOT = Path(records.__file__).resolve().parents[3]


def begin(previous=None, journey='remediate', check_mode=False):
    return records.begin(previous, 'web1', journey, check_mode, '2026-11-22T10:00:00.000000Z', '0.1.0')


def test_saved_and_loaded_readable_by_the_owner_only(tmp_path):
    run_dir = str(tmp_path / 'runs')
    path = records.save(run_dir, begin())
    assert records.load(run_dir, 'web1') == begin()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(run_dir).st_mode) == 0o700
    assert os.listdir(run_dir) == ['web1.json']


@pytest.mark.parametrize('journey, check_mode', [('remediate', True), ('audit', True), ('scan', False)])
def test_only_a_real_run_touches_the_lasting_record(tmp_path, journey, check_mode):
    records.save(str(tmp_path), begin())
    before = (tmp_path / 'web1.json').read_bytes()
    records.save(str(tmp_path), begin(journey=journey, check_mode=check_mode))
    assert (tmp_path / 'web1.json').read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize('content, words', [
    (b'{', 'not a JSON record'), (b'\xff', 'not a JSON record'), (b'[]', 'key "schema"'), (b'{"schema": 99}', 'another version'),
    (b'{"schema": 1, "host": "db1"}', 'the record of another host'),
    *((b'{"schema": 1, "host": "web1", "x": %s}' % text, 'not a JSON record') for text in (
        b'NaN', b'-Infinity', b'1e999', b'[' * 70 + b']' * 70, b'[' * 100000 + b']' * 100000)),
])
def test_a_bad_file_is_named_as_what_it_is_and_set_aside_whole(tmp_path, content, words):
    path = tmp_path / 'web1.json'
    path.write_bytes(content)
    with pytest.raises(records.Damaged, match=words) as caught:
        records.load(str(tmp_path), 'web1')
    assert caught.value.path == str(path) and path.read_bytes() == content
    aside = records.set_aside(str(path), '2026-11-22T10:00:00.000000Z')
    assert aside == str(path) + '.damaged-20261122T100000000000Z' and Path(aside).read_bytes() == content
    assert records.load(str(tmp_path), 'web1') is None and records.left_aside(str(tmp_path), 'web1') == aside
    records.save(str(tmp_path), begin())
    assert records.left_aside(str(tmp_path), 'web1') is None  # a new record has taken its place


def test_a_file_that_may_not_be_read_is_not_called_damaged(tmp_path):
    (tmp_path / 'web1.json').symlink_to('web1.json')
    with pytest.raises(records.RecordError, match='cannot be read') as caught:
        records.load(str(tmp_path), 'web1')
    assert not isinstance(caught.value, records.Damaged)


@pytest.mark.parametrize('make', [os.mkfifo, os.mkdir, functools.partial(os.symlink, '/dev/zero')])
def test_what_is_no_file_is_not_waited_for(tmp_path, make):
    make(str(tmp_path / 'web1.json'))
    make(str(tmp_path / '.audit-run.1.json'))
    with pytest.raises(records.Damaged, match='not a regular file'):
        records.load(str(tmp_path), 'web1')
    assert records.runs_of(str(tmp_path)) == []


@pytest.mark.parametrize('value', [float('nan'), float('inf'), functools.reduce(lambda below, _number: [below], range(70), 0)])
def test_what_could_not_be_read_again_is_not_written(tmp_path, value):
    """Others than Python read these files, and one record that is no JSON would spoil the summary of all."""
    records.save(str(tmp_path), begin())
    with pytest.raises(ValueError):
        records.save(str(tmp_path), dict(begin(), retention=value))
    assert records.load(str(tmp_path), 'web1') == begin() and os.listdir(tmp_path) == ['web1.json']


def test_what_a_damaged_key_is_called_reaches_no_terminal(tmp_path):
    (tmp_path / 'web1.json').write_text(json.dumps(dict(begin(), remedies={'\x1b[31m\u202e\nOK': 5})))
    with pytest.raises(records.Damaged, match=r'key remedies\.\?\[31m\?\?OK must be object'):
        records.load(str(tmp_path), 'web1')


def test_files_that_belong_together_are_written_together(tmp_path):
    (tmp_path / 'one').write_text('old')
    (tmp_path / 'in_the_way').write_text('')
    with pytest.raises(records.RecordError, match='in_the_way/two: cannot be written'):
        records.write_all([(str(tmp_path / 'one'), 'new'), (str(tmp_path / 'in_the_way' / 'two'), 'new')])
    assert (tmp_path / 'one').read_text() == 'old' and len(list(tmp_path.iterdir())) == 2


def test_each_folder_of_the_run_directory_is_its_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        records.write_private(str(tmp_path / 'runs' / 'one' / 'web1.json'), '')
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / 'runs', tmp_path / 'runs' / 'one')] == [0o700, 0o700]


PLANNED = {'signature_id': 'x', 'disposition': 'fix', 'action': 'fix', 'reason': 'seen', 'role': None, 'requires': 'boot', 'seen': {}}


@pytest.mark.parametrize('changes, words', [
    ({'remedies': 5}, 'key remedies must be object, not integer'), ({'remedies': {'x': None}}, 'key remedies.x must be object, not null'),
    ({'remedies': {'x': {}}}, r'key remedies.x.signature_ids is missing'), ({'plan': [{}]}, r'key plan\[0\].signature_id is missing'),
    ({'plan': [dict(PLANNED, seen=None)]}, r'key plan\[0\].seen must be object'), ({'plan': None}, 'key plan must be array'),
    ({'scan': []}, 'key scan must be '), ({'scan': {'sinks': {'journal': 5}}}, 'key scan.sinks.journal must be '),
    ({'scan': {'sinks': {'journal': {'signatures': [{}]}}}}, r'key scan.sinks.journal.signatures\[0\].id is missing'),
    ({'journey': []}, 'key journey must be one of'), ({'plan': [dict(PLANNED, requires=7)]}, r'key plan\[0\].requires must be string'),
    ({'stages': 'ran'}, 'key stages must be object'), ({'reboot': 1}, 'key reboot must be '),
    ({'errors': [None]}, r'key errors\[0\] must be object'), ({'reachable': 'no'}, 'key reachable must be boolean'),
])
def test_a_damaged_record_is_told_with_its_key(tmp_path, changes, words):
    assert records.load(records.save(str(tmp_path), dict(begin(), plan=[PLANNED])) and str(tmp_path), 'web1')['plan'] == [PLANNED]
    (tmp_path / 'web1.json').write_text(json.dumps(dict(begin(), **changes)))
    with pytest.raises(records.Damaged, match=words) as caught:
        records.load(str(tmp_path), 'web1')
    assert str(caught.value).startswith(str(tmp_path / 'web1.json: ')) and caught.value.path == str(tmp_path / 'web1.json')


def test_a_full_or_missing_place_is_named(tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(records.RecordError, match='log_hygiene_run_dir'):
        records.save(str(tmp_path / 'file' / 'below'), begin())


# Names that make trouble, and what they are made of.
HOST = st.one_of(st.text(min_size=1), st.text('a.%/-:', min_size=1), st.lists(st.sampled_from(
    ['a', 'A', '.', '..', '/', '%', '%2E', ':', '-', 'scan', '.scan', '.audit', '.check', '.json', '-summary', 'audit', '\xe9', 'x' * 200]),
    min_size=1, max_size=5).map(''.join))
KIND = st.sampled_from([(journey, check_mode) for journey in records.STAGES for check_mode in (False, True)])


@given(HOST, HOST, KIND, KIND)
def test_file_names_stay_in_the_folder_and_apart(one, other, kind, other_kind):
    name, other_name = records.file_name(one, *kind), records.file_name(other, *other_kind)
    assert '/' not in name and not name.startswith('.') and '\x00' not in name and len(name) < 200
    same_file = records._ending(*kind) == records._ending(*other_kind)
    assert (name == other_name) == (one == other and same_file)
    summaries = {records.run_name(*each) + '-summary.json' for each in (kind, other_kind)}
    assert name.lower() not in summaries


@pytest.mark.parametrize('host, journey, check_mode, name', [
    ('web1.example.com', 'remediate', False, 'web1.example.com.json'), ('web1', 'audit', True, 'web1.audit.json'),
    ('web1', 'verify', True, 'web1.check.json'), ('a', 'scan', False, 'a.scan.json'), ('a.scan', 'remediate', False, 'a%2Escan.json'),
    ('a.SCAN', 'remediate', False, 'a%2ESCAN.json'), ('a.scan.scan', 'scan', False, 'a.scan%2Escan.scan.json'),
    ('scan-summary', 'remediate', False, 'scan%2Dsummary.json'), ('..', 'remediate', False, '%2E..json'),
    ('../up', 'remediate', False, '%2E.%2Fup.json'), ('fe80::1', 'remediate', False, 'fe80%3A%3A1.json'),
    ('.scan', 'remediate', False, '%2Escan.json'),
    ('x' * 300, 'remediate', False, 'x' * 146 + '%+0d4e2ca9e9cbced7a7a5380eb29e1a37.json'),
])
def test_file_names(host, journey, check_mode, name):
    assert records.file_name(host, journey, check_mode) == name


def test_a_lasting_record_under_its_older_name_is_found(tmp_path):
    """Before, host a.scan had the file that the scan of host a has."""
    old = records.begin(None, 'a.scan', 'remediate', False, 'now', '0.1.0')
    (tmp_path / 'a.scan.json').write_text(json.dumps(old))
    assert records.load(str(tmp_path), 'a.scan') == old
    scan = records.begin(None, 'a', 'scan', False, 'now', '0.1.0')
    records.save(str(tmp_path), scan)
    assert records.load(str(tmp_path), 'a.scan') is None and records.load(str(tmp_path), 'a', 'scan') == scan
    for other in (records.begin(None, 'a.scan', 'audit', False, 'now', '0.1.0'), ['no record'], {'schema': 1}):
        (tmp_path / 'a.scan.json').write_text(json.dumps(other))
        assert records.load(str(tmp_path), 'a.scan') is None
    (tmp_path / 'a.scan.json').write_text('{')
    assert records.load(str(tmp_path), 'a.scan') is None


@pytest.mark.parametrize('journey', sorted(records.STAGES))
def test_a_record_begins_with_no_stage_run(journey):
    record = begin(journey=journey)
    assert records.missing(record) == list(records.STAGES[journey]) and set(record['stages'].values()) == {'not_run'}
    for name in records.STAGES[journey]:
        records.end_stage(record, name, 'ran')
    assert records.missing(record) == []


@pytest.mark.parametrize('name, state, words', [
    ('plan', 'ran', 'cannot end before survey'), ('fixed', 'ran', 'no stage fixed'), ('survey', 'failed', 'no stage survey'),
])
def test_no_stage_ends_that_did_not_come(name, state, words):
    record = begin()
    with pytest.raises(records.RecordError, match=words):
        records.end_stage(record, name, state)
    assert set(record['stages'].values()) == {'not_run'}


def test_a_failure_is_noted_in_the_stage_it_came_in():
    record = begin()
    records.end_stage(record, 'survey', 'ran')
    records.fail(record, {'stage': 'Scan the journal', 'message': 'm'})
    assert (record['stages']['survey'], record['stages']['plan'], record['stages']['remedies']) == ('ran', 'failed', 'not_run')
    assert record['reachable'] and records.missing(record)[0] == 'plan'
    lost = begin()
    records.fail(lost, {'stage': 'survey', 'message': 'm'}, lost=True)
    assert lost['stages']['survey'] == 'lost' and lost['reachable'] is False and len(lost['errors']) == 1


@pytest.mark.parametrize('present, state', [(True, 'failed'), (False, 'lost')])
def test_a_record_that_just_ends_is_not_left_so(present, state):
    record = begin()
    records.end_stage(record, 'survey', 'ran')
    said = []
    found = records.concluded(record, present, lambda stage, here: said.append((stage, here)) or 'why')
    assert said == [('plan', present)] and found['errors'] == [{'stage': 'plan', 'message': 'why'}]
    assert found['stages']['plan'] == state and found['reachable'] is present
    assert record['stages']['plan'] == 'not_run' and record['errors'] == []
    assert records.concluded(found, True, None) is found


NOON = '2026-11-22T12:00:00.000000Z'


def test_only_the_present_run_counts(tmp_path):
    run = records.begin_run(str(tmp_path), 'audit', True, NOON, 4711)
    assert run['name'] == '20261122T120000Z-audit-' + run['id'][:8]
    assert records.current_run(str(tmp_path), 'audit', True, 4711) == run
    with pytest.raises(records.RecordError, match='did not begin here'):
        records.current_run(str(tmp_path), 'audit', True, 4712)
    with pytest.raises(records.RecordError, match='did not begin here'):
        records.current_run(str(tmp_path), 'scan', False, 4711)
    assert records.begin_run(str(tmp_path), 'audit', True, NOON, 4711)['id'] != run['id']
    records.hold_run(str(tmp_path), 'audit', True, run, 'look')
    assert records.current_run(str(tmp_path), 'audit', True, 4711)['held'] == 'look'


def test_runs_at_the_same_time_know_themselves_and_each_other(tmp_path):
    here = records.begin_run(str(tmp_path), 'remediate', False, NOON, os.getpid())
    ended = records.begin_run(str(tmp_path), 'remediate', False, NOON, 2 ** 22 + 1)  # more than any process has
    assert records.is_alive(here) and not records.is_alive(ended)
    other = records.begin_run(str(tmp_path), 'verify', False, NOON, os.getppid())
    assert [run for dummy, run in records.runs_of(str(tmp_path))] == [here, other]  # what has ended is cleared away
    for process, run, journey in ((os.getpid(), here, 'remediate'), (os.getppid(), other, 'verify')):
        assert records.current_run(str(tmp_path), journey, False, process) == run
    assert records.taken_by(str(tmp_path), dict(begin(), run=here['id']), other) == here
    assert records.taken_by(str(tmp_path), dict(begin(), run=here['id']), here) is None  # its own
    assert records.taken_by(str(tmp_path), dict(begin(), run=ended['id']), here) is None
    assert records.taken_by(str(tmp_path), dict(begin(), run=None), here) is None is records.taken_by(str(tmp_path), None, here)


def test_runs_on_other_control_nodes_are_let_be(tmp_path, monkeypatch):
    """On machines, or in containers, where processes have the same numbers. Who was killed there is forgotten after a week."""
    here = records.begin_run(str(tmp_path), 'audit', True, NOON, os.getpid())
    own = records.node()
    monkeypatch.setattr(records, 'node', lambda: own + ' elsewhere')
    there = records.begin_run(str(tmp_path), 'audit', True, NOON, os.getpid())
    for name, run in ((own, here), (own + ' elsewhere', there)):
        monkeypatch.setattr(records, 'node', lambda name=name: name)
        assert records.current_run(str(tmp_path), 'audit', True, os.getpid()) == run
    monkeypatch.setattr(records, 'node', lambda: 'third')
    summary = Path(records.folder_of(str(tmp_path), here)) / 'audit-summary.json'
    records.write_private(str(summary), '{"ended": null}')
    assert records.may_go_on(str(tmp_path), here, NOON) and not records.may_go_on(str(tmp_path), here, '2026-11-30T12:00:00.000000Z')
    assert not records.may_go_on(str(tmp_path), dict(here, started='x'), NOON)
    records.write_private(str(summary), '{"ended": "%s"}' % NOON)
    assert not records.may_go_on(str(tmp_path), here, NOON)
    last = records.begin_run(str(tmp_path), 'audit', True, NOON, 4711)
    assert sorted(run['id'] for dummy, run in records.runs_of(str(tmp_path))) == sorted([there['id'], last['id']])


def test_the_number_of_a_process_alone_is_not_taken_for_it(tmp_path):
    run = records.begin_run(str(tmp_path), 'scan', False, NOON, os.getpid())
    path = Path(records.run_path(str(tmp_path), 'scan', False, os.getpid()))
    path.write_text(json.dumps(dict(run, born='1')))
    with pytest.raises(records.RecordError, match='did not begin here'):
        records.current_run(str(tmp_path), 'scan', False, os.getpid())
    assert not records.is_alive(dict(run, born='1')) and not records.is_alive(dict(run, node='another'))


def test_a_lasting_record_is_replaced_only_by_the_run_that_began_with_it(tmp_path):
    folder = tmp_path / 'runs' / 'one'

    def of_run(run, previous=None, journey='remediate'):
        record = dict(begin(previous, journey), run=run)
        records.save(str(folder), record)
        return record, records.publish(str(tmp_path), str(folder), record)

    first, path = of_run('1')
    assert path == str(tmp_path / 'web1.json') and records.load(str(tmp_path), 'web1') == first
    assert os.path.samefile(path, folder / 'web1.json') and stat.S_IMODE(os.stat(path).st_mode) == 0o600
    second, path = of_run('2', first)
    assert path and records.load(str(tmp_path), 'web1')['run'] == '2' and second['previous_run'] == '1'
    for previous in (None, first):  # another has written in the meantime
        assert of_run('3', previous)[1] is None and records.load(str(tmp_path), 'web1') == second
    assert of_run('3', second, 'verify')[1] is None  # of no plan
    assert of_run('4', None, 'audit')[1] == str(tmp_path / 'web1.audit.json')
    (tmp_path / 'web1.json').write_text('{')
    assert of_run('3', second)[1] is None and (tmp_path / 'web1.json').read_text() == '{'
    assert sorted(path.name for path in tmp_path.iterdir()) == ['runs', 'web1.audit.json', 'web1.json']


def test_fixes_are_carried_over_and_verify_continues():
    old = begin()
    old.update(remedies={'tmpfiles_acl': {'point': 1}}, plan=[{'signature_id': 'x'}], scan={'at': 't'})
    assert begin(old)['remedies'] == old['remedies'] and begin(old)['plan'] == [] and begin(old)['scan'] is None
    assert begin(old, 'verify')['plan'] == old['plan'] and begin(old, 'verify')['scan'] == old['scan']


def test_version_is_that_of_the_collection():
    if (ROOT / 'galaxy.yml').exists():
        version = yaml.safe_load((ROOT / 'galaxy.yml').read_text())['version']
    else:  # installed from the tarball
        version = yaml.safe_load((ROOT / 'MANIFEST.json').read_text())['collection_info']['version']
    assert records.VERSION == version


def test_half_a_character_does_not_keep_a_record_from_being_written(tmp_path):
    """A host can put one into any of its texts; UTF-8 has no bytes for it."""
    record = dict(begin(), errors=[{'stage': 'survey', 'message': 'a\ud800b \uac00'}])
    records.save(str(tmp_path), record)
    assert records.load(str(tmp_path), 'web1')['errors'] == record['errors']
