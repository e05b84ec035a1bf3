# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record: one JSON file per host, the only thing that passes between the stages (docs/record.md).

Pure but for `load` and `save`, which touch files under the run directory on the control node only.
"""
from __future__ import (absolute_import, division, print_function)

__metaclass__ = type

import json
import os
import re
import tempfile

SCHEMA = 1  # raised only where older records can no longer be read: keys may be added that these lack
VERSION = '0.1.0'  # of the collection; a test compares it with galaxy.yml

# Journeys whose record is the host's lasting one; the others keep a file of their own beside it.
LASTING = ('remediate', 'verify')


class RecordError(Exception):
    """A record that cannot be read or written; the text names the file and the remedy."""


def file_name(host, journey, check_mode):
    """Name of a host's record file.

    :param host: inventory host name; characters a file name should not hold are percent-encoded.
    :param journey: remediate, verify, scan or audit.
    :param check_mode: a check run never replaces the lasting record.
    """
    safe = re.sub(r'[^A-Za-z0-9._-]', lambda m: ''.join('%%%02X' % b for b in m.group().encode('utf-8')), host)
    if safe.startswith('.'):
        safe = '%2E' + safe[1:]
    if journey in LASTING and not check_mode:
        return safe + '.json'
    if journey in LASTING:
        return safe + '.check.json'
    return '%s.%s.json' % (safe, journey)


def load(run_dir, host, journey='remediate', check_mode=False):
    """The record of a host, or None when there is none yet.

    :raises RecordError: unreadable, not JSON, of another schema or of another host.
    """
    path = os.path.join(run_dir, file_name(host, journey, check_mode))
    try:
        with open(path, 'rb') as stream:
            record = json.loads(stream.read().decode('utf-8'))
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise RecordError('%s: cannot be read: %s. Check the permissions of log_hygiene_run_dir.' % (path, exc.strerror))
    except ValueError as exc:
        raise RecordError('%s: not a JSON record (%s). Move the file away; the next run starts a new one.' % (path, exc))
    if not isinstance(record, dict) or record.get('schema') != SCHEMA:
        raise RecordError('%s: key "schema": expected %d. The file was written by another version; move it away.'
                          % (path, SCHEMA))
    if record.get('host') != host:
        raise RecordError('%s: key "host": says %r, not %r. Name another log_hygiene_run_dir.'
                          % (path, record.get('host'), host))
    return record


def begin(previous, host, journey, check_mode, now, version):
    """A fresh record for a run. What earlier runs fixed, and when, is carried over; verify continues the old one."""
    record = {
        'schema': SCHEMA, 'host': host, 'journey': journey, 'check_mode': bool(check_mode), 'collection': version,
        'started': now, 'updated': now, 'reachable': True, 'target': None, 'scan': None, 'plan': [],
        'fixes': {}, 'syslog_policy': None, 'reboot': None, 'verify': None, 'findings': [], 'errors': [],
    }
    if previous:
        record['fixes'] = previous.get('fixes', {})
        if journey == 'verify':
            for key in ('scan', 'plan', 'reboot'):
                record[key] = previous.get(key, record[key])
    return record


def write_private(path, text):
    """Write a file of the run directory whole or not at all, readable by its owner only (it holds log lines)."""
    folder = os.path.dirname(path)
    temporary = None
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix='.' + os.path.basename(path) + '.', dir=folder)
        with os.fdopen(handle, 'w', encoding='utf-8', newline='') as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
        temporary = None
    except OSError as exc:
        raise RecordError('%s: cannot be written: %s. Name a writable log_hygiene_run_dir on the control node.'
                          % (path, exc.strerror))
    finally:
        if temporary is not None:
            os.unlink(temporary)


def save(run_dir, record):
    """Write the record; returns its path."""
    path = os.path.join(run_dir, file_name(record['host'], record['journey'], record['check_mode']))
    write_private(path, json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + '\n')
    return path
