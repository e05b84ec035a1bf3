# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the catalog, check it, guard it, and select from it; on the control node.

C(load) is all that the lookup needs. Whatever is wrong in a catalog is told in one error, all of it at once.

This file is private to the collection: its functions may change in any release.
"""

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import contextlib
import fcntl
import functools
import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, cast

import yaml

from ansible import constants

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import (
    _guard as guard, _protected as protected_records, _remedy_specs as remedy_specs)
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog._guard_memory import Memory
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.schema import dotted, hint, Keywords, UNKNOWN, validate
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature

try:
    import jmespath
except ImportError:
    jmespath = None  # type: ignore[assignment]  # no type says that a module may be missing

CATALOG_DIR = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, os.pardir, 'catalog')
CATALOG_DIR = os.path.normpath(CATALOG_DIR)
PROTECTED = 'protected'  # the folder of protected records in a catalog
SUFFIXES = ('.yml', '.yaml')
Layer = dict[str, tuple[str, Signature]]  # by id, with the file it is in


class CatalogError(Exception):
    """The catalog or a query is not valid. The text names every file and key at fault, and the remedy."""


def load(paths: Collection[str] | None = None, ids: Collection[str] | None = None, query: str | None = None, remember: bool = False) -> list[Any]:
    """Read the shipped catalog and those of C(paths), check all of it, and select from it.

    :arg paths: folders with further signatures; a file there with the id of an earlier one overrides it.
    :arg ids: the ids to select; all by default.
    :arg query: a JMESPath expression over the list of signatures that gives a list.
    :arg remember: pass over what the guard let pass in an earlier run of this user, and remember what it lets pass now.
    :returns: signatures of plain JSON types, in the order of their ids; or the list that C(query) gives.
    :raises CatalogError: anything is wrong with a file, an id, or the query.
    """
    shipped, problems = _read_layer(os.path.join(CATALOG_DIR, 'signatures'))
    layers = dict(shipped)
    for folder in paths or []:
        layer, wrong = _read_layer(folder)
        layers.update(layer)
        problems.extend(wrong)
    protected, wrong = _protected_of(paths or [])
    problems.extend(wrong)
    memory = None
    if remember and not wrong:
        with contextlib.suppress(OSError):  # a file of the collection that cannot be read is told where it is needed
            memory = Memory(os.path.join(folder, PROTECTED) for folder in [CATALOG_DIR, *(paths or [])])
    catalog, wrong = _guard_all(layers, shipped, protected, memory)
    problems.extend(wrong)
    if memory:
        memory.keep()
    problems = list(dict.fromkeys(problems))  # a folder may be named twice
    if problems:
        raise CatalogError('The catalog has %d problem%s:\n%s' % (
            len(problems), '' if len(problems) == 1 else 's', '\n'.join('- ' + problem for problem in problems)))
    return select([catalog[name] for name in sorted(catalog)], ids, query)


def digest(signatures: list[Signature]) -> str:
    """The SHA-256 of a catalog (hexadecimal), by which two hosts, or two days, are seen to have had the same."""
    return hashlib.sha256(json.dumps(signatures, sort_keys=True).encode()).hexdigest()


def role_options(role: str) -> dict[str, Any] | None:
    """The options that a kind of remedy takes by its argument specs, None where it does not say."""
    return remedy_specs.options_of(role)


def of_run(paths: Collection[str]) -> list[Signature]:
    """The whole catalog, loaded and checked once for all tasks and hosts of an ansible-playbook: the guard takes seconds.

    It lies beside Ansible's own temporary files of the run, which are removed with it. Once a file is another, it is
    loaded anew.

    :arg paths: as for `load`.
    :raises CatalogError: as `load`; or there is no place for it.
    """
    read = [CATALOG_DIR, *paths]
    name = hashlib.sha256(json.dumps([read, [_stamps(folder) for folder in read]]).encode()).hexdigest()[:16]
    path = os.path.join(constants.DEFAULT_LOCAL_TMP, 'loghygiene-catalog-%s.json' % name)  # type: ignore[attr-defined]  # made as Ansible starts
    try:
        with open(path + '.lock', 'w', encoding='ascii') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second finds the work done
            if not os.path.exists(path):
                with open(path + '.new', 'w', encoding='utf-8') as stream:
                    json.dump(load(paths, remember=True), stream)
                os.rename(path + '.new', path)
            with open(path, encoding='utf-8') as stream:
                return cast(list[Signature], json.load(stream))
    except OSError as exc:
        raise CatalogError("%s: %s. Ansible's temporary files lie there (local_tmp in ansible.cfg); make room, or name another place."
                           % (path, exc.strerror))


def _stamps(top: str) -> list[tuple[str, int, int]]:
    """Path, size and time of change in ns of the files of a catalog that are there."""
    top, found = os.path.expanduser(top), []
    for path in [*_files_below(top, [], []), *_files_below(os.path.join(top, PROTECTED), [], [])]:
        with contextlib.suppress(OSError):  # load tells it
            status = os.stat(path)
            found.append((path, status.st_size, status.st_mtime_ns))
    return found


def need_jmespath(what: str) -> None:
    """:raises CatalogError: jmespath is not installed, and `what` needs it."""
    if jmespath is None:
        raise CatalogError('%s needs the Python package jmespath, which the Python that runs ansible does not have; '
                           'install it there (dnf install python3-jmespath, or pip install jmespath).' % what)


def search(expression: str, data: Any, what: str = 'the JMESPath expression') -> Any:
    """Evaluate a JMESPath expression.

    :arg data: JSON data it is applied to.
    :arg what: what the expression is, for the error.
    :raises CatalogError: jmespath is not installed, or the expression is wrong.
    """
    need_jmespath(what)
    try:
        return jmespath.search(expression, data)
    except jmespath.exceptions.JMESPathError as exc:
        raise CatalogError('%s %r is wrong: %s' % (what, expression, _first_line(exc)))


@functools.lru_cache(maxsize=None)
def signature_schema() -> Keywords:
    """The JSON Schema of a signature; read once a process. Do not change what it returns."""
    with open(os.path.join(CATALOG_DIR, 'signature.schema.json'), encoding='utf-8') as handle:
        return cast(Keywords, json.load(handle))


@functools.lru_cache(maxsize=None)
def protected_schema() -> Keywords:
    """The JSON Schema of a file of protected records; read once a process. Do not change what it returns."""
    with open(os.path.join(CATALOG_DIR, 'protected.schema.json'), encoding='utf-8') as handle:
        return cast(Keywords, json.load(handle))


@functools.lru_cache(maxsize=None)
def protected_groups() -> tuple[protected_records.Group, ...]:
    """The groups of protected records that the collection ships; read once a process.

    :raises CatalogError: a file is wrong.
    """
    found, problems = _read_protected(os.path.join(CATALOG_DIR, PROTECTED))
    if problems:
        raise CatalogError('The protected records of the collection cannot be read:\n%s' % '\n'.join(
            '- ' + problem for problem in problems))
    return tuple(found)


@functools.lru_cache(maxsize=None)
def shipped_protected() -> protected_records.Protected:
    """The protected records that the collection ships."""
    return protected_records.Protected(list(protected_groups()))


if TYPE_CHECKING:
    _SafeLoader = yaml.SafeLoader  # the other has the same methods
else:
    _SafeLoader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


class _Loader(_SafeLoader):
    """YAML to plain JSON types. A date is data of its own kind to YAML, but not to JSON: it stays as it is written."""


_Loader.yaml_implicit_resolvers = dict(
    (first, [pair for pair in pairs if pair[0] != 'tag:yaml.org,2002:timestamp'])
    for first, pairs in _Loader.yaml_implicit_resolvers.items())
PLAIN_TAGS = frozenset('tag:yaml.org,2002:' + kind for kind in ('str', 'int', 'float', 'bool', 'null', 'seq', 'map'))


def _parse(text: str) -> Any:
    """Read one YAML document of plain data.

    :raises yaml.YAMLError: it is not YAML, or it says more than JSON could: a key twice, a tag, an alias, a merge.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _check_node(node, set())
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _check_node(node: yaml.Node, seen: set[int]) -> None:
    """Refuse what a reviewer could overlook in a file, or what is not JSON.

    :raises yaml.MarkedYAMLError: with the place of it.
    """
    def refuse(what: str, where: yaml.Node) -> NoReturn:
        raise yaml.MarkedYAMLError(problem=what, problem_mark=where.start_mark)

    if id(node) in seen:
        # A few lines of aliases can stand for gigabytes.
        refuse('this value is used again elsewhere by an alias (*name); write it out there', node)
    seen.add(id(node))
    if node.tag == 'tag:yaml.org,2002:merge':
        refuse('merges (<<) are not allowed; write the keys out', node)
    if node.tag not in PLAIN_TAGS:
        refuse('the tag %s is not allowed; write plain data' % node.tag, node)
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _check_node(child, seen)
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, child in node.value:
            _check_node(key, seen)
            if key.tag != 'tag:yaml.org,2002:str':
                refuse('this key is not text; quote it', key)
            if key.value in keys:
                refuse('the key `%s` stands here a second time; remove one' % key.value, key)
            keys.add(key.value)
            _check_node(child, seen)


