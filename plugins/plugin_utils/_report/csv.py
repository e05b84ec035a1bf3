# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a run as CSV (RFC 4180), as an auditor opens it in a spreadsheet. Pure.

A row says all that is needed to read it alone: host, release, run, period. Numbers are numbers, one sink a column.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import csv
import io
import re
from collections.abc import Mapping

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import scanned
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import host as report_host
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.host_state import state
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record import CONTINUING
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import parse
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import harmless, when, when_asked
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language, say
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report._module_texts import module_text
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Counts, Record, Stamp
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.verdicts import verdicts_of
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature

Cell = str | int | float
# In English the names of the columns, for programs; the texts `csv.NAME` are those for people.
HEAD: tuple[str, ...] = (
    'host', 'release', 'run_at', 'age_days', 'journey', 'period_from', 'period_to', 'kind', 'signature_id', 'title', 'action',
    *('found_' + sink for sink in scanned.SINKS), *('after_' + sink for sink in scanned.SINKS), 'verdict', 'text',
    'severity', 'lost', 'keep_days', 'held_days', 'first_seen', 'last_seen', 'cause', 'advice', 'controls', 'owner', 'expires')
FORMULA = '=+-@\uff1d\uff0b\uff0d\uff20'  # what a formula begins with, also full-width
# A program that takes the semicolon for the end of a cell, as LibreOffice offers to, would find a formula behind it.
BEHIND = re.compile('(;[ \u00a0\u3000]*)(?=[%s])' % re.escape(FORMULA))


def csv_cell(text: str) -> str:
    """A text that no spreadsheet runs as a formula: an apostrophe stops that, where a cell begins and behind a semicolon."""
    text = BEHIND.sub(r"\1'", harmless(text))
    return "'" + text if text.lstrip(' \u00a0\u3000')[:1] in tuple(FORMULA) and text != '-' else text


def age_days(record: Record, now: Stamp) -> int:
    """How long ago a host was looked at, in whole days; a clock that was set back makes nothing younger than now."""
    return max(0, (parse(now) - parse(record['updated'])).days)


def head(language: Language) -> list[str]:
    """The names of the columns."""
    return [name if language == 'en' else say(language, 'csv.' + name) for name in HEAD]


def to_csv(records: list[Record], catalog: list[Signature], language: Language, own: Mapping[str, list[Signature]] | None = None,
           now: Stamp | None = None) -> str:
    """All hosts, with a byte order mark so that Excel reads Korean: a row per host and signature, then what there is to read.

    :param catalog: of the run. :param own: {host: its catalog}, where that is another.
    :param now: what the age of each row is counted to; the record's own end where it is left out.
    """
    stream = io.StringIO()
    stream.write('\ufeff')
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC)  # a semicolon in a text ends no cell
    writer.writerow(head(language))
    for record in records:
        for row in _rows(language, record, (own or {}).get(record['host'], catalog), now):
            writer.writerow([csv_cell(value) if isinstance(value, str) else value for value in (row.get(name, '') for name in HEAD)])
    return stream.getvalue()


