# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a signature gives to its remedy is held against the argument spec of the role."""
from __future__ import annotations

import sys

import pytest
import yaml

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog, _remedy_specs as remedy_specs
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey import plan

THIRD = {'argument_specs': {'main': {'options': {'agent_items': {'type': 'list', 'elements': 'dict', 'options': {
    'signature_id': {'type': 'str', 'required': True}, 'seconds': {'type': 'int', 'required': True},
    'level': {'type': 'str', 'choices': ['low', 'high']}}}}}}}


@pytest.fixture
def third(tmp_path, monkeypatch):
    """A collection of somebody else, where Ansible would find it."""
    namespace = tmp_path / 'ansible_collections' / 'elsewhere'
    roles = namespace / 'things' / 'roles'
    for name, text in (('agent', yaml.safe_dump(THIRD)), ('broken', '{'), ('silent', 'argument_specs: {}')):
        (roles / name / 'meta').mkdir(parents=True)
        (roles / name / 'meta' / 'argument_specs.yml').write_text(text)
    (roles / 'bare').mkdir()
    package = sys.modules['ansible_collections']
    monkeypatch.setattr(package, '__path__', [*package.__path__, str(namespace.parent)])
    remedy_specs.item_of.cache_clear()
    yield 'elsewhere.things.'
    remedy_specs.item_of.cache_clear()
    for name in [name for name in sys.modules if name.startswith('ansible_collections.elsewhere')]:
        del sys.modules[name]


def wrong(role, **given):
    return remedy_specs.problems({'role': role, 'with': given})


def test_the_kinds_of_the_collection():
    assert remedy_specs.shipped() == (
        'config_value', 'file_mode', 'gnome_software_autostart', 'kernel_argument', 'module_options', 'sysctl_drop_in', 'syslog_exclusions',
        'tmpfiles_acl', 'tmpfiles_override', 'unit_drop_in', 'unit_state')


@pytest.mark.parametrize('role, given, told', [
    ('tmpfiles_acl', {'groups': ['adm'], 'group': 1}, [
        ('remedy.with.group', 'is unknown to the role tmpfiles_acl; did you mean groups?; it takes gids, groups, remedy')]),
    ('tmpfiles_acl', {}, [('remedy.with', 'missing required arguments: groups; see the README of the role tmpfiles_acl')]),
    ('syslog_exclusions', {'signature': {}}, [('remedy.with.signature', 'is unknown to the role syslog_exclusions; it takes nothing')]),
    ('gnome_software_autostart', {'names': {'a': 1}}, None),
    ('tmpfiles_acl', {'groups': ['adm'], 'remedy': 'delete'}, None),
    ('tmpfiles_acl', {'groups': ['adm'], 'signature_id': 'x'}, None),
    ('tmpfile_acl', {}, None), ('syslog_policy', {}, None), ('..', {}, []),
])
def test_what_a_kind_of_the_collection_does_not_take(role, given, told):
    if role == '..':
        assert wrong('nobody.has.this', anything=1) == []
        return
    found = wrong(role, **given)
    assert found == told if told is not None else len(found) == 1 and found[0][0].startswith('remedy.')


def test_a_misspelt_kind_is_told():
    (key, text), = wrong('tmpfile_acl')
    assert key == 'remedy.role' and 'did you mean tmpfiles_acl?' in text and 'namespace.collection.role' in text


def test_a_role_of_somebody_else_is_held_to_its_own_spec(third):
    assert wrong(third + 'agent', seconds=5, level='low') == []
    assert [key for key, dummy in wrong(third + 'agent', level='middle', pace=1)] == [
        'remedy.with.pace', 'remedy.with', 'remedy.with']
    for unknown in ('broken', 'silent', 'bare', 'missing'):
        assert wrong(third + unknown, anything=[1]) == []


def test_a_wrong_with_is_told_by_file_key_and_role(tmp_path):
    signature = next(one for one in catalog.load() if one['id'] == 'tmpfiles-acl-missing-group')
    signature['remedy']['with'] = {'grups': ['adm']}
    (tmp_path / 'tmpfiles-acl-missing-group.yml').write_text(yaml.safe_dump(signature))
    with pytest.raises(catalog.CatalogError) as told:
        catalog.load([str(tmp_path)])
    assert '%s/tmpfiles-acl-missing-group.yml: key `remedy.with.grups`: is unknown to the role tmpfiles_acl; did you mean groups?' % tmp_path in str(
        told.value)


@pytest.mark.parametrize('role', ['gnome_software_autostart', 'tmpfiles_acl'])
def test_a_role_alone_does_what_the_catalog_asks_for(role):
    with open('%s/roles/%s/defaults/main.yml' % (remedy_specs.ROOT, role), encoding='utf-8') as stream:
        assert yaml.safe_load(stream)[role + '_items'] == plan.kinds(catalog.load())[role]
