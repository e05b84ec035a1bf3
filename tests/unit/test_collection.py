# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as a whole: what is written twice agrees, and nothing that must be there is missing."""
import ast
import fnmatch
import functools
import os
import pathlib
import re
import sys

from packaging.requirements import Requirement
import pytest
import yaml

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]

# Folders that git ignores; what lies in them is nobody's source.
IGNORED = {'.git', '.ansible', '.cache', '.collections', '.hypothesis', '.molecule', '.pytest_cache', '.venv',
           '.venv-galaxy', '.venv-oldest', '__pycache__', 'build', 'output'}

# What the tarball is made of, and what only developers need.
SHIPPED = {'LICENSE', 'README.md', 'README.ko.md', 'catalog', 'changelogs', 'docs', 'meta', 'playbooks', 'plugins',
           'roles'}
KEPT_BACK = {'CONTRIBUTING.md', 'Makefile', 'extensions', 'pyproject.toml', 'requirements', 'tests'}

ROLES = sorted(path.name for path in (CHECKOUT / 'roles').iterdir())
# What all of them import is not for users.
PLAYBOOKS = sorted(path.name for path in (CHECKOUT / 'playbooks').glob('*.yml') if path.name != 'journey.yml')
MODULES = sorted(path.stem for path in (CHECKOUT / 'plugins' / 'modules').glob('*.py'))
READMES = ('README.md', 'README.ko.md')


def sources():
    """Paths of all files of the checkout, without what git ignores."""
    for folder, folders, files in os.walk(CHECKOUT):
        folders[:] = [name for name in folders if name not in IGNORED]
        for name in set(files) - IGNORED:  # .git is a file in a worktree
            yield pathlib.Path(folder, name)


SOURCES = sorted(sources())
TEXTS = [path for path in SOURCES if b'\0' not in path.read_bytes()]


def relative(path):
    """A path of the checkout as tests are named after it."""
    return str(path.relative_to(CHECKOUT))


def load(*parts):
    """The content of a YAML file of the checkout."""
    return yaml.safe_load(CHECKOUT.joinpath(*parts).read_text(encoding='utf-8'))


def specification(role):
    """The argument specs of a role: {entry point: {option: ...}}."""
    points = load('roles', role, 'meta', 'argument_specs.yml')['argument_specs']
    return {name: point.get('options', {}) for name, point in points.items()}


def described(role):
    """{name: option} of the defaults that are templates and no text that ansible-doc could show."""
    path = CHECKOUT / 'roles' / role / 'defaults' / 'main.yml'
    templates = {name for name, value in (load(path) if path.exists() else {}).items() if '{{' in str(value)}
    return {name: option for options in specification(role).values() for name, option in options.items()
            if name in templates and (option['type'] not in ('str', 'path') or 'default' not in option)}


class TestRoles:
    """Each role is complete, and its defaults are what its argument specs say."""

    @pytest.mark.parametrize('role', ROLES)
    @pytest.mark.parametrize('name', ['README.md', 'meta/argument_specs.yml', 'meta/main.yml'])
    def test_files(self, role, name):
        assert (CHECKOUT / 'roles' / role / name).is_file()

    @pytest.mark.parametrize('role', ROLES)
    def test_every_entry_point_has_tasks(self, role):
        tasks = CHECKOUT / 'roles' / role / 'tasks'
        assert not [name for name in specification(role) if not (tasks / (name + '.yml')).is_file()]

    @pytest.mark.parametrize('role', ROLES)
    def test_defaults_equal_the_argument_specs(self, role):
        defaults = {}
        for point, options in specification(role).items():
            for name, option in options.items():
                if 'default' in option:
                    assert not option.get('required'), '%s of %s has a default and is required' % (name, point)
                    assert defaults.setdefault(name, option['default']) == option['default'], \
                        '%s has another default in %s' % (name, point)
        path = CHECKOUT / 'roles' / role / 'defaults' / 'main.yml'
        written = load(path) if path.exists() else {}
        assert {name: default for name, default in written.items() if name not in described(role)} == defaults

    @pytest.mark.parametrize('role', ROLES)
    def test_a_default_that_no_specification_can_hold_is_described(self, role):
        for name, option in described(role).items():
            assert 'default' not in option and 'The default is ' in ' '.join(option['description']), name

    @pytest.mark.parametrize('role', ROLES)
    def test_every_option_is_described(self, role):
        bare = [(point, name) for point, options in specification(role).items() for name, option in options.items()
                if not option.get('description') or not option.get('type')]
        assert not bare

    @pytest.mark.parametrize('role', ROLES)
    def test_variables_carry_the_name_of_the_role(self, role):
        names = {name for options in specification(role).values() for name in options}
        assert not [name for name in names if not name.startswith(role + '_')]

    @pytest.mark.parametrize('role', ROLES)
    def test_readme_names_every_variable(self, role):
        text = (CHECKOUT / 'roles' / role / 'README.md').read_text(encoding='utf-8')
        names = {name for options in specification(role).values() for name in options}
        assert not [name for name in sorted(names) if '`%s`' % name not in text]


