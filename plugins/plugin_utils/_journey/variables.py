# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables that are misspelt. Ansible would ignore such a one, and the run would do something else than asked.

What is known is read from the argument specs and defaults of the roles, and from the playbooks.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import datetime
import difflib
import functools
import glob
import os
import re
from collections.abc import Collection, Iterable
from typing import Any

import yaml

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps

Guess = tuple[str, str | None]  # the name of a variable, and the one that was probably meant

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
# How alike two names are, from 0 to 1: to propose one for the other, to take a name of another beginning for ours, and
# before that two beginnings, which is quicker.
LIKELY, SURELY, ALIKE = 0.6, 0.88, 0.75
POLICY = 'syslog_policy_rules'
# What a play is made of: said on the command line, or by the play that imports ours. The inventory comes too late.
OF_THE_PLAY = ('log_hygiene_hosts', 'log_hygiene_serial')


def roles() -> list[str]:
    """The names of the roles; each role's variables begin with its name."""
    return sorted(os.path.basename(path) for path in glob.glob(os.path.join(ROOT, 'roles', '*')))


@functools.lru_cache(maxsize=None)
def documented() -> frozenset[str]:
    """The variables for users: what argument specs and defaults name, and what a playbook takes and sets nowhere."""
    names: set[str] = set()
    for path in glob.glob(os.path.join(ROOT, 'roles', '*', 'meta', 'argument_specs.yml')):
        for point in _yaml(path)['argument_specs'].values():
            names.update(point.get('options') or {})
    for path in glob.glob(os.path.join(ROOT, 'roles', '*', 'defaults', 'main.yml')):
        names.update(_yaml(path) or {})
    for path in glob.glob(os.path.join(ROOT, 'playbooks', '*.yml')):
        with open(path, encoding='utf-8') as stream:
            names.update(re.findall(r'(\w+) \| default\(', stream.read()))
    return frozenset(names)


@functools.lru_cache(maxsize=None)
def known() -> frozenset[str]:
    """The variables that may be there: those for users, and those that the roles set for their callers.

    Every other name that the roles and playbooks use begins with two underscores, so no journey leaves one, not even
    where a second journey runs in the same ansible-playbook.
    """
    return documented() | frozenset(['log_hygiene_record'] + [role + '_result' for role in roles()])


@functools.lru_cache(maxsize=None)
def scalars() -> dict[str, dict[str, Any]]:
    """{name: its part of an argument spec} of the variables that are one plain value each, by the argument specs of the roles."""
    found = {}
    for path in glob.glob(os.path.join(ROOT, 'roles', '*', 'meta', 'argument_specs.yml')):
        for point in _yaml(path)['argument_specs'].values():
            for name, option in (point.get('options') or {}).items():
                if option.get('type') in ('bool', 'int') or option.get('choices'):
                    found[name] = dict((key, option[key]) for key in ('type', 'choices') if key in option)
    return found


def wrong_values(values: dict[str, Any], now: datetime.datetime) -> list[tuple[str, str]]:
    """[(name, what is wrong)] of variables whose value cannot be used, so that no host is contacted with it.

    :param values: {name: value} of a host, templated. :param now: the time (datetime, aware).
    """
    found = []
    for name in sorted(set(values) & set(scalars())):
        checked = ArgumentSpecValidator({name: scalars()[name]}).validate({name: values[name]})
        if checked.error_messages:
            found.append((name, checked.error_messages[0]))
        elif scalars()[name]['type'] == 'int' and checked.validated_parameters[name] < 0:
            found.append((name, 'must not be negative, but is %s' % values[name]))
    if values.get('log_hygiene_since'):
        try:
            since = timestamps.from_text(str(values['log_hygiene_since']))
        except ValueError as exc:
            found.append(('log_hygiene_since', str(exc)))
        else:
            if since > (now + datetime.timedelta(days=1)).timestamp() * timestamps.SECOND:
                found.append(('log_hygiene_since', '%s lies in the future, so no log would be looked at' % values['log_hygiene_since']))
    return found


def opt_in_problem(asked: object, ids: Collection[str]) -> str | None:
    """Why `log_hygiene_opt_in` cannot be used, or None. A misspelt id would leave undone what was asked for.

    :param asked: its value, templated. :param ids: of all signatures of the run.
    """
    names = asked.split(',') if isinstance(asked, str) else asked
    if not isinstance(names, (list, tuple)):
        return '%s is not a list of ids of signatures' % (asked,)
    found = []
    for name in (str(name).strip() for name in names):
        if name and name not in ids:
            meant = difflib.get_close_matches(name, ids, 1, LIKELY)
            found.append('%s%s' % (name, ' (did you mean %s?)' % meant[0] if meant else ''))
    return 'the catalog has no signature %s' % ', '.join(found) if found else None


