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
previous:
  description: What the drop-in held before, null when there was none.
  type: str
  returned: always
in_place:
  description: Whether the state asked for is there now. False in check mode where something would change.
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

import os

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils import (
    files, host_lock, rsyslog, rsyslog_diversion, rsyslog_drop_ins, safe_paths)
from ansible_collections.loghygiene.rhel.plugins.module_utils.quiet import QuietModule


def main():
    module = QuietModule(  # signatures in the log of the target would be found by the next scan
        argument_spec=dict(
            signatures=dict(type='list', elements='dict', default=[]),
            ids=dict(type='list', elements='str', default=[]),
            state=dict(type='str', choices=['present', 'absent'], default='present'),
            path=dict(type='path', default=rsyslog_diversion.DROP_IN),
            directory=dict(type='path', default=rsyslog_diversion.DIRECTORY),
            config=dict(type='path', default='/etc/rsyslog.conf'),
            pending=dict(type='path', default='/run/log_hygiene.rsyslog'),
            **host_lock.arguments(env_fallback)
        ),
        supports_check_mode=True,
    )
    result = dict(changed=False, ids=[], removed=[], forwarders=[], previous=None, notes=[])
    try:
        with host_lock.held(module, 'rsyslog_diversion'):
            files.sweep_for(module, [module.params['path'], module.params['pending']], None, result)
            divert(module, result)
        result['in_place_since'] = files.modified_at([path for path in [module.params['path']] if os.path.exists(path)])
    except (rsyslog.RsyslogError, files.FileError) as error:
        module.fail_json(msg=to_text(error.args[0]), **result)
    result['in_place'] = not (module.check_mode and result['changed'])
    module.exit_json(**result)


def divert(module, result):
    """Bring the drop-in to the state asked for. Fills `result`."""
    params = module.params
    path = params['path']
    before = rsyslog_drop_ins.read(path, rsyslog_diversion.MARK)
    after = None
    configuration = rsyslog.Configuration(params['config'], rsyslog_drop_ins.Disk(), [path])
    if params['state'] == 'present':
        after = wanted(params, configuration, before, result)
    result['previous'] = before
    if after != before:
        rsyslog_drop_ins.validate(module, configuration, {path: after}, hint(result['forwarders']))
        result['changed'] = True
        if not module.check_mode:
            rsyslog_drop_ins.write(module, {path: (before, after)}, params['pending'])
    elif os.path.exists(params['pending']):
        result['changed'] = True
        result['notes'].append('rsyslogd was not restarted since %s changed.' % path)
    result['diff'] = dict(before=before or '', after=after or '', before_header=path, after_header=path)


def hint(forwarders):
    """What may be wrong with a drop-in that has copies of these forwarders (list of dict), for the operator (text)."""
    copied = ', '.join('%s, line %d' % (one['file'], one['line']) for one in forwarders)
    return (' It has a copy of a forwarder (%s), whose templates and modules may come later. With them: %s'
            % (copied, rsyslog_diversion.REMEDY)) if copied else ''


def wanted(params, configuration, before, result):
    """The text that the drop-in should have, None for no drop-in. Fills `result`."""
    known = [signature.get('id') for signature in params['signatures']]
    for name in params['ids']:
        if name not in known:
            raise rsyslog.RsyslogError('ids: there is no signature %s among the signatures given. Nothing was changed.'
                                       % name)
    held = rsyslog_diversion.installed(before or '')
    chosen = [signature for signature in params['signatures']
              if signature.get('id') in params['ids'] or signature.get('id') in held]
    result['ids'] = [signature['id'] for signature in chosen]
    result['removed'] = [name for name in held if name not in result['ids']]
    if not chosen:
        return None
    unsafe = safe_paths.check(params['directory'] + '/x.log')
    if unsafe:
        raise rsyslog.RsyslogError('directory: %s Nothing was changed.' % unsafe)
    result['notes'] += configuration.doubts(params['path'])
    forwarders = configuration.behind(params['path'])
    copies = rsyslog_diversion.copies(forwarders)
    result['forwarders'] = [dict(file=one.file, line=one.line, text=one.text) for one in forwarders]
    result['notes'] += ['%s, line %d: %s comes after the diversion, so diverted messages are sent there first, by a '
                        'copy of it. Run this again when you change it.' % (one.file, one.line, one.text)
                        for one in forwarders]
    return rsyslog_diversion.render(chosen, copies, params['directory'])


if __name__ == '__main__':
    main()
