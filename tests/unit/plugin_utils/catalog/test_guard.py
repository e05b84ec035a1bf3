# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard against signatures made to hide something, and for those of honest administrators."""
from __future__ import annotations

import copy
import json
import pathlib
import re
import time

from hypothesis import assume, given, settings, strategies as st
import jsonschema
import pytest
import yaml

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import (
    catalog, _guard as guard, _protected as protected, _regex_language as regex_language, _safe_regex as safe_regex)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog._regex_language import Automaton
from test_catalog import AGENT, changed

HERE = pathlib.Path(__file__).parent
PROTECTED = catalog.shipped_protected()


def table(name):
    return yaml.safe_load((HERE / name).read_text(encoding='utf-8'))


HARMFUL, HARMLESS = table('guard_harmful.yml'), table('guard_harmless.yml')


def signature(disposition, who, literal, regex, texts, **more):
    """A signature as the guard reads it."""
    match = {'literal': literal, 'regex': regex, 'priority': 'err'}
    match.update({'transport': ['kernel']} if who == 'kernel' else {'identifiers': who})
    identifier = who if who == 'kernel' else who[0]
    data = {'id': 'x', 'disposition': disposition, 'match': match, 'applies': {'el': [7, 8, 9, 10]},
            'tests': {'positive': [{'text': text, 'identifier': identifier} for text in texts], 'negative': []}}
    data.update(more)
    return data


def refusals(data):
    return guard.refusals(data, guard.examples_of(data), PROTECTED)


@pytest.mark.parametrize('row', HARMFUL, ids=lambda row: row[0])
def test_a_signature_that_would_hide_something_is_refused(row):
    found = refusals(signature(*row[1:6]))
    assert any(row[6] in said for dummy, said in found), found
    # Not because the example was badly chosen.
    assert not any('is not matched' in said for dummy, said in found), found


@pytest.mark.parametrize('who, text', table('guard_evidence.yml'))
def test_evidence_is_not_covered_however_narrow_the_signature_is(who, text):
    pieces = re.split(r'([0-9]+)', text)
    regex = '^%s$' % ''.join('[0-9]+' if piece.isdigit() else re.escape(piece) for piece in pieces)
    found = refusals(signature('divert' if who == 'kernel' else 'explain', who if who == 'kernel' else [who],
                               max(pieces, key=len), regex, [text]))
    assert any(', class ' in said for dummy, said in found), found


@pytest.mark.parametrize('row', HARMLESS, ids=lambda row: row[0])
def test_a_signature_of_an_honest_administrator_passes(row):
    assert refusals(signature(*row[1:])) == []


@pytest.mark.parametrize('row', [row for row in HARMFUL if row[6].startswith('class')], ids=lambda row: row[0])
def test_what_is_refused_to_cover_it_may_be_investigated(row):
    """So it was not refused for its form."""
    assert refusals(signature('investigate', *row[2:6])) == []


@pytest.mark.parametrize('opened, closed, said', [
    ('is down', 'is (?:up|down on port [0-9]+)', "opened and closed both match 'link is down on port 7'"),
    ('is down', 'on port [1-6]', 'opened and closed can both match one message'),
    ('(?:down)', '[1-6]$', 'opened and closed can both match one message'),
    ('is down', 'is up', None),
    ('^link is down', '^link is up on port [0-9]+$', None),
])
def test_a_watch_cannot_close_what_it_opens(opened, closed, said):
    data = signature('explain', ['acme'], 'link is ', '^link is (?:up|down) on port [0-9]+$',
                     ['link is down on port 7', 'link is up on port 7', 'link is up on port 3'],
                     watch={'opened': opened, 'closed': closed})
    assert [what.startswith(said) for key, what in refusals(data) if key == 'watch'] == ([True] if said else [])