def documentation(module, name):
    """DOCUMENTATION, EXAMPLES or RETURN of a module, as written: the text between the quotes."""
    text = (CHECKOUT / 'plugins' / 'modules' / (module + '.py')).read_text(encoding='utf-8')
    found = re.search(r'^%s = r?("""|\'\'\')(.*?)\1' % name, text, re.MULTILINE | re.DOTALL)
    assert found, '%s has no %s' % (module, name)
    return yaml.safe_load(found.group(2))


def runs_on_hosts(module):
    """Whether a module is more than the documentation of an action plugin."""
    text = (CHECKOUT / 'plugins' / 'modules' / (module + '.py')).read_text(encoding='utf-8')
    return 'argument_spec=' in text


class TestModules:
    """Each module tells what it does, honestly where it matters: check mode, differences, platforms."""

    @pytest.mark.parametrize('module', MODULES)
    def test_attributes(self, module):
        documented = documentation(module, 'DOCUMENTATION')
        assert re.fullmatch(r'\d+\.\d+\.\d+', documented['version_added'])
        if documented['extends_documentation_fragment'] == ['loghygiene.rhel.stage']:
            # A stage: its options and attributes stand there once for all, with their descriptions.
            assert not runs_on_hosts(module) and 'attributes' not in documented
            return
        attributes = documented['attributes']
        assert {'check_mode', 'diff_mode', 'platform'} <= set(attributes)
        # Their descriptions are ansible-core's own.
        first, rest = documented['extends_documentation_fragment'][0], documented['extends_documentation_fragment'][1:]
        assert first == 'ansible.builtin.action_common_attributes'
        assert rest in ([], ['loghygiene.rhel.host_lock'], ['loghygiene.rhel.host_lock', 'loghygiene.rhel.remedy'])
        for name, attribute in attributes.items():
            assert 'description' not in attribute, name
            if name == 'platform':
                assert attribute['platforms']
            else:
                assert attribute['support'] in ('full', 'partial', 'none', 'N/A'), name

    @pytest.mark.parametrize('module', MODULES)
    def test_check_mode_is_what_is_documented(self, module):
        text = (CHECKOUT / 'plugins' / 'modules' / (module + '.py')).read_text(encoding='utf-8')
        if not runs_on_hosts(module):
            # The module is the documentation of an action plugin, which runs on the control node.
            return
        documented = documentation(module, 'DOCUMENTATION')['attributes']['check_mode']['support']
        assert ('supports_check_mode=True' in text) == (documented in ('full', 'partial'))

    @pytest.mark.parametrize('module', MODULES)
    def test_a_host_that_is_lost_is_told_by_every_module(self, module):
        """Those that run on hosts are run by the action plugin that tells it, the others run on the control node."""
        text = (CHECKOUT / 'plugins' / 'action' / (module + '.py')).read_text(encoding='utf-8')
        assert bool(re.search(r'class ActionModule\(on_host\.(ActionModule|Scanner)\):', text)) == runs_on_hosts(module)

    @pytest.mark.parametrize('module', MODULES)
    def test_examples_and_return_values(self, module):
        examples = documentation(module, 'EXAMPLES')
        assert 'loghygiene.rhel.%s:' % module in yaml.safe_dump(examples)
        assert isinstance(documentation(module, 'RETURN'), dict)

    @pytest.mark.parametrize('module', MODULES)
    def test_arguments_stay_out_of_the_target_log(self, module):
        """A scanner given patterns would else find its own call in the log."""
        text = (CHECKOUT / 'plugins' / 'modules' / (module + '.py')).read_text(encoding='utf-8')
        if runs_on_hosts(module) and 'signatures' in documentation(module, 'DOCUMENTATION').get('options', {}):
            assert 'NoLogModule(' in text and 'AnsibleModule(' not in text

    @pytest.mark.parametrize('module', [name for name in MODULES if runs_on_hosts(name)])
    def test_no_argument_is_too_long_for_a_log_line(self, module):
        """rsyslogd complains of a longer one with priority err, and nothing explains that."""
        text = (CHECKOUT / 'plugins' / 'modules' / (module + '.py')).read_text(encoding='utf-8')
        assert 'NoLogModule(' in text or 'LoggedModule(' in text or not documentation(module, 'DOCUMENTATION').get('options')


