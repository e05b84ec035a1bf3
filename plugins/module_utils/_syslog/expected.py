# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a syslog policy wants a message. The control node and the proof on a host share this meaning of the rules.

Rules are those of the filter loghygiene.rhel.syslog_policy. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type


def expected(rules, facility, severity, others=(), kept=()):
    """Return where a message of this facility and severity (int) must be found, by the rules (list of dicts).

    `others`: log files of the host that are not of the policy, or may be. `kept`: what the configuration of the host
    writes to files of its own before the policy gets it (list of dicts: facilities, severities, file, and ends, whether
    the message goes no further).

    Returns a dict. `files`: it must be in each of these. `not_files`: it must be in none of these: for a message of a
    separate rule, all others; for any message, those of separate rules that do not select it. More files of the policy
    may hold it, for the rest of the configuration writes to them too. `forwards`, `alerts`: names of the rules that
    send it on. Each is in the order of the rules. See filed() for what `separate` means.
    """
    chosen = [rule for rule in rules if _selects(rule, facility, severity)]
    files, separate = filed(chosen, facility, severity)
    closed = _files(rules) + list(others) if separate else _files([rule for rule in rules if rule['separate']])
    own = [one for one in kept if _selects(one, facility, severity)]
    if any(one['ends'] for one in own):
        files, closed = [], [path for path in closed if path in _files(rules)]
    files = files + [one['file'] for one in own if one['file'] and one['file'] not in files]
    return {
        'files': files,
        'not_files': [path for path in closed if path not in files],
        'forwards': [rule['name'] for rule in chosen if rule['forward']],
        'alerts': [rule['name'] for rule in chosen if rule['alert']],
    }


def filed(rules, facility, severity):
    """Return the files (list) of the rules that a message belongs in, and the rule that keeps it out of others, or None.

    A separate rule takes its messages away from other rules, and from separate ones that are less specific. A rule that
    is more specific than it, and not separate, has them as well.
    """
    chosen = [rule for rule in rules if rule['file'] and _selects(rule, facility, severity)]
    separate = [rule for rule in chosen if rule['separate']]
    holders = [rule for rule in separate if not any(more_specific(other, rule) for other in separate)]
    if holders:
        chosen = [rule for rule in chosen if rule in holders
                  or (not rule['separate'] and all(more_specific(rule, holder) for holder in holders))]
    return _files(chosen), holders[0] if holders else None


def more_specific(rule, than):
    """Return whether a rule is about fewer facilities than another, or about fewer severities of the same ones."""
    mine, theirs = set(rule['facilities']), set(than['facilities'])
    return len(mine) < len(theirs) or (mine == theirs and set(rule['severities']) < set(than['severities']))


def _selects(rule, facility, severity):
    return facility in rule['facilities'] and severity in rule['severities']


def _files(rules):
    """Return the files of rules, each once, in their order."""
    found = []
    for rule in rules:
        if rule['file'] and rule['file'] not in found:
            found.append(rule['file'])
    return found
