# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where literals occur, by grep and without it, against a plain search at every byte."""
from __future__ import absolute_import, division, print_function

import contextlib
import io
import mmap
import os
import tempfile
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import literals

__metaclass__ = type

NULS = b'\0' * (1 << 20)


@contextlib.contextmanager
def mapped(content):
    """An open file and its map."""
    handle, path = tempfile.mkstemp()
    try:
        with io.open(handle, 'wb') as target:
            target.write(content)
        with io.open(path, 'rb', 0) as source:
            view = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
            yield source, view
            view.close()
    finally:
        os.unlink(path)


def places(content, needles, begin=0):
    with mapped(content) as (source, view):
        return list(literals.occurrences(source, needles, begin, view))


SCRIPTS = {
    'grep without the options': 'echo usage >&2; exit 2',
    'grep that fails later': 'grep "$@" | head -n 1; exit 2',
}


@pytest.fixture(params=['grep', 'no shell', 'no grep'] + sorted(SCRIPTS))
def host(request, monkeypatch, tmpdir):
    """A host with grep, without it, and with one that cannot do it."""
    folder, path = tmpdir.mkdir('bin'), os.environ['PATH']
    if request.param == 'no grep':
        folder.join('sh').mksymlinkto('/bin/sh')
    if request.param.startswith('no '):
        monkeypatch.setenv('PATH', str(folder))
    elif request.param in SCRIPTS:
        script = folder.join('grep')
        script.write('#!/bin/sh\nPATH=%s\n%s\n' % (path, SCRIPTS[request.param]))
        script.chmod(0o755)
        monkeypatch.setenv('PATH', '%s:%s' % (folder, path))
    return request.param


@pytest.mark.usefixtures('host')
def test_places():
    content = b'a needle\nanother needle and\xff\0a hay needle'
    assert places(content, [b'needle']) == [2, 17, 35]
    assert places(content, [b'needle', b'hay', b'needle']) == [2, 17, 31, 35]
    assert places(content, [b'needle', b'hay'], begin=3) == [17, 31, 35]
    assert places(content, [b'needle'], begin=17) == [17, 35]
    assert places(content, [b'needle'], begin=18) == [35]
    assert places(content, [b'nothing']) == places(content, [b'hay'], begin=32) == []


@pytest.mark.usefixtures('host')
def test_nothing_to_look_for():
    assert places(b'a\nb', []) == places(b'a\nb', [b'']) == []


@pytest.mark.usefixtures('host')
def test_no_pattern_but_what_it_says():
    needles = [b'a.c*', b'[x]', b'\\n', b'$^', b'-e x', b'\xff\xfe', u'\ud55c'.encode('utf-8')]
    content = b'abc aac x \n ' + b' '.join(needles) + b' ABC A.C* '
    assert places(content, needles) == [content.index(one) for one in needles]


@pytest.mark.usefixtures('host')
@pytest.mark.parametrize('begin', [0, 100])
def test_behind_a_megabyte_of_nuls(begin):
    """grep -z would leave such a block out of its count of bytes, and tell a place that is not the true one."""
    content = b'needle one' + NULS + b'needle two\n\0' + NULS[:5000] + b'\0\n\0needle three'
    expected = [place for place in (0, 10 + len(NULS), len(content) - 12) if place >= begin]
    assert places(content, [b'needle '], begin) == expected


@pytest.mark.usefixtures('host')
@pytest.mark.parametrize('size', [8 << 20, literals.MEMORY << 11])
def test_behind_a_hole(tmpdir, size):
    """As in a journal, which is made larger before it is written to; also one that grep has not the memory for."""
    path = tmpdir.join('x')
    with io.open(str(path), 'wb') as target:
        target.write(b'needle one')
        target.truncate(size)
        target.seek(size)
        target.write(b'needle two')
    with io.open(str(path), 'rb', 0) as source:
        view = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        assert list(literals.occurrences(source, [b'needle '], 0, view)) == [0, size]
        assert list(literals.occurrences(source, [b'needle '], 4096, view)) == [size]
        view.close()


@pytest.mark.usefixtures('host')
def test_more_literals_than_a_pipe_holds():
    needles = [b'literal number %d, with some more text behind' % number for number in range(3000)]
    assert sum(map(len, needles)) > 1 << 17
    content = b'\0x'.join(needles[::-100])
    assert places(content, needles) == [content.index(one + b'\0') if one + b'\0' in content else content.index(one)
                                        for one in needles[::-100]]


