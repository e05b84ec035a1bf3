# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Begin a run, write its files and print its report: see plugins/modules/summary.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import json
import os
from datetime import datetime, timezone
from typing import Any, Literal, TypedDict

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import callback_loader
from ansible.utils.display import Display

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    host_state, record as records, run_dir, stage)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import csv as report_csv, fleet as report_fleet
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import COLUMNS
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Journey, Record, StageName, Stamp
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import STAMP
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language, say

display = Display()

NAMED = 5  # hosts that a text names at most
# Callback plugins for a terminal that are not made of the default one.
TERMINALS = ('default', 'minimal', 'oneline', 'selective', 'unixy', 'counter_enabled', 'diy')


class Arguments(TypedDict):
    run_dir: str
    journey: Journey
    part: Literal['begin', 'batch', 'end', 'show']
    hosts: list[str]
    present: list[str] | None
    catalog_paths: list[str]
    language: Language
    report: report_fleet.Report


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
        })
        result['changed'] = False
        check_mode = bool(self._task.check_mode)
        try:
            if args['part'] == 'begin':
                wrong = run_dir.make(args['run_dir'])
                if wrong:
                    raise records.RecordError(wrong)
                run = records.begin_run(args['run_dir'], args['journey'], check_mode, _now(), os.getppid())
            else:
                run = records.current_run(args['run_dir'], args['journey'], check_mode, os.getppid())
            if args['part'] == 'batch':
                return self._batch(args, check_mode, run, result)
            if args['part'] == 'show':
                return self._show(args, check_mode, run, result)
            return self._whole(args, check_mode, run, result)
        except (records.RecordError, catalog.CatalogError) as exc:
            result.update(failed=True, msg=str(exc))  # see stage.py
            return result

    def _batch(self, args: Arguments, check_mode: bool, run: records.Run, result: dict[str, Any]) -> dict[str, Any]:
        """After a batch: no further host is touched when changing this one did not come to its end on any host."""
        found = [self._load(args, check_mode, run, host)[0] for host in args['hosts']]
        result['held'] = args['journey'] == 'remediate' and not check_mode and all(host_state.broke(record) for record in found)
        if result['held']:
            records.hold_run(args['run_dir'], args['journey'], check_mode, run,
                             say(args['language'], 'lost.held', hosts=', '.join(sorted(args['hosts'])[:NAMED])))
        return result

    def _load(self, args: Arguments, check_mode: bool, run: records.Run, host: str) -> tuple[Record | None, str | None]:
        """(record of a host in this run or None, what keeps it from being read or None): one that is damaged spoils no other."""
        try:
            record = records.load(args['run_dir'], host, args['journey'], check_mode)
        except records.RecordError as exc:
            return None, str(exc)
        return (record if record is not None and record.get('run') == run['id'] else None), None

    def _spoilt(self, args: Arguments, record: Record) -> str | None:
        """What keeps a record from being reported, or None: one of which the report makes nothing takes no other with it."""
        signatures = catalog.of_run(args['catalog_paths'])
        try:
            report_csv.to_csv([record], signatures, args['language'])
            report_fleet.screen(args['language'], [record], signatures, [], _now(), COLUMNS)
        except Exception as exc:
            return '%s: the record of this host cannot be reported (%s: %s). Look at its file in log_hygiene_run_dir, and at the host.' % (
                record['host'], type(exc).__name__, str(exc)[:stage.SAID])
        return None

    def _whole(self, args: Arguments, check_mode: bool, run: records.Run, result: dict[str, Any]) -> dict[str, Any]:
        """The files of the run. Those of its begin say of every host that it was not seen, until those of its end are there."""
        language, ended = args['language'], args['part'] == 'end'
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
                records.save(args['run_dir'], found[-1])
        states = dict((record['host'], host_state.state(record)) for record in found)
        paths = _paths(args, check_mode)
        records.write_private(paths[0], json.dumps(
            {'schema': records.SCHEMA, 'journey': args['journey'], 'check_mode': check_mode, 'run': run['id'],
             'started': run['started'], 'ended': _now() if ended else None, 'states': states, 'hosts': found},
            indent=1, sort_keys=True, ensure_ascii=False) + '\n')
        records.write_private(paths[1], report_csv.to_csv(found, catalog.of_run(args['catalog_paths']), language))
        if ended and all(state == 'unseen' for state in states.values()):
            _print(args, found, paths)  # nobody is left for the part show
        text = report_fleet.totals(language, found, paths)
        result.update(states=states, files=paths, text=text)
        return result

    def _show(self, args: Arguments, check_mode: bool, run: records.Run, result: dict[str, Any]) -> dict[str, Any]:
        """After the hosts have ended: what stands last on the screen."""
        paths = _paths(args, check_mode)
        summary = records.read(paths[0]) or {}
        if summary.get('run') != run['id'] or not summary.get('ended'):
            raise records.RecordError('%s: it does not hold this run to its end. Run the part `end` before `show`.' % paths[0])
        _print(args, summary['hosts'], paths)
        result.update(files=paths, states=summary['states'], text=report_fleet.totals(args['language'], summary['hosts'], paths))
        return result


def _paths(args: Arguments, check_mode: bool) -> list[str]:
    """The files of the run."""
    return [os.path.join(args['run_dir'], '%s-summary.%s' % (records.run_name(args['journey'], check_mode), kind))
            for kind in ('json', 'csv')]


def _print(args: Arguments, found: list[Record], paths: list[str]) -> None:
    """Print the report, unless what stands on the screen is for a program: a line between would spoil it."""
    if for_a_terminal(str(constants.DEFAULT_STDOUT_CALLBACK)):  # type: ignore[attr-defined]
        display.display(report_fleet.screen(args['language'], found, catalog.of_run(args['catalog_paths']), paths, _now(), _columns(), args['report']))


def for_a_terminal(name: str) -> bool:
    """Whether a callback plugin writes for people: it is one of TERMINALS, or made of that which Ansible takes by default."""
    if 'json' in name.rpartition('.')[2]:
        return False
    if name.rpartition('.')[2] in TERMINALS:
        return True
    plugin = callback_loader.get(name, class_only=True)
    return any(one.__module__.endswith('callback.default') for one in getattr(plugin, '__mro__', ()))


def _now() -> Stamp:
    return datetime.now(timezone.utc).strftime(STAMP)


def _columns() -> int:
    """How wide the terminal is. Ansible looks at it as it starts; the process that a task runs in has none."""
    told = os.environ.get('COLUMNS', '')
    if told.isdigit() and int(told):
        return int(told)
    # Ansible keeps one column free, and never has less than 79: so much it takes a pipe for.
    return max(COLUMNS, (display.columns or 0) + 1)
