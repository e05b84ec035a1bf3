# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journeys on a real sandbox host as a user sees them: exit status, message, files, and what is left on the host when things go wrong.

The tests of one host build on each other, in the order of this file.
"""
from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import ansible_starts
import jsonschema
import pytest

HERE = Path(__file__).resolve()
SANDBOX = str(HERE.parents[2] / 'sandbox' / 'sandbox')
NOISY, CLEAN = 'journey-el9', 'journey-clean-el9'
INSTALLED = [Path(folder) / 'ansible_collections/loghygiene/rhel' for folder in os.environ['ANSIBLE_COLLECTIONS_PATH'].split(os.pathsep)]
COLLECTION = next(path for path in INSTALLED if path.is_dir())
PLUGINS = sysconfig.get_path('purelib')
SCHEMA = json.loads((COLLECTION / 'docs/record.schema.json').read_text())
# What a remedy could touch. /etc/mtab and friends do not live there on systemd hosts; resolv.conf is the container's.
STATE = r'''for what in '( -type f -o -type l ) -printf %p_%m_%u_%s_%l\n' '-xtype f -exec sha256sum {} +'; do
    find /etc /usr/lib/tmpfiles.d /var/log/log_hygiene /var/lib/log_hygiene -xdev $what 2>/dev/null
done | sort'''


def inside(name: str, script: str) -> str:
    return subprocess.run([SANDBOX, 'exec', name, 'sh', '-c', script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          check=True).stdout.decode('utf-8', 'replace')


class Host:
    """A sandbox host and the control node's side of it."""

    def __init__(self, name: str, folder: Path):
        self.name, self.folder, self.run_dir = name, folder, folder / 'log_hygiene'
        self.inventory = folder / 'hosts.yml'
        self.inventory.write_bytes(subprocess.run([SANDBOX, 'inventory', name], stdout=subprocess.PIPE, check=True).stdout)

    def play(self, playbook: str, *more: str, binaries: Path = Path(sys.executable).parent) -> subprocess.CompletedProcess:
        command = [str(binaries / 'ansible-playbook'), f'loghygiene.rhel.{playbook}', '-i', str(self.inventory),
                   '-e', f'log_hygiene_run_dir={self.run_dir}', *more]
        return ansible_starts.run(command, cwd=self.folder, env=dict(
            os.environ, ANSIBLE_PIPELINING='1', ANSIBLE_NOCOLOR='1',
            # The connection plugin comes with the package `ansible` of the newest environment.
            ANSIBLE_COLLECTIONS_PATH=os.environ['ANSIBLE_COLLECTIONS_PATH'] + os.pathsep + PLUGINS))

    def state(self) -> str:
        return inside(self.name, STATE)

    def record(self, kind: str = '') -> dict:
        record = json.loads((self.run_dir / f'{self.name}{kind}.json').read_text())
        jsonschema.Draft202012Validator(SCHEMA).validate(record)
        return record


def recap(output: str, key: str) -> int:
    return int(output.rsplit(f'{key}=', 1)[1].split()[0])


@pytest.fixture(scope='module', name='noisy')
def noisy_host(tmp_path_factory):
    subprocess.run([SANDBOX, 'up', NOISY, '--seed', 'gnome-software,sshd,tmpfiles,v3', '--history', '1', '--fresh'], check=True)
    yield Host(NOISY, tmp_path_factory.mktemp('noisy'))
    subprocess.run([SANDBOX, 'down', NOISY], check=True)


@pytest.fixture(scope='module', name='clean')
def clean_host(tmp_path_factory):
    subprocess.run([SANDBOX, 'up', CLEAN, '--seed', 'none', '--history', '0', '--fresh'], check=True)
    host = Host(CLEAN, tmp_path_factory.mktemp('clean'))
    host.etc = inside(CLEAN, ETC)
    yield host
    subprocess.run([SANDBOX, 'down', CLEAN], check=True)


