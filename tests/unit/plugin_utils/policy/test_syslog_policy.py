# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The syslog policy: what is refused and how it is said, where each message belongs, and the default policy."""
from __future__ import annotations

import datetime
import itertools
import json
import os
import subprocess
import sys

import jinja2
import pytest
from hypothesis import example, given, strategies as st

from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.filter import journal_retention as journal_filter, syslog_policy as filters
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common import schema
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy.rules import (
    SyslogPolicyError, expected, journal_retention, normalise)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report._module_texts import module_text

# Written once more, so that a slip in the table of the code shows.
FACILITIES = ('kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 '
              'local3 local4 local5 local6 local7').split()
SEVERITIES = 'emerg alert crit err warning notice info debug'.split()
PAIRS = list(itertools.product(range(24), range(8)))
ALL = {'facilities': list(range(24)), 'severities': list(range(8))}
FILE = '/var/log/x.log'
TLS = {'ca_file': '/etc/pki/ca.pem', 'permitted_peers': ['collector.example.com']}


def rule(**keys):
    """A rule as users write it, sound unless the keys make it wrong."""
    return dict({'name': 'x', 'file': FILE}, **keys)


def forward(**keys):
    return {'name': 'x', 'forward': dict({'target': 'collector.example.com'}, **keys)}


def alert(**keys):
    return {'name': 'x', 'severity_at_least': 'crit', 'alert': dict({'mail': ['soc@example.com']}, **keys)}


def problems(*rules):
    with pytest.raises(SyslogPolicyError) as caught:
        normalise(list(rules))
    assert str(caught.value) == '\n'.join(caught.value.problems)
    return caught.value.problems


# The form that modules take

NUMBERS = {'type': 'array', 'items': {'type': 'integer'}, 'minItems': 1, 'uniqueItems': True}
TEXT_OR_NULL = {'type': ['string', 'null']}


def exactly(**properties):
    return {'type': 'object', 'properties': properties, 'required': sorted(properties), 'additionalProperties': False}


def or_null(below):
    return {'anyOf': [{'type': 'null'}, below]}


NORMALISED = {'type': 'array', 'minItems': 1, 'items': exactly(
    name={'type': 'string'}, facilities=NUMBERS, severities=NUMBERS, file=TEXT_OR_NULL, separate={'type': 'boolean'},
    keep_days={'type': ['integer', 'null'], 'minimum': 1},
    forward=or_null(exactly(
        target={'type': 'string'}, port={'type': 'integer'}, protocol={'enum': ['tcp', 'udp']},
        tls=or_null(exactly(
            ca_file={'type': 'string'}, cert_file=TEXT_OR_NULL, key_file=TEXT_OR_NULL, driver={'enum': ['gtls', 'ossl']},
            permitted_peers={'type': 'array', 'items': {'type': 'string'}, 'minItems': 1})),
        queue=exactly(disk_bytes={'type': 'integer'}, memory={'type': 'integer'}))),
    alert=or_null(exactly(
        mail={'type': 'array', 'items': {'type': 'string'}}, sender=TEXT_OR_NULL,
        command={'type': 'array', 'items': {'type': 'string'}},
        smtp=or_null(exactly(host={'type': 'string'}, port={'type': 'integer'})),
        limit=exactly(count={'type': 'integer'}, seconds={'type': 'integer'}))))}


def test_what_a_rule_leaves_out_is_filled_in():
    assert normalise([rule()]) == [dict(
        ALL, name='x', keep_days=None, file=FILE, separate=False, forward=None, alert=None)]
    assert normalise([forward()])[0]['forward'] == {
        'target': 'collector.example.com', 'port': 514, 'protocol': 'tcp', 'tls': None,
        'queue': {'disk_bytes': 1 << 30, 'memory': 12000}}
    assert normalise([forward(tls=TLS)])[0]['forward']['port'] == 6514
    assert normalise([forward(tls=TLS)])[0]['forward']['tls'] == dict(TLS, cert_file=None, key_file=None, driver='gtls')
    assert normalise([alert()])[0]['alert'] == {
        'mail': ['soc@example.com'], 'smtp': None, 'sender': None, 'command': [], 'limit': {'count': 20, 'seconds': 600}}


def test_everything_at_once():
    found = normalise([{
        'name': 'all-1_2', 'facilities': ['authpriv', 4, '11', 'KERN', 'security'], 'severities': ['warn', 'panic', 7],
        'keep': '13m', 'file': '/var/log/site/x.log', 'separate': 'yes',
        'forward': {'target': 'Collector.Example.COM', 'port': '10514', 'protocol': 'tcp', 'queue': {'disk': '500m', 'memory': '2000'},
                    'tls': dict(TLS, cert_file='/etc/pki/c.pem', key_file='/etc/pki/k.pem', driver='ossl')},
        'alert': {'mail': ['root', 'a@b.example', 'root'], 'smtp': '[2001:db8::25]:2525', 'sender': 'log@x.example',
                  'command': ['/bin/page', '-n', 5], 'limit': {'count': '3', 'per': '1h'}}}])
    assert found == [{
        'name': 'all-1_2', 'facilities': [0, 4, 10, 11], 'severities': [0, 4, 7], 'keep_days': 396,
        'file': '/var/log/site/x.log', 'separate': True,
        'forward': {'target': 'collector.example.com', 'port': 10514, 'protocol': 'tcp',
                    'tls': dict(TLS, cert_file='/etc/pki/c.pem', key_file='/etc/pki/k.pem', driver='ossl'),
                    'queue': {'disk_bytes': 500 << 20, 'memory': 2000}},
        'alert': {'mail': ['root', 'a@b.example'], 'smtp': {'host': '2001:db8::25', 'port': 2525}, 'sender': 'log@x.example',
                  'command': ['/bin/page', '-n', '5'], 'limit': {'count': 3, 'seconds': 3600}}}]
    assert not schema.validate(found, NORMALISED)


