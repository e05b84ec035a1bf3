# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the queues of forwards on disk: the messages that wait in them, and whether rsyslogd can send them.

_rsyslog/policy.py reads what their files hold; this is where the files come from. Standard library only. Runs under
Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import errno
import io
import os
import re
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, drop_ins as rsyslog_drop_ins, policy as rsyslog_policy)

QUEUE_LOOKS = 5  # at a queue that seems broken while rsyslogd is at work
# What is known of a queue on disk. messages: how many it has by NAME.qi (int), None when that is damaged; why: it is broken
# (text), or None; left: messages that its files hold, when it is broken; goes_on: rsyslogd skips what is damaged.
State = collections.namedtuple('State', 'messages why left goes_on')
NULS = b'\0' * 14  # in no message: rsyslogd escapes them


def waiting(spool, name):
    """Return the size in bytes of a queue on disk: its files NAME.00000001 and so on."""
    bytes_ = 0
    for path in rsyslog_drop_ins.Disk().glob('%s/%s.[0-9]*' % (spool, name)):
        try:
            bytes_ += os.path.getsize(path)
        except EnvironmentError as error:
            if error.errno != errno.ENOENT:  # else rsyslogd has just sent all of it
                raise
    return bytes_


def queue_state(spool, name, unknown=0):
    """Return the State of a queue. Its number of messages is `unknown` (int) if it has no file NAME.qi.

    rsyslogd may be at work, so what seems broken is looked at again, until nothing has changed meanwhile.
    """
    for dummy in range(QUEUE_LOOKS):
        text, sizes = queue_text(spool, name), queue_sizes(spool, name)
        state = _state(spool, name, text, sizes, unknown)
        if state.why is None or (text, sizes) == (queue_text(spool, name), queue_sizes(spool, name)):
            return state
        time.sleep(0.1)
    return State(state.messages, None, state.left, False)


def _state(spool, name, text, sizes, unknown):
    """Return the State of a queue with this NAME.qi (text or None) and these files ({number: bytes})."""
    if text is None:
        # rsyslogd begins such a queue anew, in the midst of its files, and sends next to nothing of them.
        left = messages_left(spool, name) if any(sizes.values()) else 0
        return State(None if left else unknown, 'NAME.qi is gone, and its files have %d messages' % left if left else None,
                     left, False)
    info = rsyslog_policy.queue(text)
    messages = rsyslog_policy.messages_on_disk(text)
    why = rsyslog_policy.broken(info, sizes)
    if why:
        return State(messages, why, messages_left(spool, name), False)
    if not info.messages:
        return State(0, None, 0, False)
    left = messages_left(spool, name, info.read, info.write)
    why = rsyslog_policy.short_of(info, left)
    # rsyslogd sends what it can read. Where the end is damaged it ends the queue then, at the last torn message.
    goes_on = left > 2 or (left > 0 and ends_sound(spool, name, info.write))
    return State(messages if why or info.read != info.write else 0, why, left, goes_on)


def ends_sound(spool, name, write):
    """Return whether a message ends at the write position of a queue ((number, offset))."""
    try:
        with io.open('%s/%s.%08d' % (spool, name, write[0]), 'rb') as source:
            source.seek(max(write[1] - len(rsyslog_policy.QUEUED_END), 0))
            return source.read(len(rsyslog_policy.QUEUED_END)) == rsyslog_policy.QUEUED_END
    except EnvironmentError as error:
        if error.errno not in (errno.ENOENT, errno.EISDIR):
            raise
    return write[1] == 0


def abandoned(suffix, before, after, spool):
    """Return the queues of copies of actions (paths without endings, sorted) that no copy sends any more.

    `suffix` ends their names. Those in the drop-ins `before` (list of text or None) and on the disk, without those in the
    drop-ins `after`. Where others than root may write, nothing is looked for.
    """
    known, used = [set(path for text in texts for path in rsyslog.copied_queues(text)) for texts in (before, after)]
    directories = [one for one in set([spool] + [os.path.dirname(path) for path in known | used])
                   if not safe_paths.check(one + '/queue')]
    for directory in directories:
        for path in rsyslog_drop_ins.Disk().glob('%s/*%s.*' % (directory, suffix)):
            found = re.match(r'(.*)\.(?:qi|[0-9]{8,})\Z', path)
            known.update([found.group(1)] if found else [])
    return sorted(path for path in known - used if os.path.dirname(path) in directories)


def own_queue_note(path):
    """Return a note (text) on the queue of a copy of an action, by its path without endings."""
    return 'The copy has its own queue, %s.*, with the same limits: the two may take twice the disk.' % path


def left_in(queues):
    """Return those of the queues (paths without endings) that hold messages: [{path, messages}], None for an unknown number."""
    states = [(path, queue_state(*os.path.split(path))) for path in queues]
    return [dict(path=path, messages=state.messages) for path, state in states if state.messages != 0]


def left_notes(left):
    """Return notes (list of text) on queues of copies that nobody sends any more, as left_in() returns them."""
    return ['%s.* holds %s messages that nothing sends any more. They waited for a collector when the copy of its forwarder '
            'went. The log files of this host have them. Put the copy back to have them sent, or remove the files of the queue.'
            % (one['path'], '?' if one['messages'] is None else one['messages']) for one in left]


def queue_text(spool, name):
    """Return the content of NAME.qi: None if it does not exist, empty if it is not a file."""
    try:
        with io.open('%s/%s.qi' % (spool, name), encoding='latin-1') as source:
            return source.read(1 << 16)
    except EnvironmentError as error:
        if error.errno == errno.EISDIR:
            return u''
        if error.errno != errno.ENOENT:
            raise
    return None


def queue_sizes(spool, name):
    """Return the sizes of the files of a queue: {number: bytes}."""
    sizes = {}
    for path in rsyslog_drop_ins.Disk().glob('%s/%s.[0-9]*' % (spool, name)):
        number = path.rpartition('.')[2]
        if number.isdigit():
            try:
                sizes[int(number)] = os.path.getsize(path)
            except EnvironmentError as error:
                if error.errno != errno.ENOENT:
                    raise
    return sizes


def messages_left(spool, name, read=(0, 0), write=None):
    """How many messages the files of a queue hold, from where it is read to where it is written ((number, offset)).

    Where a stretch of them is NULs, one that is torn by it is taken off.
    """
    count, torn = 0, False
    for number in sorted(queue_sizes(spool, name)):
        if number < read[0] or (write and number > write[0]):
            continue
        try:
            with io.open('%s/%s.%08d' % (spool, name, number), 'rb') as source:
                place = read[1] if number == read[0] else 0
                source.seek(place)
                kept = b''
                while True:
                    piece = source.read(min(1 << 20, write[1] - place) if write and number == write[0] else 1 << 20)
                    if not piece:
                        break
                    place += len(piece)
                    kept += piece
                    count += kept.count(rsyslog_policy.QUEUED)
                    torn = torn or NULS in kept
                    kept = kept[-len(rsyslog_policy.QUEUED) + 1:]  # the beginning of one that goes on in the next piece
        except EnvironmentError as error:
            if error.errno not in (errno.ENOENT, errno.EISDIR):
                raise
    return max(count - 1, 0) if torn else count
