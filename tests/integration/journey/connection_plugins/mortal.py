# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to this machine that dies where a test wants it: as a host that loses its network in the middle of a run."""
from __future__ import annotations

import os
import re
import shlex
import signal

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: mortal
short_description: The local connection, until a certain module is run
description:
  - A host is lost from the first use of O(dies_at) on.
  - The environment variable MORTAL_VISITS names a file that gets the name of each module of a collection that is run.
author: loghygiene contributors
options:
  dies_at:
    description: Name of the module; empty for a host that lives.
    default: ''
    vars: [{name: mortal_dies_at}]
  grave:
    description: A file that says that the host is dead; one per host.
    vars: [{name: mortal_grave}]
  takes_along:
    description: Whether ansible-playbook is killed too.
    default: false
    type: bool
    vars: [{name: mortal_takes_along}]
  machine_id:
    description: What /etc/machine-id holds for this host; empty for that of this machine.
    default: ''
    vars: [{name: mortal_machine_id}]
  logs:
    description: A folder that this host has as /var/log, and nothing in /run/log; empty for those of this machine.
    default: ''
    vars: [{name: mortal_logs}]
  become_success_timeout:
    description: As ansible.builtin.local has it from ansible-core 2.19 on.
    default: 10
    type: int
  become_strip_preamble:
    description: As ansible.builtin.local has it from ansible-core 2.19 on.
    default: true
    type: bool
extends_documentation_fragment: [connection_pipelining]
"""


class Connection(Local):
    """Local, and lost once the file `grave` is there."""

    transport = 'mortal'

    def _live(self, *seen):
        wanted = self.get_option('dies_at')
        if 'MORTAL_VISITS' in os.environ:
            for one in seen:
                for name in set(re.findall(rb'ansible_collections[./]\w+[./]\w+[./]plugins[./]modules[./](\w+)', one)):
                    with open(os.environ['MORTAL_VISITS'], 'ab') as stream:
                        stream.write(name + b'\n')
        if wanted and any(('modules.' + wanted).encode() in one or ('AnsiballZ_' + wanted).encode() in one for one in seen):
            with open(self.get_option('grave'), 'w', encoding='utf-8'):
                pass
            if self.get_option('takes_along'):
                os.kill(os.getppid(), signal.SIGKILL)
        if wanted and os.path.exists(self.get_option('grave')):
            raise AnsibleConnectionFailure('No route to host')

    def exec_command(self, cmd, in_data=None, sudoable=True):
        self._live(cmd if isinstance(cmd, bytes) else str(cmd).encode(), in_data or b'')
        mounts = []
        if self.get_option('machine_id'):
            told = self.get_option('grave') + '.machine-id'
            with open(told, 'w', encoding='utf-8') as stream:
                stream.write(self.get_option('machine_id') + '\n')
            mounts.append('mount --bind %s /etc/machine-id' % shlex.quote(told))
        if self.get_option('logs'):
            mounts += ['mount --bind %s /var/log' % shlex.quote(self.get_option('logs')), '{ test ! -d /run/log || mount -t tmpfs none /run/log; }']
        if mounts:  # in a view of the file system of its own
            cmd = 'unshare -m sh -c %s %s' % (
                shlex.quote(' && '.join([*mounts, 'exec sh -c "$0"'])), shlex.quote(cmd.decode() if isinstance(cmd, bytes) else cmd))
        return super().exec_command(cmd, in_data=in_data, sudoable=sudoable)

    def put_file(self, in_path, out_path):
        self._live(os.fsencode(in_path), os.fsencode(out_path))
        return super().put_file(in_path, out_path)
