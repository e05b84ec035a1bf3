# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the catalog and the variables before any host is contacted: see plugins/modules/preflight.py for the documentation."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from ansible import template
from ansible.errors import AnsibleError
from ansible.module_utils.common.validation import check_type_list, check_type_path
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.vars import load_extra_vars

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import record as records, run_dir, stage, variables
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
        known = task_vars or {}
        # The others are checked below, under the names that users know.
        dummy, args = self.validate_argument_spec(argument_spec={
            **dict.fromkeys(stage.COMMON, {'type': 'raw'}), 'deferred': {'type': 'bool', 'default': False}, 'found': {'type': 'dict'}})
        result.update(changed=False)
        said = variables.name_problem(known['inventory_hostname'])
        if said:  # at once: the next task takes all names
            result.update(failed=True, msg=refusal_text('ko', said) if args['language'] == 'ko' else said)
            return result
        if args['found'] is None:
            result.update(problems=list(self._problems(known, args)), doubtful=dict(variables.doubtful(known)))
            if result['doubtful']:
                display.warning(variables.remark(variables.doubtful(known)))
        if not args['deferred']:
            # Returned, not raised: of what is raised ansible-core 2.16 says that an exception occurred.
            said = variables.told({known['inventory_hostname']: result['problems']} if args['found'] is None else args['found'])
            if said:
                result.update(failed=True, msg=refusal_text('ko', said) if args['language'] == 'ko' else said)
        return result

    def _problems(self, task_vars: dict[str, Any], args: dict[str, Any]) -> Iterator[str]:
        """All that is wrong for this host."""
        unknown = variables.unknown(task_vars)
        if unknown:
            yield variables.complaint(unknown)
        play = self._task.get_play()
        tags = variables.tags_problem(play.only_tags, self._task.tags) if play is not None else None
        if tags:
            yield tags
        yield from self._of_the_play(task_vars)
        values, wrong = self._values(task_vars)
        wrong += variables.wrong_values(values, datetime.datetime.now(datetime.timezone.utc))
        if 'log_hygiene_catalog_paths' not in dict(wrong):
            try:
                catalog.need_jmespath('This collection')
                ids = [signature['id'] for signature in catalog.of_run(self._catalog_paths(args, values))]
            except catalog.CatalogError as exc:
                yield str(exc)
            else:
                for name, known in (('log_hygiene_opt_in', ids), ('log_hygiene_rollback_signatures', ids + self._remedied(task_vars, args))):
                    strange = variables.ids_problem(values[name], known) if values.get(name) and args['journey'] else None
                    if strange and name not in dict(wrong):
                        wrong.append((name, strange))
        run = variables.run_problem(str(values['log_hygiene_rollback_run'])) if values.get('log_hygiene_rollback_run') else None
        if run and 'log_hygiene_rollback_run' not in dict(wrong):
            wrong.append(('log_hygiene_rollback_run', run))
        for one in wrong:
            yield variables.value_complaint(one)
        if not any(name.startswith(variables.SYSLOG) for name in dict(wrong)):  # of which it would say the same
            yield from self._of_the_policy(task_vars)
        if args['run_dir'] and 'log_hygiene_run_dir' not in dict(wrong):
            unsafe = run_dir.problem(check_type_path(args['run_dir']))
            if unsafe:
                yield unsafe

    def _remedied(self, task_vars: dict[str, Any], args: dict[str, Any]) -> list[str]:
        """The signatures that the record of the host says were remedied. Some may have left the catalog since."""
        if args['journey'] != 'rollback' or not args['run_dir']:
            return []
        try:
            record = records.load(run_dir.absolute(check_type_path(args['run_dir'])), task_vars['inventory_hostname'])
        except (records.RecordError, TypeError):  # which the survey tells
            return []
        return sorted(set(name for rows in (record.get('applied') or {}).values() for name in rows)) if record else []

    def _catalog_paths(self, args: dict[str, Any], values: dict[str, Any]) -> list[str]:
        """The folders with signatures as the stages see them, or, in the playbook of the policy, as its role finds them."""
        if args['journey'] or args['catalog_paths']:
            return [check_type_path(path) for path in check_type_list(args['catalog_paths'] or [])]
        return [self._loader.path_dwim(path) for path in check_type_list(values.get('log_hygiene_catalog_paths') or [])]

    def _values(self, task_vars: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return {name: value} of the variables, and [(name, what is wrong)] of those that cannot be evaluated.

        The journeys need theirs here on the control node. Those of other roles may be made of facts of the host.
        """
        found, wrong = {}, []
        for name in sorted(set(variables.specs()) & set(task_vars)):
            try:
                found[name] = self._templar.template(task_vars[name])
            except AnsibleError as exc:
                if name.startswith(variables.JOURNEY):
                    wrong.append((name, 'cannot be evaluated: %s' % str(exc).partition('\n')[0].split('. ')[0].rstrip('.')))
        return found, wrong

    def _of_the_policy(self, task_vars: dict[str, Any]) -> Iterator[str]:
        """What is wrong with the rules of the syslog policy as its role would see them, with its defaults where nothing is said."""
        said = variables.of_the_policy(task_vars)
        if not said:
            return
        known = {**{name: TRUSTED(value) if isinstance(value, str) else value for name, value in variables.policy_defaults().items()},
                 **task_vars}
        templar = self._templar.copy_with_new_env(available_variables=known)

        def wrong(name: str, check: Callable[[Any], object]) -> list[str]:
            """What a check says of a variable. What is made of facts of the host is not known here: the role checks it."""
            try:
                check(templar.template(known[name]))
            except syslog_policy.SyslogPolicyError as exc:
                return exc.problems
            except AnsibleError:
                pass
            return []

        try:
            if templar.template(known['syslog_policy_state']) != 'present':
                return
        except AnsibleError:
            return
        checks: list[tuple[str, Callable[[Any], object]]] = [
            (variables.POLICY if variables.POLICY in task_vars else 'syslog_policy_default_rules', syslog_policy.normalise),
            ('syslog_policy_journal', syslog_policy.journal_retention)]
        if 'syslog_policy_alert_signatures' in task_vars:  # its default takes the catalog
            checks.append(('syslog_policy_alert_signatures', syslog_policy.demand_exempting))
        found = [problem for name, check in checks for problem in wrong(name, check)]
        if found:
            yield '%s: the syslog policy is not valid.\n%s' % (', '.join(said), '\n'.join(found))

    def _of_the_play(self, task_vars: dict[str, Any]) -> Iterator[str]:
        """What is wrong with the variables of the play. Ansible reads them before the variables of any host."""
        told = set(load_extra_vars(self._loader))
        play = self._task.get_play()
        if play is not None:
            told.update(play.vars)
        elsewhere = [name for name in variables.OF_THE_PLAY if name in task_vars and name not in told]
        if elsewhere and not (play is not None and play.vars_files):
            yield variables.out_of_place(elsewhere[0])
        own, journey = (play.vars if play is not None else {}).get('log_hygiene_journey'), task_vars.get('log_hygiene_journey')
        if own in stage.JOURNEYS and journey != own:
            yield variables.other_journey(own, journey)
        strategy = variables.strategy_problem(play.strategy) if play is not None and journey else None
        if strategy:
            yield strategy
        batches = variables.batches_problem(play.serial or [], len(task_vars['ansible_play_hosts_all'])) if play is not None and journey else None
        if batches:
            yield batches
        wrong = variables.serial_problem(self._templar.template(task_vars.get('log_hygiene_serial', '100%')))
        if wrong:
            yield wrong
