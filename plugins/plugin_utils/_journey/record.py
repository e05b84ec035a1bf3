# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record: one JSON file per host, the only thing that passes between the stages (docs/record.md).

Pure but for `load` and `save`, which touch files under the run directory on the control node only.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import contextlib
import errno
import functools
import glob
import hashlib
import json
import math
import os
import platform
import re
import stat
import tempfile
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Literal, TypedDict, cast

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common import schema as schemas
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.schema import list_of, map_of, object_of, or_null
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    Journey, Record, RecordedError, StageEnd, StageName, StageState, Stamp)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import parse

SCHEMA: Literal[1] = 1  # raised only where older records can no longer be read: keys may be added that these lack
VERSION = '0.1.0'  # of the collection; a test compares it with galaxy.yml

# Journeys whose record is the host's lasting one; the others keep a file of their own beside it.
LASTING: tuple[Journey, ...] = ('remediate', 'verify', 'rollback')
# Journeys that go on with what an earlier one scanned and planned.
CONTINUING: tuple[Journey, ...] = ('verify', 'rollback')

# The stages of each journey, in order. Each writes into the record that it ran; see `STAGE_STATES`.
STAGES: dict[Journey, tuple[StageName, ...]] = {
    'remediate': ('survey', 'plan', 'remedies', 'policy', 'reboot', 'verify'),
    'verify': ('survey', 'verify'),
    'scan': ('survey', 'plan'),
    'audit': ('survey', 'plan', 'remedies', 'policy', 'verify'),
    'rollback': ('survey', 'plan', 'remedies', 'policy', 'reboot'),
}
# What a stage can come to. `not_run` is what a record begins with: silence is never taken for success.
ENDED: tuple[StageEnd, ...] = ('ran', 'not_asked', 'not_needed', 'check_mode')
STAGE_STATES: tuple[StageState, ...] = ENDED + ('failed', 'lost', 'not_run')

# What a file name may hold besides letters and digits, how long it gets, and how many hexadecimal digits tell two long
# names apart.
LENGTH, DIGITS = 180, 32
LONGEST = 7  # days that a run on another control node may take
SAID = 200  # characters of a part of what is wrong with a file
DEEPEST = 64  # lists and objects in each other; `answer` lets a host send fewer

