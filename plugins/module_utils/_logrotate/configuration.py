# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads logrotate's configuration as logrotate does, and applies the changes of the policy to it. It accesses files only
through an object that is passed in.

After config.c of logrotate 3.8.6 (EL7), 3.14 (EL8), 3.18 (EL9) and 3.22 (EL10). What surprises in it:

* Directives outside of a stanza are defaults for all that is read later, in other files too.
* A path that two stanzas name belongs to the first one read; the second is an error, and 3.8.6 then takes no
  more paths from its file.
* A wrong value loses the stanza, outside of a stanza the rest of the file, with 3.8.6 all of it; a keyword it does not
  know only its line. So does what is neither keyword nor path, such as a line of other letters, a no-break space or a
  byte order mark; 3.8.6 leaves out that line alone. (3.14 and 3.18 are read as their packages are since EL 8.8 and 9.2,
  which have the stricter parser of 3.19.)
* `rotate` counts files, not days: `size`, `maxsize` and a forced run make it shorter. `maxage` is looked at when the
  log is rotated, not before.

Texts are latin-1, so that what is not changed stays as it is to the byte. What is a letter, a digit or white space is
so in ASCII, as logrotate's isalpha() and isspace() have it for bytes: `\\s`, `\\b` and str.split() know more.
Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import collections
import fnmatch
import os
import re

MARK = '# Managed by Ansible: loghygiene.rhel.logrotate_policy.'
TAKEN = '# Taken over from '
PATH = '/etc/logrotate.d/log_hygiene_policy'
CONFIG = '/etc/logrotate.conf'
MAX_NESTING = 16

# Endings of files that an include of a directory leaves out (defTabooExts), by the first version that has them.
TABOO = (
    ((0,), (',v', '.cfsaved', '.disabled', '.dpkg-dist', '.dpkg-new', '.dpkg-old', '.rhn-cfg-tmp-*', '.rpmnew',
            '.rpmorig', '.rpmsave', '.swp', '.ucf-dist', '.ucf-new', '.ucf-old', '~')),
    ((3, 9), ('.dpkg-bak', '.dpkg-del', '.dpkg-tmp')),
    ((3, 17), ('.bak',)),
    ((3, 22), ('.new', '.old', '.orig')),
)
HEAD_COMMENTS = (3, 12)  # the first version, of EL 3.14, that reads a head and errors as later ones do
NOTHING_HALF = (3, 19)  # the first version, of those, that forgets the stanza in which it gives up the rest of a file
IGNORE_DUPLICATES = (3, 21)  # the first version that has `ignoreduplicates`
ALL_KEPT = (3, 15)  # the first version that takes `rotate -1`
MOST_READ = 10000  # files; one that includes itself more than once is read without end

# Keywords without a value: name -> (directive, value).
FLAGS = {}
for _name in ('compress', 'delaycompress', 'shred', 'allowhardlink', 'sharedscripts', 'copytruncate', 'renamecopy',
              'copy', 'dateext', 'missingok', 'createolddir'):
    FLAGS[_name], FLAGS['no' + _name] = (_name, True), (_name, False)
for _name in ('hourly', 'daily', 'monthly', 'yearly'):
    FLAGS[_name] = ('criterion', _name)
FLAGS.update(ifempty=('ifempty', True), notifempty=('ifempty', False), noolddir=('olddir', None),
             nomail=('mail', None), nocreate=('create', None), ignoreduplicates=('ignoreduplicates', True),
             dateyesterday=('dateyesterday', True), datehourago=('datehourago', True),
             mailfirst=('mailfirst', True), maillast=('mailfirst', False))
del FLAGS['createolddir']  # may have a value
NUMBERS = ('rotate', 'start', 'minage', 'maxage', 'shredcycles')
SIZES = ('size', 'minsize', 'maxsize')
TEXTS = ('dateformat', 'extension', 'addextension', 'compresscmd', 'uncompresscmd', 'compressext', 'mail', 'olddir')
SCRIPTS = ('prerotate', 'postrotate', 'firstaction', 'lastaction', 'preremove')
UNITS = {'k': 1 << 10, 'K': 1 << 10, 'M': 1 << 20, 'G': 1 << 30}
COMPRESSION = {'gzip': '.gz', 'bzip2': '.bz2', 'xz': '.xz', 'zstd': '.zst', 'compress': '.Z', 'zip': '.zip'}

LARGEST, LONGEST_NUMBER = (1 << 64) - 1, 30  # of unsigned long; digits of a number that are read

WHITE = ' \t\n\v\f\r'  # isspace(3) of bytes
LETTER = re.compile('[A-Za-z]')
# What iswprint(3) or iswblank(3) forbids in a path.
UNPRINTABLE = re.compile(u'[\0-\x20\x7f-\x9f\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]')
SCRIPT_END = r'[ \t]*endscript(?![A-Za-z])'

# What holds when nothing is said. criterion: size, hourly, daily, weekly, monthly or yearly; sizes in bytes, ages in
# days; create: None or (mode, owner, group), each None when not given; su: None or (user, group).
DEFAULTS = dict(
    criterion='size', size=1 << 20, minsize=0, maxsize=0, rotate=0, minage=0, maxage=0, start=1, shredcycles=0,
    weekday=0, ifempty=True, create=None, su=None, olddir=None, mail=None, mailfirst=False, dateformat=None,
    extension=None, addextension=None, compresscmd=None, uncompresscmd=None, compressext='.gz', compressoptions=None,
    compress=False, delaycompress=False, shred=False, allowhardlink=False, sharedscripts=False, copytruncate=False,
    renamecopy=False, copy=False, dateext=False, missingok=False, createolddir=False, ignoreduplicates=False,
    dateyesterday=False, datehourago=False, prerotate=None, postrotate=None, firstaction=None, lastaction=None,
    preremove=None)

