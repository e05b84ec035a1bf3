# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings that stand by themselves; those of verdicts and of the policy have tests beside these."""
from __future__ import annotations

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import findings, plan
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import host as report_host
from builders import FIX_BOOT, found, record, signature, sinks, target


@pytest.mark.parametrize('expires, is_told', [(None, False), ('2026-11-21', True), ('2026-11-22', False), ('2027-01-01', False)])
@pytest.mark.parametrize('count', [0, 3])
def test_a_signature_past_its_review_is_a_finding_seen_or_not(expires, is_told, count):
    """The record began on 2026-11-22: the day itself is in time."""
    sig = signature(governance={'owner': 'bob', 'expires': expires})
    rec = record(journey='audit', scan={'at': '', 'boot_id': FIX_BOOT, 'since': '', 'sinks': sinks(journal=[found(sig['id'], count)])})
    rec['plan'] = plan.make(rec, [sig])
    told = [item for item in findings.findings(rec, [sig]) if item['kind'] == 'expired']
    assert told == [{'kind': 'expired', 'signature_id': sig['id'], 'data': {'expires': expires, 'owner': 'bob'}}] * is_told
    assert not is_told or 'was to be reviewed by 2026-11-21' in report_host.finding_text('en', told[0])


def test_a_signature_that_does_not_hold_for_the_host_is_not_to_be_reviewed_for_it():
    sig = signature(governance={'owner': 'bob', 'expires': '2020-01-01'}, applies={'el': [7]})
    rec = record(scan={'at': '', 'boot_id': FIX_BOOT, 'since': '', 'sinks': sinks(journal=[found(sig['id'])])})
    rec['plan'] = plan.make(rec, [sig])
    assert findings.findings(rec, [sig]) == []


@pytest.mark.parametrize('others, words', [
    ([('www', False)], 'the same machine as www in this run, by its machine id x'),
    ([('www', False), ('clone', True)], 'the same machine as www in this run'), ([('clone', True)], 'has the machine id x of clone in this run')])
def test_one_machine_under_two_names_is_a_finding(others, words):
    rec = record(target=target(machine_id='x'), same_machine=[{'host': host, 'cloned': cloned} for host, cloned in others])
    told = findings.findings(rec, [])
    assert [item['kind'] for item in told] == ['same_machine'] and words in report_host.finding_text('en', told[0])
