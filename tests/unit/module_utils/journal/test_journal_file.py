# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader of journal files: whole ones, growing ones and damaged ones, all made by journal_builder."""
from __future__ import absolute_import, division, print_function

import contextlib
import io
import itertools
import os
import shutil
import struct
import subprocess
import tempfile

import journal_builder as builder
import pytest
from hypothesis import given
from hypothesis import strategies as st
from journal_builder import BOOTS, Builder, fields_of, journal_of

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import file as journal_file
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.file import (
    Damaged, Empty, Header, JournalFile, Numbers, Unreadable, numbers)

__metaclass__ = type

LAYOUTS = pytest.mark.parametrize('compact', [False, True])
JOURNALCTL = [os.path.join(folder, 'journalctl') for folder in os.environ.get('PATH', '').split(os.pathsep)
              if os.access(os.path.join(folder, 'journalctl'), os.X_OK)]


@contextlib.contextmanager
def opened(journal):
    """A JournalFile of what a Builder (or bytes) holds."""
    folder = tempfile.mkdtemp()
    try:
        path = os.path.join(folder, 'x.journal')
        with io.open(path, 'wb') as target:
            target.write(bytes(getattr(journal, 'data', journal)))
        with JournalFile(path) as file:
            yield file
    finally:
        shutil.rmtree(folder)


def flat(lists):
    return list(itertools.chain.from_iterable(lists))


def data_of(journal, value):
    """The offset of a DATA object that is there."""
    offset = journal.value(value)
    assert journal.get(offset + 56), 'no entry has it'
    return offset


