# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of rsyslog 8.24 (RHEL 7) to 8.2412 (RHEL 10), as rsyslogd reads it, and its strings.

`Configuration` reads rsyslog.conf and what it includes, and tells what stands before and behind a drop-in of ours,
because a message that stops in there never comes to what is further down.

What is known here of RainerScript was read in rsyslog's own grammar/lexer.l, grammar.y and rainerscript.c. Touches no
files: they come in as an object. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import bisect
import collections
import fnmatch
import functools
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    _copies as rsyslog_copies, _directives as rsyslog_directives, _selectors as rsyslog_selectors)

OURS = '# Managed by Ansible: loghygiene.rhel.'  # how each drop-in of the collection begins
_BLANKS = ' \t\n\v\f\r'  # isspace() in C; a text here has a character for each byte, and Python knows more blanks
_LINE_LIMIT = 8000  # rsyslogd reads its configuration in pieces of 10239 bytes


class RsyslogError(Exception):
    """A drop-in cannot be written, or the configuration cannot be read. str() says why and what to do."""


# Text for rsyslogd

def quote(text):
    r"""Return a RainerScript string (text) that rsyslogd reads back as `text` (text), whatever that holds.

    lexer.l allows in double quotes \" \' \\ \$ \b \n \t \r \xHH and \OOO. A bare $ is an error; blanks at a line's end
    are cut off.
    """
    if u'\0' in text:
        raise RsyslogError('rsyslog knows no string with a NUL byte.')
    named = {u'"': u'\\"', u'\\': u'\\\\', u'$': u'\\$', u'\n': u'\\n', u'\t': u'\\t', u'\r': u'\\r'}
    return u'"%s"' % u''.join(
        named.get(char) or (u'\\%03o' % ord(char) if ord(char) < 32 or ord(char) == 127 else char) for char in text)


def long_lines(text):
    """Raise RsyslogError if rsyslogd would truncate a line of this drop-in (text)."""
    too_long = [line for line in text.encode('utf-8').splitlines() if len(line) > _LINE_LIMIT]
    if too_long:
        raise RsyslogError('rsyslogd reads no line as long as this one: %s...'
                           % too_long[0].decode('utf-8', 'replace')[:60])


# What rsyslogd reads

class Statement(collections.namedtuple('Statement', 'kind name text file line context ruleset')):
    """A statement of the configuration.

    kind: 'action', 'stop', 'call', 'change' (of variables), 'directive', 'module', 'drop-in' (the place of a file of
    ours) or 'unknown' (not understood). name, in lower case: the output module of an action, a ruleset called, a module
    loaded, a directive. context: the conditions around it, outermost first, each (kind, text); the text of an 'else' is
    that of the conditions that it belongs to. ruleset: None for the default one.
    """

    def pairs(self, journal=False):
        """The pairs (facility, severity) that come here, None when more than selectors decides.

        With `journal` it is about messages of imjournal only.
        """
        found = rsyslog_selectors.ALL
        for kind, text in self.context:
            if journal and kind == 'if' and _FROM_JOURNAL.match(without_comments(text)):
                continue
            selected = rsyslog_selectors.pairs_of(text) if kind == 'filter' and text[:1] != ':' else None
            if selected is None:
                return None
            found &= selected
        return found

    def where(self):
        """`/etc/rsyslog.conf, line 54: mail.* -/var/log/maillog`"""
        return '%s, line %d: %s%s' % (self.file, self.line, ''.join(
            (kind if kind == 'else' else _characters(text)) + ' ' for kind, text in self.context), _shown(self.text))

    def output(self):
        """The file (str) or the (target, port) that an action of omfile or omfwd writes to; None if it cannot be told.

        A name from a template is None.
        """
        text = without_comments(self.text).strip(_BLANKS)
        if _IS_OBJECT.match(text):
            if self.name == 'omfile':
                return parameter(text, 'file')
            return (parameter(text, 'target') or '').lower(), parameter(text, 'port') or '514'
        if self.name == 'omfile':
            path = re.match(r'-?(/[^; ]*)', text)  # a tab belongs to the name
            return path and path.group(1)
        target = re.match(r'@@?(?:\([^)]*\))?(\[[^\]]*\]|[^:;# \t]*)(?::([^;# \t]*))?', text)
        return target and (target.group(1).strip('[]').lower(), target.group(2) or '514')

    def parameter(self, name):
        """Return a parameter (text) of an action in the new syntax, or None."""
        text = without_comments(self.text)
        return parameter(text, name) if _IS_OBJECT.match(text) else None


# A statement as messages come by: place, that of the statement (or of the call that leads to it) among the statements;
# pairs, those that come there if nothing stops them before, or None when more than selectors decides.
Step = collections.namedtuple('Step', 'place statement pairs')
Setting = collections.namedtuple('Setting', 'value file line')


class Forwarder(collections.namedtuple('Forwarder', 'file line text copy reason queue')):
    """A statement behind a drop-in that would miss a message which stops in the drop-in.

    copy: text that does the same in front of a stop, or None; reason: why nothing can, or None. queue: the path of the
    copy's own queue on disk, without the endings of its files, or None.
    """

    def told(self):
        """Return a text for the operator: the place of the statement, the statement, and why there is no copy."""
        return '%s, line %d: %s (%s)' % (self.file, self.line, self.text, self.reason)


