# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan found, added up entry by entry: the `signatures` and `boots` of journal_scan and logfile_scan.

Nothing is kept per entry, so memory does not grow with the log. Entries come in the order of the log, which is not
always the order of time: clocks jump. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import bisect
import collections

from ansible_collections.loghygiene.rhel.plugins.module_utils import timestamps

# Matches further apart than this belong to two episodes (the quiet-time rule of the verdicts).
QUIET = 3600 * timestamps.SECOND
# A message can be megabytes long; a sample is for people.
SAMPLE_LENGTH = 2000


class Span:
    """First and last time (int, microseconds) and number of some entries. The time may be unknown (None)."""

    def __init__(self):
        self.count, self.first, self.last = 0, None, None

    def add(self, stamp):
        self.count += 1
        if stamp is not None:
            self.first = stamp if self.first is None else min(self.first, stamp)
            self.last = stamp if self.last is None else max(self.last, stamp)


class Episodes:
    """Counts the runs of matches between which more than QUIET passed, whatever order the matches come in."""

    def __init__(self):
        self._starts, self._ends = [], []  # of each run, ascending; runs are further apart than QUIET

    def add(self, stamp):
        # The runs low .. high-1 lie within QUIET of the stamp; there are at most two of them.
        low = bisect.bisect_left(self._ends, stamp - QUIET)
        high = bisect.bisect_right(self._starts, stamp + QUIET)
        start = min([stamp] + self._starts[low:high])
        end = max([stamp] + self._ends[low:high])
        self._starts[low:high], self._ends[low:high] = [start], [end]

    def __len__(self):
        return len(self._starts)


class Tally:
    """What was found of each signature of a Matcher, and of each boot."""

    def __init__(self, matcher, max_samples, fraction=True):
        """:param fraction: stamps are written with microseconds even where these are zero (the journal's)."""
        self._matcher = matcher
        self._fraction = fraction
        self._boots = collections.OrderedDict()
        self._found = [_Found(max_samples) for _signature in matcher.signatures]
        self.entries = 0

    def add(self, stamp, boot_id, entries, where):
        """Count one log entry.

        :param stamp: int, microseconds, or None when the log does not say.
        :param boot_id: text, '' when the entry has none, None in text logs, which have no boots.
        :param entries: the matcher's Entry, one for each text the log entry has: mostly one.
        :param where: dict for the sample: where the entry is to be found.
        :returns: indexes of the signatures it was counted for.
        """
        self.entries += 1
        if boot_id is not None:
            boot = self._boots.get(boot_id)
            if boot is None:
                boot = self._boots[boot_id] = Span()
            boot.add(stamp)
        counted, like = [], []
        for entry in entries:
            matches, lookalikes = self._matcher.examine(entry)
            for index in matches:
                if index not in counted:
                    counted.append(index)
                    self.count(index, stamp, boot_id, entry.message, where)
            for index in lookalikes:
                if index not in like:
                    like.append(index)
                    sample = dict(where, at=self._text(stamp), text=shorten(entry.message))
                    self._found[index].lookalikes.add(stamp, boot_id, sample)
        return counted

    def count(self, index, stamp, boot_id, text, where):
        """Count a match of the signature with this index."""
        found = self._found[index]
        at, shown = self._text(stamp), shorten(text)
        found.matches.add(stamp, boot_id, dict(where, at=at, text=shown))
        if stamp is not None:
            found.episodes.add(stamp)
        signature = self._matcher.signatures[index]
        if signature.closed and signature.closed.search(text):
            found.closed, found.unclosed = {'at': at, 'boot_id': boot_id}, None
        if signature.opened and signature.opened.search(text):
            found.unclosed = {'at': at, 'boot_id': boot_id, 'text': shown}

    def signatures(self):
        """The result's `signatures`: one dict for each signature given, in that order, also those never seen."""
        return [dict(self._seen(found.matches), id=signature.id, episodes=len(found.episodes), unclosed=found.unclosed,
                     closed=found.closed, lookalikes=self._seen(found.lookalikes))
                for signature, found in zip(self._matcher.signatures, self._found)]

    def boots(self):
        """The result's `boots`, by the time of their first entry."""
        return [{'boot_id': boot_id, 'first_seen': self._text(span.first), 'last_seen': self._text(span.last),
                 'entries': span.count} for boot_id, span in self._by_time(self._boots)]

    def _seen(self, seen):
        return dict(self._span(seen.span), samples=list(seen.samples),
                    boots=[dict(self._span(span), boot_id=boot_id) for boot_id, span in self._by_time(seen.boots)])

    def _span(self, span):
        return {'count': span.count, 'first_seen': self._text(span.first), 'last_seen': self._text(span.last)}

    def _text(self, stamp):
        return timestamps.to_text(stamp, self._fraction)

    @staticmethod
    def _by_time(boots):
        return sorted(boots.items(), key=lambda item: (item[1].first is None, item[1].first or 0))


class Seen:
    """Some entries: when, in which boots, and the newest of them as samples."""

    def __init__(self, max_samples):
        self.span = Span()
        self.boots = collections.OrderedDict()
        self.samples = collections.deque(maxlen=max_samples)  # the newest; old ones fall out

    def add(self, stamp, boot_id, sample):
        self.span.add(stamp)
        if boot_id is not None:
            self.boots.setdefault(boot_id, Span()).add(stamp)
        self.samples.append(sample)


class _Found:
    """What was found of one signature."""

    def __init__(self, max_samples):
        self.matches, self.lookalikes = Seen(max_samples), Seen(max_samples)
        self.episodes = Episodes()
        self.closed = self.unclosed = None


def shorten(text):
    """A message (text) as a sample shows it."""
    return text if len(text) <= SAMPLE_LENGTH else text[:SAMPLE_LENGTH] + u'\u2026'
