# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: rsyslogd diverts known harmless messages to separate files, which logrotate keeps.

rsyslog_diversion renders the drop-in; here it is found where it goes, proved, put in place, and rsyslogd restarted. What
rsyslogd does not come back with is undone, all of it.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import os
import re

from ansible.module_utils.common.text.converters import to_bytes, to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process, safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, managed_file
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, diversion as rsyslog_diversion, drop_ins as rsyslog_drop_ins, masking,
    proof as rsyslog_proof, queue as rsyslog_queue, restart as rsyslog_restart)

KIND = 'syslog_exclusions'
REQUIRES = 'restart'
ROOT_FOR = 'configure rsyslog'
WHOLE = True
ITEM = dict(
    signature=dict(type='dict', required=True),
    keep=dict(type='bool', default=False))
OPTIONS = dict(
    retention_days=dict(type='int'),
    allow_shorter=dict(type='bool', default=False),
    path=dict(type='path', default=rsyslog_diversion.DROP_IN),
    early_path=dict(type='path', default=rsyslog_diversion.EARLY),
    directory=dict(type='path', default=rsyslog_diversion.DIRECTORY),
    config=dict(type='path', default='/etc/rsyslog.conf'),
    logrotate=dict(type='path', default='/etc/logrotate.d/log_hygiene'),
    pending=dict(type='path', default='/run/log_hygiene.rsyslog'),
    backup_dir=dict(type='path', default=files.BACKUP_ROOT))
DAYS = 365  # where nobody ever said how long
ROTATION_MARK = 'Managed by Ansible: loghygiene.rhel.syslog_exclusions'
ROTATION = u'''# {mark}. Changes made by hand are lost.
# Every line is kept {days} days at least: a rotated file goes when its last line is older than that.
{directory}/*.log {{
    monthly
    rotate {files}
    maxage {days}
    missingok
    notifempty
    dateext
    compress
    # rsyslogd writes to the rotated file until it has handled the signal
    delaycompress
    create 0600 root root
    sharedscripts
    postrotate
        /usr/bin/systemctl kill -s HUP rsyslog.service >/dev/null 2>&1 || true
    endscript
}}
'''

# Where a drop-in may go: its path and text, what it copies (list of rsyslog.Forwarder), and what is known of it.
Place = collections.namedtuple('Place', 'path text forwarders proved_by notes')


def apply(module, items, state, options, result):
    """Bring the host to the state. Fills `result`. Raises RemedyError and files.FileError.

    An item with `keep` is for a signature that is only diverted where it is diverted already.
    """
    tools = preflight(module, state)
    if state == 'present':
        options = dict(options, retention_days=kept_days(options))
    own = [options['path'], options['early_path']]
    files.sweep_for(module, own + [options['pending']], None, result)
    files.sweep_for(module, [options['logrotate'], options['directory']], options['backup_dir'], result)
    if not module.check_mode:
        rsyslog_drop_ins.sweep()
    try:
        changes = planned(module, items, state, options, result)
    except rsyslog.RsyslogError as error:
        raise remedy.RemedyError(to_text(error.args[0]))
    daemon = rsyslog_restart.begin()
    try:
        rsyslog_restart.run(remedy.ReadOnlyModule(module), tools['systemctl'], restart_options(options), daemon)
    except rsyslog_restart.RestartError as error:
        raise remedy.RemedyError(to_text(error.args[0]))
    if state == 'present' and daemon['stopped']:
        # Whoever stopped it had a reason, and nothing would be diverted.
        raise remedy.RemedyError('Nothing is diverted, because %s. Start it, or leave the host out of this. Nothing was '
                                 'changed.' % daemon['stopped'])
    _Work(module, tools, options, result).do(changes, state, daemon)
    result['in_place_since'] = remedy.carry(result, own)
    result['in_place'] = result['proved_by'] is not None or not result['ids']


def undo_some(module, items, kept, options, result):
    """Undo the diversion of some items, as apply() does. What else is diverted stays so."""
    texts = [rsyslog_drop_ins.read(options[name], rsyslog_diversion.MARK) or '' for name in ('path', 'early_path')]
    held = rsyslog_diversion.installed(''.join(texts))
    if any(item['signature_id'] in held for item in kept):
        undone = [item['signature_id'] for item in items]
        apply(module, [dict(item, keep=True) for item in kept], 'present', dict(options, undone=undone), result)
        result['in_place'] = result['in_place'] and not set(undone).intersection(result['ids'])
    else:
        apply(module, [], 'absent', options, result)


