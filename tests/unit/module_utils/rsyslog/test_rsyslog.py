# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration around a drop-in, as text. What rsyslogd makes of it: tests/integration/rsyslog."""
from __future__ import absolute_import, division, print_function

import fnmatch
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, diversion as rsyslog_diversion)

__metaclass__ = type

MAIN = '/etc/rsyslog.conf'
DROP_IN = '/etc/rsyslog.d/zz_log_hygiene.conf'
EL7 = u'''# rsyslog configuration file
#### MODULES ####
$ModLoad imuxsock # provides support for local system logging (e.g. via logger command)
$ModLoad imjournal # provides access to the systemd journal
#$ModLoad imklog # reads kernel messages (the same are read from journald)
#### GLOBAL DIRECTIVES ####
$WorkDirectory /var/lib/rsyslog
$ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat
$IncludeConfig /etc/rsyslog.d/*.conf
$OmitLocalLogging on
$IMJournalStateFile imjournal.state
#### RULES ####
*.info;mail.none;authpriv.none;cron.none                /var/log/messages
mail.*                                                  -/var/log/maillog
*.emerg                                                 :omusrmsg:*
'''
EL9 = u'''global(workDirectory="/var/lib/rsyslog")
module(load="builtin:omfile" Template="RSYSLOG_TraditionalFileFormat")
module(load="imuxsock"    # provides support for local system logging (e.g. via "logger" command)
       SysSock.Use="off") # Turn off message reception via local log socket;
module(load="imjournal"             # provides access to the systemd journal
       StateFile="imjournal.state") # File to store the position in the journal
include(file="/etc/rsyslog.d/*.conf" mode="optional")
*.info;mail.none;authpriv.none;cron.none                /var/log/messages
*.emerg                                                 :omusrmsg:*
'''


class Disk:
    """A file system in a dict of path -> text."""

    def __init__(self, contents):
        self.contents = contents

    def is_dir(self, path):
        return any(name.startswith(path.rstrip('/') + '/') for name in self.contents)

    def glob(self, pattern):
        parts = pattern.split('/')
        found = set()
        for name in self.contents:
            names = name.split('/')
            if len(names) >= len(parts) and all(fnmatch.fnmatchcase(*pair) for pair in zip(names, parts)):
                found.add('/'.join(names[:len(parts)]) + ('/' if len(names) > len(parts) else ''))
        return found

    def read(self, path):
        return self.contents[path]


def configuration(main, **drop_ins):
    """A Configuration of main (text) and files in /etc/rsyslog.d (zzz=... is zzz.conf)."""
    contents = dict(('/etc/rsyslog.d/%s.conf' % name, text) for name, text in drop_ins.items())
    return rsyslog.Configuration(MAIN, Disk(dict(contents, **{MAIN: main})), [DROP_IN])


# A second reader of RainerScript strings: lexer.l <EXPR> and doUnescape() in rainerscript.c of 8.24.0.
LEXED = re.compile(u'"([^"\\\\$]|\\\\["\'\\\\$bntr]|\\\\[0-7][0-7][0-7])*"', re.DOTALL)
ESCAPE = re.compile(u'\\\\([0-7]{3}|.)', re.DOTALL)
ESCAPED = {u'b': u'\b', u'n': u'\n', u't': u'\t', u'r': u'\r'}


def unquoted(text):
    assert LEXED.match(text).end() == len(text)

    def meant(found):
        code = found.group(1)
        return bytearray([int(code, 8)]).decode('ascii') if len(code) == 3 else ESCAPED.get(code, code)
    return ESCAPE.sub(meant, text[1:-1])


class TestQuote:

    @settings(max_examples=250, deadline=None)
    @given(st.text(alphabet=st.characters(blacklist_categories=('Cs',), blacklist_characters=u'\0'), max_size=40)
           | st.text(alphabet=u'\\"\'$`{}()#/*nt01x \n\r\t;&', max_size=20))
    @example(u'") then stop #')
    @example(u'\\')
    @example(u'${HOME}')
    def test_reads_back_as_it_was(self, text):
        quoted = rsyslog.quote(text)
        assert unquoted(quoted) == text
        # a line's end would cut trailing blanks off and join a line that ends in a backslash with the next one
        assert not re.search(u'[\n\r]', quoted)

    def test_nul(self):
        with pytest.raises(rsyslog.RsyslogError):
            rsyslog.quote(u'a\0')


def found(main, **drop_ins):
    """(file, line, copy) of each forwarder after the drop-in."""
    return [(one.file, one.line, one.copy) for one in configuration(main, **drop_ins).behind(DROP_IN)]


@pytest.fixture(params=[EL7, EL9], ids=['el7', 'el9'])
def stock(request):
    return request.param


