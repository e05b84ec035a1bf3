# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search of one journal file, by its lists and entry by entry, against a plain loop over the entries written."""
from __future__ import absolute_import, division, print_function

import struct

import journal_builder as builder
import pytest
from hypothesis import given
from hypothesis import strategies as st
from journal_builder import BOOTS, MACHINES, START, fields_of, journal_of
from test_journal_file import opened, stored

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import _search as journal_search
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.file import Damaged, Unreadable
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.scan import to_entries, to_sample
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal._search import FileSearch, Search
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import Matcher, is_plain, is_record, needs_explanation, text_log
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import Aggregate
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.unexplained import Unexplained

__metaclass__ = type

KOREAN = u'\ud55c\uae00\ub85c \uc4f4 \ud55c \uae00'
SIGNATURES = [
    {'id': 'anyone', 'match': {'literal': 'something known', 'regex': 'something known'}},
    {'id': 'kernel', 'match': {'transport': ['kernel'], 'literal': 'something known', 'regex': 'something known$'}},
    {'id': 'daemon', 'match': {'identifiers': ['daemon'], 'comms': ['daemon'], 'priority': 'warning',
                               'literal': ['something known', KOREAN], 'regex': u'known|\uc4f4'}},
    {'id': 'root', 'match': {'uid': 'root', 'literal': 'something known', 'regex': 'known'}},
    {'id': 'desktop', 'match': {'uid': 'any', 'exes': ['/usr/bin/daemon'], 'literal': 'something known', 'regex': 'known'}},
    {'id': 'pair', 'match': {'literal': 'it was opened', 'regex': 'it was (?:opened|closed)'},
     'watch': {'opened': 'opened', 'closed': 'closed'}},
    {'id': 'boot', 'match': {'literal': 'something known', 'regex': '^something known$', 'boot_seconds': 3}},
    {'id': 'loss:x', 'kind': 'x', 'match': {'literal': 'somebody lost ', 'regex': '^somebody lost (?P<lost>[0-9]+)'}},
]
TEXTS = [b'something known', b'something known 1', b'unknown', KOREAN.encode('utf-8'),
         b'it was opened', b'it was closed: it was opened', b'somebody lost 3', b'', b'\0\xffsomething known',
         b'ansible-x Invoked with something known', b'x COMMAND=something known', b'something known\nMESSAGE=']


class Found:
    """What a search counted, in one form."""

    def __init__(self):
        self.matcher = Matcher(SIGNATURES)
        self.aggregate = Aggregate(self.matcher, 2, to_sample)
        self.groups = Unexplained()

    def told(self):
        aggregate = self.aggregate
        return {'entries': aggregate.entries, 'signatures': aggregate.signatures(), 'boots': aggregate.boots(),
                'machines': aggregate.machines(), 'losses': aggregate.losses(),
                'unexplained': self.groups.result(lambda cursor: {'cursor': cursor}, aggregate.text)}


def plain(journal, cursors, rows, options):
    """What is to be found: entry by entry."""
    found, last = Found(), 0
    wanted, own_boot, own = options.get('wanted'), options.get('own_boot'), options.get('own', {})
    for number, (fields, stamp, monotonic) in enumerate(rows):
        values = {}
        for name, value in fields:
            values.setdefault(name.decode('ascii'), []).append(value)
        # Of values that are there twice the file holds one; all stand in the order of the file.
        for name in values:
            begin = name.encode('ascii') + b'='
            values[name] = sorted(set(values[name]), key=lambda value, begin=begin: journal.value(begin + value))
        boots = options.get('boots')
        boot_id = (boots[number % len(boots)] if boots else values.get('_BOOT_ID', [b'0' * 32])[0]).decode('ascii')
        if (wanted is not None and number not in wanted or options.get('boot', boot_id) != boot_id
                or stamp > options.get('until', stamp)):
            continue
        last = journal.entries[number]
        if stamp < options.get('since', stamp):
            continue
        machine_id = values.get('_MACHINE_ID', [b''])[0].decode('ascii')
        found.aggregate.read(stamp, boot_id, machine_id, monotonic)
        if '_HOSTNAME' in values:
            found.aggregate.hostname(machine_id, values['_HOSTNAME'][0].decode('ascii'))
        if boot_id == own_boot and stamp >= own.get(values.get('_PID', [b''])[0], stamp + 1):
            continue
        counted, like, entries = set(), set(), to_entries(values)
        unit = values['_SYSTEMD_UNIT'][0].decode('ascii') if '_SYSTEMD_UNIT' in values else None
        for entry in entries:
            matches, lookalikes = found.matcher.examine(entry, monotonic / 1e6)
            found.aggregate.found([index for index in matches if index not in counted],
                              [index for index in lookalikes if index not in like], stamp, boot_id, machine_id,
                              u'journal', entry.message, (cursors[number], entry.uid, entry.exe, unit), (5, number + 1),
                              text_log(entry, is_plain(entry.message)), tick=monotonic)
            counted.update(matches)
            like.update(lookalikes)
        events = [entry for entry in entries if needs_explanation(entry.message, entry)]
        if events and not counted:
            program = events[0].identifier if events[0].identifier is not None else events[0].comm
            found.groups.add(program or u'', events[0].message, stamp, events[0].priority, cursors[number])
        elif not counted and any(entry.priority is None and not is_record(entry.message, entry) for entry in entries):
            found.groups.without_severity += 1
    return found.told(), last


