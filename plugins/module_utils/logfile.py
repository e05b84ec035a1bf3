# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads text logs such as /var/log/messages with their rotated files, one line at a time, and scans them.

What was read is remembered in a cursor, by what each file is and not by its name: between two scans rotation renames
files, copies and truncates them, and compresses them. A file is known again by its inode and its first bytes, or, when
the inode is new, by its first bytes alone. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import bisect
import bz2
import errno
import glob
import gzip
import hashlib
import io
import json
import os
import re
import stat
import struct
import zlib

from ansible_collections.loghygiene.rhel.plugins.module_utils import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils.logline import DAY, Parser, first_year
from ansible_collections.loghygiene.rhel.plugins.module_utils.matcher import Entry, as_text
from ansible_collections.loghygiene.rhel.plugins.module_utils.process import Process
from ansible_collections.loghygiene.rhel.plugins.module_utils.tally import Tally

try:
    import lzma
except ImportError:  # Python 2.7
    lzma = None

# What reading a damaged file raises, by kind of compression and by Python.
READ_ERRORS = (EnvironmentError, EOFError, ValueError, zlib.error, struct.error) + ((lzma.LZMAError,) if lzma else ())
CHUNK = 1 << 16
LINE_LIMIT = 4 << 20  # bytes of a line that are looked at
HEAD_SIZE = 256  # first bytes that tell a file from others; logs begin with a time

# What logrotate appends: .1, -20261122, -2026112216 (hourly), -20261122-1795363280, -2026-11-22; then perhaps
# compressed.
ROTATED = re.compile(r'(?:\.(?P<number>[0-9]{1,5})|-(?P<date>[0-9]{4}-?[0-9]{2}-?[0-9]{2})(?P<time>[0-9]{2}|-[0-9]+)?)'
                     r'(?P<packed>\.(?:gz|xz|bz2|zst))?\Z')


class CursorError(ValueError):
    """A cursor that no scan returned."""


# --- which files
# -----------------------------------------------------------------------------------------------------------

def expand(paths):
    """The paths (list of str) that paths and globs stand for, each once; a path that exists is never a glob."""
    found = []
    for path in paths:
        for one in [path] if os.path.lexists(path) or not glob.has_magic(path) else sorted(glob.glob(path)):
            if one not in found:
                found.append(one)
    return found


def family(path):
    """A log and its rotated files (list of str), the oldest first; only those that exist."""
    folder, base = os.path.split(path)
    try:
        names = os.listdir(folder or '.')
    except EnvironmentError:
        names = []
    rotated = []
    for name in names:
        found = ROTATED.match(name[len(base):]) if name.startswith(base) else None
        # While logrotate compresses, the plain file and its copy stand side by side.
        if found and not (found.group('packed') and name[:-len(found.group('packed'))] in names):
            number = int(found.group('number') or 0)
            date = (found.group('date') or '').replace('-', '')
            rotated.append((not date, date, found.group('time') or '', -number, os.path.join(folder, name)))
    return [item[-1] for item in sorted(rotated)] + ([path] if os.path.lexists(path) else [])


def written_before(path, modified):
    """When a log was last written (seconds since the epoch): when it was `modified`, or rotated as its name says."""
    found = re.search(r'-([0-9]{4})-?([0-9]{2})-?([0-9]{2})[^/]*\Z', path)
    rotated = found and timestamps.utc_seconds(tuple(int(part) for part in found.groups()) + (0, 0, 0))
    return min(modified, rotated + 2 * DAY) if rotated else modified


# --- one file
# --------------------------------------------------------------------------------------------------------------

class Unpacked:
    """What a decompressing command makes of an open file, for what this Python has no library for."""

    def __init__(self, name, source):
        """Raises EnvironmentError when the command is not on this host."""
        self._name = name
        try:
            self._process = Process([name, '-dc'], stdin=source)
        except EnvironmentError as error:
            raise EnvironmentError(error.errno, 'needs the command %s on this host: %s'
                                   % (name, os.strerror(error.errno)))

    def readline(self, limit):
        return self._checked(self._process.stdout.readline, limit)

    def read(self, size):
        return self._checked(self._process.stdout.read, size)

    def _checked(self, function, size):
        data = function(size) if self._process.status is None else b''
        if not data and self._process.wait():
            raise ValueError('%s calls it damaged (status %d)' % (self._name, self._process.status))
        return data

    def close(self):
        self._process.kill()


def gunzip(source):
    """Readable content of an open gzip file; GzipFile alone reads lines slowly in Python 2.7."""
    return io.BufferedReader(gzip.GzipFile(fileobj=source, mode='rb'), CHUNK)


# First bytes of a compressed file -> function from the open file to its readable content.
UNPACKERS = (
    (b'\x1f\x8b', gunzip),
    (b'BZh', (lambda source: io.BufferedReader(bz2.BZ2File(source), CHUNK)) if lzma  # 2.7 has it for one stream only
     else lambda source: Unpacked('bzip2', source)),
    (b'\xfd7zXZ\0', (lambda source: io.BufferedReader(lzma.LZMAFile(source), CHUNK)) if lzma
     else lambda source: Unpacked('xz', source)),
    (b'\x28\xb5\x2f\xfd', lambda source: Unpacked('zstd', source)),
)


