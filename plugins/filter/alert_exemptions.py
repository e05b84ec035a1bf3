# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter alert_exemptions."""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

DOCUMENTATION = r"""
  name: alert_exemptions
  short_description: List the messages that bring no alert soon after a boot
  version_added: 0.1.0
  author: loghygiene contributors (@loghygiene)
  description:
    - Selects the signatures with C(alert) V(exempt) that are true of a host, and keeps of them what the alert program
      needs.
  options:
    _input:
      description: Signatures, as the lookup P(loghygiene.rhel.signatures#lookup) returns them.
      type: list
      elements: dict
      required: true
    host:
      description: The host, as M(loghygiene.rhel.host_info) returns it.
      type: dict
      required: true
"""

EXAMPLES = r"""
- name: Gather host information
  loghygiene.rhel.host_info:
  register: seen

- name: Check whether alerts reach a person
  loghygiene.rhel.alert_info:
    rules: "{{ syslog_policy_rules | loghygiene.rhel.syslog_policy }}"
    exemptions: "{{ lookup('loghygiene.rhel.signatures') | loghygiene.rhel.alert_exemptions(seen.host) }}"
"""

RETURN = r"""
  _value:
    description: What O(loghygiene.rhel.alert_info#module:exemptions) takes, with V(id), V(revision) and V(match).
    type: list
    elements: dict
"""

from collections.abc import Callable
from typing import Any, Literal

from ansible.errors import AnsibleFilterError
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.plan import PlanError, unmet
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._journey.record_types import Target
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._common.signature_types import Signature

KEYS: tuple[Literal['id', 'revision', 'match'], ...] = ('id', 'revision', 'match')


def alert_exemptions(signatures: list[Signature], host: Target) -> list[dict[str, Any]]:
    """The signatures that exempt something from alerting on this host (host_info's `host`), with KEYS only."""
    try:
        return [dict((key, signature[key]) for key in KEYS) for signature in signatures
                if signature.get('alert') == 'exempt' and unmet(signature, host) is None]
    except PlanError as error:
        raise AnsibleFilterError('alert_exemptions: %s' % error)
    except (KeyError, TypeError, AttributeError) as error:
        raise AnsibleFilterError('alert_exemptions: each signature needs id, revision and match (%s: %s). Take what the lookup '
                                 'loghygiene.rhel.signatures returns. Nothing was changed.' % (type(error).__name__, error))


class FilterModule(object):
    """Filters of the syslog policy."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {'alert_exemptions': alert_exemptions}
