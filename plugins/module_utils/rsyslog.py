# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rsyslog 8.24 (RHEL 7) to 8.2412 (RHEL 10): the drop-in that diverts known messages, and the configuration around it.

Two halves. `render()` writes the drop-in from signatures, so that rsyslogd decides as the scanner does. `Configuration`
reads the rsyslog.conf that includes it, because a diverted message stops there: whatever forwards messages further down
never sees it. `copies()` of such forwarders go in front of the stop.

What is known here of RainerScript was read in rsyslog's own grammar/lexer.l, grammar.y and rainerscript.c. Touches no
files: they come in as an object. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import bisect
import collections
import fnmatch
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils import matcher
from ansible_collections.loghygiene.rhel.plugins.module_utils.posix_ere import to_ere

DROP_IN = '/etc/rsyslog.d/zz_log_hygiene.conf'
DIRECTORY = '/var/log/log_hygiene'
MARK = '# Managed by Ansible: loghygiene.rhel.rsyslog_diversion'
FORWARD_RULESET = 'log_hygiene_forward'
REMEDY = 'Move it to a file that is read before the diversion, such as /etc/rsyslog.d/00-forward.conf.'

# A message handled here has passed journald, which alone sets the fields with an underscore: no program forges them.
TRANSPORTS = frozenset(['kernel', 'journal', 'syslog', 'stdout'])

_ID = re.compile(r'[a-z0-9]+(?:-[a-z0-9]+)*\Z')
_PATH = re.compile(r'/[A-Za-z0-9_./-]+\Z')
_INSTALLED = re.compile(r'^# signature: (\S+) revision ([0-9]+)$', re.MULTILINE)
_LINE_LIMIT = 8000  # rsyslogd reads its configuration in pieces of 10239 bytes

_HEADER = MARK + u'''. Changes made by hand are lost.
# To take it away, run the role loghygiene.rhel.syslog_exclusions with syslog_exclusions_state: absent.
#
# Known harmless messages go to files of their own instead of /var/log/messages; none is dropped. They are told by
# fields that journald vouches for, the scanner's own severity and text gates, and its regular expression.
'''
_RULE = u'''
# signature: {id} revision {revision}
if {conditions}
then {{
{forward}    action(type="omfile" file="{directory}/{id}.log" fileCreateMode="0600" dirCreateMode="0700"
           template="RSYSLOG_FileFormat")
    stop
}}
'''


class RsyslogError(Exception):
    """The drop-in cannot be written or the configuration not be read; str() tells the operator why and what to do."""


# The drop-in

def render(signatures, forwarders=(), directory=DIRECTORY):
    """The drop-in (text) that moves what these signatures (dicts of the catalogue) match to files in `directory`.

    `forwarders` are statements (text) that get each diverted message before it stops. Raises RsyslogError.
    """
    if not _PATH.match(directory):
        raise RsyslogError('The directory of diverted messages, %s, must be a plain absolute path.' % directory)
    text = _HEADER
    if forwarders:
        text += (u'\n# Forwarders from behind this file. A diverted message stops here, so it goes to them first.\n'
                 u'ruleset(name="%s") {\n%s\n}\n' % (FORWARD_RULESET, u'\n'.join(forwarders)))
    forward = u'    call %s\n' % FORWARD_RULESET if forwarders else u''
    for signature in signatures:
        rule = u'\nand '.join(conditions(signature))
        text += _RULE.format(id=signature['id'], revision=signature['revision'], directory=directory, conditions=rule,
                             forward=forward)
    long_lines = [line for line in text.encode('utf-8').splitlines() if len(line) > _LINE_LIMIT]
    if long_lines:
        raise RsyslogError('rsyslogd reads no line as long as this one: %s...'
                           % long_lines[0].decode('utf-8', 'replace')[:60])
    return text


def installed(text):
    """The signatures a drop-in holds: ordered dict of id -> revision (int)."""
    return collections.OrderedDict((name, int(revision)) for name, revision in _INSTALLED.findall(text))


