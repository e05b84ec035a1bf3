# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host in the shape of EL as far as logrotate is concerned, and its days: the real logrotate with a faked clock.

Each line carries its time, so at any time it can be told which are gone. The writer does as rsyslogd does: it goes on
writing to the rotated file until it has handled its signal.
"""
import glob
import gzip
import os
import random
import re
import shutil
import subprocess
import time

from remedy_runs import run_module

LOGROTATE = shutil.which('logrotate', path=os.environ['PATH'] + ':/usr/sbin')
START = 1767225600  # 2026-01-01T00:00:00Z
DAY = 86400
MAIN = '''# see "man logrotate" for details
# global options do not affect preceding include directives
# rotate log files weekly
weekly
# keep 4 weeks worth of backlogs
rotate 4
# create new (empty) log files after rotating old ones
create
# use date as a suffix of the rotated file
dateext
{defaults}
# packages drop log rotation information into this directory
include {root}/etc/logrotate.d
'''
# As rsyslog of EL brings it: `syslog` on 7 and 8, `rsyslog` on 9 and 10.
STOCK = '''{root}/log/cron
{root}/log/maillog
{root}/log/messages
{root}/log/secure
{root}/log/spooler
{{
    missingok
    sharedscripts
    postrotate
        /usr/bin/systemctl -s HUP kill rsyslog.service >/dev/null 2>&1 || true
    endscript
}}
'''


class Host:
    """logrotate's files below a folder."""

    def __init__(self, folder, defaults='', stock='rsyslog'):
        self.root = str(folder)
        self.config = os.path.join(self.root, 'etc/logrotate.conf')
        self.policy = os.path.join(self.root, 'etc/logrotate.d/log_hygiene_policy')
        self.stock = os.path.join(self.root, 'etc/logrotate.d', stock)
        self.state = os.path.join(self.root, 'state')
        for name in ('etc/logrotate.d', 'log'):
            os.makedirs(os.path.join(self.root, name))
            os.chmod(os.path.join(self.root, name), 0o755)
        self.write('etc/logrotate.conf', MAIN.format(root=self.root, defaults=defaults))
        self.write('etc/logrotate.d/' + stock, STOCK.format(root=self.root))

    def log(self, name):
        return os.path.join(self.root, 'log', name)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.root, name)
        with open(path, 'w', encoding='latin-1', newline='') as target:
            target.write(text)
        os.chmod(path, mode)
        return path

    def read(self, path):
        with open(os.path.join(self.root, path), encoding='latin-1', newline='') as source:
            return source.read()

    def apply(self, rules=(), check=False, **more):
        """Run logrotate_policy; rules are pairs of a log's name and days."""
        return run_module('logrotate_policy', check, **dict(dict(
            lock_file=os.path.join(os.path.dirname(self.root), 'lock'), config=self.config, path=self.policy, backup_dir=os.path.join(self.root, 'backup'),
            rules=[dict(path=self.log(name), keep_days=days) for name, days in rules]), **more))

    def info(self, rules=(), **more):
        """The rows of log_retention_info, by the names of the logs."""
        result = run_module('log_retention_info', logrotate_config=self.config, logrotate_state=self.state, **dict(dict(
            rules=[dict(path=self.log(name), keep_days=days) for name, days in rules]), **more))
        assert 'stores' in result, result
        return dict((os.path.basename(row['path']), row) for row in result['stores'])

    def rotate(self, now=None, *options):
        """Run the real logrotate at a time (seconds); (exit status, what it says)."""
        command = [LOGROTATE, '--verbose', '--state', self.state] + list(options) + [self.config]
        if now is not None:
            command = ['faketime', time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(now))] + command
        answer = subprocess.run(command, env=dict(os.environ, TZ='UTC', NO_FAKE_STAT='1', LC_ALL='C'), check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        return answer.returncode, answer.stdout

    def snapshot(self):
        """All files below: path -> (mode, content)."""
        found = {}
        for folder, _folders, names in os.walk(self.root):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, 'rb') as source:
                    found[os.path.relpath(path, self.root)] = oct(os.stat(path).st_mode), source.read()
        return found


class Writer:
    """Writes to a log as rsyslogd does. A line is its time, and a number."""

    def __init__(self, path):
        self.path, self._file, self.times = path, None, {}
        self.reopen()

    def reopen(self):
        """What rsyslogd does at SIGHUP."""
        self.close()
        self._file = open(self.path, 'ab', buffering=0)  # pylint: disable=consider-using-with

    def close(self):
        if self._file is not None:
            self._file.close()

    def line(self, at):
        number = len(self.times)
        stamp = time.strftime('%Y-%m-%dT%H:%M:%S+00:00', time.gmtime(at))
        self._file.write(b'%s host app: line=%d.\n' % (stamp.encode(), number))
        os.utime(self._file.fileno(), (at, at))
        self.times[number] = at

    def present(self, cache):
        """The numbers of the lines that are still somewhere."""
        found = set()
        for path in glob.glob(self.path + '*'):
            info = os.stat(path)
            key = path, info.st_size, info.st_mtime
            if key not in cache:
                with (gzip.open if path.endswith('.gz') else open)(path, 'rb') as source:
                    cache[key] = frozenset(int(one) for one in re.findall(rb'line=([0-9]+)\.', source.read()))
            found |= cache[key]
        return found


class Life:
    """What happened to the lines of a log: `youngest_lost`, the least age (days) at which one was found gone;
    `oldest_held`, the greatest age at which one was found there after a rotation; `complaints` of logrotate.
    """

    def __init__(self, host, name, days, seed=1, runs=1, lines=3):
        """Let days pass. Some have no line, some a burst, and on some the host is off.

        :param runs: of logrotate a day.
        """
        chance, writer, cache, gone = random.Random(seed), Writer(host.log(name)), {}, set()
        self.youngest_lost, self.oldest_held, self.complaints, self.files = float('inf'), 0.0, [], 0
        off = set(day for first in range(25, days, 60) for day in range(first, first + 4))
        for day in range(days):
            if day in off:
                continue
            kind = chance.random()
            number = 0 if kind < 0.15 else 400 if kind > 0.93 else lines
            begin = START + day * DAY
            # anacron and the timer start it at some time of the early morning
            starts = [begin + chance.randrange(3 * 3600, 5 * 3600) + run * DAY // runs for run in range(runs)]
            times = sorted(begin + chance.randrange(DAY) for _line in range(number))
            for now in starts:
                while times and times[0] < now:
                    writer.line(times.pop(0))
                status, said = host.rotate(now)
                if status:
                    self.complaints.append(said)
                if number:
                    writer.line(now + 1)  # before the signal is handled
                writer.reopen()
                self._look(writer, cache, gone, now)
            for at in times:
                writer.line(at)
        self.files = len(glob.glob(writer.path + '*'))
        writer.close()

    def _look(self, writer, cache, gone, now):
        present = writer.present(cache)
        for number, at in writer.times.items():
            if number not in present and number not in gone:
                gone.add(number)
                self.youngest_lost = min(self.youngest_lost, (now - at) / DAY)
        if present:
            self.oldest_held = max(self.oldest_held, (now - min(writer.times[one] for one in present)) / DAY)
