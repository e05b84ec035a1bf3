# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What logrotate does with a log by its rules, whether it runs, and how long lines are kept as a result.

Times are microseconds since the epoch (see _common/timestamps.py), durations days (float), sizes bytes. Standard library only.
Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import re
import stat

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import process, timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import (
    configuration as logrotate, host as logrotate_files)
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import _store as retention_store

LONGEST = {'hourly': 1 / 24.0, 'daily': 1, 'weekly': 7, 'monthly': 31, 'yearly': 366}  # days
INTERVALS = {'hourly': 1 / 24.0, 'daily': 1, 'weekly': 7, 'monthly': 28, 'yearly': 365}  # days, the shortest of each
STATE_FILES = ('/var/lib/logrotate/logrotate.status', '/var/lib/logrotate/status', '/var/lib/logrotate.status')
STALE_DAYS = 3  # without a run


def parse_state(text):
    """Parse logrotate's state file (text): dict, path -> when it was last rotated (microseconds)."""
    found = {}
    for line in text.split('\n'):
        match = re.match(r'"((?:[^"\\]|\\.)*)" ([0-9]{1,4})-([0-9]{1,2})-([0-9]{1,2})'
                         r'(?:-([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}))?[ \t]*\Z', line)
        if match:
            seconds = timestamps.local_seconds(tuple(int(part or 0) for part in match.groups()[1:]))
            if seconds is not None:
                found[re.sub(r'\\(.)', r'\1', match.group(1))] = seconds * timestamps.SECOND
    return found


def by_size(directives):
    """Return whether a log can be rotated because of its size, however soon after the last rotation."""
    return directives['criterion'] == 'size' or directives['maxsize'] > 0


def kept_days(directives, run_days=1.0):
    """Return the minimum days that logrotate keeps each line, by the directives of its stanza; None for ever.

    The file that is removed was rotated `rotate` rotations ago. One of the intervals between may be short: the calendar
    says when to rotate, and the host may have been off when it did.

    :param run_days: days between two runs of logrotate. It rotates a log at most once a run.
    """
    count, age = directives['rotate'], directives['maxage']
    limits = []
    if count >= 0:
        limits.append(_span(max(count - 1, 0), 'size' if by_size(directives) else directives['criterion'], run_days))
    if age > 0:
        limits.append(age)  # 3.21 counts parts of days, others whole ones: a day longer
    return float(min(limits)) if limits else None


def shortest(rotating):
    """Return what keeps the least of those that rotate a log: (Stanza, the path that it has there), or (None, None).

    :param rotating: what Configuration.rotating() says.
    """
    kept = [(float('inf') if days is None else days, number) for number, days in enumerate(kept_days(one.directives) for one, _name in rotating)]
    return rotating[min(kept)[1]] if kept else (None, None)


def _span(intervals, criterion, run_days):
    """Return the fewest days that so many whole intervals take."""
    if criterion == 'monthly':  # February
        return intervals * 365 // 12 - (2 if intervals % 12 else 0)
    return intervals * max(INTERVALS.get(criterion, 0), run_days)


def estimated_days(directives, growth, run_days=1.0):
    """Return the same for rules by size, at this growth (bytes of lines a day); None for ever or if unknown."""
    if not by_size(directives) or not growth or directives['rotate'] < 0:
        return kept_days(directives, run_days)
    size = directives['size'] if directives['criterion'] == 'size' else directives['maxsize']
    longest = INTERVALS.get(directives['criterion'], float('inf'))
    interval = max(min(size / growth, longest), run_days)
    limits = [directives['rotate'] * interval] + [directives['maxage']] * (directives['maxage'] > 0)
    return float(min(limits))


def days_until_removed(directives, rotated, now, interval):
    """Return the days until logrotate removes the oldest rotated file at the current rate; None if never.

    :param rotated: list of (path, modified), the oldest first, without the log itself.
    :param interval: days from one rotation to the next.
    """
    found = []
    if directives['rotate'] >= 0:
        found.append((max(directives['rotate'], 1) - len(rotated) + 1) * interval)
    if directives['maxage'] > 0:
        # A log not yet rotated is counted from now.
        last = rotated[0][1] if rotated else now
        found.append(directives['maxage'] - (now - last) / float(retention_store.DAY))
    return max(min(found), 0.0) if found else None


