# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: set one key of a configuration file, in the syntax of that file.

The program that reads the file says what counts, before and after, and tests the new file before it is there: in a mount
namespace of its own, where a copy stands in its place, so that includes and relative paths are those of the real one.
What was changed is kept in a file of its own, line by line, and is written first, so that a run that was killed is
finished by the next one.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import glob
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process, safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import (
    contract as remedy, _config_programs as programs, _config_syntax as syntax, _drop_in as drop_in)

KIND = 'config_value'
REQUIRES = 'none'
ROOT_FOR = 'change configuration files'
ITEM = dict(
    file=dict(type='path', required=True),
    key=dict(type='str', required=True, no_log=False),
    value=dict(type='raw'),
    section=dict(type='str'),
    without=dict(type='list', elements='str', default=[]),
    opt_in_reason=dict(type='str'))
OPTIONS = dict(state_dir=dict(type='path', default='/var/lib/log_hygiene/config'))
HEADER = u'# Written by loghygiene.rhel.config_value\n'
SETTLED = 1.0   # seconds that a service has to stay up after it was reloaded
STARTED = 30    # seconds that it has to come up
SBIN = ['/usr/sbin', '/sbin']
# Runs a command where copies stand in the place of files. unshare of RHEL 7 leaves the mounts shared with the host.
PRIVATE = ('mount --make-rprivate / || exit 126; while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 126; shift 2; done; shift; '
           'exec "$@"')
REFUSED = ' Nothing was changed.'

# What an item asks for. `value` is None for a key that is not to be set.
Wanted = collections.namedtuple('Wanted', 'path program key section value signature_ids reason')