def test_a_broken_signature_ends_the_run_before_any_host_is_contacted(noisy):
    mine = noisy.folder / 'catalog'
    mine.mkdir()
    (mine / 'my-noise.yml').write_text('id: my-noise\nrevision: 1\nsurprise: true\n')
    done = noisy.play('remediate', '-e', json.dumps({'log_hygiene_catalog_paths': [str(mine)]}))
    assert done.returncode == 2, done.stdout
    assert str(mine / 'my-noise.yml') in done.stdout and 'surprise' in done.stdout
    assert recap(done.stdout, 'failed') == 1 and 'rescued=0' in done.stdout
    assert not noisy.run_dir.exists()


@pytest.mark.parametrize('playbook', ['audit', 'remediate'])
def test_a_host_that_cannot_be_reached(noisy, playbook):
    done = noisy.play(playbook, '-e', 'ansible_host=log-hygiene-of-nobody')
    assert done.returncode == 4, done.stdout
    assert 'the host was not seen' in done.stdout
    with open(noisy.run_dir / f'{playbook}-summary.csv', encoding='utf-8-sig', newline='') as stream:
        rows = list(csv.DictReader(stream))
    assert [(row['host'], row['kind'], row['verdict']) for row in rows] == [(NOISY, 'host', 'unseen'), (NOISY, 'not_seen', '')]
    assert noisy.record('.audit' if playbook == 'audit' else '')['reachable'] is False


def test_without_root_nothing_is_read_or_changed(noisy):
    before = noisy.state()
    done = noisy.play('remediate', '-e', 'ansible_user=nobody', '-e', 'ansible_become=false')
    assert done.returncode == 2, done.stdout
    assert 'become' in noisy.record()['errors'][0]['message']
    assert noisy.state() == before


def test_the_audit_finds_and_changes_nothing(noisy):
    before = noisy.state()
    done = noisy.play('audit')
    assert done.returncode == 2, done.stdout
    assert noisy.state() == before
    kinds = {(item['kind'], item['signature_id']) for item in noisy.record('.audit')['findings']}
    assert {('fixable', 'tmpfiles-acl-missing-group'), ('fixable', 'gnome-software-refresh-failed'),
            ('fixable', 'ahnlab-v3-module-lifecycle'), ('investigate', 'sshd-dispatch-protocol-error'),
            ('lookalike', 'ahnlab-v3-module-lifecycle')} <= kinds
    assert not {kind for kind, _signature in kinds} & {'watch', 'lost', 'failed', 'still_present'}
    with open(noisy.run_dir / 'audit-summary.csv', encoding='utf-8-sig', newline='') as stream:
        assert 'tmpfiles-acl-missing-group' in {row['signature_id'] for row in csv.DictReader(stream)}
    assert json.loads((noisy.run_dir / 'audit-summary.json').read_text())['states'] == {NOISY: 'findings'}


def test_the_audit_speaks_korean(noisy):
    assert '원인 제거 예정' in noisy.play('audit', '-e', 'log_hygiene_language=ko').stdout


def test_check_mode_shows_what_would_be_done_and_keeps_to_it(noisy):
    before = noisy.state()
    done = noisy.play('remediate', '--check', '--diff')
    assert done.returncode == 0, done.stdout
    assert noisy.state() == before
    assert 'would fix' in done.stdout and 'would divert' in done.stdout and '+Hidden=true' in done.stdout
    assert not (noisy.run_dir / f'{NOISY}.check.json').stat().st_mode & 0o077


