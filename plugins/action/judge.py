# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""End a run with the exit status its record deserves: see plugins/modules/judge.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from ansible.plugins.action import ActionBase

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import table
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.words import LANGUAGES, say


class ActionModule(ActionBase):
    """Runs on the control node only; never connects to the host."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        dummy, args = self.validate_argument_spec(argument_spec={
            'record': {'type': 'dict', 'required': True},
            'language': {'type': 'str', 'default': 'en', 'choices': list(LANGUAGES)},
        })
        record, language = args['record'], args['language']
        state = table.state(record)
        result.update(changed=False, state=state)
        if state == 'unseen':
            # An unreachable result makes ansible-playbook end with status 4.
            result.update(unreachable=True, msg=say(language, 'finding.unseen', message=record['errors'][-1]['message']))
        elif state != 'clean':
            result.update(failed=True, msg='; '.join(table.complaints(language, record)))
        return result
