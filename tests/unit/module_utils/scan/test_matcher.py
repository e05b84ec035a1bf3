# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The matcher against a definition written out naively, and against every way of matching one's own traces."""

from __future__ import absolute_import, division, print_function

import re
import signal
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import matcher
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import Entry, Matcher, Reading, Source
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import proof_messages

__metaclass__ = type

TMPFILES = {
    'id': 'tmpfiles',
    'match': {
        'identifiers': ['systemd-tmpfiles'],
        'comms': ['systemd-tmpfiles'],
        'transport': ['journal'],
        'literal': 'Failed to parse ACL',
        'regex': '^Failed to parse ACL "[^"]*"',
        'priority': 'warning',
    },
}
KERNEL = {
    'id': 'kernel',
    'match': {
        'transport': ['kernel'],
        'literal': ['<asm>:[INFO]', '<atamptl>:[INFO]'],
        'regex': r'^<(?P<module>asm|atamptl)>:\[INFO\]',
    },
}
GNOME = {
    'id': 'gnome',
    'match': {
        'identifiers': ['gnome-software'],
        'comms': ['gnome-software'],
        'literal': 'failed to call',
        'regex': 'failed to call gs_',
    },
}
ANYONE = {'id': 'anyone', 'match': {'literal': 'flip_done timed out', 'regex': 'flip_done timed out$'}}
CATALOG = [TMPFILES, KERNEL, GNOME, ANYONE]

ACL = u'Failed to parse ACL "group:adm:r--": Invalid argument. Ignoring'


BOOT = {'id': 'boot', 'match': {'transport': ['kernel'], 'literal': 'a driver is old', 'regex': '^a driver is old$',
                               'boot_seconds': 300}}


def entry(message=ACL, identifier=u'systemd-tmpfiles', comm=u'systemd-tmpfile', transport=u'journal', priority=4, uid=0):
    return Entry(message, identifier, comm, transport, priority, 3, uid, None)


@pytest.mark.parametrize('since_boot, found, like', [
    (0, [0], []), (300, [0], []), (300.000001, [], [0]), (86400, [], [0]), (None, [0], [])])
def test_later_than_soon_after_a_boot_it_is_another_event(since_boot, found, like):
    one = Entry(u'a driver is old', u'kernel', None, u'kernel', 2, 0)
    assert Matcher([BOOT]).examine(one, since_boot) == (found, like)
    assert Matcher([BOOT]).matches(one, since_boot) == found
    assert Matcher([BOOT, dict(BOOT, id='ever', match=dict(BOOT['match'], boot_seconds=None))]).matches(one, 86400) == [1]


@pytest.mark.parametrize('seconds', [0, -1, '300', True, 1.5])
def test_boot_seconds_is_a_number(seconds):
    with pytest.raises(matcher.SignatureError, match='boot: key match.boot_seconds: must be a number of seconds'):
        Matcher([dict(BOOT, match=dict(BOOT['match'], boot_seconds=seconds))])


def ids(one, catalog=None):
    catalog = CATALOG if catalog is None else catalog
    return [catalog[index]['id'] for index in Matcher(catalog).matches(one)]


def test_a_journal_entry_that_fits():
    assert ids(entry()) == ['tmpfiles']
    assert ids(entry(identifier=None)) == ['tmpfiles']
    assert ids(entry(priority=None)) == ['tmpfiles']
    assert ids(entry(priority=7)) == ['tmpfiles']


@pytest.mark.parametrize(
    'changed',
    [
        {'identifier': u'logger'},
        {'identifier': None, 'comm': u'logger'},
        {'identifier': None, 'comm': None},
        {'identifier': u''},
        {'transport': u'syslog'},
        {'transport': u'kernel'},
        {'transport': u''},
        {'priority': 3},
        {'message': u'Failed to parse ACL'},
        {'message': u'xFailed to parse ACL "x"'},
        {'message': u''},
        {'uid': 1000},
        {'uid': 65534},
        {'uid': matcher.INVALID_UID},
    ],
)
def test_a_journal_entry_that_does_not(changed):
    assert ids(entry(**changed)) == []


