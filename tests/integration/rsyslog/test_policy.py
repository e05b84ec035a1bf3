# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a policy: where the real rsyslogd writes each of the 192 pairs, beside what RHEL's rules write."""
import glob
import itertools
import os
import pathlib
import random
import re
import shutil
import stat

import jinja2.nativetypes
import pytest
import yaml

from rsyslog_host import Collector, Entry
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog import (
    configuration as rsyslog, drop_ins as rsyslog_drop_ins, forwards as rsyslog_forwards, queue as rsyslog_queue,
    _selectors as rsyslog_selectors)
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import expected as syslog_expected
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._policy import rules as policy_rules

PAIRS = list(itertools.product(range(24), range(8)))
ENTRIES = [Entry('pair %d.%d' % pair, 'x', None, 'syslog', pair[1], pair[0]) for pair in PAIRS]
AUTH = ([4, 10], range(8))


@pytest.fixture
def stock(host):
    """A Host of each shape, with the rules of RHEL."""
    host.use_stock_rules()
    return host


def before_policy(pair):
    """Where RHEL's rules write a pair."""
    facility, severity = pair
    found = []
    if severity <= 6 and facility not in (2, 9, 10):
        found.append('messages')
    found += [name for number, name in ((10, 'secure'), (2, 'maillog'), (9, 'cron'), (23, 'boot.log'))
              if facility == number]
    return found + (['spooler'] if facility in (7, 8) and severity <= 2 else [])


def after_policy(host, rules, pair):
    """Where the policy wants a pair, by the rules' own meaning."""
    expected = syslog_expected.expected(rules, *pair)
    wanted = [os.path.basename(path) for path in expected['files']]
    separate = any(rule['separate'] and pair[0] in rule['facilities'] and pair[1] in rule['severities']
                   for rule in rules)
    return sorted(set(wanted + ([] if separate else before_policy(pair))))


def landed(logs):
    """{pair: names of the files in which it is, one for each line}"""
    return {pair: sorted(name for name, indexes in logs.items() for found in indexes if found == index)
            for index, pair in enumerate(PAIRS)}


def check(host, rules):
    """Apply the rules, send each pair, and see that each is where it must be, once, and nowhere else."""
    result = host.apply(rules)
    logs = host.run_all(ENTRIES)
    assert landed(logs) == {pair: after_policy(host, rules, pair) for pair in PAIRS}
    return result


def test_without_a_policy(stock):
    assert landed(stock.run_all(ENTRIES)) == {pair: sorted(before_policy(pair)) for pair in PAIRS}


def test_authentication_apart(stock):
    """Stock writes authpriv to secure and auth to messages: only auth is moved, and authpriv left where it is."""
    result = check(stock, [stock.rule('authentication', AUTH, file='secure', separate=True)])
    assert result['files'] == [dict(rule='authentication', path=os.path.join(stock.root, 'log', 'secure'),
                                    pairs_written=8, left_to=['%s:%d' % (stock.config, line_of(stock, 'authpriv.*'))])]
    assert '*.emerg :omusrmsg:*' in stock.read(stock.files_path)


def line_of(host, text):
    return [number for number, line in enumerate(host.read(host.config).split('\n'), 1) if line.startswith(text)][0]


def test_the_default_policy_of_the_role(stock):
    """Rules as in roles/syslog_policy/defaults: they overlap, share files with RHEL's rules, and keep info apart."""
    others = [number for number in range(24) if number not in (0, 2, 4, 9, 10)]
    check(stock, [
        stock.rule('authentication', AUTH, file='secure', separate=True),
        stock.rule('kernel', ([0], range(8)), file='kernel.log'),
        stock.rule('mail', ([2], range(8)), file='maillog'),
        stock.rule('cron', ([9], range(8)), file='cron'),
        stock.rule('general', ([0] + others, range(6)), file='messages'),
        stock.rule('informational', (others, [6, 7]), file='info.log', separate=True),
        stock.rule('alerts', (range(24), range(3)), alert=dict(command=['/usr/bin/wall']))])


def test_what_the_rest_writes_is_not_written_twice(stock):
    result = check(stock, [stock.rule('all', file='messages')])
    written = [pair for pair in PAIRS if 'messages' not in before_policy(pair)]
    assert [(one['pairs_written'], len(one['left_to'])) for one in result['files']] == [(len(written), 1)]


