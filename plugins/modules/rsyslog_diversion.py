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
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: full
  platform:
    description: Target OS/families that can be operated against.
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

import glob
import os
import re
import shutil
import tempfile

from ansible.module_utils.common.text.converters import to_bytes, to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils import files, rsyslog
from ansible_collections.loghygiene.rhel.plugins.module_utils.quiet import QuietModule


class Disk:
    """The files of the host, as rsyslog.Configuration wants them."""

    def is_dir(self, path):
        return os.path.isdir(to_bytes(path))

    def glob(self, pattern):
        found = glob.glob(to_bytes(pattern))
        return [to_text(path) + ('/' if os.path.isdir(path) else '') for path in found]

    def read(self, path):
        return files.read_bytes(path).decode('latin-1')


def main():
    module = QuietModule(  # signatures in the log of the target would be found by the next scan
        argument_spec=dict(
            signatures=dict(type='list', elements='dict', default=[]),
            ids=dict(type='list', elements='str', default=[]),
            state=dict(type='str', choices=['present', 'absent'], default='present'),
            path=dict(type='path', default=rsyslog.DROP_IN),
            directory=dict(type='path', default=rsyslog.DIRECTORY),
            config=dict(type='path', default='/etc/rsyslog.conf'),
            pending=dict(type='path', default='/run/log_hygiene.rsyslog'),
        ),
        supports_check_mode=True,
    )
    result = dict(changed=False, ids=[], removed=[], forwarders=[], previous=None, notes=[])
    try:
        divert(module, result)
        result['in_place_since'] = files.modified_at([path for path in [module.params['path']] if os.path.exists(path)])
    except (rsyslog.RsyslogError, files.FileError) as error:
        module.fail_json(msg=to_text(error.args[0]), **result)
    result['in_place'] = not (module.check_mode and result['changed'])
    module.exit_json(**result)


def divert(module, result):
    """Bring the drop-in to the state asked for. Fills `result`."""
    params = module.params
    before = drop_in(params['path'])
    after = None
    configuration = rsyslog.Configuration(params['config'], Disk(), params['path'])
    if params['state'] == 'present':
        after = wanted(params, configuration, before, result)
    result['previous'] = before
    if after != before:
        validate(module, configuration, after, result['forwarders'])
        result['changed'] = True
        if not module.check_mode:
            write(module, after)
    elif os.path.exists(params['pending']):
        result['changed'] = True
        result['notes'].append('rsyslogd was not restarted since %s changed.' % params['path'])
    result['diff'] = dict(before=before or '', after=after or '',
                          before_header=params['path'], after_header=params['path'])


def drop_in(path):
    """The text of the drop-in, None when there is none. Raises RsyslogError when the file is somebody else's."""
    if not os.path.lexists(path):
        return None
    text = to_text(files.read_bytes(path))
    if not text.startswith(rsyslog.MARK):
        raise rsyslog.RsyslogError('%s was not written by this collection, or its first line was changed. Move it '
                                   'away. Nothing was changed.' % path)
    return text


def wanted(params, configuration, before, result):
    """The text that the drop-in should have, None for no drop-in. Fills `result`."""
    known = [signature.get('id') for signature in params['signatures']]
    for name in params['ids']:
        if name not in known:
            raise rsyslog.RsyslogError('ids: there is no signature %s among the signatures given. Nothing was changed.'
                                       % name)
    held = rsyslog.installed(before or '')
    chosen = [signature for signature in params['signatures']
              if signature.get('id') in params['ids'] or signature.get('id') in held]
    result['ids'] = [signature['id'] for signature in chosen]
    result['removed'] = [name for name in held if name not in result['ids']]
    if not chosen:
        return None
    result['notes'] = configuration.doubts()
    forwarders = configuration.forwarders()
    copies = rsyslog.copies(forwarders)
    result['forwarders'] = [dict(file=one.file, line=one.line, text=one.text) for one in forwarders]
    result['notes'] += ['%s, line %d: %s comes after the diversion, so diverted messages are sent there first, by a '
                        'copy of it. Run this again when you change it.' % (one.file, one.line, one.text)
                        for one in forwarders]
    return rsyslog.render(chosen, copies, params['directory'])


def validate(module, configuration, after, forwarders):
    """Have rsyslogd read the whole configuration as it would be. Raises RsyslogError with what it says."""
    rsyslogd = module.get_bin_path('rsyslogd', opt_dirs=['/usr/sbin', '/sbin'])
    if rsyslogd is None:
        raise rsyslog.RsyslogError('rsyslogd is not installed, so nothing can be diverted. Install rsyslog, or leave '
                                   'this host out of it. Nothing was changed.')
    said = complaint(module, rsyslogd, configuration, after)
    if said is None:
        return
    path = configuration.path
    if after is not None and complaint(module, rsyslogd, configuration, None) is None:
        copied = ', '.join('%s, line %d' % (one['file'], one['line']) for one in forwarders)
        hint = (' It has a copy of a forwarder (%s), whose templates and modules may come later. With them: %s'
                % (copied, rsyslog.REMEDY)) if copied else ''
        raise rsyslog.RsyslogError('rsyslogd refuses the configuration in %s together with the new %s: %s. Nothing was '
                                   'changed.%s' % (path, configuration.drop_in, said, hint))
    raise rsyslog.RsyslogError('rsyslogd refuses the configuration in %s as it is, without %s: %s. Mend that first. '
                               'Nothing was changed.' % (path, configuration.drop_in, said))


def complaint(module, rsyslogd, configuration, after):
    """What rsyslogd -N1 says against a copy of the configuration (text), None when it accepts it."""
    root = os.path.realpath(tempfile.mkdtemp(prefix='rsyslog-', dir=module.tmpdir))
    try:
        if re.search(r'[^A-Za-z0-9_./-]', root):
            raise rsyslog.RsyslogError('rsyslogd cannot include files below %s. Set remote_tmp to a plain path. '
                                       'Nothing was changed.' % root)
        contents, directories = configuration.staged(root, after)
        for path in directories + [os.path.dirname(path) for path in contents]:
            if not os.path.isdir(path):
                os.makedirs(path, 0o700)
        for path, content in contents.items():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as copy:
                copy.write(content)
        status, out, err = module.run_command([rsyslogd, '-N1', '-f', root + configuration.path], cwd='/',
                                              environ_update=dict(LC_ALL='C'))
    except EnvironmentError as error:
        raise rsyslog.RsyslogError('Cannot write a copy of the configuration to %s, to have it validated: %s. Nothing '
                                   'was changed.' % (root, os.strerror(error.errno)))
    finally:
        shutil.rmtree(root)
    return (rsyslog.complaints(to_text(out + err), root) or 'exit status %d' % status) if status else None


def write(module, after):
    """Put the drop-in in place, or take it away, and note that rsyslogd does not know of it yet."""
    path, pending = module.params['path'], module.params['pending']
    due = os.path.exists(pending)
    files.write_atomic(module, pending, b'', mode=0o600)
    try:
        if after is None:
            files.remove(path)
        else:
            files.write_atomic(module, path, to_bytes(after), mode=0o600)
    except files.FileError:
        if not due:
            files.remove(pending)
        raise


if __name__ == '__main__':
    main()
