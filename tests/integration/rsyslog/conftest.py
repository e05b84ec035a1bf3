# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: hosts and collectors of rsyslog_host.py, the ways to run ansible-core of remedy_runs.py, signatures."""
import json
import pathlib
import types

import pytest
import yaml
from remedy_runs import MATRIX, Ansible
from rsyslog_host import SHAPES, Collector, Entry, Host

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import diversion as rsyslog_diversion


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


@pytest.fixture(params=['newest', 'oldest'])
def each_core(request, collection, tmp_path):
    """Ansible with the oldest and the newest ansible-core."""
    return Ansible(request.param, None, collection, tmp_path / 'ansible')


@pytest.fixture(params=sorted(SHAPES))
def host(request, tmp_path):
    """A Host in the shape of EL 7, and one in the shape of EL 8 to 10."""
    return Host(tmp_path / 'host', request.param)


@pytest.fixture
def el9(tmp_path):
    """A Host in the shape of EL 8 to 10, where the shape does not matter."""
    return Host(tmp_path / 'host', 'el9')


@pytest.fixture
def collector():
    """A Collector."""
    result = Collector()
    yield result
    result.indexes()


@pytest.fixture(scope='session')
def shipped(collection):
    """The signatures of the catalog that are diverted: id -> dict."""
    found = {}
    for path in sorted(pathlib.Path(collection, 'catalog', 'signatures').rglob('*.yml')):
        with open(path, encoding='utf-8') as source:
            # through JSON, as a module gets it
            signature = json.loads(json.dumps(yaml.safe_load(source), default=str))
        if signature['disposition'] == 'divert':
            found[signature['id']] = signature
    return found


@pytest.fixture
def v3(shipped):
    """One signature that is diverted, an entry of its noise, and what rsyslog.render() makes of it alone."""
    signature = shipped['ahnlab-v3-module-lifecycle']
    return types.SimpleNamespace(signature=signature, noise=Entry('<atamptl>:[INFO]Unloaded atamptl', priority=4),
                                 render=lambda host: rsyslog_diversion.render([signature], (), host.diverted))
