# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof of a syslog policy: a message of each facility and severity, sent and found again.

A pair is (facility, severity), numbers. `landed` is {path: {pair: how often its message is there}}, with no path for a
file that does not exist. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import errno
import io
import os
import re
import socket
import stat
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.codes import FACILITY_KEYWORDS, SEVERITY_KEYWORDS
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.expected import expected
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.proof_messages import PAIRS, keyword, sent_as

JOURNALD = '/run/systemd/journal/dev-log'

SETTLE = 2  # seconds in which nothing more may come; omfile flushes what it writes asynchronously each second
FIRST_PAUSE, LAST_PAUSE = 0.05, 1  # seconds
CHUNK = 1 << 20  # bytes
MARK_SIZE = 128  # bytes, more than a mark has
# runtime/ratelimit.c: `imjournal: begin to drop messages due to ...`, `imjournal: N messages lost due to ...`
DROPPED = br'imjournal[^\n]{1,60} due to rate-limiting'
SHOWN = 8  # groups of pairs that a sentence names


class ProbeError(Exception):
    """The policy cannot be proved. str() tells the operator why and what to do."""


def send(path, datagrams, patience):
    """Send datagrams (list of bytes) through the socket at `path`, waiting for each `patience` seconds at most.

    Raises ProbeError.
    """
    number = 0
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        sender.settimeout(patience)
        sender.connect(path)
        for number, datagram in enumerate(datagrams):
            sender.send(datagram)
    except EnvironmentError as error:
        raise ProbeError('Cannot send to %s: %s. Is systemd-journald running? %s' % (
            path, os.strerror(error.errno) if error.errno else error,
            'The first %d of %d messages were sent.' % (number, len(datagrams)) if number else 'Nothing was sent.'))
    finally:
        sender.close()


# --- where they land

class Marks:
    """Finds the messages of a run in bytes that are read in pieces."""

    def __init__(self, run):
        self._pairs = dict((keyword(pair).encode('ascii'), pair) for pair in PAIRS)
        names = b'|'.join(re.escape(name) for name in self._pairs)
        self._mark = re.compile(re.escape(run.encode('ascii')) + b' (?:(' + names + b') )|' + DROPPED)

    def find(self, data):
        """(list of pairs, None for a loss that rsyslogd tells of; what must stand before the next piece)"""
        found, end = [], 0
        for match in self._mark.finditer(data):
            found.append(self._pairs.get(match.group(1)))
            end = match.end()
        return found, data[max(end, len(data) - MARK_SIZE):]


class Tail:
    """Reads what is written to a file from now on, across rotations."""

    def __init__(self, path, marks):
        """Raise ProbeError for a file that cannot be read."""
        self.path, self._marks = path, marks
        self.counts, self.dropped, self.truncated = {}, False, False
        self._files = []  # each [stream, identity, offset, bytes that may begin a mark]
        try:
            self._follow()
        except ProbeError as error:
            raise ProbeError('%s Nothing was sent.' % error)
        for one in self._files:
            one[2] = os.fstat(one[0].fileno()).st_size

    @property
    def exists(self):
        """Whether the file existed at any time (bool)."""
        return bool(self._files)

    def read(self):
        """Read what was added, and return whether anything was (bool). Raises ProbeError."""
        self._follow()
        came = False
        for one in self._files:
            size = os.fstat(one[0].fileno()).st_size
            if size < one[2]:
                self.truncated, one[2:] = True, [0, b'']
            one[0].seek(one[2])
            for data in iter(lambda stream=one[0]: stream.read(CHUNK), b''):
                one[2] += len(data)
                found, one[3] = self._marks.find(one[3] + data)
                for pair in found:
                    came = True
                    if pair is None:
                        self.dropped = True
                    else:
                        self.counts[pair] = self.counts.get(pair, 0) + 1
        return came

    def _follow(self):
        """Open the file at the path if it is a different one than before.

        Those before stay open: until rsyslogd is told of a rotation, it writes to the renamed file.
        """
        try:
            info = os.stat(self.path)
            identity = (info.st_dev, info.st_ino)
            if any(identity == one[1] for one in self._files):
                return
            if not stat.S_ISREG(info.st_mode):
                raise ProbeError('Cannot look into %s: not a regular file.' % self.path)
            self._files.append([io.open(self.path, 'rb', 0), identity, 0, b''])
        except EnvironmentError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTDIR):
                raise ProbeError('Cannot read %s: %s. Run it with become: true.'
                                 % (self.path, os.strerror(error.errno)))

    def close(self):
        for one in self._files:
            one[0].close()


def watched(rules, files, received):
    """Return the paths (list of str) to read: those of the rules, other regular files, and those of collectors.

    What is at one of the others and no regular file, a terminal or a pipe, holds no log.
    """
    found = []
    regular = [path for path in files if os.path.isfile(path) or not os.path.exists(path)]
    for path in [rule['file'] for rule in rules] + regular + [received[name] for name in sorted(received)]:
        if path and path not in found:
            found.append(path)
    return found


def await_messages(tails, arrived, wait):
    """Read Tails until arrived() and nothing more comes for SETTLE seconds, or `wait` seconds are over."""
    begin = last = _clock()
    pause = FIRST_PAUSE
    while True:
        came = [tail.read() for tail in tails]
        if any(came):
            last = _clock()
        now = _clock()
        if now - begin >= wait or (now - last >= SETTLE and arrived()):
            return
        time.sleep(max(0, min(pause, begin + wait - now)))
        pause = min(pause * 1.5, LAST_PAUSE)