def test_nulls_and_the_empty_texts_that_ansible_2_16_makes_of_them_count_as_not_given():
    keys = ('facilities', 'severities', 'severity_at_least', 'keep', 'separate', 'forward', 'alert')
    for nothing in (None, ''):
        assert normalise([rule(**dict.fromkeys(keys, nothing))]) == normalise([rule()])
        assert normalise([forward(port=nothing, tls=nothing, queue=nothing)]) == normalise([forward()])


@pytest.mark.parametrize('value', ['all', '*', ['all'], ['*'], ['ALL'], [3, 'all'], None])
def test_all(value):
    assert normalise([rule(facilities=value, severities=value)])[0] == normalise([rule()])[0]


@pytest.mark.parametrize('value, numbers', [
    ('auth', [4]), (4, [4]), ('4', [4]), ('authpriv,auth', [4, 10]), ('authpriv, auth', [4, 10]), (['local7', 'auth'], [4, 23]),
    (('auth',), [4]), ([{'keyword': 'auth', 'number': 4}], [4])])
def test_spellings_of_facilities(value, numbers):
    assert normalise([rule(facilities=value)])[0]['facilities'] == numbers


@pytest.mark.parametrize('value, most', [('notice', 5), ('emerg', 0), (7, 7), ('2', 2), ('error', 3), ('*', 7)])
def test_severity_at_least(value, most):
    assert normalise([rule(severity_at_least=value)])[0]['severities'] == list(range(most + 1))


@pytest.mark.parametrize('value, days', [
    ('90d', 90), ('2w', 14), ('1m', 31), ('12m', 366), ('13m', 396), ('24m', 731), ('1y', 366), ('2y', 732), ('1d', 1), ('100y', 36600)])
def test_durations(value, days):
    assert normalise([rule(keep=value)])[0]['keep_days'] == days
    assert journal_retention({'keep': value, 'max_use': '8g'}) == {'keep_days': days, 'max_use': '8G'}


def test_a_duration_covers_the_calendar():
    """So many months or years from any day on, leap years and all, are over when the days are."""
    for start in (datetime.date(2023, 3, 1) + datetime.timedelta(days) for days in range(0, 1500, 7)):
        for years in (1, 2, 3):
            end = datetime.date(start.year + years, start.month, min(start.day, 28))
            assert (end - start).days <= normalise([rule(keep='%dy' % years)])[0]['keep_days']


@pytest.mark.parametrize('value', ['1', 365, '0d', '-1d', '1.5y', '1 y', '1Y', '1h', '101y', True, ['1y'], '1y\n', '9999999999d', '١d'])
def test_no_durations(value):
    with pytest.raises(SyslogPolicyError, match='^Rule x: keep: '):
        normalise([rule(keep=value)])


@pytest.mark.parametrize('value, problems', [
    ({}, []),
    (True, ['syslog_policy_journal: True must be a dict with keys keep, max_use.']),
    ('1y', ["syslog_policy_journal: '1y' must be a dict with keys keep, max_use."]),
    (['1y'], ["syslog_policy_journal: ['1y'] must be a dict with keys keep, max_use."]),
    ({'keep': '1y'}, ['syslog_policy_journal.max_use: is missing; say what the journal may take, such as 8g: what journald leaves to '
                      'itself may be too little.']),
    ({'keep': 'for ever', 'max_use': '8g\nStorage=none', 'kep': 1}, [
        'syslog_policy_journal.kep: is not a known key; did you mean keep?; known keys are keep, max_use.',
        "syslog_policy_journal.keep: 'for ever' must be a whole number with a unit, such as 90d (days), 2w (weeks), 13m (months) or 1y "
        "(years).",
        "syslog_policy_journal.max_use: '8g\\nStorage=none' must be a whole number with a unit, such as 500m or 1g (k, m, g and t are "
        "powers of 1024)."]),
    ({'keep': '1y', 'max_use': '1m'}, ["syslog_policy_journal.max_use: '1m' must be from 10m to 1t."])])
def test_how_long_the_journal_is_kept(value, problems):
    if not problems:
        assert journal_retention(value) == {}
        return
    with pytest.raises(SyslogPolicyError) as caught:
        journal_retention(value)
    assert caught.value.problems == problems
    with pytest.raises(AnsibleFilterError) as told:
        journal_filter.journal_retention(value)
    assert str(told.value).split('\n') == ['syslog_policy_journal is not valid. Nothing was changed.'] + problems


@pytest.mark.parametrize('value, same', [
    ('host', 'host'), ('LOG.Example.com', 'log.example.com'), ('rhel9_1', 'rhel9_1'), ('192.0.2.1', '192.0.2.1'),
    ('2001:DB8:0:0::1', '2001:db8::1'), ('[2001:db8::1]', '2001:db8::1'), ('::ffff:192.0.2.1', '::ffff:192.0.2.1'),
    ('1password.example', '1password.example')])
def test_targets(value, same):
    assert normalise([forward(target=value)])[0]['forward']['target'].replace('c000:201', '192.0.2.1') == same


@pytest.mark.parametrize('value', [
    'a"b', "a'b", 'a b', 'a\nb', 'a\n', 'a;b', 'a)b', 'a$b', 'a\\b', 'a%b', 'fe80::1%eth0', 'host:514', '[host]', '[192.0.2.1]',
    '192.0.2.256', '1.2.3', '10', '-a', 'a-', 'a..b', '.a', 'a.', 'a' * 64, 'é', '@host', '(o)host', 'a/b', '2001:db8:::1'])
def test_no_targets(value):
    found, = problems(forward(target=value))
    assert found.startswith('Rule x: forward.target: ') and 'must be a host name, an IPv4 or an IPv6 address' in found


# What is refused, and how it is said

