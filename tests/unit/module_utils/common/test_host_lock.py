# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time changes a host, and who waits in vain is told for whom."""
from __future__ import absolute_import, division, print_function

import fcntl
import json
import os
import signal
import stat

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import host_lock

__metaclass__ = type


@pytest.fixture
def path(tmpdir):
    os.chmod(str(tmpdir), 0o755)
    return str(tmpdir.join('lock'))


def take(path, token=None, wait=0, name='other', **more):
    return host_lock.Lock(path, wait, token, name, **more)


def refusal(path, **more):
    with pytest.raises(host_lock.LockError) as error:
        take(path, **more)
    return str(error.value)


def claim(path, holder='alice on ctl'):
    """A run that holds the host between its steps; its token."""
    lock = take(path, name='role syslog_policy')
    token = lock.take_claim(holder)
    lock.release()
    return token


def alter(path, **changes):
    with open(path) as source:
        found = json.load(source)
    found['claim'].update(changes)
    with open(path, 'w') as target:
        json.dump(found, target)


def test_one_at_a_time_and_the_other_is_named(path):
    lock = take(path, name='logrotate_policy')
    text = refusal(path)
    assert 'Another run changes this host (logrotate_policy, by ' in text
    assert ', pid %d, since 20' % os.getpid() in text and 'did not end within 0 seconds' in text
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    lock.release()
    take(path).release()


def test_a_killed_module_holds_nothing(path):
    child = os.fork()
    if child == 0:
        lock = take(path)
        os.kill(os.getpid(), signal.SIGKILL)
        lock.release()
    os.waitpid(child, 0)
    with open(path) as source:
        assert json.load(source)['step']['pid'] == child
    take(path).release()


def test_between_the_steps_of_a_run_others_keep_off(path):
    token = claim(path)
    text = refusal(path)
    assert 'role syslog_policy, by alice on ctl, here ' in text and 'ends 15 minutes after its last step' in text
    assert host_lock.holder(path)['holder'] == 'alice on ctl'
    take(path, token).release()
    refusal(path)
    last = take(path, token)
    last.drop_claim()
    last.release()
    assert host_lock.holder(path) is None
    take(path).release()


@pytest.mark.parametrize('stale', [dict(boot='another'), dict(touched=-1000.0), dict(touched=1e12)])
def test_a_hold_ends_with_a_boot_and_with_its_time(path, stale):
    token = claim(path)
    alter(path, **stale)
    assert host_lock.holder(path) is None
    take(path).release()
    assert 'lost it to another one' in refusal(path, token=token)


def test_who_was_late_but_first_goes_on(path):
    token = claim(path)
    alter(path, touched=-1000.0)
    take(path, token).release()
    refusal(path)


def test_a_new_hold_begins_with_the_token_of_an_old_one(path):
    lock = take(path, 'of an earlier hold', begin=True)
    lock.take_claim('')
    lock.release()
    refusal(path)


@pytest.mark.parametrize('text', [
    b'', b'x' * 100000, b'{"claim": {"token": "a"}, "step": null}', b'[]', b'{"claim": 3}', b'\xff',
    b'[' * 60000, b'{"claim": ' + b'[' * 60000])
def test_what_is_not_ours_in_the_file_claims_nothing(path, text):
    with open(path, 'wb') as target:
        target.write(text)
    os.chmod(path, 0o600)
    take(path).release()


@pytest.mark.parametrize('change', [
    {'holder': 5}, {'holder': ['x']}, {'name': 5}, {'user': {}}, {'since': 1}, {'boot': None}, {'token': None}, {'token': [1]},
    {'touched': '1' + '0' * 400}, {'touched': None}, {'touched': [1]}, {'touched': float('nan')}, {'touched': 10 ** 400}])
def test_a_claim_of_another_shape_claims_nothing(path, change):
    claim(path)
    assert host_lock.holder(path) is not None
    alter(path, **change)
    assert host_lock.holder(path) is None
    take(path).release()


@pytest.mark.parametrize('step', [5, [['a', 1]], 'x', {'holder': 5}, {'name': 5}])
def test_a_step_of_another_shape_names_nobody(path, step):
    take(path).release()
    with open(path, 'r+') as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.truncate()
        json.dump({'claim': None, 'step': step}, other)
        other.flush()
        assert refusal(path).startswith('Another run changes this host (%s is locked), and did not end' % path)


@pytest.fixture
def at_most():
    """Who waits for a writer of a named pipe is woken."""
    def wake(_number, _frame):
        raise AssertionError('it hangs')
    before = signal.signal(signal.SIGALRM, wake)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_a_named_pipe_is_no_lock_file(path, at_most):
    os.mkfifo(path)
    with pytest.raises(host_lock.LockError) as error:
        host_lock.holder(path)
    assert str(error.value) == '%s is not a regular file. Move it away.' % path
    assert 'cannot be taken' in refusal(path)


def test_a_file_that_others_could_have_put_there_is_refused(path, tmpdir):
    os.symlink('/etc/passwd', path)
    assert 'it is a symbolic link to /etc/passwd' in refusal(path)
    os.unlink(path)
    os.mkdir(path)
    assert 'cannot be taken' in refusal(path)
    os.rmdir(path)
    os.chmod(str(tmpdir), 0o777)
    assert 'chmod go-w %s' % tmpdir in refusal(path)
    assert os.listdir(str(tmpdir)) == []


class Module:
    def __init__(self, path, check):
        self.check_mode = check
        self.params = dict(lock_file=path, lock_wait=0, lock_token='')

    def fail_json(self, msg):
        raise SystemExit(msg)


def test_check_mode_neither_waits_nor_writes(path):
    with host_lock.held(Module(path, check=True), 'x'):
        assert not os.path.exists(path)
    lock = take(path)
    with host_lock.held(Module(path, check=True), 'x'):
        pass
    with pytest.raises(SystemExit) as error:
        with host_lock.held(Module(path, check=False), 'x'):
            pass
    assert str(error.value).endswith('Nothing was changed.')
    lock.release()
    with host_lock.held(Module(path, check=False), 'x'):
        refusal(path)


def test_programs_that_a_module_starts_do_not_keep_the_lock(path):
    lock = take(path)
    child = os.fork()
    if child == 0:
        os.execvp('sleep', ['sleep', '1000'])
    lock.release()
    try:
        take(path, wait=30).release()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
