# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guard of the catalog: what no signature may do, and what every signature must show.

A C(divert) moves lines out of sight of whoever reads /var/log/messages, a C(fix) promises that they end, and an
C(explain) counts them as harmless. None of the three may ever cover a record that an intrusion, a fault or an auditor
needs. The guard checks what a signature really matches (its examples, and records that must never be covered) rather
than how it is worded.

This file is private to the collection: its functions may change in any release.
"""

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeVar

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import (
    ANONYMOUS_TAG, AUDIT_IDENTIFIERS, Entry, KERNEL_FACILITY, KMSG_WRITERS, Matcher)
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog.posix_ere import to_ere
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.codes import SEVERITY_KEYWORDS as PRIORITIES
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import (
    _protected as protected_records, _safe_regex as safe_regex)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog._regex_language import (
    Automaton, BEGIN, fixed, free_parts, have_in_common, ignores_case, is_exact, message_of_one_only, parse,
    wild_beginning)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import (
    Disposition, Example, Match, Signature)

Refusal = tuple[str, str]  # the key of a signature that is at fault; why, and what to do
Form = Literal['journal', 'text log']
# The key of an example, as in tests.positive[0].text; whether it is to match; its form; and the example in that form.
ShownEntry = tuple[str, bool, Form, Entry]
Item = TypeVar('Item')

# Dispositions that take a message off somebody's list.
COVERING: tuple[Disposition, ...] = ('fix', 'divert', 'explain')

# Programs whose records are authpriv or auth: who came, who went, who became whom, which accounts changed. PAM logs
# under the identifier of the program that called it, so those that open sessions (crond, gdm) are here too.
AUTH_PROGRAMS = re.compile(r'(?:%s)$' % '|'.join((
    r'sshd(?:-session|-auth)?', r'sudo', r'su', r'doas', r'runuser', r'pkexec',
    r'polkitd', r'polkit-agent-helper-1', r'polkit-agent-he',
    r'login', r'systemd-logind', r'systemd-user', r'\(sd-pam\)', r'crond?', r'CRON', r'atd',
    r'sssd(?:_\w+|\[.*)?', r'krb5_child', r'ldap_child', r'unix_chkpwd', r'pam_\w+', r'faillock',
    r'passwd', r'chpasswd', r'chage', r'chfn', r'chsh', r'gpasswd', r'newgrp', r'(?:user|group)(?:add|del|mod)',
    r'gdm(?:-[\w-]+)?\]?', r'sddm(?:-helper)?', r'lightdm', r'xrdp(?:-sesman)?', r'cockpit-(?:session|tls|ws)',
    r'vsftpd',
)))

# What programs put behind their name, as the number of their process.
AS_TAGGED = re.compile(r'[\[(: ].*')

# PAM writes `pam_MODULE(SERVICE:TYPE): ...`, always to authpriv.
PAM_TEXT = re.compile(r'^pam_\w+\(|\([\w./-]+:(?:auth|account|session|password|chauthtok|setcred)\): ')

# Programs that write what whoever runs them wants, and folders that users write to.
ANYBODYS_PROGRAM = re.compile(r'(?:%s)$' % '|'.join((
    r'r?(?:ba|da|k|mk|z|tc|c|fi|a|pk|ya)?sh[0-9.-]*', r'busybox', r'toybox', r'(?:platform-)?python[\w.-]*', r'pypy[\w.]*', r'perl[0-9.]*',
    r'[jm]?ruby[\w.-]*', r'(?:lua|luajit|tclsh|wish|guile|php|php-cgi|php-fpm|gjs|expect)[0-9.-]*', r'node(?:js)?(?:-?[0-9.]+)?', r'deno', r'bun',
    r'java', r'jshell', r'dotnet', r'mono', r'pwsh', r'[gmn]?awk', r'sed', r'logger', r'systemd-(?:cat|run|notify)', r'cat', r'tee', r'env',
    r'echo', r'printf', r'dd', r'xargs', r'nohup', r'timeout', r'script', r'nc', r'ncat', r'socat', r'gdb', r'vim?', r'emacs[\w.-]*',
    r'ld[\w.-]*\.so[\d.]*', r'ld-[\d.]+\.so', r'runuser', r'sudo', r'su', r'setsid', r'unshare', r'flock',
)))
ANYBODYS_FOLDER = re.compile(r'/(?:tmp|var/tmp|dev|proc|sys|home|var/home|export|run/(?:user|media|lock)|var/(?:run|lock)|mnt|media)(?:/|$)')

# What a fix, divert or explain must write out at least, in letters and digits, altogether and before a part that takes
# any words.
FIXED_TEXT = 8
# Alternatives and optional parts with less fixed text than this need no example of their own.
SMALL_PART = 4
MOST_NAMES = 12
MOST_TOLD = 3
MOST_WILD_WORDS = 1  # before the first fixed text
BEGINNING = 1 << BEGIN
# What named groups of context.lines may be called: the report says these in both languages.
TOLD = ('address', 'port', 'user', 'module', 'program')

# Letters of other scripts that are taken for Latin ones, and what nobody sees.
LOOKALIKE = re.compile('[A-Za-z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][A-Za-z]|[\uff01-\uff5e]')
# Beyond ASCII: letters that are not taken for Latin ones, and marks that programs write.
PLAIN_LETTERS = ('HANGUL SYLLABLE', 'HIRAGANA LETTER', 'KATAKANA LETTER', 'KATAKANA-HIRAGANA', 'CJK UNIFIED IDEOGRAPH')
PLAIN_MARKS = frozenset('\u00b5\u00b0\u2018\u2019\u201c\u201d\u2026\u2013\u2014\u3001\u3002\u300c\u300d')
INVISIBLE = frozenset(('Cf', 'Cc', 'Zl', 'Zp'))


def written_by(entry: Entry, facility: int | None = None, uid: int | None = None, exe: str | None = None) -> Entry:
    """An Entry of the journal with what journald says of who wrote it: of the kernel, or of a program of root."""
    if entry.transport == 'kernel':
        named = entry.identifier is not None and bool(KMSG_WRITERS.match(entry.identifier))
        return entry._replace(facility=facility if facility is not None else 3 if named else KERNEL_FACILITY)
    return entry._replace(facility=facility, uid=0 if uid is None else uid, exe=exe)


def refusals(signature: Signature, examples: Sequence[ShownEntry],
             protected: protected_records.Protected) -> list[Refusal]:
    """Check one signature that the schema allows.

    :arg examples: its examples as C(examples_of) returns them.
    :arg protected: the records that must never be covered.
    """
    found = list(_regexes(signature))
    if found:
        # Nothing can be matched with it, so nothing else can be told.
        return found
    found.extend(_source(signature))
    found.extend(_examples(signature, examples))
    found.extend(_watch(signature, examples))
    found.extend(_context(signature))
    found.extend(_releases(signature))
    found.extend(_near_boot(signature))
    if signature.get('alert') == 'exempt':
        found.extend(_exempt(signature, protected))
    if signature['disposition'] in COVERING:
        found.extend(_covering(signature, examples))
        found.extend(_protected(signature, examples, protected))
        found.extend(_wider(signature, examples))
        found.extend(_disguised(signature))
    if signature['disposition'] == 'divert':
        found.extend(_divert(signature))
    return found


def overlaps(signatures: Sequence[Signature],
             examples: Mapping[str, Sequence[ShownEntry]]) -> list[tuple[str, str, str]]:
    """Find messages that more than one signature would count.

    :arg signatures: without refusals.
    :arg examples: what C(examples_of) returned, by id.
    :returns: (id, key, message): the signature whose example another one matches too.
    """
    matcher = Matcher(signatures)
    found: set[tuple[str, str, str]] = set()
    for signature in signatures:
        for key, positive, dummy, entry in examples[signature['id']]:
            for index in matcher.matches(entry) if positive else []:
                other = signatures[index]['id']
                if other != signature['id']:
                    found.add((signature['id'], key,
                               'is matched by the signature %s too, and would be counted twice; narrow one of the two, '
                               'or override one by giving yours its id' % other))
    return sorted(found)


def examples_of(signature: Signature) -> list[ShownEntry]:
    """The examples of a signature as entries: in the form of the journal, and in that of a text log where it has one."""
    match = signature['match']
    examples: list[ShownEntry] = []
    for kind, tests in _tests(signature):
        for index, test in enumerate(tests):
            if _is_late(signature, test):
                continue  # _near_boot looks at it; the rest checks what may be matched at all
            key = 'tests.%s[%d].text' % (kind, index)
            identifier, comm = test.get('identifier'), test.get('comm')
            if identifier is None and comm is None:
                identifier, comm = _first(match.get('identifiers')), _first(match.get('comms'))
            # '' is how the journal reader tells an entry without transport from a line of a text log.
            transport = test.get('transport', _first(match.get('transport')) or '')
            priority = PRIORITIES.index(test.get('priority', match['priority']))
            entry = written_by(Entry(test['text'], identifier, comm, transport, priority, None, None, None),
                               test.get('facility'), test.get('uid'), test.get('exe', _first(match.get('exes'))))
            # journald gives all that the kernel wrote the name kernel: another stands in text logs only.
            if not (kind == 'positive' and entry.facility == KERNEL_FACILITY and transport == 'kernel'
                    and identifier not in (None, 'kernel')):
                examples.append((key, kind == 'positive', 'journal', entry))
            # A text log holds none of these: a neighbour that differs in them only has no form there.
            differs = kind == 'negative' and any(name in test for name in ('transport', 'priority', 'facility', 'uid', 'exe'))
            if transport not in ('audit', 'driver') and not differs:
                tag = comm if identifier is None else identifier
                line = Entry(test['text'], tag, None, None, None, None, None, None)
                examples.append((key, kind == 'positive', 'text log', line))
    return examples


def _tests(signature: Signature) -> list[tuple[str, Sequence[Example]]]:
    return [('positive', signature['tests']['positive']), ('negative', signature['tests']['negative'])]


def _first(items: Sequence[Item] | None) -> Item | None:
    return items[0] if items else None


def _regexes(signature: Signature) -> Iterator[Refusal]:
    """Every regular expression must read alike everywhere and end soon."""
    places = [('match.regex', signature['match']['regex'])]
    if 'watch' in signature:
        places += [('watch.opened', signature['watch']['opened']), ('watch.closed', signature['watch']['closed'])]
    for number, look in enumerate(signature.get('context', [])):
        places += [('context[%d].lines[%d]' % (number, index), regex) for index, regex in enumerate(look.get('lines', []))]
    for key, regex in places:
        for problem in safe_regex.problems(regex):
            yield key, problem


def _source(signature: Signature) -> Iterator[Refusal]:
    """A signature must say who writes the message; the kernel only when journald vouches for it."""
    match = signature['match']
    names = match.get('identifiers', []) + match.get('comms', [])
    transports = match.get('transport', [])
    # They write to /dev/kmsg while there is no journal, and to the journal else: one text, two ways.
    either_way = (set(transports) == {'journal', 'kernel'} and bool(match.get('identifiers'))
                  and all(KMSG_WRITERS.match(name) for name in match['identifiers']))
    if any(AUDIT_IDENTIFIERS.match(name) for name in names) or 'audit' in transports:
        yield 'match', 'speaks of audit records, which no signature may touch, and which are never matched; remove it'
    elif 'kernel' in transports and len(transports) > 1 and not either_way:
        yield 'match.transport', ('says kernel and others; write [kernel] alone, or text of a user process would pass '
                                  "for the kernel's. Only systemd and its generators, named in identifiers, have two: [journal, kernel]")
    elif transports == ['kernel'] and match.get('uid') is not None:
        yield 'match.uid', 'has no effect on messages of the kernel, which have no user; remove it'
    elif transports == ['kernel'] and 'exes' in match:
        yield 'match.exes', 'has no effect on messages of the kernel, which no program writes; remove it'
    elif 'kernel' in names and transports != ['kernel']:
        yield 'match.transport', ('must be [kernel] for text written by the kernel: any program can write under its '
                                  'name, but only journald sets the transport')
    elif not names and transports != ['kernel']:
        yield 'match', 'does not say who writes the message; give identifiers, comms, or transport: [kernel]'


def _examples(signature: Signature, examples: Sequence[ShownEntry]) -> Iterator[Refusal]:
    """Positives are matched and hold a literal; negatives are not matched."""
    literals = _literals(signature['match'])
    matcher = Matcher([signature])
    for key, positive, form, entry in examples:
        matched = bool(matcher.matches(entry))
        if positive and not any(literal in entry.message for literal in literals):
            if form == 'journal':
                yield key, 'does not contain match.literal (%s), so it is never found' % ' | '.join(literals)
        elif positive and not matched:
            yield key, ('is not matched as %s; correct match (identifiers, comms, transport, priority, regex) or the '
                        'example' % _described(form, entry))
        elif matched and not positive:
            yield key, ('is matched as %s, but must survive (tests say why); the signature is looser than its own '
                        'neighbour: narrow it' % _described(form, entry))


def _literals(match: Match) -> list[str]:
    return match['literal'] if isinstance(match['literal'], list) else [match['literal']]


def _described(form: Form, entry: Entry) -> str:
    """An entry without its message, for an error."""
    said = [(name, value) for name, value in entry._asdict().items() if name != 'message' and value not in (None, '')
            and (name, value) not in (('uid', 0), ('facility', KERNEL_FACILITY))]
    return 'an entry of the %s (%s)' % (form, ', '.join(
        '%s %s' % (name, PRIORITIES[value] if name == 'priority' else value) for name, value in said))


def _watch(signature: Signature, examples: Sequence[ShownEntry]) -> Iterator[Refusal]:
    """A watch must see its state open and close, and never both in one message."""
    if 'watch' not in signature:
        return
    texts = [entry.message for dummy, positive, form, entry in examples if positive and form == 'journal']
    matched: dict[str, list[str]] = {}
    for key, regex in (('opened', signature['watch']['opened']), ('closed', signature['watch']['closed'])):
        matched[key] = [text for text in texts if re.search(regex, text)]
        if not matched[key]:
            yield 'watch.%s' % key, 'matches no positive example; give one, or correct it'
    for text in matched['opened']:
        if text in matched['closed']:
            yield 'watch', 'opened and closed both match %r; narrow one' % text
            return
    if all(matched.values()) and have_in_common(*(Automaton(regex) for regex in (
            signature['match']['regex'], signature['watch']['opened'], signature['watch']['closed']))):
        yield 'watch', ('opened and closed can both match one message that match.regex allows, so that it would close what '
                        'it opens; narrow one')


def _context(signature: Signature) -> Iterator[Refusal]:
    """A look must be able to find something, and a report must have a word for what it tells."""
    match = signature['match']
    for number, look in enumerate(signature.get('context', [])):
        key = 'context[%d].' % number
        if look['from'] == 'host' and 'identifiers' not in look:
            yield key + 'identifiers', 'is missing; with from: host, name the programs that write the lines'
        elif look['from'] != 'host' and 'identifiers' in look:
            yield key + 'identifiers', 'has no effect with from: %s; remove it' % look['from']
        if look['from'] == 'process' and match.get('transport') == ['kernel']:
            yield key + 'from', 'says process, but no process writes messages of the kernel; say kernel, host or audit'
        elif look['from'] == 'process' and not match.get('identifiers'):
            yield key + 'from', 'says process, but match names no identifiers, by which its lines are told; give some'
        if 'lines' not in look and look['from'] in ('host', 'audit'):
            yield key + 'lines', 'is missing; with from: %s, say which lines, or any would do' % look['from']
        if 'holding' in look and look['holding'] not in re.compile(match['regex']).groupindex:
            yield key + 'holding', 'is %s, but match.regex has no group (?P<%s>...); name the part of the message that way' % (
                look['holding'], look['holding'])
        for index, regex in enumerate(look.get('lines', [])):
            for name in sorted(set(re.compile(regex).groupindex) - set(TOLD)):
                yield key + 'lines[%d]' % index, 'names a group %s; the report knows %s' % (name, ', '.join(TOLD))


def _releases(signature: Signature) -> Iterator[Refusal]:
    """An example cannot be of a release that the signature does not apply to."""
    for index, test in enumerate(signature['tests']['positive']):
        if 'el' in test and test['el'] not in signature['applies']['el']:
            yield 'tests.positive[%d].el' % index, 'is %d, which applies.el does not list; correct one' % test['el']


# How long after a boot a message may be kept from alerting, at most (seconds): slow hosts take minutes to boot.
EXEMPT_SECONDS = 900


def _is_late(signature: Signature, test: Example) -> bool:
    """Whether this example was written later than the signature's boot_seconds."""
    limit = signature['match'].get('boot_seconds')
    return limit is not None and test.get('since_boot', 0) > limit


