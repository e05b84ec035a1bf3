# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves a diversion by rsyslogd itself: sends test messages through a private rsyslogd with the whole configuration.

The copy of the configuration takes messages from a socket of its own under the name of imjournal, with the fields that
imjournal would set. Each action in it writes to a private file of its own instead of doing what it does, so nothing
leaves, and it is seen who gets which message. Two runs, without the drop-in and with it, are compared.

Touches no files: rsyslog_drop_ins runs it. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, _selectors as rsyslog_selectors)
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.codes import SEVERITY_KEYWORDS

MOST = 2000  # test messages: two runs of so many take some seconds
# What a private copy has as imjournal hands it over. Not so: where a message comes from, when, under which number of a
# process, and the message as it came.
_REPRODUCED = frozenset([
    'msg', 'syslogtag', 'programname', 'app-name', 'inputname', 'syslogfacility', 'syslogfacility-text', 'syslogseverity',
    'syslogseverity-text', 'syslogpriority', 'syslogpriority-text', 'pri', 'pri-text', 'msgid', 'structured-data',
    'protocol-version', '!_transport', '!syslog_identifier', '!_comm', '!priority', '!syslog_facility'])
_PRI = re.compile(r'(?:[$:]\$?(?:syslogfacility|syslogpriority|pri|!syslog_facility)\b|prifilt)', re.IGNORECASE)
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
# A comparison of a message's text with texts, in a condition and in a filter.
_COMPARED = re.compile(r'\$msg\s*(?:contains|startswith|endswith|==|!=|<>)(?:_i)?\s*'
                       r'(\[[^\]]*\]|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')', re.IGNORECASE)
_FILTERED = re.compile(r':\$?msg\s*,\s*!?(?:contains|isequal|startswith|endswith)\s*,\s*("(?:\\"|[^"])*")', re.IGNORECASE)
_SET = re.compile(r'(?:set|reset)\s+\$([!.][a-z0-9_!.-]+)\s*:?=', re.IGNORECASE)
# Modules that look at a message, or change it, and do nothing else.
_HARMLESS = re.compile(r'mm(anon|jsonparse|normalize|fields|pstrucdata|rm1stspace|sequence|utf8fix|count|snmptrapd'
                       r'|rfc5424addhmac|taghostname|jsontransform)\Z|pm[a-z0-9]+\Z|fm[a-z0-9]+\Z')
# Directives that have a say in how messages are read and which way they go.
_OF_MESSAGES = frozenset(['includeconfig', 'ruleset', 'defaultruleset', 'rulesetparser', 'template', 'preservefqdn',
                          'escapecontrolcharactersonreceive', 'escape8bitcharactersonreceive', 'spacelfonreceive',
                          'droptrailinglfonreception', 'escapecontrolcharactertab', 'controlcharacterescapeprefix'])
_UNUSED = frozenset(['input', 'main_queue', 'ratelimit'])
_OWN = re.compile(r'([a-z0-9-]+)\.log\Z')

# A test message. wanted: the id of the signature that diverts it, None for one that stays where it is.
Message = collections.namedtuple('Message', 'text identifier comm transport severity facility uid exe wanted')
# An output of the configuration: `key` is the same for a statement and a copy of it.
Output = collections.namedtuple('Output', 'key statement own')

_PREAMBLE = u'''global(workDirectory="{root}/work" processInternalMessages="on" net.enableDNS="off"{more})
main_queue(queue.type="Direct")
module(load="imptcp")
input(type="imptcp" path="{root}/socket" unlink="on" name="imjournal" ruleset="log_hygiene_proof"
      supportOctetCountedFraming="on")
template(name="log_hygiene_proof" type="string" string="%timereported:::date-rfc3339%")
template(name="log_hygiene_proof_line" type="string" string="%timereported:::date-rfc3339%\\n")
ruleset(name="log_hygiene_proof") {{
    set $.log_hygiene_proof = exec_template("log_hygiene_proof");
{messages}
    if $.log_hygiene_proof == "{end}" then {{
        action(type="omfile" file="{root}/end" template="log_hygiene_proof_line")
    }}
    stop
}}
'''
_MESSAGE = u'''    if $.log_hygiene_proof == "{stamp}" then {{
{fields}        call RSYSLOG_DefaultRuleset
        stop
    }}
'''


class Unproved(Exception):
    """A private rsyslogd cannot prove it. str() says why."""


