# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which signatures does a log entry match? The only place that answers it: scanners, catalogue and tests ask here.

An entry matches a signature when all of this holds, cheapest first:

* it is not a trace of Ansible, sudo or auditd repeating a command line (`is_own_trace`): the arguments of a scan hold
  every pattern, and whoever logs a command line logs the patterns with it;
* it comes from where the signature says (`identifiers`, `comms`, `transport`);
* it is not more severe than the signature's `priority`;
* its text holds one of the signature's literals, and then the regex is found in it.

Standard library only. Runs under Python 2.7 and 3.6-3.13, with the same answer on each.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import re

# message (text), identifier (text or None), comm (text or None), transport (text, '' when a journal entry carries none,
# None for a line of a text log), priority (int 0-7 or None). Text is unicode.
Entry = collections.namedtuple('Entry', 'message identifier comm transport priority')

PRIORITIES = ('emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug')
MINIMUM_LITERAL = 8
COMM_LENGTH = 15  # the kernel's TASK_COMM_LEN less its NUL

# Transports whose entries reach text logs through imjournal or imuxsock.
TEXT_TRANSPORTS = frozenset(('journal', 'syslog', 'stdout', 'kernel'))
# imjournal before 8.2412 (and without Red Hat's patch in EL9) writes this tag for an entry without identifier.
ANONYMOUS_TAG = 'journal'

AUDIT_IDENTIFIERS = re.compile(r'audit$|auditd$|audispd$|audisp')
# Without auditd the kernel prints audit records itself; 3.16 and later put "audit: " before them.
AUDIT_RECORD = re.compile(r'(?:audit: )?type=[0-9]+ audit\(')
# AnsibleModule.log of ansible-core: openlog("ansible-MODULE") with "Invoked with ARGS" (or another text); with
# python3-systemd on the target, an entry without identifier and the message "ansible-MODULE Invoked with ARGS".
ANSIBLE_INVOKED = re.compile(r'\s*ansible-\S+ Invoked(?: with |\Z)')
ANSIBLE_MESSAGE = re.compile(r'\s*ansible-\S+ ')
ANSIBLE_WRITERS = re.compile(r'journal\Z|(?:platform-)?python')
SUDO_IDENTIFIERS = frozenset(('sudo', 'doas'))
# sudo repeats the command line; what does not fit into one line follows in "(command continued)" lines.
SUDO_COMMAND = re.compile(r'COMMAND=|\(command continued\)|ran command ')


class SignatureError(ValueError):
    """A signature cannot be used; the text names it, the key and what is wrong."""


def is_own_trace(entry):
    """Is this Entry a record of a command line or of module arguments, so of the patterns looked for, and no event?"""
    identifier = entry.identifier or ''
    if entry.transport == 'audit' or AUDIT_IDENTIFIERS.match(identifier) or identifier.startswith('ansible-'):
        return True
    if identifier in SUDO_IDENTIFIERS and SUDO_COMMAND.search(entry.message):
        return True
    if ANSIBLE_MESSAGE.match(entry.message) and ANSIBLE_WRITERS.match(identifier or entry.comm or ''):
        return True
    return bool(ANSIBLE_INVOKED.match(entry.message) or AUDIT_RECORD.match(entry.message))


def compile_regex(pattern):
    r"""Compile a pattern (text); raises ValueError that says why not.

    `\d`, `\w`, `\s`, `\b` and ignoring case are about ASCII on every Python, as 2.7 has it for text patterns. What 2.7
    cannot read at all is refused when the catalogue is loaded.
    """
    try:
        return re.compile(pattern, getattr(re, 'ASCII', 0))
    except (re.error, OverflowError, ValueError) as error:
        raise ValueError('not a regular expression: %s' % error)


