# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""host_survey on a host whose journal a real journald keeps: the same as the modules that it is made of, in one call."""
import json
import os
import subprocess
import sys
import time

import journals
import pytest
from journals import ACL, ANYONE, KERNEL, TMPFILES, entry
from remedy_runs import UNPRIVILEGED
from scanning import Target

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import answer as answers

# The journald of the tests of retention has a /var/log of its own.
sys.path.insert(0, os.path.join(os.path.dirname(__file__), os.pardir, 'retention'))
from journald import MACHINE, Journald  # noqa: E402

SIGNATURES = [TMPFILES, KERNEL, ANYONE]
UNIT = 'unit:systemd-tmpfiles-setup.service'
STARTED = {'MESSAGE_ID': '39f53479d3a045ac8e11786248231fbf', 'UNIT': UNIT[5:], '_PID': '1', '_TRANSPORT': 'journal'}
# A host that has just started: PID 1 is the module.
YOUNG = ['unshare', '--pid', '--fork', '--mount-proc']
# Modules one after the other in one process, so that a test takes one start of Python.
CALLS = '''
import json, sys
sys.path[:0] = sys.argv[1:]
from remedy_runs import run_module
print(json.dumps([run_module(name, check, **arguments) for name, check, arguments in json.load(sys.stdin)]))
'''
SEND = '''
import socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stream:
    stream.connect(sys.argv[1])
    for message in sys.argv[2:]:
        stream.send(b'MESSAGE=%s\\nPRIORITY=6\\nSYSLOG_IDENTIFIER=test\\n' % message.encode())
'''
FILL = '''
mkdir /var/log/log_hygiene
cat > /var/log/messages
printf '%s\\n' 'Nov 22 16:01:20 host app[1]: something known 4' > /var/log/log_hygiene/anyone.log
'''
LINES = b'''Nov 22 16:01:20 host kernel: <asm>:[INFO]loaded
Nov 22 16:01:21 host app: something known 1
<12>Nov 22 16:01:22 host app: nobody knows this
'''
SCANS = ('signatures', 'boots', 'machines', 'unexplained', 'losses', 'cursor', 'entries', 'files', 'errors', 'method')


def running_boot():
    with open('/proc/sys/kernel/random/boot_id', encoding='ascii') as source:
        return source.read().strip().replace('-', '')


class Host(Journald):
    """A Journald with entries of an earlier boot and of this one, with text logs, and without /var/log/secure."""

    def __init__(self, target):
        super().__init__('Storage=persistent\n')
        self._target, self._archived = target, 0
        # Before that journald has started, it may remove a file that is just being made.
        self.say('something known 2', 'ordinary')
        self.archive(
            entry('<asm>:[INFO]loaded', 0), entry('something known 1', 1),
            entry(ACL, 2, _TRANSPORT='journal', SYSLOG_IDENTIFIER='systemd-tmpfiles', _UID='0'),
            entry('Started.', 3, **STARTED), entry('nobody knows this', 4))
        self.run(['sh', '-euc', FILL], LINES)

    def say(self, *messages):
        """Log by a process that is none of the scan: what those say is no match."""
        subprocess.run([sys.executable, '-c', SEND, os.path.join(self._sockets, 'socket')] + list(messages), check=True)
        self._wait(lambda: messages[-1].encode() in self.journalctl('--lines=1', '--output=cat'))

    def archive(self, *rows):
        """Put entries into a file beside the journal."""
        self._archived += 1
        name = 'system@%032x-%016x-%016x.journal' % (self._archived, 1, self._archived)
        journals.write(os.path.join(self.journal, name), rows)

    def start_unit(self, at):
        """An entry of PID 1 that a unit was started in this boot, at a time (seconds)."""
        self.archive(entry('Started.', _BOOT_ID=running_boot(), __REALTIME_TIMESTAMP=str(int(at * 1000000)),
                           __MONOTONIC_TIMESTAMP=str(int(time.monotonic() * 1000000)), **STARTED))

    def run(self, command, given=b'', wrap=()):
        """The standard output of a command (bytes) on the host."""
        answer = subprocess.run(self.wrap + list(wrap) + command, input=given, stdout=subprocess.PIPE, check=False,
                                env=dict(os.environ, PYTHONPATH=self._target.folder, PYTHONDONTWRITEBYTECODE='1'))
        assert answer.returncode == 0, answer
        return answer.stdout

    def calls(self, *modules, wrap=()):
        """What modules return: (name, check mode, arguments) each."""
        here = os.path.dirname(os.path.abspath(__file__))
        answer = self.run([sys.executable, '-c', CALLS, os.path.dirname(here)], json.dumps(modules).encode(), wrap)
        results = json.loads(answer.decode())
        for (name, _check, options), result in zip(modules, results):
            if name == 'host_survey' and not result.get('failed'):
                assert answers.problem(result, options) is None
        return results

    def survey(self, check=False, wrap=(), **options):
        """What host_survey returns, which must not fail."""
        found = self.calls(('host_survey', check, options), wrap=wrap)[0]
        assert not found.get('failed'), found
        return found


