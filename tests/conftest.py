# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make ``ansible_collections.loghygiene.rhel`` importable, on every Python from 2.7 on, without Ansible.

The collection under test is the first one found in ANSIBLE_COLLECTIONS_PATH (``make`` points it at what
was installed from the tarball), else the checkout these tests lie in. A checkout may have any name, and
Python 2.7 knows no packages without ``__init__.py``, so the packages are made here from the folders.
"""
from __future__ import absolute_import, division, print_function

import os
import sys
import types

import hypothesis
import hypothesis.configuration
import pytest

__metaclass__ = type

PACKAGE = 'ansible_collections.loghygiene.rhel'
CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def find_collection(environ):
    """The folder of the collection under test (str); environ is a mapping like os.environ."""
    for folder in environ.get('ANSIBLE_COLLECTIONS_PATH', '').split(os.pathsep):
        installed = os.path.join(os.path.abspath(os.path.expanduser(folder)), *PACKAGE.split('.'))
        if folder and os.path.isdir(os.path.join(installed, 'plugins')):
            return os.path.realpath(installed)
    return CHECKOUT


def make_packages(root):
    """Register the collection at root (str) and each package below its plugins/ in sys.modules."""
    _make_package('ansible_collections', [])
    _make_package('ansible_collections.loghygiene', [])
    _make_package(PACKAGE, [root])
    for folder, folders, _files in os.walk(os.path.join(root, 'plugins')):
        folders[:] = [name for name in folders if name != '__pycache__']
        name = os.path.relpath(folder, root).replace(os.sep, '.')
        if '__init__.py' not in _files:
            _make_package(PACKAGE + '.' + name, [folder])


def _make_package(name, path):
    module = types.ModuleType(str(name))
    module.__path__ = path
    sys.modules[name] = module
    parent, _dot, last = name.rpartition('.')
    if parent:
        setattr(sys.modules[parent], last, module)


COLLECTION = find_collection(os.environ)
make_packages(COLLECTION)

# Where tests that run Ansible find the newest and the oldest supported one.
os.environ.setdefault('ANSIBLE_NEWEST_BIN', os.path.join(CHECKOUT, '.venv', 'bin'))
os.environ.setdefault('ANSIBLE_OLDEST_BIN', os.path.join(CHECKOUT, '.venv-oldest', 'bin'))

# The same examples in every run, so that a run says something about the change and not about luck, unless
# LOG_HYGIENE_EXAMPLES=1000 asks for that many random ones a test. A busy machine is no failure of the code:
# no deadline, no complaint that examples are made slowly. What Hypothesis remembers is kept apart for each Python, as their
# formats differ.
hypothesis.configuration.set_hypothesis_home_dir(
    os.path.join(CHECKOUT, '.cache', 'hypothesis', '%d.%d' % sys.version_info[:2]))
EXAMPLES = os.environ.get('LOG_HYGIENE_EXAMPLES')
# One in so many of the examples of each test: tests/run_units.py asks for fewer where another Python runs them all.
ONE_IN = int(os.environ.get('LOG_HYGIENE_ONE_EXAMPLE_IN') or 1)
LEAST = 10
hypothesis.settings.register_profile('loghygiene', deadline=None, derandomize=not EXAMPLES,
                                     max_examples=int(EXAMPLES or 100),
                                     suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile('loghygiene')


def pytest_itemcollected(item):
    """Run fewer examples of a property test, whether it says how many it wants or not."""
    function = getattr(item, 'function', None)
    wanted = getattr(function, '_hypothesis_internal_use_settings', None)
    # The same function stands behind each of its parameters, and is made smaller once.
    if ONE_IN > 1 and wanted is not None and not hasattr(function, 'has_fewer_examples'):
        function = getattr(function, '__func__', function)
        function.has_fewer_examples = True
        function._hypothesis_internal_use_settings = hypothesis.settings(
            wanted, max_examples=min(wanted.max_examples, max(LEAST, wanted.max_examples // ONE_IN)))


@pytest.fixture(scope='session')
def collection():
    """Folder of the collection under test: what was installed from the tarball, or the checkout."""
    return COLLECTION


@pytest.fixture(scope='session')
def checkout():
    """Folder of the source checkout these tests belong to."""
    return CHECKOUT
