# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log files: rotation in every form, compression, damage, and cursors that lose nothing and count nothing twice."""

from __future__ import absolute_import, division, print_function

import bz2
import gzip
import io
import json
import os
import shutil
import subprocess
import tempfile
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import compression
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import files as logfile, scan as logfile_scan

__metaclass__ = type

SIGNATURE = {'id': 'x', 'match': {'literal': 'something known', 'regex': 'something known'}}
OTHER = {'id': 'y', 'match': {'literal': 'something known to the end', 'regex': 'to the end$'}}
SIGNATURES = [SIGNATURE, OTHER]


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    monkeypatch.setenv('TZ', 'UTC')
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def log(tmpdir):
    return str(tmpdir.join('messages'))


def line(number=0, text='something known'):
    """A line (bytes) of its own for each number: one second each."""
    return (
        time.strftime('%b %e %H:%M:%S host app: ', time.gmtime(1795363280 + number)).encode('ascii')
        + text.encode('utf-8')
        + b'\n'
    )


def write(path, data, mode='wb'):
    with io.open(path, mode) as target:
        target.write(data)


def append(path, data):
    write(path, data, 'ab')


def scan(path, cursor='', **options):
    return logfile_scan.scan(path if isinstance(path, list) else [path], SIGNATURES, 3, cursor=cursor, **options)


def count(result, index=0):
    return result['signatures'][index]['count']


# --- which files
# -----------------------------------------------------------------------------------------------------------


def test_a_family_in_the_order_of_time(tmpdir):
    names = [
        'messages-20260101',
        'messages-20261122.gz',
        'messages-20261122-1795363280',
        'messages-2026112303',
        'messages-2026-11-24.xz',
        'messages.10.bz2',
        'messages.2.gz',
        'messages.1',
        'messages',
    ]
    for name in names + [
        'messages.old',
        'messages-2026',
        'messages2',
        'messages.1.txt',
        'other-20260101',
        'messages-20260101x',
    ]:
        write(str(tmpdir.join(name)), b'')
    assert [os.path.basename(path) for path in logfile.family(str(tmpdir.join('messages')))] == names


def test_while_logrotate_compresses_one_file_is_there_twice(tmpdir):
    for name in ('log', 'log.1', 'log.1.gz', 'log.2.gz'):
        write(str(tmpdir.join(name)), b'')
    assert [os.path.basename(path) for path in logfile.family(str(tmpdir.join('log')))] == ['log.2.gz', 'log.1', 'log']


def test_rotated_files_are_read_although_the_log_itself_is_missing(log):
    write(log + '-20261122', line())
    assert count(scan(log)) == 1
    assert count(scan(log, rotated=False)) == 0


def test_globs_and_names_that_look_like_globs(tmpdir):
    write(str(tmpdir.join('a.log')), line(1))
    write(str(tmpdir.join('a.log.1')), line(2))
    write(str(tmpdir.join('b.log')), line(3))
    write(str(tmpdir.join('[c].log')), line(4))
    assert count(scan(str(tmpdir.join('*.log')))) == 4
    assert count(scan(str(tmpdir.join('*')))) == 4  # a rotated file that the glob finds too is read once
    assert count(scan(str(tmpdir.join('[c].log')))) == 1
    assert count(scan([str(tmpdir.join('a.log'))] * 2)) == 2
    assert scan(str(tmpdir.join('nothing*')))['errors'] == []
    assert scan(str(tmpdir.join('nothing')))['files'] == []


def test_a_file_with_two_names_is_read_once(tmpdir):
    write(str(tmpdir.join('a')), line())
    os.link(str(tmpdir.join('a')), str(tmpdir.join('b')))
    os.symlink(str(tmpdir.join('a')), str(tmpdir.join('c')))
    assert count(scan(str(tmpdir.join('?')))) == 1


