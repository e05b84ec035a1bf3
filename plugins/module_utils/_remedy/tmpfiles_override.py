# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: lines of a vendor's file of tmpfiles.d left out or changed, by an override in /etc/tmpfiles.d.

The override is a copy of the vendor's file, because it takes the place of the whole of it. It follows when that changes.
tmpfiles_acl is the special case of ACL entries of groups that are missing, in whatever file they are. Both kinds may have
asked for one override; each undoes its own part.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import re
import tempfile

from ansible.module_utils.common.text.converters import to_native

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import (
    contract as remedy, _drop_in as drop_in, _tmpfiles as tmpfiles)

KIND = 'tmpfiles_override'
REQUIRES = 'boot'
ROOT_FOR = 'write to /etc/tmpfiles.d'
ITEM = dict(
    file=dict(type='str', required=True),
    type=dict(type='str'),
    path=dict(type='str'),
    acl=dict(type='str'),
    line=dict(type='str'))
OPTIONS = dict(
    directories=dict(type='list', elements='path', default=list(tmpfiles.DIRECTORIES)),
    backup_dir=dict(type='path', default=files.BACKUP_ROOT))
# No line has a path below this one, so systemd-tmpfiles parses all of them and applies none.
NO_PATH = '/no-line-of-tmpfiles.d-has-this-path'
FORMS = dict(
    file=(re.compile(r'[A-Za-z0-9][A-Za-z0-9_.@:+-]{0,240}\.conf\Z'),
          'file: %s is not the name of a file of tmpfiles.d, as in systemd.conf. Nothing was changed.'),
    type=(re.compile(r'[A-Za-z][!+=^~$?-]{0,8}\Z'), 'type: %s is not the type of a line of tmpfiles.d, as in a+. Nothing was changed.'),
    path=(re.compile(r'/[!#-&(-\[\]-~]{0,1000}\Z'),
          'path: %s is not an absolute path in ASCII, without spaces, quotes and backslashes. Nothing was changed.'),
    acl=(re.compile(r'(?:group|user):[A-Za-z_][A-Za-z0-9_.-]{0,31}\Z'),
         'acl: %s is not a group or user of ACL entries, as in group:adm. Nothing was changed.'),
    line=(re.compile(r'[!-~](?:[ -~]{0,1000}[!-~])?\Z'), 'line: %s is not one line of tmpfiles.d in ASCII. Nothing was changed.'))
# What lines of these types do is no noise, and no business of a remedy.
TYPES = {'x': 'what it keeps would be cleaned away', 'z': 'it says who may do what with files', 'm': 'it says who may do what with files',
         'h': 'it protects files', 't': 'it labels files', 'r': 'it removes files'}
# Where logs are kept, and what the system needs to come up.
PATHS = ('/var/log', '/run/log', '/run/systemd', '/run/utmp', '/run/faillock', '/run/lock', '/run/user', '/var/lib/systemd', '/var/lib/rsyslog',
         '/var/spool/rsyslog', '/var/lib/log_hygiene', '/var/account', '/etc', '/usr', '/boot', '/dev', '/root', '/proc', '/sys', '/var/lock',
         '/var/tmp', '/tmp/.X11-unix', '/tmp/.ICE-unix', '/tmp/.font-unix', '/tmp/.XIM-unix')