class TestForwarders:

    def test_stock_configurations_have_none(self, stock):
        assert found(stock) == []

    @pytest.mark.parametrize('statement, copy', [
        (u'*.* @@collector:514', None),
        (u'*.* @collector', None),
        (u'*.info;mail.none\t\t@@(o,z9)collector:514;RSYSLOG_SyslogProtocol23Format',
         u'*.info;mail.none @@(o,z9)collector:514;RSYSLOG_SyslogProtocol23Format'),
        (u'*.* :omrelp:collector:2514', None),
        (u'*.* action(type="omfwd" target="collector" port="514" protocol="tcp")', None),
        (u'action(type="omfwd"\n  # a ) comment\n  target="collector" protocol="tcp")', None),
        (u'action(Type="omrelp" Target="collector" Port="2514" queue.type="linkedlist")', None),
        (u':msg, contains, "a \\" ) b" @@collector', None),
        (u'*.* \\\n    @@collector', u'*.* @@collector'),
        (u'*.* {\n    @@collector\n}', u'*.* @@collector'),
        (u'*.* /var/log/all\n& @@collector', u'*.* @@collector'),
        (u'template(name="t" type="string" string="%msg%\\n")\n*.* @collector;t', u'*.* @collector;t'),
        (u'/* *.* @old */\n*.* @collector', u'*.* @collector'),
        (u'if $msg contains "then" then action(type="omfwd" target="collector")',
         u'if $msg contains "then" then {\naction(type="omfwd" target="collector")\n}'),
        (u'if $msg contains "x" then {\n  *.* @@collector\n}',
         u'if $msg contains "x" then {\n*.* {\n@@collector\n}\n}'),
        (u'ruleset(name="far") {\n  *.* @@collector\n}\ncall far', u'call far'),
        (u'ruleset(name="far" queue.type="LinkedList" queue.filename="f") {\n  *.* @@collector\n}\ncall far', u'call far'),
        (u'ruleset(name="a") {\n  call b\n}\nruleset(name="b") {\n  *.* @@collector\n}\ncall A', u'call A'),
        (u'ruleset(name="near") {\n  *.* /var/log/x\n}\nruleset(name="far") {\n  @@collector\n}\n'
         u'if\n  ($inputname == "imjournal")\n  then {\n    call near\n    call far\n}',
         u'if\n  ($inputname == "imjournal")\n  then {\ncall far\n}'),
    ])
    def test_copied(self, stock, statement, copy):
        lines = found(stock + statement + u'\n')
        assert [one[2] for one in lines] == [copy or statement]

    @pytest.mark.parametrize('statement, reason', [
        (u'*.* @@first\n$ActionSendStreamDriverAuthMode x509/name\n*.* @@collector', '$ActionSendStreamDriverAuthMode x509/name (/etc'),
        (u'$ActionExecOnlyEveryNthTime 2\n*.* @@collector', '$ActionExecOnlyEveryNthTime 2'),
        (u'$ActionExecOnlyOnceEveryInterval 5\n*.* @@collector', '$ActionExecOnlyOnceEveryInterval 5'),
        (u'$ActionQueueFileName \u00ed\n*.* @@collector', 'beyond ASCII'),
        (u'module(load="builtin:omfwd" template="t")\naction(type="omfwd" target="collector")', 'builtin:omfwd'),
        (u'action(type="omfwd" target="x" action.execOnlyEveryNthTime="3")', 'share its action.execonlyeverynthtime'),
        (u'action(type="omfwd" target="x" action.execOnlyOnceEveryInterval="3")', 'share its action.execonlyonceeveryinterval'),
        (u'action(type="omfwd" target="x" action.execOnlyWhenPreviousIsSuspended="on")', 'moved as one'),
        (u'*.* /var/log/all\n$ActionExecOnlyWhenPreviousIsSuspended on\n& @@x', 'moved as one'),
        (u'*.* @@x\n$ActionExecOnlyWhenPreviousIsSuspended on\nmail.* @@y', 'moved as one'),
        (u'*.* @@x\n$ActionExecOnlyWhenPreviousIsSuspended on\n& ^/usr/local/bin/ship', 'moved as one'),
        (u'*.* @@x\n$ActionExecOnlyWhenPreviousIsSuspended on\n& /var/log/buffer\n& @@y', 'moved as one'),
        (u'*.* :mmanon:\n$ActionExecOnlyWhenPreviousIsSuspended on\n& @@x', 'moved as one'),
        (u'foreach ($.i in $!all) do { action(type="omfwd" target="collector") }', 'more than a selector'),
        (u'if $msg == "x" then stop else action(type="omfwd" target="collector")', 'more than a selector'),
        (u'set $.x = "a; b";\n*.* @@collector', 'changed or stopped'),
        (u':msg, contains, "x" stop\n*.* @@collector', 'changed or stopped'),
        (u':msg, contains, "x" ~\n*.* @@collector', 'changed or stopped'),
        (u'action(type="mmanon")\n*.* @@collector', 'changed or stopped'),
        (u'ruleset(name="far") {\n  *.* /var/log/x\n  *.* @@collector\n}\ncall far', 'writes on this host, too (/etc/rsys'),
        (u'ruleset(name="far") {\n  *.* @@collector\n  stop\n}\ncall far', 'may change or stop messages (/etc/rsys'),
        (u'ruleset(name="a") {\n  call b\n}\nruleset(name="b") {\n  action(type="mmanon")\n  *.* @@collector\n}\ncall A',
         'may change or stop messages (/etc/rsys'),
        (u'ruleset(name="near") {\n  stop\n}\nruleset(name="far") {\n  *.* @@collector\n}\ncall near\ncall far',
         'changed or stopped before it'),
        (u'call unknown', 'in a ruleset'),
        (u'set $.r = "x";\ncall_indirect $.r;', 'in a ruleset'),
        (u'*.* ^/usr/local/bin/ship;RSYSLOG_ForwardFormat', 'omshell'),
        (u'*.* action(type="omprog" binary="/usr/local/bin/ship")', 'omprog'),
        (u'action(type="omkafka" broker=["collector"])', 'omkafka'),
        (u'*.* @collector;\u00ed', 'beyond ASCII'),
        (u'/* a selector must begin its line */ *.* @collector', 'unknown'),
        (u'action(type="omfwd" target="collector', 'not understood'),
    ])
    def test_refused(self, stock, statement, reason):
        forwarders = configuration(stock + statement + u'\n').behind(DROP_IN)
        refused = [one for one in forwarders if one.reason][0]
        assert reason in refused.reason
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            rsyslog_diversion.copies(forwarders)
        message = refusal.value.args[0]
        assert reason in message
        assert '/etc/rsyslog.conf, line %d' % refused.line in message
        assert '/etc/rsyslog.d/00-forward.conf' in message

    def test_several_of_them(self, stock):
        lines = found(stock + u'*.* @a\nmail.* @b\n& @c\n')
        assert [one[2] for one in lines] == [u'*.* @a', u'mail.* @b', u'mail.* @c']

    @pytest.mark.parametrize('directives', [
        u'$ActionQueueType LinkedList\n$ActionResumeRetryCount -1\n*.* @@first',
        u'$ActionExecOnlyEveryNthTime 3\n*.* @first', u'$ActionSendStreamDriverPermittedPeer x\n*.* @@first',
        u'$ActionExecOnlyWhenPreviousIsSuspended on\n*.* @@first\n$ActionExecOnlyWhenPreviousIsSuspended off',
        u'$ActionQueueSaveOnShutdown on', u'$FileCreateMode 0600', u'$ActionName x', u'$ActionMailTo root',
        u'$ActionQueueType LinkedList\naction(type="omfile" file="/x")', u'$ActionResumeRetryCount 0'])
    def test_directives_that_are_used_up_or_not_its_own(self, stock, directives):
        assert found(stock, **{'00-first': directives + u'\n', 'zzz': u'*.* @@second\n'}) == [
            ('/etc/rsyslog.d/zzz.conf', 1, u'*.* @@second')]
        assert found(stock + directives + u'\n*.* @@second\n')[-1][2] == u'*.* @@second'

    @pytest.mark.parametrize('directive, copy', [
        (u'$ActionQueueType LinkedList\n*.* ~', None),
        (u'$ActionExecOnlyOnceEveryInterval 3\n*.* @first', None),
        (u'$ActionExecOnlyEveryNthTime 3\naction(type="omfile" file="/x")', None),
        (u'$ActionQueueType LinkedList', u'$ActionQueueType LinkedList\n*.* @@second'),
        (u'$ActionResumeInterval 5', u'$ActionResumeInterval 5\n*.* @@second\n$ActionResumeInterval 30'),
        (u'$ActionSendStreamDriverMode 1\n*.* @@first',
         u'$ActionSendStreamDriverMode 1\n*.* @@second\n$ActionSendStreamDriverMode 0')])
    def test_directives_that_last(self, stock, directive, copy):
        last = configuration(stock + directive + u'\n*.* @@second\n').behind(DROP_IN)[-1]
        assert last.copy == copy
        assert (copy is None) == ('it depends on' in (last.reason or '') or 'changed or stopped' in (last.reason or ''))

    @pytest.mark.parametrize('directive', [u'$ActionResumeInterval 5', u'$ActionSendStreamDriverMode 1'])
    def test_directives_that_last_from_before_the_drop_in(self, stock, directive):
        assert [one[2] for one in found(directive + u'\n' + stock + u'*.* @@second\n')] == [u'*.* @@second']

    @pytest.mark.parametrize('statement, copies', [
        # as RHEL 7 and 8 ship it
        (u'$ActionQueueFileName fwdRule1 # unique name prefix for spool files\n$ActionQueueMaxDiskSpace 1g   # 1gb\n'
         u'$ActionQueueSaveOnShutdown on # save messages to disk on shutdown\n$ActionQueueType LinkedList   # run asynchronously\n'
         u'$ActionResumeRetryCount -1    # infinite retries if host is down\n*.* @@collector:514',
         [u'# Its queue on disk: /var/lib/rsyslog/fwdRule1.log_hygiene_diversion\n'
          u'$ActionQueueFileName fwdRule1.log_hygiene_diversion\n$ActionQueueMaxDiskSpace 1g\n$ActionQueueType LinkedList\n'
          u'$ActionResumeRetryCount -1\n*.* @@collector:514']),
        # a queue of each; the second in memory, by the old syntax behind the new one
        (u'action(type="omfwd" queue.filename="f" queue.type="LinkedList" target="a")\n$ActionQueueType LinkedList\n*.* @@b',
         [u'# Its queue on disk: /var/lib/rsyslog/f.log_hygiene_diversion\n'
          u'action(type="omfwd" queue.filename="f.log_hygiene_diversion" queue.type="LinkedList" target="a")',
          u'$ActionQueueType LinkedList\n*.* @@b']),
        (u'*.* action(type="omfwd" target="x" # queue.filename="no"\n Queue.FileName = "f" queue.type="Disk" queue.spooldirectory="/srv/q/")',
         [u'# Its queue on disk: /srv/q/f.log_hygiene_diversion\n*.* action(type="omfwd" target="x" # queue.filename="no"\n '
          u'Queue.FileName = "f.log_hygiene_diversion" queue.type="Disk" queue.spooldirectory="/srv/q/")']),
        (u'action(type="omfwd" target="x" queue.filename="f")', [u'action(type="omfwd" target="x" queue.filename="f.log_hygiene_diversion")']),
        # TLS in the old syntax
        (u'$ActionSendStreamDriver gtls\n$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverAuthMode x509/name\n'
         u'$ActionSendStreamDriverPermittedPeer a\n$ActionSendStreamDriverPermittedPeer b\n*.* @@(o)x:6514',
         [u'$ActionSendStreamDriver gtls\n$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverAuthMode x509/name\n'
          u'$ActionSendStreamDriverPermittedPeer a\n$ActionSendStreamDriverPermittedPeer b\n*.* @@(o)x:6514\n$ActionSendStreamDriverMode 0']),
        # what is about TCP alone is nothing to UDP
        (u'*.* @udp\n$ActionSendStreamDriverAuthMode x509/name\n*.* @@x',
         [u'*.* @udp', u'$ActionSendStreamDriverAuthMode x509/name\n*.* @@x']),
        (u'$ActionForwardDefaultTemplate t\naction(type="omfwd" target="x")',
         [u'$ActionForwardDefaultTemplate t\naction(type="omfwd" target="x")\n'
          u'$ActionForwardDefaultTemplate RSYSLOG_TraditionalForwardFormat']),
        (u'$ActionResumeInterval 5\n$ResetConfigVariables\n$ActionSendTCPRebindInterval 9\n$ResetConfigVariables\n*.* @@x',
         [u'$ActionResumeInterval 5\n*.* @@x\n$ActionResumeInterval 30']),
        # what takes over from one another, without the file at its end
        (u'*.* @@a\n$ActionExecOnlyWhenPreviousIsSuspended on\n& @@b\n& /var/log/buffer\n$ActionExecOnlyWhenPreviousIsSuspended off\n*.* @@c',
         [u'*.* @@a', u'$ActionExecOnlyWhenPreviousIsSuspended on\n*.* @@b\n$ActionExecOnlyWhenPreviousIsSuspended off', u'*.* @@c']),
        (u'if $msg contains "x" then {\naction(type="omfwd" target="a")\naction(type="omfwd" target="b" action.execOnlyWhenPreviousIsSuspended="on")\n}',
         [u'if $msg contains "x" then {\naction(type="omfwd" target="a")\n}',
          u'if $msg contains "x" then {\naction(type="omfwd" target="b" action.execOnlyWhenPreviousIsSuspended="on")\n}']),
    ])
    def test_copied_with_what_it_needs(self, stock, statement, copies):
        assert [one[2] for one in found(stock + statement + u'\n')] == copies
        assert [one[2] for one in found(stock, zzz=statement + u'\n')] == copies

    def test_an_empty_line_ends_one_that_goes_on(self, stock):
        lines = u'$ActionQueueType LinkedList \\\n  \n$ActionResumeRetryCount -1\n*.* \\\n@@x\n'
        assert [one[2] for one in found(stock + lines)] == [u'$ActionQueueType LinkedList\n$ActionResumeRetryCount -1\n*.* @@x']

    def test_where_its_queue_is(self, stock):
        """rsyslogd takes the last $WorkDirectory in front of an action, else the one that is set in the end."""
        action = u'action(type="omfwd" target="x" queue.type="Disk" queue.filename="f")\n'

        def queues(text):
            return [one.queue for one in configuration(text).behind(DROP_IN)]
        assert queues(stock + action) == ['/var/lib/rsyslog/f.log_hygiene_diversion']
        assert queues(u'$WorkDirectory /a/\n' + stock.replace(u'$WorkDirectory /var/lib/rsyslog\n', u'') + u'$WorkDirectory /b\n' + action
                      ) == ['/a/f.log_hygiene_diversion']
        assert queues(re.sub(u'(?im)^.*workdirectory.*\n', u'', stock) + action) == ['/var/lib/rsyslog/f.log_hygiene_diversion']
        assert queues(stock + u'*.* @@x\n') == [None]

    def test_the_policy_has_other_queues(self, stock):
        main = stock + u'$ActionQueueFileName f\n$ActionQueueType Disk\n*.* @@x\n'
        one, = configuration(main).behind(DROP_IN, suffix=rsyslog.OF_POLICY)
        assert one.queue == '/var/lib/rsyslog/f.log_hygiene_policy'
        assert rsyslog.copied_queues(one.copy) == [one.queue]

    def test_what_the_policy_copied_is_no_reason_to_leave_a_directive_out(self, stock):
        """It may go, and the copy has to get the same then."""
        tls = u'$ActionSendStreamDriverAuthMode x509/name\n*.* @@x\n'
        ours = rsyslog.OURS + u'rsyslog_policy\nruleset(name="a") {\n' + tls + u'}\n'
        assert [one[2] for one in found(stock + tls, **{'00-a': ours})] == [tls.strip()]

    def test_two_directives_for_one_thing(self):
        """The last of $FileOwner and $FileOwnerNum holds."""
        main = u'$FileOwner adm\n$IncludeConfig /etc/rsyslog.d/*.conf\n$FileOwnerNum 0\n$FileOwner adm\n*.* /dev/console\n'
        one, = configuration(main).behind(DROP_IN, lambda statement: False)
        assert one.copy == u'*.* /dev/console'

    @pytest.mark.parametrize('own, refused', [
        ([], False), ([u'*.* /var/log/x'], True), ([u'action(type="omfile" file="/var/log/x")'], False)])
    def test_a_directive_that_cannot_be_taken_back(self, own, refused):
        """$FileOwner, for a terminal: a file that our drop-in writes behind the copy would be of that owner, too."""
        main = u'$IncludeConfig /etc/rsyslog.d/*.conf\n$FileOwner adm\n*.* /dev/console\n'
        one, = configuration(main).behind(DROP_IN, lambda statement: False, own=own)
        assert (one.copy, one.reason) == ((None, 'it depends on $FileOwner adm (/etc/rsyslog.conf, line 2)') if refused else (
            u'$FileOwner adm\n*.* /dev/console', None))

    def test_what_comes_before_is_no_matter(self, stock):
        earlier = u'$ActionQueueFileName f\n*.* @@collector\n:msg, contains, "x" stop\n'
        assert found(stock, **{'00-forward': earlier}) == []

    def test_a_later_drop_in(self, stock):
        assert found(stock, zzz=u'\n*.* @@collector\n') == [('/etc/rsyslog.d/zzz.conf', 2, u'*.* @@collector')]

    def test_a_ruleset_that_nobody_calls(self, stock):
        remote = (u'ruleset(name="remote") {\n  *.* @@collector\n  stop\n}\n'
                  u'input(type="imudp" port="514" ruleset="remote")\n')
        assert found(stock + remote + u'$RuleSet old\n*.* @@collector\n$RuleSet RSYSLOG_DefaultRuleset\n') == []

    def test_a_local_ruleset_that_is_called(self, stock):
        assert found(stock + u'ruleset(name="near") {\n  *.* /var/log/all\n}\ncall near\n') == []

    def test_the_line_is_that_of_the_file(self, stock):
        line = stock.count(u'\n') + 4
        assert found(stock + u'# a \\\n  continued comment\n\n*.* @@collector\n') == [(MAIN, line, u'*.* @@collector')]

    def test_an_include_in_the_include(self, stock):
        contents = {MAIN: stock, '/etc/rsyslog.d/zzz.conf': u'$IncludeConfig /opt/more/\n',
                    '/opt/more/a': u'*.* @a\n', '/opt/more/below/b': u'*.* @b\n'}
        forwarders = rsyslog.Configuration(MAIN, Disk(contents), [DROP_IN]).behind(DROP_IN)
        assert [(one.file, one.copy) for one in forwarders] == [
            ('/opt/more/a', '*.* @a'), ('/opt/more/below/b', '*.* @b')]

    def test_a_file_that_is_included_twice(self, stock):
        """First for messages of others, then for all."""
        contents = {MAIN: u'ruleset(name="remote") {\ninclude(file="/etc/far.inc")\n}\n' + stock
                    + u'include(file="/etc/far.inc")\n', '/etc/far.inc': u'*.* @@collector\n'}
        forwarders = rsyslog.Configuration(MAIN, Disk(contents), [DROP_IN]).behind(DROP_IN)
        assert [(one.file, one.copy) for one in forwarders] == [('/etc/far.inc', '*.* @@collector')]

    def test_the_drop_in_itself_is_not_read(self, stock):
        assert found(stock, zz_log_hygiene=u'*.* @@collector\n') == []


