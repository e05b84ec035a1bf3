# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the table of a host: see plugins/modules/report.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Any, TypedDict

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import table
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.record_types import Record
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.signature_types import Signature
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.messages import Language, LANGUAGES

display = Display()


class Arguments(TypedDict):
    record: Record
    catalog: list[Signature]
    language: Language


class ActionModule(ActionBase):
    """Runs on the control node only; never connects to the host."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        args: Arguments
        dummy, args = self.validate_argument_spec(argument_spec={
            'record': {'type': 'dict', 'required': True},
            'catalog': {'type': 'list', 'elements': 'dict', 'required': True},
            'language': {'type': 'str', 'default': 'en', 'choices': list(LANGUAGES)},
        })
        text = table.render(args['record'], args['catalog'], args['language'])
        display.display(text + '\n')
        result.update(changed=False, text=text)
        return result
