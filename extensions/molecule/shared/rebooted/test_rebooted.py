# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a reboot: the remedied noise stays away and its neighbours are alive."""


def test_it_is_a_new_boot(host):
    assert host.file("/proc/sys/kernel/random/boot_id").content != host.file("/root/before/boot_id").content


def test_the_system_is_well(host):
    assert host.check_output("systemctl is-system-running") == "running"
    assert host.service("rsyslog").is_running


def test_the_noise_is_gone_and_its_neighbours_are_not(sandbox, name):
    sandbox("look", name, "--expect", "remedied")
