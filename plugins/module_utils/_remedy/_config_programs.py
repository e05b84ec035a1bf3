# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration files in which a remedy sets a key, and what is known of the programs that read them: one table.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import os
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _config_syntax as syntax

RELOAD, RESTART, USE = 'reload', 'restart', 'use'
_DROP_IN = re.compile(r'[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\.conf\Z')

# name: of the program, for messages; main: its file; drop_ins: the folder of which the shipped main file reads *.conf;
# syntax; test: the command that says whether it takes its configuration; writing_test: one that may write, too;
# units: those that read the file; takes: when they do; ask: how the program is asked what counts (a name of config_value.ASK);
# mode: that of a new file; safeguards: keys, the values that are all right (None: none is), and why.
Program = collections.namedtuple('Program', 'name main drop_ins syntax test writing_test units takes ask mode safeguards')


def _whole(pattern):
    """Return a pattern that a whole text has to match, in any case."""
    return re.compile(r'(?:%s)\Z' % pattern, re.IGNORECASE)


def _program(name, main, language, **more):
    """Return a Program."""
    safeguards = tuple((_whole(keys), _whole(allowed) if allowed else None, why)
                       for keys, allowed, why in more.pop('safeguards', ()))
    return Program(**dict(dict(name=name, main=main, drop_ins=None, syntax=language, test=None, writing_test=None, units=(), takes=USE,
                               ask=None, mode=0o644, safeguards=safeguards), **more))


LOGS = 'it says what is logged'
ACCESS = 'it says who comes in, and how'
REACHED = 'it says what the program can be reached by'
RUNS = 'it says what is run, or as whom'
TRUST = 'it says what is trusted'
CLOCK = 'it says whom the clock follows'
TOLD = 'it says what others learn of the host'
FIREWALL = 'it says what the firewall lets pass, or logs'
UPDATES = 'it says which updates come'

# Of yum and dnf.
PACKAGES = (
    ('.*gpgcheck|sslverify.*|proxy_sslverify', '1|true|yes|on', TRUST),
    ('ssl.*|proxy.*|gpg.*|.*baseurl.*|.*plugin.*|varsdir|reposdir|.*cert.*|.*key.*|user.*|pass.*', None, TRUST),
    ('log.*|debug.*|error.*|rpmverbosity|history.*|record.*|emit.*|syslog.*', None, LOGS),
    ('exclude.*|obsoletes|best|strict|skip_.*|install.*|protect.*|module.*|releasever|tsflags|upgrade.*|security.*|metadata_expire.*'
     '|multilib.*', None, UPDATES))

