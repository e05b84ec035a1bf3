# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of systemd's units: their names, which serve what a remedy must leave, what to do with each, and the
record of what a unit was. Pure, but for the look at unit files and links.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import json
import os
import re

DISABLED, MASKED = STATES = ('disabled', 'masked')
SYSTEM, GLOBAL = SCOPES = ('system', 'global')
# Where systemd looks for units, in its order. The first is the administrator's.
DIRECTORIES = {
    SYSTEM: ('/etc/systemd/system', '/run/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system',
             '/lib/systemd/system'),
    GLOBAL: ('/etc/systemd/user', '/run/systemd/user', '/usr/local/lib/systemd/user', '/usr/local/share/systemd/user',
             '/usr/share/systemd/user', '/usr/lib/systemd/user')}
PROPERTIES = ('Id', 'Names', 'LoadState', 'ActiveState', 'FragmentPath', 'CanStart', 'CanStop', 'Triggers', 'TriggeredBy',
              'RequiredBy', 'BoundBy', 'ConsistsOf', 'DropInPaths', 'NeedDaemonReload', 'MainPID', 'Result')
RUNNING = ('active', 'reloading', 'refreshing', 'activating')
NAME_MAX = 255   # systemd's own limit

# What serves logging, access, time or protection, by name without suffix and instance. To switch it off is no remedy.
PROTECTED = {
    'the logs': 'systemd-journald systemd-journald-dev-log systemd-journald-audit systemd-journald-varlink systemd-journal-flush '
                'systemd-journal-upload systemd-journal-remote rsyslog rsyslogd syslog syslog-ng auditd audit-rules logrotate crond '
                'log-hygiene-alerts',
    'the access': 'sshd ssh sshd-keygen dbus dbus-broker dbus-daemon systemd-logind systemd-user-sessions systemd-udevd '
                  'systemd-udevd-control systemd-udevd-kernel polkit sssd NetworkManager network systemd-networkd user',
    'the clock': 'chronyd chrony ntpd systemd-timesyncd',
    'the protection': 'firewalld nftables iptables ip6tables fapolicyd usbguard fail2ban clamd clamonacc clamav-freshclam aidecheck'}

# What a unit is now: `file` (what is-enabled says, '' for no unit), `active` (bool, None for user units) and what `show`
# says (dict of text), `alias`: the name of the unit that this one is another name of, or None.
Unit = collections.namedtuple('Unit', 'file active shown alias')


class Refused(Exception):
    """The unit is not changed. The text tells the operator why, and what to do."""


def check_name(name):
    """Raise Refused unless this is the full name of a unit of a kind that is changed here."""
    if len(name) > NAME_MAX or not re.match(r'[A-Za-z0-9:_\\][A-Za-z0-9:_.\\@-]*\.(service|timer|socket|path)\Z', name):
        raise Refused('unit: %r is not the full name of a service, timer, socket or path.' % name[:80])
    if re.search(r'@\.[a-z]+\Z', name):
        raise Refused('unit: %s is a template. Name an instance of it.' % name)


def serves(name):
    """Return what a unit serves that no remedy may switch off, or None."""
    stem = name.rpartition('.')[0].partition('@')[0]
    return next((what for what, stems in sorted(PROTECTED.items()) if stem in stems.split()), None)


def check_harmless(name, others):
    """Raise Refused if the unit, or one of those that it stands for, starts or holds up, serves what must go on."""
    for other in [name] + sorted(others):
        what = serves(other)
        if what is not None:
            raise Refused('%s. A remedy must not switch off logging, access, time or protection.' % (
                'unit: %s serves %s' % (name, what) if other == name else
                'unit: %s is another name of %s, starts it, or is needed by it, and that serves %s' % (name, other, what)))


def others(shown, alias):
    """Return the names of the units that go with a unit (set), of what `show` says of it."""
    names = set([alias] if alias else [])
    for name in ('Names', 'Triggers', 'RequiredBy', 'BoundBy', 'ConsistsOf'):
        names.update(shown.get(name, '').split())
    return names


def parse(text):
    """Return the properties in the output of `systemctl show` (dict)."""
    return dict(line.partition('=')[::2] for line in text.splitlines())