@pytest.mark.parametrize('seed', range(6))
def test_any_policy(stock, seed):
    """Random rules, also with the facilities 12 to 15 by themselves, which have no names in selectors."""
    chance = random.Random(seed)
    rules, taken = [], set()
    for number in range(6):
        facilities = sorted(chance.sample(range(24), chance.choice([1, 2, 8, 24])))
        severities = sorted(chance.sample(range(8), chance.choice([1, 3, 8])))
        pairs = set(itertools.product(facilities, severities))
        separate = chance.random() < 0.4 and not pairs & taken
        if separate:
            taken |= pairs
        rules.append(stock.rule('r%d' % number, (facilities, severities), separate=separate, file='own-%d' % number))
    rules.append(stock.rule('odd', ([chance.randrange(12, 16)], chance.sample(range(8), 3)), file='odd'))
    check(stock, rules)


def test_a_file_of_its_own(stock):
    stock.apply([stock.rule('kernel', ([0], range(8)), file='new/kernel.log')])
    stock.run_all(ENTRIES)
    path = os.path.join(stock.root, 'log', 'new', 'kernel.log')
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700


def test_a_file_that_others_write_too_keeps_its_format_and_mode(host):
    """What the policy adds to secure looks as what is in there: fail2ban and the scanner read on."""
    host.use_stock_rules()
    host.write('etc/rsyslog.conf', host.read('etc/rsyslog.conf')
               .replace('RSYSLOG_FileFormat', 'RSYSLOG_TraditionalFileFormat')
               .replace('authpriv.*                                              {0}/log/secure'.format(host.root),
                        'authpriv.* action(type="omfile" file="{0}/log/secure" fileCreateMode="0640" '
                        'template="RSYSLOG_SysklogdFileFormat")'.format(host.root))
               + '*.* %s/log/all;RSYSLOG_FileFormat\n' % host.root)
    host.apply([host.rule('authentication', AUTH, file='secure'), host.rule('all', file='messages')])
    host.logs = lambda: ['all']  # the others have no times to tell entries by
    with host.reading([Entry('from auth', 'x', None, 'syslog', 7, 4),
                       Entry('from authpriv', 'x', None, 'syslog', 7, 10)]):
        pass
    lines = host.read('log/secure').splitlines()
    assert sorted(line.partition(' x: ')[2] for line in lines) == ['from auth', 'from authpriv']
    assert [line for line in lines if line[:1].isdigit()] == []
    assert host.read('log/messages').count('from auth') == 2
    assert not host.read('log/messages').startswith('20')
    assert stat.S_IMODE(os.stat(os.path.join(host.root, 'log', 'secure')).st_mode) == 0o640


def test_forwarders_behind_the_stop_get_what_stops(stock, collector):
    stock.write('etc/rsyslog.conf', '*.* @@127.0.0.1:%d;RSYSLOG_ForwardFormat\n'
                                    'mail.* @@127.0.0.1:1;RSYSLOG_ForwardFormat\n' % collector.port, 'a')
    result = stock.apply([stock.rule('authentication', AUTH, file='secure', separate=True)])
    assert len([note for note in result['notes'] if 'by a copy' in note]) == 2  # not that of mail
    stock.run_all(ENTRIES)
    assert collector.indexes() == list(range(192))


def test_a_stop_without_copies_would_starve_them(stock, collector):
    """Why the copies are there: the same drop-in without them."""
    stock.apply([stock.rule('authentication', AUTH, file='secure', separate=True)])
    stock.write('etc/rsyslog.conf', '*.* @@127.0.0.1:%d;RSYSLOG_ForwardFormat\n' % collector.port, 'a')
    stock.run_all(ENTRIES)
    assert len(collector.indexes()) == 192 - 7  # auth.debug is in no other file, so it does not stop


@pytest.mark.parametrize('order', ['diversion first', 'policy first'])
def test_the_diversion_and_the_policy(stock, v3, collector, order):
    """A diverted message is forwarded once and lies in the diversion's file only."""
    stock.write('etc/rsyslog.conf', '*.* @@127.0.0.1:%d;RSYSLOG_ForwardFormat\n' % collector.port, 'a')
    rules = [stock.rule('kernel', ([0], range(8)), file='kernel.log', separate=True),
             stock.rule('all', file='messages')]
    steps = [lambda: stock.divert([v3.signature]), lambda: stock.apply(rules)]
    for step in steps if order == 'diversion first' else reversed(steps):
        assert step()['changed']
    os.unlink(stock.pending)
    for step in steps:
        assert not step()['changed']
    entries = [v3.noise, Entry('something else', priority=4), Entry('auth', 'x', None, 'syslog', 6, 4)]
    logs = stock.run_all(entries)
    assert logs == {'log_hygiene/ahnlab-v3-module-lifecycle.log': [0], 'kernel.log': [1], 'messages': [2]}
    assert collector.indexes() == [0, 1, 2]
    assert stock.divert(state='absent')['changed']
    os.unlink(stock.pending)
    assert not stock.apply(rules)['changed']


