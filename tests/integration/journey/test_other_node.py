# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A verification days later, on another control node, from a copy of the run directory: its answer is that of the first one.

The host is this machine with a journal and a boot id of the test's: 28 days before the remedy, and three after a reboot.
"""
from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

from test_remedy_kinds import House

sys.path.append(str(Path(__file__).resolve().parents[1] / 'scanner'))
from journals import entry, write  # noqa: E402

DAY, BOOTS = 86400, ('1' * 32, '2' * 32)
MACHINE = Path('/etc/machine-id').read_text().strip()


class Node(House):
    """A control node, and the one host."""

    def __init__(self, folder: Path, core: str):
        folder.mkdir()
        super().__init__(folder, core)
        self.signature.update(vanishes_from=['journal'], verify={'trigger': 'none'})


class Journal:
    """The journal of the host, and which of its boots runs."""

    def __init__(self, node: Node, now: float):
        self.path, self.boot, self.now = node.folder / 'log/journal' / MACHINE / 'system.journal', node.folder / 'boot_id', now

    def run(self, number: int) -> None:
        boot = BOOTS[number]
        self.boot.write_text('-'.join((boot[:8], boot[8:12], boot[12:16], boot[16:20], boot[20:])) + '\n')

    def write(self, number: int, first: float, last: float, noise: bool) -> None:
        """Entries every three hours of some days of a boot, and the noise once a day."""
        seconds = [first * DAY + step * 10800 for step in range(int((last - first) * 8) + 1)]
        write(self.path, [entry(
            'no work to do in 60 s' if noise and place % 8 == 4 else 'ordinary', SYSLOG_IDENTIFIER='acme-agent', _TRANSPORT='journal', _BOOT_ID=BOOTS[number],
            _MACHINE_ID=MACHINE, __REALTIME_TIMESTAMP=str(int((self.now + second) * 1e6)), __MONOTONIC_TIMESTAMP=str(int((second - first * DAY + 1) * 1e6)))
            for place, second in enumerate(seconds)])


def verdict(node: Node) -> dict:
    row, = [row for row in json.loads((node.run_dir / 'localhost.json').read_text())['verify']['verdicts'] if row['signature_id'] == 'acme-agent-idle']
    return row


def test_another_control_node_gives_the_same_answer_from_the_record(tmp_path):
    first = Node(tmp_path / 'first', 'newest')
    journal = Journal(first, time.time())
    journal.run(0)
    journal.write(0, -28, 0, noise=True)
    first.mounts = ['mount --bind %s/boot_id /proc/sys/kernel/random/boot_id' % first.folder]
    dummy, text = first.play('loghygiene.rhel.remediate')
    assert (verdict(first)['verdict'], verdict(first)['reason']) == ('not_exercised', 'waiting'), text
    assert 'silence until' in text

    # The other node has a copy of the run directory, the same catalog and collections, and another ansible-core.
    other = Node(tmp_path / 'other', 'oldest')
    shutil.copytree(first.run_dir, other.run_dir)
    shutil.rmtree(other.folder / 'log')
    (other.folder / 'log').symlink_to(first.folder / 'log')
    other.mounts = first.mounts
    other.file.parent.mkdir()
    journal.run(1)
    journal.write(1, 0.1, 3.1, noise=False)
    said = [node.play('loghygiene.rhel.verify') for node in (first, other)]
    assert verdict(first) == verdict(other), said
    assert (verdict(other)['verdict'], verdict(other)['reason']) == ('proved', 'silence'), said[1][1]
    assert verdict(other)['silence']['passed'] == 3 * DAY and said[0][0] == said[1][0] == 0, said

    # One that has not the signature says so: it is no clean host.
    other.signatures = False
    dummy, text = other.play('loghygiene.rhel.verify')
    assert (verdict(other)['verdict'], verdict(other)['reason']) == ('unknown', 'no_signature'), text
    assert 'the catalog does not have it: give the log_hygiene_catalog_paths' in ' '.join(text.split()), text
