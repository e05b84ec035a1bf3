# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real rsyslogd diverts, from the real journal, and that it decides as the scanner does."""
import itertools
import os
import random
import re
import stat

import pytest

from rsyslog_host import Entry
from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import scan as logfile_scan
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan import matcher
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import findings

NEIGHBOURS = [
    Entry('<asm>:[ERROR] AhnLab. Security Module failed', priority=3),
    Entry('<atamptl>:[INFO]Unloaded atamptl', transport='syslog', priority=4),  # logger -t kernel
    Entry('<atamptl>:[INFO]Unloaded atamptl', identifier='v3d', transport='journal', priority=6, facility=3),
    Entry('<atamptl>:[INFO]Unloaded atamptl', priority=1),  # more severe than the signature says
    Entry('<atamptl>:[INFO]Unloaded atamptl', priority=4, facility=1),  # root: echo ... > /dev/kmsg
    Entry('<atamptl>:[INFO]Unloaded atamptl', identifier='kerenl', priority=4, facility=3),
    Entry('AhnLab. Security Module Version 3.4.3.8 unloaded', priority=4),
    Entry("Request for unknown module key 'Somebody else: 00' err -11", priority=4),
]


def test_noise_is_moved_and_its_neighbours_stay(host, shipped):
    signatures = [one for name, one in shipped.items() if name.startswith('ahnlab')]
    host.divert(signatures)
    noise = [Entry('<asm>:[INFO]Filter atamptl unregister', priority=4),
             Entry('<atamptl>:[INFO]Unloaded atamptl', priority=4),
             Entry('<asm>:[INFO]AhnLab. Security Module Version 3.4.3.8 unloaded', priority=6)]
    logs = host.run(noise + NEIGHBOURS)
    assert logs == {'ahnlab-v3-module-lifecycle.log': [0, 1, 2], 'messages': list(range(3, 3 + len(NEIGHBOURS)))}
    assert stat.S_IMODE(os.stat(host.diverted).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(os.path.join(host.diverted, 'ahnlab-v3-module-lifecycle.log')).st_mode) == 0o600


def test_without_the_drop_in_nothing_is_moved(el9, v3):
    assert el9.run([v3.noise]) == {'messages': [0]}


# What journald has of whoever wrote, and what it never writes.
UIDS = ['0', '0', '0', '25', '999', '1000', '65534', '4294967294', '01', '', None]


def own_signatures():
    """Signatures of a user: other transports, comms, python programs, every priority."""
    for number, (transport, source, priority) in enumerate([
            (['journal'], dict(comms=['python3']), 'debug'),
            (['journal', 'syslog'], dict(identifiers=['tool', 'kernel'], comms=['tool-with-a-long-name']), 'notice'),
            (['stdout'], dict(identifiers=['tool'], uid='any', exes=['/usr/bin/tool', '/usr/bin/other']), 'emerg'),
            (['kernel'], dict(), 'crit'),
            (['kernel', 'journal'], dict(identifiers=['tool', 'systemd-x', 'a-generator'], uid='root'), 'debug')]):
        yield dict(id='own-%d' % number, revision=1, disposition='divert', match=dict(
            source, transport=transport, priority=priority, literal=['own mark %d' % number, 'other mark'],
            regex=r'own mark %d|other mark \w+(?: [^"]{1,3}\d)?$' % number))


def entries(signatures):
    """Entries around what these signatures match, from every kind of source: always the same random choice."""
    chance = random.Random(20261122)
    texts = ['own mark %d' % number for number in range(5)] + [
        'other mark x', 'other mark x "a1', 'other mark x \u00e92', 'type=1400 audit(1.2:3): other mark x',
        'audit: type=1300 audit(1.2:3): own mark 3', 'ansible-journal_scan Invoked with own mark 0 own mark 3',
        'ansible-command own mark 0', 'ansible-command own mark 1', '${other mark x', 'x\\nother mark x"']
    for signature in signatures:
        for example in signature.get('tests', {}).get('positive', []) + signature.get('tests', {}).get('negative', []):
            text = example['text']
            cut = chance.randrange(len(text))
            texts += [text, ' ' + text, '  ' + text, text + ' ', text + '!', text[:cut] + text[cut + 1:],
                      text[:cut] + chance.choice('x0] \\"$\u00e9') + text[cut:], text.lower()]
    sources = [('kernel', 'kernel', None), ('kernel', 'kerenl', None), ('kernel', None, None),
               ('kernel', 'tool', 'tool'), ('kernel', 'a-generator', None), ('syslog', 'kernel', 'logger'), ('syslog', 'tool', 'tool'),
               ('journal', None, 'python3'), ('journal', 'python3', 'python3'), ('journal', None, 'tool-with-a-lon'),
               ('journal', 'tool', 'x'), ('stdout', 'tool', 'tool'), ('stdout', None, 'tool'),
               ('audit', 'audit', None), ('driver', 'tool', None)]
    combinations = list(itertools.product(texts, sources, list(range(8)) + [None]))
    regexes = [matcher.compile_regex(signature['match']['regex']) for signature in signatures]
    near = [one for one in combinations if any(regex.search(one[0]) for regex in regexes)]
    for text, (transport, identifier, comm), priority in chance.sample(near, 3000) + chance.sample(combinations, 2000):
        if transport == 'kernel':  # or what somebody wrote to /dev/kmsg
            yield Entry(text, identifier, comm, transport, priority, chance.choice([0, 0, 1, 3]))
        else:
            yield Entry(text, identifier, comm, transport, priority, 3, chance.choice(UIDS),
                        chance.choice([None, '/usr/bin/tool', '/usr/bin/cat']))


