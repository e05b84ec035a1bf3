# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds and reads text logs such as /var/log/messages with their rotated files, in blocks of whole lines.

What was read is remembered in a cursor, by what each file is and not by its name: between two scans rotation renames
files, copies and truncates them, and compresses them. A file is known again by its inode and its first bytes, or, when
the inode is new, by its first bytes alone. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import io
import os
import re
import stat

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._common.compression import BLOCK, MAGIC_SIZE, unpacker
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile.lines import DAY

# What opening and reading a file raises; a damaged compressed one raises ValueError.
READ_ERRORS = (EnvironmentError, ValueError)
WINDOW = 8 << 20  # bytes of a file that are in memory: each block starts grep once
LINE_LIMIT = 4 << 20  # bytes of a line that are looked at; less than a window
PACKED_RATIO = 16  # what a compressed log unpacks to, about
HEAD_SIZE = 256  # first bytes that tell a file from others; logs begin with a time

# What logrotate appends: .1, -20261122, -2026112216 (hourly), -20261122-1795363280, -2026-11-22; then perhaps
# compressed.
ROTATED = re.compile(r'(?:\.(?P<number>[0-9]{1,5})|-(?P<date>[0-9]{4}-?[0-9]{2}-?[0-9]{2})(?P<time>[0-9]{2}|-[0-9]+)?)'
                     r'(?P<packed>\.(?:gz|xz|bz2|zst))?\Z')


class CursorError(ValueError):
    """The cursor does not come from a scan."""


# --- which files
# -----------------------------------------------------------------------------------------------------------

def expand(paths):
    """Expand paths and globs to paths (list of str), each once. A path that exists is never a glob."""
    import glob  # not needed by most scans of one file, and slow to import
    found = []
    for path in paths:
        for one in [path] if os.path.lexists(path) or not glob.has_magic(path) else sorted(glob.glob(path)):
            if one not in found:
                found.append(one)
    return found


def family(path, forms=()):
    """Return a log and its rotated files (list of str) that exist, the oldest first.

    :param forms: how logrotate calls them here, (folder, regular expression) each, see logrotate.Form; those of its
        defaults beside the log are known. Raises EnvironmentError for a folder of these that cannot be read.
    """
    folder, base = os.path.split(path)
    try:
        names = os.listdir(folder or '.')
    except EnvironmentError:
        names = []
    found = {}
    for name in names:
        rotated = ROTATED.match(name[len(base):]) if name.startswith(base) else None
        if rotated:
            found[os.path.join(folder, name)] = rotated, names
    for place, regex in forms:
        if place != folder and os.path.isdir(place):
            names = os.listdir(place)
        elif place != folder:
            continue
        else:
            names = os.listdir(folder or '.') if os.path.isdir(folder or '.') else []
        like = re.compile(regex)
        for name in names:
            rotated = like.match(name)
            one = os.path.join(place, name)
            if rotated and one != path:
                found.setdefault(one, (rotated, names))
    # While logrotate compresses, the plain file and its copy stand side by side.
    return [one for _key, one in sorted(
        (_age(one, rotated), one) for one, (rotated, names) in found.items()
        if not (rotated.group('packed') and os.path.basename(one)[:-len(rotated.group('packed'))] in names)
    )] + ([path] if os.path.lexists(path) else [])


def _age(path, rotated):
    """Sort key of rotated files, the oldest first: those with a date, then by descending number, then by time."""
    told = dict((name, value or '') for name, value in rotated.groupdict().items())
    date = told.get('date', '').replace('-', '')
    if told.get('year') and told.get('month') and told.get('day'):
        date = told['year'] + told['month'] + told['day']
    clock = told.get('time', '') or told.get('hour', '') + told.get('minute', '') + told.get('second', '')
    if told.get('epoch') and not date:
        date, clock = timestamps.to_text(int(told['epoch']) * timestamps.SECOND)[:10].replace('-', ''), ''
    try:
        written = 0 if date or told.get('number') else os.stat(path).st_mtime
    except EnvironmentError:
        written = 0
    return not date, date, clock or told.get('epoch', ''), -int(told.get('number') or 0), written


