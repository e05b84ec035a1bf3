# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drop-ins of the policy, as text. What rsyslogd makes of them: tests/integration/rsyslog/test_policy*.py."""
from __future__ import absolute_import, division, print_function

import fnmatch

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, masking, policy as rsyslog_policy)

__metaclass__ = type

# What rsyslogd 8.2302 wrote: messages, then where it writes and where it reads (a file, and an offset in it).
QI = u'''<OPB:1:qqueue:1:
+iQueueSize:2:%d:%d:
+tVars.disk.sizeOnDisk:2:6:636005:
>End
.
''' + u''.join(u'''<Obj:1:strm:1:
+iCurrFNum:2:1:%%d:
+pszFName:1:15:log_hygiene_far:
+iMaxFiles:2:8:10000000:
+bDeleteOnClose:2:1:%d:
+sType:2:1:1:
+tOperationsMode:2:1:%d:
+tOpenMode:2:3:384:
+iCurrOffs:2:%%d:%%d:
+inode:2:1:0:
+strtOffs:2:1:0:
+bPrevWasNL:2:1:0:
>End
.
''' % modes for modes in ((0, 2), (1, 1)))

MAIN = '/etc/rsyslog.conf'
STOCK = u'''global(workDirectory="/var/lib/rsyslog")
module(load="builtin:omfile" Template="RSYSLOG_TraditionalFileFormat")
include(file="/etc/rsyslog.d/*.conf" mode="optional")
*.info;mail.none;authpriv.none;cron.none                /var/log/messages
authpriv.*                                              /var/log/secure
mail.*                                                  -/var/log/maillog
*.emerg                                                 :omusrmsg:*
'''
NEW, OLD = (8, 2302, 0), (8, 24, 0)


class Disk:
    """A file system in a dict of path -> text."""

    def __init__(self, contents):
        self.contents = contents

    def is_dir(self, path):
        return False

    def glob(self, pattern):
        return [name for name in self.contents if fnmatch.fnmatchcase(name, pattern)]

    def read(self, path):
        return self.contents[path]


def configuration(main=STOCK, **drop_ins):
    contents = dict(('/etc/rsyslog.d/%s.conf' % name, text) for name, text in drop_ins.items())
    return rsyslog.Configuration(MAIN, Disk(dict(contents, **{MAIN: main})),
                                 [rsyslog_policy.FORWARD, rsyslog_policy.FILES])


def rule(name='one', facilities=(4, 10), severities=range(8), **keys):
    return dict(dict(name=name, facilities=list(facilities), severities=list(severities), keep_days=None, file=None,
                     separate=False, forward=None, alert=None), **keys)


def forwarding(name='far', tls=None, **keys):
    return rule(name, forward=dict(dict(target='collector', port=514, protocol='tcp', tls=tls,
                                        queue=dict(disk_bytes=1 << 30, memory=12000)), **keys))


TLS = dict(ca_file='/pki/ca.pem', cert_file='/pki/host.pem', key_file='/pki/host.key',
           permitted_peers=['a.example.com', '*.b.example.com'], driver='gtls')


