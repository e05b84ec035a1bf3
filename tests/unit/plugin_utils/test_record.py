# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record files on the control node."""
from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records

ROOT = Path(records.__file__).resolve().parents[2]


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
    (b'{', 'not a JSON record'), (b'\xff', 'not a JSON record'), (b'[]', 'key "schema"'), (b'{"schema": 99}', 'key "schema"'),
    (b'{"schema": 1, "host": "db1"}', 'key "host"'),
])
def test_a_bad_file_is_named_with_the_remedy_and_left_alone(tmp_path, content, words):
    path = tmp_path / 'web1.json'
    path.write_bytes(content)
    with pytest.raises(records.RecordError, match=words) as caught:
        records.load(str(tmp_path), 'web1')
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


def test_a_full_or_missing_place_is_named(tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(records.RecordError, match='log_hygiene_run_dir'):
        records.save(str(tmp_path / 'file' / 'below'), begin())


@given(st.text(min_size=1), st.text(min_size=1))
def test_file_names_stay_in_the_folder_and_apart(one, other):
    name = records.file_name(one, 'remediate', False)
    assert '/' not in name and not name.startswith('.') and '\x00' not in name
    assert (name == records.file_name(other, 'remediate', False)) == (one == other)


def test_fixes_are_carried_over_and_verify_continues():
    old = begin()
    old.update(fixes={'tmpfiles_acl': {'point': 1}}, plan=[{'signature': 'x'}], scan={'at': 't'})
    assert begin(old)['fixes'] == old['fixes'] and begin(old)['plan'] == [] and begin(old)['scan'] is None
    assert begin(old, 'verify')['plan'] == old['plan'] and begin(old, 'verify')['scan'] == old['scan']


def test_version_is_that_of_the_collection():
    if (ROOT / 'galaxy.yml').exists():
        version = yaml.safe_load((ROOT / 'galaxy.yml').read_text())['version']
    else:  # installed from the tarball
        version = yaml.safe_load((ROOT / 'MANIFEST.json').read_text())['collection_info']['version']
    assert records.VERSION == version
