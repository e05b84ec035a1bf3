# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real rsyslogd, with a configuration, a journal and logs of its own.

rsyslogd runs in a mount namespace in which /var/log/journal holds the entries of the test, written by
systemd-journal-remote: the real imjournal reads them and sets the fields that the diversion trusts.
"""
import collections
import contextlib
import os
import re
import shutil
import socket
import struct
import subprocess
import threading
import time
import types

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import contract as remedy, diversion
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import drop_ins as rsyslog_drop_ins
from ansible_collections.loghygiene.rhel.plugins.modules import rsyslog_policy

JOURNAL_REMOTE = '/usr/lib/systemd/systemd-journal-remote'
# Entries are told apart by their time, which RSYSLOG_FileFormat writes in full.
START = 1764000000000000
PATIENCE = 90  # seconds; on a busy machine most of it is needed

# As RHEL ships them: 7 in the old syntax, the include before all rules. Only paths and the file format are the test's.
SHAPES = {
    'el7': '''# rsyslog configuration file
#### MODULES ####
$ModLoad imuxsock # provides support for local system logging (e.g. via logger command)
$ModLoad imjournal # provides access to the systemd journal
#$ModLoad imklog # reads kernel messages (the same are read from journald)
#### GLOBAL DIRECTIVES ####
$WorkDirectory {root}/work
$ActionFileDefaultTemplate RSYSLOG_FileFormat
$IncludeConfig {root}/etc/rsyslog.d/*.conf
$OmitLocalLogging on
$IMJournalStateFile imjournal.state
#### RULES ####
*.info;mail.none;authpriv.none;cron.none                {root}/log/messages
*.debug;*.!info                                         {root}/log/messages
authpriv.*                                              {root}/log/messages
''',
    'el9': '''#### GLOBAL DIRECTIVES ####
global(workDirectory="{root}/work")
module(load="builtin:omfile" Template="RSYSLOG_FileFormat")
#### MODULES ####
module(load="imuxsock"    # provides support for local system logging (e.g. via logger command)
       SysSock.Use="off") # Turn off message reception via local log socket;
                          # local messages are retrieved through imjournal now.
module(load="imjournal"             # provides access to the systemd journal
       UsePid="system" # PID nummber is retrieved as the ID of the process the journal entry originates from
       StateFile="imjournal.state") # File to store the position in the journal
#module(load="imklog") # reads kernel messages (the same are read from journald)
include(file="{root}/etc/rsyslog.d/*.conf" mode="optional")
#### RULES ####
*.info;mail.none;authpriv.none;cron.none                {root}/log/messages
*.debug;*.!info                                         {root}/log/messages
authpriv.*                                              {root}/log/messages
''',
}

# The rules of RHEL 7 to 10, in place of those of SHAPES.
STOCK_RULES = '''#### RULES ####
*.info;mail.none;authpriv.none;cron.none                {root}/log/messages
authpriv.*                                              {root}/log/secure
mail.*                                                  -{root}/log/maillog
cron.*                                                  {root}/log/cron
*.emerg                                                 :omusrmsg:*
uucp,news.crit                                          {root}/log/spooler
local7.*                                                {root}/log/boot.log
'''

# A journal entry. Fields that are None are left out.
Entry = collections.namedtuple('Entry', 'message identifier comm transport priority facility uid exe')
Entry.__new__.__defaults__ = ('kernel', None, 'kernel', 6, 0, None, None)


class Host:
    """A host as far as rsyslogd is concerned, below a folder."""

    def __init__(self, folder, shape):
        self.root = str(folder)
        self.shape = shape
        self.config = os.path.join(self.root, 'etc', 'rsyslog.conf')
        self.drop_in = os.path.join(self.root, 'etc', 'rsyslog.d', 'zz_log_hygiene.conf')
        self.early = os.path.join(self.root, 'etc', 'rsyslog.d', '00_log_hygiene_known.conf')
        self.diverted = os.path.join(self.root, 'log', 'log_hygiene')
        self.forward_path = os.path.join(self.root, 'etc', 'rsyslog.d', '00_log_hygiene_forward.conf')
        self.files_path = os.path.join(self.root, 'etc', 'rsyslog.d', 'zzz_log_hygiene_files.conf')
        self.pending = os.path.join(self.root, 'pending')
        for name in ('etc/rsyslog.d', 'work', 'log', 'journal', 'tmp'):
            os.makedirs(os.path.join(self.root, name))
        self.write('etc/rsyslog.conf', SHAPES[shape].format(root=self.root))

    def use_stock_rules(self):
        """Write the files that RHEL writes, and not all to one."""
        before = self.read('etc/rsyslog.conf').partition('#### RULES ####')[0]
        self.write('etc/rsyslog.conf', before + STOCK_RULES.format(root=self.root))

    def write(self, path, text, mode='w'):
        """Write, or with mode 'a' extend, a file."""
        with open(os.path.join(self.root, path), mode, encoding='utf-8') as target:
            target.write(text)

    def read(self, path):
        with open(os.path.join(self.root, path), encoding='utf-8') as source:
            return source.read()

    def arguments(self, signatures, ids=None, **changes):
        """Arguments of the module for this host. Of signatures that are not among the ids, what is diverted stays so."""
        items = [dict(signature_id=one['id'], signature=one, keep=ids is not None and one['id'] not in ids)
                 for one in signatures]
        return dict(dict(items=items, state='present', path=self.drop_in, early_path=self.early, directory=self.diverted,
                         config=self.config, pending=self.pending, logrotate=os.path.join(self.root, 'etc', 'logrotate'),
                         backup_dir=os.path.join(self.root, 'backup')), **changes)

    def divert(self, signatures=(), check=False, **changes):
        """Put the drop-in in place, in this process, and restart nothing. Returns the module's result; raises its failure."""
        result, options = remedy.begin(diversion), self.arguments(list(signatures), **changes)
        module = self._module(options, check)
        items, state = options.pop('items'), options.pop('state')
        planned = diversion.planned(module, items, state, options, result)
        if planned and not check:
            rsyslog_drop_ins.write(module, planned, self.pending)
        del result['written'], result['made']  # which the contract keeps to itself
        return result

    def policy_arguments(self, rules, **changes):
        """Arguments of the module rsyslog_policy for this host."""
        return dict(dict(rules=rules, state='present', forward_path=self.forward_path, files_path=self.files_path,
                         config=self.config, selinux_ports=False, pending=self.pending), **changes)

    def apply(self, rules=(), check=False, **changes):
        """Run the work of rsyslog_policy in this process, as divert() does that of rsyslog_diversion."""
        result = dict(changed=False, files=[], losing=[], kept=[], masked=False, forwards=[], previous={}, set_aside=[], selinux_ports=[], notes=[])
        rsyslog_policy.apply_policy(self._module(self.policy_arguments(list(rules), **changes), check), result)
        return result

    def rule(self, name, pairs_of=(range(24), range(8)), **keys):
        """A normalised rule; `file` below this host's log directory."""
        rule = dict(name=name, facilities=list(pairs_of[0]), severities=list(pairs_of[1]), keep_days=None, file=None,
                    separate=False, forward=None, alert=None)
        rule.update(keys)
        if rule['file']:
            rule['file'] = os.path.join(self.root, 'log', rule['file'])
        return rule

    def _module(self, params, check):
        return types.SimpleNamespace(
            params=params, check_mode=check, tmpdir=os.path.join(self.root, 'tmp'),
            get_bin_path=lambda name, opt_dirs=None: shutil.which(name, path=os.environ['PATH'] + ':/usr/sbin'),
            selinux_enabled=lambda: False)

    def snapshot(self):
        """All files and directories of the host: path -> (mode, content)."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            for name in folders + names:
                path = os.path.join(folder, name)
                content = b'' if os.path.isdir(path) else open(path, 'rb').read()
                found[os.path.relpath(path, self.root)] = (oct(os.stat(path).st_mode), content)
        return found

    def run(self, entries):
        """Have rsyslogd read these entries. Returns its logs: name -> sorted list of the indexes of entries."""
        with self.reading(entries):
            pass
        logs = {'messages': self.indexes('messages')}
        if os.path.isdir(self.diverted):
            for name in os.listdir(self.diverted):
                logs[name] = self.indexes(os.path.join('log_hygiene', name))
        return logs

    def run_all(self, entries):
        """As run(), for each log there is."""
        with self.reading(entries):
            pass
        return {name: self.indexes(name) for name in self.logs()}

    def forget(self):
        """Remove the logs, and have the journal read from its beginning once more."""
        shutil.rmtree(os.path.join(self.root, 'log'))
        os.mkdir(os.path.join(self.root, 'log'))
        os.unlink(os.path.join(self.root, 'work', 'imjournal.state'))

    @contextlib.contextmanager
    def reading(self, entries=()):
        """rsyslogd, from when it has written all these entries until it is ended. Gives the process."""
        last = START + len(entries)
        self._write_journal(list(entries) + [Entry('the last message', priority=6)])
        script = ('mount -t tmpfs none /run; mount -t tmpfs none /var/log; mkdir /var/log/journal; '
                  'mount --bind "$JOURNAL" /var/log/journal; exec "$@"')
        rsyslogd = shutil.which('rsyslogd', path=os.environ['PATH'] + ':/usr/sbin')
        with open(os.path.join(self.root, 'said'), 'wb') as said:
            daemon = subprocess.Popen(  # pylint: disable=consider-using-with
                ['unshare', '--mount', '--propagation', 'private', 'sh', '-euc', script, 'sh',
                 rsyslogd, '-n', '-i', os.path.join(self.root, 'pid'), '-f', self.config],
                env=dict(os.environ, JOURNAL=os.path.join(self.root, 'journal')), stdout=said, stderr=said)
        try:
            wait_for(lambda: any(last == stamp for name in self.logs() for stamp, dummy in self._lines(name)),
                     daemon, lambda: self.read('said'))
            yield daemon
        finally:
            daemon.terminate()
            daemon.wait(PATIENCE)

    def logs(self):
        """The names of the log files there are."""
        top = os.path.join(self.root, 'log')
        return [os.path.relpath(os.path.join(folder, name), top)
                for folder, _folders, names in os.walk(top) for name in names]

    def indexes(self, name):
        """The indexes of the entries in a log, sorted."""
        return sorted(stamp - START for stamp, line in self._lines(name) if b'the last message' not in line)

    def _lines(self, name):
        path = os.path.join(self.root, 'log', name)
        if not os.path.exists(path):
            return []
        with open(path, 'rb') as source:
            return [(stamp_of(line), line) for line in source]

    def _write_journal(self, entries):
        with open('/etc/machine-id', encoding='ascii') as source:
            machine = source.read().strip()
        folder = os.path.join(self.root, 'journal', machine)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        export = os.path.join(self.root, 'export')
        with open(export, 'wb') as target:
            for index, entry in enumerate(entries):
                fields = [('__REALTIME_TIMESTAMP', START + index), ('__MONOTONIC_TIMESTAMP', index + 1),
                          ('_BOOT_ID', 32 * '1'), ('_MACHINE_ID', machine), ('MESSAGE', entry.message),
                          ('SYSLOG_IDENTIFIER', entry.identifier), ('_COMM', entry.comm),
                          ('_TRANSPORT', entry.transport), ('PRIORITY', entry.priority),
                          ('SYSLOG_FACILITY', entry.facility), ('_UID', entry.uid), ('_EXE', entry.exe)]
                target.write(b''.join(exported(*field) for field in fields if field[1] is not None) + b'\n')
        subprocess.run([JOURNAL_REMOTE, '-o', os.path.join(folder, 'system.journal'), export], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(condition, daemon=None, said=lambda: ''):
    """Wait until condition() is true. Fails with what was said when it takes too long, or the daemon ends."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert daemon is None or daemon.poll() is None, said()
        assert time.monotonic() < until, 'it does not get on: %s' % said()
        time.sleep(0.05)


