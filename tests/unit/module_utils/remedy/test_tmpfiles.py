# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ACL entries of missing groups leave tmpfiles.d; everything else, and every other file, stays."""
from __future__ import absolute_import, division, print_function

import hashlib
import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _tmpfiles as tmpfiles

__metaclass__ = type

ADM = {b'adm'}

# The lines with an ACL in tmpfiles.d/systemd.conf of each release, as built with the groups adm and wheel, and what its
# build for wheel alone has in their place (RHEL 7 has no such switch). redhat-plumbers/systemd-rhel7 to -rhel10.
D, A, R = b'd:group:adm:r-x,d:group:wheel:r-x', b'group:adm:r-x,group:wheel:r-x', b'group:adm:r--,group:wheel:r--'
D2, A2, R2 = b'd:group:wheel:r-x', b'group:wheel:r-x', b'group:wheel:r--'
OD, OA = b'd:group::r-x,', b'group::r-x,'
RUN, VAR, MINE = b'/run/log/journal', b'/var/log/journal   ', b'/%m'
VENDOR = {
    7: [(b'a+', RUN + MINE, D, D2), (b'A+', RUN + MINE, A, A2), (b'a+', VAR, D, D2), (b'a+', VAR, A, A2),
        (b'a+', b'/var/log/journal/%m', D, D2), (b'a+', b'/var/log/journal/%m', A, A2),
        (b'a+', b'/var/log/journal/%m/system.journal', R, R2)],
    8: [(b'a+', RUN + MINE, D, D2), (b'a+', RUN + MINE, A, A2), (b'a+', RUN + MINE + b'/*.journal*', R, R2),
        (b'a+', VAR, OD + D, OD + D2), (b'a+', VAR, OA + A, OA + A2),
        (b'a+', b'/var/log/journal/%m', D, D2), (b'a+', b'/var/log/journal/%m', A, A2),
        (b'a+', b'/var/log/journal/%m/system.journal', R, R2)],
    9: [(b'a+', RUN + b'   ', OD + D + b',' + OA + A, OD + D2 + b',' + OA + A2),
        (b'a+', RUN + MINE, D + b',' + A, D2 + b',' + A2), (b'a+', RUN + MINE + b'/*.journal*', R, R2),
        (b'a+', VAR, OD + D + b',' + OA + A, OD + D2 + b',' + OA + A2),
        (b'a+', b'/var/log/journal/%m', D + b',' + A, D2 + b',' + A2),
        (b'a+', b'/var/log/journal/%m/system.journal', R, R2)],
    10: [(b'a+', RUN + b'   ', OD + D + b',' + OA + A, OD + D2 + b',' + OA + A2),
         (b'A+', RUN + MINE, D + b',group:adm:r-X,group:wheel:r-X', D2 + b',group:wheel:r-X'),
         (b'a+', VAR, OD + D + b',' + OA + A, OD + D2 + b',' + OA + A2),
         (b'a+', b'/var/log/journal/%m', D + b',' + A, D2 + b',' + A2),
         (b'a+', b'/var/log/journal/%m/system.journal', R, R2)],
}
OTHERS = (b'# See tmpfiles.d(5) for details\n\nd /run/user 0755 root root -\nF! /run/utmp 0664 root utmp -\n'
          b'Z /run/log/journal/%m ~2750 root systemd-journal - -\nd /var/lib/systemd/coredump 0755 root root 3d\n')


def vendor(release, wheel_only=False):
    """The compact text of a release's systemd.conf."""
    return OTHERS + b''.join(b'%s %s - - - - %s\n' % (kind, path, after if wheel_only else before)
                             for kind, path, before, after in VENDOR[release])


def line(acl, kind=b'a+', end=b'\n'):
    return kind + b' /var/log/journal - - - - ' + acl + end


@pytest.mark.parametrize('release', sorted(VENDOR))
def test_vendor_file_becomes_the_one_that_is_built_without_adm(release):
    assert tmpfiles.strip(vendor(release), ADM) == vendor(release, wheel_only=True)


