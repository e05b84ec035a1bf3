#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: alert_info
short_description: Tell whether alerts of the syslog policy reach a person
version_added: 0.1.0
description:
  - Looks at everything that stands between a message and the person who is to know of it. That is the unit
    C(log-hygiene-alerts.service), its program and configuration, what it notes of its work, the journal, mail servers
    and commands.
  - Reads only, and sends no alert. With O(probe_smtp), mail servers are greeted and left.
options:
  rules:
    description: The rules of the policy as the filter P(loghygiene.rhel.syslog_policy#filter) returns them.
    type: list
    elements: dict
    required: true
  exemptions:
    description:
      - What brings no alert soon after a boot, as the filter P(loghygiene.rhel.alert_exemptions#filter) returns it.
    type: list
    elements: dict
    default: []
  program_checksum:
    description:
      - SHA-256 that the two files of the program should have, C(alerts) and behind it C(journal_position.py). Without it,
        any program does.
    type: str
  probe_smtp:
    description: Whether to connect to the mail servers that the rules name, with C(EHLO) and C(QUIT).
    type: bool
    default: false
  pending_minutes:
    description: How long an alert may wait for its receiver before it is a problem.
    type: int
    default: 15
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
  - Needs root, because configuration and notes of the program are root's.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: See whether alerts reach a person
  loghygiene.rhel.alert_info:
    rules: "{{ syslog_policy_rules | loghygiene.rhel.syslog_policy }}"
    probe_smtp: true
  register: alerts

- name: Stop if they do not
  ansible.builtin.assert:
    that: alerts.ok
    fail_msg: "{{ alerts.problems | join('\n') }}"
'''

RETURN = r'''
ok:
  description: Whether nothing stands in the way of an alert. True as well when no rule alerts and nothing is installed.
  type: bool
  returned: always
problems:
  description: What stands in the way, each with what to do.
  type: list
  elements: str
  returned: always
  sample:
    - /etc/log_hygiene/alerts.json does not say what the policy says; run the role syslog_policy
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
wanted:
  description: Whether a rule alerts.
  type: bool
  returned: always
unit:
  description: State of the unit, with the keys C(load), C(active), C(sub) and C(enabled).
  type: dict
  returned: always
  sample: {load: loaded, active: active, sub: running, enabled: enabled}
channels:
  description: What the program notes of each channel of each rule.
  type: list
  elements: dict
  returned: always
  contains:
    rule:
      description: Name of the rule.
      type: str
    channel:
      description: V(mail) or V(command).
      type: str
    delivered:
      description: How many alerts and digests were delivered since the rule exists.
      type: int
    pending:
      description: How many alerts wait, those gathered for a digest included.
      type: int
    pending_since:
      description: Since when the first one waits for the receiver, RFC 3339 in UTC, else null.
      type: str
    last_delivered:
      description: When an alert was delivered last.
      type: str
    last_error:
      description: What the last failed delivery said.
      type: str
    last_error_at:
      description: When that was.
      type: str
    set_aside:
      description:
        - How many alerts the receiver never took although it took others, so that they reached nobody. For 30 days
          each is among RV(problems) as well.
      type: int
exempted:
  description:
    - What brought no alert, although a rule asks for it, because a signature with C(alert) V(exempt) knows it as what the
      kernel writes with each boot. It is recorded like everything else.
  type: list
  elements: dict
  returned: always
  contains:
    signature:
      description: Id of the signature.
      type: str
    count:
      description: How many messages since the program was installed.
      type: int
    first:
      description: Time of the first, RFC 3339 in UTC.
      type: str
    last:
      description: Time of the last.
      type: str
last_delivered:
  description: When an alert was delivered last, by any channel; null for never.
  type: str
  returned: always
pending:
  description: How many alerts wait, of all channels.
  type: int
  returned: always
started:
  description: When the program was started last, null when it never was.
  type: str
  returned: always
last_seen:
  description: Time of the last message that alerted, null for none.
  type: str
  returned: always
python:
  description: Path of the Python that the unit should run the program with.
  type: str
  returned: always
  sample: /usr/libexec/platform-python
configuration:
  description: What C(/etc/log_hygiene/alerts.json) should hold, null when no rule alerts.
  type: str
  returned: always
check_mode:
  description: Whether the module ran in check mode.
  type: bool
  returned: always
'''

import hashlib
import os
import smtplib
import sys

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils import alerts, files, process, timestamps

SMTP_TIMEOUT = 10  # seconds


def content(path):
    """The bytes of a file, None when there is none. Raises FileError."""
    return files.read_bytes(path) if os.path.exists(path) else None


def show(module):
    """The properties of the unit (dict), empty without a systemd to ask."""
    command = module.get_bin_path('systemctl')
    if command is None:
        return {}
    try:
        status, text, complaint = process.run(
            [command, 'show', alerts.UNIT] + ['--property=' + name for name in alerts.PROPERTIES])
    except EnvironmentError as error:
        return {'LoadState': 'unknown (%s)' % error.strerror}
    return alerts.parse_show(text) if status == 0 else {'LoadState': 'unknown (%s)' % complaint.strip()}


def journal_problems(module):
    """Whether the journal can be read (list of text)."""
    command = module.get_bin_path('journalctl')
    if command is None:
        return ['journalctl is not installed, so there is no journal to take alerts from: install systemd']
    try:
        status, text, complaint = process.run([command, '--quiet', '--no-pager', '--lines=1', '--output=export'],
                                              raw=True)
    except EnvironmentError as error:
        return ['the journal cannot be read: %s' % error.strerror]
    if status or not text:
        return ['the journal cannot be read or is empty (%s): see systemctl status systemd-journald'
                % (to_text(complaint).strip() or 'journalctl shows nothing')]
    return []


def receiver_problems(rules, probe):
    """Mail servers that do not answer (when asked to probe) and programs that are not there (list of text)."""
    servers, programs = alerts.receivers(rules)
    found = []
    for name, host, port in servers if probe else ():
        try:
            smtp = smtplib.SMTP(host, port, local_hostname='localhost', timeout=SMTP_TIMEOUT)
            try:
                if smtp.ehlo()[0] // 100 != 2 and smtp.helo()[0] // 100 != 2:
                    raise smtplib.SMTPException('it refuses both EHLO and HELO')
                smtp.quit()
            finally:
                smtp.close()
        except (EnvironmentError, smtplib.SMTPException) as error:
            found.append('rule %s: the mail server %s, port %d, does not take mail (%s): start it, or name another in '
                         'alert.smtp' % (name, host, port, to_text(error)))
    for name, path in programs:
        if not (os.path.isfile(path) and os.access(path, os.X_OK)):
            found.append('rule %s: %s cannot be run, so its alerts reach nobody: %s' % (
                name, path, 'install a mail server such as postfix, or name one in alert.smtp'
                if path == alerts.SENDMAIL else 'install it, or correct alert.command'))
    return found


def notes_of_program(module, problems):
    """The program's state (dict), empty without one; adds to problems what it tells, or that it cannot be used."""
    text = content(alerts.STATE)
    if text is None:
        problems.append('%s is not there, so the program never read the journal: journalctl -u %s tells why'
                        % (alerts.STATE, alerts.UNIT))
        return {}
    try:
        state, found = alerts.read_state(
            to_text(text), module.params['rules'], timestamps.now(), module.params['pending_minutes'])
    except ValueError as error:
        problems.append('%s is damaged (%s): systemctl restart %s' % (alerts.STATE, error, alerts.UNIT))
        return {}
    problems += found
    return state


def main():
    module = AnsibleModule(
        argument_spec=dict(
            rules=dict(type='list', elements='dict', required=True),
            exemptions=dict(type='list', elements='dict', default=[]),
            program_checksum=dict(type='str'),
            probe_smtp=dict(type='bool', default=False),
            pending_minutes=dict(type='int', default=15),
        ),
        supports_check_mode=True,
    )
    rules = module.params['rules']
    try:
        wanted = alerts.configuration(rules, module.params['exemptions'])
    except (KeyError, TypeError) as error:
        module.fail_json(msg='exemptions: each needs id, revision, match.regex and match.boot_seconds (%s). Give what the '
                             'filter loghygiene.rhel.alert_exemptions returns. Nothing was looked at.' % to_text(error))
    unit, state, problems = show(module), {}, []
    try:
        if wanted is not None:
            program, config = [content(path) for path in alerts.PROGRAM_FILES], content(alerts.CONFIG)
            problems += alerts.unit_problems(unit)
            if unit.get('LoadState') == 'loaded':  # else the rest would only repeat it
                problems += alerts.file_problems(
                    hashlib.sha256(b''.join(program)).hexdigest() if None not in program else None,
                    module.params['program_checksum'], to_text(config) if config is not None else None, wanted)
                python = alerts.interpreter(unit)
                if python and not os.access(python, os.X_OK):
                    problems.append('%s, which runs the program, is gone: %s' % (python, alerts.REMEDY))
                state = notes_of_program(module, problems)
            problems += journal_problems(module)
            problems += receiver_problems(rules, module.params['probe_smtp'])
        elif unit.get('LoadState') == 'loaded':
            problems.append('%s is installed and no rule of the policy alerts: %s' % (alerts.UNIT, alerts.REMEDY))
    except files.FileError as error:
        module.fail_json(msg='%s Run this with become: true.' % error.args[0])
    channels = alerts.channels(state, rules)
    delivered = [one['last_delivered'] for one in channels if one['last_delivered']]
    module.exit_json(
        changed=False, check_mode=module.check_mode, ok=not problems, problems=problems, notes=alerts.notes(rules),
        wanted=wanted is not None, configuration=wanted, channels=channels, exempted=alerts.exempted(state),
        unit=dict(load=unit.get('LoadState'), active=unit.get('ActiveState'), sub=unit.get('SubState'),
                  enabled=unit.get('UnitFileState')),
        last_delivered=max(delivered) if delivered else None,
        pending=sum(one['pending'] for one in channels),
        started=alerts.moment((state.get('starts') or [None])[-1]),
        last_seen=alerts.moment(state.get('last_seen')),
        python=next((path for path in alerts.PYTHONS if os.access(path, os.X_OK)), sys.executable))


if __name__ == '__main__':
    main()
