# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding up: counts, times, boots, episodes, samples and what was opened and not closed."""

from __future__ import absolute_import, division, print_function

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import aggregate as aggregate_module
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import Entry, Matcher
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import (
    EPISODE_GAP, SAMPLE_LENGTH, Episodes, Span, Aggregate, shorten)

__metaclass__ = type

SIGNATURE = {
    'id': 'x',
    'match': {'literal': 'module is ', 'regex': 'module is '},
    'watch': {'opened': 'module is unloaded', 'closed': 'module is loaded'},
}
OTHER = {'id': 'y', 'match': {'literal': 'never seen', 'regex': 'never seen'}}
LOSS = {
    'id': 'loss:suppressed:a',
    'kind': 'suppressed',
    'match': {'literal': 'Suppressed ', 'regex': '^Suppressed (?P<lost>[0-9]+) messages(?: from (?P<source>.*))?$'},
}
NUMBERLESS = {'id': 'loss:overrun', 'kind': 'overrun', 'match': {'literal': 'overrun, lost', 'regex': 'overrun'}}
SECOND = 1000000


def count(found, matcher, stamp, boot, text, place, machine=None, sink=u'journal', transport=u'kernel', order=None,
          shown_in=u''):
    """Read an entry and count what it is."""
    found.read(stamp, boot, machine)
    matches, lookalikes = matcher.examine(Entry(text, u'kernel', None, transport, 6, 0))
    found.found(matches, lookalikes, stamp, boot, machine, sink, text, place, order, shown_in)


def aggregate(lines, max_samples=3, boot=u'b1', fraction=True, signatures=(SIGNATURE, OTHER)):
    """A Aggregate of (second, text) pairs."""
    matcher = Matcher(signatures)
    found = Aggregate(matcher, max_samples, lambda place: {'line': place}, fraction)
    for number, (second, text) in enumerate(lines):
        count(found, matcher, None if second is None else second * SECOND, boot, text, number)
    return found


def test_a_signature_never_seen_is_returned_too():
    assert aggregate([]).signatures()[1] == {
        'id': 'y',
        'count': 0,
        'first_seen': None,
        'last_seen': None,
        'episodes': 0,
        'silence': None,
        'wait': None,
        'sinks': [],
        'boots': [],
        'samples': [],
        'unclosed': None,
        'closed': None,
        'lookalikes': {
            'count': 0, 'first_seen': None, 'last_seen': None, 'boots': [], 'samples': [], 'shown_in': []},
    }
    assert aggregate([]).boots() == aggregate([]).machines() == aggregate([]).losses() == []
    assert aggregate([]).entries == 0


