# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rsyslog.service as systemd sees it: whether it runs, and whether somebody stopped it on purpose.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import process

NAME = 'rsyslog.service'
PROPERTIES = ('LoadState', 'UnitFileState', 'ActiveState')

# `runs` (bool); `stopped`: why somebody wants it not to run, and the remedy (text), else None; `notes` (list of text).
Unit = collections.namedtuple('Unit', 'runs stopped notes')


def show(systemctl, seconds=process.SECONDS):
    """Return the Unit. Raises EnvironmentError, also if systemd does not answer in time."""
    return parse(process.run([systemctl, 'show'] + ['--property=' + name for name in PROPERTIES] + [NAME], seconds)[1])


def parse(text):
    """Parse the output of `systemctl show` into a Unit. A unit that failed or is starting was not stopped on purpose."""
    found = dict(line.partition('=')[::2] for line in text.splitlines())
    load, file, active = (found.get(name, '') for name in PROPERTIES)
    if load == 'masked' or file.startswith('masked'):
        stopped = '%s is masked (systemctl unmask %s)' % (NAME, NAME)
    elif load == 'not-found':
        stopped = 'there is no %s (install rsyslog)' % NAME
    elif active == 'inactive':
        stopped = '%s is stopped%s (systemctl enable --now %s)' % (
            NAME, ' and disabled' if file == 'disabled' else '', NAME)
    else:
        stopped = None
    notes = []
    if stopped is None and file == 'disabled':
        notes.append('%s runs, but is disabled, so after the next boot no log files are written. To change that: '
                     'systemctl enable %s' % (NAME, NAME))
    return Unit(active in ('active', 'reloading'), stopped, notes)
