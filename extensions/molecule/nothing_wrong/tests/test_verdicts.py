# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A journey to a host where nothing is wrong finds nothing, does nothing and says so."""


def test_no_verdict_but_never_present(record):
    verdicts = {row["signature"]: row["verdict"] for row in record["verify"]["verdicts"]}
    assert set(verdicts.values()) == {"never_present"}


def test_nothing_was_done(record):
    assert not record["fixes"]
    assert record["reboot"] is None
    assert not record["errors"]


def test_nothing_was_found(record):
    assert not record["findings"]
