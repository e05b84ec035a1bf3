# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times as records hold them, RFC 3339 in UTC. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import re
from datetime import datetime, timezone

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Stamp

STAMP = '%Y-%m-%dT%H:%M:%S.%fZ'
# An answer holds hundreds of them, and strptime() takes ten times as long.
_PARTS = re.compile(r'([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?Z').fullmatch


def parse(stamp: Stamp) -> datetime:
    """A stamp, as the scanners give it, to an aware datetime."""
    parts = _PARTS(stamp)
    if parts is None:
        raise ValueError('%r is not an RFC 3339 UTC time stamp' % (stamp,))
    year, month, day, hour, minute, second = map(int, parts.groups()[:6])
    return datetime(year, month, day, hour, minute, second, int((parts[7] or '').ljust(6, '0')), tzinfo=timezone.utc)
