# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The syntaxes of configuration files in which a remedy sets a key: where its settings are, and the least change. Pure.

A text is what the bytes of a file are in Latin-1, so that each comes back. What a program makes of the file is for the
program to say; here is only found what stands in one file.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import re

# A setting in a text: where it begins and ends (without the end of its last line), where its value does, and the value
# in one line, with a blank for each gap.
Found = collections.namedtuple('Found', 'start end value_start value_end value')
_Line = collections.namedtuple('_Line', 'start end next')


class Refused(Exception):
    """The text cannot be changed. told() tells the operator why: sentences that begin with the name of the file."""

    def told(self, path):
        """Return what the operator is told of a file."""
        return self.args[0].replace('%s', path, 1)


class Syntax(object):
    """Lines with a key and a value. What differs from one syntax to another stands in the classes below."""

    FIRST = False       # whether the first setting of a key counts, and not the last
    REPEATED = True     # whether it is known which of several settings counts
    ANY_CASE = True     # of keys
    BLANKS_GO_ON = False
    EVERYWHERE = False  # whether a key that is not to be set may not be set for some either
    SEPARATOR = ' '
    KEY = r'[A-Za-z][A-Za-z0-9_.-]{0,99}\Z'
    VALUE = r'[!-~](?:[ -~]{0,998}[!-~])?\Z'
    NOT_IN_VALUE = '#"\'\\'
    SECTION = None      # pattern of the names of sections, None where there are none

    def check(self, key, value, section):
        """Raise Refused unless these can be written. `value` is None for a key that is not to be set."""
        if not re.match(self.KEY, key):
            raise Refused('%%s, key: %s is not the name of a setting.' % shown(key))
        if value is not None and (not re.match(self.VALUE, value) or any(one in value for one in self.NOT_IN_VALUE)):
            raise Refused('%%s, value: %s is not a value that is written here: 1 to 1,000 characters of ASCII in one line, without %s.' % (
                shown(value), ' '.join(self.NOT_IN_VALUE)))
        if section is not None and not (self.SECTION and re.match(self.SECTION, section)):
            raise Refused('%%s, section: %s is not one that a key is set in here.' % shown(section))

    def same(self, one, other):
        """Return whether two keys are the same."""
        return one == other or self.ANY_CASE and one.lower() == other.lower()

    def find(self, text, key, section=None, anywhere=False):
        """Return the settings of a key (list of Found) where it counts for all, or anywhere. Raises Refused."""
        found = []
        for line, counts in self.scope(text, section):
            one = (counts or anywhere and self.EVERYWHERE) and self.setting(text, line, key)
            if one:
                found.append(one)
        return found

    def in_force(self, text, key, section=None):
        """Return the value that counts in a text, None without any. Raises Refused."""
        found = self.find(text, key, section)
        if len(found) > 1 and not self.REPEATED:
            raise Refused('%%s sets it in lines %s, and which of them counts is not known. Leave one.' % ', '.join(
                '%d' % number(text, one) for one in found))
        return found[0 if self.FIRST else -1].value if found else None

    def scope(self, text, section):
        """Yield each logical line (_Line), and whether a setting in it counts for all."""
        for line in logical(text, self.BLANKS_GO_ON):
            yield line, True

    def setting(self, text, line, key):
        """Return the Found of a line that sets the key, else None."""
        match = re.match(r'[ \t]*(?P<key>[^\s=#;!%]+)(?P<gap>[ \t]+|\Z)', text[line.start:line.end])
        if not match or not self.same(match.group('key'), key):
            return None
        return self.found(text, line, line.start + match.end('gap'))

    def found(self, text, line, value_start):
        """Return the Found of a line whose value begins there."""
        raw = text[value_start:line.end].rstrip(' \t\r')
        return Found(line.start, line.end, value_start, value_start + len(raw), plain(raw))

    def written(self, value):
        """Return a value as it is written."""
        return value

    def changed(self, text, key, value, section=None):
        """Return the text with the key set to a value, or with one setting fewer of it if the value is None.

        Raises Refused.
        """
        found = self.find(text, key, section, anywhere=value is None)
        if value is None:
            return self.disabled(text, found[0]) if found else text
        self.in_force(text, key, section)
        if not found:
            return self.inserted(text, key, value, section)
        one = found[0 if self.FIRST else -1]
        gap = self.SEPARATOR if one.value_start == one.end and text[one.end - 1:one.end] not in (' ', '\t', '=') else ''
        return text[:one.value_start] + gap + self.written(value) + text[one.value_end:]

    def disabled(self, text, one):
        """Return the text with a setting made a comment."""
        return text[:one.start] + re.sub(r'(?m)^', '#', text[one.start:one.end]) + text[one.end:]

    def inserted(self, text, key, value, section):
        """Return the text with a new line: behind the comment that shows the key, else at the end of where it counts."""
        end, shown, before = None, None, None
        comment = re.compile(r'[#;][ \t]*%s[ \t]*(?:[ \t=]|$)' % re.escape(key), re.IGNORECASE if self.ANY_CASE else 0)
        lines = list(self.scope(text, section))
        for index, (line, counts) in enumerate(lines):
            if not counts:
                continue
            content = text[line.start:line.end]
            if self.ends_here(content):
                end = line.next
            following = text[line.next:line.next + 1]
            if comment.match(content) and not content.endswith('\\') and not (self.BLANKS_GO_ON and following in ('\t', ' ')):
                shown = line.next
            if not before and self.is_setting(content):
                before = content
        if section is not None and end is None:
            raise Refused('%%s has no section %s.' % section)
        place = shown if shown is not None else end if end is not None else self.start_of(text, lines)
        if place == len(text) and re.search(r'\\\r?\n?\Z', text):
            raise Refused('%s ends with a backslash, so no line can be added.')
        return insert(text, place, key + self.separator(before) + self.written(value))

    def start_of(self, text, lines):
        """Return the offset of a new line where nothing counts yet: before what does not."""
        return next((line.start for line, counts in lines if not counts), len(text))

    def ends_here(self, content):
        """Return whether a new line may come behind a line as the last one."""
        return True

    def is_setting(self, content):
        """Return whether a line sets something, so that a new one is written as it is."""
        return False

    def separator(self, neighbour):
        """Return what stands between key and value in a new line."""
        return self.SEPARATOR


