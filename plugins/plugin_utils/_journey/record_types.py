# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shapes of the record, for mypy and for readers; docs/record.schema.json says the same of what is written, and a
test holds the one against the other.

A class `_X` holds the keys of `X` that are always there, the class `X` itself those that older records lack. Python 3.10
knows no shorter way. Where the schema says no more than `object`, a class here names what the control node reads of it.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any, Literal, TypedDict

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Bilingual, Disposition, Requires

Stamp = str  # RFC 3339, UTC
Sink = Literal['journal', 'messages', 'secure', 'diverted']
TextSink = Literal['messages', 'secure']
Counts = dict[Sink, int]  # sinks that were not there are left out

Journey = Literal['remediate', 'verify', 'scan', 'audit', 'rollback']
StageName = Literal['survey', 'plan', 'remedies', 'policy', 'reboot', 'verify']
StageEnd = Literal['ran', 'not_asked', 'not_needed', 'check_mode']
StageState = Literal['ran', 'not_asked', 'not_needed', 'check_mode', 'failed', 'lost', 'not_run']


# target: what host_info tells

class TargetJournal(TypedDict):
    persistent: bool


class TargetSinks(TypedDict):
    journal: TargetJournal
    messages: str | None
    secure: str | None


class _Target(TypedDict):
    el: int | None
    os: str
    systemd: int
    boot_id: str
    boot_time: Stamp
    container: bool
    root: bool
    commands: dict[str, Any]
    sinks: TargetSinks
    now: Stamp


class Target(_Target, total=False):
    stands_for: str | None
    machine_id: str | None
    packages: dict[str, str | None]


# scan: what the scanners tell

class Source(TypedDict):
    """Who wrote an entry, by what journald alone sets."""
    uid: int | None
    exe: str | None
    unit: str | None


class _Sample(TypedDict):
    at: Stamp | None
    text: str


class Sample(_Sample, total=False):
    """An entry that matched: `cursor` in the journal, `file` and `line` in a text log."""
    cursor: str
    file: str
    line: int
    source: Source | None


class BootCount(TypedDict):
    boot_id: str
    count: int
    first_seen: Stamp | None
    last_seen: Stamp | None


class Shown(TypedDict):
    """Lookalikes that one text log shows."""
    sink: TextSink
    count: int
    boots: list[BootCount]


class _Lookalikes(TypedDict):
    count: int
    boots: list[BootCount]
    samples: list[Sample]


class Lookalikes(_Lookalikes, total=False):
    shown_in: list[Shown]
    first_seen: Stamp | None
    last_seen: Stamp | None


class Closed(TypedDict):
    at: Stamp | None
    boot_id: str | None


class Unclosed(Closed):
    text: str


class SinkCount(TypedDict):
    sink: str
    count: int


class _Found(TypedDict):
    id: str
    count: int
    first_seen: Stamp | None
    last_seen: Stamp | None
    episodes: int
    boots: list[BootCount]
    samples: list[Sample]
    unclosed: Unclosed | None
    closed: Closed | None
    lookalikes: Lookalikes


class Found(_Found, total=False):
    """What was found of one signature in one sink."""
    silence: float | None  # seconds; the longest
    wait: float | None  # seconds, at the mean, from any moment on
    sinks: list[SinkCount]


class MachineSignature(TypedDict):
    id: str
    count: int
    first_seen: Stamp | None
    last_seen: Stamp | None


class Machine(TypedDict):
    machine_id: str
    hostnames: list[str]
    entries: int
    first_seen: Stamp | None
    last_seen: Stamp | None
    boots: list[str]
    signatures: list[MachineSignature]


Severe = Literal['emerg', 'alert', 'crit', 'err', 'warning']


class PriorityCount(TypedDict):
    priority: Severe
    entries: int


class _GroupSample(TypedDict):
    at: Stamp | None
    text: str


class GroupSample(_GroupSample, total=False):
    cursor: str
    file: str
    line: int


class UnexplainedGroup(TypedDict):
    program: str | None
    template: str
    priority: Severe
    count: int
    first_seen: Stamp | None
    last_seen: Stamp | None
    sample: GroupSample


class _Unexplained(TypedDict):
    entries: int | None
    groups: list[UnexplainedGroup]
    more_groups: int
    more_entries: int


class Unexplained(_Unexplained, total=False):
    without_severity: int
    test_messages: int
    priorities: list[PriorityCount]


LossKind = Literal[
    'journald-suppressed', 'journald-missed-kernel', 'journald-missed-syslog', 'journald-write-failed',
    'imjournal-rate-limit', 'imuxsock-rate-limit', 'rsyslog-discarded', 'journal-remote-lost', 'kernel-suppressed',
    'kernel-dropped', 'audit-lost', 'crashed-file', 'unreadable-file', 'missing-entries', 'boot-gap']


class LossRow(TypedDict):
    kind: LossKind
    source: str
    entries: int | None
    lost: int | None
    first_seen: Stamp | None
    last_seen: Stamp | None
    detail: str


