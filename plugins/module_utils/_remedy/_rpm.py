# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes a package that nothing else needs. By rpm, for dnf and yum take with it what needs it, and what it needed.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import process
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, _drop_in as drop_in

_NAME = re.compile(r'[A-Za-z0-9][A-Za-z0-9+._-]{0,99}\Z')
SECONDS = 600   # scriptlets run as well


def check_name(name):
    """Raise RemedyError unless this is the name of a package, or None."""
    if name is not None and not _NAME.match(name):
        raise remedy.RemedyError('package: %s is not the name of a package. Nothing was changed.' % drop_in.shown(name))


def asked(items):
    """Return the names of the packages that items want removed (sorted list)."""
    return sorted(set(item['package'] for item in items if item['package'] and item['remove_package']))


def is_installed(module, name):
    """Return whether a package is installed."""
    rpm = module.get_bin_path('rpm')
    return rpm is not None and process.run([rpm, '-q', '--quiet', '--', name])[0] == 0


def removable(module, items):
    """Return the packages to remove (list of str). Raises RemedyError where one does not go alone."""
    names = [name for name in asked(items) if is_installed(module, name)]
    for name in names:
        status, out, err = process.run([module.get_bin_path('rpm'), '-e', '--test', '--', name])
        if status:
            raise remedy.RemedyError('package: %s cannot be removed alone: %s. Leave remove_package out. Nothing was changed.' % (
                name, ' '.join((err or out).split()).rstrip('.')))
    return names


def remove(module, names, result):
    """Remove packages. Fills `result`. Raises RemedyError."""
    for name in names:
        if not module.check_mode:
            status, out, err = process.run([module.get_bin_path('rpm'), '-e', '--', name], SECONDS)
            if status:
                raise remedy.RemedyError('rpm cannot remove the package %s: %s. Run this again, or leave remove_package out.' % (
                    name, ' '.join((err or out).split()).rstrip('.')))
        remedy.report(result, 'package %s' % name, 'remove', b'installed\n', None)


def tell(module, items, state, result):
    """Add a note where a package that was removed would have to come back."""
    for name in asked(items) if state == 'absent' else []:
        if not is_installed(module, name):
            result['in_place'] = False
            result['notes'].append('The package %s is not installed, and is not brought back by this: install it with dnf or yum.' % name)
