# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journey left on the hosts, before the reboot and after it."""


def test_tmpfiles_override(host):
    assert host.file("/etc/tmpfiles.d/systemd.conf").exists
    assert not host.run("grep -v '^#' /etc/tmpfiles.d/systemd.conf | grep adm").stdout


def test_autostart_is_off(host, el):
    name = {9: "gnome-software-service.desktop", 10: "org.gnome.Software.desktop"}[el]
    assert host.file("/etc/xdg/autostart/" + name).contains("^Hidden=true$")


def test_diversion_is_valid_and_running(host):
    assert host.file("/etc/rsyslog.d/zz_log_hygiene.conf").exists
    assert host.run("rsyslogd -N1").rc == 0
    assert host.service("rsyslog").is_running


def test_the_record_names_the_remedies(record):
    assert {name for name, remedy in record["remedies"].items() if remedy["in_place"]} == {
        "gnome_software_autostart", "tmpfiles_acl", "syslog_exclusions"}
    assert not record["errors"]