@pytest.mark.parametrize('given, said', [
    # the rule as a whole
    ({'name': 'x'}, 'file: is missing, and so are forward and alert: nothing would become of these messages'),
    ({'name': 'x', 'keep': '1y', 'alert': {'mail': 'root'}, 'severities': 'emerg'}, 'keep: there is no file to keep'),
    (dict(forward(), separate=True), 'separate: there is no file of its own, so these messages would be in no file at all'),
    (rule(severities=['err'], severity_at_least='err'), 'severity_at_least: severities is given too, and only one can hold'),
    (rule(fcilities=['auth']), 'fcilities: is not a known key; did you mean facilities?; known keys are name, facilities,'),
    (rule(**{'a\x1b[2J': 1}), r"'a\x1b[2J': is not a known key; known keys are"),
    # facilities and severities
    (rule(facilities=['none']), "facilities: 'none' selects no message: in a selector of syslog it takes a facility out"),
    (rule(severities=['none']), "severities: 'none' selects no message"),
    (rule(severity_at_least='none'), "severity_at_least: 'none' selects no message"),
    (rule(facilities=[]), 'facilities: is an empty list; give an item, or remove the key.'),
    (rule(severities=[]), 'severities: is an empty list'),
    (rule(facilities=[24]), 'facilities: 24 is not a valid facility: it must be 0 to 23'),
    (rule(facilities=['authprv']), 'Did you mean authpriv?'),
    (rule(facilities='auth authpriv'), 'facilities: "auth authpriv" is not a valid facility'),
    (rule(facilities=[True]), 'facilities: True is not a valid facility'),
    (rule(facilities={'auth': 1}), "facilities: {'auth': 1} must be a list."),
    (rule(facilities=True), 'facilities: True must be a list.'),
    (rule(severities=['loud']), 'severities: "loud" is not a valid severity'),
    (rule(severity_at_least=['err']), "severity_at_least: ['err'] is not a valid severity"),
    # file
    (rule(file='x.log'), "file: 'x.log' must be a plain absolute path"),
    (rule(file='/var/log/../x'), "file: '/var/log/../x' must be a plain absolute path"),
    (rule(file='/var/log/./x'), 'must be a plain absolute path'),
    (rule(file='/var/log//x'), 'must be a plain absolute path'),
    (rule(file='//var/log/x'), 'must be a plain absolute path'),
    (rule(file='/var/log/x/'), 'must be a plain absolute path'),
    (rule(file='/var/log/x y'), 'must be a plain absolute path'),
    (rule(file='/var/log/x"'), 'must be a plain absolute path'),
    (rule(file='/var/log/x\n'), 'must be a plain absolute path'),
    (rule(file='/var/log/*'), 'must be a plain absolute path'),
    (rule(file=['/var/log/x']), "file: ['/var/log/x'] must be a text"),
    (rule(file='/srv/x.log'), "file: '/srv/x.log' must be below /var/log: only there SELinux lets rsyslogd write"),
    (rule(file='/var/log'), 'must be below /var/log'),
    (rule(file='/var/logs/x'), 'must be below /var/log'),
    (rule(file='/var/log/log_hygiene/x.log'), 'file: /var/log/log_hygiene/x.log is the directory of the role syslog_exclusions'),
    (rule(file='/var/log/log_hygiene'), 'is the directory of the role syslog_exclusions'),
    (rule(file='/var/log/journal/x'), "is journald's directory"),
    (rule(file='/var/log/audit/audit.log'), "is auditd's directory"),
    (rule(file='/var/log/wtmp'), 'is the record of logins, which is no text'),
    # name, keep, separate
    (rule(keep='1h'), "keep: '1h' must be a whole number with a unit, such as 90d (days), 2w (weeks), 13m (months) or 1y"),
    (rule(keep=365), 'keep: 365 must be a whole number with a unit'),
    (rule(keep='200y'), "keep: '200y' is more than 100 years."),
    (rule(separate='maybe'), "separate: 'maybe' must be true or false."),
    (rule(separate=[]), 'separate: [] must be true or false.'),
    # forward
    (rule(forward={}), 'forward.target: is missing; name the collector'),
    (rule(forward='host'), "forward: 'host' must be a dict with keys target, port, protocol, tls, queue."),
    (rule(forward=[]), 'forward: [] must be a dict'),
    (forward(port=0), 'forward.port: 0 must be a whole number from 1 to 65535.'),
    (forward(port='70000'), "forward.port: '70000' must be a whole number from 1 to 65535."),
    (forward(port=True), 'forward.port: True must be a whole number'),
    (forward(port=51.4), 'forward.port: 51.4 must be a whole number'),
    (forward(protocol='relp'), "forward.protocol: 'relp' must be tcp or udp."),
    (forward(protocol='udp', tls=TLS), 'forward.tls: goes over TCP only; write protocol: tcp, or remove tls.'),
    (forward(protokol='tcp'), 'forward.protokol: is not a known key; did you mean protocol?'),
    (forward(tls=True), 'forward.tls: True must be a dict with keys ca_file,'),
    (forward(tls=dict(TLS, ca_file=None)), "forward.tls.ca_file: is missing; it holds the certificates that the collector's"),
    (forward(tls=dict(TLS, ca_file='ca.pem')), "forward.tls.ca_file: 'ca.pem' must be a plain absolute path"),
    (forward(tls=dict(TLS, cert_file='/c.pem')), 'forward.tls.key_file: is missing; cert_file is given'),
    (forward(tls=dict(TLS, key_file='/k.pem')), 'forward.tls.cert_file: is missing; key_file is given'),
    (forward(tls={'ca_file': '/ca.pem'}), 'forward.tls.permitted_peers: is missing; else anyone with a certificate of that authority'),
    (forward(tls=dict(TLS, permitted_peers=[])), 'forward.tls.permitted_peers: is an empty list'),
    (forward(tls=dict(TLS, permitted_peers=['*'])), "forward.tls.permitted_peers: '*' must be a name as certificates have it"),
    (forward(tls=dict(TLS, permitted_peers=['a"b'])), 'must be a name as certificates have it'),
    (forward(tls=dict(TLS, driver='mbedtls')), "forward.tls.driver: 'mbedtls' must be gtls or ossl."),
    (forward(queue={'disk': '1m'}), "forward.queue.disk: '1m' must be from 10m to 1t."),
    (forward(queue={'disk': '1'}), "forward.queue.disk: '1' must be a whole number with a unit, such as 500m or 1g"),
    (forward(queue={'memory': 1}), 'forward.queue.memory: 1 must be a whole number from 100 to 1000000.'),
    # alert
    (rule(alert={}), 'alert.mail: is missing, and so is command, so an alert would reach nobody'),
    (rule(alert=['root']), "alert: ['root'] must be a dict with keys mail,"),
    (alert(mail=['-oQ/tmp']), "alert.mail: '-oQ/tmp' must be a plain mail address"),
    (alert(mail=['a b@example.com']), 'must be a plain mail address'),
    (alert(mail=['a@example.com\nBcc: b']), 'must be a plain mail address'),
    (alert(mail=['a@example.com\n']), 'must be a plain mail address'),
    (alert(mail=['A <a@example.com>']), 'must be a plain mail address'),
    (alert(mail=['a@-x']), 'must be a plain mail address'),
    (alert(mail=[1]), 'alert.mail: 1 must be a text; put it in quotes.'),
    (alert(sender='-f'), "alert.sender: '-f' must be a plain mail address"),
    (alert(smtp='host:0'), "alert.smtp: 'host:0' must be HOST or HOST:PORT"),
    (alert(smtp='2001:db8::25'), "alert.smtp: '2001:db8::25' must be HOST or HOST:PORT, an IPv6 address in brackets"),
    (alert(smtp='a b'), "alert.smtp: 'a b' must be HOST or HOST:PORT"),
    (alert(mail=None, command=['/usr/bin/wall'], smtp='host'), 'alert.smtp: is for mail, and there is none'),
    (alert(mail=None, command=['/usr/bin/wall'], sender='a@b'), 'alert.sender: is for mail, and there is none'),
    (alert(command='/usr/bin/wall'), "alert.command: '/usr/bin/wall' must be a list of the program and its arguments"),
    (alert(command=['wall']), "alert.command: 'wall' must begin with the absolute path of the program"),
    (alert(command=[]), 'alert.command: is an empty list; give a program'),
    (alert(command=['/bin/page', True]), 'alert.command: True must be a text; put it in quotes.'),
    (alert(command=['/bin/page', 'a\nb']), r"alert.command: 'a\nb' must hold no control characters."),
    (alert(limit={'count': 0}), 'alert.limit.count: 0 must be a whole number from 1 to 10000.'),
    (alert(limit={'per': '2w'}), "alert.limit.per: '2w' must be a whole number with a unit, such as 30s (seconds), 10m (minutes)"),
    (alert(limit={'per': '2d'}), "alert.limit.per: '2d' is more than a day."),
    (dict(alert(), facilities=['mail'], severity_at_least='info'), 'alert.mail: the local mail server logs each mail it delivers'),
])
def test_what_is_wrong_with_a_rule(given, said):
    found, = problems(given)
    assert found.startswith('Rule x: ') and said in found


