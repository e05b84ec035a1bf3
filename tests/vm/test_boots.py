# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A remediation, its proof and its rollback, each by a real boot: the kernel's own lines, systemd-tmpfiles, logins, SELinux.

The tests of one machine build on each other, in the order of this file.
"""
from __future__ import annotations

import json
import re

import pytest
from machine import DIVERTED, FIXED, PROVED, REBOOT, Machine

BOOTS = 10
# What the remedies stop, as a person would look for it.
STOPPED = 'Failed to parse ACL "[^"]*group:adm:|failed to refresh the cache: '
enforcing = pytest.mark.parametrize('machine', ['el9'], indirect=True)


@pytest.fixture(scope='module', name='machine', params=['el9', 'el10'])
def one_machine(request, tmp_path_factory):
    with Machine(request.param, tmp_path_factory.mktemp(request.param)) as machine:
        yield machine


@enforcing
def test_selinux_enforces(machine):
    """What Debian's policy denies Debian's own programs, with a reboot, before anything of ours; no file is mislabelled."""
    machine.reboot()
    assert machine.run('getenforce').strip() == 'Enforcing' and machine.wrong_labels() == set()
    machine.denied = machine.denials()


def test_every_boot_is_noisy_and_only_the_kernel_writes_as_the_kernel(machine):
    assert machine.look('noisy') == []
    machine.run('echo "<4>kernel: <asm>:[INFO]Filter atamptl unregister by hand" >/dev/kmsg; journalctl --sync')
    entries = [json.loads(line) for line in machine.run('journalctl -q -b -o json _TRANSPORT=kernel').splitlines()]
    v3 = [(entry['SYSLOG_IDENTIFIER'], entry['SYSLOG_FACILITY'], 'by hand' in entry['MESSAGE'])
          for entry in entries if entry['MESSAGE'].startswith('<asm>:[INFO]')]
    assert set(v3) == {('kernel', '0', False), ('kernel', '1', True)}, v3
    machine.etc = machine.state()


def test_a_remediation_is_proved_by_the_boot_after_it(machine):
    before = machine.boot_id()
    machine.play('remediate', *REBOOT)
    reboot = machine.record()['reboot']
    assert before == reboot['boot_id_before'] != reboot['boot_id_after'] == machine.boot_id()
    assert machine.verdicts(FIXED + DIVERTED) == PROVED
    assert machine.look('remedied') == []
    assert machine.state() != machine.etc


def test_every_line_of_the_kernel_is_in_one_place(machine):
    """V3's lines are where they were diverted to, each once; its [ERROR] and the kernel's own are in /var/log/messages, each once."""
    diverted = machine.run('cat /var/log/log_hygiene/ahnlab-v3-*.log')
    messages = machine.run('cat /var/log/messages')
    lines = machine.journal('-b -k')
    loads = [line for line in lines if '<asm>:[INFO]AhnLab' in line]
    errors = [line for line in lines if '<asm>:[ERROR]' in line]
    assert len(loads) == 3 and len(errors) == 2
    assert [diverted.count(line) for line in loads] == [1, 1, 1] and [messages.count(line) for line in loads] == [0, 0, 0]
    assert [messages.count(line) for line in errors] == [1, 1] and [diverted.count(line) for line in errors] == [0, 0]


@enforcing
def test_selinux_denies_none_of_it_and_each_file_has_its_label(machine):
    assert machine.run('getenforce').strip() == 'Enforcing'
    assert machine.denials() - machine.denied == set()
    assert machine.wrong_labels() == set()


def test_ten_more_boots_bring_none_of_it_back(machine):
    boots = [machine.reboot() for _unused in range(BOOTS)]
    assert len(set(boots)) == BOOTS
    assert [line for boot in boots for line in machine.journal(f'-b {boot}') if re.search(STOPPED, line)] == []
    # Diverted lines are in the journal of each boot, and from there once in their file and in no other.
    loads = [[line for line in machine.journal(f'-k -b {boot}') if '<asm>:[INFO]AhnLab' in line] for boot in boots]
    assert [len(lines) for lines in loads] == [3] * BOOTS
    diverted, messages = machine.run('cat /var/log/log_hygiene/ahnlab-v3-*.log'), machine.run('cat /var/log/messages*')
    assert [line for lines in loads for line in lines if (diverted.count(line), messages.count(line)) != (1, 0)] == []
    machine.play('verify')
    assert machine.verdicts(FIXED + DIVERTED) == PROVED


def test_a_rollback_and_a_boot_bring_the_message_back(machine):
    before = machine.boot_id()
    machine.play('rollback', *REBOOT, '-e', 'log_hygiene_rollback_run=all')
    record = machine.record()
    assert record['applied'] == {} and record['reboot']['boot_id_before'] == before != record['reboot']['boot_id_after'] == machine.boot_id()
    assert machine.state() == machine.etc
    assert machine.look('noisy') == []


@enforcing
def test_selinux_denied_nothing_of_the_rollback_either(machine):
    assert machine.run('getenforce').strip() == 'Enforcing'
    assert machine.denials() - machine.denied == set()
    assert machine.wrong_labels() == set()
