# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of the settings of systemd's units: their form, which of them a remedy must leave, and which file counts.

systemd reads the drop-ins of a unit by their names, whichever folder they lie in, and the first folder's where several have
a name. A setting that is a list grows with each line, and an empty one clears it; of any other the last line counts.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import re
import stat

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _units as units

KEY = re.compile(r'[A-Z][A-Za-z0-9]{1,63}\Z')
VALUE = re.compile(r'(?:[!-~](?:[ -~]{0,998}[!-~])?)?\Z')
LISTS = re.compile(r'(?:After|Before|Wants|Requires|Requisite|BindsTo|PartOf|Upholds|RequiresMountsFor|WantsMountsFor|Documentation'
                   r'|Condition.+|Assert.+|Environment|Exec.+|SuccessExitStatus|RestartPreventExitStatus|RestartForceExitStatus'
                   r'|OnCalendar|On(?:Active|Boot|Startup|UnitActive|UnitInactive)Sec|Path(?:Exists|ExistsGlob|Changed|Modified)'
                   r'|DirectoryNotEmpty)\Z')
SHELLS = ('sh', 'bash', 'dash', 'ksh', 'mksh', 'zsh', 'csh', 'tcsh', 'busybox', 'env', 'systemd-run', 'sudo', 'su', 'runuser', 'setpriv')
# What this kind does not set: keys, the values that are all right (None: none is), and why.
SAFEGUARDS = tuple((re.compile('(?:%s)\\Z' % keys, re.I), allowed, why) for keys, allowed, why in (
    (r'Standard(?:Output|Error)', ('journal', 'inherit'), 'messages would not reach the log'),
    (r'Standard.*|TTY.*|Log(?:LevelMax|FilterPatterns|RateLimit.*|Namespace|ExtraFields)', None, 'messages would not reach the log'),
    (r'Syslog.*', None, 'messages would come under another name or level'),
    (r'(?:User|Group|SupplementaryGroups|DynamicUser|PAMName|SetLoginEnvironment|PermissionsStartOnly|RootDirectoryStartOnly'
     r'|Ambient.*|Capabilit.*|SecureBits|NoNewPrivileges|Delegate.*|(?:Load|Set|Import).*Credential.*|OpenFile|KeyringMode)', None,
     'it says with which rights the program runs'),
    (r'(?:Private|Protect|Restrict|Proc|SystemCall|IP(?:Address|Ingress|Egress)|SocketBind|Device'
     r'|BPF|Bind(?!sTo)|Root|Mount|Extension|Read|Inaccessible|NoExec|TemporaryFile|NetworkNamespace|IPCNamespace|UserNamespace).*'
     r'|Exec(?:Paths|SearchPath)|LockPersonality|MemoryDenyWriteExecute|RemoveIPC|SELinuxContext|AppArmorProfile|SmackProcessLabel'
     r'|JoinsNamespaceOf|NFTSet', None, 'it says what keeps the program apart from the rest of the host'),
    (r'UMask', ('0022', '0027', '0077', '022', '027', '077'), 'others could change the files of the program'),
    (r'Watchdog.*|On(?:Failure|Success).*|(?:Startup)?(?:Failure|Success)Action.*|.*TimeoutAction|StartLimitAction|Reboot.*'
     r'|JobTimeoutReboot.*', None, 'it says what happens when the program fails'),
    (r'SuccessExitStatus', ('143', 'SIGTERM'), 'failures would pass for successes'),
    (r'Conflicts|PropagatesStopTo|StopPropagatedFrom|Propagates.*|IgnoreOn.*|AllowIsolate|Refuse.*|DefaultDependencies|Sockets|Service'
     r'|Unit', None, 'it starts or stops other units'),
    (r'Listen.*|Socket(?:User|Group|Mode)|DirectoryMode|Accept|BindToDevice|Pass(?!Environment).*|FreeBind|Transparent', None,
     'it says who reaches the program'),
    (r'EnvironmentFile|PassEnvironment|UnsetEnvironment', None, 'it cannot be known what that would change'),
))
_ENVIRONMENT = re.compile(r'(?:^|[\s"\'])(?:LD_|SYSTEMD_LOG_|GCONV_PATH|BASH_ENV|ENV=|PYTHON|PERL|RUBY|PATH=)')


class Refused(Exception):
    """The setting is not made. The text tells the operator why, and what to do."""


