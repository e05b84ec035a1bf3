# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""logrotate's configuration is read as config.c reads it, and edited so that it can be put back."""
from __future__ import absolute_import, division, print_function

import os

import pytest
from hypothesis import given, strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate.host import Disk as LogrotateDisk

__metaclass__ = type

STOCK = '''/var/log/cron
/var/log/maillog
/var/log/messages
/var/log/secure
/var/log/spooler
{
    missingok
    sharedscripts
    postrotate
        /bin/kill -HUP `cat /var/run/syslogd.pid 2> /dev/null` 2> /dev/null || true
    endscript
}
'''
MAIN = '''# see "man logrotate" for details
weekly
rotate 4
create
dateext
#compress
include /etc/logrotate.d
/var/log/wtmp {
    monthly
    create 0664 root utmp
\tminsize 1M
    rotate 1
}
'''


class Disk:
    """Files in memory: dict, path -> text."""

    def __init__(self, texts, refused=()):
        self.texts, self.refused = texts, refused

    def kind(self, path):
        if path in self.texts:
            return 'file'
        return 'dir' if any(one.startswith(path + '/') for one in self.texts) else None

    def names(self, directory):
        return [os.path.basename(one) for one in self.texts if os.path.dirname(one) == directory]

    def read(self, path):
        return self.texts[path]

    def refusal(self, path):
        return 'refused' if path in self.refused else None


def read(texts, release=(3, 22, 0), **more):
    """The Configuration of some files; one text is the main file alone."""
    if not isinstance(texts, dict):
        texts = {'/etc/logrotate.conf': texts}
    return logrotate.Configuration('/etc/logrotate.conf', Disk(texts, **more), release)


def el(**others):
    """The files of EL, with others in /etc/logrotate.d."""
    texts = {'/etc/logrotate.conf': MAIN, '/etc/logrotate.d/rsyslog': STOCK}
    texts.update(('/etc/logrotate.d/' + name, text) for name, text in others.items())
    return texts


HANGUL = u'/etc/logrotate.d/\ud55c\uc5b4'.encode('utf-8').decode('latin-1')  # holds a 0x85, which str takes for a line's end
NO_BREAK = u'\u00a0'.encode('utf-8').decode('latin-1')
MARK = u'\ufeff'.encode('utf-8').decode('latin-1')
RELEASES = [(3, 8, 6), (3, 14, 0), (3, 18, 0), (3, 22, 0)]  # EL 7 to 10


