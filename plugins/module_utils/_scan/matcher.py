# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides which signatures a log entry matches. Scanners, catalog and tests all use this one implementation.

An entry matches a signature when all of this holds, cheapest first:

* it is not a trace of Ansible, sudo or auditd repeating a command line (`is_own_trace`): the arguments of a scan hold
  every pattern, and whoever logs a command line logs the patterns with it;
* it comes from where the signature says (`identifiers`, `comms`, `transport`), and from whom: fields that journald
  alone sets (`uid`, `exes`) tell the program from whoever writes under its name, and the facility tells the kernel;
* it is not more severe than the signature's `priority`;
* it was written at most `boot_seconds` after a boot, where the signature says so;
* its text holds one of the signature's literals, and then the regex is found in it.

Standard library only. Runs under Python 2.7 and 3.6-3.13, with the same answer on each.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import re
import signal

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.codes import SEVERITY_KEYWORDS as PRIORITIES
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.proof_messages import is_of_proof

# message (text), identifier (text or None), comm (text or None), transport (text, '' when a journal entry carries none,
# None for a line of a text log), priority (int 0-7 or None), facility (int 0-23 or None), uid (int or None: _UID), exe
# (text or None: _EXE). Text is unicode.
Entry = collections.namedtuple('Entry', 'message identifier comm transport priority facility uid exe')
Entry.__new__.__defaults__ = (None, None, None)
# An Entry without its message.
Source = collections.namedtuple('Source', 'identifier comm transport priority facility uid exe')
Source.__new__.__defaults__ = (None, None, None)
# What a text is, wherever it comes from: found (tuple of indexes: the signatures whose literal and regex it holds),
# command (bool: sudo would write it of a command line), report (bool: Ansible would write it of a module), plain (bool:
# rsyslog writes it to a file as it is).
Reading = collections.namedtuple('Reading', 'found command report plain')
Reading.__new__.__defaults__ = (True,)

WARNING = PRIORITIES.index('warning')
MINIMUM_LITERAL = 8
COMM_LENGTH = 15  # the kernel's TASK_COMM_LEN less its NUL

KERNEL_FACILITY = 0  # the kernel gives no other to its own text, and lets nobody else have it (printk.c)
# What writes to /dev/kmsg while there is no journal: the entry has the transport of the kernel, another facility and the
# program's own name. Root can write the same, so a signature must name the program.
KMSG_WRITERS = re.compile(r'systemd(?:-[a-z0-9-]+)?\Z|[a-z0-9-]+-generator\Z')
# Who may write what a signature knows (`match.uid`), by _UID: journald has it from the kernel, with every datagram.
UIDS = ('root', 'system', 'any')
SYSTEM_UID_MAX = 999  # /etc/login.defs of EL 7 to 10
INVALID_UID = -1
NUMBER = re.compile(r'(?:0|[1-9][0-9]{0,9})\Z')

# What rsyslog.conf of EL 7 to 10 sends where: `*.info;mail.none;authpriv.none;cron.none` and `authpriv.*`.
USER, MAIL, CRON, AUTHPRIV = 1, 2, 9, 10
NOTICE, INFO = PRIORITIES.index('notice'), PRIORITIES.index('info')
# rsyslog escapes control characters, drops a line feed at the end, and cuts what is longer than 8 KiB.
ESCAPED = re.compile(u'[\0-\x1f\x7f\ufffd]')
LONGEST_LINE = 8000

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

WORD = re.compile(r'[A-Za-z0-9]+')
# Up to this many literals, looking for one after the other is fastest.
FEW_LITERALS = 48
# The regexes of so many signatures are compiled before any is needed.
FEW_SIGNATURES = 100
# How many answers about sources are kept: more than a server has programs.
REMEMBERED = 4096
# Processor seconds for one regex on one text. The catalog refuses what could take longer (_catalog/_safe_regex.py), but who calls
# a module is free to pass anything.
SEARCH_LIMIT = 5


class SignatureError(ValueError):
    """A signature is not valid. The text names it, the key and what is wrong."""


