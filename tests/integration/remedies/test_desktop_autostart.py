# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""desktop_autostart, and what the real readers of what it writes make of its work: GLib, systemd's generator, dbus-daemon, dconf,
systemctl and rpm. In a world of the test's own they find the files of gnome-software as each release has them.
"""
import ctypes
import functools
import json
import os
import shutil
import signal
import subprocess
import textwrap

import pytest
from remedy_runs import PYTHONS, UNPRIVILEGED, private, run_module

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _desktop_entry as desktop_entry, desktop_autostart

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


@pytest.fixture
def module(tmp_path):
    """A function: what the module returns, in this process."""
    return functools.partial(run_module, 'desktop_autostart', lock_file=str(tmp_path / 'lock'))


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


def glib(content, key, group=b'Desktop Entry'):
    """(does the group have the key, its value as a boolean) as GLib's GKeyFile reads the bytes of a desktop entry."""
    library = ctypes.CDLL('libglib-2.0.so.0')
    library.g_key_file_new.restype = ctypes.c_void_p
    library.g_key_file_free.argtypes = [ctypes.c_void_p]
    keys = ctypes.c_void_p(library.g_key_file_new())
    try:
        library.g_key_file_load_from_data(keys, content, ctypes.c_size_t(len(content)), 0, None)
        return (bool(library.g_key_file_has_key(keys, group, key, None)),
                bool(library.g_key_file_get_boolean(keys, group, key, None)))
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

    predicted = ansible.module('desktop_autostart', check=True, **arguments)
    assert (predicted['changed'], predicted['in_place']) == (True, False)
    assert path.read_bytes() == SERVICE
    assert not (tmp_path / 'kept').exists()

    result = ansible.module('desktop_autostart', **arguments)
    assert result['changed'] and result['in_place']
    assert result['files'] == [{'path': str(path), 'action': 'edit'}]
    assert result['signatures'] == [{'signature_id': 'gnome-software-refresh-failed', 'in_place': True}]
    assert result['requires'] == 'login'
    assert result['missing'] == [str(autostart / NAMES[0])]
    assert path.read_bytes() == DISABLED
    assert path.stat().st_mode & 0o7777 == 0o640
    assert (tmp_path / 'kept' / str(path).lstrip('/')).read_bytes() == SERVICE
    assert generated(autostart, tmp_path) == []

    again = ansible.module('desktop_autostart', **arguments)
    assert (again['changed'], again['in_place']) == (False, True)
    assert again['in_place_since'] == result['in_place_since']
    assert result['in_place_since'].endswith('Z')


def test_an_upgrade_that_brings_the_file_back_is_mended(module, arguments, autostart, tmp_path):
    path = autostart / NAMES[0]
    path.write_bytes(SERVICE)
    module(**arguments)
    path.write_bytes(SERVICE + b'\n# newer\n')
    assert module(**arguments)['changed']
    assert path.read_bytes() == DISABLED + b'\n# newer\n'
    assert (tmp_path / 'kept' / str(path).lstrip('/')).read_bytes() == SERVICE + b'\n# newer\n'
    assert module(**dict(arguments, state='absent'))['in_place'] and path.read_bytes() == SERVICE + b'\n# newer\n'


def test_what_differs_in_no_more_than_what_is_disabled_comes_back_as_it_was_written_last(module, arguments, autostart, tmp_path):
    path, texts = autostart / NAMES[0], [SERVICE + b'Hidden=%s\n' % value for value in (b'false', b'0', b'no')]
    for text in texts:
        path.write_bytes(text)
        assert module(**arguments)['changed']
    assert [(tmp_path / 'kept' / '.earlier' / ('%s.%d' % (path, number)).lstrip('/')).read_bytes() for number in (1, 2)] == texts[:2]
    path.with_name(path.name + '.rpmnew').touch()
    result = module(state='absent', **arguments)
    assert path.read_bytes() == texts[2] and '%s.1, ' % path in result['notes'][0]
    assert '%s.rpmnew is there: the package has a newer %s' % (path, path) in result['notes'][1]


