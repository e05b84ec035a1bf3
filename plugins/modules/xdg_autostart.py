#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: xdg_autostart
short_description: Keep programs from starting at a graphical login
version_added: 0.1.0
description:
  - Sets C(Hidden=true) and C(X-GNOME-Autostart-enabled=false) in the C([Desktop Entry]) group of autostart files, in
    place, and keeps every other byte.
  - C(gnome-session) obeys both keys, C(systemd-xdg-autostart-generator) only the first one.
  - A file that does not exist starts nothing and is no error.
  - A symbolic link is replaced by a file with the edited text. What it leads to is not touched.
  - The first original of each file is kept. All files are read before the first one is written.
options:
  names:
    description: Autostart files, as names in O(directory) or as absolute paths. Each ends in C(.desktop).
    type: list
    elements: str
    required: true
  directory:
    description: Where the names are looked up.
    type: path
    default: /etc/xdg/autostart
  state:
    description: The only one there is.
    type: str
    choices: [disabled]
    default: disabled
  backup_dir:
    description: Where the first original of an edited file is kept, under its absolute path.
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
  - It takes effect at the next login. A program that runs already goes on running.
  - The packages of RHEL do not mark these files as configuration. An upgrade puts the vendor's text back; run this
    again then.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Keep gnome-software from starting at login
  loghygiene.rhel.xdg_autostart:
    names:
      - gnome-software-service.desktop
      - org.gnome.Software.desktop
'''

RETURN = r'''
files:
  description: The files that exist.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    changed:
      description: Whether it was edited, or would be in check mode.
      type: bool
missing:
  description: Paths that do not exist.
  type: list
  elements: str
  returned: always
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
in_place:
  description: Whether every file that exists is disabled now. False in check mode where something would change.
  type: bool
  returned: always
in_place_since:
  description: The newest modification time of the files, in UTC, or null when there are none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
'''

import os

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils import desktop_entry, files, host_lock


def main():
    module = AnsibleModule(
        argument_spec=dict(
            names=dict(type='list', elements='str', required=True),
            directory=dict(type='path', default='/etc/xdg/autostart'),
            state=dict(type='str', choices=['disabled'], default='disabled'),
            backup_dir=dict(type='path', default=files.BACKUP_ROOT),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    result = dict(changed=False, files=[], missing=[], notes=[], diff=[])
    try:
        with host_lock.held(module, 'xdg_autostart'):
            found = disable(module, [locate(module, name) for name in module.params['names']], result)
        result['in_place_since'] = files.modified_at(found)
    except (files.FileError, EnvironmentError) as error:
        module.fail_json(msg=str(error), **result)
    result['in_place'] = not (module.check_mode and result['changed'])
    module.exit_json(**result)


def disable(module, paths, result):
    """Disable those of the files that exist, and return their paths. Fills `result`. Raises FileError."""
    files.sweep_for(module, paths, module.params['backup_dir'], result)
    found = [path for path in paths if os.path.exists(path)]
    result['missing'] = [path for path in paths if path not in found]
    texts = [(path, files.read_bytes(path)) for path in found]
    for path, before, after in [(path, before, disabled(module, path, before)) for path, before in texts]:
        if before != after and not module.check_mode:
            files.backup(path, module.params['backup_dir'], module)
            files.write_atomic(module, path, after)
        result['files'].append(dict(path=path, changed=before != after))
        result['changed'] = result['changed'] or before != after
        if before != after:
            result['diff'].append(dict(
                before_header=path, after_header=path,
                before=to_text(before, errors='replace'), after=to_text(after, errors='replace')))
    return found


def locate(module, name):
    """The path that an item of `names` means. Fails on what cannot be an autostart file."""
    if not name.endswith('.desktop') or (os.sep in name and not os.path.isabs(name)):
        module.fail_json(msg='names: %s is neither the name of a .desktop file nor an absolute path to one.' % name)
    return os.path.join(module.params['directory'], name)


def disabled(module, path, content):
    """The content with autostart disabled. Fails, naming the file, when it is no desktop entry."""
    try:
        return desktop_entry.disable(content)
    except desktop_entry.DesktopEntryError as error:
        module.fail_json(msg='Cannot disable %s: %s. Nothing was changed.' % (path, error))


if __name__ == '__main__':
    main()
