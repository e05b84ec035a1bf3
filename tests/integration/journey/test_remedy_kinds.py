# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy of somebody else, as docs/remedies.md shows it: from the signature to the file on the host, and back."""
from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import ansible_starts
import yaml
from remedy_runs import private

ROOT = next(path for path in [Path(folder) / 'ansible_collections/loghygiene/rhel'
                              for folder in os.environ['ANSIBLE_COLLECTIONS_PATH'].split(os.pathsep)] if path.is_dir())
CORES = {name: Path(os.environ['ANSIBLE_%s_BIN' % name.upper()]) for name in ('newest', 'oldest')}
ROLE = 'acme.things.agent_interval'


def examples(name):
    """{name: text} of the blocks that a page of the documentation marks as examples."""
    text = (ROOT / 'docs' / name).read_text(encoding='utf-8')
    return dict(re.findall(r'<!-- example: (\S+) -->\n```yaml\n(.*?)```', text, re.DOTALL))


class House:
    """A control node with the role and the signature of the documentation, and this machine with logs of its own."""

    def __init__(self, folder: Path, core: str):
        self.folder, self.core, self.run_dir = folder, core, folder / 'log_hygiene'
        self.mounts: list[str] = []  # further ones
        self.signatures = True  # whether it has the signature
        self.file = folder / 'etc' / 'interval.conf'
        self.collection = folder / 'collections/ansible_collections/acme/things'
        shown = examples('remedies.md')
        for path, text in shown.items():
            if '/' in path:
                (self.collection / path).parent.mkdir(parents=True, exist_ok=True)
                (self.collection / path).write_text(text)
        (self.collection.parents[1] / 'loghygiene').mkdir()
        (self.collection.parents[1] / 'loghygiene/rhel').symlink_to(ROOT)
        self.signature = {**yaml.safe_load(examples('signatures.md')['acme-agent-idle']), **yaml.safe_load(shown['remedy'])}
        self.signature['remedy']['with']['path'] = str(self.file)
        (folder / 'log').mkdir()
        (folder / 'log/messages').write_text('%s host acme-agent[7]: no work to do in 60 s\n' % time.strftime(
            '%Y-%m-%dT%H:%M:%S.000000+00:00', time.gmtime()))

    def play(self, playbook: str, *more: str) -> tuple[int, str]:
        """Run a playbook on this machine, in a mount namespace where /var/log and /run are the test's."""
        (self.folder / 'signatures').mkdir(exist_ok=True)
        (self.folder / 'signatures/acme-agent-idle.yml').write_text(json.dumps(self.signature, default=str))
        mounts = '\n'.join(['mount --bind %s/log /var/log' % self.folder, 'mount -t tmpfs -o mode=755 run /run', *self.mounts])
        done = ansible_starts.run(
            private(mounts) + [str(CORES[self.core] / 'ansible-playbook'), playbook, '-i', 'localhost,', '-c', 'local',
                               '-e', json.dumps({'log_hygiene_run_dir': str(self.run_dir), 'ansible_become': False,
                                                 'ansible_python_interpreter': '/usr/bin/python3', 'log_hygiene_settle': 0,
                                                 'log_hygiene_catalog_paths': [str(self.folder / 'signatures')] if self.signatures else []}), *more],
            env=dict(os.environ, ANSIBLE_COLLECTIONS_PATH=str(self.collection.parents[2]), ANSIBLE_NOCOLOR='1', COLUMNS='1000',
                     ANSIBLE_HOME=str(self.folder / 'home')),
            cwd=self.folder, timeout=300)
        return done.returncode, done.stdout

    def remedy(self, name: str = 'localhost') -> dict:
        """What the record says of the remedy."""
        return json.loads((self.run_dir / (name + '.json')).read_text())['remedies'][ROLE]


UNDO = '''
- hosts: localhost
  gather_facts: false
  vars:
    agent_interval_items: [{{signature_id: acme-agent-idle, path: {path}, seconds: 3600}}]
  tasks:
    - ansible.builtin.include_role: {{name: {role}}}
    - ansible.builtin.assert: {{that: [not agent_interval_result.changed, agent_interval_result.in_place]}}
    - ansible.builtin.include_role: {{name: {role}}}
      vars: {{agent_interval_state: absent}}
    - ansible.builtin.assert:
        that: [agent_interval_result.changed, agent_interval_result.in_place, agent_interval_result.in_place_since is none]
'''