# Messages stay on the host with these; any other output may be the way to a collector.
LOCAL_OUTPUTS = frozenset(['omfile', 'omusrmsg', 'ompipe', 'omjournal', 'omnull', 'omstdout'])
COPIED_OUTPUTS = frozenset(['omfwd', 'omrelp', 'omusrmsg', 'ompipe', 'omfile'])
KERNEL_INPUTS = frozenset(['imklog', 'imkmsg'])
JSON_READERS = frozenset(['mmjsonparse', 'mmjsontransform', 'mmnormalize'])
DEFAULT_RULESET = 'rsyslog_defaultruleset'
_LEGACY_OUTPUTS = {'@': 'omfwd', '~': 'omdiscard', '|': 'ompipe', '^': 'omshell', '>': 'ommysql', '/': 'omfile',
                   '-': 'omfile', '?': 'omfile', '.': 'unknown'}
# How the names of the queues of copies end. No name of another queue of ours has a dot.
OF_DIVERSION, OF_POLICY = '.log_hygiene_diversion', '.log_hygiene_policy'
SPOOL = '/var/lib/rsyslog'  # where RHEL has the work directory
# Parameters that count what comes by: an action and its copy would count for themselves, and let through others.
_COUNTING = re.compile(r'\b(action\.execonlyeverynthtime(?:timeout)?|action\.execonlyonceeveryinterval|queue\.samplinginterval)\b',
                       re.IGNORECASE)
_QUEUE_FILE = re.compile(r'\bqueue\.filename\s*=\s*"[^"]*"', re.IGNORECASE)
_COPIED_QUEUE = '# Its queue on disk: %s'
_COPIED_QUEUES = re.compile(r'^# Its queue on disk: (\S+)$', re.MULTILINE)
_AS_ONE = 'one takes over where another one fails, so they can only be moved as one'

_PRIVILEGES = re.compile(r'privdrop(to(user|group)(id)?|\.(user|group)\.(name|id))\Z')

_FLAGS = re.IGNORECASE | re.DOTALL
# A condition that is true of each message of imjournal, such as the RHEL system role `logging` writes.
_FROM_JOURNAL = re.compile(r'if\b[\s(]*\$inputname\s*==\s*(["\'])imjournal\1'
                           r'(?:\s+or\s+\$inputname\s*==\s*(["\'])[a-z0-9_]+\2)*[\s)]*then\Z', _FLAGS)
_STRING = r'"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`'
_COMMENT = r'/\*.*?\*/'
# lexer.l in its start condition INITIAL: as in flex the longest match wins, of equally long ones the first.
_TOKENS = [(kind, re.compile(pattern, _FLAGS)) for kind, pattern in (
    ('if', r'if'), ('foreach', r'foreach'), ('else', r'else'), ('stop', r'stop|continue'),
    ('set', r'set|reset|unset'), ('reload', r'reload_lookup_table'), ('call_indirect', r'call_indirect'),
    ('call', r'call[ \t\n]+[a-z][a-z0-9_.-]*'),
    ('object', r'(?:main_queue|timezone|parser|global|template|ruleset|property|constant|input|module|lookup_table'
               r'|dyn_stats|percentile_stats|ratelimit|include|action)[ \n\t]*\('),
    ('&', r'&'), ('{', r'\{'), ('}', r'\}'),
    ('action', r'~|\*|-?/[^*\n][^\n]*|:[a-z0-9]+:[^\n]*|[|.@^?~>-][^\n]+|[a-z0-9_][a-z0-9_+,;-]*'),
    ('directive', r'\$[a-z]+[^\n]*'),
    ('skipped', r'![^ \t\n]+[^\n]*|[+][^\n]+'),  # blocks of BSD: rsyslogd complains and reads on
    ('blank', r'\n|[ \t]+|#[^\n]*|' + _COMMENT),
)]
_FILTER = re.compile(r'[ \t]*(?::\$?[a-z-]+[ ]*,[ ]*!?[a-z]+[ ]*,[ ]*"(?:\\"|[^"])*"'
                     r'|[*a-z]+[0-7]*[.,][,!=;.*a-z0-7]+)', _FLAGS)
_OBJECT_PART = re.compile(_STRING + r'|#[^\n]*|' + _COMMENT + r'|[^"`]', _FLAGS)
_EXPRESSION_PART = re.compile(_STRING + r"|'(?:[^'\\]|\\.)*'|" + _COMMENT + r'|\$[$!./]?[!@a-z0-9_.\[\]-]*'
                              r'|[a-z][a-z0-9_]*|[^"`\']', _FLAGS)
_EXPRESSION_ENDS = {'if': 'then', 'foreach': 'do', 'set': ';', 'reload': ')', 'call_indirect': ';'}
_IS_OBJECT = re.compile(r'action[ \n\t]*\(', re.IGNORECASE)
_INCLUDE_DIRECTIVE = re.compile(r'\$includeconfig[ \t]+([^ \t\n]+)', re.IGNORECASE)
_INCLUDED_FILE = re.compile(r'\bfile\s*=\s*"([^"\\]*)"', re.IGNORECASE)

_Token = collections.namedtuple('_Token', 'kind text start end')


