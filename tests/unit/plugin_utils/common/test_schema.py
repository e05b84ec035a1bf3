# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The validator gives the verdict of the real jsonschema package, over mutations of the shipped signatures."""
from __future__ import annotations

import copy

import jsonschema
import pytest
from hypothesis import assume, given, settings, strategies as st

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.schema import SchemaError, dotted, is_equal, validate

SCHEMA = catalog.signature_schema()
REAL = jsonschema.Draft202012Validator(SCHEMA)
SIGNATURES = catalog.load()

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 100000), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(['kernel', 'err', 'fix', 'divert', 'explain', 'investigate', 'messages', 'journal', 'none', 'login',
                     'unit:a.service', 'unit:a', '2026-02-30', '2026-13-01', '2.9.5', 'x' * 65, 'https://x', 7, 9,
                     10.0]))
VALUES = st.recursive(SCALARS, lambda inner: st.one_of(
    st.lists(inner, max_size=3),
    st.dictionaries(st.sampled_from(['en', 'ko', 'id', 'el', 'text', 'why', 'zz']), inner, max_size=3)),
    max_leaves=5)


def places(value, path=()):
    """Every path in a JSON value, the top included."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], path + (key,))
    if isinstance(value, list):
        for index, element in enumerate(value):
            yield from places(element, path + (index,))


def ends_with_line_feed(value):
    if isinstance(value, str):
        return value.endswith('\n')
    if isinstance(value, (dict, list)):
        return any(ends_with_line_feed(one) for one in (value.values() if isinstance(value, dict) else value))
    return False


@st.composite
def mutants(draw):
    """A shipped signature with one to three places deleted, replaced, doubled or added to."""
    signature = copy.deepcopy(draw(st.sampled_from(SIGNATURES)))
    for dummy in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(signature))))
        what = draw(st.sampled_from(['replace', 'delete', 'double', 'add']))
        if not path:
            if not isinstance(signature, dict) or what != 'add':
                return draw(VALUES)
            signature[draw(st.sampled_from(['remedy', 'advice', 'watch', 'unknown']))] = draw(VALUES)
            continue
        parent = signature
        for part in path[:-1]:
            parent = parent[part]
        if what == 'delete':
            del parent[path[-1]]
        elif what == 'double' and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[path[-1]]))
        elif what == 'add' and isinstance(parent[path[-1]], dict):
            parent[path[-1]][draw(st.text(max_size=8))] = draw(VALUES)
        else:
            parent[path[-1]] = draw(VALUES)
    return signature


@settings(max_examples=300)
@given(mutants())
def test_the_verdict_is_that_of_jsonschema(value):
    # jsonschema searches patterns with Python's $, which stands before a final line feed; ECMAScript's does not.
    assume(not ends_with_line_feed(value))
    ours = validate(value, SCHEMA)
    theirs = list(REAL.iter_errors(value))
    assert bool(ours) == bool(theirs), (ours, [error.message for error in theirs])


@settings(max_examples=100)
@given(mutants())
def test_every_error_points_at_a_place_of_the_value(value):
    for path, message in validate(value, SCHEMA):
        assert message and isinstance(message, str)
        parent = value
        for part in path[:-1]:
            parent = parent[part]
        # The last part may be a key that is missing.
        assert not path or isinstance(parent, (dict, list))


@given(VALUES, VALUES)
def test_equality_is_that_of_jsonschema(left, right):
    try:
        jsonschema.validate(left, {'const': right})
    except jsonschema.ValidationError:
        assert not is_equal(left, right)
    else:
        assert is_equal(left, right)


# Every keyword this validator knows, in schemas the signature's own does not reach.
SMALL = [
    {'type': ['integer', 'null'], 'maximum': 5, 'minimum': -1},
    {'type': 'number'},
    {'type': 'array', 'items': {'type': 'string', 'maxLength': 3}, 'maxItems': 2, 'uniqueItems': True},
    {'properties': {'en': {'minLength': 2}}, 'additionalProperties': {'type': 'integer'}},
    {'if': {'type': 'string'}, 'then': {'minLength': 2}, 'else': {'type': 'array'}},
    {'if': {'required': ['en']}, 'else': False},
    {'anyOf': [{'type': 'array', 'items': {'const': 7}}, {'enum': [None, 'fix', 1]}]},
    {'allOf': [{'type': 'string'}, {'pattern': '^[a-z]'}]},
    {'const': {'en': 1, 'ko': [True]}},
    {'enum': [0, False, [1], {'en': None}]},
    True,
    False,
]


@settings(max_examples=200)
@given(st.sampled_from(SMALL), VALUES)
def test_small_schemas(schema, value):
    assume(not ends_with_line_feed(value))
    assert bool(validate(value, schema)) == (not jsonschema.Draft202012Validator(schema).is_valid(value))


def test_a_final_dollar_is_the_end_of_the_text():
    assert validate('2026-11-22', SCHEMA['$defs']['date'], SCHEMA) == []
    assert validate('2026-11-22\n', SCHEMA['$defs']['date'], SCHEMA)


@pytest.mark.parametrize('schema', [{'maxProperties': 1}, {'$ref': 'other.json'}, {'$ref': '#/$defs/none'}])
def test_a_schema_beyond_this_validator_is_refused(schema):
    with pytest.raises(SchemaError):
        validate({}, schema)


def test_unknown_keys_are_named_with_the_nearest_known_one():
    signature = copy.deepcopy(SIGNATURES[0])
    signature['match']['identifers'] = signature['match'].pop('identifiers', ['kernel'])
    (path, message), = validate(signature, SCHEMA)
    assert dotted(path) == 'match.identifers'
    assert message == 'is not a known key; did you mean identifiers?'


def test_a_key_like_no_other_is_answered_with_all_known_ones():
    signature = copy.deepcopy(SIGNATURES[0])
    signature['governance']['qqq'] = 1
    assert [(dotted(path), message) for path, message in validate(signature, SCHEMA)] == [
        ('governance.qqq', 'is not a known key; known are: expires, owner')]


@pytest.mark.parametrize('path, value, expected', [
    (('class',), 'bening', ['class: must be one of benign, misconfig, environmental, vendor, degraded, security-relevant, not '
                            "'bening'; did you mean benign?"]),
    (('match', 'literal'), 'short', ['match.literal: must be array, not string, or must have at least 8 character(s)']),
    (('match', 'literal'), ['long enough', 'short'], ['match.literal[1]: must have at least 8 character(s)']),
    (('tests', 'positive', 0), {'text': 'x'}, ['tests.positive[0]: `comm` is missing, or `identifier` is missing']),
    (('applies', 'el'), [7, 7], ['applies.el[1]: repeats 7']),
    (('revision',), True, ['revision: must be integer, not boolean']),
    (('vanishes_from',), 'messages', ['vanishes_from: must be array, not string',
                                      "vanishes_from: must be ['messages'], not 'messages'"]),
])
def test_errors_say_what_and_where(path, value, expected):
    signature = copy.deepcopy(next(one for one in SIGNATURES if one['disposition'] == 'divert'))
    parent = signature
    for part in path[:-1]:
        parent = parent[part]
    parent[path[-1]] = value
    assert ['%s: %s' % (dotted(where), what) for where, what in validate(signature, SCHEMA)] == expected


def test_the_top_has_a_name():
    assert dotted(()) == '(top)'
    assert validate([], SCHEMA)[0] == ((), 'must be object, not array')