class TestAnyBytes:
    """What each release does with bytes that are no ASCII; found with logrotate of EL 7 to 10, built with its patches."""

    @pytest.mark.parametrize('release', RELEASES)
    @pytest.mark.parametrize('odd', [HANGUL[-6:], NO_BREAK, MARK, '\xa0', '\x85', '\x1c', '\xff\xfe', '\xb2', '\0', '\r', '\x0c'])
    @pytest.mark.parametrize('text, line, old, new', [
        ('@\n/x {\nrotate 3\n}\n', 1, {'/x': 3, '/z': 9}, {'/z': 9}),
        ('@/x {\nrotate 3\n}\n/y {\nrotate 4\n}\n', 1, {'/y': 4, '/z': 9}, {'/z': 9}),
        ('/x {\nrotate 3\n}\n@ y\n/y {\nrotate 4\n}\n', 4, {'/x': 3, '/y': 4, '/z': 9}, {'/x': 3, '/z': 9}),
        ('/x {\n  @rotate 3\n  rotate 5\n}\n/y {\nrotate 4\n}\n', 2, {'/x': 5, '/y': 4, '/z': 9}, {'/y': 4, '/z': 9}),
    ])
    def test_a_line_that_is_neither_keyword_nor_path(self, text, line, old, new, odd, release):
        found = read(el(app=text.replace('@', odd), zz='/z {\nrotate 9\n}\n'), release)
        if release == (3, 8, 6) and text.startswith('@/x'):  # what follows is then read on its own: a keyword, and a }
            assert found.stanza_of('/x') is None and found.stanza_of('/z').directives['rotate'] == 9
        else:
            assert dict((path, found.stanza_of(path).directives['rotate']) for path in ('/x', '/y', '/z')
                        if found.stanza_of(path)) == (old if release == (3, 8, 6) else new)
        assert [(problem.file, problem.line) for problem in found.problems[:1]] == [('/etc/logrotate.d/app', line)]

    @pytest.mark.parametrize('release', RELEASES)
    @pytest.mark.parametrize('odd', [HANGUL[-6:], NO_BREAK, '\xb2', '1', '_'])
    def test_letters_are_those_of_ascii(self, odd, release):
        """`endscript` ends where a letter ends, so the script does; \\b of Python 3 sees no end there."""
        found = read('/x {\npostrotate\ntrue\nendscript' + odd[0] + '\nrotate 3\n}\n/y {\nrotate 4\n}\n', release)
        assert [(one.words[0].text, one.directives['rotate']) for one in found.stanzas] == [('/x', 3), ('/y', 4)]

    @pytest.mark.parametrize('release', RELEASES)
    @pytest.mark.parametrize('odd', ['\xa0', '\x85', '\x1c', '\x1d', '\x1e', '\x1f'])
    def test_white_space_is_that_of_ascii(self, odd, release):
        class Accounts(Disk):
            @staticmethod
            def has_account(_kind, name):
                return name == 'root'

        text = '/x {\ncreate 0600 root%sroot\n}\n' % odd
        found = logrotate.Configuration('/c', Accounts({'/c': text}), release)
        assert found.stanzas == [] and found.problems[0].line == 2
        assert read('tabooext + .a%s.b\ninclude /d\n' % odd, release)._taboo[-1] == '*.a%s.b' % odd

    @pytest.mark.parametrize('release', RELEASES)
    def test_a_nul_ends_a_value_and_a_head(self, release):
        assert read('/x {\nrotate 3\0 5\n}\n', release).stanza_of('/x').directives['rotate'] == 3
        assert read('/x\0 {\nrotate 3\n}\n', release).stanza_of('/x') is None

    @pytest.mark.parametrize('value, good', [(HANGUL, True), ('/\xff', False), ('/a' + NO_BREAK, True), ('/\xe3\x80\x80', False),
                                             ('/a b', False), ('/a\x1b', False)])
    def test_paths_of_rotated_files(self, value, good):
        assert (read('/x {\nolddir %s\n}\n/y {\n}\n' % value).problems[0].text == 'bad olddir path ' + value) is not good

    def test_a_number_is_one_of_ascii(self):
        assert not LogrotateDisk().has_account('user', u'\xb2')
        assert LogrotateDisk().has_account('user', u'2')


class TestErrorsOfEachRelease:
    """Found with the same programs."""

    @pytest.mark.parametrize('text, kept', [
        ('/x {\nrotate 3\nweekly 9\n}\n', (0, 1, 1, 0)),
        ('/x {\nrotate 3\npostrotate\ntrue\n}\n', (0, 1, 1, 0)),
        ('/x {\nrotate 3\nweekly 3\n}\n', (1, 1, 1, 1)),
        ('/x {\nrotate 3\nweekly\v+03\n}\n', (1, 1, 1, 1)),
        ('/x {\nrotate 3\nweekly = 3\n}\n', (0, 1, 1, 0)),
        ('/x {\nrotate 3\nrotate\nmissingok\n}\n', (1, 0, 0, 0)),
        ('/x {\nrotate \v3\n}\n', (1, 1, 1, 1)),
        ('/x {\nrotate5\nrotate 3\n}\n', (1, 0, 0, 0)),
        ('/x {\nrotate 3\ncreateolddir 7x5 root root\n}\n', (0, 0, 0, 0)),
        ('/x {\nrotate 3\ncreateolddir 755 root root x\n}\n', (0, 0, 0, 0)),
        ('/x {\nrotate 3\n}\ninclude /nowhere\n', (0, 1, 1, 1)),
    ])
    def test_what_is_left_of_a_stanza(self, text, kept):
        found = [read(el(app=text), release).stanza_of('/x') for release in RELEASES]
        assert tuple(1 if one and one.directives['rotate'] == 3 else 0 for one in found) == kept