@pytest.mark.parametrize('release, lines', [(7, 7), (8, 8), (9, 6), (10, 5)])
def test_vendor_files_warn_as_often_as_known(release, lines):
    assert sum(b'group:adm:' in text for text in vendor(release).splitlines()) == lines


@pytest.mark.parametrize('release', sorted(VENDOR))
def test_without_both_groups_their_lines_go_and_the_others_stay(release):
    stripped = tmpfiles.strip(vendor(release), {b'adm', b'wheel'})
    kept = [text for text in stripped.splitlines() if b'- - - -' in text]
    assert stripped.startswith(OTHERS)
    assert all(b'group::r-x' in text and b'adm' not in text and b'wheel' not in text for text in kept)
    assert len(kept) == {7: 0, 8: 2, 9: 2, 10: 2}[release]


@pytest.mark.parametrize('entry', [
    b'group:adm:r-x', b'g:adm:r-x', b'default:group:adm:r-x', b'd:group:adm:r-x', b'd:g:adm:r-X', b'default:g:adm:---',
    b' group:adm:r-x ', b'group :adm:r', b'gadm:r', b'groupadm:r', b'g:\\141dm:r', b'group:adm', b'g:adm:rwx'])
def test_entries_that_libacl_reads_as_the_group(entry):
    assert tmpfiles.named_group(entry) == b'adm'
    assert tmpfiles.strip(line(b'u::rwx,' + entry + b',group:wheel:r-x'), ADM) == line(b'u::rwx,group:wheel:r-x')


@pytest.mark.parametrize('entry', [
    b'group:adm2:r-x', b'group:ad:r-x', b'group:ADM:r-x', b'group::r-x', b'group:4:r-x', b'user:adm:r-x', b'u:adm:r-x',
    b'mask::r-x', b'other::---', b'default:user:adm:r-x', b'd:group::r-x', b'GROUP:adm:r-x', b'D:group:adm:r-x', b'adm',
    b'', b'd:', b'group', b'group:xadm:r', b'group:roup:r'])
def test_entries_of_others_stay(entry):
    assert tmpfiles.named_group(entry) != b'adm'
    assert tmpfiles.strip(line(entry), ADM) == line(entry)


@pytest.mark.parametrize('text', [
    b'# a+ /x - - - - group:adm:r-x\n', b' \t# a /x - - - - group:adm:r\n', b'd /x 0755 root adm - group:adm:r-x\n',
    b'w /x - - - - group:adm:r-x\n', b'z /x 0640 root adm - -\n', b't /x - - - - user.a=group:adm:r-x\n',
    b'a+ /x - - - - -\n', b'a+ /x - - -\n', b'a+ /x group:adm:r-x\n', b'a+ "/x - - - - group:adm:r-x\n', b'a\n', b'\n',
    b'a+ group:adm:r-x - - - - user:x:r\n'])
def test_lines_without_such_an_argument_stay(text):
    assert tmpfiles.strip(text, ADM) == text


@pytest.mark.parametrize('kind', [b'a', b'a+', b'A', b'A+', b'a!', b'a+!', b'a-', b'A+-!', b'a=', b'a+^', b'a~', b'a$',
                                  b'"a+"', b'  \ta+'])
def test_every_kind_of_acl_line(kind):
    assert tmpfiles.strip(line(A, kind), ADM) == line(A2, kind)


@pytest.mark.parametrize('start', [
    b'a+ /a\\x20b - - - - ', b'a+ "/a b" - - - - ', b"a+ '/a \"b' - - - - ", b'a+\t/a\t\t-  - - -   ',
    b'a+ /a"b c"d - - - - ', b'a+ /a\\ b - - - - ', b'a+ "/a\\" b" "-" - - - ', b'a+ /\xff\xfe - - - - '])
def test_fields_are_told_apart_as_systemd_does(start):
    assert tmpfiles.strip(start + A + b'\n', ADM) == start + A2 + b'\n'


@pytest.mark.parametrize('end', [b'\n', b'', b'\r\n', b'  \n', b' \t\r\n'])
def test_ends_of_lines_stay(end):
    assert tmpfiles.strip(line(A, end=end), ADM) == line(A2, end=end)
    assert tmpfiles.strip(b'd /x\r\n' + line(b'group:adm:r', end=end), ADM) == b'd /x\r\n'


