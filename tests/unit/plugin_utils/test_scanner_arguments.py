# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between the scanners and the record: what goes to the hosts, and what of the answers is kept."""
from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from ansible_collections.loghygiene.rhel.plugins.filter import alert_exemptions
from ansible_collections.loghygiene.rhel.plugins.module_utils.matcher import Matcher
from ansible_collections.loghygiene.rhel.plugins.plugin_utils import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.on_host import Scanner
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.scanned import sinks

ROLES = Path(catalog.__file__).resolve().parents[2] / 'roles'
SIGNATURES = catalog.load()
RESULT = {'signatures': [], 'boots': [], 'machines': [{'machine_id': 'm'}], 'unexplained': {'entries': 0}, 'losses': [{'kind': 'boot-gap'}],
          'cursor': 'c', 'entries': 1, 'files': [], 'errors': [], 'method': 'm'}


def test_what_is_looked_for_goes_to_a_host_and_nothing_else():
    kept = Scanner.needed(SIGNATURES)
    assert [sorted(item) for item in kept] == [['id', 'match'] + ['watch'] * ('watch' in item) for item in SIGNATURES]
    assert len(json.dumps(kept)) < len(json.dumps(SIGNATURES)) / 4
    assert Scanner.needed(kept) == kept and Scanner.needed([]) == []


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
    assert asked.keys_read & set(item) == set(Scanner.needed([item])[0])


def scanning_tasks():
    """(file, module, arguments) of every task of the roles that calls a scanner."""
    def walk(tasks):
        for task in tasks:
            yield task
            for block in ('block', 'rescue', 'always'):
                yield from walk(task.get(block, []))
    for path in sorted(ROLES.glob('*/*/*.yml')):
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
        if path.parent.name in ('tasks', 'handlers') and content:
            for task in walk(content):
                for module in ('journal_scan', 'logfile_scan'):
                    if 'loghygiene.rhel.' + module in task:
                        yield path.name, module, task['loghygiene.rhel.' + module]


def test_only_the_full_scan_asks_for_what_no_signature_explains():
    asked = [(name, module) for name, module, arguments in scanning_tasks()
             if arguments.get('unexplained') == '{{ log_hygiene_unexplained }}']
    assert asked == [('scan.yml', 'journal_scan'), ('scan.yml', 'logfile_scan')]


def test_sinks_keep_the_whole_answer_and_nothing_of_ansible():
    registered = dict(RESULT, changed=False, failed=False)
    found = sinks(registered, {'results': [dict(registered, item='messages', invocation={'module_args': {}})]})
    assert found == {sink: dict(RESULT, undecided=0) for sink in ('journal', 'messages')}
    assert sinks(dict(registered, undecided=3), {'results': []})['journal']['undecided'] == 3