class TestReading:
    def test_stock(self):
        found = read(el())
        assert not found.problems
        stanza = found.stanza_of('/var/log/messages')
        assert (stanza.file, stanza.line) == ('/etc/logrotate.d/rsyslog', 1)
        said = stanza.directives
        assert (said['criterion'], said['rotate'], said['dateext'], said['compress']) == ('weekly', 4, True, False)
        assert said['create'] == (None, None, None)
        assert said['postrotate'].strip().startswith('/bin/kill')
        wtmp = found.stanza_of('/var/log/wtmp').directives
        assert (wtmp['criterion'], wtmp['create'], wtmp['minsize']) == ('monthly', (0o664, 'root', 'utmp'), 1 << 20)
        assert found.stanza_of('/var/log/other') is None

    def test_order_of_a_directory_and_of_what_stands_around_it(self):
        found = read(el(alpha='/a { }\n', zulu='/z { }\n'))
        assert [stanza.words[0].text for stanza in found.stanzas] == ['/a', '/var/log/cron', '/z', '/var/log/wtmp']

    def test_defaults_leak_into_later_files(self):
        """The trap: a directive outside of a stanza, in a file of its own, is for all that come later."""
        found = read(el(alpha='maxsize 1M\ncompress\n'))
        assert found.stanza_of('/var/log/messages').directives['maxsize'] == 1 << 20
        assert found.defaults_at('/etc/logrotate.d/log_hygiene_policy')['maxsize'] == 1 << 20
        assert found.defaults_at('/etc/logrotate.d/aaa')['maxsize'] == 0
        assert found.defaults_at('/elsewhere/log_hygiene_policy') is None

    def test_a_file_with_an_error_leaves_no_defaults(self):
        found = read(el(alpha='compress\nrotate four\ndelaycompress\n'))
        said = found.stanza_of('/var/log/messages').directives
        assert (said['compress'], said['delaycompress']) == (False, False)
        assert [problem.line for problem in found.problems] == [2]

    def test_a_stanza_with_an_error_goes_alone(self):
        found = read('/a {\n rotate x\n postrotate\n }\n endscript\n}\n/b { }\n')
        assert [stanza.words[0].text for stanza in found.stanzas] == ['/b']
        assert found.problems == [('/etc/logrotate.conf', 2, "bad value 'x' of rotate")]

    def test_an_unknown_keyword_costs_its_line(self):
        found = read('/a {\n frobnicate daily\n rotate 3\n}\n')
        assert found.stanza_of('/a').directives['rotate'] == 3
        assert found.stanza_of('/a').directives['criterion'] == 'size'
        assert found.problems[0].line == 2

    @pytest.mark.parametrize('release, ignored', [
        ((3, 8, 6), ['x.rpmnew', 'x~']), ((3, 14, 0), ['x.rpmnew', 'x~']),
        ((3, 18, 0), ['x.bak', 'x.rpmnew', 'x~']), ((3, 22, 0), ['x.bak', 'x.orig', 'x.rpmnew', 'x~'])])
    def test_taboo_endings_of_each_release(self, release, ignored):
        names = ('x', 'x.bak', 'x.orig', 'x.rpmnew', 'x~')
        found = read(el(**dict((name, '/%s { }\n' % name) for name in names)), release)
        assert sorted(os.path.basename(path) for path, _why in found.ignored) == ignored
        assert len(found.stanzas) == 2 + len(names) - len(ignored)

    @pytest.mark.parametrize('line, ignored', [
        ('tabooext + .mine', ['x.mine', 'x~']), ('tabooext .mine', ['x.mine']), ('tabooext + .mine, .other', [
            'x.mine', 'x.other', 'x~']), ('taboopat x.o*', ['x.other']), ('tabooext', ['x~'])])
    def test_taboo_directives(self, line, ignored):
        texts = el(**dict((name, '/%s { }\n' % name) for name in ('x', 'x.mine', 'x.other', 'x~')))
        texts['/etc/logrotate.conf'] = line + '\n' + MAIN
        assert sorted(os.path.basename(path) for path, _why in read(texts).ignored) == ignored

    def test_hidden_files_are_read(self):
        """FNM_PERIOD: the dot of `.x.bak` is not like the star of `*.bak`."""
        assert read(el(**{'.x.bak': '/x { }\n'})).stanza_of('/x')

    def test_paths(self):
        found = read('/a "/b c" \'/d\' /e\\ f\n# no path\n/g # h\n{\n}\n')
        assert [word.text for word in found.stanzas[0].words] == ['/a', '/b c', '/d', '/e f', '/g', '#', 'h']

    @pytest.mark.parametrize('release, left', [((3, 8, 6), []), ((3, 14, 0), ['/a'])])
    def test_an_error_between_stanzas(self, release, left):
        found = read('/a {\n}\n}\n/b {\n}\n', release)
        assert [stanza.words[0].text for stanza in found.stanzas] == left

    def test_comments_between_paths_are_paths_before_3_12(self):
        found = read('/a\n# b\n{\n}\n', (3, 8, 6))
        assert [word.text for word in found.stanzas[0].words] == ['/a', '#', 'b']

    @pytest.mark.parametrize('text, lost', [
        (u'/a {\r\n daily\r\n}\r\n', True), (u'/a {\n daily\r\n rotate 3\r\n}\n', False), (u'/a {\n daily\r\r\n}\n', True),
        (u'/a {\n rotate 3\n}\r\n', False), (u'/a\r\n{\n}\n', False), (u'/a {\n\xa0daily\n}\n', True), (u'/a {\n \xe9x\n}\n', True)])
    def test_white_space_and_letters_are_those_of_logrotate(self, text, lost):
        found = read(text)
        assert (found.stanza_of('/a') is None) is lost
        assert (found.why_lost('/a') is not None) is lost

    def test_several_flags_in_a_line_and_equals_signs(self):
        said = read('/a {\n daily compress dateext\n rotate=7\n size = 10k\n}\n').stanza_of('/a').directives
        assert (said['compress'], said['dateext'], said['rotate'], said['size']) == (True, True, 7, 10240)
        assert said['criterion'] == 'size'

    @pytest.mark.parametrize('text, problem', [
        ('/a {\n rotate 4 # four\n}\n', "bad value '4 # four' of rotate"),
        ('/a {\n}\n}\n', 'unexpected }'), ('/a\n', "missing '{' after log files definition"),
        ('/a {\n size 1T\n}\n', "bad value '1T' of size"), ('/a {\n /b\n}\n', 'unexpected log filename'),
        ('/a {\n postrotate\n x\n}\n', 'prerotate, postrotate or preremove without endscript'),
        ('daily5\n', "keyword 'daily' not properly separated"), ('/"a {\n}\n', 'error parsing filename'),
        ('/a {\n su root\n}\n', 'su wants a user and a group')])
    def test_errors(self, text, problem):
        assert problem in [one.text for one in read(text).problems]

    def test_numbers_of_other_bases(self):
        said = read('/a {\n rotate 010\n maxage 0x10\n}\n').stanza_of('/a').directives
        assert (said['rotate'], said['maxage']) == (8, 16)

    @pytest.mark.parametrize('line, key, value, release', [
        ('rotate 4294967297', 'rotate', 1, (3, 22)), ('rotate 99999999999999999999', 'rotate', -1, (3, 22)), ('rotate 2147483648', 'rotate', None, (3, 22)),
        ('rotate -4294967295', 'rotate', 1, (3, 22)), ('rotate -1', 'rotate', -1, (3, 18)), ('rotate -1', 'rotate', None, (3, 14)),
        ('rotate -2', 'rotate', None, (3, 22)), ('maxage 4294967297', 'maxage', 1, (3, 22)), ('maxage -1', 'maxage', None, (3, 22)),
        ('maxage %s' % ('9' * 5000), 'maxage', None, (3, 22)), ('size 99999999999G', 'size', None, (3, 22)), ('maxsize -1', 'maxsize', None, (3, 22)),
        ('size 18446744073709551617k', 'size', None, (3, 22)), ('compressoptions', 'compressoptions', None, (3, 22)),
        ('tabooext\ndaily', 'rotate', None, (3, 22)), ('taboopat\ndaily', 'rotate', None, (3, 22)), ('dateformat', 'dateformat', None, (3, 22))])
    def test_values_that_do_not_fit(self, line, key, value, release):
        """A number that is too large for an int is another one, or an error."""
        found = read('/a {\nrotate 5\n%s\n}\n' % line, release)
        assert bool(found.problems) == (value is None)
        stanza = found.stanza_of('/a')
        assert (stanza is None) == (value is None and line != 'dateformat') and (stanza is None or stanza.directives[key] == value)

    def test_what_a_stanza_includes_is_of_the_stanza(self):
        found = read({'/etc/logrotate.conf': '/a {\nrotate 400\ninclude /x\n}\n/b {\n}\n', '/x': 'rotate 1\n'})
        assert [found.stanza_of(path).directives['rotate'] for path in ('/a', '/b')] == [1, 0]

    @pytest.mark.parametrize('times', [2, 3])
    def test_what_includes_itself_again_and_again_ends(self, times):
        with pytest.raises(logrotate.LogrotateError) as caught:
            read('include /etc/logrotate.conf\n' * times)
        assert 'read more than 10000 times' in str(caught.value)

    def test_a_path_through_a_link_is_the_same_log(self):
        disk = Disk({'/etc/logrotate.conf': '/data/web/*.log {\nrotate 2\n}\n/var/log/web/a.log {\nrotate 9\n}\n/var/log//b {\nrotate 1\n}\n'
                                            '/var/log/b {\nrotate 7\n}\n/lost/web/c {\nrotate x\n}\n'})
        disk.real = lambda folder: folder.replace('/var/log/web', '/data/web').replace('/lost', '/data')
        found = logrotate.Configuration('/etc/logrotate.conf', disk, (3, 22, 0))

        def rotating(path):
            return [(stanza.directives['rotate'], name) for stanza, name in found.rotating(path)]
        assert rotating('/var/log/web/a.log') == rotating('/data/web/a.log') == [(2, '/data/web/a.log'), (9, '/var/log/web/a.log')]
        assert rotating('/var/log/web/z.log') == [(2, '/data/web/z.log')] and rotating('/var/log/web/z') == []
        assert rotating('/var/log/b') == [(1, '/var/log//b'), (7, '/var/log/b')]
        assert 'bad value' in found.why_lost('/data/web/c').text

    def test_duplicates_belong_to_the_first(self):
        found = read(el(alpha='/var/log/messages { rotate 9\n}\n'))
        assert found.stanza_of('/var/log/messages').directives['rotate'] == 9
        assert [problem.text for problem in found.problems] == [
            'duplicate log entry for /var/log/messages, which /etc/logrotate.d/alpha names first']
        tolerant = read(el(alpha='/var/log/messages { ignoreduplicates\n}\n'))
        assert not tolerant.problems

    def test_refused_files(self):
        found = read(el(), refused=['/etc/logrotate.d/rsyslog'])
        assert found.stanza_of('/var/log/messages') is None
        assert found.ignored == [('/etc/logrotate.d/rsyslog', 'refused')]

    def test_include_that_includes_itself_ends(self):
        found = read('include /etc/logrotate.conf\n/a { }\n')
        assert 'include nesting too deep' in [problem.text for problem in found.problems]

    @given(st.text(alphabet='/ab *{}"\'\n#\\ daily=4xrotencsip', max_size=120))
    def test_any_text_is_read(self, text):
        found = read(text)
        for stanza in found.stanzas:
            assert text[stanza.begin] in '/"\'~'
            for word in stanza.words:
                assert stanza.begin <= word.begin < word.end <= len(text)


