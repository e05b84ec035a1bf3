# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diverted message stops, and still reaches the forwarder that stands behind the stop: once, on its own terms."""
import os
import subprocess

import pytest

from rsyslog_host import Entry, command
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import configuration as rsyslog

OTHER = Entry('something else')


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
    '$ActionQueueType LinkedList\n$ActionQueueFileName fwd\n$ActionResumeRetryCount -1\n*.* @@127.0.0.1:1',
    '*.* action(type="omfwd" target="127.0.0.1" port="1" queue.type="linkedlist" queue.filename="fwd")',
    'ruleset(name="far") {\n    *.* @@127.0.0.1:1\n    *.* /dev/null\n}\ncall far',
    'if $syslogseverity < 2 then stop else action(type="omfwd" target="127.0.0.1" port="1")',
])
def test_what_cannot_be_copied_is_refused(host, v3, statement):
    host.write('etc/rsyslog.conf', statement + '\n', 'a')
    # a valid configuration: only we are in its way
    assert command(['rsyslogd', '-N1', '-f', host.config])[0] == 0
    before = host.snapshot()
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        host.divert([v3.signature])
    assert host.snapshot() == before
    assert '%s, line ' % host.config in str(refusal.value)
    assert '/etc/rsyslog.d/00-forward.conf' in str(refusal.value)


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
