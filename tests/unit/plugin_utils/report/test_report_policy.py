# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbook syslog_policy ends with."""
from __future__ import annotations

import re

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import probe
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import policy as report

NOW = '2026-11-29T15:41:00Z'
SECURE, MESSAGES = '/var/log/secure', '/var/log/messages'
RULES = [dict(name=name, facilities=facilities, severities=list(range(8)), file=path, keep_days=366, separate=separate,
              forward={'target': 'x'} if name == 'general' else None, alert=None)
         for name, facilities, path, separate in (('authentication', [4, 10], SECURE, True), ('general', [1, 3], MESSAGES, False))]


def store(path, **changes):
    return dict({'path': path, 'keep_days': 366, 'held_days': 12.5, 'meets': True, 'reason': 'the rules keep 366 days', 'bytes': 1,
                 'rotation': {'problem': None}}, **changes)


def policy(**changes):
    return dict({
        'failed': None, 'changed': True, 'in_place': True, 'in_place_since': NOW, 'notes': [], 'kept': [],
        'files': [{'rule': 'authentication', 'path': SECURE}, {'rule': 'general', 'path': MESSAGES}],
        'forwards': [{'rule': 'general', 'target': 'logs.example.com', 'port': 6514, 'protocol': 'tcp', 'tls': True, 'waiting_messages': 0,
                      'queue_broken': None}],
        'unsafe_files': [], 'queues_left': [], 'retention': [store(SECURE), store(MESSAGES)],
        'alerts': {'ok': True, 'problems': [], 'exempted': [], 'set_aside': 0}, 'proof': None}, **changes)


def host(name='web1', **changes):
    return dict({'host': name, 'check_mode': False, 'absent': False, 'failed': None, 'lost': False, 'policy': policy()}, **changes)


def proof(landed):
    """The proof as syslog_probe makes it, of messages that landed there: {path: pairs}."""
    found = {path: {pair: 1 for pair in pairs} for path, pairs in landed.items()}
    rows = probe.compare(RULES, found, [MESSAGES], {'general': '/var/log/received'})
    ok = all(row['ok'] for row in rows)
    return {'ok': ok, 'problems': [] if ok else ['/var/log/x was truncated in the meantime, perhaps by copytruncate of logrotate: '
            'messages may have been in it. Run the proof again.', '/var/log/secure lacks auth.crit (1 message).'], 'pairs': rows}


def screen(hosts, language='en', columns=160, **more):
    return report.screen(language, hosts, NOW, columns, **more)


RIGHT = {SECURE: [(one, severity) for one in (4, 10) for severity in range(8)],
         MESSAGES: [(one, severity) for one in (0, 1, 3) for severity in range(8)],
         '/var/log/received': [(one, severity) for one in (0, 1, 3) for severity in range(8)]}


def test_what_went_wrong_is_a_table_of_all_pairs():
    """Of 192 messages, those with the same fault at the same place are one row; no fault, no row."""
    assert report.wrong_rows('en', proof(RIGHT)['pairs']) == []
    wrong = {SECURE: [pair for pair in RIGHT[SECURE] if pair not in ((4, 2), (10, 6), (10, 7))],
             MESSAGES: RIGHT[MESSAGES] + [(10, severity) for severity in range(8)],
             '/var/log/received': RIGHT['/var/log/received'][:-1]}
    assert report.wrong_rows('en', proof(wrong)['pairs']) == [
        {'messages': 'auth.crit authpriv.info,debug', 'number': '3', 'fault': 'missing', 'where': SECURE},
        {'messages': 'authpriv.*', 'number': '8', 'fault': 'must not be there', 'where': MESSAGES},
        {'messages': 'daemon.debug', 'number': '1', 'fault': 'not arrived at the collector', 'where': 'rule general'}]
    told = screen([host(policy=policy(proof=proof(wrong)), failed='The policy is in place, but not every message is where it belongs: x')])
    assert '182 of 192 test messages are where they belong; these are not:' in told
    assert 'auth.crit authpriv.info,debug  3       missing                       /var/log/secure' in told
    assert 'was truncated in the meantime' in told and ' lacks ' not in told
    assert '182/192' in told and 'Hosts: 1 (0 clean, 1 with findings, 0 with errors, 0 not seen).' in told


