# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start ansible and ansible-playbook many times, and import ansible-core once.

Most of the time of a short run is spent by the import of ansible-core. A process that has imported it, for one
environment, forks for each command: what runs then is the same code with the same arguments, in the namespaces and
the directory of the command. What is to be killed, or needs a terminal, is started as ever by the tests.
"""
import array
import atexit
import collections
import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

TOOLS = ('ansible', 'ansible-playbook')
MOST = 4  # processes that are kept; the one that was not used for longest goes
# What differs from test to test and means nothing to Ansible.
NOTHING_TO_ANSIBLE = ('PYTEST_CURRENT_TEST', 'OLDPWD', 'PWD', 'SHLVL', '_')
# What nearly every run loads, later than the command line does.
LOADED_LATER = ('connection.local', 'callback.default', 'callback.minimal', 'strategy.linear', 'shell.sh', 'action.normal', 'filter.core', 'filter.mathstuff',
                'test.core', 'test.files', 'vars.host_group_vars', 'inventory.yaml', 'inventory.ini', 'inventory.host_list', 'lookup.env')

_servers: 'collections.OrderedDict' = collections.OrderedDict()


class _Server:
    """The process that has imported the ansible-core in folder, for the environment."""

    def __init__(self, folder, environ):
        self.directory = tempfile.mkdtemp(prefix='ansible-starts-')
        self.socket = os.path.join(self.directory, 'socket')
        with open(os.path.join(self.directory, 'output'), 'wb') as output:
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with
                [os.path.join(folder, 'python'), __file__, 'serve', self.socket], env=environ, cwd='/', stdin=subprocess.DEVNULL,
                stdout=output, stderr=output)
        end = time.monotonic() + 120
        while not os.path.exists(self.socket):
            if self.process.poll() is not None or time.monotonic() > end:
                with open(os.path.join(self.directory, 'output'), encoding='utf-8', errors='replace') as output:
                    raise RuntimeError('ansible-core in %s was not imported: %s' % (folder, output.read()))
            time.sleep(0.02)

    def stop(self):
        """End the process, and what it started."""
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def _server(folder, environ):
    key = (folder, tuple(sorted(environ.items())))
    if key in _servers:
        _servers.move_to_end(key)
        return _servers[key]
    if not _servers:
        atexit.register(stop)
    while len(_servers) >= MOST:
        _servers.popitem(last=False)[1].stop()
    _servers[key] = _Server(folder, environ)
    return _servers[key]


def stop():
    """End all processes that are kept."""
    while _servers:
        _servers.popitem()[1].stop()


def run(command, env, cwd=None, stderr=subprocess.STDOUT, timeout=None):
    """Run a command line in which ansible or ansible-playbook stands, by its full path, behind what wraps it.

    Returns a subprocess.CompletedProcess with the output as text.
    """
    command = [str(word) for word in command]
    env = {name: value for name, value in env.items() if name not in NOTHING_TO_ANSIBLE}
    place = next(number for number, word in enumerate(command) if os.path.basename(word) in TOOLS)
    # What takes rights away does so when a program is executed. A configuration file beside the play is read at the import.
    apart = command[0] not in ('unshare', 'nsenter', command[place]) or not {'--user', '--pid'}.isdisjoint(command[:place])
    if not apart and not os.path.exists(os.path.join(cwd or os.getcwd(), 'ansible.cfg')):
        server = _server(os.path.dirname(command[place]), env)
        command[place:place] = [sys.executable, '-SEI', __file__, 'ask', server.socket]
    return subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, text=True, check=False,
                          timeout=timeout)


def ask(path, arguments):
    """Have the process that listens at path run a command; the exit status."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        request = json.dumps({'argv': arguments, 'cwd': os.getcwd(), 'env': dict(os.environ), 'pid': os.getpid(),
                              'umask': os.umask(0o022)}).encode()
        connection.sendmsg([struct.pack('!I', len(request))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0, 1, 2]))])
        connection.sendall(request)
        answer = connection.recv(4)
    return struct.unpack('!i', answer)[0] if len(answer) == 4 else 250


