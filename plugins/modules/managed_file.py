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
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
'''

import base64
import hashlib
import os
import re
import shlex
import stat
import tempfile

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.text.converters import to_bytes, to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils import files, host_lock, process, safe_paths


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
        module.fail_json(msg='path: %s is no absolute path. Nothing was changed.' % params['path'])
    if params['mode'] is not None and not re.match(r'0?[0-7]{3}\Z', params['mode']):
        module.fail_json(msg='mode: %s is not of the form "0644". Nothing was changed.' % params['mode'])
    try:
        demand_ordinary(params['path'])
        with host_lock.held(module, 'managed_file ' + params['path']):
            files.sweep_for(module, [params['path']], params['backup_dir'], result)
            {'present': write, 'absent': take_away, 'directory': make}[params['state']](module, params, result)
    except (files.FileError, EnvironmentError) as error:
        result['changed'] |= isinstance(error, files.Unsynced)
        module.fail_json(msg=to_text(error), **result)
    module.exit_json(**result)


def demand_ordinary(path):
    """Raise FileError when at a path is what can neither be read nor kept: to read a named pipe may never end."""
    kind = files.special(os.lstat(path)) if os.path.lexists(path) else None
    if kind:
        raise files.FileError('path: %s is a %s, no file, link or directory. Move it away. Nothing was changed.' % (
            path, kind))


def write(module, params, result):
    """state=present. Raises FileError and EnvironmentError."""
    path, after = params['path'], wanted(params)
    mode = int(params['mode'] or '0644', 8)
    if os.path.isdir(path) and not os.path.islink(path):
        raise files.FileError('%s is a directory. Move it away. Nothing was changed.' % path)
    before = None if os.path.islink(path) else files.content_of(path)
    result['checksum'] = hashlib.sha256(after).hexdigest()
    if before == after and is_dressed(path, mode):
        return
    if before != after and params['validate']:
        validate(module, params['validate'], path, after)
    unsafe = safe_paths.check(path, link=True)
    if unsafe:
        raise files.FileError('path: %s Nothing was changed.' % unsafe)
    if not module.check_mode:
        make_above(module, path, result)
        if os.path.lexists(path) and not is_ours(path, params['mark']):
            files.backup(path, params['backup_dir'], module)
        files.write_atomic(module, path, after, mode, owner=(os.geteuid(), os.getegid()))
    result['changed'] = True  # only now: what fails changes nothing
    result['diff'] = difference(path, before, after)


def make_above(module, path, result):
    """Make the directories above a path, where they are missing. What was made is a change, whatever comes then."""
    missing = os.path.dirname(path)
    while not os.path.lexists(os.path.dirname(missing)):
        missing = os.path.dirname(missing)
    there = os.path.lexists(missing)
    try:
        files.make_directory(module, os.path.dirname(path))
    finally:
        result['changed'] |= not there and os.path.lexists(missing)


def wanted(params):
    """The bytes that the file is to hold. Raises FileError."""
    if params['encoding'] == 'text':
        return to_bytes(params['content'])
    try:
        # What is of another alphabet would be passed over.
        if not re.match(r'[A-Za-z0-9+/=\s]*\Z', params['content']):
            raise ValueError('another character than those of base64')
        return base64.b64decode(to_bytes(params['content']))
    except (ValueError, TypeError) as error:  # TypeError: Python 2
        raise files.FileError('content: not base64 (%s). Nothing was changed.' % error)


def take_away(module, params, result):
    """state=absent. Raises FileError."""
    path = params['path']
    if os.path.isdir(path) and not os.path.islink(path):
        if os.listdir(path):
            return
        if not module.check_mode:
            files.remove_directory(path)
        result['changed'] = True
        return
    if not os.path.lexists(path):
        return
    if not is_ours(path, params['mark']):
        result['notes'].append('%s was not written by this collection, so it stays.' % path)
        return
    kept = files.original(path, params['backup_dir'])
    before = files.read_bytes(path)
    if not module.check_mode:
        if not files.restore(path, params['backup_dir'], module):
            files.remove(path)
    result['changed'] = True
    result['diff'] = difference(path, before, kept)


def make(module, params, result):
    """state=directory. Raises FileError and EnvironmentError."""
    path, mode = params['path'], int(params['mode'] or '0755', 8)
    if os.path.islink(path) or os.path.lexists(path) and not os.path.isdir(path):
        raise files.FileError('%s is there, and is no directory. Move it away. Nothing was changed.' % path)
    if os.path.isdir(path) and is_dressed(path, mode):
        return
    if not module.check_mode:
        make_above(module, path, result)
        there = os.path.isdir(path)
        try:
            files.make_directory(module, path, mode)
        finally:
            result['changed'] |= not there and os.path.isdir(path)
        files.dress_directory(path, mode)
    result['changed'] = True


def is_ours(path, mark):
    """Is what is at a path of this collection? Raises FileError."""
    return not os.path.islink(path) and (mark is None or to_bytes(mark) in files.read_bytes(path))


def is_dressed(path, mode):
    """Has a file or directory this mode, and are we its owner?"""
    info = os.lstat(path)
    return (stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid) == (mode, os.geteuid(), os.getegid())


def validate(module, command, path, content):
    """Have a command read the new text. Raises FileError when it does not like it."""
    folder = tempfile.mkdtemp(dir=module.tmpdir)
    copy = os.path.join(folder, os.path.basename(path))
    files.write_atomic(None, copy, content)
    arguments = [word.replace('%s', copy) for word in shlex.split(command)]
    status, out, err = process.run(arguments)
    if status:
        raise files.FileError('%s does not accept what %s would hold: %s. Nothing was changed.'
                              % (arguments[0], path, (err.strip() or out.strip()).replace(copy, path)))


def difference(path, before, after):
    """The diff of one file; None stands for no file."""
    return dict(
        before_header=path if before is not None else '%s (absent)' % path,
        after_header=path if after is not None else '%s (absent)' % path,
        before=to_text(before or b'', errors='replace'), after=to_text(after or b'', errors='replace'))


if __name__ == '__main__':
    main()
