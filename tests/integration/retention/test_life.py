# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Longer than the retention, day by day, with the real logrotate: no line goes too early, and the older ones go."""
import glob
import gzip
import os

import pytest
from rotation import DAY, START, Life

# What a host may have in logrotate.conf that makes rules keep less.
HOSTILE = 'maxsize 500\ndateformat -%Y%m%d-%s\ncopytruncate\nminsize 1M\n'


@pytest.mark.parametrize('days, keep', [(150, 40), (60, 7)])
def test_no_line_goes_too_early_and_the_old_ones_go(host, days, keep):
    host.apply([('messages', keep), ('secure', keep)])
    life = Life(host, 'messages', days)
    assert not life.complaints
    # gone at the first rotation after that, and there is none on a day without a line or with the host off
    assert keep < life.youngest_lost <= life.oldest_held < keep + 7
    assert life.files <= keep + 3
    assert life.youngest_lost >= host.info([('messages', keep)])['messages']['rotation']['kept_days'] == keep


def test_stock_fails_the_same(host):
    """Weekly, four kept, is less than the 40 days above; and log_retention_info says what it is."""
    life = Life(host, 'messages', 150)
    assert not life.complaints
    assert life.youngest_lost < 28
    row = host.info([('messages', 40)])['messages']
    assert (row['meets'], row['rotation']['kept_days']) == (False, 21)
    assert life.youngest_lost > row['rotation']['kept_days']


def test_hostile_defaults(new_host):
    """Rules by size, and logrotate four times a day: our stanza keeps its days, its count alone does not."""
    host = new_host('ours', defaults=HOSTILE)
    host.apply([('messages', 10)])
    life = Life(host, 'messages', 60, runs=4, lines=40)
    assert life.youngest_lost > 10
    other = new_host('theirs', defaults=HOSTILE)
    other.apply([('messages', 10)])
    text = other.read(other.policy)
    for line in ('maxsize 0', 'minsize 0', 'nocopytruncate', 'dateformat -%Y%m%d'):
        assert line in text
        text = text.replace('    %s\n' % line, '')
    other.write('etc/logrotate.d/log_hygiene_policy', text)
    assert Life(other, 'messages', 60, runs=4, lines=40).youngest_lost < 10


def test_what_is_written_before_the_signal_is_handled(host):
    """Compressed at once, lines are lost that rsyslogd still writes to the rotated file."""
    host.apply([('messages', 30)])
    text = host.read(host.policy)
    host.write('etc/logrotate.d/log_hygiene_policy', text.replace('    delaycompress\n', ''))
    assert Life(host, 'messages', 10).youngest_lost < 1


@pytest.mark.parametrize('dated', [True, False])
def test_forced_runs_cost_no_day(host, dated):
    """`rotate` counts files: without the date in the name, each forced run takes one from it."""
    host.apply([('messages', 3)])
    if not dated:
        host.write('etc/logrotate.d/log_hygiene_policy', host.read(host.policy).replace('dateext', 'nodateext'))
    for day in range(4):
        for hour in (4, 5, 6, 7):
            with open(host.log('messages'), 'a', encoding='ascii') as target:
                target.write('line of %d %d\n' % (day, hour))
            host.rotate(START + day * DAY + hour * 3600, *(['--force'] if hour > 4 else []))
    text = ''
    for path in glob.glob(host.log('messages*')):
        with (gzip.open if path.endswith('.gz') else open)(path, 'rt', encoding='ascii') as source:
            text += source.read()
    kept = [day for day in range(4) for hour in (4, 5, 6, 7) if 'line of %d %d\n' % (day, hour) in text]
    assert (len(kept) == 16) == dated


def test_each_file_is_rotated_once(host):
    """The merged configuration runs without error, and what was rotated belongs to one stanza."""
    names = ('cron', 'maillog', 'messages', 'secure', 'spooler')
    for name in names:
        host.write('log/' + name, 'one line\n', 0o600)
    host.apply([('messages', 365), ('secure', 730)])
    assert host.rotate(START)[0] == 0
    status, said = host.rotate(START + 8 * DAY)
    assert status == 0 and 'error' not in said
    for name in names:
        assert said.count('considering log %s\n' % host.log(name)) == 1
        assert host.read(host.log(name) + '-20260109') == 'one line\n'
    assert said.count('rotating log ') == 5


def test_owner_and_mode_stay(host):
    """Also where the log is as closed as EL has /var/log/secure."""
    host.write('log/secure', 'x\n', 0o600)
    host.write('log/messages', 'x\n', 0o640)
    host.apply([('messages', 9), ('secure', 9)])
    host.rotate(START)
    host.rotate(START + DAY)
    assert os.path.exists(host.log('secure-20260102'))
    assert [oct(os.stat(host.log(name)).st_mode & 0o777) for name in ('secure', 'messages')] == ['0o600', '0o640']