def test_a_full_etc_leaves_nothing_half_written(noisy):
    inside(NOISY, 'mkdir -p /mnt/etc && mount -t tmpfs -o size=16m,mode=755 tmpfs /mnt/etc && cp -a /etc/. /mnt/etc/ '
                  '&& mount --move /mnt/etc /etc && (cat /dev/zero > /etc/filler 2>/dev/null || true)')
    try:
        before = inside(NOISY, 'cd /etc && find . -type f ! -name filler | sort | xargs -d "\\n" sha256sum')
        done = noisy.play('remediate')
        assert done.returncode == 2, done.stdout
        failed = [item for item in noisy.record()['findings'] if item['kind'] == 'failed']
        assert {item['data']['role'] for item in failed} == {'gnome_software_autostart', 'tmpfiles_acl', 'syslog_exclusions'}
        assert all('No space left on device' in item['data']['message'] for item in failed), failed
        assert inside(NOISY, 'cd /etc && find . -type f ! -name filler | sort | xargs -d "\\n" sha256sum') == before
    finally:
        inside(NOISY, 'umount --lazy /etc')
    assert inside(NOISY, 'systemctl is-active rsyslog').strip() == 'active'


def test_what_a_missing_program_keeps_from_being_done_is_said_and_the_rest_is_done(noisy):
    inside(NOISY, 'mv /usr/sbin/rsyslogd /usr/sbin/rsyslogd.away; mv /usr/bin/systemd-tmpfiles /usr/bin/systemd-tmpfiles.away')
    try:
        done = noisy.play('remediate')
    finally:
        inside(NOISY, 'mv /usr/sbin/rsyslogd.away /usr/sbin/rsyslogd; mv /usr/bin/systemd-tmpfiles.away /usr/bin/systemd-tmpfiles')
    assert done.returncode == 2, done.stdout
    failed = {item['data']['role']: item['data']['message'] for item in noisy.record()['findings'] if item['kind'] == 'failed'}
    assert set(failed) == {'tmpfiles_acl', 'syslog_exclusions'}
    assert 'rsyslog' in failed['syslog_exclusions'] and 'Nothing was changed' in failed['syslog_exclusions']
    assert 'systemd-tmpfiles' in failed['tmpfiles_acl'] and 'Nothing was changed' in failed['tmpfiles_acl']
    assert noisy.record()['remedies']['gnome_software_autostart']['in_place']
    assert not inside(NOISY, 'ls /etc/tmpfiles.d/systemd.conf /etc/rsyslog.d/zz_log_hygiene.conf 2>/dev/null || true')


def test_a_log_line_is_never_taken_for_a_template(noisy):
    """Log lines are written by attackers; what looks like Jinja must come back as it was, through every stage."""
    trap = 'failed to refresh the cache: {{ lookup("pipe", "touch /tmp/pwned") }} {% raw %}'
    inside(NOISY, "printf 'MESSAGE=%s\\nSYSLOG_IDENTIFIER=gnome-software\\nPRIORITY=4\\n' '" + trap + "' | logger --journald; sleep 2")
    for binaries in [Path(sys.executable).parent] + [Path(one) for one in [os.environ.get('ANSIBLE_OLDEST_BIN')] if one]:
        noisy.play('remediate', '--check', binaries=binaries)
        rows = noisy.record('.check')['scan']['sinks']['journal']['signatures']
        # logger is not gnome-software, so it is a lookalike, which the report shows.
        assert trap in [one['text'] for row in rows for one in row['samples'] + row['lookalikes']['samples']]
    assert not os.path.exists('/tmp/pwned')


def test_remediation_without_a_reboot_says_what_is_pending(noisy):
    done = noisy.play('remediate')
    assert done.returncode == 0, done.stdout
    record = noisy.record()
    assert record['reboot'] == {'roles': ['tmpfiles_acl'], 'state': 'pending', 'boot_id_before': record['target']['boot_id'],
                                'boot_id_after': None}
    assert {row['signature_id']: row['verdict'] for row in record['verify']['verdicts']}['tmpfiles-acl-missing-group'] == 'not_exercised'