# rsyslogd runs on with what it did read. It wrote "occured" for long. A byte order mark or the like is skipped, and
# nothing is lost by that alone.
_LOST = re.compile(r'errors occurr?ed in file|syntax error|could not interpret|no active actions|could not load module'
                   r"|error accessing config file|invalid character '(?!\\x[89a-f][0-9a-f]')")

# What a statement may do to messages that come by.
WRITES, STOPS, CHANGES, ODD = 'writes them', 'stops them', 'changes them', 'is not understood'


def _takes(statement):
    """Return what a statement does that keeps messages from being diverted, or writes them twice; None for nothing.

    Forwarding a message or showing it on a terminal does not change it.
    """
    if statement.kind == 'unknown' or (statement.kind == 'action' and statement.name == 'unknown'):
        return ODD
    if statement.kind == 'stop' or (statement.kind == 'action' and statement.name == 'omdiscard'):
        return STOPS
    if statement.kind == 'change' or (statement.kind == 'action' and statement.name[:2] == 'mm'):
        return CHANGES
    if statement.kind == 'action' and statement.name == 'omfile':
        return None if (statement.output() or '').startswith('/dev/') else WRITES
    return None


def stays_here(statement):
    """Return whether this action keeps messages on the host."""
    return statement.name in LOCAL_OUTPUTS


