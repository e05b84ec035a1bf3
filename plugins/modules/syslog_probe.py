#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: syslog_probe
short_description: Test in which files syslog messages arrive
version_added: 0.1.0
description:
  - Sends one message for each of the 24 facilities and 8 severities through the real socket and waits until they have
    arrived. For each, it returns the files that hold it, where it is missing, and where it must not be.
  - A message must be in O(rules[].file) of each rule that selects it, exactly once, and not in the file of a separate
    rule that does not. A message of a separate rule must be in no other file of the policy, and in none of O(files).
  - Programs cannot send the facility kern. C(journald) records no facility for it, and rsyslogd takes that as user. These
    eight messages are sent as well, and must arrive where user belongs. RV(pairs[].sent_as) says so.
  - Files are read from their end at the start of the module. A rotation meanwhile does no harm.
options:
  rules:
    description: The policy, as P(loghygiene.rhel.syslog_policy#filter) returns it.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the rule.
        type: str
        required: true
      facilities:
        description: Numbers of facilities.
        type: list
        elements: int
        required: true
      severities:
        description: Numbers of severities.
        type: list
        elements: int
        required: true
      keep_days:
        description: Ignored.
        type: int
      file:
        description: The file for its messages.
        type: path
      separate:
        description: Whether its messages must be in no other file.
        type: bool
        default: false
      forward:
        description: How its messages are forwarded. Only whether they are forwarded matters.
        type: dict
      alert:
        description: Ignored. Use M(loghygiene.rhel.alert_info) to check alerts.
        type: dict
  files:
    description:
      - Other log files of the host, which must not hold a message of a separate rule. They need not exist. Terminals and
        pipes are skipped.
    type: list
    elements: path
    default: []
  kept:
    description:
      - What the configuration of the host keeps in files of its own before the policy gets it, as RV(loghygiene.rhel.rsyslog_policy#module:kept)
        has it. Such a message must be there, and if it stops there, it need not be in a file of the policy.
    type: list
    elements: dict
    default: []
  received:
    description:
      - A dictionary from the name of a rule that forwards to the file that its collector writes, if it can be read on
        this host. The messages that the rule selects must arrive there exactly once, and nothing else.
    type: dict
    default: {}
  socket:
    description: The datagram socket to which programs send their messages.
    type: path
    default: /dev/log
  wait:
    description:
      - Maximum number of seconds to wait. The module ends as soon as all expected messages have arrived and nothing more
        arrives for two seconds.
    type: int
    default: 30
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
    details:
      - Nothing is sent. RV(pairs) holds what would be expected.
  diff_mode:
    support: none
  platform:
    support: full
    platforms: linux
notes:
  - Requires root.
  - Each run adds 192 messages to the logs and changes nothing else, so C(changed) is always false. The messages have the
    tag C(log_hygiene_proof) and say, in English and Korean, that they are a test.
  - The 24 messages of severity emerg appear on the terminals of all logged-in users, like any message of C(*.emerg), and
    messages that the policy alerts on cause an alert.
seealso:
  - module: loghygiene.rhel.rsyslog_policy
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Send a message of each facility and severity and find them
  loghygiene.rhel.syslog_probe:
    rules: "{{ syslog_policy_rules | loghygiene.rhel.syslog_policy }}"
    files: [/var/log/messages, /var/log/secure, /var/log/maillog, /var/log/cron]
  register: proof

- name: Fail if a message is not where it belongs
  ansible.builtin.assert:
    that: proof.ok
    fail_msg: "{{ proof.problems | join('; ') }}"
'''

RETURN = r'''
ok:
  description: Whether every message is where it belongs and nowhere else. Null in check mode.
  type: bool
  returned: success
problems:
  description: What is wrong, as one sentence each.
  type: list
  elements: str
  returned: success
  sample: ["/var/log/messages has auth.*, authpriv.* (16 messages), which must not be there."]
run:
  description: A word that each message of this run contains, to C(grep) for. Empty in check mode.
  type: str
  returned: success
  sample: proof-5d1c0e9a8b7f4f6e
pairs:
  description: Each facility and severity.
  type: list
  elements: dict
  returned: success
  contains:
    facility:
      description: Its number.
      type: int
    severity:
      description: Its number.
      type: int
    keyword:
      description: Facility and severity, as in a selector.
      type: str
      sample: authpriv.info
    sent_as:
      description: Facility and severity with which the message is sent. They differ for facility kern.
      type: str
      sample: user.info
    sent:
      description: Whether it was sent.
      type: bool
    expected:
      description: Files of the policy that must hold it.
      type: list
      elements: str
    landed:
      description: Files that hold it, of all files that were read.
      type: list
      elements: str
    missing:
      description: Files that must hold it and do not.
      type: list
      elements: str
    wrong:
      description: Files that hold it and must not.
      type: list
      elements: str
    twice:
      description: Files that must hold it once and hold it more often.
      type: list
      elements: str
    forwarded:
      description: Whether it arrived, for each rule that forwards it; null if O(received) names no file.
      type: dict
    ok:
      description: Whether it is where it must be. Null in check mode.
      type: bool
'''

import os
import uuid

from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import process
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import probe as syslog_probe, proof_messages


def main():
    module = LoggedModule(
        argument_spec=dict(
            rules=dict(type='list', elements='dict', required=True, options=dict(
                name=dict(type='str', required=True),
                facilities=dict(type='list', elements='int', required=True),
                severities=dict(type='list', elements='int', required=True),
                keep_days=dict(type='int'),
                file=dict(type='path'),
                separate=dict(type='bool', default=False),
                forward=dict(type='dict'),
                alert=dict(type='dict'),
            )),
            files=dict(type='list', elements='path', default=[]),
            kept=dict(type='list', elements='dict', default=[]),
            received=dict(type='dict', default={}),
            socket=dict(type='path', default='/dev/log'),
            wait=dict(type='int', default=30),
        ),
        supports_check_mode=True,
    )
    params = module.params
    forwarding = [rule['name'] for rule in params['rules'] if rule['forward']]
    for name in sorted(params['received']):
        if name not in forwarding:
            module.fail_json(msg='received: there is no rule %s that forwards; there %s. Nothing was sent.' % (
                name, 'are ' + ', '.join(forwarding) if forwarding else 'is none at all'))
    if params['wait'] < 1:
        module.fail_json(msg='wait: %d is too short, give a second at least. Nothing was sent.' % params['wait'])
    if module.check_mode:
        module.exit_json(changed=False, ok=None, run='', problems=[], msg='Check mode: nothing was sent.',
                         pairs=syslog_probe.compare(params['rules'], None, params['files'], params['received'], params['kept']))
    if os.geteuid() != 0:
        module.fail_json(msg='syslog_probe needs root to look into the log files. Run it with become: true. Nothing '
                             'was sent.')
    try:
        result = probe(module)
    except syslog_probe.ProbeError as error:
        module.fail_json(msg=to_text(error.args[0]))
    # Messages in logs are no change of the host: they are what is asked about it.
    module.exit_json(changed=False, ok=not result['problems'], **result)


def probe(module):
    """Send, wait and compare. Returns dict(run, pairs, problems). Raises ProbeError."""
    rules, files, received, kept = [module.params[name] for name in ('rules', 'files', 'received', 'kept')]
    files = files + [one['file'] for one in kept if one['file'] and one['file'] not in files]
    run = proof_messages.RUN % uuid.uuid4().hex[:16]
    marks, tails = syslog_probe.Marks(run), []
    try:
        for path in syslog_probe.watched(rules, files, received):
            tails.append(syslog_probe.Tail(path, marks))

        def compared():
            return syslog_probe.compare(rules, syslog_probe.landed(tails), files, received, kept)

        syslog_probe.send(module.params['socket'], [proof_messages.message(run, os.getpid(), pair)
                                                    for pair in proof_messages.PAIRS], module.params['wait'])
        syslog_probe.await_messages(tails, lambda: syslog_probe.complete(compared()), module.params['wait'])
        pairs = compared()
        problems = syslog_probe.problems(pairs, tails, received)
    finally:
        for tail in tails:
            tail.close()
    if not syslog_probe.complete(pairs):
        problems += journal_says(module, run)
    return dict(run=run, pairs=pairs, problems=problems)


def journal_says(module, run):
    """Return what the journal lacks of the run (list of at most one sentence), if the socket belongs to journald."""
    journalctl = module.get_bin_path('journalctl')
    if journalctl is None or os.path.realpath(module.params['socket']) != syslog_probe.JOURNALD:
        return []
    try:
        output = process.run([journalctl, '--quiet', '--no-pager', '--output=cat',
                              'SYSLOG_IDENTIFIER=' + proof_messages.TAG, 'SYSLOG_PID=%d' % os.getpid()], raw=True)[1]
    except EnvironmentError as error:
        return ['It is not known which of them the journal received: %s.' % error.strerror]
    said = syslog_probe.not_taken(output, run)
    return [said] if said else []


if __name__ == '__main__':
    main()
