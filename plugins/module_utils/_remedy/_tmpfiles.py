# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tmpfiles.d(5): which file of a name counts, its lines and ACL entries, and overrides that know their origin.

An override is a copy of the vendor's file without the ACL entries of groups that are missing (tmpfiles_acl), and with lines
left out or changed (tmpfiles_override). Both kinds of remedy may have asked for one file.

systemd-tmpfiles hands the argument of an ACL line to libacl, which rejects all of it when one group does not exist
(`Failed to parse ACL`): the groups that do exist lose their access too. Read in the sources of systemd 219, 239, 252
and 257 (src/tmpfiles/tmpfiles.c, src/shared/acl-util.c, src/basic/extract-word.c) and of libacl (acl_from_text.c).

Reads configuration, writes nothing. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import hashlib
import json
import os
import re
from collections import namedtuple

# Of files of the same name only that in the first of these counts. Overrides are written to the first one.
DIRECTORIES = ('/etc/tmpfiles.d', '/run/tmpfiles.d', '/usr/local/lib/tmpfiles.d', '/usr/lib/tmpfiles.d')
RUNTIME = '/run/'

Override = namedtuple('Override', 'source groups source_sha256 edits')
# A change of the lines of a `type` and `path` (str): they become `line`, or are left out where that is None. With `acl`, a
# text such as group:adm, only the entries for that group or user go, of all lines where type and path are None.
Edit = namedtuple('Edit', 'type path acl line signature_ids')
Change = namedtuple('Change', 'path before after')
# `kept` are overrides that somebody edited and that still name a missing group.
Plan = namedtuple('Plan', 'changes overrides vendor_changed notes kept')

