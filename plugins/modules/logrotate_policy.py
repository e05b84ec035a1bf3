#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: logrotate_policy
short_description: Configure logrotate to keep logs as long as the policy requires
version_added: 0.1.0
description:
  - Writes one logrotate configuration file with a stanza for the logs of the policy. EL keeps four weeks by default.
  - A log is rotated once a day and never by size, so a burst makes a file larger but removes no line earlier. C(rotate)
    is O(rules[].keep_days) plus two files, C(maxage) is O(rules[].keep_days). Only older lines are removed, and lines
    that are two days older are removed at the next rotation. An empty log is not rotated.
  - The required disk space depends on what is logged. M(loghygiene.rhel.log_retention_info) returns how long it lasts.
  - A rotated file is compressed a day later, because rsyslogd writes to it until it has handled its signal. The new log
    has the owner and mode of the old one.
  - The stanza overrides defaults of C(logrotate.conf) that would keep less or lose lines, such as C(maxsize) and
    C(copytruncate).
  - logrotate reports an error for a log that two stanzas name. Therefore each log is removed from other stanzas, such as
    C(/var/log/messages) from C(/etc/logrotate.d/syslog) or C(/etc/logrotate.d/rsyslog). The original file is backed up.
  - A log cannot be removed from a glob such as C(/var/log/*.log). From logrotate 3.21 on, the stanza gets
    C(ignoreduplicates) if it is read before the glob. Otherwise the module fails and names file, line and remedy.
  - If a package update puts the log back into its file, the next run removes it again.
  - Before anything is written, C(logrotate --debug) reads a private copy of the whole configuration as it will be.
    logrotate's state file is neither read nor written.
options:
  rules:
    description: The logs. If a path is given twice, the longer time applies.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The log, an absolute path without spaces or wildcards.
        type: str
        required: true
      keep_days:
        description: Minimum number of days that each line is kept.
        type: int
        required: true
  state:
    description:
      - With V(absent), the file is removed, and the logs are put back into the stanzas from which they were removed. A
        file that has not changed since is restored byte for byte. In a file that has changed, the paths are put beside
        their former neighbours, with a note.
    type: str
    choices: [present, absent]
    default: present
  path:
    description: The file to write. It must be in a directory that O(config) includes.
    type: path
    default: /etc/logrotate.d/log_hygiene_policy
  config:
    description: The main configuration file of logrotate.
    type: path
    default: /etc/logrotate.conf
  backup_dir:
    description: Directory for the original of an edited file, under its absolute path.
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
  - Requires root and logrotate 3.8.6 or later.
  - The rule works only if something starts logrotate every day, C(logrotate.timer) or C(cron.daily).
    M(loghygiene.rhel.log_retention_info) reports that.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Keep the general log for one year and the log of logins for two
  loghygiene.rhel.logrotate_policy:
    rules:
      - path: /var/log/messages
        keep_days: 365
      - path: /var/log/secure
        keep_days: 730

- name: Restore the rules of EL
  loghygiene.rhel.logrotate_policy:
    state: absent
'''

RETURN = r'''
taken_over:
  description: Logs that were removed from other stanzas, by this call or an earlier one.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The log.
      type: str
    from:
      description: The file that named it.
      type: str
given_back:
  description: Logs that were put back into other stanzas.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The log.
      type: str
    to:
      description: The file that names it again.
      type: str
previous:
  description: Former content of each file that changed; null if it did not exist.
  type: dict
  returned: always
in_place:
  description: Whether the requested state is in place. False in check mode if something would change, and where a log
    cannot be given back, so that nothing rotates it.
  type: bool
  returned: always
in_place_since:
  description: Modification time of O(path) in UTC; null if it does not exist.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
notes:
  description: Notes for the operator.
  type: list
  elements: str
  returned: always
'''

import os

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, host_lock
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import files as logfile
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import (
    configuration as logrotate, policy as logrotate_policy)
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate.plan import UNCHANGED


def main():
    module = LoggedModule(
        argument_spec=dict(
            rules=dict(type='list', elements='dict', default=[], options=dict(
                path=dict(type='str', required=True), keep_days=dict(type='int', required=True))),
            state=dict(type='str', choices=['present', 'absent'], default='present'),
            path=dict(type='path', default=logrotate.PATH),
            config=dict(type='path', default=logrotate.CONFIG),
            backup_dir=dict(type='path', default=files.BACKUP_ROOT),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    result = dict(changed=False, taken_over=[], given_back=[], previous={}, notes=[], diff=[])
    try:
        with host_lock.held(module, 'logrotate_policy'):
            lost = logrotate_policy.apply_policy(module, lambda: swept(module, result), logfile.family, result)
        path = module.params['path']
        result['in_place_since'] = files.modified_at([path] if os.path.exists(path) else [])
    except (logrotate.LogrotateError, files.FileError) as error:
        module.fail_json(msg=to_text(error.args[0]), **result)
    except EnvironmentError as error:
        module.fail_json(msg='%s: %s.%s' % (error.filename, os.strerror(error.errno), UNCHANGED), **result)
    result['in_place'] = not (module.check_mode and result['changed']) and not lost
    module.exit_json(**result)


def swept(module, result):
    """Take away what runs that were killed left, or in check mode only look; the paths. Notes them in `result`."""
    params = module.params
    folder = os.path.dirname(params['path'])
    paths = [params['path'], params['config']] + [
        os.path.join(folder, name) for name in (os.listdir(folder) if os.path.isdir(folder) else ())]
    return files.sweep_for(module, paths, params['backup_dir'], result)


if __name__ == '__main__':
    main()
