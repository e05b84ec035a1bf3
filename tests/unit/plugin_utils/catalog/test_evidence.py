# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No signature of the catalog touches the lines of tests/evidence: not as they are written, nor under any tag."""
from __future__ import annotations

import re

import pytest
from evidence import lines as evidence

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import Entry, Matcher
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog, _guard as guard, _protected as records
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog._regex_language import Automaton

SIGNATURES = catalog.load()
MATCHER = Matcher(SIGNATURES)
TEMPLATES, LINES, WORDS = evidence.templates(), evidence.lines(), evidence.load(evidence.FOLDER / 'words.yml')
FORGED = list(evidence.forged(SIGNATURES))


def entry_of(line):
    return Entry(line.text, line.identifier, None, line.transport, line.severity, line.facility, line.uid, None)


def as_read(lines):
    """What the catalog says of lines: (ids, line) of those that a signature matches."""
    return [([SIGNATURES[index]['id'] for index in MATCHER.matches(entry_of(line))], line) for line in lines
            if MATCHER.matches(entry_of(line))]


def test_there_are_two_thousand_lines_that_differ_in_words():
    assert len({(line.identifier, re.sub('[0-9]+', '', line.text)) for line in LINES}) >= 2000
    assert len({template.text for template in TEMPLATES}) >= 900
    assert {line.transport for line in LINES} == {'kernel', 'syslog', 'journal', 'stdout'}


def test_each_word_is_used_and_each_source_named():
    assert {name for template in TEMPLATES for name in evidence.WORD.findall(template.text)} == set(WORDS)
    assert all(template.group['source'] and template.text.strip() for template in TEMPLATES)


def test_no_signature_knows_one_of_the_texts():
    """Without a text that matches, no tag, transport, facility or user makes a signature match."""
    assert [line for line in LINES if MATCHER.read(line.text)] == []


@pytest.fixture(scope='module', name='protected')
def as_protected_records():
    """The lines as records that anybody writes: whatever tag a signature names, it is held against them."""
    texts = sorted({line.text for line in LINES})
    return records.Protected(records.groups('foreign', {'class': 'foreign', 'about': 'tests', 'records': [
        {'what': 'a foreign line', 'source': 'tests', 'texts': texts}]}, 'tests/evidence'))


@pytest.mark.parametrize('signature', SIGNATURES, ids=lambda one: one['id'])
def test_the_guard_lets_each_signature_pass_under_any_tag(signature, protected):
    """Held against whole texts, however the expression of the signature varies, also those that are investigate."""
    assert guard.refusals(signature, guard.examples_of(signature), protected) == []
    assert protected.met_by(['any'], Automaton(signature['match']['regex'])) == []


@pytest.mark.parametrize('line', LINES[::500], ids=lambda line: line.identifier)
def test_the_guard_finds_a_signature_that_touches_one(line, protected):
    """The one before can fail."""
    assert [found.text for found in protected.met_by([line.identifier], Automaton('^%s' % re.escape(line.text)))] == [line.text]


@pytest.mark.parametrize('signature', SIGNATURES, ids=lambda one: one['id'])
def test_each_signature_has_forged_lines(signature):
    assert any(of == signature['id'] for of, _line in FORGED)


def test_no_forged_line_is_taken_for_the_known_one():
    assert as_read([line for _of, line in FORGED]) == []