def _protected_of(paths: Iterable[str]) -> tuple[Callable[[], protected_records.Protected], list[str]]:
    """The protected records: those of the collection, and those in C(protected) of each folder of C(paths).

    :returns: what gives them, as it takes a second to make them ready; with the problems. Nothing of the collection can be taken away.
    """
    more: list[protected_records.Group] = []
    problems: list[str] = []
    for folder in paths:
        folder = os.path.join(os.path.expanduser(folder), PROTECTED)
        if os.path.lexists(folder):
            found, wrong = _read_protected(folder)
            more.extend(found)
            problems.extend(wrong)
    if not more:
        return shipped_protected, problems
    return functools.lru_cache(lambda: protected_records.Protected(list(protected_groups()) + more)), problems


def _read_protected(folder: str) -> tuple[list[protected_records.Group], list[str]]:
    """Read the protected records of one folder.

    :returns: with the problems.
    """
    try:
        listed = sorted(name for name in os.listdir(folder) if not name.startswith('.'))
    except OSError as exc:
        return [], ['%s: the folder of protected records cannot be read (%s); correct its permissions, or remove it'
                    % (folder, exc.strerror)]
    found: list[protected_records.Group] = []
    names = [name for name in listed if name.endswith(SUFFIXES)]
    problems = _astray(os.path.join(folder, name) for name in listed if is_astray(name))
    if not names and not problems:
        problems.append('%s: holds no protected records (no *.yml, no *.yaml); put some there, or remove it' % folder)
    for name in names:
        path = os.path.join(folder, name)
        data, wrong = _read_data(path, protected_schema(), 'class')
        if not wrong:
            wrong = ['key `%s`: names {%s}, which stands for nothing; use one of %s' % (
                where, slot, ', '.join(sorted(protected_records.SLOTS)))
                for where, slot in protected_records.unknown_slots(data)]
        problems.extend('%s: %s' % (path, problem) for problem in wrong)
        if not wrong:
            found.extend(protected_records.groups(data['class'], data, path))
    return found, problems


