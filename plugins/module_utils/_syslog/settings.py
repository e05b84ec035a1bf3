# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a syslog policy that a host was given. They are in force until others are given. For hosts and the control node.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import errno
import io
import json
import os
import stat

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import safe_paths

PATH = '/etc/log_hygiene/syslog_policy.json'
SCHEMA = 1
LARGEST, DEEPEST = 2 ** 20, 20  # bytes; lists and objects in each other
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
    try:
        info = os.lstat(path)
        unsafe = safe_paths.check(path)
        if unsafe:
            raise SettingsError('%s %s' % (unsafe, REMEDY))
        if not stat.S_ISREG(info.st_mode):  # a pipe would never end
            raise SettingsError('%s is not a regular file. %s' % (path, REMEDY))
        if info.st_uid not in safe_paths.trusted_owners() or info.st_mode & 0o002 or (info.st_mode & 0o020 and info.st_gid):
            raise SettingsError('%s can be written by others than root (owner %d, group %d, mode %04o). %s' % (
                path, info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode), REMEDY))
        with io.open(path, 'rb') as source:
            text = source.read(LARGEST + 1)
    except EnvironmentError as error:
        if error.errno == errno.ENOENT:
            return None
        raise SettingsError('%s: %s. %s' % (path, os.strerror(error.errno or 0), REMEDY))
    try:
        found = _parsed(text)
    except (ValueError, RuntimeError):  # RuntimeError: lists in lists without end
        raise SettingsError('%s is not JSON. %s' % (path, REMEDY))
    wrong = _wrong(found)
    if wrong:
        raise SettingsError('%s: key %s is not what this collection writes. %s' % (path, wrong, REMEDY))
    return found['settings']


def _parsed(text):
    """Return the value of a JSON text (bytes). Raises ValueError for what others could not read: NaN, half a character, no end."""
    if len(text) > LARGEST:
        raise ValueError('too large')
    found = json.loads(text.decode('utf-8'))
    json.dumps(found, ensure_ascii=False, allow_nan=False).encode('utf-8')
    level = [found]
    for dummy in range(DEEPEST):
        level = [below for one in level if isinstance(one, (dict, list)) for below in (one.values() if isinstance(one, dict) else one)]
    if level:
        raise ValueError('nested too deeply')
    return found


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
    for one in values.get('alert_signatures', ()):
        if not (isinstance(one.get('id'), type(u'')) and isinstance(one.get('revision'), int) and isinstance(one.get('match'), dict)):
            return 'settings.alert_signatures'
    rules = values.get('rules', {'defaults': True, 'own': []})
    if (set(rules) != set(['defaults', 'own']) or not isinstance(rules['defaults'], bool) or not isinstance(rules['own'], list)
            or not all(isinstance(one, dict) for one in rules['own'])):
        return 'settings.rules'
    return None
