# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fast scan of text logs against a slow one that parses every line and shows it to every signature."""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import calendar
import io
import os
import shutil
import tempfile
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import (
    _block_search as block_search, files as logfile, scan as logfile_scan)
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile.lines import DATES, TRADITIONAL, Parser
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import Entry, Matcher
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import proof_messages

KOREAN = u'\ud55c\uae00\ub85c \uc4f4 \ud55c \uc904\uc758 \uae00'
SIGNATURES = [
    {'id': 'word', 'match': {'literal': 'something known', 'regex': '(?i)something known'}},
    {'id': 'end', 'match': {'literal': ['something known', 'known end'], 'regex': 'known end$'}},
    {'id': 'kernel', 'match': {'transport': ['kernel'], 'literal': 'something known', 'regex': '^something known'}},
    {'id': 'app', 'match': {'identifiers': ['app'], 'literal': KOREAN, 'regex': u'\uc4f4'}},
    {'id': 'pair', 'match': {'literal': 'it was opened', 'regex': 'it was (?:opened|closed)'},
     'watch': {'opened': 'opened', 'closed': 'closed'}},
    {'id': 'severe', 'match': {'literal': 'something known', 'regex': 'known', 'priority': 'err'}},
]
MTIME = calendar.timegm((2027, 3, 5, 12, 0, 0))


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    monkeypatch.setenv('TZ', 'UTC')
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# --- the slow scan
# --------------------------------------------------------------------------------------------------


def lines_of(content):
    """(line as it is examined, whether it ends with a newline) of each line."""
    pieces = content.split(b'\n')
    lines = [(piece + b'\n', True) for piece in pieces[:-1]] + ([(pieces[-1], False)] if pieces[-1] else [])
    return [(line.strip(b'\0').rstrip(b'\r\n')[:logfile.LINE_LIMIT], ended) for line, ended in lines]


def years_of(lines, latest):
    """The year of each line, counted line by line."""
    turns, before, relative, leaps, last = 0, None, [], set(), None
    for line in lines:
        found = TRADITIONAL.match(line.decode('utf-8', 'replace'))
        date = DATES.get(found.group(2)) if found else None
        if date:
            place = date[0] * 31 + date[1]
            if before is not None:
                turns += 1 if place - before < -31 else -1 if place - before > 341 else 0
            before = place
            last = date + tuple(int(part) for part in found.groups()[2:5])
            if date == (2, 29):
                leaps.add(turns)
        relative.append(turns)
    if last is None:
        return [None] * len(lines)
    year = time.gmtime(latest).tm_year + 1
    for _step in range(6):
        stamp = timestamps.local_seconds((year,) + last)
        if stamp is not None and stamp <= latest + 86400 and all(
                calendar.isleap(year - turns + leap) for leap in leaps):
            break
        year -= 1
    return [year - turns + turn for turn in relative]


def slow(content, latest, since=None, until=None):
    """What is found in a file, as {id: (count, first, last, [(line number, text)])}, and the numbers of lines."""
    matcher = Matcher(SIGNATURES)
    found = dict((signature['id'], []) for signature in SIGNATURES)
    lines = lines_of(content)
    known = within = 0
    for number, ((line, ended), year) in enumerate(zip(lines, years_of([line for line, _ended in lines], latest))):
        parsed = Parser().parse(line, year)
        known += bool(parsed or ended or line)
        if not parsed or until is not None and parsed.stamp > until:
            continue
        whole = parsed.stamp % 1000000 == 0
        if since is not None and parsed.stamp < since - (since % 1000000 if whole else 0):
            continue
        within += 1
        for index in matcher.matches(Entry(parsed.text, parsed.tag, None, None, parsed.priority)):
            found[SIGNATURES[index]['id']].append((parsed.stamp, number + 1, parsed.text))
    rows = {}
    for name, hits in found.items():
        stamps = sorted(stamp for stamp, _number, _text in hits)
        rows[name] = (len(hits), timestamps.to_text(stamps[0], False) if hits else None,
                      timestamps.to_text(stamps[-1], False) if hits else None,
                      [(number, text) for _stamp, number, text in hits][-3:])
    return rows, within if since is not None or until is not None else known


def fast(path, **options):
    result = logfile_scan.scan([path], SIGNATURES, 3, **options)
    rows = dict((row['id'], (row['count'], row['first_seen'], row['last_seen'],
                             [(sample['line'], sample['text']) for sample in row['samples']]))
                for row in result['signatures'])
    return rows, result['entries'], result


