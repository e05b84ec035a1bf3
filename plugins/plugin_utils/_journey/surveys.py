# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stage survey asks of a host, and what the record keeps of the answer. Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypedDict, cast, get_args

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import kinds as remedy_kinds
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common import schema as schemas
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.schema import list_of, map_of, object_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import plan, scanned, verdicts
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import (
    LossKind, Point, Record, Remedies, Retention, Scan, ScanRow, Severe, Sinks, Verify, VerifyScan, WaitFor)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import parse

# The logs whose age every survey tells; see retention_of for the 0.
RETENTION: dict[str, Any] = {'rules': [{'path': '/var/log/messages'}, {'path': '/var/log/secure'}], 'journal_keep_days': 0}
ALERTS: dict[str, Any] = {'rules': []}

# What the record keeps of a scan: the RETURN of the scanners without what Ansible adds.
KEYS = ('signatures', 'boots', 'machines', 'unexplained', 'losses', 'cursor', 'entries', 'files', 'errors', 'method')


class Asked(TypedDict):
    """From where on, and for which signatures, the host is looked at after one remedy."""
    role: str
    signature_ids: list[str]
    triggers: list[str]
    wait_for: list[WaitFor]
    point: Point | None  # None: the host tells it by the age of the remedy's files


def remedied(record: Record) -> list[str]:
    """The signatures that an earlier run remedied on this host."""
    return sorted(set(one for state in record['remedies'].values() if not state.get('failed') for one in state['signature_ids']))


def since_remedies(record: Record, signatures: Iterable[Signature]) -> list[Asked]:
    """What to look for since each remedy, a row for each.

    An audit asks for every kind that a signature names, as a remedy may be in place without a record of its making; the other journeys
    ask for what they or earlier runs did.
    """
    by_role: dict[str, list[Signature]] = {}
    for signature in signatures:
        role = plan.role_of(signature)
        state = record['remedies'].get(role or '')
        if role and (record['journey'] == 'audit' or (state and signature['id'] in state['signature_ids'])):
            by_role.setdefault(role, []).append(signature)
    found: list[Asked] = []
    for role in sorted(by_role):
        state = record['remedies'].get(role)
        point = state['point'] if state and not state.get('failed') else None
        if record['journey'] == 'audit' and point is None and role not in remedy_kinds.KINDS:
            continue  # there is nobody to ask since when it is in place
        if record['journey'] != 'audit':
            point = verdicts.point_of(state, record['scan'], record['target']) if state else None
            if point is None:
                continue
        triggers: list[str] = []
        wait_for: list[WaitFor] = []
        for signature in by_role[role]:
            own = verdicts.triggers(signature)
            triggers += [name for name in own if name not in triggers]
            if own:
                wait_for.append({'any_of': own, 'delay': verdicts.delay(signature)})
        found.append({
            'role': role, 'signature_ids': [one['id'] for one in by_role[role]], 'triggers': triggers, 'wait_for': wait_for,
            'point': point})
    return found


def kinds_of(signatures: list[Signature]) -> dict[str, list[plan.Item]]:
    """The items of the kinds of remedy whose state the survey itself can tell. A third party's kind is run in check mode instead."""
    return dict((role, items) for role, items in plan.kinds(signatures).items() if role in remedy_kinds.KINDS)


def retention_of(found: Mapping[str, Any]) -> Retention | None:
    """The part `retention` of the record. Nobody asked for days, so nothing is met or missed."""
    retention = cast(Retention | None, found['retention'])
    if retention:
        for store in retention['stores']:
            store['keep_days'] = store['meets'] = None
    return retention


def scan_of(found: Mapping[str, Any], since: str) -> Scan:
    """The part `scan` of the record, from what host_survey returned."""
    return {'at': found['host']['now'], 'boot_id': found['host']['boot_id'], 'since': since, 'sinks': sinks_of(found['sinks'])}


def ends_of(record: Record) -> dict[str, Any]:
    """Where the first look at each log ended, so that the next need not read them anew."""
    cursors = dict((sink, scanned.cursor_of(record['scan'], sink)) for sink in scanned.SINKS)
    return {'journal_cursor': cursors.pop('journal'), 'log_cursors': cursors}


