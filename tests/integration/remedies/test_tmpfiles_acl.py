# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tmpfiles_acl, checked by the real systemd-tmpfiles and the real libacl."""
import ctypes
import grp
import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from remedy_runs import UNPRIVILEGED, run_module

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _sysusers as sysusers, _tmpfiles as tmpfiles

MISSING = 'nosuchgroup'
EXISTING = grp.getgrgid(os.getgid()).gr_name
ACL = 'a+ {path} - - - - d:group::r-x,d:group:{missing}:r-x,d:group:{existing}:r-x,g:{missing}:r-x,g:{existing}:r-x\n'


def items(*groups):
    return [dict(signature_id='tmpfiles-acl-missing-group', groups=list(groups))]


class Host:
    """Vendor's and administrator's tmpfiles.d below a temporary directory, about a directory beside them."""

    def __init__(self, root):
        self.etc, self.lib, self.kept = root / 'etc', root / 'lib', root / 'kept'
        self.lib.mkdir()
        self.subject = root / 'subject'
        self.vendor = self.lib / 'app.conf'
        self.override = self.etc / 'app.conf'
        self.line = ACL.format(path=self.subject, missing=MISSING, existing=EXISTING)
        self.vendor.write_text('# vendor\nd %s 0755 - - -\n' % self.subject + self.line)
        self.arguments = dict(items=items(MISSING), directories=[str(self.etc), str(self.lib)], backup_dir=str(self.kept))

    def boot(self):
        """Let systemd-tmpfiles apply the file that counts. Returns (what it prints, the subject's ACL)."""
        path = self.override if self.override.exists() else self.vendor
        answer = subprocess.run(['systemd-tmpfiles', '--create', '--boot', str(path)], check=True, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        acl = subprocess.run(['getfacl', '-cpE', str(self.subject)], check=True, text=True, stdout=subprocess.PIPE)
        return answer.stdout, acl.stdout


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path)


def test_the_message_goes_and_the_other_group_gets_its_access(ansible, host):
    vendor = host.vendor.read_bytes()
    output, acl = host.boot()
    assert 'Failed to parse ACL' in output and MISSING in output
    assert 'group:%s' % EXISTING not in acl

    predicted = ansible.module('tmpfiles_acl', check=True, **host.arguments)
    assert (predicted['changed'], predicted['in_place'], predicted['in_place_since']) == (True, False, None)
    assert not host.etc.exists()

    result = ansible.module('tmpfiles_acl', **host.arguments)
    assert result['changed'] and result['in_place']
    assert result['files'] == [{'path': str(host.override), 'action': 'override'}]
    assert result['groups'] == {MISSING: None}
    assert host.vendor.read_bytes() == vendor

    output, acl = host.boot()
    assert output == ''
    assert 'group:%s:r-x' % EXISTING in acl and 'default:group:%s:r-x' % EXISTING in acl

    again = ansible.module('tmpfiles_acl', **host.arguments)
    assert (again['changed'], again['in_place']) == (False, True)
    assert again['in_place_since'] == result['in_place_since']

    undone = ansible.module('tmpfiles_acl', **dict(host.arguments, state='absent'))
    assert undone['files'] == [{'path': str(host.override), 'action': 'remove'}]
    assert not host.etc.exists()
    assert not ansible.module('tmpfiles_acl', **dict(host.arguments, state='absent'))['changed']


def test_nothing_is_applied_while_the_text_is_checked(newest, host):
    newest.module('tmpfiles_acl', **host.arguments)
    assert not host.subject.exists()