class LogFile:
    """An open log, compressed or not. It stays the same file whatever its name becomes meanwhile."""

    def __init__(self, path):
        """Raises EnvironmentError; ValueError for what is no regular file."""
        self.path = path
        if not stat.S_ISREG(os.stat(path).st_mode):  # before opening: a FIFO would wait for its writer
            raise ValueError('not a regular file')
        self._file = io.open(path, 'rb')
        self._sources = []
        info = os.fstat(self._file.fileno())
        self.device, self.inode, self.size, self.modified = info.st_dev, info.st_ino, info.st_size, info.st_mtime
        magic = self._file.read(8)
        self._unpack = [unpack for start, unpack in UNPACKERS if magic.startswith(start)]
        self.packed = bool(self._unpack)
        self._beginning = b''

    def look_at_beginning(self):
        """Read the first bytes of the content, for `head`. Raises one of READ_ERRORS."""
        stream = self._content(0)
        try:
            self._beginning = stream.read(HEAD_SIZE)
        finally:
            stream.close()

    def head(self, size=HEAD_SIZE):
        """[digest, number] of the first bytes, up to `size`: a log only grows, so these stay."""
        beginning = self._beginning[:size]
        return [hashlib.sha256(beginning).hexdigest()[:32], len(beginning)]

    def _content(self, offset):
        """The content as a binary stream, from an offset (int, bytes of the content) on."""
        # A second open of the same file, with a position of its own, and not of what its path has come to name.
        source = io.open('/proc/self/fd/%d' % self._file.fileno(), 'rb', CHUNK)
        self._sources.append(source)
        if not self.packed:
            source.seek(offset)
            return source
        stream = self._unpack[0](source)
        while offset:
            skipped = len(stream.read(min(offset, CHUNK)))
            if not skipped:
                break
            offset -= skipped
        return stream

    def lines(self, offset):
        """Yields (line, size, ended): the line (bytes, without its newline, at most LINE_LIMIT), the bytes it takes up,
        and whether it has a newline. NULs around a line, left by a crash or by truncation under its writer, are taken
        off.
        """
        stream = self._content(offset)
        try:
            while True:
                line = piece = last = stream.readline(LINE_LIMIT)
                size = len(piece)
                while piece and not last.endswith(b'\n'):
                    piece = stream.readline(LINE_LIMIT)
                    size += len(piece)
                    last = piece or last
                    if not line.strip(b'\0'):
                        line = piece
                if not size:
                    return
                yield line.strip(b'\0').rstrip(b'\r\n'), size, last.endswith(b'\n')
        finally:
            stream.close()

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
    """The marks (list of dicts) of a cursor (text); [] for ''. Raises CursorError."""
    if not text:
        return []
    try:
        marks = json.loads(text[len(CURSOR_PREFIX):])
        valid = text.startswith(CURSOR_PREFIX) and all(
            set(mark) == set(MARK_KEYS) and mark['offset'] >= 0 and len(mark['head']) == 2 for mark in marks)
    except (ValueError, TypeError):
        valid = False
    if not valid or not isinstance(marks, list):
        raise CursorError('cursor: not a cursor of logfile_scan; give what an earlier scan returned, or none')
    return marks