def test_one_mistake_of_several_rules_is_told_once():
    wrong = "keep: '2yy' must be a whole number with a unit, such as 90d (days), 2w (weeks), 13m (months) or 1y (years)."
    several = [rule(name='r%d' % number, file='/var/log/r%d' % number, keep='2yy') for number in range(12)]
    assert problems(*several[:1]) == ['Rule r0: ' + wrong] and problems(*several[:2]) == ['Rules r0 and r1: ' + wrong]
    assert problems(*several[:9]) == ['Rules r0, r1, r2, r3, r4, r5, r6, r7 and r8: ' + wrong]
    assert problems(*several, rule(keep='3yy')) == ['Rules r0, r1, r2, r3, r4, r5, r6, r7 and 4 more: ' + wrong, 'Rule x: ' + wrong.replace('2', '3', 1)]
    assert module_text('ko', problems(*several[:3])[0]).startswith("규칙 r0, r1, r2: keep: '2yy'은(는) 단위가 붙은 정수여야 합니다")
    assert module_text('ko', problems(*several)[0]).startswith("규칙 r0, r1, r2, r3, r4, r5, r6, r7 외 4개: keep: '2yy'은(는)")


@pytest.mark.parametrize('given', [
    alert(mail=None, mial=['root']), {'name': 'x', 'fiel': FILE, 'keep': '1y', 'separate': True}, forward(target=None, taget='collector.example.com'),
    forward(tls={'ca_flie': '/etc/pki/ca.pem', 'permitted_peers': ['a.example.com']}), {'nmae': 'x', 'file': FILE},
    alert(mail=None, mial=['root'], smtp='mx.example.com')])
def test_what_is_misspelt_is_not_told_as_missing_too(given):
    found, = problems(given)
    assert 'is not a known key; did you mean ' in found


@pytest.mark.parametrize('name', ['', None])
def test_a_name_is_needed(name):
    assert problems({'name': name, 'file': FILE}) == ['Rule number 1: name: is missing; each rule has one of its own.']


@pytest.mark.parametrize('name', ['X', 'a b', 'a/b', '-a', '_a', 'a\n', 'é', 'a' * 64, 1, ['a']])
def test_names(name):
    found, = problems({'name': name, 'file': FILE})
    assert found.startswith('Rule number 1: name: ') and 'must be' in found


def test_names_are_unique():
    found, = problems(rule(name='a'), rule(name='b', file='/var/log/b'), rule(name='a', file='/var/log/c'))
    assert found == 'Rule a: name: rule number 3 has this name too; each rule needs its own.'


@pytest.mark.parametrize('given, said', [
    ([], 'The policy is empty, and would keep nothing. Write a rule; or set syslog_policy_state: absent'),
    (None, 'The policy is None, and must be a list of rules.'),
    ('', "The policy is '', and must be a list"),
    ({'name': 'x'}, "The policy is {'name': 'x'}, and must be a list"),
    ('[{"name": "x"}]', 'On the command line write it as JSON: -e \'{"syslog_policy_rules": [{"name": ...}]}\''),
    (['x'], "Rule number 1: is 'x', and must be a dict with a name."),
])
def test_no_policy(given, said):
    with pytest.raises(SyslogPolicyError) as caught:
        normalise(given)
    assert said in str(caught.value)