def test_a_host_that_does_not_come_back_from_its_reboot_is_not_clean(noisy):
    done = noisy.play('remediate', '-e', 'log_hygiene_reboot=true', '-e', 'log_hygiene_reboot_command=true',
                      '-e', 'log_hygiene_reboot_timeout=5')
    assert done.returncode == 2, done.stdout
    record = noisy.record()
    stages = record['stages']
    assert (stages['remedies'], stages['reboot'], stages['verify']) == ('ran', 'failed', 'not_run')
    assert record['reboot']['state'] == 'begun' and record['reboot']['boot_id_after'] is None
    assert 'rebooted: boot' not in done.stdout and 'told to reboot; no boot after' in done.stdout
    assert json.loads((noisy.run_dir / 'remediate-summary.json').read_text())['states'] == {NOISY: 'failed'}
    assert 'Hosts: 1 (0 clean, 0 with findings, 1 with errors, 0 not seen).' in done.stdout


def test_the_second_run_changes_nothing_and_does_not_reboot(noisy):
    subprocess.run([SANDBOX, 'reboot', NOISY], check=True)
    boot = inside(NOISY, 'cat /proc/sys/kernel/random/boot_id')
    done = noisy.play('remediate', '-e', 'log_hygiene_reboot=true')
    assert done.returncode == 0, done.stdout
    assert recap(done.stdout, 'changed') == 0, done.stdout
    assert inside(NOISY, 'cat /proc/sys/kernel/random/boot_id') == boot
    verdicts = {row['signature_id']: row['verdict'] for row in noisy.record()['verify']['verdicts']}
    assert {verdicts[name] for name in ('tmpfiles-acl-missing-group', 'gnome-software-refresh-failed', 'ahnlab-v3-module-lifecycle')} \
        == {'proved'}


def test_verification_alone_and_from_a_control_node_that_lost_the_record(noisy):
    assert noisy.play('verify').returncode == 0
    (noisy.run_dir / f'{NOISY}.json').unlink()
    done = noisy.play('verify')
    assert done.returncode == 2 and 'holds no record of a remediation' in done.stdout
    # The age of the remedies' files stands in for the remedy points.
    done = noisy.play('remediate')
    assert done.returncode == 0 and recap(done.stdout, 'changed') == 0, done.stdout
    verdicts = {row['signature_id']: row['verdict'] for row in noisy.record()['verify']['verdicts']}
    assert verdicts['tmpfiles-acl-missing-group'] == 'proved'


def test_the_audit_of_a_remedied_host_no_longer_calls_its_noise_fixable(noisy):
    noisy.play('audit')
    assert {item['kind'] for item in noisy.record('.audit')['findings']} == {'investigate', 'lookalike'}


def test_noise_that_comes_back_fails_the_run(noisy):
    """Somebody undoes the remedy by hand: no verdict may go on saying that it is proved."""
    inside(NOISY, 'rm /etc/tmpfiles.d/systemd.conf; systemctl start systemd-tmpfiles-clean.service; journalctl --sync')
    done = noisy.play('verify')
    assert done.returncode == 2, done.stdout
    assert {row['signature_id']: row['verdict'] for row in noisy.record()['verify']['verdicts']}['tmpfiles-acl-missing-group'] \
        == 'still_present'


def test_a_clean_host_stays_as_it_is(clean):
    before = clean.state()
    assert clean.play('audit').returncode == 0
    done = clean.play('remediate', '-e', 'log_hygiene_reboot=true')
    assert done.returncode == 0 and recap(done.stdout, 'changed') == 0, done.stdout
    assert 'No known noise was ever seen here' in done.stdout
    assert clean.state() == before
    assert clean.record()['remedies'] == {}


OLDEST = Path(os.environ.get('ANSIBLE_OLDEST_BIN', Path(sys.executable).parent))
ETC = 'cd /etc && find . -type f -exec sha256sum {} + | sort -k 2'
POLICY = {
    'syslog_policy_rules': '{{ syslog_policy_default_rules }}',
    'syslog_policy_alert': {'command': ['/usr/bin/tee', '--append', '/var/log/alerted'], 'limit': {'count': 1000}},
    'syslog_policy_verify': True,
}


def kinds(record: dict) -> set:
    return {item['kind'] for item in record['findings']}


