#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: log_retention_info
short_description: Tell how long logs are really held
version_added: 0.1.0
description:
  - For the journal and for each log of the policy, tells the oldest entry that is really there, how fast it grows, what
    journald or logrotate will remove and when, and whether that meets the policy.
  - Reads the logs with their rotated files, compressed too, the headers of the journal files, the configuration of
    logrotate as logrotate reads it, and that of journald with its drop-ins.
  - Reads only.
  - Works without root. What cannot be read then says so in RV(stores[].reason).
options:
  rules:
    description: The logs.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The log.
        type: str
        required: true
      keep_days:
        description: Days that each line is to be kept, at least. Without it nothing is judged.
        type: int
  journal_keep_days:
    description: Days that each entry of the journal is to be kept. Without it the journal is no store of the policy.
    type: int
  logrotate_config:
    description: The main configuration file of logrotate.
    type: path
    default: /etc/logrotate.conf
  logrotate_state:
    description: The state file of logrotate. Without it, the newest of those that EL and logrotate itself use.
    type: path
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
  - A traditional stamp has no year. It is worked out from when the file was last written and from the turns of the year
    in it.
  - How old the host is, is told by C(/etc/machine-id).
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Are logins kept two years, and the journal three months?
  loghygiene.rhel.log_retention_info:
    rules:
      - path: /var/log/secure
        keep_days: 730
    journal_keep_days: 90
  register: retention
  become: true
'''

RETURN = r'''
stores:
  description: The journal, when it is a store, and each of O(rules).
  type: list
  elements: dict
  returned: success
  contains:
    store:
      description: V(journal) or V(file).
      type: str
    path:
      description: The log; of the journal, the directory of its files.
      type: str
    oldest:
      description: Time of the oldest entry that is there, RFC 3339 in UTC; null when there is none.
      type: str
    newest:
      description: Time of the newest entry.
      type: str
    bytes:
      description: What it takes on disk, a log with all its rotated files, the journal with its archived files.
      type: int
    uncompressed_bytes:
      description:
        - Bytes of the lines in a log and its rotated files. Null where that is not known, as xz, bzip2 and zstd do not
          tell, and for the journal.
      type: int
    growth_per_day:
      description: Bytes on disk a day, RV(stores[].bytes) by RV(stores[].held_days). Null for less than a day.
      type: float
    uncompressed_growth_per_day:
      description: Bytes of lines a day.
      type: float
    held_days:
      description: Days since the oldest entry.
      type: float
    days_until_eviction:
      description: Days until the oldest entries are removed, at this rate; null for never or not known.
      type: float
    days_until_full:
      description: Days until the file system is full when nothing is removed and nothing else grows.
      type: float
    free_bytes:
      description: Free on its file system.
      type: int
    rotation:
      description: What removes entries, of a log or of the journal.
      type: dict
      contains:
        description:
          description: What removes entries, as a phrase for people.
          type: str
        kept_days:
          description: Days that each entry is kept at least; null for ever or not known.
          type: float
        problem:
          description: Why a log is not rotated as its rule says, null where it is.
          type: str
        file:
          description: Where the stanza of a log is, null for none.
          type: str
        line:
          description: Its line.
          type: int
        criterion:
          description: When the log is rotated, C(daily), C(weekly), C(size) and so on.
          type: str
        rotate:
          description: Number of rotated files kept, -1 for all.
          type: int
        maxage_days:
          description: Age at which rotated files are removed, null for none.
          type: int
        size_bytes:
          description: Size at which the log is rotated, null for none.
          type: int
        maxsize_bytes:
          description: Size at which the log is rotated before its time, null for none.
          type: int
        minsize_bytes:
          description: Size below which the log is not rotated, null for none.
          type: int
        compress:
          description: Whether rotated files are compressed.
          type: bool
        rotated_files:
          description: Number of rotated files that are there.
          type: int
        last_rotated:
          description: When the log was last rotated, by logrotate's state file.
          type: str
        storage:
          description: Storage of journald.
          type: str
        persistent:
          description: Whether the journal survives a reboot.
          type: bool
        limit_bytes:
          description: What the journal may take now.
          type: int
        max_use_bytes:
          description: SystemMaxUse, or RuntimeMaxUse, in effect.
          type: int
        keep_free_bytes:
          description: SystemKeepFree, or RuntimeKeepFree, in effect.
          type: int
        max_file_bytes:
          description: The largest size of one file.
          type: int
        max_files:
          description: The largest number of files, 0 for any.
          type: int
        max_retention_days:
          description: MaxRetentionSec in days, null for none.
          type: float
        max_file_days:
          description: MaxFileSec in days, null for none.
          type: float
        journal_files:
          description: Number of files that are there.
          type: int
        files:
          description: The configuration files of journald that were read, in its order.
          type: list
          elements: str
    keep_days:
      description: Days asked for.
      type: int
    meets:
      description: Whether the policy is met. Null when it cannot be told, or when nothing was asked for.
      type: bool
    reason:
      description: Why.
      type: str
logrotate:
  description: Whether logrotate runs at all.
  type: dict
  returned: success
  contains:
    enabled:
      description: Whether something starts it; null if that cannot be determined.
      type: bool
    by:
      description: What starts it, such as V(logrotate.timer).
      type: str
    state_file:
      description: Its state file, null when there is none.
      type: str
    last_run:
      description: When it last ended, by its state file.
      type: str
    description:
      description: The same as a phrase for people.
      type: str
    problems:
      description: What logrotate complains about in its configuration, with file and line.
      type: list
      elements: str
'''

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import retention


def main():
    module = AnsibleModule(
        argument_spec=dict(
            rules=dict(type='list', elements='dict', default=[], options=dict(
                path=dict(type='str', required=True), keep_days=dict(type='int'))),
            journal_keep_days=dict(type='int'),
            logrotate_config=dict(type='path', default=logrotate.CONFIG),
            logrotate_state=dict(type='path'),
        ),
        supports_check_mode=True,
    )
    try:
        module.exit_json(changed=False, **retention.look(module.get_bin_path, **module.params))
    except logrotate.LogrotateError as error:
        module.fail_json(msg=str(error))


if __name__ == '__main__':
    main()
