# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV that no spreadsheet runs, whatever an attacker wrote into a log."""
from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given, strategies as st

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import plan
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report import csv as report_csv
from builders import FIX_BOOT, found, record, signature, sinks


@given(st.text(alphabet='=+-@\uff1d\uff0b\uff0d\uff20 1A'))
def test_no_csv_cell_is_a_formula(text):
    cell = report_csv.csv_cell(text)
    assert unicodedata.normalize('NFKC', cell[:1]) not in ('=', '+', '-', '@') or cell == '-'


def test_every_row_says_how_old_it_is():
    rows = [record(host='new', updated='2026-11-22T10:29:00Z'), record(host='old', updated='2026-11-10T10:31:00.5Z'),
            record(host='ahead', updated='2026-11-25T00:00:00Z')]
    text = report_csv.to_csv(rows, [], 'en', '2026-11-22T10:30:00.000000Z')
    ages = {(row['host'], row['age_days']) for row in csv.DictReader(io.StringIO(text.lstrip('\ufeff')))}
    assert ages == {('new', '0'), ('old', '11'), ('ahead', '0')}


def test_csv_escapes_what_a_host_sent():
    rec = record(reachable=False, errors=[{'stage': 'survey', 'message': '=cmd|calc \x1b[31m, "x"'}])
    rows = list(csv.reader(io.StringIO(report_csv.to_csv([rec], [], 'en').lstrip('\ufeff'))))
    assert rows[1][:2] == ['web1', 'host'] and rows[1][6] == 'unseen'
    assert rows[2][1] == 'not_seen' and rows[2][7] == '\'=cmd|calc \\x1b[31m, "x"'


def test_a_signature_is_named_by_its_title_as_well():
    sig = signature()
    rec = record(scan={'at': '', 'boot_id': FIX_BOOT, 'sinks': sinks(journal=[found(sig['id'], 5)])})
    rec['plan'] = plan.make(rec, [sig])
    rows = list(csv.DictReader(io.StringIO(report_csv.to_csv([rec], [sig], 'ko').lstrip('\ufeff'))))
    assert [(row['signature_id'], row['title']) for row in rows] == [('', ''), (sig['id'], '제목')]


@pytest.mark.parametrize('language, check, text', [
    ('en', False, '  remediation  2026-11-22T10:30:00Z'), ('en', True, '  remediation (check mode: nothing was changed)  2026-11-22T10:30:00Z'),
    ('ko', True, '  조치(체크 모드: 변경하지 않음)  2026-11-22 19:30:00 KST')])
def test_who_has_the_csv_alone_sees_when_it_was_and_whether_anything_was_changed(language, check, text):
    rows = list(csv.DictReader(io.StringIO(report_csv.to_csv([record(check_mode=check)], [], language).lstrip('\ufeff'))))
    assert rows[0]['kind'] == 'host' and rows[0]['text'].endswith(text), rows[0]
