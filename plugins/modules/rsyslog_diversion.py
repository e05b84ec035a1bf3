#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: rsyslog_diversion
short_description: Have rsyslog move known harmless messages to files of their own
version_added: 0.1.0
description:
  - Writes one rsyslog drop-in with a rule for each signature. What it matches goes to a file named after the signature
    instead of C(/var/log/messages). No message is dropped, and the journal keeps them all.
  - rsyslogd decides as the scanner does, by the same signature. The sender is told by fields that C(journald) vouches
    for, so a program cannot pass a line off as the kernel's.
  - A diverted message stops. Forwarders that stand after the drop-in would miss it, so each simple one, a selector with
    one C(@host), C(@@host), C(omfwd) or C(omrelp) action, is copied in front of the stop. Where that is not possible,
    nothing is changed and the message tells which statement is to be moved.
  - What stands before the drop-in has written a message already, or stopped it. Where a log file is written before
    O(path) is read, as by the rulesets of the RHEL system role C(logging), the drop-in goes to O(early_path) instead, and
    what forwards messages behind it, calls of rulesets included, gets diverted messages by a copy.
  - Where the configuration alone does not show that the diversion works, rsyslogd does. A private one, with a copy of the
    whole configuration whose outputs are private files, gets the examples of each signature. What must move has to be in
    its own file and in no other, what must not move has to go where it went before, and forwards must get the same.
    Where that is not so, nothing is changed and the message tells which statement is in the way.
  - Before anything is written, C(rsyslogd -N1) reads the whole configuration with the new drop-in in a private copy.
  - A logrotate rule keeps what is diverted. rsyslogd is restarted where the drop-in changed. Where it does not come back,
    all of it is undone, rsyslogd is started again, and the module fails.
options:
  items:
    description: What to divert. What the drop-in diverts and no item names is diverted no more.
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
        description: Divert it only where it is diverted already.
        type: bool
        default: false
  state:
    description: With V(absent), the drop-in and the logrotate rule are removed. Files with diverted messages stay.
    type: str
    choices: [present, absent]
    default: present
  retention_days:
    description: How many days a diverted message is kept at least.
    type: int
    default: 365
  path:
    description: The drop-in. It should be the last of its directory, so that forwarders in others come first.
    type: path
    default: /etc/rsyslog.d/zz_log_hygiene.conf
  early_path:
    description: The drop-in where log files are written before O(path) is read. Only one of the two is there.
    type: path
    default: /etc/rsyslog.d/00_log_hygiene_known.conf
  directory:
    description: Where rsyslogd writes diverted messages, a file C(ID.log) for each signature, readable by root only.
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
      - A file that is made when the drop-in changes. It says that rsyslogd does not know of it yet, and goes with the
        restart. A run that ended in between is made up for by the next one. It should be where a reboot removes it.
    type: path
    default: /run/log_hygiene.rsyslog
  backup_dir:
    description: Where the first original of an edited file is kept, under its absolute path.
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
  - Needs root, systemd, logrotate, and rsyslog 8.24 or later that takes its messages from the journal by C(imjournal).
  - An rsyslogd that somebody stopped or masked is not started. Nothing is diverted then; with O(state=absent) it reads
    what is left when it is started.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Divert what the AhnLab V3 modules tell of their everyday life
  loghygiene.rhel.rsyslog_diversion:
    items: "{{ lookup('loghygiene.rhel.signatures', query=query) }}"
  vars:
    query: "[?id=='ahnlab-v3-module-lifecycle'].{signature_id: id, signature: @}"

- name: Divert nothing any more
  loghygiene.rhel.rsyslog_diversion:
    state: absent
'''

RETURN = r'''
ids:
  description: What the drop-in diverts after the call, or would in check mode.
  type: list
  elements: str
  returned: always
  sample: [ahnlab-v3-module-lifecycle]
removed:
  description: Ids that the drop-in held and that no item names.
  type: list
  elements: str
  returned: always
forwarders:
  description: Statements that were copied in front of the stop.
  type: list
  elements: dict
  returned: always
  contains:
    file:
      description: Where it stands.
      type: str
    line:
      description: Its line.
      type: int
    text:
      description: The statement.
      type: str
path:
  description: The drop-in that is there after the call, O(path) or O(early_path); null when there is none.
  type: str
  returned: always
proved_by:
  description:
    - How it is known that the diversion works, V(reading) the configuration (no statement before the drop-in takes such
      messages) or V(rsyslogd) (a private one did with test messages what it should). Null when it is not known, or
      nothing is diverted.
  type: str
  returned: always
previous:
  description: What the drop-in held before, null when there was none.
  type: str
  returned: always
former:
  description: The same by path, of each of the two drop-ins that changes or was there.
  type: dict
  returned: always
in_place:
  description: Whether the state asked for is there now, and is known to work (RV(proved_by)). False in check mode where something would change.
  type: bool
  returned: always
in_place_since:
  description: The newest modification time of the files that carry the remedy, in UTC, or null when there are none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
signatures:
  description: The signature of each item, in their order.
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
  description: What was changed, or would be in check mode.
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
  description: What has to happen before the remedy takes effect, V(restart), which the module does.
  type: str
  returned: always
notes:
  description: What the operator should know.
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
