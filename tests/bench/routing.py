# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rsyslogd is measured with: the configuration that EL ships, alone, and with what the collection puts beside it.

Every configuration gets the same messages, and each must end in the files where it belongs: the right counts are told
here without rsyslogd, from what was made, from what EL's rules are known to select and from what a policy means.
"""

import collections
import json
import os
import sys

import jinja2.nativetypes
import yaml

from measure import run, unshared
from peers import Row, Section, about, same
from ansible_collections.loghygiene.rhel.plugins.module_utils._host import facts as host
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, diversion as rsyslog_diversion, policy as rsyslog_policy)
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog.expected import expected
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy import rules as syslog_policy

HERE = os.path.dirname(os.path.abspath(__file__))
STOCK_FILE = os.path.join(os.path.dirname(HERE), 'sandbox', 'rootfs', 'common', 'etc', 'rsyslog.conf')
NOTHING, STOCK, POLICY = 'rsyslogd, no message', 'rsyslogd as shipped', 'with policy and diversion'
STOCK_FORWARD, FORWARD = 'as shipped, with `*.* @@collector`', 'with policy, diversion and forwarding'
BASES = (STOCK, STOCK_FORWARD)  # what others are compared with
DIVERTED = '/var/log/log_hygiene'
KERN, MAIL, NEWS, UUCP, CRON, AUTHPRIV, LOCAL7 = 0, 2, 7, 8, 9, 10, 23
COLLECTOR = {'name': 'collector', 'forward': {'target': '127.0.0.1', 'port': 514}}


def shipped(facility, severity):
    """The files (list) to which EL's own rules write a message: those of STOCK_FILE, told again."""
    rules = [('messages', severity <= 6 and facility not in (MAIL, AUTHPRIV, CRON)), ('secure', facility == AUTHPRIV),
             ('maillog', facility == MAIL), ('cron', facility == CRON),
             ('spooler', facility in (UUCP, NEWS) and severity <= 2), ('boot.log', facility == LOCAL7)]
    return ['/var/log/' + name for name, selects in rules if selects]


def default_policy(collection):
    """The rules of role syslog_policy, as users would write them, but for alerts."""
    with open(os.path.join(collection, 'roles', 'syslog_policy', 'defaults', 'main.yml'), encoding='utf-8') as source:
        defaults = yaml.safe_load(source)
    environment = jinja2.nativetypes.NativeEnvironment()
    rules = environment.from_string(defaults.pop('syslog_policy_default_rules')).render(
        dict((name, environment.from_string(value).render()) for name, value in defaults.items()
             if isinstance(value, str) and 'lookup' not in value and 'loghygiene.rhel' not in value))
    return [rule for rule in rules if 'alert' not in rule]