class Words(Syntax):
    """Lines of a key, blanks and a value, in no order: chrony.conf, snmpd.conf. A key stands once, or nothing is done."""

    REPEATED = False
    NOT_IN_VALUE = '#!"\'\\'

    def scope(self, text, section):
        """Yield each line (_Line), and True."""
        for line in logical(text):
            if text[line.start:line.end].lstrip(' \t').startswith('['):
                raise Refused('%s has sections, and only files without are changed here.')
            yield line, True


class Sshd(Syntax):
    """sshd_config: the first setting counts, and what follows a Match counts for some connections only."""

    FIRST = True
    EVERYWHERE = True
    KEY = r'[A-Za-z][A-Za-z0-9]{0,99}\Z'

    def scope(self, text, section):
        """Yield each line (_Line), and whether it stands before any Match."""
        counts = True
        for line in logical(text):
            if re.match(r'[ \t]*Match(?:[ \t=]|\Z)', text[line.start:line.end], re.IGNORECASE):
                counts = False
            yield line, counts

    def setting(self, text, line, key):
        """Return the Found of a line that sets the key, else None."""
        match = re.match(r'[ \t]*(?P<key>[A-Za-z0-9]+)(?:[ \t]*=[ \t]*|[ \t]+|\Z)', text[line.start:line.end])
        if not match or not self.same(match.group('key'), key):
            return None
        start = line.start + match.end()
        raw = re.match(r'[^#]*', text[start:line.end]).group().rstrip(' \t\r')
        return Found(line.start, line.end, start, start + len(raw), plain(raw))


