# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run plugins/modules/tmpfiles_override.py on the host, as plugins/plugin_utils/_journey/on_host.py does."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import on_host


class ActionModule(on_host.ActionModule):
    """Run the module and report the loss of the host."""
