# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of sysusers.d that make a group, as systemd-sysusers reads them."""
from __future__ import absolute_import, division, print_function

import os
import subprocess

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _sysusers as sysusers

__metaclass__ = type

# basic.conf of systemd 239 leaves the number open; that of 252 and 257 is built with 4. RHEL 10's setup has users as well.
LINES = [(b'g adm     -     -            -', None), (b'g adm     4     -            -', 4), (b'\tg "adm" 4', 4), (b'u adm 3 "adm" /var/adm', 3),
         (b'u! adm - "adm"', None), (b'm syslog adm', None), (b'm adm wheel', None)]
OTHERS = [b'# g adm 4', b'g adm2 4', b'u adm 3:4 "adm" /var/adm', b'm syslog wheel', b'r - 4-10', b'g', b'', b'gadm 4']


@pytest.fixture
def folders(tmpdir):
    return [str(tmpdir.mkdir(name)) for name in ('etc', 'run', 'lib')]


def put(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, 'wb') as target:
        target.write(content)
    return path


def read(path):
    with open(path, 'rb') as source:
        return source.read()


@pytest.mark.parametrize('line, number', LINES)
def test_a_line_that_makes_the_group_is_named(folders, line, number):
    path = put(folders[2], 'basic.conf', b'\n'.join(OTHERS + [line, b'']))
    assert sysusers.makers(b'adm', read, folders) == [(path, len(OTHERS) + 1, number)]


def test_other_lines_make_it_not(folders):
    put(folders[2], 'basic.conf', b'\n'.join(OTHERS))
    assert sysusers.makers(b'adm', read, folders) == []


@pytest.mark.parametrize('content', [b'# none\n', None])
def test_an_override_hides_the_line(folders, content):
    put(folders[2], 'basic.conf', b'g adm 4\n')
    if content is None:
        os.symlink('/dev/null', os.path.join(folders[0], 'basic.conf'))
    else:
        put(folders[0], 'basic.conf', content)
    assert sysusers.makers(b'adm', read, folders) == []


@pytest.mark.parametrize('line', [line for line, _number in LINES if b'!' not in line] + OTHERS[:6])
def test_systemd_sysusers_reads_it_so(tmpdir, line):
    """The real one, in a folder of its own. It knows u! from 257 on, and g alone is a mistake."""
    root = tmpdir.mkdir('root')
    root.mkdir('etc').join('passwd').write('root:x:0:0:root:/root:/bin/sh\n')
    root.join('etc', 'group').write('root:x:0:\n')
    folder = root.join('usr', 'lib', 'sysusers.d').ensure(dir=True)
    put(str(folder), 'x.conf', line + b'\n')
    try:
        process = subprocess.Popen(['systemd-sysusers', '--root=%s' % root], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except EnvironmentError:
        pytest.skip('no systemd-sysusers here')
    said = process.communicate()[0]
    made = any(row.startswith('adm:') for row in root.join('etc', 'group').read().splitlines())
    assert made == bool(sysusers.makers(b'adm', read, [str(folder)])), said
