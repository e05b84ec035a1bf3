# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading, checking and selecting: what is wrong in a user's catalog is told by file, key and remedy, all at once."""
from __future__ import annotations

import contextlib
import copy
import json
import os
import re
import sys
import time

import pytest

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog, _guard_memory, _safe_regex as safe_regex
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog.catalog import CatalogError, load

SHIPPED = [signature['id'] for signature in load()]
BOTH = {'en': 'text', 'ko': '글'}

# A signature of an administrator's own, as small as it may be.
AGENT = {
    'id': 'acme-agent-idle', 'revision': 1, 'title': BOTH, 'class': 'benign', 'disposition': 'explain',
    'match': {'identifiers': ['acme-agent'], 'literal': 'no work to do', 'regex': '^no work to do in [0-9]+ s$',
              'priority': 'warning'},
    'applies': {'el': [8, 9]}, 'cause': BOTH, 'advice': BOTH, 'vanishes_from': [], 'verify': {'trigger': 'none'},
    'references': [{'source': 'ACME handbook', 'read': '2026-11-22'}], 'controls': [],
    'governance': {'owner': 'us', 'expires': '2027-11-22'},
    'tests': {'positive': [{'text': 'no work to do in 60 s', 'identifier': 'acme-agent', 'el': 9}],
              'negative': [{'text': 'no work to do in 60 s, giving up', 'why': 'It stopped.'}]},
}
# The same as a divert: text of the kernel.
DRIVER = dict(copy.deepcopy(AGENT), id='acme-driver-idle', disposition='divert', vanishes_from=['messages'],
              remedy={'role': 'syslog_exclusions', 'requires': 'restart', 'side_effects': BOTH})
DRIVER['match'] = {'transport': ['kernel'], 'literal': 'acme: no work', 'regex': '^acme: no work to do in [0-9]+ s$',
                   'priority': 'info'}
DRIVER['tests'] = {'positive': [{'text': 'acme: no work to do in 60 s', 'identifier': 'kernel'}],
                   'negative': [{'text': 'acme: no work to do in 60 s, reset', 'why': 'It failed.'}]}


def changed(base, **changes):
    """A copy of a signature with other values; a key such as match__regex reaches into it, None deletes."""
    signature = copy.deepcopy(base)
    for key, value in changes.items():
        parent = signature
        path = key.split('__')
        for part in path[:-1]:
            parent = parent[part]
        if value is None:
            del parent[path[-1]]
        else:
            parent[path[-1]] = value
    return signature


@pytest.fixture
def folder(tmp_path):
    """Writes files (a signature as JSON, which is YAML) into a user catalog; returns its path as str."""
    def write(*signatures, **files):
        for signature in signatures:
            files['%s.yml' % signature['id']] = signature
        for name, content in files.items():
            path = tmp_path / name.replace('__', '.')
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False),
                                encoding='utf-8')
        return str(tmp_path)
    return write


def problems(*paths, **options):
    """The problems that loading these folders names, one a line; [] if there are none."""
    try:
        load(paths=list(paths), **options)
    except CatalogError as error:
        lines = str(error).split('\n')
        assert re.match(r'The catalog has \d+ problems?:$', lines[0])
        assert lines[0] == 'The catalog has %d problem%s:' % (len(lines) - 1, '' if len(lines) == 2 else 's')
        return [line[2:] for line in lines[1:]]
    return []


# --- loading ---

def test_the_shipped_catalog_loads_in_the_order_of_ids():
    assert SHIPPED == sorted(SHIPPED)
    assert all(signature['match'] and signature['tests'] for signature in load())


def test_what_is_loaded_is_plain_json():
    signatures = load()
    assert json.loads(json.dumps(signatures)) == signatures
    assert isinstance(signatures[0]['references'][0]['read'], str)


def test_a_run_loads_a_catalog_once_and_again_when_it_is_another(folder, monkeypatch, tmp_path_factory):
    monkeypatch.setattr(catalog.constants, 'DEFAULT_LOCAL_TMP', str(tmp_path_factory.mktemp('run')))
    path = folder(AGENT)
    calls = []
    monkeypatch.setattr(catalog, 'load', lambda paths, remember: calls.append(paths) or load(paths))
    whole = catalog.of_run([path])
    assert len(whole) == len(SHIPPED) + 1 and catalog.of_run([path]) == whole and calls == [[path]]
    assert len(catalog.of_run([])) == len(SHIPPED)
    folder(DRIVER)
    assert catalog.of_run([path]) == load([path]) and len(calls) == 3
    os.unlink(os.path.join(path, 'acme-driver-idle.yml'))
    assert catalog.of_run([path]) == whole


OWN_RECORDS = {'class': 'own', 'about': 'What ACME says of its safe.', 'records': [
    {'what': 'an opened safe', 'identifiers': ['acme-safe'], 'source': 'ACME handbook', 'texts': ['door {number} opened by {word}']}]}


class TestWhatTheGuardRemembers:
    """A run asks the guard only for what has not passed in an earlier one, under the same protected records."""

    @pytest.fixture(autouse=True)
    def home(self, monkeypatch, tmp_path):
        monkeypatch.setattr(catalog.constants, 'ANSIBLE_HOME', str(tmp_path / 'home'))
        return tmp_path / 'home' / 'loghygiene'

    @pytest.fixture
    def asked(self, monkeypatch):
        """The ids that the guard was asked for."""
        asked = []
        real = catalog.guard.refusals
        catalog._refusals.cache_clear()
        monkeypatch.setattr(catalog.guard, 'refusals', lambda signature, *more: asked.append(signature['id']) or real(signature, *more))
        yield asked
        catalog._refusals.cache_clear()

    def again(self, asked, *paths):
        """What a run in a process of its own asks for."""
        del asked[:]
        catalog._refusals.cache_clear()
        with contextlib.suppress(CatalogError):
            load(list(paths), remember=True)
        return sorted(asked)

    def test_what_passed_is_not_looked_at_again(self, asked, folder, home):
        path = folder(AGENT)
        assert self.again(asked, path) == sorted(SHIPPED + [AGENT['id']])
        assert self.again(asked, path) == self.again(asked) == []
        assert load([path], remember=True) == load([path])
        assert [one.stat().st_mode & 0o777 for one in (home, *home.iterdir())] == [0o700, 0o600]
        # A signature that is another one now, the same under another protected record, and the same under other code.
        changed = dict(AGENT, revision=AGENT['revision'] + 1)
        assert self.again(asked, folder(changed)) == [AGENT['id']]
        os.mkdir(os.path.join(path, 'protected'))
        with open(os.path.join(path, 'protected', 'own.yml'), 'w', encoding='utf-8') as stream:
            json.dump(OWN_RECORDS, stream)
        assert self.again(asked, path) == sorted(SHIPPED + [AGENT['id']]) and self.again(asked, path) == []
        assert self.again(asked) == []

    def test_what_is_refused_is_looked_at_each_time(self, asked, folder):
        wide = dict(copy.deepcopy(AGENT), match=dict(AGENT['match'], regex='no work to do.*'))
        assert self.again(asked) == SHIPPED
        for dummy in range(2):
            assert self.again(asked, folder(wide)) == [AGENT['id']]

    @pytest.mark.parametrize('damage', [
        lambda path: path.write_text('[[]'), lambda path: path.write_text('{}'), lambda path: path.write_bytes(b'\xff'),
        lambda path: path.chmod(0o620), lambda path: path.parent.chmod(0o770), lambda path: path.write_text('[1, {}, []]'),
        lambda path: (path.unlink(), path.mkdir()), lambda path: (path.unlink(), os.mkfifo(path)),
        lambda path: (path.rename(path.parent / 'other'), path.symlink_to(path.parent / 'other'))])
    def test_what_others_could_have_written_or_is_damaged_counts_for_nothing(self, asked, home, damage):
        assert self.again(asked) == SHIPPED and self.again(asked) == []
        path, = home.iterdir()
        damage(path)
        assert self.again(asked) == SHIPPED

    def test_where_nothing_can_be_kept_the_guard_looks_again(self, asked, home):
        home.parent.mkdir()
        home.write_text('no folder')
        assert self.again(asked) == self.again(asked) == SHIPPED

    def test_other_code_looks_again(self, asked, monkeypatch):
        assert self.again(asked) == SHIPPED
        monkeypatch.setattr(_guard_memory, '_code', lambda: 'another version')
        assert self.again(asked) == SHIPPED

    def test_few_files_are_kept(self, asked, home, monkeypatch):
        for number in range(_guard_memory.MOST + 3):
            monkeypatch.setattr(_guard_memory, '_code', lambda number=number: str(number))
            load(remember=True)
        assert len(list(home.iterdir())) == _guard_memory.MOST


