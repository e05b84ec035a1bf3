# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes docs/benchmarks.md of what was measured: the targets and whether they are met, then every table."""

import collections
import re
import subprocess
import sys

import fleet
import peers
import routing

# mine, other: (section, row); limit: the greatest ratio of their seconds.
Target = collections.namedtuple('Target', 'text mine other limit')
MEMORY = 64  # MiB, at most, of any scan
CORES = 1  # at most
# Of a host, at most, in any audit: task results, visits, and seconds of the control node's processors.
RESULTS, VISITS, CONTROL = 6, 1, 0.35

INTRODUCTION = '''# Benchmarks

Made by `make bench`; a number here is worth something only beside the others of the same run. All counts agreed, or
there would be no table. Times are of whole processes, the median of {rounds} {word} taken in turns with warm caches;
the modules run as Ansible runs them, less the transfer, and find compiled what they import. *Ratio* is the time of the
first scan of a table divided by that of the row: below 1, the scan is faster. *Peak memory* is the anonymous memory of
all processes of a row together; mapped files do not count (`tests/bench/measure.py`). *Cores* is the time of the
processors divided by that of the clock.

rsyslogd is measured from its start until every line is where it belongs, in memory; the first line of these tables is
its start alone. There *ratio* is the share of the messages a second that rsyslogd as shipped
writes (`tests/bench/routing.py`). A forward to a collector that takes less than comes in keeps the rest on disk, where
each message is noted at once for fear of `kill -9`: at the speed of TCP on a loopback that is what is measured.

{machine}

{versions}

The logs are made: fields and programs of an EL 9 server, most messages distinct, known messages from the examples of
the catalog, {severe:.1f} in 100 of the others a warning or worse. The largest journal has {files} files, compressed
as journald does it, with {size:.0f} bytes an entry.
'''
TARGETS = '''## Targets

No module can do without the start of Python and of Ansible's own code, the floor. *Less the floor* is the ratio when
it is taken off the scan, and off what it is compared with where that is a scan too; for rsyslogd, off both. Its time
may be 1.11 times that as shipped: 0.9 of the messages a second.

Target | at most | measured | met | less the floor
--- | ---: | ---: | --- | ---:'''
TABLE = '''## {title}

Who | seconds | ratio | peak memory | cores | remarks
--- | ---: | ---: | ---: | ---: | ---'''

FLEET = '''## {title}

All hosts are this machine, whose logs are made, by a connection that measures what runs on the host
(`tests/bench/fleet.py`); {rounds} {word}, and everything else is Ansible's default: 5 forks, no pipelining. Each host
has noise of nearly every signature. *Results*: what Ansible tells its callbacks of a host, skipped tasks too, without
what is done once for all. *Visits*: modules run on a host. *Control node* and *host*: seconds of processors, for each
host; the control node's are those of `ansible-playbook` and its workers. A host across a network adds what ssh takes.
*Peak memory* is the control node's. Hosts and control node share the processors here, so the clock says less than
with hosts of their own. The shell tasks look for {checks} signatures, in the journal and in a text log each, and tell no more
than a number.

{machine}

Who | hosts | results | visits | control node | host | seconds | seconds a host | peak memory
--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---:'''


