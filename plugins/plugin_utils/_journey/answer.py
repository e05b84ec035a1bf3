# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check what a host answers to host_survey. Pure.

A host may be broken, or in other hands. What it says goes into its record only where all that reads the record can read it; then
it can spoil its own row of the report, and nothing else. An answer that leaves out what was asked for is not an answer.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common import schema as schemas
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.schema import list_of, map_of, object_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import LossKind, Severe
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.scanned import SINKS, TEXT_SINKS
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import parse

LARGEST, LONGEST, DEEPEST = 2 ** 63, 65536, 50  # of a number, of a text in characters, of lists and objects in each other
MOST = 20000  # parts of a list or object: the control node goes over them many times, in this run and in later ones
EXAMPLES, GATHERED = 3, ('journal', 'messages', 'secure')  # of module_utils/_survey/context.py
SAID = 200  # characters of a part of a fault
PROBLEMS = 200  # a survey has less than a hundred parts
YEARS = ('1970', '9998')  # of the host's own clock; every time zone can tell them
# The keys that hold times. A log line may carry any time that can be written, as whoever sends it chooses it.
CLOCK = frozenset(['now', 'boot_time', 'in_place_since'])
STAMPS = CLOCK | frozenset(['at', 'first_seen', 'last_seen'])


def _or_null(one: schemas.Keywords) -> schemas.Keywords:
    """A schema, or null. The other keywords speak only of what is not null; `anyOf` would take three times as long."""
    return {**one, 'type': [one['type'], 'null']}


_TEXT: schemas.Keywords = {'type': 'string'}
_ID: schemas.Keywords = {'type': 'string', 'maxLength': 255}
_NUMBER: schemas.Keywords = {'type': 'integer', 'minimum': 0}
_SECONDS: schemas.Keywords = {'type': 'number', 'minimum': 0}
_FLAG: schemas.Keywords = {'type': 'boolean'}
_STAMP: schemas.Keywords = {'type': 'string', 'maxLength': 32}
_WHEN = _or_null(_STAMP)

HOST = object_of(
    'el', 'os', 'stands_for', 'systemd', 'boot_id', 'boot_time', 'now', 'container', 'root', 'kernel_modules', 'kernel_arguments',
    'commands', 'sinks',
    el=_or_null(_NUMBER), os=_ID, stands_for=_or_null(_ID), systemd=_NUMBER, boot_id=_ID, boot_time=_STAMP, now=_STAMP, container=_FLAG, root=_FLAG,
    kernel_modules=list_of(_ID), kernel_arguments=list_of(_ID), packages=map_of(_or_null(_ID)), commands={'type': 'object'},
    sinks=object_of('journal', 'messages', 'secure', journal=object_of('persistent', persistent=_FLAG), messages=_or_null(_TEXT), secure=_or_null(_TEXT)))
_POINT = object_of('at', 'boot_id', 'journal_cursor', 'log_cursors', at=_STAMP, boot_id=_or_null(_ID), journal_cursor=_TEXT,
                   log_cursors=map_of(_TEXT))
_BOOT_COUNTS = list_of(object_of('boot_id', 'count', 'first_seen', 'last_seen', boot_id=_ID, count=_NUMBER, first_seen=_WHEN, last_seen=_WHEN))
_SAMPLES = list_of(object_of(
    'text', at=_WHEN, text=_TEXT, cursor=_TEXT, file=_TEXT, line=_NUMBER,
    source=_or_null(object_of('uid', 'exe', 'unit', uid=_or_null(_NUMBER), exe=_or_null(_TEXT), unit=_or_null(_TEXT)))))
