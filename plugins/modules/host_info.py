#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: host_info
short_description: Gather what the log remedies need to know about a host
version_added: 0.1.0
description:
  - Returns release, boot, virtualization, tools and logs of a host, in about a second and without gathering facts.
  - Probes what the host can do instead of trusting its name. If it is not a member of the RHEL family, the version of
    systemd decides which release it resembles.
  - Does not change the host.
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
- name: Gather host information
  loghygiene.rhel.host_info:
  register: info

- name: Show its release
  ansible.builtin.debug:
    var: info.host.el
'''

RETURN = r'''
check_mode:
  description:
    - Whether the module ran in check mode. The variable C(ansible_check_mode) reflects only the option C(--check), not
      C(check_mode) of a play or task.
  returned: success
  type: bool
host:
  description: What was found.
  returned: success
  type: dict
  contains:
    el:
      description: Major release of Enterprise Linux, 7 to 10; null if the host resembles none.
      type: int
    el_source:
      description:
        - V(os-release) if the host names the release itself, V(systemd) if it resembles that release, else null.
      type: str
    os:
      description: Name of the operating system, from C(os-release).
      type: str
    stands_for:
      description: C(VARIANT) of C(os-release), if the host is not a member of the RHEL family; else null.
      type: str
    systemd:
      description: Version of systemd; null if there is none.
      type: int
    rsyslog:
      description: Version of rsyslogd; null if there is none.
      type: str
      sample: 8.2302.0
    boot_id:
      description: Id of the running boot, as the journal writes it.
      type: str
    boot_time:
      description:
        - When the running boot began, RFC 3339 in UTC. It is the time of the first entry in the journal, or else the
          start of PID 1.
      type: str
    machine_id:
      description: Content of C(/etc/machine-id); null if there is none.
      type: str
    virtualization:
      description:
        - Hypervisor as C(systemd-detect-virt --vm) names it, V(none) on bare metal, V(unknown) without that command.
      type: str
      sample: vmware
    container:
      description: Whether the host is a container.
      type: bool
    kernel_modules:
      description: Names of the loaded kernel modules.
      type: list
      elements: str
    kernel_arguments:
      description: Names of the arguments that the kernel was started with, without their values.
      type: list
      elements: str
    root:
      description: Whether the module ran as root.
      type: bool
    commands:
      description: Path of each command that the remedies use; null if it is not installed.
      type: dict
    sinks:
      description: The logs of the host.
      type: dict
      contains:
        journal:
          description: The key C(persistent) is whether the journal survives a reboot.
          type: dict
        messages:
          description: Path of the log for most messages; null if it does not exist.
          type: str
        secure:
          description: Path of the log for authpriv; null if it does not exist.
          type: str
    now:
      description: Time of the host, RFC 3339 in UTC.
      type: str
'''

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host


def main():
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    try:
        module.exit_json(changed=False, check_mode=module.check_mode, host=host.describe(module.get_bin_path))
    except host.HostError as error:
        module.fail_json(msg=str(error))


if __name__ == '__main__':
    main()
