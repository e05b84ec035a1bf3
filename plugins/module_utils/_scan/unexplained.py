# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups what no signature explains, by program and by text with all variable parts masked.

The masks are fixed rules about the form of a text, not learned from the log, so one text has one template on every host
and at every time, and nobody has to see all texts to know it. docs/scanning.md compares them with a template miner.
Standard library only. Runs under Python 2.7 and 3.6-3.13, with the same answer on each.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re
import zlib

from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import PRIORITIES

# Only so much of a text (characters) is looked at, and so much of its template kept: messages can be megabytes long.
# The template is much the shorter of the two, so that numbers of other lengths before the cut do not shift its end.
READ_LENGTH = 2000
TEMPLATE_LENGTH = 500
MOST_QUOTED = TEMPLATE_LENGTH // 2  # things in quotes, each at least two characters of a template
SAMPLE_LENGTH = 500
PROGRAM_LENGTH = 100
# Characters of templates and samples that are kept; Python 2.7 takes four bytes for each.
TEXT_ROOM = 4000000
# Bits in which the templates that found no room are counted.
SKETCH = 1 << 20
# Texts whose template is remembered, and how long (characters) they may be: what floods a log says the same.
REMEMBERED, LONG_TEXT = 4096, 1000

MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
# What stands behind the word user and is no name.
NO_NAMES = 'and|by|does|for|from|has|id|in|is|name|not|NOT|of|on|or|session|to|unknown|was|with'
UNITS = '(?:automount|device|mount|path|scope|service|slice|socket|swap|target|timer)'
# Behind these, in logfmt, JSON and the like, what is in quotes is the event itself.
EVENT_KEYS = tuple(
    'alert cause desc description detail details err error event exception fatal full_message level log message msg panic'
    ' reason result severity short_message state status summary text title warning'.split())
EVENT_KEY_LENGTH = 20  # more than any of them takes with what stands around it
KEY_ENDS = frozenset(key[-1] for key in EVENT_KEYS)
KEY_BEGINS = frozenset(' \t,;{[("\'')
# A name of JSON.
NAME, BEHIND_NAME = re.compile('.[A-Za-z0-9_.@-]+.\\Z'), re.compile(' ?:')
PLACEHOLDER, LETTER = re.compile('<[a-z]+>'), re.compile('[^\\x00-@\\[-`{-\\x7f]')


def _rule(gate, pattern, placeholder):
    """Return a rule (gate, sub, placeholder): in texts that hold `gate`, matches of `pattern` become `placeholder`.

    In a pattern, HEX is a hexadecimal digit. Most begin with one character or a small class, which `re` searches for
    fast, and look behind that character only then. `placeholder` may be a dict from a group's name to its placeholder.
    """
    compiled = re.compile(pattern.replace('HEX', '[0-9a-fA-F]'), re.VERBOSE | getattr(re, 'ASCII', 0))
    if isinstance(placeholder, dict):
        return gate, compiled.sub, lambda found: placeholder[found.lastgroup]
    return gate, compiled.sub, placeholder


def _stays(found):
    """Return whether a quoted text stays in the message: the event itself does, and so do names in JSON."""
    # Written for speed: a line may hold a thousand quotes.
    text, end = found.string, found.start()
    last = text[end - 1:end]
    if last == ' ':  # there is no second one
        end -= 1
        last = text[end - 1:end]
    if last == ':' or last == '=':
        key = text[max(end - EVENT_KEY_LENGTH, 0):end - 1].rstrip(' "\'').lower()
        if key[-1:] in KEY_ENDS and key.endswith(EVENT_KEYS):
            for one in EVENT_KEYS:
                if key.endswith(one) and (len(key) == len(one) or key[-len(one) - 1] in KEY_BEGINS):
                    return True
    elif last == ']':  # of klog, as Kubernetes writes it: `file.go:12] "the event" key="value"`
        return True
    return (last == '{' or last == ',') and bool(BEHIND_NAME.match(text, found.end()) and NAME.match(found.group()))


