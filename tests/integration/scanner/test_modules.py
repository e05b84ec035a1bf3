# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The four modules, run by the oldest and the newest ansible-core, on Python 2.7, 3.6 and the newest."""

import gzip
import json
import os
import re

import journals
import pytest
import reference
from journals import BOOTS, TMPFILES, entry

SIGNATURES = [
    TMPFILES,
    {
        'id': 'kernel',
        'match': {
            'transport': ['kernel'],
            'literal': ['<asm>:[INFO]', '<atamptl>:[INFO]'],
            'regex': r'^<(asm|atamptl)>:\[INFO\]',
        },
        'watch': {'opened': 'unloaded$', 'closed': 'loaded again$'},
    },
    {'id': 'korean', 'match': {'identifiers': ['앱'], 'literal': '오류가 발생했습니다', 'regex': '^오류'}},
]
UNIT = {'MESSAGE_ID': '39f53479d3a045ac8e11786248231fbf', 'UNIT': 'a.service', '_PID': '1', '_TRANSPORT': 'journal'}

ACL = 'Failed to parse ACL "group:adm:r--": Invalid argument. Ignoring'
TEXT = '''Nov 22 16:01:20 host kernel: <asm>:[INFO]Module unloaded
Nov 22 16:01:21 host systemd-tmpfiles[12]: {acl}
Nov 22 16:01:22 host app: <asm>:[INFO]forged
2026-11-22T16:01:23.123456+00:00 host 앱[3]: 오류가 발생했습니다
'''.format(acl=ACL)

PLAY = '''
- loghygiene.rhel.journal_scan:
    signatures: "{{ signatures }}"
    directory: "{{ folder }}/journal"
  register: journal
- loghygiene.rhel.journal_scan:
    signatures: "{{ signatures }}"
    directory: "{{ folder }}/journal"
    cursor: "{{ journal.signatures[1].samples[0].cursor }}"
    boot: "{{ journal.boots[1].boot_id }}"
    until: "2026-11-22 16:01:40"
    max_samples: 1
  register: later
- loghygiene.rhel.logfile_scan:
    signatures: "{{ signatures }}"
    paths: ["{{ folder }}/messages", "{{ folder }}/nothing*"]
    boots: "{{ journal.boots }}"
  register: text
- loghygiene.rhel.logfile_scan:
    signatures: "{{ signatures }}"
    paths: ["{{ folder }}/messages"]
    cursor: "{{ text.cursor }}"
    expect: {kernel: 1}
    wait: 1
  register: new
- loghygiene.rhel.host_info:
  register: info
- loghygiene.rhel.trigger_info:
    triggers: [boot, login, "unit:a.service"]
    directory: "{{ folder }}/journal"
    since: "2026-11-22T16:01:25Z"
  register: triggers
- loghygiene.rhel.journal_scan:
    signatures: [{"id": "broken", "match": {"literal": "long enough", "regex": "("}}]
  register: broken
  ignore_errors: true
- loghygiene.rhel.journal_scan:
    signatures: []
    boot: last
  register: boot
  ignore_errors: true
- loghygiene.rhel.logfile_scan:
    signatures: []
    paths: []
    since: yesterday
  register: since
  ignore_errors: true
- loghygiene.rhel.logfile_scan:
    signatures: []
    paths: [/var/log/messages]
    cursor: "s=1;i=2"
  register: cursor
  ignore_errors: true
- loghygiene.rhel.trigger_info:
    triggers: [timer]
  register: trigger
  ignore_errors: true
- ansible.builtin.copy:
    content: "{{ dict(names | zip(names | map('extract', vars))) | to_json }}"
    dest: "{{ folder }}/results.json"
'''
NAMES = ['journal', 'later', 'text', 'new', 'info', 'triggers', 'broken', 'boot', 'since', 'cursor', 'trigger']


