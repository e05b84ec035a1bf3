# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remediations are taken back: a run, the last, all, or some signatures; and all of /etc and the units are what they were.

The tests build on each other, in the order of this file.
"""
from __future__ import annotations

import json
import subprocess

import pytest
from test_journey import OLDEST, SANDBOX, Host, inside, recap

NAME = 'rollback-el9'
# Everything that /etc is, and what systemd makes of it.
ALL = r'''cd /
for what in '( -type f -o -type l -o -type d ) -printf %p_%m_%u_%g_%l\n' '-xtype f -exec sha256sum {} +'; do
    find /etc /usr/lib/tmpfiles.d -xdev $what
done | sort
getfacl --absolute-names --recursive --skip-base /etc
systemctl list-unit-files --no-legend | sort
systemctl is-active acme.timer || true'''
TIMER = '''mkdir -p /etc/systemd/system
printf '[Service]\\nType=oneshot\\nExecStart=/bin/true\\n' >/etc/systemd/system/acme.service
printf '[Timer]\\nOnCalendar=daily\\n[Install]\\nWantedBy=timers.target\\n' >/etc/systemd/system/acme.timer
systemctl daemon-reload
systemctl enable --now acme.timer
setfacl -m u:nobody:r /etc/xdg/autostart/gnome-software-service.desktop'''
BOTH = {'en': 'x', 'ko': '가'}
FIX, DIVERSION, ACL = 'gnome-software-refresh-failed', 'ahnlab-v3-module-lifecycle', 'tmpfiles-acl-missing-group'


def signature(name: str, remedy: dict) -> dict:
    """A signature of an agent that nobody here has."""
    return {
        'id': name, 'revision': 1, 'title': {'en': name, 'ko': '에이전트 ' + name}, 'class': 'benign', 'disposition': 'fix',
        'match': {'identifiers': [name], 'transport': ['journal'], 'literal': 'no work to do', 'regex': '^no work to do in [0-9]+ s$', 'priority': 'warning'},
        'applies': {'el': [9]}, 'cause': BOTH, 'advice': BOTH, 'vanishes_from': ['journal'], 'verify': {'trigger': 'none'},
        'remedy': {'side_effects': BOTH, 'requires': 'none', **remedy},
        'references': [{'source': 'handbook', 'says': 'x', 'read': '2026-11-22'}], 'controls': [], 'governance': {'owner': 'us', 'expires': '2099-01-01'},
        'tests': {'positive': [{'text': 'no work to do in %d s' % number, 'identifier': name, 'el': 9} for number in (1, 60)],
                  'negative': [{'text': 'no work to do in 1 s, and ends', 'why': 'It ends.'},
                               {'text': 'no work to do in 1 s', 'priority': 'err', 'why': 'Severe.'},
                               {'text': 'no work to do', 'why': 'Another.'}]}}


MINE = {
    'acme-timer': {'role': 'unit_state', 'with': {'unit': 'acme.timer'}},
    'acme-timer-too': {'role': 'unit_state', 'with': {'unit': 'acme.timer'}},
    'acme-speaker': {'role': 'module_options', 'with': {'module': 'pcspkr', 'blacklist': True}, 'requires': 'boot'},
}


class Machine(Host):
    """The host, and its whole state."""

    def all(self) -> str:
        return inside(NAME, ALL)

    def remediate(self, *more: str) -> None:
        """A remediation, of what is there or, with a catalog of one's own, of everything."""
        done = self.play('remediate', *more)
        assert done.returncode == 0, done.stdout

    def mine(self) -> list[str]:
        """Arguments by which signatures of one's own are remedied, too."""
        return ['-e', json.dumps({'log_hygiene_catalog_paths': [str(self.folder / 'mine')], 'log_hygiene_apply': 'all'})]

    def roll_back(self, status: int = 0, **variables: object) -> dict:
        done = self.play('rollback', *self.mine(), '-e', json.dumps({'log_hygiene_rollback_' + name: value for name, value in variables.items()}))
        assert done.returncode == status, done.stdout
        self.said = done.stdout
        return self.record()['rollback']


