# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: set or remove arguments of the kernel, by grubby, for the kernels that are there and those to come.

New kernels take theirs from /etc/default/grub (by grub2-mkconfig) and /etc/kernel/cmdline. grubby changes them, too, but not
on each release, and spoils GRUB_CMDLINE_LINUX_DEFAULT in the first; so what it made of that file is replaced by what it ought
to be. All files are kept before grubby runs. If they are as it left them, they come back byte for byte; else the arguments
are taken back by grubby.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import base64
import collections
import glob
import hashlib
import json
import os
import re

from ansible.module_utils.common.text.converters import to_bytes, to_native

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import (
    contract as remedy, _drop_in as drop_in, _kernel_arguments as arguments)

KIND = 'kernel_argument'
REQUIRES = 'boot'
ROOT_FOR = 'change the arguments of kernels'
ITEM = dict(
    argument=dict(type='str', required=True),
    value=dict(type='raw'),
    remove=dict(type='bool', default=False))
OPTIONS = dict(record=dict(type='path', default='/var/lib/log_hygiene/kernel_arguments.json'))
ENTRIES = '/boot/loader/entries'
DEFAULT, CMDLINE = '/etc/default/grub', '/etc/kernel/cmdline'
GRUBENV = '/boot/grub2/grubenv'
CONFIGS = ('/boot/grub2/grub.cfg', '/etc/grub2.cfg', '/etc/grub2-efi.cfg', '/etc/zipl.conf')
RUNNING = '/proc/cmdline'
_ARGUMENTS = re.compile(br'\s*(?:GRUB_CMDLINE_LINUX|options\b|linux|parameters\b|(?:set )?kernelopts)')
EDITED = 'edited'   # in the place of a checksum: somebody changed the file since, so it does not come back byte for byte
SECONDS = 300

# An argument: `words` it is to be (list, empty: it is to be gone), the signatures that ask for it.
Wanted = collections.namedtuple('Wanted', 'name words signature_ids')


