#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: rsyslog_diversion
short_description: Configure rsyslog to divert known harmless messages to separate files
version_added: 0.1.0
description:
  - Writes one rsyslog drop-in with a rule for each signature. Matching messages are written to a file named after the
    signature instead of C(/var/log/messages). No message is dropped, and the journal keeps all of them.
  - rsyslogd applies the same signature as the scanner. The sender is identified by fields that C(journald) sets itself,
    so a program cannot write a message in the name of the kernel.
  - Processing of a diverted message stops. Forwarders behind the drop-in would miss it, so each simple one, a selector
    with one C(@host), C(@@host), C(omfwd) or C(omrelp) action, is copied in front of the stop. If that is not possible,
    nothing is changed and the message names the statement to move.
  - A forwarder with a queue on disk gets a copy with its own queue, whose files end in C(.log_hygiene_diversion). Both have
    the same limits, so the two may take twice the disk. RV(queues_left) lists queues of copies that are gone and that
    still hold messages.
  - Statements before the drop-in have already written or stopped a message. If a log file is written before O(path) is
    read, as by the rulesets of the RHEL system role C(logging), the drop-in is written to O(early_path) instead. What
    forwards messages behind it, including calls of rulesets, then gets a copy of diverted messages.
  - If the configuration alone does not show that the diversion works, rsyslogd is tested. A private rsyslogd, with a copy
    of the whole configuration whose outputs are private files, processes the examples of each signature. A message to be
    diverted must be in its own file and in no other. Any other message must go where it went before, and forwards must
    get the same messages. Otherwise nothing is changed and the message names the statement at fault.
  - Before anything is written, C(rsyslogd -N1) validates a private copy of the whole configuration with the new drop-in.
  - A logrotate rule keeps the diverted messages. rsyslogd is restarted if the drop-in changed. If it does not start, all
    changes are undone, rsyslogd is started again, and the module fails.
