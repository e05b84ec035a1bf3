# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark measures what it says. It runs on tiny logs, with the peers that are here; no time is asserted."""

import json
import os
import re
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.path.normpath(os.path.join(HERE, os.pardir, os.pardir, 'bench'))
sys.path[:0] = [BENCH, os.path.join(HERE, os.pardir, 'scanner')]

# After sys.path (E402), by which they are found.
import fleet  # noqa: E402
import logs  # noqa: E402
import measure  # noqa: E402
import peers  # noqa: E402
import routing  # noqa: E402
import table  # noqa: E402

SIGNATURE = {
    'id': 'known',
    'match': {'identifiers': ['app'], 'transport': ['syslog'], 'literal': 'worker failed', 'priority': 'warning',
              'regex': r'^worker failed \(error 1[0-9]\)$'},
    'tests': {'positive': [{'text': 'worker failed (error 11)', 'identifier': 'app'}]},
}


@pytest.fixture(scope='module')
def made(tmp_path_factory):
    """Logs of 300 entries."""
    return logs.Logs(str(tmp_path_factory.mktemp('bench') / 'logs'), 300, 0.3, [SIGNATURE], [])


def told(made, **changes):
    """What journal_scan would return about Logs (text), with changes."""
    boots = made.expected['signatures']['known']
    result = {'entries': 300, 'errors': [], 'signatures': [{
        'id': 'known', 'count': sum(boots.values()),
        'boots': [{'boot_id': boot, 'count': count} for boot, count in boots.items()]}]}
    return json.dumps(dict(result, **changes))


def test_run():
    """Every scanner gives the right answer, and the tables say something about each target and each peer."""
    groups = ['journal', 'text', 'gz', 'many', 'rsyslog', 'rsyslog-wire']
    command = [sys.executable, os.path.join(BENCH, 'run.py'), '--entries', '400', '--signatures', '40', '--rounds', '1',
               '--output', '-']
    for group in groups:
        command += ['--only', group]
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
                             check=False)
    assert process.returncode == 0, process.stderr[-3000:]
    targets, *sections = process.stdout.partition('## Targets\n')[2].split('\n## ')
    met = {line.split(' | ')[0]: line.split(' | ')[3].strip() for line in targets.splitlines()
           if ' | ' in line and not line.startswith(('Target |', '--- |')) and 'not measured' not in line}
    assert len(met) == 15 and all(re.match('yes|no', verdict) for verdict in met.values()), targets
    assert targets.count('not measured') == 10
    assert len(sections) == len(groups)
    for name in (peers.JSON, peers.GREP, peers.FAIL2BAN, peers.LOGCHECK, peers.LNAV, peers.TEXT_GREP, peers.ZGREP):
        assert any('\n%s | ' % name in section for section in sections), name
    assert all('\n%s | ' % floor in section for section, floor in zip(
        sections, 4 * [peers.FLOOR] + 2 * [routing.NOTHING]))
    for section in sections[4:]:
        assert [line.partition(' | ')[0] for line in section.rstrip().splitlines()[-5:]] == [
            routing.NOTHING, routing.STOCK, routing.POLICY, routing.STOCK_FORWARD, routing.FORWARD]
        assert re.search(r'[0-9] messages a second$', section.rstrip())


def test_a_fleet():
    """An audit of hosts full of noise costs what it should: results and visits. It counts right, or there is no table."""
    command = [sys.executable, os.path.join(BENCH, 'run.py'), '--only', 'fleet', '--entries', '2000', '--signatures',
               '40', '--hosts', '2', '--output', '-']
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
                             check=False)
    assert process.returncode == 0, process.stderr[-3000:]
    fleets = process.stdout.partition('\n## A fleet')[2].splitlines()
    rows = [line.split(' | ') for line in fleets if ' | 2 | ' in line]
    assert [(row[0].partition(' 2.')[0], row[2:4]) for row in rows] == 2 * [
        (fleet.AUDIT + ', ansible-core', ['6', '1.00'])] + [(fleet.PEER + ', ansible-core', ['10', '10.00'])]
    for row in rows:
        assert float(row[4]) > 0.05 and float(row[5]) > 0.05 and int(row[8].partition(' ')[0]) > 20, row
    targets = [line for line in process.stdout.splitlines()
               if line.startswith(('task results', 'visits', 'processor time'))]
    assert [line.split(' | ')[1] for line in targets] == ['6', '1', '0.35 s'] and 'not measured' not in ''.join(targets)


