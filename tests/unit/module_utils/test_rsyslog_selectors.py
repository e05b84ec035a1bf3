# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selectors as rsyslogd reads them. What the daemon makes of our conditions: tests/integration/rsyslog/test_policy.py."""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils import rsyslog_selectors as selectors

PAIRS = st.frozensets(st.tuples(st.integers(0, 23), st.integers(0, 7)), min_size=1)


def levels(*numbers):
    return frozenset((number, level) for number in numbers for level in range(8))


@pytest.mark.parametrize('selector, pairs', [
    ('*.*', selectors.ALL),
    ('authpriv.*', levels(10)),
    ('security.*', levels(4)),
    ('*.info;mail.none;authpriv.none;cron.none', frozenset(
        pair for pair in selectors.ALL if pair[0] not in (2, 9, 10) and pair[1] <= 6)),
    ('uucp,news.crit', frozenset((number, level) for number in (7, 8) for level in range(3))),
    ('kern.=err', frozenset([(0, 3)])),
    ('mail.!info', frozenset()),
    ('mail.*;mail.!=info', levels(2) - frozenset([(2, 6)])),
    ('*.emerg', frozenset((number, 0) for number in range(24))),
    ('console.panic', frozenset([(14, 0)])),
    # A number stands for eight times the facility.
    ('12.*', levels(1)),
    ('96.*', levels(12)),
    ('mark.*', frozenset()),
    ('nothing.*', None),
    ('kern.loud', None),
    ('*.', None),
])
def test_what_a_selector_takes(selector, pairs):
    assert selectors.pairs_of(selector) == pairs


def taken(condition):
    """The pairs that a condition holds for, worked out from its text."""
    found = set()
    for selector in re.findall(r'prifilt\("([^"]*)"\)', condition):
        found |= selectors.pairs_of(selector)
    for facilities, severities in re.findall(r'\(\(([^()]*)\) and \(([^()]*)\)\)', condition):
        for number, level in selectors.ALL:
            names = {'$syslogfacility': number, '$syslogseverity': level}
            held = [any(compare(names, term) for term in side.split(' or ')) for side in (facilities, severities)]
            if all(held):
                found.add((number, level))
    return found


def compare(names, term):
    name, operator, number = term.split()
    return names[name] == int(number) if operator == '==' else names[name] <= int(number)


@given(PAIRS)
@settings(deadline=None)
def test_a_condition_holds_for_its_pairs_and_no_others(pairs):
    assert taken(selectors.condition(pairs)) == pairs


@pytest.mark.parametrize('pairs, condition', [
    (selectors.ALL, 'prifilt("*.*")'),
    (levels(4, 10), 'prifilt("auth,authpriv.*")'),
    (frozenset((number, level) for number in range(24) for level in range(3)), 'prifilt("*.crit")'),
])
def test_the_usual_ones_are_one_look_up(pairs, condition):
    assert selectors.condition(pairs) == condition
