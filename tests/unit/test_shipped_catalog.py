# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of the catalog: what each signature must recognise, and the neighbours it must leave alone."""
from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import time

import jsonschema
import pytest
import yaml
from hypothesis import assume, given, settings, strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._logfile.lines import Parser
from ansible_collections.loghygiene.rhel.plugins.module_utils._remedy import config_value, contract, kernel_argument, unit_drop_in
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import Entry, Matcher, PRIORITIES
from ansible_collections.loghygiene.rhel.plugins.module_utils._rsyslog.posix_ere import to_ere
from ansible_collections.loghygiene.rhel.plugins.plugin_utils._catalog import catalog, _guard as guard

SIGNATURES = catalog.load()
BY_ID = {signature['id']: signature for signature in SIGNATURES}
MATCHER = Matcher(SIGNATURES)
SCHEMA = catalog.signature_schema()

# (class, disposition) of the signatures that were asked for. A new one is a file of the catalog and nothing else.
SHIPPED = {
    'ahnlab-v3-module-lifecycle': ('vendor', 'divert'),
    'ahnlab-v3-unknown-module-key': ('vendor', 'divert'),
    'gnome-software-refresh-failed': ('environmental', 'fix'),
    'kernel-callbacks-suppressed': ('security-relevant', 'investigate'),
    'named-managed-keys-unsigned': ('misconfig', 'fix'),
    'pam-systemd-release-session': ('benign', 'explain'),
    'rhel-deprecated-driver': ('environmental', 'investigate'),
    'rhel-deprecated-hardware': ('environmental', 'investigate'),
    'rhel-hardware-uncertified': ('environmental', 'investigate'),
    'rtkit-canary-starving': ('environmental', 'fix'),
    'sshd-dispatch-protocol-error': ('security-relevant', 'investigate'),
    'tmpfiles-acl-missing-group': ('misconfig', 'fix'),
    'vmwgfx-flip-done-timeout': ('environmental', 'fix'),
}

# Every line of the code blocks of the field notes, as it is spelled there; those without a tag come from sshd.
FIELD_NOTES = [
    ('sshd', 'pam_systemd_(sshd:session): Failed to release session: Interrupted system call',
     'pam-systemd-release-session'),
    ('kernel',
     '[drm:drm_atomic_helper_wait_for_dependencies [drm_ksm_helper]] *ERROR* [CRTC:37:crtc-0] flip_done timed out',
     'vmwgfx-flip-done-timeout'),
    ('rtkit-daemon', 'The canary thread is apparently starving. Taking action.', 'rtkit-canary-starving'),
    ('gnome-software', 'failed to call gs_plugin_refresh on packagekit-refresh: failure:',
     'gnome-software-refresh-failed'),
    ('gnome-software', 'failed to call gs_plugin_refresh on shell-extenstions:', 'gnome-software-refresh-failed'),
    ('gnome-software', 'failed to call gs_plugin_refresh on odrs:', 'gnome-software-refresh-failed'),
    ('named', "managed-keys-zone: No DNSKEY RRSIGs found for '.': success", 'named-managed-keys-unsigned'),
    ('kernel', 'net_ratelimit: 7 callbacks suppressed', 'kernel-callbacks-suppressed'),
    ('kerenl', '<asm>:[INFO]Filter atamptl unregister', 'ahnlab-v3-module-lifecycle'),
    ('kernel', '<asm>:[INFO]Filter atamptl unregister', 'ahnlab-v3-module-lifecycle'),
    ('kernel', '<atamptl>:[INFO]Unloaded atamptl', 'ahnlab-v3-module-lifecycle'),
    ('kernel', '<asm>:[INFO]AhnLab. Securiry Module Version 3.4.3.8 unloaded', 'ahnlab-v3-module-lifecycle'),
    ('kernel', "Request for unknown module key 'AhnLab, Inc.: AhnLab Code Signig - 2022.001: a0ee2da1~~~ err -11",
     'ahnlab-v3-unknown-module-key'),
    ('kernel', '<atamptl>:[INFO]ASM Version 3.4.3.8', 'ahnlab-v3-module-lifecycle'),
    ('systemd-tmpfiles', 'failed to parse ACL "group:adm:r--,group:wheel:r--": Invalid argument. Ignoring',
     'tmpfiles-acl-missing-group'),
    ('sshd', 'dispatch_procotol_error: type 11 seq 11', 'sshd-dispatch-protocol-error'),
]