def is_own_trace(entry):
    """Return whether this Entry records a command line or module arguments, so the patterns, rather than an event."""
    message = entry.message
    return traces_anywhere(message) or is_trace(
        entry, bool(SUDO_COMMAND.search(message)), bool(ANSIBLE_MESSAGE.match(message)))


def traces_anywhere(message):
    """Return whether this text (unicode) is such a record, whoever wrote it."""
    return bool(ANSIBLE_INVOKED.match(message) or AUDIT_RECORD.match(message))


def is_record(message, source):
    """Return whether an entry of this text and Source is such a record rather than an event, where it has no priority."""
    return (source.transport == 'audit' or (source.identifier or '').startswith('ansible-')
            or traces_anywhere(message))


def needs_explanation(message, source):
    """Return whether an entry of this text and Source (or Entry) is a warning or worse that somebody has to explain.

    An audit record is explained where it comes from the kernel or auditd, and a test message of the proof of a syslog policy by each
    of its words. Ansible logs nothing as a warning: what says so under its name is of somebody else. What auditd or sudo warn of is
    an event, such as a user who is not in sudoers, though sudo repeats the command.
    """
    return (source.priority is not None and source.priority <= WARNING and not is_audit_record(message, source)
            and not is_test_message(message, source))


def is_audit_record(message, source):
    """Return whether an entry of this text and Source is a record of the audit system, by trusted fields where it has any."""
    if source.transport == 'audit':
        return True
    if not AUDIT_RECORD.match(message):
        return False
    if source.transport == 'kernel':
        return source.facility == KERNEL_FACILITY
    by_daemon = bool(AUDIT_IDENTIFIERS.match(source.identifier or ''))
    return by_daemon and source.uid == 0 if source.transport is not None else by_daemon or source.identifier == 'kernel'


def is_test_message(message, source):
    """Return whether an entry of this text and Source is a test message of the proof, by trusted fields where it has any."""
    return (is_of_proof(message, source.identifier, source.facility, source.priority)
            and (source.transport is None or source.transport == 'syslog' and source.uid == 0))


def is_trace(source, command, report):
    """Return the same for a Source (or Entry) whose text looks like that of sudo (`command`) or Ansible (`report`)."""
    identifier = source.identifier or ''
    if source.transport == 'audit' or AUDIT_IDENTIFIERS.match(identifier) or identifier.startswith('ansible-'):
        return True
    if command and identifier in SUDO_IDENTIFIERS:
        return True
    return bool(report and ANSIBLE_WRITERS.match(identifier or source.comm or ''))


def compile_regex(pattern):
    r"""Compile a pattern (text); raises ValueError that says why not.

    `\d`, `\w`, `\s`, `\b` and ignoring case are about ASCII on every Python, as 2.7 has it for text patterns. What 2.7
    cannot read at all is refused when the catalog is loaded.
    """
    try:
        return re.compile(pattern, getattr(re, 'ASCII', 0))
    except (re.error, OverflowError, ValueError) as error:
        raise ValueError('not a regular expression: %s' % error)


class Pattern:
    """A regular expression of a signature, compiled on first use: compiling a thousand takes longer than a scan."""

    def __init__(self, owner, key, text):
        """:param owner: id of the signature. Raises SignatureError if `text` is not a text."""
        if not is_text(text):
            raise SignatureError('%s: key %s: must be a text' % (owner, key))
        self._where, self._text, self._compiled = '%s: key %s: ' % (owner, key), as_text(text), None

    def compiled(self):
        """The re.Pattern. Raises SignatureError."""
        if self._compiled is None:
            try:
                self._compiled = compile_regex(self._text)
            except ValueError as error:
                raise SignatureError(self._where + str(error))
        return self._compiled

    def search(self, text):
        """Search as re.Pattern.search does. Raises SignatureError."""
        return self.compiled().search(text)