def _after(words, pattern, placeholder):
    """Return a rule for each of `words` (texts): a match of `pattern` right behind the word becomes `placeholder`."""
    return tuple(_rule(word, re.escape(word) + pattern, word + placeholder) for word in words)


# What stands in quotes, by the quote that ends it.
QUOTES = (
    ('"', re.compile(r'"(?<!\w.)[^"]*"(?!\w)', getattr(re, 'ASCII', 0))),
    # Not the apostrophe of "can't"; also `old GNU quotes'.
    ("'", re.compile(r"""['`](?<!\w.)[^'`]*'(?!\w)""", getattr(re, 'ASCII', 0))),
)
# The rules in their order; what one replaced, the next ones see as its placeholder. These leave no line feed in a text.
BEFORE_QUOTES = (
    _rule('\n', r'\n', ' '),
    _rule('\r', r'\r', ' '),
    _rule('\t', r'\t', ' '),
    _rule('  ', r'\ {2,}', ' '),
    # How the names of systemd's units write a hyphen of a device's name.
    _rule('\\x2d', r'\\x2d', '-'),
    # Quotes within quotes.
    _rule('\\"', r'''\\" [^"\\]* \\"''', '<str>'),
    _rule("\\'", r"""\\' [^'\\]* \\'""", '<str>'),
)
# These see a line feed where something in quotes was taken out, and none of them takes one.
RULES = (
    # A line of a kernel's call trace: function+offset/size.
    _rule('+0x', r'[A-Za-z_](?<![\w.$@].) [\w.$@]* \+0x HEX+ /0x HEX+', '<symbol>'),
    # A colon belongs to it when it goes on behind it, as in /sys/devices/pci0000:00/0000:00:1f.2.
    _rule('/', r"""/(?<![\w.~]/) [^\s"'()\[\]{}<>,;:|]* (?: :[\w/] [^\s"'()\[\]{}<>,;:|]* )*""", '<path>'),
    _rule(':', r"""
        [0-9](?<![\w:].)
        (?: [0-9]{3} [-/] [0-9]{2} [-/] [0-9]{2} [T ] [0-9] | [0-9]? / MONTH / [0-9]{4} :[0-9] )?
        [0-9]? :[0-9]{2}:[0-9]{2}
        (?: [.,][0-9]{1,9} )? (?: Z\b | \ ?[-+][0-9]{2}:?[0-9]{2}\b )? (?!:?\w)""".replace('MONTH', MONTH), '<time>'),
    _rule(' <time>', MONTH + r"""(?<!\w...) \ [0-9]{1,2} (?: ,?\ [0-9]{4} )? \ <time>
        (?: \ [A-Z]{3,4}\b )? (?: \ [0-9]{4}\b )?""", '<time>'),
    _rule('<time>', r'[0-9](?<!\w.) [0-9]? [ -] ' + MONTH + r' [ -] [0-9]{4} \ <time>', '<time>'),
    _rule(' <time>', DAY + r'(?<!\w...) ,?\ <time>', '<time>'),
    _rule(':', r"""
        [0-9a-fA-F:](?<![\w:].) (?:
            (?<!:) HEX (?: :HEX{2} ){5,19} (?!:?\w) (?P<mac>)
          | (?<!:) HEX{1,7} : (?: HEX{2}: )? HEX{2} \.HEX\b (?P<pci>)
          | (?<!:) HEX{0,3} (?: :HEX{1,4} ){7} (?!:?\w) (?P<full>)
          | (?: (?<!:) (?=[0-9a-fA-F:]*::) HEX{0,3} :{1,2} | (?<=:) : ) (?: HEX{1,4} :{1,2} ){0,7}
            (?: [0-9]{1,3} (?: \.[0-9]{1,3} ){3} | HEX{0,4} ) (?![\w:]) (?P<short>)
        )""", {'mac': '<mac>', 'pci': '<pci>', 'full': '<ip>', 'short': '<ip>'}),
    # Bare words of hexadecimal digits: any that begins with a digit; of those that begin with a letter, the lengths
    # that programs print, so that e1000e, b43 and fb0 stay; and the digits inside other words, as in eth0.
    _rule('', r"""
        [0-9a-fA-F](?:
            (?<!\w.) (?:
                HEX{7} (?: -HEX{4} ){3} -HEX{12}\b (?P<uuid>)
              | HEX (?: -HEX{2} ){5,7} (?![\w-]) (?P<mac>)
              | HEX (?: \ <?HEX{2}\b>? ){5,} (?P<dump>)
              | (?<=[0-9]) (?:
                    [0-9]{0,2} (?: \.[0-9]{1,3} ){3} (?!\w|\.[0-9]) (?P<ip>)
                  | (?<=0) [xX] HEX+\b (?P<hex>)
                  | HEX*\b (?!\.[0-9]) (?P<whole>)
                  | [0-9]* (?: [.,][0-9]+ )* (?: [KMGTPE]i?B?\b | [km]?B\b )? (?P<number>)
                )
              | (?<=[a-fA-F]) (?: (?=[a-fA-F]*[0-9]) (?: HEX | HEX{3} | HEX{6,} ) | HEX{7,} )\b (?P<bare>)
            )
          | (?<=[0-9]) [0-9]* (?P<inside>)
        )""", {'uuid': '<uuid>', 'mac': '<mac>', 'dump': '<hex>', 'ip': '<ip>', 'hex': '<hex>', 'whole': '<num>',
               'number': '<num>', 'bare': '<num>', 'inside': '<num>'}),
    _rule('-<num>', r'-(?<![A-Za-z0-9>)\]]-) (?=<num>)', ''),
    # Words of letters and digits by turns: enp0s31f6, nvme0n1, queue ids.
    _rule('<num>', r'<num> [A-Za-z]+ <num> [A-Za-z]* (?: <num> [A-Za-z]* )*', '<id>'),
    _rule('<id>', r'[A-Za-z](?<!\w.) [A-Za-z]* <id>', '<id>'),
    # Who and from where, in the words that sshd, PAM, login, su, ftpd and others share.
) + _after(('user ', 'user='), '(?! (?:' + NO_NAMES + r')\b) [^\s(),;:=\[\]]+ (?!=)', '<user>') + (
    _rule(' from <ip>', r'\b (for|User) \ \S+\ from\ <ip>', r'\1 <user> from <ip>'),
) + _after(('host=',), r'[^\s,;)\]]+', '<host>') + _after(
    (' from ', ' to ', 'host '), r'(?! [^\s:,]*\.' + UNITS + r'\b) [\w<>-]+ (?: \.[\w<>-]+ )+', '<host>') + (
    # A name beside its address, also an empty one.
    _rule('<ip> (', r'<ip>\ \([^\s()]*\)', '<ip> (<host>)'),
) + tuple(
    _rule(behind, r'[\w<](?<![\w.<>-].) [\w<>-]* (?: \.[\w<>-]+ )+ (?=\ ?' + re.escape(behind) + ')', '<host>')
    for behind in ('[<ip>', '(<ip>')
)


