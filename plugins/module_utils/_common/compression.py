# Copyright: (c) 2026, loghygiene contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decompresses log files and fields of journals.

* Compressed fields of a journal (`unpack`, `beginning`), as src/basic/compress.c of systemd writes them: 'xz' is one
  .xz stream, 'zstd' one zstd frame, 'lz4' the size of the text (64 bits, little endian) and a bare LZ4 block.
* Compressed log files (`unpacker`): gzip, bzip2, xz and zstd, of one stream or of several one after the other.

Python's own modules where it has them, else the libraries by ctypes that journald itself needs, so that every host has
them, else a command. Each is loaded when it is first needed: most scans need none. Standard library only. Runs under
Python 2.7 and 3.6-3.13.
"""
from __future__ import absolute_import, division, print_function
__metaclass__ = type

import errno
import io
import os
import struct
import zlib

BLOCK = 1 << 18  # bytes of content that are unpacked at once
PACKED_BLOCK = 1 << 16  # bytes of a compressed file that are read at once
GZIP = 16 + zlib.MAX_WBITS  # what zlib calls this format
SMALL = 1 << 14  # bytes of a text that are unpacked rather than some of them
LZ4_RATIO = 255  # a byte of an LZ4 block stands for no more bytes of text than these


class Missing(EnvironmentError):
    """This host has nothing to unpack it with. `strerror` says what is needed."""


class TooLong(ValueError):
    """The text is longer than the limit of the caller."""


def unpack(codec, data, limit):
    """Return the text (bytes) of a compressed field.

    :param codec: 'xz', 'lz4' or 'zstd'.
    :param data: the payload of the DATA object (bytes).
    :param limit: the longest text (int, bytes) that is wanted.
    :raises TooLong: the text is longer. ValueError: it is damaged. Missing: the library is not on this host.
    """
    text = beginning(codec, data, limit + 1)
    if len(text) > limit:
        raise TooLong('longer than %d bytes' % limit)
    return text


def beginning(codec, data, size):
    """Return the first `size` bytes of the text of a compressed field, fewer if it is shorter, without unpacking the rest.

    `data` may be a beginning of the payload; 2 * size + 8 MiB of it are always enough, as journald takes no field
    longer than 1 GiB. Raises ValueError and Missing like unpack.
    """
    return CODECS[codec](data, size) if size else b''


# --- the libraries
# --------------------------------------------------------------------------------------------------

_loaded = {}  # name of a library -> what its function in LIBRARIES returned


def _library(name):
    """Return what this module uses of a shared library, loaded once. Raises Missing."""
    if name not in _loaded:
        try:
            import ctypes
            _loaded[name] = LIBRARIES[name](ctypes, ctypes.CDLL(name))
        except (ImportError, OSError, AttributeError) as error:
            raise Missing(errno.ENOENT, 'needs the library %s on this host (%s)' % (name, error))
    return _loaded[name]


def _liblz4(ctypes, library):
    """(ctypes, whole, part), after lz4.h."""
    return ctypes, library.LZ4_decompress_safe, library.LZ4_decompress_safe_partial


def _liblzma(ctypes, library):
    """(ctypes, lzma_stream, the library), after lzma/base.h and lzma/container.h."""
    class Stream(ctypes.Structure):
        """lzma_stream"""

        _fields_ = [('next_in', ctypes.c_char_p), ('avail_in', ctypes.c_size_t), ('total_in', ctypes.c_uint64),
                    ('next_out', ctypes.c_void_p), ('avail_out', ctypes.c_size_t), ('total_out', ctypes.c_uint64),
                    ('allocator', ctypes.c_void_p), ('internal', ctypes.c_void_p),
                    ('reserved_pointers', ctypes.c_void_p * 4), ('reserved_numbers', ctypes.c_uint64 * 2),
                    ('reserved_sizes', ctypes.c_size_t * 2), ('reserved_enums', ctypes.c_int * 2)]

    library.lzma_stream_decoder.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32]
    return ctypes, Stream, library


def _libzstd(ctypes, library):
    """(ctypes, ZSTD_inBuffer and ZSTD_outBuffer, the library), after zstd.h."""
    class Buffer(ctypes.Structure):
        """ZSTD_inBuffer, ZSTD_outBuffer"""

        _fields_ = [('pointer', ctypes.c_void_p), ('size', ctypes.c_size_t), ('place', ctypes.c_size_t)]

    library.ZSTD_createDStream.restype = library.ZSTD_createDCtx.restype = ctypes.c_void_p
    library.ZSTD_freeDStream.argtypes = [ctypes.c_void_p]
    library.ZSTD_decompressStream.argtypes = [ctypes.c_void_p] * 3
    library.ZSTD_decompressStream.restype = ctypes.c_size_t
    library.ZSTD_decompressDCtx.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p,
                                            ctypes.c_size_t]
    library.ZSTD_decompressDCtx.restype = ctypes.c_size_t
    library.ZSTD_isError.argtypes = library.ZSTD_getErrorName.argtypes = [ctypes.c_size_t]
    library.ZSTD_getErrorName.restype = ctypes.c_char_p
    library.ZSTD_getFrameContentSize.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    library.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    return ctypes, Buffer, library


LIBRARIES = {'liblz4.so.1': _liblz4, 'liblzma.so.5': _liblzma, 'libzstd.so.1': _libzstd}


# --- fields of a journal
# --------------------------------------------------------------------------------------------

def _damaged(codec, why):
    return ValueError('damaged %s data: %s' % (codec, why))


def _lz4(data, size):
    if len(data) <= 8:
        raise _damaged('lz4', 'too short')
    ctypes, whole, part = _library('liblz4.so.1')
    total, block = struct.unpack('<Q', data[:8])[0], data[8:]
    if total >= size:
        # A beginning of the block is enough: literals stand as they are, behind their number, a byte for 255 of them.
        block = block[:size + total // LZ4_RATIO + 1024]
    elif total > LZ4_RATIO * len(block):
        raise _damaged('lz4', 'a size that cannot be')
    wanted = room = min(size, total)
    while True:
        text = ctypes.create_string_buffer(max(room, 1))
        number = whole(block, text, len(block), room) if wanted == total else (
            part(block, text, len(block), wanted, room))
        if number >= wanted:
            return ctypes.string_at(text, wanted)
        # liblz4 before 1.8.3 unpacks no part of a sequence: it may need room for more than is wanted.
        room *= 16
        if wanted == total or room > LZ4_RATIO * len(block):
            raise _damaged('lz4', 'it cannot be unpacked')


def _xz(data, size):
    try:
        import lzma
    except ImportError:  # Python 2.7
        return _xz_by_library(data, size)
    decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ)
    try:
        text = decoder.decompress(data, size)
        while len(text) < size and not decoder.eof:
            more = decoder.decompress(b'', size - len(text))
            if not more and decoder.needs_input:
                raise _damaged('xz', 'it ends too early')
            text += more
    except lzma.LZMAError as error:
        raise _damaged('xz', error)
    return text


# lzma/base.h
LZMA_OK, LZMA_STREAM_END, LZMA_FINISH = 0, 1, 3
LZMA_ERRORS = {5: 'out of memory', 7: 'not xz', 8: 'unknown options', 9: 'it cannot be unpacked',
               10: 'it ends too early'}


def _xz_by_library(data, size):
    ctypes, Stream, library = _library('liblzma.so.5')
    stream = Stream()
    if library.lzma_stream_decoder(ctypes.byref(stream), 2 ** 64 - 1, 0) != LZMA_OK:
        raise MemoryError()
    try:
        stream.next_in, stream.avail_in = data, len(data)
        block = ctypes.create_string_buffer(min(size, BLOCK, 64 * len(data) + 1))
        pieces, missing, status = [], size, LZMA_OK
        while missing and status != LZMA_STREAM_END:
            stream.next_out, stream.avail_out = ctypes.addressof(block), min(missing, len(block))
            status = library.lzma_code(ctypes.byref(stream), LZMA_FINISH)
            pieces.append(ctypes.string_at(block, min(missing, len(block)) - stream.avail_out))
            missing -= len(pieces[-1])
            if status not in (LZMA_OK, LZMA_STREAM_END):
                raise _damaged('xz', LZMA_ERRORS.get(status, 'error %d' % status))
    finally:
        library.lzma_end(ctypes.byref(stream))
    return b''.join(pieces)


class _Zstd:
    """A decompressor of consecutive zstd frames. Close it after use."""

    def __init__(self):
        """Raise Missing if libzstd is not on this host."""
        self._ctypes, Buffer, self._library = _library('libzstd.so.1')
        self._input, self._output = Buffer(), Buffer()
        self._stream = self._library.ZSTD_createDStream()
        if not self._stream:
            raise MemoryError()
        self._data = self._block = None  # keeps the memory that the buffers point to
        # A full block means that more may come without input; within a frame, the end of input is damage.
        self.full, self.within = False, False

    def give(self, data):
        """Set the next input (bytes), after the former input was consumed."""
        self._data = data
        self._input.pointer = self._ctypes.cast(self._ctypes.c_char_p(data), self._ctypes.c_void_p)
        self._input.size, self._input.place = len(data), 0

    @property
    def used_up(self):
        """Whether all of the input was consumed and its output taken (bool)."""
        return self._input.place == self._input.size and not self.full

    def take(self, size):
        """Return at most `size` bytes of content, perhaps none. Raises ValueError if it is damaged."""
        ctypes = self._ctypes
        if self._block is None or len(self._block) < size:
            self._block = ctypes.create_string_buffer(size)
        self._output.pointer, self._output.size, self._output.place = ctypes.addressof(self._block), size, 0
        hint = self._library.ZSTD_decompressStream(self._stream, ctypes.byref(self._output),
                                                   ctypes.byref(self._input))
        if self._library.ZSTD_isError(hint):
            raise _damaged('zstd', self._library.ZSTD_getErrorName(hint).decode('ascii'))
        self.full, self.within = self._output.place == size and hint != 0, hint != 0
        return ctypes.string_at(self._block, self._output.place)

    def close(self):
        if self._stream:
            self._library.ZSTD_freeDStream(self._stream)
            self._stream = None


def _zstd(data, size):
    ctypes, library = _library('libzstd.so.1')[::2]
    known = library.ZSTD_getFrameContentSize(data, len(data))  # enormous when it is not known, or no frame
    if known <= max(size, SMALL):  # at once, in a context that serves for all: most are small, and there may be many
        if 'context' not in _loaded:
            _loaded['context'] = library.ZSTD_createDCtx()
        text = ctypes.create_string_buffer(max(known, 1))
        number = library.ZSTD_decompressDCtx(_loaded['context'], text, known, data, len(data))
        if library.ZSTD_isError(number):
            raise _damaged('zstd', library.ZSTD_getErrorName(number).decode('ascii'))
        return ctypes.string_at(text, min(size, number))
    stream = _Zstd()
    try:
        stream.give(data)
        pieces, missing = [], size
        while missing:
            pieces.append(stream.take(min(missing, BLOCK)))
            missing -= len(pieces[-1])
            if not stream.within:  # one frame is a field
                break
            if missing and stream.used_up:
                raise _damaged('zstd', 'it ends too early')
    finally:
        stream.close()
    return b''.join(pieces)


CODECS = {'xz': _xz, 'lz4': _lz4, 'zstd': _zstd}


# --- files
# ----------------------------------------------------------------------------------------------------------

class GzipFile:
    """Content of an open gzip file. Python's own class is slow in 2.7, and loses the content before damage."""

    def __init__(self, source):
        self._source, self._packed = source, b''
        self._member = zlib.decompressobj(GZIP)

    def read(self, size):
        """At most `size` bytes, none at the end. Raises ValueError when it is damaged or cut off."""
        content = b''
        while not content:
            self._packed = self._packed or self._source.read(PACKED_BLOCK)
            if not self._packed:
                return self._last(size)
            if self._member is None:
                self._packed = self._packed.lstrip(b'\0')  # a tape fills its last block up
                if not self._packed:
                    continue
                self._member = zlib.decompressobj(GZIP)
            content = self._unpacked(self._packed, size)
            self._packed = self._member.unconsumed_tail
            if self._member.unused_data:
                self._packed, self._member = self._member.unused_data, None
        return content

    def _last(self, size):
        """Return the rest of the content after the file was read to its end."""
        content = self._unpacked(b'', size) if self._member else b''
        if not content and self._member:
            self._unpacked(b'\0', 1)  # Python 2.7 tells the end of a member only by a byte that is none of it
            if not self._member.unused_data:
                raise _damaged('gzip', 'it ends too early')
        return content

    def _unpacked(self, packed, size):
        try:
            return self._member.decompress(packed, size)
        except zlib.error as error:
            raise _damaged('gzip', error)

    def close(self):
        """Do nothing: the source belongs to the caller."""


