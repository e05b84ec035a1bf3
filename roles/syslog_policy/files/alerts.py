# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends messages of the journal to a person at once, by mail or by a command. Run by log-hygiene-alerts.service.

    python alerts [--config FILE] [--state FILE] [--directory JOURNAL]

The journal is read repeatedly from a position to its end. `journalctl --follow` only signals that there is something to
read. As the source itself, --follow would lose messages written before a reboot, because it shows the running boot only
(systemd 252 and 257, journalctl.c). --cursor would lose those of other writers and boots if the clock was set back. So
the files of each writer are read separately, from its last number on. journal_position.py, which is installed beside
this program, explains that.

Messages are put into queues, one for each channel of each rule, and saved together with the position before anything is
sent. An alert leaves its queue, again with a save, when the channel has accepted it. So whatever ends this program, no
alert is lost. An alert is sent twice only if the program ends between the receiver's acceptance and the save. Both
copies then have the same Message-ID.

The writer of a message must not be able to delay other messages. So text leaves this program as UTF-8 in any locale. An
alert that its receiver does not accept lets others pass, and is set aside if it is the only one that fails. Messages of
the kernel and of root have a limit, a digest and a queue separate from those of everybody else.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import argparse
import calendar
import collections
import email.header
import email.mime.text
import email.utils
import errno
import fcntl
import hashlib
import io
import json
import os
import re
import select
import signal
import smtplib
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True  # nothing that nobody takes away again
from journal_position import (  # noqa: E402 - the line above must come first
    OLD, OVER, UNDECIDED, Position, PositionError, file_of, journal_files, literal_glob, own_journal_files, place_of)

CONFIG = '/etc/log_hygiene/alerts.json'
STATE = '/var/lib/log_hygiene/alerts.json'
UNIT = b'log-hygiene-alerts.service'
SENDMAIL = '/usr/sbin/sendmail'

FIELDS = frozenset(name.encode('ascii') for name in (
    '__CURSOR', '__REALTIME_TIMESTAMP', '__MONOTONIC_TIMESTAMP', 'PRIORITY', 'SYSLOG_FACILITY', 'SYSLOG_IDENTIFIER',
    'SYSLOG_PID', '_PID', '_COMM', '_HOSTNAME', '_SYSTEMD_UNIT', '_TRANSPORT', '_UID', '_GID', 'MESSAGE'))
FIELD_SIZE = 16384      # bytes of a field that are held
SKIP_SIZE = 65536       # bytes read at once of what is not
TEXT_LENGTH = 4000      # characters of a message in an alert
LINE_LENGTH = 120       # of one in a subject and in a digest
QUEUE = 100             # alerts that wait for a channel; what comes on top is gathered in a digest
URGENT = 1              # emerg and alert: each different text of them is told, also in a digest
URGENT_LENGTH = 1000    # characters of such a text in a digest
URGENT_GROUPS = 500     # so many different ones of the kernel and root; then those that differ in numbers are one
GROUPS = 50             # kinds of other messages that a digest tells apart
PAGE = 60               # kinds in one mail or call of a command: a digest may have several pages
PAGE_LENGTH = 12000     # and characters of their texts
RESTS = 10              # sources of what is only counted that a digest tells apart
STRIKES = (2, 4)        # failures while others were taken: then without its text, then set aside
PATIENCE = 3600         # seconds from its first failure until an alert may be set aside
ASIDE = 50              # alerts set aside that are remembered
DAMAGED = 20            # damaged files that are kept
BATCH = 2000            # entries read between two saves
BATCH_SIZE = 8 << 20    # bytes of their fields
LISTINGS = 10           # how often reading begins anew because files were renamed or removed meanwhile

POLL = 15               # seconds between two looks at the journal when no bell rings
REST = 0.2              # seconds between two looks at least
RETRY = (5, 300)        # seconds from a failure to the next attempt: first, most
NETWORK_TIMEOUT = 20    # seconds for each answer of a mail server
COMMAND_TIMEOUT = 60    # seconds that a command may take
STUCK = 600             # seconds after which a delivery is taken for hanging
STOP = 45               # seconds that deliveries have to end, TimeoutStopSec= is longer
AGAIN = 3600            # seconds until the same complaint is made again

# Soon after a boot at most this may be exempt from alerting, and nothing more severe than crit.
EXEMPT_SECONDS, EXEMPT_SEVERITY = 900, 2

