# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of remedy: blacklist kernel modules, or give them options, by one file of modprobe.d.

kmod reads the files of all folders in the order of their names, and the first folder's where several have a name. A
backslash before the end of a line joins it to the next one, in a comment too. All options of a module are added up, and
of two values the kernel takes the later. `blacklist` hides the aliases of a module, by which its device asks for it.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import os
import re

from ansible.module_utils.common.text.converters import to_native

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, _drop_in as drop_in

KIND = 'module_options'
REQUIRES = 'boot'
ROOT_FOR = 'write to /etc/modprobe.d'
ITEM = dict(
    module=dict(type='str', required=True),
    blacklist=dict(type='bool', default=False),
    options=dict(type='raw'))
OPTIONS = {}
# The last value of an option counts, so its name comes late.
PATH = '/etc/modprobe.d/zz_log_hygiene.conf'
DIRECTORIES = ('/etc/modprobe.d', '/run/modprobe.d', '/usr/local/lib/modprobe.d', '/usr/lib/modprobe.d', '/lib/modprobe.d')
SYS, MODULES, MOUNTS, CMDLINE = '/sys', '/lib/modules', '/proc/self/mountinfo', '/proc/cmdline'
# What this kind leaves alone: a module, the options that are meant (None: the module is not blacklisted), and why.
SAFEGUARDS = tuple((re.compile(name + r'\Z'), options and re.compile(options + r'\Z'), why) for name, options, why in (
    (r'(?:ip|ip6|arp|eb)_?tables|(?:ip6?table|ebtable|arptable)_.*|x_tables|(?:xt|nft?|ipt|ip6t|ebt)_.*|ip_set.*|br_netfilter', None,
     'packets would not be filtered or logged any more'),
    (r'(?:skx|i10nm|amd64|sb|ie31200|i7core|ghes|igen6|x38|pnd2)_edac|edac_.*|mce.*', None, 'errors of the memory would not be told any more'),
    (r'edac_core', 'edac_mc_log_[cu]e|edac_mc_panic_on_ue', 'errors of the memory would not be told any more'),
    (r'netconsole|pstore.*|ramoops|efi_pstore|erst.*|kdump.*', None, 'messages of a crash would be kept nowhere'),
    (r'.*(?:_wdt|wdt_.*)|softdog|wdat_wdt', None, 'nothing would restart the host when it hangs'),
    (r'tpm.*|dm_(?:crypt|verity|integrity)|trusted|encrypted_keys|ccp|.*_rng|rng_core', None, 'it serves keys and encryption'),
    (r'v3.*|atamptl|falcon.*|talpa.*|redirfs|dsa_.*|tmhook.*|bmhook.*|mfe_.*|kaspersky.*|klflt.*|symev.*|symap.*|lkrg|p_lkrg', None,
     'it belongs to a product that protects the host'),
    (r'usbcore', 'authorized_default', 'any device that is plugged in could be used'),
    (r'nfs|nfsd', '.*(?:sec|auth).*', 'it says how users of NFS are told apart'),
    (r'kvm.*', '.*(?:mitigat|flush|nx_huge|ept|nested).*', 'guests could reach the memory of others'),
    (r'.*', 'sig_enforce|allow_unsigned.*|allow_unsafe.*', 'modules or devices that nobody vouches for would be taken'),
))
_NAME = re.compile(r'[A-Za-z0-9_][A-Za-z0-9_-]{0,63}\Z')
_IN_INITRAMFS = re.compile(r'(?m)/([A-Za-z0-9_-]+)\.ko(?:\.[a-z0-9]+)?$')
_VALUE = re.compile(r'[!#-\[\]-~]{1,256}\Z')   # no blank, double quote or backslash