def conditions(signature):
    """What a message must be, as RainerScript expressions (list of text) that all must hold.

    The same decision as matcher.Matcher makes for an entry of the journal. Raises RsyslogError when this signature
    cannot be diverted safely, or rsyslogd could not decide alike.
    """
    try:
        known = matcher.Signature(signature)
    except matcher.SignatureError as error:
        raise RsyslogError('Cannot divert %s.' % matcher.as_text(error.args[0]))
    if not _ID.match(known.id):
        raise RsyslogError('Cannot divert %s: its id must be lower-case words joined by hyphens.' % known.id)
    if not isinstance(signature.get('revision'), int):
        raise RsyslogError('Cannot divert %s: key revision: must be a number.' % known.id)
    if signature.get('disposition') != 'divert':
        raise RsyslogError('Cannot divert %s: its disposition is %s, not divert.'
                           % (known.id, matcher.as_text(signature.get('disposition'))))
    if not known.transports or known.transports - TRANSPORTS:
        raise RsyslogError('Cannot divert %s: key match.transport must name only %s.'
                           % (known.id, ', '.join(sorted(TRANSPORTS))))
    if known.identifiers & matcher.SUDO_IDENTIFIERS:
        raise RsyslogError('Cannot divert %s: what sudo logs is never moved.' % known.id)
    kernel = known.transports == frozenset(['kernel'])
    if not kernel and not known.identifiers and not known.comms:
        raise RsyslogError('Cannot divert %s: without match.identifiers or match.comms any program could hide a line '
                           'behind it.' % known.id)
    if any(re.search(u'[\0-\x1f\x7f]', literal) for literal in known.literals):
        raise RsyslogError('Cannot divert %s: key match.literal holds a control character, which rsyslogd escapes in '
                           'messages.' % known.id)

    result = [u'($inputname == "imjournal")', u'($!_TRANSPORT == %s)' % _one_of(known.transports)]
    by_identifier = u'($!SYSLOG_IDENTIFIER == %s)' % _one_of(known.identifiers)
    by_comm = u'(($!SYSLOG_IDENTIFIER == "") and ($!_COMM == %s))' % _one_of(known.comms)
    if known.identifiers and known.comms:
        result.append(u'(%s or %s)' % (by_identifier, by_comm))
    elif known.identifiers or known.comms:
        result.append(by_identifier if known.identifiers else by_comm)
    if known.most_severe:
        severity = u'($syslogseverity >= %d)' % known.most_severe
        # A program may send no priority: imjournal then says notice. The kernel always sends one.
        result.append(severity if kernel else u'(%s or ($!PRIORITY == ""))' % severity)
    result.append(u'($msg contains %s)' % _one_of(known.literals))
    try:
        ere = to_ere(signature['match']['regex'], leading_blank=True)
    except ValueError as error:
        raise RsyslogError('Cannot divert %s: key match.regex: %s.' % (known.id, matcher.as_text(error.args[0])))
    result.append(u're_match($msg, %s)' % quote(ere))
    result.append(u'(not re_match($msg, %s))' % quote(_own_traces(known)))
    return result


def _own_traces(known):
    """ERE of what only repeats a command line (matcher.is_own_trace), for the sources of this signature."""
    patterns = [matcher.AUDIT_RECORD.pattern, matcher.ANSIBLE_INVOKED.pattern]
    if any(matcher.ANSIBLE_WRITERS.match(name) for name in known.identifiers | known.comms):
        patterns.append(matcher.ANSIBLE_MESSAGE.pattern)
    return to_ere(u'^(?:%s)' % u'|'.join(patterns), leading_blank=True)


def _one_of(texts):
    """A RainerScript string, or an array of them: `==` and `contains` take either."""
    strings = [quote(text) for text in sorted(texts)]
    return strings[0] if len(strings) == 1 else u'[%s]' % u', '.join(strings)


def quote(text):
    r"""A RainerScript string for an expression (text) that rsyslogd reads back as `text` (text), whatever that holds.

    lexer.l allows in double quotes \" \' \\ \$ \b \n \t \r \xHH and \OOO. A bare $ is an error; blanks at a line's end
    are cut off.
    """
    if u'\0' in text:
        raise RsyslogError('rsyslog knows no string with a NUL byte.')
    named = {u'"': u'\\"', u'\\': u'\\\\', u'$': u'\\$', u'\n': u'\\n', u'\t': u'\\t', u'\r': u'\\r'}
    return u'"%s"' % u''.join(
        named.get(char) or (u'\\%03o' % ord(char) if ord(char) < 32 or ord(char) == 127 else char) for char in text)