# --- logs of every kind
# ---------------------------------------------------------------------------------------------

TEXTS = st.sampled_from([
    u'something known', u'Something Known', u'something known end', u'known end', u'something know', u'n',
    u'it was opened', u'it was opened and it was closed', u'nothing', u'', KOREAN, u'\ud55c\uae00\ub85c',
    u'[    1.5] something known', u'something known' * 30, u'ansible-x Invoked with something known',
    u'a: b something known'])
TAGS = st.sampled_from([u'app', u'app[12]', u'kernel', u'journal', u'sudo', u'a:b', u''])
MONTH_DAYS = st.sampled_from([u'Dec 30', u'Dec 31', u'Jan  1', u'Jan 01', u'Jan  2', u'Feb 28', u'Feb 29', u'Jun 15',
                              u'Jun 31', u'Xyz 10'])
CLOCKS = st.sampled_from([u'00:00:00', u'11:59:58', u'11:59:60', u'23:59:59', u'24:00:00'])
STAMPS = st.one_of(
    st.builds(u'{0} {1} host '.format, MONTH_DAYS, CLOCKS),
    st.builds(u'<{2}>{0} {1} host '.format, MONTH_DAYS, CLOCKS, st.sampled_from([u'3', u'4', u'12', u'191'])),
    st.sampled_from([u'2027-01-01T10:00:00.5+09:00 host ', u'2026-12-31T23:00:00Z host ', u'2027-02-29T00:00:00Z host ',
                     u'  at ', u'host ']))
RFC5424 = st.builds(u'<{0}>1 2027-01-01T10:00:00.25Z host app - - - {1}'.format, st.sampled_from([u'2', u'14']), TEXTS)
LINES = st.one_of(
    st.builds(u'{0}{1}: {2}'.format, STAMPS, TAGS, TEXTS), st.builds(u'{0}{1}'.format, STAMPS, TEXTS), RFC5424,
    TEXTS).map(lambda text: text.encode('utf-8'))
ENDS = st.sampled_from([b'\n', b'\n', b'\n', b'\r\n', b'\n\n', b'\n\0\0\0', b'\0\n', b'\n' + b'\0' * 300, b' \xff\n'])
LOGS = st.tuples(st.lists(st.tuples(LINES, ENDS), max_size=30), st.booleans()).map(
    lambda made: b''.join(line + end for line, end in made[0])[:None if made[1] else -1])


class Folder:
    """A folder, and how large windows and lines are while it is used."""

    def __init__(self, window, limit, small=block_search.SMALL):
        self._wanted = (window, limit, small)

    def __enter__(self):
        self._saved = logfile.WINDOW, logfile.LINE_LIMIT, block_search.SMALL
        self._set(self._wanted)
        self.path = tempfile.mkdtemp()
        return os.path.join(self.path, 'log')

    def __exit__(self, *_exception):
        self._set(self._saved)
        shutil.rmtree(self.path)

    @staticmethod
    def _set(values):
        logfile.WINDOW, logfile.LINE_LIMIT, block_search.SMALL = values


def write(path, content, mode='wb'):
    with io.open(path, mode) as target:
        target.write(content)
    os.utime(path, (MTIME, MTIME))


@settings(max_examples=400)
@given(LOGS, st.sampled_from([(1 << 20, 1 << 19), (700, 600), (300, 200), (150, 100), (90, 60)]))
def test_the_fast_scan_finds_what_the_slow_one_finds(content, sizes):
    with Folder(*sizes) as log:
        # Blocks of a log of this size are no smaller than this.
        block, logfile.BLOCK = logfile.BLOCK, sizes[0]
        try:
            write(log, content)
            rows, entries, result = fast(log)
            assert (rows, entries) == slow(content, MTIME)
            whole = [line for line, ended in lines_of(content) if ended]
            mark = logfile.parse_cursor(result['cursor'])[0]
            assert (mark['lines'], mark['offset']) == (len(whole), content.rfind(b'\n') + 1)
        finally:
            logfile.BLOCK = block


@settings(max_examples=200)
@given(LOGS, st.sampled_from([u'2026-12-31T23:30:00Z', u'2027-01-01T01:00:00.600000Z', u'2027-01-01T00:00:00Z']),
       st.booleans())