def apply(module, items, state, options, result):
    """Bring the file to the state. Fills `result`. Raises RemedyError and FileError."""
    entries = [entry for item in items for entry in entries_of(item)] if state == 'present' else []
    change = drop_in.plan(KIND, PATH, items, entries, key_of, state, result)
    if change is None:
        return
    refuse_both(change.wanted)
    refuse_safeguards(change.wanted)
    known = set(one.key for one in change.held)
    refuse_needed([one for one in change.wanted if is_blacklist(one) and one.key not in known])
    files.sweep_for(module, [PATH], None, result)
    drop_in.put(module, change, result)
    if state == 'present':
        result['in_place_since'] = remedy.carry(result, [PATH])
    note(module, change, result)


def undo_some(module, items, kept, options, result):
    """Undo the remedy of some items. The file knows whom each line is for."""
    apply(module, items, 'absent', options, result)


def entries_of(item):
    """Return what an item asks for (list of drop_in.Entry). Raises RemedyError."""
    name, options = drop_in.native(item['module']), item.get('options')
    if not _NAME.match(name):
        raise remedy.RemedyError('module: %s is not the name of a kernel module. Nothing was changed.' % drop_in.shown(name))
    name = same(name)
    if bool(item.get('blacklist')) == bool(options):
        raise remedy.RemedyError('Signature %s asks for both or neither of blacklist and options for module %s. Give one of '
                                 'them. Nothing was changed.' % (drop_in.shown(item['signature_id']), name))
    lines = [('%s ' % name, 'blacklist %s' % name)] if not options else [
        ('%s %s' % (name, same(option)), 'options %s %s=%s' % (name, option, value)) for option, value in pairs(options)]
    return [drop_in.Entry(key, line, (item['signature_id'],), None) for key, line in lines]


def pairs(options):
    """Return the options of an item (dict, or str of NAME=VALUE) as a list of (name, value). Raises RemedyError."""
    if isinstance(options, dict):
        found = [(name, int(value) if isinstance(value, bool) else value) for name, value in sorted(options.items())]
    else:
        found = [word.partition('=')[::2] for word in drop_in.native(options).split(' ')]
    for name, value in found:
        if not _NAME.match(drop_in.native(name)):
            raise remedy.RemedyError('options: %s is not the name of an option of a module, as in NAME=VALUE. Nothing was changed.'
                                     % drop_in.shown(name))
        if isinstance(value, (dict, list, type(None))) or not _VALUE.match(drop_in.native(value)):
            raise remedy.RemedyError('options: %s is not the value of an option: 1 to 256 characters of ASCII, without blanks, '
                                     'double quotes and backslashes. Nothing was changed.' % drop_in.shown(value))
    return [(drop_in.native(name), drop_in.native(value)) for name, value in found]


def same(name):
    """Return the name of a module or option as the kernel has it: - and _ are the same."""
    return name.replace('-', '_')


def key_of(line):
    """Return the key of an entry: MODULE, and OPTION where it sets one."""
    words = line.split()
    return '%s %s' % (words[1], same(words[2].partition('=')[0]) if len(words) > 2 else '')


def is_blacklist(entry):
    """Return whether an entry blacklists its module."""
    return entry.line.startswith('blacklist ')


def refuse_both(entries):
    """Raise RemedyError if a module would be blacklisted and have options."""
    blacklisted = dict((one.key.split()[0], one) for one in entries if is_blacklist(one))
    for one in entries:
        other = blacklisted.get(one.key.split()[0], one)
        if other is not one:
            raise drop_in.contradiction(other, one)


def refuse_safeguards(entries):
    """Raise RemedyError if an entry would take a safeguard from the host."""
    for one in entries:
        name, _blank, option = one.key.partition(' ')
        for pattern, options, why in SAFEGUARDS:
            if pattern.match(name) and (options.match(option) if options and option else not options and is_blacklist(one)):
                raise remedy.RemedyError('Module %s is left alone, because %s. Take signature %s out of the run. Nothing was changed.' % (
                    name, why, ', '.join(one.signature_ids)))


