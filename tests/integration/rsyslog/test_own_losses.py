# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rsyslogd itself writes of messages that it lost, read by the scanner from the log that rsyslogd wrote."""

import contextlib
import glob
import os
import shutil
import socket
import subprocess

import pytest
from rsyslog_host import PATIENCE, wait_for

from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile import scan as logfile_scan

RSYSLOGD = shutil.which('rsyslogd', path=os.environ['PATH'] + ':/usr/sbin')
CONFIG = '''
global(processInternalMessages="on" workDirectory="%(folder)s/work")
module(load="imuxsock" sysSock.use="off")
input(type="imuxsock" socket="%(folder)s/socket")
template(name="nowhere" type="string" string="%(folder)s/messages/it's/%%programname%%")
action(type="omfile" file="%(folder)s/messages" asyncWriting="off" flushOnTXEnd="on")
if $programname == "app" then {
%(rule)s
}
'''
# A folder that cannot be made, for a file stands where it should be.
TO_NOWHERE = 'action(type="omfile" dynaFile="nowhere")'
QUEUED = '''action(type="omfwd" target="127.0.0.1" port="PORT" protocol="tcp" action.resumeRetryCount="-1" name="fwd"
  action.resumeInterval="30" queue.type="Disk" queue.filename="fwd" queue.saveOnShutdown="on" queue.timeoutShutdown="1")'''


class Rsyslogd:
    """An rsyslogd with a rule for what `app` says, which writes everything to messages, its own words too."""

    def __init__(self, folder, rule):
        self.folder = str(folder)
        os.mkdir(os.path.join(self.folder, 'work'))
        with socket.socket() as closed:  # a port that nobody listens on
            closed.bind(('127.0.0.1', 0))
            rule = rule.replace('PORT', str(closed.getsockname()[1]))
        with open(os.path.join(self.folder, 'rsyslog.conf'), 'w', encoding='ascii') as target:
            target.write(CONFIG % {'folder': self.folder, 'rule': rule})

    def said(self):
        path = os.path.join(self.folder, 'messages')
        if not os.path.exists(path):
            return ''
        with open(path, encoding='utf-8') as source:
            return source.read()

    @contextlib.contextmanager
    def running(self):
        process = subprocess.Popen(
            [RSYSLOGD, '-n', '-i', os.path.join(self.folder, 'pid'), '-f', os.path.join(self.folder, 'rsyslog.conf')],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)

    def say(self, text):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stream:
            wait_for(lambda: os.path.exists(os.path.join(self.folder, 'socket')))
            stream.connect(os.path.join(self.folder, 'socket'))
            stream.send(b'<12>Nov 22 16:01:20 app: ' + text)

    def losses(self):
        """{source: entries} of what the scanner finds that rsyslogd discarded."""
        rows = logfile_scan.scan([os.path.join(self.folder, 'messages')], [], 0)['losses']
        return dict((row['source'], row['entries']) for row in rows if row['kind'] == 'rsyslog-discarded')


@pytest.fixture
def rsyslogd(request, tmp_path):
    return Rsyslogd(tmp_path, request.param)


@pytest.mark.parametrize('rsyslogd', [TO_NOWHERE], indirect=True)
def test_a_file_that_cannot_be_made(rsyslogd):
    with rsyslogd.running() as process:
        for _number in range(3):
            rsyslogd.say(b'lost')
        wait_for(lambda: rsyslogd.said().count('discarding message') == 3, process, rsyslogd.said)
    assert 'rsyslogd-2207: error during config processing: Could not open dynamic file' in rsyslogd.said()
    assert rsyslogd.losses() == {rsyslogd.folder + "/messages/it's/app": 3}


@pytest.mark.parametrize('rsyslogd', [QUEUED], indirect=True)
def test_a_queue_whose_file_is_empty(rsyslogd):
    """As a power cut leaves it: the .qi file speaks of messages that are not there."""
    with rsyslogd.running() as process:
        for _number in range(3):
            rsyslogd.say(b'kept')
        wait_for(lambda: rsyslogd.said().count('kept') == 3, process, rsyslogd.said)
    assert rsyslogd.losses() == {}
    parts = [path for path in glob.glob(os.path.join(rsyslogd.folder, 'work', 'fwd.*')) if not path.endswith('.qi')]
    assert parts and os.path.exists(os.path.join(rsyslogd.folder, 'work', 'fwd.qi'))
    for path in parts:
        os.truncate(path, 0)
    with rsyslogd.running() as process:
        wait_for(lambda: 'emergency switch to direct mode' in rsyslogd.said(), process, rsyslogd.said)
    assert 'qDeqDisk error happened' in rsyslogd.said()
    assert rsyslogd.losses() == {'fwd queue': 3}
