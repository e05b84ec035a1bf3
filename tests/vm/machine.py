#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual machine, and the control node's side of it."""
from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import images
from images import sandbox

WAIT = 600  # seconds for a boot: an emulated processor on a busy machine; a limit, nothing is asserted of it
FIXED = ('gnome-software-refresh-failed', 'tmpfiles-acl-missing-group')
DIVERTED = ('ahnlab-v3-module-lifecycle', 'ahnlab-v3-unknown-module-key')
PROVED = dict.fromkeys(FIXED + DIVERTED, 'proved')
REBOOT = ('-e', 'log_hygiene_reboot=true')
# All places that the collection writes to.
OURS = '/etc /usr/local/share /usr/local/libexec/log_hygiene /var/lib/log_hygiene /var/log/log_hygiene'
SELINUX = ' security=selinux selinux=1'
ARGUMENTS = 'root=/dev/vda ro console=ttyS0 quiet systemd.show_status=0 net.ifnames=0 mitigations=off'
# --root: what the files say. The manager's own answer takes longer than D-Bus waits for on a busy machine.
STATE = r'''set -eu -o pipefail
cd /
for what in '( -type f -o -type l -o -type d ) -printf %p_%m_%u_%g_%l\n' '-type f -exec sha256sum {} +'; do
    find /etc /usr/lib/tmpfiles.d /usr/local/share -xdev $what
done | sort
getfacl --absolute-names --recursive --skip-base /etc
systemctl --root=/ list-unit-files --no-legend | grep -v ' transient ' | sort'''


class Failed(Exception):
    """What did not work, with what was said."""