# One path or glob in the head of a stanza: what it is, and where it stands in the file: begin and end (offsets), line.
Word = collections.namedtuple('Word', 'text begin end line')
Problem = collections.namedtuple('Problem', 'file line text')
# A part of a file that names another: its offsets, the other's path, and whether that is a directory.
Include = collections.namedtuple('Include', 'file begin end path is_dir')


# How the rotated files of a log are called: in this directory, and like the text of this regular expression, with the
# groups number, date (year to second, as far as it tells), epoch, and packed.
Form = collections.namedtuple('Form', 'folder regex')


class LogrotateError(Exception):
    """The configuration cannot be changed as requested. str() names file, line and remedy."""


class _Lost(Exception):
    """logrotate ignores a stanza or the rest of a file. `whole`: the rest of the file even for an error in a stanza."""

    def __init__(self, problem, whole=False):
        super(_Lost, self).__init__(problem)
        self.whole = whole


class Stanza:
    """The paths `words`, the directives (dict with the keys of DEFAULTS), and where it stands: offsets begin, end."""

    def __init__(self, path, line, words, begin):
        self.file, self.line, self.words, self.begin, self.end = path, line, words, begin, begin
        self.directives = {}


def version(text):
    """Return the version in the output of `logrotate --version` as a tuple of int, or () if there is none."""
    found = re.search(r'logrotate ([0-9]+(?:\.[0-9]+)*)', text)
    return tuple(int(part) for part in found.group(1).split('.')) if found else ()


def state_path(text):
    """Return the default state file of this logrotate, from the output of --version, or None."""
    found = re.search(r'Default state file path: +(/.*)', text)
    return found.group(1).strip() if found else None


# What dateformat may hold, as logrotate.c globs for it, and the group that tells the time.
DATE_PARTS = {'Y': ('[0-9]{4}', 'year'), 'm': ('[0-9]{2}', 'month'), 'd': ('[0-9]{2}', 'day'), 'H': ('[0-9]{2}', 'hour'),
              'M': ('[0-9]{2}', 'minute'), 'S': ('[0-9]{2}', 'second'), 's': ('[0-9]{10}', 'epoch'),
              'G': ('[0-9]{4}', None), 'j': ('[0-9]{3}', None), 'u': ('[0-9]', None), 'w': ('[0-9]', None),
              'z': ('[-+][0-9]{4}', None)}
DATE_PARTS.update((letter, ('[0-9]{2}', None)) for letter in 'ygVUW')
PACKED = r"(?P<packed>\.(?:gz|xz|bz2|zst|Z|zip)%s)?\Z"


def rotated_form(path, directives):
    """Return the Form of a log's rotated files by the directives of its stanza (prerotateSingleLog in logrotate.c)."""
    folder, base = os.path.split(path)
    if directives['olddir']:
        folder = os.path.join(folder, directives['olddir'])
    extension = ''
    for name in ('addextension', 'extension'):
        ending = directives[name]
        if ending and base.endswith(ending):
            base = base[:-len(ending)]
            extension = ending
        elif ending and name == 'addextension':
            extension = ending
    # Numbers too: they are left from before somebody wrote `dateext`.
    middle = [r'\.(?P<number>[0-9]{1,5})']
    if directives['dateext']:
        middle.append(_date_regex(directives['dateformat'] or '-%Y%m%d'))
        if not directives['dateformat']:
            middle[-1] += '(?:%s(?:%s)?)?' % (_date_regex('%H'), _date_regex('%M'))  # hourly
    own = '|' + re.escape(directives['compressext']) if directives['compressext'] else ''
    return Form(os.path.normpath(folder) if folder else folder,
                re.escape(base) + '(?:%s)' % '|'.join(middle) + re.escape(extension) + PACKED % own)


def _date_regex(dateformat):
    """Return a dateformat as a regular expression."""
    known, parts = set(), []
    for escape, letter, text in re.findall(r'(%(.?))|([^%]+)', dateformat.lstrip(' ')):
        if text or letter not in DATE_PARTS:
            parts.append(re.escape(text or escape))
            continue
        pattern, group = DATE_PARTS[letter]
        parts.append('(?P<%s>%s)' % (group, pattern) if group and group not in known else pattern)
        known.add(group)
    return ''.join(parts)


def taboo_patterns(release):
    """Return the patterns of file names that this version of logrotate (tuple of int, () for the newest) ignores."""
    return ['*' + ending for first, endings in TABOO if not release or release >= first for ending in endings]


def is_glob(text):
    return re.search(r'[*?\[]', text) is not None


# The characters of a class of fnmatch(3), for a set of a regular expression. They are those of ASCII.
CLASSES = {'alpha': 'A-Za-z', 'digit': '0-9', 'alnum': 'A-Za-z0-9', 'upper': 'A-Z', 'lower': 'a-z', 'xdigit': '0-9A-Fa-f', 'blank': ' \\t',
           'space': ' \\t-\\r', 'cntrl': '\\0-\\x1f\\x7f', 'punct': '!-\\/:-@\\[-`{-~', 'print': ' -~', 'graph': '!-~'}
