# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference: a plain loop over journalctl -o json that says what a scan must find, slowly.

It follows the rules of docs/scanning.md, word by word and without the code under test, so that a mistake must be made
twice to go unseen. Whoever changes a rule changes it in both places.
"""

import calendar
import json
import re
import subprocess
import time

PRIORITIES = ('emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug')
IN_TEXT_LOGS = ('journal', 'syslog', 'stdout', 'kernel')  # the transports that rsyslog writes to its files
SECONDS = 60  # more than the largest journal here takes; a damaged one must not hold up the tests


def values(field):
    """What journalctl's JSON makes of a field, as a list of text.

    A text is text; a list of numbers is one value that is not printable UTF-8; another list holds several values.
    """
    if field is None:
        return []
    if isinstance(field, str):
        return [field]
    if field and all(isinstance(item, int) for item in field):
        return [bytes(field).decode('utf-8', 'replace')]
    return [text for item in field for text in values(item)]


def rows(*arguments):
    """The entries that journalctl with these arguments shows: list of dict, field -> what `values` reads."""
    process = subprocess.run(
        ['journalctl', '--no-pager', '--quiet', '--all', '--output=json'] + list(arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
    )
    return [json.loads(line) for line in process.stdout.splitlines()]


def first(fields, name):
    """The first value of a field, None when there is none."""
    return next(iter(values(fields.get(name))), None)


def is_own_trace(message, fields):
    """Rule 1: whether this is the trace of somebody's command line, which holds the texts looked for."""
    identifier = first(fields, 'SYSLOG_IDENTIFIER') or ''
    writer = identifier or first(fields, '_COMM') or ''
    text = message.lstrip()
    tag, space, said = text.partition(' ')
    tagged = bool(space) and tag.startswith('ansible-') and len(tag) > len('ansible-') and len(tag.split()) == 1
    return (
        first(fields, '_TRANSPORT') == 'audit'
        or identifier in ('audit', 'auditd', 'audispd')
        or identifier.startswith(('audisp', 'ansible-'))
        or re.match(r'(audit: )?type=\d+ audit\(', message, re.ASCII) is not None
        or identifier in ('sudo', 'doas')
        and any(part in message for part in ('COMMAND=', '(command continued)', 'ran command '))
        or tagged
        and (said == 'Invoked' or said.startswith('Invoked with '))
        or tagged
        and (writer == 'journal' or writer.startswith(('python', 'platform-python')))
    )


def is_record(message, fields):
    """Of rule 1, what is no event even if it is a warning: audit records of the kernel and auditd. These, and sudo, also warn of events."""
    transport, identifier = first(fields, '_TRANSPORT'), first(fields, 'SYSLOG_IDENTIFIER') or ''
    return transport == 'audit' or (
        re.match(r'(audit: )?type=\d+ audit\(', message, re.ASCII) is not None
        and (
            first(fields, 'SYSLOG_FACILITY') == '0'
            if transport == 'kernel'
            else first(fields, '_UID') == '0'
            and (identifier in ('audit', 'auditd', 'audispd') or identifier.startswith('audisp'))
        )
    )


FACILITIES = ('kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock '
              'local0 local1 local2 local3 local4 local5 local6 local7').split()


def is_test_message(message, fields):
    """Whether a message is one of those that the proof of a syslog policy sends as root, to the last word."""
    words = re.fullmatch(
        r'proof-[0-9a-f]{16} (\S+)\.(\S+) TEST of log routing by loghygiene\.rhel, no action is needed\. '
        '로그 전달 시험입니다\\. 조치할 필요가 없습니다\\.', message)
    sent = ('log_hygiene_proof', 'syslog', '0')
    if words is None or tuple(first(fields, name) for name in ('SYSLOG_IDENTIFIER', '_TRANSPORT', '_UID')) != sent:
        return False
    facility, severity = words.groups()
    told = first(fields, 'SYSLOG_FACILITY')
    allowed = [None, str(FACILITIES.index(facility))] if facility in FACILITIES else []
    return (told in allowed + ['1'] * (facility == 'kern') and severity in PRIORITIES
            and first(fields, 'PRIORITY') == str(PRIORITIES.index(severity)))