class TestForwards:

    def test_a_forward(self):
        text = rsyslog_policy.render_forwards([forwarding()], configuration(), NEW)
        assert text.startswith(rsyslog_policy.MARK)
        assert text.partition('\n\n')[2] == u'''# rule: far
ruleset(name="log_hygiene_forward_far"
        queue.type="LinkedList" queue.filename="log_hygiene_far" queue.spoolDirectory="/var/lib/rsyslog"
        queue.size="20000" queue.highWatermark="12000" queue.lowWatermark="4000" queue.dequeueBatchSize="1"
        queue.maxDiskSpace="1073741824" queue.maxFileSize="16777216" queue.checkpointInterval="1"
        queue.saveOnShutdown="on" queue.timeoutEnqueue="20") {
    action(name="log_hygiene_far" type="omfwd" target="collector" port="514" protocol="tcp"
           template="RSYSLOG_SyslogProtocol23Format" TCP_Framing="octet-counted"
           action.resumeRetryCount="-1" action.resumeInterval="5")
}
if prifilt("auth,authpriv.*") then call log_hygiene_forward_far
'''

    def test_none(self):
        assert rsyslog_policy.render_forwards([rule()], configuration(), NEW) is None

    def test_udp_has_no_framing(self):
        assert 'TCP_Framing' not in rsyslog_policy.render_forwards([forwarding(protocol='udp')], configuration(), NEW)

    def test_tls_by_action(self):
        text = rsyslog_policy.render_forwards([forwarding(tls=TLS)], configuration(), NEW)
        assert u'streamDriver="gtls" streamDriverMode="1" streamDriverAuthMode="x509/name"' in text
        assert u'streamDriverPermittedPeers="a.example.com,*.b.example.com"' in text
        assert u'streamDriver.CAFile="/pki/ca.pem"' in text
        assert u'streamDriver.KeyFile="/pki/host.key"' in text
        assert u'global(' not in text

    def test_tls_for_all_before_8_2108(self):
        text = rsyslog_policy.render_forwards([forwarding(tls=TLS)], configuration(), OLD)
        assert u'streamDriver.CAFile' not in text
        assert (u'global(defaultNetstreamDriverCAFile="/pki/ca.pem"\n'
                u'       defaultNetstreamDriverCertFile="/pki/host.pem"\n'
                u'       defaultNetstreamDriverKeyFile="/pki/host.key")\n') in text

    def test_a_small_queue_has_many_files(self):
        """A single file would never be free again."""
        queue = dict(disk_bytes=10 << 20, memory=100)
        assert u'queue.maxFileSize="524288"' in rsyslog_policy.render_forwards([forwarding(queue=queue)],
                                                                               configuration(), NEW)

    @pytest.mark.parametrize('text, found', [
        (QI % (4, 1392, 1, 7, 1000000, 1, 1, 0), (1392, (1, 1000000), (1, 0))),
        (QI % (1, 0, 2, 1, 0, 2, 1, 0), (0, (2, 0), (2, 0))),
        (QI % (4, 1392, 3, 1, 5, 2, 4, 1042), (1392, (3, 5), (2, 1042))),
        (QI % (4, 1392, 1, 7, 1000000, 1, 1, 0) + u'\n', (1392, (1, 1000000), (1, 0))),
        (u'', None), (u'\0' * 300, None), (QI[:40], None), ((QI % (4, 1392, 1, 7, 1000000, 1, 1, 0))[:400], None),
        (QI.replace(u'%d:%d:\n+tV', u'5000:' + u'9' * 5000 + u':\n+tV') % (1, 1, 1, 1, 1, 1), None)])
    def test_what_a_queue_says_of_itself(self, text, found):
        assert rsyslog_policy.queue(text) == found

    def test_a_damaged_end_hides_no_number(self):
        assert rsyslog_policy.messages_on_disk((QI % (4, 1392, 1, 7, 1000000, 1, 1, 0))[:100]) == 1392
        assert rsyslog_policy.messages_on_disk(u'\0' * 300) is None

    @pytest.mark.parametrize('messages, write, read, sizes, why', [
        (0, (1, 0), (1, 0), {}, None),
        (0, (1, 500), (1, 500), {1: 500}, None),
        (0, (3, 500), (3, 500), {}, None),
        (10, (1, 5000), (1, 0), {1: 5000}, None),
        (10, (1, 5000), (1, 0), {1: 9000}, None),      # written since, or before a kill
        (10, (3, 50), (1, 400), {1: 500, 2: 500, 3: 50}, None),
        (10, (3, 0), (1, 400), {1: 500, 2: 500}, None),  # the next file is to be begun
        (1392, (1, 600000), (1, 0), {1: 0}, '00000001 has 0 bytes'),
        (1392, (1, 600000), (1, 0), {1: 599999}, '00000001 has 599999 bytes'),
        (1392, (1, 600000), (1, 0), {}, '00000001 has gone'),
        (10, (3, 50), (1, 400), {1: 500, 3: 50}, '00000002 has gone'),
        (10, (3, 50), (1, 400), {1: 500, 2: 0, 3: 50}, '00000002 has 0 bytes'),
        (10, (3, 50), (1, 400), {1: 300, 2: 500, 3: 50}, '00000001 has 300 bytes'),
        (10, (1, 500), (1, 500), {1: 500}, 'read to its end'),
        (10, (1, 500), (2, 0), {1: 500}, 'read behind its end'),
        (10, (10 ** 11, 500), (2, 0), {}, 'read behind its end'),
        (0, (1, 500), (1, 500), {1: 0}, '00000001 has 0 bytes'),
    ])
    def test_a_queue_that_does_not_fit_its_files(self, messages, write, read, sizes, why):
        found = rsyslog_policy.broken(rsyslog_policy.Queue(messages, write, read), sizes)
        assert (found is None) if why is None else why in found

    def test_two_authorities_before_8_2108(self):
        rules = [forwarding('a', tls=TLS), forwarding('b', port=1, tls=dict(TLS, ca_file='/pki/other.pem'))]
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            rsyslog_policy.render_forwards(rules, configuration(), OLD)
        assert 'rule b has another one' in str(refusal.value)
        assert rsyslog_policy.render_forwards(rules, configuration(), NEW)

    @pytest.mark.parametrize('statement', [u'global(defaultNetstreamDriverCAFile="%s")\n',
                                           u'$DefaultNetstreamDriverCAFile %s\n'])
    def test_another_authority_in_the_configuration(self, statement):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            rsyslog_policy.render_forwards([forwarding(tls=TLS)], configuration(statement % '/x.pem' + STOCK), OLD)
        assert '/etc/rsyslog.conf, line 1' in str(refusal.value)
        text = rsyslog_policy.render_forwards([forwarding(tls=TLS)], configuration(statement % '/pki/ca.pem' + STOCK),
                                              OLD)
        assert u'CAFile' not in text and u'CertFile' in text

    def test_no_work_directory(self):
        assert configuration(u'$WorkDirectory /srv/spool/\n' + STOCK.split(u'\n', 1)[1]).spool() == '/srv/spool'
        assert configuration(STOCK.split(u'\n', 1)[1]).spool() == '/var/lib/rsyslog'

    def test_queues_are_found_again(self):
        text = rsyslog_policy.render_forwards([forwarding('a'), forwarding('b', port=1)], configuration(), NEW)
        assert rsyslog_policy.queue_files(text) == ['log_hygiene_a', 'log_hygiene_b']
        assert rsyslog_policy.queue_files(None) == []