# Where rsyslogd puts what names no facility or severity: user.notice (imjournal.c, DFLT_FACILITY, DFLT_SEVERITY).
FACILITY, SEVERITY = 1, 5
# What is not text on a terminal or in a header: controls, direction of writing, invisible characters.
UNSAFE = re.compile(u'[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
# Halves of characters: Python 2 decodes what no other UTF-8 decoder takes.
SURROGATE = re.compile(u'[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]')
NUMBERS = re.compile(r'[0-9]+|0x[0-9a-f]+')
SEVERITIES = ('emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug')

PARTS = frozenset(('severities', 'facilities', 'rules'))
RULE_PARTS = frozenset(('name', 'severities', 'facilities', 'mail', 'smtp', 'sender', 'command', 'limit'))


class AlertsError(Exception):
    """The program cannot work. The text says why."""


class Refused(Exception):
    """A mail server refuses this message permanently, but perhaps not the next one."""


class Unreached(Exception):
    """The receiver cannot be reached: the message is not at fault."""


class NotEncrypted(Exception):
    """A mail server offers STARTTLS, but it fails."""


# --- entries of the log ------------------------------------------------------------------------------------------


def entries(stream):
    """Yield the entries of a binary stream in the Journal Export Format (systemd.io/JOURNAL_EXPORT_FORMATS).

    An entry is a dict: name -> (the first FIELD_SIZE bytes, size), of the fields in FIELDS, the first of its name. The
    rest of a long field is skipped without being held. An entry that breaks off is left out.
    """
    found = {}
    line = stream.readline(FIELD_SIZE)
    while line:
        if line == b'\n':
            if found:
                yield found
            found = {}
            line = stream.readline(FIELD_SIZE)
            continue
        name, equals, value = line.partition(b'=')
        if equals:
            size = len(value) - 1
            while not line.endswith(b'\n'):
                line = stream.readline(SKIP_SIZE)
                if not line:
                    return
                size += len(line)
            value = value[:size]
        elif line.startswith(b'-- '):  # journalctl's own remarks: "-- Reboot --"
            name = None
        else:
            name = line[:-1]
            size = stream.read(8)
            if len(size) < 8:
                return
            size = struct.unpack('<Q', size)[0]
            value = stream.read(min(size, FIELD_SIZE))
            left = size - len(value) + 1  # and a newline
            while left:
                skipped = len(stream.read(min(left, SKIP_SIZE)))
                if not skipped:
                    return
                left -= skipped
        if name in FIELDS and name not in found:
            found[name] = (value, size)
        line = stream.readline(FIELD_SIZE)


def as_text(value):
    """Bytes as text that can be shown: UTF-8, anything else replaced, what would act on a terminal written as \\x1b."""
    text = SURROGATE.sub(u'\ufffd', value.decode('utf-8', 'replace'))
    return UNSAFE.sub(lambda found: u'\\x%02x' % ord(found.group()), text)


def one_line(text, length=LINE_LENGTH):
    """Return a text on one line, cut to a length."""
    text = u' '.join(text.split())
    return text if len(text) <= length else text[:length - 3] + u'...'


def utf8(text):
    """Return text of any Python as UTF-8 bytes for programs and files, in any locale."""
    return text if isinstance(text, bytes) else text.encode('utf-8', 'replace')


def host_name():
    """Return this host's name as text. The kernel accepts any bytes as a name."""
    name = socket.gethostname()
    return one_line(as_text(name if isinstance(name, bytes) else os.fsencode(name))) or u'unknown'


def mail_name():
    """Return this host's name for a mail: ASCII, without characters that end a word."""
    return re.sub('[^A-Za-z0-9.-]', '-', str(host_name().encode('ascii', 'replace').decode('ascii')))


def number(value, most, default):
    """Parse a field with a small number (bytes) as rsyslogd does: a value out of range is the default."""
    return int(value) if value.isdigit() and len(value) < 3 and int(value) <= most else default


def identity(cursor):
    """Return the parts of a cursor that a copy in another file keeps: boot, monotonic and real time, hash."""
    return cursor.partition(';b=')[2]


def source_of(found):
    """Return the writer of an entry (dict of entries()) by trusted fields: `kernel`, `root`, `uid 1000`.

    Anybody may write under the kernel's name. Root may do so through /dev/kmsg, though not with its facility.
    """
    transport, facility, user = (found.get(name, (b'', 0))[0] for name in (b'_TRANSPORT', b'SYSLOG_FACILITY', b'_UID'))
    if transport == b'kernel':
        return u'kernel' if facility == b'0' else u'root'
    if transport == b'audit' or not re.match(b'[0-9]{1,10}\\Z', user):
        return u'audit' if transport == b'audit' else u'unknown'
    return u'root' if int(user) == 0 else u'uid %d' % int(user)


def is_trusted(source):
    """Return whether messages of this source (of source_of()) take precedence."""
    return source in (u'kernel', u'root')


def unit_of(found):
    """Return the kind of unit of an entry (dict of entries()): `mdmonitor.service`, `session.scope`, `sshd@.service`.

    Each login and each connection has a unit of its own, so whoever opens many would be many.
    """
    name, _dot, kind = one_line(as_text(found.get(b'_SYSTEMD_UNIT', (b'', 0))[0])).rpartition(u'.')
    name, instance, _rest = name.partition(u'@')
    if kind == u'scope' or name.startswith(u'run-'):
        name = name.partition(u'-')[0]
    return name + instance + _dot + kind


def alert_of(found):
    """Return an entry (dict of entries()) as an alert: a dict that JSON can hold."""
    def get(name):
        return found.get(name, (b'', 0))[0]

    text = as_text(get(b'MESSAGE'))
    size = found.get(b'MESSAGE', (b'', 0))[1]
    cursor = get(b'__CURSOR').decode('ascii', 'replace')
    return {
        'id': hashlib.sha256(identity(cursor).encode('utf-8')).hexdigest()[:32],
        'cursor': cursor,
        'time': int(get(b'__REALTIME_TIMESTAMP') or b'0') / 1e6,
        'severity': number(get(b'PRIORITY'), 7, SEVERITY),
        'facility': number(get(b'SYSLOG_FACILITY'), 23, FACILITY),
        'source': source_of(found),
        'unit': unit_of(found),
        'host': one_line(as_text(get(b'_HOSTNAME'))) or host_name(),
        'program': one_line(as_text(get(b'SYSLOG_IDENTIFIER') or get(b'_COMM')), 60) or u'unknown',
        'pid': one_line(as_text(get(b'SYSLOG_PID') or get(b'_PID')), 10),
        'text': text[:TEXT_LENGTH],
        'cut': size if size > FIELD_SIZE or len(text) > TEXT_LENGTH else 0,
    }


class Exemptions:
    """Messages that the kernel writes at each boot and that cause no alert then, by signatures of the catalog.

    Asked are only fields that nobody but the kernel and journald can set, not even root: transport and facility.
    """

    def __init__(self, exempt):
        """:param exempt: list of {id, regex, boot_seconds}. An invalid one is logged, and its messages alert."""
        self._known = []
        for one in exempt:
            try:
                self._known.append((one['id'], min(int(one['boot_seconds']), EXEMPT_SECONDS),
                                    re.compile(one['regex'], getattr(re, 'ASCII', 0))))
            except (KeyError, TypeError, ValueError, OverflowError, re.error) as error:
                log(4, u'an exemption from alerting cannot be used, so such messages alert: %s' % explain(error))

    def of(self, found, alert):
        """Return the id of the signature that exempts an entry (dict of entries(), and its alert), or None."""
        since_boot = found.get(b'__MONOTONIC_TIMESTAMP', (b'', 0))[0]
        if (alert['source'] != u'kernel' or alert['severity'] < EXEMPT_SEVERITY or alert['cut']
                or not re.match(b'[0-9]{1,19}\\Z', since_boot)):
            return None
        for name, seconds, regex in self._known:
            if int(since_boot) <= seconds * 1000000 and regex.search(alert['text']):
                return name
        return None


# --- the texts of alerts -----------------------------------------------------------------------------------------


def local_time(stamp):
    """Return seconds since 1970 as local time with its offset."""
    stamp = int(stamp)
    try:
        offset = (calendar.timegm(time.localtime(stamp)) - stamp) // 60
    except (ValueError, OverflowError):  # later than calendars go
        return '%d s since 1970' % stamp
    return time.strftime('%Y-%m-%d %H:%M:%S ', time.localtime(stamp)) + '%s%02d:%02d' % (
        '-' if offset < 0 else '+', abs(offset) // 60, abs(offset) % 60)


LEFT_OUT = u'(left out, because the receiver refused this message with it)'
MASKED = u'(left out, because this host masks what it writes and sends; the entry of the journal has it)'


def compose(item, rule, config):
    """Return the texts of an item of a queue: {subject, text, fields}; fields are the environment of a command."""
    severities, facilities = config['severities'], config['facilities']
    if item['kind'] == 'digest':
        return compose_digest(item, rule, severities, facilities, config.get('masked') is True)
    alert = item['alert']
    severity, facility = severities[alert['severity']], facilities[alert['facility']]
    text, program = alert['text'], alert['program']
    masked = config.get('masked') is True
    if item['withheld'] or masked:
        text = LEFT_OUT if item['withheld'] else MASKED
        program = u'(left out)' if item['withheld'] else program
    else:
        text = text or u'(no text)'
        if alert['cut']:
            text += u'\n[the first part of %d bytes]' % alert['cut']
    lines = [
        u'Time:     ' + local_time(alert['time']),
        u'Host:     ' + alert['host'],
        u'Severity: %s (%d)' % (severity, alert['severity']),
        u'Facility: %s (%d)' % (facility, alert['facility']),
        u'Program:  ' + program + (u'[%s]' % alert['pid'] if alert['pid'] and not item['withheld'] else u''),
        u'Source:   ' + alert.get('source', u'unknown'),
        u'Rule:     ' + rule['name'],
        u'', u'Message:'
        # Indented, so that no message can pass a line off as one of ours.
    ] + [u'    ' + line for line in text.split(u'\n')] + [
        u'', u'The whole entry: journalctl -o verbose -n 1 --cursor=' + u"'%s'" % alert['cursor']]
    subject = u'[%s] %s' % (severity, alert['host'])
    if not item['withheld']:
        subject = one_line(u'%s: %s' % (subject, program) if masked else u'%s: %s: %s' % (subject, program, alert['text']))
    return {'subject': subject, 'text': u'\n'.join(lines) + u'\n', 'fields': {
        'KIND': 'alert', 'RULE': rule['name'], 'HOST': alert['host'], 'SEVERITY': severity, 'FACILITY': facility,
        'PROGRAM': program, 'PID': alert['pid'], 'TIME': local_time(alert['time']), 'COUNT': '1',
        'SOURCE': alert.get('source', u'unknown'), 'CURSOR': alert['cursor']}}


def weights(groups):
    """Return a function that gives the share of the digest that the writer of a kind (dict) takes, as a sort key (list).

    Compared are first the sources, then of a source its units, then of a unit its programs. So who says much pushes out
    what he said himself, under whatever name.
    """
    def places(group):
        source, unit = group.get('source', u'root'), group.get('unit', u'')
        return (source,), (source, unit), (source, unit, group['program'])

    room = collections.Counter(place for group in groups for place in places(group))
    return lambda group: [room[place] for place in places(group)]


def in_order(groups):
    """Return the kinds of a digest (dict), the most severe first."""
    return sorted(groups.items(), key=lambda one: (one[1]['severity'], -one[1]['count'], one[1]['program']))


def pages(digest):
    """Split a digest into digests that are each short enough for one mail. Counts without text are in the last."""
    parts = [[]]
    length = 0
    for kind, group in in_order(digest['groups']):
        if len(parts[-1]) == PAGE or length + len(group['text']) > PAGE_LENGTH and parts[-1]:
            parts.append([])
            length = 0
        parts[-1].append((kind, group))
        length += len(group['text'])
    if len(parts) == 1:
        return [digest]
    found = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        page = dict(digest, groups=dict(part), id='%s%d' % (digest['id'], place), page=[place + 1, len(parts)],
                    count=sum(group['count'] for _kind, group in part) + (digest['rest'] if last else 0),
                    severity=min(group['severity'] for _kind, group in part))
        if not last:
            page.update(rest=0, rest_of={})
        found.append(page)
    return found


def compose_digest(item, rule, severities, facilities, masked=False):
    """Return the same as compose() for a digest."""
    digest = item['digest']
    lines = [
        u'%d more messages from %s to %s' % (digest['count'], local_time(digest['first']), local_time(digest['last'])),
        u'Host:     ' + digest['host'],
        u'Rule:     %s, which sends %d at once in %d s and gathers the rest' % (
            rule['name'], rule['limit']['count'], rule['limit']['seconds']),
        u'', u'Number, severity, facility, program, and the first message of each kind:']
    for _kind, group in in_order(digest['groups']):
        program, text, source = group['program'], group['text'], group.get('source', u'root')
        if item['withheld']:
            program, text = u'(left out)', LEFT_OUT
        elif masked:
            text = MASKED
        lines.append(u'    %d %s %s %s%s: %s' % (
            group['count'], severities[group['severity']], facilities[group['facility']], program,
            u'' if is_trusted(source) else u' (%s)' % source, text))
    if digest['rest']:
        lines.append(u'    %d of other kinds' % digest['rest'])
        lines += [u'        %d %s' % (count, source) for source, count in
                  sorted(digest.get('rest_of', {}).items(), key=lambda one: (-one[1], one[0]))]
    lines += [u'', u'All of them: journalctl -o verbose --cursor=' + u"'%s'" % digest['cursor']]
    severity = severities[digest['severity']]
    subject = u'[%s] %s: %d more messages' % (severity, digest['host'], digest['count'])
    if digest.get('page'):
        subject += u', part %d of %d' % tuple(digest['page'])
    return {'subject': subject, 'text': u'\n'.join(lines) + u'\n', 'fields': {
        'KIND': 'digest', 'RULE': rule['name'], 'HOST': digest['host'], 'SEVERITY': severity, 'FACILITY': '',
        'PROGRAM': '', 'PID': '', 'TIME': local_time(digest['last']), 'COUNT': str(digest['count']),
        'SOURCE': u'' if digest.get('trusted', True) else u'users', 'CURSOR': digest['cursor']}}


def letter(item, rule, config):
    """Return an item of a queue as a mail: (sender, ASCII text)."""
    said = compose(item, rule, config)
    host = mail_name()
    sender = rule['sender'] or 'root@' + host
    text = utf8(said['text']) if str is bytes else said['text']
    mail = email.mime.text.MIMEText(text, 'plain', 'utf-8')
    plain = all(ord(one) < 128 for one in said['subject'])
    # one_line() has taken line ends and controls away, so nothing of a message can begin a header.
    mail['Subject'] = email.header.Header(said['subject'], 'us-ascii' if plain else 'utf-8')
    mail['From'] = str(sender)
    mail['To'] = str(', '.join(rule['mail']))
    mail['Date'] = email.utils.formatdate(item['queued'], localtime=True)
    number_of = hashlib.sha256((u'%s %s' % (item['id'], rule['name'])).encode('utf-8')).hexdigest()[:32]
    mail['Message-ID'] = '<%s@%s>' % (number_of, host)
    mail['Auto-Submitted'] = 'auto-generated'  # RFC 3834: nobody's absence note is to answer it
    return sender, mail.as_string()


# --- delivery ----------------------------------------------------------------------------------------------------


def by_mail(item, rule, config):
    """Send an item to the mail server of its rule, or to the local one. Raises OSError, SMTPException, Refused."""
    sender, text = letter(item, rule, config)
    if rule['smtp'] is None:
        run([SENDMAIL, '-i', '-f', sender, '--'] + rule['mail'], text.encode('ascii'), None)
        return
    try:
        try:
            smtp = connect(rule['smtp'], encrypt=True)
        except NotEncrypted as error:
            # Encryption is taken where it is offered and not asked for: an alert in clear text beats none.
            log(5, u'rule %s: %s offers STARTTLS and fails to do it (%s)' % (
                rule['name'], rule['smtp']['host'], error.args[0]))
            smtp = connect(rule['smtp'], encrypt=False)
    except FAILURES as error:
        raise Unreached(explain(error))
    try:
        refused = smtp.sendmail(sender, rule['mail'], text)
    except smtplib.SMTPDataError as error:
        smtp.close()
        if error.smtp_code < 500 or item['withheld']:
            raise
        raise Refused(explain(error))
    except FAILURES:
        smtp.close()
        raise
    for address, (code, said) in sorted(refused.items()):
        log(4, u'rule %s: the mail server refuses %s (%d %s)' % (rule['name'], address, code, one_line(as_text(said))))
    try:
        smtp.quit()
    except (EnvironmentError, smtplib.SMTPException):
        smtp.close()  # the message is taken, whatever comes now


def connect(server, encrypt):
    """Return a connected smtplib.SMTP after EHLO."""
    smtp = smtplib.SMTP(server['host'], server['port'], local_hostname='localhost', timeout=NETWORK_TIMEOUT)
    try:
        # The full name, or as RFC 5321 has it where there is none; smtplib would ask the name server.
        name = mail_name()
        if '.' not in name:
            address = smtp.sock.getsockname()[0]
            name = '[IPv6:%s]' % address if ':' in address else '[%s]' % address
        if smtp.ehlo(name)[0] // 100 != 2:
            smtp.helo(name)
        if encrypt and smtp.has_extn('starttls'):
            start_tls(smtp)
            smtp.ehlo(name)
    except (EnvironmentError, smtplib.SMTPException):
        smtp.close()
        raise
    return smtp


def start_tls(smtp):
    """Encrypt the connection. Raises NotEncrypted."""
    try:
        if smtp.starttls()[0] == 220:
            return
        reason = u'refused'
    except (EnvironmentError, smtplib.SMTPException) as error:
        reason = explain(error)
    smtp.close()
    raise NotEncrypted(reason)


def by_command(item, rule, config):
    """Pass an item to the command of its rule: the text on its standard input, the fields in its environment."""
    said = compose(item, rule, config)
    environ = dict(os.environ if str is bytes else os.environb)
    for name, value in said['fields'].items():
        environ[utf8('LOG_HYGIENE_' + name)] = utf8(value).replace(b'\0', b'')
    run(rule['command'], utf8(said['text']), environ)


def run(arguments, text, environ):
    """Run a program, without a shell, with a text (bytes) on its standard input. Raises AlertsError, Unreached.

    What it writes goes nowhere: `tee` would have journald log each alert once more. Its complaints are logged.
    """
    name = as_text(utf8(arguments[0]))
    try:
        with open(os.devnull, 'wb') as nowhere:
            process = subprocess.Popen([utf8(one) for one in arguments], stdin=subprocess.PIPE, stdout=nowhere,
                                       close_fds=True, cwd='/', env=environ)
    except OSError as error:
        # Too much for the kernel is too much of this message; that nothing can be run is not its fault.
        raise (AlertsError if error.errno == errno.E2BIG else Unreached)(
            u'cannot run %s: %s' % (name, os.strerror(error.errno)))
    timer = threading.Timer(COMMAND_TIMEOUT, process.kill)
    timer.start()
    try:
        process.communicate(text)
    finally:
        timer.cancel()
    if process.returncode:
        raise AlertsError(u'%s ended with status %d' % (name, process.returncode) if process.returncode > 0 else
                          u'%s was ended by signal %d' % (name, -process.returncode))


CHANNELS = {'mail': by_mail, 'command': by_command}
# ValueError, TypeError: an address that is not ASCII, an argument that no program can be given.
FAILURES = (EnvironmentError, smtplib.SMTPException, AlertsError, Unreached, ValueError, TypeError)


def explain(error):
    """Return the message of an exception on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return u'; '.join(u'%s: %d %s' % (address, code, one_line(as_text(said)))
                          for address, (code, said) in sorted(error.recipients.items()))
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode('utf-8')
        return u'%d %s' % (error.smtp_code, one_line(as_text(said)))
    try:
        said = u'%s' % error
    except UnicodeError:  # Python 2, of an exception that holds bytes
        said = as_text(repr(error))
    return one_line(said or type(error).__name__, 300)


class Delivery(threading.Thread):
    """Delivers one item of a queue to one channel, once, in a thread, so that a slow receiver does not block the others."""

    def __init__(self, route, item, config, wake):
        super(Delivery, self).__init__()
        self.daemon = True
        self.item, self.begun = item, time.time()
        self.done, self.refused, self.unreached = False, False, False
        self.error = 'the delivery broke off, see the traceback in the journal'
        self._work = lambda: CHANNELS[route.channel](self.item, route.rule, config)
        self._wake = wake
        server = route.rule['smtp'] if route.channel == 'mail' else None
        self._where = u'mail server %s, port %d: ' % (server['host'], server['port']) if server else u''

    def run(self):
        try:
            self._work()
            self.error = None
        except Refused as error:
            self.refused, self.error = True, self._where + error.args[0]
        except Unreached as error:
            self.unreached, self.error = True, self._where + error.args[0]
        except FAILURES as error:
            self.error = self._where + explain(error)
        finally:
            self.done = True
            os.write(self._wake, b'.')


class Route:
    """One channel of one rule: the items that wait for it, and how many may be sent now. `state` is its saved state.

    What the kernel and root say (`state` itself) and what everybody else says (`others` in it) share a receiver and
    nothing else: window, digest and room in the queue are each their own, and the first goes first.
    """

    def __init__(self, rule, channel, state):
        self.rule, self.channel, self.state = rule, channel, state
        self.delivery, self.retry_at, self.pause, self.complaint = None, 0, RETRY[0], None
        for name, value in (('queue', []), ('window', None), ('digest', None), ('others', {}), ('delivered', 0),
                            ('last_delivered', None), ('last_error', None), ('failing_since', None), ('aside', []),
                            ('set_aside', 0)):
            state.setdefault(name, value)
        for name in ('window', 'digest'):
            state['others'].setdefault(name, None)

    @property
    def queue(self):
        return self.state['queue']

    def _lanes(self):
        return (True, self.state), (False, self.state['others'])

    def _has_room(self, trusted):
        return sum(1 for item in self.queue if item.get('trusted', True) == trusted) < QUEUE

    def wants(self, alert):
        return alert['severity'] in self.rule['severities'] and alert['facility'] in self.rule['facilities']

    def take(self, alert, now):
        """Put an alert into the queue, or into the digest if the limit of this window is reached."""
        self.turn(now)
        trusted = is_trusted(alert['source'])
        lane = self.state if trusted else self.state['others']
        if lane['window'] is None:
            lane['window'] = {'start': now, 'sent': 0}
        if lane['digest'] is None and lane['window']['sent'] < self.rule['limit']['count'] and self._has_room(trusted):
            lane['window']['sent'] += 1
            self.queue.append({'kind': 'alert', 'id': alert['id'], 'queued': now, 'withheld': False, 'alert': alert,
                               'trusted': trusted})
        else:
            self._gather(lane, trusted, alert)

    @staticmethod
    def _gather(lane, trusted, alert):
        digest = lane['digest']
        if digest is None:
            digest = lane['digest'] = {
                'id': alert['id'] + '+', 'cursor': alert['cursor'], 'host': alert['host'], 'count': 0, 'rest': 0,
                'rest_of': {}, 'first': alert['time'], 'last': alert['time'], 'severity': alert['severity'],
                'groups': {}, 'trusted': trusted}
        digest['count'] += 1
        digest['last'] = alert['time']
        digest['severity'] = min(digest['severity'], alert['severity'])
        urgent = alert['severity'] <= URGENT
        line = one_line(alert['text'], URGENT_LENGTH if urgent else LINE_LENGTH)
        group = {'count': 1, 'severity': alert['severity'], 'facility': alert['facility'],
                 'program': alert['program'], 'text': line, 'source': alert['source'], 'unit': alert['unit']}
        begin = u'%d %d %s %s %s' % (
            alert['severity'], alert['facility'], alert['source'], alert['unit'], alert['program'])
        like = NUMBERS.sub(u'#', line)
        exact, masked = u'%s: %s' % (begin, line), u'%s ~ %s' % (begin, like if urgent else like[:60])
        for kind in (exact, masked):
            if kind in digest['groups']:
                digest['groups'][kind]['count'] += 1
                return
        limit = URGENT_GROUPS if trusted else GROUPS
        pool = [one for one in digest['groups'].items() if (one[1]['severity'] <= URGENT) == urgent]
        kind = exact if urgent else masked
        if len(pool) >= (limit if urgent else GROUPS):
            weight = weights(one for _kind, one in pool + [(kind, group)])
            if weight(group) >= max(weight(one) for _kind, one in pool):
                kind = masked
        if len(pool) >= (limit + GROUPS if urgent else GROUPS):
            # One of them, or this one, is only counted: of whoever said most the least severe, and the newest.
            pool.append((kind, group))
            worst, loser = max(enumerate(pool), key=lambda one: (
                weight(one[1][1]), one[1][1]['severity'], one[0]))[1]
            digest['rest'] += loser['count']
            told, rest_of = u'%s from %s' % (
                SEVERITIES[loser['severity']], loser.get('source', u'root')), digest.setdefault('rest_of', {})
            if told not in rest_of and len(rest_of) >= RESTS:
                told = u'from others'
            rest_of[told] = rest_of.get(told, 0) + loser['count']
            if loser is group:
                return
            del digest['groups'][worst]
        digest['groups'][kind] = group

    def window_end(self, trusted=True):
        """Return when the window ends (seconds since 1970), or None without one."""
        window = (self.state if trusted else self.state['others'])['window']
        return None if window is None else window['start'] + self.rule['limit']['seconds']

    def turn(self, now):
        """End expired windows, and queue their digests once there is room. Return True if a window ended."""
        ended = False
        for trusted, lane in self._lanes():
            end = self.window_end(trusted)
            if end is None or lane['window']['start'] <= now < end:  # a clock set back ends it, too
                continue
            if lane['digest'] is not None:
                if not self._has_room(trusted):
                    continue
                digest, lane['digest'] = lane['digest'], None
                self.queue.extend({'kind': 'digest', 'id': page['id'], 'queued': now, 'withheld': False,
                                   'digest': page, 'trusted': trusted} for page in pages(digest))
            lane['window'] = None
            ended = True
        return ended

    def digest_at(self):
        """Return when the next digest may be queued (seconds since 1970), or None."""
        times = [self.window_end(trusted) for trusted, lane in self._lanes()
                 if lane['digest'] is not None and self._has_room(trusted)]
        return min(times) if times else None

    def next_item(self, now):
        """Return the next item to deliver, those of the kernel and root first, in order; None if nothing may be sent yet.

        What failed by itself waits longer than the rest, so that others may pass.
        """
        ready = [item for item in self.queue if item.get('again_at', 0) <= now or item['again_at'] > now + 2 * RETRY[1]]
        return min(ready, key=lambda item: not item.get('trusted', True)) if ready else None  # the first of several

    def next_at(self):
        """Return when to check again (seconds since 1970), or None for an empty queue."""
        times = [item.get('again_at', 0) for item in self.queue]
        return max(self.retry_at, min(times)) if times else None

    def begin(self, config, wake, now):
        """Start a delivery if an item waits and none is being delivered or delayed."""
        self.retry_at = min(self.retry_at, now + RETRY[1])  # a clock set back
        if self.delivery is None and now >= self.retry_at:
            item = self.next_item(now)
            if item is not None:
                self.delivery = Delivery(self, item, config, wake)
                self.delivery.start()

    def finish(self, now):
        """Process the result of a finished delivery. Return True if there was one."""
        delivery = self.delivery
        if delivery is None or not delivery.done:
            return False
        self.delivery = None
        if delivery.error is None:
            self._delivered(delivery.item, now)
        else:
            self._failed(delivery, now)
        return True

    def _what(self, item):
        return u'rule %s, %s %s' % (self.rule['name'], item['kind'], item['id'])

    def _delivered(self, item, now):
        self.queue.remove(item)
        self.state['delivered'] += 1
        self.state['last_delivered'] = now
        self.state['failing_since'] = None
        self.pause, self.complaint = RETRY[0], None
        for one in self.queue:
            if one.get('failures'):
                # The receiver works. Soon will tell whether that one is at fault.
                one['overtaken'] = True
                one['again_at'] = min(one['again_at'], now + RETRY[0] * 2 ** one.get('strikes', 0))
        log(6, '%s: delivered by %s' % (self._what(item), self.channel))

    def _failed(self, delivery, now):
        state, item = self.state, delivery.item
        state['last_error'] = {'time': now, 'text': delivery.error}
        if delivery.refused:
            # Or one message that a filter for junk dislikes would hold up all that come after.
            item['withheld'] = True
            log(4, u'%s is refused by %s. It goes without its text now' % (self._what(item), delivery.error))
            return
        if state['failing_since'] is None:
            state['failing_since'] = now
        self.retry_at = now + self.pause
        if not delivery.unreached and self._blames(item, delivery.error, now):
            return
        if self.complaint is None or self.complaint[0] != delivery.error or now >= self.complaint[1] + AGAIN:
            self.complaint = (delivery.error, now)
            log(4, u'%s: not delivered by %s, next attempt in %d s: %s' % (
                self._what(item), self.channel, self.pause, delivery.error))
        self.pause = min(self.pause * 2, RETRY[1])

    def _blames(self, item, error, now):
        """Record that this item failed, perhaps by its own fault. Return True if it will not be tried again."""
        item['failures'] = item.get('failures', 0) + 1
        item.setdefault('failing_since', now)
        if item.get('strikes', 0) < STRIKES[0]:
            item['withheld'] = False  # it was refused without its text as well, so the text was not the reason
        # Once more in its turn, then others may pass: at once, when they were not yet tried.
        item['again_at'] = self.retry_at
        if item['failures'] > 1:
            item['again_at'] = now + min(2 * self.pause, RETRY[1])
            if any(not one.get('failures') for one in self.queue):
                self.retry_at = now
        if not item.pop('overtaken', False):
            return False
        item['strikes'] = item.get('strikes', 0) + 1
        if item['strikes'] == STRIKES[0]:
            item['withheld'] = True
            log(4, u'%s fails by %s while others do not (%s). It goes without its text now' % (
                self._what(item), self.channel, error))
        if item['strikes'] < STRIKES[1] or now < item['failing_since'] + PATIENCE:
            return False
        self._set_aside(item, error, now)
        return True

    def _set_aside(self, item, error, now):
        """Set aside an item that is refused permanently. It remains in the journal, and is reported."""
        state = self.state
        self.queue.remove(item)
        what = item['alert'] if item['kind'] == 'alert' else item['digest']
        count = what.get('count', 1)
        state['set_aside'] += count
        state['aside'] = state['aside'][1 - ASIDE:] + [
            {'time': now, 'kind': item['kind'], 'count': count, 'cursor': what['cursor'], 'error': error}]
        log(4, u"%s is set aside: %s took others and not this one (%s). Read it: journalctl -o verbose -n %d "
               u"--cursor='%s'" % (self._what(item), self.channel, error, count, what['cursor']))

    def hangs(self, now):
        """Report that the current delivery does not end."""
        self.state['last_error'] = {'time': now, 'text': u'%s hangs' % self.channel}
        self._blames(self.delivery.item, u'it hangs', now)


# --- the journal and the state -----------------------------------------------------------------------------------


class Journal:
    """Runs journalctl, for the bell and for reading."""

    def __init__(self, directory, severities):
        """:param severities: the severities that matter (set of int). Raises EnvironmentError."""
        self._directory = directory
        self._command = ['journalctl', '--quiet', '--no-pager']
        self._all = ['--directory=' + directory] if directory else []
        with io.open('/proc/sys/kernel/random/boot_id', encoding='ascii') as source:
            self.boot_id = source.read().strip().replace('-', '')
        # An entry without PRIORITY counts as a notice, and no match finds what is not there.
        self._matches = [] if SEVERITY in severities else ['PRIORITY=%d' % one for one in sorted(severities)]
        self._environ = dict(os.environ, LC_ALL='C')
        self._bell, self.bell_at, self._bell_pause = None, 0, 1

    def _start(self, arguments):
        return subprocess.Popen(self._command + arguments, stdout=subprocess.PIPE, close_fds=True, env=self._environ)

    def read(self, arguments):
        """Yield the entries that journalctl shows. Raises AlertsError if it fails."""
        process = self._start(['--all', '--output=export'] + arguments)
        # Not process.stdout: under Python 2 it loses data when readline and read take turns.
        stream = io.open(process.stdout.fileno(), 'rb', closefd=False)
        ended = False
        try:
            shown = entries(stream)
            found = next(shown, None)
            while found is not None:
                yield found
                found = next(shown, None)
            ended = True
        finally:
            if not ended:
                process.kill()
            process.stdout.close()
            status = process.wait()
        if status:
            raise AlertsError('journalctl ended with status %d' % status)

    def _files(self):
        """Return the files that hold entries: dict, path -> File. Raises EnvironmentError."""
        files = {}
        for path in journal_files(self._directory) if self._directory else own_journal_files():
            try:
                one = file_of(path)
            except EnvironmentError as error:
                if error.errno != errno.ENOENT:
                    raise
            else:
                if one is not None and one.seqnum:
                    files[path] = one
        return files

    def _boots(self, source):
        """Return the boots of some entries (set of text). Raises AlertsError."""
        process = self._start(source + ['--field=_BOOT_ID'])
        found = process.communicate()[0].decode('ascii', 'replace').split()
        if process.returncode:
            raise AlertsError('journalctl ended with status %d' % process.returncode)
        return set(found)

    def end(self):
        """Return the Position at the end of the journal."""
        position, files = Position('', self.boot_id), self._files()
        for one in files.values():
            position.know(one.writer, one.seqnum)
        self._all_boots(position, files)
        for found in self.read(self._all + ['--lines=1', '_BOOT_ID=' + self.boot_id]) if files else ():
            cursor = found[b'__CURSOR'][0].decode('ascii')
            position.note(place_of(cursor), cursor)
        return position

    def _all_boots(self, position, files):
        """Add all boots to a position; those that are over, to their ends."""
        for boot_id in sorted(self._boots(self._all)) if files else ():
            if boot_id != self.boot_id:
                position.know_boot(boot_id, OVER)
        if self.boot_id in position.boots:
            position.know_boot(self.boot_id, None)  # comes last
        position.dropped = 0

    def after(self, position):
        """Read what is newer than a position, and advance it: (entries, undecided, ended, errors).

        :returns: the entries of the severities that matter; how many of them may have come before; whether these are
            all; what could not be read (list of text).
        """
        # The cursor that an earlier version left in this boot: all others were over, and were read.
        if position.dropped is None and position.place.boot_id == self.boot_id:
            self._all_boots(position, self._files())
        for _attempt in range(LISTINGS):
            files, errors = self._files(), []
            groups, news, ended = {}, [], set()
            for one in files.values():
                groups.setdefault(one.writer, []).append(one)
            for writer, group in sorted(groups.items()):
                try:
                    found = self._news(position, writer, group)
                    if found is None or len(found) < BATCH and sum(one[4] for one in found) < BATCH_SIZE:
                        ended.add(writer)
                    news.append(found or [])
                except (AlertsError, EnvironmentError) as error:
                    errors.append(explain(error))
            now = self._files()
            if all(path in now and now[path].file_id == one.file_id for path, one in files.items()):
                break
        else:
            raise AlertsError('the files of the journal are renamed faster than they are read')
        undecided, later = 0, self._settled(position, groups, ended)
        taken = []
        for place, cursor, answer, found, _size in merged(news):
            position.note(place, cursor)
            undecided += answer == UNDECIDED
            taken.append(found)
        self._settle(position, later)
        whole = len(ended) == len(groups)
        if whole and position.dropped is None:
            self._all_boots(position, files)
        for one in now.values():  # what came while the others were read may be older than what was read
            position.known.setdefault(one.writer, 0)
        if now:
            position.forget(one.writer for one in now.values())
        return taken, undecided, whole, errors

    def _news(self, position, writer, group):
        """Return what is new in the files of a writer, in order, or None if there cannot be anything.

        :returns: list of (Place, cursor, answer of Position.decide, entry, size); cut off at BATCH or BATCH_SIZE.
        """
        source = ['--file=' + literal_glob(one.path) for one in sorted(group)]
        known, reads = position.known.get(writer), []
        if known is None:
            reads.append([])
        elif max(one.seqnum for one in group) > known:
            reads.append(['--cursor=s=%s;i=%x' % (writer, known + 1)])
        if known is not None and any(position.is_new_boot(one.boot_id) for one in group):
            reads += [['_BOOT_ID=' + boot_id] for boot_id in sorted(self._boots(source)) if position.is_new_boot(boot_id)]
        if not reads:
            return None
        found = {}
        for arguments in reads:
            size = number = 0
            for entry in self.read(source + arguments + self._matches):
                cursor = entry[b'__CURSOR'][0].decode('ascii')
                place = place_of(cursor)
                answer = position.decide(place, cursor)
                number += 1
                if number % BATCH == 0:
                    notify(b'WATCHDOG=1')
                key = (place.seqnum, place.boot_id)
                if answer != OLD and key not in found:
                    one = sum(len(value) for value, _size in entry.values())
                    found[key] = (place, cursor, answer, entry, one)
                    size += one
                    if len(found) >= BATCH or size >= BATCH_SIZE:
                        break
        return [found[key] for key in sorted(found)]

    @staticmethod
    def _settled(position, groups, ended):
        """Return the updates of a position for the writers that were read to their ends, once their entries are processed.

        The number in a header is raised before the entry is written: the last one may be still to come.
        """
        return [(writer, position.known.get(writer, 0), max(one.seqnum for one in group),
                 set(one.boot_id for one in group), any(position.is_new_boot(one.boot_id) for one in group))
                for writer, group in groups.items() if writer in ended]

    @staticmethod
    def _settle(position, settled):
        for writer, before, tail, boots, again in settled:
            known = position.known.get(writer, 0)
            if known < tail:
                position.known[writer] = max(known, tail - 1)
            elif known == before > tail:  # what was read never reached the disk, and its numbers come again
                position.known[writer] = tail - 1 if again else tail
            for boot_id in boots:  # nothing of it was taken, so nothing of it can come as a copy
                if position.dropped is not None and boot_id not in position.boots:
                    position.know_boot(boot_id, 0)

    def bell(self, now):
        """Return the descriptor that becomes readable with a new entry, or None without a bell. Starts the bell."""
        self.bell_at = min(self.bell_at, now + 60)
        if self._bell is None and now >= self.bell_at:
            self._bell = self._start(self._all + ['--follow', '--lines=0', '--output=cat'] + self._matches)
            flags = fcntl.fcntl(self._bell.stdout, fcntl.F_GETFL)
            fcntl.fcntl(self._bell.stdout, fcntl.F_SETFL, flags | os.O_NONBLOCK)
            self.bell_at = now + self._bell_pause
            self._bell_pause = min(self._bell_pause * 2, 60)
        return None if self._bell is None else self._bell.stdout.fileno()

    def rung(self):
        """Empty the bell's pipe. If the bell has died, it is started again later."""
        while self._bell is not None:
            try:
                said = os.read(self._bell.stdout.fileno(), SKIP_SIZE)
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EINTR):
                    raise
                self._bell_pause = 1
                return
            if not said:
                self.close()

    def close(self):
        if self._bell is not None:
            if self._bell.poll() is None:
                self._bell.kill()
            self._bell.stdout.close()
            self._bell.wait()
            self._bell = None


def merged(news):
    """Yield the items of some lists of Journal._news in the order in which they were written, as far as it is known.

    Within a boot that is its own clock. The time of day serves only where nothing else does, and only for the order.
    """
    heads = [[one, 0] for one in news if one]
    while heads:
        first = heads[0]
        for other in heads[1:]:
            one, two = (rows[number][0] for rows, number in (other, first))
            if (one.monotonic < two.monotonic if one.boot_id == two.boot_id else one.realtime < two.realtime):
                first = other
        yield first[0][first[1]]
        first[1] += 1
        if first[1] == len(first[0]):
            heads = [one for one in heads if one is not first]


def load_config(path):
    """Return the configuration: {severities: [keyword], facilities: [keyword], rules: [...]}. Raises AlertsError."""
    try:
        with io.open(path, encoding='utf-8') as source:
            config = json.load(source)
        lacking = sorted((PARTS - set(config)).union(*[RULE_PARTS - set(rule) for rule in config.get('rules', ())]))
    except (EnvironmentError, ValueError, TypeError) as error:
        raise AlertsError('cannot use %s: %s. The role syslog_policy writes it anew' % (path, error))
    if lacking:
        raise AlertsError('%s lacks %s. The role syslog_policy writes it anew' % (path, ', '.join(lacking)))
    return config


def is_number(value):
    """Return whether this is a finite number. JSON allows others."""
    return isinstance(value, NUMERIC) and not is_bool(value) and abs(value) < 1e14


def is_text(value):
    return isinstance(value, (str, type(u'')))


def up_to(most):
    return lambda value: is_number(value) and value == int(value) and 0 <= value <= most


def is_dict(value):
    return isinstance(value, dict)


def is_bool(value):
    return isinstance(value, bool)


def or_none(shape):
    return lambda value: value is None or fits(value, shape)


def each(shape):
    """Return the shape of a dict with any keys."""
    return lambda value: isinstance(value, dict) and all(fits(one, shape) for one in value.values())


def fits(value, shape):
    """Return whether parsed JSON has this shape: a dict of shapes by key, a list of one shape, or a predicate.

    A key that ends in `?` may be missing.
    """
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            fits(value[key.rstrip('?')], one) if key.rstrip('?') in value else key.endswith('?')
            for key, one in shape.items())
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    return shape(value)


