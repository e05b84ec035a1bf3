# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values of the syslog policy that were given, which stay in force until others are. Pure.

They are kept on the host, by the names of the role's variables without their beginning; `_syslog/settings.py` reads them.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import json
from collections.abc import Collection, Mapping
from typing import Any

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import settings as on_host

PREFIX = 'syslog_policy_'
NAMES = tuple(sorted(on_host.KINDS))


def given(known: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[str]:
    """The names whose variable is not the default of the role.

    :param known: the variables of a host, not templated. :param defaults: those of the role, as they are written there.
    """
    return [name for name in NAMES if PREFIX + name in known and known[PREFIX + name] != defaults[PREFIX + name]]


def remembered(before: Mapping[str, Any], names: Collection[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values to be kept: those that were given in this run, and of the others those of earlier runs.

    :param before: what was kept. :param names: what given() returns. :param values: {name: value}, templated.
    """
    found = dict(before)
    for name in names:
        found[name] = values[name]
    if 'rules' in names:
        found['rules'] = _rules(values['rules'], values['default_rules'])
    for name in ('ftp_collector', 'alert', 'journal'):
        if name in names:
            found[name] = values[name] or {}
    if 'alert_signatures' in names:
        found['alert_signatures'] = [one for one in values['alert_signatures'] or [] if one.get('alert') == 'exempt']
    return found


def _rules(rules: Any, defaults: Any) -> dict[str, Any]:
    """The rules without the default ones, so that these go on following what is said of them, such as the retention."""
    rules = list(rules or [])
    if all(one in rules for one in defaults):
        return {'defaults': True, 'own': [one for one in rules if one not in defaults]}
    return {'defaults': False, 'own': rules}


def text(settings: Mapping[str, Any]) -> str | None:
    """The file that keeps them, or None for none."""
    if not settings:
        return None
    return json.dumps({'managed_by': 'Ansible: loghygiene.rhel.syslog_policy. What the policy was told; given values replace it.',
                       'schema': on_host.SCHEMA, 'settings': settings}, indent=2, sort_keys=True) + '\n'