def apply(module, items, state, options, result):
    """Bring the overrides to the state. Fills `result`. Raises RemedyError and FileError."""
    drop_in.check_signature_ids(items)
    directories = options['directories']
    result.update(overrides=[], vendor_changed=[])
    asked = wanted(items) if state == 'present' else {}
    if state == 'absent':
        sweep(module, options, result)
        changes, notes = tmpfiles.undo_edits(
            directories, set(item['signature_id'] for item in items) if items else None, files.read_bytes)
        result['notes'] += notes
        result['in_place'] = not notes
        write(module, changes, options, result)
        return
    tool = tool_of(module)
    plan = tmpfiles.Plan([], [], [], [], [])
    layers = tmpfiles.layers(directories)
    for name, edits in sorted(asked.items()):
        add(plan, directories, layers.get(name, []), name, edits)
    check(module, tool, plan)
    sweep(module, options, result)
    tell(module, plan, directories, result)
    write(module, plan.changes, options, result)
    result['in_place_since'] = remedy.carry(result, plan.overrides, ours=False)


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items. The overrides know whom each change is for."""
    apply(module, items, 'absent', options, result)


def is_own(content):
    """Return whether this is an override (bytes) as it was written, of whichever of the two kinds."""
    return tmpfiles.parse_override(content) is not None


def wanted(items):
    """Return {name of a file: its edits (list of tmpfiles.Edit)} for items. Raises RemedyError."""
    found = {}
    for item in items:
        given = dict((key, None if item[key] is None else drop_in.native(item[key])) for key in ITEM)
        for key, value in sorted(given.items()):
            if value is not None and not FORMS[key][0].match(value):
                raise remedy.RemedyError(FORMS[key][1] % drop_in.shown(value))
        if bool(given['type']) != bool(given['path']) or not (given['path'] or given['acl']) or given['line'] and (
                given['acl'] or not given['path']):
            raise remedy.RemedyError('Signature %s has to name lines of %s by type and path, with line where they change, or entries by '
                                     'acl. Nothing was changed.' % (item['signature_id'], given['file']))
        name = given.pop('file')
        edits = found.setdefault(name, {})
        one = tmpfiles.Edit(signature_ids=(item['signature_id'],), **given)
        other = edits.setdefault(tmpfiles.key_of(one), one)
        if other.line != one.line:
            raise remedy.RemedyError('Signatures %s and %s contradict each other: "%s" and "%s". Take one of them out of the run. '
                                     'Nothing was changed.' % (', '.join(other.signature_ids), item['signature_id'],
                                                               other.line or 'no line', one.line or 'no line'))
        edits[tmpfiles.key_of(one)] = one._replace(signature_ids=tuple(sorted(set(other.signature_ids + one.signature_ids))))
    return dict((name, sorted(edits.values(), key=tmpfiles.key_of)) for name, edits in found.items())


def add(plan, directories, paths, name, edits):
    """Add to the Plan what to do about one file with these edits. `paths` are those of that name. Raises RemedyError."""
    target, path = os.path.join(directories[0], name), paths[0] if paths else None
    if path is None or not os.path.isfile(path):
        plan.notes.append(('%s is masked, so nothing had to be done.' if paths else
                           'There is no %s in tmpfiles.d on this host, so nothing had to be done.') % name)
        return
    content = files.read_bytes(path)
    override = None if os.path.islink(path) else tmpfiles.parse_override(content)
    if override is None and (path == target or path.startswith(tmpfiles.RUNTIME)):
        raise remedy.RemedyError('%s was not written by this collection, or was edited since, and hides what the vendor has. Move it away, '
                                 'with what is to stay of it under another name. Nothing was changed.' % path)
    hidden = [one for one in (paths[1:] if override else paths) if os.path.isfile(one)]
    vendor = files.read_bytes(hidden[0]) if hidden else b''
    for edit in edits:
        lines = tmpfiles.lines_of(vendor, edit)
        if hidden and not (lines if edit.acl is None else tmpfiles.edited(vendor, (), [edit]) != vendor):
            plan.notes.append('%s has no line %s, so nothing had to be done.' % (hidden[0], edit.acl or '%s %s' % (edit.type, edit.path)))
    named = set(name for edit in edits for name in edit.signature_ids)
    others = dict((tmpfiles.key_of(one), one) for one in (tmpfiles.without(override.edits, named) if override else []))
    for one in edits:
        other = others.get(tmpfiles.key_of(one), one)
        if other.line != one.line:
            raise remedy.RemedyError('Signatures %s and %s contradict each other: "%s" and "%s". Take one of them out of the run. Nothing '
                                     'was changed.' % (', '.join(other.signature_ids), ', '.join(one.signature_ids),
                                                       other.line or 'no line', one.line or 'no line'))
        others[tmpfiles.key_of(one)] = one._replace(signature_ids=tuple(sorted(set(other.signature_ids + one.signature_ids))))
    demand_all_harmless(name, vendor, others.values())
    if override:
        tmpfiles.follow(plan, path, content, override, paths[1:], override.groups, list(others.values()), files.read_bytes)
        return
    after = tmpfiles.remade(hidden, frozenset(), list(others.values()), files.read_bytes)
    if after is not None:
        plan.changes.append(tmpfiles.Change(target, None, after))
        plan.overrides.append(target)


def demand_all_harmless(name, vendor, edits):
    """Call demand_harmless() for all lines of a vendor's file (bytes) that these edits are about. It may have changed since."""
    for edit in edits:
        for line in tmpfiles.lines_of(vendor, edit):
            demand_harmless(name, line, edit)