class Postfix(Syntax):
    """main.cf: a line that begins with a blank goes on with the one before, comments between them or not. The last counts."""

    ANY_CASE = False
    BLANKS_GO_ON = True
    SEPARATOR = ' = '
    KEY = r'[A-Za-z][A-Za-z0-9_]{0,99}\Z'
    NOT_IN_VALUE = '\\'

    def setting(self, text, line, key):
        """Return the Found of a line that sets the key, else None."""
        match = re.match(r'(?P<key>[^\s=#]+)[ \t]*=[ \t]*', text[line.start:line.end])
        return self.found(text, line, line.start + match.end()) if match and match.group('key') == key else None


class Ini(Syntax):
    """Sections in brackets, and lines KEY=VALUE. A key stands once in its section, or nothing is done.

    The key of no section stands before all of them.
    """

    REPEATED = False
    SEPARATOR = '='
    NOT_IN_VALUE = '#;"\'\\'
    SECTION = r'[A-Za-z](?:[A-Za-z0-9_. -]{0,98}[A-Za-z0-9])?\Z'

    def __init__(self, blanks_go_on=False):
        """:param blanks_go_on: whether a line that begins with a blank goes on with the one before."""
        self.BLANKS_GO_ON = blanks_go_on

    def scope(self, text, section):
        """Yield each logical line (_Line), and whether it belongs to the section."""
        now = None
        for line in logical(text, self.BLANKS_GO_ON):
            header = re.match(r'[ \t]*\[([^]]*)\]', text[line.start:line.end])
            if header:
                now = header.group(1).strip(' \t')
            yield line, now == section or section is not None and now is not None and now.lower() == section.lower()

    def setting(self, text, line, key):
        """Return the Found of a line that sets the key, else None."""
        match = re.match(r'[ \t]*(?P<key>[^\s=#;\[][^=\n]*?)[ \t]*=[ \t]*', text[line.start:line.end])
        return self.found(text, line, line.start + match.end()) if match and self.same(match.group('key'), key) else None

    def ends_here(self, content):
        """Return whether a new line may come behind a line: a header or a setting."""
        return bool(re.match(r'[ \t]*[^\s#;]', content))

    def is_setting(self, content):
        """Return whether a line sets something."""
        return bool(re.match(r'[ \t]*[^\s=#;\[][^=\n]*=', content))

    def separator(self, neighbour):
        """Return what stands between key and value in a new line, as it does in the first setting of the section."""
        return ' = ' if neighbour and re.match(r'[^=\n]*[ \t]=', neighbour) else self.SEPARATOR


class Shell(Syntax):
    """Variables that a shell or EnvironmentFile= of systemd reads: one plain value a line. The last one counts."""

    ANY_CASE = False
    SEPARATOR = '='
    KEY = r'[A-Za-z_][A-Za-z0-9_]{0,99}\Z'
    NOT_IN_VALUE = '"\\$`'

    def setting(self, text, line, key):
        """Return the Found of a line that sets the key, else None. Raises Refused."""
        content = text[line.start:line.end]
        match = re.match(r'[ \t]*(?:export[ \t]+)?%s(\+?=)' % re.escape(key), content)
        if not match:
            return None
        before = text[:line.start].rstrip('\r\n')
        value = re.match(r'("[^"\\$`]*"|\'[^\']*\'|[A-Za-z0-9_.,:/@%+=-]*)[ \t\r]*(?:[ \t]#.*)?\Z', content[match.end():])
        if match.group(1) == '+=' or not value or before.endswith('\\') and text[len(before):line.start] in ('\n', '\r\n'):
            raise Refused('%%s, line %d has more than a plain value. Make it %s="...".' % (number(text, line), key))
        start, raw = line.start + match.end(), value.group(1)
        return Found(line.start, line.end, start, start + len(raw), raw[1:-1] if raw[:1] in ('"', "'") else raw)

    def written(self, value):
        """Return a value in quotes."""
        return '"%s"' % value


