# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts on histories whose right answer is known: histories.yml tells what happened day by day, the answer and why.

Real journal files, read by the real scan and triggers at the remedy and later (world.py); then the real verdicts.
"""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import remedies, stamps, surveys, verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import host as report_host
from remedy_runs import private

HERE = os.path.dirname(os.path.abspath(__file__))
UNITS = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400}
# A moment, of which there may be several, each with a number of lines: see histories.yml.
MOMENTS = re.compile(r'(-?[0-9.]+)(?: \+([0-9]+)([smh]))?(?: \.\. (-?[0-9.]+) every ([0-9.]+)([smhd]))?(?: x([0-9]+))?\Z')
DAY = 86400.0

with open(os.path.join(HERE, 'histories.yml'), encoding='utf-8') as source:
    WORLDS = yaml.safe_load(source)
HISTORIES = [dict(history, world=number, id='h%d-%d' % (number, place))
             for number, world in enumerate(WORLDS) for place, history in enumerate(world['histories'])]


def seconds(text):
    """The moments that a text names, in seconds since the remedy."""
    found = []
    for part in str(text).split(', ') if text is not None else ():
        day, more, unit, last, step, step_unit, times = MOMENTS.match(part).groups()
        first = float(day) * DAY + (int(more) * UNITS[unit] if more else 0)
        number = int((float(last) * DAY - first) / (float(step) * UNITS[step_unit]) + 1.000001) if last else 1
        for place in range(number):
            begin = first + (place * float(step) * UNITS[step_unit] if last else 0)
            found += [begin + line * 0.5 for line in range(int(times or 1))]
    return found


def signature(history):
    trigger = history.get('trigger', 'timer')
    name = history['id']
    return {'id': name, 'revision': 1, 'title': {'en': 'x', 'ko': '가'}, 'disposition': history.get('disposition', 'fix'), 'vanishes_from': ['journal'],
            'match': {'identifiers': [name], 'comms': [name], 'transport': ['journal'], 'literal': 'noise of ', 'regex': '^noise of [a-z]+$',
                      'priority': 'warning'},
            'verify': {'trigger': 'unit:%s.service' % name if trigger == 'unit' else trigger, 'delay': history.get('delay', 0)},
            'remedy': {'role': history.get('requires', 'none'), 'requires': history.get('requires', 'none'), 'with': {}}}


def events(history):
    """What a history adds to the journal: (second, fields)."""
    name = history['id']
    for second in seconds(history.get('came')):
        yield second, {'MESSAGE': 'noise of something', 'SYSLOG_IDENTIFIER': name, '_COMM': name}
    for second in seconds(history.get('posed')):
        yield second, {'MESSAGE': 'noise of something', 'SYSLOG_IDENTIFIER': name, '_COMM': 'logger', '_UID': '1000'}
    for second in seconds(history.get('ran')):
        yield second, {'MESSAGE': 'Finished it.', '_PID': '1', 'MESSAGE_ID': '39f53479d3a045ac8e11786248231fbf', 'UNIT': name + '.service'}


def logins(world):
    for second in seconds(world.get('logins')):
        yield second, {'MESSAGE': 'pam_unix(gdm-password:session): session opened for user kim(uid=1000) by (uid=0)',
                       '_EXE': '/usr/libexec/gdm-session-worker'}
        yield second + 2, {'MESSAGE': 'Reached target.', 'MESSAGE_ID': '39f53479d3a045ac8e11786248231fbf', '_UID': '1000', '_PID': '700',
                           'USER_UNIT': 'graphical-session.target'}


def boots_of(world):
    """When each boot began and ended, in days."""
    boots = world['boots']
    if isinstance(boots, list):
        return boots
    days = [boots['from'] + number * boots['every'] for number in range(int((boots['to'] - boots['from']) / boots['every']))]
    return [[day, day + boots['for']] for day in days]


def asked(number, looked):
    """What world.py is to make and look at for all histories of a world that end on one day."""
    world = WORLDS[number]
    these = [history for history in HISTORIES if history['world'] == number and history['looked'] == looked]
    by_day = [(name, [[begin * DAY, end * DAY] for begin, end in days]) for name, days in (
        ('boots', boots_of(world)), ('asleep', world.get('asleep', [])), ('clock', world.get('clock', [])))]
    one = {'world': dict(by_day), 'looked': seconds(looked)[0], 'signatures': [signature(history) for history in these],
           'events': [event for history in these for event in events(history)] + list(logins(world)),
           'triggers': sorted({name for history in these for name in verdicts.triggers(signature(history))})}
    for name in ('kept_before', 'kept_after'):
        if name in world:
            one[name] = world[name] * DAY
    return one


@pytest.fixture(scope='module', name='worlds')
def all_worlds(collection, tmp_path_factory):
    folder = tmp_path_factory.mktemp('worlds')
    (folder / 'ansible_collections/loghygiene').mkdir(parents=True)
    (folder / 'ansible_collections/loghygiene/rhel').symlink_to(collection)
    (folder / 'journal').mkdir()
    (folder / 'boot_id').write_text('')
    groups = sorted({(history['world'], str(history['looked'])) for history in HISTORIES})
    looks = [asked(number, next(one['looked'] for one in HISTORIES if str(one['looked']) == looked)) for number, looked in groups]
    mounts = '\n'.join(['mkdir -p /var/log/journal', 'mount --bind %s/journal /var/log/journal' % folder, 'mount -t tmpfs run /run',
                        'mount --bind %s/boot_id /proc/sys/kernel/random/boot_id' % folder])
    environ = dict(os.environ, WORLD_BOOT_ID=str(folder / 'boot_id'), PYTHONPATH=os.pathsep.join([str(folder)] + sys.path))
    done = subprocess.run(private(mounts) + [sys.executable, os.path.join(HERE, 'world.py')], input=json.dumps(looks), stdout=subprocess.PIPE,
                          check=True, text=True, env=environ)
    return dict(zip(groups, json.loads(done.stdout)))


def stamp(fields):
    return stamps.datetime.fromtimestamp(int(fields['__REALTIME_TIMESTAMP']) / 1e6, stamps.timezone.utc).strftime(stamps.STAMP)


def judged(history, found):
    """The verdict row, and what the report says of it in both languages."""
    one, name = signature(history), history['id']
    at, boot_id = stamp(found['at']), found['at']['_BOOT_ID']
    now = found['triggers']['now']
    record = {'journey': 'verify', 'check_mode': False, 'problems': [], 'remedies': {}, 'verify': None,
              'target': {'now': now, 'boot_id': found['boot_id'], 'boot_time': now},
              'scan': {'at': at, 'boot_id': boot_id, 'since': '', 'sinks': surveys.sinks_of({'journal': found['before']})}}
    requires = one['remedy']['requires']
    record['plan'] = [{'signature_id': name, 'revision': 1, 'title': 'x', 'disposition': one['disposition'], 'action': one['disposition'],
                       'reason': 'seen', 'role': requires, 'requires': requires, 'seen': remedies.seen(record['scan'], name)}]
    point = {'at': at, 'boot_id': boot_id, 'journal_cursor': found['before']['cursor'], 'log_cursors': {}}
    record['remedies'] = remedies.merge_remedies(record, {requires: {'signature_ids': [name], 'result': {
        'changed': True, 'in_place': True, 'in_place_since': at}}}, point)
    scan = {'roles': [requires], 'signature_ids': [name], 'point': point, 'now': now, 'triggers': found['triggers']['triggers'],
            'sinks': surveys.sinks_of({'journal': found['scan']})}
    row, = verdicts.verify(record, [one], [scan])['verdicts']
    return row, now, [report_host.verdict_text(language, row, one, requires) for language in ('en', 'ko')]


@pytest.mark.parametrize('history', HISTORIES, ids=lambda history: '%s %s' % (history['id'], history['name']))
def test_the_verdict_is_what_happened(worlds, history):
    row, now, (english, korean) = judged(history, worlds[history['world'], str(history['looked'])])
    assert [row['verdict'], row['reason']] == history['answer'], (history['why'], row, english)
    if 'until' in history:
        days = (stamps.parse(row['until']) - stamps.parse(now)).total_seconds() / DAY + seconds(history['looked'])[0] / DAY
        assert abs(days - history['until']) <= history['until'] * 0.01 + 0.15, days
        assert row['until'][:10] in english
    else:
        assert row['until'] is None
    assert re.search('[가-힣]', korean)
    if row['verdict'] == 'not_exercised':
        assert history.get('says', '') in english and ': ' in english and ': ' in korean


def test_there_are_enough_of_them():
    """Of each rule at least 40, and each answer of it."""
    statistical = [history for history in HISTORIES if history.get('trigger', 'timer') in ('timer', 'none')]
    for some in (statistical, [history for history in HISTORIES if history not in statistical]):
        assert len(some) >= 40
        assert {'proved', 'not_exercised', 'still_present'} <= {history['answer'][0] for history in some}
    assert len({history['name'] for history in HISTORIES}) == len(HISTORIES)
