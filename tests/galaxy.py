#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the collection as Galaxy, docs.ansible.com and ansible-builder do, with the tools of .venv-galaxy.

    tests/galaxy.py importer TARBALL        what Galaxy says when the tarball is uploaded; a warning fails too
    tests/galaxy.py docs CHECKOUT           what docs.ansible.com says of the documentation of plugins and roles
    tests/galaxy.py builder COLLECTIONS     what ansible-builder puts into an execution environment
"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, '.venv-galaxy', 'bin')
REQUIREMENTS = os.path.join(ROOT, 'meta', 'ee-requirements.txt')


def call(*command, cwd=ROOT):
    """Run a command (strings) of .venv-galaxy in the folder cwd, show its output; (exit status, output as str)."""
    environ = dict(os.environ, PATH=VENV + os.pathsep + os.environ['PATH'])
    # What is installed for the other tests is not what is checked here.
    environ.pop('ANSIBLE_COLLECTIONS_PATH', None)
    done = subprocess.run([os.path.join(VENV, command[0]), *command[1:]], cwd=cwd, env=environ, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(done.stdout, flush=True)
    return done.returncode, done.stdout


def importer(tarball):
    """Import a tarball (path) as Galaxy does; the exit status."""
    # It leaves importer_result.json where it runs.
    scratch = os.path.join(ROOT, '.cache', 'galaxy')
    os.makedirs(scratch, exist_ok=True)
    status, output = call('python', '-m', 'galaxy_importer.main', os.path.abspath(tarball), cwd=scratch)
    # It ends with 0 whatever ansible-lint said, and also where it found no ansible-lint.
    return status or int(bool(re.search(r'^(WARNING|ERROR|CRITICAL)\b', output, re.MULTILINE))
                         or 'Importer processing completed successfully' not in output)


def docs(checkout):
    """Check the documentation of a checkout (folder); the exit status.

    An installed copy does not do: antsibull-docs asks git for the files, and git ignores build.
    """
    return call('antsibull-docs', 'lint-collection-docs', '--plugin-docs', '--validate-collection-refs', 'dependent',
                '--disallow-unknown-collection-refs', '--check-extra-docs-refs', os.path.abspath(checkout))[0]


def builder(collections):
    """Compare what ansible-builder reads from installed collections (folder) with meta/ee-requirements.txt; the exit status."""
    status, output = call('ansible-builder', 'introspect', os.path.abspath(collections))
    with open(REQUIREMENTS, encoding='utf-8') as stream:
        wanted = sorted(line.strip() for line in stream if line.strip() and not line.startswith('#'))
    found = sorted(re.findall(r"^- '(.*?) +# from collection loghygiene\.rhel'$", output, re.MULTILINE))
    if found != wanted:
        print('ansible-builder found %s, meta/ee-requirements.txt says %s' % (found, wanted))
    return status or int(found != wanted)


if __name__ == '__main__':
    if len(sys.argv) != 3 or sys.argv[1] not in ('importer', 'docs', 'builder'):
        sys.exit(__doc__)
    sys.exit({'importer': importer, 'docs': docs, 'builder': builder}[sys.argv[1]](sys.argv[2]))
