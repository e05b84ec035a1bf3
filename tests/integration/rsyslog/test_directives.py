# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which actions get what a legacy directive says: the table of _directives.py, and rsyslogd's own word."""
import re

import pytest

from rsyslog_host import Collector, Entry, command
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    _directives as rsyslog_directives, configuration as rsyslog, drop_ins as rsyslog_drop_ins)

ACTIONS = '''*.* ~
action(type="omfile" file="{root}/log/new")
{directive}
*.* ~
{first}
*.* {root}/log/second
*.* {root}/log/third
'''
# Values that are not the default; others have 3.
VALUES = dict(actionqueuetype='LinkedList', actionqueuefilename='q', actionqueuesize='5000', actionqueuehighwatermark='850',
              actionqueuelowwatermark='600', actionqueuediscardmark='950', actionqueuesyncqueuefiles='on',
              actionqueuesaveonshutdown='off', actionqueuemaxfilesize='2m', actionqueuemaxdiskspace='1g')
FIRST = {'new': 'action(type="omfile" file="{root}/log/first")', 'old': '*.* {root}/log/first',
         'none': ''}


def of_rsyslogd(host, text):
    """What rsyslogd says of the queue and the limits of each action: list of dict, in order."""
    host.write('etc/tried.conf', text)
    said = command(['rsyslogd', '-d', '-N1', '-f', host.root + '/etc/tried.conf'])[1]
    found = []
    for block in re.split(r'Module builtin:omfile processes this action', said)[1:]:
        firehose = re.search(r'firehose mode disabled.*', block)
        found.append(dict(re.findall(r'queue\.c: (queue\.[a-z.]+):? (.*)', block), firehose=firehose and firehose.group()))
    return found


@pytest.mark.parametrize('first', sorted(FIRST))
def test_rsyslogd_forgets_them_as_the_table_says(el9, first):
    """Of directives about queues and limits, which are those that rsyslogd tells."""
    told = [name for name in sorted(rsyslog_directives.RULES)
            if name.startswith(('actionqueue', 'actionexeconlyeverynthtime', 'actionexeconlyonce'))]
    assert len(told) == 25
    texts = dict((name, ACTIONS.format(root=el9.root, first=FIRST[first].format(root=el9.root),
                                       directive='$%s %s' % (name, VALUES.get(name, '3')))) for name in told)
    plain = of_rsyslogd(el9, ACTIONS.format(root=el9.root, first=FIRST[first].format(root=el9.root), directive=''))
    for name, text in texts.items():
        if name == 'actionexeconlyeverynthtimetimeout':
            continue  # rsyslogd tells nothing of it
        by_rsyslogd = [one != other for one, other in zip(of_rsyslogd(el9, text), plain)]
        read = rsyslog.Configuration(el9.root + '/etc/tried.conf', rsyslog_drop_ins.Disk(), ())
        by_table = [name in rsyslog_directives.before(read.statements, place).to(one)
                    for place, one in enumerate(read.statements) if one.name == 'omfile']
        assert by_table == by_rsyslogd, name


NAGIOS = '''\t$WorkDirectory {root}/work
\t$ActionQueueFileName nlsFwdRule0
\t$ActionQueueMaxDiskSpace 1g
\t$ActionQueueSaveOnShutdown on
\t$ActionQueueType LinkedList
\t$ActionResumeRetryCount -1
\t*.* @@127.0.0.1:{port};RSYSLOG_ForwardFormat
'''
FAILOVER = '''*.* @@127.0.0.1:{port};RSYSLOG_ForwardFormat
$ActionExecOnlyWhenPreviousIsSuspended on
& @127.0.0.1:9
$ActionExecOnlyWhenPreviousIsSuspended off
'''


@pytest.mark.parametrize('in_front', [NAGIOS, FAILOVER])
def test_directives_that_are_used_up_hinder_nothing(host, v3, collector, in_front):
    """What a log server has its clients install, and a forwarder behind the drop-ins."""
    behind = Collector()
    try:
        host.write('etc/rsyslog.d/10-nagios.conf', in_front.format(root=host.root, port=collector.port))
        host.write('etc/rsyslog.conf', '*.* @127.0.0.1:%d;RSYSLOG_ForwardFormat\n' % behind.port, 'a')
        host.divert([v3.signature])
        host.apply([host.rule('local2', ([18], range(8)), file='local2', separate=True)])
        own = Entry('own', 'own', None, 'syslog', 6, 18)
        assert host.run_all([v3.noise, own, Entry('other')]) == {
            'log_hygiene/ahnlab-v3-module-lifecycle.log': [0], 'local2': [1], 'messages': [2]}
        assert collector.indexes() == [0, 1, 2]
    finally:
        found = behind.indexes()
    assert found == [0, 1, 2]


@pytest.mark.parametrize('statement, told', [
    ('$ActionExecOnlyEveryNthTime 2\n*.* @127.0.0.1:{port};RSYSLOG_ForwardFormat', '$ActionExecOnlyEveryNthTime'),
    ('module(load="builtin:omfwd" template="RSYSLOG_ForwardFormat")\n*.* @127.0.0.1:{port}', 'builtin:omfwd'),
])
def test_directives_that_a_copy_would_not_have(el9, v3, collector, statement, told):
    el9.write('etc/rsyslog.conf', statement.format(port=collector.port) + '\n', 'a')
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        el9.divert([v3.signature])
    assert told in str(refusal.value)
