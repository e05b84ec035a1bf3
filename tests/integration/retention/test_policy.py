# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""logrotate_policy on files as EL has them, validated by the real logrotate."""
import os
import signal
import subprocess

import pytest
from remedy_runs import run_module
from rotation import LOGROTATE

from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate import configuration as logrotate
from ansible_collections.loghygiene.rhel.plugins.module_utils._logrotate.host import Disk

RULES = [('messages', 365), ('secure', 730)]
RELEASE = logrotate.version(subprocess.run([LOGROTATE, '--version'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                           check=True, universal_newlines=True).stdout)


def taken(result):
    return [(os.path.basename(one['path']), os.path.basename(one['from'])) for one in result['taken_over']]


def test_by_ansible(ansible, host):
    """The module as Ansible runs it: check, do, nothing more to do, undo."""
    before = host.snapshot()
    arguments = dict(config=host.config, path=host.policy, backup_dir=host.root + '/backup',
                     rules=[dict(path=host.log(name), keep_days=days) for name, days in RULES])
    checked = ansible.module('logrotate_policy', check=True, **arguments)
    assert (checked['changed'], checked['in_place']) == (True, False), checked
    assert host.snapshot() == before
    done = ansible.module('logrotate_policy', **arguments)
    assert (done['changed'], done['in_place']) == (True, True), done
    assert taken(done) == [('messages', 'rsyslog'), ('secure', 'rsyslog')]
    assert ansible.module('logrotate_policy', **arguments)['changed'] is False
    rows = ansible.module('log_retention_info', logrotate_config=host.config, logrotate_state=host.state,
                          rules=arguments['rules'], journal_keep_days=30)['stores']
    assert [row['store'] for row in rows] == ['journal', 'file', 'file']
    assert rows[1]['rotation']['rotate'] == 367
    undone = ansible.module('logrotate_policy', **dict(arguments, state='absent'))
    assert undone['changed'], undone
    assert host.snapshot() == before


@pytest.mark.parametrize('stock', ['syslog', 'rsyslog'])
def test_there_and_back(new_host, stock):
    host = new_host('host', stock=stock)
    before = host.snapshot()
    result = host.apply(RULES)
    assert taken(result) == [('messages', stock), ('secure', stock)]
    assert [one['after_header'] for one in result['diff']] == [host.policy, host.stock]
    assert logrotate.names(host.read(host.stock)) == [host.log(name) for name in ('cron', 'maillog', 'spooler')]
    assert host.rotate()[0] == 0
    os.unlink(host.state)
    again = host.apply(RULES)
    assert not again['changed'] and taken(again) == taken(result) and again['in_place']
    back = host.apply(state='absent')
    assert back['changed'] and len(back['given_back']) == 2 and not back['notes']
    assert host.snapshot() == before
    assert not host.apply(state='absent')['changed']


def test_names_and_comments_in_hangul(new_host):
    """What logrotate reads by bytes is edited, told and put back by bytes, also the name of the file."""
    host = new_host('host', stock='로그')
    text = '# \xed\x95\x9c\xea\xb8\x80 \xa0\xff\n' + host.read(host.stock)  # latin-1, as the helper writes it
    host.write('etc/logrotate.d/로그', text)
    before = host.snapshot()
    result = host.apply(RULES)
    assert taken(result) == [('messages', '로그'), ('secure', '로그')]
    assert result['previous'][host.stock] == text.encode('latin-1').decode('utf-8', 'surrogateescape')
    assert host.rotate()[0] == 0
    os.unlink(host.state)
    assert not host.apply(RULES)['changed']
    assert host.info([('messages', 300)])['messages']['rotation']['file'] == host.policy
    assert host.info([('cron', 300)])['cron']['rotation']['file'] == host.stock
    host.apply(state='absent')
    assert host.snapshot() == before


def killed_at(host, path):
    """Run the module and have the kernel kill it when it is about to rename its new text to `path`."""
    child = os.fork()
    if child == 0:
        rename = os.rename

        def die(old, new):
            if new == path:
                os.kill(os.getpid(), signal.SIGKILL)
            rename(old, new)
        os.rename = die
        host.apply(RULES)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def read_by_logrotate(said):
    words = 'reading config file '
    return set(os.path.basename(line[len(words):]) for line in said.splitlines() if line.startswith(words))


@pytest.mark.parametrize('name', ['etc/logrotate.d/log_hygiene_policy', 'etc/logrotate.d/rsyslog', 'backup'])
def test_what_a_kill_leaves_is_not_read_and_goes_with_the_next_run(host, name):
    path = os.path.join(host.root, name)
    killed_at(host, host.root + '/backup' + host.stock if name == 'backup' else path)
    folder = os.path.dirname(host.policy)
    left = [os.path.join(place, one) for place, folders, _names in os.walk(host.root) for one in folders
            if one.startswith('.log_hygiene-')]
    assert len(left) == 1
    said = host.rotate()[1]
    assert {'rsyslog'} <= read_by_logrotate(said) <= {'logrotate.conf', 'rsyslog', 'log_hygiene_policy'}, said
    os.unlink(host.state)
    checked = host.apply(RULES, check=True)
    assert checked['notes'][0] == left[0] + ' was left behind by a run that was killed, and would be removed.'
    assert checked['changed'] and not checked['in_place'] and os.path.isdir(left[0])
    result = host.apply(RULES)
    assert result['notes'][0] == left[0] + ' was left behind by a run that was killed, and was removed.'
    assert taken(result) == [('messages', 'rsyslog'), ('secure', 'rsyslog')]
    assert sorted(os.listdir(folder)) == ['log_hygiene_policy', 'rsyslog'] and not os.path.lexists(left[0])
    assert not host.apply(RULES)['changed']
    assert host.rotate()[0] == 0


def test_what_an_earlier_release_left_goes_too(host):
    """Its file was read by logrotate, which then rotated none of the logs that it names twice."""
    left = host.write('etc/logrotate.d/.rsyslog.abcd_f12.tmp', host.read(host.stock))
    assert 'duplicate log entry' in host.rotate()[1]
    os.unlink(host.state)
    before = host.snapshot()
    assert left in host.apply(RULES, check=True)['notes'][0]
    assert host.snapshot() == before
    result = host.apply(RULES)
    assert left in result['notes'][0] and taken(result) == [('messages', 'rsyslog'), ('secure', 'rsyslog')]
    assert not os.path.exists(left)
    assert 'duplicate log entry' not in host.rotate()[1]


def test_when_a_rule_cannot_be_cut_nothing_is_left_half(host, monkeypatch):
    before = host.snapshot()
    rename = os.rename

    def full(old, new):
        if new == host.stock:
            raise OSError(28, 'full')
        rename(old, new)
    monkeypatch.setattr(os, 'rename', full)
    result = host.apply(RULES)
    assert result['failed'] and result['msg'].endswith('On the disk, %s is unchanged; %s is unchanged.'
                                                       % (host.policy, host.stock)), result
    after = host.snapshot()
    assert dict((path, one) for path, one in after.items() if path in before) == before
    assert [path for path in after if path not in before and 'backup' not in path] == []
    assert not os.path.lexists(host.root + '/backup' + host.stock)


def test_the_state_file_is_not_touched(host):
    host.write('state', 'logrotate state -- version 2\n')
    host.apply(RULES)
    assert host.read(host.state) == 'logrotate state -- version 2\n'


def test_a_stanza_that_is_left_with_nothing_goes(host):
    host.write('etc/logrotate.d/app', '# of the app\n%s {\n    yearly\n}\n' % host.log('app'))
    host.apply([('app', 30)])
    assert host.read('etc/logrotate.d/app') == '# of the app\n'
    host.apply([])
    assert host.read('etc/logrotate.d/app') == '# of the app\n%s {\n    yearly\n}\n' % host.log('app')


def test_a_stanza_in_the_main_file(host):
    text = host.read(host.config) + '%s {\n    monthly\n}\n' % host.log('wtmp')
    host.write('etc/logrotate.conf', text)
    assert taken(host.apply([('wtmp', 30)])) == [('wtmp', 'logrotate.conf')]
    assert host.rotate()[0] == 0
    host.apply([])
    assert host.read(host.config) == text


def test_rules_that_come_and_go(host):
    before = host.read(host.stock)
    host.apply(RULES)
    host.apply([('cron', 30), ('messages', 365)])
    left = logrotate.names(host.read(host.stock))
    assert left == [host.log(name) for name in ('maillog', 'secure', 'spooler')]
    host.apply([('cron', 30)])
    assert host.read(host.stock) == before.replace(host.log('cron') + '\n', '')
    host.apply([])
    assert host.read(host.stock) == before


def test_what_somebody_changed_since_stays(host):
    host.apply(RULES)
    text = host.read(host.stock).replace('missingok', 'missingok\n    compress')
    host.write('etc/logrotate.d/rsyslog', text)
    assert not host.apply(RULES)['changed']
    result = host.apply(state='absent')
    assert 'was changed since' in result['notes'][0]
    assert logrotate.names(host.read(host.stock)) == [
        host.log(name) for name in ('cron', 'maillog', 'messages', 'secure', 'spooler')]
    assert 'missingok\n    compress' in host.read(host.stock)
    assert host.rotate()[0] == 0
    # a new start finds a new original
    text = host.read(host.stock)
    host.apply(RULES)
    host.apply(state='absent')
    assert host.read(host.stock) == text


def test_a_log_that_somebody_named_elsewhere_meanwhile_is_not_named_twice(host):
    host.apply(RULES)
    host.write('etc/logrotate.d/rsyslog', host.read(host.stock) + '# mine\n')
    host.write('etc/logrotate.d/mine', '%s {\n    daily\n    missingok\n}\n' % host.log('secure'))
    result = host.apply(state='absent')
    assert any('is named elsewhere now' in note for note in result['notes'])
    assert host.rotate()[0] == 0


def test_a_package_update_that_puts_it_back(host):
    stock = host.read(host.stock)
    host.apply(RULES)
    host.write('etc/logrotate.d/rsyslog', stock.replace('missingok', 'missingok\n    notifempty'))
    assert 'duplicate log entry' in host.rotate()[1]
    os.unlink(host.state)
    result = host.apply(RULES)
    assert result['changed'] and 'names %s again' % host.log('messages') in result['notes'][0]
    assert host.rotate()[0] == 0
    assert not host.apply(RULES)['changed']
    host.apply(state='absent')
    assert host.read(host.stock) == stock.replace('missingok', 'missingok\n    notifempty')


@pytest.mark.parametrize('named', [['messages', 'secure'], ['messages']])
def test_stanzas_that_somebody_wrote_anew_between_two_runs_come_back(host, named):
    """What they left out, because it was taken from there, comes back as well."""
    first = host.read(host.stock)
    host.apply(RULES)
    anew = ''.join('%s {\n    rotate 52\n    missingok\n}\n' % host.log(name) for name in named + ['cron', 'maillog', 'spooler'])
    host.write('etc/logrotate.d/rsyslog', anew)
    notes = host.apply(RULES)['notes']
    assert '%s was written anew since its original was kept.' % host.stock in ' '.join(notes)
    assert not host.apply(RULES)['changed'] and host.rotate()[0] == 0
    back = host.apply(state='absent')
    text = host.read(host.stock)
    assert len(back['given_back']) == 2 and back['in_place'] and (text == anew) == (len(named) == 2)
    assert sorted(logrotate.names(text)) == [host.log(name) for name in ('cron', 'maillog', 'messages', 'secure', 'spooler')]
    assert text.replace('\n%s' % host.log('secure'), '') == anew or len(named) == 2
    assert host.read(host.root + '/backup/.earlier%s.1' % host.stock) == first


@pytest.mark.parametrize('content', ['', '# nothing\n', None])
def test_an_original_that_is_damaged_or_lost_is_told(host, content):
    host.apply(RULES)
    kept = host.root + '/backup' + host.stock
    os.unlink(kept)
    if content is not None:
        host.write(kept, content)
    taken_out = host.read(host.stock)
    result = host.apply(state='absent')
    assert result['given_back'] == [] and not result['in_place'] and host.read(host.stock) == taken_out
    assert '%s cannot get %s %s back' % (host.stock, host.log('messages'), host.log('secure')) in result['notes'][0]
    assert 'Nothing rotates it now.' in result['notes'][0] and os.path.exists(kept) == (content is not None)


def test_rpmnew_and_other_taboo_files_stay_ignored(host):
    host.apply(RULES)
    copies = ['rsyslog.rpmnew', 'rsyslog.rpmsave'] + (['rsyslog.bak'] if RELEASE >= (3, 17) else [])
    for name in copies:
        host.write('etc/logrotate.d/' + name, '%s {\n    daily\n}\n' % host.log('messages'))
    result = host.apply(RULES)
    assert not result['changed']
    assert ['.rpmnew is there' in note for note in result['notes']] == [True]
    assert host.rotate()[0] == 0


def test_our_file_was_removed(host):
    """What it took over is known by the kept originals."""
    before = host.snapshot()
    host.apply(RULES)
    os.unlink(host.policy)
    assert taken(host.apply(RULES)) == [('messages', 'rsyslog'), ('secure', 'rsyslog')]
    os.unlink(host.policy)
    host.apply(state='absent')
    assert host.snapshot() == before


def test_a_file_of_somebody_else_is_not_overwritten(host):
    host.write('etc/logrotate.d/log_hygiene_policy', '# mine\n')
    result = host.apply(RULES)
    assert result['failed'] and 'was not written by this collection' in result['msg']


class TestGlobs:
    def test_one_that_is_read_first_is_explained(self, host):
        host.write('etc/logrotate.d/all', '# all\n%s/log/mess* {\n    daily\n}\n' % host.root)
        before = host.snapshot()
        result = host.apply(RULES)
        assert result['failed'] and '%s/etc/logrotate.d/all, line 2: ' % host.root in result['msg']
        assert 'Name the logs there one by one' in result['msg'] and 'Nothing was changed.' in result['msg']
        assert host.snapshot() == before

    def test_one_that_is_read_later(self, host):
        host.write('log/messages', 'x\n')
        host.write('log/messy', 'x\n')
        host.write('etc/logrotate.d/zzz', '%s/log/mess* {\n    daily\n}\n' % host.root)
        result = host.apply(RULES)
        if RELEASE < logrotate.IGNORE_DUPLICATES:
            assert result['failed'] and 'zzz, line 1' in result['msg']
            return
        assert not result.get('failed'), result
        assert 'ignoreduplicates' in host.read(host.policy)
        status, said = host.rotate()
        assert status == 0
        assert said.count('considering log %s\n' % host.log('messages')) == 1
        assert said.count('considering log %s\n' % host.log('messy')) == 1


class TestValidation:
    def test_what_was_broken_before_is_said(self, host):
        host.write('etc/logrotate.d/broken', '%s {\n    rotate many\n}\n' % host.log('x'))
        result = host.apply(RULES)
        assert result['changed'] and 'also without this change' in result['notes'][0]
        assert 'bad rotation count' in result['notes'][0]

    def test_what_it_cannot_read_is_told_by_file_and_line(self, host):
        host.write('etc/logrotate.d/app', '\n\xed\x95\x9c\xea\xb8\x80 \xff\n')
        assert 'app:2 lines must begin with a keyword' in host.apply(RULES)['notes'][-1]
        told = run_module('log_retention_info', logrotate_config=host.config, logrotate_state=host.state)
        assert told['logrotate']['problems'][0].startswith(host.root + '/etc/logrotate.d/app, line 2: lines must begin')

    def test_what_would_break_is_not_written(self, host):
        """A group that does not exist: only logrotate itself knows."""
        host.write('log/messages', 'x\n', 0o600)
        os.chown(host.log('messages'), 0, 54321)
        host.write('etc/logrotate.conf', 'create 0640 root root\n' + host.read(host.config).replace('\ncreate\n', '\n'))
        before = host.snapshot()
        result = host.apply(RULES)
        assert result['failed'] and "unknown group '54321'" in result['msg'], result
        assert 'Nothing was changed.' in result['msg']
        assert host.snapshot() == before

    def test_a_log_that_another_file_takes_first(self, host):
        """Included by a file of the directory, and so read before the others."""
        host.write('etc/logrotate.d/aaa', 'tabooext + .d\ninclude %s/more\n' % host.root)
        os.mkdir(host.root + '/more')
        host.write('more/secret', '%s {\n    daily\n}\n' % host.log('messages'))
        result = host.apply(RULES)
        assert sorted(taken(result)) == [('messages', 'rsyslog'), ('messages', 'secret'), ('secure', 'rsyslog')]
        assert host.rotate()[0] == 0

    def test_a_test_run_makes_no_directory(self, host):
        host.write('etc/logrotate.d/old', '%s {\n    olddir %s/old\n    createolddir 755 root root\n}\n'
                   % (host.log('x'), host.root))
        host.apply(RULES)
        assert not os.path.exists(host.root + '/old')

    def test_no_include(self, host):
        host.write('etc/logrotate.conf', 'weekly\n')
        result = host.apply(RULES)
        assert result['failed'] and 'does not include the directory' in result['msg']

    @pytest.mark.parametrize('mode, owner', [(0o775, 0), (0o777, 0), (0o755, 91)])
    def test_a_directory_in_which_others_could_put_a_link(self, host, mode, owner):
        """logrotate would rotate there with `su root GROUP`, as root, and follow the link of whoever may write."""
        host.write('log/messages', 'x\n')
        os.chown(host.root + '/log', owner, 4)
        os.chmod(host.root + '/log', mode)
        before = host.snapshot()
        for check in (True, False):
            result = host.apply(RULES, check)
            assert result['failed'] and '%s/log (' % host.root in result['msg'], result
            assert ('chown root ' if owner else 'chmod go-w ') + host.root + '/log' in result['msg']
            assert result['msg'].endswith('Nothing was changed.')
        assert host.snapshot() == before

    def test_a_log_that_is_a_link(self, host):
        host.write('log/real', 'x\n')
        os.symlink('real', host.log('messages'))
        assert 'it is a symbolic link to real. Name the file itself.' in host.apply(RULES)['msg']


class TestReader:
    """What the reader says is what logrotate says."""

    TEXTS = {
        'a': 'compress\n%(log)s/a1 "%(log)s/a 2" {\n  rotate 3 \n daily  compress\n  postrotate\n    }\n'
             '  endscript\n}\n',
        'b': '%(log)s/b1\n# %(log)s/no\n%(log)s/b2 {\n   size=10k\n   frobnicate this\n}\n%(log)s/b3 { weekly\n}\n',
        'c': '%(log)s/c1 {\n  rotate x\n}\n%(log)s/c2 {\n  monthly\n maxage 4\n}\n',
        'd': 'nocompress\nrotate x\n%(log)s/d1 { }\n',
        'e': '%(log)s/e1 {\n  yearly\n  rotate 010\n}\n%(log)s/e2 {\n }\n}\n%(log)s/e3 { }\n',
        'f.bak': '%(log)s/f1 { }\n', 'g.rpmnew': '%(log)s/g1 { }\n', 'h~': '%(log)s/h1 { }\n',
        '.i': '%(log)s/i1 { daily\n}\n',
        'j': '%(log)s/a1 %(log)s/j2 {\n  hourly\n}\n',
        'k': '%(log)s/k1 {\n  %(log)s/k2\n  daily\n}\n%(log)s/k3 {\n  daily\n',
        'l': '%(log)s/l1 {\n  prerotate\n    x\n',
    }

    def test_same_logs_in_the_same_order(self, host):
        for name, text in self.TEXTS.items():
            host.write('etc/logrotate.d/' + name, text % dict(log=host.root + '/log'))
        status, said = host.rotate(None, '--debug')
        assert status == 1
        found = logrotate.Configuration(host.config, Disk(), RELEASE)
        owned = [word.text for stanza in found.stanzas for word in stanza.words
                 if found.stanza_of(word.text) is stanza]
        looked = [line[len('considering log '):] for line in said.splitlines() if line.startswith('considering log ')]
        assert sorted(looked) == sorted(owned)
        words = {'daily': 'after 1 days', 'weekly': 'weekly', 'monthly': 'monthly', 'yearly': 'yearly',
                 'hourly': 'hourly', 'size': 'bytes'}
        told = [part.partition('considering log')[0] for part in said.split('rotating pattern: ')[1:]]
        assert len(told) == len(found.stanzas)
        for stanza, what in zip(found.stanzas, told):
            assert stanza.words[0].text in what
            assert words[stanza.directives['criterion']] in what
            count = stanza.directives['rotate']
            assert ('(%d rotations)' % count if count else 'no old logs will be kept') in what
