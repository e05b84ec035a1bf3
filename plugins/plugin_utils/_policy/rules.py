# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The syslog policy: rules as users write them, checked and in the one form that all modules take.

A rule selects each pair of one of its facilities (0-23) and one of its severities (0-7), and says what becomes of such
messages. The order of rules means nothing. A pair of a C(separate) rule is in no log file but that rule's, and those of rules
that are more specific; what else is asked for it, forwards and alerts, it gets.

This file is private to the collection: its functions may change in any release.
"""

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import ipaddress
import itertools
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypedDict, TypeVar, overload

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import (
    codes as syslog, expected as syslog_expected)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.schema import hint, nearest

Value = TypeVar('Value')
Reader = Callable[[Any], Value]  # returns a value in its normal form or raises _Wrong


class Queue(TypedDict):
    disk_bytes: int
    memory: int  # messages


class Tls(TypedDict):
    ca_file: str
    cert_file: str | None
    key_file: str | None
    permitted_peers: list[str]
    driver: str


class Forward(TypedDict):
    target: str
    port: int
    protocol: str
    tls: Tls | None
    queue: Queue


class Smtp(TypedDict):
    host: str
    port: int


class Limit(TypedDict):
    count: int
    seconds: int


class Alert(TypedDict):
    mail: list[str]
    smtp: Smtp | None
    sender: str | None
    command: list[str]
    limit: Limit


class Rule(TypedDict):
    """A normalised rule. Keys that it lacks are None."""
    name: str
    facilities: list[int]
    severities: list[int]
    keep_days: int | None
    file: str | None
    separate: bool
    forward: Forward | None
    alert: Alert | None


class JournalRetention(TypedDict, total=False):
    keep_days: int
    max_use: str  # as journald.conf has it


FACILITIES = range(len(syslog.FACILITIES))
SEVERITIES = range(len(syslog.SEVERITIES))

KEYS = ('name', 'facilities', 'severities', 'severity_at_least', 'keep', 'file', 'separate', 'forward', 'alert')
FORWARD_KEYS = ('target', 'port', 'protocol', 'tls', 'queue')
TLS_KEYS = ('ca_file', 'cert_file', 'key_file', 'permitted_peers', 'driver')
QUEUE_KEYS = ('disk', 'memory')
ALERT_KEYS = ('mail', 'smtp', 'sender', 'command', 'limit')
LIMIT_KEYS = ('count', 'per')
JOURNAL_KEYS = ('keep', 'max_use')

# Hundredths of a day. A month is a twelfth of a year, a year may be a leap year.
KEEP_UNITS = {'d': 100, 'w': 700, 'm': 3044, 'y': 36600}
LONGEST_KEEP = 36600  # days
PER_UNITS = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400}
SIZE_UNITS = {'k': 1 << 10, 'm': 1 << 20, 'g': 1 << 30, 't': 1 << 40}
SMALLEST_QUEUE = 10 << 20

PORT, TLS_PORT, SMTP_PORT = 514, 6514, 25
QUEUE: Queue = {'disk_bytes': 1 << 30, 'memory': 12000}
LIMIT: Limit = {'count': 20, 'seconds': 600}

WORD = re.compile(r'[A-Za-z0-9_-]{1,40}\Z')
NAME = re.compile(r'[a-z0-9][a-z0-9_-]{0,62}\Z')
PATH = re.compile(r'/[A-Za-z0-9_./-]+\Z')
LABEL = r'[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
HOST = re.compile(r'(?=.{1,253}\Z)%s(?:\.%s)*\Z' % (LABEL, LABEL))
PEER = re.compile(r'(?=.{1,253}\Z)(?:\*\.)?%s(?:\.%s)*\Z' % (LABEL, LABEL))
ENDPOINT = re.compile(r'(\[[0-9A-Fa-f:.]+\]|[^:]+)(?::([0-9]{1,5}))?\Z')
# What sendmail takes for an option, and what ends an address in a header, stay out.
ADDRESS = re.compile(r'[A-Za-z0-9_+=/%][A-Za-z0-9_+=/%.-]*(?:@[A-Za-z0-9_][A-Za-z0-9_.-]*)?\Z')
MEASURE = re.compile(r'([1-9][0-9]{0,8})([a-z])\Z')
OF_RULE = re.compile(r'Rule (\S+): ')  # what a problem with a rule that has a name begins with
NAMED = 8  # rules that a problem names at most, and one
CONTROL = re.compile(u'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')

# Below /var/log, what others write; a path ends with / where all below it is theirs.
TAKEN = (
    ('/var/log/log_hygiene/', 'the directory of the role syslog_exclusions, which keeps diverted messages there'),
    ('/var/log/journal/', "journald's directory"),
    ('/var/log/audit/', "auditd's directory"),
    ('/var/log/wtmp', 'the record of logins, which is no text'),
    ('/var/log/btmp', 'the record of failed logins, which is no text'),
    ('/var/log/lastlog', 'the record of last logins, which is no text'),
    ('/var/log/tallylog', 'the counter of failed logins, which is no text'),
)
MAIL = syslog.facility('mail')['number']
WARNING = syslog.severity('warning')['number']


class SyslogPolicyError(ValueError):
    """The policy is not valid. C(problems) holds all that is wrong; str() has a line for each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = [''.join(char if char.isprintable() else '?' for char in text) for text in problems]
        super().__init__('\n'.join(self.problems))


