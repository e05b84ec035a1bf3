# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was not recorded: every wording from its real sender counts, in the journal and in a text log; no other does."""

from __future__ import absolute_import, division, print_function

import sys

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.lost_messages import SIGNATURES, boot_gaps, of_files
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import Entry, Matcher

__metaclass__ = type

if sys.version_info >= (3, 10):
    from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog._safe_regex import problems
else:  # it is of the control node

    def problems(_regex):
        return []


MATCHER = Matcher(SIGNATURES)

# How a host records what each writer says: (identifier, comm, transport), and the tag of the same in a text log.
DRIVER = [(u'systemd-journald', u'systemd-journal', u'driver'), u'systemd-journald']
DRIVER_219 = [(None, u'systemd-journal', u'driver'), u'systemd-journal']
KMSG = [(u'systemd-journald', None, u'kernel'), u'systemd-journald']
KERNEL = [(u'kernel', None, u'kernel'), u'kernel']
RSYSLOGD = [(u'rsyslogd', u'rsyslogd', u'syslog'), u'rsyslogd']
# Where rsyslogd takes in its own messages: the tag names the error.
NUMBERED = [(u'rsyslogd-2207', u'rsyslogd', u'syslog'), u'rsyslogd-2207']
AUDITD = [(u'auditd', u'auditd', u'syslog'), u'auditd']
REMOTE = [(u'systemd-journal-remote', u'systemd-journal', u'stdout'), u'systemd-journal-remote']
PROGRAMS = [RSYSLOGD, NUMBERED, AUDITD, REMOTE]

