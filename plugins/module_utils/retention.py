# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long logs are really held: what is there, what the rules of journald and logrotate will remove, and when.

Times are microseconds since the epoch (see timestamps.py), durations days (float), sizes bytes. Standard library only.
Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import io
import os
import re
import struct

from ansible_collections.loghygiene.rhel.plugins.module_utils import logfile, logline, timestamps

DAY = 86400 * timestamps.SECOND
# Less tells no rate: a host that has just booted logs many times what it does later.
ENOUGH = 1.0  # days
TAIL = 1 << 20  # bytes of a log in which its last line is looked for

# --- journald's configuration
# ------------------------------------------------------------------------------------------------------------

# Where it is, what counts most first. Only from systemd 256 on the main file may stand elsewhere than in /etc.
CONF_DIRECTORIES = ('/etc', '/run', '/usr/local/lib', '/usr/lib')
MAIN_ANYWHERE_SINCE = 256
MIB, GIB = 1 << 20, 1 << 30
DEFAULT_UPPER = 4 * GIB  # of SystemMaxUse and SystemKeepFree
MAX_FILE_UPPER = 128 * MIB
DEFAULT_MAX_FILES = 100  # SystemMaxFiles, unknown to 219
KEEP_FREE_TWENTIETH_SINCE = 246  # 5 % of the file system, before 15 %, whatever journald.conf(5) says
MONTH, YEAR = 2629800, 31557600  # seconds, time-util.h
UNITS_OF_SIZE = dict((unit, 1024 ** power) for power, unit in enumerate(('B', 'K', 'M', 'G', 'T', 'P', 'E')))
UNITS_OF_SIZE[''] = 1
UNITS_OF_TIME = {}
for _names, _seconds in (
        ('us usec', 1e-6), ('ms msec', 1e-3), ('s sec second seconds', 1), ('m min minute minutes', 60),
        ('h hr hour hours', 3600), ('d day days', 86400), ('w week weeks', 7 * 86400), ('M month months', MONTH),
        ('y year years', YEAR)):
    UNITS_OF_TIME.update((_name, _seconds) for _name in _names.split())
UNITS_OF_TIME[''] = 1


def conf_files(version, names, exists):
    """The files that journald reads, in its order (list of str).

    :param version: of systemd (int).
    :param names: function, directory -> names in it (list of str), [] for one that is not there.
    :param exists: function, path -> bool.
    """
    mains = [folder + '/systemd/journald.conf' for folder in CONF_DIRECTORIES]
    if version < MAIN_ANYWHERE_SINCE:
        del mains[1:]
    drop_ins = {}
    for folder in reversed(CONF_DIRECTORIES):
        folder += '/systemd/journald.conf.d'
        drop_ins.update((name, os.path.join(folder, name)) for name in names(folder)
                        if name.endswith('.conf') and not name.startswith('.'))
    return [path for path in mains if exists(path)][:1] + [drop_ins[name] for name in sorted(drop_ins)]


def conf_options(text):
    """The assignments in the section [Journal] of a file (text): list of (key, value)."""
    section, found = None, []
    for line in re.sub(r'\\\n', ' ', text).splitlines():
        line = line.strip()
        if line.startswith('['):
            section = line
        elif line and line[0] not in '#;' and '=' in line and section == '[Journal]':
            key, _equals, value = line.partition('=')
            found.append((key.strip(), value.strip()))
    return found


def parse_size(text):
    """Bytes (int) of a size as systemd reads it, `1G 512M`; None for what it ignores."""
    return _sum_of(text, UNITS_OF_SIZE, int)


def parse_span(text):
    """Seconds (float) of a time span as systemd reads it, `1month 2d`; None for what it ignores."""
    return float('inf') if text.strip() == 'infinity' else _sum_of(text, UNITS_OF_TIME, float)


def _sum_of(text, units, kind):
    parts = re.findall(r'\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)', text)
    if not parts or re.sub(r'\s*[0-9]+(?:\.[0-9]+)?\s*[A-Za-z]*', '', text).strip():
        return None
    if any(unit not in units for _number, unit in parts):
        return None
    return kind(sum(float(number) * units[unit] for number, unit in parts))


