# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the action plugin of the same name."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
module: preflight
short_description: Look at what can be wrong before any host is contacted
version_added: 0.1.0
description:
  - Fails when the Python package C(jmespath) is missing on the control node, or a file of the catalog is wrong.
  - Fails when the host has a variable that begins with the name of a role of this collection and that no role or playbook knows, and tells the
    likely one. Warns of a variable whose beginning is misspelt.
  - Fails when C(log_hygiene_hosts) or C(log_hygiene_serial) stands in the inventory, where it has no effect, and when C(log_hygiene_serial) is
    no number of hosts.
  - Fails when a variable of the roles that is a plain value cannot be used, for instance C(log_hygiene_reboot=maybe), a negative
    C(log_hygiene_settle) or a C(log_hygiene_since) in the future.
  - Fails when others than its owner may write to the run directory, may put another one in its place, or when it is a link.
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
    description: Folder of the records on the control node; it need not exist yet. Not looked at when empty.
    type: path
  journey:
    description: Which playbook is running.
    type: str
  catalog_paths:
    description:
      - Folders on the control node with signatures of your own. The catalog is loaded and checked once for a run.
    type: list
    elements: path
    default: []
  language:
    description: Language of the texts for people.
    type: str
    default: en
    choices: [en, ko]
"""

EXAMPLES = r"""
- name: Look at the variables before any host is contacted
  loghygiene.rhel.preflight:

- name: Look at the run directory too
  loghygiene.rhel.preflight:
    run_dir: /srv/log_hygiene
"""

RETURN = r"""
doubtful:
  description: Variables whose beginning seems misspelt, each with the likely one.
  type: dict
  returned: success
"""
