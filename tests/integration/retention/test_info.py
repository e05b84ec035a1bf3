# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""log_retention_info on a journal that a real journald keeps, and on logs that the real logrotate rotated."""
import os
import random
import re
import subprocess
import time

import pytest
from journald import Journald
from remedy_runs import UNPRIVILEGED, run_module
from rotation import DAY, LOGROTATE, START, Life

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import (
    configuration as logrotate, host as logrotate_files)

RELEASE = subprocess.run([LOGROTATE, '--version'], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         universal_newlines=True).stdout


@pytest.fixture
def journald():
    """Makes Journalds."""
    made = []

    def make(*arguments, **options):
        made.append(Journald(*arguments, **options))
        return made[-1]
    yield make
    for one in made:
        one.stop()


def row_of(ansible, running, keep_days):
    result = ansible.module('log_retention_info', wrap=running.wrap, journal_keep_days=keep_days)
    assert not result['failed'], result['output']
    return result['stores'][0]


class TestJournal:
    def test_a_young_one(self, newest, journald):
        running = journald('Storage=persistent\n')
        before = timestamps.now()
        running.log(b'one', b'two')
        row = row_of(newest, running, 30)
        stamps = [int(line.partition(b'=')[2]) for line in running.journalctl('--output=export').splitlines()
                  if line.startswith(b'__REALTIME_TIMESTAMP=')]
        assert [timestamps.from_text(row[name]) for name in ('oldest', 'newest')] == [stamps[0], stamps[-1]]
        assert before - 5 * timestamps.SECOND < stamps[0]
        assert row['bytes'] == running.bytes_on_disk()
        assert (row['meets'], row['growth_per_day']) == (None, None)
        assert 'growth is not known yet' in row['reason']
        assert (row['rotation']['persistent'], row['rotation']['storage']) == (True, 'persistent')

    @pytest.mark.parametrize('most, meets', [('SystemMaxUse=1G', True), ('SystemMaxUse=16M', False)])
    def test_size(self, newest, journald, most, meets):
        running = journald('SystemMaxUse=3G\n', [('10-size.conf', most + '\nSystemKeepFree=1M\n')])
        running.log(b'one')
        since = running.import_days(40)
        row = row_of(newest, running, 39)
        assert timestamps.from_text(row['oldest']) == since * timestamps.SECOND
        assert row['held_days'] == pytest.approx(40, abs=0.01)
        assert row['growth_per_day'] == pytest.approx(row['bytes'] / row['held_days'])
        assert row['rotation']['limit_bytes'] == {True: 1 << 30, False: 16 << 20}[meets]
        assert row['meets'] is meets, row['reason']
        assert row['days_until_eviction'] > 0
        assert row['rotation']['files'] == ['/etc/systemd/journald.conf', '/etc/systemd/journald.conf.d/10-size.conf']

    def test_retention_by_time(self, newest, journald):
        running = journald('MaxRetentionSec=60d\n')
        running.log(b'one')
        running.import_days(40)
        row = row_of(newest, running, 39)
        assert row['meets'] is False and 'MaxRetentionSec' in row['reason']
        assert row['rotation']['kept_days'] == pytest.approx(60 - 30.4375)
        assert row['days_until_eviction'] == pytest.approx(20, abs=0.01)

    def test_volatile(self, newest, journald):
        running = journald(persistent=False)
        row = row_of(newest, running, 30)
        assert row['meets'] is False and 'lost at a reboot' in row['reason']
        assert row['path'] == '/run/log/journal'

    @pytest.mark.parametrize('storage', ['volatile', 'none'])
    def test_storage(self, newest, journald, storage):
        assert row_of(newest, journald('Storage=%s\n' % storage), 30)['meets'] is False

    def test_journald_keeps_to_the_limit_that_is_told(self, newest, journald):
        """Written over several times, it takes no more than that, and the oldest entry is another."""
        running = journald('Storage=persistent\nSystemMaxUse=8M\nSystemMaxFileSize=1M\nCompress=no\n')
        running.log(b'the first')
        first = row_of(newest, running, 1)
        for _round in range(10):
            running.log(*[b'%04d' % number + os.urandom(1000).hex().encode() for number in range(1000)])
        row = row_of(newest, running, 1)
        assert row['rotation']['limit_bytes'] == 8 << 20
        assert 4 << 20 < row['bytes'] <= 8 << 20
        assert timestamps.from_text(row['oldest']) > timestamps.from_text(first['oldest'])
        assert row['oldest'] <= row['newest'] and row['rotation']['journal_files'] > 3

    def test_without_root(self, newest, journald):
        running = journald('Storage=persistent\n')
        running.log(b'one')
        os.chmod(running.journal, 0)
        result = newest.module('log_retention_info', wrap=running.wrap + UNPRIVILEGED, journal_keep_days=3)
        assert 'run as root' in result['stores'][0]['reason'], result
        assert result['stores'][0]['meets'] is None