@pytest.mark.parametrize('kept', [None, b'', b'{"half', SERVICE.replace(b'Exec', b'Older=1\nExec')])
def test_an_original_that_is_lost_damaged_or_another_one_is_told(module, arguments, autostart, tmp_path, kept):
    path = autostart / NAMES[0]
    copy = tmp_path / 'kept' / str(path).lstrip('/')
    path.write_bytes(SERVICE)
    module(**arguments)
    copy.unlink()
    if kept is not None:
        copy.write_bytes(kept)
    result = module(state='absent', **arguments)
    assert not result['changed'] and not result['in_place'] and path.read_bytes() == DISABLED
    assert 'but its original %s is gone, damaged or another one: it stays.' % copy in result['notes'][0]


def test_no_file_is_in_place_since_ever(module, arguments):
    result = module(**arguments)
    assert (result['changed'], result['in_place'], result['in_place_since']) == (False, True, None)


def test_a_file_that_is_no_desktop_entry_is_named_and_no_other_one_changed(module, arguments, autostart):
    (autostart / NAMES[0]).write_bytes(SERVICE)
    (autostart / NAMES[1]).write_bytes(b'Hidden=true\n')
    result = module(**arguments)
    assert result['failed']
    assert result['msg'] == ('Cannot disable %s: it has no [Desktop Entry] group. Nothing was changed.'
                             % (autostart / NAMES[1]))
    assert (autostart / NAMES[0]).read_bytes() == SERVICE


@pytest.mark.parametrize('content', [b'', b'\n', b'#[Desktop Entry]\n#Exec=/bin/true\n', None])
def test_an_emptied_file_starts_nothing_and_is_in_place(module, arguments, autostart, tmp_path, content):
    path = autostart / NAMES[0]
    if content is None:
        path.symlink_to('/dev/null')
    else:
        path.write_bytes(content)
    assert generated(autostart, tmp_path) == []
    assert not glib(content or b'', b'Exec')[0]
    result = module(**arguments)
    assert (result['changed'], result['in_place']) == (False, True), result
    assert path.is_symlink() if content is None else path.read_bytes() == content
    assert module(**dict(arguments, state='absent'))['changed'] is False


@pytest.mark.parametrize('name', ['a.conf', '../a.desktop', 'a/b.desktop'])
def test_only_desktop_files_are_taken(module, arguments, name):
    result = module(**dict(arguments, items=items([name])))
    assert result['failed']
    assert result['msg'] == ('names: "%s" is neither the name of a .desktop file nor an absolute path to one. Nothing was '
                             'changed.' % name)


def test_symbolic_link_is_replaced(module, arguments, autostart, tmp_path):
    vendor = tmp_path / 'applications.desktop'
    vendor.write_bytes(SERVICE)
    path = autostart / NAMES[0]
    path.symlink_to(vendor)
    assert module(**arguments)['changed']
    assert vendor.read_bytes() == SERVICE
    assert path.read_bytes() == DISABLED and not path.is_symlink()


def test_full_disk_is_one_message_and_nothing_half_written(ansible, arguments, autostart, tmp_path):
    before = tmp_path / 'before'
    before.mkdir()
    (before / NAMES[0]).write_bytes(SERVICE + b'#' * 200)
    listing = tmp_path / 'listing'
    places = dict(autostart=autostart, before=before, listing=listing, name=NAMES[0])
    # the file system has one page, and the file that is there has it
    result = ansible.module('desktop_autostart', wrap=private(
        'mount -t tmpfs -o size=4k,mode=755 full {autostart}; cp {before}/* {autostart}/'.format(**places),
        'ls -A {autostart} >{listing}; cmp {autostart}/{name} {before}/{name}'.format(**places)), **arguments)
    assert result['failed'] and not result['changed']
    assert result['msg'] == ('Cannot write %s: No space left on device. Nothing was changed there.'
                             % (autostart / NAMES[0]))
    assert listing.read_text() == NAMES[0] + '\n'


def test_who_is_not_root_is_told(newest, arguments, autostart):
    (autostart / NAMES[0]).write_bytes(SERVICE)
    result = newest.module('desktop_autostart', wrap=UNPRIVILEGED, **arguments)
    assert result['failed'] and not result['changed']
    assert result['msg'] == ('gnome_software_autostart needs root to edit autostart files. Run it with become: true. '
                             'Nothing was changed.')