def test_where_a_run_has_no_place_for_it_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(catalog.constants, 'DEFAULT_LOCAL_TMP', str(tmp_path / 'gone'))
    with pytest.raises(CatalogError) as error:
        catalog.of_run([])
    assert str(tmp_path / 'gone') in str(error.value) and 'No such file or directory' in str(error.value) and 'local_tmp' in str(error.value)


def test_what_a_caller_changes_is_not_loaded_next_time():
    load()[0]['match']['regex'] = 'x'
    assert load()[0]['match']['regex'] != 'x'


def test_a_user_catalog_adds_signatures(folder):
    path = folder(AGENT, DRIVER)
    assert [one['id'] for one in load(paths=[path])] == sorted(SHIPPED + ['acme-agent-idle', 'acme-driver-idle'])
    assert load(paths=[path], ids=['acme-agent-idle']) == [AGENT]


def test_a_user_signature_overrides_a_shipped_one_as_a_whole(folder):
    path = folder(changed(AGENT, id='rtkit-canary-starving'))
    signatures = load(paths=[path])
    assert [one['id'] for one in signatures] == SHIPPED
    assert signatures[SHIPPED.index('rtkit-canary-starving')]['match'] == AGENT['match']


def test_later_folders_override_earlier_ones(tmp_path):
    for name in ('a', 'b'):
        (tmp_path / name).mkdir()
        (tmp_path / name / 'acme-agent-idle.yaml').write_text(json.dumps(changed(AGENT,
                                                                                 title={'en': name, 'ko': name})))
    paths = [str(tmp_path / 'a'), str(tmp_path / 'b')]
    assert load(paths=paths, ids=['acme-agent-idle'])[0]['title']['en'] == 'b'
    assert load(paths=paths[::-1], ids=['acme-agent-idle'])[0]['title']['en'] == 'a'


def test_a_pipe_is_not_waited_for(folder):
    path = folder(AGENT)
    os.mkfifo(os.path.join(path, 'pipe.yml'))
    assert [text.partition('pipe.yml: ')[2] for text in problems(path)] == ['is not a regular file; move it away']


def test_files_that_are_no_signatures_are_left_alone(folder):
    path = folder(AGENT, **{'README__md': 'x', '.hidden__yml': '[', 'x__json': '{'})
    assert problems(path) == []


@pytest.mark.parametrize('name, meant', [
    ('acme-idle.YML', 'acme-idle.yml'), ('acme-idle.Yaml', 'acme-idle.yaml'), ('acme-idle.yml~', 'acme-idle.yml'),
    ('acme-idle.yml.rpmsave', 'acme-idle.yml'), ('acme-idle.yaml.bak', 'acme-idle.yaml'), ('acme-idle.yml.YML', 'acme-idle.yml')])
def test_a_file_that_is_almost_a_signature_is_told(folder, tmp_path, name, meant):
    path = folder(AGENT)
    for below in ('acme', 'protected'):
        (tmp_path / below).mkdir()
        (tmp_path / below / name).write_text('not read')
    told = '{}/%s/{}: is not read, because its name does not end in .yml or .yaml; name it {} if it is to be read, else move it out of this ' \
        'folder'.format(path, name, meant)
    assert problems(path) == [told % 'acme', told % 'protected']
    assert problems(path + '/acme', path + '/acme') == [told % 'acme']