def test_vendor_update_is_told_and_followed(newest, host, tmp_path):
    def run(**more):
        return run_module('tmpfiles_acl', lock_file=str(tmp_path / 'lock'), **dict(host.arguments, **more))
    newest.module('tmpfiles_acl', **host.arguments)
    host.vendor.write_text(host.vendor.read_text() + 'd /run/newer 0755 - - -\n')
    told = run(check=True)
    assert (told['changed'], told['in_place'], told['vendor_changed']) == (True, False, [str(host.vendor)])
    assert told['notes'] == ['%s changed since it was overridden. %s hides what is new there until the remedy is applied again.'
                             % (host.vendor, host.override)]
    result = newest.module('tmpfiles_acl', **host.arguments)
    assert result['changed'] and result['vendor_changed'] == [str(host.vendor)]
    assert '[WARNING]' in result['output'] and 'changed since it was overridden. The override was made anew.' in result['output']
    assert host.override.read_text().endswith('d /run/newer 0755 - - -\n')
    assert run()['vendor_changed'] == []
    # Somebody edits it: another update is told, and the file stays.
    host.override.write_text(host.override.read_text() + '# mine\n')
    host.vendor.write_text(host.vendor.read_text() + 'd /run/newest 0755 - - -\n')
    edited = host.override.read_bytes()
    result = run()
    assert not result['changed'] and host.override.read_bytes() == edited
    assert result['notes'] == ['%s was written by loghygiene and edited since: it stays.' % host.override,
                               '%s changed since it was overridden. Compare them.' % host.vendor]
    host.override.unlink()
    run()
    host.vendor.write_text('d /run/newest 0755 - - -\n')
    result = run()
    assert result['in_place'] and not host.override.exists() and result['notes'][0].endswith('It needs no override any more, and that was removed.')


NUMBER = 64444


@pytest.fixture
def left_over(host, tmp_path):
    """A function that runs the module where files below the path of the line have ACLs for the number of the missing group."""
    host.subject.mkdir()
    for name in ('a', 'b'):
        (host.subject / name).touch()
    subprocess.run(['setfacl', '-m', 'g:%d:r,g:%d:r' % (NUMBER, NUMBER + 1), str(host.subject / 'a')], check=True)
    subprocess.run(['setfacl', '-m', 'd:g:%d:r' % NUMBER, str(host.subject)], check=True)

    def run(number=NUMBER, **more):
        arguments = dict(host.arguments, items=[dict(items(MISSING)[0], gids={MISSING: number})], **more)
        return run_module('tmpfiles_acl', lock_file=str(tmp_path / 'lock'), **arguments)
    return run


def test_acl_entries_of_the_number_are_told_and_removed_on_request(host, left_over):
    def acls():
        return subprocess.run(['getfacl', '-Rncp', str(host.subject)], check=True, text=True, stdout=subprocess.PIPE).stdout
    before = acls()
    told = left_over()
    assert told['stale_acls'] == [{'path': str(host.subject), 'group': MISSING, 'number': NUMBER, 'files': 2}]
    assert told['notes'] == ['ACL entries for number %d, which group %s had, are still on 2 files and directories below %s. Whoever gets that number '
                             'may read them. To remove them, run find %s -xdev ! -type l -exec setfacl -n -x g:%d,d:g:%d {} +, or set '
                             'tmpfiles_acl_remove_stale.' % (NUMBER, MISSING, host.subject, host.subject, NUMBER, NUMBER)]
    assert not left_over()['changed'] and acls() == before
    assert left_over(remove_stale=True, check=True)['changed'] and acls() == before
    done = left_over(remove_stale=True)
    assert done['files'] == [{'path': str(host.subject), 'action': 'acl'}] and 'no rollback brings them back' in done['notes'][0]
    assert acls() == ''.join(line for line in before.splitlines(True) if 'group:%d:' % NUMBER not in line)
    assert not left_over(remove_stale=True)['changed'] and left_over()['stale_acls'] == []
    assert left_over(state='absent')['changed'] and not host.override.exists()


def test_acl_entries_of_a_number_that_another_group_has_stay(host, left_over):
    subprocess.run(['setfacl', '-m', 'g:1:r', str(host.subject / 'b')], check=True)
    told = left_over(1, remove_stale=True)
    assert told['stale_acls'][0]['files'] == 1 and 'Group %s has that number now, and may read them.' % grp.getgrgid(1).gr_name in told['notes'][0]
    assert 'tmpfiles_acl_remove_stale' not in told['notes'][0] and not left_over(1, remove_stale=True)['changed']


def test_a_line_of_sysusers_that_makes_the_group_is_told(host, tmp_path, monkeypatch):
    (tmp_path / 'basic.conf').write_text('# groups\ng %s - - -\n' % MISSING)
    monkeypatch.setattr(sysusers, 'DIRECTORIES', (str(tmp_path),))
    told = run_module('tmpfiles_acl', lock_file=str(tmp_path / 'lock'), check=True, **host.arguments)['notes']
    assert told[0].startswith('%s/basic.conf, line 2 has systemd-sysusers make group %s again, with any number that is free, when' % (tmp_path, MISSING))


