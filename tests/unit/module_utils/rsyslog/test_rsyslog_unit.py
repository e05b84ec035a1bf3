# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What systemd says of rsyslog.service, and what that means."""
from __future__ import absolute_import, division, print_function

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import _unit as rsyslog_unit

__metaclass__ = type


@pytest.mark.parametrize('load, file, active, runs, stopped', [
    ('loaded', 'enabled', 'active', True, None),
    ('loaded', 'enabled', 'reloading', True, None),
    ('loaded', 'enabled', 'failed', False, None),
    ('loaded', 'enabled', 'activating', False, None),
    ('loaded', 'enabled', 'inactive', False, 'rsyslog.service is stopped (systemctl enable --now rsyslog.service)'),
    ('loaded', 'disabled', 'inactive', False,
     'rsyslog.service is stopped and disabled (systemctl enable --now rsyslog.service)'),
    ('masked', 'masked', 'inactive', False, 'rsyslog.service is masked (systemctl unmask rsyslog.service)'),
    ('masked', 'masked-runtime', 'active', True, 'rsyslog.service is masked (systemctl unmask rsyslog.service)'),
    ('not-found', '', 'inactive', False, 'there is no rsyslog.service (install rsyslog)'),
])
def test_what_somebody_stopped_is_told_from_what_failed(load, file, active, runs, stopped):
    unit = rsyslog_unit.parse('LoadState=%s\nUnitFileState=%s\nActiveState=%s\n' % (load, file, active))
    assert (unit.runs, unit.stopped, unit.notes) == (runs, stopped, [])


def test_one_that_runs_but_is_disabled_is_noted():
    unit = rsyslog_unit.parse('LoadState=loaded\nUnitFileState=disabled\nActiveState=active\n')
    assert (unit.runs, unit.stopped) == (True, None)
    assert unit.notes[0].startswith('rsyslog.service runs, but is disabled')
