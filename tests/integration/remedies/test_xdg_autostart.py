# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""xdg_autostart, and what the real readers of autostart files make of its work: GLib and systemd's generator."""
import ctypes
import os
import subprocess

import pytest
from remedy_runs import UNPRIVILEGED, private

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _desktop_entry as desktop_entry

GENERATOR = '/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator'
NAMES = ['gnome-software-service.desktop', 'org.gnome.Software.desktop']
SERVICE = (b'[Desktop Entry]\r\nType=Application\nName=GNOME Software\nName[ko]=\xea\xb7\xb8\n# \xff\n'
           b'Exec=/bin/true --gapplication-service\n\n[Desktop Action x]\nHidden=false')
DISABLED = SERVICE.replace(b'\r\n', b'\r\nHidden=true\r\nX-GNOME-Autostart-enabled=false\r\n', 1)

# What GLib and systemd read differently: see the docstring of module_utils/_remedy/_desktop_entry.py.
ENTRIES = [
    b'[Desktop Entry]\nType=Application\nExec=/bin/true\n',
    b'[Desktop Entry]\r\nType=Application\r\nExec=/bin/true\r\nHidden=false\r\n',
    b'[Desktop Entry]\nType=Application\nExec=/bin/true\nHidden = false',
    b'[Desktop Entry]\nHidden=true\nType=Application\nExec=/bin/true\nHidden=false\nX-GNOME-Autostart-enabled=true\n',
    b'[Desktop Entry]\nType=Application\nExec=/bin/true\nComment=a\\\nHidden=false\n',
    b'# x\n\n [Desktop Entry] \nType=Application\nExec=/bin/true\n[Desktop Action a]\nHidden=false\n'
    b'[Desktop Entry]\n\tHidden\t=\t0\n',
    b'[Desktop Entry]\nType=Application\nExec=/bin/true\n#Hidden=true\nHidden[ko]=true\nhidden=true\n',
    b'[Desktop Entry]\nType=Application\nExec=/bin/true\n\x0cHidden=false\n',
    b'[Desktop Entry]\nType=Application\nExec=/bin/true\nHidden=no \nX-GNOME-Autostart-enabled=1\n',
]


def items(names, **more):
    return [dict(signature_id='gnome-software-refresh-failed', names=names, **more)]


@pytest.fixture
def autostart(tmp_path):
    folder = tmp_path / 'autostart'
    folder.mkdir()
    return folder


@pytest.fixture
def arguments(autostart, tmp_path):
    return dict(items=items(NAMES), directory=str(autostart), backup_dir=str(tmp_path / 'kept'))


def generated(autostart, folder):
    """The names of the units that systemd's generator makes for the files of this directory."""
    config = folder / 'xdg'
    config.mkdir(exist_ok=True)
    if not (config / 'autostart').exists():
        os.symlink(str(autostart), str(config / 'autostart'))
    late = folder / 'late'
    subprocess.run(['rm', '-rf', str(late)], check=True)
    late.mkdir()
    subprocess.run([GENERATOR, str(late), str(late), str(late)], check=True, env={
        'PATH': os.environ['PATH'], 'HOME': '/nonexistent', 'XDG_CONFIG_HOME': '/nonexistent',
        'XDG_CONFIG_DIRS': str(config)})
    return sorted(path.name for path in late.glob('*.service'))


def glib(content, key):
    """(does the group have the key, its value as a boolean) as GLib's GKeyFile reads the bytes of a desktop entry."""
    library = ctypes.CDLL('libglib-2.0.so.0')
    library.g_key_file_new.restype = ctypes.c_void_p
    library.g_key_file_free.argtypes = [ctypes.c_void_p]
    keys = ctypes.c_void_p(library.g_key_file_new())
    try:
        library.g_key_file_load_from_data(keys, content, ctypes.c_size_t(len(content)), 0, None)
        return (bool(library.g_key_file_has_key(keys, b'Desktop Entry', key, None)),
                bool(library.g_key_file_get_boolean(keys, b'Desktop Entry', key, None)))
    finally:
        library.g_key_file_free(keys)


