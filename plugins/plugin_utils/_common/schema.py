# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A validator for the part of JSON Schema (draft 2020-12) that the schemas of this collection use.

At run time nothing but ansible-core and jmespath may be imported, so the C(jsonschema) package is a development
requirement only: the tests compare this validator with it over mutations of real signatures. A schema that uses a
keyword this file does not know is refused, rather than read as if the keyword were not there.

This file is private to the collection: its functions may change in any release.
"""

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

UNKNOWN = 'is not a known key'  # what a violation begins with
ANNOTATIONS = frozenset(['$schema', '$id', '$comment', '$defs', 'title', 'description', 'examples', 'default'])

Keywords = dict[str, Any]
Schema = Keywords | bool  # a JSON Schema
Path = tuple[str | int, ...]  # keys and indexes from the top of a value
Violation = tuple[Path, str]  # where, and what is wrong there
Check = Callable[[Any, Keywords, Schema, Path], Iterator[Violation]]


def object_of(*required: str, **properties: Schema) -> Keywords:
    """A schema of an object: the keys it must have, and what its keys hold."""
    return {'type': 'object', 'required': list(required), 'properties': properties}


def list_of(items: Schema) -> Keywords:
    """A schema of an array."""
    return {'type': 'array', 'items': items}


def map_of(values: Schema) -> Keywords:
    """A schema of an object with any keys."""
    return {'type': 'object', 'additionalProperties': values}


def or_null(one: Schema) -> Keywords:
    """A schema, or null."""
    return {'anyOf': [one, {'type': 'null'}]}


class SchemaError(ValueError):
    """The schema itself uses a keyword or a reference that this validator does not know."""


def validate(value: Any, schema: Schema, root: Schema | None = None) -> list[Violation]:
    """Find everything in C(value) that C(schema) does not allow.

    :arg value: JSON data.
    :arg root: the document that C($ref) points into; C(schema) by default.
    :raises SchemaError: the schema is beyond this validator.
    """
    return list(_errors(value, schema, schema if root is None else root, ()))


def dotted(path: Path) -> str:
    """Spell a path of keys and indexes as people do: C(tests.positive[2].text); the top is C((top))."""
    text = ''
    for part in path:
        text += '[%d]' % part if isinstance(part, int) else '.%s' % part
    return text.lstrip('.') or '(top)'


def is_equal(left: Any, right: Any) -> bool:
    """Compare JSON values: as Python does, but true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(is_equal(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(is_equal, left, right))
    return bool(left == right)


def type_name(value: Any) -> str:
    """The JSON Schema name of the type of a value; an integral float is an integer, as draft 2020-12 says."""
    if value is None:
        return 'null'
    if isinstance(value, bool):
        return 'boolean'
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return 'integer'
    for kind, name in ((float, 'number'), (str, 'string'), (list, 'array'), (dict, 'object')):
        if isinstance(value, kind):
            return name
    raise TypeError('not JSON: %r' % (value,))


def _errors(value: Any, schema: Schema, root: Schema, path: Path) -> Iterator[Violation]:
    """Yield (path, message) for every violation; the keywords are looked up in KEYWORDS, in the schema's order."""
    if isinstance(schema, bool):
        if not schema:
            yield path, 'is not allowed here'
        return
    for keyword in schema:
        if keyword in ANNOTATIONS or keyword in ('then', 'else'):
            continue
        if keyword not in KEYWORDS:
            raise SchemaError('the schema uses the keyword %r, which is not known here' % keyword)
        yield from KEYWORDS[keyword](value, schema, root, path)


def _ref(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """$ref: a pointer into the same document."""
    target: Any = root
    pointer = schema['$ref']
    if not pointer.startswith('#/'):
        raise SchemaError('the schema refers to %r; only #/... is known here' % pointer)
    for part in pointer[2:].split('/'):
        if not isinstance(target, dict) or part not in target:
            raise SchemaError('the schema refers to %r, which it does not hold' % pointer)
        target = target[part]
    return _errors(value, target, root, path)


def _type(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """type: one name or a list of names."""
    wanted = schema['type'] if isinstance(schema['type'], list) else [schema['type']]
    actual = type_name(value)
    if actual not in wanted and not (actual == 'integer' and 'number' in wanted):
        yield path, 'must be %s, not %s' % (' or '.join(wanted), actual)


def _enum(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """enum: one of these values."""
    if not any(is_equal(value, allowed) for allowed in schema['enum']):
        yield path, 'must be one of %s, not %r%s' % (
            ', '.join(str(allowed) for allowed in schema['enum']), value, hint(value, schema['enum']))


def _const(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """const: this very value."""
    if not is_equal(value, schema['const']):
        yield path, 'must be %r, not %r' % (schema['const'], value)


def _properties(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """properties: a schema per key."""
    if isinstance(value, dict):
        for key, below in schema['properties'].items():
            if key in value:
                yield from _errors(value[key], below, root, path + (key,))


def _required(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """required: keys that must be there."""
    if isinstance(value, dict):
        for key in schema['required']:
            if key not in value:
                yield path + (key,), 'is missing'


def _additional(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """additionalProperties: a schema (here mostly false) for the keys that C(properties) does not name."""
    if isinstance(value, dict):
        known = schema.get('properties', {})
        for key in value:
            if key not in known:
                if schema['additionalProperties'] is False:
                    yield path + (key,), UNKNOWN + '%s' % (
                        hint(key, known) or '; known are: %s' % ', '.join(sorted(known)))
                else:
                    yield from _errors(value[key], schema['additionalProperties'], root, path + (key,))


def _items(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """items: a schema for every element."""
    if isinstance(value, list):
        for index, element in enumerate(value):
            yield from _errors(element, schema['items'], root, path + (index,))


def _unique(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """uniqueItems: no element twice."""
    if isinstance(value, list) and schema['uniqueItems']:
        for index, element in enumerate(value):
            if any(is_equal(element, other) for other in value[:index]):
                yield path + (index,), 'repeats %r' % (element,)


def _pattern(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """pattern: found in the string. A final $ is the very end, as in ECMAScript; for Python also before a line feed."""
    if isinstance(value, str) and not re.search(re.sub(r'(?<!\\)\$\Z', r'\\Z', schema['pattern']), value):
        yield path, 'must match %s, but is %r' % (schema['pattern'], value)


def _limit(kind: Callable[[Any], bool], measure: Callable[[Any], float], allows: Callable[[float, float], bool],
           message: str) -> Callable[[str], Check]:
    """Make the check of a keyword that sets a limit.

    :arg kind: says whether the keyword speaks of a value at all.
    :arg allows: function of (measured, limit).
    :arg message: the text, with one place for the limit.
    :returns: function from the keyword to its check.
    """
    def of(keyword: str) -> Check:
        def check(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
            if kind(value) and not allows(measure(value), schema[keyword]):
                yield path, message % schema[keyword]
        return check
    return of


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


def _is_array(value: Any) -> bool:
    return isinstance(value, list)


def _at_least(measured: float, limit: float) -> bool:
    return measured >= limit


def _at_most(measured: float, limit: float) -> bool:
    return measured <= limit


def _itself(value: float) -> float:
    return value


def _all_of(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """allOf: every one of these schemas."""
    for below in schema['allOf']:
        yield from _errors(value, below, root, path)


def _any_of(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """anyOf: at least one of these schemas; the message is that of the alternative that came nearest."""
    attempts = []
    for below in schema['anyOf']:
        errors = list(_errors(value, below, root, path))
        if not errors:
            return
        attempts.append(errors)
    # What failed deeper inside the value was the alternative meant: a list with one bad element is no bad string.
    deepest = max(attempts, key=lambda errors: max(len(where) for where, dummy in errors))
    if max(len(where) for where, dummy in deepest) > len(path) + (1 if isinstance(value, dict) else 0):
        yield from deepest
    else:
        yield path, ', or '.join(
            sorted(set('%s%s' % (''.join('`%s` ' % part for part in where[len(path):]), what)
                       for errors in attempts for where, what in errors)))


def _if(value: Any, schema: Keywords, root: Schema, path: Path) -> Iterator[Violation]:
    """if/then/else: a schema that depends on another."""
    chosen = 'else' if any(True for dummy in _errors(value, schema['if'], root, path)) else 'then'
    return _errors(value, schema.get(chosen, True), root, path)


def nearest(word: Any, known: Iterable[Any]) -> str | None:
    """The known word (of any JSON type, as text) that was probably meant by an unknown one, or None."""
    near = difflib.get_close_matches(str(word), [str(one) for one in known], n=1)
    return near[0] if near else None


def hint(word: Any, known: Iterable[Any]) -> str:
    """Name the word that was probably meant, for an error; or nothing."""
    near = nearest(word, known)
    return '; did you mean %s?' % near if near else ''


KEYWORDS: dict[str, Check] = {
    '$ref': _ref,
    'type': _type,
    'enum': _enum,
    'const': _const,
    'properties': _properties,
    'required': _required,
    'additionalProperties': _additional,
    'items': _items,
    'minItems': _limit(_is_array, len, _at_least, 'must have at least %d item(s)')('minItems'),
    'maxItems': _limit(_is_array, len, _at_most, 'must have at most %d item(s)')('maxItems'),
    'uniqueItems': _unique,
    'pattern': _pattern,
    'minLength': _limit(_is_string, len, _at_least, 'must have at least %d character(s)')('minLength'),
    'maxLength': _limit(_is_string, len, _at_most, 'must have at most %d character(s)')('maxLength'),
    'minimum': _limit(_is_number, _itself, _at_least, 'must be at least %s')('minimum'),
    'maximum': _limit(_is_number, _itself, _at_most, 'must be at most %s')('maximum'),
    'allOf': _all_of,
    'anyOf': _any_of,
    'if': _if,
}
