# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the files of a run and show its totals: see plugins/modules/summary.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import json
import os

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.loghygiene.rhel.plugins.plugin_utils import record as records, table
from ansible_collections.loghygiene.rhel.plugins.plugin_utils.words import LANGUAGES, say

display = Display()


class ActionModule(ActionBase):
    """Runs on the control node only, once for all hosts."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        dummy, args = self.validate_argument_spec(argument_spec={
            'run_dir': {'type': 'path', 'required': True},
            'journey': {'type': 'str', 'required': True, 'choices': ['remediate', 'verify', 'scan', 'audit']},
            'hosts': {'type': 'list', 'elements': 'str', 'required': True},
            'catalogue': {'type': 'list', 'elements': 'dict', 'required': True},
            'language': {'type': 'str', 'default': 'en', 'choices': list(LANGUAGES)},
        })
        check_mode = bool(self._task.check_mode)
        name = args['journey'] + ('.check' if check_mode and args['journey'] in records.LASTING else '')
        paths = [os.path.join(args['run_dir'], '%s-summary.%s' % (name, kind)) for kind in ('json', 'csv')]
        try:
            found = [records.load(args['run_dir'], host, args['journey'], check_mode) for host in args['hosts']]
            found = [record for record in found if record is not None]
            states = dict((record['host'], table.state(record)) for record in found)
            records.write_private(paths[0], json.dumps(
                {'schema': records.SCHEMA, 'journey': args['journey'], 'check_mode': check_mode, 'states': states,
                 'hosts': found}, indent=1, sort_keys=True, ensure_ascii=False) + '\n')
            records.write_private(paths[1], table.to_csv(found, args['catalogue'], args['language']))
        except records.RecordError as exc:
            raise AnsibleActionFail(str(exc))
        values = list(states.values())
        text = say(args['language'], 'summary', hosts=len(args['hosts']), clean=values.count('clean'),
                   findings=values.count('findings') + values.count('error'),
                   unseen=len(args['hosts']) - len(values) + values.count('unseen'), files=' '.join(paths))
        display.display('\n%s\n' % text)
        result.update(changed=False, states=states, files=paths, text=text)
        return result