PROGRAMS = (
    _program(
        'sshd', '/etc/ssh/sshd_config', syntax.Sshd(), drop_ins='/etc/ssh/sshd_config.d', test=('sshd', '-t'), ask='sshd', mode=0o600,
        units=('sshd.service',), takes=RELOAD, safeguards=(
            ('SyslogFacility', 'AUTH|AUTHPRIV', LOGS), ('LogLevel', 'INFO|VERBOSE', LOGS), ('LogVerbose', None, LOGS),
            ('PermitRootLogin', 'no|prohibit-password|without-password|forced-commands-only', ACCESS),
            ('PermitEmptyPasswords|PasswordAuthentication|KbdInteractiveAuthentication|ChallengeResponseAuthentication'
             '|HostbasedAuthentication|PermitUserEnvironment|PermitUserRC|PermitTunnel|GatewayPorts|DisableForwarding|AllowAgentForwarding'
             '|X11Forwarding|KerberosAuthentication|GSSAPIAuthentication', 'no', ACCESS),
            ('UsePAM|StrictModes|IgnoreRhosts|UsePrivilegeSeparation|PubkeyAuthentication', 'yes', ACCESS),
            ('AllowTcpForwarding|AllowStreamLocalForwarding', 'no|local', ACCESS),
            ('AuthenticationMethods|Authorized.*|Trusted.*|RevokedKeys|Allow(?:Users|Groups)|Deny.*|Permit(?:Open|Listen)|MaxAuthTries'
             '|MaxSessions|MaxStartups|LoginGraceTime|ClientAlive.*|PerSource.*|ChrootDirectory|Banner|HostbasedAccepted.*'
             '|HostbasedUsesName.*|IgnoreUserKnownHosts|ExposeAuthInfo|ChannelTimeout|UnusedConnectionTimeout|RefuseConnection'
             '|Rhosts.*|Skey.*|DSAAuthentication|RSAAuthentication', None, ACCESS),
            ('Port|Listen.*|AddressFamily|RDomain', None, REACHED), ('Subsystem|ForceCommand|.*Command.*|X(?:Auth).*|Sshd.*Path', None, RUNS),
            ('Ciphers|MACs|Kex.*|Pubkey.*|CASignature.*|HostKey.*|HostCertificate|.*Provider.*|Protocol|ServerKeyBits|KeyRegeneration.*'
             '|RequiredRSASize|FingerprintHash|Compression|RekeyLimit|ModuliFile|Include|Match', None, TRUST))),
    _program(
        'named', '/etc/named.conf', syntax.Named(), test=('named-checkconf', '/etc/named.conf'), ask='named', mode=0o640,
        units=('named.service', 'named-chroot.service'), takes=RELOAD, safeguards=(
            ('dnssec-validation', 'yes|auto', TRUST), ('dnssec-enable', 'yes', TRUST),
            ('dnssec-.*|disable-.*|trust.*|managed-keys.*|bindkeys-file|include.*|.*keyfile.*|root-key-sentinel|synth-from-dnssec', None, TRUST),
            ('querylog|.*log.*|severity|dnstap.*|memstatistics.*', None, LOGS),
            ('allow-.*|recursion|listen-on.*|blackhole|forward.*|rate-limit|response-policy|.*transfer.*|.*notify.*|masterfile.*|port'
             '|.*source.*|use-.*port.*|empty-zones.*|deny-.*|no-case.*|match-.*|check-.*', None, ACCESS),
            ('version|hostname|server-id|minimal-.*', None, TOLD),
            ('directory|.*file.*|.*path.*|tkey.*|session-.*', None, RUNS))),
    _program(
        'httpd', '/etc/httpd/conf/httpd.conf', syntax.Apache(), drop_ins='/etc/httpd/conf.d', test=('httpd', '-t'), ask='httpd',
        units=('httpd.service',), takes=RELOAD, safeguards=(
            ('.*Log.*|Log.*', None, LOGS), ('ServerTokens', 'Prod|ProductOnly', TOLD),
            ('ServerSignature|TraceEnable|ExtendedStatus', 'off', TOLD),
            ('SSL.*|TLS.*|Sec.*|Header|RequestHeader|.*Trust.*|RemoteIP.*|Define|UnDefine|Include.*|Use', None, TRUST),
            ('Auth.*|Require|Allow.*|Deny|Order|Satisfy|Options|Limit.*|Request.*|.*Access.*|Document.*|Alias.*|Script.*|Proxy.*|Rewrite.*'
             '|Redirect.*|UserDir|DirectoryIndex|Dav.*|MaxRequest.*|Timeout|Http.*|Protocols.*', None, ACCESS),
            ('Listen|VirtualHost|NameVirtualHost|.*Port|Port', None, REACHED),
            ('User|Group|Suexec.*|Load.*|Action|AddHandler|SetHandler|.*Filter.*|CGI.*|.*CGI.*|Fcgi.*|Php.*|Perl.*|WSGI.*|Lua.*|Ext.*'
             '|Server(?:Root|Path)|PidFile|Mutex|Core.*|Chroot.*|PassEnv|SetEnv.*', None, RUNS))),
    _program(
        'postfix', '/etc/postfix/main.cf', syntax.Postfix(), test=('postconf', '-n'), writing_test=('postfix', 'check'), ask='postfix',
        units=('postfix.service',), takes=RELOAD, safeguards=(
            ('.*log.*|debug_.*|notify_classes|error_notice_recipient|2bounce_.*|bounce_notice_.*|delay_notice_.*', None, LOGS),
            ('alias_maps', '(?:hash|lmdb):/etc/aliases', ACCESS),
            ('.*restrictions.*|.*checks|mynetworks.*|.*relay.*|mydestination|my(?:domain|hostname|origin)|.*maps|.*acl.*|smtpd_.*|.*milter.*'
             '|postscreen_.*|.*_limit|content_filter|.*client.*|soft_bounce|always_bcc|.*_bcc.*|.*transport.*', None, ACCESS),
            ('.*tls.*|.*sasl.*|.*cipher.*|.*cert.*|.*_key.*', None, TRUST), ('inet_interfaces|proxy_interfaces|.*bind_address.*|.*port.*', None, REACHED),
            ('.*_(?:command|commands|directory|directories|program|privs|group|owner|path|shell|service_name)|.*import_.*|.*export_.*', None, RUNS))),
    _program(
        'chronyd', '/etc/chrony.conf', syntax.Words(), test=('chronyd', '-p', '-f', '/etc/chrony.conf'), ask='chronyd',
        units=('chronyd.service',), takes=RESTART, safeguards=(
            ('log.*|mailonchange', None, LOGS),
            ('server|pool|peer|refclock|source.*|conf.*|initstep.*|include|local|manual|.*trusted|require|prefer|nts.*|auth.*|min.*|max.*|.*key.*'
             '|makestep|stratum.*|reselect.*|combine.*|ntp.*|leap.*|smooth.*|cork.*|rtc.*|hw.*|acquisition.*', None, CLOCK),
            ('allow|deny|cmd.*|bind.*|open.*|port|ratelimit|clientlog.*|noclientlog', None, REACHED),
            ('user|dump.*|pidfile|lock_all|sched.*|mail.*|drift.*', None, RUNS))),
    _program(
        'snmpd', '/etc/snmp/snmpd.conf', syntax.Words(), units=('snmpd.service',), takes=RELOAD, mode=0o600, safeguards=(
            ('dontLogTCPWrappersConnects', 'yes|no|1|0|true|false', LOGS), ('.*log.*', None, LOGS),
            ('ro.*|rw.*|com2.*|group|access|view|.*user.*|auth.*|vacm.*|set.*|disable.*|def.*|engine.*|.*community.*|trap.*|inform.*|.*sink'
             '|monitor|iquery.*|proxy|include.*|.*Key.*', None, ACCESS),
            ('agent.*|master|listen.*|.*address.*|leave_pidfile|tls.*|x509.*|localCert|.*cert.*', None, REACHED),
            ('exec.*|extend.*|sh|pass.*|perl.*|dlmod|.*cmd|.*fix|smux.*|override', None, RUNS))),
    _program('dnf', '/etc/dnf/dnf.conf', syntax.Ini(blanks_go_on=True), safeguards=PACKAGES),
    _program('yum', '/etc/yum.conf', syntax.Ini(blanks_go_on=True), safeguards=PACKAGES),
    _program(
        'rpc.idmapd', '/etc/idmapd.conf', syntax.Ini(), units=('nfs-idmapd.service',), takes=RESTART, safeguards=(
            ('verbosity', None, LOGS), ('nobody-.*|.*method.*|.*map.*|.*realm.*|.*@.*|ldap.*|.*static.*|pipefs.*|cache.*', None, ACCESS))),
    _program(
        'firewalld', '/etc/firewalld/firewalld.conf', syntax.Ini(), units=('firewalld.service',), takes=RESTART, safeguards=(
            ('AllowZoneDrifting', 'no', FIREWALL), ('(?!AllowZoneDrifting).*', None, FIREWALL))),
    _program(
        'abrt', '/etc/abrt/abrt-action-save-package-data.conf', syntax.Ini(), safeguards=(
            ('OpenGPGCheck|ProcessUnpackaged', 'yes|no', TRUST), ('(?!OpenGPGCheck|ProcessUnpackaged).*', None, LOGS))),
    _program(
        'named', '/etc/sysconfig/named', syntax.Shell(), units=('named.service', 'named-chroot.service'), takes=RESTART, safeguards=(
            ('OPTIONS', r'-4|-6', RUNS), ('(?!OPTIONS).*', None, RUNS))),
    _program(
        'rngd', '/etc/sysconfig/rngd', syntax.Shell(), units=('rngd.service',), takes=RESTART, safeguards=(
            ('RNGD_ARGS', '(?:-x ?[A-Za-z0-9]+|-D daemon:daemon| )+', RUNS), ('(?!RNGD_ARGS).*', None, RUNS))),
)


def program_of(path):
    """Return the Program whose file there is at a path, None for a file that is not changed here."""
    folder, name = os.path.split(path)
    return next((one for one in PROGRAMS if path == one.main or one.drop_ins and folder == one.drop_ins and _DROP_IN.match(name)), None)


def safeguard(program, key, value):
    """Return why a key is not set to a value (text), None if it is all right. None for a value is a key that is not to be set."""
    for keys, allowed, why in program.safeguards:
        if keys.match(key):
            if value is None or allowed is None or not allowed.match(value):
                return why
            return None
    return None