_SPACE = b' \t\r\n'
_TEXT_LINE = re.compile(b'[^\n]*\n|[^\n]+')
_ACL_LINE = re.compile(b'[ \t\r]*["\']?[aA]')
# Six words, in which quotes and backslashes hide space; then the argument as it stands, up to the end of the line. Only
# systemd 219 takes a pair of quotes off the argument; to the others it is never a valid ACL.
_WORD = br'''(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^ \t\r\n"'\\])+'''
_FIELDS = re.compile(br'([ \t\r]*(?:' + _WORD + br'[ \t\r]+){6}"?)(.*?)("?[ \t\r]*\n?)\Z', re.DOTALL)
_HEAD = re.compile(br'[ \t\r]*(' + _WORD + br')[ \t\r]+(' + _WORD + br')(?=[ \t\r\n]|\Z)')
_PART = re.compile(br'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'|([^"\']+)', re.DOTALL)
_OCTAL = re.compile(br'\\([0-3][0-7][0-7])')
_REJECTED_ACL = re.compile(br'Failed to parse ACL "([^\n]*)"')
_HEADER = re.compile(
    br'# Written by loghygiene\.rhel\.tmpfiles_(?:acl|override) in place of ([^\n]+)\n'
    br'(?:# without the ACL entries of groups that this host does not have: ([^\n]*)\n)?'
    br'((?:# change: [^\n]*\n)*)'
    br'# It hides [^\n]*\n'
    br'# sha256 of that file: ([0-9a-f]{64})\n'
    br'# sha256 of the rest: ([0-9a-f]{64})\n')


def strip(content, groups):
    """Return the text of a tmpfiles.d file (bytes) without the ACL entries that name one of `groups` (set of bytes).

    A line that has no entry left goes; every other byte stays.
    """
    return edited(content, groups)


def edited(content, groups=frozenset(), edits=()):
    """Return the text of a tmpfiles.d file (bytes) as strip() does, and with the lines of `edits` (Edit) left out or changed."""
    unwanted = set((b'group', group) for group in groups)
    return b''.join(_edit_line(line, unwanted, edits) for line in _TEXT_LINE.findall(content))


def lines_of(content, edit):
    """Return the lines (list of bytes, without their ends) of a text that an Edit is about."""
    return [line.rstrip(b'\r\n') for line in _TEXT_LINE.findall(content) if _is_meant(line, edit)]


def head_of(line):
    """Return type and path of a line (bytes), without quotes, or None for a comment and what is no line."""
    found = None if line.lstrip(_SPACE).startswith(b'#') else _HEAD.match(line)
    return tuple(_unquoted(word) for word in found.groups()) if found else None


def fields_of(line):
    """Return the seven fields of a line (list of bytes), the last one as it stands; `-` for what it lacks."""
    words, rest = [], line.rstrip(b'\r\n')
    while len(words) < 6:
        found = re.match(br'[ \t\r]*(' + _WORD + br')(?=[ \t\r]|\Z)', rest)
        if not found:
            break
        words.append(_unquoted(found.group(1)))
        rest = rest[found.end():]
    return words + [b'-'] * (6 - len(words)) + [rest.strip(_SPACE) or b'-']


def acl_paths(content, groups):
    """Return the paths (set of bytes) of the lines whose ACL names one of `groups` (set of bytes)."""
    return set(head_of(line)[1] for line in _TEXT_LINE.findall(content)
               if head_of(line) and _edit_line(line, set((b'group', group) for group in groups), ()) != line)


def groups_in(content):
    """Return the groups (set of bytes) that the ACLs of a text name."""
    found = set()
    for line in _TEXT_LINE.findall(content):
        fields = _ACL_LINE.match(line) and _FIELDS.match(line)
        found.update(named_group(entry) for entry in (fields.group(2).split(b',') if fields else ()))
    return found - set([None])


def left_out(original, content, groups=None):
    """Return which of these groups (set of bytes, None for any) strip() left out of the original text to make this one.

    None if that is not how it was made.
    """
    gone = (groups_in(original) if groups is None else groups) - groups_in(content)
    return gone if strip(original, gone) == content else None


def named_group(entry):
    """Return the group (bytes) that one entry of an ACL names, as libacl reads it, or None.

    `group:adm:r-x`, `g:adm:rx`, `default:group:adm:r--`, `d:g:adm:---`; `group::r-x` is the owning group.
    """
    tag, name = _named(entry)
    return name if tag == b'group' else None


def _named(entry):
    """Return what one entry of an ACL is for: (b'group' or b'user', its name), or (None, None)."""
    text = entry.strip(_SPACE)
    for prefix in (b'default:', b'd:'):
        if text.startswith(prefix):
            text = text[len(prefix):].lstrip(_SPACE)
            break
    for tag in (b'group', b'g', b'user', b'u'):
        if text.startswith(tag):
            text = text[len(tag):].lstrip(_SPACE)
            break
    else:
        return None, None
    if text.startswith(b':'):   # libacl does without
        text = text[1:]
    name = text.split(b':')[0].strip(_SPACE)
    name = _OCTAL.sub(lambda found: bytes(bytearray([int(found.group(1), 8)])), name)
    return (b'group' if tag.startswith(b'g') else b'user', name) if name else (None, None)


def render_override(source, content, groups, edits=()):
    """Return the override (bytes) of the vendor file at `source` (str) with this `content` (bytes).

    Its header says what it replaces, what was left out and what was changed, so that a later run notices when the vendor
    file changed or when somebody edited the override.
    """
    named = sorted(group for group in groups if strip(content, {group}) != content)
    edits = sorted((one for one in edits if edited(content, (), [one]) != content), key=key_of)
    body = edited(content, groups, edits)
    # An override without edits is as it was before there were any.
    without = [b'# without the ACL entries of groups that this host does not have: ', b' '.join(named), b'\n']
    changes = [b'# change: %s\n' % _encoded(one) for one in edits]
    return b''.join(
        [b'# Written by loghygiene.rhel.tmpfiles_', b'override' if edits else b'acl', b' in place of ', _path_to_bytes(source), b'\n']
        + without * bool(named or not edits)
        + changes
        + [b'# It hides that file. To undo, remove this one; to make it yours, remove these five lines.' if not edits else
           b'# It hides that file. To undo, remove this one; to make it yours, remove these lines, down to the last sha256.',
           b'\n# sha256 of that file: ', _sha256(content),
           b'\n# sha256 of the rest: ', _sha256(b''.join(changes) + body),
           b'\n', body])


def parse_override(content):
    """Parse an Override from text (bytes). Return None if it is not ours, or if somebody edited it."""
    found = parse_header(content)
    return found[0] if found and found[1] else None


def parse_header(content):
    """Parse (Override, whether it is as it was written) from text (bytes), or return None if it is not ours."""
    header = _HEADER.match(content)
    if not header:
        return None
    source, groups, changes, source_sha256, body_sha256 = header.groups()
    try:
        edits, whole = [_decoded(line) for line in changes.splitlines()], True
    except (ValueError, TypeError, KeyError, AttributeError):
        edits, whole = [], False
    return (Override(_path_to_str(source), set((groups or b'').split()), source_sha256, edits),
            whole and _sha256(changes + content[header.end():]) == body_sha256)


def key_of(edit):
    """Return what two edits that contradict each other have in common."""
    return edit.type or '', edit.path or '', edit.acl or ''


def _encoded(edit):
    """Return an Edit as one line (bytes)."""
    held = dict((key, value) for key, value in edit._asdict().items() if value is not None)
    return _bytes(json.dumps(dict(held, signature_ids=sorted(held['signature_ids'])), sort_keys=True))


def _decoded(line):
    """Return the Edit of a line of the header (bytes). Raises ValueError, TypeError and KeyError."""
    held = json.loads(line[len(b'# change: '):].decode('utf-8'))
    names = tuple(str(name) for name in held.pop('signature_ids'))
    return Edit(signature_ids=names, **dict((key, str(held.pop(key)) if key in held else None)
                                            for key in ('type', 'path', 'acl', 'line')))


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
    directory. An override of ours follows its vendor file until it is taken away with undo() or has nothing to leave out
    any more; one that somebody edited is left alone.
    Returns a Plan: changes (list of Change; before is None for a new file, after for one that goes), overrides (paths of
    ours, new ones too), vendor_changed (vendor files that changed since they were overridden), notes (list of str for the
    operator), kept.
    """
    result = Plan([], [], [], [], [])
    for name, paths in sorted(layers(directories).items()):
        path = paths[0]
        if not os.path.isfile(path):   # masked by a link to /dev/null, or a link to nowhere: it hides the others
            continue
        content = read(path)
        override = parse_override(content)
        if override:
            back = sorted(override.groups - missing)
            if back:
                result.notes.append('%s still leaves out the ACL entries of %s, which this host has: undo the override if that '
                                    'group shall have its access back.' % (path, b', '.join(back).decode('utf-8', 'replace')))
            follow(result, path, content, override, paths[1:], missing | override.groups, override.edits, read)
            continue
        stripped = strip(content, missing)
        if parse_header(content):
            tell_edited(result, path, content, paths[1:], read)
            if stripped != content:
                result.kept.append(path)
                result.notes.append('%s has ACL entries of groups that this host does not have. Correct it, or move it away and run this '
                                    'again.' % path)
            continue
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


def follow(result, path, content, override, hidden, groups, edits, read):
    """Add to the Plan what to do about our own `override` at `path` that hides the paths `hidden`.

    :param groups: the groups that it is to leave out (set of bytes). :param edits: the edits that it is to have.
    """
    hidden = [one for one in hidden if os.path.isfile(one)]
    if not hidden:
        result.overrides.append(path)
        result.notes.append('%s replaces %s, which is gone: remove the override.' % (path, override.source))
        return
    if _sha256(read(hidden[0])) != override.source_sha256:
        result.vendor_changed.append(hidden[0])
    after = remade(hidden, groups, edits, read)
    if after is not None:
        result.overrides.append(path)
    if after != content:
        result.changes.append(Change(path, content, after))


def remade(hidden, groups, edits, read):
    """Return the override (bytes) of the first file of `hidden` (paths), None where it would have nothing to do."""
    vendor = read(hidden[0]) if hidden else b''
    return None if edited(vendor, groups, edits) == vendor else render_override(hidden[0], vendor, groups, edits)


def tell_edited(result, path, content, hidden, read):
    """Add notes to the Plan on an override of ours that somebody edited: it stays, also where its vendor file changed."""
    result.notes.append('%s was written by loghygiene and edited since: it stays.' % path)
    hidden = [one for one in hidden if os.path.isfile(one)]
    if hidden and _sha256(read(hidden[0])) != parse_header(content)[0].source_sha256:
        result.notes.append('%s changed since it was overridden. Compare them.' % hidden[0])


def undo(directories, groups, read, original, staying=frozenset(), lost=lambda path, content: None,
         was_link=lambda path, content: False):
    """Return how to undo the remedy for `groups` (set of bytes) but those that stay left out (`staying`).

    `original` maps a path to the bytes that were there before it was edited, None when none are kept. `lost` returns what is told
    of a file whose original is not that any more, or None; `was_link` whether it is as it was written in the place of a link.
    Returns (changes, notes): a list of Change, whose `after` is None for an override that goes, and a list of str. Each note
    is on a file that stays.
    """
    changes, notes = [], []
    for _name, paths in sorted(layers(directories).items()):
        for number, path in enumerate(paths):
            if not os.path.isfile(path):
                continue
            content = read(path)
            held = parse_header(content)
            if held and held[1]:
                hidden, ours = [one for one in paths[number + 1:] if os.path.isfile(one)], held[0].groups or not held[0].edits
                after = remade(hidden, staying & held[0].groups, held[0].edits, read) if ours else content
                changes += [Change(path, content, after)] * (after != content)
                continue
            if held and (held[0].groups or not held[0].edits):
                notes.append('%s was written by loghygiene and edited since: it stays. Remove it by hand.' % path)
            kept = original(path)
            gone = None if kept is None else left_out(kept, content, groups)   # what was not missing then was not left out
            if gone is None and kept is not None and was_link(path, content):
                gone = groups
            if gone is None:
                note = lost(path, content) or kept is not None and '%s was edited since its original was kept: it stays.' % path
                notes += [note] if note else []
                continue
            after = strip(kept, staying & gone)
            changes += [Change(path, content, after)] * (after != content)
    return changes, notes


def undo_edits(directories, signature_ids, read):
    """Return (changes, notes) as undo() does: how to undo the edits for these signatures (set of str), for all where it is None."""
    changes, notes = [], []
    for _name, paths in sorted(layers(directories).items()):
        content = read(paths[0]) if os.path.isfile(paths[0]) else b''
        held = parse_header(content)
        left = without(held[0].edits, signature_ids) if held else []
        if not held or left == held[0].edits:
            continue
        if held[1]:
            after = remade([one for one in paths[1:] if os.path.isfile(one)], held[0].groups, left, read)
            changes.append(Change(paths[0], content, after))
        else:
            notes.append('%s was written by loghygiene and edited since: it stays. Remove it by hand.' % paths[0])
    return changes, notes


def without(edits, signature_ids):
    """Return what is left of edits when these signatures (set of str, None for all) need them no more."""
    left = [] if signature_ids is None else [
        one._replace(signature_ids=tuple(name for name in one.signature_ids if name not in signature_ids)) for one in edits]
    return [one for one in left if one.signature_ids]


def rejected_acls(output):
    """Return the ACLs (list of bytes) that systemd-tmpfiles could not parse, from its output (bytes)."""
    return _REJECTED_ACL.findall(output)


def mentions(acl, groups):
    """Return whether this ACL (bytes) names one of `groups` (set of bytes), even in a form that strip() does not parse.

    libacl accepts plain space between two entries. Nobody writes that, and systemd 257 refuses it.
    """
    return any(re.search(br'(?<![\w.-])g(?:roup)?[ \t]*:?[ \t]*' + re.escape(group) + br'(?![\w.-])', acl)
               for group in groups)


def _is_meant(line, edit):
    """Return whether an Edit is about a line (bytes)."""
    head = head_of(line)
    return bool(head) and (edit.path is None and head[0][:1] in (b'a', b'A')
                           or head == (_bytes(edit.type or ''), _bytes(edit.path or '')))


def _edit_line(line, unwanted, edits):
    """Return one line without the ACL entries `unwanted` (set of what _named() returns), and as `edits` have it."""
    for one in edits:
        if not _is_meant(line, one):
            continue
        if one.acl:
            unwanted = unwanted | set([tuple(_bytes(part) for part in one.acl.split(':'))])
        elif one.line is None:
            return b''
        else:
            line = _bytes(one.line) + line[len(line.rstrip(b'\r\n')):]
    fields = unwanted and _ACL_LINE.match(line) and _FIELDS.match(line)
    if not fields:
        return line
    start, acl, end = fields.groups()
    entries = acl.split(b',')
    kept = [entry for entry in entries if _named(entry) not in unwanted]
    if len(kept) == len(entries):
        return line
    if not b''.join(kept).strip(_SPACE):
        return b''
    return start + b','.join(kept) + end


def _unquoted(word):
    """Return a word (bytes) without the quotes and backslashes around what it says."""
    return b''.join(re.sub(br'\\(.)', br'\1', b''.join(parts), flags=re.DOTALL) for parts in _PART.findall(word))


def _bytes(text):
    """Return what is in ASCII (str) as bytes."""
    return text if isinstance(text, bytes) else text.encode('ascii')


def _path_to_bytes(path):
    return path if isinstance(path, bytes) else os.fsencode(path)


def _path_to_str(path):
    return path if isinstance(path, str) else os.fsdecode(path)


def _sha256(content):
    """Return the SHA-256 of bytes as hexadecimal digits (bytes)."""
    return hashlib.sha256(content).hexdigest().encode('ascii')
