# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scan of a journal: of files that journal_builder made, and of entries that somebody else read."""
from __future__ import absolute_import, division, print_function

import binascii
import errno
import io
import os

import journal_builder as builder
import pytest
from hypothesis import given
from hypothesis import strategies as st
from journal_builder import BOOTS, MACHINES, START, Builder, fields_of, journal_of
from test_journal_file import opened as opened_builder

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import reader as journal_module
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import (
    file as journal_file, scan as journal_scan, _search as journal_search)
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.reader import Journal
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.file import (
    ENTRY_MONOTONIC, ENTRY_SEQNUM, Header, JournalFile, Unreadable)
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal._missing import missing_entries
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import place_of
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.scan import (
    Scan, opened, own_processes, share_entries, to_entries)
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import Entry

__metaclass__ = type

SIGNATURE = {'id': 'x', 'match': {'literal': 'CRTC flip_done', 'regex': 'CRTC flip_done'}}
KNOWN = b'CRTC flip_done'
WRITERS = [bytes(bytearray([number])) * 16 for number in (0x11, 0x22, 0x33)]
NAME = BOOTS[0].decode('ascii')
NAMES = [binascii.hexlify(writer).decode('ascii') for writer in WRITERS]


# --- entries
# ---------------------------------------------------------------------------------------------------------------


def test_an_entry_for_each_message():
    fields = {
        'MESSAGE': [u'\ud55c\uae00'.encode('utf-8'), b'\xff'],
        'SYSLOG_IDENTIFIER': [b'a', b'b'],
        '_COMM': [b'c'],
        '_TRANSPORT': [b'syslog'],
        'PRIORITY': [b'4'],
    }
    assert to_entries(fields) == [
        Entry(u'\ud55c\uae00', u'a', u'c', u'syslog', 4),
        Entry(u'\ufffd', u'a', u'c', u'syslog', 4),
    ]


def test_what_is_missing_or_no_number():
    assert to_entries({}) == []
    assert to_entries({'MESSAGE': [b'']}) == [Entry(u'', None, None, u'', None)]
    for value in (b'', b'8', b'-1', b'4x', b'44', b'4\n', b'\xff'):
        assert to_entries({'MESSAGE': [b''], 'PRIORITY': [value]})[0].priority is None


def test_own_processes_are_this_one_and_live():
    found = own_processes()
    assert found
    for pid, started in found.items():
        assert pid.isdigit() and 0 < started <= timestamps.now()


# --- the scan, each file searched directly and the same entries through journalctl
# -----------------------------------------


class Recorded:
    """Stands in for a Journal that reads through journalctl: the entries of some files, by their time."""

    def __init__(self, _command, files, distinct):
        self.files, self.errors, self.version, self.interrupted = files, [], 252, False

    def entries(self, _fields, resume=True):
        found = {}
        for path in self.files:
            with JournalFile(path[:-len('.hidden')]) as file:
                for entries in file.all_entries():
                    for entry in entries:
                        values = {'__CURSOR': [file.cursor(entry).encode('ascii')],
                                  '__REALTIME_TIMESTAMP': [b'%d' % file.u64[entry + 24 >> 3]]}
                        for data in file.items(entry):
                            name, _equals, value = file.value(data).partition(b'=')
                            values.setdefault(name.decode('ascii'), []).append(value)
                        found[values['__CURSOR'][0]] = values
        return [found[cursor] for cursor in sorted(found)]


@pytest.fixture(params=['directly', 'through journalctl'])
def reading(request, monkeypatch, tmpdir):
    """A function from Builders to the Journal of their files, read either way."""
    def journal(*builders):
        paths = [one.write(tmpdir.join('%d.journal' % number)) for number, one in enumerate(builders)]
        if request.param == 'directly':
            return Journal('/nowhere/journalctl', files=paths)
        monkeypatch.setattr(journal_scan, 'Journal', Recorded)
        for one, path in zip(builders, paths):
            one.data[12] |= 0x80  # a kind that is unknown here
            one.write(path + '.hidden')
            one.data[12] ^= 0x80
        return Journal('/nowhere/journalctl', files=[path + '.hidden' for path in paths])
    journal.way = request.param
    return journal


def scan(journal, **options):
    found = Scan(journal, [SIGNATURE], 3, **options)
    found.journal.__dict__['_version'] = 252
    return found.run()


def stamped(*stamps):
    return journal_of([fields_of(KNOWN, 0, realtime=stamp, monotonic=number + 1)
                       for number, stamp in enumerate(stamps)])


def sequence(cursor):
    return place_of(cursor.partition(';w=')[0]).seqnum if cursor else None


def test_the_scan_of_nothing(reading):
    cursor = 's=%s;i=5' % NAMES[0]
    empty = Builder()
    if reading.way == 'directly':
        assert scan(reading(empty))['cursor'] == ''
        assert scan(reading(empty), cursor=cursor)['cursor'] == cursor
    assert scan(Journal('journalctl', files=[]), cursor=cursor)['cursor'] == cursor


def test_since_and_until_are_inclusive_and_exact(reading):
    found = scan(reading(stamped(9, 10, 11, 20, 21)), since=10, until=20)
    assert (found['signatures'][0]['count'], found['entries']) == (3, 3)
    assert found['errors'] == []


def test_a_clock_set_back_loses_nothing(reading):
    found = scan(reading(stamped(30, 31, 10, 11, 40, 12)), since=11, until=31)
    assert found['entries'] == 4
    assert found['signatures'][0]['first_seen'] == '1970-01-01T00:00:00.000011Z'


def test_the_cursor_stands_at_the_last_entry_that_was_looked_at(reading):
    assert sequence(scan(reading(stamped(1, 2, 3)))['cursor']) == 3
    assert sequence(scan(reading(stamped(1, 2, 3)), since=9)['cursor']) == 3
    assert sequence(scan(reading(stamped(1, 2, 30)), until=2)['cursor']) == 2
    cursor = 's=%s;i=0;b=%s;m=0;t=7;x=1' % (NAMES[0], BOOTS[0].decode('ascii'))
    assert scan(reading(stamped(10)), until=2, cursor=cursor)['cursor'] == cursor


def test_a_boot(reading):
    journal = reading(journal_of([fields_of(KNOWN, number, _BOOT_ID=BOOTS[number % 2]) for number in range(5)]))
    assert scan(journal, boot=BOOTS[0].decode('ascii'))['signatures'][0]['count'] == 3
    assert scan(journal, boot=BOOTS[1].decode('ascii'))['entries'] == 2
    assert scan(journal, boot='f' * 32)['entries'] == 0


