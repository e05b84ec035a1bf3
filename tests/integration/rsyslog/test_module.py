# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module rsyslog_diversion: what it leaves on the host, above all when it cannot do its work."""
import errno
import os
import stat

import pytest

from remedy_runs import private
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, diversion as rsyslog_diversion, drop_ins as rsyslog_drop_ins)


def refused(host, v3, **changes):
    """The message of a refusal that changed nothing on the host."""
    before = host.snapshot()
    with pytest.raises((rsyslog.RsyslogError, files.FileError)) as refusal:
        host.divert([v3.signature], **changes)
    assert host.snapshot() == before
    return str(refusal.value)


def test_it_writes_once(host, v3):
    first = host.divert([v3.signature])
    assert (first['changed'], first['previous'], first['ids']) == (True, None, ['ahnlab-v3-module-lifecycle'])
    assert stat.S_IMODE(os.stat(host.drop_in).st_mode) == 0o600
    os.unlink(host.pending)
    before = host.snapshot()
    second = host.divert([v3.signature])
    assert second['changed'] is False
    assert second['previous'] == host.read(host.drop_in)
    assert host.snapshot() == before


def test_check_mode_tells_and_changes_nothing(host, v3):
    before = host.snapshot()
    planned = host.divert([v3.signature], check=True)
    assert host.snapshot() == before
    done = host.divert([v3.signature])
    assert planned['changed'] is True
    assert planned['diff'] == done['diff']
    assert [one['after'] for one in done['diff']] == [host.read(host.drop_in)]


def test_a_restart_that_did_not_happen_is_still_due(el9, v3):
    el9.divert([v3.signature])
    again = el9.divert([v3.signature])
    assert again['changed'] is True
    assert 'was not restarted' in again['notes'][0]


def test_what_is_diverted_stays(el9, shipped):
    names = sorted(shipped)
    el9.divert(shipped.values(), ids=names[:1])
    assert el9.divert(shipped.values(), ids=names[1:2])['ids'] == names[:2]
    assert el9.divert(shipped.values(), ids=[])['ids'] == names[:2]
    only_second = el9.divert([shipped[names[1]]], ids=[])
    assert (only_second['ids'], only_second['removed']) == (names[1:2], names[:1])


def test_a_new_revision_is_written(el9, v3):
    el9.divert([v3.signature])
    os.unlink(el9.pending)
    assert el9.divert([dict(v3.signature, revision=99)], ids=[])['changed'] is True
    assert 'revision 99' in el9.read(el9.drop_in)


def test_absent(host, v3):
    before = host.snapshot()
    assert host.divert(state='absent')['changed'] is False
    host.divert([v3.signature])
    os.makedirs(host.diverted)
    host.write('log/log_hygiene/ahnlab-v3-module-lifecycle.log', 'evidence')
    kept = host.snapshot()
    assert host.divert(state='absent', check=True)['changed'] is True
    assert host.snapshot() == kept
    result = host.divert(state='absent')
    assert (result['changed'], result['ids']) == (True, [])
    assert result['previous'].startswith(rsyslog_diversion.MARK)
    assert host.read('log/log_hygiene/ahnlab-v3-module-lifecycle.log') == 'evidence'
    assert sorted(set(host.snapshot()) - set(before)) == [
        'log/log_hygiene', 'log/log_hygiene/ahnlab-v3-module-lifecycle.log', 'pending']


def test_a_configuration_that_was_broken_before(host, v3):
    host.write('etc/rsyslog.d/50-broken.conf', 'module(load="imnonsense")\n')
    message = refused(host, v3)
    assert 'as it is, without ' + host.drop_in in message
    assert 'imnonsense' in message
    assert 'Fix that first. Nothing was changed.' in message


def test_a_broken_configuration_names_the_real_file(host, v3):
    host.write('etc/rsyslog.d/50-broken.conf', '\n\nnonsense(\n')
    message = refused(host, v3)
    assert "'%s'" % os.path.join(host.root, 'etc/rsyslog.d/50-broken.conf') in message
    assert os.path.join(host.root, 'tmp') not in message


def test_removing_needs_a_sound_configuration_too(el9, v3):
    el9.divert([v3.signature])
    el9.write('etc/rsyslog.d/50-broken.conf', 'nonsense(\n')
    assert 'Fix that first' in refused(el9, v3, state='absent')


def test_a_snippet_that_is_sound_alone_and_not_with_the_rest(el9, v3):
    """Trap 5: our ruleset's name may be taken. A snippet handed to rsyslogd -N1 alone would pass."""
    el9.write('etc/rsyslog.d/10.conf',
              'ruleset(name="%s") {\n    *.* /dev/null\n}\n' % rsyslog_diversion.FORWARD_RULESET)
    el9.write('etc/rsyslog.conf', '*.* @@127.0.0.1:1\n', 'a')
    message = refused(el9, v3)
    assert 'together with the new' in message
    assert rsyslog_diversion.FORWARD_RULESET in message


def test_not_included(host, v3):
    host.write('etc/rsyslog.conf', host.read('etc/rsyslog.conf').replace('/rsyslog.d/*.conf', '/elsewhere/*.conf'))
    assert 'does not include ' + host.drop_in in refused(host, v3)