def sinks_of(sinks: Mapping[str, Mapping[str, Any]]) -> Sinks:
    """What the record keeps of each sink."""
    kept: Sinks = {}
    for sink, row in sinks.items():
        # Text logs have no cursor that could leave anything undecided.
        kept[sink] = ScanRow(dict(((key, row[key]) for key in KEYS), undecided=row.get('undecided', 0)))  # type: ignore
    return kept


def verify_of(record: Record, found: Mapping[str, Any]) -> Verify:
    """The part `verify` of the record before its verdicts are made."""
    scans: list[VerifyScan] = [
        {'roles': one['roles'], 'signature_ids': one['signature_ids'], 'point': one['point'], 'triggers': one['triggers'], 'now': one['now'],
         'sinks': sinks_of(one['sinks'])} for one in found['verify']]
    return {'at': found['host']['now'], 'boot_id': found['host']['boot_id'], 'scans': scans, 'verdicts': []}


def remedies_of(record: Record, signatures: Iterable[Signature], found: Mapping[str, Any]) -> Remedies:
    """The remedies of the record, after the host has said which are in place: of what was seen there or remedied before."""
    results: dict[str, verdicts.Outcome] = {}
    target, before = plan.target_of(record), remedied(record)
    for role, result in found['remedies'].items():
        ids = [one['id'] for one in signatures if plan.role_of(one) == role and not plan.unmet(one, target)
               and (one['id'] in before or any(scanned.seen(record['scan'], one['id']).values()))]
        if ids:
            results[role] = ({'signature_ids': ids, 'failed': result['failed']} if result.get('failed')
                             else {'signature_ids': ids, 'result': result})
    return verdicts.merge_remedies(record, results, None)


# Is the answer one? A host may be broken, or in other hands. What it says goes into its record only where all that reads the record
# can read it: then it spoils its own row of the report, and nothing else. What was asked for and is left out is no answer either.

LARGEST, LONGEST, DEEPEST = 2 ** 63, 65536, 50  # of a number, of a text in characters, of lists and objects in each other
SAID = 200  # characters of a part of a fault
PROBLEMS = 200  # a survey has less than a hundred parts
# The keys that hold times. What a log says stands under other keys.
STAMPS = frozenset(['at', 'now', 'boot_time', 'first_seen', 'last_seen', 'in_place_since'])


def _or_null(one: schemas.Keywords) -> schemas.Keywords:
    """A schema, or null. The other keywords speak only of what is not null; `anyOf` would take three times as long."""
    return {**one, 'type': [one['type'], 'null']}


_TEXT: schemas.Keywords = {'type': 'string'}
_ID: schemas.Keywords = {'type': 'string', 'maxLength': 255}
_NUMBER: schemas.Keywords = {'type': 'integer', 'minimum': 0}
_MEASURE: schemas.Keywords = {'type': 'number', 'minimum': 0}
_FLAG: schemas.Keywords = {'type': 'boolean'}
_STAMP: schemas.Keywords = {'type': 'string', 'maxLength': 32}
_WHEN = _or_null(_STAMP)

HOST = object_of(
    'el', 'os', 'stands_for', 'systemd', 'boot_id', 'boot_time', 'now', 'container', 'root', 'kernel_modules', 'commands', 'sinks',
    el=_or_null(_NUMBER), os=_ID, stands_for=_or_null(_ID), systemd=_NUMBER, boot_id=_ID, boot_time=_STAMP, now=_STAMP, container=_FLAG, root=_FLAG,
    kernel_modules=list_of(_ID), commands={'type': 'object'},
    sinks=object_of('journal', 'messages', 'secure', journal=object_of('persistent', persistent=_FLAG), messages=_or_null(_TEXT), secure=_or_null(_TEXT)))
_POINT = object_of('at', 'boot_id', 'journal_cursor', 'log_cursors', at=_STAMP, boot_id=_or_null(_ID), journal_cursor=_TEXT,
                   log_cursors=map_of(_TEXT))
_BOOT_COUNTS = list_of(object_of('boot_id', 'count', 'first_seen', 'last_seen', boot_id=_ID, count=_NUMBER, first_seen=_WHEN, last_seen=_WHEN))
_SAMPLES = list_of(object_of(
    'text', at=_WHEN, text=_TEXT, cursor=_TEXT, file=_TEXT, line=_NUMBER,
    source=_or_null(object_of('uid', 'exe', 'unit', uid=_or_null(_NUMBER), exe=_or_null(_TEXT), unit=_or_null(_TEXT)))))