def test_all_of_few_hosts_is_told_and_the_table_stands_last():
    told = screen([host(policy=policy(kept=['retention'], notes=['A note.'], proof=proof(RIGHT)))])
    assert told.startswith('\nweb1  put in place\n')
    for text in ('syslog_policy_retention', '/var/log/secure    authentication  366d        12d   kept long enough', 'A note.',
                 'general -> logs.example.com:6514 by TLS; 0 messages wait on disk', 'nothing stands in the way of an alert',
                 'proved by 192 test messages'):
        assert text in told, told
    last = told.strip().split('\n')[-1]
    assert last.split() == ['web1', 'put', 'in', 'place', '2', '1', 'ok', 'ok', '192/192', 'clean']


@pytest.mark.parametrize('given, state, told', [
    (dict(policy=None, failed='syslog_policy needs root to configure rsyslog. Run it with become: true. Nothing was changed.'), 'failed',
     'needs root'),
    (dict(policy=None, failed='No route to host', lost=True), 'unseen', 'the host was not seen: No route to host'),
    (dict(policy=None), 'unseen', 'the run did not come to it'),
    (dict(policy=policy(retention=[store(SECURE, meets=False, reason='the rules keep 28 days, 366 days are wanted')])), 'findings',
     'is not kept 366 days'),
    (dict(policy=policy(alerts={'ok': False, 'problems': ['nobody']})), 'findings', 'alerts may reach nobody'),
    # What a run would put there cannot be there yet.
    (dict(check_mode=True, policy=policy(in_place=False, alerts={'ok': False, 'problems': ['nobody']},
                                         retention=[store(SECURE, meets=False)])), 'clean', 'would be put in place'),
    (dict(check_mode=True, policy=policy(in_place=False, unsafe_files=[{'path': '/x', 'reason': 'why'}])), 'findings', '/x'),
    (dict(check_mode=True, policy=policy(alerts={'ok': False, 'problems': ['nobody']})), 'findings', 'alerts may reach nobody'),
    (dict(absent=True, policy=policy(files=[], forwards=[], retention=[], alerts=None)), 'clean', 'taken back')])
def test_where_a_host_stands(given, state, told):
    one = host(**given)
    assert report.state(one) == state and told in screen([one])
    assert (told in report.complaint('en', one)) == (state != 'clean')


def test_of_many_hosts_only_what_there_is_to_do_is_told():
    hosts = [host('web%d' % number) for number in range(5)] + [host('db1', policy=None, failed='why it failed')]
    told = screen(hosts)
    assert 'why it failed' in told and told.count('put in place') == 5 and 'Hosts: 6 (5 clean, 0 with findings, 1 with errors, 0 not seen).' in told
    assert screen(hosts, full=True).count('nothing stands in the way of an alert') == 5


def test_what_a_host_says_is_harmless_and_fits():
    told = screen([host('web\x1b[31m', policy=policy(notes=['\x1b]0;x\x07' + 'long ' * 60]))], columns=60)
    assert '\x1b' not in told and '\x07' not in told
    assert max(len(line) for line in told.split('\n') if 'Hosts:' not in line) <= 60, told


def test_the_report_is_in_korean():
    wrong = dict(proof({SECURE: RIGHT[SECURE]}), problems=[])
    told = screen([host(policy=policy(proof=wrong, kept=['retention'])), host('db1', policy=None, failed='No route to host', lost=True)],
                  'ko')
    assert '시험 메시지 192건 중' in told and '2026-11-30 00:41 KST  syslog 정책  서버 2대: 정상 0  확인 1  오류 0  미접속 1' in told
    assert re.findall(r'[a-z]{2,} [a-z]{2,} [a-z]{2,}', told) == []
