# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: the ways to run ansible-core of remedy_runs.py."""
import pytest
from remedy_runs import MATRIX, Ansible

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files


@pytest.fixture(autouse=True)
def state_directory(tmp_path, monkeypatch):
    """The state directory of modules that run in this process, so that they leave nothing on this machine."""
    monkeypatch.setattr(files, 'BACKUP_ROOT', str(tmp_path / 'state' / 'backup'))


@pytest.fixture(params=MATRIX, ids=lambda pair: '-'.join(part for part in pair if part))
def ansible(request, collection, tmp_path):
    """Ansible, once for each pair of MATRIX."""
    return Ansible(request.param[0], request.param[1], collection, tmp_path / 'ansible')


@pytest.fixture
def newest(collection, tmp_path):
    """Ansible with the newest ansible-core alone, where the Python does not matter."""
    return Ansible('newest', None, collection, tmp_path / 'ansible')


@pytest.fixture(params=['newest', 'oldest'])
def each_core(request, collection, tmp_path):
    """Ansible with the oldest and the newest ansible-core, for what runs on the control node."""
    return Ansible(request.param, None, collection, tmp_path / 'ansible')
