# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's own configuration of logrotate, for all who ask it: what rotates a log, and how its rotated files are called.

_logrotate/configuration.py reads texts; this is where they come from. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import grp
import os
import pwd
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate


def _bytes(path):
    """Return a path of _logrotate/configuration.py (one character per byte) as bytes."""
    return path if isinstance(path, bytes) else path.encode('latin-1')


def native(path):
    """The same as `str`, as Python names files. For what they hold, too, where it leaves this process."""
    return _bytes(path) if str is bytes else _bytes(path).decode('utf-8', 'surrogateescape')


def readable(text):
    """Return text of _logrotate/configuration.py for people to read: UTF-8 where it is, control characters as `\\xNN`."""
    return re.sub(u'[\0-\x1f\x7f-\x9f]', lambda found: '\\x%02x' % ord(found.group()),
                  _bytes(text).decode('utf-8', 'replace'))


def described(problem):
    """Return a Problem as text for people to read."""
    place = '%s, line %d' % (problem.file, problem.line) if problem.line else problem.file
    return readable('%s: %s' % (place, problem.text))


class Disk:
    """The files of the host, for logrotate.Configuration. A file that cannot be read counts as refused."""

    def __init__(self, swept=()):
        """:param swept: paths that are left out, because they are taken away."""
        self._swept = [latin1(path) for path in swept]

    def kind(self, path):
        path = _bytes(path)
        return 'dir' if os.path.isdir(path) else 'file' if os.path.isfile(path) else None

    def names(self, directory):
        folder = _bytes(directory)
        if not os.access(folder, os.R_OK | os.X_OK):
            return []
        names = [name.decode('latin-1') for name in os.listdir(folder)]
        return [name for name in names if os.path.join(folder.decode('latin-1'), name) not in self._swept]

    def read(self, path):
        return files.read_bytes(_bytes(path)).decode('latin-1')

    def has_account(self, kind, name):
        """Return whether a 'user' or 'group' of this name exists. A number always counts as one."""
        try:
            return bool(re.match(r'[0-9]+\Z', name)) or bool((pwd.getpwnam if kind == 'user' else grp.getgrnam)(str(name)))
        except (KeyError, ValueError):
            return False

    def device(self, path):
        """Return the number of the device that a path is on."""
        return os.stat(_bytes(path)).st_dev

    def real(self, folder):
        """Return the path of a folder with all links in it followed."""
        return os.path.realpath(_bytes(folder)).decode('latin-1')

    def refusal(self, path):
        path = _bytes(path)
        info = os.stat(path)
        if not os.access(path, os.R_OK):
            return 'cannot be read; run as root (become: true)'
        if info.st_mode & 0o022:
            return 'logrotate ignores it because group or others may write to it'
        if info.st_uid not in (0, os.geteuid()):
            return 'logrotate ignores it because root does not own it'
        return None


def configuration(get_bin_path, path=logrotate.CONFIG):
    """(the Configuration that the host's logrotate reads from a path, what its --version says, '' without logrotate).

    :param get_bin_path: function, name of a command -> its path or None, as AnsibleModule has it.

    Raises LogrotateError where logrotate cannot be run.
    """
    tool = get_bin_path('logrotate')
    try:
        said = ''.join(process.run([tool, '--version'])[1:]) if tool else ''
    except EnvironmentError as error:
        raise logrotate.LogrotateError('logrotate cannot be run: %s.' % error.strerror)
    return logrotate.Configuration(path, Disk(), logrotate.version(said)), said


def latin1(path):
    """Return a path (native str) in the form of _logrotate/configuration.py."""
    data = path if isinstance(path, bytes) else path.encode('utf-8', 'surrogateescape')
    return data.decode('latin-1')


def rotated_forms(known, path):
    """Return the names of a log's rotated files by a Configuration: [(folder, regular expression)] for logfile.family()."""
    return [tuple(native(part) for part in form)
            for form in known.rotated_forms(latin1(path))]


class RotatedForms:
    """The same for the host, read on first use. Called with a path. `unread` is what could not be read."""

    def __init__(self, get_bin_path, path=logrotate.CONFIG):
        """See configuration(), which is called when a path is asked for, and may raise LogrotateError."""
        self._get_bin_path, self._path, self._known = get_bin_path, path, None
        self.unread = []

    def __call__(self, path):
        if self._known is None:
            self._known = configuration(self._get_bin_path, self._path)[0]
            self.unread = [{'path': native(one),
                            'reason': 'logrotate may keep files under names that only this tells: ' + reason}
                           for one, reason in self._known.ignored if reason.startswith('cannot be read')]
        return rotated_forms(self._known, path)