def _near_boot(signature: Signature) -> Iterator[Refusal]:
    """A signature with boot_seconds must show that it does not match the same message later."""
    limit, tests = signature['match'].get('boot_seconds'), signature['tests']
    if limit is None:
        for kind, some in _tests(signature):
            for index, test in enumerate(some):
                if 'since_boot' in test:
                    yield 'tests.%s[%d].since_boot' % (kind, index), ('has no effect without match.boot_seconds; give '
                                                                      'that, or remove this')
        return
    for index, test in enumerate(tests['positive']):
        if _is_late(signature, test):
            yield 'tests.positive[%d].since_boot' % index, ('is %d, later than match.boot_seconds (%d), so it is no '
                                                            'match; correct one' % (test['since_boot'], limit))
    texts = [test['text'] for test in tests['positive']]
    if not any(_is_late(signature, test) and test['text'] in texts for test in tests['negative']):
        yield 'tests.negative', ('must hold the text of a positive example with since_boot above match.boot_seconds (%d): '
                                 'later it is another event' % limit)
    if signature['disposition'] == 'divert':
        yield 'match.boot_seconds', ('must not be used with divert: rsyslogd does not tell how long after a boot a message was '
                                     'written, and would move later ones as well; make it explain or investigate')


def _exempt(signature: Signature, protected: protected_records.Protected) -> Iterator[Refusal]:
    """What may be kept from alerting: what the kernel itself writes with each boot, and nothing that an alert is for."""
    match = signature['match']
    limit = match.get('boot_seconds')
    if limit is None or limit > EXEMPT_SECONDS:
        yield 'match.boot_seconds', ('must be given, at most %d, with alert: exempt: only what comes with a boot may be '
                                     'kept from alerting' % EXEMPT_SECONDS)
    if match.get('transport') != ['kernel']:
        yield 'match.transport', 'must be [kernel] with alert: exempt: any program can write any text'
    if match.get('identifiers', ['kernel']) != ['kernel'] or match.get('comms'):
        yield 'match', 'must name only the kernel with alert: exempt: other names have what root wrote to /dev/kmsg'
    if PRIORITIES.index(match['priority']) < PRIORITIES.index('crit'):
        yield 'match.priority', 'is %s; an emerg or alert always alerts; make it crit, or remove alert' % match['priority']
    if not safe_regex.is_anchored(match['regex']):
        yield 'match.regex', 'must match one whole message (^...$) with alert: exempt'
    for record in protected.met_by(_names(match), Automaton(match['regex']))[:MOST_TOLD]:
        yield 'match.regex', 'would keep %s from alerting (%s: %s; %s); narrow it, or remove alert' % (
            record.what, _writer(record), record.text, _class_of(record))


