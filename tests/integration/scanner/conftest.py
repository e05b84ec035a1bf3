# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scanners, run as Ansible runs them and in this process."""

import pytest
from remedy_runs import PYTHONS, Ansible

# Each ansible-core with the oldest Pythons it reaches; None is the Python that ansible-core itself runs on.
MATRIX = [
    (core, python)
    for core, python in [('newest', None), ('oldest', '2.7'), ('oldest', '3.6')]
    if python is None or python in PYTHONS
]


@pytest.fixture(scope='session', params=MATRIX, ids=lambda pair: '-'.join(part for part in pair if part))
def ansible(request, collection, tmp_path_factory):
    """Ansible, once for each pair of MATRIX."""
    return Ansible(request.param[0], request.param[1], collection, tmp_path_factory.mktemp('ansible'))


@pytest.fixture
def each_core(request, collection, tmp_path):
    """Ansible of the pair that a test names as its (indirect) parameter."""
    return Ansible(request.param[0], request.param[1], collection, tmp_path / 'ansible')
