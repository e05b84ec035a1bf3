# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least change of one key in each syntax, and the table of the programs. What programs make of it is tested on them."""
from __future__ import absolute_import, division, print_function

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _config_programs as programs, _config_syntax as syntax

__metaclass__ = type

SSHD, WORDS, POSTFIX, INI, FOLDED = syntax.Sshd(), syntax.Words(), syntax.Postfix(), syntax.Ini(), syntax.Ini(blanks_go_on=True)
SHELL, APACHE, NAMED = syntax.Shell(), syntax.Apache(), syntax.Named()

# Syntax, section, key, value, text before and after.
CHANGES = [
    # sshd_config: the first one counts, a Match ends what counts for all, any case
    (SSHD, None, 'UseDNS', 'no', 'Port 22\nusedns  yes\nUseDNS yes\n', 'Port 22\nusedns  no\nUseDNS yes\n'),
    (SSHD, None, 'UseDNS', 'no', 'UseDNS=yes # x\n', 'UseDNS=no # x\n'),
    (SSHD, None, 'UseDNS', 'no', '\tUseDNS = yes\t\n', '\tUseDNS = no\t\n'),
    (SSHD, None, 'UseDNS', 'no', 'UseDNS\n', 'UseDNS no\n'),
    (SSHD, None, 'UseDNS', 'no', 'Port 22\nMatch User a\n  UseDNS yes\n', 'Port 22\nUseDNS no\nMatch User a\n  UseDNS yes\n'),
    (SSHD, None, 'UseDNS', 'no', '#UseDNS yes\n#Port 22\nMatch all\n#UseDNS x\n', '#UseDNS yes\nUseDNS no\n#Port 22\nMatch all\n#UseDNS x\n'),
    (SSHD, None, 'UseDNS', 'no', '# see UseDNS\nPort 22', '# see UseDNS\nPort 22\nUseDNS no'),
    (SSHD, None, 'UseDNS', 'no', 'Port 22\r\nX11Forwarding no\r\n', 'Port 22\r\nX11Forwarding no\r\nUseDNS no\r\n'),
    (SSHD, None, 'UseDNS', 'no', 'UseDNS yes\r\nPort 22', 'UseDNS no\r\nPort 22'),
    (SSHD, None, 'UseDNS', 'no', '', 'UseDNS no\n'),
    (SSHD, None, 'UseDNS', 'no', 'UseDNSx yes\n', 'UseDNSx yes\nUseDNS no\n'),
    (SSHD, None, 'UseLogin', None, 'Port 22\nUseLogin no\nMatch all\n  uselogin yes\n', 'Port 22\n#UseLogin no\nMatch all\n  uselogin yes\n'),
    (SSHD, None, 'UseLogin', None, 'Match all\n  uselogin yes', 'Match all\n#  uselogin yes'),
    (SSHD, None, 'UseLogin', None, '#UseLogin no\n', '#UseLogin no\n'),
    # main.cf: the last one counts, a blank at the beginning goes on
    (POSTFIX, None, 'a', '2', 'a = 1\nb = 1\na=0\n', 'a = 1\nb = 1\na=2\n'),
    (POSTFIX, None, 'a', '2', 'a = 1,\n# c\n  2,\n\n  3\nb = 1\n', 'a = 2\nb = 1\n'),
    (POSTFIX, None, 'A', '2', 'a = 1\n', 'a = 1\nA = 2\n'),
    (POSTFIX, None, 'c', '2', '#c = 1\nb = 1\n', '#c = 1\nc = 2\nb = 1\n'),
    (POSTFIX, None, 'c', '2', 'b = 1\n#c = 1\n  2\n', 'b = 1\n#c = 1\n  2\nc = 2\n'),
    (POSTFIX, None, 'a', None, 'a = 1,\n  2\nb = 1\n', '#a = 1,\n#  2\nb = 1\n'),
    # ini
    (INI, 'General', 'Domain', 'x.org', '[General]\nVerbosity = 0\n#Domain = l\n\n[Mapping]\nDomain = m\n',
     '[General]\nVerbosity = 0\n#Domain = l\nDomain = x.org\n\n[Mapping]\nDomain = m\n'),
    (INI, 'general', 'domain', 'x.org', '[General]\n  Domain = l\n', '[General]\n  Domain = x.org\n'),
    (INI, None, 'AllowZoneDrifting', 'no', '# A\nDefaultZone=public\nAllowZoneDrifting=yes\n', '# A\nDefaultZone=public\nAllowZoneDrifting=no\n'),
    (INI, None, 'OpenGPGCheck', 'no', 'A = 1\n\n# x\n', 'A = 1\nOpenGPGCheck = no\n\n# x\n'),
    (INI, 'a', 'k', '1', '[a]\n[b]\nk=0\n', '[a]\nk=1\n[b]\nk=0\n'),
    (FOLDED, 'main', 'a', '1', '[main]\na=1\n  2\nb=3\n', '[main]\na=1\nb=3\n'),
    (FOLDED, 'main', 'metadata_timer_sync', '0', '[main]\ngpgcheck=1\n', '[main]\ngpgcheck=1\nmetadata_timer_sync=0\n'),
    # variables of a shell
    (SHELL, None, 'OPTIONS', '-4', '# OPTIONS="whatever" -- x\nOPTIONS="-u x"\n', '# OPTIONS="whatever" -- x\nOPTIONS="-4"\n'),
    (SHELL, None, 'OPTIONS', '-4', "export OPTIONS='' # x\n", 'export OPTIONS="-4" # x\n'),
    (SHELL, None, 'OPTIONS', '-4', 'OPTIONS=\n', 'OPTIONS="-4"\n'),
    (SHELL, None, 'OPTIONS', '-4 -6', 'OPTIONS=1\nOPTIONS=2', 'OPTIONS=1\nOPTIONS="-4 -6"'),
    (SHELL, None, 'OPTIONS', '-4', 'X=1\nOPTIONS2=2\n', 'X=1\nOPTIONS2=2\nOPTIONS="-4"\n'),
    (SHELL, None, 'OPTIONS', None, 'X=1\n OPTIONS=2\n', 'X=1\n# OPTIONS=2\n'),
    # httpd: outside of sections
    (APACHE, None, 'ServerName', 'w', '#ServerName www.example.com:80\nListen 80\n', '#ServerName www.example.com:80\nServerName w\nListen 80\n'),
    (APACHE, None, 'ServerName', 'w', 'servername a\n<VirtualHost *>\n ServerName b\n</VirtualHost>\n',
     'servername w\n<VirtualHost *>\n ServerName b\n</VirtualHost>\n'),
    (APACHE, None, 'ServerName', 'w', '<VirtualHost *>\n #ServerName b\n ServerName b\n</VirtualHost>',
     '<VirtualHost *>\n #ServerName b\n ServerName b\n</VirtualHost>\nServerName w'),
    (APACHE, None, 'ServerName', 'w', 'ServerName \\\n  b\nListen 1\n', 'ServerName w\nListen 1\n'),
    (APACHE, None, 'ServerName', None, 'ServerName \\\n  b\nListen 1\n', '#ServerName \\\n#  b\nListen 1\n'),
    # chrony, snmpd
    (WORDS, None, 'dontLogTCPWrappersConnects', 'yes', 'syslocation x\n', 'syslocation x\ndontLogTCPWrappersConnects yes\n'),
    (WORDS, None, 'logchange', '0.5', '! logchange 9\n#logchange 0.5\nLogChange\t1\n', '! logchange 9\n#logchange 0.5\nLogChange\t0.5\n'),
    # named: statements in a block
    (NAMED, None, 'a', 'no', 'options {\n\tb yes; // c\n\ta yes;\n};\n', 'options {\n\tb yes; // c\n\ta no;\n};\n'),
    (NAMED, None, 'a', 'no', 'options {\n  b yes; /* a yes;\n */\n};\n', 'options {\n  b yes; a no; /* a yes;\n */\n};\n'),
    (NAMED, None, 'a', 'no', 'options {\n  b { any; }; # }\n};\n', 'options {\n  b { any; }; # }\n  a no;\n};\n'),
    (NAMED, None, 'a', 'no', 'options { b "x};"; };', 'options { b "x};"; a no; };'),
    (NAMED, None, 'a', 'no', 'options {\n};\n', 'options {\n\ta no;\n};\n'),
    (NAMED, None, 'a', 'no', 'logging { a yes; };\nOptions { };\nview v { a x; };\n', 'logging { a yes; };\nOptions { a no; };\nview v { a x; };\n'),
    (NAMED, None, 'a', None, 'options {\n  a yes; b no;\n};\n', 'options {\n  /* a yes; */ b no;\n};\n'),
]
REFUSALS = [
    (INI, 'x', 'a', '1', '[main]\na=1\n', 'F has no section x.'),
    (INI, 'main', 'a', '1', '[main]\na=1\na=2\n', 'F sets it in lines 2, 3, and which of them counts is not known. Leave one.'),
    (WORDS, None, 'a', '1', 'a 1\na 2\n', 'F sets it in lines 1, 2, '),
    (WORDS, None, 'a', '1', '[snmpd]\na 1\n', 'F has sections, '),
    (SHELL, None, 'A', '1', 'A=$B\n', 'F, line 1 has more than a plain value. Make it A="...".'),
    (SHELL, None, 'A', '1', 'A="x\ny"\n', 'more than a plain value'),
    (SHELL, None, 'A', '1', 'A=-u chrony\n', 'more than a plain value'),
    (SHELL, None, 'A', '1', 'A=1; B=2\n', 'more than a plain value'),
    (SHELL, None, 'A', '1', 'A+=1\n', 'more than a plain value'),
    (SHELL, None, 'A', '1', 'B=1 \\\nA=1\n', 'more than a plain value'),
    (SHELL, None, 'A', '1', 'B=1 \\', 'F ends with a backslash, '),
    (APACHE, None, 'A', '1', 'B 1 \\', 'F ends with a backslash, '),
    (NAMED, None, 'a', '1', 'logging { };', 'F has no block options.'),
    (NAMED, None, 'a', '1', 'options { a { x; }; };', 'F has a block for a, and only single values are set.'),
    (NAMED, None, 'a', '1', 'options { a 1; a 2; };', 'F sets it in lines 1, 1, '),
    (NAMED, None, 'a', None, 'options { a /* x */ 1; };', 'F has a comment within a'),
]


