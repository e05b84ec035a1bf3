# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: same_machine
short_description: Fail on a machine that is in the run under two names
version_added: 0.1.0
description:
  - Fails if another host of this C(ansible-playbook) run is the same machine, so that nothing is changed twice. Both names
    fail.
  - Compares with every host that M(loghygiene.rhel.host_info) has looked at by then, in this play or an earlier one. In a
    play with C(serial), that is the batches up to this one.
  - Two hosts with the same machine id and the same boot id are one machine. Containers on one kernel share its boot id, so
    of them the time of their start must be the same, too. Hosts that share only the machine id are clones, and do not fail.
  - Runs on the control node only and never connects to the host.
author:
  - loghygiene contributors (@loghygiene)
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
options:
  host:
    description: The return value RV(loghygiene.rhel.host_info#module:host) of this host.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Gather host information
  loghygiene.rhel.host_info:
  register: seen

- name: Fail if the host is in this run under another name, too
  loghygiene.rhel.same_machine:
    host: "{{ seen.host }}"
"""

RETURN = r"""
same_machine:
  description: The other hosts with the same machine id.
  type: list
  elements: dict
  returned: always
  contains:
    host:
      description: Its name in the inventory.
      type: str
    cloned:
      description: Whether it runs another boot, so that it is another machine, or the same at another time.
      type: bool
"""