@pytest.mark.parametrize('uid, by_default, of_root', [(0, True, True), (25, True, False), (999, True, False),
                                                      (1000, False, False), (60578, False, False), (None, True, True)])
def test_who_may_write_it(uid, by_default, of_root):
    """A program of the system, unless the signature says otherwise; journald has the uid from the kernel."""
    only_root = dict(TMPFILES, match=dict(TMPFILES['match'], uid='root'))
    anybody = dict(TMPFILES, match=dict(TMPFILES['match'], uid='any'))
    said = [bool(ids(entry(uid=uid), [signature])) for signature in (TMPFILES, only_root, anybody)]
    assert said == [by_default, of_root, True]
    assert Matcher([only_root]).examine(entry(uid=uid)) == (([0], []) if of_root else ([], [0]))


def test_which_program_wrote_it():
    """Of a program that users run, only its file tells it from others; a text log does not know that either."""
    signature = dict(GNOME, match=dict(GNOME['match'], uid='any', exes=['/usr/bin/gnome-software']))
    found = Matcher([signature])
    text = u'failed to call gs_plugin_refresh'
    for exe, told in ((u'/usr/bin/gnome-software', ([0], [])), (u'/usr/bin/cat', ([], [0])), (None, ([], [0]))):
        assert found.examine(Entry(text, u'gnome-software', u'gnome-software', u'journal', 4, 1, 1000, exe)) == told
    assert found.examine(Entry(text, u'gnome-software', None, None, None)) == ([0], [])


def test_what_root_writes_to_dev_kmsg_is_not_the_kernel():
    """Its facility is never the kernel's. Generators, and systemd before journald runs, write there: where a signature
    names them, and only then.
    """
    text = u'<asm>:[INFO]Unloaded'
    for facility in (1, 3, None):
        assert Matcher([KERNEL]).examine(Entry(text, u'kernel', None, u'kernel', 6, facility)) == ([], [0])
    named = dict(KERNEL, match=dict(KERNEL['match'], identifiers=['kernel', 'kerenl', 'systemd-fstab-generator']))
    for identifier, told in ((u'systemd-fstab-generator', ['kernel']), (u'kerenl', []), (u'kernel', []),
                             (u'other-generator', [])):
        assert ids(Entry(text, identifier, None, u'kernel', 6, 3), [named]) == told
        assert ids(Entry(text, identifier, None, u'kernel', 6, 3), [KERNEL]) == []
    assert ids(Entry(text, u'kerenl', None, None, None), [named]) == ['kernel']


@pytest.mark.parametrize('changed, shown_in', [
    ({}, u'messages'),
    ({'facility': None, 'priority': None}, u'messages'),  # imjournal says user.notice
    ({'facility': 10}, u'secure'),
    ({'facility': 10, 'priority': 7}, u'secure'),
    ({'facility': 2}, u''),
    ({'facility': 9}, u''),
    ({'priority': 7}, u''),
    ({'transport': u'audit'}, u''),
    ({'message': u'a\tb'}, u''),
    ({'message': u'a\nb'}, u''),
    ({'message': u'a\n'}, u'messages'),  # rsyslog drops it
    ({'message': u'a\n\n'}, u''),
    ({'message': u'\ufffd'}, u''),
    ({'message': 9000 * u'x'}, u''),
])
def test_which_text_log_shows_an_entry(changed, shown_in):
    one = entry()._replace(**changed)
    assert matcher.text_log(one, matcher.is_plain(one.message)) == shown_in


@pytest.mark.parametrize('text, number', [(u'0', 0), (u'1000', 1000), (None, None), (u'', None),
                                          (u'01', matcher.INVALID_UID), (u'-1', matcher.INVALID_UID),
                                          (u'9' * 5000, matcher.INVALID_UID)])
def test_numbers_of_users(text, number):
    assert matcher.to_uid(text) == number
    assert matcher.to_facility(text) == (0 if text == u'0' else None)


