# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host stands: clean only when every stage ended and nothing counts against it."""
from __future__ import annotations

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import host_state, record as records
from builders import record, stages


@pytest.mark.parametrize('journey, more, state', [
    ('audit', {}, 'clean'), ('audit', {'findings': [{'kind': 'investigate'}]}, 'findings'),
    ('remediate', {'findings': [{'kind': 'investigate'}]}, 'clean'), ('remediate', {'findings': [{'kind': 'failed'}]}, 'failed'),
    ('audit', {'findings': [{'kind': 'investigate'}, {'kind': 'policy_failed'}]}, 'failed'),
    ('audit', {'findings': [{'kind': 'expired'}]}, 'findings'), ('audit', {'findings': [{'kind': 'same_machine'}]}, 'findings'),
    ('scan', {'findings': [{'kind': 'same_machine'}]}, 'clean'), ('verify', {'findings': [{'kind': 'expired'}]}, 'clean'),
    ('remediate', {'findings': [{'kind': 'lost'}]}, 'findings'),
    ('remediate', {'findings': [{'kind': 'still_present'}]}, 'findings'), ('verify', {'findings': [{'kind': 'still_present'}]}, 'findings'),
    ('remediate', {'findings': [{'kind': 'fixable'}]}, 'clean'),
] + [(journey, {'findings': [{'kind': 'not_looked_at', 'data': {'part': part}}]},
      'failed' if part in ('verify', 'messages') else 'findings' if journey == 'audit' else 'clean')
     for journey in ('audit', 'scan', 'remediate', 'verify') for part in ('verify', 'messages', 'retention', 'alerts', 'record')] + [
    ('scan', {'findings': [{'kind': 'fixable'}]}, 'clean'),
    ('audit', {'errors': [{'stage': 's', 'message': 'm'}]}, 'failed'), ('audit', {'reachable': False}, 'unseen'),
    ('remediate', {'stages': {}}, 'failed'), ('remediate', {'stages': None}, 'failed'),
    ('remediate', {'stages': stages('remediate', reboot='not_asked', policy='not_asked')}, 'clean'),
] + [(journey, {'stages': stages(journey, **{name: found})}, 'failed')
     for journey in records.STAGES for name in records.STAGES[journey] for found in ('not_run', 'failed', 'lost', 'surprise')])
def test_state(journey, more, state):
    assert host_state.state(record(journey=journey, **more)) == state


@pytest.mark.parametrize('journey', sorted(records.STAGES))
def test_a_record_without_a_stage_is_not_clean(journey):
    """As one that ends early is, or one that a version before stages wrote."""
    for name in records.STAGES[journey]:
        left = stages(journey)
        del left[name]
        assert host_state.state(record(journey=journey, stages=left)) == 'failed'


@pytest.mark.parametrize('rec, expected', [
    (None, False), (record(), False), (record(reachable=False, stages=dict.fromkeys(records.STAGES['remediate'], 'not_run')), False),
    (record(errors=[{'stage': 's', 'message': 'm'}], stages=stages('remediate', plan='failed')), False),
    (record(reachable=False, stages=stages('remediate', reboot='lost')), True),
    (record(findings=[{'kind': 'failed'}]), True), (record(findings=[{'kind': 'still_present'}]), False),
])
def test_which_hosts_hold_up_the_next_batch(rec, expected):
    assert host_state.broke(rec) is expected
