# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the code: which file lies where, and which may import which (docs/architecture.md)."""
import ast
import pathlib

import pytest

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
PLACE = 'ansible_collections.loghygiene.rhel.plugins.'
KINDS = {'module_utils': 'target', 'plugin_utils': 'control node'}
COMMON = '_common'


def imports(path):
    """The names (parts of what stands behind `plugins.`) that a file imports, with those of the objects it takes from there."""
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, '%s, line %d: imports by a relative name' % (path, node.lineno)
            names = ['%s.%s' % (node.module, name.name) for name in node.names]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        else:
            continue
        for name in names:
            if name.startswith(PLACE):
                yield tuple(name[len(PLACE):].split('.'))


def files(root):
    """{parts of the place below plugins/: path} of each Python file that holds anything."""
    return {path.relative_to(root).with_suffix('').parts: path for path in sorted(root.rglob('*.py'))
            if path.name != '__init__.py'}


def faults(root):
    """Yield what the folder `plugins` at `root` has against the rules."""
    found = files(root)
    edges = {}  # (kind, package) -> {(kind, package): where}
    modules = {}  # (kind, package, module) -> {(kind, package, module)}
    for place, path in found.items():
        if place[0] in KINDS and len(place) != 3:
            yield '%s: does not lie in a package' % '/'.join(place)
        for name in imports(path):
            where = '%s imports %s' % ('/'.join(place), '.'.join(name))
            if name[0] == 'modules' or (name[0] not in KINDS and name[0] != place[0]):
                yield '%s: only what is in packages may be imported' % where
            if name[0] not in KINDS:
                continue
            if name[0] == 'plugin_utils' and place[0] in ('module_utils', 'modules'):
                yield '%s: hosts do not have what is for the control node' % where
            if name[:3] not in found:
                yield '%s: is no module in a package' % where
                continue
            if place[:2] != name[:2]:
                if any(part.startswith('_') for part in name[2:]):
                    yield '%s: that is the inside of another package' % where
                if place[0] in KINDS:
                    edges.setdefault(place[:2], {})[name[:2]] = where
            if place != name[:3] and len(place) == 3:
                modules.setdefault(place, set()).add(name[:3])
    for package, others in edges.items():
        for other, where in others.items():
            if package[1] == COMMON and other[1] != COMMON:
                yield '%s: what is common depends on no package' % where
    yield from circles({package: set(others) for package, others in edges.items()}, 'packages')
    yield from circles(modules, 'modules')


def circles(graph, what):
    """Yield each of the nodes of a graph ({node: nodes}) that leads back to itself."""
    for start in sorted(graph):
        seen, waiting = set(), list(graph[start])
        while waiting:
            node = waiting.pop()
            if node == start:
                yield 'a circle of %s: %s' % (what, '/'.join(start))
                break
            if node not in seen:
                seen.add(node)
                waiting.extend(graph.get(node, ()))


def test_every_file_is_in_its_room_and_imports_downwards():
    assert sorted(faults(CHECKOUT / 'plugins')) == []


def line(name, *objects):
    return 'from %s%s import %s\n' % (PLACE, name, ', '.join(objects))


SOUND = {
    'module_utils/_common/process.py': '', 'module_utils/_scan/matcher.py': line('module_utils._common', 'process'),
    'module_utils/_journal/_same.py': line('module_utils._common.process', 'run'),
    'module_utils/_journal/scan.py': line('module_utils._journal', '_same') + line('module_utils._scan.matcher', 'Matcher'),
    'modules/journal_scan.py': line('module_utils._journal', 'scan as journal_scan') + line('module_utils._common', 'process'),
    'plugin_utils/_journey/on_host.py': line('module_utils._scan.matcher', 'Matcher'),
    'action/journal_scan.py': line('plugin_utils._journey', 'on_host'),
}


@pytest.mark.parametrize('file, text, told', [
    ('module_utils/process.py', '', ['does not lie in a package']),
    ('module_utils/_journal/deep/er.py', '', ['does not lie in a package']),
    ('modules/x.py', line('modules', 'journal_scan'), ['only what is in packages']),
    ('module_utils/_scan/x.py', line('modules.journal_scan', 'main'), ['only what is in packages']),
    ('plugin_utils/_journey/x.py', line('action.journal_scan', 'X'), ['only what is in packages']),
    ('modules/x.py', line('plugin_utils._journey', 'on_host'), ['hosts do not have']),
    ('module_utils/_scan/x.py', line('plugin_utils._journey.on_host', 'X'), ['hosts do not have']),
    ('modules/x.py', line('module_utils', 'process'), ['is no module in a package']),
    ('modules/x.py', 'import %smodule_utils._scan.nothing\n' % PLACE, ['is no module in a package']),
    ('modules/x.py', line('module_utils._journal', '_same'), ['the inside of another package']),
    ('module_utils/_logfile/scan.py', line('module_utils._journal._same', 'Given'), ['the inside of another package']),
    ('plugin_utils/_report/x.py', line('plugin_utils._journey.on_host', '_secret'), ['the inside of another package']),
    ('module_utils/_common/x.py', line('module_utils._scan', 'matcher'), ['what is common', 'circle of packages']),
    ('module_utils/_scan/x.py', line('module_utils._journal', 'scan'), ['circle of packages: module_utils/_journal',
                                                                        'circle of packages: module_utils/_scan']),
    ('module_utils/_common/process.py', line('module_utils._common', 'x'), ['is no module']),
])
def test_a_fault_is_told(tmp_path, file, text, told):
    for path, content in dict(SOUND, **{file: text}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding='utf-8')
        (tmp_path / path).parent.joinpath('__init__.py').touch()
    found = list(faults(tmp_path))
    assert found and all(any(part in fault for fault in found) for part in told), found


def test_a_circle_of_modules_in_one_package_is_told(tmp_path):
    test_a_fault_is_told(tmp_path, 'module_utils/_journal/_same.py', line('module_utils._journal.scan', 'X'),
                         ['circle of modules: module_utils/_journal/_same', 'circle of modules: module_utils/_journal/scan'])


def test_what_is_sound_is_not_told(tmp_path):
    for path, content in SOUND.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding='utf-8')
    assert not list(faults(tmp_path))


@pytest.mark.parametrize('kind', sorted(KINDS))
def test_tests_mirror_the_rooms(kind):
    """A test lies in the folder of its package, without the underscore; above them lies what is for several."""
    packages = {path.name.lstrip('_') for path in (CHECKOUT / 'plugins' / kind).iterdir() if path.name != '__pycache__'}
    folders = {path.name for path in (CHECKOUT / 'tests' / 'unit' / kind).iterdir()
               if path.is_dir() and path.name not in ('__pycache__', '.hypothesis')}
    assert folders == packages
