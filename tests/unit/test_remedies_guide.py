# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/remedies.md and its Korean twin: each kind of remedy has its part, each signature with a remedy its row."""
from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog, _remedy_specs as remedy_specs

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import remedy_tables  # noqa: E402  pylint: disable=wrong-import-position,wrong-import-order

ROWS = {'en': ['what is changed', 'on which release', 'side effects', 'undo', 'tested'],
        'ko': ['변경 내용', '릴리스별', '부작용', '되돌리기', '시험']}


@pytest.fixture(params=['en', 'ko'])
def guide(request):
    """(language, text) of a guide."""
    return request.param, remedy_tables.GUIDES[request.param].read_text(encoding='utf-8')


def test_the_table_is_that_of_the_catalog(guide):
    language, text = guide
    assert remedy_tables.renewed(text, language) == text, 'stale: run `make tables`'
    rows = re.findall(r'^\| `([a-z0-9-]+)` \| \[', text.partition(remedy_tables.BEGIN)[2], re.MULTILINE)
    assert rows == sorted(one['id'] for one in catalog.load() if 'remedy' in one)


def test_a_stale_table_is_seen(guide):
    language, text = guide
    for stale in (text.replace('nomodeset', 'modeset').replace('gnome-software-refresh-failed` |', 'x` |'),
                  text.replace(remedy_tables.BEGIN, remedy_tables.BEGIN + '| x |\n')):
        assert remedy_tables.renewed(stale, language) != stale


def test_each_kind_has_its_part(guide):
    language, text = guide
    parts = dict(re.findall(r'^### ([a-z_]+)\n\n\| \| \|\n\|---\|---\|\n((?:\|.*\n)+)', text, re.MULTILINE))
    assert set(parts) == set(remedy_specs.shipped()) and list(parts) == sorted(parts)
    for kind, part in parts.items():
        cells = re.findall(r'^\| ([^|]+) \| (.+) \|$', part, re.MULTILINE)
        assert [name for name, _cell in cells] == ROWS[language], kind
        assert all(len(cell) > 5 for _name, cell in cells), kind