def test_the_catalog_is_found_wherever_the_collection_lies(tmp_path, collection, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert os.path.realpath(catalog.CATALOG_DIR) == os.path.realpath(os.path.join(collection, 'catalog'))
    assert load()


def test_loading_is_quick(folder):
    """A catalog of two hundred signatures; seen: a second."""
    for number in range(190):
        folder(changed(AGENT, id='acme-%d' % number, match__identifiers=['acme-%d' % number], tests={
            'positive': [{'text': 'no work to do in 60 s', 'identifier': 'acme-%d' % number}],
            'negative': AGENT['tests']['negative']}))
    path = folder()
    before = time.process_time()
    assert len(load(paths=[path])) == 190 + len(load())
    assert time.process_time() - before < 20


# --- files ---

@pytest.mark.parametrize('content, expected', [
    (b'', 'is empty; write a signature into it (see docs/signatures.md), or remove it'),
    (b'# only a comment\n---\n', 'is empty; write a signature into it (see docs/signatures.md), or remove it'),
    (b'id: x\ntitle: \xb0\xa1\n', 'is not UTF-8 (line 2, byte 14 of the file); save it as UTF-8'),
    (b'- id: x\n', 'must be a mapping of keys, not a list or a text; see docs/signatures.md'),
    (b'id: x\nmatch: {literal: [\n',
     'is not YAML that can be read: line 3, column 1: '),
    (b'id: x\n  title: y\n',
     'is not YAML that can be read: line 2, column 8: mapping values are not allowed'),
    (b'id: x\n---\nid: y\n',
     'is not YAML that can be read: line 2, column 1: but found another document; correct it there'),
    (b'id: x\nmatch:\n  regex: a\n  literal: b\n  regex: c\n',
     'is not YAML that can be read: line 5, column 3: the key `regex` stands here a second time; remove one; '
     'correct it there'),
    (b'id: x\n7: y\n',
     'is not YAML that can be read: line 2, column 1: this key is not text; quote it; correct it there'),
    (b'id: x\na: &a {b: c}\nd: *a\n',
     'is not YAML that can be read: line 2, column 4: this value is used again elsewhere by an '
     'alias (*name); write it out there; correct it there'),
    (b'id: x\na: &a {b: c}\nd:\n  <<: {e: f}\n', 'is not YAML that can be read: line 4, column 3: merges (<<) are not '
     'allowed; write the keys out; correct it there'),
    (b'id: x\na: !!binary aGk=\n',
     'is not YAML that can be read: line 2, column 4: the tag tag:yaml.org,2002:binary is not '
     'allowed; write plain data; correct it there'),
    (b'id: !vault |\n  x\n',
     'is not YAML that can be read: line 1, column 5: the tag !vault is not allowed; write plain data; correct it '
     'there'),
    (b'id: x\x00\n', 'is not YAML that can be read: '),
    (b'revision: ' + b'9' * 5000, 'is not YAML that can be read: '),
    (b'[' * 5000, 'is not YAML that can be read: '),
])
def test_a_file_that_cannot_be_read_is_told_by_name_line_and_remedy(folder, content, expected):
    path = folder(broken__yml=content)
    found = problems(path)
    assert len(found) == 1
    assert found[0].startswith('%s/broken.yml: %s' % (path, expected)), found[0]


def test_a_byte_order_mark_is_no_error(folder):
    assert problems(folder(**{'acme-agent-idle__yml': b'\xef\xbb\xbf' + json.dumps(AGENT).encode()})) == []


def test_a_folder_in_the_place_of_a_file_is_told(folder, tmp_path):
    (tmp_path / 'x.yml').mkdir()
    assert problems(folder()) == [
        '%s/x.yml: is not a regular file; move it away' % tmp_path]


def test_an_unreadable_file_is_told(folder, tmp_path, monkeypatch):
    path = folder(AGENT)
    real = open

    def refuse(name, *args, **kwargs):
        if str(name).startswith(path):
            raise PermissionError(13, 'Permission denied')
        return real(name, *args, **kwargs)
    monkeypatch.setattr('builtins.open', refuse)
    assert problems(path) == [
        '%s/acme-agent-idle.yml: cannot be read (Permission denied); correct its permissions, or move it away' % path]


@pytest.mark.parametrize('name, expected', [
    ('nowhere', 'the folder of signatures cannot be read (No such file or directory); correct the path in `paths` '
     '(log_hygiene_catalog_paths), or its permissions'),
    ('file.yml', 'is a file; give the folder it is in: correct the path in `paths` (log_hygiene_catalog_paths)'),
    ('empty',
     'holds no signature (no *.yml, no *.yaml); correct the path in `paths` (log_hygiene_catalog_paths), or put '
     'one there'),
])
def test_a_folder_that_is_none_is_told(tmp_path, name, expected):
    (tmp_path / 'file.yml').write_text('x')
    (tmp_path / 'empty').mkdir()
    assert problems(str(tmp_path / name)) == ['%s/%s: %s' % (tmp_path, name, expected)]


def test_an_id_that_is_not_the_name_of_its_file_is_told(folder):
    path = folder(other__yml=AGENT)
    assert problems(path) == ['%s/other.yml: key `id`: is acme-agent-idle, but the file is named other; they must be '
                              'equal: rename one' % path]


def test_an_id_given_twice_in_one_folder_is_told(folder):
    path = folder(**{'acme-agent-idle__yaml': AGENT, 'acme-agent-idle__yml': AGENT})
    assert problems(path) == [
        '{0}/acme-agent-idle.yml: key `id`: acme-agent-idle is the id of {0}/acme-agent-idle.yaml too; every signature '
        'has its own, equal to the name of its file'.format(path)]


def ids(*paths):
    return sorted(one['id'] for one in catalog.load(paths) if one['id'].startswith('acme'))


def test_folders_below_are_read_whatever_their_depth(folder, tmp_path):
    path = folder(AGENT)
    (tmp_path / 'acme' / 'driver').mkdir(parents=True)
    (tmp_path / 'acme' / 'driver' / 'acme-driver-idle.yml').write_text(json.dumps(DRIVER))
    assert ids(path) == ['acme-agent-idle', 'acme-driver-idle']


def test_an_id_given_twice_in_two_folders_of_a_catalog_is_told(folder, tmp_path):
    path = folder()
    for name in ('agent', 'older'):
        (tmp_path / name).mkdir()
        (tmp_path / name / 'acme-agent-idle.yml').write_text(json.dumps(AGENT))
    assert problems(path) == [
        '{0}/older/acme-agent-idle.yml: key `id`: acme-agent-idle is the id of {0}/agent/acme-agent-idle.yml too; every '
        'signature has its own, equal to the name of its file'.format(path)]
    # In two catalogs it is an override, wherever it lies in each.
    assert ids(str(tmp_path / 'agent'), str(tmp_path / 'older')) == ['acme-agent-idle']


def test_what_is_hidden_or_no_signature_is_passed_over_in_every_folder(folder, tmp_path):
    path = folder(AGENT)
    (tmp_path / 'acme').mkdir()
    (tmp_path / '.git').mkdir()
    for name in ('.git/config.yml', 'acme/.acme-driver-idle.yml', 'acme/README.md'):
        (tmp_path / name).write_text('- no signature')
    assert ids(path) == ['acme-agent-idle']
    assert problems(str(tmp_path / 'acme')) == [
        '%s/acme: holds no signature (no *.yml, no *.yaml); correct the path in `paths` (log_hygiene_catalog_paths), or put '
        'one there' % tmp_path]


def test_protected_is_a_folder_of_its_own_at_the_top_only(folder, tmp_path):
    path = folder(AGENT)
    (tmp_path / 'protected').mkdir()
    (tmp_path / 'protected' / 'none.txt').write_text('')
    assert problems(path) == ['%s/protected: holds no protected records (no *.yml, no *.yaml); put some there, or remove it' % path]
    (tmp_path / 'protected').rename(tmp_path / 'acme')
    (tmp_path / 'acme' / 'protected').mkdir()
    (tmp_path / 'acme' / 'protected' / 'acme-driver-idle.yml').write_text(json.dumps(DRIVER))
    assert ids(path) == ['acme-agent-idle', 'acme-driver-idle']


def test_links_between_folders_are_followed_and_end(folder, tmp_path):
    path = folder(AGENT)
    other = tmp_path.parent / (tmp_path.name + '-other')
    (other / 'deep').mkdir(parents=True)
    (other / 'deep' / 'acme-driver-idle.yml').write_text(json.dumps(DRIVER))
    (tmp_path / 'linked').symlink_to(other)
    (tmp_path / 'twice').symlink_to(other / 'deep')
    (tmp_path / 'itself').symlink_to('itself')
    (other / 'deep' / 'upwards').symlink_to(tmp_path)
    (other / 'round').symlink_to('.')
    assert ids(path) == ['acme-agent-idle', 'acme-driver-idle']


def test_a_folder_below_that_cannot_be_read_is_told(folder, tmp_path, monkeypatch):
    path = folder(AGENT)
    (tmp_path / 'acme').mkdir()
    real = os.listdir

    def refuse(name):
        if str(name).endswith('/acme'):
            raise PermissionError(13, 'Permission denied', name)
        return real(name)
    monkeypatch.setattr('os.listdir', refuse)
    assert problems(path) == ['%s/acme: the folder cannot be read (Permission denied); correct its permissions, or move it '
                              'away' % path]


def test_everything_wrong_is_told_at_once(folder):
    path = folder(
        changed(AGENT, id='a', match__regex='(a+)+no work to do'),
        changed(AGENT, id='b', match__identifers=['x'], tests__positive=None),
        changed(AGENT, id='c', match__literal='not in it'),
        empty__yml='')
    found = problems(path, str(path) + '/nowhere')
    assert [re.match(r'\S+/(\S+?): (?:key `(\S+)`)?', line).groups() for line in found] == [
        ('b.yml', 'match.identifers'), ('b.yml', 'tests.positive'), ('empty.yml', None), ('nowhere', None),
        ('a.yml', 'match.regex'), ('c.yml', 'tests.positive[0].text'), ('c.yml', 'match.literal')]


@pytest.mark.parametrize('extra', [{'ttle': {'en': 'x', 'ko': 'x'}}, {'match__identifers': ['x']}, {'title': None}, {'governance__expires': 'soon'}])
def test_all_that_is_wrong_with_one_file_is_told_at_once(folder, extra):
    """What the schema says of one key keeps the guard from no other."""
    found = problems(folder(changed(AGENT, id='b', match__regex='(a+)+no work to do', **extra)))
    assert [re.match(r'\S+/b.yml: key `(\S+?)`', line).group(1) for line in found][1:] == ['match.regex'], found
    assert problems(folder(changed(AGENT, id='b', match__regex='(a+)+no work to do', match=None)))  # and what it cannot read it leaves alone


# --- regular expressions ---

@pytest.mark.parametrize('regex, why', [
    ('(no work', 'missing )'),
    (r'no work \q', 'bad escape'),
    ('(a+)+no work', 'cut up in many ways'),
    ('(?:a|ab)*no work', 'cut up in many ways'),
    ('(?:[0-9]{1,3} ?)*no work', 'cut up in many ways'),
    ('(?:(?:no)+ ?)+work', 'cut up in many ways'),
    (r'(?:(.)\1)+ work', 'cut up in many ways'),
    ('(?:no work)?', 'match nothing at all'),
    ('^', 'match nothing at all'),
    ('no work|', 'match nothing at all'),
    # Python 3.10 cannot read these two itself.
    ('no w++ork', 'possessive' if sys.version_info >= (3, 11) else 'multiple repeat'),
    ('(?>no) work', 'atomic' if sys.version_info >= (3, 11) else 'unknown extension'),
    ('no (?i:work)', 'flags inside a group'),
    ('no (?i)work', 'not at the start'),
    ('(?a)no work', 'uses the flag (?a)'),
    ('[[n]o work', 'nested set'),
    (r'no\u0020work', 'Python 2.7'),
    (r'no \N{SPACE}work', 'Python 2.7'),
    ('(?P<일>no work)', 'ASCII names only'),
    ('^no (?:' + '(?:wo|[ow]o)' * 30 + ')rk$', 'many alternatives'),
    ('^no ' + '(?:wo|[ow]o)' * 30 + 'rk$', 'many alternatives'),
    ('no work\n', 'control character'),
    ('no\twork', 'control character'),
    ('no work\u2028', 'control character'),
])
def test_a_regex_that_may_not_stand_in_a_catalog(folder, regex, why):
    """Refused in every place where a regex stands, and nothing else is said of the signature."""
    found = problems(folder(changed(AGENT, match__regex=regex)))
    assert found and all('acme-agent-idle.yml: key `match.regex`: ' in line for line in found)
    assert any(why in line for line in found), found
    watch = {'opened': '^no work', 'closed': regex, 'finding': BOTH}
    found = problems(folder(changed(AGENT, watch=watch)))
    assert found and all('acme-agent-idle.yml: key `watch.closed`: ' in line for line in found)


@pytest.mark.parametrize('regex', [
    '^no work to do in [0-9]+ s$', '^no w.*k', '(?i)NO WORK', r'no work(?:\.[0-9]+)*', '^(?:[^,]*,)*no work',
    '^(?:ab|cd)*no work',
    '(?P<n>n)o work(?P=n)?', '(?:[0-9a-f]{2}:){5}no work|no work', r'\bno work', '(?<!x)no work', '[]n]o work',
    'no work(?# x)',
    '^(?:\\w\\s)*no work', '(?x) no\\ work',
])
def test_a_regex_that_may(regex):
    assert safe_regex.problems(regex) == []


@pytest.mark.parametrize('regex', [
    # wherever it stands
    'x((?:a+)+)y', 'x(?:y|(?:a+)+)z', 'x(?:(?:a+)+y)?z', 'x(?=(?:a+)+y)z', 'x(?!(?:a+)+y)z', '(x)?y(?(1)(?:a+)+|b)z',
    'x(?:(?:(?:a+)+,)|y)z',
    # a delimiter that the inner repeat takes too, however it is written
    'x(?:,[a,]*)*y', 'x(?:b[a-c]*)*y', r'x(?:1\d*)*y', r'x(?:a\w*)*y', r'x(?: \s*)*y', r'x(?:a\D*)*y', 'x(?:a.*)*y',
    'x(?:a[^b]*)*y',
    '(?i)x(?:A[a-z]*)*y', '(?i)x(?:A[^a]*,)*y', 'x(?:[^,]*[;,])*y', 'x(?:ā[Ă]*)*y', 'x(?:ā[^Ă]*)*y',
    # alternatives that are not fixed, or begin alike
    'x(?:a|bc+)*y', 'x(?:|a)*y', 'x(?:ab|[a-c]d)*y', 'x(?:ab|.)*y',
    # more than one inner repeat, or one of more than a character
    'x(?:,a*b*)*y', 'x(?:,(?:ab)*)*y', 'x(?:a*,b*)*y', r'(x)(?:,\1*)*y', 'x(?:,a?){30}y?(?:a?b?){9}z',
])
def test_a_repeat_within_a_repeat_is_refused(regex):
    assert safe_regex.problems(regex) == [safe_regex.ENDLESS]


@pytest.mark.parametrize('regex', [
    'x(?:[0-9]{2}:[0-9]{2},)*y', r'^x(?: \S*)*y', r'x(?:a\W*)*y', r'x(?:\d*,)*y', '^x(?:,[^,]*)*y', '^x(?:;(?:[^;])*)*y',
    '(?i)^x(?:A[b-z]*)*y',
    'x(?:a|b|cd)*y', 'x(?:(?:a|b)c)*y', 'x(?:,[ab]*)*y', 'x(?:,a*)?y', 'x(?:a*b*)?y', 'xa*b*y',
])
def test_a_repeat_that_can_be_cut_up_in_one_way_only_is_allowed(regex):
    assert safe_regex.problems(regex) == []


@pytest.mark.parametrize('regex',
                         ['x(?:y|(?i:a))z', 'x(?:(?i:a))?z', 'x(?=(?i:a))z', '(x)?y(?(1)(?i:a)|b)z', '(?:(?i:a)){2}'])
def test_what_python_2_7_cannot_read_is_found_anywhere(regex):
    assert len(safe_regex.problems(regex)) == 1
    assert 'flags inside a group' in safe_regex.problems(regex)[0]


@pytest.mark.parametrize('regex, anchored, words', [
    ('^a b$', True, False), (r'\Aa b\Z', True, False), ('^a b', False, False), ('a b$', False, False),
    ('^a$|^b$', False, False),
    ('^(?:a|b)$', True, False), ('^a.*$', True, True), ('^a[^:]+$', True, True), (r'^a\S+$', True, False),
    (r'^a\W{2}$', True, True),
    ('^a(?: [a-z]+)*$', True, True), ('^a(?: b)?$', True, False), ('^[ a]$', True, False), ('^$', True, False),
    ('a', False, False),
])
def test_what_a_regex_can_swallow_is_seen(regex, anchored, words):
    assert (safe_regex.is_anchored(regex), safe_regex.takes_words(regex)) == (anchored, words)


@pytest.mark.parametrize('regex', ['(a+)+$', '(?:a|aa)+$', '(?:a*)*$', '(?:a+b?)+$', '(?:a{1,2})+$'])
def test_what_is_refused_as_endless_is(regex):
    """The check is no superstition: each of these needs more than twice as long for four more characters."""
    assert any('cut up' in problem for problem in safe_regex.problems('^x' + regex))
    durations = []
    for length in (14, 18):
        best = 10.0
        for dummy in range(3):
            before = time.process_time()
            assert not re.search('^x' + regex, 'x' + 'a' * length + '!')
            best = min(best, time.process_time() - before)
        durations.append(best)
    assert durations[1] > 2 * durations[0]


# --- the guard ---

GUARDED = [
    # what it is, the base, the changes, the key, what is said
    ('divert of sshd', AGENT, dict(disposition='divert', match__identifiers=['sshd']), 'match',
     'speaks of sshd, whose records are authpriv or auth'),
    ('divert of sshd-session', DRIVER, dict(match__identifiers=['sshd-session']), 'match', 'speaks of sshd-session'),
    ('divert of gdm', DRIVER, dict(match__identifiers=['kernel', 'gdm-password]']), 'match', 'speaks of gdm-password]'),
    ('divert of a PAM text', DRIVER, dict(
        match__regex='^pam_x\\(y:session\\): acme: no work to do$',
        tests__positive=[{'text': 'pam_x(y:session): acme: no work to do', 'identifier': 'kernel'}]),
     'match', 'speaks of PAM, whose records are authpriv or auth'),
    ('explain of much that PAM says', AGENT, dict(
        match={'identifiers': ['acme'], 'literal': 'pam_acme(', 'regex': '^pam_acme\\(acme:auth\\): .*$',
               'priority': 'info'},
        tests__positive=[{'text': 'pam_acme(acme:auth): hello', 'identifier': 'acme'}]),
     'match.regex',
     'must match one whole message (^...$) and repeat nothing that takes a space, because PAM writes'),
    ('divert of a user process', DRIVER, dict(match__transport=['journal'], match__identifiers=['acme'],
                                              tests__positive=[{'text': 'acme: no work to do in 6 s',
                                                                'identifier': 'acme'}]),
     'match.transport', 'must be [kernel]: only text the kernel wrote may be diverted'),
    ('divert of anybody', DRIVER, dict(match__transport=None, match__identifiers=['acme'],
                                       tests__positive=[{'text': 'acme: no work to do in 6 s', 'identifier': 'acme'}]),
     'match.transport', 'must be [kernel]'),
    ('divert that rsyslog cannot do', DRIVER, dict(match__regex='^(?!x)acme: no work to do in [0-9]+ s$'),
     'match.regex',
     'cannot be given to rsyslog as a POSIX ERE: '),
    ('divert of crit', DRIVER, dict(match__priority='crit'), 'match.priority',
     'is crit; divert may not cover crit or worse'),
    ('fix of emerg', AGENT,
     dict(disposition='fix', vanishes_from=['journal'], remedy=DRIVER['remedy'], match__priority='emerg'),
     'match.priority', 'is emerg; fix may not cover crit or worse'),
    ('explain of alert', AGENT, dict(match__priority='alert'), 'match.priority', 'is alert; explain may not cover'),
    ('divert of lost kernel messages', DRIVER, dict(
        match__literal='callbacks suppressed', match__regex='^[a-z_]+: [0-9]+ callbacks suppressed$',
        tests__positive=[{'text': 'net_ratelimit: 7 callbacks suppressed', 'identifier': 'kernel'}]),
     'tests.positive[0].text', "is the record that messages were lost ('callbacks suppressed', class losses of "),
    ('divert of kernel messages lost elsewhere', DRIVER, dict(
        match__literal='callbacks suppressed', match__regex='^acme_x: [0-9]+ callbacks suppressed$',
        tests__positive=[{'text': 'acme_x: 7 callbacks suppressed', 'identifier': 'kernel'}]),
     'match.regex', "would divert the record that kernel messages were lost (kernel: 'acme: 4711 callbacks suppressed'"),
    ('explain of lost journal messages', AGENT, dict(
        match={'identifiers': ['systemd-journald'], 'literal': 'Suppressed',
               'regex': '^Suppressed [0-9]+ messages from .*$',
               'priority': 'info'},
        tests__positive=[{'text': 'Suppressed 12 messages from a.service', 'identifier': 'systemd-journald'}]),
     'match.regex', "would explain the record that journald lost messages (systemd-journald: 'Suppressed 4711 messages from "),
    ('explain of lost log messages', AGENT, dict(
        match={'identifiers': ['rsyslogd'], 'literal': 'messages lost',
               'regex': '^imjournal: [0-9]+ messages lost due to rate-limiting$',
               'priority': 'info'},
        tests__positive=[{'text': 'imjournal: 7 messages lost due to rate-limiting', 'identifier': 'rsyslogd'}]),
     'match.regex', "would explain the record that rsyslog lost messages (rsyslogd*: 'imjournal: 4711 messages lost "),
    ('explain of lost kernel messages', AGENT, dict(
        match={'identifiers': ['systemd-journald'], 'literal': 'kernel messages',
               'regex': '^Missed [0-9]+ kernel messages$',
               'priority': 'info'},
        tests__positive=[{'text': 'Missed 7 kernel messages', 'identifier': 'systemd-journald'}]),
     'match.regex', "would explain the record that journald lost messages (systemd-journald: 'Missed 4711 kernel messages'"),
    ('divert of the audit backlog', DRIVER, dict(
        match__literal='backlog limit', match__regex='^audit: backlog limit exceeded$',
        tests__positive=[{'text': 'audit: backlog limit exceeded', 'identifier': 'kernel'}]),
     'match.regex', "would divert the record that audit records were lost (kernel: 'audit: backlog limit exceeded', class "),
    ('divert of audit records', DRIVER, dict(
        match__literal='audit: type=', match__regex='^audit: type=1400 audit\\(',
        tests__positive=[{'text': 'audit: type=1400 audit(1.2:3): avc:  denied  { read }', 'identifier': 'kernel'}]),
     'tests.positive[0].text', 'is an audit record'),
    ('anything of the audit transport', AGENT, dict(disposition='investigate', match__transport=['audit']), 'match',
     'speaks of audit records'),
    ('anything of auditd', AGENT, dict(disposition='investigate', match__identifiers=['auditd']), 'match',
     'speaks of audit records'),
    ('explain of failed logins', AGENT, dict(
        match={'identifiers': ['sshd'], 'literal': 'Failed password', 'regex': '^Failed password for [a-z]+ from .*$',
               'priority': 'info'},
        tests__positive=[{'text': 'Failed password for kim from 192.0.2.1 port 1 ssh2', 'identifier': 'sshd'}]),
     'match.regex', "would explain a failed login (sshd: 'Failed password for acme from 192.0.2.7 port 4711 ssh2', class "),
    ('explain of much that sshd says', AGENT, dict(
        match={'identifiers': ['sshd'], 'literal': 'Connection', 'regex': '^Connection .*$', 'priority': 'info'},
        tests__positive=[{'text': 'Connection closed', 'identifier': 'sshd'}]),
     'match.regex', 'must match one whole message (^...$) and repeat nothing that takes a space'),
    ('explain of a part of what sudo says', AGENT, dict(
        match={'identifiers': ['sudo'], 'literal': 'unable to resolve host', 'regex': 'unable to resolve host',
               'priority': 'info'},
        tests__positive=[{'text': 'unable to resolve host x', 'identifier': 'sudo'}]),
     'match.regex', 'must match one whole message (^...$)'),
    ('fix of sessions by cron', AGENT, dict(
        disposition='fix', vanishes_from=['journal', 'secure'], remedy=DRIVER['remedy'],
        match={'identifiers': ['crond'], 'literal': 'pam_unix(crond:session)',
               'regex': '^pam_unix\\(crond:session\\): session [a-z]+ for user root by \\(uid=0\\)$',
               'priority': 'info'},
        tests__positive=[{'text': 'pam_unix(crond:session): session opened for user root by (uid=0)',
                          'identifier': 'crond'}]),
     'match.regex', "would fix a session record (syslog: 'pam_unix(sshd:session): session opened for user kim by (uid=4711)'"),
    ('explain of an unsigned module', AGENT, dict(
        match={'transport': ['kernel'], 'literal': 'tainting kernel', 'regex': '^[a-z]+: module verification failed.* - tainting kernel$',
               'priority': 'info'},
        tests__positive=[{'text': 'acme: module verification failed - tainting kernel', 'identifier': 'kernel'}]),
     'match.regex', 'would explain an unsigned module'),
    ('kernel text of anybody', AGENT, dict(match__identifiers=['kernel']), 'match.transport',
     'must be [kernel] for text written by the kernel'),
    ('kernel text of two transports', AGENT, dict(match__transport=['kernel', 'syslog']), 'match.transport',
     'says kernel and others'),
    ('kernel text of two transports without a name', AGENT, dict(match__identifiers=None, match__comms=['systemd'], match__transport=['kernel', 'journal']),
     'match.transport', 'says kernel and others'),
    ('systemd by /dev/log', AGENT, dict(match__identifiers=['systemd'], match__transport=['kernel', 'syslog']), 'match.transport', 'says kernel and others'),
    ('systemd by three ways', AGENT, dict(match__identifiers=['systemd'], match__transport=['journal', 'kernel', 'stdout']),
     'match.transport', 'says kernel and others'),
    ('text of the kernel and of systemd', AGENT, dict(match__identifiers=['systemd', 'kernel'], match__transport=['journal', 'kernel']),
     'match.transport', 'says kernel and others'),
    ('a divert of what systemd writes to /dev/kmsg as well', DRIVER, dict(match__identifiers=['systemd'], match__transport=['kernel', 'journal']),
     'match.transport', 'must be [kernel]: only text the kernel wrote may be diverted'),
    ('text of nobody', AGENT, dict(match__identifiers=None), 'match', 'does not say who writes the message'),
    ('text of any journal client', AGENT, dict(match__identifiers=None, match__transport=['journal']), 'match',
     'does not say who writes the message'),
    ('looser than its neighbour', AGENT, dict(match__regex='no work to do in [0-9]+ s'), 'tests.negative[0].text',
     'is matched as an entry of the journal (identifier acme-agent, priority warning), but must survive'),
    ('a positive it does not match', AGENT, dict(match__regex='^no work to do$'), 'tests.positive[0].text',
     'is not matched as an entry of the journal'),
    ('a positive of another program', AGENT,
     dict(tests__positive=[{'text': 'no work to do in 6 s', 'identifier': 'other'}]),
     'tests.positive[0].text', 'is not matched as an entry of the journal (identifier other, priority warning)'),
    ('a positive that is too severe', AGENT, dict(tests__positive=[
        {'text': 'no work to do in 6 s', 'identifier': 'acme-agent', 'priority': 'err'}]),
     'tests.positive[0].text', 'is not matched as an entry of the journal (identifier acme-agent, priority err)'),
    ('a positive that no text log shows so', DRIVER, dict(tests__positive=[
        {'text': 'acme: no work to do in 6 s', 'identifier': 'kerenl'}]),
     'tests.positive[0].text', 'is not matched as an entry of the text log (identifier kerenl)'),
    ('a literal that is not in it', AGENT, dict(match__literal='No work to do'), 'tests.positive[0].text',
     'does not contain match.literal (No work to do)'),
    ('a positive of a release it does not apply to', AGENT, dict(tests__positive=[
        {'text': 'no work to do in 6 s', 'identifier': 'acme-agent', 'el': 7}]),
     'tests.positive[0].el', 'is 7, which applies.el does not list'),
    ('a watch that sees nothing open', AGENT, dict(watch={'opened': 'stopped', 'closed': 'no work', 'finding': BOTH}),
     'watch.opened',
     'matches no positive example'),
    ('a watch that opens and closes at once', AGENT,
     dict(watch={'opened': 'no work', 'closed': 'work', 'finding': BOTH}), 'watch',
     "opened and closed both match 'no work to do in 60 s'"),
    ('a condition that is no JMESPath', AGENT, dict(applies__when=['virtualization ==']), 'applies.when[0]',
     'is not a JMESPath expression: '),
]


# What brings no alert: text of the kernel, soon after a boot.
BOOT = changed(DRIVER, id='acme-driver-old', disposition='investigate', vanishes_from=[], remedy=None, alert='exempt',
               match__boot_seconds=300, match__priority='crit')
BOOT['tests']['negative'].append({'text': 'acme: no work to do in 60 s', 'since_boot': 301, 'why': 'Loaded just now.'})
LATE = BOOT['tests']['negative'][-1:]

GUARDED += [
    ('an exemption without a time', BOOT, dict(match__boot_seconds=None, tests__negative=DRIVER['tests']['negative']),
     'match.boot_seconds', 'must be given, at most 900, with alert: exempt'),
    ('an exemption for hours', BOOT, dict(match__boot_seconds=901, tests__negative=[dict(LATE[0], since_boot=902)]),
     'match.boot_seconds', 'must be given, at most 900, with alert: exempt'),
    ('an exemption for text of anybody', BOOT, dict(match__transport=['syslog'], match__identifiers=['acme']),
     'match.transport', 'must be [kernel] with alert: exempt'),
    ('an exemption for what writes to /dev/kmsg', BOOT, dict(match__identifiers=['kernel', 'systemd']),
     'match', 'must name only the kernel with alert: exempt'),
    ('an exemption of an alert', BOOT, dict(match__priority='alert'), 'match.priority',
     'is alert; an emerg or alert always alerts'),
    ('an exemption of an emergency', BOOT, dict(match__priority='emerg'), 'match.priority',
     'is emerg; an emerg or alert always alerts'),
    ('an exemption of half a message', BOOT, dict(match__regex='^acme: no work to do in [0-9]+ s'), 'match.regex',
     'must match one whole message'),
    ('an exemption of a fault', BOOT, dict(match__literal=['acme: no work', 'Machine check'],
                                          match__regex='^(?:acme: no work to do in [0-9]+ s|mce: [^|]{1,99} logged)$'),
     'match.regex', 'would keep '),
    ('a late neighbour is missing', BOOT, dict(tests__negative=DRIVER['tests']['negative']), 'tests.negative',
     'must hold the text of a positive example with since_boot above match.boot_seconds (300)'),
    ('a late neighbour with another text', BOOT, dict(tests__negative=[dict(LATE[0], text='acme: no work')]),
     'tests.negative', 'must hold the text of a positive example'),
    ('a positive that comes late', BOOT, dict(tests__positive=[
        {'text': 'acme: no work to do in 60 s', 'identifier': 'kernel', 'since_boot': 301}]),
     'tests.positive[0].since_boot', 'is 301, later than match.boot_seconds (300)'),
    ('since_boot without boot_seconds', AGENT, dict(tests__negative=[
        {'text': 'no work to do in 60 s, x', 'since_boot': 9, 'why': 'x'}]), 'tests.negative[0].since_boot',
     'has no effect without match.boot_seconds'),
    ('a divert by time', DRIVER, dict(match__boot_seconds=300, tests__negative=LATE), 'match.boot_seconds',
     'must not be used with divert: rsyslogd does not tell'),
]


@pytest.mark.parametrize('base, changes, key, said', [pytest.param(*row[1:], id=row[0]) for row in GUARDED])
def test_the_guard_refuses(folder, base, changes, key, said):
    signature = changed(base, **changes)
    if signature['disposition'] in ('fix', 'divert') and 'remedy' not in signature:
        signature['remedy'], signature['vanishes_from'] = DRIVER['remedy'], ['messages']
    if signature['disposition'] == 'fix':
        signature['remedy'] = dict(signature['remedy'], role='acme.things.agent')
    found = problems(folder(signature))
    beginning = '%s.yml: key `%s`: %s' % (signature['id'], key, said)
    assert any(line.split('/')[-1].startswith(beginning) or ('/' + beginning) in line for line in found), found


@pytest.mark.parametrize('row', [row for row in GUARDED if 'disposition' not in row[2]], ids=lambda row: row[0])
def test_the_bases_of_these_tests_are_themselves_accepted(folder, row):
    """Else the guard might refuse them all for one reason."""
    assert problems(folder(row[1])) == []


@pytest.mark.parametrize('change', [
    dict(disposition='fix', vanishes_from=[]),
    dict(disposition='fix', remedy=None),
    dict(vanishes_from=['journal', 'messages']),
    dict(remedy__role='other'),
    dict(remedy__requires='none'),
    dict(disposition='explain'),
    dict(disposition='investigate', remedy=None),
    dict(disposition='investigate', remedy=None, vanishes_from=[], advice=None),
])
def test_what_a_disposition_promises_is_checked(folder, change):
    assert problems(folder(changed(DRIVER, **change)))


@pytest.mark.parametrize('names', [['systemd'], ['systemd-fstab-generator', 'systemd-sysv-generator']])
def test_what_systemd_writes_early_in_a_boot_and_later_is_one_signature(folder, names):
    text = 'no work to do in 60 s'
    signature = changed(
        AGENT, match__identifiers=names, match__transport=['journal', 'kernel'], match__uid='root',
        tests__positive=[dict(text=text, identifier=name, transport=transport) for name in names for transport in ('journal', 'kernel')],
        tests__negative=AGENT['tests']['negative'] + [
            dict(text=text, identifier='other', transport='kernel', why='Another program of root.'),
            dict(text=text, identifier='kernel', transport='kernel', facility=3, why='Root, under the name of the kernel.'),
            dict(text=text, identifier='kernel', transport='kernel', why='The kernel.'),
            dict(text=text, identifier=names[0], transport='syslog', why='By /dev/log, as systemd does not.'),
            dict(text=text, identifier=names[0], transport='journal', uid=1000, why='A user.')])
    assert problems(folder(signature)) == []


def test_investigate_may_speak_of_anything_but_audit(folder):
    assert problems(folder(changed(
        AGENT, disposition='investigate', **{
            'match': {'identifiers': ['sshd'], 'literal': 'Failed password', 'regex': 'Failed password',
                      'priority': 'emerg'},
            'tests__positive': [{'text': 'Failed password for kim from 192.0.2.1 port 1 ssh2',
                                 'identifier': 'sshd'}]}))) == []


def test_an_explain_of_one_exact_authpriv_message_is_allowed(folder):
    assert problems(folder(changed(
        AGENT, match={'identifiers': ['sshd'], 'literal': 'reprocess config', 'regex': '^reprocess config line [0-9]+$',
                      'priority': 'info'},
        tests__positive=[{'text': 'reprocess config line 12', 'identifier': 'sshd'}]))) == []


@pytest.mark.parametrize('identity', ['kernel-callbacks-suppressed', 'sshd-dispatch-protocol-error'])
@pytest.mark.parametrize('disposition', ['fix', 'divert', 'explain'])
def test_a_shipped_finding_cannot_be_overridden_away(folder, identity, disposition):
    signature = copy.deepcopy(next(one for one in load() if one['id'] == identity))
    signature['disposition'] = disposition
    if disposition != 'explain':
        signature['remedy'] = dict(DRIVER['remedy'], role='syslog_exclusions' if disposition == 'divert' else 'acme.things.agent')
        signature['vanishes_from'] = ['messages']
    assert problems(folder(signature))


def test_a_message_that_two_signatures_match_is_told(folder):
    path = folder(AGENT, changed(AGENT, id='acme-agent-quiet'))
    said = ('is matched by the signature %s too, and would be counted twice; narrow one of the two, or override one by '
            'giving yours its id')
    assert problems(path) == [
        '%s/acme-agent-idle.yml: key `tests.positive[0].text`: %s' % (path, said % 'acme-agent-quiet'),
        '%s/acme-agent-quiet.yml: key `tests.positive[0].text`: %s' % (path, said % 'acme-agent-idle')]


def test_a_user_signature_cannot_take_what_a_shipped_one_reports(folder):
    """A message is one signature's: the shipped examples are held against those of the user too."""
    found = problems(folder(changed(
        AGENT,
        match={'identifiers': ['systemd-tmpfiles'], 'literal': 'Failed to parse ACL', 'regex': '^Failed to parse ACL',
               'priority': 'warning'},
        tests__positive=[{'text': 'Failed to parse ACL "x"', 'identifier': 'systemd-tmpfiles'}])))
    assert found and all('tmpfiles-acl-missing-group.yml: key `tests.positive' in line for line in found)


def test_what_never_reaches_a_text_log_needs_no_form_there(folder):
    assert problems(folder(changed(AGENT, match__transport=['driver'], match__identifiers=['systemd-journald'],
                                   tests__positive=[{'text': 'no work to do in 6 s',
                                                     'identifier': 'systemd-journald'}]))) == []


@pytest.mark.parametrize('differs', [{'transport': 'stdout'}, {'priority': 'crit'}])
def test_a_neighbour_that_differs_in_what_no_text_log_shows_is_told_apart_in_the_journal(folder, differs):
    negative = dict(differs, text='no work to do in 6 s', why='Not written like that.')
    assert problems(folder(changed(AGENT, match__transport=['journal'], tests__negative=[negative]))) == []


# --- selecting ---

def test_ids_select():
    assert [one['id'] for one in load(ids=['vmwgfx-flip-done-timeout', 'rtkit-canary-starving'])] == [
        'rtkit-canary-starving', 'vmwgfx-flip-done-timeout']
    assert load(ids=[]) == []


def test_an_unknown_id_is_told_with_the_nearest_one():
    with pytest.raises(CatalogError) as caught:
        load(ids=['rtkit-canary-starvin', 'zzz', 'rtkit-canary-starving'])
    assert str(caught.value).startswith('No signature has the id rtkit-canary-starvin; did you mean '
                                        'rtkit-canary-starving?, zzz. Known are: ahnlab-v3-module-lifecycle, ')


@pytest.mark.parametrize('query, expected', [
    ("[?disposition=='fix' && !(remedy.opt_in)]", ['gnome-software-refresh-failed', 'tmpfiles-acl-missing-group']),
    ("[?remedy.opt_in]", ['named-managed-keys-unsigned', 'rtkit-canary-starving', 'vmwgfx-flip-done-timeout']),
    ("[?disposition=='nothing']", []),
    ("[?contains(applies.el, `10`)] | [?class=='security-relevant']",
     ['kernel-callbacks-suppressed', 'sshd-dispatch-protocol-error']),
    ('[0:1]', SHIPPED[:1]),
    ('reverse(@)', SHIPPED[::-1]),
    ("[?controls[?id=='2.10.9']]", ['ahnlab-v3-module-lifecycle', 'ahnlab-v3-unknown-module-key']),
])
def test_a_query_selects_whole_signatures_in_its_order(query, expected):
    assert [one['id'] for one in load(query=query)] == expected


def test_a_query_may_give_a_list_of_anything():
    assert load(query='[].id') == SHIPPED
    assert load(ids=SHIPPED[:1],
                query='[].{id: id, requires: remedy.requires}') == [{'id': SHIPPED[0], 'requires': 'restart'}]


def test_a_query_sees_what_ids_selected():
    assert [one['id'] for one in load(ids=SHIPPED[:3], query="[?disposition=='divert']")] == SHIPPED[:2]


@pytest.mark.parametrize('query, said', [
    ('[0]', 'a mapping with the keys advice, applies, '),
    ('length(@)', '%d' % len(SHIPPED)),
    ('[0].watch.none', 'nothing (null)'),
])
def test_a_query_for_anything_else_is_told(query, said):
    with pytest.raises(CatalogError) as caught:
        load(query=query)
    assert repr(query) in str(caught.value)
    assert ('it gave %s' % said) in str(caught.value)


@pytest.mark.parametrize('query, said', [
    ('[?id==', "The query '[?id==' is wrong: Invalid jmespath expression: Incomplete expression"),
    ('', "The query '' is wrong: Invalid JMESPath expression: cannot be empty."),
    ('nothing(@)', "The query 'nothing(@)' is wrong: Unknown function: nothing()"),
    ('sort(@)', "The query 'sort(@)' is wrong: In function sort()"),
    ('[?id == #]', "The query '[?id == #]' is wrong: Bad jmespath expression: Unknown token #"),
])
def test_a_wrong_query_is_told_in_one_line(query, said):
    with pytest.raises(CatalogError) as caught:
        load(query=query)
    assert str(caught.value).startswith(said)
    assert '\n' not in str(caught.value)


def test_without_jmespath_all_but_a_query_works(monkeypatch):
    monkeypatch.setattr(catalog, 'jmespath', None)
    assert [one['id'] for one in load(ids=['vmwgfx-flip-done-timeout'])] == ['vmwgfx-flip-done-timeout']
    with pytest.raises(CatalogError) as caught:
        load(query='[0:1]')
    assert str(caught.value).startswith('The query needs the Python package jmespath')
    assert 'pip install jmespath' in str(caught.value)


def test_search_names_what_the_expression_is():
    assert catalog.search("virtualization == 'vmware'", {'virtualization': 'vmware'}) is True
    with pytest.raises(CatalogError) as caught:
        catalog.search('a b', {}, 'applies.when of x')
    assert str(caught.value).startswith("applies.when of x 'a b' is wrong: ")