def test_a_mail_alert_may_tell_of_mail_where_it_cannot_feed_itself():
    assert normalise([dict(alert(), facilities=['mail'], severity_at_least='warning')])
    assert normalise([dict(alert(smtp='mx.example.com'), facilities=['mail'], severity_at_least='info')])
    assert normalise([dict(alert(mail=None, command=['/usr/bin/wall']), facilities=['mail'], severity_at_least='info')])


def test_all_that_is_wrong_is_told_at_once():
    found = problems(rule(name='a', facilities=['x', 'auth', 'y'], keep='1'), 3, forward(port=0, protocol='x'),
                     rule(name='b', separate=True), rule(name='c', file='/var/log/c', separate=True))
    assert [line.split(' is ')[0].split(' must ')[0] for line in found[:-1]] == [
        'Rule a: facilities: "x"', 'Rule a: facilities: "y"', "Rule a: keep: '1'", 'Rule number 2:', "Rule x: forward.protocol: 'x'",
        'Rule x: forward.port: 0']
    assert found[-1].startswith('Rules b and c: separate: ') and len(found) == 7


# Rules beside each other

OTHER = {'name': 'y', 'file': '/var/log/y.log'}


@pytest.mark.parametrize('one, other, said', [
    (rule(separate=True, facilities=['auth', 'cron']), dict(OTHER, separate=True, facilities=['auth', 'ftp'], severity_at_least='crit'),
     'Rules x and y: separate: both keep auth (emerg to crit) apart, but a message can be apart in one file only. '
     'Take them out of one of the rules, or make one not separate.'),
    (rule(facilities=['auth']), dict(OTHER, separate=True, facilities=['auth']),
     'Rule x: file: /var/log/x.log would stay empty, because each message of the rule is kept apart by y. Remove the '
     'file, or separate there.'),
    (rule(facilities=['auth'], keep='1y'), rule(name='y', facilities=['cron'], keep='2y'),
     'Rules x and y: file: both write /var/log/x.log, but keep it 366 days and 732 days. A file is kept as a whole: give both '
     'the same keep, or files of their own.'),
    (rule(facilities=['auth'], keep='1y'), rule(name='y', facilities=['cron']),
     'Rules x and y: file: both write /var/log/x.log, but keep it 366 days and for no stated time. A file is kept as a whole: '
     'give both the same keep, or files of their own.'),
    (rule(), rule(name='y', facilities=['cron'], severities=['err', 'debug']),
     'Rules x and y: file: both write cron (err, debug) into /var/log/x.log, which would hold each such line twice. Take them '
     'out of one of the rules.'),
    (rule(), rule(name='y', separate=True, facilities=['cron'], severities=['emerg', 'err', 'debug']),
     'Rules x and y: file: both write cron (emerg, err, debug) into /var/log/x.log, which would hold each such line twice. Take '
     'them out of one of the rules.'),
    (rule(facilities=['cron']), rule(name='y', separate=True),
     'Rules x and y: file: both write cron (all severities) into /var/log/x.log, which would hold each such line twice. Take '
     'them out of one of the rules.'),
    (rule(), dict(OTHER, file=FILE + '/y.log'),
     'Rules x and y: file: /var/log/x.log cannot be a file and the directory of /var/log/x.log/y.log. Rename one.'),
    (forward(target='HOST', protocol='udp'), dict(forward(target='host'), name='y', facilities=[11]),
     'Rules x and y: forward: both send ftp (all severities) to host:514, which would get each such message twice. Take them '
     'out of one of the rules.'),
    (forward(target='2001:db8:0::1'), dict(forward(target='2001:db8::1', port='514'), name='y'),
     'Rules x and y: forward: both send every facility (all severities) to [2001:db8::1]:514, which would get each such '
     'message twice. Take them out of one of the rules.'),
    (dict(forward(), facilities=['auth']), dict(forward(tls=TLS, port=514), name='y', facilities=['cron']),
     'Rules x and y: forward: collector.example.com:514 cannot expect both TLS and plain text. Give one another port, or both '
     'the same tls.'),
    (alert(), {'name': 'y', 'severities': 'crit,debug', 'facilities': 3, 'alert': {'mail': ['root', 'soc@example.com']}},
     'Rules x and y: alert: both bring daemon (crit) to soc@example.com, twice. Take them out of one of the rules.'),
    (alert(mail=None, command=['/usr/bin/wall']), dict(alert(mail=None, command=['/usr/bin/wall']), name='y'),
     'Rules x and y: alert: both bring every facility (emerg to crit) to /usr/bin/wall, twice. Take them out of one of the rules.'),
])
def test_rules_that_contradict_each_other(one, other, said):
    assert problems(one, other) == [said]
    assert len(problems(other, one)) == 1


@pytest.mark.parametrize('separate', [False, True])
def test_a_file_behind_several_separate_rules(separate):
    low = rule(name='low', file='/var/log/low', facilities=['kern', 'ftp'], separate=True, severities=[5, 6, 7])
    high = rule(name='high', file='/var/log/high', facilities=['kern', 'ftp'], separate=True, severity_at_least='warning')
    both = rule(separate=separate, facilities=['kern', 'ftp', 'cron'][:3 if separate else 2])
    if separate:
        low, high = (dict(one, facilities=['kern']) for one in (low, high))
        both = dict(both, facilities=['kern', 'ftp'])
        assert normalise([low, high, both])
        both, high = dict(both, severities=['debug']), rule(name='high', file='/var/log/high', facilities=['ftp'], separate=True)
    found, = problems(low, high, both)
    assert 'each message of the rule is kept apart by low or high.' in found
    assert normalise([low, dict(high, severity_at_least='err'), dict(both, severities=[4, 7])])
    assert normalise([low, high, forward()])