# The configuration around it

# A statement. kind: 'action', 'stop', 'call', 'change' (of variables), 'directive', 'module', 'drop-in' (the place of
# our file) or 'unknown' (not understood). name, in lower case: the output module of an action, a ruleset called, a
# module loaded, a directive. context: the conditions around it, outermost first, each (kind, text). ruleset: None for
# the default one.
Statement = collections.namedtuple('Statement', 'kind name text file line context ruleset')
# A statement after the drop-in that may send messages away. copy: text that does the same in front of a stop, or None;
# reason: why nothing can, or None.
Forwarder = collections.namedtuple('Forwarder', 'file line text copy reason')

# Messages stay on the host with these; any other output may be the way to a collector.
LOCAL_OUTPUTS = frozenset(['omfile', 'omusrmsg', 'ompipe', 'omjournal', 'omnull', 'omstdout'])
COPIED_OUTPUTS = frozenset(['omfwd', 'omrelp'])
KERNEL_INPUTS = frozenset(['imklog', 'imkmsg'])
JSON_READERS = frozenset(['mmjsonparse', 'mmjsontransform', 'mmnormalize'])
DEFAULT_RULESET = 'rsyslog_defaultruleset'
_LEGACY_OUTPUTS = {'@': 'omfwd', '~': 'omdiscard', '|': 'ompipe', '^': 'omshell', '>': 'ommysql', '/': 'omfile',
                   '-': 'omfile', '?': 'omfile', '.': 'unknown'}
# Parameters that two actions cannot share, or that tie an action to the one before it.
_UNSHARED = re.compile(r'\b(queue\.filename|queue\.spooldirectory|queue\.type\s*=\s*"disk"'
                       r'|action\.execonlywhenpreviousissuspended)', re.IGNORECASE)
# Legacy directives that wait for the next action; action.c forgets these after any action, also after one of ours.
_WAITING = re.compile(r'action(queue|resumeretrycount)')
_OF_ACTIONS = re.compile(r'action(?!file)|resetconfigvariables')

_FLAGS = re.IGNORECASE | re.DOTALL
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