def refuse_needed(entries):
    """Raise RemedyError if the system needs a module that would be blacklisted."""
    reasons = needed() if entries else {}
    for one in entries:
        name = one.key.split()[0]
        reason = reasons.get(name) or usage(name)
        if reason:
            raise remedy.RemedyError('Module %s is not blacklisted for %s, because %s. Leave the host out of it. Nothing was '
                                     'changed.' % (name, ', '.join(one.signature_ids), reason))


def needed():
    """Return {module: why the system needs it} for file systems, their disks and network interfaces."""
    found = {}
    for line in sorted((host.read(MOUNTS) or '').splitlines(), key=lambda line: line.split()[4]):
        head, _hyphen, tail = line.partition(' - ')
        number, place = to_native(head).split()[2:5:2]
        kind, source = to_native(tail).split()[:2]
        found.setdefault(same(kind), 'it is the file system of %s' % place)
        try:
            if source.startswith('/dev/'):   # btrfs gives its mounts numbers of no device
                device = os.stat(source).st_rdev
                number = '%d:%d' % (os.major(device), os.minor(device))
        except EnvironmentError:
            pass
        for name in drivers('%s/dev/block/%s' % (SYS, number)):
            found.setdefault(name, 'it drives the disk of %s' % place)
    interfaces = '%s/class/net' % SYS
    for interface in sorted(os.listdir(interfaces)) if os.path.isdir(interfaces) else []:
        for name in drivers('%s/%s' % (interfaces, interface)):
            found.setdefault(name, 'it drives the network interface %s' % interface)
    return found


def drivers(device):
    """Return the modules that drive a device of /sys (path) and what it hangs on, also that below a volume or RAID."""
    found, place = [], os.path.realpath(device)
    while len(place) > len(SYS):
        driver = os.path.realpath(place + '/driver/module')
        if os.path.isdir(driver):
            found.append(same(os.path.basename(driver)))
        slaves = place + '/slaves'
        for name in os.listdir(slaves) if os.path.isdir(slaves) else []:
            found += drivers('%s/%s' % (slaves, name))
        place = os.path.dirname(place)
    return found


def usage(name):
    """Return who uses a module that is loaded (text for a message), or None."""
    place = '%s/module/%s' % (SYS, name)
    holders = sorted(os.listdir(place + '/holders')) if os.path.isdir(place + '/holders') else []
    count = (host.read(place + '/refcnt') or '').strip()
    if holders:
        return 'other modules use it: %s' % ', '.join(holders)
    return 'it is in use (reference count %d)' % int(count) if re.match(r'[1-9][0-9]*\Z', count) else None


def note(module, change, result):
    """Add what the operator should know to the result: what the modules are now, and who else speaks of them."""
    concerned = change.wanted or change.gone
    names = sorted(set(one.key.split()[0] for one in concerned))
    kernel = os.uname()[2]
    loaded = [name for name in names if os.path.exists('%s/module/%s/refcnt' % (SYS, name))]
    built_in = built_into(kernel)
    result['requires'] = 'boot' if loaded or change.gone else 'none'
    blacklisted = [one.key.split()[0] for one in change.wanted if is_blacklist(one)]
    for name in blacklisted:
        if name not in built_in:
            result['notes'].append('Module %s is no longer loaded for its device. Who asks for it by its name, and a module that '
                                   'depends on it, still load it.' % name)
    for name in names if change.wanted else []:
        if name in built_in:
            result['notes'].append('Module %s is built into the kernel %s, so modprobe.d has no say in it.' % (name, kernel))
        elif name in loaded:
            result['notes'].append('Module %s is loaded now. It takes effect at the next boot.' % name)
    result['notes'] += unknown(module, [one for one in change.wanted if not is_blacklist(one)])
    result['notes'] += others(change.wanted)
    result['notes'] += initramfs_notes(module, [name for name in names if name not in built_in], change.content_after, kernel)


def built_into(kernel):
    """Return the names of the modules that are built into a kernel."""
    paths = (host.read('%s/%s/modules.builtin' % (MODULES, kernel)) or '').split()
    return set(same(to_native(os.path.basename(path).partition('.')[0])) for path in paths)


