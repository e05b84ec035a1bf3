# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One scan of text logs. Only lines that hold a literal of a signature are examined; the others are counted.

1. A file is read in blocks of whole lines (_logfile/files.py), and the literals are looked for in each (_logfile/_block_search.py).
2. The year of a traditional stamp hangs on the dates of all lines before it and on the last of the file. So the year of
   the first line is guessed and, when the file was read and it was another, the file is read once more (_logfile/lines.py).
3. Each line that holds a literal is parsed and shown to the matcher.

All lines are parsed where the time of each is asked for, with `since`, `until` or `boots`, and where a literal cannot
be searched for in bytes. With `unexplained`, lines that begin with `<PRI>` are, as only these tell their priority.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import bisect
import collections
import errno
import heapq
import os
import re
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import files as logfile
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import lost_messages
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile._block_search import BlockSearch
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile.lines import Parser, Years
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate.configuration import CONFIG, LogrotateError
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate.host import RotatedForms
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import (
    WARNING, Matcher, SignatureError, Source, as_text, is_record, is_test_message, needs_explanation)
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import Aggregate

REMEMBERED = 4096  # sources and texts that are kept
LONG_TEXT = 1000  # longer ones are not
FIRST_LINES = 100  # lines of a file of which one at least must have a form that is known here
WITH_PRI = re.compile(b'(?:\\A|\n)\0*<(?=[0-9]{1,3}>)')
# What rsyslogd writes for several at once (runtime/ratelimit.c); the text is cut at 800 bytes.
REPEATED = re.compile(u' ?message repeated ([1-9][0-9]{0,5}) times: \\[ ?(.*)\\]\\Z', re.DOTALL)
POLL = 1  # seconds
# stamps: of all lines. newest: those that may become samples. more: [how many further matches the lines stand for].
Gathered = collections.namedtuple('Gathered', 'stamps newest more')


class ScanError(Exception):
    """The options are not valid. The text says which and what to do."""


class Boots:
    """Finds the boot that a line belongs to. Text logs do not record boots; the journal does."""

    def __init__(self, boots):
        """:param boots: what journal_scan returned as `boots` (list of dicts), or None."""
        known = sorted((timestamps.from_text(boot['first_seen']), timestamps.from_text(boot['last_seen']),
                        as_text(boot['boot_id'])) for boot in boots or ())
        self._ids = [boot_id for _first, _last, boot_id in known]
        # A whole-second stamp was cut: what begins within a second begins with it.
        self._seconds = [first - first % timestamps.SECOND for first, _last, _boot_id in known]
        # An exact stamp is the sender's, and may be a little before the journal's first of the boot: what comes after
        # the last entry of the boot before belongs to it.
        self._exact = self._seconds[:1]
        for before, boot in zip(known, known[1:]):
            self._exact.append(min(before[1] + 1, boot[0]))
        # Where the clock was set back, times of two boots overlap.
        self._doubtful, reached = [], None
        for first, last, _boot_id in known:
            if reached is not None and first <= reached:
                self._doubtful.append((first - first % timestamps.SECOND, min(last, reached)))
            reached = last if reached is None else max(reached, last)

    def of(self, stamp):
        """Return the boot id of a stamp: '' before the first boot or if several are possible, None if no boots are known."""
        if not self._ids:
            return None
        if self._doubtful and any(first <= stamp <= last for first, last in self._doubtful):
            return u''
        place = bisect.bisect_right(self._exact if stamp % timestamps.SECOND else self._seconds, stamp)
        return self._ids[place - 1] if place else u''