def messages(signatures, facilities=()):
    """Test messages (list of Message) for these signatures (dicts of the catalog): examples and neighbours.

    Each example in each severity that its signature admits, and one of each sender but the kernel in each of these
    `facilities`.
    Raises Unproved when they are too many.
    """
    found = [Message(u'log hygiene: a message of the kernel that nobody knows', u'kernel', None, u'kernel', 4, 0, None, None, None),
             Message(u'log hygiene: a message of a program that nobody knows', u'probe', u'probe', u'syslog', 6, 3,
                     u'0', u'/usr/bin/probe', None)]
    for signature in signatures:
        match, tests = signature['match'], signature.get('tests') or {}
        examples = [_message(match, one, signature['id']) for one in tests.get('positive') or []]
        examples += [one._replace(identifier=name) for one in examples[:1] for name in sorted(match.get('identifiers') or ())
                     if one.identifier]
        severities = range(SEVERITY_KEYWORDS.index(match['priority']) if match.get('priority') else 0, 8)
        senders = set()
        for one in examples:
            sender = one._replace(text=None)
            # Facilities are tried with one text of a sender: where texts decide as well, by_text() says so.
            more = sorted(facilities) if one.transport != 'kernel' and sender not in senders else []
            senders.add(sender)
            found += [one._replace(severity=severity, facility=facility) for severity in severities
                      for facility in [one.facility] + more]
        found += [_message(match, one, None) for one in tests.get('negative') or []]
    found = list(collections.OrderedDict.fromkeys(found))  # the same text is an example for several releases
    if len(found) > MOST:
        raise Unproved('%d test messages would be needed, and %d are tried at most' % (len(found), MOST))
    return found


def facilities(steps):
    """Return the facilities (set of int) that conditions in front (list of rsyslog.Step) name."""
    found = set([3])
    for step in steps:
        said = [text for dummy, text in step.statement.context]
        if any(_PRI.search(text) for text in said + [step.statement.text]):
            found.update(range(24))
        for text in said:
            named = rsyslog_selectors.pairs_of(text)
            named = set(facility for facility, dummy in named) if named else set()
            found.update(named if len(named) < 24 else ())
    return found


def unlike(steps):
    """Return the first property that conditions in front (list of rsyslog.Step) read and that differs in a private copy.

    Returns (Statement, property), or None."""
    known = set()
    for step in steps:
        if step.statement.kind == 'change':
            known.update(name.lower() for name in _SET.findall(step.statement.text))
    for step in steps:
        for name in _properties(step.statement):
            if name not in _REPRODUCED and not any(name == one or name.startswith(one + '!') for one in known):
                return step.statement, name
    return None


def _properties(statement):
    """Return the properties (sorted list of text, lower case, without the dollar) that a statement's conditions read."""
    found = set()
    for kind, text in statement.context:
        for one in re.findall(r':\$?([a-z!.$-][a-z0-9_!.-]*)\s*,\s*!?[a-z]+\s*,', text if text[:1] == ':' or kind == 'else' else '',
                              re.IGNORECASE):
            found.add(one.lower())
    said = [text for dummy, text in statement.context if text[:1] != ':']
    if statement.kind == 'change':
        said.append(_SET.sub('', statement.text))
    for text in said:
        bare = _TEXT.sub('""', rsyslog.without_comments(text))
        found.update(name.lower() for name in re.findall(r'\$(\$?[!./]?[a-z_][a-z0-9_!.-]*|!)', bare, re.IGNORECASE))
        found.update(name.lower() for name in re.findall(
            r'\b(exec_template|random|getenv|lookup|http_request|previous_action_suspended|dyn_inc)\s*\(', bare, re.IGNORECASE))
    return sorted(found)


def by_text(steps, signatures):
    """A Statement in front (of a list of rsyslog.Step) that a text which no example has may come to; None if none can.

    A condition on a message's text is one that all messages of a signature pass or fail alike when what it compares
    with cannot be in any of them.
    """
    letters = [_letters(signature['match']['regex']) for signature in signatures]
    for step in steps:
        for kind, text in step.statement.context + ((('set', step.statement.text),) if step.statement.kind == 'change' else ()):
            if kind == 'filter' and text[:1] != ':':
                continue
            rest = text
            for pattern in (_COMPARED, _FILTERED):
                for compared in pattern.finditer(text):
                    if all(_never(one[1:-1].replace('\\', ''), letters) for one in _TEXT.findall(compared.group(1))):
                        rest = rest.replace(compared.group(), '')
            if re.search(r'\$msg\b|:\$?msg\b', _TEXT.sub('""', rest), re.IGNORECASE):
                return step.statement
    return None


