# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r'''
name: signatures
author:
  - loghygiene contributors (@loghygiene)
version_added: 0.1.0
short_description: The catalog of known log messages
description:
  - Reads the catalog of known log messages that this collection ships, and those of further folders, checks every
    signature (JSON Schema, its own examples, the guard), and returns the signatures as a list of dictionaries.
  - A catalog with anything wrong in it is an error that names every file and key at fault; none of it is returned.
  - How to write a signature is told in C(docs/signatures.md) of the collection.
options:
  _terms:
    description:
      - This lookup takes no terms; select with O(ids) or O(query).
    type: list
    elements: str
    required: false
  ids:
    description:
      - The ids of the signatures to return; all by default.
      - An id that the catalog does not hold is an error.
    type: list
    elements: str
  query:
    description:
      - A JMESPath expression over the list of signatures (after O(ids)), for instance V([?disposition=='fix']) or
        V([].id).
      - Its order is kept. An expression that gives anything but a list is an error.
      - Needs the Python package C(jmespath) on the control node.
    type: str
  paths:
    description:
      - Folders with further signatures, C(ID.yml) each, in the folder itself or in folders below it, such as
        C(EMITTER/ID.yml). Hidden files and folders are passed over, and an id may be there once.
      - A relative path is taken from the folder of the playbook.
      - A file with the id of a shipped signature, or of one in an earlier folder, overrides it as a whole.
      - A folder C(protected) in one of them holds further records that no signature may fix, divert or explain.
    type: list
    elements: str
notes:
  - The lookup gives one list of dictionaries, whether many signatures are selected, one, or none. For this the plugin
    returns that list as its single element, so with V(query(\)) or V(q(\)) the list stands inside a list; take the
    first of it.
'''

EXAMPLES = r'''
- name: Count every known message in the journal
  loghygiene.rhel.journal_scan:
    signatures: "{{ lookup('loghygiene.rhel.signatures') }}"

- name: Name what can be repaired
  ansible.builtin.debug:
    msg: "{{ lookup('loghygiene.rhel.signatures', query=\"[?disposition=='fix']\") | map(attribute='id') }}"

- name: Look for two messages only, one of them from a catalog of our own
  loghygiene.rhel.logfile_scan:
    signatures: >-
      {{ lookup('loghygiene.rhel.signatures', ids=['rtkit-canary-starving', 'acme-agent-idle'], paths=['signatures']) }}
    paths:
      - /var/log/messages
'''

RETURN = r'''
_raw:
  description:
    - One element, the list of signatures in the order of their ids (or what O(query) gives), so that the lookup gives
      the list itself. A signature has the keys that C(catalog/signature.schema.json) describes.
  type: list
  elements: list
'''

from typing import Any, cast

from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.lookup import LookupBase
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog.catalog import CatalogError, of_run, select


OPTIONS = ('ids', 'query', 'paths')


class LookupModule(LookupBase):
    """Select from the catalog of the run."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[list[Any]]:
        """Return [[signature, ...]]: lookup() unwraps a list of one element, and only such a list (see notes)."""
        self.set_options(var_options=variables, direct=kwargs)
        if terms:
            raise AnsibleLookupError('loghygiene.rhel.signatures takes no terms, but got %s; select with ids=[...] or '
                                     'query=...' % ', '.join(repr(str(term)) for term in terms))
        # Ansible passes over an option that no lookup has: a misspelled ids would select everything.
        unknown = sorted(set(kwargs) - set(OPTIONS))
        if unknown:
            raise AnsibleLookupError('loghygiene.rhel.signatures does not know the option %s; known are: %s'
                                     % (', '.join(unknown), ', '.join(OPTIONS)))
        loader = cast(DataLoader, self._loader)  # None only in a lookup that nobody runs
        paths = [loader.path_dwim(path) for path in self.get_option('paths') or []]
        try:
            return [select(of_run(paths), self.get_option('ids'), self.get_option('query'))]
        except CatalogError as exc:
            raise AnsibleLookupError('loghygiene.rhel.signatures: %s' % exc)