def test_a_remedy_of_somebody_else_goes_the_whole_way(tmp_path):
    house = House(tmp_path, 'oldest')
    dummy, text = house.play('loghygiene.rhel.remediate', '--check')
    assert not house.file.exists(), text
    said = house.remedy('localhost.check')
    assert (said['failed'], said['changed'], said['in_place']) == (None, True, False), text

    dummy, text = house.play('loghygiene.rhel.remediate')
    assert house.file.read_text() == '# agent_interval\ninterval = 3600\n', text
    said = house.remedy()
    assert (said['signature_ids'], said['failed'], said['changed'], said['in_place']) == (['acme-agent-idle'], None, True, True)
    assert said['point']['at'] and said['in_place_since'] and said['before']['acme-agent-idle']['sinks']['messages'] == 1

    # It takes no agent_interval_keep, and there is no other signature of it.
    status, text = house.play('loghygiene.rhel.rollback', '-e', json.dumps({'log_hygiene_rollback_signatures': ['acme-agent-idle']}))
    assert status == 0 and not house.file.exists(), text
    house.play('loghygiene.rhel.remediate')

    undo = tmp_path / 'undo.yml'
    undo.write_text(UNDO.format(path=house.file, role=ROLE))
    status, text = house.play(str(undo))
    assert status == 0 and not house.file.exists(), text


def test_what_is_wrong_with_it_is_told(tmp_path):
    """Before any host is contacted where the spec of the role tells; else in the record, and the journey goes on."""
    house = House(tmp_path, 'newest')
    house.signature['remedy']['with']['secnds'] = 5
    status, text = house.play('loghygiene.rhel.remediate')
    assert status == 2 and 'key `remedy.with.secnds`: is unknown to the role %s; did you mean seconds?' % ROLE in text, text
    assert not house.run_dir.exists()

    del house.signature['remedy']['with']['secnds']
    (house.collection / 'roles/agent_interval/tasks/main.yml').write_text(yaml.safe_dump([
        {'name': 'Say little', 'ansible.builtin.set_fact': {'agent_interval_result': {'changed': True}}}]))
    status, text = house.play('loghygiene.rhel.remediate')
    assert status == 2 and house.remedy()['failed'].startswith('The role %s left agent_interval_result, which does not say' % ROLE), text
    assert 'left agent_interval_result' in text

    # What another play left under the name of the result is not the role's.
    (house.collection / 'roles/agent_interval/tasks/main.yml').write_text('[]\n')
    own = tmp_path / 'own.yml'
    own.write_text(yaml.safe_dump([
        {'hosts': 'all', 'gather_facts': False, 'tasks': [{'ansible.builtin.set_fact': {'agent_interval_result': {'changed': False, 'in_place': True}}}]},
        {'import_playbook': 'loghygiene.rhel.remediate'}]))
    status, text = house.play(str(own))
    assert status == 2 and house.remedy()['failed'].startswith('The role %s left agent_interval_result, which does not say' % ROLE), text


def test_an_audit_changes_nothing_whoever_calls_it(tmp_path):
    """Also not by the role in a play that says nothing of check mode, nor by the name of another journey on the command line."""
    house = House(tmp_path, 'oldest')
    own = tmp_path / 'own.yml'
    own.write_text(yaml.safe_dump([{'hosts': 'all', 'gather_facts': False, 'vars': {'log_hygiene_journey': 'audit'},
                                    'roles': ['loghygiene.rhel.log_hygiene']}]))
    dummy, text = house.play(str(own))
    said = house.remedy('localhost.audit')
    assert (said['failed'], said['changed'], said['in_place']) == (None, False, False) and not house.file.exists(), text
    status, text = house.play('loghygiene.rhel.audit', '-e', 'log_hygiene_journey=remediate')
    assert status == 2 and 'log_hygiene_journey: ' in text and 'Nothing was contacted.' in text and not house.file.exists(), text