UNIT = u'/system.slice/x.service'
IMJOURNAL = u'imjournal: %s messages lost due to rate-limiting'
IMUXSOCK = u'imuxsock[pid: 12, name: /usr/bin/x]'
BEGIN = u': begin to drop messages due to rate-limiting'
# (kind, lost, source, sender, text)
SAID = [
    ('journald-suppressed', 17, UNIT, DRIVER_219, u'Suppressed 17 messages from ' + UNIT),
    ('journald-suppressed', 1, u'x.service', DRIVER, u'Suppressed 1 messages from x.service'),
    ('journald-suppressed', 2, u'user@1000.service', DRIVER, u'Suppressed 2 messages from user@1000.service'),
    ('journald-missed-kernel', 4294967296, None, DRIVER_219, u'Missed 4294967296 kernel messages'),
    ('journald-missed-kernel', 5, None, DRIVER, u'Missed 5 kernel messages'),
    ('journald-missed-kernel', None, None, KMSG, u'/dev/kmsg buffer overrun, some messages lost.'),
    ('journald-missed-syslog', 8, None, DRIVER_219, u'Forwarding to syslog missed 8 messages.'),
    ('journald-missed-syslog', 8, None, DRIVER, u'Forwarding to syslog missed 8 messages.'),
    (
        'journald-write-failed',
        None,
        None,
        KMSG,
        u'Failed to write entry (22 items, 657 bytes), ignoring: No space left on device',
    ),
    (
        'journald-write-failed',
        None,
        None,
        KMSG,
        u'Failed to write entry (9 items, 276 bytes) despite vacuuming, ignoring: Bad message',
    ),
    (
        'journald-write-failed',
        None,
        u'/var/log/journal/0/system.journal',
        KMSG,
        u'Failed to write entry to /var/log/journal/0/system.journal (9 items, 27 bytes) despite vacuuming, ignoring: ',
    ),
    ('imjournal-rate-limit', 103, u'imjournal', RSYSLOGD, IMJOURNAL % 103),
    ('imjournal-rate-limit', 103, u'imjournal', RSYSLOGD, IMJOURNAL % 103 + u' (20000 allowed within 600 seconds)'),
    ('imjournal-rate-limit', None, u'imjournal', RSYSLOGD, u'imjournal' + BEGIN),
    ('imjournal-rate-limit', None, u'imjournal', RSYSLOGD, u'imjournal from <host:app>' + BEGIN),
    (
        'imuxsock-rate-limit',
        7,
        u'imuxsock[pid 12]',
        RSYSLOGD,
        u'imuxsock[pid 12]: 7 messages lost due to rate-limiting',
    ),
    (
        'imuxsock-rate-limit',
        7,
        IMUXSOCK,
        RSYSLOGD,
        IMUXSOCK + u': 7 messages lost due to rate-limiting (200 allowed within 5 seconds)',
    ),
    ('imuxsock-rate-limit', 7, u'imuxsock', RSYSLOGD, u'imuxsock: 7 messages lost due to rate-limiting'),
    ('imuxsock-rate-limit', None, u'imuxsock[pid 12]', RSYSLOGD, u'imuxsock[pid 12]' + BEGIN),
    ('imuxsock-rate-limit', None, IMUXSOCK, RSYSLOGD, IMUXSOCK + u' from <host:app>' + BEGIN),
    (
        'rsyslog-discarded',
        9,
        u'imudp(*/514/IPv4)',
        RSYSLOGD,
        u'imudp(*/514/IPv4): 9 messages lost due to rate-limiting',
    ),
    (
        'rsyslog-discarded',
        9,
        u'rsyslogd[internal_messages]',
        RSYSLOGD,
        u'rsyslogd[internal_messages]: 9 messages lost due to rate-limiting (500 allowed within 5 seconds)',
    ),
    (
        'rsyslog-discarded',
        None,
        u'rsyslogd[internal_messages]',
        RSYSLOGD,
        u'rsyslogd[internal_messages] from <host:rsyslogd>' + BEGIN,
    ),
    ('rsyslog-discarded', None, u'tcperver', RSYSLOGD, u'tcperver' + BEGIN),
    (
        'rsyslog-discarded',
        3,
        u'main Q:Reg',
        RSYSLOGD,
        u"problem on disk queue 'main Q:Reg': queue files contain 3 messages fewer than specified in .qi file -- we "
        u"lost those messages. That's all we know. [v8.24.0 try http://www.rsyslog.com/e/0 ]",
    ),
    (
        'rsyslog-discarded',
        3,
        u'main Q[DA]',
        RSYSLOGD,
        u'main Q[DA]: lost 3 messages from diskqueue (invalid .qi file) [v8.2102.0]',
    ),
    (
        'rsyslog-discarded',
        40,
        u'action 1 queue',
        RSYSLOGD,
        u'action 1 queue: queue holds 40 messages after shutdown of workers. queue.saveonshutdown is NOT set, so data '
        u'will be discarded. [v8.2102.0 try https://www.rsyslog.com/e/2041 ]',
    ),
    (
        'rsyslog-discarded',
        None,
        u'fwd',
        RSYSLOGD,
        u"action 'fwd' (module 'builtin:omfwd') message lost, could not be processed. Check for additional error "
        u'messages before this one. [v8.2310.0 try https://www.rsyslog.com/e/2218 ]',
    ),
    (
        'rsyslog-discarded',
        None,
        u'/var/log/a/b',
        RSYSLOGD,
        u"Could not open dynamic file '/var/log/a/b' [state -2039] - discarding message [v8.24.0]",
    ),
    (
        'rsyslog-discarded',
        None,
        None,
        RSYSLOGD,
        u"Error: one message could not be processed by any parser, message is being discarded (start of raw msg: 'x')",
    ),
    (
        'rsyslog-discarded',
        None,
        u"/var/log/it's/b",
        NUMBERED,
        u"error during config processing: Could not open dynamic file '/var/log/it's/b' [state -2433] - discarding "
        u"message [v8.2302.0 try https://www.rsyslog.com/e/2207 ]",
    ),
    (
        'rsyslog-discarded',
        None,
        u'/var/log/a',
        NUMBERED,
        u"error during parsing file /etc/rsyslog.d/a.conf, on or before line 7: Could not open dynamic file "
        u"'/var/log/a' [state -2433] - discarding message [v8.2302.0 try https://www.rsyslog.com/e/2207 ]",
    ),
    (
        'rsyslog-discarded',
        None,
        u'action-0-builtin:omfwd queue[DA]',
        NUMBERED,
        u'action-0-builtin:omfwd queue[DA]: qDeqDisk error happened at around offset 0 [v8.2302.0 try '
        u'https://www.rsyslog.com/e/2040 ]',
    ),
    (
        'rsyslog-discarded',
        None,
        u'action-0-builtin:omfwd queue[DA]',
        RSYSLOGD,
        u"fatal error on disk queue 'action-0-builtin:omfwd queue[DA]', emergency switch to direct mode [v8.24.0 try "
        u"http://www.rsyslog.com/e/2183 ]",
    ),
    (
        'rsyslog-discarded',
        None,
        u'fwd queue',
        NUMBERED,
        u'fwd queue: error dequeueing element - ignoring, but strange things may happen [v8.2302.0 try '
        u'https://www.rsyslog.com/e/2040 ]',
    ),
    (
        'rsyslog-discarded',
        None,
        None,
        RSYSLOGD,
        u'error dequeueing element - we ignore this for now, but it may cause future trouble. [v8.24.0]',
    ),
    (
        'rsyslog-discarded',
        None,
        u'action-0-builtin:omfwd queue:Reg',
        RSYSLOGD,
        u'action-0-builtin:omfwd queue:Reg: need to do cooperative cancellation - some data may be lost, increase '
        u'timeout? [v8.2102.0]',
    ),
    (
        'rsyslog-discarded',
        None,
        None,
        RSYSLOGD,
        u'Incomplete frame at end of stream in session 0x7f2a90 - ignoring extra data (a message may be lost). [v8.24.0]',
    ),
    ('rsyslog-discarded', None, u'x.example', RSYSLOGD, u'TCP message from disallowed sender x.example discarded [v8.24.0]'),
    ('rsyslog-discarded', None, None, RSYSLOGD, u'UDP message from disallowed sender discarded [v8.24.0]'),
    ('rsyslog-discarded', None, None, RSYSLOGD, u'imudp: UDP message from disallowed sender discarded [v8.2102.0]'),
    (
        'rsyslog-discarded',
        None,
        None,
        RSYSLOGD,
        u'Malicious PTR record, message dropped IP = "192.0.2.1" HOST = "10.0.0.1" [v8.24.0]',
    ),
    (
        'rsyslog-discarded',
        None,
        None,
        RSYSLOGD,
        u'imptcp: discarded enqueued io-work to allow shutdown - ignored [v8.2102.0]',
    ),
    # EL 6
    ('imuxsock-rate-limit', 251, u'pid 1840', NUMBERED, u'imuxsock lost 251 messages from pid 1840 due to rate-limiting'),
    ('imuxsock-rate-limit', None, u'pid 9', NUMBERED, u'imuxsock begins to drop messages from pid 9 due to rate-limiting'),
    ('journald-write-failed', None, None, DRIVER, u'Too many stdout streams, refusing connection.'),
    ('journal-remote-lost', None, None, REMOTE, u'Entry too big, skipped'),
    ('journal-remote-lost', None, None, REMOTE, u'Premature EOF. 512 bytes lost.'),
    ('journal-remote-lost', None, None, REMOTE, u'Premature EOF byte. 512 bytes lost.'),
    ('audit-lost', None, None, AUDITD, u'dispatch err (pipe full) event lost'),
    ('audit-lost', None, None, AUDITD, u'dispatch err (Bad file descriptor) event lost'),
    ('audit-lost', None, None, AUDITD, u'queue to plugins is full - dropping event'),
    ('audit-lost', None, None, AUDITD, u'queue is full - dropping event'),
    ('kernel-suppressed', 7, u'net_ratelimit', KERNEL, u'net_ratelimit: 7 callbacks suppressed'),
    ('kernel-suppressed', 7, u'EXT4-fs warning', KERNEL, u'EXT4-fs warning: 7 callbacks suppressed'),
    ('kernel-suppressed', 18, u'systemd', KERNEL, u'systemd: 18 output lines suppressed due to ratelimiting'),
    ('kernel-suppressed', 18, u'a: b', KERNEL, u'a: b: 18 output lines suppressed due to ratelimiting'),
    ('kernel-dropped', 143, None, KERNEL, u'** 143 printk messages dropped **'),
    ('kernel-dropped', 143, None, KERNEL, u'** 143 printk messages dropped ** '),
    ('audit-lost', None, None, KERNEL, u'audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=64'),
    ('audit-lost', None, None, KERNEL, u'audit: audit_backlog=65 > audit_backlog_limit=64'),
    ('audit-lost', None, None, KERNEL, u'audit: backlog limit exceeded'),
    ('audit-lost', None, None, KERNEL, u'audit: rate limit exceeded'),
    ('audit-lost', None, None, KERNEL, u'audit: printk limit exceeded'),
    ('audit-lost', None, None, KERNEL, u'audit: auditd disappeared'),
    ('audit-lost', None, None, KERNEL, u'audit: kauditd hold queue overflow'),
    ('audit-lost', None, None, KERNEL, u'audit: kauditd retry queue overflow'),
    ('audit-lost', None, None, KERNEL, u'audit: out of memory in audit_log_start'),
]