def test_a_forged_kernel_tag_is_not_the_kernel():
    text = u'<asm>:[INFO]Unloaded'
    assert ids(Entry(text, u'kernel', None, u'kernel', 6, 0)) == ['kernel']
    assert ids(Entry(text, u'kernel', u'logger', u'syslog', 6)) == []
    assert ids(Entry(text, u'kernel', u'logger', u'', 6)) == []


@pytest.mark.parametrize(
    'tag, message, found',
    [
        (u'systemd-tmpfiles', ACL, ['tmpfiles']),
        (u'systemd-tmpfile', ACL, ['tmpfiles']),  # EL9 and EL10 tag an entry without identifier with its _COMM
        (u'journal', ACL, ['tmpfiles']),  # EL7 and EL8
        (u'logger', ACL, []),
        (None, ACL, []),
        (u'kernel', u'<asm>:[INFO]x', ['kernel']),
        (u'journal', u'<asm>:[INFO]x', []),
        (None, u'<asm>:[INFO]x', []),
        (u'journal', u'failed to call gs_plugin_refresh', ['gnome']),
        (u'gnome-software', u'failed to call gs_plugin_refresh', ['gnome']),
        (u'gedit', u'failed to call gs_plugin_refresh', []),
        (u'whoever', u'CRTC flip_done timed out', ['anyone']),
        (None, u'CRTC flip_done timed out', ['anyone']),
    ],
)
def test_a_line_of_a_text_log(tag, message, found):
    assert ids(Entry(message, tag, None, None, None)) == found


def test_without_comms_the_tag_journal_says_nothing():
    signature = {
        'id': 'x',
        'match': {'identifiers': ['named'], 'literal': 'managed-keys-zone', 'regex': 'managed-keys-zone'},
    }
    assert ids(Entry(u'managed-keys-zone: x', u'journal', None, None, None), [signature]) == []
    assert ids(Entry(u'managed-keys-zone: x', u'named', None, None, None), [signature]) == ['x']


@pytest.mark.parametrize(
    'transport, tag, found',
    [
        (['audit'], u'audit', []),
        (['driver'], u'x', []),
        (['audit', 'syslog'], u'x', ['x']),
        (['kernel', 'syslog'], u'x', ['x']),
        (['kernel'], u'x', []),
        (['stdout'], u'x', ['x']),
        (['journal'], None, ['x']),
    ],
)
def test_what_a_text_log_can_hold(transport, tag, found):
    signature = {'id': 'x', 'match': {'transport': transport, 'literal': 'something', 'regex': 'something'}}
    assert ids(Entry(u'something', tag, None, None, None), [signature]) == found


# --- own traces
# ------------------------------------------------------------------------------------------------------------

INVOKED = u'ansible-loghygiene.rhel.journal_scan Invoked with signatures=[{"literal": "CRTC flip_done timed out'


@pytest.mark.parametrize(
    'one',
    [
        Entry(INVOKED.partition(u' ')[2], u'ansible-loghygiene.rhel.journal_scan', u'python3', u'syslog', 6),
        Entry(INVOKED, None, u'platform-python', u'journal', 6),
        Entry(INVOKED, u'python3', None, None, None),
        Entry(INVOKED, u'journal', None, None, None),
        Entry(INVOKED, u'whoever', None, None, None),
        Entry(u'ansible-command a log text of its own: CRTC flip_done timed out', None, u'python3.9', u'journal', 6),
        Entry(u'ansible-command a log text of its own: CRTC flip_done timed out', u'journal', None, None, None),
        Entry(u'EXECVE argc=3 a0="grep" a1="CRTC flip_done timed out', None, None, u'audit', None),
        Entry(u'EXECVE argc=3 a0="grep" a1="CRTC flip_done timed out', u'audit', None, None, None),
        Entry(u'type=EXECVE msg=audit(1.2:3): a1="CRTC flip_done timed out', u'audispd', None, u'syslog', 6),
        Entry(u'type=EXECVE msg=audit(1.2:3): a1="CRTC flip_done timed out', u'audisp-syslog', None, None, None),
        Entry(u'type=EXECVE msg=audit(1.2:3): a1="CRTC flip_done timed out', u'auditd', None, None, None),
        Entry(u'audit: type=1309 audit(1.2:3): argc=3 a1="CRTC flip_done timed out', u'kernel', None, u'kernel', 5),
        Entry(u'type=1309 audit(1.2:3): argc=3 a1="CRTC flip_done timed out', u'kernel', None, None, None),
        Entry(
            u'admin : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/grep CRTC flip_done timed out',
            u'sudo',
            u'sudo',
            u'syslog',
            5,
        ),
        Entry(u'admin : (command continued) CRTC flip_done timed out', u'sudo', None, None, None),
        Entry(u'admin ran command grep CRTC flip_done timed out', u'doas', None, None, None),
    ],
)
def test_own_traces_never_match(one):
    assert one.message.endswith(u'CRTC flip_done timed out')
    assert matcher.is_own_trace(one)
    assert ids(one) == []