def journal_options(texts):
    """The options that hold (dict), of the texts of journald's files in its order. What it cannot read it ignores.

    Keys: Storage, the sizes SystemMaxUse, SystemKeepFree, SystemMaxFileSize (bytes or None) and so for Runtime,
    SystemMaxFiles, RuntimeMaxFiles (int or None), MaxRetentionSec and MaxFileSec (seconds; 0 for no limit).
    """
    sizes = ['%s%s' % (kind, name) for kind in ('System', 'Runtime') for name in ('MaxUse', 'KeepFree', 'MaxFileSize')]
    found = dict.fromkeys(sizes + ['SystemMaxFiles', 'RuntimeMaxFiles'])
    found.update(Storage='auto', MaxRetentionSec=0.0, MaxFileSec=float(MONTH))
    for text in texts:
        for key, value in conf_options(text):
            if key == 'Storage':
                read = value if value in ('auto', 'volatile', 'persistent', 'none') else None
            elif key in sizes:
                read = parse_size(value)
            elif key.endswith('MaxFiles') and key in found:
                read = int(value) if re.match('[0-9]+$', value) else None
            elif key in found:
                read = parse_span(value)
            else:
                continue
            if read is not None:
                found[key] = read
    return found


def is_persistent(options, directory_exists):
    """Does the journal survive a reboot, by these options and whether /var/log/journal exists?"""
    return options['Storage'] == 'persistent' or options['Storage'] == 'auto' and directory_exists


