# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a syslog policy that a host was given. They are in force until others are given. For hosts and the control node.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import io
import json
import os

PATH = '/etc/log_hygiene/syslog_policy.json'
SCHEMA = 1
# The variables of the role that say what a policy is, without `syslog_policy_`, and what the file has for each.
KINDS = {'retention': (type(u''), int), 'short_retention': (type(u''), int), 'ftp_collector': (dict,), 'alert': (dict,),
         'alert_signatures': (list,), 'default_rules': (list,), 'rules': (dict,), 'journal': (dict,)}
REMEDY = ('Without it nobody knows what the policy was told before. Put it back; or move it away, and give each value of the '
          'policy anew. Nothing was changed.')


class SettingsError(Exception):
    """What a host was given cannot be told; the text says why and what to do."""


def read(path=PATH):
    """Return the values that were given, {name: value} by KINDS; None where there is no such file. Raises SettingsError.

    `rules` is a dict: `defaults` (whether the default rules are among them) and `own` (the others).
    """
    if not os.path.lexists(path):
        return None
    try:
        if not os.path.isfile(path):  # a pipe would never end
            raise SettingsError('%s is not a regular file. %s' % (path, REMEDY))
        with io.open(path, encoding='utf-8') as source:
            found = json.load(source)
    except EnvironmentError as error:
        raise SettingsError('%s: %s. %s' % (path, os.strerror(error.errno or 0), REMEDY))
    except (ValueError, RuntimeError):  # RuntimeError: lists in lists without end
        raise SettingsError('%s is not JSON. %s' % (path, REMEDY))
    wrong = _wrong(found)
    if wrong:
        raise SettingsError('%s: key %s is not what this collection writes. %s' % (path, wrong, REMEDY))
    return found['settings']


def _wrong(found):
    """Return the key (text) that is not as it should be, or None."""
    if not isinstance(found, dict) or found.get('schema') != SCHEMA or isinstance(found['schema'], bool):
        return 'schema'
    values = found.get('settings')
    if not isinstance(values, dict):
        return 'settings'
    for name in sorted(values):
        if name not in KINDS or not isinstance(values[name], KINDS[name]) or isinstance(values[name], bool):
            return 'settings.%s' % name
    for name in ('alert_signatures', 'default_rules'):
        if not all(isinstance(one, dict) for one in values.get(name, ())):
            return 'settings.%s' % name
    rules = values.get('rules', {'defaults': True, 'own': []})
    if (set(rules) != set(['defaults', 'own']) or not isinstance(rules['defaults'], bool) or not isinstance(rules['own'], list)
            or not all(isinstance(one, dict) for one in rules['own'])):
        return 'settings.rules'
    return None