def _letters(regex):
    """Return the characters (set, lower case) that a text which matches this expression may have, or None for any."""
    regex = regex.replace('\\d', '0-9')
    if re.search(r'\\[^0-9\W]|\[\^|(?<!\\)\.', regex) or not re.match(r'\^.*(?<!\\)\$\Z', regex) or _alternatives(regex):
        return None
    found = set(regex.lower())
    for first, last in re.findall(r'(.)-(.)', regex):
        if ord(last) > 126:
            return None
        found.update(chr(number).lower() for number in range(ord(first), ord(last) + 1))
    return found


def _alternatives(regex):
    """Return whether an expression has alternatives outside of its groups, which ^ and $ do not cover."""
    bare = re.sub(r'\\.|\[[^\]]*\]', '', regex)
    while re.search(r'\([^()]*\)', bare):
        bare = re.sub(r'\([^()]*\)', '', bare)
    return '|' in bare


def _never(text, letters):
    """Return whether no message of these signatures can hold this text (`letters`: what _letters() returns of each)."""
    return all(one is not None and set(text.lower()) - one for one in letters)


def _message(match, example, wanted):
    """Return an example of the catalog as a journal entry would hold it."""
    def named(key, keys):
        return example.get(key) or (sorted(match.get(keys) or ()) or [None])[0]
    transport = named('transport', 'transport') or u'syslog'
    comm = named('comm', 'comms')
    identifier = named('identifier', 'identifiers')
    priority = example.get('priority') or match.get('priority') or 'info'
    facility = example.get('facility', 0 if transport == 'kernel' else 3)
    # journald knows no process behind what the kernel wrote.
    uid = None if transport == 'kernel' else u'%s' % example.get('uid', 0)
    exe = None if transport == 'kernel' else named('exe', 'exes')
    return Message(example['text'], identifier, comm, transport, SEVERITY_KEYWORDS.index(priority),
                   facility if isinstance(facility, int) else 3, uid, exe, wanted)


def unexampled(signatures):
    """Return the ids of signatures (list) that have no example which must be diverted."""
    return [one['id'] for one in signatures if not (one.get('tests') or {}).get('positive')]


def stamp(number):
    """Return the time (text) that identifies a test message."""
    return u'2026-01-02T03:04:05.%06d+00:00' % number


def wire(found, host):
    """Return the bytes to send: the messages and one that marks the end. `host` is their host name."""
    lines = []
    for number, one in enumerate(found):
        tag = one.identifier or one.comm or u'journal'
        tag = re.sub(u'[^A-Za-z0-9_./()-]', u'_', tag)[:32] + (u':' if one.transport == 'kernel' else u'[4711]:')
        lines.append(u'<%d>%s %s %s%s' % (one.facility * 8 + one.severity, stamp(number), host, tag, one.text))
    lines.append(u'<46>%s %s end: end' % (stamp(len(found)), host))
    lines = [line.encode('utf-8') for line in lines]
    return b''.join(b'%d %s' % (len(line), line) for line in lines)


def staged(configuration, drop_ins, found, root):
    """The private copy below the directory `root` with these drop-ins ({path: text or None}).

    Returns (files: dict of path -> bytes, directories, outputs: list of Output by the number that names its file).
    Raises Unproved where the copy would not do what the configuration does.
    """
    outputs, settings = [], []

    def change(path, line, kind, text):
        if kind == 'unknown':
            raise Unproved('%s, line %d: %s is not understood' % (path, line, ' '.join(text.split())[:80]))
        if kind == 'action':
            return _action(path, line, text, rsyslog.legacy_output(text))
        if kind == 'directive':
            return text if _directive_counts(text) else ''
        return _object(path, line, text) if kind == 'object' else text

    def _action(path, line, text, name):
        statement = rsyslog.Statement('action', name, text, path, line, (), None)
        if name == 'omdiscard' or _HARMLESS.match(name):
            return text
        if name[:2] == 'mm':
            raise Unproved('%s, line %d: a private rsyslogd cannot run %s' % (path, line, name))
        # The path is below another directory for the files that a drop-in of ours diverts to.
        own = path in drop_ins and name == 'omfile' and _OWN.search(statement.output() or '')
        key = re.sub(r'\bqueue\.filename *= *"[^"]*"', '', ' '.join(text.split()), flags=re.IGNORECASE)  # a copy has another one
        outputs.append(Output((name, key), statement, own.group(1) if own else None))
        return ('action(type="omfile" file="%s/out/%d" template="log_hygiene_proof_line")' % (root, len(outputs) - 1))

    def _object(path, line, text):
        kind = re.match('[a-z_]+', text, re.IGNORECASE).group().lower()
        body = rsyslog.without_comments(text)
        if kind == 'action':
            name = re.sub('^builtin:', '', (rsyslog.parameter(body, 'type') or 'unknown').lower())
            return _action(path, line, text, name)
        if kind == 'module':
            return text if _HARMLESS.match(rsyslog.module_name(rsyslog.parameter(body, 'load') or '').lower()) else ''
        if kind == 'ruleset':
            queue = re.search(r'\bqueue\.(?:type\s*=\s*"(?!direct)|filename|size)', body, re.IGNORECASE)
            return 'ruleset(name="%s"%s)' % (rsyslog.parameter(body, 'name') or 'unknown',
                                             ' queue.type="LinkedList"' if queue else '')
        if kind == 'global':
            settings.extend(re.findall(r'\bparser\.[a-z0-9]+\s*=\s*"[^"]*"', body, re.IGNORECASE))
            return ''
        return '' if kind in _UNUSED else text

    files, directories = configuration.rewritten(root, drop_ins, change)
    main = root + configuration.path
    files[main] = preamble(found, root, settings).encode('utf-8') + files[main]
    return files, directories + [root + '/out', root + '/work'], outputs


