# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every stage of a journey takes."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  run_dir:
    description: Directory of the records on the control node.
    type: path
    required: true
  journey:
    description: The journey that is running.
    type: str
    required: true
    choices: [remediate, verify, scan, audit, rollback]
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
author:
  - loghygiene contributors (@loghygiene)
attributes:
  check_mode:
    support: full
    description: Can run in check mode, and changes nothing on a host in either mode.
  diff_mode:
    support: none
    description: Returns details on what has changed, or would be changed in check mode.
  platform:
    support: full
    platforms: posix
    description: Target systems the module supports.
notes:
  - The playbooks set the options that all stages share by C(module_defaults) for the action group
    C(loghygiene.rhel.stages).
"""
