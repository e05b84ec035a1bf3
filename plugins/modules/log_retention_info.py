#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: log_retention_info
short_description: Tell how long logs are really held
version_added: 0.1.0
description:
  - For the journal and for each log of the policy, tells the oldest entry that is really there, how fast it grows, what
    journald or logrotate will remove and when, and whether that meets the policy.
  - Reads the logs with their rotated files, compressed too, the headers of the journal files, the configuration of
    logrotate as logrotate reads it, and that of journald with its drop-ins.
  - Reads only.
  - Works without root. What cannot be read then says so in RV(stores[].reason).
options:
  rules:
    description: The logs.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The log.
        type: str
        required: true
      keep_days:
        description: Days that each line is to be kept, at least. Without it nothing is judged.
        type: int
  journal_keep_days:
    description: Days that each entry of the journal is to be kept. Without it the journal is no store of the policy.
    type: int
  logrotate_config:
    description: The main configuration file of logrotate.
    type: path
    default: /etc/logrotate.conf
  logrotate_state:
    description: The state file of logrotate. Without it, the newest of those that EL and logrotate itself use.
    type: path
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: linux
notes:
  - A traditional stamp has no year. It is worked out from when the file was last written and from the turns of the year
    in it.
  - How old the host is, is told by C(/etc/machine-id).
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Are logins kept two years, and the journal three months?
  loghygiene.rhel.log_retention_info:
    rules:
      - path: /var/log/secure
        keep_days: 730
    journal_keep_days: 90
  register: retention
  become: true
'''

RETURN = r'''
stores:
  description: The journal, when it is a store, and each of O(rules).
  type: list
  elements: dict
  returned: success
  contains:
    store:
      description: V(journal) or V(file).
      type: str
    path:
      description: The log; of the journal, the directory of its files.
      type: str
    oldest:
      description: Time of the oldest entry that is there, RFC 3339 in UTC; null when there is none.
      type: str
    newest:
      description: Time of the newest entry.
      type: str
    bytes:
      description: What it takes on disk, a log with all its rotated files, the journal with its archived files.
      type: int
    uncompressed_bytes:
      description:
        - Bytes of the lines in a log and its rotated files. Null where that is not known, as xz, bzip2 and zstd do not
          tell, and for the journal.
      type: int
    growth_per_day:
      description: Bytes on disk a day, RV(stores[].bytes) by RV(stores[].held_days). Null for less than a day.
      type: float
    uncompressed_growth_per_day:
      description: Bytes of lines a day.
      type: float
    held_days:
      description: Days since the oldest entry.
      type: float
    days_until_eviction:
      description: Days until the oldest entries are removed, at this rate; null for never or not known.
      type: float
    days_until_full:
      description: Days until the file system is full when nothing is removed and nothing else grows.
      type: float
    free_bytes:
      description: Free on its file system.
      type: int
    rotation:
      description: What removes entries, of a log or of the journal.
      type: dict
      contains:
        words:
          description: What removes entries, in words.
          type: str
        kept_days:
          description: Days that each entry is kept at least; null for ever or not known.
          type: float
        problem:
          description: Why a log is not rotated as its rule says, null where it is.
          type: str
        file:
          description: Where the stanza of a log is, null for none.
          type: str
        line:
          description: Its line.
          type: int
        criterion:
          description: When the log is rotated, C(daily), C(weekly), C(size) and so on.
          type: str
        rotate:
          description: Number of rotated files kept, -1 for all.
          type: int
        maxage_days:
          description: Age at which rotated files are removed, null for none.
          type: int
        size_bytes:
          description: Size at which the log is rotated, null for none.
          type: int
        maxsize_bytes:
          description: Size at which the log is rotated before its time, null for none.
          type: int
        minsize_bytes:
          description: Size below which the log is not rotated, null for none.
          type: int
        compress:
          description: Whether rotated files are compressed.
          type: bool
        rotated_files:
          description: Number of rotated files that are there.
          type: int
        last_rotated:
          description: When the log was last rotated, by logrotate's state file.
          type: str
        storage:
          description: Storage of journald.
          type: str
        persistent:
          description: Whether the journal survives a reboot.
          type: bool
        limit_bytes:
          description: What the journal may take now.
          type: int
        max_use_bytes:
          description: SystemMaxUse, or RuntimeMaxUse, in effect.
          type: int
        keep_free_bytes:
          description: SystemKeepFree, or RuntimeKeepFree, in effect.
          type: int
        max_file_bytes:
          description: The largest size of one file.
          type: int
        max_files:
          description: The largest number of files, 0 for any.
          type: int
        max_retention_days:
          description: MaxRetentionSec in days, null for none.
          type: float
        max_file_days:
          description: MaxFileSec in days, null for none.
          type: float
        journal_files:
          description: Number of files that are there.
          type: int
        files:
          description: The configuration files of journald that were read, in its order.
          type: list
          elements: str
    keep_days:
      description: Days asked for.
      type: int
    meets:
      description: Whether the policy is met. Null when it cannot be told, or when nothing was asked for.
      type: bool
    reason:
      description: Why.
      type: str