_FOUND = object_of(
    'id', 'count', 'episodes', 'first_seen', 'last_seen', 'boots', 'samples', 'unclosed', 'closed', 'lookalikes',
    id=_ID, count=_NUMBER, episodes=_NUMBER, first_seen=_WHEN, last_seen=_WHEN, boots=_BOOT_COUNTS, samples=_SAMPLES,
    unclosed=_or_null(object_of('at', 'boot_id', 'text', at=_WHEN, boot_id=_or_null(_ID), text=_TEXT)),
    closed=_or_null(object_of('at', 'boot_id', at=_WHEN, boot_id=_or_null(_ID))),
    lookalikes=object_of('count', 'boots', 'samples', count=_NUMBER, boots=_BOOT_COUNTS, samples=_SAMPLES, first_seen=_WHEN, last_seen=_WHEN,
                         shown_in=list_of(object_of('sink', 'count', 'boots', sink={'enum': list(scanned.TEXT_SINKS)}, count=_NUMBER, boots=_BOOT_COUNTS))))
_SEVERE: schemas.Keywords = {'enum': list(get_args(Severe))}
_UNEXPLAINED = object_of(
    'entries', 'groups', 'more_groups', 'more_entries', entries=_or_null(_NUMBER), more_groups=_NUMBER, more_entries=_NUMBER, unjudged=_NUMBER,
    priorities=list_of(object_of('priority', 'entries', priority=_SEVERE, entries=_NUMBER)),
    groups=list_of(object_of(
        'program', 'template', 'priority', 'count', 'first_seen', 'last_seen', 'sample', program=_or_null(_TEXT), template=_TEXT,
        priority=_SEVERE, count=_NUMBER, first_seen=_WHEN, last_seen=_WHEN, sample={'type': 'object'})))
_LOSSES = list_of(object_of(
    'kind', 'source', 'entries', 'lost', 'first_seen', 'last_seen', 'detail', kind={'enum': list(get_args(LossKind))}, source=_TEXT,
    entries=_or_null(_NUMBER), lost=_or_null(_NUMBER), first_seen=_WHEN, last_seen=_WHEN, detail=_TEXT))
_SCAN = object_of(
    'signatures', 'boots', 'machines', 'unexplained', 'losses', 'cursor', 'entries', 'files', 'errors', 'method',
    signatures=list_of(_FOUND), machines=list_of({'type': 'object'}), unexplained=_or_null(_UNEXPLAINED), losses=_LOSSES, cursor=_TEXT,
    boots=list_of(object_of('boot_id', 'first_seen', 'last_seen', 'entries', boot_id=_ID, first_seen=_WHEN, last_seen=_WHEN, entries=_NUMBER)),
    entries=_NUMBER, files=list_of(_TEXT), errors=list_of(object_of('path', 'reason', path=_TEXT, reason=_TEXT)), method=_TEXT, undecided=_NUMBER)
_SINKS: schemas.Keywords = {
    'type': 'object', 'properties': dict((sink, _SCAN) for sink in scanned.SINKS), 'required': ['journal'], 'additionalProperties': False}
_VERIFY = list_of(object_of(
    'roles', 'signature_ids', 'point', 'triggers', 'now', 'sinks', roles=list_of(_ID), signature_ids=list_of(_ID), point=_POINT, now=_STAMP,
    sinks=_SINKS, triggers=list_of(object_of('trigger', 'runs', trigger=_TEXT, runs=list_of(object_of(
        'at', 'boot_id', at=_STAMP, boot_id=_ID, monotonic=_or_null(_NUMBER), elapsed=_or_null({'type': 'number'})))))))
_STORES = list_of(object_of(
    'path', 'bytes', 'held_days', 'reason', path=_TEXT, bytes=_or_null(_NUMBER), held_days=_or_null(_MEASURE), reason=_or_null(_TEXT),
    rotation=_or_null(object_of(problem=_or_null(_TEXT)))))
# What a remedy says of itself is held to the contract of docs/remedies.md, like what a role says.
ANSWER = object_of(
    'host', 'sinks', 'ends', 'verify', 'remedies', 'retention', 'alerts', 'problems', host=HOST, sinks=_or_null(_SINKS), ends=_POINT, verify=_VERIFY,
    remedies=map_of(object_of(failed={'anyOf': [_TEXT, {'type': 'null'}, {'const': False}]})),
    retention=_or_null(object_of('stores', 'logrotate', stores=_STORES, logrotate={'type': 'object'})), alerts=_or_null({'type': 'object'}),
    problems=list_of(object_of('part', 'message', part=_ID, message=_TEXT)))


