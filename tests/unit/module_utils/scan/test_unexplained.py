# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What no signature explains: one template for what is alike, another for what is not, in bounded time and memory."""

from __future__ import absolute_import, division, print_function

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from processor_time import limited

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import unexplained
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.unexplained import (
    READ_LENGTH,
    RULES,
    SAMPLE_LENGTH,
    TEMPLATE_LENGTH,
    Group,
    Unexplained,
    mask,
)

__metaclass__ = type

PLACEHOLDERS = set('str path time mac pci ip uuid hex num id symbol user host'.split())


@pytest.mark.parametrize(
    'text, template',
    [
        (u'usb 1-1: read/64, error -71', u'usb <num>-<num>: read/<num>, error <num>'),
        (u'dhcp4 (eth0): request timed out', u'dhcp<num> (eth<num>): request timed out'),
        (u'session-12.scope: Killing process 4711 (sh)', u'session-<num>.scope: Killing process <num> (sh)'),
        (u'user@1000.service: Failed to kill', u'user@<num>.service: Failed to kill'),
        (u'e1000e 0000:00:1f.2 eth0: Hardware Unit Hang', u'e<num>e <pci> eth<num>: Hardware Unit Hang'),
        (u'pcieport 00:1c.0: AER: Corrected error', u'pcieport <pci>: AER: Corrected error'),
        (u'enp0s31f6: Link is Down', u'<id>: Link is Down'),
        (u'BUG at ffff8800abcd1234 and 0xFFFFFFFF81', u'BUG at <num> and <hex>'),
        (u'a 02345000 b 0234500f c deadbeef d', u'a <num> b <num> c <num> d'),
        (u'? do_syscall_64+0x5b/0x1b0 [xfs]', u'? <symbol> [xfs]'),
        (u'Code: 48 8b 05 ff <be> 00 11', u'Code: <hex>'),
        (u'x 12ab34cd-1234-ABCD-1234-1234567890ab y', u'x <uuid> y'),
        (u'martian source from 00:11:22:aa:bb:cc, 00-11-22-aa-bb-cc', u'martian source from <mac>, <mac>'),
        (u'from 10.0.0.1:22 to 10.0.0.0/8', u'from <ip>:<num> to <ip>/<num>'),
        (u'peer ::1, fe80::1%eth0, 2001:db8::10.0.0.1', u'peer <ip>, <ip>%eth<num>, <ip>'),
        (u'peer 2001:0db8:0:0:0:ff00:0042:8329 gone', u'peer <ip> gone'),
        (u'Server listening on :: port 22.', u'Server listening on <ip> port <num>.'),
        (u'std::vector and Foo::bar', u'std::vector and Foo::bar'),
        (u'sd 2:0:10:12: [sda] failed', u'sd <num>:<num>:<num>:<num>: [sda] failed'),
        (u'cannot open /etc/x.conf:12: no', u'cannot open <path>: no'),
        (u'I/O error, N/A, ./x, "/a b"', u'I/O error, N/A, ./x, <str>'),
        (u'see https://example.com/x?y=1', u'see https:<path>'),
        (u"can't find unit 'a.service' or `b.service'", u"can't find unit <str> or <str>"),
        (
            u'dev-disk-by\\x2duuid-12ab34cd\\x2d1234\\x2d1234\\x2d1234\\x2d1234567890ab.device',
            u'dev-disk-by-uuid-<uuid>.device',
        ),
        (u'at 2026-11-22T16:01:20.123456+09:00 x', u'at <time> x'),
        (u'at Sun Nov  2 16:01:20 KST 2026', u'at <time>'),
        (u'[22/Nov/2026:16:01:20 +0900] 22-Nov-2026 16:01:20.123 16:01:20.5: x', u'[<time>] <time> <time>: x'),
        (u'5.14.0-427.el9.x86_64: 1.5GiB, 3.60GHz, 10%', u'<num>-<num>.el<num>.x<num>_<num>: <num>, <num>GHz, <num>%'),
        (u'one\ttwo\r\n  three', u'one two three'),
        (u'Failed password for root from 10.0.0.1 port 22', u'Failed password for <user> from <ip> port <num>'),
        (u'Invalid user  from ::1', u'Invalid user from <ip>'),
        (u'session opened for user kim(uid=0) by (uid=0)', u'session opened for user <user>(uid=<num>) by (uid=<num>)'),
        (u'rhost=1-2.example.net  user=kim', u'rhost=<host> user=<user>'),
        (u'user is not known', u'user is not known'),
        (u'lookup of ns.example.org [10.0.0.1] failed', u'lookup of <host> [<ip>] failed'),
        (u'connection from 10.0.0.1 ()', u'connection from <ip> (<host>)'),
        (u'lost connection to db1.example.org', u'lost connection to <host>'),
        (u'', u''),
    ],
)
def test_templates(text, template):
    assert mask(text) == template