def refused(host, rules, **changes):
    """The message of a refusal that changed nothing on the host."""
    before = host.snapshot()
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        host.apply(rules, **changes)
    assert host.snapshot() == before
    assert 'Nothing was changed' in str(refusal.value)
    return str(refusal.value)


AUTH_ALONE = [dict(name='authentication', file='secure', separate=True)]


@pytest.mark.parametrize('place, statement, told', [
    ('etc/rsyslog.conf', ':msg, contains, "x" {root}/log/secure', 'more than a selector'),
    ('etc/rsyslog.conf', 'if $msg contains "x" then {{\n {root}/log/secure\n}}', 'more than a selector'),
    ('etc/rsyslog.conf', '$ActionExecOnlyEveryNthTime 2\n*.* @@127.0.0.1:1', '$ActionExecOnlyEveryNthTime'),
    ('etc/rsyslog.conf', 'module(load="omprog")\naction(type="omprog" binary="/bin/cat")', 'omprog cannot be doubled'),
    ('etc/rsyslog.conf', 'ruleset(name="far") {{\n    *.* @@127.0.0.1:1\n    stop\n}}\ncall far', 'it is in a ruleset'),
    ('etc/rsyslog.d/10.conf', 'auth,authpriv.* {root}/log/other', 'in no other file'),
    ('etc/rsyslog.d/10.conf', 'auth.* stop', 'stops messages of rule authentication'),
    ('etc/rsyslog.d/10.conf', 'auth.info ~', 'stops messages of rule authentication'),
])
def test_what_cannot_be_is_refused(stock, place, statement, told):
    stock.write(place, statement.format(root=stock.root) + '\n', 'a')
    message = refused(stock, [stock.rule('authentication', AUTH, file='secure', separate=True)])
    assert told in message
    assert os.path.join(stock.root, place) + ', line ' in message


@pytest.mark.parametrize('statement', ['local0.* {root}/log/other\n& stop', ':msg, contains, "x" {root}/log/other',
                                       ':msg, contains, "x" stop'])
def test_neighbours_that_are_no_matter(stock, statement):
    stock.write('etc/rsyslog.d/10.conf', statement.format(root=stock.root) + '\n')
    result = stock.apply([stock.rule('authentication', AUTH, file='secure', separate=True)])
    assert bool([note for note in result['notes'] if '10.conf' in note]) == statement.startswith(':')


# The default rules of the role, but for the alerts.
GENERAL = [number for number in range(24) if number not in (0, 2, 4, 9, 10)]


def default_rules(host):
    return [
        host.rule('authentication', AUTH, file='secure', separate=True),
        host.rule('kernel', ([0], range(8)), file='kernel.log'),
        host.rule('mail', ([2], range(8)), file='maillog'),
        host.rule('cron', ([9], range(8)), file='cron'),
        host.rule('general', ([0] + GENERAL, range(6)), file='messages'),
        host.rule('informational', (GENERAL, [6, 7]), file='info.log', separate=True)]


OWN = {
    'kept and stopped, in the old syntax': 'local2.*    {root}/log/haproxy.log\n& ~\n',
    'kept and stopped': 'local2.* {{\n  action(type="omfile" file="{root}/log/haproxy.log" template="RSYSLOG_FileFormat")\n  stop\n}}\n',
    'some of it': 'local2.info {root}/log/haproxy.log\n& stop\n',
    'kept only': 'local2.* {root}/log/haproxy.log\n',
    'kept by a ruleset': 'ruleset(name="own") {{\n  {root}/log/haproxy.log\n  stop\n}}\nlocal2.* call own\n',
    'authentication': 'authpriv.* {root}/log/haproxy.log\n& stop\n',
}


@pytest.mark.parametrize('own', sorted(OWN))
def test_a_file_of_the_administrator_in_front_is_left_as_it_is(stock, own):
    """What a drop-in keeps for itself, and may stop, is told, not refused; the proof knows of it."""
    stock.write('etc/rsyslog.d/haproxy.conf', OWN[own].format(root=stock.root))
    stock.write('etc/rsyslog.d/session.conf', 'if $programname == "systemd" and $msg contains "Started Session" then stop\n')
    before = landed(stock.run_all(ENTRIES))
    rules = default_rules(stock)
    result = stock.apply(rules)
    assert [note for note in result['notes'] if 'haproxy.conf, line ' in note]
    stock.forget()
    after = landed(stock.run_all(ENTRIES))
    kept = 'haproxy.log'
    assert {pair for pair in PAIRS if kept in after[pair]} == {pair for pair in PAIRS if kept in before[pair]}
    for pair in PAIRS:
        expected = syslog_expected.expected(rules, *pair, others=[os.path.join(stock.root, 'log', kept)], kept=result['kept'])
        assert {os.path.basename(path) for path in expected['files']} <= set(after[pair])
        assert not {os.path.basename(path) for path in expected['not_files']} & set(after[pair])
        assert len(set(after[pair])) == len(after[pair])
        if before[pair] == [kept]:
            assert after[pair] == [kept] or own == 'kept only'