def matched(message, identifier=None, comm=None, transport='', priority=None):
    """The ids that match an entry of the journal."""
    entry = Entry(message, identifier, comm, transport, None if priority is None else PRIORITIES.index(priority))
    entry = guard.written_by(entry, exe='/usr/bin/gnome-software')
    return [SIGNATURES[index]['id'] for index in MATCHER.matches(entry)]


def matched_line(line):
    """The ids that match a line of a text log."""
    parsed = Parser().parse(line.encode('utf-8'), 2026)
    return [SIGNATURES[index]['id'] for index in MATCHER.matches(Entry(parsed.text, parsed.tag, None, None,
                                                                       parsed.priority))]


def positives():
    for signature in SIGNATURES:
        for test in signature['tests']['positive']:
            yield signature, test


# --- the files ---

def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_key_of_the_schema_is_described():
    def walk(schema, where):
        if not isinstance(schema, dict):
            return
        for key, below in schema.get('properties', {}).items():
            # What allOf adds to a key is a condition on it, not a key.
            if not where.startswith('allOf') and isinstance(below, dict):
                assert below.get('description'), '%s.%s' % (where, key)
            walk(below, '%s.%s' % (where, key))
        if 'items' in schema:
            walk(schema['items'], where + '[]')
    walk(SCHEMA, '')
    for name, definition in SCHEMA['$defs'].items():
        assert definition.get('description'), name
        walk(definition, name)


def test_what_is_shipped_is_what_was_asked_for():
    assert {name: (BY_ID[name]['class'], BY_ID[name]['disposition']) for name in SHIPPED} == SHIPPED


@pytest.mark.parametrize('signature', SIGNATURES, ids=lambda one: one['id'])
def test_a_shipped_signature_is_valid_to_jsonschema_as_a_plain_yaml_file(signature):
    # In the folder of the program that writes it, and in no other.
    path, = pathlib.Path(catalog.CATALOG_DIR, 'signatures').glob('*/%s.yml' % signature['id'])
    with open(path, encoding='utf-8') as handle:
        text = handle.read()
    assert text.startswith('# SPDX-License-Identifier: GPL-3.0-or-later\n---\n')
    # PyYAML's own loader makes dates of dates; as JSON they are text.
    data = json.loads(json.dumps(yaml.safe_load(text), default=str))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    assert data == signature


@pytest.mark.parametrize('signature', SIGNATURES, ids=lambda one: one['id'])
def test_both_languages_are_what_they_say(signature):
    hangul = re.compile('[\uac00-\ud7a3]')

    def walk(value):
        if isinstance(value, dict) and set(value) == {'en', 'ko'}:
            assert not hangul.search(value['en'])
            assert hangul.search(value['ko'])
        elif isinstance(value, (dict, list)):
            for below in value.values() if isinstance(value, dict) else value:
                walk(below)
    walk(signature)


def shown():
    """The signature that CONTRIBUTING.md shows. Who follows it has to pass the tests of this file."""
    text = (pathlib.Path(__file__).resolve().parents[2] / 'CONTRIBUTING.md').read_text(encoding='utf-8')
    return yaml.safe_load(re.search(r'<!-- example: catalog/\S+ -->\n```yaml\n(.*?)```', text, re.DOTALL).group(1))


@pytest.mark.parametrize('signature', SIGNATURES + [shown()], ids=lambda one: one['id'])
def test_every_release_it_applies_to_has_an_example(signature):
    releases = {test['el'] for test in signature['tests']['positive'] if 'el' in test}
    assert releases == set(signature['applies']['el'])


def test_a_remedy_is_a_role_that_is_there(collection):
    roles = {one['remedy']['role'] for one in SIGNATURES if 'remedy' in one}
    assert roles >= {'gnome_software_autostart', 'tmpfiles_acl', 'syslog_exclusions'}
    for role in roles:
        assert os.path.isfile(os.path.join(collection, 'roles', role, 'meta', 'argument_specs.yml')), role


def test_what_the_remedies_promise_and_how_it_is_proved():
    assert {one['id']: (one['vanishes_from'],
                        one['verify']['trigger']) for one in SIGNATURES if one['disposition'] == 'fix' and one['id'] in SHIPPED} == {
        'gnome-software-refresh-failed': (['journal', 'messages'], 'login'),
        'named-managed-keys-unsigned': (['journal', 'messages'], 'none'),
        'rtkit-canary-starving': (['journal', 'messages'], 'none'),
        'vmwgfx-flip-done-timeout': (['journal', 'messages'], 'none'),
        'tmpfiles-acl-missing-group': (['journal', 'messages'], ['unit:systemd-tmpfiles-setup.service',
                                                                 'unit:systemd-tmpfiles-clean.service'])}
    for signature in SIGNATURES:
        if signature['disposition'] == 'divert':
            assert signature['vanishes_from'] == ['messages'] and signature['verify'] == {'trigger': 'none'}
            assert signature['match']['transport'] == ['kernel']


