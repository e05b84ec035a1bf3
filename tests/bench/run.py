#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the scanners against what people use, on journals and logs made here, and write docs/benchmarks.md.

    tests/bench/run.py                    make bench
    tests/bench/run.py --entries 10000 --rounds 1 --output -    a quick look

Everybody reads the same files and must come to the same counts. What is compared are ratios of whole processes, the
median of the rounds, taken in turns.
"""

import argparse
import gzip
import json
import os
import random
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(ROOT, 'tests', 'integration', 'scanner')]

import conftest  # noqa: E402  (makes ansible_collections importable)
import journals  # noqa: E402
from ansible_collections.loghygiene.rhel.plugins.plugin_utils import catalogue  # noqa: E402

BOOTS = 10
# Programs of an ordinary server, and what they say.
ORDINARY = [
    ('systemd', 'journal', 'Started Session %d of User root.'),
    ('sshd', 'syslog', 'Accepted publickey for admin from 192.0.2.%d port 40022 ssh2'),
    ('kernel', 'kernel', 'perf: interrupt took too long (%d > 2500), lowering kernel.perf_event_max_sample_rate'),
    ('CROND', 'syslog', '(root) CMD (/usr/lib64/sa/sa1 1 %d)'),
    ('NetworkManager', 'syslog', '<info>  [%d] dhcp4 (eth0): state changed'),
    ('dbus-daemon', 'syslog', "[session uid=0 pid=%d] Successfully activated service 'org.freedesktop.Tracker1'"),
]

# A module as AnsiballZ runs it: arguments at hand, the module as __main__.
MODULE = '''import runpy, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = sys.stdin.buffer.read(), 'legacy'
runpy.run_module('ansible_collections.loghygiene.rhel.plugins.modules.' + sys.argv[1], run_name='__main__')
'''

# Runs a command and writes seconds and peak memory (KiB) to a file. A process of its own, for a child's peak is at
# least what its parent had when it forked.
LAUNCH = '''import os, sys, time
begin = time.monotonic()
pid = os.fork()
if not pid:
    os.execvp(sys.argv[2], sys.argv[2:])
status, usage = os.wait4(pid, 0)[1:]
with open(sys.argv[1], 'w') as target:
    target.write('%f %d' % (time.monotonic() - begin, usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
'''

# What people write.
JSON_LOOP = '''import json, re, subprocess, sys
patterns = [(name, re.compile(regex)) for name, regex in json.load(sys.stdin)]
counts = dict((name, 0) for name, regex in patterns)
command = ['journalctl', '-o', 'json', '--no-pager', '--directory=' + sys.argv[1]]
for line in subprocess.Popen(command, stdout=subprocess.PIPE).stdout:
    message = json.loads(line).get('MESSAGE')
    if isinstance(message, str):
        for name, regex in patterns:
            if regex.search(message):
                counts[name] += 1
print(json.dumps(counts))
'''


class Bench:
    """The files of one size and noise, and everybody who reads them."""

    def __init__(self, folder, signatures, entries, noise):
        self.folder, self.signatures, self.entries, self.noise = folder, signatures, entries, noise
        self.journal = os.path.join(folder, 'journal')
        self.text = os.path.join(folder, 'messages')
        self.packed = os.path.join(folder, 'packed', 'messages-20261122.gz')
        self.expected = dict((signature['id'], 0) for signature in signatures)
        os.makedirs(os.path.dirname(self.packed))
        lines = []
        journals.write(os.path.join(self.journal, 'x.journal'), self._made(lines))
        data = '\n'.join(lines + ['']).encode('utf-8')
        with open(self.text, 'wb') as target:
            target.write(data)
        os.utime(self.text, (journals.START // 1000000 + entries,) * 2)
        with gzip.open(self.packed, 'wb', 6) as target:
            target.write(data)
        os.utime(self.packed, (journals.START // 1000000 + entries,) * 2)

    def _made(self, lines):
        """Yields the entries; the same as lines of text go to `lines`."""
        chance = random.Random(7)
        known = [(signature, test) for signature in self.signatures for test in signature['tests']['positive']]
        for number in range(self.entries):
            if chance.random() < self.noise:
                signature, test = chance.choice(known)
                match = signature['match']
                identifier = test.get('identifier') or (match.get('identifiers') or ['kernel'])[0]
                transport, message, priority = (
                    test.get('transport') or match['transport'][0],
                    test['text'],
                    match['priority'],
                )
                self.expected[signature['id']] += 1
            else:
                identifier, transport, message = chance.choice(ORDINARY)
                message, priority = message % number, 'info'
            level = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'].index(priority)
            stamp = journals.START + number * 1000000
            lines.append(
                '%s host %s: %s'
                % (time.strftime('%b %e %H:%M:%S', time.localtime(stamp // 1000000)), identifier, message)
            )
            yield journals.entry(
                message,
                number,
                SYSLOG_IDENTIFIER=identifier,
                _TRANSPORT=transport,
                PRIORITY=str(level),
                _BOOT_ID=journals.BOOTS[number * BOOTS // self.entries],
                _PID=str(1000 + number % 500),
                _COMM=identifier[:15],
                _HOSTNAME='host',
                _UID='0',
                _SYSTEMD_UNIT=identifier + '.service',
            )

    def readers(self):
        """[(group, name, (command, input), function from its output to the sum of counts)]."""
        regexes = [(signature['id'], signature['match']['regex']) for signature in self.signatures]
        # PCRE and grep want names of groups once, or not at all.
        plain = [re.sub(r'\(\?P<\w+>', '(?:', regex) for _name, regex in regexes]
        pattern = '|'.join('(?:%s)' % regex for regex in plain)
        # The same for a line with its header before the message.
        whole = '|'.join(
            '(?:%s)' % regex.replace('^', ': ', 1) if regex.startswith('^') else '(?:%s)' % regex for regex in plain
        )

        def module(name, **arguments):
            arguments = json.dumps(
                {'ANSIBLE_MODULE_ARGS': dict(arguments, signatures=self.signatures, _ansible_remote_tmp=self.folder)}
            )
            return [sys.executable, '-c', MODULE, name], arguments

        def counted(text):
            result = json.loads(text)
            counts = dict((row['id'], row['count']) for row in result['signatures'])
            assert counts == self.expected and not result['errors'], (counts, self.expected, result['errors'])
            return sum(counts.values())

        def dictionary(text):
            counts = json.loads(text)
            assert counts == self.expected, (counts, self.expected)
            return sum(counts.values())

        quoted, journal, text, packed = shlex.quote(pattern), *[
            shlex.quote(path) for path in (self.journal, self.text, self.packed)
        ]
        return [
            ('journal', 'journal_scan', module('journal_scan', directory=self.journal), counted),
            (
                'journal',
                'loop over `journalctl -o json`',
                ([sys.executable, '-c', JSON_LOOP, self.journal], json.dumps(regexes)),
                dictionary,
            ),
            (
                'journal',
                '`journalctl --grep … \\| wc -l` (no attribution)',
                (
                    [
                        'sh',
                        '-c',
                        'journalctl -q --no-pager --output=cat --case-sensitive=true --directory=%s --grep %s | wc -l'
                        % (journal, quoted),
                    ],
                    '',
                ),
                int,
            ),
            ('journal', '`cat` of the same bytes', (['sh', '-c', 'cat %s/* > /dev/null' % journal], ''), None),
            ('text', 'logfile_scan', module('logfile_scan', paths=[self.text]), counted),
            (
                'text',
                '`grep -cP` (no attribution)',
                (['sh', '-c', 'LC_ALL=C.UTF-8 grep -cP %s %s' % (shlex.quote(whole), text)], ''),
                int,
            ),
            ('text', '`cat` of the same bytes', (['sh', '-c', 'cat %s > /dev/null' % text], ''), None),
            (
                'gz',
                'logfile_scan',
                module('logfile_scan', paths=[os.path.join(self.folder, 'packed', 'messages')]),
                counted,
            ),
            (
                'gz',
                '`zcat \\| grep -cP` (no attribution)',
                (['sh', '-c', 'zcat %s | LC_ALL=C.UTF-8 grep -cP %s' % (packed, shlex.quote(whole))], ''),
                int,
            ),
        ]

    def run(self, command, given, environ):
        """(seconds, peak memory in MiB, output) of a command with everything it starts; raises when it fails."""
        noted = os.path.join(self.folder, 'noted')
        process = subprocess.run(
            [sys.executable, '-S', '-E', '-c', LAUNCH, noted] + command,
            input=given,
            stdout=subprocess.PIPE,
            universal_newlines=True,
            env=environ,
            check=False,
        )
        if process.returncode:
            raise RuntimeError('%s ended with status %d: %s' % (command, process.returncode, process.stdout[:2000]))
        with open(noted) as source:
            seconds, memory = source.read().split()
        return float(seconds), int(memory) / 1024, process.stdout

    def measure(self, rounds, environ):
        """{(group, name): (median seconds, median ratio to the scanner of the group, peak MiB)}; all counts are
        checked.
        """
        readers = self.readers()
        taken = dict((reader[:2], []) for reader in readers)
        peak = dict((reader[:2], 0) for reader in readers)
        for number in range(rounds + 1):  # the first fills the caches
            for group, name, (command, given), count in readers:
                seconds, memory, output = self.run(command, given, environ)
                assert count is None or count(output) == sum(self.expected.values()), (group, name, output[:200])
                peak[group, name] = max(peak[group, name], memory)
                if number:
                    taken[group, name].append(seconds)
        scanners = dict((group, taken[group, name]) for group, name in taken if name.endswith('_scan'))
        return dict(
            (
                key,
                (
                    statistics.median(times),
                    statistics.median(mine / theirs for mine, theirs in zip(scanners[key[0]], times)),
                    peak[key],
                ),
            )
            for key, times in taken.items()
        )


def machine():
    """The kind of machine, without its name."""
    with open('/proc/cpuinfo') as source:
        models = re.findall(r'^model name\s*: (.*)$', source.read(), re.MULTILINE)
    with open('/proc/meminfo') as source:
        memory = int(re.search(r'^MemTotal:\s*(\d+)', source.read(), re.MULTILINE).group(1)) / 1024 / 1024
    systemd = subprocess.run(['journalctl', '--version'], stdout=subprocess.PIPE, check=True).stdout.decode().split()[1]
    return '%d cores %s, %.0f GiB, systemd %s, Python %d.%d' % (
        (len(models), models[0] if models else 'of an unknown kind', memory, systemd) + sys.version_info[:2]
    )


INTRODUCTION = '''# Benchmarks

Made by `make bench`; a number here is worth something only beside the others of the same run. All counts agreed, or
there would be no table. Times are of whole processes, the median of {rounds} rounds taken in turns with warm caches;
the modules run as Ansible runs them, less the transfer. *Ratio* is the scanner's time divided by the other's: below 1,
the scanner is faster.

{machine}

The scanners read and examine every entry. They are meant to be right first: `journal_scan` costs more than reading the
bytes once, and more than a `--grep` that tells how many lines match but not which signature, when and in which boot.
`logfile_scan` is written in Python and far behind `grep`.
'''
TITLES = {'journal': 'Journal', 'text': 'Text log', 'gz': 'The same, compressed'}


def report(results, rounds, entries):
    """docs/benchmarks.md (text)."""
    parts = [INTRODUCTION.format(rounds=rounds, machine=machine())]
    for noise, measured in results:
        parts.append(
            '## %s entries, %d boots, %d %% known messages\n' % (format(entries, ','), BOOTS, round(noise * 100))
        )
        for group, title in TITLES.items():
            parts.append('%s | seconds | ratio | peak memory\n--- | ---: | ---: | ---:' % title)
            for (other, name), (seconds, ratio, memory) in measured.items():
                if other == group:
                    parts.append(
                        '%s | %.2f | %s | %.0f MiB'
                        % (name, seconds, '' if name.endswith('_scan') else '%.2f' % ratio, memory)
                    )
            parts.append('')
    return '\n'.join(parts).rstrip('\n') + '\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--entries', type=int, default=100000)
    parser.add_argument('--noise', type=float, action='append', help='share of known messages (default: 0.02 and 0.3)')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--output', default=os.path.join(ROOT, 'docs', 'benchmarks.md'), help='- for standard output')
    options = parser.parse_args()
    signatures = catalogue.load()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        namespace = os.path.join(folder, 'ansible_collections', 'loghygiene')
        os.makedirs(namespace)
        os.symlink(conftest.COLLECTION, os.path.join(namespace, 'rhel'))
        environ = dict(os.environ, PYTHONPATH=folder, PYTHONDONTWRITEBYTECODE='1')
        for number, noise in enumerate(options.noise or [0.02, 0.3]):
            bench = Bench(os.path.join(folder, str(number)), signatures, options.entries, noise)
            results.append((noise, bench.measure(options.rounds, environ)))
    text = report(results, options.rounds, options.entries)
    if options.output == '-':
        sys.stdout.write(text)
    else:
        with open(options.output, 'w', encoding='utf-8') as target:
            target.write(text)
        print('Wrote %s' % os.path.relpath(options.output))


if __name__ == '__main__':
    main()