def _covering(signature: Signature, examples: Sequence[ShownEntry]) -> Iterator[Refusal]:
    """What fix, divert and explain may not cover."""
    disposition = signature['disposition']
    match = signature['match']
    remedy = 'make it investigate, or narrow it'
    if match.get('uid') == 'any' and 'exes' not in match:
        yield 'match.uid', ('is any, so %s would cover what any user writes in the same words; give the file of the program '
                            'in match.exes, or make it investigate' % disposition)
    elif match.get('uid') == 'any':
        for exe in match['exes']:
            if posixpath.normpath(exe) != exe or exe.startswith('//') or ANYBODYS_FOLDER.match(exe):
                yield 'match.exes', ('names %s, a path that is not written out or where users may write; give the file as it is '
                                     'installed, or make it investigate' % exe)
            elif ANYBODYS_PROGRAM.match(posixpath.basename(exe)):
                yield 'match.exes', ('names %s, which writes whatever its user tells it to; give the file of the one program '
                                     'that writes this, take uid: any out, or make it investigate' % exe)
    if PRIORITIES.index(match['priority']) <= PRIORITIES.index('crit'):
        yield 'match.priority', 'is %s; %s may not cover crit or worse; %s' % (match['priority'], disposition, remedy)
    texts = [entry.message for dummy, positive, form, entry in examples if positive and form == 'journal']
    auth = [name for name in _names(match) if AUTH_PROGRAMS.match(name)]
    if any(PAM_TEXT.search(text) for text in texts):
        auth.append('PAM')
    if auth and disposition == 'divert':
        yield 'match', ('speaks of %s, whose records are authpriv or auth; a divert may never touch them; make it '
                        'explain or investigate' % ', '.join(auth))
    elif auth and (not safe_regex.is_anchored(match['regex']) or safe_regex.takes_words(match['regex'])):
        yield 'match.regex', ('must match one whole message (^...$) and repeat nothing that takes a space, because '
                              '%s writes access records; %s' % (', '.join(auth), remedy))


