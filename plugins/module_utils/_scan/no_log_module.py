# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AnsibleModule that does not write its arguments into the log of the target.

Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

from ansible.module_utils.basic import AnsibleModule


class NoLogModule(AnsibleModule):
    """For modules that are given signatures: logged, the next scan would find its own patterns.

    `AnsibleModule(no_log=True)` does not do it: the controller sends `_ansible_no_log` with every task, which replaces
    it. And `no_log` of the option would mask the results. That the module ran is still logged.
    """

    def log(self, msg, log_args=None):
        super(NoLogModule, self).log(msg.partition(' with ')[0] if msg.startswith('Invoked') else msg)