@pytest.mark.parametrize('content', ENTRIES)
def test_glib_and_systemd_start_it_before_and_not_after(content, autostart, tmp_path):
    path = autostart / 'a.desktop'
    path.write_bytes(content)
    assert generated(autostart, tmp_path) == ['app-a@autostart.service']
    assert glib(content, b'Hidden') != (True, True)
    assert glib(content, b'X-GNOME-Autostart-enabled') != (True, False)
    disabled = desktop_entry.disable(content)
    path.write_bytes(disabled)
    assert generated(autostart, tmp_path) == []
    assert glib(disabled, b'Hidden') == (True, True)
    assert glib(disabled, b'X-GNOME-Autostart-enabled') == (True, False)


def test_check_then_do_then_nothing(ansible, arguments, autostart, tmp_path):
    path = autostart / NAMES[1]
    path.write_bytes(SERVICE)
    path.chmod(0o640)
    assert generated(autostart, tmp_path) == ['app-org.gnome.Software@autostart.service']

    predicted = ansible.module('xdg_autostart', check=True, **arguments)
    assert (predicted['changed'], predicted['in_place']) == (True, False)
    assert path.read_bytes() == SERVICE
    assert not (tmp_path / 'kept').exists()

    result = ansible.module('xdg_autostart', **arguments)
    assert result['changed'] and result['in_place']
    assert result['files'] == [{'path': str(path), 'action': 'edit'}]
    assert result['signatures'] == [{'signature_id': 'gnome-software-refresh-failed', 'in_place': True}]
    assert result['requires'] == 'login'
    assert result['missing'] == [str(autostart / NAMES[0])]
    assert path.read_bytes() == DISABLED
    assert path.stat().st_mode & 0o7777 == 0o640
    assert (tmp_path / 'kept' / str(path).lstrip('/')).read_bytes() == SERVICE
    assert generated(autostart, tmp_path) == []

    again = ansible.module('xdg_autostart', **arguments)
    assert (again['changed'], again['in_place']) == (False, True)
    assert again['in_place_since'] == result['in_place_since']
    assert result['in_place_since'].endswith('Z')


def test_an_upgrade_that_brings_the_file_back_is_mended(newest, arguments, autostart, tmp_path):
    path = autostart / NAMES[0]
    path.write_bytes(SERVICE)
    newest.module('xdg_autostart', **arguments)
    path.write_bytes(SERVICE + b'\n# newer\n')
    assert newest.module('xdg_autostart', **arguments)['changed']
    assert path.read_bytes() == DISABLED + b'\n# newer\n'
    assert (tmp_path / 'kept' / str(path).lstrip('/')).read_bytes() == SERVICE


def test_no_file_is_in_place_since_ever(newest, arguments):
    result = newest.module('xdg_autostart', **arguments)
    assert (result['changed'], result['in_place'], result['in_place_since']) == (False, True, None)


def test_a_file_that_is_no_desktop_entry_is_named_and_no_other_one_changed(newest, arguments, autostart):
    (autostart / NAMES[0]).write_bytes(SERVICE)
    (autostart / NAMES[1]).write_bytes(b'Hidden=true\n')
    result = newest.module('xdg_autostart', **arguments)
    assert result['failed']
    assert result['msg'] == ('Cannot disable %s: it has no [Desktop Entry] group. Nothing was changed.'
                             % (autostart / NAMES[1]))
    assert (autostart / NAMES[0]).read_bytes() == SERVICE


@pytest.mark.parametrize('content', [b'', b'\n', b'#[Desktop Entry]\n#Exec=/bin/true\n', None])
def test_an_emptied_file_starts_nothing_and_is_in_place(newest, arguments, autostart, tmp_path, content):
    path = autostart / NAMES[0]
    if content is None:
        path.symlink_to('/dev/null')
    else:
        path.write_bytes(content)
    assert generated(autostart, tmp_path) == []
    assert not glib(content or b'', b'Exec')[0]
    result = newest.module('xdg_autostart', **arguments)
    assert (result['changed'], result['in_place']) == (False, True), result
    assert path.is_symlink() if content is None else path.read_bytes() == content
    assert newest.module('xdg_autostart', **dict(arguments, state='absent'))['changed'] is False