@pytest.mark.parametrize('look, key, said', [
    ({'from': 'process'}, None, None),
    ({'from': 'host', 'lines': ['^it is']}, 'context[0].identifiers', 'is missing'),
    ({'from': 'host', 'identifiers': ['acmed'], 'lines': ['^(?P<address>[0-9.]{7,15}) is here']}, None, None),
    ({'from': 'host', 'identifiers': ['acmed']}, 'context[0].lines', 'any would do'),
    ({'from': 'kernel', 'identifiers': ['acmed']}, 'context[0].identifiers', 'has no effect with from: kernel'),
    ({'from': 'audit', 'lines': ['^(a+)+$']}, 'context[0].lines[0]', 'repeats a part that can be cut up in many ways'),
    ({'from': 'audit', 'lines': ['KERN', '^(?P<colour>red)$']}, 'context[0].lines[1]', 'names a group colour; the report knows address, port'),
    ({'from': 'process', 'holding': 'number'}, None, None),
    ({'from': 'process', 'holding': 'word'}, 'context[0].holding', 'match.regex has no group (?P<word>...)'),
])
def test_a_look_can_find_something(look, key, said):
    data = signature('investigate', ['acme'], 'acme is odd', '^acme is odd (?P<number>[0-9]+)$', ['acme is odd 7'],
                     context=[dict({'tells': {'en': 'x', 'ko': 'x'}, 'seconds': 60, 'before': 3}, **look)])
    assert [(where, said in what) for where, what in refusals(data)] == ([(key, True)] if key else [])
    if look == {'from': 'process'}:
        kernel = signature('investigate', 'kernel', 'acme is odd', '^acme is odd$', ['acme is odd'], context=data['context'])
        assert [where for where, dummy in refusals(kernel)] == ['context[0].from']
        data['match'] = {**{name: value for name, value in data['match'].items() if name != 'identifiers'}, 'comms': ['acme']}
        assert ('context[0].from', True) in [(where, 'names no identifiers' in what) for where, what in refusals(data)]


@pytest.mark.parametrize('exe, said', [(exe, said) for said, exes in (
    ('which writes whatever its user tells it to', [
        '/usr/bin/bash', '/bin/sh', '/usr/bin/python3.11', '/usr/libexec/platform-python', '/usr/bin/perl', '/usr/lib/jvm/jre-17/bin/java',
        '/usr/bin/node', '/usr/bin/ruby', '/usr/bin/logger', '/usr/bin/systemd-cat', '/usr/bin/cat', '/usr/bin/env']),
    ('a path that is not written out or where users may write', [
        '/tmp/x', '/var/tmp/x', '/dev/shm/x', '/home/kim/x', '/run/user/1000/x', '/usr/bin/../../tmp/x', '/usr//bin/acme', '/usr/bin/./acme',
        '/proc/self/exe']),
    (None, ['/usr/bin/gnome-software', '/usr/libexec/gnome-session-binary', '/opt/acme/bin/acme', '/usr/bin/javaws', '/usr/sbin/sshd'])) for exe in exes])
def test_any_user_is_no_one_program_that_users_bend(exe, said):
    data = signature('explain', ['acme'], 'acme is idle', '^acme is idle$', ['acme is idle'])
    data['match'].update(uid='any', exes=[exe])
    data['tests']['positive'][0].update(uid=1000, exe=exe)
    assert [key == 'match.exes' and said in what for key, what in refusals(data)] == ([True] if said else [])
    assert refusals(dict(data, disposition='investigate')) == []


# --- the protected records ---

def test_enough_is_protected():
    kinds = {group.kind for group in PROTECTED.groups}
    assert len(kinds) >= 25 and len(list(PROTECTED.records())) >= 1500
    assert all(PROTECTED.evidence_of([name]) for name in ('kernel', 'sshd', 'sshd-session', 'sudo', 'systemd-journald',
                                                          'rsyslogd-2207', 'fapolicyd', 'chronyd', 'useradd'))
    assert PROTECTED.evidence_of(['gnome-software', 'acme', 'systemd-tmpfiles', 'rtkit-daemon']) == []