class TestBefore:
    """What comes by messages before a drop-in is read."""

    KERNEL = frozenset((0, severity) for severity in range(8))

    def before(self, text, **drop_ins):
        """(what is sure, what may be) before the drop-in: lists of what each statement does."""
        every = self.KERNEL | frozenset((3, severity) for severity in range(8))
        return [[does for dummy, does in some]
                for some in configuration(text, **drop_ins).before(DROP_IN, every, self.KERNEL)]

    def test_stock_configurations_have_nothing_there(self, stock):
        assert self.before(stock) == [[], []]

    @pytest.mark.parametrize('statement, sure, perhaps', [
        (u'*.* /var/log/all', ['writes them'], []),
        (u'kern.* -/var/log/kernel', ['writes them'], []),
        (u'kern.* ?dynamic', ['writes them'], []),
        (u'kern.* {\n  /var/log/kernel\n}', ['writes them'], []),
        (u'mail.* /var/log/mail\n& /var/log/kernel', [], []),
        (u'*.* /dev/console', [], []),
        (u'*.* @@collector', [], []),
        (u'*.* :omusrmsg:*', [], []),
        (u'*.* |/run/pipe', [], []),
        (u'*.* action(type="omprog" binary="/x")', [], []),
        (u'*.* action(type="ommail" server="x")', [], []),
        (u'*.* stop', ['stops them'], []),
        (u'*.* ~', ['stops them'], []),
        (u'daemon.* /var/log/daemon', [], ['writes them']),
        (u':msg, contains, "x" stop', [], ['stops them']),
        (u'if $msg contains "x" then /var/log/x', [], ['writes them']),
        (u'if $msg contains "x" then stop else /var/log/x', [], ['stops them', 'writes them']),
        (u'action(type="mmanon")', [], ['changes them']),
        (u'set $.x = "1";', [], ['changes them']),
        (u'!program', [], []),
        (u'ruleset(name="r") {\n  *.* /var/log/all\n}', [], []),
        (u'$RuleSet r\n*.* /var/log/all\n$RuleSet RSYSLOG_DefaultRuleset', [], []),
        (u'ruleset(name="r") {\n  *.* /var/log/all\n}\ncall r', ['writes them'], []),
        (u'ruleset(name="r") {\n  *.* /var/log/all\n}\nif $inputname == "imjournal" then call r', ['writes them'], []),
        (u'ruleset(name="r") {\n  *.* /var/log/all\n}\nif\n  ($inputname == "imjournal" or $inputname == "imuxsock")\n'
         u'  then {\n    call r\n}', ['writes them'], []),
        (u'ruleset(name="r") {\n  *.* /var/log/all\n}\nif ($inputname == "imtcp") then {\n    call r\n}', [],
         ['writes them']),
        (u'ruleset(name="r") {\n  call s\n}\nruleset(name="s") {\n  kern.* stop\n  call r\n}\nkern.* call r',
         ['stops them'], []),
        (u'ruleset(name="r") {\n  *.* /var/log/all\n}\nset $.r = "r";\ncall_indirect $.r;', ['writes them'],
         ['changes them']),
        (u'ruleset(name="r") {\n  *.* /var/log/all\n}\nmail.* call r', [], []),
    ])
    def test_what_takes_them(self, stock, statement, sure, perhaps):
        assert self.before(stock, a=statement + u'\n') == [sure, perhaps]
        assert self.before(stock, zzz=statement + u'\n') == [[], []]

    def test_a_ruleset_that_is_called_first_and_comes_later(self, stock):
        """The order of the calls counts, not that of the rulesets."""
        assert self.before(stock, a=u'call r\n', zzz=u'ruleset(name="r") {\n  *.* /var/log/all\n}\n') == [['writes them'], []]

    def test_an_include_in_a_block(self, stock):
        contents = {MAIN: stock, '/etc/rsyslog.d/a.conf': u'kern.* {\ninclude(file="/opt/inner")\n}\n',
                    '/opt/inner': u'/var/log/inner\n'}
        found_ = rsyslog.Configuration(MAIN, Disk(contents), [DROP_IN])
        assert [one.file for one, dummy in found_.before(DROP_IN, self.KERNEL, self.KERNEL)[0]] == ['/opt/inner']

    @pytest.mark.parametrize('statement', [
        u'$DefaultRuleset other', u'input(type="imjournal" ruleset="other")'])
    def test_messages_that_never_come_by(self, statement):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            configuration(EL9 + statement + u'\n').place(DROP_IN)
        assert '/etc/rsyslog.conf, line 10: %s takes messages to another ruleset' % statement in str(refusal.value)

    def test_the_default_ruleset_by_its_name(self, stock):
        configuration(stock + u'$DefaultRuleset RSYSLOG_DefaultRuleset\ninput(type="imtcp" port="1" ruleset="x")\n'
                      ).place(DROP_IN)