# Only Python 2 has `long`.
NUMERIC = (int, float) + (() if str is not bytes else (long,))  # noqa: F821  pylint: disable=undefined-variable
SAID = {'severity': up_to(7), 'facility': up_to(23), 'program': is_text, 'text': is_text, 'source?': is_text}
ALERT = dict(SAID, id=is_text, cursor=is_text, time=is_number, host=is_text, pid=is_text, cut=is_number)
DIGEST = {'id': is_text, 'cursor': is_text, 'host': is_text, 'count': is_number, 'rest': is_number, 'first': is_number,
          'last': is_number, 'severity': up_to(7), 'groups': each(dict(SAID, **{'count': is_number, 'unit?': is_text})),
          'rest_of?': each(is_number), 'page?': lambda value: fits(value, [is_number]) and len(value) == 2}
ITEM = {'id': is_text, 'queued': is_number, 'withheld': is_bool, 'again_at?': is_number, 'failures?': is_number,
        'failing_since?': is_number, 'strikes?': is_number}
WINDOW = or_none({'start': is_number, 'sent': is_number})
ERROR = or_none({'time': is_number, 'text': is_text})
# What the state may hold, and of each channel of a rule.
STATE_PARTS = {'cursor': or_none(is_text), 'last_seen': or_none(is_number), 'starts': [is_number], 'journal_error': ERROR,
               'exempted': each({'count': is_number, 'first': is_number, 'last': is_number}), 'rules': is_dict}
