# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds in the journal when something happened that would have caused a message again, as proof for a verdict.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import io
import re
import time

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.reader import Journal, JournalError, current_boot
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import NEW, Position, place_of
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import COMM_LENGTH

# SD_MESSAGE_UNIT_STARTED (sd-messages.h): "Started", "Finished" and "Reached target", the same since systemd 219.
UNIT_STARTED = '39f53479d3a045ac8e11786248231fbf'
# What a user's systemd reaches when a desktop begins: with EL9 and EL10. EL7 and EL8 have gnome-session alone.
DESKTOP_TARGETS = ('graphical-session.target', 'xdg-desktop-autostart.target')
DESKTOP_COMM = 'gnome-session-binary'[:COMM_LENGTH]
# These are records of the user's own processes, so a user can forge them. Those of root's processes that open the session of
# a desktop nobody forges: gdm, lightdm, sddm, xrdp (before and from 0.10), TigerVNC; pam_unix logs through them.
OPENERS = ('/usr/libexec/gdm-session-worker', '/usr/sbin/lightdm', '/usr/libexec/sddm-helper', '/usr/sbin/xrdp-sesman',
           '/usr/libexec/xrdp/xrdp-sesexec', '/usr/sbin/vncsession')
OPENED = re.compile(br'pam_unix\((?!gdm-launch-environment:|[a-z]+-greeter:)[^():]+:session\): session opened for user '
                    br'[^ ]*?(?:\(uid=([0-9]{1,10})\))? ')
MONOTONIC = '__MONOTONIC_TIMESTAMP'
# So long after a session was opened may its desktop take to begin.
DESKTOP_TAKES = 300 * timestamps.SECOND
# SD_MESSAGE_STARTUP_FINISHED: PID 1 has nothing left to start of what belongs to the boot. In a container it says the
# same with SD_MESSAGE_USER_STARTUP_FINISHED (manager_notify_finished in src/core/manager.c).
STARTUP_FINISHED = ('b07a249cd024414a82dd00cd181378ff', 'eed00a68ffd84e31882105fd973abdd1')
# So long after the boot has finished may the desktop of an automatic login take to begin.
LOGIN_GRACE = 60 * timestamps.SECOND
POLL = 2  # seconds
# A host so many seconds after its boot may not have come to the occasions that a boot brings.
YOUNG = 900
# More occasions than that are counted and not listed.
RUNS = 1000
# Signs of one login come within this time of each other.
ONE_LOGIN = 60 * timestamps.SECOND
UNIT = re.compile(r'unit:([A-Za-z0-9:_.@\\-]+\.[a-z]+)\Z')


class TriggerError(ValueError):
    """The text does not name a trigger."""


class Occasion(tuple):
    """The time of an occasion: (stamp, boot id). Its `cursor` (text) is its place in the journal."""

    cursor = ''


def occasions(journal, trigger):
    """Return when a trigger happened: list of (stamp, boot id), in the journal's order.

    :param journal: module_utils._journal.reader.Journal.
    :param trigger: `boot`, `login` (a desktop session began; ssh and the login screen do not count) or `unit:NAME`
        (PID 1 says that the unit was started, or has finished). Only what a user cannot write counts.
    """
    if trigger == 'boot':
        return _boots(journal)
    if trigger == 'login':
        return _logins(journal)
    unit = UNIT.match(trigger)
    if not unit:
        raise TriggerError('%s is not a valid trigger: give boot, login or unit:NAME.service' % trigger)
    matches = ['_PID=1', 'MESSAGE_ID=' + UNIT_STARTED, 'UNIT=' + unit.group(1)]
    return [_when(fields) for fields in journal.entries(('UNIT',), matches)]


def _when(fields):
    found = Occasion((int(fields['__REALTIME_TIMESTAMP'][0]), fields.get('_BOOT_ID', [b''])[0].decode('ascii', 'replace')))
    found.cursor = fields.get('__CURSOR', [b''])[0].decode('ascii', 'replace')
    return found


