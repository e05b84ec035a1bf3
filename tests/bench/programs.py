# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of an ordinary EL 9 server: what they say, and which fields the journal has of them."""

import collections

# share: how many of 1,000 ordinary entries are of this program. messages: list of (weight, priority, text), where the
# text holds the places that `Numbers` of logs.py fills, so that most messages are distinct, as on a real host.
Program = collections.namedtuple('Program', 'share identifier transport facility unit exe cmdline uid context messages')

PROGRAMS = [
    Program(250, 'systemd', 'journal', 3, 'init.scope', '/usr/lib/systemd/systemd',
            '/usr/lib/systemd/systemd --switched-root --system --deserialize 31', 0, 'init_t', [
                (30, 'info', 'Started Session {n} of User root.'),
                (20, 'info', 'session-{n}.scope: Deactivated successfully.'),
                (10, 'info', 'Starting system activity accounting tool...'),
                (10, 'info', 'sysstat-collect.service: Deactivated successfully.'),
                (10, 'info', 'Finished system activity accounting tool.'),
                (10, 'info', 'run-user-{uid}-{hex}.mount: Deactivated successfully.'),
                (5, 'info', 'user@{uid}.service: Consumed {n}ms CPU time.'),
                (1, 'warning', 'app-{hex}.service: Main process exited, code=exited, status={small}/FAILURE'),
                (1, 'warning', "app-{hex}.service: Failed with result 'exit-code'."),
                (1, 'err', 'Failed to start Application worker {n}.')]),
    Program(130, 'sshd', 'syslog', 10, 'sshd.service', '/usr/sbin/sshd', 'sshd: admin [priv]', 0, 'sshd_t', [
        (30, 'info', 'Accepted publickey for admin from {ip} port {port} ssh2: ED25519 SHA256:{hex}{hex}{hex}'),
        (30, 'info', 'pam_unix(sshd:session): session opened for user admin(uid={uid}) by (uid=0)'),
        (20, 'info', 'Received disconnect from {ip} port {port}:11: disconnected by user'),
        (20, 'info', 'Disconnected from user admin {ip} port {port}'),
        (10, 'info', 'Connection closed by {ip} port {port} [preauth]'),
        (3, 'info', 'Failed password for invalid user test{small} from {ip} port {port} ssh2'),
        (2, 'warning', 'error: kex_exchange_identification: banner line {small} contains invalid characters')]),
    Program(90, 'CROND', 'syslog', 9, 'crond.service', '/usr/sbin/crond', '/usr/sbin/CROND -n', 0, 'crond_t', [
        (1, 'info', '(root) CMD (/usr/lib64/sa/sa1 1 1)'),
        (3, 'info', '(app) CMD (/opt/app/bin/collect --run {n} --output /var/lib/app/{hex}.csv)'),
        (3, 'info', '(app) CMDEND (/opt/app/bin/collect --run {n} --output /var/lib/app/{hex}.csv)')]),
    Program(80, 'kernel', 'kernel', 0, None, None, None, None, None, [
        (40, 'info', 'IPv4: veth{hex}: link becomes ready'),
        (40, 'info', 'br0: port {small}(veth{hex}) entered forwarding state'),
        (5, 'info', 'perf: interrupt took too long ({n} > {n}), lowering kernel.perf_event_max_sample_rate to {n}'),
        (20, 'info', 'FINAL_REJECT: IN=eth0 OUT= MAC=52:54:00:{mac} SRC={ip} DST=192.0.2.10 LEN=40 TOS=0x00 PREC=0x00 '
                     'TTL=241 ID={n} PROTO=TCP SPT={port} DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0'),
        (4, 'warning', 'nfs: server storage{small}.example.com not responding, still trying'),
        (3, 'warning', 'EXT4-fs warning (device dm-{small}): ext4_dx_add_entry:2461: Directory (ino: {n}) index full'),
        (1, 'err', 'blk_update_request: I/O error, dev sd{letter}, sector {n} op 0x0:(READ)')]),
    Program(80, 'app-server', 'stdout', 3, 'app.service', '/usr/lib/jvm/jre-17/bin/java',
            '/usr/lib/jvm/jre-17/bin/java -Xmx2g -Dspring.profiles.active=prod -jar /opt/app/lib/app-server.jar', 990,
            'unconfined_service_t', [
                (40, 'info', 'INFO  [http-nio-8080-exec-{small}] c.e.app.OrderController - order {n} accepted for '
                             'customer {uuid} in {small} ms'),
                (40, 'info', 'INFO  [scheduler-{small}] c.e.app.Sync - {n} rows written, checksum {hex}{hex}'),
                # Longer than 512 bytes, the size from which journald compresses.
                (2, 'info', 'ERROR [http-nio-8080-exec-{small}] c.e.app.OrderController - order {n} failed: '
                 + ' '.join('at com.example.app.%s.%s(%s.java:{small})' % (package, method, package.title())
                            for package in ('order', 'stock', 'billing', 'ledger', 'audit')
                            for method in ('validate', 'reserve', 'commit')))]),
    Program(70, 'NetworkManager', 'journal', 3, 'NetworkManager.service', '/usr/sbin/NetworkManager',
            '/usr/sbin/NetworkManager --no-daemon', 0, 'NetworkManager_t', [
                (40, 'info', '<info>  [{n}.{small}] dhcp4 (eth0): state changed new lease, address={ip}'),
                (20, 'info', '<info>  [{n}.{small}] device (veth{hex}): carrier: link connected'),
                (2, 'warning', '<warn>  [{n}.{small}] device (veth{hex}): no IPv6 link-local address')]),
    Program(60, 'dbus-broker-launch', 'journal', 3, 'dbus-broker.service', '/usr/bin/dbus-broker-launch',
            '/usr/bin/dbus-broker-launch --scope system --audit', 81, 'system_dbusd_t', [
                (20, 'info', 'Ready'),
                (1, 'warning', "Service file '/usr/share/dbus-1/services/app-{hex}.service' is not named after the"
                               " D-Bus name 'com.example.App{n}'.")]),
    Program(60, 'postfix/smtpd', 'syslog', 2, 'postfix.service', '/usr/libexec/postfix/smtpd',
            'smtpd -n smtp -t inet -u', 89, 'postfix_smtpd_t', [
                (40, 'info', 'connect from mail{small}.example.net[{ip}]'),
                (20, 'info', '{hex}: client=mail{small}.example.net[{ip}]'),
                (20, 'info', 'disconnect from mail{small}.example.net[{ip}] ehlo=1 mail=1 rcpt=1 data=1 quit=1'),
                (2, 'warning', 'warning: hostname host{n}.example.net does not resolve to address {ip}')]),
    Program(50, 'chronyd', 'syslog', 3, 'chronyd.service', '/usr/sbin/chronyd', '/usr/sbin/chronyd -F 2', 993,
            'chronyd_t', [
                (30, 'info', 'Selected source {ip} (2.rhel.pool.ntp.org)'),
                (2, 'warning', 'System clock wrong by 0.{n} seconds')]),
    Program(40, 'sudo', 'syslog', 10, 'user.slice', '/usr/bin/sudo', 'sudo systemctl status app', 0, 'unconfined_t', [
        (10, 'notice', '   admin : TTY=pts/{small} ; PWD=/home/admin ; USER=root ; '
                       'COMMAND=/bin/systemctl status app-{n}'),
        (10, 'info', 'pam_unix(sudo:session): session closed for user root')]),
    Program(40, 'systemd-logind', 'journal', 4, 'systemd-logind.service', '/usr/lib/systemd/systemd-logind',
            '/usr/lib/systemd/systemd-logind', 0, 'systemd_logind_t', [
                (10, 'info', 'New session {n} of user admin.'),
                (10, 'info', 'Session {n} logged out. Waiting for processes to exit.'),
                (10, 'info', 'Removed session {n}.')]),
    Program(30, 'rsyslogd', 'syslog', 5, 'rsyslog.service', '/usr/sbin/rsyslogd', '/usr/sbin/rsyslogd -n', 0,
            'syslogd_t', [
                (9, 'info', '[origin software="rsyslogd" swVersion="8.2310.0-4.el9" x-pid="{pid}"] rsyslogd was HUPed'),
                (1, 'warning', "imjournal: open on '/var/lib/rsyslog/imjournal.state.{hex}.tmp' failed")]),
    Program(20, 'podman', 'syslog', 3, 'podman.service', '/usr/bin/podman', '/usr/bin/podman healthcheck run app', 0,
            'container_runtime_t', [
                (1, 'info', 'time="{n}" level=info msg="container health_status {hex}{hex} (name=app-{small})"')]),
]

# How a program that only noise comes from appears.
STRANGER = Program(0, '', 'syslog', 3, '{0}.service', '/usr/sbin/{0}', '/usr/sbin/{0} --foreground', 0,
                   'unconfined_t', [])