@pytest.mark.parametrize('name', ['a.conf', '../a.desktop', 'a/b.desktop'])
def test_only_desktop_files_are_taken(newest, arguments, name):
    result = newest.module('xdg_autostart', **dict(arguments, items=items([name])))
    assert result['failed']
    assert result['msg'] == ('names: %s is neither the name of a .desktop file nor an absolute path to one. Nothing was '
                             'changed.' % name)


def test_symbolic_link_is_replaced(newest, arguments, autostart, tmp_path):
    vendor = tmp_path / 'applications.desktop'
    vendor.write_bytes(SERVICE)
    path = autostart / NAMES[0]
    path.symlink_to(vendor)
    assert newest.module('xdg_autostart', **arguments)['changed']
    assert vendor.read_bytes() == SERVICE
    assert path.read_bytes() == DISABLED and not path.is_symlink()


def test_full_disk_is_one_message_and_nothing_half_written(ansible, arguments, autostart, tmp_path):
    before = tmp_path / 'before'
    before.mkdir()
    (before / NAMES[0]).write_bytes(SERVICE + b'#' * 200)
    listing = tmp_path / 'listing'
    places = dict(autostart=autostart, before=before, listing=listing, name=NAMES[0])
    # the file system has one page, and the file that is there has it
    result = ansible.module('xdg_autostart', wrap=private(
        'mount -t tmpfs -o size=4k,mode=755 full {autostart}; cp {before}/* {autostart}/'.format(**places),
        'ls -A {autostart} >{listing}; cmp {autostart}/{name} {before}/{name}'.format(**places)), **arguments)
    assert result['failed'] and not result['changed']
    assert result['msg'] == ('Cannot write %s: No space left on device. Nothing was changed there.'
                             % (autostart / NAMES[0]))
    assert listing.read_text() == NAMES[0] + '\n'


def test_who_is_not_root_is_told(newest, arguments, autostart):
    (autostart / NAMES[0]).write_bytes(SERVICE)
    result = newest.module('xdg_autostart', wrap=UNPRIVILEGED, **arguments)
    assert result['failed'] and not result['changed']
    assert result['msg'] == ('gnome_software_autostart needs root to edit autostart files. Run it with become: true. '
                             'Nothing was changed.')


def test_there_and_back_byte_for_byte(ansible, arguments, autostart, tmp_path):
    """With mode and owner, a link as a link; what is missing is no error, and check mode only tells."""
    path, link, vendor = autostart / NAMES[0], autostart / NAMES[1], tmp_path / 'vendor.desktop'
    path.write_bytes(SERVICE)
    path.chmod(0o640)
    os.chown(str(path), 7, 7)
    vendor.write_bytes(SERVICE)
    link.symlink_to(vendor)
    assert not ansible.module('xdg_autostart', state='absent', **arguments)['changed']
    assert ansible.module('xdg_autostart', **arguments)['changed']

    predicted = ansible.module('xdg_autostart', check=True, state='absent', **arguments)
    assert (predicted['changed'], predicted['in_place']) == (True, False)
    assert path.read_bytes() == DISABLED and not link.is_symlink()
    result = ansible.module('xdg_autostart', state='absent', **arguments)
    assert (result['changed'], result['in_place'], result['in_place_since']) == (True, True, None)
    assert result['files'] == [{'path': str(one), 'action': 'restore'} for one in (path, link)]
    assert path.read_bytes() == SERVICE and os.readlink(str(link)) == str(vendor)
    assert (path.stat().st_mode & 0o7777, path.stat().st_uid, path.stat().st_gid) == (0o640, 7, 7)
    assert [files for _folder, _folders, files in os.walk(str(tmp_path / 'kept')) if files] == []
    assert not ansible.module('xdg_autostart', state='absent', **arguments)['changed']


def test_what_somebody_edited_since_stays(newest, arguments, autostart):
    path = autostart / NAMES[0]
    path.write_bytes(SERVICE)
    newest.module('xdg_autostart', **arguments)
    path.write_bytes(DISABLED + b'# mine\n')
    result = newest.module('xdg_autostart', state='absent', **arguments)
    assert (result['changed'], result['in_place']) == (False, False)
    assert result['notes'] == ['%s was edited since its original was kept: it stays.' % path]
    assert path.read_bytes() == DISABLED + b'# mine\n'
