# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to this machine that notes what each command takes, to tell a host's time from the control node's."""
from __future__ import annotations

import os
import re
import resource

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: measured
short_description: The local connection, measured
description:
  - Appends a line for each command to the file that the environment variable MEASURED_FILE names.
  - A line is V(1) for a module or V(0) for what Ansible does around it, then the seconds of user and system.
author: loghygiene contributors
options:
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

# A module is started from its file, or comes by standard input where there is pipelining.
MODULE = re.compile(r'python\S* +\S*AnsiballZ_\w+\.py')


class Connection(Local):
    """Local. All that a command starts and waits for is the host's."""

    transport = 'measured'

    def exec_command(self, cmd, in_data=None, sudoable=True):
        before = self._seconds()
        try:
            return super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        finally:
            text = cmd.decode() if isinstance(cmd, bytes) else cmd
            line = '%d %.6f\n' % (bool(in_data or MODULE.search(text)), self._seconds() - before)
            # One write, as other hosts' commands append to it too.
            with open(os.environ['MEASURED_FILE'], 'ab', buffering=0) as stream:
                stream.write(line.encode('ascii'))

    @staticmethod
    def _seconds():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
