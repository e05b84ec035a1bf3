# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a line into the log of the host, of the facility authpriv: few may read it, and it is kept for long.

Not by syslog(3), which says nothing where nobody takes the message.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import re
import socket
import time

SOCKET = '/dev/log'
IDENTIFIER = 'loghygiene'
PRI = 10 * 8 + 5  # authpriv.notice
SECONDS = 10  # that a journald that does not read is waited for
MONTHS = ('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec')


class TrailError(Exception):
    """The line could not be written. The text tells the operator why, and what to do."""


def write(text, path=SOCKET):
    """Write one line. Raises TrailError."""
    now = time.localtime()
    line = '<%d>%s %2d %s %s[%d]: %s' % (PRI, MONTHS[now.tm_mon - 1], now.tm_mday, time.strftime('%H:%M:%S', now), IDENTIFIER,
                                         os.getpid(), re.sub(r'[\x00-\x1f\x7f]', ' ', text))
    speaker = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        speaker.settimeout(SECONDS)
        speaker.connect(path)
        speaker.send(line if isinstance(line, bytes) else line.encode('utf-8', 'replace'))
    except (EnvironmentError, socket.error) as error:
        reason = os.strerror(error.errno) if error.errno else 'nobody took it for %d seconds' % SECONDS
        raise TrailError('The line about this run could not be written to the log of this host by %s: %s. See whether '
                         'systemd-journald runs.' % (path, reason))
    finally:
        speaker.close()
