# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: settings of systemd's units, by one drop-in of ours for each unit.

systemd itself judges them first, beside a copy of the unit in a folder of the module: what it complains of then, and does
not without them, is refused. A unit that is to be restarted is named in a folder of /run until that is done, so that a run
that was killed is finished by the next one, or by a boot.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import glob
import os
import shutil
import tempfile
import time

from ansible.module_utils.common.text.converters import to_bytes

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import (
    contract as remedy, _drop_in as drop_in, _unit_settings as unit_settings, _units as units, unit_state)

KIND = 'unit_drop_in'
REQUIRES = 'restart'
ROOT_FOR = 'write drop-ins of units'
ITEM = dict(
    unit=dict(type='str', required=True),
    scope=dict(type='str', choices=list(units.SCOPES), default=units.SYSTEM),
    section=dict(type='str', required=True),
    key=dict(type='str', required=True, no_log=False),
    value=dict(type='raw', required=True),
    restart=dict(type='bool', default=False))
OPTIONS = {}
NAME = '50-log_hygiene.conf'
PENDING = '/run/log_hygiene.restart'   # a file for each unit that runs and has to be restarted yet
NO_FOLDER = 'no folder'                # what a line of our file says was there before
SETTLE = 1.0                           # seconds between the two looks at a unit that was restarted

# A unit of the items: `path` of our drop-in, `entries` what it is to hold, `restart` whether it may be restarted.
Wanted = collections.namedtuple('Wanted', 'unit scope path items entries restart')
# What is to be done with it: the drop_in.Change, whether systemd has it now, has to read it, and is to restart the unit.
Job = collections.namedtuple('Job', 'want change loaded reload restart')