def apply(module, items, state, options, result):
    """Bring the keys of the items to the state. Fills `result`. Raises RemedyError and FileError."""
    wanted = merged(items, state)
    if any(one.program.takes == programs.RESTART for one in wanted):
        result['requires'] = programs.RESTART
    root = options['state_dir']
    # Of a signature that asks for something else by now, what it asked for before goes.
    paths = sorted(set(kept(root)) | set(one.path for one in wanted))
    files.sweep_for(module, [path for one in paths for path in (one, record_path(root, one))], None, result)
    held = [File(path, root) for path in paths]
    named = set(drop_in.native(item['signature_id']) for item in items)
    for one in held:
        here = [each for each in wanted if each.path == one.path and state == 'present']
        one.put_back(here, named if items or state == 'present' else None, result)
        if here:
            one.set(here, module, result)
    carry_out(module, held, result)
    if state == 'present':
        here = [one for one in held if os.path.lexists(one.record_path)]
        remedy.carry(result, [one.path for one in here], ours=False)
        result['in_place_since'] = files.modified_at([one.record_path for one in here])


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items. The record knows whom each key is for."""
    apply(module, items, 'absent', options, result)


def merged(items, state='present'):
    """Return a Wanted for each key of the items. Raises RemedyError. To undo them, it says nothing to what they set a key."""
    found = collections.OrderedDict()
    for item in items:
        name = drop_in.native(item['signature_id'])
        if not drop_in.SIGNATURE_ID.match(name):
            raise remedy.RemedyError('signature_id: %s is not the id of a signature. Nothing was changed.' % drop_in.shown(name))
        path, section = drop_in.native(item['file']), item['section']
        program = programs.program_of(path)
        if program is None:
            raise remedy.RemedyError('file: %s is none of those in which keys are set here: %s. Nothing was changed.' % (
                drop_in.shown(path), ', '.join(one.main for one in programs.PROGRAMS)))
        if isinstance(item['value'], (bool, dict, list, float)):
            raise remedy.RemedyError('value: %s is not a text or a number. Write yes and no in quotes. Nothing was changed.'
                                     % drop_in.shown(item['value']))
        reason = item['opt_in_reason']
        if reason is not None and not re.match(r'[^\x00-\x1f\x7f]{1,300}\Z', reason):
            raise remedy.RemedyError('opt_in_reason: %s is not a reason: 1 to 300 characters in one line. Nothing was changed.'
                                     % drop_in.shown(reason))
        section = None if section is None else drop_in.native(section)
        for key, value in [(item['key'], item['value'])] + [(each, None) for each in item['without']]:
            key, value = drop_in.native(key), None if value is None else drop_in.native(value)
            try:
                program.syntax.check(key, value, section)
            except syntax.Refused as error:
                raise remedy.RemedyError(error.told(path) + REFUSED)
            place = (path, section, key.lower() if program.syntax.ANY_CASE else key)
            one = Wanted(path, program, key, section, value, (name,), reason)
            other = found.setdefault(place, one)
            if other.value != value and state == 'present':
                raise contradiction(other, one)
            found[place] = other._replace(signature_ids=tuple(sorted(set(other.signature_ids + one.signature_ids))), reason=other.reason or reason)
    return list(found.values())


def contradiction(*both):
    """Return the RemedyError for two Wanted that cannot both be."""
    return remedy.RemedyError(
        'Signatures %s and %s contradict each other: "%s" and "%s". Take one of them out of the run. Nothing was changed.' % (
            tuple(', '.join(one.signature_ids) for one in both) + tuple(described(one.key, one.value) for one in both)))


def described(key, value):
    """Return a setting for a message."""
    return 'no %s' % key if value is None else '%s %s' % (key, value)


# --- what was changed


def record_path(root, path):
    """Return where the changes of a file are kept."""
    return '%s%s.json' % (root, path)


def kept(root):
    """Return the paths of the files of which changes are kept (sorted list)."""
    return sorted(os.path.join(folder, name)[len(root):-len('.json')] for folder, _folders, names in os.walk(root)
                  for name in names if name.endswith('.json') and programs.program_of(os.path.join(folder, name)[len(root):-len('.json')]))


def digest(content):
    """Return the checksum of a file (bytes, None for no file)."""
    return None if content is None else hashlib.sha256(content).hexdigest()


class File(object):
    """A configuration file: what it holds, and what it shall hold.

    Its record has `edits` and `created`: whether we made the file, `sha256`: of the file with these edits, and while it
    is written `next`: the same three afterwards. An edit has `key`, `section`, `value`, `signature_ids`, and `steps`:
    `offset`, `before` and `after`, in whole lines.
    """

    def __init__(self, path, root):
        """Raises RemedyError and FileError."""
        self.path, self.program, self.record_path = path, programs.program_of(path), record_path(root, path)
        self.before = files.content_of(path)
        self.record = files.content_of(self.record_path)
        found = self._parsed()
        self.unfinished = found['next'] is not None
        if self.unfinished and found['next']['sha256'] == digest(self.before):
            found = found['next']
        # As text, because the edits change from here on.
        self.former = json.dumps(dict(found, next=None), sort_keys=True)
        self.edits, self.created = found['edits'], found['created']
        self.text = u'' if self.before is None else self.before.decode('latin-1')
        for step in self._steps():
            if step['offset'] is None or found['sha256'] != digest(self.before):
                step['offset'] = syntax.locate(self.text, step['after'])
        self.reader = None   # the Reader that has to confirm what is set here

    def _parsed(self):
        if self.record is None:
            return dict(edits=[], created=False, sha256=digest(self.before), next=None)
        try:
            found = json.loads(self.record.decode('utf-8'))
            for one in (found, found['next'] or found):
                for edit in one['edits']:
                    dict((name, edit[name]) for name in ('key', 'section', 'value', 'signature_ids'))
                    dict((name, step[name]) for step in edit['steps'] for name in ('offset', 'before', 'after'))
                dict((name, one[name]) for name in ('created', 'sha256'))
            return found
        except (ValueError, KeyError, TypeError) as error:
            raise remedy.RemedyError('%s is damaged (%s), so it is not known what %s was. Bring the file to what it should be, and '
                                     'remove that one. Nothing was changed.' % (self.record_path, error, self.path))

    @property
    def after(self):
        """What the file shall hold (bytes, None for no file)."""
        return None if not self.text and (self.created or self.before is None) else self.text.encode('latin-1')

    @property
    def changed(self):
        """Whether the file has to be written."""
        return self.before != self.after

    def now(self):
        """Return the record once the file holds what it shall hold (dict)."""
        return dict(edits=self.edits, created=self.created, sha256=digest(self.after), next=None)

    def asks_for_another(self):
        """Return whether the record has to be written, besides for where the edits stand."""
        edits = [dict(each, steps=len(each['steps'])) for one in (self.edits, json.loads(self.former)['edits']) for each in one]
        return edits[:len(self.edits)] != edits[len(self.edits):]

    def _steps(self):
        return [step for edit in self.edits for step in edit['steps']]

    def _replace(self, offset, old, new):
        """Replace a part of the text, and move what stands behind it."""
        self.text = self.text[:offset] + new + self.text[offset + len(old):]
        for step in self._steps():
            if step['offset'] is not None and (step['offset'] > offset or step['offset'] == offset and not old):
                step['offset'] += len(new) - len(old)

    def edit_of(self, key, section):
        """Return our edit of a key (dict), None without one."""
        return next((one for one in self.edits if self.program.syntax.same(one['key'], key) and one['section'] == section), None)

    def stands(self, edit):
        """Return whether an edit is as we wrote it."""
        return all(step['offset'] is not None and self.text.startswith(step['after'], step['offset']) for step in edit['steps'])

    def undo(self, edit):
        """Take an edit that stands out of the text."""
        for step in reversed(edit['steps']):
            self._replace(step['offset'], step['after'], step['before'])
        self.edits.remove(edit)

    def set(self, wanted, module, result):
        """Set the keys that are wanted of this file. Raises RemedyError."""
        if os.path.islink(self.path):
            raise remedy.RemedyError('The file %s leads to %s. Name the file itself. Nothing was changed.' % (
                self.path, os.path.realpath(self.path)))
        if not self.is_there():
            result['notes'].append('There is no %s on this host, so nothing had to be done.' % self.path)
            return
        reader = Reader(module, self.program)
        said = reader.demand_sound()
        for one in wanted:
            try:
                self._set(one, reader, said, result)
            except syntax.Refused as error:
                raise remedy.RemedyError(error.told(self.path) + REFUSED)
        if self.changed:
            self.demand_writable()

    def is_there(self):
        """Return whether the program is: there is the file, or its folder of drop-ins and its main file."""
        return self.before is not None or self.path != self.program.main and all(
            os.path.exists(one) for one in (self.program.main, os.path.dirname(self.path)))

    def _set(self, one, reader, said, result):
        prior = self.edit_of(one.key, one.section)
        names = set(prior['signature_ids']) if prior else set()
        if names - set(one.signature_ids) and prior['value'] != one.value:
            raise contradiction(Wanted(self.path, self.program, prior['key'], one.section, prior['value'],
                                       tuple(sorted(names - set(one.signature_ids))), None), one)
        # What is obsolete has no effect, and what is not there needs not go.
        dead = one.value is None and (reader.is_so(one, self.text) or re.search(
            r'(?i)(?:Deprecated|Unsupported) option %s\b' % re.escape(one.key), said))
        why = None if dead else programs.safeguard(self.program, one.key, one.value)
        if why is not None and one.reason is None:
            raise remedy.RemedyError(
                '%s: %s is not set, because %s. Take signature %s out of the run, or give it an opt_in_reason. Nothing was changed.' % (
                    self.path, described(one.key, one.value), why, ', '.join(one.signature_ids)))
        if why is not None:
            result['notes'].append('%s: %s may lower a safeguard: %s. The reason that was given: %s' % (
                self.path, described(one.key, one.value), why, one.reason))
        so = reader.is_so(one, self.text)
        if not so and prior and not self.stands(prior):
            raise remedy.RemedyError(self.differs(prior) + ' ' + 'Set it back, or leave the host out of it. Nothing was changed.')
        if not so and prior and prior['value'] != one.value:
            self.undo(prior)
            prior, so = None, reader.is_so(one, self.text)
        if not so:
            if prior is None:
                prior = dict(key=one.key, section=one.section, value=one.value, signature_ids=[], steps=[])
                self.edits.append(prior)
                self._step(prior, one)
            reader.due.append(one)
            self.reader = reader
        if prior:
            prior['signature_ids'] = sorted(names | set(one.signature_ids))

    def _step(self, edit, one):
        while True:
            text = self.text if self.before is not None or self.text else HEADER
            after = self.program.syntax.changed(text, one.key, one.value, one.section)
            if after == text:
                return
            offset, old, new = syntax.edit(self.text, after)
            self._replace(offset, old, new)
            edit['steps'].append(dict(offset=offset, before=old, after=new))
            if self.before is None:
                self.created = True
            if one.value is not None:
                return

    def differs(self, edit):
        """Return what somebody made of an edit (text)."""
        try:
            now = self.program.syntax.find(self.text, edit['key'], edit['section'], anywhere=True)
        except syntax.Refused:
            now = []
        return '%s was edited since: %s is %s there now, and this collection wrote %s.' % (
            self.path, edit['key'], drop_in.shown(now[0].value) if now else 'not set',
            drop_in.shown(' '.join(step['after'].strip() for step in edit['steps'])))

    def put_back(self, wanted, named, result):
        """Take out what was done for signatures (set of their ids, None for all), but for what is wanted still.

        What was edited since stays, and is noted.
        """
        for edit in reversed(list(self.edits)):
            still = set(name for one in wanted if self.program.syntax.same(one.key, edit['key']) and one.section == edit['section']
                        for name in one.signature_ids)
            left = [name for name in edit['signature_ids'] if named is not None and (name in still or name not in named)]
            if left == edit['signature_ids']:
                continue
            if left:
                edit['signature_ids'] = left
            elif self.before is None:
                result['notes'].append('%s is gone, so nothing is put back.' % self.path)
                self.edits.remove(edit)
            elif self.stands(edit) and not os.path.islink(self.path):
                self.undo(edit)
            else:
                result['notes'].append('%s It stays.' % self.differs(edit))
                result['in_place'] = False

    def demand_writable(self):
        """Raise RemedyError if the file cannot be written safely."""
        unsafe = safe_paths.check(self.path, link=True)
        if unsafe:
            raise remedy.RemedyError('file: %s Nothing was changed.' % unsafe)


# --- what the program says


class Reader(object):
    """The program that reads a file: whether it takes its files, and what of them counts. Writes nothing but copies."""

    def __init__(self, module, program):
        self._module, self.program = module, program
        self.due = []   # list of Wanted that it has to confirm
        self.missing = bool(program.test) and module.get_bin_path(program.test[0], opt_dirs=SBIN) is None

    def run(self, command, contents=None):
        """Run a command, with these contents ({path: bytes, None for no file}) in the place of the files.

        Return (exit status, stdout, stderr). Raises RemedyError.
        """
        command = [self._module.get_bin_path(command[0], opt_dirs=SBIN) or command[0]] + list(command[1:])
        if not contents:
            return process.run(command, cwd='/')
        folder = tempfile.mkdtemp(dir=self._module.tmpdir)
        try:
            pairs = copies(contents, folder)
            found = process.run(['unshare', '--mount', 'sh', '-c', PRIVATE, 'sh'] + [each for pair in pairs for each in pair] + ['--'] + command, cwd='/')
        finally:
            shutil.rmtree(folder, True)
        if found[0] == 126 or found[2].startswith('unshare:'):
            raise remedy.RemedyError('What %s says of the new file cannot be asked, because this host makes no mount namespace: %s. Nothing '
                                     'was changed.' % (self.program.name, found[2].strip()))
        return found

    def demand_sound(self):
        """Raise RemedyError if the program does not take its files as they are. Return what it complains of (text)."""
        if self.missing or not self.program.test:
            return ''
        status, out, err = self.test()
        if status:
            raise remedy.RemedyError('%s does not take its configuration as it is now: %s. Mend that first. Nothing was changed.' % (
                self.program.name, complaint(out, err)))
        return err

    def test(self, contents=None):
        """Have the program test its files. Return (exit status, stdout, stderr)."""
        if self.program.ask == 'chronyd' and not self.can_print():
            return 0, '', ''
        found = self.run(self.program.test, contents)
        if found[0] == 0 and self.program.writing_test and contents and not self._module.check_mode:
            found = self.run(self.program.writing_test, contents)
        return found

    def can_print(self):
        """Return whether this chronyd prints its configuration (from 4.0 on)."""
        return '-p' in self.run(('chronyd', '-h'))[1].split()

    def demand_accepted(self, contents):
        """Raise RemedyError if the program does not take these contents, or they would not count. Return notes."""
        path = ', '.join(sorted(contents))
        if self.missing or not self.program.test:
            return ['%s has no program on this host that tests it, so only its syntax was looked at.' % path]
        status, out, err = self.test(contents)
        if status:
            raise remedy.RemedyError('%s does not take what %s would hold: %s. Nothing was changed.' % (
                self.program.name, path, complaint(out, err)))
        if self.program.ask == 'chronyd' and not self.can_print():
            return ['%s has no program on this host that tests it, so only its syntax was looked at.' % path]
        for one in self.due:
            there = self.in_force(one, contents)
            if there is None or one.value is None and (self.program.ask in ('sshd', 'postfix') or not there):
                continue
            if one.value is None or there != self.meant(one):
                raise remedy.RemedyError('%s would still not count for %s, which has %s for it%s. Change it there, or leave the host out of it. '
                                         'Nothing was changed.' % (described(one.key, one.value), self.program.name, ', '.join(
                                             drop_in.shown(each) for each in there) or 'nothing', self.places(one, contents)))
        return []

    def places(self, one, contents):
        """Return where else a key is set, for a message."""
        program, found = self.program, []
        for path in [program.main] + (sorted(glob.glob(os.path.join(program.drop_ins, '*.conf'))) if program.drop_ins else []):
            text = contents[path] if path in contents else files.content_of(path)
            if path != one.path and text is not None:
                text = text.decode('latin-1')
                found += ['%s, line %d' % (path, syntax.number(text, each)) for each in program.syntax.find(text, one.key)]
        return ' (%s)' % '; '.join(found) if found else ''

    def is_so(self, one, text):
        """Return whether a setting is in force already: by what the program says, else by the text of the file."""
        if one.value is None:
            return not self.program.syntax.find(text, one.key, one.section, anywhere=True)
        contents = {one.path: text.encode('latin-1')} if text.encode('latin-1') != files.content_of(one.path) and text else None
        there = None if self.missing else self.in_force(one, contents)
        if there is not None:
            return there == self.meant(one)
        return self.program.syntax.in_force(text, one.key, one.section) == ' '.join(one.value.split())

    def in_force(self, one, contents=None):
        """Return the values that the program has for a key (list of text), None where it does not tell. Raises RemedyError."""
        return ASK[self.program.ask](self, one, contents) if self.program.ask else None

    def meant(self, one):
        """Return what in_force() would be if a setting counted. Raises RemedyError."""
        text = MINIMAL.get(self.program.ask)
        if text is None:
            return [' '.join(one.value.split())]
        found = self.in_force(one, {self.program.main: text(self, one).encode('latin-1')})
        if not found:
            raise remedy.RemedyError('%s does not tell of %s: it is obsolete, or another name of one that it tells of. Nothing was changed.' % (
                self.program.name, one.key))
        return found

    def answer(self, one, command, contents):
        """Return what a program prints. Raises RemedyError if it does not do it."""
        status, out, err = self.run(command, contents)
        if status:
            raise remedy.RemedyError('%s does not take %s: %s. Nothing was changed.' % (
                self.program.name, described(one.key, one.value), complaint(out, err)))
        return out


def copies(contents, folder):
    """Write contents ({path: bytes, None for no file}) below a folder. Return (copy, path of what it stands for), a list.

    For a file that comes or goes, that is its directory.
    """
    directories = dict((os.path.dirname(path), None) for path, content in contents.items() if content is None or not os.path.exists(path))
    for number, path in enumerate(sorted(directories)):
        directories[path] = os.path.join(folder, 'd%d' % number)
        shutil.copytree(path, directories[path], symlinks=True)
        dress(path, directories[path])
    pairs = [(copy, path) for path, copy in sorted(directories.items())]
    for number, (path, content) in enumerate(sorted(contents.items())):
        inside = directories.get(os.path.dirname(path))
        copy = os.path.join(inside, os.path.basename(path)) if inside else os.path.join(folder, 'f%d' % number)
        if content is None:
            os.unlink(copy)
            continue
        with open(copy, 'wb') as target:
            target.write(content)
        if os.path.exists(path):
            dress(path, copy)
        if not inside:
            pairs.append((copy, path))
    return pairs


def dress(path, copy):
    """Give a copy the mode, owner, time and, where there is one, SELinux context of what it is a copy of."""
    info = os.stat(path)
    os.chown(copy, info.st_uid, info.st_gid)
    os.chmod(copy, stat.S_IMODE(info.st_mode))
    os.utime(copy, (info.st_atime, info.st_mtime))   # postfix waits for a file to cool down that is new
    if os.path.exists('/sys/fs/selinux/enforce'):
        process.run(['chcon', '--reference', path, copy])


def complaint(out, err):
    """Return what a program complains of (text of one line, without a full stop)."""
    lines = [line.strip() for line in (err.strip() or out.strip()).split('\n')]
    return drop_in.native('; '.join(lines[:5]))[:600].rstrip('.; ') or 'it says nothing'


def ask_sshd(reader, one, contents):
    """Ask `sshd -T`, which ends at a Match of a new one unless it is told of a connection: one that nobody has."""
    status, out, err = reader.run(('sshd', '-T'), contents)
    if status and 'connection test specification' in err:
        out = reader.answer(one, ('sshd', '-T', '-C', 'user=log_hygiene.nobody,host=log-hygiene.invalid,addr=192.0.2.1'), contents)
    elif status:
        out = reader.answer(one, ('sshd', '-T'), contents)
    return [line.partition(' ')[2] for line in out.splitlines() if line.partition(' ')[0].lower() == one.key.lower()]


def one_line_sshd(reader, one):
    """Return a sshd_config with a setting alone, and the host keys without which sshd says nothing."""
    keys = ask_sshd(reader, one._replace(key='HostKey'), None)
    return ''.join('HostKey %s\n' % key for key in keys) + '%s %s\n' % (one.key, one.value)


def ask_named(reader, one, contents):
    """Ask `named-checkconf -p`, which prints all files as one."""
    return [each.value for each in reader.program.syntax.find(reader.answer(one, ('named-checkconf', '-p', reader.program.main), contents), one.key)]


def ask_postfix(reader, one, contents):
    """Ask `postconf -h`. Of a parameter that it does not know it says nothing."""
    out = reader.answer(one, ('postconf', '-h', one.key), contents)
    return [' '.join(out.split())] if out else []


def ask_httpd(reader, one, contents):
    """Ask mod_info, which prints all files as one. It is loaded for that; httpd is not started."""
    status, out, _err = reader.run(('httpd', '-C', 'LoadModule info_module modules/mod_info.so', '-t', '-D', 'DUMP_CONFIG'), contents)
    if status or not out.startswith('#'):
        return None   # the module is not there
    found = [each.value for each in reader.program.syntax.find(out, one.key)]
    return found[-1:] if len(set(value.lower() for value in found)) == 1 else found


def ask_chronyd(reader, one, contents):
    """Ask `chronyd -p`, which prints all files as one."""
    if not reader.can_print():
        return None
    return [each.value for each in reader.program.syntax.find(reader.answer(one, reader.program.test, contents), one.key)]


ASK = dict(sshd=ask_sshd, named=ask_named, postfix=ask_postfix, httpd=ask_httpd, chronyd=ask_chronyd)
# The file with a setting alone, by which the program says what it makes of the value.
MINIMAL = dict(sshd=one_line_sshd, named=lambda reader, one: 'options { %s %s; };\n' % (one.key, one.value))


# --- the change


def carry_out(module, held, result):
    """Have the programs test all, write the files, and have the services read them: all of it or none.

    Raises RemedyError and FileError.
    """
    changed = [one for one in held if one.changed]
    for program in programs.PROGRAMS:
        contents = dict((one.path, one.after) for one in changed if one.program == program)
        if contents:
            reader = Reader(module, program)
            reader.due = [each for one in held if one.program == program and one.reader for each in one.reader.due]
            result['notes'] += reader.demand_accepted(contents)
    for one in held:   # what is written already, and does not count
        if one.reader and not one.changed and one.program.ask:
            one.reader.demand_accepted({one.path: one.before})
    due = [one for one in held if one.changed or one.unfinished]
    if not module.check_mode:
        write(module, held, due, result)
    for one in changed:
        remedy.report(result, one.path, 'remove' if one.after is None else 'create' if one.before is None else 'edit', one.before, one.after)
    if due:
        result['changed'] = True


def write(module, held, due, result):
    """Write the files, and have the services read them. Raises RemedyError and FileError."""
    written = False
    try:
        for one in due:
            put_record(module, one, encoded(dict(json.loads(one.former), next=one.now())))
        written = True
        for one in due:
            if one.changed:
                files.put(module, one.path, one.after, one.program.mode if one.before is None else None)
        read_anew(module, due, result)
    except (remedy.RemedyError, files.FileError) as error:
        left = restore(module, due, written)
        result['changed'] = result['changed'] or bool(left)
        if left:
            raise remedy.RemedyError('%s But %s could not be put back.' % (
                remedy.error_message(error).replace(REFUSED, ''), ', '.join(left)))
        raise
    try:
        for one in held:
            if one in due or one.asks_for_another():
                put_record(module, one, encoded(one.now()) if one.edits else None)
    except files.FileError:
        result['changed'] = True   # the next run finds the record unfinished, and finishes it
        raise


def encoded(record):
    """Return a record (dict) as what its file holds (bytes)."""
    return (json.dumps(record, indent=2, sort_keys=True) + '\n').encode('ascii')


def put_record(module, one, content):
    """Write or remove the record of a File. Raises FileError."""
    if content is not None:
        files.make_directory(module, os.path.dirname(one.record_path), 0o700)
    files.put(module, one.record_path, content, 0o600)


def restore(module, due, written):
    """Put files and records back to what they were. Return the paths of those that cannot be (list)."""
    left = []
    for one in due:
        try:
            if written and files.content_of(one.path) != one.before:
                files.put(module, one.path, one.before, None if os.path.lexists(one.path) else one.program.mode)
            if files.content_of(one.record_path) != one.record:
                put_record(module, one, one.record)
        except files.FileError:
            left.append(one.path)
    return left


def read_anew(module, due, result):
    """Have the services that run read their files. Raises RemedyError with the files put back, and the services up again."""
    systemctl = module.get_bin_path('systemctl')
    for program in programs.PROGRAMS:
        paths = ', '.join(one.path for one in due if one.program == program)
        for unit in program.units if paths and systemctl else ():
            if state_of(systemctl, unit)[0] != 'active':
                continue
            if program.takes == programs.RESTART or state_of(systemctl, unit)[1] != 'yes':
                result['notes'].append('%s reads %s when it starts: systemctl restart %s, when it suits.' % (unit, paths, unit))
                continue
            why = reloaded(systemctl, unit)
            if why:
                restore(module, due, True)
                up = state_of(systemctl, unit)[0] == 'active' and not reloaded(systemctl, unit) or not started(systemctl, unit)
                raise remedy.RemedyError('%s did not come back with the new %s: %s. The file is as it was, and %s. Nothing was changed.' % (
                    unit, paths, why, 'the service runs again' if up else 'the service does not run: see to it'))


def state_of(systemctl, unit):
    """Return (ActiveState, CanReload) of a unit."""
    out = process.run([systemctl, 'show', '--property=ActiveState', '--property=CanReload', unit])[1]
    shown = dict(line.partition('=')[::2] for line in out.splitlines())
    return shown.get('ActiveState', ''), shown.get('CanReload', '')


def reloaded(systemctl, unit):
    """Reload a unit. Return None if it runs afterwards and goes on to, else why not (text)."""
    return called(systemctl, 'reload', unit)


def started(systemctl, unit):
    """Start a unit. Return None if it runs, else why not (text)."""
    return called(systemctl, 'start', unit)


def called(systemctl, verb, unit):
    """Have systemctl do something with a unit, and look whether it stays up. Return None, else why not (text)."""
    try:
        status, out, err = process.run([systemctl, verb, unit])
    except process.Unfinished as error:
        return str(error)
    if status:
        return complaint(out, err)
    begin = since = process.now()
    while process.now() - since < SETTLED:
        state = state_of(systemctl, unit)[0]
        if state != 'active':
            if state not in ('reloading', 'refreshing', 'activating') or process.now() - begin > STARTED:
                return 'it is %s' % (state or 'gone')
            since = process.now()
        time.sleep(0.1)
    return None