def preflight(module, state):
    """Return {name: path} of the required programs. Raises RemedyError if one is missing."""
    tools = dict((name, module.get_bin_path(name, opt_dirs=['/usr/sbin', '/sbin']))
                 for name in ('rsyslogd', 'systemctl', 'logrotate'))
    systemd = tools['systemctl'] and host.systemd_version(process.run([tools['systemctl'], '--version'])[1])
    if not tools['rsyslogd'] or systemd is None:
        raise remedy.RemedyError(
            'This host has no %s, so there is no /var/log/messages to keep clean. Install rsyslog, or leave the host out of '
            'this. Nothing was changed.' % ('systemd to start rsyslogd' if tools['rsyslogd'] else 'rsyslogd'))
    if state == 'present' and not tools['logrotate']:
        raise remedy.RemedyError('This host has no logrotate, so files with diverted messages would grow without end. Install '
                                 'logrotate. Nothing was changed.')
    return tools


def kept_days(options):
    """Return how many days to keep diverted lines. What was asked for before is in force until more is, or less is allowed."""
    before = re.search(r'(?m)^ +maxage ([0-9]+)$', to_text(files.content_of(options['logrotate']) or b''))
    before = int(before.group(1)) if before else 0
    days = options['retention_days'] or before or DAYS
    if days < before and not options['allow_shorter']:
        raise remedy.RemedyError(
            'retention_days: diverted lines are kept %d days (%s), and %d are asked for. Give at least as many, or set '
            'syslog_policy_allow_shorter: true. Nothing was changed.' % (before, options['logrotate'], days))
    return days


