# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trap 1: Ansible logs what it runs, and what it runs here is full of the texts looked for.

The traces are genuine: the oldest and the newest ansible-core write them, one through syslog(3) to a /dev/log of ours,
the other through the interface of python3-systemd. Only the daemon that would store them is played by the test.
"""

import json
import os
import re
import shutil
import socket
import tempfile

import journals
import pytest
from remedy_runs import private
from journals import START, entry

NOISE = 'CRTC:37:crtc-0] flip_done timed out'
SIGNATURES = [
    {'id': 'anyone', 'match': {'literal': 'flip_done timed out', 'regex': 'flip_done timed out'}},
    {
        'id': 'kernel',
        'match': {'transport': ['kernel'], 'literal': 'flip_done timed out', 'regex': 'flip_done timed out'},
    },
    {
        'id': 'named',
        'match': {
            'identifiers': ['app'],
            'comms': ['python3', 'app'],
            'literal': 'flip_done timed out',
            'regex': 'flip_done',
        },
    },
]
RUNS = 2

PLAY = '''
- loghygiene.rhel.journal_scan:
    signatures: "{{ signatures }}"
    directory: "{{ folder }}/journal"
  register: journal
- loghygiene.rhel.logfile_scan:
    signatures: "{{ signatures }}"
    paths: ["{{ folder }}/messages"]
  register: text
- ansible.builtin.command: "true {{ signatures | to_json | quote }}"
- ansible.builtin.copy:
    content: "{{ {'journal': journal, 'text': text} | to_json }}"
    dest: "{{ folder }}/results.json"
'''

# What python3-systemd offers as far as AnsibleModule.log uses it.
PYTHON_SYSTEMD = {
    '__init__.py': '',
    'daemon.py': 'def booted():\n    return True\n',
    'journal.py': '''import json, os
def sendv(*fields):
    pass
def send(MESSAGE, **fields):
    with open(os.environ['RECORDED'], 'a') as target:
        target.write(json.dumps(dict(fields, MESSAGE=MESSAGE)) + '\\\\n')
'''.replace(
        '\\\\n', '\\n'
    ),
}


class Syslog:
    """A /dev/log that keeps what it receives, seen by the command behind `wrap` alone."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()  # the path of a socket must be short
        path = os.path.join(self.folder, 'log')
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind(path)
        self._socket.settimeout(0.1)
        self._made = not os.path.lexists('/dev/log')
        if self._made:
            open('/dev/log', 'w').close()
        self.wrap = private('mount --bind %s /dev/log' % path)

    def records(self, environ):
        """Fields of what came since, as journald would store it."""
        found = []
        while True:
            try:
                data = self._socket.recv(1 << 20).decode('utf-8', 'replace')
            except socket.timeout:
                return found
            tag, message = re.match(
                r'<\d+>\w{3} [ \d]\d [\d:]{8} ([^\s:\[]+)(?:\[\d+\])?: (.*)', data, re.DOTALL
            ).groups()
            found.append({'MESSAGE': message, 'SYSLOG_IDENTIFIER': tag, '_COMM': 'python', '_TRANSPORT': 'syslog'})

    def close(self):
        self._socket.close()
        if self._made:
            os.unlink('/dev/log')
        shutil.rmtree(self.folder)


class Systemd:
    """A python3-systemd that keeps what it is given."""

    wrap = ()

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        os.mkdir(os.path.join(self.folder, 'systemd'))
        for name, text in PYTHON_SYSTEMD.items():
            with open(os.path.join(self.folder, 'systemd', name), 'w') as target:
                target.write(text)

    def records(self, environ):
        path = environ['RECORDED']
        if not os.path.exists(path):
            return []
        with open(path) as source:
            found = [
                dict(json.loads(line), _COMM='python3', _TRANSPORT='journal', SYSLOG_IDENTIFIER=None) for line in source
            ]
        os.unlink(path)
        return [
            dict((name, None if value is None else str(value)) for name, value in fields.items()) for fields in found
        ]

    def close(self):
        shutil.rmtree(self.folder)


@pytest.mark.parametrize(
    'each_core, way',
    [(('oldest', '2.7'), Syslog), (('newest', None), Systemd)],
    indirect=['each_core'],
    ids=['syslog', 'python-systemd'],
)
def test_the_counts_do_not_grow_by_looking(each_core, way, tmp_path):
    daemon = way()
    try:
        each_core.environ.update(PYTHONPATH=daemon.folder, RECORDED=os.path.join(daemon.folder, 'recorded'))
        folder = str(tmp_path)
        rows = [entry(NOISE)]
        lines = ['Nov 22 16:01:20 host kernel: %s' % NOISE]
        traces = 0
        for run in range(RUNS):
            shutil.rmtree(os.path.join(folder, 'journal'), ignore_errors=True)
            journals.write(os.path.join(folder, 'journal', 'x.journal'), rows)
            with open(os.path.join(folder, 'messages'), 'w') as target:
                target.write('\n'.join(lines) + '\n')
            os.utime(os.path.join(folder, 'messages'), (START // 1000000 + 900,) * 2)
            status, output = each_core.tasks(
                PLAY, wrap=daemon.wrap, options=['-e', json.dumps(dict(folder=folder, signatures=SIGNATURES))]
            )
            assert status == 0, output
            with open(os.path.join(folder, 'results.json')) as source:
                results = json.load(source)
            for result in results.values():
                assert [row['count'] for row in result['signatures']] == [1, 1, 0]
            assert results['journal']['entries'] == len(rows)
            assert results['text']['entries'] == len(lines)

            records = daemon.records(each_core.environ)
            for fields in records:
                rows.append(entry(number=len(rows), **dict(fields, message=fields['MESSAGE'])))
                # journald hands an entry without identifier to rsyslog; EL9 tags it with its _COMM, EL7 with `journal`.
                for tag in (
                    [fields['SYSLOG_IDENTIFIER']] if fields['SYSLOG_IDENTIFIER'] else [fields['_COMM'], 'journal']
                ):
                    lines.append(
                        'Nov 22 16:01:2%d host %s[%d]: %s'
                        % (run, tag, len(rows), fields['MESSAGE'].replace('\n', '#012'))
                    )
            # The scanners do not log their arguments at all; whoever else does is recognised.
            texts = [
                (fields['SYSLOG_IDENTIFIER'] or '') + fields['MESSAGE']
                for fields in records
                if NOISE[-9:] in json.dumps(fields)
            ]
            assert texts and not [text for text in texts if 'loghygiene' in text]
            traces += len(texts)
        assert traces >= RUNS  # without protection, this is what would have been counted
    finally:
        daemon.close()
