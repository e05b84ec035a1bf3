# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Translates a Python regular expression to a POSIX extended one (ERE) that matches the same texts.

rsyslog's ``re_match()`` compiles with ``regcomp(REG_EXTENDED)``, no other flag, in the C locale (rsyslogd never calls
setlocale), so a text is a row of bytes and ``.`` matches a line feed. ``to_ere(regex)`` keeps the verdict of
``re.search(regex, text)`` for every ASCII text without NUL; what ERE cannot say is refused by name instead of being
approximated. Character classes have their ASCII meaning, as in Python 2 or with ``re.ASCII``. In other texts a
character counts as as many bytes as UTF-8 needs, so only a counted wildcard (``.{3}``) can see a difference.
"""

from __future__ import (absolute_import, division, print_function)
__metaclass__ = type

import re

MAX_REPEAT = 255  # _POSIX_RE_DUP_MAX: every regcomp takes this much
MAX_POSITIONS = 5000  # regcomp writes repetitions out; nested ones would eat rsyslogd's memory

_ASCII = frozenset(range(1, 128))
_DIGITS = frozenset(range(ord('0'), ord('9') + 1))
_UPPER = frozenset(range(ord('A'), ord('Z') + 1))
_LOWER = frozenset(range(ord('a'), ord('z') + 1))
_CLASSES = {
    'd': _DIGITS,
    'w': _DIGITS | _UPPER | _LOWER | frozenset([ord('_')]),
    's': frozenset(ord(char) for char in ' \t\n\r\f\v'),
}
_CONTROLS = {'a': 7, 't': 9, 'n': 10, 'v': 11, 'f': 12, 'r': 13}
_SPECIAL = frozenset(u'\\.[()*+?{|^$')

_REPEAT = re.compile(r'\{(?P<low>[0-9]*)(?:(?P<comma>,)(?P<high>[0-9]*))?\}')
_GROUP_NAME = re.compile(r'\?P<[^>]*>')
_REFUSED_GROUPS = (
    ('?=', 'lookahead (?=...)'), ('?!', 'negative lookahead (?!...)'), ('?<=', 'lookbehind (?<=...)'),
    ('?<!', 'negative lookbehind (?<!...)'), ('?P=', 'back-reference (?P=...)'), ('?(', 'conditional (?(...)...)'),
    ('?>', 'atomic group (?>...)'),
)


def to_ere(regex, leading_blank=False):
    """Translate `regex` (text, or UTF-8 bytes) and return the POSIX ERE (text).

    With `leading_blank` a start anchor also allows one blank first (``^ ?``): rsyslog's $msg begins with a blank when
    the message came through imuxsock and without one when it came through imjournal.

    Raises ValueError that names the construct and its position if `regex` is not a Python regular expression, or has
    something that ERE cannot express: lookaround, lazy or possessive quantifiers, back-references, ``\\b``, inline
    flags, anchors in the middle, NUL, classes with characters beyond ASCII.
    """
    if isinstance(regex, bytes):
        regex = regex.decode('utf-8')
    try:
        re.compile(regex)
    except (re.error, OverflowError) as exc:
        raise ValueError('not a regular expression: %s' % exc)
    return _Translator(regex, leading_blank).translate()


def _native(text):
    """Text as the str of this Python, for a message."""
    return text.encode('utf-8') if str is bytes else text


class _Piece:
    """A translated part: its ERE text, how many positions regcomp makes of it, and which anchors it holds."""

    def __init__(self, text, positions=1, starts=False, ends=False):
        self.text = text
        self.positions = positions
        self.starts = starts
        self.ends = ends


class _Translator:
    """One pass, left to right, by recursive descent: alternatives > sequence > repeated atom."""

    def __init__(self, regex, leading_blank):
        self.regex = regex
        self.at = 0
        self.start = u'^ ?' if leading_blank else u'^'

    def translate(self):
        return self._alternatives(True).text

    def _refuse(self, what, at):
        raise ValueError('POSIX ERE cannot express %s: character %d of %s' % (what, at + 1, _native(self.regex)))

    def _looking_at(self, text):
        return self.regex.startswith(text, self.at)

    def _take(self):
        char = self.regex[self.at]
        self.at += 1
        return char

    def _alternatives(self, at_start):
        """Everything up to ``)`` or the end. `at_start`: nothing can have been consumed before."""
        branches = [self._sequence(at_start)]
        while self._looking_at('|'):
            self.at += 1
            branches.append(self._sequence(at_start))
        return _Piece(u'|'.join(branch.text for branch in branches), sum(branch.positions for branch in branches),
                      any(branch.starts for branch in branches), any(branch.ends for branch in branches))

    def _sequence(self, at_start):
        pieces = []
        while self.at < len(self.regex) and self.regex[self.at] not in u'|)':
            began = self.at
            piece = self._repeated(at_start and not pieces)
            if piece is None:  # a comment
                continue
            if any(earlier.ends for earlier in pieces):
                self._refuse('an end anchor with something after it', began)
            pieces.append(piece)
            if sum(piece.positions for piece in pieces) > MAX_POSITIONS:
                self._refuse('so many repetitions (more than %d positions)' % MAX_POSITIONS, began)
        return _Piece(u''.join(piece.text for piece in pieces), sum(piece.positions for piece in pieces),
                      any(piece.starts for piece in pieces), any(piece.ends for piece in pieces))

    def _repeated(self, at_start):
        began = self.at
        atom = self._atom(at_start)
        repeat = self._repeat()
        if atom is None or repeat is None:
            return atom
        if atom.starts or atom.ends:
            self._refuse('a repeated anchor', began)
        if self.at < len(self.regex) and self.regex[self.at] in u'?+':
            self._refuse('a %s quantifier' % ('lazy' if self._looking_at('?') else 'possessive'), self.at)
        text, most = repeat
        single = len(atom.text.encode('utf-8')) == 1 or atom.text[0] in u'[(\\'  # beyond ASCII: several bytes
        return _Piece((atom.text if single else u'(%s)' % atom.text) + text, atom.positions * max(1, most))

    def _repeat(self):
        """The quantifier here as (ERE text, how many copies regcomp makes), or None."""
        began = self.at
        if self.at < len(self.regex) and self.regex[self.at] in u'*+?':
            return self._take(), 1
        braces = _REPEAT.match(self.regex, self.at)
        if not braces or braces.group() == u'{}':
            return None  # Python reads any other brace as itself
        self.at = braces.end()
        low = int(braces.group('low') or 0)
        if not braces.group('comma'):
            high = low
        else:
            high = int(braces.group('high')) if braces.group('high') else None
        if max(low, high or 0) > MAX_REPEAT:
            self._refuse('more than %d repetitions' % MAX_REPEAT, began)
        if high is None:
            return (u'*' if low == 0 else u'{%d,}' % low), low + 1
        return (u'{%d}' % low if low == high else u'{%d,%d}' % (low, high)), high

    def _atom(self, at_start):
        began = self.at
        char = self._take()
        if char == u'(':
            return self._group(at_start, began)
        if char == u'[':
            return _Piece(self._class(began))
        if char == u'.':
            return _Piece(_bracket(_ASCII - frozenset([10]), True))
        if char == u'^':
            return self._start_anchor(at_start, began)
        if char == u'$':
            return _Piece(u'\n?$', 2, ends=True)  # Python's $ also matches before a final line feed
        if char == u'\\':
            return self._escape(at_start, began)
        return _Piece(self._literal(char, began))

    def _start_anchor(self, at_start, began):
        if not at_start:
            self._refuse('a start anchor with something before it', began)
        return _Piece(self.start, 2, starts=True)

    def _group(self, at_start, began):
        if self._looking_at('?'):
            if self._looking_at('?#'):
                self.at = self.regex.index(u')', self.at) + 1
                return None
            for mark, name in _REFUSED_GROUPS:
                if self._looking_at(mark):
                    self._refuse(name, began)
            named = _GROUP_NAME.match(self.regex, self.at)
            if named:
                self.at = named.end()
            elif self._looking_at('?:'):
                self.at += 2
            else:
                self._refuse('inline flags (?...)', began)
        inner = self._alternatives(at_start)
        self.at += 1  # the closing parenthesis: re.compile() has seen it
        return _Piece(u'(%s)' % inner.text, inner.positions + 1, inner.starts, inner.ends)

    def _escape(self, at_start, began):
        """What stands after a backslash, outside a class."""
        char = self.regex[self.at]
        if char in u'AZ':
            self.at += 1
            return self._start_anchor(at_start, began) if char == u'A' else _Piece(u'$', ends=True)
        if char in u'bB':
            self._refuse('the word boundary \\%s' % char, began)
        if char in u'123456789' and not re.match(u'[0-3][0-7][0-7]', self.regex[self.at:]):
            self._refuse('the back-reference \\%s' % char, began)
        members, others = self._escaped_set(began)
        return _Piece(_bracket(members, others))

    def _escaped_set(self, began):
        """The set (ASCII codes, whether everything beyond ASCII too) that a backslash sequence stands for."""
        char = self._take()
        if char.lower() in _CLASSES:
            members = _CLASSES[char.lower()]
            return (members, False) if char.islower() else (_ASCII - members, True)
        if char in _CONTROLS:
            code = _CONTROLS[char]
        elif char == u'x':
            code = int(self.regex[self.at:self.at + 2], 16)
            self.at += 2
        elif char in u'01234567':
            octal = re.match(u'0[0-7]{0,2}|[0-3][0-7][0-7]', self.regex[self.at - 1:])
            if octal is None:
                self._refuse('the escape \\%s' % char, began)
            code = int(octal.group(), 8)
            self.at += len(octal.group()) - 1
        elif char.isalnum():
            self._refuse('the escape \\%s' % char, began)
        else:
            code = ord(char)
        return self._one(code, began), False

    def _one(self, code, began):
        if code == 0:
            self._refuse('a NUL byte', began)
        if code > 127:
            self._refuse('an escape or a class with a character beyond ASCII', began)
        return frozenset([code])

    def _class(self, began):
        """A character class, after its opening bracket; returns ERE text."""
        negated = self._looking_at('^')
        if negated:
            self.at += 1
        members, others = self._class_member(began)  # a first ] is a member
        while not self._looking_at(']'):
            more, wide = self._class_member(began)
            members, others = members | more, others or wide
        self.at += 1
        if negated:
            members, others = _ASCII - members, not others
        if not members and not others:
            self._refuse('a class that matches nothing', began)
        return _bracket(members, others)

    def _class_member(self, began):
        """One character, escape or range of a class, as _escaped_set()."""
        low, others = self._class_end(began)
        if not self._looking_at('-') or self._looking_at('-]'):
            return low, others
        self.at += 1
        high = self._class_end(began)[0]
        return frozenset(range(min(low), min(high) + 1)), False  # re.compile() has checked both ends

    def _class_end(self, began):
        char = self._take()
        if char != u'\\':
            return self._one(ord(char), began), False
        if self._looking_at('b'):  # in a class, Python's name of the backspace
            self.at += 1
            return self._one(8, began), False
        return self._escaped_set(began)

    def _literal(self, char, began):
        if char == u'\0':
            self._refuse('a NUL byte', began)
        return _escape(char)


def _char(code):
    return bytearray([code]).decode('ascii')


def _escape(char):
    return u'\\' + char if char in _SPECIAL else char


def _bracket(members, others):
    """ERE for one character: an ASCII code of `members`, or (`others`) anything beyond ASCII.

    Inside a bracket expression POSIX knows no escape, so the order counts: ``]`` first, ``-`` last, ``[`` not before
    ``.:=`` and ``^`` not first. Only digits and letters are written as ranges.
    """
    if others and members == _ASCII:
        return u'.'
    if not others and len(members) == 1:
        return _escape(_char(min(members)))
    shown = _ASCII - members if others else members
    plain = u''.join(_char(code) for code in sorted(shown - _DIGITS - _UPPER - _LOWER) if _char(code) not in u'][^-')
    body = u']' if ord(']') in shown else u''
    body += plain + u''.join(_ranges(shown & group) for group in (_DIGITS, _UPPER, _LOWER))
    body += u'[' if ord('[') in shown else u''
    tail = (u'^' if ord('^') in shown else u'') + (u'-' if ord('-') in shown else u'')
    if others:
        return u'[^' + body + tail + u']'
    return u'[' + (body + tail if body else tail[::-1]) + u']'


def _ranges(codes):
    """Neighbouring codes as ``a-z``, others one by one."""
    text, codes = u'', sorted(codes)
    while codes:
        length = 1
        while length < len(codes) and codes[length] == codes[0] + length:
            length += 1
        run = u''.join(_char(code) for code in codes[:length])
        text += run if length < 4 else run[0] + u'-' + run[-1]
        codes = codes[length:]
    return text