class TestCheck:

    @pytest.mark.parametrize('wrong', [
        rule(u'a"b'), rule(u'a\nb'), rule(file=u'/var/log/a"'), rule(file=u'/var/log/a\n'),
        forwarding(target=u'a" port="1'), forwarding(tls=dict(TLS, ca_file=u'/a b')),
        forwarding(tls=dict(TLS, permitted_peers=[u'a"'])),
    ])
    def test_texts_that_break_out(self, wrong):
        with pytest.raises(rsyslog.RsyslogError):
            rsyslog_policy.check([wrong])

    def test_one_name_twice(self):
        with pytest.raises(rsyslog.RsyslogError):
            rsyslog_policy.check([rule(), rule()])


def planned(rules, main=STOCK, **drop_ins):
    return rsyslog_policy.plan_files(rules, configuration(main, **drop_ins))


class TestFiles:

    def test_separate(self):
        """authpriv is in secure and nowhere else already, auth.debug nowhere at all."""
        plan = planned([rule(file='/var/log/secure', separate=True)])
        assert plan.files[0].pairs == frozenset((4, severity) for severity in range(8))
        assert plan.stopped == frozenset((4, severity) for severity in range(7))
        assert [one.line for one in plan.files[0].writers] == [5]
        assert rsyslog_policy.render_files(plan, [u'*.emerg :omusrmsg:*']).partition('\n\n')[2] == u'''\
# What stands behind this file and is no log file. A message that stops here goes to it first.
ruleset(name="log_hygiene_beside_files") {
*.emerg :omusrmsg:*
}

if prifilt("auth.*") then {
    /var/log/secure
}

if prifilt("auth.info") then {
    call log_hygiene_beside_files
    stop
}
'''

    def test_nothing_is_left_to_do(self):
        plan = planned([rule(facilities=[2], file='/var/log/maillog')])
        assert rsyslog_policy.render_files(plan, []) is None
        assert planned([]).files == []

    def test_a_file_of_its_own(self):
        plan = planned([rule(file='/var/log/own.log')])
        assert u'fileCreateMode="0600"' in plan.files[0].action
        assert plan.stopped == frozenset()

    def test_a_rule_that_is_apart_is_in_no_other_file_of_the_policy(self):
        plan = planned([rule('a', file='/var/log/a', separate=True),
                        rule('b', facilities=range(24), file='/var/log/b')])
        assert [len(one.pairs) for one in plan.files] == [16, 192 - 16]

    def test_two_that_are_apart(self):
        with pytest.raises(rsyslog.RsyslogError):
            planned([rule('a', file='/var/log/a', separate=True), rule('b', file='/var/log/b', separate=True)])

    def test_what_is_stopped_behind_us_is_not_left_to_the_rest(self):
        main = STOCK.replace(u'*.info;', u'local0.* /var/log/local\n& stop\n*.info;')
        plan = planned([rule(facilities=[16], file='/var/log/messages')], main)
        assert len(plan.files[0].pairs) == 8

    def test_terminals_are_no_files(self):
        config = configuration(STOCK + u'*.alert /dev/console\n')
        plan = rsyslog_policy.plan_files([rule(file='/var/log/own', separate=True)], config)
        behind = config.behind(rsyslog_policy.FILES, rsyslog_policy.stays, plan.stopped)
        assert [one.copy for one in behind] == [u'*.emerg :omusrmsg:*', u'*.alert /dev/console']

    def test_what_does_not_concern_the_stop_is_not_copied(self):
        config = configuration(STOCK + u'mail.* @@collector\n:msg, contains, "x" @@collector\nmail.* stop\n*.* @@c\n')
        plan = rsyslog_policy.plan_files([rule(file='/var/log/own', separate=True)], config)
        behind = config.behind(rsyslog_policy.FILES, rsyslog_policy.stays, plan.stopped)
        assert [one.copy for one in behind] == [u'*.emerg :omusrmsg:*', u':msg, contains, "x" @@collector', u'*.* @@c']

    def test_a_called_ruleset_writes_files_too(self):
        plan = planned([rule(file='/var/log/own', separate=True)],
                       STOCK + u'ruleset(name="near") {\n  *.debug /var/log/all\n}\nauth.* call near\n')
        assert plan.stopped == frozenset((facility, severity) for facility in (4, 10) for severity in range(8))

    def test_other_drop_ins_of_the_collection_have_no_say(self):
        ours = rsyslog.OURS + u'rsyslog_diversion\n*.* /var/log/x\nstop\n'
        assert planned([rule(file='/var/log/own')], zz_log_hygiene=ours).notes == []

    def test_a_copy_that_cannot_be(self):
        config = configuration(STOCK + u'action(type="omprog" binary="/x")\n')
        behind = config.behind(rsyslog_policy.FILES, rsyslog_policy.stays)
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            rsyslog_policy.copies(behind)
        assert '/etc/rsyslog.conf, line 8' in str(refusal.value)