WRITES = re.compile(r'\b(?:files\.(?:write_atomic|put|put_all|put_other|remove|restore|backup|make_directory)|'
                    r'rsyslog_drop_ins\.write|logrotate_policy\.apply_policy)\(')


class TestTargets:
    """What holds for all that changes a host."""

    @pytest.mark.parametrize('module', [name for name in MODULES if WRITES.search(
        (CHECKOUT / 'plugins' / 'modules' / (name + '.py')).read_text(encoding='utf-8'))])
    def test_who_writes_keeps_other_runs_off(self, module):
        text = (CHECKOUT / 'plugins' / 'modules' / (module + '.py')).read_text(encoding='utf-8')
        assert 'host_lock.held(module, ' in text and '**host_lock.arguments(env_fallback)' in text
        assert 'loghygiene.rhel.host_lock' in documentation(module, 'DOCUMENTATION')['extends_documentation_fragment']
        # What rsyslog_restart puts back, the modules that wrote it sweep.
        assert 'files.sweep_for(' in text or module == 'rsyslog_restart'

    def test_no_program_is_waited_for_without_end(self):
        """run_command and subprocess know no bound, or not on Python 2.7; process.py does."""
        assert [relative(path) for path in SOURCES if path.suffix == '.py' and 'plugins' in path.parts
                and path.relative_to(CHECKOUT).parts[0] == 'plugins' and path.name != 'process.py'
                and re.search(r'\brun_command\(|\bsubprocess\.|\bos\.(?:system|popen)\(',
                              path.read_text(encoding='utf-8'))] == []

    def test_roles_write_files_only_by_modules_that_sync_them(self):
        """And wait for systemd by `timeout`."""
        for path in sorted((CHECKOUT / 'roles').glob('*/*/*.yml')):
            for task in tasks_of(yaml.safe_load(path.read_text(encoding='utf-8'))):
                assert not {'ansible.builtin.' + name for name in (
                    'copy', 'template', 'file', 'lineinfile', 'blockinfile', 'command', 'shell')} & set(task), relative(path)
                if {'ansible.builtin.systemd_service', 'ansible.builtin.systemd', 'ansible.builtin.service'} & set(task):
                    assert 0 < task['timeout'] <= 600, relative(path)


    def test_the_files_that_roles_install_are_there(self):
        """A lookup of one that is not there is found late: only on a host that has all else."""
        found = 0
        for role in (CHECKOUT / 'roles').iterdir():
            for path in sorted((role / 'tasks').glob('*.yml')):
                for name in re.findall(r"(?:source: ['\"]?|'ansible.builtin.(?:file|template)', (?:role_path ~ )?['\"])"
                                       r"(?:{{ role_path }})?([\w./-]+\.(?:py|j2))", path.read_text(encoding='utf-8')):
                    found += 1
                    assert any((folder / name.lstrip('/')).is_file() for folder in (role / 'files', role / 'templates', role)), \
                        (relative(path), name)
        assert found >= 6


