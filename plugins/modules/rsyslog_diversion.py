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
options:
  signatures:
    description: Signatures as P(loghygiene.rhel.signatures#lookup) returns them. Each of O(ids) must be among them.
    type: list
    elements: dict
    default: []
  ids:
    description:
      - Ids of the signatures to divert. They must have the disposition V(divert).
      - What the drop-in diverts already stays diverted, as long as it is among O(signatures).
    type: list
    elements: str
    default: []
  state:
    description: With V(absent), the drop-in is removed. Files with diverted messages stay.
    type: str
    choices: [present, absent]
    default: present
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
  pending:
    description:
      - A file that is made when the drop-in changes. It says that rsyslogd does not know of it yet. Whoever restarts
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
  - Needs root, and rsyslog 8.24 or later that takes its messages from the journal by C(imjournal).
  - Restart rsyslogd when the module reports a change. The role P(loghygiene.rhel.syslog_exclusions#role) does, and
    puts the former drop-in back if rsyslogd does not start.
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Divert what the AhnLab V3 modules tell of their everyday life
  loghygiene.rhel.rsyslog_diversion:
    signatures: "{{ lookup('loghygiene.rhel.signatures', query=query) }}"
    ids: [ahnlab-v3-module-lifecycle]
  vars:
    query: "[?disposition=='divert']"

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
  description: Ids that the drop-in held and that are no longer among O(signatures).
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
  description: The same by path, of each of the two drop-ins that changes, as M(loghygiene.rhel.rsyslog_restart) takes it.
  type: dict
  returned: always
in_place:
  description: Whether the state asked for is there now, and is known to work (RV(proved_by)). False in check mode where
    something would change.
  type: bool
  returned: always
in_place_since:
  description: Modification time of the drop-in in UTC, null when there is none.
  type: str
  returned: always
  sample: "2026-11-22T16:01:20.123456Z"
notes:
  description: What the operator should know.
  type: list
  elements: str
  returned: always
'''

import collections
import os

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils import (
    files, host_lock, rsyslog, rsyslog_diversion, rsyslog_drop_ins, rsyslog_proof, safe_paths)
from ansible_collections.loghygiene.rhel.plugins.module_utils.no_log_module import NoLogModule


# Where a drop-in may go: its path and text, what it copies (list of rsyslog.Forwarder), and what is known of it.
Place = collections.namedtuple('Place', 'path text forwarders proved_by notes')


def main():
    module = NoLogModule(  # signatures in the log of the target would be found by the next scan
        argument_spec=dict(
            signatures=dict(type='list', elements='dict', default=[]),
            ids=dict(type='list', elements='str', default=[]),
            state=dict(type='str', choices=['present', 'absent'], default='present'),
            path=dict(type='path', default=rsyslog_diversion.DROP_IN),
            early_path=dict(type='path', default=rsyslog_diversion.EARLY),
            directory=dict(type='path', default=rsyslog_diversion.DIRECTORY),
            config=dict(type='path', default='/etc/rsyslog.conf'),
            pending=dict(type='path', default='/run/log_hygiene.rsyslog'),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    result = dict(changed=False, ids=[], removed=[], forwarders=[], previous=None, former={}, path=None, proved_by=None,
                  notes=[])
    try:
        paths = [module.params['path'], module.params['early_path']]
        with host_lock.held(module, 'rsyslog_diversion'):
            files.sweep_for(module, paths + [module.params['pending']], None, result)
            if not module.check_mode:
                rsyslog_drop_ins.sweep()
            divert(module, result)
        result['in_place_since'] = files.modified_at([path for path in paths if os.path.exists(path)])
    except (rsyslog.RsyslogError, files.FileError) as error:
        module.fail_json(msg=to_text(error.args[0]), **result)
    result['in_place'] = (not (module.check_mode and result['changed'])
                          and (result['proved_by'] is not None or not result['ids']))
    module.exit_json(**result)


def divert(module, result):
    """Bring the drop-in to the state asked for. Fills `result`."""
    params = module.params
    paths = [params['path'], params['early_path']]
    before = dict((path, rsyslog_drop_ins.read(path, rsyslog_diversion.MARK)) for path in paths)
    after = dict.fromkeys(paths)
    configuration = rsyslog.Configuration(params['config'], rsyslog_drop_ins.Disk(), paths)
    if params['state'] == 'present':
        after.update(wanted(module, configuration, before, result))
    result['previous'] = before[paths[0]] if before[paths[0]] is not None else before[paths[1]]
    changes = dict((path, (before[path], after[path])) for path in paths if before[path] != after[path])
    result['former'] = dict((path, before[path]) for path in paths if path in changes or before[path] is not None)
    if changes:
        told = dict((path, text) for path, text in after.items() if path in changes or text is not None)
        rsyslog_drop_ins.validate(module, configuration, told, hint(result['forwarders']))
        result['changed'] = True
        if not module.check_mode:
            rsyslog_drop_ins.write(module, changes, params['pending'])
    elif os.path.exists(params['pending']):
        result['changed'] = True
        result['notes'].append('rsyslogd was not restarted since %s changed.' % (result['path'] or paths[0]))
    shown = [dict(before=before[path] or '', after=after[path] or '', before_header=path, after_header=path)
             for path in paths if path in changes] or [dict(before='', after='')]
    result['diff'] = shown[0] if len(shown) == 1 else shown


def hint(forwarders):
    """What may be wrong with a drop-in that has copies of these forwarders (list of dict), for the operator (text)."""
    copied = ', '.join('%s, line %d' % (one['file'], one['line']) for one in forwarders)
    return (' It has a copy of a forwarder (%s), whose templates and modules may come later. With them: %s'
            % (copied, rsyslog_diversion.REMEDY)) if copied else ''


def wanted(module, configuration, before, result):
    """{path: the text that the drop-in should have}, empty for no drop-in. Fills `result`."""
    params = module.params
    known = [signature.get('id') for signature in params['signatures']]
    for name in params['ids']:
        if name not in known:
            raise rsyslog.RsyslogError('ids: there is no signature %s among the signatures given. Nothing was changed.'
                                       % name)
    held = rsyslog_diversion.installed(''.join(text or '' for text in before.values()))
    chosen = [signature for signature in params['signatures']
              if signature.get('id') in params['ids'] or signature.get('id') in held]
    result['ids'] = [signature['id'] for signature in chosen]
    result['removed'] = [name for name in held if name not in result['ids']]
    if not chosen:
        return {}
    unsafe = safe_paths.check(params['directory'] + '/x.log')
    if unsafe:
        raise rsyslog.RsyslogError('directory: %s Nothing was changed.' % unsafe)
    rsyslog_drop_ins.refuse_lost_rights(configuration, 'diverted messages')
    for name in result['ids']:
        path = '%s/%s.log' % (params['directory'].rstrip('/'), name)
        if os.path.lexists(path) and not os.path.isfile(path):
            raise rsyslog.RsyslogError('%s is no file, so rsyslogd could not write diverted messages there, and they would be '
                                       'in no file at all. Move it away. Nothing was changed.' % path)
    try:
        late, obstacles = attempt(module, configuration, params['path'], chosen)
        chosen_place = late if late and late.proved_by else instead(module, configuration, obstacles, chosen, late)
    except rsyslog.RsyslogError:
        result['forwarders'] = []
        raise
    result['path'], result['proved_by'] = chosen_place.path, chosen_place.proved_by
    result['forwarders'] = [dict(file=one.file, line=one.line, text=one.text) for one in chosen_place.forwarders]
    result['notes'] = configuration.doubts(chosen_place.path) + chosen_place.notes + [
        '%s, line %d: %s comes after the diversion, so diverted messages are sent there first, by a '
        'copy of it. Run this again when you change it.' % (one.file, one.line, one.text)
        for one in chosen_place.forwarders]
    return {chosen_place.path: chosen_place.text}


def instead(module, configuration, obstacles, chosen, late):
    """The Place that is read early, where the usual one has these obstacles (list of text). Raises RsyslogError.

    `late` is the usual Place, where it is only not known whether it works: it is taken unless the other is known to.
    """
    path, early_path = module.params['path'], module.params['early_path']
    try:
        early, more = attempt(module, configuration, early_path, chosen)
    except rsyslog.RsyslogError as error:
        early, more = None, [to_text(error.args[0])]
    if late and not (early and early.proved_by):
        return late
    if early is None:
        raise rsyslog.RsyslogError(
            'Nothing was changed, because diverted messages would not be moved, or be kept twice: %s. Nor would %s do: '
            '%s. %s' % ('; '.join(obstacles[:5]), early_path, '; '.join(more[:5]),
                        rsyslog_diversion.REMEDY_BEFORE % early_path))
    return early._replace(notes=['The diversion is in %s, because of what comes before %s is read: %s. Log files that '
                                 'are written there do not get diverted messages any more.'
                                 % (early_path, path, '; '.join(obstacles[:5]))] + early.notes)


def attempt(module, configuration, path, chosen):
    """(Place of a drop-in that diverts there, or None when it would not; why not (list of text)).

    Raises RsyslogError where something else would miss messages.
    """
    params = module.params
    configuration.doubts(path)
    sure, perhaps = configuration.before(path, *rsyslog_diversion.pairs(chosen))
    text = rsyslog_diversion.render(chosen, (), params['directory'])
    if sure:
        rsyslog_drop_ins.validate(module, configuration, {path: text})  # a broken configuration is no obstacle of ours
        return None, [rsyslog_diversion.too_late(sure, path)]
    forwarders = configuration.behind(path)
    text = rsyslog_diversion.render(chosen, rsyslog_diversion.copies(forwarders), params['directory'])
    done = Place(path, text, forwarders, 'reading', [])
    if not perhaps and path == params['path']:
        return done, []
    drop_ins = dict.fromkeys([params['path'], params['early_path']])
    drop_ins[path] = text
    rsyslog_drop_ins.validate(module, configuration, {path: text},
                              hint([dict(file=one.file, line=one.line) for one in forwarders]))
    unknown = rsyslog_proof.unexampled(chosen)
    why = ('%s has no example to try it with' % ', '.join(unknown)) if unknown else None
    in_front = configuration.decided(path, rsyslog_diversion.pairs(chosen)[0])
    try:
        unlike = rsyslog_proof.unlike(in_front)
        if unlike:
            raise rsyslog_proof.Unproved('%s reads %s, which a private one cannot have as imjournal hands it over'
                                         % (unlike[0].where(), unlike[1]))
        wrong = rsyslog_drop_ins.prove(module, configuration, drop_ins,
                                       rsyslog_proof.messages(chosen, rsyslog_proof.facilities(in_front)))
        by_text = rsyslog_proof.by_text(in_front, chosen)
        if by_text and not wrong:
            why = why or '%s decides by the text, and the examples do not have all texts' % by_text.where()
    except rsyslog_proof.Unproved as error:
        wrong, why = [], to_text(error.args[0])
    if wrong:
        return None, ['a private rsyslogd with the drop-in %s was sent test messages: %s' % (path, one) for one in wrong]
    if why is None:
        return done._replace(proved_by='rsyslogd'), []
    doubt = ' (%s)' % rsyslog_diversion.too_late(perhaps, path) if perhaps else ''
    return done._replace(proved_by=None, notes=[
        'It is not known whether the diversion works%s, because rsyslogd could not show it: %s.' % (doubt, why)]), [why]


if __name__ == '__main__':
    main()