_FOUND = object_of(
    'id', 'count', 'episodes', 'first_seen', 'last_seen', 'boots', 'samples', 'unclosed', 'closed', 'lookalikes',
    id=_ID, count=_NUMBER, episodes=_NUMBER, silence=_or_null(_SECONDS), wait=_or_null(_SECONDS), first_seen=_WHEN, last_seen=_WHEN,
    boots=_BOOT_COUNTS, samples=_SAMPLES,
    unclosed=_or_null(object_of('at', 'boot_id', 'text', at=_WHEN, boot_id=_or_null(_ID), text=_TEXT)),
    closed=_or_null(object_of('at', 'boot_id', at=_WHEN, boot_id=_or_null(_ID))),
    lookalikes=object_of('count', 'boots', 'samples', count=_NUMBER, boots=_BOOT_COUNTS, samples=_SAMPLES, first_seen=_WHEN, last_seen=_WHEN,
                         shown_in=list_of(object_of('sink', 'count', 'boots', sink={'enum': list(TEXT_SINKS)}, count=_NUMBER, boots=_BOOT_COUNTS))))
_SEVERE: schemas.Keywords = {'enum': list(get_args(Severe))}
_UNEXPLAINED = object_of(
    'entries', 'groups', 'more_groups', 'more_entries', entries=_or_null(_NUMBER), more_groups=_NUMBER, more_entries=_NUMBER, without_severity=_NUMBER,
    test_messages=_NUMBER, priorities=list_of(object_of('priority', 'entries', priority=_SEVERE, entries=_NUMBER)),
    groups=list_of(object_of(
        'program', 'template', 'priority', 'count', 'first_seen', 'last_seen', 'sample', program=_or_null(_TEXT), template=_TEXT,
        priority=_SEVERE, count=_NUMBER, first_seen=_WHEN, last_seen=_WHEN, sample={'type': 'object'})))
_LOSSES = list_of(object_of(
    'kind', 'source', 'entries', 'lost', 'first_seen', 'last_seen', 'detail', kind={'enum': list(get_args(LossKind))}, source=_TEXT,
    entries=_or_null(_NUMBER), lost=_or_null(_NUMBER), first_seen=_WHEN, last_seen=_WHEN, detail=_TEXT))
_SCAN = object_of(
    'signatures', 'boots', 'machines', 'unexplained', 'losses', 'cursor', 'entries', 'files', 'errors', 'method',
    signatures=list_of(_FOUND), machines=list_of({'type': 'object'}), unexplained=_or_null(_UNEXPLAINED), losses=_LOSSES, cursor=_TEXT,
    boots=list_of(object_of(
        'boot_id', 'first_seen', 'last_seen', 'entries', boot_id=_ID, first_seen=_WHEN, last_seen=_WHEN, entries=_NUMBER,
        first_monotonic=_or_null(_NUMBER), last_monotonic=_or_null(_NUMBER))),
    entries=_NUMBER, files=list_of(_TEXT), errors=list_of(object_of('path', 'reason', path=_TEXT, reason=_TEXT)), method=_TEXT, undecided=_NUMBER)
_SINKS: schemas.Keywords = {
    'type': 'object', 'properties': dict((sink, _SCAN) for sink in SINKS), 'required': ['journal'], 'additionalProperties': False}
_VERIFY = list_of(object_of(
    'roles', 'signature_ids', 'point', 'triggers', 'now', 'sinks', roles=list_of(_ID), signature_ids=list_of(_ID), point=_POINT, now=_STAMP,
    sinks=_SINKS, triggers=list_of(object_of('trigger', 'runs', trigger=_TEXT, runs=list_of(object_of(
        'at', 'boot_id', at=_STAMP, boot_id=_ID, monotonic=_or_null(_NUMBER), elapsed=_or_null({'type': 'number'})))))))
_CONTEXT = list_of(object_of(
    'signature_id', 'sink', 'at', 'text', 'looks', 'modules', signature_id=_ID, sink={'enum': list(SINKS)}, at=_WHEN, text=_TEXT,
    looks=list_of(object_of('lines', 'values', 'cut', values=map_of(list_of(_TEXT)), cut=_FLAG,
                            lines=list_of(object_of('at', 'name', 'text', at=_WHEN, name=_TEXT, text=_TEXT)))),
    modules=list_of(object_of('name', 'loaded', 'used_by', 'file', 'package', 'signer', name=_ID, loaded=_FLAG, used_by=list_of(_ID),
                              file=_or_null(_TEXT), package=_or_null(_TEXT), signer=_or_null(_TEXT)))))
