# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journal and text logs share as stores: their measurements, and whether these meet a policy.

Times are microseconds since the epoch (see _common/timestamps.py), durations days (float), sizes bytes. Standard library only.
Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps

DAY = 86400 * timestamps.SECOND
# Less tells no rate: a host that has just booted logs many times what it does later.
ENOUGH = 1.0  # days


def modified(path):
    """Return when a file was last modified (microseconds), or None if it does not exist."""
    try:
        return int(os.stat(path).st_mtime * timestamps.SECOND)
    except OSError:
        return None


def free_bytes(path):
    """Return (size, bytes free for users) of the file system that a path is on, or will be."""
    path = os.path.abspath(path)
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    info = os.statvfs(path)
    return info.f_blocks * info.f_frsize, info.f_bavail * info.f_frsize


def row(kind, path, keep_days):
    """Return an empty row of a store (dict, see RETURN of log_retention_info)."""
    return dict(store=kind, path=path, oldest=None, newest=None, bytes=None, uncompressed_bytes=None,
                growth_per_day=None, uncompressed_growth_per_day=None, held_days=None, days_until_eviction=None,
                days_until_full=None, free_bytes=None, rotation={}, keep_days=keep_days, meets=None, reason='')


def measure(found, oldest, newest, size, content, now):
    """Fill in the measurements of a row.

    :param oldest, newest: times of entries. size: bytes on disk. content: bytes of lines.
    """
    held = days_between(oldest, now)
    rate = growth(size, held)
    found.update(oldest=timestamps.to_text(oldest, fraction=False),
                 newest=timestamps.to_text(newest, fraction=False),
                 bytes=size, uncompressed_bytes=content, held_days=held, growth_per_day=rate,
                 uncompressed_growth_per_day=growth(content, held))
    if rate:
        found['days_until_full'] = found['free_bytes'] / rate


def days_between(begin, end):
    """Return the days from one stamp to another; None if one is None."""
    return None if begin is None or end is None else (end - begin) / float(DAY)


def growth(size, held_days):
    """Return the growth in bytes a day, or None if the time is too short."""
    return None if held_days is None or size is None or held_days < ENOUGH else size / held_days


def assess(keep_days, held_days, host_days, kept, rate, used, free):
    """Return whether a store keeps what it must: (True, False or None if unknown, the reason).

    :param kept: days that the rules keep each line at least, None for ever.
    :param rate: bytes a day on disk, None when not known.
    :param used, free: bytes that the store takes, and that are free on its file system.
    """
    if used and held_days is None:
        return None, 'no line has a time in a form that is known here'
    if kept is not None and kept < keep_days:
        return False, 'the rules keep %s, %s are wanted' % (in_days(kept), in_days(keep_days))
    if rate and rate * keep_days > used + free:
        return False, ('%s take %d bytes at this rate, the file system has room for %d: it is full before, in %s'
                       % (in_days(keep_days), rate * keep_days, used + free, in_days(free / rate)))
    rules = 'nothing is ever removed' if kept is None else 'the rules keep %s' % in_days(kept)
    if held_days is not None and held_days >= keep_days:
        return True, 'the oldest line is of %s ago, and %s' % (in_days(held_days), rules)
    if held_days is None:
        return True, 'there is no line yet; %s' % rules
    if host_days is not None and host_days < keep_days:
        return True, ('the host is only %s old and has lines of %s; %s'
                      % (in_days(host_days), in_days(held_days), rules))
    return None, ('the oldest line is of %s ago, %s. Whether older ones were removed or never written cannot be told; '
                  'certain in %s' % (in_days(held_days), rules, in_days(keep_days - held_days)))


def in_days(number):
    """Return a number of days as text."""
    text = '%.1f' % number
    text = text[:-2] if text.endswith('.0') else text
    return text + (' day' if text == '1' else ' days')
