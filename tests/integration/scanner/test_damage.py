# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged files: cut off at any length, and with bytes flipped in every kind of object.

The rules. A scan of a damaged file never ends in a traceback or without end. It never counts more than there was. What
it counts less, it says, with the name of the file. Only where a flipped byte leaves another journal that is whole, such
as another letter in a message or another time of an entry, may it be silent: then it must agree with the reference on
that journal, and with the number of entries that were written. (docs/scanning.md: that takes journalctl --verify.)
"""

import os
import random
import re
import shutil
import struct

import journals
import pytest
import reference
from journals import BOOTS, KINDS, OLD_FORMAT, SIGNATURES, entry
from scanning import scan

FORMATS = {
    'today': (('--compress=no',), {}),
    'compressed': (('--compress=yes',), {}),
    'old': (('--compress=no',), OLD_FORMAT),
}
# How many places in objects of each kind.
FLIPS = {'data': 60, 'field': 8, 'entry': 40, 'data hash table': 25, 'field hash table': 8, 'entry array': 40}


def rows():
    """A small journal in which every object matters: texts that occur once and often, several boots and sources."""
    chance = random.Random(40)
    for number in range(120):
        message = chance.choice(['something known', 'something known %d' % number, 'ordinary %d' % (number % 7)])
        yield entry(
            message + chance.choice(['', ' so long that it is compressed' * 30]) if number % 5 == 0 else message,
            number,
            _BOOT_ID=BOOTS[number // 40],
            PRIORITY=str(number % 8),
            _HOSTNAME=chance.choice(['a', 'b']),
            SYSLOG_IDENTIFIER=chance.choice(['kernel', 'app']),
        )


class Patient:
    """A journal file that is damaged and healed again and again."""

    def __init__(self, path, how):
        options, environ = FORMATS[how]
        self.path = journals.write(path, rows(), options, **environ)
        self.objects = journals.objects(self.path)
        with open(self.path, 'rb') as source:
            self.whole = source.read()
        self.end = self.objects[-1][1] + self.objects[-1][2]
        self.truth = reference.read(SIGNATURES, '--file=' + self.path)
        assert self.truth['entries'] == 120

    def heal(self):
        with open(self.path, 'r+b') as target:
            target.truncate(0)
            target.write(self.whole[: self.end])
            target.truncate(len(self.whole))

    def flip(self, place, mask):
        with open(self.path, 'r+b') as target:
            target.seek(place)
            target.write(bytes([self.whole[place] ^ mask]))

    def restore(self, place):
        with open(self.path, 'r+b') as target:
            target.seek(place)
            target.write(self.whole[place : place + 1])

    def complaint(self):
        """What is wrong with the scan of the file as it is now (text), None when nothing is."""
        result = scan(SIGNATURES, files=[self.path])
        named = any(fault['path'] == self.path for fault in result['errors'])
        found = reference.told(result)
        truth = dict((part, self.truth[part]) for part in found)
        if found == truth:
            return None
        damaged = reference.read(SIGNATURES, '--file=' + self.path)
        damaged = dict((part, damaged[part]) for part in found)
        for part, most in [('entries', max(truth['entries'], damaged['entries']))] + [
            ((signature['id'], kind), max(one[kind][signature['id']]['count'] for one in (truth, damaged)))
            for signature in SIGNATURES
            for kind in ('signatures', 'lookalikes')
        ]:
            has = found['entries'] if part == 'entries' else found[part[1]][part[0]]['count']
            if has > most:
                return '%s: %d is more than %d' % (part, has, most)
        if named:
            return None
        if found['entries'] < truth['entries']:
            return '%d of %d entries, silently' % (found['entries'], truth['entries'])
        if found != damaged:
            return 'neither what was written nor what the reference reads, silently: %s' % dict(
                (part, (found[part], damaged[part])) for part in found if found[part] != damaged[part]
            )
        return None


@pytest.fixture(params=sorted(FORMATS))
def patient(request, tmp_path):
    return Patient(tmp_path / 'x.journal', request.param)


def places(patient, kind, number):
    """Deterministic places in all objects of a kind; more where there is structure."""
    chance = random.Random('%s %d' % (kind, number))
    spans = [(offset, size) for one, offset, size in patient.objects if one == kind]
    assert spans, kind
    for _number in range(number):
        offset, size = chance.choice(spans)
        if 'table' in kind:  # mostly empty; what is not, and some of what is
            used = [place for place in range(offset, offset + size) if patient.whole[place]]
            yield chance.choice(used) if chance.random() < 0.8 else offset + chance.randrange(size)
        else:
            yield offset + chance.randrange(min(size, chance.choice([16, 64, size])))


@pytest.mark.parametrize('kind', ['header'] + [KINDS[number] for number in sorted(KINDS)])
def test_flipped_bytes(patient, kind):
    chance = random.Random(kind)
    complaints = []
    if kind == 'header':  # the two lowest bytes of each of its numbers
        size = journals.header(patient.path, 88)
        chosen = sorted(list(range(0, size, 8)) + list(range(1, size, 8)))
    else:
        chosen = places(patient, kind, FLIPS[kind])
    for place in chosen:
        mask = chance.choice([1, 4, 0x10, 0x80, 0xFF])
        patient.flip(place, mask)
        complaint = patient.complaint()
        if complaint:
            complaints.append('byte %d of the %s ^ %#x: %s' % (place, kind, mask, complaint))
        patient.restore(place)
    assert complaints == []
    assert patient.complaint() is None  # the file is whole again


@pytest.mark.parametrize('held', [0, 1, 60, 119])
def test_a_header_that_knows_of_fewer_entries(patient, held):
    """journalctl believes it, and shows as many. But the header has the time and the number of the last one, too."""
    with open(patient.path, 'r+b') as target:
        target.seek(152)
        target.write(struct.pack('<Q', held))
    assert patient.complaint() is None


def test_cut_off(patient):
    chance = random.Random(41)
    lengths = set(range(0, 272, 16)) | set(chance.randrange(patient.end) for _number in range(40))
    for _kind, offset, size in chance.sample(patient.objects, 20):
        lengths.update([offset, offset + 1, offset + 16, offset + size - 1, offset + size])
    complaints = []
    for length in sorted(lengths, reverse=True):
        os.truncate(patient.path, length)
        complaint = patient.complaint()
        if complaint:
            complaints.append('cut to %d bytes: %s' % (length, complaint))
    patient.heal()
    assert complaints == []
    assert patient.complaint() is None


def test_blocks_of_zeros(patient):
    """A crash leaves pages that were never written."""
    chance = random.Random(42)
    complaints = []
    for _number in range(25):
        place = chance.randrange(patient.end) // 512 * 512
        with open(patient.path, 'r+b') as target:
            target.seek(place)
            target.write(bytes(512))
        complaint = patient.complaint()
        if complaint:
            complaints.append('zeros from byte %d on: %s' % (place, complaint))
        with open(patient.path, 'r+b') as target:
            target.seek(place)
            target.write(patient.whole[place : place + 512])
    assert complaints == []


def test_reading_goes_on_behind_a_bad_entry(tmp_path):
    """A field without "=", where journalctl gives up."""
    path = journals.write(
        tmp_path / 'a.journal', [entry('something known', number, _HOSTNAME='h%d' % number) for number in range(50)]
    )
    with open(path, 'rb') as source:
        whole = source.read()
    with open(path, 'wb') as target:
        target.write(whole.replace(b'_HOSTNAME=h20', b'_HOSTNAME\0h20'))
    result = scan(SIGNATURES, directory=tmp_path)
    assert result['signatures'][2]['count'] in (49, 50)  # its message can be read, if not through journalctl
    if result['signatures'][2]['count'] < 50:
        assert set(fault['path'] for fault in result['errors']) == {path}


# --- many damaged files ---------------------------------------------------------------------------------------------

LOST = re.compile(r'journalctl gave (\d+) of the (\d+) entries|its (\d+) entries are lost')


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A function that says how often journalctl has run since it was last asked."""
    notes, folder = tmp_path / 'asked', tmp_path / 'bin'
    folder.mkdir()
    program = folder / 'journalctl'
    program.write_text('#!/bin/sh\necho "$*" >> %s\nexec %s "$@"\n' % (notes, shutil.which('journalctl')))
    program.chmod(0o755)
    monkeypatch.setenv('PATH', '%s:%s' % (folder, os.environ['PATH']))

    def number():
        lines = notes.read_text().splitlines() if notes.exists() else []
        notes.write_text('')
        return len([line for line in lines if '--version' not in line])

    return number


