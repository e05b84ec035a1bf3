#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the Python interpreters of this machine: on PATH and under ~/.pyenv/versions.

    python3 tests/pythons.py            each version and its interpreter
    python3 tests/pythons.py newest     the interpreter for .venv, ansible-core 2.21 (2.19 on Python 3.11)
    python3 tests/pythons.py oldest     the interpreter for .venv-oldest, ansible-core 2.16
"""
import glob
import os
import re
import subprocess
import sys

# What the collection's code runs on: targets on all of them, the control node on CONTROL.
SUPPORTED = ('2.7', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13')
CONTROL = ('3.10', '3.11', '3.12', '3.13')

# In the order of preference.
NEWEST = ('3.13', '3.12', '3.11')
OLDEST = ('3.12', '3.11', '3.10')

PROBE = 'import sys; print("%d.%d" % sys.version_info[:2])'


def on_path():
    """Folders of PATH. A virtual environment that happens to be active is nothing to build others on."""
    folders = os.environ.get('PATH', os.defpath).split(os.pathsep)
    return [folder for folder in folders if not os.path.exists(os.path.join(folder, os.pardir, 'pyvenv.cfg'))]


def candidates():
    """Paths (str) of files that may be an interpreter; the earlier is preferred."""
    folders = on_path()
    folders += sorted(glob.glob(os.path.expanduser('~/.pyenv/versions/*/bin')))
    shims = os.path.expanduser('~/.pyenv/shims')
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, 'python[23]*'))):
            # A shim of a version costs some sixty processes, and what it starts lies below versions.
            if re.fullmatch(r'python[23]' if folder == shims else r'python[23](\.\d+)?', os.path.basename(path)):
                yield path


def find():
    """{version such as '3.9': interpreter's path} of the supported versions that really start."""
    found = {}
    # A shim of pyenv looks on PATH too, and would start the Python of a virtual environment that is about to be made anew.
    environment = dict(os.environ, PATH=os.pathsep.join(on_path()))
    for path in candidates():
        named = os.path.basename(path)[len('python'):]
        if named in found or ('.' in named and named not in SUPPORTED):
            continue
        answer = subprocess.run([path, '-c', PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, env=environment)
        version = answer.stdout.decode().strip()
        # A shim of pyenv has the name of each version and fails for those not chosen.
        if answer.returncode == 0 and version in SUPPORTED:
            found.setdefault(version, path)
    return found


def ends(found):
    """Of the versions in found (dict), the oldest and newest of Python 2, 3 and the control node's, in order."""
    present = [version for version in SUPPORTED if version in found]
    wanted = set()
    for some in ([version for version in present if version[0] == '2'],
                 [version for version in present if version[0] == '3'],
                 [version for version in present if version in CONTROL]):
        wanted.update(some[:1] + some[-1:])
    return [version for version in present if version in wanted]


def choose(wanted, found):
    """The path of the first of wanted (versions) that is in found; exits with a message when none is."""
    for version in wanted:
        if version in found:
            return found[version]
    sys.exit('No Python %s was found on PATH or under ~/.pyenv/versions. Install one, for instance '
             '"apt-get install python3 python3-venv".' % ', '.join(wanted))


def main(arguments):
    """Print what was asked for."""
    found = find()
    if arguments == ['newest']:
        print(choose(NEWEST, found))
    elif arguments == ['oldest']:
        print(choose(OLDEST, found))
    elif not arguments:
        for version in SUPPORTED:
            print(version.ljust(4), found.get(version, 'not found'))
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
