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
import math
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import yaml

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import rollback
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record import STAGES

Guess = tuple[str, str | None]  # the name of a variable, and the one that was probably meant

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
# How alike two names are, from 0 to 1: to propose one for the other, to take a name of another beginning for ours, and
# before that two beginnings, which is quicker.
LIKELY, SURELY, ALIKE = 0.6, 0.88, 0.75
POLICY = 'syslog_policy_rules'
# What a play is made of: said on the command line, or by the play that imports ours. The inventory comes too late.
OF_THE_PLAY = ('log_hygiene_hosts', 'log_hygiene_serial')
JOURNEY = 'log_hygiene_'  # the beginning of the variables of the journeys
SYSLOG = 'syslog_policy_'  # and of those of the role syslog_policy
MAY_BE_EMPTY = ('log_hygiene_since', 'log_hygiene_reboot_command')
EMPTY = 'is empty. Give it a value, or leave it out'
KINDS = {'bool': 'true or false', 'int': 'a whole number'}
LEAST = {'log_hygiene_reboot_timeout': 1}  # of a number; 0 of the others
NOTHING = 'Nothing was contacted.'
NAMED = 5  # hosts that a text names at most
# What Ansible itself takes for "any tag".
ANY_TAG = ('all', 'always', 'tagged')


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
def specs() -> dict[str, dict[str, Any]]:
    """{name: its part of an argument spec} of the variables that are checked here: all of the journeys and of the syslog policy but its
    rules, and of the other roles those that are one plain value each."""
    found = {}
    for path in glob.glob(os.path.join(ROOT, 'roles', '*', 'meta', 'argument_specs.yml')):
        for point in _yaml(path)['argument_specs'].values():
            for name, option in (point.get('options') or {}).items():
                if name.startswith(JOURNEY) or (name.startswith(SYSLOG) and name != POLICY) or option.get('type') in ('bool', 'int') or option.get('choices'):
                    found[name] = dict((key, option[key]) for key in ('type', 'choices', 'elements') if key in option)
    return found


def wrong_values(values: dict[str, Any], now: datetime.datetime) -> list[tuple[str, str]]:
    """[(name, what is wrong)] of variables whose value cannot be used, so that no host is contacted with it.

    :param values: {name: value} of a host, templated. :param now: the time (datetime, aware).
    """
    found = []
    for name in sorted(set(values) & set(specs())):
        wrong = _wrong_value(name, specs()[name], values[name])
        if wrong:
            found.append((name, wrong))
    since = values.get('log_hygiene_since')
    if since and 'log_hygiene_since' not in dict(found):
        try:
            begin = timestamps.from_text(str(since))
        except ValueError as exc:
            found.append(('log_hygiene_since', str(exc)))
        else:
            if begin > (now + datetime.timedelta(days=1)).timestamp() * timestamps.SECOND:
                found.append(('log_hygiene_since', '%s lies in the future, so no log would be looked at' % since))
    return found


def _wrong_value(name: str, spec: dict[str, Any], value: Any) -> str | None:
    """What is wrong with a value, or None. Ansible's own check takes any value for a text, and null for none."""
    kind = spec.get('type', 'str')
    if value is None or (kind == 'path' or name.startswith(SYSLOG)) and isinstance(value, str) and not value.strip():
        # What was left empty is no retention: the logs would be kept for no time that anybody said.
        return EMPTY if name.startswith((JOURNEY, SYSLOG)) and name not in MAY_BE_EMPTY else None
    if kind in ('str', 'path') and isinstance(value, (bool, list, tuple, dict)):
        return 'must be a text, but is %s' % (value,)
    if kind == 'dict':
        return None if isinstance(value, Mapping) else 'must be a dict, but is %s' % (value,)
    if kind == 'list' and spec['elements'] == 'dict':
        right = isinstance(value, (list, tuple)) and all(isinstance(one, Mapping) for one in value)
        return None if right else 'must be a list of dicts, but is %s' % (value,)
    if kind == 'list':
        if not isinstance(value, (str, list, tuple)) or not all(isinstance(one, str) for one in value):
            return 'must be a list of texts, but is %s' % (value,)
        if not isinstance(value, str) and not all(one.strip() for one in value):
            return 'holds an empty text'
    if isinstance(value, float) and not math.isfinite(value):  # which Ansible's check ends with
        return 'must be %s, but is %s' % (KINDS.get(kind, 'a text'), value)
    checked = ArgumentSpecValidator({name: spec}).validate({name: value})
    if checked.error_messages:
        return 'must be %s, but is %s' % (' or '.join(map(str, spec['choices'])) if 'choices' in spec else KINDS[kind], value)
    least = LEAST.get(name, 0)
    if kind == 'int' and checked.validated_parameters[name] < least:
        return 'must not be %s, but is %s' % ('less than %d' % least if least else 'negative', value)
    return None


def run_problem(asked: str) -> str | None:
    """Why `log_hygiene_rollback_run` cannot be used, or None."""
    if asked in (rollback.LAST, rollback.ALL) or rollback.RUN.match(asked):
        return None
    return ('%s is neither last, all nor the name of a remediation, as its folder in runs/ is called '
            '(20261122T160000Z-remediate-1a2b3c4d), or the eight digits at its end' % asked)