def test_own_files_that_lose_messages_are_listed_first(stock):
    """Every file, pipe and terminal behind the stop of a separate rule: told, or copied in front of the stop."""
    stock.write('etc/rsyslog.conf', '*.alert\t\t/dev/console\nauth.info;authpriv.info\t{0}/log/authlog\n'
                'auth.* |{0}/pipe\nauth.* {0}/log/fifo\n:msg, contains, "pair 4" {0}/log/some\nmail.* {0}/log/not\n'
                'auth.=crit ?per_program\n'.format(stock.root), 'a')
    stock.write('etc/rsyslog.d/01.conf', '$template per_program,"%s/log/by-%%programname%%"\n' % stock.root)
    os.mkfifo(os.path.join(stock.root, 'log', 'fifo'))
    os.mkfifo(os.path.join(stock.root, 'pipe'))
    planned = stock.apply([stock.rule('authentication', AUTH, file='secure', separate=True)], check=True)
    found = [(one['path'], one['kind'], one['messages'], one['certain']) for one in planned['losing']]
    assert found == [
        (stock.root + '/log/messages', 'file', 'auth.info', True),
        (stock.root + '/log/authlog', 'file', 'auth,authpriv.info', True),
        (stock.root + '/log/fifo', 'pipe', 'auth.*', True),
        (stock.root + '/log/some', 'file', 'auth,authpriv.*', False),
        (None, 'file', 'auth.=crit', True)]
    assert all(one['statement'] in ' '.join(planned['notes']) for one in planned['losing'])
    assert not os.path.exists(stock.files_path)
    copied = [note for note in planned['notes'] if 'by a copy' in note]
    assert ['/dev/console' in copied[1], 'pipe' in copied[2], len(copied)] == [True, True, 3]


def test_no_file_loses_more_than_was_listed(stock):
    """By rsyslogd itself: what each file of the rest got before and did not after is exactly what was told."""
    stock.write('etc/rsyslog.conf', 'auth.info;authpriv.info\t{0}/log/authlog\nlocal3,mail.debug {0}/log/mine\n'.format(stock.root), 'a')
    before = landed(stock.run_all(ENTRIES))
    rules = default_rules(stock) + [stock.rule('payment', ([19], range(8)), file='payment.log', separate=True)]
    told = stock.apply(rules)['losing']
    stock.forget()
    after = landed(stock.run_all(ENTRIES))
    for name in ('messages', 'secure', 'authlog', 'mine', 'boot.log', 'maillog', 'cron', 'spooler'):
        lost = {pair for pair in PAIRS if name in before[pair] and name not in after[pair]}
        listed = [one['messages'] for one in told if os.path.basename(one['path']) == name]
        assert lost == set().union(*[rsyslog_selectors.pairs_of(text) for text in listed]), (name, listed)


ANONYMISER = 'module(load="mmanon")\naction(type="mmanon" ipv4.bits="32" ipv4.mode="zero")\n'
ADDRESS = '203.0.113.77'


def test_what_the_host_masks_before_the_policy_is_masked_in_its_files(stock):
    """Each pair with an address: no file of the host has it, before and after."""
    stock.write('etc/rsyslog.d/10-anonymize_logs.conf', ANONYMISER)
    entries = [entry._replace(message='%s from %s' % (entry.message, ADDRESS)) for entry in ENTRIES]
    rules = default_rules(stock) + [stock.rule('alerts', (range(24), range(3)), alert=dict(command=['/usr/bin/wall']))]
    result = stock.apply(rules)
    assert result['masked'] and [note for note in result['notes'] if 'Alerts leave out the text' in note]
    assert landed(stock.run_all(entries)) == {pair: after_policy(stock, rules, pair) for pair in PAIRS}
    texts = {name: stock.read('log/' + name) for name in stock.logs()}
    assert len(texts) > 7 and not [name for name, text in texts.items() if ADDRESS in text]
    assert all('from 0.0.0.0' in text for text in texts.values())
    os.unlink(stock.files_path)
    assert '10-anonymize_logs.conf, line 2: ' in refused(stock, rules + [forwarding(stock)])