def name_of(case):
    return '%s-%s' % (type(case[0]).__name__, case[2])


@pytest.mark.parametrize('case', CHANGES, ids=name_of)
def test_the_least_change(case):
    language, section, key, value, before, after = case
    language.check(key, value, section)
    assert language.changed(before, key, value, section) == after
    if value is not None:
        assert language.in_force(after, key, section) == value
        assert language.changed(after, key, value, section) == after
    place, old, new = syntax.edit(before, after)
    assert before[:place] + new + before[place + len(old):] == after
    assert before == after or syntax.locate(after, new) == place
    crlf = re.sub('\n', '\r\n', before) if '\r' not in before and '\n' in before else None
    if crlf:
        assert language.changed(crlf, key, value, section) == re.sub('\n', '\r\n', after)


@pytest.mark.parametrize('case', REFUSALS, ids=name_of)
def test_what_is_not_understood_is_refused(case):
    language, section, key, value, before, told = case
    with pytest.raises(syntax.Refused) as error:
        language.changed(before, key, value, section)
    assert told in error.value.told('F')


@pytest.mark.parametrize('language', [SSHD, WORDS, POSTFIX, INI, FOLDED, SHELL, APACHE, NAMED], ids=lambda one: type(one).__name__)
def test_what_is_no_key_and_no_value(language):
    for key in ('', '-x', '../x', 'a b', 'a\n', 'a\nb', 'a=b', '#a', 'a*', 'x' * 5000, u'\uac12', '[a]', 'a;', 'a{'):
        with pytest.raises(syntax.Refused) as error:
            language.check(key, '1', None)
        assert error.value.told('F').startswith('F, key: ') and len(error.value.told('F')) < 250
    for value in ('', ' 1', '1 ', 'a\nb', 'a\rb', 'a\tb', u'\uac12', '1' * 5000, 'a\x00', 'a\\'):
        with pytest.raises(syntax.Refused) as error:
            language.check('abc', value, None)
        assert error.value.told('F').startswith('F, value: ') and len(error.value.told('F')) < 250
    for section in ('', '-x', 'a]', 'a\n', u'\uac12', 'x' * 5000):
        with pytest.raises(syntax.Refused) as error:
            language.check('abc', '1', section)
        assert error.value.told('F').startswith('F, section: ') and len(error.value.told('F')) < 250


