# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diverted message stops, and still reaches the forwarder that stands behind the stop: once, on its own terms."""
import collections
import os
import re
import subprocess
import time

import pytest

from rsyslog_host import Collector, Entry, command, free_port, wait_for
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, queue as rsyslog_queue)

OTHER = Entry('something else')
LOCAL2 = Entry('of a facility that is kept apart', 'own', None, 'syslog', 6, 18)
# The examples in rsyslog.conf of RHEL 7 and 8, and of 9 and 10, with the template that the tests read.
EXAMPLES = {
    'el7': '''$ActionQueueFileName fwdRule1 # unique name prefix for spool files
$ActionQueueMaxDiskSpace 1g   # 1gb space limit (use as much as possible)
$ActionQueueSaveOnShutdown on # save messages to disk on shutdown
$ActionQueueType LinkedList   # run asynchronously
$ActionResumeRetryCount -1    # infinite retries if host is down
*.* @@127.0.0.1:{port};RSYSLOG_ForwardFormat
''',
    'el9': '''action(type="omfwd"
# An on-disk queue is created for this action.
queue.filename="fwdRule1"       # unique name prefix for spool files
queue.maxdiskspace="1g"         # 1gb space limit (use as much as possible)
queue.saveonshutdown="on"       # save messages to disk on shutdown
queue.type="LinkedList"         # run asynchronously
action.resumeRetryCount="-1"    # infinite retries if host is down
Target="127.0.0.1" Port="{port}" Protocol="tcp" action.resumeInterval="1" template="RSYSLOG_ForwardFormat")
'''}


def test_a_stop_starves_a_forwarder_behind_it(host, v3, collector):
    """Why all this is needed: rsyslog's own way, without the copy."""
    host.write('etc/rsyslog.conf', '*.* @@127.0.0.1:%d;RSYSLOG_ForwardFormat\n' % collector.port, 'a')
    host.write(host.drop_in, v3.render(host))
    logs = host.run([v3.noise, OTHER])
    assert logs == {'ahnlab-v3-module-lifecycle.log': [0], 'messages': [1]}
    assert collector.indexes() == [1]


STATEMENTS = {
    'legacy tcp': '*.* @@127.0.0.1:{port};RSYSLOG_ForwardFormat',
    'legacy udp': '*.* @127.0.0.1:{port};RSYSLOG_ForwardFormat',
    'second action': '*.* {root}/log/all\n& @@127.0.0.1:{port};RSYSLOG_ForwardFormat',
    'selector': 'mail.none;*.notice @@127.0.0.1:{port};RSYSLOG_ForwardFormat',
    'property filter': ':msg, contains, "e" @@127.0.0.1:{port};RSYSLOG_ForwardFormat',
    'selector and action': '*.* action(type="omfwd" target="127.0.0.1" port="{port}" protocol="tcp" '
                           'template="RSYSLOG_ForwardFormat")',
    'action': 'action(type="omfwd" # the collector (new)\n    target="127.0.0.1" port="{port}" protocol="tcp"\n'
              '    template="RSYSLOG_ForwardFormat" queue.type="linkedlist")',
    'block': 'kern.* {{\n    @@127.0.0.1:{port};RSYSLOG_ForwardFormat\n}}',
    'ruleset': 'ruleset(name="far" queue.type="linkedlist" queue.filename="far") {{\n'
               '    *.* @@127.0.0.1:{port};RSYSLOG_ForwardFormat\n}}\ncall far',
    'condition': 'if $syslogseverity < 5 then {{\n  if $msg contains "e" then action(type="omfwd" target="127.0.0.1" '
                 'port="{port}" protocol="tcp" template="RSYSLOG_ForwardFormat")\n}}',
    'continued': '*.* \\\n    @@127.0.0.1:{port};RSYSLOG_ForwardFormat',
    'queue in the old syntax': EXAMPLES['el7'],
    'queue in the new syntax': EXAMPLES['el9'],
    'queue on disk': '$ActionQueueType Disk\n$ActionQueueFileName q\n*.* @@127.0.0.1:{port};RSYSLOG_ForwardFormat',
    'queue elsewhere': 'action(type="omfwd" target="127.0.0.1" port="{port}" protocol="tcp" queue.type="Disk" queue.filename="q"\n'
                       '    queue.spoolDirectory="{root}/tmp" template="RSYSLOG_ForwardFormat")',
    'default template': '$ActionForwardDefaultTemplate RSYSLOG_ForwardFormat\n*.* @127.0.0.1:{port}',
    'queue under a condition': 'if $syslogseverity < 5 then {{\n$ActionQueueType LinkedList\n$ActionQueueFileName q\n'
                               '@@127.0.0.1:{port};RSYSLOG_ForwardFormat\n}}',
}