def test_kernel_messages_by_imklog(host, v3):
    lines = [line for line in host.read('etc/rsyslog.conf').split('\n')
             if not any(word in line.lower() for word in ('imjournal', 'statefile', 'usepid'))]
    host.write('etc/rsyslog.conf', '\n'.join(lines) + 'module(load="imklog")\n')
    assert 'does not load imjournal' in refused(host, v3)


def test_kernel_messages_by_both(host, v3):
    host.write('etc/rsyslog.conf', 'module(load="imklog")\n' + host.read('etc/rsyslog.conf'))
    assert 'imklog also hands the messages of the kernel' in host.divert([v3.signature])['notes'][0]


def test_no_main_configuration(el9, v3):
    os.unlink(el9.config)
    assert refused(el9, v3) == 'Cannot read %s: No such file or directory. Nothing was changed there.' % el9.config


def test_somebody_elses_file(el9, v3):
    el9.write(el9.drop_in, '*.* /var/log/mine\n')
    assert 'was not written by this collection' in refused(el9, v3)
    assert 'was not written by this collection' in refused(el9, v3, state='absent')


@pytest.mark.parametrize('changes, named', [
    (dict(items=[dict(signature_id='another', signature={'id': 'x'})]), 'the signature of another is that of x'),
    (dict(directory='relative'), 'must be a plain absolute path'),
])
def test_arguments_that_make_no_sense(el9, v3, changes, named):
    assert named in refused(el9, v3, **changes)


def test_a_signature_that_may_not_be_diverted(el9, v3):
    v3.signature = dict(v3.signature, disposition='investigate')
    assert 'its disposition is investigate' in refused(el9, v3)


def test_no_rsyslogd(el9, v3, monkeypatch):
    monkeypatch.setenv('PATH', '/nonexistent')
    monkeypatch.setattr('shutil.which', lambda name, path=None: None)
    assert 'rsyslogd is not installed' in refused(el9, v3)


def test_validation_leaves_no_trace(host, v3):
    """rsyslogd -N1 makes no work directory, no state file, no log and no socket, and the private copy goes."""
    os.rmdir(os.path.join(host.root, 'work'))
    os.mkdir(os.path.join(host.root, 'work'))
    before = host.snapshot()
    host.divert([v3.signature], check=True)
    assert host.snapshot() == before
    assert os.listdir(os.path.join(host.root, 'tmp')) == []


def test_the_private_copy_is_private(host, v3, monkeypatch):
    modes = {}

    def look(arguments, **options):
        root = os.path.join(host.root, 'tmp')
        paths = [os.path.join(folder, name) for folder, _folders, names in os.walk(root) for name in names]
        for path in paths + [os.path.join(root, name) for name in os.listdir(root)]:
            modes[path] = stat.S_IMODE(os.stat(path).st_mode)
        return run(arguments, **options)

    run = process.run
    monkeypatch.setattr(process, 'run', look)
    host.divert([v3.signature])
    assert [path for path in modes if path.endswith('/zz_log_hygiene.conf')]
    assert {path: mode for path, mode in modes.items() if mode & 0o077} == {}


def test_diverted_files_that_others_could_lead_elsewhere(host, v3):
    os.mkdir(host.diverted)
    os.chmod(host.diverted, 0o770)
    message = refused(host, v3)
    assert message.startswith('directory: %s/' % host.diverted) and 'chmod go-w %s' % host.diverted in message


@pytest.mark.parametrize('statement', [
    '$PrivDropToUser nobody', '$PrivDropToGroupID 65534', 'global(privdrop.user.name="nobody" privdrop.group.name="nogroup")'])
def test_an_rsyslogd_that_could_not_make_the_file(host, v3, statement):
    """It would lose what it diverts: the message stops all the same."""
    host.write('etc/rsyslog.d/05-rights.conf', '# theirs\n%s\n' % statement)
    told = refused(host, v3)
    assert '05-rights.conf, line 2: rsyslogd drops the privileges of root' in told and 'Nothing was changed' in told
    host.write('etc/rsyslog.d/05-rights.conf', '$PrivDropToUser root\n')
    assert host.divert([v3.signature])['changed'] is True


@pytest.mark.parametrize('kind', ['directory', 'dangling link', 'pipe'])
def test_what_is_there_instead_of_the_diverted_file(el9, v3, kind):
    path = el9.diverted + '/ahnlab-v3-module-lifecycle.log'
    os.makedirs(el9.diverted)
    {'directory': os.mkdir, 'pipe': os.mkfifo, 'dangling link': lambda name: os.symlink('/nonexistent/x', name)}[kind](path)
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        el9.divert([v3.signature])
    assert str(refusal.value).startswith(path + ' is not a file') and not os.path.exists(el9.drop_in)