def demand_harmless(name, line, edit):
    """Raise RemedyError if the Edit does more to a line (bytes) of a file than end noise."""
    fields = [to_native(field, errors='surrogate_or_replace') for field in tmpfiles.fields_of(line)]
    if edit.acl:
        without = tmpfiles.edited(line + b'\n', (), [edit])
        why = withheld(fields[6], to_native(tmpfiles.fields_of(without)[6], errors='surrogate_or_replace') if without else '')
    elif edit.line is None:
        fixed = re.split(r'[%*?\[]', fields[1])[0]   # a pattern may stand for anything there
        fixed = fixed if fixed == fields[1] else os.path.dirname(fixed)
        path = re.sub('^/var/run(?=/|$)', '/run', os.path.normpath('/' + fixed.lstrip('/')))
        why = TYPES.get(fields[0][0].lower()) or (
            'it is about logs, or what the system needs to come up'
            if any(path == one or (path + '/').startswith(one + '/') or (one + '/').startswith(path.rstrip('/') + '/') for one in PATHS)
            else None)
    else:
        why = loosened(fields, [to_native(field) for field in tmpfiles.fields_of(edit.line.encode('ascii'))])
    if why:
        raise remedy.RemedyError('%s: the line "%s" stays as it is, because %s. Take signature %s out of the run. Nothing was changed.' % (
            name, ' '.join(fields)[:200], why, ', '.join(edit.signature_ids)))


def loosened(before, after):
    """Return what a new line does besides ending noise (text), None for nothing. Both as tmpfiles.fields_of() has them."""
    if after[0] != before[0]:
        return 'the new one has another type'
    if after[1] not in (before[1], re.sub('^/var/run/', '/run/', before[1])):
        return 'the new one has another path'
    if after[2] != before[2]:
        modes = [re.match(r'([:~]{0,2})([0-7]{3,4})\Z', mode) for mode in (before[2], after[2])]
        if not all(modes) or modes[0].group(1) != modes[1].group(1) or loosens(*[int(mode.group(2), 8) for mode in modes]):
            return 'the new one gives more rights'
    if any(now not in (was, 'root', '0') for was, now in zip(before[3:5], after[3:5])):
        return 'the new one gives it to somebody else'
    if after[5] not in (before[5], '-'):
        return 'the new one removes files at another age'
    if after[6] != before[6] and not (
            after[0][0] in 'aA' and after[6] != '-' and set(after[6].split(',')) <= set(before[6].split(','))):
        return 'the new one has another argument'
    return withheld(before[6], after[6]) if after[0][0] in 'aA' else None


def withheld(before, after):
    """Return why an ACL with fewer entries (text) gives more rights: one that went was a mask, of all others, or a refusal. Or None."""
    gone = set(before.split(',')) - set(after.split(','))
    return 'an entry that takes rights away would go' if any(
        re.match(r'\s*(?:d(?:efault)?:)?(?:m(?:ask)?|o(?:ther)?):', entry) or not re.search('[rwxX0-7]', entry.rpartition(':')[2])
        for entry in gone) else None


def loosens(before, after):
    """Return whether a mode gives more rights than another: a bit more, or the sticky bit less where others may write."""
    return bool(after & ~before or before & ~after & 0o1000 and after & 0o022)


def tool_of(module):
    """Return the path of systemd-tmpfiles. Raises RemedyError."""
    tool = module.get_bin_path('systemd-tmpfiles')
    if tool is None:
        raise remedy.RemedyError(
            'systemd-tmpfiles is not installed: nothing on this host reads tmpfiles.d, so this remedy has nothing to mend. '
            'Leave the host out of it. Nothing was changed.')
    return tool