def _boots(journal):
    """Return when boots began.

    The oldest in the journal may have lost its beginning, and with it what came then. It counts only where PID 1 says that it
    started up.
    """
    found = []
    for boot_id in journal.boot_ids():
        first = _first(journal, ['_BOOT_ID=' + boot_id])
        if first is not None:
            found.append(_when(first))
    found.sort()
    if found and _first(journal, _started_up(found[0][1])) is None:
        del found[0]
    return found


def _started_up(boot_id):
    return ['_BOOT_ID=' + boot_id, '_PID=1'] + ['MESSAGE_ID=' + one for one in STARTUP_FINISHED]


def _first(journal, matches):
    entries = journal.entries(('_PID',), matches)
    try:
        return next(entries, None)
    finally:
        entries.close()


def is_person(uid):
    """Return whether a user id (int) is of a person. Login screens run as system users (gdm, 42) or dynamic ones."""
    return uid == 0 or 1000 <= uid <= 60000 or uid > 65535


def _opened(journal):
    """Return when a root process opened a desktop session: dict, boot id -> list of (monotonic stamp, uid or None).

    pam_unix of EL 7 does not say the uid.
    """
    found = {}
    for fields in journal.entries(('MESSAGE', MONOTONIC), ['_UID=0'] + ['_EXE=' + path for path in OPENERS]):
        opened = OPENED.match(fields.get('MESSAGE', [b''])[0])
        if opened:
            found.setdefault(_when(fields)[1], []).append((_monotonic(fields), opened.group(1)))
    return found


def _monotonic(fields):
    return int(fields[MONOTONIC][0])


def _logins(journal):
    opened = None
    matches = ['MESSAGE_ID=' + UNIT_STARTED] + ['USER_UNIT=' + target for target in DESKTOP_TARGETS]
    found, sessions, latest = [], set(), {}
    for fields in journal.entries(('_UID', '_PID', '_COMM', 'USER_UNIT', MONOTONIC), matches + ['+', '_COMM=' + DESKTOP_COMM]):
        uid = fields.get('_UID', [b''])[0]
        if not re.match(b'[0-9]{1,10}\\Z', uid) or not is_person(int(uid)):
            continue
        stamp, boot_id = _when(fields)
        opened = _opened(journal) if opened is None else opened
        if not any(0 <= _monotonic(fields) - since <= DESKTOP_TAKES and owner in (None, uid)
                   for since, owner in opened.get(boot_id, ())):
            continue
        if 'USER_UNIT' not in fields:
            session = (boot_id, fields.get('_PID', [b''])[0])
            if session in sessions:  # gnome-session goes on talking for as long as the session lasts
                continue
            sessions.add(session)
        before = latest.get((boot_id, uid))
        latest[(boot_id, uid)] = stamp
        if before is None or abs(stamp - before) > ONE_LOGIN:
            found.append(_when(fields))
    return found


def is_since(trigger, occasion, since, one_machine=True):
    """Return whether an Occasion came later. `since` is a Position, a stamp, or None for all.

    A position holds even where the clock was set. An occasion for which it cannot decide proves nothing, so it does not
    count.
    """
    if not isinstance(since, Position):
        return since is None or occasion[0] >= since
    if trigger == 'boot' and occasion[1] in since.boots:  # its first entries may be gone
        return False
    return since.decide(place_of(occasion.cursor), occasion.cursor, one_machine) == NEW


def monotonic():
    """Return the monotonic clock of the running boot, in microseconds."""
    if hasattr(time, 'monotonic'):
        return int(time.monotonic() * timestamps.SECOND)
    with io.open('/proc/uptime', encoding='ascii') as source:
        return int(float(source.read().split()[0]) * timestamps.SECOND)


