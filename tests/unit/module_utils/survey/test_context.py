# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the survey tells beside a message, by a real journalctl, modinfo and rpm, from a journal and text logs made here."""
from __future__ import absolute_import, division, print_function

import io
import os

import journal_builder
import pytest
from journal_builder import BOOTS, START, fields_of

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._journal import scan as journal_scan
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import neighbours as logfile, scan as logfile_scan
from ansible_collections.loghygiene.rhel.plugins.module_utils._survey import context

__metaclass__ = type

BOTH = {'en': 'x', 'ko': 'x'}
ADDRESS = r'(?P<address>[0-9a-f.:]{2,45}) port (?P<port>[0-9]{1,5})'
SSHD = {
    'id': 'sshd-odd', 'match': {'identifiers': ['sshd'], 'transport': ['syslog'], 'uid': 'any', 'literal': 'dispatch_protocol_error',
                                'regex': '^dispatch_protocol_error: type [0-9]+$', 'priority': 'info'},
    'context': [{'tells': BOTH, 'from': 'process', 'seconds': 3600, 'before': 2, 'after': 1,
                 'lines': ['^(?:Connection|Disconnected) from %s' % ADDRESS,
                           '^Accepted [a-z]{1,20} for (?P<user>[!-~]{1,64}) from %s ssh2$' % ADDRESS]}]}
LIMITED = {
    'id': 'limited', 'match': {'transport': ['kernel'], 'literal': 'callbacks suppressed',
                               'regex': '^(?P<function>[a-z_]+): [0-9]+ callbacks suppressed$', 'priority': 'warning'},
    'context': [{'tells': BOTH, 'from': 'kernel', 'holding': 'function', 'seconds': 600, 'before': 3, 'after': 2},
                {'tells': BOTH, 'from': 'kernel', 'seconds': 60, 'before': 2, 'after': 1}]}
KEY = {
    'id': 'key', 'match': {'transport': ['kernel'], 'literal': 'unknown module key', 'regex': '^Request for unknown module key', 'priority': 'warning'},
    'context': [{'tells': BOTH, 'from': 'kernel', 'seconds': 10, 'after': 2, 'lines': ['^(?P<module>[a-z0-9_-]{1,64}): module verification failed']},
                {'tells': BOTH, 'from': 'host', 'identifiers': ['systemd-modules-load'], 'seconds': 60, 'before': 3, 'after': 1,
                 'lines': ["^Inserted module '(?P<module>[a-z0-9_-]{1,64})'"]},
                {'tells': BOTH, 'from': 'audit', 'seconds': 60, 'before': 3, 'after': 3, 'lines': ['^KERN_MODULE name="?(?P<module>[a-z0-9_-]{1,64})']}]}


def sshd(text, number, pid=b'700', **more):
    return fields_of(text, number, **dict({'_TRANSPORT': b'syslog', 'SYSLOG_IDENTIFIER': b'sshd', '_PID': pid, '_UID': b'0', 'PRIORITY': b'6'}, **more))


def host(text, number, name, uid=b'0', transport=b'journal', **more):
    return fields_of(text, number, **dict({'_TRANSPORT': transport, 'SYSLOG_IDENTIFIER': name, '_UID': uid, '_PID': b'50'}, **more))


def tool(name, opt_dirs=None):
    paths = [os.path.join(folder, name) for folder in os.environ['PATH'].split(':') + list(opt_dirs or ())]
    return next((path for path in paths if os.access(path, os.X_OK)), None)


@pytest.fixture
def look(tmp_path):
    journalctl = tool('journalctl')
    if not journalctl:
        pytest.skip('needs journalctl')

    def given(rows, *signatures):
        """The context that a journal of these entries gives."""
        builder = journal_builder.Builder()
        for row in rows:
            builder.append(*row)
        folder = tmp_path / 'journal'
        folder.mkdir()
        (folder / 'system.journal').write_bytes(bytes(builder.data))
        found = journal_scan.look(journalctl, list(signatures), directory=str(folder))
        return context.gather(journalctl, tool, list(signatures), {'journal': found}, str(folder))
    return given


def texts(row, number=0):
    return [line['text'] for line in row['looks'][number]['lines']]


