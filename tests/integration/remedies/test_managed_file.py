# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""managed_file: whole, as told, safe, and back."""
import base64
import os
import signal
import stat
import subprocess

import pytest
from remedy_runs import run_module

TEXT = '{"a": [1]}\n'


@pytest.fixture
def folder(tmp_path):
    os.chmod(tmp_path, 0o755)
    return str(tmp_path)


def arguments(folder, **more):
    return dict(dict(path=folder + '/etc/new/x.conf', content=base64.b64encode(TEXT.encode()).decode(), encoding='base64',
                     mode='0600', backup_dir=folder + '/backup'), **more)


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def run(check=False, **options):
    """The module in this process, with a lock of the test's own."""
    return run_module('managed_file', check, lock_file=os.path.dirname(options['backup_dir']) + '/lock', **options)


def test_by_ansible(ansible, folder):
    """On old and new Pythons."""
    done = ansible.module('managed_file', **arguments(folder))
    assert done['changed'] and open(folder + '/etc/new/x.conf', encoding='utf-8').read() == TEXT, done


def test_there_and_back(folder):
    path = folder + '/etc/new/x.conf'
    checked = run(check=True, **arguments(folder))
    assert checked['changed'] and not os.path.exists(folder + '/etc'), checked
    done = run(**arguments(folder))
    assert done['changed'] and open(path, encoding='utf-8').read() == TEXT, done
    assert done['checksum'] == subprocess.check_output(['sha256sum', path], text=True).split()[0]
    assert (mode_of(path), mode_of(folder + '/etc/new')) == (0o600, 0o755)
    assert not run(**arguments(folder))['changed']
    os.chmod(path, 0o644)
    assert run(**arguments(folder))['changed'] and mode_of(path) == 0o600
    assert run(path=path, state='absent', backup_dir=folder + '/backup')['changed']
    assert run(path=folder + '/etc/new', state='absent', backup_dir=folder + '/backup')['changed']
    assert os.listdir(folder + '/etc') == []
    assert not run(path=path, state='absent', backup_dir=folder + '/backup')['changed']


def test_what_is_somebody_elses_is_kept_and_comes_back(folder):
    path, mark = folder + '/x.conf', '# ours'
    given = dict(path=path, mark=mark, backup_dir=folder + '/backup')
    with open(path, 'w', encoding='utf-8') as target:
        target.write('theirs\n')
    told = run(state='absent', **given)
    assert not told['changed'] and told['notes'] == [path + ' was not written by this collection, so it stays.']
    for content in ('# ours\n1\n', '# ours\n2\n'):
        assert run(content=content, **given)['changed']
    assert run(state='absent', **given)['changed']
    assert open(path, encoding='utf-8').read() == 'theirs\n'
    # What somebody writes in its place is not lost either, and is what comes back.
    run(content='# ours\n', **given)
    with open(path, 'w', encoding='utf-8') as target:
        target.write('theirs, too\n')
    done = run(content='# ours\n', **given)
    assert done['notes'] == ['%s was written anew since its original was kept. So what is there now comes back with a rollback, and the earlier '
                             'original is kept as %s/backup/.earlier%s.1.' % (path, folder, path)]
    back = run(state='absent', **given)
    assert open(path, encoding='utf-8').read() == 'theirs, too\n' and 'What it was before is in %s/backup/.earlier' % folder in back['notes'][0]
    assert open(folder + '/backup/.earlier' + path + '.1', encoding='utf-8').read() == 'theirs\n'


@pytest.mark.parametrize('more, told', [
    (dict(path='x.conf'), 'path: x.conf is not an absolute path. Nothing was changed.'),
    (dict(mode='rw'), 'mode: rw is not of the form "0644". Nothing was changed.'),
    (dict(content='%', encoding='base64'), 'content: not base64'),
    (dict(validate='sh -c "echo bad; exit 3" %s'), 'sh does not accept what '),
    (dict(path='/tmp/x.conf'), 'others may create files in /tmp (owner root, mode 1777) and be there first'),
    (dict(path='/tmp'), '/tmp is a directory'),
])
def test_bad_input_is_told_and_changes_nothing(folder, more, told):
    result = run(**arguments(folder, **more))
    assert result.get('failed') and told in result['msg'], result
    assert not result.get('changed') and set(os.listdir(folder)) <= {'lock'}


def test_a_link_in_the_way_is_not_followed(folder):
    """Who owns a directory on the way could have root write to any file."""
    os.mkdir(folder + '/theirs')
    os.mkdir(folder + '/victim')
    os.chown(folder + '/theirs', 65534, 65534)
    os.symlink(folder + '/victim', folder + '/theirs/etc')
    result = run(**arguments(folder, path=folder + '/theirs/etc/x.conf'))
    assert result['failed'] and 'who owns %s/theirs (mode 0755), may put a link in the way' % folder in result['msg']
    assert os.listdir(folder + '/victim') == []


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


def everything(folder):
    return sorted((root, sorted(folders), sorted(set(names) - {'lock'})) for root, folders, names in os.walk(folder))


@pytest.mark.parametrize('kind, told', [
    (lambda path: os.mkfifo(path), 'named pipe'),
    (lambda path: os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3)), 'device'),
    (lambda path: os.mknod(path, 0o600 | stat.S_IFSOCK), 'socket')], ids=['pipe', 'device', 'socket'])