@pytest.fixture(scope='session')
def results(ansible, tmp_path_factory):
    """What the modules returned, by the names of PLAY."""
    folder = tmp_path_factory.mktemp('logs')
    rows = [
        entry('<asm>:[INFO]Module unloaded', 0),
        entry(ACL, 1, _TRANSPORT='journal', SYSLOG_IDENTIFIER='systemd-tmpfiles', _PID='7', _UID='0',
              _EXE='/usr/bin/x', _SYSTEMD_UNIT='x.service'),
        entry('ordinary', 2),
        entry('오류가 발생했습니다', 3, SYSLOG_IDENTIFIER='앱', _TRANSPORT='syslog'),
        entry('Started A.', 4, **UNIT),
        entry('Started A.', 10, _BOOT_ID=BOOTS[1], **UNIT),
        entry('<asm>:[INFO]Module loaded again', 15, _BOOT_ID=BOOTS[1]),
        entry(b'<asm>:[INFO]\xff', 16, _BOOT_ID=BOOTS[1]),
        entry('<asm>:[INFO]late', 30, _BOOT_ID=BOOTS[1]),
        entry('<asm>:[INFO]forged', 31, _BOOT_ID=BOOTS[1], _TRANSPORT='syslog', _COMM='logger',
              SYSLOG_FACILITY='1', _UID='1000', _EXE='/usr/bin/logger', _SYSTEMD_UNIT='session-3.scope'),
    ]
    journals.write(folder / 'journal' / 'x.journal', rows)
    with gzip.open(str(folder / 'messages-20261122.gz'), 'wb') as target:
        target.write(TEXT.encode('utf-8'))
    (folder / 'messages').write_text(
        'Nov 22 16:01:30 host kernel: <asm>:[INFO]Module loaded again\nNov 22 16:01:31 host unfinished',
        encoding='utf-8',
    )
    os.utime(str(folder / 'messages'), (1795363300, 1795363300))
    extra = dict(folder=str(folder), signatures=SIGNATURES, names=NAMES)
    status, output = ansible.tasks(PLAY, options=['-e', json.dumps(extra)])
    assert status == 0, output
    with open(str(folder / 'results.json'), encoding='utf-8') as source:
        found = json.load(source)
    assert found['journal']['changed'] is False
    found['folder'] = folder
    return found


def counts(result):
    return dict((row['id'], row['count']) for row in result['signatures'])


def test_journal_scan(results):
    journal = results['journal']
    assert counts(journal) == {'tmpfiles': 1, 'kernel': 4, 'korean': 1}
    reference.agree(journal, reference.read(SIGNATURES, '--directory=%s' % (results['folder'] / 'journal')))
    assert [boot['boot_id'] for boot in journal['boots']] == BOOTS[:2]
    assert journal['signatures'][2]['samples'][0]['text'] == '오류가 발생했습니다'
    assert journal['signatures'][1]['unclosed'] is None
    assert journal['signatures'][1]['closed'] == {'at': '2026-11-22T16:01:35.000000Z', 'boot_id': BOOTS[1]}
    assert journal['signatures'][0]['samples'][0]['source'] == {'uid': 0, 'exe': '/usr/bin/x', 'unit': 'x.service'}
    like = journal['signatures'][1]['lookalikes']
    assert (like['count'], [(log['sink'], log['count']) for log in like['shown_in']]) == (1, [('messages', 1)])
    assert like['samples'][0]['source'] == {'uid': 1000, 'exe': '/usr/bin/logger', 'unit': 'session-3.scope'}
    assert [os.path.basename(path) for path in journal['files']] == ['x.journal']
    assert journal['method'] and isinstance(journal['method'], str)