@pytest.mark.parametrize('name', sorted(STATEMENTS))
def test_each_message_is_forwarded_once(host, shipped, v3, collector, name):
    statement = STATEMENTS[name].format(port=collector.port, root=host.root)
    host.write('etc/rsyslog.conf', statement + '\n', 'a')
    result = host.divert(shipped.values())
    assert len(result['forwarders']) == 1
    assert '00-forward' not in ''.join(result['notes'])
    warning = OTHER._replace(priority=4)
    logs = host.run([v3.noise, warning, v3.noise])
    assert logs == {'ahnlab-v3-module-lifecycle.log': [0, 2], 'messages': [1]}
    assert collector.indexes() == [0, 1, 2]


def test_a_copy_keeps_its_selector(host, v3, collector):
    """The noise is kern.warning; neither of these forwarders would have sent it."""
    host.write('etc/rsyslog.conf', ''.join('%s @@127.0.0.1:%d;RSYSLOG_ForwardFormat\n' % (selector, collector.port)
                                           for selector in ('mail.*', '*.err')), 'a')
    assert len(host.divert([v3.signature])['forwarders']) == 2
    logs = host.run([v3.noise, Entry('mail', 'x', None, 'syslog', 6, 2)])
    assert logs['ahnlab-v3-module-lifecycle.log'] == [0]
    assert collector.indexes() == [1]


def test_a_later_drop_in(host, v3, collector):
    host.write('etc/rsyslog.d/zzz.conf', '*.* @@127.0.0.1:%d;RSYSLOG_ForwardFormat\n' % collector.port)
    assert [one['file'] for one in host.divert([v3.signature])['forwarders']] == [
        os.path.join(host.root, 'etc', 'rsyslog.d', 'zzz.conf')]
    assert host.run([v3.noise, OTHER]) == {'ahnlab-v3-module-lifecycle.log': [0], 'messages': [1]}
    assert collector.indexes() == [0, 1]


def test_an_earlier_drop_in_needs_no_copy(host, v3, collector):
    """What the remedy of a refusal says; also with what cannot be copied."""
    host.write('etc/rsyslog.d/00-forward.conf',
               '$ActionQueueType LinkedList\n$ActionQueueFileName forward\n*.* @@127.0.0.1:%d;RSYSLOG_ForwardFormat\n'
               % collector.port)
    assert host.divert([v3.signature])['forwarders'] == []
    assert host.run([v3.noise, OTHER]) == {'ahnlab-v3-module-lifecycle.log': [0], 'messages': [1]}
    assert collector.indexes() == [0, 1]


def test_a_forwarder_that_comes_later_changes_the_drop_in(host, v3):
    host.divert([v3.signature])
    os.unlink(host.pending)
    assert host.divert([v3.signature])['changed'] is False
    host.write('etc/rsyslog.conf', '*.* @@127.0.0.1:1\n', 'a')
    assert host.divert([v3.signature])['changed'] is True
    assert '*.* @@127.0.0.1:1\n' in host.read(host.drop_in)


@pytest.mark.parametrize('statement', [
    '*.* @@127.0.0.1:1\n$ActionSendStreamDriverAuthMode x509/name\n*.* @@127.0.0.1:2',
    '*.* {root}/log/all\n$ActionExecOnlyWhenPreviousIsSuspended on\n& @@127.0.0.1:1',
    '*.* action(type="omfwd" target="127.0.0.1" port="1" action.execOnlyEveryNthTime="2")',
    'ruleset(name="far") {\n    *.* @@127.0.0.1:1\n    *.* /dev/null\n}\ncall far',
    'if $syslogseverity < 2 then stop else action(type="omfwd" target="127.0.0.1" port="1")',
])
def test_what_cannot_be_copied_is_refused(host, v3, statement):
    host.write('etc/rsyslog.conf', statement.replace('{root}', host.root) + '\n', 'a')
    # a valid configuration: only we are in its way
    assert command(['rsyslogd', '-N1', '-f', host.config])[0] == 0
    before = host.snapshot()
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        host.divert([v3.signature])
    assert host.snapshot() == before
    assert '%s, line ' % host.config in str(refusal.value)
    assert '/etc/rsyslog.d/00-forward.conf' in str(refusal.value)


def both(host, v3):
    """Divert, and keep local2 apart, as it stays so: what the modules noted."""
    rule = host.rule('local2', ([18], range(8)), file='local2', separate=True)
    notes = host.divert([v3.signature])['notes'] + host.apply([rule])['notes']
    os.unlink(host.pending)
    assert not host.divert([v3.signature])['changed'] and not host.apply([rule])['changed']
    return notes


def read_again(host):
    """Have the next run read its journal from the beginning."""
    os.unlink(os.path.join(host.root, 'work', 'imjournal.state'))