_OF_SET = r'\[:[a-z]+:\]|\\.|[^]\\/]'
SET = re.compile(r'\[([!^]?)((?:\]|%s)(?:%s)*)\]' % (_OF_SET, _OF_SET), re.DOTALL)
SET_PART = re.compile(r'\[:([a-z]+):\]|(\\.|.)(?:-(\\.|[^]]))?', re.DOTALL)


def glob_regex(pattern):
    """Compile a glob(7) of paths to a regular expression: no wildcard matches a slash or a leading dot."""
    place, result, first = 0, [], True
    while place < len(pattern):
        char, hidden = pattern[place], r'(?!\.)' if first else ''
        place += 1
        inside = SET.match(pattern, place - 1) if char == '[' else None
        if char == '*':
            result.append(hidden + '[^/]*')
        elif char == '?':
            result.append(hidden + '[^/]')
        elif inside:
            result.append(hidden + _set_regex(*inside.groups()))
            place = inside.end()
        elif char == '\\' and place < len(pattern):
            result.append(re.escape(pattern[place]))
            place += 1
        else:
            result.append(re.escape(char))
        first = char == '/'
    return re.compile(''.join(result) + r'\Z')


def _set_regex(inverted, inner):
    """Return a regular expression for what stands between [ and ]."""
    parts = []
    for name, one, last in SET_PART.findall(inner):
        one, last = one[-1:], last[-1:]
        if name:
            parts.append(CLASSES.get(name, ''))
        elif not last or one <= last:  # else it stands for nothing
            parts.append(re.escape(one) + ('-' + re.escape(last) if last else ''))
    chars = ''.join(parts)
    if not chars:
        return '[^/]' if inverted else '(?!)'
    return '(?!/)[%s%s]' % ('^' if inverted else '', chars)


