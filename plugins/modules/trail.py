#!/usr/bin/python
# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
module: trail
short_description: Write a line about a run into the log of the host
version_added: 0.1.0
description:
  - Writes one message with the identifier C(loghygiene), the facility C(authpriv) and the severity C(notice), by
    C(/dev/log). The journal has it, and so has what rsyslogd makes of C(authpriv), such as C(/var/log/secure).
  - The journeys write a line where they begin to change a host and one where that ends, so that the log itself says who
    changed logging. See with C(journalctl -t loghygiene).
  - Writes nothing in check mode.
options:
  text:
    description: The message. Control characters become blanks.
    type: str
    required: true
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: linux
author:
  - loghygiene contributors (@loghygiene)
'''

EXAMPLES = r'''
- name: Say in the log of the host what is about to happen
  loghygiene.rhel.trail:
    text: maintenance 4711 begins
'''

RETURN = r'''
written:
  description: Whether the message was written. False in check mode.
  type: bool
  returned: success
'''

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import trail
from ansible_collections.loghygiene.rhel.plugins.module_utils._common.logged_module import LoggedModule


def main():
    module = LoggedModule(argument_spec=dict(text=dict(type='str', required=True)), supports_check_mode=True)
    if module.check_mode:
        module.exit_json(changed=False, written=False)
    try:
        trail.write(module.params['text'])
    except trail.TrailError as error:
        module.fail_json(msg=error.args[0])
    module.exit_json(changed=False, written=True)


if __name__ == '__main__':
    main()