@given(st.sampled_from([SSHD, POSTFIX, SHELL, APACHE, NAMED, FOLDED]), st.lists(st.sampled_from([
    'Key', ' ', '=', '#', '"', 'x', '\n', '\n', '\\', '{', '}', ';', '[main]', 'Match all', '<a>', '</a>', '\r\n', '/*', '*/', '\t', 'options {', "'"]),
    max_size=30),
    st.sampled_from(['v', None]))
def test_a_change_is_one_place_and_can_be_taken_back(language, parts, value):
    before, section = ''.join(parts), 'main' if language is FOLDED else None
    try:
        after = language.changed(before, 'Key', value, section)
        if value:
            assert language.in_force(after, 'Key', section) == 'v'
    except syntax.Refused:
        return
    place, old, new = syntax.edit(before, after)
    assert after[:place] + old + after[place + len(new):] == before
    assert old.count('\n') <= before.count('\n') and (value is None or new.count('v') == old.count('v') + 1 or 'v' in new)


@pytest.mark.parametrize('text, lines, place', [
    ('a\nb\n', 'b\n', 2), ('a\nb', '\nb', 1), ('a\nb c', 'b', None), ('b\nb\n', 'b\n', None), ('ab\n', 'b\n', None), ('a', '', None), ('a\nb\r\n', 'b', 2)])