def test_flip_done_is_harmless_on_vmware_only():
    applies = BY_ID['vmwgfx-flip-done-timeout']['applies']
    guest = {'virtualization': 'vmware', 'kernel_modules': ['ext4', 'vmwgfx'], 'kernel_arguments': ['quiet', 'ro']}

    def holds(host):
        return all(catalog.search(expression, host) for expression in applies['when'])
    assert holds(guest)
    assert not holds(dict(guest, virtualization='kvm'))
    assert not holds(dict(guest, virtualization='none'))
    assert not holds(dict(guest, kernel_modules=['ext4']))
    # Where it is remedied the driver is gone, and the lines of before are still known.
    assert holds(dict(guest, kernel_modules=['ext4'], kernel_arguments=['nomodeset', 'ro']))


# Remedies that lower a safeguard, and what of it both languages have to name.
LOWERING = {
    'named-managed-keys-unsigned': ('dnssec-validation no', 'isolated', '격리망'),
    'rtkit-canary-starving': ('RLIMIT_RTTIME', 'no longer watches', '감시'),
    'vmwgfx-flip-done-timeout': ('3D', 'console', '콘솔'),
}


def test_a_remedy_that_lowers_a_safeguard_is_asked_for_by_name_and_says_why():
    assert {one['id'] for one in SIGNATURES if one.get('remedy', {}).get('opt_in')} == set(LOWERING)
    for name, (both, english, korean) in LOWERING.items():
        why = BY_ID[name]['remedy']['side_effects']
        assert both in why['en'] and both in why['ko'] and english in why['en'] and korean in why['ko']
    # The kinds themselves want a reason for what lowers a safeguard; a signature with one is asked for by name.
    for one in SIGNATURES:
        assert one.get('remedy', {}).get('opt_in') or 'opt_in_reason' not in one.get('remedy', {}).get('with', {})


@pytest.mark.parametrize('kind, name', [(config_value, 'named-managed-keys-unsigned'), (kernel_argument, 'vmwgfx-flip-done-timeout'),
                                        (unit_drop_in, 'rtkit-canary-starving')])
def test_the_kind_takes_what_the_catalog_gives_it(kind, name):
    """What a kind refuses it refuses on every host; only a host can say the rest, which the tests of the kinds ask."""
    given = dict(contract.validated(kind, dict(BY_ID[name]['remedy']['with'], signature_id=name)))
    assert kind.merged([given], 'present') if kind is unit_drop_in else kind.merged([given])
    if kind is config_value:
        wanted = [(one.key, one.value, one.reason) for one in kind.merged([given])]
        assert wanted == [('dnssec-validation', 'no', 'log_hygiene_opt_in'), ('include "/etc/named.root.key"', None, 'log_hygiene_opt_in')]


def test_no_update_is_promised_to_release_7():
    for one in SIGNATURES:
        assert 7 not in {build['el'] for build in one.get('fixed_by', {}).get('builds', [])}
    assert {build['el']: build['version'] for build in BY_ID['pam-systemd-release-session']['fixed_by']['builds']} == {
        8: '239-77', 9: '252-2', 10: '253'}


# --- recognition ---

@pytest.mark.parametrize('tag, message, identity', FIELD_NOTES)
def test_a_line_of_the_field_notes_is_recognised_by_exactly_one(tag, message, identity):
    for line in ('Nov 22 16:00:00 host %s: %s', 'Nov 22 16:00:00 host %s[1234]: %s',
                 '2026-11-22T16:00:00.123456+09:00 host %s: %s'):
        assert matched_line(line % (tag, message)) == [identity]


@pytest.mark.parametrize('tag, message, identity', [row for row in FIELD_NOTES if row[0] != 'kerenl'])
def test_so_is_its_entry_in_the_journal(tag, message, identity):
    match = BY_ID[identity]['match']
    assert matched(message, tag, None, match['transport'][0], match['priority']) == [identity]


