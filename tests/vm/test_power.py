# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The power fails amid a remediation and in a burst of messages, and a host does not come back. SELinux enforces.

The tests build on each other, in the order of this file.
"""
from __future__ import annotations

import collections
import json
import os
import re
import shutil
import subprocess
import time

import pytest
from machine import DIVERTED, FIXED, PROVED, REBOOT, WAIT, Machine, free_port

BURST, SYNCED, CUT = 8000, 1000, 3000  # fewer than journald's limit of 10,000 in 30 seconds
CONTROL_NODE = '10.0.2.2'  # what the machine calls the control node
DROP_IN = '/etc/rsyslog.d/zz_log_hygiene.conf'


@pytest.fixture(scope='module', name='machine')
def one_machine(tmp_path_factory):
    with Machine('el9', tmp_path_factory.mktemp('power')) as machine:
        yield machine


def test_a_power_cut_amid_a_remediation(machine):
    assert machine.look('noisy') == []
    machine.etc, before = machine.state(), machine.boot_id()
    # The guest cuts its own power, at the moment when that file has its name.
    machine.run(f'systemd-run -q --unit=power-cut --path-property=PathExists={DROP_IN} sh -c "echo b >/proc/sysrq-trigger"')
    machine.play('remediate', *REBOOT, status=4)
    machine.hang_up()
    machine.wait(other_than=before)
    record = machine.record()
    assert record['reachable'] is False and record['verify'] is None
    # rsyslogd works with what has its name, and that is whole: the next run, below, finds nothing to do about it.
    assert machine.run('rsyslogd -N1 2>/dev/null; systemctl is-active rsyslog').strip() == 'active'
    machine.drop_in = machine.run(f'stat -c "%y %i" {DROP_IN}; cat {DROP_IN}')
    machine.run('logger after the cut; until grep -q "after the cut" /var/log/messages; do sleep 1; done')


def test_the_next_run_finishes_and_a_host_that_does_not_come_back_is_no_proof(machine):
    said = machine.play('remediate', *REBOOT, '-e', 'log_hygiene_reboot_command="systemctl poweroff"', '-e', 'log_hygiene_reboot_timeout=30', status=2)
    record = machine.record()
    assert record['stages']['reboot'] == 'failed' and record['reboot']['state'] == 'begun' and record['verify'] is None, said
    machine.hang_up()
    machine.qemu.wait()
    machine.start()
    assert machine.run(f'stat -c "%y %i" {DROP_IN}; cat {DROP_IN}') == machine.drop_in
    machine.play('verify')
    assert machine.verdicts(FIXED + DIVERTED) == PROVED
    assert machine.look('remedied') == []


def test_what_was_begun_before_a_power_cut_is_rolled_back_to_the_byte(machine):
    machine.play('rollback', '-e', 'log_hygiene_rollback_run=all')
    assert machine.state() == machine.etc


@pytest.fixture(scope='module', name='collector')
def one_collector(tmp_path_factory):
    """A second rsyslogd, on the control node: its folder and its port."""
    folder, port = tmp_path_factory.mktemp('collector'), free_port()
    (folder / 'conf').write_text(f'module(load="imtcp")\ninput(type="imtcp" port="{port}")\n'
                                 f'template(name="raw" type="string" string="%rawmsg%\\n")\n*.* action(type="omfile" file="{folder}/log" template="raw")\n')
    rsyslogd = shutil.which('rsyslogd', path=os.environ['PATH'] + ':/usr/sbin')
    with subprocess.Popen([rsyslogd, '-n', '-i', str(folder / 'pid'), '-f', str(folder / 'conf')], stderr=subprocess.DEVNULL) as daemon:
        yield folder / 'log', port
        daemon.terminate()


def test_a_port_that_selinux_does_not_know_is_refused_and_then_added(machine, collector):
    policy = {'syslog_policy_rules': [{'name': 'collector', 'forward': {'target': CONTROL_NODE, 'port': collector[1], 'protocol': 'tcp'}}],
              'syslog_policy_journal': {'keep': '30d', 'max_use': '1g'}}
    etc = machine.state()
    said = machine.play('syslog_policy', '-e', json.dumps(policy), status=2)
    assert f'semanage port -a -t syslogd_port_t -p tcp {collector[1]}' in said and machine.state() == etc
    machine.play('syslog_policy', '-e', json.dumps(policy), '-e', 'syslog_policy_selinux_ports=true')
    machine.run(f'logger -t burst burst {BURST}.')
    wait_for(lambda: burst(collector[0].read_text())[BURST])


def test_a_power_cut_in_a_burst(machine, collector):
    """What was on the disk is in journal, log file and collector; what the collector had it has, though it is nowhere else by now."""
    before, received = machine.boot_id(), collector[0]
    machine.run(f'seq -f "burst %.0f." {SYNCED} | logger -t burst; until grep -q "burst {SYNCED}\\." /var/log/messages; do sleep 0.1; done; journalctl --sync; sync')
    # By systemd-run, so that nothing waits for a connection that ends with the power.
    machine.run(f"""systemd-run -q --unit=burst sh -c 'seq -f "burst %.0f." {SYNCED + 1} {BURST - 1} | logger -t burst'
        systemd-run -q --unit=power-cut sh -c 'until grep -q "burst {CUT}\\." /var/log/messages; do sleep 0.1; done; echo b >/proc/sysrq-trigger'""")
    machine.hang_up()
    machine.wait(other_than=before)
    confirmed = burst(received.read_text())
    machine.run(f'logger -t burst burst {BURST + 1}.')
    wait_for(lambda: burst(received.read_text())[BURST + 1])
    there = {'journal': burst(machine.run('journalctl -q -t burst')), 'messages': burst(machine.run('cat /var/log/messages*')),
             'collector': burst(received.read_text())}
    print({name: (len(counts), sum(counts.values())) for name, counts in there.items()}, len(confirmed))
    for counts in there.values():
        assert set(range(1, SYNCED + 1)) <= set(counts) <= set(range(1, BURST + 2))
        # imjournal goes on where it last saved its place, so the last ones may come again.
        assert max(counts.values()) <= 2
    assert len(confirmed) > SYNCED and confirmed <= there['collector']


def burst(text):
    """How often each message of the burst is in a text: Counter of int."""
    return collections.Counter(int(number) for number in re.findall(r'burst ([0-9]+)\.$', text, re.MULTILINE))


def wait_for(condition):
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(1)