@pytest.mark.parametrize(
    'identifier, comm, transport, message',
    [
        (u'kernel', None, u'kernel', u'CRTC flip_done timed out'),
        (u'sudo', u'sudo', u'syslog', u'pam_unix: CRTC flip_done timed out'),
        (u'auditor', None, u'syslog', u'CRTC flip_done timed out'),
        (u'myansible-thing', None, u'syslog', u'CRTC flip_done timed out'),
        (None, u'python3', u'journal', u'CRTC ansible-x flip_done timed out'),
        (u'app', None, None, u'ansible-runner stopped, CRTC flip_done timed out'),
    ],
)
def test_events_are_no_own_traces(identifier, comm, transport, message):
    assert ids(Entry(message, identifier, comm, transport, 6, 0)) == ['anyone']


@pytest.mark.parametrize(
    'one, found',
    [
        (entry(), ([0], [])),
        (entry(transport=u'syslog'), ([], [0])),
        (entry(transport=u'syslog', identifier=u'logger'), ([], [])),
        (entry(transport=u'syslog', identifier=None), ([], [0])),
        (entry(priority=3), ([], [0])),
        (entry(transport=u'audit'), ([], [])),
        (entry(transport=u'driver'), ([], [])),
        (entry(transport=None), ([0], [])),
        (entry(transport=u'syslog', message=u'ansible-x Invoked with ' + ACL), ([], [])),
    ],
)
def test_what_a_text_log_would_show_just_like_a_match(one, found):
    assert Matcher([TMPFILES]).examine(one) == found


# --- loading
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    'signature, said',
    [
        ({}, 'key id'),
        ([], 'key id'),
        ({'id': 'a'}, 'a: key match'),
        ({'id': 'a', 'match': {'regex': 'x'}}, 'a: key match.literal'),
        ({'id': 'a', 'match': {'literal': 'short', 'regex': 'x'}}, 'a: key match.literal'),
        ({'id': 'a', 'match': {'literal': ['long enough', 'short'], 'regex': 'x'}}, 'a: key match.literal'),
        ({'id': 'a', 'match': {'literal': 'long enough'}}, 'a: key match.regex'),
        ({'id': 'a', 'match': {'literal': 'long enough', 'regex': '('}}, 'a: key match.regex'),
        ({'id': 'a', 'match': {'literal': 'long enough', 'regex': 'x', 'priority': 'warn'}}, 'a: key match.priority'),
        ({'id': 'a', 'match': {'literal': 'long enough', 'regex': 'x', 'uid': 'me'}}, 'a: key match.uid'),
        (
            {'id': 'a', 'match': {'literal': 'long enough', 'regex': 'x'}, 'watch': {'opened': '['}},
            'a: key watch.opened',
        ),
    ],
)
def test_a_signature_that_cannot_be_used_names_itself_and_the_key(signature, said):
    with pytest.raises(matcher.SignatureError) as error:
        Matcher([signature])
    assert said in str(error.value)


