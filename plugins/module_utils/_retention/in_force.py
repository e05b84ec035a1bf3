# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which logs a syslog policy would keep for less time than what a host has in force.

Durations are days, sizes bytes. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os

from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import reader as journal
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import (
    configuration as logrotate, host as logrotate_files)
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import (
    _journal as journal_retention, _rotation as rotation)

JOURNAL = '/etc/systemd/journald.conf.d/zz_log_hygiene.conf'
# roles/syslog_policy/templates/journald.conf.j2: a file's span, and a day, are added to what is asked for.
JOURNAL_MORE, JOURNAL_SPAN = 8, 7


def shortened(get_bin_path, rules, journal_wanted, config=logrotate.CONFIG, path=logrotate.PATH):
    """Return what the new policy would keep for less time than what is in force (list of sentences without a full stop).

    That is what logrotate and journald do today by their configuration, whoever wrote it.

    :param rules: list of dicts with path and keep_days. :param journal_wanted: dict with keep_days and max_use, {} for none.
    :param config, path: of logrotate's configuration, and of the file of the policy.

    Raises LogrotateError and JournalError where the programs cannot be asked.
    """
    known = logrotate_files.configuration(get_bin_path, config)[0]
    wanted = {}
    for rule in rules:
        wanted[rule['path']] = max(rule['keep_days'], wanted.get(rule['path'], 0))
    said = [text for text in (_log(known, one, wanted[one], path) for one in sorted(wanted)) if text]
    for one in sorted(set(word.text for stanza in known.stanzas if stanza.file == path for word in stanza.words)):
        if one not in wanted and _goes(known, one, path):
            kept = _kept(rotation.shortest(known.rotating(one))[0])
            shown = logrotate_files.readable(one)
            said.append('%s is kept for ever by the policy, which no longer says how long' % shown if kept is None else
                        '%s is kept %s days by the policy, which no longer says how long' % (shown, int(kept)))
    return said + _journal(get_bin_path('journalctl'), journal_wanted)


def _kept(stanza):
    return rotation.kept_days(stanza.directives)


def _log(known, path, days, ours):
    """Return in what way a log is kept longer today, or None.

    A log that nothing rotates is kept by nobody's choice, and of one that is not there nothing can go.
    """
    stanza = rotation.shortest(known.rotating(logrotate_files.latin1(path)))[0]
    if stanza is None or (stanza.file != ours and not os.path.exists(path)):
        return None
    kept, file = _kept(stanza), logrotate_files.readable(stanza.file)
    if kept is None:
        return '%s is kept for ever (%s, line %d), and the policy keeps it %d days' % (path, file, stanza.line, days)
    if kept <= days:
        return None
    return '%s is kept %s days (%s, line %s), and the policy keeps it %s days' % (path, int(kept), file, stanza.line, days)


def _goes(known, path, ours):
    """Return whether the lines of a log of the policy go earlier once the policy does not keep it: another stanza takes it."""
    if any(path in taken for taken in logrotate.taken_over(known.files[ours]).values()):
        return True
    return any(stanza.file != ours for stanza, _word in known.naming(path))


def _journal(tool, wanted):
    """Return in what way the journal is kept longer today (list of text)."""
    if not wanted and not os.path.lexists(JOURNAL):
        return []
    version = journal.version(tool) if tool else 0
    paths = journal_retention.conf_files(version, lambda folder: os.listdir(folder) if os.path.isdir(folder) else [],
                                         os.path.exists)
    options = journal_retention.conf_values([host.read(path) or '' for path in paths])
    if not journal_retention.is_persistent(options, os.path.isdir(journal_retention.PERSISTENT)):
        return []
    return journal_shortened(options, wanted)


def journal_shortened(options, wanted):
    """The same, of the options in force (see _journal.conf_values). No option means that nobody has chosen anything."""
    day = 86400.0
    kept, size = options['MaxRetentionSec'], options['SystemMaxUse']
    if 0 < kept < float('inf'):
        if 0 < options['MaxFileSec'] < float('inf'):
            kept = max(kept - options['MaxFileSec'], 0)
        kept = int(kept // day) - (JOURNAL_MORE - JOURNAL_SPAN)
    else:
        kept = 0
    if not wanted:
        return ['the journal is kept %d days by the policy, which no longer says how long' % kept] if kept > 0 else []
    said = []
    if kept > wanted['keep_days']:
        said.append('the journal is kept %d days (MaxRetentionSec), and the policy keeps it %d days' % (kept, wanted['keep_days']))
    new = journal_retention.parse_size(wanted['max_use'])
    if size is not None and new is not None and size > new:
        said.append('the journal may take %s (SystemMaxUse), and by the policy %s: journald would remove what is more at once' % (
            _size(size), _size(new)))
    return said


def _size(number):
    for unit in 'TGMK':
        each = journal_retention.UNITS_OF_SIZE[unit]
        if number >= each and number % each == 0:
            return '%d%s' % (number // each, unit)
    return '%d bytes' % number