def serve(path):
    """Import ansible-core, listen at path and fork for each that asks, until the process that began this one ends."""
    import ctypes
    import importlib

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    sys.path.remove(os.path.dirname(os.path.abspath(__file__)))
    for name in ('cli.adhoc', 'cli.playbook') + tuple('plugins.' + name for name in LOADED_LATER):
        with contextlib.suppress(ImportError):
            importlib.import_module('ansible.' + name)
    _read_routing_once()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *dummy: sys.exit(0))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path + '.new')
        listening.listen(8)
        os.rename(path + '.new', path)
        while True:
            connection, dummy = listening.accept()
            if not os.fork():
                atexit._clear()  # what this process removes at its end, others need
                listening.close()
                libc.prctl(1, signal.SIGTERM)
                _answer(connection, libc)
            connection.close()


def _read_routing_once():
    """Parse the long table of what ansible.builtin is called; each fork would."""
    import ansible
    from ansible.utils.collection_loader import _collection_finder as finder

    parse = functools.lru_cache(maxsize=None)(finder._meta_yml_to_dict)
    finder._meta_yml_to_dict = parse
    with open(os.path.join(os.path.dirname(ansible.__file__), 'config', 'ansible_builtin_runtime.yml'), 'rb') as stream:
        parse(stream.read(), ('ansible.builtin', 'runtime.yml'))


def _answer(connection, libc):
    """In a process of its own: run what is asked for in another one, and tell its status or kill it when nobody waits any more."""
    import select

    header, fds, dummy, dummy = socket.recv_fds(connection, 4, 3)
    length, = struct.unpack('!I', header)
    request = b''
    while len(request) < length:
        request += connection.recv(length - len(request))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    pid = os.fork()
    if not pid:
        connection.close()
        _become(json.loads(request), fds, libc)
        _run(json.loads(request)['argv'])
    for one in fds:
        os.close(one)
    pidfd = os.pidfd_open(pid)
    ready, dummy, dummy = select.select([pidfd, connection], [], [])
    if pidfd not in ready:
        os.killpg(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with contextlib.suppress(OSError):
        connection.sendall(struct.pack('!i', status if status >= 0 else 128 - status))
    os._exit(0)


def _become(request, fds, libc):
    """Take the place of the one who asks: its namespaces, files, directory and environment."""
    os.setpgid(0, 0)
    for kind in ('mnt', 'net'):
        theirs = '/proc/%d/ns/%s' % (request['pid'], kind)
        if os.stat(theirs).st_ino != os.stat('/proc/self/ns/' + kind).st_ino:
            namespace = os.open(theirs, os.O_RDONLY)
            if libc.setns(namespace, 0):
                raise OSError('The %s namespace of the command was not entered.' % kind)
            os.close(namespace)
    for number, one in enumerate(fds):
        os.dup2(one, number)
        os.close(one)
    os.chdir(request['cwd'])
    os.umask(request['umask'])
    os.environ.clear()
    os.environ.update(request['env'])


def _run(argv):
    """What the script of the tool does. Comes back by SystemExit."""
    import importlib
    import logging
    import multiprocessing.util
    import random

    # The folder for temporary files of the process before serves all, as Ansible keeps in it what it made of a module.
    atexit.register(multiprocessing.util._exit_function)
    atexit.register(logging.shutdown)
    random.seed()
    sys.argv = argv
    tool = {'ansible': 'adhoc', 'ansible-playbook': 'playbook'}[os.path.basename(argv[0])]
    sys.exit(importlib.import_module('ansible.cli.' + tool).main())


if __name__ == '__main__':
    if sys.argv[1] == 'serve':
        serve(sys.argv[2])
    else:
        sys.exit(ask(sys.argv[2], sys.argv[3:]))
