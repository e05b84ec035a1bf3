# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test messages of the proof of a syslog policy: what is sent, and how a scan knows one again.

A pair is (facility, severity), numbers. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.codes import FACILITY_KEYWORDS, SEVERITY_KEYWORDS

TAG = 'log_hygiene_proof'
# *.emerg is shown on every terminal, and alerts reach people: it must speak for itself.
TEXT = (u'TEST of log routing by loghygiene.rhel, no action is needed. '
        u'로그 전달 시험입니다. 조치할 필요가 없습니다.')
PAIRS = [(facility, severity) for facility in range(len(FACILITY_KEYWORDS))
         for severity in range(len(SEVERITY_KEYWORDS))]
KERN, USER = 0, 1
RUN = 'proof-%s'  # a run of the proof, by 16 hexadecimal digits


def keyword(pair):
    """Return a pair as in a selector: `authpriv.info`."""
    return '%s.%s' % (FACILITY_KEYWORDS[pair[0]], SEVERITY_KEYWORDS[pair[1]])


def sent_as(pair):
    """Return the pair with which a message is sent: no program can send facility kern.

    journald writes no SYSLOG_FACILITY for 0 (server_process_syslog_message(), systemd 219 to 257), and imjournal then
    says user (DFLT_FACILITY, rsyslog 8.24 to 8.2412).
    """
    return (USER, pair[1]) if pair[0] == KERN else pair


def message(run, pid, pair):
    """Return the datagram (bytes) of a pair in the run with this id (text)."""
    return (u'<%d>%s[%d]: %s %s %s' % (pair[0] * 8 + pair[1], TAG, pid, run, keyword(pair), TEXT)).encode('utf-8')


# The whole of a message behind its tag. Nothing but the number of the run is free, so no event has room in it.
_WHOLE = re.compile(u'%s ([a-z0-9]+[.][a-z]+) %s\\Z' % (RUN % '[0-9a-f]{16}', re.escape(TEXT)))
_BY_KEYWORD = dict((keyword(pair), pair) for pair in PAIRS)


def is_of_proof(text, tag, facility, severity):
    """Return whether this is a test message as `message` makes it, word by word, with the facility and severity that it names.

    :param text: what stands behind the tag (unicode). :param tag: text or None.
    :param facility: int, or None where the log does not tell it. :param severity: int or None.
    """
    if tag != TAG:
        return False
    found = _WHOLE.match(text)
    pair = _BY_KEYWORD.get(found.group(1)) if found else None
    return pair is not None and severity == pair[1] and facility in (None, pair[0], sent_as(pair)[0])