# Who else could write the text under the same name: a user everywhere, and root through /dev/kmsg.
@pytest.mark.parametrize('signature', SIGNATURES, ids=lambda one: one['id'])
def test_another_who_writes_the_same_is_a_lookalike(signature):
    if signature['id'] == 'sshd-dispatch-protocol-error':
        return  # of whom the user is no stranger: always a finding
    found = Matcher([signature])
    for dummy, positive, form, entry in guard.examples_of(signature):
        if positive and form == 'journal':
            forged = entry._replace(facility=1) if entry.transport == 'kernel' else entry._replace(
                uid=1000, exe='/usr/bin/cat')
            assert found.examine(entry) == ([0], []) and found.examine(forged) == ([], [0]), entry


@pytest.mark.parametrize('signature, test', list(positives()))
def test_every_positive_is_matched_by_its_own_signature_alone(signature, test):
    for key, dummy, dummy, entry in guard.examples_of(dict(signature, tests={'positive': [test], 'negative': []})):
        assert [SIGNATURES[index]['id'] for index in MATCHER.matches(entry)] == [signature['id']], (key, entry)


@pytest.mark.parametrize('line, identity', [
    # imjournal of RHEL 7 and 8 tags what comes without an identifier `journal`; that of RHEL 9 takes _COMM.
    ("Nov 22 16:00:00 host journal: failed to refresh the cache: no network", 'gnome-software-refresh-failed'),
    ("Nov 22 16:00:00 host gnome-software[1]: failed to refresh the cache: no network",
     'gnome-software-refresh-failed'),
    ('Nov 22 16:00:00 host systemd-tmpfile[1]: Failed to parse ACL "group:adm:r--": Invalid argument. Ignoring',
     'tmpfiles-acl-missing-group'),
    ('Nov 22 16:00:00 host kernel: [  12.345678] net_ratelimit: 7 callbacks suppressed', 'kernel-callbacks-suppressed'),
    ('Nov 22 16:00:00 host sshd-session[7]: dispatch_protocol_error: type 51 seq 3 [preauth]',
     'sshd-dispatch-protocol-error'),
])
def test_lines_as_releases_write_them(line, identity):
    assert matched_line(line) == [identity]


def test_what_a_program_without_identifier_writes_is_told_by_its_command():
    assert matched('failed to refresh the cache: x', None, 'gnome-software', 'journal',
                   'warning') == ['gnome-software-refresh-failed']
    assert matched('failed to refresh the cache: x', None, 'gnome-shell', 'journal', 'warning') == []
    assert matched('Failed to parse ACL "g:adm:r--", ignoring: Invalid argument', None, 'systemd-tmpfile',
                   'journal') == [
        'tmpfiles-acl-missing-group']


# --- neighbours ---

