# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One machine under two names: which machine each host is, noted in a folder where the other hosts find it (docs/record.md)."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import contextlib
import glob
import hashlib
import json
import os
from collections.abc import Collection, Mapping
from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import SameMachine

MACHINES = '.machines'


def _place(folder: str, seen: Mapping[str, Any]) -> str | None:
    """Where the hosts with the machine id of this one are noted, or None for a host that has none."""
    machine_id = seen.get('machine_id')
    if not machine_id:
        return None
    return os.path.join(folder, MACHINES, hashlib.sha256(str(machine_id).encode('utf-8', 'backslashreplace')).hexdigest())


def _boot(seen: Mapping[str, Any]) -> str:
    """The boot that a host runs. All containers of a machine have its boot id, so of a container also when it began."""
    return '%s %s' % (seen.get('boot_id'), seen.get('boot_time')) if seen.get('container') else str(seen.get('boot_id'))


def _noted(place: str | None) -> list[tuple[str, dict[str, str]]]:
    """(path, what it says) of the notes on one machine id; one that is damaged says nothing."""
    found = []
    for path in glob.glob(os.path.join(glob.escape(place), '*')) if place else ():
        with contextlib.suppress(records.RecordError):
            note = records.read(path)
            if isinstance(note, dict) and {'host', 'boot_id', 'run'} <= set(note):
                found.append((path, note))
    return found


def claim(folder: str, host: str, run: str, seen: Mapping[str, Any]) -> None:
    """Note which machine a host is, and which boot it runs. What earlier runs noted of it goes.

    :param folder: the run directory, or another one of the run.
    :param run: the id of the run.
    :param seen: what the host is, as host_info says it.
    :raises RecordError: it cannot be written.
    """
    place = _place(folder, seen)
    if not place:
        return
    for path, note in _noted(place):
        if note['host'] == host and note['run'] != run:
            with contextlib.suppress(OSError):
                os.unlink(path)
    name = hashlib.sha256(json.dumps([host, _boot(seen)]).encode('utf-8')).hexdigest()[:records.DIGITS]
    records.write_private(os.path.join(place, name), json.dumps({'host': host, 'boot_id': _boot(seen), 'run': run}) + '\n')


def same(folder: str, host: str, run: str, seen: Mapping[str, Any], hosts: Collection[str] | None) -> list[SameMachine]:
    """The other hosts of the run with the same machine id. One with the same boot id too is the same machine: no two boots have one.

    An earlier run may have noted it, so that hosts of a later batch are known before they are looked at. Machines that were cloned with
    their machine id run other boots. A host that was rebooted in the run has noted both of its boots.

    :param folder, host, run, seen: as for `claim`, which came before.
    :param hosts: those of the run; None where all that are noted are of it.
    """
    boots: dict[str, dict[str, set[str]]] = {}
    for dummy, note in _noted(_place(folder, seen)):
        if hosts is None or note['host'] in hosts or note['host'] == host:
            boots.setdefault(note['host'], {}).setdefault(note['run'], set()).add(note['boot_id'])
    own = boots.pop(host, {}).get(run, set())
    found: list[SameMachine] = []
    for other in sorted(boots):
        is_same = any(own & theirs for theirs in boots[other].values())
        if is_same or run in boots[other]:
            found.append({'host': other, 'cloned': not is_same})
    return found


def refusal(host: str, found: Collection[SameMachine]) -> str | None:
    """Why a host is not changed, or None.

    :param found: what `same` returned.
    """
    names = [one['host'] for one in found if not one['cloned']]
    if not names:
        return None
    return ('%s: the same machine as %s, by its machine id and boot id. Nothing was changed under this name. Leave one of the names in the '
            'inventory, or name one by --limit, and run this again.' % (host, ', '.join(names)))