_STORES = list_of(object_of(
    'path', 'bytes', 'held_days', 'reason', path=_TEXT, bytes=_or_null(_NUMBER), held_days=_or_null({'type': 'number'}), reason=_or_null(_TEXT),
    rotation=_or_null(object_of(problem=_or_null(_TEXT)))))
# What a remedy says of itself is held to the contract of docs/remedies.md, like what a role says.
ANSWER = object_of(
    'host', 'sinks', 'context', 'ends', 'verify', 'remedies', 'retention', 'alerts', 'problems', host=HOST, sinks=_or_null(_SINKS), context=_CONTEXT,
    ends=_POINT, verify=_VERIFY,
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
        elif key in STAMPS and not _is_stamp(value, key in CLOCK or not set(path[:1]) & {'sinks', 'context'} and 'sinks' not in path):
            yield path, 'is not a time: %.40r' % value
    elif isinstance(value, (int, float)):
        if not abs(value) < LARGEST:  # nor is NaN
            yield path, 'is a number that nothing counts'
    elif isinstance(value, (list, dict)):
        if len(value) > MOST:
            yield path, 'holds %d, more than a survey tells' % len(value)
            return
        for name, below in enumerate(value) if isinstance(value, list) else value.items():
            if isinstance(name, str) and len(name) > LONGEST:
                yield path, 'has a key of %d characters' % len(name)
                return
            yield from _unusable(below, path + (name,), name)
    elif value is not None:
        yield path, 'is not JSON'


def _is_stamp(value: str, of_the_clock: bool) -> bool:
    try:
        parse(value)
    except ValueError:
        return False
    return value.isascii() and (not of_the_clock or YEARS[0] <= value[:4] <= YEARS[1])


def _left_out(answer: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    """What was asked for and is neither told nor said to be impossible: it would pass for something that is not there."""
    told = set(one['part'] for one in answer['problems'])
    if len(answer['problems']) > PROBLEMS:
        yield 'problems holds %d, more than a survey has parts' % len(answer['problems'])
    logs = [sink for sink in TEXT_SINKS if answer['host']['sinks'][sink]] + ['diverted']
    wanted = [one['id'] for one in asked.get('signatures') or []]
    if wanted:
        if answer['sinks'] is None:
            yield 'sinks is null, though signatures were to be counted'
        else:
            yield from _not_counted(answer['sinks'], 'sinks', wanted, [sink for sink in logs if sink not in told])
            yield from _without_context(answer, dict((one['id'], len(one.get('context') or [])) for one in asked['signatures']), told)
    wanted = [one['id'] for one in asked.get('verify_signatures') or []]
    for number, scan in enumerate(answer['verify']):
        yield from _not_counted(scan['sinks'], 'verify[%d].sinks' % number, [one for one in scan['signature_ids'] if one in wanted], logs)
    for part in ('retention', 'alerts'):
        if asked.get(part) and answer[part] is None and part not in told:
            yield '%s is null, and problems does not say why' % part


def _without_context(answer: Mapping[str, Any], looks: Mapping[str, int], told: set[str]) -> Iterator[str]:
    """The context that is missing, or that nobody asked for."""
    for number, row in enumerate(answer['context']):
        if not looks.get(row['signature_id']) or len(row['looks']) != looks[row['signature_id']]:
            yield 'context[%d] is none of the signature %s' % (number, row['signature_id'])
    if len(answer['context']) > EXAMPLES * sum(1 for number in looks.values() if number):
        yield 'context holds %d, more than a survey gathers' % len(answer['context'])
    given = set(row['signature_id'] for row in answer['context'])
    seen = set(row['id'] for sink in GATHERED for row in answer['sinks'].get(sink, {'signatures': []})['signatures'] if row['samples'])
    for signature_id in sorted(name for name, number in looks.items() if number and name in seen - given and 'context' not in told):
        yield 'context lacks the signature %s, and problems does not say why' % signature_id


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