class Configuration:
    """A configuration file with all that it includes, in the order in which rsyslogd reads it.

    `disk` has is_dir(path) -> bool, glob(pattern) -> paths (directories end with a slash) and read(path) -> text in
    which each character stands for a byte. `drop_ins` (paths) are the files that are going to be written: they are not
    read, but their places noted even without them. `ours` are other drop-ins of the collection, `settings` what
    global() and directives say: {name in lower case: Setting}.
    Raises RsyslogError for an include that cannot be followed.
    """

    def __init__(self, path, disk, drop_ins):
        self.path = path
        self.drop_ins = tuple(drop_ins)
        self.statements = []
        self.ours = set()
        self.settings = {}
        self.templates = {}   # name -> what it is made of (text)
        self._template = None  # the name of the last one
        self.skipped = collections.OrderedDict()  # (path, line) -> characters that rsyslogd skips there
        self._default = None  # the statement that names another default ruleset
        self._inputs = []     # inputs that hand the journal to a ruleset of their own
        self._disk = disk
        self._files = collections.OrderedDict()  # path -> Source
        self._directories = []
        self._open = []      # the files being read, each included by the one before
        self._blocks = []    # for each open brace the conditions in front of it
        self._before = ()    # the conditions read for what follows
        self._again = ()     # those of the last action
        self._closed = ()    # those of the last statement or block, which an `else` turns round
        self._ruleset = None
        self._read(path)

    # Reading

    def _read(self, path):
        if path in self.drop_ins:
            self._note('drop-in', None, '', path, 1)
        elif path not in self._open:  # rsyslogd ignores a file that includes itself, and reads others again
            if path not in self._files:
                self._files[path] = Source(self._disk.read(path))
            source = self._files[path]
            if source.text.startswith(OURS):
                self.ours.add(path)
            self._open.append(path)
            for token in source.tokens():
                self._take(source, token, path)
            for line, characters in source.skipped.items():
                self.skipped[path, line] = characters
            self._open.pop()

    def _take(self, source, token, path):
        """Process one token, as grammar.y does."""
        line = source.line(token.start)
        kind, text = token.kind, token.text
        if kind != '{' and self._before and self._before[-1][0] == 'template':
            self._before = ()  # a template without a block
        if kind in ('filter', 'if', 'foreach'):
            self._before += ((kind, text.strip(_BLANKS)),)
        elif kind == 'else':
            self._before += (('else', ' '.join(said for dummy, said in self._closed)),)
        elif kind == '&':
            self._before = self._again
        elif kind == '{':
            self._blocks.append(self._before)
            self._before = ()
        elif kind == '}':
            self._closed = self._blocks[-1] if self._blocks else ()
            self._blocks[-1:] = []
            self._before = ()
        elif kind == 'directive':
            self._directive(source, token, path, line)
        elif kind == 'object':
            self._object(source, token, path, line)
        elif kind == 'action':
            self._note('action', legacy_output(text), text.strip(_BLANKS), path, line)
        elif kind in ('call', 'call_indirect'):
            self._note('call', text.split()[-1].lower() if kind == 'call' else None, text, path, line)
        else:
            self._note('change' if kind in ('set', 'reload') else kind, None, text, path, line)

    def _directive(self, source, token, path, line):
        before, closed = self._before, self._closed
        words = re.findall('[^%s]+' % _BLANKS, token.text[1:])
        name = words[0].lower()
        included = _INCLUDE_DIRECTIVE.match(token.text)
        template = re.match(r'\$template[ \t]+([^,\s]+)[ \t]*,(.*)', token.text, re.IGNORECASE)
        if template:
            self.templates[template.group(1)] = template.group(2)
        if included:
            self._include(source, token.start + included.start(1), included.group(1), path, line)
        elif name == 'ruleset' and len(words) > 1:
            self._ruleset = None if words[1].lower() == DEFAULT_RULESET else words[1].lower()
        elif name == 'defaultruleset' and len(words) > 1:
            other = words[1].lower() != DEFAULT_RULESET
            self._default = Statement('directive', name, token.text, path, line, (), None) if other else None
        elif name == 'modload' and len(words) > 1:
            self._note('module', module_name(words[1]), token.text, path, line)
        else:
            if len(words) > 1:
                self.settings[name] = Setting(words[1].strip('"'), path, line)
            self._note('directive', name, token.text, path, line)
        if not included:  # lexer.l carries it out, grammar.y never sees it
            self._before, self._closed = before, closed

    def _object(self, source, token, path, line):
        name = re.match('[a-z_]+', token.text, re.IGNORECASE).group().lower()
        body = without_comments(token.text)
        if name == 'include':
            included = _INCLUDED_FILE.search(token.text)
            if not included:
                raise _unfollowed(token.text, path, line)
            self._include(source, token.start + included.start(1), included.group(1), path, line)
        elif name == 'action':
            output = parameter(body, 'type') or 'unknown'
            self._note('action', re.sub('^builtin:', '', output.lower()), token.text, path, line)
        elif name == 'module':
            self._note('module', module_name(parameter(body, 'load') or 'unknown'), token.text, path, line)
        elif name == 'ruleset':
            self._before += (('ruleset', (parameter(body, 'name') or 'unknown').lower()),)
        elif name == 'template':
            self._before += (('template', token.text),)
            self._template = parameter(body, 'name')
            self.templates[self._template] = body
        elif name == 'property' and self._template is not None:
            self.templates[self._template] += body
        elif name == 'input':
            if module_name(parameter(body, 'type') or '') == 'imjournal' and parameter(body, 'ruleset'):
                self._inputs.append(Statement('input', 'imjournal', token.text, path, line, (), None))
        elif name == 'global':
            for key, value in re.findall(r'([a-z0-9_.]+)\s*=\s*"([^"]*)"', body, re.IGNORECASE):
                self.settings[key.lower()] = Setting(value, path, line)
        if name not in ('ruleset', 'template', 'action', 'module'):
            self._before = ()

    def _note(self, kind, name, text, path, line):
        """Add a statement, which consumes the conditions read before it."""
        before, self._before = self._before, ()
        self._closed = before
        if kind in ('action', 'stop', 'call'):
            self._again = before
        context = [entry for block in self._blocks for entry in block] + list(before)
        rulesets = [text_ for kind_, text_ in context if kind_ == 'ruleset']
        conditions_ = tuple(entry for entry in context if entry[0] not in ('ruleset', 'template'))
        self.statements.append(Statement(kind, name and name.lower(), text, path, line, conditions_,
                                         rulesets[-1] if rulesets else self._ruleset))

    def _include(self, source, start, pattern, path, line):
        """Continue with the files that an include names (cnfDoInclude in rainerscript.c)."""
        if not re.match(r'[A-Za-z0-9_./*?,+@%:=[\]!-]+\Z', pattern):
            raise _unfollowed(pattern, path, line)
        source.includes.add((start, start + len(pattern)))
        depth = len(self._blocks)
        self._blocks.append(self._before)
        self._before = ()
        self._expand(_absolute(pattern))
        del self._blocks[depth:]
        self._before = ()

    def _expand(self, pattern):
        if self._disk.is_dir(pattern):
            self._directories.append(pattern)
            pattern += '*'
        paths = set(self._disk.glob(pattern))
        paths.update(path for path in self.drop_ins if _matches(pattern, path))
        for path in sorted(paths):
            if path.endswith('/'):
                self._expand(path)
            else:
                self._read(path)

    # Answers

    def doubts(self, drop_in):
        """Return what may make a working diversion miss messages or divert wrong ones (list of text).

        Raises RsyslogError when it cannot work: only imjournal tells where a message comes from.
        """
        modules = set(statement.name for statement in self.statements if statement.kind == 'module')
        kernel = sorted(modules & KERNEL_INPUTS)
        if 'imjournal' not in modules:
            raise RsyslogError('%s does not load imjournal, and without it rsyslogd cannot tell which messages the '
                               'kernel wrote (%s does not say). Nothing would ever be diverted. Load imjournal as RHEL '
                               'does, or do without the diversion. Nothing was changed.'
                               % (self.path, ' and '.join(kernel) or 'a text'))
        result = ['%s also hands the messages of the kernel to rsyslogd; those copies are not diverted. Do not load it '
                  'beside imjournal.' % name for name in kernel]
        for statement in self.statements[:self.place(drop_in)]:
            if statement.kind == 'action' and statement.name in JSON_READERS:
                result.append('%s, line %d: %s lets the text of a message set the fields that the diversion trusts. '
                              'Use it after the diversion.' % (statement.file, statement.line, statement.name))
        return result

    def behind(self, drop_in, stays=stays_here, pairs=rsyslog_selectors.ALL, suffix=OF_DIVERSION, own=()):
        """Return the statements after a drop-in that would miss messages of these pairs which stop there (list of Forwarder).

        In order; without what the collection wrote itself. `stays` (Statement -> bool) tells which actions may miss
        them. `suffix` ends the names of the copies' queues. `own` are actions (text) that the drop-in has behind the
        copies. Raises RsyslogError when the drop-in is not included at all, or in a place where it cannot do its work.
        """
        place = self.place(drop_in)
        copies = rsyslog_copies.Copies(self.statements, place, self.ours, [
            Statement('action', 'omfile', text, drop_in, 0, (), None) for text in own])
        found, meddler = [], None
        for group, whole in self._groups(place):
            statement = group[0]
            taken = statement.pairs()
            if (statement.ruleset is not None or statement.file in self.ours
                    or (taken is not None and not taken & pairs)
                    or all(one.kind == 'action' and stays(one) for one in group)):
                continue
            if statement.kind == 'call' and self._leaves(statement.name, (), stays):
                found.append(self._forwarder(statement, self._reason_of_call(statement, meddler, stays)))
                if self._meddler(statement.name, ()):
                    meddler = meddler or statement
            elif statement.kind == 'call' and not self._meddler(statement.name, ()):
                continue
            elif statement.kind == 'unknown':
                found.append(self._forwarder(statement, 'it is not understood'))
            elif _delivers(statement):
                found += self._copied(group, whole, copies, meddler, stays, functools.partial(_renamed, suffix))
            elif statement.kind != 'drop-in':
                meddler = meddler or statement
        return found

    def flow(self, journal=False):
        """Return the Steps that messages of the default ruleset pass, in order, including called rulesets.

        Without what the collection wrote itself. With `journal` it is about messages of imjournal only.
        """
        return [step for place, statement in enumerate(self.statements)
                if statement.ruleset is None and statement.file not in self.ours
                for step in self._steps(place, statement, rsyslog_selectors.ALL, (), journal)]

    def before(self, drop_in, pairs, core):
        """Return what could write, stop or change messages of these pairs before they reach a drop-in.

        Returns two lists of (Statement, what it does (text)): of those that do so for sure with messages of the pairs
        `core`, and of those that may do so with others of `pairs`, or under conditions that are more than a selector.
        """
        place, sure, perhaps = self.place(drop_in), [], []
        for step in self.flow(journal=True):
            if step.place >= place or (step.pairs is not None and not step.pairs & pairs):
                continue
            does = _takes(step.statement)
            if does:
                exact = step.pairs is not None and step.pairs & core and does != CHANGES
                (sure if exact else perhaps).append((step.statement, does))
        return sure, perhaps

    def decided(self, drop_in, pairs):
        """Return the Steps before a drop-in whose conditions affect messages of these pairs."""
        place = self.place(drop_in)
        return [step for step in self.flow(journal=True)
                if step.place < place and (step.pairs is None or step.pairs & pairs)
                and (_takes(step.statement)
                     or (step.statement.kind == 'call' and any(_takes(one) for one in self._inside(step.statement.name))))]

    def default_template(self, output):
        """Return the name of the template (text or None) of actions of an output module that name none."""
        setting = self.settings.get({'omfile': 'actionfiledefaulttemplate', 'omfwd': 'actionforwarddefaulttemplate'}.get(output))
        named = [parameter(without_comments(one.text), 'template') for one in self.statements
                 if one.kind == 'module' and one.name == 'builtin:' + output]
        return next((name for name in named[::-1] if name), setting.value if setting else None)

    def privileges(self):
        """Return the Setting that makes rsyslogd drop the privileges of root, or None."""
        found = [setting for name, setting in self.settings.items()
                 if _PRIVILEGES.match(name) and setting.value.lower() not in ('root', '0')]
        return min(found, key=lambda one: (one.file, one.line)) if found else None

    def _steps(self, place, statement, outer, seen, journal):
        taken = statement.pairs(journal)
        pairs = None if taken is None or outer is None else taken & outer
        steps = [Step(place, statement, pairs)]
        if statement.kind == 'call':
            for inner in self.statements:
                if inner.ruleset is not None and inner.ruleset not in seen and statement.name in (None, inner.ruleset):
                    steps += self._steps(place, inner, pairs, seen + (inner.ruleset,), journal)
        return steps

    def place(self, drop_in):
        """Return the index of a drop-in among the statements. Raises RsyslogError as behind() does."""
        places = [index for index, statement in enumerate(self.statements)
                  if statement.kind == 'drop-in' and statement.file == drop_in]
        if not places:
            raise RsyslogError('%s does not include %s, so rsyslogd would never read it. Add this line in front of its '
                               'rules: $IncludeConfig /etc/rsyslog.d/*.conf. Nothing was changed.'
                               % (self.path, drop_in))
        statement = self.statements[places[0]]
        if statement.context or statement.ruleset is not None:
            raise RsyslogError('%s includes %s inside a condition or a ruleset, where not every message comes by. '
                               'Include it outside of them. Nothing was changed.' % (self.path, drop_in))
        for elsewhere in self._inputs + [self._default] * bool(self._default):
            raise RsyslogError('%s, line %d: %s takes messages to another ruleset than the default one, so they do not '
                               'come by %s. Have the default ruleset do what that one does. Nothing was changed.'
                               % (elsewhere.file, elsewhere.line, _shown(elsewhere.text), drop_in))
        waiting = rsyslog_directives.takes_away(self.statements, places[0])
        if waiting:
            raise RsyslogError('%s, line %d: %s waits for an action that comes after %s, whose own action would take '
                               'it away. Move the directive to where its action is. Nothing was changed.'
                               % (waiting.file, waiting.line, waiting.text.strip(), drop_in))
        return places[0]

    def _leaves(self, name, seen, stays):
        """Return whether an action that must not miss messages gets them through this ruleset (None: through any)."""
        inside = [statement for statement in self.statements
                  if statement.ruleset is not None and name in (None, statement.ruleset)]
        return not inside or any(
            statement.kind == 'unknown'
            or (statement.kind == 'action' and not stays(statement) and statement.name[:2] != 'mm')
            or (statement.kind == 'call' and statement.name not in seen + (name,)
                and self._leaves(statement.name, seen + (name,), stays))
            for statement in inside)

    def _inside(self, name, seen=()):
        """Return the statements of a ruleset (None: of any) and of the rulesets that it calls."""
        found = []
        for statement in self.statements:
            if statement.ruleset is not None and name in (None, statement.ruleset):
                found.append(statement)
                if statement.kind == 'call' and statement.name not in seen + (name,):
                    found += self._inside(statement.name, seen + (name,))
        return found

    def _meddler(self, name, seen):
        """Return a Statement of a ruleset, or of one that it calls, that changes or stops messages, or None."""
        inside = self._inside(name, seen)
        return next((one for one in inside if _takes(one) not in (None, WRITES)), None)

    def _reason_of_call(self, statement, meddler, stays):
        """Return why this call of a ruleset cannot be copied in front of the stop, or None if it can."""
        inside = self._inside(statement.name)
        if not inside:
            return 'it is in a ruleset that is not there' if statement.name else 'it is in a ruleset that is named later'
        if statement.name is None:
            return 'it is in a ruleset that is named when the message comes'
        changes = self._meddler(statement.name, ())
        if changes:
            return 'it is in a ruleset that may change or stop messages (%s, line %d)' % (changes.file, changes.line)
        stays_too = [one for one in inside if one.kind == 'action' and stays(one)]
        if stays_too:
            return 'it is in a ruleset that writes on this host, too (%s, line %d)' % (stays_too[0].file, stays_too[0].line)
        return self._reason_of_place(statement, meddler)

    @staticmethod
    def _reason_of_place(statement, meddler, given=''):
        """Return why a statement would behave differently in front of the stop, or None if it would not."""
        if any(kind not in ('filter', 'if') for kind, dummy in statement.context):
            return 'it depends on more than a selector or a condition'
        if meddler:
            return 'messages may be changed or stopped before it (%s, line %d)' % (meddler.file, meddler.line)
        if re.search('[^\t\n -~]', ''.join(text for dummy, text in statement.context) + statement.text + given):
            return 'it has characters beyond ASCII'
        return None

    def _reason(self, statement, meddler, given):
        """Return why this action cannot be copied in front of the stop, or None if it can.

        `given` is what directives say to it ({name: Given}); whether they can be said there is not decided here.
        """
        if statement.name not in COPIED_OUTPUTS:
            return 'an action of %s cannot be doubled' % statement.name
        counting = _COUNTING.search(without_comments(statement.text))
        if counting:
            return 'two actions cannot share its %s' % counting.group(1).lower()
        return self._reason_of_place(statement, meddler, ''.join(
            said.value for said in given.values() if said.statements[-1].kind == 'directive'))

    def _groups(self, place):
        """Yield what stands behind a place, what takes over from one another together: (list of Statement, whole).

        whole is False if the first takes over from something that is not among them.
        """
        said, group, whole = rsyslog_directives.before(self.statements, place), [], True
        for statement in self.statements[place:]:
            takes_over = _takes_over(statement, said)
            said.read(statement)
            if takes_over and _delivers(group[-1]) and (
                    group[-1].context == statement.context and group[-1].ruleset == statement.ruleset):
                group.append(statement)
            elif statement.kind not in ('directive', 'module'):
                if group:
                    yield group, whole
                group, whole = [statement], not takes_over
        yield group, whole

    def _copied(self, group, whole, copies, meddler, stays, renamed):
        """Return the Forwarders of an action, or of such that take over from one another: `group` and `whole` of _groups()."""
        members = list(group)
        while stays(members[-1]):  # nothing takes over from it
            members.pop()
        together = len(members) > 1 or not whole
        reasons = [self._reason(one, meddler, copies.given(one)) for one in members]
        made = None
        if whole and not any(reasons) and not any(stays(one) for one in members):
            made, directive = copies.add(members, renamed)
            if not made:
                reasons = ['it depends on %s (%s, line %d)' % (_shown(directive.text), directive.file, directive.line)] * len(members)
        if made:
            return [self._forwarder_of(one, copy, copies.place) for one, copy in zip(members, made)]
        return [self._forwarder(one, '; '.join(part for part in (reason, _AS_ONE if together else None) if part))
                for one, reason in zip(members, reasons) if not stays(one)]

    def _forwarder_of(self, statement, copy, place):
        """Return the Forwarder of an action by its Copy at a place."""
        name, kind, spool = [copy.action.parameter('queue.' + key) for key in ('filename', 'type', 'spooldirectory')]
        if not _IS_OBJECT.match(statement.text):
            name, kind = [copy.gets[key].value if key in copy.gets else None
                          for key in (rsyslog_copies.QUEUE_FILE, rsyslog_copies.QUEUE_TYPE)]
        queue = None
        if name and (kind or 'direct').lower() != 'direct':
            queue = '%s/%s' % (spool.rstrip('/') if spool else self.spool(place), name)
        lines = ([_COPIED_QUEUE % queue] if queue else []) + [one.text for one in copy.front]
        lines += [_text_of(copy.action)] + [one.text for one in copy.behind]
        return Forwarder(statement.file, statement.line, _shown(statement.text), '\n'.join(lines), None, queue)

    @staticmethod
    def _forwarder(statement, reason):
        return Forwarder(statement.file, statement.line, _shown(statement.text), _text_of(statement) if reason is None else None,
                         reason, None)

    def spool(self, place=0):
        """Return the directory (path) of queues on disk; with `place`, of those of actions at that index."""
        said = [one.text.split()[1] for one in self.statements[:place]
                if one.kind == 'directive' and one.name == 'workdirectory' and len(one.text.split()) > 1]
        setting = self.settings.get('workdirectory')
        return (said[-1].strip('"') if said else setting.value if setting else SPOOL).rstrip('/')

    # A copy to validate

    def staged(self, root, drop_ins):
        """Return the whole new configuration, moved below the directory `root`.

        Returns (files: dict of path -> bytes, directories: paths). `drop_ins` are the texts of our files by path; None
        leaves one out. The file to hand to rsyslogd is root + self.path.
        """
        files = dict((root + path, source.moved(root).encode('latin-1')) for path, source in self._files.items())
        files.update((root + path, text.encode('utf-8')) for path, text in drop_ins.items() if text is not None)
        return files, [root + path for path in self._directories]

    def rewritten(self, root, drop_ins, change):
        """Return the same as staged(), with each token replaced by `change`, a function of (path, line, kind, text) to text.

        Comments are left out. Included paths are below `root` in what `change` gets.
        """
        sources = dict(self._files)
        sources.update((path, Source(text.encode('utf-8').decode('latin-1')))
                       for path, text in drop_ins.items() if text is not None)
        files = dict((root + path, source.rewritten(root, functools.partial(change, path)).encode('latin-1'))
                     for path, source in sources.items())
        return files, [root + path for path in self._directories]