class TestGlobs:
    @pytest.mark.parametrize('pattern, path, like', [
        ('/var/log/*.log', '/var/log/x.log', True), ('/var/log/*.log', '/var/log/a/x.log', False),
        ('/var/log/*', '/var/log/.x', False), ('/var/log/.*', '/var/log/.x', True),
        ('/var/log/[a-m]*', '/var/log/messages', True), ('/var/log/[!a-m]*', '/var/log/messages', False),
        ('/var/log/[^a-m]*', '/var/log/secure', True), ('/var/*/x', '/var/log/x', True),
        ('/var/log/?.log', '/var/log/.log', False), ('/var/log/x[', '/var/log/x[', True),
        ('/var/log/[]x]', '/var/log/]', True), ('/var/log[/]x', '/var/log/x', False),
        ('/[[:alpha:]]*', '/messages', True), ('/[[:digit:]]*', '/messages', False), ('/[![:upper:]_]', '/x', True), ('/[[:nosuch:]]', '/x', False),
        ('/[z-a]', '/b', False), ('/[!z-a]', '/b', True), ('/[a[b]', '/[', True), ('/[a&&b]', '/&', True), ('/[a-]', '/-', True),
        ('/[\\]]', '/]', True), ('/[a/b]', '/[a/b]', True), ('/[]', '/[]', True)])
    def test_like_glob(self, pattern, path, like):
        assert bool(logrotate.glob_regex(pattern).match(path)) == like

    def test_naming_finds_them(self):
        found = read(el(zulu='/var/log/*ages /x { }\n')).naming('/var/log/messages')
        assert [(stanza.file, word.text, word.line) for stanza, word in found] == [
            ('/etc/logrotate.d/rsyslog', '/var/log/messages', 3), ('/etc/logrotate.d/zulu', '/var/log/*ages', 1)]


