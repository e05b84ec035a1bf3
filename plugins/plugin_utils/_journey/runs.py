# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the run directory keeps of runs: a folder for each, the last one, and the picture of the whole fleet (docs/record.md)."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import contextlib
import fcntl
import glob
import os
import re
import shutil
import uuid
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import TypedDict

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Journey, Record, Stamp
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import parse

LATEST = 'latest'  # a link to the folder of the last run
KEPT = 30  # runs of each kind
FOLDER = re.compile(r'[0-9]{8}T[0-9]{6}Z-(?P<kind>[a-z]+(?:\.check)?)-[0-9a-f]{8}\Z')
DATE = '%Y%m%dT%H%M%SZ'  # in the name of a folder


@contextlib.contextmanager
def locked(run_dir: str) -> Iterator[None]:
    """Keep runs at the same time from changing what they share at the same time."""
    try:
        handle = os.open(os.path.join(run_dir, '.lock'), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        raise records.RecordError('%s: cannot be written: %s. %s' % (
            run_dir, exc.strerror, records.ROOM if exc.errno in records.FULL else records.WRITABLE))
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def open_folder(run_dir: str, run: records.Run) -> None:
    """Make the folder of a run that begins.

    :raises RecordError: it cannot be made.
    """
    try:
        records.make_private(os.path.join(run_dir, records.RUNS))
        os.mkdir(records.folder_of(run_dir, run), mode=0o700)
    except OSError as exc:
        raise records.RecordError('%s: cannot be made: %s. %s' % (
            records.folder_of(run_dir, run), exc.strerror, records.ROOM if exc.errno in records.FULL else records.WRITABLE))


def point_at(run_dir: str, run: records.Run) -> str | None:
    """Let the link `latest` lead to a run. Return why that cannot be, or None."""
    path = os.path.join(run_dir, LATEST)
    temporary = os.path.join(run_dir, '.%s.%s' % (LATEST, uuid.uuid4().hex))
    try:
        os.symlink(os.path.join(records.RUNS, run['name']), temporary)
        try:
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
    except OSError as exc:
        return '%s: cannot be made a link to the run: %s. What is there stays.' % (path, exc.strerror)
    return None


def clear(run_dir: str, run: records.Run, keep: int) -> list[str]:
    """Remove the oldest runs of the same kind but `keep`, the run itself being one of these; 0 keeps all. Return their names.

    Only folders that have the name and the place of a run are looked at, and none of a run that goes on. What is dated in the future was
    made while the clock was wrong, before it was set back, and goes first.
    """
    present = FOLDER.match(run['name'])
    if not keep or not present:
        return []
    alive = [other['name'] for dummy, other in records.runs_of(run_dir) if records.may_go_on(run_dir, other, run['started'])] + [run['name']]
    names = [name for name in sorted(os.listdir(os.path.join(run_dir, records.RUNS)))
             if (found := FOLDER.match(name)) and found['kind'] == present['kind']]
    tomorrow = (parse(run['started']) + timedelta(days=1)).strftime(DATE)
    names.sort(key=lambda name: name < tomorrow)  # which keeps their order else
    gone = [name for name in names[:max(0, len(names) - keep)] if name not in alive]
    for name in gone:
        path = os.path.join(run_dir, records.RUNS, name)
        if not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
    return [name for name in gone if not os.path.lexists(os.path.join(run_dir, records.RUNS, name))]


# --- the picture of the fleet

class Earlier(TypedDict):
    """A host that is not of a run, as an earlier run found it."""
    host: str
    state: str
    updated: Stamp


class Summary(TypedDict):
    """The file JOURNEY-summary.json."""
    schema: int
    journey: Journey
    check_mode: bool
    run: str
    started: Stamp
    ended: Stamp | None
    states: dict[str, str]
    hosts: list[Record]
    earlier: list[Earlier]  # in the folder of a run, `states` and `hosts` are without these


def earlier(run_dir: str, path: str, journey: Journey, check_mode: bool, now: Stamp, hosts: Collection[str],
            inventory: Collection[str]) -> tuple[list[Record], str | None]:
    """(what earlier runs found on hosts that are not of this run, or None or what is wrong with the file that tells it).

    A host that is neither in the inventory nor has a record in the run directory is gone.

    :param path: of the picture as it was, JOURNEY-summary.json.
    """
    wrong = None
    try:
        found = records.read(path)
        if found is not None and (not isinstance(found, dict) or not isinstance(found.get('hosts'), list)):
            raise records.Damaged(path, 'not a summary.')
        rows = found['hosts'] if found else []
    except records.Damaged as exc:
        aside = records.set_aside(path, now)
        wrong = '%s It was set aside as %s; the hosts of earlier runs are told by their own records.' % (exc, aside)
        rows = _of_files(run_dir, journey, check_mode)
    kept: dict[str, Record] = {}
    for row in rows:
        try:
            record = records.look_at(row, path)
            if record['journey'] != journey or record['host'] in kept:
                raise records.Damaged(path, 'the row of %r is of another journey, or stands there twice.' % record['host'])
            kept[record['host']] = record
        except records.Damaged as exc:
            wrong = '%s The row was left out; the record of the host is told instead, where there is one.' % exc
    for record in _of_files(run_dir, journey, check_mode) if wrong else ():
        kept.setdefault(record['host'], record)
    return [record for host, record in kept.items() if host not in hosts and (
        host in inventory or os.path.exists(os.path.join(run_dir, records.file_name(host, journey, check_mode))))], wrong


def _of_files(run_dir: str, journey: Journey, check_mode: bool) -> list[Record]:
    """The records of a journey in the run directory."""
    found = []
    for path in sorted(glob.glob(os.path.join(glob.escape(run_dir), '*.json'))):
        with contextlib.suppress(records.RecordError):
            record = records.read(path)
            if not isinstance(record, dict) or record.get('journey') != journey:
                continue
            if os.path.basename(path) == records.file_name(str(record.get('host')), journey, check_mode):
                found.append(records.look_at(record, path))
    return found
