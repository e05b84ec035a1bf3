#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: host_lock
short_description: Keep other runs off a host over several tasks
version_added: 0.1.0
description:
  - Every module of this collection that changes a host keeps others off while it works. This one does it for a run of
    several tasks, so that two runs at once do not each write a part.
  - The token that it returns is for the tasks in between, in the environment as E(LOG_HYGIENE_LOCK_TOKEN).
  - A hold ends with O(state=free), with a reboot, or when its run takes no step for 15 minutes.
  - In check mode it does nothing, and the token is empty.
options:
  state:
    description: Whether this run is to have the host, or to leave it.
    type: str
    choices: [held, free]
    default: held
  name:
    description: What the run does, for those who have to wait.
    type: str
    default: a run of Ansible
  holder:
    description: Who runs it from where, for those who have to wait.
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
  - Needs root.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Change the host, alone
  environment:
    LOG_HYGIENE_LOCK_TOKEN: "{{ hold.token | default('') }}"
  block:
    - name: Keep others off
      loghygiene.rhel.host_lock:
        name: the syslog policy
        holder: "{{ lookup('ansible.builtin.env', 'USER') }}"
      register: hold

    - name: Keep the logs
      loghygiene.rhel.logrotate_policy:
        rules: [{path: /var/log/messages, keep_days: 365}]
  always:
    - name: Let others have it
      loghygiene.rhel.host_lock:
        state: free

- name: Have a host from here on
  loghygiene.rhel.host_lock:
    name: maintenance
'''

RETURN = r'''
token:
  description: What the other tasks of the run need to show. Empty in check mode and with O(state=free).
  type: str
  returned: always
'''

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import host_lock


def main():
    module = AnsibleModule(
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