def test_what_the_host_masks_after_the_policy_is_refused(stock, v3):
    """The stock rules write it masked; so neither a file of ours nor the diversion may have it in full."""
    stock.write('etc/rsyslog.conf', stock.read('etc/rsyslog.conf').replace('#### RULES ####', '#### RULES ####\n' + ANONYMISER))
    assert 'rewrites messages behind it. Have it come in front of the line of' in refused(
        stock, [stock.rule('authentication', AUTH, file='secure', separate=True)])
    before = stock.snapshot()
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        stock.divert([v3.signature])
    assert 'The diversion would carry in full what this host masks' in str(refusal.value) and stock.snapshot() == before


# The policies of the documentation, from its own text

ROOT = pathlib.Path(__file__).parents[3]
DOCUMENTS = ('README.md', 'README.ko.md', 'docs/syslog.md', 'roles/syslog_policy/README.md')


def policies(document):
    """The policies in a document, as the role takes them with the defaults of its own (list of lists of dicts)."""
    found = []
    for block in re.findall(r'^```yaml\n(.*?)^```', (ROOT / document).read_text(encoding='utf-8'), re.DOTALL | re.MULTILINE):
        found += variables_in(yaml.safe_load(block))
    defaults = yaml.safe_load((ROOT / 'roles/syslog_policy/defaults/main.yml').read_text(encoding='utf-8'))
    del defaults['syslog_policy_alert_signatures']
    environment, result = jinja2.nativetypes.NativeEnvironment(), []
    for given in found:
        values = dict(defaults, **given)
        last = ['syslog_policy_default_rules', 'syslog_policy_rules']  # made of the others
        for name in [one for one in values if one not in last] + last:
            if isinstance(values[name], str):
                values[name] = environment.from_string(values[name]).render(values)
        result.append(policy_rules.normalise(values['syslog_policy_rules']))
    return result


def variables_in(data):
    """The dicts with a policy in what a YAML block holds."""
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return ([data] if isinstance(data, dict) and 'syslog_policy_rules' in data else []) + [
        one for value in inside for one in variables_in(value)]


def test_each_document_shows_a_policy():
    assert [bool(policies(document)) for document in DOCUMENTS] == [True] * len(DOCUMENTS)


@pytest.mark.parametrize('document', DOCUMENTS)
def test_the_policies_of_the_documentation(el9, document):
    """Each is accepted, and rsyslogd does what it says: 192 pairs, to files and to each collector."""
    el9.use_stock_rules()
    el9.write('ca.pem', '')
    for rules in policies(document):
        collectors = {}
        for rule in rules:
            if rule['file']:
                rule['file'] = os.path.join(el9.root, os.path.relpath(rule['file'], '/var'))
            if rule['forward'] and rule['forward']['tls']:
                rule['forward']['tls']['ca_file'] = os.path.join(el9.root, 'ca.pem')
        el9.apply(rules, check=True)
        for rule in rules:
            if rule['forward']:  # a collector without a certificate, and without counted octets
                collectors[rule['name']] = Collector()
                rule['forward'].update(target='127.0.0.1', port=collectors[rule['name']].port, tls=None,
                                       protocol='udp')
        try:
            check(el9, rules)
        finally:
            came = {name: collector.indexes() for name, collector in collectors.items()}
        assert came == {rule['name']: [index for index, pair in enumerate(PAIRS) if pair[0] in rule['facilities']
                                       and pair[1] in rule['severities']] for rule in rules if rule['forward']}
        el9.apply(state='absent')
        el9.forget()


def test_a_file_whose_looks_are_decided_behind_us(stock):
    stock.write('etc/rsyslog.conf', stock.read('etc/rsyslog.conf').replace(
        '#### RULES ####', '$FileCreateMode 0640'))
    assert '$FileCreateMode 0640 decides how' in refused(stock, [stock.rule('a', AUTH, file='secure')])


def test_there_and_back(stock):
    before = stock.snapshot()
    rules = [stock.rule('authentication', AUTH, file='secure', separate=True)]
    planned = stock.apply(rules, check=True)
    assert stock.snapshot() == before
    done = stock.apply(rules)
    assert done['diff'] == planned['diff'] and done['changed'] and planned['changed']
    assert [one['after'] for one in done['diff']] == ['', stock.read(stock.files_path)]
    assert done['previous'] == {stock.forward_path: None, stock.files_path: None}
    assert stat.S_IMODE(os.stat(stock.files_path).st_mode) == 0o600
    assert 'was not restarted' in stock.apply(rules)['notes'][-1]
    os.unlink(stock.pending)
    assert not stock.apply(rules)['changed']
    gone = stock.apply(state='absent')
    assert gone['changed'] and gone['previous'][stock.files_path].startswith('# Managed by Ansible')
    os.unlink(stock.pending)
    assert not stock.apply(state='absent')['changed']
    assert stock.snapshot() == before


