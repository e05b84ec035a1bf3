#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the checks and tests of this checkout, tell how each went and count them all in the last line.

    tests/run.py check             what takes minutes (make check)
    tests/run.py all               everything (make test)
    tests/run.py NAME [NAME ...]   some steps
    tests/run.py list              their names

The output of a step goes to build/results/NAME.log and is shown only when the step fails. A step counts as
one test, unless it leaves JUnit files: then each test in them counts. Started by make, which makes the
environments and installs the collection under test first.
"""
import collections
import concurrent.futures
import contextlib
import glob
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = os.path.join(ROOT, 'build', 'results')
COLLECTIONS = os.path.join('build', 'collections')
INSTALLED = os.path.join(COLLECTIONS, 'ansible_collections', 'loghygiene', 'rhel')
TAIL = 80
SLOWEST = 10  # steps that are named at the end

# Tests run the tools of .venv and what was installed from the tarball, never the checkout.
ENVIRON = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=os.path.join(ROOT, 'build', 'collections'),
               ANSIBLE_NEWEST_BIN=os.path.join(ROOT, '.venv', 'bin'),
               ANSIBLE_OLDEST_BIN=os.path.join(ROOT, '.venv-oldest', 'bin'),
               PATH=os.path.join(ROOT, '.venv', 'bin') + os.pathsep + os.environ['PATH'])

# So many processes run tests at a time: some wait for a daemon. Steps with hosts want to find the images made.
Step = collections.namedtuple('Step', 'name hosts command')
LANES = 4
TWO_AT_A_TIME = 'units'  # of a step that runs two processes itself
IMAGES = 'sandbox-images'
# Whatever takes longest starts first, so that nothing long is left to run alone at the end; the rest is short and comes last. The journeys
# take longer than all others: they wait for the images while the units have two lanes.
LONGEST = (IMAGES, 'integration-journey', 'units', 'sanity-oldest', 'sanity-newest', 'integration-remedies', 'integration-docs', 'integration-rsyslog',
           'integration-alerts', 'molecule-syslog_policy', 'integration-scanner', 'integration-releases', 'integration-retention',
           'integration-probe', 'molecule-default')
QUICK = ('yamllint', 'ansible-lint', 'shellcheck', 'changelog', 'mypy', 'galaxy-importer', 'docs-lint', 'execution-environment',
         'sanity-newest', 'units')


def steps(quick=False):
    """The list of every Step; quick leaves out the unit tests on the Pythons between the oldest and the newest."""
    found = [
        Step('sanity-oldest', False, [sys.executable, 'tests/sanity/run.py', '.venv-oldest', INSTALLED]),
        Step('sanity-newest', False, [sys.executable, 'tests/sanity/run.py', '.venv', INSTALLED]),
        Step('ansible-lint', False, ['ansible-lint', '--nocolor']),
        Step('mypy', False, ['mypy']),
        Step('yamllint', False, ['yamllint', '--strict', '.']),
        Step('shellcheck', False, ['shellcheck'] + shell_scripts()),
        Step('changelog', False, ['antsibull-changelog', 'lint']),
        Step('galaxy-importer', False, [sys.executable, 'tests/galaxy.py', 'importer', tarball()]),
        Step('docs-lint', False, [sys.executable, 'tests/galaxy.py', 'docs', '.']),
        Step('execution-environment', False, [sys.executable, 'tests/galaxy.py', 'builder', COLLECTIONS]),
        Step('units', False, [sys.executable, 'tests/run_units.py', '--results', RESULTS] + ['--ends'] * quick),
        # Made beforehand, as scenarios that run at the same time would all make them.
        Step(IMAGES, False, ['tests/sandbox/sandbox', 'build']),
    ]
    for path in sorted(glob.glob(os.path.join(ROOT, 'tests', 'integration', '*', 'test_*.py'))):
        name = os.path.basename(os.path.dirname(path))
        if any(step.name == 'integration-' + name for step in found):
            continue
        found.append(Step('integration-' + name, True, [
            sys.executable, '-m', 'pytest', '-q', '--color=no', os.path.join('tests', 'integration', name),
            '--junitxml', os.path.join(RESULTS, 'integration-%s.xml' % name)]))
    for path in sorted(glob.glob(os.path.join(ROOT, 'extensions', 'molecule', '*', 'molecule.yml'))):
        scenario = os.path.basename(os.path.dirname(path))
        found.append(Step('molecule-' + scenario, True, ['molecule', 'test', '--scenario-name', scenario]))
    found.sort(key=lambda step: LONGEST.index(step.name) if step.name in LONGEST else len(LONGEST))
    return found


def tarball():
    """Path (str) of the tarball that make built of this version."""
    with open(os.path.join(ROOT, 'galaxy.yml'), encoding='utf-8') as stream:
        version, = re.findall(r'^version: *(\S+)$', stream.read(), re.MULTILINE)
    return os.path.join('build', 'loghygiene-rhel-%s.tar.gz' % version)


def shell_scripts():
    """Paths (list of str) of the shell scripts: files that say so in their first line."""
    found = []
    for top in ('.ci', 'tests', 'extensions'):
        for folder, _folders, files in os.walk(os.path.join(ROOT, top)):
            for name in files:
                path = os.path.join(folder, name)
                with open(path, 'rb') as stream:
                    if re.match(rb'#!.*[/ ](ba|da)?sh\b', stream.readline()):
                        found.append(os.path.relpath(path, ROOT))
    return sorted(found)


def run(step):
    """Run one Step, tell how it went and return (passed, failed, skipped), numbers of tests, and its seconds."""
    start = time.monotonic()
    log = os.path.join(RESULTS, step.name + '.log')
    with open(log, 'wb') as stream:
        try:
            status = subprocess.run(step.command, cwd=ROOT, env=ENVIRON, check=False, stdin=subprocess.DEVNULL,
                                    stdout=stream, stderr=subprocess.STDOUT).returncode
        except FileNotFoundError as error:
            status = 127
            stream.write(('%s: install %s\n' % (error, step.command[0])).encode())
    passed, failed, skipped = count(step.name)
    if not passed + failed + skipped:
        passed, failed = (0, 1) if status else (1, 0)
    elif status and not failed:
        failed = 1
    lines = []
    if status:
        with open(log, encoding='utf-8', errors='replace') as stream:
            lines = stream.read().splitlines()[-TAIL:]
    seconds = time.monotonic() - start
    lines.append('%-6s %-34s %4d s%s' % ('FAILED' if status else 'ok', step.name, seconds,
                                         '  see ' + os.path.relpath(log, ROOT) if status else ''))
    print('\n'.join(lines), flush=True)
    return (passed, failed, skipped), seconds


def count(name):
    """(passed, failed, skipped) of the JUnit files that the step of this name left."""
    total = failed = skipped = 0
    for path in glob.glob(os.path.join(RESULTS, name + '.xml')) + glob.glob(os.path.join(RESULTS, name + '-*.xml')):
        for suite in xml.etree.ElementTree.parse(path).getroot().iter('testsuite'):
            total += int(suite.get('tests'))
            failed += int(suite.get('failures')) + int(suite.get('errors'))
            skipped += int(suite.get('skipped', suite.get('skips', 0)))
    return total - failed - skipped, failed, skipped


def main(names):
    """Run the named steps; the exit status."""
    known = steps(quick=names == ['check'])
    if names == ['list']:
        print('\n'.join(step.name for step in known))
        return 0
    if names == ['check']:
        names = QUICK
    elif names == ['all']:
        names = [step.name for step in known]
    unknown = sorted(set(names) - {step.name for step in known})
    if unknown or not names:
        sys.exit('No such step: %s\n%s' % (', '.join(unknown), __doc__))
    shutil.rmtree(RESULTS, ignore_errors=True)
    os.makedirs(RESULTS)
    start = time.monotonic()
    chosen = [step for step in known if step.name in names]
    made, lanes = threading.Event(), threading.Semaphore(LANES)
    if IMAGES not in names:
        made.set()

    def run_in_turn(step):
        with lanes, lanes if step.name == TWO_AT_A_TIME else contextlib.nullcontext():
            if step.hosts:  # with a lane in hand, or those behind it would be before it
                made.wait()
            try:
                return run(step)
            finally:
                if step.name == IMAGES:
                    made.set()

    with concurrent.futures.ThreadPoolExecutor(max_workers=LANES) as pool:
        ran = dict(zip((step.name for step in chosen), pool.map(run_in_turn, chosen)))
    slowest = sorted(ran, key=lambda name: -ran[name][1])[:SLOWEST]
    if len(ran) > 1:
        print('%d s in all, with some steps at the same time. The slowest: %s' % (time.monotonic() - start, ', '.join(
            '%s %d s' % (name, ran[name][1]) for name in slowest)))
    passed, failed, skipped = (sum(column) for column in zip(*(counts for counts, _seconds in ran.values())))
    print('%d passed, %d failed%s' % (passed, failed, ', %d skipped' % skipped if skipped else ''))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