@pytest.mark.parametrize('state', ['present', 'absent', 'directory'])
@pytest.mark.parametrize('check', [False, True])
def test_what_is_no_file_is_neither_read_nor_replaced(folder, at_most, kind, told, state, check):
    path = folder + '/x.conf'
    try:
        kind(path)
    except PermissionError:
        pytest.skip('no device can be made here')
    before = os.lstat(path)
    result = run(check=check, state=state, **arguments(folder, path=path, mark='# ours'))
    assert result['failed'] and not result.get('changed'), result
    assert result['msg'] == 'path: %s is a %s, not a file, link or directory. Move it away. Nothing was changed.' % (path, told)
    assert os.lstat(path) == before


def test_what_a_link_leads_to_is_not_read_for_ever(folder, at_most):
    """The original is a link to a named pipe: putting it back is fine, its text in the diff is not."""
    path = folder + '/x.conf'
    os.mkfifo(folder + '/pipe')
    os.symlink(folder + '/pipe', path)
    given = dict(path=path, mark='# ours', backup_dir=folder + '/backup')
    assert run(content='# ours', **given)['changed']
    before = everything(folder)
    result = run(state='absent', **given)
    assert result['failed'] and folder + '/pipe is a named pipe' in result['msg'] and not result['changed'], result
    assert everything(folder) == before


def test_what_could_not_be_written_is_no_change(folder):
    """No room for the copy of the original."""
    path = folder + '/x.conf'
    with open(path, 'w', encoding='utf-8') as target:
        target.write('theirs\n')
    with open(folder + '/backup', 'w', encoding='utf-8'):
        pass
    result = run(**arguments(folder, path=path, mark='# ours'))
    assert result['failed'] and 'Nothing was changed there' in result['msg'], result
    assert not result['changed'] and 'diff' not in result and open(path, encoding='utf-8').read() == 'theirs\n'


def test_directories_that_were_made_are_a_change_though_the_file_is_not(folder):
    name = 'x' * 300
    result = run(**arguments(folder, path=folder + '/etc/new/' + name))
    assert result['failed'] and os.path.isdir(folder + '/etc/new') and result['changed'], result


class TestSeveral:
    """Several files in one visit: all are checked before the first is changed."""

    def files(self, folder, *more):
        return dict(backup_dir=folder + '/backup', files=[
            {'path': folder + '/etc/a.conf', 'content': 'a\n', 'mode': '0600'},
            {'path': folder + '/etc/b.conf', 'content': base64.b64encode(b'b\n').decode(), 'encoding': 'base64', 'diff': False}, *more])

    def test_by_ansible(self, ansible, folder):
        done = ansible.module('managed_file', check=True, **self.files(folder))
        assert done['changed'] and not done['in_place'] and not os.path.exists(folder + '/etc'), done
        done = ansible.module('managed_file', **self.files(folder))
        assert done['changed'] and done['in_place'] and [one['changed'] for one in done['files']] == [True, True], done
        assert [open(folder + '/etc/%s.conf' % name, encoding='utf-8').read() for name in 'ab'] == ['a\n', 'b\n']
        assert [mode_of(folder + '/etc/%s.conf' % name) for name in 'ab'] == [0o600, 0o644]
        done = ansible.module('managed_file', **self.files(folder))
        assert not done['changed'] and done['in_place'] and all(one['in_place_since'] for one in done['files']), done

    def test_what_is_told_of_each(self, folder):
        run(**self.files(folder))
        given = self.files(folder)
        given['files'][1]['content'] = 'Yw=='
        result = run(**given)
        assert [(one['path'][-6:], one['changed']) for one in result['files']] == [('a.conf', False), ('b.conf', True)], result
        assert 'diff' not in result  # of the only one that changed none is shown
        gone = run(backup_dir=folder + '/backup', files=[{'path': folder + path, 'state': 'absent'}
                                                         for path in ('/etc/a.conf', '/etc/b.conf', '/etc')])
        assert gone['changed'] and [one['before'] for one in gone['diff']] == ['a\n', 'c'] and not os.path.exists(folder + '/etc'), gone

    @pytest.mark.parametrize('bad, told', [
        ({'path': '/x', 'content': 'c', 'mode': '999'}, 'mode: 999 is not of the form'), ({'path': 'x', 'content': 'c'}, 'is not an absolute path'),
        ({'path': '/x'}, 'content: is missing for /x'), ({'path': '/x', 'content': '%', 'encoding': 'base64'}, 'content: not base64'),
        ({'path': '/dev/null', 'content': 'c'}, '/dev/null is a device'), ({'path': '/tmp/x', 'content': 'c'}, 'Nothing was changed.'),
        ({'path': '/x', 'content': 'c', 'validate': '/bin/false %s'}, '/bin/false does not accept')])
    def test_one_that_is_refused_leaves_all_as_they_were(self, folder, bad, told):
        result = run(**self.files(folder, bad))
        assert result['failed'] and told in result['msg'] and not result.get('changed'), result
        assert not os.path.exists(folder + '/etc')

    @pytest.mark.parametrize('given', [{}, {'path': '/x', 'files': []}])
    def test_either_a_path_or_files(self, folder, given):
        assert run(backup_dir=folder + '/backup', content='x', **given)['failed']
