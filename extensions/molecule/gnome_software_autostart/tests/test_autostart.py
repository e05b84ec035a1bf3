# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Neither the next login nor a call over the bus of a session starts gnome-software, and a search does not ask for it."""

import configparser
import time

import pytest


@pytest.fixture
def path(el):
    return "/etc/xdg/autostart/" + {9: "gnome-software-service.desktop", 10: "org.gnome.Software.desktop"}[el]


def test_both_keys_are_set_and_the_others_kept(host, path):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(host.file(path).content_string)
    entry = dict(parser["Desktop Entry"])
    assert (entry.pop("Hidden"), entry.pop("X-GNOME-Autostart-enabled")) == ("true", "false")
    original = configparser.ConfigParser(interpolation=None)
    original.optionxform = str
    original.read_string(host.file("/var/lib/log_hygiene/backup" + path).content_string)
    assert entry == dict(original["Desktop Entry"])


def test_mode_and_owner_stay(host, path):
    file = host.file(path)
    assert (file.user, file.group, file.mode) == ("root", "root", 0o644)


def test_a_login_starts_it_no_more(host, name, sandbox, since):
    sandbox("login", name)
    deadline = time.monotonic() + 30
    entries = []
    # The target is reached when everything that autostarts has been started.
    while not any(entry.get("USER_UNIT") == "xdg-desktop-autostart.target" and
                  entry["MESSAGE"].startswith("Reached target") for entry in entries):
        assert time.monotonic() < deadline, "no desktop within 30 s of the login"
        time.sleep(0.2)
        entries = since()
    assert not [entry for entry in entries if entry.get("_COMM") == "gnome-software"]
    assert host.run("grep -lx gnome-software /proc/[0-9]*/comm").rc == 1


def test_a_call_over_the_bus_starts_it_no_more(host):
    if host.run("readlink /etc/systemd/user/dbus.service").stdout.strip().endswith("/dbus-broker.service"):
        pytest.skip("dbus-broker logs an error at each login for a service that is overridden, so it is not")
    called = host.run("runuser -u desktop -- dbus-run-session -- dbus-send --session --print-reply --dest=org.freedesktop.DBus "
                      "/org/freedesktop/DBus org.freedesktop.DBus.StartServiceByName string:org.gnome.Software uint32:0")
    assert called.rc == 1 and "org.gnome.Software exited with status 1" in called.stderr, called.stderr
    assert host.run("grep -lx gnome-software /proc/[0-9]*/comm").rc == 1


def test_a_search_asks_for_it_no_more(host):
    text = host.file("/usr/local/share/gnome-shell/search-providers/org.gnome.Software-search-provider.ini").content_string
    assert "[Shell Search Provider]\nAutoStart=false\nDefaultDisabled=true\nDesktopId=org.gnome.Software.desktop\n" in text