def ids_problem(asked: object, ids: Collection[str]) -> str | None:
    """Why a list of ids of signatures cannot be used, or None. A misspelt id would leave undone what was asked for.

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


def value_complaint(found: tuple[str, str]) -> str:
    """The error for one of what `wrong_values` returned."""
    return '%s: %s. Correct it in -e, the inventory, group_vars or host_vars.' % found


def told(found: Mapping[str, Sequence[str]]) -> str | None:
    """One text of all that is wrong, each mistake once with the hosts it is made for; None when nothing is.

    :param found: {host: texts}, for every host of the play.
    """
    hosts_of: dict[str, list[str]] = {}
    for host, texts in found.items():
        for text in dict.fromkeys(text.rstrip().removesuffix(' ' + NOTHING) for text in texts):
            hosts_of.setdefault(text, []).append(host)
    said = []
    for text, hosts in hosts_of.items():
        more = ' and %d more hosts' % (len(hosts) - NAMED) if len(hosts) > NAMED else ''
        said.append(text if len(hosts) == len(found) else '%s%s: %s' % (', '.join(hosts[:NAMED]), more, text))
    if len(said) < 2:
        return ('%s\n%s' if '\n' in said[0] else '%s %s') % (said[0], NOTHING) if said else None
    return '%d mistakes:\n%s\n%s' % (len(said), '\n'.join('- ' + text.replace('\n', '\n  ') for text in said), NOTHING)


def tags_problem(asked: Collection[str], own: Collection[str]) -> str | None:
    """Why a choice of tags (`--tags`) cannot be made, or None: a journey of which a part is left out would tell what it did not see.

    :param own: the tags of the task, with those that a play that imports ours gives.
    """
    if not asked or set(asked) & (set(ANY_TAG) | set(own)):
        return None
    return ('--tags %s: the playbooks of this collection have no such tag, as a part of one alone would tell nothing. Leave --tags out; scan.yml '
            'only counts, audit.yml only reads. In a playbook of your own, give the import this tag, or leave it out by --skip-tags always.'
            % ','.join(sorted(asked)))


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
            'give variables of your own names that do not begin with %s.'
            % (said, 'such variables' if len(found) > 1 else 'such a variable', ', '.join(role + '_' for role in roles())))


def remark(found: list[Guess]) -> str:
    """The warning for what `doubtful` returned."""
    return '; '.join('variable %s has no effect here; did you mean %s?' % pair for pair in found)


def out_of_place(name: str) -> str:
    """The error for a variable of the play that stands where Ansible does not look for it."""
    return ('%s: stands in the inventory, group_vars or host_vars, where it has no effect: Ansible asks for it before it looks at any '
            "host's variables. Remove it there and say it on the command line: -e %s=..." % (name, name))


def other_journey(own: str, journey: object) -> str:
    """The error for a journey on the command line that is not that of the playbook: an audit would change hosts."""
    return ('log_hygiene_journey: %r was given, but this playbook is of the journey %s. Run %s.yml for that journey, or leave the variable '
            'out.' % (journey, own, journey if journey in STAGES else own))


def strategy_problem(strategy: str) -> str | None:
    """Why the play of a journey may not have a strategy, or None: with these, a host does not wait for the others."""
    if strategy.rsplit('.', 1)[-1].endswith(('free', 'host_pinned')):
        return ('strategy: %s lets each host end by itself, so the report would tell hosts that are not done. Set strategy: linear in the '
                'play that has the role log_hygiene.' % strategy)
    return None


def serial_problem(serial: object) -> str | None:
    """Why a number of hosts at a time is not valid, or None: a number or percentage, or a list of those, as `serial` of a play.

    Ansible counts up to the number, so one without end would take that long.
    """
    for item in serial if isinstance(serial, (list, tuple)) else [serial]:
        if isinstance(item, bool) or not re.match(r'[0-9]{1,7}%?\Z', str(item)):
            return ("log_hygiene_serial: %r is neither a number of hosts nor a percentage such as 10%%. Correct it in -e."
                    % str(item))
    return None


def batches_problem(serial: Sequence[object], hosts: int) -> str | None:
    """Why a play that begins a journey may not have its `serial`, or None: each batch would be a run of its own.

    :param hosts: of the play.
    """
    first = re.match(r'([0-9]{1,7})(%?)\Z', str(serial[0])) if serial else None
    number = 0 if first is None else max(int(first[1]) * hosts // 100, 1) if first[2] else int(first[1])
    if first and int(first[1]) and number < hosts:
        return ('serial: %s makes a run of each batch, and none would tell of all hosts. Leave serial out of the play that has the role '
                'log_hygiene, or import the playbook and give it log_hygiene_serial.' % first[0])
    return None


def name_problem(host: str) -> str | None:
    """Why no host of the inventory may have a name, or None: ansible-core 2.16 takes it for a template, and runs what stands in it."""
    if not any(mark in host for mark in ('{{', '{%', '{#')):
        return None
    return '%s: the name of the host has marks of a template, which Ansible would run. Rename it in the inventory. %s' % (host, NOTHING)
