# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No line of a log makes a regular expression of ours run for long: whatever it repeats, the time is linear.

Each expression is run on what is made of its own characters, repeated. The masks have a test of their own.
"""

from __future__ import absolute_import, division, print_function

import importlib
import inspect
import itertools
import re

import pytest
from processor_time import TooLong, limited

__metaclass__ = type

try:
    from re import _parser as sre_parse
except ImportError:
    import sre_parse

PLACE = 'ansible_collections.loghygiene.rhel.plugins.module_utils.'
# What reads lines, entries, or what programs say of them.
READERS = ('journal', 'literals', 'logfile', 'logfile_scan', 'logline', 'lost_messages', 'matcher', 'syslog', 'syslog_message',
           'timestamps', 'triggers', 'unexplained')
LENGTH = 60000
CATEGORIES = {'CATEGORY_DIGIT': u'1', 'CATEGORY_SPACE': u' ', 'CATEGORY_NOT_WORD': u'-'}
MOST = 6  # characters of an expression that are put together


def expressions():
    """(name, how it is used, pattern) of each expression at the top of a module, and of the losses."""
    found = []
    for module in READERS:
        module = importlib.import_module(PLACE + module)
        source = inspect.getsource(module)
        for name, value in sorted(vars(module).items()):
            if hasattr(value, 'finditer') and re.search(r'(?m)^%s\b.*=' % name, source):
                searched = re.search(r'\b%s\.(?:search|sub|finditer|findall|split)\b' % name, source)
                found.append(('%s.%s' % (module.__name__[len(PLACE):], name), 'finditer' if searched else 'match', value))
        for signature in vars(module).get('SIGNATURES', ()):
            found.append((signature['id'], 'search', re.compile(signature['match']['regex'])))
    return found


def characters(tree, found):
    """Add to `found` (list) the characters that an expression speaks of, in its order."""
    for operator, value in tree:
        operator = str(operator).rpartition('.')[2].upper()
        if operator in ('LITERAL', 'NOT_LITERAL'):
            found.append(type(u'')(chr(value)) if value < 128 else u'\x85')
        elif operator == 'RANGE':
            found.append(type(u'')(chr(value[0])))
        elif operator == 'CATEGORY':
            found.append(CATEGORIES.get(str(value).upper(), u'a'))
        elif operator == 'ANY':
            found.append(u'a')
        elif operator == 'IN':
            characters(value, found)
        elif operator in ('MAX_REPEAT', 'MIN_REPEAT', 'POSSESSIVE_REPEAT'):
            characters(value[2], found)
        elif operator == 'SUBPATTERN':
            characters(value[-1], found)
        elif operator in ('ASSERT', 'ASSERT_NOT'):
            characters(value[1], found)
        elif operator == 'BRANCH':
            for branch in value[1]:
                characters(branch, found)


def hostile(pattern):
    """Texts that an expression may take long for."""
    known = []
    characters(sre_parse.parse(pattern.pattern, pattern.flags & ~re.DEBUG), known)
    few = sorted(set(known), key=known.index)
    few = few[:MOST - 2] + few[-2:] if len(few) > MOST else few
    pieces = few + [one + other for one, other in itertools.permutations(few, 2)]
    # In the order of the expression, as -1a is of -[0-9][a-f].
    pieces += [u''.join(few[place:place + size]) for size in (3, 4) for place in range(len(few) - size + 1)]
    beginning = u''.join(known[:40])
    for piece in pieces:
        text = piece * (LENGTH // len(piece))
        for one in (text + u'\0', beginning + text + u'\0'):
            yield one if isinstance(pattern.pattern, type(u'')) or str is bytes else one.encode('utf-8')


def takes_long(use, pattern):
    """The first text (its beginning) that takes an expression long, or None."""
    for text in hostile(pattern):
        try:
            with limited(0.5):
                found = getattr(pattern, use)(text)
                if use == 'finditer':
                    for _one in found:
                        pass
        except TooLong:
            return text[:80]
    return None


@pytest.mark.parametrize('name, use, pattern', expressions(), ids=lambda value: value if isinstance(value, str) else '')
def test_no_line_takes_long(name, use, pattern):
    assert takes_long(use, pattern) is None


@pytest.mark.parametrize('use, pattern', [('match', '(?:a+b?)+c'), ('finditer', 'a+b'), ('search', '-(?:a-)*!'),
                                          ('search', ' .* .*=')])
def test_what_takes_long_is_found(use, pattern):
    assert takes_long(use, re.compile(pattern)) is not None
