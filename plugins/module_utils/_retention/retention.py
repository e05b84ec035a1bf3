# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the journal and the text logs of a host are actually kept, for the module log_retention_info.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import (
    _files as file_retention, _journal as journal_retention, _rotation as rotation, _store as retention_store)


def look(get_bin_path, rules=(), journal_keep_days=None, logrotate_config=logrotate.CONFIG, logrotate_state=None):
    """Return what is kept, and what will be removed and when (dict, see RETURN of log_retention_info).

    :param get_bin_path: function, name of a command -> its path or None, as AnsibleModule has it.
    :param rules: list of dicts with path and, where days are asked for, keep_days.
    :param journal_keep_days: days that the journal is to be kept; None where it is no store of the policy.
    :param logrotate_config, logrotate_state: paths; of the state, None for the newest of those that EL uses.

    Raises LogrotateError where logrotate cannot be run, or a path is not absolute.
    """
    for rule in rules:
        if not os.path.isabs(rule['path']):
            raise logrotate.LogrotateError('rules: the path %r is not absolute. Give the whole path of the log.' % (rule['path'],))
    now = timestamps.now()
    host_days = retention_store.days_between(retention_store.modified('/etc/machine-id'), now)
    stores = []
    if journal_keep_days is not None:
        stores.append(journal_retention.look(get_bin_path('journalctl'), journal_keep_days, now, host_days))
    running = rotation.Logrotate(get_bin_path, logrotate_config, logrotate_state, now)
    for rule in rules:
        stores.append(file_retention.look(rule['path'], rule.get('keep_days'), running, now, host_days))
    return {'stores': stores, 'logrotate': running.described()}
