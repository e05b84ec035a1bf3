# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where root may write without following a link of somebody else's."""
from __future__ import absolute_import, division, print_function

import errno
import os
import stat
import subprocess

import pytest

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import safe_paths

__metaclass__ = type

TOMCAT = 91


class Tree:
    """A host's directories: path -> (kind, owner, mode), or (target, owner) of a link."""

    # As EL 7 to 10 ship them (ls -ld), and as services make theirs.
    LAYOUT = {
        '/': ('dir', 0, 0o555), '/etc': ('dir', 0, 0o755), '/etc/logrotate.d': ('dir', 0, 0o755),
        '/var': ('dir', 0, 0o755), '/var/log': ('dir', 0, 0o755), '/var/log/audit': ('dir', 0, 0o700),
        '/var/log/messages': ('file', 0, 0o600), '/var/log/log_hygiene': ('dir', 0, 0o700),
        '/var/lib': ('dir', 0, 0o755), '/var/lib/rsyslog': ('dir', 0, 0o700), '/var/spool': ('dir', 0, 0o755),
        '/var/spool/mail': ('dir', 0, 0o775), '/var/run': ('../run', 0), '/run': ('dir', 0, 0o755),
        '/tmp': ('dir', 0, 0o1777), '/tmp/root': ('dir', 0, 0o700), '/tmp/theirs': ('dir', TOMCAT, 0o755),
        '/tmp/file': ('file', 0, 0o600), '/tmp/link': ('/etc', TOMCAT),
        '/var/log/tomcat': ('dir', TOMCAT, 0o750), '/var/log/app': ('dir', 0, 0o2775), '/var/log/world': ('dir', 0, 0o757),
        '/var/log/app/deep': ('dir', 0, 0o755),
        '/var/log/link': ('messages', 0), '/var/log/away': ('/var/log/tomcat', 0), '/var/log/round': ('round', 0),
        '/var/log/up': ('../log/./audit/', 0), '/var/log/theirs.log': ('file', TOMCAT, 0o644),
    }

    def lstat(self, path):
        if path not in self.LAYOUT:
            raise OSError(errno.ENOENT, 'No such file or directory')
        entry = self.LAYOUT[path]
        kind = {'dir': stat.S_IFDIR, 'file': stat.S_IFREG}.get(entry[0], stat.S_IFLNK)
        return os.stat_result(((kind | entry[2]) if len(entry) == 3 else (kind | 0o777), 1, 1, 1, entry[1], 0, 0, 0, 0, 0))

    def readlink(self, path):
        return self.LAYOUT[path][0]


def fault(path, **more):
    tree = Tree()
    return safe_paths.fault(path, owners=frozenset([0]), lstat=tree.lstat, readlink=tree.readlink, **more)


@pytest.mark.parametrize('path', [
    '/var/log/messages', '/var/log/new.log', '/var/log/audit/x', '/var/log/none/yet/x.log', '/var/log/log_hygiene/x.log',
    '/var/lib/rsyslog/queue.qi', '/var/spool/x', '/var/run/x.pid', '/etc/logrotate.d/x', '//var//log/./messages',
    '/var/log/up/x', '/var/log/../log/x', '/tmp/root/x', '/var/log/theirs.log'])
def test_what_el_ships_and_what_root_makes_below_is_safe(path):
    assert fault(path) is None


@pytest.mark.parametrize('path, component, words', [
    ('/var/log/tomcat/x.log', '/var/log/tomcat', 'who owns /var/log/tomcat (mode 0750)'),
    ('/var/log/tomcat/none/x.log', '/var/log/tomcat', 'who owns /var/log/tomcat (mode 0750)'),
    ('/var/log/app/x.log', '/var/log/app', '/var/log/app (owner root, mode 2775)'),
    ('/var/log/app/deep/x.log', '/var/log/app', '/var/log/app (owner root, mode 2775)'),
    ('/var/log/world/x.log', '/var/log/world', 'mode 0757'),
    ('/var/spool/mail/x.log', '/var/spool/mail', 'mode 0775'),
    ('/var/log/link', '/var/log/link', 'it is a symbolic link to messages'),
    ('/var/log/away/x.log', '/var/log/tomcat', 'who owns /var/log/tomcat'),
    ('/var/log/round/x.log', '/var/log/round', 'form a loop'),
    ('/var/log/messages/x.log', '/var/log/messages', '/var/log/messages is not a directory'),
    ('/tmp/x.log', '/tmp', 'be there first'), ('/tmp/file', '/tmp', 'be there first'),
    ('/tmp/none/x.log', '/tmp', 'be there first'), ('/tmp/theirs/x.log', '/tmp', 'be there first'),
    ('/tmp/link/x.log', '/tmp', 'be there first'),
])
def test_where_others_could_put_a_link_the_component_is_named(path, component, words):
    found = fault(path)
    assert found.component == component
    text = safe_paths.explain(found)
    assert words in text and text.startswith(path) and found.remedy in text


def test_a_link_that_is_replaced_and_not_followed_is_all_right():
    assert fault('/var/log/link', link=True) is None
    assert fault('/var/log/away/x.log', link=True) is not None


def test_the_mask_of_an_acl_is_in_the_mode(tmpdir):
    """A user named by an ACL may write only what the mask allows, and the kernel shows it as the bits of the group."""
    folder = str(tmpdir.mkdir('app'))
    os.chmod(folder, 0o755)
    assert safe_paths.check(os.path.join(folder, 'x')) is None
    try:
        subprocess.check_call(['setfacl', '-m', 'u:65534:rwx', folder])
    except (OSError, subprocess.CalledProcessError):
        pytest.skip('no setfacl, or no ACLs on this file system')
    assert 'chmod go-w %s' % folder in safe_paths.check(os.path.join(folder, 'x'))


def test_what_cannot_be_looked_at_is_not_safe():
    text = safe_paths.check('/' + 'x' * 300)
    assert text.endswith('so it is not known whether it is safe: File name too long.')
