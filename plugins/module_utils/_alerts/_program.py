# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of the alert program, and checks of its state. Pure functions.

Rules are the normalised ones of a syslog policy. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import json
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog

UNIT = 'log-hygiene-alerts.service'
UNIT_FILE = '/etc/systemd/system/' + UNIT
PROGRAM = '/usr/local/libexec/log_hygiene/alerts'
# It imports the second.
PROGRAM_FILES = (PROGRAM, '/usr/local/libexec/log_hygiene/journal_position.py')
CONFIG = '/etc/log_hygiene/alerts.json'
STATE = '/var/lib/log_hygiene/alerts.json'
SENDMAIL = '/usr/sbin/sendmail'
# What the default policy has where nobody is named (util-linux, on every EL).
TERMINALS = '/usr/bin/wall'
# A service must not hang on an environment that Ansible runs in: the system's own Python first. EL8 to 10, EL7, others.
PYTHONS = ('/usr/libexec/platform-python', '/usr/bin/python2.7', '/usr/bin/python3')
PROPERTIES = ('LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'NeedDaemonReload', 'ExecStart')
# That many starts within that many seconds are no restarts by hand any more.
STARTS, STARTS_WITHIN = 5, 600
# Days for which an alert that was set aside is told.
ASIDE_DAYS = 30
REMEDY = 'run the role syslog_policy'


def alerting(rules):
    """Return the rules (list of dict) that alert."""
    return [rule for rule in rules if rule['alert'] is not None]


def configuration(rules, exemptions=(), masked=False):
    """Return the text of CONFIG for these rules, or None if none of them alerts.

    :param exemptions: signatures (dicts with id, revision and match) of what brings no alert soon after a boot.
    :param masked: whether alerts leave out the text of messages, because the host masks it elsewhere.
    """
    found = []
    for rule in alerting(rules):
        alert = rule['alert']
        found.append({
            'name': rule['name'], 'facilities': rule['facilities'], 'severities': rule['severities'],
            'mail': alert['mail'], 'smtp': alert['smtp'], 'sender': alert['sender'],
            'command': alert['command'], 'limit': alert['limit'],
        })
    if not found:
        return None
    text = json.dumps(dict({'masked': True} if masked else {}, **{
        'managed_by': 'Ansible: loghygiene.rhel.syslog_policy. Changes made by hand are lost.',
        'facilities': syslog.FACILITY_KEYWORDS, 'severities': syslog.SEVERITY_KEYWORDS, 'rules': found,
        'exempt': [{'id': one['id'], 'revision': one['revision'], 'regex': one['match']['regex'],
                    'boot_seconds': one['match']['boot_seconds']} for one in exemptions],
    }), indent=2, sort_keys=True, separators=(',', ': '))
    return text + '\n'


def exempted(state):
    """Return what caused no alert because of a signature (from STATE): list of dict for the module's result."""
    return [{'signature_id': name, 'count': one['count'], 'first': moment(one['first']), 'last': moment(one['last'])}
            for name, one in sorted((state.get('exempted') or {}).items())]


def parse_show(text):
    """Parse the output of `systemctl show` (text) to a dict."""
    return dict(line.partition('=')[::2] for line in text.splitlines() if '=' in line)


def interpreter(properties):
    """Return the Python (path) with which the unit runs the program, or None if its ExecStart is not the program."""
    found = re.search(r'argv\[\]=(/\S+) (?:-\S+ )*%s ' % re.escape(PROGRAM), properties.get('ExecStart', ''))
    return found.group(1) if found else None


def unit_problems(properties):
    """Return what is wrong with the unit (list of text), by its properties."""
    if properties.get('LoadState') != 'loaded':
        return ['%s is %s, so alerts reach nobody: %s' % (UNIT, properties.get('LoadState', 'unknown'), REMEDY)]
    found = []
    active, sub = properties.get('ActiveState'), properties.get('SubState')
    if sub == 'auto-restart':
        found.append('%s fails and is started again and again, so alerts reach nobody: journalctl -u %s tells why'
                     % (UNIT, UNIT))
    elif active != 'active':
        found.append('%s is %s, so alerts reach nobody: systemctl restart %s; journalctl -u %s tells why it ended'
                     % (UNIT, active, UNIT, UNIT))
    if properties.get('UnitFileState') != 'enabled':
        found.append('%s is %s, so alerts end with the next boot: systemctl enable %s'
                     % (UNIT, properties.get('UnitFileState') or 'not enabled', UNIT))
    if properties.get('NeedDaemonReload') == 'yes':
        found.append('%s changed and systemd does not know of it: systemctl daemon-reload, then systemctl restart %s'
                     % (UNIT_FILE, UNIT))
    if interpreter(properties) is None:
        found.append('%s does not run %s: take overrides away (systemctl cat %s) and %s'
                     % (UNIT, PROGRAM, UNIT, REMEDY))
    return found


def file_problems(program, checksum, config, wanted):
    """Return what is wrong with the files (list of text).

    :param program: SHA-256 of the installed PROGRAM_FILES, one behind the other, None when one is not there.
    :param checksum: what it should be, None when nobody knows.
    :param config: text of CONFIG, None when it is not there.
    :param wanted: what it should be.
    """
    found = []
    if program is None:
        found.append('%s is not there: %s' % (' or '.join(PROGRAM_FILES), REMEDY))
    elif checksum and program != checksum:
        found.append('%s is not the program of this collection: %s' % (' with '.join(PROGRAM_FILES), REMEDY))
    if config is None:
        found.append('%s is not there: %s' % (CONFIG, REMEDY))
    elif config != wanted:
        found.append('%s does not say what the policy says: %s' % (CONFIG, REMEDY))
    return found


def state_problems(state, rules, now, minutes):
    """Return the failures in the program's state (dict of STATE) (list of text).

    :param now: stamp.
    :param minutes: how long an alert may wait for a channel.
    """
    found = []
    starts = [start for start in state.get('starts', ()) if 0 <= seconds(now) - start <= STARTS_WITHIN]
    if len(starts) >= STARTS:
        found.append('%s was started %d times in %d minutes: journalctl -u %s tells why'
                     % (UNIT, len(starts), STARTS_WITHIN // 60, UNIT))
    error = state.get('journal_error')
    if error:
        found.append('%s cannot read the journal since %s (%s): mend the journal, or see journalctl -u %s'
                     % (UNIT, moment(error['time']), error['text'], UNIT))
    for rule in alerting(rules):
        for channel, one in sorted(state.get('rules', {}).get(rule['name'], {}).items()):
            aside = [item for item in one.get('aside') or ()
                     if seconds(now) - item['time'] <= ASIDE_DAYS * 86400]
            if aside:
                found.append("rule %s: %d alerts reached nobody: %s took others and not these, the last %s (%s). Read "
                             "it: journalctl -o verbose -n %d --cursor='%s'" % (
                                 rule['name'], sum(item['count'] for item in aside), channel, moment(aside[-1]['time']),
                                 aside[-1]['error'], aside[-1]['count'], aside[-1]['cursor']))
            since = waiting_since(one)
            if since is None or seconds(now) - since <= minutes * 60:
                continue
            error = one.get('last_error')
            found.append('rule %s: %d alerts wait for %s, the oldest since %s%s: mend that, they are sent then'
                         % (rule['name'], waiting(one), channel, moment(since),
                            ' (%s)' % error['text'] if error else ''))
    return found


def read_state(text, rules, now, minutes):
    """Return (dict of STATE, the result of state_problems(), which has the same parameters).

    :param text: that of the file. Raises ValueError for what the program did not write so.
    """
    try:
        state = json.loads(text)
        if not state:
            raise ValueError('it holds nothing')
        problems = state_problems(state, rules, now, minutes)
        # What the module tells is asked here, for that is what must be there.
        channels(state, rules)
        exempted(state)
        for stamp in [state.get('last_seen')] + (state.get('starts') or [])[-1:]:
            moment(stamp)
        return state, problems
    except (AttributeError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise ValueError('it has another shape: %s' % error)
    except RuntimeError:
        raise ValueError('it is nested too deeply')


def waiting(channel):
    """Return how many alerts wait for a channel (its part of the state), including those in digests."""
    count = len(channel.get('queue') or ())
    for item in [channel.get('digest'), (channel.get('others') or {}).get('digest')] + [
            item.get('digest') for item in channel.get('queue') or ()]:
        count += item['count'] if item else 0
    return count - sum(1 for item in channel.get('queue') or () if item.get('kind') == 'digest')


def waiting_since(channel):
    """Return since when (seconds since 1970) the first in the queue waits, or None.

    What is gathered for a digest does not wait for the receiver; it follows at the end of its window.
    """
    return min([item['queued'] for item in channel.get('queue') or ()] or [None])


def channels(state, rules):
    """Return the state of each channel: list of dict for the module's result."""
    found = []
    for rule in alerting(rules):
        for name, one in sorted(state.get('rules', {}).get(rule['name'], {}).items()):
            error = one.get('last_error')
            found.append({
                'rule': rule['name'], 'channel': name, 'delivered': one.get('delivered', 0), 'pending': waiting(one),
                'pending_since': moment(waiting_since(one)), 'last_delivered': moment(one.get('last_delivered')),
                'last_error': error['text'] if error else None,
                'last_error_at': moment(error['time']) if error else None, 'set_aside': one.get('set_aside', 0),
            })
    return found


def receivers(rules):
    """Return what the rules require: ([(rule name, host, port)], [(rule name, path of a program)]), each once."""
    servers, programs = [], []
    for rule in alerting(rules):
        alert = rule['alert']
        if alert['mail'] and alert['smtp']:
            servers.append((rule['name'], alert['smtp']['host'], alert['smtp']['port']))
        elif alert['mail']:
            programs.append((rule['name'], SENDMAIL))
        if alert['command']:
            programs.append((rule['name'], alert['command'][0]))
    return servers, programs


def notes(rules):
    """Return notes for the operator (list of text)."""
    return ['rule %s: alerts go to the terminals of whoever is logged in, and to nobody else. Name addresses in '
            'alert.mail, or a command' % rule['name'] for rule in alerting(rules)
            if not rule['alert']['mail'] and rule['alert']['command'] == [TERMINALS]]


def moment(stamp):
    """Return seconds since 1970 as RFC 3339; None stays None."""
    return None if stamp is None else timestamps.to_text(int(stamp * timestamps.SECOND))


def seconds(stamp):
    """Return a stamp (microseconds) as seconds since 1970."""
    return stamp / timestamps.SECOND
