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

import glob
import os
import re
import time

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.text.converters import to_bytes

from ansible_collections.loghygiene.rhel.plugins.module_utils import (
    files, host_lock, process, rsyslog_policy, rsyslog_unit)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            former=dict(type='dict', required=True),
            others=dict(type='dict', default={}),
            timeout=dict(type='int', default=2 * process.SECONDS),
            queues=dict(type='list', elements='path', default=[]),
            set_aside=dict(type='list', elements='path', default=[]),
            wait=dict(type='int', default=2),
            pending=dict(type='path', default='/run/log_hygiene.rsyslog'),
            backup_dir=dict(type='path', default=files.BACKUP_ROOT),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    systemctl = module.get_bin_path('systemctl', required=True)
    result = dict(changed=True, runs=False, drop_ins='new', stopped=None, queues_left=[], set_aside=[], notes=[])
    try:
        unit = rsyslog_unit.show(systemctl, module.params['timeout'])
        result.update(runs=unit.runs, stopped=unit.stopped, notes=list(unit.notes))
        if not module.check_mode:
            with host_lock.held(module, 'rsyslog_restart'):
                bring_up(module, systemctl, unit, result)
            result['queues_left'] = left_in(module.params['queues'])
    except files.FileError as error:
        module.fail_json(msg='rsyslogd did not start with the new drop-ins, and the former ones cannot be put back. %s '
                             'See journalctl -u %s.' % (error, rsyslog_unit.NAME), **result)
    except EnvironmentError as error:
        module.fail_json(msg='rsyslogd was not restarted, or nobody knows whether it runs: %s. See systemctl status %s.'
                             % (getattr(error, 'strerror', None) or error, rsyslog_unit.NAME), **result)
    if result['drop_ins'] != 'new':
        module.fail_json(msg=failure(sorted(module.params['former']), result['drop_ins'], result['runs'],
                                     sorted(module.params['others'])), **result)
    module.exit_json(**result)


def bring_up(module, systemctl, unit, result):
    """Restart rsyslogd, unless somebody has stopped it. Fills `result`."""
    if unit.stopped:
        result['notes'].append('rsyslogd was not started, because %s. It reads its new drop-ins when you start it.'
                               % unit.stopped)
        if os.path.exists(module.params['pending']):
            files.remove(module.params['pending'])
        return
    if module.params['set_aside']:
        process.run([systemctl, 'stop', rsyslog_unit.NAME], module.params['timeout'])
        try:
            for prefix in module.params['set_aside']:
                moved = move_away(prefix)
                result['set_aside'] += [moved] if moved else []
        except EnvironmentError as error:
            # Logging goes on all the same; the queue is found broken again by the next run.
            result['notes'].append('A broken queue cannot be moved to %s: %s.' % (rsyslog_policy.SET_ASIDE, error))
    result['drop_ins'], result['runs'] = restart(module, systemctl)


def move_away(prefix):
    """Move the files of a queue to a directory that rsyslogd does not look into. Returns it, None when there are none.

    `prefix`: path without .qi and the number. Raises EnvironmentError.
    """
    spool, name = os.path.split(prefix)
    paths = sorted(path for path in glob.glob(prefix + '.*') if re.match(r'(qi|[0-9]+)\Z', path[len(prefix) + 1:]))
    if not paths:
        return None
    top = os.path.join(spool, rsyslog_policy.SET_ASIDE)
    if not os.path.isdir(top):
        os.mkdir(top, 0o700)
    stamp, number = time.strftime('%Y%m%dT%H%M%SZ', time.gmtime()), 0
    target = '%s/%s.%s' % (top, name, stamp)
    while os.path.lexists(target):
        number += 1
        target = '%s/%s.%s-%d' % (top, name, stamp, number)
    os.mkdir(target, 0o700)
    for path in paths:
        os.rename(path, os.path.join(target, os.path.basename(path)))
    return target


def restart(module, systemctl):
    """Start rsyslogd with the drop-ins as they are, else as they were, else without. Returns (which, whether it runs).

    Raises files.FileError and EnvironmentError.
    """
    former, pending = module.params['former'], module.params['pending']
    which, up = 'new', start(module, systemctl)
    if not up:
        which = 'former'
        for path, text in former.items():
            put(module, path, text, mode=0o600)
        for path, text in module.params['others'].items():
            put_other(module, path, text)
        up = start(module, systemctl)
    if not up:
        which = 'none'
        for path in former:
            put(module, path, None)
        up = start(module, systemctl)
    if os.path.exists(pending):
        files.remove(pending)
    return which, up


def left_in(queues):
    """Those of the queues in which messages wait, with their number ([{path, messages}])."""
    found = []
    for path in queues:
        text = files.content_of(path + '.qi')
        messages = 0 if text is None else rsyslog_policy.messages_on_disk(text.decode('latin-1'))
        if messages != 0:
            found.append(dict(path=path, messages=messages))
    return found


def put(module, path, text, mode=None):
    """files.put() of text."""
    files.put(module, path, None if text is None else to_bytes(text), mode)


def put_other(module, path, text):
    """Put back what another module changed; with the copy it kept, where that is the same."""
    root = module.params['backup_dir']
    if text is not None and files.original(path, root) == to_bytes(text):
        files.restore(path, root, module)
    else:
        put(module, path, text)


def start(module, systemctl):
    """Restart rsyslogd; whether it stays up. One that does not get up in time does not: systemd is told to give up."""
    # After a few starts in a row systemd refuses the next one, whatever the configuration.
    seconds = module.params['timeout']
    process.run([systemctl, 'reset-failed', rsyslog_unit.NAME], seconds)
    try:
        process.run([systemctl, 'restart', rsyslog_unit.NAME], seconds)
    except process.Unfinished:
        process.run([systemctl, 'kill', '--signal=KILL', rsyslog_unit.NAME], seconds)
    time.sleep(module.params['wait'])
    return rsyslog_unit.show(systemctl, seconds).runs


def failure(paths, drop_ins, up, others):
    """What the operator is told when rsyslogd did not start with the new drop-ins (text)."""
    if drop_ins == 'former':
        became = 'The drop-ins were put back to what they were' if len(paths) > 1 else (
            'The drop-in was put back to what it was')
    else:
        became = 'Neither with the former %s, so there is none now' % ('ones' if len(paths) > 1 else 'one')
    now = 'rsyslogd runs again.' if up else 'rsyslogd still does not start: THIS HOST WRITES NO LOG FILES.'
    also = ' %s %s put back, too.' % (', '.join(others), 'was' if len(others) == 1 else 'were') if others else ''
    return ('rsyslogd did not start with the new %s, although it had found the configuration valid. %s, and %s%s See '
            'journalctl -u %s.' % (' and '.join(paths), became, now, also, rsyslog_unit.NAME))


if __name__ == '__main__':
    main()