def rows(number, **fields):
    return [fields_of(b'message %d' % (place % 5), place, _BOOT_ID=BOOTS[place % 7 // 5],
                      SYSLOG_FACILITY=None, **fields)
            for place in range(number)]


# --- the files that the other tests read
# --------------------------------------------------------------------------------------


def test_the_hash_is_the_true_one():
    """From the self-test of lookup3.c."""
    assert builder.lookup3(b'') == 0xdeadbeefdeadbeef
    assert builder.lookup3(b'Four score and seven years ago') == 0x17770551ce7226e6


@pytest.mark.skipif(not JOURNALCTL, reason='journalctl is not on this host')
@LAYOUTS
def test_journalctl_reads_them(tmpdir, compact):
    version = int(subprocess.check_output(JOURNALCTL[:1] + ['--version']).split()[1])
    if compact and version < 252:
        pytest.skip('systemd %d knows no compact files' % version)
    path = journal_of(rows(40), compact=compact).write(tmpdir.join('x.journal'))
    subprocess.check_output(JOURNALCTL[:1] + ['--verify', '--file=' + path], stderr=subprocess.STDOUT)
    found = subprocess.check_output(JOURNALCTL[:1] + ['--output=export', '--file=' + path])
    assert found.count(b'\nMESSAGE=message ') == 40
    with JournalFile(path) as file:
        cursors = [file.cursor(entry) for entry in flat(file.all_entries())]
    assert [line.decode('ascii')[9:] for line in found.splitlines() if line.startswith(b'__CURSOR=')] == cursors


# --- numbers
# ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('size', [4, 8])
@given(data=st.binary(max_size=80), place=st.integers(-1, 30), end=st.integers(0, 30), step=st.integers(1, 3))
def test_a_buffer_as_numbers(size, data, place, end, step):
    """What Python 2.7 has, and what the others have, against the plain way."""
    expected = [struct.unpack('<Q' if size == 8 else '<I', data[at:at + size])[0]
                for at in range(0, len(data) - size + 1, size)]
    for found in (Numbers(data, size), numbers(data, size)):
        assert len(found) == len(expected)
        assert list(found) == expected
        assert list(found[max(place, 0):end:step]) == expected[max(place, 0):end:step]
        assert list(found[max(place, 0):]) == expected[max(place, 0):]
        if 0 <= place < len(expected):
            assert found[place] == expected[place]
        for beyond in (len(expected), len(expected) + 7, 2 ** 61):
            with pytest.raises(IndexError):
                found[beyond]


# --- entries and values
# --------------------------------------------------------------------------------------------------


@LAYOUTS
@pytest.mark.parametrize('number', [1, 2, 3, 6, 7, 40])
def test_entries(compact, number):
    journal = journal_of(rows(number, _PID=b'17'), compact=compact, seqnum=100)
    with opened(journal) as file:
        assert file.compact == compact
        assert flat(file.all_entries()) == journal.entries
        assert [file.entry(index) for index in range(number)] == journal.entries
        for begin in range(number + 1):
            assert flat(file.all_entries(begin)) == journal.entries[begin:]
        assert file.tail == journal.entries[-1]
        assert file.end == len(journal.data) or file.u64[file.end >> 3] & 0xff == 6  # the array of its list
        assert [file.first_after(seqnum) for seqnum in (0, 99, 100, 100 + number - 1, 10 ** 9)] == [
            0, 0, 1, number, number]
        assert [file.entry_before(entry) for entry in journal.entries] == [0] + journal.entries[:-1]
        numbers, kinds = file.numbers_of(journal.entries, journal_file.ENTRY_SEQNUM, 0)
        assert (list(numbers), set(kinds)) == (list(range(100, 100 + number)), set([journal_file.ENTRY]))
        assert file.numbers_of(journal.entries[:1], journal_file.ENTRY_SEQNUM) == [[100]]
        boots = dict((value, data) for data, value in file.values(b'_BOOT_ID'))
        for place, boot in enumerate(BOOTS[:2 if number > 5 else 1]):
            expected = [entry for index, entry in enumerate(journal.entries) if index % 7 // 5 == place]
            assert flat(file.entries_of(boots[boot])) == expected
            assert file.count(boots[boot]) == len(expected)
            assert file.last_entry_of(boots[boot]) == expected[-1]
        data = data_of(journal, b'_PID=17')
        assert flat(file.entries_of(data)) == journal.entries
        assert all(data in file.items(entry) for entry in journal.entries)
        assert file.items(journal.entries[0]) == sorted(file.items(journal.entries[0]))
        assert set(map(file.value, file.items(journal.entries[0]))) == set([
            b'MESSAGE=message 0', b'PRIORITY=4', b'SYSLOG_IDENTIFIER=kernel', b'_BOOT_ID=' + BOOTS[0], b'_PID=17',
            b'_HOSTNAME=host0', b'_MACHINE_ID=' + builder.MACHINES[0], b'_TRANSPORT=kernel'])


def test_many_entries_are_given_in_parts(monkeypatch):
    monkeypatch.setattr(journal_file, 'BATCH', 4)
    journal = journal_of(rows(30))
    with opened(journal) as file:
        parts = list(file.all_entries(5))
        assert flat(parts) == journal.entries[5:]
        assert max(map(len, parts)) == 4
        data = data_of(journal, b'_TRANSPORT=kernel')
        assert flat(file.entries_of(data)) == journal.entries


def test_a_value_without_entries():
    journal = journal_of(rows(3))
    data = journal.value(b'MESSAGE=written before a crash')
    with opened(journal) as file:
        assert (list(file.entries_of(data)), file.count(data), file.last_entry_of(data)) == ([], 0, 0)


@LAYOUTS
def test_an_empty_journal(compact):
    with opened(Builder(compact=compact)) as file:
        assert (flat(file.all_entries()), file.tail, file.first_after(0)) == ([], 0, 0)
        assert file.values(b'MESSAGE') == []


def test_values_of_a_field():
    texts = [b'', b'a=b', b'\0\n\xff', b'x' * 1000, b'4']
    journal = journal_of([fields_of(text, number, SYSLOG_RAW=text) for number, text in enumerate(texts)])
    with opened(journal) as file:
        assert sorted(value for _data, value in file.values(b'MESSAGE')) == sorted(texts)
        for data, value in file.values(b'SYSLOG_RAW'):
            assert file.value(data) == b'SYSLOG_RAW=' + value
            assert file.beginning(data, 3) == b'SYS'
        assert file.values(b'MESSAG') == file.values(b'_NONE') == []


def test_a_value_longer_than_the_limit_is_cut(monkeypatch):
    monkeypatch.setattr(journal_file, 'VALUE_LIMIT', 12)
    journal = journal_of([fields_of(b'a long message')])
    with opened(journal) as file:
        assert file.value(journal.value(b'MESSAGE=a long message')) == b'MESSAGE=a lo'


def test_the_cursor():
    journal = journal_of([fields_of(b'x', 0, _BOOT_ID=BOOTS[3], realtime=0xabc, monotonic=0xd)], seqnum=255)
    with opened(journal) as file:
        assert file.cursor(file.tail) == u's=%s;i=ff;b=%s;m=d;t=abc;x=%x' % (
            '11' * 16, BOOTS[3].decode('ascii'), journal.get(journal.entries[0] + 56))


def stored(value):
    """A value as an LZ4 block without any repetition, behind its size."""
    assert 15 <= len(value) < 270
    return 2, struct.pack('<QBB', len(value), 0xf0, len(value) - 15) + value


@LAYOUTS
def test_compressed_values(compact):
    journal = journal_of([fields_of(b'a compressed message')], compact=compact,
                         packed=lambda value: stored(value) if value.startswith(b'MESSAGE=') else (0, value))
    struct.pack_into('<I', journal.data, builder.FLAGS, 2 | builder.COMPACT * compact)
    with opened(journal) as file:
        data = data_of(journal, b'MESSAGE=a compressed message')
        assert file.value(data) == b'MESSAGE=a compressed message'
        assert file.beginning(data, 8)[:8] == b'MESSAGE='
        assert file.values(b'MESSAGE') == [(data, b'a compressed message')]
    journal.put(data + file.value_at, 2 ** 62)
    with opened(journal) as file:
        with pytest.raises(Damaged):
            file.value(data)


# --- which object a byte belongs to
# ----------------------------------------------------------------------------------------


def objects_of(data):
    """(offset, offset of the next) of each object of a file."""
    found, offset = [], builder.HEADER
    while offset < len(data):
        following = offset + struct.unpack_from('<Q', data, offset + 8)[0] + 7 & ~7
        found.append((offset, following))
        offset = following
    return found


@LAYOUTS
def test_the_object_of_every_byte(compact):
    texts = [b'short', b'', b'\0', b'with\0NULs\0\0in it', b'\0' * 70 + b'x', b'x' * 600]
    journal = journal_of([fields_of(text, number) for number, text in enumerate(texts * 3)], compact=compact)
    with opened(journal) as file:
        for offset, following in objects_of(journal.data):
            size = journal.get(offset + 8)
            for place in range(offset, following):
                found = file.object_at(place)
                # Of an object that is known to hold the byte the true end is told, else where the next begins.
                assert found[0] == offset and found[1] in (offset + size, following), place


def test_more_nuls_than_guesses():
    text = b'\0x' * (journal_file.GUESSES + 3)
    journal = journal_of(rows(3) + [fields_of(text, 4)] + rows(3))
    data = data_of(journal, b'MESSAGE=' + text)
    with opened(journal) as file:
        assert file.object_at(data + 64 + 8 + len(text) - 1)[0] == data


def forged(message, place, compact, linked):
    """The bytes of a DATA object of a message, that claims to be linked as one that there is."""
    head = struct.pack('<BB6xQ', 1, 0, (72 if compact else 64) + len(message))
    return head + struct.pack('<6Q', linked, 0, 0, place, 0, 1) + b'\0' * (8 * compact) + message


@LAYOUTS
@pytest.mark.parametrize('shift', range(8))
def test_a_message_that_looks_like_an_object(compact, shift):
    """At one of eight shifts it lies where an object could lie; its hash and its entry are those of a true one."""
    journal = journal_of(rows(5), compact=compact)
    true = data_of(journal, b'MESSAGE=message 0')
    fake = b'x' * shift + forged(b'MESSAGE=forged', journal.entries[0], compact, journal.get(true + 16)) + b'x'
    journal.append(*fields_of(fake, 6))
    journal.append(*fields_of(b'message 0', 7))
    data = data_of(journal, b'MESSAGE=' + fake)
    with opened(journal) as file:
        assert file.is_linked(data) and file.is_linked(true)
        for place in range(file.value_at + 8 + shift, file.value_at + 8 + len(fake)):
            assert file.object_at(data + place)[0] == data
            if place % 8 == 0:
                assert not file.is_linked(data + place)


def test_every_value_is_linked_and_nothing_else_is():
    journal = journal_of([fields_of(b'%d' % number, number) for number in range(30)])
    with opened(journal) as file:
        values = [offset for offset, _following in objects_of(journal.data) if journal.data[offset] == 1]
        assert len(values) > 30
        for offset in range(builder.HEADER, len(journal.data) - 64, 8):
            assert file.is_linked(offset) == (offset in values)


# --- a file that grows while it is open
# ------------------------------------------------------------------------------------


@LAYOUTS
@pytest.mark.parametrize('number', [1, 2, 3, 5, 20])
def test_what_comes_later_is_not_seen(tmpdir, compact, number):
    """journald writes on, in the arrays and values that the open file has mapped."""
    path = tmpdir.join('x.journal')
    journal = journal_of(rows(number), compact=compact)
    # journald makes a file larger than it needs.
    journal_path = journal.write(path)
    with io.open(journal_path, 'ab') as target:
        target.write(b'\0' * 100000)
    seen = list(journal.entries)
    with JournalFile(journal_path) as file:
        before = dict((data, flat(file.entries_of(data))) for data in flat(map(file.items, seen)))
        for row in rows(40, _PID=b'1'):
            journal.append(*row)
        journal.write(path)
        assert file.u64[file.tail + 8 >> 3]
        assert flat(file.all_entries()) == seen
        for data, entries in before.items():
            assert flat(file.entries_of(data)) == entries
            assert file.count(data) == len(entries)
            assert file.last_entry_of(data) == entries[-1]
        later = data_of(journal, b'_PID=1')
        assert later >= file.end
        assert (flat(file.entries_of(later)), file.count(later), file.last_entry_of(later)) == ([], 0, 0)
        assert file.first_after(10 ** 9) == number


# --- damage
# -------------------------------------------------------------------------------------------------------------


def test_what_is_no_journal(tmpdir):
    path = tmpdir.join('x.journal')
    whole = bytes(journal_of(rows(3)).data)
    for content in (b'LPKSHHRH', b'x' * 1000, whole[:207], b'x' + whole[1:]):
        path.write_binary(content)
        for reader in (Header, JournalFile):
            with pytest.raises(Unreadable) as error:
                reader(str(path))
            assert str(error.value) == 'not a journal file'
    with pytest.raises(EnvironmentError):
        Header(str(tmpdir.join('none')))


def test_a_header_alone(tmpdir):
    header = Header(journal_of(rows(3), seqnum=7, state=1).write(tmpdir.join('x.journal')))
    info = os.stat(header.path)
    assert (header.entries, header.head_seqnum, header.tail_seqnum, header.state) == (3, 7, 9, 1)
    assert (header.file_id, header.writer) == ('22' * 16, '11' * 16)
    assert (header.head_realtime, header.tail_realtime) == (builder.START, builder.START + 2000000)
    assert (header.inode, header.size) == ((info.st_dev, info.st_ino), info.st_size)


def test_an_unknown_kind():
    journal = journal_of(rows(3))
    struct.pack_into('<I', journal.data, builder.FLAGS, 32)
    with pytest.raises(Unreadable) as error:
        with opened(journal):
            pass
    assert not isinstance(error.value, Damaged) and '0x20' in str(error.value)


def test_a_file_cut_off():
    whole = bytes(journal_of(rows(3)).data)
    for length in (208, 272, 280, len(whole) // 2, len(whole) - 1):
        with pytest.raises(Damaged) as error:
            with opened(whole[:length]):
                pass
        assert str(error.value) == 'damaged: truncated'


@pytest.mark.parametrize('place, number', [
    (builder.HEADER_SIZE, 200), (builder.HEADER_SIZE, 276), (builder.HEADER_SIZE, 2 ** 63),
    (builder.ARENA_SIZE, 2 ** 63), (builder.ENTRY_ARRAY, 0), (builder.ENTRY_ARRAY, 2 ** 60),
    (builder.ENTRY_ARRAY, 300), (builder.ENTRY_ARRAY, 304), (builder.ENTRIES, 2 ** 60), (builder.ENTRIES, 19),
    (builder.ENTRIES, 21), (builder.ENTRIES, 0), (builder.TAIL_SEQNUM, 5), (builder.DATA_TABLE_SIZE, 0),
    (builder.DATA_TABLE_SIZE, 2 ** 40), (builder.DATA_TABLE_AT, 2 ** 40), (builder.DATA_TABLE_AT, 1),
    (builder.FIELD_TABLE_SIZE, 8), (builder.FIELD_TABLE_AT, 2 ** 63)])
def test_a_header_that_lies(place, number):
    journal = journal_of(rows(20))
    journal.put(place, number)
    with pytest.raises((Damaged, IndexError)):
        with opened(journal):
            pass


def test_a_number_given_to_an_entry_that_found_no_room():
    """journald numbers an entry before it makes room for it; that the file was full then is no damage."""
    journal = journal_of(rows(20))
    journal.put(builder.TAIL_SEQNUM, 21)
    with opened(journal) as file:
        assert (file.entries, file.tail_seqnum) == (20, 21)


def lists_of(journal, value):
    """(where the list of the entries of a value begins, its arrays)."""
    data = data_of(journal, value)
    return data, journal.arrays(data + 48)


def circle(journal, data, arrays):
    journal.put(arrays[-1] + 16, arrays[0])
    journal.put(data + 56, 10 ** 6)


def out_of_order(journal, _data, arrays):
    journal.put(arrays[1] + 24, journal.get(arrays[1] + 32))
    journal.put(arrays[1] + 32, journal.entries[3])


@pytest.mark.parametrize('harm', [
    circle, out_of_order,
    lambda journal, data, arrays: journal.put(arrays[1], 1),  # no array
    lambda journal, data, arrays: journal.put(arrays[1] + 8, 24),  # an empty one
    lambda journal, data, arrays: journal.put(arrays[1] + 8, 8),
    lambda journal, data, arrays: [journal.put(arrays[-1] + 8, 2 ** 62), journal.put(data + 56, 2 ** 61)],
    lambda journal, data, arrays: journal.put(arrays[0] + 16, 0),
    lambda journal, data, arrays: journal.put(arrays[0] + 16, arrays[1] + 4),
    lambda journal, data, arrays: journal.put(arrays[0] + 16, arrays[0]),
    lambda journal, data, arrays: journal.put(arrays[0] + 16, 2 ** 60),
    lambda journal, data, arrays: journal.put(arrays[0] + 24, 0),
    lambda journal, data, arrays: journal.put(data + 48, 0),
    lambda journal, data, arrays: journal.put(data + 40, journal.entries[-1] + 8)])
@pytest.mark.parametrize('read', [
    lambda file, data: flat(file.entries_of(data)),
    lambda file, data: (file.count(data), file.last_entry_of(data), flat(file.entries_of(data)))])
def test_a_damaged_list(harm, read):
    journal = journal_of(rows(20))
    harm(journal, *lists_of(journal, b'_TRANSPORT=kernel'))
    with opened(journal) as file:
        with pytest.raises((Damaged, IndexError)):
            read(file, data_of(journal, b'_TRANSPORT=kernel'))


def test_the_count_of_a_list_in_a_circle():
    journal = journal_of(rows(20))
    data, arrays = lists_of(journal, b'_TRANSPORT=kernel')
    circle(journal, data, arrays)
    with opened(journal) as file:
        with pytest.raises(Damaged):
            file.count(data)


def test_a_hash_chain_in_a_circle():
    journal = journal_of(rows(20), buckets=1)
    values = sorted(offset for offset, _following in objects_of(journal.data) if journal.data[offset] == 1)
    journal.put(values[3] + 24, values[1])
    with opened(journal) as file:
        with pytest.raises(Damaged):
            file.is_linked(values[-1])


def test_a_chain_of_fields_in_a_circle():
    journal = journal_of(rows(20), buckets=1)
    fields = sorted(offset for offset, _following in objects_of(journal.data) if journal.data[offset] == 2)
    journal.put(fields[3] + 24, fields[1])
    with opened(journal) as file:
        with pytest.raises(Damaged):
            file.values(b'MESSAGE')


@pytest.mark.parametrize('harm', [
    lambda journal, values, field: journal.put(values[0] + 32, values[-1]),  # a circle
    lambda journal, values, field: journal.put(values[-1] + 32, values[-1]),
    lambda journal, values, field: journal.put(values[-1] + 32, journal.value(b'_TRANSPORT=kernel')),  # of another
    lambda journal, values, field: journal.put(values[-1], 3),  # no DATA object
    lambda journal, values, field: journal.put(values[-1], 0x0801),  # an unknown compression
    lambda journal, values, field: journal.put(values[-1] + 8, 64),  # nothing in it
    lambda journal, values, field: journal.put(values[-1] + 8, 2 ** 62),
    lambda journal, values, field: journal.put(values[-1] + 8, journal.entries[-1] - values[-1] + 8),
    lambda journal, values, field: journal.put(field + 32, journal.entries[0]),
    lambda journal, values, field: journal.put(field + 32, values[-1] + 4),
    lambda journal, values, field: journal.put(field + 32, journal.value(b'_TRANSPORT=kernel')),
    lambda journal, values, field: journal.put(field, 1),
    lambda journal, values, field: journal.put(field + 32, 2 ** 60)])
def test_damaged_values(harm):
    journal = journal_of(rows(20))
    values = sorted(data_of(journal, b'MESSAGE=message %d' % number) for number in range(5))
    harm(journal, values, journal.field(b'MESSAGE'))
    with opened(journal) as file:
        with pytest.raises((Damaged, IndexError)):
            file.values(b'MESSAGE')


@pytest.mark.parametrize('kind, size', [(0, 64), (8, 64), (1, 15), (1, 0), (1, 2 ** 62)])
def test_an_object_of_no_known_kind(kind, size):
    journal = journal_of(rows(3))
    last = journal._object(1, b'\0' * 48)
    journal.put(journal.entries[-1], kind)
    journal.put(journal.entries[-1] + 8, size)
    path = bytes(journal.data)
    try:
        with opened(path) as file:
            with pytest.raises((Damaged, IndexError)):
                file.object_at(last)
                file.items(file.tail)
    except (Damaged, IndexError):  # or already when it is opened
        pass


@given(harms=st.lists(st.tuples(st.integers(0, 10 ** 6), st.one_of(
    st.integers(0, 255), st.integers(0, 700).map(lambda number: number * 8), st.integers(0, 2 ** 64 - 1))),
    min_size=1, max_size=3), compact=st.booleans(), whole=st.booleans())
def test_nothing_else_is_ever_raised(harms, compact, whole):
    """Any numbers anywhere: what is read is right, or Unreadable or IndexError says that it cannot be; never a hang."""
    journal = journal_of(rows(12), compact=compact)
    for place, number in harms:
        if whole or number > 255:
            journal.put(place % (len(journal.data) // 8) * 8, number)
        else:
            journal.data[place % len(journal.data)] = number
    try:
        with opened(journal) as file:
            for name in (b'MESSAGE', b'_BOOT_ID', b'_TRANSPORT'):
                for data, _value in file.values(name):
                    entries = flat(file.entries_of(data))
                    assert file.count(data) >= len(entries)
            for entry in flat(file.all_entries()):
                file.entry_before(entry)
                for data in file.items(entry):
                    file.beginning(data, 65)
                    file.is_linked(data)
            for place in range(file.header_size, len(journal.data), 5):
                file.object_at(place)
    except (Unreadable, IndexError):
        pass


# --- files that are being written, and files in which there is nothing
# -----------------------------------------------------------------


@pytest.fixture
def written_meanwhile(tmpdir, monkeypatch):
    """A function from two Builders to a path: what is there becomes the second when a reader has read the header."""
    path, states = str(tmpdir.join('x.journal')), []
    check = JournalFile._check

    def written(self):
        with io.open(path, 'r+b') as target:
            target.write(bytes(states[-1].data))
        check(self)

    def prepared(before, after):
        states.append(after)
        with io.open(path, 'wb') as target:
            target.write(bytes(before.data))
            target.truncate(1 << 16)  # journald makes room in advance
        return path

    monkeypatch.setattr(JournalFile, '_check', written)
    return prepared


@pytest.mark.parametrize('compact', [False, True])
@pytest.mark.parametrize('before', [1, 2, 5, 6])
def test_what_journald_writes_after_the_header_was_read_is_no_damage(written_meanwhile, compact, before):
    path = written_meanwhile(*[journal_of(rows(number), compact=compact, state=1) for number in (before, before + 3)])
    with JournalFile(path) as file:
        assert sum(len(entries) for entries in file.all_entries()) == file.entries == before
        assert file.has_grown()
        for data, _value in file.values(b'_TRANSPORT'):
            assert file.count(data) == before


def test_a_header_that_never_knows_of_the_last_entry_is_damage(written_meanwhile):
    later = journal_of(rows(6), state=1)
    later.put(builder.ENTRIES, 5)
    with pytest.raises(Damaged) as error:
        JournalFile(written_meanwhile(journal_of(rows(5), state=1), later))
    assert 'does not know of its last entry' in str(error.value)


def test_a_value_that_waited_for_its_entry(written_meanwhile):
    """journald writes the values of an entry first, and may then have no room for it; the next entry takes them up."""
    states = [journal_of(rows(2), state=1) for _number in range(2)]
    for state in states:
        waiting = state.value(b'MESSAGE=something that had no room')
        state.append(*rows(3)[2])
    states[1].append(*fields_of(b'something that had no room', 9))
    with JournalFile(written_meanwhile(*states)) as file:
        assert (file.count(waiting), list(file.entries_of(waiting))) == (0, [])
    states[1].put(builder.ENTRIES, 3)
    states[1].put(states[1].arrays(builder.ENTRY_ARRAY)[1] + 24 + 8, 0)  # nor does the list
    with JournalFile(written_meanwhile(*states)) as file, pytest.raises(Damaged):
        file.count(waiting)


@pytest.mark.parametrize('content, said', [
    (b'', 'it has 0 bytes'), (b'\0' * 10, 'nothing but NULs'), (b'\0' * 8192, 'nothing but NULs')])
def test_a_file_in_which_there_is_nothing(tmpdir, content, said):
    path = tmpdir.join('x.journal')
    path.write_binary(content)
    for reader in (Header, JournalFile):
        with pytest.raises(Empty) as error:
            reader(str(path))
        assert said in str(error.value)
@pytest.mark.parametrize('wrong', [1 << 36, 1 << 20, 4])
def test_a_list_that_points_behind_the_last_entry_without_one_there_is_damaged(wrong):
    """It is not what came later: that would be an entry."""
    journal = journal_of(rows(4, _PID=b'17'))
    data = data_of(journal, b'_PID=17')
    with opened(journal) as file:
        tail = file.tail
    last = list(journal.arrays(data + 48))[-1] + 24
    struct.pack_into('<Q', journal.data, last, tail + wrong)
    with opened(journal) as file:
        with pytest.raises(Damaged):
            flat(file.entries_of(data_of(journal, b'_PID=17')))


def test_a_file_that_journald_cuts_as_it_is_opened(tmpdir):
    """It closes a file by giving back the room that it did not need."""
    data = bytes(journal_of(rows(3)).data)
    path = str(tmpdir.join('x.journal'))
    with io.open(path, 'wb') as target:
        target.write(data)
        target.truncate(1 << 22)

    class Cut(JournalFile):
        def _check(self):
            JournalFile._check(self)
            with io.open(path, 'r+b') as target:
                target.truncate(len(data))

    with Cut(path) as file:
        assert (file.entries, file.size, len(file.map)) == (3, len(data), len(data))
