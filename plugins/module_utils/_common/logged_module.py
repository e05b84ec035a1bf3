# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AnsibleModule whose arguments fit into a line of the target's log.

Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

from ansible.module_utils.basic import AnsibleModule

# Characters. rsyslogd takes messages of 8 KiB unless told otherwise, and complains of a longer one with priority err.
LONGEST = 2000


class LoggedModule(AnsibleModule):
    """For modules that are given texts or rules of any length, as files and policies are."""

    def log(self, msg, log_args=None):
        if len(msg) > LONGEST:
            msg = '%s ... (%d characters in all)' % (msg[:LONGEST], len(msg))
        super(LoggedModule, self).log(msg, log_args)
