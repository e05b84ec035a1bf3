# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a regular expression of the catalogue may be.

The scanners run it over lines that attackers may have written, with every Python from 2.7 to 3.13, so it must read alike
on each of them, must not match nothing, and must not backtrack without end. This is checked on the parse tree of
Python's own parser instead of by guessing from the text.

This file is private to the collection: its functions may change in any release.
"""

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import re
import warnings

from ansible_collections.loghygiene.rhel.plugins.module_utils.matcher import compile_regex

try:
    from re import _parser as sre  # Python 3.11 and later
except ImportError:
    import sre_parse as sre

# Classes such as \w are about ASCII (see compile_regex). Characters beyond Latin-1 are not told apart here.
BEYOND = 0x100
EVERYTHING = frozenset(range(BEYOND + 1))
ASCII = frozenset(range(0x80))
CATEGORIES = {
    'DIGIT': frozenset(ord(char) for char in '0123456789'),
    'SPACE': frozenset(ord(char) for char in ' \t\n\r\f\v'),
    'WORD': frozenset(code for code in ASCII if chr(code).isalnum() or chr(code) == '_'),
}
REPEATS = ('MAX_REPEAT', 'MIN_REPEAT')
# Escapes of a newer Python that 2.7 takes for a letter. No parse tree tells: there they are the character they mean.
NEWER_ESCAPE = re.compile(r'(?<!\\)(?:\\\\)*(\\[uUNz])')
CONTROL = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029]')
ENDLESS = ('repeats a part that can be cut up in many ways, as (a+)+ or (a|ab)* can, so one crafted line could keep '
           'the scanner busy without end; begin or end the repeated part with a delimiter that its inner repeat cannot '
           r'take, as in (?:\.[0-9]+)* or (?:[^,]*,)*')


def problems(regex):
    """Say why a regular expression may not stand in the catalogue.

    :arg regex: the text of the expression.
    :returns: list of str, one for each reason; empty if it may.
    """
    control = CONTROL.search(regex)
    if control:
        return ['holds the control character %r at character %d; a message is one line: write the expression on one '
                'line, in single quotes' % (control.group(), control.start() + 1)]
    try:
        with warnings.catch_warnings():
            # What Python announces to read otherwise one day (nested sets, late flags) is an error today.
            warnings.simplefilter('error', FutureWarning)
            warnings.simplefilter('error', DeprecationWarning)
            compile_regex(regex)
            tree = sre.parse(regex)
    except (ValueError, RecursionError, FutureWarning, DeprecationWarning) as exc:
        return ['cannot be used: %s' % exc]
    found = sorted(set(_newer(tree)))
    if tree.state.flags & re.ASCII:
        found.append('uses the flag (?a), which Python 2.7 does not know; it is in force anyway')
    for escape in sorted(set(NEWER_ESCAPE.findall(regex))):
        found.append('uses %s, which Python 2.7 takes for a letter; write the character itself' % escape)
    for name in tree.state.groupdict:
        if not re.match('[A-Za-z_][A-Za-z0-9_]*$', name):
            found.append('names a group %r; Python 2.7 takes ASCII names only' % name)
    if tree.getwidth()[0] == 0:
        found.append('can match nothing at all, so it would match every message; require at least one character')
    ignorecase = bool(tree.state.flags & re.IGNORECASE)
    if not all(_one_way(_flat(body), ignorecase) for most, body in _repeats(tree) if most > 1):
        found.append(ENDLESS)
    return found


def is_anchored(regex):
    r"""Whether C(regex) begins with ^ or \A and ends with $ or \Z at its top level: it speaks of whole messages."""
    items = list(sre.parse(regex))
    ends = [str(items[place][1]) if str(items[place][0]) == 'AT' else '' for place in (0, -1)]
    return ends[0] in ('AT_BEGINNING', 'AT_BEGINNING_STRING') and ends[1] in ('AT_END', 'AT_END_STRING')


def takes_words(regex):
    """Whether some repeat in C(regex) takes a space, so that it can swallow any number of words."""
    tree = sre.parse(regex)
    ignorecase = bool(tree.state.flags & re.IGNORECASE)
    return any(most > 1 and ord(' ') in _taken(body, ignorecase) for most, body in _repeats(tree))


def _newer(pattern):
    """Yield what in a parse tree Python 2.7 cannot read."""
    for item in pattern:
        operation = str(item[0])
        if operation == 'POSSESSIVE_REPEAT':
            yield 'uses a possessive quantifier (*+, ++, ?+, {}+), which only Python 3.11 and later read'
        if operation == 'ATOMIC_GROUP':
            yield 'uses an atomic group (?>...), which only Python 3.11 and later read'
        if operation == 'SUBPATTERN' and (item[1][1] or item[1][2]):
            yield 'uses flags inside a group (?i:...), which Python 2.7 does not read; put (?i) at the very start'
        for child in _children(item):
            yield from _newer(child)


def _children(item):
    """The sub-patterns inside one item of the parse tree."""
    operation, argument = str(item[0]), item[1]
    if operation in REPEATS:
        return [argument[2]]
    if operation == 'SUBPATTERN':
        return [argument[3]]
    if operation == 'BRANCH':
        return argument[1]
    if operation in ('ASSERT', 'ASSERT_NOT'):
        return [argument[1]]
    if operation == 'GROUPREF_EXISTS':
        return [part for part in argument[1:] if part is not None]
    return []


def _repeats(pattern):
    """Yield (how often at most, body) of every repeat in a parse tree, outermost first."""
    for item in pattern:
        if str(item[0]) in REPEATS:
            yield int(item[1][1]), item[1][2]
        for child in _children(item):
            yield from _repeats(child)


def _flat(pattern):
    """The items of a parse tree, with groups dissolved."""
    items = []
    for item in pattern:
        items.extend(_flat(item[1][3]) if str(item[0]) == 'SUBPATTERN' else [item])
    return items


def _one_way(items, ignorecase):
    """Whether a repeated part can be cut into its rounds in one way only, so that a failed match is given up soon.

    That is certain for fixed text, for alternatives of fixed text that begin differently, and for one inner repeat with
    one delimiter beside it that the inner repeat cannot take. Whatever else may be harmless is refused: it can be
    rewritten.
    """
    if all(_is_fixed(item) for item in items):
        return True
    if len(items) == 1 and str(items[0][0]) == 'BRANCH':
        return _begin_differently([_flat(branch) for branch in items[0][1][1]], ignorecase)
    repeats = [item for item in items if str(item[0]) in REPEATS]
    if len(items) == 2 and len(repeats) == 1:
        inner = _characters(_flat(repeats[0][1][2]), ignorecase)
        delimiter = _characters([item for item in items if item is not repeats[0]], ignorecase)
        return bool(inner) and bool(delimiter) and not inner & delimiter
    return False


def _begin_differently(branches, ignorecase):
    """Whether alternatives are fixed text each and no two begin with the same character."""
    seen = frozenset()
    for branch in branches:
        first = _characters(branch[:1], ignorecase)
        if not first or first & seen or not all(_is_fixed(item) for item in branch):
            return False
        seen |= first
    return True


def _is_fixed(item):
    """Whether an item takes text of one length in one way: a character, a class, a position, or some of these."""
    if str(item[0]) in REPEATS:
        least, most, body = item[1]
        return least == most and all(_is_fixed(inner) for inner in _flat(body))
    return str(item[0]) in ('LITERAL', 'NOT_LITERAL', 'IN', 'ANY', 'AT')


def _taken(pattern, ignorecase):
    """All characters that a sub-pattern can take anywhere in it."""
    taken = frozenset()
    for item in _flat(pattern):
        taken |= _characters([item], ignorecase)
        for child in _children(item):
            taken |= _taken(child, ignorecase)
    return taken


def _characters(items, ignorecase):
    """The characters (code points up to BEYOND) that one item can take; empty if it is not one character."""
    if len(items) != 1:
        return frozenset()
    operation, argument = str(items[0][0]), items[0][1]
    if operation == 'ANY':
        return EVERYTHING
    if operation == 'LITERAL':
        members, negated = set([min(argument, BEYOND)]), False
    elif operation == 'NOT_LITERAL':
        members, negated = set([argument]), True
    elif operation == 'IN':
        members, negated = _members(argument), str(argument[0][0]) == 'NEGATE'
    else:
        return frozenset()
    if ignorecase:
        members |= set(ord(chr(code).swapcase()) for code in members & ASCII)
    if negated:
        # Two characters beyond Latin-1 may differ, so a class that leaves one out may still take another.
        return EVERYTHING - (members - set([BEYOND]))
    return frozenset(members)


def _members(argument):
    """What stands inside a class [...]."""
    members = set()
    for operation, value in argument:
        name = str(operation)
        if name == 'LITERAL':
            members.add(min(value, BEYOND))
        elif name == 'RANGE':
            members.update(range(min(value[0], BEYOND), min(value[1], BEYOND) + 1))
        elif name == 'CATEGORY':
            kind = CATEGORIES[str(value).rsplit('_', 1)[-1]]
            members |= EVERYTHING - kind if '_NOT_' in str(value) else kind
    return members
