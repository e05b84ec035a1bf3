# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""to_ere() against the C library's own regcomp() and regexec(): the functions that rsyslog's re_match() calls."""
from __future__ import absolute_import, division, print_function

import ctypes
import locale
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog.posix_ere import to_ere

__metaclass__ = type

REG_EXTENDED = 1
REGEX_T_BYTES = 1024  # sizeof(regex_t) is 64 in glibc on 64 bits
ASCII_CLASSES = getattr(re, 'ASCII', 0)  # Python 2 has no other


@pytest.fixture(scope='module', autouse=True)
def c_locale():
    """rsyslogd never calls setlocale(): its regexes see bytes."""
    before = locale.setlocale(locale.LC_ALL)
    locale.setlocale(locale.LC_ALL, 'C')
    yield
    locale.setlocale(locale.LC_ALL, before)


def posix_search(ere, text):
    """Whether regexec() finds ere (text) in text; both are handed over as UTF-8."""
    libc = ctypes.CDLL(None)
    compiled = ctypes.create_string_buffer(REGEX_T_BYTES)
    code = libc.regcomp(compiled, ctypes.c_char_p(ere.encode('utf-8')), REG_EXTENDED)
    assert code == 0, 'regcomp refuses %r: %d' % (ere, code)
    try:
        return libc.regexec(compiled, ctypes.c_char_p(text.encode('utf-8')), ctypes.c_size_t(0), None, 0) == 0
    finally:
        libc.regfree(compiled)


def python_search(regex, text):
    return re.search(regex, text, ASCII_CLASSES) is not None


CHARACTERS = u'ab0Z_ <>[](){}|.^$*+?:=-]\\\'"/,#\n\t\x01'
LITERALS = st.sampled_from([re.escape(char) for char in CHARACTERS] + list(u'ab0<>:="\'/,]}- '))
ESCAPES = st.sampled_from([u'\\d', u'\\D', u'\\w', u'\\W', u'\\s', u'\\S', u'\\n', u'\\t', u'\\x41', u'\\101', u'.'])
CLASS_MEMBERS = st.sampled_from([
    u'a-z', u'A-Z', u'0-9', u'\\d', u'\\w', u'\\S', u'\\]', u'\\[', u'\\^', u'\\-', u'\\\\', u'[:', u'.', u'=', u'$',
    u'a', u'b', u'"', u' ', u'!-/', u'\\n', u'\\b', u'\\x01-\\x1f'])
CLASSES = st.builds(lambda negated, first, members: u'[' + negated + first + u''.join(members) + u']',
                    st.sampled_from([u'', u'^']), st.sampled_from([u'', u']', u'-']),
                    st.lists(CLASS_MEMBERS, min_size=1, max_size=4))
QUANTIFIERS = st.sampled_from([
    u'', u'', u'', u'*', u'+', u'?', u'{2}', u'{1,3}', u'{0,1}', u'{,2}', u'{2,}', u'{0}', u'{,}'])
REPEATED = st.builds(lambda atom, quantifier: atom + quantifier, LITERALS | ESCAPES | CLASSES, QUANTIFIERS)
BRACES = st.sampled_from([u'a{', u'a{}', u'a{x}', u'a{1', u'a{1,2'])


def _grow(inner):
    sequence = st.lists(inner, min_size=1, max_size=4).map(u''.join)
    group = st.builds(lambda kind, branches, quantifier: kind + u'|'.join(branches) + u')' + quantifier,
                      st.sampled_from([u'(', u'(?:']), st.lists(sequence, min_size=1, max_size=3), QUANTIFIERS)
    return sequence | group


BODIES = st.recursive(REPEATED | BRACES, _grow, max_leaves=8)
REGEXES = st.builds(lambda start, body, end: start + body + end, st.sampled_from([u'', u'^', u'\\A', u'(?:^|x)']),
                    BODIES, st.sampled_from([u'', u'$', u'\\Z', u'(?:$|y)']))
TEXTS = st.text(alphabet=CHARACTERS + u'xy', max_size=12)


def compiles(regex):
    try:
        re.compile(regex)
    except re.error:  # for instance a reversed range or "nothing to repeat"
        return False
    return True


@settings(max_examples=400, deadline=None)
@given(REGEXES.filter(compiles), st.lists(TEXTS, min_size=1, max_size=8))
@example(u'a$', [u'a\n', u'a\n\n', u'a'])
@example(u'a\\Z', [u'a\n', u'a'])
@example(u'^[^"]*$', [u'a\nb', u'"'])
def test_verdict_is_that_of_python(regex, texts):
    try:
        ere = to_ere(regex)
    except ValueError as refusal:
        # the generator makes few things that must be refused: anchors in the middle, empty classes, a{1 and }+
        assert any(word in str(refusal) for word in ('anchor', 'matches nothing', 'quantifier')), refusal
        return
    for text in texts:
        assert posix_search(ere, text) == python_search(regex, text), (regex, ere, text)