def test_a_part_that_is_measured_anew_leaves_the_others():
    """As `--merge` writes it: sections of the same title are replaced, and so are targets, if they were measured."""
    table_of = '\n\nTarget | at most\n--- | ---\n'
    old = '# All\n\nof old\n\n## Targets' + table_of + 'a | 1 | yes |\nb | 2 | no |\n\n## A\n\none\n\n## B\n\ntwo\n'
    new = ('# All\n\nof new\n\n## Targets' + table_of + 'a | 1 | not measured | |\nb | 2 | yes |\nc | 3 | yes |\n'
           '\n## B\n\nthree\n\n## C\n\nfour\n')
    assert table.merged(old, new) == (
        '# All\n\nof old\n\n## Targets' + table_of + 'a | 1 | yes |\nb | 2 | yes |\nc | 3 | yes |\n'
        '\n## A\n\none\n\n## B\n\nthree\n\n## C\n\nfour\n')
    assert table.merged(old, old) == old
    with pytest.raises(ValueError, match='more than one section "B"'):
        table.merged(old + '\n## B\n\nfive\n', new)


def test_what_is_in_the_logs(made):
    """The numbers expected are those of the lines, whose digits vary as far as they may."""
    with open(made.text, encoding='utf-8') as source:
        lines = source.readlines()
    known = [line for line in lines if re.search(r' app\[\d+\]: worker failed \(error 1\d\)$', line)]
    assert len(lines) == 300 and 50 < len(known) < 140
    assert made.counts(['known']) == {'known': len(known)}
    assert sum(made.counts(['known'], boot)['known'] for boot in made.expected['boots']) == len(known)
    assert made.unexplained([]) == made.unexplained(['known']) + len(known)
    assert len(made.expected['boots']) == logs.BOOTS


def test_vary_keeps_the_signature():
    """Only a number that the expression leaves open changes."""
    signature = dict(SIGNATURE, match=dict(SIGNATURE['match'], regex=r'^worker failed \(error 11\) [0-9]+ times$'),
                     tests={'positive': [{'text': 'worker failed (error 11) 300 times'}]})
    assert [text[begin:end] for _signature, _test, text, spans in logs.variants(signature)
            for begin, end in spans] == ['300']


def test_entries_of_the_kernel_have_its_name():
    """Lines under another name stand in text logs only, and the logs made here are to hold the same."""
    tests = [{'text': text, 'identifier': name} for text, name in (('idle', 'kernel'), ('busy', 'kerenl'))]
    signature = {'id': 'x', 'match': {'transport': ['kernel'], 'literal': '', 'regex': '.'}, 'tests': {'positive': tests}}
    assert [text for _signature, _test, text, _spans in logs.variants(signature)] == ['idle']


@pytest.mark.parametrize('changes', [
    {'entries': 299},
    {'errors': [{'path': 'journal', 'reason': 'damaged'}]},
    {'signatures': [{'id': 'known', 'count': 1, 'boots': []}]},
    {'signatures': []},
])
def test_a_wrong_answer_is_refused(made, changes):
    check = peers.answer(made, ['known'], boots=True)
    check(told(made))
    with pytest.raises(measure.Failed):
        check(told(made, **changes))


def test_counts_by_boot_are_compared(made):
    result = json.loads(told(made))
    result['signatures'][0]['boots'][0]['count'] += 1
    with pytest.raises(measure.Failed, match='boots'):
        peers.answer(made, ['known'], boots=True)(json.dumps(result))


