# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/conftest.py gives property tests the number of examples that tests/run_units.py asked for."""
from __future__ import absolute_import, division, print_function

import os

from hypothesis import given, settings, strategies as st

__metaclass__ = type

ONE_IN = int(os.environ.get('LOG_HYGIENE_ONE_EXAMPLE_IN') or 1)
TRIED = {'usual': 0, 'many': 0, 'method': 0}


@given(st.binary(min_size=8, max_size=8))
def test_the_usual_number(dummy):
    TRIED['usual'] += 1


@settings(max_examples=300)
@given(st.binary(min_size=8, max_size=8))
def test_a_number_of_its_own(dummy):
    TRIED['many'] += 1


class TestMethods:
    @settings(max_examples=200)
    @given(st.binary(min_size=8, max_size=8))
    def test_of_a_class(self, dummy):
        TRIED['method'] += 1


def test_so_many_were_tried():
    wanted = int(os.environ.get('LOG_HYGIENE_EXAMPLES') or 100)
    assert TRIED == {'usual': wanted // ONE_IN, 'many': 300 // ONE_IN, 'method': 200 // ONE_IN}