NEIGHBOURS = [
    # A text that differs only in a spelling that nobody was seen to use.
    ('pam_systemd__(sshd:session): Failed to release session: Interrupted system call', 'sshd', 'syslog'),
    ('pam_systemd-(sshd:session): Failed to release session: Interrupted system call', 'sshd', 'syslog'),
    ('pam_systemd(sshd:session): Failed to release session: Connection timed out', 'sshd', 'syslog'),
    ('pam_systemd(sshd:session): Failed to release session: Connection refused', 'sshd', 'syslog'),
    ("pam_systemd(sshd:session): Failed to release session: No session '3' known", 'sshd', 'syslog'),
    ('pam_systemd(sshd:session): Failed to release session: Interrupted system call', 'evil', 'syslog'),
    ('[drm:drm_atomic_helper_wait_for_dependencies [drm_mks_helper]] *ERROR* [CRTC:37:crtc-0] flip_done timed out',
     'kernel', 'kernel'),
    ('i915 0000:00:02.0: [drm] *ERROR* flip_done timed out', 'kernel', 'kernel'),
    ('i915 0000:00:02.0: [drm] *ERROR* [CRTC:51:pipe A] flip_done timed out', 'kernel', 'kernel'),
    ('amdgpu 0000:0b:00.0: [drm] *ERROR* flip_done timed out', 'kernel', 'kernel'),
    ('nouveau 0000:01:00.0: [drm] *ERROR* [PLANE:32:plane-0] commit wait timed out', 'kernel', 'kernel'),
    ('vmwgfx 0000:00:0f.0: [drm] *ERROR* flip_done timed out', 'kernel', 'syslog'),
    ('The canary thread is apparently starving. Taking action!', 'rtkit-daemon', 'syslog'),
    ('Demoting known real-time threads.', 'rtkit-daemon', 'syslog'),
    ('Successfully demoted thread 77 of process 70 (/usr/bin/pulseaudio).', 'rtkit-daemon', 'syslog'),
    ('Demoted 1 threads.', 'rtkit-daemon', 'syslog'),
    ('Recovering from system lockup, not allowing further RT threads.', 'rtkit-daemon', 'syslog'),
    ('failed to call gs_plugin_refresh on shell-extentions: x', 'gnome-software', 'journal'),
    ('failed to call gs_plugin_refresh on evil: x', 'gnome-software', 'journal'),
    ('failed to call gs_plugin_app_install on packagekit: GPG check failed', 'gnome-software', 'journal'),
    ('not handling error failed for action update: x', 'gnome-software', 'journal'),
    ('failed to refresh the cache: x', 'evil', 'journal'),
    ("managed-keys-zone: Unable to fetch DNSKEY set '.': timed out", 'named', 'syslog'),
    ("managed-keys-zone: No DNSKEY RRSIGs found for '.': timed out", 'named', 'syslog'),
    ("managed-keys-zone: No DNSKEY RRSIGs found for '.': success'", 'named', 'syslog'),
    ('net_ratelimit: 7 callbacks suppressed', 'evil', 'journal'),
    ('net_ratelimit: 7 callbacks suppressed', 'kernel', 'journal'),
    ('<asm>:[ERROR]Filter atamptl unregister', 'kernel', 'kernel'),
    ('<asm>:[ERR]Filter atamptl unregister', 'kernel', 'kernel'),
    ('<asm>:[WARN]Filter atamptl unregister', 'kernel', 'kernel'),
    ('<atamptl>:[ERR]Unloaded atamptl', 'kernel', 'kernel'),
    ('<asm>:[INFO]AhnLab. Secury Module Version 3.4.3.8 unloaded', 'kernel', 'kernel'),
    ('<asm>:[INFO]AhnLab. Security Module Version 3.4.3.8 unloaded rootkit', 'kernel', 'kernel'),
    ('<asm>:[INFO]AhnLab. Security Module Version 3.4.3.8; unloaded', 'kernel', 'kernel'),
    ('<asm>:[INFO]AhnLab. Security Module Version 3.4.3.8 unloaded', 'kernel', 'syslog'),
    ('<asm>:[INFO]AhnLab. Security Module Version 3.4.3.8 unloaded', 'kernl', 'kernel'),
    ('<asm>:[INFO]something else', 'kernel', 'kernel'),
    ('AhnLab', 'kernel', 'kernel'),
    ("Request for unknown module key 'AhnLab, Inc.: AhnLab Code Signing - 2022.001: a0ee2da2%s' err -11" % ('0' * 32),
     'kernel', 'kernel'),
    ("Request for unknown module key 'AhnLab, Inc.: AhnLab Code Signing - 2022.001: a0ee2da1%s' err -12" % ('0' * 32),
     'kernel', 'kernel'),
    ("Request for unknown module key 'AhnLab, Inc.: AhnLab Code Signing - 2022.001: a0ee2da1%s' err -11" % ('0' * 33),
     'kernel', 'kernel'),
    ("Request for unknown module key 'AhnLab, Inc.: AhnLab Code Signing - 2022.001: a0ee2da1%s err -11" % ('0' * 32),
     'kernel', 'kernel'),
    ("Request for unknown module key 'AhnLab, Inc.: AhnLab Code Signing - 2022.001: a0ee2da1~~ err -11", 'kernel',
     'kernel'),
    ("Request for unknown module key 'AhnLab, Inc.: AhnLab Code Sining - 2022.001: a0ee2da1%s' err -11" % ('0' * 32),
     'kernel', 'kernel'),
    ("Request for unknown module key 'Evil: signing key: a0ee2da1%s' err -11" % ('0' * 32), 'kernel', 'kernel'),
    ("Request for unknown module key 'AhnLab, Inc.: AhnLab Code Signing - 2022.001: a0ee2da1%s' err -11" % ('0' * 32),
     'kernel', 'stdout'),
    ('Failed to parse ACL "group:tss:rwx": Invalid argument. Ignoring', 'systemd-tmpfiles', 'journal'),
    ('Failed to parse ACL "default:group:tss:rwx", ignoring: Invalid argument', 'systemd-tmpfiles', 'journal'),
    ('Failed to parse ACL "group:admin:r--": Invalid argument. Ignoring', 'systemd-tmpfiles', 'journal'),
    ('Failed to parse ACL "xgroup:adm:r--": Invalid argument. Ignoring', 'systemd-tmpfiles', 'journal'),
    ('Failed to parse ACL "group:adm:r--": Operation not supported. Ignoring', 'systemd-tmpfiles', 'journal'),
    ('Failed to parse ACL "group:adm:r--", ignoring: Operation not supported', 'systemd-tmpfiles', 'journal'),
    ('FAILED to parse ACL "group:adm:r--": Invalid argument. Ignoring', 'systemd-tmpfiles', 'journal'),
    ('Failed to parse ACL "group:adm:r--": Invalid argument. Ignoring', 'evil', 'journal'),
    ('dispatch_protcol_error: type 11 seq 11', 'sshd', 'syslog'),
    ('dispatch_protocol_error: type 11 seq 11 [postauth]', 'sshd', 'syslog'),
    ('dispatch_protocol_error: type 11 seq 11', 'evil', 'syslog'),
    ('Disconnecting 192.0.2.7 port 51312: strict KEX violation: unexpected packet type 2 (seqnr 1) [preauth]', 'sshd', 'syslog'),
    ('error: kex protocol error: type 30 seq 3 [preauth]', 'sshd', 'syslog'),
    ('error: kex_protocol_error: type 30 seq 3 [preauth]', 'sshd-session', 'syslog'),
    ('Bad packet length 1349676916. [preauth]', 'sshd', 'syslog'),
]