def test_argument_in_quotes_as_systemd_219_takes_it():
    assert tmpfiles.strip(line(b'"' + A + b'"'), ADM) == line(b'"' + A2 + b'"')
    assert tmpfiles.strip(line(b'"group:adm:r"'), ADM) == b''


def test_empty_entries_do_not_keep_a_line():
    assert tmpfiles.strip(line(b'group:adm:r,,d:group:adm:r, '), ADM) == b''
    assert tmpfiles.strip(line(b'group:wheel:r,,group:adm:r'), ADM) == line(b'group:wheel:r,')


ENTRIES = st.sampled_from([b'group:adm:r-x', b'd:g:adm:r', b'group:wheel:r-x', b'd:group::r-x', b'user:root:rwx',
                           b'm::r', b'g:none:r', b'', b'x'])
LINES = st.one_of(
    st.binary(max_size=40),
    st.builds(lambda kind, path, entries, end: kind + b' ' + path + b' - - - - ' + b','.join(entries) + end,
              st.sampled_from([b'a', b'A+', b'a+!', b'd', b'#a']), st.sampled_from([b'/x', b'"/x y"', b'/%m', b'/\\"']),
              st.lists(ENTRIES, max_size=5), st.sampled_from([b'', b' ', b'\r'])))


@given(st.lists(LINES, max_size=6))
@example([b'a+ /x - - - - group:adm:r-x'])
def test_strip_settles_and_leaves_lines_without_the_name_alone(lines):
    content = b'\n'.join(lines)
    stripped = tmpfiles.strip(content, ADM)
    assert tmpfiles.strip(stripped, ADM) == stripped
    if b'adm' not in content and b'\\' not in content:
        assert stripped == content
    kept = [text for text in content.split(b'\n') if b'adm' not in text and b'\\' not in text]
    assert [text for text in stripped.split(b'\n') if text in kept and text.strip()] == [
        text for text in kept if text.strip()]
    assert tmpfiles.strip(content, set()) == content


def test_rejections_of_every_release_are_read():
    output = (b'Failed to parse ACL "group:adm:r-x": Invalid argument. Ignoring\n'
              b'/x:1: Failed to parse ACL "d:group:adm:r-x,"": No such file or directory. Ignoring\r\n'
              b'Failed to parse ACL "group:tss:r", ignoring: Invalid argument\nFailed to parse line: x\n')
    assert tmpfiles.rejected_acls(output) == [b'group:adm:r-x', b'd:group:adm:r-x,"', b'group:tss:r']
    assert [tmpfiles.mentions(acl, ADM) for acl in tmpfiles.rejected_acls(output)] == [True, True, False]


@pytest.mark.parametrize('acl, expected', [
    (b'group:wheel:r-x group:adm:r-x', True), (b'"g:adm:r"', True), (b'd:group: adm:r', True), (b'gadm:r', True),
    (b'user:adm:r', False), (b'group:adm2:r', False), (b'group:x-adm:r', False), (b'u:x:r,g:wheel:r', False)])
def test_mentions_in_any_spelling(acl, expected):
    assert tmpfiles.mentions(acl, ADM) is expected


def test_override_says_what_it_replaces_and_knows_itself():
    source, content = '/usr/lib/tmpfiles.d/systemd.conf', vendor(9)
    text = tmpfiles.render_override(source, content, {b'adm', b'tss'})
    header, body = text.splitlines()[:5], text.split(b'\n', 5)[5]
    assert body == vendor(9, wheel_only=True)
    assert all(row.startswith(b'# ') for row in header)
    assert source.encode() in header[0]
    assert header[1].endswith(b': adm')
    assert b'To undo, remove this one' in header[2]
    assert hashlib.sha256(content).hexdigest().encode() in header[3]
    assert tmpfiles.parse_override(text) == (source, ADM, hashlib.sha256(content).hexdigest().encode(), [])


@pytest.mark.parametrize('edit', [
    lambda text: text + b'\n', lambda text: text.replace(b'3d', b'9d'), lambda text: text[1:],
    lambda text: b'#\n' + text, lambda text: text.split(b'\n', 5)[5], lambda text: b''])
