# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shapes of what module_utils/_syslog/codes.py and _syslog/message.py return, for mypy and for readers."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

from typing import Literal, TypedDict


class Code(TypedDict):
    """A facility or a severity."""
    number: int
    keyword: str
    name: str
    en: str
    ko: str


class Pri(TypedDict):
    pri: int
    facility: Code
    severity: Code


class Parameter(TypedDict):
    name: str
    value: str


class Message(TypedDict):
    """A syslog message; what it does not have is None."""
    format: Literal['rfc5424', 'rfc3164']
    pri: int | None
    facility: Code | None
    severity: Code | None
    version: int | None
    timestamp: str | None
    timestamp_utc: str | None
    hostname: str | None
    app_name: str | None
    procid: str | None
    msgid: str | None
    structured_data: dict[str, list[Parameter]]
    message: str | None
