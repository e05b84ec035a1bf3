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
  - All of it happens in one go on the target, so a connection that breaks in between leaves no host without logging.
options:
  former:
    description:
      - For each drop-in of this collection that changed, its path and what it held before (text), null when there was
        none.
    type: dict
    required: true
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
notes:
  description: Broken queues that could not be moved, and why.
  type: list
  elements: str
  returned: always
drop_ins:
  description: With which drop-ins it was started last, V(new), V(former) or V(none).
  type: str
  returned: always
'''

import glob
import os
import re
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_bytes

from ansible_collections.loghygiene.rhel.plugins.module_utils import files, rsyslog_policy

UNIT = 'rsyslog.service'


def main():
    module = AnsibleModule(
        argument_spec=dict(
            former=dict(type='dict', required=True),
            set_aside=dict(type='list', elements='path', default=[]),
            wait=dict(type='int', default=2),
            pending=dict(type='path', default='/run/log_hygiene.rsyslog'),
        ),
        supports_check_mode=True,
    )
    systemctl = module.get_bin_path('systemctl', required=True)
    if module.check_mode:
        module.exit_json(changed=True, runs=runs(module, systemctl), drop_ins='new', set_aside=[], notes=[])
    moved, notes = [], []
    try:
        if module.params['set_aside']:
            module.run_command([systemctl, 'stop', UNIT])
            moved = [move_away(prefix) for prefix in module.params['set_aside']]
    except EnvironmentError as error:
        # Logging goes on all the same; the queue is found broken again by the next run.
        notes.append('A broken queue cannot be moved to %s: %s.' % (rsyslog_policy.SET_ASIDE, error))
    moved = [path for path in moved if path]
    try:
        drop_ins, up = restart(module, systemctl)
    except files.FileError as error:
        module.fail_json(msg='rsyslogd did not start with the new drop-ins, and the former ones cannot be put back. %s '
                         'See journalctl -u %s.' % (error, UNIT), changed=True, runs=runs(module, systemctl),
                         drop_ins='new', set_aside=moved, notes=notes)
    if drop_ins != 'new':
        module.fail_json(msg=failure(sorted(module.params['former']), drop_ins, up), changed=True, runs=up,
                         drop_ins=drop_ins, set_aside=moved, notes=notes)
    module.exit_json(changed=True, runs=up, drop_ins=drop_ins, set_aside=moved, notes=notes)


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

    Raises files.FileError.
    """
    former, pending = module.params['former'], module.params['pending']
    which, up = 'new', start(module, systemctl)
    if not up:
        which = 'former'
        for path, text in former.items():
            put(module, path, text)
        up = start(module, systemctl)
    if not up:
        which = 'none'
        for path in former:
            put(module, path, None)
        up = start(module, systemctl)
    if os.path.exists(pending):
        files.remove(pending)
    return which, up


def put(module, path, text):
    """Let a drop-in hold `text`; None: let there be none. Raises files.FileError."""
    if text is not None:
        files.write_atomic(module, path, to_bytes(text), mode=0o600)
    elif os.path.lexists(path):
        files.remove(path)


def start(module, systemctl):
    """Restart rsyslogd; whether it stays up."""
    # After a few starts in a row systemd refuses the next one, whatever the configuration.
    module.run_command([systemctl, 'reset-failed', UNIT])
    module.run_command([systemctl, 'restart', UNIT])
    time.sleep(module.params['wait'])
    return runs(module, systemctl)


def runs(module, systemctl):
    """Does rsyslogd run, as systemd sees it?"""
    dummy, out, dummy = module.run_command([systemctl, 'show', '--property=ActiveState', UNIT])
    return 'ActiveState=active' in out.split()


def failure(paths, drop_ins, up):
    """What the operator is told when rsyslogd did not start with the new drop-ins (text)."""
    if drop_ins == 'former':
        became = 'The drop-ins were put back to what they were' if len(paths) > 1 else (
            'The drop-in was put back to what it was')
    else:
        became = 'Neither with the former %s, so there is none now' % ('ones' if len(paths) > 1 else 'one')
    now = 'rsyslogd runs again.' if up else 'rsyslogd still does not start: THIS HOST WRITES NO LOG FILES.'
    return ('rsyslogd did not start with the new %s, although it had found the configuration valid. %s, and %s See '
            'journalctl -u %s.' % (' and '.join(paths), became, now, UNIT))


if __name__ == '__main__':
    main()