class _Boot(TypedDict):
    boot_id: str
    first_seen: Stamp | None
    last_seen: Stamp | None
    entries: int


class Boot(_Boot, total=False):
    machine_id: str | None
    first_monotonic: int | None  # microseconds since the boot
    last_monotonic: int | None


class ScanError(TypedDict):
    path: str
    reason: str


class _ScanRow(TypedDict):
    signatures: list[Found]
    boots: list[Boot]
    cursor: str
    entries: int
    files: list[str]
    errors: list[ScanError]
    method: str


class ScanRow(_ScanRow, total=False):
    """The result of scanning one sink."""
    machines: list[Machine]
    unexplained: Unexplained | None
    losses: list[LossRow]
    undecided: int


Sinks = dict[Sink, ScanRow]  # sinks that the host does not have are left out


class Scanned(TypedDict):
    """What all scans have; most that reads one needs no more."""
    sinks: Sinks


class _Scan(Scanned):
    at: Stamp
    boot_id: str


class ContextLine(TypedDict):
    at: Stamp | None
    name: str  # who says it: identifier, tag
    text: str


class FoundLook(TypedDict):
    """What one look found for one example."""
    tells: Bilingual
    lines: list[ContextLine]
    values: dict[str, list[str]]
    cut: bool  # none was found, and the search was ended early


class KernelModule(TypedDict):
    name: str
    loaded: bool
    used_by: list[str]
    file: str | None
    package: str | None
    signer: str | None


class Context(TypedDict):
    """What stands near one example of a signature with the key context."""
    signature_id: str
    sink: Sink
    at: Stamp | None
    text: str
    looks: list[FoundLook]
    modules: list[KernelModule]


class Scan(_Scan, total=False):
    """The first scan of a run."""
    context: list[Context]
    since: str  # log_hygiene_since, empty where all was looked at


# plan

Action = Literal['fix', 'divert', 'explain', 'investigate', 'none']
PlanReason = Literal['seen', 'remedied', 'asked', 'unseen', 'opt_in', 'release', 'host', 'rolled_back']


class Build(TypedDict):
    """Whether the package of this host has the fix of a message."""
    package: str
    installed: str | None  # version and release; None where it could not be told
    fixed_in: str | None  # the first of this release that has it; None: none has
    fixed: bool | None  # None: not known


class _PlanRow(TypedDict):
    signature_id: str
    revision: int
    title: Bilingual
    disposition: Disposition
    action: Action
    reason: PlanReason
    role: str | None
    requires: Requires
    seen: Counts


class PlanRow(_PlanRow, total=False):
    """What is to be done about one signature. Older records lack the optional keys."""
    opt_in: Bilingual | None  # why its remedy has to be asked for by name
    build: Build | None


# remedies

class Point(TypedDict):
    """A remedy point: when a remedy came into force."""
    at: Stamp
    boot_id: str | None
    journal_cursor: str
    log_cursors: dict[str, str]


class _Before(TypedDict):
    sinks: Counts
    episodes: int
    span: float  # seconds


class Before(_Before, total=False):
    """What was known of a signature when its remedy came into force."""
    # Seconds. Older records lack both, and their episodes and span are by the time of day.
    silence: float | None
    wait: float | None


class RemedyState(TypedDict):
    """What one remedy role did."""
    signature_ids: list[str]
    changed: bool
    in_place: bool
    in_place_since: Stamp | None
    notes: list[str]
    failed: str | None
    point: Point | None
    before: dict[str, Before]


Remedies = dict[str, RemedyState]  # by role


# applied, rollback

class _Applied(TypedDict):
    run: str | None  # the name of the run that put it in place; None: it was there before, or an earlier version kept no name
    at: Stamp | None
    item: dict[str, Any]  # what the role was given


class Applied(_Applied, total=False):
    """What a remediation put in place for one signature; what a rollback needs to undo it."""
    former: list[dict[str, Any]]  # what it was given for the signature by earlier runs, of another catalog


class AppliedPolicy(TypedDict):
    """The remediation that applied the syslog policy."""
    run: str
    at: Stamp


class Edited(TypedDict):
    """A file that somebody edited since a remedy wrote it."""
    path: str
    diff: list[str]


class Undone(TypedDict):
    """What a rollback did to one kind of remedy."""
    signature_ids: list[str]
    changed: bool
    undone: bool
    notes: list[str]
    edited: list[Edited]
    failed: str | None


class Rollback(TypedDict):
    """What a rollback was asked for, and what became of it."""
    run: str  # as asked for: last, all, or the name of a run
    signature_ids: list[str]  # as asked for; empty: all
    runs: list[str]  # whose remedies were to be undone
    roles: dict[str, Undone]
    policy: bool  # whether the syslog policy was to be undone as well


class Trail(TypedDict):
    """Whether the log of the host says that the run began to change it, and how that ended."""
    begun: bool
    ended: bool


class Reboot(TypedDict):
    roles: list[str]
    state: Literal['pending', 'would', 'begun', 'done']
    boot_id_before: str
    boot_id_after: str | None


