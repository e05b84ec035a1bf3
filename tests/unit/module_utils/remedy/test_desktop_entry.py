# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disabling an autostart entry: two keys are set, and no other byte moves."""
from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _desktop_entry as desktop_entry

__metaclass__ = type

DISABLED = [b'Hidden=true', b'X-GNOME-Autostart-enabled=false']

# Shaped like the file of gnome-software 3.28 to 41.
SERVICE = (b'[Desktop Entry]\nType=Application\nName=GNOME Software\nName[ko]=\xea\xb7\xb8\xeb\x86\x88\n'
           b'Exec=/usr/bin/gnome-software --gapplication-service\nOnlyShowIn=GNOME;\nNoDisplay=true\n')

FRAGMENTS = st.lists(st.sampled_from([
    b'[Desktop Entry]', b' [Desktop Entry] ', b'[Desktop Action x]', b'[desktop entry]', b'#[Desktop Entry]', b'',
    b'Hidden=false', b'Hidden = false', b'  Hidden\t=\t0', b'Hidden=true', b'Hidden=true ', b'Hidden=', b'Hidden',
    b'Hidden[ko]=false', b'hidden=false', b'XHidden=false', b'# Hidden=false', b'X-GNOME-Autostart-enabled=true',
    b'X-GNOME-Autostart-enabled = false', b'X-GNOME-Autostart-enables=false', b'Exec=/bin/true', b'Name=\xff\xfe=\x00',
    b'Comment=swallows\\', b'Comment=not\\\\', b'=', b'\\',
]), max_size=12)
ENDINGS = st.sampled_from([b'\n', b'\r\n'])


def read(content, continuations):
    """What a reader makes of the group [Desktop Entry]: key -> value, the last one counts.

    With continuations as systemd does, which joins the next line to one that ends in a backslash; without as GLib does.
    An independent and simpler reading of the format than the code under test.
    """
    if continuations:
        lines, joined = [], b''
        for line in content.replace(b'\r\n', b'\n').split(b'\n'):
            if line.strip().startswith(b'#'):
                continue
            joined += line
            if line.replace(b'\\\\', b'').endswith(b'\\'):
                joined = joined[:-1] + b' '
            else:
                lines.append(joined)
                joined = b''
        lines.append(joined)
    else:
        lines = content.split(b'\n')
    group, values = None, {}
    for line in (line.strip() for line in lines):
        if line.startswith(b'['):
            group = line
        elif group == b'[Desktop Entry]' and b'=' in line and not line.startswith(b'#'):
            key, _equals, value = line.partition(b'=')
            values[key.strip()] = value.lstrip()
    return values


def unrelated(content):
    """Every line that sets neither key, whatever group it is in."""
    return [line for line in content.split(b'\n') if line.partition(b'=')[0].strip() not in
            (b'Hidden', b'X-GNOME-Autostart-enabled')]


def test_adds_both_keys_below_the_header():
    header, rest = SERVICE.split(b'\n', 1)
    assert desktop_entry.disable(SERVICE) == b'\n'.join([header] + DISABLED + [rest])


def test_replaces_a_value_and_keeps_how_it_is_written():
    content = b'[Desktop Entry]\nX-GNOME-Autostart-enabled = true\n  Hidden\t=  false\nExec=x\n'
    assert desktop_entry.disable(content) == (
        b'[Desktop Entry]\nX-GNOME-Autostart-enabled = false\n  Hidden\t=  true\nExec=x\n')


@pytest.mark.parametrize('content, expected', [
    (b'[Desktop Entry]\r\nExec=x\r\n',
     b'[Desktop Entry]\r\nHidden=true\r\nX-GNOME-Autostart-enabled=false\r\nExec=x\r\n'),
    (b'[Desktop Entry]\nHidden=false', b'[Desktop Entry]\nX-GNOME-Autostart-enabled=false\nHidden=true'),
    (b'[Desktop Entry]', b'[Desktop Entry]\nHidden=true\nX-GNOME-Autostart-enabled=false'),
    (b'#\r\n[Desktop Entry]', b'#\r\n[Desktop Entry]\r\nHidden=true\r\nX-GNOME-Autostart-enabled=false'),
    (b'\xef\xbb\xbf[Desktop Entry]\n', b'\xef\xbb\xbf[Desktop Entry]\nHidden=true\nX-GNOME-Autostart-enabled=false\n'),
], ids=['crlf', 'no final newline', 'only a header', 'only a header, crlf above', 'byte order mark'])
def test_line_endings_stay(content, expected):
    assert desktop_entry.disable(content) == expected


def test_every_duplicate_is_set_in_every_part_of_the_group():
    content = (b'[Desktop Entry]\nHidden=true\nHidden=false\nX-GNOME-Autostart-enabled=true\n[Desktop Action a]\n'
               b'Hidden=false\n[Desktop Entry]\nHidden=0\n')
    assert desktop_entry.disable(content) == (
        b'[Desktop Entry]\nHidden=true\nHidden=true\nX-GNOME-Autostart-enabled=false\n[Desktop Action a]\n'
        b'Hidden=false\n[Desktop Entry]\nHidden=true\n')