@pytest.mark.parametrize(
    'one, other',
    [
        (u'sda: I/O error', u'sdb: I/O error'),
        (u'Failed to start A.', u'Failed to start B.'),
        (u'lost connection to a.service', u'lost connection to b.service'),
        (u'java.io.IOException', u'java.lang.NullPointerException'),
        (u'state is down', u'state is up'),
        (u'error -71', u'error code -71'),
        (u'e1000e: x', u'b43: x'),
    ],
)
def test_what_differs_in_words_stays_apart(one, other):
    assert mask(one) != mask(other)


@pytest.mark.parametrize(
    'text, template',
    [
        # Digits and spaces of other alphabets: what they are depends on Python's Unicode.
        (u'a\u0661\u0662 b\u180ec\u2003d\x85e', u'a\u0661\u0662 b\u180ec\u2003d\x85e'),
        # A letter of another alphabet is no part of an ASCII word.
        (u'\ud55c12 \uac00/b', u'\ud55c<num> \uac00<path>'),
        # Ignoring case, U+0130 and U+212A are i and k somewhere.
        (u'\u0130p \u212a1', u'\u0130p \u212a<num>'),
        (u'/\ud55c\uae00/x \u2018y 1\u2019', u'<path> \u2018y <num>\u2019'),
    ],
)
def test_only_ascii_decides(text, template):
    assert mask(text) == template
    assert isinstance(mask(text), type(u''))


HOSTILE = [
    u'a',
    u'1',
    u'"',
    u'"a',
    u"'a",
    u'`',
    u'/',
    u'/a:',
    u'1.',
    u':',
    u'a:',
    u'ab ',
    u'a1',
    u'a.',
    u' from a.a',
    u'<',
    u'user ',
    u'a+0x',
    u'aa-',
    u'12:',
    u' ',
    u'abcdabcd-abcd-',
    u'Jan 12 <time>',
    u'user <ip> ( for a from <ip>',
    u'host=',
    u'<num>a',
    u'a<id>',
    u'<ip> (',
    u' to a-.b',
    u'::',
    u'0:',
    u'-<num>',
    u'\\x2d',
    u'\n',
    u'-',
    u'a_',
    u'1,',
    u'-1a',
    u'1a-',
    u':1a',
    u' 1a',
    u'\\"',
    u'" \\"',
    u"\\'a",
    u'msg="',
    u'{"a":"',
    u',"a" ',
]


