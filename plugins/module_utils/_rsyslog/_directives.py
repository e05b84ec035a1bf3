# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Legacy directives of rsyslog that say how actions behind them work, and when rsyslogd forgets what they said.

Read in rsyslog's action.c (addAction, actionConstructFinalize, actionResetQueueParams, resetConfigVariables),
tools/omfwd.c and tools/omfile.c of 8.24, 8.1901, 8.2102, 8.2302, 8.2412 and 8.2506: the rules are the same in all of them.
Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import re

# When rsyslogd forgets a directive. A discarding action (~, omdiscard) is an old one that leaves ACTION as it was.
ACTION = 'the next action'                         # actionResetQueueParams(): of the old syntax, or of the new one
OLD_ACTION = 'the next action in the old syntax'   # addAction(): the new syntax neither reads nor forgets it
TCP_FORWARD = 'the next @@ action'                 # omfwd.c, parseSelectorAct()
RESET = '$ResetConfigVariables'
NEVER = 'never'
TCP = '@@'

# until: one of the above. outputs: whose actions read it, None for all; '@@' is omfwd by TCP in the old syntax. new: whether
# action() reads it as well.
# default: the value that is as good as no directive, None for any that is given.
Rule = collections.namedtuple('Rule', 'until outputs new default')

RULES = {
    # action.c
    'actionqueuetype': Rule(ACTION, None, False, 'direct'),
    'actionqueuefilename': Rule(ACTION, None, False, None),
    'actionqueuesize': Rule(ACTION, None, False, '1000'),
    'actionqueuedequeuebatchsize': Rule(ACTION, None, False, '16'),
    'actionqueuemaxdiskspace': Rule(ACTION, None, False, '0'),
    'actionqueuehighwatermark': Rule(ACTION, None, False, '-1'),
    'actionqueuelowwatermark': Rule(ACTION, None, False, '-1'),
    'actionqueuediscardmark': Rule(ACTION, None, False, None),
    'actionqueuediscardseverity': Rule(ACTION, None, False, '8'),
    'actionqueuecheckpointinterval': Rule(ACTION, None, False, '0'),
    'actionqueuesyncqueuefiles': Rule(ACTION, None, False, 'off'),
    'actionqueueworkerthreads': Rule(ACTION, None, False, '1'),
    'actionqueuetimeoutshutdown': Rule(ACTION, None, False, '0'),
    'actionqueuetimeoutactioncompletion': Rule(ACTION, None, False, '1000'),
    'actionqueuetimeoutenqueue': Rule(ACTION, None, False, '50'),
    'actionqueueworkertimeoutthreadshutdown': Rule(ACTION, None, False, '60000'),
    'actionqueueworkerthreadminimummessages': Rule(ACTION, None, False, '-1'),
    'actionqueuemaxfilesize': Rule(ACTION, None, False, '1048576'),
    'actionqueuesaveonshutdown': Rule(ACTION, None, False, 'on'),
    'actionqueuedequeueslowdown': Rule(ACTION, None, False, '0'),
    'actionqueuedequeuetimebegin': Rule(ACTION, None, False, '0'),
    'actionqueuedequeuetimeend': Rule(ACTION, None, False, '25'),
    'actionresumeretrycount': Rule(ACTION, None, False, '0'),
    'actionexeconlyeverynthtime': Rule(OLD_ACTION, None, False, '0'),
    'actionexeconlyeverynthtimetimeout': Rule(OLD_ACTION, None, False, '0'),
    'actionwriteallmarkmessages': Rule(OLD_ACTION, None, False, 'on'),
    'actionexeconlyonceeveryinterval': Rule(RESET, None, False, '0'),
    'actionexeconlywhenpreviousissuspended': Rule(RESET, None, False, 'off'),
    'actionresumeinterval': Rule(NEVER, None, False, '30'),
    'repeatedmsgcontainsoriginalmsg': Rule(NEVER, None, False, 'off'),
    # omfwd.c
    'actionsendstreamdriver': Rule(RESET, (TCP,), False, None),
    'actionsendstreamdrivermode': Rule(RESET, (TCP,), False, '0'),
    'actionsendstreamdriverauthmode': Rule(RESET, (TCP,), False, None),
    'actionsendstreamdriverpermittedpeer': Rule(TCP_FORWARD, (TCP,), False, None),
    'actionsendresendlastmsgonreconnect': Rule(RESET, (TCP,), False, 'off'),
    'actionsendtcprebindinterval': Rule(RESET, (TCP,), False, '0'),
    'actionsendudprebindinterval': Rule(RESET, ('omfwd',), False, '0'),
    'actionsendtcpkeepalive': Rule(RESET, ('omfwd',), False, 'off'),
    'actionsendtcpkeepalive_probes': Rule(RESET, ('omfwd',), False, '0'),
    'actionsendtcpkeepalive_intvl': Rule(RESET, ('omfwd',), False, '0'),
    'actionsendtcpkeepalive_time': Rule(RESET, ('omfwd',), False, '0'),
    'actionforwarddefaulttemplate': Rule(NEVER, ('omfwd',), True, 'RSYSLOG_TraditionalForwardFormat'),
    # omfile.c
    'dynafilecachesize': Rule(RESET, ('omfile',), False, '10'),
    'omfileziplevel': Rule(RESET, ('omfile',), False, '0'),
    'omfileflushinterval': Rule(RESET, ('omfile',), False, '1'),
    'omfileasyncwriting': Rule(RESET, ('omfile',), False, 'off'),
    'omfileflushontxend': Rule(RESET, ('omfile',), False, 'on'),
    'omfileiobuffersize': Rule(RESET, ('omfile',), False, '4096'),
    'dirowner': Rule(RESET, ('omfile',), False, None),
    'dirownernum': Rule(RESET, ('omfile',), False, None),
    'dirgroup': Rule(RESET, ('omfile',), False, None),
    'dirgroupnum': Rule(RESET, ('omfile',), False, None),
    'fileowner': Rule(RESET, ('omfile',), False, None),
    'fileownernum': Rule(RESET, ('omfile',), False, None),
    'filegroup': Rule(RESET, ('omfile',), False, None),
    'filegroupnum': Rule(RESET, ('omfile',), False, None),
    'dircreatemode': Rule(RESET, ('omfile',), False, '0700'),
    'filecreatemode': Rule(RESET, ('omfile',), False, '0644'),
    'createdirs': Rule(RESET, ('omfile',), False, 'on'),
    'failonchownfailure': Rule(RESET, ('omfile',), False, 'on'),
    'actionfileenablesync': Rule(RESET, ('omfile',), False, 'off'),
    'actionfiledefaulttemplate': Rule(RESET, ('omfile',), True, 'RSYSLOG_FileFormat'),
}
# $ActionName only names an action, and $Umask is one for all that rsyslogd does. The others that begin with $Action are
# of outputs which no drop-in of ours doubles: omgssapi, omlibdbi, ommail, ommysql, omprog, omsnmp, omudpspoof ...