class TestPlace:

    def test_not_included(self):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            configuration(u'$ModLoad imjournal\n*.* /var/log/messages\n').behind(DROP_IN)
        assert 'does not include /etc/rsyslog.d/zz_log_hygiene.conf' in str(refusal.value)

    @pytest.mark.parametrize('pattern', ['/etc/rsyslog.d/', '/etc/rsyslog.d/*', '/etc/*.d/*.conf',
                                         '/etc/rsyslog.d/zz_log_hygiene.conf', '/etc/rsyslog.d/[!a]*.conf'])
    def test_included(self, pattern):
        assert configuration(u'$IncludeConfig %s\n' % pattern, a=u'').behind(DROP_IN) == []

    @pytest.mark.parametrize('pattern', [
        '/etc/rsyslog.d/0*.conf', '/etc/rsyslog.d/*.rule', '/etc/*.conf', '/*/*/*/*.conf'])
    def test_included_elsewhere(self, pattern):
        with pytest.raises(rsyslog.RsyslogError):
            configuration(u'$IncludeConfig %s\n' % pattern).behind(DROP_IN)

    @pytest.mark.parametrize('main', [
        u'ruleset(name="x") {\n%s\n}\n', u'if $msg == "x" then {\n%s\n}\n', u'$RuleSet x\n%s\n', u'mail.* {\n%s\n}\n'])
    def test_included_where_not_every_message_comes_by(self, main):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            configuration(main % u'include(file="/etc/rsyslog.d/*.conf")').behind(DROP_IN)
        assert 'inside a condition or a ruleset' in str(refusal.value)

    def test_directives_that_wait_for_an_action(self):
        text = u'$ActionQueueType LinkedList\n$IncludeConfig /etc/rsyslog.d/*.conf\n*.* @@collector\n'
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            configuration(text).behind(DROP_IN)
        assert '/etc/rsyslog.conf, line 1' in str(refusal.value)
        assert configuration(u'$ActionQueueType LinkedList\n*.* @@collector\n$IncludeConfig /etc/rsyslog.d/*.conf\n'
                             ).behind(DROP_IN) == []

    @pytest.mark.parametrize('rest', [u'', u'*.* ~\n', u'action(type="omfile" file="/x")\n*.* @@collector\n'])
    def test_directives_that_wait_for_nothing(self, rest):
        text = u'$ActionQueueType LinkedList\n$IncludeConfig /etc/rsyslog.d/*.conf\n'
        configuration(text + rest).place(DROP_IN)

    @pytest.mark.parametrize('statement', [
        u'include(text="*.* @x")', u'include(file=`echo $X`)', u'include(file="/a\\x20b")'])
    def test_includes_that_cannot_be_followed(self, statement):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            configuration(EL9 + statement)
        assert '/etc/rsyslog.conf, line 10' in str(refusal.value)

    def test_an_include_of_itself_ends(self):
        assert configuration(EL9 + u'$IncludeConfig /etc/rsyslog.conf\n').behind(DROP_IN) == []


