# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads drop-ins of rsyslog on a host, lets rsyslogd validate the whole configuration with them, and installs them.

`module` is the AnsibleModule at work. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import contextlib
import glob
import os
import re
import shutil
import socket
import stat
import tempfile
import time

from ansible.module_utils.common.text.converters import to_bytes, to_text

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, proof as rsyslog_proof)

PRIVATE = '/run/log_hygiene-'  # the path of a socket has 107 bytes at most
LEFT_SECONDS = 600  # what is as old was left by a run that was killed: a private rsyslogd is ended long before
NOTED, NOTED_CHARACTERS = 5, 80  # lines, and characters of each, that notes tell of what rsyslogd skips
PROOF_SECONDS = 20  # a private rsyslogd is through with its test messages in less than one


class Disk:
    """The files of the host, for rsyslog.Configuration."""

    def is_dir(self, path):
        return os.path.isdir(to_bytes(path))

    def is_file(self, path):
        return os.path.isfile(to_bytes(path))

    def glob(self, pattern):
        found = glob.glob(to_bytes(pattern))
        return [to_text(path) + ('/' if os.path.isdir(path) else '') for path in found]

    def read(self, path):
        return files.read_bytes(path).decode('latin-1')


def read(path, mark):
    """Return the text of a drop-in, or None. Raises RsyslogError if its first line does not have this mark."""
    if not os.path.lexists(path):
        return None
    try:
        text = files.read_bytes(path).decode('utf-8')
    except UnicodeDecodeError:
        raise rsyslog.RsyslogError('%s has bytes that are not UTF-8, so it was changed by hand. Move it away. Nothing was '
                                   'changed.' % path)
    if not text.startswith(mark):
        raise rsyslog.RsyslogError('%s was not written by this collection, or its first line was changed. Move it '
                                   'away. Nothing was changed.' % path)
    return text


def kind_of(path):
    """Return what lies at a path (or None): `pipe`, `terminal`, or `file`, also for one that is still to be made."""
    try:
        mode = os.stat(path).st_mode if path else 0
    except EnvironmentError:
        mode = 0
    return 'pipe' if stat.S_ISFIFO(mode) else 'terminal' if stat.S_ISCHR(mode) else 'file'


def find_rsyslogd(module):
    """Return the path of rsyslogd. Raises RsyslogError if it is not installed."""
    path = module.get_bin_path('rsyslogd', opt_dirs=['/usr/sbin', '/sbin'])
    if path is None:
        raise rsyslog.RsyslogError('rsyslogd is not installed, so it cannot be configured. Install rsyslog, or leave '
                                   'this host out of it. Nothing was changed.')
    return path


def version(module):
    """Return the version of rsyslogd (tuple of int). Raises RsyslogError if it is not known."""
    dummy, out, dummy = _run([find_rsyslogd(module), '-v'])
    found = host.rsyslog_version(out)
    if found is None:
        raise rsyslog.RsyslogError('rsyslogd -v does not tell its version: %s. Nothing was changed.' % out[:100])
    return tuple(int(number) for number in found.split('.'))


def _run(arguments, **more):
    """Run rsyslogd by process.run. Raises RsyslogError if it does not end."""
    try:
        return process.run(arguments, **more)
    except EnvironmentError as error:
        raise rsyslog.RsyslogError('%s cannot be run: %s. Nothing was changed.' % (arguments[0], error.strerror))


def validate(module, configuration, drop_ins, hint=''):
    """Let rsyslogd validate the whole configuration with these drop-ins ({path: text or None}).

    What it complains of without them as well is no matter, as long as it reads all of the configuration. Returns such
    complaints (list of text). Raises RsyslogError with what it says, and `hint` when the drop-ins are to blame.
    """
    status, said = _said(module, configuration, drop_ins)
    if status == 0:
        return []
    before = demand_read(module, configuration, drop_ins)
    new = rsyslog.new(said, before) or ([] if before else said)
    if new and any(drop_ins.values()):
        raise rsyslog.RsyslogError('rsyslogd refuses the configuration in %s together with the new %s: %s. Nothing was '
                                   'changed.%s' % (configuration.path, ' and '.join(sorted(drop_ins)), '; '.join(new), hint))
    return before


