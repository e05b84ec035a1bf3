# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What logrotate's configuration is to become: which files change, in which order, and what goes back to where.

Nothing is written here; _logrotate/policy.py does. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import grp
import os
import pwd
import re
import stat

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate.host import latin1, native

UNCHANGED = ' Nothing was changed.'


class Plan:
    """The planned changes: `changes`, path -> text or None, in the order of writing; `restored` files.

    `anew`, path -> text: the originals of files that somebody wrote anew since the logs were taken out of them.
    `lost`: logs that no file can get back.
    """

    def __init__(self, now, ours, params, family, result):
        self._family = family
        self.now, self.ours, self.path, self.backup_dir = now, ours, latin1(params['path']), params['backup_dir']
        self.result = result
        self.texts = dict((path, text) for path, text in now.files.items() if path != self.path)
        self.defaults = now.defaults_at(self.path)
        self.changes, self.restored, self.edited = collections.OrderedDict(), [], collections.OrderedDict()
        self.anew, self.lost = {}, []
        self.taken = logrotate.taken_over(ours or '')
        if ours is None:
            self._remember()
        self._before = dict((path, list(paths)) for path, paths in self.taken.items())
        self._text = None

    def _remember(self):
        """Find the paths that were taken although our file is gone: those of an original that no file names any more."""
        for path in self.texts:
            kept = self._original(path)
            if kept is not None:
                gone = [one for one in logrotate.names(kept) if not self.now.naming(one)]
                if gone:
                    self.taken[path] = gone

    def _original(self, path):
        kept = files.original(native(path), self.backup_dir)
        return None if kept is None else kept.decode('latin-1')

    def take(self, rules, release):
        """Remove the logs from other stanzas, and render our text."""
        if self.defaults is None:
            raise logrotate.LogrotateError('%s does not include the directory of %s, so logrotate would never read it. '
                                           'Add: include %s%s' % (
                                               native(self.now.path), native(self.path),
                                               native(os.path.dirname(self.path)), UNCHANGED))
        tolerant, blocked = [], []
        for path in rules:
            for stanza, word in self.now.naming(path):
                if stanza.file == self.path:
                    continue
                if word.text == path:
                    self._take(path, stanza, word)
                elif (release >= logrotate.IGNORE_DUPLICATES and logrotate.is_glob(word.text) and logrotate.glob_regex(word.text).match(path)
                      and self._is_first(stanza)):
                    tolerant.append(path)
                else:
                    blocked.append(
                        '%s, line %d: %s stands for %s too, and logrotate rotates no log that two stanzas name. Name '
                        'the logs there one by one, without this one, or choose another name for the log in the policy'
                        % (native(stanza.file), word.line, native(word.text), path))
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
                % (native(stanza.file), word.line, path, native(os.path.dirname(self.path)), native(self.now.path),
                   UNCHANGED))
        if path in self.taken.get(stanza.file, ()):
            self.result['notes'].append(
                '%s names %s again, after a package update or an edit; it was taken out once more.'
                % (native(stanza.file), path))
            self._renew(stanza.file)
        else:
            self.taken.setdefault(stanza.file, []).append(path)
        self.texts[stanza.file] = self.edited[stanza.file] = logrotate.without(self.texts[stanza.file], [path])

    def _renew(self, path):
        """Take a file that names logs again for its original, with those that it does not name as the former original has them."""
        kept, now = self._original(path), self.now.files[path]
        if path in self.anew or kept in (None, now):
            return
        named = logrotate.names(now)
        self.anew[path] = logrotate.put_back(now, kept, [one for one in self._before.get(path, ()) if one not in named])
        self.result['notes'].append(files.note_of_anew(native(path), self.backup_dir))

    def _is_first(self, stanza):
        """Return whether our file is read before this stanza."""
        order = logrotate.Configuration(
            self.now.path, logrotate.changed_disk(self.now.disk, {self.path: '/ours {\n}\n'}),
            self.now.release).stanzas
        ours = [index for index, one in enumerate(order) if one.file == self.path]
        theirs = [index for index, one in enumerate(order) if (one.file, one.line) == (stanza.file, stanza.line)]
        return ours < theirs

    def _look_at(self, path):
        """Add notes on what this file cannot do for a log."""
        odd = [one for one in self._family(path)[:-1]
               if not re.match(r'-[0-9]{8}(\.[a-z0-9]+)?\Z', one[len(path):])]
        if odd and self.ours is None:
            self.result['notes'].append('%s has %d rotated files of another form, such as %s, which logrotate no '
                                        'longer removes. Remove them when they are old enough.'
                                        % (path, len(odd), odd[0]))

    def give_back(self, rules):
        """Put back the logs that are no longer in the rules."""
        for path, taken in sorted(self.taken.items()):
            returned = [one for one in taken if one not in rules]
            stays = [one for one in taken if one in rules]
            self.result['taken_over'] += [{'path': one, 'from': native(path)} for one in stays]
            if os.path.exists(native(path) + '.rpmnew'):
                self.result['notes'].append('%s.rpmnew is there: the package has a newer %s than the one that was '
                                            'edited. Compare them.' % (native(path), native(path)))
            if returned:
                self._give_back(path, returned, stays)

    def _give_back(self, path, returned, stays):
        kept = self._original(path)
        named = [] if kept is None else logrotate.names(kept)
        # A run that was killed did not take it out, or has brought it back.
        lost = [one for one in returned if (path not in self.texts or one not in named) and not any(
            stanza.file != self.path for stanza, _word in self.now.naming(one))]
        if lost:
            self.lost += lost
            self.result['notes'].append('%s cannot get %s back: %s. Nothing rotates it now.' % (
                native(path), ' '.join(lost), 'there is no such file any more' if kept and path not in self.texts else
                'its original does not name it' if kept is not None else 'its original is not kept'))
            returned = [one for one in returned if one not in lost]
        if not returned or kept is None or path not in self.texts:
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
                                        % (native(path), ' '.join(self._before[path]), named))
        self.result['given_back'] += [{'path': one, 'to': native(path)} for one in returned]
        if not stays:
            self.restored.append(path)
        if after != self.now.files[path] or not stays:
            self.texts[path] = self.edited[path] = after

    def finish(self, rules):
        """Sort the changes so that an interruption does the least harm."""
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
    """Return the name of a user or group from the host's name services, or else its number (str)."""
    try:
        return lookup(number)[0]
    except KeyError:
        return str(number)
