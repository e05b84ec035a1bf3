# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of remedy and every module of hosts, on the files that each release ships (tests/releases), by its Python.

    release   its Python   ansible-core that manages it
    EL 7      2.7          2.16, the oldest supported
    EL 8      3.6          2.16
    EL 9      3.9          the newest supported
    EL 10     3.12         the newest supported

In a mount namespace with the files of the release, the real rsyslogd, logrotate, named-checkconf, dconf, systemd-tmpfiles and
systemd-analyze of this machine judge. One play runs all roles, and what it changes is compared with tests/releases/elN/expected
line by line. A second run, which changes nothing, the modules that only look, and `absent`, which brings everything back, are
the modules alone, one after the other in one process of the release's Python: a play packs and sends each of them anew.
What needs a running systemd or a program that is not here is named below, with the test that has it.

LOG_HYGIENE_RENEW=1 writes the expected files anew; read the difference before it is committed.
"""
import difflib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from remedy_runs import PYTHONS, Ansible, private

from ansible_collections.loghygiene.rhel.plugins.filter.syslog_policy import FilterModule
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import kinds

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parents[1] / 'releases'
sys.path.insert(0, str(HERE.with_name('scanner')))
from scanning import Target  # noqa: E402

RELEASES = {'el7': ('2.7', 'oldest'), 'el8': ('3.6', 'oldest'), 'el9': ('3.9', 'newest'), 'el10': ('3.12', 'newest')}

NOISE = dict(id='acme-probe-idle', revision=1, disposition='divert', match=dict(
    identifiers=['acme-probe'], transport=['journal', 'syslog'], literal='probe idle for', regex='^probe idle for [0-9]+ s$', priority='info'))
POLICY = FilterModule().filters()['syslog_policy']([
    dict(name='authentication', facilities=['auth', 'authpriv'], keep='2y', file='/var/log/secure', separate=True),
    dict(name='mail', facilities=['mail'], keep='1y', file='/var/log/maillog'),
    dict(name='general', facilities=['kern', 'user', 'daemon'], severity_at_least='notice', keep='1y', file='/var/log/messages')])
KEPT = [dict(path=rule['file'], keep_days=rule['keep_days']) for rule in POLICY]
# What the kinds are given, by their roles; for the others it is what their roles have by default.
ITEMS = dict(
    config_value=[dict(signature_id='named-managed-keys', file='/etc/named.conf', key='dnssec-validation', value='no',
                       opt_in_reason='this network has no way to the signed root')],
    file_mode=[dict(signature_id='unit-file-executable')],
    kernel_argument=[dict(signature_id='drm-flip-done', argument='nomodeset')],
    module_options=[dict(signature_id='floppy-io-error', module='floppy', blacklist=True),
                    dict(signature_id='kvm-msr', module='kvm', options=dict(report_ignored_msrs=0))],
    sysctl_drop_in=[dict(signature_id='ttl', key='net.ipv4.ip_default_ttl', value='66')],
    syslog_exclusions=[dict(signature_id=NOISE['id'], signature=NOISE, keep=False)],
    tmpfiles_override=[dict(signature_id='acme-legacy-directory', file='acme.conf', type='d', path='/var/run/acme', line='d /run/acme 0755 root root -')],
    unit_drop_in=[dict(signature_id='packagekit-starts', unit='packagekit.service', section='Service', key='RestartSec', value=30)],
    unit_state=[dict(signature_id='packagekit-offline', unit='packagekit-offline-update.service', state='masked')])
MODULE_OF = dict(gnome_software_autostart='desktop_autostart', syslog_exclusions='rsyslog_diversion')
# What cannot be done here, and the test that does it.
ELSEWHERE = {
    'kernel_argument': ('No Debian has grubby: here it says so, and changes nothing.', 'remedies/test_kernel_argument.py'),
    'host_lock': ('Each module that changes a host takes the lock by itself.', 'journey/test_lost_hosts.py'),
    'syslog_probe': ('It needs a journald and an rsyslogd that run.', 'probe/test_probe.py'),
    'trail': ('It writes to a journald that runs.', 'journey/test_rollback.py'),
}
ROLES = [role for role in kinds.ROLES if role not in ELSEWHERE]


def others(state):
    """The modules that change a host and are no kind: {name: arguments}."""
    there = state == 'present'
    return dict(
        logrotate_policy=dict(rules=KEPT if there else [], state=state),
        rsyslog_policy=dict(rules=POLICY if there else [], state=state),
        rsyslog_restart=dict(former={}, wait=0),
        managed_file=dict(path='/etc/systemd/journald.conf.d/zz_log_hygiene.conf', mark='# the journal of this host', state=state,
                          content='# the journal of this host\n[Journal]\nMaxRetentionSec=90day\n'))


LOOKING = dict(
    alert_info=dict(rules=POLICY), host_info={}, journal_scan=dict(signatures=[NOISE]), trigger_info=dict(triggers=['login']),
    logfile_scan=dict(signatures=[NOISE], paths=['/var/log/messages', '/var/log/secure']),
    log_retention_info=dict(rules=KEPT, journal_keep_days=90),
    syslog_policy_info=dict(rules=[dict(path='/var/log/secure', keep_days=30)]),
    host_survey=dict(
        signatures=[NOISE], retention=dict(rules=KEPT, journal_keep_days=90), remedied=['packagekit-offline', 'unit-file-executable'],
        kinds=dict(unit_state=ITEMS['unit_state'], file_mode=ITEMS['file_mode'])))

# Modules one after the other, each in a child of a process that has read them, so that Python and they are read once.
RUNNER = """
import importlib, json, os, sys
from ansible.module_utils import basic
jobs = json.load(sys.stdin)
modules = dict((name, importlib.import_module('ansible_collections.loghygiene.rhel.plugins.modules.' + name)) for name, _arguments in jobs)
results = []
for name, arguments in jobs:
    source, target = os.pipe()
    if not os.fork():
        os.dup2(target, 1)
        basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = json.dumps(dict(ANSIBLE_MODULE_ARGS=dict(arguments, _ansible_remote_tmp='/tmp'))).encode(), 'legacy'
        modules[name].main()
    os.close(target)
    with os.fdopen(source) as said:
        results.append(json.load(said))
    os.wait()