def _names(match: Match) -> list[str]:
    """Whose messages a match speaks of: identifiers and commands, or the kernel's. /usr/sbin/crond[7] is crond, too."""
    names = match.get('identifiers', []) + match.get('comms', []) or [protected_records.KERNEL]
    return names + sorted(set(posixpath.basename(AS_TAGGED.sub('', name)) for name in names) - set(names) - {''})


def _protected(signature: Signature, examples: Sequence[ShownEntry],
               protected: protected_records.Protected) -> Iterator[Refusal]:
    """No message may be both the signature's and a protected record, however either varies."""
    match, disposition = signature['match'], signature['disposition']
    names, remedy = _names(match), 'make it investigate, or narrow it'
    for key, positive, form, entry in examples:
        record = protected.held_by(names, entry.message) if positive and form == 'journal' else None
        if record and not (disposition == 'fix' and record.group.repairable):
            yield key, 'is %s (%r, %s), which %s may not cover; make it investigate' % (
                record.what, protected_records.sample(record.text), _class_of(record), disposition)
    met = [record for record in protected.met_by(names, Automaton(match['regex']))
           if disposition != 'fix' or not record.group.repairable]
    for record in met[:MOST_TOLD]:
        yield 'match.regex', 'would %s %s (%s%r, %s); %s' % (
            disposition, record.what, _writer(record), protected_records.sample(record.text), _class_of(record), remedy)
    evidence = [name for name in protected.evidence_of(names) if not AUTH_PROGRAMS.match(name)]
    if evidence and (not safe_regex.is_anchored(match['regex']) or safe_regex.takes_words(match['regex'])):
        yield 'match.regex', ('must match one whole message (^...$) and repeat nothing that takes a space, unless it '
                              'stands between quotes or brackets, because %s writes evidence; %s'
                              % (', '.join(evidence), remedy))


