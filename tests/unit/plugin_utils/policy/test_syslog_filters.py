# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of syslog: calls as a playbook makes them, errors that name the filter, and documentation that is true.

What they compute is tested in tests/unit/module_utils/syslog/test_syslog.py.
"""
from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.loghygiene.rhel.plugins.filter import facility, pri_decode, pri_encode, severity, syslog_parse
from ansible_collections.loghygiene.rhel.plugins.module_utils._syslog import codes as syslog, message as syslog_message

MODULES = {'facility': facility, 'pri_decode': pri_decode, 'pri_encode': pri_encode, 'severity': severity,
           'syslog_parse': syslog_parse}
FILTERS = {name: module.FilterModule().filters()[name] for name, module in MODULES.items()}


def test_each_file_has_its_filter_and_no_other():
    assert [list(module.FilterModule().filters()) for module in MODULES.values()] == [[name] for name in MODULES]


def test_pri_encode():
    encode = FILTERS['pri_encode']
    assert encode('auth', 'crit') == encode(4, 2) == encode('4', severity='2') == 34
    assert encode({'facility': 4, 'severity': 2}) == encode({'facility': 'security', 'severity': 'critical'}) == 34
    # 0 is a severity, and not the lack of one.
    assert encode('kern', 0) == 0


def test_pri_encode_undoes_pri_decode():
    assert [FILTERS['pri_encode'](FILTERS['pri_decode'](pri)) for pri in range(192)] == list(range(192))


def test_the_others_are_those_of_the_table():
    assert FILTERS['pri_decode']('<165>') == syslog.decode(165)
    assert FILTERS['facility']('authpriv') == syslog.facility(10)
    assert FILTERS['severity']('panic') == syslog.severity(0)
    assert FILTERS['syslog_parse']('<34>1 - - - - - - x') == syslog_message.parse('<34>1 - - - - - - x')


@pytest.mark.parametrize('name, arguments, text', [
    ('pri_decode', [192], '192 is not a valid PRI: it must be 0 to 191'),
    ('pri_decode', ['<>'], '"<>" is not a valid PRI'),
    ('pri_decode', [None], 'None is not a valid PRI'),
    ('facility', [24], '24 is not a valid facility: it must be 0 to 23'),
    ('facility', ['mark'], 'rsyslogd uses it internally'),
    ('severity', ['crti'], 'Did you mean crit?'),
    ('severity', ['none'], 'in a selector'),
    ('pri_encode', ['auth', 8], '8 is not a valid severity: it must be 0 to 7'),
    ('pri_encode', [24, 'crit'], '24 is not a valid facility'),
    ('pri_encode', ['auth'], 'needs a facility and a severity'),
    ('pri_encode', [{'facility': 4}], 'needs a facility and a severity'),
    ('pri_encode', [{'facility': 4, 'severity': None}], 'None is not a valid severity'),
    ('syslog_parse', ['<34>2 - - - - - -'], 'VERSION "2" is not known'),
    ('syslog_parse', [34], '34 is not a syslog message'),
])
def test_errors_name_the_filter(name, arguments, text):
    with pytest.raises(AnsibleFilterError) as caught:
        FILTERS[name](*arguments)
    assert str(caught.value).startswith(name + ': ') and text in str(caught.value)


@pytest.mark.parametrize('name, table', [('facility', syslog.FACILITIES), ('severity', syslog.SEVERITIES)])
def test_the_documentation_names_every_alias(name, table):
    text = ' '.join(yaml.safe_load(MODULES[name].DOCUMENTATION)['description'])
    assert not [alias for row in table for alias in row[4] if 'V(%s)' % alias not in text]
    assert 'V(%s)' % table[0][0] in text and 'V(%s)' % table[-1][0] in text
    assert set(yaml.safe_load(MODULES[name].RETURN)['_value']['contains']) == set(FILTERS[name](0))


def test_the_documentation_names_every_part_of_a_message():
    assert set(yaml.safe_load(syslog_parse.RETURN)['_value']['contains']) == set(FILTERS['syslog_parse']('x'))


def test_the_documentation_has_the_table():
    """docs/syslog.md repeats the table; it must be the one of the code."""
    import pathlib
    text = (pathlib.Path(syslog_parse.__file__).resolve().parents[2] / 'docs' / 'syslog.md').read_text(encoding='utf-8')
    for table in (syslog.FACILITIES, syslog.SEVERITIES):
        for number, (keyword, name, english, korean, aliases) in enumerate(table):
            if keyword.startswith('local') and keyword != 'local0':
                continue
            cells = [str(number), '`%s`' % keyword, name, english.partition(': ')[2] or english,
                     korean, ', '.join('`%s`' % alias for alias in aliases)]
            if keyword == 'local0':
                cells = ['16-23', '`local0`-`local7`', 'local use 0-7 (local0-local7)', 'local use 0-7', '로컬 용도 0-7', '']
            row = '| %s |' % ' | '.join(cells)
            assert row.replace('|  |', '| |') in text, row