def tasks_of(found):
    """The tasks in what a file of a role holds, those of blocks too."""
    for task in found if isinstance(found, list) else []:
        if isinstance(task, dict):
            yield task
            for name in ('block', 'rescue', 'always'):
                yield from tasks_of(task.get(name))


KINDS = [role for role in ROLES if role + '_items' in specification(role).get('main', {})]


class TestKinds:
    """Kinds of remedy are made as CONTRIBUTING.md says."""

    def test_there_are_some(self):
        assert len(KINDS) >= 3

    @pytest.mark.parametrize('kind', KINDS)
    def test_its_files_are_those_that_are_documented(self, kind):
        text = (CHECKOUT / 'CONTRIBUTING.md').read_text(encoding='utf-8')
        named = re.search(r'<!-- files of a kind -->\n```text\n(.*?)```', text, re.DOTALL).group(1).split()
        # One task calls one module.
        module, = {name.rpartition('.')[2] for task in tasks_of(load('roles', kind, 'tasks', 'main.yml'))
                   for name in task if name.startswith('loghygiene.rhel.')}
        expected = {name.replace('KIND', kind).replace('MODULE', module) for name in named}
        assert not [name for name in expected if not (CHECKOUT / name).is_file()]
        assert {relative(path) for path in SOURCES if relative(path).startswith('roles/%s/' % kind)} <= expected


LICENCE = re.compile(
    r'(#!.*\n|# -\*- coding: utf-8 -\*-\n)?'
    r'# Copyright: \(c\) \d{4}, loghygiene contributors\n'
    r'# GNU General Public License v3\.0\+ \(see LICENSE or https://www\.gnu\.org/licenses/gpl-3\.0\.txt\)\n'
    r'# SPDX-License-Identifier: GPL-3\.0-or-later\n')
SPDX = '# SPDX-License-Identifier: GPL-3.0-or-later\n'


class TestSources:
    """What holds for every file."""

    @pytest.mark.parametrize('path', [path for path in TEXTS if path.suffix == '.py' and path.name != '__init__.py'
                                      or path.read_bytes().startswith(b'#!/usr/bin/env python3')], ids=relative)
    def test_python_licence(self, path):
        assert LICENCE.match(path.read_text(encoding='utf-8'))

    @pytest.mark.parametrize('path', [path for path in TEXTS if path.suffix in ('.yml', '.yaml', '.toml', '.sh')
                                      or path.name in ('Makefile', '.yamllint', '.ansible-lint', 'ansible.cfg')
                                      or re.match(rb'#!.*sh\b', path.read_bytes())], ids=relative)
    def test_spdx(self, path):
        lines = path.read_text(encoding='utf-8').splitlines(keepends=True)
        assert SPDX in lines[:4]

    @pytest.mark.parametrize('path', [
        path for path in TEXTS if path.suffix == '.py' and path.name != '__init__.py'
        and (relative(path).startswith('plugins/') or path.match('roles/*/files/*.py'))], ids=relative)
    def test_python_2_is_told_to_behave(self, path):
        text = path.read_text(encoding='utf-8')
        assert re.search(r'^from __future__ import \(?absolute_import, division, print_function\)?$', text, re.MULTILINE)
        assert re.search(r'^__metaclass__ = type$', text, re.MULTILINE)

    def test_a_package_is_a_name_and_no_more(self):
        """ansible-test demands it of module_utils."""
        assert not [relative(path) for path in SOURCES if path.name == '__init__.py' and path.stat().st_size]

    def test_programs_of_roles_can_be_linted(self):
        """What runs on hosts is named .py here, whatever the host calls it, so that every check of Python finds it."""
        files = [path for path in TEXTS if path.match('roles/*/files/*')]
        assert files and not [relative(path) for path in files if path.suffix != '.py'
                              and re.search(r'^(import|from) \w', path.read_text(encoding='utf-8'), re.MULTILINE)]

    def test_no_file_names_a_folder_of_somebodys_machine(self):
        private = re.compile(r'(?<![\w.}~/-])/(Users|work|tmp/w)/[\w.]|\.pyenv/versions/\d')
        found = ['%s: %s' % (relative(path), line.strip()) for path in TEXTS
                 for line in path.read_text(encoding='utf-8').splitlines() if private.search(line)]
        assert not found

    def test_no_unfinished_business(self):
        marks = re.compile('|'.join(('TO' 'DO', 'FIX' 'ME', 'XX' 'X:')))
        found = [relative(path) for path in TEXTS
                 if path.name != 'LICENSE' and marks.search(path.read_text(encoding='utf-8'))]
        assert not found

    def test_lines_are_not_too_long(self):
        # Python as ansible-test has it, YAML as .yamllint; a log line, a table of Markdown, what a terminal shows and an
        # address cannot be broken.
        limits = {'.py': 160, '.yml': 120, '.cfg': 120, '.md': 120}
        found = []
        for path in TEXTS:
            if path.suffix not in limits or {'signatures', 'protected', 'evidence'} & set(path.parts) or path.name.startswith('guard_'):
                continue
            text = re.sub(r'^```text\n.*?^```$', lambda block: '\n' * block.group().count('\n'), path.read_text(encoding='utf-8'),
                          flags=re.MULTILINE | re.DOTALL)
            found += ['%s:%d is %d characters long' % (relative(path), number, len(line)) for number, line in enumerate(text.splitlines(), 1)
                      if len(line) > limits[path.suffix] and '|' not in line and '://' not in line]
        assert not found

    def test_requirements_are_pinned(self):
        loose = [line for path in (CHECKOUT / 'requirements').glob('*.txt')
                 for line in path.read_text(encoding='utf-8').splitlines()
                 if not line.startswith('#') and not re.fullmatch(r'[\w.-]+==[\w.]+', line)]
        assert not loose