def test_an_entry_with_two_messages_counts_once(reading):
    found = scan(reading(journal_of([fields_of([KNOWN + b' a', KNOWN + b' b', b'else'])])))
    assert (found['signatures'][0]['count'], found['entries']) == (1, 1)


def test_the_scanners_own_processes_do_not_count(reading, monkeypatch):
    monkeypatch.setattr(journal_scan, 'own_processes', lambda: {b'42': START})
    monkeypatch.setattr(journal_scan, 'current_boot', lambda: BOOTS[0].decode('ascii'))
    rows = [fields_of(KNOWN, 0, _PID=b'42'), fields_of(KNOWN, 1, _PID=b'43'),
            fields_of(KNOWN, 2, _PID=b'42', _BOOT_ID=BOOTS[1]), fields_of(KNOWN, 3, _PID=b'42', realtime=START - 1)]
    found = scan(reading(journal_of(rows)), unexplained=True)
    assert (found['entries'], found['signatures'][0]['count'], found['unexplained']['entries']) == (4, 3, 0)


def test_what_is_unexplained(reading):
    rows = [fields_of(KNOWN, 0), fields_of(b'disk 5 is gone', 1), fields_of(b'disk 6 is gone', 2),
            fields_of(b'all is well', 3, PRIORITY=b'6'), fields_of(b'no name', 4, SYSLOG_IDENTIFIER=None, _COMM=b'x')]
    journal = journal_of(rows)
    assert scan(reading(journal))['unexplained'] is None
    found = scan(reading(journal), unexplained=True)['unexplained']
    assert found['entries'] == 3
    assert [(group['program'], group['count']) for group in found['groups']] == [(u'kernel', 2), (u'x', 1)]


def test_machines_and_losses(reading):
    rows = [fields_of(KNOWN, 0), fields_of(KNOWN, 1, _MACHINE_ID=MACHINES[1], _HOSTNAME=b'host1', _BOOT_ID=BOOTS[1]),
            fields_of(b'test_thing: 7 callbacks suppressed', 2)]
    found = scan(reading(journal_of(rows)))
    assert [(row['machine_id'], row['hostnames'], row['entries']) for row in found['machines']] == [
        (MACHINES[0].decode('ascii'), [u'host0'], 2), (MACHINES[1].decode('ascii'), [u'host1'], 1)]
    assert [(row['kind'], row['source'], row['lost']) for row in found['losses']] == [
        ('kernel-suppressed', u'test_thing', 7)]


def test_only_what_is_new_and_each_entry_once(reading):
    """From every cursor on the counts add up, of one writer and of several."""
    one = journal_of([fields_of(KNOWN, number) for number in range(6)], writer=WRITERS[0])
    # Whose clock was ahead, so that only the sequence number tells that it holds nothing new.
    two = journal_of([fields_of(KNOWN, number, _BOOT_ID=BOOTS[1]) for number in (1000, 1, 2, 3)], writer=WRITERS[1],
                     file_id=b'\x01' * 16, seqnum=500)
    part = journal_of([fields_of(KNOWN, number) for number in range(2)], writer=WRITERS[0])
    first = scan(reading(part, two))
    assert first['entries'] == 6
    assert sorted([first['cursor'][2:34]] + first['cursor'].partition(';w=')[2][:32].split()) == NAMES[:2]
    second = scan(reading(one, two), cursor=first['cursor'])
    assert second['entries'] == second['signatures'][0]['count'] == 4
    third = scan(reading(one, two), cursor=second['cursor'])
    assert (third['entries'], third['cursor']) == (0, second['cursor'])


def test_samples_across_writers_are_those_of_who_wrote_last(tmpdir):
    """Whose clock is ahead only comes first if it wrote last as well; within one writer the sequence decides."""
    late = journal_of([fields_of(KNOWN + b' late %d' % number, 100 - number) for number in range(3)], writer=WRITERS[0])
    early = journal_of([fields_of(KNOWN + b' early %d' % number, number) for number in range(3)], writer=WRITERS[1],
                       file_id=b'\x01' * 16, seqnum=900)
    for names in (('a', 'b'), ('b', 'a')):
        paths = [one.write(tmpdir.join(name + '.journal')) for name, one in zip(names, (late, early))]
        found = Scan(Journal('journalctl', files=sorted(paths)), [SIGNATURE], 4).run()
        assert [sample['text'] for sample in found['signatures'][0]['samples']] == [
            u'CRTC flip_done early 2', u'CRTC flip_done late 0', u'CRTC flip_done late 1', u'CRTC flip_done late 2']


def test_a_file_too_damaged_is_read_through_journalctl(tmpdir, monkeypatch):
    asked = []

    class Told(Recorded):
        def entries(self, _fields, resume=True):
            asked.extend(self.files)
            return []

    monkeypatch.setattr(journal_scan, 'Journal', Told)
    good = stamped(1, 2, 3)
    bad = journal_of([fields_of(KNOWN, 1, _BOOT_ID=BOOTS[1])], writer=WRITERS[1], file_id=b'n' * 16)
    bad.put(bad.entries[0], 1)
    paths = [good.write(tmpdir.join('good.journal')), bad.write(tmpdir.join('bad.journal'))]
    found = scan(Journal('journalctl', files=paths))
    assert asked == paths[1:]
    assert (found['entries'], found['signatures'][0]['count']) == (3, 3)  # nothing is kept of the damaged one
    assert [error['path'] for error in found['errors']] == paths[1:]
    assert 'damaged' in found['method']


def hurt(tmpdir, name, begin, writer=0, listless=False):
    """A damaged file of 5 entries, the second of which is none, or whose list of entries is none; its path."""
    journal = journal_of([fields_of(KNOWN, begin + number, _BOOT_ID=BOOTS[writer]) for number in range(5)], seqnum=begin,
                         writer=WRITERS[writer], file_id=bytes(bytearray([begin])) * 16, state=2)
    journal.put(journal.arrays(builder.ENTRY_ARRAY)[0] if listless else journal.entries[1], 1)
    return journal.write(tmpdir.join(name))


