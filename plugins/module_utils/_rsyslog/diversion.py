# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drop-in that diverts known messages: rendered from signatures, so that rsyslogd decides as the scanner does.

A diverted message stops, so whatever forwards messages further down never sees it: `copies()` of such forwarders go in
front of the stop. Touches no files. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import itertools
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import matcher
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog.posix_ere import to_ere
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog.configuration import (
    LOCAL_OUTPUTS, OURS, RsyslogError, long_lines, quote)

DROP_IN = '/etc/rsyslog.d/zz_log_hygiene.conf'
# Where rules come before the first: behind our forwards, in front of all else.
EARLY = '/etc/rsyslog.d/00_log_hygiene_known.conf'
DIRECTORY = '/var/log/log_hygiene'
MARK = OURS + 'rsyslog_diversion'
FORWARD_RULESET = 'log_hygiene_forward'
REMEDY = 'Move it to a file that is read before the diversion, such as /etc/rsyslog.d/00-forward.conf.'
REMEDY_BEFORE = ('Have the line that includes /etc/rsyslog.d come before all rules, and call rulesets, or write files, in '
                 'files that are read after %s.')

# A message handled here has passed journald, which alone sets the fields with an underscore: no program forges them. Root
# can have the transport of the kernel by /dev/kmsg, and not its facility.
TRANSPORTS = frozenset(['kernel', 'journal', 'syslog', 'stdout'])

SYSTEM_UID = u'^(0|[1-9][0-9]{0,2})$'  # to matcher.SYSTEM_UID_MAX

NOWHERE = frozenset(['omnull', 'omstdout'])
_ID = re.compile(r'[a-z0-9]+(?:-[a-z0-9]+)*\Z')
_PATH = re.compile(r'/[A-Za-z0-9_./-]+\Z')
_INSTALLED = re.compile(r'^# signature: (\S+) revision ([0-9]+)$', re.MULTILINE)

_HEADER = MARK + u'''. Changes made by hand are lost.
# To take it away, run the role loghygiene.rhel.syslog_exclusions with syslog_exclusions_state: absent.
#
# Known harmless messages go to files of their own instead of /var/log/messages; none is dropped. They are told by
# fields that journald vouches for, the scanner's own severity and text gates, and its regular expression.
'''
# What all signatures ask is asked once: it is all that most messages cost.
_BLOCK = u'''
if {condition} then {{
{statements}
}}
'''
_RULE = u'''
# signature: {id} revision {revision}
if {conditions}
then {{
{forward}    action(type="omfile" file="{directory}/{id}.log" fileCreateMode="0600" dirCreateMode="0700"
           template="RSYSLOG_FileFormat")
    stop
}}
'''


def render(signatures, forwarders=(), directory=DIRECTORY):
    """Return the drop-in (text) that diverts what these signatures (dicts of the catalog) match to files in `directory`.

    `forwarders` are statements (text) that get each diverted message before it stops. Raises RsyslogError.
    """
    if not _PATH.match(directory):
        raise RsyslogError('The directory of diverted messages, %s, must be a plain absolute path.' % directory)
    text = _HEADER
    if forwarders:
        text += (u'\n# Forwarders from behind this file. A diverted message stops here, so it goes to them first.\n'
                 u'ruleset(name="%s") {\n%s\n}\n' % (FORWARD_RULESET, u'\n'.join(forwarders)))
    forward = u'    call %s\n' % FORWARD_RULESET if forwarders else u''
    rules = [(conditions(signature), signature) for signature in signatures]
    blocks = u''
    # Neighbours only: of two signatures that know a message, the first keeps it.
    for transport, group in itertools.groupby(rules, lambda rule: rule[0][0]):
        statements = u''.join(
            _RULE.format(id=signature['id'], revision=signature['revision'], directory=directory, forward=forward,
                         conditions=u'\nand '.join(wanted[1:])) for wanted, signature in group)
        blocks += _BLOCK.format(condition=transport, statements=statements)
    text += _BLOCK.format(condition=u'($inputname == "imjournal")', statements=blocks)
    long_lines(text)
    return text