def journal_limits(options, persistent, version, fs_bytes, free_bytes, used_bytes):
    """What journald holds itself to (dict): see journal_default_metrics() and cache_space_refresh() of systemd.

    max_use_bytes, keep_free_bytes, max_file_bytes; limit_bytes, what the first two come to now; max_files
    (0: no limit).
    """
    kind = 'System' if persistent else 'Runtime'
    minimum = 4 * MIB if version < 239 else MIB // 2  # of a file
    max_use, keep_free, max_file = (options[kind + name] for name in ('MaxUse', 'KeepFree', 'MaxFileSize'))
    if max_use is None:
        max_use = min(max(fs_bytes // 10, MIB), DEFAULT_UPPER)
    max_use = max(max_use, 2 * minimum)
    if max_file is None:
        max_file = min(max_use // 8, MAX_FILE_UPPER)
    max_file = max(max_file, minimum)
    max_use = max(max_use, 2 * max_file)
    if keep_free is None:
        share = fs_bytes // 20 if version >= KEEP_FREE_TWENTIETH_SINCE else fs_bytes * 3 // 20
        keep_free = min(share, DEFAULT_UPPER)
    files = 0
    if version >= 239:
        files = DEFAULT_MAX_FILES if options[kind + 'MaxFiles'] is None else options[kind + 'MaxFiles']
    limit = min(max(used_bytes + max(free_bytes - keep_free, 0), MIB), max_use)
    return dict(max_use_bytes=max_use, keep_free_bytes=keep_free, max_file_bytes=max_file, limit_bytes=limit,
                max_files=files)


# --- text logs
# ---------------------------------------------------------------------------------------------------------------

def first_stamp(log):
    """The time of the first line (int, microseconds) of an open logfile.LogFile; None when it has no line with a time.

    Raises one of logfile.READ_ERRORS.
    """
    years, parser, first = logline.Years(logfile.written_before(log.path, log.modified)), logline.Parser(), None
    for block in log.blocks(0):
        years.read(block.data, block.end)
        if first is None:
            first = _first_dated(block, parser)
            if first is None:
                continue
            line = parser.parse(first, None)
            if line is not None:
                return line.stamp
    if first is None:
        return None
    line = parser.parse(first, years.right())
    return line.stamp if line else None


def _first_dated(block, parser):
    place = 0
    while place < block.end:
        raw, place = block.line(place)
        if parser.parse(raw, None) or parser.parse(raw, 2000):
            return raw
    return None


def last_stamp(log):
    """The time of the last line, in the same way."""
    parser, found = logline.Parser(), None
    latest = logfile.written_before(log.path, log.modified)
    skipped = 0 if log.packed else max(0, log.size - TAIL)
    for block in log.blocks(skipped):
        end = block.end
        while end > 0:
            start = block.data.rfind(b'\n', 0, end - 1) + 1
            stamp = _stamp_before(parser, block.line(start)[0], latest)
            if stamp is not None:
                found = stamp
                break
            end = start
    return found


def _stamp_before(parser, raw, latest):
    """The stamp of a line; without a year, the youngest that is at most a day younger than its file."""
    line = parser.parse(raw, None)
    if line is not None:
        return line.stamp
    year = timestamps.EPOCH.year + int(latest // (YEAR)) + 1
    for candidate in range(year, year - 6, -1):
        line = parser.parse(raw, candidate)
        if line is not None and line.stamp <= (latest + 86400) * timestamps.SECOND:
            return line.stamp
    return None


def uncompressed_bytes(log):
    """Size of the content of a LogFile; None when its file does not tell.

    gzip notes it in the last four bytes, modulo 4 GiB.
    """
    if not log.packed:
        return log.size
    with io.open(log.path, 'rb') as source:
        if source.read(2) != b'\x1f\x8b':
            return None
        source.seek(-4, 2)
        size = struct.unpack('<I', source.read(4))[0]
    return size if size >= log.size else None


def held(path, opened=logfile.LogFile, forms=()):
    """What a log and its rotated files hold (dict).

    :param forms: how logrotate calls its rotated files, see logfile.family().

    oldest, newest (microseconds or None), bytes on disk, uncompressed_bytes (None when not all files tell), files (list
    of paths, the oldest first), rotated: list of (path, modified in microseconds). Raises one of logfile.READ_ERRORS.
    """
    result = dict(oldest=None, newest=None, bytes=0, uncompressed_bytes=0, files=logfile.family(path, forms), rotated=[])
    for one in result['files']:
        log = opened(one)
        try:
            result['bytes'] += log.size
            size = uncompressed_bytes(log) if log.size else 0
            if size is None or result['uncompressed_bytes'] is None:
                result['uncompressed_bytes'] = None
            else:
                result['uncompressed_bytes'] += size
            if one != path:
                result['rotated'].append((one, int(log.modified * timestamps.SECOND)))
            if result['oldest'] is None:
                result['oldest'] = first_stamp(log)
        finally:
            log.close()
    for one in reversed(result['files']):
        log = opened(one)
        try:
            result['newest'] = last_stamp(log)
        finally:
            log.close()
        if result['newest'] is not None:
            break
    return result


# --- logrotate
# ---------------------------------------------------------------------------------------------------------------

LONGEST = {'hourly': 1 / 24.0, 'daily': 1, 'weekly': 7, 'monthly': 31, 'yearly': 366}  # days
INTERVALS = {'hourly': 1 / 24.0, 'daily': 1, 'weekly': 7, 'monthly': 28, 'yearly': 365}  # days, the shortest of each
STATE_FILES = ('/var/lib/logrotate/logrotate.status', '/var/lib/logrotate/status', '/var/lib/logrotate.status')


def parse_state(text):
    """logrotate's state file (text): dict, path -> when it was last rotated (microseconds)."""
    found = {}
    for line in text.splitlines():
        match = re.match(r'"((?:[^"\\]|\\.)*)" ([0-9]{1,4})-([0-9]{1,2})-([0-9]{1,2})'
                         r'(?:-([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}))?\s*\Z', line)
        if match:
            seconds = timestamps.local_seconds(tuple(int(part or 0) for part in match.groups()[1:]))
            if seconds is not None:
                found[re.sub(r'\\(.)', r'\1', match.group(1))] = seconds * timestamps.SECOND
    return found


def by_size(directives):
    """Can a log be rotated because of its size, however soon after the last time?"""
    return directives['criterion'] == 'size' or directives['maxsize'] > 0


def kept_days(directives, run_days=1.0):
    """Days that logrotate keeps each line at least, by the directives of its stanza; None for ever.

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


def _span(intervals, criterion, run_days):
    """The fewest days that so many whole intervals take."""
    if criterion == 'monthly':  # February
        return intervals * 365 // 12 - (2 if intervals % 12 else 0)
    return intervals * max(INTERVALS.get(criterion, 0), run_days)


def estimated_days(directives, growth, run_days=1.0):
    """Like kept_days, for rules by size at this growth (bytes of lines a day); None for ever, or not known."""
    if not by_size(directives) or not growth or directives['rotate'] < 0:
        return kept_days(directives, run_days)
    size = directives['size'] if directives['criterion'] == 'size' else directives['maxsize']
    longest = INTERVALS.get(directives['criterion'], float('inf'))
    interval = max(min(size / growth, longest), run_days)
    limits = [directives['rotate'] * interval] + [directives['maxage']] * (directives['maxage'] > 0)
    return float(min(limits))


def days_until_removed(directives, rotated, now, interval):
    """Days until logrotate removes the oldest rotated file, when it goes on as it does; None when never.

    :param rotated: list of (path, modified), the oldest first, without the log itself.
    :param interval: days from one rotation to the next.
    """
    found = []
    if directives['rotate'] >= 0:
        found.append((max(directives['rotate'], 1) - len(rotated) + 1) * interval)
    if directives['maxage'] > 0:
        # A log not yet rotated is counted from now.
        last = rotated[0][1] if rotated else now
        found.append(directives['maxage'] - (now - last) / float(DAY))
    return max(min(found), 0.0) if found else None


def overdue_days(directives, last, now, run_days=1.0):
    """For how many days a log should have been rotated, by the interval of its rule; None when it need not have been.

    A rotation is due when the longest interval has passed, and the run behind it.

    :param last: when it was last rotated (microseconds), None for never.
    """
    longest = LONGEST.get(directives['criterion'])
    since = days_between(last, now)
    if longest is None or since is None:
        return None
    due = max(longest, directives['minage']) + 2 * max(run_days, 1.0)
    return since - due if since > due else None


def in_words(directives):
    """What logrotate does by these directives, in a sentence's half."""
    when = directives['criterion']
    if when == 'size':
        when = 'when larger than %d bytes' % directives['size']
    if directives['maxsize']:
        when += ' or when larger than %d bytes' % directives['maxsize']
    if directives['minsize']:
        when += ' but not when smaller than %d bytes' % directives['minsize']
    count = directives['rotate']
    words = ['rotated %s' % when,
             'all rotated files kept' if count < 0 else 'none kept' if count == 0 else '%d rotated files kept' % count]
    if directives['maxage']:
        words.append('at a rotation, files removed whose last line is older than %d days' % directives['maxage'])
    if directives['copytruncate']:
        words.append('by copytruncate, which loses what is written meanwhile')
    return ', '.join(words)


# --- verdicts
# ----------------------------------------------------------------------------------------------------------------

def days_between(begin, end):
    """Days from one stamp to another; None when one is None."""
    return None if begin is None or end is None else (end - begin) / float(DAY)


def growth(size, held_days):
    """Bytes a day; None when too little time tells."""
    return None if held_days is None or size is None or held_days < ENOUGH else size / held_days


def assess(keep_days, held_days, host_days, kept, rate, used, free):
    """Does a store keep what it must? (True, False or None, why not or why so).

    :param kept: days that the rules keep each line at least, None for ever.
    :param rate: bytes a day on disk, None when not known.
    :param used, free: bytes that the store takes, and that are free on its file system.
    """
    if used and held_days is None:
        return None, 'no line has a time in a form that is known here'
    if kept is not None and kept < keep_days:
        return False, 'the rules keep %s, %s are wanted' % (_days(kept), _days(keep_days))
    if rate and rate * keep_days > used + free:
        return False, ('%s take %d bytes at this rate, the file system has room for %d: it is full before, in %s'
                       % (_days(keep_days), rate * keep_days, used + free, _days(free / rate)))
    rules = 'nothing is ever removed' if kept is None else 'the rules keep %s' % _days(kept)
    if held_days is not None and held_days >= keep_days:
        return True, 'the oldest line is of %s ago, and %s' % (_days(held_days), rules)
    if held_days is None:
        return True, 'there is no line yet; %s' % rules
    if host_days is not None and host_days < keep_days:
        return True, ('the host is only %s old and has lines of %s; %s'
                      % (_days(host_days), _days(held_days), rules))
    return None, ('the oldest line is of %s ago, %s. Whether older ones were removed or never written cannot be told; '
                  'certain in %s' % (_days(held_days), rules, _days(keep_days - held_days)))


def _days(number):
    text = '%.1f' % number
    text = text[:-2] if text.endswith('.0') else text
    return text + (' day' if text == '1' else ' days')


def journal_kept_days(keep_days, limits, options, rate, file_bytes, files_a_day=None):
    """(Days that the journal keeps each entry at this rate, None for not known; what decides, in words).

    journald removes whole files. By MaxRetentionSec it removes a file whose first entry is older, and with it entries
    that are younger by up to MaxFileSec.

    :param keep_days: days wanted; a rule that keeps fewer decides even when the growth is not known.
    :param file_bytes: of its largest file, which goes at once.
    :param files_a_day: new ones, None for not known. journald begins one after MaxFileSec at the latest.
    """
    found = []
    if rate:
        found.append((max(limits['limit_bytes'] - file_bytes, 0) / rate,
                      'SystemMaxUse and SystemKeepFree leave it %d bytes' % limits['limit_bytes']))
    if limits['max_files']:
        if 0 < options['MaxFileSec'] < float('inf'):
            files_a_day = max(files_a_day or 0, 86400 / options['MaxFileSec'])
        if files_a_day:
            found.append(((limits['max_files'] - 1) / files_a_day,
                          'it may have %d files, and gets %.2f a day' % (limits['max_files'], files_a_day)))
    if 0 < options['MaxRetentionSec'] < float('inf'):
        span = options['MaxFileSec']
        if not 0 < span < float('inf'):
            span = limits['max_file_bytes'] / rate * 86400 if rate else options['MaxRetentionSec']
        found.append((max(options['MaxRetentionSec'] - span, 0) / 86400.0,
                      'MaxRetentionSec removes files by their first entry, and a file may span MaxFileSec'))
    least = min(found) if found else (None, '')
    if rate or least[0] is not None and least[0] < keep_days:
        return least
    return None, 'its limits are sizes, and its growth is not known yet'