ROUTE_PARTS = {'queue': lambda value: isinstance(value, list), 'window': WINDOW, 'digest': or_none(DIGEST),
               'others': {'window?': WINDOW, 'digest?': or_none(DIGEST)}, 'delivered': is_number,
               'last_delivered': or_none(is_number), 'last_error': ERROR, 'failing_since': or_none(is_number),
               'aside': [{'time': is_number, 'kind': is_text, 'count': is_number, 'cursor': is_text, 'error': is_text}],
               'set_aside': is_number}


def is_item(value):
    """Return whether this is a valid item of a queue."""
    return fits(value, ITEM) and (value.get('kind') == 'alert' and fits(value.get('alert'), ALERT)
                                  or value.get('kind') == 'digest' and fits(value.get('digest'), DIGEST))


def mend(state):
    """Remove invalid parts from a state (dict). Return the names of what was removed (list of text)."""
    def drop(part, parts, where):
        wrong = [name for name in sorted(parts) if name in part and not fits(part[name], parts[name])]
        for name in wrong:
            del part[name]
        found.extend(where + name for name in wrong)

    found = []
    drop(state, STATE_PARTS, u'')
    try:
        Position(state.get('cursor') or u'')
    except PositionError:
        del state['cursor']
        found.append(u'cursor')
    rules = state.get('rules', {})
    drop(rules, dict.fromkeys(rules, is_dict), u'rules.')
    for rule, channels in sorted(rules.items()):
        drop(channels, dict.fromkeys(channels, is_dict), u'rules.%s.' % rule)
        for channel, part in sorted(channels.items()):
            where = u'rules.%s.%s.' % (rule, channel)
            drop(part, ROUTE_PARTS, where)
            items = part.get('queue', [])
            part['queue'] = [item for item in items if is_item(item)]
            if len(part['queue']) < len(items):
                found.append(u'%squeue (%d of %d)' % (where, len(items) - len(part['queue']), len(items)))
    return found