def exported(name, value):
    """One field in the Journal Export Format."""
    value = value if isinstance(value, bytes) else str(value).encode('utf-8')
    if b'\n' in value or min(value or b' ') < 32:
        return name.encode('ascii') + b'\n' + struct.pack('<Q', len(value)) + value + b'\n'
    return name.encode('ascii') + b'=' + value + b'\n'


def stamp_of(line):
    """The time of a line in RSYSLOG_FileFormat or RSYSLOG_ForwardFormat, in microseconds since the epoch."""
    text = line.decode('utf-8', 'replace')
    if text.startswith('<'):
        text = re.sub('^1 ', '', text.split('>', 1)[1])  # RFC 5424 has its version there
    whole, fraction = text[:19], text[20:26]
    return (int(time.mktime(time.strptime(whole, '%Y-%m-%dT%H:%M:%S'))) - time.timezone) * 1000000 + int(fraction)


def command(arguments, cwd=None, environ_update=None):
    """AnsibleModule.run_command()."""
    done = subprocess.run(arguments, cwd=cwd, env=dict(os.environ, **environ_update or {}), check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout.decode('utf-8', 'replace'), done.stderr.decode('utf-8', 'replace')


def free_port():
    """A port of this machine at which nobody listens."""
    with socket.create_server(('127.0.0.1', 0)) as free:
        return free.getsockname()[1]


class Collector:
    """Takes in what is forwarded to a port of this machine (a free one, if none is given), by TCP and by UDP."""

    def __init__(self, port=0):
        self._tcp = socket.create_server(('127.0.0.1', port))
        self.port = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(('127.0.0.1', self.port))
        self._udp.settimeout(1)
        self._lines = []
        self._threads = [threading.Thread(target=self._accept), threading.Thread(target=self._receive)]
        self._open = True
        for thread in list(self._threads):
            thread.start()

    def _accept(self):
        while True:
            connection = self._tcp.accept()[0]
            if not self._open:
                connection.close()
                return
            thread = threading.Thread(target=self._drain, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _drain(self, connection):
        with connection, connection.makefile('rb') as stream:
            self._lines.extend(stream)

    def _receive(self):
        while self._open:
            try:
                self._lines.append(self._udp.recv(65536))
            except socket.timeout:
                continue

    def came(self):
        """How many messages came in up to now."""
        return len(self._lines)

    def indexes(self):
        """The indexes of the entries that came in, in their order. Ends the collector."""
        if self._open:
            self._open = False
            socket.create_connection(('127.0.0.1', self.port)).close()
            for thread in self._threads:
                thread.join(PATIENCE)
            self._tcp.close()
            self._udp.close()
        lines = sorted(stamp_of(line) for line in self._lines if b'the last message' not in line)
        return [stamp - START for stamp in lines]
