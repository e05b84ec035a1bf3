#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: journal_scan
short_description: Count known messages in the systemd journal
version_added: 0.1.0
description:
  - Counts the entries that each signature matches, in total, for each boot and for each machine, in the journal of the
    host or in any journal files, such as those that a log server collects.
  - Searches the journal files directly, as fast as C(grep) reads them, for any number of signatures. Files that only
    journalctl can read are read by journalctl; RV(method) says so.
  - Does not change the host. Requires journalctl; without C(grep) it is slower.
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
  directory:
    description:
      - Read the journal files in this directory, and in its subdirectories named by a machine id, instead of the
        journal of the host.
    type: path
  files:
    description:
      - Read these journal files instead of the journal of the host. A file that cannot be read is named in RV(errors),
        and the others are read.
    type: list
    elements: path
  boot:
    description:
      - Read the entries of one boot only. V(all) for every boot, V(current) for the running one, or a boot id.
    type: str
    default: all
  since:
    description:
      - Count entries from this time on, RFC 3339 as in V(2026-11-22T16:01:20+09:00), C(YYYY-MM-DD[ HH:MM[:SS]]) in
        the time zone of the host, or C(@SECONDS) since the epoch.
      - It is compared with the time of every entry, so that nothing is lost if the clock was set back. It does not make
        the scan faster.
    type: str
  until:
    description:
      - Count entries up to and including this time, in the same forms as O(since).
    type: str
  cursor:
    description:
      - Count only what is new since an earlier call that returned this as RV(cursor), independent of the clock. A cursor
        of journalctl, or of an earlier version of this module, is accepted as well. It holds less information, and
        entries for which it cannot decide are counted (RV(undecided)).
    type: str
    default: ''
  max_samples:
    description:
      - How many of the newest matching entries to return for each signature.
    type: int
    default: 3
  unexplained:
    description:
      - Whether to group the entries of priority warning or worse that no signature explains, in RV(unexplained).
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
  - module: loghygiene.rhel.logfile_scan
'''

EXAMPLES = r'''
- name: Count every known message in the journal of a host
  loghygiene.rhel.journal_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
  register: journal
  become: true

- name: Count what is new in the running boot
  loghygiene.rhel.journal_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    boot: current
    cursor: "{{ journal.cursor }}"
  become: true

- name: Scan the journals that a log server collects, and group what no signature explains
  loghygiene.rhel.journal_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    directory: /var/log/journal/remote
    since: "2026-11-01"
    unexplained: true
  register: remote
  become: true

- name: Show the counts of each machine
  ansible.builtin.debug:
    msg: "{{ item.hostnames | join(' ') }}: {{ item.signatures | items2dict(key_name='id', value_name='count') }}"
  loop: "{{ remote.machines }}"
  loop_control:
    label: "{{ item.machine_id }}"

- name: Read rotated files by name
  loghygiene.rhel.journal_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures', ids=['tmpfiles-acl-missing-group']) }}"
    files:
      - /srv/old/system@0006396f1e2ac5e1-2f3c5d4b6a798081.journal~
      - /srv/old/system.journal
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
      description: Number of entries that match.
      type: int
    first_seen:
      description: Time of the earliest match, RFC 3339 in UTC; null if there is none.
      type: str
    last_seen:
      description: Time of the latest match; null if there is none.
      type: str
    episodes:
      description:
        - Number of runs of matches between which the host ran for more than an hour, by the clocks of its boots, which
          nobody can set.
      type: int
    silence:
      description:
        - The longest time that the host ran without a match, in seconds by the same clocks. The time before the first
          match and after the last counts. Null if no entry has such a time.
      type: float
    wait:
      description:
        - How long, in seconds by the same clocks, one has to wait at the mean for a match from any moment on. It tells
          bursts from what comes steadily.
      type: float
    sinks:
      description: The matches of each log, without those that have none.
      type: list
      elements: dict
      contains:
        sink:
          description: Always V(journal).
          type: str
        count:
          description: Number of its entries that match.
          type: int
    boots:
      description: The matches of each boot, by the time of the first.
      type: list
      elements: dict
      contains:
        boot_id:
          description: The boot, 32 hexadecimal digits, as journalctl shows it.
          type: str
        count:
          description: Number of entries of the boot that match.
          type: int
        first_seen:
          description: Time of the earliest match in the boot.
          type: str
        last_seen:
          description: Time of the latest match in the boot.
          type: str
    samples:
      description: The newest matches.
      type: list
      elements: dict
      contains:
        at:
          description: Time of the entry.
          type: str
        text:
          description: Its message; of one longer than 2000 characters, the beginning.
          type: str
        cursor:
          description: Its cursor, for C(journalctl --cursor).
          type: str
        source:
          description:
            - The writer, by fields that only journald sets. C(uid), C(exe) and C(unit) (of the system manager); each is
              null if the entry has none.
          type: dict
    unclosed:
      description:
        - Of a signature with C(watch), the last match that opened something which no later match closed, else null.
      type: dict
      contains:
        at:
          description: Time of the entry.
          type: str
        boot_id:
          description: Its boot.
          type: str
        text:
          description: Its message.
          type: str
    closed:
      description: Of a signature with C(watch), the last match that closed something, else null.
      type: dict
      contains:
        at:
          description: Time of the entry.
          type: str
        boot_id:
          description: Its boot.
          type: str
    lookalikes:
      description:
        - Entries that do not match, although a text log would show them just like a match. Examples are a user process
          that poses as the kernel or as a system program, and an entry that is more severe, or was written longer after a
          boot, than the signature allows.
        - Has C(count), C(first_seen), C(last_seen), C(boots), C(samples) and C(shown_in). The last is how many of them the
          rules of EL send to /var/log/messages (V(messages)) and /var/log/secure (V(secure)), with C(sink), C(count) and
          C(boots).
      type: dict
