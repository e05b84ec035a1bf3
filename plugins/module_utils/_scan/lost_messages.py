# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what was not recorded: the loggers' own messages about it, damaged files, and gaps between boots.

SIGNATURES has the form of the catalog and is matched like it; the group `lost` of a regex is how many messages were
lost, `source` whose they were. Texts and senders are from the sources named beside them. Standard library only. Runs
under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps

# journald's "driver" entries; in systemd 219 they have no SYSLOG_IDENTIFIER. `kernel` admits the lines of text logs
# (see Signature._accepts_line), and is as trustworthy: only root can write to /dev/kmsg.
JOURNALD = {'identifiers': ['systemd-journald'], 'comms': ['systemd-journald'], 'transport': ['driver', 'kernel']}
# What journald logs as a program goes to /dev/kmsg (journald.c: LOG_TARGET_KMSG).
JOURNALD_KMSG = {'identifiers': ['systemd-journald'], 'transport': ['kernel']}
KERNEL = {'transport': ['kernel']}
# rsyslogd.c, logmsgInternalSubmit: where rsyslogd takes in its own messages, the number of the error is part of the tag,
# "rsyslogd%d:", in every version. Which number a text comes with is what failed beneath it, so any of rsyslog.h will do.
RSYSLOG = {'identifiers': frozenset(['rsyslogd', 'rsyslogd0'] + [
    'rsyslogd-%d' % number for begin, end in ((1, 100), (1000, 1100), (2000, 2600), (3000, 3100))
    for number in range(begin, end)]), 'transport': ['syslog', 'journal', 'stdout']}
AUDITD = {'identifiers': ['auditd', 'audispd', 'audisp-remote'], 'transport': ['syslog', 'journal']}
REMOTE = {'identifiers': ['systemd-journal-remote'], 'transport': ['syslog', 'journal', 'stdout']}
# rsconf.c, parser_errmsg: what rsyslogd puts before some errors, whether it reads its configuration or not.
CONFIGURATION = r'^(?:error during (?:config processing|parsing file \S+, on or before line \d{1,18}): )?'


def _signature(name, writer, literal, regex):
    """Return a signature in the catalog's form. The part of `name` before the first colon is its kind."""
    return {'id': 'loss:' + name, 'kind': name.partition(':')[0], 'match': dict(writer, literal=literal, regex=regex)}


