# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facility, severity, PRI and whole messages: the examples of the RFCs and of the primer, every PRI, and what is wrong.

`tests/unit/plugin_utils/policy/test_syslog_peer.py` compares with a parser that others wrote.
"""

from __future__ import absolute_import, division, print_function

import logging.handlers

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog, message as syslog_message
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.codes import SyslogError

__metaclass__ = type

# rsyslog, runtime/msg.c: syslog_fac_names, what the property syslogfacility-text gives.
RSYSLOG = (
    'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock '
    'local0 local1 local2 local3 local4 local5 local6 local7'
).split()

# The two tables of the primer. Its "(note 2)" on 15 and its one row for 16 to 23 are not names.
PRIMER_FACILITIES = [
    'kernel messages',
    'user-level messages',
    'mail system',
    'system daemons',
    'security/authorization messages',
    'messages generated internally by syslogd',
    'line printer subsystem',
    'network news subsystem',
    'UUCP subsystem',
    'clock daemon',
    'security/authorization messages',
    'FTP daemon',
    'NTP subsystem',
    'log audit',
    'log alert',
    'clock daemon',
] + ['local use %d (local%d)' % (number, number) for number in range(8)]
PRIMER_SEVERITIES = [
    'Emergency: system is unusable',
    'Alert: action must be taken immediately',
    'Critical: critical conditions',
    'Error: error conditions',
    'Warning: warning conditions',
    'Notice: normal but significant condition',
    'Informational: informational messages',
    'Debug: debug-level messages',
]

# Each calculation of the primer: PRI, facility, severity.
PRIMER_PRIS = [
    (34, 4, 2),
    (165, 20, 5),
    (0, 0, 0),
    (1, 0, 1),
    (2, 0, 2),
    (9, 1, 1),
    (18, 2, 2),
    (24, 3, 0),
    (33, 4, 1),
    (58, 7, 2),
]

# Each message of the primer, and what it is: time, host, program, process, beginning of the text.
PRIMER_MESSAGES = [
    (
        u'<0>Jun 15 14:23:15 core-router-01 kernel: EMERGENCY: Hardware failure detected on primary interface eth0. '
        u'System is halting.',
        (u'Jun 15 14:23:15', u'core-router-01', u'kernel', None, u'EMERGENCY: Hardware'),
    ),
    (
        u'<1>Jun 15 15:45:22 core-router-01 kernel: ALERT: CPU temperature critically high (95°C). Immediate action '
        u'required to prevent shutdown.',
        (u'Jun 15 15:45:22', u'core-router-01', u'kernel', None, u'ALERT: CPU temperature critically high (95°C).'),
    ),
    (
        u'<2>Jun 15 16:10:03 core-router-01 kernel: CRITICAL: Multiple BGP sessions down. Potential network partition '
        u'detected.',
        (u'Jun 15 16:10:03', u'core-router-01', u'kernel', None, u'CRITICAL: Multiple BGP'),
    ),
    (
        u'<9>Jun 16 10:15:30 fileserver-01 sshd[1234]: ALERT: Multiple failed root login attempts from IP '
        u'192.168.1.100',
        (u'Jun 16 10:15:30', u'fileserver-01', u'sshd', u'1234', u'ALERT: Multiple failed'),
    ),
    (
        u'<18>Jun 16 11:30:45 mailserver-01 postfix/smtpd[5678]: CRITICAL: Mail queue full, new messages rejected',
        (u'Jun 16 11:30:45', u'mailserver-01', u'postfix/smtpd', u'5678', u'CRITICAL: Mail'),
    ),
    (
        u'<24>Jun 16 13:45:22 webserver-01 httpd[9012]: Emergency: Out of worker threads, server not responding to '
        u'requests',
        (u'Jun 16 13:45:22', u'webserver-01', u'httpd', u'9012', u'Emergency: Out of'),
    ),
    (
        u'<33>Jun 16 15:20:10 firewall-01 iptables: ALERT: Possible DDoS attack detected, dropping all incoming '
        u'traffic on port 80',
        (u'Jun 16 15:20:10', u'firewall-01', u'iptables', None, u'ALERT: Possible'),
    ),
    (
        u'<58>Jun 16 17:05:55 router-01 bgpd[3456]: CRITICAL: BGP peer 10.0.0.1 down, multiple routes unreachable',
        (u'Jun 16 17:05:55', u'router-01', u'bgpd', u'3456', u'CRITICAL: BGP peer'),
    ),
]


def numbers(decoded):
    """(facility, severity) of what decode or parse gave."""
    return decoded['facility']['number'], decoded['severity']['number']


def refused(function, *values):
    """The text of the error."""
    with pytest.raises(SyslogError) as caught:
        function(*values)
    return str(caught.value)


class TestTable:
    def test_keywords_are_those_of_rsyslog(self):
        assert list(syslog.FACILITY_KEYWORDS) == RSYSLOG
        assert [syslog.facility(number)['keyword'] for number in range(24)] == RSYSLOG

    def test_names_are_those_of_the_rfc_which_the_primer_repeats(self):
        assert [syslog.facility(number)['name'] for number in range(24)] == PRIMER_FACILITIES
        assert [syslog.severity(number)['en'] for number in range(8)] == PRIMER_SEVERITIES
        assert [syslog.severity(number)['name'] for number in range(8)] == [
            text.partition(':')[0] for text in PRIMER_SEVERITIES
        ]

    def test_what_reads_alike_in_the_rfc_is_told_apart(self):
        for language in ('en', 'ko'):
            assert len(set(syslog.facility(number)[language] for number in range(24))) == 24
            assert len(set(syslog.severity(number)[language] for number in range(8))) == 8

    def test_korean_text_is_korean(self):
        rows = [syslog.facility(number) for number in range(24)] + [syslog.severity(number) for number in range(8)]
        assert not [row for row in rows if not any(u'가' <= letter <= u'힣' for letter in row['ko'])]

    def test_the_same_as_the_tables_of_python(self):
        known = logging.handlers.SysLogHandler
        # `security` is 4 or 13 in Python, by its version; in rsyslog it is 4.
        names = dict((name, number) for name, number in known.facility_names.items() if name != 'security')
        assert len(names) >= 19
        assert dict((name, syslog.facility(name)['number']) for name in names) == names
        assert dict((name, syslog.severity(name)['number']) for name in known.priority_names) == known.priority_names

    def test_what_is_returned_can_be_changed(self):
        syslog.facility('auth')['keyword'] = 'changed'
        assert syslog.facility('auth')['keyword'] == 'auth'


class TestSpellings:
    @pytest.mark.parametrize(
        'spelling, number',
        [
            (10, 10),
            ('10', 10),
            (u'0', 0),
            (b'23', 23),
            ('authpriv', 10),
            ('AuthPriv', 10),
            ('kernel', 0),
            ('security', 4),
            ('bsd_security', 13),
            ('audit', 13),
            ('console', 14),
            ('alert', 14),
            ('clock', 15),
            ('solaris-cron', 15),
            ('local0', 16),
            ('local7', 23),
        ],
    )
    def test_facility(self, spelling, number):
        assert syslog.facility(spelling)['number'] == number

    @pytest.mark.parametrize(
        'spelling, number',
        [
            (0, 0),
            ('7', 7),
            (u'panic', 0),
            ('emergency', 0),
            ('Emergency', 0),
            ('alert', 1),
            ('critical', 2),
            ('error', 3),
            ('warn', 4),
            ('WARNING', 4),
            ('notice', 5),
            ('informational', 6),
            (b'debug', 7),
        ],
    )
    def test_severity(self, spelling, number):
        assert syslog.severity(spelling)['number'] == number

    def test_the_result_is_a_spelling(self):
        for pri in range(192):
            decoded = syslog.decode(pri)
            assert syslog.encode(decoded['facility'], decoded['severity']) == pri

    def test_a_severity_is_no_facility(self):
        assert 'is not a valid facility' in refused(syslog.facility, syslog.severity('crit'))
        assert 'is not a valid severity' in refused(syslog.severity, syslog.facility('auth'))

    @pytest.mark.parametrize(
        'value',
        [24, -1, '24', '-1', '010', ' 10', '10 ', '10\n', u'１０', u'٣', '', None, True, False, 1.0, [], {}, 'local8',
         'auth.crit', '4294967296', 10**20, b'\xff', u'\ud800', u'인증'],
    )
    def test_no_facility(self, value):
        message = refused(syslog.facility, value)
        assert 'is not a valid facility: it must be 0 to 23, or one of kern, user, mail, ' in message
        assert message.endswith(('local7.', 'Did you mean local7?'))

    @pytest.mark.parametrize(
        'value', [8, -1, '8', '07', ' 7', '', None, True, 1.5, [3], {'number': 3}, 'kern', u'긴급', u'\U0001f525']
    )
    def test_no_severity(self, value):
        assert refused(syslog.severity, value).endswith(
            'is not a valid severity: it must be 0 to 7, or one of emerg, alert, crit, err, warning, notice, info, debug.'
        )

    def test_the_value_is_named(self):
        assert refused(syslog.facility, 24).startswith('24 is not a valid facility')
        assert refused(syslog.facility, 10**20).startswith('100000000000000000000 is not a valid facility')
        assert refused(syslog.severity, '8').startswith('"8" is not a valid severity')
        assert refused(syslog.severity, None).startswith('None is not a valid severity')
        assert refused(syslog.severity, 'x' * 1000).startswith('"%s..." is not a valid severity' % ('x' * 60))

    def test_an_error_does_nothing_to_a_terminal(self):
        message = refused(syslog.severity, u'\x1b[2J\x9b\u202e\u2028')
        assert message.startswith('"\\u001b[2J\\u009b\\u202e\\u2028" is not a valid severity')

    @pytest.mark.parametrize(
        'function, value, meant',
        [
            (syslog.severity, 'crti', 'crit'),
            (syslog.severity, 'Waring', 'warning'),
            (syslog.facility, 'authprivv', 'authpriv'),
            (syslog.facility, 'deamon', 'daemon'),
        ],
    )
    def test_did_you_mean(self, function, value, meant):
        assert refused(function, value).endswith('. Did you mean %s?' % meant)

    @pytest.mark.parametrize(
        'function, value, reason',
        [
            (syslog.severity, 'none', '"none" is not a valid severity: in a selector it leaves a facility out'),
            (syslog.severity, 'NONE', 'in a selector'),
            (syslog.severity, '*', '"*" is not a valid severity: in a selector it means every severity'),
            (syslog.facility, '*', '"*" is not a valid facility: in a selector it means every facility'),
            (syslog.facility, 'mark', '"mark" is not a valid facility: rsyslogd uses it internally'),
        ],
    )
    def test_what_looks_like_one_and_is_none(self, function, value, reason):
        message = refused(function, value)
        assert reason in message and 'Write 0 to ' in message


class TestPri:
    def test_every_pri_both_ways(self):
        seen = set()
        for facility in range(24):
            for severity in range(8):
                pri = syslog.encode(facility, severity)
                assert pri == facility * 8 + severity
                for spelling in (pri, str(pri), u'%d' % pri, '<%d>' % pri, b'<' + str(pri).encode('ascii') + b'>'):
                    decoded = syslog.decode(spelling)
                    assert decoded['pri'] == pri and numbers(decoded) == (facility, severity)
                assert syslog.encode(RSYSLOG[facility], syslog.SEVERITY_KEYWORDS[severity]) == pri
                seen.add(pri)
        assert seen == set(range(192))

    @pytest.mark.parametrize('pri, facility, severity', PRIMER_PRIS)
    def test_the_arithmetic_of_the_primer_is_right(self, pri, facility, severity):
        assert numbers(syslog.decode(pri)) == (facility, severity)
        assert syslog.encode(facility, severity) == pri

    def test_the_issue(self):
        assert syslog.encode('auth', 'crit') == 34
        assert syslog.decode(34) == {
            'pri': 34,
            'facility': {
                'number': 4,
                'keyword': 'auth',
                'name': 'security/authorization messages',
                'en': 'security and authorization',
                'ko': u'보안/인가 메시지',
            },
            'severity': {
                'number': 2,
                'keyword': 'crit',
                'name': 'Critical',
                'en': 'Critical: critical conditions',
                'ko': u'심각: 심각한 상태',
            },
        }

    @pytest.mark.parametrize(
        'value',
        [192, -1, 10**20, '192', '-1', '+1', '<192>', '<-1>', '<>', '<', '>', '', ' 34', '34 ', '34\n', '<34', '34>',
         '< 34>', '<<34>>', u'３４', u'<٣٤>', '0x22', '3_4', '1e1', '34.0', True, False, 34.0, None, [34], {'pri': 34},
         b'\xff', '9' * 400],
    )
    def test_no_pri(self, value):
        message = refused(syslog.decode, value)
        assert message.endswith('is not a valid PRI: it must be 0 to 191 (facility x 8 + severity), as 34 or <34>.')

    @pytest.mark.parametrize('value', ['034', '<034>', '00', '<00>', '0192'])
    def test_leading_zeros(self, value):
        assert refused(syslog.decode, value) == (
            '"%s" is not a valid PRI: it must be 0 to 191 (facility x 8 + severity), as 34 or <34>, without leading zeros.'
            % value
        )

    def test_encode_names_the_wrong_part(self):
        assert refused(syslog.encode, 24, 2).startswith('24 is not a valid facility')
        assert refused(syslog.encode, 4, 8).startswith('8 is not a valid severity')


class TestCorrections:
    """The primer says that a small PRI is a severe one. See docs/syslog.md."""

    def test_severity_is_the_remainder(self):
        assert [numbers(syslog.decode(pri))[1] for pri in range(192)] == [pri % 8 for pri in range(192)]

    def test_below_24_are_all_severities_of_kern_user_and_mail(self):
        assert [numbers(syslog.decode(pri)) for pri in range(24)] == [
            (facility, severity) for facility in (0, 1, 2) for severity in range(8)
        ]

    def test_below_16_are_all_severities_of_kern_and_user(self):
        assert set(syslog.decode(pri)['facility']['keyword'] for pri in range(16)) == set(['kern', 'user'])
        assert set(syslog.decode(pri)['severity']['number'] for pri in range(16)) == set(range(8))

    @pytest.mark.parametrize('pri, facility, severity', [(14, 'user', 'info'), (23, 'mail', 'debug')])
    def test_small_and_harmless(self, pri, facility, severity):
        assert pri < 24 and pri == syslog.encode(facility, severity)

    @pytest.mark.parametrize('pri', [24, 33, 58])
    def test_its_own_severe_examples_are_not_below_24(self, pri):
        assert pri >= 24 and numbers(syslog.decode(pri))[1] <= 2

    def test_every_threshold_is_wrong(self):
        severe = set(pri for pri in range(192) if numbers(syslog.decode(pri))[1] <= 2)
        assert not [limit for limit in range(4, 192) if set(range(limit)) == severe]

    def test_its_samples_are_of_rfc_3164(self):
        assert set(syslog_message.parse(line)['format'] for line, dummy in PRIMER_MESSAGES) == set(['rfc3164'])

    def test_58_is_usenet_and_not_the_network(self):
        assert syslog.decode(58)['facility']['keyword'] == 'news'
        assert 'Usenet' in syslog.decode(58)['facility']['en']

    def test_sshd_logs_to_authpriv(self):
        assert (syslog.encode('authpriv', 'info'), syslog.encode('authpriv', 'err')) == (86, 83)
        assert syslog.decode(9)['facility']['keyword'] == 'user'


NOTHING = {
    'format': 'rfc5424',
    'pri': None,
    'facility': None,
    'severity': None,
    'version': None,
    'timestamp': None,
    'timestamp_utc': None,
    'hostname': None,
    'app_name': None,
    'procid': None,
    'msgid': None,
    'structured_data': {},
    'message': None,
}


def expected(**parts):
    """A result with these parts."""
    result = dict(NOTHING, **parts)
    if result['pri'] is not None:
        result.update(syslog.decode(result['pri']))
    return result


APPLICATION = [
    {'name': 'iut', 'value': '3'},
    {'name': 'eventSource', 'value': 'Application'},
    {'name': 'eventID', 'value': '1011'},
]
ELEMENT = u'[exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"]'
FORM = u'<165>1 2003-10-11T22:14:15.003Z host app - ID47 %s'


class TestRfc5424:
    @pytest.mark.parametrize(
        'line, parts',
        [
            (
                u"<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick "
                u"on /dev/pts/8",
                {
                    'pri': 34,
                    'timestamp': '2003-10-11T22:14:15.003Z',
                    'timestamp_utc': '2003-10-11T22:14:15.003000Z',
                    'hostname': 'mymachine.example.com',
                    'app_name': 'su',
                    'msgid': 'ID47',
                    'message': "'su root' failed for lonvick on /dev/pts/8",
                },
            ),
            (
                u"<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.",
                {
                    'pri': 165,
                    'timestamp': '2003-08-24T05:14:15.000003-07:00',
                    'timestamp_utc': '2003-08-24T12:14:15.000003Z',
                    'hostname': '192.0.2.1',
                    'app_name': 'myproc',
                    'procid': '8710',
                    'message': "%% It's time to make the do-nuts.",
                },
            ),
            (
                u'<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 ' + ELEMENT
                + u' \ufeffAn application event log entry...',
                {
                    'pri': 165,
                    'timestamp': '2003-10-11T22:14:15.003Z',
                    'timestamp_utc': '2003-10-11T22:14:15.003000Z',
                    'hostname': 'mymachine.example.com',
                    'app_name': 'evntslog',
                    'msgid': 'ID47',
                    'structured_data': {'exampleSDID@32473': APPLICATION},
                    'message': 'An application event log entry...',
                },
            ),
            (
                u'<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 ' + ELEMENT
                + u'[examplePriority@32473 class="high"]',
                {
                    'pri': 165,
                    'timestamp': '2003-10-11T22:14:15.003Z',
                    'timestamp_utc': '2003-10-11T22:14:15.003000Z',
                    'hostname': 'mymachine.example.com',
                    'app_name': 'evntslog',
                    'msgid': 'ID47',
                    'structured_data': {
                        'exampleSDID@32473': APPLICATION,
                        'examplePriority@32473': [{'name': 'class', 'value': 'high'}],
                    },
                },
            ),
        ],
    )
    def test_section_6_5(self, line, parts):
        assert syslog_message.parse(line) == expected(version=1, **parts)
        assert syslog_message.parse(line.encode('utf-8')) == expected(version=1, **parts)
        assert syslog_message.parse(line + u'\n') == expected(version=1, **parts)

    def test_least(self):
        assert syslog_message.parse('<0>1 - - - - - -') == expected(version=1, pri=0)

    @pytest.mark.parametrize(
        'stamp, utc',
        [
            ('1985-04-12T23:20:50.52Z', '1985-04-12T23:20:50.520000Z'),
            ('1985-04-12T19:20:50.52-04:00', '1985-04-12T23:20:50.520000Z'),
            ('2003-10-11T22:14:15.003Z', '2003-10-11T22:14:15.003000Z'),
            ('2003-08-24T05:14:15.000003-07:00', '2003-08-24T12:14:15.000003Z'),
            ('2026-01-01T08:59:59+09:00', '2025-12-31T23:59:59.000000Z'),
            ('2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000000Z'),
            ('2026-01-01T00:00:00+23:59', '2025-12-31T00:01:00.000000Z'),
            ('9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'),
            # RFC 3339 has four digits for the year, also in UTC.
            ('9999-12-31T23:59:59-00:01', None),
            ('0001-01-01T00:00:00+00:01', None),
        ],
    )
    def test_timestamp(self, stamp, utc):
        found = syslog_message.parse('<34>1 %s - - - - -' % stamp)
        assert (found['timestamp'], found['timestamp_utc']) == (stamp, utc)

    @pytest.mark.parametrize(
        'stamp, reason',
        [
            ('2003-08-24T05:14:15.000000003-07:00', 'is not of the form'),  # RFC 5424, section 6.2.3.1, example 5
            ('2003-08-24T05:14:15.Z', 'is not of the form'),
            ('2003-08-24t05:14:15Z', 'is not of the form'),
            ('2003-08-24T05:14:15z', 'is not of the form'),
            ('2003-08-24T05:14:15', 'is not of the form'),
            ('2003-08-24T05:14Z', 'is not of the form'),
            ('2003-08-24', 'is not of the form'),
            ('2003-08-24T05:14:15+0700', 'is not of the form'),
            ('2003-08-24T05:14:15,5Z', 'is not of the form'),
            (u'2003-08-24T05:14:1５Z', 'is not of the form'),
            ('--', 'is not of the form'),
            ('Oct', 'is not of the form'),
            ('2003-08-24T05:14:60Z', 'leap second'),
            ('2016-12-31T23:59:60Z', 'leap second'),
            ('2003-08-24T05:14:15+24:00', 'no such offset'),
            ('2003-08-24T05:14:15-07:60', 'no such offset'),
            ('2003-08-24T24:00:00Z', 'does not exist'),
            ('2003-08-24T05:60:15Z', 'does not exist'),
            ('2003-08-24T05:14:61Z', 'does not exist'),
            ('2003-13-24T05:14:15Z', 'does not exist'),
            ('2003-00-24T05:14:15Z', 'does not exist'),
            ('2003-08-32T05:14:15Z', 'does not exist'),
            ('2003-02-29T05:14:15Z', 'does not exist'),
            ('0000-08-24T05:14:15Z', 'does not exist'),
        ],
    )
    def test_no_timestamp(self, stamp, reason):
        message = refused(syslog_message.parse, u'<34>1 %s - - - - -' % stamp)
        assert message.startswith('TIMESTAMP "') and reason in message

    @pytest.mark.parametrize('version', ['2', '10', '999'])
    def test_other_versions(self, version):
        for rest in ('- - - - - -', '2003-10-11T22:14:15Z - - - - -'):
            assert refused(syslog_message.parse, '<34>%s %s' % (version, rest)) == (
                'VERSION "%s" is not known: the only version of RFC 5424 is 1.' % version
            )

    @pytest.mark.parametrize('number', ['0', '01', '1000', '1403884279', u'\u0661'])
    def test_what_is_no_version(self, number):
        """Section 6: NONZERO-DIGIT 0*2DIGIT. What the programs of a device count in front of their text is none."""
        for rest in ('- x', '2003-10-11T22:14:15Z h a - - - x'):
            found = syslog_message.parse(u'<13>%s %s' % (number, rest))
            assert (found['format'], found['version'], found['message']) == ('rfc3164', None, u'%s %s' % (number, rest))

    @pytest.mark.parametrize(
        'place, name, key, length',
        [(0, 'HOSTNAME', 'hostname', 255), (1, 'APP-NAME', 'app_name', 48), (2, 'PROCID', 'procid', 128),
         (3, 'MSGID', 'msgid', 32)],
    )
    def test_fields(self, place, name, key, length):
        def line(value):
            fields = [u'-'] * 4
            fields[place] = value
            return u'<34>1 - %s - text' % u' '.join(fields)

        for value in (u'x', u'x' * length, u'!~', u'-x', u'--', u'[x]', u'<34>'):
            assert syslog_message.parse(line(value)) == expected(version=1, pri=34, message='text', **{key: value})
        assert refused(syslog_message.parse, line(u'x' * (length + 1))) == (
            '%s "%s" is too long: %d characters, at most %d are allowed.'
            % (name, ('x' * (length + 1)) if length < 60 else 'x' * 60 + '...', length + 1, length)
        )
        for value in (u'x\ty', u'x\x7f', u'é', u'\ufeff', u'x\nx', u'x\x00'):
            assert refused(syslog_message.parse, line(value)).startswith(name + ' "')
        assert refused(syslog_message.parse, line(u'')).startswith(name + ' is missing')

    @pytest.mark.parametrize(
        'line, reason',
        [
            ('<34>1 ', 'TIMESTAMP is missing'),
            ('<34>1  - - - - -', 'TIMESTAMP is missing'),
            ('<34>1 -', 'ends with the TIMESTAMP'),
            ('<34>1 - - - - -', 'ends with the MSGID'),
            ('<34>1 - - - - - ', 'STRUCTURED-DATA "" must be - or begin with ['),
            ('<34>1 - - - - - text', 'STRUCTURED-DATA "text" must be - or begin with ['),
            ('<34>1 - - - - - -text', 'followed by "text"'),
            ('<34>1 - - - - - --', 'followed by "-"'),
        ],
    )
    def test_what_is_missing(self, line, reason):
        assert reason in refused(syslog_message.parse, line)

    @pytest.mark.parametrize(
        'end, message',
        [
            (u'-', None),
            (u'- ', u''),
            (u'- \ufeff', u''),
            (u'-  x', u' x'),
            (u'- \ufefftext \ufeff', u'text \ufeff'),
            (u'- BOMtext', u'BOMtext'),
            (u'- two\nlines', u'two\nlines'),
            (u'- \x00\x01', u'\x00\x01'),
            (u'- 인증 \U0001f525', u'인증 \U0001f525'),
            (ELEMENT, None),
            (ELEMENT + u' ', u''),
            # Section 6.3.5, example 3: a space between two elements, so the second is text.
            (ELEMENT + u' [examplePriority@32473 class="high"]', u'[examplePriority@32473 class="high"]'),
        ],
    )
    def test_message_absent_empty_or_text(self, end, message):
        assert syslog_message.parse(FORM % end)['message'] == message
        assert syslog_message.parse((FORM % end).encode('utf-8'))['message'] == message

    @pytest.mark.parametrize(
        'written, value',
        [
            (r'', r''),
            (r'\"', r'"'),
            (r'\]', r']'),
            (r'\\', '\\'),
            (r'\\\"', r'\"'),
            (r'\\\\]'[:-1], r'\\'),
            (r'a\"b\]c\\d', 'a"b]c\\d'),
            # Any other backslash stays, with what follows it.
            (r'C:\temp\new', r'C:\temp\new'),
            (r'\\n', r'\n'),
            (r'\n', r'\n'),
            (r'\[', r'\['),
            (r"\'", r"\'"),
            (u'\\한', u'\\한'),
            (u'[=, 한글\n\t\x00', u'[=, 한글\n\t\x00'),
        ],
    )
    def test_values_and_escapes(self, written, value):
        found = syslog_message.parse(FORM % u'[id a="%s" b="1"] text' % written)
        assert found['structured_data'] == {'id': [{'name': 'a', 'value': value}, {'name': 'b', 'value': '1'}]}
        assert found['message'] == 'text'

    def test_elements(self):
        found = syslog_message.parse(FORM % u'[origin ip="192.0.2.1" ip="192.0.2.129"][empty][%s %s=""]' % (u'i' * 32, u'n' * 32))
        assert found['structured_data'] == {
            'origin': [{'name': 'ip', 'value': '192.0.2.1'}, {'name': 'ip', 'value': '192.0.2.129'}],
            'empty': [],
            'i' * 32: [{'name': 'n' * 32, 'value': ''}],
        }

    @pytest.mark.parametrize(
        'data, reason',
        [
            (u'[', 'SD-ID is missing'),
            (u'[]', 'SD-ID is missing'),
            # Section 6.3.5, example 4: a space before the SD-ID.
            (u'[ exampleSDID@32473 iut="3"][examplePriority@32473 class="high"]', 'SD-ID is missing'),
            (u'[=a b="c"]', 'SD-ID is missing'),
            (u'[é b="c"]', 'SD-ID is missing'),
            (u'[' + u'i' * 33 + u' b="c"]', 'SD-ID "%s" is too long: 33 characters, at most 32' % ('i' * 33)),
            (u'[a b="c"][a d="e"]', 'SD-ID "a" occurs twice'),
            (u'[a][a]', 'SD-ID "a" occurs twice'),
            (u'[a', 'must go on with a space or end with ], not with the line'),
            (u'[a"b]', 'must go on with a space or end with ], not with ""b]"'),
            (u'[a\tb="c"]', 'must go on with a space or end with ]'),
            (u'[a ]', 'PARAM-NAME in [a is missing'),
            (u'[a  b="c"]', 'PARAM-NAME in [a is missing'),
            (u'[a b="c" ]', 'PARAM-NAME in [a is missing'),
            (u'[a ="c"]', 'PARAM-NAME in [a is missing'),
            (u'[a ' + u'n' * 33 + u'="c"]', 'PARAM-NAME in [a "%s" is too long' % ('n' * 33)),
            (u'[a b]', 'PARAM-VALUE of b in [a'),
            (u'[a b=c]', 'PARAM-VALUE of b in [a'),
            (u'[a b=]', 'PARAM-VALUE of b in [a'),
            (u'[a b="c]', 'PARAM-VALUE of b in [a'),
            (u'[a b="]"]', 'PARAM-VALUE of b in [a'),
            (u'[a b="c\\"]', 'PARAM-VALUE of b in [a'),
            (u'[a b="c\\', 'PARAM-VALUE of b in [a'),
            (u'[a b = "c"]', 'PARAM-VALUE of b in [a'),
            (u"[a b='c']", 'PARAM-VALUE of b in [a'),
            (u'[a b="c"d="e"]', 'must go on with a space or end with ], not with "d="e"]"'),
            (u'[a b="c"]text', 'followed by "text"'),
            (u'[a]-', 'followed by "-"'),
        ],
    )
    def test_no_structured_data(self, data, reason):
        assert reason in refused(syslog_message.parse, FORM % data)

    def test_bytes_that_are_not_utf_8(self):
        found = syslog_message.parse(b'<34>1 - - - - - [a b="\xff\xc0"] \xef\xbb\xbf\xed\x95\x9c \xed\xa0\x80\xff.')
        assert found['structured_data'] == {'a': [{'name': 'b', 'value': u'\ufffd\ufffd'}]}
        assert found['message'].startswith(u'한 \ufffd') and found['message'].endswith(u'\ufffd.')
        assert 'HOSTNAME' in refused(syslog_message.parse, b'<34>1 - \xff - - - -')
        assert syslog_message.parse(u'<34>1 - - - - - - \udcff')['message'] == u'\ufffd'

    def test_long_lines(self):
        for hostile in (u'[', u'[a', u'[a b="', u' [a b="c"]', u'\\', u'\\"', u'x:', u'x[', u'- '):
            line = FORM % u'[a b="' + hostile * 100000
            assert refused(syslog_message.parse, line)
            assert syslog_message.parse(u'<34>' + hostile * 100000)['pri'] == 34


class TestRfc3164:
    @pytest.mark.parametrize(
        'line, parts',
        [
            (
                u"<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
                {
                    'pri': 34,
                    'timestamp': 'Oct 11 22:14:15',
                    'hostname': 'mymachine',
                    'app_name': 'su',
                    'message': "'su root' failed for lonvick on /dev/pts/8",
                },
            ),
            (u'Use the BFG!', {'message': 'Use the BFG!'}),
            # What a relay makes of it (section 4.3.3).
            (
                u'<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!',
                {
                    'pri': 13,
                    'timestamp': 'Feb  5 17:32:18',
                    'hostname': '10.0.0.99',
                    'message': 'Use the BFG!',
                },
            ),
            # A time zone and a year behind the TIMESTAMP are nothing the format knows.
            (
                u"<165>Aug 24 05:34:00 CST 1987 mymachine myproc[10]: %% It's time to make the do-nuts.  %%  "
                u"Ingredients: Mix=OK, Jelly=OK # Devices: Mixer=OK, Jelly_Injector=OK, Frier=OK # Transport: "
                u"Conveyer1=OK, Conveyer2=OK # %%",
                {
                    'pri': 165,
                    'timestamp': 'Aug 24 05:34:00',
                    'hostname': 'CST',
                    'message': "1987 mymachine myproc[10]: %% It's time to make the do-nuts.  %%  Ingredients: "
                    "Mix=OK, Jelly=OK # Devices: Mixer=OK, Jelly_Injector=OK, Frier=OK # Transport: Conveyer1=OK, "
                    "Conveyer2=OK # %%",
                },
            ),
            # A year before it makes it no TIMESTAMP: all is text (section 4.3.2).
            (
                u"<0>1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz.example.org 10.1.2.3 sched[0]: That's All Folks!",
                {
                    'pri': 0,
                    'message': "1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz.example.org 10.1.2.3 sched[0]: That's All "
                    "Folks!",
                },
            ),
            (
                u"<0>Oct 22 10:52:12 scapegoat 1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz.example.org 10.1.2.3 sched[0]: "
                u"That's All Folks!",
                {
                    'pri': 0,
                    'timestamp': 'Oct 22 10:52:12',
                    'hostname': 'scapegoat',
                    'message': "1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz.example.org 10.1.2.3 sched[0]: That's All "
                    "Folks!",
                },
            ),
        ],
    )
    def test_section_5_4(self, line, parts):
        assert syslog_message.parse(line) == expected(format='rfc3164', **parts)
        assert syslog_message.parse(line.encode('utf-8') + b'\n') == expected(format='rfc3164', **parts)

    @pytest.mark.parametrize('line, parts', PRIMER_MESSAGES)
    def test_the_messages_of_the_primer(self, line, parts):
        found = syslog_message.parse(line)
        assert tuple(found[key] for key in ('timestamp', 'hostname', 'app_name', 'procid')) == parts[:4]
        assert found['message'] == line[line.index(parts[4]):]
        assert (found['pri'],) + numbers(found) in PRIMER_PRIS
        assert '<%d>' % found['pri'] == line[:line.index('>') + 1]

    @pytest.mark.parametrize(
        'line, host, tag, process, text',
        [
            # What a program writes to /dev/log has no host.
            ('<13>Feb  5 17:32:18 su: text', None, 'su', None, 'text'),
            ('<13>Feb  5 17:32:18 sched[0]: text', None, 'sched', '0', 'text'),
            ('<13>Feb  5 17:32:18 cafe: text', None, 'cafe', None, 'text'),
            ('<13>su: text', None, 'su', None, 'text'),
            ('<30>systemd[1]: text', None, 'systemd', '1', 'text'),
            ('Feb  5 17:32:18 host su: text', 'host', 'su', None, 'text'),
            ('<13>Feb 05 17:32:18 h-1.x_y su[]: text', 'h-1.x_y', 'su', None, 'text'),
            ('<13>Feb  5 17:32:18 fe80::1%eth0 su: text', 'fe80::1%eth0', 'su', None, 'text'),
            ('<13>Feb  5 17:32:18 2001:db8::ffff:192.0.2.1 su: text', '2001:db8::ffff:192.0.2.1', 'su', None, 'text'),
            ('<13>Feb  5 17:32:18 host su:text', 'host', 'su', None, 'text'),
            ('<13>Feb  5 17:32:18 host su:  text: x', 'host', 'su', None, ' text: x'),
            ('<13>Feb  5 17:32:18 host su:', 'host', 'su', None, ''),
            ('<13>Feb  5 17:32:18 host', 'host', None, None, ''),
            ('<13>Feb  5 17:32:18 host ', 'host', None, None, ''),
            ('<13>Feb  5 17:32:18 host gdm-password][1234]: x', 'host', 'gdm-password]', '1234', 'x'),
            ('<13>Feb  5 17:32:18 host rsyslogd-2041: x', 'host', 'rsyslogd-2041', None, 'x'),
            # A [ or a blank ends the tag as well (4.1.3), where a header stands before it.
            ("<13>Feb  5 17:32:18 host su 'su root' failed", 'host', 'su', None, "'su root' failed"),
            ('Feb  5 17:32:18 host su text: more', 'host', 'su', None, 'text: more'),
            ('<13>Feb  5 17:32:18 host su : text', 'host', 'su', None, 'text'),
            ('<13>Feb  5 17:32:18 host sched[0] text', 'host', 'sched', '0', 'text'),
            ('<13>Feb  5 17:32:18 sched[0] text', None, 'sched', '0', 'text'),
            ('<13>Feb  5 17:32:18 host sched[0]', 'host', 'sched', '0', ''),
            ('<13>Feb  5 17:32:18 host sched[a b] text', 'host', 'sched', None, '[a b] text'),
            ('<13>Feb  5 17:32:18 host sched[0 text', 'host', 'sched', None, '[0 text'),
            ('<13>Feb  5 17:32:18 host %LINK-3 text', 'host', None, None, '%LINK-3 text'),
            ('<13>Feb  5 17:32:18 host 2026 text', 'host', None, None, '2026 text'),
            ('<13>Feb  5 17:32:18 host ' + 33 * 'a' + ' text', 'host', None, None, 33 * 'a' + ' text'),
            ('<13>Feb  5 17:32:18 fe80::1 a text', 'fe80::1', None, None, 'a text'),
            (u'<13>Feb  5 17:32:18 host \ud55c text', 'host', None, None, u'\ud55c text'),
            ('<13>sched[0] text', None, None, None, 'sched[0] text'),
            ('<event id="1">', None, None, None, '<event id="1">'),
            ('<13>', None, None, None, ''),
            ('<13> text', None, None, None, ' text'),
            ('<13>5 apples', None, None, None, '5 apples'),
            ('<13>1', None, None, None, '1'),
            # Not a PRI: what the driver of a security product wrote.
            ('<asm>:[INFO]x', None, '<asm>', None, '[INFO]x'),
            ('< 34>text', None, None, None, '< 34>text'),
        ],
    )
    def test_host_and_tag(self, line, host, tag, process, text):
        found = syslog_message.parse(line)
        assert found['format'] == 'rfc3164' and found['structured_data'] == {} and found['version'] is None
        assert [found[key] for key in ('hostname', 'app_name', 'procid', 'message')] == [host, tag, process, text]

    @pytest.mark.parametrize('month', 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split())
    def test_months(self, month):
        days = [day for day in range(40) if syslog_message.parse('%s %2d 00:00:00 host x: y' % (month, day))['timestamp']]
        last = 29 if month == 'Feb' else 30 if month in ('Apr', 'Jun', 'Sep', 'Nov') else 31
        assert days == list(range(1, last + 1))

    @pytest.mark.parametrize(
        'stamp',
        ['Oct 1 22:14:15', 'Oct 11 24:14:15', 'Oct 11 22:60:15', 'Oct 11 22:14:60', 'oct 11 22:14:15', 'OCT 11 22:14:15',
         'Okt 11 22:14:15', 'Oct 11 22:14', 'Oct 11 22:14:15.5', u'Oct 1１ 22:14:15', '2003-13-11T22:14:15Z',
         '2003-10-11T22:14:60Z', '2003-10-11'],
    )
    def test_what_is_no_time_is_text(self, stamp):
        found = syslog_message.parse(u'<13>%s host su text' % stamp)
        assert (found['timestamp'], found['hostname']) == (None, None)
        assert ((found['app_name'] + u':') if found['app_name'] else u'') + found['message'] == u'%s host su text' % stamp

    @pytest.mark.parametrize(
        'line, utc',
        [
            # RSYSLOG_ForwardFormat and RSYSLOG_FileFormat
            ('<13>2026-11-22T16:01:20.123456+09:00 host app[12]: text', '2026-11-22T07:01:20.123456Z'),
            ('2026-11-22T16:01:20Z host app[12]: text', '2026-11-22T16:01:20.000000Z'),
        ],
    )
    def test_the_time_of_rsyslog(self, line, utc):
        found = syslog_message.parse(line)
        assert (found['format'], found['timestamp_utc'], found['hostname']) == ('rfc3164', utc, 'host')
        assert (found['app_name'], found['procid'], found['message']) == ('app', '12', 'text')

    @pytest.mark.parametrize('pri', ['<192>', '<>', '<034>', '<00>', '<999>', '<99999999999999999999>'])
    def test_a_wrong_pri(self, pri):
        for rest in ('Oct 11 22:14:15 host su: x', '1 - - - - - -', ''):
            assert refused(syslog_message.parse, pri + rest).startswith('"%s" is not a valid PRI: it must be 0 to 191' % pri)

    @pytest.mark.parametrize('line', ['', b'', u'\n', None, 34, True, ['<34>x'], {'a': 1}])
    def test_no_message(self, line):
        assert 'is not a syslog message' in refused(syslog_message.parse, line)


PRINTABLE = u''.join(chr(number) for number in range(33, 127))
NAMES = st.text(u''.join(letter for letter in PRINTABLE if letter not in u'="]'), min_size=1, max_size=32)
TEXTS = st.one_of(st.text(u'ab\\"][= -\n\ufeff한\U0001f525', max_size=20), st.text(max_size=20)).map(
    lambda text: text.encode('utf-8', 'replace').decode('utf-8'))


def fields(length):
    return st.one_of(st.none(), st.text(PRINTABLE, min_size=1, max_size=length).filter(lambda text: text != u'-'))


def written(value):
    """How a value stands in structured data."""
    return value.replace(u'\\', u'\\\\').replace(u'"', u'\\"').replace(u']', u'\\]')


@given(
    st.integers(0, 191),
    st.tuples(fields(255), fields(48), fields(128), fields(32)),
    st.dictionaries(NAMES, st.lists(st.tuples(NAMES, TEXTS), max_size=4), max_size=4),
    st.one_of(st.none(), TEXTS),
    st.booleans(),
)
def test_what_was_written_is_read(pri, header, data, message, mark):
    line = u'<%d>1 - %s ' % (pri, u' '.join(value or u'-' for value in header))
    line += u''.join(
        u'[%s%s]' % (name, u''.join(u' %s="%s"' % (key, written(value)) for key, value in parameters))
        for name, parameters in data.items()
    ) or u'-'
    if message is not None:
        message = message.rstrip(u'\n')
        line += u' ' + (u'\ufeff' if mark or message.startswith(u'\ufeff') else u'') + message
    parts = dict(zip(('hostname', 'app_name', 'procid', 'msgid'), header))
    parts['structured_data'] = dict(
        (name, [{'name': key, 'value': value} for key, value in parameters]) for name, parameters in data.items()
    )
    assert syslog_message.parse(line) == expected(version=1, pri=pri, message=message, **parts)
    assert syslog_message.parse(line.encode('utf-8')) == expected(version=1, pri=pri, message=message, **parts)


LINES = [line for line, dummy in PRIMER_MESSAGES] + [FORM % (ELEMENT + u' text'), u'<34>1 - - - - - - \ufefftext']


@given(st.sampled_from(LINES), st.integers(0, 120), st.integers(0, 20), st.one_of(st.binary(max_size=5), TEXTS))
def test_damaged_lines_are_read_or_refused(line, place, length, other):
    if not isinstance(other, bytes):
        other = other.encode('utf-8')
    line = line.encode('utf-8')
    line = line[:place] + other + line[place + length:]
    try:
        found = syslog_message.parse(line)
    except SyslogError as error:
        assert str(error)
    else:
        assert set(found) == set(NOTHING)


@given(st.one_of(st.binary(), st.text(), st.integers(), st.floats(), st.none(), st.booleans(), st.lists(st.text())))
def test_nothing_but_the_error_is_raised(value):
    for function in (syslog.decode, syslog.facility, syslog.severity, syslog_message.parse):
        try:
            function(value)
        except SyslogError as error:
            assert str(error)