@pytest.mark.parametrize('message, identifier, transport', NEIGHBOURS)
def test_a_neighbour_is_left_alone(message, identifier, transport):
    assert matched(message, identifier, None, transport) == []


def test_a_record_that_must_stay_is_at_most_reported():
    """By the matcher itself, not by the automata of the guard: in the journal and as a line of a text log."""
    seen = 0
    for group, text in catalog.shipped_protected().records():
        for name in [name.replace('*', '') for name in group.names] or ['kernel', 'acme']:
            for transport in ('kernel', 'syslog', 'journal', 'stdout', 'driver', None):
                for index in MATCHER.matches(Entry(text, name, name[:15], transport, None)):
                    assert SIGNATURES[index]['disposition'] == 'investigate', (group.what, text)
                    seen += 1
    assert seen


# What follows a known message: only gnome-software's ends in free text.
CLOSED = [(signature, test) for signature, test in positives() if signature['id'] != 'gnome-software-refresh-failed']


@settings(max_examples=200)
@given(st.sampled_from(CLOSED), st.text(min_size=1, max_size=20), st.booleans())
def test_nothing_may_stand_before_or_after_a_known_message(pair, more, before):
    signature, test = pair
    # Python's $ stands before a final line feed too, and journald takes it off. More digits make another number.
    assume(before or not re.match(r'[0-9.]+$|\n$', more))
    text = more + test['text'] if before else test['text'] + more
    transport = signature['match']['transport'][0]
    found = matched(text, test.get('identifier'), test.get('comm'), transport)
    # The name of what was limited is free text too.
    assert found == [] or (before and found == ['kernel-callbacks-suppressed'])


@settings(max_examples=300)
@given(st.sampled_from(CLOSED), st.data())
def test_a_letter_changed_is_another_message(pair, data):
    """One letter of the fixed text replaced by one that stands nowhere in these messages."""
    signature, test = pair
    places = [found.start() for found in re.finditer('[A-Za-z]', test['text'])]
    place = data.draw(st.sampled_from(places))
    text = test['text'][:place] + '\u00e9' + test['text'][place + 1:]
    found = matched(text, test.get('identifier'), test.get('comm'), signature['match']['transport'][0])
    # An ACL may name more than adm, and a zone or a view of DNS may have any name.
    free = {'tmpfiles-acl-missing-group': '".*"', 'named-managed-keys-unsigned': "'.*'|/[^:]*"}.get(signature['id'])
    if free and any(one.start() <= place < one.end() for one in re.finditer(free, test['text'])):
        return
    assert found == []


