# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fleet costs the control node: the audit of many hosts, with each ansible-core, and what people write instead.

All hosts are this machine, with logs made for it (playbook.py). What is told is about a host: how many task results
come back from it, how often it is visited, and the processor time on either side.
"""

import collections
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys

import yaml

import journals
import logs
import routing
from measure import Failed, run, unshared
from peers import about, same

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
ROOTFS = os.path.join(TESTS, 'sandbox', 'rootfs', 'common')
OS_RELEASE = 'NAME="Red Hat Enterprise Linux"\nID="rhel"\nVERSION_ID="9.4"\nPLATFORM_ID="platform:el9"\n'
AUDIT, BEFORE, PEER = 'audit', 'audit, earlier version', 'ten shell tasks'
CHECKS = 5  # signatures that the peer looks for, in the journal and in the text log each
FEW = 2  # hosts of the round that fills the caches

# hosts: their number; command: the `command` of playbook.py, but for the inventory; environ: beside Ansible's own;
# status: of exit, when all is right; check: a function of the folder of a run and its hosts' names that raises Failed
# when what is there is not the right answer.
Row = collections.namedtuple('Row', 'name hosts command environ status check')
# absent: names of rows that are not on this machine.
Section = collections.namedtuple('Section', 'name title rows absent rounds')
# Of a host: task results and visits; seconds of processors on the control node and on the host, and of the clock.
# seconds: of the clock in all; memory: MiB, the peak of the control node.
Figures = collections.namedtuple('Figures', 'results visits control host wall seconds memory')


class Fleet:
    """The rows about a fleet.

    signatures: of the catalog. collections: a folder with the collection, as ANSIBLE_COLLECTIONS_PATH has it. before:
    the same of an earlier version, or None. cores: folders of programs, of one ansible-core each, the newest first.
    work: a folder for inventories and what the runs leave.
    """

    def __init__(self, signatures, collections_path, before, cores, work):
        self.signatures, self.collections, self.before, self.work = signatures, collections_path, before, work
        self.cores = [(core, folder) for folder in cores for core in [core_version(folder)] if core]
        self.absent = ['%s, ansible-core of %s' % (AUDIT, folder) for folder in cores if core_version(folder) is None]
        self.mounts, self.made = None, None

    def section(self, made, name, hosts, hosts_before, rounds):
        """A Section about hosts that all have these Logs. hosts_before: how many are enough for an earlier version."""
        self.made, self.mounts = made, self._mounts(made)
        rows = []
        for label, number, path, check in [(AUDIT, hosts, self.collections, self._audited),
                                           (BEFORE, hosts_before, self.before, self._audited_before)]:
            # An audit that finds something ends with 2.
            rows += [Row('%s, ansible-core %s' % (label, core), number,
                         [os.path.join(folder, 'ansible-playbook'), 'loghygiene.rhel.audit'],
                         {'ANSIBLE_COLLECTIONS_PATH': path}, 2, check)
                     for core, folder in self.cores if path]
        core, folder = self.cores[0]
        rows.append(Row('%s, ansible-core %s' % (PEER, core), hosts,
                        [os.path.join(folder, 'ansible-playbook'), self._peer()], {}, 0, lambda _work, _names: None))
        return Section(name, 'A fleet of hosts, each with ' + about(made), rows, self.absent, rounds)

    def measure(self, section, say=lambda text: None):
        """Run the rows of a Section in turns: {name: Figures}. Before, where a row has more than a FEW hosts, a FEW of
        them fill the caches.
        """
        taken = {row.name: [] for row in section.rows}
        for number in range(section.rounds + 1):
            for row in section.rows:
                if number or row.hosts > FEW:
                    found = self._run(row, names(row.hosts if number else FEW))
                    say('%s: %.2f s' % (row.name, found.seconds))
                if number:
                    taken[row.name].append(found)
        return {name: Figures(*(statistics.median(figure) for figure in zip(*found))) for name, found in taken.items()}

    def _run(self, row, hosts):
        """The Figures of one run on hosts with these names."""
        work = os.path.join(self.work, 'run')
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        for name in ('ansible.cfg', 'measured'):
            self._write(os.path.join(work, name), '')
        inventory = {'all': {'hosts': {host: {} for host in hosts}, 'vars': {
            'ansible_connection': 'measured', 'ansible_become': False, 'ansible_python_interpreter': '/usr/bin/python3',
            'ansible_remote_tmp': os.path.join(work, 'remote'), 'log_hygiene_run_dir': os.path.join(work, 'run_dir')}}}
        self._write(os.path.join(work, 'hosts.yml'), yaml.safe_dump(inventory))
        # Nothing of this machine's Ansible, nor of what the others of the benchmark have set: all is Ansible's default.
        environ = {name: value for name, value in os.environ.items()
                   if not name.startswith(('ANSIBLE_', 'PYTHON', 'LOG_HYGIENE_'))}
        environ.update(
            row.environ, LC_ALL='C.UTF-8', ANSIBLE_CONFIG=os.path.join(work, 'ansible.cfg'),
            ANSIBLE_HOME=os.path.join(work, 'ansible'), ANSIBLE_CALLBACKS_ENABLED='results',
            ANSIBLE_CALLBACK_PLUGINS=os.path.join(TESTS, 'integration', 'journey', 'callback_plugins'),
            ANSIBLE_CONNECTION_PLUGINS=os.path.join(HERE, 'connection_plugins'),
            RESULTS_FILE=os.path.join(work, 'results'), MEASURED_FILE=os.path.join(work, 'measured'))
        plan = {'command': row.command + ['-i', 'hosts.yml'], 'environ': environ, 'work': work, 'status': row.status,
                'mounts': self.mounts}
        self._write(os.path.join(work, 'plan.json'), json.dumps(plan))
        taken = json.loads(run(unshared('mount') + [sys.executable, os.path.join(HERE, 'playbook.py'),
                                                    os.path.join(work, 'plan.json')]).output)
        same('hosts', sorted(taken['results']), sorted(hosts))
        row.check(work, hosts)
        number = len(hosts)
        # What is done once for all hosts is counted as the first one's.
        return Figures(statistics.median_low(taken['results'].values()), taken['visits'] / number,
                       (taken['cpu'] - taken['host_cpu']) / number, taken['host_cpu'] / number,
                       taken['seconds'] / number, taken['seconds'], taken['memory'])

    def _audited(self, work, hosts):
        """Raises Failed unless an audit has counted each signature on each host, in the journal and the text log."""
        self._audited_before(work, hosts, [one['id'] for one in self.signatures])

    def _audited_before(self, work, hosts, ids=()):
        """The same of an earlier version, whose catalog may know fewer. ids: of signatures that it must know."""
        for host in hosts:
            path = os.path.join(work, 'run_dir', host + '.audit.json')
            try:
                with open(path, encoding='utf-8') as source:
                    record = json.load(source)
            except FileNotFoundError:
                raise Failed('no record of ' + host) from None
            same('errors of ' + host, record['errors'], [])
            same('failures of ' + host, [one for one in record['findings'] if one['kind'] == 'failed'], [])
            for sink in ('journal', 'messages'):
                # Both names of the key, as an earlier version may be measured too.
                found = record['scan'].get('sinks', record['scan'])[sink]['signatures']
                told = {row.get('signature_id', row.get('id')): row['count'] for row in found}
                same('%s of %s: not counted' % (sink, host), sorted(set(ids) - set(told)), [])
                expected = self._expected(sink)
                same('%s of %s' % (sink, host), told, {name: expected.get(name, 0) for name in told})

    def _expected(self, sink):
        """{signature: count} of a sink: the journal has all, a text log what EL's rules write there."""
        if sink == 'journal':
            return self.made.counts([one['id'] for one in self.signatures])
        return {one['id']: sum(count for pri, count in self.made.expected['pris'].get(one['id'], {}).items()
                               if '/var/log/' + sink in routing.shipped(*divmod(int(pri), 8)))
                for one in self.signatures}

    def _peer(self):
        """A playbook (its path) as people write it: a shell task a check, which fails unless its number is right."""
        tasks, path = [], os.path.join(self.work, 'peer.yml')
        for one in self.signatures[:CHECKS]:
            regex = re.sub(r'\(\?P<\w+>', '(?:', one['match']['regex'])
            # A line has its header before the message.
            for name, sink, command in (
                    ('journal', 'journal', 'journalctl -q --no-pager --output=cat --case-sensitive=true --grep %s'
                     ' | wc -l' % shlex.quote(regex)),
                    ('text log', 'messages', 'grep -cP %s /var/log/messages'
                     % shlex.quote(re.sub(r'^\^', ': ', regex)))):
                check = 'found=$(%s); echo "$found"; test "$found" = %d' % (command, self._expected(sink)[one['id']])
                tasks.append({'name': 'Count %s in the %s' % (one['id'], name), 'changed_when': False,
                              'ansible.builtin.shell': check})
        self._write(path, yaml.safe_dump([{'name': 'Check', 'hosts': 'all', 'gather_facts': False, 'tasks': tasks}]))
        return path

    def _mounts(self, made):
        """[what, where] that make this machine an EL host with these Logs."""
        where = os.path.join(self.work, 'host')
        log = os.path.join(where, 'log')
        os.makedirs(os.path.join(log, 'journal', journals.MACHINE))
        for name in ('rsyslog.d', 'lib/rsyslog', 'lib/logrotate'):
            os.makedirs(os.path.join(where, name))
        files = collections.defaultdict(list)
        with open(made.wire, encoding='utf-8') as source:
            for line in source:
                pri, _mark, text = line[1:].partition('>')
                for path in routing.shipped(*divmod(int(pri), 8)):
                    files[os.path.basename(path)].append(text)
        for name, lines in files.items():
            self._write(os.path.join(log, name), ''.join(lines))
        for name, text in (('machine-id', journals.MACHINE), ('boot_id', journals.BOOTS[logs.BOOTS - 1]),
                           ('os-release', OS_RELEASE)):
            self._write(os.path.join(where, name), text if name == 'os-release' else text + '\n')
        return [[os.path.join(where, 'lib'), '/var/lib'], [log, '/var/log'],
                [made.journal, '/var/log/journal/' + journals.MACHINE],
                [os.path.join(where, 'machine-id'), '/etc/machine-id'],
                [os.path.join(where, 'boot_id'), '/proc/sys/kernel/random/boot_id'],
                [os.path.join(where, 'os-release'), '/etc/os-release'],
                [routing.STOCK_FILE, '/etc/rsyslog.conf'], [os.path.join(where, 'rsyslog.d'), '/etc/rsyslog.d'],
                [os.path.join(ROOTFS, 'etc', 'logrotate.conf'), '/etc/logrotate.conf'],
                [os.path.join(ROOTFS, 'etc', 'logrotate.d'), '/etc/logrotate.d']]

    @staticmethod
    def _write(path, text):
        with open(path, 'w', encoding='utf-8') as target:
            target.write(text)


def names(hosts):
    """The names of a number of hosts."""
    return ['host%03d' % number for number in range(hosts)]


def core_version(folder):
    """The version of ansible-core of a folder of programs (text such as 2.16), None where none is."""
    try:
        told = subprocess.run([os.path.join(folder, 'ansible-playbook'), '--version'], stdout=subprocess.PIPE,
                              check=True).stdout.decode()
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None
    return re.search(r'core ([0-9]+\.[0-9]+)', told).group(1)