def rotation(directory, days):
    """Return the logrotate rule (text) that keeps each diverted line at least this many days."""
    # No month is shorter than 28 days, and none of the files may go by their number.
    return ROTATION.format(mark=ROTATION_MARK, directory=directory, days=days, files=days // 28 + 2)


def restart_options(options, former=None, others=None):
    """Return the options of rsyslog_restart."""
    return dict(former=former or {}, others=others or {}, timeout=rsyslog_restart.TIMEOUT, wait=rsyslog_restart.WAIT,
                queues=[], set_aside=[], pending=options['pending'], backup_dir=options['backup_dir'])


class _Work:
    """The changes on the host, after all checks. They are undone if one of them fails."""

    def __init__(self, module, tools, options, result):
        self._module, self._tools, self._options, self._result = module, tools, options, result
        self._notes = []
        self._made = False      # the directory
        self._others = {}       # other files that changed: path -> text before, None for none

    def do(self, changes, state, daemon):
        """:param changes: {path of a drop-in: (text before, text after)}. :param daemon: the result of rsyslog_restart."""
        options, module = self._options, self._module
        due = bool(changes) or os.path.exists(options['pending'])
        try:
            if state == 'present':
                self._made = self._step('directory', path=options['directory'], mode='0700')
                self._rule('present', content=rotation(options['directory'], options['retention_days']), encoding='text',
                           mode=None, validate=self._tools['logrotate'] + ' --debug %s')
            if changes and not module.check_mode:
                rsyslog_drop_ins.write(module, changes, options['pending'])
            if state == 'absent':
                self._rule('absent')
            if due and not module.check_mode:
                daemon = rsyslog_restart.begin()
                rsyslog_restart.run(module, self._tools['systemctl'], restart_options(
                    options, self._result['former'], self._others), daemon)
        except (files.FileError, EnvironmentError, rsyslog_restart.RestartError) as error:
            raise remedy.RemedyError(' '.join([remedy.error_message(error)] + self._undo()))
        # rsyslogd has written what was in memory by now.
        self._result['queues_left'] = rsyslog_queue.left_in(self._result['abandoned'])
        self._result['notes'] = self._notes + daemon['notes'] + self._result['notes'] + rsyslog_queue.left_notes(
            self._result['queues_left']) + [
            '%s is no longer diverted, because its signature is not known any more.' % name
            for name in self._result['removed'] if name not in options.get('undone', ())]

    def _rule(self, state, **params):
        path = self._options['logrotate']
        before = files.content_of(path)
        if self._step(state, path=path, mark=ROTATION_MARK, **params):
            self._others[path] = None if before is None else to_text(before)

    def _step(self, state, **params):
        """Bring a file to a state. Return whether that changed it, or would."""
        done = dict(changed=False, checksum=None, notes=[])
        managed_file.demand_ordinary(params['path'])
        managed_file.STATES[state](self._module, dict(params, backup_dir=self._options['backup_dir']), done)
        self._notes += done['notes']
        if done['changed']:
            self._result['changed'] = True
            self._result['files'].append(dict(path=params['path'], action={
                'directory': 'make', 'present': 'write', 'absent': 'remove'}[state]))
            self._result['diff'] += [done['diff']] if 'diff' in done else []
        return done['changed']

    def _undo(self):
        """Undo the changes other than the drop-ins. Return what cannot be undone (list of text)."""
        failed = []
        if self._module.check_mode:
            return failed
        for path, before in self._others.items():
            try:
                if files.content_of(path) != (None if before is None else to_bytes(before)):
                    rsyslog_restart.put_other(self._module, path, before, self._options['backup_dir'])
            except files.FileError as error:
                failed.append(remedy.error_message(error))
        if self._made and not os.listdir(self._options['directory']):
            try:
                files.remove_directory(self._options['directory'])
            except files.FileError as error:
                failed.append(remedy.error_message(error))
        return failed


def planned(module, items, state, options, result):
    """Return the required changes of drop-ins ({path: (text before, text after)}). Writes nothing; fills `result`.

    Raises RsyslogError where messages would be lost, or kept twice.
    """
    result.update(ids=[], removed=[], forwarders=[], losing=[], previous=None, former={}, path=None, proved_by=None, abandoned=[],
                  queues_left=[])
    paths = [options['path'], options['early_path']]
    before = dict((path, rsyslog_drop_ins.read(path, rsyslog_diversion.MARK)) for path in paths)
    after = dict.fromkeys(paths)
    configuration = rsyslog.Configuration(options['config'], rsyslog_drop_ins.Disk(), paths)
    if state == 'present':
        with rsyslog_drop_ins.its_own_complaint_first(module, configuration, [options['path']]):
            after.update(wanted(module, configuration, before, items, options, result))
    result['abandoned'] = rsyslog_queue.abandoned(rsyslog.OF_DIVERSION, before.values(), after.values(), configuration.spool())
    result['previous'] = before[paths[0]] if before[paths[0]] is not None else before[paths[1]]
    changes = dict((path, (before[path], after[path])) for path in paths if before[path] != after[path])
    result['former'] = dict((path, before[path]) for path in paths if path in changes or before[path] is not None)
    if changes:
        told = dict((path, text) for path, text in after.items() if path in changes or text is not None)
        said = rsyslog_drop_ins.validate(module, configuration, told, hint(result['forwarders']))
        result['notes'] += rsyslog_drop_ins.complaint_notes(configuration, said)
        for path in sorted(changes):
            old, new = (None if text is None else to_bytes(text) for text in changes[path])
            remedy.report(result, path, 'remove' if new is None else 'write', old, new)
    elif os.path.exists(options['pending']):
        result['changed'] = True
        result['notes'].append('rsyslogd was not restarted since %s changed.' % (result['path'] or paths[0]))
    return changes


def hint(forwarders):
    """Return what may be wrong with a drop-in with copies of these forwarders (list of dict), for the operator (text)."""
    copied = ', '.join('%s, line %d' % (one['file'], one['line']) for one in forwarders)
    return (' It has a copy of a forwarder (%s), whose templates and modules may come later. With them: %s'
            % (copied, rsyslog_diversion.REMEDY)) if copied else ''


def wanted(module, configuration, before, items, options, result):
    """Return {path: required text of the drop-in}, empty for no drop-in. Fills `result`. Raises RsyslogError."""
    for item in items:
        if item['signature'].get('id') != item['signature_id']:
            raise rsyslog.RsyslogError('items: the signature of %s is that of %s. Nothing was changed.' % (
                item['signature_id'], item['signature'].get('id')))
    held = rsyslog_diversion.installed(''.join(text or '' for text in before.values()))
    chosen = [item['signature'] for item in items if not item.get('keep') or item['signature_id'] in held]
    result['ids'] = [signature['id'] for signature in chosen]
    result['removed'] = [name for name in held if name not in result['ids']]
    if not chosen:
        return {}
    unsafe = safe_paths.check(options['directory'] + '/x.log')
    if unsafe:
        raise rsyslog.RsyslogError('directory: %s Nothing was changed.' % unsafe)
    rsyslog_drop_ins.refuse_lost_rights(configuration, 'diverted messages')
    for name in result['ids']:
        path = '%s/%s.log' % (options['directory'].rstrip('/'), name)
        if os.path.lexists(path) and not os.path.isfile(path):
            raise rsyslog.RsyslogError('%s is not a file, so rsyslogd could not write diverted messages there, and they would be '
                                       'in no file at all. Move it away. Nothing was changed.' % path)
    late, obstacles = attempt(module, configuration, options['path'], chosen, options)
    place = late if late and late.proved_by else instead(module, configuration, obstacles, chosen, late, options)
    result['path'], result['proved_by'] = place.path, place.proved_by
    result['losing'] = [
        dict(path=one.output() if one.name == 'omfile' else None, file=one.file, line=one.line, statement=one.where(),
             kind={'omfile': rsyslog_drop_ins.kind_of(one.output()), 'ompipe': 'pipe', 'omusrmsg': 'terminal'}.get(one.name, 'file'))
        for one in rsyslog_diversion.losing(configuration, place.path, chosen)]
    result['forwarders'] = [dict(file=one.file, line=one.line, text=one.text) for one in place.forwarders]
    result['notes'] += configuration.doubts(place.path) + place.notes + [
        '%s, line %d: %s comes after the diversion, so diverted messages are sent there first, by a '
        'copy of it. Run this again when you change it.%s' % (
            one.file, one.line, one.text, ' ' + rsyslog_queue.own_queue_note(one.queue) if one.queue else '')
        for one in place.forwarders]
    # /var/log/messages is what it is for.
    result['notes'] += ['%s gets no diverted messages any more.' % one['statement'] for one in result['losing']
                        if os.path.basename(one['path'] or '') != 'messages']
    return {place.path: place.text}


def instead(module, configuration, obstacles, chosen, late, options):
    """Return the Place that is read early, if the usual one has these obstacles (list of text). Raises RsyslogError.

    `late` is the usual Place, where it is only not known whether it works: it is taken unless the other is known to.
    """
    path, early_path = options['path'], options['early_path']
    try:
        early, more = attempt(module, configuration, early_path, chosen, options)
    except rsyslog.RsyslogError as error:
        early, more = None, [to_text(error.args[0])]
    if late and not (early and early.proved_by):
        return late
    if early is None:
        raise rsyslog.RsyslogError(
            'Nothing was changed, because diverted messages would not be moved, or be kept twice: %s. Nor would %s do: '
            '%s. %s' % ('; '.join(obstacles[:5]), early_path, '; '.join(more[:5]),
                        rsyslog_diversion.REMEDY_BEFORE % early_path))
    return early._replace(notes=['The diversion is in %s, because of what comes before %s is read: %s. Log files that '
                                 'are written there do not get diverted messages any more.'
                                 % (early_path, path, '; '.join(obstacles[:5]))] + early.notes)


def attempt(module, configuration, path, chosen, options):
    """Return (Place of a drop-in that diverts there, or None if it would not; the reasons (list of text)).

    Raises RsyslogError where something else would miss messages.
    """
    configuration.doubts(path)
    sure, perhaps = configuration.before(path, *rsyslog_diversion.pairs(chosen))
    text = rsyslog_diversion.render(chosen, (), options['directory'])
    if sure:
        rsyslog_drop_ins.validate(module, configuration, {path: text})  # a broken configuration is no obstacle of ours
        return None, [rsyslog_diversion.too_late(sure, path)]
    masking.refuse(configuration, path, rsyslog_diversion.pairs(chosen)[1], 'The diversion')
    forwarders = configuration.behind(path)
    text = rsyslog_diversion.render(chosen, rsyslog_diversion.copies(forwarders), options['directory'])
    done = Place(path, text, forwarders, 'reading', [])
    if not perhaps and path == options['path']:
        return done, []
    drop_ins = dict.fromkeys([options['path'], options['early_path']])
    drop_ins[path] = text
    rsyslog_drop_ins.validate(module, configuration, {path: text},
                              hint([dict(file=one.file, line=one.line) for one in forwarders]))
    unknown = rsyslog_proof.unexampled(chosen)
    why = ('%s has no example to try it with' % ', '.join(unknown)) if unknown else None
    in_front = configuration.decided(path, rsyslog_diversion.pairs(chosen)[0])
    try:
        unlike = rsyslog_proof.unlike(in_front)
        if unlike:
            raise rsyslog_proof.Unproved('%s reads %s, which a private one cannot have as imjournal hands it over'
                                         % (unlike[0].where(), unlike[1]))
        wrong = rsyslog_drop_ins.prove(module, configuration, drop_ins,
                                       rsyslog_proof.messages(chosen, rsyslog_proof.facilities(in_front)))
        by_text = rsyslog_proof.by_text(in_front, chosen)
        if by_text and not wrong:
            why = why or '%s decides by the text, and the examples do not have all texts' % by_text.where()
    except rsyslog_proof.Unproved as error:
        wrong, why = [], to_text(error.args[0])
    if wrong:
        return None, ['a private rsyslogd with the drop-in %s was sent test messages: %s' % (path, one) for one in wrong]
    if why is None:
        return done._replace(proved_by='rsyslogd'), []
    doubt = ' (%s)' % rsyslog_diversion.too_late(perhaps, path) if perhaps else ''
    return done._replace(proved_by=None, notes=[
        'It is not known whether the diversion works%s, because rsyslogd could not show it: %s.' % (doubt, why)]), [why]