def load_state(path):
    """Return the state that was last saved, without invalid parts, or a new one.

    A damaged file stays beside it under another name, so that what waited in it can be looked up. Raises AlertsError.
    """
    state, damage = {}, None
    try:
        with io.open(path, encoding='utf-8') as source:
            state = json.load(source)
        if not isinstance(state, dict):
            raise ValueError('it holds no object')
        found = mend(state)
        if 'cursor' not in state and u'cursor' not in found:
            found.append(u'cursor')
        if found:
            damage = u'without what cannot be used, %s' % one_line(u', '.join(found), 1000)
    except EnvironmentError as error:
        if error.errno != errno.ENOENT:
            raise AlertsError('cannot read %s: %s' % (path, error))
    except (ValueError, RuntimeError, MemoryError) as error:  # RuntimeError: nested too deeply
        state, damage = {}, u'anew (%s)' % explain(error)
    if damage is not None:
        kept = keep_damaged(path)
        log(4, u'%s is damaged: starting %s%s. %s' % (
            path, damage, u'' if state.get('cursor') is not None else u', at the end of the journal', kept))
    for name, value in (('cursor', None), ('last_seen', None), ('starts', []), ('journal_error', None), ('rules', {})):
        state.setdefault(name, value)
    return state


def keep_damaged(path):
    """Give a damaged file a second name, because the first will be overwritten. Return a text that reports it."""
    for number in range(1, DAMAGED + 1):
        beside = u'%s.damaged-%d' % (path, number)
        try:
            os.link(path, beside)
            return u'The damaged file stays at %s' % beside
        except EnvironmentError as error:
            if error.errno != errno.EEXIST:
                return u'The damaged file cannot be kept (%s)' % explain(error)
    return u'The damaged file is not kept, for there are %d already (%s)' % (DAMAGED, beside)


