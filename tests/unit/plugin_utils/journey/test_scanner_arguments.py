# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between the scanners and the record: what goes to the hosts, and what of the answers is kept."""
from __future__ import annotations

import json

import pytest

from ansible_collections.loghygiene.rhel.plugins.filter import alert_exemptions
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import Matcher
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.on_host import trimmed
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.surveys import sinks_of

SIGNATURES = catalog.load()
RESULT = {'signatures': [], 'boots': [], 'machines': [{'machine_id': 'm'}], 'unexplained': {'entries': 0}, 'losses': [{'kind': 'boot-gap'}],
          'cursor': 'c', 'entries': 1, 'files': [], 'errors': [], 'method': 'm'}


def test_what_is_looked_for_goes_to_a_host_and_nothing_else():
    kept = trimmed(SIGNATURES)
    assert [sorted(item) for item in kept] == [['context'] * ('context' in item) + ['id', 'match'] + ['watch'] * ('watch' in item) for item in SIGNATURES]
    assert len(json.dumps(kept)) < len(json.dumps(SIGNATURES)) / 4
    assert trimmed(kept) == kept and trimmed([]) == []


def test_exemptions_are_those_of_the_host():
    kept = dict((el, alert_exemptions.alert_exemptions(SIGNATURES, {'el': el})) for el in (7, 8, 9))
    assert kept[7] == [] and kept[8][2]['id'] == 'rhel-hardware-uncertified'
    assert [one['id'] for one in kept[9]] == ['rhel-deprecated-driver', 'rhel-deprecated-hardware']
    assert [sorted(one) for one in kept[9]] == [['id', 'match', 'revision']] * 2


class Asked(dict):
    """A dict that notes which of its keys were asked for."""

    def __init__(self, *args):
        super().__init__(*args)
        self.keys_read = set()

    def __getitem__(self, key):
        self.keys_read.add(key)
        return super().__getitem__(key)

    def get(self, key, default=None):
        self.keys_read.add(key)
        return super().get(key, default)


@pytest.mark.parametrize('item', SIGNATURES, ids=lambda item: item['id'])
def test_it_leaves_out_nothing_that_the_matcher_reads(item):
    asked = Asked(item)
    Matcher([asked])
    assert asked.keys_read & set(item) | {'context'} & set(item) == set(trimmed([item])[0])  # that one is read by the survey alone


def test_sinks_keep_the_whole_answer_and_nothing_of_ansible():
    answer = dict(RESULT, changed=False, failed=False, invocation={'module_args': {}})
    found = sinks_of({'journal': dict(answer, undecided=3), 'messages': answer})
    assert found == {'journal': dict(RESULT, undecided=3), 'messages': dict(RESULT, undecided=0)}