class Routing:
    """The rows about rsyslogd.

    signatures: of the catalog; those that are diverted are. collection: its folder. work: a folder for
    configurations.
    """

    def __init__(self, signatures, collection, work):
        self.work = work
        self.diverted = [one for one in signatures if one['disposition'] == 'divert']
        rules = default_policy(collection)
        self.policies = {STOCK: [], POLICY: syslog_policy.normalise(rules), STOCK_FORWARD: [],
                         FORWARD: syslog_policy.normalise(rules + [COLLECTOR])}

    def journal_section(self, made, name):
        """A Section about what comes from a journal, as on EL."""
        empty = os.path.join(self.work, name + '-empty')
        os.makedirs(empty)
        return self._section(made, name, 'rsyslogd, messages from a journal, ' + about(made), made.journal, empty)

    def wire_section(self, made, name):
        """A Section about what comes by TCP, which takes less time than reading a journal, so that rules weigh more.
        """
        title = 'rsyslogd, messages by TCP, %s entries' % format(made.entries, ',')
        return self._section(made, name, title, None, None)

    def _section(self, made, name, title, journal, empty):
        os.makedirs(os.path.join(self.work, name))
        rows = [self._row(name, NOTHING, STOCK, empty, None, {}, 0, 'the floor')]
        for label, rules in self.policies.items():
            lines, received = self.right(made, rules, bool(rules) and journal is not None)
            if label == STOCK_FORWARD:
                received = made.entries
            wire = None if journal else made.wire
            rows.append(self._row(name, label, label, journal, wire, lines, received, rate(made.entries)))
        return Section(name, title, rows, [])

    def _row(self, section, label, configuration, journal, wire, lines, received, note):
        folder = os.path.join(self.work, section, str(len(os.listdir(os.path.join(self.work, section)))))
        drop_ins = os.path.join(folder, 'rsyslog.d')
        os.makedirs(drop_ins)
        rules = self.policies[configuration]
        texts = self.drop_ins(rules) if rules else {}
        for path, text in [(os.path.join(drop_ins, name), text) for name, text in texts.items()] + [
                (os.path.join(folder, 'rsyslog.conf'), main_file(journal is None, configuration == STOCK_FORWARD))]:
            with open(path, 'w', encoding='utf-8') as target:
                target.write(text)
        plan = os.path.join(folder, 'plan.json')
        with open(plan, 'w', encoding='utf-8') as target:
            json.dump({'config': os.path.join(folder, 'rsyslog.conf'), 'drop_ins': drop_ins, 'journal': journal,
                       'wire': wire, 'lines': sum(lines.values()), 'received': received}, target)
        command = unshared('mount', 'net') + [sys.executable, os.path.join(HERE, 'rsyslogd.py'), plan]
        return Row(label, command, '', lambda output: same('lines', json.loads(output), dict(lines, **{'': received})),
                   note)

    def drop_ins(self, rules):
        """{name: text} of what the modules put into /etc/rsyslog.d."""
        paths = [rsyslog_policy.FORWARD, rsyslog_diversion.DROP_IN, rsyslog_policy.FILES]
        configuration = rsyslog.Configuration('/etc/rsyslog.conf', Shipped(), paths)
        plan = rsyslog_policy.plan_files(rules, configuration)
        copies = rsyslog_policy.copies(configuration.behind(paths[2], rsyslog_policy.stays, plan.stopped))
        forwarders = rsyslog_diversion.copies(configuration.behind(paths[1]))
        version = run(['sh', '-c', 'PATH=$PATH:/usr/sbin rsyslogd -v']).output
        texts = [rsyslog_policy.render_forwards(rules, configuration, tuple(
                     int(part) for part in host.rsyslog_version(version).split('.'))),
                 rsyslog_diversion.render(self.diverted, forwarders, DIVERTED),
                 rsyslog_policy.render_files(plan, copies)]
        return {os.path.basename(path): text for path, text in zip(paths, texts) if text is not None}

    def right(self, made, rules, diverts):
        """({path: lines}, lines that the collector gets) of Logs. diverts: whether known messages are diverted."""
        lines, received = collections.Counter(), 0
        diverted = {one['id'] for one in self.diverted} if diverts else ()
        for signature, pris in made.expected['pris'].items():
            for pri, count in pris.items():
                facility, severity = divmod(int(pri), 8)
                stock = shipped(facility, severity)
                wanted = expected(rules, facility, severity, stock)
                received += count * len(wanted['forwards'])
                if signature in diverted:
                    places = ['%s/%s.log' % (DIVERTED, signature)]
                else:
                    places = (set(stock) | set(wanted['files'])) - set(wanted['not_files'])
                for path in places:
                    lines[path] += count
        return dict(lines), received


class Shipped:
    """The files of a host that has EL's configuration, as rsyslog.Configuration wants them."""

    def is_dir(self, path):
        return False

    def glob(self, pattern):
        return []

    def read(self, path):
        with open(STOCK_FILE, encoding='latin-1') as source:
            return source.read()


def main_file(wire, forwards):
    """EL's rsyslog.conf (text), but for the limit of its input; with an input for TCP instead, and with a forwarder, if
    asked for.
    """
    with open(STOCK_FILE, encoding='utf-8') as source:
        text = source.read()
    unlimited = text.replace('StateFile="imjournal.state")', 'StateFile="imjournal.state" Ratelimit.Interval="0")')
    assert unlimited != text
    if forwards:
        unlimited += '*.* @@127.0.0.1:514\n'
    if not wire:
        return unlimited
    start = unlimited.index('module(load="imjournal"')
    end = unlimited.index(')', start) + 1
    return (unlimited[:start] + 'module(load="imtcp")\ninput(type="imtcp" port="10514" address="127.0.0.1")'
            + unlimited[end:])


def rate(entries):
    """The remark of a Row: a function of what it took (Figures)."""
    return lambda taken: '%s messages a second' % format(int(entries / taken.seconds), ',')