def test_rsyslogd_decides_as_the_scanner_does(host, shipped):
    signatures = list(shipped.values()) + list(own_signatures())
    host.divert(signatures)
    made = list(entries(signatures))
    known = matcher.Matcher(signatures)
    wanted = {'messages': []}
    for index, entry in enumerate(made):
        # rsyslogd cannot tell one leading blank from none: imuxsock puts one there, and text logs show it either way.
        texts = [entry.message] + [entry.message[1:]] * entry.message.startswith(' ')
        matches = sorted(set(number for text in texts for number in known.matches(
            matcher.Entry(text, entry.identifier, entry.comm, entry.transport, entry.priority, entry.facility,
                          matcher.to_uid(entry.uid), entry.exe))))
        name = signatures[matches[0]]['id'] + '.log' if matches else 'messages'
        wanted.setdefault(name, []).append(index)
    assert len(wanted) == 1 + len(signatures), 'entries for each signature'
    assert host.run(made) == wanted


@pytest.mark.parametrize('text, diverted', [
    ('<asm>:[INFO]Filter atamptl unregister\nsecond line', False),
    ('<asm>:[INFO]Filter atamptl unregister\n', True),
    ('<asm>:[INFO]Filter atamptl\tunregister', False),
    (b'<asm>:[INFO]Filter atamptl unregister \xff\xfe', False),
    (b'\xff<asm>:[INFO]Filter atamptl unregister', False),
    ('<asm>:[INFO]Filter atamptl unregister' + 100000 * 'x', False),
])
def test_odd_messages(el9, v3, text, diverted):
    el9.divert([v3.signature])
    logs = el9.run([v3.noise, Entry(text, priority=4)])
    assert logs == ({'ahnlab-v3-module-lifecycle.log': [0, 1], 'messages': []} if diverted
                    else {'ahnlab-v3-module-lifecycle.log': [0], 'messages': [1]})


HOSTILE = ['") then stop #', "'", '\\', '\\\\', '"', '${HOME} $!msg', '`echo x`', '/* comment', '*/ }', '# no comment',
           '%msg%', '\\"', '\\n', 'x\\', '{ } ( ) ; &', '\u00ed\u0095\u009c \ud55c\uae00', '^$.*[a]|b?+', '"\\\n']


@pytest.mark.parametrize('hostile', HOSTILE)
def test_nothing_of_a_signature_breaks_out_of_its_string(el9, hostile):
    """Neither a literal nor a regex nor an identifier does; and it still matches what it says, and nothing else."""
    literal = 'harmless ' + hostile.replace('\n', '')
    by_text = dict(id='by-text', revision=1, disposition='divert', match=dict(
        transport=['kernel'], literal=literal, regex=re.escape(hostile), priority='info'))
    by_name = dict(id='by-name', revision=1, disposition='divert', match=dict(
        transport=['journal'], identifiers=[hostile.replace('\n', '')], literal='harmless', regex='less$',
        priority='info'))
    el9.divert([by_text, by_name])
    logs = el9.run([Entry(literal), Entry('harmless'), Entry('harmless', 'x', 'x', 'journal')]
                   + [Entry('harmless', hostile, 'x', 'journal')] * ('\n' not in hostile))
    if '\n' in hostile:  # rsyslogd writes a line feed in a message as #012, so this matches nothing
        assert logs == {'messages': [0, 1, 2]}
    else:
        assert logs == {'by-text.log': [0], 'messages': [1, 2], 'by-name.log': [3]}


# What the schema of the catalog lets an identifier be: printable, without spaces.
NAMES = ['a"b', "it's", 'c\\d', '\\"', '${HOME}', '$!msg', '`id`', '/*x*/', '#x', '%msg%', '(sd-pam)', 'gdm-password]', '[x', '{x}', 'a&b;c', '"]', "x'\"y",
         '{{1/0}}', ',', '~', '-', 'x' * 128]


