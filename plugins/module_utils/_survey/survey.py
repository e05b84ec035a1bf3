# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers everything that a journey needs from a host in one visit, for the module host_survey.

Each part is what a module of its own tells, by the same functions. Only the journal must be there: another part that
fails is named, and the rest is told. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

from ansible_collections.loghygiene.rhel.plugins.module_utils._alerts import path as alert_path
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import (
    reader as journal, scan as journal_scan, triggers)
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import scan as logfile_scan
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate
from ansible_collections.loghygiene.rhel.plugins.module_utils._retention import retention
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.aggregate import boot_at
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import error_text
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog.diversion import DIRECTORY
from ansible_collections.loghygiene.rhel.plugins.module_utils._survey import context

TEXT_SINKS = ('messages', 'secure', 'diverted')
# What a record keeps of a scan.
KEYS = ('signatures', 'boots', 'machines', 'unexplained', 'losses', 'cursor', 'entries', 'files', 'errors', 'method')
LONGEST_WAIT = 60  # seconds that rsyslog may be behind the journal
# Their texts are for people; of any other only its class tells what it is.
TOLD = (alert_path.AlertPathError, logfile_scan.ScanError, logrotate.LogrotateError, EnvironmentError, ValueError)
NO_ROOT = ('the logs can only be read whole by root. Run with become (become: true, or --become --ask-become-pass); '
           'nothing was changed.')
NO_JOURNAL = ('journalctl is not installed, so there is no journal to read. This collection is for hosts that run '
              'systemd; nothing was changed.')


class SurveyError(Exception):
    """Nothing can be surveyed. The text says why and what to do. `host` describes the host, None if unknown."""

    def __init__(self, text, described=None):
        super(SurveyError, self).__init__(text)
        self.host = described


def sink_row(result):
    """Return what to keep of the result of a scan (dict). Text logs have no cursor that leaves anything undecided."""
    return dict(((key, result[key]) for key in KEYS), undecided=result.get('undecided', 0))


def text_paths(described):
    """Return the text logs of a host with the globs of each: list of (sink, list of paths).

    :param described: what host.describe() says.
    """
    paths = {'messages': described['sinks']['messages'], 'secure': described['sinks']['secure'],
             'diverted': DIRECTORY + '/*.log'}
    return [(sink, [paths[sink]]) for sink in TEXT_SINKS if paths[sink]]


def seen_in(sinks):
    """Return the ids of the signatures that were seen in any sink (set)."""
    return set(row['id'] for result in sinks.values() for row in result['signatures'] if row['count'])


def ids_by_role(kinds, wanted):
    """Return the wanted signatures for which each kind of remedy has an item: dict, role -> set of ids, none empty.

    :param kinds: role -> list of items. wanted: ids of signatures whose remedy may be there or be planned.
    """
    found = dict((role, set(item['signature_id'] for item in items).intersection(wanted))
                 for role, items in kinds.items())
    return dict((role, ids) for role, ids in found.items() if ids)


def point_of(asked, remedy, boots, boot_time):
    """Return the remedy point (dict) to start from, or None if the remedy is not in place.

    A recorded point holds only while the remedy is what that run left: in place, and not changed since.

    :param asked: item of the option points.
    :param remedy: its kind's state, None where that was not looked at.
    :param boots: function, returns the boots that the journal holds.
    """
    if remedy is None:
        return asked['point']
    if remedy.get('failed') or not remedy['in_place']:
        return None
    if asked['point'] and not remedy['changed']:
        return asked['point']
    at = remedy.get('in_place_since') or boot_time
    return {'at': at, 'boot_id': boot_at(boots(), at), 'journal_cursor': '', 'log_cursors': {}}


