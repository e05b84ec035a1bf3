# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A journey to a host where nothing is wrong finds nothing, does nothing and says so."""


def test_nothing_was_ever_present(record):
    promised = {row["signature_id"] for row in record["plan"] if row["disposition"] in ("fix", "divert")}
    verdicts = {row["signature_id"]: row["verdict"] for row in record["verify"]["verdicts"]}
    assert promised
    assert {verdicts[signature] for signature in promised} == {"never_present"}
    # Nothing is promised of the others.
    assert {verdict for signature, verdict in verdicts.items() if signature not in promised} == {None}


def test_nothing_was_done(record):
    assert not record["remedies"]
    assert record["reboot"] is None
    assert not record["errors"]


def test_nothing_was_found(record):
    assert not record["findings"]