class Scan:
    """One scan of some text logs."""

    def __init__(self, signatures, max_samples, since=None, until=None, boots=None, unexplained=False):
        """:param signatures: list of dicts of the catalog. Raises SignatureError.
        :param since, until: stamps (int, microseconds) or None, both inclusive.

        A stamp without a fraction stands for its whole second, so it is compared with the second `since` lies in.
        """
        self.matcher = Matcher(list(signatures) + lost_messages.SIGNATURES)
        self.search = BlockSearch(self.matcher.literals)
        self.boots, self.since, self.until = Boots(boots), since, until
        self.every_line = bool(since is not None or until is not None or boots) or not self.search.complete
        self.aggregate = Aggregate(self.matcher, max_samples, _describe, fraction=False)
        self.groups = _groups() if unexplained else None
        self.files, self.errors, self.marks, self._faults = [], [], [], []
        self._read = set()  # (device, inode): a file that has two names is read once

    def read(self, path, rotated, marks, forms=()):
        """Read a log, with its rotated files if `rotated`, from where the marks (of parse_cursor) say on.

        :param forms: how logrotate calls its rotated files, see logfile.family().
        """
        marks = [mark for mark in marks if mark['base'] == as_text(path)]
        logs = []
        try:
            for name in self._family(path, forms) if rotated else [path] if os.path.lexists(path) else []:
                log = self._open(name, marks)
                if log:
                    logs.append(log)
            known = logfile.recognise(logs, marks)
            for index, log in enumerate(logs):
                self._read_file(path, log, known.get(index))
        finally:
            for log in logs:
                log.close()

    def _family(self, path, forms):
        try:
            return logfile.family(path, forms)
        except EnvironmentError as error:
            self._fault(error.filename or path, error)
            return logfile.family(path)

    def _open(self, path, marks):
        log = None
        try:
            log = logfile.LogFile(path)
            if (log.device, log.inode) in self._read:
                log.close()
                return None
            log.look_at_beginning()
        except logfile.READ_ERRORS as error:
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
        self._tell(path, reason)
        self._faults.append(self.errors[-1])

    def _tell(self, path, reason):
        self.errors.append({'path': as_text(path), 'reason': as_text(reason)})

    def _read_file(self, base, log, mark):
        mark = dict(mark or {'offset': 0, 'lines': 0, 'counted': None}, base=as_text(base), path=as_text(log.path),
                    device=log.device, inode=log.inode, head=log.head())
        self.files.append(mark['path'])
        latest = logfile.written_before(log.path, log.modified)
        year = None
        while True:
            reading = FileReading(self, dict(mark), len(self.files), Years(latest, year))
            error = reading.read(log)
            right = reading.years.right()
            if right in (None, reading.years.first) or year is not None:
                break
            year = right  # the guess was wrong: once more
        if error:
            self._fault(log.path, error)
        for reason in reading.remarks():
            self._tell(log.path, reason)
        self.aggregate.merge(reading.aggregate)
        if self.groups is not None:
            self.groups.merge(reading.groups)
        self.marks.append(reading.mark)

    def result(self):
        """Return the result of logfile_scan as a dict."""
        return {'signatures': self.aggregate.signatures(), 'boots': self.aggregate.boots(), 'machines': [],
                'unexplained': None if self.groups is None else self.groups.result(_describe, self.aggregate.text),
                'losses': self.aggregate.losses() + lost_messages.of_files([], self._faults),
                'entries': self.aggregate.entries, 'files': self.files, 'errors': self.errors,
                'method': 'every line parsed' if self.every_line else 'lines that hold a literal parsed, all counted',
                'cursor': logfile.to_cursor(self.marks)}