def test_own_file_is_edited_kept_and_restored(newest, host):
    host.etc.mkdir()
    own = host.etc / 'own.conf'
    original = b'# \xff\r\n' + host.line.encode() + b'd /run/x'
    own.write_bytes(original)
    own.chmod(0o600)
    result = newest.module('tmpfiles_acl', **host.arguments)
    assert {'path': str(own), 'action': 'edit'} in result['files']
    edited = original.replace(b'd:group:%s:r-x,' % MISSING.encode(), b'').replace(b'g:%s:r-x,' % MISSING.encode(), b'')
    assert own.read_bytes() == edited
    assert own.stat().st_mode & 0o7777 == 0o600
    assert (host.kept / str(own).lstrip('/')).read_bytes() == original
    result = newest.module('tmpfiles_acl', **dict(host.arguments, state='absent'))
    assert {'path': str(own), 'action': 'restore'} in result['files']
    assert own.read_bytes() == original


@pytest.mark.parametrize('change', [
    lambda text: text + b'd /run/second 0755 - - -\n',
    lambda text: text.replace(b':r-x', b':rwx')])   # without the group, one is as the other
def test_own_file_that_is_written_anew_between_two_runs_comes_back_as_it_was_written_last(host, tmp_path, change):
    def run(**more):
        return run_module('tmpfiles_acl', lock_file=str(tmp_path / 'lock'), **dict(host.arguments, **more))
    host.etc.mkdir()
    own = host.etc / 'own.conf'
    first = b'a+ /x - - - - g:%s:r-x\nd /run/first 0755 - - -\n' % MISSING.encode()
    own.write_bytes(first)
    assert run()['changed'] and not run()['changed']
    own.write_bytes(change(first))
    assert run(check=True)['notes'] == run()['notes'] == [
        '%s was written anew since its original was kept. So what is there now comes back with a rollback, and the earlier original is kept as '
        '%s/.earlier%s.1.' % (own, host.kept, own)]
    assert not run()['changed'] and MISSING.encode() not in own.read_bytes()
    back = run(state='absent')
    assert back['in_place'] and own.read_bytes() == change(first) and (host.kept / '.earlier' / (str(own) + '.1').lstrip('/')).read_bytes() == first
    assert back['notes'][0].startswith('%s is as somebody last wrote it. What it was before is in %s/.earlier' % (own, host.kept))


@pytest.mark.parametrize('kept', [None, b'', b'\0\0', b'# of an older backup\n'])
def test_an_original_that_is_lost_damaged_or_another_one_is_told(host, tmp_path, kept):
    def run(state='present'):
        return run_module('tmpfiles_acl', lock_file=str(tmp_path / 'lock'), **dict(host.arguments, state=state))
    host.etc.mkdir()
    own, copy = host.etc / 'own.conf', host.kept / str(host.etc / 'own.conf').lstrip('/')
    own.write_text(host.line)
    assert run()['changed']
    written = own.read_bytes()
    copy.unlink()
    if kept is not None:
        copy.write_bytes(kept)
    back = run('absent')
    assert not back['in_place'] and own.read_bytes() == written and not host.override.exists()
    assert back['notes'] == ['%s is as this collection wrote it, but its original %s is gone, damaged or another one: it stays. Restore that from a '
                             'backup, or bring back by hand what the file was, and remove that.' % (own, copy)]
    own.write_text(host.line)
    if kept is not None:
        copy.unlink()
    assert run('absent')['in_place'] and own.read_text() == host.line


def test_the_target_of_a_link_that_was_kept_may_change_and_go(host, tmp_path):
    def run(state='present'):
        return run_module('tmpfiles_acl', lock_file=str(tmp_path / 'lock'), **dict(host.arguments, state=state))
    host.etc.mkdir()
    (tmp_path / 'elsewhere').write_text(host.line)
    (host.etc / 'own.conf').symlink_to(tmp_path / 'elsewhere')
    assert run()['changed']
    # What is written there comes back with the link.
    (tmp_path / 'elsewhere').write_text('# mine\n' + host.line)
    assert not run()['changed'] and run('absent')['in_place'] and (host.etc / 'own.conf').read_text() == '# mine\n' + host.line
    assert (host.etc / 'own.conf').is_symlink() and run()['changed']
    (tmp_path / 'elsewhere').unlink()
    assert run()['in_place'] and 'is gone, damaged or another one' in run('absent')['notes'][0]