def steps(name, state, found, kept):
    """Return what has to be done so that a unit file is `state`: a list of 'unmask', 'disable' and 'mask'. Raises Refused.

    :param found: what is-enabled says of it, '' for no unit.
    :param kept: the record of what the unit was, None when nothing of it is ours.
    """
    if not found or found == MASKED and state == MASKED:
        return []
    if found == 'transient':
        raise Refused('%s was made by a program and goes with it. See to that program.' % name)
    if state == MASKED:
        return ['mask']
    todo = []
    if kept and kept['mask'] and found == MASKED:
        found, todo = kept['file'], ['unmask']
    if found.endswith('-runtime'):
        raise Refused('%s is %s: it would be another thing after the next boot. Use the state masked, or take that away '
                      'first.' % (name, found))
    if found in ('enabled', 'linked'):
        return todo + ['disable']
    if found in (DISABLED, MASKED):
        return todo
    raise Refused('%s is %s and cannot be disabled, because what starts it is not its own link. Use the state masked.'
                  % (name, found))


def locate(name, directories):
    """Return the path of the file of a unit, of its template for an instance, or None. What masks it is no file of it."""
    template = re.sub(r'@.*(\.[a-z]+)\Z', r'@\1', name)
    return next((path for one in (name, template) for path in (os.path.join(directory, one) for directory in directories)
                 if os.path.lexists(path) and not is_mask(path)), None)


def together(name, directories, read):
    """Return the names of the units that `systemctl disable` takes with a unit (set), and of the unit itself.

    :param read: a function that returns the content (bytes) of a file.
    """
    names, due = set(), [name]
    while due:
        name = due.pop()
        path = locate(name, directories)
        if name not in names and path and os.path.exists(path):
            due += also(read(path).decode('utf-8', 'replace'), name)
        names.add(name)
    return names


def also(text, name):
    """Return the names behind Also= in the text of a unit file."""
    prefix, _at, instance = name.rpartition('.')[0].partition('@')
    found, install = [], False
    for line in re.sub(r'\\\n', ' ', text).splitlines():
        line = line.strip()
        if line.startswith('['):
            install = line == '[Install]'
        elif install and re.match(r'Also\s*=', line):
            found += line.partition('=')[2].replace('%i', instance).replace('%p', prefix).split()
    return found


def links(directory, names):
    """Return the links in a directory of units, and in those of its targets, that enable these units: {path: target}.

    A link that masks a unit is none of them.
    """
    found = {}
    folders = [directory] + [os.path.join(directory, name) for name in (
        sorted(os.listdir(directory)) if os.path.isdir(directory) else []) if name.endswith(('.wants', '.requires', '.upholds'))]
    for folder in folders:
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                target = os.readlink(path)
                if target != os.devnull and (name in names or os.path.basename(target) in names):
                    found[path] = target
    return found


def is_mask(path):
    """Return whether there is a link at a path that masks a unit."""
    return os.path.islink(path) and os.readlink(path) == os.devnull


def encode(record):
    """Return a record as what its file holds (bytes)."""
    return (json.dumps(record, indent=2, sort_keys=True) + '\n').encode('ascii')


def decode(text, name, directory):
    """Return the record of a unit from what its file holds (bytes). Raises ValueError.

    A record has `unit`, `state`: what is made of the unit, `phase`: applying, applied or undoing, `file` and `active`:
    what it was, `mask`: whether the link that masks it is ours, and `links`: those that it had and has not now.
    """
    found = json.loads(text.decode('utf-8'))
    kinds = dict(unit=type(u''), state=type(u''), phase=type(u''), file=type(u''), active=(bool, type(None)), mask=bool, links=dict)
    if not isinstance(found, dict) or set(found) != set(kinds):
        raise ValueError('it has other keys')
    for key, kind in kinds.items():
        if not isinstance(found[key], kind):
            raise ValueError('%s has another type' % key)
    if found['unit'] != name or found['state'] not in STATES or found['phase'] not in ('applying', 'applied', 'undoing'):
        raise ValueError('unit, state or phase has another value')
    for path, target in found['links'].items():
        if os.path.normpath(path) != path or not path.startswith(directory + '/') or not isinstance(target, type(u'')):
            raise ValueError('links has a path that does not belong there')
    return found


def edited(record, path):
    """Return whether somebody changed a unit since it was brought to the state of its record, to something of their own.

    :param path: where the administrator's file of the unit is.
    """
    if record['phase'] != 'applied':
        return False
    there = [one for one in record['links'] if os.path.lexists(one)]
    if there and any(not os.path.islink(one) or os.readlink(one) != target for one, target in record['links'].items()):
        return True
    if record['mask']:
        return os.path.lexists(path) and not is_mask(path) and path not in record['links']
    return is_mask(path)