def save(state, path):
    """Write the state atomically. Raises EnvironmentError."""
    directory = os.path.dirname(path)
    if not os.path.isdir(directory):
        os.mkdir(directory, 0o700)
    text = json.dumps(state, indent=1, sort_keys=True).encode('ascii')
    handle, temporary = tempfile.mkstemp(prefix='.alerts.', suffix='.tmp', dir=directory)  # 0600
    try:
        with os.fdopen(handle, 'wb') as target:
            target.write(text)
            target.flush()
            os.fsync(target.fileno())
        os.rename(temporary, path)
    except EnvironmentError:
        os.unlink(temporary)
        raise
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- the program -------------------------------------------------------------------------------------------------


def log(severity, text):
    """Log a message to stderr, with the severity in systemd's form. Never use 0 to 3."""
    line = u'<%d>%s\n' % (severity, UNSAFE.sub(u'?', text if not isinstance(text, bytes) else as_text(text)))
    try:
        os.write(2, utf8(line))
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.EAGAIN):
            raise


def notify(text):
    """Notify systemd (sd_notify(3)), if it asks for it."""
    path = os.environ.get('NOTIFY_SOCKET')
    if not path:
        return
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        stream.connect('\0' + path[1:] if path.startswith('@') else path)
        stream.send(text)
    except EnvironmentError:
        pass  # systemd is being restarted; its watchdog tells when we stay silent
    finally:
        stream.close()