def overdue_days(directives, last, now, run_days=1.0):
    """Return for how many days a rotation has been overdue, by the interval of its rule, or None if it is not.

    A rotation is due when the longest interval has passed, and the run behind it.

    :param last: when it was last rotated (microseconds), None for never.
    """
    longest = LONGEST.get(directives['criterion'])
    since = retention_store.days_between(last, now)
    if longest is None or since is None:
        return None
    due = max(longest, directives['minage']) + 2 * max(run_days, 1.0)
    return since - due if since > due else None


def describe_directives(directives):
    """Return what logrotate does by these directives, as a phrase."""
    when = directives['criterion']
    if when == 'size':
        when = 'when larger than %d bytes' % directives['size']
    if directives['maxsize']:
        when += ' or when larger than %d bytes' % directives['maxsize']
    if directives['minsize']:
        when += ' but not when smaller than %d bytes' % directives['minsize']
    count = directives['rotate']
    parts = ['rotated %s' % when,
             'all rotated files kept' if count < 0 else 'none kept' if count == 0 else '%d rotated files kept' % count]
    if directives['maxage']:
        parts.append('at a rotation, files removed whose last line is older than %d days' % directives['maxage'])
    if directives['copytruncate']:
        parts.append('by copytruncate, which loses what is written meanwhile')
    return ', '.join(parts)


def rotation_interval(directives, rate, run_days):
    """Return the days from one rotation to the next, or None if unknown."""
    if by_size(directives) and rate:
        size = directives['size'] if directives['criterion'] == 'size' else directives['maxsize']
        return max(min(size / rate, INTERVALS.get(directives['criterion'], float('inf'))), run_days)
    return max(INTERVALS.get(directives['criterion'], run_days), run_days)


class Logrotate:
    """The configuration of logrotate, and whether it runs."""

    def __init__(self, get_bin_path, config, state, now):
        """:param get_bin_path: function, name of a command -> its path or None.
        :param config: path of its configuration. state: of its state file, None for the newest of those that EL uses.

        Raises LogrotateError where logrotate cannot be run.
        """
        self.configuration, said = logrotate_files.configuration(get_bin_path, config)
        self.installed = get_bin_path('logrotate') is not None
        self._find_state(state, logrotate.state_path(said))
        self._find_starter(get_bin_path('systemctl'), now)

    def _find_state(self, given, default):
        candidates = [one for one in ([given] if given else (default,) + STATE_FILES) if one and os.path.isfile(one)]
        there = [(when, path) for when, path in ((retention_store.modified(path), path) for path in candidates)
                 if when is not None]
        self.last_run, self.state_file = max(there) if there else (None, None)
        text = host.read(self.state_file) if self.state_file else None
        self.rotated = parse_state(text or '')

    def _find_starter(self, systemctl, now):
        self.enabled, self.by, self.run_days = None, None, 1.0
        units = active_units(systemctl, ('logrotate.timer', 'crond.service', 'cron.service'))
        for folder, days in (('hourly', 1 / 24.0), ('daily', 1.0)):
            script = '/etc/cron.%s/logrotate' % folder
            if os.access(script, os.X_OK) and self.by is None and (
                    units is None or units['crond.service'] or units['cron.service']):
                self.by, self.run_days = script, days
        if units and units['logrotate.timer']:
            self.by = 'logrotate.timer'
            self.run_days = min(self.run_days, timer_days(properties(systemctl, self.by, 'TimersCalendar', 'TimersMonotonic')))
        if not self.installed:
            self.enabled, self.description = False, 'logrotate is not installed'
            return
        if units is not None:
            self.enabled = self.by is not None
        since = retention_store.days_between(self.last_run, now)
        if self.enabled is False:
            self.description = 'nothing starts logrotate: neither logrotate.timer nor cron.daily is active'
        elif self.enabled:
            self.description = '%s starts logrotate' % self.by
        else:
            self.description = 'whether something starts logrotate cannot be told without systemd'
        if since is None:
            self.description += '; it has not run yet' if os.geteuid() == 0 else '; whether it ran, root can tell'
        else:
            self.description += '; it last ran %.1f days ago' % since
            if since > STALE_DAYS:
                self.enabled = False
                self.description += ', so it does not run every day'
            elif self.enabled is None:
                self.enabled = True

    def described(self):
        """Return its description (dict, see RETURN of log_retention_info)."""
        return dict(enabled=self.enabled, by=self.by, state_file=self.state_file,
                    last_run=timestamps.to_text(self.last_run, fraction=False), description=self.description,
                    problems=[logrotate_files.described(problem) for problem in self.configuration.problems])


