# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in front of a drop-in of ours: rules that are called, or write, before it is read.

Judged by what each file and the collector really got, before and after.
"""
import os
import shutil

import pytest

from rsyslog_host import Collector, Entry
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, drop_ins as rsyslog_drop_ins, proof as rsyslog_proof)

OTHERS = [Entry('something else', priority=4), Entry('<atamptl>:[INFO]Unloaded atamptl', transport='syslog', priority=4),
          Entry('a login', 'sshd', 'sshd', 'syslog', 6, 10), Entry('a mail', 'postfix', 'postfix', 'syslog', 6, 2)]
V3 = 'log_hygiene/ahnlab-v3-module-lifecycle.log'
WRITTEN = dict(messages=[1, 2], secure=[3], maillog=[4])


# What the RHEL system role `logging` writes (linux-system-roles/logging, roles/rsyslog/templates): its input file calls
# the rulesets of the outputs, and rsyslog.conf is nothing but the include. Names and numbers of files as it has them.
FILES_OUTPUT = '''ruleset(name="files_output") {{
    # Log all kernel messages to the console.
    kern.*                                                 /dev/console

    *.info;mail.none;authpriv.none;cron.none                {root}/log/messages
    authpriv.*                                              {root}/log/secure
    mail.*                                                  -{root}/log/maillog
    *.emerg                                                  :omusrmsg:*
}}
'''
FORWARD = '''ruleset(name="{name}") {{{{
    *.* action(name="{name}"
        type="omfwd"
        Target="127.0.0.1"
        Port="{{port}}"
        Protocol="tcp"
        Template="RSYSLOG_ForwardFormat"
        {more}
    )
}}}}
'''
BASICS = {
    'el9': '''module(load="imuxsock"    # provides support for local system logging (e.g. via logger command)
       SysSock.Use="off") # Turn off message reception via local log socket.
module(load="imjournal"
       StateFile="{root}/work/imjournal.state"
       RateLimit.Interval="600"
       PersistStateInterval="10")
''',
    'el7': '''$ModLoad imuxsock # provides support for local system logging (e.g. via logger command)
$ModLoad imjournal # provides access to the systemd journal
# File to store the position in the journal
$IMJournalStateFile imjournal.state
$imjournalRatelimitInterval 600

# Turn off message reception via local log socket;
# local messages are retrieved through imjournal now.
$OmitLocalLogging on

'''}
CALL = '''if
  ($inputname == "imjournal"{or_socket})
  then {{{{
    call {name}
}}}}
'''


def system_role(host, port, input_file='90-input-basics-local', or_socket='', more='', extra=None):
    """Lay down what the system role writes for a host that keeps files and forwards."""
    root, before = host.root, '# Ansible managed\n#\n# system_role:logging\n'
    host.write('etc/rsyslog.conf', before + '$IncludeConfig %s/etc/rsyslog.d/*.conf\n' % root)
    parts = {
        '00-global': 'global(\n  workDirectory="{root}/work"\n)\n',
        '10-local-modules': '',
        '10-output-files-modules': 'module(load="builtin:omfile" Template="RSYSLOG_FileFormat")\n',
        '10-output-forwards-modules': 'module(load="builtin:omfwd" Template="RSYSLOG_ForwardFormat")\n',
        '30-output-files-files_output': FILES_OUTPUT,
        '30-output-forwards-fwd_out': FORWARD.format(name='fwd_out', more=more),
        input_file: BASICS[host.shape] + CALL.format(name='files_output', or_socket=or_socket)
        + CALL.format(name='fwd_out', or_socket=or_socket)}
    parts.update(extra or {})
    for name, text in parts.items():
        host.write('etc/rsyslog.d/%s.conf' % name, before + text.format(root=root, port=port))


LAYOUTS = {
    'as the role writes it': dict(or_socket=' or $inputname == "imuxsock"'),
    'called from an early file': dict(input_file='11-basics'),
    'with a queue on disk': dict(more='queue.type="LinkedList" queue.filename="fwd" action.resumeRetryCount="-1"'),
    'with a property filter of its own': dict(extra={'30-output-files-errors': (
        'ruleset(name="errors") {{\n    :msg, contains, "error" {root}/log/errors\n}}\n')}),
}


@pytest.mark.parametrize('layout', sorted(LAYOUTS))
def test_rulesets_that_are_called_first(host, v3, collector, layout):
    system_role(host, collector.port, **LAYOUTS[layout])
    result = host.divert([v3.signature])
    assert (result['path'], result['proved_by']) == (host.early, 'rsyslogd')
    assert not os.path.exists(host.drop_in)
    assert [one['text'] for one in result['forwarders']] == ['call fwd_out']
    assert 'writes them' in result['notes'][0]
    os.unlink(host.pending)
    assert host.divert([v3.signature], check=True)['changed'] is False
    assert host.run_all([v3.noise] + OTHERS) == dict(WRITTEN, **{V3: [0]})
    assert collector.indexes() == [0, 1, 2, 3, 4]


def test_a_forwarder_with_a_queue_is_proved(host, v3, collector):
    """The copy has another queue file, and is the same forwarder all the same."""
    system_role(host, 1, extra={
        '10-output-forwards-modules': '', '30-output-forwards-fwd_out': 'ruleset(name="fwd_out") {{ action(type="omfile" file="/dev/null") }}\n',
        '95-far': 'action(type="omfwd" target="127.0.0.1" port="%d" protocol="tcp" template="RSYSLOG_ForwardFormat"\n'
                  '       queue.type="LinkedList" queue.filename="fwd")\n' % collector.port})
    result = host.divert([v3.signature])
    assert (result['path'], result['proved_by']) == (host.early, 'rsyslogd')
    assert host.run_all([v3.noise] + OTHERS) == dict(WRITTEN, **{V3: [0]})
    assert collector.indexes() == [0, 1, 2, 3, 4]


def test_why_the_usual_place_will_not_do(host, v3, collector):
    """The same drop-in behind the calls: the noise stays where it was, and is kept once more."""
    system_role(host, collector.port)
    host.write(host.drop_in, v3.render(host))
    assert host.run_all([v3.noise] + OTHERS) == dict(WRITTEN, messages=[0, 1, 2], **{V3: [0]})


def test_the_proof_finds_that_out_itself(host, v3, collector):
    """Without the reader: rsyslogd in its private copy names the statement that writes first, and leaves no trace."""
    system_role(host, collector.port)
    before = host.snapshot()
    configuration = rsyslog.Configuration(host.config, rsyslog_drop_ins.Disk(), [host.drop_in, host.early])
    module = host._module({}, True)  # pylint: disable=protected-access
    found = rsyslog_proof.messages([v3.signature])
    wrong = rsyslog_drop_ins.prove(module, configuration, {host.drop_in: v3.render(host)}, found)
    assert len(wrong) == len([one for one in found if one.wanted and one.severity < 7])  # *.info does not write debug
    assert all('30-output-files-files_output.conf, line ' in one and 'is written by' in one for one in wrong)
    # and one that starves the forward
    wrong = rsyslog_drop_ins.prove(module, configuration, {host.early: v3.render(host)}, found)
    assert len(wrong) == len([one for one in found if one.wanted])
    assert all('30-output-forwards-fwd_out.conf, line ' in one and '0 times instead of 1' in one for one in wrong)
    assert host.snapshot() == before
    assert not [name for name in os.listdir('/run') if name.startswith('log_hygiene-')]


def test_a_diversion_that_is_late_already_moves(host, v3, collector):
    """What an earlier release left: the drop-in is there and diverts nothing. It goes, and the early one comes."""
    system_role(host, collector.port)
    host.write(host.drop_in, v3.render(host))
    planned = host.divert([v3.signature], ids=[], check=True)
    assert planned['changed'] is True and os.path.exists(host.drop_in)
    done = host.divert([v3.signature], ids=[])
    assert done['former'] == {host.drop_in: v3.render(host), host.early: None}
    assert [os.path.exists(path) for path in (host.drop_in, host.early)] == [False, True]
    gone = host.divert(state='absent')
    assert gone['changed'] and not os.path.exists(host.early)
    assert list(gone['former']) == [host.early]


REFUSED = {
    'files and forward in one ruleset': (
        {'30-output-forwards-fwd_out': 'ruleset(name="fwd_out") {{\n    *.* {root}/log/all\n    *.* @@127.0.0.1:{port}\n}}\n'},
        '30-output-forwards-fwd_out.conf, line 5'),
    'rules before the include': (
        {'../rsyslog': '*.info {root}/log/messages\n$IncludeConfig {root}/etc/rsyslog.d/*.conf\n'},
        'rsyslog.conf, line 4: *.info'),
    'a ruleset that stops': (
        {'30-output-forwards-fwd_out': 'ruleset(name="fwd_out") {{\n    *.* @@127.0.0.1:{port}\n    stop\n}}\n'},
        '30-output-forwards-fwd_out.conf, line 6'),
    'changed between': (
        {'89-mask': 'set $!seen = "yes";\n'}, '89-mask.conf, line 4'),
    'another default ruleset': (
        {'95-default': '$DefaultRuleset files_output\n'}, '95-default.conf, line 4: $DefaultRuleset files_output'),
}


@pytest.mark.parametrize('layout', sorted(REFUSED))
def test_a_layout_that_is_refused_by_file_and_line(host, v3, layout):
    parts, told = REFUSED[layout]
    system_role(host, 1, extra=parts)
    before = host.snapshot()
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        host.divert([v3.signature])
    assert host.snapshot() == before
    assert os.path.join(host.root, 'etc', 'rsyslog.d', told) in str(refusal.value).replace('etc/rsyslog.conf, line 4',
                                                                                         'etc/rsyslog.d/rsyslog.conf, line 4')
    assert 'Nothing was changed' in str(refusal.value)


IN_FRONT = {
    # statement: (where the diversion goes, who knows that it works there)
    '*.* {root}/log/all': ('early', 'rsyslogd'),
    'kern.* {root}/log/kernel': ('early', 'rsyslogd'),
    'kern.warning {{\n    {root}/log/kernel\n}}': ('early', 'rsyslogd'),
    'local2.* {root}/log/haproxy\n& stop': ('late', 'reading'),
    'kern.* @@127.0.0.1:1': ('late', 'reading'),
    '*.emerg :omusrmsg:*': ('late', 'reading'),
    ':programname, isequal, "haproxy" {root}/log/haproxy\n& stop': ('late', 'rsyslogd'),
    'if $programname == "haproxy" then {{\n    action(type="omfile" file="{root}/log/haproxy")\n    stop\n}}': ('late', 'rsyslogd'),
    ':msg, contains, "atamptl" {root}/log/v3': ('early', 'rsyslogd'),
    'if $msg contains "atamptl" then {{\n    action(type="omfile" file="{root}/log/v3")\n}} else {{\n'
    '    action(type="omfile" file="{root}/log/not-v3")\n}}': ('early', 'rsyslogd'),
    'ruleset(name="near") {{\n    *.* {root}/log/near\n}}\nset $.name = "near";\ncall_indirect $.name;': ('early', 'rsyslogd'),
    '$RuleSet near\n*.* {root}/log/near\n$RuleSet RSYSLOG_DefaultRuleset\nif $msg contains "atam" then call near':
        ('early', 'rsyslogd'),
    'set $.mine = "x";': ('late', 'rsyslogd'),
    ':syslogtag, isequal, "[CLOUDINIT]" {root}/log/cloud-init.log\n& stop': ('late', 'rsyslogd'),
    ':msg, contains, "oom-killer" {root}/log/oom\n& stop': ('late', 'rsyslogd'),
    ':msg, contains, "Version 4.0" {root}/log/four\n& stop': ('early', 'rsyslogd'),
    'if $syslogseverity == 7 and $syslogfacility == 0 then {{\n    {root}/log/debug\n    stop\n}}': ('early', 'rsyslogd'),
    'if $programname == "kerenl" then {root}/log/typo\n& stop': ('early', 'rsyslogd'),
    'if $fromhost-ip == "127.0.0.1" then {{\n    action(type="omfile" file="{root}/log/local")\n    stop\n}}': ('early', 'rsyslogd'),
    ':fromhost-ip, isequal, "127.0.0.1" {root}/log/local\n& ~': ('early', 'rsyslogd'),
    'if $fromhost-ip != "127.0.0.1" then {{\n    @@127.0.0.1:1\n}} else {{\n    action(type="omfile" file="{root}/log/local")\n}}':
        ('early', 'rsyslogd'),
    'if $timereported contains ":" and $rawmsg startswith "<a" then {{\n    {root}/log/raw\n    stop\n}}': ('early', 'rsyslogd'),
    'global(localHostname="web.example.com")\n:hostname, isequal, "web.example.com" {root}/log/own\n& stop': ('early', 'rsyslogd'),
    'action(type="omprog" binary="/bin/cat")': ('late', 'reading'),
}


def anew(host):
    """Forget what was read and written."""
    for name in ('work', 'log'):
        shutil.rmtree(os.path.join(host.root, name))
        os.mkdir(os.path.join(host.root, name))


@pytest.mark.parametrize('statement', sorted(IN_FRONT))
def test_statements_in_front(el9, v3, statement):
    host = el9
    host.write('etc/rsyslog.d/10-theirs.conf', statement.format(root=host.root) + '\n')
    if 'omprog' in statement:
        host.write('etc/rsyslog.d/05-omprog.conf', 'module(load="omprog")\n')
    before = host.run_all([v3.noise] + OTHERS)
    anew(host)
    place, known = IN_FRONT[statement]
    result = host.divert([v3.signature])
    assert (os.path.basename(result['path']), result['proved_by']) == (
        {'late': 'zz_log_hygiene.conf', 'early': '00_log_hygiene_known.conf'}[place], known)
    after = host.run_all([v3.noise] + OTHERS)
    assert after.pop(V3) == [0]
    assert after == {name: indexes for name, indexes in (
        (name, [index for index in indexes if index != 0]) for name, indexes in before.items()) if indexes or name in after}


def test_the_policy_beside_the_system_role(host, v3, collector):
    """A forward of the policy, and the diversion, in front of the calls: each message goes to each collector once."""
    far = Collector()
    system_role(host, collector.port)
    host.apply([host.rule('far', forward=dict(target='127.0.0.1', port=far.port, protocol='udp', tls=None,
                                              queue=dict(disk_bytes=1 << 30, memory=1000)))])
    assert host.divert([v3.signature])['path'] == host.early
    assert host.run_all([v3.noise] + OTHERS) == dict(WRITTEN, **{V3: [0]})
    assert collector.indexes() == [0, 1, 2, 3, 4]
    assert far.indexes() == [0, 1, 2, 3, 4]


def test_the_policy_is_refused_where_it_cannot_know(host):
    """The role's rules write to the same file under a condition: which messages would be there twice is not known."""
    system_role(host, 1)
    before = host.snapshot()
    for rule in (host.rule('all', file='messages'), host.rule('far', forward=dict(
            target='127.0.0.1', port=1, protocol='tcp', tls=None, queue=dict(disk_bytes=1 << 30, memory=1000)))):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            host.apply([rule])
        assert '-output-f' in str(refusal.value) and ', line ' in str(refusal.value)
        assert host.snapshot() == before