def spoiled(path, number):
    """A journal of 30 entries of a boot of its own, with one of four kinds of damage; its path."""
    entries = [entry('something known', number * 30 + one, _BOOT_ID='%032x' % (number + 1)) for one in range(30)]
    path = journals.write(path, entries)
    objects = journals.objects(path)
    place = {
        0: objects[-1][1] - 100,  # cut off here
        1: [offset for kind, offset, _size in objects if kind == 'entry'][7] + 8,
        2: journals.header(path, 176) + 24 + 8,  # the list of all entries
        3: [offset for kind, offset, _size in objects if kind == 'entry'][20],
    }[number % 4]
    with open(path, 'r+b') as target:
        if number % 4 == 0:
            target.truncate(place)
        else:
            target.seek(place)
            target.write(b'\x07')
    return path


def test_many_damaged_files_take_one_run_of_journalctl(tmp_path, asked):
    """And each is told with what was read of it and what is lost, just as when it is scanned alone."""
    folder = tmp_path / 'journal'
    paths = sorted(spoiled(folder / ('system@%d.journal' % number), number) for number in range(24))
    result = scan(SIGNATURES, directory=folder)
    assert asked() == 1
    said = dict((fault['path'], LOST.search(fault['reason']).groups()) for fault in result['errors']
                if fault['path'] != 'journal')
    assert sorted(said) == paths
    lost = dict((row['source'], row['lost']) for row in result['losses'] if row['kind'] == 'unreadable-file')
    entries = known = 0
    for path in paths:
        alone = scan(SIGNATURES, files=[path])
        entries, known = entries + alone['entries'], known + alone['signatures'][2]['count']
        found = [fault for fault in alone['errors'] if fault['path'] == path and LOST.search(fault['reason'])]
        assert [LOST.search(fault['reason']).groups() for fault in found] == [said[path]]
        number = next(row['lost'] for row in alone['losses'] if row['lost'] is not None)
        assert lost[path] == number == 30 - alone['entries'] > 0
    assert (result['entries'], result['signatures'][2]['count']) == (entries, known)
    assert 24 // 4 * 3 < entries < 24 * 30


