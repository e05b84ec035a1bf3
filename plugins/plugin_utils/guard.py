# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guard of the catalogue: what no signature may do, and what every signature must be able to show.

A C(divert) moves lines out of sight of whoever reads /var/log/messages, a C(fix) promises that they end, and an
C(explain) counts them as harmless. None of the three may ever cover a record that an intrusion, a fault or an auditor
needs. The guard judges what a signature really matches (its examples, and records that must never be covered) rather
than how it is worded.

This file is private to the collection: its functions may change in any release.
"""

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import re

from ansible_collections.loghygiene.rhel.plugins.module_utils.matcher import (
    AUDIT_IDENTIFIERS, Entry, KERNEL_FACILITY, KMSG_WRITERS, Matcher, PRIORITIES)
from ansible_collections.loghygiene.rhel.plugins.module_utils.posix_ere import to_ere
from ansible_collections.loghygiene.rhel.plugins.plugin_utils import safe_regex

# Dispositions that take a message off somebody's list.
COVERING = ('fix', 'divert', 'explain')

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

# PAM writes `pam_MODULE(SERVICE:TYPE): ...`, always to authpriv.
PAM_TEXT = re.compile(r'^pam_\w+\(|\([\w./-]+:(?:auth|account|session|password|chauthtok|setcred)\): ')

# Texts that stay, whatever program writes them, and what they are.
PROTECTED_TEXTS = tuple((re.compile(pattern), what) for pattern, what in (
    (r'callbacks suppressed|output lines suppressed|printk messages dropped|[Mm]issed \d+ kernel messages'
     r'|/dev/kmsg buffer overrun',
     'the record that kernel messages were lost'),
    (r'[Ss]uppressed \d+ (?:messages|lines)', 'the record that journald lost messages'),
    (r'messages lost due to rate-limiting|drop messages due to rate-limiting',
     'the record that rsyslog lost messages'),
    (r'audit_backlog|audit_lost|audit: .*(?:backlog|lost|rate limit)|backlog limit exceeded',
     'the record that audit records were lost'),
    (r'\btype=[A-Z0-9_]+ (?:msg=)?audit\(', 'an audit record'),
    (r'\bavc: +denied\b', 'an SELinux denial'),
))


def _records(identifier, transport, *records):
    """Kind and Entry of records of one program, from (kind, message).

    They have no priority: a line of a text log has none either, so match.priority alone protects nothing.
    """
    return tuple((what, written_by(Entry(message, identifier, identifier[:15], transport, None)))
                 for what, message in records)


def written_by(entry, facility=None, uid=None, exe=None):
    """An Entry of the journal with what journald says of who wrote it: of the kernel, or of a program of root."""
    if entry.transport == 'kernel':
        named = entry.identifier is not None and bool(KMSG_WRITERS.match(entry.identifier))
        return entry._replace(facility=facility if facility is not None else 3 if named else KERNEL_FACILITY)
    return entry._replace(facility=facility, uid=0 if uid is None else uid, exe=exe)


# Records that nothing but an investigate may match, one or more of each kind, as they are really written.
PROTECTED_RECORDS = sum((
    _records(
        'sshd', 'syslog',
        ('a failed login', 'Failed password for root from 192.0.2.7 port 51312 ssh2'),
        ('a failed login', 'Failed password for invalid user admin from 192.0.2.7 port 51312 ssh2'),
        ('a failed login', 'Invalid user admin from 192.0.2.7 port 51312'),
        ('a login', 'Accepted publickey for root from 192.0.2.7 port 51312 ssh2: ED25519 SHA256:abc'),
        ('a login', 'Accepted password for root from 192.0.2.7 port 51312 ssh2'),
        ('an attack on sshd', 'strict KEX violation: unexpected packet type 2 (seqnr 1) [preauth]'),
        ('a sign of a scanner', 'dispatch_protocol_error: type 11 seq 11'),
        ('a failed authentication',
         'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7 user=root'),
        ('a session record', 'pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)'),
        ('a broken logind', 'pam_systemd(sshd:session): Failed to release session: Connection timed out'),
        ('a broken logind', 'pam_systemd(sshd:session): Failed to create session: Connection timed out')),
    _records(
        'sshd-session', 'syslog',
        ('a failed login', 'Failed password for root from 192.0.2.7 port 51312 ssh2'),
        ('a login', 'Accepted publickey for root from 192.0.2.7 port 51312 ssh2: ED25519 SHA256:abc'),
        ('a sign of a scanner', 'dispatch_protocol_error: type 11 seq 11 [preauth]'),
        ('a session record', 'pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)')),
    _records(
        'sudo', 'syslog',
        ('a refused command', 'kim : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root'),
        ('a failed authentication',
         'pam_unix(sudo:auth): authentication failure; logname=kim uid=1000 euid=0 tty=/dev/pts/0 ruser=kim rhost= '
         ' user=kim'),
        ('a session record', 'pam_unix(sudo:session): session opened for user root(uid=0) by kim(uid=1000)')),
    _records(
        'su', 'syslog',
        ('a change of user', '(to root) kim on pts/0'),
        ('a change of user', 'FAILED SU (to root) kim on pts/0')),
    _records(
        'login', 'syslog',
        ('a login', 'ROOT LOGIN ON tty1'),
        ('a failed login', 'FAILED LOGIN 1 FROM tty1 FOR root, Authentication failure')),
    _records(
        'crond', 'syslog',
        ('a session record', 'pam_unix(crond:session): session opened for user root by (uid=0)')),
    _records(
        'systemd-logind', 'journal',
        ('a session record', 'New session 12 of user root.')),
    _records(
        'polkitd', 'syslog',
        ('an authorisation',
         'Operator of unix-session:1 successfully authenticated as unix-user:root to gain TEMPORARY authorization for '
         'action org.freedesktop.policykit.exec')),
    _records(
        'useradd', 'syslog',
        ('a new account',
         'new user: name=kim, UID=0, GID=0, home=/home/kim, shell=/bin/bash, from=/dev/pts/0')),
    _records(
        'systemd-journald', 'driver',
        ('lost journal messages', 'Suppressed 1204 messages from sshd.service'),
        ('lost kernel messages', 'Missed 12 kernel messages')),
    _records(
        'rsyslogd', 'syslog',
        ('lost log messages',
         'imjournal: 4711 messages lost due to rate-limiting (20000 allowed within 600 seconds)'),
        ('lost log messages', 'imuxsock[pid 77]: begin to drop messages due to rate-limiting')),
    _records(
        'kernel', 'kernel',
        ('lost kernel messages', 'net_ratelimit: 7 callbacks suppressed'),
        ('lost audit records', 'audit: backlog limit exceeded'),
        ('lost audit records', 'audit: audit_backlog=65 > audit_backlog_limit=64'),
        ('an attack on the network',
         'TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.'),
        ('a forged address', 'IPv4: martian source 192.0.2.1 from 127.0.0.1, on dev eth0'),
        ('a fault', 'watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [kworker/1:1:77]'),
        ('a fault', 'Out of memory: Killed process 4711 (java) total-vm:1kB'),
        ('a fault', 'WARNING: CPU: 1 PID: 77 at kernel/fork.c:1 do_exit+0x0/0xb0'),
        ('a fault of the hardware', 'EDAC MC0: 1 CE memory read error on CPU_SrcID#0_Ha#0_Chan#0_DIMM#0'),
        ('a fault of the hardware', 'mce: [Hardware Error]: Machine check events logged'),
        ('a fault of a disk', 'blk_update_request: I/O error, dev sda, sector 2048'),
        ('a fault of a graphics card', 'i915 0000:00:02.0: [drm] *ERROR* flip_done timed out'),
        ('an unsigned module',
         'foo: module verification failed: signature and/or required key missing - tainting kernel'),
        ('a refused module', 'Loading of module with unavailable key is rejected'),
        ('an unsigned module',
         "Request for unknown module key 'Example: kernel signing key: 0123456789abcdef' err -11"),
        ('a warning of the anti-malware', '<asm>:[ERROR]Filter atamptl register failed')),
), ())


def refusals(signature, examples):
    """Judge one signature that the schema allows.

    :arg signature: dict, valid by the schema.
    :arg examples: its examples as C(examples_of) returns them.
    :returns: list of (key, message): the key of the signature that is at fault, and why and what to do.
    """
    found = list(_regexes(signature))
    if found:
        # Nothing can be matched with it, so nothing else can be told.
        return found
    found.extend(_source(signature))
    found.extend(_examples(signature, examples))
    found.extend(_watch(signature, examples))
    found.extend(_releases(signature))
    if signature['disposition'] in COVERING:
        found.extend(_covering(signature, examples))
    if signature['disposition'] == 'divert':
        found.extend(_divert(signature))
    return found


def overlaps(signatures, examples):
    """Find messages that more than one signature would count.

    :arg signatures: list of dicts without refusals.
    :arg examples: dict from id to what C(examples_of) returned.
    :returns: list of (id, key, message): the signature whose example another one matches too.
    """
    matcher = Matcher(signatures)
    found = set()
    for signature in signatures:
        for key, positive, dummy, entry in examples[signature['id']]:
            for index in matcher.matches(entry) if positive else []:
                other = signatures[index]['id']
                if other != signature['id']:
                    found.add((signature['id'], key,
                               'is matched by the signature %s too, and would be counted twice; narrow one of the two, '
                               'or override one by giving yours its id' % other))
    return sorted(found)


def examples_of(signature):
    """The examples of a signature as entries: in the form of the journal, and in that of a text log where it has one.

    :returns: list of (key, positive, form, entry): C(key) as in C(tests.positive[0].text), C(positive) a bool, C(form)
        C(journal) or C(text log).
    """
    match = signature['match']
    examples = []
    for kind in ('positive', 'negative'):
        for index, test in enumerate(signature['tests'][kind]):
            key = 'tests.%s[%d].text' % (kind, index)
            identifier, comm = test.get('identifier'), test.get('comm')
            if identifier is None and comm is None:
                identifier, comm = _first(match.get('identifiers')), _first(match.get('comms'))
            # '' is how the journal reader tells an entry without transport from a line of a text log.
            transport = test.get('transport', _first(match.get('transport')) or '')
            priority = PRIORITIES.index(test.get('priority', match['priority']))
            entry = written_by(Entry(test['text'], identifier, comm, transport, priority), test.get('facility'),
                               test.get('uid'), test.get('exe', _first(match.get('exes'))))
            # journald gives all that the kernel wrote the name kernel: another stands in text logs only.
            if not (kind == 'positive' and entry.facility == KERNEL_FACILITY and transport == 'kernel'
                    and identifier not in (None, 'kernel')):
                examples.append((key, kind == 'positive', 'journal', entry))
            # A text log holds none of these: a neighbour that differs in them only has no form there.
            differs = kind == 'negative' and any(name in test for name in ('transport', 'priority', 'facility', 'uid', 'exe'))
            if transport not in ('audit', 'driver') and not differs:
                tag = comm if identifier is None else identifier
                examples.append((key, kind == 'positive', 'text log', Entry(test['text'], tag, None, None, None)))
    return examples


def _first(items):
    return items[0] if items else None


def _regexes(signature):
    """Every regular expression must read alike everywhere and end soon."""
    places = [('match.regex', signature['match']['regex'])]
    if 'watch' in signature:
        places.extend(('watch.%s' % key, signature['watch'][key]) for key in ('opened', 'closed'))
    for key, regex in places:
        for problem in safe_regex.problems(regex):
            yield key, problem


def _source(signature):
    """A signature must say who writes the message; the kernel only when journald vouches for it."""
    match = signature['match']
    names = match.get('identifiers', []) + match.get('comms', [])
    transports = match.get('transport', [])
    if any(AUDIT_IDENTIFIERS.match(name) for name in names) or 'audit' in transports:
        yield 'match', 'speaks of audit records, which no signature may touch, and which are never matched; remove it'
    elif 'kernel' in transports and len(transports) > 1:
        yield 'match.transport', ('says kernel and others; write [kernel] alone, or text of a user process would pass '
                                  "for the kernel's")
    elif 'kernel' in transports and match.get('uid') is not None:
        yield 'match.uid', 'says nothing of the kernel, whose text has no user; remove it'
    elif 'kernel' in transports and 'exes' in match:
        yield 'match.exes', 'says nothing of the kernel, whose text no program writes; remove it'
    elif 'kernel' in names and transports != ['kernel']:
        yield 'match.transport', ('must be [kernel] for text written by the kernel: any program can write under its '
                                  'name, but only journald sets the transport')
    elif not names and transports != ['kernel']:
        yield 'match', 'does not say who writes the message; give identifiers, comms, or transport: [kernel]'


def _examples(signature, examples):
    """Positives are matched and hold a literal; negatives are not matched."""
    literals = signature['match']['literal']
    literals = literals if isinstance(literals, list) else [literals]
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


def _described(form, entry):
    """An entry without its message, for an error."""
    said = [(name, value) for name, value in entry._asdict().items() if name != 'message' and value not in (None, '')
            and (name, value) not in (('uid', 0), ('facility', KERNEL_FACILITY))]
    return 'an entry of the %s (%s)' % (form, ', '.join(
        '%s %s' % (name, PRIORITIES[value] if name == 'priority' else value) for name, value in said))


def _watch(signature, examples):
    """A watch must be able to see its state open and close, and never both in one message."""
    if 'watch' not in signature:
        return
    texts = [entry.message for dummy, positive, form, entry in examples if positive and form == 'journal']
    matched = {}
    for key in ('opened', 'closed'):
        matched[key] = [text for text in texts if re.search(signature['watch'][key], text)]
        if not matched[key]:
            yield 'watch.%s' % key, 'matches no positive example; give one, or correct it'
    for text in matched['opened']:
        if text in matched['closed']:
            yield 'watch', 'opened and closed both match %r; narrow one' % text


def _releases(signature):
    """An example cannot be of a release that the signature does not apply to."""
    for index, test in enumerate(signature['tests']['positive']):
        if 'el' in test and test['el'] not in signature['applies']['el']:
            yield 'tests.positive[%d].el' % index, 'is %d, which applies.el does not list; correct one' % test['el']


def _covering(signature, examples):
    """What fix, divert and explain may not cover."""
    disposition = signature['disposition']
    match = signature['match']
    remedy = 'make it investigate, or narrow it'
    if match.get('uid') == 'any' and 'exes' not in match:
        yield 'match.uid', ('is any, so %s would cover what any user writes in the same words; give the file of the program '
                            'in match.exes, or make it investigate' % disposition)
    if PRIORITIES.index(match['priority']) <= PRIORITIES.index('crit'):
        yield 'match.priority', 'is %s; %s may not cover crit or worse; %s' % (match['priority'], disposition, remedy)
    texts = [(key, entry.message) for key, positive, form, entry in examples if positive and form == 'journal']
    for key, text in texts:
        for pattern, what in PROTECTED_TEXTS:
            if pattern.search(text):
                yield key, 'is %s, which %s may not cover; make it investigate' % (what, disposition)
    auth = [name for name in match.get('identifiers', []) + match.get('comms', []) if AUTH_PROGRAMS.match(name)]
    if any(PAM_TEXT.search(text) for dummy, text in texts):
        auth.append('PAM')
    if auth and disposition == 'divert':
        yield 'match', ('speaks of %s, whose records are authpriv or auth; a divert may never touch them; make it '
                        'explain or investigate' % ', '.join(auth))
    elif auth and (not safe_regex.is_anchored(match['regex']) or safe_regex.takes_words(match['regex'])):
        yield 'match.regex', ('must speak of one whole message (^...$) and repeat nothing that takes a space, because '
                              '%s writes access records; %s' % (', '.join(auth), remedy))
    matcher = Matcher([signature])
    for what, entry in PROTECTED_RECORDS:
        if matcher.matches(entry):
            yield 'match', 'would %s %s (%s: %s); %s' % (disposition, what, entry.identifier, entry.message, remedy)


def _divert(signature):
    """A divert is the kernel's alone, and rsyslog must be able to run its regex."""
    if signature['match'].get('transport') != ['kernel']:
        yield 'match.transport', ('must be [kernel]: only text the kernel wrote may be diverted; repair the cause '
                                  '(fix) or explain it instead')
    try:
        to_ere(signature['match']['regex'])
    except ValueError as exc:
        yield 'match.regex', 'cannot be given to rsyslog as a POSIX ERE: %s' % exc