class TestPeer:
    def test_lines_of_the_same_process_in_the_same_boot(self, look):
        row, = look([
            sshd(b'Connection from 10.9.9.9 port 9 on 10.0.0.1 port 22', 0, _BOOT_ID=BOOTS[1]),  # that process in another boot
            sshd(b'Connection from 192.0.2.7 port 51312 on 10.0.0.1 port 22', 1),
            sshd(b'Connection from 192.0.2.8 port 1 on 10.0.0.1 port 22', 2, pid=b'701'),
            host(b'Connection from 192.0.2.9 port 2', 3, b'postfix', _PID=b'700'),
            sshd(b'Accepted password for kim from 192.0.2.7 port 51312 ssh2', 4),
            sshd(b'dispatch_protocol_error: type 11', 5),
            sshd(b'Disconnected from 192.0.2.7 port 51312', 6),
            sshd(b'Disconnected from 192.0.2.7 port 51312 once more', 7)], SSHD)
        assert (row['signature_id'], row['sink'], row['text']) == ('sshd-odd', 'journal', 'dispatch_protocol_error: type 11')
        assert texts(row) == ['Connection from 192.0.2.7 port 51312 on 10.0.0.1 port 22',
                              'Accepted password for kim from 192.0.2.7 port 51312 ssh2', 'Disconnected from 192.0.2.7 port 51312']
        assert row['looks'][0]['values'] == {'address': ['192.0.2.7'], 'port': ['51312'], 'user': ['kim']}
        assert not row['looks'][0]['cut'] and row['modules'] == []

    def test_a_flood_of_one_connection_does_not_hide_its_beginning(self, look):
        flood = [sshd(b'dispatch_protocol_error: type 11', number) for number in range(1, 400)]
        rows = look([sshd(b'Connection from 192.0.2.7 port 5', 0)] + flood, SSHD)
        assert [row['looks'][0]['values'] for row in rows] == [{'address': ['192.0.2.7'], 'port': ['5']}] * context.EXAMPLES

    def test_who_else_comes_to_that_number_or_takes_that_tag_is_no_peer(self, look):
        own = dict(_EXE=b'/usr/sbin/sshd')
        row, = look([
            sshd(b'Connection from 192.0.2.7 port 5', 0, **own), sshd(b'dispatch_protocol_error: type 11', 1, **own),
            sshd(b'Disconnected from 203.0.113.66 port 4444', 2, _UID=b'1000', _EXE=b'/usr/bin/logger'),
            sshd(b'Disconnected from 203.0.113.67 port 4444', 3, _EXE=b'/usr/bin/logger')], SSHD)
        assert row['looks'][0]['values'] == {'address': ['192.0.2.7'], 'port': ['5']}

    def test_of_a_number_that_came_again_the_nearest_peer_counts(self, look):
        row, = look([
            sshd(b'Accepted password for kim from 198.51.100.5 port 1 ssh2', 0), sshd(b'Connection from 192.0.2.7 port 5', 1000),
            sshd(b'dispatch_protocol_error: type 11', 1001), sshd(b'Disconnected from 192.0.2.7 port 5', 1002)], SSHD)
        assert row['looks'][0]['values'] == {'address': ['192.0.2.7'], 'port': ['5']}

    def test_a_search_that_ends_before_the_message_names_nobody(self, look, monkeypatch):
        monkeypatch.setattr(context, 'ENTRIES', 6)
        row, = look([sshd(b'Connection from 6.6.6.6 port 6', 0)] + [sshd(b'Something', number) for number in range(1, 20)] + [
            sshd(b'Connection from 192.0.2.7 port 5', 20), sshd(b'dispatch_protocol_error: type 11', 21)], SSHD)
        assert row['looks'] == [{'lines': [], 'values': {}, 'cut': True}]

    def test_none_is_said(self, look):
        row, = look([sshd(b'Connection from 192.0.2.7 port 5', 0), sshd(b'dispatch_protocol_error: type 11', 3601)], SSHD)
        assert row['looks'] == [{'lines': [], 'values': {}, 'cut': False}]

    def test_the_search_is_bounded_and_says_so(self, look, monkeypatch):
        monkeypatch.setattr(context, 'ENTRIES', 5)
        row, = look([sshd(b'Something', number) for number in range(20)] + [sshd(b'dispatch_protocol_error: type 11', 21)], SSHD)
        assert row['looks'] == [{'lines': [], 'values': {}, 'cut': True}]

    def test_hostile_text(self, look):
        long = b'Connection from 192.0.2.7 port 5 ' + b'\x1b[31m\xff<script>' * 500
        row, = look([sshd(long, 0), sshd(b'dispatch_protocol_error: type 11', 1)], SSHD)
        assert len(texts(row)[0]) == context.LENGTH + 1 and row['looks'][0]['values']['port'] == ['5']


class TestNeighbours:
    def test_of_the_kernel_alone(self, look):
        row, = look([
            fields_of(b'lpfc_io: Link down', 0), fields_of(b'other: old', 100), fields_of(b'xlpfc_io is another word', 110),
            fields_of(b'forged', 111, SYSLOG_FACILITY=b'1'), host(b'user', 112, b'app'),
            fields_of(b'lpfc_io: Link up', 113), fields_of(b'lpfc_io: 7 callbacks suppressed', 114),
            fields_of(b'lpfc_io: 8 callbacks suppressed', 115), fields_of(b'eth0: lpfc_io failed', 116), fields_of(b'more', 117)], LIMITED)[1:]
        assert texts(row, 0) == ['lpfc_io: Link down', 'lpfc_io: Link up', 'eth0: lpfc_io failed']
        assert texts(row, 1) == ['xlpfc_io is another word', 'lpfc_io: Link up', 'eth0: lpfc_io failed']