@pytest.fixture
def host(collection, tmp_path):
    one = Host(Target(tmp_path / 'target', collection))
    yield one
    one.stop()


def counts(result):
    return dict((row['id'], row['count']) for row in result['signatures'])


def kept(result):
    """Of the result of a scanner what host_survey returns."""
    return dict(((key, result[key]) for key in SCANS), undecided=result.get('undecided', 0))


def lasting(row):
    """Of a store what is the same a moment later."""
    return dict((key, row[key]) for key in ('store', 'path', 'oldest', 'newest', 'bytes', 'keep_days', 'meets')), dict(
        (key, value) for key, value in row['rotation'].items() if key not in ('kept_days', 'limit_bytes', 'description'))


def test_it_returns_what_the_single_modules_do(host):
    rules = [{'path': '/var/log/messages', 'keep_days': 30}]
    point = {'at': '2026-11-01T00:00:00Z', 'boot_id': 'f' * 32, 'journal_cursor': '', 'log_cursors': {}}
    told, journal, info, alerts, retention, triggers = host.calls(
        ('host_survey', False, dict(
            signatures=SIGNATURES, unexplained=True, retention={'rules': rules, 'journal_keep_days': 30},
            alerts={'rules': []}, verify_signatures=[ANYONE, KERNEL], packages={'anyone': 'no-such-package', 'unseen': 'systemd'},
            points=[dict(role='tmpfiles_acl', signature_ids=['anyone'], triggers=[UNIT, 'boot'], point=point)])),
        ('journal_scan', False, dict(signatures=SIGNATURES, unexplained=True)),
        ('host_info', False, {}), ('alert_info', False, {'rules': []}),
        ('log_retention_info', False, dict(rules=rules, journal_keep_days=30)),
        ('trigger_info', False, dict(triggers=[UNIT, 'boot'], since=point['at'], past_boot='f' * 32)))
    assert told['problems'] == [] and told['changed'] is False and told['check_mode'] is False
    # Of what was not seen, the host is not asked for a package.
    assert dict(told['host'], now=None) == dict(info['host'], now=None, packages={'no-such-package': None})
    assert set(told['sinks']) == {'journal', 'messages', 'diverted'}  # there is no /var/log/secure
    assert told['sinks']['journal'] == kept(journal)
    assert counts(journal) == {'tmpfiles': 1, 'kernel': 1, 'anyone': 2}
    logs = host.calls(*[('logfile_scan', False, dict(signatures=SIGNATURES, unexplained=True, paths=[path],
                                                    boots=journal['boots']))
                        for path in ('/var/log/messages', '/var/log/log_hygiene/*.log')])
    assert [told['sinks'][sink] for sink in ('messages', 'diverted')] == [kept(log) for log in logs]
    assert [counts(log)['anyone'] for log in logs] == [1, 1] and logs[0]['unexplained']['entries'] == 1
    assert told['alerts'] == dict((key, alerts[key]) for key in told['alerts']) and alerts['ok'] is True
    assert [lasting(row) for row in told['retention']['stores']] == [lasting(row) for row in retention['stores']]
    assert len(retention['stores']) == 2
    assert told['retention']['logrotate'] == retention['logrotate']
    verified, = told['verify']
    for row in verified['triggers'] + triggers['triggers']:
        for run in row['runs']:
            del run['elapsed']
    assert verified['triggers'] == triggers['triggers'] and triggers['triggers'][0]['count'] == 1
    assert [(sink, counts(result)) for sink, result in sorted(verified['sinks'].items())] == [
        ('diverted', {'anyone': 1}), ('journal', {'anyone': 2}), ('messages', {'anyone': 1})]
    assert (verified['roles'], verified['signature_ids'], verified['point']) == (['tmpfiles_acl'], ['anyone'], point)