def test_what_is_no_file_is_named_and_the_rest_is_read(tmpdir):
    os.mkdir(str(tmpdir.join('a')))
    os.mkfifo(str(tmpdir.join('b')))
    os.symlink('nowhere', str(tmpdir.join('c')))
    write(str(tmpdir.join('d')), line())
    result = scan(str(tmpdir.join('?')))
    assert count(result) == 1
    assert [os.path.basename(fault['path']) for fault in result['errors']] == ['a', 'b', 'c']
    assert [fault['reason'] for fault in result['errors']] == [
        'not a regular file',
        'not a regular file',
        'No such file or directory',
    ]


# --- content
# ---------------------------------------------------------------------------------------------------------------


def test_a_result(log):
    write(log, line(0, 'else') + line(1) + line(2))
    result = scan(log)
    assert (result['entries'], result['files'], result['errors'], result['boots']) == (3, [log], [], [])
    row = result['signatures'][0]
    assert (row['count'], row['first_seen'], row['last_seen']) == (2, '2026-11-22T16:01:21Z', '2026-11-22T16:01:22Z')
    assert row['samples'][0] == {'at': '2026-11-22T16:01:21Z', 'text': 'something known', 'file': log, 'line': 2}


@pytest.mark.parametrize(
    'data',
    [
        b'\0' * 100 + line(),
        b'\0' * 100000 + line() + b'\0' * 5 + b'\n',
        line(text=u'\ud55c\uae00 something known'),
        line().replace(b'some', b'\xff\xfe some'),
        line().replace(b'\n', b'\r\n'),
        line(text='x' * 2**20 + ' something known'),
        line()[:-1],
        b'\n\n' + line() + b'\n',
    ],
)
def test_odd_lines(log, data):
    write(log, data)
    result = scan(log)
    assert count(result) == 1
    assert result['entries'] == data.count(b'\n') + (not data.endswith(b'\n'))
    assert result['errors'] == []


def test_a_line_without_end_takes_no_memory(log, monkeypatch):
    monkeypatch.setattr(logfile, 'LINE_LIMIT', 1000)
    write(
        log,
        b'\0' * 5000
        + line(1)
        + line(2, 'something known ' + 'x' * 5000)
        + line(3, 'x' * 5000 + ' something known')
        + line(4),
    )
    result = scan(log)
    assert count(result) == 3
    assert result['errors'] == [
        {'path': log, 'reason': '2 lines are longer than 1000 bytes; the rest of them was not examined'}
    ]


def test_lines_that_are_none_are_told(log):
    write(log, line() + b'something known\n' + b'  continued: something known\n' + line())
    result = scan(log)
    assert (count(result), result['entries']) == (2, 4)
    assert result['errors'][0]['reason'].startswith('2 lines do not begin with a known timestamp')


def test_kernel_and_forged(log):
    kernel = [{'id': 'k', 'match': {'transport': ['kernel'], 'literal': '<asm>:[INFO]', 'regex': r'^<asm>:\[INFO\]'}}]
    write(
        log, b'2026-11-22T16:01:20.123456+09:00 host kernel: <asm>:[INFO]x\nNov 22 16:01:20 host app: <asm>:[INFO]x\n'
    )
    assert logfile_scan.scan([log], kernel, 3)['signatures'][0]['count'] == 1
    assert logfile_scan.scan([log], kernel, 3)['signatures'][0]['first_seen'] == '2026-11-22T07:01:20.123456Z'


def pack(command):
    def packed(data):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return process.communicate(data)[0]

    return packed


def zipped(data):
    target = io.BytesIO()
    with gzip.GzipFile(fileobj=target, mode='wb') as stream:
        stream.write(data)
    return target.getvalue()


PACKERS = {'.gz': zipped, '.bz2': bz2.compress, '.xz': pack(['xz', '-c']), '.zst': pack(['zstd', '-qc'])}


@pytest.mark.parametrize('suffix', sorted(PACKERS))
def test_compressed(log, suffix):
    lines = [line(number) for number in range(2000)]
    # Two streams in one file: parallel compressors and appending make such. The last line has no newline.
    write(log + '.1' + suffix, PACKERS[suffix](b''.join(lines[:1000])) + PACKERS[suffix](b''.join(lines[1000:])[:-1]))
    result = scan(log)
    assert (count(result), result['errors']) == (2000, [])
    assert result['signatures'][0]['samples'][-1]['line'] == 2000
    assert count(scan(log, result['cursor'])) == 0