def _read_layer(folder: str) -> tuple[Layer, list[str]]:
    """Read the signatures of one catalog: those in a folder and in the folders below it.

    :returns: with the problems.
    """
    folder = os.path.expanduser(folder)
    remedy = 'correct the path in `paths` (log_hygiene_catalog_paths)'
    if os.path.exists(folder) and not os.path.isdir(folder):
        return {}, ['%s: is a file; give the folder it is in: %s' % (folder, remedy)]
    failed: list[OSError] = []
    astray: list[str] = []
    paths = list(_files_below(folder, failed, astray))
    if failed and failed[0].filename == folder:
        return {}, ['%s: the folder of signatures cannot be read (%s); %s, or its permissions'
                    % (folder, failed[0].strerror, remedy)]
    problems = ['%s: the folder cannot be read (%s); correct its permissions, or move it away'
                % (exc.filename, exc.strerror) for exc in failed] + _astray(astray)
    layer: Layer = {}
    if not paths and not problems and not os.path.isdir(os.path.join(folder, PROTECTED)):
        problems.append('%s: holds no signature (no *.yml, no *.yaml); %s, or put one there' % (folder, remedy))
    owners: dict[str, str] = {}
    for path in paths:
        data, wrong = _read_data(path, signature_schema(), 'id')
        readable = data if not wrong else _readable(data) if isinstance(data, dict) else {}
        if 'remedy' in readable:
            wrong = wrong + ['key `%s`: %s' % pair for pair in remedy_specs.problems(readable['remedy'])]
        problems.extend('%s: %s' % (path, problem) for problem in wrong)
        identifier = data.get('id') if isinstance(data, dict) else None
        if isinstance(identifier, str):
            if identifier in owners:
                problems.append('%s: key `id`: %s is the id of %s too; every signature has its own, equal to the name '
                                'of its file' % (path, identifier, owners[identifier]))
            owners.setdefault(identifier, path)
        if READ_BY_THE_GUARD <= set(readable):  # also where something else is wrong: the guard tells the rest at once
            layer[readable['id']] = (path, cast(Signature, data if not wrong else readable))
    return layer, problems


