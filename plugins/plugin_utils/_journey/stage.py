# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The frame of a stage: an action plugin that reads the record of a host, adds to it, and keeps it.

A failure is returned, never raised as AnsibleActionFail: of that, ansible-core 2.16 hands the text to `rescue` as a template,
and what a host says in it would run on the control node.

A stage is a class with ``OPTIONS``, the arguments it takes beside those of every stage, and ``work``. One that looks at the
host calls ``self.on_host``; the others never connect to it.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import os
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import findings, record as records, run_dir, trails
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import LANGUAGES
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import PlanError
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import STAMP

JOURNEYS = tuple(records.STAGES)
# What every stage takes, so that the journeys say it once, by module_defaults of the action group `stages`.
COMMON: dict[str, Any] = {
    'run_dir': {'type': 'path', 'required': True},
    'journey': {'type': 'str', 'required': True, 'choices': list(JOURNEYS)},
    'catalog_paths': {'type': 'list', 'elements': 'path', 'default': []},
    'language': {'type': 'str', 'default': 'en', 'choices': list(LANGUAGES)},
}
SAID = 500  # characters at most of what a program printed, in an error
TOLD = 2000  # characters at most of what a module says
NO_MESSAGE = 'failed without a message'
UNUSABLE = ('the host did not answer as the module host_survey does: %s. Nothing of it was used. See whether the Python there and '
            'the host itself are sound.')


class StageError(Exception):
    """The stage cannot come to its end on this host; the text says why and what to do."""


class HostLost(StageError):
    """The host no longer answers; the text says what the connection said."""