def targets(large, small, signatures, more):
    """Every Target about time. large, small: numbers of entries; signatures, more: lists of signatures."""
    scan, noisy = ('journal', 'journal_scan'), ('noisy', 'journal_scan')
    found = [
        Target('journal, 2 % noise, by the JSON loop', scan, ('journal', peers.JSON), 1 / 40),
        Target('journal, 2 % noise, by `journalctl --grep`', scan, ('journal', peers.GREP), 0.45),
        Target('journal, 2 % noise, by `cat`', scan, ('journal', peers.CAT), 3),
        Target('journal, 30 % noise, by the JSON loop', noisy, ('noisy', peers.JSON), 1 / 15),
        Target('journal, 30 % noise, by `journalctl --grep`', noisy, ('noisy', peers.GREP), 0.6),
        Target('the last boot of ten, by the whole', ('journal', peers.LAST_BOOT), scan, 0.25),
        Target('nothing new since the cursor, by the whole', ('journal', peers.CURSOR), scan, 0.1),
        Target('with `unexplained`, 2 % noise, by the JSON loop', ('journal', peers.UNEXPLAINED),
               ('journal', peers.JSON), 1 / 10),
    ]
    for noise, text, packed in (('2 %', 'text', 'gz'), ('30 %', 'noisy-text', 'noisy-gz')):
        found += [
            Target('text log, %s noise, by `grep -cE`' % noise, (text, 'logfile_scan'), (text, peers.TEXT_GREP), 2),
            Target('text log in .gz, %s noise, by `zgrep -cE`' % noise, (packed, 'logfile_scan'),
                   (packed, peers.ZGREP), 1.3),
        ]
    for module, many, growth in (('journal_scan', 'many', 'growth'), ('logfile_scan', 'many-text', 'growth-text')):
        counted = [(many, peers.numbered(module, things, 'signatures')) for things in (more, signatures)]
        sized = [(growth, peers.numbered(module, range(size), 'entries')) for size in (large, small)]
        found += [
            Target('%s, %s signatures by %d' % (module, format(len(more), ','), len(signatures)), *counted, limit=1.2),
            Target('%s, ten times the entries' % module, *sized, limit=10.5),
        ]
    for section, source in (('rsyslog', 'a journal'), ('rsyslog-wire', 'TCP')):
        for name, other in ((routing.POLICY, routing.STOCK), (routing.FORWARD, routing.STOCK_FORWARD)):
            found.append(Target('messages from %s, %s, by %s' % (source, name, other), (section, name),
                                (section, other), 1 / 0.9))
    return found


def is_module(name):
    """Whether a row is one of the collection's modules."""
    return re.match('(?:journal|logfile)_scan', name) is not None


def cells_of(target, results):
    """The cells of a Target (list of str) after its text. results: {section: {row: Figures}}."""
    (section, mine), (_same, other) = target.mine, target.other
    limit = '1/%.0f' % (1 / target.limit) if target.limit < 0.1 else '%.3g' % target.limit
    if section not in results:
        return [limit, 'not measured', '', '']
    mine, floor = results[section][mine].seconds, next(iter(results[section].values())).seconds
    base = results[section][other].seconds - (floor if is_module(other) or other in routing.BASES else 0)
    whole = results[section][other].seconds
    met = 'yes' if mine / whole <= target.limit else 'no'
    # What nobody can reach is told apart from what was not reached.
    if met == 'no' and floor / whole > target.limit:
        met = 'no: the floor alone is %s' % number(floor / whole)
    return [limit, number(mine / whole), met, number(max(mine - floor, 0) / base) if base > 0 else '']


def number(ratio):
    """A ratio with three digits that count, or more."""
    return '%.2f' % ratio if ratio >= 1 else '%.3f' % ratio if ratio >= 0.1 else '%.4f' % ratio


def is_audit(name):
    """Whether a row is an audit of a fleet with the collection as it is."""
    return name.startswith(fleet.AUDIT + ', ansible-core ')


def most(results, figure, chosen):
    """(the greatest value of a figure among the rows whose names are `chosen`, section and row where); None where none
    of them was measured.
    """
    return max(((getattr(figures, figure), '%s, %s' % (section, name)) for section, rows in results.items()
                for name, figures in rows.items() if chosen(name)), default=None)


def target_table(all_targets, results):
    """The table of targets (text)."""
    lines = [TARGETS]
    for target in all_targets:
        lines.append(' | '.join([target.text] + cells_of(target, results)).rstrip())
    for text, figure, limit, limit_text, form, chosen in (
            ('peak memory of any scan', 'memory', MEMORY, '%d MiB' % MEMORY, '%.0f MiB', is_module),
            ('cores of any scan', 'cores', CORES, '%d' % CORES, '%.2f', is_module),
            ('task results of a host, any audit', 'results', RESULTS, '%d' % RESULTS, '%.0f', is_audit),
            ('visits to a host, any audit', 'visits', VISITS, '%d' % VISITS, '%.2f', is_audit),
            ('processor time of the control node for a host, any audit', 'control', CONTROL, '%.2f s' % CONTROL,
             '%.2f s', is_audit)):
        greatest = most(results, figure, chosen)
        if greatest is None:
            lines.append('%s | %s | not measured | |' % (text, limit_text))
            continue
        value, where = greatest
        met = 'yes' if round(value, 2) <= limit else 'no'
        lines.append('%s | %s | %s (%s) | %s |' % (text, limit_text, form % value, where, met))
    return '\n'.join(lines) + '\n'


