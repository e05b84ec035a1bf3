#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: managed_file
short_description: Write a file whole, so that it survives a power cut
version_added: 0.1.0
description:
  - Writes one file that belongs to this collection, or a directory for such files, or takes it away.
  - The content is written beside the file where no daemon reads it, synced to the disk and then renamed, and the
    directory is synced. M(ansible.builtin.copy) and M(ansible.builtin.template) sync nothing, and a power cut some
    seconds later can leave an empty file.
  - Nothing is written where others than root may write to a directory on the way, for they could put a link there.
  - A named pipe, a device or a socket at O(path) is refused.
  - A file without O(mark) is somebody else's. It is kept before, put back with O(state=absent), and never taken away.
options:
  path:
    description: The file, an absolute path. Directories that are missing above it are made with mode 0755.
    type: path
    required: true
  content:
    description: The text that the file is to have. Required with O(state=present).
    type: str
  encoding:
    description: How O(content) is written. ansible-core before 2.19 reads a text of JSON as the data it stands for, and
      writes it anew; in V(base64) it stays what it is.
    type: str
    choices: [text, base64]
    default: text
  mark:
    description: A text that is in every content of ours. Without one, whatever is at the path is taken for ours.
    type: str
  mode:
    description: The mode, four octal digits. By default 0644, of a directory 0755.
    type: str
  validate:
    description: A command that reads the new text from a private file, whose path takes the place of C(%s). The file is
      not written when it fails.
    type: str
  state:
    description: What there is to be. A directory stays with O(state=absent) as long as something is in it.
    type: str
    choices: [present, absent, directory]
    default: present
  backup_dir:
    description: Where the first original of a file is kept, under its absolute path.
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
  - Needs root. The file belongs to root then.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Keep diverted messages a year
  loghygiene.rhel.managed_file:
    path: /etc/logrotate.d/log_hygiene
    content: "{{ lookup('ansible.builtin.template', 'logrotate.j2') }}"
    validate: /usr/sbin/logrotate --debug %s

- name: Have no rule for them
  loghygiene.rhel.managed_file:
    path: /etc/logrotate.d/log_hygiene
    state: absent
'''

RETURN = r'''
checksum:
  description: SHA-256 of the content, null when there is no such file.
  type: str
  returned: always
in_place:
  description: Whether the state asked for is there now. False in check mode where something would change.
  type: bool
  returned: success
in_place_since:
  description: Modification time of the file, in UTC, or null when there is none.
  type: str
  returned: success
  sample: "2026-11-22T16:01:20.123456Z"
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
'''

import os
import re

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, host_lock
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import managed_file


def main():
    module = AnsibleModule(
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
