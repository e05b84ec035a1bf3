# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a host stands at the end of a run. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Literal

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import scanned
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record import CONTINUING, LASTING, missing
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Finding, FindingKind, Record
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.verdicts import unread_logs

State = Literal['clean', 'findings', 'failed', 'unseen']
STATES: tuple[State, ...] = ('clean', 'findings', 'failed', 'unseen')
Status = Literal[0, 2, 4]  # of ansible-playbook
STATUS: dict[State, Status] = {'clean': 0, 'findings': 2, 'failed': 2, 'unseen': 4}

# Findings that mean: the remediation did not do what it was asked to.
FAILURES: tuple[FindingKind, ...] = ('failed', 'lost', 'still_present', 'policy_failed', 'misrouted', 'not_undone')
# Findings that mean: a stage of the run itself failed on the host.
BROKEN: tuple[FindingKind, ...] = ('failed', 'policy_failed')
# Parts of a survey beside the logs, and the record of earlier runs: what cannot be told of them is read in an audit, and keeps no other journey from its end.
BESIDE = ('retention', 'alerts', 'record', 'trail')
# Findings that say something without asking for anything.
INFORMATION: tuple[FindingKind, ...] = ('lost_messages',)


def state(record: Record) -> State:
    """Where a host stands at the end of a run, of whatever journey. Clean is only a host whose record says that every stage
    ended, and that has nothing a person must act on or read."""
    if not record['reachable']:
        return 'unseen'
    if record['errors'] or missing(record) or any(_broken(item) for item in record['findings']):
        return 'failed'
    return 'findings' if has_findings(record) else 'clean'


def has_findings(record: Record) -> bool:
    """Whether there is something to act on or to read beside what failed, a log that could not be read included."""
    looked = record['journey'] not in CONTINUING  # whose scan is that of an earlier run, which has told of it
    return (any(item['kind'] not in INFORMATION and not _broken(item) for item in record['findings'])
            or bool(unread_logs(record)) or looked and scanned.is_empty(record['scan']))


def status(record: Record) -> Status:
    """The exit status that a host gives its run; docs/record.md has the table.

    An audit ends by all findings, a remediation and a verification by those of what was to be repaired, a scan by none.
    """
    stands = state(record)
    if stands == 'findings' and record['journey'] != 'audit':
        return 2 if record['journey'] in LASTING and any(item['kind'] in FAILURES for item in record['findings']) else 0
    return STATUS[stands]


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
