# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a regular expression of the catalog may be.

The scanners run it over lines that attackers may have written, with every Python from 2.7 to 3.13, so it must read alike
on each of them, must not match nothing, and must not backtrack without end. This is checked on the parse tree of
Python's own parser instead of by guessing from the text.

This file is private to the collection: its functions may change in any release.
"""

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import collections
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import compile_regex
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog._regex_language import (
    ANYTHING, Automaton, BEGIN, characters as _characters, children as _children, depth, ENDLESS as WITHOUT_END, flat as _flat,
    free_parts, Item, MAXREPEAT, Pattern, read, REPEATS)

# Escapes of a newer Python that 2.7 takes for a letter. No parse tree tells: there they are the character they mean.
NEWER_ESCAPE = re.compile(r'(?<!\\)(?:\\\\)*(\\[uUNz])')
CONTROL = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029]')
ENDLESS = ('repeats a part that can be cut up in many ways, as (a+)+ or (a|ab)* can, so one crafted line could keep '
           'the scanner busy without end; begin or end the repeated part with a delimiter that its inner repeat cannot '
           r'take, as in (?:\.[0-9]+)* or (?:[^,]*,)*')
# Nobody counts that far: a larger count is refused.
LARGEST_COUNT = 1000
# In how many ways a message may be given to the repeats of an expression: about as many steps of a search.
MOST_WAYS = 2000000
# Steps of the analysis itself, a part of a second.
MOST_STEPS = 200000
BEGINNING = 1 << BEGIN
SLOW = ('has repeats that can take each other\'s text, as .*=.*= and [0-9]+[0-9.]* do, so one crafted line could keep the '
        'scanner busy for minutes; put between two repeats something that the first cannot take, as in [^=]*=[^=]*=, '
        'or bound them, as in [^"]{0,100}')
MANY_WAYS = ('has many alternatives, one behind the other, that can take the same text, as (?:a|ab)(?:a|ab) do, so one crafted '
             'line could keep the scanner busy without end; let the alternatives of each begin differently')
SLOW_SEARCH = ('does not begin with ^, and has a repeat that can take what the expression begins with, so one crafted '
               'line could keep the scanner busy for minutes; begin it with ^, or with something that the repeat cannot '
               'take')


def problems(regex: str) -> list[str]:
    """Say why a regular expression may not stand in the catalog.

    :returns: one for each reason; empty if it may.
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
            tree = read(regex)
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
    if any(int(one) > LARGEST_COUNT and one is not MAXREPEAT for counts in _counts(tree) for one in counts):
        found.append('counts beyond %d; write a smaller count, or none' % LARGEST_COUNT)
    ignorecase = bool(tree.state.flags & re.IGNORECASE)
    if not all(_one_way(_flat(body), ignorecase) for most, body in _repeats(tree) if most > 1):
        found.append(ENDLESS)
    elif not found:
        found.extend(_slow(regex))
        if not found and _ways(_flat(tree), ignorecase) > MOST_WAYS:
            found.append(MANY_WAYS)
    return found


def is_anchored(regex: str) -> bool:
    r"""Whether C(regex) begins with ^ or \A and ends with $ or \Z at its top level: it speaks of whole messages."""
    items = list(read(regex))
    ends = [str(items[place][1]) if str(items[place][0]) == 'AT' else '' for place in (0, -1)]
    return ends[0] in ('AT_BEGINNING', 'AT_BEGINNING_STRING') and ends[1] in ('AT_END', 'AT_END_STRING')


def takes_words(regex: str) -> bool:
    """Whether some repeat in C(regex) takes a space, so that it can swallow any number of words."""
    return bool(free_parts(regex))


def _slow(regex: str) -> Iterator[str]:
    """Yield why a crafted message could keep the search busy for longer than the message is long.

    That is so when two repeats, one behind the other, and what stands between them can all take the same text: each
    piece of it can be given to either. An expression that does not begin with ^ is tried at every place of the
    message, as if a repeat of everything stood before it.
    """
    # A part that may be left out counts as a loop, and what stands in a loop is not told apart. So it is read once for
    # each depth that such parts stand in each other.
    for deepest in range(depth(read(regex)) + 1):
        said = next(_slow_to(regex, deepest), None)
        if said:
            yield said
            return


def _slow_to(regex: str, deepest: int) -> Iterator[str]:
    """As C(_slow), with loops for those optional parts only that hold no repeats deeper than this."""
    automaton = Automaton(regex, counted=False, depth=deepest)
    if not any(after <= state for state, states in enumerate(automaton.follow) for after in states):
        return  # nothing repeats
    begin = automaton.first
    searched: int | None = None
    if not all(automaton.takes[state] == BEGINNING for state in begin):
        # The search itself.
        automaton.takes.append(ANYTHING)
        automaton.weight.append(WITHOUT_END)
        automaton.follow.append([len(automaton.follow)] + list(begin))
        searched = len(automaton.takes) - 1
    follow = [sorted(set(states)) for states in automaton.follow]
    reach = _reachable(follow)
    circles = dict((state, frozenset(other for other in range(len(follow))
                                     if reach[state] >> other & 1 and reach[other] >> state & 1))
                   for state in range(len(follow)) if reach[state] >> state & 1)
    # What can stop as soon as it has begun never has to go back.
    final = set(automaton.last)
    worst: dict[int, int] = collections.defaultdict(lambda: 1)
    steps = [MOST_STEPS]
    order = ([searched] if searched is not None else []) + [state for state in sorted(circles) if state != searched]
    for place, later in enumerate(order):
        for earlier in order[:place]:
            if later in circles[earlier] or not reach[earlier] >> later & 1 or later in final:
                continue
            if not automaton.takes[later] & _union(automaton.takes, circles[earlier]):
                continue
            if _share(automaton.takes, follow, reach, circles, earlier, later, steps):
                worst[later] = max(worst[later], (worst[earlier] * automaton.weight[earlier]))
        if worst[later] * automaton.weight[later] > MOST_WAYS:
            yield SLOW_SEARCH if searched is not None and worst[later] == WITHOUT_END else SLOW
            return
    if steps[0] <= 0:
        yield SLOW