def pairs(signatures):
    """Return the possible and the usual pairs (facility, severity) of messages of these signatures: two sets."""
    every, usual = set(), set()
    for signature in signatures:
        known = matcher.Signature(signature)
        severities = range(known.most_severe or 0, 8)
        kernel = known.transports == frozenset(['kernel'])
        # The kernel's own are of facility 0; what is written to /dev/kmsg of others. A program's: user, daemon or its own.
        every.update((facility, severity) for facility in ([0, 1, 3] if kernel else range(24)) for severity in severities)
        usual.update((facility, severity) for facility in ([0] if kernel else [1, 3]) for severity in severities)
    return frozenset(every), frozenset(usual)


def losing(configuration, path, signatures):
    """Return the Statements behind a drop-in that keep messages on the host, and get none that are diverted there any more.

    Signatures divert nothing that is crit or worse.
    """
    place, usual = configuration.place(path), frozenset(pair for pair in pairs(signatures)[1] if pair[1] > 2)
    return [step.statement for step in configuration.flow(journal=True)
            if step.place > place and step.statement.kind == 'action' and step.statement.name in LOCAL_OUTPUTS - NOWHERE
            and (step.pairs is None or step.pairs & usual)]


def too_late(takers, path):
    """Return why a diversion that is read at `path` would divert nothing, or write it twice (text), for the operator."""
    return '%s comes before %s is read' % (
        '; '.join(sorted(set('%s (%s)' % (statement.where(), does) for statement, does in takers))), path)


def installed(text):
    """Return the signatures of a drop-in: ordered dict of id -> revision (int)."""
    return collections.OrderedDict((name, int(revision)) for name, revision in _INSTALLED.findall(text))


def conditions(signature):
    """Return the conditions on a journal message as RainerScript expressions (list of text), all of which must hold.

    The first is the transport, and the kernel's facility. The same decision as matcher.Matcher makes. Raises RsyslogError when this signature
    cannot be diverted safely, or rsyslogd could not decide alike.
    """
    try:
        known = matcher.Signature(signature)
    except matcher.SignatureError as error:
        raise RsyslogError('Cannot divert %s.' % matcher.as_text(error.args[0]))
    if not _ID.match(known.id):
        raise RsyslogError('Cannot divert %s: its id must be lower-case words joined by hyphens.' % known.id)
    if not isinstance(signature.get('revision'), int):
        raise RsyslogError('Cannot divert %s: key revision: must be a number.' % known.id)
    if signature.get('disposition') != 'divert':
        raise RsyslogError('Cannot divert %s: its disposition is %s, not divert.'
                           % (known.id, matcher.as_text(signature.get('disposition'))))
    if not known.transports or known.transports - TRANSPORTS:
        raise RsyslogError('Cannot divert %s: key match.transport must name only %s.'
                           % (known.id, ', '.join(sorted(TRANSPORTS))))
    if known.boot_seconds is not None:
        raise RsyslogError('Cannot divert %s: key match.boot_seconds: rsyslogd cannot tell how long after a boot a message '
                           'was written, so later ones would be moved as well.' % known.id)
    if known.identifiers & matcher.SUDO_IDENTIFIERS:
        raise RsyslogError('Cannot divert %s: what sudo logs is never moved.' % known.id)
    kernel = known.transports == frozenset(['kernel'])
    if not kernel and not known.identifiers and not known.comms:
        raise RsyslogError('Cannot divert %s: without match.identifiers or match.comms any program could hide a line '
                           'behind it.' % known.id)
    if any(re.search(u'[\0-\x1f\x7f]', literal) for literal in known.literals):
        raise RsyslogError('Cannot divert %s: key match.literal holds a control character, which rsyslogd escapes in '
                           'messages.' % known.id)

    result = [u'($!_TRANSPORT == %s)' % _one_of(known.transports) + _of_the_kernel(known)]
    by_identifier = u'($!SYSLOG_IDENTIFIER == %s)' % _one_of(known.identifiers)
    by_comm = u'(($!SYSLOG_IDENTIFIER == "") and ($!_COMM == %s))' % _one_of(known.comms)
    if known.identifiers and known.comms:
        result.append(u'(%s or %s)' % (by_identifier, by_comm))
    elif known.identifiers or known.comms:
        result.append(by_identifier if known.identifiers else by_comm)
    if known.most_severe:
        severity = u'($syslogseverity >= %d)' % known.most_severe
        # A program may send no priority: imjournal then says notice. The kernel always sends one.
        result.append(severity if kernel else u'(%s or ($!PRIORITY == ""))' % severity)
    result.extend([] if kernel else _writer(known))
    result.append(u'($msg contains %s)' % _one_of(known.literals))
    try:
        ere = to_ere(signature['match']['regex'], leading_blank=True)
    except ValueError as error:
        raise RsyslogError('Cannot divert %s: key match.regex: %s.' % (known.id, matcher.as_text(error.args[0])))
    result.append(u're_match($msg, %s)' % quote(ere))
    result.append(u'(not re_match($msg, %s))' % quote(_own_traces(known)))
    return result