def _writer(record: protected_records.Record) -> str:
    """The first of the programs that write a record, for an error."""
    group = record.group
    return '%s: ' % (group.names[0] if group.names else group.transport) if not group.within else ''


def _class_of(record: protected_records.Record) -> str:
    """Where a record is protected, for an error."""
    return 'class %s of %s' % (record.group.kind, record.path)


def _wider(signature: Signature, examples: Sequence[ShownEntry]) -> Iterator[Refusal]:
    """The expression may match nothing that its author has not shown: each alternative, each literal, each program."""
    match = signature['match']
    regex, tree = match['regex'], parse(match['regex'])
    texts = [entry.message for dummy, positive, form, entry in examples if positive and form == 'journal']
    automaton = Automaton(regex)
    if any(automaton.takes[state] != BEGINNING for state in automaton.first):
        yield 'match.regex', ('must begin with ^ in %s: else it is found in any message that repeats the text, whatever '
                              'stands before it' % signature['disposition'])
    size = fixed(tree, ignores_case(tree))
    if size < FIXED_TEXT:
        yield 'match.regex', ('may match a message with %d letters and digits of fixed text; %s needs %d or more in each '
                              'of its alternatives: write the message out, and leave free only what varies'
                              % (size, signature['disposition'], FIXED_TEXT))
    elif any(before < FIXED_TEXT for before in free_parts(regex)):
        yield 'match.regex', ('has a part that takes any words with less than %d letters and digits of fixed text before '
                              'it; write out what stands before, or use something that takes no space ([^ ]+)'
                              % FIXED_TEXT)
    if wild_beginning(regex) > MOST_WILD_WORDS:
        yield 'match.regex', ('begins with %d words or more that nobody wrote down, before the first fixed text; write out '
                              'what the message begins with' % (MOST_WILD_WORDS + 1))
    if automaton.options:
        shown: set[int] = set()
        for text in texts:
            shown |= automaton.reads(text)
        for states, least in sorted(automaton.options, key=lambda one: min(one[0])):
            if shown.isdisjoint(states) and (least >= SMALL_PART or automaton.wild & states or len(states) > SMALL_PART):
                yield 'match.regex', ('has an alternative or an optional part that no positive example shows (%r); give '
                                      'an example of it as it is really written, or take it out'
                                      % automaton.spell(states))
                break
    for literal in _literals(match):
        if not any(literal in text for text in texts):
            yield 'match.literal', ('names %r, which no positive example holds; give an example, or take it out'
                                    % literal)
    names = match.get('identifiers', []) + match.get('comms', [])
    if ANONYMOUS_TAG in match.get('identifiers', []):
        yield 'match.identifiers', ('names %s, the tag that text logs give to every program that names itself not; give '
                                    'comms instead' % ANONYMOUS_TAG)
    if len(names) > MOST_NAMES:
        yield 'match.identifiers', 'names %d programs; %d are the most that %s may cover; write several signatures' % (
            len(names), MOST_NAMES, signature['disposition'])