def test_what_a_killed_proof_left_goes(monkeypatch, tmp_path):
    """Only a directory of root with a name as the proof makes them, and only when it is old."""
    monkeypatch.setattr(rsyslog_drop_ins, 'PRIVATE', str(tmp_path / 'log_hygiene-'))
    for name in ('abcd_123', 'efgh_456', 'theirs00', 'alert.sock'):
        os.makedirs(str(tmp_path / ('log_hygiene-' + name) / 'with'))
    os.symlink(str(tmp_path / 'log_hygiene-theirs00'), str(tmp_path / 'log_hygiene-linked00'))
    (tmp_path / 'log_hygiene-file0000').write_text('x')
    for path in tmp_path.iterdir():
        if 'efgh' not in path.name and not path.is_symlink():
            os.utime(str(path), (1, 1))
    os.chown(str(tmp_path / 'log_hygiene-theirs00'), 65534, 65534)
    rsyslog_drop_ins.sweep()
    assert sorted(path.name[12:] for path in tmp_path.iterdir()) == ['alert.sock', 'efgh_456', 'file0000', 'linked00', 'theirs00']


def test_no_room_for_the_private_copy(host, v3, monkeypatch):
    def makedirs(path, mode):
        raise OSError(errno.ENOSPC, 'full')
    monkeypatch.setattr(os, 'makedirs', makedirs)
    message = refused(host, v3)
    assert 'No space left on device. Nothing was changed.' in message


def test_no_room_for_the_drop_in(newest, el9, v3):
    """A full /etc: one clear message and nothing half-written."""
    full = private('''
        mount -t tmpfs -o mode=755,size=64k none {0}
        head -c 1M /dev/zero >{0}/filler 2>/dev/null || true'''.format(os.path.dirname(el9.drop_in)),
        'ls -A {0} >{1}/left'.format(os.path.dirname(el9.drop_in), el9.root))
    before = el9.snapshot()
    result = newest.module('rsyslog_diversion', wrap=full, **el9.arguments([v3.signature]))
    assert result['failed']
    assert result['msg'] == 'Cannot write %s: No space left on device. Nothing was changed there.' % el9.drop_in
    assert el9.read('left') == 'filler\n'
    os.unlink(os.path.join(el9.root, 'left'))
    assert el9.snapshot() == before


def test_the_signatures_stay_out_of_the_log(newest, el9, v3):
    """Trap 1: Ansible logs arguments, here by way of python3-systemd, and the next scan would find its own patterns."""
    package = os.path.join(el9.root, 'python', 'systemd')
    os.makedirs(package)
    el9.write('python/systemd/__init__.py', '')
    el9.write('python/systemd/daemon.py', 'def booted():\n    return True\n')
    el9.write('python/systemd/journal.py', 'def sendv(*fields):\n    pass\n\n\ndef send(**fields):\n'
                                           '    with open(%r, "a") as log:\n        log.write(repr(fields))\n'
              % os.path.join(el9.root, 'logged'))
    newest.environ['PYTHONPATH'] = os.path.dirname(package)
    assert newest.module('rsyslog_diversion', check=True, **el9.arguments([v3.signature]))['changed'] is True
    logged = el9.read('logged')
    assert 'ansible-loghygiene.rhel.rsyslog_diversion Invoked' in logged
    assert 'INFO' not in logged


# Starts nothing: rsyslogd runs in tests of its own.
SYSTEMCTL = '''#!/bin/sh
case $1 in
--version) echo 'systemd 252 (252)' ;;
show) echo LoadState=loaded; echo ActiveState=active ;;
esac
'''


def test_each_ansible_core_and_python(ansible, el9, v3):
    arguments = el9.arguments([v3.signature])
    os.mkdir(os.path.join(el9.root, 'bin'))
    el9.write('bin/systemctl', SYSTEMCTL)
    os.chmod(os.path.join(el9.root, 'bin', 'systemctl'), 0o755)
    ansible.environ['PATH'] = '%s/bin:%s' % (el9.root, ansible.environ['PATH'])
    el9.write('etc/rsyslog.d/10-theirs.conf', ':msg, contains, "x" %s/log/theirs\n' % el9.root)  # rsyslogd is to prove it
    planned = ansible.module('rsyslog_diversion', check=True, **arguments)
    assert (planned['changed'], planned['in_place'], planned['in_place_since']) == (True, False, None), planned
    assert not os.path.exists(el9.drop_in)
    done = ansible.module('rsyslog_diversion', **arguments)
    assert (done['changed'], done['in_place'], done['ids']) == (True, True, ['ahnlab-v3-module-lifecycle'])
    assert (done['proved_by'], done['path'], done['former']) == ('rsyslogd', el9.drop_in, {el9.drop_in: None})
    assert done['in_place_since'].endswith('Z')
    assert el9.read(el9.drop_in) == v3.render(el9)
    assert not os.path.exists(el9.pending)
    again = ansible.module('rsyslog_diversion', **arguments)
    assert (again['changed'], again['in_place_since']) == (False, done['in_place_since'])
    el9.write('etc/rsyslog.d/50-broken.conf', '# \ud55c\uae00\nnonsense(\n')
    removed = ansible.module('rsyslog_diversion', **dict(arguments, state='absent'))
    assert removed['failed'] and 'Fix that first' in removed['msg']
