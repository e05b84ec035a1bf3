# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that are really sent lie where the policy wants them, reach the collector once, and reach a person."""

import collections
import time
import uuid

import pytest

PATIENCE = 60  # seconds
TCP, TLS = "/var/log/received-tcp", "/var/log/received-tls"
# pri: (files of the host it must be in, files it must not be in, collectors that must get it)
ROUTES = {
    "authpriv.info": (["secure"], ["messages", "info.log", "kernel.log"], [TCP, TLS]),
    "auth.notice": (["secure"], ["messages", "info.log"], [TCP, TLS]),
    "daemon.notice": (["messages"], ["secure", "info.log", "kernel.log"], [TCP]),
    "daemon.info": (["info.log"], ["messages", "secure"], [TCP]),
    "user.debug": (["info.log"], ["messages", "secure"], [TCP]),
    "mail.info": (["maillog"], ["messages", "info.log"], [TCP]),
    "cron.info": (["cron"], ["messages", "info.log"], [TCP]),
    "local7.err": (["messages", "boot.log"], ["info.log"], [TCP]),
}


def lines(host, path, text):
    """The lines of a file that hold this text."""
    if not host.file(path).exists:
        return []
    return [line for line in host.file(path).content.decode("utf-8", "replace").splitlines() if text in line]


def wait_for(host, path, text, number=1):
    """Wait until a file holds so many lines with this text; returns them."""
    deadline = time.monotonic() + PATIENCE
    while len(lines(host, path, text)) < number:
        assert time.monotonic() < deadline, "%s holds %d of %d: %s" % (path, len(lines(host, path, text)), number, text)
        time.sleep(0.5)
    return lines(host, path, text)


def send(host, pri, text, number=1):
    """Have a program send messages TEXT.1, TEXT.2 and so on."""
    host.check_output("for i in $(seq %d); do echo %s.$i; done | logger -t policy-test -p %s" % (number, text, pri))


@pytest.fixture
def tag():
    """A text that no message had before."""
    return "policy-" + uuid.uuid4().hex[:12]


@pytest.mark.parametrize("pri", ROUTES)
def test_where_a_message_goes(host, tag, pri):
    files, others, collectors = ROUTES[pri]
    send(host, pri, tag)
    for path in ["/var/log/" + name for name in files] + collectors:
        assert len(wait_for(host, path, tag)) == 1
    for path in ["/var/log/" + name for name in others] + [one for one in (TCP, TLS) if one not in collectors]:
        assert not lines(host, path, tag)


def test_known_noise_is_forwarded_and_diverted_but_in_no_file_of_the_policy(host):
    host.check_output("systemctl stop rsyslog.service")
    host.check_output("systemctl start log-hygiene-v3-modules.service")
    host.check_output("systemctl start rsyslog.service")
    version = "3.4.3.%d" % (int(host.file("/var/lib/log-hygiene-sandbox/v3-boots").content_string) + 1)
    text = "<asm>:[INFO]AhnLab. Securiry Module Version %s loaded" % version
    for path in ("/var/log/log_hygiene/ahnlab-v3-module-lifecycle.log", TCP):
        wait_for(host, path, text)
    neighbour = "<asm>:[ERROR]Filter atamptl register failed, version " + version
    for path in ("/var/log/kernel.log", "/var/log/messages"):
        wait_for(host, path, neighbour)
        assert not lines(host, path, text)


def test_a_collector_that_comes_back_gets_all_once(host, tag):
    send(host, "authpriv.notice", tag + "-before")
    for path in (TCP, TLS):
        wait_for(host, path, tag + "-before")
    host.check_output("systemctl stop receiver.service")
    send(host, "authpriv.notice", tag, 300)
    wait_for(host, "/var/log/secure", tag + ".", 300)
    host.check_output("systemctl start receiver.service")
    for path in (TCP, TLS):
        arrived = collections.Counter(line.rpartition(".")[2] for line in wait_for(host, path, tag + ".", 300))
        assert arrived == {str(number + 1): 1 for number in range(300)}


def test_rsyslogd_restarted_while_the_collector_is_down_loses_nothing_that_waits(host, tag):
    host.check_output("systemctl stop receiver.service")
    # This one finds the connection closed, is on its way when rsyslogd ends, and nobody can promise it.
    send(host, "authpriv.notice", tag + "-first")
    wait_for(host, "/var/log/secure", tag + "-first")
    send(host, "authpriv.notice", tag, 300)
    wait_for(host, "/var/log/secure", tag + ".", 300)
    host.check_output("systemctl restart rsyslog.service")
    host.check_output("systemctl start receiver.service")
    for path in (TCP, TLS):
        assert len({line.rpartition(".")[2] for line in wait_for(host, path, tag + ".", 300)}) == 300


def test_what_was_on_disk_when_rsyslogd_was_killed_arrives(host, tag):
    host.check_output("systemctl stop receiver.service")
    send(host, "authpriv.notice", tag, 3000)
    wait_for(host, "/var/log/secure", tag + ".", 3000)
    time.sleep(5)  # some wait for the disk until it has taken them
    host.check_output("systemctl kill --signal=KILL rsyslog.service")
    count = r"cat /var/lib/rsyslog/log_hygiene_%s.0* | grep -aoE '%s\.[0-9]+' | sort -u | wc -l"
    queued = {path: int(host.check_output(count % (name, tag)))
              for name, path in (("collector", TCP), ("collector-authentication", TLS))}
    # systemd has started rsyslogd again, perhaps.
    host.check_output("systemctl start rsyslog.service receiver.service")
    for path, number in queued.items():
        assert number > 1000
        # It may have been killed while it wrote the last one, whose text is there and whose end is not.
        assert len({line.rpartition(".")[2] for line in wait_for(host, path, tag + ".", number - 1)}) >= number - 1


def test_what_is_severe_reaches_a_person_and_no_more(host, tag):
    send(host, "local3.err", tag + "-err")
    send(host, "local3.crit", tag + "-crit")
    wait_for(host, "/var/log/alerted", tag + "-crit")
    assert not lines(host, "/var/log/alerted", tag + "-err")


def test_logrotate_finds_no_fault_and_keeps_the_files_as_long_as_the_policy_says(host):
    done = host.run("logrotate --debug /etc/logrotate.conf")
    assert done.rc == 0 and "error" not in done.stdout + done.stderr
    for name in ("secure", "messages", "kernel.log", "maillog", "cron", "info.log"):
        assert (done.stdout + done.stderr).count("considering log /var/log/%s\n" % name) == 1
    ours = host.file("/etc/logrotate.d/log_hygiene_policy").content_string
    assert "maxage 366" in ours and "maxage 90" in ours
    assert "/var/log/secure" not in host.file("/etc/logrotate.d/rsyslog").content_string


def test_the_journal_is_kept_too(host):
    text = host.check_output("systemd-analyze cat-config systemd/journald.conf")
    assert "MaxRetentionSec=374day" in text and "SystemMaxUse=500M" in text
    assert host.service("systemd-journald").is_running


def test_all_daemons_run(host):
    for name in ("rsyslog", "log-hygiene-alerts", "receiver"):
        assert host.service(name).is_running
        assert host.service(name).is_enabled