class TestDoubts:

    def test_stock_configurations_leave_none(self, stock):
        assert configuration(stock).doubts(DROP_IN) == []

    @pytest.mark.parametrize('load', [u'$ModLoad imklog', u'$ModLoad imklog.so', u'module(load="imklog")',
                                      u'module(load="/usr/lib64/rsyslog/imklog.so")', u'module(load="imkmsg")'])
    def test_a_second_way_of_kernel_messages(self, stock, load):
        assert 'also hands the messages of the kernel' in configuration(load + u'\n' + stock).doubts(DROP_IN)[0]

    def test_no_imjournal(self):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            configuration(u'module(load="imuxsock")\nmodule(load="imklog")\n'
                          u'$IncludeConfig /etc/rsyslog.d/*.conf\n').doubts(DROP_IN)
        assert 'does not load imjournal' in str(refusal.value)
        assert 'imklog does not say' in str(refusal.value)

    def test_json_from_messages(self, stock):
        doubts = configuration(stock, a=u'action(type="mmjsonparse")\n').doubts(DROP_IN)
        assert '/etc/rsyslog.d/a.conf, line 1: mmjsonparse' in doubts[0]
        assert configuration(stock + u'action(type="mmjsonparse")\n').doubts(DROP_IN) == []


class TestStaged:

    def test_includes_stay_below_the_copy(self, stock):
        found_ = configuration(stock, a=u'$IncludeConfig rel/*.conf\n', zz_log_hygiene=u'old')
        files, directories = found_.staged('/copy', {DROP_IN: u'new'})
        assert sorted(files) == [
            '/copy/etc/rsyslog.conf', '/copy/etc/rsyslog.d/a.conf', '/copy/etc/rsyslog.d/zz_log_hygiene.conf']
        assert files['/copy/etc/rsyslog.conf'].decode('ascii') == stock.replace('/etc/rsyslog.d', '/copy/etc/rsyslog.d')
        assert files['/copy/etc/rsyslog.d/a.conf'] == b'$IncludeConfig /copy/rel/*.conf\n'
        assert files['/copy/etc/rsyslog.d/zz_log_hygiene.conf'] == b'new'
        assert directories == []

    def test_without_the_drop_in(self, stock):
        assert sorted(configuration(stock, zz_log_hygiene=u'old').staged('/copy', {})[0]) == ['/copy/etc/rsyslog.conf']

    def test_included_directories(self):
        found_ = configuration(u'$IncludeConfig /etc/rsyslog.d/\n', a=u'')
        assert found_.staged('/copy', {})[1] == ['/copy/etc/rsyslog.d/']

    def test_a_continued_include(self):
        text = u'include( \\\n   file="/etc/rsys\\\n  log.d/*.conf" )\n# \u00ec\u00a4\u0080\n'
        staged = configuration(text).staged('/copy', {})[0]['/copy/etc/rsyslog.conf']
        assert staged == b'include( \\\n   file="/copy/etc/rsyslog.d/*.conf" )\n# \xec\xa4\x80\n'

    @settings(max_examples=150, deadline=None)
    @given(st.text(alphabet=u'*.@#$/\\"\'`{}()&:;,=~ \t\r\naifthen\xe9', max_size=60)
           | st.lists(st.sampled_from([
               u'if $msg == "x" then {\n', u'}\n', u'*.* @h\n', u'& stop\n', u'\\\n', u'action(', u'type="omfwd"', u')',
               u'template(name="x")', u'$RuleSet a\n', u'# x\n', u'/*', u'*/', u'set $.a = "b;";\n',
               u'foreach ($.i in $!a) do {', u'call x\n', u'else ', u'\n'])).map(u''.join))
    def test_any_text_is_read_and_copied_as_it_is(self, text):
        got = configuration(text)
        assert got.staged('', {})[0][MAIN].decode('latin-1') == text


