# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is measured: the scanners in each use, what people use instead, and what each must answer."""

import collections
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import journals
import logs
from measure import Failed, run
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog.posix_ere import to_ere
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.on_host import trimmed

# command: list of str; given: its standard input; check: function of its output that raises Failed when that is not the
# right answer; note: what it does not tell, for the reader of the table, or a function of its Figures that says it.
Row = collections.namedtuple('Row', 'name command given check note')
# rows: the first is the floor, the second what the ratios of the section are about. absent: names of peers that are not
# on this machine.
Section = collections.namedtuple('Section', 'name title rows absent')

# A module as AnsiballZ runs it: arguments at hand, the module as __main__.
MODULE = '''import runpy, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = sys.stdin.buffer.read(), 'legacy'
runpy.run_module('ansible_collections.loghygiene.rhel.plugins.modules.' + sys.argv[1], run_name='__main__')
'''
# The module that does nothing. No module can be faster.
NOTHING = '''import sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = sys.stdin.buffer.read(), 'legacy'
basic.AnsibleModule(argument_spec={}).exit_json()
'''
FLOOR = 'a module that does nothing'

# What people write.
JSON_LOOP = '''import json, re, subprocess, sys
patterns = [(name, re.compile(regex)) for name, regex in json.load(sys.stdin)]
counts = dict((name, 0) for name, regex in patterns)
command = ['journalctl', '-o', 'json', '--no-pager', '--directory=' + sys.argv[1]]
process = subprocess.Popen(command, stdout=subprocess.PIPE)
for line in process.stdout:
    message = json.loads(line).get('MESSAGE')
    if isinstance(message, str):
        for name, regex in patterns:
            if regex.search(message):
                counts[name] += 1
process.wait()
print(json.dumps(counts))
'''
JSON, GREP, ZGREP, CAT = 'loop over `journalctl -o json`', '`journalctl --grep`', '`zgrep -cE`', '`cat`'
TEXT_GREP, FAIL2BAN, LOGCHECK, LNAV = '`grep -cE`', '`fail2ban-regex`', '`logcheck`', '`lnav`'
UNEXPLAINED, LAST_BOOT, CURSOR = 'journal_scan, unexplained', 'journal_scan, last boot', 'journal_scan, nothing new'
ZIPPED = 'journal_scan, from a zip file'
ONLY_LINES = 'counts lines: no signature, time or boot'
NOBODY = '65534'  # logcheck refuses to run as root


