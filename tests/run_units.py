#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the unit tests on every supported Python of this machine.

Python 2.7 and 3.6 to 3.9 run tests/unit/module_utils, the code that runs on targets; the control node's
Pythons run tests/unit, each with another ansible-core, all but the newest of them without NEWEST_ALONE, and those
between without ENDS_ALONE. Every Python has its own environment under
.cache/units, made once and again when its pinned requirements change.

    tests/run_units.py                                   all
    tests/run_units.py --ends                            the oldest and newest of targets and control nodes
    tests/run_units.py --python 2.7 --python 3.6 -- -k matcher -x
"""
import argparse
import concurrent.futures
import hashlib
import os
import shutil
import subprocess
import sys
import time

import pythons

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CACHE = os.path.join(ROOT, '.cache', 'units')
TAIL = 60
# Property tests try all their examples on the oldest and the newest Python, and one in so many on those between.
# With --ends they try so few everywhere, and with --python all.
ONE_IN = '5'
# What looks at texts and tables of the collection says the same on each Python: the newest is asked. What looks at regular expressions
# of the catalog is asked on the oldest and the newest of the control node's.
NEWEST_ALONE = ('test_collection.py', 'test_rooms.py', 'test_shipped_catalog.py', 'test_remedies_guide.py', 'plugin_utils/common/test_messages.py')
ENDS_ALONE = ('plugin_utils/catalog/test_guard.py', 'plugin_utils/catalog/test_evidence.py')


def environment(version, interpreter):
    """(command of the Python that has pytest, its environment variables); made when it is not there yet.

    version such as '3.6'; raises subprocess.CalledProcessError with the output of what failed.
    """
    requirements = os.path.join(ROOT, 'requirements', 'units-py%s.txt' % version.replace('.', ''))
    with open(requirements, 'rb') as stream:
        key = hashlib.sha256(interpreter.encode() + stream.read()).hexdigest()[:12]
    folder = os.path.join(CACHE, '%s-%s' % (version, key))
    done = os.path.join(folder, 'done')
    # No compiled files beside the sources: the tree under test is shared by all of them.
    environ = dict(os.environ, PYTHONDONTWRITEBYTECODE='1')
    environ.pop('PYTHONPATH', None)
    if version == '2.7':
        # Python 2.7 has no venv, but what pip puts into a folder serves as well.
        python, options = interpreter, ['--target', folder]
        environ['PYTHONPATH'] = folder
    else:
        python, options = os.path.join(folder, 'bin', 'python'), []
    if not os.path.exists(done):
        shutil.rmtree(folder, ignore_errors=True)
        if not options:
            _run([interpreter, '-m', 'venv', folder], environ)
        _run([python, '-m', 'pip', 'install', '-r', requirements] + options, dict(environ, PYTHONPATH=''))
        with open(done, 'w', encoding='utf-8'):
            pass
    return python, environ


def _run(command, environ):
    subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run(version, interpreter, results, arguments, fewer, left_out):
    """Run the tests on one Python, with fewer examples if asked to and without some files: (exit status, output as str, seconds)."""
    start = time.monotonic()
    tests = 'tests/unit' if version in pythons.CONTROL else 'tests/unit/module_utils'
    try:
        python, environ = environment(version, interpreter)
    except subprocess.CalledProcessError as error:
        output = '%s\n%s' % (error, error.output.decode(errors='replace'))
        return error.returncode, output, time.monotonic() - start
    command = [python, '-m', 'pytest', '-q', '--color=no', '-o', 'cache_dir=.cache/pytest/' + version, tests]
    command += ['--ignore=tests/unit/' + path for path in left_out]
    if fewer and not environ.get('LOG_HYGIENE_EXAMPLES'):
        environ['LOG_HYGIENE_ONE_EXAMPLE_IN'] = ONE_IN
    if results:
        command += ['--junitxml', os.path.join(results, 'units-%s.xml' % version)]
    answer = subprocess.run(command + arguments, cwd=ROOT, env=environ, check=False, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return answer.returncode, answer.stdout.decode(errors='replace'), time.monotonic() - start


def main():
    """Run all, two at a time, and tell how each went; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--python', action='append', choices=pythons.SUPPORTED, help='only this version')
    parser.add_argument('--ends', action='store_true', help='only the oldest and newest versions, with fewer examples of property tests')
    parser.add_argument('--results', help='folder for a JUnit file of each Python')
    parser.add_argument('arguments', nargs='*', help='more arguments for pytest, after --')
    options = parser.parse_args()

    found = pythons.find()
    wanted = options.python or (pythons.ends(found) if options.ends else
                                [version for version in pythons.SUPPORTED if version in found])
    missing = [version for version in wanted if version not in found]
    if missing:
        sys.exit('Python %s was not found on PATH or under ~/.pyenv/versions.' % ', '.join(missing))
    failed = []
    control = [] if options.python else [version for version in pythons.CONTROL if version in wanted]
    left_out = {version: NEWEST_ALONE + ENDS_ALONE * (version != control[0]) for version in control[:-1]}
    # The control node's Pythons have most to do: nothing long is left to run alone at the end.
    order = sorted(wanted, key=lambda version: version not in pythons.CONTROL)
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        runs = [(version, pool.submit(run, version, found[version], options.results, options.arguments,
                                      options.ends or not options.python and version not in (wanted[0], wanted[-1]), left_out.get(version, ())))
                for version in order]
        for version, future in runs:
            status, output, seconds = future.result()
            lines = output.strip().splitlines() or ['']
            if status:
                failed.append(version)
                print('\n'.join(lines[-TAIL:]))
            print('Python %-5s %s, %.1f s in all' % (version, lines[-1].strip('= '), seconds), flush=True)
    absent = [version for version in pythons.SUPPORTED if version not in found]
    if absent:
        print('Not on this machine, so not tested here: Python %s' % ', '.join(absent))
    if failed:
        print('Failed on Python %s' % ', '.join(failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