def queues(host):
    return sorted(name for name in os.listdir(os.path.join(host.root, 'work')) if name.startswith('fwdRule1'))


@pytest.mark.parametrize('diverted', [False, True])
def test_a_collector_that_is_down_for_a_while(host, v3, diverted):
    """rsyslogd sends again what its queues hold. The first message of each that finds no collector comes twice: an action
    with a queue does so in 8.2102 to 8.2412 (processMsgMain in action.c), the forwarder as well as its copies.
    """
    port, entries = free_port(), [v3.noise, OTHER, LOCAL2] * 4
    host.write('etc/rsyslog.conf', '$ActionResumeInterval 1\n' + host.read('etc/rsyslog.conf')
               + EXAMPLES[host.shape].format(port=port))
    notes = both(host, v3) if diverted else []
    assert [re.search(r'own queue, \S*/([^,/]*),', note).group(1) for note in notes if 'twice the disk' in note] == (
        ['fwdRule1.log_hygiene_diversion.*', 'fwdRule1.log_hygiene_policy.*'] if diverted else [])
    with host.reading(entries):
        collector = Collector(port)
        wait_for(lambda: collector.came() >= 12)
        time.sleep(1)
    arrived = collections.Counter(collector.indexes())
    assert set(arrived) == set(range(12))
    assert set(index for index, times in arrived.items() if times > 1) <= {0, 1, 2}
    assert host.run_all([]) and host.indexes('messages') == ([1, 4, 7, 10] if diverted else list(range(12)))


def test_a_restart_while_the_collector_is_down(host, v3):
    port, entries = free_port(), [v3.noise, OTHER, LOCAL2] * 4
    host.write('etc/rsyslog.conf', EXAMPLES[host.shape].format(port=port), 'a')
    both(host, v3)
    with host.reading(entries):
        time.sleep(1)
    assert queues(host) == ['fwdRule1.00000001', 'fwdRule1.log_hygiene_diversion.00000001', 'fwdRule1.log_hygiene_diversion.qi',
                            'fwdRule1.log_hygiene_policy.00000001', 'fwdRule1.log_hygiene_policy.qi', 'fwdRule1.qi']
    read_again(host)
    with host.reading():
        collector = Collector(port)
        wait_for(lambda: collector.came() >= 12)
    assert sorted(collector.indexes()) == list(range(12))
    assert queues(host) == []


def test_what_waits_when_the_copy_goes_is_told_and_kept(host, v3):
    """And sent, when the copy is there again."""
    port, queue = free_port(), os.path.join(host.root, 'work', 'fwdRule1.log_hygiene_diversion')
    host.write('etc/rsyslog.conf', EXAMPLES[host.shape].format(port=port), 'a')
    host.divert([v3.signature])
    with host.reading([v3.noise, OTHER, v3.noise, v3.noise]):
        time.sleep(1)
    assert host.divert([v3.signature])['abandoned'] == []
    gone = host.divert(state='absent')
    assert gone['abandoned'] == [queue]
    assert rsyslog_queue.left_in(gone['abandoned']) == [dict(path=queue, messages=3)]
    # as long as it is there, and whatever changed meanwhile
    assert host.divert(state='absent')['abandoned'] == [queue]
    kept = host.read('etc/rsyslog.conf')
    host.write('etc/rsyslog.conf', kept.replace('fwdRule1', 'another'))
    assert host.divert([v3.signature])['abandoned'] == [queue]
    host.write('etc/rsyslog.conf', kept)
    assert rsyslog_queue.left_in(host.divert([v3.signature])['abandoned']) == []
    read_again(host)
    with host.reading():
        collector = Collector(port)
        wait_for(lambda: collector.came() >= 4)
    assert sorted(collector.indexes()) == [0, 1, 2, 3]
    assert rsyslog_queue.left_in(host.divert(state='absent')['abandoned']) == []


def test_what_waits_when_the_policy_goes_is_told(host):
    queue = os.path.join(host.root, 'work', 'fwdRule1.log_hygiene_policy')
    host.write('etc/rsyslog.conf', EXAMPLES[host.shape].format(port=free_port()), 'a')
    host.apply([host.rule('local2', ([18], range(8)), file='local2', separate=True)])
    with host.reading([LOCAL2, OTHER, LOCAL2]):
        time.sleep(1)
    for _time in range(2):
        gone = host.apply([])
        assert (gone['abandoned'], gone['queues_left']) == ([queue], [dict(path=queue, messages=2)])
        assert gone['notes'][0].startswith('%s.* holds 2 messages that nothing sends any more.' % queue)


