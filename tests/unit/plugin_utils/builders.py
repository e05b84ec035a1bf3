# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records for the tests of the control-node side, built by hand: every value is chosen by the test that needs it."""
from __future__ import annotations

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record import STAGES

FIX_BOOT, NEXT_BOOT = 'a' * 32, 'b' * 32
FIXED_AT, BOOTED_AT, NOW = '2026-11-22T10:00:00.000000Z', '2026-11-22T10:05:00.000000Z', '2026-11-22T10:30:00.000000Z'


def signature(identity='tmpfiles-acl-missing-group', disposition='fix', role='tmpfiles_acl', requires='boot',
              trigger='unit:systemd-tmpfiles-setup.service', vanishes=('journal', 'messages'), **more):
    data = {'id': identity, 'revision': 1, 'title': {'en': 'title', 'ko': '제목'}, 'disposition': disposition,
            'match': {}, 'applies': {}, 'vanishes_from': list(vanishes), 'verify': {'trigger': trigger}}
    if role:
        data['remedy'] = {'role': role, 'requires': requires, 'side_effects': {'en': 'what else it does', 'ko': '부작용'}}
    data.update(more)
    return data


def found(identity, count=0, boots=None, episodes=0, unclosed=None, closed=None, lookalikes=None, shown_in='messages',
          sources=()):
    """The row of a signature. `lookalikes` is {boot: number}; a text log shows them (`shown_in`), or None does."""
    boots = boots or {}
    like = [{'boot_id': boot, 'count': number, 'first_seen': BOOTED_AT, 'last_seen': BOOTED_AT}
            for boot, number in (lookalikes or {}).items()]
    number = sum(boot['count'] for boot in like)
    return {'id': identity, 'lookalikes': {
        'count': number, 'samples': [{'text': 'posing', 'source': {'uid': 1000, 'exe': '/usr/bin/logger', 'unit': 'session-3.scope'}}],
        'boots': like, 'shown_in': [{'sink': shown_in, 'count': number, 'boots': like}] * bool(shown_in and like)},
        'count': count or sum(boots.values()), 'episodes': episodes, 'first_seen': None, 'last_seen': None,
            'boots': [{'boot_id': boot, 'count': number, 'first_seen': BOOTED_AT, 'last_seen': BOOTED_AT}
                      for boot, number in boots.items()],
            'samples': [{'text': 'x', 'source': source} for source in sources], 'unclosed': unclosed, 'closed': closed}


def sinks(boots=(), **rows):
    """sinks(journal=[found(...)], messages=[...])"""
    return dict((sink, {'signatures': items, 'boots': list(boots), 'cursor': 'c', 'entries': 1, 'files': [], 'errors': [],
                        'method': 'test'}) for sink, items in rows.items())


def group(program, template, count, last=NOW):
    """A group of what no signature explains."""
    return {'program': program, 'template': template, 'priority': 'err', 'count': count, 'first_seen': BOOTED_AT, 'last_seen': last,
            'sample': {'at': last, 'text': template, 'cursor': 'c'}}


def unexplained(*groups, more_groups=0, more_entries=0):
    return {'entries': sum(item['count'] for item in groups) + more_entries, 'groups': list(groups),
            'more_groups': more_groups, 'more_entries': more_entries}


def loss(kind, source='', lost=None, entries=1, first=BOOTED_AT, last=NOW):
    return {'kind': kind, 'source': source, 'entries': entries, 'lost': lost, 'first_seen': first, 'last_seen': last, 'detail': 'd'}


def boots(*pairs):
    return [{'boot_id': boot, 'first_seen': first, 'last_seen': last, 'entries': 10} for boot, first, last in pairs]


def point(boot=FIX_BOOT, at=FIXED_AT):
    return {'at': at, 'boot_id': boot, 'journal_cursor': 'c', 'log_cursors': {}}


def target(**more):
    data = {'el': 9, 'os': 'Test Linux 9', 'stands_for': None, 'systemd': 252, 'boot_id': NEXT_BOOT, 'boot_time': BOOTED_AT,
            'now': NOW, 'virtualization': 'none', 'container': False, 'kernel_modules': [], 'kernel_arguments': [],
            'root': True, 'commands': {}, 'sinks': {'journal': {'persistent': True}, 'messages': '/var/log/messages', 'secure': '/var/log/secure'}}
    data.update(more)
    return data


def stages(journey, **more):
    """The stages of a record whose journey came to its end."""
    return dict(dict.fromkeys(STAGES[journey], 'ran'), **more)


def record(**more):
    data = {'schema': 1, 'host': 'web1', 'journey': 'remediate', 'check_mode': False, 'collection': '0.1.0', 'started': NOW,
            'updated': NOW, 'reachable': True, 'target': target(), 'scan': None, 'plan': [], 'remedies': {}, 'reboot': None,
            'verify': None, 'findings': [], 'errors': []}
    data.update(more)
    data.setdefault('stages', stages(data['journey']))
    return data