def test_the_audit_tells_what_a_host_without_the_policy_lacks_and_changes_nothing(clean):
    before = clean.state()
    done = clean.play('audit', '-e', json.dumps(POLICY))
    assert done.returncode == 2, done.stdout
    assert kinds(clean.record('.audit')) == {'policy_missing', 'retention', 'alert_path'}
    assert '/var/log/secure is not kept 366 days' in done.stdout
    assert clean.state() == before


def test_a_policy_that_cannot_be_kept_is_told_and_changes_nothing(clean):
    before = clean.state()
    # Wrong in the role alone, as where it is made of facts, so that only the role can tell.
    rules = ("{{ syslog_policy_default_rules + ([{'name': 'b', 'facilities': ['mail'], 'keep': '1y'}]"
             " if role_name | default('') == 'syslog_policy' else []) }}")
    done = clean.play('remediate', '-e', json.dumps(dict(POLICY, syslog_policy_rules=rules)))
    assert done.returncode == 2, done.stdout
    assert kinds(clean.record()) == {'policy_failed'}
    message = clean.record()['syslog_policy']['failed']
    assert 'Nothing was changed.' in message and 'rule b' in message.lower()
    assert clean.state() == before


def test_a_remediation_puts_the_policy_in_place_and_proves_it(clean):
    done = clean.play('remediate', '-e', json.dumps(POLICY))
    assert done.returncode == 0, done.stdout
    unexplained = clean.record()['scan']['sinks']['journal']['unexplained']
    policy = clean.record()['syslog_policy']
    assert policy['in_place'] and policy['changed'] and policy['alerts']['ok']
    assert policy['proof']['ok'] and len(policy['proof']['pairs']) == 192
    assert 'proved by 192 test messages' in done.stdout
    # Of those, the 72 of severity 0 to 2 reach a person.
    assert inside(clean.name, 'for second in $(seq 60); do found=$(cat /var/log/alerted | grep -c "TEST of log routing"); '
                  '[ "$found" -lt 72 ] || break; sleep 1; done; echo $found').strip() == '72'

    before = inside(clean.name, ETC)
    done = clean.play('remediate', '-e', json.dumps(dict(POLICY, syslog_policy_verify=False)), binaries=OLDEST)
    assert done.returncode == 0, done.stdout
    assert recap(done.stdout, 'changed') == 0
    assert not clean.record()['syslog_policy']['changed'] and inside(clean.name, ETC) == before
    # Nothing that the run itself wrote, or had others write, is there to be explained: 120 of the 192 are warnings or worse.
    after = clean.record()['scan']['sinks']['journal']['unexplained']
    assert after['test_messages'] - unexplained['test_messages'] == 120

    def told(found):
        return {(group['program'], group['template']) for group in found['groups']}

    assert told(after) <= told(unexplained)


def test_the_audit_finds_an_alert_path_that_is_broken(clean):
    inside(clean.name, 'systemctl stop log-hygiene-alerts.service')
    done = clean.play('audit', '-e', json.dumps(POLICY))
    assert done.returncode == 2, done.stdout
    assert 'log-hygiene-alerts.service is inactive, so alerts reach nobody' in done.stdout
    inside(clean.name, 'systemctl start log-hygiene-alerts.service')
    assert not kinds(clean.record('.audit')) - {'policy_missing', 'alert_path'}
    clean.play('audit', '-e', json.dumps(POLICY))
    assert not kinds(clean.record('.audit'))


def test_the_policy_is_taken_back_byte_for_byte(clean):
    done = clean.play('rollback', '-e', json.dumps(POLICY))
    assert done.returncode == 0 and 'the syslog policy was taken back' in done.stdout, done.stdout
    assert clean.record()['policy_applied'] is None
    assert inside(clean.name, ETC) == clean.etc
    gone = json.dumps(dict(POLICY, syslog_policy_state='absent'))
    assert recap(clean.play('syslog_policy', '-e', gone).stdout, 'changed') == 0