def _run(occasion, boot_id):
    """Return an item of `runs`."""
    own = place_of(occasion.cursor).monotonic if getattr(occasion, 'cursor', '') else None
    passed = None if own is None or occasion[1] != boot_id else (monotonic() - own) / float(timestamps.SECOND)
    return {'at': timestamps.to_text(occasion[0]), 'boot_id': occasion[1], 'monotonic': own, 'elapsed': passed}


def summary(trigger, found, since, boot_id=None, one_machine=True):
    """Return an item of trigger_info's `triggers`: the occasions (list of Occasion) from `since` (see is_since) on."""
    found = [item for item in found if is_since(trigger, item, since, one_machine)]
    stamps = [stamp for stamp, _boot_id in found]
    boots = []
    for _stamp, boot in found:
        if boot not in boots:
            boots.append(boot)
    return {'trigger': trigger, 'count': len(found), 'boots': boots,
            'first_seen': timestamps.to_text(min(stamps) if stamps else None),
            'last_seen': timestamps.to_text(max(stamps) if stamps else None),
            'runs': [_run(item, boot_id) for item in found[:RUNS]]}


def is_settled(found, login, finished, now, delay):
    """Return whether there is nothing more to wait for.

    :param found: the occasions that count, of whichever trigger: list of (stamp, boot id).
    :param login: whether a login is among the triggers.
    :param finished: when the running boot had started everything (stamp), None while it has not.
    :param delay: microseconds from an occasion to the message it would bring.
    """
    if found:
        return now >= min(stamp for stamp, _boot_id in found) + delay
    return finished is not None and (not login or now >= finished + LOGIN_GRACE)


def look(journal, names, since, boot_id, past_boot='', wait=0, needs=None, clock=timestamps.now, sleep=time.sleep):
    """Find the occasions of some triggers. If the host has just booted, wait for them.

    :param names: the triggers (list of text).
    :param since: Position, stamp or None.
    :param boot_id: the running boot.
    :param past_boot: boot whose occasions are not the ones waited for.
    :param wait: seconds to wait at most: until every need is met, or, as the boot has finished, is not to be expected
        soon.
    :param needs: list of (triggers, any of which will do; seconds that must have passed since). Without it, each
        trigger.
    :param clock, sleep: for tests.
    :returns: (list of summaries, time of the look as a stamp). Raises TriggerError, JournalError.
    """
    limit, own = clock() + wait * timestamps.SECOND, getattr(journal, 'own', True)
    needs = [([name], 0) for name in names] if needs is None else needs
    while True:
        now = clock()
        found = [(name, occasions(journal, name)) for name in names]
        if now < limit:
            done = [_when(fields)[0] for fields in journal.entries(('_PID',), _started_up(boot_id))]
            new = dict((name, [item for item in items if item[1] != past_boot and is_since(name, item, since, own)])
                       for name, items in found)
            finished = done[0] if done else None
            if not all(is_settled([item for name in any_of for item in new.get(name, ())], 'login' in any_of, finished,
                                  now, delay * timestamps.SECOND) for any_of, delay in needs):
                sleep(POLL)
                continue
        return [summary(name, items, since, boot_id, own) for name, items in found], now


def describe(journalctl, triggers, since=None, cursor='', directory=None, past_boot='', wait=0, wait_for=None):
    """Return the occasions in a journal (dict, see RETURN of trigger_info). The options are those of the module.

    :param journalctl: path of the command, None without one.

    Raises TriggerError, PositionError for the cursor, ValueError for `since`, JournalError, EnvironmentError.
    """
    if journalctl is None:
        raise JournalError('journalctl was not found on this host: without a systemd journal there is no record of '
                           'triggers.')
    begin = timestamps.from_text(since) if since else None
    if cursor:
        begin = Position(cursor, current_boot())
    source = Journal(journalctl, directory)
    needs = wait_for and [(need['any_of'], need['delay']) for need in wait_for]
    found, now = look(source, triggers, begin, current_boot(), past_boot.replace('-', ''), wait, needs)
    return {'triggers': found, 'now': timestamps.to_text(now), 'errors': source.errors}
