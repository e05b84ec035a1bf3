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
  - Counts the entries that each signature matches, in all, for each boot and for each machine, in the journal of the
    host or in any journal files, such as those that a log server collects.
  - Searches the journal files directly, as fast as C(grep) reads them, however many signatures there are. What only
    journalctl can read goes through journalctl; RV(method) says so.
  - Reads only. Needs journalctl on the host; without C(grep) it is slower.
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
      - Read the journal files in this directory, and in its folders named by a machine id, instead of the host's own
        journal.
    type: path
  files:
    description:
      - Read these journal files instead of the host's own journal. One that cannot be read is named in RV(errors) and
        the rest is read.
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
      - Compared with the time of every entry, so that a clock that was set back loses nothing; it saves no time.
    type: str
  until:
    description:
      - Count entries up to and including this time; the same forms as O(since).
    type: str
  cursor:
    description:
      - Count only what is new since an earlier call that returned this in RV(cursor), whatever the clock says. A cursor of
        journalctl, or of an earlier version of this module, will do, too; it tells less, and what it does not decide is
        counted (RV(undecided)).
    type: str
    default: ''
  max_samples:
    description:
      - The number of matching entries to return of each signature, the newest ones.
    type: int
    default: 3
  unexplained:
    description:
      - Group the entries of priority warning or worse that no signature explains, in RV(unexplained).
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

- name: Look at what came since, in the running boot
  loghygiene.rhel.journal_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    boot: current
    cursor: "{{ journal.cursor }}"
  become: true

- name: Look at the journals that a log server collects, for each machine, and at what nobody has explained yet
  loghygiene.rhel.journal_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    directory: /var/log/journal/remote
    since: "2026-11-01"
    unexplained: true
  register: remote
  become: true

- name: Tell which machine has what
  ansible.builtin.debug:
    msg: "{{ item.hostnames | join(' ') }}: {{ item.signatures | items2dict(key_name='id', value_name='count') }}"
  loop: "{{ remote.machines }}"
  loop_control:
    label: "{{ item.machine_id }}"

- name: Look at rotated files by name
  loghygiene.rhel.journal_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures', ids=['tmpfiles-acl-missing-group']) }}"
    files:
      - /srv/old/system@0006396f1e2ac5e1-2f3c5d4b6a798081.journal~
      - /srv/old/system.journal
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
      description: Number of entries that match.
      type: int
    first_seen:
      description: Time of the earliest match, RFC 3339 in UTC; null when there is none.
      type: str
    last_seen:
      description: Time of the latest match; null when there is none.
      type: str
    episodes:
      description: Number of runs of matches between which more than an hour passed.
      type: int
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
            - Who wrote it, by fields that journald alone sets. C(uid), C(exe) and C(unit) (of the system manager); null
              where the entry has none.
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
        - Entries that do not match, though a text log would show them just like one that does, such as a user process
          that poses as the kernel or as a program of the system, or a line more severe or written longer after a boot than
          the signature allows. Has C(count), C(first_seen), C(last_seen), C(boots) and C(samples), and C(shown_in), which
          says how many of them the rules of EL send to /var/log/messages (V(messages)) and /var/log/secure (V(secure)),
          with C(sink), C(count) and C(boots).
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
      description: The machine, 32 hexadecimal digits; empty when the entries name none.
      type: str
    first_seen:
      description: Time of the earliest entry read.
      type: str
    last_seen:
      description: Time of the latest entry read.
      type: str
    entries:
      description: Number of entries read.
      type: int
machines:
  description: What was found of each machine, by its id.
  returned: success
  type: list
  elements: dict
  contains:
    machine_id:
      description: The machine, 32 hexadecimal digits; empty for entries that name none.
      type: str
    hostnames:
      description: The names it had.
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
      description: Of each signature that was found, C(id), C(count), C(first_seen) and C(last_seen).
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
        - Null when it cannot be told, because no entry tells how severe it is.
      type: int
    without_severity:
      description: Number of entries that have no C(PRIORITY) so that nobody can tell whether they belong here.
      type: int
    priorities:
      description: Number of RV(unexplained.entries) of each V(priority) that occurs, the most severe first.
      type: list
      elements: dict
    groups:
      description: The 100 most severe groups of entries of the same program with the same text, of these the largest first.
      type: list
      elements: dict
      contains:
        program:
          description: Their C(SYSLOG_IDENTIFIER), or else C(_COMM).
          type: str
        template:
          description: Their text, with placeholders such as C(<num>) for what varies.
          type: str
        priority:
          description: Keyword of the most severe priority among them.
          type: str
        count:
          description: Number of entries.
          type: int
        first_seen:
          description: Time of the earliest.
          type: str
        last_seen:
          description: Time of the latest.
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
  description: What was not recorded, as far as the journal tells.
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
      description: Whose messages were lost, a program, unit or function, or the file or machine it is about.
      type: str
    entries:
      description: Number of entries that say so; null for files and gaps.
      type: int
    lost:
      description:
        - Number of messages lost, null when the journal does not say. Of V(unreadable-file), entries that the file says it
          holds and that could not be read.
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
    - Where the next scan can continue; the one given when nothing came after it, empty for an empty journal.
    - A cursor of journalctl, with more behind it that journalctl ignores. C(;w=) and the last number of each other writer,
      C(;k=) and the boots that were read with the monotonic time of the last entry of each, C(;d=) and the number of boots
      that there was no room for (256 are named).
  returned: success
  type: str
  sample: s=0639;i=4d2;b=6b8a;m=2a7;t=5c1;x=9f;k=6b8a.2a7
entries:
  description: Number of entries read, whether they match or not.
  returned: success
  type: int
undecided:
  description:
    - Of RV(entries), how many at most may have come before O(cursor). They are counted, as nothing but a clock could
      tell. Not 0 only where entries of a writer that O(cursor) does not know are of a boot that it knows, or may know.
  returned: success
  type: int
files:
  description: Paths of the journal files.
  returned: success
  type: list
  elements: str
errors:
  description: What could not be read. The rest was.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The file or directory, or V(journal) when journalctl does not say.
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
