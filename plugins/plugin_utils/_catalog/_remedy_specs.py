# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each kind of remedy takes, by the argument specs of its role; so that a wrong `with` is refused before any host is contacted.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import functools
import glob
import importlib
import os
from typing import Any

import yaml

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.schema import hint
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Remedy

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
# Keys of an item that the journey fills in.
FILLED_IN = frozenset(('signature_id', 'signature', 'keep'))
Problem = tuple[str, str]  # (key of the signature, what is wrong with it)


def problems(remedy: Remedy) -> list[Problem]:
    """What is wrong with the role of a remedy, and with what it is given. Nothing can be told of a role that is not found."""
    role, given = remedy['role'], remedy.get('with', {})
    item = item_of(role)
    if item is None:
        known = shipped()
        return [] if '.' in role else [('remedy.role', 'is %s, which is not a kind of remedy of this collection%s; name one of %s, or a '
                                        'role of your own in full (namespace.collection.role)' % (role, hint(role, known), ', '.join(known)))]
    takes = dict((key, spec) for key, spec in item.items() if key not in FILLED_IN)
    found = [('remedy.with.%s' % key, 'is unknown to the role %s%s; it takes %s' % (
        role, hint(key, takes), ', '.join(sorted(takes)) or 'nothing')) for key in sorted(map(str, given)) if key not in takes]
    checked = ArgumentSpecValidator(takes).validate(dict((key, value) for key, value in given.items() if key in takes))
    return found + [('remedy.with', '%s; see the README of the role %s' % (message, role)) for message in checked.error_messages]


@functools.lru_cache(maxsize=None)
def shipped() -> tuple[str, ...]:
    """The kinds of remedy of this collection: the roles that take items."""
    names = sorted(os.path.basename(path) for path in glob.glob(os.path.join(ROOT, 'roles', '*')))
    return tuple(name for name in names if _item(os.path.join(ROOT, 'roles', name)) is not None)


@functools.lru_cache(maxsize=None)
def item_of(role: str) -> dict[str, Any] | None:
    """The argument spec of an item of a role, None where the role is not found or does not say."""
    return next(filter(None, (_item(folder) for folder in _folders(role))), None)


def options_of(role: str) -> dict[str, Any] | None:
    """The options of the argument specs of a role, None where the role is not found or does not say."""
    return next(filter(None, (_options(folder) for folder in _folders(role))), None)


def _folders(role: str) -> list[str]:
    """Where a role may be."""
    if '.' not in role:
        return [os.path.join(ROOT, 'roles', role)]
    namespace, collection, name = role.split('.')
    try:
        package = importlib.import_module('ansible_collections.%s.%s' % (namespace, collection))
    except ImportError:
        return []
    return [os.path.join(path, 'roles', name) for path in package.__path__]


def _item(folder: str) -> dict[str, Any] | None:
    """The argument spec of an item of the role in a folder, None where there is none that can be read."""
    items = (_options(folder) or {}).get(os.path.basename(folder) + '_items')
    options = items.get('options') if isinstance(items, dict) else None
    return options if isinstance(options, dict) else None


def _options(folder: str) -> dict[str, Any] | None:
    """The options of the argument specs of the role in a folder, None where there are none that can be read."""
    for path in glob.glob(os.path.join(folder, 'meta', 'argument_specs.y*ml')) + glob.glob(os.path.join(folder, 'meta', 'main.y*ml')):
        try:
            with open(path, encoding='utf-8') as stream:
                data = yaml.safe_load(stream)
            options = data['argument_specs']['main']['options']
        except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
            continue
        if isinstance(options, dict):
            return options
    return None
