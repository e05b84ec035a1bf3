# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remember which signatures the guard let pass: it takes a second and more, and says the same of the same signature each time.

What is kept are digests, in the Ansible home of the user (ANSIBLE_HOME, C(~/.ansible) by default). A signature is passed over only if
it, every protected record, the code of this collection and Python are what they were. What is refused is never remembered.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import contextlib
import functools
import hashlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator

from ansible import constants

FOLDER = 'loghygiene'  # in the Ansible home
MOST = 8  # files that are kept, one for each set of protected records, version of the collection and Python
PLUGINS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Memory:
    """The signatures that passed under some protected records, as this collection and Python tell it."""

    def __init__(self, protected: Iterable[str]) -> None:
        """:arg protected: the folders of protected records; what is in them must have been read and found right."""
        told = '\n'.join([sys.version, _code(), *filter(None, map(_content, protected))])
        self._path = os.path.join(_folder(), 'guarded-%s.json' % _digest(told)[:32])
        self._passed = _read(self._path)
        self._fresh: set[str] = set()

    def has(self, signature: str) -> bool:
        """Whether a signature (in JSON) has passed."""
        return _digest(signature) in self._passed

    def add(self, signature: str) -> None:
        """Note that a signature (in JSON) has passed."""
        self._fresh.add(_digest(signature))

    def keep(self) -> None:
        """Write down what was noted. Where that cannot be done, the guard looks again next time."""
        if self._fresh - self._passed:
            with contextlib.suppress(OSError):
                _write(self._path, sorted(_read(self._path) | self._fresh))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()


def _folder() -> str:
    return os.path.join(os.path.expanduser(constants.ANSIBLE_HOME), FOLDER)  # type: ignore[attr-defined]  # made as Ansible starts


@functools.lru_cache(maxsize=None)
def _code() -> str:
    """A digest of all code that the guard may use."""
    return ' '.join(_content(os.path.join(PLUGINS, name), '.py') for name in ('module_utils', 'plugin_utils'))


def _content(top: str, suffix: str = '') -> str:
    """A digest of each of the files in a folder and below it whose names end so; nothing where there are none."""
    told = []
    for path in sorted(_files(os.path.expanduser(top), suffix)):
        with open(path, 'rb') as stream:
            told.append('%s %s' % (_digest(path), hashlib.sha256(stream.read()).hexdigest()))
    return ' '.join(told)


def _files(top: str, suffix: str) -> Iterator[str]:
    for folder, dummy, names in os.walk(top):
        yield from (path for path in (os.path.join(folder, name) for name in names if name.endswith(suffix)) if os.path.isfile(path))


def _read(path: str) -> set[str]:
    """What a file remembers; nothing where somebody else may have written it, or it is damaged."""
    try:
        if not _ours(os.stat(os.path.dirname(path))):
            return set()
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK), encoding='ascii') as stream:
            status = os.fstat(stream.fileno())
            found = json.load(stream) if _ours(status) and stat.S_ISREG(status.st_mode) else []
    except (OSError, ValueError, RecursionError):
        return set()
    return {one for one in found if isinstance(one, str)} if isinstance(found, list) else set()


def _ours(status: os.stat_result) -> bool:
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(path: str, passed: list[str]) -> None:
    """:raises OSError: the file could not be written; the one before it is as it was."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix='.guarded-', dir=folder)
    try:
        with os.fdopen(handle, 'w', encoding='ascii') as stream:
            json.dump(passed, stream)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise
    # With what a run that was killed left half written.
    kept = sorted((one for one in os.scandir(folder) if 'guarded-' in one.name), key=lambda one: -one.stat().st_mtime)
    for old in kept[MOST:]:
        os.unlink(old.path)
