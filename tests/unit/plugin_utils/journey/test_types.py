# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The types of the control node say of the record and of the catalog what their JSON Schemas say."""
from __future__ import annotations

import functools
import json
import typing
from pathlib import Path

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common import signature_types
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records, record_types

ROOT = Path(records.__file__).resolve().parents[3]
NULL = {'type': 'null'}
PLAIN = {'string': str, 'integer': int, 'boolean': bool, 'number': float}


def schema(path):
    return json.loads((ROOT / path).read_text(encoding='utf-8'))


hints_of = functools.lru_cache(maxsize=None)(typing.get_type_hints)


def differences(rule, hint, root, where='(top)'):
    """Yield what a JSON Schema and a type say otherwise of the same value."""
    if '$ref' in rule:
        target = root
        for part in rule['$ref'][2:].split('/'):
            target = target[part]
        yield from differences(target, hint, root, where)
        return
    choices = list(typing.get_args(hint)) if is_union(hint) else [hint]
    rules = rule['anyOf'] if 'anyOf' in rule and 'properties' not in rule else [rule]
    if len(rules) != len(choices):
        yield '%s: the schema knows %d kinds of value, the type %d (%s)' % (where, len(rules), len(choices), hint)
    elif len(rules) > 1:
        for one in rules:
            told = [list(differences(one, choice, root, where)) for choice in choices]
            yield from min(told, key=len)
    else:
        yield from single(rule, hint, root, where)


def is_union(hint):
    return typing.get_origin(hint) in (typing.Union, type(int | None))


def single(rule, hint, root, where):
    kind, origin = rule.get('type'), typing.get_origin(hint)
    if 'enum' in rule or 'const' in rule:
        allowed = rule.get('enum') or [rule['const']]
        if origin is not typing.Literal or set(typing.get_args(hint)) != set(allowed):
            yield '%s: is one of %s, the type %s' % (where, allowed, hint)
    elif kind == 'array':
        if origin is not list:
            yield '%s: is a list, the type %s' % (where, hint)
        else:
            yield from differences(rule['items'], typing.get_args(hint)[0], root, where + '[]')
    elif kind == 'object':
        yield from of_object(rule, hint, root, where)
    elif (type(None) if kind == 'null' else PLAIN[kind]) is not hint:
        yield '%s: is %s, the type %s' % (where, kind, hint)


def of_object(rule, hint, root, where):
    known, values = rule.get('properties', {}), rule.get('additionalProperties')
    if typing.is_typeddict(hint):
        hints = hints_of(hint)
        required = set(rule.get('required', ()))
        if not known:  # the schema leaves open what there is besides
            if not required <= hint.__required_keys__:
                yield '%s: requires %s' % (where, sorted(required - hint.__required_keys__))
            return
        if set(hints) != set(known):
            yield '%s: only one of the two has the keys %s' % (where, sorted(set(hints) ^ set(known)))
        if required != hint.__required_keys__:
            yield '%s: only one of the two requires %s' % (where, sorted(required ^ hint.__required_keys__))
        for key in set(hints) & set(known):
            yield from differences(known[key], hints[key], root, '%s.%s' % (where, key))
    elif typing.get_origin(hint) is not dict:
        yield '%s: is an object, the type %s' % (where, hint)
    elif known or values:
        names, value = typing.get_args(hint)
        keys = known or rule.get('propertyNames', {}).get('enum')
        if keys and set(typing.get_args(names)) != set(keys):
            yield '%s: may have the keys %s, the type %s' % (where, sorted(keys), names)
        if known and rule.get('required'):
            yield '%s: requires keys, the type %s none' % (where, hint)
        rules = list(known.values()) or [values]
        for one in [rule for number, rule in enumerate(rules) if rule not in rules[:number]]:
            yield from differences(one, value, root, where + '.*')


CASES = [('docs/record.schema.json', record_types.Record), ('catalog/signature.schema.json', signature_types.Signature),
         ('catalog/protected.schema.json', signature_types.ProtectedFile)]


@pytest.mark.parametrize('path, hint', CASES, ids=lambda one: getattr(one, '__name__', one))
def test_types_say_what_the_schema_says(path, hint):
    assert list(differences(schema(path), hint, schema(path))) == []


def objects(node):
    """Every part of a schema that is an object with keys."""
    if isinstance(node, dict):
        if 'properties' in node and node.get('type') == 'object':
            yield node
        for child in node.values():
            yield from objects(child)
    if isinstance(node, list):
        for child in node:
            yield from objects(child)


def changes(one, key):
    """Yield (what was changed, the part of the schema that is instead of one): a key more or less, required or not, null or not."""
    value, others = one['properties'][key], {name: value for name, value in one['properties'].items() if name != key}
    yield 'removed', dict(one, properties=others)
    yield 'renamed', dict(one, properties=dict(others, **{key + '_': value}))
    yield 'required', dict(one, required=sorted(set(one.get('required', ())) ^ {key}))
    choices = value['anyOf'] if 'anyOf' in value else [value]
    without = [choice for choice in choices if choice != NULL]
    yield 'null', dict(one, properties=dict(one['properties'], **{key: {'anyOf': without + [NULL] * (without == choices)}}))


@pytest.mark.parametrize('path, hint', CASES, ids=lambda one: getattr(one, '__name__', one))
def test_what_only_one_of_them_says_is_told(path, hint):
    root = schema(path)
    for one in list(objects(root)):
        kept = dict(one)
        for key in kept['properties']:
            for what, changed in changes(kept, key):
                one.clear()
                one.update(changed)
                assert next(differences(root, hint, root), None), (path, key, what)
        one.clear()
        one.update(kept)