def preamble(found, root, settings=()):
    """Return the text in front of the copy of the main file."""
    blocks = u''
    for number, one in enumerate(found):
        fields = [(u'_TRANSPORT', one.transport), (u'SYSLOG_IDENTIFIER', one.identifier), (u'_COMM', one.comm),
                  (u'PRIORITY', u'%d' % one.severity), (u'SYSLOG_FACILITY', u'%d' % one.facility), (u'_UID', one.uid),
                  (u'_EXE', one.exe)]
        blocks += _MESSAGE.format(stamp=stamp(number), fields=u''.join(
            u'        set $!%s = %s;\n' % (name, rsyslog.quote(value)) for name, value in fields if value is not None))
    return _PREAMBLE.format(root=root, messages=blocks, end=stamp(len(found)), more=u''.join(u' ' + one for one in settings))


def _directive_counts(text):
    words = text[1:].split()
    if words[0].lower() == 'modload':
        return len(words) > 1 and bool(_HARMLESS.match(rsyslog.module_name(words[1]).lower()))
    return words[0].lower() in _OF_MESSAGES


def received(outputs, contents, count):
    """For each test message (of `count`) a Counter of the Outputs that got it; `contents`: number of output -> text."""
    by_stamp = dict((stamp(number), number) for number in range(count))
    got = [collections.Counter() for dummy in range(count)]
    for number, text in contents.items():
        for line in text.splitlines():
            if line in by_stamp:
                got[by_stamp[line]][outputs[number]] += 1
    return got


def complaints(found, before, after):
    """What is wrong (list of text) with a diversion: `before` and `after` as received() has them without and with it."""
    wrong = []
    for one, old, new in zip(found, before, after):
        said = u'"%s"' % u' '.join(one.text.split())[:80]
        own = sum(count for output, count in new.items() if output.own)
        if one.wanted is None and not own:
            wrong += _differences(said, _counts(old), _counts(new))
            continue
        if own != 1:
            wrong.append(u'%s of %s comes %s' % (said, one.wanted, u'%d times to files of the diversion' % own if own else
                                                 u'not to the file that it is to be diverted to'))
            continue
        wrong += [u'%s is written by %s, too' % (said, output.statement.where()) for output in new if _log_file(output)]
        wrong += _differences(said, _counts(old, _leaves), _counts(new, _leaves))
    return wrong


def _log_file(output):
    return not output.own and output.statement.name == 'omfile' and not (output.statement.output() or '').startswith('/dev/')


def _leaves(output):
    return not output.own and not rsyslog.stays_here(output.statement)


def _counts(got, chosen=lambda output: True):
    """Return how often each statement, or a copy of it, got the message: {key: (count, an Output)}."""
    counts = {}
    for output, count in got.items():
        if chosen(output):
            counts[output.key] = (counts.get(output.key, (0, None))[0] + count, output)
    return counts


def _differences(said, old, new):
    wrong = []
    for key in sorted(set(old) | set(new)):
        had, has = old.get(key, (0, None))[0], new.get(key, (0, None))[0]
        if had != has:
            statement = (old.get(key) or new[key])[1].statement
            wrong.append(u'%s gets %s %d times instead of %d' % (statement.where(), said, has, had))
    return wrong