def test_lines_are_found_where_they_stand_once(text, lines, place):
    assert syntax.locate(text, lines) == place


# --- the table

def test_which_files_are_changed():
    assert programs.program_of('/etc/ssh/sshd_config.d/50-x.conf').name == 'sshd'
    assert programs.program_of('/etc/httpd/conf.d/00-servername.conf').mode == 0o644
    for path in ('', '/', 'sshd_config', '/etc/ssh/../ssh/sshd_config', '/etc/ssh/sshd_config\n', '/etc/ssh/sshd_config.d/../../passwd', '/etc/passwd',
                 '/etc/ssh/sshd_config.d/.x.conf', '/etc/ssh/sshd_config.d/x', '/etc/ssh/sshd_config.d/x.conf\n', '/etc/pam.d/sshd', '/etc/audit/auditd.conf',
                 '/etc/sysconfig/selinux', u'/etc/ssh/sshd_config.d/\uac12.conf', '/etc/ssh/sshd_config.d/%s.conf' % ('x' * 5000),
                 '/etc/ssh/sshd_config.d/a/b.conf', '/etc//ssh/sshd_config', '/etc/sudoers'):
        assert programs.program_of(path) is None


@pytest.mark.parametrize('path, key, value, lowers', [
    ('/etc/ssh/sshd_config', 'PermitRootLogin', 'yes', True), ('/etc/ssh/sshd_config', 'permitrootlogin', 'no', False),
    ('/etc/ssh/sshd_config', 'PermitRootLogin', None, True), ('/etc/ssh/sshd_config', 'LogLevel', 'QUIET', True),
    ('/etc/ssh/sshd_config', 'LogLevel', 'VERBOSE', False), ('/etc/ssh/sshd_config', 'SyslogFacility', 'LOCAL0', True),
    ('/etc/ssh/sshd_config', 'SyslogFacility', 'AUTHPRIV', False), ('/etc/ssh/sshd_config', 'UseDNS', 'no', False),
    ('/etc/ssh/sshd_config', 'Ciphers', 'x', True), ('/etc/ssh/sshd_config', 'UsePAM', 'no', True), ('/etc/ssh/sshd_config', 'Port', '23', True),
    ('/etc/ssh/sshd_config', 'PrintMotd', 'no', False), ('/etc/ssh/sshd_config', 'GSSAPICleanupCredentials', 'yes', False),
    ('/etc/named.conf', 'dnssec-validation', 'no', True), ('/etc/named.conf', 'dnssec-validation', 'auto', False),
    ('/etc/named.conf', 'querylog', 'no', True), ('/etc/named.conf', 'max-cache-size', '10%', False), ('/etc/named.conf', 'allow-query', 'any', True),
    ('/etc/httpd/conf/httpd.conf', 'ServerName', 'x', False), ('/etc/httpd/conf/httpd.conf', 'LogLevel', 'crit', True),
    ('/etc/httpd/conf.d/x.conf', 'ErrorLog', '/dev/null', True), ('/etc/httpd/conf/httpd.conf', 'ServerTokens', 'Prod', False),
    ('/etc/postfix/main.cf', 'alias_maps', 'hash:/etc/aliases', False), ('/etc/postfix/main.cf', 'alias_maps', 'hash:/tmp/a', True),
    ('/etc/postfix/main.cf', 'inet_protocols', 'ipv4', False),
    ('/etc/postfix/main.cf', 'maillog_file', '/dev/null', True), ('/etc/postfix/main.cf', 'smtpd_tls_security_level', 'none', True),
    ('/etc/chrony.conf', 'makestep', '1 3', True), ('/etc/chrony.conf', 'logchange', '9', True),
    ('/etc/snmp/snmpd.conf', 'dontLogTCPWrappersConnects', 'yes', False), ('/etc/snmp/snmpd.conf', 'rocommunity', 'public', True),
    ('/etc/dnf/dnf.conf', 'metadata_timer_sync', '0', False), ('/etc/dnf/dnf.conf', 'gpgcheck', '0', True), ('/etc/dnf/dnf.conf', 'gpgcheck', '1', False),
    ('/etc/yum.conf', 'exclude', 'kernel*', True), ('/etc/idmapd.conf', 'Domain', 'x.org', False),
    ('/etc/firewalld/firewalld.conf', 'AllowZoneDrifting', 'no', False), ('/etc/firewalld/firewalld.conf', 'AllowZoneDrifting', 'yes', True),
    ('/etc/firewalld/firewalld.conf', 'LogDenied', 'off', True), ('/etc/abrt/abrt-action-save-package-data.conf', 'ProcessUnpackaged', 'yes', False),
    ('/etc/sysconfig/named', 'OPTIONS', '-4', False), ('/etc/sysconfig/named', 'OPTIONS', '-4 -u root', True),
    ('/etc/sysconfig/named', 'ROOTDIR', '/x', True), ('/etc/sysconfig/rngd', 'RNGD_ARGS', '-x pkcs11 -x nist -D daemon:daemon', False),
    ('/etc/sysconfig/rngd', 'RNGD_ARGS', '-o /dev/zero', True)])
def test_what_lowers_a_safeguard(path, key, value, lowers):
    assert (programs.safeguard(programs.program_of(path), key, value) is not None) == lowers


def test_what_named_includes_can_be_left_out_and_nothing_else_of_two_words():
    key = 'include "/etc/named.root.key"'
    text = 'options {\n\tversion "x";\n};\n// %s;\ninclude\n\t"/etc/named.root.key" ;\nview v { %s; };\ninclude "/etc/other";\n' % (key, key)
    NAMED.check(key, None, None)
    found = NAMED.find(text, key)
    assert [text[one.start:one.end] for one in found] == ['include\n\t"/etc/named.root.key" ;', key + ';']
    once = NAMED.changed(text, key, None)
    twice = NAMED.changed(once, key, None)
    assert NAMED.changed(twice, key, None) == twice == text.replace(
        'include\n\t"/etc/named.root.key" ;', '/* include\n\t"/etc/named.root.key" ; */').replace('{ %s;' % key, '{ /* %s; */' % key)
    for other in ((key, 'x', None), (key, None, 's'), ('include "etc/x"', None, None), ('include "/etc/*/x"', None, None), (key + ';', None, None)):
        with pytest.raises(syntax.Refused):
            NAMED.check(*other)
