#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: rsyslog_restart
short_description: Restart rsyslogd without leaving the host without logging
version_added: 0.1.0
description:
  - Restarts C(rsyslog.service) by systemd, and checks that it stays up.
  - If it does not, the former drop-ins are restored and it is started again. If it does not start with those either, the
    drop-ins are removed. The module then fails, and says with which drop-ins rsyslogd runs.
  - An rsyslogd that somebody stopped or masked is not started. RV(stopped) says why.
  - systemd has O(timeout) seconds to restart it. If it is not up by then, it is killed and counts as failed to start.
  - All steps run on the target in one module call, so a broken connection does not leave the host without logging.
options:
  former:
    description:
      - The former content of each drop-in of this collection that changed, by path; null if there was none.
    type: dict
    required: true
  others:
    description:
      - Other files that changed along with the drop-ins, such as rules of logrotate, in the form of O(former). They are
        restored if rsyslogd does not start with the new drop-ins.
    type: dict
    default: {}
  backup_dir:
    description: Directory where the originals of O(others) are kept, under their absolute paths.
    type: path
    default: /var/lib/log_hygiene/backup
  timeout:
    description: Time limit in seconds for each call of C(systemctl). After that, the call is killed and the message names it.
    type: int
    default: 180
  queues:
    description: Queues on disk that the new drop-ins no longer send, as in
      RV(loghygiene.rhel.rsyslog_policy#module:abandoned). When rsyslogd ends, it writes messages from memory there.
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
    description: Seconds that rsyslogd must stay up.
    type: int
    default: 2
  pending:
    description: The file that marks a changed drop-in that rsyslogd has not loaded yet. It is removed.
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
  - Requires root and systemd.
seealso:
  - module: loghygiene.rhel.rsyslog_diversion
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Divert all that the catalog diverts
  loghygiene.rhel.rsyslog_diversion:
    items: "{{ lookup('loghygiene.rhel.signatures', query=query) }}"
  vars:
    query: "[?disposition=='divert'].{signature_id: id, signature: @}"
  register: diverted

- name: Load the new drop-in
  loghygiene.rhel.rsyslog_restart:
    former: "{{ diverted.former }}"
'''

RETURN = r'''
runs:
  description: Whether rsyslogd runs after the call.
  type: bool
  returned: always
set_aside:
  description: The directories to which broken queues were moved.
  type: list
  elements: str
  returned: always
drop_ins:
  description: The drop-ins with which it was last started, V(new), V(former) or V(none).
  type: str
  returned: always
queues_left:
  description: Those of O(queues) in which messages wait after the restart. Nothing sends or removes them.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The queue, without the endings of its files.
      type: str
    messages:
      description: Number of messages; null if the queue is damaged.
      type: int
stopped:
  description: Why rsyslogd does not run although nothing failed, and what to do about it; null otherwise.
  type: str
  returned: always
notes:
  description: Notes for the operator.
  type: list
  elements: str
  returned: always
'''

from ansible.module_utils.basic import env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, host_lock
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import restart as rsyslog_restart


def main():
    module = LoggedModule(
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
