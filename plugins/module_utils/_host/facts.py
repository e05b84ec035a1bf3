# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers what the remedies need to know about a host, from /proc, /sys, /etc and the versions of programs.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import io
import os
import re
import shlex

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import process, timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import reader as journal

# First systemd of each release (man systemd, --version of the release's package). EL9 began with 249 and has 252 since
# 9.2.
SYSTEMD_OF_EL = ((256, 10), (249, 9), (239, 8), (219, 7))
EL_RELEASES = (7, 8, 9, 10)
RHEL_IDS = frozenset(('rhel', 'centos', 'almalinux', 'rocky', 'ol', 'oracle', 'navix', 'prolinux'))
# How long after PID 1 the first entry of a boot may come; a later one is not the first, that was vacuumed.
FIRST_ENTRY = 600 * timestamps.SECOND
RPM_SECONDS = 20
# The commands that the remedies use.
COMMANDS = ('journalctl', 'systemd-tmpfiles', 'rsyslogd', 'logrotate', 'groupadd')


class HostError(Exception):
    """A program that describes the host cannot be run. The text says which and why."""


def read(path):
    """Return the content of a small text file, or None if it cannot be read."""
    try:
        with io.open(path, encoding='utf-8', errors='replace') as source:
            return source.read()
    except EnvironmentError:
        return None


def parse_os_release(text):
    """Parse os-release(5) (text) to a dict of its variables. Lines that are not shell assignments are skipped."""
    found = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition('=')
        if equals and re.match(r'[A-Z][A-Z0-9_]*\Z', name):
            try:
                found[name] = ''.join(shlex.split(value if str is not bytes else value.encode('utf-8')))
            except ValueError:
                continue
    return found


def el_of_release(release):
    """Return the EL release (7-10) that os-release (dict) names, or None if the host is not a member of the family."""
    named = re.match(r'platform:el([0-9]+)\Z', release.get('PLATFORM_ID', ''))
    # ProLinux 7 has no ID_LIKE, and who rebuilds a release does not always keep to its ID.
    if not named and RHEL_IDS & set(' '.join(release.get(key, '') for key in ('ID', 'ID_LIKE', 'NAME')).lower().split()):
        named = re.match(r'([0-9]+)', release.get('VERSION_ID', ''))
    number = int(named.group(1)) if named else None
    return number if number in EL_RELEASES else None


def el_of_systemd(version):
    """Return the EL release (7-10) with a systemd (int or None) of this generation, or None for an older one."""
    for first, release in SYSTEMD_OF_EL:
        if version is not None and version >= first:
            return release
    return None


def systemd_version(text):
    """Return the version (int) in the output of `systemctl --version`, or None."""
    found = re.match(r'systemd ([0-9]+)', text or '')
    return int(found.group(1)) if found else None


def rsyslog_version(text):
    """Return the version (`8.2302.0`) in the output of `rsyslogd -v`, or None."""
    found = re.match(r'rsyslogd\s+([0-9]+(?:\.[0-9]+)*)', text or '')
    return found.group(1) if found else None


def pid1_start(proc_stat, pid1_stat, ticks):
    """When PID 1 was started (int, microseconds), from /proc/stat, /proc/1/stat (text) and clock ticks a second.

    That is the boot of a machine, give or take a second, and the start of a container, whose /proc/stat tells the boot
    of the machine it runs on. None when the kernel does not say.
    """
    booted = re.search(r'^btime ([0-9]+)$', proc_stat or '', re.MULTILINE)
    fields = (pid1_stat or '').rpartition(')')[2].split()
    if not booted or len(fields) < 20:
        return None
    return int(booted.group(1)) * timestamps.SECOND + int(fields[19]) * timestamps.SECOND // ticks


def boot_time(started, first_entry):
    """When the running boot began: its first entry in the journal, so that it compares with what a scan returns; when
    PID 1 started, where that entry is missing or was vacuumed. All in microseconds or None.
    """
    if first_entry is not None and (started is None or abs(first_entry - started) <= FIRST_ENTRY):
        return first_entry
    return started