class TestComplaints:

    def test_the_host_s_own_names(self):
        output = (u"rsyslogd: version 8.2302.0, config validation run (level 1), master config /tmp/x/etc/main.conf\n"
                  u"rsyslogd: error during parsing file /tmp/x/etc/rsyslog.d/a.conf, on or before line 3: "
                  u"invalid character 'x' in expression [v8.2302.0 try https://www.rsyslog.com/e/2207 ]\n"
                  u"rsyslogd: CONFIG ERROR: could not interpret master config file '/tmp/x/etc/rsyslog.conf'."
                  u" [v8.2302.0 try https://www.rsyslog.com/e/2207 ]\n\n")
        assert rsyslog.complaints(output, u'/tmp/x') == (
            u"error during parsing file /etc/rsyslog.d/a.conf, on or before line 3: invalid character 'x' in "
            u"expression; CONFIG ERROR: could not interpret master config file '/etc/rsyslog.conf'.")

    @pytest.mark.parametrize('line, lost', [
        (u"error during parsing file /a, on or before line 1: warnings occurred in file '/a' around line 1", False),
        (u"error during parsing file /a, on or before line 1: invalid character '\\xef' - is there", False),
        (u"invalid or yet-unknown config file command 'X' - have you forgotten to load a module?", False),
        (u"errors occured in file '/a' around line 1", True),  # as 8.24 writes it
        (u"error during parsing file /a, on or before line 1: invalid character '(' - is there", True),
        (u"error during parsing file /a, on or before line 1: invalid character '\\' - is there", True),
        (u"error during parsing file /a, on or before line 2: syntax error on token '}'", True),
        (u"CONFIG ERROR: there are no active actions configured.", True),
    ])
    def test_what_is_lost(self, line, lost):
        assert rsyslog.lost([line]) is lost

    def test_what_is_new(self):
        before = [u"error during parsing file /a, on or before line 9: warnings occurred in file '/a' around line 9",
                  u"action 'action-3-builtin:omfile' x"]
        said = [u"error during parsing file /ours, on or before line 2: warnings occurred in file '/ours' around line 2",
                u"action 'action-4-builtin:omfile' x", u"error during parsing file /ours, on or before line 3: y"]
        assert rsyslog.new(said, before) == said[2:]