def test_a_file_of_0_bytes(tmp_path):
    good = journals.write(tmp_path / 'a.journal', [entry('something known')])
    (tmp_path / 'b.journal').write_bytes(b'')
    (tmp_path / 'c.journal').write_bytes(bytes(4096))
    result = scan(SIGNATURES, directory=tmp_path)
    assert (result['files'][0], result['entries'], 'journalctl' in result['method']) == (good, 1, False)
    assert [(os.path.basename(fault['path']), fault['reason'][:16]) for fault in result['errors']] == [
        ('b.journal', 'it has 0 bytes, '), ('c.journal', 'nothing but NULs')]


def test_the_boot_that_journalctl_shows(tmp_path):
    """systemd-journal-remote of EL 7 and 8 writes its own boot into each entry; the sender's stays the value _BOOT_ID."""
    path = journals.write(
        tmp_path / 'remote.journal', [entry('something known', number, _BOOT_ID=BOOTS[number // 5]) for number in range(20)]
    )
    with open(path, 'r+b') as target:
        for number, (_kind, offset, _size) in enumerate(one for one in journals.objects(path) if one[0] == 'entry'):
            target.seek(offset + 40)
            target.write(bytes.fromhex(BOOTS[10 + number // 12]))
    rows = reference.rows('--file=' + path)
    assert [row['_BOOT_ID'] for row in rows] == [BOOTS[10]] * 12 + [BOOTS[11]] * 8
    for options in ({}, {'unexplained': True}):
        result = scan(SIGNATURES, files=[path], **options)
        assert 'journalctl' not in result['method'] and result['errors'] == []
        reference.agree(result, reference.find(SIGNATURES, rows))
    for boot, number in ((BOOTS[10], 12), (BOOTS[11], 8), (BOOTS[0], 0)):
        result = scan(SIGNATURES, files=[path], boot=boot)
        assert (result['entries'], result['signatures'][2]['count']) == (number, number)
