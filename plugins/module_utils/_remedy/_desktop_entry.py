# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Set keys of a group of a .desktop file, or of another of that syntax, and keep every other byte.

Two programs read autostart files, and not in the same way:

- gnome-session by GLib's GKeyFile (glib/gkeyfile.c): groups of the same name are one, of a key given twice the last
  one counts, space around `=` does not matter, a comment starts with `#`. It obeys `Hidden` and
  `X-GNOME-Autostart-enabled`.
- systemd-xdg-autostart-generator by systemd's own parser (src/shared/conf-parser.c): the same, but a line that ends in
  a backslash swallows the next one. It obeys `Hidden` and knows no X-GNOME key.

Pure functions, bytes to bytes. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

# What keeps an entry from being started, for every reader since GNOME 3.
DISABLED = ((b'Hidden', b'true'), (b'X-GNOME-Autostart-enabled', b'false'))

ENTRY = b'[Desktop Entry]'

_BYTE_ORDER_MARK = b'\xef\xbb\xbf'
_SPACE = b' \t\r\n\f'   # GLib's; to systemd a form feed is none, and a carriage return ends the line
_LINE = re.compile(b'[^\n]*\n|[^\n]+')


class DesktopEntryError(ValueError):
    """The text is not a desktop entry. str() says why."""


def disable(content):
    """Return the .desktop file `content` (bytes) with autostart disabled. Raises DesktopEntryError."""
    return set_keys(content, DISABLED)


def set_keys(content, keys, header=ENTRY):
    """Return `content` (bytes) with each (key, value) of `keys` (bytes) in force in its group of this header.

    Where a key is there, each of its values is replaced, because readers differ in which one counts; where it is not,
    it is added in a line of its own right below the group's first header, where nothing can swallow it. Setting what
    is set changes nothing, and so does a text of blank lines and comments alone: it starts nothing. Raises
    DesktopEntryError when there is no such group, or readers differ in where it ends.
    """
    # space behind a value belongs to the value in older GLib, so it goes with it
    setters = [(key, value, re.compile(br'[ \t\r\f]*' + re.escape(key) + br'[ \t\r\f]*=[ \t\f]*'))
               for key, value in keys]
    found = set()
    first_header = None
    in_group = False
    continued = False
    lines = _LINE.findall(content)
    for number, line in enumerate(lines):
        text = line.strip(_SPACE)
        if number == 0 and text.startswith(_BYTE_ORDER_MARK):
            text = text[len(_BYTE_ORDER_MARK):].lstrip(_SPACE)
        if text.startswith((b'#', b';')):   # `;` is systemd's alone; to GLib such a line sets no key of ours
            continue
        if text.startswith(b'['):
            if continued:
                raise DesktopEntryError('a line that ends in a backslash hides the group header below it from systemd')
            in_group = text == header
            if in_group and first_header is None:
                first_header = number
        elif in_group:
            for key, value, pattern in setters:
                start = pattern.match(line)
                if start:
                    lines[number] = start.group() + value + _ending(line)
                    if not continued and b'\f' not in start.group() and b'\r' not in start.group():
                        found.add(key)   # systemd sees it as well
        continued = _ends_in_backslash(line)
    if first_header is None and is_emptied(content):
        return content
    if first_header is None:
        raise DesktopEntryError('it has no %s group' % header.decode('ascii'))
    missing = [key + b'=' + value for key, value in keys if key not in found]
    if missing:
        lines[first_header] = _below(lines[first_header], missing, default_ending=_ending(lines[0]) or b'\n')
    return b''.join(lines)


def is_emptied(content):
    """Return whether a .desktop file says nothing. GLib then reads no entry from it, and systemd no Exec."""
    if content.startswith(_BYTE_ORDER_MARK):
        content = content[len(_BYTE_ORDER_MARK):]
    lines = [line.strip(_SPACE) for line in content.split(b'\n')]
    return not any(line and not line.startswith(b'#') for line in lines)


def _below(header, added, default_ending):
    """Return the header line followed by the `added` lines. A file without a final line ending keeps having none."""
    ending = _ending(header)
    if ending:
        return header + b''.join(line + ending for line in added)
    return header + b''.join(default_ending + line for line in added)


def _ending(line):
    """Return the line ending of a line (bytes), empty for a last line without one."""
    for ending in (b'\r\n', b'\n'):
        if line.endswith(ending):
            return ending
    return b''


def _ends_in_backslash(line):
    """Return whether systemd's parser joins the next line to this one."""
    text = line.rstrip(b'\r\n')
    return (len(text) - len(text.rstrip(b'\\'))) % 2 == 1