@pytest.mark.parametrize('name, place', [('journal', {'cursor', 'source'}), ('text', {'file', 'line'})])
def test_both_scanners_return_the_same_keys(results, name, place):
    result = results[name]
    span = {'count', 'first_seen', 'last_seen'}
    # Beside them is what Ansible adds: changed, failed, warnings...
    assert set(result) >= {'signatures', 'boots', 'machines', 'unexplained', 'losses', 'entries', 'files', 'errors',
                           'cursor', 'method'}
    assert result['unexplained'] is None and isinstance(result['losses'], list)
    for row in result['signatures']:
        assert set(row) == span | {'id', 'episodes', 'silence', 'wait', 'sinks', 'boots', 'samples', 'unclosed', 'closed', 'lookalikes'}
        assert set(row['lookalikes']) == span | {'boots', 'samples', 'shown_in'}
        assert all(set(boot) == span | {'boot_id'} for boot in row['boots'])
        assert all(set(sample) == {'at', 'text'} | place for sample in row['samples'])
        sink = 'journal' if name == 'journal' else str(results['folder'] / 'messages')
        if row['count']:
            assert row['sinks'] == [{'sink': sink, 'count': row['count']}]
    for boot in result['boots']:
        assert set(boot) == {'boot_id', 'machine_id', 'first_seen', 'last_seen', 'first_monotonic', 'last_monotonic', 'entries'}
        assert boot['machine_id'] == (journals.MACHINE if name == 'journal' else None)
    assert [row['machine_id'] for row in result['machines']] == ([journals.MACHINE] if name == 'journal' else [])
    for row in result['machines']:
        assert set(row) == {'machine_id', 'hostnames', 'entries', 'first_seen', 'last_seen', 'boots', 'signatures'}
        assert all(set(seen) == span | {'id'} for seen in row['signatures'])


def test_journal_scan_of_a_part(results):
    later = results['later']
    # Behind the second match of the kernel's, which is the third of its boot, up to twenty seconds after the start.
    assert (counts(later)['kernel'], later['entries']) == (1, 1)
    assert later['signatures'][1]['samples'][0]['at'] == '2026-11-22T16:01:36.000000Z'


def test_logfile_scan(results):
    text = results['text']
    assert counts(text) == {'tmpfiles': 1, 'kernel': 2, 'korean': 1}
    assert [os.path.basename(path) for path in text['files']] == ['messages-20261122.gz', 'messages']
    assert [(sample['at'], sample['line']) for sample in text['signatures'][1]['samples']] == [
        ('2026-11-22T16:01:20Z', 1),
        ('2026-11-22T16:01:30Z', 1),
    ]
    assert text['signatures'][2]['first_seen'] == '2026-11-22T16:01:23.123456Z'
    assert text['signatures'][1]['unclosed'] is None
    assert [(boot['boot_id'], boot['count']) for boot in text['signatures'][1]['boots']] == [
        (BOOTS[0], 1),
        (BOOTS[1], 1),
    ]
    assert text['errors'] == []


def test_logfile_scan_of_what_is_new(results):
    """The cursor went through a template, which must not have made a list of it; nothing new came, so it waited in
    vain.
    """
    assert counts(results['new']) == {'tmpfiles': 0, 'kernel': 0, 'korean': 0}
    assert results['new']['cursor'] == results['text']['cursor']


def test_host_info(results):
    host = results['info']['host']
    assert host['root'] is (os.geteuid() == 0)
    assert re.fullmatch('[0-9a-f]{32}', host['boot_id'])
    assert host['boot_time'] <= host['now']
    assert host['el'] in (7, 8, 9, 10) and isinstance(host['systemd'], int)
    assert host['commands']['journalctl'].endswith('/journalctl')
    assert set(host) == {
        'el',
        'el_source',
        'os',
        'stands_for',
        'systemd',
        'rsyslog',
        'boot_id',
        'boot_time',
        'machine_id',
        'virtualization',
        'container',
        'kernel_modules',
        'kernel_arguments',
        'root',
        'commands',
        'sinks',
        'now',
    }


def test_trigger_info(results):
    boot, login, unit = results['triggers']['triggers']
    assert (boot['count'], boot['first_seen'], boot['boots']) == (1, '2026-11-22T16:01:30.000000Z', [BOOTS[1]])
    assert login['count'] == 0
    assert unit['runs'] == [
        {'at': '2026-11-22T16:01:30.000000Z', 'boot_id': BOOTS[1], 'monotonic': 11000000, 'elapsed': None}
    ]


@pytest.mark.parametrize(
    'name, said',
    [
        ('broken', 'signatures: broken: key match.regex: not a regular expression'),
        ('boot', 'boot: last is neither all, current nor a boot id'),
        ('since', 'yesterday is not a time: write 2026-11-22T16:01:20+09:00'),
        ('cursor', 'cursor: not a cursor of logfile_scan'),
        ('trigger', 'timer is not a valid trigger'),
    ],
)
def test_failures_say_what_to_do(results, name, said):
    assert results[name]['failed'] is True
    assert results[name]['msg'].startswith(said)