class Peers:
    """Everybody who may read the logs, for some signatures.

    signatures: those that the ratios are about. more: these and many others. peers: folder where install-packages
    unpacked programs. work: an empty folder for what they write. packed: a zip file with the modules.
    """

    def __init__(self, signatures, more, peers, work, packed):
        self.signatures, self.more, self.folder, self.work, self.packed = signatures, more, peers, work, packed
        self.regexes = [(one['id'], re.sub(r'\(\?P<\w+>', '(?:', one['match']['regex'])) for one in signatures]
        # grep -E as people write it: a repeat that ERE does not know is an asterisk, and a line has no line feed.
        eres = [to_ere(re.sub(r'\{0,[0-9]{4,}\}', '*', regex)).replace('\n?$', '$') for _name, regex in self.regexes]
        # Where a message begins, a line has its header.
        self.lines = ['(%s)' % re.sub(r'^\^', ': ', ere) for ere in eres]
        os.makedirs(os.path.join(work, 'home'))
        self.commands, self.versions, self.absent = {}, {}, []
        self._find(FAIL2BAN, self._fail2ban(), '--version', ['/usr/bin/python3', '-c', 'import systemd.journal'])
        self._find(LOGCHECK, self._logcheck(), '-v')
        self._find(LNAV, ['env', 'HOME=' + os.path.join(work, 'home'), 'TMPDIR=' + work, 'lnav'], '-V')

    def _find(self, name, command, version, needs=None):
        """Note a peer that answers when it is asked for its version. needs: a command that must succeed."""
        try:
            for one in [needs] * bool(needs) + [command + [version]]:
                output = subprocess.run(one, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True).stdout
            self.versions[name] = re.search(r'[0-9]+(?:\.[0-9]+)+', output.decode()).group()
            self.commands[name] = command
        except (FileNotFoundError, subprocess.CalledProcessError):
            self.absent.append(name)

    def _fail2ban(self):
        """fail2ban-regex with Debian's own Python, which has python3-systemd."""
        packages = os.path.join(self.folder, 'usr', 'lib', 'python3', 'dist-packages')
        unpacked = os.path.join(self.folder, 'usr', 'bin', 'fail2ban-regex')
        # A jail's filter: one expression a signature, the header of the line before it. <F-ID> it must have.
        header = r'^\S+ <F-ID>\S+</F-ID>: (?:\[ *[0-9.]+\] )?'
        regexes = [header + (regex[1:] if regex.startswith('^') else '.*' + regex) for _name, regex in self.regexes]
        with open(os.path.join(self.work, 'filter.conf'), 'w', encoding='utf-8') as target:
            target.write('[Definition]\nfailregex = %s\n' % '\n            '.join(regexes).replace('%', '%%'))
        if not os.path.exists(unpacked):
            return ['fail2ban-regex']
        return ['env', 'PYTHONPATH=' + packages, '/usr/bin/python3', unpacked]

    def _logcheck(self):
        """logcheck with rules of its own, which leave out of the report what the signatures know."""
        folder = os.path.join(self.work, 'logcheck')
        for name in ('cracking.d', 'violations.d', 'violations.ignore.d', 'ignore.d.paranoid', 'ignore.d.server'):
            os.makedirs(os.path.join(folder, 'rules', name))
        with open(os.path.join(folder, 'rules', 'ignore.d.server', 'loghygiene'), 'w', encoding='utf-8') as target:
            target.write('\n'.join(self.lines) + '\n')
        for name in ('state', 'tmp'):
            os.makedirs(os.path.join(folder, name))
            os.chmod(os.path.join(folder, name), 0o777)
        # Copied, for the user it runs as may not be able to read the checkout.
        program, tail = 'logcheck', 'logtail2'
        if os.path.exists(os.path.join(self.folder, 'usr', 'sbin', 'logcheck')):
            program, tail = (shutil.copy(os.path.join(self.folder, 'usr', 'sbin', name), folder)
                             for name in (program, tail))
        with open(os.path.join(folder, 'logcheck.conf'), 'w', encoding='utf-8') as target:
            target.write('INTRO=0\nLOGTAIL=%s\nLOCKDIR=%s/tmp/lock\nLOCKFILE=%s/tmp/lock/logcheck\n'
                         % (shlex.quote(shutil.which(tail, path=os.environ['PATH'] + ':/usr/sbin') or tail),
                            shlex.quote(folder), shlex.quote(folder)))
        become = ['setpriv', '--reuid=' + NOBODY, '--regid=' + NOBODY, '--clear-groups'] if os.getuid() == 0 else []
        return become + ['env', 'TMP=%s/tmp' % folder, 'PATH=%s:/usr/sbin' % os.environ['PATH'], 'bash',
                         shutil.which(program, path=os.environ['PATH'] + ':/usr/sbin') or program,
                         '-c', os.path.join(folder, 'logcheck.conf')]

    # --- rows ---

    def floor(self):
        """The least that a module takes."""
        return Row(FLOOR, [sys.executable, '-c', NOTHING], '{"ANSIBLE_MODULE_ARGS": {}}', json.loads, 'the floor')

    def module(self, name, module, signatures, check, note='', **arguments):
        """A Row for a module of the collection, given what the role gives it."""
        arguments = dict(arguments, signatures=trimmed(signatures), _ansible_remote_tmp=self.work)
        return Row(name, [sys.executable, '-c', MODULE, module], json.dumps({'ANSIBLE_MODULE_ARGS': arguments}), check,
                   note)

    def journal(self, made, name='journal_scan', signatures=None, **arguments):
        """A Row for journal_scan on Logs."""
        signatures = signatures or self.signatures
        check = answer(made, [one['id'] for one in signatures], arguments.get('boot'), bool(arguments.get('cursor')),
                       bool(arguments.get('unexplained')), True)
        return self.module(name, 'journal_scan', signatures, check, directory=made.journal, **arguments)

    def zipped(self, row):
        """A Row for a module with its imports from a zip file."""
        return row._replace(command=['env', 'PYTHONPATH=' + self.packed] + row.command,
                            note='with all compiled anew, as from the zip file that Ansible sends')

    def text(self, made, name='logfile_scan', signatures=None, packed=False):
        """A Row for logfile_scan on Logs."""
        signatures = signatures or self.signatures
        check = answer(made, [one['id'] for one in signatures])
        path = os.path.join(os.path.dirname(made.packed), 'messages') if packed else made.text
        return self.module(name, 'logfile_scan', signatures, check, paths=[path])

    def shell(self, name, command, expected, note):
        """A Row for a pipeline that prints a number, None for one that prints nothing."""
        return Row(name, ['sh', '-c', command], '', counts(expected), note)

    def _lines(self):
        """The expression for lines of text logs."""
        return shlex.quote('|'.join(self.lines))

    def _peer(self, name, arguments):
        """The command line of a peer that is here (text)."""
        return ' '.join(shlex.quote(word) for word in self.commands[name] + arguments)

    # --- sections ---

    def journal_section(self, made, name, environ, everything):
        """A Section about a journal; `everything`: also the uses that only one section needs."""
        ids = [one['id'] for one in self.signatures]
        total = sum(made.counts(ids).values())
        rows = [self.floor(), self.journal(made), self.journal(made, UNEXPLAINED, unexplained=True)]
        if everything:
            whole = run(rows[1].command, rows[1].given, environ)
            last = journals.BOOTS[logs.BOOTS - 1]
            rows += [self.journal(made, LAST_BOOT, boot=last),
                     self.journal(made, CURSOR, cursor=json.loads(whole.output)['cursor']),
                     self.zipped(self.journal(made, ZIPPED))]
        folder = shlex.quote(made.journal)
        pattern = shlex.quote('|'.join('(?:%s)' % regex for _name, regex in self.regexes))
        rows += [
            Row(JSON, [sys.executable, '-c', JSON_LOOP, made.journal], json.dumps(self.regexes),
                exactly(made.counts(ids)), 'no source, time or boot'),
            self.shell(GREP, 'journalctl -q --no-pager --output=cat --case-sensitive=true --directory=%s --grep %s '
                       '| wc -l' % (folder, pattern), total, ONLY_LINES)]
        if FAIL2BAN in self.commands:
            command = self._peer(FAIL2BAN, ['--print-no-missed', 'systemd-journal[journalpath=%s]' % made.journal,
                                            os.path.join(self.work, 'filter.conf')])
            rows.append(Row(FAIL2BAN, ['sh', '-c', command], '', hits(list(made.counts(ids).values())),
                            'no time or boot'))
        rows.append(self.shell(CAT, 'cat %s/* | cat >/dev/null' % folder, None, 'the limit'))
        return Section(name, 'Journal, ' + about(made), rows, [one for one in self.absent if one == FAIL2BAN])

    def text_section(self, made, name):
        """A Section about a plain text log."""
        total, path = sum(made.counts([one['id'] for one in self.signatures]).values()), shlex.quote(made.text)
        rows = [self.floor(), self.text(made),
                self.shell(TEXT_GREP, 'grep -cE %s %s' % (self._lines(), path), total, ONLY_LINES)]
        if LOGCHECK in self.commands:
            command = self._peer(LOGCHECK, ['-o', '-t', '-s', '-r', os.path.join(self.work, 'logcheck', 'rules'), '-S',
                                            os.path.join(self.work, 'logcheck', 'state'), '-l', made.text])
            rows.append(self.shell(LOGCHECK, '%s | grep -cF " %s "' % (command, logs.HOST), made.entries - total,
                                   'prints what no pattern knows; ' + ONLY_LINES))
        rows += self._lnav(made.text, total)
        rows.append(self.shell(CAT, 'cat %s | cat >/dev/null' % path, None, 'the limit'))
        return Section(name, 'Text log, ' + about(made), rows, [one for one in self.absent if one in (LOGCHECK, LNAV)])

    def packed_section(self, made, name):
        """A Section about a text log in .gz."""
        total, path = sum(made.counts([one['id'] for one in self.signatures]).values()), shlex.quote(made.packed)
        rows = [self.floor(), self.text(made, packed=True),
                self.shell(ZGREP, 'zgrep -cE %s %s' % (self._lines(), path), total, ONLY_LINES)]
        rows += self._lnav(made.packed, total)
        rows.append(self.shell(CAT, 'zcat %s | cat >/dev/null' % path, None, '`zcat`, to be exact; the limit'))
        return Section(name, 'Text log in .gz, ' + about(made), rows, [one for one in self.absent if one == LNAV])

    def _lnav(self, path, total):
        if LNAV not in self.commands:
            return []
        command = self._peer(LNAV, ['-n', '-c', ':filter-in ' + '|'.join(self.lines), path])
        return [self.shell(LNAV, command + ' | wc -l', total, ONLY_LINES)]

    def many_section(self, made, name, make, module):
        """A Section about the number of signatures. make: the method for rows of this module."""
        rows = [self.floor()] + [make(made, numbered(module, signatures, 'signatures'), signatures)
                                 for signatures in (self.more, self.signatures)]
        return Section(name, 'Many signatures, ' + about(made), rows, [])

    def growth_section(self, small, large, name, make, module):
        """A Section about the number of entries. make: the method for rows of this module."""
        rows = [self.floor()] + [make(made, numbered(module, range(made.entries), 'entries'))
                                 for made in (large, small)]
        return Section(name, 'Many entries, %.0f %% known messages' % (small.noise * 100), rows, [])