def complaint_notes(configuration, said=()):
    """Return notes (list of text) on what rsyslogd skips, and complains of (list of text), in the configuration as it is."""
    skipped = list(configuration.skipped.items())
    notes = ['%s, line %d: rsyslogd skips what begins no statement there: %s'
             % (path, line, process.text(text.encode('latin-1')).encode('unicode_escape').decode('ascii')[:NOTED_CHARACTERS])
             for (path, line), text in skipped[:NOTED]]
    if len(skipped) > NOTED:
        notes.append('rsyslogd skips text in %d more lines.' % (len(skipped) - NOTED))
    if said:
        notes.append('rsyslogd complains of the configuration in %s as it is, and runs with it: %s'
                     % (configuration.path, '; '.join(said[:NOTED])))
    if len(said) > NOTED:
        notes.append('rsyslogd has %d more complaints of it.' % (len(said) - NOTED))
    return notes


def demand_read(module, configuration, names):
    """Raise RsyslogError with what rsyslogd says if it cannot read all of the configuration as it is, without our drop-ins.

    names: their paths. Returns its other complaints (list of text), which it runs with.
    """
    status, said = _said(module, configuration, {})
    if status not in (0, 1) or rsyslog.lost(said):  # 2: AbortOnUncleanConfig
        raise rsyslog.RsyslogError('rsyslogd refuses the configuration in %s as it is, without %s: %s. Fix that first. '
                                   'Nothing was changed.' % (configuration.path, ' and '.join(sorted(names)), '; '.join(said)))
    return said if status else []


@contextlib.contextmanager
def its_own_complaint_first(module, configuration, names):
    """Context manager: what rsyslogd cannot read of the configuration as it is takes the place of a RsyslogError of the block.

    It is often why it cannot be understood here, and has to be mended first anyway. names: the paths of our drop-ins.
    """
    try:
        yield
    except rsyslog.RsyslogError:
        demand_read(module, configuration, names)
        raise


def _said(module, configuration, drop_ins):
    """Return what rsyslogd -N1 says of a copy of the configuration: (exit status (int), complaints (list of text))."""
    rsyslogd = find_rsyslogd(module)
    root = os.path.realpath(tempfile.mkdtemp(prefix='rsyslog-', dir=module.tmpdir))
    try:
        if re.search(r'[^A-Za-z0-9_./-]', root):
            raise rsyslog.RsyslogError('rsyslogd cannot include files below %s. Set remote_tmp to a plain path. '
                                       'Nothing was changed.' % root)
        _lay_down(*configuration.staged(root, drop_ins))
        status, out, err = _run([rsyslogd, '-N1', '-f', root + configuration.path], cwd='/')
    except EnvironmentError as error:
        raise rsyslog.RsyslogError('Cannot write a copy of the configuration to %s, to have it validated: %s. Nothing '
                                   'was changed.' % (root, os.strerror(error.errno)))
    finally:
        shutil.rmtree(root)
    said = rsyslog.said(to_text(out + err), root)
    return status, said or ['exit status %d' % status] * bool(status)


def _lay_down(contents, directories):
    """Write private files (dict of path -> bytes) and create directories (paths)."""
    for path in directories + [os.path.dirname(path) for path in contents]:
        if not os.path.isdir(path):
            os.makedirs(path, 0o700)
    for path, content in contents.items():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as copy:
            copy.write(content)


def refuse_lost_rights(configuration, what):
    """Raise RsyslogError if rsyslogd drops the privileges of root, so that it could not create a file of root.

    A message that stops behind such a file (`what`, text) would be in no file at all.
    """
    given_up = configuration.privileges()
    if given_up:
        raise rsyslog.RsyslogError(
            '%s, line %d: rsyslogd drops the privileges of root (%s), so it could not make the file for %s and they would be in '
            'no file at all. Remove that statement, or do not use this. Nothing was changed.'
            % (given_up.file, given_up.line, given_up.value, what))