def test_there_and_back_byte_for_byte(module, arguments, autostart, tmp_path):
    """With mode and owner, a link as a link; what is missing is no error, and check mode only tells."""
    path, link, vendor = autostart / NAMES[0], autostart / NAMES[1], tmp_path / 'vendor.desktop'
    path.write_bytes(SERVICE)
    path.chmod(0o640)
    os.chown(str(path), 7, 7)
    vendor.write_bytes(SERVICE)
    link.symlink_to(vendor)
    assert not module(state='absent', **arguments)['changed']
    assert module(**arguments)['changed']

    predicted = module(check=True, state='absent', **arguments)
    assert (predicted['changed'], predicted['in_place']) == (True, False)
    assert path.read_bytes() == DISABLED and not link.is_symlink()
    result = module(state='absent', **arguments)
    assert (result['changed'], result['in_place'], result['in_place_since']) == (True, True, None)
    assert result['files'] == [{'path': str(one), 'action': 'restore'} for one in (path, link)]
    assert path.read_bytes() == SERVICE and os.readlink(str(link)) == str(vendor)
    assert (path.stat().st_mode & 0o7777, path.stat().st_uid, path.stat().st_gid) == (0o640, 7, 7)
    assert [files for _folder, _folders, files in os.walk(str(tmp_path / 'kept')) if files] == []
    module(**arguments)
    vendor.write_bytes(SERVICE + b'# newer\n')   # which comes back with the link
    assert module(state='absent', **arguments)['in_place'] and link.is_symlink()
    assert not module(state='absent', **arguments)['changed']


def test_what_somebody_edited_since_stays(module, arguments, autostart):
    path = autostart / NAMES[0]
    path.write_bytes(SERVICE)
    module(**arguments)
    path.write_bytes(DISABLED + b'# mine\n')
    result = module(state='absent', **arguments)
    assert (result['changed'], result['in_place']) == (False, False)
    assert result['notes'] == ['%s was edited since its original was kept: it stays.' % path]
    assert path.read_bytes() == DISABLED + b'# mine\n'


# --- what the releases ship

BUS, SHELL = 'dbus-1/services/', 'gnome-shell/search-providers/'
OLD, NEW = (name for name in NAMES)
OPTIONAL = 'OnlyShowIn=GNOME;Unity;\n'
NOT_SHOWN = OPTIONAL + 'NotShowIn=Budgie\n'
SETTINGS = ('allow-updates', 'download-updates')


def entry(shown):
    """src/gnome-software-service.desktop.in up to 41, data/autostart/org.gnome.Software.desktop.in from 42 to 48."""
    return ('[Desktop Entry]\nType=Application\nName=GNOME Software\nExec=/usr/bin/gnome-software --gapplication-service\n'
            '%sNoDisplay=true\n' % shown)


def service(name, more=''):
    """src/NAME.service.in; the one of PackageKit has no user unit."""
    return '[D-BUS Service]\nName=%s\nExec=/usr/bin/gnome-software --gapplication-service\n%s' % (name, more)


# The same from 3.28.2 to 49.1: src/org.gnome.Software-search-provider.ini
PROVIDER = ('[Shell Search Provider]\nDesktopId=org.gnome.Software.desktop\nBusName=org.gnome.Software\n'
            'ObjectPath=/org/gnome/Software/SearchProvider\nVersion=2\n')
# data/org.gnome.software.gschema.xml has both keys from 3.28.2 on.
SCHEMA = '<schemalist>\n  <schema id="org.gnome.software" path="/org/gnome/software/" gettext-domain="gnome-software">\n%s  </schema>\n' \
         '</schemalist>\n' % ''.join('    <key name="%s" type="b"><default>true</default></key>\n' % key for key in SETTINGS)
UNIT = ('[Unit]\nPartOf=graphical-session.target\nAfter=graphical-session.target\n[Service]\nType=dbus\nBusName=org.gnome.Software\n'
        'ExecStart=/usr/bin/gnome-software --gapplication-service\nRestart=on-failure\nSlice=app.slice\n')
