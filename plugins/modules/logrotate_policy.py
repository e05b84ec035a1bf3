#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: logrotate_policy
short_description: Have logrotate keep logs as long as the policy says
version_added: 0.1.0
description:
  - Writes one file of logrotate with a stanza for the logs of the policy. Stock EL keeps four weeks.
  - A log is rotated once a day, never by its size, so a burst makes a file larger and no line go earlier. C(rotate) is
    O(rules[].keep_days) plus two files, C(maxage) is O(rules[].keep_days). What is removed is older than that, and what
    is older by two days is removed when the log is next rotated. An empty log is not rotated.
  - How many bytes that takes is up to what is logged. M(loghygiene.rhel.log_retention_info) tells how long it fits.
  - The rotated file is compressed a day later, as rsyslogd writes to it until it has handled its signal. The new log
    has the owner and mode of the old one.
  - Defaults of C(logrotate.conf) that would keep less or lose lines, such as C(maxsize) and C(copytruncate), are
    overruled in the stanza.
  - logrotate skips with an error what two stanzas name. So each log is taken out of other stanzas, as EL names
    C(/var/log/messages) in C(/etc/logrotate.d/syslog) or C(/etc/logrotate.d/rsyslog). The original is kept.
  - A glob that stands for a log, C(/var/log/*.log), cannot be cut. From logrotate 3.21 on the stanza gets
    C(ignoreduplicates) where it is read before the glob. Otherwise the module fails and names file, line and remedy.
  - When a package update puts the log back into its file, the next run takes it out again.
  - Before anything is written, C(logrotate --debug) reads a private copy of the whole configuration as it will be.
    logrotate's state file is neither read nor written.
options:
  rules:
    description: The logs. Of a path that is given twice, the longest time counts.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The log, an absolute path without spaces or wildcards.
        type: str
        required: true
      keep_days:
        description: Days that each line is kept, at least.
        type: int
        required: true
  state:
    description:
      - With V(absent), the file is removed, and the logs go back to where they were taken from. A file that nobody
        changed since gets its original back byte for byte. In one that somebody changed, the paths are put beside
        their former neighbours, with a note.
    type: str
    choices: [present, absent]
    default: present
  path:
    description: The file to write. It must be in a directory that O(config) includes.
    type: path
    default: /etc/logrotate.d/log_hygiene_policy
  config:
    description: The main configuration file of logrotate.
    type: path
    default: /etc/logrotate.conf
  backup_dir:
    description: Where the first original of an edited file is kept, under its absolute path.
    type: path
    default: /var/lib/log_hygiene/backup
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - loghygiene.rhel.host_lock
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: linux
notes:
  - Needs root and logrotate 3.8.6 or later.
  - The rule works only as long as something starts logrotate every day, C(logrotate.timer) or C(cron.daily).
    M(loghygiene.rhel.log_retention_info) tells.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Keep the general log a year and the log of logins two
  loghygiene.rhel.logrotate_policy:
    rules:
      - path: /var/log/messages
        keep_days: 365
      - path: /var/log/secure
        keep_days: 730

- name: Let EL's own rules have them back
  loghygiene.rhel.logrotate_policy:
    state: absent
'''

RETURN = r'''
taken_over:
  description: Logs that were taken out of other stanzas, now or by an earlier call.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The log.
      type: str
    from:
      description: The file that named it.
      type: str
given_back:
  description: Logs that were put back into other stanzas.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The log.
      type: str
    to:
      description: The file that names it again.
      type: str
previous:
  description: Content of each file that changed before it did, null where there was none.
  type: dict
  returned: always
in_place:
  description: Whether the state asked for is there now. False in check mode where something would change.
  type: bool
  returned: always
in_place_since:
  description: Modification time of O(path) in UTC, null when there is none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
'''

import collections
import grp
import os
import pwd
import re
import shutil
import stat
import tempfile

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils import (
    files, host_lock, logfile, logrotate, logrotate_files, process, safe_paths)

UNCHANGED = ' Nothing was changed.'


def main():
    module = AnsibleModule(
        argument_spec=dict(
            rules=dict(type='list', elements='dict', default=[], options=dict(
                path=dict(type='str', required=True), keep_days=dict(type='int', required=True))),
            state=dict(type='str', choices=['present', 'absent'], default='present'),
            path=dict(type='path', default=logrotate.PATH),
            config=dict(type='path', default=logrotate.CONFIG),
            backup_dir=dict(type='path', default=files.BACKUP_ROOT),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    result = dict(changed=False, taken_over=[], given_back=[], previous={}, notes=[], diff=[])
    try:
        with host_lock.held(module, 'logrotate_policy'):
            apply_policy(module, result)
        path = module.params['path']
        result['in_place_since'] = files.modified_at([path] if os.path.exists(path) else [])
    except (logrotate.LogrotateError, files.FileError) as error:
        module.fail_json(msg=to_text(error.args[0]), **result)
    except EnvironmentError as error:
        module.fail_json(msg='%s: %s.%s' % (error.filename, os.strerror(error.errno), UNCHANGED), **result)
    result['in_place'] = not (module.check_mode and result['changed'])
    module.exit_json(**result)


def apply_policy(module, result):
    """Bring logrotate's configuration to the state asked for. Fills `result`."""
    params = module.params
    rules = logrotate.wanted(params['rules']) if params['state'] == 'present' else {}
    tool = module.get_bin_path('logrotate')
    if tool is None:
        raise logrotate.LogrotateError('logrotate is not installed, so nothing rotates or removes logs. Install '
                                       'logrotate.' + UNCHANGED)
    release = logrotate.version(''.join(run([tool, '--version'])[1:]))
    disk = logrotate_files.Disk(swept(module, result))
    now = logrotate.Configuration(params['config'], disk, release)
    if not now.files:
        raise logrotate.LogrotateError('%s cannot be read, so there is no configuration of logrotate to add to. '
                                       'Install logrotate anew, or set config.%s' % (params['config'], UNCHANGED))
    result['notes'] += ['%s: %s.' % (path, reason) for path, reason in now.ignored if reason.startswith('logrotate')]
    ours = own_text(params['path'], disk)
    plan = Plan(now, ours, params, result)
    if rules:
        plan.take(rules, release)
    plan.give_back(rules)
    plan.finish(rules)
    if plan.changes:
        validate(module, tool, now, plan.changes, rules, release, result)
        carry_out(module, plan, result)


def swept(module, result):
    """Take away what runs that were killed left, or in check mode only look; the paths. Notes them in `result`."""
    params = module.params
    folder = os.path.dirname(params['path'])
    paths = [params['path'], params['config']] + [
        os.path.join(folder, name) for name in (os.listdir(folder) if os.path.isdir(folder) else ())]
    return files.sweep_for(module, paths, params['backup_dir'], result)


def run(arguments, **more):
    """process.run of logrotate. Raises LogrotateError when it does not end."""
    try:
        return process.run(arguments, **more)
    except EnvironmentError as error:
        raise logrotate.LogrotateError('%s cannot be run: %s.%s' % (arguments[0], error.strerror, UNCHANGED))


def own_text(path, disk):
    """The text of our file, None when there is none. Raises LogrotateError when it is somebody else's."""
    if disk.kind(path) is None:
        return None
    text = disk.read(path)
    if not text.startswith(logrotate.MARK):
        raise logrotate.LogrotateError('%s was not written by this collection, or its first line was changed. Move it '
                                       'away.%s' % (path, UNCHANGED))
    return text


class Plan:
    """What is going to change: `changes`, path -> text or None, in the order of writing; `restored` files."""

    def __init__(self, now, ours, params, result):
        self.now, self.ours, self.path, self.backup_dir = now, ours, params['path'], params['backup_dir']
        self.result = result
        self.texts = dict((path, text) for path, text in now.files.items() if path != self.path)
        self.defaults = now.defaults_at(self.path)
        self.changes, self.restored, self.edited = collections.OrderedDict(), [], collections.OrderedDict()
        self.taken = logrotate.taken_over(ours or '')
        if ours is None:
            self._remember()
        self._before = dict((path, list(paths)) for path, paths in self.taken.items())
        self._text = None

    def _remember(self):
        """Our file is gone, but not what was taken: paths of an original that nobody names any more."""
        for path in self.texts:
            kept = self._original(path)
            if kept is not None:
                gone = [one for one in logrotate.names(kept) if not self.now.naming(one)]
                if gone:
                    self.taken[path] = gone

    def _original(self, path):
        kept = files.original(path, self.backup_dir)
        return None if kept is None else kept.decode('latin-1')

    def take(self, rules, release):
        """Take the logs out of other stanzas, and make our text."""
        if self.defaults is None:
            raise logrotate.LogrotateError('%s does not include the directory of %s, so logrotate would never read it. '
                                           'Add: include %s%s' % (self.now.path, self.path, os.path.dirname(self.path),
                                                                  UNCHANGED))
        tolerant, blocked = [], []
        for path in rules:
            for stanza, word in self.now.naming(path):
                if stanza.file == self.path:
                    continue
                if word.text == path:
                    self._take(path, stanza, word)
                elif release >= logrotate.IGNORE_DUPLICATES and self._is_first(stanza):
                    tolerant.append(path)
                else:
                    blocked.append(
                        '%s, line %d: %s stands for %s too, and logrotate rotates no log that two stanzas name. Name '
                        'the logs there one by one, without this one, or choose another name for the log in the policy'
                        % (stanza.file, word.line, word.text, path))
        if blocked:
            raise logrotate.LogrotateError('%s.%s' % ('; '.join(blocked), UNCHANGED))
        kept = dict((path, [one for one in paths if one in rules]) for path, paths in self.taken.items())
        kept = dict((path, paths) for path, paths in kept.items() if paths)
        owners = dict((path, owner_of(path)) for path in rules)
        self._text = logrotate.render(rules, self.defaults, owners, kept, tolerant)
        for path in rules:
            self._look_at(path)

    def _take(self, path, stanza, word):
        if stanza.file.startswith('/usr/'):
            raise logrotate.LogrotateError(
                '%s, line %d names %s too, and files below /usr belong to the vendor. Put a copy of the file into %s, '
                'have %s include that instead, and run this again.%s'
                % (stanza.file, word.line, path, os.path.dirname(self.path), self.now.path, UNCHANGED))
        if path in self.taken.get(stanza.file, ()):
            self.result['notes'].append(
                '%s names %s again, after a package update or an edit; it was taken out once more.'
                % (stanza.file, path))
        else:
            self.taken.setdefault(stanza.file, []).append(path)
        self.texts[stanza.file] = self.edited[stanza.file] = logrotate.without(self.texts[stanza.file], [path])

    def _is_first(self, stanza):
        """Is our file read before this stanza?"""
        order = logrotate.Configuration(
            self.now.path, logrotate.changed_disk(self.now.disk, {self.path: '/ours {\n}\n'}),
            self.now.release).stanzas
        ours = [index for index, one in enumerate(order) if one.file == self.path]
        theirs = [index for index, one in enumerate(order) if (one.file, one.line) == (stanza.file, stanza.line)]
        return ours < theirs

    def _look_at(self, path):
        """Note what of a log this file cannot do."""
        odd = [one for one in logfile.family(path)[:-1]
               if not re.match(r'-[0-9]{8}(\.[a-z0-9]+)?\Z', one[len(path):])]
        if odd and self.ours is None:
            self.result['notes'].append('%s has %d rotated files of another form, such as %s, which logrotate no '
                                        'longer removes. Remove them when they are old enough.'
                                        % (path, len(odd), odd[0]))

    def give_back(self, rules):
        """Put back what was taken for logs that are no longer in the rules."""
        for path, taken in sorted(self.taken.items()):
            returned = [one for one in taken if one not in rules]
            stays = [one for one in taken if one in rules]
            self.result['taken_over'] += [{'path': one, 'from': path} for one in stays]
            if os.path.exists(path + '.rpmnew'):
                self.result['notes'].append('%s.rpmnew is there: the package has a newer %s than the one that was '
                                            'edited. Compare them.' % (path, path))
            if returned:
                self._give_back(path, returned, stays)

    def _give_back(self, path, returned, stays):
        kept = self._original(path)
        if path not in self.texts or kept is None:
            self.result['notes'].append('%s cannot get %s back: %s. Nothing rotates it now.' % (
                path, ' '.join(returned), 'there is no such file any more' if kept else 'its original is not kept'))
            return
        current = self.texts[path]
        if self.now.files[path] == logrotate.without(kept, self._before[path]):
            after = logrotate.without(kept, stays)
        else:
            elsewhere = [one for one in returned if any(stanza.file != self.path for stanza, _word in
                                                        self.now.naming(one))]
            returned = [one for one in returned if one not in elsewhere]
            after = logrotate.put_back(current, kept, returned)
            named = ' %s is named elsewhere now.' % ' '.join(elsewhere) if elsewhere else ''
            self.result['notes'].append('%s was changed since %s was taken out of it, so only that was undone.%s'
                                        % (path, ' '.join(self._before[path]), named))
        self.result['given_back'] += [{'path': one, 'to': path} for one in returned]
        if not stays:
            self.restored.append(path)
        if after != self.now.files[path] or not stays:
            self.texts[path] = self.edited[path] = after

    def finish(self, rules):
        """Bring the changes into the order in which an end in the middle does least."""
        if rules and self._text != self.ours:
            # The file that says what was taken comes before the taking.
            self.changes[self.path] = self._text
        self.changes.update((path, text) for path, text in self.edited.items()
                            if text != self.now.files[path] or path in self.restored)
        if not rules and self.ours is not None:
            self.changes[self.path] = None


def owner_of(path):
    """What a stanza says of owners: `create` of the new file as the log has them. Never `su`: it wants root's right.

    logrotate refuses to rotate where others could put a link in root's way, unless `su` tells it to. So do we.
    """
    try:
        info = os.stat(path)
        create = (stat.S_IMODE(info.st_mode), name_of(pwd.getpwuid, info.st_uid), name_of(grp.getgrgid, info.st_gid))
    except OSError:
        create = (0o600, 'root', 'root')
    unsafe = safe_paths.check(path)
    if unsafe:
        raise logrotate.LogrotateError('rules: %s%s' % (unsafe, UNCHANGED))
    return dict(create=create, su=None)


def name_of(lookup, number):
    """The name of a user or group as the host's name services know it, else its number (str)."""
    try:
        return lookup(number)[0]
    except KeyError:
        return str(number)


def validate(module, tool, now, changes, rules, release, result):
    """Have logrotate read the whole configuration as it will be. Raises LogrotateError with what it says."""
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
                path, times[path], ' It complains: %s. Mend that first.' % '; '.join(new) if new else '', UNCHANGED))
    if new:
        result['notes'].append('logrotate complains of the configuration in %s also without this change: %s.'
                               % (now.path, '; '.join(new)))


def debug(module, tool, configuration):
    """(What logrotate complains about (list), all it says), of a private copy of a configuration."""
    root = os.path.realpath(tempfile.mkdtemp(prefix='logrotate-', dir=module.tmpdir))
    try:
        texts, directories = configuration.staged(root)
        for path in directories + [os.path.dirname(path) for path in texts]:
            if not os.path.isdir(path):
                os.makedirs(path, 0o700)
        state = os.path.join(root, 'state')
        texts[state] = (None, 'logrotate state -- version 2\n')  # 3.18 complains when there is none
        for path, (_real, text) in texts.items():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as copy:
                copy.write(text.encode('latin-1'))
        _status, out, err = run([tool, '--debug', '--state', state, root + configuration.path], cwd='/')
    finally:
        shutil.rmtree(root)
    said = to_text(out) + to_text(err)
    return logrotate.errors_of(said, root), said


def carry_out(module, plan, result):
    """Write what is planned, each original kept before. When that fails, put back what was written, and tell."""
    result['changed'] = True
    done, kept = [], []
    for path, text in plan.changes.items():
        before = plan.ours if path == plan.path else plan.now.files[path]
        result['previous'][path] = before
        result['diff'].append(dict(
            before_header=path if before is not None else '%s (absent)' % path,
            after_header=path if text is not None else '%s (absent)' % path,
            before=before or '', after=text or ''))
        if module.check_mode:
            continue
        done.append((path,) + tuple(None if one is None else one.encode('latin-1') for one in (before, text)))
        copy = files.backup_path(path, plan.backup_dir)
        if path != plan.path and not os.path.lexists(copy):
            kept.append(copy)
        try:
            if path == plan.path:
                files.put(module, path, done[-1][2], mode=0o644)
            else:
                write_other(module, plan, path, text)
        except files.FileError as error:
            raise files.FileError('%s %s' % (error, back_out(module, plan, done, kept)))


def back_out(module, plan, done, kept):
    """Put back what was written; what the files hold then (text). An end in the middle of an undoing goes on later."""
    if plan.restored:
        return files.told(done) + ' Run this again.'
    for path, before, _after in reversed(done):
        try:
            if files.content_of(path) != before:
                files.put(module, path, before)
        except files.FileError:
            kept = []  # its original is still needed
    for copy in kept:
        if os.path.lexists(copy):
            files.remove(copy)
    return files.told(done)


def write_other(module, plan, path, text):
    """Write a file that is not ours. Its original goes back byte for byte, also as the link it may have been."""
    kept = files.original(path, plan.backup_dir)
    if path in plan.restored and kept == text.encode('latin-1'):
        files.restore(path, plan.backup_dir, module)
        return
    files.backup(path, plan.backup_dir, module)
    files.write_atomic(module, path, text.encode('latin-1'))
    if path in plan.restored:
        files.remove(files.backup_path(path, plan.backup_dir))


if __name__ == '__main__':
    main()