class _Wrong(ValueError):
    """What is wrong with a value: one or more texts that go behind the name of its key."""


def normalise(rules: object) -> list[Rule]:
    """Check a policy and bring its rules into the form that the modules take.

    :arg rules: what users write, a list of dicts, see the argument specs of role syslog_policy. What is None or an
        empty text counts as not given: ansible-core 2.16 makes the one of the other.
    :returns: in the same order, facilities and severities as sorted numbers.
    :raises SyslogPolicyError: a rule is wrong, or two rules contradict each other. Rules that are wrong by themselves
        are not compared with others.
    """
    if isinstance(rules, (str, bytes, Mapping)) or not isinstance(rules, Iterable):
        raise SyslogPolicyError([
            'The policy is %s, and must be a list of rules. On the command line write it as JSON: -e '
            '\'{"syslog_policy_rules": [{"name": ...}]}\', or -e @FILE.' % _shown(rules)])
    rules = list(rules)
    if not rules:
        raise SyslogPolicyError(['The policy is empty, and would keep nothing. Write a rule; or set '
                                 'syslog_policy_state: absent to take the policy off the host.'])
    problems: list[str] = []
    sound: list[Rule] = []
    labels: list[str] = []
    for number, given in enumerate(rules, 1):
        if not isinstance(given, Mapping):
            problems.append('Rule number %d: is %s, and must be a dict with a name.' % (number, _shown(given)))
            continue
        name = given.get('name')
        label = str(name) if isinstance(name, str) and NAME.match(name) else 'number %d' % number
        if label in labels:
            problems.append('Rule %s: name: rule number %d has this name too; each rule needs its own.'
                            % (label, number))
        labels.append(label)
        before = len(problems)
        rule = _rule(_Keys(given, KEYS, problems, 'Rule %s: ' % label))
        if len(problems) == before:
            sound.append(rule)
    problems.extend(_conflicts(sound))
    if problems:
        raise SyslogPolicyError(_each_once(problems))
    return sound


def _each_once(problems: Iterable[str]) -> list[str]:
    """What is wrong with several rules for one reason, such as a variable that they share, as one problem."""
    rules_of: dict[str, list[str]] = {}
    for text in problems:
        found = OF_RULE.match(text)
        rules_of.setdefault(text[found.end():] if found else text, []).extend([found.group(1)] if found else [])
    told = []
    for text, names in rules_of.items():
        names = list(dict.fromkeys(names))
        last = '%d more' % (len(names) - NAMED) if len(names) > NAMED + 1 else names[-1] if names else ''
        first = ', '.join(names[:-1] if len(names) <= NAMED + 1 else names[:NAMED])
        told.append('Rules %s and %s: %s' % (first, last, text) if first else 'Rule %s: %s' % (last, text) if last else text)
    return told


# Where a message belongs, as hosts need it too: expected(rules, facility, severity).
expected = syslog_expected.expected
more_specific: Callable[[Rule, Rule], bool] = syslog_expected.more_specific


