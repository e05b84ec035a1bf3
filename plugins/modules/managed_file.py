#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: managed_file
short_description: Write a file atomically, so that it survives a power cut
version_added: 0.1.0
description:
  - Writes or removes one file of this collection, or a directory for such files.
  - The content is written to a temporary file where no daemon reads it, synced to disk and then renamed. The directory
    is synced as well. M(ansible.builtin.copy) and M(ansible.builtin.template) do not sync, so a power cut some seconds
    later can leave an empty file.
  - Nothing is written if users other than root may write to a directory of the path, because they could put a link
    there.
  - A named pipe, a device or a socket at O(path) is refused.
  - A file without O(mark) does not belong to this collection. It is backed up before it is overwritten, restored with
    O(state=absent), and never removed.
options:
  path:
    description: Absolute path of the file. Missing parent directories are created with mode 0755.
    type: path
    required: true
  content:
    description: Content of the file. Required with O(state=present).
    type: str
  encoding:
    description: Encoding of O(content). ansible-core before 2.19 parses a text of JSON and serializes it again; in
      V(base64) it stays unchanged.
    type: str
    choices: [text, base64]
    default: text
  mark:
    description: A text that every version of the file contains. Without it, any file at the path is taken to belong to
      this collection.
    type: str
  mode:
    description: The mode, as four octal digits. Defaults to 0644 for a file and to 0755 for a directory.
    type: str
  validate:
    description: A command that validates the new content in a private file, whose path replaces C(%s). The file is not
      written if the command fails.
    type: str
  state:
    description: The state to reach. With O(state=absent), a directory that is not empty is not removed.
    type: str
    choices: [present, absent, directory]
    default: present
  backup_dir:
    description: Directory for the original of a file, under its absolute path.
    type: path
    default: /var/lib/log_hygiene/backup
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - loghygiene.rhel.host_lock
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: linux
notes:
  - Requires root. The file is then owned by root.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Keep diverted messages for a year
  loghygiene.rhel.managed_file:
    path: /etc/logrotate.d/log_hygiene
    content: |
      /var/log/log_hygiene/*.log {
          monthly
          rotate 12
          missingok
      }
    validate: /usr/sbin/logrotate --debug %s

- name: Remove the rule
  loghygiene.rhel.managed_file:
    path: /etc/logrotate.d/log_hygiene
    state: absent
'''

RETURN = r'''
checksum:
  description: SHA-256 of the content; null if the file does not exist.
  type: str
  returned: always
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: success
in_place_since:
  description: Modification time of the file, in UTC; null if it does not exist.
  type: str
  returned: success
  sample: "2026-11-22T16:01:20.123456Z"
notes:
  description: Notes for the operator.
  type: list
  elements: str
  returned: always
'''

import os
import re

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, host_lock
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import managed_file


def main():
    module = LoggedModule(
        argument_spec=dict(
            path=dict(type='path', required=True),
            content=dict(type='str'),
            encoding=dict(type='str', choices=['text', 'base64'], default='text'),
            mark=dict(type='str'),
            mode=dict(type='str'),
            validate=dict(type='str'),
            state=dict(type='str', choices=['present', 'absent', 'directory'], default='present'),
            backup_dir=dict(type='path', default=files.BACKUP_ROOT),
            **host_lock.arguments(env_fallback)
        ),
        required_if=[('state', 'present', ('content',))],
        supports_check_mode=True,
    )
    params = module.params
    result = dict(changed=False, checksum=None, notes=[])
    if not os.path.isabs(params['path']):
        module.fail_json(msg='path: %s is not an absolute path. Nothing was changed.' % params['path'])
    if params['mode'] is not None and not re.match(r'0?[0-7]{3}\Z', params['mode']):
        module.fail_json(msg='mode: %s is not of the form "0644". Nothing was changed.' % params['mode'])
    try:
        managed_file.demand_ordinary(params['path'])
        with host_lock.held(module, 'managed_file ' + params['path']):
            files.sweep_for(module, [params['path']], params['backup_dir'], result)
            managed_file.STATES[params['state']](module, params, result)
    except (files.FileError, EnvironmentError) as error:
        result['changed'] |= isinstance(error, files.Unsynced)
        module.fail_json(msg=to_text(error), **result)
    result.update(in_place=not (module.check_mode and result['changed']),
                  in_place_since=files.modified_at([params['path']] if os.path.lexists(params['path']) else []))
    module.exit_json(**result)


if __name__ == '__main__':
    main()
