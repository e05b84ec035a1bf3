# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of foreign programs that carry security meaning, which nothing of the collection may move or cover.

A file of this folder has groups: who writes it, as what (transport, facility, severity), where the texts are documented,
and the lines. {name} in a line stands for the words of words.yml: the line is there once for each.
"""
import itertools
import pathlib
import re
from typing import NamedTuple

import yaml

FOLDER = pathlib.Path(__file__).parent
WORD = re.compile(r'\{([a-z_]+)\}')
NOBODY = 65534
FACILITIES = ('kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp', 'ntp', 'security',
              'console', 'clockd') + tuple('local%d' % number for number in range(8))
SEVERITIES = ('emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug')


class Line(NamedTuple):
    """One line as it reaches journald."""
    text: str
    identifier: str
    transport: str
    facility: int
    severity: int
    uid: int = 0


class Template(NamedTuple):
    """A line with {name} in it, and where it stands."""
    text: str
    group: dict
    path: pathlib.Path


def load(path):
    with open(path, encoding='utf-8') as stream:
        return yaml.load(stream, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))


def templates():
    """All templates of the folder."""
    return [Template(text, group, path) for path in sorted(FOLDER.glob('*.yml')) if path.name != 'words.yml'
            for group in load(path) for text in group['lines'].splitlines()]


def made_of(template, words):
    """The texts of a template: as many as its longest list of words has."""
    names = WORD.findall(template)
    for turn in range(max([len(words[name]) for name in names], default=1)):
        # Not the same words together in each line of a row.
        yield WORD.sub(lambda found, turn=turn: words[found.group(1)][turn % len(words[found.group(1)])], template)


def lines():
    """All Lines, each once."""
    words = load(FOLDER / 'words.yml')
    found = {}
    for template in templates():
        transport, facility, severity = template.group['as'].split()
        for text in made_of(template.text, words):
            line = Line(text, template.group['who'], transport, FACILITIES.index(facility), SEVERITIES.index(severity))
            found.setdefault(line, None)
    return list(found)


def forged(signatures):
    """(id, Line) of what passes itself off as the known message of a signature, and is not: nothing may move or count it.

    Another way to journald, another user, another facility or a higher severity than the signature's; more words; and
    the neighbours that the signature names itself.
    """
    for signature in signatures:
        match = signature['match']
        kernel = match.get('transport') == ['kernel']
        severity = SEVERITIES.index(match['priority'])
        ways = set()
        for test in signature['tests']['positive']:
            who = test.get('identifier') or test.get('comm') or 'kernel'
            way = test.get('transport', match.get('transport', ['syslog'])[0])
            facility = FACILITIES.index('kern' if kernel else 'user')
            for text in ('x ' + test['text'], test['text'] + ' by an intruder', test['text'][1:]):
                # Some expressions end where the rest of the message varies; one that moves lines never does.
                if signature['disposition'] == 'divert' or not re.search(match['regex'], text):
                    ways.add(Line(text, who, way, facility, severity))
            ways.add(Line(test['text'], who, way, facility, severity - 1))
            ways.update(Line(test['text'], who, other, FACILITIES.index('user'), severity, uid)
                        for other, uid in itertools.product(('syslog', 'journal', 'stdout'), (0, NOBODY))
                        if other not in match.get('transport', ()) or uid and (match.get('uid') != 'any' or 'exes' in match))
            if kernel:
                # What root writes to /dev/kmsg, and what says of itself that it is of facility 0; of /dev/log journald makes that 1.
                ways.add(Line(test['text'], who, 'kernel', FACILITIES.index('user'), severity))
                ways.add(Line(test['text'], who, 'journal', 0, severity))
        yield from ((signature['id'], line) for line in sorted(ways))
