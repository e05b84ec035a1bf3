# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compressed fields and files, made by the libraries and commands that make them on a host."""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import bz2
import ctypes
import io
import random
import struct
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.loghygiene.rhel.plugins.module_utils._common import compression

MESSAGE = b'MESSAGE=' + b'ahnlab said it again; ' * 400
RANDOM = random.Random(1)
NOISE = bytes(bytearray(RANDOM.getrandbits(8) for _number in range(300000)))


def made(function, text, *arguments):
    """What a compressing function of C makes of a text; it takes target, its size, the text, its size."""
    target = ctypes.create_string_buffer(len(text) + len(text) // 8 + 1024)
    size = function(target, ctypes.c_size_t(len(target)), text, ctypes.c_size_t(len(text)), *arguments)
    assert 0 < size <= len(target)
    return ctypes.string_at(target, size)


def zstd(text):
    library = ctypes.CDLL('libzstd.so.1')
    library.ZSTD_compress.restype = ctypes.c_size_t
    return made(library.ZSTD_compress, text, 3)


def lz4(text):
    library = ctypes.CDLL('liblz4.so.1')
    target = ctypes.create_string_buffer(len(text) + len(text) // 8 + 1024)
    size = library.LZ4_compress_default(text, target, len(text), len(target))
    assert size > 0
    return struct.pack('<Q', len(text)) + ctypes.string_at(target, size)


def xz(text):
    library = ctypes.CDLL('liblzma.so.5')
    target, size = ctypes.create_string_buffer(len(text) + len(text) // 8 + 1024), ctypes.c_size_t()
    # LZMA_CHECK_NONE, as journald has it
    assert library.lzma_easy_buffer_encode(ctypes.c_uint32(0), 0, None, text, ctypes.c_size_t(len(text)), target,
                                           ctypes.byref(size), ctypes.c_size_t(len(target))) == 0
    return ctypes.string_at(target, size.value)


# names, as pytest hands the name of a test to the commands it starts
TEXTS = {'short': b'0123456789' * 52, 'message': MESSAGE, 'noise': NOISE, 'empty': b'\0' * 5000000,
         'message and noise': MESSAGE[:512] + NOISE, 'noise and message': NOISE + MESSAGE}
MAKERS = {'xz': xz, 'lz4': lz4, 'zstd': zstd}
LONG = {}  # (codec, name of a text): many of it, compressed


@pytest.fixture(params=['module', 'library'])
def liblzma(request, monkeypatch):
    """Both ways to unpack xz: Python 3 has a module, Python 2.7 needs the library."""
    if request.param == 'library':
        monkeypatch.setitem(sys.modules, 'lzma', None)


def raising(error, function, *arguments):
    with pytest.raises(error) as caught:
        function(*arguments)
    return str(caught.value)


# --- fields of a journal
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize('codec', sorted(MAKERS))
@pytest.mark.parametrize('name', sorted(TEXTS))
def test_a_field(liblzma, codec, name):
    text = TEXTS[name]
    data = MAKERS[codec](text)
    assert compression.unpack(codec, data, len(text)) == text
    assert compression.unpack(codec, data, 1 << 23) == text
    assert raising(compression.TooLong, compression.unpack, codec, data, len(text) - 1)
    for size in (0, 1, 8, 64, len(text) - 1, len(text), len(text) + 1):
        assert compression.beginning(codec, data, size) == text[:size]


@pytest.mark.parametrize('codec', sorted(MAKERS))
@pytest.mark.parametrize('name', sorted(TEXTS))
@pytest.mark.parametrize('size', [1, 64, 4096])
def test_the_beginning_of_a_payload_is_enough_for_the_beginning_of_its_text(liblzma, codec, name, size):
    text = (TEXTS[name] * (1 if ' and ' in name else 30))[:9000000]
    if (codec, name) not in LONG:  # what is noise takes seconds to compress
        LONG[codec, name] = MAKERS[codec](text)
    data = LONG[codec, name][:2 * size + (1 << 23)]
    assert compression.beginning(codec, data, size) == text[:size]


@pytest.mark.parametrize('codec', sorted(MAKERS))
def test_a_beginning_takes_no_memory_for_the_rest(liblzma, codec, monkeypatch):
    data = MAKERS[codec](b'COREDUMP=' + b'\0' * 50000000)
    made_of = []
    original = ctypes.create_string_buffer
    monkeypatch.setattr(ctypes, 'create_string_buffer', lambda size: made_of.append(size) or original(size))
    assert compression.beginning(codec, data, 64) == (b'COREDUMP=' + b'\0' * 55)
    assert sum(made_of) <= 64


@pytest.mark.parametrize('codec', sorted(MAKERS))
@pytest.mark.parametrize('name', ['message', 'noise'])
def test_a_damaged_field(liblzma, codec, name):
    data = MAKERS[codec](TEXTS[name])
    for broken in (b'', data[:4], data[:9], data[:len(data) // 2], data[:-1], b'\x55' * len(data),
                   b'\xff' * 8 + data[8:]):
        assert raising(ValueError, compression.unpack, codec, broken, 1 << 20).startswith('damaged %s data: ' % codec)


@settings(max_examples=300)
@given(st.sampled_from(sorted(MAKERS)), st.integers(0, 200), st.integers(1, 255), st.integers(0, 20000))
def test_damage_raises_nothing_else_and_never_gives_more_than_wanted(codec, place, flip, limit):
    data = bytearray(MAKERS[codec](MESSAGE))
    data[place % len(data)] ^= flip
    try:
        assert len(compression.unpack(codec, bytes(data), limit)) <= limit
    except ValueError:
        pass


@pytest.mark.parametrize('codec, name', [('xz', 'liblzma.so.5'), ('lz4', 'liblz4.so.1'), ('zstd', 'libzstd.so.1')])
def test_a_host_without_the_library(codec, name, monkeypatch):
    monkeypatch.setitem(sys.modules, 'lzma', None)
    monkeypatch.setattr(compression, '_loaded', {})

    def refuse(wanted):
        raise OSError('%s: cannot open shared object file: No such file or directory' % wanted)

    data = MAKERS[codec](MESSAGE)
    monkeypatch.setattr(ctypes, 'CDLL', refuse)
    with pytest.raises(compression.Missing) as error:
        compression.unpack(codec, data, 1 << 20)
    assert error.value.strerror.startswith('needs the library %s on this host (' % name)


def test_liblz4_before_183_needs_room_for_a_whole_sequence(monkeypatch):
    ctypes_, whole, part = compression._library('liblz4.so.1')
    calls = []

    def old(block, text, size, wanted, room):
        calls.append((wanted, room))
        return -1 if room < 1000 else part(block, text, size, wanted, room)

    monkeypatch.setitem(compression._loaded, 'liblz4.so.1', (ctypes_, whole, old))
    assert compression.beginning('lz4', lz4(MESSAGE), 10) == MESSAGE[:10]
    assert calls == [(10, 10), (10, 160), (10, 2560)]


# --- files
# ----------------------------------------------------------------------------------------------------------


def command(*arguments):
    def packed(data):
        return subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE).communicate(data)[0]

    return packed


def skipped(text):
    """What pzstd writes: a frame to be skipped before a frame."""
    return b'\x50\x2a\x4d\x18' + struct.pack('<I', 4) + b'size' + zstd(text)


PACKERS = {'gzip': command('gzip', '-c'), 'bzip2': lambda data: bz2.compress(data, 1), 'xz': command('xz', '-c'),
           'zstd': zstd, 'zstd without a size': command('zstd', '-qc'), 'pzstd': skipped}


def read(data, size=1000):
    """(the content, the error at its end or None) of a compressed file."""
    import tempfile
    with tempfile.TemporaryFile() as target:
        target.write(data)
        target.flush()
        target.seek(0)
        source = io.open(target.fileno(), 'rb', closefd=False)
        stream = compression.unpacker(data[:compression.MAGIC_SIZE])(source)
        pieces, error = [], None
        try:
            while not pieces or pieces[-1]:
                pieces.append(stream.read(size))
                assert len(pieces[-1]) <= size
        except (EnvironmentError, ValueError) as caught:
            error = str(caught)
        finally:
            stream.close()
        return b''.join(pieces), error


CONTENT = b''.join(b'%07d said something known %d\n' % (number, number * 7919 % 104729) for number in range(9000))


@pytest.mark.parametrize('packer', sorted(PACKERS))
@pytest.mark.parametrize('size', [1000, 1 << 18])
def test_a_file(packer, size):
    pack = PACKERS[packer]
    assert read(pack(CONTENT), size) == (CONTENT, None)
    assert read(pack(CONTENT) + pack(b'x') + pack(CONTENT), size) == (CONTENT + b'x' + CONTENT, None)
    assert read(pack(b''), size) == (b'', None)
    assert read(pack(b'\0' * 3000000), size) == (b'\0' * 3000000, None)


@pytest.mark.parametrize('packer', sorted(PACKERS))
def test_a_file_that_is_cut_off_gives_what_comes_before(packer):
    packed = PACKERS[packer](CONTENT)
    for size in (len(packed) // 2, len(packed) - 1):
        content, error = read(packed[:size])
        assert error
        assert CONTENT.startswith(content)
    content, error = read(packed + packed[:100])
    assert (content[:len(CONTENT)], bool(error)) == (CONTENT, True)


@pytest.mark.parametrize('packer', sorted(set(PACKERS) - set(['zstd', 'pzstd'])))
def test_a_damaged_file_gives_what_comes_before(packer):
    packed = PACKERS[packer](CONTENT)
    half = len(packed) // 2
    content, error = read(packed[:half] + b'\x55' * 50 + packed[half + 50:])
    assert error
    assert content[:20000] == CONTENT[:len(content[:20000])]


def test_what_follows_a_gzip_file():
    packed = PACKERS['gzip'](CONTENT)
    assert read(packed + b'\0' * 40000) == (CONTENT, None)
    content, error = read(packed + b'x')
    assert content == CONTENT
    assert error.startswith('damaged gzip data: ')


def test_members_of_gzip_that_end_where_a_block_ends(monkeypatch):
    packed = PACKERS['gzip'](CONTENT)
    monkeypatch.setattr(compression, 'PACKED_BLOCK', len(packed))
    assert read(packed * 3) == (CONTENT * 3, None)
    monkeypatch.setattr(compression, 'PACKED_BLOCK', 1)
    assert read(PACKERS['gzip'](MESSAGE) * 2) == (MESSAGE * 2, None)
    assert read(PACKERS['zstd'](MESSAGE) * 2) == (MESSAGE * 2, None)
    assert read(PACKERS['gzip'](MESSAGE)[:-1])[0] == MESSAGE


def test_zstd_without_the_library(monkeypatch):
    monkeypatch.setattr(compression, '_loaded', {})
    packed = zstd(CONTENT)
    monkeypatch.setitem(compression.LIBRARIES, 'libzstd.so.1', lambda _ctypes, _library: _library.no_such_function)
    assert read(packed + packed) == (CONTENT * 2, None)
    content, error = read(packed[:-100])
    assert CONTENT.startswith(content)
    assert error == 'zstd calls it damaged (status 1)'
    monkeypatch.setenv('PATH', '/nowhere')
    with pytest.raises(compression.Missing) as missing:
        read(packed)
    assert missing.value.strerror == 'needs the command zstd on this host: No such file or directory'


def test_what_is_not_compressed():
    assert compression.unpacker(b'Nov 22 16:01:20') is None
    assert compression.unpacker(b'') is None