class Configuration:
    """What rsyslogd makes of a configuration file and all that it includes, in order.

    `disk` has is_dir(path) -> bool, glob(pattern) -> paths (directories end with a slash) and read(path) -> text in
    which each character stands for a byte. `drop_in` is our file: it is not read, but its place noted even without it.
    Raises RsyslogError for an include that cannot be followed.
    """

    def __init__(self, path, disk, drop_in=DROP_IN):
        self.path = path
        self.drop_in = drop_in
        self.statements = []
        self._disk = disk
        self._files = collections.OrderedDict()  # path -> _Source
        self._directories = []
        self._open = []      # the files being read, each included by the one before
        self._blocks = []    # for each open brace the conditions in front of it
        self._before = ()    # the conditions read for what follows
        self._again = ()     # those of the last action
        self._ruleset = None
        self._read(path)

    # Reading

    def _read(self, path):
        if path == self.drop_in:
            self._note('drop-in', None, '', path, 1)
        elif path not in self._open:  # rsyslogd ignores a file that includes itself, and reads others again
            if path not in self._files:
                self._files[path] = _Source(self._disk.read(path))
            source = self._files[path]
            self._open.append(path)
            for token in source.tokens():
                self._take(source, token, path)
            self._open.pop()

    def _take(self, source, token, path):
        """Act on one token, as grammar.y does."""
        line = source.line(token.start)
        kind, text = token.kind, token.text
        if kind != '{' and self._before and self._before[-1][0] == 'template':
            self._before = ()  # a template without a block
        if kind in ('filter', 'if', 'foreach'):
            self._before += ((kind, text.strip()),)
        elif kind == 'else':
            self._before += (('if', text),)
        elif kind == '&':
            self._before = self._again
        elif kind == '{':
            self._blocks.append(self._before)
            self._before = ()
        elif kind == '}':
            self._blocks[-1:] = []
            self._before = ()
        elif kind == 'directive':
            self._directive(source, token, path, line)
        elif kind == 'object':
            self._object(source, token, path, line)
        elif kind == 'action':
            self._note('action', _legacy_output(text), text.strip(), path, line)
        elif kind in ('call', 'call_indirect'):
            self._note('call', text.split()[-1].lower() if kind == 'call' else None, text, path, line)
        else:
            self._note('change' if kind in ('set', 'reload') else kind, None, text, path, line)

    def _directive(self, source, token, path, line):
        words = token.text[1:].split()
        name = words[0].lower()
        included = _INCLUDE_DIRECTIVE.match(token.text)
        if included:
            self._include(source, token.start + included.start(1), included.group(1), path, line)
        elif name == 'ruleset' and len(words) > 1:
            self._ruleset = None if words[1].lower() == DEFAULT_RULESET else words[1].lower()
        elif name == 'modload' and len(words) > 1:
            self._note('module', _module_name(words[1]), token.text, path, line)
        else:
            self._note('directive', name, token.text, path, line)

    def _object(self, source, token, path, line):
        name = re.match('[a-z_]+', token.text, re.IGNORECASE).group().lower()
        body = _without_comments(token.text)
        if name == 'include':
            included = _INCLUDED_FILE.search(token.text)
            if not included:
                raise _unfollowed(token.text, path, line)
            self._include(source, token.start + included.start(1), included.group(1), path, line)
        elif name == 'action':
            output = _parameter(body, 'type') or 'unknown'
            self._note('action', re.sub('^builtin:', '', output.lower()), token.text, path, line)
        elif name == 'module':
            self._note('module', _module_name(_parameter(body, 'load') or 'unknown'), token.text, path, line)
        elif name == 'ruleset':
            self._before += (('ruleset', (_parameter(body, 'name') or 'unknown').lower()),)
        elif name == 'template':
            self._before += (('template', token.text),)
        if name not in ('ruleset', 'template', 'action', 'module'):
            self._before = ()

    def _note(self, kind, name, text, path, line):
        """Add a statement, which uses up the conditions read before it."""
        before, self._before = self._before, ()
        if kind in ('action', 'stop', 'call'):
            self._again = before
        context = [entry for block in self._blocks for entry in block] + list(before)
        rulesets = [text_ for kind_, text_ in context if kind_ == 'ruleset']
        conditions_ = tuple(entry for entry in context if entry[0] not in ('ruleset', 'template'))
        self.statements.append(Statement(kind, name and name.lower(), text, path, line, conditions_,
                                         rulesets[-1] if rulesets else self._ruleset))

    def _include(self, source, start, pattern, path, line):
        """Go on with the files that an include names (cnfDoInclude in rainerscript.c)."""
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
        if _matches(pattern, self.drop_in):
            paths.add(self.drop_in)
        for path in sorted(paths):
            if path.endswith('/'):
                self._expand(path)
            else:
                self._read(path)

    # Answers

    def doubts(self):
        """What may make the diversion miss or mistake messages, though it works (list of text).

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
        for statement in self.statements[:self._place()]:
            if statement.kind == 'action' and statement.name in JSON_READERS:
                result.append('%s, line %d: %s lets the text of a message set the fields that the diversion trusts. '
                              'Use it after the diversion.' % (statement.file, statement.line, statement.name))
        return result

    def forwarders(self):
        """What stands after the drop-in and may send messages away, in order (list of Forwarder).

        Raises RsyslogError when the drop-in is not included at all, or in a place where it cannot do its work.
        """
        place = self._place()
        before = [statement for statement in self.statements[:place] if statement.kind == 'directive']
        legacy = _last(before, _OF_ACTIONS)
        found, meddler, set_since = [], None, None
        for statement in self.statements[place + 1:]:
            if statement.ruleset is not None or (statement.kind == 'action' and statement.name in LOCAL_OUTPUTS):
                continue
            if statement.kind == 'directive':
                if _OF_ACTIONS.match(statement.name):
                    legacy = set_since = statement
            elif statement.kind == 'module':
                if statement.name.startswith('builtin:omf'):
                    set_since = statement
            elif statement.kind == 'call' and self._leaves(statement.name, ()):
                found.append(self._forwarder(statement, 'it is in a ruleset'))
            elif statement.kind == 'unknown':
                found.append(self._forwarder(statement, 'it is not understood'))
            elif statement.kind == 'action' and statement.name[:2] != 'mm' and statement.name != 'omdiscard':
                found.append(self._forwarder(statement, self._reason(statement, legacy, set_since, meddler)))
            elif statement.kind != 'drop-in':
                meddler = meddler or statement
        return found

    def _place(self):
        """The index of the drop-in among the statements."""
        places = [index for index, statement in enumerate(self.statements) if statement.kind == 'drop-in']
        if not places:
            raise RsyslogError('%s does not include %s, so rsyslogd would never read it. Add this line in front of its '
                               'rules: $IncludeConfig /etc/rsyslog.d/*.conf. Nothing was changed.'
                               % (self.path, self.drop_in))
        statement = self.statements[places[0]]
        if statement.context or statement.ruleset is not None:
            raise RsyslogError('%s includes %s inside a condition or a ruleset, where not every message comes by. '
                               'Include it outside of them. Nothing was changed.' % (self.path, self.drop_in))
        waiting = None
        for earlier in self.statements[:places[0]]:
            if earlier.kind == 'action':
                waiting = None
            elif earlier.kind == 'directive' and _WAITING.match(earlier.name):
                waiting = earlier
        if waiting:
            raise RsyslogError('%s, line %d: %s waits for an action that comes after %s, whose own action would take '
                               'it away. Move the directive to where its action is. Nothing was changed.'
                               % (waiting.file, waiting.line, waiting.text.strip(), self.drop_in))
        return places[0]

    def _leaves(self, name, seen):
        """Can messages leave the host through this ruleset (None: through some ruleset)?"""
        inside = [statement for statement in self.statements if statement.ruleset == name]
        return name is None or not inside or any(
            statement.kind == 'unknown'
            or (statement.kind == 'action' and statement.name not in LOCAL_OUTPUTS and statement.name[:2] != 'mm')
            or (statement.kind == 'call' and statement.name not in seen
                and self._leaves(statement.name, seen + (name,)))
            for statement in inside)

    @staticmethod
    def _reason(statement, legacy, set_since, meddler):
        """Why this action cannot be copied in front of the stop; None when it can."""
        if statement.name not in COPIED_OUTPUTS:
            return 'an action of %s cannot be doubled' % statement.name
        if [kind for kind, dummy in statement.context] not in ([], ['filter']):
            return 'it depends on more than a selector'
        unshared = _UNSHARED.search(_without_comments(statement.text))
        if unshared:
            return 'two actions cannot share its %s' % unshared.group(1).lower()
        directive = set_since if _IS_OBJECT.match(statement.text) else legacy
        if directive:
            return 'it depends on %s (%s, line %d)' % (_shown(directive.text), directive.file, directive.line)
        if meddler:
            return 'messages may be changed or stopped before it (%s, line %d)' % (meddler.file, meddler.line)
        if re.search('[^\t\n -~]', ''.join(text for dummy, text in statement.context) + statement.text):
            return 'it has characters beyond ASCII'
        return None

    @staticmethod
    def _forwarder(statement, reason):
        selector = ''.join(text + ' ' for dummy, text in statement.context) if reason is None else ''
        return Forwarder(statement.file, statement.line, _shown(statement.text),
                         None if reason else selector + statement.text, reason)

    # A copy to validate

    def staged(self, root, drop_in=None):
        """The whole configuration as it would be, moved below the directory `root`.

        Returns (files: dict of path -> bytes, directories: paths). `drop_in` is the text of our file; None leaves it
        out. The file to hand to rsyslogd is root + self.path.
        """
        files = dict((root + path, source.moved(root).encode('latin-1')) for path, source in self._files.items())
        if drop_in is not None:
            files[root + self.drop_in] = drop_in.encode('utf-8')
        return files, [root + path for path in self._directories]


class _Source:
    """The text of one configuration file, cut up as rsyslogd does."""

    def __init__(self, text):
        self.text = text
        self.includes = set()  # (start, end) of the paths in the joined text
        self._joined, self._origins = _joined(text)
        self._ends = [found.start() for found in re.finditer('\n', text)]

    def line(self, position):
        """The line (from 1) in the file of a position in the joined text."""
        return bisect.bisect_left(self._ends, self._origins[position]) + 1

    def moved(self, root):
        """The text, with each included path below `root`."""
        result, done = '', 0
        for start, end in sorted(self.includes):
            path = _absolute(self._joined[start:end])
            result += self.text[done:self._origins[start]] + root + path
            done = self._origins[end - 1] + 1
        return result + self.text[done:]

    def tokens(self):
        """Yield the _Tokens of the file, without blanks and comments. What is not understood is 'unknown'."""
        position, text = 0, self._joined
        while position < len(text):
            kind, end = self._next(position)
            if kind == 'object':
                end = _end(text, end, _OBJECT_PART, ')')
            elif kind in _EXPRESSION_ENDS:
                end = _end(text, end, _EXPRESSION_PART, _EXPRESSION_ENDS[kind])
            if end is None:
                kind, end = 'unknown', len(text)
            if kind != 'blank':
                yield _Token(kind, text[position:end], position, end)
            position = end

    def _next(self, position):
        text = self._joined
        best, end = 'unknown', position
        if position == 0 or text[position - 1] == '\n':
            found = _FILTER.match(text, position)
            if found:
                best, end = 'filter', found.end()
        for kind, pattern in _TOKENS:
            found = pattern.match(text, position)
            if found and found.end() > end:
                best, end = kind, found.end()
        if best == 'unknown':
            end = (text + '\n').index('\n', position)
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
        if not continued:
            pieces.append('\n')
            origins.append(min(start + len(line), max(len(text) - 1, 0)))
        start += len(line) + 1
    return ''.join(pieces), origins + [len(text)]


def _end(text, position, pattern, terminator):
    """Where something ends that consists of parts like `pattern`: after its terminator; None if it does not end."""
    while position < len(text):
        part = pattern.match(text, position)
        if part is None:
            return None
        position = part.end()
        if part.group().lower() == terminator:
            return position
    return None


def _without_comments(text):
    """An object's text without its comments."""
    return ''.join(part for part in _OBJECT_PART.findall(text) if part[:1] != '#' and part[:2] != '/*')


