# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the reboot and verify.yml: everything seeded that can be remedied is proved."""

import stat

REMEDIED = {"tmpfiles-acl-missing-group", "gnome-software-refresh-failed", "ahnlab-v3-module-lifecycle"}
DIVERTED = "/var/log/log_hygiene/ahnlab-v3-module-lifecycle.log"


def test_all_remedies_are_proved(record):
    verdicts = {row["signature_id"]: row["verdict"] for row in record["verify"]["verdicts"]}
    assert {verdicts[signature] for signature in REMEDIED} == {"proved"}
    assert "still_present" not in verdicts.values()


def test_the_proof_is_from_this_boot(record, host):
    assert record["verify"]["boot_id"].replace("-", "") == host.check_output(
        "cat /proc/sys/kernel/random/boot_id").replace("-", "")


def test_diverted_lines_are_kept_for_root_alone(host):
    file = host.file(DIVERTED)
    assert (file.user, file.mode) == ("root", 0o600)
    assert stat.S_IMODE(int(host.check_output("stat -c %a /var/log/log_hygiene"), 8)) == 0o700


def test_each_diverted_line_is_there_once(host):
    boots = int(host.file("/var/lib/log-hygiene-sandbox/v3-boots").content_string)
    lines = host.file(DIVERTED).content_string.splitlines()
    assert sum(line.endswith("AhnLab. Securiry Module Version 3.4.3.%d unloaded" % boots) for line in lines) == 1


def test_investigate_stays_a_finding(record):
    assert "sshd-dispatch-protocol-error" in {
        finding["signature_id"] for finding in record["findings"] if finding["kind"] == "investigate"}
