# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong before any host is contacted, in the language of the report. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import re

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report._module_texts import module_text
MARK = re.compile(r'(?: *- )+| +')  # what a line of a list begins with


def refusal_text(language: Language, text: str) -> str:
    """An error of one or more lines, a fault each."""
    lines = []
    for line in text.split('\n'):
        mark = MARK.match(line)
        begin = mark.end() if mark else 0
        lines.append(line[:begin] + module_text(language, line[begin:]))
    return '\n'.join(lines)
