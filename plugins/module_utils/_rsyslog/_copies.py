# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of actions in front of a stop: each gets what the action itself gets, and nothing else gets anything else.

Which legacy directives that takes is decided by the table of _directives.py, over all statements in their order. Standard
library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import _directives as rsyslog_directives

QUEUE_FILE, QUEUE_TYPE = 'actionqueuefilename', 'actionqueuetype'
# They count what comes by: an action and its copy would count for themselves, and let through others.
COUNTING = frozenset(['actionexeconlyeverynthtime', 'actionexeconlyeverynthtimetimeout', 'actionexeconlyonceeveryinterval'])

# A copy as it is inserted. front, behind: the directives (list of Statement) around it; action: the copy (Statement); gets:
# what directives say to it (OrderedDict of name -> Given).
Copy = collections.namedtuple('Copy', 'front action behind gets')


class Copies:
    """Copies of actions at a place (index) among the statements, each between the directives that it needs.

    `ours` are the files of the collection: what they say is no reason to leave out a directive, because they may go.
    `behind` are the actions (Statements) that our file has behind the copies. Statements are told apart by identity.
    """

    def __init__(self, statements, place, ours, behind=()):
        self.place, self._statements, self._behind = place, statements, list(behind)
        self._others = [one for one in statements if one.file not in ours]
        self._inserted = []

    def given(self, action):
        """Return what an action gets where it stands: OrderedDict of name -> Given."""
        return rsyslog_directives.before(self._others, rsyslog_directives.index(self._others, action)).to(action)

    def add(self, actions, renamed):
        """Insert copies of these actions (list of Statement), or none of them.

        `renamed` gives an action, or the directive for it, another queue file (Statement -> Statement). Returns (a Copy of
        each, None), or (None, the directive or module by which one of them, or another action, would be another one).
        """
        made, inserted = [], list(self._inserted)
        here = self._said(self._others, inserted)
        for action in actions:
            wanted, copy, at_first = self.given(action), renamed(action), here.everything()
            counting = [said for name, said in wanted.items() if name in COUNTING]
            front, fault = _steps(here.to(action), wanted)
            if counting or fault:
                return None, counting[0].statements[-1] if counting else fault
            front = [renamed(one) if one.name == QUEUE_FILE else one for one in front]
            _read(here, front + [copy])
            gets = self._said(self._statements, inserted + front).to(action)
            fault = _first_difference(gets, _with_queue(wanted, renamed))
            if fault:
                return None, fault
            # What waits for an action is for ours: place() has refused where it is for another one.
            behind = _steps(here.everything(), collections.OrderedDict(
                (name, said) for name, said in at_first.items() if said.rule.until != rsyslog_directives.ACTION))[0]
            _read(here, behind)
            inserted += front + [copy] + behind
            made.append(Copy(front, copy, behind, gets))
        fault = self._hurt(inserted)
        if fault:
            return None, fault
        self._inserted = inserted
        return made, None

    def _said(self, statements, inserted):
        """Return what was Said when rsyslogd has read these statements up to our place, and what is inserted there."""
        return _read(rsyslog_directives.before(statements, rsyslog_directives.index(statements, self._statements[self.place])),
                     inserted)

    def _hurt(self, inserted):
        """Return why another action would get something else because of what is inserted (Statement), or None."""
        old, new = self._said(self._statements, []), self._said(self._statements, inserted)
        for one in self._behind + self._statements[self.place + 1:]:
            fault = _first_difference(new.to(one), old.to(one)) if one.kind == 'action' else None
            if fault:
                return fault
            _read(old, [one])
            _read(new, [one])
        return None


def _read(said, statements):
    for one in statements:
        said.read(one)
    return said


def _with_queue(given, renamed):
    """Return what an action gets with its queue file renamed."""
    given = collections.OrderedDict(given)
    if QUEUE_FILE in given:
        name = renamed(rsyslog_directives.plain(given[QUEUE_FILE].statements[-1]))
        given[QUEUE_FILE] = _read(rsyslog_directives.Said(), [name]).everything()[QUEUE_FILE]
    return given


def _first_difference(has, wanted):
    for name in list(has) + list(wanted):
        if rsyslog_directives.differ(name, has, wanted):
            return (has[name] if name in has else wanted[name]).statements[-1]
    return None


def _steps(has, wanted):
    """Return the directives (list of Statement) by which `has` becomes `wanted` (both name -> Given), as far as there are any.

    Returns the first one (Statement) that none can say or take back as well, or None.
    """
    steps, fault = [], None
    for name in list(wanted) + [name for name in has if name not in wanted]:
        if not rsyslog_directives.differ(name, has, wanted):
            continue
        said = wanted[name] if name in wanted else has[name]
        last = said.statements[-1]
        if last.kind == 'module' or (name in has and name in rsyslog_directives.ADDED) or (
                name not in wanted and said.rule.default is None):
            fault = fault or last
        elif name in wanted:
            steps += [rsyslog_directives.plain(one) for one in said.statements]
        else:
            steps.append(last._replace(text='%s %s' % (last.text.split()[0], said.rule.default)))
    return steps, fault
