# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: disable or mask units of systemd, and bring back what they were.

What a unit was is written to a file of its own before it is changed. So a run that was killed is finished by the next
one, and links that systemctl removes come back as they were, whatever [Install] says by then.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import os

from ansible.module_utils.common.text.converters import to_bytes

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, _units as units

KIND = 'unit_state'
REQUIRES = 'none'
ROOT_FOR = 'disable or mask units'
ITEM = dict(
    unit=dict(type='str', required=True),
    state=dict(type='str', choices=list(units.STATES), default=units.DISABLED),
    scope=dict(type='str', choices=list(units.SCOPES), default=units.SYSTEM))
OPTIONS = dict(state_dir=dict(type='path', default='/var/lib/log_hygiene/units'))
SECONDS = 300   # for a job: what is stopped may take its TimeoutStopSec

# A unit of an item; `path` is the administrator's file of that name, `kept` that of the record.
Wanted = collections.namedtuple('Wanted', 'unit scope state directory path kept')


def apply(module, items, state, options, result):
    """Bring the units of the items to the state. Fills `result`. Raises RemedyError and FileError."""
    wanted = merged(items, options['state_dir'], state)
    result['units'] = []
    if any(want.scope == units.GLOBAL for want in wanted):
        result['requires'] = 'login'
    systemctl = module.get_bin_path('systemctl')
    if systemctl is None:
        raise remedy.RemedyError('This host has no systemctl, so it has no units to change. Leave the host out of it. Nothing '
                                 'was changed.')
    files.sweep_for(module, [want.kept for want in wanted], None, result)
    records = [(want, read(want)) for want in wanted]
    if state == 'absent':
        due = [(want, record, look(systemctl, want)) for want, record in records if record is not None]
        for want, record, now in due:
            put_back(module, systemctl, want, record, now, result)
        return
    jobs = [plan(systemctl, want, record, result) for want, record in records]
    for job in jobs:
        bring(module, systemctl, job, result)
    result['in_place_since'] = files.modified_at(
        [path for want in wanted for path in (want.kept, want.path)
         if os.path.lexists(path) and (path == want.kept or units.is_mask(path))])


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items, as apply() does. A unit that another item wants changed stays as it is."""
    mine = remedy.others(items, kept, 'unit', 'scope')
    if mine:
        apply(module, mine, 'absent', options, result)


def merged(items, state_dir, state):
    """Return a Wanted for each unit of the items. Raises RemedyError. To undo them, it says nothing what they make of a unit."""
    found = collections.OrderedDict()
    for item in items:
        name, scope = item['unit'], item['scope']
        try:
            units.check_name(name)
        except units.Refused as error:
            raise refusal(error)
        directory = units.DIRECTORIES[scope][0]
        want = Wanted(name, scope, item['state'], directory, os.path.join(directory, name), os.path.join(state_dir, scope, name))
        if found.setdefault((name, scope), want) != want and state == 'present':
            raise remedy.RemedyError('unit: one item wants %s disabled, another one masked. Choose one. Nothing was changed.' % name)
    return list(found.values())


def refusal(error):
    """Return the RemedyError of a Refused."""
    return remedy.RemedyError('%s Nothing was changed.' % error.args[0])


def read(want):
    """Return the record of a unit (dict), None without one. Raises RemedyError."""
    text = files.content_of(want.kept)
    if text is None:
        return None
    try:
        return units.decode(text, want.unit, want.directory)
    except ValueError as error:
        raise remedy.RemedyError('%s is damaged (%s), so it is not known what %s was. Bring the unit to the state that it should '
                                 'have, and remove that file. Nothing was changed.' % (want.kept, error, want.unit))


def write(module, want, record):
    """Write the record of a unit. Raises FileError."""
    files.make_directory(module, os.path.dirname(want.kept), 0o700)
    files.write_atomic(module, want.kept, units.encode(record), mode=0o600)


def look(systemctl, want):
    """Return the Unit. Raises RemedyError and EnvironmentError."""
    if want.scope == units.GLOBAL:
        path = units.locate(want.unit, units.DIRECTORIES[want.scope])
        if path is None:
            return units.Unit('', None, {}, None)
        found = process.run([systemctl, '--global', 'is-enabled', want.unit])[1].strip() or 'bad'
        real = os.path.basename(os.path.realpath(path))
        alias = None if found == units.MASKED or '@' in real else real
        return units.Unit(found, None, {}, alias if alias != want.unit else None)
    status, out, err = process.run([systemctl, 'show'] + ['--property=' + name for name in units.PROPERTIES] + [want.unit])
    shown = units.parse(out)
    if status or not shown.get('LoadState'):
        raise remedy.RemedyError('systemd does not tell what %s is: %s. Nothing was changed.' % (
            want.unit, err.strip() or 'systemctl show says nothing'))
    found = process.run([systemctl, 'is-enabled', want.unit])[1].strip()
    if shown['LoadState'] == 'not-found':
        found = ''
    elif shown.get('FragmentPath', '').startswith('/run/systemd/generator'):
        found = 'generated'   # of a SysV script, too, whose links is-enabled tells of instead
    elif not found:
        found = 'bad'
    alias = shown.get('Id') if found not in ('', units.MASKED) else None
    return units.Unit(found, shown.get('ActiveState') in units.RUNNING, shown, alias if alias != want.unit else None)


# What is to be done with a unit: `now`: the Unit, `steps` (list), `stop` (bool), `links` {path: target}: those that go.
Job = collections.namedtuple('Job', 'want record now steps stop links')


def plan(systemctl, want, record, result):
    """Return the Job of a unit. Adds notes to `result`. Raises RemedyError."""
    name, now = want.unit, look(systemctl, want)
    try:
        units.check_harmless(name, units.others(now.shown, now.alias))
        if now.alias:
            raise units.Refused('unit: %s is another name of %s. Name that one.' % (name, now.alias))
        todo = units.steps(name, want.state, now.file, record)
        if 'mask' in todo and os.path.lexists(want.path):
            raise units.Refused('%s is in the way of the link that would mask the unit. Use the state disabled, or move it away.'
                                % want.path)
        names = units.together(name, units.DIRECTORIES[want.scope], files.read_bytes) if 'disable' in todo else set()
        units.check_harmless(name, names)
        foreign = now.active and now.file == units.MASKED and not (record and record['mask'])
        stop = bool(now.active) and not foreign
        if stop and record is None and 'no' in (now.shown.get('CanStart'), now.shown.get('CanStop')):
            raise units.Refused('%s runs, and systemd lets nobody stop it, or start it again. Leave it out.' % name)
    except units.Refused as error:
        raise refusal(error)
    if not now.file and record is None:
        result['notes'].append('There is no unit %s on this host, so nothing had to be done.' % name)
    if foreign:
        result['notes'].append('%s was masked by somebody else and still runs: systemctl stop %s.' % (name, name))
        result['in_place'] = False
    if len(names) > 1:
        result['notes'].append('With %s, systemctl disables %s (Also=).' % (name, ', '.join(sorted(names - set([name])))))
    starters = [other for other in now.shown.get('TriggeredBy', '').split() if want.state == units.DISABLED and now.file]
    if starters and now.file != units.MASKED:
        result['notes'].append('%s is started by %s as well. Disable that too, or use the state masked.' % (
            name, ', '.join(sorted(starters))))
    return Job(want, record, now, todo, stop, units.links(want.directory, names) if names else {})


def bring(module, systemctl, job, result):
    """Do a Job. Fills `result`. Raises RemedyError and FileError."""
    want, record, now = job.want, job.record, job.now
    if not job.steps and not job.stop and (record is None or record['phase'] == 'applied'):
        return
    first = since(want, record, now) if record else dict(
        unit=want.unit, state=want.state, file=now.file, active=now.active, mask=False, links={})
    record = dict(first, phase='applying', state=want.state if job.steps else first['state'],
                  mask=first['mask'] or 'mask' in job.steps, links=dict(list(first['links'].items()) + list(job.links.items())))
    result['changed'] = True
    if module.check_mode:
        after = units.Unit(want.state if now.file != units.MASKED or 'unmask' in job.steps else now.file,
                           now.active and not job.stop, {}, None)
        report(want, now, after, [(path, 'remove') for path in sorted(job.links)] + [
            (want.path, step) for step in job.steps if step != 'disable'], result)
        return
    write(module, want, record)
    masked = units.is_mask(want.path)
    if job.stop:
        call(systemctl, want, 'stop')
    for step in job.steps:
        if step == 'unmask':   # systemctl would take a mask in /run away as well
            if units.is_mask(want.path):
                files.remove(want.path)
            reload_units(systemctl, want)
        else:
            call(systemctl, want, step)
    after = look(systemctl, want)
    if after.active:   # something started it before it was masked or disabled
        call(systemctl, want, 'stop')
        after = look(systemctl, want)
    if after.file not in ('', units.MASKED, want.state):
        raise remedy.RemedyError('%s is still %s after systemctl %s. Run this again, or with the state absent.' % (
            want.unit, after.file, ' and '.join(job.steps) or 'stop'))
    record.update(phase='applied', mask=record['mask'] and 'unmask' not in job.steps and units.is_mask(want.path),
                  links=dict((path, target) for path, target in record['links'].items() if not os.path.lexists(path)))
    write(module, want, record)
    if after.active:
        result['notes'].append('%s was stopped and runs again: something starts it. Use the state masked.' % want.unit)
        result['in_place'] = False
    report(want, now, after, [(path, 'remove') for path in sorted(record['links']) if path not in first['links']] + [
        (want.path, 'mask' if units.is_mask(want.path) else 'unmask')] * (masked != units.is_mask(want.path)), result)


def since(want, record, now):
    """Return the record of a unit (dict). What somebody made of it since it was brought to that state is what it was.

    Links of other units that went with it are brought back all the same.
    """
    if record['phase'] != 'applied' or now.file in ('', units.MASKED) or now.file == units.DISABLED and not record['mask']:
        return record
    others = dict((path, target) for path, target in record['links'].items()
                  if want.unit not in (os.path.basename(path), os.path.basename(target)))
    # An update that enables it does not start it.
    active = now.active or record['active'] and now.file != units.DISABLED
    return dict(record, file=now.file, active=active, mask=False, links=others)


def put_back(module, systemctl, want, record, now, result):
    """Make of a unit what its record says it was. Fills `result`. Raises RemedyError and FileError."""
    name = want.unit
    if units.edited(record, want.path):
        result['notes'].append('%s was enabled, masked or replaced in another way since: it stays. Its earlier state is in %s.'
                               % (name, want.kept))
        result['in_place'] = False
        return
    unmask = record['mask'] and units.is_mask(want.path)
    links = [(path, target) for path, target in sorted(record['links'].items()) if not os.path.lexists(path)]
    # The directory of a link may have gone with it, so the way from there is reckoned.
    ends = dict((path, os.path.normpath(os.path.join(os.path.dirname(path), target))) for path, target in links)
    gone = [path for path, _target in links if not os.path.exists(ends[path]) and ends[path] not in record['links']]
    result['notes'] += ['%s is not put back: what it led to is gone.' % path for path in gone]
    links = [(path, target) for path, target in links if path not in gone]
    result['changed'] = True
    touched = [(want.path, 'unmask')] * bool(unmask) + [(path, 'restore') for path, _target in links]
    after = now._replace(file=record['file'], active=record['active'])
    if not module.check_mode:
        write(module, want, dict(record, phase='undoing'))
        if unmask:
            files.remove(want.path)
        for path, target in links:
            files.make_directory(module, os.path.dirname(path))
            files.link(path, target)
        if touched:
            reload_units(systemctl, want)
        after = look(systemctl, want)
        if record['active'] and not after.active and after.file:
            call(systemctl, want, 'start')
            after = look(systemctl, want)
        files.remove(want.kept)
    report(want, now, after, touched, result)


def call(systemctl, want, verb):
    """Have systemctl do something with a unit. Raises RemedyError."""
    arguments = [systemctl] + ['--global'] * (want.scope == units.GLOBAL) + [verb, want.unit]
    try:
        status, out, err = process.run(arguments, SECONDS)
    except process.Unfinished as error:
        status, out, err = 1, '', str(error)
    if status:
        raise remedy.RemedyError('systemctl cannot %s %s: %s. What the unit was is kept in %s. Run this again, or with the state '
                                 'absent.' % (verb, want.unit, (err or out).strip().rstrip('.'), want.kept))


def reload_units(systemctl, want):
    """Have systemd read the links anew that were changed without it. Raises RemedyError."""
    if want.scope == units.SYSTEM:
        status, out, err = process.run([systemctl, 'daemon-reload'])
        if status:
            raise remedy.RemedyError('systemd does not read its units anew: %s. Run systemctl daemon-reload, and then this again.'
                                     % (err or out).strip().rstrip('.'))


def report(want, before, after, touched, result):
    """Add one finished unit to the result, so that a later failure still reports it."""
    result['files'] += [dict(path=path, action=action) for path, action in touched]
    states = [dict(enabled=one.file or 'not-found', active=one.active) for one in (before, after)]
    result['units'].append(dict(unit=want.unit, scope=want.scope, before=states[0], after=states[1]))
    result['diff'].append(remedy.difference('%s (%s)' % (want.unit, want.scope), *[to_bytes('enabled: %s\n%s' % (
        one['enabled'], '' if one['active'] is None else 'active: %s\n' % ('yes' if one['active'] else 'no'))) for one in states]))