def check(module, tool, plan):
    """Let systemd-tmpfiles read what would be written. Raises RemedyError if it complains of more than it does of the vendor's."""
    folder = tempfile.mkdtemp(dir=module.tmpdir)
    for change in plan.changes:
        if change.after is None:
            continue
        text, source = os.path.join(folder, os.path.basename(change.path)), tmpfiles.parse_override(change.after).source
        files.write_atomic(None, text, change.after)
        old, new = [[re.sub(r'\[?%s(?::[0-9]+)?[]:]* *' % re.escape(path), '', line)
                     for line in to_native(complaints(tool, [path]), errors='surrogate_or_replace').splitlines()]
                    for path in (source, text)]
        new = [line for line in new if line not in old]
        if new:
            raise remedy.RemedyError('systemd-tmpfiles would complain of %s: %s. Correct the item, or leave the host out of it. Nothing was '
                                     'changed.' % (change.path, '; '.join(new).strip().rstrip('.')[:600]))


def complaints(tool, paths):
    """Return what systemd-tmpfiles says when it reads files (bytes). It applies nothing. Raises RemedyError."""
    try:
        status, stdout, stderr = process.run(
            [tool, '--create', '--boot', '--prefix=' + NO_PATH] + paths, raw=True,
            environ=dict(SYSTEMD_LOG_TARGET='console', SYSTEMD_LOG_LEVEL='info', SYSTEMD_LOG_COLOR='0'))
    except EnvironmentError as error:
        raise remedy.RemedyError('systemd-tmpfiles could not check what would be written: %s. Nothing was changed.'
                                 % error.strerror)
    if status < 0:
        raise remedy.RemedyError('systemd-tmpfiles could not check what would be written: it was ended by signal %d: %s. '
                                 'Nothing was changed.' % (-status, to_native(stderr, errors='replace').strip()))
    return stdout + stderr


def sweep(module, options, result):
    """Remove what killed runs left. Fills `result`. Raises FileError."""
    layers = tmpfiles.layers(options['directories'])
    ours = set(path for paths in layers.values() for path in paths if not path.startswith('/usr/lib/'))
    ours.update(os.path.join(options['directories'][0], name) for name in layers)   # an override that did not get there
    files.sweep_for(module, sorted(ours), options['backup_dir'], result)


def tell(module, plan, directories, result):
    """Fill `result` with what the Plan has to say, and of vendor files that changed since they were overridden."""
    result.update(overrides=plan.overrides, vendor_changed=plan.vendor_changed, notes=result['notes'] + plan.notes)
    result['in_place'] = result['in_place'] and not plan.kept
    for path in plan.vendor_changed:
        override = os.path.join(directories[0], os.path.basename(path))
        said = ('%s hides what is new there until the remedy is applied again.' % override if module.check_mode else
                'The override was made anew. Compare them.' if override in plan.overrides else
                'It needs no override any more, and that was removed.')
        result['notes'].append('%s changed since it was overridden. %s' % (path, said))
        module.warn(result['notes'][-1])


def write(module, changes, options, result):
    """Write, restore or remove the files of changes (list of tmpfiles.Change). Fills `result`. Raises FileError."""
    backup_dir = options['backup_dir']
    for change in changes:
        kept, override = files.original(change.path, backup_dir), change.after and tmpfiles.parse_override(change.after)
        anew = (kept is not None and change.before is not None and tmpfiles.left_out(kept, change.before) is None
                and not remedy.was_link(result, change.path, change.before, backup_dir))
        action = ('remove' if change.after is None else 'override' if override else
                  'restore' if change.after == kept and not anew else 'edit')
        if action == 'edit' and anew:
            result['notes'].append(files.note_of_anew(change.path, backup_dir))
        if not module.check_mode:
            remedy.make_directory(module, os.path.dirname(change.path), result)
            if action == 'restore':
                files.restore(change.path, backup_dir, module)
            elif action == 'edit':
                files.edit(module, change.path, change.after, backup_dir, anew)
            else:
                files.put(module, change.path, change.after)
        remedy.report(result, change.path, action, change.before, change.after)