def is_text(match, message):
    """Rule 4: whether a message holds a literal, and then the regex."""
    literals = match['literal'] if isinstance(match['literal'], list) else [match['literal']]
    return any(literal in message for literal in literals) and re.search(match['regex'], message, re.ASCII) is not None


def is_source(match, fields):
    """Rules 2 and 3 for an entry of the journal: where it comes from and how severe it is."""
    names, comms = match.get('identifiers', []), [name[:15] for name in match.get('comms', [])]
    identifier, comm, level = (first(fields, name) for name in ('SYSLOG_IDENTIFIER', '_COMM', 'PRIORITY'))
    if match.get('transport') and first(fields, '_TRANSPORT') not in match['transport']:
        return False
    if not is_writer(match, fields):
        return False
    if 'priority' in match and level in tuple('01234567') and int(level) < PRIORITIES.index(match['priority']):
        return False
    if not names and not comms:
        return True
    return identifier in names if identifier is not None else comm is not None and comm[:15] in comms


def is_writer(match, fields):
    """Of rule 2, who wrote it, by fields that nobody but journald and the kernel sets."""
    identifier, uid = first(fields, 'SYSLOG_IDENTIFIER'), first(fields, '_UID')
    if first(fields, '_TRANSPORT') == 'kernel':
        named = identifier in match.get('identifiers', []) and re.match(r'systemd(-|\Z)|.*-generator\Z', identifier)
        return first(fields, 'SYSLOG_FACILITY') == '0' or named is not None and named is not False
    uids = {'root': ['0'], 'system': [str(number) for number in range(1000)]}.get(match.get('uid', 'system'))
    if uids and uid not in [None, ''] + uids:
        return False
    return 'exes' not in match or first(fields, '_EXE') in match['exes']


def log_of(message, fields):
    """Which text log of EL shows an entry of this message, by its rules; None when none does."""
    facility, severity = first(fields, 'SYSLOG_FACILITY'), first(fields, 'PRIORITY')
    facility = facility if facility in [str(number) for number in range(24)] else '1'  # user, says imjournal
    text = message[:-1] if message.endswith('\n') else message
    if len(message) > 8000 or any(ord(char) < 32 or char in '\x7f\ufffd' for char in text):
        return None
    if facility == '10':
        return 'secure'
    return None if facility in ('2', '9') or severity == '7' else 'messages'


def is_lookalike(match, fields):
    """Return whether a text log would show an entry, whose text matches, as a match. It has a tag and no transport."""
    names, comms = match.get('identifiers', []), [name[:15] for name in match.get('comms', [])]
    transports = match.get('transport', [])
    identifier = first(fields, 'SYSLOG_IDENTIFIER')
    # For an entry without identifier, rsyslog writes the _COMM or, on EL7 and EL8, the word journal.
    tags = [identifier] if identifier is not None else [first(fields, '_COMM'), 'journal']
    if first(fields, '_TRANSPORT') not in IN_TEXT_LOGS or transports and not set(transports) & set(IN_TEXT_LOGS):
        return False
    if names or comms:
        return any(
            tag is not None and (tag in names or tag[:15] in comms or tag == 'journal' and bool(comms)) for tag in tags
        )
    return transports != ['kernel'] or 'kernel' in tags


def span(**more):
    """Counts nothing yet."""
    return dict(more, count=0, first=None, last=None)


def add(row, stamp):
    """Counts an entry of this time."""
    row['count'] += 1
    row['first'] = stamp if row['first'] is None else min(row['first'], stamp)
    row['last'] = stamp if row['last'] is None else max(row['last'], stamp)


