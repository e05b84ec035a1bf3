# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the journal is actually kept: what it holds, and what journald will remove by its configuration.

Times are microseconds since the epoch (see _common/timestamps.py), durations days (float), sizes bytes. Standard library only.
Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import file as journal_file, reader as journal
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import _store as retention_store

PERSISTENT, VOLATILE = journal.ROOTS[:2]

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
    """Return the files that journald reads, in its order (list of str).

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
    """Return the assignments in the section [Journal] of a file (text): list of (key, value)."""
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
    """Parse a size as systemd does, `1G 512M`, to bytes (int), or None for a value that it ignores."""
    return _sum_of(text, UNITS_OF_SIZE, int)


def parse_span(text):
    """Parse a time span as systemd does, `1month 2d`, to seconds (float), or None for a value that it ignores."""
    return float('inf') if text.strip() == 'infinity' else _sum_of(text, UNITS_OF_TIME, float)


def _sum_of(text, units, kind):
    parts = re.findall(r'\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)', text)
    if not parts or re.sub(r'\s*[0-9]+(?:\.[0-9]+)?\s*[A-Za-z]*', '', text).strip():
        return None
    if any(unit not in units for _number, unit in parts):
        return None
    return kind(sum(float(number) * units[unit] for number, unit in parts))


def conf_values(texts):
    """Return the options in force (dict), from the texts of journald's files in its order. It ignores invalid values.

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
    """Return whether the journal survives a reboot, by these options and whether /var/log/journal exists."""
    return options['Storage'] == 'persistent' or options['Storage'] == 'auto' and directory_exists


def limits_of(options, persistent, version, fs_bytes, free_bytes, used_bytes):
    """Return the limits of journald (dict): see journal_default_metrics() and cache_space_refresh() of systemd.

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


def kept_days(keep_days, limits, options, rate, file_bytes, files_a_day=None):
    """Return (days that the journal keeps each entry at this rate, None if unknown; what decides, as a phrase).

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


def look(tool, keep_days, now, host_days):
    """Return the row of the journal (dict, see RETURN of log_retention_info).

    :param tool: path of journalctl, None without one.
    :param keep_days: days that each entry is to be kept.
    :param host_days: how old the host is, None for not known.
    """
    row = retention_store.row('journal', PERSISTENT, keep_days)
    try:
        version = journal.version(tool) if tool else 0
    except journal.JournalError as error:
        row['reason'] = str(error)
        return row
    paths = conf_files(version, lambda folder: os.listdir(folder) if os.path.isdir(folder) else [],
                       os.path.exists)
    unreadable = [path for path in paths if host.read(path) is None]
    options = conf_values([host.read(path) or '' for path in paths])
    persistent = is_persistent(options, os.path.isdir(PERSISTENT))
    if not persistent:
        row['path'] = VOLATILE
    found, failed, own = journal.own_journal_files(), [], []
    heads, tails = [], []
    for path in found:
        try:
            header = journal_file.Header(path)
        except EnvironmentError as error:
            failed.append('%s: %s' % (path, os.strerror(error.errno)))
            continue
        except journal_file.Unreadable as error:
            failed.append('%s: %s' % (path, error))
            continue
        if path.startswith(row['path'] + '/'):
            own.append(os.stat(path).st_blocks * 512)
            if header.entries:
                heads.append(header.head_realtime)
                tails.append(header.tail_realtime)
    size, row['free_bytes'] = retention_store.free_bytes(row['path'])
    retention_store.measure(row, min(heads) if heads else None, max(tails) if tails else None, sum(own), None, now)
    limits = limits_of(options, persistent, version, size, row['free_bytes'], sum(own))
    kept, decides = kept_days(
        row['keep_days'], limits, options, row['growth_per_day'], max(own) if own else 0,
        retention_store.growth(len(own), row['held_days']))
    retained = options['MaxRetentionSec'] / 86400.0 if 0 < options['MaxRetentionSec'] < float('inf') else None
    spanned = options['MaxFileSec'] / 86400.0 if 0 < options['MaxFileSec'] < float('inf') else None
    row['rotation'] = dict(
        limits, storage=options['Storage'], persistent=persistent, max_retention_days=retained, max_file_days=spanned,
        files=paths, kept_days=kept, journal_files=len(own),
        description='whole files are removed, the oldest first, beyond %d bytes%s%s' % (
            limits['limit_bytes'], ' or %d files' % limits['max_files'] if limits['max_files'] else '',
            ' or %.1f days' % retained if retained else ''))
    row['days_until_eviction'] = _days_until_eviction(row, limits, retained, len(own))
    _assess(row, options, persistent, kept, decides, failed, unreadable, host_days)
    return row


def _days_until_eviction(row, limits, retained, number):
    found = []
    if row['growth_per_day']:
        found.append(max(limits['limit_bytes'] - row['bytes'], 0) / row['growth_per_day'])
        if limits['max_files'] and number > 1:
            found.append(max(limits['max_files'] - number, 0) * row['held_days'] / number)
    if retained is not None and row['held_days'] is not None:
        found.append(max(retained - row['held_days'], 0))
    return min(found) if found else None


def _assess(row, options, persistent, kept, decides, failed, unreadable, host_days):
    """Fill in meets and reason."""
    if options['Storage'] == 'none':
        row.update(meets=False, reason='Storage=none: the journal keeps nothing')
    elif not persistent:
        why = 'Storage=%s' % options['Storage']
        if options['Storage'] == 'auto':
            why += ' and there is no %s' % PERSISTENT
        row.update(meets=False, reason='%s: all is lost at a reboot' % why)
    elif failed or unreadable:
        row['reason'] = '%s%s' % ('; '.join(failed + ['%s cannot be read' % path for path in unreadable]),
                                  '; run as root (become: true)' if os.geteuid() else '')
    elif not row['bytes']:
        row['reason'] = 'no journal files of this host were found below %s%s' % (
            PERSISTENT, '; run as root (become: true)' if os.geteuid() else '')
    elif kept is None:
        row['reason'] = decides
    else:
        row['meets'], row['reason'] = retention_store.assess(
            row['keep_days'], row['held_days'], host_days, kept, None, row['bytes'], row['free_bytes'])
        row['reason'] += ' (%s)' % decides