def test_an_edited_override_is_not_ours_any_more(edit):
    text = tmpfiles.render_override('/usr/lib/tmpfiles.d/systemd.conf', vendor(9), ADM)
    assert tmpfiles.parse_override(edit(text)) is None


@given(st.binary())
def test_overrides_of_any_text_are_recognised(content):
    override = tmpfiles.parse_override(tmpfiles.render_override('/usr/lib/x.conf', content, ADM))
    assert override.source_sha256 == hashlib.sha256(content).hexdigest().encode()


class Host:
    """A host's four directories below a temporary one."""

    def __init__(self, root):
        self.root = root
        self.directories = [os.path.join(root, part) for part in ('etc', 'run', 'local', 'lib')]
        for directory in self.directories:
            os.mkdir(directory)

    def path(self, name):
        return os.path.join(self.root, name)

    def put(self, name, content):
        with open(self.path(name), 'wb') as target:
            target.write(content)
        return self.path(name)

    @staticmethod
    def read(path):
        with open(path, 'rb') as source:
            return source.read()

    def plan(self, missing=frozenset(ADM)):
        return tmpfiles.plan(self.directories, missing, self.read)

    def apply(self, missing=frozenset(ADM)):
        result = self.plan(missing)
        for change in result.changes:
            self.put(change.path, change.after)
        return result

    def undo(self, kept=None, groups=frozenset(ADM), staying=frozenset()):
        changes, notes = tmpfiles.undo(self.directories, groups, self.read, (kept or {}).get, staying)
        return [(change.path, change.after) for change in changes], notes


@pytest.fixture
def host(tmpdir, monkeypatch):
    made = Host(str(tmpdir))
    monkeypatch.setattr(tmpfiles, 'RUNTIME', made.path('run') + '/')
    return made


def test_clean_host_needs_nothing(host):
    host.put('lib/systemd.conf', vendor(9, wheel_only=True))
    host.put('etc/own.conf', OTHERS)
    assert host.plan() == ([], [], [], [], [])


def test_existing_groups_need_nothing(host):
    host.put('lib/systemd.conf', vendor(9))
    assert host.plan(frozenset()) == ([], [], [], [], [])


def test_vendor_file_is_overridden_once(host):
    source = host.put('lib/systemd.conf', vendor(9))
    host.put('lib/other.conf', OTHERS)
    target = host.path('etc/systemd.conf')
    result = host.apply()
    assert result == ([(target, None, tmpfiles.render_override(source, vendor(9), ADM))], [target], [], [], [])
    assert host.plan() == ([], [target], [], [], [])
    assert host.read(source) == vendor(9)


def test_the_effective_vendor_file_is_overridden(host):
    host.put('lib/x.conf', line(b'group:adm:r'))
    source = host.put('local/x.conf', line(A))
    assert tmpfiles.parse_override(host.apply().changes[0].after).source == source


def test_vendor_file_that_changed_is_told_and_followed(host):
    source = host.put('lib/systemd.conf', vendor(9))
    host.apply()
    host.put('lib/systemd.conf', vendor(10))
    result = host.apply()
    target = host.path('etc/systemd.conf')
    assert result.vendor_changed == [source]
    assert host.read(target) == tmpfiles.render_override(source, vendor(10), ADM)
    assert host.plan() == ([], [target], [], [], [])


def test_vendor_file_that_is_gone_is_told(host):
    source = host.put('lib/systemd.conf', vendor(9))
    host.apply()
    os.unlink(source)
    result = host.plan()
    assert (result.changes, result.vendor_changed) == ([], [])
    assert result.notes == ['%s replaces %s, which is gone: remove the override.'
                            % (host.path('etc/systemd.conf'), source)]


def test_group_that_is_back_is_told_and_the_override_stays_up_to_date(host):
    host.put('lib/systemd.conf', vendor(9))
    host.apply()
    result = host.plan(frozenset())
    assert (result.changes, len(result.notes)) == ([], 1)
    assert 'still leaves out the ACL entries of adm, which this host has' in result.notes[0]
    host.put('lib/systemd.conf', vendor(10))
    result = host.apply(frozenset())
    assert len(result.vendor_changed) == 1
    assert host.read(host.path('etc/systemd.conf')).endswith(vendor(10, wheel_only=True))