def journal_retention(given: object) -> JournalRetention:
    """Check how long the journal is to be kept.

    :arg given: dict with C(keep), a duration, and C(max_use), a size; see the argument specs of role syslog_policy.
    :returns: empty when nothing is given.
    :raises SyslogPolicyError: something of it is wrong or missing.
    """
    if not isinstance(given, Mapping):
        raise SyslogPolicyError(['syslog_policy_journal: %s must be a dict with keys %s.'
                                 % (_shown(given), ', '.join(JOURNAL_KEYS))])
    if not given:
        return {}
    problems: list[str] = []
    keys = _Keys(given, JOURNAL_KEYS, problems, path='syslog_policy_journal.')
    found: JournalRetention = {
        'keep_days': keys.read('keep', _keep, missing='say how long an entry stays at least, such as 1y.'),
        'max_use': keys.read('max_use', _journal_size, missing='say what the journal may take, such as 8g: what '
                                                               'journald leaves to itself may be too little.')}
    if problems:
        raise SyslogPolicyError(problems)
    return found


def demand_exempting(given: Iterable[Mapping[str, object]]) -> None:
    """Check the signatures that exempt something from alerting.

    :raises SyslogPolicyError: one lacks what the alert program is told of it.
    """
    if not all({'id', 'revision', 'match'} <= set(one) for one in given):
        raise SyslogPolicyError(['syslog_policy_alert_signatures: each signature needs id, revision and match. Take what the lookup '
                                 'loghygiene.rhel.signatures returns.'])


# A rule by itself

class _Keys:
    """A dict of the user, read key by key. What is wrong with it is added to a list of problems."""

    def __init__(self, given: Mapping[Any, Any], known: Sequence[str], problems: list[str], label: str = '',
                 path: str = '') -> None:
        """:arg known: its keys. :arg label: what problems begin with. :arg path: where the dict lies, ends with a dot."""
        self.given = dict((key, value) for key, value in given.items()
                          if value is not None and not (isinstance(value, str) and value == ''))
        self._problems, self._label, self._path = problems, label, path
        # What is misspelt is not missing as well.
        self._meant = [nearest(key, known) for key in given if key not in known]
        for key in given:
            if key not in known:
                self.wrong(key if isinstance(key, str) and WORD.match(key) else _shown(key),
                           'is not a known key%s; known keys are %s.' % (hint(key, known), ', '.join(known)))

    def lacks(self, *keys: str) -> bool:
        """Whether all of these keys are missing."""
        return not any(key in self.given or key in self._meant for key in keys)

    def wrong(self, key: str, text: str) -> None:
        """Note what is wrong with a key."""
        self._problems.append('%s%s%s: %s' % (self._label, self._path, key, text))

    @overload
    def read(self, key: str, reader: Reader[Value]) -> Value | None:
        ...

    @overload
    def read(self, key: str, reader: Reader[Value], *, missing: str) -> Value:
        ...

    @overload
    def read(self, key: str, reader: Reader[Value], default: Value, missing: str | None = None) -> Value:
        ...

    def read(self, key: str, reader: Reader[Any], default: Any = None, missing: str | None = None) -> Any:
        """The value that C(reader) makes of the key; C(default) when it is not given or wrong.

        :arg missing: what to tell when it is not given; None when it need not be. Where that was told, the value is
            meaningless.
        """
        if key not in self.given:
            if missing and self.lacks(key):
                self.wrong(key, 'is missing; %s' % missing)
            return default
        try:
            return reader(self.given[key])
        except _Wrong as exc:
            for text in exc.args:
                self.wrong(key, text)
            return default

    def below(self, key: str, known: Sequence[str]) -> '_Keys | None':
        """_Keys of the dict at a key; None when it is not given or no dict."""
        value = self.given.get(key)
        if isinstance(value, Mapping):
            return _Keys(value, known, self._problems, self._label, '%s%s.' % (self._path, key))
        if key in self.given:
            self.wrong(key, '%s must be a dict with keys %s.' % (_shown(value), ', '.join(known)))
        return None


