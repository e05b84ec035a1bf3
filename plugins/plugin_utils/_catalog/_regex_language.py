# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The language of a regular expression: an automaton of it, and how much of it is fixed text.

What an expression matches cannot be told from examples of its author. So it is read with Python's own parser and made
into an automaton without empty moves (Glushkov's): one state for each character that is written. Where the automaton
cannot say it exactly (lookaround, word boundaries, back-references, large counts), it takes more than the expression
does, never less.

This file is private to the collection: its functions may change in any release.
"""

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import functools
import itertools
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    import sre_parse as sre
else:
    try:
        from re import _parser as sre  # Python 3.11 and later
    except ImportError:
        import sre_parse as sre

Item = tuple[Any, Any]  # of a parse tree: its operation, and an argument that depends on the operation
Characters = frozenset[int]  # code points up to BEYOND
States = list[int]  # of an automaton, by their numbers
Built = tuple[bool, States, States]  # whether a part may be empty, and its first and last states


class Pattern(Protocol):
    """A part of a parse tree: a row of items."""

    def __iter__(self) -> Iterator[Item]:
        ...


class Tree(Pattern, Protocol):
    """The parse tree of a whole expression."""

    state: Any

    def getwidth(self) -> tuple[int, int]:
        ...


# Classes such as \w are about ASCII (see compile_regex). Characters beyond Latin-1 are not told apart here.
BEYOND = 0x100
EVERYTHING = frozenset(range(BEYOND + 1))
ASCII = frozenset(range(0x80))
CATEGORIES = {
    'DIGIT': frozenset(ord(char) for char in '0123456789'),
    'SPACE': frozenset(ord(char) for char in ' \t\n\r\f\v'),
    'WORD': frozenset(code for code in ASCII if chr(code).isalnum() or chr(code) == '_'),
}
MAXREPEAT = sre.MAXREPEAT
REPEATS = ('MAX_REPEAT', 'MIN_REPEAT', 'POSSESSIVE_REPEAT')
SPACE = ord(' ')

# A text is read between two marks that no character is, so that ^ and $ are characters like any other.
BEGIN, END = BEYOND + 1, BEYOND + 2
TEXT_MASK = (1 << (BEYOND + 1)) - 1
ANYTHING = TEXT_MASK | 1 << BEGIN | 1 << END

# A count above this is read as no count, and an automaton has no more states than this.
LARGEST_COUNT = 40
MOST_STATES = 3000

# A class with no more members than this, as [Ff] or [tr], is fixed text with a variant.
FIXED_MEMBERS = 4
# A repeated class with this many members stands for words that nobody wrote down.
WILD_MEMBERS = 60
WILD_WORDS = 20  # if a space is among them
OPENERS = frozenset(ord(char) for char in '\'"`([{<=')


def read(regex: str) -> Tree:
    """The parse tree of an expression, with the errors and warnings of Python's parser."""
    return cast(Tree, sre.parse(regex))


@functools.lru_cache(maxsize=4096)
def parse(regex: str) -> Tree:
    """The parse tree of an expression that Python can read, without its warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        return read(regex)


def ignores_case(tree: Tree) -> bool:
    """Whether a parse tree is of an expression with the flag (?i)."""
    return bool(tree.state.flags & re.IGNORECASE)


def children(item: Item) -> list[Pattern]:
    """The sub-patterns inside one item of the parse tree."""
    operation, argument = str(item[0]), item[1]
    if operation in REPEATS:
        return [argument[2]]
    if operation == 'SUBPATTERN':
        return [argument[3]]
    if operation == 'BRANCH':
        return list(argument[1])
    if operation in ('ASSERT', 'ASSERT_NOT'):
        return [argument[1]]
    if operation == 'ATOMIC_GROUP':
        return [argument]
    if operation == 'GROUPREF_EXISTS':
        return [part for part in argument[1:] if part is not None and not isinstance(part, int)]
    return []


def flat(pattern: Pattern) -> list[Item]:
    """The items of a parse tree, with groups dissolved."""
    items: list[Item] = []
    for item in pattern:
        items.extend(flat(item[1][3]) if str(item[0]) == 'SUBPATTERN' else [item])
    return items


def characters(items: Sequence[Item], ignorecase: bool) -> Characters:
    """The characters that one item can take; empty if it is not one character."""
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


def _members(argument: Iterable[Item]) -> set[int]:
    """What stands inside a class [...]."""
    members: set[int] = set()
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


@functools.lru_cache(maxsize=4096)
def _mask(members: Characters) -> int:
    return sum(1 << code for code in members)


def codes(text: str) -> list[int]:
    """A text as the automaton reads it: its code points between the two marks."""
    return [BEGIN] + [min(ord(char), BEYOND) for char in text] + [END]


def have_in_common(*automata: 'Automaton') -> bool:
    """Whether some message exists that every one of these Automata finds its expression in."""
    # Each may still wait for its beginning (BEFORE), stand in a state, or have found all (BEHIND).
    todo: list[tuple[bool, tuple[int, ...]]] = [(True, (BEFORE,) * len(automata))]
    seen: set[tuple[int, ...]] = set()
    while todo:
        begins, places = todo.pop()
        options = [list(automaton.steps(place)) for automaton, place in zip(automata, places)]
        for chosen in itertools.product(*options):
            taken = ANYTHING & ~(1 << BEGIN) if not begins else 1 << BEGIN
            for characters_taken, dummy in chosen:
                taken &= characters_taken
            after = tuple(place for dummy, place in chosen)
            if not taken:
                continue
            if taken >> END & 1 and all(place == BEHIND or automaton.ends(place)
                                        for automaton, place in zip(automata, after)):
                return True
            if taken & ~(1 << END) and after not in seen:
                seen.add(after)
                todo.append((False, after))
    return False


def message_of_one_only(one: 'Automaton', other: 'Automaton') -> bool | None:
    """Find whether some message exists that one Automaton finds its expression in and another does not.

    What is told of C(one) may be too much and of C(other) must be exact (see is_exact).
    :returns: None if that takes too many steps.
    """
    todo: list[tuple[bool, int, frozenset[int]]] = [(True, BEFORE, frozenset((BEFORE,)))]
    seen: set[tuple[int, frozenset[int]]] = set()
    left = MOST_PAIRS
    while todo:
        begins, place, others = todo.pop()
        options = set(step for here in others for step in other.steps(here))
        for taken, after in one.steps(place):
            taken &= 1 << BEGIN if begins else ANYTHING & ~(1 << BEGIN)
            # The characters that lead to the same places of the other.
            pieces: dict[int, frozenset[int]] = {taken: frozenset()} if taken else {}
            for mask, step in options:
                cut: dict[int, frozenset[int]] = {}
                for piece, places in pieces.items():
                    for part, more in ((piece & mask, places | set((step,))), (piece & ~mask, places)):
                        if part:
                            cut[part] = more
                pieces = cut
            left -= len(pieces) + 1
            if left < 0:
                return None
            for piece, places in pieces.items():
                if piece >> END & 1 and (after == BEHIND or one.ends(after)) and not any(
                        here == BEHIND or here >= 0 and other.ends(here) for here in places):
                    return True
                pair = (after, places)
                if piece & ~(1 << END) and BEHIND not in places and pair not in seen:
                    seen.add(pair)
                    todo.append((False, after, places))
    return False


def is_exact(regex: str) -> bool:
    """Whether the automaton of an expression takes what the expression matches, and not more."""
    tree = parse(regex)
    return (all(ord(char) < BEYOND for char in regex) and not tree.state.flags & re.MULTILINE
            and all(_is_exact(item) for item in tree))


def _is_exact(item: Item) -> bool:
    operation, argument = str(item[0]), item[1]
    if operation in ('ASSERT', 'ASSERT_NOT', 'FAILURE', 'GROUPREF', 'GROUPREF_EXISTS') or 'BOUNDARY' in str(argument):
        return False
    if operation in REPEATS and any(int(one) > LARGEST_COUNT and one is not MAXREPEAT for one in argument[:2]):
        return False
    return all(_is_exact(one) for child in children(item) for one in child)


# Steps of a comparison, a part of a second.
MOST_PAIRS = 100000
BEFORE, BEHIND = -1, -2


class Automaton:
    """What an expression matches, as states that take one character each.

    :ivar takes: for each state, the characters it takes, as bits.
    :ivar follow: for each state, the states that may come next.
    :ivar first: states that a text may begin with. :ivar last: states that it may end with.
    :ivar wild: states that repeat so large a class that they stand for any word.
    :ivar weight: for each state, in how many ways its repeats may be counted out (see safe_regex).
    :ivar options: the states of the alternatives and optional parts, and how many fixed characters each holds.
    """

    def __init__(self, regex: str, counted: bool = True, depth: int | None = None) -> None:
        """Read an expression.

        :arg regex: an expression that Python can read. :arg counted: whether counts are kept; else each is a loop.
        :arg depth: without counts: optional parts that hold repeats deeper than this are no loops, so that what they
            hold is told apart; None for all.
        """
        tree = parse(regex)
        self._ignorecase, self._counted, self._depth = ignores_case(tree), counted, depth
        self._multiline = bool(tree.state.flags & re.MULTILINE)
        self.takes: list[int] = []
        self.follow: list[States] = []
        self.weight: list[int] = []
        self.wild: set[int] = set()
        self._parts: dict[tuple[int, int | str], tuple[set[int], int]] = {}
        self._weight = 1
        self.nullable, self.first, self.last = self._sequence(tree)
        self.options = [(states, size) for states, size in self._parts.values() if states]

    def reads(self, text: str) -> set[int]:
        """The states that lie on a way by which the whole expression is found in a text; empty if it is not."""
        word = codes(text)
        found: set[int] = set()
        ways: list[set[int]] = []
        current: set[int] = set()
        for code in word:
            following = set(self.first)
            for state in current:
                following.update(self.follow[state])
            current = set(state for state in following if self.takes[state] >> code & 1)
            ways.append(current)
        later: set[int] = set()
        for place in range(len(word) - 1, -1, -1):
            current = set(state for state in ways[place]
                          if state in self.last or not later.isdisjoint(self.follow[state]))
            found |= current
            later = current
        return found

    def steps(self, place: int) -> Iterator[tuple[int, int]]:
        """Yield (characters, place) of each step that a search can make from a place (see have_in_common)."""
        if place in (BEFORE, BEHIND):
            yield ANYTHING, place
        if place != BEHIND:
            for state in self.first if place == BEFORE else self.follow[place]:
                yield self.takes[state], state
            if place != BEFORE and place in self.last:
                yield ANYTHING, BEHIND

    def ends(self, place: int) -> bool:
        """Whether the expression is found when a message ends at a place."""
        return place in self.last

    def spell(self, states: Iterable[int]) -> str:
        """Some states as text, for an error: a character each, C(?) for a class."""
        return ''.join(chr(taken.bit_length() - 1) if taken & (taken - 1) == 0 and taken <= 1 << BEYOND else
                       '^' if taken == 1 << BEGIN else '$' if taken == 1 << END else '?'
                       for taken in (self.takes[state] for state in sorted(states)))[:60]

    def _state(self, members: int) -> int:
        self.takes.append(members)
        self.follow.append([])
        self.weight.append(self._weight)
        return len(self.takes) - 1

    def _join(self, left: States, right: States) -> None:
        for state in left:
            self.follow[state].extend(right)

    def _sequence(self, items: Pattern) -> Built:
        nullable = True
        first: States = []
        last: States = []
        for item in items:
            one_nullable, one_first, one_last = self._item(item)
            self._join(last, one_first)
            if nullable:
                first = first + one_first
            last = last + one_last if one_nullable else one_last
            nullable = nullable and one_nullable
        return nullable, first, last

    def _item(self, item: Item) -> Built:
        operation, argument = str(item[0]), item[1]
        if operation == 'AT':
            begins = 'BEGINNING' in str(argument)
            if 'BOUNDARY' in str(argument) or self._multiline:
                return True, [], []
            state = self._state(1 << (BEGIN if begins else END))
            return False, [state], [state]
        if operation == 'SUBPATTERN':
            return self._sequence(argument[3])
        if operation == 'ATOMIC_GROUP':
            return self._sequence(argument)
        if operation == 'BRANCH':
            return self._branch(item, argument[1])
        if operation == 'GROUPREF_EXISTS':
            return self._branch(item, [part if part is not None else [] for part in argument[1:]])
        if operation in REPEATS:
            return self._repeat(item, *argument)
        if operation == 'GROUPREF':  # anything that the group may have held
            state = self._state(TEXT_MASK)
            self.follow[state].append(state)
            self.wild.add(state)
            return True, [state], [state]
        if operation in ('ASSERT', 'ASSERT_NOT', 'FAILURE'):
            return True, [], []
        state = self._state(_mask(characters([item], self._ignorecase)))
        return False, [state], [state]

    def _part(self, key: tuple[int, int | str], pattern: Pattern, build: Callable[[], Built]) -> Built:
        """Build a part of the expression and remember which states it has."""
        begin = len(self.takes)
        built = build()
        states, dummy = self._parts.setdefault(key, (set(), fixed(pattern, self._ignorecase)))
        states.update(range(begin, len(self.takes)))
        return built

    def _branch(self, item: Item, branches: Sequence[Pattern]) -> Built:
        nullable, weight = False, self._weight
        first: States = []
        last: States = []
        if self._is_loop(branches):
            self._weight = max(weight, 2)
        for number, branch in enumerate(branches):
            one_nullable, one_first, one_last = self._part(
                (id(item), number), branch, functools.partial(self._sequence, branch))
            nullable = nullable or one_nullable
            first, last = first + one_first, last + one_last
        if nullable and self._is_loop(branches):
            self._join(last, first)  # (?:a|) is a?
        self._weight = weight
        return nullable, first, last

    def _is_loop(self, bodies: Sequence[Pattern]) -> bool:
        """Whether a part that may be left out is read as a loop."""
        return not self._counted and (self._depth is None or max(depth(body) for body in bodies) <= self._depth)

    def _repeat(self, item: Item, least: int, most: int, body: Pattern) -> Built:
        least, most = int(least), int(most)
        begin, weight = len(self.takes), self._weight
        loop = not self._counted and least != most and (most > 1 or self._is_loop([body]))
        if loop:
            self._weight = max(weight, min(most - least + 1, ENDLESS))
        copies = max(1, min(least, LARGEST_COUNT))
        if self._counted and most <= LARGEST_COUNT and len(self.takes) + most < MOST_STATES:
            copies = max(copies, most)
        if not self._counted:
            copies = 1
        endless = loop or self._counted and most > copies
        nullable = True
        first: States = []
        last: States = []
        for number in range(copies):
            one_nullable, one_first, one_last = self._part((id(item), 'body'), body, lambda: self._sequence(body))
            self._join(last, one_first)
            if nullable:
                first = first + one_first
            optional = number >= least or one_nullable
            last = last + one_last if optional else one_last
            nullable = nullable and optional
        if endless:
            self._join(one_last, one_first)
        if least > 0:
            self._parts.pop((id(item), 'body'))  # not optional
        if most > 1:
            taken = characters(flat(body), self._ignorecase)
            if len(taken) >= WILD_MEMBERS or SPACE in taken and len(taken) >= WILD_WORDS:
                self.wild.update(range(begin, len(self.takes)))
        self._weight = weight
        return nullable or least == 0, first, last


def depth(pattern: Pattern) -> int:
    """How deep repeats, and alternatives that may be empty, stand in each other in a pattern; 0 without any."""
    deepest = 0
    for item in pattern:
        below = max([depth(child) for child in children(item)] or [0])
        deepest = max(deepest, below + (str(item[0]) in REPEATS or str(item[0]) in ('BRANCH', 'GROUPREF_EXISTS')))
    return deepest


# How often a repeat without end may go round in a message, for the cost of going back.
ENDLESS = 100000


def fixed(pattern: Pattern, ignorecase: bool) -> int:
    """How many letters and digits every text of a sub-pattern holds at least, as they are written."""
    return sum(_fixed(item, ignorecase) for item in pattern)


def _fixed(item: Item, ignorecase: bool) -> int:
    operation, argument = str(item[0]), item[1]
    if operation in ('LITERAL', 'IN'):
        taken = characters([item], ignorecase)
        return int(0 < len(taken) <= FIXED_MEMBERS and all(_is_letter(code) for code in taken))
    if operation in ('SUBPATTERN', 'ATOMIC_GROUP'):
        return fixed(children(item)[0], ignorecase)
    if operation == 'BRANCH':
        return min(fixed(branch, ignorecase) for branch in argument[1])
    if operation in REPEATS:
        return int(argument[0]) * fixed(argument[2], ignorecase)
    return 0


LETTERS = sum(1 << code for code in range(BEYOND + 1) if code >= 0x80 or chr(code).isalnum())


def is_fixed(taken: int) -> bool:
    """Whether characters, as bits, are a letter or digit, perhaps with a variant or two."""
    return taken & ~LETTERS == 0 and 0 < bin(taken).count('1') <= FIXED_MEMBERS


def wild_beginning(regex: str) -> int:
    """How many words that nobody wrote down may stand in a match before as many as C(BEGINNING) letters are fixed."""
    tree = parse(regex)
    return _wild(tree, 0, ignores_case(tree))[0]


# Letters and digits of fixed text after which a message is no longer at its beginning.
BEGINNING = 4


def _wild(pattern: Pattern, letters: int, ignorecase: bool) -> tuple[int, int]:
    """Returns (words, letters) at the end of a pattern."""
    words, items = 0, flat(pattern)
    for place, item in enumerate(items):
        operation, argument = str(item[0]), item[1]
        if letters >= BEGINNING:
            break
        if operation == 'BRANCH':
            found = [_wild(branch, letters, ignorecase) for branch in argument[1]]
            words += max(one[0] for one in found)
            letters = min(one[1] for one in found)
            continue
        if operation in REPEATS:
            if int(argument[1]) > 1 and len(takes(argument[2], ignorecase)) >= WILD_MEMBERS:
                words += not _is_delimited(items, place, ignorecase)
            elif int(argument[1]) == 1:
                words += _wild(argument[2], letters, ignorecase)[0]
        letters += _fixed(item, ignorecase)
    return words, letters


def _is_letter(code: int) -> bool:
    return code >= 0x80 or chr(code).isalnum()


def free_parts(regex: str) -> list[int]:
    """How much fixed text stands before each part of an expression that takes words nobody wrote down.

    Such a part repeats something that takes a space, or is a row of wildcards. What stands between two delimiters, as
    in "[^"]*", is none, for it ends where the second one stands.

    :returns: the number of letters and digits that every match holds before that part.
    """
    tree = parse(regex)
    found: list[int] = []
    _walk(tree, 0, ignores_case(tree), found)
    return found


def _walk(pattern: Pattern, before: int, ignorecase: bool, found: list[int]) -> int:
    """Adds to `found`; returns how many letters and digits at least stand before what follows the pattern."""
    items, row = flat(pattern), 0
    for place, item in enumerate(items):
        operation, argument = str(item[0]), item[1]
        taken = characters([item], ignorecase)
        row = row + 1 if SPACE in taken and len(taken) > FIXED_MEMBERS else 0
        if row == 3:
            found.append(before)
        if operation in REPEATS and int(argument[1]) > 1 and _takes_words(argument[2], ignorecase):
            if not _is_delimited(items, place, ignorecase):
                found.append(before)
        elif operation == 'BRANCH':
            before = min(_walk(branch, before, ignorecase, found) for branch in argument[1])
            continue
        elif operation in REPEATS and int(argument[0]) == 0:
            _walk(argument[2], before, ignorecase, found)
        elif operation in REPEATS:
            _walk(argument[2], before, ignorecase, found)
        before += _fixed(item, ignorecase)
    return before


def _takes_words(pattern: Pattern, ignorecase: bool) -> bool:
    """Whether a repeated part takes a space and, of a class, letters that are not written out."""
    return SPACE in takes(pattern, ignorecase) and any(
        sum(_is_letter(code) for code in characters([item], ignorecase)) > FIXED_MEMBERS for item in _leaves(pattern))


def _leaves(pattern: Pattern) -> Iterator[Item]:
    """Yield the items of a parse tree that take a character."""
    for item in flat(pattern):
        below = children(item)
        if not below:
            yield item
        for child in below:
            yield from _leaves(child)


def _is_delimited(items: Sequence[Item], place: int, ignorecase: bool) -> bool:
    """Whether a repeat stands after an opening delimiter and before a character that it cannot take itself."""
    body = characters(flat(items[place][1][2]), ignorecase)
    if not body or place == 0 or place + 1 == len(items):
        return False
    opening, closing = (characters([items[place + step]], ignorecase) for step in (-1, 1))
    return (len(opening) == 1 and opening <= OPENERS and len(closing) == 1
            and not closing & body and not _is_letter(min(closing)))


def takes(pattern: Pattern, ignorecase: bool) -> Characters:
    """All characters that a sub-pattern can take anywhere in it."""
    taken: Characters = frozenset()
    for item in flat(pattern):
        taken |= characters([item], ignorecase)
        for child in children(item):
            taken |= takes(child, ignorecase)
    return taken