def mask(text):
    """Return the template (text) of a message (text): parts that vary between entries become a <placeholder>.

    It holds no ASCII digit, and is one line of at most TEMPLATE_LENGTH characters. Where nothing but quotes holds words,
    what stands in them is masked as well instead of becoming `<str>`.
    """
    text, quoted = _masked(text[:READ_LENGTH], BEFORE_QUOTES), []
    for quote, expression in QUOTES:
        if quote in text:
            text, quoted = _without(expression, text, quoted)
    template = _masked(text, RULES)
    if quoted:
        if LETTER.search(PLACEHOLDER.sub('', template)):
            template = template.replace('\n', '<str>')
        else:
            # All of it at once: a line may hold a thousand quotes.
            template = _put_back(template, _masked('\n'.join(quoted), RULES).split('\n'))
    return template[:TEMPLATE_LENGTH]


def _without(expression, text, quoted):
    """Return (text with a line feed for each quoted part, these parts), cut at the maximum length of a template.

    :param quoted: what earlier line feeds of the text stand for; it goes back into what stands in quotes around it.
    """
    pieces, found_all, place, used = [], [], 0, 0
    for number, found in enumerate(expression.finditer(text)):
        if number == MOST_QUOTED:
            text = text[:found.start()]
            break
        if _stays(found):
            continue
        before, inside = text[place:found.start()], found.group()
        if quoted:
            first = used + before.count('\n')
            found_all.extend(quoted[used:first])
            used = first + inside.count('\n')
            if used > first:
                inside = _put_back(inside, quoted[first:used])
        found_all.append(inside)
        pieces.append(before)
        place = found.end()
    pieces.append(text[place:])
    return '\n'.join(pieces), found_all + quoted[used:used + pieces[-1].count('\n')]


