# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd-tmpfiles no longer complains about adm, still does about tss, and wheel can read the journal again."""

import re

import pytest

VENDOR = "/usr/lib/tmpfiles.d/systemd.conf"
OVERRIDE = "/etc/tmpfiles.d/systemd.conf"


@pytest.fixture
def strip(el):
    """Whether this host's remedy is to strip the lines (EL 9 here) or to restore the group (EL 10 here)."""
    return el == 9


def test_the_vendor_file_is_untouched(host):
    vendor = host.check_output("sha256sum " + VENDOR)
    assert vendor in host.file("/root/before/sums").content_string.splitlines()


def test_the_override_has_every_line_but_no_adm(host, strip):
    assert host.file(OVERRIDE).exists == strip
    if not strip:
        return

    def lines(path):
        return [line.split() for line in host.file(path).content_string.splitlines()
                if line.strip() and not line.startswith("#")]

    expected = [[re.sub(r"(?:d:)?group:adm:[^,]*,?", "", word).rstrip(",") for word in line] for line in lines(VENDOR)]
    assert lines(OVERRIDE) == expected
    assert sum("group:wheel:" in line[-1] for line in lines(OVERRIDE)) == 6


def test_the_group_is_back_only_where_asked(host, strip):
    adm = host.group("adm")
    assert adm.exists != strip
    if not strip:
        assert adm.gid == 4


def test_systemd_tmpfiles_says_nothing_of_adm(host, since):
    host.check_output("systemctl start systemd-tmpfiles-clean.service")
    messages = [entry["MESSAGE"] for entry in since() if entry.get("SYSLOG_IDENTIFIER") == "systemd-tmpfiles"]
    assert not [message for message in messages if "adm" in message]
    assert [message for message in messages if "default:group:tss:rwx" in message]


def test_wheel_gets_its_access_to_the_journal_back(host):
    host.check_output("setfacl --remove group:wheel,default:group:wheel /var/log/journal")
    host.check_output("systemd-tmpfiles --create --prefix=/var/log/journal")
    acl = host.check_output("getfacl --absolute-names /var/log/journal").splitlines()
    assert "group:wheel:r-x" in acl and "default:group:wheel:r-x" in acl