def kernel_modules(text):
    """Return the names (sorted list) in /proc/modules (text)."""
    return sorted(line.split()[0] for line in (text or '').splitlines() if line.strip())


def kernel_arguments(text):
    """Return the names (sorted list) of the arguments in /proc/cmdline (text). Their values are nobody's business."""
    return sorted(set(word.partition('=')[0] for word in (text or '').split()))


def installed(rpm, names):
    """Return the version and release of each package (dict), None where it is not installed, in several builds, or rpm does not say.

    :param rpm: the path of rpm, or None.
    """
    found = dict.fromkeys(names)
    for name in sorted(names) if rpm else ():
        try:
            status, out = process.run([rpm, '-q', '--qf', r'%{VERSION}-%{RELEASE}\n', '--', name], RPM_SECONDS)[:2]
        except EnvironmentError:  # a database that is locked or damaged lets rpm wait for ever
            continue
        builds = set(out.split())
        found[name] = builds.pop() if status == 0 and len(builds) == 1 else None
    return found


def existing(path):
    """Return the path if it is a regular file, else None."""
    return path if os.path.isfile(path) else None


def _output_of(path, *arguments):
    """Return (exit status, standard output) of a command; (None, '') if its path is None. Raises HostError."""
    if path is None:
        return None, ''
    try:
        return process.run([path] + list(arguments))[:2]
    except EnvironmentError as error:
        raise HostError('%s cannot be run: %s.' % (path, error.strerror))


def first_entry(journalctl):
    """Return the time of the first journal entry of this boot (int, microseconds), or None if it cannot be read."""
    if journalctl is None:
        return None
    try:
        entries = journal.Journal(journalctl).entries(('_PID',), ['_BOOT_ID=' + journal.current_boot()])
        fields = next(entries, None)
        entries.close()
    except journal.JournalError:
        return None
    return int(fields['__REALTIME_TIMESTAMP'][0]) if fields else None


def describe(get_bin_path):
    """Return the description of the host (dict, see RETURN of host_info).

    :param get_bin_path: function, name of a command -> its path or None, as AnsibleModule has it.

    Raises HostError, and EnvironmentError where there is no boot id.
    """
    release = parse_os_release(read('/etc/os-release') or read('/usr/lib/os-release') or '')
    systemd = systemd_version(_output_of(get_bin_path('systemctl'), '--version')[1])
    named, resembled = el_of_release(release), el_of_systemd(systemd)
    commands = dict((command, get_bin_path(command)) for command in COMMANDS)
    detect = get_bin_path('systemd-detect-virt')
    vm_status, vm = _output_of(detect, '--vm')
    container = _output_of(detect, '--container', '--quiet')[0]
    started = pid1_start(read('/proc/stat'), read('/proc/1/stat'), os.sysconf('SC_CLK_TCK'))
    return {
        'el': named or resembled,
        'el_source': 'os-release' if named else 'systemd' if resembled else None,
        'os': release.get('PRETTY_NAME') or release.get('NAME') or 'unknown',
        'stands_for': None if named else release.get('VARIANT'),
        'systemd': systemd,
        'rsyslog': rsyslog_version(_output_of(commands['rsyslogd'], '-v')[1]),
        'boot_id': journal.current_boot(),
        'boot_time': timestamps.to_text(boot_time(started, first_entry(commands['journalctl']))),
        'machine_id': (read('/etc/machine-id') or '').strip() or None,
        'virtualization': 'unknown' if vm_status is None else vm.strip() or 'none',
        'container': container == 0 or os.path.exists('/run/.containerenv'),
        'kernel_modules': kernel_modules(read('/proc/modules')),
        'kernel_arguments': kernel_arguments(read('/proc/cmdline')),
        'root': os.geteuid() == 0,
        'commands': commands,
        'sinks': {
            'journal': {'persistent': any(path.startswith(journal.ROOTS[0]) for path in journal.own_journal_files())},
            'messages': existing('/var/log/messages'),
            'secure': existing('/var/log/secure'),
        },
        'now': timestamps.to_text(timestamps.now()),
    }
