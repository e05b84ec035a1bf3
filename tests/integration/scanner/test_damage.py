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