def check(unit, section, key, values):
    """Raise Refused unless this is a setting (list of str) that a remedy may make. Does not ask systemd whether it has it."""
    own = unit.rpartition('.')[2].capitalize()
    if section not in ('Unit', own):
        raise Refused('section: %s has the sections Unit and %s, and no other one is set.' % (unit, own))
    if not KEY.match(key):
        raise Refused('key: %r is not the name of a setting, as in RestartSec.' % key[:60])
    if not values or len(values) > 20:
        raise Refused('value: %s needs 1 to 20 texts.' % key)
    for value in values:
        if not VALUE.match(value) or value.endswith('\\'):
            raise Refused('value: %r is not a value of %s: up to 1,000 characters of ASCII in one line, without a backslash at the end.'
                          % (value[:60], key))
    for pattern, allowed, why in SAFEGUARDS:
        if pattern.match(key):
            if any(value not in (allowed or ()) for value in values):
                raise Refused('%s=%s is not set, because %s.' % (key, values[-1], why))
            break
    for value in values:
        if key == 'Environment' and _ENVIRONMENT.search(value):
            raise Refused('%s=%s is not set, because such a variable changes what the program is.' % (key, value))
        if key.startswith('Exec') and value:
            check_command(key, value)


def check_command(key, value):
    """Raise Refused unless a command (str) is one program that only root could have put there."""
    program = value.split()[0]
    if not re.match(r'/[A-Za-z0-9_./+-]*\Z', program):
        raise Refused('%s=%s does not begin with the path of a program. A prefix such as - or + would hide failures, or give more '
                      'rights.' % (key, value))
    if os.path.basename(os.path.realpath(program)) in SHELLS or os.path.basename(program) in SHELLS:
        raise Refused('%s=%s is not set, because it cannot be known what a program runs that runs others.' % (key, value))
    if ';' in value.split() or os.devnull in value:
        raise Refused('%s=%s is not set, because it runs several programs, or writes to /dev/null.' % (key, value))
    real = os.path.realpath(program)
    unsafe = safe_paths.check(real)
    if unsafe:
        raise Refused(unsafe)
    if os.path.exists(real):
        info = os.stat(real)
        if info.st_uid not in safe_paths.trusted_owners() or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Refused('%s=%s is not set, because others than root may change %s.' % (key, value, real))


def lines(section, key, values):
    """Return the lines of a setting (str)."""
    return '\n'.join(['[%s]' % section] + ['%s=%s' % (key, value) for value in values])


def key_of(text):
    """Return the section and key, as in Service/RestartSec, of the lines of a setting."""
    section, _end, rest = text.partition('\n')
    return '%s/%s' % (section.strip('[]'), rest.partition('=')[0])


def values_of(text):
    """Return the values of the lines of a setting (list of str)."""
    return [line.partition('=')[2] for line in text.split('\n')[1:]]


def settings(content):
    """Yield (number of its first line, section/key, value) of each setting of a unit file (bytes)."""
    section, begun, first = '', '', 0
    for number, line in enumerate(content.decode('utf-8', 'replace').split('\n'), 1):
        if line.strip()[:1] in ('#', ';') or not begun and not line.strip():
            continue
        first, begun = (first if begun else number), begun + line.strip()
        if begun.endswith('\\'):
            begun = begun[:-1] + ' '
            continue
        line, begun = begun.strip(), ''
        if line.startswith('['):
            section = line.strip('[]')
        elif '=' in line:
            key, _equals, value = line.partition('=')
            yield first, '%s/%s' % (section, key.strip()), value.strip()


def defeats(key, wanted, value):
    """Return whether a later line with this value has it that a setting (its key and its values) does not count."""
    name = key.partition('/')[2]
    if not LISTS.match(name):
        return value != wanted[-1]
    if name == 'Environment':
        names = [set(re.findall(r'(?:^|[\s"\'])([A-Za-z_][A-Za-z0-9_]*)=', one)) for one in (' '.join(wanted), value)]
        return not value or bool(names[0] & names[1]) and value not in wanted
    return not value and any(wanted)


def folders(name, scope):
    """Return the folders in which drop-ins of a unit may lie, in the order in which they win."""
    stem, _dot, suffix = name.rpartition('.')
    prefix, at, _instance = stem.partition('@')
    names = [name] + (['%s@.%s' % (prefix, suffix)] if at else [])
    names += ['%s.%s' % (prefix[:end + 1], suffix) for end in range(len(prefix) - 2, 0, -1) if prefix[end] == '-'] + [suffix]
    more = {units.SYSTEM: ['/etc/systemd/system.control', '/run/systemd/system.control', '/run/systemd/transient',
                           '/run/systemd/generator.early', '/run/systemd/generator', '/run/systemd/generator.late'],
            units.GLOBAL: []}[scope]
    return [os.path.join(folder, one + '.d') for one in names for folder in more + list(units.DIRECTORIES[scope])]


def later(paths, ours, entries, read):
    """Return (path, line, key, value) of the first line in a drop-in behind ours that has it that one of ours does not count.

    :param paths: the drop-ins in the order in which systemd reads them; ours need not be there yet.
    :param entries: those of our file (list of drop_in.Entry).
    :param read: a function that returns the content (bytes) of a file.
    """
    wanted = dict((one.key, values_of(one.line)) for one in entries)
    for path in paths:
        if os.path.basename(path) <= os.path.basename(ours):
            continue
        for number, key, value in settings(read(path)):
            if key in wanted and defeats(key, wanted[key], value):
                return path, number, key, value
    return None