def policy_defaults() -> dict[str, Any]:
    """The defaults of the role syslog_policy, as they are written there."""
    return dict(_yaml(os.path.join(ROOT, 'roles', 'syslog_policy', 'defaults', 'main.yml')))


def of_the_policy(names: Iterable[str]) -> list[str]:
    """The variables of the role syslog_policy among some names."""
    return [name for name in sorted(names) if name.startswith('syslog_policy_') and name in documented()]


def value_complaint(found: list[tuple[str, str]]) -> str:
    """The error for what `wrong_values` returned."""
    return '%s. Correct it in -e, the inventory, group_vars or host_vars. Nothing was contacted.' % '; '.join(
        '%s: %s' % pair for pair in found)


def _yaml(path: str) -> Any:
    with open(path, encoding='utf-8') as stream:
        return yaml.load(stream, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))


def likely(name: str, cutoff: float = LIKELY) -> str | None:
    """The variable that was probably meant, or None."""
    found = difflib.get_close_matches(name.lower(), documented(), 1, cutoff)
    return found[0] if found else None


def shortened(name: str) -> str | None:
    """The shortest variable of the same role that holds every part of a name between its underscores, or None."""
    role = max((role for role in roles() if name.startswith(role + '_')), key=len)
    parts = set(name.lower()[len(role) + 1:].split('_')) - {''}
    found = [one for one in documented()
             if one.startswith(role + '_') and parts and parts <= set(one[len(role) + 1:].split('_'))]
    return min(found, key=lambda one: (len(one), one)) if found else None


def unknown(names: Iterable[str]) -> list[Guess]:
    """The variables that begin with the name of a role and are not known."""
    ours = tuple(role + '_' for role in roles())
    return [(name, shortened(name) or likely(name)) for name in sorted(names) if name.startswith(ours) and name not in known()]


def doubtful(names: Iterable[str]) -> list[Guess]:
    """The variables that begin almost with the name of a role: the misspelling may be there."""
    ours = tuple(role + '_' for role in roles())
    found = []
    for name in sorted(names):
        low = name.lower()
        if name.startswith(ours) or name in known() or name.startswith(('_', 'ansible_')):
            continue
        if any(_alike(low[:len(role) + 1], role) for role in roles()) and likely(low, SURELY):
            found.append((name, likely(low, SURELY)))
    return found


def _alike(text: str, role: str) -> bool:
    matcher = difflib.SequenceMatcher(None, text, role)
    return matcher.real_quick_ratio() > ALIKE and matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE


def complaint(found: list[Guess]) -> str:
    """The error for what `unknown` returned."""
    said = '; '.join('%s%s' % (name, ' (did you mean %s?)' % meant if meant else '') for name, meant in found)
    return ('%s: no role of this collection knows %s. Look in -e, the inventory, group_vars and host_vars, and correct or remove the name; '
            'give variables of your own names that do not begin with %s. Nothing was contacted.'
            % (said, 'such variables' if len(found) > 1 else 'such a variable', ', '.join(role + '_' for role in roles())))


def remark(found: list[Guess]) -> str:
    """The warning for what `doubtful` returned."""
    return '; '.join('variable %s has no effect here; did you mean %s?' % pair for pair in found)


def out_of_place(name: str) -> str:
    """The error for a variable of the play that stands where Ansible does not look for it."""
    return ('%s: stands in the inventory, group_vars or host_vars, where it has no effect: Ansible asks for it before it looks at any '
            "host's variables. Remove it there and say it on the command line: -e %s=... Nothing was contacted." % (name, name))


def other_journey(own: str, journey: object) -> str:
    """The error for a journey on the command line that is not that of the playbook: an audit would change hosts."""
    return ('log_hygiene_journey: %r was given, but this playbook is of the journey %s. Run %s.yml for that journey, or leave the variable '
            'out. Nothing was contacted.' % (journey, own, journey if journey in ('remediate', 'verify', 'scan', 'audit') else own))


def strategy_problem(strategy: str) -> str | None:
    """Why the play of a journey may not have a strategy, or None: with these, a host does not wait for the others."""
    if strategy.rsplit('.', 1)[-1].endswith(('free', 'host_pinned')):
        return ('strategy: %s lets each host end by itself, so the report would tell hosts that are not done. Set strategy: linear in the '
                'play that has the role log_hygiene. Nothing was contacted.' % strategy)
    return None


def serial_problem(serial: object) -> str | None:
    """Why a number of hosts at a time is not valid, or None: a number or percentage, or a list of those, as `serial` of a play."""
    for item in serial if isinstance(serial, (list, tuple)) else [serial]:
        if isinstance(item, bool) or not re.match(r'[0-9]+%?\Z', str(item)):
            return ("log_hygiene_serial: %r is neither a number of hosts nor a percentage such as 10%%. Correct it in -e. Nothing was contacted."
                    % str(item))
    return None