class Configuration:
    """The configuration that logrotate reads from a file, as it applies it.

    `stanzas` are those it accepts, in its order; `files` the texts read, by path; `includes` where one file names
    another; `problems` its complaints; `ignored` the files that it ignores: (path, reason).
    """

    def __init__(self, path, disk, release=()):
        """:param disk: an object with `kind(path)` ('file', 'dir' or None), `names(directory)` (list of str),
            `read(path)` (latin-1 text) and `refusal(path)` (why logrotate ignores this file, None when it does not).
        :param release: version of logrotate, see version().
        """
        self.path, self.disk, self.release = path, disk, release
        self.stanzas, self.problems, self.includes, self.ignored = [], [], [], []
        self.lost = []  # (Stanza, Problem) of those that logrotate gives up
        self.files = collections.OrderedDict()
        self._taboo = taboo_patterns(release)
        self._is_old = bool(release and release < HEAD_COMMENTS)
        self._claimed, self._read_files, self._real = {}, 0, {}
        self.order = {}  # the defaults that hold when a file begins, by its path
        self._include(path, dict(DEFAULTS), '/', 0)
        self._find_duplicates()

    # --- files

    def _include(self, path, directives, folder, depth):
        """Read a file or a directory. Return whether there was no error; after an error, the directives are unchanged."""
        path = os.path.normpath(os.path.join(folder, path))
        kind = self.disk.kind(path)
        if kind is None:
            self.problems.append(Problem(path, 0, 'cannot be read'))
            return False
        if kind == 'file':
            return self._read(path, directives, folder, depth)
        read = []
        for name in sorted(self.disk.names(path)):
            one = os.path.join(path, name)
            taboo = [pattern for pattern in self._taboo if _is_like(name, pattern)]
            if taboo:
                self.ignored.append((one, 'its name is like ' + taboo[0]))
            elif self.disk.kind(one) == 'file':
                read.append(self._read(one, directives, path, depth))
        return any(read) or not read if self._is_old else all(read)

    def _read(self, path, directives, folder, depth):
        self._read_files += 1
        if self._read_files > MOST_READ:
            raise LogrotateError('%s: what it includes is read more than %d times, as files include each other again and again. Take out '
                                 'these include lines.' % (self.path, MOST_READ))
        refusal = self.disk.refusal(path)
        if refusal:
            self.ignored.append((path, refusal))
            self.problems.append(Problem(path, 0, refusal))
            return False
        before = dict(directives)
        self.order.setdefault(path, before)
        self.files[path] = self.disk.read(path)
        reader = Reader(path, self.files[path], directives, self.release, self.disk)
        reader.on_include = lambda value, begin, end, said: self._follow(reader, value, begin, end, said, folder, depth)
        reader.on_taboo = self._set_taboo
        begin = len(self.stanzas)
        stanzas, good = reader.read()
        self.stanzas.extend(stanzas)
        self.problems.extend(reader.problems)
        self.lost.extend(reader.lost_stanzas)
        if reader.lost and reader.is_old:  # with all that it included
            self.lost.extend((stanza, reader.problems[-1]) for stanza in self.stanzas[begin:])
            del self.stanzas[begin:]
        if not good:
            directives.clear()
            directives.update(before)
        return good

    def _follow(self, reader, value, begin, end, directives, folder, depth):
        """Handle an include directive. The stanzas before it come first.

        :param directives: those of the stanza in which it stands, or else the defaults. What is read there changes them.
        """
        self.stanzas.extend(reader.stanzas)
        del reader.stanzas[:]
        target = os.path.normpath(os.path.join(folder, value))
        self.includes.append(Include(reader.path, begin, end, target, self.disk.kind(target) == 'dir'))
        if depth >= MAX_NESTING:
            reader.problems.append(Problem(reader.path, reader.line(begin), 'include nesting too deep'))
            return False
        return self._include(target, directives, folder, depth + 1)

    def _set_taboo(self, keyword, value):
        add = value.startswith('+')
        words = [word for word in re.split('[,%s]+' % WHITE, value.lstrip('+')) if word]
        patterns = ['*' + word if keyword == 'tabooext' else word for word in words]
        self._taboo = (self._taboo if add else []) + patterns

    def _find_duplicates(self):
        for stanza in self.stanzas:
            for word in stanza.words:
                first = None if is_glob(word.text) else self._claimed.get(word.text)
                if first and not first.directives['ignoreduplicates']:
                    self.problems.append(Problem(stanza.file, word.line, 'duplicate log entry for %s, which %s names '
                                                 'first' % (word.text, first.file)))
                self._claimed.setdefault(word.text, stanza)

    # --- questions

    def _resolved(self, path):
        """Return a path or glob with the links in its folder followed, as far as no wildcard stands in that."""
        folder, rest = os.path.split(os.path.normpath(path))
        while is_glob(folder):
            folder, part = os.path.split(folder)
            rest = os.path.join(part, rest)
        if folder not in self._real:
            self._real[folder] = getattr(self.disk, 'real', os.path.normpath)(folder)
        return os.path.join(self._real[folder], rest)

    def _names(self, word, path):
        """Return whether a Word stands for a path, by whatever name."""
        own = self._resolved(word.text)
        return own == self._resolved(path) or is_glob(own) and any(glob_regex(own).match(one) for one in (path, self._resolved(path)))

    def naming(self, path):
        """Return where a path is named: list of (Stanza, Word), in logrotate's order."""
        return [(stanza, word) for stanza in self.stanzas for word in stanza.words if self._names(word, path)]

    def rotating(self, path):
        """Return the Stanzas that rotate a path, with the path that it has there: list of (Stanza, path), in logrotate's order.

        Of those that name it alike it is the first. Who names it by another path, through a link to its folder, rotates it as well.
        """
        found = collections.OrderedDict()
        for stanza, word in self.naming(path):
            folder, _slash, base = word.text.rpartition('/')
            name = path if is_glob(folder) else '%s/%s' % (folder, os.path.basename(path) if is_glob(base) else base)
            found.setdefault(name, stanza)
        return [(stanza, name) for name, stanza in found.items()]

    def stanza_of(self, path):
        """Return the first Stanza that rotates a path, or None."""
        return next((stanza for stanza, _name in self.rotating(path)), None)

    def why_lost(self, path):
        """Return the Problem for which logrotate ignores the stanza that names a path, or None if it ignores none."""
        return next((problem for stanza, problem in self._lost_of(path)), None)

    def _lost_of(self, path):
        return [(stanza, problem) for stanza, problem in self.lost if any(self._names(word, path) for word in stanza.words)]

    def rotated_forms(self, path):
        """Return the Forms of a path's rotated files by all stanzas that name it, including those that logrotate ignores."""
        stanzas = [stanza for stanza, _word in self.naming(path)] + [
            stanza for stanza, _problem in self._lost_of(path)]
        forms = []
        for stanza in stanzas:
            form = rotated_form(path, stanza.directives)
            if form not in forms:
                forms.append(form)
        return forms

    def defaults_at(self, path):
        """Return the directives in force when a file of an included directory is read, even if it does not exist."""
        if path in self.order:
            return self.order[path]
        folder = os.path.dirname(path)
        if not any(one.is_dir and one.path == folder for one in self.includes):
            return None
        # What a file leaves is what the next one finds: the file after this one, else what stands at the end.
        probe = Configuration(self.path, _With(self.disk, {path: '#'}), self.release)
        return probe.order.get(path)

    def staged(self, root):
        """Return a copy of the configuration below another root: dict, path there -> (path here, text), and directories.

        logrotate makes missing directories of `createolddir` even when it only tests, so these are left out.
        """
        texts = {}
        makes = any(re.search(r'(?m)^[ \t]*createolddir(?![A-Za-z])', text) for text in self.files.values())
        for path, text in self.files.items():
            for one in sorted((one for one in self.includes if one.file == path), reverse=True,
                              key=lambda one: one.begin):
                text = text[:one.begin] + root + one.path + text[one.end:]
            if makes:
                text = re.sub(r'(?m)^([ \t]*)((?:createolddir|olddir)(?![A-Za-z]))', r'\1#\2', text)
            texts[root + path] = (path, text)
        directories = [root + one.path for one in self.includes if one.is_dir]
        return texts, directories


class _With:
    """A Disk with some files replaced: dict, path -> text, None for a file that does not exist."""

    def __init__(self, disk, texts):
        self._disk, self._texts = disk, texts

    def kind(self, path):
        if path in self._texts:
            return None if self._texts[path] is None else 'file'
        return self._disk.kind(path)

    def names(self, directory):
        names = set(self._disk.names(directory))
        for path, text in self._texts.items():
            if os.path.dirname(path) == directory:
                (names.discard if text is None else names.add)(os.path.basename(path))
        return sorted(names)

    def read(self, path):
        return self._texts[path] if path in self._texts else self._disk.read(path)

    def refusal(self, path):
        return self._disk.refusal(path) if self._disk.kind(path) else None

    def real(self, folder):
        return getattr(self._disk, 'real', os.path.normpath)(folder)


def changed_disk(disk, texts):
    """Return the disk after the changes `texts` (dict, path -> text, None for a file that is removed)."""
    return _With(disk, texts)


