#!/usr/bin/env python3
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the disks of the virtual machines in .cache/vm, from Debian packages and the sandbox's layout of EL. Needs root.

    tests/vm/images.py el9 el10
"""
from __future__ import annotations

import collections
import contextlib
import hashlib
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "vm"
DISK = "3G"
# The noise of the sandbox whose cause is in the image. V3's lines come from the kernel module here, its neighbours from the sandbox.
NOISE = ("gnome-software", "tmpfiles")
NEIGHBOURS = "v3/files/etc/systemd/system/log-hygiene-v3-neighbours.service"
PACKAGES = ["linux-image-cloud-amd64", "initramfs-tools", "zstd", "kmod", "udev"]
SELINUX = ["selinux-policy-default", "policycoreutils", "policycoreutils-python-utils", "selinux-utils", "netbase"]
# el: the release that an image stands in for. An image with SELinux is labelled while it is made, so that its first boot enforces.
Image = collections.namedtuple("Image", "el selinux processors")
# One processor: kernel 6.12 rewrites its own code at boot, and the emulation of two has been seen to run half of it.
IMAGES = {"el9": Image(9, True, 2), "el10": Image(10, False, 1)}

FILES = {
    "etc/fstab": "/dev/vda / ext4 defaults 0 1\n",
    "etc/hostname": "machine\n",
    "etc/hosts": "127.0.0.1 localhost machine\n",
    "etc/systemd/network/10-qemu.network":
        "[Match]\nName=eth0\n\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n",
    "etc/modules-load.d/v3.conf": "asm\n",
    # What an update of V3's engine does, while rsyslogd runs.
    "etc/systemd/system/v3-update.service":
        "[Unit]\nDescription=Unload and load the kernel module of the tests\nAfter=rsyslog.service\n\n[Service]\nType=oneshot\n"
        "ExecStart=/sbin/modprobe --remove asm\nExecStart=/sbin/modprobe asm\n\n[Install]\nWantedBy=multi-user.target\n",
    "etc/initramfs-tools/conf.d/small": "MODULES=list\n",
    "etc/initramfs-tools/modules": "virtio_pci\nvirtio_blk\next4\n",
}
SELINUX_FILES = {
    # gdm's worker logs a desktop in as what pam_selinux says; the sandbox's program has no label of gdm's.
    "etc/systemd/system/log-hygiene-desktop-login.service.d/selinux.conf":
        "[Service]\nSELinuxContext=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\n",
    # Debian's policy does not let logind write down when it is to reboot.
    "etc/tmpfiles.d/selinux.conf": "d /run/systemd/shutdown 0755 root root -\n",
    "etc/selinux/default/contexts/files/file_contexts.local":
        "/usr/local/libexec/log-hygiene-sandbox(/.*)?\tsystem_u:object_r:bin_t:s0\n"
        "/run/systemd/shutdown(/.*)?\tsystem_u:object_r:systemd_logind_runtime_t:s0\n",
}
SHAPE = r"""
systemctl -q enable systemd-networkd.service log-hygiene-v3-neighbours.service v3-update.service
systemctl -q mask systemd-timesyncd.service e2scrub_reap.service e2scrub_all.timer fstrim.timer apt-daily.timer apt-daily-upgrade.timer
depmod "$(ls /lib/modules)"
update-initramfs -u
apt-get clean
rm -rf /var/lib/apt/lists/* /var/log/journal/*
"""
ENFORCE = r"""
sed -i s/^SELINUX=.*/SELINUX=enforcing/ /etc/selinux/config
setfiles -m -F -e /proc -e /sys -e /dev /etc/selinux/default/contexts/files/file_contexts /
"""
BUILD_MODULE = r"""
apt-get update -q
apt-get install -q -y --no-install-recommends make linux-headers-cloud-amd64="$(dpkg-query -W -f '${Version}' linux-image-cloud-amd64)"
make -C "/lib/modules/$(ls /lib/modules)/build" M=/module modules
"""


def load_sandbox():
    """The program of the sandbox as a module."""
    loader = importlib.machinery.SourceFileLoader("sandbox_command", str(HERE.parent / "sandbox" / "sandbox"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module
    sys.dont_write_bytecode, kept = True, sys.dont_write_bytecode
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module


sandbox = load_sandbox()


def run(*command: str, stdin: str | None = None) -> str:
    return sandbox.run(*command, stdin=None if stdin is None else stdin.encode()).stdout


@contextlib.contextmanager
def mounted(root: Path):
    """The file systems that package scripts want."""
    folders = ("proc", "sys", "dev")
    for folder in folders:
        run("mount", "--rbind", "--make-rslave", f"/{folder}", str(root / folder))
    try:
        yield
    finally:
        for folder in reversed(folders):
            run("umount", "--recursive", "--lazy", str(root / folder))


def inside(root: Path, script: str, *arguments: str) -> None:
    run("chroot", str(root), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8",
        "sh", "-eu", "-s", *arguments, stdin=script)


def lay_over(root: Path, *folders: Path) -> None:
    for folder in folders:
        if folder.is_dir():
            run("cp", "--recursive", "--no-preserve=ownership,timestamps", f"{folder}/.", str(root))


def build_module(root: Path, work: Path) -> None:
    """Compile the kernel module in a layer over the image, so that neither compiler nor headers get into it."""
    layer = work / "layer"
    for name in ("upper", "work", "merged"):
        (layer / name).mkdir(parents=True)
    merged = layer / "merged"
    run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={root},upperdir={layer}/upper,workdir={layer}/work", str(merged))
    try:
        with mounted(merged):
            shutil.copytree(HERE / "module", merged / "module")
            inside(merged, BUILD_MODULE)
            extra = next((root / "lib" / "modules").iterdir()) / "extra"
            extra.mkdir()
            shutil.copy(merged / "module" / "asm.ko", extra)
    finally:
        run("umount", str(merged))


def make(name: str, folder: Path, work: Path) -> None:
    el, selinux, _processors = IMAGES[name]
    suite = sandbox.RELEASES[el]["suite"]
    root = work / "root"
    run("mmdebstrap", "--quiet", "--mode=root", "--variant=apt", f"--include={','.join(sandbox.PACKAGES + PACKAGES + SELINUX * selinux)}",
        *sandbox.apt_proxy(), suite, str(root), sandbox.debian_mirror())
    sources = sandbox.HERE
    lay_over(root, sources / "rootfs" / "common", sources / "rootfs" / f"el{el}")
    for noise in NOISE:
        lay_over(root, sandbox.NOISE / noise / "files", sandbox.NOISE / noise / f"files-el{el}")
    shutil.copy(sandbox.NOISE / NEIGHBOURS, root / "etc/systemd/system")
    for path, text in (FILES | SELINUX_FILES if selinux else FILES).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    # A machine that is long past its first boot.
    (root / "etc/machine-id").write_text(uuid.uuid4().hex + "\n")
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "key"))
    (root / "root/.ssh").mkdir(mode=0o700, exist_ok=True)
    shutil.copy(folder / "key.pub", root / "root/.ssh/authorized_keys")
    build_module(root, work)
    with mounted(root):
        inside(root, (sources / "images" / "shape-standin").read_text(), str(el))
        for noise in NOISE:
            inside(root, (sandbox.NOISE / noise / "seed").read_text(), str(el))
        inside(root, SHAPE)
        if selinux:
            inside(root, ENFORCE)
    for kind in ("vmlinuz", "initrd.img"):
        shutil.copy(next((root / "boot").glob(f"{kind}-*")), folder / kind)
    run("mke2fs", "-q", "-t", "ext4", "-L", "root", "-d", str(root), str(folder / "disk"), DISK)


def image(name: str) -> Path:
    """The folder of an image, made when missing: disk (ext4), vmlinuz, initrd.img, and key of root."""
    inputs = sandbox.digest_of(sandbox.HERE / "rootfs", sandbox.HERE / "images", *(sandbox.NOISE / noise for noise in NOISE + ("v3",)))
    for path in (HERE / "images.py", HERE / "module" / "asm.c", HERE / "module" / "Makefile"):
        inputs = hashlib.sha256(inputs.encode() + path.read_bytes()).hexdigest()[:16]
    folder = CACHE / f"{name}-{inputs}"
    if (folder / "disk").exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    for old in CACHE.glob(f"{name}-{'?' * 16}"):
        shutil.rmtree(old)
    print(f"{name}: making the image", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="making-", dir=CACHE) as work:
        made = Path(work) / "made"
        made.mkdir()
        make(name, made, Path(work))
        made.rename(folder)
    return folder


if __name__ == "__main__":
    if os.geteuid():
        sys.exit("images.py: this needs root")
    unknown = set(sys.argv[1:]) - set(IMAGES)
    if unknown:
        sys.exit(f"images.py: no such image: {', '.join(sorted(unknown))} (there are {', '.join(IMAGES)})")
    try:
        for wanted in sys.argv[1:] or IMAGES:
            print(image(wanted))
    except (sandbox.SandboxError, subprocess.CalledProcessError) as error:
        sys.exit(f"images.py: {error}")