class Merging:
    """Stands in for a Journal. Of several files it gives what `merged` names, and of one what can be read of it."""

    merged, runs, ends_early = {}, [], False

    def __init__(self, _command, files, distinct):
        self.files, self.errors, self.version, self.interrupted = files, [], 252, False

    def entries(self, _fields, resume=True):
        self.runs.append([os.path.basename(path) for path in self.files])
        assert resume or len(self.files) > 1
        for path in self.files:
            name = os.path.basename(path)
            for number in self.merged.get(name, ()) if len(self.files) > 1 else self.whole[name]:
                writer, seqnum = number if isinstance(number, tuple) else (self.writers[name], number)
                cursor = 's=%s;i=%x;b=%s;m=%x;t=%x;x=1' % (writer, seqnum, NAME, seqnum, START)
                yield {'__CURSOR': [cursor.encode('ascii')], '__REALTIME_TIMESTAMP': [b'%d' % START], '_BOOT_ID': [BOOTS[0]], 'MESSAGE': [KNOWN]}
        self.interrupted = self.ends_early and len(self.files) > 1


@pytest.fixture
def merging(monkeypatch):
    monkeypatch.setattr(journal_scan, 'Journal', Merging)
    for name, value in (('runs', []), ('merged', {}), ('whole', {}), ('writers', {}), ('ends_early', False)):
        monkeypatch.setattr(Merging, name, value, raising=False)
    return Merging


def read_damaged(tmpdir, merging, merged, whole, writers=(0, 1, 2)):
    """The scan of damaged files of ten numbers each, and how many entries each was told to have given."""
    paths = [hurt(tmpdir, name, 10 * place + 1, writer) for place, (name, writer) in enumerate(zip('abc', writers))]
    merging.merged, merging.whole = merged, whole
    merging.writers = dict((name, NAMES[writer]) for name, writer in zip('abc', writers))
    found = scan(Journal('journalctl', files=paths))
    said = [error['reason'].partition('journalctl gave ')[2].partition(' entries')[0] for error in found['errors']]
    lost = [row['lost'] for row in found['losses'] if row['kind'] == 'unreadable-file']
    return found['signatures'][0]['count'], said, lost


WHOLE = {'a': [1, 3, 4, 5], 'b': [11, 13, 14, 15], 'c': [21, 23, 24, 25]}
SAID = ['4 of the 5'] * 3


@pytest.mark.parametrize('writers', [(0, 1, 2), (0, 0, 0), (0, 1, 0)])
def test_damaged_files_in_one_run(tmpdir, merging, writers):
    """What each gave is told by writer and number."""
    assert read_damaged(tmpdir, merging, WHOLE, WHOLE, writers) == (12, SAID, [1] * 3)
    assert merging.runs == [['a', 'b', 'c']]


def test_a_file_that_gave_less_than_it_can_is_read_alone(tmpdir, merging):
    assert read_damaged(tmpdir, merging, dict(WHOLE, b=[11]), WHOLE) == (12, SAID, [1] * 3)
    assert merging.runs == [['a', 'b', 'c'], ['b']]


def test_an_entry_with_a_false_number_counts_once(tmpdir, merging):
    """It may be of any file of its writer, so these are read alone, and what they gave together is thrown away."""
    whole = dict(WHOLE, a=[1, 99, 4, 5])
    assert read_damaged(tmpdir, merging, whole, whole, (0, 0, 1)) == (12, SAID, [1] * 3)
    assert merging.runs[0] == ['a', 'b', 'c'] and sorted(merging.runs[1:]) == [['a'], ['b']]


def test_where_journalctl_stops_in_the_middle_each_is_read_alone(tmpdir, merging):
    merging.ends_early = True
    assert read_damaged(tmpdir, merging, {'a': [1]}, WHOLE) == (12, SAID, [1] * 3)
    assert merging.runs[0] == ['a', 'b', 'c'] and sorted(merging.runs[1:]) == [['a'], ['b'], ['c']]


def test_files_of_which_an_entry_may_be_of_either_are_read_together(tmpdir, merging):
    """Alone they would give the same entries twice."""
    paths = [hurt(tmpdir, name, begin, listless=True) for name, begin in (('a', 1), ('b', 3))]
    merging.merged = {'a': [1, 3, 4, 5], 'b': [7]}
    merging.writers = {'a': NAMES[0], 'b': NAMES[0]}
    found = scan(Journal('journalctl', files=paths))
    assert (found['signatures'][0]['count'], merging.runs) == (5, [['a', 'b']])
    assert [error['reason'] for error in found['errors'] if error['path'] == 'journal'] == [
        'journalctl gave 5 of the 10 entries that 2 files say they hold: some are damaged, or hold the same']


def test_what_journalctl_would_not_open_is_not_asked_of_it(tmpdir, merging):
    path = stamped(1, 2, 3).write(tmpdir.join('x.journal'))
    with io.open(path, 'r+b') as target:
        target.truncate(os.path.getsize(path) - 100)
    found = scan(Journal('journalctl', files=[path]))
    assert (merging.runs, [row['lost'] for row in found['losses']]) == ([], [3])
    assert [error['reason'] for error in found['errors']] == [
        'damaged: truncated, so journalctl does not open it; its 3 entries are lost']


@pytest.mark.parametrize('later', [b'', None])
def test_a_file_of_0_bytes_that_journald_has_just_made(tmpdir, monkeypatch, later):
    path = tmpdir.join('x.journal')
    path.write('')
    journal = Journal('/nowhere/journalctl', files=[str(path)])
    data = bytes(stamped(1, 2).data) if later is None else later
    monkeypatch.setattr(journal_scan.time, 'sleep', lambda _seconds: path.write_binary(data))
    found = Scan(journal, [SIGNATURE], 3).run()
    assert found['entries'] == (2 if later is None else 0)
    assert [error['reason'][:15] for error in found['errors']] == ([] if later is None else ['it has 0 bytes,'])


def test_a_file_that_journald_is_making_is_waited_for(tmpdir, monkeypatch):
    """Its header is there before its hash tables; on a busy machine that takes a while."""
    path = tmpdir.join('x.journal')
    data = bytes(stamped(1, 2).data)
    begun = bytearray(data)
    begun[16] = 0  # state
    begun[96:] = b'\0' * (len(begun) - 96)  # from the size of the arena on
    for whole, errors in ((6, []), (10 ** 6, ['damaged: a hash'])):
        path.write_binary(bytes(begun))
        slept = []

        def sleep(seconds):
            slept.append(seconds)
            if len(slept) == whole:
                path.write_binary(data)

        monkeypatch.setattr(journal_scan.time, 'sleep', sleep)
        found = Scan(Journal('/nowhere/journalctl', files=[str(path)]), [SIGNATURE], 3)
        monkeypatch.setattr(found, '_read_damaged', lambda paths: None)
        monkeypatch.setattr(found, '_method', lambda: '')
        told = found._through
        result = found.run()
        assert (result['entries'], [why[:15] for _path, why in told]) == (0 if errors else 2, errors)
        assert sum(slept) < 3


