# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the run directory keeps of runs."""
from __future__ import annotations

import json
import os

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records, runs

NOW = '2026-11-22T12:00:00.000000Z'


def begun(run_dir, day, journey='audit', check_mode=False, process=2 ** 22 + 1):
    run = records.begin_run(str(run_dir), journey, check_mode, '2026-11-%02dT12:00:00.000000Z' % day, process)
    runs.open_folder(str(run_dir), run)
    return run


def test_the_last_run_is_found_and_the_oldest_of_its_kind_are_cleared(tmp_path):
    old = [begun(tmp_path, day) for day in range(1, 5)]
    others = [begun(tmp_path, 1, 'scan'), begun(tmp_path, 1, 'remediate', True), begun(tmp_path, 1, 'remediate')]
    own = ['2026-Q3-audit', '20261101T120000Z-audit-mine']
    for name in own:
        (tmp_path / 'runs' / name).mkdir()
    elsewhere = tmp_path / 'elsewhere'
    elsewhere.mkdir()
    (elsewhere / 'evidence').write_text('')
    (tmp_path / 'runs' / '20260101T120000Z-audit-01234567').symlink_to(elsewhere)
    last = begun(tmp_path, 9)
    assert runs.point_at(str(tmp_path), old[0]) is None and runs.point_at(str(tmp_path), last) is None
    assert os.readlink(tmp_path / 'latest') == 'runs/' + last['name'] and (tmp_path / 'latest').is_dir()
    assert runs.clear(str(tmp_path), last, 0) == []
    assert runs.clear(str(tmp_path), last, 3) == [old[0]['name'], old[1]['name']]
    kept = {run['name'] for run in [*old[2:], *others, last]} | {*own, '20260101T120000Z-audit-01234567'}
    assert {path.name for path in (tmp_path / 'runs').iterdir()} == kept and (elsewhere / 'evidence').exists()


def test_a_run_that_goes_on_is_not_cleared(tmp_path):
    alive, last = begun(tmp_path, 1, process=os.getpid()), begun(tmp_path, 2)
    assert runs.clear(str(tmp_path), last, 1) == []
    assert runs.clear(str(tmp_path), dict(alive, name=last['name']), 1) == [] and len(list((tmp_path / 'runs').iterdir())) == 2


def test_what_was_dated_by_a_wrong_clock_goes_first(tmp_path):
    """A clock that ran years ahead once would else keep those runs, and clear away each one that comes."""
    wrong = [records.begin_run(str(tmp_path), 'audit', True, '2099-01-0%dT12:00:00.000000Z' % day, 2 ** 22 + 1) for day in (1, 2)]
    for run in wrong:
        runs.open_folder(str(tmp_path), run)
    right = [begun(tmp_path, day) for day in (1, 2, 3)]
    assert runs.clear(str(tmp_path), right[2], 3) == [run['name'] for run in wrong]
    # Set back by less than a day, the order of the names is that of the runs.
    early = records.begin_run(str(tmp_path), 'audit', True, '2026-11-03T11:00:00.000000Z', 2 ** 22 + 1)
    runs.open_folder(str(tmp_path), early)
    assert runs.clear(str(tmp_path), early, 3) == [right[0]['name']]


def test_a_run_of_another_control_node_is_not_cleared(tmp_path, monkeypatch):
    monkeypatch.setattr(records, 'node', lambda: 'elsewhere')
    there = begun(tmp_path, 8)
    monkeypatch.undo()
    last = begun(tmp_path, 9)
    assert runs.clear(str(tmp_path), last, 1) == []
    records.write_private(os.path.join(records.folder_of(str(tmp_path), there), 'audit-summary.json'), '{"ended": "x"}')
    assert runs.clear(str(tmp_path), last, 1) == [there['name']]


def test_what_stands_where_the_link_belongs_is_told_and_stays(tmp_path):
    run = begun(tmp_path, 1)
    (tmp_path / 'latest').mkdir()
    assert 'cannot be made a link' in runs.point_at(str(tmp_path), run)
    assert (tmp_path / 'latest').is_dir() and not [path for path in tmp_path.iterdir() if path.name.startswith('.latest')]


def picture(tmp_path, *hosts, **more):
    rows = [records.begin(None, name, 'audit', True, NOW, '0.1.0', 'run') for name in hosts]
    (tmp_path / 'audit-summary.json').write_text(json.dumps(dict({'hosts': rows}, **more)))


def carried(tmp_path, hosts, inventory):
    found, wrong = runs.earlier(str(tmp_path), str(tmp_path / 'audit-summary.json'), 'audit', True, NOW, hosts, inventory)
    return [record['host'] for record in found], wrong


def test_hosts_of_earlier_runs_stay_until_nothing_knows_them(tmp_path):
    assert carried(tmp_path, ['a'], ['a', 'b']) == ([], None)
    picture(tmp_path, 'a', 'b', 'c', 'gone')
    records.save(str(tmp_path), records.begin(None, 'c', 'audit', True, NOW, '0.1.0', 'run'))
    assert carried(tmp_path, ['a'], ['a', 'b']) == (['b', 'c'], None)


@pytest.mark.parametrize('text', ['{', '[]', '{"hosts": 5}'])
def test_a_damaged_picture_is_told_and_set_aside_and_drawn_from_the_records(tmp_path, text):
    (tmp_path / 'audit-summary.json').write_text(text)
    for name, journey in (('a', 'audit'), ('b', 'audit'), ('c', 'scan')):
        records.save(str(tmp_path), records.begin(None, name, journey, True, NOW, '0.1.0', 'run'))
    (tmp_path / 'd.audit.json').write_text('[')
    found, wrong = carried(tmp_path, ['a'], ['a'])
    assert found == ['b'] and 'audit-summary.json.damaged-20261122T120000000000Z' in wrong
    assert (tmp_path / 'audit-summary.json.damaged-20261122T120000000000Z').read_text() == text


@pytest.mark.parametrize('changes, told', [
    ({'plan': 5}, 'key plan must be array'), ({'journey': 'scan'}, 'of another journey'), ({'host': 'b'}, 'stands there twice'),
    ({'host': 7}, 'key host must be')])
def test_a_damaged_row_of_the_picture_takes_no_other_with_it(tmp_path, changes, told):
    picture(tmp_path, 'b', 'a', 'c')
    summary = json.loads((tmp_path / 'audit-summary.json').read_text())
    summary['hosts'][1].update(changes)
    (tmp_path / 'audit-summary.json').write_text(json.dumps(summary))
    found, wrong = carried(tmp_path, [], ['a', 'b', 'c'])
    assert found == ['b', 'c'] and told in wrong
    # The record of the host, where it has one, tells of it.
    records.save(str(tmp_path), records.begin(None, 'a', 'audit', True, NOW, '0.1.0', 'run'))
    assert carried(tmp_path, [], ['a', 'b', 'c'])[0] == ['b', 'c', 'a']
