# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the documentation: the blocks of each guide, and EXAMPLES of each plugin."""
from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import NamedTuple

GUIDES = ('README*.md', 'CONTRIBUTING*.md', 'docs/*.md', 'roles/*/README*.md')
PLUGINS = ('modules', 'action', 'filter', 'lookup')

_FENCED = re.compile(r'(?:^<!-- (?P<marker>[^\n]*?) -->\n)?^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$', re.MULTILINE | re.DOTALL)
# A block that is only indented: behind a blank line, and not in an item of a list.
_INDENTED = re.compile(r'(?<=\n\n)(?: {4}.*\n)+')
_EXAMPLES = re.compile(r'^EXAMPLES = r?("""|\'\'\')\n?(.*?)\1', re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One example. `marker` is what a comment in front of it says."""

    document: str
    line: int
    language: str
    marker: str
    text: str

    @property
    def name(self) -> str:
        """As tests and plays are named after it."""
        return '%s:%d' % (self.document, self.line)

    def commands(self) -> list[tuple[str, str, str]]:
        """(prompt, command, output) of a console."""
        found: list[tuple[str, str, str]] = []
        for line in self.text.splitlines():
            prompt = re.match(r'([$#]) (.*)', line)
            if found and found[-1][1].endswith('\\'):
                found[-1] = (found[-1][0], found[-1][1] + '\n' + line, '')
            elif prompt:
                found.append((prompt[1], prompt[2], ''))
            else:
                found[-1] = found[-1][:2] + (found[-1][2] + line + '\n',)
        return found


def _of_guide(document: str, text: str) -> list[Block]:
    found = [Block(document, text[:one.start('text')].count('\n'), one['language'], one['marker'] or '', textwrap.dedent(one['text']))
             for one in _FENCED.finditer(text)]
    # Lines stay where they are.
    rest = _FENCED.sub(lambda one: '\n' * one.group().count('\n'), text)
    for one in _INDENTED.finditer(rest):
        before = rest[:one.start()].rstrip('\n').rpartition('\n')[2]
        if not re.match(r'\s|[-*] |\d+\. ', before):
            found.append(Block(document, rest[:one.start()].count('\n') + 1, 'text', '', textwrap.dedent(one.group())))
    return sorted(found, key=lambda block: block.line)


def guides(checkout: Path) -> list[Block]:
    """The blocks of all guides, those of a guide in their order, and what is English first."""
    return [block for pattern in GUIDES for path in sorted(checkout.glob(pattern), key=lambda path: ('.ko' in path.suffixes, path))
            for block in _of_guide(str(path.relative_to(checkout)), path.read_text(encoding='utf-8'))]


def plugins(checkout: Path) -> list[Block]:
    """EXAMPLES of all plugins."""
    found = []
    for path in sorted(path for kind in PLUGINS for path in (checkout / 'plugins' / kind).glob('*.py')):
        text = path.read_text(encoding='utf-8')
        for one in _EXAMPLES.finditer(text):
            found.append(Block(str(path.relative_to(checkout)), text[:one.start(2)].count('\n'), 'yaml', '', one[2]))
    return found


def rows(checkout: Path) -> list[tuple[str, str, str]]:
    """(document, expression, result) of the tables that show filters."""
    return [(str(path.relative_to(checkout)), call.replace('\\|', '|'), result)
            for path in sorted(checkout.glob('docs/*.md'))
            for call, result in re.findall(r'^\| `([^`]+ \\\| loghygiene\.rhel\.[^`]+)` \| (.*) \|$', path.read_text(encoding='utf-8'), re.MULTILINE)]
