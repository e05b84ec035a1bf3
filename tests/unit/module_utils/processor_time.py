# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A limit of processor time, for what would not end: no figure of a fast or slow machine, but minutes against nothing."""

from __future__ import absolute_import, division, print_function

import contextlib
import signal

__metaclass__ = type


class TooLong(Exception):
    """The processor seconds were used up."""


@contextlib.contextmanager
def limited(seconds):
    """Raises TooLong in the block after so many processor seconds."""

    def give_up(_number, _frame):
        raise TooLong('%s processor seconds' % seconds)

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