def test_a_file_being_written_is_tried_again(tmpdir, monkeypatch):
    path = stamped(1, 2, 3)
    path.data[16] = 1
    tries = []

    class Fragile(journal_search.FileSearch):
        def run(self):
            journal_search.FileSearch.run(self)
            tries.append(1)
            if len(tries) < journal_scan.ATTEMPTS:
                raise IndexError()

    monkeypatch.setattr(journal_scan, 'FileSearch', Fragile)
    monkeypatch.setattr(journal_scan, 'PAUSE', 0)
    found = scan(Journal('/nowhere/journalctl', files=[path.write(tmpdir.join('x.journal'))]))
    assert (len(tries), found['entries'], found['signatures'][0]['count']) == (journal_scan.ATTEMPTS, 3, 3)


@pytest.mark.parametrize('emptied', [False, True])
def test_a_file_that_is_removed_while_it_is_searched_does_not_count(tmpdir, monkeypatch, emptied):
    """journald may empty a file for its age before it removes it: half of its entries would be a silent loss."""
    paths = [stamped(1, 2, 3).write(tmpdir.join('x.journal')),
             journal_of(rows(5, 9), writer=WRITERS[1], file_id=b'n' * 16).write(tmpdir.join('y.journal'))]

    class Vacuumed(journal_search.FileSearch):
        def run(self):
            journal_search.FileSearch.run(self)
            if self.file.path == paths[0]:
                os.unlink(paths[0])
                if emptied:
                    raise journal_file.Damaged('nothing but NULs')

    monkeypatch.setattr(journal_scan, 'FileSearch', Vacuumed)
    found = scan(Journal('/nowhere/journalctl', files=paths))
    assert (found['entries'], found['signatures'][0]['count'], found['errors']) == (4, 4, [])


# --- files with the same entries
# -------------------------------------------------------------------------------------------


def through(*paths):
    found = Scan(Journal('journalctl', files=[str(path) for path in paths]), [SIGNATURE], 3)
    return found._with_same_entries([Header(str(path)) for path in paths])


def rows(begin, end, **fields):
    return [fields_of(KNOWN, number, **fields) for number in range(begin, end)]


def test_files_that_share_entries(tmpdir):
    kinds = {
        'first': dict(rows=rows(0, 5), seqnum=1, file_id=b'a' * 16),
        'copy': dict(rows=rows(0, 5), seqnum=1, file_id=b'a' * 16),
        'next': dict(rows=rows(5, 9), seqnum=6, file_id=b'b' * 16),
        'overlap': dict(rows=rows(3, 7), seqnum=4, file_id=b'c' * 16),
        'within': dict(rows=rows(1, 3), seqnum=2, file_id=b'd' * 16),
        'other writer': dict(rows=rows(20, 25), seqnum=1, file_id=b'e' * 16, writer=WRITERS[1]),
        # What another writer, such as systemd-journal-remote, made of the same entries.
        'forwarded': dict(rows=rows(0, 5), seqnum=1, file_id=b'f' * 16, writer=WRITERS[2]),
        'empty': dict(rows=[], file_id=b'g' * 16),
    }
    paths = dict((name, journal_of(kind.pop('rows'), **kind).write(tmpdir.join(name + '.journal')))
                 for name, kind in kinds.items())

    def same(*names):
        for order in (names, names[::-1]):
            found = through(*[paths[name] for name in order])
        return sorted(name for name in names if paths[name] in found)

    assert same('first') == same('first', 'next') == same('first', 'other writer') == same('first', 'empty') == []
    assert same('first', 'copy') == ['copy', 'first']
    assert same('first', 'next', 'copy') == ['copy', 'first']
    assert same('first', 'overlap') == ['first', 'overlap']
    assert same('first', 'overlap', 'next') == ['first', 'next', 'overlap']
    assert same('first', 'within', 'next') == ['first', 'within']
    assert same('first', 'forwarded', 'next') == ['first', 'forwarded']


def files_of(tmpdir, *builders):
    """The Journal of their files. No journalctl is there to be asked."""
    for number, one in enumerate(builders):
        one.data[builder.FILE_ID:builder.FILE_ID + 16] = bytes(bytearray([number + 1])) * 16
    return Journal('/nowhere/journalctl', files=[one.write(tmpdir.join('%d.journal' % number))
                                                 for number, one in enumerate(builders)])


@pytest.mark.parametrize('names', [0, 1])
def test_of_the_same_entries_each_counts_once_though_clocks_disagree(tmpdir, names):
    """journalctl 252 ends after 7 of these 1007 entries."""
    before = [fields_of(KNOWN, number) for number in range(3)]
    after = [fields_of(KNOWN, number - 3600, monotonic=number + 1, _BOOT_ID=BOOTS[1]) for number in range(1004)]
    whole, copy = journal_of(before + after), journal_of(before + after[:4], writer=WRITERS[1], seqnum=70)
    found = scan(files_of(tmpdir, *[whole, copy][::-1 if names else 1]))
    assert (found['entries'], found['signatures'][0]['count'], found['errors']) == (1007, 1007, [])
    assert [(boot['boot_id'], boot['entries']) for boot in found['boots']] == [
        (BOOTS[1].decode('ascii'), 1004), (BOOTS[0].decode('ascii'), 3)]
    assert ';i=3ef;' in found['cursor'] or '.3ef' in found['cursor']
    assert [sample['cursor'].split(';')[:2] for sample in found['signatures'][0]['samples']] == [
        ['s=' + NAMES[0], 'i=%x' % number] for number in (1005, 1006, 1007)]
    again = scan(files_of(tmpdir, *[whole, copy][::-1 if names else 1]), cursor=found['cursor'])
    assert (again['entries'], again['undecided'], again['cursor']) == (0, 0, found['cursor'])