print(json.dumps(results))
"""
# What dconf compiles is made anew whenever it is asked to, and an overlay has folders of its own where it holds one below.
NOT_TOLD = re.compile('/etc/dconf/db/[a-z]+$|/usr/local(/share)?$')
# Bytes of the journal that journald of the release would have written: those of EL 7 and 8 are not keyed and not compact.
JOURNAL = r"""
folder=/var/log/journal/$(cat /etc/machine-id)
mkdir -p "$folder"
entry() { printf '__REALTIME_TIMESTAMP=%%s\n__MONOTONIC_TIMESTAMP=%%s\n_BOOT_ID=%%s\n_TRANSPORT=journal\n_UID=0\nPRIORITY=6\nSYSLOG_IDENTIFIER=acme-probe\n' \
    "$1" "$1" 11111111111111111111111111111111; printf 'MESSAGE=%%s\n_MACHINE_ID=%%s\n\n' "$2" "$(cat /etc/machine-id)"; }
{ entry 1764000000000001 'probe idle for 30 s'; entry 1764000000000002 'probe idle for 31 s'; entry 1764000000000003 'probe lost'; } >/run/export
%s /usr/lib/systemd/systemd-journal-remote -o "$folder/system.journal" %s /run/export
"""
OLD_FORMAT = 'env SYSTEMD_JOURNAL_KEYED_HASH=0 SYSTEMD_JOURNAL_COMPACT=0', '--compress=no'


class World:
    """A mount namespace with the files of a release, in which commands run one after the other."""

    def __init__(self, folder, release):
        self.root = folder
        self.process = subprocess.Popen(['unshare', '--net'] + private('room=%s; files=%s\n%s' % (
            folder, SHIPPED / release / 'files', (HERE / 'world.sh').read_text(encoding='utf-8'))) + ['sh', '-c', 'echo ready; exec sleep 3600'],
            stdout=subprocess.PIPE, start_new_session=True)
        assert self.process.stdout.readline() == b'ready\n'
        self.wrap = ['nsenter', '--mount=/proc/%d/ns/mnt' % self.process.pid, '--net=/proc/%d/ns/net' % self.process.pid, '--wd=/']
        self.run('sh', '-ec', JOURNAL % (OLD_FORMAT if release in ('el7', 'el8') else ('', '')))

    def run(self, *command):
        done = subprocess.run(self.wrap + list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        assert done.returncode == 0, done.stdout
        return done.stdout.decode('utf-8')

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


def changes(before, after):
    """{path: text} of what was changed: the list of it under 'LIST', and of each file what it holds now."""
    lines, found = [], {}
    for path in sorted(set(before) | set(after)):
        was, now = before.get(path), after.get(path)
        if was == now or NOT_TOLD.match(path):
            continue
        kind, mode, owner, content = now or was
        lines.append('%s %s %s %s %s%s' % (
            'added' if was is None else 'removed' if now is None else 'edited', kind, mode, owner, path, ' -> ' + content if kind == 'link' else ''))
        if now is not None and kind == 'file' and (was is None or was[3] != content):
            found[path] = content.encode('latin-1').decode('utf-8')
    return dict(found, LIST=''.join(line + '\n' for line in lines))


def expected(folder):
    """The same from the files of a folder."""
    return {'LIST' if path.name == 'LIST' else '/' + str(path.relative_to(folder)): path.read_text(encoding='utf-8')
            for path in folder.rglob('*') if path.is_file()}


def write_expected(folder, found):
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in found.items():
        path = folder / name.lstrip('/')
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')


def difference(wanted, found):
    """What differs, as `diff -u` says it."""
    return ''.join(line for name in sorted(set(wanted) | set(found)) for line in difflib.unified_diff(
        wanted.get(name, '').splitlines(True), found.get(name, '').splitlines(True), 'expected' + name.rjust(len(name) + 1), 'found ' + name))


class Release:
    """A release, and what became of it in its rounds."""

    def __init__(self, name, folder, collection):
        python, core = RELEASES[name]
        if python not in PYTHONS:
            pytest.skip('this machine has no Python %s, which %s has' % (python, name))
        self.name, self.folder, self.files, self.results = name, folder, {}, {}
        for part in ('world', 'target'):
            (folder / part).mkdir()
        self.items = dict({role: yaml.safe_load(Path(collection, 'roles', role, 'defaults', 'main.yml').read_text(encoding='utf-8'))[role + '_items']
                           for role in ROLES if role not in ITEMS}, **ITEMS)
        self.target = Target(folder / 'target', collection, PYTHONS[python], core)
        self.ansible = Ansible(core, python, collection, folder / 'ansible')
        self.world = World(folder / 'world', name)

    def run(self):
        self.look('before')
        self.boots = [self.boot()]
        self.play()
        self.boots.append(self.boot())
        self.look('there')
        self.modules('again', 'present', LOOKING)
        self.look('again')
        self.modules('back', 'absent', {})
        self.look('back')
        # At the end, as it writes users and groups: what systemd does at the first boot after an update of /usr.
        self.world.run('systemd-sysusers')
        self.group = self.world.run('sh', '-c', 'getent group adm || true').strip()

    def boot(self):
        """How many ACL lines systemd-tmpfiles complains of that name the group; it reads all, and applies none."""
        said = self.world.run('sh', '-c', 'SYSTEMD_LOG_TARGET=console systemd-tmpfiles --create --boot --prefix=/no-line-has-this 2>&1 || true')
        return len([line for line in said.splitlines() if 'Failed to parse ACL' in line and 'group:adm:' in line])

    def look(self, name):
        """Keep what files there are: all of /etc and /var/log, and what was written into /usr."""
        path = self.folder / name
        self.world.run(sys.executable, str(HERE / 'look.py'), '/etc=/etc', '/var/log=/var/log', '%s/layer/upper=/usr' % self.world.root, str(path))
        self.files[name] = json.loads(path.read_text(encoding='utf-8'))

    def play(self):
        """The first round: all roles in one play."""
        result = self.folder / 'result'
        done = self.ansible.run('ansible-playbook', [str(HERE / 'play.yml'), '-e', json.dumps(dict(
            {role + '_items': items for role, items in self.items.items()}, result=str(result), roles_of_kinds=ROLES,
            names=ROLES + ['kernel_argument'] + list(others('present')), **others('present')))], self.world.wrap)
        assert done.returncode == 0, done.stdout
        self.results['there'] = json.loads(result.read_text(encoding='utf-8'))

    def modules(self, name, state, more):
        """A round of the modules alone, and some more."""
        jobs = {role: [MODULE_OF.get(role, role), dict(items=items, state=state)] for role, items in self.items.items() if role in ROLES}
        jobs.update({module: [module, arguments] for module, arguments in list(others(state).items()) + list(more.items())})
        done = subprocess.run(
            self.world.wrap + [self.target.python, '-B', '-W', 'ignore', '-c', RUNNER], input=json.dumps(list(jobs.values())), text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=self.target.folder))
        assert done.returncode == 0, done.stderr
        self.results[name] = dict(zip(jobs, json.loads(done.stdout)))


@pytest.fixture(scope='module', params=RELEASES)
def ran(request, tmp_path_factory, collection):
    """A Release that has run."""
    one = Release(request.param, tmp_path_factory.mktemp(request.param), collection)
    try:
        one.run()
    finally:
        one.world.end()
    return one


def test_what_is_written_is_what_is_expected_line_by_line(ran):
    assert [name for name, one in ran.results['there'].items() if not one.get('in_place', True)] == []
    found, folder = changes(ran.files['before'], ran.files['there']), SHIPPED / ran.name / 'expected'
    if os.environ.get('LOG_HYGIENE_RENEW'):
        write_expected(folder, found)
    wanted = expected(folder)
    assert found == wanted, difference(wanted, found)


def test_a_second_run_changes_nothing(ran):
    assert [(name, one.get('msg')) for name, one in ran.results['again'].items() if one.get('failed')] == []
    # rsyslogd is restarted whenever it is asked for
    assert [name for name, one in ran.results['again'].items() if one['changed'] and name != 'rsyslog_restart'] == []
    assert changes(ran.files['there'], ran.files['again']) == {'LIST': ''}


def test_absent_brings_all_back(ran):
    assert [(name, one.get('msg')) for name, one in ran.results['back'].items() if one.get('failed')] == []
    assert [name for name, one in ran.results['back'].items() if not one['changed']] == []
    # The folder of the diverted lines stays, with them; and managed_file leaves a folder.
    assert changes(ran.files['before'], ran.files['back']) == {
        'LIST': 'added folder 0755 0:0 /etc/systemd/journald.conf.d\nadded folder 0700 0:0 /var/log/log_hygiene\n'}


def test_systemd_tmpfiles_complains_of_as_many_lines_as_the_release_has_and_then_of_none(ran):
    assert ran.boots == [{'el7': 7, 'el8': 8, 'el9': 6, 'el10': 5}[ran.name], 0]


def test_who_brings_the_group_back(ran):
    """EL 7 has no sysusers.d; on EL 8 and 9 the group may get any number, and only on EL 10 its own."""
    assert re.match({'el7': '$', 'el8': 'adm:[^:]*:(?!4:)[0-9]+:$', 'el9': 'adm:[^:]*:(?!4:)[0-9]+:$', 'el10': 'adm:[^:]*:4:$'}[ran.name], ran.group), ran.group


def test_what_the_modules_say_of_the_release(ran):
    said, el = ran.results['again'], int(ran.name[2:])
    host, survey = said['host_info']['host'], said['host_survey']
    assert (host['el'], host['el_source']) == (survey['host']['el'], survey['host']['el_source']) == (el, 'os-release')
    assert [said[name]['signatures'][0]['count'] for name in ('journal_scan', 'logfile_scan')] == [2, 2]
    assert [sink['signatures'][0]['count'] for name, sink in sorted(survey['sinks'].items()) if name in ('journal', 'messages', 'secure')] == [2, 1, 1]
    assert {role: one['in_place'] for role, one in survey['remedies'].items()} == {'file_mode': True, 'unit_state': True}
    assert [(row['store'], row['keep_days']) for row in said['log_retention_info']['stores']] == [
        ('journal', 90), ('file', 732), ('file', 366), ('file', 366)]
    assert said['syslog_policy_info']['shorter'][0].startswith('/var/log/secure is kept 732 days (/etc/logrotate.d/log_hygiene_policy, line ')
    assert (said['trigger_info']['triggers'][0]['count'], said['alert_info']['problems']) == (0, [])
    assert [one['path'] for one in ran.results['there']['logrotate_policy']['taken_over']] == [one['path'] for one in KEPT]
    assert {one['from'] for one in ran.results['there']['logrotate_policy']['taken_over']} == {
        '/etc/logrotate.d/' + ('syslog' if el < 9 else 'rsyslog')}
    assert ran.results['there']['kernel_argument']['msg'].startswith('This host has no grubby, ')


def test_every_kind_and_module_of_hosts_is_run_or_named(collection):
    modules = {path.stem for path in Path(collection, 'plugins', 'modules').glob('*.py') if 'def main(' in path.read_text(encoding='utf-8')}
    assert modules == {MODULE_OF.get(role, role) for role in ROLES} | set(others('present')) | set(LOOKING) | set(ELSEWHERE)
    for _why, test in ELSEWHERE.values():
        assert (HERE.parent / test).is_file(), test


@pytest.mark.parametrize('name, common', [
    ('usr/lib/tmpfiles.d/systemd.conf', False), ('etc/rsyslog.conf', True), ('etc/logrotate.conf', True), ('etc/logrotate.d/rsyslog', True),
    ('etc/sysconfig/rsyslog', True)])
@pytest.mark.parametrize('release', ['el9', 'el10'])
def test_what_the_sandbox_lays_down_is_what_the_release_ships(release, name, common):
    """A stand-in has no firmware that gives it files, and the rsyslogd of one does not know the mode of a state file."""
    def lines(path):
        found = [re.sub(r'(^|\s+)#.*', '', line).split() for line in path.read_text(encoding='utf-8').splitlines()]
        return sorted(line for line in found if line and not re.match('FileCreateMode|/run/systemd/tpm2-', line[min(1, len(line) - 1)]))
    assert lines(SHIPPED / release / 'files' / name) == lines(SHIPPED.parent / 'sandbox' / 'rootfs' / ('common' if common else release) / name)