def prove(module, configuration, drop_ins, found):
    """Return what is wrong (list of text) with a diversion, by test messages (rsyslog_proof.Message) in a private rsyslogd.

    Changes nothing on the host: all is below a directory of its own, which goes. Raises rsyslog_proof.Unproved.
    """
    rsyslogd = find_rsyslogd(module)
    try:
        root = tempfile.mkdtemp(prefix=os.path.basename(PRIVATE), dir=os.path.dirname(PRIVATE))
    except EnvironmentError as error:
        raise rsyslog_proof.Unproved('a private rsyslogd needs a directory in /run: %s' % os.strerror(error.errno))
    try:
        runs = [_try(rsyslogd, configuration, texts, found, '%s/%s' % (root, name))
                for name, texts in (('without', dict.fromkeys(drop_ins)), ('with', drop_ins))]
    except EnvironmentError as error:
        raise rsyslog_proof.Unproved('a private rsyslogd cannot be run: %s' % os.strerror(error.errno or 0))
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return rsyslog_proof.complaints(found, *runs)


def sweep():
    """Remove the private directories of proofs that were killed. Call it only with the lock of the host held."""
    for path in glob.glob(PRIVATE + '*'):
        if not re.match(r'[A-Za-z0-9_]{6,8}\Z', path[len(PRIVATE):]):
            continue
        try:
            found = os.lstat(path)
            if stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and time.time() - found.st_mtime > LEFT_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
        except EnvironmentError:
            continue


def _try(rsyslogd, configuration, drop_ins, found, root):
    """Return which outputs get each test message, by a private rsyslogd below the directory `root` (list of Counter)."""
    contents, directories, outputs = rsyslog_proof.staged(configuration, drop_ins, found, root)
    _lay_down(contents, directories)
    until = time.time() + PROOF_SECONDS
    command = [rsyslogd, '-n', '-i', root + '/pid', '-f', root + configuration.path]
    try:
        with process.background(command, root + '/said', 2 * PROOF_SECONDS) as daemon:
            _send(root + '/socket', rsyslog_proof.wire(found, os.uname()[1].split('.')[0]), daemon, until)
            while not os.path.exists(root + '/end'):
                _go_on(daemon, until)
    except rsyslog_proof.Unproved as error:
        said = rsyslog.complaints(process.text(files.read_bytes(root + '/said')), root)
        raise rsyslog_proof.Unproved('%s%s' % (error, ': ' + said if said else ''))
    texts = dict((number, to_text(files.read_bytes('%s/out/%d' % (root, number)))) for number in range(len(outputs))
                 if os.path.exists('%s/out/%d' % (root, number)))
    return rsyslog_proof.received(outputs, texts, len(found))


def _send(path, data, daemon, until):
    """Send all data to the socket of a private rsyslogd, as soon as the socket exists."""
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as to:
        to.settimeout(PROOF_SECONDS)
        while True:
            try:
                to.connect(path)
                break
            except EnvironmentError:
                _go_on(daemon, until)
        to.sendall(data)


def _go_on(daemon, until):
    """Wait a moment. Raises Unproved if the private rsyslogd has ended or takes too long."""
    if daemon.poll() is not None:
        raise rsyslog_proof.Unproved('a private rsyslogd ended at once')
    if time.time() > until:
        raise rsyslog_proof.Unproved('a private rsyslogd took more than %d seconds' % PROOF_SECONDS)
    time.sleep(0.05)


def write(module, changes, pending):
    """Install drop-ins, or remove those whose text is None: all of them or none.

    `changes` is {path: (text before, text after)}. The file `pending` notes that rsyslogd does not know of it yet.
    Raises files.FileError, which tells of each drop-in what it holds then.
    """
    due = os.path.exists(pending)
    files.write_atomic(module, pending, b'', mode=0o600)
    changes = [(path,) + tuple(None if text is None else to_bytes(text) for text in changes[path])
               for path in sorted(changes)]
    try:
        files.put_all(module, changes, mode=0o600)
    except files.FileError:
        if not due and all(files.content_of(path) == before for path, before, _after in changes):
            files.remove(pending)
        raise