SIGNATURES = [
    # systemd 219 to 257: src/journal/journald-server.c, journald-kmsg.c, journald-syslog.c
    _signature('journald-suppressed', JOURNALD, 'Suppressed ',
               r'^Suppressed (?P<lost>\d{1,18}) messages from (?P<source>\S.*)$'),
    _signature('journald-missed-kernel', JOURNALD, ' kernel messages', r'^Missed (?P<lost>\d{1,18}) kernel messages$'),
    _signature('journald-missed-kernel:overrun', JOURNALD_KMSG, '/dev/kmsg buffer overrun, some messages lost',
               r'^/dev/kmsg buffer overrun, some messages lost\.'),
    _signature('journald-missed-syslog', JOURNALD, 'Forwarding to syslog missed ',
               r'^Forwarding to syslog missed (?P<lost>\d{1,18}) messages\.$'),
    _signature('journald-write-failed', JOURNALD_KMSG, 'Failed to write entry ',
               r'^Failed to write entry (?:to (?P<source>\S+) )?\(\d{1,18} items, \d{1,18} bytes\)'
               r'(?: despite vacuuming)?, ignoring: '),
    _signature('journald-write-failed:streams', JOURNALD, 'Too many stdout streams, refusing connection.',
               r'^Too many stdout streams, refusing connection\.$'),
    # systemd 219 to 257: src/journal-remote/journal-remote.c, journal-remote-main.c
    _signature('journal-remote-lost', REMOTE, ['Entry too big, skipped', ' bytes lost.'],
               r'^(?:Entry too big, skipped|Premature EOF(?: byte)?\. \d{1,18} bytes lost\.)$'),
    # rsyslog 5.8.10 of EL 6, whose messages a log server has: plugins/imuxsock/imuxsock.c
    _signature('imuxsock-rate-limit:el6', RSYSLOG, 'imuxsock lost ',
               r'^imuxsock lost (?P<lost>\d{1,18}) messages from (?P<source>pid \d{1,18}) due to rate-limiting'),
    _signature('imuxsock-rate-limit:el6-begin', RSYSLOG, 'imuxsock begins to drop messages from pid ',
               r'^imuxsock begins to drop messages from (?P<source>pid \d{1,18}) due to rate-limiting'),
    # rsyslog 8.24 to 8.2506: runtime/ratelimit.c; the names are those of imjournal.c, imuxsock.c ("imuxsock[pid: 1,
    # name: x]", before 8.2x "imuxsock[pid 1]"), and of imudp, imtcp, imptcp, imklog, imfile, omfwd and rsyslogd itself.
    _signature('imjournal-rate-limit', RSYSLOG, ' messages lost due to rate-limiting',
               r'^(?P<source>imjournal): (?P<lost>\d{1,18}) messages lost due to rate-limiting'),
    _signature('imjournal-rate-limit:begin', RSYSLOG, ': begin to drop messages due to rate-limiting',
               r'^(?P<source>imjournal)(?: from <.*>)?: begin to drop messages due to rate-limiting'),
    _signature('imuxsock-rate-limit', RSYSLOG, ' messages lost due to rate-limiting',
               r'^(?P<source>imuxsock(?:\[.*\])?): (?P<lost>\d{1,18}) messages lost due to rate-limiting'),
    _signature('imuxsock-rate-limit:begin', RSYSLOG, ': begin to drop messages due to rate-limiting',
               r'^(?P<source>imuxsock(?:\[[^<>]*\])?)(?: from <.*>)?: begin to drop messages due to rate-limiting'),
    _signature('rsyslog-discarded:rate-limit', RSYSLOG, ' messages lost due to rate-limiting',
               r'^(?!imjournal: |imuxsock[:\[])(?P<source>\S.*): (?P<lost>\d{1,18}) messages lost due to rate-limiting'),
    _signature('rsyslog-discarded:rate-limit-begin', RSYSLOG, ': begin to drop messages due to rate-limiting',
               r'^(?!imjournal[: ]|imuxsock[:\[ ])(?P<source>\S[^<>]*?)(?: from <.*>)?: '
               r'begin to drop messages due to rate-limiting'),
    # runtime/queue.c, wti.c, action.c, parser.c, dnscache.c, tcps_sess.c, tcpsrv.c, tools/omfile.c, plugins/imudp,
    # plugins/imptcp
    _signature('rsyslog-discarded:disk-queue', RSYSLOG, ' in .qi file -- we lost those messages',
               r"^problem on disk queue '(?P<source>[^']*)': queue files contain (?P<lost>\d{1,18}) messages fewer than "
               r"specified in \.qi file -- we lost those messages"),
    _signature('rsyslog-discarded:disk-queue-batch', RSYSLOG, ' messages from diskqueue (invalid .qi file)',
               r'^(?P<source>\S.*): lost (?P<lost>\d{1,18}) messages from diskqueue \(invalid \.qi file\)'),
    # A queue whose files are damaged, as after a power cut: how many it held, its .qi file says, if anything.
    _signature('rsyslog-discarded:disk-queue-read', RSYSLOG, ': qDeqDisk error happened at around offset ',
               r'^(?P<source>\S.*): qDeqDisk error happened at around offset -?\d{1,18}'),
    _signature('rsyslog-discarded:disk-queue-element', RSYSLOG, 'error dequeueing element - ',
               r'^(?:(?P<source>\S.*): )?error dequeueing element - (?:we ignore this for now|'
               r'ignoring, but strange things may happen)'),
    _signature('rsyslog-discarded:disk-queue-fatal', RSYSLOG, "fatal error on disk queue '",
               r"^fatal error on disk queue '(?P<source>.*)', emergency switch to direct mode"),
    _signature('rsyslog-discarded:worker', RSYSLOG, ' - some data may be lost, increase timeout?',
               r'^(?P<source>\S.*): need to do cooperative cancellation - some data may be lost, increase timeout\?'),
    _signature('rsyslog-discarded:shutdown', RSYSLOG, 'queue.saveonshutdown is NOT set, so data will be discarded',
               r'^(?P<source>\S.*): queue holds (?P<lost>\d{1,18}) messages after shutdown of workers\. '
               r'queue\.saveonshutdown is NOT set, so data will be discarded'),
    _signature('rsyslog-discarded:action', RSYSLOG, ' message lost, could not be processed',
               r"^action '(?P<source>[^']*)' \(module '[^']*'\) message lost, could not be processed"),
    _signature('rsyslog-discarded:file', RSYSLOG, 'Could not open dynamic file ',
               CONFIGURATION + r"Could not open dynamic file '(?P<source>.*)' \[state -?\d{1,18}\] - discarding message"),
    _signature('rsyslog-discarded:parser', RSYSLOG, 'any parser, message is being discarded',
               r'^Error: one message could not be processed by any parser, message is being discarded'),
    _signature('rsyslog-discarded:frame', RSYSLOG, 'ignoring extra data (a message may be lost)',
               r'^Incomplete frame at end of stream in session \S+ - ignoring extra data \(a message may be lost\)'),
    _signature('rsyslog-discarded:sender', RSYSLOG, [' message from disallowed sender ', 'Malicious PTR record, message '
                                                     'dropped '],
               r'^(?:TCP message from disallowed sender (?P<source>\S+) discarded|'
               r'(?:imudp: )?UDP message from disallowed sender discarded|Malicious PTR record, message dropped IP = )'),
    _signature('rsyslog-discarded:input', RSYSLOG, 'imptcp: discarded enqueued io-work to allow shutdown',
               r'^imptcp: discarded enqueued io-work to allow shutdown'),
    # Linux: lib/ratelimit.c, include/linux/ratelimit.h (of what wrote to /dev/kmsg), kernel/printk/printk.c
    _signature('kernel-suppressed', KERNEL, ' callbacks suppressed',
               r'^(?P<source>\S.*): (?P<lost>\d{1,18}) callbacks suppressed$'),
    _signature('kernel-suppressed:kmsg', KERNEL, ' output lines suppressed due to ratelimiting',
               r'^(?P<source>\S.*): (?P<lost>\d{1,18}) output lines suppressed due to ratelimiting$'),
    # To a console only, so in a log where somebody records one.
    _signature('kernel-dropped', KERNEL, ' printk messages dropped ',
               r'^\*\* (?P<lost>\d{1,18}) printk messages dropped \*\*'),
    # Linux: kernel/audit.c. audit_lost counts from boot on, so it is no number to add up.
    _signature('audit-lost', KERNEL, 'audit: audit_lost=', r'^audit: audit_lost=\d{1,18} audit_rate_limit='),
    _signature('audit-lost:reason', KERNEL,
               ['audit: audit_backlog=', 'audit: backlog limit exceeded', 'audit: rate limit exceeded',
                'audit: printk limit exceeded', 'audit: auditd disappeared', 'audit: kauditd hold queue overflow',
                'audit: kauditd retry queue overflow', 'audit: out of memory in audit_log_start'],
               r'^audit: (?:audit_backlog=\d{1,18} > audit_backlog_limit=\d{1,18}|backlog limit exceeded|'
               r'rate limit exceeded|printk limit exceeded|auditd disappeared|kauditd hold queue overflow|'
               r'kauditd retry queue overflow|out of memory in audit_log_start)$'),
    # audit 2.8 to 4: src/auditd-dispatch.c, audisp/queue.c, audisp-remote.c. The audit log has these records; what
    # auditd sends on, to a log server as well, lacks them.
    _signature('audit-lost:dispatch', AUDITD, ['dispatch err (', ' is full - dropping event'],
               r'^(?:dispatch err \([^()]*\) event lost|queue (?:to plugins )?is full - dropping event)$'),
]

