# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: hosts of rotation.py, and the ways to run ansible-core of remedy_runs.py."""
import pytest
from remedy_runs import MATRIX, Ansible
from rotation import Host


@pytest.fixture
def host(tmp_path):
    """A Host in the shape of EL 9 and 10."""
    return Host(tmp_path / 'host')


@pytest.fixture
def new_host(tmp_path):
    """Makes Hosts."""
    return lambda name, **options: Host(tmp_path / name, **options)


@pytest.fixture(params=MATRIX, ids=lambda pair: '-'.join(part for part in pair if part))
def ansible(request, collection, tmp_path):
    """Ansible, once for each pair of MATRIX."""
    return Ansible(request.param[0], request.param[1], collection, tmp_path / 'ansible')


@pytest.fixture
def newest(collection, tmp_path):
    """Ansible with the newest ansible-core alone."""
    return Ansible('newest', None, collection, tmp_path / 'ansible')


@pytest.fixture
def oldest(collection, tmp_path):
    """Ansible with the oldest ansible-core alone."""
    return Ansible('oldest', None, collection, tmp_path / 'ansible')