def _disguised(signature: Signature) -> Iterator[Refusal]:
    """Refuse what a reviewer takes for something else, or does not see."""
    match = signature['match']
    places = [('match.regex', match['regex'])] + [('match.literal', one) for one in _literals(match)]
    places.extend(('tests.positive[%d].text' % number, test['text'])
                  for number, test in enumerate(signature['tests']['positive']))
    for key, text in places:
        strange = [char for char in text if ord(char) > 0x7e and not _is_plain(char)] if key.startswith('match') else []
        found = LOOKALIKE.search(text)
        hidden = [char for char in text if unicodedata.category(char) in INVISIBLE and char not in '\t\n']
        if found:
            yield key, 'mixes letters that look like Latin ones into a word (%s); write the word in one script' % ascii(
                found.group())
        elif hidden:
            yield key, 'holds a character that nobody sees (%s); take it out' % ascii(hidden[0])
        elif strange:
            yield key, ('holds %s (%s), which may be taken for another character, or not be seen; beyond ASCII write letters of '
                        'Hangul, Kana, Han or Latin-1 and quotes only, and a class for the rest' % (
                            ascii(strange[0]), unicodedata.name(strange[0], 'without name')))


def _is_plain(char: str) -> bool:
    """Whether nobody takes a character beyond ASCII for another."""
    return char in PLAIN_MARKS or unicodedata.category(char).startswith('L') and (
        0xc0 <= ord(char) <= 0xff or unicodedata.name(char, '').startswith(PLAIN_LETTERS))


