#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: host_survey
short_description: Gather everything that a journey needs from a host in one call
version_added: 0.1.0
description:
  - Returns in one call what M(loghygiene.rhel.host_info), M(loghygiene.rhel.journal_scan),
    M(loghygiene.rhel.logfile_scan), M(loghygiene.rhel.trigger_info), M(loghygiene.rhel.log_retention_info) and
    M(loghygiene.rhel.alert_info) return separately, and which remedies are in place. To get only one of these, use its
    own module.
  - Does not change the host.
  - A part that fails is named in RV(problems), and the others are done. Without root or without a journal there is
    nothing to survey, and the module fails. RV(host) is returned even then.
  - Does not count what Ansible, sudo or the audit system log about the scan itself, and does not log its arguments.
author:
  - loghygiene contributors (@loghygiene)
options:
  signatures:
    description:
      - The signatures to count in every log, as the lookup P(loghygiene.rhel.signatures#lookup) returns them. If the
        list is empty, nothing is counted.
    type: list
    elements: dict
    default: []
  since:
    description:
      - Count O(signatures) from this time on, as O(loghygiene.rhel.journal_scan#module:since).
    type: str
  unexplained:
    description:
      - Whether to group what none of O(signatures) explains, as O(loghygiene.rhel.journal_scan#module:unexplained).
    type: bool
    default: false
  kinds:
    description:
      - Remedies to check. A dictionary from the name of a role to a list of items, each with C(signature_id) and the
        keys of C(with) of the signature's remedy.
      - Whether the remedy of an item is in place is checked if its signature was counted or is in O(remedied).
      - A role that is not part of this collection is left out, because only the role itself can check its remedies.
    type: dict
    default: {}
  remedied:
    description: Ids of signatures whose remedies are checked even if they were not counted.
    type: list
    elements: str
    default: []
  packages:
    description:
      - The package that has the fix for a message, by the id of its signature. Of the signatures that were counted, the
        installed version and release is returned with RV(host).
    type: dict
    default: {}
  points:
    description:
      - Remedies for which to find what happened since. Remedies with the same point are handled together.
      - A remedy that is not in place by O(kinds) is left out.
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
            description: Triggers of which one is enough.
            type: list
            elements: str
            required: true
          delay:
            description: Seconds that must have passed since.
            type: int
            default: 0
      point:
        description:
          - When the remedy came into force, with C(at), C(boot_id), C(journal_cursor) and C(log_cursors) as in RV(ends).
          - Without it, the point is when the remedy was put in place, by O(kinds). If that is not known, it is the last
            boot.
          - For a role in O(kinds), only signatures whose items were checked count.
        type: dict
  verify_signatures:
    description: The signatures of O(points), to count what was logged since.
    type: list
    elements: dict
    default: []
  settle:
    description:
      - Maximum number of seconds to wait for the occasions of O(points), if the host has booted since the point and less
        than 15 minutes ago. In check mode, the module does not wait.
      - Up to one minute of it is spent waiting for lines of O(diverted_ids).
    type: int
    default: 0
  diverted_ids:
    description: Ids of the signatures whose lines must be in the diverted logs as often as in the journal.
    type: list
    elements: str
    default: []
  after:
    description:
      - The RV(ends) of an earlier call. If nothing is counted, the current ends are found from there on instead of by
        reading all logs.
    type: dict
  retention:
    description: Return how long the logs are kept. Without it, that is left out.
    type: dict
    suboptions:
      rules:
        description: The logs, as O(loghygiene.rhel.log_retention_info#module:rules).
        type: list
        elements: dict
        default: []
        suboptions:
          path:
            description: Path of the log.
            type: str
            required: true
          keep_days:
            description: Minimum number of days that each line must be kept.
            type: int
      journal_keep_days:
        description: Minimum number of days that each entry of the journal must be kept.
        type: int
  alerts:
    description: Return whether alerts reach a person. Without it, that is left out.
    type: dict
    suboptions:
      rules:
        description: The rules of the policy, as O(loghygiene.rhel.alert_info#module:rules).
        type: list
        elements: dict
        required: true
      exemptions:
        description: What causes no alert, as O(loghygiene.rhel.alert_info#module:exemptions).
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
- name: Count every known message of a host, and return how long its logs are kept
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

- name: Count one signature since then
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
  description:
    - Information about the host, as RV(loghygiene.rhel.host_info#module:host).
    - Where the logs were looked at it also has C(packages), the version and release of each package of O(packages)
      that was asked for; null where it is not installed, or C(rpm) does not tell.
  returned: if the host could be identified
  type: dict
check_mode:
  description: Whether the module ran in check mode.
  returned: success
  type: bool
sinks:
  description:
    - The counts of O(signatures) in V(journal), V(messages), V(secure) and V(diverted), without logs that the host does
      not have. Null without O(signatures).
    - Each has the keys of M(loghygiene.rhel.journal_scan). Text logs are read as by M(loghygiene.rhel.logfile_scan), with
      the boots of the journal.
  returned: success
  type: dict
context:
  description:
    - What stands near the three newest messages of each of O(signatures) that has the key C(context) and was found.
      The lines are read from the log that holds the message, and all of it within 30 seconds.
  returned: success
  type: list
  elements: dict
  contains:
    signature_id:
      description: Id of the signature.
      type: str
    sink:
      description: The log that holds the message.
      type: str
    at:
      description: Time of the message, RFC 3339 in UTC.
      type: str
    text:
      description: The message.
      type: str
    looks:
      description:
        - An item for each item of C(context), with C(lines) (C(at), C(name), C(text)), C(values) (what the named groups
          hold) and C(cut) (whether nothing was found and the search was ended early).
      type: list
      elements: dict
    modules:
      description: >-
        The kernel modules that are named, with C(name), C(loaded), C(used_by), C(file), C(package) and C(signer).
      type: list
      elements: dict
remedies:
  description:
    - The state of the checked remedies, by role. It is the result of the role in check mode, or the key C(failed) with
      the reason.
  returned: success
  type: dict
verify:
  description: What happened since the points, with an item for each distinct point.
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
      description: The point, given in O(points) or found.
      type: dict
    triggers:
      description: The occasions, as RV(loghygiene.rhel.trigger_info#module:triggers).
      type: list
      elements: dict
    now:
      description: When the triggers were looked for, RFC 3339 in UTC.
      type: str
    sinks:
      description: The counts of O(verify_signatures), like RV(sinks).
      type: dict
ends:
  description: Where each log ends now. It is the point of a remedy that comes into force now.
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
      description: The cursors of the text logs by sink, as RV(loghygiene.rhel.logfile_scan#module:cursor).
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
  description: The parts that failed. Their results are null or left out.
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

from ansible_collections.loghygiene.rhel.plugins.module_utils._survey import survey
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.no_log_module import NoLogModule


def main():
    module = NoLogModule(
        argument_spec=dict(
            signatures=dict(type='list', elements='dict', default=[]),
            since=dict(type='str'),
            unexplained=dict(type='bool', default=False),
            kinds=dict(type='dict', default={}),
            remedied=dict(type='list', elements='str', default=[]),
            packages=dict(type='dict', default={}),
            points=dict(type='list', elements='dict', default=[], options=dict(
                role=dict(type='str', required=True),
                signature_ids=dict(type='list', elements='str', required=True),
                triggers=dict(type='list', elements='str', default=[]),
                wait_for=dict(type='list', elements='dict', default=[], options=dict(
                    any_of=dict(type='list', elements='str', required=True),
                    delay=dict(type='int', default=0),
                )),
                point=dict(type='dict'),
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
