# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two drop-ins of the syslog policy: one that forwards, read before anything stops a message, and one that writes
files, read after the diversion of known noise.

Takes normalised rules, as the filter loghygiene.rhel.syslog_policy returns them. What is known of queues and omfwd here
was read in rsyslog's runtime/queue.c, action.c, tools/omfwd.c and runtime/nsd_gtls.c, 8.24 to 8.2412. Touches no files.
Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import itertools
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    _directives as rsyslog_directives, masking, _selectors as rsyslog_selectors)
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog.configuration import OURS, RsyslogError, long_lines
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import expected as syslog_expected

FORWARD = '/etc/rsyslog.d/00_log_hygiene_forward.conf'
FILES = '/etc/rsyslog.d/zzz_log_hygiene_files.conf'
MARK = OURS + 'rsyslog_policy'
COPIES_RULESET = 'log_hygiene_beside_files'
LARGEST_FILE = 16 << 20     # bytes
CA_PER_ACTION = (8, 2108)   # first version whose omfwd has streamDriver.CAFile
DRIVERS = {'gtls': 'rsyslog-gnutls', 'ossl': 'rsyslog-openssl'}  # netstream driver: package
# First version whose driver ossl does not close the descriptor of a connection twice. The second close() hits whatever
# another thread has opened meanwhile: https://github.com/rsyslog/rsyslog/pull/6375
SOUND_OSSL = (8, 2602)
BEFORE_ALL = 'Move it behind that file, or leave these messages out of the rule.'
BEFORE_FILES = 'Have it write them to a file first, or leave these messages out of the rule.'
NOWHERE = frozenset(['omdiscard', 'omnull', 'omstdout', 'omusrmsg', 'unknown'])  # nothing is kept by these
_TLS_FILES = (('ca_file', 'CAFile'), ('cert_file', 'CertFile'), ('key_file', 'KeyFile'))

_VALUES = {
    'name': re.compile(r'[a-z0-9][a-z0-9_-]{0,62}\Z'),
    'file': re.compile(r'/[A-Za-z0-9_./-]+\Z'),
    'target': re.compile(r'[A-Za-z0-9_.:-]+\Z'),
    'peer': re.compile(r'[A-Za-z0-9_.*-]+\Z'),
}
_QUEUE_FILE = re.compile(r'\bqueue\.filename="(log_hygiene_[a-z0-9_-]+)"')
# qqueuePersist in runtime/queue.c, strmSerialize in runtime/stream.c: where it writes, then where it reads.
_QUEUE_INFO = re.compile(r'<OPB:1:qqueue:1:\n\+iQueueSize:2:[0-9]+:([0-9]{1,12}):\n')
_STREAM = (r'<Obj:1:strm:1:\n(?:\+[^\n]*\n)*?\+iCurrFNum:2:[0-9]+:([0-9]{1,12}):\n'
           r'(?:\+[^\n]*\n)*?\+iCurrOffs:2:[0-9]+:([0-9]{1,18}):\n(?:\+[^\n]*\n)*>End\n\.\n')
# rsyslogd takes up nothing of a queue whose NAME.qi does not end as it wrote it.
_QUEUE_WHOLE = re.compile(_QUEUE_INFO.pattern + r'(?:\+[^\n]*\n)*>End\n\.\n' + _STREAM + _STREAM + r'\s*\Z')
QUEUED = b'<Obj:1:msg:1:\n'       # how each message begins in the files of a queue
QUEUED_END = b'>End\n.\n'
SET_ASIDE = 'log_hygiene_set_aside'  # below the spool; rsyslogd reads no directories there
_MOST_FILES = 100000               # 1 TB in files of 16 MiB is 65,536

_HEADER = MARK + u'''. Changes made by hand are lost.
# To take it away, run the role loghygiene.rhel.syslog_policy with syslog_policy_state: absent.
#
# %s
'''
_FORWARD_NOTE = (u'Messages go to collectors from here, before anything stops them, as RFC 5424 has them. A collector\n'
                 u'# that does not take them makes them wait in memory, then on disk.')
_FILES_NOTE = (u'Messages go to the files of the policy, as far as the rest of the configuration does not write them\n'
               u'# there. The last statement stops those that are to be in no other file.')