@settings(max_examples=150, deadline=None)
@given(REGEXES.filter(compiles), st.data())
def test_texts_made_to_match_do_match(regex, data):
    try:
        ere = to_ere(regex)
    except ValueError:
        return
    text = data.draw(st.from_regex(re.compile(regex, ASCII_CLASSES)))
    if u'\0' in text or any(ord(char) > 127 for char in text):
        return
    assert posix_search(ere, text)


@settings(max_examples=250, deadline=None)
@given(st.text(alphabet=u'ab()[]{}|?*+^$\\.:=!<>P-,01\n#\xe9\0', max_size=16), TEXTS)
def test_any_text_gives_an_equal_regex_or_a_refusal(regex, text):
    try:
        ere = to_ere(regex)
    except ValueError:
        return
    assert posix_search(ere, text) == python_search(regex, text), (regex, ere, text)


@pytest.mark.parametrize('regex, ere', [
    (u'^<(?:asm|atamptl)>:\\[INFO\\]', u'^<(asm|atamptl)>:\\[INFO]'),
    (u'(?P<key>[0-9a-f]+)', u'([0-9a-f]+)'),
    (u'\\d+\\s\\w', u'[0-9]+[\t\n\x0b\x0c\r ][_0-9A-Za-z]'),
    (u'[\\s\\S]', u'.'),
    (u'.', u'[^\n]'),
    (u'a{1,2}b{3,}', u'a{1,2}b{3,}'),
    (u'[-^]', u'[-^]'),
    (u'[]^-]', u'[]^-]'),
    (u'(?#why)a', u'a'),
    (u'\u2026+', u'(\u2026)+'),
    (b'\xe2\x80\xa6', u'\u2026'),
])
def test_translation(regex, ere):
    assert to_ere(regex) == ere


@pytest.mark.parametrize('regex, named', [
    (u'a(?=b)', 'lookahead'),
    (u'a(?!b)', 'negative lookahead'),
    (u'(?<=a)b', 'lookbehind'),
    (u'(?<!a)b', 'negative lookbehind'),
    (u'(a)\\1', 'back-reference \\1'),
    (u'(?P<n>a)(?P=n)', 'back-reference (?P=...)'),
    (u'(a)?(?(1)b|c)', 'conditional'),
    (u'a*?', 'lazy quantifier'),
    (u'a{2}?', 'lazy quantifier'),
    (u'\\bword', 'word boundary \\b'),
    (u'\\Bword', 'word boundary \\B'),
    (u'(?i)word', 'inline flags'),
    (u'a^b', 'start anchor with something before it'),
    (u'a$b', 'end anchor with something after it'),
    (u'(a$|b)c', 'end anchor with something after it'),
    (u'(^a)*', 'repeated anchor'),
    (u'[^\\s\\S]', 'class that matches nothing'),
    (u'[\xe9]', 'beyond ASCII'),
    (u'\\xe9', 'beyond ASCII'),
    (u'a\\0', 'NUL'),
    (u'a\0', 'NUL'),
    (u'a{256}', 'more than 255 repetitions'),
    (u'((a{99}){99}){99}', 'so many repetitions'),
    (u'(', 'not a regular expression'),
    (u'*', 'not a regular expression'),
])
def test_refusal_names_the_construct(regex, named):
    with pytest.raises(ValueError) as refusal:
        to_ere(regex)
    assert named in str(refusal.value)


def test_refusal_names_the_position():
    with pytest.raises(ValueError) as refusal:
        to_ere(u'abc\\bdef')
    assert 'character 4 of abc\\bdef' in str(refusal.value)


@pytest.mark.parametrize('text, found', [
    (u'<asm>:', True), (u' <asm>:', True), (u'  <asm>:', False), (u'x<asm>:', False)])
def test_leading_blank(text, found):
    assert posix_search(to_ere(u'^<asm>:', leading_blank=True), text) is found


@pytest.mark.parametrize('text', [u'caf\xe9', u'\ud55c\uae00', u'\U0001f600'])
def test_texts_beyond_ascii(text):
    assert posix_search(to_ere(u'^' + text + u'$'), text)
    assert posix_search(to_ere(u'^[^a]+$'), text.replace(u'a', u''))
    assert not posix_search(to_ere(u'^\\w*$'), text)