def test_from_the_ends_of_a_survey_on_only_what_came_since_counts(host):
    first = host.survey(signatures=SIGNATURES)
    assert first['ends']['boot_id'] == running_boot() and set(first['ends']['log_cursors']) == {'messages', 'diverted'}
    host.say('something known 3', 'something known 4')
    host.run(['sh', '-euc', 'cat >> /var/log/messages; cat /var/log/messages > /var/log/secure'],
             b'2030-01-01T00:00:00+00:00 host app: something known 3\n')
    options = dict(verify_signatures=SIGNATURES, points=[
        dict(role=role, signature_ids=ids, point=first['ends']) for role, ids in [('a', ['anyone']), ('b', ['kernel'])]])
    again = host.survey(**options)
    verified, = again['verify']
    assert (verified['roles'], verified['signature_ids']) == (['a', 'b'], ['anyone', 'kernel'])
    assert counts(verified['sinks']['journal']) == {'anyone': 2, 'kernel': 0}
    assert counts(verified['sinks']['messages']) == {'anyone': 1, 'kernel': 0}
    # A log that was not there is read by the time; only the line from after the point counts.
    assert counts(verified['sinks']['secure']) == {'anyone': 1, 'kernel': 0}
    assert (again['sinks'], again['retention'], again['alerts']) == (None, None, None)
    nothing, ends = host.calls(
        ('host_survey', False, dict(options, points=[dict(role='a', signature_ids=['anyone'], point=again['ends'])])),
        ('host_survey', False, dict(after=again['ends'])))
    assert [counts(result)['anyone'] for result in nothing['verify'][0]['sinks'].values()] == [0] * 4
    assert dict(ends['ends'], at=None) == dict(nothing['ends'], at=None) == dict(again['ends'], at=None)


def test_a_remedy_of_which_nothing_tells_a_point_is_named(host):
    found = host.survey(points=[dict(role='nobodys', signature_ids=['kernel'])], verify_signatures=[KERNEL])
    assert (found['verify'], found['problems']) == ([], [
        {'part': 'verify', 'message': 'points: nobodys has no point, and kinds does not say what to look at to find one'}])


def test_the_occasions_are_waited_for_soon_after_a_boot(host):
    """Until the message would have come; in check mode they are not."""
    began = time.time()
    host.start_unit(began)
    point = {'at': '2026-11-22T16:01:22Z', 'boot_id': journals.BOOTS[0], 'journal_cursor': '', 'log_cursors': {}}
    options = dict(settle=120, points=[dict(role='a', signature_ids=['kernel'], triggers=[UNIT], point=point,
                                            wait_for=[dict(any_of=[UNIT], delay=6)])])
    found = host.survey(wrap=YOUNG, **options)
    triggers, = found['verify'][0]['triggers']
    assert [run['boot_id'] for run in triggers['runs']] == [journals.BOOTS[0], running_boot()]
    assert triggers['runs'][1]['elapsed'] >= 6
    # A wait for what never comes would not end before its time.
    options['points'][0]['wait_for'][0]['delay'], options['settle'] = 10 ** 6, 10 ** 6
    assert host.survey(check=True, wrap=YOUNG, **options)['verify'][0]['triggers'][0]['count'] == 2


def test_the_remedies_that_are_in_place_are_looked_at(host):
    """Those of signatures that were counted or remedied before; one that is in place has a point since when it is."""
    host.run(['sh', '-euc', 'cat > /var/log/a.desktop; touch -d 2026-11-22T16:01:21Z /var/log/a.desktop'],
             b'[Desktop Entry]\nType=Application\nExec=x\nHidden=true\nX-GNOME-Autostart-enabled=false\n')
    host.run(['sh', '-euc', 'cat > /var/log/b.desktop'], b'[Desktop Entry]\nType=Application\nExec=x\n')
    role, point = 'gnome_software_autostart', dict(at='2026-11-22T16:01:20Z', boot_id=None, journal_cursor='', log_cursors={})
    options = dict(
        signatures=SIGNATURES, verify_signatures=SIGNATURES,
        points=[dict(role=role, signature_ids=['anyone', 'unseen'], point=one) for one in (None, point)])

    def item(name, signature_id='anyone', **more):
        return dict(signature_id=signature_id, names=['/var/log/%s.desktop' % name], **more)
    disabled, enabled, unseen, wrong, others = host.calls(*[('host_survey', False, dict(options, kinds=kinds)) for kinds in [
        {role: [item('a'), item('b', 'unseen')]}, {role: [item('b')]}, {role: [item('b', 'unseen')]},
        {role: [dict(item('a'), names=['x'])]}, {'a.b.c': [item('a')]}]])
    state = disabled['remedies'][role]
    assert (state['in_place'], state['changed'], state['in_place_since']) == (True, False, '2026-11-22T16:01:21.000000Z')
    assert [row['signature_id'] for row in state['signatures']] == ['anyone']
    assert [(one['point'], one['signature_ids']) for one in disabled['verify']] == [
        (dict(point, at=state['in_place_since'], boot_id=journals.BOOTS[0]), ['anyone']), (point, ['anyone'])]
    assert (enabled['remedies'][role]['in_place'], enabled['remedies'][role]['changed']) == (False, True)
    assert enabled['verify'] == [] and b'Hidden' not in host.run(['cat', '/var/log/b.desktop'])
    assert unseen['remedies'] == {} and '"x" is neither' in wrong['remedies'][role]['failed'] and wrong['verify'] == []
    assert others['remedies'] == {} and [row['part'] for row in others['problems']] == ['verify']


