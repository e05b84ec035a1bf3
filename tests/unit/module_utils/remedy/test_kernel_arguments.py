# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which arguments of the kernel are changed, and what grubby and its files say."""
from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _kernel_arguments as arguments

__metaclass__ = type


@pytest.mark.parametrize('name, value, remove', [
    ('nomodeset', None, False), ('video', 'HDMI-A-1:d', False), ('i915.enable_psr', '0', False), ('audit', '1', False), ('mitigations', 'auto,nosmt', False),
    ('quiet', None, True), ('loglevel', None, True), ('rhgb', None, True), ('usbcore.autosuspend', '-1', False), ('init_on_alloc', '1', False),
    ('tsc', 'reliable', False), ('clocksource', 'tsc', False), ('nomodeset', None, True)])
def test_arguments(name, value, remove):
    arguments.check(name, value, remove)


@pytest.mark.parametrize('name, value, remove, why', [
    ('selinux', '0', False, 'protects the host'), ('enforcing', '0', False, 'protects the host'), ('audit', '0', False, 'protects the host'),
    ('audit', 'off', False, 'protects the host'), ('audit', None, True, 'protects the host'), ('lockdown', 'none', False, 'protects the host'),
    ('fips', None, True, 'protects the host'), ('module.sig_enforce', '0', False, 'protects the host'), ('mitigations', 'off', False, 'on the processor'),
    ('mitigations', None, True, 'on the processor'), ('spectre_v2', 'off', False, 'on the processor'), ('nopti', None, False, 'on the processor'),
    ('nosmap', None, False, 'on memory'), ('nokaslr', None, False, 'on memory'), ('intel_iommu', 'off', False, 'on memory'),
    ('quiet', None, False, 'shown and logged'),
    ('loglevel', '3', False, 'shown and logged'), ('printk.devkmsg', 'off', False, 'shown and logged'), ('console', 'null', False, 'shown and logged'),
    ('systemd.log_level', 'emerg', False, 'starts at boot'), ('systemd.log-level', 'emerg', False, 'starts at boot'),
    ('systemd.mask', 'x', False, 'starts at boot'),
    ('rd.break', None, False, 'starts at boot'), ('init', '/bin/sh', False, 'starts at boot'), ('single', None, False, 'starts at boot'),
    ('udev.log_priority', '0', False, 'starts at boot'), ('root', 'x', False, 'starts at boot'), ('nmi_watchdog', '0', False, 'when it fails'),
    ('crashkernel', None, True, 'when it fails'), ('nowatchdog', None, False, 'when it fails'), ('pci', 'noaer', False, 'faults of the hardware'),
    ('nomce', None, False, 'faults of the hardware'), ('modprobe.blacklist', 'vmwgfx', False, 'module_options'), ('module-blacklist', 'x', False, 'protects'),
    ('net.ifnames', '0', False, 'be reached'), ('SELinux', '0', False, 'protects the host')])
def test_what_is_not_changed(name, value, remove, why):
    with pytest.raises(arguments.Refused, match=why):
        arguments.check(name, value, remove)


@pytest.mark.parametrize('name, value', [('', None), ('-x', None), ('a b', None), ('a=b', None), ('a\n', None), ('x' * 65, None), (u'\uac00', None),
                                         ('a', ''), ('a', 'b c'),
                                         ('a', '"b"'), ('a', '*'), ('a', '$x'), ('a', 'b\n'), ('a', u'\uac00'), ('a', 'x' * 201), ('a', 'b+'), ('a', '\\')])
def test_what_is_no_argument(name, value):
    with pytest.raises(arguments.Refused, match='argument: |value: '):
        arguments.check(name, value, False)


def test_what_grubby_tells():
    new = 'index=0\nkernel="/boot/vmlinuz-2"\nargs="ro quiet a=b  c"\nroot="/dev/x"\nindex=1\nkernel="/boot/vmlinuz-1"\nargs=""\nid="m"\n'
    assert arguments.parse(new) == [('/boot/vmlinuz-2', ['ro', 'quiet', 'a=b', 'c']), ('/boot/vmlinuz-1', [])]
    old = 'index=0\nkernel=/vmlinuz-3.10.0\nargs="ro quiet"\nroot=/dev/x\ninitrd=/i\ntitle=T = 1\nindex=1\nnon linux entry\n'
    assert arguments.parse(old) == [('/vmlinuz-3.10.0', ['ro', 'quiet'])]
    assert arguments.parse('') == [] and arguments.parse('kernel=x\nargs=y\n') == []


@given(st.text(max_size=200))
def test_whatever_is_told(text):
    arguments.parse(text)
    words = arguments.default(text)
    assert words is None or arguments.default(arguments.with_default(text, words)) == words


@pytest.mark.parametrize('text, words', [
    ('GRUB_CMDLINE_LINUX="a b=c"\n', ['a', 'b=c']), ("# x\nGRUB_CMDLINE_LINUX='a'\n", ['a']), ('GRUB_CMDLINE_LINUX=a', ['a']), ('GRUB_CMDLINE_LINUX=""\n', []),
    ('GRUB_CMDLINE_LINUX_DEFAULT="a"\n', None), ('GRUB_CMDLINE_LINUX="$X a"\n', None), ('GRUB_CMDLINE_LINUX="a"\nGRUB_CMDLINE_LINUX="b"\n', None),
    ('GRUB_CMDLINE_LINUX="a \\\nb"\n', None), ('GRUB_CMDLINE_LINUX="a"\nGRUB_CMDLINE_LINUX+=" b"\n', None), ('', None), ('#GRUB_CMDLINE_LINUX="a"\n', None)])
def test_defaults(text, words):
    assert arguments.default(text) == words


def test_only_the_one_line_changes():
    text = 'A=1\nGRUB_CMDLINE_LINUX="a  b"\nGRUB_CMDLINE_LINUX_DEFAULT="c"\n'
    assert arguments.with_default(text, ['a', 'd']) == 'A=1\nGRUB_CMDLINE_LINUX="a d"\nGRUB_CMDLINE_LINUX_DEFAULT="c"\n'


def test_words():
    assert arguments.of('foo', ['foo', 'foo=1', 'foobar=1', 'xfoo']) == ['foo', 'foo=1']
    assert arguments.replaced(['a', 'foo=1', 'b'], 'foo', ['foo=2']) == ['a', 'b', 'foo=2']
    assert arguments.kernelopts('# GRUB\nsaved_entry=x\nkernelopts=a b=c\n###') == 'a b=c' and arguments.kernelopts('# GRUB\n') is None