_STRING: schemas.Keywords = {'type': 'string'}
_INTEGER: schemas.Keywords = {'type': 'integer'}
_BOOLEAN: schemas.Keywords = {'type': 'boolean'}
_STAMP: schemas.Keywords = {'type': 'string', 'pattern': r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$'}
_BOOT = object_of('boot_id', 'first_seen', 'last_seen', boot_id=_STRING, first_seen=or_null(_STAMP), last_seen=or_null(_STAMP),
                  first_monotonic=or_null(_INTEGER), last_monotonic=or_null(_INTEGER))
_COUNTS = map_of(_INTEGER)
# What the code takes for granted of a record that it reads. docs/record.schema.json says what it writes; records of earlier
# versions lack some of that.
READ = object_of(
    'schema', 'host', 'journey', 'check_mode', 'reachable', 'scan', 'plan', 'remedies', 'reboot', 'findings', 'errors',
    host=_STRING, journey={'enum': sorted(STAGES)}, check_mode=_BOOLEAN, reachable=_BOOLEAN, run=or_null(_STRING),
    stages=map_of(_STRING), target=or_null({'type': 'object'}),
    scan=or_null(object_of('sinks', sinks=map_of(or_null(object_of(
        'signatures', boots=list_of(_BOOT), errors=list_of(object_of('path', 'reason')), losses=list_of({'type': 'object'}), cursor=_STRING,
        signatures=list_of(object_of('id', 'count', 'episodes', id=_STRING, count=_INTEGER, episodes=_INTEGER, boots=list_of(_BOOT)))))))),
    plan=list_of(object_of('signature_id', 'disposition', 'action', 'reason', 'role', 'requires', 'seen', signature_id=_STRING, disposition=_STRING,
                           action=_STRING, reason=_STRING, role=or_null(_STRING), requires=_STRING, seen=_COUNTS)),
    remedies=map_of(object_of(
        'signature_ids', 'changed', 'in_place', signature_ids=list_of(_STRING), changed=_BOOLEAN, in_place=_BOOLEAN, in_place_since=or_null(_STAMP),
        notes=list_of(_STRING), failed=or_null(_STRING),
        point=or_null(object_of('at', 'boot_id', 'journal_cursor', 'log_cursors', at=_STAMP, boot_id=or_null(_STRING), journal_cursor=_STRING,
                                log_cursors=map_of(_STRING))),
        before=map_of(object_of('sinks', 'episodes', 'span', sinks=_COUNTS, episodes=_INTEGER, span={'type': 'number'},
                                silence=or_null({'type': 'number'}), wait=or_null({'type': 'number'}))))),
    applied=map_of(map_of(object_of(
        'run', 'at', 'item', run=or_null(_STRING), at=or_null(_STAMP), item={'type': 'object'}, former=list_of({'type': 'object'})))),
    policy_applied=or_null(object_of('run', 'at', run=_STRING, at=_STAMP)),
    reboot=or_null(object_of('roles', 'state', 'boot_id_before', 'boot_id_after', roles=list_of(_STRING), state={'enum': ['pending', 'would', 'begun', 'done']},
                             boot_id_before=_STRING, boot_id_after=or_null(_STRING))),
    findings=list_of(object_of('kind', kind=_STRING)), errors=list_of(object_of('message', message=_STRING)),
)

FULL = (errno.ENOSPC, errno.EDQUOT)
ROOM = 'Make room on the control node.'
WRITABLE = 'Name a writable log_hygiene_run_dir on the control node.'

RUNS = 'runs'  # the folder of the run directory that keeps what each run found


class Run(TypedDict):
    """A run of a journey, over all its hosts."""
    id: str
    name: str  # of its folder: the time it began, the journey and the beginning of its id
    process: int  # the number of ansible-playbook
    born: str  # when that process began, as its system counts, so that its number alone is not taken for it
    node: str  # where it runs, as `node` says it
    started: Stamp
    held: str | None  # why no further host is to be touched


class RecordError(Exception):
    """A record that cannot be read or written; the text names the file and the remedy."""


class Damaged(RecordError):
    """A file that is there and holds no record of the host. The text says what it is instead.

    :ivar path: of the file.
    """

    def __init__(self, path: str, what: str):
        super().__init__('%s: %s' % (path, what))
        self.path = path


def _percent(text: str) -> str:
    return ''.join('%%%02X' % byte for byte in text.encode('utf-8', 'surrogatepass'))


def _safe(host: str) -> str:
    safe = re.sub(r'[^A-Za-z0-9._-]', lambda found: _percent(found.group()), host)
    return '%2E' + safe[1:] if safe.startswith('.') else safe


def host_part(host: str) -> str:
    """The part of its file names that stands for a host: unique, and unlike that of any other kind of file.

    Characters that a file name should not hold are percent-encoded, and so is what a name would end in like a file of
    another kind does: host `a.scan` is not the scan of host `a`, and `audit-summary` is no summary. A name that is too long
    for a file system is cut, and the digest of the whole follows.
    """
    safe = _safe(host)
    found = re.search(r'\.(check|scan|audit)$|-summary$', safe, re.IGNORECASE)
    if found:
        safe = safe[:found.start()] + _percent(safe[found.start()]) + safe[found.start() + 1:]
    if len(safe) > LENGTH:
        digest = hashlib.sha256(host.encode('utf-8', 'surrogatepass')).hexdigest()[:DIGITS]
        safe = '%s%%+%s' % (re.sub('%.?$', '', safe[:LENGTH - DIGITS - 2]), digest)
    return safe


def file_name(host: str, journey: Journey, check_mode: bool) -> str:
    """Name of a host's record file.

    :param host: inventory host name.
    :param check_mode: a check run never replaces the lasting record.
    """
    return host_part(host) + _ending(journey, check_mode)


def _ending(journey: Journey, check_mode: bool) -> str:
    if journey in LASTING:
        return '.check.json' if check_mode else '.json'
    return '.%s.json' % journey


def read(path: str) -> Any:
    """The content of a JSON file of the run directory, None when there is none.

    What `to_json` would not write is damaged: the files that are made of it would be no JSON either.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a named pipe would wait for a writer
            raise Damaged(path, 'not a regular file.')
        with open(path, 'rb') as stream:
            found = json.loads(stream.read().decode('utf-8'), parse_constant=_finite, parse_float=_finite)
        _demand_shallow(found)
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise RecordError('%s: cannot be read: %s. Check the permissions of log_hygiene_run_dir.' % (path, exc.strerror))
    except (ValueError, RecursionError, MemoryError) as exc:
        raise Damaged(path, 'not a JSON record (%s).' % exc)
    return found


def to_json(value: object) -> str:
    """The text of a file of the run directory.

    :raises ValueError: the value has no JSON, such as NaN, or cannot be read again.
    """
    _demand_shallow(value)
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + '\n'


def _finite(text: str) -> float:
    if not math.isfinite(float(text)):
        raise ValueError('%s is no number of JSON' % text[:40])
    return float(text)


def _demand_shallow(value: object) -> None:
    level = [value] if isinstance(value, (dict, list)) else []
    for dummy in range(DEEPEST):
        # A picture of many hosts has millions of texts and numbers, which are left out at once.
        level = [below for one in level for below in (one.values() if isinstance(one, dict) else cast(list[object], one))
                 if isinstance(below, (dict, list))]
        if not level:
            return
    raise ValueError('nested too deeply')


def load(run_dir: str, host: str, journey: Journey = 'remediate', check_mode: bool = False) -> Record | None:
    """The record of a host, or None when there is none yet.

    :param run_dir: the run directory, or the folder of a run in it.
    :raises Damaged: not JSON, of another schema or of another host, or it lacks what the code reads.
    :raises RecordError: unreadable.
    """
    path = os.path.join(run_dir, file_name(host, journey, check_mode))
    record = read(path)
    if record is None:
        return _load_from_older_name(run_dir, host, journey, check_mode)
    if not isinstance(record, dict) or record.get('schema') != SCHEMA:
        raise Damaged(path, 'key "schema": expected %d. The file is no record, or was written by another version.' % SCHEMA)
    if record.get('host') != host:
        raise Damaged(path, 'key "host": says %r, not %r. The file is the record of another host.' % (record.get('host'), host))
    return look_at(record, path)


def set_aside(path: str, now: Stamp) -> str:
    """Rename a damaged file, so that it is in nobody's way and can still be repaired. Return its new path."""
    aside = '%s.damaged-%s' % (path, re.sub('[^0-9TZ]', '', now))
    try:
        os.rename(path, aside)
    except OSError as exc:
        raise RecordError('%s: cannot be renamed to %s: %s. Move it away.' % (path, aside, exc.strerror))
    return aside


def left_aside(run_dir: str, host: str) -> str | None:
    """The newest lasting record of a host that was set aside, where no other has taken its place since; or None."""
    path = os.path.join(run_dir, file_name(host, LASTING[0], False))
    found = sorted(glob.glob(glob.escape(path) + '.damaged-*'))
    return found[-1] if found and not os.path.lexists(path) else None


def look_at(record: Any, path: str) -> Record:
    """The same record.

    :raises Damaged: the record lacks what the code reads, or holds something else there.
    """
    try:
        wrong = schemas.validate(record, READ)
    except RecursionError:
        wrong = [((), 'is nested too deeply')]
    if wrong:
        said = '%s %s' % (schemas.dotted(wrong[0][0])[:SAID], wrong[0][1][:SAID])
        raise Damaged(path, 'key %s. The file is damaged.' % ''.join(char if char.isprintable() else '?' for char in said))
    return cast(Record, record)


def _load_from_older_name(run_dir: str, host: str, journey: Journey, check_mode: bool) -> Record | None:
    """The record of a host whose file earlier versions named otherwise; what lies there may be of another host.

    The file stays where it is; the next save goes to the new name.
    """
    name = _safe(host) + _ending(journey, check_mode)
    if name == file_name(host, journey, check_mode):
        return None
    try:
        record = read(os.path.join(run_dir, name))
    except RecordError:
        return None
    ours = isinstance(record, dict) and record.get('schema') == SCHEMA and record.get('host') == host
    if not ours or _ending(record.get('journey'), record.get('check_mode')) != _ending(journey, check_mode):
        return None
    return look_at(record, os.path.join(run_dir, name))


def run_name(journey: Journey, check_mode: bool) -> str:
    """The part of its file names that stands for a run."""
    return journey + ('.check' if check_mode and journey in LASTING else '')


@functools.lru_cache(maxsize=None)
def node() -> str:
    """The system whose process numbers are our own: the machine, its boot, and the container that Ansible may run in."""
    told = [platform.node()]
    with contextlib.suppress(OSError):  # where there is no /proc
        with open('/proc/sys/kernel/random/boot_id', encoding='ascii') as stream:
            told.append(stream.read().strip())
        told.append(os.readlink('/proc/self/ns/pid'))
    return ' '.join(told)


def run_path(run_dir: str, journey: Journey, check_mode: bool, process: int) -> str:
    """The file that says which run of a journey a process is in; no record begins with a dot. Runs at the same time have one each,
    also those of other control nodes, where processes have the same numbers."""
    return os.path.join(run_dir, '.%s-run.%d-%s.json' % (
        run_name(journey, check_mode), process, hashlib.sha256(node().encode('utf-8', 'surrogatepass')).hexdigest()[:8]))


def folder_of(run_dir: str, run: Run) -> str:
    """The folder that keeps what a run found."""
    return os.path.join(run_dir, RUNS, run['name'])


def _born(process: int) -> str:
    """When a process began, by the clock of the kernel; empty where nobody tells, or where there is none."""
    try:
        with open('/proc/%d/stat' % process, encoding='utf-8', errors='replace') as stream:
            return stream.read().rpartition(')')[2].split()[19]  # its name, in parentheses, may hold anything
    except (OSError, IndexError):
        return ''


def is_alive(run: Run) -> bool:
    """Whether a run goes on here. Of one elsewhere nobody can tell, so it is taken for one that has ended."""
    if run['node'] != node() or run['born'] != _born(run['process']):
        return False
    try:
        os.kill(run['process'], 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def may_go_on(run_dir: str, run: Run, now: Stamp) -> bool:
    """Whether a run goes on, or may do so elsewhere: for so many days as that may take, it does until its summary says that it has ended."""
    if run['node'] == node():
        return is_alive(run)
    try:
        began = parse(run['started'])
        summary = next((read(path) for path in glob.glob(os.path.join(glob.escape(folder_of(run_dir, run)), '*-summary.json'))), None)
    except (RecordError, ValueError, TypeError):
        return False
    return abs(parse(now) - began) < timedelta(days=LONGEST) and not (isinstance(summary, dict) and summary.get('ended'))


def runs_of(run_dir: str) -> list[tuple[str, Run]]:
    """(path of its file, run) of the runs that were begun here and have not been cleared away."""
    found = []
    for path in sorted(glob.glob(os.path.join(glob.escape(run_dir), '.*-run.*.json'))):
        try:
            run = read(path)
        except RecordError:
            continue
        if isinstance(run, dict) and set(Run.__annotations__) <= set(run) and isinstance(run['process'], int):
            found.append((path, cast(Run, run)))
    return found


def begin_run(run_dir: str, journey: Journey, check_mode: bool, now: Stamp, process: int) -> Run:
    """Begin a run: from here on only records that carry its `id` are of this run.

    :param process: number of the process that is `ansible-playbook`.
    """
    run_id = uuid.uuid4().hex
    run: Run = {'id': run_id, 'name': '%s-%s-%s' % (re.sub(r'\.[0-9]+|[^0-9TZ]', '', now), run_name(journey, check_mode), run_id[:8]),
                'process': process, 'born': _born(process), 'node': node(), 'started': now, 'held': None}
    for path, other in runs_of(run_dir):
        if not may_go_on(run_dir, other, now):
            with contextlib.suppress(OSError):
                os.unlink(path)
    write_private(run_path(run_dir, journey, check_mode, process), json.dumps(run) + '\n')
    return run


def hold_run(run_dir: str, journey: Journey, check_mode: bool, run: Run, reason: str) -> None:
    """Leave alone the hosts that were not begun yet."""
    write_private(run_path(run_dir, journey, check_mode, run['process']), json.dumps(dict(run, held=reason)) + '\n')


def current_run(run_dir: str, journey: Journey, check_mode: bool, process: int) -> Run:
    """The run that `begin_run` began.

    :raises RecordError: none was begun by this process: what lies in the directory is of another run.
    """
    path = run_path(run_dir, journey, check_mode, process)
    run = read(path)
    if not isinstance(run, dict) or run.get('process') != process or run.get('born') != _born(process):
        raise RecordError('%s: this run did not begin here, so what the directory holds may be of another one. Run the playbook '
                          'from its start (no --start-at-task), with one log_hygiene_run_dir for all hosts. With the entry points '
                          'of the role, begin with `begin`.' % path)
    return cast(Run, run)


def taken_by(run_dir: str, previous: Record | None, run: Run) -> Run | None:
    """The run that works on a host at this moment, by the host's lasting record, or None."""
    named = previous.get('run') if previous else None
    return next((other for dummy, other in runs_of(run_dir) if other['id'] == named != run['id'] and is_alive(other)), None)


def begin(previous: Record | None, host: str, journey: Journey, check_mode: bool, now: Stamp, version: str,
          run: str | None = None) -> Record:
    """A fresh record for a run. What earlier runs remedied, and when, is carried over; verify and rollback continue the old one.

    :param run: id of the run, as `begin_run` returns it.
    """
    record: Record = {
        'schema': SCHEMA, 'host': host, 'journey': journey, 'check_mode': bool(check_mode), 'collection': version,
        'run': run, 'previous_run': previous.get('run') if previous else None, 'stages': dict.fromkeys(STAGES[journey], 'not_run'),
        'started': now, 'updated': now, 'reachable': True, 'target': None, 'scan': None, 'plan': [],
        'remedies': {}, 'applied': {}, 'policy_applied': None, 'rollback': None, 'trail': None,
        'catalog_digest': None, 'syslog_policy': None, 'retention': None, 'alerts': None, 'reboot': None, 'verify': None,
        'problems': [], 'same_machine': [], 'findings': [], 'errors': [],
    }
    if previous:
        record['remedies'] = previous.get('remedies', {})
        record['applied'] = previous.get('applied', {})
        record['policy_applied'] = previous.get('policy_applied')
        if journey in CONTINUING:
            record['scan'] = previous.get('scan')
            record['plan'] = previous.get('plan', [])
            record['reboot'] = previous.get('reboot')
    return record


def missing(record: Record) -> list[StageName]:
    """The stages of its journey that did not end by the record, in order; empty when all ended."""
    stages = record.get('stages') or {}
    return [name for name in STAGES[record['journey']] if stages.get(name) not in ENDED]


def end_stage(record: Record, name: StageName, state: StageEnd) -> None:
    """Record how a stage ended.

    :raises RecordError: no stage of the journey, no state, or the one before has not ended.
    """
    if name not in STAGES[record['journey']] or state not in ENDED:
        raise RecordError('stage: %s has no stage %s that ends as %s.' % (record['journey'], name, state))
    before = STAGES[record['journey']][:STAGES[record['journey']].index(name)]
    open_ones = [one for one in missing(record) if one in before]
    if open_ones:
        raise RecordError('stage: %s cannot end before %s has.' % (name, open_ones[0]))
    record['stages'][name] = state


def fail(record: Record, error: RecordedError, lost: bool = False) -> None:
    """Note a failure: the stage the record had come to is `failed`, or `lost` when the host no longer answered."""
    left = missing(record)
    if left and record['stages'].get(left[0]) not in ('failed', 'lost'):
        record['stages'][left[0]] = 'lost' if lost else 'failed'
    if lost:
        record['reachable'] = False
    record['errors'].append(error)


def not_reached(host: str, journey: Journey, check_mode: bool, now: Stamp, run: str, message: str) -> Record:
    """The record, as it goes into the summary, of a host that the run did not come to."""
    record = begin(None, host, journey, check_mode, now, VERSION, run)
    record['reachable'] = False
    record['errors'].append({'stage': 'survey', 'message': message})
    return record


def unreadable(host: str, journey: Journey, check_mode: bool, now: Stamp, run: str, message: str) -> Record:
    """The record, as it goes into the summary, of a host whose own cannot be read."""
    record = begin(None, host, journey, check_mode, now, VERSION, run)
    fail(record, {'stage': 'survey', 'message': message})
    return record


def concluded(record: Record, present: bool, explain: Callable[[StageName, bool], str]) -> Record:
    """The record at the end of its run: a stage that did not end is said to be lost, or failed.

    :param present: whether Ansible still has the host. It drops one that no longer answers without a word to the play.
        The others that end early left by themselves (`meta: end_host`).
    :param explain: explain(stage it had come to, present), the text of the error.
    :returns: the same object when nothing was left open.
    """
    open_ones = missing(record)
    if not open_ones or not record['reachable'] or record['errors']:
        return record
    record = {**record, 'stages': dict(record.get('stages') or {}), 'errors': list(record['errors'])}
    fail(record, {'stage': open_ones[0], 'message': explain(open_ones[0], present)}, lost=not present)
    return record


def make_private(folder: str) -> None:
    """Make a folder of the run directory, and those above it that are missing, for their owner only."""
    if not os.path.isdir(folder):
        make_private(os.path.dirname(folder))
        with contextlib.suppress(FileExistsError):  # another run made it
            os.mkdir(folder, mode=0o700)


def write_private(path: str, text: str) -> None:
    """Write a file of the run directory whole or not at all, readable by its owner only (it holds log lines)."""
    write_all([(path, text)])


def write_all(files: Sequence[tuple[str, str]]) -> None:
    """Write (path, text) of files that belong together, as `write_private` does: none takes its place before all are written."""
    temporary: list[str] = []
    path = ''
    try:
        for path, text in files:
            folder = os.path.dirname(path)
            make_private(folder)
            handle, name = tempfile.mkstemp(prefix='.' + os.path.basename(path) + '.', dir=folder)
            temporary.append(name)
            # A lone surrogate, which a host can put into a text, becomes the escape that JSON has for it.
            with os.fdopen(handle, 'w', encoding='utf-8', errors='backslashreplace', newline='') as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
        for path, dummy in files:
            os.replace(temporary[0], path)
            del temporary[0]
    except OSError as exc:
        raise RecordError('%s: cannot be written: %s. %s' % (path, exc.strerror, ROOM if exc.errno in FULL else WRITABLE))
    finally:
        for name in temporary:
            os.unlink(name)


def save(run_dir: str, record: Record) -> str:
    """Write the record; returns its path.

    :param run_dir: the run directory, or the folder of a run in it.
    """
    path = os.path.join(run_dir, file_name(record['host'], record['journey'], record['check_mode']))
    write_private(path, to_json(record))
    return path


def publish(run_dir: str, folder: str, record: Record) -> str | None:
    """Put a saved record in the run directory, where it is what is known of the host; returns its path.

    The file is the one in the folder of the run, under a second name; the next save gives each its own.

    :returns: None where the lasting record is not the one that this run began with: another run wrote it, or it cannot be read. A
        verification or rollback that found nothing to work on leaves none either.
    """
    name = file_name(record['host'], record['journey'], record['check_mode'])
    path = os.path.join(run_dir, name)
    if name == file_name(record['host'], LASTING[0], False):
        if record['journey'] in CONTINUING and not record['plan'] and not (
                record['journey'] == 'rollback' and (record['remedies'] or record.get('policy_applied'))):
            return None
        try:
            present = load(run_dir, record['host'])
        except RecordError:
            return None
        if present and present.get('run') not in (record.get('run'), record.get('previous_run')):
            return None
    temporary = os.path.join(run_dir, '.%s.%s' % (name, uuid.uuid4().hex))
    try:
        os.link(os.path.join(folder, name), temporary)
        os.replace(temporary, path)
        # Of two names of one file rename() removes neither.
        if os.path.lexists(temporary):
            os.unlink(temporary)
    except OSError:  # a file system without links
        return save(run_dir, record)
    return path
