# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a run as CSV (RFC 4180). Pure."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import csv
import io

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import host as report_host
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.host_state import state
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.layout import harmless, when
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import Language
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report._module_texts import module_text
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Record, Stamp
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.stamps import parse
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature

HEAD = ('host', 'kind', 'signature_id', 'before', 'action', 'after', 'verdict', 'text', 'title', 'age_days')


def csv_cell(text: str) -> str:
    """A spreadsheet runs cells that begin with = + - @ as formulas, also where they are full-width: an apostrophe stops that."""
    text = harmless(text)
    return "'" + text if text[:1] in tuple('=+-@\uff1d\uff0b\uff0d\uff20') and text != '-' else text


def age_days(record: Record, now: Stamp) -> int:
    """How long ago a host was looked at, in whole days; a clock that was set back makes nothing younger than now."""
    return max(0, (parse(now) - parse(record['updated'])).days)


def to_csv(records: list[Record], catalog: list[Signature], language: Language, now: Stamp | None = None) -> str:
    """All hosts, with a byte order mark so that Excel reads Korean: a row per host and signature, then findings.

    :param now: what the age of each row is counted to; the record's own end where it is left out.
    """
    stream = io.StringIO()
    stream.write('\ufeff')
    writer = csv.writer(stream)
    writer.writerow(HEAD)
    titles = dict((signature['id'], signature['title'][language]) for signature in catalog)

    def write(host: str, kind: str, signature_id: str = '', counts: tuple[str, str, str] = ('', '', ''), verdict: str = '',
              text: str = '') -> None:
        writer.writerow([csv_cell(value) for value in (
            host, kind, signature_id, *counts, verdict, text, titles.get(signature_id, ''), age)])

    for record in records:
        host, age = record['host'], str(age_days(record, now or record['updated']))
        # Where the host stood and when, so that one without a row below is there, too.
        write(host, 'host', verdict=state(record), text='%s  %s' % (report_host.heading(language, record), when(language, record.get('updated'))))
        for row in report_host.rows(record, catalog, language):
            write(host, 'signature', row['signature'], (row['before'], row['action'], row['after']), row['verdict'])
        for finding in record['findings']:
            write(host, 'finding:' + finding['kind'], finding['signature_id'], text=report_host.finding_text(language, finding))
        for error in record['errors']:
            write(host, 'error' if record['reachable'] else 'not_seen', text=module_text(language, error['message']))
        for text in report_host.unread_texts(language, record):
            write(host, 'finding:unread', text=text)
        for text in report_host.stage_texts(language, record):
            write(host, 'not_run', text=text)
    return stream.getvalue()
