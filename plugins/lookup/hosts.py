# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r'''
name: hosts
author:
  - loghygiene contributors (@loghygiene)
version_added: 0.1.0
short_description: Return a pattern of hosts that matches at least one
description:
  - Returns its pattern, for the C(hosts) of a play, when the pattern matches a host of the inventory within C(--limit).
    Otherwise it fails, where Ansible itself would skip the play and end with status 0.
  - Fails too when an inventory that C(-i) names is not there, or is one of several and cannot be read, or when C(--skip-tags)
    leaves out a playbook of this collection as a whole.
  - Does not fail with C(--syntax-check), which needs no inventory.
options:
  _terms:
    description:
      - Patterns of hosts, as C(hosts) of a play takes them.
    type: list
    elements: raw
    required: true
'''

EXAMPLES = r'''
- name: Fail when no host matches
  hosts: "{{ lookup('loghygiene.rhel.hosts', log_hygiene_hosts | default('all')) }}"
  tasks: []
'''

RETURN = r'''
_raw:
  description:
    - One element, the patterns with commas between them.
  type: list
  elements: str
'''

import os
from collections.abc import Iterable, Mapping
from typing import Any, cast

from ansible import constants, context
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """Match hosts of the inventory as Ansible does."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        patterns: list[str] = []
        for term in terms:
            patterns.extend(str(item) for item in (term if isinstance(term, (list, tuple)) else [term]))
        pattern = ','.join(patterns)
        if context.CLIARGS.get('syntax'):
            return [pattern]
        if {'always', 'tagged'} & set(context.CLIARGS.get('skip_tags') or ()) and any(is_ours(name) for name in context.CLIARGS.get('args') or ()):
            raise AnsibleLookupError('--skip-tags %s leaves out all of the playbook, so nothing would be looked at. Leave --skip-tags out. '
                                     'Nothing was contacted.' % ','.join(context.CLIARGS['skip_tags']))
        loader = cast(DataLoader, self._loader)  # None only in a lookup that nobody runs
        limit = context.CLIARGS.get('subset')
        try:
            found = matched(loader, (variables or {})['groups'], pattern, limit)
        except AnsibleError as exc:
            raise AnsibleLookupError('log_hygiene_hosts: %s: %s Nothing was contacted.' % (pattern, exc))
        missing = [name for name in context.CLIARGS.get('inventory') or () if ',' not in name and not os.path.exists(name)]
        if missing:
            raise AnsibleLookupError('-i: %s: there is no such inventory, so its hosts would be left out. Correct the path. Nothing was contacted.'
                                     % ', '.join(missing))
        sources = context.CLIARGS.get('inventory') or ()
        broken = unreadable(loader, sources) if len(sources) > 1 else []  # where there is one only, it holds nobody
        if broken:
            raise AnsibleLookupError('-i: %s: Ansible could not read it and warned of that above, so its hosts would be left out. Correct it. '
                                     'Nothing was contacted.' % ', '.join(broken))
        if not (variables or {})['groups'].get('all'):
            # mypy cannot see the constants, which are made as Ansible starts.
            named = context.CLIARGS.get('inventory') or constants.DEFAULT_HOST_LIST  # type: ignore[attr-defined]
            raise AnsibleLookupError('log_hygiene_hosts: no host of the inventory matches %r: the inventory (%s) holds none, or Ansible could not read '
                                     'it and warned of that above. Correct it or write your servers into it (one a line, without # before the name), or name '
                                     'another by -i. Nothing was contacted.'
                                     % (pattern, ', '.join(named)))
        if not found:
            raise AnsibleLookupError(
                'log_hygiene_hosts: no host of the inventory matches %r%s. Look at the inventory (-i) with ansible-inventory --graph, '
                'and name hosts or groups that are there. Nothing was contacted.'
                % (pattern, ' within --limit %r' % limit if limit else ''))
        return [pattern]


def unreadable(loader: DataLoader, sources: Iterable[str]) -> list[str]:
    """The inventory files that Ansible cannot read, of which it only warns. What asks others is not asked again."""
    found = []
    for name in sources:
        if ',' in name or not os.path.isfile(name) or os.access(name, os.X_OK):
            continue
        with open(name, encoding='utf-8', errors='replace') as stream:
            asks = any(line.startswith('plugin:') for line in stream)
        if not asks and not InventoryManager(loader, parse=False).parse_source(os.path.abspath(name)):
            found.append(name)
    return found


def is_ours(playbook: str) -> bool:
    """Whether a playbook on the command line is one of this collection, and not one that imports it."""
    name = os.path.basename(playbook).removeprefix('loghygiene.rhel.').removesuffix('.yml')
    return os.path.exists(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir, 'playbooks', name + '.yml'))


def matched(loader: DataLoader, groups: Mapping[str, Iterable[str]], pattern: str, limit: str | None = None) -> list[str]:
    """Names of the hosts that a pattern matches, within a limit. `groups` is {group: [host]}, as the variable of that name."""
    manager = InventoryManager(loader, parse=False)
    for group, hosts in groups.items():
        manager.add_group(group)
        for host in hosts:
            manager.add_host(host, group=group)
    manager.subset(limit)
    return [host.name for host in manager.get_hosts(pattern=pattern)] if pattern else []