class Source:
    """The text of one configuration file, tokenized as rsyslogd does."""

    def __init__(self, text):
        self.text = text
        self.includes = set()  # (start, end) of the paths in the joined text
        self.skipped = collections.OrderedDict()  # line -> characters that are part of no token
        self._joined, self._origins = _joined(text)
        self._ends = [found.start() for found in re.finditer('\n', text)]

    def line(self, position):
        """Return the line (from 1) in the file of a position in the joined text."""
        return bisect.bisect_left(self._ends, self._origins[position]) + 1

    def moved(self, root):
        """Return the text, with each included path below `root`."""
        result, done = '', 0
        for start, end in sorted(self.includes):
            path = _absolute(self._joined[start:end])
            result += self.text[done:self._origins[start]] + root + path
            done = self._origins[end - 1] + 1
        return result + self.text[done:]

    def rewritten(self, root, change):
        """The text as `change` (line, kind, text -> text) has each token, with each included path below `root`."""
        result, done, text = '', 0, self._joined
        for token in self.tokens():
            gap = text[done:token.start]
            piece = token.text
            for start, end in self.includes:
                if token.start <= start < token.end:
                    begin = start - token.start
                    piece = piece[:begin] + root + _absolute(text[start:end]) + piece[end - token.start:]
            # A comment may hold what is no token here; a line's beginning matters to selectors.
            result += ('\n' if '\n' in gap else ' ' * bool(gap)) + change(self.line(token.start), token.kind, piece)
            done = token.end
        return result + '\n'

    def tokens(self):
        """Yield the _Tokens of the file, without blanks and comments. Tokens that are not understood are 'unknown'."""
        position, text = 0, self._joined
        while position < len(text):
            kind, end = self._next(position)
            if kind == 'object':
                end = _end(text, end, _OBJECT_PART, ')')
            elif kind in _EXPRESSION_ENDS:
                end = _end(text, end, _EXPRESSION_PART, _EXPRESSION_ENDS[kind])
            if end is None:
                kind, end = 'unknown', len(text)
            if kind == 'skipped':
                line = self.line(position)
                self.skipped[line] = self.skipped.get(line, '').replace(text[position:end], '') + text[position:end]
            elif kind != 'blank':
                yield _Token(kind, text[position:end], position, end)
            position = end

    def _next(self, position):
        text = self._joined
        best, end = 'skipped', position
        if position == 0 or text[position - 1] == '\n':
            found = _FILTER.match(text, position)
            if found:
                best, end = 'filter', found.end()
        for kind, pattern in _TOKENS:
            found = pattern.match(text, position)
            if found and found.end() > end:
                best, end = kind, found.end()
        # lexer.l complains of a character that begins nothing, and goes on behind it.
        return best, max(end, position + 1)