def test_own_file_is_edited_in_place_whether_it_hides_one_or_not(host):
    host.put('lib/systemd.conf', vendor(9))
    hiding = host.put('etc/systemd.conf', b'# mine\xff\n' + line(A))
    alone = host.put('etc/own.conf', line(A) + OTHERS)
    assert host.plan() == ([(alone, line(A) + OTHERS, line(A2) + OTHERS),
                            (hiding, b'# mine\xff\n' + line(A), b'# mine\xff\n' + line(A2))], [], [], [], [])


def test_edited_override_is_the_administrators(host):
    host.put('lib/systemd.conf', vendor(9))
    host.apply()
    path = host.path('etc/systemd.conf')
    edited = host.read(path) + line(A)
    host.put('etc/systemd.conf', edited)
    result = host.plan()
    assert (result.changes, result.overrides, result.kept) == ([], [], [path])
    assert result.notes == ['%s was written by loghygiene and edited since: it stays.' % path,
                            '%s has ACL entries of groups that this host does not have. Correct it, or move it away and run this again.' % path]


@pytest.mark.parametrize('target', ['/dev/null', '/no/such/file'])
def test_masked_file_stays_masked(host, target):
    host.put('lib/systemd.conf', vendor(9))
    os.symlink(target, host.path('etc/systemd.conf'))
    assert host.plan() == ([], [], [], [], [])


def test_empty_file_masks_too(host):
    host.put('lib/systemd.conf', vendor(9))
    host.put('etc/systemd.conf', b'')
    assert host.plan() == ([], [], [], [], [])


def test_file_below_run_is_edited_and_said_to_be_gone_at_boot(host):
    host.put('lib/x.conf', line(A))
    path = host.put('run/x.conf', line(A))
    result = host.plan()
    assert result.changes == [(path, line(A), line(A2))]
    assert result.notes == ['%s lasts until the next boot only: see to what writes it.' % path]


def test_file_below_run_hides_a_vendor_file_that_names_the_group(host):
    host.put('lib/x.conf', line(A))
    host.put('run/x.conf', OTHERS)
    assert host.plan().changes == []


def test_symbolic_link_becomes_a_file_and_its_target_stays(host):
    target = host.put('elsewhere', line(A))
    os.symlink(target, host.path('etc/x.conf'))
    result = host.plan()
    assert result.changes == [(host.path('etc/x.conf'), line(A), line(A2))]
    assert 'was a link to %s' % target in result.notes[0]


def test_only_conf_files_count(host):
    host.put('lib/x.conf.rpmnew', line(A))
    host.put('etc/.x.conf.abc.tmp', line(A))
    os.rmdir(host.path('local'))
    assert host.plan() == ([], [], [], [], [])


def test_undo_removes_ours_and_restores_what_we_edited(host):
    host.put('lib/systemd.conf', vendor(9))
    edited = host.put('etc/own.conf', line(A))
    changed = host.put('etc/changed.conf', line(A))
    host.put('etc/untouched.conf', OTHERS)
    host.apply()
    host.put('etc/changed.conf', b'# since\n')
    kept = {edited: line(A), changed: line(A)}
    assert host.undo(kept) == ([(edited, line(A)), (host.path('etc/systemd.conf'), None)],
                               ['%s was edited since its original was kept: it stays.' % changed])


def test_undo_leaves_an_edited_override(host):
    host.put('lib/systemd.conf', vendor(9))
    host.apply()
    path = host.path('etc/systemd.conf')
    host.put('etc/systemd.conf', host.read(path) + b'#\n')
    assert host.undo() == ([], ['%s was written by loghygiene and edited since: it stays. Remove it by hand.' % path])


def test_a_group_that_was_there_is_no_edit(host):
    edited = host.put('etc/own.conf', line(A))
    host.apply()
    assert host.undo({edited: line(A)}, {b'adm', b'wheel'}) == ([(edited, line(A))], [])