def test_with_times_asked_for(content, moment, is_since):
    options = {'since' if is_since else 'until': timestamps.from_text(moment)}
    with Folder(300, 200) as log:
        write(log, content)
        rows, entries, _result = fast(log, **options)
        assert (rows, entries) == slow(content, MTIME, **options)


@settings(max_examples=200)
@given(LOGS, st.integers(0, 2000))
def test_two_scans_find_what_one_finds(content, place):
    with Folder(300, 200) as log:
        # The year hangs on the end of the file, and lines may be strange until they are finished.
        content = b''.join(line for line in content.splitlines(True) if line.startswith((b'2026', b'2027', b'<')))
        write(log, content[:place])
        rows, entries, first = fast(log)
        write(log, content[place:], 'ab')
        more_rows, more_entries, _second = fast(log, cursor=first['cursor'])
        whole, all_entries = slow(content, MTIME)
        unfinished = content[:place].rsplit(b'\n', 1)[-1]
        if not unfinished or not content[place:]:
            assert entries + more_entries == all_entries
            assert dict((name, row[0] + more_rows[name][0]) for name, row in rows.items()) == dict(
                (name, row[0]) for name, row in whole.items())
        else:
            assert entries + more_entries >= all_entries
            for name, row in whole.items():
                assert rows[name][0] + more_rows[name][0] >= row[0]


@pytest.mark.parametrize('host', ['grep', 'no grep', 'no memory'])
def test_literals_are_found_by_grep_and_without_it(host, monkeypatch):
    if host == 'no grep':
        monkeypatch.setenv('PATH', '/nowhere')
    if host == 'no memory':  # the block must then not go to a disk, but be searched where it is
        monkeypatch.setattr(block_search, 'SHARED_MEMORY', '/nowhere')
        if hasattr(os, 'memfd_create'):
            monkeypatch.delattr(os, 'memfd_create')
        monkeypatch.setattr(block_search.literals, 'occurrences', None)
    monkeypatch.setattr(block_search, 'SMALL', -1)
    content = b'x\n'.join((u'Jan  1 00:00:00 h app: %s' % text).encode('utf-8') for text in (
        u'something known', KOREAN, u'\xff something known\0', u'nothing')) + b'\xff\0\xfe'
    search = block_search.BlockSearch([u'something known', KOREAN, u'nothing at all'])
    try:
        for padding in (0, 10, 100000):
            data = bytearray(content + b'something known' * padding)
            places = search.places(data, len(content))
            spans = [(place, place + len(needle)) for needle in (b'something known', KOREAN.encode('utf-8'))
                     for place in range(len(content)) if content[place:].startswith(needle)]
            assert len(spans) == 3
            assert all(any(first <= place < last for place in places) for first, last in spans)
            assert all(any(first <= place < last for first, last in spans) for place in places)
            assert places == sorted(places)
    finally:
        search.close()


def test_literals_that_bytes_do_not_tell(tmpdir):
    log = str(tmpdir.join('log'))
    # A byte that is no UTF-8 becomes U+FFFD, which a signature may name.
    write(log, b'Jan  1 00:00:00 host app: a\xffb\nJan  1 00:00:00 host app: two\nJan  1 00:00:00 host app: three\n')
    signatures = [{'id': 'x', 'match': {'literal': u'\ufffd' * 8, 'regex': u'\ufffd'}},
                  {'id': 'y', 'match': {'literal': u'app: two', 'regex': u'two'}}]
    result = logfile_scan.scan([log], signatures, 3)
    assert (result['entries'], result['method']) == (3, 'every line parsed')


# --- what else is told
# ----------------------------------------------------------------------------------------------


def test_a_file_that_is_no_log(tmpdir):
    log = str(tmpdir.join('log'))
    write(log, b'# a comment\n\nkey = something known\n' * 200)
    result = logfile_scan.scan([log], SIGNATURES, 3)
    assert result['errors'] == [{
        'path': log, 'reason': 'none of its first 100 lines begins with a known timestamp; it may not be a log'}]
    assert result['losses'] == []
    assert result['entries'] == 600