def find(signatures, entries):
    """What a scan must find in entries, as `rows` gives them.

    :returns: dict. `entries`: number; `boots`: id -> span; `signatures` and `lookalikes`: id -> span with `boots`,
        id -> span; `machines`: id -> span with `boots` (ids), `hostnames` and `signatures`, id -> span of those found;
        `unexplained`: number of entries with a message that are warnings or worse and explained by nothing. A span has
        `count`, `first` and `last`, in microseconds.
    """
    found = {'entries': 0, 'boots': {}, 'machines': {}, 'unexplained': 0}
    for part in ('signatures', 'lookalikes'):
        found[part] = dict((signature['id'], span(boots={})) for signature in signatures)
    for row in found['lookalikes'].values():
        row['shown_in'] = {}
    for fields in entries:
        found['entries'] += 1
        stamp, boot = int(fields['__REALTIME_TIMESTAMP']), fields['_BOOT_ID']
        machine = found['machines'].setdefault(
            first(fields, '_MACHINE_ID') or '', span(boots=set(), hostnames=set(), signatures={})
        )
        add(found['boots'].setdefault(boot, span()), stamp)
        add(machine, stamp)
        machine['boots'].add(boot)
        machine['hostnames'].update(values(fields.get('_HOSTNAME')))
        messages = [text for text in values(fields.get('MESSAGE')) if not is_own_trace(text, fields)]
        explained = all(is_record(text, fields) or is_test_message(text, fields) for text in values(fields.get('MESSAGE')))
        for signature in signatures:
            match = signature['match']
            if not any(is_text(match, message) for message in messages):
                continue
            if is_source(match, fields):
                explained = True
                add(found['signatures'][signature['id']], stamp)
                add(found['signatures'][signature['id']]['boots'].setdefault(boot, span()), stamp)
                add(machine['signatures'].setdefault(signature['id'], span()), stamp)
            elif is_lookalike(match, fields):
                add(found['lookalikes'][signature['id']], stamp)
                add(found['lookalikes'][signature['id']]['boots'].setdefault(boot, span()), stamp)
                shown = found['lookalikes'][signature['id']]['shown_in']
                for log in filter(None, [log_of(next(text for text in messages if is_text(match, text)), fields)]):
                    shown[log] = shown.get(log, 0) + 1
        found['unexplained'] += not explained and first(fields, 'PRIORITY') in tuple('01234')
    return found


def read(signatures, *arguments):
    """What a scan must find in what journalctl with these arguments shows; see `find`."""
    return find(signatures, rows(*arguments))


def told(result):
    """A result of journal_scan in the form of `find`, to be compared with it by ==."""

    def spans(listed, key):
        return dict((row[key], one(row)) for row in listed)

    def one(row):
        return {
            'count': row['entries'] if 'entries' in row else row['count'],
            'first': micros(row['first_seen']),
            'last': micros(row['last_seen']),
        }

    found = {
        'entries': result['entries'],
        'boots': spans(result['boots'], 'boot_id'),
        'signatures': dict(
            (row['id'], dict(one(row), boots=spans(row['boots'], 'boot_id'))) for row in result['signatures']
        ),
        'lookalikes': dict(
            (row['id'], dict(one(row['lookalikes']), boots=spans(row['lookalikes']['boots'], 'boot_id'), shown_in=dict(
                (log['sink'], log['count']) for log in row['lookalikes']['shown_in'])))
            for row in result['signatures']
        ),
    }
    found['machines'] = dict(
        (
            row['machine_id'],
            dict(
                one(row),
                boots=set(row['boots']),
                hostnames=set(row['hostnames']),
                signatures=spans((seen for seen in row['signatures'] if seen['count']), 'id'),
            ),
        )
        for row in result['machines']
    )
    if result['unexplained'] is not None:
        found['unexplained'] = result['unexplained']['entries']
    return found


def micros(text):
    """The microseconds since 1970 of a time in RFC 3339, UTC; None of None."""
    if text is None:
        return None
    seconds, _dot, fraction = text.rstrip('Z').partition('.')
    return calendar.timegm(time.strptime(seconds, '%Y-%m-%dT%H:%M:%S')) * 1000000 + int(fraction)


def agree(result, expected):
    """Asserts that a result says what `find` says, as far as the scan was asked for it."""
    answer = told(result)
    assert answer == dict((part, expected[part]) for part in answer)