class FileReading:
    """The result of reading one file once. It may have to be discarded."""

    def __init__(self, scan, mark, number, years):
        """:param mark: where to begin; becomes where the next scan begins.
        :param number: of the file, for the order of what is found.
        """
        self.mark, self.years = mark, years
        self.aggregate = scan.aggregate.fresh()
        self.groups = None if scan.groups is None else _groups()
        self._scan, self._matcher, self._number, self._parser = scan, scan.matcher, number, Parser()
        self._ids = [signature.id for signature in scan.matcher.signatures]
        # What an unfinished line, which this reading begins with, was counted for; None without such a line.
        self._before, mark['counted'] = mark['counted'], None
        self._lines = 0  # counted, not parsed
        self._with_severity = 0  # lines whose severity is known or does not matter
        # What counts alike is gathered: (matches, boot id) -> Gathered.
        self._alike = [self.aggregate.counts_alike(index) for index in range(len(self._ids))]
        self._gathered, self._sources, self._readings = {}, {}, {}
        self._strange = self._cut = self._first_strange = 0

    def read(self, log):
        """Read the file. Return the exception that kept it from being read to its end, or None."""
        new = not self.mark['offset']
        blocks = log.blocks(self.mark['offset'])
        while True:
            try:
                block = next(blocks, None)
            except logfile.READ_ERRORS as caught:  # only of reading: a SignatureError is a ValueError too
                error = caught
                break
            if block is None:
                error = None
                break
            self._cut += block.long_lines()
            if new:
                self._look_at_first_lines(block)
                new = False
            self._read_block(block)
            self._count_gathered()
        self.aggregate.span(None, None, self._lines, None, None)
        if self.groups is not None:
            self.groups.without_severity = self.aggregate.entries - self._with_severity
        return error

    def _count_gathered(self):
        for (matches, boot_id), found in self._gathered.items():
            self.aggregate.found_many(
                matches, (), found.stamps, boot_id, None, self.mark['base'], found.newest, more=found.more[0])
        self._gathered = {}

    def remarks(self):
        """Yield remarks on the file (texts)."""
        if self._first_strange:
            yield ('none of its first %d lines begins with a known timestamp; it may not be a log'
                   % self._first_strange)
        elif self._strange:
            yield '%d lines do not begin with a known timestamp; they were not examined' % self._strange
        if self._cut:
            yield ('%d lines are longer than %d bytes; the rest of them was not examined'
                   % (self._cut, logfile.LINE_LIMIT))

    def _look_at_first_lines(self, block):
        """Check that this is a log. Lines without a literal are not examined, so they do not show it."""
        place = number = 0
        while place < block.end and number < FIRST_LINES:
            raw, following = block.line(place)
            if following == block.end and not block.ended:
                break
            if raw.strip():
                number += 1
                # Any leap year will do.
                if self._parser.parse(raw, 2000):
                    return
            place = following
        self._first_strange = number

    def _read_block(self, block):
        data, mark = block.data, self.mark
        years = self.years.read(data, block.end)
        left_out = block.size - block.end  # of the first line
        last = block.end if block.ended else data.rfind(b'\n', 0, block.end) + 1  # where the unfinished line begins
        position, place, done = mark['offset'], 0, 0
        for start in self._places(block, last):
            if start < done:
                continue
            if self._scan.every_line:
                begin = start
            else:
                begin = data.rfind(b'\n', 0, start) + 1
            while len(years) > 1 and years[1][0] <= begin:
                del years[0]
            number = data.count(b'\n', place, begin)
            mark['lines'] += number
            self._lines += number if not self._scan.every_line else 0
            raw, done = block.line(begin)
            place = done
            if begin == last and not block.ended:
                mark['counted'] = self._line(raw, years[0][1], False)
                break
            self._line(raw, years[0][1], True)
            mark['lines'] += 1
        else:
            number = data.count(b'\n', place, last)
            mark['lines'] += number
            self._lines += number if not self._scan.every_line else 0
        mark['offset'] = position + last + (left_out if last else 0)

    def _places(self, block, last):
        """Return ascending offsets in the block, with at least one in each line to examine."""
        data, end = block.data, block.end
        if self._scan.every_line:
            return _starts(data, end)
        places = self._scan.search.places(data, end)
        if self.groups is not None:
            places = heapq.merge(places, [found.end() - 1 for found in WITH_PRI.finditer(data, 0, end)])
        if self._before is not None:  # it was counted, and is not to be counted again
            places = heapq.merge([0], places)
        if not block.ended:
            places = heapq.merge(places, [last])
        return places

    def _line(self, raw, year, ended):
        """Count a line. Return the ids that it counts for, or None if it does not count.

        :param ended: False for an unfinished line.
        """
        before, self._before = self._before, None
        scan, mark = self._scan, self.mark
        line = self._parser.parse(raw, year)
        if line is None:
            self._strange += ended and bool(raw.strip())
            if scan.every_line or not (ended or raw):
                return before
            self._lines += before is None
            return None if ended else before or []
        stamp, since = line.stamp, scan.since
        if since is not None and stamp % timestamps.SECOND == 0:
            since -= since % timestamps.SECOND
        if (since is not None and stamp < since) or (scan.until is not None and stamp > scan.until):
            return before
        boot_id = scan.boots.of(stamp)
        if before is None:
            if scan.every_line:
                self.aggregate.read(stamp, boot_id)
            else:
                self._lines += 1
        repeated = REPEATED.match(line.text)
        times = int(repeated.group(1)) if repeated else 1
        if repeated:
            line = line._replace(text=repeated.group(2))
        reading, matches = self._reading(line.text), ()
        source = self._sources.get((line.tag, line.priority))
        if source is None:
            if len(self._sources) >= REMEMBERED:
                self._sources = {}
            source = self._sources[line.tag, line.priority] = Source(line.tag, None, None, line.priority)
        if reading:
            matches = self._matcher.in_time(self._matcher.classify(reading, source)[0], (), line.since_boot)[0]
        new = matches if before is None else [index for index in matches if self._ids[index] not in before]
        place = (mark['path'], mark['lines'] + 1)
        if new:
            self._found(new, stamp, boot_id, line.text, place, times)
        # Where nobody can tell how long after a boot it was written, it is counted, and explains nothing.
        explained = [index for index in matches if line.since_boot is not None or not self._matcher.is_timed([index])]
        if before is None and (line.priority is not None or explained or is_record(line.text, source)):
            self._with_severity += 1
        if self.groups is not None and before is None and not explained:
            if is_test_message(line.text, source):
                self.groups.test_messages += source.priority <= WARNING
            elif needs_explanation(line.text, source):
                self.groups.add(line.tag, line.text, stamp, line.priority, place)
        return (before or []) + [self._ids[index] for index in new]

    def _reading(self, text):
        """Return the matcher's Reading of a text, cached because floods repeat the same texts."""
        if text in self._readings:
            return self._readings[text]
        reading = self._matcher.read(text)
        if len(text) <= LONG_TEXT:
            if len(self._readings) >= REMEMBERED:
                self._readings = {}
            self._readings[text] = reading
        return reading

    def _found(self, matches, stamp, boot_id, text, place, times=1):
        """:param times: how often the text was written, of which the line tells."""
        order = (self._number, place[1])
        for index in matches:
            if not self._alike[index]:
                self.aggregate.found(matches, (), stamp, boot_id, None, self.mark['base'], text, place, order, times=times)
                return
        key = (tuple(matches), boot_id)
        gathered = self._gathered.get(key)
        if gathered is None:
            gathered = self._gathered[key] = Gathered([], collections.deque(maxlen=self.aggregate.max_samples), [0])
        gathered.stamps.append(stamp)
        gathered.newest.append((order, stamp, text, place))
        gathered.more[0] += times - 1


