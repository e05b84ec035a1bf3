# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules of a policy mean for one message."""
from __future__ import absolute_import, division, print_function

import hypothesis
from hypothesis import strategies

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.expected import expected

__metaclass__ = type

KERN, AUTH, AUTHPRIV, FTP = 0, 4, 10, 11
ALL = list(range(8))


def rule(name, facilities, severities=None, **more):
    return dict(dict(name=name, facilities=facilities, severities=ALL if severities is None else severities,
                     keep_days=None, file=None, separate=False, forward=None, alert=None), **more)


RULES = [
    rule('access', [AUTHPRIV], file='/a/secure', separate=True),
    rule('everything', list(range(24)), list(range(7)), file='/a/messages'),
    rule('collector', [FTP, AUTHPRIV], forward={'target': '192.0.2.1'}),
    rule('worst', list(range(24)), [0, 1, 2], alert={'mail': ['a@example.com']}),
]


def test_a_separate_rule_takes_its_messages_away_from_the_others():
    assert expected(RULES, AUTHPRIV, 6) == {
        'files': ['/a/secure'], 'not_files': ['/a/messages'], 'forwards': ['collector'], 'alerts': []}
    assert expected(RULES, AUTHPRIV, 6, ['/a/secure', '/a/other'])['not_files'] == ['/a/messages', '/a/other']
    assert expected(RULES, AUTH, 6, ['/a/secure', '/a/other'])['not_files'] == ['/a/secure']


def test_other_messages_are_in_all_files_that_want_them_and_not_in_a_separate_one():
    rules = RULES + [rule('more', [AUTH], file='/a/more'), rule('same', [AUTH], file='/a/messages')]
    assert expected(rules, AUTH, 0) == {
        'files': ['/a/messages', '/a/more'], 'not_files': ['/a/secure'], 'forwards': [], 'alerts': ['worst']}


def test_what_no_rule_selects_may_be_anywhere_but_in_a_separate_file():
    assert expected(RULES, AUTH, 7) == {'files': [], 'not_files': ['/a/secure'], 'forwards': [], 'alerts': []}


def test_a_file_shared_by_a_separate_rule_and_another_is_no_wrong_place():
    rules = [rule('one', [KERN], file='/a/x', separate=True), rule('two', [AUTH], file='/a/x')]
    assert expected(rules, AUTH, 3)['not_files'] == []
    assert expected(rules, FTP, 3)['not_files'] == ['/a/x']


@hypothesis.given(strategies.lists(strategies.builds(
    rule, strategies.sampled_from('abcd'), strategies.lists(strategies.integers(0, 23), max_size=4),
    strategies.lists(strategies.integers(0, 7), max_size=4), file=strategies.sampled_from([None, '/x', '/y', '/z']),
    separate=strategies.booleans()), max_size=5), strategies.integers(0, 23), strategies.integers(0, 7))
def test_no_file_is_both_wanted_and_forbidden(rules, facility, severity):
    found = expected(rules, facility, severity)
    assert not set(found['files']) & set(found['not_files'])
    assert len(set(found['files'])) == len(found['files'])
    assert set(found['files'] + found['not_files']) <= set(one['file'] for one in rules)