class Stage(ActionBase):
    """Adds to the record of one host."""

    TRANSFERS_FILES = False
    _requires_connection = False
    OPTIONS: dict[str, Any] = {}
    refused: str | None = None  # why the stage does nothing on this host

    _lost = False

    def cleanup(self, force: bool = False) -> None:
        """See on_host.py."""
        if not self._lost:
            super().cleanup(force)

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        """Do the work of the stage: change the record and the result of the task.

        :raises StageError: it cannot be done on this host. What the record holds by then is kept.
        """
        raise NotImplementedError

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        dummy, args = self.validate_argument_spec(argument_spec={**COMMON, **self.OPTIONS})
        args['run_dir'] = run_dir.absolute(args['run_dir'])
        self.known = task_vars or {}
        self.catalog_paths: list[str] = args['catalog_paths']
        now = datetime.now(timezone.utc).strftime(STAMP)
        result['changed'] = False
        try:
            self.run_now = run = records.current_run(args['run_dir'], args['journey'], self._check_mode(), os.getppid())
            folder = records.folder_of(args['run_dir'], run)
            record, keep = self._open(args, run, now)
            try:
                self.work(record, args, result)
            finally:  # the record says how far it came, whatever kept it from going on
                try:
                    if record['target'] and record['plan']:
                        record['findings'] = findings.findings(record, self.catalog())
                finally:
                    record['updated'] = now
                    result['path'] = self._keep(args['run_dir'], folder, record) if keep else None
        except HostLost as exc:
            result.update(failed=True, lost=True, msg=str(exc))
        except (StageError, PlanError, records.RecordError, catalog.CatalogError) as exc:
            result.update(failed=True, msg=str(exc))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as exc:
            # What a host or a role left in the record, and no check has seen.
            result.update(failed=True, msg=(
                '%s: what the record of this host holds cannot be used (%s: %s). See whether the host and the roles of its remedies are sound.'
                % (self.known['inventory_hostname'], type(exc).__name__, str(exc)[:SAID])))
        return result

    def _check_mode(self) -> bool:
        return bool(self._task.check_mode)

    def catalog(self) -> list[Signature]:
        """The signatures of this run, which were checked before any host was contacted."""
        return catalog.of_run(self.catalog_paths)

    def _open(self, args: dict[str, Any], run: records.Run, now: str) -> tuple[Record, bool]:
        """Return (the record of the host in this run, whether it may be kept).

        :raises RecordError: there is none, or it is of another run.
        """
        host = self.known['inventory_hostname']
        folder = records.folder_of(args['run_dir'], run)
        record = records.load(folder, host, args['journey'], self._check_mode())
        if record is None or record.get('run') != run['id']:
            raise records.RecordError('%s: the record of host %s is gone from log_hygiene_run_dir.' % (folder, host))
        return record, True

    def _keep(self, run_dir: str, folder: str, record: Record) -> str:
        """Save the record with its run and as what is known of the host; return its path.

        :raises RecordError: another run wrote the lasting record in the meantime. What this run found is kept with it.
        """
        path = records.save(folder, record)
        published = records.publish(run_dir, folder, record)
        if published is None and not record['errors'] and not self.refused:
            raise records.RecordError(
                '%s: the lasting record of host %s was written by another run, or became unreadable, in the meantime, and stays as it is. '
                'What this run did is in %s. See that nothing else works on the host, and run this once more.' % (run_dir, record['host'], path))
        return published or path

    def trail(self, record: Record, begin: bool, policy: bool = False) -> None:
        """Write into the log of the host that a run begins, or ends, to change it: the log itself says who changed logging.

        Where it cannot be written, the run goes on, and the record says so.

        :param policy: whether the syslog policy will be applied, or taken back.
        """
        trail = record.get('trail')
        if record['check_mode'] or (not begin and (not trail or trail['ended'])):
            return
        text = trails.begins(record, self.run_now['name'], policy) if begin else trails.ends(record, self.run_now['name'])
        found = self.on_host('trail', {'text': text})
        record['trail'] = {'begun': begin or bool(trail and trail['begun']), 'ended': not begin}
        if found.get('failed'):
            record['problems'] = record.get('problems', []) + [{'part': 'trail', 'message': failure_of(found)[0] or NO_MESSAGE}]

    def on_host(self, module: str, args: dict[str, Any]) -> dict[str, Any]:
        """What a module of this collection returns on the host, also where it failed.

        :raises HostLost: the host does not answer. Ansible would drop it, and neither `rescue` nor the report hear of it.
        """
        try:
            found: dict[str, Any] = self._execute_module(
                module_name='loghygiene.rhel.' + module, module_args=args, task_vars=self.known)
        except AnsibleConnectionFailure as exc:
            self._lost = True
            raise HostLost(str(exc))
        except AnsibleError:
            raise
        except Exception as exc:  # what was printed there is JSON that Ansible cannot take, such as lists in lists in lists
            raise StageError(UNUSABLE % ('%s: %s' % (type(exc).__name__, str(exc)[:SAID])))
        # Of Ansible itself, such as that it had to look for a Python there: it shows them, and since 2.19 they are no JSON.
        for name in ('warnings', 'deprecations'):
            found.pop(name, None)
        return found


def failure_of(result: Mapping[str, Any]) -> tuple[str, bool]:
    """Return (why a task failed, whether the host was lost), for the record.

    It is what its module says, and what was printed where no module came to speak (sudo asks for a password, Python is missing). Of
    a loop only the items say what happened.
    """
    rows = [result] + [row for row in result.get('results') or [] if isinstance(row, Mapping) and row.get('failed')]

    def told(key: str) -> list[str]:
        return [_on_one_line(row[key]) for row in rows if row.get(key)]

    text = (told('msg') or [''])[-1][:TOLD]
    printed = (told('module_stderr') + told('module_stdout') + [''])[0]
    if printed:
        text += ': ' + printed[-SAID:]
    return text, any(row.get('lost') for row in rows)


def _on_one_line(text: object) -> str:
    """What stands on a terminal as it is: newer versions of ansible-core print the text of a failure themselves."""
    line = re.sub(r'\s+', ' ', str(text)).strip()
    return ''.join(char if char.isprintable() else char.encode('unicode_escape').decode() for char in line)
