#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: managed_file
short_description: Write files atomically, so that they survive a power cut
version_added: 0.1.0
description:
  - Writes or removes files of this collection, or directories for such files.
  - The content is written to a temporary file where no daemon reads it, synced to disk and then renamed. The directory
    is synced as well. M(ansible.builtin.copy) and M(ansible.builtin.template) do not sync, so a power cut some seconds
    later can leave an empty file.
  - Nothing is written if users other than root may write to a directory of the path, because they could put a link
    there.
  - A named pipe, a device or a socket at O(path) is refused.
  - A file without O(mark) does not belong to this collection. It is backed up before it is overwritten, restored with
    O(state=absent), and never removed. Where somebody puts another one in the place of what was written, that is backed
    up instead, and the backup before stays in C(.earlier) below O(backup_dir).
options:
  path:
    description: Absolute path of the file. Missing parent directories are created with mode 0755. Either this or O(files)
      is required.
    type: path
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
  files:
    description: Several files, in the place of O(path) and the options that go with it. All are checked before the first
      is changed.
    type: list
    elements: dict
    suboptions:
      path:
        description: As O(path).
        type: path
        required: true
      content:
        description: As O(content).
        type: str
      encoding:
        description: As O(encoding).
        type: str
        choices: [text, base64]
        default: text
      mark:
        description: As O(mark).
        type: str
      mode:
        description: As O(mode).
        type: str
      validate:
        description: As O(validate).
        type: str
      state:
        description: As O(state).
        type: str
        choices: [present, absent, directory]
        default: present
      diff:
        description: Whether diff mode shows the content of this file.
        type: bool
        default: true
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

- name: Write two files, or neither where one is refused
  loghygiene.rhel.managed_file:
    files:
      - path: /etc/log_hygiene/example.json
        content: '{"keep": 365} '
        mode: "0600"
      - path: /etc/log_hygiene/example.txt
        content: "keep = 365\n"
'''

RETURN = r'''
checksum:
  description: SHA-256 of the content; null if the file does not exist.
  type: str
  returned: with O(path)
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: success
in_place_since:
  description: Modification time of the file, in UTC; null if it does not exist.
  type: str
  returned: with O(path)
  sample: "2026-11-22T16:01:20.123456Z"
files:
  description: What became of each of O(files), in their order.
  type: list
  elements: dict
  returned: with O(files)
  contains:
    path:
      description: The path.
      type: str
    changed:
      description: Whether it was changed, or would be in check mode.
      type: bool
    checksum:
      description: As RV(checksum).
      type: str
    in_place:
      description: As RV(in_place).
      type: bool
    in_place_since:
      description: As RV(in_place_since).
      type: str
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


FILE = dict(
    content=dict(type='str'),
    encoding=dict(type='str', choices=['text', 'base64'], default='text'),
    mark=dict(type='str'),
    mode=dict(type='str'),
    validate=dict(type='str'),
    state=dict(type='str', choices=['present', 'absent', 'directory'], default='present'))


def problem(params):
    """Return what is wrong with the options of one file (text), or None."""
    if not os.path.isabs(params['path']):
        return 'path: %s is not an absolute path. Nothing was changed.' % params['path']
    if params['mode'] is not None and not re.match(r'0?[0-7]{3}\Z', params['mode']):
        return 'mode: %s is not of the form "0644". Nothing was changed.' % params['mode']
    if params['content'] is None and params['state'] == 'present':
        return 'content: is missing for %s. Nothing was changed.' % params['path']
    return None


def main():
    module = LoggedModule(
        argument_spec=dict(
            path=dict(type='path'),
            files=dict(type='list', elements='dict',
                       options=dict(FILE, path=dict(type='path', required=True), diff=dict(type='bool', default=True))),
            backup_dir=dict(type='path', default=files.BACKUP_ROOT),
            **dict(FILE, **host_lock.arguments(env_fallback))
        ),
        mutually_exclusive=[('path', 'files')],
        required_one_of=[('path', 'files')],
        supports_check_mode=True,
    )
    params = module.params
    several = params['files'] is not None
    each = [dict(one, backup_dir=params['backup_dir']) for one in (params['files'] if several else [params])]
    result = dict(changed=False, notes=[], diff=[], files=[])
    for told in filter(None, map(problem, each)):
        module.fail_json(msg=told)
    try:
        with host_lock.held(module, 'managed_file ' + ' '.join(one['path'] for one in each[:1])):
            files.sweep_for(module, [one['path'] for one in each], params['backup_dir'], result)
            managed_file.apply(module, each, result)
    except (files.FileError, EnvironmentError) as error:
        module.fail_json(msg=to_text(error), **told_of(result, several))
    module.exit_json(in_place=not (module.check_mode and result['changed']), **told_of(result, several))


def told_of(result, several):
    """Return the result for the operator (dict): of one file, what became of it stands at the top."""
    told = dict((key, value) for key, value in result.items() if key != 'diff' or value)
    if several:
        return told
    own = (told.pop('files') or [{}])[0]
    told.update(checksum=own.get('checksum'), in_place_since=own.get('in_place_since'))
    if 'diff' in told:
        told['diff'] = told['diff'][0]
    return told


if __name__ == '__main__':
    main()