@pytest.mark.parametrize('line', [
    b'#Hidden=false', b'Hidden[ko]=false', b'hidden=false', b'X-GNOME-Autostart-enables=false'])
def test_what_only_looks_like_a_key_stays_and_does_not_count(line):
    assert desktop_entry.disable(b'[Desktop Entry]\n' + line + b'\n') == (
        b'[Desktop Entry]\n' + b'\n'.join(DISABLED) + b'\n' + line + b'\n')


def test_a_key_that_systemd_reads_as_part_of_the_line_above_does_not_count():
    changed = desktop_entry.disable(b'[Desktop Entry]\nComment=a\\\nHidden=false\n')
    assert read(changed, continuations=True)[b'Hidden'] == b'true'
    assert read(changed, continuations=False)[b'Hidden'] == b'true'


@pytest.mark.parametrize('space', [b'\f', b'\r'])
def test_space_that_only_glib_skips_does_not_count(space):
    assert desktop_entry.disable(b'[Desktop Entry]\nHidden' + space + b'=false\n') == (
        b'[Desktop Entry]\n' + b'\n'.join(DISABLED) + b'\nHidden' + space + b'=true\n')


def test_a_comment_does_not_end_what_a_backslash_began():
    for comment in (b'#', b';'):
        changed = desktop_entry.disable(b'[Desktop Entry]\nComment=a\\\n' + comment + b'\nHidden=false\n')
        assert changed.startswith(b'[Desktop Entry]\nHidden=true\n')


def test_space_behind_a_value_goes_because_older_glib_takes_it_for_a_part_of_it():
    assert b'Hidden=true\n' in desktop_entry.disable(b'[Desktop Entry]\nHidden=true \n')


@pytest.mark.parametrize('content', [b'', b'\n', b' \t\r\n\n', b'#[Desktop Entry]\n', b'\xef\xbb\xbf', b'\xef\xbb\xbf# x\n#Exec=y'])
def test_an_emptied_file_starts_nothing_and_stays_as_it_is(content):
    assert desktop_entry.disable(content) == content


@pytest.mark.parametrize('content', [b'Hidden=true\n', b'\n.\n', b'\0', b'[Desktop Action a]\nHidden=true\n',
                                     b'[desktop entry]\n', b'[Desktop Entry]]\n', b'x[Desktop Entry]\n'])
def test_no_group_is_an_error(content):
    with pytest.raises(desktop_entry.DesktopEntryError) as error:
        desktop_entry.disable(content)
    assert str(error.value) == 'it has no [Desktop Entry] group'


def test_a_header_that_systemd_does_not_see_is_an_error():
    with pytest.raises(desktop_entry.DesktopEntryError) as error:
        desktop_entry.disable(b'[Desktop Entry]\nComment=a\\\n#\n[Desktop Action x]\nHidden=false\n')
    assert 'hides the group header' in str(error.value)


@given(FRAGMENTS, ENDINGS, st.booleans())
@example([b'Comment=a\\', b'Hidden=false'], b'\n', True)
@example([b'Comment=a\\', b'[Desktop Action x]', b'Hidden=false'], b'\n', True)
def test_readers_agree_that_it_is_disabled_and_the_rest_is_untouched(fragments, ending, final):
    content = ending.join([b'[Desktop Entry]'] + fragments) + (ending if final else b'')
    try:
        changed = desktop_entry.disable(content)
    except desktop_entry.DesktopEntryError as error:
        assert 'hides the group header' in str(error) and b'\\' in content
        return
    for continuations in (False, True):
        values = read(changed, continuations)
        assert values[b'Hidden'] == b'true'
        assert values[b'X-GNOME-Autostart-enabled'] == b'false'
    assert unrelated(changed) == unrelated(content)
    assert changed.endswith(ending) == content.endswith(ending)
    assert desktop_entry.disable(changed) == changed


@given(st.binary())
def test_any_bytes_either_fail_or_settle(content):
    try:
        changed = desktop_entry.disable(content)
    except desktop_entry.DesktopEntryError as error:
        if 'no [Desktop Entry] group' in str(error):
            assert b'[Desktop Entry]' not in [line.strip() for line in content.split(b'\n')]
    else:
        assert desktop_entry.disable(changed) == changed


def test_the_keys_of_another_group():
    """As those of a search provider of gnome-shell."""
    text = b'# x\n[Shell Search Provider]\nVersion=2\nAutoStart=true\n'
    keys = ((b'AutoStart', b'false'), (b'DefaultDisabled', b'true'))
    after = desktop_entry.set_keys(text, keys, header=b'[Shell Search Provider]')
    assert after == b'# x\n[Shell Search Provider]\nDefaultDisabled=true\nVersion=2\nAutoStart=false\n'
    assert desktop_entry.set_keys(after, keys, header=b'[Shell Search Provider]') == after
    with pytest.raises(desktop_entry.DesktopEntryError, match='it has no .Shell Search Provider. group'):
        desktop_entry.set_keys(b'[Desktop Entry]\n', keys, header=b'[Shell Search Provider]')