@pytest.mark.parametrize('transport', ['syslog', 'kernel'])
def test_several_identifiers_of_any_characters(host, transport):
    """A divert of the kernel names what stands in text logs only: journald calls all that the kernel wrote `kernel`."""
    facility = 0 if transport == 'kernel' else 3
    names = NAMES + ['kernel'] * (transport == 'kernel')
    host.divert([dict(id='own', revision=1, disposition='divert', match=dict(
        transport=[transport], identifiers=names, literal='own mark', regex='^own mark [0-9]+$', priority='info'))])
    made = [Entry('own mark 7', name, 'x', transport, 6, facility) for name in names]
    stay = [Entry('own mark 7', name + 'x', 'x', transport, 6, facility) for name in names if name != 'x' * 128]
    stay += [Entry('own mark 7', name, 'x', 'stdout', 6, 3) for name in names] + [Entry('own mark 7', None, names[0], transport, 6, facility)]
    logs = host.run(made + stay)
    assert logs == {'own.log': list(range(len(made))), 'messages': list(range(len(made), len(made) + len(stay)))}


def test_v3_that_stays_unloaded_is_told_by_the_diverted_file_alone(el9, v3):
    """After a reboot without a persistent journal, nothing else has the line. The file may have been rotated."""
    el9.divert([v3.signature])
    down, up = (Entry('<asm>:[INFO]AhnLab. Security Module Version 3.4.3.8 %s' % what, priority=6) for what in ('unloaded', 'loaded'))

    def opened():
        found = logfile_scan.look(lambda name, **more: None, [el9.diverted + '/*.log'], [v3.signature])
        journal = dict(found, signatures=[], boots=[])
        return findings.still_open({'scan': {'sinks': {'journal': journal, 'diverted': found}}, 'verify': None}, v3.signature['id'])

    log = os.path.join(el9.diverted, 'ahnlab-v3-module-lifecycle.log')
    assert el9.run([down, up, v3.noise, down])['messages'] == []
    assert opened()['text'].endswith(' unloaded')
    os.rename(log, log + '-20251124')
    el9.write(log, '')  # as logrotate does
    assert opened()['text'].endswith(' unloaded')
    os.unlink(os.path.join(el9.root, 'work', 'imjournal.state'))
    assert el9.run([v3.noise] * 4 + [up])['ahnlab-v3-module-lifecycle.log'] == [0, 1, 2, 3, 4]
    assert opened() is None


def test_regexes_mean_the_same_to_rsyslogd(el9):
    """Each construct that to_ere() takes, through the quoting and the real re_match()."""
    regexes = [r'a\.b', r'a\\b', r'[]a]x', r'[^-^]y', r'\d{2,3}z', r'(?:ab|c)+d$', r'q\s?r', r'\$1', r'"w"', r"it's",
               r'[\w.-]+@x', r'\x41B', r'.\Z', r'[{]1}', r'a{1', '\ud55c+']
    texts = ['a.b', 'axb', r'a\b', ']x', '^x', '-y', 'y', '12z', '1z', '1234z', 'abcd', 'cd ', 'q r', 'qr', 'q  r',
             '$1', '"w"', "it's", 'a.b-c@x', 'AB', '', '{1}', 'a{1', '\ud55c\ud55c', '\\']
    signatures = [dict(id='r-%d' % number, revision=1, disposition='divert', match=dict(
        transport=['kernel'], literal='number %d,' % number, regex='number %d, (?:%s)' % (number, regex),
        priority='info')) for number, regex in enumerate(regexes)]
    el9.divert(signatures)
    made = [Entry('number %d, %s' % (number, text)) for number in range(len(regexes)) for text in texts]
    known = matcher.Matcher(signatures)
    wanted = [index for index, entry in enumerate(made)
              if not known.matches(matcher.Entry(entry.message, 'kernel', None, 'kernel', 6, 0))]
    logs = el9.run(made)
    assert logs['messages'] == wanted
    assert sum(len(indexes) for indexes in logs.values()) == len(made)


def test_what_gets_no_diverted_messages_any_more_is_listed_first(el9, v3):
    """Own files, pipes and terminals behind the diversion; the log that is to be cleaned is no news."""
    el9.write('etc/rsyslog.conf', 'kern.* {0}/log/own\nkern.* |{0}/log/pipe\nkern.* /dev/console\n*.emerg :omusrmsg:*\nmail.* {0}/log/mail\n'
              'authpriv.* {0}/log/secure\n:msg, contains, "x" {0}/log/some\n'.format(el9.root), 'a')
    os.mkfifo(os.path.join(el9.root, 'log', 'pipe'))
    result = el9.divert([v3.signature], check=True)
    assert [(one['path'] and os.path.basename(one['path']), one['kind']) for one in result['losing']] == [
        ('messages', 'file'), ('messages', 'file'), ('own', 'file'), (None, 'pipe'), ('console', 'terminal'), ('some', 'file')]
    assert len([note for note in result['notes'] if 'gets no diverted messages any more' in note]) == 4
    assert not os.path.exists(el9.drop_in)