class TestStaging:
    def test_includes_lead_to_the_copy(self):
        found = read(el())
        texts, directories = found.staged('/root')
        assert directories == ['/root/etc/logrotate.d']
        assert 'include /root/etc/logrotate.d\n' in texts['/root/etc/logrotate.conf'][1]
        assert texts['/root/etc/logrotate.d/rsyslog'] == ('/etc/logrotate.d/rsyslog', STOCK)

    def test_no_directory_is_made(self):
        texts, _directories = read('/a {\n olddir old\n createolddir 755\n}\n').staged('/root')
        text = texts['/root/etc/logrotate.conf'][1]
        assert '\n #olddir old\n #createolddir 755\n' in text


class TestEditing:
    def test_cut_lines(self):
        text = logrotate.without(STOCK, ['/var/log/messages', '/var/log/cron'])
        assert text == STOCK.replace('/var/log/messages\n', '').replace('/var/log/cron\n', '')

    @pytest.mark.parametrize('before, path, after', [
        ('/a /b /c {\n}\n', '/a', '/b /c {\n}\n'), ('/a /b /c {\n}\n', '/b', '/a /c {\n}\n'),
        ('/a /b /c {\n}\n', '/c', '/a /b {\n}\n'), ('# x\n/a {\n}\n/b {\n}\n', '/a', '# x\n/b {\n}\n'),
        ('"/a" /b {\n}\n', '/a', '/b {\n}\n'), ('/a\n/b {\n}\n', '/b', '/a\n{\n}\n'),
        ('/a* {\n}\n', '/a', '/a* {\n}\n')])
    def test_cut(self, before, path, after):
        assert logrotate.without(before, [path]) == after
        if '{' in after:
            assert not logrotate.Configuration('/x', Disk({'/x': after})).problems

    def test_put_back_into_what_nobody_changed(self):
        for path in logrotate.names(STOCK):
            assert logrotate.put_back(logrotate.without(STOCK, [path]), STOCK, [path]) == STOCK

    def test_put_back_into_what_somebody_changed(self):
        changed = logrotate.without(STOCK, ['/var/log/messages']).replace('missingok', 'missingok\n    compress')
        text = logrotate.put_back(changed, STOCK, ['/var/log/messages'])
        assert text == STOCK.replace('missingok', 'missingok\n    compress')

    def test_put_back_where_no_neighbour_is_left(self):
        text = logrotate.put_back('# mine\n', STOCK, ['/var/log/messages', '/var/log/secure'])
        assert text.startswith('# mine\n/var/log/messages\n/var/log/secure\n{\n    missingok')
        assert logrotate.names(text) == ['/var/log/messages', '/var/log/secure']

    def test_put_back_what_is_there(self):
        assert logrotate.put_back(STOCK, STOCK, ['/var/log/messages']) == STOCK

    @given(st.lists(st.lists(st.sampled_from('abcdefgh'), min_size=1, max_size=4, unique=True), min_size=1, max_size=3),
           st.lists(st.sampled_from(' \n'), min_size=12, max_size=12), st.sets(st.sampled_from('abcdefgh')),
           st.sets(st.sampled_from('abcdefgh')))
    def test_cutting_twice_is_cutting_once(self, stanzas, spaces, first, second):
        spaces = iter(spaces)
        text = ''.join(''.join('/' + name + next(spaces) for name in names) + '{\n    daily\n}\n' for names in stanzas)
        one, two = (['/' + name for name in names] for names in (first, second))
        once = logrotate.without(text, one + two)
        assert logrotate.without(logrotate.without(text, one), two) == once
        assert logrotate.names(once) == [name for name in logrotate.names(text) if name not in one + two]
        back = logrotate.put_back(once, text, one + two)
        assert set(logrotate.names(back)) == set(logrotate.names(text))


