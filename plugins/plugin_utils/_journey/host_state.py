# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a host stands at the end of a run. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Literal

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import scanned
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record import missing
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Finding, FindingKind, Record

State = Literal['clean', 'findings', 'failed', 'unseen']
STATES: tuple[State, ...] = ('clean', 'findings', 'failed', 'unseen')

# Findings that mean: the remediation did not do what it was asked to.
FAILURES: tuple[FindingKind, ...] = ('failed', 'lost', 'still_present', 'policy_failed', 'misrouted')
# Findings that mean: a stage of the run itself failed on the host.
BROKEN: tuple[FindingKind, ...] = ('failed', 'policy_failed')
# Parts of a survey beside the logs, and the record of earlier runs: what cannot be told of them is read in an audit, and keeps no other journey from its end.
BESIDE = ('retention', 'alerts', 'record')
# Findings that say something without asking for anything.
INFORMATION: tuple[FindingKind, ...] = ('lost_messages',)


def state(record: Record) -> State:
    """Where a host stands at the end of a run. Clean is only a host whose record says that every stage ended.

    For a remediation only what it was asked to repair counts as findings; an audit counts everything a person must act on.
    """
    if not record['reachable']:
        return 'unseen'
    kinds = set(item['kind'] for item in record['findings']) - set(INFORMATION)
    if record['errors'] or missing(record) or any(_broken(item) for item in record['findings']):
        return 'failed'
    if record['journey'] == 'audit':
        return 'findings' if kinds or scanned.unread(record['scan']) or scanned.is_empty(record['scan']) else 'clean'
    return 'findings' if kinds & set(FAILURES) else 'clean'


def _broken(finding: Finding) -> bool:
    """Whether a finding means that a stage failed: also a log that could not be looked at, of which nothing else can be said."""
    return finding['kind'] in BROKEN or (finding['kind'] == 'not_looked_at' and finding['data']['part'] not in BESIDE)


def counted(record: Record) -> list[Finding]:
    """The findings that decide where the host stands."""
    return [item for item in record['findings']
            if item['kind'] in FAILURES or _broken(item) or (record['journey'] == 'audit' and item['kind'] not in INFORMATION)]


def broke(record: Record | None) -> bool:
    """Whether a remediation began to change a host and did not end. None, a host without a record, is false."""
    if record is None:
        return False
    return 'plan' not in missing(record) and state(record) in ('failed', 'unseen')
