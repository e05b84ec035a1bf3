# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times in and out: RFC 3339, local time, and what no calendar has."""

from __future__ import absolute_import, division, print_function

import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps

__metaclass__ = type

MOMENT = 1795363280 * 1000000  # 2026-11-22T16:01:20Z


@pytest.fixture
def seoul(monkeypatch):
    """The host keeps the time of Seoul, nine hours before UTC."""
    monkeypatch.setenv('TZ', 'Asia/Seoul')
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    'text, stamp',
    [
        ('2026-11-22T16:01:20Z', MOMENT),
        ('2026-11-22T16:01:20.123456Z', MOMENT + 123456),
        ('2026-11-22T16:01:20.1Z', MOMENT + 100000),
        ('2026-11-22T16:01:20.123456999Z', MOMENT + 123456),
        ('2026-11-23T01:01:20+09:00', MOMENT),
        ('2026-11-23 01:01:20 +0900', MOMENT),
        ('2026-11-22t12:31:20-03:30', MOMENT),
        ('@1795363280', MOMENT),
        ('@1795363280.5', MOMENT + 500000),
        (' @-1.5 ', -1500000),
        ('1969-12-31T23:59:59.5Z', -500000),
        ('2024-02-29T00:00:00Z', 1709164800 * 1000000),
        ('2016-12-31T23:59:60Z', 1483228800 * 1000000),  # a leap second
    ],
)
def test_from_text(text, stamp):
    assert timestamps.from_text(text) == stamp


@pytest.mark.parametrize(
    'text, stamp',
    [
        ('2026-11-23 01:01:20', MOMENT),
        ('2026-11-23T01:01', MOMENT - 20 * 1000000),
        ('2026-11-23', MOMENT - 3680 * 1000000),
    ],
)
def test_a_time_without_zone_is_the_hosts(seoul, text, stamp):
    assert timestamps.from_text(text) == stamp


@pytest.mark.parametrize(
    'text',
    [
        '',
        'yesterday',
        '2026-13-01',
        '2026-02-29T00:00:00Z',
        '2026-11-31',
        '2026-11-22T24:00:00Z',
        '2026-11-22T16:60:00Z',
        '2026-11-22T16:01:61Z',
        '0000-01-01T00:00:00Z',
        '@',
        '@x',
        '2026-11-22T16:01:20Z; rm',
        '16:01:20',
    ],
)
def test_what_is_no_time_is_refused_with_the_forms_that_are(text):
    with pytest.raises(ValueError) as error:
        timestamps.from_text(text)
    assert '2026-11-22T16:01:20+09:00' in str(error.value)


def test_to_text():
    assert timestamps.to_text(MOMENT + 123456) == '2026-11-22T16:01:20.123456Z'
    assert timestamps.to_text(MOMENT) == '2026-11-22T16:01:20.000000Z'
    assert timestamps.to_text(MOMENT, fraction=False) == '2026-11-22T16:01:20Z'
    assert timestamps.to_text(MOMENT + 1, fraction=False) == '2026-11-22T16:01:20.000001Z'
    assert timestamps.to_text(None) is None


def test_a_journal_may_hold_any_number():
    assert timestamps.to_text(2**64 - 1) == '9999-12-31T23:59:59.999999Z'
    assert timestamps.to_text(-(2**63)) == '0001-01-01T00:00:00.000000Z'
    assert timestamps.to_text(0) == '1970-01-01T00:00:00.000000Z'


@given(st.integers(min_value=timestamps.EARLIEST, max_value=timestamps.LATEST))
def test_out_and_in_again(stamp):
    assert timestamps.from_text(timestamps.to_text(stamp)) == stamp
    assert timestamps.from_text(timestamps.to_text(stamp, fraction=False)) == stamp


@given(st.integers(min_value=timestamps.EARLIEST, max_value=timestamps.LATEST))
def test_text_is_what_datetime_says(stamp):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=stamp)
    assert timestamps.to_text(stamp).startswith(moment.isoformat()[:19])


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_a_value_error(text):
    try:
        assert isinstance(timestamps.from_text(text), type(MOMENT))
    except ValueError:
        pass