logrotate:
  description: Whether logrotate runs at all.
  type: dict
  returned: success
  contains:
    enabled:
      description: Does something start it? Null when that cannot be told.
      type: bool
    by:
      description: What starts it, such as V(logrotate.timer).
      type: str
    state_file:
      description: Its state file, null when there is none.
      type: str
    last_run:
      description: When it last ended, by its state file.
      type: str
    words:
      description: The same in words.
      type: str
    problems:
      description: What logrotate complains about in its configuration, with file and line.
      type: list
      elements: str
'''

import os
import stat

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.loghygiene.rhel.plugins.module_utils import (
    host, journal, journal_file, logfile, logrotate, logrotate_files, process, retention, timestamps)

JOURNAL = journal.ROOTS[0]
VOLATILE = journal.ROOTS[1]
STALE_DAYS = 3  # without a run


def main():
    module = AnsibleModule(
        argument_spec=dict(
            rules=dict(type='list', elements='dict', default=[], options=dict(
                path=dict(type='str', required=True), keep_days=dict(type='int'))),
            journal_keep_days=dict(type='int'),
            logrotate_config=dict(type='path', default=logrotate.CONFIG),
            logrotate_state=dict(type='path'),
        ),
        supports_check_mode=True,
    )
    now = timestamps.now()
    host_days = retention.days_between(modified('/etc/machine-id'), now)
    stores = []
    if module.params['journal_keep_days'] is not None:
        stores.append(journal_store(module, now, host_days))
    rotation = Logrotate(module, now)
    for rule in module.params['rules']:
        stores.append(file_store(rule, rotation, now, host_days))
    module.exit_json(changed=False, stores=stores, logrotate=rotation.described())


def modified(path):
    """When a file was last modified (microseconds), None when it is not there."""
    try:
        return int(os.stat(path).st_mtime * timestamps.SECOND)
    except OSError:
        return None


def free_bytes(path):
    """(Size, free for users) of the file system that a path is on, or will be."""
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    info = os.statvfs(path)
    return info.f_blocks * info.f_frsize, info.f_bavail * info.f_frsize


def store(kind, path, keep_days):
    return dict(store=kind, path=path, oldest=None, newest=None, bytes=None, uncompressed_bytes=None,
                growth_per_day=None, uncompressed_growth_per_day=None, held_days=None, days_until_eviction=None,
                days_until_full=None, free_bytes=None, rotation={}, keep_days=keep_days, meets=None, reason='')


def measure(row, oldest, newest, size, content, now):
    """Fill in what follows from what is there."""
    held = retention.days_between(oldest, now)
    rate = retention.growth(size, held)
    row.update(oldest=timestamps.to_text(oldest, fraction=False), newest=timestamps.to_text(newest, fraction=False),
               bytes=size, uncompressed_bytes=content, held_days=held, growth_per_day=rate,
               uncompressed_growth_per_day=retention.growth(content, held))
    if rate:
        row['days_until_full'] = row['free_bytes'] / rate


# --- logs

class Logrotate:
    """What logrotate is told, and whether it runs."""

    def __init__(self, module, now):
        try:
            self.configuration, said = logrotate_files.configuration(module, module.params['logrotate_config'])
        except EnvironmentError as error:
            module.fail_json(msg='logrotate cannot be run: %s.' % error.strerror)
        self.installed = module.get_bin_path('logrotate') is not None
        self._find_state(module.params['logrotate_state'], logrotate.state_path(said))
        self._find_starter(module, now)

    def _find_state(self, given, default):
        candidates = [given] if given else [one for one in (default,) + retention.STATE_FILES if one]
        there = [(modified(path), path) for path in candidates if modified(path) is not None]
        self.last_run, self.state_file = max(there) if there else (None, None)
        text = host.read(self.state_file) if self.state_file else None
        self.rotated = retention.parse_state(text or '')

    def _find_starter(self, module, now):
        self.enabled, self.by, self.run_days = None, None, 1.0
        units = active_units(module, ('logrotate.timer', 'crond.service', 'cron.service'))
        for folder, days in (('hourly', 1 / 24.0), ('daily', 1.0)):
            script = '/etc/cron.%s/logrotate' % folder
            if os.access(script, os.X_OK) and self.by is None and (
                    units is None or units['crond.service'] or units['cron.service']):
                self.by, self.run_days = script, days
        if units and units['logrotate.timer']:
            self.by = 'logrotate.timer'
        if not self.installed:
            self.enabled, self.words = False, 'logrotate is not installed'
            return
        if units is not None:
            self.enabled = self.by is not None
        since = retention.days_between(self.last_run, now)
        if self.enabled is False:
            self.words = 'nothing starts logrotate: neither logrotate.timer nor cron.daily is active'
        elif self.enabled:
            self.words = '%s starts logrotate' % self.by
        else:
            self.words = 'whether something starts logrotate cannot be told without systemd'
        if since is None:
            self.words += '; it has not run yet' if os.geteuid() == 0 else '; whether it ran, root can tell'
        else:
            self.words += '; it last ran %.1f days ago' % since
            if since > STALE_DAYS:
                self.enabled = False
                self.words += ', so it does not run every day'
            elif self.enabled is None:
                self.enabled = True

    def described(self):
        return dict(enabled=self.enabled, by=self.by, state_file=self.state_file,
                    last_run=timestamps.to_text(self.last_run, fraction=False), words=self.words,
                    problems=['%s, line %d: %s' % problem if problem.line else '%s: %s' % (problem.file, problem.text)
                              for problem in self.configuration.problems])


def active_units(module, names):
    """Which units are active: dict, name -> bool; None when systemd does not run."""
    tool = module.get_bin_path('systemctl')
    if tool is None or not os.path.isdir('/run/systemd/system'):
        return None
    found = {}
    for name in names:
        try:
            status, out, _err = process.run([tool, 'show', '--property=ActiveState', name])
        except EnvironmentError:
            return None
        if status:
            return None
        found[name] = out.strip() == 'ActiveState=active'
    return found


def file_store(rule, rotation, now, host_days):
    """The row of one log."""
    path = rule['path']
    row = store('file', path, rule['keep_days'])
    _size, row['free_bytes'] = free_bytes(os.path.dirname(path) or '/')
    try:
        held = retention.held(path, forms=logrotate_files.rotated_forms(rotation.configuration, path))
    except logfile.READ_ERRORS as error:
        reason = getattr(error, 'strerror', None) or str(error)
        row['reason'] = '%s: %s%s' % (getattr(error, 'filename', None) or path, reason,
                                      '; run as root (become: true)' if os.geteuid() else '')
        held = None
    if held is not None:
        measure(row, held['oldest'], held['newest'], held['bytes'], held['uncompressed_bytes'], now)
    stanza = rotation.configuration.stanza_of(logrotate_files.latin1(path))
    obstacle = why_never(path, stanza, rotation)
    row['rotation'] = described_rule(path, stanza, obstacle, held, rotation, now)
    if held is None:
        return row
    kept = row['rotation']['kept_days']
    if stanza is not None and obstacle is None:
        interval = rotation_interval(stanza.directives, row['uncompressed_growth_per_day'], rotation.run_days)
        if held['oldest'] is not None:
            row['days_until_eviction'] = retention.days_until_removed(stanza.directives, held['rotated'], now, interval)
    if rule['keep_days'] is None:
        row['reason'] = 'nothing was asked for'
        return row
    row['meets'], row['reason'] = retention.assess(rule['keep_days'], row['held_days'], host_days, kept,
                                                  row['growth_per_day'], row['bytes'], row['free_bytes'])
    if stanza is not None and obstacle is None and row['meets'] is False and retention.by_size(stanza.directives):
        estimate = retention.estimated_days(stanza.directives, row['uncompressed_growth_per_day'], rotation.run_days)
        if estimate is None or estimate >= rule['keep_days'] > kept:
            row['meets'] = None
            row['reason'] += ': that is in a burst, as it is rotated by its size; at this rate it would keep enough'
    if obstacle:
        row['reason'] += '. But it grows until the disk is full: %s' % obstacle
    elif row['rotation']['problem']:
        row['reason'] += '. But %s' % row['rotation']['problem']
    return row


def rotation_interval(directives, rate, run_days):
    """Days from one rotation to the next, as far as can be told."""
    if retention.by_size(directives) and rate:
        size = directives['size'] if directives['criterion'] == 'size' else directives['maxsize']
        return max(min(size / rate, retention.INTERVALS.get(directives['criterion'], float('inf'))), run_days)
    return max(retention.INTERVALS.get(directives['criterion'], run_days), run_days)


def why_never(path, stanza, rotation):
    """Why logrotate never rotates a log, None when it does."""
    if not rotation.configuration.files:
        return '%s cannot be read' % rotation.configuration.path
    if stanza is None:
        lost = rotation.configuration.why_lost(logrotate_files.latin1(path))
        return 'no stanza of logrotate names it' if lost is None else (
            'logrotate skips the stanza that names it (%s, line %d: %s)' % (lost.file, lost.line, printable(lost.text)))
    if rotation.enabled is False:
        return rotation.words
    if os.path.islink(path):
        return 'it is a symbolic link, which logrotate does not rotate'
    if os.path.exists(path) and os.stat(path).st_nlink > 1 and not stanza.directives['allowhardlink'] and (
            rotation.configuration.release >= (3, 19)):
        return 'it has several hard links, so logrotate does not rotate it'
    folder = os.path.dirname(path)
    if os.path.isdir(folder) and not stanza.directives['su']:
        info = os.stat(folder)
        if info.st_mode & stat.S_IWOTH or info.st_mode & stat.S_IWGRP and info.st_gid:
            return 'others than root may write to %s, so logrotate refuses to rotate it without su' % folder
    return None


def overdue(path, stanza, rotation, now):
    """What is to be said of a log that should have been rotated long ago, None when there is nothing."""
    said, last = stanza.directives, rotation.rotated.get(path)
    late = retention.overdue_days(said, last, now, rotation.run_days)
    try:
        size = os.stat(path).st_size
    except OSError:
        return None
    if late is None or not size and not said['ifempty'] or size < said['minsize']:
        return None
    return ('its rule says %s, but logrotate last rotated it %d days ago: "logrotate --debug %s" tells why'
            % (said['criterion'], retention.days_between(last, now), rotation.configuration.path))


def printable(text):
    """What a program may print of a file as text for people."""
    return ''.join(char if ' ' <= char <= '~' else '\\x%02x' % ord(char) for char in text)


def described_rule(path, stanza, obstacle, held, rotation, now):
    last = rotation.rotated.get(path)
    result = dict(file=None, line=None, kept_days=None, last_rotated=timestamps.to_text(last, fraction=False),
                  rotated_files=len(held['rotated']) if held else None, problem=obstacle,
                  words='never rotated: %s' % obstacle)
    if stanza is None:
        return result
    said = stanza.directives
    result.update(file=stanza.file, line=stanza.line, criterion=said['criterion'], rotate=said['rotate'],
                  maxage_days=said['maxage'] or None, size_bytes=said['size'] if said['criterion'] == 'size' else None,
                  maxsize_bytes=said['maxsize'] or None, minsize_bytes=said['minsize'] or None,
                  compress=said['compress'])
    words = '%s (%s, line %d)' % (retention.in_words(said), stanza.file, stanza.line)
    if obstacle:
        result['words'] += '. Its rule: %s' % words
    else:
        result['problem'] = overdue(path, stanza, rotation, now)
        result.update(words='%s; %s' % (words, rotation.words),
                      kept_days=retention.kept_days(said, rotation.run_days))
        if last is None and held and held['files']:
            result['words'] += '; it was never rotated yet'
    return result


# --- the journal

def journal_store(module, now, host_days):
    """The row of the journal."""
    tool = module.get_bin_path('journalctl')
    row = store('journal', JOURNAL, module.params['journal_keep_days'])
    try:
        version = journal.version(tool) if tool else 0
    except journal.JournalError as error:
        row['reason'] = str(error)
        return row
    paths = retention.conf_files(version, lambda folder: os.listdir(folder) if os.path.isdir(folder) else [],
                                 os.path.exists)
    unreadable = [path for path in paths if host.read(path) is None]
    options = retention.journal_options([host.read(path) or '' for path in paths])
    persistent = retention.is_persistent(options, os.path.isdir(JOURNAL))
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
    size, row['free_bytes'] = free_bytes(row['path'])
    measure(row, min(heads) if heads else None, max(tails) if tails else None, sum(own), None, now)
    limits = retention.journal_limits(options, persistent, version, size, row['free_bytes'], sum(own))
    kept, decides = retention.journal_kept_days(
        row['keep_days'], limits, options, row['growth_per_day'], max(own) if own else 0,
        retention.growth(len(own), row['held_days']))
    retained = options['MaxRetentionSec'] / 86400.0 if 0 < options['MaxRetentionSec'] < float('inf') else None
    spanned = options['MaxFileSec'] / 86400.0 if 0 < options['MaxFileSec'] < float('inf') else None
    row['rotation'] = dict(
        limits, storage=options['Storage'], persistent=persistent, max_retention_days=retained, max_file_days=spanned,
        files=paths, kept_days=kept, journal_files=len(own),
        words='whole files are removed, the oldest first, beyond %d bytes%s%s' % (
            limits['limit_bytes'], ' or %d files' % limits['max_files'] if limits['max_files'] else '',
            ' or %.1f days' % retained if retained else ''))
    row['days_until_eviction'] = journal_eviction(row, limits, retained, len(own))
    judge_journal(row, options, persistent, kept, decides, failed, unreadable, host_days)
    return row


def journal_eviction(row, limits, retained, number):
    found = []
    if row['growth_per_day']:
        found.append(max(limits['limit_bytes'] - row['bytes'], 0) / row['growth_per_day'])
        if limits['max_files'] and number > 1:
            found.append(max(limits['max_files'] - number, 0) * row['held_days'] / number)
    if retained is not None and row['held_days'] is not None:
        found.append(max(retained - row['held_days'], 0))
    return min(found) if found else None


def judge_journal(row, options, persistent, kept, decides, failed, unreadable, host_days):
    """Fill in meets and reason."""
    if options['Storage'] == 'none':
        row.update(meets=False, reason='Storage=none: the journal keeps nothing')
    elif not persistent:
        why = 'Storage=%s' % options['Storage']
        if options['Storage'] == 'auto':
            why += ' and there is no %s' % JOURNAL
        row.update(meets=False, reason='%s: all is lost at a reboot' % why)
    elif failed or unreadable:
        row['reason'] = '%s%s' % ('; '.join(failed + ['%s cannot be read' % path for path in unreadable]),
                                  '; run as root (become: true)' if os.geteuid() else '')
    elif not row['bytes']:
        row['reason'] = 'no journal files of this host were found below %s%s' % (
            JOURNAL, '; run as root (become: true)' if os.geteuid() else '')
    elif kept is None:
        row['reason'] = decides
    else:
        row['meets'], row['reason'] = retention.assess(row['keep_days'], row['held_days'], host_days, kept, None,
                                                      row['bytes'], row['free_bytes'])
        row['reason'] += ' (%s)' % decides


if __name__ == '__main__':
    main()
