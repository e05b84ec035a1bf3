# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with a unit of each state, which units are left, and what the record of one says."""
from __future__ import absolute_import, division, print_function

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import _units as units

__metaclass__ = type

HERE = '/etc/systemd/system'


def record(**more):
    return dict(dict(unit=u'a.service', state=u'disabled', phase=u'applied', file=u'enabled', active=True, mask=False, links={}),
                **more)


@pytest.mark.parametrize('name', ['a.service', 'dnf-makecache.timer', 'getty@tty1.service', 'a.b_c:d.path', r'dev-\x2d.socket',
                                  'a@b@c.service', 'x' * 247 + '.service'])
def test_names_of_units(name):
    units.check_name(name)


@pytest.mark.parametrize('name', [
    '', 'a', '.service', '-x.service', '--now.service', '../a.service', '/etc/a.service', 'a.service\n', 'a\nb.service', 'a*.service', '[a].timer',
    'a b.service', 'a?.service', 'a.target', 'a.mount', 'a.slice', 'a.device', 'a.service.d', 'a@.service', u'\uac00.service', u'a\u0661.timer',
    'x' * 5000 + '.service', '@b.service', '.a.service', '$(a).service', 'a.service;b.service', 'a.Service'])
def test_what_is_no_name_of_a_unit(name):
    with pytest.raises(units.Refused, match='unit: '):
        units.check_name(name)


@given(st.text(max_size=300))
def test_no_name_leads_elsewhere(name):
    try:
        units.check_name(name)
    except units.Refused as error:
        assert len(error.args[0]) < 1200
        return
    assert os.path.basename(os.path.join('/x', name)) == name and len(name.encode('utf-8')) <= 255 and name[0] not in '-.'


@pytest.mark.parametrize('name, others, told', [
    ('rsyslog.service', [], 'serves the logs'), ('syslog.service', [], 'serves the logs'), ('syslog.socket', [], 'serves the logs'),
    ('systemd-journald@x.service', [], 'serves the logs'), ('systemd-journald-audit.socket', [], 'serves the logs'), ('auditd.service', [], 'serves the logs'),
    ('logrotate.timer', [], 'serves the logs'), ('sshd@1-2.service', [], 'serves the access'), ('sshd.socket', [], 'serves the access'),
    ('dbus.socket', [], 'serves the access'), ('systemd-logind.service', [], 'serves the access'), ('user@1000.service', [], 'serves the access'),
    ('chronyd.service', [], 'serves the clock'), ('firewalld.service', [], 'serves the protection'),
    ('noise.service', ['rsyslog.service'], 'noise.service is another name of rsyslog.service, starts it, or is needed by it, and that serves the logs'),
    ('noise.socket', ['a.service', 'sshd.service'], 'sshd.service, starts it')])
def test_what_no_remedy_switches_off(name, others, told):
    with pytest.raises(units.Refused, match=told):
        units.check_harmless(name, others)


@pytest.mark.parametrize('name', ['dnf-makecache.timer', 'packagekit.service', 'rtkit-daemon.service', 'userdbd.service', 'rsyslog-noise.service',
                                  'gnome-software.service', 'systemd-journal-gatewayd.socket', 'timedatex.service'])
def test_what_a_remedy_may_switch_off(name):
    units.check_harmless(name, ['multi-user.target', 'basic.target', name])


def test_what_show_says():
    shown = units.parse('Id=a.service\nNames=a.service b.service\nTriggers=\nTriggeredBy=t.timer\nRequiredBy=c.service\n'
                        'BoundBy=d.service\nConsistsOf=e.service\nFragmentPath=/a=b\nnothing\n')
    assert shown['FragmentPath'] == '/a=b' and shown['TriggeredBy'] == 't.timer'
    assert units.others(shown, 'z.service') == set('%s.service' % one for one in 'abcdez')
    assert units.others({}, None) == set()


STATES = ['', 'enabled', 'enabled-runtime', 'linked', 'linked-runtime', 'alias', 'masked', 'masked-runtime', 'static', 'indirect', 'disabled',
          'generated', 'transient', 'bad']
STEPS = {
    'disabled': {'': [], 'enabled': ['disable'], 'linked': ['disable'], 'disabled': [], 'masked': []},
    'masked': dict((found, [] if found in ('', 'masked') else ['mask']) for found in STATES if found != 'transient')}


@pytest.mark.parametrize('state', units.STATES)
@pytest.mark.parametrize('found', STATES)
def test_what_is_done_with_each_state(found, state):
    expected = STEPS[state].get(found)
    if expected is None:
        with pytest.raises(units.Refused, match='state masked|See to that program'):
            units.steps('a.service', state, found, None)
    else:
        assert units.steps('a.service', state, found, None) == expected