def groups_of(points, remedies, looked_at, boots, boot_time):
    """Group by distinct remedy point: list of dicts with point, roles, signature_ids, triggers and wait_for.

    :param points: the option. remedies: role -> state of its kind.
    :param looked_at: role -> ids of the signatures whose state that is. Of such a role no others count.
    """
    groups = []
    for asked in points:
        role = asked['role']
        point, ids = point_of(asked, remedies.get(role), boots, boot_time), asked['signature_ids']
        if role in looked_at:
            ids = [identity for identity in ids if identity in looked_at[role]]
        if point is None or not ids:
            continue
        group = next((one for one in groups if one['point'] == point), None)
        if group is None:
            group = {'point': point, 'roles': [], 'signature_ids': [], 'triggers': [], 'wait_for': []}
            groups.append(group)
        for key, values in (('roles', [role]), ('signature_ids', ids), ('triggers', asked['triggers']),
                            ('wait_for', asked['wait_for'])):
            group[key] += [value for value in values if value not in group[key]]
    return groups


def seconds_to_wait(settle, point, described, check_mode):
    """Return the seconds to wait for occasions since a point: only soon after a boot newer than the point."""
    young = timestamps.from_text(described['now']) - timestamps.from_text(described['boot_time'])
    if check_mode or young >= triggers.YOUNG * timestamps.SECOND or point.get('boot_id') == described['boot_id']:
        return 0
    return settle


def reason_of(error):
    """Return what to report about a part that failed (text)."""
    return error_text(error) if isinstance(error, TOLD) else u'%s: %s' % (type(error).__name__, error_text(error))


def look_at_remedy(module, role, items, ids):
    """Return the state of a kind of remedy (dict): what the module of the role would return in check mode.

    :param items: all items of the kind. ids: those of the signatures that are looked at.
    :returns: None where the role is not of this collection: only itself can tell.
    """
    from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import kinds as remedy_kinds
    if role not in remedy_kinds.ROLES:
        return None
    try:
        return remedy_kinds.look(module, role, remedy_kinds.wanted(items, ids))
    except remedy_kinds.RemedyError as error:
        return {'failed': error_text(error)}


