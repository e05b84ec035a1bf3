# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes journals to measure, and counts in them the way anybody would: a loop over journalctl -o json."""

import calendar
import json
import os
import re
import struct
import subprocess
import time

# Where distributions put it.
JOURNAL_REMOTE = [
    path
    for path in ('/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote')
    if os.path.exists(path)
]
# What the systemd of EL7 and EL8 can read.
OLD_FORMAT = {'SYSTEMD_JOURNAL_KEYED_HASH': '0', 'SYSTEMD_JOURNAL_COMPACT': '0'}
START = 1795363280000000  # 2026-11-22T16:01:20Z
BOOTS = ['%032x' % (0x6B8A0000 + number) for number in range(100)]
MACHINE = '0639' * 8


def entry(message, number=0, **fields):
    """An entry as a list of (field, value): `number` seconds after START, in the first boot, of the kernel unless told
    otherwise.

    A value may be text, bytes, a list (the field occurs for each of them) or None (it does not occur).
    """
    fields = dict(
        {
            '__REALTIME_TIMESTAMP': str(START + number * 1000000),
            '__MONOTONIC_TIMESTAMP': str(1000000 + number * 1000000),
            '_BOOT_ID': BOOTS[0],
            '_MACHINE_ID': MACHINE,
            '_TRANSPORT': 'kernel',
            'SYSLOG_IDENTIFIER': 'kernel',
            'PRIORITY': '4',
            'MESSAGE': message,
        },
        **fields
    )
    found = []
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [] if values is None else [values]:
            found.append((name, value if isinstance(value, bytes) else value.encode('utf-8')))
    return found


def export(entries):
    """Yields entries in the Journal Export Format (bytes)."""
    for fields in entries:
        for name, value in fields:
            name = name.encode('ascii')
            if name.startswith(b'_') or re.fullmatch(b'[\\x20-\\x7e]*', value):
                yield name + b'=' + value + b'\n'
            else:
                yield name + b'\n' + struct.pack('<Q', len(value)) + value + b'\n'
        yield b'\n'


def write(path, entries, options=('--compress=no',), **environ):
    """Write entries to a journal file with systemd-journal-remote."""
    os.makedirs(os.path.dirname(str(path)), exist_ok=True)
    process = subprocess.Popen(
        [JOURNAL_REMOTE[0], '--output=' + str(path)] + list(options) + ['-'],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=dict(os.environ, **environ),
    )
    for piece in export(entries):
        process.stdin.write(piece)
    complaints = process.communicate()[1].decode('utf-8', 'replace')
    assert process.returncode == 0, complaints
    return str(path)


def values(field):
    """What journalctl's JSON makes of a field: a text, a list of bytes, null, or a list of such, as a list of texts."""
    if field is None:
        return []
    if isinstance(field, str):
        return [field]
    if field and all(isinstance(item, int) for item in field):
        return [bytes(field).decode('utf-8', 'replace')]
    return [text for item in field for text in values(item)]


def naive_lines(*arguments):
    """journalctl -o json, entry by entry (dicts)."""
    process = subprocess.run(
        ['journalctl', '--no-pager', '--quiet', '--all', '-o', 'json'] + list(arguments),
        stdout=subprocess.PIPE,
        check=False,
    )
    return [json.loads(line) for line in process.stdout.splitlines()]


def naive(signatures, *arguments):
    """Counts in a journal, without a thought for speed and without the code under test.

    :returns: {'entries', 'signatures': {id: {'count', 'first', 'last', 'boots': {boot: count}}}}.
    """
    found = {'entries': 0, 'signatures': {}}
    for signature in signatures:
        found['signatures'][signature['id']] = {'count': 0, 'first': None, 'last': None, 'boots': {}}
    for fields in naive_lines(*arguments):
        found['entries'] += 1
        stamp = int(fields['__REALTIME_TIMESTAMP'])
        for signature in signatures:
            if any(naive_match(signature['match'], message, fields) for message in values(fields.get('MESSAGE'))):
                row = found['signatures'][signature['id']]
                row['count'] += 1
                row['first'] = stamp if row['first'] is None else min(row['first'], stamp)
                row['last'] = stamp if row['last'] is None else max(row['last'], stamp)
                row['boots'][fields['_BOOT_ID']] = row['boots'].get(fields['_BOOT_ID'], 0) + 1
    return found


def naive_match(match, message, fields):
    """Does one message match? Leaves out the rules about own traces, which the journals here do not hold."""

    def first(name):
        return (values(fields.get(name)) or [None])[0]

    levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']
    names, comms = match.get('identifiers', []), [name[:15] for name in match.get('comms', [])]
    if match.get('transport') and first('_TRANSPORT') not in match['transport']:
        return False
    if names or comms:
        identifier = first('SYSLOG_IDENTIFIER')
        if (
            identifier is not None
            and identifier not in names
            or identifier is None
            and (first('_COMM') or '?')[:15] not in comms
        ):
            return False
    if (
        'priority' in match
        and first('PRIORITY') in list('01234567')
        and int(first('PRIORITY')) < levels.index(match['priority'])
    ):
        return False
    literals = match['literal'] if isinstance(match['literal'], list) else [match['literal']]
    return any(literal in message for literal in literals) and re.search(match['regex'], message, re.ASCII) is not None


def told(result):
    """The part of a result of journal_scan that `naive` gives too, in its form."""

    def stamp(text):
        if text is None:
            return None
        seconds, _dot, fraction = text.rstrip('Z').partition('.')
        return calendar.timegm(time.strptime(seconds, '%Y-%m-%dT%H:%M:%S')) * 1000000 + int(fraction)

    return {
        'entries': result['entries'],
        'signatures': dict(
            (
                row['id'],
                {
                    'count': row['count'],
                    'first': stamp(row['first_seen']),
                    'last': stamp(row['last_seen']),
                    'boots': dict((boot['boot_id'], boot['count']) for boot in row['boots']),
                },
            )
            for row in result['signatures']
        ),
    }
