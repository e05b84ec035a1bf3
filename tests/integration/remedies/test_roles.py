# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remedy roles with their defaults, on this machine's own systemd, with copies of /etc and an empty /var/lib.

Both are mounted in a namespace of the test's own: the machine does not see them.
"""
import pytest
from remedy_runs import UNPRIVILEGED, private


@pytest.fixture
def without_adm(tmp_path):
    """A function: the command line that runs the command behind it where group adm was deleted, and /etc/group has the
    line (str) it is given, and /etc/passwd the other; with unchanged, the command must leave /etc/group as it is."""
    def wrap(line='', unchanged=False, user=''):
        return private('''
            mkdir {0}/etc
            cp -a /etc/. {0}/etc/ || true
            mount --bind {0}/etc /etc
            mount -t tmpfs -o mode=755 lib /var/lib
            mount -t tmpfs -o mode=755 run /run
            rm -f /etc/gshadow* /etc/.pwd.lock
            rm -rf /etc/tmpfiles.d /etc/xdg/autostart
            sed -i /^adm:/d /etc/group
            echo {1} | grep . >>/etc/group || true
            printf '%s\\n' {2} | grep . >>/etc/passwd || true
            cp /etc/group {0}/group
            '''.format(tmp_path, line, user), 'cmp {0}/group /etc/group'.format(tmp_path) if unchanged else '')
    return wrap


# systemd-tmpfiles reads all it reads at boot, and applies nothing.
BOOT = '''
        - ansible.builtin.command: systemd-tmpfiles --create --boot --prefix=/no-line-has-this
          environment: {LC_ALL: C, SYSTEMD_LOG_TARGET: console}
          changed_when: false
          register: boot
'''


def test_strip_then_restore_the_group(each_core, without_adm):
    status, output = each_core.tasks(BOOT + '''
        - ansible.builtin.assert: {that: "'group:adm:' in boot.stderr and 'Failed to parse ACL' in boot.stderr"}

        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl, apply: {check_mode: true}}
        - ansible.builtin.stat: {path: /etc/tmpfiles.d}
          register: override
        - ansible.builtin.assert:
            that: [tmpfiles_acl_result.changed, not tmpfiles_acl_result.in_place, not override.stat.exists]

        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl}
        - ansible.builtin.assert:
            that:
              - tmpfiles_acl_result.changed and tmpfiles_acl_result.in_place
              - tmpfiles_acl_result.in_place_since is match('20..-..-..T..:..:..[.]......Z$')
              # Debian's own line, as RHEL 9 and 10 have it; its journal may have entries for number 4.
              - tmpfiles_acl_result.notes | reject('match', 'ACL entries for number 4,') | length == 1
              - "tmpfiles_acl_result.notes[0] is match('/usr/lib/sysusers.d/basic.conf, line [0-9]+ has systemd-sysusers make group adm again, with number 4,')"
        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl}
        - ansible.builtin.assert: {that: [not tmpfiles_acl_result.changed, tmpfiles_acl_result.in_place]}
        ''' + BOOT + '''
        - ansible.builtin.assert: {that: "'adm' not in boot.stderr"}

        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl}
          vars: {tmpfiles_acl_remedy: restore_group}
        - ansible.builtin.command: getent group adm
          changed_when: false
          register: adm
        - ansible.builtin.stat: {path: /etc/tmpfiles.d/systemd.conf}
          register: override
        - ansible.builtin.assert:
            that:
              - tmpfiles_acl_result.changed and tmpfiles_acl_result.in_place
              - tmpfiles_acl_result.in_place_since is match('20..-..-..T..:..:..[.]......Z$')
              - adm.stdout is match('adm:[^:]*:4:')
              - not override.stat.exists
        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl}
          vars: {tmpfiles_acl_remedy: restore_group}
        - ansible.builtin.assert: {that: [not tmpfiles_acl_result.changed, tmpfiles_acl_result.in_place]}
        ''' + BOOT + '''
        - ansible.builtin.assert: {that: "'adm' not in boot.stderr"}
        ''', without_adm())
    assert status == 0, output


def test_restoring_in_check_mode_says_so_and_does_nothing(each_core, without_adm):
    status, output = each_core.tasks('''
        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl}
          vars: {tmpfiles_acl_remedy: restore_group}
        - ansible.builtin.command: getent group adm
          check_mode: false
          changed_when: false
          failed_when: adm.rc != 2
          register: adm
        - ansible.builtin.assert: {that: [tmpfiles_acl_result.changed, not tmpfiles_acl_result.in_place]}
        ''', without_adm(unchanged=True), ['--check'])
    assert status == 0, output


@pytest.mark.parametrize('group, line, message', [
    ('adm', 'other:x:4:', 'Group adm cannot be created with its number 4, which group other has.'),
    ('nosuchgroup', '', 'Group nosuchgroup does not exist and gids has no number for it.'),
])
@pytest.mark.parametrize('options', [[], ['--check']], ids=['do', 'check'])
def test_a_group_that_cannot_be_restored_is_one_message(newest, without_adm, group, line, message, options):
    status, output = newest.tasks('''
        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl}
          vars: {tmpfiles_acl_remedy: restore_group, tmpfiles_acl_items: [{signature_id: x, groups: [%s]}]}
        ''' % group, without_adm(line, unchanged=True), options)
    assert status == 2, output
    assert message in ' '.join(output.split())
    assert output.count('[ERROR]') == 1


def test_a_number_that_is_the_group_of_a_user_is_told(newest, without_adm):
    status, output = newest.tasks('''
        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl}
          vars: {tmpfiles_acl_remedy: restore_group}
        ''', without_adm(unchanged=True, user='adm:x:3:4::/var/adm:/sbin/nologin bob:x:1999:4::/home/bob:/bin/sh'))
    assert status == 2, output
    assert 'Group adm is not created with its number 4, because that is the group of users in /etc/passwd: bob.' in ' '.join(output.split())


def test_a_group_with_another_number_keeps_it(newest, without_adm):
    status, output = newest.tasks('''
        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl}
          vars: {tmpfiles_acl_remedy: restore_group}
        - ansible.builtin.command: getent group adm
          changed_when: false
          register: adm
        - ansible.builtin.assert:
            that: [not tmpfiles_acl_result.changed, tmpfiles_acl_result.in_place, "':987:' in adm.stdout"]
        ''', without_adm('adm:x:987:', unchanged=True))
    assert status == 0, output


def test_gnome_software_role(each_core, without_adm):
    status, output = each_core.tasks('''
        - ansible.builtin.include_role: {name: loghygiene.rhel.gnome_software_autostart}
        - ansible.builtin.assert:
            that:
              - not gnome_software_autostart_result.changed
              - gnome_software_autostart_result.in_place
              - gnome_software_autostart_result.in_place_since is none
              - "gnome_software_autostart_result.notes ==
                ['No autostart file of gnome-software exists on this host, so nothing starts it at login.']"

        - ansible.builtin.file: {path: /run/systemd/user, state: directory, mode: "0755"}
        - ansible.builtin.copy:  # as from GNOME 49 on, there in /usr/lib
            content: "[Service]\nExecStart=/usr/bin/gnome-software --gapplication-service\n"
            dest: /run/systemd/user/gnome-software.service
            mode: "0644"
        - ansible.builtin.include_role: {name: loghygiene.rhel.gnome_software_autostart}
        - ansible.builtin.assert:
            that:
              - gnome_software_autostart_result.changed and gnome_software_autostart_result.in_place
              - gnome_software_autostart_result.files == [{'path':'/etc/systemd/user/gnome-software.service', 'action':'mask'}]

        - ansible.builtin.file: {path: /etc/xdg/autostart, state: directory, mode: "0755"}
        - ansible.builtin.copy:
            content: "[Desktop Entry]\\nType=Application\\nExec=/bin/true\\n"
            dest: /etc/xdg/autostart/org.gnome.Software.desktop
            mode: "0644"
        - ansible.builtin.include_role:
            name: loghygiene.rhel.gnome_software_autostart
            apply: {check_mode: true}
        - ansible.builtin.assert:
            that: [gnome_software_autostart_result.changed, not gnome_software_autostart_result.in_place]
        - ansible.builtin.include_role: {name: loghygiene.rhel.gnome_software_autostart}
        - ansible.builtin.slurp: {src: /etc/xdg/autostart/org.gnome.Software.desktop}
          register: entry
        - ansible.builtin.slurp: {src: /var/lib/log_hygiene/backup/etc/xdg/autostart/org.gnome.Software.desktop}
          register: kept
        - ansible.builtin.assert:
            that:
              - gnome_software_autostart_result.changed and gnome_software_autostart_result.in_place
              - gnome_software_autostart_result.in_place_since is match('20..-..-..T..:..:..[.]......Z$')
              - "'manual-patch exception (ISMS-P 2.10.8)' in gnome_software_autostart_result.notes[0]"
              - "'Hidden=true' in entry.content | b64decode"
              - "'Hidden' not in kept.content | b64decode"
        - ansible.builtin.include_role: {name: loghygiene.rhel.gnome_software_autostart}
        - ansible.builtin.assert:
            that: [not gnome_software_autostart_result.changed, gnome_software_autostart_result.in_place]
        ''', without_adm())
    assert status == 0, output


@pytest.mark.parametrize('role', ['gnome_software_autostart', 'tmpfiles_acl'])
def test_roles_need_root_and_say_so(newest, role):
    status, output = newest.tasks('- ansible.builtin.include_role: {name: loghygiene.rhel.%s}' % role, UNPRIVILEGED)
    assert status == 2
    assert '%s needs root to ' % role in output and 'Run it with become: true.' in ' '.join(output.split())


def test_a_wrong_remedy_is_refused(newest, without_adm):
    status, output = newest.tasks('''
        - ansible.builtin.include_role: {name: loghygiene.rhel.tmpfiles_acl}
          vars: {tmpfiles_acl_remedy: delete}
        ''', without_adm())
    assert status == 2
    assert 'value of tmpfiles_acl_remedy must be one of' in output
