# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shapes of a signature and of a file of protected records, for mypy and for readers; catalog/*.schema.json say the
same, and a test holds the one against the other.

A class `_X` holds the keys of `X` that are required, the class `X` itself the others. Python 3.10 knows no shorter way.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any, Literal, TypedDict

Disposition = Literal['fix', 'divert', 'explain', 'investigate']
Requires = Literal['boot', 'login', 'restart', 'none']
Transport = Literal['kernel', 'syslog', 'journal', 'stdout', 'audit', 'driver']
Priority = Literal['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']
Uid = Literal['root', 'system', 'any']
Release = Literal[7, 8, 9, 10]


class Bilingual(TypedDict):
    en: str
    ko: str


class _Match(TypedDict):
    literal: str | list[str]
    regex: str
    priority: Priority


class Match(_Match, total=False):
    """Which messages the signature speaks of."""
    identifiers: list[str]
    comms: list[str]
    transport: list[Transport]
    boot_seconds: int
    uid: Uid
    exes: list[str]


class Watch(TypedDict):
    opened: str
    closed: str
    finding: Bilingual


class _Applies(TypedDict):
    el: list[Release]


class Applies(_Applies, total=False):
    when: list[str]


class _Remedy(TypedDict):
    role: str
    requires: Requires
    side_effects: Bilingual


# A key of the name of a keyword cannot be written otherwise.
_With = TypedDict('_With', {'with': dict[str, Any]}, total=False)


class Remedy(_Remedy, _With, total=False):  # pylint: disable=inherit-non-class  # they are
    """The key `remedy` of a signature. `with` is what the role takes beside the id."""
    opt_in: bool


class FixedBuild(TypedDict):
    el: Release
    version: str


class FixedBy(TypedDict):
    """The key `fixed_by` of a signature."""
    package: str
    builds: list[FixedBuild]


class _Occasions(TypedDict):
    trigger: str | list[str]


class Occasions(_Occasions, total=False):
    """The key `verify` of a signature."""
    delay: int  # seconds


class _Reference(TypedDict):
    source: str
    read: str


class Reference(_Reference, total=False):
    url: str
    says: str


class Control(TypedDict):
    framework: str
    id: str


class Governance(TypedDict):
    owner: str
    expires: str | None


class _Example(TypedDict):
    text: str


class Example(_Example, total=False):
    """A message of the tests; what positive and negative ones share."""
    identifier: str
    comm: str
    transport: Transport
    priority: Priority
    since_boot: int  # seconds
    facility: int
    uid: int
    exe: str


class Positive(Example, total=False):
    el: Release
    source: str


class Negative(Example):
    why: str


class Examples(TypedDict):
    positive: list[Positive]
    negative: list[Negative]


# A key of the name of a keyword cannot be written otherwise.
_Class = TypedDict('_Class', {'class': Literal['benign', 'misconfig', 'environmental', 'vendor', 'degraded', 'security-relevant']})


# A key of the name of a keyword cannot be written otherwise.
_From = TypedDict('_From', {'from': Literal['process', 'kernel', 'host', 'audit']})


class _Look(_From):  # pylint: disable=inherit-non-class  # it is one
    tells: Bilingual
    seconds: int


class Look(_Look, total=False):
    """One item of the key `context` of a signature."""
    identifiers: list[str]
    lines: list[str]
    holding: str
    before: int
    after: int


class _Signature(_Class):  # pylint: disable=inherit-non-class  # it is one
    id: str
    revision: int
    title: Bilingual
    disposition: Disposition
    match: Match
    applies: Applies
    cause: Bilingual
    vanishes_from: list[Literal['journal', 'messages', 'secure']]
    verify: Occasions
    references: list[Reference]
    controls: list[Control]
    governance: Governance
    tests: Examples


class Signature(_Signature, total=False):
    """A known message and what is to be done about it."""
    alert: Literal['exempt']
    watch: Watch
    context: list[Look]
    advice: Bilingual
    fixed_by: FixedBy
    remedy: Remedy


class _ProtectedGroup(TypedDict):
    what: str
    source: str
    texts: list[str]


class ProtectedGroup(_ProtectedGroup, total=False):
    identifiers: list[str]
    transport: Transport
    facility: Literal['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'cron', 'authpriv', 'ftp', 'local0', 'local1',
                      'local2', 'local3', 'local4', 'local5', 'local6', 'local7']
    priority: Priority
    el: list[Release]
    within: bool
    repairable: bool


_ProtectedClass = TypedDict('_ProtectedClass', {'class': str})


class _ProtectedFile(_ProtectedClass):  # pylint: disable=inherit-non-class  # it is one
    about: str
    records: list[ProtectedGroup]


class ProtectedFile(_ProtectedFile, total=False):
    """A file of catalog/protected."""
    whole: bool