def test_a_part_that_fails_loses_no_other(host):
    """A logrotate that cannot be run: text logs and retention need it. What would pass for clean is left out."""
    broken = os.path.join(host.folder, 'broken')
    with open(broken, 'wb') as target:
        target.write(b'\x7fELF')
    os.chmod(broken, 0o755)
    host.run(['sh', '-euc', 'mount --bind "$0" "$(command -v logrotate || echo /usr/sbin/logrotate)"', broken])
    point = {'at': '2026-11-22T16:01:22Z', 'boot_id': None, 'journal_cursor': '', 'log_cursors': {}}
    found = host.survey(
        signatures=SIGNATURES, retention={'rules': [], 'journal_keep_days': 1}, alerts={'rules': []},
        verify_signatures=[ANYONE], points=[
            dict(role='a', signature_ids=['anyone'], point=point),
            dict(role='b', signature_ids=['anyone'], point=dict(point, journal_cursor='x'))])
    said = 'logrotate cannot be run: Exec format error.'
    rows = [(row['part'], row['message']) for row in found['problems']]
    assert [row for row in rows if row[1] == said] == [
        ('messages', said), ('diverted', said), ('verify', said), ('messages', said), ('diverted', said),
        ('retention', said)]
    other, = [row for row in rows if row[1] != said]
    assert other[0] == 'verify' and 'cursor' in other[1]
    assert (list(found['sinks']), found['verify'], found['retention']) == (['journal'], [], None)
    assert counts(found['sinks']['journal'])['anyone'] == 2 and found['alerts']['ok'] is True
    assert found['ends']['journal_cursor'] and found['ends']['log_cursors'] == {}


def test_without_root_it_fails_and_says_what_the_host_is(host):
    found, = host.calls(('host_survey', False, dict(signatures=SIGNATURES)), wrap=UNPRIVILEGED)
    assert found['failed'] is True and found['host']['root'] is False
    assert found['msg'].startswith('the logs can only be read whole by root. Run with become')
    assert found['host']['machine_id'] == MACHINE


def test_what_makes_no_scan_ends_it(host):
    tried = [
        (dict(signatures=[{'id': 'broken', 'match': {'literal': 'long enough', 'regex': '('}}]),
         'signatures: broken: key match.regex: not a regular expression'),
        (dict(signatures=SIGNATURES, since='yesterday'), 'yesterday is not a time'),
        (dict(after={'journal_cursor': 'x'}), 'cursor: ')]
    for found, (_options, said) in zip(host.calls(*[('host_survey', False, one) for one, _said in tried]), tried):
        assert found['failed'] is True and found['msg'].startswith(said), found
        assert found['host']['root'] is True


def test_by_every_ansible(ansible, host):
    """On Python 2.7 and 3.6, too."""
    result = ansible.module('host_survey', wrap=host.wrap, signatures=SIGNATURES, unexplained=True,
                            retention={'rules': [{'path': '/var/log/messages'}]}, alerts={'rules': []})
    assert not result['failed'] and result['problems'] == [], result['output']
    assert counts(result['sinks']['journal']) == {'tmpfiles': 1, 'kernel': 1, 'anyone': 2}
    assert counts(result['sinks']['messages']) == {'tmpfiles': 0, 'kernel': 1, 'anyone': 1}
    assert result['retention']['stores'][0]['reason'] == 'nothing was asked for'
