#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: logfile_scan
short_description: Count known messages in text logs
version_added: 0.1.0
description:
  - Reads log files such as C(/var/log/messages) with their rotated files, and counts the lines that each signature
    matches. Only lines that hold a literal of a signature are examined, so it is fast, however many there are.
  - Lines may have the traditional stamp without year, an RFC 3339 stamp (C(RSYSLOG_FileFormat)) or RFC 5424 form. The
    year of a traditional stamp is worked out from when the file was last written and from the turns of the year in it.
  - Reads only.
  - Does not count what Ansible, sudo or the audit system log about the scan itself, and does not log its arguments.
author:
  - loghygiene contributors (@loghygiene)
options:
  signatures:
    description:
      - The signatures to look for, as the lookup P(loghygiene.rhel.signatures#lookup) returns them.
    type: list
    elements: dict
    required: true
  paths:
    description:
      - Log files, or globs of such. One that does not exist is no error; RV(files) tells what was read.
    type: list
    elements: path
    required: true
  rotated:
    description:
      - Read the rotated files of each path as well, oldest first. They are called C(PATH-YYYYMMDD) or C(PATH.N), or as
        the host's configuration of logrotate says by C(olddir), C(dateformat), C(extension) or C(addextension). They may be
        compressed with gzip, bzip2, xz or zstd. Python 2.7 needs the commands C(bzip2) and C(xz) for that; zstd needs
        libzstd or the command C(zstd).
    type: bool
    default: true
  logrotate_config:
    description: The configuration of logrotate, which says how rotated files are called.
    type: path
    default: /etc/logrotate.conf
    version_added: 0.1.0
  since:
    description:
      - Count lines from this time on, RFC 3339 as in V(2026-11-22T16:01:20+09:00), C(YYYY-MM-DD[ HH:MM[:SS]]) in
        the time zone of the host, or C(@SECONDS) since the epoch.
      - A stamp of whole seconds counts when it is not before the second that this time lies in.
    type: str
  until:
    description:
      - Count lines up to and including this time; the same forms as O(since).
    type: str
  cursor:
    description:
      - Count only what was written since the call that returned this in RV(cursor), also when files were rotated
        meanwhile.
    type: str
    default: ''
  boots:
    description:
      - The boots of the host, as M(loghygiene.rhel.journal_scan) returns them. With them a line is counted for the boot
        that was running at its time.
      - Like O(since) and O(until), takes some times longer, as the time of every line has to be read.
    type: list
    elements: dict
  expect:
    description:
      - Counts to wait for, a dictionary of signature id and number. The logger may be some seconds behind the journal.
    type: dict
    default: {}
  wait:
    description:
      - Seconds to wait at most for what O(expect) names. The scan is made again until it is there.
    type: int
    default: 0
  max_samples:
    description:
      - The number of matching lines to return of each signature, the newest ones.
    type: int
    default: 3
  unexplained:
    description:
      - Group the lines of priority warning or worse that no signature explains, in RV(unexplained).
      - Only a line that begins with a PRI, such as C(<12>), tells its priority, and rsyslog writes none into
        C(/var/log/messages) by default. Lines without one are never among them; ask M(loghygiene.rhel.journal_scan).
    type: bool
    default: false
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: posix
    details:
      - RHEL and its relatives, 7 to 10, with Python 2.7 or 3.6 and later.
seealso:
  - module: loghygiene.rhel.journal_scan
'''

EXAMPLES = r'''
- name: Count every known message in the logs of a host, rotated files included
  loghygiene.rhel.logfile_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    paths:
      - /var/log/messages
      - /var/log/secure
  register: logs
  become: true

- name: Look at what was written since
  loghygiene.rhel.logfile_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    paths:
      - /var/log/messages
      - /var/log/secure
    cursor: "{{ logs.cursor }}"
  become: true

- name: Look into one rotated file only
  loghygiene.rhel.logfile_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    paths:
      - /var/log/messages-20261122.gz
    rotated: false
  become: true

- name: Look into the files that a log server keeps for each host, their rotated files included
  loghygiene.rhel.logfile_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    paths:
      - /var/log/remote/*/messages
    since: "2026-11-01"
  become: true
'''

RETURN = r'''
signatures:
  description: What was found of each signature given, in that order; of one never seen, with the count 0.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the signature.
      type: str
    count:
      description: Number of lines that match.
      type: int
    first_seen:
      description: Time of the earliest match, RFC 3339 in UTC, as exact as the file; null when there is none.
      type: str
    last_seen:
      description: Time of the latest match; null when there is none.
      type: str
    episodes:
      description: Number of runs of matches between which more than an hour passed.
      type: int
    boots:
      description: The matches of each boot, when O(boots) are given.
      type: list
      elements: dict
      contains:
        boot_id:
          description: The boot, 32 hexadecimal digits; empty for lines from before the first.
          type: str
        count:
          description: Number of lines of the boot that match.
          type: int
        first_seen:
          description: Time of the earliest match in the boot.
          type: str
        last_seen:
          description: Time of the latest match in the boot.
          type: str
    sinks:
      description: The matches of each log, without those that have none.
      type: list
      elements: dict
      contains:
        sink:
          description: Path of the log, of O(paths); lines of its rotated files count for it too.
          type: str
        count:
          description: Number of its lines that match.
          type: int
    samples:
      description: The newest matches.
      type: list
      elements: dict
      contains:
        at:
          description: Time of the line.
          type: str
        text:
          description: Its message; of one longer than 2000 characters, the beginning.
          type: str
        file:
          description: The file it stands in.
          type: str
        line:
          description: The number of its line there.
          type: int
    unclosed:
      description:
        - Of a signature with C(watch), the last match that opened something which no later match closed, else null.
      type: dict
      contains:
        at:
          description: Time of the line.
          type: str
        boot_id:
          description: Its boot, null when O(boots) are not given.
          type: str
        text:
          description: Its message.
          type: str
    closed:
      description: Of a signature with C(watch), the last match that closed something, else null.
      type: dict
      contains:
        at:
          description: Time of the line.
          type: str
        boot_id:
          description: Its boot, null when O(boots) are not given.
          type: str
    lookalikes:
      description:
        - The same keys as in M(loghygiene.rhel.journal_scan), always empty, as only the journal knows where a message
          came from.
      type: dict
boots:
  description: The boots whose lines were read, when O(boots) are given.
  returned: success
  type: list
  elements: dict
  contains:
    boot_id:
      description: The boot, 32 hexadecimal digits; empty for lines from before the first.
      type: str
    machine_id:
      description: Always null, as a text log does not tell the machine.
      type: str
    first_seen:
      description: Time of the earliest line read.
      type: str
    last_seen:
      description: Time of the latest line read.
      type: str
    entries:
      description: Number of lines read.
      type: int
machines:
  description: Always empty; the same key of M(loghygiene.rhel.journal_scan) tells what was found of each machine.
  returned: success
  type: list
  elements: dict
unexplained:
  description: What no signature explains, with O(unexplained); else null.
  returned: success
  type: dict
  contains:
    entries:
      description:
        - Number of lines of priority warning or worse that no signature explains.
        - Null when it cannot be told, because no line tells how severe it is.
      type: int
    without_severity:
      description: Number of lines without a PRI, as rsyslog writes them by default, so that nobody can tell whether they belong here.
      type: int
    priorities:
      description: Number of RV(unexplained.entries) of each V(priority) that occurs, the most severe first.
      type: list
      elements: dict
    groups:
      description: The 100 most severe groups of lines of the same program with the same text, of these the largest first.
      type: list
      elements: dict
      contains:
        program:
          description: The tag of the lines, null when they have none.
          type: str
        template:
          description: Their text, with placeholders such as C(<num>) for what varies.
          type: str
        priority:
          description: Keyword of the most severe priority among them.
          type: str
        count:
          description: Number of lines.
          type: int
        first_seen:
          description: Time of the earliest line.
          type: str
        last_seen:
          description: Time of the latest line.
          type: str
        sample:
          description: One of the lines, with the keys of a sample of a signature.
          type: dict
    more_groups:
      description: Number of groups that are not listed.
      type: int
    more_entries:
      description: Number of lines in them.
      type: int
losses:
  description: What was not recorded, as far as the logs tell.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: What happened, such as V(imjournal-rate-limit), V(kernel-suppressed) or V(unreadable-file).
      type: str
    source:
      description: Whose messages were lost, a program, unit or function, or the file it is about.
      type: str
    entries:
      description: Number of lines that say so; null for a file.
      type: int
    lost:
      description: Number of messages lost, null when the log does not say.
      type: int
    first_seen:
      description: Time of the earliest such line.
      type: str
    last_seen:
      description: Time of the latest such line.
      type: str
    detail:
      description: One of the lines, or the reason.
      type: str
cursor:
  description:
    - Where the next scan can continue. The word V(v1) and JSON, a list with what was read of each file.
    - A last line that has no newline yet is counted, and looked at again when it is finished.
  returned: success
  type: str
entries:
  description:
    - Number of lines read, whether they match or not. With O(since), O(until) or O(boots), only those that have the
      form of a log line and lie between the times.
  returned: success
  type: int
files:
  description: Paths of the files that were read, in the order of reading.
  returned: success
  type: list
  elements: str
errors:
  description: What could not be read or examined. The rest was.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The file.
      type: str
    reason:
      description: Why, and what to do.
      type: str
method:
  description: How the answer was obtained.
  returned: success
  type: str
  sample: lines that hold a literal parsed, all counted
'''

from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import scan as logfile_scan
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate.configuration import CONFIG
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.no_log_module import NoLogModule


def main():
    module = NoLogModule(
        argument_spec=dict(
            signatures=dict(type='list', elements='dict', required=True),
            paths=dict(type='list', elements='path', required=True),
            rotated=dict(type='bool', default=True),
            logrotate_config=dict(type='path', default=CONFIG),
            since=dict(type='str'),
            until=dict(type='str'),
            cursor=dict(type='str', default=''),
            boots=dict(type='list', elements='dict'),
            expect=dict(type='dict', default={}),
            wait=dict(type='int', default=0),
            max_samples=dict(type='int', default=3),
            unexplained=dict(type='bool', default=False),
        ),
        supports_check_mode=True,
    )
    try:
        found = logfile_scan.look(module.get_bin_path, **module.params)
    except logfile_scan.ScanError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **found)


if __name__ == '__main__':
    main()