@pytest.mark.parametrize('path', ['forward_path', 'files_path'])
@pytest.mark.parametrize('state', ['present', 'absent'])
def test_foreign_files_are_left_alone(stock, path, state):
    stock.write(getattr(stock, path), '# mine\n')
    assert 'was not written by this collection' in refused(stock, [], state=state)


@pytest.mark.parametrize('owner, mode, remedy', [(91, 0o755, 'chown root '), (0, 0o775, 'chmod go-w ')])
def test_a_directory_in_which_others_could_put_a_link(stock, owner, mode, remedy):
    """Of a file of the policy, a queue, and a file that the rest of the configuration writes already."""
    folder = os.path.join(stock.root, 'log', 'tomcat')
    os.mkdir(folder)
    os.chown(folder, owner, 0)
    os.chmod(folder, mode)
    rule = stock.rule('servlets', AUTH, file='tomcat/x.log')
    for check in (False, True):
        message = refused(stock, [rule], check=check)
        assert message.startswith('Rule servlets: file: %s/x.log is not a safe place for files that root writes: ' % folder)
        assert '%04o' % mode in message and remedy + folder in message
    stock.write('etc/rsyslog.conf', 'local6.* %s/y.log\nlocal6.* %s/log/fine.log\n' % (folder, stock.root), 'a')
    unsafe = stock.apply([], check=True)['unsafe_files']
    assert [one['path'] for one in unsafe] == [folder + '/y.log'] and remedy + folder in unsafe[0]['reason']
    os.chmod(os.path.join(stock.root, 'work'), 0o777)
    assert 'The queues of forwards: %s/work/' % stock.root in refused(stock, [forwarding(stock)])


def test_an_rsyslogd_that_could_not_make_a_separate_file(stock):
    """What is in that file only would be in none."""
    stock.write('etc/rsyslog.d/05-rights.conf', 'global(privdrop.user.name="nobody")\n')
    before = stock.snapshot()
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        stock.apply([stock.rule('kernel', ([0], range(8)), file='kernel.log', separate=True)])
    assert '05-rights.conf, line 1: rsyslogd drops the privileges of root' in str(refusal.value)
    assert 'rule kernel' in str(refusal.value) and stock.snapshot() == before


def test_a_file_that_is_a_link(stock):
    os.symlink('/etc/passwd', os.path.join(stock.root, 'log', 'secure'))
    message = refused(stock, [stock.rule('authentication', AUTH, file='secure')])
    assert 'it is a symbolic link to /etc/passwd. Name the file itself. Nothing was changed.' in message


def test_both_or_none(stock, monkeypatch):
    """The second drop-in cannot be written: the first one goes, too."""
    rules = [forwarding(stock), stock.rule('authentication', AUTH, file='secure', separate=True)]
    before = stock.snapshot()
    real = os.rename

    def rename(old, new):
        if new == stock.files_path:
            raise OSError(28, 'full')
        real(old, new)
    monkeypatch.setattr(os, 'rename', rename)
    with pytest.raises(Exception) as refusal:
        stock.apply(rules)
    assert 'No space left' in str(refusal.value)
    assert str(refusal.value).endswith('On the disk, %s is unchanged; %s is unchanged.'
                                       % (stock.forward_path, stock.files_path))
    assert stock.snapshot() == before


def test_when_the_way_back_fails_too_each_file_is_told(stock, monkeypatch):
    """No drop-in of two is called unchanged that is not: the first one stays, and rsyslogd is known not to know it."""
    rules = [forwarding(stock), stock.rule('authentication', AUTH, file='secure', separate=True)]
    real = os.rename

    def rename(old, new):
        if new == stock.files_path:
            raise OSError(28, 'full')
        real(old, new)

    def unlink(path, **options):
        if path == stock.forward_path:
            raise OSError(30, 'read only')
        real_unlink(path, **options)
    real_unlink = os.unlink
    monkeypatch.setattr(os, 'rename', rename)
    monkeypatch.setattr(os, 'unlink', unlink)
    with pytest.raises(files.FileError) as refusal:
        stock.apply(rules)
    assert str(refusal.value).endswith('On the disk, %s has its new content; %s is unchanged.'
                                       % (stock.forward_path, stock.files_path))
    assert os.path.exists(stock.forward_path) and os.path.exists(stock.pending)