def written_before(path, modified):
    """Return when a log was last written (seconds since the epoch): when `modified`, or when rotated by its name."""
    found = re.search(r'-([0-9]{4})-?([0-9]{2})-?([0-9]{2})[^/]*\Z', path)
    rotated = found and timestamps.utc_seconds(tuple(int(part) for part in found.groups()) + (0, 0, 0))
    return min(modified, rotated + 2 * DAY) if rotated else modified


# --- one file
# --------------------------------------------------------------------------------------------------------------

class Block:
    """A block of whole lines of a file."""

    __slots__ = ('data', 'end', 'size', 'ended')

    def __init__(self, data, end, size, ended):
        """:param data: bytearray; the lines are data[:end]. It changes when the next block is read.
        :param size: the bytes they take up in the file: more than `end` when NULs before a line, or the end of a line
            beyond LINE_LIMIT, were left out.
        :param ended: whether the last line ends with a newline.
        """
        self.data, self.end, self.size, self.ended = data, end, size, ended

    def line(self, start):
        """(the line that begins there, where the next one begins). Its newline is left out, and so are NULs around it,
        which a crash leaves, or truncation under its writer.
        """
        stop = self.data.find(b'\n', start, self.end) + 1 or self.end
        return bytes(self.data[start:stop]).strip(b'\0').rstrip(b'\r\n')[:LINE_LIMIT], stop

    def long_lines(self):
        """Return the number of lines that are longer than LINE_LIMIT."""
        starts = set()
        for place in range(LINE_LIMIT, self.end, LINE_LIMIT):
            start = self.data.rfind(b'\n', 0, place) + 1
            stop = self.data.find(b'\n', place, self.end) + 1 or self.end
            if stop - start > LINE_LIMIT and (
                    len(self.data[start:stop].strip(b'\0').rstrip(b'\r\n')) > LINE_LIMIT):
                starts.add(start)
        return len(starts)


class LogFile:
    """An open log, compressed or not. It remains the same file if it is renamed."""

    def __init__(self, path):
        """Raise EnvironmentError, or ValueError if this is not a regular file."""
        self.path = path
        if not stat.S_ISREG(os.stat(path).st_mode):  # before opening: a FIFO would wait for its writer
            raise ValueError('not a regular file')
        self._file = io.open(path, 'rb')
        self._sources = []
        info = os.fstat(self._file.fileno())
        self.device, self.inode, self.size, self.modified = info.st_dev, info.st_ino, info.st_size, info.st_mtime
        self._unpack = unpacker(self._file.read(MAGIC_SIZE))
        self.packed = self._unpack is not None
        self._beginning = b''

    def look_at_beginning(self):
        """Read the first bytes of the content, for `head`. Raises one of READ_ERRORS."""
        stream = self._content(0)
        try:
            piece = self._beginning = stream.read(HEAD_SIZE)
            while piece and len(self._beginning) < HEAD_SIZE:
                piece = stream.read(HEAD_SIZE - len(self._beginning))
                self._beginning += piece
        finally:
            stream.close()

    def head(self, size=HEAD_SIZE):
        """[digest, number] of the first bytes, up to `size`: a log only grows, so these stay."""
        import hashlib
        beginning = self._beginning[:size]
        return [hashlib.sha256(beginning).hexdigest()[:32], len(beginning)]

    def _content(self, offset):
        """Return the content as a binary stream, from an offset (int, bytes of the content) on."""
        # A second open of the same file, with a position of its own, and not of what its path has come to name.
        source = io.open('/proc/self/fd/%d' % self._file.fileno(), 'rb', 0)
        self._sources.append(source)
        if not self.packed:
            source.seek(offset)
            return source
        stream = self._unpack(source)
        while offset:
            skipped = len(stream.read(min(offset, WINDOW)))
            if not skipped:
                break
            offset -= skipped
        return stream

    def blocks(self, offset):
        """Yield the content from an offset (int, bytes of the content) on as Blocks. The last line may be incomplete.

        Of a line that is longer than the window, NULs before it and what is beyond LINE_LIMIT are left out. Raises one
        of READ_ERRORS behind what could be read.
        """
        size = self.size * PACKED_RATIO if self.packed else self.size
        data, filled, left_out, error = bytearray(min(WINDOW, max(size + 1, BLOCK))), 0, 0, None
        stream = self._content(offset)
        try:
            while True:
                try:
                    number = self._fill(stream, data, filled)
                except READ_ERRORS as caught:
                    number, error = 0, caught
                filled += number
                if number and filled < len(data):
                    continue
                end = data.rfind(b'\n', 0, filled) + 1
                if number and not end and len(data) < WINDOW:
                    data.extend(bytearray(min(len(data), WINDOW - len(data))))
                    continue
                if number and not end:
                    dropped = self._shorten(data, filled)
                    left_out += dropped
                    filled -= dropped
                    continue
                if not number:
                    end = filled
                if end:
                    yield Block(data, end, end + left_out, data[end - 1:end] == b'\n')
                if error:
                    raise error
                if not number:
                    return
                data[:filled - end] = data[end:filled]
                filled, left_out = filled - end, 0
        finally:
            stream.close()

    def _fill(self, stream, data, filled):
        """Read into data[filled:]. Return the number of bytes (int), 0 at the end."""
        if not self.packed:
            return stream.readinto(memoryview(data)[filled:])
        piece = stream.read(min(len(data) - filled, BLOCK))
        data[filled:filled + len(piece)] = piece
        return len(piece)

    @staticmethod
    def _shorten(data, filled):
        """Make room if a single line fills data[:filled]. Return the number of its bytes that were dropped (int)."""
        content = len(data) - len(data.lstrip(b'\0'))
        if content:
            data[:filled - content] = data[content:filled]
            return content
        return filled - LINE_LIMIT - 1  # one more shows that it is longer

    def close(self):
        for source in self._sources + [self._file]:
            source.close()


