# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long logs are held: journald's limits, logrotate's rules, what is in the files, and the verdict."""
from __future__ import absolute_import, division, print_function

import gzip
import os
import time

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import files as logfile
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import (
    in_force, _files as file_retention, _journal as journal_retention, _rotation as rotation, _store as retention_store)

__metaclass__ = type

MIB, GIB = journal_retention.MIB, journal_retention.GIB
NOW = timestamps.from_text('2026-11-22T16:01:20Z')


class TestJournaldFiles:
    TREE = {
        '/etc/systemd': ['journald.conf'], '/usr/lib/systemd': ['journald.conf'],
        '/etc/systemd/journald.conf.d': ['20-b.conf', 'x.bak', '.hidden.conf'],
        '/run/systemd/journald.conf.d': ['10-a.conf', '20-b.conf'],
        '/usr/lib/systemd/journald.conf.d': ['20-b.conf', '30-c.conf']}

    def files(self, version, tree):
        return journal_retention.conf_files(version, lambda folder: tree.get(folder, []),
                                    lambda path: os.path.basename(path) in tree.get(os.path.dirname(path), []))

    @pytest.mark.parametrize('version', [219, 239, 252, 257])
    def test_the_name_decides_the_order_and_the_directory_which_counts(self, version):
        assert self.files(version, self.TREE) == [
            '/etc/systemd/journald.conf', '/run/systemd/journald.conf.d/10-a.conf',
            '/etc/systemd/journald.conf.d/20-b.conf', '/usr/lib/systemd/journald.conf.d/30-c.conf']

    def test_the_main_file_of_the_vendor_counts_from_256_on(self):
        tree = {'/usr/lib/systemd': ['journald.conf']}
        assert self.files(252, tree) == []
        assert self.files(257, tree) == ['/usr/lib/systemd/journald.conf']


class TestJournaldShortened:
    """What the role asks for next time, against what journald has."""
    OURS = '[Journal]\nStorage=persistent\nMaxFileSec=1week\nMaxRetentionSec=374day\nSystemMaxUse=8G\n'

    @pytest.mark.parametrize('text, wanted, told', [
        (OURS, dict(keep_days=366, max_use='8G'), []),
        (OURS, dict(keep_days=732, max_use='9G'), []),
        (OURS, dict(keep_days=365, max_use='8G'), ['the journal is kept 366 days (MaxRetentionSec), and the policy keeps it 365 days']),
        (OURS, dict(keep_days=366, max_use='500M'), [
            'the journal may take 8G (SystemMaxUse), and by the policy 500M: journald would remove what is more at once']),
        (OURS, {}, ['the journal is kept 366 days by the policy, which no longer says how long']),
        ('[Journal]\nMaxRetentionSec=3year\n', dict(keep_days=366, max_use='8G'), [
            'the journal is kept 1064 days (MaxRetentionSec), and the policy keeps it 366 days']),
        ('[Journal]\n', dict(keep_days=1, max_use='10M'), []), ('', {}, [])])
    def test_only_what_somebody_chose_is_in_force(self, text, wanted, told):
        assert in_force.journal_shortened(journal_retention.conf_values([text]), wanted) == told


