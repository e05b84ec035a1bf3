# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up what a scan finds: the `signatures`, `boots`, `machines` and `losses` of journal_scan and logfile_scan.

Nothing is kept per entry, so memory does not grow with the log. Entries may come in any order: journal files are read
one after the other, and clocks jump. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import bisect

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps

# Matches further apart than this belong to two episodes (the quiet-time rule of the verdicts).
EPISODE_GAP = 3600 * timestamps.SECOND
# A message can be megabytes long; a sample is for people.
SAMPLE_LENGTH = 2000
# How many programs that lost messages are told apart.
LOSERS = 1000
# A number of lost messages has at most so many digits. Anybody can write a longer one; Python 3.11 reads none of 5,000.
LOST_DIGITS = 18


class Span:
    """Number of entries with their first and last time (int, microseconds). The time may be unknown (None)."""

    __slots__ = ('count', 'first', 'last')

    def __init__(self):
        self.count, self.first, self.last = 0, None, None

    def add(self, stamp):
        self.count += 1
        if stamp is not None:
            if self.first is None:
                self.first = self.last = stamp
            elif stamp < self.first:
                self.first = stamp
            elif stamp > self.last:
                self.last = stamp

    def include(self, count, first, last):
        """Add many entries: their number, their first and last time."""
        self.count += count
        if first is not None:
            self.first = first if self.first is None else min(self.first, first)
            self.last = last if self.last is None else max(self.last, last)


class Episodes:
    """Counts the runs of matches that are more than EPISODE_GAP apart. Matches may come in any order."""

    def __init__(self):
        self._starts, self._ends = [], []  # of each run, ascending; runs are further apart than EPISODE_GAP

    def add(self, stamp):
        starts, ends = self._starts, self._ends
        if ends and starts[-1] <= stamp <= ends[-1] + EPISODE_GAP:  # mostly: the newest run goes on
            if stamp > ends[-1]:
                ends[-1] = stamp
            return
        self._join(stamp, stamp)

    def _join(self, first, last):
        """Add a run of matches."""
        starts, ends = self._starts, self._ends
        # The runs low .. high-1 lie within EPISODE_GAP of it.
        low = bisect.bisect_left(ends, first - EPISODE_GAP)
        high = bisect.bisect_right(starts, last + EPISODE_GAP)
        start = min([first] + starts[low:high])
        end = max([last] + ends[low:high])
        starts[low:high], ends[low:high] = [start], [end]

    def add_many(self, stamps):
        """Add stamps in ascending order."""
        breaks = [place for place in range(1, len(stamps)) if stamps[place] - stamps[place - 1] > EPISODE_GAP]
        for low, high in zip([0] + breaks, breaks + [len(stamps)]):
            self._join(stamps[low], stamps[high - 1])

    def merge(self, other, add=0):
        """Add the runs of another, so much later."""
        for first, last in zip(other._starts, other._ends):
            self._join(first + add, last + add)

    def gaps(self, whole):
        """Return the times without a match between 0 and `whole` (list)."""
        return [start - end for start, end in zip(self._starts + [whole], [0] + self._ends)]

    def __len__(self):
        return len(self._starts)