def test_bytes_of_python_2_are_utf_8():
    signature = {
        'id': 'x',
        'match': {
            'identifiers': [u'\ud504\ub85c\uadf8\ub7a8'.encode('utf-8')],
            'literal': u'\uc624\ub958\uac00 \ubc1c\uc0dd\ud588\uc2b5\ub2c8\ub2e4',
            'regex': u'^\uc624\ub958',
        },
    }
    assert ids(
        Entry(
            u'\uc624\ub958\uac00 \ubc1c\uc0dd\ud588\uc2b5\ub2c8\ub2e4', u'\ud504\ub85c\uadf8\ub7a8', None, None, None
        ),
        [signature],
    ) == ['x']


def test_classes_are_ascii_on_every_python():
    regex = matcher.compile_regex(u'\\w\\d\\s$')
    assert regex.search(u'a1 ')
    assert not regex.search(u'\u00e91 ')
    assert not regex.search(u'a\u0661 ')
    assert not regex.search(u'a1\u00a0')
    assert not matcher.compile_regex(u'(?i)\u00c9').search(u'\u00e9')


def test_as_text():
    assert matcher.as_text(b'a\xff') == u'a\ufffd'
    assert matcher.as_text(u'\u00e9') == u'\u00e9'


# --- the naive definition
# --------------------------------------------------------------------------------------------------


def naive(signature, one):
    """Return whether an entry matches a signature. The rules of docs/scanning.md, one after the other."""
    match = signature['match']
    names, comms = match.get('identifiers', []), [name[:15] for name in match.get('comms', [])]
    transport = match.get('transport', [])
    literals = match['literal'] if isinstance(match['literal'], list) else [match['literal']]
    levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']
    if matcher.is_own_trace(one):
        return False
    if (
        one.priority is not None
        and 'priority' in match
        and levels[one.priority] in levels[: levels.index(match['priority'])]
    ):
        return False
    if one.transport is None:
        if transport and not [name for name in transport if name in ('journal', 'syslog', 'stdout', 'kernel')]:
            return False
        if names or comms:
            if not (
                one.identifier in names
                or (one.identifier or '')[:15] in comms
                or (one.identifier == 'journal' and comms)
            ):
                return False
        elif transport == ['kernel'] and one.identifier != 'kernel':
            return False
    else:
        if transport and one.transport not in transport:
            return False
        if one.transport == 'kernel':
            named = one.identifier in names and re.match('systemd|.*-generator$', one.identifier)
            if one.facility != 0 and not named:
                return False
        else:
            uids = {'root': [0], 'system': range(1000)}.get(match.get('uid', 'system'))
            if uids is not None and one.uid is not None and one.uid not in uids:
                return False
            if 'exes' in match and one.exe not in match['exes']:
                return False
        if names or comms:
            if one.identifier is not None and one.identifier not in names:
                return False
            if one.identifier is None and (one.comm is None or one.comm[:15] not in comms):
                return False
    if not any(literal in one.message for literal in literals):
        return False
    return re.search(match['regex'], one.message) is not None


NAMES = st.sampled_from(
    [u'kernel', u'journal', u'systemd', u'a-generator', u'sudo', u'audit', u'ansible-x', u'systemd-tmpfiles', u'systemd-tmpfile', u'python3']
)
TRANSPORTS = st.sampled_from([u'journal', u'syslog', u'stdout', u'kernel', u'audit', u'driver'])
PIECES = [
    u'Failed to parse ACL',
    u'flip_done timed out',
    u'<asm>:[INFO]',
    u'COMMAND=',
    u'ansible-x Invoked with ',
    u'\ud55c\uae00 ',
    u' "x"',
]
MESSAGES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=5).map(u''.join)
ENTRIES = st.builds(
    Entry,
    MESSAGES,
    st.none() | NAMES,
    st.none() | NAMES,
    st.none() | st.just(u'') | TRANSPORTS,
    st.none() | st.integers(min_value=0, max_value=7),
    st.none() | st.sampled_from([0, 1, 3]),
    st.none() | st.sampled_from([0, 25, 999, 1000, 65534, matcher.INVALID_UID]),
    st.none() | st.sampled_from([u'/usr/bin/x', u'/usr/bin/cat']),
)


