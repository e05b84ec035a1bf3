# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the policy of how long logs are kept into logrotate's configuration: plans, validates by logrotate, writes.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import shutil
import tempfile

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import (
    configuration as logrotate, host as logrotate_files)
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate.host import latin1, native
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate.plan import Plan, UNCHANGED


def apply_policy(module, sweep, family, result):
    """Bring logrotate's configuration to the requested state. Fills `result`. Raises LogrotateError or FileError.

    :param module: an AnsibleModule with the parameters of the module logrotate_policy.
    :param family: function, path of a log -> the paths of its rotated files and its own, as logfile.family has them.
    Returns the logs that nothing rotates any more, because what they were taken out of cannot get them back.

    :param sweep: takes away what runs that were killed left, before anything is read; returns the paths (function).
    """
    params = module.params
    rules = logrotate.wanted(params['rules']) if params['state'] == 'present' else {}
    tool = module.get_bin_path('logrotate')
    if tool is None:
        raise logrotate.LogrotateError('logrotate is not installed, so nothing rotates or removes logs. Install '
                                       'logrotate.' + UNCHANGED)
    release = logrotate.version(''.join(run([tool, '--version'])[1:]))
    disk = logrotate_files.Disk(sweep())
    now = logrotate.Configuration(latin1(params['config']), disk, release)
    if not now.files:
        raise logrotate.LogrotateError('%s cannot be read, so there is no configuration of logrotate to add to. '
                                       'Install logrotate anew, or set config.%s' % (params['config'], UNCHANGED))
    result['notes'] += ['%s: %s.' % (native(path), reason) for path, reason in now.ignored if reason.startswith('logrotate')]
    ours = own_text(latin1(params['path']), disk)
    plan = Plan(now, ours, params, family, result)
    if rules:
        plan.take(rules, release)
    plan.give_back(rules)
    plan.finish(rules)
    if plan.changes:
        validate(module, tool, now, plan.changes, rules, release, result)
        carry_out(module, plan, result)
    return plan.lost


def run(arguments, **more):
    """Run logrotate by process.run. Raises LogrotateError if it does not end."""
    try:
        return process.run(arguments, **more)
    except EnvironmentError as error:
        raise logrotate.LogrotateError('%s cannot be run: %s.%s' % (arguments[0], error.strerror, UNCHANGED))


def own_text(path, disk):
    """Return the text of our file, or None. Raises LogrotateError if the file is not ours."""
    if disk.kind(path) is None:
        return None
    text = disk.read(path)
    if not text.startswith(logrotate.MARK):
        raise logrotate.LogrotateError('%s was not written by this collection, or its first line was changed. Move it '
                                       'away.%s' % (native(path), UNCHANGED))
    return text


def validate(module, tool, now, changes, rules, release, result):
    """Let logrotate validate the whole new configuration. Raises LogrotateError with its complaints."""
    after = logrotate.Configuration(now.path, logrotate.changed_disk(now.disk, changes), release)
    new, output = debug(module, tool, after)
    old, _output = debug(module, tool, now)
    ours = [line for line in new if line not in old]
    if ours:
        raise logrotate.LogrotateError('logrotate refuses the configuration in %s as it would be: %s.%s'
                                       % (now.path, '; '.join(ours), UNCHANGED))
    times = logrotate.considered(output)
    for path in rules:
        if times[path] != 1:
            raise logrotate.LogrotateError('logrotate would look at %s %d times instead of once.%s%s' % (
                path, times[path], ' It complains: %s. Fix that first.' % '; '.join(new) if new else '', UNCHANGED))
    if new:
        result['notes'].append('logrotate complains of the configuration in %s also without this change: %s.'
                               % (native(now.path), '; '.join(old[line] for line in new)))


def debug(module, tool, configuration):
    """Return (the complaints of logrotate, as errors_of() has them, its whole output) about a private copy of a
    configuration.
    """
    root = os.path.realpath(tempfile.mkdtemp(prefix='logrotate-', dir=module.tmpdir))
    try:
        texts, directories = configuration.staged(root)
        for path in directories + [os.path.dirname(path) for path in texts]:
            if not os.path.isdir(native(path)):
                os.makedirs(native(path), 0o700)
        state = os.path.join(root, 'state')
        texts[state] = (None, 'logrotate state -- version 2\n')  # 3.18 complains when there is none
        for path, (_real, text) in texts.items():
            with os.fdopen(os.open(native(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as copy:
                copy.write(text.encode('latin-1'))
        _status, out, err = run([tool, '--debug', '--state', state, native(root + configuration.path)], cwd='/', raw=True)
    finally:
        shutil.rmtree(root)
    said = (out + err).decode('utf-8', 'replace')
    return logrotate.errors_of(said, root), said


def carry_out(module, plan, result):
    """Write the planned changes after each original is backed up. On failure, undo what was written, and report it."""
    result['changed'] = True
    done, kept = [], []
    for path, text in plan.changes.items():
        before = plan.ours if path == plan.path else plan.now.files[path]
        name = native(path)
        result['previous'][name] = None if before is None else native(before)
        result['diff'].append(dict(
            before_header=name if before is not None else '%s (absent)' % name,
            after_header=name if text is not None else '%s (absent)' % name,
            before=native(before or ''), after=native(text or '')))
        if module.check_mode:
            continue
        done.append((name,) + tuple(None if one is None else one.encode('latin-1') for one in (before, text)))
        copy = files.backup_path(name, plan.backup_dir)
        if path != plan.path and not os.path.lexists(copy):
            kept.append(copy)
        try:
            if path == plan.path:
                files.put(module, name, done[-1][2], mode=0o644)
            else:
                write_other(module, plan, path, text)
        except files.FileError as error:
            raise files.FileError('%s %s' % (error, back_out(module, plan, done, kept)))


def back_out(module, plan, done, kept):
    """Undo what was written, and return what the files hold then (text). The next run finishes an interrupted undo."""
    if plan.restored:
        return files.describe_changes(done) + ' Run this again.'
    for path, before, _after in reversed(done):
        try:
            if files.content_of(path) != before:
                files.put(module, path, before)
        except files.FileError:
            kept = []  # its original is still needed
    for copy in kept:
        if os.path.lexists(copy):
            files.remove(copy)
    return files.describe_changes(done)


def write_other(module, plan, path, text):
    """Write a file that is not ours. Its original is restored byte for byte, even if it was a link."""
    name = native(path)
    kept = files.original(name, plan.backup_dir)
    if path in plan.restored and kept == text.encode('latin-1'):
        files.restore(name, plan.backup_dir, module)
        return
    original = plan.anew.get(path)
    files.backup(name, plan.backup_dir, module, original is not None, None if original is None else original.encode('latin-1'))
    files.write_atomic(module, name, text.encode('latin-1'))
    if path in plan.restored:
        files.remove(files.backup_path(name, plan.backup_dir))