# The queue is that of a ruleset, not of the action: 8.2102 to 8.2412 send a message twice when an action with a queue
# of its own finds no collector (processMsgMain in action.c keeps it, though it was handed over).
# queue.dequeueBatchSize: what rsyslogd has in hand is lost when it ends while it tries in vain, and is sent again as a
# whole when a part failed; and what waits for room is told only when a batch is through.
# queue.checkpointInterval: what was written to disk since the last checkpoint is lost when rsyslogd is killed.
# queue.timeoutEnqueue (ms): all other logging waits while a message waits for room, which takes for ever when the disk
# limit is reached, too. A message that waited in vain is not forwarded. So memory needs room for bursts: rsyslogd moves
# a dozen messages per millisecond to disk, and none while it starts TLS, because GnuTLS then makes Diffie-Hellman
# parameters, half a second or more, with a lock that all of rsyslogd shares (gtlsGlblInit in nsd_gtls.c, UseObj in
# obj.c).
# queue.maxFileSize: room on disk is free again only when a whole file was sent, never when there is only one.
_FORWARD_RULE = u'''
# rule: {name}
ruleset(name="log_hygiene_forward_{name}"
        queue.type="LinkedList" queue.filename="log_hygiene_{name}" queue.spoolDirectory="{spool}"
        queue.size="{size}" queue.highWatermark="{high}" queue.lowWatermark="{low}" queue.dequeueBatchSize="1"
        queue.maxDiskSpace="{disk}" queue.maxFileSize="{file}" queue.checkpointInterval="1"
        queue.saveOnShutdown="on" queue.timeoutEnqueue="20") {{
    action(name="log_hygiene_{name}" type="omfwd" target="{target}" port="{port}" protocol="{protocol}"
           template="RSYSLOG_SyslogProtocol23Format"{transport}
           action.resumeRetryCount="-1" action.resumeInterval="5")
}}
if {condition} then call log_hygiene_forward_{name}
'''
_OWN_FILE = (u'action(type="omfile" file="%s" fileCreateMode="0600" dirCreateMode="0700"\n'
             u'           template="RSYSLOG_FileFormat")')

# What NAME.qi says: messages (int), and the number of a file and an offset (bytes) where rsyslogd writes and reads.
Queue = collections.namedtuple('Queue', 'messages write read')
# What is to be done with one file. action: text; pairs: those that we write; writers: the Statements that write the
# rest of them there.
File = collections.namedtuple('File', 'path action pairs writers')
# All files: files, a list of File; stopped: the pairs that end there; notes: for the operator; losing: what gets less than
# before, a list of Losing; kept: a list of (Kept, whether the messages go no further).
Plan = collections.namedtuple('Plan', 'files stopped notes losing kept')
# A Statement behind the policy that misses messages of separate rules (as a selector). certain: all came to it before.
Losing = collections.namedtuple('Losing', 'statement messages certain')
Kept = collections.namedtuple('Kept', 'statement pairs')   # a Statement in front of the policy, and what it writes
Separate = collections.namedtuple('Separate', 'rule paths')  # the rule that keeps a pair apart, and all files that have it


def pairs_of(rule):
    """Return the pairs (facility, severity) that a rule selects."""
    return frozenset((facility, severity) for facility in rule['facilities'] for severity in rule['severities'])


def check(rules):
    """Raise RsyslogError for rules whose texts rsyslogd could misread, or that share a name."""
    names = set()
    for rule in rules:
        values = [('name', rule['name']), ('file', rule['file'])]
        if rule['forward']:
            tls = rule['forward']['tls'] or {}
            values += [('target', rule['forward']['target'])] + [('file', tls.get(key)) for key, dummy in _TLS_FILES]
            values += [('peer', peer) for peer in tls.get('permitted_peers') or ()]
        for kind, value in values:
            if (value is not None or kind == 'name') and not _VALUES[kind].match(value or ''):
                raise RsyslogError('Rule %s: %s cannot stand in a configuration of rsyslogd as %s. Nothing was changed.'
                                   % (rule['name'], value, kind))
        if rule['name'] in names:
            raise RsyslogError('Two rules are called %s. Nothing was changed.' % rule['name'])
        names.add(rule['name'])


# Forwards

