#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the scanners against what people use, and rsyslogd with our drop-ins against rsyslogd without, on journals
and text logs made here, and write docs/benchmarks.md.

    tests/bench/run.py                                          make bench; half an hour
    tests/bench/run.py --entries 20000 --rounds 1 --output -    a quick look
    tests/bench/run.py --only journal --only many --keep DIR    some tables, with logs that stay for the next time
    tests/bench/run.py --only fleet --merge --before DIR        the fleet anew, beside an earlier collection

Everybody reads the same files and must come to the same counts. What is compared are ratios of whole processes, the
median of the rounds, taken in turns. logs.py makes the logs, peers.py, routing.py and fleet.py say who is measured,
measure.py how, table.py writes it down and compares the targets.
"""

import argparse
import hashlib
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(ROOT, 'tests', 'integration'),
                os.path.join(ROOT, 'tests', 'integration', 'scanner'), HERE]

# After sys.path (E402), by which they are found; conftest makes ansible_collections importable.
import conftest  # noqa: E402
import many  # noqa: E402
import payload  # noqa: E402
import table  # noqa: E402
from fleet import Fleet  # noqa: E402
from logs import Logs  # noqa: E402
from measure import Failed, measure, run  # noqa: E402
from peers import Peers  # noqa: E402
from routing import Routing  # noqa: E402
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog  # noqa: E402

FEW_KNOWN, MANY_KNOWN = 0.02, 0.3  # shares of known messages
MODULES = 'ansible_collections.loghygiene.rhel.plugins.modules'
GROUPS = ('journal', 'noisy', 'text', 'gz', 'noisy-text', 'noisy-gz', 'many', 'many-text', 'growth', 'growth-text',
          'rsyslog', 'rsyslog-wire', 'fleet')
FLEET_ENTRIES = 20000  # at most, of each host of a fleet
FETCHED = os.path.join(ROOT, '.cache', 'peers')  # by install-packages


def bench(folder, options, say=lambda text: None):
    """Measure: (document, table of targets), both text.

    folder: an empty one, that others may enter. options: of the command line (see main). say: function told what is
    going on (a line of text). Raises Failed when an answer is wrong.
    """
    entries, keep = options.entries, options.keep
    known = catalog.load()
    rare = many.signatures(options.signatures - len(known))
    many.accept(rare, os.path.join(folder, 'signatures'))
    environ = environment(folder)
    # Python compiles them now and never again, so that all find the same.
    run([sys.executable, '-c', 'import %s.journal_scan, %s.logfile_scan' % (MODULES, MODULES)], environ=environ)
    made = {}

    def logs(size, noise):
        if (size, noise) not in made:
            say('making %s entries, %.0f %% known messages' % (format(size, ','), noise * 100))
            name = 'logs-%d-%g-%s' % (size, noise, version(known + rare))
            made[size, noise] = Logs(os.path.join(keep or folder, name), size, noise, known, rare)
        return made[size, noise]

    small, noisy = entries // 10, entries * 2 // 5
    peers = Peers(known, known + rare, FETCHED, os.path.join(folder, 'work'),
                  payload.pack(conftest.COLLECTION, os.path.join(folder, 'modules.zip')))
    routing = Routing(known, conftest.COLLECTION, os.path.join(folder, 'work', 'routing'))
    hosts = Fleet(known, os.path.join(folder, 'modules'), options.before,
                  [os.path.dirname(sys.executable), os.environ['ANSIBLE_OLDEST_BIN']],
                  os.path.join(folder, 'work', 'fleet'))
    make = {
        'journal': lambda name: peers.journal_section(logs(entries, FEW_KNOWN), name, environ, True),
        'noisy': lambda name: peers.journal_section(logs(noisy, MANY_KNOWN), name, environ, False),
        'text': lambda name: peers.text_section(logs(entries, FEW_KNOWN), name),
        'gz': lambda name: peers.packed_section(logs(entries, FEW_KNOWN), name),
        'noisy-text': lambda name: peers.text_section(logs(noisy, MANY_KNOWN), name),
        'noisy-gz': lambda name: peers.packed_section(logs(noisy, MANY_KNOWN), name),
        'many': lambda name: peers.many_section(logs(entries, FEW_KNOWN), name, peers.journal, 'journal_scan'),
        'many-text': lambda name: peers.many_section(logs(entries, FEW_KNOWN), name, peers.text, 'logfile_scan'),
        'growth': lambda name: peers.growth_section(logs(small, FEW_KNOWN), logs(entries, FEW_KNOWN), name, peers.journal,
                                                    'journal_scan'),
        'growth-text': lambda name: peers.growth_section(logs(small, FEW_KNOWN), logs(entries, FEW_KNOWN), name, peers.text,
                                                         'logfile_scan'),
        'rsyslog': lambda name: routing.journal_section(logs(noisy, FEW_KNOWN), name),
        'rsyslog-wire': lambda name: routing.wire_section(logs(entries, FEW_KNOWN), name),
        'fleet': lambda name: hosts.section(logs(min(entries, FLEET_ENTRIES), FEW_KNOWN), name, options.hosts,
                                            options.hosts_before or options.hosts, options.fleet_rounds),
    }
    sections, results = [], {}
    for group in [group for group in GROUPS if group in (options.only or GROUPS)]:
        section = make[group](group)
        say('measuring: ' + section.title)
        sections.append(section)
        try:
            results[group] = (
                hosts.measure(section, lambda text: say('    ' + text)) if group == 'fleet' else
                measure(section.rows, options.rounds, environ, lambda text: say('    ' + text)))
        except Failed as error:
            raise Failed('%s: %s' % (section.title, error))
    largest = max(made.values(), key=lambda one: one.entries)
    targets = table.targets(entries, small, known, known + rare)
    text = table.document(sections, results, targets, options.rounds, largest.facts(), peers.versions)
    return text, table.target_table(targets, results)


def environment(folder):
    """The environment of everybody measured: the collection importable, what Python compiles kept in `folder`."""
    modules = payload.link(conftest.COLLECTION, os.path.join(folder, 'modules'))
    environ = dict(os.environ, PYTHONPATH=modules, LC_ALL='C.UTF-8',
                   PYTHONPYCACHEPREFIX=os.path.join(folder, 'compiled'))
    environ.pop('PYTHONDONTWRITEBYTECODE', None)
    return environ


def version(signatures):
    """What tells logs made by other programs or of other signatures apart (text)."""
    digest = hashlib.sha256(repr(signatures).encode('utf-8'))
    for name in ('logs.py', 'programs.py', 'many.py'):
        with open(os.path.join(HERE, name), 'rb') as source:
            digest.update(source.read())
    return digest.hexdigest()[:8]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--entries', type=int, default=500000, help='of the largest journal (default: 500000)')
    parser.add_argument('--signatures', type=int, default=1000, help='that are many (default: 1000, at most 1200)')
    parser.add_argument('--rounds', type=int, default=5, help='that count; one more goes before (default: 5)')
    parser.add_argument('--only', action='append', choices=GROUPS, metavar='GROUP', help=', '.join(GROUPS))
    parser.add_argument('--keep', metavar='DIR', help='make the logs there, and use those that are there')
    parser.add_argument('--hosts', type=int, default=200, help='of the fleet (default: 200)')
    parser.add_argument('--fleet-rounds', type=int, default=1, help='of the fleet that count (default: 1)')
    parser.add_argument('--before', metavar='DIR', help='measure the fleet also with the earlier version of the '
                        'collection in DIR/ansible_collections/loghygiene/rhel')
    parser.add_argument('--hosts-before', type=int, help='of the fleet of the earlier version (default: as --hosts)')
    parser.add_argument('--merge', action='store_true', help='keep what the output has of what is not measured')
    parser.add_argument('--output', default=os.path.join(ROOT, 'docs', 'benchmarks.md'), help='- for standard output')
    options = parser.parse_args()
    if options.before and not os.path.isdir(os.path.join(options.before, *conftest.PACKAGE.split('.'))):
        parser.error('--before %s: there is no %s' % (options.before, os.path.join(*conftest.PACKAGE.split('.'))))
    if options.before:
        options.before = os.path.abspath(options.before)
    if options.merge and options.output == '-':
        parser.error('--merge: needs a file as --output')
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix='bench-') as folder:
        os.chmod(folder, 0o755)  # logcheck runs as another user
        try:
            text, targets = bench(folder, options, lambda line: print(line, file=sys.stderr, flush=True))
        except Failed as error:
            sys.exit('Not measured: %s' % error)
    if options.output == '-':
        sys.stdout.write(text)
    else:
        if options.merge:
            with open(options.output, encoding='utf-8') as source:
                try:
                    text = table.merged(source.read(), text)
                except ValueError as error:
                    sys.exit('%s\nNot merged into %s: %s' % (text, options.output, error))
        with open(options.output, 'w', encoding='utf-8') as target:
            target.write(text)
        print('%s\nWrote %s' % (targets, os.path.relpath(options.output)))


if __name__ == '__main__':
    main()