@st.composite
def signatures(draw):
    match = {
        'literal': draw(
            st.one_of(st.sampled_from(PIECES[:3]), st.lists(st.sampled_from(PIECES[:3]), min_size=1, max_size=3))
        ),
        'regex': draw(st.sampled_from([u'^Failed', u'ACL', u'timed out$', r'\[INFO\]', u'(?i)failed'])),
    }
    for key, values in (('identifiers', NAMES), ('comms', NAMES), ('transport', TRANSPORTS)):
        chosen = draw(st.lists(values, max_size=2, unique=True))
        if chosen:
            match[key] = chosen
    if draw(st.booleans()):
        match['priority'] = draw(st.sampled_from(matcher.PRIORITIES))
    for key, values in (('uid', matcher.UIDS), ('exes', [[u'/usr/bin/x']])):
        if draw(st.booleans()):
            match[key] = draw(st.sampled_from(values))
    return {'id': 'x', 'match': match}


@settings(max_examples=200)
@given(st.lists(signatures(), max_size=5), ENTRIES)
def test_the_matcher_says_what_the_naive_definition_says(catalog, one):
    assert Matcher(catalog).matches(one) == [
        index for index, signature in enumerate(catalog) if naive(signature, one)
    ]


@given(st.text(), st.none() | st.text(), st.none() | st.text(), st.none() | st.text(), st.none() | st.integers(0, 7))
def test_no_entry_is_too_strange(message, identifier, comm, transport, priority):
    assert isinstance(Matcher(CATALOG).matches(Entry(message, identifier, comm, transport, priority)), list)


# --- reading once, judging often
# --------------------------------------------------------------------------------------------


def test_a_reading_tells_what_the_text_alone_tells():
    found = Matcher([ANYONE, TMPFILES, GNOME])
    assert found.read(u'') is found.read(u'flip_done') is None
    assert found.read(u'x flip_done timed out or so') is None  # its literal, but not its regex
    assert found.read(u'flip_done timed out') == Reading((0,), False, False)
    assert found.read(ACL + u' failed to call gs_x flip_done timed out') == Reading((0, 1, 2), False, False)
    assert found.read(u'COMMAND=flip_done timed out') == Reading((0,), True, False)
    assert found.read(u'ansible-x says flip_done timed out') == Reading((0,), False, True)
    assert found.read(INVOKED) is None


def test_the_same_reading_is_judged_by_its_source():
    found = Matcher([TMPFILES, ANYONE])
    reading = found.read(u'COMMAND=flip_done timed out')
    assert found.classify(reading, Source(u'sudo', None, u'syslog', 5)) == ([], [])
    assert found.classify(reading, Source(u'cron', None, u'syslog', 5)) == ([1], [])
    reading = found.read(ACL)
    assert found.classify(reading, Source(*entry()[1:])) == ([0], [])
    assert found.classify(reading, Source(*entry(priority=3)[1:])) == ([], [0])


def test_answers_are_kept_and_bounded(monkeypatch):
    monkeypatch.setattr(matcher, 'REMEMBERED', 3)
    found = Matcher([TMPFILES])
    reading = found.read(ACL)
    for number in range(20):
        source = Source(u'daemon%d' % number, None, u'journal', 4)
        assert found.classify(reading, source) == ([], [])
        assert found.classify(reading, source) is found.classify(reading, source)
        assert found.classify(reading, Source(*entry()[1:])) == ([0], [])
        assert len(found._classified) <= 3


def test_each_literal_is_looked_for_once():
    found = Matcher([{'id': str(number), 'match': {'literal': ['the same text', 'number %d' % number], 'regex': 'x'}}
                     for number in range(3)])
    assert found.literals == [u'number 0', u'number 1', u'number 2', u'the same text']


# Without any word within, with some, or with the beginnings of words only.
LETTERS = st.one_of(st.text(u'ab', min_size=8, max_size=11), st.text(u'ab1 -\u00e9', min_size=8, max_size=11))


