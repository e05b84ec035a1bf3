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
    matches. Only lines that hold a literal of a signature are parsed, so it is fast for any number of signatures.
  - Lines may have the traditional timestamp without a year, an RFC 3339 timestamp (C(RSYSLOG_FileFormat)), or the form
    of RFC 5424. The year of a traditional timestamp is derived from the modification time of the file and from the
    changes of year within it.
  - "A line C(message repeated N times: [ text ]) counts N times for the text. C(last message repeated N times) is not
    supported: it does not say of what, so the repetitions are counted for no signature."
  - Does not change the host.
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
      - Log files, or globs. A file that does not exist is not an error; RV(files) lists the files that were read.
    type: list
    elements: path
    required: true
  rotated:
    description:
      - Whether to read the rotated files of each path as well, oldest first. They are named C(PATH-YYYYMMDD) or
        C(PATH.N), or as C(olddir), C(dateformat), C(extension) or C(addextension) of the host's logrotate configuration
        define. They may be compressed with gzip, bzip2, xz or zstd. Python 2.7 requires the commands C(bzip2) and C(xz)
        for that; zstd requires libzstd or the command C(zstd).
    type: bool
    default: true
  logrotate_config:
    description: The configuration of logrotate, which defines the names of rotated files.
    type: path
    default: /etc/logrotate.conf
    version_added: 0.1.0
  since:
    description:
      - Count lines from this time on, RFC 3339 as in V(2026-11-22T16:01:20+09:00), C(YYYY-MM-DD[ HH:MM[:SS]]) in
        the time zone of the host, or C(@SECONDS) since the epoch.
      - A timestamp of whole seconds counts if it is not before the second that this time lies in.
    type: str
  until:
    description:
      - Count lines up to and including this time, in the same forms as O(since).
    type: str
  cursor:
    description:
      - Count only what was written since the call that returned this as RV(cursor), even if files were rotated
        meanwhile.
    type: str
    default: ''
  boots:
    description:
      - The boots of the host, as M(loghygiene.rhel.journal_scan) returns them. Each line is then counted for the boot
        that was running at its time.
      - Like O(since) and O(until), this takes several times as long, because the time of every line has to be read.
    type: list
    elements: dict
  expect:
    description:
      - Counts to wait for, as a dictionary of signature id and number. rsyslogd may be some seconds behind the journal.
    type: dict
    default: {}
  wait:
    description:
      - Maximum number of seconds to wait for the counts of O(expect). The scan is repeated until they are reached.
    type: int
    default: 0
  max_samples:
    description:
      - How many of the newest matching lines to return for each signature.
    type: int
    default: 3
  unexplained:
    description:
      - Whether to group the lines of priority warning or worse that no signature explains, in RV(unexplained).
      - Only a line that begins with a PRI, such as C(<12>), has a known priority, and rsyslog writes no PRI into
        C(/var/log/messages) by default. Lines without a PRI are left out; use M(loghygiene.rhel.journal_scan) for them.
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

- name: Count what was written since then
  loghygiene.rhel.logfile_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    paths:
      - /var/log/messages
      - /var/log/secure
    cursor: "{{ logs.cursor }}"
  become: true

- name: Read one rotated file only
  loghygiene.rhel.logfile_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    paths:
      - /var/log/messages-20261122.gz
    rotated: false
  become: true

- name: Read the files that a log server keeps for each host, rotated files included
  loghygiene.rhel.logfile_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    paths:
      - /var/log/remote/*/messages
    since: "2026-11-01"
  become: true
'''

RETURN = r'''
signatures:
  description: The result for each given signature, in the given order. The count is 0 if it was never seen.
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
      description: Time of the earliest match, RFC 3339 in UTC, as exact as the file; null if there is none.
      type: str
    last_seen:
      description: Time of the latest match; null if there is none.
      type: str
    episodes:
      description: Number of runs of matches between which more than an hour passed, by the time of day.
      type: int
    silence:
      description: Always null. A text log has no clock that nobody can set.
      type: float
    wait:
      description: Always null.
      type: float
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
          description: Its boot; null if O(boots) are not given.
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
          description: Its boot; null if O(boots) are not given.
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
    first_monotonic:
      description: Always null, as a text log does not tell the time by the clock of the boot.
      type: int
    last_monotonic:
      description: Always null.
      type: int
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
        - Null if it is not known, because no line has a priority.
      type: int
    without_severity:
      description: Number of lines without a PRI, as rsyslog writes them by default. Their severity is not known.
      type: int
    test_messages:
      description: Number of test messages of M(loghygiene.rhel.syslog_probe) of priority warning or worse. They are recognised by each
        of their words, and left out.
      type: int
    priorities:
      description: Number of RV(unexplained.entries) of each V(priority) that occurs, the most severe first.
      type: list
      elements: dict
    groups:
      description: The 100 most severe groups of lines with the same program and text; of the same priority, the largest first.
      type: list
      elements: dict
      contains:
        program:
          description: The tag of the lines; null if they have none.
          type: str
        template:
          description: Their text, with placeholders such as C(<num>) for the parts that vary.
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
  description: What was not recorded, as far as the logs show.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: What happened, such as V(imjournal-rate-limit), V(kernel-suppressed) or V(unreadable-file).
      type: str
    source:
      description: The program, unit or function whose messages were lost, or the file concerned.
      type: str
    entries:
      description: Number of lines that report the loss; null for a file.
      type: int
    lost:
      description: Number of lost messages; null if the log does not say.
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
    - Where the next scan can continue. It is the word V(v1) and JSON, a list of what was read of each file.
    - A last line without a newline is counted, and read again when it is complete.
  returned: success
  type: str
entries:
  description:
    - Number of lines read, whether they match or not. With O(since), O(until) or O(boots), only those that have the
      form of a log line and are within the times.
  returned: success
  type: int
files:
  description: Paths of the files that were read, in the order of reading.
  returned: success
  type: list
  elements: str
errors:
  description: What could not be read or examined. Everything else was.
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