@pytest.mark.parametrize('separate, files', [(True, ['/var/log/own.log']), (False, ['/var/log/info.log', '/var/log/own.log'])])
def test_the_more_specific_rule_beside_a_separate_one_for_many(separate, files):
    """It takes its facility out of the general rule, or, where it is not separate, has it as well."""
    rules = normalise([
        rule(name='many', file='/var/log/info.log', separate=True, facilities=['user', 'local3', 'ftp'], severities=['info', 'debug']),
        rule(name='all', file='/var/log/messages'),
        rule(name='own', file='/var/log/own.log', separate=separate, facilities=['local3', 'authpriv'])])
    assert [expected(rules, 19, severity)['files'] for severity in (6, 7)] == [files, files]
    assert expected(rules, 19, 3)['files'] == ['/var/log/own.log'] if separate else ['/var/log/messages', '/var/log/own.log']
    assert expected(rules, 11, 6)['files'] == ['/var/log/info.log']
    assert set(expected(rules, 19, 6)['not_files']) == {'/var/log/info.log', '/var/log/messages', '/var/log/own.log'} - set(files)
    reached = normalise([
        rule(name='a', file='/var/log/a', separate=True, facilities=['local3'], severities=['crit']),
        rule(name='b', file='/var/log/b', separate=True, facilities=['local3'], severity_at_least='err'),
        rule(name='c', file='/var/log/c', separate=True)])
    assert [expected(reached, 19, severity)['files'] for severity in (2, 3, 4)] == [['/var/log/a'], ['/var/log/b'], ['/var/log/c']]


@pytest.mark.parametrize('one, other', [
    (rule(separate=True, facilities=['auth']), dict(OTHER, separate=True, facilities=['cron'])),
    (rule(separate=True, facilities=['auth']), OTHER),
    (rule(separate=True, facilities=['auth']), rule(name='y', facilities=['cron'])),
    (rule(), OTHER),
    (rule(keep='12m', facilities=['auth']), rule(name='y', keep='1y', facilities=['cron'])),
    (forward(), dict(forward(port=10514), name='y')),
    (forward(), dict(forward(target='other'), name='y')),
    (dict(forward(), facilities=['auth']), dict(forward(), name='y', facilities=['cron'])),
    (dict(forward(protocol='udp'), facilities=['auth']), dict(forward(port=514, tls=TLS), name='y', facilities=['cron'])),
    (alert(), dict(alert(mail=['root']), name='y')),
    (alert(command=['/bin/a']), dict(alert(mail=['root'], command=['/bin/b']), name='y')),
    (rule(), dict(OTHER, file=FILE + '2')),
])
def test_rules_that_go_together(one, other):
    assert len(normalise([one, other])) == 2
    assert len(normalise([other, one])) == 2


# Where a message belongs

def test_expected():
    rules = normalise([
        rule(name='auth', facilities=['auth'], file='/var/log/secure', separate=True, alert={'mail': 'root'}),
        rule(name='all', file='/var/log/messages', severity_at_least='notice'),
        rule(name='kern', facilities=['kern'], file='/var/log/kernel.log'), forward()])
    assert expected(rules, 4, 0) == {
        'files': ['/var/log/secure'], 'not_files': ['/var/log/messages', '/var/log/kernel.log'], 'forwards': ['x'], 'alerts': ['auth']}
    assert expected(rules, 0, 5) == {
        'files': ['/var/log/messages', '/var/log/kernel.log'], 'not_files': ['/var/log/secure'], 'forwards': ['x'], 'alerts': []}
    # Whatever else the host writes into messages, this policy does not forbid it.
    assert expected(rules, 1, 6) == {'files': [], 'not_files': ['/var/log/secure'], 'forwards': ['x'], 'alerts': []}


FACILITY_WORDS = st.lists(st.sampled_from(FACILITIES + list(range(24))), min_size=1, max_size=6)
RULES = st.lists(st.fixed_dictionaries({}, optional={
    'facilities': FACILITY_WORDS,
    'severity_at_least': st.sampled_from(SEVERITIES), 'file': st.sampled_from(['/var/log/%d.log' % number for number in range(4)]),
    'separate': st.booleans(), 'forward': st.builds(lambda number: {'target': 'h%d' % number}, st.integers(0, 2)),
    'alert': st.just({'mail': 'root', 'smtp': 'mx'})}), max_size=8)


def number_of(word, words):
    return word if isinstance(word, int) else words.index(word)


def selects(given, facility, severity):
    """Whether a rule as users write it selects a message: read word by word."""
    facilities = [number_of(word, FACILITIES) for word in given.get('facilities', FACILITIES)]
    return facility in facilities and severity <= SEVERITIES.index(given.get('severity_at_least', 'debug'))


def narrower(one, other):
    """Whether a rule is about fewer facilities than another, or about the same ones and fewer severities."""
    mine, theirs = ({number_of(word, FACILITIES) for word in given.get('facilities', FACILITIES)} for given in (one, other))
    least, most = (SEVERITIES.index(given.get('severity_at_least', 'debug')) for given in (one, other))
    return len(mine) < len(theirs) or (mine == theirs and least < most)


@given(RULES)
def test_expected_is_what_the_rules_say(candidates):
    rules = []
    for number, candidate in enumerate(candidates):
        try:
            normalise(rules + [dict(candidate, name='r%d' % number)])
        except SyslogPolicyError:
            continue
        rules.append(dict(candidate, name='r%d' % number))
    if not rules:
        return
    normalised = normalise(rules)
    assert not schema.validate(normalised, NORMALISED)
    assert sorted(map(json.dumps, normalise(rules[::-1]))) == sorted(map(json.dumps, normalised))
    reached = set()
    for facility, severity in PAIRS:
        found = expected(normalised, facility, severity)
        mine = [one for one in rules if selects(one, facility, severity)]
        files = {one['file'] for one in mine if 'file' in one}
        assert found['forwards'] == [one['name'] for one in mine if 'forward' in one]
        assert found['alerts'] == [one['name'] for one in mine if 'alert' in one]
        apart = [one for one in mine if one.get('separate')]
        narrow = [one for one in apart if not any(narrower(other, one) for other in apart)]
        assert len(narrow) <= 1
        own = {one['file'] for one in narrow} | {one['file'] for one in mine if 'file' in one and not one.get('separate')
                                                 and narrow and narrower(one, narrow[0])}
        assert set(found['files']) == (own or files) and len(found['files']) == len(set(found['files']))
        kept_out = {one['file'] for one in rules if 'file' in one and (apart or one.get('separate'))}
        assert set(found['not_files']) == kept_out - set(found['files'])
        reached.update(found['files'])
        for path in found['files']:
            assert len([one for one in mine if one.get('file') == path]) == 1
        places = [one['forward']['target'] for one in mine if 'forward' in one]
        assert len(places) == len(set(places))
    assert reached == {one['file'] for one in rules if 'file' in one}


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(max_size=3), st.sampled_from(
    FACILITIES + SEVERITIES + ['all', '*', 'none', '1y', '90d', '10m', '1g', 'host', '::1', '[::1]:25', FILE, '/var/log', 'tcp', 'udp',
                               '514', 'yes', 'root', '/etc/pki/ca.pem', 'gtls', 'a', 'b']))