@st.composite
def many_literals(draw):
    """More than FEW_LITERALS literals, many of which begin alike, lie within another or share words."""
    texts = draw(st.lists(LETTERS, min_size=matcher.FEW_LITERALS + 1,
                          max_size=matcher.FEW_LITERALS + 9, unique=True))
    return [{'id': 'x', 'match': {'literal': text, 'regex': draw(st.sampled_from([u'a', u'bb$', u'^ab']))}}
            for text in texts]


@settings(max_examples=30)
@given(catalog=many_literals(), messages=st.lists(st.text(u'ab1 -\u00e9', max_size=60), max_size=5))
def test_many_literals_are_found_like_few(catalog, messages):
    found = Matcher(catalog)
    assert len(found.literals) > matcher.FEW_LITERALS
    for message in messages + [one['match']['literal'] for one in catalog]:
        for text in (message, u'x%s' % message, u'%sx' % message, u'\u00e9%s\u00e9' % message):
            one = Entry(text, None, None, u'journal', None)
            assert found.matches(one) == [index for index, signature in enumerate(catalog) if naive(signature, one)]


@pytest.mark.parametrize('message, source, expected', [
    (INVOKED, Source(None, u'python3', u'journal', None), True), (u'anything', Source(u'ansible-command', None, u'syslog', None), True),
    (u'type=1309 audit(1.2:3): x', Source(u'kernel', None, u'kernel', None), True), (u'anything', Source(None, None, u'audit', None), True),
    (u'anything', Source(u'x', None, u'syslog', None), False), (u'ansible-x says', Source(None, u'python3', u'journal', None), False)])
def test_what_is_a_record_and_no_event(message, source, expected):
    assert matcher.is_record(message, source) is expected


AUDIT = u'type=1309 audit(1.2:3): x'


@pytest.mark.parametrize('message, source, expected', [
    # Who may say so, by what journald knows; a text log has the name alone.
    (AUDIT, Source(u'kernel', None, u'kernel', 4, 0), False), (u'anything', Source(None, None, u'audit', 4), False),
    (u'audit: ' + AUDIT, Source(u'kernel', None, u'kernel', 3, 0), False), (AUDIT, Source(u'audispd', None, u'syslog', 4, 1, 0), False),
    (AUDIT, Source(u'kernel', None, None, 4), False), (AUDIT, Source(u'audispd', None, None, 4), False),
    # What an intruder would like to hide behind.
    (AUDIT, Source(u'kernel', None, u'kernel', 4, 3), True), (AUDIT, Source(u'kernel', None, u'syslog', 4, 1, 0), True),
    (AUDIT, Source(u'audispd', None, u'syslog', 4, 1, 1000), True), (AUDIT, Source(u'sshd', None, u'syslog', 3, 10, 0), True),
    (AUDIT, Source(u'sshd', None, None, 3), True), (AUDIT[4:], Source(u'audispd', None, u'syslog', 4, 1, 0), True),
    (u'anything', Source(u'ansible-command', None, u'syslog', 4, 1, 0), True), (INVOKED, Source(None, u'python3', u'journal', 4, 3, 0), True),
    (INVOKED, Source(u'ansible-command', None, None, 4), True), (INVOKED, Source(u'sshd', None, u'syslog', 0, 10, 0), True),
    # These warn of something, though they repeat a command.
    (u'joe : user NOT in sudoers ; COMMAND=/bin/x', Source(u'sudo', None, u'syslog', 1), True),
    (u'dispatch queue is full', Source(u'auditd', None, u'syslog', 3), True),
    (u'anything', Source(u'x', None, u'syslog', 5), False), (u'anything', Source(u'x', None, u'syslog', None), False)])
def test_what_has_to_be_explained(message, source, expected):
    assert matcher.needs_explanation(message, source) is expected


RUN = proof_messages.RUN % '0123456789abcdef'


def proof(text, **more):
    """An entry of the journal as the proof sends it: authpriv.err, by root, with syslog(3)."""
    return Entry(text, **dict(dict(identifier=u'log_hygiene_proof', comm=u'python3', transport=u'syslog', priority=3, facility=10, uid=0), **more))


