# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host may answer: everything that is let in goes the whole way to the report, whatever is changed in it."""
import copy
import zlib

import builders
import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    answer, findings, host_state, plan, record as records, remedies, surveys, verdicts)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import csv as report_csv, fleet as report_fleet

SIGNATURES = [
    builders.signature(verify={'trigger': 'unit:systemd-tmpfiles-setup.service'}, match={'identifiers': ['systemd-tmpfiles']},
                       context=[{'tells': {'en': 'who', 'ko': '누구'}, 'from': 'process', 'seconds': 60, 'before': 1}]),
    builders.signature('ahnlab', disposition='divert', role='syslog_exclusions', requires='restart', trigger='none', match={}, tests={},
                       watch={'finding': {'en': 'open', 'ko': '열림'}})]
IDS = [one['id'] for one in SIGNATURES]
SOURCE = {'uid': 1000, 'exe': '/usr/bin/logger', 'unit': 'session-3.scope'}
ASKED = {'signatures': [{'id': one['id'], 'context': one.get('context')} for one in SIGNATURES],
         'verify_signatures': [{'id': one} for one in IDS], 'retention': {'rules': []}, 'alerts': {'rules': []}}


def scan(ids):
    """A scan in which everything is."""
    rows = []
    for identity in ids:
        row = builders.found(identity, boots={builders.FIX_BOOT: 2, builders.NEXT_BOOT: 3}, episodes=3, lookalikes={builders.NEXT_BOOT: 1},
                             sources=[SOURCE], unclosed={'at': builders.NOW, 'boot_id': builders.NEXT_BOOT, 'text': 'open'},
                             closed={'at': builders.BOOTED_AT, 'boot_id': None})
        row.update(first_seen=builders.BOOTED_AT, last_seen=builders.NOW)
        row['samples'][0].update(at=builders.NOW, cursor='c')
        rows.append(row)
    return {'signatures': rows, 'boots': builders.boots((builders.FIX_BOOT, builders.FIXED_AT, builders.BOOTED_AT),
                                                        (builders.NEXT_BOOT, builders.BOOTED_AT, builders.NOW)),
            'machines': [], 'cursor': 'c', 'entries': 9, 'files': ['/a'], 'errors': [{'path': '/b', 'reason': 'no'}], 'method': 'test',
            'undecided': 1, 'unexplained': builders.unexplained(builders.group('sshd', 'who <n>', 3)),
            'losses': [builders.loss('journald-suppressed', 'sshd.service', 4), builders.loss('boot-gap')]}


def whole():
    """An answer to everything."""
    points = [{'roles': [role], 'signature_ids': [identity], 'point': builders.point(), 'now': builders.NOW,
               'triggers': [{'trigger': 'unit:systemd-tmpfiles-setup.service', 'runs': [
                   {'at': builders.BOOTED_AT, 'boot_id': builders.NEXT_BOOT, 'monotonic': 5, 'elapsed': 9.5}]}],
               'sinks': {sink: scan([identity]) for sink in ('journal', 'messages', 'diverted')}}
              for role, identity in (('tmpfiles_acl', IDS[0]), ('syslog_exclusions', IDS[1]))]
    return copy.deepcopy({
        'host': builders.target(sinks={'journal': {'persistent': True}, 'messages': '/var/log/messages', 'secure': None}),
        'context': [{'signature_id': IDS[0], 'sink': 'journal', 'at': builders.NOW, 'text': 'open', 'looks': [{
            'lines': [{'at': builders.NOW, 'name': 'sshd', 'text': 'Connection from'}], 'values': {'address': ['192.0.2.7']}, 'cut': False}],
            'modules': [{'name': 'loop', 'loaded': True, 'used_by': ['x'], 'file': '/lib/loop.ko', 'package': None, 'signer': 'RH'}]}],
        'check_mode': True, 'sinks': {sink: scan(IDS) for sink in ('journal', 'messages', 'diverted')},
        'ends': builders.point(), 'verify': points,
        'remedies': {'tmpfiles_acl': {'changed': False, 'in_place': True, 'in_place_since': builders.FIXED_AT, 'notes': ['well']},
                     'desktop_autostart': {'failed': 'no'}, 'syslog_exclusions': {'changed': False, 'in_place': True, 'notes': []}},
        'retention': {'stores': [{'path': '/var/log/messages', 'bytes': 5, 'held_days': 3.5, 'keep_days': None, 'meets': None, 'reason': None,
                                  'rotation': {'problem': None}}], 'logrotate': {}},
        'alerts': {}, 'problems': [{'part': 'alerts', 'message': 'no'}]})


