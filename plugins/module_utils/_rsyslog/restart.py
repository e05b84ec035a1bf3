# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restarts rsyslogd without leaving the host without logging.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import glob
import os
import re
import time

from ansible.module_utils.common.text.converters import to_bytes

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    policy as rsyslog_policy, queue as rsyslog_queue, _unit as rsyslog_unit)

WAIT = 2  # seconds that rsyslogd has to stay up
TIMEOUT = 2 * process.SECONDS


class RestartError(Exception):
    """rsyslogd did not start with the new files, or its state is unknown. The text says what happened."""


def begin():
    """Return the initial result."""
    return dict(changed=True, runs=False, drop_ins='new', stopped=None, queues_left=[], set_aside=[], notes=[])


def run(module, systemctl, options, result):
    """Restart rsyslogd, or in check mode check whether it runs. Fills `result`.

    :param systemctl: its path.
    :param options: those of the module rsyslog_restart (dict).

    Raises RestartError.
    """
    try:
        unit = rsyslog_unit.show(systemctl, options['timeout'])
        result.update(runs=unit.runs, stopped=unit.stopped, notes=list(unit.notes))
        if not module.check_mode:
            bring_up(module, systemctl, unit, options, result)
            result['queues_left'] = rsyslog_queue.left_in(options['queues'])
    except files.FileError as error:
        raise RestartError('rsyslogd did not start with the new drop-ins, and the former ones cannot be put back. %s See '
                           'journalctl -u %s.' % (error, rsyslog_unit.NAME))
    except EnvironmentError as error:
        raise RestartError('rsyslogd was not restarted, or it is not known whether it runs: %s. See systemctl status %s.'
                           % (getattr(error, 'strerror', None) or error, rsyslog_unit.NAME))
    if result['drop_ins'] != 'new':
        raise RestartError(failure(sorted(options['former']), result['drop_ins'], result['runs'], sorted(options['others'])))


def bring_up(module, systemctl, unit, options, result):
    """Restart rsyslogd, unless somebody has stopped it. Fills `result`. Raises files.FileError and EnvironmentError.

    `options` (dict) are those of the module rsyslog_restart.
    """
    if unit.stopped:
        result['notes'].append('rsyslogd was not started, because %s. It reads its new drop-ins when you start it.'
                               % unit.stopped)
        if os.path.exists(options['pending']):
            files.remove(options['pending'])
        return
    if options['set_aside']:
        process.run([systemctl, 'stop', rsyslog_unit.NAME], options['timeout'])
        try:
            for prefix in options['set_aside']:
                moved = move_away(prefix)
                result['set_aside'] += [moved] if moved else []
        except EnvironmentError as error:
            # Logging goes on all the same; the queue is found broken again by the next run.
            result['notes'].append('A broken queue cannot be moved to %s: %s.' % (rsyslog_policy.SET_ASIDE, error))
    result['drop_ins'], result['runs'] = restart(module, systemctl, options)


def move_away(prefix):
    """Move the files of a queue to a directory that rsyslogd does not read. Return it, or None if there are no files.

    `prefix`: path without .qi and the number. Raises EnvironmentError.
    """
    spool, name = os.path.split(prefix)
    paths = sorted(path for path in glob.glob(prefix + '.*') if re.match(r'(qi|[0-9]+)\Z', path[len(prefix) + 1:]))
    if not paths:
        return None
    top = os.path.join(spool, rsyslog_policy.SET_ASIDE)
    if not os.path.isdir(top):
        os.mkdir(top, 0o700)
    stamp, number = time.strftime('%Y%m%dT%H%M%SZ', time.gmtime()), 0
    target = '%s/%s.%s' % (top, name, stamp)
    while os.path.lexists(target):
        number += 1
        target = '%s/%s.%s-%d' % (top, name, stamp, number)
    os.mkdir(target, 0o700)
    for path in paths:
        os.rename(path, os.path.join(target, os.path.basename(path)))
    return target


def restart(module, systemctl, options):
    """Start rsyslogd with the drop-ins as they are, else as they were, else without. Returns (which, whether it runs).

    Raises files.FileError and EnvironmentError.
    """
    former, pending = options['former'], options['pending']
    which, up = 'new', start(systemctl, options)
    if not up:
        which = 'former'
        for path, text in former.items():
            put(module, path, text, mode=0o600)
        for path, text in options['others'].items():
            put_other(module, path, text, options['backup_dir'])
        up = start(systemctl, options)
    if not up:
        which = 'none'
        for path in former:
            put(module, path, None)
        up = start(systemctl, options)
    if os.path.exists(pending):
        files.remove(pending)
    return which, up


def put(module, path, text, mode=None):
    """Call files.put() with text."""
    files.put(module, path, None if text is None else to_bytes(text), mode)


def put_other(module, path, text, root):
    """Restore a file that another module changed, from its backup if that has the same content."""
    if text is not None and files.original(path, root) == to_bytes(text):
        files.restore(path, root, module)
    else:
        put(module, path, text)


def start(systemctl, options):
    """Restart rsyslogd, and return whether it stays up. If it does not start in time, systemd is told to give up."""
    # After a few starts in a row systemd refuses the next one, whatever the configuration.
    seconds = options['timeout']
    process.run([systemctl, 'reset-failed', rsyslog_unit.NAME], seconds)
    try:
        process.run([systemctl, 'restart', rsyslog_unit.NAME], seconds)
    except process.Unfinished:
        process.run([systemctl, 'kill', '--signal=KILL', rsyslog_unit.NAME], seconds)
    time.sleep(options['wait'])
    return rsyslog_unit.show(systemctl, seconds).runs


def failure(paths, drop_ins, up, others):
    """Return the error for an rsyslogd that did not start with the new drop-ins (text)."""
    if drop_ins == 'former':
        became = 'The drop-ins were put back to what they were' if len(paths) > 1 else (
            'The drop-in was put back to what it was')
    else:
        became = 'Neither with the former %s, so there is none now' % ('ones' if len(paths) > 1 else 'one')
    now = 'rsyslogd runs again.' if up else 'rsyslogd still does not start: THIS HOST WRITES NO LOG FILES.'
    also = ' %s %s put back, too.' % (', '.join(others), 'was' if len(others) == 1 else 'were') if others else ''
    return ('rsyslogd did not start with the new %s, although it had found the configuration valid. %s, and %s%s See '
            'journalctl -u %s.' % (' and '.join(paths), became, now, also, rsyslog_unit.NAME))