class TestFiles:
    def test_after_a_life(self, host):
        """What it says is what the simulation found: the oldest line, and the days that the rule keeps."""
        host.apply([('messages', 20)])
        Life(host, 'messages', 60)
        row = host.info([('messages', 20)])['messages']
        # the host's clock is the real one, so the lines are of some time ago
        held = (time.time() - timestamps.from_text(row['oldest']) / timestamps.SECOND) / DAY
        assert row['held_days'] == pytest.approx(held, abs=0.01)
        assert timestamps.from_text(row['newest']) - timestamps.from_text(row['oldest']) > 20 * DAY * timestamps.SECOND
        assert row['bytes'] < row['uncompressed_bytes']
        assert row['growth_per_day'] < row['uncompressed_growth_per_day']
        rotation = row['rotation']
        assert (rotation['rotate'], rotation['maxage_days'], rotation['criterion']) == (22, 20, 'daily')
        assert (rotation['file'], rotation['kept_days']) == (host.policy, 20)
        assert rotation['last_rotated'].startswith('2026-0')
        assert row['meets'] is True, row['reason']

    def test_no_rule_and_no_run(self, host):
        """A rule that is right removes nothing and keeps nothing small when nothing starts logrotate."""
        host.apply([('messages', 20)])
        host.write('log/messages', '2020-01-01T00:00:00+00:00 host app: x\n' * 10)
        host.write('log/other', '2020-01-01T00:00:00+00:00 host app: x\n' * 10)
        host.write('state', 'logrotate state -- version 2\n')
        os.utime(host.state, (time.time() - 9 * DAY,) * 2)
        rows = host.info([('messages', 20), ('other', 20)])
        for name, why in (('messages', 'does not run every day'), ('other', 'no stanza of logrotate names it')):
            assert rows[name]['meets'] is True
            assert 'it grows until the disk is full: ' in rows[name]['reason'] and why in rows[name]['reason']
            assert rows[name]['rotation']['kept_days'] is None and rows[name]['days_until_eviction'] is None
            assert rows[name]['days_until_full'] > 0
        assert 'Its rule: rotated daily' in rows['messages']['rotation']['description']

    def test_a_log_that_others_may_rotate_away(self, host):
        host.write('log/messages', '2026-01-01T00:00:00+00:00 host app: x\n' * 10)
        os.symlink(host.log('messages'), host.log('cron'))
        rows = host.info([('messages', 20), ('cron', 20)])
        assert rows['messages']['meets'] is not False and rows['messages']['rotation']['kept_days'] == 21
        assert 'it is a symbolic link to %s' % host.log('messages') in rows['cron']['reason'] and rows['cron']['rotation']['kept_days'] == 21
        os.chmod(host.root + '/log', 0o777)
        assert 'refuses to rotate' in host.info([('messages', 20)])['messages']['reason']

    def test_rules_by_size(self, host):
        host.write('etc/logrotate.d/app', '%s {\n    size 1M\n    rotate 10\n}\n' % host.log('app'))
        host.write('log/app', '2026-01-01T00:00:00+00:00 host app: x\n' * 10)
        row = host.info([('app', 30)])['app']
        assert row['meets'] is None and 'in a burst' in row['reason']
        assert row['rotation']['size_bytes'] == 1 << 20

    def test_without_root(self, host, newest):
        host.write('log/messages', '2026-01-01T00:00:00+00:00 host app: x\n', 0)
        result = newest.module('log_retention_info', wrap=UNPRIVILEGED, logrotate_config=host.config,
                               rules=[dict(path=host.log('messages'), keep_days=3)])
        row = result['stores'][0]
        assert row['meets'] is None
        assert row['reason'] == '%s: Permission denied; run as root (become: true)' % host.log('messages')

    @pytest.mark.parametrize('text', [
        '{path} {{\r\n    daily\r\n    rotate 399\r\n    missingok\r\n}}\r\n',
        '{path}\r\n{{\n    daily\r\n    rotate 399\r\n}}\n',
        '{path} {{\n    daily\n    rotate 399\r\n    compress\n}}\n',
        '{path} {{\n    daily\n    rotate 399\n}}\r\n',
        '{path} {{\n    daily\r\r\n    rotate 399\n}}\n',
        '\r\n{path} {{\n    daily\n    rotate 399\n}}\n',
        '\xef\xbb\xbf{path} {{\n    daily\n    rotate 399\n}}\n',
        '{path} {{\n    daily\n\xc2\xa0   rotate 399\n}}\n',
        '{path} {{\n    daily\n    \xed\x95\x9c\xea\xb8\x80 x\n    rotate 399\n}}\n',
        '# \xed\x95\x9c\xea\xb8\x80\xa0\x85\x1c\n{path} {{\n    daily # \xa0\n    rotate 399\n}}\n',
        '{path} {{\n    \x0bdaily\n    rotate 399\n}}\n',
        '{path} {{\n    daily\x0c\n    rotate 399\x0b\n}}\n',
        '{path} {{\n    weekly\r\n    rotate 399\n}}\n',
        '{path} {{\n    rotate 399\n    nocreateolddir\r\n}}\n',
    ])
    def test_bytes_that_logrotate_minds(self, host, text):
        """What logrotate does with a file decides, and it is asked each time."""
        host.write('log/app', '2026-01-01T00:00:00+00:00 host app: x\n' * 10)
        host.write('etc/logrotate.d/app', text.format(path=host.log('app')))
        host.write('etc/logrotate.d/zz', '%s {\n    daily\n    rotate 3\n}\n' % host.log('other'))
        host.write('log/other', '2026-01-01T00:00:00+00:00 host app: x\n')
        said = host.rotate(None, '--debug')[1]
        rows = host.info([('app', 300), ('other', 300)])
        found = re.search(r'(?m)^rotating pattern: %s\s+(after 1 days|weekly|.* bytes) \(([0-9]+) rot' % host.log('app'), said)
        if found is None:
            assert rows['app']['rotation']['kept_days'] is None
            assert 'no stanza of logrotate names it' in rows['app']['reason'] or (
                'logrotate skips the stanza that names it (%s/etc/logrotate.d/app, line ' % host.root) in rows['app']['reason']
        else:
            assert rows['app']['rotation']['rotate'] == int(found.group(2)) == 399
            assert rows['app']['rotation']['criterion'] == {'after 1 days': 'daily', 'weekly': 'weekly'}.get(
                found.group(1), 'size')
        assert 'considering log %s' % host.log('other') in said and rows['other']['rotation']['rotate'] == 3

    @pytest.mark.parametrize('seed', [1, 2])
    def test_what_logrotate_gives_up(self, host, seed):
        """Errors of every kind, also where the end of a stanza goes unseen for one: what is left is what it says."""
        chance, names = random.Random(seed), ['a', 'b', 'c', 'd', 'e', 'f']
        os.mkdir(host.log('old'))
        lines = ['su nouser nogroup', 'su root root', 'create 0640 nouser nogroup', 'create 0640 root root', 'olddir /nowhere',
                 'olddir ' + host.log('old'), 'olddir old', 'noolddir', 'rotate 3', 'rotate', 'rotate 3;}', 'maxage 5d', 'weekly',
                 'weekly 9', 'daily', 'compress', 'size 1Z', 'frob x', 'missingok', 'postrotate\n  true }\n  endscript',
                 'copytruncate', '= x', 'daily;']
        for name in names:
            host.write('log/' + name, '2026-01-01T00:00:00+00:00 host app: x\n')
        for _round in range(60):
            text = ''
            for name in chance.sample(names, 4):
                body = ['%s%s\n' % (chance.choice(['', '    ']), chance.choice(lines)) for _line in range(chance.randrange(5))]
                text += '%s {\n%s}\n' % (host.log(name), ''.join(body))
            path = host.write('etc/logrotate.d/app', text)
            said = host.rotate(None, '--debug')[1]
            known = logrotate.Configuration(host.config, logrotate_files.Disk(), logrotate.version(RELEASE))
            assert [name for name in names if known.stanza_of(host.log(name))] == [
                name for name in names if 'considering log %s\n' % host.log(name) in said], (path, text, said)

    @pytest.mark.parametrize('line', [
        'rotate 4294967297', 'rotate 99999999999999999999', 'rotate 2147483648', 'rotate -4294967295', 'rotate -1', 'rotate -2', 'rotate 0x10',
        'rotate 010', 'rotate 09', 'rotate +5', 'rotate= 5', 'rotate 5 x', 'rotate 5;', 'maxage 4294967297', 'maxage -1', 'size 99999999999G',
        'size -1', 'size 1.5G', 'size =1k', 'compressoptions', 'dateformat', 'tabooext', 'taboopat x', 'tabooext }}', 'taboopat xyz',
        'extension', 'include', 'su', 'create', 'weekly',
        'include {root}/more', 'include {root}/nosuch', 'errors x', 'minage x', 'shredcycles x', 'prerotate endscript'])
    def test_values_of_every_kind(self, host, line):
        """Which logs are rotated, and how many files are kept, is what the real logrotate says."""
        host.write('more', 'rotate 6\n')
        for name in ('app', 'next'):
            host.write('log/' + name, '2026-01-01T00:00:00+00:00 host app: x\n')
        for text in ('%s {{\n    rotate 9\n    %s\n}}\n%s {{\n}}\n', '%s {{ rotate 9\n    %s }}\n%s {{\n}}\n'):
            host.write('etc/logrotate.d/app', (text % (host.log('app'), line, host.log('next'))).format(root=host.root))
            said = host.rotate(None, '--debug')[1]
            known = logrotate.Configuration(host.config, logrotate_files.Disk(), logrotate.version(RELEASE))
            found = known.stanza_of(host.log('app'))
            for name in ('app', 'next'):
                assert (known.stanza_of(host.log(name)) is not None) == ('considering log %s\n' % host.log(name) in said), said
            counted = re.search(r'(?m)^rotating pattern: %s\s[^(]*\((-?[0-9]+) rotations|^rotating pattern: %s\s' % ((host.log('app'),) * 2), said)
            if found is not None and counted and counted.group(1):
                assert found.directives['rotate'] == int(counted.group(1)), said

    def test_a_log_by_another_name(self, host):
        """Through a link, or with a slash more, logrotate rotates it once more: the shorter rule decides."""
        os.rename(host.log(''), host.root + '/data')
        os.symlink('data', host.log('')[:-1])
        host.write('log/app', '2026-01-01T00:00:00+00:00 host app: x\n')
        host.write('etc/logrotate.d/app', '%s {\n    daily\n    rotate 400\n}\n%s/data/a* {\n    daily\n    rotate 3\n}\n' % (
            host.log('app'), host.root))
        row = host.info([('app', 300)])['app']
        assert row['meets'] is False and row['rotation']['kept_days'] == 2 and 'it is rotated 2 times, by the names' in row['reason']
        said = host.rotate(None, '--debug')[1]
        assert 'considering log %s\n' % host.log('app') in said and 'considering log %s/data/app\n' % host.root in said
        assert 'stands for %s too' % host.log('app') in host.apply([('app', 300)])['msg']

    def test_paths_and_files_that_are_none(self, host):
        assert 'is not absolute' in run_module('log_retention_info', logrotate_config=host.config, rules=[{'path': 'log/app'}])['msg']
        os.mkfifo(host.state)
        for name in ('messages', 'cron'):
            (os.mkdir if name == 'cron' else os.mkfifo)(host.log(name))
        rows = host.info([('messages', 20), ('cron', 20)])
        assert all(row['meets'] is None and row['rotation']['problem'] == 'it is not a regular file, so logrotate does not rotate it'
                   for row in rows.values())

    @pytest.mark.parametrize('directives, name', [
        ('', 'app.log'),
        ('    olddir {root}/old\n', 'app.log'),
        ('    olddir ../old\n    dateext\n', 'app.log'),
        ('    dateext\n    dateformat .%Y-%m-%d.%s\n', 'app.log'),
        ('    dateext\n    dateformat _%d%m%Y-%H\n', 'app.log'),
        ('    extension .log\n', 'app.log'),
        ('    extension .log\n    dateext\n    compress\n', 'app.log'),
        ('    extension .log\n', 'app'),
        ('    addextension .old\n', 'app.log'),
        ('    addextension .log\n    dateext\n    dateformat -%s\n', 'app.log'),
        ('    compress\n    compressext .packed\n    olddir old\n    start 7\n', 'app.log'),
        ('    hourly\n    dateext\n', 'app.log'),
    ])
    def test_rotated_files_of_every_name(self, host, directives, name):
        """Retention and scanner find what the real logrotate made, and the scanner once each."""
        for folder in ('old', 'log/old'):
            os.mkdir(os.path.join(host.root, folder))
        host.write('etc/logrotate.d/app', '%s {\n    nodateext\n    rotate 9\n    create\n%s}\n' % (
            host.log(name), directives.format(root=host.root)))
        for day in range(4):
            with open(host.log(name), 'a', encoding='ascii') as log:
                log.write('2026-01-%02dT00:00:00+00:00 host app: something of day %d\n' % (day + 1, day))
            status, said = host.rotate(START + (day + 1) * DAY, '--force')
            assert not status, said
        host.write('log/' + name + '-not-rotated', '2020-01-01T00:00:00+00:00 host app: something of another\n')
        row = host.info([(name, 3)])[name]
        assert row['oldest'] == '2026-01-01T00:00:00Z' and row['rotation']['rotated_files'] == 4, row
        found = run_module('logfile_scan', paths=[host.log(name)], logrotate_config=host.config, signatures=[
            {'id': 'x', 'match': {'literal': 'something of', 'regex': 'something of (?:day|another)'}}], max_samples=9)
        assert [sample['text'] for sample in found['signatures'][0]['samples']] == [
            'something of day %d' % day for day in range(4)]
        assert not found['errors']

    def test_a_log_that_should_have_been_rotated_long_ago(self, host):
        host.write('etc/logrotate.d/app', '%s {\n    daily\n    rotate 9\n}\n' % host.log('app'))
        host.write('log/app', '2026-01-01T00:00:00+00:00 host app: x\n')

        def rotated(days_ago):
            at = time.strftime('%Y-%m-%d-%H:%M:%S', time.localtime(time.time() - days_ago * DAY))
            host.write('state', 'logrotate state -- version 2\n"%s" %s\n' % (host.log('app'), at))

        rotated(89)
        row = host.info([('app', 3)])['app']
        assert 'logrotate last rotated it 89 days ago' in row['rotation']['problem'] and row['rotation']['problem'] in row['reason']
        rotated(1)
        assert host.info([('app', 3)])['app']['rotation']['problem'] is None
        # An empty one is left alone, where it is told so.
        rotated(89)
        host.write('log/app', '')
        assert host.info([('app', 3)])['app']['rotation']['problem'] is not None
        host.write('etc/logrotate.d/app', '%s {\n    daily\n    notifempty\n}\n' % host.log('app'))
        assert host.info([('app', 3)])['app']['rotation']['problem'] is None

    def test_reads_only(self, host):
        host.apply([('messages', 20)])
        Life(host, 'messages', 5)
        before = host.snapshot()
        host.info([('messages', 20), ('nothing', None)])
        assert host.snapshot() == before
