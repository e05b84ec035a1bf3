#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: rsyslog_restart
short_description: Restart rsyslogd, and never leave the host without it
version_added: 0.1.0
description:
  - Has systemd restart C(rsyslog.service) and waits to see whether it stays up.
  - When it does not, the former drop-ins are put back and it is started again; when it does not even start with those,
    the drop-ins are taken away. The module fails then, and says with what rsyslogd runs now.
  - An rsyslogd that somebody stopped or masked is not started; RV(stopped) says why.
  - systemd has O(timeout) to restart it. One that is not up by then is killed, and counts as one that did not start.
  - All of it happens in one go on the target, so a connection that breaks in between leaves no host without logging.
options:
  former:
    description:
      - For each drop-in of this collection that changed, its path and what it held before (text), null when there was
        none.
    type: dict
    required: true
  others:
    description:
      - Other files that changed for the sake of the drop-ins, as rules of logrotate, in the form of O(former). They are
        put back when rsyslogd does not start with the new drop-ins.
    type: dict
    default: {}
  backup_dir:
    description: Where the originals of O(others) are kept, under their absolute paths.
    type: path
    default: /var/lib/log_hygiene/backup
  timeout:
    description: How many seconds each call of C(systemctl) has. It is killed then, and the message names it.
    type: int
    default: 180
  queues:
    description: Queues on disk that the new drop-ins no longer send, as RV(loghygiene.rhel.rsyslog_policy#module:abandoned)
      names them. rsyslogd puts what it still had in memory there when it ends.
    type: list
    elements: path
    default: []
  set_aside:
    description:
      - Queues on disk that are broken, each as a path without C(.qi) and C(.00000001). rsyslogd is stopped, and their
        files are moved to C(log_hygiene_set_aside/NAME.DATE) beside them before it is started again, with new ones.
    type: list
    elements: path
    default: []
  wait:
    description: How many seconds rsyslogd has to stay up.
    type: int
    default: 2
  pending:
    description: The file which says that rsyslogd does not know of a changed drop-in yet. It is removed.
    type: path
    default: /run/log_hygiene.rsyslog
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
  - Needs root and systemd.
seealso:
  - module: loghygiene.rhel.rsyslog_diversion
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Have rsyslogd know of the new drop-in
  loghygiene.rhel.rsyslog_restart:
    former: "{{ diverted.former }}"
'''

RETURN = r'''
runs:
  description: Whether rsyslogd runs after the call. In check mode, whether it runs now.
  type: bool
  returned: always
set_aside:
  description: The directories to which broken queues were moved.
  type: list
  elements: str
  returned: always
drop_ins:
  description: With which drop-ins it was started last, V(new), V(former) or V(none).
  type: str
  returned: always
queues_left:
  description: Those of O(queues) in which messages wait, now that rsyslogd was restarted. Nothing sends or removes them.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The queue, without the endings of its files.
      type: str
    messages:
      description: How many messages; null when the queue is damaged.
      type: int
stopped:
  description: Why rsyslogd does not run although nothing failed, and what to do about it; null otherwise.
  type: str
  returned: always
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
'''

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils import files, host_lock, rsyslog_restart


def main():
    module = AnsibleModule(
        argument_spec=dict(
            former=dict(type='dict', required=True),
            others=dict(type='dict', default={}),
            timeout=dict(type='int', default=rsyslog_restart.TIMEOUT),
            queues=dict(type='list', elements='path', default=[]),
            set_aside=dict(type='list', elements='path', default=[]),
            wait=dict(type='int', default=rsyslog_restart.WAIT),
            pending=dict(type='path', default='/run/log_hygiene.rsyslog'),
            backup_dir=dict(type='path', default=files.BACKUP_ROOT),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    systemctl = module.get_bin_path('systemctl', required=True)
    result = rsyslog_restart.begin()
    try:
        with host_lock.held(module, 'rsyslog_restart'):
            rsyslog_restart.run(module, systemctl, module.params, result)
    except rsyslog_restart.RestartError as error:
        module.fail_json(msg=str(error), **result)
    module.exit_json(**result)


if __name__ == '__main__':
    main()
