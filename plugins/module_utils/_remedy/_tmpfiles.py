# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tmpfiles.d(5): which file of a name counts, which ACL entries name a group, and overrides that know their origin.

systemd-tmpfiles hands the argument of an ACL line to libacl, which rejects all of it when one group does not exist
(`Failed to parse ACL`): the groups that do exist lose their access too. Read in the sources of systemd 219, 239, 252
and 257 (src/tmpfiles/tmpfiles.c, src/shared/acl-util.c, src/basic/extract-word.c) and of libacl (acl_from_text.c).

Reads configuration, writes nothing. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import hashlib
import os
import re
from collections import namedtuple

# Of files of the same name only that in the first of these counts. Overrides are written to the first one.
DIRECTORIES = ('/etc/tmpfiles.d', '/run/tmpfiles.d', '/usr/local/lib/tmpfiles.d', '/usr/lib/tmpfiles.d')
RUNTIME = '/run/'

Override = namedtuple('Override', 'source groups source_sha256')
Change = namedtuple('Change', 'path before after')
Plan = namedtuple('Plan', 'changes overrides vendor_changed notes')

_SPACE = b' \t\r\n'
_TEXT_LINE = re.compile(b'[^\n]*\n|[^\n]+')
_ACL_LINE = re.compile(b'[ \t\r]*["\']?[aA]')
# Six words, in which quotes and backslashes hide space; then the argument as it stands, up to the end of the line. Only
# systemd 219 takes a pair of quotes off the argument; to the others it is never a valid ACL.
_WORD = br'''(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^ \t\r\n"'\\])+'''
_FIELDS = re.compile(br'([ \t\r]*(?:' + _WORD + br'[ \t\r]+){6}"?)(.*?)("?[ \t\r]*\n?)\Z', re.DOTALL)
_OCTAL = re.compile(br'\\([0-3][0-7][0-7])')
_REJECTED_ACL = re.compile(br'Failed to parse ACL "([^\n]*)"')
_HEADER = re.compile(
    br'# Written by loghygiene\.rhel\.tmpfiles_acl in place of ([^\n]+)\n'
    br'# without the ACL entries of groups that this host does not have: ([^\n]*)\n'
    br'# [^\n]*\n'
    br'# sha256 of that file: ([0-9a-f]{64})\n'
    br'# sha256 of the rest: ([0-9a-f]{64})\n')


def strip(content, groups):
    """Return the text of a tmpfiles.d file (bytes) without the ACL entries that name one of `groups` (set of bytes).

    A line that has no entry left goes; every other byte stays.
    """
    return b''.join(_strip_line(line, groups) for line in _TEXT_LINE.findall(content))


def named_group(entry):
    """Return the group (bytes) that one entry of an ACL names, as libacl reads it, or None.

    `group:adm:r-x`, `g:adm:rx`, `default:group:adm:r--`, `d:g:adm:---`; `group::r-x` is the owning group.
    """
    text = entry.strip(_SPACE)
    for prefix in (b'default:', b'd:'):
        if text.startswith(prefix):
            text = text[len(prefix):].lstrip(_SPACE)
            break
    for tag in (b'group', b'g'):
        if text.startswith(tag):
            text = text[len(tag):].lstrip(_SPACE)
            break
    else:
        return None
    if text.startswith(b':'):   # libacl does without
        text = text[1:]
    name = text.split(b':')[0].strip(_SPACE)
    return _OCTAL.sub(lambda found: bytes(bytearray([int(found.group(1), 8)])), name) or None


def render_override(source, content, groups):
    """Return the override (bytes) of the vendor file at `source` (str) with this `content` (bytes).

    Its header says what it replaces and what was left out, so that a later run notices when the vendor file changed or
    when somebody edited the override.
    """
    named = sorted(group for group in groups if strip(content, {group}) != content)
    body = strip(content, groups)
    return b''.join([
        b'# Written by loghygiene.rhel.tmpfiles_acl in place of ', _path_to_bytes(source),
        b'\n# without the ACL entries of groups that this host does not have: ', b' '.join(named),
        b'\n# It hides that file. To undo, remove this one; to make it yours, remove these five lines.',
        b'\n# sha256 of that file: ', _sha256(content),
        b'\n# sha256 of the rest: ', _sha256(body),
        b'\n', body])


def parse_override(content):
    """Parse an Override from text (bytes). Return None if it is not ours, or if somebody edited it."""
    header = _HEADER.match(content)
    if not header or _sha256(content[header.end():]) != header.group(4):
        return None
    source, groups, source_sha256 = header.group(1, 2, 3)
    return Override(_path_to_str(source), set(groups.split()), source_sha256)


def layers(directories):
    """Map each NAME.conf to its paths in these directories (str), in order of precedence. Raises OSError."""
    found = {}
    for directory in directories:
        if os.path.isdir(directory):
            for name in sorted(os.listdir(directory)):
                if name.endswith('.conf'):
                    found.setdefault(name, []).append(os.path.join(directory, name))
    return found


