# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A signature with a kind of remedy that is there already is one file below catalog/ and nothing else.

The file is the example of CONTRIBUTING.md. A real journey in check mode, whose host is this machine: nothing of it is changed.
"""
from __future__ import annotations

import re
import shutil
from pathlib import Path

from test_lost_hosts import Control, INSTALLED

CHECKOUT = Path(__file__).resolve().parents[3]
ENTRY = '[Desktop Entry]\nType=Application\nName=ACME agent\nExec=/opt/acme/agent\n'


def test_a_signature_is_one_file(tmp_path):
    (path, text), = re.findall(r'<!-- example: (catalog/\S+) -->\n```yaml\n(.*?)```\n', (CHECKOUT / 'CONTRIBUTING.md').read_text(), re.DOTALL)
    # In the place of the folder of all users.
    entry = tmp_path / 'acme-agent.desktop'
    entry.write_text(ENTRY)
    text = text.replace('acme-agent.desktop', str(entry))
    collection = tmp_path / 'collections/ansible_collections/loghygiene/rhel'
    # Of a checkout, not what was made inside it: its environments are large, and .collections leads back to it.
    shutil.copytree(next(folder for folder in INSTALLED if folder.is_dir()), collection, ignore=shutil.ignore_patterns('.*', 'build'))
    (collection / path).parent.mkdir(exist_ok=True)
    (collection / path).write_text(text)

    run = Control(tmp_path).play('remediate', {'here': {}}, '--check', '--diff', '-e', 'log_hygiene_apply=all', name='check',
                                 ANSIBLE_COLLECTIONS_PATH=str(tmp_path / 'collections'))
    record = run.record('here')
    row, = [one for one in record['plan'] if one['signature_id'] == Path(path).stem]
    assert (row['action'], row['role']) == ('fix', 'gnome_software_autostart'), run.text
    remedy = record['remedies'][row['role']]
    assert Path(path).stem in remedy['signature_ids'] and remedy['changed'] and str(entry) in run.text and '+Hidden=true' in run.text, run.text
    assert entry.read_text() == ENTRY
    assert record['stages']['survey'] == record['stages']['plan'] == record['stages']['remedies'] == 'ran'
