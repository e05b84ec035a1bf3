# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Occasions: what counts as a login, a boot, a unit that ran, and when there is nothing more to wait for."""

from __future__ import absolute_import, division, print_function

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import triggers
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.position import Position

__metaclass__ = type

SECOND = 1000000


class Recorded:
    """Stands in for a Journal: answers matches as journalctl does, from entries as dicts of text."""

    def __init__(self, *entries):
        self.all = entries

    def entries(self, fields, matches=(), cursor=''):
        groups = [[]]
        for match in matches:
            if match == '+':
                groups.append([])
            else:
                groups[-1].append(match.partition('=')[::2])
        for entry in self.all:
            for group in groups:
                # Of one field any value, of several fields all.
                if all(any(entry.get(name) == value for key, value in group if key == name) for name, _value in group):
                    yield dict((name, [value.encode('ascii')]) for name, value in entry.items())
                    break

    def boot_ids(self):
        return sorted(set(entry['_BOOT_ID'] for entry in self.all))


def entry(second, boot='b1', **fields):
    return dict({'__REALTIME_TIMESTAMP': str(second * SECOND), '__MONOTONIC_TIMESTAMP': str(second * SECOND), '_BOOT_ID': boot},
                **fields)


def unit(second, name, boot='b1', **fields):
    return entry(second, boot, **dict({'_PID': '1', 'MESSAGE_ID': triggers.UNIT_STARTED, 'UNIT': name}, **fields))


def desktop(second, uid='1000', boot='b1', name='graphical-session.target'):
    return entry(second, boot, MESSAGE_ID=triggers.UNIT_STARTED, USER_UNIT=name, _UID=uid, _PID='700')


def opened(second, uid='1000', boot='b1', service='gdm-password', **fields):
    """A root process opens the session of a desktop."""
    text = 'pam_unix(%s:session): session opened for user kim%s by (uid=0)' % (service, uid and '(uid=%s)' % uid)
    return entry(second, boot, **dict({'MESSAGE': text, '_UID': '0', '_EXE': '/usr/libexec/gdm-session-worker'}, **fields))


# Whoever logs in below, and when: the rules about what their processes say are tested with these.
OPENED = [opened(second, uid, boot) for second in (4, 499, 4999) for boot in ('b1', 'b2')
          for uid in ('0', '1000', '1001', '1234567890')]


def session(second, uid='1000', pid='800', boot='b1'):
    return entry(second, boot, _COMM='gnome-session-b', _UID=uid, _PID=pid)