_NEW = re.compile(r'action[ \n\t]*\(', re.IGNORECASE)
_SAID = re.compile(r'(\$[a-z_]+[ \t]+"?)([^ \t"]*)"?', re.IGNORECASE)
ADDED = frozenset(['actionsendstreamdriverpermittedpeer'])  # each says one more
_SAME = dict((name + 'num', name) for name in ('dirowner', 'dirgroup', 'fileowner', 'filegroup'))  # the last of both holds

# What was said: value (text, of directives that add up all of them), and the Statements that said it.
Given = collections.namedtuple('Given', 'rule value statements')


class Said:
    """What directives and module() said so far that an action would get: give it all statements in their order."""

    def __init__(self):
        self._said = collections.OrderedDict()  # name -> Given

    def everything(self):
        """Return what was said, whoever gets it: OrderedDict of name -> Given."""
        return collections.OrderedDict(self._said)

    def read(self, statement):
        """Take a Statement into account."""
        if statement.kind == 'directive':
            self._directive(statement)
        elif statement.kind == 'module' and statement.name.startswith('builtin:om'):
            # Its parameters are for action(), its template for the old syntax as well.
            self._say(statement.name, Rule(NEVER, (statement.name[len('builtin:'):],), True, None), statement.text, statement)
        elif statement.kind == 'action':
            self._forget(*used_up_by(statement))

    def _directive(self, statement):
        if statement.name == 'resetconfigvariables':
            self._forget(RESET, TCP_FORWARD)
            return
        rule, value = RULES.get(statement.name), _SAID.match(statement.text)
        if rule and value:
            self._say(_SAME.get(statement.name, statement.name), rule, value.group(2), statement)

    def _say(self, name, rule, value, statement):
        former = self._said.pop(name, None)
        given = Given(rule, value, (statement,))
        if former and name in ADDED:
            given = Given(rule, former.value + ' ' + value, former.statements + (statement,))
        if rule.default is None or value.lower() != rule.default.lower():
            self._said[name] = given

    def _forget(self, *untils):
        for name in [name for name, said in self._said.items() if said.rule.until in untils]:
            del self._said[name]

    def to(self, action):
        """Return what an action (Statement) gets, in the order of the directives: OrderedDict of name -> Given."""
        new = _NEW.match(action.text)
        outputs = (action.name, TCP) if _is_tcp(action) else (action.name,)
        return collections.OrderedDict(
            (name, said) for name, said in self._said.items()
            if (said.rule.new or not new) and (said.rule.outputs is None or set(said.rule.outputs) & set(outputs)))

    def waiting(self):
        """Return the directives (list of Statement) that an action in the new syntax would take away."""
        return [said.statements[-1] for said in self._said.values() if said.rule.until == ACTION]