def problem(answer: Any, asked: Mapping[str, Any]) -> str | None:
    """What keeps an answer of host_survey from being used, or None.

    :param asked: the arguments that the module was given.
    """
    return next(_faults(answer, ANSWER, lambda: _left_out(answer, asked)), None)


def host_problem(described: Any) -> str | None:
    """What keeps the part `host` of an answer from being used, or None. It is there also where the module failed."""
    return next(_faults(described, HOST, lambda: iter(())), None)


def _faults(value: Any, schema: schemas.Schema, further: Callable[[], Iterator[str]]) -> Iterator[str]:
    for where, what in _unusable(value, (), None):
        yield _fault(where, what)
    for where, what in schemas.validate(value, schema):
        yield _fault(where, what)
    yield from further()


def _fault(where: schemas.Path, what: str) -> str:
    return ''.join(char if char.isprintable() else '?' for char in '%s %s' % (schemas.dotted(where)[:SAID], what[:SAID]))


def _unusable(value: Any, path: schemas.Path, key: Any) -> Iterator[schemas.Violation]:
    """What no part of an answer may be, whether anything reads it or not: all of it is kept."""
    if len(path) > DEEPEST:
        yield path[:3], 'is nested too deeply'
    elif isinstance(value, str):
        if len(value) > LONGEST:
            yield path, 'is a text of %d characters' % len(value)
        elif key in STAMPS and not _is_stamp(value):
            yield path, 'is not a time: %.40r' % value
    elif isinstance(value, (int, float)):
        if not abs(value) < LARGEST:  # nor is NaN
            yield path, 'is a number that nothing counts'
    elif isinstance(value, (list, dict)):
        for name, below in enumerate(value) if isinstance(value, list) else value.items():
            if isinstance(name, str) and len(name) > LONGEST:
                yield path, 'has a key of %d characters' % len(name)
                return
            yield from _unusable(below, path + (name,), name)
    elif value is not None:
        yield path, 'is not JSON'


def _is_stamp(value: str) -> bool:
    try:
        parse(value)
    except ValueError:
        return False
    return value.isascii()


def _left_out(answer: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    """What was asked for and is neither told nor said to be impossible: it would pass for something that is not there."""
    told = set(one['part'] for one in answer['problems'])
    if len(answer['problems']) > PROBLEMS:
        yield 'problems holds %d, more than a survey has parts' % len(answer['problems'])
    logs = [sink for sink in scanned.TEXT_SINKS if answer['host']['sinks'][sink]] + ['diverted']
    wanted = [one['id'] for one in asked.get('signatures') or []]
    if wanted:
        if answer['sinks'] is None:
            yield 'sinks is null, though signatures were to be counted'
        else:
            yield from _not_counted(answer['sinks'], 'sinks', wanted, [sink for sink in logs if sink not in told])
    wanted = [one['id'] for one in asked.get('verify_signatures') or []]
    for number, scan in enumerate(answer['verify']):
        yield from _not_counted(scan['sinks'], 'verify[%d].sinks' % number, [one for one in scan['signature_ids'] if one in wanted], logs)
    for part in ('retention', 'alerts'):
        if asked.get(part) and answer[part] is None and part not in told:
            yield '%s is null, and problems does not say why' % part


def _not_counted(sinks: Mapping[str, Any], where: str, wanted: list[str], logs: list[str]) -> Iterator[str]:
    for sink in logs:
        if sink not in sinks:
            yield '%s lacks %s, and problems does not say why' % (where, sink)
    for sink, row in sinks.items():
        counted = [one['id'] for one in row['signatures']]
        missing = sorted(set(wanted).difference(counted))
        if missing:
            yield '%s.%s does not count the signature %s' % (where, sink, missing[0])
        if len(set(counted)) != len(counted):
            yield '%s.%s counts a signature twice' % (where, sink)
        for one in row['signatures']:
            if one['lookalikes']['count'] and not one['lookalikes']['samples']:
                yield '%s.%s counts lookalikes of %s without a sample' % (where, sink, one['id'])