def all_the_way(found, run_dir):
    """Have an audit use an answer, from the survey to the end of the screen."""
    record = records.begin(None, 'web1', 'audit', True, builders.NOW, '1')
    record['target'], record['problems'] = found['host'], found['problems']
    record['scan'], record['retention'], record['alerts'] = surveys.scan_of(found, '', SIGNATURES), surveys.retention_of(found), found['alerts']
    record['verify'] = surveys.verify_of(record, found)
    record['remedies'] = surveys.remedies_of(record, SIGNATURES, found)
    record['plan'] = plan.make(record, SIGNATURES)
    record['stages'] = dict.fromkeys(record['stages'], 'ran')
    record['verify'] = verdicts.verify(record, SIGNATURES, verdicts.current_scans(record))
    remedies.reboot_needed(record)
    record['findings'] = findings.findings(record, SIGNATURES)
    records.save(str(run_dir), record)
    record = records.load(str(run_dir), 'web1', 'audit', True)
    assert host_state.state(record) in ('findings', 'failed')
    for language in ('en', 'ko'):
        report_csv.to_csv([record], SIGNATURES, language)
        report_fleet.screen(language, [record], SIGNATURES, [], builders.NOW, 100)


def places(value, path=()):
    """The way to each part of a JSON value."""
    for name, below in enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ():
        yield path + (name,)
        yield from places(below, path + (name,))


def test_a_whole_answer_is_used(tmp_path):
    assert answer.problem(whole(), ASKED) is None
    all_the_way(whole(), tmp_path)


@pytest.mark.parametrize('year', ['0001', '9999'])
def test_the_time_of_a_log_line_spoils_no_answer(tmp_path, year):
    """A remote sender chooses the time of its line; the clock of the host is another thing."""
    found, stamp = whole(), year + '-12-31T23:59:59Z'
    for sinks in [found['sinks']] + [one['sinks'] for one in found['verify']]:
        found['context'][0]['at'] = found['context'][0]['looks'][0]['lines'][0]['at'] = stamp
        for row in sinks.values():
            for one in row['signatures']:
                one.update(first_seen=stamp, last_seen=stamp)
                for sample in one['samples']:
                    sample['at'] = stamp
    assert answer.problem(found, ASKED) is None
    all_the_way(found, tmp_path)
    found['host']['now'] = stamp
    assert 'host.now is not a time' in answer.problem(found, ASKED)


DROP = object()
RUBBISH = [DROP, None, [], {}, 'x', -1, DROP, None, True, -1, 2 ** 70, float('nan'), float('inf'), 1.5, 'x', '\ud800',
           '9999-12-31T23:59:59Z', '2026-02-30T00:00:00Z', '{{ 1 / 0 }}',
           '\x1b[2J<b>', '', [], [None], {}, {'a': []}]


@pytest.mark.parametrize('first', range(4))
def test_what_is_let_in_can_be_read_by_all(first, tmp_path):
    """One thing after the other is left out of the answer, or replaced. What is let in one by one is let in together, and read."""
    found, kinds, let_in = whole(), set(), []

    def spoil(inside, place, rubbish):
        for part in place[:-1]:
            inside = inside[part]
        kept = inside[place[-1]]
        if rubbish is DROP:
            del inside[place[-1]]
        else:
            inside[place[-1]] = rubbish
        return inside, kept

    for place in list(places(found)):
        kind = tuple('*' if isinstance(part, int) or part in ('diverted', 'messages') else part for part in place)
        if kind in kinds:  # the like was tried
            continue
        kinds.add(kind)
        # Each kind of place gets four of the values over the four tests.
        rubbish = RUBBISH[(zlib.crc32(repr(kind).encode()) + first * 5) % len(RUBBISH)]
        inside, kept = spoil(found, place, rubbish)
        if answer.problem(found, ASKED) is None:
            if isinstance(kept, (dict, list)) and kept and place[0] != 'alerts':
                all_the_way(copy.deepcopy(found), tmp_path)
            else:
                let_in.append((place, rubbish))
        if rubbish is DROP and isinstance(inside, list):
            inside.insert(place[-1], kept)
        else:
            inside[place[-1]] = kept
    assert found == whole() and len(kinds) > 150 and len(let_in) < len(kinds) / 2
    for place, rubbish in let_in:
        inside, kept = spoil(found, place, rubbish)
        if answer.problem(found, ASKED) is not None:  # not with what was let in before
            inside[place[-1]] = kept
    all_the_way(found, tmp_path)