class Walking(FileSearch):
    """One that does not rely on lists."""

    def _lists_tell(self, boots):
        return False


def search(file, kind=FileSearch, groups=True, **options):
    """What a FileSearch tells, and the last entry that was wanted."""
    found, wanted = Found(), options.get('wanted')
    is_new = None
    if wanted is not None:
        entries = [entry for batch in file.all_entries() for entry in batch]
        chosen = frozenset(entry for number, entry in enumerate(entries) if number in wanted)
        is_new = lambda _file: chosen.__contains__
    if 'begin' in options:
        is_new = lambda _file: options['begin']
    own = (options['own_boot'], options['own']) if 'own' in options else None
    one = kind(Search(found.matcher, found.aggregate, found.groups if groups else None, options.get('boot'),
                      options.get('since'), options.get('until'), is_new, own), file, 5)
    one.run()
    return found.told(), one.last


def check(rows, options=None, compact=False):
    """Every way must find what the plain loop finds; that."""
    options = options or {}
    journal = journal_of(rows, compact=compact, boots=options.get('boots'))
    with opened(journal) as file:
        cursors = [file.cursor(entry) for entry in journal.entries]
        expected = plain(journal, cursors, rows, options)
        for kind in (FileSearch, Walking):
            for few in (journal_search.FEW, 0):
                before, journal_search.FEW = journal_search.FEW, few
                try:
                    assert search(file, kind, **options) == expected
                finally:
                    journal_search.FEW = before
    return expected[0]


def count(told, name='anyone'):
    return [row['count'] for row in told['signatures'] if row['id'] == name][0]


# --- any journal
# --------------------------------------------------------------------------------------------------------

FIELDS = st.fixed_dictionaries({
    'MESSAGE': st.lists(st.sampled_from(TEXTS), max_size=3),
    '_TRANSPORT': st.sampled_from([b'kernel', b'syslog', b'journal', b'audit', None, [b'syslog', b'kernel']]),
    'SYSLOG_IDENTIFIER': st.sampled_from([b'daemon', b'kernel', b'sudo', b'ansible-x', None, b'']),
    '_COMM': st.sampled_from([b'daemon', None]),
    'PRIORITY': st.sampled_from([b'2', b'4', b'6', b'x', None, [b'6', b'2']]),
    '_BOOT_ID': st.sampled_from(BOOTS[:2]),
    '_PID': st.sampled_from([b'1', b'42', None]),
    'SYSLOG_FACILITY': st.sampled_from([b'0', b'1', b'10', b'x', None]),
    '_UID': st.sampled_from([b'0', b'25', b'1000', b'01', None]),
    '_EXE': st.sampled_from([b'/usr/bin/daemon', b'/usr/bin/cat', None]),
    '_SYSTEMD_UNIT': st.sampled_from([b'daemon.service', None]),
    '_HOSTNAME': st.sampled_from([b'host0', b'host0', b'host1']),
    'SYSLOG_RAW': st.sampled_from([None, b'MESSAGE=something known']),
    'message_first': st.booleans(),
    'realtime': st.integers(START, START + 9),
})


def rows_of(kinds, machines):
    """Entries of some FIELDS. The machines take turns."""
    found = []
    for number, fields in enumerate(kinds):
        fields = dict(fields, _MACHINE_ID=MACHINES[number % machines])
        message = fields.pop('MESSAGE')
        found.append(fields_of(message or None, number, **fields))
    return found