def _put_back(text, parts):
    """Return a text with `parts` (texts) in place of its line feeds."""
    pieces = text.split('\n')
    return ''.join([piece + part for piece, part in zip(pieces, parts)] + pieces[len(parts):])


def _masked(text, rules):
    for gate, sub, placeholder in rules:
        if gate in text:
            text = sub(placeholder, text)
    return text


class Group:
    """Entries of one program with one template."""

    __slots__ = ('program', 'template', 'text', 'count', 'first', 'last', 'priority', 'stamp', 'place')

    def __init__(self, program, template, text):
        """:param text: that of the entry that is counted first: it is the group's sample."""
        self.program, self.template, self.text = program, template, text
        self.count = 0
        self.first = self.last = self.stamp = self.place = None
        self.priority = len(PRIORITIES) - 1

    def add(self, stamp, priority, place):
        """Count an entry.

        :param stamp: int, microseconds, None when unknown.
        :param priority: int, 0-7.
        :param place: where it is, for `describe`.
        """
        if not self.count:
            self.stamp, self.place = stamp, place
        self.count += 1
        if priority < self.priority:
            self.priority = priority
        if stamp is not None:
            if self.first is None or stamp < self.first:
                self.first = stamp
            if self.last is None or stamp > self.last:
                self.last = stamp

    def merge(self, other):
        """Add the entries of another Group of the same program and template."""
        if other.count and not self.count:
            self.text, self.stamp, self.place = other.text, other.stamp, other.place
        self.count += other.count
        self.priority = min(self.priority, other.priority)
        if other.first is not None:
            self.first = other.first if self.first is None else min(self.first, other.first)
            self.last = other.last if self.last is None else max(self.last, other.last)

    def order(self):
        """Sort key: the most severe group first, of these the largest, then the one that began first."""
        return self.priority, -self.count, self.first is None, self.first or 0, self.program or u'', self.template


