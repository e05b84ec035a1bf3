#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: sysctl_drop_in
short_description: Set kernel parameters
version_added: 0.1.0
description:
  - Owns one file, C(/etc/sysctl.d/99-log_hygiene.conf), which has a line for each parameter, the signature that it is for,
    and the value that was in force before. Sets the parameters at once, too.
  - The lines of signatures that the items do not name stay, with a note. Items that contradict each other are refused.
  - A value that the kernel does not take, or makes another one of, is refused. Then everything is as it was. In check mode
    the kernel is not asked.
  - A parameter that a file which is read later sets to another value, such as C(/etc/sysctl.conf), is refused, because at
    boot that value would count. The message names file and line. A file that is read earlier is noted.
  - A parameter that the kernel does not have is refused, because C(systemd-sysctl) would log that at every boot.
  - Parameters that protect the host or say what is logged are not set to a value that lowers that. No noise is worth it,
    and a file with the name of this collection is no place to look for it. The role's README lists them.
options:
  items:
    description: The parameters to set.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      key:
        description:
          - The name of the parameter, with dots or slashes, as C(sysctl) takes it. No pattern.
        type: str
        required: true
      value:
        description: Its value, a number or text, as the kernel shows it.
        type: raw
        required: true
  state:
    description:
      - With V(present), the file has the lines of the items, and the parameters have these values.
      - With V(absent), the lines of the signatures of the items are removed, or all of them if there are no items, and the
        parameters get the values back that they had before. One that somebody set to another value since stays, with a
        note. A file that is empty then is removed.
      - A file that somebody edited stays. With V(present), the module fails then; with V(absent), a note says so.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - loghygiene.rhel.host_lock
  - loghygiene.rhel.remedy
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: linux
notes:
  - Requires root.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Let more messages wait at a local socket
  loghygiene.rhel.sysctl_drop_in:
    items:
      - signature_id: acme-agent-queue-full
        key: net.unix.max_dgram_qlen
        value: 600

- name: Undo it
  loghygiene.rhel.sysctl_drop_in:
    items:
      - signature_id: acme-agent-queue-full
        key: net.unix.max_dgram_qlen
        value: 600
    state: absent
'''

RETURN = r'''
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: always
in_place_since:
  description: Modification time of the file of the remedy, in UTC; null if there is none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
signatures:
  description: The signature of each item, in the order of the items.
  type: list
  elements: dict
  returned: always
  contains:
    signature_id:
      description: The signature.
      type: str
    in_place:
      description: Whether its remedy is in place.
      type: bool
files:
  description: What was changed, or would be in check mode, the file and live values below C(/proc/sys).
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    action:
      description: V(create), V(edit), V(remove), or V(set) of a live value.
      type: str
requires:
  description: What must happen before the remedy takes effect, V(none).
  type: str
  returned: always
edited:
  description: Files that somebody edited since this module wrote them, and that stay with O(state=absent).
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: Its path.
      type: str
    diff:
      description: The lines of a unified diff, from what was written to what is there.
      type: list
      elements: str
notes:
  description: Notes for the operator.
  type: list
  elements: str
  returned: always
'''

from ansible.module_utils.basic import env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, sysctl_drop_in


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(sysctl_drop_in, env_fallback), supports_check_mode=True), sysctl_drop_in)


if __name__ == '__main__':
    main()