class Aggregate:
    """Counts the matches of each signature of a Matcher, for each boot and each machine."""

    def __init__(self, matcher, max_samples, describe, fraction=True):
        """:param describe: function from the `place` of a sample to a dict that says where it is to be found.
        :param fraction: stamps are written with microseconds even where these are zero (the journal's).
        """
        self._matcher = matcher
        self.max_samples = max_samples
        self._describe = describe
        self._fraction = fraction
        self._read = {}  # (boot id, machine id) -> Span
        self._clocks = {}  # boot id -> (first, last) by its own clock, where that is known
        self._found = {}  # index of a signature -> _Found
        self._hostnames = {}  # machine id -> set of names
        self._losses = {}  # (kind, source) -> _Loss
        self._number = 0
        self.entries = 0

    def fresh(self):
        """Return an empty Aggregate of the same kind, for counts that may have to be discarded."""
        return Aggregate(self._matcher, self.max_samples, self._describe, self._fraction)

    def merge(self, other):
        """Add the counts of another Aggregate of the same kind."""
        self.entries += other.entries
        for key, span in other._read.items():
            self._span_of(*key).include(span.count, span.first, span.last)
        for boot_id, ticks in other._clocks.items():
            self._ran(boot_id, *ticks)
        for index, found in other._found.items():
            self._of(index).merge(found)
        for (kind, source), loss in other._losses.items():
            self._loss(kind, source).merge(loss)
        for machine_id, names in other._hostnames.items():
            self._hostnames.setdefault(machine_id, set()).update(names)

    def hostname(self, machine_id, name):
        """Record the host name of a machine."""
        self._hostnames.setdefault(machine_id, set()).add(name)

    def _of(self, index):
        found = self._found.get(index)
        if found is None:
            found = self._found[index] = _Found(self.max_samples)
        return found

    def read(self, stamp, boot_id=None, machine_id=None, tick=None):
        """Count an entry that was read, whether or not a signature matches it.

        :param stamp: int, microseconds, or None when the log does not say.
        :param boot_id, machine_id: text, '' when the entry has none, None in text logs, which have neither.
        :param tick: the time by the boot's own (monotonic) clock, microseconds; None when the log does not say.
        """
        self.entries += 1
        self._span_of(boot_id, machine_id).add(stamp)
        if tick is not None:
            self._ran(boot_id, tick, tick)

    def span(self, boot_id, machine_id, number, first, last, ticks=None):
        """Count many entries at once, by their number and the stamps and the `ticks` of the earliest and the latest."""
        self.entries += number
        self._span_of(boot_id, machine_id).include(number, first, last)
        if ticks:
            self._ran(boot_id, *ticks)

    def _ran(self, boot_id, first, last):
        known = self._clocks.get(boot_id, (first, last))
        self._clocks[boot_id] = min(known[0], first), max(known[1], last)

    def _span_of(self, boot_id, machine_id):
        span = self._read.get((boot_id, machine_id))
        if span is None:
            span = self._read[boot_id, machine_id] = Span()
        return span

    def found(self, matches, lookalikes, stamp, boot_id, machine_id, sink, text, place, order=None, shown_in=u'', times=1,
              tick=None):
        """Count the matcher's result for one entry. Call it once for each signature and entry.

        :param matches, lookalikes: indexes of signatures.
        :param sink: name of the log the entry stands in (text).
        :param text: its message (unicode).
        :param place: where it is to be found, whatever `describe` understands.
        :param order: what the order of the log can be told by, among all entries; None for the order of the calls.
        :param shown_in: the text log that shows a lookalike (matcher.text_log), '' for none.
        :param times: how many matches the entry stands for. Whoever writes it may claim any number, so it costs no more time.
        :param tick: as in `read`.
        """
        if order is None:
            self._number += 1
            order = self._number
        key = (boot_id, machine_id, sink)
        for index in lookalikes:
            self._of(index).lookalikes.add((boot_id, machine_id, shown_in), stamp, order, text, place)
        for index in matches:
            signature, found = self._matcher.signatures[index], self._of(index)
            if signature.kind:
                self._lost(signature, stamp, text, order, times)
                continue
            found.matches.add(key, stamp, order, text, place, times)
            if tick is not None:
                found.episodes_of(boot_id).add(tick)
            elif stamp is not None:
                found.episodes_of(None).add(stamp)
            self.watch(index, boot_id, [(order, stamp, text)])

    def watch(self, index, boot_id, entries):
        """Record which of some matching entries of a boot were the last to open and to close something.

        :param entries: (order, stamp, text) each, the last first.
        """
        signature, found = self._matcher.signatures[index], self._of(index)
        opened, closed = signature.opened, signature.closed
        for order, stamp, text in entries:
            if closed and closed.search(text):
                found.closed, closed = _later(found.closed, (order, stamp, boot_id, text)), None
            if opened and opened.search(text):
                found.opened, opened = _later(found.opened, (order, stamp, boot_id, text)), None
            if not opened and not closed:
                return

    def found_many(self, matches, lookalikes, stamps, boot_id, machine_id, sink, newest, shown_in=u'', more=0, ticks=None):
        """Count many entries with the same result of the matcher, except losses. `watch` is for watched signatures.

        :param stamps: of all of them, in any order.
        :param newest: those that may become samples, (order, stamp, text, place) each.
        :param more: further matches that they stand for.
        :param ticks: of all of them, as in `read`, in any order; None when the log does not say.
        """
        key, ordered = (boot_id, machine_id, sink), sorted(stamps)
        for index in lookalikes:
            self._of(index).lookalikes.add_many((boot_id, machine_id, shown_in), ordered, newest)
        for index in matches:
            found = self._of(index)
            found.matches.add_many(key, ordered, newest, more)
            found.episodes_of(None if ticks is None else boot_id).add_many(ordered if ticks is None else sorted(ticks))

    def counts_alike(self, index):
        """Return whether all matches of a signature count alike, whatever their text."""
        return not self.is_loss(index) and not self.is_watched(index)

    def is_loss(self, index):
        """Return whether a signature reports a loss. Each of its matches must be counted by itself, by `found`."""
        return bool(self._matcher.signatures[index].kind)

    def is_watched(self, index):
        """Return whether a signature has `watch`."""
        signature = self._matcher.signatures[index]
        return bool(signature.opened or signature.closed)

    def _lost(self, signature, stamp, text, order, times):
        named = signature.regex.search(text).groupdict()
        lost = named.get('lost')
        self._loss(signature.kind, shorten(named.get('source') or u'')).add(
            times, stamp, stamp, int(lost) * times if lost and len(lost) <= LOST_DIGITS else None, order, shorten(text))

    def _loss(self, kind, source):
        if (kind, source) not in self._losses and len(self._losses) >= LOSERS:
            source = u''
        return self._losses.setdefault((kind, source), _Loss())

    def signatures(self):
        """Return the result's `signatures`: a dict for each given signature, in that order, including those never seen."""
        began, whole = self._uptime()
        return [dict(dict(self._seen(found.matches), **found.rate(began, whole)), id=signature.id,
                     sinks=[{'sink': sink, 'count': span.count} for sink, span in sorted(found.matches.by(2).items())],
                     lookalikes=dict(self._seen(found.lookalikes), shown_in=self._shown_in(found.lookalikes)),
                     **self._watched(found))
                for signature, found in self._rows()]

    def _uptime(self):
        """Return the time that was read, without the clock that anybody can set and without the hours that the host was off.

        The boots stand one after the other, each for as long as its own clock says.

        :returns: ({boot id: what to add to its ticks}, the length of all).
        """
        began, whole = {}, 0
        for boot_id, _span in _by_time(_merged(self._read, 0)):
            if boot_id in self._clocks:
                first, last = self._clocks[boot_id]
                began[boot_id] = whole - first
                whole += last - first
        return began, whole

    def _rows(self):
        """Return (Signature, _Found) of each given signature (list)."""
        nothing = _Found(0)
        return [(signature, self._found.get(index, nothing)) for index, signature in enumerate(self._matcher.signatures)
                if not signature.kind]

    def _watched(self, found):
        opened, closed = found.opened, found.closed
        if opened and closed and opened[0] < closed[0]:
            opened = None
        return {'closed': closed and {'at': self.text(closed[1]), 'boot_id': closed[2]},
                'unclosed': opened and {'at': self.text(opened[1]), 'boot_id': opened[2], 'text': shorten(opened[3])}}

    def boots(self):
        """Return the result's `boots`, by the time of their first entry."""
        # A boot is of one machine. Where some entries do not name it, or another, the most decide.
        machine = dict(key for key, _span in sorted(self._read.items(),
                                                    key=lambda item: (item[1].count, item[0][1] or u'')))
        return [dict(self._times(span), boot_id=boot_id, machine_id=machine[boot_id], entries=span.count,
                     **dict(zip(('first_monotonic', 'last_monotonic'), self._clocks.get(boot_id, (None, None)))))
                for boot_id, span in _by_time(_merged(self._read, 0)) if boot_id is not None]

    def machines(self):
        """Return the result's `machines`, by their id."""
        ids = sorted(set(machine_id for _boot, machine_id in self._read if machine_id is not None))
        spans = _merged(self._read, 1)
        found = [(signature, found.matches.by(1)) for signature, found in self._rows()]
        return [dict(self._times(spans[machine_id]), machine_id=machine_id, entries=spans[machine_id].count,
                     hostnames=sorted(self._hostnames.get(machine_id, ())),
                     boots=[boot_id for boot_id, _span in _by_time(dict(
                         (key[0], span) for key, span in self._read.items() if key[1] == machine_id)) if boot_id],
                     signatures=[dict(self._span(by[machine_id]), id=signature.id) for signature, by in found
                                 if machine_id in by])
                for machine_id in ids]

    def losses(self):
        """Return the losses that the log itself reports, for the result's `losses`."""
        return [dict(self._times(loss.span), kind=kind, source=source, entries=loss.span.count, lost=loss.lost,
                     detail=loss.text) for (kind, source), loss in sorted(self._losses.items())]

    def _shown_in(self, seen):
        """Return how many lookalikes each text log shows, by boot; see matcher.text_log."""
        return [{'sink': sink, 'count': seen.by(2)[sink].count,
                 'boots': [dict(self._span(span), boot_id=boot_id) for boot_id, span in _by_time(seen.by(0, sink))
                           if boot_id is not None]}
                for sink in sorted(seen.by(2)) if sink]

    def _seen(self, seen):
        return dict(self._span(seen.total()),
                    samples=[dict(self._describe(place), at=self.text(stamp), text=shorten(text))
                             for _order, stamp, text, place in seen.samples],
                    boots=[dict(self._span(span), boot_id=boot_id) for boot_id, span in _by_time(seen.by(0))
                           if boot_id is not None])

    def _span(self, span):
        return dict(self._times(span), count=span.count)

    def _times(self, span):
        return {'first_seen': self.text(span.first), 'last_seen': self.text(span.last)}

    def text(self, stamp):
        """Return a stamp in the form of this result."""
        return timestamps.to_text(stamp, self._fraction)


