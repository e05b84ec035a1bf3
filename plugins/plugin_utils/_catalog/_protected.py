# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records that no signature may move, repair away or explain: C(catalog/protected/CLASS.yml).

A text there is a message as a program writes it, with C({name}) where it varies. A signature is held against all of them
at once, and exactly: whether any message at all is both, not whether some example is. For this the texts of one program
are laid in a row of states, one bit each (Baeza-Yates and Gonnet, A new approach to text searching, 1992), and the
automaton of the signature is followed with the whole row.

This file is private to the collection: its functions may change in any release.
"""

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import fnmatch
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import COMM_LENGTH
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import _regex_language as regex_language
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog._regex_language import Automaton, BEGIN, BEYOND, END
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import ProtectedFile, ProtectedGroup

Form = list[tuple[int, bool]]  # of a text: the characters of each state, as bits, and whether it repeats

# What may stand in the place of {name}: expressions, of which each state takes one character or a class of them once
# or more; and a value as it really occurs, for the reader.
SLOTS: dict[str, tuple[list[str], str]] = {
    'number': (['[0-9]+'], '4711'),
    'seconds': (['[0-9.-]+'], '12.345678'),
    'hex': (['[0-9a-fA-Fx]+'], '7f3a5c0d1e'),
    'address': (['[][A-Za-z0-9._:%-]+'], '192.0.2.7'),
    'word': (['[^ ]+'], 'kim'),
    'name': (['[A-Za-z0-9_.@$:/+-]+'], 'acme'),
    'text': (['.+'], 'text'),
    # Whatever a disk is named; not fd0 and sr0, whose errors mean that nothing is in the drive.
    'disk': (['[A-Za-eg-rt-z0-9][A-Za-z0-9_/!.-]+', 's[a-qs-z][A-Za-z0-9_/!.-]+', 'f[a-ce-z][A-Za-z0-9_/!.-]+'], 'sda1'),
    'link': (['[A-Za-z0-9_.@-]+'], 'eth0'),
    'unit': (['sshd%s.service', 'auditd.service', 'rsyslog.service', 'systemd-journald.service', 'systemd-logind.service',
              'firewalld.service', 'nftables.service', 'iptables.service', 'ip6tables.service', 'fapolicyd.service',
              'usbguard.service', 'chronyd.service', 'ntpd.service', 'crond.service', 'sssd.service', 'polkit.service',
              'dbus.service', 'dbus-broker.service', 'systemd-udevd.service', 'NetworkManager.service',
              'network.service', 'clamd%s.service', 'aidecheck.service', 'rngd.service', 'kdump.service',
              'multipathd.service', 'lvm2-monitor.service', 'mdmonitor.service', 'mariadb.service', 'mysqld.service',
              'postgresql%s.service', 'httpd.service', 'nginx.service', 'named.service', 'ipsec.service',
              'libvirtd.service', 'docker.service', 'systemd-fsck%s.service', 'systemd-cryptsetup%s.service',
              'dnf-automatic-install.service', 'user@%s.service', '[a-z0-9-]+.mount'], 'sshd.service'),
    # Units that see an intruder, or tell of one.
    'guard': (['auditd.service', 'rsyslog.service', 'firewalld.service', 'systemd-journald.service', 'sshd.service',
               'nftables.service', 'iptables.service', 'ip6tables.service', 'fapolicyd.service', 'usbguard.service',
               'falcon-sensor.service', 'mdatp.service', 'ds_agent.service', 'wazuh-agent.service', 'osqueryd.service',
               'auditbeat.service', 'filebeat.service', 'elastic-agent.service', 'splunk.service',
               'SplunkForwarder.service', 'sentinelone.service', 'cbagentd.service', 'cbdaemon.service', 'xagt.service',
               'qualys-cloud-agent.service', 'nessusagent.service', 'clamonacc.service', 'sysmon.service',
               'traps_pmd.service', 'fail2ban.service', 'ossec.service', 'snort.service', 'suricata.service',
               'tetragon.service', 'falco.service', 'fluentd.service', 'fluent-bit.service', 'syslog-ng.service'], 'auditd.service'),
    'service': (['[A-Za-z0-9_.-]+'], 'sshd'),
    # Of PAM; not systemd and env, which write noise as well.
    'module': (['[a-df-rt-z][a-z0-9_]+', 'e[a-mo-z][a-z0-9_]+', 's[a-xz][a-z0-9_]+'], 'unix'),
}
SLOT = re.compile(r'\{([a-z]+)\}')
OPEN = '{text}'  # takes anything, the fixed text of a signature too
# Letters and digits that a signature and an open text must both write out, at the same place, before they are taken for
# the same message: `^[^ ]+: no medium found$` does not speak of `Code: {text}`. So it is with texts that stand for every
# message that holds them.
SHARED = 3
KERNEL = 'kernel'
STAMP = Automaton(r'\[[ 0-9]+\.[0-9]+\] ')


class Group:
    """Texts of one kind and the programs that write them.

    :ivar kind: the class (the name of the file). :ivar what: what each is, for an error. :ivar path: the file.
    :ivar names: globs of identifiers, none where anybody may write it.
    :ivar within: whether a text stands for every message that holds it.
    :ivar repairable: whether a fix may cover it, since it repairs the cause.
    :ivar whole: whether its programs write so much evidence that only whole messages may be explained.
    """

    def __init__(self, kind: str, data: ProtectedGroup, path: str, whole: bool) -> None:
        self.kind, self.path, self.whole = kind, path, whole
        self.what, self.texts = data['what'], data['texts']
        self.names: tuple[str, ...] = tuple(data.get('identifiers', ()))
        self.within = data.get('within', False)
        self.transport = data.get('transport', 'syslog')
        self.repairable = data.get('repairable', False)


class Record(NamedTuple):
    """A protected text."""
    group: Group
    what: str
    text: str
    path: str


def groups(kind: str, data: ProtectedFile, path: str) -> list[Group]:
    """The groups of one file that the schema allows.

    :arg kind: the class, which is the name of the file. :arg path: where it is, for errors.
    """
    return [Group(kind, one, path, data.get('whole', False)) for one in data['records']]


def unknown_slots(data: ProtectedFile) -> Iterator[tuple[str, str]]:
    """Yield (key, name) of each C({name}) in a file that is none of C(SLOTS)."""
    for number, one in enumerate(data['records']):
        for place, text in enumerate(one['texts']):
            for name in SLOT.findall(text):
                if name not in SLOTS:
                    yield 'records[%d].texts[%d]' % (number, place), name


def sample(text: str) -> str:
    """A protected text as it might really stand in a log."""
    return SLOT.sub(lambda found: SLOTS[found.group(1)][1], text)


def _alternatives(text: str) -> Iterator[Form]:
    """All forms of a text."""
    pieces = SLOT.split(text)
    options: list[list[Form]] = []
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            options.append([[(1 << min(ord(char), BEYOND), False) for char in piece]])
        else:
            options.append(_slot(piece))
    for chosen in itertools.product(*options):
        yield [state for states in chosen for state in states]


@functools.lru_cache(maxsize=None)
def _slot(name: str) -> list[Form]:
    """The forms of a slot; C(%s) in one stands for the instance of a unit, or for none."""
    forms: list[Form] = []
    for expression in SLOTS[name][0]:
        if name in ('unit', 'guard'):
            expression = expression.replace('.', '\\.')
        for one in ([expression.replace('%s', ''), expression.replace('%s', '@[^ ]+').replace('@@', '@')]
                    if '%s' in expression else [expression]):
            automaton = regex_language.Automaton(one)
            forms.append([(takes, state in automaton.follow[state]) for state, takes in enumerate(automaton.takes)])
    return forms


class Bank:
    """Texts of the same programs, as one row of bits: a bit for each character that a form of a text writes."""

    def __init__(self, names: tuple[str, ...], within: bool, stamped: bool = False) -> None:
        """:arg stamped: whether the kernel's clock may stand before the texts, as in C([   12.345678] TEXT)."""
        self.names, self.within = names, within
        self.records: list[Record] = []
        self._pattern = re.compile('|'.join(fnmatch.translate(name) for name in names)) if names else None
        self._short = frozenset(name[:COMM_LENGTH] for name in names)
        # Of each state: the characters it takes, whether it repeats, begins, ends, is of an open text, is a letter.
        self._states: list[tuple[int, bool, bool, bool, bool, bool]] = []
        self._owners: list[int | None] = []  # None: of the clock
        self._ready = False
        self._stamped = 0
        if stamped and not within:
            # A row of its own; where it ends, any text of the bank may begin.
            row = [(1 << BEGIN, False)] + [(takes, state in STAMP.follow[state]) for state, takes in enumerate(STAMP.takes)]
            self._states.extend((takes, loops, place == 0, False, False, False) for place, (takes, loops) in enumerate(row))
            self._owners.extend([None] * len(row))
            self._stamped = 1 << (len(row) - 1)

    def add(self, record: Record) -> None:
        """Add a text."""
        for form in _alternatives(record.text):
            if not self.within:
                form = [(1 << BEGIN, False)] + form + [(1 << END, False)]
            # The first state of each row begins it; what is shifted into it is taken away.
            letters = [_is_letter(takes) for takes, dummy in form]
            is_open = OPEN in record.text and sum(letters) > SHARED
            self._states.extend((takes, loops, place == 0, place == len(form) - 1, is_open, letters[place])
                                for place, (takes, loops) in enumerate(form))
            self._owners.extend([len(self.records)] * len(form))
        self.records.append(record)

    def speaks_of(self, names: Iterable[str]) -> bool:
        """Whether one of these identifiers or commands writes what is here."""
        if self._pattern is None:
            return True
        return any(self._pattern.match(name) or name in self._short for name in names)

    def _prepare(self) -> None:
        size = len(self._states)
        self._loop, self._begin, self._end, self._open, self._letters = (
            _bits((place for place, state in enumerate(self._states) if state[which]), size) for which in (1, 2, 3, 4, 5))
        kinds: dict[int, list[int]] = {}
        for place, state in enumerate(self._states):
            kinds.setdefault(state[0], []).append(place)
        self._kinds = [(takes, _bits(places, size)) for takes, places in kinds.items()]
        self._inner = ~self._begin
        self._taking: dict[int, int] = {}
        self._ready = True

    def _takes(self, characters: int) -> int:
        found = self._taking.get(characters)
        if found is None:
            found = 0
            for takes, places in self._kinds:
                if takes & characters:
                    found |= places
            self._taking[characters] = found
        return found

    def met_by(self, automaton: Automaton) -> list[Record]:
        """The records that some message is which the automaton finds its expression in."""
        if not self._ready:
            self._prepare()
        return [self.records[number] for number in sorted(self._within(automaton) if self.within
                                                          else self._whole(automaton))]

    def _whole(self, automaton: Automaton) -> set[int]:
        """Whole messages: before and behind what is found, anything may stand."""
        takes, follow = [self._takes(characters) for characters in automaton.takes], automaton.follow
        fixed = [regex_language.is_fixed(characters) for characters in automaton.takes]
        # at[shared][state]: where in the row a message can be that is in this state, with so many letters shared.
        at = [[0] * len(takes) for dummy in range(SHARED + 1)]
        # Before an expression that does not begin with ^, the message can have come to any place.
        anchored = all(automaton.takes[state] == 1 << BEGIN for state in automaton.first)
        before = 0 if anchored else (1 << len(self._states)) - 1
        todo: set[tuple[int, int]] = set()
        for state in automaton.first:
            self._step(before, True, 0, state, at, takes, fixed, todo)
        while todo:
            state, shared = first = min(todo)
            todo.remove(first)
            for after in follow[state]:
                self._step(at[shared][state], False, shared, after, at, takes, fixed, todo)
        # Behind it: at the end already, or anything that still can come.
        open_end = any(automaton.takes[state] != 1 << END for state in automaton.last)
        reached = 0
        for shared, row in enumerate(at):
            for state in automaton.last:
                reached |= row[state] if shared == SHARED else row[state] & ~self._open
        return self._owned(reached if open_end else reached & self._end)

    def _step(self, here: int, begins: bool, shared: int, after: int, at: list[list[int]], takes: Sequence[int],
              fixed: Sequence[bool], todo: set[tuple[int, int]]) -> None:
        """One character further in all texts of the row."""
        if here & self._stamped:
            here |= self._begin
        out = ((here << 1) & self._inner) | (here & self._loop) | (self._begin if begins else 0)
        out &= takes[after]
        more, common = out, 0
        if fixed[after] and shared < SHARED:
            common = out & self._letters
            more = out & ~common
        for level, bits in ((shared, more), (shared + 1, common)):
            bits = bits and bits & ~at[level][after]
            if bits:
                at[level][after] |= bits
                todo.add((after, level))

    def _within(self, automaton: Automaton) -> set[int]:
        """Texts that a message holds: in what the expression writes, not in what it leaves free."""
        takes = [0 if state in automaton.wild else self._takes(characters)
                 for state, characters in enumerate(automaton.takes)]
        fixed = [regex_language.is_fixed(characters) for characters in automaton.takes]
        at = [[0] * len(takes) for dummy in range(SHARED + 1)]
        todo: set[tuple[int, int]] = set()
        for state in range(len(takes)):
            self._step(0, True, 0, state, at, takes, fixed, todo)
        while todo:
            state, shared = first = min(todo)
            todo.remove(first)
            for after in automaton.follow[state]:
                self._step(at[shared][state], False, shared, after, at, takes, fixed, todo)
        # [a-z]+ [a-z]+ can be any two words: only what writes some of the letters speaks of the text.
        reached = 0
        for one in at[SHARED]:
            reached |= one
        return self._owned(reached & self._end)

    def _owned(self, bits: int) -> set[int]:
        """The numbers of the records that these bits belong to."""
        found: set[int] = set()
        while bits:
            place = bits.bit_length() - 1
            owner = self._owners[place]
            if owner is not None:
                found.add(owner)
            # On to the one before it.
            while place >= 0 and self._owners[place] == owner:
                place -= 1
            bits &= (1 << (place + 1)) - 1
        return found