@pytest.mark.parametrize('signature', SIGNATURES, ids=lambda one: one['id'])
def test_a_crafted_message_is_given_up_soon(signature):
    """Real messages, cut off after a word that is then repeated for 300 kB; seen: a few milliseconds each."""
    literals = signature['match']['literal']
    literal = literals if isinstance(literals, str) else literals[0]
    for test in signature['tests']['positive'][:3] + signature['tests']['positive'][-1:]:
        text = test['text']
        transport = test.get('transport', signature['match'].get('transport', [''])[0])
        for place in [one.end() for one in re.finditer(r'\w+|$', text)]:
            for pump in (text[place - 1:place], text[max(0, place - 8):place], text[max(0, place - 20):place], ' '):
                crafted = text[:place] + pump * (300000 // len(pump)) + '\u00e9' + literal
                before = time.process_time()
                matched(crafted, test.get('identifier'), test.get('comm'), transport)
                assert time.process_time() - before < 2, (crafted[:place + 20], pump)


@pytest.mark.parametrize('signature', [one for one in SIGNATURES if one['disposition'] == 'divert'],
                         ids=lambda one: one['id'])
def test_what_rsyslog_will_match_is_what_the_scanner_matches(signature):
    """An independent regcomp() reads the POSIX form: grep."""
    # Python's $ allows a line feed after it, which grep would read as the end of the pattern; its lines have none.
    ere = to_ere(signature['match']['regex']).replace('\n?', '')
    for kind in ('positive', 'negative'):
        for test in signature['tests'][kind]:
            found = subprocess.run(['grep', '-Ec', '-e', ere], input=test['text'] + '\n', encoding='utf-8', check=False,
                                   env={'LC_ALL': 'C', 'PATH': os.environ['PATH']}, stdout=subprocess.PIPE)
            assert (found.stdout == '1\n') == bool(re.search(signature['match']['regex'], test['text'])), test['text']


# --- the life of V3 ---

NOTES_ORDER = [message for dummy, message, identity in FIELD_NOTES if identity == 'ahnlab-v3-module-lifecycle']


def state(messages):
    """What watch makes of these messages in their order: opened, closed or None."""
    watch = BY_ID['ahnlab-v3-module-lifecycle']['watch']
    last = None
    for message in messages:
        assert matched(message, 'kernel', None, 'kernel') == ['ahnlab-v3-module-lifecycle']
        for key in ('opened', 'closed'):
            if re.search(watch[key], message):
                last = key
    return last


def test_an_update_as_the_notes_tell_it_ends_closed():
    assert [state(NOTES_ORDER[:length]) for length in range(len(NOTES_ORDER) + 1)] == [
        None, None, None, 'opened', 'opened', 'closed']


@pytest.mark.parametrize('message, expected', [
    ('<asm>:[INFO]AhnLab. Security Module Version 3.4.3.8 unloaded', 'opened'),
    ('<asm>:[INFO]AhnLab. Securiry Module Version 3.4.3.8 unloaded', 'opened'),
    ('<atamptl>:[INFO]Unloaded atamptl', 'opened'),
    ('<asm>:[INFO]AhnLab. Security Module Version 3.4.3.9 loaded', 'closed'),
    ('<atamptl>:[INFO]Loaded atamptl', 'closed'),
    ('<atamptl>:[INFO]ASM Version 3.4.3.9', 'closed'),
    ('<asm>:[INFO]Filter atamptl register', None),
    ('<asm>:[INFO]Filter atamptl unregister', None),
])
def test_which_messages_open_and_close(message, expected):
    assert state([message]) == expected


def test_an_unload_that_is_not_followed_by_a_load_stays_open():
    assert state(NOTES_ORDER + NOTES_ORDER[:-1]) == 'opened'


# --- the documentation ---

@pytest.fixture(scope='module')
def guide(collection):
    with open(os.path.join(collection, 'docs', 'signatures.md'), encoding='utf-8') as handle:
        return handle.read()


def test_the_example_of_the_guide_is_a_signature(guide, tmp_path):
    (name, text), = re.findall(r'<!-- example: (\S+) -->\n```yaml\n(.*?)```\n', guide, re.DOTALL)
    (tmp_path / (name + '.yml')).write_text(text, encoding='utf-8')
    example, = catalog.load(paths=[str(tmp_path)], ids=[name])
    assert example['id'] == 'acme-agent-idle'


def test_the_guide_names_every_key(guide):
    rows = re.findall(r'^\| (`.*?) \|', guide[guide.index('## Every key'):guide.index('## Regular expressions')],
                      re.MULTILINE)
    named = set(re.findall('`([a-z_.]+)`', ' '.join(rows)))
    expected = set()
    for key, below in SCHEMA['properties'].items():
        inner = below.get('properties', {}) if key not in ('watch',) else {}
        expected.update('%s.%s' % (key, one) for one in inner)
        if '$ref' in below and below['$ref'].endswith('bilingual'):
            expected.update(['%s.en' % key, '%s.ko' % key])
        elif not inner:
            expected.add(key)
    assert named == expected


@pytest.fixture(scope='module')
def shown(checkout):
    """What CONTRIBUTING.md shows, by the name of the example."""
    with open(os.path.join(checkout, 'CONTRIBUTING.md'), encoding='utf-8') as handle:
        return dict(re.findall(r'<!-- example: (\S+) -->\n```yaml\n(.*?)```\n', handle.read(), re.DOTALL))


def test_the_paths_of_contributors_are_tried(shown, tmp_path):
    """A signature in one file; a control in one line of it, and what asks for that. Its journey is in tests/integration."""
    (path, text), = ((name, text) for name, text in shown.items() if name.startswith('catalog/'))
    name, = re.findall(r'/([a-z-]+)\.yml$', path)
    before, = re.findall(r'^controls:\n(?:  - .*\n)+', text, re.MULTILINE)
    (tmp_path / (name + '.yml')).write_text(text, encoding='utf-8')
    query = yaml.safe_load(shown['query'])['query']
    assert name in {one['id'] for one in catalog.load(paths=[str(tmp_path)])}
    assert name not in {one['id'] for one in catalog.load(paths=[str(tmp_path)], query=query)}
    (tmp_path / (name + '.yml')).write_text(text.replace(before, shown['controls']), encoding='utf-8')
    assert {'kernel-callbacks-suppressed', name} <= {one['id'] for one in catalog.load(paths=[str(tmp_path)], query=query)}


PEER = {'address': '192.0.2.7', 'port': '51312'}
KIM = dict(PEER, user='kim')


@pytest.mark.parametrize('text, told', [
    # OpenSSH 7.4 to 9.9: sshd.c, auth.c, packet.c, session.c, kex.c
    ('Connection from 192.0.2.7 port 51312 on 10.0.0.1 port 22 rdomain ""', PEER),
    ('banner exchange: Connection from 192.0.2.7 port 51312: invalid format', PEER),
    ('ssh_dispatch_run_fatal: Connection from 192.0.2.7 port 51312: message authentication code incorrect [preauth]', PEER),
    ('Connection from fe80::1%eth0 port 51312 on ::1 port 22', {'address': 'fe80::1%eth0', 'port': '51312'}),
    ('Received disconnect from 192.0.2.7 port 51312:11: disconnected by user', PEER),
    ('Disconnected from 192.0.2.7 port 51312', PEER),
    ('Disconnected from user kim 192.0.2.7 port 51312', KIM),
    ('Disconnected from authenticating user kim 192.0.2.7 port 51312 [preauth]', KIM),
    ('Connection closed by invalid user kim 192.0.2.7 port 51312 [preauth]', KIM),
    ('Connection reset by 192.0.2.7 port 51312 [preauth]', PEER),
    ('Accepted publickey for kim from 192.0.2.7 port 51312 ssh2: RSA SHA256:abc', KIM),
    ('Accepted keyboard-interactive/pam for kim from 192.0.2.7 port 51312 ssh2', KIM),
    ('Failed password for invalid user kim from 192.0.2.7 port 51312 ssh2', KIM),
    ('Invalid user kim from 192.0.2.7 port 51312', KIM),
    ('Starting session: shell on pts/0 for kim from 192.0.2.7 port 51312 id 0', KIM),
    ('Unable to negotiate with 192.0.2.7 port 51312: no matching key exchange method found.', PEER),
    # What the peer calls itself must not name another.
    ('Invalid user x from 6.6.6.6 port 1 from 192.0.2.7 port 51312', None),
    ('Failed password for invalid user x from 6.6.6.6 port 1 ssh2 from 192.0.2.7 port 51312 ssh2', None),
    ('Failed password for invalid user x from 6.6.6.6 port 1 ssh2: RSA from 192.0.2.7 port 51312 ssh2', None),
    ('Disconnected from invalid user x 6.6.6.6 port 1 192.0.2.7 port 51312 [preauth]', None),
    ('Connection closed by invalid user 6.6.6.6 port 1 [preauth] 192.0.2.7 port 51312 [preauth]', None),
    ('dispatch_protocol_error: type 11 seq 11', None),
])
def test_the_peer_of_sshd(text, told):
    regexes = BY_ID['sshd-dispatch-protocol-error']['context'][0]['lines']
    found = [one.groupdict() for one in (re.search(regex, text) for regex in regexes) if one]
    assert found == ([told] if told else [])