def _of_the_kernel(known):
    """Return the conditions that a message of the kernel's transport is from the kernel or a program that is named."""
    if u'kernel' not in known.transports:
        return u''
    allowed = [u'($syslogfacility == %d)' % matcher.KERNEL_FACILITY]
    named = [name for name in known.identifiers if matcher.KMSG_WRITERS.match(name)]
    if named:
        allowed.append(u'($!SYSLOG_IDENTIFIER == %s)' % _one_of(named))
    if known.transports != frozenset(['kernel']):
        allowed.insert(0, u'(not ($!_TRANSPORT == "kernel"))')
    return u' and %s' % (allowed[0] if len(allowed) == 1 else u'(%s)' % u' or '.join(allowed))


def _writer(known):
    """Return the conditions on the sender's process, by the fields of journald. The kernel has no process."""
    found = []
    if known.uid != 'any':
        found.append(u'(($!_UID == "") or re_match($!_UID, %s))' % quote(u'^0$' if known.uid == 'root' else SYSTEM_UID))
    if known.exes:
        of_file = u'($!_EXE == %s)' % _one_of(known.exes)
        found.append(u'(($!_TRANSPORT == "kernel") or %s)' % of_file if u'kernel' in known.transports else of_file)
    return found


def _own_traces(known):
    """Return the ERE of texts that only repeat a command line (matcher.is_own_trace), for this signature's sources."""
    patterns = [matcher.AUDIT_RECORD.pattern, matcher.ANSIBLE_INVOKED.pattern]
    if any(matcher.ANSIBLE_WRITERS.match(name) for name in known.identifiers | known.comms):
        patterns.append(matcher.ANSIBLE_MESSAGE.pattern)
    return to_ere(u'^(?:%s)' % u'|'.join(patterns), leading_blank=True)


def _one_of(texts):
    """Return a RainerScript string, or an array of them: `==` and `contains` take either."""
    strings = [quote(text) for text in sorted(texts)]
    return strings[0] if len(strings) == 1 else u'[%s]' % u', '.join(strings)


def copies(forwarders):
    """Return the statements (list of text) that pass a diverted message to these Forwarders before it stops.

    Raises RsyslogError when one of them cannot be copied: then the diversion would starve it.
    """
    starved = [one.told() for one in forwarders if one.reason]
    if starved:
        raise RsyslogError('Nothing was changed, because diverted messages would no longer be forwarded by what comes '
                           'after the diversion and cannot be copied in front of it: %s. %s'
                           % ('; '.join(starved), REMEDY))
    return [one.copy for one in forwarders]