def _by_time(spans):
    """Return the items of a dict of Spans, by their first time."""
    return sorted(spans.items(), key=lambda item: (item[1].first is None, item[1].first or 0, item[0] or u''))


def _merged(spans, part):
    """Return Spans merged by one part of their keys (tuples)."""
    merged = {}
    for key, span in spans.items():
        merged.setdefault(key[part], Span()).include(span.count, span.first, span.last)
    return merged


class Seen:
    """Number, times and places of some entries, with the newest as samples."""

    def __init__(self, max_samples):
        self._spans = {}  # (boot id, machine id, sink) -> Span
        self._max_samples = max_samples
        self.samples = []  # (order, stamp, text, place), the newest last

    def add(self, key, stamp, order, text, place, times=1):
        span = self._spans.get(key)
        if span is None:
            span = self._spans[key] = Span()
        if times == 1:
            span.add(stamp)
        else:
            span.include(times, stamp, stamp)
        self._sample(order, stamp, text, place)

    def add_many(self, key, stamps, newest, more=0):
        """Add entries by their stamps (ascending), with the `newest` of them as possible samples, and `more` at the same times."""
        span = self._spans.get(key)
        if span is None:
            span = self._spans[key] = Span()
        span.include(len(stamps) + more, stamps[0], stamps[-1])
        for sample in newest:
            self._sample(*sample)

    def merge(self, other):
        for key, span in other._spans.items():
            self._spans.setdefault(key, Span()).include(span.count, span.first, span.last)
        for sample in other.samples:
            self._sample(*sample)

    def _sample(self, order, stamp, text, place):
        samples = self.samples
        if len(samples) < self._max_samples or (samples and order > samples[0][0]):
            samples.insert(bisect.bisect_right([sample[0] for sample in samples], order), (order, stamp, text, place))
            del samples[:-self._max_samples]

    def by(self, part, sink=None):
        """Spans by boot id (0), machine id (1) or sink (2); those of one sink, or of all."""
        return _merged(self._spans if sink is None else dict(item for item in self._spans.items() if item[0][2] == sink),
                       part)

    def total(self):
        span = Span()
        for one in self._spans.values():
            span.include(one.count, one.first, one.last)
        return span


