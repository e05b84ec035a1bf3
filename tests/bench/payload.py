# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where modules import from: folders, or a zip file as Ansible sends one."""

import os
import zipfile

import ansible.module_utils
import ansible.release

PACKAGES = ('ansible_collections', 'ansible_collections/loghygiene', 'ansible_collections/loghygiene/rhel',
            'ansible_collections/loghygiene/rhel/plugins')
# The package ansible is only a name on a target; see the zip file that ansible.executor.module_common makes.
ANSIBLE = '''from pkgutil import extend_path
__path__ = extend_path(__path__, __name__)
__version__, __author__ = %r, %r
'''


def link(collection, folder):
    """Make the collection importable from a folder that is made for it; the folder."""
    namespace = os.path.join(folder, 'ansible_collections', 'loghygiene')
    os.makedirs(namespace)
    os.symlink(collection, os.path.join(namespace, 'rhel'))
    return folder


def pack(collection, path):
    """Write a zip file with Ansible's and the collection's code for targets; its path."""
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as target:
        target.writestr('ansible/__init__.py', ANSIBLE % (ansible.release.__version__, ansible.release.__author__))
        for package in PACKAGES:
            target.writestr(package + '/__init__.py', '')
        _add(target, ansible.module_utils.__path__[0], 'ansible/module_utils')
        for name in ('module_utils', 'modules'):
            _add(target, os.path.join(collection, 'plugins', name), PACKAGES[-1] + '/' + name)
    return path


def _add(target, top, prefix):
    for folder, folders, files in os.walk(top):
        folders[:] = [name for name in folders if name != '__pycache__']
        inside = os.path.normpath(os.path.join(prefix, os.path.relpath(folder, top)))
        for name in files:
            if name.endswith('.py'):
                target.write(os.path.join(folder, name), inside + '/' + name)
        if '__init__.py' not in files:
            target.writestr(inside + '/__init__.py', '')
