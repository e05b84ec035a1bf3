# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Survey a host and record what is found: see plugins/modules/survey.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import (
    answer, machines, on_host, plan, record as records, stage, surveys)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record


UNKNOWN = ('So what earlier runs remedied on this host, and when, is not known. To have that back, restore the file under its own name from '
           'a backup.')
NOTHING_TO_VERIFY = ('%s: %s holds no record of a remediation of this host, so there is nothing to verify. Run remediate.yml first, or '
                     'name the log_hygiene_run_dir of that run.')
NOTHING_TO_ROLL_BACK = ('%s: %s holds no record of a remediation of this host, so there is nothing to roll back. Name the '
                        'log_hygiene_run_dir of that run.')


class ActionModule(stage.Stage):
    """The stage survey, and the second look at a host that was remedied."""

    _requires_connection = True
    OPTIONS = {
        'again': {'type': 'bool', 'default': False},
        'since': {'type': 'str', 'default': ''},
        'unexplained': {'type': 'bool', 'default': True},
        'settle': {'type': 'int', 'default': 0},
        'opt_in': {'type': 'list', 'elements': 'str', 'default': []},
    }

    def _open(self, args: dict[str, Any], run: records.Run, now: str) -> tuple[Record, bool]:
        if args['again']:
            return super()._open(args, run, now)
        host = self.known['inventory_hostname']
        lasting = args['journey'] in records.LASTING and not self._check_mode()
        previous, self.refused, unknown = None, run['held'], None
        try:
            previous = records.load(args['run_dir'], host)
        except records.Damaged as exc:
            unknown = '%s It was set aside as %s.' % (exc, records.set_aside(exc.path, now))
        except records.RecordError as exc:
            unknown = str(exc)
            # It may be whole, and is not to be replaced.
            self.refused = self.refused or (unknown if lasting else None)
        aside = None if unknown else records.left_aside(args['run_dir'], host)
        if aside:
            unknown = '%s: an earlier record of this host, which was damaged and set aside.' % aside
        other = records.taken_by(args['run_dir'], previous, run) if lasting else None
        if other:
            self.refused = self.refused or (
                '%s: another run works on this host at this moment (process %d, begun %s), and both would write its record. Nothing was '
                'changed. Run this again when that has ended.' % (host, other['process'], other['started']))
        record = records.begin(previous, host, args['journey'], self._check_mode(), now, records.VERSION, run['id'])
        record['catalog_paths'] = self.catalog_paths  # by which the report finds what the signatures of this host say
        if other:
            record['previous_run'] = None  # the record of this run does not take the place of the other's
        if unknown:
            record['problems'].append({'part': 'record', 'message': '%s %s' % (unknown, UNKNOWN)})
        continuing = args['journey'] in records.CONTINUING
        if continuing and not record['plan'] and not surveys.remedied(record) and not record['policy_applied'] and not self.refused:
            nothing = NOTHING_TO_VERIFY if args['journey'] == 'verify' else NOTHING_TO_ROLL_BACK
            self.refused = '%s %s' % (unknown, UNKNOWN) if unknown else nothing % (host, args['run_dir'])
        if run['held']:
            records.fail(record, {'stage': 'survey', 'message': run['held']}, lost=True)
        return record, True

    def work(self, record: Record, args: dict[str, Any], result: dict[str, Any]) -> None:
        if args['again']:
            self._again(record, args)
            return
        if self.refused:
            raise stage.StageError(self.refused)
        signatures = self.catalog()
        audit, verify, continuing = record['journey'] == 'audit', record['journey'] == 'verify', record['journey'] in records.CONTINUING
        wanted: dict[str, Any] = {'signatures': [] if continuing else on_host.trimmed(signatures)}
        if not continuing:
            wanted.update(since=args['since'] or None, unexplained=args['unexplained'], retention=surveys.RETENTION, alerts=surveys.ALERTS,
                          packages=surveys.packages_of(signatures))
        remediable = surveys.remediable(record, signatures, args['opt_in'])
        if audit:
            wanted.update(kinds=surveys.kinds_of(remediable), remedied=surveys.remedied(record))
        if audit or verify:
            wanted.update(self._points(record, args))
        found = self._look(record, args, wanted)
        if not continuing:
            record['scan'] = surveys.scan_of(found, args['since'], signatures)
            record['retention'], record['alerts'] = surveys.retention_of(found), found['alerts']
        elif verify and not record['plan']:  # a remediation since then did not come to its plan, as where the host was down
            record['plan'] = plan.make(record, signatures, opt_in=surveys.remedied(record))
        if audit:
            record['remedies'] = surveys.remedies_of(record, remediable, found)
        records.end_stage(record, 'survey', 'ran')

    def _again(self, record: Record, args: dict[str, Any]) -> None:
        """What came since the remedies, after the reboot if there was one. A host with neither is left alone."""
        wanted = {} if record['journey'] == 'rollback' else self._points(record, args)
        reboot = record['reboot']
        rebooted = reboot if reboot and reboot['state'] == 'begun' else None
        if not wanted.get('points') and not rebooted:
            return
        before = plan.target_of(record)['boot_id']
        found = self._look(record, args, wanted)
        if rebooted:
            now = found['host']['boot_id']
            if now == before:
                raise stage.StageError(
                    '%s came back from the reboot with the boot id it had before (%s): it did not reboot, so nothing can be '
                    'proved. Reboot it by hand and run verify.yml.' % (record['host'], before))
            record['reboot'] = {**rebooted, 'state': 'done', 'boot_id_after': now}
            records.end_stage(record, 'reboot', 'ran')

    def _points(self, record: Record, args: dict[str, Any]) -> dict[str, Any]:
        """The arguments by which the host is looked at from each remedy point on."""
        signatures = self.catalog()
        points = surveys.since_remedies(record, surveys.remediable(record, signatures, args['opt_in']))
        ids = set(signature_id for point in points for signature_id in point['signature_ids'])
        return {
            'points': points, 'settle': 0 if self._check_mode() else args['settle'],
            'verify_signatures': on_host.trimmed([one for one in signatures if one['id'] in ids]),
            'diverted_ids': [one['id'] for one in signatures if one['disposition'] == 'divert'],
        }

    def _look(self, record: Record, args: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        """What the module host_survey returns. The record learns what the host is, even where nothing else could be seen."""
        found = self.on_host('host_survey', dict((key, value) for key, value in wanted.items() if value is not None))
        if found.get('failed'):
            if not answer.host_problem(found.get('host')):
                record['target'] = found['host']
            raise stage.StageError('%s: %s' % (record['host'], stage.failure_of(found)[0] or stage.NO_MESSAGE))
        wrong = answer.problem(found, wanted)
        if wrong:
            raise stage.StageError('%s: %s' % (record['host'], stage.UNUSABLE % wrong))
        record['target'] = found['host']
        machines.claim(args['run_dir'], record['host'], record.get('run') or '', found['host'])
        record['problems'] = record.get('problems', []) + [
            {'part': one['part'], 'message': one['message'][:stage.TOLD]} for one in found['problems']]
        if 'points' in wanted:
            record['verify'] = surveys.verify_of(record, found)
        return found