@functools.lru_cache(maxsize=None)
def ignores():
    """The patterns of galaxy.yml, and those that ansible-galaxy always adds."""
    return load('galaxy.yml')['build_ignore'] + ['.git', '*.pyc', '*.retry', 'galaxy.yml', '*.tar.gz']


def is_ignored(path):
    """Whether ansible-galaxy leaves out a path of the checkout: it or a folder above matches a pattern."""
    parts = path.relative_to(CHECKOUT).parts
    paths = ['/'.join(parts[:length]) for length in range(1, len(parts) + 1)]
    return any(fnmatch.fnmatch(name, pattern) for name in paths for pattern in ignores())


class TestTarball:
    """What is installed is complete and lean."""

    def test_metadata(self):
        galaxy = load('galaxy.yml')
        assert (galaxy['namespace'], galaxy['name']) == ('loghygiene', 'rhel')
        assert re.fullmatch(r'\d+\.\d+\.\d+', galaxy['version'])
        assert galaxy['dependencies'] == {}
        assert load('meta', 'runtime.yml')['requires_ansible'] == '>=2.16.0'

    def test_every_top_level_entry_is_accounted_for(self):
        tops = {path.relative_to(CHECKOUT).parts[0] for path in SOURCES}
        hidden = {name for name in tops if name.startswith('.')}
        unknown = tops - SHIPPED - KEPT_BACK - hidden - {'galaxy.yml', 'CHANGELOG.md'}
        assert not unknown
        assert SHIPPED <= tops

    def test_nothing_shipped_is_ignored(self):
        # ansible.cfg belongs to the checkout: it finds the collection by a link that `make setup` makes.
        # The last is a cache of antsibull-changelog.
        left_out = {relative(path) for path in SOURCES if relative(path).split('/')[0] in SHIPPED and is_ignored(path)}
        assert left_out - {'changelogs/.plugin-cache.yaml'} == {'playbooks/ansible.cfg'}

    def test_what_is_for_developers_stays_back(self):
        shipped = {path.relative_to(CHECKOUT).parts[0] for path in SOURCES if not is_ignored(path)}
        assert shipped - {'CHANGELOG.md'} == SHIPPED

    def test_installed_files_are_those_of_the_checkout(self, collection):
        """`make build` was run since the last change, and lost nothing."""
        installed = pathlib.Path(collection)
        if installed == CHECKOUT:
            # Run by hand in a checkout, without make: there is no tarball to compare.
            return
        made = {'FILES.json', 'MANIFEST.json', 'CHANGELOG.md', 'changelogs'}
        expected = {relative(path) for path in SOURCES if not is_ignored(path)}
        found = {str(path.relative_to(installed)) for path in installed.rglob('*')
                 if path.is_file() and '__pycache__' not in path.parts}
        assert {name for name in found if name.split('/')[0] not in made} == \
            {name for name in expected if name.split('/')[0] not in made}
        assert made <= {name.split('/')[0] for name in found}


