# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup as playbooks use it, in the ansible-core of this Python: one list, however many it selects."""
from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog.catalog import load

PLAY = r"""
- hosts: localhost
  connection: local
  gather_facts: false
  vars:
    everything: "{{ lookup('loghygiene.rhel.signatures') }}"
    one: "{{ lookup('loghygiene.rhel.signatures', ids=['rtkit-canary-starving']) }}"
    nothing: "{{ lookup('loghygiene.rhel.signatures', query='[?id==`nothing`]') }}"
    fixes: "{{ lookup('loghygiene.rhel.signatures', query=\"[?disposition=='fix' && !(remedy.opt_in)]\") }}"
    ours: "{{ lookup('loghygiene.rhel.signatures', paths=['ours'], ids=['acme']) }}"
    selected: [rtkit-canary-starving, vmwgfx-flip-done-timeout]
  tasks:
    - ansible.builtin.assert:
        quiet: true
        that:
          - everything is sequence and everything is not string and everything is not mapping
          - everything | length == 13
          - everything[0] is mapping
          - one is sequence and one is not string and one is not mapping
          - one | map(attribute='id') == ['rtkit-canary-starving']
          - nothing is sequence and nothing is not string and nothing is not mapping
          - nothing | length == 0
          - fixes | map(attribute='id') == ['gnome-software-refresh-failed', 'tmpfiles-acl-missing-group']
          - lookup('loghygiene.rhel.signatures', ids=selected) | length == 2
          - ours | length == 1
          - query('loghygiene.rhel.signatures') | first == everything
          - q('loghygiene.rhel.signatures', ids=['rtkit-canary-starving']) == [one]
          - q('loghygiene.rhel.signatures', query='[?id==`nothing`]') == [[]]
    - ansible.builtin.assert:
        quiet: true
        that: item.id in ['rtkit-canary-starving', 'vmwgfx-flip-done-timeout']
      loop: "{{ lookup('loghygiene.rhel.signatures', ids=selected) }}"
      loop_control:
        label: "{{ item.id }}"
    - ansible.builtin.copy:
        content: "{{ [everything, ours] | to_json }}"
        dest: "{{ playbook_dir }}/result.json"
"""

WRONG = [
    ("ids=['rtkit']", 'No signature has the id rtkit'),
    ("query='[?x'", "The query '[?x' is wrong: "),
    ("query='[0].id'", "must give a list, as [?disposition=='fix'] or [].id does; it gave 'ahnlab-v3-module-lifecycle'"),
    ("'rtkit-canary-starving'", 'takes no terms'),
    ("paths=['nowhere']", '/nowhere: the folder of signatures cannot be read (No such file or directory)'),
    ("id=['rtkit-canary-starving']", 'does not know the option id; known are: ids, query, paths'),
]
FAILING = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
""" + ''.join("""
    - name: case %d
      ansible.builtin.debug:
        msg: "{{ lookup('loghygiene.rhel.signatures', %s) }}"
      ignore_errors: true
""" % (number, options) for number, (options, dummy) in enumerate(WRONG))

# A text with braces in it comes from a file, so no template engine may look into it.
ACME = {
    'id': 'acme', 'revision': 1, 'title': {'en': 'x', 'ko': '글'}, 'class': 'benign', 'disposition': 'explain',
    'match': {'identifiers': ['acme'], 'literal': 'nothing }} to do', 'regex': '^{{ nothing }} to do$',
              'priority': 'info'},
    'applies': {'el': [9]}, 'cause': {'en': 'x', 'ko': '글'}, 'advice': {'en': 'x', 'ko': '글'}, 'vanishes_from': [],
    'verify': {'trigger': 'none'}, 'references': [{'source': 'x', 'read': '2026-11-22'}], 'controls': [],
    'governance': {'owner': 'us', 'expires': None},
    'tests': {'positive': [{'text': '{{ nothing }} to do', 'identifier': 'acme'}],
              'negative': [{'text': 'nothing }} to do', 'why': 'half of it'}]},
}


@pytest.fixture(scope='module')
def play(tmp_path_factory, collection):
    """Runs a playbook; returns (its folder, exit status, output)."""
    tmp_path = tmp_path_factory.mktemp('play')
    folder = tmp_path / 'collections' / 'ansible_collections' / 'loghygiene'
    folder.mkdir(parents=True)
    (folder / 'rhel').symlink_to(collection)
    (tmp_path / 'ours').mkdir()
    (tmp_path / 'ours' / 'acme.yml').write_text(json.dumps(ACME), encoding='utf-8')

    def run(text):
        (tmp_path / 'play.yml').write_text(text, encoding='utf-8')
        environ = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=str(tmp_path / 'collections'), ANSIBLE_NOCOLOR='1',
                       ANSIBLE_LOCALHOST_WARNING='False', ANSIBLE_INVENTORY_UNPARSED_WARNING='False',
                       ANSIBLE_HOME=str(tmp_path / 'home'), ANSIBLE_LOCAL_TEMP=str(tmp_path / 'tmp'),
                       ANSIBLE_REMOTE_TEMP=str(tmp_path / 'tmp'))
        environ.pop('ANSIBLE_CONFIG', None)
        # Elsewhere than the playbook: a relative path is taken from the playbook's folder.
        (tmp_path / 'elsewhere').mkdir(exist_ok=True)
        answer = subprocess.run([sys.executable, '-m', 'ansible', 'playbook', str(tmp_path / 'play.yml')],
                                cwd=tmp_path / 'elsewhere', env=environ, check=False, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding='utf-8')
        return tmp_path, answer.returncode, answer.stdout
    return run


def test_the_result_is_one_list_of_none_one_or_many(play):
    folder, status, output = play(PLAY)
    assert status == 0, output
    everything, ours = json.loads((folder / 'result.json').read_text(encoding='utf-8'))
    assert everything == load()
    assert ours == [ACME]


@pytest.fixture(scope='module')
def told(play):
    """What ansible-playbook prints of each wrong call, as list of str."""
    dummy, status, output = play(FAILING)
    assert status == 0 and 'Traceback' not in output, output
    return [' '.join(part.split()) for part in output.split('TASK [case ')[1:]]


@pytest.mark.parametrize('number, options, said', [(number, *row) for number, row in enumerate(WRONG)])
def test_what_is_wrong_is_told_without_a_traceback(told, number, options, said):
    assert 'fatal: [localhost]: FAILED!' in told[number] and said in told[number], options
