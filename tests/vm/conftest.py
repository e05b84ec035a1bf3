# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the virtual machines share is importable in them: the files beside this one."""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