@pytest.mark.parametrize('before, expected', [('enabled', ['unmask', 'disable']), ('disabled', ['unmask']), ('static', None)])
def test_from_our_mask_to_disabled(before, expected):
    kept = record(state=u'masked', mask=True, file=before)
    if expected is None:
        with pytest.raises(units.Refused, match='is static and cannot be disabled'):
            units.steps('a.service', 'disabled', 'masked', kept)
    else:
        assert units.steps('a.service', 'disabled', 'masked', kept) == expected
    assert units.steps('a.service', 'disabled', 'masked', record(file=before)) == []  # the mask is somebody else's
    assert units.steps('a.service', 'masked', 'disabled', record()) == ['mask']


@pytest.mark.parametrize('text, name, found', [
    ('[Unit]\nAlso=no.service\n[Install]\nWantedBy=a\nAlso=b.socket c.timer\nAlso = d.path\n', 'a.service', ['b.socket', 'c.timer', 'd.path']),
    ('[Install]\n#Also=b.socket\n;Also=c\nAlsoNot=d\nAlso=e.socket \\\n  f.socket\r\n[X]\nAlso=g', 'a.service', ['e.socket', 'f.socket']),
    ('[Install]\nAlso=b@%i.socket %p.path\n', 'a@x.service', ['b@x.socket', 'a.path']), ('', 'a.service', [])])
def test_what_goes_with_a_unit(text, name, found):
    assert units.also(text, name) == found


def read(path):
    with open(path, 'rb') as source:
        return source.read()


def test_the_links_of_a_unit(tmp_path):
    etc, lib = tmp_path / 'etc', tmp_path / 'lib'
    for folder in (etc / 'm.target.wants', etc / 'n.target.requires', etc / 'a.service.d', lib):
        folder.mkdir(parents=True)
    (lib / 'a.service').write_text(u'[Install]\nAlso=a.socket\n')
    (lib / 'a.socket').write_text(u'[Install]\nAlso=a.service\n')  # each the other
    (lib / 'g@.service').write_text(u'[Install]\nAlso=g@%i.timer\n')
    expected = {}
    for place, target, ours in [
            ('m.target.wants/a.service', lib / 'a.service', True), ('n.target.requires/a.service', lib / 'a.service', True),
            ('alias.service', lib / 'a.service', True), ('m.target.wants/a.socket', '../../lib/a.socket', True), ('a.socket', os.devnull, False),
            ('m.target.wants/b.service', lib / 'b.service', False), ('a.service.d/a.service', lib / 'a.service', False)]:
        os.symlink(str(target), str(etc / place))
        if ours:
            expected[str(etc / place)] = str(target)
    directories = [str(etc), str(lib)]
    names = units.together('a.service', directories, read)
    assert names == set(['a.service', 'a.socket'])
    os.symlink(os.devnull, str(etc / 'a.service'))  # masked, it still has them
    assert units.together('a.service', directories, read) == names and units.locate('a.service', directories) == str(lib / 'a.service')
    assert units.links(str(etc), names) == expected
    assert units.together('g@x.service', directories, read) == set(['g@x.service', 'g@x.timer'])
    assert units.locate('g@x.service', directories) == str(lib / 'g@.service') and units.locate('h.service', directories) is None
    assert units.links(str(tmp_path / 'nowhere'), names) == {}
    assert units.is_mask(str(etc / 'a.socket')) and not units.is_mask(str(etc / 'alias.service'))


def test_a_record_comes_back():
    for one in (record(), record(active=None, mask=True, state=u'masked', links={HERE + u'/m.target.wants/a.service': u'/x'})):
        assert units.decode(units.encode(one), 'a.service', HERE) == one


@pytest.mark.parametrize('text', [
    b'', b'{', b'[]', b'null', b'\xff', units.encode(record())[:40], units.encode(record(unit=u'b.service')), units.encode(record(state=u'gone')),
    units.encode(record(phase=u'x')), units.encode(record(more=1)), units.encode(record(active=u'yes')), units.encode(record(links=[])),
    units.encode(record(links={u'/etc/passwd': u'/x'})), units.encode(record(links={HERE + u'/../../passwd': u'/x'})),
    units.encode(record(links={HERE + u'/a.service': 1}))])
def test_a_damaged_record_is_told(text):
    with pytest.raises(ValueError):
        units.decode(text, 'a.service', HERE)


def test_what_somebody_changed_since(tmp_path):
    path, link = str(tmp_path / 'a.service'), str(tmp_path / 'link')
    disabled, masked = record(links={link: u'/lib/a.service'}), record(state=u'masked', mask=True)
    assert not units.edited(disabled, path)
    assert not units.edited(masked, path)  # unmasked, which it was before
    os.symlink(os.devnull, path)
    assert units.edited(disabled, path) and not units.edited(masked, path)
    assert not units.edited(dict(disabled, phase=u'applying'), path)
    os.unlink(path)
    os.symlink('/lib/a.service', link)  # enabled again, as it was
    assert not units.edited(disabled, path)
    os.unlink(link)
    os.symlink('/lib/b.service', link)
    assert units.edited(disabled, path)
    (tmp_path / 'a.service').write_text(u'[Unit]\n')
    assert units.edited(masked, path)