def unknown(module, entries):
    """Return notes on options that their module does not have: the kernel would complain of them (list of text)."""
    tool, known = module.get_bin_path('modinfo'), {}
    for name in sorted(set(one.key.split()[0] for one in entries)) if tool else []:
        try:
            status, said, _error = process.run([tool, '-p', name])
        except EnvironmentError:
            continue
        if not status:
            known[name] = set(same(line.partition(':')[0].strip()) for line in said.splitlines()) | set(['dyndbg'])
    return ['Module %s has no option %s, and the kernel will complain of it.' % (name, option)
            for name, option in (one.key.split() for one in entries) if name in known and option not in known[name]]


def others(entries):
    """Return notes on what the other files of modprobe.d say about the same (list of text). Raises FileError."""
    wanted, notes, late = dict((one.key, one) for one in entries), [], False
    for path in drop_in.layers(DIRECTORIES):
        if path == PATH:
            late = True
            continue
        late = late or os.path.basename(path) > os.path.basename(PATH)
        for number, words in commands(files.read_bytes(path)):
            name = same(words[1])
            if words[0] == 'blacklist' and name + ' ' in wanted:
                notes.append('%s, line %d blacklists module %s already.' % (path, number, name))
            for word in words[2:] if words[0] == 'options' else []:
                mine = wanted.get('%s %s' % (name, same(word.partition('=')[0])))
                if mine and mine.line.split('=', 1)[1] != word.partition('=')[2]:
                    notes.append(
                        ('%s, line %d says %s for module %s and is read later, so it counts. Remove it there.' if late else
                         '%s, line %d says %s for module %s and is read earlier, so it does not count any more.')
                        % (path, number, word, name))
    for word in to_native(host.read(CMDLINE) or '').split():
        setting, _equals, value = word.partition('=')
        mine = wanted.get(same(setting.replace('.', ' ', 1)))
        if mine and not is_blacklist(mine) and mine.line.split('=', 1)[1] != value:
            notes.append('The kernel command line says %s, so it counts. Remove it there.' % word)
    return notes


def commands(content):
    """Yield (number of its line, words) of each command of a file of modprobe.d (bytes)."""
    # As kmod reads it: a backslash goes, and so does an end of line behind it.
    joined = re.sub(br'(?s)\\(.?)', lambda found: b'\0' if found.group(1) == b'\n' else found.group(1), content)
    number = 1
    for line in joined.split(b'\n'):
        words = to_native(line.replace(b'\0', b''), errors='surrogate_or_replace').split()
        if len(words) > 1 and not line.startswith(b'#'):
            yield number, words
        number += 1 + line.count(b'\0')


def initramfs_notes(module, names, content, kernel):
    """Return notes on modules in the initramfs, which has a modprobe.d of its own (list of text).

    :param content: what our file holds (bytes), None for no file.
    """
    if not names:
        return []
    tool = module.get_bin_path('lsinitrd')
    held, inside = [], b''
    try:
        status, listed, said = process.run([tool, '--kver', kernel]) if tool else (1, '', 'lsinitrd is not installed')
        if not status:
            held = sorted(set(names) & set(same(name) for name in _IN_INITRAMFS.findall(listed)))
        if held:
            status, inside, said = process.run([tool, '--kver', kernel, '--file', PATH.lstrip('/')], raw=True)
    except EnvironmentError as error:
        status, said = 1, str(error)
    if status:
        return ['Whether the initramfs of kernel %s holds %s cannot be told (%s). If so, run dracut -f, and boot.' % (
            kernel, ', '.join(names), ' '.join(drop_in.native(said).split())[:200])]
    if not held or inside.strip() == (content or b'').strip():
        return []
    return ['The initramfs of kernel %s holds %s, and loads it by its own copy of modprobe.d. Run dracut -f, and boot.' % (
        kernel, ', '.join(held))]