def test_losses_and_sinks(tmpdir):
    log = str(tmpdir.join('log'))
    write(log + '.1', b'Jan  1 00:00:00 host systemd-journald[1]: Suppressed 12 messages from /system.slice/x.service\n'
                      b'Jan  1 00:00:00 host app: something known\n')
    write(log, b'Jan  1 00:00:01 host kernel: net_ratelimit: 33 callbacks suppressed\n'
               b'Jan  1 00:00:02 host app: something known\n')
    result = logfile_scan.scan([log], SIGNATURES, 3)
    assert [(row['kind'], row['source'], row['entries'], row['lost']) for row in result['losses']] == [
        ('journald-suppressed', '/system.slice/x.service', 1, 12), ('kernel-suppressed', 'net_ratelimit', 1, 33)]
    # One log, whichever of its files a line stands in.
    assert result['signatures'][0]['sinks'] == [{'sink': log, 'count': 2}]
    assert result['machines'] == []
    assert result['unexplained'] is None


def test_what_no_signature_explains(tmpdir):
    log = str(tmpdir.join('log'))
    write(log, b'Jan  1 00:00:00 host app: disk 1 fails\n'  # nobody knows how severe it is
               b'<4>Jan  1 00:00:01 host app[3]: disk 2 fails\n'
               b'\0<3>Jan  1 00:00:02 host app[4]: disk 3 fails\n'
               b'<5>Jan  1 00:00:03 host app: disk 4 fails\n'
               b'<11>1 2027-01-01T00:00:03Z host app - - - something known\n'
               b'<14>1 2027-01-01T00:00:03Z host journal - - - ansible-setup Invoked with disk 6 fails\n'
               + b''.join(b'<83>Jan  1 00:00:03 host ' + proof_messages.message('proof-' + 8 * '0a', 7, pair).partition(b'>')[2] + b'\n'
                          for pair in [(10, 3), (10, 4), (10, 6)]) +  # one says what it is, and the others lie
               b'<11>1 2027-01-01T00:00:03Z host kernel - - - net_ratelimit: 3 callbacks suppressed\n'
               b'<10>1 2027-01-01T00:00:04Z host app - - - disk 5 fails')
    result = logfile_scan.scan([log], SIGNATURES, 3, unexplained=True)
    assert result['entries'] == 11
    groups = result['unexplained']['groups']
    assert [(group['program'], group['template'], group['priority'], group['count']) for group in groups] == [
        ('app', 'disk <num> fails', 'crit', 3), ('log_hygiene_proof', groups[1]['template'], 'err', 1),
        ('log_hygiene_proof', groups[2]['template'], 'err', 1)]
    assert {group['sample']['text'].split(' ')[1] for group in groups[1:]} == {'authpriv.warning', 'authpriv.info'}
    assert result['unexplained']['test_messages'] == 1
    assert (groups[0]['sample']['file'], groups[0]['sample']['line']) == (log, 2)
    again = logfile_scan.scan([log], SIGNATURES, 3, unexplained=True, cursor=result['cursor'])
    assert (result['unexplained']['entries'], result['unexplained']['without_severity']) == (5, 1)
    assert again['unexplained'] == {'entries': 0, 'without_severity': 0, 'test_messages': 0, 'priorities': [], 'groups': [],
                                    'more_groups': 0, 'more_entries': 0}


@pytest.mark.parametrize('since', [None, 0])  # lines are searched for, or all parsed
def test_a_log_that_tells_no_severity_is_no_clean_one(tmpdir, since):
    log = str(tmpdir.join('log'))
    write(log, b'Jan  1 00:00:00 host sshd[1]: fatal: all is lost\n'
               b'Jan  1 00:00:01 host app: something known\n'  # what a signature knows needs no judgement
               b'Jan  1 00:00:02 host app: disk 1 fails\n'
               b'Jan  1 00:00:03 host kernel: net_ratelimit: 3 callbacks suppressed\n'
               b'Jan  1 00:00:04 host app: disk 2 fai')
    result = logfile_scan.scan([log], SIGNATURES, 3, unexplained=True, since=since)
    assert result['unexplained'] == {'entries': None, 'without_severity': 3, 'test_messages': 0, 'priorities': [], 'groups': [],
                                     'more_groups': 0, 'more_entries': 0}
    with open(log, 'ab') as more:
        more.write(b'ls\nJan  1 00:00:05 host app: disk 3 fails\n')
    again = logfile_scan.scan([log], SIGNATURES, 3, unexplained=True, since=since, cursor=result['cursor'])
    assert (again['entries'], again['unexplained']['without_severity']) == (1, 1)