@pytest.mark.parametrize('piece', HOSTILE)
@pytest.mark.parametrize('tail', [u'', u'!', u'"', u'[<ip>'])
def test_no_mask_takes_more_than_linear_time(piece, tail):
    """What is quadratic in 60,000 characters takes many seconds, and what is linear some milliseconds."""
    text = piece * (60000 // len(piece)) + tail
    with limited(2):
        for gate, sub, placeholder in RULES:
            if gate in text:
                sub(placeholder, text)


def test_a_long_text_is_read_in_part():
    assert mask(u'x' * 65536) == u'x' * TEMPLATE_LENGTH
    assert mask(u'x' * READ_LENGTH + u'1') == mask(u'x' * READ_LENGTH + u'y')
    # Where a long text is cut, numbers of another length before the cut do not matter.
    assert mask(u'value 1 of x, ' * 5000) == mask(u'value 123456 of x, ' * 5000)


HEX = u'0123456789abcdefABCDEF'
NUMBERS = st.integers(0, 10**20).map(u'{0}'.format)
ADDRESSES = st.tuples(*[st.integers(0, 255)] * 4).map(lambda four: u'%d.%d.%d.%d' % four)
WIDTHS = st.sampled_from([2, 4, 8, 12, 16, 32, 40, 64])
VALUES = {
    'number': NUMBERS,
    'negative': st.integers(-(10**20), 10**20).map(u'{0}'.format),
    'pointer': st.integers(0, 2**64 - 1).map(u'0x{0:x}'.format),
    'bare hex': st.tuples(st.integers(0, 2**256), WIDTHS).map(lambda two: u'9' + (u'%064x' % two[0])[-two[1] + 1 :]),
    'bare hex of letters too': st.integers(0, 2**64 - 1).map(u'{0:016x}'.format),
    'address': ADDRESSES,
    'address and port': st.tuples(ADDRESSES, st.integers(1, 65535)).map(lambda two: u'%s:%d' % two),
    'uuid': st.uuids().map(u'{0}'.format),
    'mac': st.binary(min_size=6, max_size=6).map(lambda six: u':'.join(u'%02x' % one for one in bytearray(six))),
    'ipv6': st.lists(st.integers(0, 0xFFFF), min_size=8, max_size=8).map(
        lambda eight: u':'.join(u'%x' % one for one in eight)
    ),
    'pci': st.tuples(*[st.integers(0, 255)] * 2).map(lambda two: u'0000:%02x:%02x.0' % two),
    'path': st.text(alphabet=HEX + u'/._-xyz', min_size=1).map(lambda path: u'/' + path),
    'quoted': st.text(alphabet=st.characters(blacklist_characters=u'"', blacklist_categories=['Cs', 'Cc'])).map(
        lambda text: u'"%s"' % text
    ),
    'interface': st.integers(0, 99).map(u'eth{0}'.format),
    'time': st.integers(0, 10**17).map(timestamps.to_text),
}


@pytest.mark.parametrize('kind', sorted(VALUES))
@given(st.data())
def test_texts_that_differ_in_values_only_are_alike(kind, data):
    form = data.draw(st.sampled_from([u'port %s is down', u'state (%s): lost', u'%s', u'x=%s, y', u'[%s] x']))
    one, other = data.draw(VALUES[kind]), data.draw(VALUES[kind])
    assume(kind != 'quoted' or form != u'%s')  # then it is the event itself
    assert mask(form % one) == mask(form % other)


ANYTHING = st.one_of(
    st.text(),
    st.lists(st.sampled_from(HOSTILE + [u'user=x', u'1.2.3.4', u'fe80::1', u'x', u'Z', u'07:08:09', u'/p'])).map(
        u''.join
    ),
)


@given(ANYTHING)
def test_no_digit_is_left_and_the_template_is_short(text):
    template = mask(text)
    assert not re.search(u'[0-9]', template)
    assert not re.search(u'[\n\r\t]|  ', template)
    assert len(template) <= TEMPLATE_LENGTH
    assert template == mask(text)


@given(ANYTHING)
def test_masking_ends(text):
    """A template is masked again to the same or something shorter in words, and soon to itself."""
    seen = [mask(text)]
    for _round in range(6):
        seen.append(mask(seen[-1]))
    assert seen[-1] == seen[-2]


MESSAGES = [u'word', u'12', u'0x1f', u'10.0.0.1', u'/a/b', u'"q"', u'eth0', u'x:', u'(y)', u'a-b']


@given(st.lists(st.sampled_from(MESSAGES)))
def test_a_template_is_its_own_template(words):
    template = mask(u' '.join(words))
    assert mask(template) == template
    assert set(re.findall(u'<([a-z]+)>', template)) <= PLACEHOLDERS


def result(groups):
    return groups.result(lambda place: {'cursor': place}, timestamps.to_text)


def test_groups():
    groups = Unexplained()
    groups.add(u'kernel', u'eth0: down', 2000000, 4, 'b')
    groups.add(u'kernel', u'eth12: down', 1000000, 3, 'a')
    groups.add(u'kernel', u'eth3: down', None, 4, 'c')
    groups.add(u'other', u'eth0: down', None, 2, 'd')
    groups.add(None, u'eth0: down', 3000000, 0, 'e')
    assert result(groups) == {
        'entries': 5,
        'without_severity': 0,
        'test_messages': 0,
        'priorities': [
            {'priority': 'emerg', 'entries': 1},
            {'priority': 'crit', 'entries': 1},
            {'priority': 'err', 'entries': 1},
            {'priority': 'warning', 'entries': 2},
        ],
        'more_groups': 0,
        'more_entries': 0,
        'groups': [
            {
                'program': None,
                'template': u'eth<num>: down',
                'priority': 'emerg',
                'count': 1,
                'first_seen': '1970-01-01T00:00:03.000000Z',
                'last_seen': '1970-01-01T00:00:03.000000Z',
                'sample': {'at': '1970-01-01T00:00:03.000000Z', 'text': u'eth0: down', 'cursor': 'e'},
            },
            {
                'program': u'other',
                'template': u'eth<num>: down',
                'priority': 'crit',
                'count': 1,
                'first_seen': None,
                'last_seen': None,
                'sample': {'at': None, 'text': u'eth0: down', 'cursor': 'd'},
            },
            {
                'program': u'kernel',
                'template': u'eth<num>: down',
                'priority': 'err',
                'count': 3,
                'first_seen': '1970-01-01T00:00:01.000000Z',
                'last_seen': '1970-01-01T00:00:02.000000Z',
                'sample': {'at': '1970-01-01T00:00:02.000000Z', 'text': u'eth0: down', 'cursor': 'b'},
            },
        ],
    }


def test_nothing():
    assert result(Unexplained()) == {'entries': 0, 'without_severity': 0, 'test_messages': 0, 'priorities': [], 'groups': [],
                                     'more_groups': 0, 'more_entries': 0}


def test_the_most_severe_and_of_these_the_largest_are_listed_and_the_others_counted():
    groups = Unexplained(limit=2)
    for number, name in enumerate(u'abcde'):
        for stamp in range(number + 1):
            groups.add(u'p', name * 3, stamp, 4, None)
    groups.add(u'sshd', u'fatal', 1, 2, None)
    found = result(groups)
    assert [group['template'] for group in found['groups']] == [u'fatal', u'eee']
    assert (found['entries'], found['more_groups'], found['more_entries']) == (16, 4, 10)
    assert found['priorities'] == [{'priority': 'crit', 'entries': 1}, {'priority': 'warning', 'entries': 15}]


def word_of(number):
    return u''.join(u'ghijklmnop'[int(digit)] for digit in str(number))


@pytest.mark.parametrize('split', [None, 300, 299])
def test_what_is_severe_has_room_whatever_came_before(split):
    whole = groups = Unexplained(room=100)
    for number in range(1000, 1300):
        if number - 1000 == split:
            groups = Unexplained(room=100)
        groups.add(u'p', word_of(number), number, 4, None)
    groups.add(u'p', word_of(1000), 1, 3, None)
    if split == 300:
        groups = Unexplained(room=100)
    groups.add(u'sshd', u'fatal', 7, 2, None)
    if groups is not whole:
        whole.merge(groups)
    found = result(whole)
    assert [(group['template'], group['priority']) for group in found['groups'][:2]] == [
        (u'fatal', 'crit'), (word_of(1000), 'err')]
    assert len(found['groups']) == 100
    assert found['entries'] == 302 == sum(group['count'] for group in found['groups']) + found['more_entries']
    # One that made room for another is counted once, whether or not it comes again.
    assert found['more_groups'] == 201


def test_nobody_makes_room_for_what_is_not_more_severe():
    groups = Unexplained(room=2)
    for text in (u'one', u'two', u'three'):
        groups.add(u'p', text, 1, 3, None)
    groups.add(u'p', u'four', 1, 4, None)
    assert [group['template'] for group in result(groups)['groups']] == [u'one', u'two']


def test_what_cannot_be_judged_is_no_zero():
    groups, others = Unexplained(), Unexplained()
    groups.without_severity, others.without_severity = 3, 4
    groups.test_messages, others.test_messages = 1, 2
    groups.merge(others)
    assert (result(groups)['entries'], result(groups)['without_severity']) == (None, 7)
    assert result(groups)['test_messages'] == 3
    groups.add(u'p', u'x', 1, 4, None)
    assert (result(groups)['entries'], result(groups)['without_severity']) == (1, 7)


@pytest.mark.parametrize('one, other', [
    (u'level=warning msg="disk full"', u'level=warning msg="certificate expired"'),
    (u'level="warning" msg="disk full"', u'level="error" msg="disk full"'),
    (u'time="2026-11-22T16:01:20Z" msg="x \\"a\\" failed"', u'time="2026-11-22T16:01:20Z" msg="x \\"a\\" started"'),
    (u'{"ts":"1","msg":"disk full"}', u'{"ts":"1","msg":"certificate expired"}'),
    (u'{"level": "warn", "message": "disk full"}', u'{"level": "warn", "message": "certificate expired"}'),
    (u"{'event': 'disk full'}", u"{'event': 'certificate expired'}"),
    (u'{"temperature":"high"}', u'{"voltage":"high"}'),
    (u"msg='op=login acct=\"kim\" res=failed'", u"msg='op=logout acct=\"kim\" res=failed'"),
    (u'request failed, error: "connection refused"', u'request failed, error: "certificate expired"'),
    (u'"disk full"', u'"certificate expired"'),
    (u'E1122 pod.go:12] "Error syncing pod" err="x"', u'E1122 pod.go:12] "Certificate expired" err="x"'),
    (u'MESSAGE="disk full" ID="x"', u'MESSAGE="certificate expired" ID="x"'),
    (u'Alert: "disk full"', u'Alert: "certificate expired"'),
    (u'{"short_message":"disk full"}', u'{"short_message":"certificate expired"}'),
    (u'12: "disk full"', u'12: "certificate expired"'),
    (u'"\ub514\uc2a4\ud06c"', u'"\uc778\uc99d\uc11c"'),
])
def test_two_events_in_quotes_stay_apart(one, other):
    assert mask(one) != mask(other)


@pytest.mark.parametrize('one, other', [
    (u'level=warning msg="disk 1 of /dev/sda full"', u'level=warning msg="disk 2 of /dev/sdb full"'),
    (u'msg="mount \\"a b\\" failed" id="kim"', u'msg="mount \\"c d\\" failed" id="lee"'),
    (u'{"user":"kim","msg":"no"}', u'{"user":"lee","msg":"no"}'),
    (u'cannot open "x": no such file', u'cannot open "y": no such file'),
    (u'unit "a b" failed', u'unit "c" failed'),
])
def test_what_is_quoted_and_no_event_does_not_matter(one, other):
    assert mask(one) == mask(other)


@pytest.mark.parametrize('text_room', [10**6, 100])
def test_memory_is_bounded_and_the_rest_is_counted(monkeypatch, text_room):
    monkeypatch.setattr(unexplained, 'TEXT_ROOM', text_room)
    groups = Unexplained(room=50)
    words = [word_of(number) for number in range(1000, 2000)]
    for _round in range(2):
        for word in words:
            groups.add(u'p', word, 1, 4, None)
    kept = len(groups._groups)
    assert kept <= 50 and (kept == 50) == (text_room == 10**6)
    found = result(groups)
    assert found['entries'] == 2000
    assert len(found['groups']) == kept
    assert found['more_entries'] == 2000 - 2 * kept
    # A lower bound, and here, where few of many bits are taken, a close one.
    assert 990 - kept <= found['more_groups'] <= 1000 - kept


def test_merged_scans_say_what_one_scan_says(monkeypatch):
    monkeypatch.setattr(unexplained, 'TEXT_ROOM', 10**6)
    texts = [(u'p%d' % (number % 3), u'x %s y' % (u'ab' * (number % 70)), number) for number in range(500)]
    whole, parts = Unexplained(room=1000), [Unexplained(room=1000), Unexplained(room=1000)]
    for program, text, number in texts:
        for groups in (whole, parts[number > 250]):
            groups.add(program, text, number, 4 - number % 3, number)
    parts[0].merge(parts[1])
    assert result(parts[0]) == result(whole)
    # What one of them had no room for and the other did is not counted twice.
    one, other = Unexplained(room=1), Unexplained(room=1)
    for groups, order in ((one, u'ab'), (other, u'ba')):
        for name in order:
            groups.add(u'p', name, 1, 4, None)
    one.merge(other)
    found = result(one)
    assert (found['entries'], len(found['groups']), found['more_groups']) == (4, 1, 1)
    assert found['more_entries'] == 4 - found['groups'][0]['count']


def test_a_long_sample_and_a_long_program_are_shortened():
    groups = Unexplained()
    groups.add(u'p' * 9999, u'x' * 9999, 1, 4, None)
    found = result(groups)['groups'][0]
    assert found['sample']['text'] == u'x' * SAMPLE_LENGTH + u'\u2026'
    assert len(found['program']) < 200


def test_a_group_without_entries_merges():
    group = Group(u'p', u't', u'first')
    other = Group(u'p', u't', u'second')
    other.add(7, 3, 'here')
    group.merge(other)
    assert (group.count, group.first, group.last, group.priority, group.place) == (1, 7, 7, 3, 'here')
    assert group.text == u'second'


@pytest.mark.parametrize('text, template', [
    # No words but in quotes: what stands there is masked, also in quotes within quotes.
    (u'1: "disk sda1 full", 2', u'<num>: "disk sda<num> full", <num>'),
    (u"1: 'unit \"foo\" took 30 s', 2", u"<num>: 'unit \"foo\" took <num> s', <num>"),
    (u'1 "a b" \'c "d 2"\' 3', u'<num> "a b" \'c "d <num>"\' <num>'),
    (u'192.0.2.7 ("the event")', u'<ip> ("the event")'),
    # Words outside as well.
    (u'took 1: \'unit "foo"\', 2', u'took <num>: <str>, <num>'),
    (u'a "b" c \'d "e"\' f "g"', u'a <str> c <str> f <str>'),
])
def test_quotes_within_quotes(text, template):
    assert mask(text) == template


@given(st.text(alphabet=u'"\'` :=1a<>[(,\n', max_size=60))
def test_quotes_leave_no_trace_of_how_they_are_set_apart(text):
    assert not re.search(u'[\n0-9]', mask(text))


def test_quotes_without_end():
    """A template has no room for what comes behind some hundred quotes, and what has none is not read."""
    for piece in (u'"1" ', u"'1' ", u'"" ', u'"1":"2",', u'"a b" ', u'x"1"'):
        whole, cut = piece * 500, piece * 300
        assert mask(whole) == mask(cut) and len(mask(whole)) == 500
    quoted = []
    text, quoted = unexplained._without(unexplained.QUOTES[0][1], u'"1" ' * 500, quoted)
    assert (text.count(u'\n'), len(quoted)) == (unexplained.MOST_QUOTED, unexplained.MOST_QUOTED)
