#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: log_retention_info
short_description: Report how long logs are actually kept
version_added: 0.1.0
description:
  - For the journal and for each log of the policy, returns the oldest entry that is present, the rate of growth, what
    journald or logrotate will remove and when, and whether that meets the policy.
  - Reads the logs with their rotated and compressed files, the headers of the journal files, and the configuration of
    logrotate and of journald with its drop-ins.
  - Does not change the host.
  - Works without root. RV(stores[].reason) then names what could not be read.
options:
  rules:
    description: The logs.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Path of the log.
        type: str
        required: true
      keep_days:
        description: Minimum number of days that each line must be kept. Without it, the log is not assessed.
        type: int
  journal_keep_days:
    description: Minimum number of days that each entry of the journal must be kept. Without it, the journal is left out.
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
  - A traditional timestamp has no year. The year is derived from the modification time of the file and from the changes
    of year within it.
  - The age of the host is that of C(/etc/machine-id).
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Check that logins are kept for two years and the journal for three months
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
  description: The journal, with O(journal_keep_days), and each log of O(rules).
  type: list
  elements: dict
  returned: success
  contains:
    store:
      description: V(journal) or V(file).
      type: str
    path:
      description: Path of the log, or the directory of the journal files.
      type: str
    oldest:
      description: Time of the oldest entry that is there, RFC 3339 in UTC; null if there is none.
      type: str
    newest:
      description: Time of the newest entry.
      type: str
    bytes:
      description: Size on disk, of a log with all its rotated files, of the journal with its archived files.
      type: int
    uncompressed_bytes:
      description:
        - Size of the lines in a log and its rotated files. Null for the journal, and if it is not known, because xz,
          bzip2 and zstd files do not record it.
      type: int
    growth_per_day:
      description: Bytes on disk per day, RV(stores[].bytes) divided by RV(stores[].held_days). Null for less than a day.
      type: float
    uncompressed_growth_per_day:
      description: Bytes of lines per day.
      type: float
    held_days:
      description: Days since the oldest entry.
      type: float
    days_until_eviction:
      description: Days until the oldest entries are removed at this rate; null if never or not known.
      type: float
    days_until_full:
      description: Days until the file system is full, if nothing is removed and nothing else grows.
      type: float
    free_bytes:
      description: Free bytes on its file system.
      type: int
    rotation:
      description: How entries of the log or of the journal are removed.
      type: dict
      contains:
        description:
          description: What removes entries, as a phrase for people.
          type: str
        kept_days:
          description: Minimum number of days that each entry is kept; null if for ever or not known.
          type: float
        problem:
          description: Why the log is not rotated according to its rule; null if it is.
          type: str
        file:
          description: File that holds the stanza of the log; null if there is none.
          type: str
        line:
          description: Line of the stanza.
          type: int
        criterion:
          description: When the log is rotated, C(daily), C(weekly), C(size) and so on.
          type: str
        rotate:
          description: Number of rotated files kept, -1 for all.
          type: int
        maxage_days:
          description: Age at which rotated files are removed; null if there is none.
          type: int
        size_bytes:
          description: Size at which the log is rotated; null if there is none.
          type: int
        maxsize_bytes:
          description: Size at which the log is rotated before its time; null if there is none.
          type: int
        minsize_bytes:
          description: Size below which the log is not rotated; null if there is none.
          type: int
        compress:
          description: Whether rotated files are compressed.
          type: bool
        rotated_files:
          description: Number of rotated files that exist.
          type: int
        last_rotated:
          description: When the log was last rotated, according to logrotate's state file.
          type: str
        storage:
          description: The option Storage of journald.
          type: str
        persistent:
          description: Whether the journal survives a reboot.
          type: bool
        limit_bytes:
          description: Bytes that the journal may use now.
          type: int
        max_use_bytes:
          description: SystemMaxUse, or RuntimeMaxUse, in effect.
          type: int
        keep_free_bytes:
          description: SystemKeepFree, or RuntimeKeepFree, in effect.
          type: int
        max_file_bytes:
          description: Maximum size of one file.
          type: int
        max_files:
          description: Maximum number of files; 0 for no limit.
          type: int
        max_retention_days:
          description: MaxRetentionSec in days; null if there is none.
          type: float
        max_file_days:
          description: MaxFileSec in days; null if there is none.
          type: float
        journal_files:
          description: Number of journal files.
          type: int
        files:
          description: Configuration files of journald that were read, in the order in which journald reads them.
          type: list
          elements: str
    keep_days:
      description: Required number of days.
      type: int
    meets:
      description: Whether the policy is met. Null if that is unknown, or if no number of days was given.
      type: bool
    reason:
      description: The reason.
      type: str
logrotate:
  description: The state of logrotate itself.
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
      description: Path of its state file; null if there is none.
      type: str
    last_run:
      description: When its last run ended, according to its state file.
      type: str
    description:
      description: The same as a phrase for people.
      type: str
    problems:
      description: What logrotate complains about in its configuration, with file and line.
      type: list
      elements: str
'''


from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import retention


def main():
    module = LoggedModule(
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
