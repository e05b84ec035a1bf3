# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all kinds of remedy share: the items that they take, the result that they return, and how a module runs one.

A kind is a Python module with KIND (the name of its role), REQUIRES, OPTIONS (the argument spec of what is not an
item's), ITEM (that of an item's keys), apply(), and undo_some(), which undoes what other items do not need. With WHOLE,
its files belong together: where one was edited, none is taken back. With is_own(), it knows what another kind wrote into a
file of both. With ORIGINALS, it edits files of others, and what they were is kept on the host alone.
docs/remedies.md has the contract.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, host_lock
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _written as written


class RemedyError(Exception):
    """The remedy cannot be applied or checked. The text tells the operator why, and what to do."""


class ReadOnlyModule:
    """An AnsibleModule for a kind that may only look: always in check mode, and without parameters."""

    check_mode = True

    def __init__(self, module):
        self._module = module

    @property
    def params(self):
        """Refuse: a kind gets all it needs as arguments, and the module that looks has other parameters."""
        raise AttributeError('a kind of remedy does not read the parameters of the module that runs it')

    def warn(self, text):
        """Ignore the warning: the notes hold it, and nothing was done."""

    def __getattr__(self, name):
        return getattr(self._module, name)


def arguments(kind, env_fallback):
    """Return the argument spec of the module of a kind.

    :param env_fallback: that of ansible.module_utils.basic.
    """
    return dict(
        items=dict(type='list', elements='dict', default=[], options=item_spec(kind)),
        keep=dict(type='list', elements='dict', default=[]),
        state=dict(type='str', choices=['present', 'absent'], default='present'),
        **dict(kind.OPTIONS, **host_lock.arguments(env_fallback)))


def item_spec(kind):
    """Return the argument spec of an item of a kind."""
    return dict(kind.ITEM, signature_id=dict(type='str', required=True))


def run(module, kind):
    """Run the module of a kind. Ends the module."""
    params = module.params
    options = dict((name, params[name]) for name in kind.OPTIONS)
    result = begin(kind)
    result['folder'] = written.folder_of(kind.KIND, options)
    try:
        need_root(kind)
        with host_lock.held(module, kind.KIND):
            if not module.check_mode:
                written.sweep(result['folder'])
            if params['state'] == 'present':
                kind.apply(module, params['items'], 'present', options, result)
            else:
                undo(module, kind, params['items'], params['keep'], options, result)
            remember(module, kind, options, result, params['state'])
        finish(module, params['items'], result)
    except (RemedyError, files.FileError, EnvironmentError) as error:
        result.update(in_place=False, changed=result['changed'] or isinstance(error, files.Unsynced))
        remember(module, kind, options, result, 'present')
        module.fail_json(msg=error_message(error), **result)
    module.exit_json(**result)


def undo(module, kind, items, kept, options, result):
    """Bring back what was there before the remedy of these items; what the `kept` ones need stays. Fills `result`.

    Raises RemedyError and FileError.
    """
    kept = [validated(kind, item) for item in kept]
    folder, backup_dir = written.folder_of(kind.KIND, options), options.get('backup_dir') or files.BACKUP_ROOT
    gone = getattr(kind, 'ORIGINALS', False) and not os.path.isdir(folder)
    edited = written.edits(folder, backup_dir)
    # Where kinds share a file, the other one wrote it last.
    shared = getattr(kind, 'is_own', lambda content: False)
    edited = dict((path, found) for path, found in edited.items() if not shared(found[0]))
    result['edited'] = [dict(path=path, diff=edited[path][1]) for path in sorted(edited)]
    if edited and getattr(kind, 'WHOLE', False):
        raise RemedyError('%s was edited since it was written, so nothing was taken back. Undo the edit, or move the file away, '
                          'and run this again. Nothing was changed.' % ', '.join(sorted(edited)))
    if not kept:
        kind.apply(module, items, 'absent', options, result)
    elif items:   # without any there is nothing to undo, and not all
        kind.undo_some(module, items, kept, options, result)
    if gone and any(one['action'] in ('remove', 'restore', 'edit') for one in result['files']):
        result['notes'].append('What this host kept in %s is gone, so files that were edited may be so still. Look at them, and bring back by hand '
                               'what they were.' % os.path.dirname(os.path.dirname(folder)))
        result['in_place'] = False
    told = [files.note_of_earlier(one['path'], backup_dir) for one in result['files'] if one['action'] == 'restore']
    told += ['%s.rpmnew is there: the package has a newer %s than the one that was edited. Compare them.' % (one['path'], one['path'])
             for one in result['files'] if one['action'] in ('restore', 'edit') and os.path.lexists(one['path'] + '.rpmnew')]
    result['notes'] += [note for note in told if note]
    # Only what stayed is told. What is as it shall be was brought back by a run that was killed before it could say so.
    result['edited'] = [] if result['in_place'] else [
        one for one in result['edited'] if files.content_of(one['path']) == edited[one['path']][0]]
    told = [one['path'] for one in result['edited']]
    result['written'] += [] if kept else [(path, 'restore', None) for path in edited if path not in told]


