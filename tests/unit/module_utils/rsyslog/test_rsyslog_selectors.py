# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selectors and sets of pairs. That the real rsyslogd takes them alike: tests/integration/rsyslog/test_policy.py."""
from __future__ import absolute_import, division, print_function

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import _selectors as rsyslog_selectors
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog

__metaclass__ = type

PAIRS = sorted(rsyslog_selectors.ALL)


def chosen(facilities, severities):
    return frozenset((facility, severity) for facility in facilities for severity in severities)


class TestPairsOf:

    @pytest.mark.parametrize('selector, facilities, severities', [
        ('*.*', range(24), range(8)),
        ('*.info;mail.none;authpriv.none;cron.none', set(range(24)) - set([2, 9, 10]), range(7)),
        ('uucp,news.crit', [7, 8], range(3)),
        ('mail.=err', [2], [3]),
        ('*.debug;*.!info', range(24), [7]),
        ('kern.*;kern.!=err', [0], [0, 1, 2, 4, 5, 6, 7]),
        ('*.none;auth.!none', [4], range(8)),
        ('auth.*;auth.!*', [], []),
        ('MAIL.Panic', [2], [0]),
        ('security.error', [4], range(4)),
        ('daemon.warn', [3], range(5)),
        ('ntp,console.6', [12, 14], range(7)),
        ('mail,32.=3', [2, 4], [3]),   # a number is facility times eight
        ('mark.*', [], []),
        ('mail.info,cron.err', [2], range(7)),
    ])
    def test_selected(self, selector, facilities, severities):
        wanted = chosen(facilities, severities)
        if selector == 'mail.info,cron.err':
            wanted |= chosen([9], range(4))
        assert rsyslog_selectors.pairs_of(selector) == wanted

    @pytest.mark.parametrize('selector', ['mail.loud', 'audit.*', 'mail.=*', '300.*', 'mail.9', 'mail', '.info',
                                          ':msg, contains, "x"', 'a;mail.info'])
    def test_what_it_is_not_sure_of(self, selector):
        assert rsyslog_selectors.pairs_of(selector) is None


# A second reader of what condition() writes.
NAMELESS = re.compile(r'\(\(([^()]*)\) and \(([^()]*)\)\)')


def means(condition):
    """The pairs for which a condition holds."""
    found = set()
    for selector in re.findall(r'prifilt\("([^"]*)"\)', condition):
        found |= rsyslog_selectors.pairs_of(selector)
    for facilities, severities in NAMELESS.findall(condition):
        numbers = [int(number) for number in re.findall(r'\$syslogfacility == (\d+)', facilities)]
        below = re.match(r'\$syslogseverity <= (\d)\Z', severities)
        levels = range(int(below.group(1)) + 1) if below else [
            int(number) for number in re.findall(r'\$syslogseverity == (\d)', severities)]
        found |= chosen(numbers, levels)
    rest = NAMELESS.sub('', re.sub(r'prifilt\("[^"]*"\)', '', condition))
    assert re.match(r'(?: or )*\Z', rest)
    return found


class TestCondition:

    @settings(max_examples=300, deadline=None)
    @given(st.sets(st.sampled_from(PAIRS), min_size=1)
           | st.builds(chosen, st.sets(st.integers(0, 23), min_size=1), st.sets(st.integers(0, 7), min_size=1)))
    def test_any_set(self, pairs):
        condition = rsyslog_selectors.condition(pairs)
        assert means(condition) == pairs
        assert len(condition) < 8000

    @settings(max_examples=100, deadline=None)
    @given(st.sets(st.sampled_from(PAIRS), min_size=1))
    def test_no_unsafe_name(self, pairs):
        """No numbers, no names that only some versions know."""
        for selector in re.findall(r'prifilt\("([^"]*)"\)', rsyslog_selectors.condition(pairs)):
            names = set(re.findall(r'[^,;.]+(?=[,.])', selector))
            assert names <= set(syslog.FACILITY_KEYWORDS[:12] + syslog.FACILITY_KEYWORDS[16:] + ('*',))

    @pytest.mark.parametrize('pairs, condition', [
        (chosen([4, 10], range(8)), u'prifilt("auth,authpriv.*")'),
        (chosen(range(24), [6, 7]), u'prifilt("*.=info;*.=debug")'),
        (chosen(set(range(24)) - set([2, 9, 10]), range(7)), u'prifilt("*.info;mail,cron,authpriv.none")'),
        (chosen([13], range(4)), u'(($syslogfacility == 13) and ($syslogseverity <= 3))'),
        (chosen([0, 12, 15], [1]), u'prifilt("kern.=alert") or '
                                   u'(($syslogfacility == 12 or $syslogfacility == 15) and ($syslogseverity == 1))'),
        (rsyslog_selectors.ALL, u'prifilt("*.*")'),
    ])
    def test_it_is_cheap(self, pairs, condition):
        assert rsyslog_selectors.condition(pairs) == condition