@given(kinds=st.lists(FIELDS, min_size=1, max_size=12), machines=st.integers(1, 2), compact=st.booleans(),
       options=st.fixed_dictionaries({
           'boot': st.sampled_from([None, BOOTS[0].decode('ascii'), BOOTS[1].decode('ascii')]),
           'since': st.sampled_from([None, START + 3]), 'until': st.sampled_from([None, START + 7]),
           'wanted': st.one_of(st.none(), st.sets(st.integers(0, 11))),
           'own': st.sampled_from([None, {b'42': START + 5}])}))
def test_every_way_finds_the_same(kinds, machines, compact, options):
    options = dict((key, value) for key, value in options.items() if value is not None)
    if 'own' in options:
        options['own_boot'] = BOOTS[0].decode('ascii')
    check(rows_of(kinds, machines), options, compact)


@given(kinds=st.lists(FIELDS, min_size=1, max_size=12), compact=st.booleans(),
       options=st.fixed_dictionaries({
           'boot': st.sampled_from([None, BOOTS[0].decode('ascii'), BOOTS[2].decode('ascii')]),
           'boots': st.lists(st.sampled_from(BOOTS[:3]), min_size=12, max_size=12).map(sorted),
           'own': st.sampled_from([None, {b'42': START + 5}])}))
def test_the_boot_of_an_entry_is_what_stands_in_it(kinds, compact, options):
    """Not the value _BOOT_ID, where systemd-journal-remote before 240 wrote the file in boots of its own."""
    options = dict((key, value) for key, value in options.items() if value is not None)
    if 'own' in options:
        options['own_boot'] = BOOTS[0].decode('ascii')
    check(rows_of(kinds, 1), options, compact)


@given(kinds=st.lists(FIELDS, min_size=1, max_size=12), begin=st.integers(0, 12))
def test_from_any_entry_on(kinds, begin):
    rows = rows_of(kinds, 1)
    journal = journal_of(rows)
    with opened(journal) as file:
        cursors = [file.cursor(entry) for entry in journal.entries]
        assert search(file, begin=begin) == plain(journal, cursors, rows, {'wanted': range(begin, 12)})


# --- what is special
# ---------------------------------------------------------------------------------------------------


def test_an_entry_with_several_messages_counts_once():
    rows = [fields_of([b'something known', b'unknown', b'something known 1'], 0), fields_of(b'something known', 1)]
    told = check(rows)
    assert (count(told), count(told, 'kernel'), told['entries']) == (2, 2, 2)
    rows = [fields_of([b'something known', b'something known 1'], 0, _TRANSPORT=b'syslog')]
    assert check(rows)['signatures'][1]['lookalikes']['count'] == 1


