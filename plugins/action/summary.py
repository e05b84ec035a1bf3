# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Begin a run, write its files and print its report: see plugins/modules/summary.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import contextlib
import os
from collections.abc import Collection
from datetime import datetime, timezone
from typing import Any, Literal, TypedDict

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    host_state, record as records, run_dir, runs, stage)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import csv as report_csv, fleet as report_fleet, terminal
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import COLUMNS, harmless
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.refusals import refusal_text
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Journey, Record, StageName, Stamp
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import STAMP
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language, say
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature

display = Display()

NAMED = 5  # hosts that a text names at most


class Arguments(TypedDict):
    run_dir: str
    journey: Journey
    part: Literal['begin', 'batch', 'end', 'show']
    hosts: list[str]
    present: list[str] | None
    catalog_paths: list[str]
    language: Language
    report: report_fleet.Report
    keep_runs: int


class ActionModule(ActionBase):
    """Run on the control node only, once for all hosts."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        args: Arguments
        dummy, args = self.validate_argument_spec(argument_spec={
            **stage.COMMON,
            'part': {'type': 'str', 'default': 'end', 'choices': ['begin', 'batch', 'end', 'show']},
            'hosts': {'type': 'list', 'elements': 'str', 'required': True},
            'present': {'type': 'list', 'elements': 'str'},
            'report': {'type': 'str', 'default': 'short', 'choices': list(report_fleet.REPORTS)},
            'keep_runs': {'type': 'int', 'default': runs.KEPT},
        })
        args['run_dir'] = run_dir.absolute(args['run_dir'])
        self._inventory: Collection[str] = ((task_vars or {}).get('groups') or {}).get('all') or ()
        result['changed'] = False
        check_mode = bool(self._task.check_mode)
        try:
            if args['part'] == 'begin':
                wrong = run_dir.make(args['run_dir'])
                if wrong:
                    raise records.RecordError(wrong)
                run = records.begin_run(args['run_dir'], args['journey'], check_mode, _now(), os.getppid())
                runs.open_folder(args['run_dir'], run)
            else:
                run = records.current_run(args['run_dir'], args['journey'], check_mode, os.getppid())
            if args['part'] == 'batch':
                return self._batch(args, check_mode, run, result)
            if args['part'] == 'show':
                return self._show(args, check_mode, run, result)
            return self._whole(args, check_mode, run, result)
        except (records.RecordError, catalog.CatalogError) as exc:
            result.update(failed=True, msg=refusal_text(args['language'], str(exc)))  # see stage.py
            return result

    def _batch(self, args: Arguments, check_mode: bool, run: records.Run, result: dict[str, Any]) -> dict[str, Any]:
        """After a batch: no further host is touched when changing this one did not come to its end on any host."""
        found = [self._load(args, check_mode, run, host)[0] for host in args['hosts']]
        result['held'] = args['journey'] in ('remediate', 'rollback') and not check_mode and all(host_state.broke(record) for record in found)
        if result['held']:
            records.hold_run(args['run_dir'], args['journey'], check_mode, run,
                             say(args['language'], 'lost.held', hosts=', '.join(sorted(args['hosts'])[:NAMED])))
        return result

    def _load(self, args: Arguments, check_mode: bool, run: records.Run, host: str) -> tuple[Record | None, str | None]:
        """(record of a host in this run or None, what keeps it from being read or None): one that is damaged spoils no other."""
        try:
            record = records.load(records.folder_of(args['run_dir'], run), host, args['journey'], check_mode)
        except records.RecordError as exc:
            return None, '%s Run this again.' % exc
        return (record if record is not None and record.get('run') == run['id'] else None), None

    def _spoilt(self, args: Arguments, record: Record) -> str | None:
        """What keeps a record from being reported, or None: one of which the report makes nothing takes no other with it."""
        signatures = catalog.of_run(args['catalog_paths'])
        try:
            own = _own(args, [record])
            report_csv.to_csv([record], signatures, args['language'], own)
            report_fleet.screen(args['language'], [record], signatures, [], _now(), COLUMNS, own=own)
        except Exception as exc:
            return '%s: the record of this host cannot be reported (%s: %s). Look at its file in log_hygiene_run_dir, and at the host.' % (
                record['host'], type(exc).__name__, str(exc)[:stage.SAID])
        return None

    def _whole(self, args: Arguments, check_mode: bool, run: records.Run, result: dict[str, Any]) -> dict[str, Any]:
        """The files of the run. Those of its begin say of every host that it was not seen, until those of its end are there."""
        language, ended, folder = args['language'], args['part'] == 'end', records.folder_of(args['run_dir'], run)
        present = args['hosts'] if args['present'] is None else args['present']
        found: list[Record] = []

        def explain(stage: StageName, present: bool) -> str:
            return say(language, 'lost.gone' if present else 'lost.dropped', stage=say(language, 'stage.' + stage))

        for host in args['hosts']:
            record, damage = self._load(args, check_mode, run, host) if ended else (None, None)
            if record is not None and not damage:
                damage = self._spoilt(args, record)
            if damage:
                found.append(records.unreadable(host, args['journey'], check_mode, run['started'], run['id'], damage))
                continue
            if record is None:
                found.append(records.not_reached(host, args['journey'], check_mode, run['started'], run['id'],
                                                 say(language, 'lost.never' if ended else 'lost.unfinished')))
                continue
            found.append(records.concluded(record, host in present, explain))
            if found[-1] is not record:
                with contextlib.suppress(records.RecordError):  # a full disk; the summary tells it, too
                    records.save(folder, found[-1])
                    records.publish(args['run_dir'], folder, found[-1])
        now = _now()
        summary: runs.Summary = {
            'schema': records.SCHEMA, 'journey': args['journey'], 'check_mode': check_mode, 'run': run['id'], 'started': run['started'],
            'ended': now if ended else None, 'states': dict((record['host'], host_state.state(record)) for record in found),
            'hosts': found, 'earlier': []}
        try:
            with runs.locked(args['run_dir']):
                summary['earlier'] = self._picture(args, check_mode, summary, now)
                _write(_paths(args, check_mode, folder), summary, args, now)
                _tell(language, runs.point_at(args['run_dir'], run))
                if ended:
                    result['cleared'] = runs.clear(args['run_dir'], run, args['keep_runs'])
        except records.RecordError:
            if ended:
                _print(args, found, [], [])  # where the disk is full, it stands nowhere else
            raise
        paths = _paths(args, check_mode) + [folder]
        if ended and all(state == 'unseen' for state in summary['states'].values()):
            _print(args, found, paths, summary['earlier'])  # nobody is left for the part show
        text = report_fleet.totals(language, found, paths)
        result.update(states=summary['states'], files=paths, text=text)
        return result

    def _picture(self, args: Arguments, check_mode: bool, summary: runs.Summary, now: Stamp) -> list[runs.Earlier]:
        """Write the picture of the fleet: this run, and the hosts of earlier ones. Return what it says of these."""
        paths = _paths(args, check_mode)
        earlier, wrong = runs.earlier(args['run_dir'], paths[0], args['journey'], check_mode, now, summary['states'], self._inventory)
        _tell(args['language'], wrong)
        try:
            report_csv.to_csv(earlier, catalog.of_run(args['catalog_paths']), args['language'], _own(args, earlier), now)
        except Exception:  # of which record, the long way tells
            spoilt = [record['host'] for record in earlier if self._spoilt(args, record)]
            _tell(args['language'], '%s: the rows of %s, of earlier runs, cannot be reported and were left out.' % (paths[0], ', '.join(spoilt[:NAMED])))
            earlier = [record for record in earlier if record['host'] not in spoilt]
        told: list[runs.Earlier] = [{'host': record['host'], 'state': host_state.state(record), 'updated': record['updated']} for record in earlier]
        _write(paths, {**summary, 'states': {**summary['states'], **dict((one['host'], one['state']) for one in told)},
                       'hosts': summary['hosts'] + earlier, 'earlier': told}, args, now)
        return told

    def _show(self, args: Arguments, check_mode: bool, run: records.Run, result: dict[str, Any]) -> dict[str, Any]:
        """After the hosts have ended: what stands last on the screen."""
        folder, paths = records.folder_of(args['run_dir'], run), _paths(args, check_mode)
        own = _paths(args, check_mode, folder)[0]
        summary = records.read(own) or {}
        if summary.get('run') != run['id'] or not summary.get('ended'):
            raise records.RecordError('%s: it does not hold this run to its end. Run the part `end` before `show`; where that failed, it says why.' % own)
        paths.append(folder)
        _print(args, summary['hosts'], paths, summary['earlier'])
        result.update(files=paths, states=summary['states'], text=report_fleet.totals(args['language'], summary['hosts'], paths))
        return result


def _paths(args: Arguments, check_mode: bool, folder: str | None = None) -> list[str]:
    """The files of the picture of the fleet, or of a run, in its folder."""
    return [os.path.join(folder or args['run_dir'], '%s-summary.%s' % (records.run_name(args['journey'], check_mode), kind))
            for kind in ('json', 'csv')]


def _own(args: Arguments, found: list[Record]) -> dict[str, list[Signature]]:
    """The catalogs of the hosts whose log_hygiene_catalog_paths are not those of this task. Each is read once a run."""
    paths = dict((record['host'], record.get('catalog_paths', args['catalog_paths'])) for record in found)
    others: dict[tuple[str, ...], list[Signature]] = {}
    for own in set(tuple(own) for own in paths.values()) - {tuple(args['catalog_paths'])}:
        try:
            others[own] = catalog.of_run(own)
        except catalog.CatalogError:  # of an earlier day, and gone since: its plan names the signatures
            continue
    return dict((host, others[tuple(own)]) for host, own in paths.items() if tuple(own) in others)


def _write(paths: list[str], summary: runs.Summary, args: Arguments, now: Stamp) -> None:
    told = report_csv.to_csv(summary['hosts'], catalog.of_run(args['catalog_paths']), args['language'], _own(args, summary['hosts']), now)
    records.write_all([(paths[0], records.to_json(summary)), (paths[1], told)])


def _tell(language: Language, wrong: str | None) -> None:
    """What kept something from being done that the run itself does not need."""
    if wrong:
        display.warning(harmless(refusal_text(language, wrong)))


def _print(args: Arguments, found: list[Record], paths: list[str], earlier: list[runs.Earlier]) -> None:
    """Print the report, unless what stands on the screen is for a program: a line between would spoil it."""
    if terminal.is_for_people():
        display.display(report_fleet.screen(args['language'], found, catalog.of_run(args['catalog_paths']), paths, _now(), terminal.columns(), args['report'],
                                            _own(args, found), earlier))


def _now() -> Stamp:
    return datetime.now(timezone.utc).strftime(STAMP)
