# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ensures that only one run at a time changes a host.

A module holds the lock file by flock(2) while it works, which the kernel frees when the module ends, however it ends. A
run of several modules also has a claim: its token stands in the file, and others keep off between its steps. A claim is
no longer good after a reboot, or when its run took no step for LEASE seconds, as after a kill of ansible-playbook. Both
are told without the clock that people set.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import contextlib
import errno
import fcntl
import json
import os
import pwd
import stat
import time
import uuid

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import safe_paths

PATH = '/run/log_hygiene.lock'
WAIT = 60
LEASE = 900  # seconds; a step that takes longer holds the file itself
ENVIRONMENT = 'LOG_HYGIENE_LOCK_TOKEN'
MAXIMUM = 65536  # bytes of the file that are read


class LockError(Exception):
    """The lock cannot be taken. str() tells the operator who holds it, or what is wrong with the file."""


def arguments(env_fallback):
    """Return the options of a module that changes a host, for its argument_spec; see the doc fragment host_lock.

    :param env_fallback: that of ansible.module_utils.basic, which the pure code here does not know.
    """
    return dict(
        lock_file=dict(type='path', default=PATH), lock_wait=dict(type='int', default=WAIT),
        lock_token=dict(type='str', no_log=False, fallback=(env_fallback, [ENVIRONMENT])))


@contextlib.contextmanager
def held(module, name):
    """Context manager: no other run changes this host meanwhile. In check mode, it does nothing.

    `module` is the AnsibleModule, with the options of arguments(); `name` tells others what is going on. A failure to
    get the lock ends the module (fail_json).
    """
    if module.check_mode:
        yield
        return
    params = module.params
    try:
        lock = Lock(params['lock_file'], params['lock_wait'], params['lock_token'] or None, name)
    except LockError as error:
        module.fail_json(msg='%s Nothing was changed.' % error)
    try:
        yield
    finally:
        lock.release()


