# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host stands: clean only when every stage ended and nothing counts against it."""
from __future__ import annotations

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import host_state, record as records
from builders import record, stages


def one(kind, **data):
    return {'findings': [{'kind': kind, 'data': data}]}


@pytest.mark.parametrize('journey', sorted(records.STAGES))
@pytest.mark.parametrize('more, state', [
    ({}, 'clean'), (one('investigate'), 'findings'), (one('fixable'), 'findings'), (one('still_present'), 'findings'), (one('lost'), 'findings'),
    (one('expired'), 'findings'), (one('same_machine'), 'findings'), (one('not_looked_at', part='record'), 'findings'),
    (one('lost_messages'), 'clean'), (one('failed'), 'failed'), ({'findings': [{'kind': 'investigate'}, {'kind': 'policy_failed'}]}, 'failed'),
    (one('not_looked_at', part='verify'), 'failed'), (one('not_looked_at', part='messages'), 'failed'),
    (one('not_looked_at', part='retention'), 'findings'), (one('not_looked_at', part='alerts'), 'findings'),
    ({'errors': [{'stage': 's', 'message': 'm'}]}, 'failed'), ({'reachable': False}, 'unseen'), ({'stages': {}}, 'failed'), ({'stages': None}, 'failed')])
def test_the_four_states_are_the_same_in_every_journey(journey, more, state):
    assert host_state.state(record(journey=journey, **more)) == state


@pytest.mark.parametrize('journey, more, state', [
    ('remediate', {'stages': stages('remediate', reboot='not_asked', policy='not_asked')}, 'clean'),
] + [(journey, {'stages': stages(journey, **{name: found})}, 'failed')
     for journey in records.STAGES for name in records.STAGES[journey] for found in ('not_run', 'failed', 'lost', 'surprise')])
def test_state(journey, more, state):
    assert host_state.state(record(journey=journey, **more)) == state


# As the table of docs/record.md says.
@pytest.mark.parametrize('more, audit, remediate, scan', [
    ({}, 0, 0, 0), (one('investigate'), 2, 0, 0), (one('fixable'), 2, 0, 0), (one('not_looked_at', part='alerts'), 2, 0, 0),
    (one('still_present'), 2, 2, 0), (one('lost'), 2, 2, 0), (one('misrouted'), 2, 2, 0), (one('failed'), 2, 2, 2),
    (one('not_looked_at', part='journal'), 2, 2, 2), ({'errors': [{'stage': 's', 'message': 'm'}]}, 2, 2, 2), ({'reachable': False}, 4, 4, 4)])
def test_each_state_has_its_exit_status(more, audit, remediate, scan):
    assert {journey: host_state.status(record(journey=journey, **more)) for journey in records.STAGES} == {
        'audit': audit, 'remediate': remediate, 'verify': remediate, 'rollback': remediate, 'scan': scan}


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
