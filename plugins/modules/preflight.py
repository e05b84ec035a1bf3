# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: preflight
short_description: Check the catalog and the variables before any host is contacted
version_added: 0.1.0
description:
  - Fails if the Python package C(jmespath) is missing on the control node, or if a file of the catalog is not valid.
  - Fails if the host has a variable that begins with the name of a role of this collection and that no role or playbook
    uses, and suggests the likely one. Warns of a variable whose prefix is misspelt.
  - Fails if C(log_hygiene_hosts) or C(log_hygiene_serial) is set in the inventory, where it has no effect, or if
    C(log_hygiene_serial) is not a valid number of hosts.
  - Fails if a variable of the roles with a plain value is not valid, for example C(log_hygiene_reboot=maybe), a negative
    C(log_hygiene_settle) or a C(log_hygiene_since) in the future.
  - Fails if the syslog policy contradicts itself, as far as it does not depend on facts of the host, or if
    C(log_hygiene_opt_in) names an unknown signature.
  - Fails if users other than its owner may write to the run directory or replace it, or if it is a link.
  - Fails if C(--tags) names a tag that the play does not have, as a part of a journey alone would tell nothing.
  - Fails if a play that begins a journey has C(serial), or if the name of a host has marks of a template.
  - Tells all that is wrong at once, each mistake once.
  - Runs on the control node only and never connects to the host.
author:
  - loghygiene contributors (@loghygiene)
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: posix
options:
  run_dir:
    description: Directory of the records on the control node. It need not exist yet. If empty, it is not checked.
    type: path
  journey:
    description: The journey that is running. Without one it is the playbook of the syslog policy.
    type: str
  catalog_paths:
    description:
      - Directories on the control node with your own signatures. The catalog is loaded and checked once per run.
    type: list
    elements: path
    default: []
  language:
    description: Language of the report.
    type: str
    default: en
    choices: [en, ko]
  deferred:
    description: Only return what is wrong, so that a later task can tell it once for all hosts, by O(found).
    type: bool
    default: false
  found:
    description: Check nothing, and fail with what RV(problems) said of each host, by host. Without a problem it succeeds.
    type: dict
"""

EXAMPLES = r"""
- name: Check the variables before any host is contacted
  loghygiene.rhel.preflight:

- name: Check the run directory as well
  loghygiene.rhel.preflight:
    run_dir: /srv/log_hygiene

- name: Check the variables of every host
  loghygiene.rhel.preflight:
    deferred: true
  register: checked

- name: Fail if anything is wrong for any host, and tell each mistake once
  loghygiene.rhel.preflight:
    found: "{{ dict(ansible_play_batch
      | zip(ansible_play_batch | map('extract', hostvars, ['checked', 'problems']))) }}"
  run_once: true
"""

RETURN = r"""
doubtful:
  description: Variables whose prefix seems misspelt, each with the likely one.
  type: dict
  returned: when O(found) is not given
problems:
  description: What is wrong, a text for each mistake.
  type: list
  elements: str
  returned: when O(found) is not given
"""