def sent(text, identifier, comm, transport, priority):
    """The Entry that journald makes of it: the kernel's facility is 0, what journald puts into /dev/kmsg is syslog's."""
    return Entry(text, identifier, comm, transport, priority, 0 if identifier == u'kernel' else 5, None)


def kinds(entry):
    """(kind, lost, source) of every signature that an Entry matches."""
    found = []
    for index in MATCHER.matches(entry):
        signature = MATCHER.signatures[index]
        groups = signature.regex.search(entry.message).groupdict()
        lost = groups.get('lost')
        found.append((signature.kind, lost and int(lost), groups.get('source')))
    return found


@pytest.mark.parametrize('priority', [4, 6])
@pytest.mark.parametrize('kind, lost, source, sender, text', SAID)
def test_each_wording_counts_once_in_both_sinks(kind, lost, source, sender, text, priority):
    (identifier, comm, transport), tag = sender
    assert kinds(sent(text, identifier, comm, transport, priority)) == [(kind, lost, source)]
    assert kinds(Entry(text, tag, None, None, None)) == [(kind, lost, source)]


@pytest.mark.parametrize('kind, lost, source, sender, text', SAID)
def test_others_may_print_the_same(kind, lost, source, sender, text):
    """In the journal it is known who wrote; in a text log, by the tag, only as far as it can be."""
    for transport in (u'journal', u'syslog', u'stdout'):
        assert kinds(Entry(text, u'myapp', u'myapp', transport, 4)) == []
        assert kinds(Entry(text, None, u'myapp', transport, 4)) == []
        if sender not in PROGRAMS:  # whose messages come that way, so that anybody can send them under its name
            assert kinds(Entry(text, sender[0][0], sender[0][1], transport, 4)) == []
    assert kinds(Entry(text, u'rsyslogd', u'rsyslogd', u'audit', 4)) == []
    assert kinds(Entry(text, u'myapp', None, None, None)) == []


