# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: a journald, a mail server, and the program between them."""
import os
import shutil
import sys

import pytest

# The journald of the scanner's tests.
sys.path.insert(0, os.path.join(os.path.dirname(__file__), os.pardir, 'scanner'))

from alert_hosts import PYTHONS, Program, Receiver  # noqa: E402
from test_journald import Journald  # noqa: E402


@pytest.fixture
def journald():
    """A real systemd-journald with a journal of its own."""
    daemon = Journald(largest='4M')
    yield daemon
    daemon.close()


@pytest.fixture
def receiver(tmp_path):
    """A mail server, which is not running yet."""
    server = Receiver(tmp_path / 'mails')
    yield server
    server.stop()


def install(collection, folder):
    """The program as the role installs it: beside the module that it imports. Its path."""
    folder = os.path.join(str(folder), 'libexec')
    os.mkdir(folder)
    for source, name in (('roles/syslog_policy/files/alerts.py', 'alerts'),
                         ('plugins/module_utils/_journal/position.py', 'journal_position.py')):
        shutil.copy(os.path.join(collection, source), os.path.join(folder, name))
    return os.path.join(folder, 'alerts')


def make_program(collection, journald, folder, python):
    return Program(install(collection, folder), PYTHONS[python], folder, journald.journal)


@pytest.fixture
def program(collection, journald, tmp_path):
    """The program, under the oldest Python there is; not running yet."""
    one = make_program(collection, journald, tmp_path, sorted(PYTHONS, key=lambda name: name.split('.')[0])[0])
    yield one
    one.close()


@pytest.fixture(params=sorted({'2.7', '3.6', '3.13'} & set(PYTHONS)))
def each_program(request, collection, journald, tmp_path):
    """The program, under an old, a middle and the newest Python."""
    one = make_program(collection, journald, tmp_path, request.param)
    yield one
    one.close()
