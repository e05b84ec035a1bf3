# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that brings alerts, a mail server for it, and rules, as the tests of this folder use them."""
import email
import email.policy
import json
import os
import signal
import socket
import subprocess
import sys
import time

from remedy_runs import PYTHONS  # noqa: F401

from ansible_collections.loghygiene.rhel.plugins.module_utils._alerts import _program as alerts

RECEIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'receiver.py')
SECONDS = 90  # for what takes a few; on a busy machine most of it is needed


def wait(done, what, seconds=SECONDS, pause=0.1):
    """Wait until done() is true, and return that. Who looks at a host pauses longer: a look costs what others wait for."""
    deadline = time.monotonic() + seconds
    while True:
        result = done()
        if result:
            return result
        assert time.monotonic() < deadline, what() if callable(what) else what
        time.sleep(pause)


def alerting_rule(name='severe', port=None, command=(), severities=(0, 1, 2), facilities=range(24), count=100,
                  seconds=60, mail=('admin@example.com',)):
    """A normalised rule that alerts by the mail server at a port of loopback, by a command, or both."""
    return {
        'name': name, 'facilities': list(facilities), 'severities': list(severities), 'keep_days': None, 'file': None,
        'forward': None, 'separate': False,
        'alert': {'mail': list(mail) if port else [], 'smtp': {'host': '127.0.0.1', 'port': port} if port else None,
                  'sender': None, 'command': list(command), 'limit': {'count': count, 'seconds': seconds}},
    }


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


class Mail:
    """A mail as it came: subject, text, id, and the message with all its headers."""

    def __init__(self, path):
        with open(path, 'rb') as source:
            self.raw = source.read()
        self.message = email.message_from_bytes(self.raw, policy=email.policy.default)
        self.subject = str(self.message['Subject'])
        self.text = self.message.get_content().replace('\r\n', '\n')
        self.id = str(self.message['Message-ID'])

    @property
    def said(self):
        """The message of the log that it brings."""
        part = self.text.partition('\nMessage:\n')[2].rpartition('\n\nThe whole entry')[0]
        return '\n'.join(line[4:] for line in part.split('\n'))


class Receiver:
    """A mail server as a process: it can be stopped, and comes back at the same port with the same mails."""

    def __init__(self, folder):
        self.folder, self.port = str(folder), free_port()
        self._process = None

    def start(self, *options):
        self._process = subprocess.Popen([sys.executable, RECEIVER, str(self.port), self.folder] + list(options))
        wait(self._answers, 'the mail server does not start')
        return self

    def _answers(self):
        assert self._process.poll() is None
        with socket.socket() as one:
            return one.connect_ex(('127.0.0.1', self.port)) == 0

    def stop(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def mails(self):
        names = sorted(os.listdir(self.folder)) if os.path.isdir(self.folder) else []
        return [Mail(os.path.join(self.folder, name)) for name in names if not name.endswith('.part')]

    def said(self):
        return [mail.said for mail in self.mails()]

    def wait_for(self, count, seconds=SECONDS):
        """The mails once there are as many; a moment later there are no more."""
        wait(lambda: len(self.mails()) >= count,
             lambda: '%d of %d: %s' % (len(self.mails()), count, [mail.subject for mail in self.mails()]), seconds)
        time.sleep(0.5)
        found = self.mails()
        assert len(found) == count, [mail.subject for mail in found]
        return found


class Program:
    """The program as a process, with files of its own."""

    def __init__(self, path, python, folder, journal):
        self.folder = str(folder)
        self.config = os.path.join(self.folder, 'config.json')
        self.state_path = os.path.join(self.folder, 'state', 'alerts.json')
        self._command = [python, '-Es', path, '--config', self.config, '--directory', journal]
        self._log = os.path.join(self.folder, 'log')
        self._process = None
        self._environ = {}

    def start(self, rules, state=None, exemptions=(), **environ):
        with open(self.config, 'w', encoding='utf-8') as target:
            target.write(alerts.configuration(rules, exemptions))
        self._environ = environ
        return self.restart(state)

    def restart(self, state=None):
        """Start with the rules of the last time; returns once systemd would be told that it is ready."""
        path = os.path.join(self.folder, 'notify')
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready, open(self._log, 'ab') as log:
            if os.path.exists(path):
                os.unlink(path)
            ready.bind(path)
            ready.settimeout(SECONDS)
            self._process = subprocess.Popen(
                self._command + ['--state', state or self.state_path], stdin=subprocess.DEVNULL, stderr=log,
                stdout=log, env=dict(os.environ, NOTIFY_SOCKET=path, **self._environ))
            while ready.recv(100) != b'READY=1':
                pass
        return self

    def kill(self):
        self._process.kill()
        self._process.wait()

    def stop(self, seconds=SECONDS):
        """As systemd does; returns the exit status."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)

    def close(self):
        if self._process is not None and self._process.poll() is None:
            self.kill()

    @property
    def pid(self):
        return self._process.pid

    def alive(self):
        return self._process.poll() is None

    def state(self):
        with open(self.state_path, encoding='utf-8') as source:
            return json.load(source)

    def log(self):
        with open(self._log, encoding='utf-8') as source:
            return source.read()

    def children(self):
        """Process ids of its journalctl and commands: {pid: arguments}."""
        found = {}
        for name in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open('/proc/%s/stat' % name, encoding='ascii', errors='replace') as source:
                    parent = source.read().rpartition(')')[2].split()[1]
                with open('/proc/%s/cmdline' % name, encoding='utf-8', errors='replace') as source:
                    arguments = source.read().split('\0')
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == str(self.pid):
                found[int(name)] = arguments
        return found