class Apache(Syntax):
    """httpd.conf: directives outside of all <sections>. A backslash at its end goes on with the next line."""

    KEY = r'[A-Za-z][A-Za-z0-9]{0,99}\Z'
    NOT_IN_VALUE = '#\\$<>'

    def scope(self, text, section):
        """Yield each logical line (_Line), and whether it stands in no section."""
        depth = 0
        for line in logical(text, backslash=True):
            content = text[line.start:line.end].lstrip(' \t')
            closes = content.startswith('</')
            opens = content.startswith('<') and not closes
            depth -= closes
            yield line, depth == 0 and not opens
            depth += opens

    def ends_here(self, content):
        """Return whether a new line may come behind a line."""
        return not content.endswith('\\')


class Named(Syntax):
    """named.conf: statements that end with a semicolon, in blocks. Those of the block `options` are set."""

    REPEATED = False
    KEY = r'[A-Za-z][A-Za-z0-9-]{0,99}\Z'
    NOT_IN_VALUE = '#{};\\/*\'"'
    TOKEN = re.compile(r'(?P<comment>/\*.*?(?:\*/|\Z)|(?://|#)[^\n]*)|(?P<text>"(?:[^"\\]|\\.)*"|[{};]|(?:[^\s{};"/#]|/(?![/*]))+)', re.DOTALL)
    INCLUDE = re.compile(r'include "/[A-Za-z0-9_./-]{1,200}"\Z')

    def check(self, key, value, section):
        """Raise Refused unless these can be written. What a file includes can be left out."""
        if value is not None or section is not None or not self.INCLUDE.match(key):
            super(Named, self).check(key, value, section)

    def find(self, text, key, section=None, anywhere=False):
        """Return the settings of a key in the block `options`, or the statements that include a file (list of Found)."""
        if self.INCLUDE.match(key):
            return [one for one in self.includes(text) if one.value == key]
        return [one for one in self.statements(text)[0] if self.same(self.key_of(text, one), key)]

    def key_of(self, text, one):
        """Return the key of a statement."""
        return re.match(r'[^\s;{"/#]*', text[one.start:one.end]).group()

    def includes(self, text):
        """Return the statements of two words, in whatever block (list of Found). The value is all of it."""
        words, found = [], []
        for match in self.TOKEN.finditer(text):
            token = match.group('text')
            if token == ';' and len(words) == 2:
                start, end = words[0].start(), words[1].end()
                found.append(Found(start, match.end(), start, end, ' '.join(one.group() for one in words)))
            if token in ('{', '}', ';'):
                words = []
            elif token is not None:
                words.append(match)
        return found

    def statements(self, text):
        """Return the statements of `options` (list of Found), and the offset behind the last, or of its block (or None)."""
        depth, words, found, place = 0, [], [], None
        options = False
        for match in self.TOKEN.finditer(text):
            token = match.group('text')
            if token is None:
                continue
            if token == '{':
                if depth == 0:
                    options = [one.group().lower() for one in words] == ['options']
                    place, words = (match.end(), []) if options else (place, words)
                elif words:
                    words.append(match)
                depth += 1
            elif token == '}':
                depth -= 1
                words = words + [match] if depth > 0 else []
            elif token == ';' and depth <= 1:
                if depth == 1 and options and words:
                    first, last = words[0], words[-1]
                    start = words[1].start() if words[1:] else first.end()
                    found.append(Found(first.start(), match.end(), start, last.end(), plain(text[start:last.end()])))
                    place = match.end()
                words = []
            else:
                words.append(match)
        return found, place

    def changed(self, text, key, value, section=None):
        """Return the text with the key set to a value, or with one setting fewer of it. Raises Refused."""
        if any('{' in one.value for one in self.find(text, key)):
            raise Refused('%%s has a block for %s, and only single values are set.' % key)
        return super(Named, self).changed(text, key, value, section)

    def disabled(self, text, one):
        """Return the text with a statement made a comment."""
        if '*/' in text[one.start:one.end]:
            raise Refused('%%s has a comment within %s.' % text[one.start:one.value_start].strip())
        return '%s/* %s */%s' % (text[:one.start], text[one.start:one.end], text[one.end:])

    def inserted(self, text, key, value, section):
        """Return the text with a new statement behind the last one of the block: on a line of its own where there is one."""
        found, place = self.statements(text)
        if place is None:
            raise Refused('%s has no block options.')
        line = '%s %s;' % (key, value)
        end = text.find('\n', place)
        rest = [one for one in self.TOKEN.finditer(text, place) if one.start() < end]
        if end < 0 or any(one.group('text') or one.end() > end for one in rest):
            return '%s %s%s' % (text[:place], line, text[place:])
        return insert(text, end + 1, (indent_of(text, found[-1].start) if found else '\t') + line)


