# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the package that a host has installed is one with the fix of a message. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import re

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Build, Target


def build_of(signature: Signature, target: Target) -> Build | None:
    """Whether the host has the fix of a message, None for a message that no update ends.

    Nothing is claimed of a host whose release is not known, nor of one that does not say what is installed.
    """
    fixed_by = signature.get('fixed_by')
    if not fixed_by:
        return None
    package, release = fixed_by['package'], target.get('el')
    installed = (target.get('packages') or {}).get(package)
    fixed_in = next((one['version'] for one in fixed_by['builds'] if one['el'] == release), None)
    fixed: bool | None
    if release is None:
        fixed = None
    elif fixed_in is None:
        fixed = False
    else:
        fixed = None if installed is None else not is_older(installed, fixed_in)
    return {'package': package, 'installed': installed, 'fixed_in': fixed_in, 'fixed': fixed}


def is_older(one: str, other: str) -> bool:
    """Whether a version is older than another, each `version` or `version-release`, as rpm compares them.

    The release counts only where both have one.
    """
    for left, right in zip(one.split('-'), other.split('-')):
        order = _order(left, right)
        if order:
            return order < 0
    return False


def _order(one: str, other: str) -> int:
    """What rpmvercmp() returns: -1, 0 or 1. `~` stands before the end, `^` right behind it."""
    left, right = (re.findall(r'[0-9]+|[A-Za-z]+|[~^]', text) for text in (one, other))
    for index in range(max(len(left), len(right))):
        a, b = (parts[index] if index < len(parts) else '' for parts in (left, right))
        if _rank(a) != _rank(b):  # 07 is 7
            return -1 if _rank(a) < _rank(b) else 1
    return 0


def _rank(part: str) -> tuple[int, int, str]:
    """By which parts of a version are compared: `~`, the end, `^`, letters, numbers."""
    if part.isdigit():  # of a number that is too long to be read, its length decides
        digits = part.lstrip('0')
        return 4, len(digits), digits
    return ({'~': 0, '': 1, '^': 2}.get(part, 3), 0, part)
