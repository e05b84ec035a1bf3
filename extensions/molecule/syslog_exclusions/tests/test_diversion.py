# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New lines of V3's kernel modules are diverted and forwarded; what is not theirs stays in /var/log/messages."""

import time

import pytest

DIVERTED = "/var/log/log_hygiene/ahnlab-v3-module-lifecycle.log"


def update_modules(host):
    """Let the modules be updated once more; returns the version they then have.

    rsyslogd is stopped for it: the sandbox adds a file to the journal, and imjournal may skip entries of a file that
    appears while it reads.
    """
    host.check_output("systemctl stop rsyslog.service")
    host.check_output("systemctl start log-hygiene-v3-modules.service")
    host.check_output("systemctl start rsyslog.service")
    host.check_output("systemctl start log-hygiene-v3-neighbours.service")
    version = "3.4.3.%d" % (int(host.file("/var/lib/log-hygiene-sandbox/v3-boots").content_string) + 1)
    wait_for(host, "/var/log/messages", " kernel: <asm>:[ERROR]Filter atamptl register failed, version " + version)
    return version


@pytest.fixture(scope="module")
def version(host):
    """The version of the modules after an update that the tests of a host share."""
    return update_modules(host)


def lines(host, path, text):
    # A forwarded line may have been cut within a character.
    return [line for line in host.file(path).content.decode("utf-8", "replace").splitlines() if text in line]


def wait_for(host, path, text):
    deadline = time.monotonic() + 30
    while not lines(host, path, text):
        assert time.monotonic() < deadline, "%s does not get: %s" % (path, text)
        time.sleep(0.3)


def test_new_lines_are_diverted_and_forwarded(host, version):
    for text in (" kernel: <atamptl>:[INFO]ASM Version " + version,
                 " kernel: <asm>:[INFO]AhnLab. Securiry Module Version %s loaded" % version):
        wait_for(host, DIVERTED, text)
        wait_for(host, "/var/log/received", text)
        assert not lines(host, "/var/log/messages", text)


def test_errors_are_left_alone(host, version):
    assert not lines(host, DIVERTED, "[ERROR]")
    wait_for(host, "/var/log/received", " kernel: <asm>:[ERROR]Filter atamptl register failed, version " + version)


def test_user_processes_are_left_alone(host, version):
    wait_for(host, "/var/log/messages", "]: <asm>:[INFO]AhnLab. Securiry Module Version 6.6.6.6 unloaded")
    assert not lines(host, DIVERTED, "6.6.6.6")
    assert not lines(host, DIVERTED, " v3d")


def test_the_lines_are_for_root_alone_and_stay_so_after_rotation(host):
    host.check_output("rm -f %s-*" % DIVERTED)  # of an earlier test of this day
    kept = len(lines(host, DIVERTED, " unloaded"))
    assert kept
    host.check_output("logrotate --force /etc/logrotate.d/log_hygiene")
    version = update_modules(host)
    wait_for(host, DIVERTED, "ASM Version " + version)
    files = host.check_output("ls %s*" % DIVERTED).split()
    assert len(files) == 2
    assert {(host.file(path).user, host.file(path).mode) for path in files} == {("root", 0o600)}
    assert sum(len(lines(host, path, " unloaded")) for path in files) > kept
