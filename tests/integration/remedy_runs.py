# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the collection's modules and roles for real, by the oldest and newest ansible-core, on old and new Pythons.

Shared by the folders beside it; conftest.py puts it on their path.
"""
import atexit
import contextlib
import functools
import importlib
import io
import json
import os
import shutil
import sys
import tempfile
import textwrap

from ansible.module_utils import basic

import ansible_starts

sys.path.insert(0, os.path.join(os.path.dirname(__file__), os.pardir))
import pythons  # noqa: E402  (tests/pythons.py)

PYTHONS = pythons.find()
# ansible-core and the Python on the target; None is the Python that ansible-core itself runs on, which is that of the tests where
# ansible-core is the newest. With the Pythons of targets that this machine has.
MATRIX = [(core, python) for core, python in [('newest', None), ('newest', '3.13'), ('oldest', '2.7'), ('oldest', '3.6')]
          if python is None or python in PYTHONS and (core, python) != ('newest', '%d.%d' % sys.version_info[:2])]


CHANGING = ('config_value', 'desktop_autostart', 'file_mode', 'kernel_argument', 'logrotate_policy', 'managed_file', 'module_options', 'rsyslog_diversion',
            'rsyslog_policy', 'rsyslog_restart', 'sysctl_drop_in', 'tmpfiles_acl', 'tmpfiles_override', 'unit_drop_in', 'unit_state')


def run_module(name, check=False, **arguments):
    """What a module of the collection prints (dict), run in this process."""
    module = importlib.import_module('ansible_collections.loghygiene.rhel.plugins.modules.' + name)
    arguments.update(_ansible_remote_tmp='/tmp', _ansible_check_mode=check, _ansible_diff=True)
    basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = json.dumps({'ANSIBLE_MODULE_ARGS': arguments}).encode(), 'legacy'
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        module.main()
    return json.loads(printed.getvalue())


@functools.lru_cache(maxsize=None)
def home(collection):
    """A folder with the collection under test and an empty configuration, the same for all tests of this process."""
    folder = tempfile.mkdtemp(prefix='ansible-home-')
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    namespace = os.path.join(folder, 'collections', 'ansible_collections', 'loghygiene')
    os.makedirs(namespace)
    os.symlink(collection, os.path.join(namespace, 'rhel'))
    with open(os.path.join(folder, 'ansible.cfg'), 'w', encoding='utf-8') as target:
        target.write('[defaults]\n')
    return folder


class Ansible:
    """ansible and ansible-playbook on localhost, with the collection under test."""

    def __init__(self, core, python, collection, folder):
        self.bin = os.environ['ANSIBLE_%s_BIN' % core.upper()]
        self.interpreter = PYTHONS[python] if python else os.path.join(self.bin, 'python')
        self.folder = str(folder)
        os.makedirs(self.folder, exist_ok=True)
        shared = home(collection)
        self.environ = dict(
            os.environ, ANSIBLE_COLLECTIONS_PATH=os.path.join(shared, 'collections'), ANSIBLE_NOCOLOR='1', ANSIBLE_PIPELINING='1',
            ANSIBLE_HOME=os.path.join(shared, core), ANSIBLE_LOCALHOST_WARNING='false',
            ANSIBLE_INVENTORY_UNPARSED_WARNING='false', ANSIBLE_CONFIG=os.path.join(shared, 'ansible.cfg'), PYTHONDONTWRITEBYTECODE='1')

    def run(self, tool, arguments, wrap=()):
        """Run a tool of ansible-core, by the command line `wrap` when given."""
        command = [os.path.join(self.bin, tool)] + arguments + [
            '-i', 'localhost,', '-c', 'local', '-e', 'ansible_python_interpreter=' + self.interpreter]
        return ansible_starts.run(list(wrap) + command, self.environ)

    def module(self, name, check=False, wrap=(), **arguments):
        """The result (dict) of one of the collection's modules. Those that change a host have a lock of their own."""
        if name in CHANGING:
            arguments.setdefault('lock_file', os.path.join(self.folder, 'lock'))
        answer = self.run('ansible', ['localhost', '-m', 'loghygiene.rhel.' + name, '-a', json.dumps(arguments)]
                          + ['--check'] * check, wrap)
        status, arrow, result = answer.stdout.partition(' => ')
        assert arrow, answer.stdout
        return dict(json.JSONDecoder().raw_decode(result)[0], failed=status.endswith('FAILED!'), output=answer.stdout)

    def tasks(self, text, wrap=(), options=()):
        """Run tasks (YAML) in a play. Returns (exit status, output). Without `wrap` they have a lock of their own."""
        path = os.path.join(self.folder, 'play.yml')
        with open(path, 'w', encoding='utf-8') as target:
            own = {'loghygiene.rhel.' + name: {'lock_file': os.path.join(self.folder, 'lock')} for name in CHANGING}
            target.write('- hosts: localhost\n  gather_facts: false\n%s  tasks:\n' % (
                '' if wrap else '  module_defaults: %s\n' % json.dumps(own)))
            target.write(textwrap.indent(textwrap.dedent(text), '    '))
        answer = self.run('ansible-playbook', [path] + list(options), wrap)
        return answer.returncode, answer.stdout


def private(before, after=''):
    """The command line that runs the command behind it in a mount namespace of its own, between two shell scripts.

    The namespace is root's, or in a user namespace that of a user who is root in there. Mounts are gone with it.
    """
    user = [] if os.geteuid() == 0 else ['--map-root-user']
    script = '%s\nstatus=0; "$@" || status=$?\n%s\nexit $status' % (before, after)
    return ['unshare', '--mount', '--propagation', 'private'] + user + ['sh', '-euc', script, 'sh']


# The command line that runs the command behind it as somebody who is not root, and owns the same files nevertheless.
UNPRIVILEGED = ['unshare', '--user']
