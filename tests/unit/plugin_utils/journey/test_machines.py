# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One machine under two names, told from clones and from containers on one kernel."""
from __future__ import annotations

import pytest
from builders import NEXT_BOOT, FIX_BOOT, BOOTED_AT, FIXED_AT, target

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import machines


class Hosts:
    """What the hosts of a run note in a folder."""

    def __init__(self, folder):
        self.folder, self.seen = str(folder), {}

    def claim(self, name, machine_id, boot=NEXT_BOOT, run='run', **more):
        self.seen[name] = target(machine_id=machine_id, boot_id=boot, **more)
        machines.claim(self.folder, name, run, self.seen[name])

    def same(self, name, hosts=None, run='run'):
        return {one['host']: one['cloned'] for one in machines.same(self.folder, name, run, self.seen[name], hosts)}


@pytest.fixture(name='hosts')
def hosts_of_a_run(tmp_path):
    return Hosts(tmp_path)


def test_one_machine_under_two_names_is_told_from_a_clone(hosts, tmp_path):
    for dummy in range(2):
        for name, machine_id, boot in (('web1', 'x', NEXT_BOOT), ('www', 'x', NEXT_BOOT), ('clone', 'x', FIX_BOOT), ('db1', 'y', NEXT_BOOT),
                                       ('none', None, NEXT_BOOT), ('odd', '../\x00', NEXT_BOOT)):
            hosts.claim(name, machine_id, boot)
    names = [*hosts.seen, 'later']
    told = {'web1': {'clone': True, 'www': False}, 'www': {'clone': True, 'web1': False}, 'clone': {'web1': True, 'www': True},
            'db1': {}, 'none': {}, 'odd': {}}
    assert {name: hosts.same(name, names) for name in hosts.seen} == {name: hosts.same(name) for name in hosts.seen} == told
    assert hosts.same('web1', ['web1']) == {}  # the other is not of this run
    assert [path.name for path in tmp_path.iterdir()] == ['.machines']
    # A batch later, after the first was rebooted, the second name runs the new boot.
    hosts.claim('db1', 'y', FIX_BOOT)
    hosts.claim('later', 'y', FIX_BOOT)
    assert hosts.same('later', names) == {'db1': False}


def test_what_an_earlier_run_noted_tells_of_the_hosts_of_later_batches(hosts, tmp_path):
    hosts.claim('www', 'x', run='scan')
    hosts.claim('old', 'x', FIX_BOOT, run='scan')
    hosts.claim('web1', 'x', FIX_BOOT, run='scan')
    (next((tmp_path / '.machines').iterdir()) / 'damaged').write_text('{')
    hosts.claim('web1', 'x')
    # What ran another boot then may be the same machine or not: it is looked at again when its turn comes.
    assert hosts.same('web1', ['web1', 'www', 'old']) == {'www': False}
    assert len(list(tmp_path.glob('.machines/*/*'))) == 4


def test_containers_of_one_image_are_machines_of_their_own(hosts):
    """They may have the machine id of their image, and all have the boot id of the kernel below them."""
    hosts.claim('one', 'x', container=True, boot_time=BOOTED_AT)
    hosts.claim('two', 'x', container=True, boot_time=FIXED_AT)
    hosts.claim('twice', 'x', container=True, boot_time=FIXED_AT)
    assert hosts.same('one') == {'two': True, 'twice': True} and hosts.same('two') == {'one': True, 'twice': False}


@pytest.mark.parametrize('seen', [{'machine_id': 'x'}, {'machine_id': {}, 'boot_id': None}, {'machine_id': ['x'], 'boot_id': {'a': '\udc80'}}, {}])
def test_what_a_broken_host_says_ends_nothing(tmp_path, seen):
    machines.claim(str(tmp_path), 'odd', 'run', seen)
    assert machines.same(str(tmp_path), 'odd', 'run', seen, None) == []


def test_who_is_refused():
    assert machines.refusal('web1', []) is None and machines.refusal('web1', [{'host': 'clone', 'cloned': True}]) is None
    told = machines.refusal('web1', [{'host': 'clone', 'cloned': True}, {'host': 'www', 'cloned': False}])
    assert told.startswith('web1: the same machine as www, by its machine id and boot id. Nothing was changed under this name.')