def test_a_number_of_5000_digits_ends_no_scan(tmpdir):
    log = str(tmpdir.join('log'))
    write(log, b'Jan  1 00:00:00 host kernel: net_ratelimit: ' + b'9' * 5000 + b' callbacks suppressed\n'
               b'Jan  1 00:00:01 host kernel: other: 7 callbacks suppressed\n'
               b'Jan  1 00:00:02 host kernel: other: 999999999999999999 callbacks suppressed\n')
    found = logfile_scan.scan([log], SIGNATURES, 3)['losses']
    assert [(row['source'], row['entries'], row['lost']) for row in found] == [
        ('other', 2, 1000000000000000006)]  # nothing writes the other one


def test_a_line_that_does_not_tell_how_long_after_a_boot_it_was_written_is_counted_and_listed(tmpdir):
    log = str(tmpdir.join('messages'))
    write(log, b''.join(b'<26>Nov 22 16:01:20 host kernel: %sa driver is old\n' % stamp for stamp in (
        b'', b'[  300.000000] ', b'[86400.123456] ', b'[    1.5] ')))
    signature = {'id': 'boot', 'match': {'transport': ['kernel'], 'literal': 'a driver is old',
                                         'regex': '^a driver is old$', 'boot_seconds': 300}}
    result = logfile_scan.scan([log], [signature], 3, unexplained=True)
    assert result['signatures'][0]['count'] == 3
    assert [group['count'] for group in result['unexplained']['groups']] == [2]  # the first and the third


def test_a_regex_without_end_is_stopped(tmpdir, monkeypatch):
    from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import matcher
    monkeypatch.setattr(matcher, 'SEARCH_LIMIT', 0.2)
    log = str(tmpdir.join('log'))
    write(log, b'Jan  1 00:00:00 host app: something known ' + b'a' * 60 + b'!\n')
    with pytest.raises(matcher.SignatureError):
        logfile_scan.scan([log], [{'id': 'x', 'match': {'literal': 'something known', 'regex': 'known (a+)+$'}}], 3)


def test_the_year_is_guessed_once_and_then_known(tmpdir, monkeypatch):
    log = str(tmpdir.join('log'))
    write(log, b'Mar  5 12:00:00 host app: something known\nMar  7 12:00:00 host app: something known\n')
    readings = []
    original = logfile_scan.FileReading.read
    monkeypatch.setattr(logfile_scan.FileReading, 'read', lambda self, log: readings.append(1) or original(self, log))
    row = logfile_scan.scan([log], SIGNATURES, 3)['signatures'][0]
    assert (row['count'], row['first_seen'], row['last_seen']) == (2, '2026-03-05T12:00:00Z', '2026-03-07T12:00:00Z')
    assert len(readings) == 2
    write(log, b'Mar  3 12:00:00 host app: something known\nMar  5 12:00:00 host app: something known\n')
    row = logfile_scan.scan([log], SIGNATURES, 3)['signatures'][0]
    assert (row['count'], row['first_seen']) == (2, '2027-03-03T12:00:00Z')
    assert len(readings) == 3


def test_a_line_of_nuls_takes_no_memory(tmpdir):
    log = str(tmpdir.join('log'))
    line = b'Jan  1 00:00:00 host app: something known\n'
    with io.open(log, 'wb') as target:
        target.seek(300 << 20)  # as a program leaves it that goes on writing into a truncated file
        target.write(line + line)
    os.utime(log, (MTIME, MTIME))
    result = logfile_scan.scan([log], SIGNATURES, 3)
    assert (result['signatures'][0]['count'], result['entries'], result['errors']) == (2, 2, [])
    mark = logfile.parse_cursor(result['cursor'])[0]
    assert (mark['offset'], mark['lines']) == ((300 << 20) + 2 * len(line), 2)


def test_a_time_that_may_be_of_two_boots_is_of_none():
    """Where the clock was set back: a line must not be laid at the door of a boot that a verdict leaves out."""
    def boot(name, first, last):
        return {'boot_id': name, 'first_seen': '2026-11-22T10:%s.000000Z' % first, 'last_seen': '2026-11-22T10:%s.000000Z' % last}

    def of(boots, text):
        return logfile_scan.Boots(boots).of(timestamps.from_text('2026-11-22T10:%sZ' % text))
    after = [boot('a', '00:00', '30:00'), boot('b', '20:00', '50:00'), boot('c', '50:01', '59:00')]
    assert [of(after, text) for text in ('10:00', '20:00', '25:00', '30:00', '30:01', '49:59', '50:00', '50:02')] == [
        'a', '', '', '', 'b', 'b', 'b', 'c']
    assert [of(after[:1] + after[2:], text) for text in ('20:00', '50:02')] == ['a', 'c']
