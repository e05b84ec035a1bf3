# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times as records hold them, RFC 3339 in UTC. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from datetime import datetime, timezone

from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Stamp

STAMP = '%Y-%m-%dT%H:%M:%S.%fZ'


def parse(stamp: Stamp) -> datetime:
    """A stamp, as the scanners give it, to an aware datetime."""
    for form in (STAMP, '%Y-%m-%dT%H:%M:%SZ'):
        try:
            return datetime.strptime(stamp, form).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
    raise ValueError('%r is not an RFC 3339 UTC time stamp' % (stamp,))
