# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selectors of rsyslog (`*.info;mail.none`) and the sets of pairs (facility 0-23, severity 0-7) that they stand for.

As DecodePRIFilter in rsyslog's runtime/conf.c reads them, 8.24 to 8.2412. Standard library only. Runs under Python 2.7
and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog

ALL = frozenset((facility, severity) for facility in range(24) for severity in range(8))

# Facilities that selectors know by the same name everywhere. 12 to 15 have other names than elsewhere, or none.
_NAMED = dict((number, name) for number, name in enumerate(syslog.FACILITY_KEYWORDS) if not 12 <= number <= 15)
# runtime/srutils.c
_FACILITIES = dict(((name, number) for number, name in _NAMED.items()), security=4, ntp=12, bsd_security=13, console=14)
_SEVERITIES = dict(((name, number) for number, name in enumerate(syslog.SEVERITY_KEYWORDS)),
                   panic=0, error=3, warn=4)
_CLAUSE = re.compile(r'([^.;\t ]+)\.([^\t ,;]+)[,;]*')
_SEVERITY = re.compile(r'(!?)(=?)([a-z0-7*]+)\Z')


def pairs_of(selector):
    """Return the pairs that a selector (text) matches, or None if rsyslogd would reject or misread it."""
    found, position = set(), 0
    selector = selector.strip().lower()
    while position < len(selector):
        clause = _CLAUSE.match(selector, position)
        facilities = clause and [_facilities(name) for name in clause.group(1).split(',') if name]
        severity = clause and _SEVERITY.match(clause.group(2))
        if not facilities or None in facilities or not severity:
            return None
        takes_out, alone, name = severity.groups()
        if name == 'none':
            takes_out, levels = not takes_out, range(8)
        elif name == '*':
            if alone:
                return None
            levels = range(8)
        else:
            level = int(name) if re.match(r'[0-7]\Z', name) else _SEVERITIES.get(name)
            if level is None:
                return None
            levels = [level] if alone else range(level + 1)
        meant = set((facility, level) for group in facilities for facility in group for level in levels)
        found = found - meant if takes_out else found | meant
        position = clause.end()
    return frozenset(found)


def _facilities(name):
    """Return the facilities (list of int) of a name in a selector, or None for a name that is not valid."""
    if name.startswith('*'):
        return range(24)
    if name == 'mark':
        return []  # rsyslogd's own, no message of a program
    if re.match(r'[0-9]{1,3}\Z', name):
        return [int(name) // 8] if int(name) < 192 else None  # it takes a number for facility times eight
    return [_FACILITIES[name]] if name in _FACILITIES else None


def condition(pairs):
    """Return the cheapest RainerScript expression (text) that is true for exactly these pairs.

    One look-up in a table for any set that treats the facilities 12 to 15, which have no safe names, alike; `*` means
    them too.
    """
    levels = dict((facility, frozenset(level for number, level in pairs if number == facility))
                  for facility in range(24))
    nameless = [levels[facility] for facility in range(12, 16)]
    base = nameless[0] if len(set(nameless)) == 1 else frozenset()
    clauses = _clauses('*', base)
    for wanted in sorted(set(levels.values()), key=sorted):
        names = ','.join(_NAMED[number] for number in sorted(_NAMED) if levels[number] == wanted)
        if names and wanted != base:
            clauses += [names + '.none'] * bool(base) + _clauses(names, wanted)
    expressions = [u'prifilt("%s")' % u';'.join(clauses)] if clauses else []
    for wanted in sorted(set(nameless) - set([base, frozenset()]), key=sorted):
        facilities = u' or '.join(u'$syslogfacility == %d' % number for number in range(12, 16)
                                  if levels[number] == wanted)
        severities = u' or '.join(u'$syslogseverity == %d' % level for level in sorted(wanted))
        if wanted == frozenset(range(max(wanted) + 1)):
            severities = u'$syslogseverity <= %d' % max(wanted)
        expressions.append(u'((%s) and (%s))' % (facilities, severities))
    return u' or '.join(expressions)


def shown(pairs):
    """Return pairs as a selector (text), for the operator: what has none, for instance facility 15 alone, as an expression."""
    return re.sub(u'prifilt\\("([^"]*)"\\)', u'\\1', condition(pairs))


def _clauses(names, levels):
    """Return the clauses (list of text) of a selector that add these levels (set of int) to facilities without any."""
    if len(levels) == 8:
        return [names + '.*']
    if levels and levels == frozenset(range(max(levels) + 1)):
        return [names + '.' + syslog.SEVERITY_KEYWORDS[max(levels)]]
    return ['%s.=%s' % (names, syslog.SEVERITY_KEYWORDS[level]) for level in sorted(levels)]