class Lock:
    """The lock, held from its creation until release()."""

    def __init__(self, path, wait, token, name, begin=False):
        """:param wait: seconds.
        :param token: that of our run's claim (str), None without one.
        :param begin: whether a new hold begins, so that it does not matter that the token is one of an earlier hold.

        Raises LockError.
        """
        self._path, self.token, self._begin = path, token, begin
        self._handle = _open(path)
        try:
            self._take(wait, name)
        except BaseException:
            os.close(self._handle)
            raise

    def _take(self, wait, name):
        end = uptime() + wait
        while True:
            free = _flock(self._handle)
            found = _read(self._handle)
            claim = found.get('claim')
            ours = claim is not None and claim['token'] == self.token
            if free and (ours or not _is_good(claim)):
                break
            if free:
                fcntl.flock(self._handle, fcntl.LOCK_UN)
            if uptime() >= end:
                other = claim if free or ours else found.get('step') or claim
                raise LockError(_busy_message(self._path, other, free, wait))
            time.sleep(0.1)
        if self.token is not None and not ours and not self._begin:
            raise LockError('This run held the host, but took no step for %d minutes, and lost it to another one. Run '
                            'it again.' % (LEASE // 60))
        self.claim = dict(claim, touched=uptime()) if ours else None
        self.step = dict(_self(), name=name)
        try:
            self._write()
        except EnvironmentError as error:
            raise LockError('The lock of this host cannot be taken: %s: %s.' % (self._path, os.strerror(error.errno)))

    def take_claim(self, holder):
        """Claim the host for this run until drop_claim(), or until LEASE passes without a step. Return its token."""
        self.token = uuid.uuid4().hex
        self.claim = dict(self.step, token=self.token, boot=_boot(), touched=uptime(), holder=holder)
        return self.token

    def drop_claim(self):
        """Release the claim."""
        self.claim = None

    def release(self):
        """End the step."""
        self.step = None
        if self.claim:
            self.claim['touched'] = uptime()
        try:
            self._write()
        except EnvironmentError:
            pass  # the disk is full; then nobody has a claim
        os.close(self._handle)

    def _write(self):
        text = json.dumps({'claim': self.claim, 'step': self.step}, sort_keys=True).encode('ascii')
        # In place: another file would be another lock. Half of it, left by a kill, is read as no claim.
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, text)


def holder(path=PATH):
    """Return who claims the host now (dict: name, holder, user, pid, since), or None. Takes and writes nothing.

    Raises LockError.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a named pipe would wait for a writer
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        raise LockError('%s cannot be read: %s.' % (path, os.strerror(error.errno)))
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise LockError('%s is not a regular file. Move it away.' % path)
        claim = _read(handle).get('claim')
    finally:
        os.close(handle)
    return claim if _is_good(claim) else None


def uptime():
    """Return the seconds since the boot (float), by the monotonic clock."""
    with open('/proc/uptime') as source:
        return float(source.read().split()[0])


def _open(path):
    """Return a descriptor of the lock file, which is created if it is missing. Raises LockError."""
    unsafe = safe_paths.check(path)
    if unsafe:
        raise LockError('The lock of this host cannot be taken: %s' % unsafe)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise LockError('The lock of this host cannot be taken: %s: %s.%s' % (
            path, os.strerror(error.errno), ' It needs root (become: true).' if error.errno == errno.EACCES else ''))
    info = os.fstat(handle)
    if not stat.S_ISREG(info.st_mode) or info.st_uid != os.geteuid():
        os.close(handle)
        raise LockError('The lock of this host cannot be taken: %s is not a file of this collection. Move it away.' % path)
    # A program that we start must not keep it locked. Python 2 would let it.
    fcntl.fcntl(handle, fcntl.F_SETFD, fcntl.fcntl(handle, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)
    return handle


def _flock(handle):
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except EnvironmentError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EINTR):
            raise LockError('The lock of this host cannot be taken: %s.' % os.strerror(error.errno))
        return False
    return True


def _read(handle):
    """Return the content of the file (dict). Anything that we did not write is ignored."""
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        found = json.loads(os.read(handle, MAXIMUM).decode('ascii'))
        claim = found['claim']
        if claim is not None:
            claim = _checked(claim, 'token', 'boot')
            claim['touched'] = float(claim['touched'])
        return {'claim': claim, 'step': _checked(found['step']) if found['step'] else None}
    except (ValueError, KeyError, TypeError, OverflowError, RuntimeError):  # RuntimeError: nested too deeply
        return {}


def _checked(said, *needed):
    """Return a validated copy of a claim or step (dict), whose `needed` parts must be text. Raises TypeError."""
    if not isinstance(said, dict):
        raise TypeError('no object')
    for name in ('name', 'holder', 'user', 'since') + needed:
        if not isinstance(said.get(name), (str, type(u''))) and (name in needed or said.get(name) is not None):
            raise TypeError('%s is not text' % name)
    return dict(said)


def _is_good(claim):
    """Return whether a run with this claim (dict or None) is still going on."""
    return claim is not None and claim['boot'] == _boot() and 0 <= uptime() - claim['touched'] < LEASE


def _boot():
    with open('/proc/sys/kernel/random/boot_id') as source:
        return source.read().strip()


def _self():
    """Return who this process is: user, pid, since."""
    number = os.geteuid()
    try:
        user = pwd.getpwuid(number).pw_name
    except KeyError:
        user = str(number)
    behind = os.environ.get('SUDO_USER')
    return {'user': '%s as %s' % (behind, user) if behind and behind != user else user, 'pid': os.getpid(),
            'since': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}


def _busy_message(path, who, between, wait):
    """Return the error for a wait that timed out. `between`: the other run is between two of its steps."""
    if not who:
        return 'Another run changes this host (%s is locked), and did not end within %d seconds. Run this again.' % (
            path, wait)
    by = '%s, by %s%s, pid %s, since %s' % (
        who.get('name'), who['holder'] + ', here ' if who.get('holder') else '', who.get('user'), who.get('pid'),
        who.get('since'))
    lapse = ' If that run is dead, its hold ends %d minutes after its last step.' % (LEASE // 60) if between else ''
    return 'Another run changes this host (%s), and did not end within %d seconds. Run this again.%s' % (by, wait, lapse)
