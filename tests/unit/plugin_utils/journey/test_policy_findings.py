# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the state of the syslog policy asks of a person, and how the report says it."""
from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    _policy_findings as policy_findings, findings, host_state, record as records)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import host as report_host
from builders import stages

SCHEMA = jsonschema.Draft202012Validator(json.loads(
    (Path(records.__file__).resolve().parents[3] / 'docs' / 'record.schema.json').read_text(encoding='utf-8')))
STORE = {'store': 'file', 'path': '/var/log/secure', 'keep_days': 366, 'held_days': 30.2, 'meets': True, 'reason': ''}


def policy(**changes):
    """The record's key for a policy that is as it should be."""
    return dict({'failed': None, 'changed': False, 'in_place': True, 'in_place_since': None, 'notes': [], 'files': [],
                 'forwards': [], 'retention': [STORE], 'alerts': {'ok': True, 'problems': []}, 'proof': None}, **changes)


def record(found, journey='audit'):
    """A record with this policy and its findings."""
    result = records.begin(None, 'web1', journey, False, '2026-11-22T10:00:00.000000Z', '0.1.0')
    result['syslog_policy'] = found
    result['stages'] = stages(journey)
    result['findings'] = findings.findings(result, [])
    SCHEMA.validate(result)
    return result


SHORT = dict(STORE, meets=False, reason='at this rate the oldest goes after 28 days')
CASES = [
    (None, []),
    (policy(), []),
    (policy(failed='no rsyslogd'), ['policy_failed']),
    ({'failed': 'no rsyslogd'}, ['policy_failed']),
    (policy(in_place=False, retention=[SHORT], alerts={'ok': False, 'problems': ['not there']}),
     ['policy_missing', 'retention', 'alert_path']),
    (policy(retention=[STORE, SHORT, dict(STORE, meets=None)]), ['retention']),
    (policy(alerts={'ok': False, 'problems': ['the unit is stopped', 'mail1 does not answer']}), ['alert_path'] * 2),
    (policy(forwards=[dict(rule='far', queue_broken=None, unreadable_messages=0),
                      dict(rule='siem', queue_broken='q.00000001 has 0 bytes', unreadable_messages=1392),
                      dict(rule='old', queue_broken='q.qi is damaged', unreadable_messages=None)]), ['forward_queue'] * 2),
    (policy(alerts=None), []),
    (policy(retention=[dict(STORE, bytes=9, rotation={'problem': 'logrotate skips the stanza that names it'})]), ['rotation']),
    (policy(retention=[dict(STORE, bytes=0, rotation={'problem': 'no stanza of logrotate names it'}),
                       dict(STORE, bytes=9, rotation={'problem': None})]), []),
    (policy(unsafe_files=[{'path': '/var/log/tomcat/x.log', 'reason': 'tomcat owns it'}]), ['unsafe_path']),
    (policy(queues_left=[{'path': '/var/lib/rsyslog/log_hygiene_far', 'messages': 12},
                         {'path': '/var/lib/rsyslog/log_hygiene_x', 'messages': None}]), ['queue_left'] * 2),
    (policy(proof={'ok': False, 'problems': ['ftp.info is missing'], 'pairs': []}), ['misrouted']),
]


@pytest.mark.parametrize('found, kinds', CASES)
def test_what_is_not_as_it_should_be_is_a_finding(found, kinds):
    assert [row['kind'] for row in policy_findings.findings(found)] == kinds
    assert [row['kind'] for row in record(found)['findings']] == kinds


@pytest.mark.parametrize('language', ['en', 'ko'])
@pytest.mark.parametrize('found, kinds', CASES)
def test_an_audit_ends_with_each_of_them_in_words(found, kinds, language):
    audited = record(found)
    assert host_state.state(audited) == ('failed' if 'policy_failed' in kinds else 'findings' if kinds else 'clean')
    assert len(report_host.complaints(language, audited)) == len(kinds)
    assert all(text in report_host.render(audited, [], language) for text in report_host.complaints(language, audited))


def test_a_remediation_fails_only_where_it_was_asked_to_do_better():
    assert [host_state.status(record(found, 'remediate')) for found, _kinds in CASES] == [0, 0, 2, 2] + [0] * 9 + [2]


def test_the_report_says_how_long_each_log_is_kept():
    text = report_host.render(record(policy(retention=[STORE, SHORT, dict(STORE, held_days=None, meets=None)])), [], 'en')
    for line in ('/var/log/secure: 30 of 366 days held, kept long enough', '/var/log/secure: - of 366 days held, not known whether long enough',
                 '/var/log/secure is not kept 366 days: at this rate the oldest goes after 28 days'):
        assert line in text


@pytest.mark.parametrize('language, texts', [
    ('en', ['4 boot messages raised no alert, by signature rhel-x (last 2026-11-22T10:00:00Z); they are in the log',
            'alerts that no receiver ever took: 2']),
    ('ko', ['부팅 시 메시지 4건은 시그니처 rhel-x에 따라 경보에서 제외(최근 2026-11-22 19:00:00 KST), 로그에는 기록됨',
            '수신 측이 끝내 받지 않아 전달되지 못한 경보(누적): 2건'])])
def test_the_report_counts_what_brought_no_alert_and_what_nobody_took(language, texts):
    counted = {'signature_id': 'rhel-x', 'count': 4, 'first': '2026-11-21T10:00:00.000000Z', 'last': '2026-11-22T10:00:00.000000Z'}
    found = policy(alerts={'ok': True, 'problems': [], 'exempted': [counted], 'set_aside': 2})
    assert report_host.policy_texts(language, record(found))[-2:] == texts


def test_what_a_log_could_bring_into_the_report_is_made_harmless():
    text = report_host.render(record(policy(proof={'ok': False, 'problems': ['\x1b[2J'], 'pairs': []})), [], 'en')
    assert '\x1b' not in text
