# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With every remedy of the catalog and a policy in force, each line of tests/evidence is where it was, and forwarded as it was.

The lines go through the real journald, imjournal and rsyslogd of a sandbox host, before and after, the same ones each time.
"""
from __future__ import annotations

import collections
import json
import subprocess
from pathlib import Path

import pytest
import yaml
from evidence import lines as evidence, on_host
from test_journey import COLLECTION, SANDBOX, Host, inside

HERE = Path(on_host.__file__)
# What RHEL has at the end of rsyslog.conf, and the policy forwards to another collector.
FORWARDER, POLICY = 10514, 10515
NAMES = {'harm-el9': '9', 'harm-el10': '10'}
RULES = [{'name': 'collector', 'forward': {'target': '127.0.0.1', 'port': POLICY, 'protocol': 'tcp'}}]
# By the rules of RHEL 8 to 10: /var/log/FILE for each (facility, severity).
MESSAGES, SECURE, MAILLOG, CRON, BOOT, SPOOLER = ('/var/log/' + name for name in ('messages', 'secure', 'maillog', 'cron', 'boot.log', 'spooler'))
SIGNATURES = [json.loads(json.dumps(yaml.safe_load(path.read_text(encoding='utf-8')), default=str))
              for path in sorted((COLLECTION / 'catalog/signatures').rglob('*.yml'))]
DIVERTED = [one for one in SIGNATURES if one['disposition'] == 'divert']
FOREIGN = evidence.lines()
FORGED = [line for _of, line in evidence.forged(SIGNATURES)]
KNOWN = sorted({evidence.Line(test['text'], test['identifier'], 'kernel', 0, evidence.SEVERITIES.index(one['match']['priority']))
                for one in DIVERTED for test in one['tests']['positive']})
OWN_FILES = {test['text']: '/var/log/log_hygiene/%s.log' % one['id'] for one in DIVERTED for test in one['tests']['positive']}
# No host of the tests has what these change, and they say so.
NOT_HERE = {'kernel_argument': 'no grubby'}


def files_of(line: evidence.Line) -> list[str]:
    """The files in which RHEL's rules put a line."""
    facility = evidence.FACILITIES[line.facility]
    found = []
    if line.severity <= 6 and facility not in ('mail', 'authpriv', 'cron'):
        found.append(MESSAGES)
    found += {'authpriv': [SECURE], 'mail': [MAILLOG], 'cron': [CRON], 'local7': [BOOT]}.get(facility, [])
    return found + ([SPOOLER] if facility in ('news', 'uucp') and line.severity <= 2 else [])


def shown(line: evidence.Line) -> str:
    """A line as rsyslogd writes it, without its time; what the kernel wrote has no number of a process."""
    text = '%s: %s' % (line.identifier, line.text)
    return on_host.bare('Jan  1 00:00:00 host ' + text) if line.transport == 'kernel' else text


def places(lines: list[evidence.Line], moved: bool = False) -> collections.Counter:
    """(place, line): how often it is to be there. Those that are moved are in no file of RHEL's."""
    found: collections.Counter = collections.Counter()
    for line in lines:
        found.update((path, shown(line)) for path in ([OWN_FILES[line.text]] if moved else files_of(line)))
        found['/root/received.%d' % FORWARDER, '<%d>%s' % (line.facility * 8 + line.severity, shown(line))] += 1
        found['journal', '\t'.join(map(str, (line.identifier, line.transport, line.facility, line.severity, line.text)))] += 1
    return found


class Machine(Host):
    """The host that gets the lines."""

    def put(self, path: str, text: str) -> None:
        subprocess.run([SANDBOX, 'exec', self.name, 'sh', '-c', 'cat >%s' % path], input=text.encode('utf-8'), check=True)

    def run(self, *ports: int) -> None:
        """Have collectors take in what is forwarded, send all lines, and keep what is where."""
        for port in (FORWARDER, POLICY):
            subprocess.run([SANDBOX, 'exec', self.name, 'systemd-run', '--quiet', 'python3', '/root/on_host.py', 'receive', str(port),
                            '/root/received.%d' % port], check=True)
        inside(self.name, 'until test -e /root/received.%d -a -e /root/received.%d; do sleep 0.1; done' % (FORWARDER, POLICY))
        inside(self.name, ' '.join(['python3 /root/on_host.py send /root/lines.json', MESSAGES, *('/root/received.%d' % port for port in ports)]))
        self.found = json.loads(inside(self.name, 'python3 /root/on_host.py tell'))

    def counted(self, lines: list[evidence.Line]) -> collections.Counter:
        """(place, line): how often it is there, of these lines; but for the collector of the policy."""
        wanted = {text for _place, text in places(lines)}
        return collections.Counter({(place, text): number for place, texts in self.found.items() if place != '/root/received.%d' % POLICY
                                    for text, number in texts.items() if text in wanted})