KEYS = st.sampled_from('name facilities severities severity_at_least keep file separate forward alert target port protocol tls queue '
                       'ca_file cert_file key_file permitted_peers driver disk memory mail smtp sender command limit count '
                       'per'.split())
ANYTHING = st.recursive(SCALARS, lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(st.one_of(KEYS, KEYS, st.text(max_size=3), st.integers()), inner, max_size=4)), max_leaves=8)
NEAR = st.fixed_dictionaries({}, optional={
    'name': st.one_of(st.sampled_from(['a', 'b', 'c']), ANYTHING), 'facilities': st.one_of(FACILITY_WORDS, ANYTHING),
    'severities': ANYTHING, 'severity_at_least': SCALARS, 'keep': SCALARS, 'file': st.one_of(st.just(FILE), SCALARS),
    'separate': SCALARS, 'forward': ANYTHING, 'alert': ANYTHING, 'other': ANYTHING})


@given(st.one_of(ANYTHING, st.lists(st.one_of(NEAR, NEAR, NEAR, ANYTHING), max_size=4)))
@example([rule(name='a\x1b]0;x\x07', file='/\u202e', forward={'\n': 1}, alert={'command': ['/\ud800', '\x9b']})])
@example([{'name': float('nan'), 'file': float('inf'), 'keep': 10 ** 50}])
def test_whatever_comes_is_taken_or_explained(rules):
    try:
        found = normalise(rules)
    except SyslogPolicyError as exc:
        assert exc.problems and str(exc).split('\n') == exc.problems
        assert all(line.isprintable() and len(line) < 1000 for line in exc.problems)
    else:
        assert not schema.validate(found, NORMALISED)
        json.dumps(found).encode('ascii')


def test_the_filter_tells_all_of_it():
    assert filters.FilterModule().filters()['syslog_policy']([rule()]) == normalise([rule()])
    assert filters.syslog_policy([rule()], normalise=False) == [rule()]
    with pytest.raises(AnsibleFilterError) as caught:
        filters.syslog_policy([rule(keep='1'), forward(port=0)], normalise=False)
    said = str(caught.value).split('\n')
    assert said[0].endswith('The syslog policy is not valid. Nothing was changed.')
    assert [line.split(' ')[2] for line in said[1:]] == ['keep:', 'name:', 'forward.port:']


# The default policy, as Ansible makes it

TASKS = r"""
- name: Keep what the policy is
  ansible.builtin.copy:
    content: "{{ syslog_policy_rules | loghygiene.rhel.syslog_policy | to_json }}"
    dest: "{{ playbook_dir }}/{{ to }}.json"
    mode: "0600"
"""
COLLECTOR = {'target': '192.0.2.11', 'tls': dict(TLS, permitted_peers=['ftp.example.com'])}
MAILED = {'mail': ['soc@example.com'], 'smtp': 'mx.example.com:2525', 'limit': {'count': 3}}
VARIANTS = {
    'plain': {},
    'ftp': {'syslog_policy_ftp_collector': COLLECTOR},
    'two': {'syslog_policy_retention': '2y', 'syslog_policy_short_retention': '1y', 'syslog_policy_alert': MAILED},
    'two-ftp': {'syslog_policy_retention': '2y', 'syslog_policy_ftp_collector': COLLECTOR},
    'own': {'syslog_policy_rules': [rule(separate='true', keep='2w')]},
    'more': {'syslog_policy_rules': "{{ syslog_policy_default_rules + [{'name': 'site', 'facilities': [16], 'keep': '5y', "
                                          "'file': '/var/log/site.log'}] }}"},
    # The last: where all hosts of a play fail, the playbook ends.
    'broken': {'syslog_policy_retention': 'for ever', 'syslog_policy_ftp_collector': {'target': 'a b', 'tls': True},
               'syslog_policy_alert': 7},
}


@pytest.fixture(scope='module')
def templated(tmp_path_factory, collection):
    """{variant: (normalised rules or None, output)}: the role's defaults and argument specs, in the Ansible of this Python."""
    folder = tmp_path_factory.mktemp('policy')
    namespace = folder / 'collections' / 'ansible_collections' / 'loghygiene'
    namespace.mkdir(parents=True)
    (namespace / 'rhel').symlink_to(collection)
    role = folder / 'roles' / 'policy'
    (role / 'tasks').mkdir(parents=True)
    (role / 'tasks' / 'main.yml').write_text(TASKS, encoding='utf-8')
    for part in ('defaults', 'meta'):
        (role / part).symlink_to(os.path.join(collection, 'roles', 'syslog_policy', part))
    # One of them loads the catalog, which takes more time than all the rest.
    plays = [{'hosts': variant, 'connection': 'local', 'gather_facts': False, 'roles': ['policy'],
              'vars': dict(given, to=variant, **({} if variant == 'plain' else {'syslog_policy_alert_signatures': []}))}
             for variant, given in VARIANTS.items()]
    (folder / 'play.yml').write_text(json.dumps(plays), encoding='utf-8')
    environ = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=str(folder / 'collections'), ANSIBLE_NOCOLOR='1',
                   ANSIBLE_HOME=str(folder / 'home'), ANSIBLE_LOCAL_TEMP=str(folder / 'tmp'),
                   ANSIBLE_REMOTE_TEMP=str(folder / 'tmp'))
    environ.pop('ANSIBLE_CONFIG', None)
    answer = subprocess.run(
        [sys.executable, '-m', 'ansible', 'playbook', '-i', ','.join(VARIANTS) + ',', '-e',
         'ansible_python_interpreter=' + sys.executable, str(folder / 'play.yml')],
        cwd=folder, env=environ, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding='utf-8')
    found = {}
    for variant in VARIANTS:
        path = folder / (variant + '.json')
        found[variant] = json.loads(path.read_text(encoding='utf-8')) if path.exists() else None
    return found, answer.stdout