@pytest.mark.parametrize('now, expected', [
    (line(A), set()), (tmpfiles.strip(line(A), ADM), set(ADM)), (b'# mine\n' + line(A), None), (b'# mine\n' + tmpfiles.strip(line(A), ADM), None),
    (b'', None)])
def test_what_was_left_out_of_an_original(now, expected):
    """Whoever emptied the file did not leave out the one group that was missing."""
    assert tmpfiles.left_out(line(A), now, set(ADM)) == expected
    assert now == b'' or tmpfiles.left_out(line(A), now) == expected


def test_what_others_want_left_out_stays_left_out(host):
    both = {b'adm', b'wheel'}
    host.put('lib/systemd.conf', vendor(9))
    host.put('lib/wheel.conf', line(R2))
    edited = host.put('etc/own.conf', line(A + b',group:other:r-x'))
    host.apply(both)
    changes, notes = host.undo({edited: line(A + b',group:other:r-x')}, both, {b'wheel'})
    after = dict(changes)
    assert notes == [] and sorted(after) == [edited, host.path('etc/systemd.conf')]
    assert after[edited] == line(b'group:adm:r-x,group:other:r-x')
    override = tmpfiles.parse_override(after[host.path('etc/systemd.conf')])
    assert override.groups == {b'wheel'} and b'group:adm:' in after[host.path('etc/systemd.conf')]
    for path, text in changes:
        with open(path, 'wb') as target:
            target.write(text)
    again = host.plan({b'wheel'})
    assert again.changes == [] and host.undo({edited: line(A + b',group:other:r-x')}, both, {b'wheel'}) == ([], [])


# --- lines and entries that tmpfiles_override leaves out or changes

def edit(type=None, path=None, acl=None, line=None, ids=('sig',)):
    return tmpfiles.Edit(type, path, acl, line, ids)


RUN = edit('d', '/run/user')


@pytest.mark.parametrize('text, asked, after', [
    (b'd /run/user 0755\nd /run/users 0755\n', RUN, b'd /run/users 0755\n'),
    (b'D /run/user\nd! /run/user\nd /run/user/ \n# d /run/user\n', RUN, None),
    (b'"d"  \t"/run/user" - -\nx /y\n', RUN, b'x /y\n'), (b"d '/run/u'ser", RUN, b''), (b'd /run/us\\er -\r\n', RUN, b''),
    (b'd /a\nd /run/user 0777 - -\r\n#\n', RUN._replace(line='d /run/user 0755 - -'), b'd /a\nd /run/user 0755 - -\r\n#\n'),
    (b'a+ /x - - - - g:a:r,d:g:a:r,u:a:r\na /y - - - - g:a:r\nw /z - - - - g:a:r\n', edit(acl='group:a'),
     b'a+ /x - - - - u:a:r\nw /z - - - - g:a:r\n'),
    (b'a+ /x - - - - u:a:r,g:a:r,u::rwx\n', edit(acl='user:a'), b'a+ /x - - - - g:a:r,u::rwx\n'),
    (b'a+ /x - - - - g:a:r\na+ /y - - - - g:a:r\n', edit('a+', '/y', 'group:a'), b'a+ /x - - - - g:a:r\n')])
def test_edits_change_the_lines_they_name_and_no_other(text, asked, after):
    after = text if after is None else after
    assert tmpfiles.edited(text, (), [asked]) == after
    assert tmpfiles.edited(after, (), [asked]) == after


@given(st.binary(), st.sampled_from([RUN, edit(acl='group:adm'), RUN._replace(line='d /run/user 0755 root root -')]))
@example(b'd /run/user', RUN)
def test_overrides_with_edits_of_any_text_are_recognised(content, asked):
    text = tmpfiles.render_override('/usr/lib/x.conf', content, set(), [asked])
    held = tmpfiles.parse_override(text)
    assert held.edits == ([asked] if tmpfiles.edited(content, (), [asked]) != content else [])
    assert held.source_sha256 == hashlib.sha256(content).hexdigest().encode()
    assert text.endswith(tmpfiles.edited(content, (), [asked]))


