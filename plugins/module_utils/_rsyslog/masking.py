# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host masks in messages before it writes or sends them, so that no output of ours carries it in full.

Messages are masked in two ways. A module rewrites the message itself, for everything that comes behind it: mmanon does, and
mmexternal may (MsgReplaceMSG, MsgSetPropsViaJSON in rsyslog's runtime/msg.c). Or a message is taken apart into variables
(mmjsonparse, mmnormalize, set, unset), and what is written is a template that has variables and not the message.

Touches no files. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import configuration as rsyslog

# Modules of upstream's plugins/ and contrib/ that leave text, tag and host of a message, or mend their form only. Others
# may mask: mmanon, mmexternal, mmtaghostname, mmsnmptrapd, and what somebody wrote for himself.
HARMLESS = frozenset([
    'mmaitag', 'mmaudit', 'mmcount', 'mmdarwin', 'mmdblookup', 'mmfields', 'mmgrok', 'mmjsonparse', 'mmjsontransform',
    'mmkubernetes', 'mmleefparse', 'mmnormalize', 'mmpstrucdata', 'mmrfc5424addhmac', 'mmrm1stspace', 'mmsequence',
    'mmsnareparse', 'mmutf8fix'])
LATE, TEMPLATE = 'rewrites messages behind it', 'has a template without the message'
_NO_OUTPUT = frozenset(['omdiscard', 'omnull', 'omstdout'])
# Properties that hold the whole message; %NAME:FROM:TO:OPTIONS%, where FROM may be a regular expression or a field.
_WHOLE = r'(?:msg|rawmsg(?:-after-pri)?|jsonmesg)'
_IN_STRING = re.compile(r'%%%s(?::(?![RF],)[^%%]*)?%%' % _WHOLE, re.IGNORECASE)
_IN_LIST = re.compile(r'property[ \t\n]*\((?=[^)]*\bname[ \t]*=[ \t]*"\$?%s")(?![^)]*\b(?:regex|field)\.)' % _WHOLE, re.IGNORECASE)
_ALL_FIELDS = re.compile(r'\$!(?:all-json(?:-plain)?)?(?![a-z0-9_!-])', re.IGNORECASE)
_VARIABLE = re.compile(r'\$[!.]')


def outside(configuration, place, pairs, away=False, own_format=True):
    """Return the statement that masks what an output of ours would carry, and how (LATE or TEMPLATE), or None.

    :param place: of the output among the statements; -1 for one that gets messages before all of them.
    :param pairs: the pairs that it would get. :param away: whether it sends them to another host.
    :param own_format: whether it has a format of ours, which holds the whole message.
    """
    steps = list(enumerate(configuration.flow()))
    outputs = [(index, step) for index, step in steps if _writes(step.statement)]
    own = [(index, step) for index, step in outputs if rsyslog.stays_here(step.statement) != away]
    return (_masked_behind(configuration, place, pairs, steps, outputs, own)
            or (_hidden(configuration, pairs, steps, own or outputs * away) if own_format else None))


def _masked_behind(configuration, place, pairs, steps, outputs, own):
    """The same, for modules that rewrite messages. What this host writes elsewhere in full anyway is no secret."""
    masks = [(index, step) for index, step in steps if _masks(step.statement) and _meet(step.pairs, pairs)]
    for index, mask in masks:
        if mask.place <= place:
            continue
        touched = pairs if mask.pairs is None else pairs & mask.pairs
        others = [one for one in own if _meet(one[1].pairs, touched)] or outputs
        full = frozenset().union(*[step.pairs or () for at, step in own if at < masks[0][0] and _shows(configuration, step.statement)])
        if touched - full and any(at > index for at, dummy in others):
            return mask.statement, LATE
    return None


def _hidden(configuration, pairs, steps, own):
    """The same, for templates that have variables in place of the message."""
    if not any(_changes(step.statement) and _meet(step.pairs, pairs) for dummy, step in steps):
        return None
    full, perhaps = frozenset(), False
    for dummy, step in own:
        if _meet(step.pairs, pairs) and _shows(configuration, step.statement):
            full, perhaps = full.union(step.pairs or ()), True
    for dummy, step in own:
        if _meet(step.pairs, pairs) and not _shows(configuration, step.statement):
            if (not perhaps) if step.pairs is None else (pairs & step.pairs - full):
                return step.statement, TEMPLATE
    return None


def before_variables(configuration, place, writer):
    """Return the Statement between a place and a writer behind it that sets variables which the writer's template has, or None."""
    text = _template(configuration, writer)
    if text is None or not _VARIABLE.search(text):
        return None
    for step in configuration.flow():
        if step.place > place and _changes(step.statement):
            return step.statement
        if step.statement is writer:
            break
    return None


def _masks(statement):
    return statement.kind == 'action' and statement.name[:2] == 'mm' and statement.name not in HARMLESS


def _changes(statement):
    """Return whether a statement may set or remove variables of a message."""
    return statement.kind == 'change' or (statement.kind == 'action' and statement.name[:2] == 'mm' and not _masks(statement))


def _writes(statement):
    return statement.kind == 'action' and statement.name[:2] != 'mm' and statement.name not in _NO_OUTPUT


def _meet(pairs, others):
    return pairs is None or bool(pairs & others)


def _shows(configuration, statement):
    """Return whether an action writes messages in full, as far as its template tells."""
    text = _template(configuration, statement)
    if text is None:
        return True
    if _IN_STRING.search(text) or _IN_LIST.search(text):
        return True
    return bool(_ALL_FIELDS.search(text)) and not any(
        step.statement.kind == 'change' for step in configuration.flow())


def _template(configuration, statement):
    """Return what the template of an action is made of (text), or None for one of rsyslogd's own, all of which have the message."""
    legacy = re.search(r';[ \t]*([^\s;]+)[ \t]*$', statement.text)
    if statement.parameter('type'):
        name = statement.parameter('template')
    else:
        name = legacy.group(1) if legacy else None
    return configuration.templates.get(name or configuration.default_template(statement.name))


def refuse(configuration, path, pairs, what, own_format=True, away=False):
    """Raise RsyslogError if an output of ours (`what`, text) in the drop-in `path` would carry what the host masks."""
    found = outside(configuration, configuration.place(path), frozenset(pairs), away, own_format)
    if found:
        statement, how = found
        raise rsyslog.RsyslogError('%s would carry in full what this host masks: %s %s. %s Nothing was changed.' % (
            what, statement.where(), how, (
                'Have it come in front of the line of %s that includes %s, or leave these messages out of it.'
                % (configuration.path, path)) if how == LATE else 'Leave these messages out of it, because it cannot write them so.'))