@pytest.mark.parametrize('path', sorted(pathlib.Path(catalog.CATALOG_DIR, 'protected').iterdir()), ids=lambda one: one.name)
def test_a_file_of_protected_records_is_valid_to_jsonschema(path):
    text = path.read_text(encoding='utf-8')
    assert text.startswith('# SPDX-License-Identifier: GPL-3.0-or-later\n---\nclass: %s\n' % path.stem)
    jsonschema.validate(yaml.safe_load(text), catalog.protected_schema())


def test_the_schema_of_protected_records_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(catalog.protected_schema())


def test_every_protected_record_is_found_by_an_expression_of_its_own_text():
    """Whatever the guard is asked of, it finds each text at least by itself."""
    for bank in PROTECTED.banks:
        for record in bank.records:
            automaton = Automaton('^%s$' % re.escape(protected.sample(record.text)))
            assert record in bank.met_by(automaton), record.text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_protected_record_is_found_whatever_is_left_free(data):
    """Words, numbers and letters replaced by what an author would leave free; case folded; another alternative beside."""
    group, text = data.draw(st.sampled_from(list(PROTECTED.records())))
    pieces = re.findall(r'[0-9]+|[a-z]+|[A-Z]+|.', text)
    written = [data.draw(st.sampled_from([re.escape(piece)] * 3 + [free]))
               for piece in pieces for free in ['[0-9]+' if piece.isdigit() else '[a-z]{%d,}' % len(piece)
                                                if piece.islower() and piece.isalpha() else '[^a-z0-9]'
                                                if not piece.isalnum() else '[A-Z]+']]
    # Words that are all left free are not taken for those of a text that is open, or stands anywhere in a message.
    varying = set(re.findall('[a-z]+', ' '.join(sample for dummy, sample in protected.SLOTS.values())))
    assume(sum(len(piece) for piece, one in zip(pieces, written)
               if piece == one and piece.isalnum() and piece not in varying) > protected.SHARED)
    regex = ''.join(written)
    regex = data.draw(st.sampled_from(['^%s$', '^(?:acme is idle|%s)$', '^(?:%s)?.*$', '(?i)^%s$', '%s', '^(?:%s){1,3}$',
                                       r'(?<!x)%s', '^(?!acme)%s$', '^(?P<a>%s)$'])) % regex
    assert re.search(regex, text), regex
    names = [name.replace('*', '') for name in group.names] or ['kernel' if group.transport == 'kernel' else 'acme']
    automaton = Automaton(regex)
    found = [record for bank in PROTECTED.banks if bank.speaks_of(names) for record in bank.met_by(automaton)]
    assert any(protected.sample(record.text) == text for record in found)


MINE = {'class': 'acme', 'about': 'What ACME says of its safe.', 'records': [
    {'what': 'an opened safe', 'identifiers': ['acme-safe'], 'source': 'ACME handbook',
     'texts': ['door {number} opened by {word}']}]}


@pytest.fixture
def folder(tmp_path):
    def write(*signatures, **files):
        # Only where a test asks for it: with other records than the shipped ones every signature is guarded anew.
        if files or not signatures:
            (tmp_path / 'protected').mkdir()
        for name, data in files.items():
            (tmp_path / 'protected' / (name + '.yml')).write_text(json.dumps(data), encoding='utf-8')
        for one in signatures:
            (tmp_path / (one['id'] + '.yml')).write_text(json.dumps(one), encoding='utf-8')
        return str(tmp_path)
    return write


def problems(path):
    with pytest.raises(catalog.CatalogError) as caught:
        catalog.load(paths=[path])
    return str(caught.value).split('\n- ')[1:]


SAFE = changed(AGENT, match={'identifiers': ['acme-safe'], 'literal': 'opened by', 'priority': 'warning',
                             'regex': '^door [0-9]+ opened by [a-z]+$'},
               tests__positive=[{'text': 'door 7 opened by kim', 'identifier': 'acme-safe'}])


