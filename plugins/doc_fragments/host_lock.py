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
      - The file by which runs keep off each other. One run at a time changes a host. In check mode it is neither waited
        for nor written.
    type: path
    default: /run/log_hygiene.lock
  lock_wait:
    description:
      - How many seconds the module waits for another run to end. Then it fails, says who that is, and changes nothing.
    type: int
    default: 60
  lock_token:
    description:
      - What M(loghygiene.rhel.host_lock) returned to this run, which then holds the host over several tasks. When it is
        not set, the environment variable E(LOG_HYGIENE_LOCK_TOKEN) of the task is taken.
    type: str
'''