def numbered(module, things, what):
    """The name of a row about a number of things."""
    return '%s, %s %s' % (module, format(len(things), ','), what)


def about(made):
    """The text of what Logs hold."""
    return '%s entries, %d boots, %.0f %% known messages' % (format(made.entries, ','), logs.BOOTS, made.noise * 100)


# --- what is the right answer ---

def same(what, told, expected):
    """Raises Failed unless two things are equal."""
    if told != expected:
        raise Failed('%s: %s instead of %s' % (what, str(told)[:1000], str(expected)[:1000]))


def answer(made, ids, boot=None, nothing=False, unexplained=False, boots=False):
    """The check of what a module returns about Logs.

    ids: of the signatures it was given. boot: the only boot it should look at. nothing: there is nothing new.
    unexplained: it was asked for. boots: whether it must tell the counts for each boot.
    """
    def check(output):
        result = json.loads(output)
        same('errors', result['errors'], [])
        expected = dict.fromkeys(ids, 0) if nothing else made.counts(ids, boot)
        same('counts', {row['id']: row['count'] for row in result['signatures']}, expected)
        entries = 0 if nothing else made.entries if boot is None else made.expected['boots'][boot]
        same('entries', result['entries'], entries)
        if boots and not nothing and boot is None:
            same('boots', {row['id']: {one['boot_id']: one['count'] for one in row['boots']}
                           for row in result['signatures']},
                 {name: made.expected['signatures'].get(name, {}) for name in ids})
        if unexplained:
            found = result['unexplained']
            same('unexplained', found['entries'], made.unexplained(ids))
            same('groups', sum(group['count'] for group in found['groups']) + found['more_entries'], found['entries'])
    return check


def exactly(expected):
    """The check of JSON."""
    return lambda output: same('counts', json.loads(output), expected)


def counts(expected):
    """The check of a number; None for no output at all."""
    return lambda output: same('number', output.strip(), '' if expected is None else str(expected))


def hits(expected):
    """The check of what fail2ban-regex prints: hits of each expression, in their order, without those never hit."""
    return lambda output: same('hits', [int(number) for number in re.findall(r'\d+\) \[(\d+)\]', output)],
                               [number for number in expected if number])
