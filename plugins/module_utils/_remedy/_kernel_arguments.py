# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of the arguments of kernels: their form, which of them a remedy must leave, and where they stand. Pure.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

NAME = re.compile(r'[A-Za-z][A-Za-z0-9_.-]{0,63}\Z')
# What grubby does with other characters is not what one means: it is a shell script, and has them in patterns.
VALUE = re.compile(r'[A-Za-z0-9_.,:@/=-]{1,200}\Z')
HIDES = re.compile(r'(?:quiet|loglevel|rhgb|splash)\Z')   # without them more is told, so they may be removed
# What this kind does not change: names, with _ for -, the values that are all right (None: none is), and why.
SAFEGUARDS = tuple((re.compile('(?:%s)\\Z' % names, re.I), allowed, why) for names, allowed, why in (
    (r'quiet|loglevel|rhgb|splash|printk.*|console|debug|ignore_loglevel|no_console_suspend|log_buf_len|netconsole|earlyprintk|dyndbg|.*\.dyndbg',
     None, 'it says which kernel messages are shown and logged'),
    (r'systemd\..*|udev\..*|rd\..*|init|rdinit|initrd|root.*|ro|rw|resume.*|single|emergency|rescue|s|noinitrd|nfsroot|fsck\..*|luks.*|boot',
     None, 'it says what starts at boot, and how it is logged'),
    (r'audit|selinux|enforcing|fips', ('1',), 'it says what protects the host'),
    (r'audit_.*|security|lsm.*|apparmor|ima.*|evm.*|integrity.*|lockdown|checkreqprot|module\.sig.*|module_.*|modules.*|trusted.*|efi.*|yama.*',
     None, 'it says what protects the host'),
    (r'mitigations', ('auto', 'auto,nosmt'), 'attacks on the processor would be easier'),
    (r'nopti|pti|nospectre.*|spectre.*|spec_.*|nospec.*|l1tf|mds|tsx.*|srbds|mmio_stale_data|retbleed|gather_data_sampling|reg_file_data_sampling|its'
     r'|indirect_target_selection|vmscape|kvm.*|no_entry_flush|no_uaccess_flush|no_stf_barrier|noibrs|noibpb|spectre_bhi|nosmt.*|.*_bugs',
     None, 'attacks on the processor would be easier'),
    (r'init_on_alloc|init_on_free|page_poison|slab_nomerge|randomize_kstack_offset', ('1', 'on', 'y'), 'attacks on memory would be easier'),
    (r'nosmap|nosmep|noexec.*|nokaslr|kaslr|norandmaps|vsyscall|hardened_usercopy|rodata|nofpu.*|clearcpuid|nopku|iomem|strict_devmem|.*iommu.*|nopat',
     None, 'attacks on memory would be easier'),
    (r'nmi_watchdog|nowatchdog|nosoftlockup|softlockup.*|hardlockup.*|hung_task.*|watchdog.*|panic.*|oops|crashkernel|crash_kexec.*|nokdump',
     None, 'it says what the kernel tells when it fails'),
    (r'nomce|mce|edac.*|ghes.*|hest.*|erst.*|bert.*|pcie_aer.*|pci|acpi|noapic|ras', None, 'it says which faults of the hardware are told'),
    (r'modprobe\.blacklist|initcall_blacklist', None, 'the kind module_options does that, and looks who needs the module'),
    (r'net\..*|biosdevname|ip|ifname|bond|vlan|bridge|team|bootdev|ipv6\..*|nosmp|maxcpus|nr_cpus|mem|isolcpus|cgroup.*',
     None, 'the host might not be reached, or have less than it needs'),
))
_DEFAULT = re.compile(r'^(GRUB_CMDLINE_LINUX=)(["\']?)([^"\'`$\\\n]*)(\2)[ \t]*$', re.M)


class Refused(Exception):
    """The argument is not changed. The text tells the operator why, and what to do."""


def check(name, value, remove):
    """Raise Refused unless this is an argument that a remedy may set, or remove.

    :param value: its value (str), None for an argument without one.
    """
    if not NAME.match(name):
        raise Refused('argument: %r is not the name of an argument of the kernel, as in nomodeset.' % name[:60])
    if value is not None and not VALUE.match(value):
        raise Refused('value: %r is not a value of %s: 1 to 200 letters, digits and _ . , : @ / = -.' % (value[:60], name))
    for pattern, allowed, why in SAFEGUARDS:
        if pattern.match(name.replace('-', '_')):
            if remove and HIDES.match(name):
                return
            if remove or value not in (allowed or ()):
                raise Refused(('%s is not removed, because %s.' if remove else '%s is not set, because %s.') % (token(name, value), why))
            return


def token(name, value):
    """Return an argument as it stands on a command line."""
    return name if value is None else '%s=%s' % (name, value)


def of(name, words):
    """Return the words (list of str) that are this argument."""
    return [word for word in words if word.partition('=')[0] == name]


def parse(text):
    """Return what `grubby --info=ALL` tells: a list of (path of the kernel, list of its arguments)."""
    found = []
    for line in text.splitlines():
        key, _equals, value = line.partition('=')
        value = value.strip()
        value = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
        if key == 'index':
            found.append([None, None])
        elif key in ('kernel', 'args') and found:
            found[-1][key == 'args'] = value
    return [(kernel, (args or '').split()) for kernel, args in found if kernel]


def replaced(words, name, new):
    """Return words without this argument, and with new ones (list) behind, as grubby has them."""
    return [word for word in words if word.partition('=')[0] != name] + list(new)


def default(text):
    """Return the words of GRUB_CMDLINE_LINUX in the text of /etc/default/grub, None where it is not in one plain line."""
    lines = [line for line in text.splitlines() if re.match(r'\s*(?:export\s+)?GRUB_CMDLINE_LINUX\+?=', line)]
    found = _DEFAULT.findall(text)
    return found[0][2].split() if len(lines) == len(found) == 1 else None


def with_default(text, words):
    """Return the text of /etc/default/grub with other words in GRUB_CMDLINE_LINUX. default() was not None."""
    return _DEFAULT.sub(lambda found: '%s"%s"' % (found.group(1), ' '.join(words)), text)


def kernelopts(text):
    """Return the variable kernelopts of a grubenv (str), None without it."""
    found = re.search(r'^kernelopts=(.*)$', text, re.M)
    return found.group(1) if found else None