class _Templates:
    """Counts distinct templates with SKETCH bits. Two templates may share a bit, so the count is never too high."""

    def __init__(self):
        self._bits = None  # most never need them

    def add(self, program, template):
        self._set(zlib.crc32((u'%s\0%s' % (program, template)).encode('utf-8', 'replace')) % SKETCH)

    def update(self, other):
        for number in other:
            self._set(number)

    def without(self, others):
        """Return the number of templates that are not in `others`."""
        return sum(1 for number in self if not others.holds(number)) if self._bits else 0

    def holds(self, number):
        return self._bits is not None and self._bits[number >> 3] >> (number & 7) & 1

    def _set(self, number):
        if self._bits is None:
            self._bits = bytearray(SKETCH // 8)
        self._bits[number >> 3] |= 1 << (number & 7)

    def __iter__(self):
        """Yield the numbers of the bits that are set."""
        return (place << 3 | bit for place, bits in enumerate(self._bits or ()) if bits
                for bit in range(8) if bits >> bit & 1)


class Unexplained:
    """Groups entries in bounded memory. More severe entries take precedence."""

    def __init__(self, limit=100, room=20000):
        """:param limit: how many groups the result lists. :param room: how many are kept apart; TEXT_ROOM holds too."""
        self._limit, self._room = limit, room
        self._groups = {}
        self._characters = 0
        self._templates = {}  # text -> its template
        self._kept = [[] for _priority in PRIORITIES]  # keys of groups by their priority, also an earlier one
        # Of what had no room: its entries, and which templates they had.
        self._rest, self._left_out = Group(None, None, None), _Templates()
        self._entries = [0] * len(PRIORITIES)
        self.test_messages = 0  # of the proof of a syslog policy, which are left out
        self.without_severity = 0  # entries that no signature explains and whose log does not tell how severe they are

    def add(self, program, text, stamp, priority, place):
        """Count an entry.

        :param program: text or None. :param text: its message. :param stamp: int, microseconds, None when unknown.
        :param priority: int, 0-7. :param place: where it is, for `describe`.
        """
        self._entries[priority] += 1
        template = self._templates.get(text)
        if template is None:
            template = mask(text)
            if len(text) <= LONG_TEXT:
                if len(self._templates) >= REMEMBERED:
                    self._templates.clear()
                self._templates[text] = template
        sample = text if len(text) <= SAMPLE_LENGTH else text[:SAMPLE_LENGTH] + u'\u2026'
        group = self._group(program and program[:PROGRAM_LENGTH], template, sample, priority)
        before = group.priority if group.count else None
        group.add(stamp, priority, place)
        self._keep(group, before)

    def merge(self, other):
        """Add the groups of another Unexplained."""
        for group in sorted(other._groups.values(), key=Group.order):
            mine = self._group(group.program, group.template, group.text, group.priority)
            before = mine.priority if mine.count else None
            mine.merge(group)
            self._keep(mine, before)
        self._rest.merge(other._rest)
        self._left_out.update(other._left_out)
        self._entries = [mine + others for mine, others in zip(self._entries, other._entries)]
        self.without_severity += other.without_severity
        self.test_messages += other.test_messages

    def _group(self, program, template, sample, priority):
        """Return the Group in which to count an entry of a priority."""
        key = program, template
        found = self._groups.get(key)
        if found is None:
            while len(self._groups) >= self._room or self._characters >= TEXT_ROOM:
                if not self._make_room(priority):
                    self._left_out.add(program, template)
                    return self._rest
            found = self._groups[key] = Group(program, template, sample)
            self._characters += len(template) + len(sample)
        return found

    def _keep(self, group, before):
        """Record the priority of a group whose former priority is `before` (None without entries)."""
        if group is not self._rest and group.priority != before:
            self._kept[group.priority].append((group.program, group.template))

    def _make_room(self, priority):
        """Drop the newest of the least severe groups if it is less severe than this. Return whether one was dropped."""
        for least in range(len(PRIORITIES) - 1, priority, -1):
            while self._kept[least]:
                key = self._kept[least].pop()
                group = self._groups.get(key)
                if group is not None and group.priority == least:  # it may have become more severe since
                    del self._groups[key]
                    self._characters -= len(group.template) + len(group.text)
                    self._rest.merge(group)
                    self._left_out.add(*key)
                    return True
        return False

    def result(self, describe, at):
        """Return the result's `unexplained`: the most severe and largest groups, and how many are not listed.

        :param describe: function place -> dict, where a sample is.
        :param at: function stamp (int or None) -> text or None.
        """
        # A group that was asked for, but of which no entry was counted, is none.
        groups = sorted((group for group in self._groups.values() if group.count), key=Group.order)
        listed, others = groups[:self._limit], groups[self._limit:]
        kept = _Templates()
        for group in groups:
            kept.add(group.program, group.template)
        more = sum(group.count for group in others) + self._rest.count
        entries = sum(self._entries)
        return {
            # Where no entry tells how severe it is, their number is not 0 but unknown.
            'entries': None if self.without_severity and not entries else entries,
            'without_severity': self.without_severity, 'test_messages': self.test_messages,
            'priorities': [{'priority': PRIORITIES[priority], 'entries': number}
                           for priority, number in enumerate(self._entries) if number],
            'groups': [{
                'program': group.program, 'template': group.template, 'priority': PRIORITIES[group.priority],
                'count': group.count, 'first_seen': at(group.first), 'last_seen': at(group.last),
                'sample': dict(describe(group.place), at=at(group.stamp), text=group.text),
            } for group in listed],
            'more_groups': len(others) + self._left_out.without(kept),
            'more_entries': more,
        }
