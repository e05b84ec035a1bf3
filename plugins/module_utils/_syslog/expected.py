# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a syslog policy wants a message. The control node and the proof on a host share this meaning of the rules.

Rules are those of the filter loghygiene.rhel.syslog_policy. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type


def expected(rules, facility, severity, others=()):
    """Return where a message of this facility and severity (int) must be found, by the rules (list of dicts).

    `others`: log files of the host that are not of the policy, or may be.

    Returns a dict. `files`: it must be in each of these. `not_files`: it must be in none of these: for a message of a
    separate rule, all others; for any message, those of separate rules that do not select it. More files of the policy
    may hold it, for the rest of the configuration writes to them too. `forwards`, `alerts`: names of the rules that
    send it on. Each is in the order of the rules. A rule with `separate` takes its messages away from those without.
    """
    chosen = [rule for rule in rules if facility in rule['facilities'] and severity in rule['severities']]
    separate = [rule for rule in chosen if rule['separate']]
    files = _files(separate or chosen)
    closed = _files(rules) + list(others) if separate else _files([rule for rule in rules if rule['separate']])
    return {
        'files': files,
        'not_files': [path for path in closed if path not in files],
        'forwards': [rule['name'] for rule in chosen if rule['forward']],
        'alerts': [rule['name'] for rule in chosen if rule['alert']],
    }


def _files(rules):
    """Return the files of rules, each once, in their order."""
    found = []
    for rule in rules:
        if rule['file'] and rule['file'] not in found:
            found.append(rule['file'])
    return found