def test_first_and_last_are_by_time_and_not_by_order():
    row = aggregate([(20, u'module is here'), (10, u'module is here'), (15, u'module is here'), (5, u'else')]).signatures()[
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
    found = aggregate([(20, u'module is here')], boot=None, fraction=False)
    assert found.boots() == []
    assert found.signatures()[0]['boots'] == []
    assert found.signatures()[0]['first_seen'] == '1970-01-01T00:00:20Z'


def test_boots_are_ordered_by_their_first_entry():
    matcher = Matcher([SIGNATURE])
    found = Aggregate(matcher, 3, dict)
    for second, boot in ((30, u'late'), (10, u'early'), (20, u''), (40, u'early')):
        count(found, matcher, second * SECOND, boot, u'module is here', {})
    assert [(boot['boot_id'], boot['entries']) for boot in found.boots()] == [(u'early', 2), (u'', 1), (u'late', 1)]
    assert [(boot['boot_id'], boot['count']) for boot in found.signatures()[0]['boots']] == [
        (u'early', 2),
        (u'', 1),
        (u'late', 1),
    ]
    assert found.entries == 4


def test_samples_are_the_newest_and_bounded():
    row = aggregate([(second, u'module is %d' % second) for second in range(10)], max_samples=2).signatures()[0]
    assert [sample['text'] for sample in row['samples']] == [u'module is 8', u'module is 9']
    assert [sample['line'] for sample in row['samples']] == [8, 9]
    assert aggregate([(1, u'module is here')], max_samples=0).signatures()[0]['samples'] == []
    text = aggregate([(1, u'module is ' + u'x' * 2**20)]).signatures()[0]['samples'][0]['text']
    assert len(text) == SAMPLE_LENGTH + 1 and text.endswith(u'\u2026')


def test_what_was_opened_and_not_closed():
    unloaded, loaded = (1, u'module is unloaded'), (2, u'module is loaded')
    assert aggregate([loaded]).signatures()[0]['unclosed'] is None
    assert aggregate([unloaded, loaded]).signatures()[0]['unclosed'] is None
    assert aggregate([unloaded, loaded]).signatures()[0]['closed'] == {
        'at': '1970-01-01T00:00:02.000000Z',
        'boot_id': u'b1',
    }
    again = aggregate([unloaded, loaded, (3, u'module is unloaded')]).signatures()[0]
    assert again['unclosed'] == {'at': '1970-01-01T00:00:03.000000Z', 'boot_id': u'b1', 'text': u'module is unloaded'}
    # One line that says both: nobody knows in which order, so it stays a finding.
    assert aggregate([(1, u'module is loaded, module is unloaded')]).signatures()[0]['unclosed'] is not None


def test_lookalikes_are_told_apart():
    kernel = {'id': 'k', 'match': {'transport': ['kernel'], 'literal': 'module is ', 'regex': 'module is '}}
    matcher = Matcher([kernel])
    found = Aggregate(matcher, 3, lambda place: {'cursor': place})
    count(found, matcher, SECOND, u'b', u'module is here', u'd')
    count(found, matcher, 2 * SECOND, u'b', u'module is forged', u'c', transport=u'syslog')
    row = found.signatures()[0]
    assert (row['count'], row['lookalikes']['count']) == (1, 1)
    assert row['lookalikes']['samples'] == [
        {'at': '1970-01-01T00:00:02.000000Z', 'text': u'module is forged', 'cursor': u'c'}
    ]
    assert row['lookalikes']['boots'][0]['count'] == 1
    assert row['lookalikes']['shown_in'] == []


def test_lookalikes_are_told_by_the_text_log_that_shows_them():
    kernel = {'id': 'k', 'match': {'transport': ['kernel'], 'literal': 'module is ', 'regex': 'module is '}}
    matcher = Matcher([kernel])
    found = Aggregate(matcher, 3, lambda place: {'cursor': place})
    for second, shown_in in enumerate([u'messages', u'', u'secure', u'messages', u'']):
        count(found, matcher, second * SECOND, u'b%d' % (second % 2), u'module is here', u'c', transport=u'syslog',
              shown_in=shown_in)
    like = found.signatures()[0]['lookalikes']
    assert like['count'] == 5 and [boot['count'] for boot in like['boots']] == [3, 2]
    assert [(row['sink'], row['count'], [(boot['boot_id'], boot['count']) for boot in row['boots']])
            for row in like['shown_in']] == [(u'messages', 2, [(u'b0', 1), (u'b1', 1)]), (u'secure', 1, [(u'b0', 1)])]


def test_a_time_may_be_unknown():
    row = aggregate([(None, u'module is here'), (None, u'module is here')]).signatures()[0]
    assert (row['count'], row['first_seen'], row['episodes']) == (2, None, 0)


@given(st.lists(st.integers(min_value=0, max_value=20).map(lambda step: step * EPISODE_GAP // 2)))
def test_episodes_are_the_runs_of_the_sorted_times(stamps):
    episodes = Episodes()
    for stamp in stamps:
        episodes.add(stamp)
    ordered = sorted(stamps)
    assert len(episodes) == len(ordered[:1]) + sum(1 for one, two in zip(ordered, ordered[1:]) if two - one > EPISODE_GAP)


@given(st.lists(st.lists(st.integers(min_value=0, max_value=20).map(lambda step: step * EPISODE_GAP // 2), min_size=1)),
       st.booleans())
def test_episodes_however_they_are_put_together(parts, merged):
    one_by_one, together = Episodes(), Episodes()
    for stamps in parts:
        for stamp in stamps:
            one_by_one.add(stamp)
        part = Episodes() if merged else together
        part.add_many(sorted(stamps))
        if merged:
            together.merge(part)
    assert (together._starts, together._ends) == (one_by_one._starts, one_by_one._ends)


def test_episodes_and_silence_are_of_the_time_that_the_host_ran():
    """Two boots of ten and five hours, a month apart; the clock is set back by years in the first, after its message."""
    matcher, hour = Matcher([SIGNATURE]), 3600 * SECOND
    parts = [Aggregate(matcher, 3, dict) for _part in range(2)]
    for part, boot, clock, tick, text in (
            (0, u'b1', 5000, 100, u'else'), (0, u'b1', 5002, 102, u'module is a'), (1, u'b1', 4, 102.5, u'module is b'),
            (1, u'b1', 9, 110, u'else'), (0, u'b2', 5730, 1, u'else'), (1, u'b2', 5731, 2, u'module is c'), (0, u'b2', 5735, 6, u'else')):
        parts[part].read(clock * hour, boot, u'm', int(tick * hour))
        matches, _like = matcher.examine(Entry(text, u'kernel', None, u'kernel', 6, 0))
        parts[part].found(matches, (), clock * hour, boot, u'm', u'journal', text, {}, tick=int(tick * hour))
    parts[0].merge(parts[1])
    row = parts[0].signatures()[0]
    assert (row['episodes'], row['silence']) == (2, 8.5 * 3600)
    assert row['wait'] == (2 ** 2 + 8.5 ** 2 + 4 ** 2) / 30.0 * 3600  # of fifteen hours, half of the gap one is in
    assert {boot['boot_id']: (boot['first_monotonic'] // hour, boot['last_monotonic'] // hour) for boot in parts[0].boots()} == {
        u'b1': (100, 110), u'b2': (1, 6)}


# --- machines, logs, losses
# --------------------------------------------------------------------------------------------


def test_machines_by_their_id():
    matcher = Matcher([SIGNATURE, OTHER])
    found = Aggregate(matcher, 3, dict)
    for second, boot, machine, text in ((30, u'b1', u'm2', u'module is here'), (10, u'b2', u'm1', u'else'),
                                        (20, u'b3', u'm2', u'module is here'), (40, u'b1', u'm2', u'never seen'),
                                        (50, u'b4', u'', u'else')):
        count(found, matcher, second * SECOND, boot, text, {}, machine)
    found.hostname(u'm2', u'old')
    found.hostname(u'm2', u'new')
    found.hostname(u'm2', u'new')
    at = '1970-01-01T00:00:%d.000000Z'
    assert found.machines() == [
        {'machine_id': u'', 'entries': 1, 'first_seen': at % 50, 'last_seen': at % 50, 'hostnames': [],
         'boots': [u'b4'], 'signatures': []},
        {'machine_id': u'm1', 'entries': 1, 'first_seen': at % 10, 'last_seen': at % 10, 'hostnames': [],
         'boots': [u'b2'], 'signatures': []},
        {'machine_id': u'm2', 'entries': 3, 'first_seen': at % 20, 'last_seen': at % 40, 'hostnames': [u'new', u'old'],
         'boots': [u'b3', u'b1'], 'signatures': [
             {'id': u'x', 'count': 2, 'first_seen': at % 20, 'last_seen': at % 30},
             {'id': u'y', 'count': 1, 'first_seen': at % 40, 'last_seen': at % 40}]}]
    assert [(boot['boot_id'], boot['machine_id']) for boot in found.boots()] == [
        (u'b2', u'm1'), (u'b3', u'm2'), (u'b1', u'm2'), (u'b4', u'')]


def test_a_boot_is_of_the_machine_of_most_of_its_entries():
    found = Aggregate(Matcher([SIGNATURE]), 3, dict)
    for machine in (u'', u'm1', u'm1', u''):
        found.read(SECOND, u'b', machine)
    found.span(u'b', u'm1', 5, SECOND, 9 * SECOND)
    assert found.boots() == [{'boot_id': u'b', 'machine_id': u'm1', 'entries': 9,
                              'first_seen': '1970-01-01T00:00:01.000000Z',
                              'last_seen': '1970-01-01T00:00:09.000000Z',
                              'first_monotonic': None, 'last_monotonic': None}]
    assert found.entries == 9


def test_a_text_log_may_name_the_boot_of_some_lines():
    found = Aggregate(Matcher([SIGNATURE]), 3, dict)
    for boot in (None, u'b2', u'b1'):
        found.read(SECOND, boot)
    assert [(boot['boot_id'], boot['machine_id']) for boot in found.boots()] == [(u'b1', None), (u'b2', None)]
    assert found.machines() == []


def test_the_logs_it_stands_in():
    matcher = Matcher([SIGNATURE])
    found = Aggregate(matcher, 3, dict)
    for sink in (u'/var/log/messages', u'/var/log/cron', u'/var/log/messages'):
        count(found, matcher, SECOND, None, u'module is here', {}, sink=sink)
    assert found.signatures()[0]['sinks'] == [{'sink': u'/var/log/cron', 'count': 1},
                                              {'sink': u'/var/log/messages', 'count': 2}]
    assert found.signatures()[0]['boots'] == []


def test_losses():
    found = aggregate([(1, u'Suppressed 3 messages from a.service'), (5, u'overrun, lost'),
                   (3, u'Suppressed 4 messages from a.service'), (2, u'Suppressed 10 messages from b'),
                   (4, u'Suppressed 1 messages'), (6, u'module is here')],
                  signatures=(SIGNATURE, LOSS, NUMBERLESS))
    at = '1970-01-01T00:00:0%d.000000Z'
    assert found.losses() == [
        {'kind': 'overrun', 'source': u'', 'entries': 1, 'lost': None, 'first_seen': at % 5, 'last_seen': at % 5,
         'detail': u'overrun, lost'},
        {'kind': 'suppressed', 'source': u'', 'entries': 1, 'lost': 1, 'first_seen': at % 4, 'last_seen': at % 4,
         'detail': u'Suppressed 1 messages'},
        {'kind': 'suppressed', 'source': u'a.service', 'entries': 2, 'lost': 7, 'first_seen': at % 1,
         'last_seen': at % 3, 'detail': found.losses()[2]['detail']},
        {'kind': 'suppressed', 'source': u'b', 'entries': 1, 'lost': 10, 'first_seen': at % 2, 'last_seen': at % 2,
         'detail': u'Suppressed 10 messages from b'}]
    assert found.losses()[2]['detail'].endswith(u' messages from a.service')
    assert [row['id'] for row in found.signatures()] == [u'x']  # they are no signatures of the catalog


def test_losers_are_bounded(monkeypatch):
    monkeypatch.setattr(aggregate_module, 'LOSERS', 2)
    lines = [(1, u'Suppressed 3 messages from %d' % number) for number in range(9)]
    found = aggregate(lines, signatures=(LOSS,))
    assert [(row['source'], row['lost']) for row in found.losses()] == [(u'', 21), (u'0', 3), (u'1', 3)]


def test_losers_are_bounded_when_aggregates_are_merged(monkeypatch):
    monkeypatch.setattr(aggregate_module, 'LOSERS', 2)
    found = aggregate([], signatures=(LOSS,))
    for number in range(9):
        found.merge(aggregate([(1, u'Suppressed 3 messages from %d' % number)], signatures=(LOSS,)))
    assert [(row['source'], row['lost']) for row in found.losses()] == [(u'', 21), (u'0', 3), (u'1', 3)]


# --- any order, any split
# ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize('stamps', [[], [None], [3], [None, 5, 1, 3], [2, 2]])
def test_spans_put_together(stamps):
    one, together = Span(), Span()
    for stamp in stamps:
        one.add(stamp)
        together.include(1, stamp, stamp)
    assert (one.count, one.first, one.last) == (together.count, together.first, together.last)


SIGNATURES = [SIGNATURE, OTHER, {'id': 'plain', 'match': {'literal': 'module is ', 'regex': 'unloaded|here'}},
              {'id': 'kernel', 'match': {'transport': ['kernel'], 'literal': 'never seen', 'regex': 'never seen'}},
              LOSS]
FINDINGS = st.lists(st.tuples(
    st.integers(0, 30).map(lambda number: number * EPISODE_GAP // 3), st.sampled_from([u'b1', u'b2', u'']),
    st.sampled_from([u'm1', u'm2']), st.sampled_from([u'journal', u'syslog']),
    st.sampled_from([u'module is loaded', u'module is unloaded', u'module is here', u'module is loaded and unloaded',
                     u'never seen', u'Suppressed 3 messages from a', u'Suppressed 3 messages', u'else'])), max_size=15)


def told(found):
    return found.signatures(), found.boots(), found.machines(), found.losses(), found.entries


@given(findings=FINDINGS, parts=st.lists(st.integers(0, 3), min_size=15, max_size=15), seed=st.integers(0, 99),
       many=st.booleans())
def test_the_result_depends_on_no_split_and_no_order_of_the_calls(findings, parts, seed, many):
    """What journal_scan relies on: each file has a Aggregate of its own, which is merged or thrown away."""
    matcher = Matcher(SIGNATURES)
    whole = Aggregate(matcher, 2, lambda place: {'cursor': place})
    for number, (stamp, boot, machine, transport, text) in enumerate(findings):
        count(whole, matcher, stamp, boot, text, number, machine, transport=transport, order=(number, 0),
              shown_in=u'messages')
        whole.hostname(machine, u'host %d' % (number % 2))

    shuffled = list(enumerate(findings))
    random.Random(seed).shuffle(shuffled)
    split = whole.fresh()
    assert told(split) == told(Aggregate(matcher, 2, dict))
    for part in (2, 0, 3, 1):
        mine = whole.fresh()
        groups, spans = {}, {}
        for number, (stamp, boot, machine, transport, text) in shuffled:
            if parts[number] != part:
                continue
            mine.hostname(machine, u'host %d' % (number % 2))
            spans.setdefault((boot, machine), []).append(stamp)
            matches, lookalikes = matcher.examine(Entry(text, u'kernel', None, transport, 6, 0))
            alike = [index for index in matches if many and not mine.is_loss(index)]
            mine.found([index for index in matches if index not in alike], [] if many else lookalikes, stamp, boot,
                       machine, u'journal', text, number, (number, 0), u'messages')
            if many and (alike or lookalikes):
                groups.setdefault((tuple(alike), tuple(lookalikes), boot, machine), []).append(
                    ((number, 0), stamp, text, number))
        for (boot, machine), stamps in spans.items():
            mine.span(boot, machine, len(stamps), min(stamps), max(stamps))
        for (alike, lookalikes, boot, machine), samples in groups.items():
            mine.found_many(alike, lookalikes, [sample[1] for sample in samples], boot, machine, u'journal',
                            sorted(samples)[-2:], u'messages')
            for index in filter(mine.is_watched, alike):
                mine.watch(index, boot, [sample[:3] for sample in sorted(samples, reverse=True)])
        split.merge(mine)
    assert told(split) == told(whole)


def test_losses_depend_on_no_order_of_the_calls():
    """What is shown of several messages of one program is the earliest in the log."""
    matcher = Matcher([LOSS])
    texts = [u'Suppressed %d messages from a' % number for number in range(1, 4)]
    results = []
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        found, merged = Aggregate(matcher, 3, dict), Aggregate(matcher, 3, dict)
        for number in order:
            for target in (found, merged.fresh()):
                target.found([0], [], number, u'b', u'm', u'journal', texts[number], None, (0, number))
                if target is not found:
                    merged.merge(target)
        results += [found.losses(), merged.losses()]
    assert all(result == results[0] for result in results)
    assert results[0][0]['lost'] == 6


def test_merging_takes_nothing_from_the_other():
    lines = [(1, u'module is here'), (2, u'Suppressed 3 messages from a')]
    other = aggregate(lines, signatures=(SIGNATURE, LOSS))
    before = told(other)
    found = other.fresh()
    found.merge(other)
    found.merge(aggregate(lines, signatures=(SIGNATURE, LOSS)))
    assert told(other) == before
    assert (found.entries, found.losses()[0]['lost']) == (4, 6)


def test_shorten():
    assert shorten(u'x' * SAMPLE_LENGTH) == u'x' * SAMPLE_LENGTH
    assert shorten(u'x' * SAMPLE_LENGTH + u'y') == u'x' * SAMPLE_LENGTH + u'\u2026'


def test_text():
    assert aggregate([]).text(5) == timestamps.to_text(5, True)
    assert aggregate([], fraction=False).text(SECOND) == '1970-01-01T00:00:01Z'