def plan(directories, missing, read):
    """Return what to write so that no file in force has an ACL entry of a `missing` group (set of bytes).

    `read` maps a path to its bytes. A file of the first directory is the administrator's and is edited; so is one below
    /run, which lasts until the next boot only. Anything else is the vendor's and gets an override in the first
    directory. An override of ours follows its vendor file and stays until it is taken away with undo().
    Returns a Plan: changes (list of Change; before is None for a new file), overrides (paths of ours, new ones too),
    vendor_changed (vendor files that changed since they were overridden), notes (list of str for the operator).
    """
    result = Plan([], [], [], [])
    for name, paths in sorted(layers(directories).items()):
        path = paths[0]
        if not os.path.isfile(path):   # masked by a link to /dev/null, or a link to nowhere: it hides the others
            continue
        content = read(path)
        override = parse_override(content)
        if override:
            result.overrides.append(path)
            _follow_vendor(result, path, content, override, paths[1:], missing, read)
            continue
        if _HEADER.match(content):
            result.notes.append('%s was written by loghygiene and edited since: it is treated as your own file.' % path)
        stripped = strip(content, missing)
        if stripped == content:
            continue
        if os.path.dirname(path) == directories[0] or path.startswith(RUNTIME):
            result.changes.append(Change(path, content, stripped))
            if os.path.islink(path):
                result.notes.append('%s was a link to %s and is a file of its own now; what it led to is as it was.'
                                    % (path, os.readlink(path)))
            if path.startswith(RUNTIME):
                result.notes.append('%s lasts until the next boot only: see to what writes it.' % path)
        else:
            target = os.path.join(directories[0], name)
            result.changes.append(Change(target, None, render_override(path, content, missing)))
            result.overrides.append(target)
    return result


def undo(directories, groups, read, original, staying=frozenset()):
    """Return how to undo the remedy for `groups` (set of bytes) but those that stay left out (`staying`).

    `original` maps a path to the bytes that were there before it was edited, None when none are kept.
    Returns (changes, notes): a list of Change, whose `after` is None for an override that goes, and a list of str. Each note
    is on a file that stays.
    """
    changes, notes = [], []
    for _name, paths in sorted(layers(directories).items()):
        for number, path in enumerate(paths):
            if not os.path.isfile(path):
                continue
            content = read(path)
            override = parse_override(content)
            if override:
                hidden = [one for one in paths[number + 1:] if os.path.isfile(one)][:1]
                left_out = staying & override.groups
                vendor = read(hidden[0]) if hidden and left_out else None
                still = vendor is not None and strip(vendor, left_out) != vendor
                after = render_override(hidden[0], vendor, left_out) if still else None
                changes += [Change(path, content, after)] * (after != content)
                continue
            if _HEADER.match(content):
                notes.append('%s was written by loghygiene and edited since: it stays. Remove it by hand.' % path)
            kept = original(path)
            if kept is None or kept == content:
                continue
            # What was not missing was not left out.
            left_out = set(group for group in groups if strip(content, {group}) == content)
            if strip(kept, left_out) == content:
                after = strip(kept, staying & left_out)
                changes += [Change(path, content, after)] * (after != content)
            else:
                notes.append('%s was edited since its original was kept: it stays.' % path)
    return changes, notes


def rejected_acls(output):
    """Return the ACLs (list of bytes) that systemd-tmpfiles could not parse, from its output (bytes)."""
    return _REJECTED_ACL.findall(output)


def mentions(acl, groups):
    """Return whether this ACL (bytes) names one of `groups` (set of bytes), even in a form that strip() does not parse.

    libacl accepts plain space between two entries. Nobody writes that, and systemd 257 refuses it.
    """
    return any(re.search(br'(?<![\w.-])g(?:roup)?[ \t]*:?[ \t]*' + re.escape(group) + br'(?![\w.-])', acl)
               for group in groups)


def _strip_line(line, groups):
    """Apply strip() to one line. Return an empty text if the line is removed."""
    fields = _ACL_LINE.match(line) and _FIELDS.match(line)
    if not fields:
        return line
    start, acl, end = fields.groups()
    entries = acl.split(b',')
    kept = [entry for entry in entries if named_group(entry) not in groups]
    if len(kept) == len(entries):
        return line
    if not b''.join(kept).strip(_SPACE):
        return b''
    return start + b','.join(kept) + end


def _follow_vendor(result, path, content, override, hidden, missing, read):
    """Add to the Plan what to do about our own `override` at `path` that hides the paths `hidden`."""
    back = sorted(override.groups - missing)
    if back:
        result.notes.append('%s still leaves out the ACL entries of %s, which this host has: undo the override if that '
                            'group shall have its access back.' % (path, b', '.join(back).decode('utf-8', 'replace')))
    if not hidden or not os.path.isfile(hidden[0]):
        result.notes.append('%s replaces %s, which is gone: remove the override.' % (path, override.source))
        return
    source = hidden[0]
    vendor = read(source)
    if _sha256(vendor) != override.source_sha256:
        result.vendor_changed.append(source)
    rendered = render_override(source, vendor, missing | override.groups)
    if rendered != content:
        result.changes.append(Change(path, content, rendered))


def _path_to_bytes(path):
    return path if isinstance(path, bytes) else os.fsencode(path)


def _path_to_str(path):
    return path if isinstance(path, str) else os.fsdecode(path)


def _sha256(content):
    """Return the SHA-256 of bytes as hexadecimal digits (bytes)."""
    return hashlib.sha256(content).hexdigest().encode('ascii')
