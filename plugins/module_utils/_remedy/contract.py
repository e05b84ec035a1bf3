# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all kinds of remedy share: the items that they take, the result that they return, and how a module runs one.

A kind is a Python module with KIND (the name of its role), REQUIRES, OPTIONS (the argument spec of what is not an
item's), ITEM (that of an item's keys) and apply(). docs/remedies.md has the contract.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os

from ansible.module_utils.common.text.converters import to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, host_lock


class RemedyError(Exception):
    """The remedy cannot be applied or checked. The text tells the operator why, and what to do."""


class ReadOnlyModule:
    """An AnsibleModule for a kind that may only look: always in check mode, and without parameters."""

    check_mode = True

    def __init__(self, module):
        self._module = module

    @property
    def params(self):
        """Refuse: a kind gets all it needs as arguments, and the module that looks has other parameters."""
        raise AttributeError('a kind of remedy does not read the parameters of the module that runs it')

    def warn(self, text):
        """Ignore the warning: the notes hold it, and nothing was done."""

    def __getattr__(self, name):
        return getattr(self._module, name)


def arguments(kind, env_fallback):
    """Return the argument spec of the module of a kind.

    :param env_fallback: that of ansible.module_utils.basic.
    """
    return dict(
        items=dict(type='list', elements='dict', default=[],
                   options=dict(kind.ITEM, signature_id=dict(type='str', required=True))),
        state=dict(type='str', choices=['present', 'absent'], default='present'),
        **dict(kind.OPTIONS, **host_lock.arguments(env_fallback)))


def run(module, kind):
    """Run the module of a kind. Ends the module."""
    params = module.params
    options = dict((name, params[name]) for name in kind.OPTIONS)
    result = begin(kind)
    try:
        need_root(kind)
        with host_lock.held(module, kind.KIND):
            kind.apply(module, params['items'], params['state'], options, result)
        finish(module, params['items'], result)
    except (RemedyError, files.FileError, EnvironmentError) as error:
        result.update(in_place=False, changed=result['changed'] or isinstance(error, files.Unsynced))
        module.fail_json(msg=error_message(error), **result)
    module.exit_json(**result)


def look(module, kind, items):
    """Return what the module of a kind would return in check mode with its defaults (dict). Writes nothing.

    :param module: any AnsibleModule; its parameters are not looked at.
    :param items: list of dict, as the role takes them.

    Raises RemedyError.
    """
    result, reader = begin(kind), ReadOnlyModule(module)
    options = dict((name, spec.get('default')) for name, spec in kind.OPTIONS.items())
    try:
        need_root(kind)
        kind.apply(reader, [completed(kind, item) for item in items], 'present', options, result)
        finish(reader, items, result)
    except (files.FileError, EnvironmentError) as error:
        raise RemedyError(error_message(error))
    del result['diff']
    return result


def begin(kind):
    """Return the initial result."""
    return dict(changed=False, in_place=True, in_place_since=None, signatures=[], files=[], notes=[], requires=kind.REQUIRES,
                diff=[])


def finish(module, items, result):
    """Fill in the derived parts of the result. A file that would have to change is not in place."""
    result['in_place'] = result['in_place'] and not (module.check_mode and result['changed'])
    result['signatures'] = [dict(signature_id=item['signature_id'], in_place=result['in_place']) for item in items]


def completed(kind, item):
    """Return an item (dict) with the defaults that the module would fill in."""
    return dict(((name, spec.get('default')) for name, spec in kind.ITEM.items()), **item)


def need_root(kind):
    """Raise RemedyError unless we are root."""
    if os.geteuid():
        raise RemedyError('%s needs root to %s. Run it with become: true. Nothing was changed.' % (kind.KIND, kind.ROOT_FOR))


def report(result, path, action, before, after):
    """Add one finished file to the result, so that a later failure still reports it.

    :param before: bytes of the file, None where there was none; :param after: the same after it.
    """
    result['changed'] = True
    result['files'].append(dict(path=path, action=action))
    result['diff'].append(difference(path, before, after))


def difference(path, before, after):
    """Return the diff of one file (bytes, None for no file), in Ansible's form."""
    return dict(
        before_header=path if before is not None else '%s (absent)' % path,
        after_header=path if after is not None else '%s (absent)' % path,
        before=to_text(before or b'', errors='replace'), after=to_text(after or b'', errors='replace'))


def error_message(error):
    """Return the message of an exception for the operator (text)."""
    return to_text(str(error) if isinstance(error, EnvironmentError) else error.args[0])
