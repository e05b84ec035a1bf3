# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding up: counts, times, boots, episodes, samples and what was opened and not closed."""

from __future__ import absolute_import, division, print_function

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils.matcher import Entry, Matcher
from ansible_collections.loghygiene.rhel.plugins.module_utils.tally import QUIET, SAMPLE_LENGTH, Episodes, Tally

__metaclass__ = type

SIGNATURE = {
    'id': 'x',
    'match': {'literal': 'module is ', 'regex': 'module is '},
    'watch': {'opened': 'module is unloaded', 'closed': 'module is loaded'},
}
OTHER = {'id': 'y', 'match': {'literal': 'never seen', 'regex': 'never seen'}}
SECOND = 1000000


def tally(lines, max_samples=3, boot=u'b1', fraction=True):
    """A Tally of (second, text) pairs."""
    found = Tally(Matcher([SIGNATURE, OTHER]), max_samples, fraction)
    for number, (second, text) in enumerate(lines):
        found.add(
            None if second is None else second * SECOND,
            boot,
            [Entry(text, u'kernel', None, u'kernel', 6)],
            {'line': number},
        )
    return found


def test_a_signature_never_seen_is_returned_too():
    assert tally([]).signatures()[1] == {
        'id': 'y',
        'count': 0,
        'first_seen': None,
        'last_seen': None,
        'episodes': 0,
        'boots': [],
        'samples': [],
        'unclosed': None,
        'closed': None,
        'lookalikes': {'count': 0, 'first_seen': None, 'last_seen': None, 'boots': [], 'samples': []},
    }
    assert tally([]).boots() == []


def test_first_and_last_are_by_time_and_not_by_order():
    row = tally([(20, u'module is here'), (10, u'module is here'), (15, u'module is here'), (5, u'else')]).signatures()[
        0
    ]
    assert (row['count'], row['first_seen'], row['last_seen']) == (
        3,
        '1970-01-01T00:00:10.000000Z',
        '1970-01-01T00:00:20.000000Z',
    )
    assert row['boots'] == [
        {'boot_id': u'b1', 'count': 3, 'first_seen': row['first_seen'], 'last_seen': row['last_seen']}
    ]


def test_text_logs_have_no_boots_and_whole_seconds():
    found = tally([(20, u'module is here')], boot=None, fraction=False)
    assert found.boots() == []
    assert found.signatures()[0]['boots'] == []
    assert found.signatures()[0]['first_seen'] == '1970-01-01T00:00:20Z'


def test_boots_are_ordered_by_their_first_entry():
    found = Tally(Matcher([SIGNATURE]), 3)
    for second, boot in ((30, u'late'), (10, u'early'), (20, u''), (40, u'early')):
        found.add(second * SECOND, boot, [Entry(u'module is here', None, None, u'kernel', 6)], {})
    assert [(boot['boot_id'], boot['entries']) for boot in found.boots()] == [(u'early', 2), (u'', 1), (u'late', 1)]
    assert [(boot['boot_id'], boot['count']) for boot in found.signatures()[0]['boots']] == [
        (u'early', 2),
        (u'', 1),
        (u'late', 1),
    ]
    assert found.entries == 4


def test_samples_are_the_newest_and_bounded():
    row = tally([(second, u'module is %d' % second) for second in range(10)], max_samples=2).signatures()[0]
    assert [sample['text'] for sample in row['samples']] == [u'module is 8', u'module is 9']
    assert [sample['line'] for sample in row['samples']] == [8, 9]
    assert tally([(1, u'module is here')], max_samples=0).signatures()[0]['samples'] == []
    text = tally([(1, u'module is ' + u'x' * 2**20)]).signatures()[0]['samples'][0]['text']
    assert len(text) == SAMPLE_LENGTH + 1 and text.endswith(u'\u2026')


def test_an_entry_with_two_messages_counts_once():
    found = Tally(Matcher([SIGNATURE]), 3)
    entries = [Entry(text, None, None, u'kernel', 6) for text in (u'module is a', u'module is b', u'else')]
    assert found.add(SECOND, u'b', entries, {}) == [0]
    assert found.signatures()[0]['count'] == 1
    assert found.entries == 1


def test_what_was_opened_and_not_closed():
    unloaded, loaded = (1, u'module is unloaded'), (2, u'module is loaded')
    assert tally([loaded]).signatures()[0]['unclosed'] is None
    assert tally([unloaded, loaded]).signatures()[0]['unclosed'] is None
    assert tally([unloaded, loaded]).signatures()[0]['closed'] == {
        'at': '1970-01-01T00:00:02.000000Z',
        'boot_id': u'b1',
    }
    again = tally([unloaded, loaded, (3, u'module is unloaded')]).signatures()[0]
    assert again['unclosed'] == {'at': '1970-01-01T00:00:03.000000Z', 'boot_id': u'b1', 'text': u'module is unloaded'}
    # One line that says both: nobody knows in which order, so it stays a finding.
    assert tally([(1, u'module is loaded, module is unloaded')]).signatures()[0]['unclosed'] is not None


def test_lookalikes_are_told_apart():
    kernel = {'id': 'k', 'match': {'transport': ['kernel'], 'literal': 'module is ', 'regex': 'module is '}}
    found = Tally(Matcher([kernel]), 3)
    found.add(SECOND, u'b', [Entry(u'module is here', u'kernel', None, u'kernel', 6)], {})
    found.add(2 * SECOND, u'b', [Entry(u'module is forged', u'kernel', u'logger', u'syslog', 6)], {'cursor': u'c'})
    row = found.signatures()[0]
    assert (row['count'], row['lookalikes']['count']) == (1, 1)
    assert row['lookalikes']['samples'] == [
        {'at': '1970-01-01T00:00:02.000000Z', 'text': u'module is forged', 'cursor': u'c'}
    ]
    assert row['lookalikes']['boots'][0]['count'] == 1


def test_a_time_may_be_unknown():
    row = tally([(None, u'module is here'), (None, u'module is here')]).signatures()[0]
    assert (row['count'], row['first_seen'], row['episodes']) == (2, None, 0)


@given(st.lists(st.integers(min_value=0, max_value=20).map(lambda step: step * QUIET // 2)))
def test_episodes_are_the_runs_of_the_sorted_times(stamps):
    episodes = Episodes()
    for stamp in stamps:
        episodes.add(stamp)
    ordered = sorted(stamps)
    assert len(episodes) == len(ordered[:1]) + sum(1 for one, two in zip(ordered, ordered[1:]) if two - one > QUIET)
