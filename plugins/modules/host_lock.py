#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: host_lock
short_description: Lock a host for several tasks
version_added: 0.1.0
description:
  - Every module of this collection that changes a host locks it while it works. This module holds the lock over several
    tasks, so that two simultaneous runs do not each write a part.
  - Pass the returned token to the tasks in between, in the environment variable E(LOG_HYGIENE_LOCK_TOKEN).
  - The lock is released by O(state=free), by a reboot, or if its run takes no step for 15 minutes.
  - In check mode, the module does nothing and the token is empty.
options:
  state:
    description: Whether to take the lock or to release it.
    type: str
    choices: [held, free]
    default: held
  name:
    description: What the run does. It is shown to other runs that have to wait.
    type: str
    default: a run of Ansible
  holder:
    description: Who started the run, and from where. It is shown to other runs that have to wait.
    type: str
    default: ''
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - loghygiene.rhel.host_lock
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: linux
notes:
  - Requires root.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Change the host under the lock
  environment:
    LOG_HYGIENE_LOCK_TOKEN: "{{ hold.token | default('') }}"
  block:
    - name: Lock the host
      loghygiene.rhel.host_lock:
        name: the syslog policy
        holder: "{{ lookup('ansible.builtin.env', 'USER') }}"
      register: hold

    - name: Keep the logs
      loghygiene.rhel.logrotate_policy:
        rules: [{path: /var/log/messages, keep_days: 365}]
  always:
    - name: Release the host
      loghygiene.rhel.host_lock:
        state: free

- name: Lock a host from here on
  loghygiene.rhel.host_lock:
    name: maintenance
'''

RETURN = r'''
token:
  description: Token for the other tasks of the run. Empty in check mode and with O(state=free).
  type: str
  returned: always
'''

from ansible.module_utils.basic import env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import host_lock


def main():
    module = LoggedModule(
        argument_spec=dict(
            state=dict(type='str', choices=['held', 'free'], default='held'),
            name=dict(type='str', default='a run of Ansible'),
            holder=dict(type='str', default=''),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    params, token = module.params, ''
    if params['state'] == 'free' and not params['lock_token']:
        module.exit_json(changed=False, token=token)  # it was never taken
    if not module.check_mode:
        try:
            lock = host_lock.Lock(params['lock_file'], params['lock_wait'], params['lock_token'] or None,
                                  params['name'], begin=params['state'] == 'held')
        except host_lock.LockError as error:
            if params['state'] == 'free':
                module.warn('This run leaves a host that it did not hold: %s' % error)
                module.exit_json(changed=False, token=token)
            module.fail_json(msg='%s Nothing was changed.' % error)
        if params['state'] == 'held':
            token = lock.take_claim(params['holder'])
        else:
            lock.drop_claim()
        lock.release()
    module.exit_json(changed=False, token=token)


if __name__ == '__main__':
    main()