def recognise(logs, marks):
    """Which mark belongs to which file.

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


# --- the scan
# --------------------------------------------------------------------------------------------------------------

class Boots:
    """Which boot a line belongs to. Text logs say nothing of boots; the journal does."""

    def __init__(self, boots):
        """:param boots: what journal_scan returned as `boots` (list of dicts), or None."""
        known = sorted((timestamps.from_text(boot['first_seen']), timestamps.from_text(boot['last_seen']),
                        as_text(boot['boot_id'])) for boot in boots or ())
        self._ids = [boot_id for _first, _last, boot_id in known]
        # A whole-second stamp was cut: what begins within a second begins with it.
        self._seconds = [first - first % timestamps.SECOND for first, _last, _boot_id in known]
        # An exact stamp is the sender's, and may be a little before the journal's first of the boot: what comes after the
        # last entry of the boot before belongs to it.
        self._exact = self._seconds[:1]
        for before, boot in zip(known, known[1:]):
            self._exact.append(min(before[1] + 1, boot[0]))

    def of(self, stamp):
        """Boot id of a stamp; '' before the first boot, None when no boots are known."""
        if not self._ids:
            return None
        place = bisect.bisect_right(self._exact if stamp % timestamps.SECOND else self._seconds, stamp)
        return self._ids[place - 1] if place else u''


class Scan:
    """One scan of some text logs."""

    def __init__(self, matcher, max_samples, since=None, until=None, boots=None):
        """:param since, until: stamps (int, microseconds) or None, both inclusive.

        A stamp without a fraction stands for its whole second, so it is compared with the second `since` lies in.
        """
        self._boots = Boots(boots)
        self.matcher = matcher
        self.tally = Tally(matcher, max_samples, fraction=False)
        self.files, self.errors, self.marks = [], [], []
        self._since, self._until = since, until
        self._read = set()  # (device, inode): a file that has two names is read once

    def read(self, path, rotated, marks):
        """Read a log, with its rotated files if `rotated`, from where the marks (of parse_cursor) say on."""
        marks = [mark for mark in marks if mark['base'] == as_text(path)]
        logs = []
        try:
            for name in family(path) if rotated else [path] if os.path.lexists(path) else []:
                log = self._open(name, marks)
                if log:
                    logs.append(log)
            known = recognise(logs, marks)
            for index, log in enumerate(logs):
                self._read_file(path, log, known.get(index))
        finally:
            for log in logs:
                log.close()

    def _open(self, path, marks):
        log = None
        try:
            log = LogFile(path)
            if (log.device, log.inode) in self._read:
                log.close()
                return None
            log.look_at_beginning()
        except READ_ERRORS as error:
            self._fault(path, error)
            # Not lost from the cursor: it may be readable again next time.
            self.marks.extend(mark for mark in marks if mark['path'] == as_text(path))
            if log:
                log.close()
            return None
        self._read.add((log.device, log.inode))
        return log

    def _fault(self, path, error):
        reason = getattr(error, 'strerror', None) or str(error) or type(error).__name__
        if getattr(error, 'errno', None) in (errno.EACCES, errno.EPERM) and os.geteuid() != 0:
            reason += '; run as root (become: true)'
        self.errors.append({'path': as_text(path), 'reason': as_text(reason)})

    def _read_file(self, base, log, mark):
        mark = dict(mark or {'offset': 0, 'lines': 0, 'counted': None}, base=as_text(base), path=as_text(log.path),
                    device=log.device, inode=log.inode, head=log.head())
        self.files.append(mark['path'])
        before, mark['counted'] = mark['counted'], None
        latest = written_before(log.path, log.modified)
        # Called at the first traditional line, whose place the mark then holds.
        parser = Parser(lambda: first_year((item[0] for item in log.lines(mark['offset'])), latest))
        strange = cut = 0
        try:
            for raw, size, ended in log.lines(mark['offset']):
                line = parser.parse(raw.decode('utf-8', 'replace'))
                strange += line is None and ended and bool(raw.strip())
                cut += size > LINE_LIMIT and len(raw) >= LINE_LIMIT
                counted = self._add(line, mark, before) if line else None
                before = None
                if not ended:
                    mark['counted'] = counted
                    break
                mark['offset'] += size
                mark['lines'] += 1
        except READ_ERRORS as error:
            self._fault(log.path, error)
        self.marks.append(mark)
        if strange:
            self._fault(log.path, ValueError('%d lines begin with no time that is known here; they were not examined'
                                             % strange))
        if cut:
            self._fault(log.path, ValueError('%d lines are longer than %d bytes; the rest of them was not examined'
                                             % (cut, LINE_LIMIT)))

    def _add(self, line, mark, before):
        """Count a Line; returns the ids it counts for, None when it does not lie between since and until.

        :param before: what that was while the line was unfinished, None for a line not seen before.
        """
        since = self._since
        if since is not None and line.stamp % timestamps.SECOND == 0:
            since -= since % timestamps.SECOND
        if (since is not None and line.stamp < since) or (self._until is not None and line.stamp > self._until):
            return before
        entry = Entry(line.text, line.tag, None, None, line.priority)
        where = {'file': mark['path'], 'line': mark['lines'] + 1}
        ids = [signature.id for signature in self.matcher.signatures]
        if before is None:
            return [ids[index] for index in self.tally.add(line.stamp, self._boots.of(line.stamp), [entry], where)]
        for index in self.matcher.matches(entry):
            if ids[index] not in before:
                self.tally.count(index, line.stamp, self._boots.of(line.stamp), line.text, where)
                before.append(ids[index])
        return before

    def result(self):
        """The result of logfile_scan as a dict."""
        return {'signatures': self.tally.signatures(), 'boots': self.tally.boots(), 'entries': self.tally.entries,
                'files': self.files, 'errors': self.errors, 'method': 'every line read',
                'cursor': CURSOR_PREFIX + json.dumps(self.marks, sort_keys=True)}


def scan(paths, matcher, max_samples, rotated=True, since=None, until=None, cursor='', boots=None):
    """Count a Matcher's signatures in text logs; the result of logfile_scan as a dict. Raises CursorError."""
    marks = parse_cursor(cursor)
    run = Scan(matcher, max_samples, since, until, boots)
    for path in expand(paths):
        run.read(path, rotated, marks)
    return run.result()


def holds(result, expect):
    """Does a result hold what was expected: dict, id of a signature -> its least count?"""
    counts = dict((row['id'], row['count']) for row in result['signatures'])
    return all(counts.get(as_text(identity), 0) >= count for identity, count in expect.items())