@pytest.mark.parametrize('variant, keep, short', [
    ('plain', 366, 90), ('ftp', 366, 90), ('two', 732, 366), ('two-ftp', 732, 90), ('more', 366, 90)])
def test_default_policy_sends_every_message_where_primer_and_law_want_it(templated, variant, keep, short):
    rules, output = templated[0][variant], templated[1]
    assert rules, output
    assert not schema.validate(rules, NORMALISED)
    kept = {one['file']: one['keep_days'] for one in rules if one['file']}
    apart = {'/var/log/secure', '/var/log/info.log'}
    for facility, severity in PAIRS:
        word, found = FACILITIES[facility], expected(rules, facility, severity)
        if word in ('auth', 'authpriv'):
            files, days = ['/var/log/secure'], keep
        elif word == 'kern':
            # Each of them on its own, and those of messages there too.
            files, days = ['/var/log/kernel.log'] + ['/var/log/messages'] * (severity <= 5), keep
        elif word in ('mail', 'cron'):
            files, days = [{'mail': '/var/log/maillog', 'cron': '/var/log/cron'}[word]], keep
        elif severity <= 5:
            files, days = ['/var/log/messages'], keep
        else:
            files, days = ['/var/log/info.log'], short
        extra = ['/var/log/site.log'] if (variant, facility) == ('more', 16) else []  # also what is kept shorter for the others
        assert found['files'] == files + extra
        assert [kept[path] for path in files] == [days] * len(files)
        alone = files[0] in apart
        assert set(found['not_files']) == (set(kept) if alone else apart) - set(files + extra)
        assert found['alerts'] == (['alerts'] if severity <= 2 else [])
        assert found['forwards'] == (['ftp'] if word == 'ftp' and 'ftp' in variant else [])
    assert kept['/var/log/secure'] == max(days for path, days in kept.items() if path != '/var/log/site.log')
    assert short < keep


def test_default_policy_tells_a_person(templated):
    alerts = {variant: [one['alert'] for one in templated[0][variant] if one['alert']] for variant in ('plain', 'two')}
    assert alerts == {
        'plain': [{'mail': [], 'smtp': None, 'sender': None, 'command': ['/usr/bin/wall'], 'limit': {'count': 20, 'seconds': 600}}],
        'two': [{'mail': ['soc@example.com'], 'smtp': {'host': 'mx.example.com', 'port': 2525}, 'sender': None, 'command': [],
                 'limit': {'count': 3, 'seconds': 600}}]}


def test_default_policy_names_no_collector_but_that_of_ftp(templated):
    sent = {variant: [one['forward'] for one in rules if one['forward']] for variant, rules in templated[0].items() if rules}
    there = {'target': '192.0.2.11', 'port': 6514, 'protocol': 'tcp', 'queue': {'disk_bytes': 1 << 30, 'memory': 12000},
             'tls': dict(TLS, permitted_peers=['ftp.example.com'], cert_file=None, key_file=None, driver='gtls')}
    assert sent == {'plain': [], 'ftp': [there], 'two': [], 'two-ftp': [there], 'own': [], 'more': []}


def test_the_users_policy_replaces_the_default(templated):
    assert templated[0]['own'] == normalise([rule(separate=True, keep='2w')])


def test_a_broken_variable_is_told_of_by_ansible(templated):
    found, output = templated
    assert found['broken'] is None
    for line in ("Rules authentication, kernel, mail, cron and general: keep: 'for ever' must be a whole number with a unit",
                 "Rule ftp: forward.target: 'a b' must be",
                 'Rule ftp: forward.tls: True must be a dict', 'Rule alerts: alert: 7 must be a dict'):
        assert line in output
    assert 'Traceback' not in output


# --- what the role writes for journald


# journald-gperf.gperf of systemd 219 and what 229 knows besides.
JOURNALD_219 = set('''Storage Compress Seal SyncIntervalSec RateLimitInterval RateLimitBurst SystemMaxUse SystemMaxFileSize
    SystemKeepFree RuntimeMaxUse RuntimeMaxFileSize RuntimeKeepFree MaxRetentionSec MaxFileSec ForwardToSyslog
    ForwardToKMsg ForwardToConsole ForwardToWall TTYPath MaxLevelStore MaxLevelSyslog MaxLevelKMsg MaxLevelConsole
    MaxLevelWall SplitMode'''.split())


@pytest.mark.parametrize('systemd, more', [(219, set()), (239, {'SystemMaxFiles'}), (252, {'SystemMaxFiles'}),
                                           (257, {'SystemMaxFiles'})])
def test_the_drop_in_for_journald_holds_what_the_release_knows(systemd, more):
    """journald 219 complains at every start of a name that it does not know."""
    folder = os.path.join(os.path.dirname(schema.__file__), '..', '..', '..', 'roles', 'syslog_policy', 'templates')
    template = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), trim_blocks=True).get_template('journald.conf.j2')
    text = template.render(__syslog_policy_seen={'host': {'systemd': systemd}}, __syslog_policy_journal_days=730,
                           __syslog_policy_journal_wanted={'max_use': '8G'})
    lines = [line for line in text.splitlines() if line and not line.startswith('#')]
    keys = [line.partition('=')[0] for line in lines[1:]]
    assert lines[0] == '[Journal]' and '' not in text.splitlines()
    assert set(keys) - JOURNALD_219 == more
    assert set(keys) >= {'Storage', 'MaxRetentionSec', 'SystemMaxUse'} and len(set(keys)) == len(keys)