options:
  items:
    description: The signatures to divert. Signatures that no item names are no longer diverted.
    type: list
    elements: dict
    default: []
    suboptions:
      signature_id:
        description: The signature that the item is for.
        type: str
        required: true
      signature:
        description:
          - The signature, as P(loghygiene.rhel.signatures#lookup) returns it. It must have the disposition V(divert).
        type: dict
        required: true
      keep:
        description: Whether to divert the signature only if it is diverted already.
        type: bool
        default: false
  state:
    description: With V(absent), the drop-in and the logrotate rule are removed. Files with diverted messages are kept.
    type: str
    choices: [present, absent]
    default: present
  retention_days:
    description:
      - Minimum number of days that a diverted message is kept. Without it, the number that is in force, or else 365.
      - Less than what is in force is refused without O(allow_shorter).
    type: int
  allow_shorter:
    description: Allow diverted messages to be kept for less time than now.
    type: bool
    default: false
  path:
    description: The drop-in. It should be the last of its directory, so that forwarders in others come first.
    type: path
    default: /etc/rsyslog.d/zz_log_hygiene.conf
  early_path:
    description: The drop-in to use if log files are written before O(path) is read. Only one of the two exists.
    type: path
    default: /etc/rsyslog.d/00_log_hygiene_known.conf
  directory:
    description: Directory for diverted messages, with a file C(ID.log) for each signature, readable by root only.
    type: path
    default: /var/log/log_hygiene
  config:
    description: The main configuration file of rsyslogd.
    type: path
    default: /etc/rsyslog.conf
  logrotate:
    description: The rule of logrotate for the diverted messages.
    type: path
    default: /etc/logrotate.d/log_hygiene
  pending:
    description:
      - A file that marks a changed drop-in that rsyslogd has not loaded yet. The restart removes it. If a run ends in
        between, the next one restarts rsyslogd. The file should be in a directory that a reboot clears.
    type: path
    default: /run/log_hygiene.rsyslog
  backup_dir:
    description: Directory for the original of an edited file, under its absolute path.
    type: path
    default: /var/lib/log_hygiene/backup
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - loghygiene.rhel.host_lock
  - loghygiene.rhel.remedy
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: linux
notes:
  - Requires root, systemd, logrotate, and rsyslog 8.24 or later that reads the journal by C(imjournal).
  - An rsyslogd that somebody stopped or masked is not started, and nothing is diverted then. With O(state=absent), it
    loads the remaining configuration when it is started.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Divert the routine messages of the AhnLab V3 modules
  loghygiene.rhel.rsyslog_diversion:
    items: "{{ lookup('loghygiene.rhel.signatures', query=query) }}"
  vars:
    query: "[?id=='ahnlab-v3-module-lifecycle'].{signature_id: id, signature: @}"

- name: Remove all diversions
  loghygiene.rhel.rsyslog_diversion:
    state: absent
'''

RETURN = r'''
ids:
  description: Ids of the signatures that are diverted after the call, or would be in check mode.
  type: list
  elements: str
  returned: always
  sample: [ahnlab-v3-module-lifecycle]
removed:
  description: Ids of signatures that were diverted and that no item names.
  type: list
  elements: str
  returned: always
forwarders:
  description: Statements that are copied in front of the stop.
  type: list
  elements: dict
  returned: always
  contains:
    file:
      description: The file of the statement.
      type: str
    line:
      description: Its line.
      type: int
    text:
      description: The statement.
      type: str
abandoned:
  description:
    - Queues on disk that no copy of a forwarder sends any more, as paths without their endings. Their messages are kept.
  type: list
  elements: str
  returned: always
queues_left:
  description: Those of them that hold messages, after the restart of rsyslogd.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The queue, without the endings of its files.
      type: str
    messages:
      description: The number of messages; null if its files do not say.
      type: int
losing:
  description: What keeps messages on the host and gets no diverted ones any more.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file; null if it is none, or its name comes from a template.
      type: str
    kind:
      description: V(file), V(pipe) or V(terminal).
      type: str
    file:
      description: The configuration file of the statement.
      type: str
    line:
      description: Its line.
      type: int
    statement:
      description: The statement, with its place and condition.
      type: str
path:
  description: The drop-in that exists after the call, O(path) or O(early_path); null if there is none.
  type: str
  returned: always
proved_by:
  description:
    - How the diversion was shown to work. V(reading) means by the configuration, because no statement before the drop-in
      takes such messages. V(rsyslogd) means by test messages in a private rsyslogd. Null if it was not shown, or if
      nothing is diverted.
  type: str
  returned: always
previous:
  description: Former content of the drop-in; null if there was none.
  type: str
  returned: always
former:
  description: The same by path, for each of the two drop-ins that changed or existed.
  type: dict
  returned: always
in_place:
  description: Whether the requested state is in place and was shown to work (RV(proved_by)). False in check mode if something would change.
  type: bool
  returned: always
in_place_since:
  description: Newest modification time of the files of the remedy, in UTC; null if there are none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
signatures:
  description: The signature of each item, in the order of the items.
  type: list
  elements: dict
  returned: always
  contains:
    signature_id:
      description: The signature.
      type: str
    in_place:
      description: Whether its remedy is in place.
      type: bool
files:
  description: Files that were changed, or would be in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    action:
      description: V(make), V(write) or V(remove).
      type: str
requires:
  description: What must happen before the remedy takes effect, V(restart), which the module does itself.
  type: str
  returned: always
edited:
  description: Files that somebody edited since this module wrote them, and that stay with O(state=absent).
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: Its path.
      type: str
    diff:
      description: The lines of a unified diff, from what was written to what is there.
      type: list
      elements: str
notes:
  description: Notes for the operator.
  type: list
  elements: str
  returned: always
'''

from ansible.module_utils.basic import env_fallback

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, diversion
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.no_log_module import NoLogModule


def main():
    # Signatures in the log of the target would be found by the next scan.
    remedy.run(NoLogModule(argument_spec=remedy.arguments(diversion, env_fallback), supports_check_mode=True), diversion)


if __name__ == '__main__':
    main()