@pytest.mark.parametrize('suffix', sorted(PACKERS))
def test_compressed_and_damaged(log, suffix):
    packed = PACKERS[suffix](
        b''.join(line(number, 'something known %d' % (number * 7919 % 104729)) for number in range(20000))
    )
    write(log + '.2' + suffix, packed[: len(packed) // 2])
    write(log + '.1' + suffix, packed[: len(packed) // 2] + b'\x55' * 50 + packed[len(packed) // 2 + 50 :])
    write(log, line())
    result = scan(log)
    # Lines of the damaged one may be garbled, too.
    paths = [fault['path'] for fault in result['errors']]
    assert sorted(set(paths), key=paths.index) == [log + '.2' + suffix, log + '.1' + suffix]
    assert set(row['source'] for row in result['losses']) == set(paths)
    assert all(fault['reason'] for fault in result['errors'])
    assert 1 <= count(result) < 40001
    assert result['signatures'][0]['samples'][-1]['file'] == log


def test_a_command_that_is_not_there(log, monkeypatch):
    write(log + '.1.zst', PACKERS['.zst'](line()))
    write(log, line())
    monkeypatch.setenv('PATH', '/nowhere')
    monkeypatch.setattr(compression, '_loaded', {})
    monkeypatch.setitem(compression.LIBRARIES, 'libzstd.so.1', lambda _ctypes, library: library.no_such_function)
    result = scan(log)
    assert count(result) == 1
    assert result['errors'] == [
        {'path': log + '.1.zst', 'reason': 'needs the command zstd on this host: No such file or directory'}
    ]


def test_a_name_says_nothing_about_compression(log):
    write(log + '.1.gz', line())
    write(log + '.2.gz', b'')
    write(log, zipped(line()))
    assert count(scan(log)) == 2


def test_no_permission(log, monkeypatch):
    write(log, line())
    write(log + '.1', line())

    def refuse(path, *arguments):
        if path == log:
            raise EnvironmentError(13, 'Permission denied')
        return original(path, *arguments)

    original = io.open
    monkeypatch.setattr(logfile.io, 'open', refuse)
    monkeypatch.setattr(logfile.os, 'geteuid', lambda: 1000)
    result = scan(log)
    assert count(result) == 1
    assert result['errors'] == [{'path': log, 'reason': 'Permission denied; run as root (become: true)'}]


# --- time
# ------------------------------------------------------------------------------------------------------------------


def test_since_and_until(log):
    write(
        log,
        b'2026-11-22T16:01:20+00:00 h a: something known\n2026-11-22T16:01:20.400000+00:00 h a: something known\n'
        b'2026-11-22T16:01:20.600000+00:00 h a: something known\nNov 22 16:01:20 h a: something known\n',
    )
    os.utime(log, (1795363300, 1795363300))
    half = 1795363280 * 1000000 + 500000
    # A stamp of whole seconds may be of any moment in its second, so it is not lost to `since`.
    assert count(scan(log, since=half)) == 3
    assert count(scan(log, since=half + 500000)) == 0
    assert count(scan(log, until=half)) == 3
    assert count(scan(log, until=half - 500000)) == 2


def test_the_year_comes_from_the_file_and_its_name(tmpdir):
    for name, modified in (('log', 1795363300), ('log-20260105', 1795363300)):
        write(str(tmpdir.join(name)), b'Dec 31 12:00:00 host app: something known\n')
        os.utime(str(tmpdir.join(name)), (modified, modified))
    row = scan(str(tmpdir.join('log')))['signatures'][0]
    assert [sample['at'] for sample in row['samples']] == ['2025-12-31T12:00:00Z'] * 2
    write(str(tmpdir.join('log-20240105')), b'Dec 31 12:00:00 host app: something known\n')
    assert scan(str(tmpdir.join('log')))['signatures'][0]['first_seen'] == '2023-12-31T12:00:00Z'


def test_new_year_in_a_compressed_file_read_on_from_a_cursor(log):
    write(log, b'Dec 30 12:00:00 host app: something known\nDec 31 12:00:00 host app: something known\n')
    os.utime(log, (1798718400, 1798718400))  # 2026-12-31T12:00:00Z
    cursor = scan(log)['cursor']
    with io.open(log, 'rb') as source:
        data = source.read()
    os.unlink(log)
    write(
        log + '.1.gz',
        zipped(data + b'Dec 31 13:00:00 host app: something known\nJan  1 12:00:00 host app: something known\n'),
    )
    os.utime(log + '.1.gz', (1798891200, 1798891200))  # 2027-01-02T12:00:00Z
    row = scan(log, cursor)['signatures'][0]
    assert [sample['at'] for sample in row['samples']] == ['2026-12-31T13:00:00Z', '2027-01-01T12:00:00Z']
    assert [sample['line'] for sample in row['samples']] == [3, 4]


def test_boots_of_the_journal_tell_the_boot_of_a_line(log):
    boots = [
        {'boot_id': 'second', 'first_seen': '2026-11-22T16:01:25.900000Z', 'last_seen': '2026-11-22T16:01:29.500000Z'},
        {'boot_id': 'first', 'first_seen': '2026-11-22T16:01:22.500000Z', 'last_seen': '2026-11-22T16:01:25.100000Z'},
    ]
    write(log, b''.join(line(number) for number in (0, 1, 2, 4, 5, 9)))
    result = scan(log, boots=boots)
    expected = [('', 2), ('first', 2), ('second', 2)]
    assert [(boot['boot_id'], boot['count']) for boot in result['signatures'][0]['boots']] == expected
    assert [(boot['boot_id'], boot['entries']) for boot in result['boots']] == expected


@pytest.mark.parametrize(
    'fraction, boot',
    [('22.4', 'first'), ('25.100000', 'first'), ('25.100001', 'second'), ('29.9', 'second'), ('21.9', '')],
)
def test_an_exact_stamp_may_be_earlier_than_the_journals_own(log, fraction, boot):
    boots = [
        {'boot_id': 'second', 'first_seen': '2026-11-22T16:01:25.900000Z', 'last_seen': '2026-11-22T16:01:29.500000Z'},
        {'boot_id': 'first', 'first_seen': '2026-11-22T16:01:22.500000Z', 'last_seen': '2026-11-22T16:01:25.100000Z'},
    ]
    write(log, ('2026-11-22T16:01:%s+00:00 host app: something known\n' % fraction).encode('ascii'))
    assert scan(log, boots=boots)['signatures'][0]['boots'][0]['boot_id'] == boot


def test_what_is_expected():
    result = {'signatures': [{'id': u'x', 'count': 2}, {'id': u'y', 'count': 0}]}
    assert logfile_scan.holds(result, {})
    assert logfile_scan.holds(result, {'x': 2, 'y': 0})
    assert not logfile_scan.holds(result, {'x': 3})
    assert not logfile_scan.holds(result, {'z': 1})


# --- cursors
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    'cursor', ['x', '[]', 'v1', 'v1 {}', 'v1 [1]', 'v1 [{}]', 'v1 null', 'v1 [{"path": "x"}]', 's=12;i=4']
)
def test_a_cursor_that_is_none(log, cursor):
    with pytest.raises(logfile.CursorError) as error:
        scan(log, cursor)
    assert 'give what an earlier scan returned' in str(error.value)


def test_a_cursor_is_text_that_ansible_leaves_alone(log):
    write(log, line())
    cursor = scan(log)['cursor']
    assert cursor.startswith('v1 ')  # a template that yields [...] would become a list
    assert json.loads(cursor[3:])[0]['offset'] == len(line())
    assert scan(log, cursor)['cursor'] == cursor
    assert scan(log + 'x')['cursor'] == 'v1 []'


def rename(log):
    os.rename(log, log + '.1')
    write(log, b'')


def copytruncate(log):
    shutil.copyfile(log, log + '.1')
    write(log, b'')


def compress(log):
    rename(log)
    with io.open(log + '.1', 'rb') as source:
        write(log + '.1.gz', zipped(source.read()))
    os.unlink(log + '.1')


def dated(log):
    os.rename(log, log + '-20261122')


@pytest.mark.parametrize('rotate', [rename, copytruncate, compress, dated])
def test_rotation_loses_nothing_and_counts_nothing_twice(log, rotate):
    write(log, line(0) + line(1))
    cursor = scan(log)['cursor']
    append(log, line(2))
    rotate(log)
    append(log, line(3) + line(4))
    result = scan(log, cursor)
    assert (count(result), result['entries']) == (3, 3)
    assert count(scan(log, result['cursor'])) == 0
    append(log, line(5))
    assert count(scan(log, result['cursor'])) == 1


def test_rotation_of_a_log_that_was_empty(log):
    write(log, b'')
    cursor = scan(log)['cursor']
    append(log, line(0))
    rename(log)
    append(log, line(1))
    assert count(scan(log, cursor)) == 2


def test_rsyslog_writes_to_the_renamed_file_until_it_is_told(log):
    write(log, line(0))
    rename(log)
    cursor = scan(log)['cursor']
    append(log + '.1', line(1))
    append(log, line(2))
    assert count(scan(log, cursor)) == 2


def test_truncated_and_written_anew(log):
    write(log, line(0) + line(1))
    cursor = scan(log)['cursor']
    write(log, line(2))
    assert count(scan(log, cursor)) == 1


def test_files_that_begin_alike_are_told_apart_by_their_inode(log):
    alike = line(0) * 6  # more than is looked at of the beginning
    write(log, alike + line(1) + line(2))
    rename(log)
    append(log, alike)
    cursor = scan(log)['cursor']
    os.unlink(log + '.1')
    append(log, line(3) + line(4) + line(5))
    rename(log)
    append(log, alike)
    assert count(scan(log, cursor)) == 9


def test_a_rotated_file_that_is_removed_does_no_harm(log):
    write(log, line(0))
    cursor = scan(log)['cursor']
    os.unlink(log)
    assert count(scan(log, cursor)) == 0
    write(log, line(1))
    assert count(scan(log, cursor)) == 1


def test_an_unfinished_line_is_counted_once(log):
    write(log, line(0) + line(1)[:-1])
    first = scan(log)
    assert (count(first), first['entries']) == (2, 2)
    again = scan(log, first['cursor'])
    assert (count(again), again['entries']) == (0, 0)
    append(log, b' to the end\n' + line(2))
    second = scan(log, again['cursor'])
    assert (count(second), count(second, 1), second['entries']) == (1, 1, 1)
    assert [sample['line'] for sample in second['signatures'][0]['samples'] + second['signatures'][1]['samples']] == [
        3,
        2,
    ]
    assert count(scan(log, second['cursor'])) == 0


def test_an_unfinished_line_that_holds_nothing_is_counted_once_too(log):
    write(log, line(0, 'nothing') + line(1, 'nothing')[:-1])
    first = scan(log)
    assert first['entries'] == 2
    append(log, b' more\n' + line(2, 'nothing'))
    assert scan(log, first['cursor'])['entries'] == 1


def test_an_unfinished_line_that_was_no_line_yet(log):
    write(log, b'Nov 22 16:0')
    first = scan(log)
    assert (count(first), first['entries'], first['errors']) == (0, 1, [])
    append(log, b'1:20 host app: something known\n')
    second = scan(log, first['cursor'])
    assert (count(second), second['entries']) == (1, 0)


@pytest.mark.parametrize('text, number', [
    (b'app: message repeated 3 times: [ something known]', 3), (b'app:  message repeated 7 times: [something known]', 7),
    (b'app: message repeated 1234567 times: [ something known]', 1), (b'app: message repeated 0 times: [ something known]', 1),
    (b'app: something known', 1)])
def test_repetitions_are_counted(log, text, number):
    write(log, b'Nov 22 16:01:20 host ' + text + b'\n')
    assert count(scan(log)) == number


@pytest.mark.parametrize('more', [{}, {'watch': {'opened': 'known', 'closed': 'unknown'}}])
def test_whatever_number_somebody_claims_takes_no_longer(log, more):
    """One by one, these would be counted for hours."""
    write(log, b'Nov 22 16:01:20 host app: message repeated 999999 times: [ something known]\n' * 3000)
    found = logfile_scan.scan([log], [dict(SIGNATURE, **more)], 3)
    assert (count(found), found['entries'], found['signatures'][0]['episodes']) == (3000 * 999999, 3000, 1)


@pytest.mark.parametrize('stamp', [b'Nov 4 16:01:20', b'Nov  4 16:01:20', b'2026-11-04 16:01:20', b'2026-11-04T16:01:20'])
def test_unpadded_days_and_years_without_a_zone(log, stamp):
    write(log, stamp + b' host kernel: [   12.345678][  T123] something known\n')
    found = scan(log)
    assert (count(found), found['errors']) == (1, [])
    assert found['signatures'][0]['first_seen'][4:16] == '-11-04T16:01'


@pytest.mark.parametrize('unexplained', [False, True])
@pytest.mark.parametrize('last', [b'<event id="1">', b'<event id="1">\n', b'no time here', b'<3>no time here', b'\xff'])
def test_text_that_is_no_message_is_a_line_of_the_file(log, last, unexplained):
    """With a newline at the end or without, and whether or not the lines with a PRI are looked at."""
    write(log, line(0) + b'<event id="1">\n' + last)
    found = scan(log, unexplained=unexplained)
    assert (count(found), found['entries']) == (1, 3)
    assert found['errors'] == []
    again = scan(log, found['cursor'], unexplained=unexplained)
    assert (count(again), again['entries']) == (0, 0)


def test_a_file_that_could_not_be_read_for_once_is_continued_later(log, monkeypatch):
    write(log, line(0))
    first = scan(log)
    monkeypatch.setattr(
        logfile.LogFile, '__init__', lambda self, path: (_ for _ in ()).throw(EnvironmentError(13, 'Permission denied'))
    )
    second = scan(log, first['cursor'])
    assert len(second['errors']) == 1
    monkeypatch.undo()
    append(log, line(1))
    assert count(scan(log, second['cursor'])) == 1


OPERATIONS = st.lists(
    st.sampled_from(['append', 'append', 'begin', 'finish', 'scan', 'rename', 'copytruncate', 'compress']), max_size=25
)


@settings(max_examples=60)
@given(OPERATIONS)
def test_whatever_happens_to_the_files_each_line_is_counted_once(operations):
    folder = tempfile.mkdtemp()
    try:
        log = os.path.join(folder, 'log')
        write(log, b'')
        written = counted = 0
        unfinished = False
        cursor = ''
        for operation in operations + ['scan']:
            if operation in ('append', 'begin', 'finish'):
                if unfinished:
                    append(log, b'\n')
                    unfinished = False
                if operation != 'finish':
                    written += 1
                    append(log, line(written)[: -1 if operation == 'begin' else None])
                    unfinished = operation == 'begin'
            elif operation == 'scan':
                result = scan(log, cursor)
                counted += count(result)
                cursor = result['cursor']
                assert counted == written
                assert result['errors'] == []
            elif not unfinished:
                # logrotate does not rotate an empty log (notifempty), so no two files begin alike.
                if os.path.getsize(log):
                    for number in range(20, 0, -1):
                        for suffix in ('', '.gz'):
                            if os.path.exists('%s.%d%s' % (log, number, suffix)):
                                os.rename('%s.%d%s' % (log, number, suffix), '%s.%d%s' % (log, number + 1, suffix))
                    {'rename': rename, 'copytruncate': copytruncate, 'compress': compress}[operation](log)
    finally:
        shutil.rmtree(folder)
