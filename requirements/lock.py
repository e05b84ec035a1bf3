#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the pinned requirement files beside this script from the direct requirements named in it.

    make lock                              all of them
    requirements/lock.py newest units-py27 some of them

Each is resolved in a fresh environment of the Python it is for, so that Python must be on this machine.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'tests'))

import pythons  # noqa: E402

# What users need at run time.
with open(os.path.join(os.path.dirname(HERE), 'meta', 'ee-requirements.txt'), encoding='utf-8') as stream:
    RUN_TIME = [line.strip() for line in stream if line.strip() and not line.startswith('#')]

UNITS = ['pytest', 'hypothesis']
# syslog2cef reads syslog messages too; the tests compare.
CONTROL_UNITS = UNITS + RUN_TIME + ['jsonschema', 'syslog2cef']
DEVELOPMENT = CONTROL_UNITS + ['aiosmtpd', 'pytest-testinfra', 'ansible-lint', 'yamllint', 'antsibull-changelog', 'molecule',
                               'mypy', 'types-PyYAML', 'types-jmespath']

# name of the file: (Python, what it is for, direct requirements). The package `ansible` brings the
# collection containers.podman without Galaxy. virtualenv 20.21 is the last that makes environments of
# Python 2.7 and 3.6, which `ansible-test sanity` of ansible-core 2.16 wants. galaxy-importer has an environment
# of its own, as it holds back what others need newer.
FILES = {
    'newest': ('3.13', '.venv on Python 3.12 and 3.13: the newest supported ansible-core',
               ['ansible-core==2.21.5', 'ansible==14.*'] + DEVELOPMENT),
    'newest-py311': ('3.11', '.venv on Python 3.11, whose last ansible-core is 2.19',
                     ['ansible-core==2.19.*', 'ansible==12.*'] + DEVELOPMENT),
    'oldest': ('3.12', '.venv-oldest on Python 3.10 to 3.12: the oldest supported ansible-core',
               ['ansible-core==2.16.*', 'virtualenv==20.21.1'] + CONTROL_UNITS),
    'galaxy': ('3.11', '.venv-galaxy on Python 3.11 to 3.13: what Galaxy and docs.ansible.com check',
               ['galaxy-importer', 'antsibull-docs']),
    'units-py27': ('2.7', 'unit tests of what runs on targets', UNITS),
    'units-py36': ('3.6', 'unit tests of what runs on targets', UNITS),
    'units-py37': ('3.7', 'unit tests of what runs on targets', UNITS),
    'units-py38': ('3.8', 'unit tests of what runs on targets', UNITS),
    'units-py39': ('3.9', 'unit tests of what runs on targets', UNITS),
    'units-py310': ('3.10', 'all unit tests, with ansible-core 2.17 and the oldest of what is needed at run time',
                    ['ansible-core==2.17.*'] + [wanted.replace('>=', '==').split(',')[0] for wanted in RUN_TIME] + CONTROL_UNITS),
    'units-py311': ('3.11', 'all unit tests, with ansible-core 2.18', ['ansible-core==2.18.*'] + CONTROL_UNITS),
    'units-py312': ('3.12', 'all unit tests, with ansible-core 2.16', ['ansible-core==2.16.*'] + CONTROL_UNITS),
    'units-py313': ('3.13', 'all unit tests, with ansible-core 2.21', ['ansible-core==2.21.5'] + CONTROL_UNITS),
}

# Old pips choose releases that their Python cannot run; these are the last for each.
LAST_PIP = {'2.7': 'pip<21', '3.6': 'pip<22', '3.7': 'pip<24.1', '3.8': 'pip<25.1'}


def resolve(python, version, requirements, folder):
    """Install requirements (list of str) into folder; the pinned list (str, a requirement a line)."""
    pip_target = os.path.join(folder, 'pip')
    target = os.path.join(folder, 'target')
    quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.PIPE, 'check': True}
    subprocess.run([python, '-m', 'pip', 'install', '--target', pip_target, LAST_PIP.get(version, 'pip')], **quiet)
    environ = dict(os.environ, PYTHONPATH=pip_target)
    subprocess.run([python, '-m', 'pip', 'install', '--ignore-installed', '--target', target] + requirements,
                   env=environ, **quiet)
    frozen = subprocess.run([python, '-m', 'pip', 'freeze', '--path', target], env=environ, check=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return ''.join(line + '\n' for line in frozen.stdout.decode().splitlines() if '==' in line)


def main(names):
    """Write the files of names (list of str), or all."""
    found = pythons.find()
    for name in names or FILES:
        version, purpose, requirements = FILES[name]
        with tempfile.TemporaryDirectory() as folder:
            try:
                pinned = resolve(pythons.choose([version], found), version, requirements, folder)
            except subprocess.CalledProcessError as error:
                sys.exit('%s: %s' % (name, error.stderr.decode()))
        with open(os.path.join(HERE, name + '.txt'), 'w', encoding='utf-8') as stream:
            stream.write('# For %s. Made by requirements/lock.py.\n%s' % (purpose, pinned))
        print('%s.txt: %d packages' % (name, pinned.count('\n')))


if __name__ == '__main__':
    main(sys.argv[1:])