boots:
  description: The boots whose entries were read, by the time of their first entry.
  returned: success
  type: list
  elements: dict
  contains:
    boot_id:
      description: The boot, 32 hexadecimal digits; empty for entries that name none.
      type: str
    machine_id:
      description: The machine, 32 hexadecimal digits; empty if the entries name none.
      type: str
    first_seen:
      description: Time of the earliest entry read.
      type: str
    last_seen:
      description: Time of the latest entry read.
      type: str
    first_monotonic:
      description: Time of the earliest entry read by the clock of the boot, in microseconds; null if not known.
      type: int
    last_monotonic:
      description: Time of the latest entry read by the same clock.
      type: int
    entries:
      description: Number of entries read.
      type: int
machines:
  description: The result for each machine, sorted by its id.
  returned: success
  type: list
  elements: dict
  contains:
    machine_id:
      description: The machine, 32 hexadecimal digits; empty for entries that name none.
      type: str
    hostnames:
      description: The host names of the machine.
      type: list
      elements: str
    entries:
      description: Number of its entries.
      type: int
    first_seen:
      description: Time of the earliest.
      type: str
    last_seen:
      description: Time of the latest.
      type: str
    boots:
      description: Its boots, by the time of their first entry.
      type: list
      elements: str
    signatures:
      description: C(id), C(count), C(first_seen) and C(last_seen) of each signature that was found.
      type: list
      elements: dict
unexplained:
  description: What no signature explains, with O(unexplained); else null.
  returned: success
  type: dict
  contains:
    entries:
      description:
        - Number of entries of priority warning or worse that no signature explains.
        - Null if it is not known, because no entry has a priority.
      type: int
    without_severity:
      description: Number of entries without C(PRIORITY). Their severity is not known.
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
      description: The 100 most severe groups of entries with the same program and text; of the same priority, the largest first.
      type: list
      elements: dict
      contains:
        program:
          description: Their C(SYSLOG_IDENTIFIER), or else C(_COMM).
          type: str
        template:
          description: Their text, with placeholders such as C(<num>) for the parts that vary.
          type: str
        priority:
          description: Keyword of the most severe priority among them.
          type: str
        count:
          description: Number of entries.
          type: int
        first_seen:
          description: Time of the earliest entry.
          type: str
        last_seen:
          description: Time of the latest entry.
          type: str
        sample:
          description: One of the entries, with the keys of a sample of a signature.
          type: dict
    more_groups:
      description: Number of groups that are not listed.
      type: int
    more_entries:
      description: Number of entries in them.
      type: int
losses:
  description: What was not recorded, as far as the journal shows.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description:
        - What happened, such as V(journald-suppressed), V(kernel-suppressed), V(crashed-file), V(unreadable-file),
          V(boot-gap) (nothing between two boots) or, without O(files), V(missing-entries) (numbers between two files that
          no file of the machine holds).
      type: str
    source:
      description: The program, unit or function whose messages were lost, or the file or machine concerned.
      type: str
    entries:
      description: Number of entries that report the loss; null for files and gaps.
      type: int
    lost:
      description:
        - Number of lost messages; null if the journal does not say. For V(unreadable-file), the number of entries that the
          file holds by its header and that could not be read.
      type: int
    first_seen:
      description: Time of the earliest such entry, or the beginning of a gap.
      type: str
    last_seen:
      description: Time of the latest such entry, or the end of a gap.
      type: str
    detail:
      description: One of the entries, or the reason.
      type: str
cursor:
  description:
    - Where the next scan can continue. It is O(cursor) if nothing is new, and empty for an empty journal.
    - It is a cursor of journalctl, followed by parts that journalctl ignores. C(;w=) is the last number of each other
      writer. C(;k=) is the boots that were read, with the monotonic time of the last entry of each. C(;d=) is the number of
      boots that are left out (256 are named).
  returned: success
  type: str
  sample: s=0639;i=4d2;b=6b8a;m=2a7;t=5c1;x=9f;k=6b8a.2a7
entries:
  description: Number of entries read, whether they match or not.
  returned: success
  type: int
undecided:
  description:
    - Maximum number of RV(entries) that may be older than O(cursor). They are counted, because only a clock could decide.
      It is 0 except for entries of a writer that O(cursor) does not name, in a boot that it names or may have left out.
  returned: success
  type: int
files:
  description: Paths of the journal files.
  returned: success
  type: list
  elements: str
errors:
  description: What could not be read. Everything else was.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The file or directory, or V(journal) if journalctl does not say.
      type: str
    reason:
      description: Why, and what to do.
      type: str
method:
  description: How the answer was obtained.
  returned: success
  type: str
  sample: 7 journal files searched directly
'''

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import scan as journal_scan
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.reader import JournalError
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.no_log_module import NoLogModule


def main():
    module = NoLogModule(
        argument_spec=dict(
            signatures=dict(type='list', elements='dict', required=True),
            directory=dict(type='path'),
            files=dict(type='list', elements='path'),
            boot=dict(type='str', default='all'),
            since=dict(type='str'),
            until=dict(type='str'),
            cursor=dict(type='str', default=''),
            max_samples=dict(type='int', default=3),
            unexplained=dict(type='bool', default=False),
        ),
        mutually_exclusive=[('directory', 'files')],
        supports_check_mode=True,
    )
    try:
        found = journal_scan.look(module.get_bin_path('journalctl'), **module.params)
    except JournalError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **found)


if __name__ == '__main__':
    main()