def section_table(section, figures):
    """The table of a Section (text). figures: {row: Figures}."""
    lines = [TABLE.format(title=section.title)]
    base = figures[section.rows[1].name].seconds
    for row in section.rows:
        taken = figures[row.name]
        lines.append('%s | %.2f | %s | %.0f MiB | %.2f | %s' % (
            row.name, taken.seconds, '' if row is section.rows[1] else number(base / taken.seconds), taken.memory,
            taken.cores, row.note(taken) if callable(row.note) else row.note))
    lines += ['%s | not on this machine | | | |' % name for name in section.absent]
    return '\n'.join(line.rstrip() for line in lines) + '\n'


def fleet_table(section, figures):
    """The table of a fleet.Section (text). figures: {row: fleet.Figures}."""
    lines = [FLEET.format(title=section.title, rounds=section.rounds, word='round' if section.rounds == 1 else 'rounds',
                          checks=fleet.CHECKS, machine=machine())]
    for row in section.rows:
        taken = figures[row.name]
        lines.append('%s | %d | %.0f | %.2f | %.2f | %.2f | %.0f | %.2f | %.0f MiB' % (
            row.name, row.hosts, taken.results, taken.visits, taken.control, taken.host, taken.seconds, taken.wall,
            taken.memory))
    lines += ['%s | not on this machine | | | | | | |' % name for name in section.absent]
    return '\n'.join(lines) + '\n'


def machine():
    """The kind of machine, without its name."""
    with open('/proc/cpuinfo', encoding='utf-8') as source:
        models = re.findall(r'^model name\s*: (.*)$', source.read(), re.MULTILINE)
    with open('/proc/meminfo', encoding='ascii') as source:
        memory = int(re.search(r'^MemTotal:\s*(\d+)', source.read(), re.MULTILINE).group(1)) / 1024 / 1024
    return '%d cores %s, %.0f GiB, Python %d.%d' % (
        (len(models), models[0] if models else 'of an unknown kind', memory) + sys.version_info[:2])


def versions(found):
    """The versions of those measured (text). found: {name: version} of some."""
    parts = []
    for name, command in (('systemd', 'journalctl --version'), ('grep', 'grep --version'), ('gzip', 'gzip --version'),
                          ('rsyslog', 'PATH=$PATH:/usr/sbin rsyslogd -v')):
        output = subprocess.run(['sh', '-c', command], stdout=subprocess.PIPE, check=True).stdout.decode()
        parts.append('%s %s' % (name, re.search(r'[0-9]+(?:\.[0-9]+)*', output).group()))
    return ', '.join(parts + ['%s %s' % (name.strip('`'), version) for name, version in sorted(found.items())])


def document(sections, results, all_targets, rounds, facts, found):
    """docs/benchmarks.md (text). facts: `severe`, `files` and `size` of the INTRODUCTION. found: versions of peers."""
    parts = [INTRODUCTION.format(rounds=rounds, word='round' if rounds == 1 else 'rounds', machine=machine(),
                                 versions=versions(found), **facts), target_table(all_targets, results)]
    parts += [(fleet_table if isinstance(section, fleet.Section) else section_table)(section, results[section.name])
              for section in sections]
    return '\n'.join(parts)


def merged(old, new):
    """A document (text) with what another measured in place of its own: sections of the same title, and targets.

    What a target has no figure of in the new one stays. Raises ValueError when the old one has a title twice.
    """
    first, *parts = old.split('\n## ')
    sections = {}
    for part in parts:
        sections.setdefault(part.partition('\n')[0], []).append(part.rstrip('\n'))
    for part in new.split('\n## ')[1:]:
        title = part.partition('\n')[0]
        if len(sections.get(title, [])) > 1:
            raise ValueError('there is more than one section "%s"; measure all' % title)
        part = part.rstrip('\n')
        if title == 'Targets' and title in sections:
            part = _merged_targets(sections[title][0], part)
        sections[title] = [part]
    return '\n\n## '.join([first.rstrip('\n')] + [part for found in sections.values() for part in found]) + '\n'


def _merged_targets(old, new):
    """The section of the new targets, with what is not measured there as the old one has it."""
    before = {line.partition(' | ')[0]: line for line in old.splitlines() if ' | ' in line}
    return '\n'.join(before.get(line.partition(' | ')[0], line) if ' | not measured |' in line else line
                     for line in new.splitlines())