def test_a_program_that_cannot_be_run_in_private(host, v3):
    """It is put there, for nothing speaks against it, but nobody says that it works."""
    host.write('etc/rsyslog.d/10-theirs.conf', 'module(load="mmexternal")\naction(type="mmexternal" binary="/bin/true")\n')
    result = host.divert([v3.signature])
    assert (result['path'], result['proved_by']) == (host.drop_in, None)
    assert 'cannot run mmexternal' in ' '.join(result['notes'])


def test_a_signature_without_examples_is_not_proved(host, v3):
    host.write('etc/rsyslog.d/10-theirs.conf', ':msg, contains, "x" %s/log/theirs\n' % host.root)
    result = host.divert([dict(v3.signature, tests={})])
    assert result['proved_by'] is None
    assert 'ahnlab-v3-module-lifecycle has no example' in ' '.join(result['notes'])


@pytest.mark.parametrize('statement, told', [
    ('if $fromhost-ip == "192.0.2.1" then stop', 'reads fromhost-ip'),
    (':msg, contains, "Version 4.0" stop', 'decides by the text')])
def test_what_a_private_rsyslogd_cannot_know(host, v3, statement, told):
    """In front of either place of the drop-in: it is put there, and not called proved."""
    host.write('etc/rsyslog.d/00-first.conf', statement + '\n')
    result = host.divert([v3.signature])
    assert (result['path'], result['proved_by']) == (host.drop_in, None)
    assert '00-first.conf, line 1: ' in ' '.join(result['notes']) and told in ' '.join(result['notes'])


