# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The screen that a report is printed on.

This file is private to the collection: its functions may change in any release.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import os

from ansible import constants
from ansible.plugins.loader import callback_loader
from ansible.utils.display import Display

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import COLUMNS

# Callback plugins for people that are not made of the default one.
FOR_PEOPLE = ('default', 'minimal', 'oneline', 'selective', 'unixy', 'counter_enabled', 'diy')


def is_for_people(name: str = '') -> bool:
    """Whether what stands on the screen is for people: a line between would spoil a document that a program reads.

    :arg name: a callback plugin; by default the one that shows this run.
    """
    name = name or str(constants.DEFAULT_STDOUT_CALLBACK)  # type: ignore[attr-defined]  # Ansible makes its constants as it starts
    last = name.rpartition('.')[2]
    if 'json' in last or last in FOR_PEOPLE:
        return last in FOR_PEOPLE
    plugin = callback_loader.get(name, class_only=True)
    return any(one.__module__.endswith('callback.default') for one in getattr(plugin, '__mro__', ()))


def columns() -> int:
    """How wide the terminal is. Ansible looks at it as it starts; the process that a task runs in has none."""
    told = os.environ.get('COLUMNS', '')
    if told.isdecimal() and int(told):
        return int(told)
    # Ansible keeps one column free, and never has less than 79: so much it takes a pipe for.
    return max(COLUMNS, (Display().columns or 0) + 1)