@pytest.mark.parametrize('kind, lost, source, sender, text', SAID)
def test_a_quotation_does_not_count(kind, lost, source, sender, text):
    (identifier, comm, transport), tag = sender
    quoted = u'I read: ' + text
    if text.endswith(u'suppressed') or u'ratelimiting' in text or u'rate-limiting' in text or u'diskqueue' in text or (
        u'qDeqDisk' in text or u'cooperative' in text or u'dequeueing' in text
    ):
        quoted = u' ' + text  # these begin with a name that may be any
    if u'saveonshutdown' in text:
        quoted = text.replace(u'NOT set, so data will be discarded', u'set, so data will now be spooled to disk')
    assert kinds(sent(quoted, identifier, comm, transport, 4)) == []
    assert kinds(Entry(quoted, tag, None, None, None)) == []


@pytest.mark.parametrize(
    'sender, text',
    [
        (DRIVER, u'Suppressed messages from x.service'),
        (DRIVER, u'Suppressed 7 messages'),
        (DRIVER, u'Missed 5 kernel messages of another kind'),
        (DRIVER, u'Journal started'),
        (KMSG, u'Failed to write entry to /x (9 items, 276 bytes), rotating before retrying: Bad message'),
        (KERNEL, u'net_ratelimit: callbacks suppressed'),
        (KERNEL, u'7 callbacks suppressed'),
        (KERNEL, u'audit: type=1400 audit(1.1:1): audit: backlog limit exceeded'),
        (KERNEL, u'audit: audit_backlog_limit=64'),
        (RSYSLOGD, u"action 'fwd' suspended (module 'builtin:omfwd'), retry 0. There should be messages before it"),
        (RSYSLOGD, u'imjournal: journal files changed, reloading...'),
        (RSYSLOGD, u'error during config processing: invalid or yet-unknown config file command'),
        (RSYSLOGD, u'Malicious PTR record (message accepted, but used IP instead of PTR name: IP = "x" HOST = "y"'),
        (AUDITD, u'type=EXECVE msg=audit(1.1:1): a0="dispatch err (pipe full) event lost"'),
        (AUDITD, u'dispatch error reporting limit reached - ending report notification.'),
        (RSYSLOGD, u'queue.saveonshutdown is set, so data will now be spooled to disk'),
    ],
)
def test_neighbours(sender, text):
    (identifier, comm, transport), tag = sender
    assert kinds(sent(text, identifier, comm, transport, 4)) == []
    assert kinds(Entry(text, tag, None, None, None)) == []


@pytest.mark.parametrize('tag', [u'rsyslogd-2177', u'rsyslogd0', u'rsyslogd-3000', u'rsyslogd-2207', u'rsyslogd-2433',
                                 u'rsyslogd-2183', u'rsyslogd-6', u'rsyslogd-3007'])
def test_the_tag_may_carry_the_number_of_the_error(tag):
    assert len(kinds(Entry(IMJOURNAL % 5, tag, None, None, None))) == 1
    assert len(kinds(Entry(IMJOURNAL % 5, tag, u'rsyslogd', u'syslog', 6))) == 1