class Reader:
    """Reads the text of one file. `stanzas` are those that logrotate accepts."""

    def __init__(self, path, text, directives=None, release=(), disk=None):
        """:param directives: dict of the defaults that hold; it is changed by what stands outside of the stanzas.
        :param disk: as Configuration has it; None where neither accounts nor directories matter.
        """
        self.path, self.text, self.release = path, text, release
        self.is_old = bool(release and release < HEAD_COMMENTS)
        self.directives = dict(DEFAULTS) if directives is None else directives
        self.stanzas, self.problems = [], []
        self.on_include = lambda value, begin, end, directives: True
        self.on_taboo = lambda keyword, value: None
        self.lost = False  # whether the rest of the file is lost
        self.lost_stanzas = []  # (Stanza, Problem)
        self._place, self._good, self._disk = 0, True, disk
        self._no_value = False  # whether the last keyword lacked a value

    def line(self, place):
        return self.text.count('\n', 0, place) + 1

    def _lose(self, text, place=None, whole=False):
        raise _Lost(Problem(self.path, self.line(self._place if place is None else place), text), whole)

    def read(self):
        """Return (the stanzas (list), whether there was no error (bool))."""
        try:
            self._read()
        except _Lost as lost:  # outside of a stanza, or its head: the rest of the file
            self.problems.append(lost.args[0])
            self._good, self.lost = False, True
        return self.stanzas, self._good

    def _read(self):
        text = self.text
        while self._skip_blank():
            char = text[self._place]
            if LETTER.match(char):
                self._keyword(self.directives, None)
            elif char in '/"\'~':
                self._stanza()
            elif char == '}':
                self._lose('unexpected }')
            else:
                self._refuse_line('lines must begin with a keyword or a filename (possibly in double quotes)')

    def _refuse_line(self, text):
        """Leave out a line that is neither a keyword nor a path, or lose more for it."""
        if not self.is_old:
            self._lose(text)
        self._ignore_line(text)

    def _ignore_line(self, text):
        self.problems.append(Problem(self.path, self.line(self._place), text + ', line ignored'))
        self._place = re.compile('[^\n]*').match(self.text, self._place).end()

    def _skip_blank(self):
        """Skip blanks and comments. Return whether anything follows.

        A carriage return is neither, so logrotate rejects a file with Windows line endings.
        """
        self._place = re.compile(r'(?:[ \t\n]+|#[^\n]*)*').match(self.text, self._place).end()
        return self._place < len(self.text)

    def _rest(self):
        """Return the rest of the line without surrounding white space and a leading =, and its offsets."""
        found = re.compile(r'[ \t]*=?[ \t]*([^\n]*)').match(self.text, self._place)
        self._place = found.end()
        value = found.group(1).rstrip(WHITE).partition('\0')[0]
        return value, found.start(1), found.start(1) + len(value)

    def _keyword(self, directives, stanza):
        """Read a keyword and its value."""
        begin, self._no_value = self._place, False
        word = re.compile('[A-Za-z]+').match(self.text, begin).group()
        self._place += len(word)
        after = self.text[self._place:self._place + 1]
        if after and after not in WHITE and after != '=' and not self.is_old:
            self._lose("keyword '%s' not properly separated" % word)
        if word in FLAGS:
            self._place += len(after)  # also a carriage return
            name, value = FLAGS[word]
            directives[name] = value
            if word == 'copytruncate':
                directives['renamecopy'] = False
            elif word == 'renamecopy':
                directives['copytruncate'] = False
        elif word in SCRIPTS:
            directives[word] = self._script()
        elif word == 'nocreateolddir':
            directives['createolddir'] = False
            self._place += len(after)
        elif word == 'errors':
            self._rest()
        elif word == 'weekly':
            self._weekly(directives)
        elif word in NUMBERS + SIZES + TEXTS + ('su', 'create', 'createolddir', 'compressoptions', 'include',
                                                'tabooext', 'taboopat'):
            if word in ('tabooext', 'taboopat') and stanza is not None:
                self._no_value = True  # it is not looked at
                self._lose('%s may not appear inside of log file definition' % word)
            value, start, end = self._rest()
            self._valued(word, value, start, end, directives)
        else:
            self._ignore_line("unknown option '%s'" % word)

    def _weekly(self, directives):
        directives['criterion'], directives['weekday'] = 'weekly', 0
        begin = self._place
        self._rest()
        value = self.text[begin:self._place].partition('\0')[0].strip(WHITE)
        if value:
            if not re.match(r'\+?0*[0-7]\Z', value):
                self._lose("bad weekly directive '%s'" % value, whole=True)
            directives['weekday'] = int(value)

    def _valued(self, word, value, start, end, directives):
        if word in ('create', 'createolddir', 'su'):
            self._owner(word, value, directives)
            return
        if not value:
            if word == 'compressoptions':
                self._lose('invalid compression options')
            if word in SIZES + ('tabooext', 'taboopat'):
                return
            if word == 'dateformat' and not self.is_old:
                directives[word] = None
                self.problems.append(Problem(self.path, self.line(self._place), 'argument expected after dateformat'))
                return
            if self.is_old and word in NUMBERS + ('include', 'extension', 'addextension', 'dateformat'):
                self._ignore_line('argument expected after %s' % word)
                return
            self._no_value = True
            self._lose('argument expected after %s' % word)
        if word in NUMBERS:
            directives[word], good = self._number(word, value)  # also a bad one, where the stanza is kept
            if not good:
                self._lose("bad value '%s' of %s" % (value, word))
        elif word in SIZES:
            number, good = self._number(word, value[:-1] if value[-1] in UNITS else value)
            size = number * UNITS.get(value[-1], 1) % (LARGEST + 1)
            if not good or size > LARGEST // 2:  # off_t
                self._lose("bad value '%s' of %s" % (value, word))
            directives[word] = size
            if word == 'size':
                directives['criterion'] = 'size'
        elif word in ('tabooext', 'taboopat'):
            self.on_taboo(word, value)
        elif word == 'olddir' and not _is_path(value):
            self._lose('bad olddir path %s' % value)
        elif word == 'include':
            good = self.on_include(value, start, end, directives)
            if self.is_old and not good:
                self._lose('error in what is included', start)
            self._good = good and self._good
        else:
            directives[word] = value
            if word == 'compresscmd' and os.path.basename(value) in COMPRESSION:
                directives['compressext'] = COMPRESSION[os.path.basename(value)]

    def _number(self, word, value):
        """Read a number as strtol(3) or strtoul(3) with base 0 do, and as it fits into an int."""
        value = value.lstrip(WHITE)
        found = re.match(r'([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)', value)
        number = 0
        if found:
            digits, negative = found.group(2), found.group(1) == '-'
            base = 16 if digits[:2] in ('0x', '0X') else 8 if digits[0] == '0' else 10
            number = int(digits[:LONGEST_NUMBER], base) if len(digits) <= LONGEST_NUMBER else LARGEST
            if word == 'rotate' and self._takes_all_kept():
                number = max(-number, -LARGEST // 2 - 1) if negative else min(number, LARGEST // 2)
            else:
                number = (-number if negative else number) if number < LARGEST else LARGEST
        is_whole = found and found.end() == len(value)
        if word in SIZES:
            return number, is_whole
        number = (number + (1 << 31)) % (1 << 32) - (1 << 31)
        return number, is_whole and number >= (-1 if word == 'rotate' and self._takes_all_kept() else 0)

    def _takes_all_kept(self):
        return not self.release or self.release >= ALL_KEPT

    def _owner(self, word, value, directives):
        """Read MODE OWNER GROUP, OWNER GROUP or MODE. Values that are not given stay unchanged."""
        parts = [part.strip('"\'') for part in re.split('[%s]+' % WHITE, value) if part]
        if word == 'su':
            if len(parts) != 2:
                self._lose('su wants a user and a group')
            self._must_exist(*parts)
            directives['su'] = tuple(parts)
            return
        mode, owner, group = word == 'create' and directives['create'] or (None, None, None)
        if len(parts) in (1, 3):
            if not re.match('[0-7]+$', parts[0]):
                self._lose("invalid mode '%s'" % parts[0])
            mode = int(parts.pop(0), 8)
        if len(parts) == 2:
            self._must_exist(*parts)
            owner, group = parts
        elif parts:
            self._lose('extra arguments for ' + word)
        directives[word] = (mode, owner, group) if word == 'create' else True

    def _must_exist(self, user=None, group=None):
        """Reject the stanza if the account does not exist."""
        for kind, name in (('user', user), ('group', group)):
            if name is not None and not getattr(self._disk, 'has_account', lambda *_one: True)(kind, name):
                self._lose("unknown %s '%s'" % (kind, name))

    def _look_at_olddir(self, stanza):
        """Reject the rest of the file if the directory of rotated files is missing, or is on another device."""
        said, disk = stanza.directives, self._disk
        if not said['olddir'] or disk is None:
            return
        for folder in sorted(set(os.path.dirname(word.text) for word in stanza.words)):
            olddir = os.path.join(folder, said['olddir'])
            if is_glob(folder):
                continue  # which are there is not looked up
            if disk.kind(folder) is None:
                if not said['missingok']:
                    self._lose('error verifying log file path %s' % folder)
            elif disk.kind(olddir) is None:
                if not said['createolddir']:
                    self._lose('error verifying olddir path %s' % olddir)
            elif not (said['copytruncate'] or said['copy'] or said['renamecopy']) and hasattr(disk, 'device') and (
                    disk.device(folder) != disk.device(olddir)):
                self._lose('olddir %s and log files in %s are on different devices' % (said['olddir'], folder))

    def _script(self):
        """Read the lines up to `endscript`."""
        begin = self._place
        found = re.compile(SCRIPT_END).match(self.text, begin + 1) or re.compile('(?m)^' + SCRIPT_END).search(
            self.text, begin + 1)
        if not found:
            self._lose('prerotate, postrotate or preremove without endscript', whole=True)
        self._place = found.end() + 1  # whatever stands there goes unseen
        return self.text[begin:found.start()].strip('\n')

    def _stanza(self):
        begin = self._place
        words = self._head()
        stanza = Stanza(self.path, self.line(begin), words, begin)
        stanza.directives = dict(self.directives)
        try:
            while True:
                if not self._skip_blank():
                    # logrotate does not mind when the file ends within a stanza, and keeps what it has read
                    break
                char = self.text[self._place]
                if char == '}':
                    self._place += 1
                    break
                if LETTER.match(char):
                    self._keyword(stanza.directives, stanza)
                elif char in '/"\'~':
                    self._lose('unexpected log filename')
                else:
                    self._refuse_line('lines must begin with a keyword or a filename (possibly in double quotes)')
        except _Lost as lost:
            if lost.whole:
                self._give_up(stanza, lost.args[0])
                raise
            self.problems.append(lost.args[0])
            self._good = False
            if self._skip_stanza():
                self.lost_stanzas.append((stanza, lost.args[0]))
            else:  # the file ends before the stanza does: logrotate keeps what it has read
                self.stanzas.append(stanza)
        else:
            try:
                self._look_at_olddir(stanza)
            except _Lost as lost:
                self._give_up(stanza, lost.args[0])
                raise
            self.stanzas.append(stanza)
            found = re.compile(r'[ \t]*(?:\n|\Z)').match(self.text, self._place)
            if found is None:
                self.problems.append(Problem(self.path, self.line(self._place), 'unexpected text after }'))
                self._rest()
            else:
                self._place = found.end()
        stanza.end = self._place

    def _give_up(self, stanza, problem):
        """Keep or lose the stanza in which the rest of the file is lost."""
        if self.release and not self.is_old and self.release < NOTHING_HALF:
            self.stanzas.append(stanza)  # with what was read of it
        else:
            self.lost_stanzas.append((stanza, problem))

    def _skip_stanza(self):
        """Skip to where logrotate continues: behind the next } that begins a line, or after the rest of the faulty stanza.

        STATE_ERROR and STATE_SKIP_CONFIG of config.c: one character goes unseen, and of each line only the first word
        is looked at. Returns whether there is one.
        """
        text, place, end = self.text, self._place, len(self.text)
        # Behind a value logrotate stands before the end of the line.
        place += 1 if text[place:place + 1] == '\n' and not self._no_value else 2
        while place < end:
            if text[place] == '}':
                self._place = place + 1
                return True
            found = re.compile('[ \\t]*([A-Za-z]*)').match(text, place)
            place = found.end()
            if found.group(1) in SCRIPTS:
                ended = re.compile('(?m)^' + SCRIPT_END).search(text, place)
                place = ended.end() if ended else end
            elif place < end and text[place] != '\n':
                place = text.find('\n', place) if '\n' in text[place:] else end
            place += 1
        self._place = end
        return False

    def _head(self):
        """Return the words before the { of a stanza, as popt splits them."""
        text, place, words = self.text, self._place, []
        at_line = False
        while True:
            if place >= len(text):
                self._lose("missing '{' after log files definition")
            char = text[place]
            if char == '\0':
                self._lose("missing '{' after log files definition", place)
            if char == '\n':
                at_line = True
                place += 1
            elif char in WHITE:
                place += 1
            elif char == '#' and at_line and not self.is_old:
                place = text.find('\n', place) if '\n' in text[place:] else len(text)
            elif char == '{':
                self._place = place + 1
                return words
            elif char == '}':
                self._lose("unexpected } (missing previous '{')", place)
            else:
                at_line = False
                word = self._word(place)
                words.append(word)
                place = word.end

    def _word(self, begin):
        text, place, quote, value = self.text, begin, None, []
        while place < len(text):
            char = text[place]
            if char in '{}\0' or quote is None and char in WHITE:  # { and } end the head even in quotes
                break
            if char == quote:
                quote = None
            elif quote is None and char in '"\'':
                quote = char
            elif char == '\\' and place + 1 < len(text) and (quote is None or text[place + 1] == quote):
                place += 1
                value.append(text[place])
            else:
                value.append(char)
            place += 1
        if quote:
            self._lose('error parsing filename', begin)
        return Word(''.join(value), begin, place, self.line(begin))


def _is_path(value):
    """Return whether readPath takes a value (latin-1 text), with the locale that most hosts have, UTF-8."""
    try:
        return not UNPRINTABLE.search(value.encode('latin-1').decode('utf-8'))
    except UnicodeDecodeError:
        return False


def _is_like(name, pattern):
    """Match as fnmatch(3) with FNM_PERIOD: only a dot matches a leading dot."""
    return not (name.startswith('.') and pattern[:1] in '*?[') and fnmatch.fnmatchcase(name, pattern)


# --- changing other files

def names(text):
    """Return the paths (list) that the stanzas of a text name, without globs."""
    return [word.text for stanza in Reader('', text).read()[0] for word in stanza.words if not is_glob(word.text)]


def without(text, paths):
    """Return the text of a file with the paths removed from its stanzas. A stanza without any path left is removed."""
    for stanza in reversed(Reader('', text).read()[0]):
        gone = [word for word in stanza.words if word.text in paths]
        if gone and len(gone) == len(stanza.words):
            text = text[:stanza.begin] + text[stanza.end:]
        else:
            for word in reversed(gone):
                begin, end = _extent(text, word)
                text = text[:begin] + text[end:]
    return text


def _extent(text, word):
    """Return what to remove with a word: its line if it stands alone there, else the white space behind or before it."""
    begin = text.rfind('\n', 0, word.begin) + 1
    end = text.find('\n', word.end) + 1 or len(text)
    if not text[begin:word.begin].strip(WHITE) and not text[word.end:end].strip(WHITE):
        return begin, end
    space = re.compile(r'[ \t]+').match(text, word.end)
    if space and text[space.end():space.end() + 1] not in ('', '\n'):
        return word.begin, space.end()
    return word.begin - len(re.search(r'[ \t]*\Z', text[:word.begin]).group()), word.end


def put_back(text, original, paths):
    """Return the text with the paths put back: beside their neighbours in the original, else in their own stanza.

    For a file that somebody changed since the paths were removed from it.
    """
    for stanza in Reader('', original).read()[0]:
        wanted = [word.text for word in stanza.words if word.text in paths]
        for path in wanted:
            text = _put_beside(text, original, stanza, path)
        missing = [path for path in wanted if path not in names(text)]
        if missing:
            # without the words that are still somewhere: a stanza with these paths alone
            alone = original[stanza.begin:stanza.end]
            alone = without(alone, [word.text for word in stanza.words if word.text not in missing])
            text += ('' if text.endswith('\n') or not text else '\n') + alone
    return text


def _put_beside(text, original, stanza, path):
    """Put one path before or behind its neighbour of the original, with the same white space."""
    order = [word.text for word in stanza.words]
    index = order.index(path)
    between = '\n' if stanza.words[0].line != stanza.words[-1].line else ' '
    now = dict((word.text, word) for one in Reader('', text).read()[0] for word in one.words)
    if path in now:
        return text
    written = original[stanza.words[index].begin:stanza.words[index].end]
    for neighbour in reversed(order[:index]):
        if neighbour in now:
            place = now[neighbour].end
            return text[:place] + between + written + text[place:]
    for neighbour in order[index + 1:]:
        if neighbour in now:
            place = now[neighbour].begin
            return text[:place] + written + between + text[place:]
    return text


# --- our file

# Without white space and whatever means something in a stanza or a glob.
PLAIN_PATH = re.compile(r'(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._@%+:,=-]+)+\Z')
# What our stanzas say against defaults that would make them keep less, or elsewhere: directive -> line.
AGAINST = (('maxsize', 'maxsize 0'), ('minsize', 'minsize 0'), ('minage', 'minage 0'),
           ('copytruncate', 'nocopytruncate'), ('copy', 'nocopy'), ('renamecopy', 'norenamecopy'),
           ('olddir', 'noolddir'), ('mail', 'nomail'), ('shred', 'noshred'),
           # no name ends with a slash, so this extension moves no date
           ('extension', 'extension /'))


def wanted(rules):
    """Return the rules (list of dicts with path and keep_days) as a dict, path -> days, with the longest of each.

    Raises LogrotateError.
    """
    found = collections.OrderedDict()
    for rule in rules:
        path, days = rule.get('path'), rule.get('keep_days')
        if not path or not PLAIN_PATH.match(path):
            raise LogrotateError('rules: the path %r is not an absolute path of letters, digits and ._@%%+:,=- alone. '
                                 'Choose another name for the log. Nothing was changed.' % (path,))
        if days is None or days < 1:
            raise LogrotateError('rules: keep_days of %s is %s; give a number of days from 1 on. Nothing was changed.'
                                 % (path, days))
        found[path] = max(days, found.get(path, 0))
    return found


def rotate_count(keep_days):
    """Return how many rotated files hold `keep_days` whole days, with one rotation a day.

    logrotate keeps `rotate` of them after a rotation, so the one it removes was rotated `rotate` calendar days ago,
    more than `rotate - 1` days.
    """
    return keep_days + 2


def render(rules, defaults, owners, taken, tolerant=()):
    """Return the text of our file.

    :param rules: what wanted() returns.
    :param defaults: the directives that hold where the file is read.
    :param owners: dict, path -> dict with `su` ((user, group) or None) and `create` ((mode, owner, group)).
    :param taken: dict, file -> list of paths taken out of it.
    :param tolerant: paths that a glob elsewhere stands for too, in a logrotate that has `ignoreduplicates`.
    """
    text = MARK + ' Changes made by hand are lost.\n'
    text += ('# One file a day: nothing but time counts against `rotate`. A file goes at the first rotation after its '
             'last line is\n# older than `maxage` days.\n')
    for path in sorted(taken):
        text += '%s%s: %s\n' % (TAKEN, path, ' '.join(taken[path]))
    groups = collections.OrderedDict()
    for path in rules:
        create = owners[path]['create'] if defaults['create'] and any(defaults['create']) else None
        key = rules[path], owners[path]['su'] or defaults['su'] and ('root', 'root'), create, path in tolerant
        groups.setdefault(key, []).append(path)
    return text + ''.join(_rendered(paths, defaults, *key) for key, paths in groups.items())


def _rendered(paths, defaults, keep_days, su, create, tolerant):
    lines = ['daily', 'rotate %d' % rotate_count(keep_days), 'maxage %d' % keep_days, 'missingok', 'notifempty',
             'dateext', 'dateformat -%Y%m%d', 'compress', '# rsyslogd writes to the rotated file until it has handled '
             'the signal', 'delaycompress', 'create' + (' %04o %s %s' % create if create else '')]
    if su:
        lines.append('su %s %s' % su)
    lines += [line for name, line in AGAINST if defaults[name]]
    if tolerant:
        lines.append('ignoreduplicates')
    lines += ['sharedscripts', 'postrotate',
              '    /usr/bin/systemctl kill -s HUP rsyslog.service >/dev/null 2>&1 || true', 'endscript']
    return '%s\n{\n%s}\n' % ('\n'.join(paths), ''.join('    %s\n' % line for line in lines))


def taken_over(text):
    """Return what our file (text) took over, as it records: dict, file -> list of paths."""
    found = {}
    for line in text.split('\n'):
        if line.startswith(TAKEN):
            path, _colon, rest = line[len(TAKEN):].partition(': ')
            found[path] = rest.split()
    return found


def errors_of(output, root):
    """What logrotate --debug (text) complains about in its configuration: dict, in its order, complaint without the line
    number and the root of the copy -> with the number. That a log is missing is no matter of the configuration.
    """
    found = collections.OrderedDict()
    for line in output.replace(root, '').split('\n'):
        if line.startswith('error: '):
            said = line[len('error: '):].strip(WHITE)
            line = re.sub(r'(?<=[^ ]):[0-9]+(?=[ ,])', '', said)
            if not line.startswith('stat of '):
                found.setdefault(line, said)
    return found


def considered(output):
    """Return how often each log is considered in the output of logrotate --debug (text): dict, path -> number."""
    return collections.Counter(re.findall(r'(?m)^considering log (.*)$', output))