def test_a_drop_in_that_may_not_survive_a_power_cut_is_told(stock, monkeypatch):
    real = os.fsync

    def fsync(handle):
        if os.path.realpath('/proc/self/fd/%d' % handle) == os.path.dirname(stock.files_path):
            raise OSError(5, 'broken')
        real(handle)
    monkeypatch.setattr(os, 'fsync', fsync)
    with pytest.raises(files.FileError) as refusal:
        stock.apply([stock.rule('authentication', AUTH, file='secure', separate=True)])
    assert 'cannot be synced: Input/output error. The change may not survive a power cut.' in str(refusal.value)
    assert str(refusal.value).endswith('%s is unchanged.' % stock.files_path)


def forwarding(host, **changes):
    return host.rule('far', forward=dict(dict(target='127.0.0.1', port=1, protocol='tcp', tls=None,
                                              queue=dict(disk_bytes=1 << 30, memory=1000)), **changes))


@pytest.mark.parametrize('statement, twice', [
    ('*.* @@127.0.0.1:1', True), ('mail.* @127.0.0.1:1', True), ('*.* @@127.0.0.1', False), ('*.* @@10.0.0.1:1', False),
    ('*.* action(type="omfwd" target="127.0.0.1" port="1" protocol="tcp")', True),
    (':msg, contains, "x" @@(o)127.0.0.1:1;RSYSLOG_ForwardFormat', True),
])
def test_the_same_collector_twice(stock, statement, twice):
    stock.write('etc/rsyslog.conf', statement + '\n', 'a')
    if twice:
        message = refused(stock, [forwarding(stock)])
        assert 'arrive twice' in message and stock.config in message
    else:
        stock.apply([forwarding(stock)])


def test_the_same_collector_for_other_messages(stock):
    stock.write('etc/rsyslog.conf', 'mail.* @@127.0.0.1:1\n', 'a')
    stock.apply([dict(forwarding(stock), facilities=[0])])


def test_no_work_directory(stock):
    shutil.rmtree(os.path.join(stock.root, 'work'))
    assert 'There is no directory %s/work' % stock.root in refused(stock, [forwarding(stock)])


def test_tls_without_its_files_or_driver(stock, monkeypatch):
    tls = dict(ca_file=stock.config, cert_file=None, key_file=None, permitted_peers=['a'], driver='gtls')
    assert 'there is no file /nowhere' in refused(stock, [forwarding(stock, tls=dict(tls, ca_file='/nowhere'))])
    real = glob.glob
    monkeypatch.setattr(glob, 'glob', lambda pattern: [] if b'lmnsd' in pattern else real(pattern))
    assert 'Install rsyslog-gnutls' in refused(stock, [forwarding(stock, tls=tls)])
    monkeypatch.setattr(rsyslog_drop_ins, 'version', lambda module: (8, 2602, 0))
    assert 'Install rsyslog-openssl' in refused(stock, [forwarding(stock, tls=dict(tls, driver='ossl'))])


def test_a_driver_that_may_close_log_files(stock, monkeypatch):
    """OpenSSL's: test_a_receiver_that_stops_and_starts_again fails with it now and then, because rsyslogd hangs."""
    tls = dict(ca_file=stock.config, cert_file=None, key_file=None, permitted_peers=['a'], driver='ossl')
    assert 'Rule far: forward.tls.driver: before 8.2602' in refused(stock, [forwarding(stock, tls=tls)])
    monkeypatch.setattr(rsyslog_drop_ins, 'version', lambda module: (8, 2602, 0))
    stock.apply([forwarding(stock, tls=tls)])


def test_the_collector_is_gone_from_the_policy_and_messages_wait(stock):
    stock.apply([forwarding(stock)])
    stock.write('work/log_hygiene_far.00000001', 'x' * 100)
    gone = stock.apply([], check=True)
    assert 'holds messages of a forward that is no more' in gone['notes'][0]
    assert gone['abandoned'] == [os.path.join(stock.root, 'work', 'log_hygiene_far')]
    assert stock.apply([])['abandoned'] == gone['abandoned'] and os.path.exists(gone['abandoned'][0] + '.00000001')
    # As rsyslogd 8.2302 leaves it when it ends.
    queue = gone['abandoned'][0]
    stock.write('work/log_hygiene_far.qi', '<OPB:1:qqueue:1:\n+iQueueSize:2:1:7:\n')
    assert rsyslog_queue.left_in([queue, queue + '2']) == [dict(path=queue, messages=7)]
    stock.write('work/log_hygiene_far.qi', '')
    assert rsyslog_queue.left_in([queue]) == [dict(path=queue, messages=None)]
    os.unlink(queue + '.qi')
    assert stock.apply([forwarding(stock)])['forwards'] == [dict(
        rule='far', target='127.0.0.1', port=1, protocol='tcp', tls=False, waiting_messages=0, waiting_bytes=100,
        queue_broken=None, unreadable_messages=0)]