@pytest.mark.parametrize('broken', [b'"x"', b'["x"]', b'{}', b'{"signature_ids": 1}', b'[', b'{"signature_ids": ["a"], "path": "\\ud800"} x', b'\xff'])
def test_a_header_that_was_edited_is_not_ours(broken):
    text = tmpfiles.render_override('/usr/lib/x.conf', vendor(9), set(), [RUN])
    start, rest = text.split(b'# change: ', 1)
    assert tmpfiles.parse_override(start + b'# change: ' + broken + b'\n' + rest.split(b'\n', 1)[1]) is None


def test_a_change_that_somebody_wrote_into_the_header_is_not_ours():
    text = tmpfiles.render_override('/usr/lib/x.conf', b'd /var/run/a 0700\n', set(), [edit('d', '/var/run/a', line='d /run/a 0700')])
    assert tmpfiles.parse_override(text) and tmpfiles.parse_override(text.replace(b'/run/a 0700"', b'/run/a 0777"')) is None


def test_one_override_serves_both_kinds_and_each_undoes_its_own(host):
    source, target = host.put('lib/systemd.conf', vendor(9)), host.path('etc/systemd.conf')
    host.apply()
    alone = host.read(target)
    held = tmpfiles.parse_override(alone)
    result = tmpfiles.Plan([], [], [], [], [])
    tmpfiles.follow(result, target, alone, held, [source], held.groups, [RUN], host.read)
    both = host.put('etc/systemd.conf', result.changes[0].after)
    assert b'/run/user' not in host.read(both).split(b'\n', 7)[7] and b'group:adm' not in host.read(both)
    assert host.plan().changes == []
    # The vendor's update is followed with both.
    host.put('lib/systemd.conf', vendor(10))
    host.apply()
    held = tmpfiles.parse_override(host.read(target))
    assert (held.groups, held.edits) == (ADM, [RUN])
    changes, notes = tmpfiles.undo_edits(host.directories, {'sig'}, host.read)
    assert notes == [] and changes[0].after == tmpfiles.render_override(source, vendor(10), ADM)
    assert tmpfiles.undo_edits(host.directories, {'other'}, host.read) == ([], [])
    (path, after), = host.undo()[0]
    assert tmpfiles.parse_override(after).edits == [RUN] and b'group:adm:' in after
    host.put('etc/systemd.conf', after)
    assert host.undo() == ([], [])
    assert tmpfiles.undo_edits(host.directories, None, host.read)[0] == [(target, after, None)]
    host.put('etc/systemd.conf', after + b'#\n')
    assert tmpfiles.undo_edits(host.directories, None, host.read) == (
        [], ['%s was written by loghygiene and edited since: it stays. Remove it by hand.' % path])
    assert host.undo() == ([], [])


def test_a_vendor_file_that_needs_no_override_any_more_gets_none(host):
    source = host.put('lib/systemd.conf', vendor(9))
    host.apply()
    host.put('lib/systemd.conf', vendor(9, wheel_only=True))
    result = host.plan()
    assert (result.overrides, result.vendor_changed) == ([], [source])
    assert [change.after for change in result.changes] == [None]


def test_an_edited_override_stays_and_a_vendor_file_that_changed_since_is_told(host):
    source = host.put('lib/systemd.conf', vendor(9))
    host.apply()
    path = host.path('etc/systemd.conf')
    host.put('etc/systemd.conf', host.read(path) + b'# mine\n')
    assert (host.plan().changes, host.plan().kept, len(host.plan().notes)) == ([], [], 1)
    host.put('lib/systemd.conf', vendor(10))
    result = host.plan()
    assert (result.changes, result.kept) == ([], [])
    assert result.notes[1:] == ['%s changed since it was overridden. Compare them.' % source]


@pytest.mark.parametrize('release', sorted(VENDOR))
def test_the_paths_of_the_lines_that_name_a_group(release):
    paths = tmpfiles.acl_paths(vendor(release), ADM)
    assert paths == set(path.strip() for _kind, path, _before, _after in VENDOR[release])
    assert tmpfiles.acl_paths(vendor(release, wheel_only=True), ADM) == set()
