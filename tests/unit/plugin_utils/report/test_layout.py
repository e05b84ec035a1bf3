# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that fits a terminal, and is harmless whatever an attacker wrote into a log."""
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import layout

# Korean, composed and not, Chinese, marks, what is escaped, and plain text.
TEXT = st.text(alphabet='a b\uac00\u1100\u1161\u11a8\u4e2d\u0301\u200d\x1b\u202e.,-', max_size=60) | st.text(max_size=60)


@given(st.text())
def test_nothing_reaches_the_terminal_but_printable_text(text):
    assert not [char for char in layout.harmless(text) if unicodedata.category(char) in ('Cc', 'Cf')]


@pytest.mark.parametrize('text, columns', [
    ('abc', 3), ('\uac00\ub098', 4), (unicodedata.normalize('NFD', '\ud55c\uae00'), 4), ('e\u0301', 1), ('\uff1d', 2), ('', 0)])
def test_width(text, columns):
    assert layout.width(text) == columns


@given(TEXT, st.integers(3, 40))
def test_what_is_cut_fits_and_says_so(text, columns):
    cut = layout.clipped(text, columns)
    assert layout.width(cut) <= columns
    assert cut == layout.harmless(text) or (cut.endswith('...') and layout.harmless(text).startswith(cut[:-3]))


@given(TEXT, st.integers(8, 40))
def test_what_is_wrapped_fits_and_is_whole(text, columns):
    lines = layout.wrapped(text, columns, '  - ', '    ')
    assert all(layout.width(line) <= columns for line in lines)
    assert ''.join(line[4:] for line in lines).replace(' ', '') == layout.harmless(text).replace(' ', '')


@given(st.lists(TEXT, min_size=1, max_size=8), st.integers(8, 60))
def test_names_are_listed_as_far_as_they_fit(names, columns):
    text, more = layout.listed(names, columns)
    assert layout.width(text) <= columns and 0 <= more < len(names)
    assert more or layout.clipped(names[0], columns) != layout.harmless(names[0]) or text == ', '.join(map(layout.harmless, names))


@pytest.mark.parametrize('language, text', [('en', '2026-12-31T20:00:05Z'), ('ko', '2027-01-01 05:00:05 KST')])
def test_a_time_is_the_readers(language, text):
    assert layout.when(language, '2026-12-31T20:00:05.999999Z') == text
    assert layout.when(language, None) == '-'


def test_a_time_that_korea_does_not_have_is_told_as_it_is():
    assert layout.when('ko', '9999-12-31T23:59:59Z') == '9999-12-31T23:59:59Z'
