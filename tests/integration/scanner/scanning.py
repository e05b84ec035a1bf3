# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the real module journal_scan, in this process or one of its own, so that only its documented result counts."""

import contextlib
import io
import json
import os
import subprocess
import sys

from ansible.module_utils import basic

from ansible_collections.loghygiene.rhel.plugins.modules import journal_scan

SECONDS = 40  # that a scan in a process of its own may take, many times what the slowest here needs
# What Ansible's wrapper does: hand the module its arguments and run it as the main program.
RUNNER = '''
import runpy, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = getattr(sys.stdin, 'buffer', sys.stdin).read(), 'legacy'
runpy.run_module('ansible_collections.loghygiene.rhel.plugins.modules.journal_scan', run_name='__main__')
'''


def arguments(signatures, **options):
    """The standard input of the module (bytes). Times may be microseconds (int)."""
    for name in ('since', 'until'):
        if isinstance(options.get(name), int):
            options[name] = '@%d.%06d' % divmod(options[name], 1000000)
    for name in ('directory', 'files'):
        if options.get(name) is not None:
            one = options[name]
            options[name] = [str(path) for path in one] if isinstance(one, (list, tuple)) else str(one)
    options.update(signatures=signatures, _ansible_remote_tmp='/tmp', _ansible_no_log=True)
    return json.dumps({'ANSIBLE_MODULE_ARGS': options}).encode('utf-8')


def answer(signatures, **options):
    """What the module prints (dict), run in this process: either a result or `failed` and `msg`."""
    basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = arguments(signatures, **options), 'legacy'
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        journal_scan.main()
    return json.loads(printed.getvalue())


def scan(signatures, **options):
    """The result of journal_scan with these options (dict)."""
    result = answer(signatures, **options)
    assert not result.get('failed'), result
    return result


def refusal(signatures, **options):
    """What journal_scan says when it refuses these options (text)."""
    result = answer(signatures, **options)
    assert result.get('failed') is True, result
    return result['msg']


class Target:
    """A place to run the module from in a process of its own, on any Python that Ansible reaches."""

    def __init__(self, folder, collection, python=None, core='oldest'):
        """:param python: path of an interpreter, run with the oldest ansible-core, or that of `core`; None for this one with its own."""
        self.folder, self.python = str(folder), python or sys.executable
        if python:
            self._lay_ansible(core)
        self._lay_collection(collection)

    def _lay_ansible(self, core):
        """ansible.module_utils without the rest of ansible, as a target gets it."""
        source = subprocess.run(
            [
                os.path.join(os.environ['ANSIBLE_%s_BIN' % core.upper()], 'python'),
                '-c',
                'import ansible; print(ansible.__path__[0])',
            ],
            stdout=subprocess.PIPE,
            check=True,
            universal_newlines=True,
        ).stdout.strip()
        self._package('ansible')
        for part in ('release.py', 'module_utils'):
            os.symlink(os.path.join(source, part), os.path.join(self.folder, 'ansible', part))

    def _lay_collection(self, collection):
        """Packages that Python 2.7 takes for such too; files are those under test."""
        root = self._package('ansible_collections', 'loghygiene', 'rhel', 'plugins')
        for kind in ('modules', 'module_utils'):
            top = os.path.join(collection, 'plugins', kind)
            for source, _folders, names in os.walk(top):
                if os.path.basename(source) == '__pycache__':
                    continue
                folder = self._package(root, os.path.relpath(source, os.path.dirname(top)))
                for name in names:
                    if name.endswith('.py') and name != '__init__.py':
                        os.symlink(os.path.join(source, name), os.path.join(folder, name))

    def _package(self, *names):
        path = self.folder
        for name in names:
            path = os.path.join(path, name)
            os.makedirs(path, exist_ok=True)
            with open(os.path.join(path, '__init__.py'), 'a', encoding='ascii'):
                pass
        return path

    def answer(self, signatures, wrap=(), environ=None, **options):
        """What the module prints (dict), run by the command line `wrap` when given."""
        process = subprocess.run(
            list(wrap) + [self.python, '-c', RUNNER],
            input=arguments(signatures, **options),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
            env=dict(os.environ, PYTHONPATH=self.folder, PYTHONDONTWRITEBYTECODE='1', **environ or {}),
        )
        assert process.stdout, process.stderr.decode('utf-8', 'replace')
        assert b'Traceback' not in process.stderr, process.stderr.decode('utf-8', 'replace')
        return json.loads(process.stdout.decode('utf-8'))

    def scan(self, signatures, **options):
        """The result of journal_scan with these options (dict)."""
        result = self.answer(signatures, **options)
        assert not result.get('failed'), result
        return result