class Signature:
    """What the matcher needs of one signature (dict of the catalogue): `id`, `match` and optionally `watch`."""

    def __init__(self, data):
        """Raises SignatureError when a needed key is missing or cannot be used."""
        if not isinstance(data, dict) or not is_text(data.get('id')):
            raise SignatureError('a signature without the key id')
        self.id = as_text(data['id'])
        match = data.get('match')
        if not isinstance(match, dict):
            raise SignatureError('%s: key match: must be a mapping' % self.id)
        literal = match.get('literal')
        self.literals = [literal] if is_text(literal) else list(literal or [])
        if not self.literals or not all(is_text(one) and len(one) >= MINIMUM_LITERAL for one in self.literals):
            raise SignatureError('%s: key match.literal: must be a text of %d characters or more, or a list of such'
                                 % (self.id, MINIMUM_LITERAL))
        self.literals = [as_text(one) for one in self.literals]
        self.regex = self._compile('match.regex', match.get('regex'))
        self.identifiers = frozenset(as_text(name) for name in match.get('identifiers') or ())
        self.comms = frozenset(as_text(name)[:COMM_LENGTH] for name in match.get('comms') or ())
        self.transports = frozenset(as_text(name) for name in match.get('transport') or ())
        priority = match.get('priority')
        if priority is not None and priority not in PRIORITIES:
            raise SignatureError('%s: key match.priority: must be one of %s' % (self.id, ', '.join(PRIORITIES)))
        self.most_severe = None if priority is None else PRIORITIES.index(priority)
        watch = data.get('watch') or {}
        self.opened = self._compile('watch.opened', watch['opened']) if watch.get('opened') else None
        self.closed = self._compile('watch.closed', watch['closed']) if watch.get('closed') else None

    def _compile(self, key, pattern):
        if not is_text(pattern):
            raise SignatureError('%s: key %s: must be a text' % (self.id, key))
        try:
            return compile_regex(as_text(pattern))
        except ValueError as error:
            raise SignatureError('%s: key %s: %s' % (self.id, key, error))

    def accepts(self, entry):
        """Do source and severity of an Entry fit? Says nothing about its text."""
        if entry.priority is not None and self.most_severe is not None and entry.priority < self.most_severe:
            return False
        return self._accepts_line(entry) if entry.transport is None else self._accepts_journal(entry)

    def _accepts_journal(self, entry):
        if self.transports and entry.transport not in self.transports:
            return False
        if not self.identifiers and not self.comms:
            return True
        if entry.identifier is not None:
            return entry.identifier in self.identifiers
        return entry.comm is not None and entry.comm[:COMM_LENGTH] in self.comms

    def _accepts_line(self, entry):
        """A line of a text log: its tag is the identifier or, without one, a comm; its transport is not on record."""
        if self.transports and not self.transports & TEXT_TRANSPORTS:
            return False
        tag = entry.identifier
        if self.identifiers or self.comms:
            return tag is not None and (tag in self.identifiers or tag[:COMM_LENGTH] in self.comms
                                        or (tag == ANONYMOUS_TAG and bool(self.comms)))
        return self.transports != frozenset(('kernel',)) or tag == 'kernel'


class Matcher:
    """Matches entries against many signatures."""

    def __init__(self, signatures):
        """:param signatures: list of dicts of the catalogue. Raises SignatureError."""
        self.signatures = [Signature(data) for data in signatures]
        # literal -> indexes of the signatures that have it: each literal is looked for once an entry.
        gates = {}
        for index, signature in enumerate(self.signatures):
            for literal in signature.literals:
                gates.setdefault(literal, []).append(index)
        self._gates = sorted(gates.items())

    def matches(self, entry):
        """Indexes (list of int, ascending) of the signatures that an Entry matches; every one that matches counts."""
        return self.examine(entry)[0]

    def examine(self, entry):
        """What an Entry is and what it would be taken for: (matches, lookalikes), both indexes, ascending.

        A lookalike is an entry of the journal that does not match, though a text log would show it just like one that
        does: a user process that poses as the kernel, a line more severe than the signature allows.
        """
        message = entry.message
        candidates = set()
        for literal, indexes in self._gates:
            if literal in message:
                candidates.update(indexes)
        if not candidates or is_own_trace(entry):
            return [], []
        found = [index for index in sorted(candidates) if self.signatures[index].regex.search(message)]
        matches = [index for index in found if self.signatures[index].accepts(entry)]
        if entry.transport is None or len(matches) == len(found):
            return matches, []
        lines = [entry._replace(identifier=tag, transport=None, priority=None)
                 for tag in ([entry.identifier] if entry.identifier is not None else [entry.comm, ANONYMOUS_TAG])]
        return matches, [index for index in found if index not in matches and entry.transport in TEXT_TRANSPORTS
                         and any(self.signatures[index].accepts(line) for line in lines)]


def is_text(value):
    """Is this value text? In Python 2 the parameters of a module are UTF-8 in `str`."""
    return isinstance(value, (str, type(u'')))


def as_text(value):
    """Unicode text of UTF-8 bytes (whatever is not UTF-8 becomes U+FFFD); text stays as it is."""
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else value