def test_a_program_whose_facility_a_selector_names(el9, v3):
    """Its signature names none, so its examples alone would be sent with another."""
    signature = dict(v3.signature, id='haproxy-connect', match=dict(
        identifiers=['haproxy'], transport=['syslog'], literal=['Connect from'], priority='info',
        regex='^Connect from [0-9.]+:[0-9]+$'), tests=dict(
            positive=[dict(text='Connect from 10.0.0.1:4711', identifier='haproxy')], negative=[]))
    el9.write('etc/rsyslog.d/49-haproxy.conf', 'local2.* %s/log/haproxy\n& stop\n' % el9.root)
    result = el9.divert([signature])
    assert (result['path'], result['proved_by']) == (el9.early, 'rsyslogd')
    logs = el9.run_all([Entry('Connect from 10.0.0.1:4711', 'haproxy', 'haproxy', 'syslog', 6, 18)])
    assert (logs.get('haproxy', []), logs['log_hygiene/haproxy-connect.log']) == ([], [0])


def test_what_is_stopped_in_front_is_told(host, v3):
    """Nothing would ever be diverted, so it is refused; also where only rsyslogd itself can find out."""
    for statement in ('kern.* stop', ':msg, contains, "atamptl" stop', ':msg, regex, "a[t]amptl" ~'):
        host.write('etc/rsyslog.d/00-first.conf', statement + '\n')
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            host.divert([v3.signature])
        assert '00-first.conf' in str(refusal.value) or 'comes not to the file' in str(refusal.value)