@pytest.fixture(scope='module', name='host')
def one_host(tmp_path_factory):
    subprocess.run([SANDBOX, 'up', NAME, '--seed', 'gnome-software,tmpfiles,v3', '--history', '1', '--fresh'], check=True)
    inside(NAME, TIMER)
    host = Machine(NAME, tmp_path_factory.mktemp('rollback'))
    (host.folder / 'mine').mkdir()
    for name, remedy in MINE.items():
        (host.folder / 'mine' / (name + '.yml')).write_text(json.dumps(signature(name, remedy), ensure_ascii=False), encoding='utf-8')
    host.before = host.all()
    yield host
    subprocess.run([SANDBOX, 'down', NAME], check=True)


def test_there_is_nothing_to_take_back_where_nothing_was_done(host):
    done = host.play('rollback')
    assert done.returncode == 2 and 'so there is nothing to roll back' in done.stdout, done.stdout


@pytest.mark.parametrize('variables, said', [
    ({'log_hygiene_rollback_run': 'yesterday'}, 'log_hygiene_rollback_run: yesterday is neither last, all nor the name of a remediation'),
    ({'log_hygiene_rollback_signatures': [ACL + 's']}, 'log_hygiene_rollback_signatures: the catalog has no signature %ss (did you mean %s?)' % (ACL, ACL))])
def test_what_is_wrong_is_told_before_any_host_is_contacted(host, variables, said):
    done = host.play('rollback', '-e', json.dumps(variables))
    assert done.returncode == 2 and said in ' '.join(done.stdout.split()) and 'Survey the host' not in done.stdout, done.stdout


def test_a_check_run_shows_and_changes_nothing(host):
    host.remediate()
    remedied = host.all()
    assert remedied != host.before
    done = host.play('rollback', '--check', '--diff')
    assert done.returncode == 0 and done.stdout.count('would be taken back') == 3 and '-Hidden=true' in done.stdout, done.stdout
    assert host.all() == remedied and 'rollback begins' not in inside(NAME, 'journalctl -t loghygiene')
    assert sorted(host.record()['applied']) == ['gnome_software_autostart', 'syslog_exclusions', 'tmpfiles_acl']


def test_the_last_run_alone_is_taken_back(host):
    first = host.all()
    host.remediate(*host.mine())
    assert host.all() != first
    found = host.roll_back()
    # Of one kind some signatures are of the first run, and stay.
    assert sorted(found['roles']) == ['module_options', 'syslog_exclusions', 'unit_state']
    assert all(one['undone'] and one['changed'] for one in found['roles'].values())
    assert DIVERSION not in found['roles']['syslog_exclusions']['signature_ids']
    assert host.all() == first
    assert sorted(host.record()['remedies']) == ['gnome_software_autostart', 'syslog_exclusions', 'tmpfiles_acl']
    # What stays is verified as before.
    done = host.play('verify')
    waiting = {row['signature_id'] for row in host.record()['verify']['verdicts'] if row['verdict'] in ('not_exercised', 'proved')}
    assert done.returncode == 0 and waiting == {FIX, DIVERSION, ACL}, done.stdout


def test_what_another_signature_needs_stays(host):
    first = host.all()
    host.remediate(*host.mine())
    second = host.all()
    found = host.roll_back(signatures=['acme-timer'])
    assert found['roles']['unit_state']['undone'] and not found['roles']['unit_state']['changed']
    assert host.all() == second and sorted(host.record()['applied']['unit_state']) == ['acme-timer-too']
    run = host.record()['applied']['unit_state']['acme-timer-too']['run']
    host.roll_back(run=run[-8:], signatures=['acme-timer-too'])
    assert 'acme.timer' not in [line.split()[0] for line in host.all().splitlines() if line.endswith('disabled enabled')]
    host.roll_back(run=run)
    assert host.all() == first