# dconf.spec of el8 (0.28.0) and el9 (0.40.0): the profile, and the directories, which %posttrans makes databases of.
PROFILE = 'user-db:user\nsystem-db:local\nsystem-db:site\nsystem-db:distro\n'

# gnome-software of the release: 3.28.2 (EL 7, spec of eurolinux), 3.36.1 and 41.5 (EL 8 and 9, specs of openela), 47.5 (EL 10), 49.1.
# `broker`: dbus-broker is the bus of a session from EL 9 on. The oldest Python of the release, and an ansible-core for it.
RELEASES = {
    '7': dict(autostart={OLD: entry(OPTIONAL)}, more='', unit=None, broker=False, core='oldest', python='2.7'),
    '8': dict(autostart={OLD: entry(OPTIONAL)}, more='', unit=None, broker=False, core='oldest', python='3.6'),
    '9': dict(autostart={OLD: entry(NOT_SHOWN)}, more='', unit=None, broker=True, core='newest', python=None),
    '10': dict(autostart={NEW: entry(NOT_SHOWN)}, more='', unit=None, broker=True, core='newest', python=None),
    '49': dict(autostart={}, more='SystemdService=gnome-software.service\n', unit=UNIT, broker=True, core='newest', python='3.13'),
}
ITEM = dict(signature_id='gnome-software-refresh-failed', names=NAMES, unit='gnome-software.service', program='gnome-software',
            dbus_names=['org.gnome.Software', 'org.freedesktop.PackageKit'], search_providers=['org.gnome.Software-search-provider.ini'],
            settings=[dict(key='/org/gnome/software/' + key, value='false') for key in SETTINGS], note='Patch by hand (2.10.8).')
KEPT = '95-log_hygiene-gnome-software-refresh-failed'

# The module as it is on a host, without a connection: jobs are what it is given, each in a process of its own, or commands of a shell.
MODULE = '''
import json, os, subprocess, sys
from ansible.module_utils import basic
from ansible_collections.loghygiene.rhel.plugins.modules import desktop_autostart
def module(arguments):
    basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode(), "legacy"
    desktop_autostart.main()
def done(job):
    if not isinstance(job, dict):
        return subprocess.check_output(["sh", "-ec", job]).decode()
    source, target = os.pipe()
    if os.fork():
        os.close(target)
        with os.fdopen(source) as said:
            text = said.read()
        os.wait()
        return json.loads(text)
    os.dup2(target, 1)
    os.close(target)
    module(job)
print(json.dumps([done(job) for job in json.load(sys.stdin)]))
'''


SNAPSHOT = r'''
find /etc/xdg /etc/dconf /etc/systemd /usr/local/share /usr/share/dbus-1 /usr/share/gnome-shell -printf "%p %y %m %U %G %l\n" | sort
find /etc/xdg /etc/dconf /usr/local/share /usr/share/dbus-1 /usr/share/gnome-shell -type f -exec sha256sum {} + | sort -k2'''