# What a signature must have before the guard can say anything of it.
READ_BY_THE_GUARD = frozenset(['id', 'class', 'disposition', 'match', 'applies', 'tests', 'vanishes_from'])


def _readable(data: dict[str, Any]) -> dict[str, Any]:
    """The keys of a signature in which nothing is wrong, without those in them that nobody knows."""
    violations = validate(data, signature_schema())
    unknown = [where for where, what in violations if what.startswith(UNKNOWN)]
    bad = set(where[0] for where, what in violations if where and where not in unknown)
    if any(not where for where, dummy in violations):
        return {}
    copy: dict[str, Any] = json.loads(json.dumps(dict((key, value) for key, value in data.items() if key not in bad)))
    for where in unknown:
        held: Any = copy
        for part in where[:-1]:
            held = held.get(part, {}) if isinstance(held, dict) else held[part]
        held.pop(where[-1], None)
    return copy


def is_astray(name: str) -> bool:
    """Whether the name of a file is almost that of one that is read: acme.YML, acme.yml~, acme.yml.rpmsave."""
    return not name.endswith(SUFFIXES) and any(suffix in name.lower() for suffix in SUFFIXES)


def _astray(paths: Iterable[str]) -> list[str]:
    """The problems of files that would be taken for signatures, or protected records, and are not read."""
    return ['%s: is not read, because its name does not end in .yml or .yaml; name it %s if it is to be read, else move it out of this folder'
            % (path, re.sub(r'(?i)\.(ya?ml).*\Z', lambda found: '.' + found.group(1).lower(), os.path.basename(path))) for path in paths]


def _files_below(top: str, failed: list[OSError], astray: list[str]) -> Iterator[str]:
    """The paths of the files of signatures in a folder and below it, in the order of their names.

    Links to folders are followed, but no folder is read twice, so that a link upwards ends.

    :arg failed: gets the error of each folder that cannot be read.
    :arg astray: gets the path of each file whose name is almost that of one that is read.
    """
    seen: set[str] = set()
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        real = os.path.realpath(folder)
        if real in seen:
            continue
        seen.add(real)
        try:
            names = sorted(os.listdir(folder))
        except OSError as exc:
            failed.append(exc)
            continue
        # Editors leave hidden files beside what they edit.
        names = [name for name in names if not name.startswith('.')]
        astray.extend(os.path.join(folder, name) for name in names if is_astray(name) and not os.path.isdir(os.path.join(folder, name)))
        yield from (os.path.join(folder, name) for name in names if name.endswith(SUFFIXES))
        waiting.extend(os.path.join(folder, name) for name in reversed(names)
                       if not name.endswith(SUFFIXES) and os.path.isdir(os.path.join(folder, name))
                       and not (folder == top and name == PROTECTED))


def _read_data(path: str, schema: Keywords, naming: str) -> tuple[Any, list[str]]:
    """Read one file and hold it against a schema.

    :arg naming: the key that says how the file is named.
    :returns: the data, or None, and the problems; without any the data is valid.
    """
    if os.path.exists(path) and not os.path.isfile(path):  # a pipe would be waited for
        return None, ['is not a regular file; move it away']
    try:
        with open(path, 'rb') as handle:
            raw = handle.read()
    except OSError as exc:
        return None, ['cannot be read (%s); correct its permissions, or move it away' % exc.strerror]
    try:
        text = raw.decode('utf-8-sig')
    except UnicodeDecodeError as exc:
        return None, ['is not UTF-8 (line %d, byte %d of the file); save it as UTF-8'
                      % (raw.count(b'\n', 0, exc.start) + 1, exc.start + 1)]
    try:
        data = _parse(text)
    except yaml.YAMLError as exc:
        mark = getattr(exc, 'problem_mark', None)
        where = 'line %d, column %d: ' % (mark.line + 1, mark.column + 1) if mark else ''
        what = getattr(exc, 'problem', None) or ' '.join(str(exc).split())
        return None, ['is not YAML that can be read: %s%s; correct it there' % (where, what)]
    except (ValueError, RecursionError) as exc:
        return None, ['is not YAML that can be read: %s' % exc]
    if data is None:
        return None, ['is empty; write %s into it (see docs/signatures.md), or remove it'
                      % ('a signature' if naming == 'id' else 'protected records')]
    if not isinstance(data, dict):
        return None, ['must be a mapping of keys, not a list or a text; see docs/signatures.md']
    problems = ['key `%s`: %s' % (dotted(where), what) for where, what in validate(data, schema)]
    stem = os.path.splitext(os.path.basename(path))[0]
    if isinstance(data.get(naming), str) and data[naming] != stem:
        problems.append('key `%s`: is %s, but the file is named %s; they must be equal: rename one'
                        % (naming, data[naming], stem))
    return data, problems


