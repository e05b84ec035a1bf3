# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of all scenarios. The hosts are reached with podman: over Ansible each command would cost seconds."""

import json
import os
import pathlib
import subprocess

import pytest
import testinfra
import yaml

SANDBOX = pathlib.Path(__file__).parents[2] / "tests" / "sandbox" / "sandbox"
SCENARIO = yaml.safe_load(pathlib.Path(os.environ["MOLECULE_FILE"]).read_text(encoding="utf-8"))
PLATFORMS = [platform["name"] for platform in SCENARIO["platforms"]]


@pytest.fixture(scope="module", params=PLATFORMS)
def name(request):
    """Name of a host of the scenario; every test runs on each."""
    return request.param


@pytest.fixture(scope="module")
def host(name):
    """The host as testinfra sees it."""
    return testinfra.get_host("podman://log-hygiene-" + name)


@pytest.fixture(scope="module")
def el(name):
    """EL release the host stands in for: 9 or 10."""
    return int(name.rpartition("el")[2])


@pytest.fixture
def sandbox():
    """The sandbox command: sandbox("look", NAME) returns its output, and fails the test when the command fails."""
    def call(*arguments):
        done = subprocess.run([SANDBOX, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    return call


@pytest.fixture
def record(name):
    """The record that a journey wrote about the host."""
    path = pathlib.Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "records", name + ".json")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def since(host):
    """A function that returns the journal's entries since the test began: [{MESSAGE, ...}]."""
    cursor = host.check_output("journalctl --quiet --lines=0 --show-cursor").rpartition("cursor: ")[2].strip()

    def read():
        # No matches here: systemd 239 to 254 skip the first matching entry after a cursor.
        lines = host.check_output("journalctl --sync && journalctl --quiet --output=json --after-cursor='%s'" % cursor)
        return [json.loads(line) for line in lines.splitlines()]
    return read