def _joined(text):
    """Join continued lines and cut trailing blanks as readConfFile in rainerscript.c does.

    Returns the joined text and for each of its characters (and its end) where in `text` it comes from.
    """
    pieces, origins, continued, start = [], [], False, 0
    for line in text.split('\n'):
        content = line.rstrip(' \t\r\v\f')
        first = len(content) - len(content.lstrip(' \t\r\v\f')) if continued else 0
        if len(content) > first:
            continued = content.endswith('\\')
            last = len(content) - (1 if continued else 0)
            pieces.append(content[first:last])
            origins.extend(range(start + first, start + last))
        else:
            continued = False  # an empty line continues nothing
        if not continued:
            pieces.append('\n')
            origins.append(min(start + len(line), max(len(text) - 1, 0)))
        start += len(line) + 1
    return ''.join(pieces), origins + [len(text)]


def _end(text, position, pattern, terminator):
    """Return the end (after its terminator) of something that consists of parts like `pattern`; None without an end."""
    while position < len(text):
        part = pattern.match(text, position)
        if part is None:
            return None
        position = part.end()
        if part.group().lower() == terminator:
            return position
    return None


def without_comments(text):
    """Return an object's text without its comments."""
    return ''.join(part for part in _OBJECT_PART.findall(text) if part[:1] != '#' and part[:2] != '/*')