class _Found:
    """The counts of one signature."""

    def __init__(self, max_samples):
        self.matches, self.lookalikes = Seen(max_samples), Seen(max_samples)
        self._episodes = {}  # boot id -> Episodes by its own clock; None -> those by the time of day
        self.closed = self.opened = None  # the last one: (order, stamp, boot id, text)

    def episodes_of(self, boot_id):
        """Return the Episodes of a boot; None for what has only the time of day."""
        if boot_id not in self._episodes:
            self._episodes[boot_id] = Episodes()
        return self._episodes[boot_id]

    def rate(self, began, whole):
        """Return how often the message came (dict).

        `episodes`; `silence`, the longest time without it; `wait`, how long at the mean somebody waits for it who begins
        at any time; both in seconds. Nobody knows them of what has only the time of day.

        :param began, whole: what _uptime says.
        """
        by_day, known = self._episodes.get(None, Episodes()), Episodes()
        for boot_id in began:
            if boot_id in self._episodes:
                known.merge(self._episodes[boot_id], began[boot_id])
        gaps = known.gaps(whole) if whole and not len(by_day) else ()
        return {'episodes': len(by_day) + len(known),
                'silence': max(gaps) / float(timestamps.SECOND) if gaps else None,
                'wait': sum(gap * gap for gap in gaps) / (2.0 * whole * timestamps.SECOND) if gaps else None}

    def merge(self, other):
        self.matches.merge(other.matches)
        self.lookalikes.merge(other.lookalikes)
        for boot_id, episodes in other._episodes.items():
            self.episodes_of(boot_id).merge(episodes)
        self.closed, self.opened = _later(self.closed, other.closed), _later(self.opened, other.opened)