def _union(takes: Sequence[int], states: Iterable[int]) -> int:
    union = 0
    for state in states:
        union |= takes[state]
    return union


def _reachable(follow: Sequence[Sequence[int]]) -> list[int]:
    """For each state, the states that can come after it, by one step or more, as bits."""
    reach = [0] * len(follow)
    grows = True
    while grows:
        grows = False
        for state in range(len(follow) - 1, -1, -1):  # most steps lead to a higher number
            found = 0
            for after in follow[state]:
                found |= 1 << after | reach[after]
            grows = grows or found != reach[state]
            reach[state] = found
    return reach


def _share(takes: Sequence[int], follow: Sequence[Sequence[int]], reach: Sequence[int],
           circles: dict[int, frozenset[int]], earlier: int, later: int, steps: list[int]) -> bool:
    """Whether one text leads from `earlier` round to itself, from `earlier` to `later`, and from `later` to itself.

    (Weber and Seidl, On the degree of ambiguity of finite automata, 1991: IDA.)
    """
    start, goal = (earlier, earlier, later), (earlier, later, later)
    seen, todo = set([start]), [start]
    while todo and steps[0] > 0:
        one, two, three = todo.pop()
        for to_three in follow[three]:
            if to_three not in circles[later]:
                continue
            for to_one in follow[one]:
                both = takes[to_one] & takes[to_three]
                if not both or to_one not in circles[earlier]:
                    continue
                for to_two in follow[two]:
                    steps[0] -= 1
                    state = (to_one, to_two, to_three)
                    if not both & takes[to_two] or state in seen:
                        continue
                    if state == goal:
                        return True
                    if to_two == later or reach[to_two] >> later & 1:
                        seen.add(state)
                        todo.append(state)
    return steps[0] <= 0


def _ways(items: Sequence[Item], ignorecase: bool) -> int:
    """In how many ways the alternatives of an expression can take one text, at most; repeats are checked elsewhere."""
    ways = 1
    for item in items:
        operation, argument = str(item[0]), item[1]
        if operation == 'BRANCH':
            branches = [_flat(branch) for branch in argument[1]]
            inside = [_ways(branch, ignorecase) for branch in branches]
            ways *= max(sum(number for other, number in zip(branches, inside) if _agree(branch, other, ignorecase))
                        for branch in branches)
        else:
            for child in _children(item):
                ways *= _ways(_flat(child), ignorecase)
    return ways


def _agree(one: Sequence[Item], other: Sequence[Item], ignorecase: bool) -> bool:
    """Whether one text can begin with both of two sequences of items, as far as single characters tell."""
    for mine, theirs in zip(one, other):
        first, second = _characters([mine], ignorecase), _characters([theirs], ignorecase)
        if not first or not second:
            return True
        if not first & second:
            return False
    return True


def _newer(pattern: Pattern) -> Iterator[str]:
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


def _repeats(pattern: Pattern) -> Iterator[tuple[int, Pattern]]:
    """Yield (how often at most, body) of every repeat in a parse tree, outermost first."""
    for item in pattern:
        if str(item[0]) in REPEATS:
            yield int(item[1][1]), item[1][2]
        for child in _children(item):
            yield from _repeats(child)


def _counts(pattern: Pattern) -> Iterator[tuple[int, int]]:
    """Yield (least, most) of every repeat in a parse tree."""
    for item in pattern:
        if str(item[0]) in REPEATS:
            yield item[1][:2]
        for child in _children(item):
            yield from _counts(child)


def _one_way(items: Sequence[Item], ignorecase: bool) -> bool:
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


def _begin_differently(branches: Iterable[Sequence[Item]], ignorecase: bool) -> bool:
    """Whether alternatives are fixed text each and no two begin with the same character."""
    seen: frozenset[int] = frozenset()
    for branch in branches:
        first = _characters(branch[:1], ignorecase)
        if not first or first & seen or not all(_is_fixed(item) for item in branch):
            return False
        seen |= first
    return True


def _is_fixed(item: Item) -> bool:
    """Whether an item takes text of one length in one way: a character, a class, a position, or some of these."""
    if str(item[0]) in REPEATS:
        least, most, body = item[1]
        return least == most and all(_is_fixed(inner) for inner in _flat(body))
    return str(item[0]) in ('LITERAL', 'NOT_LITERAL', 'IN', 'ANY', 'AT')
