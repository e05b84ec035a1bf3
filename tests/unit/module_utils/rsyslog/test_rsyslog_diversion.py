# -*- coding: utf-8 -*-
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drop-in of the diversion, as text. What rsyslogd makes of it: tests/integration/rsyslog."""
from __future__ import absolute_import, division, print_function

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, diversion as rsyslog_diversion)

__metaclass__ = type


def signature(**changes):
    """A signature that can be diverted; keys of match replace those of the default."""
    match = dict(transport=['kernel'], literal='<asm>:[INFO]', regex='^<(?:asm|atamptl)>:\\[INFO\\]', priority='info')
    top = dict((key, changes.pop(key)) for key in list(changes) if key in ('id', 'revision', 'disposition'))
    match.update(changes)
    return dict(dict(id='v3-life', revision=2, disposition='divert'),
                match=dict((key, value) for key, value in match.items() if value is not None), **top)


# RainerScript strings, by lexer.l <EXPR> of 8.24.0.
LEXED = re.compile(u'"([^"\\\\$]|\\\\["\'\\\\$bntr]|\\\\[0-7][0-7][0-7])*"', re.DOTALL)


class TestRender:

    def test_rule(self):
        assert rsyslog_diversion.render([signature()]).split('\n\n', 1)[1] == (
            u'if ($inputname == "imjournal") then {\n'
            u'\n'
            u'if ($!_TRANSPORT == "kernel") and ($syslogfacility == 0) then {\n'
            u'\n'
            u'# signature: v3-life revision 2\n'
            u'if ($syslogseverity >= 6)\n'
            u'and ($msg contains "<asm>:[INFO]")\n'
            u'and re_match($msg, "^ ?<(asm|atamptl)>:\\\\[INFO]")\n'
            u'and (not re_match($msg, "^ ?((audit: )?type=[0-9]+ audit\\\\('
            u'|[\\t\\n\\013\\014\\r ]*ansible-[^\\t\\n\\013\\014\\r ]+ Invoked( with |\\$))"))\n'
            u'then {\n'
            u'    action(type="omfile" file="/var/log/log_hygiene/v3-life.log" fileCreateMode="0600"'
            u' dirCreateMode="0700"\n'
            u'           template="RSYSLOG_FileFormat")\n'
            u'    stop\n'
            u'}\n'
            u'\n'
            u'}\n'
            u'\n'
            u'}\n')

    def test_the_order_of_signatures_stays(self):
        """The first that knows a message keeps it; neighbours of one transport share a block."""
        text = rsyslog_diversion.render([
            signature(), signature(id='second'), signature(id='third', transport=['journal'], identifiers=['a']),
            signature(id='fourth')])
        assert re.findall(u'_TRANSPORT == "([a-z]+)"|^# signature: ([a-z0-9-]+)', text, re.MULTILINE) == [
            (u'kernel', u''), (u'', u'v3-life'), (u'', u'second'), (u'journal', u''), (u'', u'third'),
            (u'kernel', u''), (u'', u'fourth')]

    def test_header_tells_who_writes_it(self):
        assert rsyslog_diversion.render([signature()]).startswith(rsyslog_diversion.MARK)

    def test_what_is_installed_is_read_back(self):
        signatures = [signature(), signature(id='other', revision=12)]
        held = rsyslog_diversion.installed(rsyslog_diversion.render(signatures))
        assert list(held.items()) == [('v3-life', 2), ('other', 12)]

    def test_nothing_installed(self):
        assert not rsyslog_diversion.installed(u'# signature: a\n')

    def test_forwarders_come_before_the_stop(self):
        text = rsyslog_diversion.render([signature(), signature(id='other')], [u'*.* @@h:514', u'mail.* @i'])
        assert u'ruleset(name="log_hygiene_forward") {\n*.* @@h:514\nmail.* @i\n}\n' in text
        assert len(re.findall(u'call log_hygiene_forward\n    action[^}]*\n    stop\n', text)) == 2

    def test_sources(self):
        conditions = rsyslog_diversion.conditions(
            signature(transport=['journal', 'syslog'], identifiers=['b', 'a'], comms=['c']))
        assert conditions[:2] == [
            u'($!_TRANSPORT == ["journal", "syslog"])',
            u'(($!SYSLOG_IDENTIFIER == ["a", "b"]) or (($!SYSLOG_IDENTIFIER == "") and ($!_COMM == "c")))']

    def test_comms_alone_need_a_message_without_identifier(self):
        conditions = rsyslog_diversion.conditions(signature(transport=['journal'], comms=['sixteen-letters-']))
        assert conditions[1] == u'(($!SYSLOG_IDENTIFIER == "") and ($!_COMM == "sixteen-letters"))'

    @pytest.mark.parametrize('match, first', [
        (dict(), u'($!_TRANSPORT == "kernel") and ($syslogfacility == 0)'),
        (dict(identifiers=['kernel', 'kerenl']), u'($!_TRANSPORT == "kernel") and ($syslogfacility == 0)'),
        (dict(identifiers=['kernel', 'systemd-x']), u'($!_TRANSPORT == "kernel") and (($syslogfacility == 0) or '
                                                    u'($!SYSLOG_IDENTIFIER == "systemd-x"))'),
        (dict(identifiers=['x'], transport=['kernel', 'syslog']), u'($!_TRANSPORT == ["kernel", "syslog"]) and '
                                                                  u'((not ($!_TRANSPORT == "kernel")) or ($syslogfacility == 0))'),
        (dict(identifiers=['x'], transport=['syslog']), u'($!_TRANSPORT == "syslog")'),
    ])
    def test_the_kernel_is_told_by_its_facility(self, match, first):
        assert rsyslog_diversion.conditions(signature(**match))[0] == first

    @pytest.mark.parametrize('match, writer', [
        (dict(), [u'(($!_UID == "") or re_match($!_UID, "^(0|[1-9][0-9]{0,2})\\$"))']),
        (dict(uid='root'), [u'(($!_UID == "") or re_match($!_UID, "^0\\$"))']),
        (dict(uid='any'), []),
        (dict(uid='any', exes=['/usr/bin/x']), [u'($!_EXE == "/usr/bin/x")']),
    ])
    def test_a_program_is_told_by_who_runs_it(self, match, writer):
        conditions = rsyslog_diversion.conditions(signature(transport=['journal'], identifiers=['x'], **match))
        assert [text for text in conditions if '_UID' in text or '_EXE' in text] == writer

    def test_python_programs_may_be_ansible(self):
        conditions = rsyslog_diversion.conditions(signature(transport=['journal'], comms=['python3']))
        assert conditions[-1].count('ansible-') == 2

    def test_no_ceiling_for_emerg(self):
        assert not [text for text in rsyslog_diversion.conditions(signature(priority='emerg')) if 'severity' in text]

    @pytest.mark.parametrize('changes, named', [
        (dict(id='../x'), 'id'),
        (dict(id='a"b'), 'id'),
        (dict(id='a\nb'), 'id'),
        (dict(revision='1\nstop'), 'revision'),
        (dict(disposition='investigate'), 'disposition is investigate'),
        (dict(disposition='fix'), 'disposition is fix'),
        (dict(transport=None), 'match.transport'),
        (dict(transport=['kernel', 'audit']), 'match.transport'),
        (dict(transport=['driver']), 'match.transport'),
        (dict(transport=['syslog']), 'any program'),
        (dict(transport=['syslog'], identifiers=['sudo']), 'sudo'),
        (dict(literal='short'), 'match.literal'),
        (dict(literal='with a \t tab'), 'control character'),
        (dict(regex='(?=a)b'), 'match.regex: POSIX ERE cannot express lookahead'),
        (dict(regex='('), 'match.regex'),
        (dict(priority='loud'), 'match.priority'),
        (dict(boot_seconds=300), 'match.boot_seconds: rsyslogd cannot tell how long after a boot'),
    ])
    def test_refused(self, changes, named):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            rsyslog_diversion.render([signature(**changes)])
        assert named in refusal.value.args[0]

    def test_no_line_is_longer_than_rsyslogd_reads(self):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            rsyslog_diversion.render([signature(regex='|'.join('x%d' % number for number in range(3000)))])
        assert 'no line' in str(refusal.value)

    @pytest.mark.parametrize('directory', ['log', '/var/log/"x', '/var/log/a b', '/var/log/$x', '/var/log/x\n'])
    def test_directory(self, directory):
        with pytest.raises(rsyslog.RsyslogError):
            rsyslog_diversion.render([signature()], directory=directory)

    @settings(max_examples=150, deadline=None)
    @given(st.text(alphabet=st.characters(blacklist_categories=('Cs',)), max_size=30)
           | st.text(alphabet=u'\\"\'$`{}()[]#/*.+nt01x \n\r;&|^', max_size=20),
           st.sampled_from(['literal', 'regex', 'identifiers', 'comms', 'id']))
    def test_nothing_breaks_out_of_its_string(self, text, key):
        def shape(value):
            """The drop-in for a signature with this value, without what stands in strings and its name."""
            whole = {'literal': u'literal ' + value, 'identifiers': [value], 'comms': [value]}.get(key, value)
            rendered = rsyslog_diversion.render([signature(**{key: whole})])
            return LEXED.sub(u'""', rendered.replace(u'# signature: %s ' % value, u'# signature: '))
        try:
            found_shape = shape(text)
        except rsyslog.RsyslogError:
            return
        assert found_shape == shape(u'harmless')