def remember(module, kind, options, result, state):
    """Keep what was written, so that edits since can be told, and what directories were made.

    The remedy is in place by then, so where that cannot be kept, as on a full disk, it is a note and no failure.
    """
    done, made, folder = result.pop('written', []), result.pop('made', []), result.pop('folder')
    carriers = result.pop('carriers', {})
    if module.check_mode:
        return
    try:
        if result['in_place']:   # a run that was killed, or whose disk was full, did not keep them
            done = done + written.lacking(folder, carriers)
        written.keep(module, folder, done, [one['path'] for one in result['edited']])
    except (files.FileError, EnvironmentError) as error:
        result['notes'].append('%s So what somebody edits from now on cannot be told line by line.' % error_message(error))
    try:
        written.keep_made(module, folder, made, state == 'absent' or any(action in written.GONE for _path, action, _after in done))
    except (files.FileError, EnvironmentError) as error:
        result['notes'].append(error_message(error))
        result['in_place'] = result['in_place'] and state != 'absent'


def make_directory(module, path, result):
    """Make a directory for a file. It goes when the file is undone and nothing else is in it. Raises FileError."""
    missing = files.missing_directories(path)
    try:
        files.make_directory(module, result['folder'], 0o700)   # first, for this run may be killed
        if missing:
            written.keep_made(module, result['folder'], missing, False)
    except (files.FileError, EnvironmentError):
        pass   # remember() tries again, and tells
    try:
        result['made'] += files.make_directory(module, path)
    except files.FileError:
        written.forget_made(module, result['folder'], [one for one in missing if not os.path.isdir(one)])
        raise


def carry(result, paths, ours=True):
    """Tell of the files (paths) that carry a remedy, so that what somebody edits is known. Returns since when they are so.

    :param ours: whether all that is in there was written by us, where the remedy is in place.
    """
    found = [path for path in paths if os.path.lexists(path)]
    result['carriers'].update((path, ours) for path in found)
    return files.modified_at(found)


def is_as_written(result, path, content):
    """Return whether a file (bytes) is as this kind wrote it. Raises FileError."""
    return 'folder' in result and files.content_of(result['folder'] + path) == content


def was_link(result, path, content, backup_dir):
    """Return whether a file that is as it was written was a link, which comes back whatever became of its target since. Raises FileError."""
    return os.path.islink(files.backup_path(path, backup_dir)) and is_as_written(result, path, content)


def lost(result, path, content, backup_dir):
    """Return what the operator is told of a file that is as it was written (bytes), but not from what is kept as its original, else None."""
    if not is_as_written(result, path, content):
        return None
    return ('%s is as this collection wrote it, but its original %s is gone, damaged or another one: it stays. Restore that from a backup, or bring '
            'back by hand what the file was, and remove that.' % (path, files.backup_path(path, backup_dir)))


def others(items, kept, *keys):
    """Return the items (list of dict) that ask for something, by these keys, that none of `kept` asks for."""
    return [item for item in items if not any(all(other[key] == item[key] for key in keys) for other in kept)]


def look(module, kind, items):
    """Return what the module of a kind would return in check mode with its defaults (dict). Writes nothing.

    :param module: any AnsibleModule; its parameters are not looked at.
    :param items: list of dict, as the role takes them.

    Raises RemedyError.
    """
    result, reader = begin(kind), ReadOnlyModule(module)
    options = dict((name, spec.get('default')) for name, spec in kind.OPTIONS.items())
    try:
        need_root(kind)
        kind.apply(reader, [completed(kind, item) for item in items], 'present', options, result)
        finish(reader, items, result)
    except (files.FileError, EnvironmentError) as error:
        raise RemedyError(error_message(error))
    del result['diff'], result['written'], result['made'], result['carriers']
    return result


def begin(kind):
    """Return the initial result."""
    return dict(changed=False, in_place=True, in_place_since=None, signatures=[], files=[], notes=[], edited=[],
                requires=kind.REQUIRES, diff=[], written=[], made=[], carriers={})


def finish(module, items, result):
    """Fill in the derived parts of the result. A file that would have to change is not in place."""
    result['in_place'] = result['in_place'] and not (module.check_mode and result['changed'])
    result['signatures'] = [dict(signature_id=item['signature_id'], in_place=result['in_place']) for item in items]


def completed(kind, item):
    """Return an item (dict) with the defaults that the module would fill in."""
    return dict(((name, spec.get('default')) for name, spec in kind.ITEM.items()), **item)


def validated(kind, item):
    """Return an item (dict) of the option `keep` as the module would have it as one of `items`. Raises RemedyError."""
    checked = ArgumentSpecValidator(item_spec(kind)).validate(item)
    if checked.error_messages:
        raise RemedyError('keep: %s. Nothing was changed.' % checked.error_messages[0].rstrip('.'))
    return checked.validated_parameters


def need_root(kind):
    """Raise RemedyError unless we are root."""
    if os.geteuid():
        raise RemedyError('%s needs root to %s. Run it with become: true. Nothing was changed.' % (kind.KIND, kind.ROOT_FOR))


def report(result, path, action, before, after):
    """Add one finished file to the result, so that a later failure still reports it.

    :param before: bytes of the file, None where there was none; :param after: the same after it.
    """
    result['changed'] = True
    result['files'].append(dict(path=path, action=action))
    if action not in written.NO_FILE:
        result['written'].append((path, action, after))
    result['diff'].append(difference(path, before, after))


def difference(path, before, after):
    """Return the diff of one file (bytes, None for no file), in Ansible's form."""
    return dict(
        before_header=path if before is not None else '%s (absent)' % path,
        after_header=path if after is not None else '%s (absent)' % path,
        before=to_text(before or b'', errors='replace'), after=to_text(after or b'', errors='replace'))


def error_message(error):
    """Return the message of an exception for the operator (text)."""
    return to_text(str(error) if isinstance(error, EnvironmentError) else error.args[0])