def _rule(keys: _Keys) -> Rule:
    """A normalised rule; meaningless where something was noted to be wrong."""
    given = keys.given
    rule: Rule = {
        'name': keys.read('name', _name, missing='each rule has one of its own.'),
        'facilities': keys.read('facilities', _facilities, list(FACILITIES)),
        'severities': keys.read('severities', _severities, list(SEVERITIES)),
        'keep_days': keys.read('keep', _keep),
        'file': keys.read('file', _log_file),
        'separate': keys.read('separate', _flag, False),
        'forward': _forward(keys.below('forward', FORWARD_KEYS)),
        'alert': _alert(keys.below('alert', ALERT_KEYS)),
    }
    if 'severity_at_least' in given:
        rule['severities'] = keys.read('severity_at_least', _at_least, rule['severities'])
        if 'severities' in given:
            keys.wrong('severity_at_least', 'severities is given too, and only one can hold; remove one.')
    if keys.lacks('file'):
        if keys.lacks('forward', 'alert'):
            keys.wrong('file', 'is missing, and so are forward and alert: nothing would become of these messages; '
                               'give one of them.')
        if 'keep' in given:
            keys.wrong('keep', 'there is no file to keep; give one, or remove keep.')
        if rule['separate']:
            keys.wrong('separate', 'there is no file of its own, so these messages would be in no file at all; give '
                                   'one, or remove separate.')
    alert = rule['alert']
    if (alert and alert['mail'] and alert['smtp'] is None and MAIL in rule['facilities']
            and rule['severities'] and max(rule['severities']) > WARNING):
        keys.wrong('alert.mail', 'the local mail server logs each mail it delivers under facility mail, severity info, '
                                 'so one alert could lead to the next without end; leave facility mail out, select '
                                 'severity_at_least: warning, or name another host under smtp.')
    return rule


def _forward(keys: _Keys | None) -> Forward | None:
    if keys is None:
        return None
    protocol = keys.read('protocol', _choice('tcp', 'udp'), 'tcp')
    tls = _tls(keys.below('tls', TLS_KEYS))
    if 'tls' in keys.given and protocol == 'udp':
        keys.wrong('tls', 'goes over TCP only; write protocol: tcp, or remove tls.')
    queue = keys.below('queue', QUEUE_KEYS)
    return {
        'target': keys.read('target', _host, missing='name the collector, by host name or address.'),
        'port': keys.read('port', _number(1, 65535), TLS_PORT if tls else PORT),
        'protocol': protocol,
        'tls': tls,
        'queue': QUEUE.copy() if queue is None else {
            'disk_bytes': queue.read('disk', _size, QUEUE['disk_bytes']),
            'memory': queue.read('memory', _number(100, 1000000), QUEUE['memory']),
        },
    }


def _tls(keys: _Keys | None) -> Tls | None:
    if keys is None:
        return None
    for one, other in (('cert_file', 'key_file'), ('key_file', 'cert_file')):
        if one in keys.given and keys.lacks(other):
            keys.wrong(other, 'is missing; %s is given, and a certificate is of no use without its key.' % one)
    return {
        'ca_file': keys.read('ca_file', _path, missing="it holds the certificates that the collector's is checked by."),
        'cert_file': keys.read('cert_file', _path),
        'key_file': keys.read('key_file', _path),
        'permitted_peers': keys.read(
            'permitted_peers', _list(_peer), [],
            missing="else anyone with a certificate of that authority could pose as the collector; name what the "
                    "collector's certificate says, such as [collector.example.com] or ['*.example.com']."),
        'driver': keys.read('driver', _choice('gtls', 'ossl'), 'gtls'),
    }


def _alert(keys: _Keys | None) -> Alert | None:
    if keys is None:
        return None
    if keys.lacks('mail', 'command'):
        keys.wrong('mail', 'is missing, and so is command, so an alert would reach nobody; give one, such as '
                           'mail: [root] or command: [/usr/bin/wall].')
    for key in ('smtp', 'sender'):
        if key in keys.given and keys.lacks('mail'):
            keys.wrong(key, 'is for mail, and there is none; give mail, or remove %s.' % key)
    limit = keys.below('limit', LIMIT_KEYS)
    return {
        'mail': keys.read('mail', _list(_address), []),
        'smtp': keys.read('smtp', _smtp),
        'sender': keys.read('sender', _address),
        'command': keys.read('command', _command, []),
        'limit': LIMIT.copy() if limit is None else {
            'count': limit.read('count', _number(1, 10000), LIMIT['count']),
            'seconds': limit.read('per', _per, LIMIT['seconds']),
        },
    }


