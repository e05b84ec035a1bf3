#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: config_value
short_description: Set one key of a configuration file
version_added: 0.1.0
description:
  - Sets a key of a configuration file in the syntax of that file, or makes its lines comments. The change is the least one,
    mostly one line; all other bytes stay.
  - The program that reads the file is asked what counts, before and after (C(sshd -T), C(named-checkconf -p), C(postconf -h),
    C(httpd -t -D DUMP_CONFIG), C(chronyd -p)). A key that would not count, because another file or line sets it too, is
    refused.
  - The program tests the new file before it is there, in a mount namespace in which a copy stands in its place. Files that
    the program does not take as they are now are refused with its own words.
  - A service that runs is reloaded, never restarted. If it does not come back, the file is put back. What is read at the
    start of a service only is noted.
  - The files that are known, their syntax, tests and services stand in the README of the role. Others are refused.
  - Keys that protect the host or its logs are only set with a reason.
options:
  items:
    description: The keys to set.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      file:
        description: The file, or one in the folder of drop-ins of C(sshd) or C(httpd), which is made then.
        type: path
        required: true
      key:
        description: The name of the setting.
        type: str
        required: true
      value:
        description:
          - Its value, a number or text of ASCII, as it stands in the file but without quotes. V(yes) and V(no) need quotes
            in YAML.
          - Without it, the key is not set - its lines become comments.
        type: raw
      section:
        description: The section of the key, in a file that has sections in brackets. Without it, the key stands before all.
        type: str
      without:
        description:
          - Other keys of the file, or of the section, that are not set when this one is. Their lines become comments.
          - Of C(/etc/named.conf) it may be a statement that includes a file, such as V(include "/etc/named.root.key").
        type: list
        elements: str
        default: []
      opt_in_reason:
        description: Why a safeguard may be lowered on these hosts. It stands in the notes.
        type: str
  state:
    description:
      - With V(present), the keys of the items are set.
      - With V(absent), the lines of the items are what they were before, byte for byte, or those of all items if there are
        none. A file that was made here is removed. A line that somebody edited since stays, with a note of what differs.
    type: str
    choices: [present, absent]
    default: present
  state_dir:
    description: Where it is kept what was changed, a file for each configuration file.
    type: path
    default: /var/lib/log_hygiene/config
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
- name: Have httpd not guess its name
  loghygiene.rhel.config_value:
    items:
      - signature_id: httpd-servername
        file: /etc/httpd/conf/httpd.conf
        key: ServerName
        value: "{{ inventory_hostname }}"

- name: Leave an option out that sshd does not know any more
  loghygiene.rhel.config_value:
    items:
      - signature_id: sshd-deprecated-option
        file: /etc/ssh/sshd_config
        key: UsePrivilegeSeparation

- name: Undo all of it
  loghygiene.rhel.config_value:
    state: absent
'''

RETURN = r'''
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: always
in_place_since:
  description: When the newest of the changes was made, in UTC; null if there is none.
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
  description: What was changed, or would be in check mode.
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
  description: What must happen before the remedy takes effect, V(none), or V(restart) of a service.
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
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import config_value, contract as remedy


def main():
    remedy.run(LoggedModule(argument_spec=remedy.arguments(config_value, env_fallback), supports_check_mode=True), config_value)


if __name__ == '__main__':
    main()