# journal-file.c, journal_file_dispose: the end of the name is when the file was found not closed and set aside, in
# microseconds, and a random number.
CRASHED = re.compile(r'(?:@([0-9a-f]{16})-[0-9a-f]{16})?\.journal~\Z')


def of_files(files, errors, lost=None, closed=()):
    """Return rows of the result's `losses` for journal files left by a crash and for unreadable files.

    :param files: paths (text). :param errors: [{path, reason}], as in the result.
    :param lost: {path: number of entries that could not be read}, where that is known.
    :param closed: those of the paths whose header says that the file was closed: such a file journald set aside because
        its last entry is of a later time than the clock had (ETXTBSY), or because it is of another machine or version.
    """
    rows = []
    for path in files:
        found = CRASHED.search(path)
        if found and path not in closed:
            at = timestamps.to_text(int(found.group(1), 16)) if found.group(1) else None
            rows.append(_row('crashed-file', path, at, at, 'journald found this file not closed, after a crash or a '
                             'power failure, and began another; its last entries may be missing'))
    told, numbers = set(), lost or {}
    for error in errors:
        path = error['path']
        number = numbers.get(path) if path not in told and ('entries' in error['reason']) else None
        told.update([path] if number is not None else [])
        rows.append(dict(_row('unreadable-file', path, None, None, error['reason']), lost=number))
    return rows


def boot_gaps(boots):
    """Return rows of the result's `losses` for the time between two boots of a machine in which nothing was recorded.

    :param boots: the result's `boots`, in any order. One without a time is left out. Where entries of boots overlap, as
        where the clock was set back, there is no gap.
    """
    machines = {}
    for boot in boots:
        if boot['first_seen'] is not None:
            machines.setdefault(boot['machine_id'], []).append(
                (timestamps.from_text(boot['first_seen']), timestamps.from_text(boot['last_seen']), boot))
    rows = []
    for machine_id in sorted(machines, key=lambda name: name or u''):
        before = None  # the boot whose entries reach furthest
        for first, last, boot in sorted(machines[machine_id], key=lambda span: span[:2]):
            if before and first > before[0]:
                rows.append(_row('boot-gap', machine_id or u'', before[1]['last_seen'], boot['first_seen'],
                                 'nothing for %.6f seconds between boot %s and boot %s' % (
                                     (first - before[0]) / timestamps.SECOND, before[1]['boot_id'], boot['boot_id'])))
            if not before or last > before[0]:
                before = last, boot
    return rows


def _row(kind, source, first, last, detail):
    return {'kind': kind, 'source': source, 'entries': None, 'lost': None, 'first_seen': first, 'last_seen': last,
            'detail': detail}