def test_a_user_adds_protected_records(folder):
    path = folder(SAFE, acme=MINE)
    assert problems(path) == [
        "{0}/acme-agent-idle.yml: key `match.regex`: would explain an opened safe (acme-safe: 'door 4711 opened by kim', class "
        "acme of {0}/protected/acme.yml); make it investigate, or narrow it".format(path)]


def test_they_go_with_those_of_the_collection_and_never_replace_them(folder):
    path = folder(changed(AGENT, match={'identifiers': ['sshd'], 'literal': 'Accepted password', 'priority': 'info',
                                        'regex': '^Accepted password for kim from [0-9.]+ port [0-9]+ ssh2$'},
                          tests__positive=[{'text': 'Accepted password for kim from 192.0.2.1 port 7 ssh2',
                                            'identifier': 'sshd'}]),
                  **{'sshd-access': dict(MINE, **{'class': 'sshd-access'})})
    assert 'a login (sshd: ' in problems(path)[0]


def test_a_folder_of_protected_records_alone_is_a_catalog(folder):
    assert len(catalog.load(paths=[folder(acme=MINE)])) == len(catalog.load())


@pytest.mark.parametrize('data, said', [
    (dict(MINE, clas='x'), 'acme.yml: key `clas`: is not a known key'),
    (dict(MINE, **{'class': 'other'}), 'acme.yml: key `class`: is other, but the file is named acme; they must be equal: rename one'),
    (dict(MINE, records=[dict(MINE['records'][0], texts=['door {door} opened'])]),
     'acme.yml: key `records[0].texts[0]`: names {door}, which stands for nothing; use one of address, '),
    (dict(MINE, records=[]), 'acme.yml: key `records`: '),
    ({}, 'acme.yml: key `class`: '),
])
def test_what_is_wrong_in_protected_records_is_told(folder, data, said):
    path = folder(acme=data)
    assert problems(path)[0].startswith('%s/protected/%s' % (path, said)), problems(path)


def test_an_empty_folder_of_protected_records_is_told(folder):
    path = folder()
    assert problems(path) == ['%s/protected: holds no protected records (no *.yml, no *.yaml); put some there, or remove it'
                              % path]


# --- overriding ---

def shipped(identity):
    return copy.deepcopy(next(one for one in catalog.load() if one['id'] == identity))