# Readers of values

def _shown(value: Any) -> str:
    """A value for an error, in one short line."""
    text = repr(str(value) if isinstance(value, str) else value)
    return text if len(text) <= 60 else text[:57] + '...'


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong('%s must be a text; put it in quotes.' % _shown(value))
    return str(value)


def _name(value: Any) -> str:
    if not NAME.match(_text(value)):
        raise _Wrong('%s must be 1 to 63 of a-z, 0-9, _ and -, and not begin with _ or -: files and queues are named '
                     'after it.' % _shown(value))
    return str(value)


def _flag(value: Any) -> bool:
    try:
        return bool(boolean(value, strict=True))
    except TypeError:
        raise _Wrong('%s must be true or false.' % _shown(value))


def _number(least: int, most: int) -> Reader[int]:
    """A reader of whole numbers, also as text: templates of ansible-core 2.16 make no others."""
    def read(value: Any) -> int:
        number = int(value) if isinstance(value, str) and re.match(r'[0-9]{1,9}\Z', value) else value
        if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
            raise _Wrong('%s must be a whole number from %d to %d.' % (_shown(value), least, most))
        return number
    return read


def _choice(*choices: str) -> Reader[str]:
    def read(value: Any) -> str:
        if value not in choices:
            raise _Wrong('%s must be %s.' % (_shown(value), ' or '.join(choices)))
        return str(value)
    return read


def _items(value: Any) -> list[Any]:
    """The items of a list. A single one and a text with commas are lists too, as for Ansible."""
    if isinstance(value, str):
        value = [item.strip() for item in value.split(',')]
    elif isinstance(value, int) and not isinstance(value, bool):
        value = [value]
    elif isinstance(value, Mapping) or not isinstance(value, Iterable):
        raise _Wrong('%s must be a list.' % _shown(value))
    items = list(value)
    if not items:
        raise _Wrong('is an empty list; give an item, or remove the key.')
    return items


def _list(reader: Reader[Value]) -> Reader[list[Value]]:
    """A reader of lists that tells what is wrong with every item. What is there twice counts once."""
    def read(value: Any) -> list[Value]:
        found: list[Value] = []
        problems: list[str] = []
        for item in _items(value):
            try:
                found.append(reader(item))
            except _Wrong as exc:
                problems.extend(exc.args)
        if problems:
            raise _Wrong(*problems)
        return list(dict.fromkeys(found))
    return read


def _selected(lookup: Callable[[Any], Any], everything: Iterable[int]) -> Reader[list[int]]:
    """A reader of facilities or severities: sorted numbers."""
    def numbers(item: Any) -> tuple[int, ...]:
        word = item.lower() if isinstance(item, str) else item
        if word in ('*', 'all'):
            return tuple(everything)
        if word == 'none':
            raise _Wrong('%s selects no message: in a selector of syslog it takes a facility out; leave out what is '
                         'not wanted.' % _shown(item))
        try:
            return (lookup(item)['number'],)
        except syslog.SyslogError as exc:
            raise _Wrong(str(exc))

    def read(value: Any) -> list[int]:
        return sorted(set(itertools.chain.from_iterable(_list(numbers)(value))))
    return read


_facilities = _selected(syslog.facility, FACILITIES)
_severities = _selected(syslog.severity, SEVERITIES)


def _at_least(value: Any) -> list[int]:
    chosen = _severities([value])
    return list(SEVERITIES[:max(chosen) + 1])


def _measure(value: Any, units: Mapping[str, int], example: str) -> int:
    """The number and the unit of 90d."""
    found = MEASURE.match(value) if isinstance(value, str) else None
    if not found or found.group(2) not in units:
        raise _Wrong('%s must be a whole number with a unit, such as %s.' % (_shown(value), example))
    return int(found.group(1)) * units[found.group(2)]


