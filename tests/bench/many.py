# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes as many signatures as anybody will ever have, of the form that people write."""

import copy
import os

import yaml

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog

MODEL = 'pam-systemd-release-session'  # what is not measured is taken from this signature of the catalog

IDENTIFIERS = [
    'kernel', 'multipathd', 'iscsid', 'lvm', 'dmeventd', 'mdadm', 'smartd', 'rpcbind', 'rpc.mountd', 'nfsdcltrack',
    'automount', 'httpd', 'nginx', 'php-fpm', 'haproxy', 'keepalived', 'squid', 'dovecot', 'opendkim', 'clamd',
    'mysqld', 'postgres', 'mongod', 'redis', 'memcached', 'rabbitmq-server', 'java', 'tomcat', 'node', 'containerd',
    'kubelet', 'etcd', 'zabbix_agentd', 'snmpd', 'node_exporter', 'tuned', 'irqbalance', 'firewalld', 'dnsmasq',
    'unbound', 'cupsd', 'bluetoothd', 'ModemManager', 'libvirtd', 'qemu-ga', 'vmtoolsd', 'pcscd', 'fwupd', 'colord',
    'geoclue',
]
VERBS = ['attach', 'bind', 'commit', 'connect', 'create', 'decode', 'delete', 'drain', 'evict', 'expand', 'fetch',
         'flush', 'load', 'lock', 'map', 'mount', 'open', 'probe', 'publish', 'query', 'reclaim', 'register', 'renew',
         'resolve', 'restore', 'rotate', 'scan', 'start', 'sync', 'update']
NOUNS = ['backing store', 'block device', 'cache segment', 'certificate store', 'change log', 'client lease',
         'cluster member', 'command queue', 'config map', 'connection pool', 'control socket', 'data directory',
         'event channel', 'feature flag', 'file handle', 'health probe', 'index page', 'job ticket', 'lock table',
         'log segment', 'memory region', 'message broker', 'name server', 'network bridge', 'object bucket',
         'package mirror', 'peer session', 'power supply', 'print spool', 'quota record', 'replica set', 'route table',
         'sensor bus', 'service account', 'shared library', 'swap area', 'thermal zone', 'time source', 'volume group',
         'worker thread']

# (literal, regex, example), each with {what}: a verb and a noun that no other signature has.
FORMS = [
    ('cannot {what}: timeout', r'^cannot {what}: timeout after [0-9]+ ms$', 'cannot {what}: timeout after 3000 ms'),
    ('] {what} failed (error', r'^\[[0-9]+\] {what} failed \(error -?[0-9]+\), (?:retrying|giving up)$',
     '[4711] {what} failed (error -11), retrying'),
    ('{what} refused by peer', r'^unit [0-9]+: {what} refused by peer (?P<peer>[0-9.]+):[0-9]+$',
     'unit 3: {what} refused by peer 192.0.2.17:8443'),
    ('could not {what} on', r'could not {what} on (?:/dev/)?[a-z]+[0-9]*(?: \(attempt [0-9]+\))?, code 0x[0-9a-f]+$',
     'worker 12: could not {what} on /dev/sdb1 (attempt 3), code 0x1f'),
    ('{what} took too long', r'^(?:WARN|WARNING|warning):? +{what} took too long: [0-9]+(?:\.[0-9]+)? ?m?s$',
     'WARN {what} took too long: 15.25 s'),
    ('option for {what} is deprecated', r'^[A-Za-z0-9_./-]+:[0-9]+: the option for {what} is deprecated(?:; ignored)?$',
     'etc/app.conf:17: the option for {what} is deprecated; ignored'),
]


def signatures(number):
    """`number` signatures (list of dicts, at most 1,200) that the checks of the catalog accept (see `accept`)."""
    model = [signature for signature in catalog.load() if signature['id'] == MODEL][0]
    found = []
    for index in range(number):
        what = '%s %s' % (VERBS[index // len(NOUNS)], NOUNS[index % len(NOUNS)])
        literal, regex, example = (text.replace('{what}', what) for text in FORMS[index % len(FORMS)])
        identifier = IDENTIFIERS[index % len(IDENTIFIERS)]
        signature = {key: value for key, value in copy.deepcopy(model).items() if key != 'fixed_by'}
        signature.update(
            id='made-%04d' % index,
            disposition='investigate',  # whoever covers a message has to show each form of it
            title={'en': '%s: %s' % (identifier, what), 'ko': '%s: %s' % (identifier, what)},
            match={'identifiers': [identifier], 'transport': ['kernel' if identifier == 'kernel' else 'syslog'],
                   'literal': literal, 'regex': regex, 'priority': ('warning', 'info', 'notice')[index % 3]},
            tests={'positive': [{'text': example, 'identifier': identifier}],
                   'negative': [{'text': example, 'identifier': 'another', 'why': 'Another program.'},
                                {'text': example.replace(what, 'something else'), 'why': 'Another message.'}]})
        found.append(signature)
    return found


def accept(found, folder):
    """Let the catalog check them as files in `folder`, beside its own; raises CatalogError."""
    os.makedirs(folder)
    for signature in found:
        with open(os.path.join(folder, signature['id'] + '.yml'), 'w', encoding='utf-8') as target:
            yaml.safe_dump(signature, target, allow_unicode=True)
    catalog.load([folder])
