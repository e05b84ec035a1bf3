# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of every module of a kind of remedy: what stays when others are undone."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment(object):
    """Documentation that modules share."""

    DOCUMENTATION = r'''
options:
  keep:
    description:
      - Items as in O(items), of signatures whose remedy stays when O(state=absent) undoes that of others. What these need
        is left in place.
      - With O(state=present), they have no effect.
    type: list
    elements: dict
    default: []
'''
