# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A real EL init image (LOG_HYGIENE_IMAGE), with what a server has and an init image has not.
ARG BASE
FROM ${BASE}
RUN dnf install -y --setopt=install_weak_deps=False rsyslog logrotate acl openssh-server sudo procps-ng iproute \
        util-linux python3 systemd-journal-remote tzdata rsyslog-gnutls rsyslog-openssl openssl && dnf clean all
RUN mkdir -p /var/log/journal && systemctl enable rsyslog.service sshd.service && \
    systemctl mask console-getty.service getty.target dnf-makecache.timer
COPY images/init /usr/local/sbin/sandbox-init
ENV container=podman
STOPSIGNAL SIGRTMIN+3
CMD ["/usr/local/sbin/sandbox-init"]
