# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks whether alerts of the syslog policy reach a person: everything on a host between a message and its receiver.

_alerts/_program.py holds what needs no host. Standard library only. Runs under Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import hashlib
import json
import os
import smtplib
import sys

from ansible_collections.loghygiene.rhel.plugins.module_utils._alerts import _program as alerts
from ansible_collections.loghygiene.rhel.plugins.module_utils._common import files, process, timestamps
from ansible_collections.loghygiene.rhel.plugins.module_utils._scan.matcher import as_text, error_text

SMTP_TIMEOUT = 10  # seconds


class AlertPathError(Exception):
    """The check cannot be made. The text says why and what to do."""


def content(path):
    """Return the bytes of a file, or None if it does not exist. Raises FileError."""
    return files.read_bytes(path) if os.path.exists(path) else None


def show(systemctl):
    """Return the properties of the unit (dict), empty without systemd.

    :param systemctl: path of the command, None without one.
    """
    if systemctl is None:
        return {}
    try:
        status, text, complaint = process.run(
            [systemctl, 'show', alerts.UNIT] + ['--property=' + name for name in alerts.PROPERTIES])
    except EnvironmentError as error:
        return {'LoadState': 'unknown (%s)' % error.strerror}
    return alerts.parse_show(text) if status == 0 else {'LoadState': 'unknown (%s)' % complaint.strip()}


def journal_problems(journalctl):
    """Return why the journal cannot be read (list of text), empty if it can.

    :param journalctl: path of the command, None without one.
    """
    if journalctl is None:
        return ['journalctl is not installed, so there is no journal to take alerts from: install systemd']
    try:
        status, text, complaint = process.run([journalctl, '--quiet', '--no-pager', '--lines=1', '--output=export'],
                                              raw=True)
    except EnvironmentError as error:
        return ['the journal cannot be read: %s' % error.strerror]
    if status or not text:
        return ['the journal cannot be read or is empty (%s): see systemctl status systemd-journald'
                % (as_text(complaint).strip() or 'journalctl shows nothing')]
    return []


def receiver_problems(rules, probe):
    """Return mail servers that do not answer (with `probe`) and programs that are missing (list of text)."""
    servers, programs = alerts.receivers(rules)
    found = []
    for name, host, port in servers if probe else ():
        try:
            smtp = smtplib.SMTP(host, port, local_hostname='localhost', timeout=SMTP_TIMEOUT)
            try:
                if smtp.ehlo()[0] // 100 != 2 and smtp.helo()[0] // 100 != 2:
                    raise smtplib.SMTPException('it refuses both EHLO and HELO')
                smtp.quit()
            finally:
                smtp.close()
        except (EnvironmentError, smtplib.SMTPException) as error:
            found.append('rule %s: the mail server %s, port %d, does not take mail (%s): start it, or name another in '
                         'alert.smtp' % (name, host, port, error_text(error)))
    for name, path in programs:
        if not (os.path.isfile(path) and os.access(path, os.X_OK)):
            found.append('rule %s: %s cannot be run, so its alerts reach nobody: %s' % (
                name, path, 'install a mail server such as postfix, or name one in alert.smtp'
                if path == alerts.SENDMAIL else 'install it, or correct alert.command'))
    return found


def notes_of_program(rules, pending_minutes, problems):
    """Return the program's state (dict), empty without one. Adds its failures, or that it is not valid, to problems."""
    text = content(alerts.STATE)
    if text is None:
        problems.append('%s is not there, so the program never read the journal: journalctl -u %s tells why'
                        % (alerts.STATE, alerts.UNIT))
        return {}
    try:
        state, found = alerts.read_state(as_text(text), rules, timestamps.now(), pending_minutes)
    except ValueError as error:
        problems.append('%s is damaged (%s): systemctl restart %s' % (alerts.STATE, error, alerts.UNIT))
        return {}
    problems += found
    return state


def installed_masked():
    """Return whether the configuration that is in place leaves out the text of messages."""
    try:
        return json.loads(as_text(content(alerts.CONFIG) or b'{}')).get('masked') is True
    except (ValueError, AttributeError, RuntimeError, files.FileError):  # RuntimeError: lists in lists without end
        return False


def look(get_bin_path, rules, exemptions=(), program_checksum=None, probe_smtp=False, pending_minutes=15, masked=None):
    """Return what stands in the way of an alert (dict, see RETURN of alert_info). The options are those of the module.

    :param get_bin_path: function, name of a command -> its path or None, as AnsibleModule has it.

    Raises AlertPathError.
    """
    try:
        wanted = alerts.configuration(rules, exemptions, installed_masked() if masked is None else masked)
    except (KeyError, TypeError) as error:
        raise AlertPathError('exemptions: each needs id, revision, match.regex and match.boot_seconds (%s). Give what '
                             'the filter loghygiene.rhel.alert_exemptions returns. Nothing was looked at.'
                             % error_text(error))
    unit, state, problems = show(get_bin_path('systemctl')), {}, []
    try:
        if wanted is not None:
            program, config = [content(path) for path in alerts.PROGRAM_FILES], content(alerts.CONFIG)
            problems += alerts.unit_problems(unit)
            if unit.get('LoadState') == 'loaded':  # else the rest would only repeat it
                problems += alerts.file_problems(
                    hashlib.sha256(b''.join(program)).hexdigest() if None not in program else None,
                    program_checksum, as_text(config) if config is not None else None, wanted)
                python = alerts.interpreter(unit)
                if python and not os.access(python, os.X_OK):
                    problems.append('%s, which runs the program, is gone: %s' % (python, alerts.REMEDY))
                state = notes_of_program(rules, pending_minutes, problems)
            problems += journal_problems(get_bin_path('journalctl'))
            problems += receiver_problems(rules, probe_smtp)
        elif unit.get('LoadState') == 'loaded':
            problems.append('%s is installed and no rule of the policy alerts: %s' % (alerts.UNIT, alerts.REMEDY))
    except files.FileError as error:
        raise AlertPathError('%s Run this with become: true.' % error.args[0])
    channels = alerts.channels(state, rules)
    delivered = [one['last_delivered'] for one in channels if one['last_delivered']]
    return dict(
        ok=not problems, problems=problems, notes=alerts.notes(rules),
        wanted=wanted is not None, configuration=wanted, channels=channels, exempted=alerts.exempted(state),
        unit=dict(load=unit.get('LoadState'), active=unit.get('ActiveState'), sub=unit.get('SubState'),
                  enabled=unit.get('UnitFileState')),
        last_delivered=max(delivered) if delivered else None,
        pending=sum(one['pending'] for one in channels),
        started=alerts.moment((state.get('starts') or [None])[-1]),
        last_seen=alerts.moment(state.get('last_seen')),
        python=next((path for path in alerts.PYTHONS if os.access(path, os.X_OK)), sys.executable))