class TestBytes:
    """What is no ASCII, in the text as Configuration gets it: a character for each byte."""

    def test_a_condition_is_told_as_it_was_written(self, stock):
        line = u':msg, contains, "\uac00" /x'
        found_ = configuration(stock + line.encode('utf-8').decode('latin-1') + u'\n').statements[-1]
        assert found_.where().endswith(line)

    @pytest.mark.parametrize('line, copies, skipped', [
        (u'\ufeff# siem\n*.* @@a', [u'*.* @@a'], (1, u'\ufeff')),
        (u'\ufeff$ActionQueueType LinkedList\n*.* /x\n*.* @@a', [u'*.* @@a'], (1, u'\ufeff')),
        (u'*.*\u00a0@@a', [u'*.* @@a'], (1, u'\u00a0')),
        (u'# \ud55c\uae00\u00a0\n*.* @@a', [u'*.* @@a'], None),
        (u'!named\n*.* @@a', [u'*.* @@a'], (1, u'!named')),
        # As rsyslogd does: to all users, and a file with a strange name.
        (u'\ufeff*.* @@a', [], (1, u'\ufeff')),
        (u'*.* @@a\u00a0', None, None),
    ])
    def test_it_is_read_as_rsyslogd_does(self, stock, line, copies, skipped):
        text = stock + line.encode('utf-8').decode('latin-1') + u'\n'
        read = configuration(text)
        found_ = read.behind(DROP_IN)
        if copies is None:
            assert [one.reason for one in found_] == ['it has characters beyond ASCII']
        else:
            assert [one.copy for one in found_ if not one.reason] == copies
        told = skipped and {(MAIN, stock.count(u'\n') + skipped[0]): skipped[1].encode('utf-8').decode('latin-1')}
        assert dict(read.skipped) == (told or {})
