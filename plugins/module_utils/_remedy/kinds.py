# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of remedy of this collection, by the name of their role.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import (
    contract as remedy, diversion, module_options, sysctl_drop_in, tmpfiles_acl, unit_state, xdg_autostart)
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy.contract import RemedyError

__all__ = ('KINDS', 'RemedyError', 'look', 'wanted')

KINDS = dict((kind.KIND, kind) for kind in (
    diversion, module_options, sysctl_drop_in, tmpfiles_acl, unit_state, xdg_autostart))


def wanted(items, signature_ids):
    """Return the items (list of dict) of a kind that are for these signatures.

    A kind that keeps what it did earlier (key `keep`) is told of its other items as well, as such.
    """
    if not any(item['signature_id'] in signature_ids for item in items):
        return []
    return [item if item['signature_id'] in signature_ids else dict(item, keep=True) for item in items
            if item['signature_id'] in signature_ids or 'keep' in item]


def look(module, role, items):
    """Return what the module of a role would return in check mode (dict), without writing.

    :param module: any AnsibleModule; its parameters are not looked at.
    :param role: one of KINDS (str).
    :param items: list of dict: signature_id, and the `with` of the signature.

    Raises RemedyError with what the operator is told, where the state cannot be told.
    """
    return remedy.look(module, KINDS[role], items)
