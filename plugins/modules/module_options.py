#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: module_options
short_description: Blacklist kernel modules, or give them options
version_added: 0.1.0
description:
  - Owns one file, C(/etc/modprobe.d/zz_log_hygiene.conf), which has C(blacklist) and C(options) lines, with the signature
    that each is for. It never writes C(install) lines, with which C(modprobe) runs programs.
  - A blacklisted module is no longer loaded for its device. Who asks for it by its name, or another module that depends
    on it, still loads it.
  - Modules that protect the host or its logs, and options that lower a safeguard, are refused with the reason.
  - The lines of signatures that the items do not name stay, with a note. Items that contradict each other are refused.
  - A module that the system needs is not blacklisted. It holds a mounted file system or drives its disk, drives a network
    interface, or is in use. This is checked when its line is new.
  - Notes tell where a module is loaded now or built into the kernel, where the initramfs holds it, and which other file of
    C(modprobe.d) speaks of it. The module does not run C(dracut), and loads and unloads nothing.
options:
  items:
    description: The modules to blacklist, or to give options to.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      module:
        description: The name of the kernel module. C(-) and C(_) are the same.
        type: str
        required: true
      blacklist:
        description: Whether to blacklist it. An item has this or O(items[].options).
        type: bool
        default: false
      options:
        description:
          - Options of the module, as a dictionary, or as text with a blank between several C(NAME=VALUE).
          - A value is 1 to 256 characters of ASCII, without blanks, double quotes and backslashes.
        type: raw
  state:
    description:
      - With V(present), the file has the lines of the items.
      - With V(absent), the lines of the signatures of the items are removed, or all of them if there are no items. A file
        that is empty then is removed.
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
  - Takes effect when a module is loaded next, so of one that is loaded now at the next boot.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Keep the driver of the floppy disk from being loaded
  loghygiene.rhel.module_options:
    items:
      - signature_id: floppy-io-error
        module: floppy
        blacklist: true

- name: Have KVM report no ignored MSRs
  loghygiene.rhel.module_options:
    items:
      - signature_id: kvm-ignored-msr
        module: kvm
        options: {report_ignored_msrs: 0}

- name: Undo all of it
  loghygiene.rhel.module_options:
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
  description: The file, if it was changed, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    action:
      description: V(create), V(edit) or V(remove).
      type: str
requires:
  description: What must happen before the remedy takes effect, V(boot), or V(none) if no module of the items is loaded.
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
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, module_options


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(module_options, env_fallback), supports_check_mode=True), module_options)


if __name__ == '__main__':
    main()