def _rows(language: Language, record: Record, catalog: list[Signature], now: Stamp | None) -> list[dict[str, Cell]]:
    """The rows of one host."""
    told = dict((signature['id'], _of_signature(language, signature)) for signature in catalog)
    common = _common(language, record, now)
    rows: list[dict[str, Cell]] = []

    def add(kind: str, signature_id: str = '', *parts: Mapping[str, Cell], **cells: Cell) -> None:
        label = kind if language == 'en' else _kind_text(language, kind)
        row: dict[str, Cell] = {**common, 'kind': label, 'signature_id': signature_id, **told.get(signature_id, {}), **cells}
        for part in parts:
            row.update(part)
        rows.append(row)

    # Where the host stood and when, so that one without a row below is there, too.
    add('host', verdict=_state_text(language, record), text=report_host.heading(language, record))
    verdicts = dict((row['signature_id'], row) for row in verdicts_of(record))
    plan = dict((row['signature_id'], row) for row in record['plan'])
    for one in report_host.rollback_rows(language, record):
        add('signature', one['signature'], action=one['outcome'], text=one['role'])
    for shown in report_host.rows(record, catalog, language) if record['journey'] != 'rollback' else []:
        signature_id = shown['signature']
        before, after = report_host.before_and_after(plan[signature_id], verdicts.get(signature_id))
        add('signature', signature_id, _counts('found_', before), _counts('after_', after), _span(language, record, signature_id),
            title=plan[signature_id]['title'][language], action=shown['action'], verdict=shown['verdict'])
    for finding in record['findings']:
        add('finding:' + finding['kind'], finding['signature_id'], text=report_host.finding_text(language, finding, record))
    for error in record['errors']:
        add('error' if record['reachable'] else 'not_seen', text=module_text(language, error['message']))
    for text in report_host.unread_texts(language, record):
        add('finding:unread', text=text)
    for text in report_host.stage_texts(language, record):
        add('not_run', text=text)
    for store in report_host.stores(record):
        days: tuple[tuple[str, float | None], ...] = (('keep_days', store['keep_days']), ('held_days', store['held_days']))
        add('retention', '', dict((name, round(value, 2)) for name, value in days if value is not None),
            title=store['path'], text=module_text(language, store['reason'] or ''),
            verdict='-' if store['keep_days'] is None else say(language, report_host.MEETS[store['meets']]))
    if record['journey'] not in CONTINUING:  # whose scan is that of an earlier run, which has told of it
        for near in scanned.context(record['scan']):
            add('context', near['signature_id'], first_seen=_time(language, near['at']), last_seen=_time(language, near['at']),
                text='; '.join(text.strip() for text in report_host.context_of(language, near, near['signature_id'])))
        for group, counts in scanned.groups(record['scan']):
            add('unexplained', '', _counts('found_', counts), _ends(language, group['first_seen'], group['last_seen']),
                title=group['program'] or '-', text=group['template'], severity=group['priority'])
        for loss, counts in scanned.losses_by_sink(record['scan']):
            number: dict[str, Cell] = {} if loss['lost'] is None else {'lost': loss['lost']}
            add('loss', '', _counts('found_', counts), number, _ends(language, loss['first_seen'], loss['last_seen']),
                title=say(language, 'loss.' + loss['kind']), text=report_host.loss_text(language, loss))
    for text in report_host.note_texts(language, record):
        add('note', text=text)
    return rows


def _common(language: Language, record: Record, now: Stamp | None) -> dict[str, Cell]:
    """What each row of a host says: which host, what it is, when it was looked at, and from when on its logs go."""
    target, scan = record.get('target'), record['scan']
    begins = [boot['first_seen'] for result in (scan['sinks'].values() if scan else ()) for boot in result.get('boots', []) if boot['first_seen']]
    since = scan.get('since') if scan else None
    return {
        'host': record['host'], 'release': (target.get('stands_for') or target['os']) if target else '',
        'run_at': _time(language, record.get('updated')), 'age_days': age_days(record, now or record['updated']),
        'journey': report_host.journey_text(language, record),
        'period_from': when_asked(language, since).removesuffix(' KST') if since else _time(language, min(begins, default=None)),
        'period_to': _time(language, scan['at'] if scan else None)}


def _of_signature(language: Language, signature: Signature) -> dict[str, Cell]:
    """What the catalog says of a signature. `tests` build some that lack parts, and so may those of an older version."""
    cause, advice, governance = signature.get('cause'), signature.get('advice'), signature.get('governance')
    return {
        'title': signature['title'][language], 'cause': cause[language] if cause else '', 'advice': advice[language] if advice else '',
        'controls': '; '.join('%s %s' % (one['framework'].upper(), one['id']) for one in signature.get('controls', [])),
        'owner': governance['owner'] if governance else '', 'expires': (governance['expires'] or '') if governance else ''}


def _counts(prefix: str, counts: Counts) -> dict[str, Cell]:
    """A number per sink; a sink that was not there has none."""
    return dict((prefix + sink, counts[sink]) for sink in scanned.SINKS if sink in counts)


def _span(language: Language, record: Record, signature_id: str) -> dict[str, Cell]:
    """When the scan saw the first and the last message of a signature, of all sinks."""
    found = [row for row in (scanned.find(record['scan'], sink, signature_id) for sink in scanned.SINKS) if row]
    return _ends(language, min((row['first_seen'] for row in found if row['first_seen']), default=None),
                 max((row['last_seen'] for row in found if row['last_seen']), default=None))


def _ends(language: Language, first: Stamp | None, last: Stamp | None) -> dict[str, Cell]:
    return {'first_seen': _time(language, first), 'last_seen': _time(language, last)}


def _time(language: Language, stamp: Stamp | None) -> str:
    """A time as spreadsheets read it; in Korean the head of the column says the zone."""
    return when(language, stamp).removesuffix(' KST') if stamp else ''


def _kind_text(language: Language, kind: str) -> str:
    """The kind of a row, for people."""
    first, dummy, rest = kind.partition(':')
    return say(language, 'csv.finding', what=say(language, 'short.' + rest)) if rest else say(language, 'kind.' + first)


def _state_text(language: Language, record: Record) -> str:
    """Where a host stands: for programs as the JSON summary has it, for people as the table says it."""
    stands = state(record)
    return stands if language == 'en' else say(language, 'state.' + stands)