class TestJournaldOptions:
    def test_the_last_counts_and_what_cannot_be_read_does_not(self):
        found = journal_retention.conf_values([
            '[Journal]\n#Storage=none\nStorage=persistent\nSystemMaxUse=1G\n[Other]\nSystemMaxUse=1\n',
            '[Journal]\nStorage=forever\nSystemMaxUse=lots\nMaxRetentionSec=1month 2d\nSystemMaxFiles=7\nUnknown=1\n'])
        assert (found['Storage'], found['SystemMaxUse'], found['SystemMaxFiles']) == ('persistent', GIB, 7)
        assert found['MaxRetentionSec'] == 2629800 + 2 * 86400
        assert found['MaxFileSec'] == 2629800 and found['SystemKeepFree'] is None

    @pytest.mark.parametrize('text, size', [
        ('1024', 1024), ('1K', 1024), ('1.5G', 3 * GIB // 2), ('1G 512M', 3 * GIB // 2), ('4 M', 4 * MIB), ('x', None),
        ('', None), ('1X', None), ('-1', None)])
    def test_sizes(self, text, size):
        assert journal_retention.parse_size(text) == size

    @pytest.mark.parametrize('text, seconds', [
        ('0', 0), ('90', 90), ('1year', 31557600), ('2 weeks', 14 * 86400), ('1h30min', 5400),
        ('infinity', float('inf')), ('1fortnight', None), ('', None)])
    def test_spans(self, text, seconds):
        assert journal_retention.parse_span(text) == seconds

    @pytest.mark.parametrize('storage, directory, persistent', [
        ('auto', True, True), ('auto', False, False), ('persistent', False, True), ('volatile', True, False),
        ('none', True, False)])
    def test_persistence(self, storage, directory, persistent):
        assert journal_retention.is_persistent(dict(Storage=storage), directory) == persistent


class TestJournaldLimits:
    def limits(self, text='', version=252, fs=100 * GIB, free=90 * GIB, used=0, persistent=True):
        options = journal_retention.conf_values(['[Journal]\n' + text])
        return journal_retention.limits_of(options, persistent, version, fs, free, used)

    def test_defaults_of_a_large_file_system(self):
        found = self.limits()
        assert found == dict(max_use_bytes=4 * GIB, keep_free_bytes=4 * GIB, max_file_bytes=128 * MIB,
                             limit_bytes=4 * GIB, max_files=100)

    @pytest.mark.parametrize('version, keep_free', [(219, 3 * GIB), (239, 3 * GIB), (252, GIB), (257, GIB)])
    def test_what_is_kept_free_changed(self, version, keep_free):
        """journald.conf(5) says 15 % to this day."""
        found = self.limits(version=version, fs=20 * GIB, free=18 * GIB)
        assert found['keep_free_bytes'] == keep_free
        assert found['max_use_bytes'] == 2 * GIB
        assert found['max_files'] == (0 if version == 219 else 100)

    def test_a_file_system_that_fills_up(self):
        assert self.limits(fs=20 * GIB, free=GIB + 100 * MIB, used=300 * MIB)['limit_bytes'] == 400 * MIB
        assert self.limits(fs=20 * GIB, free=0, used=300 * MIB)['limit_bytes'] == 300 * MIB

    def test_settings(self):
        found = self.limits('SystemMaxUse=8G\nSystemKeepFree=1G\nSystemMaxFileSize=1G\nSystemMaxFiles=0\n'
                            'RuntimeMaxUse=1M\n', free=50 * GIB)
        assert found == dict(max_use_bytes=8 * GIB, keep_free_bytes=GIB, max_file_bytes=GIB, limit_bytes=8 * GIB,
                             max_files=0)
        assert self.limits('RuntimeMaxUse=32M\n', persistent=False)['max_use_bytes'] == 32 * MIB
        assert self.limits('SystemMaxUse=10M\nSystemMaxFileSize=9M\n')['max_use_bytes'] == 18 * MIB

    def test_retention_is_less_than_it_says(self):
        """The trap: a file goes when its first entry is too old, with a month of younger ones behind it."""
        options = journal_retention.conf_values(['[Journal]\nMaxRetentionSec=90d\n'])
        kept, why = journal_retention.kept_days(89, self.limits(), options, None, 0)
        assert kept == pytest.approx(90 - 30.4375) and 'MaxRetentionSec' in why
        options = journal_retention.conf_values(['[Journal]\nMaxRetentionSec=90d\nMaxFileSec=1d\n'])
        assert journal_retention.kept_days(90, self.limits(), options, None, 0)[0] == 89
        # within the time wanted, but by size nobody knows
        assert journal_retention.kept_days(89, self.limits(), options, None, 0)[0] is None

    def test_size_by_growth(self):
        options = journal_retention.conf_values([])
        kept, why = journal_retention.kept_days(9, self.limits(), options, 100.0 * MIB, 128 * MIB)
        assert kept == pytest.approx((4096 - 128) / 100.0) and 'SystemMaxUse' in why
        assert journal_retention.kept_days(9, self.limits(), options, None, 0)[0] is None

    def test_the_number_of_files(self):
        """The trap: files of a week, to keep two years, are more than the 100 that journald allows itself."""
        options = journal_retention.conf_values(['[Journal]\nMaxFileSec=1week\nMaxRetentionSec=738day\n'])
        kept, why = journal_retention.kept_days(730, self.limits(), options, 1.0 * MIB, MIB)
        assert kept == 99 * 7 and '100 files' in why
        assert journal_retention.kept_days(730, self.limits('SystemMaxFiles=0\n'), options, 1.0 * MIB, MIB)[0] == 731
        assert journal_retention.kept_days(730, self.limits(version=219), options, 1.0 * MIB, MIB)[0] == 731
        assert journal_retention.kept_days(99, self.limits(), options, 1.0 * MIB, MIB, 1.0)[0] == 99


def directives(text):
    """The directives of a stanza."""
    return logrotate.Reader('/x', '/a {\n%s\n}\n' % text).read()[0][0].directives


class TestRules:
    @pytest.mark.parametrize('text, days', [
        ('weekly\nrotate 4', 21), ('daily\nrotate 367\nmaxage 365', 365), ('daily\nrotate 10\nmaxage 365', 9),
        ('monthly\nrotate 13', 365), ('monthly\nrotate 12', 332), ('monthly\nrotate 2', 28),
        ('yearly\nrotate -1', None), ('daily\nrotate -1\nmaxage 30', 30),
        ('daily\nrotate 0', 0), ('daily\nrotate 365\nmaxsize 1M', 364), ('size 1M\nrotate 5', 4)])
    def test_kept(self, text, days):
        assert rotation.kept_days(directives(text)) == days

    def test_hourly_runs_make_size_rules_shorter(self):
        assert rotation.kept_days(directives('size 1M\nrotate 48'), 1 / 24.0) == pytest.approx(47 / 24.0)
        assert rotation.kept_days(directives('hourly\nrotate 48'), 1 / 24.0) == pytest.approx(47 / 24.0)
        # once a day, whatever it says
        assert rotation.kept_days(directives('hourly\nrotate 48'), 1.0) == 47

    @pytest.mark.parametrize('shown, days', [  # by systemd 252
        ('TimersCalendar={ OnCalendar=*-*-* 00:00:00 ; next_elapse=Tue 2026-12-01 00:00:00 UTC }\n', 1),
        ('TimersCalendar={ OnCalendar=Mon,Fri *-*-* 03:00:00 ; next_elapse=(null) }\n', 1),
        ('TimersCalendar={ OnCalendar=*-*-* 04:00:00 Asia/Seoul ; next_elapse=(null) }\n', 1),
        ('TimersMonotonic={ OnBootUSec=5min ; next_elapse=0 }\nTimersCalendar={ OnCalendar=Mon *-*-* 00:00:00 ; next_elapse=(null) }\n', 1),
        ('TimersCalendar={ OnCalendar=*-*-* *:00:00 ; next_elapse=Mon 2026-11-30 11:00:00 UTC }\n', 1 / 24.0),
        ('TimersCalendar={ OnCalendar=*-*-* *:00/15:00 ; next_elapse=(null) }\n', 1 / 1440.0),
        ('TimersCalendar={ OnCalendar=*-*-* 00,12:00:00 ; next_elapse=(null) }\n', 1 / 1440.0),
        ('TimersMonotonic={ OnUnitActiveUSec=1h ; next_elapse=0 }\n', 1 / 1440.0), (None, 1 / 1440.0),
        ('TimersCalendar={ OnCalendar=*-*-* 12:00:00 ; next_elapse=(null) }\nTimersCalendar={ OnCalendar=*-*-* 00:00:00 ; next_elapse=(null) }\n',
         1 / 1440.0)])
    def test_a_timer_that_runs_more_often_makes_size_rules_shorter(self, shown, days):
        assert rotation.timer_days(shown) == days

    def test_estimates(self):
        said = directives('size 10M\nrotate 10')
        assert rotation.estimated_days(said, 1.0 * MIB) == 100
        assert rotation.estimated_days(said, 100.0 * MIB) == 10
        assert rotation.estimated_days(directives('weekly\nrotate 4'), 1.0 * MIB) == 21

    def test_until_removed(self):
        rotated = [('/a-%d' % number, NOW - number * retention_store.DAY) for number in (20, 13, 6)]
        assert rotation.days_until_removed(directives('weekly\nrotate 4'), rotated, NOW, 7) == 14
        assert rotation.days_until_removed(directives('weekly\nrotate 4\nmaxage 21'), rotated, NOW, 7) == 1
        assert rotation.days_until_removed(directives('weekly\nrotate -1'), rotated, NOW, 7) is None
        assert rotation.days_until_removed(directives('weekly\nrotate 4\nmaxage 7'), [], NOW, 7) == 7

    def test_the_description_of_directives(self):
        assert rotation.describe_directives(directives('daily\nrotate 3\nmaxage 9\ncopytruncate')) == (
            'rotated daily, 3 rotated files kept, at a rotation, files removed whose last line is older than 9 days, '
            'by copytruncate, which loses what is written meanwhile')

    def test_state(self, monkeypatch):
        monkeypatch.setenv('TZ', 'Asia/Seoul')
        time.tzset()
        found = rotation.parse_state('logrotate state -- version 2\n"/var/log/messages" 2026-11-22-3:10:0\n'
                                      '"/var/log/a \\"b\\"" 2026-1-2\nrubbish\n')
        monkeypatch.undo()
        time.tzset()
        assert found == {'/var/log/messages': timestamps.from_text('2026-11-21T18:10:00Z'),
                         '/var/log/a "b"': timestamps.from_text('2026-01-01T15:00:00Z')}


@pytest.fixture
def utc(monkeypatch):
    monkeypatch.setenv('TZ', 'UTC')
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def write(path, text, modified, packed=False):
    """A log file that was last written then (RFC 3339)."""
    with (gzip.open if packed else open)(str(path), 'wb') as target:
        target.write(text.encode('utf-8'))
    seconds = timestamps.from_text(modified) // timestamps.SECOND
    os.utime(str(path), (seconds, seconds))


@pytest.mark.usefixtures('utc')
class TestFiles:
    def test_a_family_with_compressed_files(self, tmpdir):
        log = tmpdir.join('messages')
        line = 'Nov %02d 10:00:00 host app: text\n'
        write(tmpdir.join('messages-20261101.gz'), 'no date\n' + line % 1 * 50, '2026-11-01T10:00:00Z', packed=True)
        write(tmpdir.join('messages-20261108'), line % 2 + line % 8, '2026-11-08T10:00:00Z')
        write(log, line % 9 + line % 22 + 'rest', '2026-11-22T10:00:00Z')
        found = file_retention.held(str(log), NOW)
        assert timestamps.to_text(found['oldest'], fraction=False) == '2026-11-01T10:00:00Z'
        assert timestamps.to_text(found['newest'], fraction=False) == '2026-11-22T10:00:00Z'
        assert found['bytes'] == sum(os.path.getsize(path) for path in found['files'])
        assert found['uncompressed_bytes'] == len(line % 1) * 54 + 12
        assert found['bytes'] < found['uncompressed_bytes']
        assert [os.path.basename(path) for path, _modified in found['rotated']] == [
            'messages-20261101.gz', 'messages-20261108']

    def test_a_log_that_was_never_rotated_has_the_years_it_has(self, tmpdir):
        log = tmpdir.join('messages')
        write(log, ''.join('%s 10 10:00:00 host app: x\n' % month for month in ('Mar', 'Nov', 'Mar', 'Nov', 'Mar')),
              '2026-03-10T10:00:00Z')
        found = file_retention.held(str(log), NOW)
        assert timestamps.to_text(found['oldest'], fraction=False) == '2024-03-10T10:00:00Z'
        assert timestamps.to_text(found['newest'], fraction=False) == '2026-03-10T10:00:00Z'

    def test_other_forms_and_empty_files(self, tmpdir):
        log = tmpdir.join('secure')
        write(tmpdir.join('secure-20261101'), '', '2026-11-01T10:00:00Z')
        write(log, '2026-11-02T03:04:05.678901+09:00 host sshd[1]: x\n<34>1 2026-11-03T00:00:00Z h a - - - x\n',
              '2026-11-22T10:00:00Z')
        found = file_retention.held(str(log), NOW)
        assert timestamps.to_text(found['oldest']) == '2026-11-01T18:04:05.678901Z'
        assert timestamps.to_text(found['newest'], fraction=False) == '2026-11-03T00:00:00Z'

    def test_the_end_of_a_large_log(self, tmpdir):
        log = tmpdir.join('messages')
        write(log, 'Nov 01 10:00:00 host app: x\n' + 'Nov 02 10:00:00 host app: filler %s\n' % ('x' * 200) * 9000
              + 'Nov 03 10:00:00 host app: y\n', '2026-11-22T10:00:00Z')
        assert os.path.getsize(str(log)) > file_retention.TAIL
        found = file_retention.held(str(log), NOW)
        assert timestamps.to_text(found['newest'], fraction=False) == '2026-11-03T10:00:00Z'

    @pytest.mark.parametrize('text, oldest', [
        ('1970-01-01T00:00:05Z h a: x\n0001-01-01T00:00:00+14:00 h a: x\n2026-11-20T00:00:00Z h a: x\n', '2026-11-20T00:00:00Z'),
        ('2099-01-01T00:00:00Z h a: x\n2026-11-20T00:00:00Z h a: x\n', '2026-11-20T00:00:00Z'),
        ('2026-11-23T00:00:00Z h a: x\n', '2026-11-23T00:00:00Z'), ('1970-01-01T00:00:05Z h a: x\n', None)])
    def test_a_clock_that_was_not_set_shows_no_age(self, tmpdir, text, oldest):
        write(tmpdir.join('m'), text, '2026-11-22T10:00:00Z')
        assert timestamps.to_text(file_retention.held(str(tmpdir.join('m')), NOW)['oldest'], fraction=False) == oldest

    @pytest.mark.parametrize('modified, oldest', [('2099-01-01T00:00:00Z', '2026-10-10T10:00:00Z'), ('1970-02-01T00:00:00Z', None)])
    def test_nor_does_a_file_whose_time_is_wrong(self, tmpdir, modified, oldest):
        write(tmpdir.join('m'), 'Oct 10 10:00:00 host app: x\n', modified)
        assert timestamps.to_text(file_retention.held(str(tmpdir.join('m')), NOW)['oldest'], fraction=False) == oldest

    def test_what_has_the_name_of_a_rotated_file_and_is_none(self, tmpdir):
        write(tmpdir.join('m'), '2026-11-20T00:00:00Z h a: x\n', '2026-11-22T10:00:00Z')
        tmpdir.join('m.1').mkdir()
        os.mkfifo(str(tmpdir.join('m.2')))
        tmpdir.join('m.3.gz').write_binary(b'\x1f\x8b')
        with pytest.raises(logfile.READ_ERRORS):
            file_retention.held(str(tmpdir.join('m')), NOW)
        tmpdir.join('m.3.gz').remove()
        found = file_retention.held(str(tmpdir.join('m')), NOW)
        assert found['rotated'] == [] and timestamps.to_text(found['oldest'], fraction=False) == '2026-11-20T00:00:00Z'

    def test_no_lines(self, tmpdir):
        found = file_retention.held(str(tmpdir.join('none')), NOW)
        assert (found['oldest'], found['newest'], found['bytes'], found['files']) == (None, None, 0, [])

    def test_damaged(self, tmpdir):
        write(tmpdir.join('m-20261101.gz'), 'x' * 1000, '2026-11-01T10:00:00Z', packed=True)
        tmpdir.join('m-20261101.gz').write_binary(tmpdir.join('m-20261101.gz').read_binary()[:20])
        with pytest.raises(logfile.READ_ERRORS):
            file_retention.held(str(tmpdir.join('m')), NOW)


class TestVerdict:
    @pytest.mark.parametrize('held, host, kept, rate, free, meets, words', [
        (400, 900, 366, 10, 10000, True, 'the oldest line is of 400 days ago'),
        (28, 900, 27, 10, 10000, False, 'the rules keep 27 days, 365 days are wanted'),
        (20, 25, 366, 10, 10000, True, 'the host is only 25 days old'),
        (28, 900, 366, 10, 10000, None, 'cannot be told; certain in 337 days'),
        (28, None, 366, 10, 10000, None, 'cannot be told'),
        (20, 25, 366, 10, 100, False, 'it is full before, in 10 days'),
        (400, 900, None, None, 100, True, 'nothing is ever removed'),
        (None, 900, 366, None, 100, None, 'no line has a time')])
    def test_assess(self, held, host, kept, rate, free, meets, words):
        found = retention_store.assess(365, held, host, kept, rate, 100, free)
        assert found[0] is meets and words in found[1]

    def test_without_lines(self):
        assert retention_store.assess(365, None, 900, 366, None, 0, 100)[0] is True
        assert retention_store.assess(365, None, 900, 27, None, 0, 100)[0] is False

    def test_growth_wants_a_day(self):
        assert retention_store.growth(100, 0.5) is None and retention_store.growth(100, None) is None
        assert retention_store.growth(100, 2.0) == 50