OVERRIDES = [
    ('a finding that finds nothing', 'kernel-callbacks-suppressed',
     dict(match=changed(AGENT, match__identifiers=['acme'])['match'], context=None,
          tests__positive=[{'text': 'no work to do in 6 s', 'identifier': 'acme'}],
          tests__negative=[{'text': 'work', 'why': 'x'}]), 'match', 'no longer finds '),
    ('a finding on fewer releases', 'kernel-callbacks-suppressed', dict(applies={'el': [8]}, tests__positive=[
        {'text': 'net_ratelimit: 7 callbacks suppressed', 'identifier': 'kernel'}]), 'applies', 'applies to fewer hosts'),
    ('a finding on no host', 'sshd-dispatch-protocol-error', dict(applies={'el': [7, 8, 9, 10], 'when': ['`false`']}),
     'applies', 'applies to fewer hosts'),
    ('a finding of less', 'sshd-dispatch-protocol-error', dict(match__priority='debug'), 'match', 'no longer finds '),
    ('a finding of the numbers of the examples', 'sshd-dispatch-protocol-error', dict(match__regex=shipped(
        'sshd-dispatch-protocol-error')['match']['regex'].replace('[0-9]+', '(?:11|3|30|51|7)')), 'match.regex', 'does not match all'),
    ('a finding of the examples', 'kernel-callbacks-suppressed', dict(context=None, match__regex='^(?:%s)$' % '|'.join(
        re.escape(test['text']) for test in shipped('kernel-callbacks-suppressed')['tests']['positive'])), 'match.regex',
     'does not match all'),
    ('a finding under a literal of the examples', 'kernel-callbacks-suppressed', dict(match__literal=sorted(set(
        test['text'].split(':')[0] + ': ' for test in shipped('kernel-callbacks-suppressed')['tests']['positive']))), 'match.literal',
     'no longer finds what holds'),
    ('a finding of root alone', 'sshd-dispatch-protocol-error', dict(match__uid='root'), 'match.uid', 'takes what fewer users write'),
    ('a finding just after a boot', 'sshd-dispatch-protocol-error', dict(match__boot_seconds=1, tests__negative=shipped(
        'sshd-dispatch-protocol-error')['tests']['negative'] + [dict(text=shipped('sshd-dispatch-protocol-error')['tests']['positive'][0][
            'text'], since_boot=5, why='x')]), 'match.boot_seconds', 'written later after a boot'),
    ('a finding that cannot be compared', 'sshd-dispatch-protocol-error', dict(match__regex=shipped('sshd-dispatch-protocol-error')[
        'match']['regex'].replace('[0-9]+', '[0-9]{1,60}')), 'match.regex', 'cannot be held against'),
    ('a neighbour that must survive', 'rtkit-canary-starving', dict(
        match__regex=r'^(?:The canary thread is apparently starving\. Taking action|Demoting known real-time threads)\.$',
        match__literal=['The canary thread', 'Demoting known'], tests__negative=[{'text': 'x', 'why': 'x'}],
        tests__positive=[{'text': 'The canary thread is apparently starving. Taking action.', 'identifier': 'rtkit-daemon'},
                         {'text': 'Demoting known real-time threads.', 'identifier': 'rtkit-daemon'}]),
     'match', 'says must survive'),
    ('a state that nobody watches', 'ahnlab-v3-module-lifecycle', dict(watch=None), 'watch', 'keep its watch'),
    ('a state that closes itself', 'ahnlab-v3-module-lifecycle', dict(watch__opened='^<atamptl>:.INFO.Unloaded'), 'watch',
     'keep its watch'),
]


@pytest.mark.parametrize('identity, changes, key, said', [pytest.param(*row[1:], id=row[0]) for row in OVERRIDES])
def test_an_override_does_not_hide_what_the_collection_tells(folder, identity, changes, key, said):
    path = folder(changed(shipped(identity), **changes))
    found = problems(path)
    assert any(line.startswith('%s/%s.yml: key `%s' % (path, identity, key)) and said in line for line in found), found


@pytest.mark.parametrize('one, other, left', [
    ('^a[0-9]+b$', '^a[0-9]+b$', False), ('^a[0-9]+b$', '^a(?:1|22)b$', True), ('^a[0-9]+b$', '^a[0-9]+', False), ('a[0-9]+', '^a[0-9]+', True),
    ('^a[0-9]{1,3}$', '^a(?:[0-9]|[0-9][0-9]|[0-9]{3})$', False), ('^a[0-9]{1,3}$', '^a[0-9]{1,2}$', True), ('^ab?c$', '^a(?:bc|c)$', False),
    ('^(?:a|b)x$', '^[ab]x$', False), ('^(?:a|b)x$', '^ax$', True), ('^a.*z$', '^a', False), ('^a.*z$', '^a[^y]*z$', True), ('b', 'a|b', False),
])
def test_what_one_expression_matches_and_another_does_not(one, other, left):
    assert regex_language.is_exact(other)
    assert regex_language.message_of_one_only(Automaton(one), Automaton(other)) is left


def test_an_override_may_narrow_and_add(folder):
    """The key of a newer module, as the guide says."""
    one = shipped('ahnlab-v3-unknown-module-key')
    one['match']['regex'] = one['match']['regex'].replace('a0ee2da1(?:', '(?:a0ee2da1|b1ff3eb2)(?:')
    one['tests']['positive'].append(dict(one['tests']['positive'][0],
                                         text=one['tests']['positive'][0]['text'].replace('a0ee2da1', 'b1ff3eb2')))
    assert len(catalog.load(paths=[folder(one)])) == len(catalog.load())


# --- regular expressions that get slow ---

