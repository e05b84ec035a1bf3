#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: host_info
short_description: Tell what the log remedies need to know of a host
version_added: 0.1.0
description:
  - Returns release, boot, virtualisation, tools and logs of a host, in about a second and without gathering facts.
  - Probes what the host can do instead of trusting its name; where it is no member of the RHEL family, its systemd
    tells which release it resembles.
  - Reads only.
author:
  - loghygiene contributors (@loghygiene)
options: {}
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: posix
    details:
      - RHEL and its relatives, 7 to 10, with Python 2.7 or 3.6 and later.
'''

EXAMPLES = r'''
- name: Learn what the host is
  loghygiene.rhel.host_info:
  register: info

- name: Show its release
  ansible.builtin.debug:
    var: info.host.el
'''

RETURN = r'''
check_mode:
  description:
    - Whether tasks run in check mode here. The variable C(ansible_check_mode) only knows the option C(--check), not a
      play or task that sets C(check_mode).
  returned: success
  type: bool
host:
  description: What was found.
  returned: success
  type: dict
  contains:
    el:
      description: Major release of Enterprise Linux, 7 to 10; null when it resembles none.
      type: int
    el_source:
      description:
        - V(os-release) when the host says so itself, V(systemd) when it resembles that release, null when neither.
      type: str
    os:
      description: Name of the operating system as it calls itself.
      type: str
    stands_for:
      description: What a host that is no member of the family says it stands for (C(VARIANT) of os-release), else null.
      type: str
    systemd:
      description: Version of systemd; null without one.
      type: int
    rsyslog:
      description: Version of rsyslogd; null without one.
      type: str
      sample: 8.2302.0
    boot_id:
      description: Id of the running boot, as the journal writes it.
      type: str
    boot_time:
      description:
        - When the running boot began, RFC 3339 in UTC. The time of its first entry in the journal, else the start of
          PID 1.
      type: str
    machine_id:
      description: Content of C(/etc/machine-id); null without one.
      type: str
    virtualization:
      description:
        - Hypervisor as C(systemd-detect-virt --vm) names it, V(none) on metal, V(unknown) without that command.
      type: str
      sample: vmware
    container:
      description: Whether the host is a container.
      type: bool
    kernel_modules:
      description: Names of the loaded kernel modules.
      type: list
      elements: str
    root:
      description: Whether the module ran as root.
      type: bool
    commands:
      description: Path of each command the remedies use, null when it is not there.
      type: dict
    sinks:
      description: The logs of the host.
      type: dict
      contains:
        journal:
          description: The key C(persistent) says whether the journal outlives a reboot.
          type: dict
        messages:
          description: Path of the log for most messages, null when it is not there.
          type: str
        secure:
          description: Path of the log for authpriv, null when it is not there.
          type: str
    now:
      description: Time of the host, RFC 3339 in UTC.
      type: str
'''

import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.loghygiene.rhel.plugins.module_utils import host, journal, process, timestamps

COMMANDS = ('journalctl', 'systemd-tmpfiles', 'rsyslogd', 'logrotate', 'groupadd')


def output_of(module, command, *arguments):
    """(exit status, standard output) of a command, (None, '') when it is not on the host."""
    path = module.get_bin_path(command)
    if path is None:
        return None, ''
    try:
        return process.run([path] + list(arguments))[:2]
    except EnvironmentError as error:
        module.fail_json(msg='%s cannot be run: %s.' % (path, error.strerror))


def first_entry(command):
    """Time of the first entry of this boot in the journal (int, microseconds), None when it cannot be read."""
    if command is None:
        return None
    try:
        entries = journal.Journal(command).entries(('_PID',), ['_BOOT_ID=' + journal.current_boot()])
        fields = next(entries, None)
        entries.close()
    except journal.JournalError:
        return None
    return int(fields['__REALTIME_TIMESTAMP'][0]) if fields else None


def main():
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    release = host.parse_os_release(host.read('/etc/os-release') or host.read('/usr/lib/os-release') or '')
    systemd = host.systemd_version(output_of(module, 'systemctl', '--version')[1])
    named, resembled = host.el_of_release(release), host.el_of_systemd(systemd)
    commands = dict((command, module.get_bin_path(command)) for command in COMMANDS)
    vm_status, vm = output_of(module, 'systemd-detect-virt', '--vm')
    container = output_of(module, 'systemd-detect-virt', '--container', '--quiet')[0]
    started = host.pid1_start(host.read('/proc/stat'), host.read('/proc/1/stat'), os.sysconf('SC_CLK_TCK'))
    module.exit_json(changed=False, check_mode=module.check_mode, host={
        'el': named or resembled,
        'el_source': 'os-release' if named else 'systemd' if resembled else None,
        'os': release.get('PRETTY_NAME') or release.get('NAME') or 'unknown',
        'stands_for': None if named else release.get('VARIANT'),
        'systemd': systemd,
        'rsyslog': host.rsyslog_version(output_of(module, 'rsyslogd', '-v')[1]),
        'boot_id': journal.current_boot(),
        'boot_time': timestamps.to_text(host.boot_time(started, first_entry(commands['journalctl']))),
        'machine_id': (host.read('/etc/machine-id') or '').strip() or None,
        'virtualization': 'unknown' if vm_status is None else vm.strip() or 'none',
        'container': container == 0 or os.path.exists('/run/.containerenv'),
        'kernel_modules': host.kernel_modules(host.read('/proc/modules')),
        'root': os.geteuid() == 0,
        'commands': commands,
        'sinks': {
            'journal': {'persistent': any(path.startswith(journal.ROOTS[0]) for path in journal.own_journal_files())},
            'messages': host.existing('/var/log/messages'),
            'secure': host.existing('/var/log/secure'),
        },
        'now': timestamps.to_text(timestamps.now()),
    })


if __name__ == '__main__':
    main()
