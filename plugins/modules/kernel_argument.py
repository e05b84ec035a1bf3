#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: kernel_argument
short_description: Set or remove arguments of the kernel
version_added: 0.1.0
description:
  - Sets or removes arguments on the command line of all kernels that are there, by C(grubby), and in C(/etc/default/grub) and
    C(/etc/kernel/cmdline), from which kernels to come get theirs. It takes effect at the next boot.
  - Without C(grubby) it is refused. That is how RHEL 7 to 10 change such arguments, whatever their boot loader.
  - All files that C(grubby) may change are kept first. With O(state=absent) they come back byte for byte if they are as it left
    them. Else, as after an update of the kernel, C(grubby) takes the arguments back.
  - Arguments that say what is logged, what protects the host, or how it boots are not changed. The role's README lists them.
  - An argument that stands there several times, as C(console) may, is refused, because C(grubby) would leave one.
options:
  items:
    description: The arguments.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      argument:
        description: The name of the argument.
        type: str
        required: true
      value:
        description: Its value, a text or a number. Without it, the argument stands alone.
        type: raw
      remove:
        description: Whether the argument is removed, whatever its value.
        type: bool
        default: false
  record:
    description: The file that has what was there before.
    type: path
    default: /var/lib/log_hygiene/kernel_arguments.json
  state:
    description:
      - With V(present), all kernels have the arguments of the items, or have them no longer.
      - With V(absent), they have what they had before the signatures of the items, or before all of them if there are no items.
        An argument that somebody changed since stays, with a note.
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
- name: Have a virtual machine boot without a driver of its screen
  loghygiene.rhel.kernel_argument:
    items:
      - signature_id: drm-flip-done
        argument: nomodeset

- name: Undo it
  loghygiene.rhel.kernel_argument:
    state: absent
'''

RETURN = r'''
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: always
in_place_since:
  description: Modification time of the file that has what was there before, in UTC; null if there is none.
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
  description: The kernels whose arguments were changed, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The kernel.
      type: str
    action:
      description: V(arguments).
      type: str
requires:
  description: What must happen before the remedy takes effect, V(boot).
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
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, kernel_argument


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(kernel_argument, env_fallback), supports_check_mode=True), kernel_argument)


if __name__ == '__main__':
    main()