def _later(event, other):
    """Return the later of two events in the log, either of which may be None."""
    if event is None or other is None:
        return event or other
    return event if other[0] < event[0] else other


class _Loss:
    """The losses of one program: the entries that report them, and the number of lost messages (None if unknown)."""

    def __init__(self):
        self.span, self.lost, self.order, self.text = Span(), None, None, None

    def add(self, count, first, last, lost, order, text):
        """Add entries: their number, times, how many messages they name, and the earliest of them."""
        self.span.include(count, first, last)
        if lost is not None:
            self.lost = (self.lost or 0) + lost
        if self.order is None or order < self.order:
            self.order, self.text = order, text

    def merge(self, other):
        self.add(other.span.count, other.span.first, other.span.last, other.lost, other.order, other.text)


def shorten(text):
    """Return a message (text) shortened for a sample."""
    return text if len(text) <= SAMPLE_LENGTH else text[:SAMPLE_LENGTH] + u'\u2026'


def boot_at(boots, stamp):
    """Return the id of the boot that was running at a time: the last that began at or before it, or None.

    :param boots: rows of a scan's `boots`. stamp: RFC 3339 (text).
    """
    moment, running, began = timestamps.from_text(stamp), None, None
    for boot in boots:
        first = timestamps.from_text(boot['first_seen']) if boot['first_seen'] else None
        if first is not None and first <= moment and (began is None or first >= began):
            running, began = boot['boot_id'], first
    return running