class Machine:
    """A machine with a disk of its own on top of an image."""

    def __init__(self, name: str, folder: Path):
        self.name, self.folder = name, folder
        self.image, self.el = images.image(name), images.IMAGES[name].el
        self.console, self.qemu = folder / 'console', None
        self.port = free_port()
        self.disk = folder / 'disk.qcow2'
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', str(self.image / 'disk'), str(self.disk)], check=True)
        self.ssh = ['-i', str(self.image / 'key'), '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null',
                    '-o', 'ConnectTimeout=20', '-o', 'LogLevel=ERROR', '-o', 'ServerAliveInterval=10', '-o', 'ServerAliveCountMax=6']
        # One connection for many commands, as a login costs the guest seconds; Ansible has one of its own.
        self.shared = ['-p', str(self.port), '-o', 'ControlMaster=auto', '-o', 'ControlPersist=60', '-o', f'ControlPath={folder}/ssh']
        self.inventory = folder / 'hosts.yml'
        self.inventory.write_text(json.dumps({'all': {'hosts': {name: {
            'ansible_host': '127.0.0.1', 'ansible_port': self.port, 'ansible_user': 'root', 'ansible_python_interpreter': '/usr/bin/python3',
            'ansible_ssh_common_args': ' '.join(self.ssh)}}}}))
        self.run_dir = folder / 'log_hygiene'

    def __enter__(self) -> Machine:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_what) -> None:
        self.stop()

    def start(self) -> None:
        """Turn it on and wait until it is up."""
        image = images.IMAGES[self.name]
        with open(self.console, 'ab') as console:
            self.qemu = subprocess.Popen([
                'nice', '-n', '5', 'qemu-system-x86_64', '-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'Nehalem,cx16=off', '-m', '1024',
                '-smp', str(image.processors), '-nodefaults', '-no-user-config', '-display', 'none', '-serial', 'stdio',
                '-kernel', str(self.image / 'vmlinuz'), '-initrd', str(self.image / 'initrd.img'), '-append', ARGUMENTS + SELINUX * image.selinux,
                # Nothing outlives the test, so nothing is synced here.
                '-drive', f'file={self.disk},if=virtio,cache=unsafe,format=qcow2',
                '-netdev', f'user,id=net0,restrict=off,hostfwd=tcp:127.0.0.1:{self.port}-:22', '-device', 'virtio-net-pci,netdev=net0,romfile=',
                '-device', 'virtio-rng-pci'], stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT)
        self.wait()

    def stop(self) -> None:
        if self.qemu:
            self.qemu.kill()
            self.qemu.wait()
            self.qemu = None

    def run(self, script: str, check: bool = True, stdin: bytes | None = None) -> str:
        """Run a script as root and return what it printed."""
        done = subprocess.run(['ssh', *self.ssh, *self.shared, 'root@127.0.0.1', script], input=stdin,
                              stdin=None if stdin is not None else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if check and done.returncode:
            raise Failed(f'{self.name}: {script}: exit status {done.returncode}\n{done.stderr.decode("utf-8", "replace")}')
        return done.stdout.decode('utf-8', 'replace')

    def boot_id(self) -> str:
        """The id of the present boot as the journal writes it; empty where nobody answers."""
        return self.run('cat /proc/sys/kernel/random/boot_id', check=False).strip().replace('-', '')

    def sshd_answers(self) -> bool:
        try:
            with socket.create_connection(('127.0.0.1', self.port), 10) as peer:
                peer.settimeout(10)
                return peer.recv(4) == b'SSH-'
        except OSError:
            return False

    def wait(self, other_than: str = '') -> str:
        """Wait until a boot, another than that one, is through; returns its id."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline and self.qemu.poll() is None:
            now = self.boot_id() if self.sshd_answers() else ''
            if now not in ('', other_than):
                state = self.run('systemctl is-system-running --wait', check=False).strip()
                if state in ('running', 'degraded'):
                    return now
            time.sleep(1)
        raise Failed(f'{self.name} is not up; the end of {self.console}:\n{self.console.read_text(errors="replace")[-3000:]}')

    def reboot(self) -> str:
        """Reboot as ansible.builtin.reboot does; returns the id of the new boot."""
        before = self.boot_id()
        self.run('shutdown -r 0', check=False)
        self.hang_up()
        return self.wait(other_than=before)

    def hang_up(self) -> None:
        """Give up a connection whose other side is gone."""
        subprocess.run(['ssh', *self.shared, '-O', 'exit', 'root@127.0.0.1'], stderr=subprocess.DEVNULL, check=False)

    # What the noise is, told without the collection.

    def look(self, expected: str) -> list[str]:
        """What is not as expected (noisy or remedied) in the present boot, a sentence each. A desktop takes its time to log in."""
        deadline = time.monotonic() + WAIT
        while True:
            rows = sandbox.look_at(self.name, self.el, [*images.NOISE, 'v3'], lambda *command: self.run(shlex.join(command), check=False))
            found = sandbox.complaints(rows, expected)
            if not found or time.monotonic() > deadline or expected != 'noisy':
                return found
            time.sleep(5)

    def journal(self, arguments: str) -> list[str]:
        """Messages of the journal."""
        return self.run(f'journalctl -q -o cat {arguments}').splitlines()

    def state(self) -> str:
        """All that /etc is, and the units that are enabled."""
        return self.run(STATE)

    # What SELinux says.

    def denials(self) -> set[tuple[str, ...]]:
        """What was denied to whom since the machine was made, each once."""
        told = [line for line in self.run('journalctl -q -o cat _TRANSPORT=audit').splitlines() if 'avc:' in line and 'denied' in line]
        return {tuple(re.findall(r'\{ [^}]* \}|\b(?:comm|exe|scontext|tcontext|tclass)=\S+', line)) for line in told}

    def wrong_labels(self) -> set[str]:
        """What restorecon would change where the collection writes."""
        return set(self.run(f'restorecon -n -R -v {OURS} 2>/dev/null', check=False).splitlines())

    # What an administrator runs.

    def command(self, playbook: str, *more: str) -> list[str]:
        return [str(Path(os.environ['ANSIBLE_NEWEST_BIN']) / 'ansible-playbook'), f'loghygiene.rhel.{playbook}', '-i', str(self.inventory),
                '-e', f'log_hygiene_run_dir={self.run_dir}', '-e', 'log_hygiene_reboot_timeout=%d' % WAIT, *more]

    def environment(self) -> dict[str, str]:
        return dict(os.environ, ANSIBLE_PIPELINING='1', ANSIBLE_NOCOLOR='1', ANSIBLE_TIMEOUT='30')

    def play(self, playbook: str, *more: str, status: int = 0) -> str:
        """Run a playbook of the collection; its exit status must be that; returns what it printed."""
        done = subprocess.run(self.command(playbook, *more), cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert done.returncode == status, done.stdout
        return done.stdout

    def record(self) -> dict:
        return json.loads((self.run_dir / f'{self.name}.json').read_text())

    def verdicts(self, names: tuple[str, ...]) -> dict[str, str]:
        return {row['signature_id']: row['verdict'] for row in self.record()['verify']['verdicts'] if row['signature_id'] in names}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def main() -> None:
    """Run a machine by hand until it is turned off: tests/vm/machine.py el9 FOLDER."""
    folder = Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    machine = Machine(sys.argv[1], folder)
    try:
        machine.start()
        print('ssh', *machine.ssh, '-p', machine.port, 'root@127.0.0.1', flush=True)
        machine.qemu.wait()
    finally:
        machine.stop()


if __name__ == '__main__':
    main()