def apply(module, items, state, options, result):
    """Bring the arguments to the state. Fills `result`. Raises RemedyError and FileError."""
    drop_in.check_signature_ids(items)
    wanted = merged(items) if state == 'present' else []   # what is refused today was not, perhaps, when it was set
    grubby = module.get_bin_path('grubby')
    if grubby is None:
        raise remedy.RemedyError('This host has no grubby, so it is not known how its boot loader gets the arguments of kernels. Leave the '
                                 'host out of it. Nothing was changed.')
    path = options['record']
    record = read(path)
    files.sweep_for(module, [path] + candidates(), None, result)
    kernels = look(grubby)
    finish_default(module, record, result)
    if state == 'present':
        present(module, grubby, path, wanted, record, kernels, result)
        result['in_place_since'] = files.modified_at([path] if os.path.lexists(path) and wanted else [])
    else:
        absent(module, grubby, path, items, record, kernels, result)


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items. The record knows whom each argument is for."""
    apply(module, items, 'absent', options, result)


def merged(items):
    """Return a Wanted for each argument of the items. Raises RemedyError."""
    found = collections.OrderedDict()
    for item in items:
        name, value = drop_in.native(item['argument']), item['value']
        if isinstance(value, (bool, dict, list, float)):
            raise remedy.RemedyError('value: %s is no text or number. Nothing was changed.' % drop_in.shown(value))
        value = None if value is None else drop_in.native(value)
        try:
            arguments.check(name, value, item['remove'])
            if item['remove'] and value is not None:
                raise arguments.Refused('value: %s is removed with whatever value it has. Leave the value out.' % name)
        except arguments.Refused as error:
            raise remedy.RemedyError('%s Nothing was changed.' % error.args[0])
        want = Wanted(name, [] if item['remove'] else [arguments.token(name, value)], [item['signature_id']])
        other = found.setdefault(name, want)
        if other.words != want.words:
            raise remedy.RemedyError('Signatures %s and %s contradict each other about %s. Take one of them out of the run. Nothing was '
                                     'changed.' % (other.signature_ids[0], item['signature_id'], name))
        found[name] = other._replace(signature_ids=sorted(set(other.signature_ids + want.signature_ids)))
    return list(found.values())


def read(path):
    """Return the record (dict). Raises RemedyError.

    It has `arguments`: of each the words that we made it, those that it was before (of each kernel, and in the two files), and
    its signatures; `files`: of each its first content and the checksum of what grubby left, or EDITED; and `kernelopts` before and after.
    """
    text = files.content_of(path)
    if text is None:
        return dict(arguments={}, files={}, kernelopts=[None, None])
    try:
        found = json.loads(text.decode('utf-8'))
        keys = dict(arguments=dict, files=dict, kernelopts=list)
        if not isinstance(found, dict) or set(found) != set(keys) or any(not isinstance(found[key], kind) for key, kind in keys.items()) or any(
                set(one) != set(('words', 'before', 'signature_ids')) for one in found['arguments'].values()) or any(
                set(one) != set(('before', 'after')) or not name.startswith('/') for name, one in found['files'].items()):
            raise ValueError('it has another form')
    except (ValueError, TypeError, AttributeError) as error:
        raise remedy.RemedyError('%s is damaged (%s), so it is not known which arguments kernels had. Give them those that they should have, '
                                 'and remove that file. Nothing was changed.' % (path, error))
    return found


def finish_default(module, record, result):
    """Write the file of defaults again, where a run was killed before it could mend what grubby made of it. Raises FileError."""
    for one, held in record['files'].items():
        if held['after'] is None and held['before'] is not None and besides(base64.b64decode(held['before'])) != besides(files.content_of(one) or b''):
            record['files'][one] = dict(held, after=EDITED)
            result['notes'].append('%s was edited after a run was killed that had grubby change it. Look at the arguments there, by hand.' % one)
    held = record['files'].get(DEFAULT)
    if held is None or held['after'] is not None or held['before'] is None:
        return
    text = to_native(base64.b64decode(held['before']), errors='surrogate_or_replace')
    words = arguments.default(text)
    for name, one in sorted(record['arguments'].items()):
        if words is not None and arguments.of(name, words) != one['words']:
            words = arguments.replaced(words, name, one['words'])
    result['changed'] = True
    if not module.check_mode:
        files.put(module, DEFAULT, to_bytes(text if words is None else arguments.with_default(text, words)))


def besides(content):
    """Return what a file (bytes) has besides the lines in which grubby changes arguments (list of bytes)."""
    return [line for line in content.split(b'\n') if not _ARGUMENTS.match(line)]


def write(module, path, record):
    """Write the record, or remove it where it says nothing. Raises FileError."""
    if record['arguments']:
        files.make_directory(module, os.path.dirname(path), 0o700)
        files.write_atomic(module, path, to_bytes(json.dumps(record, indent=1, sort_keys=True) + '\n'), 0o600)
    elif os.path.lexists(path):
        files.remove(path)


def look(grubby):
    """Return the kernels and their arguments, as arguments.parse() does. Raises RemedyError."""
    status, out, err = process.run([grubby, '--info=ALL'])
    kernels = arguments.parse(out)
    if not kernels:
        raise remedy.RemedyError('grubby tells of no kernel (status %d): %s. Leave the host out of it. Nothing was changed.' % (
            status, (err or out).strip().rstrip('.')[:300] or 'it says nothing'))
    return kernels


def call(grubby, kernel, remove, add):
    """Have grubby change the arguments of a kernel, or of ALL. Raises RemedyError."""
    command = [grubby, '--update-kernel=' + kernel] + ['--remove-args=' + ' '.join(remove)] * bool(remove) + ['--args=' + ' '.join(add)] * bool(add)
    try:
        status, out, err = process.run(command, SECONDS)
    except process.Unfinished as error:
        status, out, err = 1, '', str(error)
    if status:
        raise remedy.RemedyError('grubby fails: %s. Leave the host out of it. Nothing was changed.' % ' '.join((err or out).split()).rstrip('.')[:300])


def candidates():
    """Return the paths of the files that grubby may change (list), but for the grubenv."""
    found = sorted(glob.glob(os.path.join(ENTRIES, '*.conf'))) + [DEFAULT, CMDLINE]
    return found + sorted(set(os.path.realpath(path) for path in CONFIGS if os.path.exists(path)))


def snapshot():
    """Return the content of these files: {path: bytes or None}. Raises FileError."""
    return dict((path, files.content_of(path)) for path in candidates())


def environment():
    """Return kernelopts of the grubenv (str), None without it."""
    content = files.content_of(os.path.realpath(GRUBENV))
    return None if content is None else arguments.kernelopts(to_native(content, errors='surrogate_or_replace'))


def to_come():
    """Return the words that new kernels get: {path: list of str, or None where it cannot be told}. Files that are not there are left out."""
    found = {}
    content = files.content_of(DEFAULT)
    if content is not None:
        found[DEFAULT] = arguments.default(to_native(content, errors='surrogate_or_replace'))
    content = files.content_of(CMDLINE)
    if content is not None:
        found[CMDLINE] = to_native(content, errors='surrogate_or_replace').split()
    return found


def present(module, grubby, path, wanted, record, kernels, result):
    """Set and remove arguments. Fills `result`. Raises RemedyError and FileError."""
    new = to_come()
    places = [words for _kernel, words in kernels] + [words for words in new.values() if words is not None]
    due = [want for want in wanted if any(arguments.of(want.name, words) != want.words for words in places)]
    for want in due:
        several = next((found for found in (arguments.of(want.name, words) for words in places) if len(found) > 1), None)
        if several:
            raise remedy.RemedyError('%s stands there several times (%s), and grubby would leave one. Change it by hand. Nothing was changed.'
                                     % (want.name, ' '.join(several)))
    if wanted and DEFAULT in new and new[DEFAULT] is None:
        result['notes'].append('GRUB_CMDLINE_LINUX is not in one plain line of %s, so it stays. Change it by hand: grub2-mkconfig takes the '
                               'arguments from there.' % DEFAULT)
        result['in_place'] = False
    running = to_native(files.content_of(RUNNING) or b'', errors='surrogate_or_replace').split()
    if any(arguments.of(want.name, running) != want.words for want in wanted):
        result['notes'].append('The kernel that runs was started with other arguments. Reboot.')
    after = dict(record, arguments=dict(record['arguments']))
    # Of a run that was killed, what is there is not what somebody else made of it.
    unfinished = any(one['after'] is None for one in record['files'].values())
    for want in wanted:
        held = record['arguments'].get(want.name)
        if held is None and want not in due:
            continue   # somebody else's
        there = dict([(kernel, arguments.of(want.name, words)) for kernel, words in kernels]
                     + [(one, arguments.of(want.name, words)) for one, words in new.items() if words is not None])
        # What somebody made of it since is what it was.
        before = there if held is None else held['before'] if unfinished else dict(
            (place, words if there.get(place, held['words']) == held['words'] else there[place]) for place, words in held['before'].items())
        after['arguments'][want.name] = dict(words=want.words, before=before, signature_ids=sorted(set(
            want.signature_ids + (held['signature_ids'] if held else []))))
    if not due and unfinished:
        result['changed'] = True
        if not module.check_mode:
            carry_out(module, path, record, after, lambda: None, result)
    if not due:
        if not unfinished and after != record:
            result['changed'] = True
            if not module.check_mode:
                write(module, path, after)
        return
    expected, seen = [(kernel, changed(words, due)) for kernel, words in kernels], []
    if not module.check_mode:
        def set_them():
            remove = [want.name for want in due if not want.words]
            steps(module, grubby, [('ALL', remove, [word for want in due for word in want.words])], dict(
                (one, changed(words, due)) for one, words in new.items() if words is not None))
            seen[:] = look(grubby)
            for kernel, words in seen:
                wrong = [want.name for want in due if arguments.of(want.name, words) != want.words]
                if wrong:
                    raise remedy.RemedyError('grubby did not change %s of %s. Leave the host out of it. Nothing was changed.' % (
                        ', '.join(wrong), kernel))
        carry_out(module, path, record, after, set_them, result)
    report(result, kernels, seen or expected)


def changed(words, due):
    """Return words as these Wanted have them."""
    for want in due:
        if arguments.of(want.name, words) != want.words:
            words = arguments.replaced(words, want.name, want.words)
    return words


def steps(module, grubby, calls, new):
    """Call grubby, and bring the files for new kernels to these words. Raises RemedyError and FileError.

    :param calls: list of (kernel or ALL, words to remove, words to add).
    :param new: {DEFAULT or CMDLINE: list of str, None to remove the file}.
    """
    default = files.content_of(DEFAULT)
    for kernel, remove, add in calls:
        call(grubby, kernel, remove, add)
    if default is not None:
        text = to_native(default, errors='surrogate_or_replace')
        ours = default if DEFAULT not in new or new[DEFAULT] == arguments.default(text) else to_bytes(arguments.with_default(text, new[DEFAULT]))
        if files.content_of(DEFAULT) != ours:
            files.put(module, DEFAULT, ours)
    if CMDLINE in new and new[CMDLINE] is None:
        files.put(module, CMDLINE, None)
    elif CMDLINE in new and to_native(files.content_of(CMDLINE) or b'', errors='surrogate_or_replace').split() != new[CMDLINE]:
        files.put(module, CMDLINE, to_bytes(' '.join(new[CMDLINE]) + '\n'))


def carry_out(module, path, record, after, do, result):
    """Do what changes arguments, and keep what was there, all or none of it. Raises RemedyError and FileError."""
    before, options = snapshot(), environment()
    kept = dict((one, dict(before=encoded(text), after=None)) for one, text in before.items())
    kept.update(dict((one, dict(held, after=None if held['after'] in (None, checksum(before.get(one))) else EDITED))
                     for one, held in record['files'].items()))
    after = dict(after, files=kept, kernelopts=[record['kernelopts'][0] if record['files'] else options, None])
    write(module, path, after if after['arguments'] else record)
    try:
        do()
        now = snapshot()
        left = dict((one, dict(held, after=held['after'] or checksum(now.get(one)))) for one, held in kept.items()
                    if held['before'] != encoded(now.get(one)))
        left.update(dict((one, dict(before=None, after=checksum(text))) for one, text in now.items() if one not in before))
        write(module, path, dict(after, files=left, kernelopts=[after['kernelopts'][0], environment()]))
    except (remedy.RemedyError, files.FileError) as error:
        told = [one for one in sorted(before) if not put(module, one, before[one])]
        if not put_environment(module, options):
            told.append(GRUBENV)
        try:
            write(module, path, record)
        except files.FileError:
            told.append(path)
        result['changed'] = result['changed'] or bool(told)
        if told:
            raise remedy.RemedyError('%s But %s could not be put back.' % (
                remedy.error_message(error).replace(' Nothing was changed.', ''), ', '.join(told)))
        raise


def encoded(content):
    """Return the content of a file (bytes) as the record has it, None for none."""
    return None if content is None else to_native(base64.b64encode(content))


def checksum(content):
    """Return the checksum of a file (bytes), '' for none."""
    return '' if content is None else hashlib.sha256(content).hexdigest()


def put(module, path, content):
    """Put a file back. Return whether it is there then."""
    try:
        if files.content_of(path) != content:
            files.put(module, path, content)
        return True
    except files.FileError:
        return False


def put_environment(module, options):
    """Put kernelopts back. Return whether it is there then."""
    if environment() == options:
        return True
    editenv = module.get_bin_path('grub2-editenv')
    words = ['unset', 'kernelopts'] if options is None else ['set', 'kernelopts=' + options]
    return editenv is not None and process.run([editenv, GRUBENV] + words)[0] == 0


def absent(module, grubby, path, items, record, kernels, result):
    """Bring back the arguments that were there. Fills `result`. Raises RemedyError and FileError."""
    named = set(item['signature_id'] for item in items)
    going, staying = {}, {}
    for name, held in record['arguments'].items():
        others = [one for one in held['signature_ids'] if items and one not in named]
        if others:
            staying[name] = dict(held, signature_ids=others)
        else:
            going[name] = held
    after = dict(record, arguments=staying)
    if not going:
        if after != record:
            result['changed'] = True
            if not module.check_mode:
                write(module, path, after)
        return
    result['changed'] = True
    now = snapshot()
    same = not staying and record['kernelopts'][1] == environment() and all(
        held['after'] == checksum(now.get(one)) for one, held in record['files'].items())
    known = set(kernel for held in going.values() for kernel in held['before'])
    same, seen = same and all(kernel in known for kernel, _words in kernels), []
    if same:
        if not module.check_mode:
            def bring_back():
                for one, held in sorted(record['files'].items()):
                    files.put(module, one, None if held['before'] is None else base64.b64decode(held['before']))
                if not put_environment(module, record['kernelopts'][0]):
                    raise remedy.RemedyError('%s cannot be set by grub2-editenv. Install grub2-tools-minimal. Nothing was changed.' % GRUBENV)
                seen[:] = look(grubby)
                for kernel, words in seen:
                    if any(arguments.of(name, words) != earlier(held, kernel) for name, held in going.items()):
                        raise remedy.RemedyError('grubby did not change %s of %s. Leave the host out of it. Nothing was changed.' % (
                            ', '.join(sorted(going)), kernel))
            carry_out(module, path, record, after, bring_back, result)
    else:
        calls, new = undo(going, kernels, result)
        held = record['files'].get(CMDLINE)
        if not staying and held and held['before'] is None and held['after'] in (None, checksum(now.get(CMDLINE))):
            new[CMDLINE] = None   # grubby made it
        if not module.check_mode:
            def undo_them():
                steps(module, grubby, calls, new)
                seen[:] = look(grubby)
            carry_out(module, path, record, after, undo_them, result)
    expected = [(kernel, back(kernel, words, going, None)) for kernel, words in kernels]
    report(result, kernels, seen or expected)


def back(place, words, going, result):
    """Return words as they were before these arguments. What somebody changed since stays, and is noted in `result`."""
    for name, held in sorted(going.items()):
        now = arguments.of(name, words)
        if now == held['words']:
            words = arguments.replaced(words, name, earlier(held, place))
        elif now != earlier(held, place) and result is not None:
            result['notes'].append('%s has another argument now than %s: it stays: %s.' % (
                place, ' '.join(held['words']) or 'none of ' + name, ' '.join(now) or 'none'))
            result['in_place'] = False
    return words


def earlier(held, place):
    """Return the words that an argument was at a place. A kernel that came later has what the others had, if that was one thing."""
    if place in held['before']:
        return held['before'][place]
    had = [words for one, words in held['before'].items() if one not in (DEFAULT, CMDLINE)]
    return had[0] if had and all(words == had[0] for words in had) else []


def undo(going, kernels, result):
    """Return the calls of grubby and the words for new kernels that take arguments back, as steps() takes them."""
    calls = []
    for kernel, words in kernels:
        want = back(kernel, words, going, result)
        gone = [word.partition('=')[0] for word in words if word not in want]
        come = [word for word in want if word not in words]
        if gone or come:
            calls.append((kernel, sorted(set(gone)), come))
    if len(calls) == len(kernels) and all(one[1:] == calls[0][1:] for one in calls):
        calls = [('ALL',) + calls[0][1:]]   # which leaves $kernelopts in the entries
    return calls, dict((one, back(one, words, going, result)) for one, words in to_come().items() if words is not None)


def report(result, before, after):
    """Add the kernels whose arguments changed to the result."""
    result['changed'] = True
    there = dict(after)
    for kernel, words in before:
        if there.get(kernel, words) != words:
            remedy.report(result, kernel, 'arguments', to_bytes('\n'.join(words) + '\n'), to_bytes('\n'.join(there[kernel]) + '\n'))
