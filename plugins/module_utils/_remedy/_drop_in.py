# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One file in a folder of drop-ins that a kind of remedy owns: a line for each setting, and above it whom it is for.

Its first line holds the checksum of the rest, so that what somebody edited is known, and stays. A run for some of the
signatures leaves the lines of the others. No line is longer than 2,047 bytes: the systemd of RHEL 7 takes the rest of a
longer one for another line, that of a comment too.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import hashlib
import json
import os
import re

from ansible.module_utils.common.text.converters import to_bytes, to_native, to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, _tmpfiles as tmpfiles

# A setting: what it sets (str, the same for all that say something about it), its line, or lines, the signatures that ask for
# it (tuple), and what was in force before, where the kind keeps that.
Entry = collections.namedtuple('Entry', 'key line signature_ids before')
# What is done to the file: its path, its content before and after (bytes, None for no file), the entries in it before and
# after, and those that go.
Change = collections.namedtuple('Change', 'path content_before content_after held wanted gone')

_HEADER = '# Written by loghygiene.rhel.%s, which leaves it alone once it is edited. sha256 %s\n'
SIGNATURE_ID = re.compile(r'[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\Z')
_FOR, _BEFORE = '# for ', '# before: '


def shown(value):
    """Return a value of an item (anything) for a message: quoted, in ASCII, and not longer than a line."""
    text = to_text(value, errors='replace', nonstring='simplerepr')
    return to_native(json.dumps(text if len(text) <= 60 else text[:60] + u'...'))


def native(value):
    """Return a value of an item (anything) as a str. What a catalog has as a number, a survey gets as such."""
    return to_native(value, errors='surrogate_or_replace', nonstring='simplerepr')


def check_signature_ids(items):
    """Raise RemedyError unless the items are for signatures whose id can stand in a file, or in its name."""
    for item in items:
        if not SIGNATURE_ID.match(native(item['signature_id'])):
            raise remedy.RemedyError('signature_id: %s is not the id of a signature. Nothing was changed.'
                                     % shown(item['signature_id']))


def sealed(kind, text):
    """Return a text (str or bytes) as the content of a file of ours: below a line that has its checksum (bytes)."""
    text = to_bytes(text)
    return to_bytes(_HEADER % (kind, hashlib.sha256(text).hexdigest())) + text


def unsealed(kind, content):
    """Return the text (bytes) of what sealed() returned, or None for the content of another file, or of an edited one."""
    text = content.partition(b'\n')[2]
    return text if content == sealed(kind, text) else None


def was_sealed(content):
    """Return whether a file (bytes) is, or was before somebody edited it, one of ours."""
    return content.startswith(to_bytes(_HEADER.partition('%')[0]))


def layers(directories, last=None):
    """Return the files that are in force in folders of drop-ins (paths), in the order in which they are read.

    :param directories: the folders, the first one that has a name wins.
    :param last: a file that is read after all of them, or None.
    """
    paths = [paths[0] for name, paths in sorted(tmpfiles.layers(directories).items()) if not name.startswith('.')]
    return [path for path in paths + ([last] if last else []) if os.path.isfile(path)]


def plan(kind, path, items, entries, key_of, state, result, before_of=None):
    """Return the Change that brings the file to the state; None if somebody else's file stays, which is noted then.

    :param kind: the name of the kind (str).
    :param items: the items as the role takes them; with `absent`, no items stand for all.
    :param entries: what the items ask for (list of Entry), none with `absent`.
    :param key_of: function that returns the key of an Entry from its line.
    :param before_of: function that returns what was in force before an Entry of the file (text), where somebody may have changed that.

    Raises RemedyError and FileError.
    """
    check_signature_ids(items)
    before = None if os.path.islink(path) else files.content_of(path)
    held = [] if before is None else _parsed(kind, before, key_of)
    if os.path.islink(path) or held is None:
        if state == 'present' and entries:
            raise remedy.RemedyError('%s was not written by this collection, or was edited since. Move it away, with what is '
                                     'to stay of it under another name. Nothing was changed.' % path)
        result['notes'].append('%s was not written by this collection, or was edited since: it stays.' % path)
        result['in_place'] = False
        return None
    named = set(item['signature_id'] for item in items)
    everybody = state == 'absent' and not items
    kept = [] if everybody else [
        one._replace(signature_ids=tuple(name for name in one.signature_ids if name not in named))
        for one in held if set(one.signature_ids) - named]
    held = [one._replace(before=before_of(one)) for one in held] if before_of and state == 'present' else held
    first = dict((one.key, one.before) for one in held)
    wanted = _merged([one._replace(before=first.get(one.key, one.before)) for one in kept + entries])
    if state == 'present' and kept:
        others = sorted(set(name for one in kept for name in one.signature_ids))
        result['notes'].append('%s also holds lines for signatures that this run does not name, and they stay: %s.'
                               % (path, ', '.join(others)))
    keys = set(one.key for one in wanted)
    return Change(path, before, _rendered(kind, wanted) if wanted else None, held, wanted,
                  [one for one in held if one.key not in keys])


def put(module, change, result):
    """Write or remove the file, and report it. Raises FileError."""
    before, after = change.content_before, change.content_after
    if before == after:
        return
    if not module.check_mode:
        remedy.make_directory(module, os.path.dirname(change.path), result)
        files.put(module, change.path, after)
    remedy.report(result, change.path, 'remove' if after is None else 'edit' if before else 'create', before, after)


def contradiction(*entries):
    """Return the RemedyError for two entries that cannot both be."""
    return remedy.RemedyError('Signatures %s and %s contradict each other: "%s" and "%s". Take one of them out of the run. Nothing '
                              'was changed.' % (tuple(', '.join(one.signature_ids) for one in entries)
                                                + tuple(one.line.replace('\n', ' ') for one in entries)))


def _merged(entries):
    """Return entries with one for each key, ordered by key. Raises RemedyError if two contradict each other."""
    found = {}
    for one in entries:
        other = found.setdefault(one.key, one)
        if other.line != one.line:
            raise contradiction(other, one)
        found[one.key] = other._replace(signature_ids=tuple(sorted(set(other.signature_ids + one.signature_ids))))
    return [found[key] for key in sorted(found)]


def _rendered(kind, entries):
    """Return the content of the file (bytes)."""
    text = ''.join(
        ''.join('%s%s\n' % (_FOR, name) for name in one.signature_ids)
        + ('' if one.before is None else '%s%s\n' % (_BEFORE, one.before)) + one.line + '\n' for one in entries)
    return sealed(kind, text)


def _parsed(kind, content, key_of):
    """Return the entries of a file (bytes) as _rendered() wrote it, or None if it is another one."""
    rest = unsealed(kind, content)
    if rest is None:
        return None
    entries, names, before = [], [], None
    for line in to_native(rest).split('\n')[:-1]:
        if line.startswith(_FOR):
            names.append(line[len(_FOR):])
        elif line.startswith(_BEFORE):
            before = line[len(_BEFORE):]
        elif names:
            entries.append(Entry(None, line, tuple(names), before))
            names, before = [], None
        else:   # an entry of several lines goes on
            entries[-1] = entries[-1]._replace(line=entries[-1].line + '\n' + line)
    return [one._replace(key=key_of(one.line)) for one in entries]