def test_what_comes_later_than_soon_after_a_boot_is_a_lookalike():
    rows = [fields_of(b'something known', number, monotonic=monotonic, _BOOT_ID=BOOTS[number // 3])
            for number, monotonic in enumerate([1, 3000000, 3000001, 5, 2999999, 86400000000])]
    told = check(rows)
    boot = [row for row in told['signatures'] if row['id'] == 'boot'][0]
    assert (boot['count'], boot['lookalikes']['count'], count(told)) == (4, 2, 6)


def test_one_text_from_several_sources():
    sources = [(b'kernel', b'kernel'), (b'syslog', b'kernel'), (b'syslog', b'daemon'), (b'syslog', b'other')]
    rows = [fields_of(b'something known', number, _TRANSPORT=sources[number % 4][0],
                      SYSLOG_IDENTIFIER=sources[number % 4][1]) for number in range(20)]
    told = check(rows)
    assert [count(told, name) for name in ('anyone', 'kernel', 'daemon')] == [20, 5, 5]
    assert told['signatures'][1]['lookalikes']['count'] == 5


def test_samples_are_the_newest_in_the_order_of_the_journal():
    """By their sequence number, whatever their time and in whichever order their texts are found."""
    rows = [fields_of(b'something known %d' % (number % 3), 100 - number, monotonic=number + 1) for number in range(10)]
    told = check(rows)
    assert [sample['text'] for sample in told['signatures'][0]['samples']] == [u'something known 2',
                                                                              u'something known 0']
    assert u';i=9;' in told['signatures'][0]['samples'][0]['cursor']
    assert u';i=a;' in told['signatures'][0]['samples'][1]['cursor']


def test_the_last_pair_is_told_by_the_order_of_the_journal():
    rows = [fields_of(text, number) for number, text in enumerate(
        [b'it was opened', b'it was closed: it was opened', b'it was opened by x', b'it was opened'])]
    told = check(rows)
    assert told['signatures'][5]['unclosed']['text'] == u'it was opened'
    assert told['signatures'][5]['closed']['at'] == '2026-11-22T16:01:21.000000Z'


def test_many_found_are_counted_in_parts(monkeypatch):
    monkeypatch.setattr(journal_search, 'PENDING', 3)
    monkeypatch.setattr(journal_search, 'REMEMBERED', 12)
    rows = [fields_of(TEXTS[number % 3], number, SYSLOG_IDENTIFIER=b'x%d' % (number % 4), _PID=b'%d' % number)
            for number in range(40)]
    assert count(check(rows)) == 27


@pytest.mark.parametrize('compact', [False, True])
def test_an_object_within_a_message(compact):
    inner = b'MESSAGE=something known 1'
    head = struct.pack('<BB6xQ', 1, 0, 64 + 8 * compact + len(inner)) + b'\0' * (48 + 8 * compact)
    rows = [fields_of(b'ordinary', number, SYSLOG_RAW=b'x' * number + head + inner) for number in range(8)]
    told = check(rows + [fields_of(b'something known', 9)], compact=compact)
    assert count(told) == 1


@pytest.mark.parametrize('compact', [False, True])
def test_compressed_messages(compact):
    journal = journal_of([fields_of(b'x', 0), fields_of(b'something known, compressed', 1), fields_of(b'y', 2)],
                         compact=compact, packed=lambda value: stored(value) if b'compressed' in value else (0, value))
    struct.pack_into('<I', journal.data, builder.FLAGS, 2 | builder.COMPACT * compact)
    with opened(journal) as file:
        for kind in (FileSearch, Walking):
            assert count(search(file, kind)[0]) == 1


def test_a_literal_that_grep_cannot_look_for(monkeypatch):
    """Nothing of a literal of newlines is left to look for: every text is read."""
    monkeypatch.setitem(SIGNATURES[0], 'match', {'literal': '\n' * 8, 'regex': '\n{8}x'})
    told = check([fields_of(b'a' + b'\n' * 8 + b'x', 0), fields_of(b'a' + b'\n' * 8, 1)])
    assert count(told) == 1


def test_the_scans_own_processes():
    own = {'own': {b'42': START + 1000000}, 'own_boot': BOOTS[0].decode('ascii')}
    rows = [fields_of(b'something known', 1, _PID=b'42'), fields_of(b'something known', 1, _PID=b'43'),
            fields_of(b'something known', 1, _PID=b'42', _BOOT_ID=BOOTS[1]),
            fields_of(b'something known', 0, _PID=b'42', monotonic=2000001), fields_of(b'something known', 1, _PID=None, monotonic=2000002)]
    told = check(rows, own)
    assert (told['entries'], count(told)) == (5, 4)


def test_unexplained_costs_nothing_when_it_is_not_wanted():
    journal = journal_of([fields_of(b'unknown', 0)])
    with opened(journal) as file:
        assert search(file)[0]['unexplained']['entries'] == 1
        assert search(file, groups=False)[0]['unexplained']['entries'] == 0


def test_a_boot_that_is_not_there():
    told = check([fields_of(b'something known', 0)], {'boot': 'f' * 32})
    assert (told['entries'], count(told)) == (0, 0)


# --- which way
# ---------------------------------------------------------------------------------------------------------


class Noted(FileSearch):
    """One that tells in `taken` which way it went."""

    taken = []

    def _whole(self, *arguments):
        self.taken.append('whole')
        FileSearch._whole(self, *arguments)

    def _walk(self, *arguments):
        self.taken.append('walk')
        FileSearch._walk(self, *arguments)


def way(rows, harm=None, name='x.journal', **options):
    """The way that a search goes, 'whole' or 'walk', and what it tells."""
    journal = journal_of(rows)
    if harm:
        harm(journal)
    with opened(journal) as file:
        file.path = name
        del Noted.taken[:]
        told = search(file, Noted, **options)[0]
    return ' '.join(Noted.taken), told


def forget(journal):
    """Of the last entry, leave out what a writer that dies may not have come to: its place in the list of a value."""
    data = journal.value(b'_TRANSPORT=kernel')
    journal.add(data + 56, -1)


def test_which_way_is_taken():
    def rows(**fields):
        return [fields_of(b'something known', number, **fields) for number in range(10)]

    other_boot = rows() + [fields_of(b'something known', 11, _BOOT_ID=BOOTS[1])]
    other_machine = rows() + [fields_of(b'something known', 11, _MACHINE_ID=MACHINES[1])]
    first, second = (boot.decode('ascii') for boot in BOOTS[:2])
    assert way(rows())[0] == 'whole'
    assert way(rows(), boot=first)[0] == 'whole'
    assert way(other_boot, boot=first)[0] == 'whole'
    assert way(other_boot, boot=second)[0] == 'walk'
    assert way(rows(), begin=1)[0] == 'walk'
    assert way(rows(), begin=10)[0] == ''
    assert way(rows(), wanted=[3])[0] == 'walk'
    assert way(rows(), name='x.journal~')[0] == 'walk'
    assert way(rows(_HOSTNAME=None))[0] == 'walk'
    assert way(rows(_MACHINE_ID=None))[0] == 'walk'
    assert way(rows(PRIORITY=None))[0] == 'walk'
    assert way(rows(PRIORITY=None), groups=False)[0] == 'whole'
    assert way(other_machine)[0] == 'walk'


def test_an_entry_that_its_values_do_not_know_is_counted():
    """As journald leaves it when it dies between the list of all entries and those of the values."""
    taken, told = way([fields_of(b'something known', number) for number in range(6)], forget)
    assert (taken, count(told), told['entries']) == ('walk', 6, 6)


# --- damage
# -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('harm', [
    lambda journal: journal.put(journal.entries[2], 1),  # no entry
    lambda journal: journal.put(journal.entries[2] + 24, 0),  # no time
    lambda journal: journal.put(journal.entries[2] + 24, 2 ** 56),
    lambda journal: journal.put(journal.entries[2] + 64, journal.entries[1]),  # a value that is none
    lambda journal: journal.put(journal.entries[2] + 64, 2 ** 50),
])
@pytest.mark.parametrize('kind', [FileSearch, Walking])
def test_a_damaged_entry(harm, kind):
    journal = journal_of([fields_of(b'something known', number) for number in range(6)])
    harm(journal)
    with opened(journal) as file:
        with pytest.raises((Damaged, IndexError)):
            search(file, kind)