def _is_tcp(action):
    return action.text.lstrip(' \t').startswith('@@')


def used_up_by(action):
    """Return when-values of Rules (tuple) that end with this action (Statement)."""
    discards = action.name in ('omdiscard', 'builtin:omdiscard')
    if _NEW.match(action.text):
        return () if discards else (ACTION,)
    ends = (OLD_ACTION,) if discards else (ACTION, OLD_ACTION)
    return ends + (TCP_FORWARD,) if _is_tcp(action) else ends


def before(statements, place):
    """Return what was Said when rsyslogd comes to the statement with this index."""
    said = Said()
    for statement in statements[:place]:
        said.read(statement)
    return said


def takes_away(statements, place):
    """Return the directive (Statement) that an action of ours at this index would take from the one it is for, or None."""
    waiting = before(statements, place).waiting()
    for statement in statements[place + 1:] if waiting else ():
        if statement.kind == 'action' and ACTION in used_up_by(statement):
            return None if _NEW.match(statement.text) else waiting[-1]
    return None


def moved(statements, action, place):
    """Return the directive, or module (Statement), by which an action would be another one at the index `place`, or None.

    An action that uses directives up is another one: a copy of it would take them away.
    """
    here = before(statements, place).to(action)
    there = before(statements, index(statements, action)).to(action)
    differing = [there.get(name, here.get(name)) for name in list(here) + list(there)
                 if differ(name, here, there)
                 or there.get(name, here.get(name)).rule.until in (ACTION, OLD_ACTION, TCP_FORWARD)]
    return differing[-1].statements[-1] if differing else None


def index(statements, wanted):
    """Return where a Statement is among others, which may read alike."""
    return [one is wanted for one in statements].index(True)


def differ(name, one, other):
    """Return whether two OrderedDicts of name -> Given have another value of this name."""
    return (one[name].value if name in one else None) != (other[name].value if name in other else None)


def plain(statement):
    """Return a directive (Statement) without a comment behind it."""
    return statement._replace(text=_SAID.match(statement.text).group())
