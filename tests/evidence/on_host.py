# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs on a host: gives lines to journald as the programs that they are of do, and takes what is forwarded.

    on_host.py receive PORT FILE        what comes in by TCP, as it comes
    on_host.py send LINES.json FILE...  each of them once (text, identifier, transport, facility, severity, uid), until FILEs have all
    on_host.py tell                     what journal, files and collectors have of them

Lines of the kernel are put beside the journal: nobody but the kernel can write them.
"""
import collections
import glob
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time

JOURNAL_REMOTE = '/usr/lib/systemd/systemd-journal-remote'
LAST = 'the last of all lines'


def receive(port, path):
    """Write what the connections of a port bring, one file for all."""
    with socket.create_server(('127.0.0.1', int(port))) as server, open(path, 'ab', buffering=0) as target:
        while True:
            connection = server.accept()[0]
            if os.fork() == 0:
                for data in iter(lambda: connection.recv(65536), b''):
                    target.write(data)
                os._exit(0)
            connection.close()


def exported(name, value):
    """One field in the Journal Export Format, which the journal's own socket takes as well."""
    value = str(value).encode('utf-8')
    if b'\n' in value or min(value or b' ') < 32:
        return name.encode() + b'\n' + struct.pack('<Q', len(value)) + value + b'\n'
    return name.encode() + b'=' + value + b'\n'


def as_process(lines):
    """Give lines to the sockets of journald, as this user."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
        log.connect('/dev/log')
        journal.connect('/run/systemd/journal/socket')
        streams = {}
        for text, identifier, transport, facility, severity, _uid in lines:
            if transport == 'syslog':
                log.send(('<%d>%s[%d]: %s' % (facility * 8 + severity, identifier, os.getpid(), text)).encode('utf-8'))
            elif transport == 'journal':
                journal.send(b''.join(exported(*field) for field in (
                    ('MESSAGE', text), ('SYSLOG_IDENTIFIER', identifier), ('PRIORITY', severity), ('SYSLOG_FACILITY', facility))))
            else:
                stream = streams.get((identifier, facility, severity))
                if stream is None:
                    stream = streams[identifier, facility, severity] = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                    stream.connect('/run/systemd/journal/stdout')
                    # identifier, unit, priority, whether lines say their own, and whereto else: syslog, kmsg, console
                    stream.sendall(('%s\n\n%d\n0\n0\n0\n0\n' % (identifier, facility * 8 + severity)).encode())
                stream.sendall(text.encode('utf-8') + b'\n')
        for stream in streams.values():
            stream.shutdown(socket.SHUT_WR)


def as_kernel(lines, folder, machine):
    """Put lines of the kernel into a file of the journal of this boot."""
    with open('/proc/sys/kernel/random/boot_id', encoding='ascii') as source:
        boot = source.read().strip().replace('-', '')
    entries = []
    for index, (text, identifier, _transport, facility, severity, _uid) in enumerate(lines):
        entries.append(b''.join(exported(*field) for field in (
            ('__REALTIME_TIMESTAMP', int(time.time() * 1000000) + index), ('__MONOTONIC_TIMESTAMP', int(time.monotonic() * 1000000) + index),
            ('_BOOT_ID', boot), ('_MACHINE_ID', machine), ('_TRANSPORT', 'kernel'), ('MESSAGE', text), ('SYSLOG_IDENTIFIER', identifier),
            ('SYSLOG_FACILITY', facility), ('PRIORITY', severity))) + b'\n')
    subprocess.run([JOURNAL_REMOTE, '-o', os.path.join(folder, 'system@import.journal'), '-'], input=b''.join(entries), check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def send(path, *ends):
    """Send all lines, with nothing in the journal before them, and wait until the last one is in these files."""
    with open(path, encoding='utf-8') as source:
        lines = json.load(source)
    with open('/etc/machine-id', encoding='ascii') as source:
        machine = source.read().strip()
    folder = '/var/log/journal/' + machine
    subprocess.run(['systemctl', 'stop', 'rsyslog.service'], check=True)
    subprocess.run(['journalctl', '--rotate'], check=True, stderr=subprocess.DEVNULL)
    for old in glob.glob(folder + '/*@*') + glob.glob('/var/lib/rsyslog/imjournal.state'):
        os.unlink(old)
    for log in glob.glob('/var/log/*') + glob.glob('/var/log/log_hygiene/*') + glob.glob('/root/received.*'):
        if os.path.isfile(log):
            os.truncate(log, 0)
    for uid in sorted(set(line[5] for line in lines)):
        child = os.fork()
        if child == 0:
            os.setgid(uid)
            os.setuid(uid)
            as_process([line for line in lines if line[5] == uid and line[2] != 'kernel'])
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit('the lines of user %d were not sent' % uid)
    as_kernel([line for line in lines if line[2] == 'kernel'], folder, machine)
    subprocess.run(['journalctl', '--sync'], check=True)
    subprocess.run(['systemctl', 'start', 'rsyslog.service'], check=True)
    # rsyslogd has read the others when it writes this one, which came after all of them.
    as_process([(LAST, 'root', 'syslog', 1, 1, 0)])
    for _turn in range(900):
        if all(LAST.encode() in open(path, 'rb').read() for path in ends):
            return
        time.sleep(0.1)
    sys.exit('rsyslogd did not come to the end')


def tell():
    """Print, as JSON, what is where: {place: {line without time, host and number of process: how often}}."""
    found = {}
    for path in glob.glob('/var/log/*') + glob.glob('/var/log/log_hygiene/*'):
        if os.path.isfile(path) and not path.endswith(('wtmp', 'btmp', 'lastlog', 'faillog')):
            with open(path, encoding='utf-8', errors='replace') as source:
                found[path] = collections.Counter(bare(line) for line in source if not line.isspace())
    for path in glob.glob('/root/received.*'):
        with open(path, encoding='utf-8', errors='replace') as source:
            found[path] = collections.Counter(bare(line) for line in source)
    output = subprocess.run(['journalctl', '--all', '-o', 'json', '--output-fields=MESSAGE,SYSLOG_IDENTIFIER,_TRANSPORT,PRIORITY,SYSLOG_FACILITY'],
                            check=True, stdout=subprocess.PIPE).stdout
    entries = [json.loads(line) for line in output.splitlines()]
    found['journal'] = collections.Counter('\t'.join(str(entry.get(name)) for name in (
        'SYSLOG_IDENTIFIER', '_TRANSPORT', 'SYSLOG_FACILITY', 'PRIORITY', 'MESSAGE')) for entry in entries)
    json.dump(found, sys.stdout)


def bare(line):
    """A line of a file or a collector without time, host and number of process; `<PRI>` stays.

    RFC 5424 shortens the name of a program, so that goes, too. The old format cuts name and number behind 32 characters.
    """
    line = line.rstrip('\n')
    sent = re.match(r'(?:[0-9]+ )?(<[0-9]+>)1 (?:\S+ ){5}- *(.*)', line)
    if sent:
        return sent.group(1) + sent.group(2)
    line = re.sub(r'^(<[0-9]+>)?(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9-]{10}T\S+) \S+ ', lambda found: found.group(1) or '', line)
    return re.sub(r'\[[0-9]+(?:\]:)? ', ': ', line, count=1)


if __name__ == '__main__':
    {'receive': receive, 'send': send, 'tell': tell}[sys.argv[1]](*sys.argv[2:])
