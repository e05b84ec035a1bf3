# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The trail: what the log of a host says of a run that changed it, a line where it begins and one where it ends. Pure.

The lines are English, whatever the language of the report: a log is read by programs, and by those who come later.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import REMEDIED
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record

LONGEST = 4000  # characters; rsyslogd takes 8 KiB
NAMES = {'remediate': 'remediation'}


def begins(record: Record, run: str, policy: bool = False) -> str:
    """The line at the begin of a run."""
    asked = ['%s (%s)' % (role, ', '.join(ids)) for role, ids in sorted(_asked(record).items())]
    asked += ['syslog policy'] * policy
    if record.get('rollback'):
        asked = ['undoes ' + one for one in asked]
    return _line('%s %s begins' % (_name(record), run), ['catalog sha256:%s' % record.get('catalog_digest')] + asked)


def ends(record: Record, run: str) -> str:
    """The line at the end of a run, or where it failed."""
    said = []
    for role, ids in sorted(_asked(record).items()):
        said.append('%s (%s): %s' % (role, ', '.join(ids), _result(record, role)))
    policy = record.get('syslog_policy')
    if policy:
        said.append('syslog policy: %s' % ('failed' if policy['failed'] else 'changed' if policy.get('changed') else 'unchanged'))
    how = 'fails at %s' % record['errors'][-1]['stage'] if record['errors'] else 'ends'
    return _line('%s %s %s' % (_name(record), run, how), said)


def _name(record: Record) -> str:
    return NAMES.get(record['journey'], record['journey'])


def _asked(record: Record) -> dict[str, list[str]]:
    """The signatures that something is done for in this run, by role."""
    found: dict[str, list[str]] = {}
    rollback = record.get('rollback')
    if rollback:
        return dict((role, one['signature_ids']) for role, one in rollback['roles'].items())
    for row in record['plan']:
        if row['role'] and row['action'] in REMEDIED:
            found.setdefault(row['role'], []).append(row['signature_id'])
    return found


def _result(record: Record, role: str) -> str:
    rollback = record.get('rollback')
    if rollback:
        one = rollback['roles'][role]
        return 'failed' if one['failed'] else 'not undone' if not one['undone'] else 'undone' if one['changed'] else 'nothing to undo'
    remedy = record['remedies'].get(role)
    if not remedy:
        return 'not run'
    return 'failed' if remedy.get('failed') else 'changed' if remedy['changed'] else 'unchanged'


def _line(head: str, parts: list[str]) -> str:
    text = '; '.join([head] + parts)
    return text if len(text) <= LONGEST else text[:LONGEST] + ' ...'
