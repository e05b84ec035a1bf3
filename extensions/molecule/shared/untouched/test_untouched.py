# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After check mode, and on a host where nothing is wrong: nothing on the host is other than before."""


def test_configuration_is_what_it_was(host):
    now = host.check_output("find /etc /usr/lib/tmpfiles.d -type f -exec sha256sum {} + | LC_ALL=C sort -k 2")
    assert now == host.check_output("cat /root/before/sums")


def test_it_did_not_reboot(host):
    assert host.file("/proc/sys/kernel/random/boot_id").content == host.file("/root/before/boot_id").content


def test_no_traces(host):
    assert not host.file("/var/log/log_hygiene").exists
    assert not host.file("/var/lib/log_hygiene").exists