def parameter(body, name):
    """Return a parameter of an object without comments, or None if it is not given."""
    found = re.search(r'\b%s\s*=\s*"([^"]*)"' % name, body, re.IGNORECASE)
    return found.group(1) if found else None


def _delivers(statement):
    """Return whether an action hands messages on, and does not change or stop them."""
    return statement.kind == 'action' and statement.name[:2] != 'mm' and statement.name != 'omdiscard'


def _takes_over(statement, said):
    """Return whether an action only acts when the one in front of it is suspended. said: what directives Said before."""
    if not _delivers(statement):
        return False
    if _IS_OBJECT.match(statement.text):
        return (statement.parameter('action.execonlywhenpreviousissuspended') or 'off').lower() != 'off'
    return 'actionexeconlywhenpreviousissuspended' in said.to(statement)


def _text_of(statement):
    """Return a statement with the conditions around it."""
    if [kind for kind, dummy in statement.context] in ([], ['filter']):
        return ''.join(text + ' ' for dummy, text in statement.context) + statement.text
    # each condition in a block of its own: a selector must begin its line
    return (''.join(text + ' {\n' for dummy, text in statement.context) + statement.text
            + '\n}' * len(statement.context))


def _renamed(suffix, statement):
    """Return an action, or the directive for it, with another name of its queue's files."""
    text, end = statement.text, None
    if statement.kind == 'directive':
        end = len(text.rstrip('"'))
    elif _IS_OBJECT.match(text):
        # A comment may name one as well.
        shown = ''.join(' ' * len(part) if part[:1] == '#' or part[:2] == '/*' else part for part in _OBJECT_PART.findall(text))
        name = _QUEUE_FILE.search(shown)
        end = name and name.end() - 1
    return statement._replace(text=text[:end] + suffix + text[end:]) if end else statement