def overriding(signature: Signature, examples: Sequence[ShownEntry], former: Signature) -> list[Refusal]:
    """Check a signature that overrides one of the collection: it may be narrower, but must not hide what was told.

    :arg signature: without refusals. :arg examples: its examples. :arg former: the signature of the collection.
    """
    found: list[Refusal] = []
    matcher = Matcher([signature])
    texts = [(key, positive, entry) for key, positive, form, entry in examples_of(former) if form == 'journal']
    if former['disposition'] == 'investigate':
        if signature['disposition'] != 'investigate':
            found.append(('disposition', 'overrides a signature that is investigate; it must stay that'))
        missing = [entry.message for dummy, positive, entry in texts if positive and not matcher.matches(entry)]
        if missing:
            found.append(('match', 'overrides a signature that is investigate, and no longer finds %r; match all that '
                                   'the signature of the collection matches, or use another id' % missing[0]))
        found.extend(('match' if key is None else 'match.%s' % key, 'overrides a signature that is investigate, and %s; '
                      'match all that the signature of the collection matches, or use another id' % what)
                     for key, what in _narrower(signature['match'], former['match']) if not missing)
        narrower = sorted(set(former['applies']['el']) - set(signature['applies']['el']))
        if narrower or set(signature['applies'].get('when', [])) - set(former['applies'].get('when', [])):
            found.append(('applies', 'overrides a signature that is investigate, and applies to fewer hosts; let it '
                                     'apply to as many'))
        return found
    for key, positive, entry in texts:
        if not positive and signature['disposition'] in COVERING and matcher.matches(entry):
            found.append(('match', 'matches %r, which the signature of the collection says must survive (%s); narrow it, '
                                   'or use another id' % (entry.message, key)))
            break
    if 'watch' in former:
        was, now = former['watch'], signature.get('watch')
        pairs = ((was['opened'], now['opened'] if now else '(?!)'), (was['closed'], now['closed'] if now else '(?!)'))
        lost = [entry.message for dummy, positive, entry in texts if positive and matcher.matches(entry)
                and any(bool(re.search(one, entry.message)) != bool(re.search(other, entry.message))
                        for one, other in pairs)]
        if lost:
            found.append(('watch', 'reads %r otherwise than the signature of the collection, which tells of a state '
                                   'with it; keep its watch' % lost[0]))
        elif 'watch' in signature:
            found.extend(_watch_changed(signature, former))
    return found