def test_more_hits_than_are_gathered(monkeypatch):
    monkeypatch.setattr(literals, 'GATHERED', 10)
    monkeypatch.setattr(literals, 'CHUNK', 64)
    content = b'needle\n' * 1000
    assert places(content, [b'needle']) == list(range(0, 7000, 7))


def test_having_enough_ends_grep():
    before = threading.active_count()
    with mapped(b'needle\n' * 400000) as (source, view):
        found = literals.occurrences(source, [b'needle'], 0, view)
        assert [next(found), next(found)] == [0, 7]
        found.close()
    assert threading.active_count() == before


def test_options_of_the_user_do_not_matter(monkeypatch, tmpdir):
    """To grep before 3.6, as EL7 and EL8 have it; a later one does not look at them."""
    script = tmpdir.join('grep')
    script.write('#!/bin/sh\nPATH=%s\nexec grep $GREP_OPTIONS "$@"\n' % os.environ['PATH'])
    script.chmod(0o755)
    monkeypatch.setenv('PATH', '%s:%s' % (tmpdir, os.environ['PATH']))
    monkeypatch.setenv('GREP_OPTIONS', '-i')
    assert places(b'Needle needle', [b'needle']) == [7]


@pytest.mark.parametrize('literal, expected', [
    (u'plain text', b'plain text'), (u'\ud55c\uae00', u'\ud55c\uae00'.encode('utf-8')),
    (u'one\nlonger\nx', b'longer'), (u'bad \ufffd bytes here', b' bytes here'), (u'\n\ufffd\n', b'')])
def test_a_needle_is_in_every_text_that_holds_the_literal(literal, expected):
    assert literals.needle(literal) == expected
    assert expected in literal.encode('utf-8')


@given(before=st.binary(max_size=5), literal=st.text(min_size=1, max_size=9), after=st.binary(max_size=5))
def test_a_needle_of_any_literal(before, literal, after):
    """What is not UTF-8 in a message becomes U+FFFD in its text, so such a literal may stand for any bytes."""
    needle = literals.needle(literal)
    assert b'\n' not in needle
    for stored in (literal.encode('utf-8', 'replace'), literal.replace(u'\ufffd', u'?').encode(
            'utf-8', 'replace').replace(b'?', b'\xff')):
        if literal in (before + stored + after).decode('utf-8', 'replace'):
            assert needle in before + stored + after


@given(content=st.lists(st.sampled_from([b'a', b'b', b'ab', b'\n', b'\0', b'\xff', u'\ud55c'.encode('utf-8'),
                                         NULS[:5000]]), min_size=1, max_size=30).map(b''.join),
       needles=st.lists(st.lists(st.sampled_from([b'a', b'b', b'\xff', b'.']), min_size=1, max_size=4).map(b''.join),
                        max_size=4), begin=st.integers(0, 40))
def test_against_every_byte(content, needles, begin):
    """Each hit is one, and of those not told each overlaps one that is."""
    begin = min(begin, len(content))
    true = [place for place in range(begin, len(content)) if any(content.startswith(one, place) for one in needles)]
    longest = max(map(len, needles)) if needles else 0
    with mapped(content) as (source, view):
        by_grep = list(literals.occurrences(source, needles, begin, view))
        path = os.environ['PATH']
        os.environ['PATH'] = '/nowhere'
        try:
            plain = list(literals.occurrences(source, needles, begin, view))
        finally:
            os.environ['PATH'] = path
    for found in (by_grep, plain):
        assert found == sorted(found)
        assert set(found) <= set(true)
        for place in set(true) - set(found):
            assert any(place - longest < other < place for other in found)


def test_a_line_without_end_does_not_take_the_memory():
    """grep holds a line until it ends, and a journal may have none for long: it gives up, and the search goes on."""
    length = 2 * literals.MEMORY << 10
    with mapped(b'needle77\n' + b'a' * length + b'needle77 ') as (source, view):
        assert list(literals._by_grep(source, [b'needle77'], 0))[-1] is None
        assert list(literals.occurrences(source, [b'needle77'], 0, view)) == [0, 9 + length]