class Signature:
    """The parts of a signature (dict of the catalog) that the matcher needs: `id`, `match` and optionally `watch`."""

    def __init__(self, data):
        """Raise SignatureError if a required key is missing or not valid."""
        if not isinstance(data, dict) or not is_text(data.get('id')):
            raise SignatureError('a signature without the key id')
        self.id = as_text(data['id'])
        self.kind = data.get('kind')  # of what was not recorded (_scan/lost_messages.py)
        match = data.get('match')
        if not isinstance(match, dict):
            raise SignatureError('%s: key match: must be a mapping' % self.id)
        literal = match.get('literal')
        self.literals = [literal] if is_text(literal) else list(literal or [])
        if not self.literals or not all(is_text(one) and len(one) >= MINIMUM_LITERAL for one in self.literals):
            raise SignatureError('%s: key match.literal: must be a text of %d characters or more, or a list of such'
                                 % (self.id, MINIMUM_LITERAL))
        self.literals = [as_text(one) for one in self.literals]
        self.regex = Pattern(self.id, 'match.regex', match.get('regex'))
        names = match.get('identifiers') or ()
        # A frozenset is of _scan/lost_messages.py, long, and shared.
        self.identifiers = names if isinstance(names, frozenset) else frozenset(as_text(name) for name in names)
        self.comms = frozenset(as_text(name)[:COMM_LENGTH] for name in match.get('comms') or ())
        self.transports = frozenset(as_text(name) for name in match.get('transport') or ())
        priority = match.get('priority')
        if priority is not None and priority not in PRIORITIES:
            raise SignatureError('%s: key match.priority: must be one of %s' % (self.id, ', '.join(PRIORITIES)))
        self.most_severe = None if priority is None else PRIORITIES.index(priority)
        self.boot_seconds = match.get('boot_seconds')
        if self.boot_seconds is not None and (
                not isinstance(self.boot_seconds, int) or isinstance(self.boot_seconds, bool) or self.boot_seconds < 1):
            raise SignatureError('%s: key match.boot_seconds: must be a number of seconds, 1 or more' % self.id)
        self.uid = as_text(match.get('uid') or 'system')
        if self.uid not in UIDS:
            raise SignatureError('%s: key match.uid: must be one of %s' % (self.id, ', '.join(UIDS)))
        self.exes = frozenset(as_text(path) for path in match.get('exes') or ())
        watch = data.get('watch') or {}
        self.opened, self.closed = (Pattern(self.id, 'watch.' + key, watch[key]) if watch.get(key) else None
                                    for key in ('opened', 'closed'))

    def accepts(self, entry):
        """Return whether source and severity of an Entry or Source fit. The text is not looked at."""
        if entry.priority is not None and self.most_severe is not None and entry.priority < self.most_severe:
            return False
        return self._accepts_line(entry) if entry.transport is None else self._accepts_journal(entry)

    def _accepts_journal(self, entry):
        if self.transports and entry.transport not in self.transports or not self._accepts_writer(entry):
            return False
        if not self.identifiers and not self.comms:
            return True
        if entry.identifier is not None:
            return entry.identifier in self.identifiers
        return entry.comm is not None and entry.comm[:COMM_LENGTH] in self.comms

    def _accepts_writer(self, entry):
        """Return whether a journal entry is from the writer that the signature names, by trusted fields alone."""
        if entry.transport == u'kernel':
            return (entry.facility == KERNEL_FACILITY
                    or entry.identifier in self.identifiers and bool(KMSG_WRITERS.match(entry.identifier)))
        # What a process sends has a _UID: an entry without is journald's own, or an import's.
        if entry.uid is not None and self.uid != 'any' and not (
                0 <= entry.uid <= (0 if self.uid == 'root' else SYSTEM_UID_MAX)):
            return False
        return not self.exes or entry.exe in self.exes

    def _accepts_line(self, entry):
        """Return whether a line of a text log fits. Its tag is the identifier or else a comm; it has no transport."""
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
        """:param signatures: list of dicts of the catalog. Raises SignatureError."""
        self.signatures = [Signature(data) for data in signatures]
        # So few are tried at once, for who calls a module without the catalog.
        few = [signature for signature in self.signatures if not signature.kind]  # _scan/lost_messages.py is tested
        for signature in few if len(few) <= FEW_SIGNATURES else ():
            for pattern in (signature.regex, signature.opened, signature.closed):
                if pattern:
                    pattern.compiled()
        # literal -> indexes of the signatures that have it: each literal is looked for once a text.
        self._gates = {}
        for index, signature in enumerate(self.signatures):
            for literal in signature.literals:
                self._gates.setdefault(literal, []).append(index)
        self.literals = sorted(self._gates)
        self._timed = frozenset(index for index, signature in enumerate(self.signatures)
                                if signature.boot_seconds is not None)
        self.needs_exe = any(signature.exes for signature in self.signatures)
        self._index_literals()
        self._classified = {}
        self._searching = None  # index of the signature whose regex runs
        self._searches = 0

    def matches(self, entry, since_boot=None):
        """Return the indexes (list of int, ascending) of all signatures that an Entry matches."""
        return self.examine(entry, since_boot)[0]

    def examine(self, entry, since_boot=None):
        """Return (matches, lookalikes) of an Entry, both as ascending indexes of signatures.

        :param since_boot: seconds from the boot to the entry, None where nobody can tell: then it counts as soon enough.

        A lookalike is an entry of the journal that does not match, though a text log would show it just like one that
        does: a user process that poses as the kernel or as a program of the system, a line more severe than the signature
        allows.
        """
        reading = self.read(entry.message)
        if not reading:
            return [], []
        matches, lookalikes = self.classify(reading, Source(*entry[1:]))
        return self.in_time(matches, lookalikes, since_boot)

    def in_time(self, matches, lookalikes, since_boot):
        """Return (matches, lookalikes) of an entry that was written so many seconds (None: unknown) after a boot.

        What comes too late for a signature is a lookalike: a text log would show it just like one in time.
        """
        if since_boot is None or self._timed.isdisjoint(matches):
            return matches, lookalikes
        late = [index for index in matches if index in self._timed and since_boot > self.signatures[index].boot_seconds]
        return [index for index in matches if index not in late], sorted(list(lookalikes) + late) if late else lookalikes

    def is_timed(self, matches):
        """Return whether one of these signatures (indexes) limits the time since boot."""
        return not self._timed.isdisjoint(matches)

    def read(self, message):
        """Return the Reading of a text (unicode), by the text alone, or None if no signature can match it."""
        candidates = set()
        for literal in self._held(message):
            candidates.update(self._gates[literal])
        if not candidates or traces_anywhere(message):
            return None
        found = []
        for index in sorted(candidates):
            self._searching, self._searches = index, self._searches + 1
            if self.signatures[index].regex.search(message):
                found.append(index)
        self._searching = None
        if not found:
            return None
        return Reading(tuple(found), bool(SUDO_COMMAND.search(message)), bool(ANSIBLE_MESSAGE.match(message)),
                       is_plain(message))

    def _index_literals(self):
        """Prepare _held: which literals to search for in a text that contains certain words.

        A word that stands within a literal, and not at its ends, is a word of each text that holds the literal. Of
        these, each literal goes by the one that is in the fewest.
        """
        words = dict((literal, [found.group() for found in WORD.finditer(literal)
                                if found.start() and found.end() < len(literal)]) for literal in self.literals)
        number = collections.Counter(word for found in words.values() for word in set(found))
        self._by_word, self._by_beginning = {}, {}
        for literal in self.literals:
            if words[literal]:
                word = min(words[literal], key=lambda one: (number[one], -len(one)))
                self._by_word.setdefault(word, []).append(literal)
            else:
                self._by_beginning.setdefault(literal[:MINIMUM_LITERAL], []).append(literal)

    def _held(self, message):
        """Return the literals that a text contains."""
        if len(self.literals) <= FEW_LITERALS:
            return [literal for literal in self.literals if literal in message]
        likely = [literal for word in set(WORD.findall(message)).intersection(self._by_word)
                  for literal in self._by_word[word]]
        if len(self._by_beginning) <= FEW_LITERALS:
            likely.extend(literal for literals in self._by_beginning.values() for literal in literals)
        else:
            size = MINIMUM_LITERAL
            pieces = set([message[place:place + size] for place in range(len(message) - size + 1)])
            for piece in pieces.intersection(self._by_beginning):
                likely.extend(self._by_beginning[piece])
        return [literal for literal in likely if literal in message]

    def classify(self, reading, source):
        """Return (matches, lookalikes) of an entry with the text of a Reading and a Source, as `examine` does."""
        key = (reading, source)
        found = self._classified.get(key)
        if found is None:
            if len(self._classified) >= REMEMBERED:
                self._classified.clear()
            found = self._classified[key] = self._classify(reading, source)
        return found

    def _classify(self, reading, source):
        if is_trace(source, reading.command, reading.report):
            # What auditd says of its own losses repeats nobody's command line.
            return [index for index in reading.found
                    if self.signatures[index].kind and self.signatures[index].accepts(source)], []
        matches = [index for index in reading.found if self.signatures[index].accepts(source)]
        if source.transport is None or len(matches) == len(reading.found):
            return matches, []
        lines = [source._replace(identifier=tag, transport=None, priority=None)
                 for tag in ([source.identifier] if source.identifier is not None else [source.comm, ANONYMOUS_TAG])]
        return matches, [index for index in reading.found
                         if index not in matches and source.transport in TEXT_TRANSPORTS
                         and any(self.signatures[index].accepts(line) for line in lines)]

    def limited(self):
        """Context manager (main thread only): a regex that runs for too long raises SignatureError."""
        return _Limit(self)