MASKED = u"""template(name="Fields" type="list") {
  property(name="timereported") constant(value=" ") property(name="$!all-json") constant(value="\\n")
}
template(name="Cut" type="string" string="%timereported% %msg:R,ERE,1,FIELD:user (.*)--end%\\n")
template(name="Whole" type="string" string="%timereported% %$!host% %msg:::drop-last-lf%\\n")
"""
ANON = u'action(type="mmanon")\n'
FAR = u'*.* @@collector\n'


class TestMasking:
    """What the host masks must not come out of us: of its files by our files, of what it sends by our forwards."""

    @pytest.mark.parametrize('main, file, forward, alert', [
        (STOCK, False, False, False),
        (STOCK.replace(u'*.info', ANON + u'*.info'), True, True, True),
        (STOCK.replace(u'*.info', u'mail.* ' + ANON + u'*.info'), False, False, True),
        (STOCK.replace(u'*.info', u'if $programname == "a" then ' + ANON + u'*.info'), True, True, True),
        (STOCK.replace(u'include', ANON + u'include'), False, False, True),
        (STOCK.replace(u'*.info', u'ruleset(name="m") {\n' + ANON + u'}\ncall m\n*.info'), True, True, True),
        (STOCK.replace(u'*.info', u'action(type="mmexternal" binary="/x")\n*.info'), True, True, True),
        (STOCK.replace(u'*.info', u'action(type="mmsequence" mode="random")\naction(type="mmutf8fix")\n*.info'), False, False, False),
        # what is written before it is no secret on this host, and what is sent after it is one
        (u'global(x="y")\ninclude(file="/etc/rsyslog.d/*.conf")\nauth,authpriv.* /var/log/all\n' + ANON + FAR, False, True, True),
        (u'include(file="/etc/rsyslog.d/*.conf")\nauth.* /var/log/all\n' + ANON + u'*.* /var/log/x\n', True, True, True),
        (STOCK + FAR + ANON, False, False, False),
        # templates: what no template names is masked where something sets or removes fields
        (STOCK.replace(u'*.info', MASKED + u'action(type="mmjsonparse")\n*.* /var/log/j;Fields\n*.info'), False, False, False),
        (MASKED + u'include(file="/etc/rsyslog.d/*.conf")\naction(type="mmjsonparse")\nunset $!password;\n*.* /var/log/j;Fields\n',
         True, True, True),
        (MASKED + u'include(file="/etc/rsyslog.d/*.conf")\naction(type="mmjsonparse")\n*.* /var/log/j;Fields\n', False, False, False),
        (MASKED + u'include(file="/etc/rsyslog.d/*.conf")\nset $!host = $hostname;\n*.* /var/log/j;Whole\n', False, False, False),
        (MASKED + u'include(file="/etc/rsyslog.d/*.conf")\nset $!host = $hostname;\n*.* /var/log/j;Cut\n', True, True, True),
        (MASKED + u'module(load="builtin:omfile" template="Cut")\ninclude(file="/etc/rsyslog.d/*.conf")\nset $.x = "y";\n'
         u'*.* /var/log/j\n', True, True, True),
        (MASKED + u'$ActionFileDefaultTemplate Cut\n$IncludeConfig /etc/rsyslog.d/*.conf\nset $.x = "y";\n*.* /var/log/j\n',
         True, True, True),
        (STOCK.replace(u'include', MASKED + u'include') + u'set $!user = "x";\naction(type="omfwd" target="c" template="Cut")\n',
         False, True, True),
    ])
    def test_where_it_is_masked(self, main, file, forward, alert):
        config, pairs = configuration(main), rsyslog_policy.pairs_of(rule(severities=range(7)))
        found = [bool(masking.outside(config, place, pairs, away)) for place, away in (
            (config.place(rsyslog_policy.FILES), False), (config.place(rsyslog_policy.FORWARD), True), (-1, True))]
        assert found[:2] == [file, forward]
        assert alert == (found[2] or bool(masking.outside(config, -1, rsyslog_policy.pairs_of(rule(facilities=range(24))))))

    def test_the_place_decides(self):
        """A drop-in between the forwards and the files masks what the files get, and not what is forwarded."""
        config = configuration(**{'10-anonymize': ANON})
        assert rsyslog_policy.plan_files([rule(file='/var/log/own')], config).files[0].pairs
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            rsyslog_policy.render_forwards([forwarding()], config, NEW)
        assert '/etc/rsyslog.d/10-anonymize.conf, line 1: action(type="mmanon") rewrites messages behind it' in str(refusal.value)
        assert 'come in front of the line of /etc/rsyslog.conf that includes' in str(refusal.value)

    def test_a_writer_whose_variables_are_set_behind_us(self):
        main = STOCK.replace(u'authpriv.*  ', u'template(name="V" type="string" string="%$!x% %msg%\\n")\nset $!x = "y";\nauthpriv.*  '
                             ).replace(u'/var/log/secure', u'/var/log/secure;V')
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            planned([rule(file='/var/log/secure')], main)
        assert 'sets variables that' in str(refusal.value) and 'line 6: set $!x' in str(refusal.value)