def test_a_list_that_names_entries_of_another_message():
    """The entry itself must hold the message that names it."""
    journal = journal_of([fields_of(text, number) for number, text in enumerate(
        [b'something known', b'other', b'something known', b'something known'])])
    journal.put(journal.arrays(journal.value(b'MESSAGE=something known') + 48)[0] + 24, journal.entries[1])
    with opened(journal) as file:
        with pytest.raises(Damaged) as error:
            search(file)
    assert 'does not hold the message' in str(error.value)


def test_a_value_without_a_name():
    journal = journal_of([fields_of(b'x', 0, SYSLOG_RAW=b'something known'), fields_of(b'x', 1, SYSLOG_RAW=b'y')])
    data = journal.value(b'SYSLOG_RAW=something known')
    journal.data[data + 64:data + 70] = b'\1\2\3\4\5\6'
    with opened(journal) as file:
        with pytest.raises(Damaged):
            search(file)


@given(harms=st.lists(st.tuples(st.integers(0, 10 ** 6), st.one_of(
    st.integers(0, 255), st.integers(0, 700).map(lambda number: number * 8), st.integers(0, 2 ** 64 - 1))),
    min_size=1, max_size=3), compact=st.booleans(), whole=st.booleans(), kind=st.sampled_from([FileSearch, Walking]))
def test_nothing_else_is_ever_raised(harms, compact, whole, kind):
    """Of any damage nothing comes but a result or what journal_scan reads through journalctl for."""
    journal = journal_of([fields_of(TEXTS[number % 5], number, _BOOT_ID=BOOTS[number // 8], message_first=number % 2)
                          for number in range(12)], compact=compact)
    for place, number in harms:
        if whole or number > 255:
            journal.put(place % (len(journal.data) // 8) * 8, number)
        else:
            journal.data[place % len(journal.data)] = number
    try:
        with opened(journal) as file:
            search(file, kind)
    except (Unreadable, IndexError, EnvironmentError):
        pass