def apply(module, items, state, options, result):
    """Bring the drop-ins of the units to the state. Fills `result`. Raises RemedyError and FileError."""
    drop_in.check_signature_ids(items)
    wanted = merged(items, state)
    systemctl, analyze = module.get_bin_path('systemctl'), module.get_bin_path('systemd-analyze')
    if systemctl is None or analyze is None:
        raise remedy.RemedyError('This host has no systemctl or no systemd-analyze, so it has no units to change. Leave the host '
                                 'out of it. Nothing was changed.')
    if state == 'absent' and not items:
        wanted = all_of_ours()   # as for the other kinds with a file
    result['requires'] = ('login' if any(want.scope == units.GLOBAL for want in wanted) else
                          'none' if wanted and all(want.restart for want in wanted) else REQUIRES)
    jobs = [job for job in [plan(module, systemctl, analyze, want, state, result) for want in wanted] if job]
    files.sweep_for(module, [want.path for want in wanted], None, result)
    carry_out(module, systemctl, jobs, result)
    if state == 'present':
        result['in_place_since'] = remedy.carry(result, [job.want.path for job in jobs])


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items. The files know whom each line is for."""
    apply(module, items, 'absent', options, result)


def merged(items, state):
    """Return a Wanted for each unit of the items. Raises RemedyError."""
    found = collections.OrderedDict()
    for item in items:
        name, scope = drop_in.native(item['unit']), item['scope']
        values = item['value'] if isinstance(item['value'], list) else [item['value']]
        try:
            units.check_name(name)
            if any(isinstance(value, (dict, list, float, type(None))) for value in values):
                raise unit_settings.Refused('value: %s needs texts, numbers or yes and no.' % drop_in.shown(item['key']))
            values = [{True: 'yes', False: 'no'}[value] if isinstance(value, bool) else drop_in.native(value) for value in values]
            section, key = drop_in.native(item['section']), drop_in.native(item['key'])
            if state == 'present':
                unit_settings.check(name, section, key, values)
        except (units.Refused, unit_settings.Refused) as error:
            raise refusal(error)
        path = os.path.join(units.DIRECTORIES[scope][0], name + '.d', NAME)
        want = found.setdefault((scope, name), Wanted(name, scope, path, [], [], []))
        want.items.append(item)
        want.restart.append(bool(item['restart']))
        if state == 'present':
            line = unit_settings.lines(section, key, values)
            want.entries.append(drop_in.Entry(unit_settings.key_of(line), line, (item['signature_id'],), None))
    return [want._replace(restart=any(want.restart) and want.scope == units.SYSTEM) for want in found.values()]


def all_of_ours():
    """Return a Wanted for each drop-in of ours that is there."""
    return [Wanted(os.path.basename(os.path.dirname(path))[:-2], scope, path, [], [], False)
            for scope in units.SCOPES for path in sorted(glob.glob(os.path.join(units.DIRECTORIES[scope][0], '*.d', NAME)))]


def refusal(error):
    """Return the RemedyError of a Refused."""
    return remedy.RemedyError('%s Nothing was changed.' % error.args[0].replace(' Nothing was changed.', ''))


def plan(module, systemctl, analyze, want, state, result):
    """Return the Job of a unit, None where nothing is to be done. Adds notes to `result`. Raises RemedyError."""
    folder = os.path.dirname(want.path)
    held = None if os.path.islink(want.path) else files.content_of(want.path)
    before = NO_FOLDER if not os.path.isdir(folder) or held and to_bytes('# before: %s\n' % NO_FOLDER) in held else None
    entries = [one._replace(before=before) for one in want.entries]
    if state == 'present':
        now = unit_state.look(systemctl, want)
        try:
            units.check_harmless(want.unit, units.others(now.shown, now.alias))
            if now.alias:
                raise units.Refused('unit: %s is another name of %s. Name that one.' % (want.unit, now.alias))
            if now.file == 'transient':
                raise units.Refused('%s was made by a program and goes with it. See to that program.' % want.unit)
        except units.Refused as error:
            raise refusal(error)
        if now.file in ('', units.MASKED):
            result['notes'].append(('There is no unit %s on this host, so nothing had to be done.' if not now.file else
                                    '%s is masked, so nothing had to be done.') % want.unit)
            return None
    change = drop_in.plan(KIND, want.path, want.items, entries, unit_settings.key_of, state, result)
    if change is None:
        return None
    if state == 'absent':
        now = unit_state.look(systemctl, want)
    elif change.content_after:
        refuse_defeated(want, change, unit_settings.folders(want.unit, want.scope))
        judge(module, analyze, want, now, change.content_after)
    changed = change.content_before != change.content_after
    loaded = want.path in now.shown.get('DropInPaths', '').split()
    stale = now.shown.get('NeedDaemonReload') == 'yes' if change.content_after else loaded
    restart = bool(want.restart and now.active and (changed or os.path.lexists(marker(want))))
    if now.active and changed and not restart:
        result['notes'].append('%s runs as before until it is restarted.' % want.unit)
    return Job(want, change, loaded, want.scope == units.SYSTEM and (changed or stale), restart)


def refuse_defeated(want, change, folders, paths=None):
    """Raise RemedyError where a later drop-in has it that one of our settings does not count."""
    found = unit_settings.later(drop_in.layers(folders) if paths is None else paths, want.path, change.wanted, files.read_bytes)
    if found:
        path, number, key, value = found
        raise remedy.RemedyError('%s, line %d says %s=%s and is read later, so what %s asks for would not count. Change it there, or '
                                 'leave the host out of it. Nothing was changed.' % (
                                     path, number, key.partition('/')[2], value,
                                     ', '.join(next(one for one in change.wanted if one.key == key).signature_ids)))


def judge(module, analyze, want, now, content):
    """Raise RemedyError where systemd complains of our drop-in, and does not without it."""
    fragment = now.shown.get('FragmentPath') or units.locate(want.unit, units.DIRECTORIES[want.scope])
    if not fragment or not os.path.isfile(fragment):
        raise remedy.RemedyError('%s has no file that systemd tells of, so what it would say of a setting is not known. Leave it out. '
                                 'Nothing was changed.' % want.unit)
    folder = tempfile.mkdtemp(dir=module.tmpdir)
    try:
        ours = os.path.join(folder, want.unit + '.d', NAME)
        os.mkdir(os.path.dirname(ours))
        copy(os.path.join(folder, want.unit), files.read_bytes(fragment))
        copy(ours, content)
        command = [analyze] + ['--user'] * (want.scope == units.GLOBAL) + ['--man=no', 'verify', os.path.join(folder, want.unit)]
        said = complaints(command, folder)
        if said:
            copy(ours, b'')   # which hides the one that is there
            without = complaints(command, folder)
            said = [line for line in said if line not in without]
    except process.Unfinished as error:
        said = [str(error)]
    finally:
        shutil.rmtree(folder)
    if said:
        raise remedy.RemedyError('systemd would not take the drop-in of %s: %s. Correct the item, or leave the host out of it. Nothing '
                                 'was changed.' % (want.unit, '; '.join(said).replace(ours, want.path).rstrip('.')[:600]))


def copy(path, content):
    """Write a file into our own folder. Raises EnvironmentError."""
    with open(path, 'wb') as target:
        target.write(content)


def complaints(command, folder):
    """Return what systemd-analyze says (list of str)."""
    status, _out, err = process.run(command, environ=dict(XDG_RUNTIME_DIR=folder, SYSTEMD_LOG_LEVEL='notice', SYSTEMD_COLORS='0'))
    said = [line for line in err.splitlines() if line.strip()]
    return said or ['systemd-analyze verify ended with status %d' % status] * bool(status)


def marker(want):
    """Return the path of the file that says that a unit has to be restarted."""
    return os.path.join(PENDING, want.unit)


def carry_out(module, systemctl, jobs, result):
    """Write the drop-ins, and have systemd take them, all or none of it. Raises RemedyError and FileError."""
    changed, reported = result['changed'], len(result['files'])
    reload_due = any(job.reload for job in jobs)
    if module.check_mode:
        for job in jobs:
            drop_in.put(module, job.change, result)
        result['changed'] = result['changed'] or reload_due or any(job.restart for job in jobs)
        return
    tried, restarted = [], []
    try:
        for job in jobs:
            if job.restart:
                files.make_directory(module, PENDING, 0o700)
                files.write_atomic(module, marker(job.want), b'')
            tried.append(job)
            drop_in.put(module, job.change, result)
            tidy(job)
        if reload_due:
            reload_units(systemctl)
            result['changed'] = True
        for job in jobs:
            if job.reload and job.change.content_after:
                read_back(systemctl, job)
        for job in jobs:
            if job.restart:
                restarted.append(job)
                result['changed'] = True
                restart(systemctl, job)
                files.remove(marker(job.want))
    except (remedy.RemedyError, files.FileError) as error:
        left = put_back(module, systemctl, tried, restarted, reload_due)
        result['changed'] = changed or bool(left)
        del result['files'][reported:], result['diff'][reported:]
        if left:
            raise remedy.RemedyError('%s But %s could not be put back.' % (
                remedy.error_message(error).replace(' Nothing was changed.', ''), ', '.join(left)))
        raise


def tidy(job):
    """Remove the folder of a drop-in that is gone, where there was none before it. Raises FileError.

    What a run that was killed left is known by what systemd has.
    """
    folder = os.path.dirname(job.want.path)
    ours = any(one.before for one in job.change.held) or job.loaded and job.change.content_before is None
    if ours and job.change.content_after is None and os.path.isdir(folder) and not os.listdir(folder):
        files.remove_directory(folder)


def put_back(module, systemctl, tried, restarted, reloaded):
    """Put drop-ins and units back as they were. Return the paths and units of which that failed (list of str)."""
    left = []
    for job in reversed(tried):
        try:
            if files.content_of(job.want.path) != job.change.content_before:
                files.make_directory(module, os.path.dirname(job.want.path))
                files.put(module, job.want.path, job.change.content_before)
            folder = os.path.dirname(job.want.path)
            if job.change.content_before is None and any(one.before for one in job.change.wanted) and os.path.isdir(folder) \
                    and not os.listdir(folder):
                files.remove_directory(folder)
        except (files.FileError, EnvironmentError):
            left.append(job.want.path)
    try:
        if reloaded:
            reload_units(systemctl)
    except remedy.RemedyError:
        left.append('daemon-reload')
    for job in reversed(restarted):
        try:
            run(systemctl, 'restart', job.want.unit)
        except remedy.RemedyError:
            left.append(job.want.unit)
    for job in tried:
        if job.restart and os.path.lexists(marker(job.want)):
            try:
                files.remove(marker(job.want))
            except files.FileError:
                left.append(marker(job.want))
    return left


def read_back(systemctl, job):
    """Raise RemedyError unless systemd has read our drop-in, and nothing after it says otherwise."""
    now = unit_state.look(systemctl, job.want)
    paths = now.shown.get('DropInPaths', '').split()
    if job.want.path not in paths or now.shown.get('LoadState') != 'loaded':
        raise remedy.RemedyError('systemd did not take %s: the unit is %s, with the drop-ins: %s. Leave the host out of it. Nothing was '
                                 'changed.' % (job.want.path, now.shown.get('LoadState'), ', '.join(paths) or 'none'))
    refuse_defeated(job.want, job.change, (), paths[paths.index(job.want.path) + 1:])


def restart(systemctl, job):
    """Restart a unit that runs, and see whether it stays up. Raises RemedyError."""
    run(systemctl, 'try-restart', job.want.unit)
    looks = []
    for _look in range(2):
        time.sleep(SETTLE)
        now = unit_state.look(systemctl, job.want).shown
        looks.append((now.get('ActiveState'), now.get('MainPID'), now.get('Result', 'success')))
    state, _pid, outcome = looks[1]
    if looks[0] != looks[1] or outcome != 'success' or state not in ('active', 'inactive'):
        raise remedy.RemedyError('%s does not stay up with the drop-in (%s, %s). Correct the item, or leave the host out of it. Nothing '
                                 'was changed.' % (job.want.unit, state, outcome))


def reload_units(systemctl):
    """Have systemd read its units anew. Raises RemedyError."""
    run(systemctl, 'daemon-reload')


def run(systemctl, *arguments):
    """Run systemctl. Raises RemedyError."""
    try:
        status, out, err = process.run([systemctl] + list(arguments), unit_state.SECONDS)
    except process.Unfinished as error:
        status, out, err = 1, '', str(error)
    if status:
        raise remedy.RemedyError('systemctl %s fails: %s. Correct the item, or leave the host out of it. Nothing was changed.' % (
            ' '.join(arguments), (err or out).strip().rstrip('.')))