SLOW = [
    '.*.*=', '^.*.*=', '^a*a*a*b', '(?:a|a)*b', '^(?:a|a)+$', '^[0-9]+[0-9.]*x', r'^\S+\S+x', r'^.*acl.*=', '^[a-z]*x[a-z]*=',
    r'^(?:[^,]*,)*[^=]*=', r'^(?:[a-z]+ )*(?:[a-z]+ )*=', r'^a+(?:b|)a+c', r'^(?P<x>.*): (?P<y>.*)$', r'.*foo=', r'[0-9]+ foo', 'a.*b',
    r'^\w+\d+x', r'^[^ ]*[^a]*x', '^x{0,900}x{0,900}x{0,900}y', r'(?i)^[a-z]*[A-Z]*1', '^.*?.*?=', r'^(?:x.*|y)+?.*=',
    '^' + 'a?' * 30 + 'b', '^(?:a*a*b)?c$', '^(?:.*.*.*=)?x$', '^(?:a*a*b){0,1}c$', '^(?:(?:a*a*b)?c)?d$', '^(?:a*a*b|)c$',
    '^acme started(?: by .* for .* at .*)?, done$', '^(?:' + 'a?' * 30 + 'b)?c', '^' + '(?:a|)' * 30 + 'b',
    '^(?:' + '(?:ab?)?' * 30 + 'c)?d',
]


@pytest.mark.parametrize('regex', SLOW)
def test_an_expression_that_gets_slow_is_refused(regex):
    assert any('keep the scanner busy' in problem for problem in safe_regex.problems(regex)), safe_regex.problems(regex)


@pytest.mark.parametrize('regex', [
    '^[^=]*=[^=]*=', r'^[0-9]+(?:\.[0-9]+)*$', '^[a-z]+ [a-z]+ [a-z]+$', '^a{0,100}a{0,100}b', '^foo: .*', '^foo .*: bar$',
    r'^[^ ]+: [^ ]+ failed \([0-9]+\)$', 'foo [0-9]+', r'^(?:[0-9]{1,3}\.){3}[0-9]{1,3}: x$', '^"[^"]*" and "[^"]*"$', '^a?b?c?d$',
    r'^[0-9]{4}-[0-9]{2}-[0-9]{2} .*$', '^acme started(?: by [^ ]+ for [^ ]+ at .*)?$', '^(?:a+ b+)?c(?: a+)?$',
])
def test_one_that_does_not_is_not(regex):
    assert safe_regex.problems(regex) == []


@pytest.mark.parametrize('regex, pump', [('^.*.*=', 'a'), ('^a*a*a*b', 'a'), (r'^.*acl.*=', 'acl'), (r'.*foo=', 'foo'),
                                         ('^[0-9]+[0-9.]*x', '1')])
def test_what_is_refused_as_slow_is(regex, pump):
    """Four times the text takes more than six times the processor, where a linear search takes four."""
    def duration(length):
        best = 10.0
        for dummy in range(3):
            before = time.process_time()
            assert not re.search(regex, pump * (length // len(pump)) + '!')
            best = min(best, time.process_time() - before)
        return best
    length = 100 if regex == '^a*a*a*b' else 2000
    assert duration(4 * length) > 6 * duration(length)


def test_many_signatures_are_checked_soon():
    """Half of them of the kernel; seen: four seconds of a processor for all that load() does with a thousand."""
    data = []
    for number in range(100):
        name = ''.join('abcdefghij'[int(digit)] for digit in '%03d' % number)
        data.append(signature('explain', ['acme-%s' % name], 'no work to do', '^no work to do in [0-9]+ s$', ['no work to do in 60 s']))
        data.append(signature('divert', 'kernel', '%s: queue' % name, '^%s: queue [0-9]+ of [^ ]+ is (?:idle|empty)(?: again)?$' % name,
                              ['%s: queue 7 of x is idle again' % name, '%s: queue 7 of x is empty' % name]))
    before = time.process_time()
    assert [one['id'] for one in data if refusals(one)] == []
    assert time.process_time() - before < 20