def logical(text, blanks_go_on=False, backslash=False):
    """Yield the logical lines of a text (_Line): start, end without the end of the line, and start of the next one.

    :param blanks_go_on: whether a line that begins with a blank goes on with the one before. Comments and empty lines
        between them do not end it; behind it they are lines of their own.
    """
    lines, start = [], 0
    while start < len(text):
        end = text.find('\n', start)
        following = len(text) if end < 0 else end + 1
        end = following if end < 0 else end
        lines.append(_Line(start, end - (text[end - 1:end] == '\r' and end > start), following))
        start = following
    index = 0
    while index < len(lines):
        last = index
        if backslash:
            while text[lines[last].end - 1:lines[last].end] == '\\' and lines[last].end > lines[last].start and last + 1 < len(lines):
                last += 1
        elif blanks_go_on and re.match(r'[^\s#;]', text[lines[index].start:lines[index].end]):
            for other in range(index + 1, len(lines)):
                content = text[lines[other].start:lines[other].end]
                if re.match(r'[ \t]+[^\s#]', content):
                    last = other
                elif content.strip(' \t') and not content.lstrip(' \t').startswith('#'):
                    break
        yield _Line(lines[index].start, lines[last].end, lines[last].next)
        index = last + 1


def plain(raw):
    """Return a value in one line, without comments between its lines, and with a blank for each gap."""
    return ' '.join(re.sub(r'(?m)^[ \t]*#.*$', '', re.sub(r'\\\r?\n', ' ', raw)).split())


def insert(text, place, line):
    """Return the text with a line more, that begins at a place where a line begins or the text ends."""
    end = '\r\n' if re.match(r'[^\n]*\r\n', text) else '\n'
    if place == len(text) and text and not text.endswith('\n'):
        return text + end + line
    return text[:place] + line + end + text[place:]


def indent_of(text, offset):
    """Return the blanks at the beginning of the line that has an offset."""
    return re.match(r'[ \t]*', text[text.rfind('\n', 0, offset) + 1:]).group()


def number(text, one):
    """Return the number of the line in which a Found or _Line begins."""
    return text.count('\n', 0, one.start) + 1


def edit(before, after):
    """Return what was changed from one text to another, in whole lines: (offset, lines before, lines after)."""
    if after.startswith(before):
        return len(before), '', after[len(before):]
    old, new = (re.findall(r'[^\n]*\n|[^\n]+\Z', text) for text in (before, after))
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    if first and first + last == len(new):
        first -= 1   # of lines that only go, nothing would be left to find
    return len(''.join(old[:first])), ''.join(old[first:len(old) - last]), ''.join(new[first:len(new) - last])


def locate(text, lines):
    """Return the offset at which whole lines stand in a text, None unless they stand there once."""
    places = []
    place = text.find(lines)
    while place >= 0 and lines:
        end = place + len(lines)
        if (place == 0 or text[place - 1] == '\n' or lines[0] in '\r\n') and (lines.endswith('\n') or end == len(text) or text[end] in '\r\n'):
            places.append(place)
        place = text.find(lines, place + 1)
    return places[0] if len(places) == 1 else None


def shown(value):
    """Return a value for a message: quoted, in ASCII, and not longer than a line."""
    return '"%s"' % re.sub(r'[^ !#-~]', '?', value if len(value) <= 60 else value[:60] + '...')