def test_the_messages_of_the_proof_are_known_again_each_of_them():
    """By the datagrams that it sends, read as journald and rsyslog read them."""
    for facility, severity in proof_messages.PAIRS:
        said = proof_messages.message(RUN, 7, (facility, severity)).decode('utf-8').partition(u': ')[2]
        entry = proof(said, priority=severity, facility=facility or None)  # journald writes no facility of the kernel
        line = Entry(said, u'log_hygiene_proof', None, None, severity)
        for one in (entry, line):
            assert matcher.is_test_message(one.message, one) and not matcher.needs_explanation(one.message, one)


SAID = u'%s authpriv.err %s' % (RUN, proof_messages.TEXT)


@pytest.mark.parametrize('entry', [
    proof(SAID + u' Failed password for root'), proof(u'Failed password for root ' + SAID), proof(SAID + u'\n'), proof(SAID.replace(u'no action', u'action')),
    proof(SAID.replace(u'abcdef', u'rooted')), proof(SAID.replace(u'proof-', u'proof-0')), proof(SAID.replace(u'err', u'error')),
    proof(SAID.replace(u'authpriv', u'secret')), proof(u'su: session opened for root'),
    proof(SAID, priority=0), proof(SAID, facility=3), proof(SAID, uid=1000), proof(SAID, uid=None), proof(SAID, transport=u'journal'),
    proof(SAID, transport=u'stdout'), proof(SAID, identifier=u'sshd'), proof(SAID, identifier=None, comm=u'log_hygiene_proof'),
    Entry(SAID, u'sshd', None, None, 3), Entry(SAID, u'log_hygiene_proof', None, None, 2), Entry(SAID + u'#012x', u'log_hygiene_proof', None, None, 3)])
def test_nobody_hides_behind_the_messages_of_the_proof(entry):
    assert matcher.needs_explanation(entry.message, entry) and not matcher.is_test_message(entry.message, entry)


# --- a regex that does not end
# ----------------------------------------------------------------------------------------------


ENDLESS = {'id': 'endless', 'match': {'literal': 'something', 'regex': r'(a+)+$'}}


def timer():
    return signal.getitimer(signal.ITIMER_VIRTUAL)


def test_a_regex_that_backtracks_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(matcher, 'SEARCH_LIMIT', 0.2)
    found = Matcher([ANYONE, ENDLESS])
    handler = signal.getsignal(signal.SIGVTALRM)
    begun = time.time()
    with pytest.raises(matcher.SignatureError) as error:
        with found.limited():
            found.read(u'something ' + u'a' * 60 + u'b')
    assert time.time() - begun < 30
    assert str(error.value).startswith('endless: key match.regex: ran for more than ')
    assert signal.getsignal(signal.SIGVTALRM) == handler
    assert timer() == (0, 0)


def test_many_searches_are_no_long_one(monkeypatch):
    """It is the processor time of one search that counts, not that of all."""
    monkeypatch.setattr(matcher, 'SEARCH_LIMIT', 0.02)
    found = Matcher([ANYONE, ENDLESS])
    clock = getattr(time, 'process_time', None) or time.clock
    ends, searches = clock() + 0.3, 0
    with found.limited():
        assert timer()[1] == pytest.approx(0.02, abs=0.01)
        while clock() < ends:
            assert found.read(u'something aaaa') is not None
            searches += 1
    assert searches > 100 and timer() == (0, 0)


def test_what_takes_long_between_searches_is_none(monkeypatch):
    monkeypatch.setattr(matcher, 'SEARCH_LIMIT', 0.02)
    found = Matcher([ANYONE])
    found.read(u'CRTC flip_done timed out')
    with found.limited():
        sum(number * number for number in range(2000000))


def test_a_handler_of_others_comes_back():
    calls = []

    def handler(_signal, _frame):
        calls.append(1)

    before = signal.signal(signal.SIGVTALRM, handler)
    try:
        with Matcher([ANYONE]).limited():
            assert signal.getsignal(signal.SIGVTALRM) != handler
        assert signal.getsignal(signal.SIGVTALRM) == handler
    finally:
        signal.signal(signal.SIGVTALRM, before)