class Service:
    """The loop: read, save, deliver, wait."""

    def __init__(self, config, state_path, directory):
        self._config, self._state_path = config, state_path
        self._state = load_state(state_path)
        self._routes = []
        kept = {}
        for rule in config['rules']:
            states = self._state['rules'].get(rule['name'], {})
            kept[rule['name']] = {}
            for channel in ('mail', 'command'):
                if rule[channel]:
                    route = Route(rule, channel, states.pop(channel, {}))
                    kept[rule['name']][channel] = route.state
                    self._routes.append(route)
        self._forget(kept)
        self._state['rules'] = kept
        self._state['starts'] = self._state['starts'][-9:] + [time.time()]
        self._state.setdefault('exempted', {})
        self._exemptions = Exemptions(config.get('exempt', ()))
        self._masked = config.get('masked') is True
        severities = set(severity for rule in config['rules'] for severity in rule['severities'])
        self._journal = Journal(directory, severities)
        self._position = None
        self._changed, self._save_at, self._read_at, self._stop_at = True, 0, 0, None
        self._complaints = {}
        self._wake_read, self._wake = os.pipe()
        for handle in (self._wake_read, self._wake):
            fcntl.fcntl(handle, fcntl.F_SETFL, fcntl.fcntl(handle, fcntl.F_GETFL) | os.O_NONBLOCK)

    def _forget(self, kept):
        for name, channels in sorted(self._state['rules'].items()):
            for channel, state in sorted(channels.items()):
                waiting = len(state.get('queue', ())) + sum((lane.get('digest') or {}).get('count', 0)
                                                            for lane in (state, state.get('others') or {}))
                if waiting and channel not in kept.get(name, {}):
                    log(4, 'rule %s has no %s any more: %d alerts that waited for it are not delivered' % (
                        name, channel, waiting))

    def stop(self, _number, _frame):
        if self._stop_at is None:
            self._stop_at = time.time() + STOP
            self._changed = True  # the position has moved on
        os.write(self._wake, b'.')

    def run(self):
        """Run until a signal stops it. Current deliveries are waited for, so that none is made twice."""
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self.stop)
            signal.siginterrupt(one, False)
        ready = False
        while True:
            notify(b'WATCHDOG=1')
            now = time.time()
            stopping = self._stop_at is not None
            for route in self._routes:
                self._changed |= route.finish(now)
                if route.delivery is not None and now > route.delivery.begun + STUCK:
                    log(4, 'rule %s: %s hangs, starting anew' % (route.rule['name'], route.channel))
                    route.hangs(now)
                    self._changed, self._save_at = True, 0
                    self._save(now)
                    os._exit(1)
            bell = None
            if not stopping:
                bell = self._journal.bell(now)
                if now >= self._read_at:
                    self._read(now)
                for route in self._routes:
                    self._changed |= route.turn(now)
            self._save(now)
            if not ready:
                notify(b'READY=1')  # the beginning is found and noted: from now on nothing is lost
                ready = True
            if not stopping:
                for route in self._routes:
                    route.begin(self._config, self._wake, now)
            elif now >= self._stop_at or all(route.delivery is None for route in self._routes):
                break
            self._wait(bell)
        self._journal.close()

    def _wait(self, bell):
        """Wait until the bell rings, a delivery ends, or something is due."""
        now = time.time()
        times = [self._read_at, now + POLL]
        if self._stop_at is not None:
            times = [self._stop_at]
        for route in self._routes:
            for at in (None if route.delivery else route.next_at(), route.digest_at()):
                if at is not None:
                    times.append(at)
        try:
            ready = select.select([self._wake_read] + ([bell] if bell is not None else []), [], [],
                                  min(max(min(times) - now, 0.01), POLL))[0]
        except select.error as error:  # Python 2 lets a signal through
            if error.args[0] != errno.EINTR:
                raise
            return
        if self._wake_read in ready:
            os.read(self._wake_read, 4096)
        if bell in ready:
            self._journal.rung()
            self._read_at = min(self._read_at, now + REST)
        self._read_at = min(self._read_at, now + POLL)  # a clock set back

    def _read(self, now):
        """Process what is new in the journal."""
        state, errors = self._state, []
        self._read_at = now + POLL
        try:
            if state['cursor'] is None:
                self._position = self._journal.end()
                state['cursor'], self._changed = str(self._position), True
            elif self._position is None:
                self._position = Position(state['cursor'], self._journal.boot_id)
            position = self._position
            before = (sorted(position.known), sorted(position.boots))
            news, undecided, whole, errors = self._journal.after(position)
            for found in news:
                self._take(found, now)
            if undecided:
                log(4, '%d messages may have come before the last one that was read, and are taken as new: the position '
                    'does not tell' % undecided)
            state['cursor'] = str(position)
            # Numbers of what nobody wants to know are no reason to write to the disk.
            self._changed |= bool(news) or before != (sorted(position.known), sorted(position.boots))
            if not whole and not errors:
                self._read_at = now + REST
        except (AlertsError, EnvironmentError) as error:
            errors.append(explain(error))
        if errors:
            self._complain('journal', 'cannot read the journal: %s' % u'; '.join(errors), now)
            if state['journal_error'] is None:
                state['journal_error'] = {'time': now, 'text': errors[0]}
                self._changed = True
            return
        if state['journal_error'] is not None:
            state['journal_error'] = None
            self._changed = True
        if now < self._journal.bell_at:
            # The bell was started just now, and may not hear what comes before it is up.
            self._read_at = min(self._read_at, now + 1)

    def _take(self, found, now):
        if self._is_ours(found):
            return
        alert = alert_of(found)
        routes = [route for route in self._routes if route.wants(alert)]
        signature = self._exemptions.of(found, alert) if routes else None
        if signature is not None:
            counted = self._state['exempted'].setdefault(signature, {'count': 0, 'first': alert['time'], 'last': 0})
            counted['count'] += 1
            counted['last'] = alert['time']
            return
        if self._masked:  # so that the state does not keep it either
            alert = dict(alert, text=u'', cut=0)
        for route in routes:
            self._state['last_seen'] = alert['time']
            route.take(alert, now)

    @staticmethod
    def _is_ours(found):
        """Return whether this program or a command of it wrote an entry, by trusted fields.

        It looks the unit up in /proc, too late for some of what a short-lived `logger` sends. User and group come with
        the message, from the kernel: root in the group of our unit, and who is root could as well say nothing.
        """
        unit, user, group = (found.get(name, (b'', 0))[0] for name in (b'_SYSTEMD_UNIT', b'_UID', b'_GID'))
        own_group = os.getegid()
        return unit == UNIT or (not unit and own_group != 0 and user == b'0'
                                and group == utf8(str(own_group)))

    def _save(self, now):
        """Save a changed state. A full disk must not keep alerts from being delivered."""
        self._save_at = min(self._save_at, now + POLL)
        if not self._changed or now < self._save_at:
            return
        try:
            save(self._state, self._state_path)
            self._changed = False
        except EnvironmentError as error:
            self._save_at = now + POLL
            self._complain('save', 'cannot write %s (%s): alerts go on, and may come twice after a restart' % (
                self._state_path, explain(error)), now)

    def _complain(self, about, text, now):
        """Log a complaint, but the same one only once in a while."""
        before, at = self._complaints.get(about, (None, 0))
        if text != before or not at <= now < at + AGAIN:
            log(4, text)
            self._complaints[about] = (text, now)


def main():
    parser = argparse.ArgumentParser(description='Bring messages of the journal to a person at once.')
    parser.add_argument('--config', default=CONFIG)
    parser.add_argument('--state', default=STATE)
    parser.add_argument('--directory', help='read the journal in this directory')
    options = parser.parse_args()
    try:
        Service(load_config(options.config), options.state, options.directory).run()
    except AlertsError as error:
        log(4, error.args[0])
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
