# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: set kernel parameters, by one file of sysctl.d and at once.

systemd-sysctl at boot and `sysctl --system` read the files of all folders in the order of their names, and the first
folder's where several have a name; the last value of a key counts. /etc/sysctl.conf comes last: procps and the systemd of
RHEL 7 read it so, and elsewhere the link 99-sysctl.conf leads to it. What an administrator sets there holds, so ours comes
before it. Patterns (* and ?) do not count against a key that is named.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import re

from ansible.module_utils.common.text.converters import to_bytes, to_native

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, _drop_in as drop_in

KIND = 'sysctl_drop_in'
REQUIRES = 'none'
ROOT_FOR = 'set kernel parameters'
ITEM = dict(
    key=dict(type='str', required=True, no_log=False),
    value=dict(type='raw', required=True))
OPTIONS = {}
PATH = '/etc/sysctl.d/99-log_hygiene.conf'
DIRECTORIES = ('/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d')
LAST = '/etc/sysctl.conf'
LIVE, SYS = '/proc/sys', '/sys'
LOADED_AT_BOOT = ('/etc/modules-load.d', '/run/modules-load.d', '/usr/lib/modules-load.d')
_PART = re.compile(r'[A-Za-z0-9_][A-Za-z0-9_.:@+-]*\Z')
_VALUE = re.compile(r'[!-~](?:[ -~]{0,254}[!-~])?\Z')
_CONFIGURED = r'net/ipv[46]/conf/[^/]+/'
# What this kind does not set: keys, the values that are all right (None: none is), and why.
SAFEGUARDS = tuple((re.compile(keys + r'\Z'), allowed, why) for keys, allowed, why in (
    (r'kernel/printk.*', None, 'it says which kernel messages are shown and logged'),
    (r'kernel/(?:hung_task|hardlockup|softlockup|nmi_watchdog|watchdog|soft_watchdog).*', None,
     'it says whether the kernel tells of hangs'),
    (r'net/core/message_(?:cost|burst)', None, 'it says which messages of the network are logged'),
    (r'net/netfilter/nf_(?:log.*|conntrack_log_invalid)', None, 'it says which packets are logged'),
    (_CONFIGURED + 'log_martians', ('1',), 'packets with impossible addresses would not be logged'),
    (r'kernel/print-fatal-signals|debug/exception-trace|vm/oom_dump_tasks', ('1',), 'less would be logged of processes that die'),
    (r'kernel/(?:core_pattern|core_pipe_limit|modprobe|hotplug|poweroff_cmd|usermodehelper/.*)', None,
     'the kernel runs what it names as root'),
    (r'kernel/(?:modules_disabled|kexec_load_disabled|tainted)', None, 'it cannot be undone, or hides what was done'),
    (r'fs/suid_dumpable', ('0',), 'memory of privileged programs would be written to files'),
    (r'kernel/dmesg_restrict', ('1',), 'everybody could read the kernel log'),
    (r'kernel/kptr_restrict', ('1', '2'), 'everybody could read addresses of the kernel'),
    (r'kernel/randomize_va_space', ('2',), 'attacks on memory would be easier'),
    (r'kernel/yama/ptrace_scope', ('1', '2', '3'), 'programs could read the memory of others'),
    (r'kernel/unprivileged_bpf_disabled', ('1', '2'), 'everybody could run programs in the kernel'),
    (r'kernel/perf_event_paranoid', ('2', '3', '4'), 'everybody could watch the kernel'),
    (r'fs/protected_(?:hardlinks|symlinks|fifos|regular)', ('1', '2'), 'links in shared folders could deceive programs'),
    (_CONFIGURED + 'rp_filter', ('1', '2'), 'packets with forged addresses would be taken'),
    (_CONFIGURED + '(?:accept_redirects|accept_source_route|send_redirects|secure_redirects)', ('0',),
     'others could change the way of packets'),
    (r'net/ipv4/(?:tcp_syncookies|icmp_echo_ignore_broadcasts)', ('1', '2'), 'the host would be easier to flood'),
))
# What makes keys appear: the beginning of the key, and the module to load.
MODULES = (('net/netfilter/nf_conntrack', 'nf_conntrack'), ('net/nf_conntrack', 'nf_conntrack'), ('net/bridge/', 'br_netfilter'),
           ('sunrpc/', 'sunrpc'), ('fs/nfs/', 'nfs'), ('net/ipv4/vs/', 'ip_vs'))