class TestOurFile:
    OWNERS = {'/var/log/messages': dict(create=(0o600, 'root', 'root'), su=None),
              '/var/log/secure': dict(create=(0o640, 'root', 'adm'), su=('root', 'adm'))}

    def render(self, defaults=(), **more):
        rules = logrotate.wanted([dict(path='/var/log/messages', keep_days=365), dict(path='/var/log/secure',
                                                                                      keep_days=365)])
        return logrotate.render(rules, dict(logrotate.DEFAULTS, **dict(defaults)), self.OWNERS, {}, **more)

    def directives(self, text, path='/var/log/messages'):
        found = read(el(log_hygiene_policy=text))
        return found.stanza_of(path).directives

    def test_it_says_what_it_means(self):
        said = self.directives(self.render())
        assert (said['criterion'], said['rotate'], said['maxage']) == ('daily', 367, 365)
        assert said['compress'] and said['delaycompress'] and said['dateext'] and not said['ifempty']
        assert said['dateformat'] == '-%Y%m%d' and said['create'] == (None, None, None)
        assert said['postrotate'].strip() == '/usr/bin/systemctl kill -s HUP rsyslog.service >/dev/null 2>&1 || true'

    def test_su_where_the_directory_needs_it(self):
        text = self.render()
        assert self.directives(text)['su'] is None
        assert self.directives(text, '/var/log/secure')['su'] == ('root', 'adm')
        assert self.directives(self.render({'su': ('root', 'syslog')}))['su'] == ('root', 'root')

    @pytest.mark.parametrize('name, line, value', [
        ('maxsize', 'maxsize 1M', 0), ('minsize', 'minsize 1G', 0), ('minage', 'minage 30', 0),
        ('copytruncate', 'copytruncate', False), ('copy', 'copy', False), ('olddir', 'olddir /old', None),
        ('mail', 'mail root', None), ('shred', 'shred', False), ('renamecopy', 'renamecopy', False)])
    def test_defaults_against_it_are_overruled(self, name, line, value):
        texts = el()
        texts['/etc/logrotate.conf'] = line + '\n' + MAIN
        before = read(texts)
        defaults = before.defaults_at('/etc/logrotate.d/log_hygiene_policy')
        assert defaults[name] not in (value, None)
        texts['/etc/logrotate.d/log_hygiene_policy'] = self.render(defaults)
        assert read(texts).stanza_of('/var/log/messages').directives[name] == value

    def test_a_mode_of_the_defaults_does_not_open_a_log(self):
        """The trap: `create` without a mode takes that of the defaults."""
        said = self.directives('create 0644 root adm\n' + self.render({'create': (0o644, 'root', 'adm')}))
        assert said['create'] == (0o600, 'root', 'root')

    def test_what_was_taken_is_read_again(self):
        taken = {HANGUL: ['/var/log/cron'], '/etc/logrotate.d/rsyslog': ['/var/log/messages', '/var/log/secure'], '/etc/logrotate.conf': ['/x']}
        text = logrotate.render({}, logrotate.DEFAULTS, {}, taken)
        assert logrotate.taken_over(text) == taken

    def test_tolerance(self):
        assert self.directives(self.render(tolerant=['/var/log/messages']))['ignoreduplicates']

    @pytest.mark.parametrize('path', ['messages', '/var/log/a b', '/var/log/*.log', '/var/log/a{b}', '/var/../x', '/',
                                      '/var//x', '/x\n', '/var/log/"x"', None])
    def test_paths_that_mean_something_else_are_refused(self, path):
        with pytest.raises(logrotate.LogrotateError) as raised:
            logrotate.wanted([dict(path=path, keep_days=3)])
        assert 'Nothing was changed.' in str(raised.value)

    def test_days(self):
        with pytest.raises(logrotate.LogrotateError):
            logrotate.wanted([dict(path='/x', keep_days=0)])
        assert logrotate.wanted([dict(path='/x', keep_days=3), dict(path='/x', keep_days=9)]) == {'/x': 9}


class TestOutput:
    def test_versions(self):
        text = 'logrotate 3.21.0\n\n    Default mail command:       /bin/mail\n    Default state file path:    /x/y\n'
        assert logrotate.version(text) == (3, 21, 0)
        assert logrotate.state_path(text) == '/x/y'
        assert logrotate.version('') == () and logrotate.state_path('') is None

    def test_errors(self):
        duplicate = 'error: /r/etc/a:12 duplicate log entry for /v\x85\n'
        text = ('warning: x\nerror: stat of /x failed: No such file or directory\n' + 2 * duplicate
                + 2 * 'considering log /v\n')
        assert logrotate.errors_of(text, '/r') == {
            '/etc/a duplicate log entry for /v\x85': '/etc/a:12 duplicate log entry for /v\x85'}
        assert logrotate.considered(text) == {'/v': 2}
