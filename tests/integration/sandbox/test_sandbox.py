# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's hosts are what they say: they boot anew, and each boot has the noise and its neighbours."""

import importlib.machinery
import importlib.util
import json
import pathlib
import subprocess
import time

import pytest

SANDBOX = pathlib.Path(__file__).parents[2] / "sandbox" / "sandbox"
NAMES = ["selftest-el9", "selftest-el10"]


def sandbox(*arguments, ok=True):
    """Call the sandbox command; returns its output, or with ok=False what it says of the failure."""
    done = subprocess.run([SANDBOX, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == ok, done.stdout + done.stderr
    return done.stdout if ok else done.stderr


@pytest.fixture(scope="module", autouse=True)
def hosts():
    """Both hosts with all noise, removed at the end."""
    sandbox("up", "--fresh", "--seed", "all", *NAMES)
    yield
    sandbox("down", *NAMES)


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def command():
    """The sandbox command as a module, for its pure functions."""
    loader = importlib.machinery.SourceFileLoader("sandbox_command", str(SANDBOX))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def boots(name):
    return [line.split()[1] for line in sandbox("exec", name, "journalctl", "--quiet", "--list-boots").splitlines()
            if line.split()[0].lstrip("-").isdigit()]


def test_every_boot_is_noisy(name):
    sandbox("look", name, "--expect", "noisy")
    before = boots(name)
    assert len(before) == 3
    sandbox("reboot", name)
    assert boots(name)[:-1] == before
    sandbox("look", name, "--expect", "noisy")


def test_a_noisy_host_is_not_taken_for_a_remedied_one(name):
    said = sandbox("look", name, "--expect", "remedied", ok=False)
    assert all(what in said for what in ("ACL lines that name adm", "gnome-software", "V3's kernel modules, [INFO]"))
    assert "neighbour" not in said


def test_each_noise_says_what_to_expect_of_it(name):
    rows = json.loads(sandbox("look", name, "--json"))
    assert {row["noise"] for row in rows} == {"tmpfiles", "gnome-software", "v3", "sshd", "bystanders"}
    assert {row["transport"] for row in rows if row["noise"] == "v3"} == {"kernel", "syslog"}


def test_kernel_lines_belong_to_their_boot(name):
    lines = sandbox("exec", name, "journalctl", "--quiet", "--dmesg", "--boot", "--output=cat").splitlines()
    number = sandbox("exec", name, "cat", "/var/lib/log-hygiene-sandbox/v3-boots").strip()
    assert "<asm>:[INFO]AhnLab. Securiry Module Version 3.4.3.%s unloaded" % number in lines
    assert len([line for line in lines if line.endswith(" unloaded")]) == 1


def test_a_login_starts_gnome_software_again(name):
    def count():
        return sum(row["in_journal"] for row in json.loads(sandbox("look", name, "--json"))
                   if row["noise"] == "gnome-software")

    before = count()
    sandbox("login", name)
    deadline = time.monotonic() + 30
    while count() == before:
        assert time.monotonic() < deadline
        time.sleep(0.5)


def test_a_deleted_group_stays_deleted(name):
    assert "adm" not in sandbox("exec", name, "cut", "-d:", "-f1", "/etc/group").splitlines()


def test_systemd_is_well(name):
    assert sandbox("exec", name, "systemctl", "is-system-running").strip() == "running"


def test_an_existing_host_is_taken_as_it_is(name):
    before = boots(name)
    sandbox("up", name, "--seed", "all")
    assert boots(name) == before


def test_another_noise_needs_a_fresh_host(name):
    assert "--fresh" in sandbox("up", name, "--seed", "none", ok=False)


def test_ansible_reaches_the_hosts(tmp_path):
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(sandbox("inventory", *NAMES), encoding="utf-8")
    done = subprocess.run(["ansible", "all", "-i", inventory, "-m", "ansible.builtin.ping"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count('"ping": "pong"') == 2


def test_a_stand_in_does_not_pose_as_el(command, name):
    release = name.rpartition("el")[2]
    system = sandbox("exec", name, "cat", "/etc/os-release")
    if command.image_label("localhost/log-hygiene-el" + release, "log_hygiene.origin") == "stand-in":
        assert "ID=debian" in system
        assert 'VARIANT="stands in for EL %s (loghygiene sandbox)"' % release in system
    else:
        assert 'PLATFORM_ID="platform:el%s"' % release in system


def test_the_release_comes_from_the_name_or_is_asked_for(command):
    assert command.release_of("el9", None) == 9
    assert command.release_of("web-el10", None) == 10
    assert command.release_of("web1", 9) == 9
    for name, el in (("web1", None), ("el7", None), ("el9", 8)):
        with pytest.raises(command.SandboxError, match="--el takes 9 or 10"):
            command.release_of(name, el)


def test_noise_is_chosen_by_name(command):
    assert command.chosen_noises("none") == []
    assert command.chosen_noises("v3,tmpfiles,v3") == ["tmpfiles", "v3"]
    assert len(command.chosen_noises("all")) == 5
    with pytest.raises(command.SandboxError, match="no such noise: nosuch"):
        command.chosen_noises("v3,nosuch")


@pytest.mark.parametrize("kind, remedy, counts, noisy, remedied", [
    ("noise", "fix", (6, 6, 0), True, False),
    ("noise", "fix", (0, 0, 0), False, True),
    ("noise", "fix", (6, 0, 0), False, False),
    ("noise", "divert", (6, 6, 0), True, False),
    ("noise", "divert", (6, 0, 6), False, True),
    ("noise", "divert", (6, 0, 5), False, False),
    ("noise", "divert", (0, 0, 6), False, False),
    ("neighbour", None, (6, 6, 0), True, True),
    ("neighbour", None, (6, 5, 0), False, False),
    ("neighbour", None, (6, 6, 1), False, False),
])
def test_complaints(command, kind, remedy, counts, noisy, remedied):
    journal, log, diverted = counts
    row = {"host": "h", "what": "w", "kind": kind, "remedy": remedy, "log": "messages", "least": 6,
           "in_journal": journal, "in_log": log, "diverted": diverted}
    assert (not command.complaints([row], "noisy")) == noisy
    assert (not command.complaints([row], "remedied")) == remedied
