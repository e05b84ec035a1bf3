# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The line about a run reaches who listens at the socket of the log, whole and as one line; else it is said why not."""
from __future__ import absolute_import, division, print_function

import os
import re
import shutil
import socket
import tempfile

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import trail

__metaclass__ = type


@pytest.fixture
def place():
    """The path of a socket; that of tmpdir may be too long for one."""
    folder = tempfile.mkdtemp(dir='/tmp')
    yield os.path.join(folder, 'log')
    shutil.rmtree(folder)


def test_one_message_of_authpriv_whatever_the_text_holds(place):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(place)
    trail.write(u'remediation X begins\n<0>kernel: forged\x1b[31m \uac00', place)
    said = listener.recv(65536).decode('utf-8')
    assert re.match(r'<85>[A-Z][a-z]{2} [ 1-3][0-9] [0-9:]{8} loghygiene\[[0-9]+\]: remediation X begins <0>kernel: forged \[31m ', said)
    assert said.endswith(u'\uac00') and '\n' not in said


def test_nobody_listens(place):
    with pytest.raises(trail.TrailError) as error:
        trail.write('x', place)
    assert place in str(error.value) and 'No such file or directory' in str(error.value)


def test_somebody_listens_and_does_not_read(place, monkeypatch):
    monkeypatch.setattr(trail, 'SECONDS', 0.2)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(place)
    with pytest.raises(trail.TrailError) as error:
        for dummy in range(10000):
            trail.write('x' * 4000, place)
    assert 'nobody took it' in str(error.value)