class Survey:
    """One survey of the host."""

    def __init__(self, module):
        """:param module: an AnsibleModule with the options of host_survey."""
        self._module, self._options, self._get = module, module.params, module.get_bin_path
        self._journalctl = None
        self._boots = None
        self.problems = []

    def _part(self, name, function, *arguments, **options):
        """Return the result of a function, or None, with a problem recorded, if it fails. A missing journal is fatal."""
        try:
            return function(*arguments, **options)
        except journal.JournalError:
            raise
        except Exception as error:
            self.problems.append({'part': name, 'message': reason_of(error)})
            return None

    def run(self):
        """Return the result of the module (dict). Raises SurveyError."""
        try:
            described = host.describe(self._get)
        except (host.HostError, EnvironmentError) as error:
            raise SurveyError(error_text(error))
        self._journalctl = described['commands']['journalctl']
        if not described['root']:
            raise SurveyError(NO_ROOT, described)
        if self._journalctl is None:
            raise SurveyError(NO_JOURNAL, described)
        try:
            return self._all(described)
        except journal.JournalError as error:
            raise SurveyError(error_text(error), described)

    def _all(self, described):
        options = self._options
        sinks = self._scan(described) if options['signatures'] else None
        seen = seen_in(sinks or {})
        packages = set(options['packages'][name] for name in seen if name in options['packages'])
        described['packages'] = host.installed(self._get('rpm'), packages)
        looked_at = ids_by_role(options['kinds'], seen.union(options['remedied']))
        states = [(role, self._remedy(role, ids)) for role, ids in sorted(looked_at.items())]
        remedies = dict((role, state) for role, state in states if state is not None)
        verified = self._verify(described, looked_at, remedies)
        return {
            'host': described,
            'check_mode': self._module.check_mode,
            'sinks': sinks,
            'context': self._part('context', context.gather, self._journalctl, self._get, options['signatures'], sinks or {}) or [],
            'remedies': remedies,
            'verify': verified,
            'ends': self._ends(described, [one['sinks'] for one in reversed(verified)] + [sinks or {}]),
            'retention': self._asked('retention', retention.look),
            'alerts': self._asked('alerts', alert_path.look),
            'problems': self.problems,
        }

    def _asked(self, name, function):
        """Return the result of a function for the option of a name, or None if the option is not set or it fails."""
        options = self._options[name]
        return None if options is None else self._part(name, function, self._get, **options)

    def _journal(self, signatures, **options):
        return journal_scan.look(self._journalctl, signatures, **options)

    def _scan(self, described):
        """Scan all logs, by sink."""
        options = self._options
        common = {'since': options['since'], 'unexplained': options['unexplained']}
        found = self._journal(options['signatures'], **common)
        self._boots = found['boots']
        sinks = {'journal': sink_row(found)}
        for sink, paths in text_paths(described):
            result = self._part(sink, logfile_scan.look, self._get, paths, options['signatures'], boots=self._boots,
                                **common)
            if result is not None:
                sinks[sink] = sink_row(result)
        return sinks

    def boots(self):
        """Return the boots that the journal holds."""
        if self._boots is None:
            self._boots = self._journal([])['boots']
        return self._boots

    def _remedy(self, role, ids):
        try:
            return look_at_remedy(self._module, role, self._options['kinds'][role], ids)
        except Exception as error:
            return {'failed': reason_of(error)}

    def _verify(self, described, looked_at, remedies):
        """Return what happened since each remedy point (list of dicts)."""
        points = self._options['points']
        for asked in points:
            if asked['point'] is None and asked['role'] not in self._options['kinds']:
                self.problems.append({'part': 'verify', 'message': (
                    'points: %s has no point, and kinds does not say what to look at to find one' % asked['role'])})
        found = []
        for group in groups_of(points, remedies, looked_at, self.boots, described['boot_time']):
            result = self._part('verify', self._since, described, group)
            if result is not None:
                found.append(result)
        return found

    def _since(self, described, group):
        """Return what happened since one point. If one log fails, all fail: if left out, it would pass for clean."""
        options, point, ids = self._options, group['point'], group['signature_ids']
        cursor = point.get('journal_cursor') or ''
        at = None if cursor else point['at']
        seen = triggers.describe(
            self._journalctl, group['triggers'], since=at, cursor=cursor, past_boot=point.get('boot_id') or '',
            wait=seconds_to_wait(options['settle'], point, described, self._module.check_mode),
            wait_for=group['wait_for'])
        signatures = [one for one in options['verify_signatures'] if one['id'] in ids]
        found = self._journal(signatures, since=at, cursor=cursor)
        sinks = {'journal': sink_row(found)}
        diverted = dict((row['id'], row['count']) for row in found['signatures']
                        if row['id'] in options['diverted_ids'])
        for sink, paths in text_paths(described):
            cursor = (point.get('log_cursors') or {}).get(sink) or ''
            sinks[sink] = sink_row(logfile_scan.look(
                self._get, paths, signatures, cursor=cursor,
                # Of a log that has no cursor, as it was not there.
                since=None if cursor else point['at'], boots=found['boots'],
                expect=diverted if sink == 'diverted' else {}, wait=min(options['settle'], LONGEST_WAIT)))
        return {'roles': group['roles'], 'signature_ids': ids, 'point': point, 'triggers': seen['triggers'],
                'now': seen['now'], 'sinks': sinks}

    def _ends(self, described, scans):
        """Return where each log ends now: a remedy point (dict).

        :param scans: sinks of scans that were made, the last first.
        """
        after = self._options['after'] or {}
        if not any(scans):
            scans = [{'journal': self._journal([], cursor=after.get('journal_cursor') or '')}]
        cursors = {}
        for sink, paths in text_paths(described):
            result = next((scan[sink] for scan in scans if sink in scan), None)
            if result is None:
                result = self._part(sink, logfile_scan.look, self._get, paths, [],
                                    cursor=(after.get('log_cursors') or {}).get(sink) or '')
            if result is not None:
                cursors[sink] = result['cursor']
        return {'at': timestamps.to_text(timestamps.now()), 'boot_id': journal.current_boot(),
                'journal_cursor': next(scan['journal']['cursor'] for scan in scans if scan), 'log_cursors': cursors}


def look(module):
    """Return the survey that an AnsibleModule asks for (dict, see RETURN of host_survey). Raises SurveyError."""
    return Survey(module).run()