def test_unexplained_is_compared(made):
    right = made.unexplained(['known'])
    check = peers.answer(made, ['known'], unexplained=True)
    check(told(made, unexplained={'entries': right, 'groups': [{'count': right - 1}], 'more_entries': 1}))
    with pytest.raises(measure.Failed):
        check(told(made, unexplained={'entries': right, 'groups': [{'count': right}], 'more_entries': 1}))
    with pytest.raises(measure.Failed):
        check(told(made, unexplained={'entries': right + 1, 'groups': [{'count': right + 1}], 'more_entries': 0}))


def test_lines_in_other_files_are_refused(made, collection, tmp_path):
    """The files and counts of a policy are worked out without rsyslogd; a line elsewhere is a wrong answer."""
    there = routing.Routing([dict(SIGNATURE, disposition='explain')], collection, str(tmp_path))
    rows = {row.name: row for row in there.wire_section(made, 'wire').rows}
    stock, received = there.right(made, there.policies[routing.STOCK], False)
    policy, forwarded = there.right(made, there.policies[routing.FORWARD], False)
    assert (received, forwarded) == (0, 300) and '/var/log/info.log' in policy and '/var/log/info.log' not in stock
    assert policy['/var/log/cron'] == stock['/var/log/cron'] and policy['/var/log/messages'] < stock['/var/log/messages']
    right = dict(policy, **{'': 300})
    rows[routing.FORWARD].check(json.dumps(right))
    for wrong in (dict(right, **{'': 299}), dict(right, **{'/var/log/secure': right['/var/log/secure'] + 1}),
                  dict(stock, **{'': 300})):
        with pytest.raises(measure.Failed):
            rows[routing.FORWARD].check(json.dumps(wrong))


def test_a_peer_that_is_not_here_is_told(made, tmp_path, monkeypatch):
    """The table says so; everything else is measured."""
    monkeypatch.setenv('PATH', str(tmp_path))
    there = peers.Peers([SIGNATURE], [SIGNATURE], str(tmp_path / 'none'), str(tmp_path / 'work'), 'modules.zip')
    section = there.text_section(made, 'text')
    assert section.absent == [peers.LOGCHECK, peers.LNAV]
    assert [row.name for row in section.rows] == [peers.FLOOR, 'logfile_scan', peers.TEXT_GREP, peers.CAT]
    text = table.section_table(section, {row.name: measure.Figures(1.0, 1.0, 20.0) for row in section.rows})
    assert '\n`lnav` | not on this machine | | | |\n' in text


def test_memory_is_anonymous_and_of_all_processes(tmp_path):
    """What a child allocates counts, a mapped file does not."""
    path = str(tmp_path / 'large')
    with open(path, 'wb') as target:
        target.write(b'x' * (48 << 20))
    mapped = ('import mmap, time; source = open(%r); pages = mmap.mmap(source.fileno(), 0, prot=mmap.PROT_READ); '
              'pages.find(b"y"); time.sleep(0.1)' % path)
    allocated = 'import time; text = b"x" * (48 << 20); time.sleep(0.2)'
    shell = ['sh', '-c', '"$0" -c "$1" | cat', sys.executable]
    assert measure.run([sys.executable, '-c', mapped], memory=True).memory < 40
    assert measure.run(shell + [allocated], memory=True).memory >= 48


def test_a_command_that_fails_is_an_error():
    with pytest.raises(measure.Failed, match='status 3: out'):
        measure.run(['sh', '-c', 'echo out; exit 3'])


@pytest.mark.parametrize('mine, other, cells', [
    (2.0, 1.0, ['2', '2.00', 'yes', '1.50']),
    (2.1, 1.0, ['2', '2.10', 'no', '1.60']),
    (0.6, 0.2, ['2', '3.00', 'no: the floor alone is 2.50', '0.500']),
])
def test_targets_are_compared_with_what_was_measured(mine, other, cells):
    target = table.Target('x', ('text', 'logfile_scan'), ('text', peers.TEXT_GREP), 2)
    seconds = {peers.FLOOR: 0.5, 'logfile_scan': mine, peers.TEXT_GREP: other}
    results = {'text': {name: measure.Figures(value, 1.0, 20.0) for name, value in seconds.items()}}
    assert table.cells_of(target, results) == cells
    assert table.cells_of(target, {}) == ['2', 'not measured', '', '']
