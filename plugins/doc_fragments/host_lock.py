# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of every module that changes a host: how it keeps other runs off meanwhile."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment(object):
    """Documentation that modules share."""

    DOCUMENTATION = r'''
options:
  lock_file:
    description:
      - The lock file. Only one run at a time changes a host. In check mode, the lock is neither waited for nor taken.
    type: path
    default: /run/log_hygiene.lock
  lock_wait:
    description:
      - Seconds to wait for another run to end. After that, the module fails, names the other run, and changes nothing.
    type: int
    default: 60
  lock_token:
    description:
      - The token that M(loghygiene.rhel.host_lock) returned to this run, if the run holds the lock over several tasks.
        If it is not set, the environment variable E(LOG_HYGIENE_LOCK_TOKEN) of the task is used.
    type: str
'''