@functools.lru_cache(maxsize=4096)
def _is_letter(takes: int) -> bool:
    """Whether a state takes one letter or digit and nothing else."""
    return regex_language.is_fixed(takes) and takes & (takes - 1) == 0


def _bits(places: Iterable[int], size: int) -> int:
    """An int of so many bits, of which those at the places are set."""
    octets = bytearray(size // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, 'little')


class Protected:
    """All protected texts, ready to be compared with signatures."""

    def __init__(self, found: list[Group]) -> None:
        self.groups = found
        banks: dict[tuple[tuple[str, ...], bool], Bank] = {}
        for group in found:
            names = group.names if group.names or group.transport != KERNEL else (KERNEL,)
            bank = banks.setdefault((names, group.within), Bank(names, group.within, KERNEL in names))
            for text in group.texts:
                bank.add(Record(group, group.what, text, group.path))
        # What names its programs comes first: it tells most.
        self.banks = sorted(banks.values(), key=lambda bank: (bank.within, not bank.names))
        whole = sorted(set(name for group in found if group.whole
                           for name in (group.names or ((KERNEL,) if group.transport == KERNEL else ()))))
        self._whole = re.compile('|'.join(fnmatch.translate(name) for name in whole) or '(?!)')
        self._short = frozenset(name[:COMM_LENGTH] for name in whole)
        self._phrases = [(re.compile(_expression(text)), Record(group, group.what, text, group.path))
                         for group in found if group.within for text in group.texts]

    def met_by(self, names: Iterable[str], automaton: Automaton) -> list[Record]:
        """The records that a signature of these names and with this automaton matches at least one form of.

        :returns: of each bank the first few.
        """
        found: list[Record] = []
        for bank in self.banks:
            if bank.speaks_of(names):
                found.extend(bank.met_by(automaton)[:3])
        return found

    def held_by(self, names: Iterable[str], text: str) -> Record | None:
        """The record whose text a message of one of these programs holds, among those with C(within), or None."""
        for pattern, record in self._phrases:
            if pattern.search(text) and (not record.group.names or any(
                    fnmatch.fnmatchcase(name, glob) for name in names for glob in record.group.names)):
                return record
        return None

    def evidence_of(self, names: Iterable[str]) -> list[str]:
        """Of some identifiers and commands, those whose programs write evidence."""
        return [name for name in names if self._whole.match(name) or name in self._short]

    def records(self) -> Iterator[tuple[Group, str]]:
        """Yield the group and text of every protected text, as it might stand in a log."""
        for group in self.groups:
            for text in group.texts:
                yield group, sample(text)


def _expression(text: str) -> str:
    """A protected text as an expression."""
    pieces = SLOT.split(text)
    return ''.join(re.escape(piece) if place % 2 == 0 else '(?:%s)' % '|'.join(
        one.replace('%s', '') for one in SLOTS[piece][0]) for place, piece in enumerate(pieces))