def test_existing_groups_are_left_alone(newest, host):
    result = newest.module('tmpfiles_acl', **dict(host.arguments, items=items(EXISTING)))
    assert (result['changed'], result['in_place'], result['in_place_since']) == (False, True, None)
    assert result['groups'] == {EXISTING: os.getgid()}


@pytest.mark.parametrize('group', ['4', '0x4', 'a:b', 'a,b', 'a b', ''])
def test_numbers_and_lists_are_no_groups(newest, host, group):
    result = newest.module('tmpfiles_acl', **dict(host.arguments, items=items(group)))
    assert result['failed']
    assert 'is not the name of a group' in result['msg']


@pytest.mark.parametrize('ours', [False, True])
def test_an_acl_that_is_written_in_a_way_we_do_not_know_is_named(newest, host, ours):
    """libacl parts entries by space as well. Whatever we miss, the real parser does not."""
    odd = 'a+ /var/x - - - - u::rwx g:%s:r\n' % MISSING
    host.vendor.write_text((host.line if ours else '') + odd)
    result = newest.module('tmpfiles_acl', **host.arguments)
    assert result['failed'] and not host.etc.exists()
    assert result['msg'].startswith('systemd-tmpfiles would still reject the ACL "u::rwx g:%s:r" in %s, '
                                    % (MISSING, host.override if ours else host.vendor))


def test_who_is_not_root_is_told(newest, host):
    result = newest.module('tmpfiles_acl', wrap=UNPRIVILEGED, **host.arguments)
    assert result['failed'] and not result['changed']
    assert result['msg'] == ('tmpfiles_acl needs root to write to /etc/tmpfiles.d. Run it with become: true. Nothing was '
                             'changed.')


def test_host_without_systemd_tmpfiles_is_told(each_core, host):
    status, output = each_core.tasks('''
        - loghygiene.rhel.tmpfiles_acl:
            directories: ["{etc}", "{lib}"]
            items: [{{signature_id: x, groups: [{missing}]}}]
          environment:
            PATH: /nonexistent
        '''.format(etc=host.etc, lib=host.lib, missing=MISSING))
    assert status == 2
    assert 'systemd-tmpfiles is not installed: nothing on this host reads tmpfiles.d' in output
    assert not host.etc.exists()


ENTRIES = st.builds(
    '{}{}:{}:{}'.format, st.sampled_from(['', 'd:', 'default:']), st.sampled_from(['g', 'group']),
    st.sampled_from(['', MISSING, EXISTING, '0']), st.sampled_from(['r-x', 'rwx', '---', 'r', 'rw']))


def libacl_takes(acl):
    """Return whether libacl takes this argument (bytes), divided into access and default entries as systemd does."""
    library = ctypes.CDLL('libacl.so.1')
    library.acl_from_text.restype = ctypes.c_void_p
    library.acl_free.argtypes = [ctypes.c_void_p]
    entries = {False: [], True: []}
    for entry in filter(None, acl.split(b',')):
        for prefix in (b'default:', b'd:', b''):
            if entry.startswith(prefix):
                entries[bool(prefix)].append(entry[len(prefix):])
                break
    for part in entries.values():
        made = library.acl_from_text(b','.join(part))
        if not made:
            return False
        library.acl_free(made)
    return True


@given(st.lists(ENTRIES, min_size=1, max_size=6))
def test_libacl_takes_what_is_left_and_took_it_before_unless_the_group_was_named(entries):
    acl = ','.join(entries).encode()
    line = b'a+ /x - - - - ' + acl + b'\n'
    stripped = tmpfiles.strip(line, {MISSING.encode()})
    assert libacl_takes(acl) == (stripped == line)
    assert libacl_takes(stripped[len(b'a+ /x - - - - '):].strip())
