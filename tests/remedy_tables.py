# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/remedies.md and docs/remedies.ko.md that say which signatures have a remedy, made from the catalog.

`make tables` writes them anew; tests/unit/test_remedies_guide.py fails where they are stale.
"""
from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
GUIDES = {'en': ROOT / 'docs/remedies.md', 'ko': ROOT / 'docs/remedies.ko.md'}
BEGIN, END = '<!-- made by `make tables` from the catalog -->\n\n', '\n<!-- end -->\n'
HEAD = {'en': ('signature', 'kind', 'RHEL', 'in force after', 'only if named in `log_hygiene_opt_in`', 'gone from', 'what else changes'),
        'ko': ('시그니처', '종류', 'RHEL', '적용 시점', '`log_hygiene_opt_in`에 지정해야 함', '사라지는 로그', '그 밖에 바뀌는 것')}
WORDS = {'en': {'boot': 'boot', 'login': 'login', 'restart': 'restart of a service', 'none': 'at once', True: 'yes', False: 'no'},
         'ko': {'boot': '부팅', 'login': '로그인', 'restart': '서비스 재시작', 'none': '즉시', True: '예', False: '아니요'}}


def table(language: str) -> str:
    """The table of a language."""
    rows = [HEAD[language], ('---',) * len(HEAD[language])]
    for path in sorted((ROOT / 'catalog/signatures').glob('*/*.yml'), key=lambda one: one.stem):
        signature = yaml.safe_load(path.read_text(encoding='utf-8'))
        remedy, words = signature.get('remedy'), WORDS[language]
        if remedy:
            rows.append((
                '`%s`' % signature['id'], '[%s](#%s)' % (remedy['role'], remedy['role']), ', '.join(map(str, signature['applies']['el'])),
                words[remedy['requires']], words[remedy.get('opt_in', False)], ', '.join(signature['vanishes_from']),
                ' '.join(remedy['side_effects'][language].split()).replace('|', '\\|')))
    return ''.join('| %s |\n' % ' | '.join(row) for row in rows)


def renewed(text: str, language: str) -> str:
    """A guide with its table made anew."""
    return re.sub('(%s).*?(%s)' % (re.escape(BEGIN), re.escape(END)), lambda found: found.group(1) + table(language) + found.group(2), text,
                  flags=re.DOTALL)


if __name__ == '__main__':
    for name, guide in GUIDES.items():
        guide.write_text(renewed(guide.read_text(encoding='utf-8'), name), encoding='utf-8')