def render_forwards(rules, configuration, version, path=FORWARD):
    """Return the drop-in (text) with the forwards of these rules, or None if they have none.

    :arg version: of rsyslogd, (8, 2102, 0). :arg path: of the drop-in.
    Raises RsyslogError when the configuration sends the same messages to the same collector, too, or masks them later.
    """
    rules = [rule for rule in rules if rule['forward']]
    if not rules:
        return None
    for rule in rules:
        _check_twice(rule, configuration)
        masking.refuse(configuration, path, pairs_of(rule), 'The forward of rule %s' % rule['name'], away=True)
    text = _HEADER % _FORWARD_NOTE
    if version < CA_PER_ACTION:
        text += _global_tls(rules, configuration)
    for rule in rules:
        forward = rule['forward']
        disk, memory = forward['queue']['disk_bytes'], forward['queue']['memory']
        text += _FORWARD_RULE.format(
            name=rule['name'], condition=rsyslog_selectors.condition(pairs_of(rule)), target=forward['target'],
            port=forward['port'], protocol=forward['protocol'], transport=_transport(forward, version),
            spool=configuration.spool(), disk=disk, file=min(LARGEST_FILE, disk // 20),
            # What is above the high mark is room for a burst. rsyslogd complains when it is more than 40 %.
            size=memory * 5 // 3, high=memory, low=memory // 3)
    long_lines(text)
    return text


def queue_files(text):
    """Return the names of the queues on disk of a drop-in (text or None), in order."""
    return _QUEUE_FILE.findall(text or '')


def queue(text):
    """Parse the file NAME.qi (text) of a queue. Return a Queue, or None if it is damaged."""
    whole = _QUEUE_WHOLE.match(text)
    if not whole:
        return None
    messages, last, end, first, start = [int(number) for number in whole.groups()]
    return Queue(messages, (last, end), (first, start))


def messages_on_disk(text):
    """Return the number of messages (int) of a queue on disk by its file NAME.qi (text), or None if it does not say."""
    found = _QUEUE_INFO.match(text)
    return int(found.group(1)) if found else None


def broken(info, sizes):
    """Return why a queue on disk (Queue, or None) does not fit its files ({number: bytes}) (text), or None if it does.

    rsyslogd writes NAME.qi after the messages that it tells of, so its files hold what it says, or more. After a power
    failure they may not: then rsyslogd ends the queue ("fatal error on disk queue") and never takes it up again.
    """
    if info is None:
        return 'NAME.qi is damaged'
    (last, end), (first, start) = info.write, info.read
    if not info.messages and not sizes:
        return None
    if first > last or (first == last and start > end) or last - first > _MOST_FILES:
        return 'NAME.qi says that it is read behind its end'
    if info.messages > 1 and (first, start) == (last, end):  # one is what rsyslogd leaves that skipped damaged ones
        return 'NAME.qi says that it holds messages, and that it is read to its end'
    for number in range(first, last + 1):
        least = max(end if number == last else 1, start if number == first else 0)
        if sizes.get(number, 0) < least and (info.messages or number in sizes):
            return 'NAME.%08d has %s, and NAME.qi says that there are %d or more' % (
                number, '%d bytes' % sizes[number] if number in sizes else 'gone', least)
    return None


def short_of(info, left):
    """Return why a Queue lacks messages (text), or None if it does not. left: how many follow its read position."""
    if left >= info.messages or (info.messages == 1 and info.read == info.write):
        return None
    return 'NAME.qi says that it holds %d messages, and its files have %d' % (info.messages, left)


def queue_note(rule, name, spool_, why, claimed, left, goes_on=False):
    """Return a note (text) on a forward whose queue is broken. claimed, left: numbers of messages; claimed may be None.

    goes_on: rsyslogd skips what is damaged and sends the rest, so it is left to it.
    """
    if goes_on:
        return ('The queue of rule %s on disk is damaged: %s. rsyslogd skips what is damaged, so %d messages are not sent to '
                'the collector %s; see the journal and the files of this host.'
                % (rule['name'], why.replace('NAME', '%s/%s' % (spool_, name)), claimed - left, rule['forward']['target']))
    lost = ('it is to hold %d messages that wait for the collector %s, and its files have %d of them'
            % (claimed, rule['forward']['target'], left) if claimed is not None else
            'its files have %d messages that waited for the collector %s' % (left, rule['forward']['target']))
    return ('The queue of rule %s on disk is broken: %s; %s. rsyslogd never takes it up again, and does not forward what '
            'does not fit into memory. The role moves its files to %s/%s, and begins a new one. What they hold is not '
            'sent; see the journal and the files of this host.'
            % (rule['name'], why.replace('NAME', '%s/%s' % (spool_, name)), lost, spool_, SET_ASIDE))


def _transport(forward, version):
    """Return the parameters (text) for TCP and TLS."""
    if forward['protocol'] == 'udp':
        return u''
    text = u' TCP_Framing="octet-counted"'
    tls = forward['tls']
    if tls:
        text += (u'\n           streamDriver="%s" streamDriverMode="1" streamDriverAuthMode="x509/name"'
                 u'\n           streamDriverPermittedPeers="%s"'
                 % (tls['driver'], u','.join(tls['permitted_peers'] or [forward['target']])))
        if version >= CA_PER_ACTION:
            text += u''.join(u'\n           streamDriver.%s="%s"' % (name, tls[key])
                             for key, name in _TLS_FILES if tls[key])
    return text


def _global_tls(rules, configuration):
    """Return the global TLS settings. Before 8.2108, rsyslogd has a single set of certificates: RsyslogError for more."""
    chosen = {}
    for rule in rules:
        for key, name in _TLS_FILES if rule['forward']['tls'] else ():
            setting, value = 'defaultNetstreamDriver' + name, rule['forward']['tls'][key]
            other = configuration.settings.get(setting.lower())
            if value and other and other.value != value:
                raise RsyslogError('%s, line %d: %s is %s, but rule %s asks for %s, and this rsyslogd has one for all. '
                                   'Make them the same. Nothing was changed.'
                                   % (other.file, other.line, setting, other.value, rule['name'], value))
            if chosen.setdefault(setting, value) != value:
                raise RsyslogError('Rules with tls must have the same %s, because this rsyslogd (before 8.2108) has '
                                   'one for all; rule %s has another one. Nothing was changed.' % (key, rule['name']))
    wanted = [u'%s="%s"' % (setting, value) for setting, value in sorted(chosen.items())
              if value and setting.lower() not in configuration.settings]
    return u'global(%s)\n' % u'\n       '.join(wanted) if wanted else u''


def _check_twice(rule, configuration):
    """Raise RsyslogError if the configuration already sends messages of a rule to its collector."""
    forward = rule['forward']
    for step in configuration.flow():
        statement = step.statement
        if statement.kind != 'action' or statement.name != 'omfwd':
            continue
        target, port = statement.output()
        same = target == forward['target'].lower() and (port == str(forward['port']) or not port.isdigit())
        if same and (step.pairs is None or step.pairs & pairs_of(rule)):
            raise RsyslogError('%s sends messages of rule %s to %s, port %d, too, so that they would arrive twice. '
                               'Remove that statement, or the forward of the rule. Nothing was changed.'
                               % (statement.where(), rule['name'], forward['target'], forward['port']))


def stopped_before(rules, configuration, path, what, kept=False):
    """Return notes (list of text) on what may keep messages from a drop-in. Raises RsyslogError if it certainly does.

    With `kept`, what is sent or written somewhere before it stops is no matter.
    """
    place, notes = configuration.place(path), []
    wanted = frozenset().union(*[pairs_of(rule) for rule in rules])
    held = set()
    for step in configuration.flow():
        if step.place >= place:
            break
        if kept and step.pairs and _keeps(step.statement):
            held |= step.pairs
        if not _stops(step.statement):
            continue
        if step.pairs is None:
            notes.append('%s, before the %s of the policy: they do not get what it stops.'
                         % (step.statement.where(), what))
        elif step.pairs & wanted - held:
            raise RsyslogError('%s stops messages of %s before they come to %s. %s Nothing was changed.'
                               % (step.statement.where(), ' and '.join(
                                   'rule ' + rule['name'] for rule in rules if pairs_of(rule) & step.pairs - held),
                                  path, BEFORE_FILES if kept else BEFORE_ALL))
    return notes


def kept_before(configuration, path=FILES):
    """Return what the configuration writes for sure in front of a drop-in (list of Kept), and what stops there (pairs)."""
    place, kept, ended = configuration.place(path), [], set()
    for step in configuration.flow():
        if step.place < place and step.pairs:
            pairs = step.pairs - ended
            if pairs and _keeps(step.statement):
                kept.append(Kept(step.statement, frozenset(pairs)))
            elif _stops(step.statement):
                ended |= pairs
    return kept, frozenset(ended)


def _keeps(statement):
    """Return whether an action stores or sends on a message."""
    return statement.kind == 'action' and statement.name[:2] != 'mm' and statement.name not in NOWHERE


def _stops(statement):
    return statement.kind == 'stop' or (statement.kind == 'action' and statement.name == 'omdiscard')


# Files

def plan_files(rules, configuration, path=FILES):
    """Return the Plan of what to write where, given what the rest of the configuration writes.

    Raises RsyslogError when the rules or the configuration make it impossible.
    """
    rules = [rule for rule in rules if rule['file']]
    if not rules:
        return Plan([], frozenset(), [], [], [])
    notes = stopped_before(rules, configuration, path, 'files', kept=True)
    wanted, separate = _wanted(rules)
    in_front, ended = kept_before(configuration, path)
    kept = _own_choice(in_front, ended, rules, notes)
    for pair in ended:
        separate.pop(pair, None)
    place, gone = configuration.place(path), set()
    before, after = collections.defaultdict(set), collections.defaultdict(set)
    writers = collections.defaultdict(list)
    elsewhere = set()   # pairs that the rest writes to other files than a separate rule wants
    behind_us = []      # the log files that it writes then: list of Losing
    for step in configuration.flow():
        statement = step.statement
        behind = step.place > place
        if behind and _stops(statement):
            if step.pairs is None:
                notes.append('%s, behind the files of the policy: what it stops misses files that are left to the rest '
                             'of the configuration.' % statement.where())
            else:
                gone |= step.pairs
        if not _writes(statement):
            continue
        target = statement.output()
        if target in wanted:
            if step.pairs is None:
                raise RsyslogError('%s writes to %s under a condition that is more than a selector, so it cannot be '
                                   'told which messages would be in there twice. Give it a selector, or the policy '
                                   'another file. Nothing was changed.' % (statement.where(), target))
            writers[target].append((statement, step.pairs - gone))
            (after if behind else before)[target] |= step.pairs - gone
        others = set(pair for pair in (rsyslog_selectors.ALL if step.pairs is None else step.pairs) - gone
                     if pair in separate and target not in separate[pair].paths)
        if behind:
            elsewhere |= others
            if others:
                behind_us.append(Losing(statement, rsyslog_selectors.shown(others), step.pairs is not None))
        elif others and step.pairs is None:
            notes.append('%s comes before the policy and may write messages that are to be in a separate file only.'
                         % statement.where())
        elif others and _narrower(step.pairs, [separate[pair].rule for pair in others]):
            notes.append('%s comes before the policy, and keeps messages that are to be in %s and in no other file. That is '
                         'left as it is.' % (statement.where(), separate[min(others)].rule['file']))
            kept.append((Kept(statement, frozenset(others)), False))
        elif others:
            raise RsyslogError('%s writes messages that are to be in %s and in no other file. Move it behind %s, or do '
                               'without separate. Nothing was changed.'
                               % (statement.where(), separate[min(others)].rule['file'], path))
    files = []
    for target, pairs in wanted.items():
        ours = pairs - ended - before[target] - (after[target] - elsewhere)
        action = _action(target, [one for one, dummy in writers[target]], configuration, place) if ours else None
        if ours:
            masking.refuse(configuration, path, ours, 'The file %s of the policy' % target, own_format=not writers[target])
        files.append(File(target, action, frozenset(ours),
                          [statement for statement, written in writers[target] if written & pairs - ours]))
    return Plan(files, frozenset(elsewhere), notes, behind_us, kept)


def _own_choice(in_front, ended, rules, notes):
    """Return what a configuration keeps elsewhere and stops before the policy (list of (Kept, True)). Adds to the notes."""
    wanted = frozenset().union(*[pairs_of(rule) for rule in rules])
    kept = [(one._replace(pairs=one.pairs & ended), True) for one in in_front if one.pairs & ended & wanted]
    for one, dummy in kept:
        notes.append('%s keeps messages of %s, and they stop there: they are in no file of the policy, and how long they are '
                     'kept is up to you.' % (one.statement.where(), ' and '.join(
                         'rule ' + rule['name'] for rule in rules if pairs_of(rule) & one.pairs)))
    return kept


def _narrower(pairs, rules):
    """Return whether these pairs are of fewer facilities than each of the rules is about."""
    facilities = set(facility for facility, dummy in pairs)
    return all(len(facilities) < len(rule['facilities']) for rule in rules)


def render_files(plan, copies):
    """Return the drop-in (text) for a Plan, or None if it is empty. `copies` get each message before it stops."""
    text = u''
    if copies:
        text += (u'\n# What stands behind this file and is no log file. A message that stops here goes to it first.\n'
                 u'ruleset(name="%s") {\n%s\n}\n' % (COPIES_RULESET, u'\n'.join(copies)))
    for file in plan.files:
        if file.pairs:
            text += (u'\nif %s then {\n    %s\n}\n' % (rsyslog_selectors.condition(file.pairs), file.action))
    if plan.stopped:
        text += (u'\nif %s then {\n%s    stop\n}\n'
                 % (rsyslog_selectors.condition(plan.stopped),
                    u'    call %s\n' % COPIES_RULESET if copies else u''))
    if not text:
        return None
    text = _HEADER % _FILES_NOTE + text
    long_lines(text)
    return text


def stays(statement):
    """Return whether an action may miss messages that stop before it: log files may, terminals may not."""
    return statement.name in ('omnull', 'omstdout') or _writes(statement)


def copies(behind, path=FILES):
    """Return the statements (list of text) that pass a message, before it stops, to Forwarders behind the stop.

    Raises RsyslogError when one of them cannot be copied.
    """
    starved = [one.told() for one in behind if one.reason]
    if starved:
        raise RsyslogError('Nothing was changed, because messages of rules with separate stop in %s, and would no '
                           'longer come to what stands behind it and cannot be copied in front of the stop: %s. Move '
                           'it, with what changes messages for it, to a file that is read before, such as '
                           '/etc/rsyslog.d/01-forward.conf, or do without separate.' % (path, '; '.join(starved)))
    return [one.copy for one in behind]


def written(configuration):
    """Return the files (sorted list of str) that the rest of the configuration writes, as far as their names are known."""
    paths = set(step.statement.output() for step in configuration.flow()
                if step.statement.kind == 'action' and step.statement.name == 'omfile')
    return sorted(path for path in paths if path)


def _wanted(rules):
    """Return (path -> set of pairs that belong there, pair of a separate rule -> Separate). Raises RsyslogError."""
    separate, wanted = {}, collections.OrderedDict((rule['file'], set()) for rule in rules)
    for one, other in itertools.combinations([rule for rule in rules if rule['separate']], 2):
        if (pairs_of(one) & pairs_of(other) and one['file'] != other['file']
                and not syslog_expected.more_specific(one, other) and not syslog_expected.more_specific(other, one)):
            raise RsyslogError('Rule %s: other rules with separate select some of its messages for %s, and they '
                               'cannot be in one file only. Nothing was changed.' % (other['name'], one['file']))
    for pair in frozenset().union(*[pairs_of(rule) for rule in rules]):
        paths, holder = syslog_expected.filed(rules, *pair)
        if holder:
            separate[pair] = Separate(holder, paths)
        for path in paths:
            wanted[path].add(pair)
    return wanted, separate


def _writes(statement):
    """Return whether an action writes a log file."""
    if statement.kind != 'action' or statement.name != 'omfile':
        return False
    path = statement.output()
    return path is None or not path.startswith('/dev/')


def _action(path, writers, configuration, place):
    """Return the action (text) that writes like the actions that already write this file: same format, mode and owner."""
    if not writers:
        return _OWN_FILE % path
    writer = writers[0]
    statement = rsyslog_directives.moved(configuration.statements, writer, place)
    if statement:
        raise RsyslogError('%s decides how %s is written by %s, and not alike where the policy has to write there, too. '
                           'Have it apply to both: move it in front of the line that includes the drop-ins. Nothing was '
                           'changed.' % (statement.where(), path, writer.where()))
    meddler = masking.before_variables(configuration, place, writer)
    if meddler:
        raise RsyslogError('%s sets variables that %s writes, and comes after the policy has to write to %s, too. Move it in '
                           'front of the line that includes the drop-ins. Nothing was changed.'
                           % (meddler.where(), writer.where(), path))
    if re.search(r'\b(queue\.filename|queue\.spooldirectory|cry\.provider|sig\.provider)', writer.text, re.IGNORECASE):
        raise RsyslogError('%s has parameters that two actions cannot share, and the policy has to write to %s, too. '
                           'Give the policy another file. Nothing was changed.' % (writer.where(), path))
    return writer.text.strip()