@pytest.mark.parametrize('spoil, told', [
    (lambda found: found.update(sinks=None), 'sinks is null'),
    (lambda found: found.update(sinks={}), 'sinks.journal is missing'),
    (lambda found: found['sinks'].pop('messages'), 'sinks lacks messages'),
    (lambda found: found['sinks']['messages']['signatures'].pop(), 'sinks.messages does not count the signature ahnlab'),
    (lambda found: found['verify'][0]['sinks'].pop('messages'), 'verify[0].sinks lacks messages'),
    (lambda found: found['verify'][0]['sinks']['journal']['signatures'].clear(), 'verify[0].sinks.journal does not count'),
    (lambda found: found.update(retention=None), 'retention is null'),
    (lambda found: found.pop('context'), 'context is missing'),
    (lambda found: found['context'].clear(), 'context lacks the signature ' + IDS[0]),
    (lambda found: found['context'][0].update(signature_id='ahnlab'), 'context[0] is none of the signature ahnlab'),
    (lambda found: found['context'][0]['looks'].clear(), 'context[0] is none of the signature ' + IDS[0]),
    (lambda found: found['context'].extend(found['context'] * 3), 'context holds 4, more than a survey gathers'),
    (lambda found: found.update(problems=[{'part': 'alerts', 'message': 'no'}] * 201), 'problems holds 201'),
    (lambda found: found['host'].update(boot_id='b' * 10 ** 6), 'host.boot_id is a text of 1000000 characters'),
    (lambda found: found['host'].update({'\x1b[2J': 'x' * 70000}), 'host.?[2J is a text of 70000 characters'),
    (lambda found: found['host'].update(extra={'much': float('nan')}), 'host.extra.much is a number that nothing counts'),
    (lambda found: found['sinks']['journal']['signatures'][0].update(count=10 ** 4999), 'count is a number that nothing counts'),
    (lambda found: found['sinks']['journal'].update(errors=[{'path': 'x', 'reason': 'y'}] * 20001), 'errors holds 20001, more than a survey tells'),
    (lambda found: found['sinks']['journal']['signatures'][0].update(count=-1), 'count must be at least 0'),
    (lambda found: found.update(alerts=deep(10 ** 5)), 'is nested too deeply'),
    (lambda found: found['host'].update(now='2026-02-30T00:00:00Z'), "host.now is not a time: '2026-02-30T00:00:00Z'"),
])
def test_what_an_answer_lacks_or_cannot_be_is_named(spoil, told):
    """What was asked for and is not told would pass for a log that is clean."""
    found = whole()
    spoil(found)
    assert told in answer.problem(found, ASKED)


def deep(levels):
    inside = {}
    for dummy in range(levels):
        inside = {'a': inside}
    return inside


def test_a_log_that_could_not_be_read_may_be_missing():
    found = whole()
    del found['sinks']['messages']
    found['problems'].append({'part': 'messages', 'message': 'no'})
    assert answer.problem(found, ASKED) is None
    assert answer.problem({**found, 'sinks': None}, {}) is None  # nothing was to be counted


def test_what_is_no_answer_at_all_is_told():
    for found in (None, [], 'x', {}, {'changed': False}):
        assert answer.problem(found, ASKED)
        assert answer.host_problem(found)
    assert answer.host_problem(whole()['host']) is None
