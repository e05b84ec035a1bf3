# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""config_value with the real sshd, named-checkconf, httpd and postfix, in a world that has the files of an EL host.

Each test begins and ends with the same files. systemctl is a stand-in there, which says what units do; at the end, the sshd
of a sandbox host is reloaded by its systemd.
"""
import io
import json
import os
import subprocess
import tarfile
from pathlib import Path

import ansible
import pytest
from config_world import BUILD, World
from remedy_runs import UNPRIVILEGED, private

from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog

SSHD, NAMED, HTTPD, POSTFIX = '/etc/ssh/sshd_config', '/etc/named.conf', '/etc/httpd/conf/httpd.conf', '/etc/postfix/main.cf'


def item(path, key, value=None, name='noise', **more):
    return dict(dict(signature_id=name, file=path, key=key, **more), **({} if value is None else dict(value=value)))


MOTD = item(SSHD, 'PrintMotd', 'no')
DNS = item(SSHD, 'UseDNS', 'yes', 'dns')
QOS = item(SSHD, 'IPQoS', 'none')
SERVER = item(HTTPD, 'ServerName', 'web.example.org', 'server')
CACHE = item(NAMED, 'max-cache-size', '10M', 'cache')
BANGS = item(POSTFIX, 'swap_bangpath', 'no', 'postfix')
TIMER = item('/etc/dnf/dnf.conf', 'metadata_timer_sync', 0, 'timer', section='main')
DOMAIN = item('/etc/idmapd.conf', 'Domain', 'x.org', 'domain', section='General')
OPTIONS = item('/etc/sysconfig/named', 'OPTIONS', '-4', 'options')
ALL = [MOTD, DNS, SERVER, CACHE, BANGS, TIMER, DOMAIN, OPTIONS]
UNTESTED = '%s has no program on this host that tests it, so only its syntax was looked at.'


@pytest.fixture(scope='module')
def machine(tmp_path_factory):
    world = World(tmp_path_factory.mktemp('world'))
    yield world
    world.close()


@pytest.fixture
def world(machine):
    """The world, which has to be as it was after the test."""
    machine.reset()
    before = machine.look()
    yield machine
    assert machine.look() == before and machine.kept() == []


def refused(world, told, *items, state='present'):
    before, kept = world.look(), world.kept()
    result = world.run(*items, state=state)
    assert result.get('failed') and not result['changed'] and result['files'] == [], result
    assert told in result['msg'] and result['msg'].endswith('Nothing was changed.') and '\n' not in result['msg'] and len(result['msg']) < 1500
    assert world.look() == before and world.kept() == kept
    return result


def done(world, *items, **options):
    result = world.run(*items, **options)
    assert not result.get('failed'), result['msg']
    return result


def test_there_and_back_in_each_syntax(world):
    before = world.look()
    predicted = done(world, *ALL, check=True)
    assert predicted['changed'] and not predicted['in_place'] and world.look() == before and world.kept() == []
    result = done(world, *ALL)
    assert (result['changed'], result['in_place'], result['files'], result['diff'], result['requires']) == (
        True, True, predicted['files'], predicted['diff'], 'restart')
    assert [one['path'] for one in result['files']] == sorted(set(one['file'] for one in ALL))
    assert sorted(result['notes']) == sorted(UNTESTED % one['file'] for one in (TIMER, DOMAIN, OPTIONS))
    assert world.sh('head -4 %s; sed -n 4,8p %s; stat -c %%a %s' % (SSHD, NAMED, SSHD)).split('\n') == [
        'Include /etc/ssh/sshd_config.d/*.conf', '# A comment', '#UseDNS no', 'UseDNS yes', '\tdnssec-validation yes;', '\tallow-query { localhost; }; /* } */',
        '\tmax-cache-size 10M;', '};', 'zone "." IN { type hint; file "named.ca"; };', '600', '']
    assert world.sh('''
        sshd -T | grep -E "^(printmotd|usedns)"; named-checkconf -p /etc/named.conf | grep max-cache; httpd -t 2>&1
        postconf -h swap_bangpath''') == (
        'printmotd no\nusedns yes\n\tmax-cache-size 10485760;\nSyntax OK\nno\n')
    assert world.sh('tail -c 22 /etc/dnf/dnf.conf; . /etc/sysconfig/named; echo; echo "$OPTIONS"; grep -c "org.$" /etc/idmapd.conf') == (
        '\nmetadata_timer_sync=0\n-4\n1\n')
    assert set(world.sh('find /etc/state -type f -exec stat -c "%a %U" {} +').splitlines()) == {'600 root'}

    again = done(world, *ALL)
    assert (again['changed'], again['in_place'], again['in_place_since'], again['files']) == (False, True, result['in_place_since'], [])
    assert again['notes'] == []
    back = done(world, *ALL, state='absent')
    assert back['changed'] and back['in_place'] and world.look() == before and world.kept() == []
    assert not done(world, *ALL, state='absent')['changed']


def test_by_the_role_on_each_python(ansible, tmp_path):
    items = [MOTD, SERVER, CACHE, DOMAIN, item('/etc/httpd/conf.d/00-x.conf', 'KeepAlive', 'Off')]
    status, output = ansible.tasks('''
        - ansible.builtin.set_fact: {config_value_items: %s}
        - ansible.builtin.shell: sha256sum /etc/ssh/sshd_config /etc/named.conf /etc/httpd/*/* /etc/postfix/* /etc/idmapd.conf || true
          register: before
        - ansible.builtin.include_role: {name: loghygiene.rhel.config_value, apply: {check_mode: true}}
        - ansible.builtin.assert: {that: [config_value_result.changed, not config_value_result.in_place]}
        - ansible.builtin.include_role: {name: loghygiene.rhel.config_value}
        - ansible.builtin.assert:
            that:
              - config_value_result.changed and config_value_result.in_place
              - config_value_result.files | length == 5 and config_value_result.requires == 'restart'
        - ansible.builtin.include_role: {name: loghygiene.rhel.config_value}
        - ansible.builtin.assert: {that: [not config_value_result.changed, config_value_result.in_place]}
        - ansible.builtin.include_role: {name: loghygiene.rhel.config_value}
          vars: {config_value_state: absent}
        - ansible.builtin.shell: sha256sum /etc/ssh/sshd_config /etc/named.conf /etc/httpd/*/* /etc/postfix/* /etc/idmapd.conf || true
          register: after
        - ansible.builtin.assert: {that: [config_value_result.changed, config_value_result.in_place, before.stdout == after.stdout]}
        ''' % items, private(BUILD.format(root=tmp_path / 'world') + 'mkdir -p /var/lib/log_hygiene; mount -t tmpfs -o mode=755 kept /var/lib/log_hygiene'))
    assert status == 0, output


# What counts in sshd: what other files and lines say, what is set, and what the refusal names.
COUNTS = [
    ('echo "PrintMotd yes" >/etc/ssh/sshd_config.d/50-x.conf', MOTD, '/etc/ssh/sshd_config.d/50-x.conf, line 1'),
    ('echo "PrintMotd no" >/etc/ssh/sshd_config.d/50-x.conf', MOTD, None),
    ('printf "Match all\\nIPQoS af11\\n" >/etc/ssh/sshd_config.d/50-x.conf', QOS, 'has "af11 af11" for it'),
    ('printf "Match User nobody-here\\nIPQoS af11\\n" >/etc/ssh/sshd_config.d/50-x.conf', QOS, 'changed'),
    ('sed -i "1s/^/printmotd=no\\n/" %s' % SSHD, MOTD, None),
    ('echo "IPQoS none" >>%s' % SSHD, QOS, 'changed'),
    ('echo "ServerName other" >/etc/httpd/conf.d/x.conf', SERVER, '/etc/httpd/conf.d/x.conf, line 1'),
    ('echo "ServerName web.example.org" >/etc/httpd/conf.d/x.conf', SERVER, None),
    ('printf "<IfModule !none>\\nServerName other\\n</IfModule>\\n" >/etc/httpd/conf.d/x.conf', SERVER, 'has "web.example.org", "other" for it.'),
    ('printf "<VirtualHost *>\\nServerName other\\n</VirtualHost>\\n" >/etc/httpd/conf.d/x.conf', SERVER, 'changed'),
    ('echo "swap_bangpath = yes" >>%s' % POSTFIX, BANGS, 'changed'),
    ('printf "swap_bangpath =\\n# x\\n  no\\n" >>%s' % POSTFIX, BANGS, None),
    ('echo "options { max-cache-size 10M; };" >/etc/other; echo "include \\"/etc/other\\";" >%s' % NAMED, CACHE, None),
    ('echo "view v {{ max-cache-size 9M; }};" >/etc/other; sed -i "/^zone/d" {0}; echo "include \\"/etc/other\\";" >>{0}'.format(NAMED), CACHE, 'changed'),
]


@pytest.mark.parametrize('before, wanted, told', COUNTS, ids=['%s-%d' % (one[1]['key'], number) for number, one in enumerate(COUNTS)])
def test_what_counts_is_what_the_program_says(world, before, wanted, told):
    world.sh('rm -rf /run/config_world; mkdir /run/config_world; cp -a %s %s %s %s /run/config_world' % (SSHD, NAMED, POSTFIX, HTTPD))
    world.sh(before)
    try:
        if told in (None, 'changed'):
            result = done(world, wanted)
            assert (result['in_place'], result['changed']) == (True, told == 'changed')
            assert done(world, wanted, state='absent')['in_place']
        else:
            assert 'would still not count for ' in refused(world, told, wanted)['msg']
    finally:
        world.sh('''
            cd /run/config_world; cat sshd_config >/etc/ssh/sshd_config; cat main.cf >/etc/postfix/main.cf; cat httpd.conf >/etc/httpd/conf/httpd.conf
            cat named.conf >/etc/named.conf; rm -f /etc/ssh/sshd_config.d/* /etc/httpd/conf.d/* /etc/other''')


@pytest.mark.parametrize('wanted, told', [
    (item(SSHD, 'PrintMotd', 'maybe'), 'sshd does not take PrintMotd maybe: '), (item(SSHD, 'NoSuchKey', 'x'), 'sshd does not take NoSuchKey x: '),
    (item(SSHD, 'UseLogin', 'no'), 'sshd does not tell of UseLogin: it is obsolete'),
    (item(NAMED, 'max-cache-size', 'many'), 'named does not take max-cache-size many: '), (item(NAMED, 'no-such-key', '1'), 'named does not take '),
    (item(HTTPD, 'KeepAlive', 'Maybe'), 'httpd does not take what /etc/httpd/conf/httpd.conf would hold: '),
    (item(HTTPD, 'NoSuchKey', 'x'), 'httpd does not take what '), (item(POSTFIX, 'no_such_thing', 'x'), 'no_such_thing x would still not count for postfix'),
    (item('/etc/dnf/dnf.conf', 'a', '1', section='other'), '/etc/dnf/dnf.conf has no section other.'),
], ids=lambda one: one['key'] if isinstance(one, dict) else '')
def test_what_the_program_does_not_take_is_refused(world, wanted, told):
    refused(world, told, wanted, TIMER)


@pytest.mark.parametrize('path, wanted', [(SSHD, MOTD), (NAMED, CACHE), (HTTPD, SERVER), (POSTFIX, BANGS)])
def test_what_is_broken_before_is_left_with_its_complaint(world, path, wanted):
    world.sh('cp -a %s /run/config_world_kept; echo "{ Broken nonsense" >>%s' % (path, path))
    told = refused(world, ' does not take its configuration as it is now: ', wanted, TIMER)['msg']
    assert 'Mend that first.' in told and ('line' in told or ':' in told.partition('now: ')[2])
    world.sh('cat /run/config_world_kept >%s' % path)


@pytest.mark.parametrize('change', [
    dict(file='/etc/passwd'), dict(file='/etc/ssh/../ssh/sshd_config'), dict(file='/etc/ssh/sshd_config.d/*.conf'), dict(file='-x'),
    dict(file='/etc/ssh/sshd_config\n'),
    dict(file='/etc/ssh/sshd_config.d/%s.conf' % ('x' * 5000)), dict(file='/etc/ssh/sshd_config.d/값.conf'), dict(key=''), dict(key='-x'), dict(key='a\nb'),
    dict(key='값'), dict(key='x' * 5000), dict(key='Match'), dict(key='Include', value='/tmp/x'), dict(value=''),
    dict(value='no\nPermitRootLogin yes'), dict(value='값'), dict(value='1' * 5000), dict(value=True), dict(value=['a']), dict(value=1.5),
    dict(value='no # x'), dict(section='a'), dict(signature_id='../x'), dict(signature_id='a\nb'),
    dict(opt_in_reason=''), dict(opt_in_reason='a\nb'), dict(opt_in_reason='x' * 5000)], ids=lambda one: ascii(one)[:50])
def test_bad_input_is_refused(world, change):
    refused(world, '', TIMER, dict(MOTD, **change))


def test_safeguards(world):
    root = item(SSHD, 'PermitRootLogin', 'yes')
    told = 'PermitRootLogin yes is not set, because it says who comes in, and how. Take signature noise out of the run, or give it an opt_in_reason.'
    refused(world, told, root, TIMER)
    refused(world, 'is not set, because', item(NAMED, 'dnssec-validation', 'no'))
    refused(world, 'is not set, because', item(NAMED, 'dnssec-validation'))
    result = done(world, item(NAMED, 'dnssec-validation', 'no', opt_in_reason='격리망'))
    assert result['in_place'] and result['notes'] == [
        '/etc/named.conf: dnssec-validation no may lower a safeguard: it says what is trusted. The reason that was given: 격리망']
    assert 'dnssec-validation no;' in world.sh('named-checkconf -p /etc/named.conf')
    assert done(world, state='absent')['in_place']


def test_what_named_includes_is_left_out(world):
    """As the shipped named.conf of EL 7 to 10 has it: the anchors of the root in a file of their own."""
    key, text = 'include "/etc/named.root.key"', world.sh('cat ' + NAMED)
    world.sh(r'''
        printf 'trust-anchors {{ . initial-ds 20326 8 2 "%064d"; }};\n' 0 >/etc/named.root.key
        printf '// {0};\ninclude\t"/etc/named.root.key"; # anchors\nview v {{ {0}; }};\n' >>{1}; sed -i /^zone/d {1}'''.format(key, NAMED))
    before = world.sh('cat ' + NAMED)
    assert 'initial-ds' in world.sh('named-checkconf -p ' + NAMED)
    anchors = dict(catalog.load(ids=['named-managed-keys-unsigned'])[0]['remedy']['with'], signature_id='named-managed-keys-unsigned')
    refused(world, 'dnssec-validation no is not set, because', dict(anchors, opt_in_reason=None))
    refused(world, 'no %s is not set, because it says what is trusted.' % key, item(NAMED, key))
    refused(world, 'is not the name of a setting', item(NAMED, key, 'x', opt_in_reason='x'))
    refused(world, 'is not the name of a setting', dict(anchors, opt_in_reason='x', without=['include "/etc/../*/x"; x']))
    result = done(world, anchors)
    assert result['in_place'] and len(result['notes']) == 2 and [one['path'] for one in result['files']] == [NAMED]
    assert world.sh('cat ' + NAMED) == before.replace('validation yes', 'validation no').replace(
        'include\t"/etc/named.root.key";', '/* include\t"/etc/named.root.key"; */').replace('{ %s;' % key, '{ /* %s; */' % key)
    assert 'initial-ds' not in world.sh('named-checkconf -p ' + NAMED) and not done(world, anchors)['changed']
    assert done(world, anchors, state='absent')['in_place'] and world.sh('cat ' + NAMED) == before
    world.sh('cat >{0} <<"END"\n{1}END\nrm /etc/named.root.key'.format(NAMED, text))


def test_an_obsolete_option_becomes_a_comment(world):
    obsolete = item(SSHD, 'UsePrivilegeSeparation')
    assert not done(world, item(SSHD, 'UseLogin'), obsolete)['changed']
    world.sh('cp -a {0} /run/config_world_kept; sed -i "2s/^/UsePrivilegeSeparation sandbox\\nUsePrivilegeSeparation yes\\n/" {0}'.format(SSHD))
    before = world.sh('cat ' + SSHD)
    assert 'Deprecated option' in world.sh('sshd -t 2>&1')
    assert done(world, obsolete)['in_place'] and 'Deprecated' not in world.sh('sshd -t 2>&1')
    assert world.sh('cat ' + SSHD) == before.replace('UsePriv', '#UsePriv') and not done(world, obsolete)['changed']
    assert done(world, obsolete, state='absent')['in_place'] and world.sh('cat ' + SSHD) == before
    world.sh('cat /run/config_world_kept >%s' % SSHD)


def test_a_drop_in_is_made_and_goes(world):
    wanted = item('/etc/ssh/sshd_config.d/00-log_hygiene.conf', 'PrintMotd', 'no')
    assert done(world, wanted)['files'] == [dict(path=wanted['file'], action='create')]
    assert world.sh('cat {0}; stat -c %a {0}; sshd -T | grep motd'.format(wanted['file'])) == (
        '# Written by loghygiene.rhel.config_value\nPrintMotd no\n600\nprintmotd no\n')
    assert not done(world, wanted)['changed']
    assert done(world, wanted, state='absent')['files'] == [dict(path=wanted['file'], action='remove')]


def test_what_is_not_on_the_host_is_noted(world):
    for path, key, value in [('/etc/chrony.conf', 'hello', 'x'), ('/etc/snmp/snmpd.conf', 'dontLogTCPWrappersConnects', 'yes'),
                             ('/etc/sysconfig/rngd', 'RNGD_ARGS', '-x 1'), ('/etc/abrt/abrt-action-save-package-data.conf', 'OpenGPGCheck', 'no')]:
        result = done(world, item(path, key, value))
        assert (result['changed'], result['in_place'], result['notes']) == (
            False, True, ['There is no %s on this host, so nothing had to be done.' % path])


def test_links_are_told_and_acls_stay(world):
    world.sh('ln -s dnf/dnf.conf /etc/yum.conf')
    refused(world, 'The file /etc/yum.conf leads to /etc/dnf/dnf.conf. Name the file itself.', dict(TIMER, file='/etc/yum.conf'))
    world.sh('rm /etc/yum.conf; setfacl -m u:nobody:r /etc/dnf/dnf.conf')
    before = world.sh('getfacl -p /etc/dnf/dnf.conf')
    assert 'user:nobody:r--' in before and done(world, TIMER)['changed'] and world.sh('getfacl -p /etc/dnf/dnf.conf') == before
    assert done(world, TIMER, state='absent')['changed'] and world.sh('getfacl -p /etc/dnf/dnf.conf') == before
    world.sh('setfacl -b /etc/dnf/dnf.conf')


def test_what_contradicts_is_refused(world):
    other = dict(MOTD, signature_id='other', key='printmotd', value='yes')
    told = 'Signatures noise and other contradict each other: "PrintMotd no" and "printmotd yes".'
    refused(world, told, MOTD, other)
    done(world, MOTD)
    refused(world, told, other)
    done(world, state='absent')


def test_a_run_for_some_leaves_the_others(world):
    done(world, MOTD, DNS, dict(MOTD, signature_id='second'))
    assert not done(world, MOTD, state='absent')['files']
    assert done(world, dict(MOTD, signature_id='second'), state='absent')['files'] and 'UseDNS yes' in world.sh('cat ' + SSHD)
    # The signature asks for another key now.
    assert done(world, dict(MOTD, signature_id='dns'))['changed']
    assert world.sh('sshd -T | grep -E "^(usedns|printmotd)"').split() == ['printmotd', 'no', 'usedns', 'no']
    assert done(world, dict(MOTD, signature_id='dns', value='yes'))['changed']
    assert world.kept() == []   # it was so before


def test_what_others_edited_stays_and_ours_goes(world):
    original = world.sh('cat ' + SSHD)
    done(world, MOTD, DNS)
    world.sh('sed -i "s/^# A comment/# Another/; \\$ a X11Forwarding no" %s' % SSHD)
    assert not done(world, MOTD, DNS)['changed']
    assert done(world, MOTD, DNS, state='absent')['in_place']
    assert world.sh('cat ' + SSHD) == original.replace('# A comment', '# Another') + 'X11Forwarding no\n'
    world.sh('cat >%s <<"END"\n%sEND\n' % (SSHD, original))


def test_our_line_that_somebody_edited_stays(world):
    original = world.sh('cat ' + SSHD)
    done(world, DNS, MOTD)
    world.sh('sed -i "s/^UseDNS yes/UseDNS no/" %s' % SSHD)
    told = '%s was edited since: UseDNS is "no" there now, and this collection wrote "UseDNS yes".' % SSHD
    refused(world, told + ' Set it back, or leave the host out of it.', DNS)
    result = done(world, DNS, MOTD, state='absent')
    assert result['notes'] == [told + ' It stays.'] and not result['in_place']
    assert world.sh('cat ' + SSHD) == original.replace('#UseDNS no\n', '#UseDNS no\nUseDNS no\n')
    world.sh('sed -i "s/^UseDNS no/UseDNS yes/" %s' % SSHD)
    assert done(world, DNS, state='absent')['in_place'] and world.sh('cat ' + SSHD) == original


def test_a_host_without_mount_namespaces_is_told(world):
    world.sh('''
        printf "#!/bin/sh\\necho unshare: unshare failed: Operation not permitted >&2; exit 1" >/usr/local/sbin/unshare
        chmod 755 /usr/local/sbin/unshare''')
    refused(world, 'because this host makes no mount namespace: unshare: unshare failed: Operation not permitted', MOTD)
    world.sh('rm /usr/local/sbin/unshare')


def test_a_file_that_cannot_be_written_leaves_the_others_as_they_were(world):
    world.sh('mount --bind /etc/sysconfig /etc/sysconfig; mount -o remount,ro,bind /etc/sysconfig')
    before = world.look()
    result = world.run(MOTD, OPTIONS)
    assert result['failed'] and not result['changed'] and result['files'] == []
    assert result['msg'] == 'Cannot write /etc/sysconfig/named: Read-only file system. Nothing was changed there.'
    assert world.look() == before and world.kept() == []
    world.sh('umount /etc/sysconfig')


# --- services, by a stand-in for systemctl: what a unit is stands in a file

SYSTEMCTL = r'''
mkdir -p /run/units
cat >/usr/local/sbin/systemctl <<'END'
#!/bin/sh
for unit; do :; done
state=$(cat /run/units/$unit 2>/dev/null || echo inactive)
case $1 in
    show) echo "ActiveState=$state"; case $unit in named*|chronyd*) echo CanReload=no;; *) echo CanReload=yes;; esac;;
    reload) echo "reload $unit" >>/run/units/calls; [ ! -e /run/units/refuse ] || { echo "Job failed." >&2; exit 1; }
        ! grep -q -e "$(cat /run/units/bad 2>/dev/null || echo NEVER)" /etc/ssh/sshd_config || echo failed >/run/units/$unit;;
    start) echo "start $unit" >>/run/units/calls; echo active >/run/units/$unit;;
    *) echo "$@" >>/run/units/calls;;
esac
END
chmod 755 /usr/local/sbin/systemctl
'''


@pytest.fixture
def units(world):
    world.sh(SYSTEMCTL)
    yield lambda: world.sh('cat /run/units/calls 2>/dev/null || true; rm -f /run/units/calls').splitlines()
    world.sh('rm -rf /run/units /usr/local/sbin/systemctl')


def test_what_runs_is_reloaded_and_nothing_else(world, units):
    world.sh('for unit in sshd named; do echo active >/run/units/$unit.service; done')
    assert done(world, MOTD, check=True)['changed'] and units() == []
    result = done(world, *[one for one in ALL if one != BANGS])
    assert units() == ['reload sshd.service']
    assert 'named.service reads /etc/sysconfig/named when it starts: systemctl restart named.service, when it suits.' in result['notes']
    done(world, *ALL, state='absent')
    assert units() == ['reload sshd.service']


@pytest.mark.parametrize('how, why, calls', [
    ('echo "PrintMotd no" >/run/units/bad; sed -i /nobody-here/,\\$d %s' % SSHD, 'it is failed', ['reload sshd.service', 'start sshd.service']),
    ('touch /run/units/refuse', 'Job failed', ['reload sshd.service', 'reload sshd.service', 'start sshd.service'])], ids=['dies', 'refuses'])
def test_a_service_that_does_not_come_back_gets_its_file_back(world, units, how, why, calls):
    original = world.sh('cat ' + SSHD)
    world.sh('echo active >/run/units/sshd.service; ' + how)
    result = refused(world, 'sshd.service did not come back with the new %s: %s. The file is as it was, and the service runs again.' % (SSHD, why), MOTD, TIMER)
    assert units() == calls and world.sh('cat /run/units/sshd.service') == 'active\n' and result['files'] == []
    world.sh('cat >%s <<"END"\n%sEND\n' % (SSHD, original))


SANDBOX = str(Path(__file__).resolve().parents[2] / 'sandbox' / 'sandbox')
NAME = 'config-el10'
# The module as it is on a host, without a connection.
MODULE = '''
import json, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = json.dumps({"ANSIBLE_MODULE_ARGS": json.loads(sys.argv[1])}).encode(), "legacy"
from ansible_collections.loghygiene.rhel.plugins.modules import config_value
config_value.main()
'''


class Host:
    """A sandbox host that has the module."""

    def __init__(self, collection):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode='w', dereference=True) as archive:
            for part in ('release.py', 'module_utils'):
                archive.add(os.path.join(os.path.dirname(ansible.__file__), part), 'ansible/' + part)
            for part in ('module_utils', 'modules'):
                archive.add(os.path.join(collection, 'plugins', part), 'ansible_collections/loghygiene/rhel/plugins/' + part)
        subprocess.run([SANDBOX, 'exec', NAME, 'sh', '-c', 'mkdir -p /opt/module/ansible && cd /opt/module && >ansible/__init__.py && tar -x'],
                       input=packed.getvalue(), check=True)

    def sh(self, text):
        return subprocess.run([SANDBOX, 'exec', NAME, 'sh', '-ec', text], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True,
                              text=True).stdout

    def run(self, *items, state='present'):
        arguments = json.dumps(dict(items=list(items), state=state, _ansible_remote_tmp='/tmp'))
        return json.loads(subprocess.run(
            [SANDBOX, 'exec', NAME, 'env', 'PYTHONPATH=/opt/module', 'python3', '-B', '-c', MODULE, arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, check=False).stdout)

    def sshd(self):
        """What runs, and how often it was reloaded."""
        return self.sh('''
            systemctl is-active ssh.service || true
            systemctl show --property=MainPID --value ssh.service
            journalctl -o cat -u ssh.service | grep -c SIGHUP || true''').split()


@pytest.fixture
def host(collection):
    subprocess.run([SANDBOX, 'up', NAME, '--seed', 'none', '--history', '0', '--fresh'], check=True)
    yield Host(collection)
    subprocess.run([SANDBOX, 'down', NAME], check=True)


def test_the_real_sshd_is_reloaded_or_gets_its_file_back(host):
    before, begin = host.sh('cat ' + SSHD), host.sshd()
    assert host.run(DNS)['in_place']
    assert host.sshd() == begin[:2] + ['1'] and 'usedns yes' in host.sh('sshd -T')
    assert not host.run(DNS)['changed'] and host.sshd()[2] == '1'
    host.sh('''
        mkdir -p /etc/systemd/system/ssh.service.d
        printf '[Service]\\nRestart=no\\nExecReload=\\nExecReload=/bin/kill -9 $MAINPID\\n' >/etc/systemd/system/ssh.service.d/x.conf
        systemctl daemon-reload''')
    for items, state in [([item(SSHD, 'PrintLastLog', 'no')], 'present'), ([DNS], 'absent')]:
        then = host.sh('cat ' + SSHD)
        result = host.run(*items, state=state)
        assert result['failed'] and not result['changed'] and result['files'] == [], result
        assert 'sshd.service did not come back with the new %s: ' % SSHD in result['msg']
        assert result['msg'].endswith(' The file is as it was, and the service runs again. Nothing was changed.')
        assert host.sh('cat ' + SSHD) == then and host.sshd()[0] == 'active' and 'usedns yes' in host.sh('sshd -T')
    host.sh('rm -r /etc/systemd/system/ssh.service.d; systemctl daemon-reload')
    assert host.run(state='absent')['in_place'] and host.sh('cat ' + SSHD) == before
    assert host.sshd()[0] == 'active' and host.sh('find /var/lib/log_hygiene/config -type f') == ''


def test_who_is_not_root_is_told(newest):
    result = newest.module('config_value', wrap=UNPRIVILEGED, items=[MOTD])
    assert result['failed'] and result['msg'] == (
        'config_value needs root to change configuration files. Run it with become: true. Nothing was changed.')