# --- what an earlier scan read
# ---------------------------------------------------------------------------------------------

# One file: base (the log whose rotated file it is), path, device, inode, head, and what was read of it: offset (bytes)
# and lines. counted: ids that an unfinished last line, which the offset stands before, was counted for; None without
# such a line. The word before the JSON keeps Ansible from taking a templated cursor for a list.
CURSOR_PREFIX = 'v1 '
MARK_KEYS = ('base', 'path', 'device', 'inode', 'head', 'offset', 'lines', 'counted')


def parse_cursor(text):
    """Return the marks (list of dicts) of a cursor (text); [] for ''. Raises CursorError."""
    if not text:
        return []
    import json
    try:
        marks = json.loads(text[len(CURSOR_PREFIX):])
        valid = text.startswith(CURSOR_PREFIX) and all(
            set(mark) == set(MARK_KEYS) and mark['offset'] >= 0 and len(mark['head']) == 2 for mark in marks)
    except (ValueError, TypeError):
        valid = False
    if not valid or not isinstance(marks, list):
        raise CursorError('cursor: not a cursor of logfile_scan; give what an earlier scan returned, or none')
    return marks


def to_cursor(marks):
    """Return the cursor (text) of marks (list of dicts)."""
    import json
    return CURSOR_PREFIX + json.dumps(marks, sort_keys=True)


def recognise(logs, marks):
    """Find which mark belongs to which file.

    :param logs: open LogFiles of one family.
    :param marks: of the same family.
    :returns: dict, index into logs -> mark. Each mark is given away once: first to the same inode that begins the same;
        then to another that does, a copy, unless the file was empty.
    """
    found, free = {}, list(marks)
    for same_inode in (True, False):
        for index, log in enumerate(logs):
            for mark in free:
                if index in found or log.head(mark['head'][1]) != mark['head']:
                    continue
                if not log.packed and log.size < mark['offset']:
                    continue
                if (log.device, log.inode) == (mark['device'], mark['inode']) if same_inode else mark['head'][1]:
                    found[index] = mark
                    free.remove(mark)
                    break
    return found