class _Limit:
    """Checks every SEARCH_LIMIT processor seconds whether the same search still runs. It costs nothing in between."""

    def __init__(self, matcher):
        self._matcher = matcher

    def __enter__(self):
        self._seen = None
        self._handler = signal.signal(signal.SIGVTALRM, self._look)
        signal.setitimer(signal.ITIMER_VIRTUAL, SEARCH_LIMIT, SEARCH_LIMIT)

    def __exit__(self, *_exception):
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, self._handler)

    def _look(self, _signal, _frame):
        matcher = self._matcher
        if matcher._searching is not None and matcher._searches == self._seen:
            raise SignatureError(
                '%s: key match.regex: ran for more than %d seconds on one message, so it backtracks without end; begin '
                'or end what is repeated with a delimiter, as in (?:[^,]*,)* instead of (?:[^,]*)*'
                % (matcher.signatures[matcher._searching].id, SEARCH_LIMIT))
        self._seen = matcher._searches


def is_plain(message):
    """Return whether rsyslog writes this text (unicode) to a file unchanged, so that a scan of the file matches."""
    return len(message) <= LONGEST_LINE and not ESCAPED.search(message[:-1] if message.endswith(u'\n') else message)


def text_log(source, plain):
    """Return the text log of EL (`messages` or `secure`) that shows an entry of this Source (or Entry), '' for none.

    By the rules that EL ships: where a host has others, an entry may be held not to be there that is.

    :param plain: `is_plain` of its text.
    """
    facility = USER if source.facility is None else source.facility  # so says imjournal
    if not plain or source.transport not in TEXT_TRANSPORTS:
        return u''
    if facility == AUTHPRIV:
        return u'secure'
    severity = NOTICE if source.priority is None else source.priority
    return u'' if facility in (MAIL, CRON) or severity > INFO else u'messages'


def to_uid(text):
    """Return the number of a user id (text): None if there is none, INVALID_UID if it is not a number."""
    return None if not text else int(text) if NUMBER.match(text) else INVALID_UID


def to_facility(text):
    """Return the number of a facility (text), or None if it is missing or not a facility."""
    return int(text) if text is not None and NUMBER.match(text) and int(text) <= 23 else None


def is_text(value):
    """Return whether this value is text. In Python 2 the parameters of a module are UTF-8 in `str`."""
    return isinstance(value, (str, type(u'')))


def as_text(value):
    """Return UTF-8 bytes as unicode text (invalid bytes become U+FFFD); text is returned unchanged."""
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else value


def error_text(error):
    """Return the message of an exception as text."""
    try:
        return as_text(str(error))
    except UnicodeError:  # Python 2, of text that is no ASCII
        return type(u'')(error)