def test_an_entry_counts_as_often_as_the_file_has_it_that_has_it_most_often(tmpdir):
    twice = [fields_of(KNOWN, number) for number in (1, 2, 2, 2, 3)]
    once = [fields_of(KNOWN, number) for number in (1, 2, 3, 4)]
    found = scan(files_of(tmpdir, journal_of(twice), journal_of(once, writer=WRITERS[1]),
                          journal_of(twice[1:3], writer=WRITERS[2]), journal_of(twice[:3])))
    assert found['entries'] == found['signatures'][0]['count'] == 6
    # A file that goes on in the next, with what another writer has in one.
    found = scan(files_of(tmpdir, journal_of(twice[:3]), journal_of(twice[3:], seqnum=4),
                          journal_of(twice[:4], writer=WRITERS[1]), journal_of(once, writer=WRITERS[2])))
    assert found['entries'] == 6


def test_the_same_number_is_not_the_same_entry(tmpdir):
    """systemd 252 gives numbers again that a power cut took."""
    found = scan(files_of(tmpdir, journal_of(rows(0, 5)), journal_of(rows(7, 12, _BOOT_ID=BOOTS[1]))))
    assert (found['entries'], found['errors']) == (10, [])


CUTS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 2)), min_size=1, max_size=4)


@given(CUTS, st.lists(st.integers(0, 2), min_size=12, max_size=12))
def test_what_several_files_hold_is_the_union_of_them(tmpdir_factory, cuts, jumps):
    """Any parts of a journal, as its own writer or another numbers them, and then the same and what came later."""
    entries = [fields_of(KNOWN, 7 * jump - number, monotonic=number + 1, _BOOT_ID=BOOTS[number // 5])
               for number, jump in enumerate(jumps)]
    folder, held, builders = tmpdir_factory.mktemp('union', numbered=True), set(), []
    for begin, end, writer in cuts:
        held.update(range(begin, end))
        builders.append(journal_of(entries[begin:end], writer=WRITERS[writer], seqnum=100 * writer + begin + 1))
    first = scan(files_of(folder, *builders))
    assert (first['entries'], first['signatures'][0]['count'], first['errors']) == (len(held), len(held), [])
    if held:
        assert scan(files_of(folder, *builders), cursor=first['cursor'])['entries'] == 0


def test_a_copy_made_since_of_what_is_known_is_not_new(tmpdir):
    one = journal_of(rows(0, 5))
    first = scan(files_of(tmpdir, one))
    copy = journal_of(rows(0, 7), writer=WRITERS[1], seqnum=40)
    second = scan(files_of(tmpdir, one, copy), cursor=first['cursor'])
    assert (first['entries'], second['entries'], second['undecided']) == (5, 2, 2)
    assert scan(files_of(tmpdir, one, copy), cursor=second['cursor'])['entries'] == 0


def test_a_damaged_file_does_not_give_again_what_another_gave(tmpdir, merging, monkeypatch):
    """What only it has counts; what journalctl does not give of it is told."""
    copy = journal_of(rows(0, 7), writer=WRITERS[1], seqnum=40)
    journal = files_of(tmpdir, journal_of(rows(0, 5)), copy)
    with JournalFile(journal.files[1]) as file:
        cursors = [file.cursor(entry) for entry in copy.entries]
    copy.put(copy.entries[5], 1)
    copy.write(journal.files[1])

    def entries(self, _fields, resume=True):
        self.runs.append([os.path.basename(path) for path in self.files])
        for number in (0, 1, 2, 3, 4, 6):
            yield {'__CURSOR': [cursors[number].encode('ascii')], '_BOOT_ID': [BOOTS[0]], 'MESSAGE': [KNOWN],
                   '__REALTIME_TIMESTAMP': [b'%d' % (START + number * 1000000)]}
    monkeypatch.setattr(merging, 'entries', entries)
    found = scan(journal)
    assert merging.runs == [['1.journal']]
    assert (found['entries'], found['undecided']) == (6, 0)
    assert ['gave 6 of the 7 entries' in error['reason'] for error in found['errors']] == [True]


@pytest.mark.parametrize('cursor', [b's=1', b'', b'\xff', b's=x;i=y'])
def test_a_cursor_of_journalctl_that_is_none_ends_no_scan(tmpdir, monkeypatch, cursor):
    class Strange(Recorded):
        def entries(self, _fields, resume=True):
            return [{'__CURSOR': [one], '_BOOT_ID': [BOOTS[0]], 'MESSAGE': [KNOWN], '__REALTIME_TIMESTAMP': [b'5']}
                    for one in (cursor, b'another')]

    monkeypatch.setattr(journal_scan, 'Journal', Strange)
    bad = journal_of(rows(0, 1))
    bad.data[12] |= 0x80
    found = scan(files_of(tmpdir, bad))
    assert (found['entries'], found['signatures'][0]['count'], found['cursor']) == (2, 2, '')
    assert ['cursor that is none' in error['reason'] for error in found['errors']].count(True) == 1


def test_only_files_whose_entries_overlap_are_compared(tmpdir, monkeypatch):
    """Of a long boot with many files of the system and of a user, each with its next neighbours."""
    compared = []
    monkeypatch.setattr(journal_scan, 'share_entries', lambda *arguments: compared.append(arguments))
    paths = []
    for number in range(40):
        journal = Builder(writer=WRITERS[number % 2], file_id=bytes(bytearray([number + 1])) * 16)
        for row in rows(number * 10, number * 10 + 11 - number % 3):
            journal.append(*row, seqnum=int(row[2] // 1000000))
        paths.append(journal.write(tmpdir.join('%d.journal' % number)))
    assert through(*paths) == set()
    assert 0 < len(compared) < 40


def test_entries_are_compared_across_the_lists_of_a_file(tmpdir, monkeypatch):
    """Which are read in parts; wherever the common entry stands."""
    monkeypatch.setattr(journal_file, 'BATCH', 2)
    for common in (1, 2, 9, 10, 19, 20, None):
        headers = []
        for place in range(2):
            journal = Builder(writer=WRITERS[place], file_id=bytes(bytearray([place + 1])) * 16)
            for number, row in enumerate(rows(0, 21)):
                if number % 2 == place or number == common:
                    journal.append(*row, seqnum=number + 1)
            headers.append(Header(journal.write(tmpdir.join('%d.journal' % place))))
        for one, other in (headers, headers[::-1]):
            assert share_entries(one, other, ENTRY_SEQNUM) == (common is not None)
            assert share_entries(one, other, ENTRY_MONOTONIC, BOOTS[0]) == (common is not None)
            assert not share_entries(one, other, ENTRY_MONOTONIC, BOOTS[1])


def test_ranges_that_overlap_without_a_common_entry(tmpdir):
    """As those of the files of several users: one writer, sequence numbers taken in turns."""
    one, two = Builder(file_id=b'a' * 16), Builder(file_id=b'b' * 16)
    for number, row in enumerate(rows(0, 10)):
        (one, two)[number % 2].append(*row, seqnum=number + 1)
    paths = [one.write(tmpdir.join('1.journal')), two.write(tmpdir.join('2.journal'))]
    assert through(*paths) == set()
    headers = [Header(path) for path in paths]
    assert not share_entries(headers[0], headers[1], ENTRY_SEQNUM)
    assert not share_entries(headers[0], headers[1], ENTRY_MONOTONIC)
    assert share_entries(headers[0], headers[0], ENTRY_SEQNUM)
    os.unlink(paths[1])
    assert not share_entries(headers[0], headers[1], ENTRY_SEQNUM)


def test_missing_entries(tmpdir):
    ranges = [(1, 5, 0), (6, 9, 0), (20, 25, 0), (22, 23, 0), (26, 27, 0), (1, 2, 1), (100, 101, 1)]
    headers = []
    for number, (first, last, writer) in enumerate(ranges):
        path = journal_of(rows(first, last + 1), seqnum=first, writer=WRITERS[writer]).write(
            tmpdir.join('%d.journal' % number))
        headers.append(Header(path))
    headers.append(Header(Builder(writer=WRITERS[2]).write(tmpdir.join('empty.journal'))))
    found = missing_entries(headers[::-1], opened)
    assert [(row['kind'], row['source'][-9:], row['lost'], row['entries']) for row in found] == [
        ('missing-entries', '2.journal', 10, None), ('missing-entries', '6.journal', 97, None)]
    assert (found[0]['first_seen'], found[0]['last_seen']) == (
        timestamps.to_text(START + 9000000, True), timestamps.to_text(START + 20000000, True))


def counted_together(tmpdir, *files):
    """The losses of a folder with files of one journald: (name, writer, rows of (number, its boot, its time))."""
    for place, (name, writer, entries) in enumerate(files):
        journal = Builder(writer=WRITERS[writer], file_id=bytes(bytearray([place + 1])) * 16, state=2)
        for number, boot, time in entries:
            journal.append(*fields_of(KNOWN, time, _BOOT_ID=BOOTS[boot]), seqnum=number)
        journal.write(tmpdir.join(name))
    found = Scan(Journal('/nowhere/journalctl', directory=str(tmpdir)), [SIGNATURE], 3).run()
    assert found['errors'] == []
    return [(os.path.basename(row['source']), row['lost'], row['detail'].partition('; ')[2].partition(',')[0])
            for row in found['losses'] if row['kind'] == 'missing-entries']


def times(begin, end, boot=0):
    return [(number, boot, number) for number in range(begin, end)]


GONE = 'their file is gone'


def test_a_number_that_a_users_file_holds_is_not_missing(tmpdir):
    """SplitMode=uid: one count for all, and before systemd 254 another writer's id in each user's files."""
    assert counted_together(
        tmpdir, ('system@1-1.journal', 0, times(1, 10)), ('user-1000.journal', 1, times(10, 40)),
        ('system.journal', 0, times(40, 50))) == []


def test_what_no_file_holds_is_missing_though_a_users_file_reaches_across(tmpdir):
    """Somebody took a file of the system away; a user wrote every fifth entry meanwhile."""
    by_the_user = [(number, 0, number) for number in range(12, 60, 5) if number not in (42, 47)]
    assert counted_together(
        tmpdir, ('system@1-1.journal', 0, times(1, 10)), ('user-1000.journal', 1, by_the_user),
        ('system.journal', 0, times(42, 50))) == [('system.journal', 32 - 6, GONE)]


def test_other_counts_are_no_excuse(tmpdir):
    """What systemd-journal-remote numbers has nothing to do with journald's numbers."""
    assert counted_together(
        tmpdir, ('system@1-1.journal', 0, times(1, 10)), ('remote-web1.journal', 1, times(1, 60, boot=3)),
        ('system.journal', 0, times(40, 50))) == [('system.journal', 30, GONE)]


@pytest.mark.parametrize('later', [2, 1])
def test_a_count_that_began_anew(tmpdir, later):
    """After a crash: the system's new file begins with 1, and leaps when the user's old one is opened again."""
    entries = [(number, 0, number) for number in range(100, 140, 2)] + [(139, 1, 204)]
    assert counted_together(
        tmpdir, ('system@1-1.journal', 0, [(number, 1, 200 + number) for number in range(1, 4)]),
        ('user-1000.journal', 1, entries), ('system.journal', 0, [(number, later, 210 + number) for number in (140, 141)]),
        ) == []


def test_the_end_of_a_file_that_a_crash_left(tmpdir):
    path = str(tmpdir.join('system@0123-4567.journal~'))
    found = counted_together(tmpdir, (os.path.basename(path), 0, times(1, 10)), ('system.journal', 0, times(40, 50)))
    assert found == [('system.journal', 30, 'the end of the first')]


def test_entries_that_are_missing_are_told_of_a_folder_only(tmpdir):
    """Who names files may well leave some out."""
    paths = [journal_of(rows(first, first + 5), seqnum=first, file_id=file_id).write(tmpdir.join(name))
             for first, file_id, name in ((1, b'a' * 16, 'a.journal'), (20, b'b' * 16, 'b.journal'))]
    for options, kinds in (({'files': paths}, []), ({'directory': str(tmpdir)}, ['missing-entries'])):
        assert [row['kind'] for row in Scan(Journal('journalctl', **options), [SIGNATURE], 3).run()['losses']] == kinds


@pytest.mark.parametrize('error, why', [
    (IndexError(), 'damaged: it points beyond its end'), (journal_file.Damaged('x'), 'damaged: x'),
    (EnvironmentError(errno.ENOMEM, 'Cannot allocate memory'), 'Cannot allocate memory')])
def test_why_a_file_is_not_searched(error, why):
    """What the host lacks is no damage of the file."""
    assert journal_scan.why_not(error) == why


def test_the_file_that_was_renamed(tmpdir):
    """journald archives a file under another name, and begins the next under the old one."""
    path = stamped(1).write(tmpdir.join('system.journal'))
    header = Header(path)
    assert opened(Header, path, header.inode).path == path
    archived = str(tmpdir.join('system@0-1.journal'))
    os.rename(path, archived)
    assert opened(Header, path, header.inode).path == archived
    stamped(2, 3).write(path)
    assert opened(Header, path, header.inode).path == archived
    with opened(JournalFile, path, header.inode) as file:
        assert (file.path, file.entries) == (archived, 1)
    os.rename(archived, str(tmpdir.join('elsewhere')))
    with pytest.raises(EnvironmentError) as error:
        opened(Header, path, header.inode)
    assert error.value.errno == errno.ENOENT


def test_the_file_that_was_renamed_while_the_next_is_not_yet_one(tmpdir):
    path = stamped(1).write(tmpdir.join('system.journal'))
    header = Header(path)
    archived = str(tmpdir.join('system@0-1.journal'))
    os.rename(path, archived)
    tmpdir.join('system.journal').write('')
    assert opened(Header, path, header.inode).path == archived


def test_the_folder_is_not_listed_for_each_file(tmpdir, monkeypatch):
    listed = []
    monkeypatch.setattr(journal_scan, 'journal_files', lambda folder: listed.append(folder) or [
        str(path) for path in tmpdir.listdir()])
    monkeypatch.setattr(journal_scan, '_LISTED', {})
    before = []
    for number in range(5):
        path = stamped(1).write(tmpdir.join('user-%d.journal' % number))
        before.append(Header(path))
    assert [opened(Header, header.path, header.inode).path for header in before] == [header.path for header in before]
    assert listed == []
    for header in before:
        os.rename(header.path, header.path[:-8] + '@0-1-2.journal')
    for header in before:
        assert opened(Header, header.path, header.inode).path == header.path[:-8] + '@0-1-2.journal'
    assert listed == [str(tmpdir)]
    for header in before:  # what is archived is removed, and not renamed
        path = header.path[:-8] + '@0-1-2.journal'
        os.unlink(path)
        with pytest.raises(EnvironmentError):
            opened(Header, path, header.inode)
    assert listed == [str(tmpdir)]


def test_what_is_no_journal_stays_none(tmpdir):
    path = tmpdir.join('x.journal')
    path.write('x' * 1000)
    info = os.stat(str(path))
    with pytest.raises(Unreadable):
        opened(Header, str(path), (info.st_dev, info.st_ino))


@pytest.mark.parametrize('moved', ['renamed', 'removed'])
def test_rotation_during_a_scan(tmpdir, moved):
    """Between the list of files and their reading: what was renamed is read once, what was removed is no error."""
    paths = [stamped(1, 2).write(tmpdir.join('system.journal'))]
    journal = Journal('/nowhere/journalctl', files=paths)
    if moved == 'renamed':
        os.rename(paths[0], str(tmpdir.join('system@0-1.journal')))
        journal_of([fields_of(KNOWN)], seqnum=3, file_id=b'n' * 16).write(paths[0])
    else:
        os.unlink(paths[0])
    found = Scan(journal, [SIGNATURE], 3).run()
    assert (found['entries'], found['errors']) == (2 if moved == 'renamed' else 0, [])


# --- continuing from a cursor
# -----------------------------------------------------------------------------------------------


def continued(journals, before, after):
    """Scan Builders, then others from there: the results of both."""
    first = scan(journals(*before))
    return first, scan(journals(*after), cursor=first['cursor'])


@pytest.fixture
def own(reading, monkeypatch):
    """The same as `reading`, of the journal of this host."""
    def journal(*builders):
        found = reading(*builders)
        paths = list(found.files)
        monkeypatch.setattr(journal_module, 'own_journal_files', lambda: paths)
        found = Journal('/nowhere/journalctl')
        found.newcomers = lambda: []
        return found
    monkeypatch.setattr(journal_scan, 'current_boot', lambda: BOOTS[1].decode('ascii'))
    journal.way = reading.way
    return journal


@pytest.mark.parametrize('whose', ['own', 'given'])
def test_a_reboot_with_the_clock_set_back_and_a_new_writer(own, reading, whose):
    """What journald of systemd 239 and later writes then: it sets the file "from the future" aside."""
    one = journal_of([fields_of(KNOWN, number) for number in range(5)])
    two = journal_of([fields_of(KNOWN, number - 1000000, monotonic=number + 1, _BOOT_ID=BOOTS[1]) for number in range(4)],
                     writer=WRITERS[1], file_id=b'\x01' * 16)
    first, second = continued(own if whose == 'own' else reading, [one], [one, two])
    assert (first['entries'], second['entries'], second['undecided']) == (5, 4, 0)
    assert second['signatures'][0]['count'] == 4


def test_numbers_that_a_power_cut_took_and_the_next_boot_got_again(own):
    """EL 9 lets the new file inherit the writer; the last entries that were read never reached the disk."""
    before = journal_of([fields_of(KNOWN, number) for number in range(9)])
    left = journal_of([fields_of(KNOWN, number) for number in range(5)], state=1)
    for rows in (2, 4, 20):
        later = journal_of([fields_of(KNOWN, number - 50, monotonic=number + 1, _BOOT_ID=BOOTS[1])
                            for number in range(rows)], seqnum=6, file_id=b'\x01' * 16)
        first, second = continued(own, [before], [left, later])
        assert (first['entries'], second['entries'], second['undecided']) == (9, rows, 0)
        assert scan(own(left, later), cursor=second['cursor'])['entries'] == 0
        for number in range(3):  # it goes on with numbers that were read of the boot before
            later.append(*fields_of(KNOWN, number, monotonic=rows + number + 1, _BOOT_ID=BOOTS[1]))
        assert scan(own(left, later), cursor=second['cursor'])['entries'] == 3


def test_a_user_whose_journal_is_new(own):
    """SplitMode=uid: another writer in the same boot, with numbers of the same counter."""
    one = journal_of([fields_of(KNOWN, number) for number in (0, 1)])
    user = journal_of([fields_of(KNOWN, number, realtime=START - 9) for number in (2, 3)], writer=WRITERS[1],
                      file_id=b'\x01' * 16, seqnum=3)
    first, second = continued(own, [one], [one, user])
    assert (first['entries'], second['entries'], second['undecided']) == (2, 2, 0)


def test_what_was_copied_from_run_to_var_is_not_new(own):
    rows = [fields_of(KNOWN, number) for number in range(4)]
    volatile = journal_of(rows)
    copied = journal_of(rows + [fields_of(KNOWN, 9)], writer=WRITERS[1], file_id=b'\x01' * 16, seqnum=90)
    first, second = continued(own, [volatile], [copied])
    assert (first['entries'], second['entries'], second['undecided']) == (4, 1, 0)
    # Nor is it later, when another writer has gone on meanwhile.
    copied = journal_of(rows, writer=WRITERS[1], file_id=b'\x01' * 16, seqnum=90)
    other = journal_of([fields_of(KNOWN, 9)], writer=WRITERS[2], file_id=b'\x02' * 16)
    first, second = continued(own, [volatile], [copied, other])
    assert (second['entries'], scan(own(copied, other), cursor=second['cursor'])['entries']) == (1, 0)


def test_containers_share_boot_and_clock_with_their_host(reading):
    """So a journal of one that comes late to a log server is counted, and told."""
    one = journal_of([fields_of(KNOWN, number) for number in (5, 6)])
    late = journal_of([fields_of(KNOWN, number) for number in (1, 2)], writer=WRITERS[1], file_id=b'\x01' * 16)
    first, second = continued(reading, [one], [one, late])
    assert (first['entries'], second['entries'], second['undecided']) == (2, 2, 2)
    assert scan(reading(one, late), cursor=second['cursor'])['entries'] == 0


def test_a_cursor_that_tells_less_leaves_undecided_what_it_does_not_tell(own):
    one = journal_of([fields_of(KNOWN, number) for number in range(5)])
    two = journal_of([fields_of(KNOWN, number, _BOOT_ID=BOOTS[1]) for number in (10, 11)], writer=WRITERS[1],
                     file_id=b'\x01' * 16)
    cursor = scan(own(one))['cursor'].partition(';k=')[0]
    found = scan(own(one, two), cursor=cursor)
    assert (found['entries'], found['undecided']) == (2, 2)
    assert scan(own(one, two), cursor=found['cursor'])['entries'] == 0
    # From now on the position tells all.
    three = journal_of([fields_of(KNOWN, 0, _BOOT_ID=BOOTS[2])], writer=WRITERS[2], file_id=b'\x02' * 16)
    found = scan(own(one, two, three), cursor=found['cursor'])
    assert (found['entries'], found['undecided']) == (1, 0)


def test_a_gap_that_was_told_is_not_told_again(own):
    files = [journal_of([fields_of(KNOWN, first)], seqnum=first, file_id=b'%d' % first * 16) for first in (1, 5)]
    first, second = continued(own, files, files + [journal_of([fields_of(KNOWN, 9)], seqnum=9, file_id=b'9' * 16)])
    told = [[row['lost'] for row in found['losses'] if row['kind'] == 'missing-entries'] for found in (first, second)]
    assert told == [[3], [3]]  # of 2 to 4, and of 6 to 8


def test_what_the_running_boot_says_is_the_latest_though_the_clock_was_set_back(own):
    watched = dict(SIGNATURE, watch={'opened': 'unloaded', 'closed': ' loaded'})
    before = journal_of([fields_of(KNOWN + b' unloaded', 1), fields_of(KNOWN + b' loaded', 2)])
    after = journal_of([fields_of(KNOWN + b' unloaded', -900, monotonic=1, _BOOT_ID=BOOTS[1])], writer=WRITERS[1],
                       file_id=b'\x01' * 16)
    if own.way == 'directly':  # through journalctl the header is not known
        found = Scan(own(before, after), [watched], 3).run()
        assert found['signatures'][0]['unclosed']['boot_id'] == BOOTS[1].decode('ascii')


def test_a_file_that_came_while_the_others_were_read(own, tmpdir):
    """It may hold what is older than the last entry read: nothing of it counts as read."""
    one = journal_of([fields_of(KNOWN, number) for number in range(5)])
    late = journal_of([fields_of(KNOWN, 2)], writer=WRITERS[1], file_id=b'\x01' * 16, seqnum=7)
    journal = own(one)
    journal.newcomers = lambda: [late.write(tmpdir.join('late.journal')), str(tmpdir.join('gone.journal'))]
    first = scan(journal)
    second = scan(own(one, late), cursor=first['cursor'])
    assert (first['entries'], second['entries'], second['undecided']) == (5, 1, 0)


def test_a_closed_file_was_not_left_by_a_crash(tmpdir):
    """journald names both `.journal~`; what is "from the future" for a clock set back was closed."""
    paths = [journal_of([fields_of(KNOWN, state)], state=state, seqnum=state + 1, file_id=b'%d' % state * 16).write(
        tmpdir.join('system@0006396f1e2ac5e1-00000000000000%d0.journal~' % state)) for state in (0, 1, 2)]
    found = scan(Journal('/nowhere/journalctl', files=paths))
    assert [(row['kind'], row['source']) for row in found['losses']] == [('crashed-file', paths[1])]


@given(writer=st.integers(0, 2), cut=st.integers(0, 12), whose=st.booleans(), cursor=st.sampled_from([
    's=%s;i=5;b=%s;m=4c4b40;t=1;x=1' % (NAMES[0], NAME),
    's=%s;i=5;b=%s;m=4c4b40;t=1;x=1;k=%s.4c4b40' % (NAMES[0], NAME, NAME),
    's=%s;i=5;b=%s;m=4c4b40;t=1;x=1;k=%s.4c4b40;d=2' % (NAMES[0], NAME, NAME),
    's=%s;i=5;b=%s;m=4c4b40;t=1;x=1;w=%s.7;k=%s.4c4b40,%s' % (NAMES[2], 'f' * 32, NAMES[1], 'f' * 32, NAME),
    's=%s;i=c;b=%s;m=4c4b40;t=1;x=1;k=%s.4c4b40' % (NAMES[0], NAME, NAME),
    'b=%s;m=4c4b40' % NAME, 't=1']))
def test_a_file_is_new_where_its_entries_are(writer, cut, whose, cursor):
    """What is new of a file, by its header and by each entry, is the same."""
    journal = journal_of([fields_of(KNOWN, number, _BOOT_ID=BOOTS[number // 8]) for number in range(cut + 1)],
                         writer=WRITERS[writer])
    one = Scan(Journal('/nowhere/journalctl', files=['/nowhere']), [SIGNATURE], 3, cursor=cursor)
    one.journal.given = whose
    with opened_builder(journal) as file:
        expected = [bool(one._position.decide(place_of(file.cursor(entry)), file.cursor(entry), not whose))
                    for entry in journal.entries]
        found = one._new_in(file)
        if callable(found):
            assert [found(entry) for entry in journal.entries] == expected
        else:
            assert [index >= (found or 0) for index in range(len(expected))] == expected
        if one._is_past(file):
            assert not any(expected)