def copied_queues(text):
    """Return the paths of the queues on disk that copies of actions have in a drop-in (text or None), in order."""
    return _COPIED_QUEUES.findall(text or u'')


def legacy_output(text):
    """Return the output module of a legacy action such as `@@host:514` or `-/var/log/maillog`."""
    text = text.strip(_BLANKS)
    if text.startswith(':'):
        return text.split(':')[1]
    return _LEGACY_OUTPUTS.get(text[0], 'omusrmsg')


def module_name(text):
    """Return `imjournal` for /usr/lib64/rsyslog/imjournal.so."""
    return re.sub(r'.*/|\.so\Z', '', text)


def _absolute(path):
    """Return an absolute path: rsyslogd's working directory is the root when systemd starts it."""
    return path if path.startswith('/') else '/' + path


def _matches(pattern, path):
    """Return whether glob(pattern) would find this path if it existed."""
    patterns, names = pattern.split('/'), path.split('/')
    return len(patterns) == len(names) and all(fnmatch.fnmatchcase(*pair) for pair in zip(names, patterns))


def _unfollowed(text, path, line):
    return RsyslogError('%s, line %d: cannot follow this include: %s. Write the path of its files in plain text. '
                        'Nothing was changed.' % (path, line, _shown(text)))


def _shown(text):
    """Return a statement as one short line for the operator."""
    return ' '.join(_characters(text).split())[:200]


def _characters(text):
    """Return what the operator wrote, of a text that has a character for each byte."""
    return text.encode('latin-1').decode('utf-8', 'replace')


# What the operator is told

def complaints(output, root):
    """Return the complaints in the output of rsyslogd -N1 (text), with staged files renamed to the real ones."""
    return '; '.join(said(output, root))


def said(output, root):
    """Return the same as a list of text."""
    lines = [re.sub(r'^rsyslogd: ', '', re.sub(r' ?\[v[0-9.]+ try http[^\]]*\]', '', line)).strip(_BLANKS)
             for line in output.replace(root, '').split('\n')]
    return [line for line in lines if line and not re.match(r'version [0-9]|End of config validation', line)]


def lost(lines):
    """Return whether rsyslogd leaves out statements, modules or files of which it said these complaints (list of text)."""
    return any(_LOST.search(line) for line in lines)


def new(lines, before):
    """Return the complaints (list of text) that are not among those `before`, wherever they are about.

    A copy of a statement that rsyslogd complains of has the same complaint.
    """
    known = set(_anywhere(line) for line in before)
    return [line for line in lines if _anywhere(line) not in known]


def _anywhere(line):
    """Return a complaint without its file and line, and the number of its action."""
    line = re.sub(r"^error during parsing file .*?, on or before line [0-9]+: |in file '[^']*' around line [0-9]+", '', line)
    return re.sub(r'\baction([- ])[0-9]+', r'action\1', line)
