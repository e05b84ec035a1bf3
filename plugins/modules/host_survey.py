#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: host_survey
short_description: Look at a host once, for everything that a journey asks of it
version_added: 0.1.0
description:
  - Returns in one call what M(loghygiene.rhel.host_info), M(loghygiene.rhel.journal_scan),
    M(loghygiene.rhel.logfile_scan), M(loghygiene.rhel.trigger_info), M(loghygiene.rhel.log_retention_info) and
    M(loghygiene.rhel.alert_info) return one by one, and which remedies are in place. For people who want one of these, its
    module is simpler.
  - Reads only.
  - A part that cannot be done is named in RV(problems), and the rest is done. Without root or without a journal there is
    nothing to survey, and the module fails; RV(host) is returned then as well.
  - Does not count what Ansible, sudo or the audit system log about the scan itself, and does not log its arguments.
author:
  - loghygiene contributors (@loghygiene)
options:
  signatures:
    description:
      - The signatures to count in every log, as the lookup P(loghygiene.rhel.signatures#lookup) returns them. Without any,
        nothing is counted.
    type: list
    elements: dict
    default: []
  since:
    description:
      - Count of O(signatures) what came from this time on, as O(loghygiene.rhel.journal_scan#module:since).
    type: str
  unexplained:
    description:
      - Group what none of O(signatures) explains, as O(loghygiene.rhel.journal_scan#module:unexplained).
    type: bool
    default: false
  kinds:
    description:
      - Remedies to look at. A dictionary of the name of a role and a list of items, each with C(signature_id) and what the
        remedy of the signature is C(with).
      - Of an item is looked at whether its remedy is in place, where its signature was counted or is in O(remedied).
    type: dict
    default: {}
  remedied:
    description: Ids of signatures whose remedies are looked at even where none was counted.
    type: list
    elements: str
    default: []
  points:
    description:
      - Remedies of which is asked what happened since. Those of the same point are looked at together.
      - Nothing is asked of a remedy that is not in place. Whether it is says C(in_place), or without it O(kinds).
    type: list
    elements: dict
    default: []
    suboptions:
      role:
        description: The role.
        type: str
        required: true
      signature_ids:
        description: Ids of its signatures.
        type: list
        elements: str
        required: true
      triggers:
        description: The occasions to find, as O(loghygiene.rhel.trigger_info#module:triggers).
        type: list
        elements: str
        default: []
      wait_for:
        description: The occasions to wait for, as O(loghygiene.rhel.trigger_info#module:wait_for).
        type: list
        elements: dict
        default: []
        suboptions:
          any_of:
            description: Triggers of which one will do.
            type: list
            elements: str
            required: true
          delay:
            description: Seconds that must have passed since.
            type: int
            default: 0
      point:
        description:
          - Where the remedy came into force, with C(at), C(boot_id), C(journal_cursor) and C(log_cursors) as RV(ends) has
            them.
          - Without it, or where the remedy is in need of a change by O(kinds), the point is when the remedy was put in place.
            Where that is not known, it is the last boot.
        type: dict
      in_place:
        description:
          - Whether the remedy is in place.
          - Without it, the host is asked by O(kinds). Then only those signatures count whose items were looked at.
        type: bool
      in_place_since:
        description: When the remedy was put in place, RFC 3339 in UTC, for a remedy with O(points[].in_place).
        type: str
  verify_signatures:
    description: The signatures of O(points), to count what came since.
    type: list
    elements: dict
    default: []
  settle:
    description:
      - Seconds to wait at most for the occasions of O(points), where the host has booted since the point and less than 15 minutes
        ago. Nothing is waited for in check mode.
      - Up to a minute of it is waited for lines of O(diverted_ids).
    type: int
    default: 0
  diverted_ids:
    description: Ids of the signatures whose lines are to be in the diverted logs as often as in the journal.
    type: list
    elements: str
    default: []
  after:
    description:
      - The RV(ends) of an earlier call. Where nothing is counted, the present ones are found from there on, instead of by reading
        all logs.
    type: dict
  retention:
    description: Tell how long the logs are kept. Without it, this is left out.
    type: dict
    suboptions:
      rules:
        description: The logs, as O(loghygiene.rhel.log_retention_info#module:rules).
        type: list
        elements: dict
        default: []
        suboptions:
          path:
            description: The log.
            type: str
            required: true
          keep_days:
            description: Days that each line is to be kept.
            type: int
      journal_keep_days:
        description: Days that each entry of the journal is to be kept.
        type: int
  alerts:
    description: Tell whether alerts reach a person. Without it, this is left out.
    type: dict
    suboptions:
      rules:
        description: The rules of the policy, as O(loghygiene.rhel.alert_info#module:rules).
        type: list
        elements: dict
        required: true
      exemptions:
        description: What brings no alert, as O(loghygiene.rhel.alert_info#module:exemptions).
        type: list
        elements: dict
        default: []
      program_checksum:
        description: As O(loghygiene.rhel.alert_info#module:program_checksum).
        type: str
      probe_smtp:
        description: As O(loghygiene.rhel.alert_info#module:probe_smtp).
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
  - module: loghygiene.rhel.host_info
  - module: loghygiene.rhel.journal_scan
  - module: loghygiene.rhel.logfile_scan
  - module: loghygiene.rhel.trigger_info
  - module: loghygiene.rhel.log_retention_info
  - module: loghygiene.rhel.alert_info
'''

EXAMPLES = r'''
- name: Count every known message of a host, and tell how long its logs are kept
  loghygiene.rhel.host_survey:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"
    unexplained: true
    retention:
      rules:
        - path: /var/log/secure
          keep_days: 730
      journal_keep_days: 90
  register: survey
  become: true

- name: Tell what came of one signature since then
  loghygiene.rhel.host_survey:
    points:
      - role: tmpfiles_acl
        signature_ids: [tmpfiles-acl-missing-group]
        triggers: ["unit:systemd-tmpfiles-setup.service"]
        point: "{{ survey.ends }}"
    verify_signatures: "{{ lookup('loghygiene.rhel.signatures', ids=['tmpfiles-acl-missing-group']) }}"
  become: true
'''

RETURN = r'''
host:
  description: What the host is, as RV(loghygiene.rhel.host_info#module:host).
  returned: when the host says what it is
  type: dict
check_mode:
  description: Whether tasks run in check mode here.
  returned: success
  type: bool
sinks:
  description:
    - What was counted of O(signatures) in V(journal), V(messages), V(secure) and V(diverted), without those that the host
      has not. Null without O(signatures).
    - Each with the keys of M(loghygiene.rhel.journal_scan); those of the text logs are from M(loghygiene.rhel.logfile_scan),
      by the boots of the journal.
  returned: success
  type: dict
remedies:
  description:
    - The state of the remedies that were looked at, by role. What the role leaves as its result in check mode, or the key
      C(failed) with the reason.
  returned: success
  type: dict
verify:
  description: What happened since the points, an item for each that is different.
  returned: success
  type: list
  elements: dict
  contains:
    roles:
      description: Roles whose remedies have this point.
      type: list
      elements: str
    signature_ids:
      description: Ids of their signatures.
      type: list
      elements: str
    point:
      description: The point, that of O(points) or the one found.
      type: dict
    triggers:
      description: The occasions, as RV(loghygiene.rhel.trigger_info#module:triggers).
      type: list
      elements: dict
    now:
      description: When the module looked for them, RFC 3339 in UTC.
      type: str
    sinks:
      description: What was counted of O(verify_signatures), like RV(sinks).
      type: dict
ends:
  description: Where each log ends now. A remedy that comes into force now has this point.
  returned: success
  type: dict
  contains:
    at:
      description: Time of the host, RFC 3339 in UTC.
      type: str
    boot_id:
      description: Id of the running boot.
      type: str
    journal_cursor:
      description: The cursor of the journal, as RV(loghygiene.rhel.journal_scan#module:cursor).
      type: str
    log_cursors:
      description: Those of the text logs by sink, as RV(loghygiene.rhel.logfile_scan#module:cursor).
      type: dict
retention:
  description: C(stores) and C(logrotate) of M(loghygiene.rhel.log_retention_info); null without O(retention).
  returned: success
  type: dict
alerts:
  description: What M(loghygiene.rhel.alert_info) returns, without C(check_mode); null without O(alerts).
  returned: success
  type: dict
problems:
  description: What could not be done. What it would have told is null or left out.
  returned: success
  type: list
  elements: dict
  contains:
    part:
      description: A sink, V(verify), V(retention) or V(alerts).
      type: str
    message:
      description: Why.
      type: str
'''

from ansible_collections.loghygiene.rhel.plugins.module_utils import survey
from ansible_collections.loghygiene.rhel.plugins.module_utils.no_log_module import NoLogModule


def main():
    module = NoLogModule(
        argument_spec=dict(
            signatures=dict(type='list', elements='dict', default=[]),
            since=dict(type='str'),
            unexplained=dict(type='bool', default=False),
            kinds=dict(type='dict', default={}),
            remedied=dict(type='list', elements='str', default=[]),
            points=dict(type='list', elements='dict', default=[], options=dict(
                role=dict(type='str', required=True),
                signature_ids=dict(type='list', elements='str', required=True),
                triggers=dict(type='list', elements='str', default=[]),
                wait_for=dict(type='list', elements='dict', default=[], options=dict(
                    any_of=dict(type='list', elements='str', required=True),
                    delay=dict(type='int', default=0),
                )),
                point=dict(type='dict'),
                in_place=dict(type='bool'),
                in_place_since=dict(type='str'),
            )),
            verify_signatures=dict(type='list', elements='dict', default=[]),
            settle=dict(type='int', default=0),
            diverted_ids=dict(type='list', elements='str', default=[]),
            after=dict(type='dict'),
            retention=dict(type='dict', options=dict(
                rules=dict(type='list', elements='dict', default=[], options=dict(
                    path=dict(type='str', required=True), keep_days=dict(type='int'))),
                journal_keep_days=dict(type='int'),
            )),
            alerts=dict(type='dict', options=dict(
                rules=dict(type='list', elements='dict', required=True),
                exemptions=dict(type='list', elements='dict', default=[]),
                program_checksum=dict(type='str'),
                probe_smtp=dict(type='bool', default=False),
            )),
        ),
        supports_check_mode=True,
    )
    try:
        found = survey.look(module)
    except survey.SurveyError as error:
        told = {} if error.host is None else {'host': error.host}
        module.fail_json(msg=error.args[0], **told)
    module.exit_json(changed=False, **found)


if __name__ == '__main__':
    main()