def test_what_somebody_edited_stays_and_is_told_line_by_line(host):
    edited = ['/etc/xdg/autostart/gnome-software-service.desktop', '/etc/rsyslog.d/zz_log_hygiene.conf']
    inside(NAME, 'for path in %s; do cp -p $path $path.mine; echo "# mine" >>$path; done' % ' '.join(edited))
    before = host.all()
    found = host.roll_back(2, run='all')
    assert not found['roles']['gnome_software_autostart']['undone'] and found['roles']['tmpfiles_acl']['undone']
    assert '+# mine' in found['roles']['gnome_software_autostart']['edited'][0]['diff']
    refused = found['roles']['syslog_exclusions']
    assert refused['failed'].startswith(edited[1] + ' was edited since it was written') and refused['edited'][0]['diff'][-1] == '+# mine'
    assert {(one['kind'], one['signature_id']) for one in host.record()['findings']} == {('not_undone', FIX), ('failed', DIVERSION)}
    assert host.said.count(': +# mine\n') == 2 and 'not taken back' in host.said
    changed = set(before.splitlines()) ^ set(host.all().splitlines())
    assert changed and all('tmpfiles.d' in line for line in changed), changed

    # With the edits undone, the next one takes back what is left.
    inside(NAME, 'for path in %s; do mv $path.mine $path; done' % ' '.join(edited))
    found = host.roll_back(run='all')
    assert sorted(found['roles']) == ['gnome_software_autostart', 'syslog_exclusions']
    assert host.all() == host.before
    assert host.record()['applied'] == host.record()['remedies'] == {}


def test_the_next_one_finds_nothing_and_says_so(host):
    done = host.play('rollback')
    assert done.returncode == 0 and recap(done.stdout, 'changed') == 0, done.stdout
    assert 'Nothing that was asked for is in place here' in done.stdout


def test_the_log_of_the_host_says_who_changed_logging(host):
    """Each run that changed something has a line where it begins and one where it ends; the journal and the secure log have both."""
    lines = inside(NAME, 'journalctl -t loghygiene -o cat').splitlines()
    begun = [line.split()[1] for line in lines if ' begins; catalog sha256:' in line]
    ended = [line.split()[1] for line in lines if ' ends; ' in line]
    runs = sorted(path.name for path in (host.run_dir / 'runs').iterdir() if path.name.split('-')[1] in ('remediate', 'rollback'))
    assert begun == ended and set(begun) <= set(runs) and len(begun) == len(set(begun)) == 9, lines
    assert 'tmpfiles_acl (%s): changed' % ACL in lines[1] and 'tmpfiles_acl (%s): undone' % ACL in ' '.join(lines)
    assert inside(NAME, 'grep -c "loghygiene\\[" /var/log/secure').strip() == str(len(lines))


def test_a_remediation_after_it_begins_anew(host):
    host.remediate(*host.mine())
    assert host.all() != host.before
    assert len({one['run'] for rows in host.record()['applied'].values() for one in rows.values()}) == 1
    # Without what the host kept, nothing of some kinds can be taken back.
    inside(NAME, 'mv /var/lib/log_hygiene /var/lib/elsewhere')
    found = host.roll_back(2)['roles']
    told = {role: ' '.join(one['notes']) for role, one in found.items() if not one['undone']}
    assert sorted(told) == sorted(host.record()['applied']) == ['gnome_software_autostart', 'tmpfiles_acl', 'unit_state']
    assert 'files that were edited may be so still' in told['gnome_software_autostart'] and 'The remedy is in place as before' in told['unit_state']
    inside(NAME, 'rm -rf /var/lib/log_hygiene; mv /var/lib/elsewhere /var/lib/log_hygiene')
    done = host.play('rollback', binaries=OLDEST)
    assert done.returncode == 0, done.stdout
    assert host.all() == host.before