@pytest.mark.parametrize('tag', [u'rsyslogd-', u'rsyslogd-x', u'rsyslogd-22071', u'xrsyslogd-2207', u'rsyslogd2207'])
def test_other_tags_are_not_of_rsyslogd(tag):
    assert kinds(Entry(IMJOURNAL % 5, tag, None, None, None)) == []


def test_an_anonymous_line_of_el7():
    """imjournal writes the tag `journal` for an entry without an identifier."""
    assert kinds(Entry(u'Suppressed 7 messages from /', u'journal', None, None, None)) == [
        ('journald-suppressed', 7, u'/')
    ]


def test_every_signature_is_seen_above():
    seen = set()
    for _kind, _lost, _source, ((identifier, comm, transport), _tag), text in SAID:
        seen.update(MATCHER.matches(sent(text, identifier, comm, transport, 4)))
    assert seen == set(range(len(SIGNATURES)))


@pytest.mark.parametrize('signature', SIGNATURES, ids=[signature['id'] for signature in SIGNATURES])
def test_the_regexes_may_stand_in_the_catalog(signature):
    assert problems(signature['match']['regex']) == []


def test_ids_are_unique_and_name_the_kind():
    ids = [signature['id'] for signature in SIGNATURES]
    assert len(set(ids)) == len(ids)
    for signature in SIGNATURES:
        assert signature['id'].split(':')[:2] == ['loss', signature['kind']]


CRASHED = u'/var/log/journal/0/system@0006500f5c0d8a40-0123456789abcdef.journal~'


def test_files():
    rows = of_files(
        [u'/j/system.journal', CRASHED, u'/j/old.journal~', u'/j/x.journal~.bak'],
        [{'path': u'/j/a.journal', 'reason': u'truncated'}],
    )
    assert [(row['kind'], row['source'], row['first_seen'], row['last_seen']) for row in rows] == [
        ('crashed-file', CRASHED, '2026-04-22T16:52:39.386688Z', '2026-04-22T16:52:39.386688Z'),
        ('crashed-file', u'/j/old.journal~', None, None),
        ('unreadable-file', u'/j/a.journal', None, None),
    ]
    assert rows[-1]['detail'] == u'truncated'
    assert all(row['lost'] is None and row['entries'] is None for row in rows)
    assert of_files([], []) == []


def boot(boot_id, first, last, machine_id=u'm'):
    def text(second):
        return None if second is None else '2026-11-22T16:%02d:00.000000Z' % second

    return {'boot_id': boot_id, 'machine_id': machine_id, 'first_seen': text(first), 'last_seen': text(last)}


@pytest.mark.parametrize(
    'boots, gaps',
    [
        ([], []),
        ([boot(u'a', 0, 5)], []),
        ([boot(u'a', 0, 5), boot(u'b', 7, 9)], [(5, 7)]),
        ([boot(u'b', 7, 9), boot(u'a', 0, 5)], [(5, 7)]),
        ([boot(u'a', 0, 5), boot(u'b', 5, 9)], []),
        # The clock was set back: they overlap.
        ([boot(u'a', 0, 5), boot(u'b', 3, 9)], []),
        # One boot's entries reach over another's: what lies between the others is no gap.
        ([boot(u'a', 0, 9), boot(u'b', 1, 2), boot(u'c', 4, 5), boot(u'd', 11, 12)], [(9, 11)]),
        ([boot(u'a', 0, 5), boot(u'', None, None), boot(u'b', 7, 9)], [(5, 7)]),
        # Of another machine, which was on all the time.
        ([boot(u'a', 0, 5), boot(u'x', 0, 59, u'n'), boot(u'b', 7, 9)], [(5, 7)]),
        # Text logs know no machine.
        ([boot(u'a', 0, 5, None), boot(u'b', 7, 9, None)], [(5, 7)]),
    ],
)
def test_gaps_between_boots(boots, gaps):
    rows = boot_gaps(boots)
    assert [(row['first_seen'][14:16], row['last_seen'][14:16]) for row in rows] == [
        ('%02d' % first, '%02d' % last) for first, last in gaps
    ]
    for row in rows:
        assert (row['kind'], row['lost'], row['entries']) == ('boot-gap', None, None)
        assert row['detail'] == 'nothing for 120.000000 seconds between boot %s and boot %s' % (
            ('a', 'd') if row['last_seen'][14:16] == '11' else ('a', 'b')
        )
        assert row['source'] in (u'm', u'')
