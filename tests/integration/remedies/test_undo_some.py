# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What some signatures need stays when others are undone."""
import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract, kinds


@pytest.mark.parametrize('items, kept, keys, left', [
    ([{'unit': 'a', 'scope': 's'}, {'unit': 'b', 'scope': 's'}], [{'unit': 'a', 'scope': 's'}], ('unit', 'scope'), [{'unit': 'b', 'scope': 's'}]),
    ([{'unit': 'a', 'scope': 's'}], [{'unit': 'a', 'scope': 'global'}], ('unit', 'scope'), [{'unit': 'a', 'scope': 's'}]),
    ([{'unit': 'a', 'scope': 's'}], [], ('unit',), [{'unit': 'a', 'scope': 's'}])])
def test_what_others_ask_for_is_left_out(items, kept, keys, left):
    given = [dict(item) for item in items]
    assert contract.others(items, kept, *keys) == left and items == given


@pytest.mark.parametrize('role', kinds.ROLES)
def test_every_kind_can_undo_some(role):
    assert callable(kinds.kind_of(role).undo_some)