def _keep(value: Any) -> int:
    days = -(-_measure(value, KEEP_UNITS, '90d (days), 2w (weeks), 13m (months) or 1y (years)') // 100)
    if days > LONGEST_KEEP:
        raise _Wrong('%s is more than 100 years.' % _shown(value))
    return days


def _per(value: Any) -> int:
    seconds = _measure(value, PER_UNITS, '30s (seconds), 10m (minutes), 1h (hours) or 1d (a day)')
    if seconds > PER_UNITS['d']:
        raise _Wrong('%s is more than a day.' % _shown(value))
    return seconds


def _size(value: Any) -> int:
    size = _measure(value, SIZE_UNITS, '500m or 1g (k, m, g and t are powers of 1024)')
    if not SMALLEST_QUEUE <= size <= SIZE_UNITS['t']:
        raise _Wrong('%s must be from 10m to 1t.' % _shown(value))
    return size


def _journal_size(value: Any) -> str:
    _size(value)
    return str(value).upper()


def _path(value: Any) -> str:
    text = _text(value)
    if not PATH.match(text) or text.startswith('//') or posixpath.normpath(text) != text:
        raise _Wrong('%s must be a plain absolute path: letters, digits and _ . - / only, no . or .. as a part, no '
                     'double / and none at the end.' % _shown(value))
    return text


def _log_file(value: Any) -> str:
    path = _path(value)
    if not path.startswith('/var/log/'):
        raise _Wrong('%s must be below /var/log: only there SELinux lets rsyslogd write and logrotate rotate. To use '
                     'another disk, mount it below /var/log.' % _shown(value))
    for taken, owner in TAKEN:
        if (path + '/').startswith(taken) if taken.endswith('/') else path == taken:
            raise _Wrong('%s is %s; choose another.' % (path, owner))
    return path


def _host(value: Any) -> str:
    """A host name in lower case, or an address in its short form, without brackets."""
    text = _text(value)
    bare = text[1:-1] if text.startswith('[') and text.endswith(']') else text
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        address = None
    if address is not None and '%' not in bare and (bare == text or address.version == 6):
        return str(address)
    # No name ends with a number: that is an address with a mistake in it.
    if not HOST.match(text) or re.search(r'(?:\A|\.)[0-9]+\Z', text):
        raise _Wrong('%s must be a host name, an IPv4 or an IPv6 address, and nothing else; the port has a key of its '
                     'own.' % _shown(value))
    return text.lower()


def _peer(value: Any) -> str:
    if not PEER.match(_text(value)):
        raise _Wrong("%s must be a name as certificates have it, such as collector.example.com or *.example.com."
                     % _shown(value))
    return str(value)


def _smtp(value: Any) -> Smtp:
    """{host, port} of host[:port]."""
    found = ENDPOINT.match(_text(value))
    if not found:
        raise _Wrong('%s must be HOST or HOST:PORT, an IPv6 address in brackets: [2001:db8::25]:25.' % _shown(value))
    host, port = found.groups()
    try:
        return {'host': _host(host), 'port': _number(1, 65535)(port or SMTP_PORT)}
    except _Wrong:
        raise _Wrong('%s must be HOST or HOST:PORT with a host name or an address and a port from 1 to 65535.'
                     % _shown(value))


def _address(value: Any) -> str:
    if len(_text(value)) > 254 or not ADDRESS.match(value):
        raise _Wrong('%s must be a plain mail address such as soc@example.com or a local user: no display name, no '
                     'blanks, and it must not begin with -.' % _shown(value))
    return str(value)


def _command(value: Any) -> list[str]:
    """A command: numbers may stand in YAML without quotes."""
    if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
        raise _Wrong('%s must be a list of the program and its arguments, such as [/usr/bin/wall].' % _shown(value))
    command: list[str] = []
    problems: list[str] = []
    for item in value:
        if isinstance(item, bool) or not isinstance(item, (str, int)):
            problems.append('%s must be a text; put it in quotes.' % _shown(item))
        elif CONTROL.search(str(item)):
            problems.append('%s must hold no control characters.' % _shown(item))
        command.append(str(item))
    if not command:
        problems.append('is an empty list; give a program, or remove the key.')
    elif not problems and not command[0].startswith('/'):
        problems.append('%s must begin with the absolute path of the program, such as /usr/bin/wall: no shell looks it '
                        'up.' % _shown(command[0]))
    if problems:
        raise _Wrong(*problems)
    return command


# Rules beside each other

def _conflicts(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield the conflicts between normalised rules."""
    for one, other in itertools.combinations(rules, 2):
        facilities = [number for number in one['facilities'] if number in other['facilities']]
        severities = [number for number in one['severities'] if number in other['severities']]
        both = _pairs_shown(facilities, severities) if facilities and severities else None
        for problem in itertools.chain(_file_conflicts(one, other, both), _forward_conflicts(one, other, both),
                                       _alert_conflicts(one, other, both)):
            yield 'Rules %s and %s: %s' % (one['name'], other['name'], problem)
    for rule in rules:
        if rule['file']:
            separate = [other for other in rules if other['separate'] and other['file'] != rule['file'] and (
                more_specific(other, rule) if rule['separate'] else not more_specific(rule, other))]
            if all(_selects(separate, pair) for pair in itertools.product(rule['facilities'], rule['severities'])):
                yield ('Rule %s: file: %s would stay empty, because each message of the rule is kept apart by %s. '
                       'Remove the file, or separate there.' % (rule['name'], rule['file'], ' or '.join(
                           other['name'] for other in separate
                           if set(other['facilities']) & set(rule['facilities'])
                           and set(other['severities']) & set(rule['severities']))))


def _selects(rules: Iterable[Rule], pair: tuple[int, int]) -> bool:
    return any(pair[0] in rule['facilities'] and pair[1] in rule['severities'] for rule in rules)


def _file_conflicts(one: Rule, other: Rule, both: str | None) -> Iterator[str]:
    if not one['file'] or not other['file']:
        return
    if one['file'] == other['file']:
        if one['keep_days'] != other['keep_days']:
            yield ('file: both write %s, but keep it %s and %s. A file is kept as a whole: give both the same keep, or '
                   'files of their own.' % (one['file'], _kept(one), _kept(other)))
        if both:
            yield ('file: both write %s into %s, which would hold each such line twice. Take them out of one of the '
                   'rules.' % (both, one['file']))
    elif (both and one['separate'] and other['separate']
          and not more_specific(one, other) and not more_specific(other, one)):
        yield ('separate: both keep %s apart, but a message can be apart in one file only. Take them out of one of the '
               'rules, or make one not separate.' % both)
    shorter, longer = sorted((one['file'], other['file']), key=len)
    if longer.startswith(shorter + '/'):
        yield 'file: %s cannot be a file and the directory of %s. Rename one.' % (shorter, longer)


def _kept(rule: Rule) -> str:
    return 'for no stated time' if rule['keep_days'] is None else '%d days' % rule['keep_days']


def _forward_conflicts(one: Rule, other: Rule, both: str | None) -> Iterator[str]:
    here, there = one['forward'], other['forward']
    if not here or not there or (here['target'], here['port']) != (there['target'], there['port']):
        return
    place = ('[%s]:%d' if ':' in here['target'] else '%s:%d') % (here['target'], here['port'])
    if both:
        yield ('forward: both send %s to %s, which would get each such message twice. Take them out of one of the '
               'rules.' % (both, place))
    if here['protocol'] == there['protocol'] and bool(here['tls']) != bool(there['tls']):
        yield 'forward: %s cannot expect both TLS and plain text. Give one another port, or both the same tls.' % place


def _alert_conflicts(one: Rule, other: Rule, both: str | None) -> Iterator[str]:
    if not both or not one['alert'] or not other['alert']:
        return
    twice = [address for address in one['alert']['mail'] if address in other['alert']['mail']]
    if one['alert']['command'] and one['alert']['command'] == other['alert']['command']:
        twice.append(one['alert']['command'][0])
    if twice:
        yield ('alert: both bring %s to %s, twice. Take them out of one of the rules.' % (both, ', '.join(twice)))


def _pairs_shown(facilities: Sequence[int], severities: Sequence[int]) -> str:
    """Facilities and severities by keyword, for an error."""
    selected = [syslog.facility(number)['keyword'] for number in facilities]
    if len(selected) == len(FACILITIES):
        selected = ['every facility']
    levels = [syslog.severity(number)['keyword'] for number in severities]
    if len(levels) == len(SEVERITIES):
        return '%s (all severities)' % ', '.join(selected)
    if len(levels) > 2 and severities[-1] - severities[0] == len(levels) - 1:
        levels = ['%s to %s' % (levels[0], levels[-1])]
    return '%s (%s)' % (', '.join(selected), ', '.join(levels))