class TestModule:
    ROWS = [
        fields_of(b'fake: module verification failed', 0, SYSLOG_FACILITY=b'1'),
        host(b"Inserted module 'forged'", 1, b'systemd-modules-load', uid=b'1000'), host(b"Inserted module 'loop'", 2, b'systemd-modules-load'),
        host(b'SYSCALL arch=c000003e syscall=313 auid=1000 uid=0 comm="insmod" exe="/usr/bin/kmod"', 2, b'audit', transport=b'audit', _AUDIT_ID=b'7'),
        host(b'KERN_MODULE name="loop"', 2, b'audit', transport=b'audit', _AUDIT_ID=b'7', monotonic=3000001),
        fields_of(b'Request for unknown module key', 3), fields_of(b'loop: module verification failed: signature missing', 4)]

    def test_which_who_and_from_where(self, look):
        row, = look(self.ROWS, KEY)
        assert [one['values'] for one in row['looks']] == [
            {'module': ['loop']}, {'module': ['loop']}, {'module': ['loop'], 'login': ['1000'], 'program': ['/usr/bin/kmod']}]
        module, = row['modules']
        assert (module['name'], module['used_by']) == ('loop', []) and module['loaded'] == os.path.isdir('/sys/module/loop')
        assert set(module) == {'name', 'loaded', 'used_by', 'file', 'package', 'signer'}

    def test_only_root_loads_modules_and_a_search_that_ends_early_says_so(self, look, monkeypatch):
        monkeypatch.setattr(context, 'WALKED', 5)
        between = [host(b'x', number, b'app', uid=b'1000') for number in range(3, 20)]
        row, = look([host(b"Inserted module 'falcon'", 1, b'systemd-modules-load', uid=b'48'), fields_of(b'Request for unknown module key', 2)] + between, KEY)
        assert [one['lines'] for one in row['looks']] == [[], [], []] and [one['cut'] for one in row['looks']] == [True, True, True]

    def test_by_the_log_of_auditd_where_the_journal_has_no_records(self, look, tmp_path, monkeypatch):
        second = START // 1000000 + 3
        records = (u'type=SYSCALL msg=audit(%d.5:9): arch=c000003e syscall=313 auid=1000 exe="/usr/bin/kmod"\n'
                   u'type=KERN_MODULE msg=audit(%d.500:8): name="wrong" type=KERN_MODULE msg=audit(%d.500:8): name="wrong"\n'
                   u'type=SYSCALL msg=audit(%d.500:9): auid=1000 exe="/usr/bin/kmod"\ntype=KERN_MODULE msg=audit(%d.500:9): name="v3core"\n'
                   % (second, second - 100, second, second, second))
        (tmp_path / 'audit.log').write_bytes(records.encode('ascii'))
        monkeypatch.setattr(logfile, 'audit_records', lambda *given, **more: REAL(*given, logs=str(tmp_path / 'audit.log*')))
        row, = look([one for one in self.ROWS if b'audit' not in dict(one[0]).values()], KEY)
        assert row['looks'][2]['values'] == {'module': ['v3core'], 'login': ['1000'], 'program': ['/usr/bin/kmod']}
        assert [module['name'] for module in row['modules']] == ['loop', 'v3core'] and row['modules'][1]['file'] is None


REAL = logfile.audit_records


def test_in_text_logs_where_the_journal_does_not_hold_the_message(tmp_path):
    path = tmp_path / 'secure'
    day = timestamps.to_text(START)[:10]
    lines = [u'%sT16:01:%02d+00:00 web1 %s' % (day, number, text) for number, text in enumerate([
        u'sshd[70]: Connection from 192.0.2.8 port 1', u'sshd[7]: Connection from 192.0.2.7 port 5', u'postfix[7]: Connection from 1.1.1.1 port 5',
        u'app[9]: sshd[7]: Connection from 6.6.6.6 port 1', u'sshd[7]: dispatch_protocol_error: type 11', u'sshd[7]: Disconnected from 192.0.2.7 port 5'])]
    with io.open(str(path), 'w', encoding='utf-8') as stream:
        stream.write(u'\n'.join([u'Nothing here'] * 3000 + lines) + u'\n')
    found = logfile_scan.look(tool, [str(path)], [SSHD])
    row, = context.gather(None, tool, [SSHD], {'journal': {'signatures': []}, 'secure': found})
    assert row['sink'] == 'secure'
    assert texts(row) == ['Connection from 192.0.2.7 port 5', 'Disconnected from 192.0.2.7 port 5']
    assert row['looks'][0]['values'] == {'address': ['192.0.2.7'], 'port': ['5']}
    # Rotated between scan and look, another line stands there.
    with io.open(str(path), 'w', encoding='utf-8') as stream:
        stream.write(u'\n'.join([u'Nothing here'] * 3000 + [line.replace(u'sshd[7]', u'sshd[8]').replace(u'type 11', u'type 12') for line in lines]) + u'\n')
    row, = context.gather(None, tool, [SSHD], {'journal': {'signatures': []}, 'secure': found})
    assert row['looks'] == [{'lines': [], 'values': {}, 'cut': True}]