def _clock():
    """Return monotonic seconds; Python 2 has no time.monotonic()."""
    return os.times()[4]


def landed(tails):
    """Return `landed` of Tails."""
    return dict((tail.path, dict(tail.counts)) for tail in tails if tail.exists)


# --- the verdict

def compare(rules, found, files=(), received=None, kept=()):
    """Compare what was found with what a policy wants.

    :param rules: list of dicts, of the filter syslog_policy.
    :param found: `landed`; None when nothing was sent yet.
    :param files: other log files of the host (list of str): no message of a separate rule may be in them.
    :param received: {name of a rule: file of its collector}.
    :param kept: what the configuration keeps in front of the policy (list of dict, see expected()).
    :returns: [{facility, severity, keyword, sent_as, sent, expected, landed, missing, wrong, twice, forwarded, ok}],
        one for each of PAIRS.
    """
    received = received or {}
    rows = []
    for pair in PAIRS:
        facility, severity = sent_as(pair)
        wanted = expected(rules, facility, severity, files, kept)
        arrived = dict((path, counts[pair]) for path, counts in (found or {}).items() if pair in counts)
        collectors = set(received[name] for name in wanted['forwards'] if name in received)
        closed = set(wanted['not_files']) | set(received.values()) - collectors
        row = dict(
            facility=pair[0], severity=pair[1], keyword=keyword(pair), sent_as=keyword(sent_as(pair)),
            sent=found is not None, expected=wanted['files'], landed=sorted(arrived),
            missing=[path for path in wanted['files'] if found is not None and path not in arrived],
            wrong=sorted(closed & set(arrived)),
            twice=sorted(path for path, count in arrived.items()
                         if count > 1 and (path in wanted['files'] or path in collectors)),
            forwarded=dict((name, received[name] in arrived if found is not None and name in received else None)
                           for name in wanted['forwards']))
        row['ok'] = None if found is None else not (row['missing'] or row['wrong'] or row['twice']
                                                    or False in row['forwarded'].values())
        rows.append(row)
    return rows


def complete(rows):
    """Return whether everything that is expected has arrived."""
    return not any(row['missing'] or False in row['forwarded'].values() for row in rows)


def problems(rows, tails, received):
    """Return what is wrong (list of sentences), from the result of compare()."""
    said = []
    there = set(path for row in rows for path in row['landed'])
    if not there and not complete(rows):
        said.append('None of the %d messages arrived in any file. Does rsyslogd run (systemctl status rsyslog)?'
                    % len(rows))
    exists = dict((tail.path, tail.exists) for tail in tails)
    for path, pairs in _by(rows, 'missing'):
        verb = 'lacks' if exists[path] else 'does not exist: it should have'
        said.append('%s %s %s.' % (path, verb, describe_pairs(pairs)))
    for path, pairs in _by(rows, 'wrong'):
        said.append('%s has %s, which must not be there.' % (path, describe_pairs(pairs)))
    for path, pairs in _by(rows, 'twice'):
        said.append('%s has %s more than once.' % (path, describe_pairs(pairs)))
    for name in sorted(received):
        lost = [(row['facility'], row['severity']) for row in rows if row['forwarded'].get(name) is False]
        if lost:
            said.append('%s did not arrive where rule %s forwards to: %s %s.' % (
                describe_pairs(lost), name, received[name], 'lacks them' if exists[received[name]] else 'does not exist'))
    for tail in tails:
        if tail.truncated:
            said.append('%s was truncated in the meantime, perhaps by copytruncate of logrotate: messages may have '
                        'been in it. Run the proof again.' % tail.path)
        if tail.dropped:
            said.append('%s tells that rsyslogd dropped messages by its rate limit: it may have been that, and not the '
                        'routing. Run the proof again when the host is quieter.' % tail.path)
    return said


def not_taken(output, run):
    """Return a sentence on missing entries of the run, by the output of `journalctl -o cat` (bytes), or None."""
    there = set(Marks(run).find(output)[0])
    absent = [pair for pair in PAIRS if pair not in there]
    if not absent:
        return None
    return ('journald itself did not take %s: that is its rate limit (RateLimitBurst in journald.conf) or its storage, '
            'and not the routing. Run the proof again when the host is quieter.' % describe_pairs(absent))


def _by(rows, key):
    """[(path, [pair])] of the rows that name the path under a key, in the order of paths."""
    found = {}
    for row in rows:
        for path in row[key]:
            found.setdefault(path, []).append((row['facility'], row['severity']))
    return sorted(found.items())


def describe_pairs(pairs):
    """Return pairs (list) as a short text, such as `auth.*, cron.info and 3 more (12 messages)`."""
    groups = []
    for facility in sorted(set(pair[0] for pair in pairs)):
        severities = sorted(pair[1] for pair in pairs if pair[0] == facility)
        if len(severities) == len(SEVERITY_KEYWORDS):
            groups.append('%s.*' % FACILITY_KEYWORDS[facility])
        else:
            groups += [keyword((facility, severity)) for severity in severities]
    if len(groups) == len(FACILITY_KEYWORDS) and len(pairs) == len(PAIRS):
        groups = ['*.*']
    more = ' and %d more' % (len(groups) - SHOWN) if len(groups) > SHOWN else ''
    return '%s%s (%d message%s)' % (', '.join(groups[:SHOWN]), more, len(pairs), '' if len(pairs) == 1 else 's')