@pytest.mark.parametrize('text', [
    '''*.* @@127.0.0.1:{first};RSYSLOG_ForwardFormat
$ActionExecOnlyWhenPreviousIsSuspended on
& @@127.0.0.1:{second};RSYSLOG_ForwardFormat
& {root}/log/buffer
$ActionExecOnlyWhenPreviousIsSuspended off
''',
    '''if $syslogseverity < 7 then {{
  action(type="omfwd" target="127.0.0.1" port="{first}" protocol="tcp" template="RSYSLOG_ForwardFormat")
  action(type="omfwd" target="127.0.0.1" port="{second}" protocol="tcp" template="RSYSLOG_ForwardFormat"
         action.execOnlyWhenPreviousIsSuspended="on")
}}
'''])
@pytest.mark.parametrize('up', [True, False])
def test_a_collector_that_takes_over(host, v3, text, up):
    """Where the first one is up, all goes there and there alone; else all goes to the second one alone."""
    first, second = free_port(), Collector()
    host.write('etc/rsyslog.conf', text.format(first=first, second=second.port, root=host.root), 'a')
    both(host, v3)
    collector = Collector(first) if up else None
    assert host.run_all([v3.noise, OTHER, LOCAL2] * 2) == {
        'log_hygiene/ahnlab-v3-module-lifecycle.log': [0, 3], 'messages': [1, 4], 'local2': [2, 5]}
    assert second.indexes() == ([] if up else list(range(6)))
    assert not up or collector.indexes() == list(range(6))


def test_other_actions_get_what_they_got(host, v3):
    """Two queues, and files between whose directives a copy must leave alone: compared by what each file and collector has."""
    one, other = Collector(), Collector()
    host.write('etc/rsyslog.conf', '''$FileCreateMode 0640
*.* {root}/log/before
$ActionQueueType LinkedList
$ActionQueueFileName fwdRule1
$FileCreateMode 0600
*.* @@127.0.0.1:{one};RSYSLOG_ForwardFormat
*.* {root}/log/between
$ActionResumeInterval 5
$ActionQueueType LinkedList
*.* @@127.0.0.1:{other};RSYSLOG_ForwardFormat
$FileCreateMode 0644
*.* {root}/log/after
'''.format(root=host.root, one=one.port, other=other.port), 'a')
    before = queues_said(host)
    assert [name for name, dummy in before] == ['fwdRule1', '[NONE]']
    both(host, v3)
    assert queues_said(host) == [(name + ending if name != '[NONE]' else name, rest)
                                 for ending in ('.log_hygiene_diversion', '.log_hygiene_policy', '') for name, rest in before]
    logs = host.run_all([v3.noise, OTHER, LOCAL2])
    assert [logs[name] for name in ('before', 'between', 'after')] == [[1]] * 3
    assert [oct(os.stat(os.path.join(host.root, 'log', name)).st_mode)[-3:] for name in ('before', 'between', 'after')] == [
        '640', '600', '644']
    assert one.indexes() == other.indexes() == [0, 1, 2]


def queues_said(host):
    """What rsyslogd says of the queues of actions that have one: list of (their file, all else about them)."""
    said = command(['rsyslogd', '-d', '-N1', '-f', host.config])[1]
    found = []
    for block in re.split(r'Module builtin:\w+ processes this action', said)[1:]:
        values = dict(re.findall(r'queue\.c: (queue\.[a-z.]+):? (.*)', block))
        if 'Direct' not in values['queue.type']:
            found.append((values.pop('queue.filename').strip("'"), values))
    return found


def test_a_copy_whose_template_comes_later_is_refused_by_rsyslogd(host, v3):
    host.write('etc/rsyslog.conf', 'template(name="late" type="string" string="%msg%\\n")\n'
                                   '*.* @@127.0.0.1:1;late\n', 'a')
    before = host.snapshot()
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        host.divert([v3.signature])
    assert "late" in str(refusal.value)
    assert '/etc/rsyslog.d/00-forward.conf' in str(refusal.value)
    assert host.snapshot() == before


def test_selectors_with_actions_are_legal_in_blocks(tmp_path):
    """grammar.y of 8.24 to 8.2412 has them as statements; a legacy action takes all of its line."""
    text = ('if $msg contains "x" then {\n*.* @@127.0.0.1:1\n'
            'mail.* action(type="omfwd" target="127.0.0.1")\n    stop\n}\n')
    config = tmp_path / 'blocks.conf'
    config.write_text(text + '*.* %s\n' % (tmp_path / 'log'))
    assert subprocess.run(['rsyslogd', '-N1', '-f', str(config)], check=False).returncode == 0
    config.write_text(text.replace('*.* @@127.0.0.1:1\n', '*.* @@127.0.0.1:1 }\n{') + '*.* %s\n' % (tmp_path / 'log'))
    assert subprocess.run(['rsyslogd', '-N1', '-f', str(config)], check=False).returncode == 1