class World:
    """A copy of /etc, empty /run and /var/lib, and a layer over /usr, with the files of a release."""

    def __init__(self, folder, collection, release):
        self.folder, self.release = folder, release
        for name in ('etc', 'layer', 'python'):
            (folder / name).mkdir()
        wrap = private('''
            cp -a /etc/. {0}/etc/ || true
            mount --bind {0}/etc /etc
            mount -t tmpfs -o mode=755 layer {0}/layer
            mkdir {0}/layer/upper {0}/layer/work
            mount -t overlay -o lowerdir=/usr,upperdir={0}/layer/upper,workdir={0}/layer/work layer /usr
            mount -t tmpfs -o mode=755 lib /var/lib
            mount -t tmpfs -o mode=755 run /run
            rm -rf /etc/xdg/autostart /etc/systemd/user /usr/lib/systemd/user/dbus.service
            mkdir -p /run/home /etc/systemd/user
            '''.format(folder))
        self.process = subprocess.Popen(wrap + ['sh', '-c', 'echo ready; exec sleep 900'], stdout=subprocess.PIPE, start_new_session=True)
        assert self.process.stdout.readline() == b'ready\n'
        self.python = self.interpreter(collection)
        self.lay(release)

    def interpreter(self, collection):
        """The command line of the module, by the Python of the release, with an ansible-core that it can run."""
        core = os.path.join(os.environ['ANSIBLE_%s_BIN' % self.release['core'].upper()], 'python')
        source = subprocess.run([core, '-c', 'import ansible; print(ansible.__path__[0])'],
                                stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
        root = self.folder / 'python'
        inside = root / 'ansible_collections' / 'loghygiene' / 'rhel' / 'plugins'
        inside.mkdir(parents=True)
        (root / 'ansible').mkdir()
        for part in (root / 'ansible', *list(inside.parents)[:3], inside):
            (part / '__init__.py').touch()
        for part in ('release.py', 'module_utils'):
            os.symlink(os.path.join(source, part), root / 'ansible' / part)
        for part in ('module_utils', 'modules'):
            shutil.copytree(os.path.join(collection, 'plugins', part), inside / part)
            for directory, _directories, _files in os.walk(inside / part):
                open(os.path.join(directory, '__init__.py'), 'a', encoding='ascii').close()
        return PYTHONS.get(self.release['python'], core)

    def lay(self, release):
        """Lay the files of a release down."""
        share = '/usr/share/'
        texts = {'/etc/xdg/autostart/' + name: text for name, text in release['autostart'].items()}
        texts.update({
            share + BUS + 'org.gnome.Software.service': service('org.gnome.Software', release['more']),
            share + BUS + 'org.freedesktop.PackageKit.service': service('org.freedesktop.PackageKit'),
            share + SHELL + 'org.gnome.Software-search-provider.ini': PROVIDER,
            share + 'glib-2.0/schemas/org.gnome.software.gschema.xml': SCHEMA,
            '/etc/dconf/profile/user': PROFILE, '/etc/dconf/db/local.d/00-own': "[org/own]\nown='x'\n",
            '/etc/dconf/db/local.d/locks/own': '/org/own/own\n',
            '/usr/bin/gnome-software': '#!/bin/sh\necho "$@" >>/run/started\nexit 1\n'})
        if release['unit']:
            texts['/usr/lib/systemd/user/gnome-software.service'] = release['unit']
        texts['/usr/lib/systemd/user/dbus%s.service' % ('-broker' if release['broker'] else '')] = '[Service]\nExecStart=/bin/true\n'
        for path, text in texts.items():
            self.write(path, text)
        self.sh('chmod 755 /usr/bin/gnome-software; mkdir -p /etc/dconf/db/site.d/locks /etc/dconf/db/distro.d/locks; dconf update')
        if release['broker']:
            self.sh('ln -s /usr/lib/systemd/user/dbus-broker.service /etc/systemd/user/dbus.service')

    def run(self, command, **options):
        options.setdefault('env', dict(os.environ, HOME='/run/home', LC_ALL='C'))
        for name in ('XDG_DATA_DIRS', 'XDG_CONFIG_DIRS', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'DCONF_PROFILE'):
            options['env'].pop(name, None)
        options.setdefault('input', '')
        return subprocess.run(['nsenter', '--mount=/proc/%d/ns/mnt' % self.process.pid, '--wd=/'] + command, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, **options)

    def sh(self, text, fails=False):
        done = self.run(['sh', '-ec', text])
        assert fails == bool(done.returncode), done.stdout
        return done.stdout

    def write(self, path, text):
        self.sh("mkdir -p '%s'; printf %%s '%s' >'%s'" % (os.path.dirname(path), text.replace("'", "'\\''"), path))

    def jobs(self, jobs):
        """Do what MODULE does. Returns the results of the module, and what commands say."""
        done = self.run([self.python, '-B', '-W', 'ignore', '-c', MODULE], input=json.dumps(jobs), env=dict(
            os.environ, HOME='/run/home', LC_ALL='C', PYTHONPATH=str(self.folder / 'python')))
        assert done.returncode == 0, done.stdout
        return json.loads(done.stdout[done.stdout.index('['):])

    def job(self, state='present', check=False, items=None):
        return dict(items=[ITEM] if items is None else items, state=state, _ansible_check_mode=check, _ansible_diff=True,
                    _ansible_remote_tmp='/tmp', lock_file='/run/lock-of-the-test')

    def module(self, *arguments, **options):
        """Run the module. Returns its result."""
        return self.jobs([self.job(*arguments, **options)])[0]

    def done(self, *arguments, **options):
        result = self.module(*arguments, **options)
        assert not result.get('failed'), result
        return result

    def snapshot(self):
        """All that is in these directories: path, kind, mode, owner, link, and what it holds."""
        return self.sh(SNAPSHOT)

    def starts(self, name):
        """Whether dbus-daemon starts gnome-software for who calls this name on the bus of a session."""
        self.sh('rm -f /run/started')
        self.run(['dbus-run-session', '--', 'gdbus', 'call', '--session', '-d', 'org.freedesktop.DBus', '-o', '/org/freedesktop/DBus', '-m',
                  'org.freedesktop.DBus.StartServiceByName', name, '0'], timeout=60)
        return self.sh('cat /run/started 2>/dev/null || true') != ''

    def setting(self, key):
        """(what dconf says of a setting of gnome-software, whether a user can set it)"""
        key = '/org/gnome/software/' + key
        found = self.sh('dconf read ' + key).strip()
        free = not self.run(['dbus-run-session', '--', 'dconf', 'write', key, 'true']).returncode
        self.sh('rm -rf /run/home/.config')
        return found, free

    def asked(self):
        """(AutoStart, DefaultDisabled) of the provider that gnome-shell takes, as GLib reads them; without a key it is None."""
        text = self.sh('cat /usr/local/share/{0} 2>/dev/null || cat /usr/share/{0}'.format(SHELL + ITEM['search_providers'][0])).encode()
        return tuple(value if there else None for there, value in (
            glib(text, key, b'Shell Search Provider') for key in (b'AutoStart', b'DefaultDisabled')))

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def world(tmp_path, collection):
    """A function: the World of a release (name, or what it ships)."""
    worlds = []

    def make(release):
        worlds.append(World(tmp_path, collection, RELEASES[release] if isinstance(release, str) else release))
        return worlds[-1]
    yield make
    for one in worlds:
        one.end()


@pytest.mark.parametrize('release', sorted(RELEASES, key=int))
def test_nothing_starts_it_on_any_release(world, release):
    host, shipped = world(release), RELEASES[release]
    names = ITEM['dbus_names']
    overridden = not shipped['broker']
    before = host.snapshot()
    assert [host.starts(name) for name in names] == [True, True]
    assert host.asked() == (None, None) and host.setting('allow-updates') == ('', True)

    predicted = host.done(check=True)
    assert predicted['changed'] and not predicted['in_place'] and host.snapshot() == before
    result = host.done()
    assert result['changed'] and result['in_place'] and result['requires'] == 'login' and result['in_place_since'].endswith('Z')
    assert predicted['files'] == result['files']
    assert sorted((one['path'], one['action']) for one in result['files']) == sorted(
        [('/etc/xdg/autostart/' + name, 'edit') for name in shipped['autostart']]
        + [('/usr/local/share/%s%s.service' % (BUS, name), 'create') for name in names if overridden]
        + [('/usr/local/share/' + SHELL + 'org.gnome.Software-search-provider.ini', 'create')]
        + [('/etc/dconf/db/local.d/' + KEPT, 'create'), ('/etc/dconf/db/local.d/locks/' + KEPT, 'create')]
        + [('/etc/systemd/user/gnome-software.service', 'mask')] * bool(shipped['unit']))
    assert ITEM['note'] in result['notes'] and any('dbus-broker' in note for note in result['notes']) == shipped['broker']
    assert len(result['notes']) == 1 + shipped['broker']

    for name, text in shipped['autostart'].items():
        assert host.sh('cat /etc/xdg/autostart/' + name) == text.replace('\n', '\nHidden=true\nX-GNOME-Autostart-enabled=false\n', 1)
    assert [host.starts(name) for name in names] == [not overridden] * 2
    assert host.asked() == (False, True)
    assert [host.setting(key) for key in SETTINGS] == [('false', False)] * 2
    if shipped['unit']:
        assert host.run(['systemctl', '--global', 'is-enabled', 'gnome-software.service']).stdout == 'masked\n'

    again = host.done()
    assert not again['changed'] and again['in_place'] and again['in_place_since'] == result['in_place_since']
    back = host.done('absent')
    assert back['changed'] and back['in_place'] and back['notes'] == []
    assert host.snapshot() == before and host.starts(names[0])
    assert host.sh('find /var/lib/log_hygiene -type f') == ''
    assert not host.done('absent')['changed']


def test_the_bus_that_logs_overrides_is_overridden_when_asked_to(world):
    host = world('49')
    result = host.done(items=[dict(ITEM, dbus_always=True)])
    assert result['notes'] == [ITEM['note']]
    assert not any(host.starts(name) for name in ITEM['dbus_names'])
    assert host.sh('cat /usr/local/share/%sorg.gnome.Software.service' % BUS).partition('\n')[2] == (
        '[D-BUS Service]\nName=org.gnome.Software\nExec=/bin/false\n')
    assert host.done()['changed'] and host.starts('org.gnome.Software')   # not asked any more


def test_what_is_gone_or_not_there_is_a_note(world):
    host = world('8')
    host.done()
    host.sh('rm -rf /etc/xdg/autostart /usr/share/dbus-1/services/*Software* /usr/share/dbus-1/services/*PackageKit* /usr/share/gnome-shell '
            '/usr/share/glib-2.0/schemas/org.gnome.software.gschema.xml')
    result = host.done()   # as after the package was removed
    assert {one['action'] for one in result['files']} == {'remove'} and len(result['files']) == 5 and result['in_place']
    assert result['notes'] == ['No autostart file of gnome-software exists on this host, so nothing starts it at login.']
    assert host.sh('ls /usr/local/share/dbus-1 2>&1 || true').startswith('ls: ') and not host.done()['changed']


@pytest.mark.parametrize('spoil, told', [
    ('sed -i /download-updates/d /usr/share/glib-2.0/schemas/org.gnome.software.gschema.xml',
     'No program on this host has the setting /org/gnome/software/download-updates, so it is left out.'),
    ('printf "user-db:user\\nsystem-db:site\\n" >/etc/dconf/profile/user',
     '/etc/dconf/profile/user does not name system-db:local, so no program would read the settings, and none were locked.'),
    ('rm /etc/dconf/profile/user',
     '/etc/dconf/profile/user does not name system-db:local, so no program would read the settings, and none were locked.'),
    ('rm /usr/bin/dconf', 'This host has no dconf, so there are no settings to lock.'),
])
def test_settings_that_nobody_would_read_are_left_out(world, spoil, told):
    host = world('8')
    host.sh(spoil)
    result = host.done()
    assert told in result['notes'] and result['in_place']
    assert any('dconf' in one['path'] for one in result['files']) == ('No program' in told)
    assert 'download-updates' not in host.sh('cat /etc/dconf/db/local.d/%s 2>/dev/null || true' % KEPT)


def test_a_directory_that_dconf_cannot_read_is_refused_before_anything_changes(world):
    host = world('8')
    host.write('/etc/dconf/db/local.d/10-broken', '[a/b]\nc=what is this\n')
    before = host.snapshot()
    result = host.module()
    assert result['failed'] and not result['changed'] and host.snapshot() == before
    assert result['msg'].startswith('dconf cannot make a database of /etc/dconf/db/local.d: ') and '10-broken' in result['msg']
    assert result['msg'].endswith('. Mend what it names. Nothing was changed.')


def test_a_directory_that_others_may_write_to_is_refused_before_anything_changes(world):
    host = world('8')
    host.sh('chmod 777 /usr/local/share')
    before = host.snapshot()
    result = host.module()
    assert result['failed'] and not result['changed'] and host.snapshot() == before
    assert 'others than root may write to /usr/local/share' in result['msg'] and result['msg'].endswith(' Nothing was changed.')


def test_what_is_somebody_elses_or_edited_since_stays(world):
    host = world('8')
    mine = '/usr/local/share/%sorg.gnome.Software.service' % BUS
    host.write(mine, service('org.gnome.Software'))
    result = host.done()
    note = '%s was not written by this collection, or was edited since: it stays.'
    assert note % mine in result['notes'] and not result['in_place'] and host.sh('cat ' + mine) == service('org.gnome.Software')
    edited = ['/etc/dconf/db/local.d/' + KEPT, '/usr/local/share/%sorg.freedesktop.PackageKit.service' % BUS]
    host.sh('for path in %s; do echo "# mine" >>$path; done' % ' '.join(edited))
    result = host.done('absent')
    assert sorted(result['notes']) == sorted(note % path for path in edited) and not result['in_place']
    assert host.sh('tail -qn 1 %s' % ' '.join(edited)) == '# mine\n# mine\n' and host.sh('cat ' + mine) == service('org.gnome.Software')


@pytest.mark.parametrize('wrong', [
    dict(names=['a\n.desktop']), dict(names=['a' * 5000 + '.desktop']), dict(names=['/etc/xdg/autostart/../../x.desktop']),
    dict(dbus_names=['../org.gnome.Software']), dict(dbus_names=['org.gnome.*']), dict(dbus_names=['a' * 5000 + '.b']),
    dict(dbus_names=['-x.y']), dict(dbus_names=['org.gnome.Software\nExec=x']), dict(dbus_names=['Software']),
    dict(search_providers=['../x.ini']), dict(search_providers=['x']), dict(search_providers=['-x.ini']), dict(search_providers=['그놈.ini']),
    dict(unit='x'), dict(unit='../x.service'), dict(unit='dbus.service'), dict(unit='dbus-broker.service'),
    dict(settings=[dict(key='/org/../x', value='true')]), dict(settings=[dict(key='org/x', value='true')]),
    dict(settings=[dict(key='/org/x\n', value='true')]), dict(settings=[dict(key='/org/x', value='true\nx=1')]),
    dict(settings=[dict(key='/org/x', value='what')]), dict(settings=[dict(key='/org/x', value=False)]),
    dict(settings=[dict(key='/org/x', value="'" + 'a' * 5000 + "'")]),
    dict(package='--all'), dict(package='a b'), dict(package='a*'), dict(signature_id='../x'),
])
def test_bad_input_is_refused_before_anything_changes(monkeypatch, tmp_path, wrong):
    monkeypatch.setattr(desktop_autostart.files, 'write_atomic', None)
    monkeypatch.setattr(desktop_autostart, 'bring', None)
    result = run_module('desktop_autostart', items=[ITEM, dict(dict(ITEM, names=[]), **wrong)], lock_file=str(tmp_path / 'lock'))
    assert result['failed'] and not result['changed'] and result['msg'].endswith('. Nothing was changed.'), result
    assert len(result['msg']) < 400 and result['msg'].isascii() and '\n' not in result['msg']
    assert str(result['msg']).partition(':')[0] in wrong


SPEC = '''
    Name: %s
    Version: 1
    Release: 1
    Summary: x
    License: GPL
    BuildArch: noarch
    %s
    %%description
    x
    %%files
    '''


def test_the_package_is_removed_only_when_asked_to_and_nothing_else_goes(world):
    host = world('8')
    for name, needs in (('gnome-software', ''), ('other', 'Requires: gnome-software')):
        host.write('/run/home/%s.spec' % name, textwrap.dedent(SPEC % (name, needs)))
    host.sh('cd /run/home; rpmbuild -bb *.spec >/dev/null 2>&1; rpm -i --nodeps $(find . -name "*.rpm")')
    item = dict(ITEM, package='gnome-software')
    asked = [dict(item, remove_package=True)]
    before = host.snapshot()
    result = host.module(items=asked)
    assert result['failed'] and not result['changed'] and host.snapshot() == before
    assert result['msg'].startswith('package: gnome-software cannot be removed alone: ') and 'other' in result['msg']
    host.sh('rpm -e other')
    assert host.done(items=[item])['changed'] and 'gnome-software' in host.sh('rpm -qa')
    assert host.done(items=asked, check=True)['files'] == [{'path': 'package gnome-software', 'action': 'remove'}]
    result = host.done(items=asked)
    assert result['changed'] and result['in_place'] and host.sh('rpm -qa') == ''
    assert not host.done(items=asked)['changed']
    result = host.done('absent', items=asked)
    assert not result['in_place'] and result['notes'] == [
        'The package gnome-software is not installed, and is not brought back by this: install it with dnf or yum.']