def test_a_file_of_the_queue_that_goes_while_we_look(stock):
    """As rsyslogd removes it when all of it was sent: it is listed, and not there. A link to nowhere is just so."""
    os.symlink('/nowhere', os.path.join(stock.root, 'work', 'log_hygiene_far.00000001'))
    assert stock.apply([forwarding(stock)])['forwards'][0]['waiting_bytes'] == 0


def test_each_ansible_core_and_python(ansible, el9):
    el9.use_stock_rules()
    arguments = el9.policy_arguments([el9.rule('authentication', AUTH, file='secure', separate=True), forwarding(el9)])
    planned = ansible.module('rsyslog_policy', check=True, **arguments)
    assert (planned['changed'], planned['in_place'], planned['in_place_since']) == (True, False, None), planned
    assert not os.path.exists(el9.files_path)
    done = ansible.module('rsyslog_policy', **arguments)
    assert (done['changed'], done['in_place']) == (True, True), done
    assert done['in_place_since'].endswith('Z')
    os.unlink(el9.pending)
    assert ansible.module('rsyslog_policy', **arguments)['changed'] is False


# A stand-in for semanage: this machine has no SELinux. It lists what it was told to add, as the real one prints it.
SEMANAGE = '''#!/bin/sh
echo "$*" >>{0}/asked
[ "$*" = 'port -l' ] || {{ [ -e {0}/refuses ] && echo 'ValueError: Type is invalid' >&2 && exit 1; echo ", $7" >>{0}/added; exit; }}
echo "syslogd_port_t                 tcp      601, 20514$(cat {0}/added 2>/dev/null | tr -d '\\n')"
echo 'unreserved_port_t              tcp      61001-65535, 1024-32767'
echo 'zabbix_port_t                  tcp      10051'
'''


@pytest.fixture
def enforcing(el9, monkeypatch):
    """A Host on which SELinux is enforcing, as far as /sys and semanage tell."""
    os.mkdir(os.path.join(el9.root, 'bin'))
    el9.write('bin/semanage', SEMANAGE.format(os.path.join(el9.root, 'bin')))
    os.chmod(os.path.join(el9.root, 'bin', 'semanage'), 0o755)
    monkeypatch.setenv('PATH', os.path.join(el9.root, 'bin') + ':' + os.environ['PATH'])
    monkeypatch.setattr(rsyslog_forwards, 'read_if_there', lambda path: u'1' if path == '/sys/fs/selinux/enforce' else u'')
    return el9


def asked(host):
    return [line for line in host.read('bin/asked').splitlines() if line != 'port -l']


@pytest.mark.parametrize('port, command', [(5514, '-a'), (10051, '-m')])
def test_a_port_that_selinux_does_not_know_is_refused_first(enforcing, port, command):
    enforcing.write('bin/asked', '')
    os.chmod(os.path.join(enforcing.root, 'bin', 'asked'), 0o644)
    before = enforcing.snapshot()
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        enforcing.apply([forwarding(enforcing, port=port)], selinux_ports=port == 10051)
    after = enforcing.snapshot()
    assert after.pop('bin/asked') and before.pop('bin/asked') and after == before
    assert 'Run "semanage port %s -t syslogd_port_t -p tcp %d"' % (command, port) in str(refusal.value)
    assert asked(enforcing) == []
    enforcing.apply([forwarding(enforcing, port=port, protocol='udp')])
    enforcing.apply([forwarding(enforcing, port=601)])


def test_a_port_that_the_module_may_allow(enforcing):
    rules = [forwarding(enforcing, port=5514)]
    planned = enforcing.apply(rules, check=True, selinux_ports=True)
    command = 'semanage port -a -t syslogd_port_t -p tcp 5514'
    assert (planned['changed'], planned['selinux_ports'], asked(enforcing)) == (True, [command], [])
    enforcing.write('bin/refuses', '')
    with pytest.raises(rsyslog.RsyslogError) as refusal:
        enforcing.apply(rules, selinux_ports=True)
    assert 'Type is invalid' in str(refusal.value)
    assert not os.path.exists(enforcing.forward_path)
    os.unlink(os.path.join(enforcing.root, 'bin', 'refuses'))
    assert enforcing.apply(rules, selinux_ports=True)['selinux_ports'] == [command]
    assert asked(enforcing)[-1] == command.partition(' ')[2]
    os.unlink(enforcing.pending)
    assert enforcing.apply(rules, selinux_ports=True)['changed'] is False