class ZstdFile(io.RawIOBase):
    """Content of an open zstd file with one frame or several."""

    def __init__(self, source):
        """:param source: binary stream. Raises Missing when libzstd is not on this host."""
        super(ZstdFile, self).__init__()
        self._stream, self._source = None, source  # closed also when there is no library
        self._stream = _Zstd()

    def readable(self):
        return True

    def readinto(self, target):
        """Raise ValueError if the content is damaged or cut off."""
        while True:
            if self._stream.used_up:
                packed = self._source.read(PACKED_BLOCK)
                if not packed:
                    if self._stream.within:
                        raise _damaged('zstd', 'it ends too early')
                    return 0
                self._stream.give(packed)
            content = self._stream.take(min(len(target), BLOCK))
            if content:
                target[:len(content)] = content
                return len(content)

    def close(self):
        if self._stream:
            self._stream.close()
        super(ZstdFile, self).close()


class ModuleFile:
    """Content of an open file, read by Python's module bz2 or lzma."""

    def __init__(self, stream, errors):
        """:param errors: what the module raises for damage (exception class)."""
        self._stream, self._errors = stream, errors

    def read(self, size):
        """At most `size` bytes, none at the end. Raises ValueError when it is damaged or cut off."""
        try:
            return self._stream.read1(size)  # read would lose what comes before damage
        except EOFError:
            raise ValueError('damaged data: it ends too early')
        except self._errors as error:
            raise ValueError('damaged data: %s' % error)

    def close(self):
        self._stream.close()