def _watch_changed(signature: Signature, former: Signature) -> Iterator[Refusal]:
    """Yield why a watch does not see all that a former one sees."""
    watch, seen = signature['watch'], former['watch']
    if watch['opened'] != seen['opened'] and (not is_exact(watch['opened']) or message_of_one_only(
            Automaton(seen['opened']), Automaton(watch['opened'])) is not False):
        yield 'watch.opened', ('does not match all that the signature of the collection takes for the beginning of a state; '
                               'keep its watch')
    if watch['closed'] != seen['closed'] and have_in_common(*(Automaton(regex) for regex in (
            signature['match']['regex'], watch['closed'], seen['opened']))):
        yield 'watch.closed', ('takes for the end of a state what the signature of the collection takes for its beginning; '
                               'keep its watch')


def _narrower(match: Match, former: Match) -> Iterator[tuple[str | None, str]]:
    """Yield (key, what) of each key by which a match finds less than a former one."""
    lost = sorted((set(former.get('identifiers', ())) | set(former.get('comms', ())))
                  - (set(match.get('identifiers', ())) | set(match.get('comms', ()))))
    if lost:
        yield None, 'no longer names %s' % ', '.join(lost)
    for key in ('transport', 'exes'):
        if key in match and (key not in former or not set(former[key]) <= set(match[key])):
            yield key, 'takes fewer of them'
    wide = ('root', 'system', 'any')
    if wide.index(match.get('uid', 'system')) < wide.index(former.get('uid', 'system')):
        yield 'uid', 'takes what fewer users write'
    if PRIORITIES.index(match['priority']) > PRIORITIES.index(former['priority']):
        yield 'priority', 'takes less severe messages only'
    if 'boot_seconds' in match and match['boot_seconds'] < former.get('boot_seconds', match['boot_seconds'] + 1):
        yield 'boot_seconds', 'no longer takes what is written later after a boot'
    for literal in _literals(former):
        if not any(one in literal for one in _literals(match)):
            yield 'literal', 'no longer finds what holds %r' % literal
    if match['regex'] != former['regex']:
        if not is_exact(match['regex']):
            yield 'regex', 'uses something (lookaround, \\b, a back-reference, a count beyond 40, letters beyond Latin-1) ' \
                'by which it cannot be held against the former one'
        elif message_of_one_only(Automaton(former['regex']), Automaton(match['regex'])) is not False:
            yield 'regex', 'does not match all that the former one does'


def _divert(signature: Signature) -> Iterator[Refusal]:
    """A divert is the kernel's alone, and rsyslog must be able to run its regex."""
    if signature['match'].get('transport') != ['kernel']:
        yield 'match.transport', ('must be [kernel]: only text the kernel wrote may be diverted; repair the cause '
                                  '(fix) or explain it instead')
    try:
        to_ere(signature['match']['regex'])
    except ValueError as exc:
        yield 'match.regex', 'cannot be given to rsyslog as a POSIX ERE: %s' % exc
