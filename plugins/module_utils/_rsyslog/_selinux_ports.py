# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the SELinux policy lets rsyslogd connect to a port, by the lists of semanage and of the policy's store.

What syslogd_t may connect to, and the ports that the policy comes with, was read in selinux-policy, branches f21 (EL 7),
f30 (EL 8), c9s and c10s: policy/modules/system/logging.te, kernel/corenetwork.te.in. Pure. Standard library only. Runs
under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import re

# corenet_tcp_connect_*_port(syslogd_t). Sending by UDP is allowed to all ports (corenet_udp_sendrecv_all_ports).
ALLOWED = frozenset(['syslogd_port_t', 'syslog_tls_port_t', 'rsh_port_t', 'postgresql_port_t', 'mysqld_port_t',
                     'http_port_t', 'wap_wsp_port_t'])
# EL 7 has no http and no wap_wsp there, and fewer ports (see SHIPPED).
ALLOWED_7 = ALLOWED - frozenset(['http_port_t', 'wap_wsp_port_t'])
# Booleans that let it connect to more: auth_use_nsswitch(syslogd_t), logging_syslogd_can_sendmail.
ANY_PORT = 'nis_enabled'
SENDMAIL = 'logging_syslogd_can_sendmail'
TYPE = 'syslogd_port_t'
# Types of whole ranges that no service has: a port of these alone is free to be given to one.
GENERIC = frozenset(['unreserved_port_t', 'reserved_port_t', 'hi_reserved_port_t', 'ephemeral_port_t', 'port_t'])
# TCP ports that the policy itself gives to what a collector may listen on: {type: ports}, for where semanage is missing.
SHIPPED = {
    'rsh_port_t': u'514', 'syslogd_port_t': u'601, 20514', 'syslog_tls_port_t': u'6514, 10514',
    'http_port_t': u'80, 81, 443, 488, 8008, 8009, 8443, 9000', 'wap_wsp_port_t': u'9200',
    'postgresql_port_t': u'5432, 9898', 'mysqld_port_t': u'1186, 3306, 63132-63164', 'smtp_port_t': u'25, 465, 587'}
SHIPPED_7 = dict(SHIPPED, syslogd_port_t=u'601', syslog_tls_port_t=u'6514', postgresql_port_t=u'5432')

_LISTED = re.compile(r'^(\w+)[ \t]+(tcp|udp|dccp|sctp)[ \t]+([0-9][0-9, -]*)$', re.MULTILINE)
# ports.local in the store of the policy: what `semanage port` has added here.
_LOCAL = re.compile(r'^portcon[ \t]+(\w+)[ \t]+([0-9]+(?:[ \t]*-[ \t]*[0-9]+)?)[ \t]+[^:\s]+:[^:\s]+:(\w+)', re.MULTILINE)


def listed(text):
    """Parse the TCP ports in the output of `semanage port -l` (text): {type: its ports as text}."""
    return dict((name, ports) for name, protocol, ports in _LISTED.findall(text) if protocol == 'tcp')


def known(local, el7=False):
    """Return the same without semanage: the ports of the shipped policy, and those of its file ports.local (text)."""
    found = dict(SHIPPED_7 if el7 else SHIPPED)
    for protocol, ports, name in _LOCAL.findall(local):
        if protocol == 'tcp':
            found[name] = u', '.join([ports] + [found[name]] * (name in found))
    return found


def types_of(port, ports):
    """Return the types (set) of a port (int) by {type: ports}; the generic types only if it has no other."""
    found = set(name for name, text in ports.items() if any(
        low <= port <= high for low, high in _ranges(text)))
    return found - GENERIC or found


def _ranges(text):
    for part in text.split(u','):
        ends = [int(end) for end in part.split(u'-') if end.strip().isdigit()]
        if ends:
            yield ends[0], ends[-1]


def denied(port, protocol, ports, booleans=(), el7=False):
    """Return the types (sorted list) of a port that rsyslogd may not connect to, or None if it may.

    :arg ports: as listed() or known() give them. :arg booleans: those of SELinux that are on.
    """
    if protocol != 'tcp' or ANY_PORT in booleans:
        return None
    found = types_of(port, ports)
    allowed = (ALLOWED_7 if el7 else ALLOWED) | frozenset(['smtp_port_t'] * (SENDMAIL in booleans))
    return None if found & allowed else sorted(found - GENERIC)


def command(port, types):
    """Return the command (list of text) that lets rsyslogd connect to a TCP port of these types (from denied()).

    A port that another service has is modified, not added.
    """
    return ['semanage', 'port', '-m' if types else '-a', '-t', TYPE, '-p', 'tcp', '%d' % port]