# verify

class Run(TypedDict):
    """One occasion on which a trigger ran, as trigger_info tells it."""
    at: Stamp
    boot_id: str
    monotonic: int | None  # microseconds since the boot
    elapsed: float | None  # seconds from then to the scan


class TriggerRow(TypedDict):
    trigger: str
    runs: list[Run]


class WaitFor(TypedDict):
    any_of: list[str]
    delay: int  # seconds


class VerifyScan(Scanned):
    """What was found from one remedy point on; its triggers are those that ran."""
    roles: list[str]
    signature_ids: list[str]
    point: Point
    triggers: list[TriggerRow]
    now: Stamp


Verdict = Literal['proved', 'not_exercised', 'still_present', 'never_present', 'unknown']


class Occasion(TypedDict):
    trigger: str
    at: Stamp
    boot_id: str


class Silence(TypedDict):
    needed: float  # seconds of silence that are proof
    passed: float  # those since the remedy of which the journal tells


class _VerdictRow(TypedDict):
    signature_id: str
    verdict: Verdict | None
    reason: str | None
    before: Counts
    after: Counts
    sinks: dict[Sink, Verdict]
    occasion: Occasion | None
    until: Stamp | None


class VerdictRow(_VerdictRow, total=False):
    """What became of one signature."""
    silence: Silence | None


class Verify(TypedDict):
    at: Stamp
    boot_id: str
    scans: list[VerifyScan]
    verdicts: list[VerdictRow]


# syslog_policy: what the role of that name tells

class Rotation(TypedDict):
    problem: str | None


class Store(TypedDict):
    path: str
    bytes: int | None
    held_days: float | None
    keep_days: int | None
    meets: bool | None  # None where that cannot be told
    reason: str | None
    rotation: Rotation | None


class Forward(TypedDict):
    rule: str
    queue_broken: str | None
    unreadable_messages: int | None


class UnsafeFile(TypedDict):
    path: str
    reason: str


class QueueLeft(TypedDict):
    path: str
    messages: int | None


class Exempted(TypedDict):
    signature_id: str
    count: int
    last: Stamp


class Alerts(TypedDict, total=False):
    problems: list[str]
    exempted: list[Exempted]
    set_aside: int


class Proof(TypedDict):
    ok: bool
    problems: list[str]
    pairs: list[dict[str, Any]]


class _SyslogPolicy(TypedDict):
    failed: str | None


class SyslogPolicy(_SyslogPolicy, total=False):
    """Only with `failed` None the other keys are there."""
    changed: bool
    in_place: bool
    in_place_since: str | None
    notes: list[str]
    kept: list[str]
    files: list[dict[str, Any]]
    losing: list[dict[str, Any]]
    forwards: list[Forward]
    unsafe_files: list[UnsafeFile]
    queues_left: list[QueueLeft]
    retention: list[Store]
    alerts: Alerts | None
    proof: Proof | None


# retention and alerts: what the survey tells of every host

class Retention(TypedDict):
    """How long logs are really held, as log_retention_info tells it."""
    stores: list[Store]
    logrotate: dict[str, Any]


class Problem(TypedDict):
    """A part of the survey that could not be done."""
    part: str
    message: str


class SameMachine(TypedDict):
    """Another host of the run with the same machine id."""
    host: str
    cloned: bool  # it runs another boot, so it is another machine, or the same at another time


# findings and errors

FindingKind = Literal[
    'fixable', 'investigate', 'not_here', 'watch', 'still_present', 'failed', 'lost', 'lost_messages', 'lookalike',
    'not_looked_at', 'policy_failed', 'policy_missing', 'retention', 'rotation', 'forward_queue', 'alert_path', 'unsafe_path', 'queue_left',
    'misrouted', 'same_machine', 'expired', 'not_undone']


class Finding(TypedDict):
    """What a person must act on or read; which keys `data` has depends on the kind (docs/record.md)."""
    kind: FindingKind
    signature_id: str
    data: dict[str, Any]


class RecordedError(TypedDict):
    stage: str
    message: str


class _Record(TypedDict):
    schema: Literal[1]
    host: str
    journey: Journey
    check_mode: bool
    collection: str
    started: Stamp
    updated: Stamp
    reachable: bool
    target: Target | None
    scan: Scan | None
    plan: list[PlanRow]
    remedies: Remedies
    reboot: Reboot | None
    verify: Verify | None
    findings: list[Finding]
    errors: list[RecordedError]


class Record(_Record, total=False):
    """All that is known of one host."""
    run: str | None
    catalog_paths: list[str]
    previous_run: str | None
    stages: dict[StageName, StageState]
    applied: dict[str, dict[str, Applied]]  # by role and signature
    policy_applied: AppliedPolicy | None
    rollback: Rollback | None
    trail: Trail | None
    catalog_digest: str | None
    syslog_policy: SyslogPolicy | None
    retention: Retention | None
    alerts: dict[str, Any] | None
    problems: list[Problem]
    same_machine: list[SameMachine]
