# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of remedy of this collection, by the name of their role.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy.contract import RemedyError, look as look_at

__all__ = ('ROLES', 'RemedyError', 'kind_of', 'look', 'wanted')

ROLES = ('config_value', 'file_mode', 'gnome_software_autostart', 'kernel_argument', 'module_options', 'sysctl_drop_in',
         'syslog_exclusions', 'tmpfiles_acl', 'tmpfiles_override', 'unit_drop_in', 'unit_state')


def kind_of(role):
    """Return the kind (Python module) of a role, one of ROLES. It is imported only now: a host is asked for few of them."""
    if role == 'config_value':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import config_value as kind
    elif role == 'file_mode':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import file_mode as kind
    elif role == 'gnome_software_autostart':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import desktop_autostart as kind
    elif role == 'kernel_argument':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import kernel_argument as kind
    elif role == 'module_options':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import module_options as kind
    elif role == 'syslog_exclusions':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import diversion as kind
    elif role == 'sysctl_drop_in':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import sysctl_drop_in as kind
    elif role == 'tmpfiles_acl':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import tmpfiles_acl as kind
    elif role == 'tmpfiles_override':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import tmpfiles_override as kind
    elif role == 'unit_drop_in':
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import unit_drop_in as kind
    else:
        from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import unit_state as kind
    return kind


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
    :param role: one of ROLES (str).
    :param items: list of dict: signature_id, and the `with` of the signature.

    Raises RemedyError with what the operator is told, where the state cannot be told.
    """
    return look_at(module, kind_of(role), items)
