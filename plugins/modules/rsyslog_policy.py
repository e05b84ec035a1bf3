#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: rsyslog_policy
short_description: Configure rsyslog to write and forward messages according to a policy
version_added: 0.1.0
description:
  - Writes two rsyslog drop-ins from the rules of a syslog policy. O(forward_path) sends messages to collectors, before
    anything stops them. O(files_path) writes the files of the policy, after the diversion of known noise.
  - Messages that the rest of the configuration already writes to a file of the policy are left to it, so no line is
    written twice. Messages that the policy adds to such a file are written by a copy of the existing action, in the same
    format and mode. Other files get mode 0600 and the format C(RSYSLOG_FileFormat).
  - Messages of a rule with C(separate) stop after they are written, if the rest would write them to other files.
    Forwarders and messages to terminals that stand behind the stop are copied in front of it. If that is not possible,
    nothing is changed and the message names the statement to move.
  - No output of the policy carries what the host masks. Where messages are masked (C(mmanon), C(mmexternal), templates
    that have variables in place of the message) behind the place where the policy would write or forward them, nothing is
    changed and the message names the statement to move.
  - Before anything is written, C(rsyslogd -N1) validates a private copy of the whole configuration with both drop-ins.
options:
  rules:
    description: The rules, as the filter P(loghygiene.rhel.syslog_policy#filter) returns them.
    type: list
    elements: dict
    default: []
  state:
    description: With V(absent), both drop-ins are removed. Log files and queues on disk are kept.
    type: str
    choices: [present, absent]
    default: present
  forward_path:
    description: The drop-in with the forwards. It should be the first of its directory.
    type: path
    default: /etc/rsyslog.d/00_log_hygiene_forward.conf
  files_path:
    description: The drop-in with the files. It should be the last of its directory.
    type: path
    default: /etc/rsyslog.d/zzz_log_hygiene_files.conf
  config:
    description: The main configuration file of rsyslogd.
    type: path
    default: /etc/rsyslog.conf
  selinux_ports:
    description:
      - Under SELinux (enforcing) rsyslogd may connect to the ports of a few types only, by TCP. Whether the port of a
        collector is one of them is looked up before anything is changed. Where it is not, nothing is changed, and the
        message has the command C(semanage port) that would allow it.
      - With V(true) the module runs that command itself, for ports that no other service has. O(state=absent) does not
        undo it.
    type: bool
    default: false
  pending:
    description:
      - A file that is made when a drop-in changes. It says that rsyslogd does not know of it yet. Whoever restarts
        rsyslogd removes it; until then the module reports a change. It should be where a reboot removes it.
    type: path
    default: /run/log_hygiene.rsyslog
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
  - Requires root and rsyslog 8.24 or later.
  - Restart rsyslogd if the module reports a change. The role P(loghygiene.rhel.syslog_policy#role) does that.
  - Each forward has a queue of its own. While its collector takes nothing, messages wait in memory and, when there are
    more than the rule has for memory, in the work directory of rsyslogd. They survive a restart of rsyslogd and of the
    host, but for up to two (of 8.24, three), those that rsyslogd is trying to send when it ends. When it is killed, those
    on disk survive and those in memory do not; less memory means more of them on disk. When the power fails, the last
    ones on disk may be lost, too, because they are not synced one by one.
  - Bursts need room in memory, which is two thirds more than the rule has for messages that wait there. rsyslogd moves
    some thousands of messages per second to disk. What comes faster than that fills memory, and a message that finds
    memory full for 20 ms is not forwarded. The default has room for 20,000, as many as imjournal of an EL host as
    shipped reads in ten minutes; where more can come at once, give the rule more memory.
  - A full queue slows the others down, but does not stop them. When the disk limit is reached and memory is full, each
    message waits those 20 ms, and is then not forwarded; it is where the host itself keeps it. rsyslogd does not report
    each, but at once that a collector takes nothing. RV(forwards[].waiting_messages) and RV(forwards[].waiting_bytes)
    tell how much waits on disk, and a note warns from a tenth of the limit on, so that there is time to give the queue
    more, or take the forward away.
  - A power failure can break a queue on disk, so that what it says of itself (C(NAME.qi)) and its files do not agree.
    rsyslogd then says C(error starting up disk queue, using pure in-memory mode), or C(qDeqDisk error happened) and
    C(fatal error on disk queue ... emergency switch to direct mode), and never takes it up again.
    RV(forwards[].queue_broken) says so, and RV(set_aside) has its files moved, not removed, by
    M(loghygiene.rhel.rsyslog_restart).
  - TCP, with and without TLS, confirms nothing to rsyslogd. When a collector dies, or the line breaks, while messages
    are under way, those in the buffers of the two kernels are lost, and one that was sent already may be sent again.
    When it goes down between two messages and comes back, nothing is lost and nothing comes twice; but when it takes
    leave by a TLS close_notify, as one with OpenSSL does, rsyslogd notices too late and loses the first message after.
  - UDP tells nothing at all. What is sent by UDP while the collector is down is lost.
  - Collectors get messages in the format of RFC 5424 (C(RSYSLOG_SyslogProtocol23Format)), over TCP with octet counting
    (RFC 6587, RFC 5425).
  - While a burst is written, lines of a file that both the policy and the rest of the configuration write may be out of
    order by some lines.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Write authentication messages to a separate file and forward them
  loghygiene.rhel.rsyslog_policy:
    rules: "{{ policy | loghygiene.rhel.syslog_policy }}"
  vars:
    policy:
      - name: authentication
        facilities: [auth, authpriv]
        file: /var/log/secure
        separate: true
        keep: 1y
        forward: {target: collector.example.com}

- name: Remove the policy
  loghygiene.rhel.rsyslog_policy:
    state: absent
'''

RETURN = r'''
files:
  description: The result for each rule that has a file.
  type: list
  elements: dict
  returned: always
  contains:
    rule:
      description: Name of the rule.
      type: str
    path:
      description: Its file.
      type: str
    pairs_written:
      description: The number of pairs of facility and severity that the policy writes. The others are already written by
        the rest of the configuration, or belong to a rule with C(separate).
      type: int
    left_to:
      description: The statements of the rest of the configuration that write this file for the rule.
      type: list
      elements: str
      sample: ["/etc/rsyslog.conf:54"]
other_files:
  description: The files that the rest of the configuration writes, including terminals. Messages of a rule with
    C(separate) must not be in them, except in its own file.
  type: list
  elements: str
  returned: always
  sample: [/var/log/boot.log, /var/log/messages]
unsafe_files:
  description: Those of RV(other_files) that rsyslogd writes as root, and that users other than root can redirect by a
    link.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file.
      type: str
    reason:
      description: The directory at fault, its owner, and what to do.
      type: str
losing:
  description:
    - The files, pipes and terminals of the configuration that get fewer messages than without the policy, because a rule
      with C(separate) keeps them apart. Listed before anything is changed, and in check mode.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file; null if its name comes from a template.
      type: str
    kind:
      description: V(file), V(pipe) or V(terminal).
      type: str
    file:
      description: The configuration file of the statement that writes it.
      type: str
    line:
      description: The line of that statement.
      type: int
    statement:
      description: The statement, with its place and condition.
      type: str
    messages:
      description: The messages that no longer come there, as a selector. If V(certain) is false, some of them.
      type: str
      sample: auth,authpriv.info
    certain:
      description: Whether all these messages came there before. False if the statement has a condition that is more than a selector.
      type: bool
kept:
  description:
    - What the configuration writes or sends on in front of the policy, and the policy leaves to it. For
      O(loghygiene.rhel.syslog_probe#module:kept).
  type: list
  elements: dict
  returned: always
  contains:
    facilities:
      description: Numbers of facilities.
      type: list
      elements: int
    severities:
      description: Numbers of severities.
      type: list
      elements: int
    file:
      description: The file; null if it is none.
      type: str
    ends:
      description: Whether the messages stop there, so that they are in no file of the policy.
      type: bool
masked:
  description:
    - Whether this host masks messages before it writes or sends them, so that an alert must leave out their text. For
      O(loghygiene.rhel.alert_info#module:masked).
  type: bool
  returned: always
forwards:
  description: The forwards.
  type: list
  elements: dict
  returned: always
  contains:
    rule:
      description: Name of the rule.
      type: str
    target:
      description: The collector.
      type: str
    port:
      description: Its port.
      type: int
    protocol:
      description: V(tcp) or V(udp).
      type: str
    tls:
      description: Whether TLS is used.
      type: bool
    waiting_messages:
      description: Number of messages that wait in its queue on disk; null if that is not known, because the queue is
        damaged.
      type: int
    waiting_bytes:
      description: Size of the files of its queue. A queue that once went to disk keeps a file while it is empty, of a
        twentieth of its limit and 16 MiB at most.
      type: int
    queue_broken:
      description:
        - Why its queue on disk is broken; null if it is not. It is listed in RV(set_aside) if rsyslogd would never use it
          again, or would start it anew. Otherwise rsyslogd skips the damaged part and sends the rest.
      type: str
    unreadable_messages:
      description: Number of messages of a broken queue that its files do not hold; null if that is not known.
      type: int
selinux_ports:
  description: The commands that let rsyslogd connect to collectors. They are run with O(selinux_ports=true), except in
    check mode.
  type: list
  elements: str
  returned: always
set_aside:
  description: Paths of broken queues, without C(.qi) and C(.00000001), for
    O(loghygiene.rhel.rsyslog_restart#module:set_aside). They count as a change, because rsyslogd must be restarted without
    them.
  type: list
  elements: str
  returned: always
abandoned:
  description:
    - Queues on disk that no forward of the policy sends any more, and none of its copies of forwarders, as paths without
      their endings. Their messages are kept.
  type: list
  elements: str
  returned: always
queues_left:
  description: Those queues of copies that hold messages now, on disk. After a restart see RV(loghygiene.rhel.rsyslog_restart#module:queues_left).
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
previous:
  description: The former content of the drop-ins, by path; null if there was none.
  type: dict
  returned: always
in_place:
  description: Whether the requested state is in place. False in check mode if something would change.
  type: bool
  returned: always
in_place_since:
  description: When the drop-ins were last modified, in UTC; null if there are none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
notes:
  description: Notes for the operator.
  type: list
  elements: str
  returned: always
'''

import os

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, host_lock, safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, drop_ins as rsyslog_drop_ins, forwards as rsyslog_forwards, masking,
    policy as rsyslog_policy, queue as rsyslog_queue)


def main():
    module = LoggedModule(
        argument_spec=dict(
            rules=dict(type='list', elements='dict', default=[]),
            state=dict(type='str', choices=['present', 'absent'], default='present'),
            forward_path=dict(type='path', default=rsyslog_policy.FORWARD),
            files_path=dict(type='path', default=rsyslog_policy.FILES),
            config=dict(type='path', default='/etc/rsyslog.conf'),
            selinux_ports=dict(type='bool', default=False),
            pending=dict(type='path', default='/run/log_hygiene.rsyslog'),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    result = dict(changed=False, files=[], other_files=[], unsafe_files=[], losing=[], kept=[], masked=False, forwards=[], abandoned=[],
                  queues_left=[], previous={}, set_aside=[], selinux_ports=[], notes=[])
    paths = [module.params['forward_path'], module.params['files_path']]
    try:
        with host_lock.held(module, 'rsyslog_policy'):
            files.sweep_for(module, paths + [module.params['pending']], None, result)
            apply_policy(module, result)
        result['in_place_since'] = files.modified_at([path for path in paths if os.path.exists(path)])
    except (rsyslog.RsyslogError, files.FileError) as error:
        module.fail_json(msg=to_text(error.args[0]), **result)
    result['in_place'] = not (module.check_mode and result['changed'])
    module.exit_json(**result)


def apply_policy(module, result):
    """Bring the drop-ins to the state asked for. Fills `result`."""
    params = module.params
    paths = [params['forward_path'], params['files_path']]
    before = dict((path, rsyslog_drop_ins.read(path, rsyslog_policy.MARK)) for path in paths)
    result['previous'] = before
    configuration = rsyslog.Configuration(params['config'], rsyslog_drop_ins.Disk(), paths)
    result['other_files'] = rsyslog_policy.written(configuration)
    result['unsafe_files'] = unsafe_files(result['other_files'])
    after = dict.fromkeys(paths)
    behind = []
    if params['state'] == 'present':
        with rsyslog_drop_ins.its_own_complaint_first(module, configuration, paths):
            after, behind = wanted(module, configuration, result)
    abandoned = sorted(set(rsyslog_policy.queue_files(before[paths[0]]))
                       - set(rsyslog_policy.queue_files(after[paths[0]])))
    spool = configuration.spool()
    copied = rsyslog_queue.abandoned(rsyslog.OF_POLICY, [before[paths[1]]], [after[paths[1]]], spool)
    result['abandoned'] = ['%s/%s' % (spool, name) for name in abandoned] + copied
    result['queues_left'] = rsyslog_queue.left_in(copied)
    result['notes'] += rsyslog_queue.left_notes(result['queues_left'])
    result['notes'] += ['%s/%s* holds messages of a forward that is no more. Nothing sends them; remove them if they '
                        'are not needed.' % (spool, name) for name in abandoned
                        if rsyslog_queue.waiting(spool, name) and rsyslog_queue.queue_state(spool, name, 1).messages != 0]
    kept = rsyslog_drop_ins.Disk().glob('%s/%s/*' % (spool, rsyslog_policy.SET_ASIDE))
    if kept:
        result['notes'].append('%s holds %d queues of forwards that were broken. What they hold was not sent. Remove them '
                               'if they are not needed.' % (os.path.dirname(kept[0].rstrip('/')), len(kept)))
    changes = dict((path, (before[path], after[path])) for path in paths if before[path] != after[path])
    if result['selinux_ports'] and not module.check_mode:
        rsyslog_drop_ins.validate(module, configuration, after, hint(behind))
        rsyslog_forwards.allow_ports(module, result['selinux_ports'])
    if changes:
        said = rsyslog_drop_ins.validate(module, configuration, after, hint(behind))
        result['notes'] += rsyslog_drop_ins.complaint_notes(configuration, said)
        result['changed'] = True
        if not module.check_mode:
            rsyslog_drop_ins.write(module, changes, params['pending'])
    elif os.path.exists(params['pending']):
        result['changed'] = True
        result['notes'].append('rsyslogd was not restarted since its drop-ins changed.')
    result['changed'] = result['changed'] or bool(result['set_aside'] or result['selinux_ports'])
    result['diff'] = [dict(before=before[path] or '', after=after[path] or '', before_header=path, after_header=path)
                      for path in paths]


def unsafe_files(paths):
    """Return the files that others than root can redirect by a link ([{path, reason}]), without terminals and pipes."""
    found = [(path, safe_paths.check(path)) for path in paths
             if os.path.isabs(path) and (os.path.isfile(path) or not os.path.exists(path))]
    return [dict(path=path, reason=reason) for path, reason in found if reason]


def wanted(module, configuration, result):
    """({path: text or None} of both drop-ins, what was copied (list of Forwarder)). Fills `result`."""
    params, rules = module.params, module.params['rules']
    forward_path, files_path = params['forward_path'], params['files_path']
    rsyslog_policy.check(rules)
    for rule in rules:
        unsafe = rule['file'] and safe_paths.check(rule['file'])
        if unsafe:
            raise rsyslog.RsyslogError('Rule %s: file: %s Nothing was changed.' % (rule['name'], unsafe))
    forwards = [rule for rule in rules if rule['forward']]
    if forwards:
        if configuration.place(forward_path) > configuration.place(files_path):
            raise rsyslog.RsyslogError('%s is read after %s, and messages that stop there would not be forwarded. Give '
                                       'them other names. Nothing was changed.' % (forward_path, files_path))
        result['notes'] += rsyslog_policy.stopped_before(forwards, configuration, forward_path, 'forwards')
        rsyslog_forwards.ready(module, forwards, configuration, result)
    for rule in rules:
        if rule['file'] and rule['separate']:
            rsyslog_drop_ins.refuse_lost_rights(configuration, 'messages of rule %s, which is separate,' % rule['name'])
    plan = rsyslog_policy.plan_files(rules, configuration, files_path)
    result['notes'] += plan.notes
    behind = configuration.behind(files_path, rsyslog_policy.stays, plan.stopped, rsyslog.OF_POLICY, [
        file.action for file in plan.files if file.pairs]) if plan.stopped else []
    copies = rsyslog_policy.copies(behind, files_path)
    result['notes'] += ['%s, line %d: %s comes behind the stop of the policy, so it gets what stops there by a copy. '
                        'Run this again when you change it.%s' % (
                            one.file, one.line, one.text, ' ' + rsyslog_queue.own_queue_note(one.queue) if one.queue else '')
                        for one in behind]
    result['losing'] = [losing(one) for one in plan.losing]
    result['notes'] += [
        ('%s loses the messages %s, because a rule keeps them apart.' if one['certain'] else
         '%s loses those of the messages %s that it selects, because a rule keeps them apart.') % (one['statement'], one['messages'])
        for one in result['losing']]
    result['kept'] = [dict(facilities=[facility], file=one.statement.output() if one.statement.name == 'omfile' else None,
                           ends=ends, severities=sorted(level for number, level in one.pairs if number == facility))
                      for one, ends in plan.kept for facility in sorted(set(number for number, dummy in one.pairs))]
    result['masked'] = masked(rules, configuration, result)
    by_path = dict((file.path, file) for file in plan.files)
    for rule in rules:
        if rule['file']:
            file, pairs = by_path[rule['file']], rsyslog_policy.pairs_of(rule)
            result['files'].append(dict(
                rule=rule['name'], path=file.path, pairs_written=len(pairs & file.pairs),
                left_to=['%s:%d' % (one.file, one.line) for one in file.writers
                         if (one.pairs() or frozenset()) & pairs - file.pairs]))
    version = rsyslog_drop_ins.version(module) if forwards else ()
    return {forward_path: rsyslog_policy.render_forwards(rules, configuration, version, forward_path),
            files_path: rsyslog_policy.render_files(plan, copies)}, behind


def masked(rules, configuration, result):
    """Return whether alerts, which are taken from the journal, would carry what rsyslogd masks. Adds a note."""
    pairs = frozenset().union(*[rsyslog_policy.pairs_of(rule) for rule in rules if rule['alert']])
    found = pairs and (masking.outside(configuration, -1, pairs) or masking.outside(configuration, -1, pairs, away=True))
    if found:
        result['notes'].append('Alerts leave out the text of messages and name the entry of the journal, because this host '
                               'masks messages: %s.' % found[0].where())
    return bool(found)


def losing(one):
    """A Losing of the plan as the result has it."""
    path = one.statement.output()
    return dict(path=path, kind=rsyslog_drop_ins.kind_of(path), file=one.statement.file, line=one.statement.line,
                statement=one.statement.where(), messages=one.messages, certain=one.certain)


def hint(copied):
    """Return what may be wrong with a drop-in that has these copies (list of Forwarder), for the operator (text)."""
    places = ', '.join('%s, line %d' % (one.file, one.line) for one in copied)
    return (' It has a copy of what stands behind it (%s), whose templates and modules may come later. Move it to a '
            'file that is read before.' % places) if copied else ''


if __name__ == '__main__':
    main()