def active_units(systemctl, names):
    """Return which units are active: dict, name -> bool; None if systemd does not run."""
    if systemctl is None or not os.path.isdir('/run/systemd/system'):
        return None
    found = {}
    for name in names:
        out = properties(systemctl, name, 'ActiveState')
        if out is None:
            return None
        found[name] = out.strip() == 'ActiveState=active'
    return found


def properties(systemctl, unit, *names):
    """Return what systemctl shows of a unit (text), a line for each property; None if it does not tell."""
    try:
        status, out, _err = process.run([systemctl, 'show', '--property=' + ','.join(names), unit])
    except EnvironmentError:
        return None
    return None if status else out


def timer_days(shown):
    """Return the fewest days between two runs of a timer, a day at most, by its properties (see properties()).

    A timer as it is shipped runs once a day. One that somebody made run more often may run every minute, if it does not say hourly.
    """
    times = re.findall(r'OnCalendar=([^;]*?) ;', shown or '')
    if len(times) == 1 and not re.search('OnUnit(?:Active|Inactive)', shown):
        if re.search(r' [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?: |\Z)', times[0]):
            return 1.0
        if re.search(r' \*:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?: |\Z)', times[0]):
            return 1 / 24.0
    return 1 / 1440.0


def why_never(path, stanza, running):
    """Return why logrotate never rotates a log, or None if it does.

    :param running: a Logrotate.
    """
    if not running.configuration.files:
        return '%s cannot be read' % running.configuration.path
    if stanza is None:
        lost = running.configuration.why_lost(logrotate_files.latin1(path))
        return 'no stanza of logrotate names it' if lost is None else (
            'logrotate skips the stanza that names it (%s, line %d: %s)' % (
                logrotate_files.readable(lost.file), lost.line, logrotate_files.readable(lost.text)))
    if running.enabled is False:
        return running.description
    if os.path.islink(path):
        return 'it is a symbolic link, which logrotate does not rotate'
    if os.path.exists(path) and not os.path.isfile(path):
        return 'it is not a regular file, so logrotate does not rotate it'
    if os.path.exists(path) and os.stat(path).st_nlink > 1 and not stanza.directives['allowhardlink'] and (
            running.configuration.release >= (3, 19)):
        return 'it has several hard links, so logrotate does not rotate it'
    folder = os.path.dirname(path)
    if os.path.isdir(folder) and not stanza.directives['su']:
        info = os.stat(folder)
        if info.st_mode & stat.S_IWOTH or info.st_mode & stat.S_IWGRP and info.st_gid:
            return 'others than root may write to %s, so logrotate refuses to rotate it without su' % folder
    return None


def overdue(path, stanza, last, running, now):
    """Return what to report about a log whose rotation is long overdue, or None.

    :param last: when it was last rotated (microseconds), None for not known.
    """
    said = stanza.directives
    late = overdue_days(said, last, now, running.run_days)
    try:
        size = os.stat(path).st_size
    except OSError:
        return None
    if late is None or not size and not said['ifempty'] or size < said['minsize']:
        return None
    return ('its rule says %s, but logrotate last rotated it %d days ago: "logrotate --debug %s" tells why'
            % (said['criterion'], retention_store.days_between(last, now), running.configuration.path))


def described_rule(path, stanza, name, obstacle, held, running, now):
    """Return what removes lines of a log (dict, see RETURN of log_retention_info).

    :param stanza, name: what shortest() says. obstacle: what why_never() says. held: what file_retention.held() says, None where that cannot be read.
    """
    last = running.rotated.get(name or path)
    result = dict(file=None, line=None, kept_days=None, last_rotated=timestamps.to_text(last, fraction=False),
                  rotated_files=len(held['rotated']) if held else None, problem=obstacle,
                  description='never rotated: %s' % obstacle)
    if stanza is None:
        return result
    said = stanza.directives
    file = logrotate_files.readable(stanza.file)
    result.update(file=file, line=stanza.line, criterion=said['criterion'], rotate=said['rotate'],
                  maxage_days=said['maxage'] or None, size_bytes=said['size'] if said['criterion'] == 'size' else None,
                  maxsize_bytes=said['maxsize'] or None, minsize_bytes=said['minsize'] or None,
                  compress=said['compress'])
    rule = '%s (%s, line %d)' % (describe_directives(said), file, stanza.line)
    if obstacle:
        result['description'] += '. Its rule: %s' % rule
    else:
        result['problem'] = overdue(path, stanza, last, running, now)
        result.update(description='%s; %s' % (rule, running.description), kept_days=kept_days(said, running.run_days))
        if last is None and held and held['files']:
            result['description'] += '; it was never rotated yet'
    return result