def _starts(data, end):
    """Return where the lines of data[:end] begin."""
    place = 0
    while place < end:
        yield place
        place = data.find(b'\n', place, end) + 1 or end


def _describe(place):
    return {'file': place[0], 'line': place[1]}


def _groups():
    from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.unexplained import Unexplained
    return Unexplained()


def scan(paths, signatures, max_samples, rotated=True, since=None, until=None, cursor='', boots=None,
         unexplained=False, forms_of=None):
    """Count signatures (dicts of the catalog) in text logs; the result of logfile_scan as a dict.

    :param forms_of: function, path -> how logrotate calls its rotated files (see logfile.family), None for its defaults.

    Raises CursorError and SignatureError.
    """
    marks = logfile.parse_cursor(cursor)
    run = Scan(signatures, max_samples, since, until, boots, unexplained)
    try:
        with run.matcher.limited():
            for path in logfile.expand(paths):
                run.read(path, rotated, marks, forms_of(path) if forms_of and rotated else ())
    finally:
        run.search.close()
    return run.result()


def holds(result, expect):
    """Return whether a result holds what was expected."""
    counts = dict((row['id'], row['count']) for row in result['signatures'])
    return all(counts.get(as_text(identity), 0) >= count for identity, count in expect.items())


def look(get_bin_path, paths, signatures, rotated=True, logrotate_config=CONFIG, since=None, until=None, cursor='',
         boots=None, expect=None, wait=0, max_samples=3, unexplained=False):
    """Count signatures in text logs (dict, see RETURN of the module logfile_scan); the options are those of the module.

    :param get_bin_path: function, name of a command -> its path or None, as AnsibleModule has it.

    Raises ScanError.
    """
    if max_samples < 0:
        raise ScanError('max_samples: must not be negative')
    try:
        expected = dict((identity, int(count)) for identity, count in (expect or {}).items())
        limit = time.time() + wait
        forms_of = RotatedForms(get_bin_path, logrotate_config)
        while True:
            result = scan(
                paths,
                signatures,
                max_samples,
                rotated=rotated,
                since=timestamps.from_text(since) if since else None,
                until=timestamps.from_text(until) if until else None,
                cursor=cursor,
                boots=boots,
                unexplained=unexplained,
                forms_of=forms_of,
            )
            if holds(result, expected) or time.time() >= limit:
                break
            time.sleep(POLL)
    except SignatureError as error:
        raise ScanError('signatures: %s' % error)
    except (KeyError, TypeError) as error:
        raise ScanError('boots and expect: not what journal_scan returns (%s)' % error)
    except (LogrotateError, ValueError) as error:
        raise ScanError(str(error))
    result['errors'] += forms_of.unread
    return result