def apply(module, items, state, options, result):
    """Bring the file and the live values to the state. Fills `result`. Raises RemedyError and FileError."""
    entries = [entry_of(item) for item in items] if state == 'present' else []
    # What the last run that came to its end set: one that was killed since wrote its file alone.
    finished = files.content_of(result['folder'] + PATH) if 'folder' in result else None
    ours = dict((key, value) for _number, key, value in settings(finished or b''))
    change = drop_in.plan(KIND, PATH, items, entries, key_of, state, result, lambda entry: before_of(entry, ours))
    if change is None:
        return
    if state == 'present':
        told = refuse_overridden(change.wanted)
        live = to_set(change)
        result['notes'] += told + notes(change.wanted)
    else:
        live = []
    live += to_put_back(change.gone, result)
    files.sweep_for(module, [PATH], None, result)
    carry_out(module, change, live, state, result)
    if state == 'present':
        result['in_place_since'] = remedy.carry(result, [PATH])


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items. The file knows whom each line is for."""
    apply(module, items, 'absent', options, result)


def entry_of(item):
    """Return the drop_in.Entry of an item. Raises RemedyError."""
    key, value = drop_in.native(item['key']), item['value']
    path = normal(key)
    parts = path.split('/')
    if len(path) > 255 or len(parts) < 2 or not all(_PART.match(part) for part in parts):
        raise remedy.RemedyError('key: %s is not the name of a kernel parameter, as in net.core.somaxconn. Nothing was changed.'
                                 % drop_in.shown(key))
    if isinstance(value, (bool, dict, list, float, type(None))) or not _VALUE.match(drop_in.native(value)):
        raise remedy.RemedyError('value: %s is not the value of a kernel parameter: a number, or 1 to 256 characters of ASCII in '
                                 'one line. Nothing was changed.' % drop_in.shown(value))
    value = plain(drop_in.native(value))
    for pattern, allowed, why in SAFEGUARDS:
        if pattern.match(path) and value not in (allowed or ()):
            raise remedy.RemedyError('%s = %s is not set, because %s. Take signature %s out of the run. Nothing was changed.' % (
                dotted(path), value, why, item['signature_id']))
    if not os.path.isfile(os.path.join(LIVE, path)):
        needs = next((name for begin, name in MODULES if path.startswith(begin)), None)
        raise remedy.RemedyError(
            ('The kernel has no parameter %s: load module %s first, and name it in /etc/modules-load.d. Nothing was changed.' % (
                dotted(path), needs)) if needs else
            'The kernel has no parameter %s. Load what it belongs to first, or leave the host out of it. Nothing was changed.'
            % dotted(path))
    return drop_in.Entry(path, '%s = %s' % (dotted(path), value), (item['signature_id'],), read(path))


def normal(key):
    """Return a key as a path below /proc/sys: where its first separator is a dot, dots and slashes change places."""
    first = re.search(r'[./]', key)
    return swapped(key) if first and first.group() == '.' else key


def dotted(path):
    """Return the key in the usual form for a path below /proc/sys."""
    return swapped(path)


def swapped(text):
    """Return a text with dots for slashes and slashes for dots."""
    return re.sub(r'[./]', lambda found: './'['/.'.index(found.group())], text)


def key_of(line):
    """Return the key of a line."""
    return normal(line.partition('=')[0].strip())


def value_of(entry):
    """Return the value that an entry sets."""
    return entry.line.partition(' = ')[2]


def before_of(entry, ours):
    """Return the live value before that of an entry: the last one that somebody else set, not `ours` (key -> value). Raises RemedyError."""
    now = read(entry.key) if os.path.isfile(os.path.join(LIVE, entry.key)) else value_of(entry)
    return entry.before if now in (value_of(entry), ours.get(entry.key)) else now


def plain(value):
    """Return a value with one blank where the kernel has a tab or several."""
    return ' '.join(value.split())


def read(path):
    """Return the live value of a key (path below /proc/sys). Raises RemedyError."""
    try:
        handle = os.open(os.path.join(LIVE, path), os.O_RDONLY)
        try:
            # In one piece: the kernel has no more to say at a second read, and Python 2 begins with a small one.
            return plain(to_native(os.read(handle, 65536), errors='replace'))
        finally:
            os.close(handle)
    except EnvironmentError as error:
        raise remedy.RemedyError('The kernel does not tell the value of %s: %s. Leave the host out of it. Nothing was changed.'
                                 % (dotted(path), os.strerror(error.errno)))


def refuse_overridden(entries):
    """Raise RemedyError if a file that is read after ours sets another value; return notes on those before it."""
    wanted, told, late = dict((one.key, one) for one in entries), [], False
    for path in drop_in.layers(DIRECTORIES, LAST):
        if path == PATH:
            late = True
            continue
        late = late or path == LAST or os.path.basename(path) > os.path.basename(PATH)
        for number, key, value in settings(files.read_bytes(path)):
            if key not in wanted or value == value_of(wanted[key]):
                continue
            if late:
                raise remedy.RemedyError(
                    '%s, line %d sets %s to %s and is read later, so at boot that would count and not the %s that %s asks for. '
                    'Change it there, or leave the host out of it. Nothing was changed.' % (
                        path, number, dotted(key), value, value_of(wanted[key]), ', '.join(wanted[key].signature_ids)))
            told.append('%s, line %d sets %s to %s and is read earlier, so it does not count any more.' % (
                path, number, dotted(key), value))
    return told


def settings(content):
    """Yield (number of its line, key as a path, value) of each setting of a file of sysctl.d (bytes)."""
    for number, line in enumerate(to_native(content, errors='surrogate_or_replace').split('\n'), 1):
        key, equals, value = line.strip().partition('=')
        if equals and key[0:1] not in ('#', ';'):
            yield number, normal(key.strip().lstrip('-')), plain(value)


def to_set(change):
    """Return the live values to set, as a list of (key, value now, value wanted)."""
    found = [(one.key, read(one.key), value_of(one)) for one in change.wanted if os.path.isfile(os.path.join(LIVE, one.key))]
    return [one for one in found if one[1] != one[2]]


def to_put_back(entries, result):
    """Return the live values to put back, as to_set() does. What somebody changed since stays, and is noted in `result`."""
    found = []
    for one in entries:
        now = read(one.key) if os.path.isfile(os.path.join(LIVE, one.key)) else one.before
        if now == value_of(one) and one.before not in (None, now):
            found.append((one.key, now, one.before))
        elif now not in (value_of(one), one.before):
            result['notes'].append('%s is %s now, neither the value of this collection nor the one before it, %s: it stays.' % (
                dotted(one.key), now, one.before))
    return found


def notes(entries):
    """Return what the operator should know of keys that come with a module (list of text)."""
    named = ' '.join(to_native(files.read_bytes(path), errors='surrogate_or_replace') for path in drop_in.layers(LOADED_AT_BOOT)).split()
    needs = sorted(set(name for one in entries for begin, name in MODULES if one.key.startswith(begin)
                       and os.path.exists('%s/module/%s/refcnt' % (SYS, name)) and name not in named))
    return ['Name module %s in /etc/modules-load.d: if it is loaded later at boot than systemd-sysctl runs, what it has is not '
            'set.' % name for name in needs]


def carry_out(module, change, live, state, result):
    """Write the file and set the live values, all or none of it. Raises RemedyError and FileError."""
    changed, reported, written, undo = result['changed'], len(result['files']), len(result['written']), []
    # The file holds the values that were there before, so it comes first and goes last.
    steps = [write_file, set_live]
    try:
        for step in steps if state == 'present' else reversed(steps):
            step(module, change, live, undo, result)
    except (remedy.RemedyError, files.FileError) as error:
        left = [path for path, put_back in reversed(undo) if not put_back()]
        result['changed'] = changed or bool(left)
        del result['files'][reported:], result['diff'][reported:], result['written'][written:]
        if left:
            raise remedy.RemedyError('%s But %s could not be put back.' % (
                remedy.error_message(error).replace(' Nothing was changed.', ''), ', '.join(left)))
        raise


def write_file(module, change, live, undo, result):
    """Write or remove the file. Raises FileError."""
    def put_back():
        try:
            if files.content_of(PATH) != change.content_before:
                files.put(module, PATH, change.content_before)
        except files.FileError:
            return False
        return True
    if not module.check_mode:
        undo.append((PATH, put_back))
    drop_in.put(module, change, result)


def set_live(module, change, live, undo, result):
    """Set live values, and look whether the kernel took them. Raises RemedyError."""
    for key, now, value in live:
        if not module.check_mode:
            undo.append((dotted(key), lambda key=key, now=now: not attempt(key, now)))
            why = attempt(key, value)
            if why:
                raise remedy.RemedyError('The kernel does not take %s for %s: %s. Correct the value, or leave the host out of it. '
                                         'Nothing was changed.' % (value, dotted(key), why))
        remedy.report(result, os.path.join(LIVE, key), 'set', to_bytes(now + '\n'), to_bytes(value + '\n'))


def attempt(key, value):
    """Set a live value. Return None if the kernel has it then, else why not (text)."""
    try:
        if read(key) == value:
            return None
        handle = os.open(os.path.join(LIVE, key), os.O_WRONLY | os.O_TRUNC)
        try:
            os.write(handle, to_bytes(value + '\n'))
        finally:
            os.close(handle)
        taken = read(key)
    except EnvironmentError as error:
        return os.strerror(error.errno)
    except remedy.RemedyError:
        return 'it does not tell the value any more'
    return None if taken == value else 'it makes %s of it' % taken