def happened(trigger, *entries):
    return [(stamp // SECOND, boot) for stamp, boot in triggers.occasions(Recorded(*entries), trigger)]


def test_a_unit_that_the_system_manager_started():
    assert happened(
        'unit:a.service',
        unit(5, 'a.service'),
        unit(6, 'b.service'),
        unit(7, 'a.service', 'b2'),
        unit(8, 'a.service', _PID='2'),
        unit(9, 'a.service', MESSAGE_ID='other'),
        entry(10),
    ) == [(5, 'b1'), (7, 'b2')]


def test_a_boot_is_its_first_entry():
    boots = [entry(20, 'b2'), entry(21, 'b2'), entry(5, 'b1'), entry(6, 'b1')]
    # What came first of the oldest may be gone, and with it what the boot brought; but not where it is seen to start up.
    assert happened('boot', *boots) == [(20, 'b2')]
    assert happened('boot', *(boots + [finished(7, 'b1')])) == [(5, 'b1'), (20, 'b2')]


@pytest.mark.parametrize(
    'entries, logins',
    [
        ((desktop(5),), [(5, 'b1')]),
        ((desktop(5), desktop(6, name='xdg-desktop-autostart.target')), [(5, 'b1')]),
        ((desktop(5), desktop(500)), [(5, 'b1'), (500, 'b1')]),
        ((desktop(5), desktop(6, uid='1001')), [(5, 'b1'), (6, 'b1')]),
        ((desktop(5), desktop(6, boot='b2')), [(5, 'b1'), (6, 'b2')]),
        ((desktop(5, uid='0'),), [(5, 'b1')]),
        ((desktop(5, uid='42'), session(6, uid='42')), []),  # the login screen
        ((desktop(5, uid='61184'), session(6, uid='60578')), []),  # one with a dynamic user
        ((desktop(5, uid='1234567890'),), [(5, 'b1')]),
        ((desktop(5, uid=''), desktop(6, uid='x')), []),
        ((desktop(5, name='default.target'),), []),
        ((session(5), session(6), session(5000)), [(5, 'b1')]),  # one session, that goes on talking
        ((session(5), session(5000, pid='900')), [(5, 'b1'), (5000, 'b1')]),
        ((session(5), desktop(6)), [(5, 'b1')]),
        ((entry(5, _COMM='sshd', _UID='1000'),), []),
    ],
)
def test_logins(entries, logins):
    assert happened('login', *(OPENED + list(entries))) == logins


@pytest.mark.parametrize('entries', [
    (),  # systemd-cat or a native message of any process of the user, with this MESSAGE_ID and USER_UNIT
    (opened(4, boot='b2'),),
    (opened(6),),  # only then
    (opened(4, uid='1001'),),  # somebody else
    (opened(4, service='sshd', _EXE='/usr/sbin/sshd'), opened(4, service='su', _EXE='/usr/bin/su')),
    (opened(4, _UID='1000'), opened(4, _EXE='/tmp/gdm-session-worker')),
    (opened(4, service='gdm-launch-environment', uid='42'), opened(4, service='gdm-launch-environment', uid='')),
    (opened(4, service='lightdm-greeter', uid='', _EXE='/usr/sbin/lightdm'),),
    (opened(4, MESSAGE='pam_unix(gdm-password:session): session closed for user kim'),),
    (opened(4, MESSAGE='x pam_unix(gdm-password:session): session opened for user kim by (uid=0)'),),
])
def test_a_login_that_only_the_user_s_own_processes_tell_of_is_none(entries):
    for sign in (desktop(5), session(5)):
        assert happened('login', *(list(entries) + [sign])) == []


@pytest.mark.parametrize('record', [
    opened(4), opened(4, uid=''),  # EL7 does not say the uid
    opened(4, service='gdm-autologin'), opened(4, service='lightdm', _EXE='/usr/sbin/lightdm'),
    opened(4, service='tigervnc', _EXE='/usr/sbin/vncsession'),
])
def test_a_login_that_a_root_process_opened(record):
    assert happened('login', record, desktop(5)) == [(5, 'b1')]
    assert happened('login', record, desktop(304)) == [(304, 'b1')]
    assert happened('login', record, desktop(305)) == []


@pytest.mark.parametrize('trigger', ['', 'timer', 'unit:', 'unit:a', 'unit:a b.service', 'unit:a.service\n', 'Boot'])
def test_what_is_no_trigger(trigger):
    with pytest.raises(triggers.TriggerError) as error:
        triggers.occasions(Recorded(), trigger)
    assert 'boot, login or unit:NAME.service' in str(error.value)


def test_a_summary():
    found = [(1, 'a'), (5 * SECOND, 'b'), (9 * SECOND, 'b')]
    assert triggers.summary('boot', found, 2) == {
        'trigger': 'boot',
        'count': 2,
        'boots': ['b'],
        'first_seen': '1970-01-01T00:00:05.000000Z',
        'last_seen': '1970-01-01T00:00:09.000000Z',
        'runs': [
            {'at': '1970-01-01T00:00:05.000000Z', 'boot_id': 'b', 'monotonic': None, 'elapsed': None},
            {'at': '1970-01-01T00:00:09.000000Z', 'boot_id': 'b', 'monotonic': None, 'elapsed': None},
        ],
    }
    assert triggers.summary('boot', found, None)['boots'] == ['a', 'b']
    assert triggers.summary('login', [], None) == {
        'trigger': 'login',
        'count': 0,
        'boots': [],
        'first_seen': None,
        'last_seen': None,
        'runs': [],
    }


OLD_BOOT, NEW_BOOT = 'a' * 32, 'b' * 32


def placed(number, boot, monotonic, writer='1', **fields):
    """An entry with a cursor, a year before the position of the test below."""
    cursor = 's=%s;i=%x;b=%s;m=%x;t=1;x=%x' % (writer * 32, number, boot, monotonic, number)
    return unit(1, 'a.service', boot, __CURSOR=cursor, **fields)


def test_what_came_after_a_position_whatever_the_clock_says():
    position = Position('s=%s;i=a;b=%s;m=64;t=ffffffffff;x=1;k=%s.64' % ('1' * 32, OLD_BOOT, OLD_BOOT))
    journal = Recorded(placed(9, OLD_BOOT, 90), placed(11, OLD_BOOT, 110), placed(1, NEW_BOOT, 5, '2'),
                       placed(1, OLD_BOOT, 100, '3'))  # the last is not decided, and so no proof
    found, _now = triggers.look(journal, ['unit:a.service', 'boot'], position, NEW_BOOT)
    assert [(run['boot_id'], run['monotonic'], run['elapsed'] is None) for run in found[0]['runs']] == [
        (OLD_BOOT, 110, True), (NEW_BOOT, 5, False)]
    assert found[0]['runs'][1]['elapsed'] > 0
    assert found[1]['boots'] == [NEW_BOOT]


class Clock:
    """A clock in seconds that moves when somebody sleeps; the journal holds only what has been by then."""

    def __init__(self, *entries):
        self.second, self.coming, self.asked = 0, entries, 0

    def now(self):
        return self.second * SECOND

    def sleep(self, seconds):
        self.second += seconds

    def entries(self, fields, matches=(), cursor=''):
        self.asked += 1
        return Recorded(*[one for one in self.coming if int(one['__REALTIME_TIMESTAMP']) <= self.now()]).entries(
            fields, matches
        )


def finished(second, boot='b2'):
    return entry(second, boot, _PID='1', MESSAGE_ID=triggers.STARTUP_FINISHED[0])


@pytest.mark.parametrize(
    'entries, names, delay, ended',
    [
        ([], ['unit:a.service'], 0, 180),
        ([unit(20, 'a.service', 'b2')], ['unit:a.service'], 0, 20),
        ([unit(20, 'a.service', 'b2')], ['unit:a.service'], 30, 50),
        ([unit(20, 'a.service', 'b2')], ['unit:a.service'], 500, 180),
        ([unit(0, 'a.service', 'b1')], ['unit:a.service'], 0, 180),  # before the reboot: not the one to wait for
        ([finished(10)], ['unit:a.service'], 0, 10),  # the boot is over and the unit was no part of it
        ([finished(10, 'b1')], ['unit:a.service'], 0, 180),
        ([finished(10)], ['login'], 0, 70),
        ([finished(10), opened(29, boot='b2'), desktop(30, boot='b2')], ['login'], 0, 30),
        ([finished(10), opened(29, boot='b2'), desktop(30, boot='b2')], ['login', 'unit:a.service'], 40, 70),
        ([finished(10), opened(199, boot='b2'), desktop(200, boot='b2')], ['login'], 0, 70),
        ([], [], 0, 0),
    ],
)
def test_how_long_is_waited(entries, names, delay, ended):
    clock = Clock(*entries)
    needs = [([name], delay) for name in names]
    found, now = triggers.look(clock, names, None, 'b2', 'b1', 180, needs, clock.now, clock.sleep)
    assert [item['trigger'] for item in found] == names
    assert now // SECOND == clock.second == ended


def test_one_of_several_triggers_will_do():
    clock = Clock(unit(20, 'a.service', 'b2'))
    names = ['unit:a.service', 'unit:b.timer']
    triggers.look(clock, names, None, 'b2', 'b1', 180, [(names, 0)], clock.now, clock.sleep)
    assert clock.second == 20


def test_a_container_says_otherwise_that_it_has_booted():
    clock = Clock(entry(10, 'b2', _PID='1', MESSAGE_ID=triggers.STARTUP_FINISHED[1]))
    triggers.look(clock, ['unit:a.service'], None, 'b2', 'b1', 180, clock=clock.now, sleep=clock.sleep)
    assert clock.second == 10


def test_without_wait_it_looks_once():
    clock = Clock()
    assert triggers.look(clock, ['login'], None, 'b2', clock=clock.now, sleep=clock.sleep)[1] == 0
    assert clock.asked == 1
