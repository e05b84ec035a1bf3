# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan finds in one journal agrees with the reference: real journals, written by systemd-journal-remote.

systemd 219 and 239 cannot run here. Their files are those of today's systemd without keyed hashes and compact mode,
which the environment switches off, compressed with XZ or LZ4, which systemd 257 of the sandbox can be told to do.
"""

import itertools
import os
import random
import shutil
import struct
import subprocess
import threading
import time

import journals
import pytest
import reference
from hypothesis import example, given, settings
from hypothesis import strategies as st
from journals import ACL, BOOTS, JOURNAL_REMOTE, MACHINES, SIGNATURES, START, entry
from remedy_runs import PYTHONS
from scanning import Target, refusal, scan

from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import scan as journal_scan
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal.file import Unreadable

PODMAN = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir, 'sandbox', 'podman')
SIX_HUNDRED = 'so long that it is compressed ' * 20


def check(directory, signatures=SIGNATURES, **options):
    """The scan of a directory without faults agrees with the reference; returns the result."""
    result = scan(signatures, directory=directory, **options)
    assert result['errors'] == []
    reference.agree(result, reference.read(signatures, '--directory=' + str(directory)))
    return result


def count(result, name='anyone'):
    return next(row['count'] for row in result['signatures'] if row['id'] == name)


# --- sizes, boots, clocks, formats ----------------------------------------------------------------------------------


def test_an_empty_journal(tmp_path):
    path = journals.write(tmp_path / 'x.journal', [])
    assert os.path.exists(path)
    result = check(tmp_path)
    assert (result['entries'], result['cursor'], result['boots']) == (0, '', [])


@pytest.mark.parametrize('size, boots', [(1, 1), (1000, 1), (1000, 50), (20000, 10), (100000, 1), (100000, 50)])
def test_sizes_and_boots_and_clocks_that_jump(tmp_path, size, boots):
    journals.write(tmp_path / 'x.journal', journals.generated(size, boots, seed=size + boots))
    result = check(tmp_path)
    assert result['entries'] == size
    assert len(result['boots']) == boots


def test_times_in_no_order_at_all(tmp_path):
    """The clock of the hardware is broken: each entry has any time, so that no search by time finds its way."""
    chance = random.Random(3)
    rows = [
        entry(
            chance.choice(['something known', 'ordinary %d' % number]),
            _BOOT_ID=chance.choice(BOOTS[:5]),
            __REALTIME_TIMESTAMP=str(START + chance.randrange(-(10**15), 10**15)),
            __MONOTONIC_TIMESTAMP=str(chance.randrange(1, 10**12)),
        )
        for number in range(2000)
    ]
    journals.write(tmp_path / 'x.journal', rows)
    assert 900 < count(check(tmp_path)) < 1100


@pytest.mark.parametrize('compress', ['no', 'yes'])
@pytest.mark.parametrize('keyed', [False, True], ids=['plain', 'keyed'])
@pytest.mark.parametrize('compact', [False, True], ids=['wide', 'compact'])
def test_file_formats(tmp_path, compress, keyed, compact):
    path = journals.write(
        tmp_path / 'x.journal',
        journals.generated(3000, 7, padding=SIX_HUNDRED),
        ('--compress=' + compress,),
        SYSTEMD_JOURNAL_KEYED_HASH=str(int(keyed)),
        SYSTEMD_JOURNAL_COMPACT=str(int(compact)),
    )
    # The file is what was asked for, else the test would say nothing.
    wanted = set(name for name, is_wanted in (('keyed', keyed), ('compact', compact)) if is_wanted)
    assert journals.flags(path) & {'keyed', 'compact'} == wanted
    assert (journals.stored_compressed(path) > 300) == (compress == 'yes')
    assert count(check(tmp_path)) == 300
    assert count(check(tmp_path), 'kernel') == 90


@pytest.fixture(scope='module')
def remote_257(tmp_path_factory):
    """systemd-journal-remote of systemd 257, of the sandbox's image: writes entries to a file, compressed as wished."""
    image = 'localhost/log-hygiene-el10'
    subprocess.run(
        [os.path.join(os.path.dirname(PODMAN), 'sandbox'), 'build', 'el10'], stderr=subprocess.PIPE, check=True
    )

    def write(path, entries, **environ):
        os.makedirs(os.path.dirname(str(path)), exist_ok=True)
        script = 'exec /usr/lib/systemd/systemd-journal-remote --output=/out/%s -' % os.path.basename(str(path))
        command = [PODMAN, 'run', '--rm', '--interactive', '--network=none', '--security-opt=label=disable']
        command += ['--ulimit=nofile=20000:20000', '--ulimit=nproc=30000:30000']
        command += ['--volume=%s:/out' % os.path.dirname(str(path)), '--entrypoint=/bin/sh']
        command += ['--env=%s=%s' % pair for pair in environ.items()]
        done = subprocess.run(
            command + [image, '-c', script],
            input=b''.join(journals.export(entries)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, done.stdout.decode('utf-8', 'replace')
        return str(path)

    return write


@pytest.mark.parametrize('codec', ['xz', 'lz4', 'zstd'])
@pytest.mark.parametrize('generation', [{}, journals.OLD_FORMAT], ids=['today', 'el7-el8'])
def test_compression_of_other_generations(remote_257, tmp_path, codec, generation):
    """EL7 wrote XZ (219), EL8 LZ4 (239), both without keyed hashes and compact mode; EL9 and EL10 write ZSTD."""
    path = remote_257(
        tmp_path / 'x.journal',
        journals.generated(1000, 3, padding=SIX_HUNDRED),
        SYSTEMD_JOURNAL_COMPRESS=codec.upper(),
        **generation
    )
    assert journals.flags(path) == {codec} | (set() if generation else {'keyed', 'compact'})
    assert journals.stored_compressed(path) >= 100
    assert count(check(tmp_path)) == 100


@pytest.mark.parametrize('python', [version for version in ('2.7', '3.6', '3.13') if version in PYTHONS])
def test_every_python_finds_the_same(tmp_path, collection, python):
    folder = tmp_path / 'journal'
    rows = list(journals.generated(2000, 5, padding=SIX_HUNDRED, machines=2))
    journals.write(folder / 'compressed.journal', rows[:1000], ('--compress=yes',))
    journals.write(folder / 'old.journal', rows[1000:], **journals.OLD_FORMAT)
    result = Target(tmp_path / 'target', collection, PYTHONS[python]).scan(SIGNATURES, directory=folder)
    assert result['errors'] == []
    reference.agree(result, reference.read(SIGNATURES, '--directory=' + str(folder)))
    assert count(result) == 200


# --- messages and fields of every kind ------------------------------------------------------------------------------


@pytest.mark.parametrize('compress', ['no', 'yes'])
def test_messages_of_every_kind(tmp_path, compress):
    kinds = [
        '',
        None,
        'x' * 2**20 + 'something known',
        'something known\nand more\n',
        b'\xff\xfesomething known',
        b'something\0 known something known',
        ['else', 'something known'],
        ['something known', 'something known'],
        ['something known', b'\xff'],
        '\x1b[31msomething known',
        'something known \ud55c\uae00',
        '\tsomething known',
        'something\nknown',
        'MESSAGE=something known',
        'x' * 600 + 'something known',
    ]
    rows = [entry(message, number) for number, message in enumerate(kinds)]
    journals.write(tmp_path / 'x.journal', rows, ('--compress=' + compress,))
    result = check(tmp_path)
    assert (result['entries'], count(result)) == (15, 12)


def test_a_literal_at_each_place_of_an_object(tmp_path):
    """Objects are padded to eight bytes and lie end to end: what follows a literal depends on its length."""
    rows = [entry('x' * before + 'something known' + 'y' * after) for before in range(9) for after in range(9)]
    rows += [entry('x' * before + 'something know') for before in range(9)]
    journals.write(tmp_path / 'x.journal', rows)
    assert count(check(tmp_path)) == 81


def test_a_literal_where_no_message_is(tmp_path):
    """In other fields, also in those whose name ends alike, and in an entry whose message says something else."""
    names = ['_CMDLINE', 'OLD_MESSAGE', 'MESSAGE_ID', 'XMESSAGE', 'SYSLOG_RAW', 'SYSLOG_IDENTIFIER']
    rows = [
        entry('ordinary', **{name: text}) for name in names for text in ('something known', 'MESSAGE=something known')
    ]
    rows += [entry(None, **{name: 'something known'}) for name in names]
    rows += [entry('ordinary', _CMDLINE=b'\0\nMESSAGE=something known\n\0')]
    journals.write(tmp_path / 'x.journal', rows)
    assert count(check(tmp_path)) == 0


def test_a_field_that_looks_like_an_object(tmp_path):
    """Anybody may log a field that holds the bytes of a data object, with a message, where one could lie."""
    message = b'MESSAGE=something known'
    # Type, flags, size; hash, next in its bucket, next of its field, entry, array of entries, number of entries.
    forged = [
        struct.pack('<BB6xQ', 1, 0, 64 + extra + len(message)) + struct.pack('<6Q', 7, 0, 0, place, 0, 1) + bytes(extra)
        for extra in (0, 8)
        for place in (0, 0x100000, 2**40)
    ]
    rows = [
        entry('ordinary', number, _CMDLINE=b'x' * (number % 8) + forged[number % 6] + message) for number in range(48)
    ]
    rows.append(entry('something known', 60))
    journals.write(tmp_path / 'x.journal', rows)
    assert count(check(tmp_path)) == 1


def test_fields_of_every_kind(tmp_path):
    kinds = [
        {},
        {'SYSLOG_IDENTIFIER': None},
        {'SYSLOG_IDENTIFIER': None, '_COMM': None},
        {'_TRANSPORT': 'syslog'},
        {'_TRANSPORT': None},
        {'PRIORITY': None},
        {'PRIORITY': '3'},
        {'PRIORITY': 'x'},
        {'PRIORITY': ['5', '3']},
        {'SYSLOG_IDENTIFIER': ['systemd-tmpfiles', 'x']},
        {'SYSLOG_IDENTIFIER': b'\xff'},
        {'_COMM': 'other'},
        {'SYSLOG_IDENTIFIER': None, '_COMM': 'other'},
        {'COREDUMP': b'\0' * 300000},
        {'SYSLOG_IDENTIFIER': ''},
        {'_TRANSPORT': ''},
        {'_TRANSPORT': ['syslog', 'journal']},
        {'PRIORITY': '04'},
        {'PRIORITY': ''},
    ]
    usual = {'SYSLOG_IDENTIFIER': 'systemd-tmpfiles', '_COMM': 'systemd-tmpfile', '_TRANSPORT': 'journal'}
    rows = [entry(ACL, number, **dict(usual, **kind)) for number, kind in enumerate(kinds)]
    journals.write(tmp_path / 'x.journal', rows)
    # Which of two values comes first is up to the file; journalctl's JSON and the scan read the same file.
    assert 9 <= count(check(tmp_path), 'tmpfiles') <= 12


def test_one_text_from_many_sources(tmp_path):
    """The file stores a text once, whoever said it: each entry must be judged by its own fields."""
    usual = {'SYSLOG_IDENTIFIER': 'systemd-tmpfiles', '_TRANSPORT': 'journal', 'PRIORITY': '4'}
    others = [
        {'SYSLOG_IDENTIFIER': 'logger'},
        {'_TRANSPORT': 'stdout'},
        {'PRIORITY': '2'},
        {'_TRANSPORT': 'audit'},
        {'SYSLOG_IDENTIFIER': 'ansible-command'},
        {'SYSLOG_IDENTIFIER': None, '_COMM': 'systemd-tmpfile'},
        {'SYSLOG_IDENTIFIER': None, '_COMM': 'python3'},
    ]
    chance = random.Random(5)
    rows = [entry(ACL, number, **dict(usual, **(chance.choice(others) if number % 3 else {}))) for number in range(600)]
    journals.write(tmp_path / 'x.journal', rows)
    result = check(tmp_path)
    assert 200 < count(result, 'tmpfiles') < 350
    assert result['signatures'][0]['lookalikes']['count'] > 100


def test_every_text_from_every_source(tmp_path):
    """The traces of command lines, and what a text log would show: each rule has its entries here, in every mixture."""
    known = 'something known'
    texts = [
        known,
        'ansible-command Invoked with ' + known,
        ' ansible-command Invoked with ' + known,
        'ansible-command Invokedwith ' + known,
        'ansible-command said ' + known,
        'ansible- Invoked with ' + known,
        'root : TTY=pts/0 ; COMMAND=/bin/grep ' + known,
        '(command continued) ' + known,
        'root ran command ' + known + ' as root from /',
        'type=1309 audit(1795363280.1:9): a0=' + known,
        'audit: type=1309 audit(1795363280.1:9): a0=' + known,
        'audit: type=SYSCALL ' + known,
    ]
    identifiers = [
        None,
        '',
        'app',
        'kernel',
        'journal',
        'sudo',
        'doas',
        'sudoku',
        'audit',
        'auditd',
        'auditor',
        'audispd',
    ]
    identifiers += ['app-generator', 'systemd', 'audisp-remote', 'ansible-x', 'ansible', 'python3', 'platform-python', 'app-with-a-long-name']
    comms = [None, 'app', 'app-with-a-long', 'python3']
    transports = [None, 'kernel', 'journal', 'syslog', 'stdout', 'audit', 'driver']
    sources = [
        {},
        {'identifiers': ['app', 'sudo', 'auditor']},
        {'identifiers': ['app-with-a-long-name']},
        {'comms': ['app-with-a-long-name', 'python3']},
        {'identifiers': ['kernel'], 'comms': ['app']},
        {'transport': ['kernel']},
        {'transport': ['kernel', 'syslog'], 'priority': 'warning'},
        {'transport': ['driver', 'audit']},
        {'transport': ['journal'], 'comms': ['app']},
        {'identifiers': ['sudo'], 'priority': 'debug'},
        {'uid': 'root'},
        {'uid': 'any', 'exes': ['/usr/bin/app', '/usr/libexec/app']},
        {'identifiers': ['kernel', 'app-generator', 'systemd'], 'transport': ['kernel']},
    ]
    signatures = [
        {'id': 'source-%d' % number, 'match': dict(source, literal=known, regex=known)}
        for number, source in enumerate(sources)
    ]
    rows = [
        entry(
            text, number, SYSLOG_IDENTIFIER=identifier, _COMM=comm, _TRANSPORT=transport, PRIORITY='%d' % (number % 8),
            **WRITERS[number % len(WRITERS)]
        )
        for number, (text, identifier, comm, transport) in enumerate(
            itertools.product(texts, identifiers, comms, transports)
        )
    ]
    journals.write(tmp_path / 'x.journal', rows)
    result = check(tmp_path, signatures)
    assert 1000 < result['signatures'][0]['count'] < len(rows) // 2
    assert all(row['count'] for row in result['signatures'] if row['id'] not in ('source-7', 'source-9'))
    assert set(log['sink'] for row in result['signatures'] for log in row['lookalikes']['shown_in']) == {'messages', 'secure'}


PROOF = ('proof-0123456789abcdef authpriv.err TEST of log routing by loghygiene.rhel, no action is needed. '
         '로그 전달 시험입니다. 조치할 필요가 없습니다.')


def test_nobody_hides_behind_what_the_collection_writes(tmp_path):
    """The proof of a policy fills the journal with test messages; an intruder would like to be taken for one, or for Ansible."""
    sent = {'SYSLOG_IDENTIFIER': 'log_hygiene_proof', '_TRANSPORT': 'syslog', '_UID': '0', 'SYSLOG_FACILITY': '10', 'PRIORITY': '3'}
    invoked = 'ansible-command Invoked with x'
    rows = [entry(PROOF, 1, **sent), entry(PROOF.replace('authpriv', 'kern'), 2, **dict(sent, SYSLOG_FACILITY=None))] + [
        entry(text, 3 + number, **dict(sent, **more)) for number, (text, more) in enumerate([
            ('Failed password for root', {}), (PROOF + ' Failed password for root', {}), (PROOF.replace('err', 'info'), {}),
            (PROOF, {'_UID': '1000'}), (PROOF, {'_UID': None}), (PROOF, {'_TRANSPORT': 'journal'}),
            (PROOF, {'SYSLOG_FACILITY': '3'}), (PROOF, {'PRIORITY': '1'}),
            ([PROOF, 'Failed password for root'], {}),  # two messages in one entry
            ('Failed password for root', {'SYSLOG_IDENTIFIER': 'ansible-command'}), (invoked, {'SYSLOG_IDENTIFIER': 'ansible-command'}),
            (invoked, {'SYSLOG_IDENTIFIER': 'sshd'}), ('type=1300 audit(1.2:3): x', {'SYSLOG_IDENTIFIER': 'sshd'}),
            ('type=1300 audit(1.2:3): x', {'SYSLOG_IDENTIFIER': 'audispd', '_UID': '1000'})])]
    journals.write(tmp_path / 'x.journal', rows)
    for options in ({}, {'since': '2020-01-01'}):
        result = check(tmp_path, unexplained=True, **options)
        assert (result['unexplained']['entries'], result['unexplained']['test_messages']) == (len(rows) - 2, 2)


def test_what_no_signature_explains(tmp_path):
    chance = random.Random(6)
    texts = [
        'something known',
        ACL,
        'disk sda1 failed at sector %d',
        'ansible-command Invoked with something known',
        'alice : user NOT in sudoers ; TTY=pts/1 ; COMMAND=/bin/grep something known',
        '',
    ]
    rows = [
        entry(
            chance.choice(texts).replace('%d', str(number)),
            number,
            PRIORITY=chance.choice(list('01234567') + ['x', None]),
            SYSLOG_IDENTIFIER=chance.choice(['kernel', 'sudo', 'systemd-tmpfiles', 'ansible-command']),
            _TRANSPORT=chance.choice(['kernel', 'journal', 'audit']),
        )
        for number in range(1000)
    ]
    journals.write(tmp_path / 'x.journal', rows)
    result = check(tmp_path, unexplained=True)
    groups = result['unexplained']['groups']
    assert result['unexplained']['entries'] == sum(group['count'] for group in groups) > 50
    assert (result['unexplained']['more_groups'], result['unexplained']['more_entries']) == (0, 0)
    assert len([group for group in groups if group['template'].startswith('disk')]) <= 8
    assert any('NOT in sudoers' in group['template'] and group['program'] == 'sudo' for group in groups)
    assert scan(SIGNATURES, directory=tmp_path)['unexplained'] is None


# --- random journals ------------------------------------------------------------------------------------------------

# Of what nobody but journald and the kernel sets; primes with the numbers of the texts above.
WRITERS = [
    {'SYSLOG_FACILITY': facility, '_UID': uid, '_EXE': exe}
    for facility, uid, exe in itertools.product(
        ['0', '3', '10', None, '2', '0'], ['0', '25', '1000', None], ['/usr/bin/app', '/usr/bin/cat', None]
    )
][:71]

PIECES = st.one_of(
    st.sampled_from(
        [
            'something known',
            'something know',
            'flip_done timed out',
            ACL,
            'MESSAGE=something known',
            'ansible-command Invoked with something known',
            'ansible-x said something known',
            'audit: type=1 audit(1): something known',
            'COMMAND=grep something known',
            'x' * 600,
            ' ',
            '\n',
            '\0',
        ]
    ),
    st.text(max_size=12),
    st.binary(max_size=12),
)
TEXTS = st.lists(PIECES, max_size=3).map(
    lambda pieces: b''.join(piece if isinstance(piece, bytes) else piece.encode('utf-8') for piece in pieces)
)
SOURCES = {
    'SYSLOG_IDENTIFIER': [
        None,
        'kernel',
        'systemd-tmpfiles',
        'sudo',
        'auditd',
        'ansible-x',
        'python3',
        '',
        b'\xff',
        ['a', 'kernel'],
    ],
    '_COMM': [None, 'systemd-tmpfile', 'systemd-tmpfiles', 'python3', 'x'],
    '_TRANSPORT': [None, 'kernel', 'journal', 'syslog', 'stdout', 'audit', 'driver', ['kernel', 'syslog']],
    'PRIORITY': [None, '0', '3', '4', '6', '7', 'x', '', ['3', '6']],
    'SYSLOG_FACILITY': [None, '0', '0', '1', '2', '10', 'x', '99', ''],
    '_UID': [None, '0', '0', '25', '999', '1000', '01', ''],
    '_EXE': [None, '/usr/bin/gnome-software', '/usr/bin/cat'],
    '_CMDLINE': [None, 'grep something known', 'MESSAGE=something known'],
    '_MACHINE_ID': MACHINES + [None],
    '_HOSTNAME': [None, 'a', 'b'],
    '_BOOT_ID': BOOTS[:3],
}
ENTRIES = st.fixed_dictionaries(
    dict(
        ((name, st.sampled_from(options)) for name, options in SOURCES.items()),
        message=st.one_of(TEXTS, st.lists(TEXTS, max_size=3)),
        __REALTIME_TIMESTAMP=st.integers(1, 20).map(lambda number: str(START + number * 777777)),
        __MONOTONIC_TIMESTAMP=st.integers(1, 20).map(str),
    )
)
# How a journal may be written; journalctl's own choice first.
FORMATS = [
    (('--compress=yes',), {}),
    (('--compress=no',), {}),
    (('--compress=no',), journals.OLD_FORMAT),
    (('--compress=yes',), {'SYSTEMD_JOURNAL_KEYED_HASH': '0'}),
]


@settings(max_examples=int(os.environ.get('LOG_HYGIENE_EXAMPLES') or 300))
@given(st.lists(ENTRIES, max_size=12), st.sampled_from(FORMATS))
@example([dict(message=b'x' * 2**20 + b'something known', _BOOT_ID=BOOTS[0])], FORMATS[0])
def test_random_journals(tmp_path_factory, rows, how):
    folder = tmp_path_factory.mktemp('journal')
    try:
        journals.write(folder / 'x.journal', [entry(**row) for row in rows], how[0], **how[1])
        check(folder, SIGNATURES + journals.OF_WRITERS)
    finally:
        shutil.rmtree(str(folder))


# --- many signatures, and a bad one ---------------------------------------------------------------------------------

MESSAGES = ['cannot', 'failed', 'refused', 'expired', 'unexpected', 'sector', 'device', 'session', 'socket', 'timeout']


def made_signatures(number):
    """Signatures as people write them, all different: text, numbers, paths, sources."""
    chance = random.Random(11)
    made = []
    for index in range(number):
        words = ' '.join(chance.choice(MESSAGES) for _word in range(3))
        literal = '%s unit-%d:' % (words, index)
        match = {
            'literal': literal,
            'regex': chance.choice(['^%s', '%s', r'%s \S+ is gone$', r'(?:^|: )%s (?:/\S+|\d+)']) % literal,
        }
        source = index % 4
        if source == 1:
            match.update(identifiers=['daemon%d' % (index % 50)], transport=['syslog', 'journal'])
        elif source == 2:
            match.update(transport=['kernel'], priority='err')
        elif source == 3:
            match.update(identifiers=['daemon%d' % (index % 50)], comms=['daemon%d-worker-process' % (index % 50)])
        made.append({'id': 'made-%d' % index, 'match': match})
    return made


def test_a_thousand_signatures(tmp_path):
    signatures, chance = made_signatures(1000), random.Random(12)
    rows = []
    for number in range(3000):
        literal = signatures[chance.randrange(0, 1000, 7)]['match']['literal'] if number % 3 else 'nothing of note:'
        rows.append(
            entry(
                chance.choice(['', 'daemon: '])
                + literal
                + chance.choice([' /dev/sda is gone', ' 12', ' thing is gone', '']),
                number,
                SYSLOG_IDENTIFIER=chance.choice(['daemon%d' % chance.randrange(50), 'kernel', None]),
                _COMM='daemon%d-worker-process' % chance.randrange(50),
                _TRANSPORT=chance.choice(['kernel', 'syslog', 'journal']),
                PRIORITY=chance.choice('234'),
            )
        )
    journals.write(tmp_path / 'x.journal', rows)
    result = check(tmp_path, signatures)
    assert sum(row['count'] for row in result['signatures']) > 300
    assert sum(row['count'] > 0 for row in result['signatures']) > 60


@pytest.mark.parametrize('python', [None] + [version for version in ('2.7', '3.6') if version in PYTHONS])
def test_a_regex_that_backtracks_without_end_does_not_hang_the_host(tmp_path, collection, python):
    """The catalog would refuse it; given to the module it must end soon, and say whose it is."""
    journals.write(
        tmp_path / 'x' / 'x.journal', [entry('something known'), entry('something ' + 'a' * 60 + 'b known', 1)]
    )
    bad = {'id': 'endless', 'match': {'literal': 'something', 'regex': r'(a+)+$'}}
    target = Target(tmp_path / 'target', collection, python and PYTHONS[python])
    answer = target.answer(SIGNATURES + [bad], directory=tmp_path / 'x')
    assert answer['failed'] is True
    assert 'endless: key match.regex' in answer['msg']


def test_a_regex_that_is_none_is_refused():
    bad = {'id': 'broken', 'match': {'literal': 'something', 'regex': '('}}
    assert refusal([bad]).startswith('signatures: broken: key match.regex')


# --- a journal that grows while it is read --------------------------------------------------------------------------


class Growing:
    """systemd-journal-remote that writes an entry every few milliseconds, every third of them known."""

    def __init__(self, path, entries):
        self.path, self._number = str(path), entries
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self._process = subprocess.Popen(
            [JOURNAL_REMOTE[0], '--output=' + self.path, '--compress=no', '-'],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._thread = threading.Thread(target=self._feed)
        self._thread.start()
        deadline = time.monotonic() + 30
        while not os.path.exists(self.path) or not os.path.getsize(self.path) or not journals.entries_held(self.path):
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def _feed(self):
        for number in range(self._number):
            message = 'something known' if number % 3 == 0 else 'ordinary %d' % number
            rows = [entry(message, number, _BOOT_ID=BOOTS[number * 3 // self._number])]
            self._process.stdin.write(b''.join(journals.export(rows)))
            self._process.stdin.flush()
            if number % 50 == 0:
                time.sleep(0.01)
        self._process.stdin.close()

    def alive(self):
        return self._process.poll() is None

    def close(self):
        self._thread.join()
        assert self._process.wait() == 0


def test_a_file_being_written_is_read_as_it_was_at_one_moment(tmp_path):
    journal = Growing(tmp_path / 'x.journal', 20000)
    seen = [0]
    try:
        while journal.alive():
            before = journals.entries_held(journal.path)
            result = scan(SIGNATURES, directory=tmp_path)
            after = journals.entries_held(journal.path)
            assert result['errors'] == []
            assert max(before, seen[-1]) <= result['entries'] <= after
            assert count(result) == (result['entries'] + 2) // 3
            assert sum(boot['entries'] for boot in result['boots']) == result['entries']
            seen.append(result['entries'])
    finally:
        journal.close()
    assert len(set(seen)) > 5  # it did grow meanwhile
    assert check(tmp_path)['entries'] == 20000


def test_scans_of_a_file_being_written_add_up(tmp_path):
    """Each continues where the last one ended: every entry is counted once, none twice."""
    journal = Growing(tmp_path / 'x.journal', 20000)
    cursor, entries, known, steps = '', 0, 0, 0
    try:
        writing = True
        while writing:
            writing = journal.alive()  # the last round runs when nothing can come any more
            result = scan(SIGNATURES, directory=tmp_path, cursor=cursor)
            assert result['errors'] == []
            cursor, steps = result['cursor'], steps + bool(result['entries'])
            entries += result['entries']
            known += count(result)
            assert known == (entries + 2) // 3
    finally:
        journal.close()
    assert (entries, known) == (20000, 6667)
    assert steps > 5


# --- the result -----------------------------------------------------------------------------------------------------


def test_the_result(tmp_path):
    journals.write(
        tmp_path / 'x.journal',
        [
            entry('else', 0),
            entry('something known', 1),
            entry('something known', 2, _BOOT_ID=BOOTS[1]),
            entry('something known', 7200, _BOOT_ID=BOOTS[1]),
        ],
    )
    result = check(tmp_path)
    assert [(boot['first_monotonic'] // 1000000, boot['last_monotonic'] // 1000000) for boot in result['boots']] == [(1, 2), (3, 7201)]
    row = result['signatures'][2]
    first, last = '2026-11-22T16:01:21.000000Z', '2026-11-22T18:01:20.000000Z'
    assert (row['count'], row['first_seen'], row['last_seen'], row['episodes']) == (3, first, last, 2)
    assert [(boot['boot_id'], boot['count']) for boot in row['boots']] == [(BOOTS[0], 1), (BOOTS[1], 2)]
    assert [boot['entries'] for boot in result['boots']] == [2, 2]
    assert result['files'] == [str(tmp_path / 'x.journal')]
    sample = row['samples'][0]
    found = reference.rows('--directory=%s' % tmp_path, '--cursor=' + sample['cursor'], '--lines=1')
    assert (found[0]['MESSAGE'], sample['text']) == ('something known', 'something known')


def test_samples_are_the_newest_matches_and_their_cursors_lead_to_them(tmp_path):
    rows = [entry('something known %d' % (number // 3), number, _BOOT_ID=BOOTS[number // 10]) for number in range(30)]
    rows.append(entry('<asm>:[INFO]' + 'x' * 5000, 40, _TRANSPORT='syslog'))
    journals.write(tmp_path / 'x.journal', rows)
    for wanted in (0, 1, 4, 100):
        result = check(tmp_path, max_samples=wanted)
        samples = result['signatures'][2]['samples']
        assert len(samples) == min(wanted, 30)
        for number, sample in enumerate(samples, 30 - len(samples)):
            entries = reference.rows('--directory=%s' % tmp_path, '--cursor=' + sample['cursor'], '--lines=1')
            assert reference.micros(sample['at']) == int(entries[0]['__REALTIME_TIMESTAMP']) == START + number * 1000000
            assert sample['text'] == entries[0]['MESSAGE'] == 'something known %d' % (number // 3)
        like = result['signatures'][1]['lookalikes']['samples']
        assert [len(sample['text']) for sample in like] == [2001] * min(wanted, 1)


# --- how long after a boot -------------------------------------------------------------------------------------------


@pytest.mark.parametrize('way', ['directly', 'through journalctl'])
def test_later_than_soon_after_a_boot_it_is_another_event(tmp_path, way, monkeypatch):
    """By the monotonic time of the entry, whatever the clock was: the boots are a second apart here."""
    journals.write(tmp_path / 'a.journal', [
        entry('a driver is old', number, _BOOT_ID=BOOTS[number // 3], PRIORITY='2', __MONOTONIC_TIMESTAMP=str(monotonic))
        for number, monotonic in enumerate([1, 300000000, 300000001, 86400000000, 299999999, 5])])
    if way != 'directly':
        def unreadable(*_arguments):
            raise Unreadable('of a kind that is unknown here')
        monkeypatch.setattr(journal_scan, 'FileSearch', unreadable)
    boot = {'id': 'boot', 'match': {'transport': ['kernel'], 'literal': 'a driver is old', 'regex': '^a driver is old$',
                                    'boot_seconds': 300}}
    result = scan([boot], directory=tmp_path, unexplained=True)
    assert (way == 'directly') == ('journalctl' not in result['method'])
    assert count(result, 'boot') == 4 and result['signatures'][0]['lookalikes']['count'] == 2
    assert result['unexplained']['entries'] == 2


# --- continuing from a cursor ---------------------------------------------------------------------------------------


def test_what_came_after_a_reboot_with_the_clock_set_back(tmp_path):
    """journald 239 and later sets the file "from the future" aside and begins another, of another writer."""
    old = [entry('something known', number) for number in range(33)]
    journals.write(tmp_path / 'system.journal', old)
    first = scan(SIGNATURES, directory=tmp_path)
    os.rename(tmp_path / 'system.journal', tmp_path / 'system@0006396f1e2ac5e1-2f3c5d4b6a798081.journal~')
    new = [
        entry('something known', number - 400000, _BOOT_ID=BOOTS[1], __MONOTONIC_TIMESTAMP=str(number + 1))
        for number in range(25)
    ]
    journals.write(tmp_path / 'system.journal', new)
    second = scan(SIGNATURES, directory=tmp_path, cursor=first['cursor'])
    assert (first['entries'], second['entries'], count(second), second['undecided']) == (33, 25, 25, 0)
    # What journalctl itself makes of the same cursor, which is why it is not asked.
    plain = first['cursor'].partition(';k=')[0]
    assert len(reference.rows('--directory=%s' % tmp_path, '--after-cursor=' + plain)) < 25
    # Nothing but the cursor of an earlier version: more is counted, and that is told.
    third = scan(SIGNATURES, directory=tmp_path, cursor=plain)
    assert (third['entries'], third['undecided']) == (25, 25)
    assert [row['kind'] for row in second['losses']] == []
    assert scan(SIGNATURES, directory=tmp_path, cursor=second['cursor'])['entries'] == 0