def _guard_all(catalog: Layer, shipped: Layer, protected: Callable[[], protected_records.Protected],
               memory: Memory | None) -> tuple[dict[str, Signature], list[str]]:
    """Put the signatures before the guard.

    :arg shipped: those of the collection alone. :arg protected: gives the records that must never be covered.
    :arg memory: what passed before; it gets what passes now.
    :returns: by id the signatures that the guard lets pass, and the problems.
    """
    passed: dict[str, Signature] = {}
    problems: list[str] = []
    examples: dict[str, list[guard.ShownEntry]] = {}
    for name in sorted(catalog):
        path, signature = catalog[name]
        examples[name] = guard.examples_of(signature)
        text = json.dumps(signature)
        refusals = [] if memory and memory.has(text) else list(_refusals(text, protected()))
        if memory and not refusals:
            memory.add(text)
        if name in shipped and shipped[name][0] != path and not refusals:
            refusals = guard.overriding(signature, examples[name], shipped[name][1])
        refusals.extend(_conditions(signature))
        if refusals:
            problems.extend('%s: key `%s`: %s' % (path, key, what) for key, what in refusals)
        else:
            passed[name] = signature
    for name, key, what in guard.overlaps([passed[name] for name in sorted(passed)], examples):
        problems.append('%s: key `%s`: %s' % (catalog[name][0], key, what))
    return passed, problems


@functools.lru_cache(maxsize=1024)
def _refusals(text: str, protected: protected_records.Protected) -> tuple[guard.Refusal, ...]:
    """What the guard refuses of a signature in JSON; remembered, as a run and its tests ask often."""
    signature: Signature = json.loads(text)
    return tuple(guard.refusals(signature, guard.examples_of(signature), protected))


def _conditions(signature: Signature) -> Iterator[guard.Refusal]:
    """Whether every applies.when can be parsed; without jmespath that is told when a host is first held against it."""
    if jmespath is None:
        return
    for index, expression in enumerate(signature['applies'].get('when', [])):
        try:
            jmespath.compile(expression)
        except jmespath.exceptions.JMESPathError as exc:
            yield 'applies.when[%d]' % index, 'is not a JMESPath expression: %s' % _first_line(exc)


def _first_line(exc: Exception) -> str:
    """The message of an error without the drawing that JMESPath adds below it."""
    return str(exc).splitlines()[0].rstrip(':')


def select(signatures: list[Signature], ids: Collection[str] | None, query: str | None) -> list[Any]:
    """Pick from a list of signatures by id, then by query.

    :raises CatalogError: an id is not known, or the query is wrong.
    """
    if ids is not None:
        known = [signature['id'] for signature in signatures]
        unknown = sorted(set(ids) - set(known))
        if unknown:
            raise CatalogError('No signature has the id %s. Known are: %s.'
                               % (', '.join(name + hint(name, known) for name in unknown), ', '.join(known)))
        signatures = [signature for signature in signatures if signature['id'] in ids]
    if query is None:
        return signatures
    result = search(query, signatures, 'The query')
    if not isinstance(result, list):
        raise CatalogError("The query %r must give a list, as [?disposition=='fix'] or [].id does; it gave %s."
                           % (query, _shape(result)))
    return result


def _shape(result: Any) -> str:
    """What a query gave instead of a list, in a few words."""
    if isinstance(result, dict):
        return 'a mapping with the keys %s' % ', '.join(sorted(result))
    return 'nothing (null)' if result is None else repr(result)
