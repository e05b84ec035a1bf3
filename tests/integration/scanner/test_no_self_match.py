# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After ten runs of every playbook on a host with a real journald, rsyslogd and sudo, its counts are what they were.

The runs leave traces: each module that ran, each sudo, and the commands of an administrator who looks for the message
himself. The inventory has the host under five names, so that two rounds of those that only read are ten runs.
"""

import json
import os
import shutil
import subprocess
import sysconfig
import time

import pytest
import yaml

TESTS = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir)
SANDBOX = os.path.abspath(os.path.join(TESTS, 'sandbox', 'sandbox'))
NAME = 'traces-el9'
ALIASES = ['traces-%d' % number for number in range(5)]
ROUNDS = 2
TEXT = 'flux capacitor needs service'
# What the playbooks look for; the catalog wants to know who writes it.
SIGNATURE = {
    'id': 'flux-capacitor',
    'match': {'identifiers': ['app'], 'literal': TEXT, 'regex': '^%s$' % TEXT, 'priority': 'err'},
    'tests': {
        'positive': [{'text': TEXT, 'identifier': 'app'}],
        'negative': [{'text': 'flux capacitor is fine', 'why': 'Nothing is wrong.'}],
    },
}
# The same for the scanners alone, whoever writes it: only the rule about traces keeps these from matching.
ANYONE = {'id': 'anyone', 'match': {'literal': TEXT, 'regex': TEXT}}
WITHOUT_PROTECTION = '''
is_own_trace = traces_anywhere = is_trace = lambda *_unused: False
'''


def inside(script):
    """The output of a shell script on the host."""
    return subprocess.run(
        [SANDBOX, 'exec', NAME, 'sh', '-c', script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True
    ).stdout.decode('utf-8', 'replace')


class Control:
    """A control node with a copy of the collection."""

    def __init__(self, folder, collection):
        self.folder = str(folder)
        self.collection = os.path.join(self.folder, 'collections', 'ansible_collections', 'loghygiene', 'rhel')
        os.makedirs(self.collection)
        for name in ('galaxy.yml', 'MANIFEST.json', 'meta', 'catalog', 'docs', 'playbooks', 'plugins', 'roles'):
            source, copy = os.path.join(collection, name), os.path.join(self.collection, name)
            if os.path.isdir(source):
                shutil.copytree(source, copy, ignore=shutil.ignore_patterns('__pycache__'))
            elif os.path.exists(source):
                shutil.copy(source, copy)
        self._write_inventory()
        self._write_signature()

    def _write_inventory(self):
        printed = subprocess.run([SANDBOX, 'inventory', NAME], stdout=subprocess.PIPE, check=True).stdout
        inventory = yaml.safe_load(printed)
        hosts = inventory['all']['children']['sandbox']['hosts']
        inventory['all']['children']['sandbox']['hosts'] = dict((alias, hosts[NAME]) for alias in ALIASES)
        with open(os.path.join(self.folder, 'hosts.yml'), 'w', encoding='utf-8') as target:
            yaml.safe_dump(inventory, target)

    def _write_signature(self):
        """The catalog wants words and references too: they are those of a signature of its own."""
        shipped = os.path.join(self.collection, 'catalog', 'signatures')
        with open(os.path.join(shipped, 'pam_systemd', 'pam-systemd-release-session.yml'), encoding='utf-8') as source:
            signature = dict(yaml.safe_load(source), **SIGNATURE)
        os.mkdir(os.path.join(self.folder, 'catalog'))
        with open(os.path.join(self.folder, 'catalog', 'flux-capacitor.yml'), 'w', encoding='utf-8') as target:
            yaml.safe_dump(signature, target)

    def run(self, tool, *arguments):
        """Run a tool of ansible-core on the host under all its names; returns what it says."""
        done = subprocess.run(
            [os.path.join(os.environ['ANSIBLE_NEWEST_BIN'], tool), '-i', os.path.join(self.folder, 'hosts.yml')]
            + list(arguments),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            check=False,
            env=dict(
                os.environ,
                ANSIBLE_PIPELINING='1',
                ANSIBLE_NOCOLOR='1',
                # The connection plugin comes with the package `ansible` of the newest environment.
                ANSIBLE_COLLECTIONS_PATH=os.path.join(self.folder, 'collections')
                + os.pathsep
                + sysconfig.get_path('purelib'),
            ),
        )
        assert 'Traceback' not in done.stdout and 'unreachable=1' not in done.stdout, done.stdout
        return done.stdout

    def play(self, playbook, *more):
        return self.run(
            'ansible-playbook',
            'loghygiene.rhel.' + playbook,
            '-e',
            json.dumps(
                {
                    'log_hygiene_run_dir': os.path.join(self.folder, 'run'),
                    'log_hygiene_catalog_paths': [os.path.join(self.folder, 'catalog')],
                }
            ),
            *more,
        )

    def counts(self):
        """How often the scanners find TEXT in the journal and in the text logs, as (matches, lookalikes)."""
        found = []
        for module, options in (
            ('journal_scan', {}),
            ('logfile_scan', {'paths': ['/var/log/messages', '/var/log/secure']}),
        ):
            said = self.run(
                'ansible',
                ALIASES[0],
                '--become',
                '-m',
                'loghygiene.rhel.' + module,
                '-a',
                json.dumps(dict(options, signatures=[ANYONE])),
            )
            result = json.JSONDecoder().raw_decode(said[said.index('{') :])[0]
            row = result['signatures'][0]
            found.append((row['count'], row['lookalikes']['count']))
        return found


def lines_with_text():
    """How many entries and lines of the host hold TEXT, whoever wrote it."""
    everything = 'journalctl --sync; journalctl --quiet --output=cat; cat /var/log/messages /var/log/secure'
    return int(inside('{ %s; } | grep -c "%s"' % (everything, TEXT)))


def wait_for_lines(number):
    """Until so many entries and lines hold TEXT: rsyslogd may be behind."""
    deadline = time.monotonic() + 30
    while lines_with_text() < number:
        assert time.monotonic() < deadline, (lines_with_text(), number)
        time.sleep(0.2)


def look_for_it_by_hand(control):
    """What an administrator does, with what auditd makes of it where it watches commands."""
    inside('sudo grep -c "%s" /var/log/messages' % TEXT)
    control.run('ansible', 'all', '--become', '-m', 'command', '-a', 'grep -c "%s" /var/log/messages' % TEXT)
    inside('logger -t kernel \'audit: type=1309 audit(1795363280.1:9): argc=2 a0="grep" a1="%s"\'' % TEXT)
    inside('logger -t audispd \'type=EXECVE msg=audit(1795363280.1:9): argc=2 a0="grep" a1="%s"\'' % TEXT)


@pytest.fixture(scope='module')
def host():
    """A host with three genuine messages."""
    subprocess.run([SANDBOX, 'up', NAME, '--seed', 'none', '--history', '0', '--fresh'], check=True)
    for _number in range(3):
        inside('logger -t app -p user.warning "%s"; sleep 0.1' % TEXT)
    wait_for_lines(6)
    yield
    subprocess.run([SANDBOX, 'down', NAME], check=True)


def test_ten_runs_of_every_playbook_add_nothing_to_the_counts(host, collection, tmp_path):
    control = Control(tmp_path / 'control', collection)
    genuine = [(3, 0), (3, 0)]
    assert control.counts() == genuine
    held = lines_with_text()
    for _round in range(ROUNDS):
        for playbook in ('audit', 'scan', 'remediate', 'verify'):
            # A remediation changes no machine under two names.
            said = control.play(playbook, *(['--limit', ALIASES[0]] if playbook in ('remediate', 'verify') else []))
            assert 'Survey the host' in said, said
        look_for_it_by_hand(control)
    traces = ROUNDS * (len(ALIASES) + 3)
    wait_for_lines(held + 2 * traces)  # in the journal and in a text log
    assert control.counts() == genuine

    # The same scan without the protection counts them: it is what makes the difference.
    bare = Control(tmp_path / 'bare', collection)
    with open(os.path.join(bare.collection, 'plugins', 'module_utils', '_scan', 'matcher.py'), 'a', encoding='utf-8') as target:
        target.write(WITHOUT_PROTECTION)
    for matches, _lookalikes in bare.counts():
        assert matches >= 3 + traces
