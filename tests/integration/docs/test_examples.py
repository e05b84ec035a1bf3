# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of the documentation is run, from the documentation's own text, on a host of the sandbox.

What the guides have between ``` and the plugins in EXAMPLES is taken as it stands. A reader's folder is made: the checkout, in which
the host is in playbooks/hosts. Data, such as a signature, is laid down where the guide says. Commands are typed in, guide by guide.
Tasks, plays and variables become plays of one playbook. What programs print is compared with what they print now.
An example that is none of this fails, unless NOT_RUN says why.
"""
from __future__ import annotations

import ast
import functools
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from documents import Block, guides, plugins, rows
from galaxy_server import serving
from remedy_runs import private

from ansible_collections.loghygiene.rhel.plugins.filter import facility, pri_decode, pri_encode, severity, syslog_parse
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.messages import MESSAGES

CHECKOUT = Path(__file__).resolve().parents[3]
SANDBOX = CHECKOUT / 'tests' / 'sandbox' / 'sandbox'
HOST = 'docs-el9'
CORES = {name: Path(os.environ['ANSIBLE_%s_BIN' % name.upper()]) for name in ('newest', 'oldest')}

# A command or block that is not run, by a regular expression that its text begins with, and why. Each has to be there.
NOT_RUN = {
    r'make (setup|demo|check|test|bench)\b': 'it makes what this test runs in, or runs this test; that make knows it is looked at',
    r'tests/run_units\.py|(LOG_HYGIENE_EXAMPLES=\d+ )?tests/run_units\.py|(PATH=\S+ )?\S+ -m pytest |\S+ tests/run\.py [a-z-]+ [a-z-]+':
        'it runs tests that are a step of their own',
    r'modinfo ': 'it asks for a signed module of the kernel, which a container does not have',
    r'flowchart ': 'a drawing',
    r'roles/KIND/README\.md': 'names of files; tests/unit/test_collection.py looks for them',
}
# A command of a journey that ends with another status than 0 on a host where it finds something, as docs/record.md has it.
FOUND = {'audit': 2}
# What tells the state of a host fails where there is something to tell.
TELLS = dict.fromkeys(('exit_status', 'policy_report'), 'Set the exit status')

# What the host has of what examples name: logs, a program that pages, a file of a certificate authority, a message "...", a boot loader.
SERVER = r'''
set -eu
mkdir -p ~/.ansible/tmp
logger -- ...
mkdir -p /var/log/remote/web1 /var/log/journal/remote /srv/old /etc/pki/tls/certs /usr/local/bin
journal=$(find /var/log/journal -name system.journal | head -n 1)
for copy in /var/log/journal/remote/remote-web1.journal /srv/old/system.journal /srv/old/system@0006396f1e2ac5e1-2f3c5d4b6a798081.journal~; do
    cp "$journal" "$copy"
done
gzip -c /var/log/messages >/var/log/messages-20261122.gz
cp /var/log/messages /var/log/remote/web1/messages
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=logs-ca -keyout /dev/null -out /etc/pki/tls/certs/logs-ca.pem 2>/dev/null
printf '#!/bin/sh\ncat >/dev/null\n' >/usr/local/bin/page
mkdir -p /boot/loader/entries
printf 'linux /vmlinuz\noptions ro\n' >/boot/loader/entries/m.conf
cat >/usr/local/bin/grubby <<'END'
#!/bin/sh
# For one kernel and arguments to add, as no Debian has the real one.
entry=/boot/loader/entries/m.conf
for word; do case $word in
    --info=ALL) printf 'index=0\nkernel="/boot/vmlinuz"\nargs="%s"\n' "$(sed -n 's/^options //p' $entry)" ;;
    --args=*) sed -i "s/^options.*/& ${word#--args=}/" $entry ;;
esac; done
END
chmod 755 /usr/local/bin/page /usr/local/bin/grubby
'''

# Of a reader's own: what a log server collected.
COLLECTED = '''<14>Nov 22 16:01:20 web1 app[7]: started
<11>Nov 22 16:01:21 web1 app[7]: cannot start
a line without a PRI
'''

# Runs of both journeys, in whose records the examples of the stages read and write. Errors are ignored: an audit ends by
# what it finds. What an example needs of them and lacks makes it fail.
GIVEN = '''
- name: given an audit
  hosts: servers
  become: true
  gather_facts: false
  ignore_errors: true
  vars: {log_hygiene_run_dir: /srv/log_hygiene, log_hygiene_journey: audit}
  tasks:
    - ansible.builtin.include_role: {name: loghygiene.rhel.log_hygiene, tasks_from: begin}
    - ansible.builtin.include_role: {name: loghygiene.rhel.log_hygiene, tasks_from: audit}
- name: given the default policy, and nothing of an earlier one
  hosts: servers
  become: true
  gather_facts: false
  ignore_errors: true
  roles:
    - {role: loghygiene.rhel.syslog_policy, syslog_policy_state: absent}
    - {role: loghygiene.rhel.syslog_policy, syslog_policy_state: present}
- name: given a remediation
  hosts: servers
  become: true
  gather_facts: false
  ignore_errors: true
  vars: {log_hygiene_run_dir: /srv/log_hygiene, log_hygiene_journey: remediate}
  tasks:
    - ansible.builtin.include_role: {name: loghygiene.rhel.log_hygiene, tasks_from: begin}
    - loghygiene.rhel.survey: {run_dir: /srv/log_hygiene, journey: remediate}
'''


@functools.lru_cache(maxsize=None)
def blocks() -> list[Block]:
    """All there are. The same command or data in another language is the same example."""
    return guides(CHECKOUT) + plugins(CHECKOUT)


def reason(text: str) -> str | None:
    """Why a command or block is not run."""
    return next((why for pattern, why in NOT_RUN.items() if re.match(pattern, text)), None)


def data(block: Block):
    """What the YAML of a block holds."""
    return yaml.safe_load(block.text)


def lookup(**options) -> dict:
    """A task that names the signatures of the catalog that are asked for."""
    given = ', '.join('%s=%r' % item for item in options.items())
    return {'name': 'Load the catalog', 'ansible.builtin.debug': {
        'msg': "{{ lookup('loghygiene.rhel.signatures', %s) | map(attribute='id') }}" % given}}


class Catalogs:
    """Folders for signatures that examples change."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.example = next(data(block) for block in blocks() if block.marker == 'example: acme-agent-idle')

    def folder_of(self, block: Block, changes: dict) -> Path:
        """A folder with the signature of the guide, with these keys changed."""
        folder = self.folder / re.sub(r'\W', '-', block.name)
        folder.mkdir(parents=True)
        (folder / (self.example['id'] + '.yml')).write_text(yaml.safe_dump({**self.example, **changes}, allow_unicode=True), encoding='utf-8')
        return folder


def kind(block: Block) -> str:
    """What sort of example a block is; '' for one that nobody here knows."""
    if block.language == 'console':
        return 'commands'
    if block.language == 'text':
        return next((name for name, pattern in TEXTS.items() if re.match(pattern, block.text)), '')
    if block.language != 'yaml':
        return ''
    if block.marker.startswith('example: roles/'):
        return 'role'
    found = data(block)
    if isinstance(found, list):
        return 'plays' if all('hosts' in one for one in found) else 'tasks'
    for name, keys in SHAPES.items():
        if keys <= set(found):
            return name
    return 'expression' if block.document.startswith('plugins/filter/') else ''


# By the keys that it has: the first that fits.
SHAPES = {'signature': {'id', 'match'}, 'protected': {'class', 'records'}, 'part': {'remedy'}, 'policy': {'syslog_policy_rules'},
          'values': {'syslog_policy_retention'},
          'group_vars': {'log_hygiene_catalog_paths'}, 'requirements': {'collections'}, 'query': {'query'}, 'controls': {'controls'},
          'looks': {'context'}}
TEXTS = {'fleet': r'\d{4}-\d\d-\d\d \d\d:\d\d (UTC|KST)  ', 'policy_run': r'\S+  in place\n', 'host': r'\S+  .*  boot [0-9a-f]{8}  ', 'sums': r'PRI = ',
         'errors': r'.* is not a valid '}


def plays(block: Block, catalogs: Catalogs) -> list[dict]:
    """The plays that run a block of YAML."""
    found, what = data(block), kind(block)
    play = {'name': block.name, 'hosts': 'servers', 'gather_facts': False, 'ignore_errors': True, 'ignore_unreachable': True}
    here = {**play, 'hosts': 'localhost'}
    if what == 'plays':
        return [{**play, **one, 'name': block.name} for one in found]
    if what == 'tasks':
        # Variables of a role that examples name are those of its defaults.
        return [{**play, 'tasks': found, 'vars_files': [str(CHECKOUT / 'roles/syslog_policy/defaults/main.yml')]}]
    if what in ('policy', 'values'):
        return [{**play, 'become': True, 'vars': found, 'roles': ['loghygiene.rhel.syslog_policy']}]
    if what == 'role':
        return [{**play, 'become': True, 'roles': ['acme.things.' + block.marker.split('/')[1]]}]
    if what == 'signature':
        return [{**here, 'tasks': [lookup(paths=['signatures'], ids=[found['id']])]}]
    if what == 'protected':
        return [{**here, 'tasks': [lookup(paths=['signatures'])]}]
    if what == 'part':
        changes = {'disposition': 'fix', 'vanishes_from': ['journal'], **found}
        return [{**here, 'tasks': [lookup(paths=[str(catalogs.folder_of(block, changes))], ids=[catalogs.example['id']])]}]
    if what in ('controls', 'looks'):
        return [{**here, 'tasks': [lookup(paths=[str(catalogs.folder_of(block, found))], ids=[catalogs.example['id']])]}]
    if what == 'query':
        return [{**here, 'tasks': [lookup(query=found['query'])]}]
    if what == 'expression':
        return [{**here, 'tasks': [{'name': 'Evaluate', 'ansible.builtin.debug': {'msg': list(found.values())}}]}]
    return []


class Reader:
    """The folder of somebody who reads the documentation, with a host, and what was typed there so far."""

    def __init__(self, folder: Path, galaxy: str):
        self.checkout, self.home = folder / 'checkout', folder / 'home'
        self.playbooks = self.checkout / 'playbooks'
        self.home.mkdir()
        self.checkout.mkdir()
        for path in CHECKOUT.iterdir():
            if path.name not in ('playbooks', '.collections', '.git', 'build', '.cache', '.ansible'):
                (self.checkout / path.name).symlink_to(path)
        shutil.copytree(CHECKOUT / 'playbooks', self.playbooks, ignore=shutil.ignore_patterns('log_hygiene', 'hosts'))
        installed = next(path for path in (Path(one) / 'ansible_collections/loghygiene/rhel' for one in [
            *filter(None, os.environ.get('ANSIBLE_COLLECTIONS_PATH', '').split(os.pathsep)), CHECKOUT / '.collections']) if path.is_dir())
        linked = self.checkout / '.collections/ansible_collections/loghygiene/rhel'
        linked.parent.mkdir(parents=True)
        linked.symlink_to(installed)
        self.state, self.document = folder / 'state', ''
        self.outcomes = folder / 'outcomes'
        self.environ = {**{name: value for name, value in os.environ.items() if not name.startswith('ANSIBLE_')},
                        'HOME': str(self.home), 'USER': 'reader', 'ANSIBLE_NOCOLOR': '1', 'ANSIBLE_PIPELINING': '1',
                        'ANSIBLE_GALAXY_SERVER': galaxy, 'ANSIBLE_INVENTORY_UNPARSED_WARNING': 'false', 'COLUMNS': '200',
                        'PATH': '%s:%s' % (CORES['newest'], os.environ['PATH'])}
        inventory = subprocess.run([SANDBOX, 'inventory', HOST], stdout=subprocess.PIPE, check=True).stdout.decode()
        hosts = yaml.safe_load(inventory)
        hosts['all']['children']['servers'] = hosts['all']['children'].pop('sandbox')
        hosts['all']['vars']['log_hygiene_post_reboot_delay'] = 1
        (self.playbooks / 'hosts').write_text(yaml.safe_dump(hosts), encoding='utf-8')
        # A fleet: two more that cannot be reached, as their names are nobody's.
        hosts['all']['children']['servers']['hosts'].update({'web05': {'ansible_host': 'nobody'}, 'web06': {'ansible_host': 'nobody'}})
        (self.playbooks / 'fleet').write_text(yaml.safe_dump(hosts), encoding='utf-8')
        (self.playbooks / 'collected.log').write_text(COLLECTED, encoding='utf-8')
        self.typed: dict[str, subprocess.CompletedProcess] = {}
        self.lay_down()

    def lay_down(self) -> None:
        """Write what guides say that files hold."""
        for block in blocks():
            what, named = kind(block), re.match(r'# (\S+\.yml)\n', block.text)
            if what == 'role':
                path = self.checkout / '.collections/ansible_collections/acme/things' / block.marker.partition(' ')[2]
            elif what == 'signature':
                path = self.playbooks / 'signatures' / data(block)['match']['identifiers'][0] / (data(block)['id'] + '.yml')
            elif what in ('protected', 'group_vars'):
                assert named, '%s does not say which file it is' % block.name
                path = self.playbooks / named[1]
            else:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding='utf-8')
        (self.checkout / '.collections/ansible_collections/acme/things/galaxy.yml').write_text(
            '{namespace: acme, name: things, version: 1.0.0, authors: [], readme: README.md}\n', encoding='utf-8')

    @property
    def installed(self) -> Path:
        """A file of the collection where ansible-galaxy installs it."""
        return self.home / '.ansible/collections/ansible_collections/loghygiene/rhel/playbooks/audit.yml'

    def uninstall(self) -> None:
        """Remove what ansible-galaxy installed."""
        shutil.rmtree(self.installed.parents[1], ignore_errors=True)

    def begin(self, block: Block) -> None:
        """Begin a guide: at the top of the checkout, or, where the guide is about playbooks, beside them."""
        self.document = block.document
        folder = self.playbooks if block.document.startswith('docs/') else self.checkout
        self.state.write_text('cd %s\n' % shlex.quote(str(folder)), encoding='utf-8')

    def type(self, command: str) -> subprocess.CompletedProcess:
        """Type a command. The folder and the environment are those that the commands before it left."""
        script = '. %s\n%s\nstatus=$?\n{ declare -px; printf "cd %%q\\n" "$PWD"; } >%s\nexit $status' % (self.state, command, self.state)
        return subprocess.run(['bash', '-o', 'pipefail', '-c', script], env=self.environ, cwd=self.checkout, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300)

    def play(self, path: Path, *more: str, core: str = 'newest') -> subprocess.CompletedProcess:
        """Run a playbook. In a mount namespace where /srv is its own: examples keep their records there."""
        return subprocess.run(
            [*private('mount -t tmpfs -o mode=755 none /srv'), str(CORES[core] / 'ansible-playbook'), str(path), '-i', 'hosts', *more],
            cwd=self.playbooks, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=1800,
            env={**self.environ, 'ANSIBLE_CALLBACKS_ENABLED': 'outcomes', 'OUTCOMES_FILE': str(self.outcomes),
                 'ANSIBLE_CALLBACK_PLUGINS': str(Path(__file__).parent / 'callback_plugins')})


@pytest.fixture(scope='module', name='reader')
def reader_with_a_host(tmp_path_factory):
    subprocess.run([SANDBOX, 'up', HOST, '--seed', 'gnome-software,sshd,tmpfiles,v3', '--history', '1', '--fresh'], check=True)
    subprocess.run([SANDBOX, 'exec', HOST, 'sh', '-c', SERVER], check=True, stdin=subprocess.DEVNULL)
    try:
        tarball, = (CHECKOUT / 'build').glob('loghygiene-rhel-*.tar.gz')
        with serving(tarball) as galaxy:
            reader = Reader(tmp_path_factory.mktemp('reader'), galaxy)
            shutil.copy(tarball, reader.checkout)
            yield reader
    finally:
        subprocess.run([SANDBOX, 'down', HOST], check=True)


def test_every_example_is_run_or_it_is_said_why_not():
    unknown = [block.name for block in blocks() if not kind(block) and not reason(block.text)]
    assert not unknown, 'No test runs them, and NOT_RUN does not say why'
    texts = [block.text for block in blocks()] + [command for block in blocks() if block.language == 'console' for dummy, command, dummy in block.commands()]
    assert not [pattern for pattern in NOT_RUN if not any(re.match(pattern, text) for text in texts)], 'They are in no document'
    assert len({kind(block) for block in blocks()}) > 12 and len(blocks()) > 60


# --- what programs print ---

def of_kind(*kinds: str):
    """A parameter for each block of these kinds."""
    return pytest.mark.parametrize('block', [block for block in blocks() if kind(block) in kinds], ids=lambda block: block.name)


def shape(line: str) -> str:
    """A line without what differs from run to run."""
    return re.sub(r'\d+', '0', line)


@pytest.fixture(scope='module')
def fleets(reader):
    """What an audit of three hosts prints, by language: one noisy host, before anything is done to it, and two that are not seen."""
    found = {}
    for language in ('en', 'ko'):
        reader.begin(blocks()[0])
        done = reader.type('cd playbooks; ansible-playbook audit.yml -i fleet -e log_hygiene_language=%s' % language)
        assert done.returncode == 4, done.stdout
        found[language] = done.stdout
    reader.document = ''
    return found


def language_of(block: Block) -> str:
    return 'ko' if '.ko.' in block.document else 'en'


@of_kind('fleet')
def test_the_table_of_a_fleet_looks_like_that(block, fleets):
    printed = fleets[language_of(block)]
    real = printed[re.search(TEXTS['fleet'], printed, re.MULTILINE).start():].splitlines()
    shown = block.text.splitlines()
    assert shape(shown[0]) == shape(real[0]), printed
    # Columns that say nothing are left out, so each must be one that there is, and in the same order.
    columns = [re.split(r' {2,}', line.strip()) for line in (shown[1], real[1])]
    common = [name for name in columns[0] if name in columns[1]]
    assert common == [name for name in columns[1] if name in columns[0]] and len(common) > 4, printed
    known = {text[language_of(block)] for text in MESSAGES.values()}
    assert not [name for name in columns[0] if name not in columns[1] and name not in known]
    lines = dict(re.findall(r'^([^:\n]+?)(?:\(.*?\))?: (.*)$', '\n'.join(shown[2:]), re.MULTILINE))
    starts = {re.split(r'(?:\(.*?\))?: |\{', text[language_of(block)])[0] for text in MESSAGES.values()}
    assert not [start for start in lines if start not in starts and not re.match(r'\S+ {2,}', start)], lines
    # What is said of the hosts adds up.
    rows_of = [re.split(r' {2,}', line) for line in shown[2:] if re.match(r'\S+ {2,}', line)]
    assert all(len(row) == len(columns[0]) for row in rows_of)
    numbers = [int(number) for number in re.findall(r'\d+', shown[0].split('  ', 2)[2])]
    assert numbers[0] == sum(numbers[1:]) == len(rows_of) + numbers[1], numbers


@of_kind('policy_run')
def test_the_report_of_the_policy_looks_like_that(block):
    known = [text[language_of(block)] for text in MESSAGES.values()]
    lines = [re.split(r' {2,}', line.strip()) for line in block.text.splitlines() if line]
    total = next(number for number, line in enumerate(lines) if re.match(r'\d{4}-', line[0]))
    heads = [lines[total + 1], next(line for line in lines if len(line) == 4)]
    assert not [name for line in heads for name in line if name not in known]
    numbers = [int(number) for number in re.findall(r'\d+', lines[total][2])]
    assert numbers[0] == sum(numbers[1:]) == len(lines) - total - 2
    form = MESSAGES['summary'][language_of(block)]
    assert shape(lines[total][2]) == re.sub(r'{\w+}', '0', form) and lines[total][1] == MESSAGES['policy_run.title'][language_of(block)]


# --- commands ---

def plain(command: str) -> str:
    """A command without its comment."""
    return re.sub(r'\s+# .*', '', command)


@pytest.mark.parametrize('block', [block for block in blocks() if block.language == 'console'], ids=lambda block: block.name)
def test_commands_do_what_they_should(reader, block):
    if reader.document != block.document:
        reader.begin(block)
    for prompt, command, output in block.commands():
        if reason(command):
            if command.startswith('make '):
                done = reader.type(re.sub('^make', 'make --dry-run -C %s' % shlex.quote(str(reader.checkout)), command))
                assert done.returncode == 0, done.stdout
            continue
        words = plain(command).split()
        # What was typed in another language is not typed again, but for what later commands stand on.
        if plain(command) in reader.typed and words[0] not in ('cd', '.'):
            continue
        if words[0] == 'ansible-galaxy':
            reader.uninstall()
        if prompt == '#':
            done = subprocess.run([SANDBOX, 'exec', HOST, 'bash', '-o', 'pipefail', '-c', command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
        else:
            done = reader.type(command)
        expected = 0
        if words[0] == 'ansible-playbook':
            journey = words[1].removesuffix('.yml').rpartition('.')[2]
            expected = FOUND.get(journey, 0)
            assert 'unreachable=0' in done.stdout and re.search(r'^%s +: ok=[1-9]' % HOST, done.stdout, re.MULTILINE), done.stdout
        assert done.returncode == expected, '%s\n%s' % (command, done.stdout)
        assert not [line for line in output.splitlines() if line not in done.stdout], done.stdout
        assert '[WARNING]' not in done.stdout and 'DEPRECAT' not in done.stdout, done.stdout
        reader.typed[plain(command)] = done
        if words[0] == 'ansible-galaxy':
            assert reader.installed.is_file(), done.stdout
        if 'loghygiene.rhel.signatures' in command and 'paths=' in command:
            assert not [one for one in blocks() if kind(one) == 'signature' and one.document == block.document
                        and data(one)['id'] not in done.stdout], done.stdout


@of_kind('requirements')
def test_requirements_are_installed(reader, block):
    (reader.checkout / 'requirements.yml').write_text(block.text, encoding='utf-8')
    reader.uninstall()
    reader.begin(block)
    done = reader.type('ansible-galaxy collection install -r requirements.yml')
    assert done.returncode == 0 and reader.installed.is_file(), done.stdout


@of_kind('host')
def test_the_table_of_a_host_looks_like_that(reader, block):
    """As the commands above printed it."""
    if language_of(block) == 'ko':
        reader.begin(block)
        printed = reader.type('cd playbooks; ansible-playbook verify.yml -i hosts -e log_hygiene_language=ko').stdout
    else:
        printed = ''.join(done.stdout for command, done in reader.typed.items() if 'remediate' in command)
    first, *shown = block.text.splitlines()
    found = [re.split(r' {2,}', line.strip()) for line in printed.splitlines()]
    assert shown[0].split() and re.split(r' {2,}', shown[0].strip()) in found, printed
    wanted = [re.sub('[0-9a-f]{8}', 'ID', part) for part in re.split(r' {2,}', first)]
    headings = [[re.sub('[0-9a-f]{8}', 'ID', part) for part in line] for line in found if line[-2:-1] and line[-2].startswith('boot ')]
    assert [line for line in headings if len(line) == len(wanted) and [shape(part) for part in line[-3:-1]] == [shape(part) for part in wanted[-3:-1]]], printed
    known = {text[language_of(block)] for text in MESSAGES.values()}
    assert wanted[-1] in known


# --- tasks, plays, data ---

RUN = [block for block in blocks() if kind(block) in (
    'plays', 'tasks', 'policy', 'values', 'role', 'signature', 'protected', 'part', 'controls', 'query', 'expression')]


def first_of(block: Block) -> Block:
    """The first block that says the same: in another language, or of the same role."""
    def said(one: Block) -> tuple:
        return kind(one), one.marker.split('/')[1] if kind(one) == 'role' else data(one)
    return next(one for one in RUN if said(one) == said(block))


def in_order(block: Block) -> tuple[int, str]:
    """What asks for the policy comes first, as others have other policies. A lock that is left to the host comes last."""
    name = Path(block.document).stem
    if kind(block) == 'tasks' and 'syslog_policy_rules' in block.text:
        return -1, name
    return {'preflight': 1, 'survey': 2, 'plan': 3, 'remedies': 4, 'reboot': 5, 'verdicts': 6, 'summary': 7, 'exit_status': 8,
            'host_lock': 9}.get(name, 0), name


@pytest.fixture(scope='module', name='playbook')
def playbook_of_all(reader):
    """A playbook with each example as a play of its name."""
    catalogs = Catalogs(reader.checkout.parent / 'catalogs')
    made = [play for block in sorted(RUN, key=in_order) if first_of(block) is block for play in plays(block, catalogs)]
    path = reader.playbooks / 'examples.yml'
    path.write_text(GIVEN + yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=1000), encoding='utf-8')
    return path


@pytest.mark.parametrize('core', sorted(CORES))
def test_each_core_takes_the_syntax(reader, playbook, core):
    done = reader.play(playbook, '--syntax-check', core=core)
    assert done.returncode == 0 and 'ERROR' not in done.stdout and 'DEPRECAT' not in done.stdout, done.stdout


@pytest.fixture(scope='module')
def ended(reader, playbook):
    """How the tasks ended, by play: (task, status, result). And what was printed."""
    reader.outcomes.unlink(missing_ok=True)
    # As on a server; what examples set below net is the container's own. Here, as commands above rebooted the host.
    subprocess.run([SANDBOX, 'exec', HOST, 'mount', '-o', 'remount,rw', '/proc/sys'], check=True, stdin=subprocess.DEVNULL)
    # Each example is one by itself: none keeps less than an earlier one.
    done = reader.play(playbook, '-e', 'syslog_policy_allow_shorter=true')
    found: dict[str, list] = {}
    for line in reader.outcomes.read_text(encoding='utf-8').splitlines():
        play, *rest = json.loads(line)
        found.setdefault(play, []).append(rest)
    return found, done.stdout


def expected_to_fail(found) -> set[str]:
    """Names of tasks that fail on purpose: those of a block that has a rescue."""
    return {task['name'] for block in found if isinstance(found, list) and 'rescue' in block for task in block['block']}


@pytest.mark.parametrize('block', RUN, ids=lambda block: block.name)
def test_it_runs(ended, block):
    found, printed = ended
    name = first_of(block).name
    assert name in found, printed[-5000:]
    ran = [one for one in found[name] if one[1] != 'begun']
    allowed = expected_to_fail(data(block)) | {name for plugin, name in TELLS.items() if Path(block.document).stem == plugin}
    wrong = [(task, status, {key: result.get(key) for key in ('msg', 'exception', 'results') if key in result})
             for task, status, result in ran if status in ('failed', 'unreachable') and task not in allowed]
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)
    wanted = [task['name'] for play in (data(block) if kind(block) == 'plays' else []) for task in play.get('tasks', [])]
    wanted += [task['name'] for task in (data(block) if kind(block) == 'tasks' else []) if 'block' not in task]
    assert not set(wanted) - {task for task, dummy, dummy in ran}
    assert any(status == 'ok' or task in allowed for task, status, dummy in ran) or kind(block) == 'plays' and not wanted
    if kind(block) in ('signature', 'part', 'controls'):
        assert data(block).get('id', 'acme-agent-idle') in ran[-1][2]['msg']
    if kind(block) == 'query':
        assert ran[-1][2]['msg'], 'it selects nothing'
    if kind(block) == 'expression':
        comment, = re.findall(r'^# (.*)', block.text, re.MULTILINE)
        assert ran[-1][2]['msg'] == [yaml.safe_load('{%s}' % comment)]
    if block.document.startswith('plugins/filter/'):
        for task, status, result in ran:
            # "Show 34, twice"
            if task.startswith('Show ') and 'results' not in result and status == 'ok':
                shown = result['msg'] if isinstance(result['msg'], list) else [result['msg']]
                assert shown and not [one for one in shown if str(one) not in task], task


# --- syslog.md ---

FILTERS = {module.__name__.rpartition('.')[2]: function for module in (facility, pri_decode, pri_encode, severity, syslog_parse)
           for function in module.FilterModule().filters().values()}


@of_kind('sums')
def test_the_sums_are_right(block):
    found = re.findall(r'(\d+) (= (\d+) x 8 \+ (\d+)|/ 8 = (\d+)|mod 8 = (\d+)), (\w+)(?:\.(\w+))?', block.text)
    assert len(found) == len(block.text.splitlines())
    for pri, dummy, high, low, whole, rest, first, second in found:
        decoded = FILTERS['pri_decode'](pri)
        numbers = (decoded['facility']['number'], decoded['severity']['number'])
        assert [int(number) for number in (high or whole, low or rest) if number] == [
            number for number, given in zip(numbers, (high or whole, low or rest)) if given]
        keywords = [decoded['facility']['keyword'], decoded['severity']['keyword']]
        assert [word for word in (first, second) if word] == (keywords if high else keywords[:1] if whole else keywords[1:])


@of_kind('errors')
def test_the_errors_are_said(block):
    for line in block.text.splitlines():
        value, what = re.match(r'(\d+|".*?") is not a valid (\w+)', line).groups()
        function = FILTERS[{'PRI': 'pri_decode'}.get(what, what)]
        with pytest.raises(Exception) as error:
            function(ast.literal_eval(value))
        assert re.fullmatch(r'.*?'.join(re.escape(part) for part in line.split('...')), str(error.value).partition(': ')[2]), error.value


@pytest.mark.parametrize('document, call, result', rows(CHECKOUT))
def test_the_tables_of_filters_are_right(document, call, result):
    value, name, arguments = re.fullmatch(r"(.*) \| loghygiene\.rhel\.(\w+)(?:\((.*)\))?", call).groups()
    value = "'<34>1 2003-10-11T22:14:15.003Z host app 1 - - text'" if value == 'line' else value
    got = FILTERS[name](ast.literal_eval(value), *([ast.literal_eval(arguments)] if arguments else []))
    if result.isdigit():
        assert got == int(result)
    words = re.findall('`([^`]+)`', result)
    if result.startswith(('the row of', '행')) or len(words) == 1:
        assert got['keyword'] == words[0]
    elif words:
        assert set(words) >= set(got) and all(set(one) <= set(words) for one in got.values() if isinstance(one, dict))