# What comes with ansible-core.
WITH_ANSIBLE = {'ansible', 'ansible_collections', 'yaml'}


def run_time_packages():
    """{package: versions} of meta/ee-requirements.txt."""
    found = [Requirement(line) for line in (CHECKOUT / 'meta' / 'ee-requirements.txt').read_text(encoding='utf-8').splitlines()
             if line and not line.startswith('#')]
    return {requirement.name: requirement.specifier for requirement in found}


class TestRunTime:
    """What the control node needs is declared once, for ansible-builder too, and is what the code imports."""

    def test_ansible_builder_is_told_where_it_stands(self):
        assert load('meta', 'execution-environment.yml') == {'version': 1, 'dependencies': {'python': 'meta/ee-requirements.txt'}}

    def test_what_is_imported_is_declared(self):
        imported = set()
        for path in SOURCES:
            # What runs on hosts has the standard library alone; sanity sees to that.
            if path.suffix == '.py' and path.relative_to(CHECKOUT).parts[:2] in [
                    ('plugins', room) for room in ('plugin_utils', 'action', 'lookup', 'filter')]:
                for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
                    names = [one.name for one in node.names] if isinstance(node, ast.Import) else \
                        [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
                    imported.update(name.split('.')[0] for name in names)
        assert imported - set(sys.stdlib_module_names) - WITH_ANSIBLE - {'__future__'} == set(run_time_packages())

    @pytest.mark.parametrize('path', sorted((CHECKOUT / 'requirements').glob('*.txt')), ids=relative)
    def test_the_pins_are_within_what_is_declared(self, path):
        pinned = dict(line.split('==') for line in path.read_text(encoding='utf-8').splitlines() if not line.startswith('#'))
        for name, versions in run_time_packages().items():
            assert name not in pinned or pinned[name] in versions
            # The oldest is run as well.
            if path.stem == 'units-py310':
                assert '>=' + pinned[name] in str(versions)

    @pytest.mark.parametrize('readme', READMES)
    def test_the_readme_names_it(self, readme):
        text = (CHECKOUT / readme).read_text(encoding='utf-8')
        assert not [name for name in run_time_packages() if name not in text]


def headings(text):
    """The levels of the headings of a Markdown text, in order; code blocks are passed over."""
    text = re.sub(r'^```.*?^```', '', text, flags=re.MULTILINE | re.DOTALL)
    return [len(level) for level in re.findall(r'^(#+) ', text, re.MULTILINE)]


class TestDocumentation:
    """The documentation knows the collection, in both languages."""

    def test_both_readmes_have_the_same_sections(self):
        english, korean = ((CHECKOUT / name).read_text(encoding='utf-8') for name in READMES)
        assert headings(english) == headings(korean)
        assert english.count('```') == korean.count('```')
        assert '/README.ko.md)' in english and '/README.md)' in korean

    @pytest.mark.parametrize('korean', sorted((CHECKOUT / 'docs').glob('*.ko.md')), ids=relative)
    def test_a_guide_in_korean_has_the_sections_and_keys_of_the_english_one(self, korean):
        """Code blocks are the same, and so is what tables name in their first column and in code, such as keys and kinds."""
        english = korean.with_name(korean.name.replace('.ko.md', '.md'))
        one, other = (path.read_text(encoding='utf-8') for path in (english, korean))
        assert headings(one) == headings(other)
        blocks = [re.findall(r'^```.*?^```', text, re.MULTILINE | re.DOTALL) for text in (one, other)]
        assert blocks[0] == blocks[1]
        named = [[re.findall('`([^`]+)`', row) for row in re.findall(r'^\| ?((?:`[^`|]+`(?:, )?)+)(?:\\\*)? ?\|', text, re.MULTILINE)] for text in (one, other)]
        assert named[0] == named[1]
        assert '(%s)' % korean.name in one and '(%s)' % english.name in other

    @pytest.mark.parametrize('readme', READMES)
    def test_links_of_the_readme_work_without_the_repository(self, readme):
        """Galaxy shows the README alone. What the links of our repository name is there."""
        links = re.findall(r'\]\(([^)#\s]+)', (CHECKOUT / readme).read_text(encoding='utf-8'))
        ours = load('galaxy.yml')['repository'] + '/blob/main/'
        assert links and not [link for link in links if not link.startswith('https://')]
        assert not [link for link in links if link.startswith(ours) and not (CHECKOUT / link[len(ours):]).is_file()]

    def test_the_readme_has_the_order_of_certification(self):
        text = re.sub(r'^```.*?^```', '', (CHECKOUT / 'README.md').read_text(encoding='utf-8'), flags=re.MULTILINE | re.DOTALL)
        assert re.findall(r'^## (.*)$', text, re.MULTILINE) == [
            'Description', 'Requirements', 'Installation', 'Use cases', 'Testing', 'Support', 'Release notes', 'Related information', 'Licence']

    @pytest.mark.parametrize('readme', READMES)
    def test_readme_names_every_playbook_and_role(self, readme):
        text = (CHECKOUT / readme).read_text(encoding='utf-8')
        assert not [name for name in PLAYBOOKS + ROLES if name not in text]

    def test_every_module_is_documented(self):
        text = '\n'.join(path.read_text(encoding='utf-8') for path in TEXTS if path.suffix == '.md')
        assert not [name for name in MODULES if name not in text]

    @pytest.mark.parametrize('path', [path for path in TEXTS if path.suffix == '.md'], ids=relative)
    def test_links_lead_somewhere(self, path):
        links = re.findall(r'\]\(([^)#\s]+)(?:#[^)]*)?\)', path.read_text(encoding='utf-8'))
        # The changelog is made when the tarball is built.
        assert not [link for link in links if '://' not in link and not (path.parent / link).exists()
                    and link != 'CHANGELOG.md']

    def test_the_tests_that_the_guides_name_are_there(self):
        sources = [path for path in TEXTS if path.name.startswith('test_') and path.suffix == '.py']
        tests = {name for path in sources for name in re.findall(r'def (test_\w+)', path.read_text(encoding='utf-8'))}
        files = {path.stem for path in sources}
        named = set(re.findall(r'\btest_\w+(?:\.py)?', '\n'.join(
            path.read_text(encoding='utf-8') for path in (CHECKOUT / 'docs').glob('*.md'))))
        assert len(named) > 100
        # Some are named by their beginning, followed by dots.
        assert not [name for name in named if name.removesuffix('.py') not in files
                    and not any(test.startswith(name) for test in tests)]

    def test_make_help_lists_the_targets(self):
        text = (CHECKOUT / 'Makefile').read_text(encoding='utf-8')
        for target in ('setup', 'demo', 'test', 'check', 'bench', 'build', 'clean'):
            assert re.search(r'^%s:.*  ## \S' % target, text, re.MULTILINE), target


def test_no_role_asks_ansible_for_the_check_mode():
    """ansible_check_mode knows the option --check only; in audit.yml the play sets check_mode, and roles must see that."""
    assert not [relative(path) for path in TEXTS if path.suffix == '.yml' and 'roles' in path.parts
                and 'ansible_check_mode' in path.read_text(encoding='utf-8')]


def test_the_way_of_a_signature_is_short_and_its_files_are_there():
    text = (CHECKOUT / 'docs' / 'architecture.md').read_text(encoding='utf-8')
    section = text[text.index('## The way of one signature'):text.index('## Where things are kept')]
    rows = [line for line in section.splitlines() if line.startswith('| ')]
    named = [name for row in rows[2:] for name in re.findall('`([^`]+)`', row.split('|')[2])]
    assert len(rows) == 10 and 20 < len(named) == len(set(named)) <= 30
    assert not [name for name in named if not (CHECKOUT / name).is_file()]
