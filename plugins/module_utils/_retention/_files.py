# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a text log is actually kept: what it and its rotated files hold, and what logrotate will remove.

Times are microseconds since the epoch (see _common/timestamps.py), durations days (float), sizes bytes. Standard library only.
Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import io
import os
import struct

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import files as logfile, lines as logline
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import host as logrotate_files
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import (
    _rotation as rotation, _store as retention_store)

TAIL = 1 << 20  # bytes of a log in which its last line is looked for
# A line of an earlier time was written before somebody set the clock, and shows nothing of how long lines are kept.
EARLIEST = timestamps.utc_seconds((2000, 1, 1, 0, 0, 0)) * timestamps.SECOND
YEAR = 31557600  # seconds


def first_stamp(log, now):
    """Return the time of the first line (int, microseconds) of an open logfile.LogFile, or None without a dated line.

    Lines that tell no time between EARLIEST and a day from `now` are left out. Raises one of logfile.READ_ERRORS.
    """
    latest = min(logfile.written_before(log.path, log.modified), now // timestamps.SECOND)
    years, parser, first = logline.Years(latest), logline.Parser(), None
    for block in log.blocks(0):
        years.read(block.data, block.end)
        if first is None:
            first = _first_dated(block, parser, now)
            if first is None:
                continue
            line = parser.parse(first, None)
            if line is not None:
                return line.stamp
    line = parser.parse(first, years.right()) if first is not None else None
    return line.stamp if line and _is_likely(line.stamp, now) else None


def _is_likely(stamp, now):
    return EARLIEST <= stamp <= now + retention_store.DAY


def _first_dated(block, parser, now):
    place = 0
    while place < block.end:
        raw, place = block.line(place)
        line = parser.parse(raw, None)
        if _is_likely(line.stamp, now) if line else parser.parse(raw, 2000):
            return raw
    return None


def last_stamp(log):
    """Return the time of the last line in the same way."""
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
    """Return the stamp of a line. Without a year, it is the latest that is at most a day later than its file."""
    line = parser.parse(raw, None)
    if line is not None:
        return line.stamp
    year = timestamps.EPOCH.year + int(latest // YEAR) + 1
    for candidate in range(year, year - 6, -1):
        line = parser.parse(raw, candidate)
        if line is not None and line.stamp <= (latest + 86400) * timestamps.SECOND:
            return line.stamp
    return None


def uncompressed_bytes(log):
    """Return the size of the content of a LogFile, or None if the file does not record it.

    gzip notes it in the last four bytes, modulo 4 GiB.
    """
    if not log.packed:
        return log.size
    with io.open(log.path, 'rb') as source:
        if source.read(2) != b'\x1f\x8b' or log.size < 4:
            return None
        source.seek(-4, 2)
        size = struct.unpack('<I', source.read(4))[0]
    return size if size >= log.size else None


def held(path, now, opened=logfile.LogFile, forms=()):
    """Return what a log and its rotated files hold (dict).

    :param now: the time (int, microseconds). :param forms: how logrotate calls its rotated files, see logfile.family().

    oldest, newest (microseconds or None), bytes on disk, uncompressed_bytes (None when not all files tell), files (list
    of paths, the oldest first), rotated: list of (path, modified in microseconds). Raises one of logfile.READ_ERRORS.
    """
    # What has such a name and is no file, nobody rotated.
    names = [one for one in logfile.family(path, forms) if one == path or os.path.isfile(one)]
    result = dict(oldest=None, newest=None, bytes=0, uncompressed_bytes=0, files=names, rotated=[])
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
                result['oldest'] = first_stamp(log, now)
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


def look(path, keep_days, running, now, host_days):
    """Return the row of one log (dict, see RETURN of log_retention_info).

    :param keep_days: days that each line is to be kept, None where nothing is asked for.
    :param running: a rotation.Logrotate.
    :param host_days: how old the host is, None for not known.
    """
    row = retention_store.row('file', path, keep_days)
    _size, row['free_bytes'] = retention_store.free_bytes(os.path.dirname(path) or '/')
    known, problem = running.configuration, None
    if os.path.islink(path) and known.rotating(logrotate_files.latin1(os.path.realpath(path))):
        path = os.path.realpath(path)  # logrotate minds no link; but where this leads, the same lines go
        problem = 'it is a symbolic link to %s' % path
    try:
        found = held(path, now, forms=logrotate_files.rotated_forms(known, path))
    except logfile.READ_ERRORS as error:
        reason = getattr(error, 'strerror', None) or str(error)
        row['reason'] = '%s: %s%s' % (getattr(error, 'filename', None) or path, reason,
                                      '; run as root (become: true)' if os.geteuid() else '')
        found = None
    if found is not None:
        retention_store.measure(row, found['oldest'], found['newest'], found['bytes'], found['uncompressed_bytes'], now)
    rotating = known.rotating(logrotate_files.latin1(path))
    stanza, name = rotation.shortest(rotating)
    obstacle = rotation.why_never(path, stanza, running)
    row['rotation'] = rotation.described_rule(path, stanza, name, obstacle, found, running, now)
    if len(rotating) > 1:
        problem = 'it is rotated %d times, by the names that stanzas have for it: %s' % (
            len(rotating), ', '.join('%s, line %d' % (logrotate_files.readable(one.file), one.line) for one, _name in rotating))
    if problem and not obstacle:
        row['rotation']['problem'] = problem
    if found is None:
        return row
    kept = row['rotation']['kept_days']
    if stanza is not None and obstacle is None:
        interval = rotation.rotation_interval(stanza.directives, row['uncompressed_growth_per_day'], running.run_days)
        if found['oldest'] is not None:
            row['days_until_eviction'] = rotation.days_until_removed(stanza.directives, found['rotated'], now, interval)
    if keep_days is None:
        row['reason'] = 'nothing was asked for'
        return row
    row['meets'], row['reason'] = retention_store.assess(
        keep_days, row['held_days'], host_days, kept, row['growth_per_day'], row['bytes'], row['free_bytes'])
    if stanza is not None and obstacle is None and row['meets'] is False and rotation.by_size(stanza.directives):
        estimate = rotation.estimated_days(stanza.directives, row['uncompressed_growth_per_day'], running.run_days)
        if estimate is None or estimate >= keep_days > kept:
            row['meets'] = None
            row['reason'] += ': that is in a burst, as it is rotated by its size; at this rate it would keep enough'
    if obstacle:
        row['reason'] += '. But it grows until the disk is full: %s' % obstacle
    elif row['rotation']['problem']:
        row['reason'] += '. But %s' % row['rotation']['problem']
    return row