def _parameter(body, name):
    """A parameter of an object without comments, None when it is not given."""
    found = re.search(r'\b%s\s*=\s*"([^"]*)"' % name, body, re.IGNORECASE)
    return found.group(1) if found else None


def _legacy_output(text):
    """The output module of a legacy action such as `@@host:514` or `-/var/log/maillog`."""
    text = text.strip()
    if text.startswith(':'):
        return text.split(':')[1]
    return _LEGACY_OUTPUTS.get(text[0], 'omusrmsg')


def _module_name(text):
    """`imjournal` for /usr/lib64/rsyslog/imjournal.so."""
    return re.sub(r'.*/|\.so\Z', '', text)


def _last(directives, pattern):
    matching = [statement for statement in directives if pattern.match(statement.name)]
    return matching[-1] if matching else None


def _absolute(path):
    """rsyslogd's working directory is the root when systemd starts it."""
    return path if path.startswith('/') else '/' + path


def _matches(pattern, path):
    """Would glob(pattern) give this path, if it existed?"""
    patterns, names = pattern.split('/'), path.split('/')
    return len(patterns) == len(names) and all(fnmatch.fnmatchcase(*pair) for pair in zip(names, patterns))


def _unfollowed(text, path, line):
    return RsyslogError('%s, line %d: cannot follow this include: %s. Write the path of its files in plain text. '
                        'Nothing was changed.' % (path, line, _shown(text)))


def _shown(text):
    """A statement in one short line for a person."""
    return ' '.join(text.encode('latin-1').decode('utf-8', 'replace').split())[:200]


# What the operator is told

def copies(forwarders):
    """The statements (list of text) that hand a diverted message to these Forwarders before it stops.

    Raises RsyslogError when one of them cannot be copied: then the diversion would starve it.
    """
    starved = ['%s, line %d: %s (%s)' % (one.file, one.line, one.text, one.reason) for one in forwarders if one.reason]
    if starved:
        raise RsyslogError('Nothing was changed, because diverted messages would no longer be forwarded by what comes '
                           'after the diversion and cannot be copied in front of it: %s. %s'
                           % ('; '.join(starved), REMEDY))
    return [one.copy for one in forwarders]


def complaints(output, root):
    """What rsyslogd -N1 complains of (its output, text), with the staged files called by their own names."""
    lines = [re.sub(r'^rsyslogd: ', '', re.sub(r' ?\[v[0-9.]+ try http[^\]]*\]', '', line)).strip()
             for line in output.replace(root, '').splitlines()]
    return '; '.join(line for line in lines if line and not re.match(r'version [0-9]|End of config validation', line))
