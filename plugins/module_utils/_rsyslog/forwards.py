# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host needs before rsyslogd can forward: a spool, the TLS files and driver, a port that SELinux allows.

Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import io
import os
import re

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import process, safe_paths
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, drop_ins as rsyslog_drop_ins, policy as rsyslog_policy, queue as rsyslog_queue,
    _selinux_ports as selinux_ports)

DRIVER_FOLDERS = ('/usr/lib64/rsyslog', '/usr/lib/rsyslog', '/usr/lib/*/rsyslog')


def ready(module, forwards, configuration, result):
    """Ensure that the host has what forwards need. Fills `result`. Raises RsyslogError if it does not."""
    spool, disk = configuration.spool(), rsyslog_drop_ins.Disk()
    if not disk.is_dir(spool):
        raise rsyslog.RsyslogError('There is no directory %s for the queues of forwards. Make it, or name another one '
                                   'in %s: global(workDirectory="..."). Nothing was changed.'
                                   % (spool, configuration.path))
    unsafe = safe_paths.check(os.path.join(spool, 'queue'))
    if unsafe:
        raise rsyslog.RsyslogError('The queues of forwards: %s Nothing was changed.' % unsafe)
    check_ports(module, forwards, result)
    for rule in forwards:
        forward = rule['forward']
        name, limit = 'log_hygiene_' + rule['name'], forward['queue']['disk_bytes']
        messages, why, left, goes_on = rsyslog_queue.queue_state(spool, name)
        bytes_ = rsyslog_queue.waiting(spool, name)
        result['forwards'].append(dict(rule=rule['name'], target=forward['target'], port=forward['port'],
                                       protocol=forward['protocol'], tls=bool(forward['tls']),
                                       waiting_messages=messages, waiting_bytes=bytes_, queue_broken=None,
                                       unreadable_messages=0))
        if why:
            result['forwards'][-1].update(queue_broken=why.replace('NAME', name), unreadable_messages=(
                None if messages is None else max(messages - left, 0)))
            result['notes'].append(rsyslog_policy.queue_note(rule, name, spool, why, messages, left, goes_on))
            if not goes_on:
                result['set_aside'].append('%s/%s' % (spool, name))
        elif bytes_ > limit // 10:
            result['notes'].append('%d messages (%d of %d bytes) wait on disk for the collector %s of rule %s. When all '
                                   'is full, no more is forwarded.'
                                   % (messages, bytes_, limit, forward['target'], rule['name']))
        if forward['protocol'] == 'udp':
            result['notes'].append('Rule %s forwards by UDP: what is sent while the collector is down is lost.'
                                   % rule['name'])
        tls = forward['tls'] or {}
        for key in ('ca_file', 'cert_file', 'key_file'):
            if tls.get(key) and not disk.is_file(tls[key]):
                raise rsyslog.RsyslogError('Rule %s: forward.tls.%s: there is no file %s. Put it there first. Nothing '
                                           'was changed.' % (rule['name'], key, tls[key]))
        if tls and tls['driver'] == 'ossl' and rsyslog_drop_ins.version(module) < rsyslog_policy.SOUND_OSSL:
            raise rsyslog.RsyslogError('Rule %s: forward.tls.driver: before 8.2602, rsyslogd with ossl closes a '
                                       'descriptor twice whenever a connection ends, and may so close a log file or '
                                       'hang. Use gtls (package rsyslog-gnutls). Nothing was changed.' % rule['name'])
        if tls and not driver_there(module, disk, tls['driver']):
            raise rsyslog.RsyslogError('Rule %s: rsyslogd has no driver lmnsd_%s.so for TLS. Install %s. Nothing was '
                                       'changed.' % (rule['name'], tls['driver'],
                                                     rsyslog_policy.DRIVERS[tls['driver']]))


def selinux_store(read):
    """Return (the names of the enabled booleans, the text of ports.local) of the active policy. `read`: path -> text."""
    name = ''.join(re.findall(r'^SELINUXTYPE=[ \t]*(\w+)', read('/etc/selinux/config'), re.MULTILINE)[-1:]) or 'targeted'
    local = (read('/var/lib/selinux/%s/active/ports.local' % name)
             or read('/etc/selinux/%s/active/ports.local' % name)
             or read('/etc/selinux/%s/modules/active/ports.local' % name))
    booleans = [one for one in (selinux_ports.ANY_PORT, selinux_ports.SENDMAIL)
                if read('/sys/fs/selinux/booleans/' + one).startswith('1')]
    return booleans, local


def check_ports(module, forwards, result, read=None):
    """Check that SELinux lets rsyslogd connect to the collectors. Raises RsyslogError, or notes what to allow."""
    read = read or read_if_there
    if read('/sys/fs/selinux/enforce').strip() != '1':
        return
    booleans, local = selinux_store(read)
    el7 = rsyslog_drop_ins.version(module) < (8, 25)
    semanage = module.get_bin_path('semanage', opt_dirs=['/usr/sbin', '/sbin'])
    ports = {}
    if semanage:
        try:
            status, out, dummy = process.run([semanage, 'port', '-l'])
        except EnvironmentError:
            status = None
        ports = selinux_ports.listed(out) if status == 0 else {}
    ports = ports or selinux_ports.known(local, el7)
    for rule in forwards:
        forward = rule['forward']
        types = selinux_ports.denied(forward['port'], forward['protocol'], ports, booleans, el7)
        if types is None:
            continue
        command = ' '.join(selinux_ports.command(forward['port'], types))
        if module.params['selinux_ports'] and semanage and not types:
            if command not in result['selinux_ports']:
                result['selinux_ports'].append(command)
            continue
        raise rsyslog.RsyslogError(
            'Rule %s: SELinux (enforcing) does not let rsyslogd connect to %s, port %d, %s. Run "%s"%s, or have the '
            'collector listen on port 601, 6514 or 20514%s. Nothing was changed.'
            % (rule['name'], forward['target'], forward['port'],
               'which is that of %s' % ' and '.join(types) if types else 'which is of no type that it may use', command,
               ', which takes the port from that service' if types else
               ' (package policycoreutils-python-utils; policycoreutils-python on EL 7)' if not semanage else
               ', or set syslog_policy_selinux_ports: true to have it done', ' (EL 7: 601 or 6514)' if el7 else ''))


def allow_ports(module, commands):
    """Run these semanage commands (list of text). Raises RsyslogError."""
    semanage = module.get_bin_path('semanage', opt_dirs=['/usr/sbin', '/sbin'])
    for command in commands:
        try:
            status, out, err = process.run([semanage] + command.split()[1:])
        except EnvironmentError as error:
            status, out, err = None, '', error.strerror or str(error)
        if status != 0:
            raise rsyslog.RsyslogError('"%s" failed: %s. The drop-ins were not changed.'
                                       % (command, ' '.join((err or out).split())[:300] or 'exit status %s' % status))


def read_if_there(path):
    """Return the text of a small file, or '' if it cannot be read."""
    try:
        with io.open(path, encoding='utf-8', errors='replace') as source:
            return source.read(1 << 20)
    except EnvironmentError:
        return u''


def driver_there(module, disk, driver):
    """Return whether the TLS driver of this name is in a module directory of the distribution or of this rsyslogd."""
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(rsyslog_drop_ins.find_rsyslogd(module))))
    folders = DRIVER_FOLDERS + (prefix + '/lib/rsyslog', prefix + '/lib64/rsyslog')
    return any(disk.glob('%s/lmnsd_%s.so' % (folder, driver)) for folder in folders)
