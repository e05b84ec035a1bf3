#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run `ansible-test sanity` on a copy of the collection that was installed from the tarball.

    tests/sanity/run.py VENV COLLECTION [arguments of ansible-test sanity]

VENV (.venv or .venv-oldest) says which ansible-core; COLLECTION is the installed folder. ansible-test makes
its environments of every Python it finds on PATH, so those of tests/pythons.py are put there.
"""
import contextlib
import glob
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))

import pythons  # noqa: E402

BOOTSTRAP_HOST = 'https://ci-files.testing.ansible.com/'
BOOTSTRAP_CACHE = os.path.expanduser('~/.ansible/test/cache')

# What get-pip.py does, from the Python itself and the package index that pip is set up for.
BOOTSTRAP = '''\
import subprocess, sys
wanted = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
if subprocess.call([sys.executable, "-m", "pip", "--version"], stdout=open("/dev/null", "w"), stderr=subprocess.STDOUT):
    subprocess.check_call([sys.executable, "-m", "ensurepip"])
subprocess.check_call([sys.executable, "-m", "pip", "install", "--disable-pip-version-check"] + wanted)
'''


def copy_tree(collection, target):
    """Make target (folder) equal to collection (folder), but keep what ansible-test wrote in it: its environments."""
    os.makedirs(target, exist_ok=True)
    for entry in os.listdir(target):
        path = os.path.join(target, entry)
        if entry in ('tests', '.git'):
            continue
        if os.path.isdir(path):
            shutil.rmtree(path)
        else:
            os.remove(path)
    shutil.copytree(collection, target, dirs_exist_ok=True)
    for path in glob.glob(os.path.join(target, 'tests', 'sanity', 'ignore-*.txt')):
        os.remove(path)
    for path in glob.glob(os.path.join(HERE, 'ignore-*.txt')):
        os.makedirs(os.path.join(target, 'tests', 'sanity'), exist_ok=True)
        shutil.copy(path, os.path.join(target, 'tests', 'sanity'))
    # ansible-test asks git for the files, and would ask the repository around the copy, which ignores it.
    subprocess.run(['git', 'init', '--quiet', target], check=True)
    with open(os.path.join(target, '.git', 'info', 'exclude'), 'w', encoding='utf-8') as stream:
        stream.write('/tests/output/\n')


def bootstrap_files(venv):
    """Paths (list of str) of the get-pip files that the ansible-test of venv (folder) looks for before it downloads."""
    source, = glob.glob(os.path.join(venv, 'lib', 'python3*', 'site-packages', 'ansible_test', '_internal',
                                     'python_requirements.py'))
    with open(source, encoding='utf-8') as stream:
        versions = sorted(set(re.findall(r"\bpip='([0-9.]+)'", stream.read())))
    if not versions:
        raise ValueError('%s names no version of pip: has ansible-test changed how it installs pip?' % source)
    return [os.path.join(BOOTSTRAP_CACHE, 'get_pip_%s.py' % version.replace('.', '_')) for version in versions]


def reachable(url):
    """Whether the host of url (str) answers at all, with whatever status."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextlib.contextmanager
def bootstrap(venv):
    """Stand in for the get-pip files while the host they come from is out of reach, as in a closed network."""
    missing = [path for path in bootstrap_files(venv) if not os.path.exists(path)]
    made = missing if missing and not reachable(BOOTSTRAP_HOST) else []
    try:
        for path in made:
            os.makedirs(BOOTSTRAP_CACHE, exist_ok=True)
            with open(path, 'w', encoding='utf-8') as stream:
                stream.write(BOOTSTRAP)
        yield
    finally:
        for path in made:
            os.remove(path)


def main(venv, collection, *arguments):
    """Run it; the exit status."""
    venv = os.path.abspath(venv)
    target = os.path.join(ROOT, '.cache', 'sanity', os.path.basename(venv).lstrip('.'),
                          'ansible_collections', 'loghygiene', 'rhel')
    copy_tree(collection, target)
    folders = [os.path.join(venv, 'bin')]
    folders += [os.path.dirname(path) for path in pythons.find().values()]
    environ = dict(os.environ, PATH=os.pathsep.join(folders + [os.environ['PATH']]))
    environ.pop('ANSIBLE_COLLECTIONS_PATH', None)
    command = [os.path.join(venv, 'bin', 'ansible-test'), 'sanity', '--venv', '--requirements', '--color', 'no']
    with bootstrap(venv):
        process = subprocess.Popen(command + list(arguments), cwd=target, env=environ, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace')
        errors = []
        for line in process.stdout:
            print(line, end='', flush=True)
            # ansible-test is content when it finds nothing to test.
            if line.startswith(('ERROR: ', 'FATAL: ')) or 'All targets skipped' in line:
                errors.append(line)
        status = process.wait()
    if status or errors:
        # The errors again, without what pip had to say between them.
        print('\nansible-test found:\n' + ''.join(errors))
    return status or int(bool(errors))


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
