# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the catalog and the variables before any host is contacted: see plugins/modules/preflight.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import datetime
from typing import Any

from ansible import template
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.vars import load_extra_vars

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import run_dir, stage, variables
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy import rules as syslog_policy
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._report.refusals import refusal_text

display = Display()
# Newer versions of ansible-core evaluate only what they read themselves, or what is said to be trusted.
TRUSTED = getattr(template, 'trust_as_template', lambda text: text)


class ActionModule(ActionBase):
    """Run on the control node only; never connect to the host."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        try:
            return self._check(result, task_vars or {})
        except AnsibleActionFail as exc:
            if self._task.args.get('language') != 'ko':
                raise
            raise AnsibleActionFail(refusal_text('ko', str(exc)))

    def _check(self, result: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
        """:raises AnsibleActionFail: something is wrong."""
        dummy, args = self.validate_argument_spec(argument_spec={
            **stage.COMMON, 'run_dir': {'type': 'path'}, 'journey': {'type': 'str'},
            'language': {'type': 'str'}})  # which is checked below, under the name that users know
        unknown = variables.unknown(known)
        if unknown:
            raise AnsibleActionFail(variables.complaint(unknown))
        self._check_the_play(known)
        values = self._values(known)
        unusable = variables.wrong_values(values, datetime.datetime.now(datetime.timezone.utc))
        if unusable:
            raise AnsibleActionFail(variables.value_complaint(unusable))
        self._check_the_policy(known)
        try:
            catalog.need_jmespath('This collection')
            ids = [signature['id'] for signature in catalog.of_run(args['catalog_paths'])]
        except catalog.CatalogError as exc:
            raise AnsibleActionFail('%s\nNothing was contacted.' % exc)
        # The playbook syslog_policy has no journey, and nobody tells it where the signatures are.
        strange = variables.opt_in_problem(values.get('log_hygiene_opt_in', []), ids) if args['journey'] else None
        if strange:
            raise AnsibleActionFail(variables.value_complaint([('log_hygiene_opt_in', strange)]))
        doubtful = variables.doubtful(known)
        if doubtful:
            display.warning(variables.remark(doubtful))
        wrong = args['run_dir'] and run_dir.problem(args['run_dir'])
        if wrong:
            raise AnsibleActionFail(wrong)
        result.update(changed=False, doubtful=dict(doubtful))
        return result

    def _values(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return {name: value} of the variables that can be evaluated here. The others are checked where they are used."""
        found = {}
        for name in set(variables.scalars()) | {'log_hygiene_since', 'log_hygiene_opt_in'}:
            if name in task_vars:
                try:
                    found[name] = self._templar.template(task_vars[name])
                except AnsibleError:
                    continue
        return found

    def _check_the_policy(self, task_vars: dict[str, Any]) -> None:
        """Check the rules of the syslog policy as its role would see them, with its defaults where nothing is said."""
        said = variables.of_the_policy(task_vars)
        if not said:
            return
        known = {**{name: TRUSTED(value) if isinstance(value, str) else value for name, value in variables.policy_defaults().items()},
                 **task_vars}
        templar = self._templar.copy_with_new_env(available_variables=known)
        try:
            if templar.template(known['syslog_policy_state']) != 'present':
                return
            rules = templar.template(known[variables.POLICY if variables.POLICY in task_vars else 'syslog_policy_default_rules'])
        except AnsibleError:
            return  # made of what is not known here, such as facts of the host: the role checks it
        try:
            syslog_policy.normalise(rules)
        except syslog_policy.SyslogPolicyError as exc:
            raise AnsibleActionFail('%s: the syslog policy is not valid. Nothing was contacted.\n%s' % (', '.join(said), exc))

    def _check_the_play(self, task_vars: dict[str, Any]) -> None:
        """Check the variables of the play. Ansible reads them before the variables of any host."""
        told = set(load_extra_vars(self._loader))
        play = self._task.get_play()
        if play is not None:
            told.update(play.vars)
        elsewhere = [name for name in variables.OF_THE_PLAY if name in task_vars and name not in told]
        if elsewhere and not (play is not None and play.vars_files):
            raise AnsibleActionFail(variables.out_of_place(elsewhere[0]))
        own, journey = (play.vars if play is not None else {}).get('log_hygiene_journey'), task_vars.get('log_hygiene_journey')
        if own in stage.JOURNEYS and journey != own:
            raise AnsibleActionFail(variables.other_journey(own, journey))
        wrong = (variables.strategy_problem(play.strategy) if play is not None and journey else None) or \
            variables.serial_problem(self._templar.template(task_vars.get('log_hygiene_serial', '100%')))
        if wrong:
            raise AnsibleActionFail(wrong)