class CommandFile:
    """Content of an open file, read by a decompressing command."""

    def __init__(self, name, source):
        """:param source: a real file, at its beginning. Raises Missing when the command is not on this host."""
        from ansible_collections.loghygiene.rhel.plugins.module_utils._common.process import Process
        self._name = name
        try:
            self._process = Process([name, '-dc'], stdin=source)
        except EnvironmentError as error:
            raise Missing(error.errno, 'needs the command %s on this host: %s' % (name, os.strerror(error.errno)))

    def read(self, size):
        """At most `size` bytes, none at the end. Raises ValueError when the command fails."""
        content = self._process.stdout.read(size) if self._process.status is None else b''
        if not content and self._process.wait():
            raise ValueError('%s calls it damaged (status %d)' % (self._name, self._process.status))
        return content

    def close(self):
        self._process.kill()


def _bunzip2(source):
    if str is bytes:  # Python 2.7 reads one stream only
        return CommandFile('bzip2', source)
    import bz2
    return ModuleFile(bz2.BZ2File(source), EnvironmentError)


def _unxz(source):
    try:
        import lzma
    except ImportError:  # Python 2.7
        return CommandFile('xz', source)
    return ModuleFile(lzma.LZMAFile(source), lzma.LZMAError)


def _unzstd(source):
    try:
        return ZstdFile(source)
    except Missing:
        return CommandFile('zstd', source)


# First bytes of a file -> function from the open file to its content. pzstd begins with a frame to be skipped.
UNPACKERS = ((b'\x1f\x8b', GzipFile), (b'BZh', _bunzip2), (b'\xfd7zXZ\0', _unxz), (b'\x28\xb5\x2f\xfd', _unzstd),
             (b'\x50\x2a\x4d\x18', _unzstd))
MAGIC_SIZE = max(len(magic) for magic, _unpack in UNPACKERS)


def unpacker(magic):
    """Return what unpacks a file that begins with these bytes (at least MAGIC_SIZE), or None if it is not compressed.

    It is a function from the open file (at its beginning) to an object with `read(size)`, at most that many bytes of
    the content and none at the end, and `close()`. Both the function and `read` raise EnvironmentError and ValueError.
    """
    for start, function in UNPACKERS:
        if magic.startswith(start):
            return function
    return None