@pytest.fixture(scope='module')
def hosts(tmp_path_factory):
    """Two hosts with every remedy in force, by name: what they wrote before that, and what they write now."""
    folder = tmp_path_factory.mktemp('harm')
    found = {}
    for name, release in NAMES.items():
        subprocess.run([SANDBOX, 'up', name, '--el', release, '--seed', 'gnome-software,tmpfiles', '--history', '0', '--fresh'], check=True)
        host = found[name] = Machine(name, folder)
        host.put('/root/on_host.py', HERE.read_text(encoding='utf-8'))
        host.put('/root/lines.json', json.dumps(FOREIGN + FORGED + KNOWN))
        inside(name, 'echo "*.* @@127.0.0.1:%d" >>/etc/rsyslog.conf' % FORWARDER)
        host.run(FORWARDER)
        host.before = host.counted(FOREIGN + FORGED + KNOWN)
    # Whatever the hosts are, all of the catalog.
    mine = folder / 'mine'
    mine.mkdir()
    for one in SIGNATURES:
        if 'when' in one['applies']:
            one = {**one, 'applies': {'el': one['applies']['el']}}
            (mine / (one['id'] + '.yml')).write_text(json.dumps(one), encoding='utf-8')
    host.inventory.write_bytes(subprocess.run([SANDBOX, 'inventory', *NAMES], stdout=subprocess.PIPE, check=True).stdout)
    done = host.play('remediate', '-e', json.dumps({
        'log_hygiene_apply': 'all', 'log_hygiene_opt_in': [one['id'] for one in SIGNATURES if one.get('remedy', {}).get('opt_in')],
        'log_hygiene_catalog_paths': [str(mine)], 'syslog_policy_rules': RULES, 'log_hygiene_unexplained': False}))
    subprocess.run([SANDBOX, 'reboot', *NAMES], check=True)
    for host in found.values():
        host.said = done.stdout
        host.run(FORWARDER, POLICY)
    yield found
    subprocess.run([SANDBOX, 'down', *NAMES], check=True)


@pytest.fixture(name='host', params=['harm-el9', 'harm-el10'])
def one_host(request, hosts):
    """Each of them."""
    return hosts[request.param]


def test_every_remedy_of_the_catalog_is_in_force(host):
    record = host.record()
    wanted: dict[str, set[str]] = {}
    for one in SIGNATURES:
        if one['disposition'] in ('fix', 'divert') and record['target']['el'] in one['applies']['el']:
            wanted.setdefault(one['remedy']['role'], set()).add(one['id'])
    for role, ids in wanted.items():
        state = record['remedies'][role]
        assert set(state['signature_ids']) >= ids
        assert state['in_place'] or NOT_HERE.get(role, 'never') in str(state.get('failed')), (role, state, host.said)
    assert record['syslog_policy']['in_place'], record['syslog_policy']


def test_each_line_is_where_it_was_and_forwarded_as_it_was(host):
    assert len(FOREIGN) >= 2000
    assert host.before == places(FOREIGN + FORGED + KNOWN)
    # What is known is in its own files, so the diversion is at work; all else that looks like it is where it was.
    after, wanted = host.counted(FOREIGN + FORGED + KNOWN), places(FOREIGN + FORGED) + places(KNOWN, moved=True)
    wrong = {key: (wanted[key], after[key]) for key in wanted | after if wanted[key] != after[key]}
    assert not wrong, (len(wrong), list(wrong.items())[:5])


def test_the_collector_of_the_policy_gets_them_all(host):
    got = host.found['/root/received.%d' % POLICY]
    wanted = collections.Counter('<%d>%s' % (line.facility * 8 + line.severity, line.text) for line in FOREIGN + FORGED + KNOWN)
    wrong = {text: (number, got.get(text, 0)) for text, number in wanted.items() if got.get(text, 0) != number}
    assert not wrong, (len(wrong), list(wrong.items())[:5])
