# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations of which rsyslogd complains, or that it reads in part: diversion and policy, by the real rsyslogd."""
import json

import pytest

from rsyslog_host import Entry, command
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import configuration as rsyslog

OWN = Entry('own', 'own', None, 'syslog', 6, 18)
OTHER = Entry('something else')
FORWARD = '*.* @127.0.0.1:{port};RSYSLOG_ForwardFormat\n'

RUNS_WITH = {
    # As a guide of the KISA prescribes.
    'a user in the old way': '*.emerg *\n' + FORWARD,
    'an unknown directive': '$NoSuch on\n' + FORWARD,
    'a module twice': '$ModLoad imjournal\n' + FORWARD,
    'a block of BSD': '!named\n' + FORWARD,
    'a misspelt parameter': 'action(type="omfwd" target="127.0.0.1" port="{port}" protcol="tcp" template="RSYSLOG_ForwardFormat")\n',
    'a byte order mark': '\ufeff# siem\n' + FORWARD,
    'a blank that is none': FORWARD.replace('*.* ', '*.*\u00a0'),
    'lines of Windows': FORWARD.replace('\n', '\r\n'),
    'a line in Korean': '\uc6d0\uaca9\n' + FORWARD,
}


@pytest.mark.parametrize('name', sorted(RUNS_WITH))
def test_what_rsyslogd_runs_with_hinders_nothing(el9, v3, collector, name):
    """All comes where it came before; what is not plain is told."""
    el9.write('etc/rsyslog.conf', RUNS_WITH[name].format(port=collector.port), 'a')
    complains = command(['rsyslogd', '-N1', '-f', el9.config])[0] != 0
    assert complains == (name != 'lines of Windows')
    results = [el9.divert([v3.signature]), el9.apply([el9.rule('own', ([18], range(8)), file='own', separate=True)])]
    for result in results:
        assert any('rsyslogd complains of the configuration in ' + el9.config in note for note in result['notes']) == complains
        json.dumps(result, ensure_ascii=False).encode('utf-8')
    assert el9.run_all([v3.noise, OWN, OTHER]) == {
        'log_hygiene/ahnlab-v3-module-lifecycle.log': [0], 'own': [1], 'messages': [2]}
    assert collector.indexes() == [0, 1, 2]


def test_where_rsyslogd_skips_characters_is_told(el9, v3):
    el9.write('etc/rsyslog.d/60-siem.conf', '# a\n\ufeff# b\n')
    assert '%s/etc/rsyslog.d/60-siem.conf, line 2: rsyslogd skips what begins no statement there: \\ufeff' % el9.root in (
        el9.divert([v3.signature])['notes'])


def test_notes_are_few_whatever_is_skipped(el9, v3):
    el9.write('etc/rsyslog.d/60-siem.conf', ('!' + 'x' * 500 + '\n') * 3000)
    notes = el9.divert([v3.signature])['notes']
    assert len(notes) < 12 and sum(len(note) for note in notes) < 20000
    assert 'rsyslogd skips text in 2995 more lines.' in notes and any(note.endswith(' more complaints of it.') for note in notes)


LOSES = {
    'a blank in a selector': ('*. * @@127.0.0.1:1\n', "';template' expected", 'line 21'),
    'a blank in a selector, and what cannot be copied': ('*. * @@127.0.0.1:1\n*.* ^/ship\n', "';template' expected", 'line 21'),
    'a byte order mark before a selector': ('\ufeff*.* @@127.0.0.1:1\n', "invalid character '\\xef'", 'line 21'),
    'no file to include': ('$IncludeConfig /nowhere.conf\n*.* @@127.0.0.1:1\n', 'error accessing config file', 'line 21'),
    'a brace too many': ('}\n', "syntax error on token '}'", 'line 21'),
    'a module that is not there': ('$ModLoad imnonsense\n', 'could not load module', 'imnonsense'),
    'it would not start': ('$AbortOnUncleanConfig on\n$NoSuch on\n', 'is set, and config is not clean', 'NoSuch'),
}


@pytest.mark.parametrize('name', sorted(LOSES))
def test_what_rsyslogd_cannot_read_is_told_in_its_own_words(el9, v3, name):
    text, complaint, place = LOSES[name]
    el9.write('etc/rsyslog.conf', text, 'a')
    place = place.replace('21', str(el9.read('etc/rsyslog.conf').count('\n') - text.count('\n') + 1))
    before = el9.snapshot()
    for work in (lambda: el9.divert([v3.signature]),
                 lambda: el9.apply([el9.rule('own', ([18], range(8)), file='own', separate=True)])):
        with pytest.raises(rsyslog.RsyslogError) as refusal:
            work()
        said = str(refusal.value)
        said.encode('utf-8')  # no half characters of what rsyslogd prints
        assert said.startswith('rsyslogd refuses the configuration in %s as it is, without ' % el9.config)
        assert complaint in said and place in said
        assert said.count('Nothing was changed') == 1  # no reason of ours besides
    assert el9.snapshot() == before


def test_what_is_new_in_its_messages_decides(el9, v3):
    """A template that comes after the copy, in a configuration of which rsyslogd complains anyway."""
    el9.write('etc/rsyslog.conf', '*.emerg *\ntemplate(name="late" type="string" string="%msg%\\n")\n*.* @@127.0.0.1:1;late\n', 'a')
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        el9.divert([v3.signature])
    assert 'together with the new' in str(refusal.value) and "'late'" in str(refusal.value)
    assert 'warnings occurred' not in str(refusal.value)


def test_it_goes_away_from_a_configuration_that_only_warns(el9, v3):
    el9.write('etc/rsyslog.conf', '*.emerg *\n', 'a')
    el9.divert([v3.signature])
    assert el9.divert(state='absent')['changed'] is True
